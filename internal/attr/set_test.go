package attr_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

func TestSet(t *testing.T) {
	var s attr.Set
	assert.True(t, s.Empty())
	for i := range attr.MaxAttributes {
		bit := uint8(i)
		require.False(t, s.Has(bit))
		s.Add(bit)
		require.True(t, s.Has(bit))
		require.False(t, s.Empty())
		s.Add(bit)
		s.Remove(bit)
		require.False(t, s.Has(bit))
		require.True(t, s.Empty())
		s.Remove(bit)
		require.True(t, s.Empty())
	}
}

// The operations against sets that are maps.
func TestSetOperations(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type set struct {
		s attr.Set
		m map[uint8]bool
	}
	makeSet := func() set {
		x := set{m: map[uint8]bool{}}
		for range random.IntN(300) {
			bit := uint8(random.IntN(attr.MaxAttributes))
			if random.IntN(4) == 0 {
				x.s.Remove(bit)
				delete(x.m, bit)
			} else {
				x.s.Add(bit)
				x.m[bit] = true
			}
		}
		return x
	}
	for range 300 {
		a, b := makeSet(), makeSet()
		before := [2]attr.Set{a.s, b.s}
		or, minus := a.s.Or(&b.s), a.s.Minus(&b.s)
		assert.Equal(t, [2]attr.Set{a.s, b.s}, before, "the operands stay as they are")
		want := len(a.m) == 0
		assert.Equal(t, want, a.s.Empty())
		for i := range attr.MaxAttributes {
			bit := uint8(i)
			require.Equal(t, a.m[bit], a.s.Has(bit))
			require.Equal(t, a.m[bit] || b.m[bit], or.Has(bit))
			require.Equal(t, a.m[bit] && !b.m[bit], minus.Has(bit))
		}
	}
}
