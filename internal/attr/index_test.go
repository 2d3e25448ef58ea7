package attr_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

// An index finds an element however its value is spelled, and whatever kind of value that is, among few others.
func TestCandidates(t *testing.T) {
	const many = 1000
	p := attr.Of(reflect.TypeFor[Stood]())
	for _, c := range []struct {
		name, attr string
		list       func(i int) any
		sought     any
		want       []int
	}{
		{"7643-2.4-08/text", "typed", func(i int) any { return StoodTyped{Value: fmt.Sprintf("a%d", i)} }, StoodTyped{Value: "A700"}, []int{700}},
		{"7643-2.4-08/text beyond ASCII", "typed", func(i int) any { return StoodTyped{Value: fmt.Sprintf("\u00fc%d", i)} }, StoodTyped{Value: "\u00dc700"}, []int{700}},
		{"7643-2.4-08/pointers", "pTyped", func(i int) any {
			if i%2 == 0 {
				return (*StoodTyped)(nil)
			}
			return &StoodTyped{Value: strconv.Itoa(i)}
		}, &StoodTyped{Value: "701", Type: "t"}, []int{701}},
		{"7643-2.4-08/case counts", "keys", func(i int) any { return StoodKey{Value: fmt.Sprintf("a%d", i)} }, StoodKey{Value: "A700"}, nil},
		{"7643-2.4-08/of several types", "keys", func(i int) any { return StoodKey{Value: strconv.Itoa(i % 250), Type: strconv.Itoa(i)} }, StoodKey{Value: "7"}, []int{7, 257, 507, 757}},
		{"7643-2.4-08/numbers", "numbers", func(i int) any { return StoodNumber{Value: new(i)} }, StoodNumber{Value: new(700)}, []int{700}},
		{"7643-2.4-08/lists", "several", func(i int) any { return StoodSeveral{Value: []string{"a", strconv.Itoa(i)}} }, StoodSeveral{Value: []string{"700", "A"}}, []int{700}},
		{"7643-2.4-07/one path on many hosts", "pictures", func(i int) any { return StoodPicture{Value: fmt.Sprintf("https://h%d/x", i)} }, StoodPicture{Value: "HTTPS://H700:443/a/../x"}, []int{700}},
		{"7643-2.4-07/another scheme", "pictures", func(i int) any { return StoodPicture{Value: fmt.Sprintf("https://h%d/x", i)} }, StoodPicture{Value: "http://h700/x"}, nil},
		{"7643-2.4-07/another user", "pictures", func(i int) any { return StoodPicture{Value: fmt.Sprintf("https://u%d@h/x", i)} }, StoodPicture{Value: "https://u700@h/x"}, []int{700}},
		{"7643-2.4-07/without scheme", "pictures", func(i int) any { return StoodPicture{Value: fmt.Sprintf("//h/%d", i)} }, StoodPicture{Value: "/700"}, []int{700}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := p.Lookup(c.attr)
			list := reflect.MakeSlice(a.Slice, many, many)
			for i := range many {
				list.Index(i).Set(reflect.ValueOf(c.list(i)))
			}
			var got []int
			gaveUp := attr.NewIndex(a, list).Candidates(reflect.ValueOf(c.sought), many, func(i int) bool {
				got = append(got, i)
				return false
			})
			assert.Equal(t, c.want, got)
			assert.False(t, gaveUp)
		})
	}
}

// Where many are alike few are looked at, and each that has been found makes room for another.
func TestCandidatesAlike(t *testing.T) {
	const most = 16
	p := attr.Of(reflect.TypeFor[Stood]())
	a := p.Lookup("keys")
	for _, n := range []int{most - 1, most, most + 1, 1000} {
		list := reflect.MakeSlice(a.Slice, n, n)
		for i := range n {
			list.Index(i).Set(reflect.ValueOf(StoodKey{Value: "v", Type: strconv.Itoa(i)}))
		}
		x := attr.NewIndex(a, list)
		look := func(found func(i int) bool) (seen int, gaveUp bool) {
			gaveUp = x.Candidates(list.Index(0), n, func(i int) bool {
				seen++
				return found(i)
			})
			return seen, gaveUp
		}
		never := func(int) bool { return false }
		seen, gaveUp := look(never)
		assert.Equal(t, min(n, most), seen, "of %d", n)
		assert.Equal(t, n > most, gaveUp, "of %d", n)

		for i := range n { // in the same order each is the first that is left
			seen, gaveUp = look(func(k int) bool { return k == i })
			require.Equal(t, 1, seen, "%d of %d", i, n)
			require.False(t, gaveUp)
		}
		seen, gaveUp = look(never)
		assert.Zero(t, seen, "an element is found once")
		assert.False(t, gaveUp)
	}
	t.Run("without value", func(t *testing.T) {
		list := reflect.ValueOf([]StoodKey{{Value: "a"}, {Type: "t"}})
		seen := 0
		assert.False(t, attr.NewIndex(a, list).Candidates(reflect.ValueOf(StoodKey{Type: "t"}), 2, func(i int) bool {
			seen++
			return i == 1
		}))
		assert.Equal(t, 2, seen, "may be any")

		const many = 1000
		list = reflect.MakeSlice(a.Slice, many, many)
		x := attr.NewIndex(a, list)
		looked := func(found func(i int) bool) (places []int, gaveUp bool) {
			gaveUp = x.Candidates(list.Index(0), many, func(i int) bool {
				places = append(places, i)
				return found(i)
			})
			return places, gaveUp
		}
		for i := range many - 100 {
			places, gaveUp := looked(func(int) bool { return true })
			require.Equal(t, []int{i}, places, "in the same order each is the first that is left")
			require.False(t, gaveUp)
		}
		places, gaveUp := looked(func(i int) bool { return i == many-98 })
		assert.Equal(t, []int{many - 100, many - 99, many - 98}, places)
		assert.False(t, gaveUp)
		places, gaveUp = looked(func(int) bool { return false })
		assert.Len(t, places, 63, "64 places, and one of them is used")
		assert.True(t, gaveUp)
	})
}

// Long lists are compared by way of an index: the result is the one that comparing each element with each has.
func TestSameLong(t *testing.T) {
	const many = 24
	p := attr.Of(reflect.TypeFor[Stood]())
	for _, a := range p.Attributes {
		t.Run(a.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(a.Bit), 7))
			results := map[bool]int{}
			for round := range 300 {
				x := reflect.MakeSlice(a.Slice, many, many)
				for i := range many {
					chanceOne(r, a, x.Index(i))
				}
				y := reflect.MakeSlice(a.Slice, many, many)
				for i, k := range r.Perm(many) {
					y.Index(i).Set(x.Index(k))
				}
				if round%2 == 0 { // by chance another or the same
					e := y.Index(r.IntN(many))
					e.SetZero()
					chanceOne(r, a, e)
				}
				want := sameSlowly(a, x, y)
				results[want]++
				require.Equal(t, want, a.Same(x, y), "%s\n%s", one(x), one(y))
			}
			assert.Greater(t, results[true], 10)
			assert.Greater(t, results[false], 10)
		})
	}
}

// sameSlowly is [attr.Attribute.Same] of two lists without an index.
func sameSlowly(a *attr.Attribute, x, y reflect.Value) bool {
	used := make([]bool, y.Len())
	for i := range x.Len() {
		if !a.AssignedOne(x.Index(i)) {
			continue
		}
		found := false
		match := func(j int) bool {
			found = !used[j] && a.AssignedOne(y.Index(j)) && a.SameOne(x.Index(i), y.Index(j))
			used[j] = used[j] || found
			return found
		}
		match(i)
		for j := 0; j < y.Len() && !found; j++ {
			match(j)
		}
		if !found {
			return false
		}
	}
	for j := range used {
		if !used[j] && a.AssignedOne(y.Index(j)) {
			return false
		}
	}
	return true
}

// Lists made to take time count as different where many elements share a hash; others are the same in any order, however long.
func TestSameMany(t *testing.T) {
	const many = 1000
	p := attr.Of(reflect.TypeFor[Stood]())
	for _, c := range []struct {
		name, attr string
		list       func(i int) any
		want       bool
	}{
		{"one text", "texts", func(int) any { return "a" }, true},
		{"texts beyond ASCII", "texts", func(i int) any { return fmt.Sprintf("\u00fc%d", i) }, true},
		{"one value of many types", "typed", func(i int) any { return StoodTyped{Value: "v", Type: strconv.Itoa(i)} }, true},
		{"told apart by a readOnly part", "typed", func(i int) any { return StoodTyped{Seen: strconv.Itoa(i)} }, true},
		{"without value", "names", func(i int) any { return Name{HonorificSuffix: strconv.Itoa(i)} }, true},
		{"one path on many hosts", "links", func(i int) any { return fmt.Sprintf("https://h%d/x", i) }, true},
		{"resources of one path on many hosts", "refs", func(i int) any { return fmt.Sprintf("https://h%d/Users/1", i) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := p.Lookup(c.attr)
			x, y := reflect.MakeSlice(a.Slice, many, many), reflect.MakeSlice(a.Slice, many, many)
			for i := range many {
				x.Index(i).Set(reflect.ValueOf(c.list(i)))
				y.Index(many - 1 - i).Set(x.Index(i))
			}
			assert.Equal(t, c.want, a.Same(x, y))
			assert.True(t, a.Same(x, x), "the same order")
		})
	}
}
