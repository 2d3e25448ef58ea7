package store_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

const crewURN = "urn:acme:params:scim:schemas:extension:crew:2.0:Crew"

// ship has a list, and everything that looks like one but is none.
type ship struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Ship,name=Ship" description:"A ship."`

	Hull     string     `json:"hull" scim:"caseExact,uniqueness=server"`
	Call     string     `json:"call,omitempty" scim:"uniqueness=global"`
	Number   *int64     `json:"number,omitempty" scim:"uniqueness=server"`
	Title    *int64     `json:"title,omitempty"` // unlike that of a user
	Flags    []flag     `json:"flags,omitempty"`
	Names    []string   `json:"names,omitempty" scim:"uniqueness=server"`
	Captain  sailor     `json:"captain,omitzero"`
	Visitors []visitor  `json:"visitors,omitempty"`
	Links    []link     `json:"links,omitempty"`
	Bare     []bare     `json:"bare,omitempty"`
	Ports    []port     `json:"ports,omitempty" scim:"mutability=readOnly"`
	Sailors  []*sailor  `json:"sailors,omitempty"`
	Crew     *crew      `json:"urn:acme:params:scim:schemas:extension:crew:2.0:Crew,omitempty"`
	Extra    *extraCrew `json:"urn:acme:params:scim:schemas:extension:extra:2.0:Extra,omitempty"`
}

type (
	flag struct {
		Value string `json:"value,omitempty" scim:"uniqueness=global"`
		Type  string `json:"type,omitempty"`
	}
	sailor struct {
		Value   *string `json:"value,omitempty" scim:"caseExact"`
		Ref     string  `json:"$ref,omitempty" scim:"referenceTypes=User|Group"`
		Type    string  `json:"type,omitempty"`
		Display string  `json:"display,omitempty"`
	}
	visitor struct { // says something of its own
		Value string `json:"value,omitempty" scim:"caseExact"`
		Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User"`
		Since string `json:"since,omitempty"`
	}
	link struct { // leads elsewhere
		Value string `json:"value,omitempty" scim:"caseExact"`
		Ref   string `json:"$ref,omitempty" scim:"referenceTypes=external|uri"`
	}
	bare struct { // has no value
		Ref string `json:"$ref,omitempty" scim:"referenceTypes=User"`
	}
	port struct {
		Value string `json:"value,omitempty" scim:"caseExact,mutability=readOnly"`
		Ref   string `json:"$ref,omitempty" scim:"referenceTypes=Port,mutability=readOnly"`
	}
)

type crew struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:crew:2.0:Crew"`

	Code string   `json:"code,omitempty" scim:"uniqueness=global"`
	Rota string   `json:"rota,omitempty" scim:"uniqueness=server"`
	Hand []sailor `json:"hands,omitempty"`
}

type extraCrew struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:extra:2.0:Extra"`

	DisplayName string `json:"displayName,omitempty"`
}

// barge has the extension of ships, and the name of one of their attributes in a schema of its own.
type barge struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Barge,name=Barge" description:"A barge."`

	Call string `json:"call,omitempty" scim:"uniqueness=global"`
	Crew *crew  `json:"urn:acme:params:scim:schemas:extension:crew:2.0:Crew,omitempty"`
}

type user struct {
	resource.User

	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

func kindFor[T any](endpoint string) *store.Kind {
	return store.NewKind(resource.ResourceTypeFor[T](endpoint), reflect.TypeFor[T]())
}

var (
	ships  = kindFor[ship]("/Ships")
	barges = kindFor[barge]("/Barges")
	users  = kindFor[user]("/Users")
	groups = kindFor[resource.Group]("/Groups")
)

func TestKindOfCoreTypes(t *testing.T) {
	assert.Equal(t, "User", users.Name)
	assert.Empty(t, users.Lists)
	require.Len(t, users.Memberships, 1)
	assert.Equal(t, "groups", users.Memberships[0].Path)
	assert.Equal(t, resource.UserSchema, users.Memberships[0].Schema)
	assert.Equal(t, []string{"Group"}, users.Memberships[0].Kinds)
	assert.True(t, users.Memberships[0].Type && users.Memberships[0].Display)
	require.Len(t, users.Unique, 1)
	assert.Equal(t, "userName", users.Unique[0].Path)

	assert.Empty(t, groups.Memberships)
	assert.Empty(t, groups.Unique)
	require.Len(t, groups.Lists, 1)
	l, ok := groups.List("members")
	assert.True(t, ok)
	assert.Equal(t, groups.Lists[0], l)
	assert.True(t, l.Has("User") && l.Has("Group") && l.Type && l.Display)
	assert.False(t, l.Has("user") || l.Has("Device"))
	_, ok = groups.List("Members")
	assert.False(t, ok)
}

// A list is an attribute that names resources of this service and says no more about them.
func TestKindLists(t *testing.T) {
	paths, memberships := make([]string, 0, len(ships.Lists)), make([]string, 0, len(ships.Memberships))
	for _, l := range ships.Lists {
		paths = append(paths, l.Path)
		assert.Equal(t, []string{"User", "Group"}, l.Kinds)
		assert.True(t, l.Type && l.Display)
	}
	for _, l := range ships.Memberships {
		memberships = append(memberships, l.Path)
		assert.False(t, l.Type || l.Display)
	}
	assert.Equal(t, []string{"sailors", crewURN + ":hands"}, paths)
	assert.Equal(t, []string{"ports"}, memberships)
	l, ok := ships.List(crewURN + ":hands")
	assert.True(t, ok)
	assert.Equal(t, crewURN, l.Schema)
	assert.Equal(t, "hands", l.Attribute)
}

func TestKindKeys(t *testing.T) {
	const ship1, shipURN = "Ship ", "urn:acme:params:scim:schemas:core:2.0:Ship:"
	for _, c := range []struct {
		name string
		kind *store.Kind
		v    any
		want []store.Key
	}{
		{"7643-7-10 none", ships, &ship{}, nil},
		{"7643-7-10 case exact", ships, &ship{Hull: "Abc"}, []store.Key{{"hull", ship1 + "hull", "Abc"}}},
		{"7643-7-10 folded, global", ships, &ship{Call: "AbC"}, []store.Key{{"call", shipURN + "call", "abc"}}},
		{"a number", ships, &ship{Number: new(int64(0))}, []store.Key{{"number", ship1 + "number", "0"}}},
		{"a part of several, each once", ships, &ship{Flags: []flag{{Value: "A"}, {Type: "x"}, {Value: "b"}, {Value: "a"}}},
			[]store.Key{{"flags.value", shipURN + "flags.value", "a"}, {"flags.value", shipURN + "flags.value", "b"}}},
		{"several values", ships, &ship{Names: []string{"A", "", "B"}}, []store.Key{{"names", ship1 + "names", "a"}, {"names", ship1 + "names", "b"}}},
		{"of an extension", ships, &ship{Crew: &crew{Code: "X", Rota: "Y"}},
			[]store.Key{{crewURN + ":code", crewURN + ":code", "x"}, {crewURN + ":rota", ship1 + crewURN + ":rota", "y"}}},
		{"global: the same in another kind", barges, &barge{Crew: &crew{Code: "X", Rota: "Y"}},
			[]store.Key{{crewURN + ":code", crewURN + ":code", "x"}, {crewURN + ":rota", "Barge " + crewURN + ":rota", "y"}}},
		{"global: another in another schema", barges, &barge{Call: "a"}, []store.Key{{"call", "urn:acme:params:scim:schemas:core:2.0:Barge:call", "a"}}},
		{"7643-4.1.1-01 userName", users, &user{User: resource.User{UserName: "STRAẞE"}}, []store.Key{{"userName", "User userName", "straße"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.kind.Keys(c.v)
			require.NoError(t, err)
			assert.ElementsMatch(t, c.want, got)
		})
	}
}

func TestListElements(t *testing.T) {
	for _, l := range ships.Lists {
		v := &ship{}
		got, err := l.Elements(v)
		require.NoError(t, err)
		assert.Empty(t, got)
		require.NoError(t, resource.Set(v, l.Path, []map[string]any{{"value": "b"}, {"value": "a", "display": "A"}, {"value": "b"}}))
		got, err = l.Elements(v)
		require.NoError(t, err)
		assert.Equal(t, []string{"b", "a", "b"}, got)
		require.NoError(t, resource.Set(v, l.Path, []map[string]any{{"value": "b"}, {"display": "A"}}))
		_, err = l.Elements(v)
		require.ErrorIs(t, err, scimerrors.InvalidValue)
		assert.Equal(t, 400, scimerrors.From(err).Status)
		assert.Equal(t, l.Path+".value", scimerrors.From(err).Path)
	}
}

func TestKindHead(t *testing.T) {
	v := &ship{Resource: resource.Resource{ID: "1"}, Hull: "h", Sailors: []*sailor{{Value: new("s")}}, Ports: []port{{Value: "p"}},
		Visitors: []visitor{{Value: "v"}}, Crew: &crew{Code: "c", Hand: []sailor{{Value: new("h")}}}}
	before, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	head, err := ships.Head(v)
	require.NoError(t, err)
	assert.Equal(t, &ship{Resource: resource.Resource{ID: "1"}, Hull: "h", Visitors: []visitor{{Value: "v"}}, Crew: &crew{Code: "c"}}, head)
	require.NoError(t, resource.Set(head, "hull", "x"))
	require.NoError(t, resource.Set(head, crewURN+":code", "x"))
	after, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	assert.JSONEq(t, string(before), string(after), "the resource itself is left alone")
}

func TestKindShown(t *testing.T) {
	for _, c := range []struct {
		kind *store.Kind
		v    any
		want string
	}{
		{users, &user{User: resource.User{UserName: "ann", DisplayName: "Ann"}}, "Ann"},
		{users, &user{User: resource.User{UserName: "ann"}}, "ann"},
		{users, &user{}, ""},
		{groups, &resource.Group{DisplayName: "g"}, "g"},
		{ships, &ship{Hull: "h", Extra: &extraCrew{DisplayName: "not of the core schema"}}, ""},
	} {
		assert.Equal(t, c.want, c.kind.Shown(c.v), "%+v", c.v)
	}
}

// A type that exists at run time only is like one of the program.
func TestKindOfStructOf(t *testing.T) {
	rt := resource.ResourceTypeFor[ship]("/Ships")
	made, err := resource.StructOf(rt, schema.All[ship]()...)
	require.NoError(t, err)
	k := store.NewKind(rt, made)
	assert.Equal(t, ships.Unique, k.Unique)
	assert.Equal(t, ships.Display, k.Display)
	require.Len(t, k.Lists, len(ships.Lists))
	for i, l := range k.Lists {
		assert.Equal(t, ships.Lists[i].Path, l.Path)
		assert.Equal(t, ships.Lists[i].Kinds, l.Kinds)
	}
	require.Len(t, k.Memberships, len(ships.Memberships))
}
