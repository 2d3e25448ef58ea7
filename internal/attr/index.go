package attr

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Index finds elements of a list by what tells them apart: the text of a simple value, or of the sub-attribute value.
// Comparing each element of two long lists with each would take the square of their length.
type Index struct {
	a      *Attribute
	places map[string][]int // nil: short lists are searched
	others []int            // elements without a key
}

// indexed is from which length on a list gets an index.
const indexed = 16

// NewIndex makes an index of a list of the attribute.
func NewIndex(a *Attribute, list reflect.Value) *Index {
	x := &Index{a: a}
	n := list.Len()
	if n < indexed {
		return x
	}
	x.places = make(map[string][]int, n)
	for i := range n {
		if key, ok := a.key(list.Index(i)); ok {
			x.places[key] = append(x.places[key], i)
		} else {
			x.others = append(x.others, i)
		}
	}
	return x
}

// Candidates calls yield with the places at which an element that is the same as e, or has the same value, can stand, until
// yield says that it has been found. n is the length of the list.
func (x *Index) Candidates(e reflect.Value, n int, yield func(i int) (found bool)) {
	key, ok := "", false
	if x.places != nil {
		key, ok = x.a.key(e)
	}
	if !ok {
		for i := range n {
			if yield(i) {
				return
			}
		}
		return
	}
	for k, i := range x.places[key] {
		if yield(i) {
			if places := x.places[key]; k == 0 { // an element is found once
				x.places[key] = places[1:]
			} else {
				x.places[key] = append(places[:k], places[k+1:]...)
			}
			return
		}
	}
	_ = slices.ContainsFunc(x.others, yield)
}

// key is the text that two elements share if they are the same; false where it cannot be told by a text.
func (a *Attribute) key(e reflect.Value) (string, bool) {
	if a.Pointer {
		if e.IsNil() {
			return "", false
		}
		e = e.Elem()
	}
	of := a
	if a.Sub != nil {
		if of = a.Sub.Value; of == nil || !of.Text {
			return "", false
		}
		e = of.Of(e)
	}
	if of.Type != String || of.Op != OpString {
		return "", false
	}
	s := e.String()
	if of.CaseExact {
		return s, s != ""
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf { // case folding beyond ASCII: compare one by one
			return "", false
		}
	}
	return strings.ToLower(s), s != ""
}
