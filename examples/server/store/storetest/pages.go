package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
)

// wire is what becomes of a place on its way to a client and back.
func (s *suite) wire(place []any) []any {
	s.Helper()
	text, err := json.Marshal(place)
	require.NoError(s, err)
	var back []any
	require.NoError(s, json.Unmarshal(text, &back))
	return back
}

// walk goes through a query page by page, with something happening in between, and returns the ids.
func (s *suite) walk(q store.Query, between func(page int)) (seen []string) {
	s.Helper()
	for n := 0; ; n++ {
		page := s.search(&q)
		seen = append(seen, ids(page)...)
		if page.Next == nil {
			return seen
		}
		require.Len(s, page.Resources, q.Limit, "a page that is not the last")
		q.After = s.wire(page.Next)
		between(n)
	}
}

// many stores 25 resources, users and devices by turns where there are both, some of them with equal values or none.
func many(s *suite, both bool) (all []string) {
	s.Helper()
	for i := range 25 {
		title := ""
		if i%5 != 0 {
			title = fmt.Sprint("Title ", i%4)
		}
		if both && i%2 == 0 {
			all = append(all, s.create(devices, `{"displayName": %q, "watts": %d}`, title, i/4))
		} else {
			all = append(all, s.create(users, `{"userName": "user%d", "displayName": %q, "title": %q, "active": %t}`, i, title, title, i%3 == 0))
		}
	}
	return all
}

var pages = []test{
	{"9865-2.2-01 by place, while others come and go", func(s *suite) {
		for _, c := range []struct {
			kinds []*store.Kind
			by    string
		}{
			{[]*store.Kind{users}, ""},
			{[]*store.Kind{users}, "id"},
			{[]*store.Kind{users}, "userName"},
			{[]*store.Kind{users}, "title"},
			{[]*store.Kind{users}, "active"},
			{[]*store.Kind{users}, "meta.lastModified"},
			{[]*store.Kind{users, devices}, ""},
			{[]*store.Kind{users, devices}, "displayName"},
			{[]*store.Kind{devices, users}, "watts"},
			{[]*store.Kind{users, devices}, "watts"},
			{[]*store.Kind{users, rooms, groups}, "title"},
			{[]*store.Kind{users, devices}, "meta.lastModified"},
		} {
			for _, order := range []string{"ascending", "descending"} {
				s.Run(fmt.Sprint(len(c.kinds), " kinds by ", c.by, " ", order), func(t *testing.T) {
					s := newSuite(t, s.store)
					stay := many(s, slices.Contains(c.kinds, devices))
					gone := leavers(s)
					q := store.Query{Kinds: c.kinds, SortBy: c.by, SortOrder: order, Limit: 7}
					whole := q
					whole.Limit = 1000
					want := ids(s.search(&whole))
					seen := s.walk(q, func(page int) {
						s.user(fmt.Sprint("A new one", page))
						s.user(fmt.Sprint("Z new one", page))
						if page < len(gone) {
							s.remove(users, gone[page])
						}
					})
					times := map[string]int{}
					for _, id := range seen {
						times[id]++
						assert.Equal(s, 1, times[id], "twice")
					}
					for _, id := range stay {
						assert.Equal(s, 1, times[id], "skipped")
					}
					kept := map[string]bool{}
					for _, id := range stay {
						kept[id] = true
					}
					assert.Equal(s, only(want, kept), only(seen, kept), "out of order")
					for _, k := range c.kinds {
						for _, id := range ids(s.search(&store.Query{Kinds: []*store.Kind{k}, Limit: 1000})) {
							s.remove(k, id)
						}
					}
				})
			}
		}
	}},
	{"the place of a resource that has gone", func(s *suite) {
		many(s, false)
		q := store.Query{Kinds: []*store.Kind{users}, SortBy: "title", Limit: 7}
		first := s.search(&q)
		whole := q
		whole.Limit = 100
		want := ids(s.search(&whole))[7:14]
		for _, v := range first.Resources {
			s.remove(users, id(v))
		}
		q.After = s.wire(first.Next)
		assert.Equal(s, want, ids(s.search(&q)))
	}},
	{"9865-2-03 the last page has none behind it", func(s *suite) {
		many(s, false)
		for limit, n := range map[int]int{24: 2, 25: 1, 26: 1, 5: 5, 1: 25} {
			q := store.Query{Kinds: []*store.Kind{users}, Limit: limit}
			turns := 1
			assert.Len(s, s.walk(q, func(int) { turns++ }), 25)
			assert.Equal(s, n, turns)
		}
	}},
	{"a filter, the number of all and an offset beside a place", func(s *suite) {
		many(s, false)
		q := store.Query{Kinds: []*store.Kind{users}, Filter: `title pr`, SortBy: "title", Limit: 6, Count: true}
		whole := q
		whole.Limit = 100
		want := ids(s.search(&whole))
		page := s.search(&q)
		assert.Equal(s, 20, page.Total)
		q.After = s.wire(page.Next)
		page = s.search(&q)
		assert.Equal(s, 20, page.Total)
		assert.Equal(s, want[6:12], ids(page))
		q.Offset = 2
		assert.Equal(s, want[8:14], ids(s.search(&q)))
		q.Offset = 50
		assert.Empty(s, ids(s.search(&q)))
	}},
	{"9865-2.1-01 a place that is none", func(s *suite) {
		many(s, true)
		for _, c := range []struct {
			kinds []*store.Kind
			by    string
			after []any
		}{
			{[]*store.Kind{users}, "", []any{}},
			{[]*store.Kind{users}, "", []any{nil}},
			{[]*store.Kind{users}, "", []any{1.0}},
			{[]*store.Kind{users}, "", []any{"a", "b"}},
			{[]*store.Kind{users}, "title", []any{"a"}},
			{[]*store.Kind{users}, "title", []any{1.5, "a"}},
			{[]*store.Kind{users}, "title", []any{"a", nil}},
			{[]*store.Kind{users}, "meta.created", []any{"yesterday", "a"}},
			{[]*store.Kind{devices}, "watts", []any{"9", "a"}},
			{[]*store.Kind{users, devices}, "watts", []any{"a"}},
			{[]*store.Kind{users, devices}, "", []any{nil, "a"}},
			{[]*store.Kind{users, devices}, "watts", []any{[]any{}, "a"}},
		} {
			_, err := s.store.Search(s.Context(), &store.Query{Kinds: c.kinds, SortBy: c.by, After: c.after, Limit: 3})
			s.refused(err, 400, scimerrors.InvalidCursor)
		}
	}},
}

// leavers stores users that will go.
func leavers(s *suite) (all []string) {
	s.Helper()
	for i := range 4 {
		all = append(all, s.create(users, `{"userName": "goes%d", "title": "Title %d"}`, i, i))
	}
	return all
}

// only are those of ids that are in a set.
func only(ids []string, set map[string]bool) (some []string) {
	for _, id := range ids {
		if set[id] {
			some = append(some, id)
		}
	}
	return some
}
