package patch

import (
	"reflect"
	"slices"
	"sync"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
)

// listDiff finds the operations that change one list into another.
type listDiff struct {
	differ
	a  *attr.Attribute
	at func(sub *attr.Attribute, e filter.Expression) modify.Target
}

const (
	mostParts = 1000     // operations on parts of elements, above which a list is replaced
	longName  = 16 << 10 // bytes of a filter that names one element
)

// compare is false where the list is better replaced.
func (l *listDiff) compare(f, t reflect.Value) bool {
	at := places(l.a, f, t)
	from := l.named(f)
	stays := make([]bool, f.Len())
	added := reflect.MakeSlice(l.a.Slice, 0, 0)
	var late differ // sets parts; what unassigns them comes first, so that there are never two that are primary
	kept := 0
	for k, i := range at {
		e := t.Index(k)
		switch {
		case !told(l.a, e), i <= repeated && l.a.Sub != nil && l.a.Sub.IsKey():
		case i <= repeated:
			return false
		case i == absent:
			added = reflect.Append(added, e)
		case settled(l.a, f.Index(i), e):
			stays[i] = true
			kept++
		default:
			name := from(i)
			if name == nil {
				return false
			}
			if l.element(&late, name, f.Index(i), e) {
				stays[i] = true
				kept++
			} else {
				added = reflect.Append(added, e)
			}
		}
		if len(l.ops)+len(late.ops) > mostParts {
			return false
		}
	}
	if kept == 0 { // nothing in common
		return false
	}
	var gone []filter.Expression
	for i := range stays {
		if stays[i] || !told(l.a, f.Index(i)) {
			continue
		}
		name := from(i)
		if name == nil {
			return false
		}
		gone = append(gone, name)
	}
	for len(gone) > 0 {
		var e filter.Expression
		e, gone = modify.Either(gone)
		l.emit(modify.Remove, l.at(nil, e), reflect.Value{})
	}
	l.ops = append(l.ops, late.ops...)
	if added.Len() > 0 {
		l.emit(modify.Add, l.at(nil, nil), added)
	}
	return true
}

// settled says whether an element needs no change to become another: what differs, no PATCH changes.
func settled(a *attr.Attribute, f, t reflect.Value) bool {
	if a.Sub == nil || !a.AssignedOne(f) || !a.AssignedOne(t) {
		return a.IdenticalOne(f, t)
	}
	from, to := a.Pointed(f), a.Pointed(t)
	return a.Stands(f, t) && !slices.ContainsFunc(a.Sub.Attributes, func(sub *attr.Attribute) bool {
		was, is := sub.Of(from), sub.Of(to)
		return patched(a.Sub, sub) && !sub.Identical(was, is) && (sub.Mutability != attr.Immutable || !sub.Assigned(was) || sub.Assigned(is) && !sub.Same(was, is))
	})
}

// settledAll is settled for lists of the same order.
func settledAll(a *attr.Attribute, f, t reflect.Value) bool {
	n := f.Len()
	for i := range n {
		if n != t.Len() || !settled(a, f.Index(i), t.Index(i)) {
			return false
		}
	}
	return n == t.Len()
}

// told says whether an element has something that a client can say of it.
func told(a *attr.Attribute, e reflect.Value) bool {
	return a.AssignedOne(e) && (a.Sub == nil || worth(a.Sub, a.Pointed(e)))
}

func anyTold(a *attr.Attribute, list reflect.Value) bool {
	for i := range list.Len() {
		if told(a, list.Index(i)) {
			return true
		}
	}
	return false
}

// twice says whether two elements of a list stand for the same.
func twice(a *attr.Attribute, list reflect.Value) bool {
	return slices.ContainsFunc(places(a, reflect.Zero(a.Slice), list), func(at int) bool { return at <= repeated })
}

// named returns a function that gives the filter which matches just one element of a list, or nil where there is none.
func (l *listDiff) named(list reflect.Value) func(i int) filter.Expression {
	p := l.a.Sub
	count := sync.OnceValue(func() map[uint64]int { // of elements that have a value, by the value
		n := make(map[uint64]int, list.Len())
		if p != nil && p.Value != nil && !p.IsKey() {
			for i := range list.Len() {
				if e := list.Index(i); l.a.AssignedOne(e) {
					n[p.Value.Hash(p.Value.Of(l.a.Pointed(e)))]++
				}
			}
		}
		return n
	})
	alone := sync.OnceValue(func() bool { // no two stand for the same
		return !twice(l.a, list)
	})
	return func(i int) filter.Expression {
		if !alone() {
			return nil
		}
		e := list.Index(i)
		if p != nil {
			v := l.a.Pointed(e)
			if p.Value == nil || !p.Value.Assigned(p.Value.Of(v)) {
				return nil
			}
			typed := p.TypeAttr != nil && p.TypeAttr.Assigned(p.TypeAttr.Of(v))
			if !p.IsKey() && !typed && count()[p.Value.Hash(p.Value.Of(v))] > 1 {
				return nil
			}
		}
		x := modify.Naming(l.a, e)
		if x == nil || len(filter.Format(x)) > longName {
			return nil
		}
		return x
	}
}

// element finds the operations that change one element into another that stands for the same. It is false where an
// immutable part differs: the element goes, and another comes.
func (l *listDiff) element(late *differ, name filter.Expression, f, t reflect.Value) bool {
	if l.a.Sub == nil {
		late.emit(modify.Replace, l.at(nil, name), l.a.Pointed(t))
		return true
	}
	from, to := l.a.Pointed(f), l.a.Pointed(t)
	var first *attr.Attribute // primary, which comes last
	n, m := len(l.ops), len(late.ops)
	for _, sub := range l.a.Sub.Attributes {
		was, is := sub.Of(from), sub.Of(to)
		switch {
		case !patched(l.a.Sub, sub) || sub.Identical(was, is):
		case sub.Mutability == attr.Immutable && sub.Assigned(was):
			if sub.Assigned(is) && !sub.Same(was, is) {
				l.ops, late.ops = l.ops[:n], late.ops[:m]
				return false
			}
		case !sub.Assigned(is):
			l.emit(modify.Remove, l.at(sub, name), reflect.Value{})
		case sub == l.a.Sub.Primary && sub.True(is):
			first = sub
		case sub == l.a.Sub.Primary:
			l.emit(modify.Replace, l.at(sub, name), sub.Pointed(is))
		case sub.MultiValued:
			late.emit(modify.Replace, l.at(sub, name), is)
		default:
			late.emit(modify.Replace, l.at(sub, name), sub.Pointed(is))
		}
	}
	if first != nil {
		late.emit(modify.Replace, l.at(first, name), first.Pointed(first.Of(to)))
	}
	return true
}
