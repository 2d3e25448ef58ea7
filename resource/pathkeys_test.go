package resource_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// A key that is a path is not just an unknown attribute: strictly it is refused (AMB-22), also where it stands in a resource.
func TestPathsAsKeys(t *testing.T) {
	for _, key := range []string{"name.givenName", "NAME.GIVENNAME", resource.UserSchema + ":userName", resource.EnterpriseUserSchema + ":department", "emails.value"} {
		t.Run("AMB-22/"+key, func(t *testing.T) {
			body := []byte(`{"schemas":["` + resource.UserSchema + `"],"userName":"u","` + key + `":"x"}`)
			u, err := resource.Validate[benchUser](resource.CreationRequest, body)
			require.NoError(t, err)
			assert.Equal(t, "u", u.UserName)
			_, err = resource.Validate[benchUser](resource.CreationRequest, body, resource.Strict())
			var fault *scimerrors.Error
			require.ErrorAs(t, err, &fault)
			assert.Equal(t, scimerrors.InvalidSyntax, fault.Type)
			assert.Contains(t, fault.Detail, "is a path")
			assert.Contains(t, key+"...", fault.Path[:8])
		})
	}
	for _, key := range []string{"nope", "nope.givenName", "name.nope", "urn:x:y:z"} {
		t.Run("AMB-03/"+key, func(t *testing.T) {
			body := []byte(`{"schemas":["` + resource.UserSchema + `"],"userName":"u","` + key + `":"x"}`)
			_, err := resource.Validate[benchUser](resource.CreationRequest, body, resource.Strict())
			assert.NoError(t, err)
		})
	}
}
