package filter_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// anyTable is a dialect that finds a column for everything.
var anyTable = filter.PostgreSQL(func(t filter.Target) (filter.Column, error) {
	name := strings.TrimPrefix(t.Attribute+"_"+t.SubAttribute, "_")
	c := filter.Column{Expr: name, Folded: "lower_" + name}
	if t.MultiValued {
		c.From, c.First = "list", "position"
	}
	return c, nil
})

// throughJSON is a key as it comes out of a cursor.
func throughJSON(tb testing.TB, key []any) (back []any) {
	tb.Helper()
	text, err := json.Marshal(key)
	require.NoError(tb, err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(tb, d.Decode(&back))
	return back
}

// generated makes resources of a type with few values, so that many are equal, and an id each, in no order.
func generated(t reflect.Type, n int, random *rand.Rand) []any {
	list := make([]any, n)
	for i, id := range random.Perm(n) {
		data := make([]byte, 400)
		for k := range data {
			data[k] = byte(random.UintN(256))
		}
		v := reflect.New(t)
		(&decisions{data}).fill(v.Elem())
		resource.Common(v.Interface()).ID = fmt.Sprintf("%s-%03d", string("aB"[id%2]), id)
		list[i] = v.Interface()
	}
	return list
}

func at[T any](tb testing.TB, list []any, i int) *T {
	tb.Helper()
	v, ok := list[i].(*T)
	require.True(tb, ok)
	return v
}

// whole is the order of a list in which ids decide between equals.
func whole(o *filter.Order, list []any) []any {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b any) int {
		return cmp.Or(o.Compare(a, b), cmp.Compare(resource.Common(a).ID, resource.Common(b).ID))
	})
	return list
}

// seeks checks what Seek says of each two resources, and that pages of every size that begin behind a key join to the whole. of makes
// the order to read with, which at the root may have been compiled for another type.
func seeks(t *testing.T, o *filter.Order, of func() *filter.Order, list []any) {
	t.Helper()
	want := whole(o, list)
	for i, v := range want {
		for _, last := range [][]any{o.Key(v), throughJSON(t, o.Key(v))} {
			after, err := of().Seek(last)
			require.NoError(t, err, last)
			for k, other := range want {
				if got := after(other); got != (k > i) { // not by testify, since there are many
					t.Fatalf("%v: of %v and %v got %t", last, o.Key(v), o.Key(other), got)
				}
			}
		}
	}
	for size := 1; size <= len(want)+1; size += 1 + size/4 {
		var got, last []any
		for {
			rest := slices.Clone(want)
			if last != nil {
				after, err := of().Seek(last)
				require.NoError(t, err)
				rest = slices.DeleteFunc(rest, func(v any) bool { return !after(v) })
			}
			page := rest[:min(size, len(rest))]
			got = append(got, page...)
			if len(page) < size {
				break
			}
			last = throughJSON(t, of().Key(page[size-1]))
		}
		require.Len(t, got, len(want), "pages of %d", size)
		for i := range got {
			require.Same(t, want[i], got[i], "pages of %d", size)
		}
	}
}

// Seek is in agreement with Compare, for attributes of all types, whatever the values.
func TestSeek(t *testing.T) {
	random := rand.New(rand.NewPCG(98, 65))
	accounts, devices := generated(reflect.TypeFor[Account](), 24, random), generated(reflect.TypeFor[Device](), 24, random)
	for i := range uint64(2) { // neighbours that a float64 would not tell apart
		d := at[Device](t, devices, int(i))
		d.Size, d.Counts = math.MaxUint64-i, []int64{math.MaxInt64 - int64(i)}
	}
	for _, c := range []struct {
		of    reflect.Type
		items []any
		names []string
	}{
		{reflect.TypeFor[Account](), accounts, []string{
			"", "userName", "title", "name.givenName", "emails", "emails.type", "active", "meta.created", "externalId", "id", "schemas",
			enterprise + ":employeeNumber", enterprise + ":manager.value", "x509Certificates",
		}},
		{reflect.TypeFor[Device](), devices, []string{
			"serial", "label", "note", "home", "count", "level", "size", "ports", "ratio", "weight", "scale", "on", "off", "flag", "at", "seen", "blob",
			"tags", "codes", "names", "counts", "scales", "times", "flags", "blobs", "part.size", "spare.primary", "parts.at", "more.value", "plains.count", extra + ":rank",
		}},
	} {
		for _, by := range c.names {
			for _, direction := range []string{"ascending", "descending"} {
				for _, opts := range [][]filter.Option{nil, {filter.AcrossTypes()}} {
					t.Run(fmt.Sprintf("9865-2.2-01/%s %s %d", by, direction, len(opts)), func(t *testing.T) {
						o, err := filter.CompileOrderType(c.of, by, direction, opts...)
						require.NoError(t, err)
						seeks(t, o, func() *filter.Order { return o }, c.items)
						for _, v := range c.items {
							_, _, err := o.After(anyTable, throughJSON(t, o.Key(v)), nil)
							if d, ok := v.(*Device); !ok || by != "size" || d.Size <= math.MaxInt64 { // no database has greater integers
								require.NoError(t, err)
							}
						}
					})
				}
			}
		}
	}
}

// Odd has attributes of the names that Device has, of other data types and by other rules.
type Odd struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Odd"`

	Label  string    `json:"label,omitempty" scim:"caseExact"`
	Count  *float64  `json:"count,omitempty"`
	Size   *int64    `json:"size,omitempty"`
	Ratio  string    `json:"ratio,omitempty"`
	On     *int      `json:"on,omitempty"`
	At     string    `json:"at,omitempty"`
	Serial Plain     `json:"serial,omitzero"`
	Blob   []string  `json:"blob,omitempty"`
	Note   time.Time `json:"note,omitzero"`
}

// At the root pages go over resources of several types, some of which have no such attribute or one of another kind.
func TestSeekAcrossTypes(t *testing.T) {
	random := rand.New(rand.NewPCG(76, 44))
	types := []reflect.Type{reflect.TypeFor[Account](), reflect.TypeFor[Device](), reflect.TypeFor[Odd](), reflect.TypeFor[resource.Group]()}
	var all []any
	for i, of := range types {
		for _, v := range generated(of, 12, random) {
			resource.Common(v).ID += "-" + string("dbca"[i]) // ids differ over all types
			all = append(all, v)
		}
	}
	at[Device](t, all, 12).Size, at[Odd](t, all, 24).Size = math.MaxInt64, new(int64(math.MaxInt64-1))
	at[Device](t, all, 13).Count, at[Odd](t, all, 25).Count = 1<<53+1, new(float64(1<<53))
	// The fewest digits of such a number, 1152921504606847000, are those of another integer.
	at[Device](t, all, 14).Count, at[Device](t, all, 15).Count = 1<<60, 1<<60+24
	for i, x := range []float64{1 << 60, 1 << 60, 1<<60 + 256, 1 << 63, 1.8e19, 1 << 64, -1 << 63, -1 << 62, 0.5} {
		at[Odd](t, all, 26+i).Count = new(x)
	}
	for _, by := range []string{"", "schemas", "userName", "displayName", "label", "count", "size", "ratio", "on", "at", "blob", "note", "serial", "members", "emails", "emails.type", "meta.lastModified"} {
		for _, direction := range []string{"", "descending"} {
			t.Run("7644-3.4.2.1-05/"+by+" "+direction, func(t *testing.T) {
				var orders []*filter.Order
				for _, of := range types {
					if o, err := filter.CompileOrderType(of, by, direction, filter.AcrossTypes()); err == nil { // serial is complex in Odd
						orders = append(orders, o)
					}
				}
				for _, v := range all {
					for _, o := range orders {
						require.Equal(t, orders[0].Key(v), o.Key(v))
						if by != "" {
							require.Len(t, o.Key(v), 2)
						}
					}
				}
				i := 0
				seeks(t, orders[0], func() *filter.Order { i++; return orders[i%len(orders)] }, all)
			})
		}
	}
}

// A number that is none, which only a program can make, is ordered like any other.
func TestOrderNaN(t *testing.T) {
	o, err := filter.CompileOrder[Device]("count", "", filter.AcrossTypes())
	require.NoError(t, err)
	none, some := &Odd{Count: new(math.NaN())}, &Device{Count: math.MinInt64}
	assert.Negative(t, o.Compare(none, some))
	assert.Positive(t, o.Compare(some, none))
}

func TestKey(t *testing.T) {
	instant := time.Date(2020, 1, 2, 5, 4, 5, 600_000_000, time.FixedZone("", 7200))
	d := &Device{Serial: "B", Label: "Straße", Count: -3, Size: math.MaxUint64, Weight: new(1.5), On: true, At: instant, Blob: []byte{1, 171}, Tags: []string{"", "X", "a"}}
	d.ID = "7"
	for by, want := range map[string][]any{
		"": {"7"}, "schemas": {"7"}, "serial": {"B", "7"}, "label": {filter.Fold("Straße"), "7"}, "count": {int64(-3), "7"}, "size": {uint64(math.MaxUint64), "7"},
		"weight": {1.5, "7"}, "on": {true, "7"}, "at": {"2020-01-02T03:04:05.600000000Z", "7"}, "blob": {"01ab", "7"}, "tags": {"x", "7"}, "note": {nil, "7"}, "id": {"7", "7"},
	} {
		o, err := filter.CompileOrder[Device](by, "")
		require.NoError(t, err)
		assert.Equal(t, want, o.Key(d), by)
		assert.Equal(t, append(make([]any, len(want)-1), ""), o.Key((*Device)(nil)), by)
		for _, v := range []any{Device{}, &Account{}, nil, "x"} {
			assert.Panics(t, func() { o.Key(v) })
			after, err := o.Seek(want)
			require.NoError(t, err)
			assert.Panics(t, func() { after(v) })
		}
	}
}

// What After says of one type behind a resource of another.
func TestAfterAcrossTypes(t *testing.T) {
	for _, c := range []struct {
		id, by, direction string
		last              []any
		want              string
		args              []any
	}{
		{"no sortBy", "", "", []any{"7"}, `id_ COLLATE "C" > $1`, []any{"7"}},
		{"absent here and there", "serial", "", []any{nil, "7"}, `id_ COLLATE "C" > $1`, []any{"7"}},
		{"absent here and there, descending", "serial", "descending", []any{nil, "7"}, `id_ COLLATE "C" > $1`, []any{"7"}},
		{"absent here", "serial", "", []any{"x", "7"}, `TRUE`, nil},
		{"absent here, descending", "serial", "descending", []any{"x", "7"}, `FALSE`, nil},
		{"a number elsewhere", "serial", "", []any{json.Number("5"), "7"}, `TRUE`, nil},
		{"schemas", "schemas", "", []any{nil, "7"}, `id_ COLLATE "C" > $1`, []any{"7"}},
		{"present", "id", "", []any{"x", "7"}, `(NULLIF(id_, '') COLLATE "C" > $1 OR NULLIF(id_, '') COLLATE "C" IS NULL OR (NULLIF(id_, '') COLLATE "C" = $2 AND id_ COLLATE "C" > $3))`, []any{"x", "x", "7"}},
	} {
		t.Run("7644-3.4.2.1-05/"+c.id, func(t *testing.T) {
			o, err := filter.CompileOrder[Account](c.by, c.direction, filter.AcrossTypes())
			require.NoError(t, err)
			for _, last := range [][]any{c.last, throughJSON(t, c.last)} {
				where, args, err := o.After(anyTable, last, nil)
				require.NoError(t, err)
				assert.Equal(t, c.want, where)
				assert.Equal(t, c.args, args)
			}
			_, err = o.Seek(c.last)
			require.NoError(t, err)
		})
	}
	t.Run("args go on", func(t *testing.T) {
		o, err := filter.CompileOrder[Account]("serial", "", filter.AcrossTypes())
		require.NoError(t, err)
		where, args, err := o.After(anyTable, []any{"x", "7"}, []any{"tenant"})
		require.NoError(t, err)
		assert.Equal(t, []any{"TRUE", []any{"tenant"}}, []any{where, args})
	})
	for _, c := range []struct {
		by   string
		last any
	}{{"label", int64(5)}, {"label", true}, {"count", "5"}, {"count", 1.5}, {"at", "soon"}, {"blob", "xyz"}, {"on", "true"}, {"weight", "1"}} {
		t.Run(fmt.Sprintf("9865-2.1-01/%s after %v", c.by, c.last), func(t *testing.T) {
			o, err := filter.CompileOrder[Device](c.by, "", filter.AcrossTypes())
			require.NoError(t, err)
			_, args, err := o.After(anyTable, []any{c.last, "7"}, []any{"tenant"})
			refused(t, err, scimerrors.InvalidCursor)
			assert.Equal(t, []any{"tenant"}, args)
			_, err = o.Seek([]any{c.last, "7"})
			require.NoError(t, err, "in memory they are ordered")
		})
	}
}

// Values as the database gets them.
func TestAfterValues(t *testing.T) {
	for _, c := range []struct {
		by         string
		last, want any
	}{
		{"serial", "B", "B"}, {"label", "b", "b"}, {"on", true, true}, {"count", int64(-5), int64(-5)}, {"count", json.Number("-9007199254740993"), int64(-9007199254740993)},
		{"count", -5.0, int64(-5)}, {"size", uint64(5), int64(5)}, {"size", json.Number("9223372036854775807"), int64(math.MaxInt64)}, {"size", 5.0, int64(5)}, {"count", uint64(5), int64(5)},
		{"weight", 1.5, 1.5}, {"weight", json.Number("1e2"), 100.0}, {"weight", int64(5), 5.0}, {"weight", uint64(5), 5.0},
		{"at", "2020-01-02T03:04:05.123456789Z", time.Date(2020, 1, 2, 3, 4, 5, 123456000, time.UTC)}, {"blob", "01ab", []byte{1, 171}},
	} {
		o, err := filter.CompileOrder[Device](c.by, "")
		require.NoError(t, err)
		_, args, err := o.After(anyTable, []any{c.last, "7"}, nil)
		require.NoError(t, err, "%s %v", c.by, c.last)
		assert.Equal(t, []any{c.want, c.want, "7"}, args)
	}
}

// What is no key of the order is refused, by a message that tells nothing.
func TestNoKey(t *testing.T) {
	for _, c := range []struct {
		by   string
		last []any
		sql  bool // in SQL only
	}{
		{"", nil, false}, {"", []any{}, false}, {"", []any{7}, false}, {"", []any{nil}, false}, {"", []any{"x", "7"}, false}, {"schemas", []any{nil, "7"}, false},
		{"label", []any{"7"}, false}, {"label", []any{"x", "7", "8"}, false}, {"label", []any{"x", nil}, false}, {"label", []any{"x", 7}, false}, {"label", []any{nil, json.Number("7")}, false},
		{"label", []any{5.0, "7"}, false}, {"label", []any{json.Number("5"), "7"}, false}, {"label", []any{[]any{"x"}, "7"}, false},
		{"on", []any{"true", "7"}, false}, {"on", []any{1.0, "7"}, false},
		{"count", []any{"5", "7"}, false}, {"count", []any{json.Number("1.5"), "7"}, false}, {"count", []any{1.5, "7"}, false}, {"count", []any{1e300, "7"}, false}, {"count", []any{math.NaN(), "7"}, false},
		{"count", []any{json.Number("9223372036854775808"), "7"}, false}, {"count", []any{uint64(math.MaxUint64), "7"}, false}, {"count", []any{true, "7"}, false},
		{"size", []any{json.Number("-1"), "7"}, false}, {"size", []any{int64(-1), "7"}, false}, {"size", []any{-1.0, "7"}, false}, {"size", []any{json.Number("18446744073709551616"), "7"}, false},
		{"size", []any{json.Number("18446744073709551615"), "7"}, true},
		{"weight", []any{"1.5", "7"}, false}, {"weight", []any{math.NaN(), "7"}, false}, {"weight", []any{json.Number("1e400"), "7"}, false},
		{"at", []any{"yesterday", "7"}, false}, {"at", []any{5.0, "7"}, false}, {"blob", []any{"xyz", "7"}, false}, {"blob", []any{"0", "7"}, false},
	} {
		t.Run(fmt.Sprintf("9865-2.1-01/%s %v", c.by, c.last), func(t *testing.T) {
			o, err := filter.CompileOrder[Device](c.by, "")
			require.NoError(t, err)
			_, args, err := o.After(anyTable, c.last, []any{"tenant"})
			refused(t, err, scimerrors.InvalidCursor, "cursor: is not one this service has issued for this query; begin again with the first page")
			assert.Equal(t, []any{"tenant"}, args)
			after, err := o.Seek(c.last)
			if c.sql {
				require.NoError(t, err)
				return
			}
			refused(t, err, scimerrors.InvalidCursor, "cursor: is not one this service has issued for this query; begin again with the first page")
			assert.Nil(t, after)
		})
	}
	across, err := filter.CompileOrder[Device]("label", "", filter.AcrossTypes())
	require.NoError(t, err)
	for _, last := range [][]any{{"7"}, {[]any{}, "7"}, {math.NaN(), "7"}, {json.Number("1e400"), "7"}, {5, "7"}} {
		_, err := across.Seek(last)
		refused(t, err, scimerrors.InvalidCursor)
	}
}

// A key of times and bytes is one in any spelling that a store may have made of it.
func TestSeekSpellings(t *testing.T) {
	d := &Device{At: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), Blob: []byte{171}}
	d.ID = "7"
	for by, spellings := range map[string][]string{"at": {"2020-01-02T03:04:05Z", "2020-01-02T05:04:05.0+02:00"}, "blob": {"AB", "ab"}} {
		for _, s := range spellings {
			o, err := filter.CompileOrder[Device](by, "")
			require.NoError(t, err)
			before, err := o.Seek([]any{s, "6"})
			require.NoError(t, err)
			assert.True(t, before(d), s)
			at, err := o.Seek([]any{s, "7"})
			require.NoError(t, err)
			assert.False(t, at(d), s)
		}
	}
}
