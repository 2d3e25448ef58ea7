package sqlproof_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"github.com/scimmodels/scim/filter"
)

const (
	rounds     = 10          // populations
	population = 250 / share // things in each
	questions  = 300 / share // filters for each
	pageSize   = 17
)

func populate(tb testing.TB, db *database, seed uint64, n int) []*Thing {
	tb.Helper()
	for _, table := range []string{"things", "emails", "tags", "codes"} {
		db.exec(tb, "DELETE FROM "+table)
	}
	d := newDice(seed)
	things := make([]*Thing, n)
	for i := range things {
		things[i] = d.thing(i)
		db.store(tb, i, things[i])
	}
	return things
}

// The rows that a filter's SQL chooses are the resources that it matches.
func TestFilters(t *testing.T) {
	databases(t, func(t *testing.T, db *database) {
		t.Helper()
		d := newDice(11)
		chosen, partly := 0, 0
		var things []*Thing
		for n := range rounds * questions {
			if n%questions == 0 {
				things = populate(t, db, uint64(n), population)
			}
			text := d.filter(3)
			f, err := filter.Compile[Thing](text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			want := []string{}
			for _, v := range things {
				if f.Match(v) {
					want = append(want, v.ID)
				}
			}
			slices.Sort(want)
			chosen += len(want)
			if len(want) > 0 && len(want) < len(things) {
				partly++
			}
			for name, dialect := range db.dialects {
				where, args, err := f.SQL(dialect, []any{"x"})
				if err != nil {
					t.Fatalf("%s: %s: %v", name, text, err)
				}
				got := db.ids(t, "SELECT t.id FROM things t WHERE "+db.first()+" <> 'y' AND "+where, args...)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s\n%s\n%v\ngot  %q\nwant %q", name, text, where, shown(args), diff(got, want), diff(want, got))
				}
			}
			if t.Failed() {
				return
			}
		}
		if partly < rounds*questions/4 || chosen == 0 {
			t.Fatalf("only %d of %d filters choose some and not all", partly, rounds*questions)
		}
	})
}

// first is the place of the first argument, which the application has put there.
func (db *database) first() string {
	if db.postgres {
		return "$1::text"
	}
	return "?"
}

func diff(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// The order of the rows is that of Compare, ids deciding between equals, and pages that begin After a resource join to the whole.
func TestOrders(t *testing.T) {
	databases(t, func(t *testing.T, db *database) {
		t.Helper()
		things := populate(t, db, 7, population)
		byID := map[string]*Thing{}
		for _, v := range things {
			byID[v.ID] = v
		}
		for _, sortBy := range sortable {
			for _, sortOrder := range []string{"ascending", "descending"} {
				o, err := filter.CompileOrder[Thing](sortBy, sortOrder)
				if err != nil {
					t.Fatalf("%s: %v", sortBy, err)
				}
				want := slices.Clone(things)
				slices.SortFunc(want, func(a, b *Thing) int { return cmp.Or(o.Compare(a, b), cmp.Compare(a.ID, b.ID)) })
				for name, dialect := range db.dialects {
					t.Run(sortBy+" "+sortOrder+" "+name, func(t *testing.T) {
						by, err := o.SQL(dialect)
						if err != nil {
							t.Fatal(err)
						}
						equal(t, db.ids(t, "SELECT t.id FROM things t ORDER BY "+by), want, by)
						var paged []string
						where, args := "TRUE", []any{}
						for {
							page := db.ids(t, "SELECT t.id FROM things t WHERE "+where+" ORDER BY "+by+" LIMIT "+strconv.Itoa(pageSize), args...)
							paged = append(paged, page...)
							if len(page) < pageSize || len(paged) > len(things) {
								break
							}
							if where, args, err = o.After(dialect, throughJSON(t, o.Key(byID[page[len(page)-1]])), nil); err != nil {
								t.Fatal(err)
							}
						}
						equal(t, paged, want, by)
					})
				}
			}
		}
	})
}

// throughJSON is a key as it comes back out of a cursor.
func throughJSON(t *testing.T, key []any) (back []any) {
	t.Helper()
	text, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&back); err != nil {
		t.Fatal(err)
	}
	return back
}

func equal(t *testing.T, got []string, want []*Thing, by string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", by, len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i].ID {
			t.Fatalf("%s: row %d is %q, want %q", by, i, got[i], want[i].ID)
		}
	}
}
