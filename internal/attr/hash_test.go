package attr_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

// Stood has a list for each way in which elements can be told apart.
type Stood struct {
	Texts    []string       `json:"texts,omitempty"`
	PTexts   []*string      `json:"pTexts,omitempty"`
	Exacts   []string       `json:"exacts,omitempty" scim:"caseExact"`
	Refs     []string       `json:"refs,omitempty" scim:"referenceTypes=User"`
	Links    []string       `json:"links,omitempty" scim:"referenceTypes=external"`
	Flags    []bool         `json:"flags,omitempty"`
	Ints     []int          `json:"ints,omitempty"`
	Smalls   []*uint8       `json:"smalls,omitempty"`
	Floats   []float64      `json:"floats,omitempty"`
	Halves   []float32      `json:"halves,omitempty"`
	Times    []time.Time    `json:"times,omitempty"`
	Blobs    [][]byte       `json:"blobs,omitempty"`
	Typed    []StoodTyped   `json:"typed,omitempty"`
	PTyped   []*StoodTyped  `json:"pTyped,omitempty"`
	Keys     []StoodKey     `json:"keys,omitempty"`
	Names    []Name         `json:"names,omitempty"`
	Numbers  []StoodNumber  `json:"numbers,omitempty"`
	Instants []StoodInstant `json:"instants,omitempty"`
	Pictures []StoodPicture `json:"pictures,omitempty"`
	Several  []StoodSeveral `json:"several,omitempty"`
	Kinds    []StoodKinds   `json:"kinds,omitempty"`
}

// StoodTyped is told apart by value and type, without value by everything but the readOnly part.
type StoodTyped struct {
	Value   string   `json:"value,omitempty"`
	Type    string   `json:"type,omitempty"`
	Display *string  `json:"display,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	Primary *bool    `json:"primary,omitempty"`
	Seen    string   `json:"seen,omitempty" scim:"mutability=readOnly"`
}

// StoodKey is told apart by value alone.
type StoodKey struct {
	Value string `json:"value,omitempty" scim:"caseExact,mutability=immutable"`
	Type  string `json:"type,omitempty" scim:"mutability=immutable"`
}

// StoodNumber has a value that is no string.
type StoodNumber struct {
	Value *int   `json:"value,omitempty"`
	Type  *int   `json:"type,omitempty"`
	Other string `json:"other,omitempty"`
}

// StoodInstant has a value that can be written in several ways, and so has its type.
type StoodInstant struct {
	Value time.Time `json:"value,omitzero"`
	Type  []byte    `json:"type,omitempty"`
}

// StoodPicture has a value that is a link.
type StoodPicture struct {
	Value string `json:"value,omitempty" scim:"referenceTypes=external"`
	Type  string `json:"type,omitempty"`
}

// StoodSeveral has a value that is a list.
type StoodSeveral struct {
	Value   []string `json:"value,omitempty"`
	Display string   `json:"display,omitempty"`
}

// StoodKinds has a type that is a list and so does not tell elements apart.
type StoodKinds struct {
	Value string   `json:"value,omitempty"`
	Type  []string `json:"type,omitempty"`
}

// alike are texts of which some are one without regard to case: pairs and threes that fold together, a letter whose capital
// is another's, and bytes that are no UTF-8.
var alike = []string{
	"", "a", "A", "k", "K", "\u212a", "s", "S", "\u017f", "\u00df", "\u1e9e", "ss", "\u03c3", "\u03a3", "\u03c2", "\u00b5", "\u03bc", "\u039c", "\u00e5", "\u00c5", "\u212b",
	"i", "I", "\u0130", "\u0131", "\u01c4", "\u01c5", "\u01c6", "\u1fbe", "\u0345", "\u0399", "\u03b9", "\xff", "\ufffd", "e\u0301", "\u00e9", "\U00010400", "\U00010428", "ka", "KA",
	strings.Repeat("ks\u00df", 30), strings.Repeat("\u212a\u017f\u1e9e", 30), strings.Repeat("x", 59) + "\u212a", strings.Repeat("X", 59) + "k",
}

// links are references of which some are one in normal form.
var links = []string{
	"", "https://e/v2/Users/1", "https://e/Users/1", "HTTPS://E:443/v1/a/../Users/1", "https://e/Users/%31", "Users/1", "../Users/1", "v2/Users/1", "https://e/x/Users/1", "https://e/Users/2",
	"https://e", "https://e/", "?a", "https://e?a", "#f", "https://e/#f", "urn:a:b", "URN:a:b", "urn:a:c", "mailto:a", "//e/Users/1", "https://u@e/Users/1", "http://[::1", "1", "/1", "https://e/a%2fb", "https://e/a%2Fb",
	"https://e/Users/%c3%a9", "https://e/Users/%C3%A9", "https://e/Users/\u00e9", ".", "./", "https://e/.", "https://e/v2/Users/1/", "https://e//Users//1",
}

// chance fills a value with few different contents, so that equal ones are frequent.
func chance(r *rand.Rand, a *attr.Attribute, f reflect.Value) {
	if a.MultiValued {
		f.Set(reflect.MakeSlice(a.Slice, r.IntN(3), 4))
		for i := range f.Len() {
			chanceOne(r, a, f.Index(i))
		}
		return
	}
	chanceOne(r, a, f)
}

func chanceOne(r *rand.Rand, a *attr.Attribute, f reflect.Value) {
	if a.Pointer {
		if r.IntN(4) == 0 {
			return
		}
		f.Set(reflect.New(a.Elem))
		f = f.Elem()
	}
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	switch a.Op {
	case attr.OpString:
		if a.Type == attr.Reference {
			f.SetString(pick(links))
		} else {
			f.SetString(pick(alike))
		}
	case attr.OpBool:
		f.SetBool(r.IntN(2) == 0)
	case attr.OpInt:
		f.SetInt(int64(r.IntN(5) - 2))
	case attr.OpUint:
		f.SetUint(uint64(r.IntN(3)))
	case attr.OpFloat:
		f.SetFloat([]float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1e300}[r.IntN(6)])
	case attr.OpTime:
		when := time.Date([]int{1, 1969, 2011, 9999}[r.IntN(4)], 5, 13, 4, 42, 34, r.IntN(2), time.UTC)
		if r.IntN(5) > 0 {
			f.Set(reflect.ValueOf(when.In(time.FixedZone("", r.IntN(3)*3600))))
		}
	case attr.OpBytes:
		f.SetBytes([]byte(pick([]string{"", "a", "A", "ab"})))
	case attr.OpStruct:
		for _, sub := range a.Sub.Attributes {
			if r.IntN(3) > 0 {
				chance(r, sub, sub.Of(f))
			}
		}
	case attr.OpRaw, attr.OpAny:
		panic("no element of a resource")
	}
}

// one shows an element, pointers followed.
func one(v reflect.Value) string {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return fmt.Sprintf("%+v", v)
}

// Elements that stand for the same have the same hash, and standing for the same is an equivalence: of references only as far
// as the order of a pair, since a relative one stands for absolute ones that differ.
func TestStandsAndHash(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Stood]())
	for _, a := range p.Attributes {
		t.Run("7643-2.4-08/"+a.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(a.Bit), 5))
			const many = 120
			list := reflect.MakeSlice(a.Slice, 0, many)
			for list.Len() < many {
				e := reflect.New(a.Slice.Elem()).Elem()
				if chanceOne(r, a, e); a.AssignedOne(e) {
					list = reflect.Append(list, e)
				}
			}
			transitive := a.Type != attr.Reference && (a.Sub == nil || a.Sub.Value == nil || a.Sub.Value.Type != attr.Reference)
			pairs := 0
			stands := make([][]bool, many)
			for i := range many {
				stands[i] = make([]bool, many)
				require.True(t, a.Stands(list.Index(i), list.Index(i)), "itself: %s", one(list.Index(i)))
				for j := range many {
					x, y := list.Index(i), list.Index(j)
					stands[i][j] = a.Stands(x, y)
					if !stands[i][j] {
						continue
					}
					if i != j {
						pairs++
					}
					require.True(t, a.Stands(y, x), "%s\n%s", one(x), one(y))
					require.Equal(t, a.Hash(x), a.Hash(y), "%s\n%s", one(x), one(y))
				}
			}
			require.NotZero(t, pairs)
			for i := range stands {
				for j := range stands {
					for k := range stands {
						if transitive && stands[i][j] && stands[j][k] && !stands[i][k] {
							require.Fail(t, "not transitive", "%s\n%s\n%s", one(list.Index(i)), one(list.Index(j)), one(list.Index(k)))
						}
					}
				}
			}
		})
	}
}

// What stands for the same is the same value: the two ways of comparing agree on simple elements.
func TestStandsIsSame(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Stood]())
	for _, texts := range []struct {
		name string
		list []string
	}{{"texts", alike}, {"exacts", alike}, {"refs", links}, {"links", links}} {
		a := p.Lookup(texts.name)
		for _, x := range texts.list {
			for _, y := range texts.list {
				v, w := reflect.ValueOf(x), reflect.ValueOf(y)
				assert.Equal(t, a.SameOne(v, w), a.Stands(v, w), "%s: %q %q", a.Name, x, y)
			}
		}
	}
}

// Different elements mostly have different hashes: otherwise a list of n of them takes n*n comparisons.
func TestHashSpreads(t *testing.T) {
	const many = 2000
	p := attr.Of(reflect.TypeFor[Stood]())
	for name, value := range map[string]func(i int) reflect.Value{
		"texts":  func(i int) reflect.Value { return reflect.ValueOf(fmt.Sprintf("\u00fc%d", i)) },
		"exacts": func(i int) reflect.Value { return reflect.ValueOf(strconv.Itoa(i)) },
		"refs":   func(i int) reflect.Value { return reflect.ValueOf(fmt.Sprintf("https://e/v2/Users/%d", i)) },
		"links":  func(i int) reflect.Value { return reflect.ValueOf(fmt.Sprintf("https://e/%d/photo.jpg", i)) },
		"ints":   func(i int) reflect.Value { return reflect.ValueOf(i) },
		"floats": func(i int) reflect.Value { return reflect.ValueOf(float64(i)) },
		"times":  func(i int) reflect.Value { return reflect.ValueOf(time.Unix(int64(i), 0)) },
		"blobs":  func(i int) reflect.Value { return reflect.ValueOf(fmt.Append(nil, i)) },
		"typed":  func(i int) reflect.Value { return reflect.ValueOf(StoodTyped{Value: "v", Type: strconv.Itoa(i)}) },
		"keys":   func(i int) reflect.Value { return reflect.ValueOf(StoodKey{Value: strconv.Itoa(i)}) },
		"names":  func(i int) reflect.Value { return reflect.ValueOf(Name{HonorificSuffix: strconv.Itoa(i)}) },
		"pictures": func(i int) reflect.Value {
			return reflect.ValueOf(StoodPicture{Value: fmt.Sprintf("https://e/%d.jpg", i)})
		},
		"several": func(i int) reflect.Value { return reflect.ValueOf(StoodSeveral{Value: []string{strconv.Itoa(i), "a"}}) },
	} {
		t.Run(name, func(t *testing.T) {
			a := p.Lookup(name)
			seen := map[uint64]bool{}
			for i := range many {
				seen[a.Hash(value(i))] = true
			}
			assert.Greater(t, len(seen), many*99/100)
		})
	}
}

// FuzzStands compares two strings as elements of each list of strings, and as value and type of complex elements.
func FuzzStands(f *testing.F) {
	for i, x := range alike {
		f.Add(x, alike[(i+1)%len(alike)])
	}
	for i, x := range links {
		f.Add(x, links[(i+1)%len(links)])
	}
	f.Fuzz(func(t *testing.T, x, y string) {
		p := attr.Of(reflect.TypeFor[Stood]())
		check := func(a *attr.Attribute, v, w reflect.Value) {
			stands := a.Stands(v, w)
			if stands != a.Stands(w, v) || !a.Stands(v, v) {
				t.Fatalf("%s: %q %q", a.Name, x, y)
			}
			if stands && a.Hash(v) != a.Hash(w) {
				t.Fatalf("%s: %q and %q stand for the same and have two hashes", a.Name, x, y)
			}
		}
		for _, name := range []string{"texts", "exacts", "refs", "links"} {
			check(p.Lookup(name), reflect.ValueOf(x), reflect.ValueOf(y))
		}
		check(p.Lookup("typed"), reflect.ValueOf(StoodTyped{Value: x, Type: y}), reflect.ValueOf(StoodTyped{Value: y, Type: x}))
		check(p.Lookup("typed"), reflect.ValueOf(StoodTyped{Type: x}), reflect.ValueOf(StoodTyped{Type: y}))
		check(p.Lookup("keys"), reflect.ValueOf(StoodKey{Value: x, Type: y}), reflect.ValueOf(StoodKey{Value: y}))
		check(p.Lookup("pictures"), reflect.ValueOf(StoodPicture{Value: x, Type: "a"}), reflect.ValueOf(StoodPicture{Value: y, Type: "A"}))
	})
}
