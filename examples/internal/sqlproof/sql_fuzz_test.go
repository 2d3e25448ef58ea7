package sqlproof_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/scimmodels/scim/filter"
)

// bytesSource is a source of randomness out of fuzz bytes: each makes one decision. When they are used up they are zeros, which ends a filter.
type bytesSource struct{ data []byte }

// Uint64 has the byte where IntN looks: at the bottom for powers of two, and for others at the top of the upper half. The bit behind it
// keeps IntN from asking again.
func (s *bytesSource) Uint64() uint64 {
	var b uint64
	if len(s.data) > 0 {
		b, s.data = uint64(s.data[0]), s.data[1:]
	}
	return b<<56 | 1<<55 | b
}

// FuzzSQL: the rows of SQLite that a filter's SQL chooses are the resources that it matches. The filter is made of bytes, or is a text.
func FuzzSQL(f *testing.F) {
	for seed := range uint64(50) {
		d := newDice(seed)
		f.Add([]byte(nil), d.filter(2))
		data := make([]byte, 40)
		for i := range data {
			data[i] = byte(d.Uint64())
		}
		f.Add(data, "")
	}
	f.Add([]byte(nil), `folded co "%" or not (exact sw "_")`)
	f.Add([]byte(nil), `emails[type eq "work" and not (value pr)] or tags eq "\u0000"`)
	db := create(f, "sqlite", "file:"+f.TempDir()+"/things.db", "TEXT", "BLOB", "TEXT", "DOUBLE")
	things := populate(f, db, 3, 40)
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		if len(data) > 0 {
			text = dice{rand.New(&bytesSource{data})}.filter(3)
		}
		q, err := filter.Compile[Thing](text)
		if err != nil {
			return
		}
		want := []string{}
		for _, v := range things {
			if q.Match(v) {
				want = append(want, v.ID)
			}
		}
		slices.Sort(want)
		for name, dialect := range db.dialects {
			where, args, err := q.SQL(dialect, nil)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, text, err)
			}
			got := db.ids(t, "SELECT t.id FROM things t WHERE "+where, args...)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %s\n%s\n%v\ngot  %q\nwant %q", name, text, where, shown(args), diff(got, want), diff(want, got))
			}
		}
	})
}
