//go:build !race

package patch_test

import (
	"reflect"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// The ceilings of performance.md. The race detector allocates on its own account, hence the build tag.

func TestAllocPatch(t *testing.T) {
	user, err := resource.Validate[benchUser](resource.Storage, document(t))
	require.NoError(t, err)
	body := []byte(threeOperations)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		op, err := resource.Validate[resource.PatchOp[benchUser]](resource.PatchRequest, body)
		require.NoError(t, err)
		_, err = patch.Apply(user, op)
		require.NoError(t, err)
	}), 85.0, "goal 13")
}

// Adding one member copies the list once, whatever its length, and Changes does not see the list at all (goal 14).
func TestAllocPatchGroup(t *testing.T) {
	op := &resource.PatchOp[resource.Group]{Operations: []resource.PatchOperation{
		{Op: "add", Path: "members", Value: []resource.Member{{Value: "new"}}},
	}}
	for _, n := range []int{100, 10_000, 100_000} {
		g := members(n)
		apply := func() {
			changed, err := patch.Apply(g, op)
			require.NoError(t, err)
			require.Len(t, changed.Members, n+1)
		}
		assert.LessOrEqual(t, testing.AllocsPerRun(10, apply), 20.0, "%d members", n)
		once := float64(n+1) * float64(reflect.TypeFor[resource.Member]().Size())
		assert.LessOrEqual(t, bytesPerRun(apply), 1.25*once+4096, "%d members", n)
	}
	assert.LessOrEqual(t, testing.AllocsPerRun(10, func() {
		changes, err := patch.Changes(op)
		require.NoError(t, err)
		require.Len(t, changes, 1)
	}), 10.0)
}

// bytesPerRun is what one run allocates, the least of several.
func bytesPerRun(run func()) float64 {
	least := 0.0
	for i := range 5 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		run()
		runtime.ReadMemStats(&after)
		if n := float64(after.TotalAlloc - before.TotalAlloc); i == 0 || n < least {
			least = n
		}
	}
	return least
}
