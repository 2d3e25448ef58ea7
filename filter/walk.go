package filter

import (
	"reflect"

	"github.com/scimmodels/scim/internal/attr"
)

// leaf looks at one value, its pointer followed. present says that it counts as a value at all.
type leaf func(f reflect.Value) (matched, present bool)

// walk leads a leaf along steps, from a struct to the values that an attribute path names. One match is enough
// (RFC 7644 section 3.4.2.2: any value of a multi-valued attribute).
func walk(steps []*attr.Attribute, l leaf) leaf {
	for i := len(steps) - 1; i >= 0; i-- {
		l = step(steps[i], l)
	}
	return l
}

// step leads from a struct to the values of one attribute.
func step(a *attr.Attribute, next leaf) leaf {
	field := accessor(a.Index)
	switch {
	case a.MultiValued:
		return func(v reflect.Value) (matched, present bool) {
			f := field(v)
			for i := range f.Len() {
				e := f.Index(i)
				if a.Pointer {
					if e.IsNil() {
						continue
					}
					e = e.Elem()
				}
				m, p := next(e)
				if m {
					return true, true
				}
				present = present || p
			}
			return false, present
		}
	case a.Pointer:
		return func(v reflect.Value) (matched, present bool) {
			f := field(v)
			if f.IsNil() {
				return false, false
			}
			return next(f.Elem())
		}
	}
	return func(v reflect.Value) (matched, present bool) { return next(field(v)) }
}

// accessor finds a field. The usual depths are spelled out: a loop would cost as much as the comparison.
func accessor(index []int) func(reflect.Value) reflect.Value {
	switch len(index) {
	case 1:
		i := index[0]
		return func(v reflect.Value) reflect.Value { return v.Field(i) }
	case 2:
		i, j := index[0], index[1]
		return func(v reflect.Value) reflect.Value { return v.Field(i).Field(j) }
	case 3:
		i, j, k := index[0], index[1], index[2]
		return func(v reflect.Value) reflect.Value { return v.Field(i).Field(j).Field(k) }
	}
	return func(v reflect.Value) reflect.Value {
		for _, i := range index {
			v = v.Field(i)
		}
		return v
	}
}
