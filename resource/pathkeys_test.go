package resource_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// A key that is a path is not just an unknown attribute, also where it stands in a resource: it is read as a path, and
// strictly refused (AMB-22).
func TestPathsAsKeys(t *testing.T) {
	const department = resource.EnterpriseUserSchema + ":department"
	for _, c := range []struct {
		name, keys string
		path       string // of the key, as a repair tells it
		got        func(u *benchUser) string
	}{
		{"AMB-22/part", `"name.givenName":"x"`, "name.givenName", func(u *benchUser) string { return u.Name.GivenName }},
		{"AMB-22/part in capitals", `"NAME.GIVENNAME":"x"`, "NAME.GIVENNAME", func(u *benchUser) string { return u.Name.GivenName }},
		{"AMB-22/core", `"` + resource.UserSchema + `:title":"x"`, resource.UserSchema + ":title", func(u *benchUser) string { return u.Title }},
		{"AMB-22/extension", `"` + department + `":"x"`, department, func(u *benchUser) string { return u.Enterprise.Department }},
		{
			"AMB-22/part in an extension", `"` + resource.EnterpriseUserSchema + `:manager.value":"x"`, resource.EnterpriseUserSchema + ":manager.value",
			func(u *benchUser) string { return u.Enterprise.Manager.Value },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(`{"schemas":["` + resource.UserSchema + `","` + resource.EnterpriseUserSchema + `"],"userName":"u",` + c.keys + `}`)
			for _, ctx := range []resource.Context{resource.CreationRequest, resource.ReplaceRequest} {
				var repairs []resource.Repair
				u, err := resource.Validate[benchUser](ctx, body, resource.Repairs(&repairs), resource.Replacing(nil))
				require.NoError(t, err)
				assert.Equal(t, "u", u.UserName)
				assert.Equal(t, "x", c.got(u))
				require.Len(t, repairs, 1)
				assert.Equal(t, resource.PathKeys, repairs[0].Rule)
				assert.Contains(t, c.path, repairs[0].Path[:10])
				_, err = resource.Validate[benchUser](ctx, body, resource.Tolerate(resource.PathKeys), resource.Replacing(nil))
				require.NoError(t, err)
				_, err = resource.Validate[benchUser](ctx, body, resource.Strict(), resource.Replacing(nil))
				var fault *scimerrors.Error
				require.ErrorAs(t, err, &fault)
				assert.Equal(t, scimerrors.InvalidSyntax, fault.Type)
				assert.Contains(t, fault.Detail, "is a path")
			}
		})
	}
	for _, key := range []string{"nope", "nope.givenName", "name.nope", "urn:x:y:z"} {
		t.Run("AMB-03/"+key, func(t *testing.T) {
			body := []byte(`{"schemas":["` + resource.UserSchema + `"],"userName":"u","` + key + `":"x"}`)
			for _, mode := range []resource.Option{nil, resource.Strict()} {
				_, err := resource.Validate[resource.User](resource.CreationRequest, body, mode)
				assert.NoError(t, err)
			}
		})
	}
	t.Run("AMB-22/which element is meant nobody can tell", func(t *testing.T) {
		u, err := resource.Validate[resource.User](resource.CreationRequest, []byte(`{"userName":"u","emails.value":"x"}`))
		require.NoError(t, err)
		assert.Empty(t, u.Emails)
	})
}

// Attributes that are sent by paths meet the rules of attributes that are sent as they should be.
func TestPathsAsKeysRules(t *testing.T) {
	const badge = "urn:acme:params:scim:schemas:extension:badge:2.0:User"
	type Badge struct {
		resource.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User"`

		Number string `json:"number" scim:"required,caseExact,mutability=immutable"`
		Colour string `json:"colour,omitempty"`
		Issued string `json:"issued,omitempty" scim:"mutability=readOnly"`
	}
	type User struct {
		resource.User
		Badge *Badge `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
	}
	body := func(members string) []byte { return []byte(`{"userName":"u",` + members + `}`) }
	refused := func(t *testing.T, err error, path string, kind scimerrors.Type) {
		t.Helper()
		var fault *scimerrors.Error
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, path, fault.Path)
		assert.Equal(t, kind, fault.Type)
	}
	t.Run("7644-3.3-01/required beside it", func(t *testing.T) {
		_, err := resource.Validate[User](resource.CreationRequest, body(`"`+badge+`:colour":"red"`))
		refused(t, err, badge+":number", scimerrors.InvalidValue)
		u, err := resource.Validate[User](resource.CreationRequest, body(`"`+badge+`:colour":"red","`+badge+`:NUMBER":"1"`))
		require.NoError(t, err)
		assert.Equal(t, &Badge{Number: "1", Colour: "red"}, u.Badge)
		assert.Equal(t, []string{resource.UserSchema, badge}, u.Schemas)
	})
	t.Run("7644-3.3-01/readOnly is dropped", func(t *testing.T) {
		u, err := resource.Validate[User](resource.CreationRequest, body(`"`+badge+`:issued":"today","meta.location":"x"`))
		require.NoError(t, err)
		assert.Nil(t, u.Badge)
		assert.Empty(t, u.Meta)
	})
	t.Run("7644-3.5.1-02/immutable", func(t *testing.T) {
		current := &User{Badge: &Badge{Number: "1", Issued: "today"}}
		_, err := resource.Validate[User](resource.ReplaceRequest, body(`"`+badge+`:number":"2"`), resource.Replacing(current))
		refused(t, err, badge+":number", scimerrors.Mutability)
		u, err := resource.Validate[User](resource.ReplaceRequest, body(`"`+badge+`:colour":"red"`), resource.Replacing(current))
		require.NoError(t, err)
		assert.Equal(t, &Badge{Number: "1", Colour: "red", Issued: "today"}, u.Badge)
	})
	t.Run("7643-2.3-01/type", func(t *testing.T) {
		_, err := resource.Validate[User](resource.CreationRequest, body(`"`+badge+`:number":1`))
		refused(t, err, badge+":number", scimerrors.InvalidValue)
	})
	t.Run("AMB-02/twice", func(t *testing.T) {
		_, err := resource.Validate[User](resource.CreationRequest, body(`"`+badge+`:number":"1","`+badge+`:Number":"2"`))
		refused(t, err, "", scimerrors.InvalidSyntax)
		_, err = resource.Validate[User](resource.CreationRequest, body(`"name":{"familyName":"x"},"name.givenName":"y"`))
		refused(t, err, "name", scimerrors.InvalidSyntax)
		_, err = resource.Validate[User](resource.CreationRequest, body(`"name.givenName":"y","name":{"familyName":"x"}`))
		refused(t, err, "", scimerrors.InvalidSyntax)
	})
	t.Run("7643-2.5-01/nothing in it", func(t *testing.T) {
		var nulls []string
		u, err := resource.Validate[User](resource.CreationRequest, body(`"`+badge+`:number":null,"name.givenName":null`), resource.Nulls(&nulls))
		require.NoError(t, err)
		assert.Nil(t, u.Badge)
		assert.Equal(t, []string{badge + ":number", "name.givenName"}, nulls)
	})
}
