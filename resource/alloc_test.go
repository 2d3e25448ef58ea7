//go:build !race

package resource_test

import (
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// The ceilings of performance.md. The race detector allocates on its own account, hence the build tag.

func TestAllocValidate(t *testing.T) {
	body := document(t)
	run := func() {
		_, err := resource.Validate[benchUser](resource.CreationRequest, body)
		require.NoError(t, err)
	}
	assert.LessOrEqual(t, testing.AllocsPerRun(100, run), 21.0, "goal 3")
	assert.LessOrEqual(t, bytesPerRun(run), 8500.0, "goal 3")
}

func TestAllocMarshal(t *testing.T) {
	u := user(t)
	var dst []byte
	w := httptest.NewRecorder()
	q := &resource.SearchRequest{Attributes: []string{"userName", "name.givenName", "emails.value", "active"}}
	for _, c := range []struct {
		name string
		most float64
		run  func() error
	}{
		{"goal 5, fresh slice", 1, func() (err error) { _, err = resource.Marshal(resource.QueryResponse, u); return err }},
		{"goal 6, Append", 0, func() (err error) { dst, err = resource.Append(dst[:0], resource.QueryResponse, u); return err }},
		{"goal 6, Write", 4, func() error { w.Body.Reset(); return resource.Write(w, resource.QueryResponse, u) }},
		{"goal 7, four attributes", 12, func() (err error) { _, err = resource.Marshal(resource.QueryResponse, u, q); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { require.NoError(t, c.run()) }), c.most)
		})
	}
}

func TestAllocGroup(t *testing.T) {
	body := group(100_000)
	run := func() {
		g, err := resource.Validate[resource.Group](resource.CreationRequest, body)
		require.NoError(t, err)
		assert.Len(t, g.Members, 100_000)
	}
	assert.LessOrEqual(t, testing.AllocsPerRun(1, run), 30.0, "goal 9")
	assert.LessOrEqual(t, bytesPerRun(run), 2.5*float64(len(body)), "goal 9")
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
