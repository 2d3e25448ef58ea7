package patch

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/resource"
)

// Diff finds operations of a PATCH (RFC 7644 section 3.5.2) that lead from one state of a resource to another, in
// normal form; nil where there is none. It lets a PUT be stored as the changes it makes, and a client send a
// PATCH instead of a resource.
//
// Left out of the comparison is what no PATCH changes: readOnly attributes, the order of lists, members that are there twice, and
// immutable parts of list elements that to does not name. So is what is never returned, such as a password: no
// operations do not mean that it is unchanged, and whoever stores a PUT has to look. A set immutable attribute that differs is an *errors.Error,
// 400 mutability.
//
// Changed elements of a list are named by filters where value and type tell them apart, in operations of at most a hundred;
// otherwise the list is replaced. The time taken is linear in the size of both.
func Diff[T any](from, to *T) (*resource.PatchOp[T], error) {
	ops, err := diff(reflect.ValueOf(from), reflect.ValueOf(to))
	if err != nil || len(ops) == 0 {
		return nil, err
	}
	return &resource.PatchOp[T]{Operations: ops}, nil
}

// DiffOf is [Diff] for resources of a type known at run time only: pointers to two of one type. The errors are those of Diff, and a
// plain one for anything else.
func DiffOf(from, to any) (*resource.PatchOp[any], error) {
	ops, err := diff(reflect.ValueOf(from), reflect.ValueOf(to))
	if err != nil || len(ops) == 0 {
		return nil, err
	}
	return &resource.PatchOp[any]{Operations: ops}, nil
}

func diff(from, to reflect.Value) ([]resource.PatchOperation, error) {
	for _, v := range []reflect.Value{from, to} {
		if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return nil, errNoResource
		}
	}
	if from.Type() != to.Type() {
		return nil, fmt.Errorf("scim: a %s does not become a %s by a PATCH", from.Type(), to.Type())
	}
	p, err := attr.Compile(from.Type())
	if err != nil {
		return nil, err
	}
	if p.Kind != attr.Resource {
		return nil, errNoResource
	}
	d := &differ{}
	d.attributes(p, nil, from.Elem(), to.Elem())
	return d.ops, d.faults.Err()
}

type differ struct {
	ops    []resource.PatchOperation
	faults errors.List
}

// emit adds an operation; v is invalid for a remove.
func (d *differ) emit(op modify.Op, t modify.Target, v reflect.Value) {
	o := resource.PatchOperation{Op: string(op), Path: t.Path}
	if v.IsValid() {
		o.Value = v.Interface()
	}
	d.ops = append(d.ops, o)
}

func (d *differ) refuse(path string) {
	d.faults = append(d.faults, &errors.Error{Status: 400, Type: errors.Mutability, Path: path, Detail: immutable})
}

// patched says whether a PATCH changes an attribute and an answer shows it.
func patched(p *attr.Plan, a *attr.Attribute) bool {
	return a != p.Schemas && a.Mutability != attr.ReadOnly && !p.Never.Has(a.Bit)
}

// any says whether a struct has a value that a PATCH changes.
func anyPatched(p *attr.Plan, v reflect.Value) bool {
	for _, a := range p.Attributes {
		if patched(p, a) && a.Assigned(a.Of(v)) {
			return true
		}
	}
	return false
}

// attributes compares the attributes of a resource or extension.
func (d *differ) attributes(p *attr.Plan, way []*attr.Attribute, from, to reflect.Value) {
	for _, a := range p.Attributes {
		if !patched(p, a) {
			continue
		}
		f, t := a.Of(from), a.Of(to)
		if a.IsExtension() {
			d.extension(way, a, f, t)
			continue
		}
		here := modify.At(p, way, a, nil, nil)
		was, is := a.Assigned(f), a.Assigned(t)
		switch {
		case a.Identical(f, t):
		case a.Mutability == attr.Immutable && was:
			if !a.Same(f, t) {
				d.refuse(here.Path)
			}
		case a.MultiValued:
			d.list(p, way, a, f, t)
		case a.Sub != nil:
			d.complex(p, way, a, f, t)
		case !is:
			d.emit(modify.Remove, here, reflect.Value{})
		default:
			d.emit(modify.Replace, here, a.Pointed(t))
		}
	}
}

// extension compares an extension.
func (d *differ) extension(way []*attr.Attribute, a *attr.Attribute, f, t reflect.Value) {
	way = append(append([]*attr.Attribute(nil), way...), a)
	from, to := structOf(a, f), structOf(a, t)
	switch {
	case !isNil(a, t) && anyPatched(a.Sub, to):
		start := len(d.ops)
		d.attributes(a.Sub, way, from, to)
		if !a.Required {
			return
		}
		last := func(o resource.PatchOperation) int {
			if o.Op == string(modify.Remove) && !strings.ContainsAny(o.Path[len(a.Sub.URN):], ".[") {
				return 1
			}
			return 0
		}
		// A required extension must not be empty on the way.
		slices.SortStableFunc(d.ops[start:], func(x, y resource.PatchOperation) int { return last(x) - last(y) })
	case isNil(a, f) || !anyPatched(a.Sub, from):
	case pinned(a.Sub, from, "") != "":
		d.refuse(pinned(a.Sub, from, ""))
	default:
		d.emit(modify.Remove, modify.At(a.Sub, way, nil, nil, nil), reflect.Value{})
	}
}

// isNil says that there is nothing at all, not even plain numbers and booleans that are zero.
func isNil(a *attr.Attribute, f reflect.Value) bool { return a.Pointer && f.IsNil() }

// structOf is the struct that a field holds, an empty one for none.
func structOf(a *attr.Attribute, f reflect.Value) reflect.Value {
	if !a.Pointer {
		return f
	}
	if f.IsNil() {
		return reflect.New(a.Elem).Elem()
	}
	return f.Elem()
}

// complex compares a single value with parts.
func (d *differ) complex(p *attr.Plan, way []*attr.Attribute, a *attr.Attribute, f, t reflect.Value) {
	here := modify.At(p, way, a, nil, nil)
	from, to := structOf(a, f), structOf(a, t)
	if isNil(a, t) || !anyPatched(a.Sub, to) {
		switch path := pinned(a.Sub, from, here.Path); {
		case !anyPatched(a.Sub, from):
		case path != "":
			d.refuse(path)
		default:
			d.emit(modify.Remove, here, reflect.Value{})
		}
		return
	}
	value := a.Sub.Value
	moved := value != nil && value.Assigned(value.Of(from)) && !value.Same(value.Of(from), value.Of(to))
	merged := reflect.New(a.Elem).Elem()
	for _, sub := range a.Sub.Attributes {
		if !patched(a.Sub, sub) {
			continue
		}
		was, is := sub.Of(from), sub.Of(to)
		same := sub.Identical(was, is)
		switch {
		case same && (!moved || sub != a.Sub.Ref) && (sub.Pointer || sub.Omit || sub.Op == attr.OpString): // plain numbers and booleans are always told
		case !same && sub.Mutability == attr.Immutable && sub.Assigned(was):
			if !sub.Same(was, is) {
				d.refuse(here.Path + "." + sub.Name)
			}
		case sub.Assigned(is):
			sub.Of(merged).Set(is)
		case sub.Assigned(was):
			d.emit(modify.Remove, modify.At(p, way, a, sub, nil), reflect.Value{})
		}
	}
	if anyPatched(a.Sub, merged) {
		d.emit(modify.Replace, here, merged)
	}
}

// list compares a multi-valued attribute.
func (d *differ) list(p *attr.Plan, way []*attr.Attribute, a *attr.Attribute, f, t reflect.Value) {
	here := modify.At(p, way, a, nil, nil)
	switch {
	case settledAll(a, f, t), !anyTold(a, f) && !anyTold(a, t):
		return
	case !anyTold(a, t):
		d.emit(modify.Remove, here, reflect.Value{})
		return
	case !a.Assigned(f) && !twice(a, t):
		d.emit(modify.Add, here, t)
		return
	case !a.Assigned(f):
		d.emit(modify.Replace, here, t)
		return
	}
	l := &listDiff{a: a, at: func(sub *attr.Attribute, e filter.Expression) modify.Target { return modify.At(p, way, a, sub, e) }}
	if l.compare(f, t) {
		d.ops = append(d.ops, l.ops...)
	} else {
		d.emit(modify.Replace, here, t)
	}
}
