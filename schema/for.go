package schema

import (
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/internal/attr"
)

// For returns the schema that a struct declares by its tags (RFC 7643 section 7): the core schema of a resource, or
// that of an extension. The common attributes of RFC 7643 section 3.1 are part of no schema and left out.
// The result is the caller's to change. A type whose tags are mistaken, or that is neither resource nor extension, panics.
func For[T any]() *Schema { return Of(reflect.TypeFor[T]()) }

// Of is [For] for a type known at run time only: a struct type or a pointer to one.
func Of(t reflect.Type) *Schema { return of(attr.Of(t)) }

// All returns the schemas of a resource: its core schema and those of its extensions. It is what /Schemas serves (RFC 7644 section 4).
// A T that is neither resource nor extension panics, as do mistaken tags.
func All[T any]() []*Schema { return AllOf(reflect.TypeFor[T]()) }

// AllOf returns the schemas of several types, core schemas and extensions, each once, in the order of their first use: what /Schemas
// serves (RFC 7644 section 4). Types are structs or pointers to them; what panics is as in [All].
func AllOf(types ...reflect.Type) []*Schema {
	var all []*Schema
	seen := map[string]bool{}
	var add func(p *attr.Plan)
	add = func(p *attr.Plan) {
		urn := strings.ToLower(p.URN)
		if !seen[urn] {
			seen[urn] = true
			all = append(all, of(p))
		}
		for _, e := range p.Extensions {
			add(e.Sub)
		}
	}
	for _, t := range types {
		add(attr.Of(t))
	}
	return all
}

func of(p *attr.Plan) *Schema {
	if p.Kind != attr.Resource && p.Kind != attr.Extension {
		panic("scim: " + p.Go.String() + " is neither a resource nor an extension; embed resource.Resource or Extension with the URN in its scim tag")
	}
	flat(p)
	return &Schema{
		Resource:    Resource{Schemas: []string{attr.SchemaURN}, ID: p.URN, Meta: Meta{ResourceType: "Schema"}},
		Name:        p.Name,
		Description: p.Description,
		Attributes:  attributes(p, nil),
	}
}

// flat panics where a complex attribute holds complex ones, which no schema can say (RFC 7643 section 2.3.8).
// The schema of schemas is the exception.
func flat(p *attr.Plan) {
	for _, a := range p.Attributes {
		if p.URN == attr.SchemaURN || a.Sub == nil || a.IsExtension() {
			continue
		}
		for _, s := range a.Sub.Attributes {
			if s.Sub != nil {
				panic("scim: type " + p.Go.String() + ", field " + a.Field + ": the complex attribute " + a.Name + " cannot hold the complex attribute " + s.Name)
			}
		}
	}
}

// attributes describes the attributes of a plan. within has the plans around it: a type that contains itself, as the
// schema of schemas does, is described one level deep, and complex values end there (RFC 7643 section 8.7.2).
func attributes(p *attr.Plan, within []*attr.Plan) []Attribute {
	recursive := slices.Contains(within, p)
	within = append(slices.Clone(within), p)
	var list []Attribute
	for _, a := range p.Attributes {
		if a.IsExtension() && p.Kind == attr.Extension { // an extension within an extension: see Load and resource.StructOf
			list = append(list, Attribute{Name: a.Sub.URN, Type: TypeComplex, Required: a.Required, Description: a.Sub.Description})
			continue
		}
		if a.Common || a.Unlisted || a.IsExtension() || recursive && slices.Contains(within, a.Sub) {
			continue
		}
		s := attribute(a)
		if a.Sub != nil {
			s.SubAttributes = attributes(a.Sub, within)
		}
		if recursive { // no complex type below a complex type
			s.CanonicalValues = slices.DeleteFunc(s.CanonicalValues, func(v string) bool { return v == string(TypeComplex) })
		}
		list = append(list, s)
	}
	return list
}

// attribute gives the characteristics that apply to the type, in the RFC's words: RFC 7643 section 2.3 with errata
// 6000, 6004 and 8470.
func attribute(a *attr.Attribute) Attribute {
	s := Attribute{
		Name:            a.Name,
		Type:            Type(a.Type),
		MultiValued:     a.MultiValued,
		Description:     a.Description,
		Required:        a.Required,
		CanonicalValues: slices.Clone(a.CanonicalValues),
		Mutability:      Mutability(a.Mutability),
		Returned:        Returned(a.Returned),
		ReferenceTypes:  slices.Clone(a.ReferenceTypes),
	}
	switch a.Type {
	case attr.String, attr.Reference:
		s.CaseExact = new(a.CaseExact)
		s.Uniqueness = Uniqueness(a.Uniqueness)
	case attr.Integer, attr.Decimal:
		s.Uniqueness = Uniqueness(a.Uniqueness)
	case attr.Binary:
		s.CaseExact = new(a.CaseExact)
	default: // neither case nor uniqueness
	}
	return s
}
