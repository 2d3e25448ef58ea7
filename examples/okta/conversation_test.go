package main

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

const (
	obiWan = `{
		"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
		"userName": "obi-wan.kenobi@iamciam.dev",
		"name": {"givenName": "Obi-Wan", "familyName": "Kenobi"},
		"emails": [{"primary": true, "value": "obi-wan.kenobi@iamciam.dev", "type": "work"}],
		"displayName": "Obi-Wan Kenobi",
		"locale": "en-US",
		"externalId": "00use6vjvehodmsQb4x6",
		"groups": [],
		"password": "gl^m&qWZ",
		"active": true
	}`
	none = `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []}`
)

// The whole conversation of Okta's tutorial "How to Build a Flask SCIM Server Configured for Use with Okta", request by
// request, with its answers. Two of them differ, both as RFC 7644 section 3.5.2 allows: the deactivation is answered
// with the user (200) rather than with 204, and the members pushed to a group with 204 rather than with all members.
func TestTutorial(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)

			// Test API Credentials.
			c.get("/Users?startIndex=1&count=2").is(200).has(none)
			c.with("Authorization").get("/Users?startIndex=1&count=2").is(401)
			c.get("/ServiceProviderConfig").is(200).has(`{"patch": {"supported": true}}`)

			// Assign a user: Okta looks for the name, and creates whom it does not find.
			c.get("/Users?filter=userName%20eq%20%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100").is(200).has(none)
			const shown = `"active": true, "displayName": "Obi-Wan Kenobi", "locale": "en-US", "externalId": "00use6vjvehodmsQb4x6",
			"emails": [{"primary": true, "type": "work", "value": "obi-wan.kenobi@iamciam.dev"}], "meta": {"resourceType": "User"},
			"name": {"familyName": "Kenobi", "givenName": "Obi-Wan"}, "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
			"userName": "obi-wan.kenobi@iamciam.dev"`
			made := c.post("/Users", obiWan).is(201).has(`{` + shown + `}`).lacks("qWZ").lacks("password").lacks("groups")
			path := "/Users/" + made.id()
			if at := made.header.Get("Location"); !strings.HasSuffix(at, root+path) {
				t.Errorf("Location %q", at)
			}
			c.get("/Users?filter=userName%20eq%20%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100").is(200).
				has(`{"totalResults": 1, "Resources": [{` + shown + `}]}`)
			c.get(path).is(200).has(`{` + shown + `}`)
			c.post("/Users", obiWan).is(409).has(`{"scimType": "uniqueness"}`)

			// Unassign the user.
			c.patch(path, `{"op": "replace", "value": {"active": false}}`).is(200).has(`{"active": false, "displayName": "Obi-Wan Kenobi"}`)
			c.get(path).is(200).has(`{"active": false}`)

			// Assign the user again, with the whole profile, and update an attribute.
			c.put(path, obiWan).is(200).has(`{` + shown + `}`)
			c.patch(path, `{"op": "replace", "value": {"name": {"familyName": "Kenobi-Wan"}}}`).is(200).
				has(`{"name": {"familyName": "Kenobi-Wan", "givenName": "Obi-Wan"}}`)

			// Assign a group: its members become users, and the group does not.
			ids := map[string]string{}
			for _, droid := range []struct{ name, given, family, external, password string }{
				{"c-3po@iamciam.dev", "C", "3PO", "00usemeo53HWWPYy14x6", "wA&&cprB"},
				{"r2-d2@iamciam.dev", "R2", "D2", "00usemeo53HWWPYy14x7", "xB&&cprB"},
				{"bb-8@iamciam.dev", "BB", "8", "00usemeo53HWWPYy14x8", "yC&&cprB"},
			} {
				c.find("/Users", `userName eq "`+droid.name+`"`).is(200).has(none)
				ids[droid.name] = c.post("/Users", `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "`+droid.name+`",
				"name": {"givenName": "`+droid.given+`", "familyName": "`+droid.family+`"},
				"emails": [{"primary": true, "value": "`+droid.name+`", "type": "work"}],
				"displayName": "`+droid.given+` `+droid.family+`", "locale": "en-US", "externalId": "`+droid.external+`",
				"groups": [], "password": "`+droid.password+`", "active": true}`).is(201).lacks("cprB").id()
			}
			c.get("/Users").is(200).has(`{"totalResults": 4, "itemsPerPage": 4}`)
			c.get("/Groups").is(200).has(none)

			// Push the group, with its members, and push these once more.
			pushed := `[{"value": "` + ids["bb-8@iamciam.dev"] + `", "display": "bb-8@iamciam.dev"},
			{"value": "` + ids["c-3po@iamciam.dev"] + `", "display": "c-3po@iamciam.dev"},
			{"value": "` + ids["r2-d2@iamciam.dev"] + `", "display": "r2-d2@iamciam.dev"}]`
			droids := `{"displayName": "Droids", "meta": {"resourceType": "Group"}, "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
			"members": [{"value": "` + ids["bb-8@iamciam.dev"] + `", "display": "BB 8", "type": "User"},
				{"value": "` + ids["c-3po@iamciam.dev"] + `", "display": "C 3PO"}, {"value": "` + ids["r2-d2@iamciam.dev"] + `", "display": "R2 D2"}]}`
			group := c.post("/Groups", `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Droids", "members": `+pushed+`}`).
				is(201).has(droids)
			groupPath := "/Groups/" + group.id()
			again := c.patch(groupPath, `{"op": "add", "path": "members", "value": `+pushed+`}`).is(204)
			if again.tag() != group.tag() {
				t.Errorf("nothing has changed, but the version: %s to %s", group.tag(), again.tag())
			}
			c.get(groupPath).is(200).has(droids)
			c.get("/Groups?startIndex=1&count=100").is(200).has(`{"totalResults": 1, "Resources": [` + droids + `]}`)
			c.get("/Users/" + ids["bb-8@iamciam.dev"]).is(200).
				has(`{"groups": [{"value": "` + group.id() + `", "display": "Droids", "type": "direct"}]}`)

			// Change the membership, and the name as Okta does it, with the id.
			c.patch(groupPath, `{"op": "remove", "path": "members[value eq \"`+ids["bb-8@iamciam.dev"]+`\"]"}`).is(204)
			c.get("/Users/" + ids["bb-8@iamciam.dev"]).is(200).lacks("groups")
			c.patch(groupPath, `{"op": "replace", "value": {"id": "`+group.id()+`", "displayName": "Astromechs"}}`).is(204)
			c.patch(groupPath, `{"op": "replace", "value": {"id": "another", "displayName": "Nobodies"}}`).is(400).has(`{"scimType": "mutability"}`)
			c.get(groupPath).is(200).has(`{"displayName": "Astromechs", "members": [{"display": "C 3PO"}, {"display": "R2 D2"}]}`)
			c.patch(groupPath, `{"op": "replace", "path": "members", "value": [{"value": "`+made.id()+`"}]}`).is(204)
			if got := c.get(groupPath).is(200).members(); !slices.Equal(got, []string{made.id()}) {
				t.Errorf("members %q", got)
			}

			// Delete the pushed group.
			c.delete(groupPath).is(204)
			c.get(groupPath).is(404)
			c.get("/Users").is(200).has(`{"totalResults": 4}`).lacks("groups")
		})
	}
}

// What Okta's import asks for: everything, page by page, while users come and go.
func TestImport(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			first, _ := c.user("a")
			for _, name := range []string{"b", "c", "d", "e"} {
				c.user(name)
			}
			c.get("/Users?startIndex=1&count=2").is(200).
				has(`{"totalResults": 5, "startIndex": 1, "itemsPerPage": 2, "Resources": [{"userName": "a"}, {"userName": "b"}]}`)
			c.user("f") // comes last, and does not shift what is on the pages to come
			c.get("/Users?startIndex=3&count=2").is(200).has(`{"totalResults": 6, "Resources": [{"userName": "c"}, {"userName": "d"}]}`)
			c.get("/Users?startIndex=5&count=2").is(200).has(`{"Resources": [{"userName": "e"}, {"userName": "f"}]}`)
			c.get("/Users?startIndex=7&count=2").is(200).has(`{"totalResults": 6, "itemsPerPage": 0, "Resources": []}`)
			c.get("/Users?count=0").is(200).has(`{"totalResults": 6, "itemsPerPage": 0}`)
			c.get("/Users?sortBy=userName&sortOrder=descending&count=1").is(200).has(`{"Resources": [{"userName": "f"}]}`)
			c.post("/Users/.search", `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "userName gt \"B\"",
			"sortBy": "userName", "count": 2, "attributes": ["userName"]}`).is(200).
				has(`{"totalResults": 4, "Resources": [{"userName": "c"}, {"userName": "d"}]}`).lacks("meta")
			c.delete(first).is(204)
			c.get(first).is(404)
		})
	}
}

// The application goes on: a user of before can be provisioned, and what the provider changes decides who signs in.
func TestLogin(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			db := opened(t, address)
			c := newClient(t, quick(db, slog.New(slog.DiscardHandler)))
			login := newClient(t, application{db})
			may := func(name, password string) bool {
				t.Helper()
				return login.post("/login", `{"userName": "`+name+`", "password": "`+password+`"}`).status == 204
			}
			path := "/Users/" + c.post("/Users", obiWan).is(201).id()
			if !may("Obi-Wan.Kenobi@iamciam.dev", "gl^m&qWZ") {
				t.Error("the new user cannot sign in")
			}
			for _, wrong := range []string{"", "gl^m&qWz"} {
				if may("obi-wan.kenobi@iamciam.dev", wrong) || may("nobody", wrong) {
					t.Errorf("%q is a password", wrong)
				}
			}
			c.patch(path, `{"op": "replace", "path": "active", "value": "False"}`).is(200)
			if may("obi-wan.kenobi@iamciam.dev", "gl^m&qWZ") {
				t.Error("a deactivated user can sign in")
			}
			c.patch(path, `{"op": "replace", "value": {"active": true, "password": "new^one"}}`).is(200).lacks("new^one")
			if may("obi-wan.kenobi@iamciam.dev", "gl^m&qWZ") || !may("obi-wan.kenobi@iamciam.dev", "new^one") {
				t.Error("the password is not the new one")
			}
			c.put(path, strings.Replace(obiWan, `"password": "gl^m&qWZ",`, "", 1)).is(200) // RFC 7644 section 3.5.1: writeOnly values stay
			if !may("obi-wan.kenobi@iamciam.dev", "new^one") {
				t.Error("a PUT without a password has removed it")
			}
			a, err := db.accountByName(t.Context(), "OBI-WAN.kenobi@iamciam.dev")
			if err != nil || !strings.HasPrefix(a.PasswordHash, "pbkdf2-sha512$") {
				t.Errorf("stored %q: %v", a.PasswordHash, err)
			}
			c.find("/Users", `password eq "new^one"`).is(400).has(`{"scimType": "invalidFilter"}`)
		})
	}
}
