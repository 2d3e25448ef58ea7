package patch

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/internal/opt"
)

// elements changes the elements that the filter of the path matches, or a part of them; without a filter all of them
// (AMB-15).
func (l *list) elements() *errors.Error {
	none := true
	var gone []bool
	lost := 0
	for i := range l.f.Len() {
		if !l.matches(l.c.Match, i) {
			continue
		}
		none = false
		was := l.at(i)
		now, err := l.element(was)
		if err != nil {
			return err
		}
		if l.firsts() {
			l.first = append(l.first, i)
		}
		if l.unaltered(was, now) {
			continue
		}
		if err := l.fixed(); err != nil {
			return err
		}
		if l.c.Op == modify.Remove && !worth(l.a.Sub, now) {
			if gone == nil {
				gone = make([]bool, l.f.Len())
			}
			gone[i] = true
			lost++
			continue
		}
		l.set(i, now)
	}
	switch {
	case none && l.c.Op != modify.Remove && l.c.Miss == modify.MissCreate:
		return l.create()
	case none:
		return l.missed(l.c)
	case lost > 0:
		return l.drop(gone, lost)
	}
	return nil
}

func (l *list) unaltered(was, now reflect.Value) bool {
	return l.a.IdenticalOne(field(l.a, was), field(l.a, now))
}

// element is what an element becomes.
func (l *list) element(was reflect.Value) (reflect.Value, *errors.Error) {
	now := reflect.New(l.a.Elem).Elem()
	if l.c.Sub != nil || l.c.Op == modify.Add && l.a.Sub != nil { // AMB-13
		now.Set(was)
		return now, l.parts(l.a.Sub, now, l.c)
	}
	now.Set(l.c.Value) // AMB-14
	if p := l.a.Sub; p != nil && p.Value != nil && p.Value.Same(p.Value.Of(was), p.Value.Of(now)) {
		if sub := keep(p, was, now); sub != nil {
			err := l.fault(l.c, errors.Mutability, immutable)
			err.Path += "." + sub.Name
			return now, err
		}
	}
	return now, nil
}

// firsts says whether the operation makes elements primary.
func (l *list) firsts() bool {
	p := l.a.Sub
	switch {
	case p == nil || p.Primary == nil || !l.c.Value.IsValid():
		return false
	case l.c.Sub != nil:
		return l.c.Sub == p.Primary && l.c.Value.Bool()
	}
	return p.Primary.True(p.Primary.Of(l.c.Value))
}

// create makes the element that an operation did not find (AMB-12), of the equality terms of the filter and the value.
func (l *list) create() *errors.Error {
	e, ok := l.c.Create()
	if !ok {
		return l.fault(l.c, errors.NoTarget, "matches no value that the resource has, and only a filter of eq terms joined by and tells what to create")
	}
	if err := l.fixed(); err != nil {
		return err
	}
	now := e
	if l.a.Sub == nil {
		now = l.c.Value
	} else if err := l.parts(l.a.Sub, now, l.c); err != nil {
		return err
	}
	if l.repaired != nil {
		l.repaired(opt.CreateOnMiss, l.c.Path, "")
	}
	l.append(field(l.a, now), 1)
	return nil
}

// primary makes all other elements not primary where the operation has made one so (RFC 7644 section 3.5.2).
func (l *list) primary() *errors.Error {
	switch len(l.first) {
	case 0:
		return nil
	case 1:
	default:
		return l.fault(l.c, errors.InvalidValue, "only one value can be primary, and the operation makes several so")
	}
	p := l.a.Sub.Primary
	for i := range l.f.Len() {
		if e := l.f.Index(i); i == l.first[0] || l.a.Pointer && e.IsNil() || !p.True(p.Of(l.a.Pointed(e))) {
			continue
		}
		now := l.at(i)
		p.Put(p.Of(now), reflect.Zero(p.Elem))
		l.set(i, now)
	}
	return nil
}

func anyPrimary(a *attr.Attribute, list reflect.Value) bool {
	for i := range list.Len() {
		if e := list.Index(i); (!a.Pointer || !e.IsNil()) && a.Sub.Primary.True(a.Sub.Primary.Of(a.Pointed(e))) {
			return true
		}
	}
	return false
}

// field makes one value what an element of the list holds.
func field(a *attr.Attribute, v reflect.Value) reflect.Value {
	if !a.Pointer {
		return v
	}
	p := reflect.New(a.Elem)
	p.Elem().Set(v)
	return p
}

// kept is an element of a new list that stands for the same as an element of the old one, with what it keeps of that. Where an
// immutable part differs, the old element has gone and another has come.
func kept(a *attr.Attribute, was, now reflect.Value) reflect.Value {
	if a.Sub == nil {
		return now
	}
	v := reflect.New(a.Elem).Elem()
	v.Set(a.Pointed(now))
	keep(a.Sub, a.Pointed(was), v)
	return field(a, v)
}

// keep takes over from an element that has the same value what a client does not set: readOnly parts, and immutable ones that
// it left out or wrote in another way. It returns an immutable part that differs.
func keep(p *attr.Plan, was, now reflect.Value) (differs *attr.Attribute) {
	for _, sub := range p.Attributes {
		f, g := sub.Of(was), sub.Of(now)
		switch {
		case sub.Mutability == attr.ReadOnly:
			g.Set(f)
		case sub.Mutability != attr.Immutable || !sub.Assigned(f):
		case !sub.Assigned(g) || sub.Same(f, g):
			g.Set(f)
		default:
			differs = sub
		}
	}
	return differs
}
