package attr

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/scimmodels/scim/internal/wire"
)

// Find resolves attribute notation (RFC 7644 section 3.10): [URN:]name[.sub], names and URNs in any case. The steps lead from
// p to what is named: the extension, where there is one, the attribute and the sub-attribute. A URN is cut off by the
// longest schema URI the type knows, never at a colon or dot, since URIs have both. The URI of an extension alone is that
// extension; the URI of the core schema alone gives no steps and true.
func (p *Plan) Find(path string) (steps []*Attribute, ok bool) { return p.FindIn(nil, path) }

// FindIn is [Plan.Find] that appends the steps to a slice of the caller's.
func (p *Plan) FindIn(steps []*Attribute, path string) ([]*Attribute, bool) {
	if strings.IndexByte(path, ':') < 0 {
		return p.names(steps, path)
	}
	owner, way, longest := p.owner(path)
	if longest < 0 {
		return nil, false
	}
	for _, a := range slices.Backward(way) {
		steps = append(steps, a)
	}
	if len(path) == longest {
		if steps == nil {
			steps = []*Attribute{}
		}
		return steps, true
	}
	return owner.names(steps, path[longest+1:])
}

// Knows says whether a path begins with the URI of a schema of the type.
func (p *Plan) Knows(path string) bool {
	_, _, longest := p.owner(path)
	return longest >= 0
}

// owner finds the schema with the longest URI that path begins with: its plan, the way to it from the inside out, and
// the length of the URI, -1 where there is none.
func (p *Plan) owner(path string) (owner *Plan, way []*Attribute, longest int) {
	longest = -1
	if p.URN != "" && under(path, p.URN) {
		owner, longest = p, len(p.URN)
	}
	for _, e := range p.Extensions {
		if o, inner, n := e.Sub.owner(path); n > longest {
			owner, longest = o, n
			way = append(inner, e) //nolint:gocritic // the way grows outwards
		}
	}
	return owner, way, longest
}

// names resolves name[.sub] within the schema itself.
func (p *Plan) names(steps []*Attribute, path string) ([]*Attribute, bool) {
	name, sub, dotted := strings.Cut(path, ".")
	a := p.Lookup(name)
	if a == nil || a.IsExtension() {
		return nil, false
	}
	if !dotted {
		return append(steps, a), true
	}
	if a.Sub == nil || a.Sub.Kind != Complex {
		return nil, false
	}
	s := a.Sub.Lookup(sub)
	if s == nil {
		return nil, false
	}
	return append(steps, a, s), true
}

// under says whether a path is the URI itself or continues it.
func under(path, uri string) bool {
	return len(path) >= len(uri) && wire.Fold(path[:len(uri)], uri) && (len(path) == len(uri) || path[len(uri)] == ':')
}

// Assigned says whether any attribute of v, a struct of plan p, has a value.
func (p *Plan) Assigned(v reflect.Value) bool {
	for _, a := range p.Attributes {
		if a.Assigned(a.Of(v)) {
			return true
		}
	}
	return false
}

// Assigned says whether the field f of attribute a has a value: absent, null, "" and [] are one state (RFC 7643 section 2.5).
func (a *Attribute) Assigned(f reflect.Value) bool {
	if !a.MultiValued {
		return a.AssignedOne(f)
	}
	for i := range f.Len() {
		if a.AssignedOne(f.Index(i)) {
			return true
		}
	}
	return false
}

// AssignedOne is [Attribute.Assigned] for one value of a multi-valued attribute, or for a singular one.
func (a *Attribute) AssignedOne(f reflect.Value) bool {
	if a.Pointer {
		if f.IsNil() {
			return false
		}
		f = f.Elem()
	}
	switch a.Op {
	case OpString, OpBytes, OpRaw:
		return f.Len() > 0
	case OpTime:
		return !Time(f).IsZero()
	case OpStruct:
		return a.Sub.Assigned(f)
	case OpAny:
		return !f.IsNil()
	default:
		return a.Pointer || a.MultiValued || !a.Omit || !f.IsZero()
	}
}

// Pointed is the value that a field or an element holds or points to.
func (a *Attribute) Pointed(f reflect.Value) reflect.Value {
	if a.Pointer {
		return f.Elem()
	}
	return f
}

// Put sets a field or an element to one value. It never writes through a pointer, which may be shared.
func (a *Attribute) Put(f, one reflect.Value) {
	if !a.Pointer {
		f.Set(one)
		return
	}
	p := reflect.New(a.Elem)
	p.Elem().Set(one)
	f.Set(p)
}

// True says whether a field of a boolean is assigned and true.
func (a *Attribute) True(f reflect.Value) bool {
	f = a.Pointed(f)
	return f.IsValid() && f.Bool()
}

// Time reads a field of type time.Time.
func Time(f reflect.Value) time.Time {
	t, _ := reflect.TypeAssert[time.Time](f) // OpTime is only chosen for time.Time
	return t
}
