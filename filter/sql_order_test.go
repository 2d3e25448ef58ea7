package filter_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

func order[T any](tb testing.TB, by, direction string) *filter.Order {
	tb.Helper()
	o, err := filter.CompileOrder[T](by, direction)
	require.NoError(tb, err)
	return o
}

// 7644-3.4.2.3-05: without a value last in ascending, first in descending order; id keeps pages apart.
func TestOrderSQL(t *testing.T) {
	const id, lite = `d.id COLLATE "C"`, `d.id`
	for _, c := range []struct{ id, by, direction, postgres, sqlite string }{
		{"no sortBy", "", "descending", id, lite},
		{"schemas", "schemas", "", id, lite},
		{"7644-3.4.2.3-07/folded", "label", "", `NULLIF(d.label_f, '') COLLATE "C" ASC NULLS LAST, ` + id, `NULLIF(d.label_f, '') ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-07/case exact", "serial", "descending", `NULLIF(d.serial, '') COLLATE "C" DESC NULLS FIRST, ` + id, `NULLIF(d.serial, '') DESC NULLS FIRST, d.id`},
		{"7644-3.4.2.3-07/integer", "count", "", `d.count ASC NULLS LAST, ` + id, `d.count ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-07/0 is none", "size", "", `NULLIF(d.size, 0) ASC NULLS LAST, ` + id, `NULLIF(d.size, 0) ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-07/false is none", "flag", "", `NULLIF(d.flag, FALSE) ASC NULLS LAST, ` + id, `NULLIF(d.flag, FALSE) ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-07/boolean", "off", "descending", `d.off DESC NULLS FIRST, ` + id, `d.off DESC NULLS FIRST, d.id`},
		{"7644-3.4.2.3-07/dateTime", "at", "", `d.at ASC NULLS LAST, ` + id, `d.at ASC NULLS LAST, d.id`},
		{"binary", "blob", "", `d.blob ASC NULLS LAST, ` + id, `d.blob ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-04", "part.code", "", `NULLIF(d.part_code, '') COLLATE "C" ASC NULLS LAST, ` + id, `NULLIF(d.part_code, '') ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-03", "parts", "", `(SELECT NULLIF(e.parts_value_f, '') COLLATE "C" FROM parts e WHERE e.d = d.id ORDER BY e.n LIMIT 1) COLLATE "C" ASC NULLS LAST, ` + id,
			`(SELECT NULLIF(e.parts_value_f, '') FROM parts e WHERE e.d = d.id ORDER BY e.n LIMIT 1) ASC NULLS LAST, d.id`},
		{"7644-3.4.2.3-03/numbers", "counts", "descending", `(SELECT e.counts FROM counts e WHERE e.d = d.id ORDER BY e.n LIMIT 1) DESC NULLS FIRST, ` + id,
			`(SELECT e.counts FROM counts e WHERE e.d = d.id ORDER BY e.n LIMIT 1) DESC NULLS FIRST, d.id`},
		{"7644-3.10-04", extra + ":rank", "", `x.rank ASC NULLS LAST, ` + id, `x.rank ASC NULLS LAST, d.id`},
	} {
		t.Run(c.id, func(t *testing.T) {
			o := order[Device](t, c.by, c.direction)
			for want, d := range map[string]filter.Dialect{c.postgres: filter.PostgreSQL(mapped), c.sqlite: filter.SQLite(mapped)} {
				got, err := o.SQL(d)
				require.NoError(t, err)
				assert.Equal(t, want, got)
				key, id, err := o.Keys(d)
				require.NoError(t, err)
				if key != "" {
					key += map[bool]string{false: " ASC NULLS LAST, ", true: " DESC NULLS FIRST, "}[o.Descending()]
				}
				assert.Equal(t, want, key+id, "the parts")
			}
			assert.Equal(t, c.direction == "descending", o.Descending())
			got, err := o.SQL(standard(mapped))
			require.NoError(t, err)
			assert.Equal(t, c.sqlite, got)
		})
	}
	got, err := order[Account](t, "userName", "").SQL(filter.PostgreSQL(mapped))
	require.NoError(t, err)
	assert.Equal(t, `d.userName_f COLLATE "C" ASC NULLS LAST, `+id, got, "what is required is never empty")
}

func TestOrderSQLDocuments(t *testing.T) {
	const (
		id       = `(s->>'id') COLLATE "C"`
		lite     = `json_extract(s, '$."id"')`
		each     = ` FROM jsonb_array_elements(s->'parts') WITH ORDINALITY AS scim_e(v, n) WHERE TRUE ORDER BY (scim_e.v->>'primary') IS NOT DISTINCT FROM 'true' DESC, scim_e.n LIMIT 1)`
		eachLite = ` FROM json_each(s, '$."parts"') AS scim_e WHERE TRUE ORDER BY COALESCE(json_extract(scim_e.value, '$."primary"'), 0) DESC, scim_e.key LIMIT 1)`
	)
	for _, c := range []struct{ by, postgres, sqlite string }{
		{"label", `NULLIF((s->>'label'), '') COLLATE "C" ASC NULLS LAST, ` + id, `NULLIF(json_extract(s, '$."label"'), '') ASC NULLS LAST, ` + lite},
		{"at", `(s->>'at') ASC NULLS LAST, ` + id, `json_extract(s, '$."at"') ASC NULLS LAST, ` + lite},
		{"blob", `(s->>'blob') COLLATE "C" ASC NULLS LAST, ` + id, `json_extract(s, '$."blob"') ASC NULLS LAST, ` + lite},
		{"count", `(s->>'count')::numeric ASC NULLS LAST, ` + id, `json_extract(s, '$."count"') ASC NULLS LAST, ` + lite},
		{"tags", `(SELECT NULLIF((scim_e.v#>>'{}'), '') COLLATE "C" FROM jsonb_array_elements(s->'tags') WITH ORDINALITY AS scim_e(v, n) WHERE TRUE ORDER BY scim_e.n LIMIT 1) COLLATE "C" ASC NULLS LAST, ` + id,
			`(SELECT NULLIF(scim_e.value, '') FROM json_each(s, '$."tags"') AS scim_e WHERE TRUE ORDER BY scim_e.key LIMIT 1) ASC NULLS LAST, ` + lite},
		{"parts.size", `(SELECT (scim_e.v->>'size')::numeric` + each + ` ASC NULLS LAST, ` + id, `(SELECT json_extract(scim_e.value, '$."size"')` + eachLite + ` ASC NULLS LAST, ` + lite},
	} {
		o := order[Device](t, c.by, "")
		got, err := o.SQL(filter.PostgreSQLDocument("s"))
		require.NoError(t, err)
		assert.Equal(t, c.postgres, got)
		got, err = o.SQL(filter.SQLiteDocument("s"))
		require.NoError(t, err)
		assert.Equal(t, c.sqlite, got)
	}
}

func TestOrderSQLErrors(t *testing.T) {
	known := filter.Columns{"id": {Expr: "d.id"}, "title": {Expr: "d.title"}, "active": {}, "emails.value": {Expr: "e.value", Folded: "e.value_f", From: "emails e WHERE e.d = d.id"}}
	// Each fails in the same way before and after the first page.
	fails := func(o *filter.Order, d filter.Dialect, last ...any) error {
		t.Helper()
		by, err := o.SQL(d)
		assert.Empty(t, by)
		key, id, keys := o.Keys(d)
		assert.Empty(t, key+id)
		assert.Equal(t, err, keys)
		where, args, after := o.After(d, last, []any{"tenant"})
		assert.Empty(t, where)
		assert.Equal(t, []any{"tenant"}, args)
		assert.Equal(t, err, after)
		return err
	}
	for by, words := range map[string]string{
		"userName": "userName", "name.givenName": "name.givenName", "emails.type": "emails.type", "phoneNumbers": "phoneNumbers.value", enterprise + ":department": enterprise + ":department",
	} {
		err := fails(order[Account](t, by, ""), filter.SQLite(known.Find), "x", "1")
		refused(t, err, scimerrors.InvalidValue, "sortBy: this service cannot search or sort by "+words)
	}
	for _, d := range all() { // a list within a list
		refused(t, fails(order[Device](t, "parts.tags", ""), d, "x", "1"), scimerrors.InvalidValue, "sortBy: this service cannot search or sort by parts.tags")
	}
	for by, want := range map[string]string{
		"title":  "scim: the column of title, which is not case exact, has no Folded",
		"active": "scim: the column of active has no Expr",
		"emails": "scim: the column of emails, which is multi-valued, has no First to sort by",
	} {
		require.EqualError(t, fails(order[Account](t, by, ""), filter.PostgreSQL(known.Find), "x", "1"), want)
	}
	// Without a column for id there is no order at all, which is not what a client asked for.
	refused(t, fails(order[Account](t, "", ""), filter.PostgreSQL(filter.Columns{}.Find), "1"), scimerrors.InvalidFilter, "this service cannot search or sort by id")

	broken := errors.New("no such table")
	d := filter.SQLite(func(target filter.Target) (filter.Column, error) {
		if target.Attribute == "id" {
			return filter.Column{Expr: "d.id"}, nil
		}
		return filter.Column{}, broken
	})
	assert.Same(t, broken, fails(order[Account](t, "title", ""), d, "x", "1"))
	busy := scimerrors.Status(503, "later")
	d.Column = func(filter.Target) (filter.Column, error) { return filter.Column{}, busy }
	assert.Same(t, busy, fails(order[Account](t, "title", ""), d, "x", "1"))
}

// What comes after a resource, and what its key is.
func TestOrderAfter(t *testing.T) {
	at := time.Date(2011, 5, 13, 4, 42, 34, 500, time.UTC)
	v := &Device{Serial: "Ab", Label: "Ab", Count: -1, Size: 7, Weight: new(0.5), Off: new(false), At: at, Blob: []byte{1, 0xab}}
	v.ID = "17"
	const id, name = `d.id COLLATE "C"`, `NULLIF(d.label_f, '') COLLATE "C"`
	for _, c := range []struct {
		id, by, direction string
		key               []any
		want              string
		args              []any
	}{
		{"no sortBy", "", "", []any{"17"}, id + ` > $2`, []any{"17"}},
		{"no sortBy, descending", "", "descending", []any{"17"}, id + ` > $2`, []any{"17"}},
		{"ascending", "label", "", []any{"ab", "17"}, `(` + name + ` > $2 OR ` + name + ` IS NULL OR (` + name + ` = $3 AND ` + id + ` > $4))`, []any{"ab", "ab", "17"}},
		{"descending", "label", "descending", []any{"ab", "17"}, `(` + name + ` < $2 OR (` + name + ` = $3 AND ` + id + ` > $4))`, []any{"ab", "ab", "17"}},
		{"no value, ascending", "note", "", []any{nil, "17"}, `(NULLIF(d.note_f, '') COLLATE "C" IS NULL AND ` + id + ` > $2)`, []any{"17"}},
		{"no value, descending", "level", "descending", []any{nil, "17"}, `(d.level IS NOT NULL OR (d.level IS NULL AND ` + id + ` > $2))`, []any{"17"}},
		{"case exact", "serial", "descending", []any{"Ab", "17"},
			`(NULLIF(d.serial, '') COLLATE "C" < $2 OR (NULLIF(d.serial, '') COLLATE "C" = $3 AND ` + id + ` > $4))`, []any{"Ab", "Ab", "17"}},
		{"integer", "count", "descending", []any{int64(-1), "17"}, `(d.count < $2 OR (d.count = $3 AND ` + id + ` > $4))`, []any{int64(-1), int64(-1), "17"}},
		{"unsigned", "size", "descending", []any{uint64(7), "17"}, `(NULLIF(d.size, 0) < $2 OR (NULLIF(d.size, 0) = $3 AND ` + id + ` > $4))`, []any{int64(7), int64(7), "17"}},
		{"decimal", "weight", "descending", []any{0.5, "17"}, `(d.weight < $2 OR (d.weight = $3 AND ` + id + ` > $4))`, []any{0.5, 0.5, "17"}},
		{"boolean", "off", "descending", []any{false, "17"}, `(d.off < $2 OR (d.off = $3 AND ` + id + ` > $4))`, []any{false, false, "17"}},
		{"dateTime", "at", "descending", []any{"2011-05-13T04:42:34.000000500Z", "17"}, `(d.at < $2 OR (d.at = $3 AND ` + id + ` > $4))`,
			[]any{at.Truncate(time.Microsecond), at.Truncate(time.Microsecond), "17"}},
		{"binary", "blob", "descending", []any{"01ab", "17"}, `(d.blob < $2 OR (d.blob = $3 AND ` + id + ` > $4))`, []any{[]byte{1, 0xab}, []byte{1, 0xab}, "17"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			o := order[Device](t, c.by, c.direction)
			assert.Equal(t, c.key, o.Key(v))
			got, args, err := o.After(filter.PostgreSQL(mapped), o.Key(v), []any{"tenant"})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			assert.Equal(t, append([]any{"tenant"}, c.args...), args)
		})
	}
	// Times and binary values are text elsewhere.
	_, args, err := order[Device](t, "at", "").After(filter.SQLite(mapped), []any{"2011-05-13T04:42:34.000000500Z", "17"}, nil)
	require.NoError(t, err)
	assert.Equal(t, []any{"2011-05-13T04:42:34.000000500Z", "2011-05-13T04:42:34.000000500Z", "17"}, args)
	for _, d := range []filter.Dialect{filter.PostgreSQLDocument("s"), filter.SQLiteDocument("s")} {
		_, args, err = order[Device](t, "blob", "").After(d, []any{"01ab", "17"}, nil)
		require.NoError(t, err)
		assert.Equal(t, []any{"01ab", "01ab", "17"}, args)
		_, args, err = order[Device](t, "at", "").After(d, []any{"2011-05-13T04:42:34.000000500Z", "17"}, nil)
		require.NoError(t, err)
		assert.Equal(t, "2011-05-13T04:42:34.000000500Z", args[0])
	}
	// A key may have been JSON meanwhile, read either way.
	for _, value := range []any{float64(-1), json.Number("-1"), int64(-1)} {
		_, args, err := order[Device](t, "count", "").After(filter.SQLite(mapped), []any{value, "17"}, nil)
		require.NoError(t, err)
		assert.Equal(t, []any{int64(-1), int64(-1), "17"}, args)
	}
	for _, value := range []any{0.5, json.Number("0.5"), json.Number("5e-1")} {
		_, args, err := order[Device](t, "weight", "").After(filter.SQLite(mapped), []any{value, "17"}, nil)
		require.NoError(t, err)
		assert.Equal(t, []any{0.5, 0.5, "17"}, args)
	}
	assert.Panics(t, func() { order[Device](t, "", "").Key(&resource.User{}) })
}

// 7644-3.4.2.4/RFC 9865: a key that is none of this order is 400 invalidCursor, whoever made it.
func TestOrderAfterErrors(t *testing.T) {
	for _, c := range []struct {
		id, by string
		last   []any
	}{
		{"none", "label", nil},
		{"too short", "label", []any{"17"}},
		{"too long", "label", []any{"a", "17", "x"}},
		{"too long without sortBy", "", []any{"a", "17"}},
		{"none without sortBy", "", nil},
		{"id of another type", "label", []any{"a", 17}},
		{"id null", "label", []any{"a", nil}},
		{"id null behind no value", "label", []any{nil, nil}},
		{"id of another type without sortBy", "", []any{17.0}},
		{"string/number", "label", []any{5.0, "17"}},
		{"string/boolean", "serial", []any{true, "17"}},
		{"string/list", "label", []any{[]any{"a"}, "17"}},
		{"integer/fraction", "count", []any{1.5, "17"}},
		{"integer/too large for a float", "count", []any{1e300, "17"}},
		{"integer/not exact", "count", []any{float64(1 << 53), "17"}},
		{"integer/NaN", "count", []any{math.NaN(), "17"}},
		{"integer/infinite", "count", []any{math.Inf(-1), "17"}},
		{"integer/text", "count", []any{"5", "17"}},
		{"integer/boolean", "count", []any{true, "17"}},
		{"integer/number with fraction", "count", []any{json.Number("1.5"), "17"}},
		{"integer/number out of range", "count", []any{json.Number("9223372036854775808"), "17"}},
		{"integer/number malformed", "count", []any{json.Number("x"), "17"}},
		{"unsigned/out of range", "size", []any{uint64(1 << 63), "17"}},
		{"decimal/text", "weight", []any{"0.5", "17"}},
		{"decimal/NaN", "weight", []any{math.NaN(), "17"}},
		{"decimal/out of range", "weight", []any{json.Number("1e400"), "17"}},
		{"boolean/text", "off", []any{"true", "17"}},
		{"boolean/number", "off", []any{1.0, "17"}},
		{"dateTime/malformed", "at", []any{"yesterday", "17"}},
		{"dateTime/empty", "at", []any{"", "17"}},
		{"dateTime/no such day", "at", []any{"2011-02-30T00:00:00Z", "17"}},
		{"dateTime/number", "at", []any{5.0, "17"}},
		{"binary/no hexadecimal", "blob", []any{"xyz", "17"}},
		{"binary/half a byte", "blob", []any{"0", "17"}},
		{"binary/bytes", "blob", []any{[]byte{1}, "17"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			for _, d := range all() {
				for _, direction := range []string{"ascending", "descending"} {
					where, args, err := order[Device](t, c.by, direction).After(d, c.last, []any{"tenant"})
					refused(t, err, scimerrors.InvalidCursor)
					assert.Empty(t, where)
					assert.Equal(t, []any{"tenant"}, args)
				}
			}
		})
	}
}
