package attr

import "reflect"

// Index finds elements of a list by a hash of what those share that are the same, or that have the same value. Comparing each element of
// two long lists with each would take the square of their length.
type Index struct {
	a     *Attribute
	list  reflect.Value
	whole bool             // elements are looked for by all their parts, not by their value
	used  []bool           // those that have been found: an element is found once
	first map[uint64]int32 // by hash: 1 + the first place with it; nil until it is needed, and for short lists, which are searched
	next  []int32          // by place: 1 + the next one with the same hash
	left  int              // all places before it are used
}

// indexed is from which length on a list gets an index.
const indexed = 16

// MostAlike is with how many others of the same hash an element is compared. More have it only in lists made to take time: one value
// under many types, say, or references of resources on many hosts, which have to share it. An element that is not found among
// so many counts as another one.
const MostAlike = 16

// near is among how many places, from the first that is left, an element without value is looked for. Lists come in nearly the same order.
const near = 64

// NewIndex makes an index of a list of the attribute, a complex one, by the sub-attribute value of its elements.
func NewIndex(a *Attribute, list reflect.Value) *Index {
	return &Index{a: a, list: list, used: make([]bool, list.Len())}
}

// Candidates calls yield with the places at which an element that is the same as e, or has the same value, can stand and none has
// been found yet, until yield says that it has been found. n is the length of the list. Candidates gives up after some of the same hash:
// then yield has not seen all. An element without value can be anywhere in a short list, and near the first that is left in a long one.
func (x *Index) Candidates(e reflect.Value, n int, yield func(i int) (found bool)) (gaveUp bool) {
	h, ok := uint64(0), false
	if n >= indexed {
		h, ok = x.hash(e)
	}
	if !ok {
		for x.left < n && x.used[x.left] {
			x.left++
		}
		most := min(n, x.left+near)
		for i := x.left; i < most; i++ {
			if !x.used[i] && yield(i) {
				x.used[i] = true
				return false
			}
		}
		return most < n
	}
	if x.first == nil {
		x.fill()
	}
	before, seen := -1, 0
	for i := int(x.first[h]) - 1; i >= 0; i = int(x.next[i]) - 1 {
		switch {
		case x.used[i] && before < 0:
			x.first[h] = x.next[i]
		case x.used[i]:
			x.next[before] = x.next[i]
		case seen == MostAlike:
			return true
		case yield(i):
			x.used[i] = true
			return false
		default:
			before = i
			seen++
		}
	}
	return false
}

// fill enters the places from the last to the first, so that those of one hash come in their order.
func (x *Index) fill() {
	n := x.list.Len()
	x.first, x.next = make(map[uint64]int32, n), make([]int32, n)
	for i := n - 1; i >= 0; i-- {
		if h, ok := x.hash(x.list.Index(i)); ok {
			x.next[i], x.first[h] = x.first[h], int32(i+1) //nolint:gosec // a list has fewer elements than a document has bytes
		}
	}
}

// hash is false for an element that has nothing to be found by.
func (x *Index) hash(e reflect.Value) (h uint64, ok bool) {
	p := x.a.Sub
	switch {
	case p == nil:
		return x.a.Hash(e), true
	case x.a.Pointer && e.IsNil():
		return 0, false
	case x.whole:
		return p.hashParts(x.a.Pointed(e), true), true
	case p.Value == nil:
		return 0, false
	}
	f := p.Value.Of(x.a.Pointed(e))
	if !p.Value.Assigned(f) {
		return 0, false
	}
	return p.Value.hashField(f), true
}
