package resource_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// The limits of requests are not for what a program says itself.
func TestLongListsOfPrograms(t *testing.T) {
	many := make([]map[string]any, 20_000)
	for i := range many {
		many[i] = map[string]any{"value": "1"}
	}
	var group resource.Group
	require.NoError(t, resource.Set(&group, "members", many))
	assert.Len(t, group.Members, len(many))

	next, err := patch.Apply(&resource.Group{DisplayName: "g"}, &resource.PatchOp[resource.Group]{Operations: []resource.PatchOperation{{Op: "replace", Path: "members", Value: many}}})
	require.NoError(t, err)
	assert.Len(t, next.Members, 1, "repeated members are kept once")
}
