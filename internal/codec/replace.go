package codec

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
)

// stored is the counterpart, in the resource being replaced, of the object that is being read.
type stored struct {
	v     reflect.Value   // the counterpart itself; invalid where it has yet to be found or there is none
	a     *attr.Attribute // of an element: the attribute
	list  reflect.Value   // of an element: the stored elements
	index *attr.Index     // of those that are no counterparts of others yet
	// alone is set by pair where it finds no counterpart, and lone has the places of such elements in the document and in
	// the new list.
	alone bool
	lone  [][2]int
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
		return &stored{a: a, list: f}
	}
	if a.Pointer {
		if f.IsNil() {
			return nil
		}
		f = f.Elem()
	}
	return &stored{v: f}
}

// pair finds the stored element that v, an element of the new list, is the new state of: one with the same value whose
// immutable parts agree. Elements with the same value that differ there come and go by themselves, unless nothing else
// accounts for both: see conflicts.
func (s *stored) pair(v reflect.Value) reflect.Value {
	if s.v.IsValid() || s.a == nil {
		return s.v
	}
	found, _ := s.find(v, func(e reflect.Value) bool { return differs(s.a.Sub, v, e) == nil })
	s.alone = !found.IsValid()
	return found
}

// find finds a stored element with the value of v that has no counterpart yet and suits. It gives up where too many are alike.
func (s *stored) find(v reflect.Value, suits func(e reflect.Value) bool) (found reflect.Value, gaveUp bool) {
	if value := s.a.Sub.Value; value == nil || !value.Assigned(value.Of(v)) {
		return found, false
	}
	if s.index == nil {
		s.index = attr.NewIndex(s.a, s.list)
	}
	key := v
	if s.a.Pointer {
		key = v.Addr()
	}
	gaveUp = s.index.Candidates(key, s.list.Len(), func(i int) bool {
		e := s.a.Pointed(s.list.Index(i))
		if !e.IsValid() || !s.sameValue(v, e) || !suits(e) {
			return false
		}
		found = e
		return true
	})
	return found, gaveUp
}

// sameValue says whether two elements, of which v has a value, have the same: RFC 7643 section 2.4 makes it what tells them apart.
func (s *stored) sameValue(v, e reflect.Value) bool {
	value := s.a.Sub.Value
	return value.Same(value.Of(v), value.Of(e))
}

// differs finds an immutable part in which v would change e; nil when there is none.
func differs(p *attr.Plan, v, e reflect.Value) *attr.Attribute {
	for _, a := range p.Attributes {
		if !fixed(p, a) {
			continue
		}
		if x, y := a.Of(v), a.Of(e); a.Assigned(x) && a.Assigned(y) && !a.Same(x, y) {
			return a
		}
	}
	return nil
}

// fixed says whether a part of an element cannot change while the element stays what it is.
func fixed(p *attr.Plan, a *attr.Attribute) bool {
	return a.Mutability == attr.Immutable && a != p.Value
}

// conflict says which immutable part an element without counterpart changes in a stored element of the same value that
// has no counterpart either (RFC 7644 section 3.5.1); nil when there is none. Where so many are alike that it cannot be told, or that
// pair has missed one that suits, the change is refused all the same: taken as new, the element would replace a stored one
// whose immutable parts it leaves out or sets to something else. Elements without such parts may come and go.
func (s *stored) conflict(v reflect.Value) *attr.Attribute {
	e, gaveUp := s.find(v, func(reflect.Value) bool { return true })
	if e.IsValid() {
		if a := differs(s.a.Sub, v, e); a != nil {
			return a
		}
	}
	if !e.IsValid() && !gaveUp {
		return nil
	}
	for _, a := range s.a.Sub.Attributes {
		if fixed(s.a.Sub, a) {
			return a
		}
	}
	return nil
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
		if !a.Assigned(c) || o.faulty.Has(a.Bit) {
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
			if !d.keep(a, f, c, named && !o.blank.Has(a.Bit)) { // {} names no part
				continue
			}
		default:
			continue
		}
		o.assigned.Add(a.Bit)
	}
}

// keep takes over the parts of a complex value or extension that the client left out or set to null, and that stay all
// the same: immutable ones, writeOnly ones that were not named, and the required and readOnly ones beside them. It says whether there were any.
func (d *decoder) keep(a *attr.Attribute, f, c reflect.Value, named bool) (kept bool) {
	if a.Pointer {
		c = c.Elem()
	}
	fresh := reflect.New(a.Elem)
	n := len(d.notes)
	readOnly := false
	for _, s := range a.Sub.Attributes {
		from, to := s.Of(c), s.Of(fresh.Elem())
		if !s.Assigned(from) {
			continue
		}
		switch {
		case s.Mutability == attr.Immutable && named:
			d.refuse(s.Name, "is immutable and cannot be cleared")
			kept = true
		case s.Mutability == attr.Immutable, s.Mutability == attr.WriteOnly && !named:
			to.Set(from)
			kept = true
		case s.Mutability == attr.ReadOnly:
			to.Set(from)
			readOnly = true
		case s.Sub != nil && !s.MultiValued:
			kept = d.keep(s, to, from, named) || kept
		}
	}
	if kept && len(d.notes) == n { // a client that left out all of it did not ask for half of it: what is required beside such parts stays, too
		for _, s := range a.Sub.Attributes {
			from, to := s.Of(c), s.Of(fresh.Elem())
			switch {
			case !a.Sub.Client.Has(s.Bit), s.Assigned(to):
			case s.Assigned(from):
				to.Set(from)
			default:
				d.note(errors.New(errors.InvalidValue, "%s", lacking(s, d.o.Mode)))
				d.notes[len(d.notes)-1].path = s.Name
			}
		}
	}
	for k := n; k < len(d.notes); k++ {
		d.notes[k].path = join(a, d.notes[k].path)
	}
	// The readOnly part of a complex value goes with the value; an extension is no value but a place for several.
	if !kept && (!readOnly || !a.IsExtension()) {
		return false
	}
	if a.Pointer {
		f.Set(fresh)
	} else {
		f.Set(fresh.Elem())
	}
	return true
}

// conflicts notes, once a list has been read, elements that change an immutable part of a stored one.
func (d *decoder) conflicts(s *stored, f reflect.Value) {
	for _, place := range s.lone {
		if d.full() {
			return
		}
		if a := s.conflict(s.a.Pointed(f.Index(place[1]))); a != nil {
			d.refuse(at(place[0], a.Name), "is immutable and already has another value")
		}
	}
}

// refuse notes a change that the attribute's mutability does not allow.
func (d *decoder) refuse(path, detail string) {
	d.note(errors.New(errors.Mutability, "%s", detail))
	d.notes[len(d.notes)-1].path = path
}
