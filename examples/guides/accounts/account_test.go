package accounts_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

const ada = `{
	"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
	"externalId": "00u1", "userName": "ada@example.com", "displayName": "Ada", "name": {"givenName": "Ada"}, "password": "s3cret",
	"emails": [{"value": "ada@home.example", "type": "home"}, {"value": "ada@example.com", "type": "work", "primary": true}],
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Engines"}
}`

func read(t *testing.T, body string) *accounts.User {
	t.Helper()
	u, err := resource.Validate[accounts.User](resource.CreationRequest, []byte(body))
	require.NoError(t, err)
	return u
}

func shown(t *testing.T, v any) string {
	t.Helper()
	b, err := resource.Marshal(resource.QueryResponse, v)
	require.NoError(t, err)
	return string(b)
}

// What a client has sent comes back, what has a column is there, and what SCIM does not know stays.
func TestMapping(t *testing.T) {
	a, err := accounts.FromUser(read(t, ada), accounts.Account{ID: 7, Theme: "dark", Version: 3})
	require.NoError(t, err)
	assert.Equal(t, []any{"ada@example.com", "Ada", "ada@example.com", false, "dark", "00u1"},
		[]any{a.Login, a.FullName, a.Email, a.Blocked, a.Theme, a.ExternalID})
	var profile map[string]any
	require.NoError(t, json.Unmarshal(a.Profile, &profile))
	assert.NotContains(t, string(a.Profile), "s3cret")
	for _, name := range []string{"id", "externalId", "userName", "displayName", "active", "password", "meta"} {
		assert.NotContains(t, profile, name)
	}

	u, err := accounts.ToUser(a)
	require.NoError(t, err)
	assert.JSONEq(t, `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
		"id": "7", "externalId": "00u1", "userName": "ada@example.com", "displayName": "Ada", "name": {"givenName": "Ada"}, "active": true,
		"emails": [{"value": "ada@home.example", "type": "home"}, {"value": "ada@example.com", "type": "work", "primary": true}],
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Engines"},
		"meta": {"resourceType": "User", "version": "W/\"3\""}}`, shown(t, u))
}

// The application writes its columns without asking SCIM, and they win.
func TestColumnsWin(t *testing.T) {
	a, err := accounts.FromUser(read(t, ada), accounts.Account{})
	require.NoError(t, err)
	for email, want := range map[string][]string{
		"new@example.com": {"ada@home.example", "new@example.com"},
		"":                {"ada@home.example"},
	} {
		a.Email, a.Blocked = email, true
		u, err := accounts.ToUser(a)
		require.NoError(t, err)
		values, err := resource.Get(u, "emails.value")
		require.NoError(t, err)
		assert.Equal(t, want, values)
		assert.False(t, *u.Active)
	}
	u, err := accounts.ToUser(accounts.Account{ID: 1, Login: "old", Email: "old@example.com", Profile: []byte("{}")})
	require.NoError(t, err, "a row from before SCIM has an empty profile")
	assert.Equal(t, "old@example.com", u.Emails[0].Value)
	_, err = accounts.ToUser(accounts.Account{Profile: []byte("{")})
	assert.Equal(t, 500, scimerrors.From(err).Status, "what the database holds is not the client's fault")
	assert.NotContains(t, scimerrors.From(err).Detail, "JSON")
}

// A type of four attributes: the schema is honest, the rest of a body is ignored.
func TestPerson(t *testing.T) {
	p, err := resource.Validate[accounts.Person](resource.CreationRequest, []byte(ada))
	require.NoError(t, err)
	a := accounts.FromPerson(p, accounts.Account{ID: 7, Theme: "dark"})
	assert.Equal(t, []any{"ada@example.com", "dark"}, []any{a.Email, a.Theme})
	assert.JSONEq(t, `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "7", "externalId": "00u1", "userName": "ada@example.com",
		"displayName": "Ada", "active": true, "emails": [{"value": "ada@example.com", "type": "work", "primary": true}],
		"meta": {"resourceType": "User", "version": "W/\"0\""}}`, shown(t, accounts.ToPerson(a)))

	var names []string
	for _, s := range schema.All[accounts.Person]() {
		for _, attribute := range s.Attributes {
			names = append(names, attribute.Name)
		}
	}
	assert.Equal(t, []string{"userName", "displayName", "active", "emails"}, names)

	_, err = resource.Validate[accounts.Person](resource.CreationRequest, []byte(ada), resource.RejectUnknown())
	require.ErrorIs(t, err, scimerrors.InvalidSyntax)
}

// What storage.md and entra.md warn of: a path that the type does not have fails the whole PATCH, deactivation included.
func TestPersonPatch(t *testing.T) {
	message := func(operations string) []byte {
		return []byte(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operations + `]}`)
	}
	_, err := resource.Validate[resource.PatchOp[accounts.Person]](resource.PatchRequest, message(
		`{"op": "Replace", "path": "active", "value": "False"}, {"op": "Replace", "path": "name.givenName", "value": "Augusta"}`))
	require.ErrorIs(t, err, scimerrors.InvalidPath)

	op, err := resource.Validate[resource.PatchOp[accounts.Person]](resource.PatchRequest, message(
		`{"op": "replace", "value": {"active": false, "name.givenName": "Augusta", "title": "Countess"}}`))
	require.NoError(t, err, "without a path unknown attributes are ignored")
	p, err := patch.Apply(&accounts.Person{UserName: "ada@example.com"}, op)
	require.NoError(t, err)
	assert.False(t, *p.Active)
}
