package patch

import (
	"reflect"

	"github.com/scimmodels/scim/internal/attr"
)

// pointed is the struct or value that a field holds or points to.
func pointed(a *attr.Attribute, f reflect.Value) reflect.Value {
	if a.Pointer {
		return f.Elem()
	}
	return f
}

// pointer is the way to an element that a filter takes.
func pointer(a *attr.Attribute, e reflect.Value) any {
	if a.Pointer {
		return e.Interface()
	}
	return e.Addr().Interface()
}

// put sets a field or an element to one value. It never writes through a pointer, which may be shared.
func put(a *attr.Attribute, f, one reflect.Value) {
	if !a.Pointer {
		f.Set(one)
		return
	}
	p := reflect.New(a.Elem)
	p.Elem().Set(one)
	f.Set(p)
}

// fieldOf makes a value of a change what a field of the attribute holds.
func fieldOf(a *attr.Attribute, v reflect.Value) reflect.Value {
	if a.MultiValued || !a.Pointer {
		return v
	}
	p := reflect.New(a.Elem)
	p.Elem().Set(v)
	return p
}

// covers says whether each assigned part of told is the same in v. meta is told by the service when it answers, so a part
// that is not stored can be right (resource.Locate).
func covers(p *attr.Plan, v, told reflect.Value, meta bool) bool {
	for _, sub := range p.Attributes {
		f, g := sub.Of(v), sub.Of(told)
		if sub.Assigned(g) && !sub.Same(f, g) && (!meta || sub.Assigned(f)) {
			return false
		}
	}
	return true
}

// repeats says whether a client's list has the elements of the stored one, as far as it tells of them.
func repeats(a *attr.Attribute, f, told reflect.Value) bool {
	if f.Len() != told.Len() {
		return false
	}
	if a.Sub == nil {
		return a.Same(f, told)
	}
	index := attr.NewIndex(a, f)
	used := make([]bool, f.Len())
	for i := range told.Len() {
		found := false
		index.Candidates(told.Index(i), f.Len(), func(j int) bool {
			if found = !used[j] && covers(a.Sub, pointed(a, f.Index(j)), pointed(a, told.Index(i)), false); found {
				used[j] = true
			}
			return found
		})
		if !found {
			return false
		}
	}
	return true
}

// pinned is an immutable part that has a value; nil where there is none.
func pinned(p *attr.Plan, v reflect.Value) *attr.Attribute {
	for _, a := range p.Attributes {
		if a.Mutability == attr.Immutable && a.Assigned(a.Of(v)) {
			return a
		}
	}
	return nil
}

// worth says whether a complex value has more left than what only a server sets.
func worth(p *attr.Plan, v reflect.Value) bool {
	for _, a := range p.Attributes {
		if a.Mutability != attr.ReadOnly && a.Assigned(a.Of(v)) {
			return true
		}
	}
	return false
}

// appended is a list with the values that are not in it yet.
func appended(a *attr.Attribute, list, values reflect.Value) reflect.Value {
	n := list.Len()
	all := reflect.MakeSlice(a.Slice, n, n+values.Len())
	reflect.Copy(all, list)
	for i, at := range places(a, list, values) {
		if at == absent {
			all = reflect.Append(all, values.Index(i))
		}
	}
	return all
}

// What [places] says of a value that no element of the list stands for.
const (
	absent   = -1
	repeated = -2 // an earlier value does
)

// few is up to how many values each element of a list is compared with each of them, rather than by a hash.
const few = 4

// places finds, in one pass over a list, the first element that stands for the same as each value.
func places(a *attr.Attribute, list, values reflect.Value) []int {
	at := make([]int, values.Len())
	left := len(at)
	candidates := func(reflect.Value) []int { return nil }
	if len(at) <= few {
		all := make([]int, 0, few)
		candidates = func(reflect.Value) []int { return all }
		for k := range at {
			at[k] = absent
			for _, j := range all {
				if a.Stands(values.Index(j), values.Index(k)) {
					at[k] = repeated
				}
			}
			if at[k] == absent {
				all = append(all, k)
			} else {
				left--
			}
		}
	} else {
		hashed := make(map[uint64][]int, len(at))
		candidates = func(e reflect.Value) []int { return hashed[a.Hash(e)] }
		for k := range at {
			at[k] = absent
			h := a.Hash(values.Index(k))
			for _, j := range hashed[h] {
				if a.Stands(values.Index(j), values.Index(k)) {
					at[k] = repeated
				}
			}
			if at[k] == absent {
				hashed[h] = append(hashed[h], k)
			} else {
				left--
			}
		}
	}
	for i := 0; i < list.Len() && left > 0; i++ {
		e := list.Index(i)
		for _, k := range candidates(e) {
			if at[k] == absent && a.Stands(e, values.Index(k)) {
				at[k] = i
				left--
			}
		}
	}
	return at
}
