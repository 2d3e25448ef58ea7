//go:build !race

package resource_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A runtime type allocates as often as the compiled one: its struct has the same fields.
func TestAllocRuntime(t *testing.T) {
	for _, p := range pairs(t) {
		t.Run(p.name, func(t *testing.T) {
			compiled := testing.AllocsPerRun(200, func() { require.NoError(t, p.compiled()) })
			made := testing.AllocsPerRun(200, func() { require.NoError(t, p.made()) })
			t.Log(compiled, made)
			assert.LessOrEqual(t, made, compiled)
		})
	}
}
