package schema_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// An extension within an extension is told by the schema of the outer one, so that documents lead back to the same type.
func TestNestedExtension(t *testing.T) {
	type Inner struct {
		schema.Extension `scim:"urn:acme:x:inner" description:"Inner."`

		Level string `json:"level,omitempty"`
	}
	type Outer struct {
		schema.Extension `scim:"urn:acme:x:outer" description:"Outer."`

		Colour string `json:"colour,omitempty"`
		Inner  *Inner `json:"urn:acme:x:inner,omitempty" scim:"required"`
	}
	type Thing struct {
		schema.Resource `scim:"urn:acme:x:thing" description:"Thing."`

		Name  string `json:"name,omitempty"`
		Outer *Outer `json:"urn:acme:x:outer,omitempty"`
	}
	all := schema.All[Thing]()
	require.Len(t, all, 3)
	assert.Equal(t, []string{"name"}, names(all[0]))
	assert.Equal(t, []string{"colour", "urn:acme:x:inner"}, names(all[1]))
	assert.True(t, all[1].Attributes[1].Required)
	assert.Equal(t, []string{"level"}, names(all[2]))
	loaded := make([]*schema.Schema, len(all))
	for i, s := range all {
		text, err := resource.Marshal(resource.QueryResponse, s)
		require.NoError(t, err)
		var repaired []string
		read, list, err := schema.Load(text)
		require.NoError(t, err)
		for _, r := range list {
			repaired = append(repaired, r.Error())
		}
		assert.Empty(t, repaired)
		loaded[i] = read
	}
	made, err := resource.StructOf(resource.ResourceTypeFor[Thing]("/Things"), loaded...)
	require.NoError(t, err)
	assert.Equal(t, all, schema.AllOf(made))
	body := []byte(`{"name":"n","urn:acme:x:outer":{"colour":"red","urn:acme:x:inner":{"level":"1"}}}`)
	x, err := resource.ValidateAs(reflect.TypeFor[Thing](), resource.CreationRequest, body)
	require.NoError(t, err)
	y, err := resource.ValidateAs(made, resource.CreationRequest, body)
	require.NoError(t, err)
	first, err := resource.Marshal(resource.Storage, x)
	require.NoError(t, err)
	second, err := resource.Marshal(resource.Storage, y)
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))
	assert.Contains(t, string(first), `"level":"1"`)
}

func names(s *schema.Schema) (list []string) {
	for _, a := range s.Attributes {
		list = append(list, a.Name)
	}
	return list
}
