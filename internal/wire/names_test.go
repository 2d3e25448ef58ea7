package wire_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

func TestNames(t *testing.T) {
	// Around every size at which the way of finding names changes.
	for _, size := range []int{1, 2, 31, 32, 33, 47, 48, 49, 64, 65, 127, 128, 129, 999, wire.MaxUnknown} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			var names wire.Names
			mark := names.Open()
			for i := range size {
				dup, full := names.Add(mark, "name"+strconv.Itoa(i))
				require.False(t, dup || full)
			}
			for i := range size {
				dup, _ := names.Add(mark, "NAME"+strconv.Itoa(i))
				require.True(t, dup, i)
			}
			names.Close(mark)
			mark = names.Open()
			dup, full := names.Add(mark, "name0")
			assert.False(t, dup || full, "a closed object is forgotten")
			names.Close(mark)
		})
	}
}

func TestNamesFull(t *testing.T) {
	var names wire.Names
	mark := names.Open()
	for i := range wire.MaxUnknown {
		_, full := names.Add(mark, strconv.Itoa(i))
		require.False(t, full, i)
	}
	dup, full := names.Add(mark, "one more")
	assert.True(t, full)
	assert.False(t, dup)
	dup, _ = names.Add(mark, "0")
	assert.True(t, dup)

	inner := names.Open()
	dup, full = names.Add(inner, "0")
	assert.False(t, dup || full, "the limit is for each object")
	names.Close(inner)

	err := skip(`{"x":` + strings.Replace(manyNames(2), `}]`, `,"another":1}]`, 1) + `}`)
	require.NotNil(t, err)
	assert.Equal(t, "more than 1000 members in one object", err.Msg)
}

// Objects of all sizes inside each other, against a stack of maps.
func TestNamesNested(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var names wire.Names
	for range 10 {
		type object struct {
			mark int
			seen map[string]bool
		}
		open := []object{{names.Open(), map[string]bool{}}}
		for len(open) > 0 {
			top := open[len(open)-1]
			switch n := random.IntN(1000); {
			case n < 2 && len(open) < wire.MaxDepth:
				open = append(open, object{names.Open(), map[string]bool{}})
			case n < 4:
				names.Close(top.mark)
				open = open[:len(open)-1]
			default:
				name := "Name" + strconv.Itoa(random.IntN(5000))
				if random.IntN(2) == 0 {
					name = strings.ToUpper(name)
				}
				key := strings.ToLower(name)
				dup, full := names.Add(top.mark, name)
				require.Equal(t, top.seen[key], dup)
				require.Equal(t, !dup && len(top.seen) == wire.MaxUnknown, full)
				if !full {
					top.seen[key] = true
				}
			}
		}
	}
}

func TestNamesCloseWhatIsInside(t *testing.T) {
	var names wire.Names
	outer := names.Open()
	names.Add(outer, "a")
	inner := names.Open()
	for i := range 100 {
		names.Add(inner, strconv.Itoa(i))
	}
	names.Close(outer)
	assert.Equal(t, outer, names.Open())
}

func TestNamesDoNotAllocateForAFew(t *testing.T) {
	allocs := testing.AllocsPerRun(100, func() {
		var names wire.Names
		for range 10 {
			mark := names.Open()
			for _, name := range []string{"value", "display", "type", "primary"} {
				names.Add(mark, name)
			}
			names.Close(mark)
		}
	})
	assert.Zero(t, allocs)
}

func TestNamesReuseTheirStorage(t *testing.T) {
	document := manyNames(20_000)
	var names wire.Names
	allocs := testing.AllocsPerRun(10, func() {
		if _, err := wire.Skip(document, 0, 0, &names); err != nil {
			t.Error(err)
		}
	})
	assert.Zero(t, allocs)
}

func TestFold(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"a", "A", true},
		{"userName", "USERNAME", true},
		{"honorificPrefix", "honorificprefix", true},
		{"honorificPrefix", "honorificSuffix", false},
		{"urn:ietf:params:scim:schemas:core:2.0:User", "URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER", true},
		{"urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:Usex", false},
		{"urn:ietf:params:scim:schemas:core:2.0:User", "xrn:ietf:params:scim:schemas:core:2.0:User", false},
		{"a", "ab", false},
		{"", "a", false},
		{"[", "{", false},
		{"@", "`", false},
		{"0", "\x10", false},
		{"_", "\x7f", false},
		{"å", "Å", false},
		{"åA", "åa", true},
		{"k", "\u212a", false},
		{"s", "\u017f", false},
		{"\x00", "", false},
		{"a\x00", "a", false},
	} {
		assert.Equal(t, c.want, wire.Fold(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, wire.Fold(c.b, c.a), "%q %q", c.b, c.a)
		assert.Equal(t, c.want, wire.HashFold(c.a) == wire.HashFold(c.b), "%q %q", c.a, c.b)
	}
}

// Fold and HashFold agree with a loop over bytes, for every byte at every place of names of every short length.
func TestFoldEveryByteAtEveryPlace(t *testing.T) {
	lower := func(c byte) byte {
		if 'A' <= c && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}
	for n := 1; n <= 40; n++ {
		a := []byte(strings.Repeat("x", n))
		b := []byte(strings.Repeat("X", n))
		for place := range n {
			for c := range 256 {
				other := byte(c) ^ 0x20
				a[place], b[place] = byte(c), other
				want := lower(byte(c)) == lower(other)
				if wire.Fold(string(a), string(b)) != want || (wire.HashFold(string(a)) == wire.HashFold(string(b))) != want {
					require.Failf(t, "wrong", "%q %q", a, b)
				}
			}
			a[place], b[place] = 'x', 'X'
		}
	}
}

func TestHashFoldSpread(t *testing.T) {
	names := strings.Fields(`schemas id externalId userName name displayName nickName profileUrl title userType preferredLanguage locale
		timezone active password emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates meta formatted
		familyName givenName middleName honorificPrefix honorificSuffix streetAddress locality region postalCode country value display
		type primary $ref resourceType created lastModified version location employeeNumber costCenter organization division department
		manager members description endpoint schema schemaExtensions required multiValued canonicalValues caseExact mutability returned
		uniqueness referenceTypes attributes subAttributes`)
	// In a table twice their number, random places would leave about 0.79 of the names alone or first; require a little less.
	for _, bits := range []uint{7, 8} {
		for _, shift := range []uint{0, 32 - bits} {
			places := map[uint32]bool{}
			for _, name := range names {
				places[wire.HashFold(name)>>shift&(1<<bits-1)] = true
			}
			assert.Greater(t, float64(len(places)), 0.7*float64(len(names)), "bits %d shift %d", bits, shift)
		}
	}
	whole := map[uint32]string{}
	for i := range 10_000 {
		name := "attribute" + strconv.Itoa(i)
		assert.Empty(t, whole[wire.HashFold(name)])
		whole[wire.HashFold(name)] = name
	}
}

// manyNames is an array of about the size in bytes, of objects that hold as many names as an object may.
func manyNames(size int) string {
	var b strings.Builder
	b.WriteByte('[')
	for b.Len() < size {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteByte('{')
		for i := range wire.MaxUnknown {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strconv.Itoa(i) + `":0`)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.String()
}
