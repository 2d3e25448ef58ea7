//go:build !race

package resource_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// A page with cursors costs a fixed number of allocations, most of them by HKDF and AES.
func TestAllocCursor(t *testing.T) {
	c := cursorsOf(t, time.Hour, secret('a'))
	q := &resource.SearchRequest{Filter: `title pr and emails[type eq "work"]`, SortBy: "userName", Count: new(100)}
	last := []any{"bjensen@example.com", "2819c223-7f76-453a-919d-413861904646"}
	cursor, err := c.Seal(q, last, "/Users", "okta")
	require.NoError(t, err)
	next := behind(*q, cursor)
	forged := behind(*q, cursor[:len(cursor)-8]+"AAAAAAAA")
	long := behind(*q, strings.Repeat("A", resource.MaxCursor+4))
	for _, x := range []struct {
		name string
		most float64
		run  func()
	}{
		{"Seal", 25, func() { _, err := c.Seal(q, last, "/Users", "okta"); require.NoError(t, err) }},
		{"Open", 40, func() { _, err := c.Open(next, "/Users", "okta"); require.NoError(t, err) }},
		{"a forged cursor", 25, func() { _, _ = c.Open(forged, "/Users", "okta") }},
		{"a cursor that is too long", 2, func() { _, _ = c.Open(long, "/Users", "okta") }},
		{"no cursor", 0, func() { _, _ = c.Open(q, "/Users", "okta") }},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := testing.AllocsPerRun(100, x.run)
			t.Log(got)
			assert.LessOrEqual(t, got, x.most)
		})
	}
}
