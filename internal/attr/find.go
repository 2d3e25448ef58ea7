package attr

import (
	"reflect"
	"strings"
	"time"

	"github.com/scimmodels/scim/internal/wire"
)

// Find resolves attribute notation (RFC 7644 section 3.10): [URN:]name[.sub], names and URNs in any case. The steps lead from
// p to what is named: the extension, where there is one, the attribute and the sub-attribute. A URN is cut off by the
// longest schema URI the type knows, never at a colon or dot, since URIs have both. The URI of an extension alone is that
// extension; the URI of the core schema alone gives no steps and true.
func (p *Plan) Find(path string) (steps []*Attribute, ok bool) {
	if strings.IndexByte(path, ':') < 0 {
		return p.names(path)
	}
	var best *Attribute
	longest := -1
	if p.URN != "" && under(path, p.URN) {
		longest = len(p.URN)
	}
	for _, e := range p.Extensions {
		if n := len(e.Sub.URN); n > longest && under(path, e.Sub.URN) {
			best, longest = e, n
		} else if inner, found := e.Sub.Find(path); found && len(inner) > 0 && inner[0].IsExtension() {
			if n := len(inner[0].Sub.URN); n > longest { // an extension inside an extension
				return append([]*Attribute{e}, inner...), true
			}
		}
	}
	switch {
	case longest < 0:
		return nil, false
	case best == nil && len(path) == longest:
		return []*Attribute{}, true
	case best == nil:
		return p.names(path[longest+1:])
	case len(path) == longest:
		return []*Attribute{best}, true
	}
	rest, ok := best.Sub.names(path[longest+1:])
	if !ok {
		return nil, false
	}
	return append([]*Attribute{best}, rest...), true
}

// names resolves name[.sub] within the schema itself.
func (p *Plan) names(path string) (steps []*Attribute, ok bool) {
	name, sub, dotted := strings.Cut(path, ".")
	a := p.Lookup(name)
	if a == nil || a.IsExtension() {
		return nil, false
	}
	if !dotted {
		return []*Attribute{a}, true
	}
	if a.Sub == nil || a.Sub.Kind != Complex {
		return nil, false
	}
	s := a.Sub.Lookup(sub)
	if s == nil {
		return nil, false
	}
	return []*Attribute{a, s}, true
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
	}
	return a.Pointer || a.MultiValued || !a.Omit || !f.IsZero()
}

// Time reads a field of type time.Time.
func Time(f reflect.Value) time.Time {
	if f.CanAddr() {
		return *f.Addr().Interface().(*time.Time) //nolint:forcetypeassert // OpTime is only chosen for time.Time
	}
	return f.Interface().(time.Time) //nolint:forcetypeassert // the same
}
