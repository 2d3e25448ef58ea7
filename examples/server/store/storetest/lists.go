package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
)

// sorted is in the order in which lists are.
func sorted(ids ...string) []string {
	slices.Sort(ids)
	return append([]string{}, ids...)
}

var lists = []test{
	{"7643-4.2-03 elements have value, type and display, in the order of their ids", func(s *suite) {
		ann, tours := s.user("ann"), s.group("Tours")
		ben := s.create(users, `{"userName": "ben", "displayName": "Benjamin"}`)
		v, err := s.store.Create(s.Context(), groups, value(groups,
			`{"displayName": "All", "members": [{"value": %q, "type": "User", "display": "wrong"}, {"value": %q}, {"value": %q}]}`, tours, ben, ann), true)
		require.NoError(s, err)
		want := map[string][2]string{ann: {"User", "ann"}, ben: {"User", "Benjamin"}, tours: {"Group", "Tours"}}
		ids := texts(v, "members.value")
		assert.Equal(s, sorted(ann, ben, tours), ids)
		for i, id := range ids {
			assert.Equal(s, want[id][0], texts(v, "members.type")[i])
			assert.Equal(s, want[id][1], texts(v, "members.display")[i])
		}
		assert.Nil(s, at(v, "members.$ref"))
		s.same(v, s.get(groups, id(v)))
	}},
	{"elements have no parts but those of their type", func(s *suite) {
		ann := s.user("ann")
		d := s.device("d", ann)
		v := s.get(devices, d)
		assert.JSONEq(s, fmt.Sprintf(`[{"value": %q}]`, ann), s.part(v, owners))
		r := s.create(rooms, `{"`+assetURN+`": {"keepers": %s}}`, elements(ann))
		assert.JSONEq(s, fmt.Sprintf(`[{"value": %q, "display": "ann"}]`, ann), s.part(s.get(rooms, r), keepers))
	}},
	{"lists are there only for those who ask", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann)
		want := version(s.get(groups, g))
		for _, lists := range []bool{false, true} {
			got := make([]any, 0, 3)
			v, err := s.store.Get(s.Context(), groups, g, lists)
			require.NoError(s, err)
			got = append(got, v)
			v, err = s.store.Update(s.Context(), groups, g, !lists, lists, func(current any) (*store.Change, error) {
				assert.Equal(s, !lists, at(current, members) != nil)
				return nil, nil
			})
			require.NoError(s, err)
			got = append(got, v)
			got = append(got, s.search(&store.Query{Kinds: []*store.Kind{groups}, Limit: 9, Lists: lists}).Resources...)
			require.Len(s, got, 3)
			for _, v := range got {
				assert.Equal(s, lists, at(v, members) != nil)
				assert.Equal(s, want, version(v))
			}
		}
		v, err := s.store.Create(s.Context(), groups, value(groups, `{"displayName": "h", "members": %s}`, elements(ann)), false)
		require.NoError(s, err)
		assert.Nil(s, at(v, members))
	}},
	{"an element that is sent twice is there once", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann, ann)
		assert.Equal(s, []string{ann}, texts(s.get(groups, g), "members.value"))
		_, err := s.edit(groups, g, store.Edit{List: members, Remove: []string{ann, ann}, Must: true})
		require.NoError(s, err)
		v, err := s.edit(groups, g, store.Edit{List: members, Add: []string{ann, ann}}, store.Edit{List: members, Add: []string{ann}})
		require.NoError(s, err)
		assert.Equal(s, []string{ann}, texts(v, "members.value"))
	}},
	{"what elements are called follows the resources", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann)
		before := s.get(groups, g)
		s.set(users, ann, "displayName", "Ann")
		after := s.get(groups, g)
		assert.Equal(s, []string{"Ann"}, texts(after, "members.display"))
		assert.Equal(s, version(before), version(after))
		assert.Equal(s, modified(before), modified(after))
		s.set(users, ann, "displayName", nil)
		s.same(before, s.get(groups, g))
	}},
	{"edits", func(s *suite) {
		ann, ben, cat := s.user("ann"), s.user("ben"), s.user("cat")
		all := []string{ann, ben, cat}
		for _, c := range []struct {
			name  string
			edits []store.Edit
			want  []string // nil: noTarget
		}{
			{"add", []store.Edit{{Add: []string{cat}}}, all},
			{"add one that is there", []store.Edit{{Add: []string{ann, cat}}}, all},
			{"remove", []store.Edit{{Remove: []string{ann}}}, []string{ben}},
			{"remove what is not there", []store.Edit{{Remove: []string{cat, "none"}}}, []string{ann, ben}},
			{"remove one that must be", []store.Edit{{Remove: []string{cat, ann}, Must: true}}, []string{ben}},
			{"remove none, though one must be", []store.Edit{{Remove: []string{cat}, Must: true}}, nil},
			{"add before none is removed", []store.Edit{{Add: []string{cat}}, {Remove: []string{"none"}, Must: true}}, nil},
			{"clear", []store.Edit{{Clear: true}}, []string{}},
			{"clear and add in one", []store.Edit{{Clear: true, Remove: []string{cat}, Add: []string{cat, ann}}}, []string{ann, cat}},
			{"remove and add the same in one", []store.Edit{{Remove: []string{ann}, Add: []string{ann}}}, []string{ann, ben}},
			{"add, then clear", []store.Edit{{Add: []string{cat}}, {Clear: true}}, []string{}},
			{"clear, then add", []store.Edit{{Clear: true}, {Add: []string{cat}}}, []string{cat}},
			{"add, then remove", []store.Edit{{Add: []string{cat}}, {Remove: []string{cat}, Must: true}}, []string{ann, ben}},
			{"remove, then add", []store.Edit{{Remove: []string{ann}}, {Add: []string{ann, cat}}}, all},
			{"remove twice, though it must be", []store.Edit{{Remove: []string{ann}, Must: true}, {Remove: []string{ann}, Must: true}}, nil},
			{"clear, then remove, though it must be", []store.Edit{{Clear: true}, {Remove: []string{ann}, Must: true}}, nil},
			{"replace by the same", []store.Edit{{Clear: true, Add: []string{ben, ann}}}, []string{ann, ben}},
			{"nothing", []store.Edit{{}}, []string{ann, ben}},
		} {
			s.Run(c.name, func(t *testing.T) {
				s := newSuite(t, s.store)
				g := s.group("g", ann, ben)
				before := s.get(groups, g)
				for i := range c.edits {
					c.edits[i].List = members
				}
				after, err := s.edit(groups, g, c.edits...)
				if c.want == nil {
					s.refused(err, 400, scimerrors.NoTarget)
					s.same(before, s.get(groups, g))
					return
				}
				require.NoError(s, err)
				s.same(after, s.get(groups, g))
				assert.Equal(s, sorted(c.want...), texts(after, "members.value"))
				if slices.Equal(sorted(c.want...), texts(before, "members.value")) {
					s.same(before, after)
				} else {
					s.changed(before, after)
				}
			})
		}
	}},
	{"7644-3.5.2.1-02 edits that make no difference beside a next that makes none", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann)
		before := s.get(groups, g)
		s.same(before, s.update(groups, g, &store.Change{Next: before, Edits: []store.Edit{{List: members, Add: []string{ann}}}}))
	}},
	{"a next has nothing to say about lists", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		g := s.group("g", ann)
		after := s.update(groups, g, &store.Change{Next: value(groups, `{"displayName": "h", "members": %s}`, elements(ben))})
		assert.Equal(s, []string{ann}, texts(after, "members.value"))
		assert.Equal(s, "h", at(after, "displayName"))
		after = s.update(groups, g, &store.Change{Next: value(groups, `{"displayName": "i"}`), Edits: []store.Edit{{List: members, Add: []string{ben}}}})
		assert.Equal(s, sorted(ann, ben), texts(after, "members.value"))
		assert.Equal(s, "i", at(after, "displayName"))
	}},
	{"several lists of one resource", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		r := s.create(rooms, `{"occupants": %s, "`+assetURN+`": {"keepers": %s}}`, elements(ann), elements(ben))
		v, err := s.edit(rooms, r, store.Edit{List: occupants, Add: []string{ben}}, store.Edit{List: keepers, Clear: true},
			store.Edit{List: occupants, Remove: []string{ann}}, store.Edit{List: keepers, Add: []string{ann}})
		require.NoError(s, err)
		assert.Equal(s, []string{ben}, texts(v, "occupants.value"))
		assert.Equal(s, []string{ann}, texts(v, keepers+".value"))
		v, err = s.edit(rooms, r, store.Edit{List: keepers, Clear: true})
		require.NoError(s, err)
		assert.Equal(s, []string{ben}, texts(v, "occupants.value"))
		assert.Nil(s, at(v, keepers))
	}},
	{"what refers to nothing, or to a wrong kind, is refused with all that stands beside it", func(s *suite) {
		ann, ben, d := s.user("ann"), s.user("ben"), s.device("d")
		g := s.group("g", ann)
		before := s.get(groups, g)
		for _, wrong := range []string{d, "none", ann + " ", "", "%", "*", "\x00"} {
			_, err := s.edit(groups, g, store.Edit{List: members, Add: []string{wrong}})
			s.refused(err, 400, scimerrors.InvalidValue)
			_, err = s.store.Update(s.Context(), groups, g, false, false, func(any) (*store.Change, error) {
				return &store.Change{Next: value(groups, `{"displayName": "h"}`), Edits: []store.Edit{
					{List: members, Remove: []string{ann}}, {List: members, Add: []string{ben, wrong}},
				}}, nil
			})
			s.refused(err, 400, scimerrors.InvalidValue)
			s.same(before, s.get(groups, g))
		}
		for _, text := range []string{elements(ann, d), elements("none"), `[{"display": "ann"}]`} {
			_, err := s.store.Create(s.Context(), groups, value(groups, `{"displayName": "h", "members": %s}`, text), true)
			s.refused(err, 400, scimerrors.InvalidValue)
		}
		_, err := s.store.Create(s.Context(), devices, value(devices, `{"displayName": "x", "serial": "s", "owners": %s}`, elements(d)), true)
		s.refused(err, 400, scimerrors.InvalidValue)
		s.create(devices, `{"displayName": "x", "serial": "s"}`)
		assert.Equal(s, 1, s.search(&store.Query{Kinds: []*store.Kind{groups}, Count: true}).Total)
	}},
	{"a resource that is removed leaves all lists", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		g, h, other := s.group("g", ann, ben), s.group("h", ann), s.group("other", ben)
		d := s.device("d", ann)
		r := s.create(rooms, `{"occupants": %s, "`+assetURN+`": {"keepers": %s}}`, elements(ann, ben), elements(ann))
		owners := map[string]*store.Kind{g: groups, h: groups, d: devices, r: rooms}
		before := map[string]any{}
		for id, k := range owners {
			before[id] = s.get(k, id)
		}
		untouched := s.get(groups, other)
		s.remove(users, ann)
		for id, k := range owners {
			after := s.get(k, id)
			s.changed(before[id], after)
			assert.NotContains(s, s.text(after), ann)
		}
		s.same(untouched, s.get(groups, other))
		assert.Equal(s, []string{ben}, texts(s.get(groups, g), "members.value"))
		assert.Nil(s, at(s.get(rooms, r), keepers))
	}},
	{"a resource that is removed takes its lists with it", func(s *suite) {
		ann := s.user("ann")
		before := s.get(users, ann)
		g := s.group("g", ann)
		s.remove(groups, g)
		s.same(before, s.get(users, ann))
		s.remove(users, ann)
	}},
	{"a group of 2,000 and one more", func(s *suite) {
		all := make([]string, 2000)
		for i := range all {
			all[i] = s.user(fmt.Sprint("user", i))
		}
		g := s.group("g", all[:1999]...)
		before := s.get(groups, g)
		assert.Equal(s, sorted(all[:1999]...), texts(before, "members.value"))
		after, err := s.edit(groups, g, store.Edit{List: members, Add: all[1999:]})
		require.NoError(s, err)
		assert.Equal(s, sorted(all...), texts(after, "members.value"))
		s.changed(before, after)
		after, err = s.edit(groups, g, store.Edit{List: members, Remove: all[:1999]})
		require.NoError(s, err)
		assert.Equal(s, all[1999:], texts(after, "members.value"))
		after, err = s.edit(groups, g, store.Edit{List: members, Clear: true, Add: all})
		require.NoError(s, err)
		assert.Len(s, texts(after, "members.value"), 2000)
		s.remove(groups, g)
		assert.Nil(s, at(s.get(users, all[7]), "groups"))
	}},
}
