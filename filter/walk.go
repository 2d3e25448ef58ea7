package filter

import (
	"reflect"
	"slices"

	"github.com/scimmodels/scim/internal/attr"
)

// test says whether a struct, or one value of an attribute, meets a condition.
type test func(v reflect.Value) bool

// some leads a test along steps, from a struct to the values that an attribute path names. One value that meets it is
// enough (RFC 7644 section 3.4.2.2: any value of a multi-valued attribute); what is not there meets nothing.
func some(steps []*attr.Attribute, t test) test {
	for _, a := range slices.Backward(steps) {
		t = step(a, t)
	}
	return t
}

// step leads from a struct to the values of one attribute.
func step(a *attr.Attribute, next test) test {
	at := placeOf(a)
	switch {
	case a.MultiValued && a.Pointer:
		return deep(a, func(v reflect.Value) bool {
			f := at.of(v)
			for i := range f.Len() {
				if e := f.Index(i); !e.IsNil() && next(e.Elem()) {
					return true
				}
			}
			return false
		})
	case a.MultiValued:
		return deep(a, func(v reflect.Value) bool {
			f := at.of(v)
			for i := range f.Len() {
				if next(f.Index(i)) {
					return true
				}
			}
			return false
		})
	case a.Pointer && at.depth == 1: // extensions
		return func(v reflect.Value) bool {
			f := v.Field(at.i).Elem()
			return f.IsValid() && next(f)
		}
	case a.Pointer:
		return deep(a, func(v reflect.Value) bool {
			f := at.of(v).Elem()
			return f.IsValid() && next(f)
		})
	}
	if unwritten(a) {
		return deep(a, func(v reflect.Value) bool {
			f := at.of(v)
			return !f.IsZero() && next(f)
		})
	}
	return deep(a, func(v reflect.Value) bool { return next(at.of(v)) })
}

// unwritten says that the codec does not write a complex value whose fields are all zero, though there is a plain number or boolean
// among them: nobody has assigned it.
func unwritten(a *attr.Attribute) bool {
	return a.Op == attr.OpStruct && a.Sub.Plainly && !a.Required && !a.Pointer && !a.MultiValued
}

// place is where a field lies in a struct: the last three of its indices, the usual depths spelled out, since a loop costs
// as much as a comparison. It is passed by value so that closures hold it themselves.
type place struct{ depth, i, j, k int }

func placeOf(a *attr.Attribute) place {
	index := a.Index[max(0, len(a.Index)-3):]
	switch len(index) {
	case 1:
		return place{1, index[0], 0, 0}
	case 2:
		return place{2, index[0], index[1], 0}
	}
	return place{3, index[0], index[1], index[2]}
}

func (p place) of(v reflect.Value) reflect.Value {
	v = v.Field(p.i)
	if p.depth == 1 {
		return v
	}
	v = v.Field(p.j)
	if p.depth == 2 {
		return v
	}
	return v.Field(p.k)
}

// deep leads a test that goes on from the place of an attribute to that place, where structs are embedded deeper still.
func deep(a *attr.Attribute, t test) test {
	for n := len(a.Index) - 4; n >= 0; n-- {
		i, next := a.Index[n], t
		t = func(v reflect.Value) bool { return next(v.Field(i)) }
	}
	return t
}

// assigned says whether one value, its pointer followed, counts as a value: AMB-34 and AMB-07. What is never returned
// does not count, for a filter could find it out.
func assigned(a *attr.Attribute, f reflect.Value) bool {
	switch a.Op {
	case attr.OpString, attr.OpBytes, attr.OpRaw:
		return f.Len() > 0
	case attr.OpTime:
		return !attr.Time(f).IsZero()
	case attr.OpAny:
		return !f.IsNil()
	case attr.OpStruct:
		if unwritten(a) && f.IsZero() {
			return false
		}
		for _, s := range a.Sub.Attributes {
			if !a.Sub.Never.Has(s.Bit) && anyAssigned(s, s.Of(f)) {
				return true
			}
		}
		return false
	case attr.OpBool, attr.OpInt, attr.OpUint, attr.OpFloat:
	}
	return a.Pointer || a.MultiValued || !a.Omit || !f.IsZero()
}

// anyAssigned is [assigned] for the field of an attribute.
func anyAssigned(a *attr.Attribute, f reflect.Value) bool {
	if !a.MultiValued {
		return one(a, f)
	}
	for i := range f.Len() {
		if one(a, f.Index(i)) {
			return true
		}
	}
	return false
}

// one is [assigned] for a value that may be a pointer.
func one(a *attr.Attribute, f reflect.Value) bool {
	if a.Pointer {
		return !f.IsNil() && assigned(a, f.Elem())
	}
	return assigned(a, f)
}
