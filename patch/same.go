package patch

import (
	"reflect"
	"strings"

	"github.com/scimmodels/scim/internal/attr"
)

// pointer is the way to an element that a filter takes.
func pointer(a *attr.Attribute, e reflect.Value) any {
	if a.Pointer {
		return e.Interface()
	}
	return e.Addr().Interface()
}

// fieldOf makes a value of a change what a field of the attribute holds.
func fieldOf(a *attr.Attribute, v reflect.Value) reflect.Value {
	if !a.Pointer || v.Type() != a.Elem {
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
	for i := range told.Len() {
		found := false
		index.Candidates(told.Index(i), f.Len(), func(j int) bool {
			found = a.AssignedOne(f.Index(j)) && covers(a.Sub, a.Pointed(f.Index(j)), a.Pointed(told.Index(i)), false)
			return found
		})
		if !found {
			return false
		}
	}
	return true
}

// pinned is the path of an immutable part that has a value, where above leads to v; "" where there is none. Elements of
// lists may go, whatever is immutable in them.
func pinned(p *attr.Plan, v reflect.Value, above string) string {
	if above += "."; p.Kind == attr.Extension {
		above = p.URN + ":"
	}
	for _, a := range p.Attributes {
		f := a.Of(v)
		switch {
		case !a.Assigned(f) || a.Mutability == attr.ReadOnly:
		case a.Mutability == attr.Immutable:
			return above + a.Name
		case a.Sub != nil && !a.MultiValued:
			if path := pinned(a.Sub, a.Pointed(f), above+a.Name); path != "" {
				return path
			}
		}
	}
	return ""
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
	repeated = -2 // the value 0 does, at -3 the value 1 and so on: an earlier one
)

// few is up to how many values each element of a list is compared with each of them, rather than by a hash.
const few = 4

// places finds, in one pass over a list, the first element that stands for the same as each value.
func places(a *attr.Attribute, list, values reflect.Value) []int {
	n := values.Len()
	s := search{a: a, values: values, at: make([]int, n)}
	for k := range n {
		s.at[k] = absent
	}
	if n <= few {
		s.compare(list)
	} else {
		s.hash(list)
	}
	return s.at
}

// search is a pass over a list.
type search struct {
	a      *attr.Attribute
	values reflect.Value
	at     []int
}

// compare compares each element with each of few values.
func (s *search) compare(list reflect.Value) {
	var texts [few]string
	text := keyText(s.a)
	left := len(s.at)
	for k := range s.at {
		if text != nil {
			texts[k] = text.Of(s.values.Index(k)).String() //nolint:gosec // there are few at most
		}
		for j := range k {
			if s.at[k] == absent && s.at[j] == absent && s.a.Stands(s.values.Index(j), s.values.Index(k)) {
				s.at[k] = repeated - j
				left--
			}
		}
	}
	for i := 0; i < list.Len() && left > 0; i++ {
		e := list.Index(i)
		var found string
		if text != nil { // most elements differ in it
			found = text.Of(e).String()
		}
		for k := range s.at {
			if s.at[k] != absent || text != nil && !sameText(text, found, texts[k]) || !s.a.Stands(e, s.values.Index(k)) {
				continue
			}
			s.at[k] = i
			left--
		}
	}
}

// keyText is the sub-attribute value of elements, where that is a plain string.
func keyText(a *attr.Attribute) *attr.Attribute {
	if a.Sub == nil || a.Pointer || a.Sub.Value == nil || !a.Sub.Value.Text || a.Sub.Value.Type != attr.String {
		return nil
	}
	return a.Sub.Value
}

func sameText(a *attr.Attribute, s, t string) bool {
	return s == t || !a.CaseExact && strings.EqualFold(s, t)
}

// hash finds the values that an element may stand for by a hash of it.
func (s *search) hash(list reflect.Value) {
	first := make(map[uint64]int32, len(s.at)) // values by hash: 1 + the last one with it
	next := make([]int32, len(s.at))           // 1 + the one before it with the same hash
	left := 0
	for k := range s.at {
		v := s.values.Index(k)
		h := s.a.Hash(v)
		for j, n := first[h], 0; j > 0 && n < attr.MostAlike; j, n = next[j-1], n+1 {
			if s.a.Stands(s.values.Index(int(j-1)), v) {
				s.at[k] = repeated - int(j-1)
				break
			}
		}
		if s.at[k] == absent {
			next[k], first[h] = first[h], int32(k+1)
			left++
		}
	}
	for i := 0; i < list.Len() && left > 0; i++ {
		e := list.Index(i)
		for j, n := first[s.a.Hash(e)], 0; j > 0 && n < attr.MostAlike; j, n = next[j-1], n+1 {
			if k := int(j - 1); s.at[k] == absent && s.a.Stands(e, s.values.Index(k)) {
				s.at[k] = i
				left--
			}
		}
	}
}
