package scimtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// colleague has a few of the attributes of User, and an extension with one of those of EnterpriseUser.
type colleague struct {
	resource.Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User,name=User"`

	UserName    string    `json:"userName" scim:"required,uniqueness=server"`
	DisplayName string    `json:"displayName,omitempty"`
	Active      *bool     `json:"active,omitempty"`
	Emails      []mailbox `json:"emails,omitempty"`
	Office      *office   `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// mailbox has no display.
type mailbox struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty"`
	Primary *bool  `json:"primary,omitempty"`
}

type office struct {
	resource.Extension `scim:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`

	Department string `json:"department,omitempty"`
}

// newSubset is a service whose users are colleagues.
func newSubset(options ...resource.Option) *server {
	s := newServer(options...)
	colleagues := &shelf[colleague]{server: s, name: func(c *colleague) string { return c.UserName }}
	s.people = colleagues.serve
	s.types[0] = resource.ResourceTypeFor[colleague]("/Users")
	s.schemas = append(schema.All[colleague](), schema.All[resource.Group]()...)
	return s
}

// A service that supports a part of User and says so in /Schemas passes without Config.Skip: what asks for the rest is left out, with
// the reason, and what merely sends it is not.
func TestSubset(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		strict  bool
		options []resource.Option
	}{
		"tolerant": {false, nil},
		"strict":   {true, []resource.Option{resource.Strict()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := play(newSubset(c.options...), Config{Base: testBase, Token: "sesame", Strict: c.strict})
			skipped := passes(t, f)
			for _, out := range []string{
				"entra/entra-patch-add-nickname",          // path
				"entra/entra-filter-and-parenthesised-or", // filter
				"okta/okta-put-user",                      // answer: a part
				"okta/okta-spec-users-endpoint",           // answer: a list
				"entra/entra-patch-add-manager-object",    // extension
				"rfc/7644-3.4.2.3-04 sortBy a part of an attribute",
				"rfc/7644-3.5.2.1-11 add to part of the values a filter selects",
			} {
				assert.Contains(t, skipped, out)
			}
			for _, in := range []string{
				"okta/okta-push-group-with-members", "entra/entra-create-user-active-string-true", "rfc/7644-3.4.2.2-24 one value of many is enough",
			} {
				assert.NotContains(t, skipped, in)
			}
			assert.Contains(t, f.text(), fmt.Sprintf("scimtest: %d exchanges replayed, %d left out;", 177-exchangesIn(skipped), exchangesIn(skipped)))
			assert.Less(t, exchangesIn(skipped), 50)
			for _, group := range f.subs {
				if group.name == "entra" {
					assert.Contains(t, group.text(), "entra-patch-add-nickname is left out: it needs urn:ietf:params:scim:schemas:core:2.0:User:nickName: /Schemas does not have it")
				}
			}
		})
	}
}

// exchangesIn counts those names that are no checks.
func exchangesIn(names []string) (n int) {
	for _, name := range names {
		if !strings.HasPrefix(name, "rfc/") {
			n++
		}
	}
	return n
}

// Where /Schemas cannot be read, or has no attributes, nothing is left out on its account.
func TestSubsetUndeclared(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Handler{
		"404": refuse(http.StatusNotFound, func(r *http.Request) bool { return r.URL.Path == testBase+"/Schemas" })(newSubset()),
		"no attributes": documents("Schemas", func(doc map[string]any) {
			for _, d := range append(list(doc, "Resources"), doc) {
				delete(object(d), "attributes")
			}
		})(newSubset()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := play(h, testConfig)
			assert.True(t, f.failed)
			assert.Contains(t, f.text(), fmt.Sprintf("177 exchanges replayed, 0 left out; %d checks of the RFCs run, 0 left out", len(checks)))
		})
	}
}

// An attribute of /Schemas that does not tell its parts has them all.
func TestUndeclaredParts(t *testing.T) {
	for attributes, want := range map[string][]string{
		`{"name": "displayName"}, {"name": "MEMBERS", "type": "complex"}`:                                                        {},
		`{"name": "displayname"}, {"name": "members", "subAttributes": []}`:                                                      {},
		`{"name": "displayName"}, {"name": "members", "subAttributes": [{"name": "Value"}, {"name": "$ref"}, {"name": "type"}]}`: {"members.display"},
		`{"name": "displayName"}`: {"members", "members.$ref", "members.display", "members.type", "members.value"},
	} {
		documents := doc(t, `[{"id": "URN:ietf:params:scim:schemas:core:2.0:Group", "attributes": [`+attributes+`]}, {"id": "urn:acme:X"}]`)
		all, ok := documents.([]any)
		require.True(t, ok)
		got := []string{}
		for a := range undeclared(all) {
			got = append(got, strings.TrimPrefix(a.need(), resource.GroupSchema+":"))
		}
		assert.ElementsMatch(t, want, got, attributes)
	}
}

// What an exchange is about are the attributes it asks for, and not those it merely sends or does not know from the RFCs.
func TestAttributes(t *testing.T) {
	const (
		user       = resource.UserSchema + ":"
		enterprise = resource.EnterpriseUserSchema + ":"
		member     = resource.GroupSchema + ":members"
	)
	for name, c := range map[string]struct {
		exchange string
		want     []string
	}{
		"a body": {`"request": {"method": "POST", "path": "/Users", "body": {"title": "T", "name": {"givenName": "A"}}}, "expect": {"status": [201]}`, nil},
		"an answer": {`"request": {"method": "POST", "path": "/Users"}, "expect": {"body_contains": {"id": "1", "externalId": "2", "schemas": [], "meta": {"location": "x"},
			"Title": "T", "emails": [{"value": "x"}], "` + resource.EnterpriseUserSchema + `": {"manager": {"value": "1"}}, "nonsense": 1}}`,
			[]string{user + "emails", user + "emails.value", user + "title", enterprise + "manager", enterprise + "manager.value"}},
		"a list": {`"request": {"method": "GET", "path": "/Groups?count=1"}, "expect": {"body_contains": {"totalResults": 1, "Resources": [{"members": [{"value": "x"}]}]}}`,
			[]string{member, member + ".value"}},
		"lengths":         {`"request": {"method": "GET", "path": "/Groups/1"}, "expect": {"array_len": {"members": 2}}`, []string{member}},
		"what is stored":  {`"request": {"method": "PUT", "path": "/Users/1"}, "expect": {"then_get": {"path": "/Users/{id}", "body_contains": {"title": "T"}}}`, []string{user + "title"}},
		"and after a 400": {`"request": {"method": "PUT", "path": "/Users/1"}, "expect": {"then_get_on_error": {"path": "/Users/1", "array_len": {"roles": 1}}}`, []string{user + "roles"}},
		"query parameters": {`"request": {"method": "GET", "path": "/Users?filter=not%20(title%20pr)%20and%20emails[type%20eq%20%22x%22]&sortBy=name.givenName&attributes=locale,x&excludedAttributes=photos"},
			"expect": {}`, []string{user + "emails", user + "emails.type", user + "locale", user + "name.givenName", user + "title"}},
		"a search": {`"request": {"method": "POST", "path": "/Users/.search", "body": {"filter": "title pr", "sortBy": "locale", "attributes": ["photos"]}}, "expect": {}`,
			[]string{user + "locale", user + "photos", user + "title"}},
		"paths": {`"before": [{"method": "PATCH", "path": "/Groups/1", "body": {"Operations": [{"op": "remove", "path": "members[value eq \"1\"]"}]}}],
			"request": {"method": "PATCH", "path": "/Users/1", "body": {"Operations": [{"op": "add", "path": "emails[type eq \"work\"].display", "value": "x"},
				{"op": "add", "path": "` + enterprise + `department", "value": "x"}, {"op": "add", "path": "employeeNumber"}, {"op": "add", "path": "x[", "value": "x"},
				{"op": "add", "value": {"title": "T"}}]}}, "expect": {}`,
			[]string{member, member + ".value", user + "emails", user + "emails.display", user + "emails.type", enterprise + "department", enterprise + "employeeNumber"}},
		"a schema": {`"request": {"method": "GET", "path": "/Schemas/` + resource.GroupSchema + `"}, "expect": {"body_contains": {"attributes": [{"name": "members"}]}}`,
			[]string{member}},
		"elsewhere": {`"request": {"method": "GET", "path": "/Schemas"}, "expect": {"body_contains": {"Resources": [{"name": "User", "title": "T"}]}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := read([]byte(`{"name": "a", "idp": "x", ` + c.exchange + `}`))
			require.NoError(t, err)
			var got []string
			for _, a := range x.attributes() {
				got = append(got, a.need())
			}
			assert.Equal(t, c.want, got)
		})
	}
}
