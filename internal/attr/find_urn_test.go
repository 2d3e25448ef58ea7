package attr_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

// Nest has extensions inside extensions, and schemas with dots, in each order that URIs can begin with each other.
type Nest struct {
	Resource `scim:"urn:n:core.1"`

	Title string  `json:"title"`
	Name  Name    `json:"name"`
	A     *NestA  `json:"urn:n:a"`
	AB    *NestAB `json:"urn:n:ab.2.0"`
	ABC   *NestC  `json:"urn:n:a:b:c"`
	Core  *NestD  `json:"urn:n:core.1:d"`
}

type NestA struct {
	Extension `scim:"urn:n:a"`

	Title string  `json:"title"`
	B     string  `json:"b"`
	Inner *NestAI `json:"urn:n:a:inner"`
	Other *NestO  `json:"urn:n:other"`
	Short *NestS  `json:"urn:n:a:b"`
}

type NestAI struct {
	Extension `scim:"urn:n:a:inner"`

	Title string `json:"title"`
	Name  Name   `json:"name"`
}

type NestO struct {
	Extension `scim:"urn:n:other"`

	Title string `json:"title"`
}

type NestS struct {
	Extension `scim:"urn:n:a:b"`

	C     string `json:"c"`
	Title string `json:"title"`
}

type NestAB struct {
	Extension `scim:"urn:n:ab.2.0"`

	Title string `json:"title"`
	Name  Name   `json:"name"`
}

type NestC struct {
	Extension `scim:"urn:n:a:b:c"`

	Title string `json:"title"`
}

type NestD struct {
	Extension `scim:"urn:n:core.1:d"`

	Title string `json:"title"`
}

// RFC 7644 section 3.10 and DESIGN section 5: a URN is split off by the longest URI the type knows.
func TestFindURN(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Nest]())
	for _, c := range []struct{ name, path, want string }{ // want "-" finds nothing
		{"7644-3.10-01/core", "urn:n:core.1", ""},
		{"7644-3.10-01/core attribute", "urn:n:core.1:title", "title"},
		{"7644-3.10-01/core part", "urn:n:core.1:name.formatted", "name formatted"},
		{"7644-3.10-01/extension whose URI begins with the core's", "urn:n:core.1:d", "urn:n:core.1:d"},
		{"7644-3.10-01/its attribute", "urn:n:core.1:d:title", "urn:n:core.1:d title"},
		{"7644-3.10-01/dots in a URN", "urn:n:ab.2.0:name.formatted", "urn:n:ab.2.0 name formatted"},
		{"7644-3.10-01/dots in a URN alone", "urn:n:ab.2.0", "urn:n:ab.2.0"},
		{"7644-3.10-01/URN cut at its dot", "urn:n:ab.2", "-"},
		{"7644-3.10-01/URN that begins another", "urn:n:a:title", "urn:n:a title"},
		{"7644-3.10-01/no border", "urn:n:abc", "-"},
		{"7644-3.10-01/nested, URI below its parent's", "urn:n:a:inner", "urn:n:a urn:n:a:inner"},
		{"7644-3.10-01/nested attribute", "urn:n:a:inner:title", "urn:n:a urn:n:a:inner title"},
		{"7644-3.10-01/nested part", "URN:N:A:INNER:NAME.FORMATTED", "urn:n:a urn:n:a:inner name formatted"},
		{"7644-3.10-01/nested, URI of its own", "urn:n:other", "urn:n:a urn:n:other"},
		{"7644-3.10-01/nested attribute, URI of its own", "urn:n:other:TITLE", "urn:n:a urn:n:other title"},
		{"7644-3.10-01/nested, shorter than another extension", "urn:n:a:b:title", "urn:n:a urn:n:a:b title"},
		{"7644-3.10-01/the longest, not the first", "urn:n:a:b:c", "urn:n:a:b:c"},
		{"7644-3.10-01/its attribute, not the nested one's", "urn:n:a:b:c:title", "urn:n:a:b:c title"},
		{"7644-3.10-01/nested by name of the parent", "urn:n:a:urn:n:a:inner", "-"},
		{"AMB-27/unknown of a nested one", "urn:n:a:inner:b", "-"},
		{"AMB-27/unknown URN", "urn:n:b", "-"},
		{"AMB-27/unknown URN, known attribute", "urn:n:b:title", "-"},
		{"AMB-27/colon at the end", "urn:n:a:", "-"},
		{"AMB-27/colon before", ":urn:n:a", "-"},
		{"AMB-27/dot for a colon", "urn:n:a.title", "-"},
		{"AMB-27/filter", `urn:n:a[title eq "x"]`, "-"},
		{"AMB-27/blank", "urn:n:a: title", "-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, path := range []string{c.path, strings.ToUpper(c.path), strings.ToLower(c.path), swapped(c.path)} {
				steps, ok := p.Find(path)
				assert.Equal(t, c.want != "-", ok, path)
				if !ok {
					assert.Empty(t, steps, path)
					continue
				}
				require.NotNil(t, steps, path)
				assert.Equal(t, c.want, strings.Join(names(steps), " "), path)
			}
		})
	}
}

// Every attribute of a type is found under its URN and is the one found.
func TestFindAll(t *testing.T) {
	found := 0
	// Not Wide and Nest: where one URI begins with another, an attribute can be hidden by an extension.
	for _, typ := range []reflect.Type{reflect.TypeFor[Account](), reflect.TypeFor[Special]()} {
		var visit func(p *attr.Plan, urn string, above []*attr.Attribute)
		expect := func(path string, want []*attr.Attribute) {
			found++
			steps, ok := attr.Of(typ).Find(path)
			require.True(t, ok, "%v: %s", typ, path)
			require.Equal(t, names(want), names(steps), "%v: %s", typ, path)
			assert.Same(t, want[len(want)-1], steps[len(steps)-1], path)
		}
		visit = func(p *attr.Plan, urn string, above []*attr.Attribute) {
			for _, a := range p.Attributes {
				steps := append(slices.Clone(above), a)
				switch {
				case a.IsExtension():
					expect(a.Sub.URN, steps)
					visit(a.Sub, a.Sub.URN, steps)
					continue
				case a.Sub != nil && a.Sub.Kind == attr.Complex:
					for _, s := range a.Sub.Attributes {
						expect(urn+":"+a.Name+"."+s.Name, append(slices.Clone(steps), s))
					}
				}
				expect(urn+":"+a.Name, steps)
			}
		}
		visit(attr.Of(typ), attr.Of(typ).URN, nil)
	}
	require.Greater(t, found, 30)
}
