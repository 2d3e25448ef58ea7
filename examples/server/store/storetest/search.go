package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// town stores some resources of all kinds, and returns their ids by their names.
func town(s *suite) map[string]string {
	s.Helper()
	const enterprise = resource.EnterpriseUserSchema
	at := map[string]string{}
	at["ann"] = s.create(users, `{"userName": "ann", "externalId": "A", "title": "Guide", "active": true, "name": {"familyName": "Zweig"},
		"emails": [{"value": "ann@example.com", "type": "work"}, {"value": "x@home.org", "type": "home", "primary": true}],
		"%s": {"department": "Tours", "employeeNumber": "10"}}`, enterprise)
	at["Ben"] = s.create(users, `{"userName": "Ben", "externalId": "a", "title": "guide", "active": false, "name": {"familyName": "adams"},
		"emails": [{"value": "ben@example.com", "type": "home"}, {"value": "y@work.org", "type": "work"}]}`)
	at["cat"] = s.create(users, `{"userName": "cat", "displayName": "Éclair 50%%_'\"\\", "%s": {"department": "tours", "manager": {"value": %q}}}`, enterprise, at["ann"])
	at["inner"] = s.group("inner", at["ann"], at["Ben"])
	at["Outer"] = s.group("Outer", at["inner"], at["cat"])
	at["empty"] = s.group("empty")
	at["lamp"] = s.create(devices, `{"displayName": "lamp", "watts": 9, "bought": "2020-01-01T12:00:00+02:00", "serial": "S1", "owners": %s, "%s": {"tag": "T1"}}`,
		elements(at["ann"], at["inner"]), assetURN)
	at["stove"] = s.create(devices, `{"displayName": "stove", "watts": 2000, "bought": "2020-01-01T11:00:00Z"}`)
	at["attic"] = s.create(rooms, `{"displayName": "attic", "floor": 3, "watts": 100, "occupants": %s, "%s": {"keepers": %s}}`,
		elements(at["lamp"], at["Ben"]), assetURN, elements(at["cat"]))
	at["cellar"] = s.create(rooms, `{"floor": -1}`)
	return at
}

var searches = []test{
	{"7644-3.4.2.2 filters choose", func(s *suite) {
		at := town(s)
		names := map[string]string{}
		for name, id := range at {
			names[id] = name
		}
		one := func(k *store.Kind) []*store.Kind { return []*store.Kind{k} }
		for _, c := range []struct {
			kinds  []*store.Kind
			filter string
			want   []string
		}{
			{one(users), ``, []string{"ann", "Ben", "cat"}},
			{one(users), `userName eq "BEN"`, []string{"Ben"}},
			{one(users), `userName eq "bena"`, nil},
			{one(users), `externalId eq "a"`, []string{"Ben"}},
			{one(users), `userName sw "A" or userName ew "T"`, []string{"ann", "cat"}},
			{one(users), `title eq "GUIDE" and not (active eq true)`, []string{"Ben"}},
			{one(users), `title pr`, []string{"ann", "Ben"}},
			{one(users), `not (title pr)`, []string{"cat"}},
			{one(users), `name.familyName gt "b"`, []string{"ann"}},
			{one(users), `emails[type eq "work"]`, []string{"ann", "Ben"}},
			{one(users), `emails[type eq "work" and value co "example"]`, []string{"ann"}},
			{one(users), `emails.type eq "work" and emails.value co "example"`, []string{"ann", "Ben"}},
			{one(users), `emails co "HOME"`, []string{"ann"}},
			{one(users), `displayName co "50%"`, []string{"cat"}},
			{one(users), `displayName co "0%_'\"\\"`, []string{"cat"}},
			{one(users), `displayName co "5_%"`, nil},
			{one(users), `displayName sw "éCLAIR"`, []string{"cat"}},
			{one(users), resource.EnterpriseUserSchema + `:department eq "TOURS"`, []string{"ann", "cat"}},
			{one(users), resource.EnterpriseUserSchema + `:manager.value eq "` + at["ann"] + `"`, []string{"cat"}},
			{one(users), `schemas eq "` + resource.EnterpriseUserSchema + `"`, []string{"ann", "cat"}},
			{one(users), `groups.value eq "` + at["inner"] + `"`, []string{"ann", "Ben"}},
			{one(users), `groups.display eq "OUTER"`, []string{"ann", "Ben", "cat"}},
			{one(users), `groups[display eq "outer" and type eq "direct"]`, []string{"cat"}},
			{one(users), `groups.type eq "indirect"`, []string{"ann", "Ben"}},
			{one(users), `groups[value eq "` + at["Outer"] + `" and type eq "indirect"]`, []string{"ann", "Ben"}},
			{one(users), `groups pr and userName ne "ann"`, []string{"Ben", "cat"}},
			{one(users), `id eq "` + at["cat"] + `"`, []string{"cat"}},
			{one(users), `id eq "` + at["inner"] + `"`, nil},
			{one(users), `meta.resourceType eq "User"`, []string{"ann", "Ben", "cat"}},
			{one(users), `meta.lastModified gt "2001-01-01T00:00:00Z"`, []string{"ann", "Ben", "cat"}},
			{one(users), `meta pr`, []string{"ann", "Ben", "cat"}},
			{one(users), `meta.lastModified lt "2001-01-01T00:00:00Z"`, nil},
			{one(users), `unknown eq "x"`, nil},
			{one(groups), `members.value eq "` + at["ann"] + `"`, []string{"inner"}},
			{one(groups), `members[value eq "` + at["inner"] + `" and type eq "Group"]`, []string{"Outer"}},
			{one(groups), `members.type eq "user"`, []string{"inner", "Outer"}},
			{one(groups), `members.display eq "inner"`, []string{"Outer"}},
			{one(groups), `members[display eq "BEN"]`, []string{"inner"}},
			{one(groups), `MEMBERS eq "` + at["cat"] + `"`, []string{"Outer"}},
			{one(groups), `not (members pr)`, []string{"empty"}},
			{one(groups), `meta.version eq "W/\"1\""`, []string{"inner", "Outer", "empty"}},
			{one(groups), `not (members.value eq "` + at["ann"] + `") and displayName pr`, []string{"Outer", "empty"}},
			{one(devices), `watts gt 9`, []string{"stove"}},
			{one(devices), `watts ge 9 and watts lt 2000.5`, []string{"lamp", "stove"}},
			{one(devices), `bought eq "2020-01-01T10:00:00Z"`, []string{"lamp"}},
			{one(devices), `serial eq "s1"`, nil},
			{one(devices), `owners.value eq "` + at["inner"] + `"`, []string{"lamp"}},
			{one(devices), `rooms.type eq "direct"`, []string{"lamp"}},
			{one(devices), assetURN + `:tag eq "t1"`, []string{"lamp"}},
			{one(rooms), assetURN + `:keepers.value eq "` + at["cat"] + `"`, []string{"attic"}},
			{one(rooms), assetURN + `:keepers[display sw "ÉCLAIR"]`, []string{"attic"}},
			{one(rooms), assetURN + ` pr`, []string{"attic"}},
			{one(rooms), `schemas eq "` + assetURN + `"`, []string{"attic"}},
			{one(rooms), `floor lt 0 or occupants[type eq "Device"]`, []string{"attic", "cellar"}},
			{kinds, `displayName eq "lamp" or displayName eq "inner"`, []string{"inner", "lamp"}},
			{kinds, `watts ge 100`, []string{"stove", "attic"}},
			{kinds, `userName pr`, []string{"ann", "Ben", "cat"}},
			{kinds, `meta.resourceType eq "Group" or meta.resourceType eq "Room"`, []string{"inner", "Outer", "empty", "attic", "cellar"}},
			{kinds, `id eq "` + at["lamp"] + `"`, []string{"lamp"}},
			{kinds, `members.value eq "` + at["ann"] + `" or occupants.value eq "` + at["Ben"] + `"`, []string{"inner", "attic"}},
			{[]*store.Kind{groups, users}, `externalId pr`, []string{"ann", "Ben"}},
		} {
			s.Run(c.filter, func(t *testing.T) {
				for _, lists := range []bool{false, true} {
					page, err := s.store.Search(t.Context(), &store.Query{Kinds: c.kinds, Filter: c.filter, Limit: 99, Count: true, Lists: lists})
					require.NoError(t, err)
					got := []string{}
					for _, v := range page.Resources {
						got = append(got, names[id(v)])
						k := kindNamed(resource.Common(v).Meta.ResourceType)
						want, err := s.store.Get(t.Context(), k, id(v), lists)
						require.NoError(t, err)
						assert.Equal(t, s.text(want), s.text(v))
					}
					assert.ElementsMatch(t, c.want, got)
					assert.Equal(t, len(c.want), page.Total)
					assert.Nil(t, page.Next)
				}
			})
		}
	}},
	{"7644-3.4.2.3 orders", func(s *suite) {
		at := town(s)
		names := map[string]string{}
		for name, id := range at {
			names[id] = name
		}
		one := func(k *store.Kind) []*store.Kind { return []*store.Kind{k} }
		byID := func(names ...string) []string { // they were not all made in one moment, so ids need not sort as names do
			ids := make([]string, len(names))
			for i, name := range names {
				ids[i] = at[name]
			}
			return sorted(ids...)
		}
		named := func(names ...string) (ids []string) {
			for _, name := range names {
				ids = append(ids, at[name])
			}
			return ids
		}
		join := func(parts ...[]string) (all []string) {
			for _, part := range parts {
				all = append(all, part...)
			}
			return all
		}
		for _, c := range []struct {
			kinds      []*store.Kind
			by, filter string
			up, down   []string
		}{
			{one(users), "", "", byID("ann", "Ben", "cat"), byID("ann", "Ben", "cat")},
			{one(users), "userName", "", named("ann", "Ben", "cat"), named("cat", "Ben", "ann")},
			{one(users), "urn:ietf:params:scim:schemas:core:2.0:User:USERNAME", "", named("ann", "Ben", "cat"), named("cat", "Ben", "ann")},
			{one(users), "title", "", join(byID("ann", "Ben"), named("cat")), join(named("cat"), byID("ann", "Ben"))},
			{one(users), "name.familyName", "", named("Ben", "ann", "cat"), named("cat", "ann", "Ben")},
			{one(users), "active", "", named("Ben", "ann", "cat"), named("cat", "ann", "Ben")},
			{one(users), "externalId", "", named("ann", "Ben", "cat"), named("cat", "Ben", "ann")},
			{one(users), "emails", "", named("Ben", "ann", "cat"), named("cat", "ann", "Ben")},
			{one(users), "id", "", byID("ann", "Ben", "cat"), reversed(byID("ann", "Ben", "cat"))},
			{one(users), resource.EnterpriseUserSchema + ":department", "", join(byID("ann", "cat"), named("Ben")), join(named("Ben"), byID("ann", "cat"))},
			{one(users), "userName", `title pr`, named("ann", "Ben"), named("Ben", "ann")},
			{one(devices), "watts", "", named("lamp", "stove"), named("stove", "lamp")},
			{one(devices), "bought", "", named("lamp", "stove"), named("stove", "lamp")},
			{one(groups), "meta.version", "", byID("inner", "Outer", "empty"), byID("inner", "Outer", "empty")},
			{one(rooms), "floor", "", named("cellar", "attic"), named("attic", "cellar")},
			{[]*store.Kind{devices, rooms}, "watts", "", named("lamp", "attic", "stove", "cellar"), named("cellar", "stove", "attic", "lamp")},
			{[]*store.Kind{rooms, groups}, "displayName", "", named("attic", "empty", "inner", "Outer", "cellar"), named("cellar", "Outer", "inner", "empty", "attic")},
			{[]*store.Kind{groups, devices}, "watts", "", join(named("lamp", "stove"), byID("inner", "Outer", "empty")), join(byID("inner", "Outer", "empty"), named("stove", "lamp"))},
			{[]*store.Kind{users, groups}, "", "", byID("ann", "Ben", "cat", "inner", "Outer", "empty"), byID("ann", "Ben", "cat", "inner", "Outer", "empty")},
			{[]*store.Kind{groups, users}, "groups.display", `userName pr`, nil, nil},
		} {
			for _, order := range []string{"", "ascending", "descending"} {
				want := c.up
				if order == "descending" {
					want = c.down
				}
				s.Run(c.by+" "+order, func(t *testing.T) {
					if want == nil {
						want = byID("ann", "Ben", "cat") // sorted by the first of the groups, whichever that is: only that it works
						page, err := s.store.Search(t.Context(), &store.Query{Kinds: c.kinds, SortBy: c.by, SortOrder: order, Filter: c.filter, Limit: 99})
						require.NoError(t, err)
						assert.ElementsMatch(t, want, ids(page))
						return
					}
					for offset := range len(want) + 1 {
						page, err := s.store.Search(t.Context(), &store.Query{Kinds: c.kinds, SortBy: c.by, SortOrder: order, Filter: c.filter, Offset: offset, Limit: 2})
						require.NoError(t, err)
						assert.Equal(t, append([]string{}, want[offset:min(offset+2, len(want))]...), ids(page))
						assert.Equal(t, -1, page.Total)
						assert.Equal(t, offset+2 < len(want), page.Next != nil)
					}
				})
			}
		}
	}},
	{"AMB-41 what cannot be searched for or sorted by", func(s *suite) {
		town(s)
		for _, c := range []struct {
			kinds []*store.Kind
			query store.Query
			want  scimerrors.Type
		}{
			{[]*store.Kind{users}, store.Query{Filter: `userName`}, scimerrors.InvalidFilter},
			{[]*store.Kind{users}, store.Query{Filter: `active gt true`}, scimerrors.InvalidFilter},
			{[]*store.Kind{users}, store.Query{Filter: `password eq "x"`}, scimerrors.InvalidFilter},
			{kinds, store.Query{Filter: `active gt true`}, scimerrors.InvalidFilter},
			{[]*store.Kind{users}, store.Query{Filter: `unknown eq "x"`, Options: []resource.Option{resource.RejectUnknown()}}, scimerrors.InvalidFilter},
			{[]*store.Kind{users}, store.Query{SortBy: `unknown`}, scimerrors.InvalidValue},
			{[]*store.Kind{users}, store.Query{SortBy: `name`}, scimerrors.InvalidValue},
			{[]*store.Kind{users}, store.Query{SortBy: `userName`, SortOrder: "up"}, scimerrors.InvalidValue},
			{[]*store.Kind{users}, store.Query{Filter: `meta.version eq "W/\"1\""`}, scimerrors.InvalidFilter}, // memberships are part of it
			{[]*store.Kind{users}, store.Query{Filter: `userName pr or meta[version pr]`}, scimerrors.InvalidFilter},
			{[]*store.Kind{groups, devices}, store.Query{Filter: `not (meta.version eq "W/\"1\"")`}, scimerrors.InvalidFilter},
			{[]*store.Kind{users}, store.Query{SortBy: `meta.version`}, scimerrors.InvalidValue},
			{[]*store.Kind{groups, rooms}, store.Query{SortBy: `meta.version`}, scimerrors.InvalidValue},
			{kinds, store.Query{SortBy: `unknown`}, scimerrors.InvalidValue},
			{kinds, store.Query{SortBy: `title`}, scimerrors.InvalidValue}, // text and a number
			{kinds, store.Query{SortBy: `userName`, SortOrder: "up"}, scimerrors.InvalidValue},
		} {
			c.query.Kinds, c.query.Limit = c.kinds, 9
			_, err := s.store.Search(s.Context(), &c.query)
			s.refused(err, 400, c.want)
		}
		strict := []resource.Option{resource.Strict(), resource.RejectUnknown()}
		page := s.search(&store.Query{Kinds: kinds, Filter: `userName pr`, SortBy: "userName", Options: strict, Limit: 9})
		assert.Len(s, page.Resources, 3)
		page = s.search(&store.Query{Kinds: []*store.Kind{users}, Filter: `userName pr`, SortBy: "watts", Options: []resource.Option{resource.Strict(), filter.AcrossTypes()}, Limit: 9})
		assert.Len(s, page.Resources, 3)
	}},
	{"7644-3.4.2.4 numbers", func(s *suite) {
		town(s)
		for _, c := range []struct {
			query       store.Query
			page, total int
		}{
			{store.Query{Kinds: kinds, Count: true}, 0, 10},
			{store.Query{Kinds: kinds}, 0, -1},
			{store.Query{Kinds: kinds, Limit: 4, Count: true}, 4, 10},
			{store.Query{Kinds: kinds, Limit: 4, Offset: 8, Count: true}, 2, 10},
			{store.Query{Kinds: kinds, Limit: 4, Offset: 10, Count: true}, 0, 10},
			{store.Query{Kinds: kinds, Limit: 4, Offset: 1 << 40, Count: true}, 0, 10},
			{store.Query{Kinds: kinds, Limit: 1 << 40, Offset: 9, Count: true}, 1, 10},
			{store.Query{Kinds: kinds, Filter: `watts pr`, Limit: 1, Count: true}, 1, 3},
			{store.Query{Kinds: []*store.Kind{groups}, Filter: `displayName eq "none"`, Limit: 1, Count: true}, 0, 0},
			{store.Query{Limit: 1, Count: true}, 0, 0},
		} {
			s.Run(fmt.Sprintf("%d kinds %+v", len(c.query.Kinds), c.query.Filter), func(t *testing.T) {
				page, err := s.store.Search(t.Context(), &c.query)
				require.NoError(t, err)
				assert.Len(t, page.Resources, c.page)
				assert.Equal(t, c.total, page.Total)
				if c.query.Limit == 0 {
					assert.Nil(t, page.Next)
				}
			})
		}
	}},
}

// kindNamed finds one of the kinds.
func kindNamed(name string) *store.Kind {
	for _, k := range kinds {
		if k.Name == name {
			return k
		}
	}
	return nil
}

func reversed(ids []string) []string {
	slices.Reverse(ids)
	return ids
}
