package codec

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
)

// stored is the counterpart, in the resource being replaced, of the object that is being read.
type stored struct {
	v    reflect.Value   // the counterpart itself; invalid where it has yet to be found or there is none
	a    *attr.Attribute // of an element: the attribute
	list reflect.Value   // of an element: the stored elements
	used []bool          // those that are counterparts of others already
}

// of finds the counterpart of an attribute's value.
func (s *stored) of(a *attr.Attribute) *stored {
	if s == nil || !s.v.IsValid() || a.Sub == nil {
		return nil
	}
	f := a.Of(s.v)
	if a.MultiValued {
		if f.Len() == 0 {
			return nil
		}
		return &stored{a: a, list: f, used: make([]bool, f.Len())}
	}
	if a.Pointer {
		if f.IsNil() {
			return nil
		}
		f = f.Elem()
	}
	return &stored{v: f}
}

// pair finds the stored element with the same value; among several the one that is the same altogether, if there is one.
func (s *stored) pair(v reflect.Value) reflect.Value {
	if s.v.IsValid() || s.a == nil {
		return s.v
	}
	value := s.a.Sub.Value
	if value == nil || !value.Assigned(value.Of(v)) {
		return reflect.Value{}
	}
	found := -1
	for i := range s.list.Len() {
		if s.used[i] {
			continue
		}
		e := s.element(i)
		if !e.IsValid() || !value.Same(value.Of(v), value.Of(e)) {
			continue
		}
		if s.a.Sub.Same(v, e) {
			found = i
			break
		}
		if found < 0 {
			found = i
		}
	}
	if found < 0 {
		return reflect.Value{}
	}
	s.used[found] = true
	return s.element(found)
}

func (s *stored) element(i int) reflect.Value {
	e := s.list.Index(i)
	if !s.a.Pointer {
		return e
	}
	if e.IsNil() {
		return reflect.Value{}
	}
	return e.Elem()
}

// merge completes an object that replaces cur: RFC 7644 section 3.5.1. What the client may not change, or did not mean to
// change by leaving it out, comes from the stored resource; o.assigned learns of it.
func (d *decoder) merge(p *attr.Plan, v, cur reflect.Value, o *members) {
	for _, a := range p.Attributes {
		if a == p.Schemas {
			continue
		}
		f, c := a.Of(v), a.Of(cur)
		named, given := o.seen.Has(a.Bit), o.assigned.Has(a.Bit)
		if !a.Assigned(c) {
			continue
		}
		switch {
		case a.Mutability == attr.ReadOnly:
			f.Set(c)
		case a.Mutability == attr.Immutable && named && !given: // AMB-23
			d.refuse(a.Name, "is immutable and cannot be cleared")
		case a.Mutability == attr.Immutable && given && !a.Same(f, c):
			d.refuse(a.Name, "is immutable and already has another value")
		case a.Mutability == attr.Immutable:
			f.Set(c)
		case a.Mutability == attr.WriteOnly && !named: // AMB-24
			f.Set(c)
		case !given && a.Sub != nil && !a.MultiValued:
			if !d.keep(a, f, c, named) {
				continue
			}
		default:
			continue
		}
		o.assigned.Add(a.Bit)
	}
}

// keep takes over the parts of a complex value or extension that the client left out or set to null, and that stay all
// the same: immutable ones, writeOnly ones that were not named, and readOnly ones beside them. It says whether there were any.
func (d *decoder) keep(a *attr.Attribute, f, c reflect.Value, named bool) (kept bool) {
	if a.Pointer {
		c = c.Elem()
	}
	fresh := reflect.New(a.Elem).Elem()
	readOnly := false
	for _, s := range a.Sub.Attributes {
		from := s.Of(c)
		if !s.Assigned(from) {
			continue
		}
		switch {
		case s.Mutability == attr.Immutable && named:
			d.refuse(join(a, s.Name), "is immutable and cannot be cleared")
			kept = true
		case s.Mutability == attr.Immutable, s.Mutability == attr.WriteOnly && !named:
			s.Of(fresh).Set(from)
			kept = true
		case s.Mutability == attr.ReadOnly:
			s.Of(fresh).Set(from)
			readOnly = true
		}
	}
	// The readOnly part of a complex value goes with the value; an extension is no value but a place for several.
	if !kept && !(readOnly && a.IsExtension()) {
		return false
	}
	if a.Pointer {
		f.Set(reflect.New(a.Elem))
		f = f.Elem()
	}
	f.Set(fresh)
	return true
}

// refuse notes a change that the attribute's mutability does not allow.
func (d *decoder) refuse(path, detail string) {
	d.note(errors.New(errors.Mutability, "%s", detail))
	d.notes[len(d.notes)-1].path = path
}
