package storetest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/server/store"
)

// in says which groups a user is in: each as direct or indirect and by its name.
func (s *suite) in(id string, want map[string]string) {
	s.Helper()
	v := s.get(users, id)
	got := map[string]string{}
	for i, value := range texts(v, "groups.value") {
		got[value] = texts(v, "groups.type")[i] + " " + texts(v, "groups.display")[i]
	}
	assert.Equal(s, want, got)
	assert.Equal(s, slices.Sorted(maps.Keys(want)), append([]string(nil), texts(v, "groups.value")...))
}

var memberships = []test{
	{"7643-4.1.2-08 direct and indirect", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		inner := s.group("inner", ann)
		middle := s.group("middle", inner, ben)
		outer := s.group("outer", middle)
		s.group("other")
		s.in(ann, map[string]string{inner: "direct inner", middle: "indirect middle", outer: "indirect outer"})
		s.in(ben, map[string]string{middle: "direct middle", outer: "indirect outer"})
		_, err := s.edit(groups, outer, store.Edit{List: members, Add: []string{ann}})
		require.NoError(s, err)
		s.in(ann, map[string]string{inner: "direct inner", middle: "indirect middle", outer: "direct outer"})
		s.remove(groups, middle)
		s.in(ann, map[string]string{inner: "direct inner", outer: "direct outer"})
		s.in(ben, map[string]string{})
	}},
	{"they are there whether lists are or not", func(s *suite) {
		ann := s.user("ann")
		s.group("g", ann)
		want := s.get(users, ann)
		got, err := s.store.Get(s.Context(), users, ann, false)
		require.NoError(s, err)
		s.same(want, got)
		got, err = s.store.Update(s.Context(), users, ann, false, false, func(current any) (*store.Change, error) {
			s.same(want, current)
			return nil, nil
		})
		require.NoError(s, err)
		s.same(want, got)
		page := s.search(&store.Query{Kinds: []*store.Kind{users}, Limit: 1})
		require.Len(s, page.Resources, 1)
		s.same(want, page.Resources[0])
		require.ErrorIs(s, s.store.Delete(s.Context(), users, ann, func(current any) error {
			s.same(want, current)
			return errRefused
		}), errRefused)
	}},
	{"circles end", func(s *suite) {
		ann := s.user("ann")
		a := s.group("a", ann)
		b := s.group("b", a)
		c := s.group("c", b)
		_, err := s.edit(groups, a, store.Edit{List: members, Add: []string{c, a}})
		require.NoError(s, err)
		s.in(ann, map[string]string{a: "direct a", b: "indirect b", c: "indirect c"})
		s.remove(users, ann)
		s.remove(groups, a)
		assert.Nil(s, at(s.get(groups, b), members))
		assert.Equal(s, []string{b}, texts(s.get(groups, c), "members.value"))
	}},
	{"a resource is none of its own, nor are those of other kinds", func(s *suite) {
		ann, d := s.user("ann"), s.device("d")
		r := s.room("r", ann, d)
		outer := s.room("outer", r)
		_, err := s.edit(rooms, r, store.Edit{List: occupants, Add: []string{outer}})
		require.NoError(s, err)
		g := s.group("g", ann)
		s.create(devices, `{"displayName": "e", "owners": %s}`, elements(ann, g))
		s.in(ann, map[string]string{g: "direct g"})
		got := s.get(devices, d)
		want := map[string]string{r: "direct", outer: "indirect"}
		assert.Equal(s, sorted(r, outer), texts(got, "rooms.value"))
		for i, value := range texts(got, "rooms.value") {
			assert.Equal(s, want[value], texts(got, "rooms.type")[i])
		}
		assert.Equal(s, []string{outer}, texts(s.get(rooms, r), "within.value"))
		assert.Equal(s, []string{r}, texts(s.get(rooms, outer), "within.value"))
		_, err = s.edit(rooms, outer, store.Edit{List: occupants, Clear: true, Add: []string{outer}})
		require.NoError(s, err)
		assert.Nil(s, at(s.get(rooms, r), "within"))
		assert.Equal(s, []string{r}, texts(s.get(rooms, outer), "within.value"))
	}},
	{"7644-3.14-08 the version changes with what a client sees of them", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		first := s.get(users, ann)
		seen := map[string]string{version(first): "at first"}
		moves := func(step string) {
			s.Helper()
			v := s.get(users, ann)
			assert.Empty(s, seen[version(v)], step)
			seen[version(v)] = step
			assert.Equal(s, modified(first), modified(v), "the user has not changed")
		}
		stays := func(step string, do func()) {
			s.Helper()
			before := s.get(users, ann)
			do()
			after := s.get(users, ann)
			assert.Equal(s, s.text(before), s.text(after), step)
		}
		g := s.group("g", ann)
		moves("in a group")
		s.set(groups, g, "displayName", "h")
		moves("of another name")
		stays("an attribute that is not shown", func() { s.set(groups, g, "externalId", "1") })
		stays("somebody else comes", func() {
			_, err := s.edit(groups, g, store.Edit{List: members, Add: []string{ben}})
			require.NoError(s, err)
		})
		outer := s.group("outer", g)
		moves("in a group around it")
		_, err := s.edit(groups, outer, store.Edit{List: members, Add: []string{ann}})
		require.NoError(s, err)
		moves("in that directly")
		s.remove(groups, outer)
		assert.Equal(s, "of another name", seen[version(s.get(users, ann))], "what it was before")
		s.remove(groups, g)
		s.same(first, s.get(users, ann))
	}},
	{"the version does not change with what a client does not see", func(s *suite) {
		d := s.device("d")
		r := s.room("r", d)
		before := s.get(devices, d)
		s.set(rooms, r, "displayName", "another")
		s.same(before, s.get(devices, d))
	}},
	{"7643-3.1-16 a version is never one that the resource has had", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g")
		seen := map[string]bool{version(s.get(groups, g)): true}
		for i := range 5 {
			after, err := s.edit(groups, g, store.Edit{List: members, Add: []string{ann}})
			require.NoError(s, err)
			assert.False(s, seen[version(after)], i)
			seen[version(after)] = true
			after, err = s.edit(groups, g, store.Edit{List: members, Remove: []string{ann}})
			require.NoError(s, err)
			assert.False(s, seen[version(after)], i)
			seen[version(after)] = true
		}
	}},
	{"7643-3.1-16 lastModified never stays, whatever the clocks say", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		g, id := value(groups, `{"id": "g", "displayName": "g", "members": %s, "meta": %s}`, elements(ann, ben), history("Group", "2130-01-01")), "g"
		require.NoError(s, s.store.Restore(s.Context(), each(store.Item{Kind: groups, Value: g})))
		before := s.get(groups, id)
		for _, step := range []func(){
			func() { s.set(groups, id, "displayName", "h") },
			func() { s.remove(users, ann) },
			func() { s.remove(users, ben) },
		} {
			step()
			after := s.get(groups, id)
			s.changed(before, after)
			before = after
		}
	}},
	{"a version is a weak tag", func(s *suite) {
		ann := s.user("ann")
		assert.Regexp(s, `^W/"[^" ]+"$`, version(s.get(users, ann)))
		s.group("g", ann)
		assert.Regexp(s, `^W/"[^" ]+"$`, version(s.get(users, ann)))
	}},
	{"a chain of groups", func(s *suite) {
		ann := s.user("ann")
		want := map[string]string{}
		inner, kind := ann, "direct"
		for i := range 50 {
			name := fmt.Sprint("g", i)
			inner = s.group(name, inner)
			want[inner] = kind + " " + name
			kind = "indirect"
		}
		s.in(ann, want)
	}},
}
