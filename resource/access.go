package resource

import (
	"reflect"

	"github.com/scimmodels/scim/internal/attr"
)

// Common returns the common attributes of any resource (RFC 7643 section 3.1): v is a pointer to a struct that embeds
// [Resource], directly or in a core type. What is written through the result is written to v. It is nil for anything else.
func Common(v any) *Resource {
	f := reflect.ValueOf(v)
	if f.Kind() != reflect.Pointer || f.IsNil() || f.Elem().Kind() != reflect.Struct {
		return nil
	}
	p, err := attr.Compile(f.Type())
	if err != nil || p.Kind != attr.Resource {
		return nil
	}
	r, _ := reflect.TypeAssert[*Resource](f.Elem().FieldByIndex(p.Base).Addr()) // another base has no Resource
	return r
}

// Or returns what p points to, or def where p is nil: the value of an optional attribute or its default.
func Or[V any](p *V, def V) V {
	if p == nil {
		return def
	}
	return *p
}
