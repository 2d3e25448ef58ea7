package codec_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
)

func locator(base string) *codec.Locator {
	return codec.NewLocator(base, []codec.Place{
		{Name: "Everything", Schema: "urn:x:Everything", Endpoint: "/Everything"},
		{Name: "User", Schema: "urn:x:User", Endpoint: "/Users"},
		{Name: "Group", Schema: "urn:x:Group", Endpoint: "Groups/"},
		{Name: "Robot", Schema: "urn:x:User", Endpoint: "/deep/Robots"},
	})
}

type User struct {
	Resource `scim:"urn:x:User"`

	Manager Manager  `json:"manager,omitzero"`
	Groups  []Member `json:"groups,omitempty"`
	Photo   string   `json:"photo,omitempty" scim:"referenceTypes=external"`
}

type Manager struct {
	Value string `json:"value,omitempty"`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User"`
}

type Member struct {
	Value string `json:"value,omitempty"`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User|Group"`
	Type  string `json:"type,omitempty"`
}

type Group struct {
	Resource `scim:"URN:X:GROUP"`

	Members []*Member `json:"members,omitempty"`
}

// Stranger is of a type the locator has not heard of.
type Stranger struct {
	Resource `scim:"urn:x:Stranger"`

	Link External `json:"link,omitzero"`
}

type External struct {
	Value string `json:"value,omitempty"`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=external"`
}

// located encodes a resource and gives the members that a locator fills in.
func located[T any](t *testing.T, base string, v *T) (location, resourceType string, members map[string]any) {
	t.Helper()
	l := locator(base)
	before := reflect.New(reflect.TypeFor[T]())
	before.Elem().Set(reflect.ValueOf(v).Elem())
	text, err := encode(v, codec.Options{Mode: codec.Response, Locate: l})
	require.NoError(t, err)
	require.NoError(t, strictJSON(text), "%q", text)
	assert.True(t, identical(before.Elem(), reflect.ValueOf(v).Elem()), "the resource stays as it is")
	require.NoError(t, json.Unmarshal(text, &members))
	meta, _ := members["meta"].(map[string]any)
	location, _ = meta["location"].(string)
	resourceType, _ = meta["resourceType"].(string)
	assert.Equal(t, l.Location(attr.Of(reflect.TypeFor[T]()), reflect.ValueOf(v).Elem()), location, "Location says what is written")
	return location, resourceType, members
}

var bases = []string{"https://example.com/scim/v2", "https://example.com/scim/v2/", "https://example.com/scim/v2//"}

// reference is the $ref of a complex value, or of the first in a list; nil where there is none.
func reference(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	value, _ := v.(map[string]any)
	return value["$ref"]
}

func TestLocation(t *testing.T) {
	for _, base := range bases {
		location, resourceType, _ := located(t, base, &User{Resource: Resource{ID: "1"}})
		assert.Equal(t, "https://example.com/scim/v2/Users/1", location)
		assert.Equal(t, "User", resourceType)

		location, resourceType, _ = located(t, base, &Group{Resource: Resource{ID: "1"}})
		assert.Equal(t, "https://example.com/scim/v2/Groups/1", location, "a URN's case does not matter, and neither do an endpoint's slashes")
		assert.Equal(t, "Group", resourceType)

		location, resourceType, _ = located(t, base, &User{Resource: Resource{ID: "1", Meta: Meta{ResourceType: "Robot"}}})
		assert.Equal(t, "https://example.com/scim/v2/deep/Robots/1", location, "two resource types may share a schema")
		assert.Equal(t, "Robot", resourceType)

		location, resourceType, _ = located(t, base, &User{Resource: Resource{ID: "1", Meta: Meta{ResourceType: "Person"}}})
		assert.Equal(t, "https://example.com/scim/v2/Users/1", location)
		assert.Equal(t, "Person", resourceType, "what the application says counts")

		location, resourceType, members := located(t, base, &Stranger{Resource: Resource{ID: "1"}})
		assert.Empty(t, location)
		assert.Empty(t, resourceType)
		assert.NotContains(t, members, "meta")
	}
	location, _, _ := located(t, "", &User{Resource: Resource{ID: "1"}})
	assert.Equal(t, "/Users/1", location)
}

func TestLocationWithoutLocator(t *testing.T) {
	var l *codec.Locator
	p := attr.Of(reflect.TypeFor[User]())
	assert.Empty(t, l.Location(p, reflect.ValueOf(User{Resource: Resource{ID: "1"}})))
	assert.Equal(t, "Users/1", l.Location(p, reflect.ValueOf(User{Resource: Resource{Meta: Meta{Location: "Users/1"}}})), "as it stands")
	assert.Empty(t, locator("https://example.com").Location(p, reflect.ValueOf(User{})), "a resource without id is nowhere")
	assert.Empty(t, locator("https://example.com").Location(attr.Of(reflect.TypeFor[Manager]()), reflect.ValueOf(Manager{Value: "1"})), "no resource at all")
}

// Identifiers are opaque: whatever they are, the location is one URL that gives them back.
func TestEscapedIdentifiers(t *testing.T) {
	for _, id := range []string{
		"1", "2819c223-7f76-453a-919d-413861904646", "a b", `a"b`, `a\b`, "a/b", "/", "//", "a?b", "a#b", "a%b", "%2F", "a%20b", "a;b", "a:b", "a@b", "a+b", "a&b=c", "ü", "日本語", "👩‍👧", "<>", "{}", "\x01", "\x7f",
		"\n", "'", "`", "^|", "~", "$ref", "*", "(1)", "a..b", "...", strings.Repeat("x/", 1000),
	} {
		user := &User{Resource: Resource{ID: id}, Manager: Manager{Value: id}, Groups: []Member{{Value: id, Type: "Group"}}}
		location, _, members := located(t, "https://example.com/v2", user)
		ref, _ := reference(members["manager"]).(string)
		assert.Equal(t, location, ref, "%q: one resource has one location", id)
		group, _ := reference(members["groups"]).(string)
		for where, text := range map[string]string{"/v2/Users/": ref, "/v2/Groups/": group} {
			u, err := url.Parse(text)
			require.NoError(t, err, "%q", id)
			assert.Equal(t, where+id, u.Path, "%q gave %s", id, text)
			assert.Empty(t, u.RawQuery)
			assert.Empty(t, u.Fragment)
			assert.Equal(t, "example.com", u.Host)
			base, err := url.Parse("https://example.com/v2/")
			require.NoError(t, err)
			resolved := base.ResolveReference(u)
			assert.Equal(t, where+id, resolved.Path, "%q gave %s, which a client resolves to %s", id, text, resolved)
		}
	}
}

func TestRelativeReferences(t *testing.T) {
	const root = "https://example.com/scim/v2"
	for _, c := range []struct{ ref, want string }{
		// RFC 7643 section 2.3.7: relative to the service's root. The RFC's examples write ../Users/1, as seen from a resource.
		{"Users/1", root + "/Users/1"},
		{"./Users/1", root + "/Users/1"},
		{"../Users/1", root + "/Users/1"},
		{"../../Users/1", root + "/Users/1"},
		{"../../../../Users/1", root + "/Users/1"},
		{"./../Users/1", root + "/Users/1"},
		{"Users/1?a=b", root + "/Users/1?a=b"},
		{"Users/1?a=b:c", root + "/Users/1?a=b:c"},
		{"Users/1#a:b", root + "/Users/1#a:b"},
		{"Users/a:b", root + "/Users/a:b"},
		{"./a:b", root + "/a:b"},
		{"me", root + "/me"},
		{"Users/a%2Fb", root + "/Users/a%2Fb"},
		{"?a=b", root + "/?a=b"},
		{"?a=b:c", root + "/?a=b:c"},
		{"#a", root + "/#a"},
		{"Me?x=../y", root + "/Me?x=../y"},
		// A path from the host's root.
		{"/scim/v2/Users/1", root + "/Users/1"},
		{"/Users/1", "https://example.com/Users/1"},
		{"/Users/1?a=b", "https://example.com/Users/1?a=b"},
		{"/Users/a%2Fb", "https://example.com/Users/a%2Fb"},
		{"/", "https://example.com/"},
		{"//example.org/Users/1", "https://example.org/Users/1"},
		// Absolute already.
		{"https://example.org/Users/1", "https://example.org/Users/1"},
		{"HTTP://example.org", "HTTP://example.org"},
		{"urn:a:b", "urn:a:b"},
		{"mailto:a@example.com", "mailto:a@example.com"},
		{`https://example.org/"`, `https://example.org/"`},
		{"https://example.org/ü", "https://example.org/ü"},
		// Steps up and nothing after them.
		{"..", root + "/"},
		{"../", root + "/"},
		{"../..", root + "/"},
		{".", root + "/"},
		{"./", root + "/"},
		// What is no reference stays harmless: one slash, and no other host.
		{"/%zz", "https://example.com/%zz"},
		{`a"b`, root + `/a"b`},
		{"a b", root + "/a b"},
	} {
		t.Run(c.ref, func(t *testing.T) {
			for _, base := range bases {
				user := &User{
					Resource: Resource{ID: "1", Meta: Meta{Location: c.ref}}, Manager: Manager{Value: "1", Ref: c.ref},
					Groups: []Member{{Ref: c.ref}}, Photo: c.ref,
				}
				location, _, members := located(t, base, user)
				require.Equal(t, c.want, location)
				assert.Equal(t, c.want, reference(members["manager"]))
				assert.Equal(t, c.want, reference(members["groups"]))
				assert.Equal(t, c.ref, members["photo"], "only $ref and meta.location are the locator's matter")
			}
		})
	}
}

func TestMadeReferences(t *testing.T) {
	for name, c := range map[string]struct {
		member Member
		want   any
	}{
		"user":         {Member{Value: "1", Type: "User"}, "https://example.com/Users/1"},
		"group":        {Member{Value: "1", Type: "Group"}, "https://example.com/Groups/1"},
		"robot":        {Member{Value: "1", Type: "Robot"}, "https://example.com/deep/Robots/1"},
		"case":         {Member{Value: "1", Type: "uSER"}, "https://example.com/Users/1"},
		"no type":      {Member{Value: "1"}, nil},
		"unknown type": {Member{Value: "1", Type: "Printer"}, nil},
		"no value":     {Member{Type: "User"}, nil},
		"given":        {Member{Value: "1", Type: "User", Ref: "https://example.org/2"}, "https://example.org/2"},
	} {
		group := &Group{Resource: Resource{ID: "9"}, Members: []*Member{nil, &c.member}}
		_, _, members := located(t, "https://example.com", group)
		list, _ := members["members"].([]any)
		require.Len(t, list, 1, name)
		assert.Equal(t, c.want, reference(list), name)
	}
	_, _, members := located(t, "https://example.com", &Stranger{Resource: Resource{ID: "1"}, Link: External{Value: "1"}})
	assert.NotContains(t, members["link"], "$ref", "a link out of SCIM is the application's")
	_, _, members = located(t, "https://example.com", &User{Resource: Resource{ID: "1"}})
	assert.NotContains(t, members, "manager", "a $ref alone is made for nobody")
}

// The places of a locator are its own.
func TestLocatorIsItsOwn(t *testing.T) {
	places := []codec.Place{{Name: "User", Schema: "urn:x:User", Endpoint: "Users"}}
	before := slices.Clone(places)
	l := codec.NewLocator("https://example.com", places)
	assert.Equal(t, before, places)
	places[0].Endpoint = "/Elsewhere"
	assert.Equal(t, "https://example.com/Users/1", l.Location(attr.Of(reflect.TypeFor[User]()), reflect.ValueOf(User{Resource: Resource{ID: "1"}})))
}
