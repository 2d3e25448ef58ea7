package store_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

var noon = time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)

func TestLater(t *testing.T) {
	assert.Equal(t, noon.Add(time.Hour), store.Later(noon, noon.Add(time.Hour)))
	assert.Equal(t, noon.Add(time.Microsecond), store.Later(noon, noon))
	assert.Equal(t, noon.Add(time.Microsecond), store.Later(noon, noon.Add(-time.Hour)))
}

func TestVersion(t *testing.T) {
	in := func(elements ...store.Element) map[string][]store.Element {
		return map[string][]store.Element{"groups": elements}
	}
	a, b := store.Element{Value: "a", Type: "direct", Display: "A"}, store.Element{Value: "b", Type: "indirect", Display: "B"}
	assert.Equal(t, `W/"1"`, users.Version(1, nil))
	assert.Equal(t, `W/"12"`, users.Version(12, in()))
	assert.Equal(t, users.Version(1, in(a, b)), users.Version(1, in(b, a)))
	assert.Equal(t, `W/"1"`, groups.Version(1, in(a)), "a group is in no list that a client sees")
	seen := map[string]bool{}
	for _, v := range []string{
		users.Version(1, nil), users.Version(2, nil), users.Version(1, in(a)), users.Version(2, in(a)), users.Version(1, in(a, b)), users.Version(1, in(b)),
		users.Version(1, in(store.Element{Value: "a", Type: "indirect", Display: "A"})),
		users.Version(1, in(store.Element{Value: "a", Type: "direct", Display: "B"})),
	} {
		assert.False(t, seen[v], v)
		seen[v] = true
	}
	first := map[string][]store.Element{"ports": {{Value: "a", Type: "direct", Display: "A"}}}
	other := map[string][]store.Element{"ports": {{Value: "a", Type: "indirect", Display: "B"}}}
	assert.Equal(t, ships.Version(1, first), ships.Version(1, other), "ports have neither type nor display")
}

func TestVersionNumber(t *testing.T) {
	in := map[string][]store.Element{"groups": {{Value: "a"}}}
	for _, n := range []int64{1, 2, 1 << 62} {
		for _, v := range []string{users.Version(n, nil), users.Version(n, in)} {
			got, err := store.VersionNumber(v)
			require.NoError(t, err)
			assert.Equal(t, n, got)
		}
	}
	for _, v := range []string{"", "1", `"1"`, `W/""`, `W/"0"`, `W/"-1"`, `W/"a"`, `W/"1a"`, `W/"99999999999999999999"`} {
		_, err := store.VersionNumber(v)
		require.ErrorIs(t, err, scimerrors.InvalidValue, v)
		assert.Equal(t, "meta.version", scimerrors.From(err).Path)
	}
}

// The life of a resource: New, Next and Fill.
func TestHeads(t *testing.T) {
	sent := &ship{Hull: "h", Resource: resource.Resource{ID: "x", Schemas: []string{"x"}, Meta: resource.Meta{Version: "x", Location: "x"}},
		Sailors: []*sailor{{Value: new("s")}}, Crew: &crew{Code: "c"}, Extra: &extraCrew{}}
	head, err := ships.New(sent, "1", noon)
	require.NoError(t, err)
	assert.Equal(t, &resource.Resource{
		ID: "1", Schemas: []string{"urn:acme:params:scim:schemas:core:2.0:Ship", crewURN}, Meta: resource.Meta{ResourceType: "Ship", Created: noon, LastModified: noon},
	}, resource.Common(head))
	assert.Equal(t, "x", sent.ID, "what was sent is left alone")

	for name, c := range map[string]struct {
		next    any
		changed bool
	}{
		"nothing":                      {nil, false},
		"itself":                       {head, false},
		"the same, sent again":         {sent, false},
		"the same without an extra":    {&ship{Hull: "h", Crew: &crew{Code: "c"}}, false},
		"lists and memberships":        {&ship{Hull: "h", Crew: &crew{Code: "c", Hand: []sailor{{Value: new("h")}}}, Ports: []port{{Value: "p"}}}, false},
		"another hull":                 {&ship{Hull: "i", Crew: &crew{Code: "c"}}, true},
		"another extension":            {&ship{Hull: "h", Crew: &crew{Code: "d"}}, true},
		"no extension":                 {&ship{Hull: "h"}, true},
		"another externalId, as well":  {&ship{Hull: "h", Resource: resource.Resource{ExternalID: "e"}, Crew: &crew{Code: "c"}}, true},
		"elements that say more":       {&ship{Hull: "h", Crew: &crew{Code: "c"}, Visitors: []visitor{{Value: "v"}}}, true},
		"a captain, who is not a list": {&ship{Hull: "h", Crew: &crew{Code: "c"}, Captain: sailor{Value: new("v")}}, true},
	} {
		next, changed, err := ships.Next(head, c.next, noon.Add(time.Hour))
		require.NoError(t, err, name)
		assert.Equal(t, c.changed, changed, name)
		assert.Equal(t, "1", resource.Common(next).ID, name)
		assert.Equal(t, resource.Meta{ResourceType: "Ship", Created: noon, LastModified: noon.Add(time.Hour)}, resource.Common(next).Meta, name)
	}

	full, err := ships.Fill(head, 3, map[string][]store.Element{
		"sailors":          {{Value: "2", Type: "User"}, {Value: "1", Type: "Group", Display: "One"}},
		crewURN + ":hands": {{Value: "3"}},
	}, map[string][]store.Element{"ports": {{Value: "5", Type: "direct", Display: "P"}, {Value: "4"}}})
	require.NoError(t, err)
	got, ok := full.(*ship)
	require.True(t, ok)
	assert.Equal(t, []*sailor{{Value: new("1"), Type: "Group", Display: "One"}, {Value: new("2"), Type: "User"}}, got.Sailors)
	assert.Equal(t, []sailor{{Value: new("3")}}, got.Crew.Hand)
	assert.Equal(t, []port{{Value: "4"}, {Value: "5"}}, got.Ports)
	assert.Regexp(t, `^W/"3-[0-9a-f]{16}"$`, got.Meta.Version)
	bare, err := ships.Head(head)
	require.NoError(t, err)
	assert.Equal(t, bare, head, "the head is left alone")

	stored, n, err := ships.Stored(full)
	require.NoError(t, err)
	assert.Equal(t, int64(3), n)
	assert.Equal(t, head, stored)
}

func TestStored(t *testing.T) {
	good := resource.Resource{ID: "1", Meta: resource.Meta{ResourceType: "Ship", Created: noon, LastModified: noon, Version: `W/"1"`}}
	for path, spoil := range map[string]func(r *resource.Resource){
		"":                  func(*resource.Resource) {},
		"id":                func(r *resource.Resource) { r.ID = "" },
		"meta.resourceType": func(r *resource.Resource) { r.Meta.ResourceType = "ship" },
		"meta.created":      func(r *resource.Resource) { r.Meta.Created = time.Time{} },
		"meta.lastModified": func(r *resource.Resource) { r.Meta.LastModified = noon.Add(-1) },
		"meta.version":      func(r *resource.Resource) { r.Meta.Version = "1" },
	} {
		v := &ship{Resource: good}
		spoil(&v.Resource)
		_, _, err := ships.Stored(v)
		if path == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, scimerrors.InvalidValue)
		assert.Equal(t, path, scimerrors.From(err).Path)
	}
}

func TestFillMany(t *testing.T) {
	elements := make([]store.Element, 100_000)
	for i := range elements {
		elements[i] = store.Element{Value: fmt.Sprintf("%08d", len(elements)-i), Type: "User"}
	}
	v, err := groups.Fill(&resource.Group{}, 1, map[string][]store.Element{"members": elements}, nil)
	require.NoError(t, err)
	g, ok := v.(*resource.Group)
	require.True(t, ok)
	require.Len(t, g.Members, len(elements))
	assert.True(t, slices.IsSortedFunc(g.Members, func(a, b resource.Member) int { return compare(a.Value, b.Value) }))
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

// What edits come to is tested at length by storetest; here, what of it a store is asked.
func TestDeltas(t *testing.T) {
	there := map[string]bool{"a": true, "b": true}
	asked := ""
	read := func(l store.List, values []string, all bool) ([]string, error) {
		asked = fmt.Sprint(l.Path, values, all)
		if all {
			return slices.Collect(maps.Keys(there)), nil
		}
		return slices.DeleteFunc(values, func(value string) bool { return !there[value] }), nil
	}
	deltas, err := groups.Deltas([]store.Edit{
		{List: "members", Remove: []string{"b", "x"}}, {List: "members", Add: []string{"c", "a", "d", "b"}}, {List: "members", Remove: []string{"d"}},
	}, read)
	require.NoError(t, err)
	assert.Equal(t, []store.Delta{{List: groups.Lists[0], Add: []string{"c"}}}, deltas)
	assert.Equal(t, "members[a b c d x] false", asked)
	deltas, err = groups.Deltas([]store.Edit{{List: "members", Add: []string{"c"}}, {List: "members", Clear: true, Add: []string{"a"}}}, read)
	require.NoError(t, err)
	assert.Equal(t, []store.Delta{{List: groups.Lists[0], Remove: []string{"b"}}}, deltas)
	assert.Equal(t, "members[a c] true", asked)
	deltas, err = groups.Deltas(nil, nil)
	require.NoError(t, err)
	assert.Empty(t, deltas)

	_, err = groups.Deltas([]store.Edit{{List: "Members"}}, read)
	assert.Equal(t, 500, scimerrors.From(err).Status, "a mistake of the program")
	broken := scimerrors.Status(503, "broken")
	_, err = groups.Deltas([]store.Edit{{List: "members"}}, func(store.List, []string, bool) ([]string, error) { return nil, broken })
	require.ErrorIs(t, err, broken)
}

func TestMentions(t *testing.T) {
	members, _ := groups.List("members")
	hands, _ := ships.List(crewURN + ":hands")
	for _, c := range []struct {
		q    store.Query
		l    store.List
		want bool
	}{
		{store.Query{}, members, false},
		{store.Query{Filter: `displayName eq "x"`, SortBy: "id"}, members, false},
		{store.Query{Filter: `MEMBERS.value eq "x"`}, members, true},
		{store.Query{SortBy: "Members"}, members, true},
		{store.Query{Filter: `schemas pr`}, members, false},
		{store.Query{Filter: `schemas pr`}, hands, true},
		{store.Query{Filter: crewURN + ` pr`}, hands, true},
		{store.Query{Filter: `hands pr`}, hands, true},
		{store.Query{Filter: `hull pr`}, hands, false},
	} {
		assert.Equal(t, c.want, c.q.Mentions(c.l), "%+v", c.q)
	}
}

func TestCompile(t *testing.T) {
	strict := []resource.Option{resource.Strict(), resource.RejectUnknown()}
	for name, c := range map[string]struct {
		q    store.Query
		want error
	}{
		"one kind":                    {store.Query{Kinds: []*store.Kind{users}, Filter: `userName pr`, SortBy: "userName", Options: strict}, nil},
		"7644-3.4.2.1-01 of one kind": {store.Query{Kinds: []*store.Kind{groups, users}, Filter: `userName pr`, SortBy: "userName", Options: strict}, nil},
		"AMB-41 of none":              {store.Query{Kinds: []*store.Kind{groups, users}, SortBy: "hull"}, scimerrors.InvalidValue},
		"of two types":                {store.Query{Kinds: []*store.Kind{ships, users}, SortBy: "title"}, scimerrors.InvalidValue},
		"of one type in two kinds":    {store.Query{Kinds: []*store.Kind{users, groups, ships}, SortBy: "displayName"}, nil},
		"AMB-41 not of this one":      {store.Query{Kinds: []*store.Kind{groups}, SortBy: "userName"}, scimerrors.InvalidValue},
		"AMB-31 strictly":             {store.Query{Kinds: []*store.Kind{groups}, Filter: "userName pr", Options: strict}, scimerrors.InvalidFilter},
		"7644-3.4.2.3-06":             {store.Query{Kinds: []*store.Kind{groups, users}, SortBy: "id", SortOrder: "up"}, scimerrors.InvalidValue},
		"no kinds":                    {store.Query{SortBy: "userName"}, nil},
	} {
		chosen, err := c.q.Compile()
		require.ErrorIs(t, err, c.want, name)
		if c.want == nil {
			require.Len(t, chosen, len(c.q.Kinds), name)
			for i, one := range chosen {
				assert.Equal(t, c.q.Kinds[i], one.Kind, name)
			}
		}
	}

	q := store.Query{Kinds: []*store.Kind{groups, users}, SortBy: "userName"}
	chosen, err := q.Compile()
	require.NoError(t, err)
	u, g := &user{User: resource.User{UserName: "Ann"}}, &resource.Group{Resource: resource.Resource{ID: "1"}}
	for _, one := range chosen {
		assert.Positive(t, one.Order.Compare(g, u), "without a value")
		assert.Equal(t, []any{nil, "1"}, one.Order.Key(g))
		after, err := one.Order.Seek([]any{filter.Fold("Ann"), "1"})
		require.NoError(t, err)
		assert.True(t, after(g))
	}
}
