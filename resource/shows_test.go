package resource_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

type showsUser struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

func TestShows(t *testing.T) {
	ask := func(names ...string) *resource.SearchRequest { return &resource.SearchRequest{Attributes: names} }
	without := func(names ...string) *resource.SearchRequest {
		return &resource.SearchRequest{ExcludedAttributes: names}
	}
	for name, c := range map[string]struct {
		ctx   resource.Context
		path  string
		query *resource.SearchRequest
		want  bool
	}{
		"nothing asked for":             {resource.QueryResponse, "emails", nil, true},
		"an empty query":                {resource.QueryResponse, "EMAILS", ask(), true},
		"asked for":                     {resource.QueryResponse, "emails", ask("Emails"), true},
		"a part of it":                  {resource.QueryResponse, "emails", ask("emails.value"), true},
		"another part":                  {resource.QueryResponse, "emails.type", ask("emails.value"), false},
		"with its URN":                  {resource.QueryResponse, "emails", ask(resource.UserSchema + ":emails"), true},
		"the whole schema":              {resource.QueryResponse, "emails", ask(resource.UserSchema), true},
		"something else":                {resource.QueryResponse, "emails", ask("userName"), false},
		"excluded":                      {resource.QueryResponse, "emails", without("emails"), false},
		"a part excluded":               {resource.QueryResponse, "emails", without("emails.value"), true},
		"that part":                     {resource.QueryResponse, "emails.value", without("emails.value"), false},
		"always":                        {resource.QueryResponse, "id", without("id"), true},
		"never":                         {resource.QueryResponse, "password", ask("password"), false},
		"of an extension":               {resource.QueryResponse, resource.EnterpriseUserSchema + ":manager", without(resource.EnterpriseUserSchema), false},
		"of an extension by its name":   {resource.QueryResponse, resource.EnterpriseUserSchema + ":manager", ask("manager"), true},
		"unknown":                       {resource.QueryResponse, "nothing", nil, false},
		"empty":                         {resource.QueryResponse, "", nil, false},
		"what a database keeps":         {resource.Storage, "password", nil, true},
		"what a client sends":           {resource.CreationRequest, "groups", nil, false},
		"in no context":                 {0, "emails", nil, false},
		"in one that is not for a user": {resource.PatchRequest, "emails", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, resource.Shows[showsUser](c.ctx, c.path, c.query))
			assert.Equal(t, c.want, resource.ShowsAs(reflect.TypeFor[*showsUser](), c.ctx, c.path, c.query))
		})
	}
	assert.False(t, resource.ShowsAs(reflect.TypeFor[[]string](), resource.QueryResponse, "emails"))
}

// What Shows says is what Write does.
func TestShowsWhatIsWritten(t *testing.T) {
	u := &showsUser{Enterprise: &resource.EnterpriseUser{Department: "d", EmployeeNumber: "1", Division: "v"}}
	u.ID, u.UserName, u.DisplayName, u.Title = "1", "u", "d", "t"
	u.Name = resource.Name{GivenName: "g", FamilyName: "f", MiddleName: "m"}
	paths := []string{
		"id", "userName", "displayName", "title", "name", "name.givenName", "name.familyName", resource.EnterpriseUserSchema,
		resource.EnterpriseUserSchema + ":department", resource.EnterpriseUserSchema + ":employeeNumber",
	}
	for _, a := range paths {
		for _, b := range paths {
			for _, q := range []*resource.SearchRequest{{Attributes: []string{a, b}}, {ExcludedAttributes: []string{a, b}}} {
				body, err := resource.Marshal(resource.QueryResponse, u, q)
				require.NoError(t, err)
				got, err := resource.Validate[showsUser](resource.Storage, body)
				require.NoError(t, err)
				for _, path := range paths {
					v, err := resource.Get(got, path)
					require.NoError(t, err)
					assert.Equal(t, v != nil, resource.Shows[showsUser](resource.QueryResponse, path, q), "%s of %+v", path, q)
				}
			}
		}
	}
}
