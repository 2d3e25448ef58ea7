package storetest

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// parallel does something n times at once and counts the outcomes.
func parallel(n int, do func(i int) error) map[string]int {
	return ask.Together(n, func(i int) string { return outcome(do(i)) })
}

// outcome is what a client would see of an error. An internal one is shown as it is, which it would not be there.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	if e := scimerrors.From(err); e.Status < 500 {
		return strings.TrimSpace(fmt.Sprint(e.Status, " ", e.Type))
	}
	return err.Error()
}

// increment adds one to watts of a device.
func (s *suite) increment(id string) (any, error) {
	return s.store.Update(s.Context(), devices, id, false, false, func(current any) (*store.Change, error) {
		next, err := devices.Head(current)
		if err != nil {
			return nil, err
		}
		watts, _ := at(current, "watts").(int64)
		return &store.Change{Next: next}, resource.Set(next, "watts", watts+1)
	})
}

// tryUser stores a user, or not.
func (s *suite) tryUser(name string) error {
	_, err := s.store.Create(s.Context(), users, value(users, `{"userName": %s}`, quote(name)), false)
	return err
}

// consistent says that each element of the lists of groups is there, and each membership as well.
func (s *suite) consistent() {
	s.Helper()
	there := map[string]bool{}
	items := s.dump()
	in := map[[2]string]bool{}
	for _, item := range items {
		there[id(item.Value)] = true
	}
	for _, item := range items {
		for _, l := range item.Kind.Lists {
			for _, value := range texts(item.Value, l.Path+".value") {
				assert.True(s, there[value], "%s has %s, which is not there", item.Kind.Name, value)
				if item.Kind == groups {
					in[[2]string{value, id(item.Value)}] = true
				}
			}
		}
	}
	for _, item := range items {
		if item.Kind != users {
			continue
		}
		for i, group := range texts(item.Value, "groups.value") {
			if texts(item.Value, "groups.type")[i] == "direct" {
				assert.True(s, in[[2]string{id(item.Value), group}])
			} else {
				assert.True(s, there[group])
			}
		}
	}
}

var races = []test{
	{"no change is lost", func(s *suite) {
		d := s.create(devices, `{"displayName": "d", "watts": 0}`)
		versions := sync.Map{}
		assert.Equal(s, map[string]int{"ok": 64}, parallel(64, func(int) error {
			v, err := s.increment(d)
			if err == nil {
				_, twice := versions.LoadOrStore(version(v), true)
				assert.False(s, twice, "a version twice")
			}
			return err
		}))
		assert.Equal(s, int64(64), at(s.get(devices, d), "watts"))
	}},
	{"7643-7-10 one of many gets a name", func(s *suite) {
		assert.Equal(s, map[string]int{"ok": 1, "409 uniqueness": 31}, parallel(32, func(i int) error {
			return s.tryUser([]string{"same", "SAME"}[i%2])
		}))
		assert.Equal(s, 1, s.search(&store.Query{Kinds: []*store.Kind{users}, Count: true}).Total)
	}},
	{"7643-7-10 one of many of two kinds gets a tag", func(s *suite) {
		assert.Equal(s, map[string]int{"ok": 1, "409 uniqueness": 15}, parallel(16, func(i int) error {
			k := []*store.Kind{devices, rooms}[i%2]
			_, err := s.store.Create(s.Context(), k, value(k, `{"displayName": "x", "%s": {"tag": "one"}}`, assetURN), false)
			return err
		}))
	}},
	{"AMB-45 one of many changes to a name", func(s *suite) {
		all := make([]string, 16)
		for i := range all {
			all[i] = s.user(fmt.Sprint("user", i))
		}
		assert.Equal(s, map[string]int{"ok": 1, "409 uniqueness": 15}, parallel(16, func(i int) error {
			_, err := s.trySet(users, all[i], "userName", "same")
			return err
		}))
		assert.Equal(s, 1, s.search(&store.Query{Kinds: []*store.Kind{users}, Filter: `userName eq "same"`, Count: true}).Total)
	}},
	{"many names by turns", func(s *suite) {
		a, b := s.user("a"), s.user("b")
		for done, n := range parallel(32, func(i int) error { // values that pass from one to the other, and back
			_, err := s.trySet(users, []string{a, b}[i%2], "userName", fmt.Sprint("name", i/2%3))
			return err
		}) {
			assert.Contains(s, []string{"ok", "409 uniqueness"}, done, n)
		}
		assert.NotEqual(s, at(s.get(users, a), "userName"), at(s.get(users, b), "userName"))
	}},
	{"all who join a group are in it", func(s *suite) {
		all := make([]string, 32)
		for i := range all {
			all[i] = s.user(fmt.Sprint("user", i))
		}
		g := s.group("g")
		assert.Equal(s, map[string]int{"ok": 32}, parallel(32, func(i int) error {
			_, err := s.edit(groups, g, store.Edit{List: members, Add: []string{all[i]}})
			return err
		}))
		assert.Equal(s, sorted(all...), texts(s.get(groups, g), "members.value"))
		assert.Equal(s, map[string]int{"ok": 32}, parallel(32, func(i int) error {
			_, err := s.edit(groups, g, store.Edit{List: members, Remove: []string{all[i]}, Must: true})
			return err
		}))
		assert.Nil(s, at(s.get(groups, g), members))
	}},
	{"one of many removes what must be there", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann)
		assert.Equal(s, map[string]int{"ok": 1, "400 noTarget": 15}, parallel(16, func(int) error {
			_, err := s.edit(groups, g, store.Edit{List: members, Remove: []string{ann}, Must: true})
			return err
		}))
	}},
	{"one of many removes a resource", func(s *suite) {
		ann := s.user("ann")
		s.group("g", ann)
		assert.Equal(s, map[string]int{"ok": 1, "404": 15}, parallel(16, func(int) error {
			return s.store.Delete(s.Context(), users, ann, agree)
		}))
		s.consistent()
	}},
	{"who is removed joins no group", func(s *suite) {
		g, h := s.group("g"), s.group("h")
		all := make([]string, 32)
		for i := range all {
			all[i] = s.user(fmt.Sprint("user", i))
		}
		for done, n := range parallel(96, func(i int) error {
			switch one := all[i/3]; i % 3 {
			case 0:
				return s.store.Delete(s.Context(), users, one, agree)
			case 1:
				_, err := s.edit(groups, g, store.Edit{List: members, Add: []string{one}})
				return err
			default:
				_, err := s.edit(groups, h, store.Edit{List: members, Add: []string{one, all[0]}})
				return err
			}
		}) {
			assert.Contains(s, []string{"ok", "400 invalidValue"}, done, n)
		}
		assert.Nil(s, at(s.get(groups, g), members))
		s.consistent()
	}},
	{"groups that join each other while users and groups go", func(s *suite) {
		for round := range 4 {
			a, b := s.group("a"), s.group("b")
			ann, ben := s.user(fmt.Sprint("ann", round)), s.user(fmt.Sprint("ben", round))
			steps := []func() error{
				func() error {
					_, err := s.edit(groups, a, store.Edit{List: members, Add: []string{b, ann, ben}})
					return err
				},
				func() error {
					_, err := s.edit(groups, b, store.Edit{List: members, Add: []string{ben, ann, a}})
					return err
				},
				func() error { _, err := s.edit(groups, a, store.Edit{List: members, Clear: true}); return err },
				func() error {
					_, err := s.edit(groups, b, store.Edit{List: members, Clear: true, Add: []string{a}})
					return err
				},
				func() error { return s.store.Delete(s.Context(), users, ann, agree) },
				func() error { return s.store.Delete(s.Context(), users, ben, agree) },
				func() error { return s.store.Delete(s.Context(), groups, []string{a, b}[round%2], agree) },
				func() error { _, err := s.trySet(groups, a, "displayName", "c"); return err },
				func() error { _, err := s.store.Get(s.Context(), users, ann, true); return err },
				func() error {
					_, err := s.store.Search(s.Context(), &store.Query{Kinds: kinds, Limit: 9, Lists: true})
					return err
				},
				func() error {
					_, err := s.store.Create(s.Context(), groups, value(groups, `{"displayName": "d", "members": %s}`, elements(a, ann)), true)
					return err
				},
			}
			for done, n := range parallel(4*len(steps), func(i int) error { return steps[i%len(steps)]() }) {
				assert.Contains(s, []string{"ok", "400 invalidValue", "404"}, done, n)
			}
			s.consistent()
		}
	}},
	{"who reads sees whole resources", func(s *suite) {
		all := make([]string, 8)
		for i := range all {
			all[i] = s.user(fmt.Sprint("user", i))
		}
		g := s.group("0")
		whole := func(v any) {
			assert.Equal(s, at(v, "displayName"), strconv.Itoa(len(texts(v, "members.value"))))
			if external := at(v, "externalId"); external != nil {
				assert.Equal(s, at(v, "displayName"), external)
			}
		}
		assert.Equal(s, map[string]int{"ok": 32}, parallel(32, func(i int) error {
			switch i % 4 {
			case 0: // as many members as its name says
				n := i / 4
				_, err := s.store.Update(s.Context(), groups, g, true, true, func(current any) (*store.Change, error) {
					whole(current)
					return &store.Change{
						Next:  value(groups, `{"displayName": "%d", "externalId": "%[1]d"}`, n),
						Edits: []store.Edit{{List: members, Clear: true, Add: all[:n]}},
					}, nil
				})
				return err
			case 1, 2:
				v, err := s.store.Get(s.Context(), groups, g, true)
				if err == nil {
					whole(v)
				}
				return err
			default:
				page, err := s.store.Search(s.Context(), &store.Query{Kinds: []*store.Kind{groups}, Lists: true, Limit: 1})
				if err == nil {
					whole(page.Resources[0])
				}
				return err
			}
		}))
	}},
}

// shared are the tests of two handles on the same data.
var shared = []struct {
	name string
	run  func(a, b *suite)
}{
	{"what one has done the other sees", func(a, b *suite) {
		ann := a.user("ann")
		g := b.group("g", ann)
		a.same(a.get(users, ann), b.get(users, ann))
		b.changed(a.get(groups, g), a.set(groups, g, "displayName", "h"))
		assert.Equal(b, "h", at(b.get(groups, g), "displayName"))
		b.remove(users, ann)
		_, err := a.store.Get(a.Context(), users, ann, false)
		a.notFound(err)
	}},
	{"no change is lost", func(a, b *suite) {
		d := a.create(devices, `{"displayName": "d", "watts": 0}`)
		assert.Equal(a, map[string]int{"ok": 48}, parallel(48, func(i int) error {
			_, err := []*suite{a, b}[i%2].increment(d)
			return err
		}))
		assert.Equal(a, int64(48), at(b.get(devices, d), "watts"))
	}},
	{"7643-7-10 one of many gets a name", func(a, b *suite) {
		assert.Equal(a, map[string]int{"ok": 1, "409 uniqueness": 31}, parallel(32, func(i int) error { return []*suite{a, b}[i%2].tryUser("same") }))
	}},
	{"who is removed joins no group", func(a, b *suite) {
		g := a.group("g")
		all := make([]string, 24)
		for i := range all {
			all[i] = b.user(fmt.Sprint("user", i))
		}
		for done, n := range parallel(48, func(i int) error {
			if i%2 == 0 {
				return a.store.Delete(a.Context(), users, all[i/2], agree)
			}
			_, err := b.edit(groups, g, store.Edit{List: members, Add: []string{all[i/2]}})
			return err
		}) {
			assert.Contains(a, []string{"ok", "400 invalidValue"}, done, n)
		}
		assert.Nil(a, at(a.get(groups, g), members))
		b.consistent()
	}},
	{"one secret", func(a, b *suite) {
		secrets := [2][]byte{}
		assert.Equal(a, map[string]int{"ok": 2}, parallel(2, func(i int) (err error) {
			secrets[i], err = []*suite{a, b}[i].store.Secret(a.Context())
			return err
		}))
		require.Len(a, secrets[0], 32)
		assert.Equal(a, secrets[0], secrets[1])
	}},
}
