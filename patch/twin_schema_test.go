package patch_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// trait is what the twin knows of an attribute: its characteristics as /Schemas publishes them.
type trait struct {
	name     string
	kind     schema.Type
	multi    bool
	exact    bool
	required bool
	mutable  schema.Mutability
	never    bool
	links    []string // referenceTypes
	parts    []*trait
	always   bool   // Go writes it whatever its value: a plain number or boolean, of which no schema tells
	bounds   [2]int // of a short integer, of which no schema tells either
}

// container is the core schema of a type, or an extension.
type container struct {
	urn      string
	required bool
	traits   []*trait
}

// kindOf is a resource type as the twin sees it. The first container is the core, with the common attributes.
type kindOf struct{ all []*container }

// plainly are the attributes of Thing that Go cannot tell unassigned.
var plainly = []string{"locked", "switch.on", "items.primary"}

func kindFor[T any](tb testing.TB) *kindOf {
	tb.Helper()
	required := map[string]bool{}
	rt := resource.ResourceTypeFor[T]("/x")
	for _, e := range rt.SchemaExtensions {
		required[e.Schema] = e.Required
	}
	k := &kindOf{}
	for _, s := range schema.All[T]() {
		c := &container{urn: s.ID, required: required[s.ID], traits: traitsOf(s.Attributes, "")}
		if s.ID == rt.Schema {
			c.traits = append(common(), c.traits...)
			k.all = slices.Insert(k.all, 0, c)
		} else {
			k.all = append(k.all, c)
		}
	}
	require.Len(tb, k.all, 1+len(required))
	return k
}

// common are the attributes of RFC 7643 section 3.1, which no schema lists.
func common() []*trait {
	server := func(name string, kind schema.Type) *trait {
		return &trait{name: name, kind: kind, exact: true, mutable: schema.ReadOnly}
	}
	meta := server("meta", schema.TypeComplex)
	meta.parts = []*trait{server("resourceType", schema.TypeString), server("created", schema.TypeDateTime), server("version", schema.TypeString)}
	return []*trait{server("id", schema.TypeString), {name: "externalId", kind: schema.TypeString, exact: true, mutable: schema.ReadWrite}, meta}
}

func traitsOf(attributes []schema.Attribute, parent string) []*trait {
	var list []*trait
	for _, a := range attributes {
		if a.Name == "x509Certificates" { // takes certificates only
			continue
		}
		x := &trait{
			name: a.Name, kind: a.Type, multi: a.MultiValued, exact: a.CaseExact != nil && *a.CaseExact, required: a.Required, mutable: a.Mutability,
			never: a.Returned == schema.ReturnedNever || a.Mutability == schema.WriteOnly, links: a.ReferenceTypes, parts: traitsOf(a.SubAttributes, a.Name+"."), always: slices.Contains(plainly, parent+a.Name),
			bounds: [2]int{-1 << 31, 1 << 31},
		}
		if parent+a.Name == "size" {
			x.bounds = [2]int{0, 255}
		}
		list = append(list, x)
	}
	return list
}

func named(traits []*trait, name string) *trait {
	for _, x := range traits {
		if strings.EqualFold(x.name, name) {
			return x
		}
	}
	return nil
}

func (x *trait) part(name string) *trait { return named(x.parts, name) }

// member says that elements are told apart by their value alone.
func (x *trait) member() bool {
	v := x.part("value")
	return v != nil && v.mutable == schema.Immutable
}

// doc is a decoded object, of a stored resource or of a value in it.
type doc = map[string]any

// clone copies a decoded value.
func clone(v any) any {
	switch v := v.(type) {
	case doc:
		c := maps.Clone(v)
		for name := range c {
			c[name] = clone(c[name])
		}
		return c
	case []any:
		c := slices.Clone(v)
		for i := range c {
			c[i] = clone(c[i])
		}
		return c
	}
	return v
}

// asDoc, listIn and asText are the value itself, or nothing where it is something else.
func asDoc(v any) doc {
	o, _ := v.(doc)
	return o
}

func listIn(v any) []any {
	list, _ := v.([]any)
	return list
}

func asText(v any) string {
	s, _ := v.(string)
	return s
}
