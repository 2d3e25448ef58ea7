package schema_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// attributes makes a resource type at run time: the base and one field per tag.
type field struct {
	name string
	kind reflect.Type
	tag  string
}

var text = reflect.TypeFor[string]()

func structOf(fields ...field) reflect.Type {
	list := make([]reflect.StructField, 0, 1+len(fields))
	list = append(list, reflect.StructField{Name: "Resource", Type: reflect.TypeFor[schema.Resource](), Anonymous: true, Tag: `scim:"urn:acme:x:Thing,name=Thing" description:"Thing."`})
	for _, f := range fields {
		list = append(list, reflect.StructField{Name: f.name, Type: f.kind, Tag: reflect.StructTag(f.tag)})
	}
	return reflect.StructOf(list)
}

// mistaken checks that a type panics at its first use, and every time after, with a text that names the field.
func mistaken(t *testing.T, of reflect.Type, words ...string) {
	t.Helper()
	for range 2 {
		said := recovered(func() { schema.Of(of) })
		if !assert.NotEmpty(t, said, "no panic") {
			return
		}
		assert.True(t, strings.HasPrefix(said, "scim: "), said)
		for _, word := range words {
			assert.Contains(t, said, word)
		}
		assert.Equal(t, said, recovered(func() { schema.AllOf(of) }))
		assert.Equal(t, said, recovered(func() { _, _ = resource.ValidateAs(of, resource.Storage, []byte(`{}`)) }))
	}
}

func recovered(f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

// Mistakes in the tag of one attribute (DESIGN section 2): each panics and names the field.
func TestTagMistakes(t *testing.T) {
	type part struct {
		Value string `json:"value,omitempty"`
	}
	for _, c := range []struct {
		name string
		kind reflect.Type
		tag  string
		word string // of the text
	}{
		{"unknown word", text, `json:"a" scim:"requird"`, "requird"},
		{"unknown word among others", text, `json:"a" scim:"required,immutable"`, "immutable"},
		{"unknown key", text, `json:"a" scim:"mutable=yes"`, "mutable"},
		{"empty word", text, `json:"a" scim:"required,"`, ""},
		{"blank before a word", text, `json:"a" scim:"required, caseExact"`, "caseExact"},
		{"word in other case", text, `json:"a" scim:"caseexact"`, "caseexact"},
		{"required with a value", text, `json:"a" scim:"required=true"`, "required"},
		{"caseExact with a value", text, `json:"a" scim:"caseExact=false"`, "caseExact"},
		{"7643-7-07/mutability", text, `json:"a" scim:"mutability=readonly"`, "readonly"},
		{"7643-7-07/mutability without a value", text, `json:"a" scim:"mutability"`, "mutability"},
		{"7643-7-07/returned", text, `json:"a" scim:"returned=sometimes"`, "sometimes"},
		{"7643-7-07/uniqueness", text, `json:"a" scim:"uniqueness=local"`, "local"},
		{"format", text, `json:"a" scim:"format=hex"`, "hex"},
		{"7643-2.1-02/name with a digit first", text, `json:"1abc"`, "1abc"},
		{"7643-2.1-02/name with a blank", text, `json:"a b"`, "a b"},
		{"7643-2.1-02/name with an umlaut", text, `json:"ä"`, "ä"},
		{"7643-2.1-02/name with a dot", text, `json:"a.b"`, "a.b"},
		{"7643-2.1-02/name with a colon", text, `json:"a:b"`, "a:b"},
		{"7643-2.1-02/name of nothing", text, `json:"$"`, "$"},
		{"no name", text, `description:"x"`, "json"},
		{"empty name", text, `json:",omitempty"`, "json"},
		{"7643-7-08/referenceTypes on an integer", reflect.TypeFor[*int](), `json:"a" scim:"referenceTypes=User"`, "referenceTypes"},
		{"7643-7-08/referenceTypes on a complex value", reflect.TypeFor[part](), `json:"a" scim:"referenceTypes=User"`, "referenceTypes"},
		{"7643-2.3-02/caseExact on a boolean", reflect.TypeFor[*bool](), `json:"a" scim:"caseExact"`, "caseExact"},
		{"7643-2.3-02/caseExact on an integer", reflect.TypeFor[*int](), `json:"a" scim:"caseExact"`, "caseExact"},
		{"7643-2.3-02/caseExact on a decimal", reflect.TypeFor[*float64](), `json:"a" scim:"caseExact"`, "caseExact"},
		{"7643-2.3-02/caseExact on a dateTime", reflect.TypeFor[time.Time](), `json:"a" scim:"caseExact"`, "caseExact"},
		{"7643-2.3-02/caseExact on a complex value", reflect.TypeFor[[]part](), `json:"a" scim:"caseExact"`, "caseExact"},
		{"7643-2.3-02/uniqueness on a boolean", reflect.TypeFor[*bool](), `json:"a" scim:"uniqueness=server"`, "uniqueness"},
		{"7643-2.3-02/uniqueness on a dateTime", reflect.TypeFor[time.Time](), `json:"a" scim:"uniqueness=server"`, "uniqueness"},
		{"7643-2.3-02/uniqueness on a binary", reflect.TypeFor[[]byte](), `json:"a" scim:"uniqueness=global"`, "uniqueness"},
		{"7643-2.3-02/uniqueness on a complex value", reflect.TypeFor[part](), `json:"a" scim:"uniqueness=server"`, "uniqueness"},
		{"canonicalValues on an integer", reflect.TypeFor[*int](), `json:"a" scim:"canonicalValues=1|2"`, "canonicalValues"},
		{"canonicalValues on a boolean", reflect.TypeFor[*bool](), `json:"a" scim:"canonicalValues=true"`, "canonicalValues"},
		{"canonicalValues on a complex value", reflect.TypeFor[part](), `json:"a" scim:"canonicalValues=x"`, "canonicalValues"},
		{"closed without values", text, `json:"a" scim:"closed"`, "closed"},
		{"positive on a string", text, `json:"a" scim:"positive"`, "positive"},
		{"format of text on a boolean", reflect.TypeFor[*bool](), `json:"a" scim:"format=email"`, "format"},
		{"format of a binary on a string", text, `json:"a" scim:"format=x509"`, "format"},
		{"format of text on a binary", reflect.TypeFor[[]byte](), `json:"a" scim:"format=phone"`, "format"},
		{"7643-2.3-01/map", reflect.TypeFor[map[string]string](), `json:"a"`, "map[string]string"},
		{"7643-2.3-01/channel", reflect.TypeFor[chan int](), `json:"a"`, "chan int"},
		{"7643-2.3-01/function", reflect.TypeFor[func()](), `json:"a"`, "func()"},
		{"7643-2.3-01/complex number", reflect.TypeFor[complex128](), `json:"a"`, "complex128"},
		{"7643-2.3-01/array", reflect.TypeFor[[2]string](), `json:"a"`, "[2]string"},
		{"7643-2.3-01/list of lists", reflect.TypeFor[[][]string](), `json:"a"`, "[]string"},
		{"7643-2.3-01/pointer to a pointer", reflect.TypeFor[**int](), `json:"a"`, "*int"},
		{"7643-2.3-01/interface with methods", reflect.TypeFor[fmt.Stringer](), `json:"a"`, "fmt.Stringer"},
		{"7643-2.3-01/a map in a part", reflect.TypeFor[struct {
			B map[string]any `json:"b"`
		}](), `json:"a"`, "B"},
		{"a resource as a value", reflect.TypeFor[resource.User](), `json:"a"`, "resource.User"},
		{"resources as values", reflect.TypeFor[[]resource.Group](), `json:"a"`, "resource.Group"},
		{"a message as a value", reflect.TypeFor[resource.SearchRequest](), `json:"a"`, "resource.SearchRequest"},
		{"an extension under another name", reflect.TypeFor[*resource.EnterpriseUser](), `json:"enterprise"`, resource.EnterpriseUserSchema},
		{"an extension under another URN", reflect.TypeFor[*resource.EnterpriseUser](), `json:"urn:acme:x:E"`, resource.EnterpriseUserSchema},
		{"a list of extensions", reflect.TypeFor[[]resource.EnterpriseUser](), `json:"` + resource.EnterpriseUserSchema + `"`, "extension"},
		{"an extension in a part", reflect.TypeFor[struct {
			B *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
		}](), `json:"a"`, "B"},
	} {
		t.Run(c.name, func(t *testing.T) {
			field := "Mistake"
			if c.word == "B" {
				field = "B"
			}
			mistaken(t, structOf(field2("Fine"), fieldOf("Mistake", c.kind, c.tag)), field, c.word)
		})
	}
	// What can be read and written, but not published, is found by schema.Of and so by resource.ResourceTypeFor.
	for name, kind := range map[string]reflect.Type{
		"7643-2.3.8-03/complex in complex": reflect.TypeFor[struct {
			Inner part `json:"inner,omitzero"`
		}](),
		"7643-2.3.8-03/complex values in a complex one": reflect.TypeFor[[]struct {
			Inner []part `json:"inner,omitempty"`
		}](),
	} {
		t.Run(name, func(t *testing.T) {
			of := structOf(field2("Fine"), fieldOf("Mistake", kind, `json:"a"`))
			said := recovered(func() { schema.Of(of) })
			assert.Contains(t, said, "field Mistake: ")
			assert.Contains(t, said, "the complex attribute a cannot hold the complex attribute inner")
			assert.Equal(t, said, recovered(func() { schema.AllOf(of) }))
		})
	}
	t.Run("7643-2.1-02/names that are fine", func(t *testing.T) {
		for _, name := range []string{"$ref", "x-y", "a_1", "A", "a$b", "userName2"} {
			s := schema.Of(structOf(fieldOf("Fine", text, `json:"`+name+`,omitempty"`)))
			require.Len(t, s.Attributes, 1)
			assert.Equal(t, name, s.Attributes[0].Name)
		}
	})
}

func fieldOf(name string, kind reflect.Type, tag string) field { return field{name, kind, tag} }

func field2(name string) field { return field{name, text, `json:"fine,omitempty" scim:"caseExact"`} }

// Mistakes in how a type is put together.
func TestTypeMistakes(t *testing.T) {
	embedded := func(name string, kind reflect.Type, tag string) reflect.StructField {
		return reflect.StructField{Name: name, Type: kind, Anonymous: true, Tag: reflect.StructTag(tag)}
	}
	user := embedded("User", reflect.TypeFor[resource.User](), "")
	t.Run("two embedded resources", func(t *testing.T) { // made at run time, for go vet refuses it as well
		mistaken(t, reflect.StructOf([]reflect.StructField{user, embedded("Group", reflect.TypeFor[resource.Group](), "")}), "Group", resource.UserSchema)
	})
	t.Run("a core type and the base embedded", func(t *testing.T) {
		mistaken(t, reflect.StructOf([]reflect.StructField{user, embedded("Resource", reflect.TypeFor[schema.Resource](), `scim:"urn:acme:x:A"`)}), "Resource", resource.UserSchema)
	})
	t.Run("a resource and an extension embedded", func(t *testing.T) {
		type mistake struct {
			resource.User
			resource.EnterpriseUser
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "EnterpriseUser")
	})
	t.Run("attribute after an embedded core type", func(t *testing.T) {
		type mistake struct {
			resource.User
			Shoe string `json:"shoe,omitempty"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "Shoe")
	})
	t.Run("attribute before an embedded core type", func(t *testing.T) {
		type mistake struct {
			Shoe string `json:"shoe,omitempty"`
			resource.User
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "Shoe")
	})
	t.Run("attribute beside an embedded core type, by embedding", func(t *testing.T) {
		type shoes struct {
			Shoe string `json:"shoe,omitempty"`
		}
		type mistake struct {
			resource.User
			shoes
		}
		said := recovered(func() { schema.For[mistake]() })
		assert.Contains(t, said, "mistake")
		assert.Contains(t, strings.ToLower(said), "shoe")
	})
	t.Run("embedded pointer", func(t *testing.T) {
		type mistake struct {
			*resource.User
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "User")
	})
	t.Run("embedded pointer to the base", func(t *testing.T) {
		type mistake struct {
			*resource.Resource `scim:"urn:acme:x:A"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "Resource")
	})
	t.Run("URN that is none", func(t *testing.T) {
		type mistake struct {
			resource.Resource `scim:"Device"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "Device")
	})
	t.Run("URN with blanks", func(t *testing.T) {
		type mistake struct {
			resource.Resource `scim:"urn:acme: x"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "urn:acme: x")
	})
	t.Run("empty URN", func(t *testing.T) {
		type mistake struct {
			resource.Resource `scim:""`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "Resource")
	})
	t.Run("unknown word beside the URN", func(t *testing.T) {
		type mistake struct {
			resource.Resource `scim:"urn:acme:x:A,required"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "required")
	})
	t.Run("empty name", func(t *testing.T) {
		type mistake struct {
			resource.Resource `scim:"urn:acme:x:A,name="`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "name=")
	})
	t.Run("no URN", func(t *testing.T) {
		type mistake struct {
			resource.Resource
			Name string `json:"name,omitempty"`
		}
		mistakenUse(t, func() { schema.For[mistake]() }, "mistake")
		mistakenUse(t, func() { resource.ResourceTypeFor[mistake]("/Mistakes") }, "mistake")
	})
	t.Run("AMB-02/one name twice", func(t *testing.T) {
		mistaken(t, structOf(fieldOf("A", text, `json:"color"`), fieldOf("B", text, `json:"color"`)), "color")
	})
	t.Run("AMB-02/one name twice in other case", func(t *testing.T) {
		mistaken(t, structOf(fieldOf("A", text, `json:"color"`), fieldOf("B", text, `json:"COLOR"`)), "COLOR")
	})
	t.Run("AMB-02/name of a common attribute", func(t *testing.T) {
		for _, name := range []string{"id", "ID", "externalId", "meta", "Schemas"} {
			mistaken(t, structOf(fieldOf("A", text, `json:"`+name+`"`)), name)
		}
	})
	t.Run("AMB-02/one name twice in a part", func(t *testing.T) {
		type mistake struct {
			A string `json:"a"`
			B string `json:"A"`
		}
		mistaken(t, structOf(fieldOf("Part", reflect.TypeFor[mistake](), `json:"part"`)), "mistake")
	})
	t.Run("two extensions of one URN", func(t *testing.T) {
		type other struct {
			schema.Extension `scim:"URN:ietf:params:scim:schemas:extension:enterprise:2.0:USER"`

			A string `json:"a,omitempty"`
		}
		type mistake struct {
			resource.User
			A *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
			B *other                   `json:"URN:ietf:params:scim:schemas:extension:enterprise:2.0:USER"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "enterprise:2.0:U")
	})
	t.Run("extension without a URN", func(t *testing.T) {
		type other struct {
			schema.Extension

			A string `json:"a,omitempty"`
		}
		type mistake struct {
			resource.User
			B *other `json:"urn:acme:x:B"`
		}
		mistaken(t, reflect.TypeFor[mistake](), "mistake", "B")
	})
	t.Run("too many attributes", func(t *testing.T) {
		fields := make([]field, 0, 253)
		for i := range 252 { // with the four common ones that is the most there can be
			fields = append(fields, fieldOf(fmt.Sprintf("F%d", i), text, fmt.Sprintf(`json:"f%d,omitempty"`, i)))
		}
		assert.Len(t, schema.Of(structOf(fields...)).Attributes, 252)
		mistaken(t, structOf(append(fields, fieldOf("Last", text, `json:"last"`))...), "256")
	})
	t.Run("no resource", func(t *testing.T) {
		for _, use := range []func(){
			func() { schema.For[int]() }, func() { schema.For[map[string]any]() }, func() { schema.Of(nil) }, func() { schema.For[**resource.User]() },
			func() { schema.For[resource.Name]() }, func() { schema.For[resource.SearchRequest]() }, func() { schema.All[resource.ListResponse[resource.User]]() },
			func() { schema.For[error]() }, func() { resource.ResourceTypeFor[resource.EnterpriseUser]("/x") }, func() { resource.ResourceTypeFor[resource.Name]("/x") },
			func() { resource.ResourceTypeFor[resource.SearchRequest]("/x") }, func() { resource.ResourceTypeFor[string]("/x") },
		} {
			mistakenUse(t, use, "")
		}
	})
}

func mistakenUse(t *testing.T, use func(), word string) {
	t.Helper()
	said := recovered(use)
	if assert.NotEmpty(t, said, "no panic") {
		assert.True(t, strings.HasPrefix(said, "scim: "), said)
		assert.Contains(t, said, word)
	}
}
