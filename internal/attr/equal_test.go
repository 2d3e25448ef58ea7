package attr_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/internal/attr"
)

// Likes has an attribute for each way of comparing.
type Likes struct {
	Text    string      `json:"text,omitempty"`
	Ptr     *string     `json:"ptr,omitempty"`
	Exact   string      `json:"exact,omitempty" scim:"caseExact"`
	Ref     string      `json:"$ref,omitempty" scim:"referenceTypes=User|Group"`
	Link    string      `json:"link,omitempty" scim:"referenceTypes=external"`
	Flag    *bool       `json:"flag,omitempty"`
	Plain   bool        `json:"plain"`
	Omit    int         `json:"omit,omitempty"`
	Count   *int        `json:"count,omitempty"`
	Ratio   *float64    `json:"ratio,omitempty"`
	At      time.Time   `json:"at,omitzero"`
	PAt     *time.Time  `json:"pAt,omitempty"`
	Blob    []byte      `json:"blob,omitempty"`
	Name    Name        `json:"name,omitzero"`
	PName   *Name       `json:"pName,omitempty"`
	Texts   []string    `json:"texts,omitempty"`
	Exacts  []string    `json:"exacts,omitempty" scim:"caseExact"`
	Refs    []string    `json:"refs,omitempty" scim:"referenceTypes=User"`
	Counts  []int       `json:"counts,omitempty"`
	Times   []time.Time `json:"times,omitempty"`
	Blobs   [][]byte    `json:"blobs,omitempty"`
	Names   []Name      `json:"names,omitempty"`
	PNames  []*Name     `json:"pNames,omitempty"`
	Any     any         `json:"any,omitempty"`
	Ignored string      `json:"-"`
}

// sameIn compares two structs and their attribute, both ways round, addressable and not.
func sameIn(t *testing.T, name string, want bool, x, y Likes) {
	t.Helper()
	p := attr.Of(reflect.TypeFor[Likes]())
	a := p.Lookup(name)
	if !assert.NotNil(t, a, name) {
		return
	}
	for _, pair := range [][2]Likes{{x, y}, {y, x}} {
		v, w := pair[0], pair[1]
		assert.Equal(t, want, a.Same(a.Of(reflect.ValueOf(&v).Elem()), a.Of(reflect.ValueOf(&w).Elem())), "%+v\n%+v", v, w)
		assert.Equal(t, want, a.Same(a.Of(reflect.ValueOf(v)), a.Of(reflect.ValueOf(w))), "not addressable")
		assert.Equal(t, want, p.Same(reflect.ValueOf(v), reflect.ValueOf(w)), "the plan")
		assert.True(t, a.Same(a.Of(reflect.ValueOf(v)), a.Of(reflect.ValueOf(v))), "itself")
	}
}

func TestSameReference(t *testing.T) {
	const user = "https://e/v2/Users/1"
	for _, c := range []struct {
		name, x, y string
		want       bool
	}{
		{"7643-2.4-07/equal", user, user, true},
		{"7643-2.4-07/no version", user, "https://e/Users/1", true},
		{"7643-2.4-07/other version", user, "https://e/v1/Users/1", true},
		{"7643-2.4-07/version below a base", "https://e/scim/v2/Users/1", "https://e/scim/Users/1", true},
		{"7643-2.4-07/scheme and host ignore case", user, "HTTPS://E/v2/Users/1", true},
		{"7643-2.4-07/dots", user, "https://e/v2/a/../Users/./1", true},
		{"7643-2.4-07/default port", user, "https://e:443/v2/Users/1", true},
		{"7643-2.4-07/default port of http", "http://e/Users/1", "http://e:80/Users/1", true},
		{"7643-2.4-07/empty port", user, "https://e:/v2/Users/1", true},
		{"7643-2.4-07/unreserved characters encoded", "https://e/Users/%7Ea%2d1", "https://e/Users/~a-1", true},
		{"7643-2.4-07/case of an encoding", "https://e/Users/a%2fb", "https://e/Users/a%2Fb", true},
		{"7643-2.4-07/empty path", "https://e", "https://e/", true},
		{"7643-2.4-07/relative", user, "Users/1", true},
		{"7643-2.4-07/relative, steps up", user, "../Users/1", true},
		{"7643-2.4-07/relative, two steps up", user, "../../Users/1", true},
		{"7643-2.4-07/relative, here", user, "./Users/1", true},
		{"7643-2.4-07/relative with a version", "https://e/Users/1", "v2/Users/1", true},
		{"7643-2.4-07/two relative ones", "../Users/1", "Users/1", true},
		{"7643-2.4-07/urn", "urn:a:b", "URN:a:b", true},
		{"7643-2.3.7-03/other id", user, "https://e/v2/Users/2", false},
		{"7643-2.3.7-03/longer id", user, "https://e/v2/Users/11", false},
		{"7643-2.3.7-03/id ends alike", user, "s/1", false},
		{"7643-2.3.7-03/case of the path", user, "https://e/v2/users/1", false},
		{"7643-2.3.7-03/case of the id", "https://e/Users/a", "https://e/Users/A", false},
		{"7643-2.3.7-03/other endpoint", user, "https://e/v2/Groups/1", false},
		{"7643-2.3.7-03/other host", user, "https://f/v2/Users/1", false},
		{"7643-2.3.7-03/other scheme", user, "http://e/v2/Users/1", false},
		{"7643-2.3.7-03/other port", user, "https://e:8443/v2/Users/1", false},
		{"7643-2.3.7-03/port of the other scheme", user, "https://e:80/v2/Users/1", false},
		{"7643-2.3.7-03/other base", "https://e/a/v2/Users/1", "https://e/b/v2/Users/1", false},
		{"7643-2.3.7-03/query", user, user + "?a=b", false},
		{"7643-2.3.7-03/fragment", user, user + "#a", false},
		{"7643-2.3.7-03/user", "https://a@e/Users/1", "https://b@e/Users/1", false},
		{"7643-2.3.7-03/host of a reference without a scheme", user, "//f/v2/Users/1", false},
		{"7643-2.3.7-03/an encoded slash is no slash", "https://e/Users/a%2Fb", "https://e/Users/a/b", false},
		{"7643-2.3.7-03/vX is no version", "https://e/vx/Users/1", "https://e/Users/1", false},
		{"7643-2.3.7-03/v is no version", "https://e/v/Users/1", "https://e/Users/1", false},
		{"7643-2.3.7-03/urn", "urn:a:b", "urn:a:c", false},
		{"7643-2.3.7-03/scheme of an opaque one", "urn:a", "mailto:a", false},
		{"7643-2.3.7-03/no URI", "https://[::1", "https://[::2", false},
		{"7643-2.5-01/nothing", "", "", true},
		{"7643-2.5-01/something", "", "https://e", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sameIn(t, "$ref", c.want, Likes{Ref: c.x}, Likes{Ref: c.y})
			if c.x != "" && c.y != "" {
				sameIn(t, "refs", c.want, Likes{Refs: []string{c.x}}, Likes{Refs: []string{c.y}})
			}
		})
	}
	// What the API's versions mean is known of the API's own references only.
	t.Run("7643-2.3.7-03/a link elsewhere has no version", func(t *testing.T) {
		sameIn(t, "link", false, Likes{Link: "https://example.org/v1/manual/a"}, Likes{Link: "https://example.org/v2/manual/a"})
		sameIn(t, "link", false, Likes{Link: "https://example.org/manual/a"}, Likes{Link: "manual/a"})
	})
}

func TestSameValues(t *testing.T) {
	when := time.Date(2011, 5, 13, 4, 42, 34, 500, time.UTC)
	there := when.In(time.FixedZone("", 2*60*60))
	a, b := Name{Formatted: "a"}, Name{Formatted: "b"}
	for _, c := range []struct {
		name, attribute string
		want            bool
		x, y            Likes
	}{
		{"7643-2.2-01/case is folded", "text", true, Likes{Text: "Straße"}, Likes{Text: "STRAßE"}},
		{"7643-2.2-01/beyond ASCII", "text", true, Likes{Text: "ÄÖ"}, Likes{Text: "äö"}},
		{"7643-2.2-01/other text", "text", false, Likes{Text: "a"}, Likes{Text: "b"}},
		{"7643-2.2-01/blank", "text", false, Likes{Text: "a"}, Likes{Text: "a "}},
		{"7643-7-06/caseExact", "exact", false, Likes{Exact: "a"}, Likes{Exact: "A"}},
		{"7643-7-06/caseExact equal", "exact", true, Likes{Exact: "A"}, Likes{Exact: "A"}},
		{"7643-2.5-01/nil and empty", "ptr", true, Likes{}, Likes{Ptr: new("")}},
		{"7643-2.5-01/nil and something", "ptr", false, Likes{}, Likes{Ptr: new("a")}},
		{"7643-2.3.1-01/pointers", "ptr", true, Likes{Ptr: new("a")}, Likes{Ptr: new("A")}},
		{"7643-2.3.2-01/boolean", "flag", true, Likes{Flag: new(false)}, Likes{Flag: new(false)}},
		{"7643-2.3.2-01/other boolean", "flag", false, Likes{Flag: new(false)}, Likes{Flag: new(true)}},
		{"7643-2.5-01/false is a value", "flag", false, Likes{Flag: new(false)}, Likes{}},
		{"7643-2.5-01/a plain one is always a value", "plain", false, Likes{Plain: true}, Likes{}},
		{"7643-2.5-01/a plain zero that is left out", "omit", true, Likes{}, Likes{Omit: 0}},
		{"7643-2.3.4-01/integer", "count", false, Likes{Count: new(1)}, Likes{Count: new(2)}},
		{"7643-2.3.4-01/zero is a value", "count", false, Likes{Count: new(0)}, Likes{}},
		{"7643-2.3.3-01/decimal", "ratio", true, Likes{Ratio: new(0.1)}, Likes{Ratio: new(0.1)}},
		{"7643-2.3.5-01/instant", "at", true, Likes{At: when}, Likes{At: there}},
		{"7643-2.3.5-01/other instant", "at", false, Likes{At: when}, Likes{At: when.Add(1)}},
		{"7643-2.3.5-01/pointer", "pAt", true, Likes{PAt: &when}, Likes{PAt: &there}},
		{"7643-2.5-01/zero time", "pAt", true, Likes{}, Likes{PAt: new(time.Time)}},
		{"7643-2.3.6-01/binary", "blob", true, Likes{Blob: []byte("a")}, Likes{Blob: []byte("a")}},
		{"7643-2.3.6-01/binary is exact", "blob", false, Likes{Blob: []byte("a")}, Likes{Blob: []byte("A")}},
		{"7643-2.5-01/empty binary", "blob", true, Likes{Blob: []byte{}}, Likes{}},
		{"7643-2.3.8-01/complex", "name", true, Likes{Name: a}, Likes{Name: Name{Formatted: "A"}}},
		{"7643-2.3.8-01/other complex", "name", false, Likes{Name: a}, Likes{Name: Name{Formatted: "a", HonorificPrefix: "p"}}},
		{"AMB-07/complex of nothing", "pName", true, Likes{PName: &Name{}}, Likes{}},
		{"7643-2.3.8-01/complex and nothing", "pName", false, Likes{PName: &a}, Likes{}},
		{"7643-2.4-01/order", "texts", true, Likes{Texts: []string{"a", "b", "c"}}, Likes{Texts: []string{"C", "a", "B"}}},
		{"7643-2.4-01/fewer", "texts", false, Likes{Texts: []string{"a", "b"}}, Likes{Texts: []string{"a"}}},
		{"7643-2.4-01/once more", "texts", false, Likes{Texts: []string{"a", "b", "b"}}, Likes{Texts: []string{"a", "a", "b"}}},
		{"7643-2.4-01/twice and once", "texts", false, Likes{Texts: []string{"a", "a"}}, Likes{Texts: []string{"a"}}},
		{"7643-2.5-01/[] and nil", "texts", true, Likes{Texts: []string{}}, Likes{}},
		{"7643-2.5-01/elements without a value", "texts", true, Likes{Texts: []string{"", "a", ""}}, Likes{Texts: []string{"a"}}},
		{"7643-2.5-01/only such elements", "names", true, Likes{Names: []Name{{}, {}}}, Likes{}},
		{"7643-7-06/caseExact list", "exacts", false, Likes{Exacts: []string{"a", "B"}}, Likes{Exacts: []string{"a", "b"}}},
		{"7643-2.4-01/integers", "counts", true, Likes{Counts: []int{0, 1}}, Likes{Counts: []int{1, 0}}},
		{"7643-2.5-01/zero in a list", "counts", false, Likes{Counts: []int{0, 1}}, Likes{Counts: []int{1}}},
		{"7643-2.4-01/times", "times", true, Likes{Times: []time.Time{when, there.Add(1)}}, Likes{Times: []time.Time{when.Add(1), there}}},
		{"7643-2.4-01/binaries", "blobs", true, Likes{Blobs: [][]byte{{1}, {2}}}, Likes{Blobs: [][]byte{{2}, nil, {1}}}},
		{"7643-2.4-01/complex values", "names", true, Likes{Names: []Name{a, b}}, Likes{Names: []Name{b, {}, a}}},
		{"7643-2.4-01/complex values, another", "names", false, Likes{Names: []Name{a, b}}, Likes{Names: []Name{b, b}}},
		{"7643-2.4-01/pointers to complex values", "pNames", true, Likes{PNames: []*Name{&a, &b}}, Likes{PNames: []*Name{nil, &b, {}, &a}}},
		{"7643-2.3-01/any", "any", true, Likes{Any: []any{1}}, Likes{Any: []any{1}}},
		{"7643-2.3-01/any other", "any", false, Likes{Any: 1}, Likes{Any: "1"}},
	} {
		t.Run(c.name, func(t *testing.T) { sameIn(t, c.attribute, c.want, c.x, c.y) })
	}
	t.Run("7643-2.3.8-01/fields that are no attributes", func(t *testing.T) {
		sameIn(t, "text", true, Likes{Text: "a", Ignored: "x"}, Likes{Text: "a", Ignored: "y"})
	})
	t.Run("7643-2.3.8-02/schemas does not count", func(t *testing.T) {
		p := attr.Of(reflect.TypeFor[Account]())
		x, y := Account{}, Account{}
		x.Schemas, y.Schemas = []string{userURN}, []string{enterpriseURN, userURN}
		assert.True(t, p.Same(reflect.ValueOf(x), reflect.ValueOf(y)))
		y.UserName = "y"
		assert.False(t, p.Same(reflect.ValueOf(x), reflect.ValueOf(y)))
		x, y = Account{}, Account{Enterprise: &Enterprise{}}
		y.Enterprise.Department = "d"
		assert.False(t, p.Same(reflect.ValueOf(x), reflect.ValueOf(y)))
	})
}

// A list is the same in any order, and another as soon as one element is.
func TestSameShuffled(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var x Likes
		for range random.IntN(12) {
			x.Names = append(x.Names, Name{Formatted: string(rune('a' + random.IntN(4))), HonorificPrefix: string(rune('a' + random.IntN(2)))})
		}
		y := Likes{Names: slices.Clone(x.Names)}
		random.Shuffle(len(y.Names), func(i, j int) { y.Names[i], y.Names[j] = y.Names[j], y.Names[i] })
		sameIn(t, "names", true, x, y)
		if len(y.Names) > 0 {
			y.Names[random.IntN(len(y.Names))].HonorificSuffix = "z"
			sameIn(t, "names", false, x, y)
		}
	}
}
