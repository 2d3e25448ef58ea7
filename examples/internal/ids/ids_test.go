package ids_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/examples/internal/ids"
)

func TestNew(t *testing.T) {
	noon := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	last := ""
	for i := range 1000 {
		id := ids.New(noon.Add(time.Duration(i) * time.Microsecond))
		assert.Regexp(t, form, id)
		assert.Greater(t, id, last)
		last = id
		seen[ids.New(noon)] = true
	}
	assert.Len(t, seen, 1000)
}
