package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
)

// What Okta sends, request by request, as the tutorial "How to Build a Flask SCIM Server Configured for Use with Okta" records it:
// credentials are tested, users assigned, unassigned, assigned again and updated, a group is pushed, changed and deleted.
func TestOktaConversation(t *testing.T) {
	c := serve(t, newService(quickStore(), "123456789", slog.New(slog.DiscardHandler))).with("Authorization", "Bearer 123456789")
	patch := func(operation string) string {
		return `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operation + `]}`
	}
	const nobody = `{"totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []}`
	c.get("/Users?startIndex=1&count=2").is(200).has(nobody)
	c.with("Authorization", "Bearer wrong").get("/Users?startIndex=1&count=2").is(401)

	user := func(name, given, family, external string) string {
		return `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "` + name + `", "name": {"givenName": "` + given + `", "familyName": "` + family + `"},
			"emails": [{"primary": true, "value": "` + name + `", "type": "work"}], "displayName": "` + given + ` ` + family + `", "locale": "en-US",
			"externalId": "` + external + `", "groups": [], "password": "gl^m&qWZ", "active": true}`
	}
	const lookup = "/Users?filter=userName%20eq%20%22obi-wan.kenobi%40iamciam.dev%22&startIndex=1&count=100"
	c.get(lookup).is(200).has(nobody)
	obiWan := user("obi-wan.kenobi@iamciam.dev", "Obi-Wan", "Kenobi", "00use6vjvehodmsQb4x6")
	const shown = `{"active": true, "displayName": "Obi-Wan Kenobi", "locale": "en-US", "externalId": "00use6vjvehodmsQb4x6", "userName": "obi-wan.kenobi@iamciam.dev",
		"emails": [{"primary": true, "type": "work", "value": "obi-wan.kenobi@iamciam.dev"}], "name": {"familyName": "Kenobi", "givenName": "Obi-Wan"}}`
	made := c.post("/Users", obiWan).is(201).has(shown)
	path := "/Users/" + made.id()
	c.get(lookup).is(200).has(`{"totalResults": 1, "Resources": [` + shown + `]}`)
	c.get(path).is(200).has(shown)
	c.post("/Users", obiWan).is(409).has(`{"scimType": "uniqueness"}`)

	c.do("PATCH", path, patch(`{"op": "replace", "value": {"active": false}}`)).is(200).has(`{"active": false, "displayName": "Obi-Wan Kenobi"}`)
	c.get(path).is(200).has(`{"active": false}`)
	c.put(path, obiWan).is(200).has(shown)
	c.do("PATCH", path, patch(`{"op": "replace", "value": {"name": {"familyName": "Kenobi-Wan"}}}`)).is(200).
		has(`{"name": {"familyName": "Kenobi-Wan", "givenName": "Obi-Wan"}}`)

	ids := map[string]string{}
	for i, given := range []string{"C-3PO", "R2-D2", "BB-8"} {
		name := strings.ToLower(given) + "@iamciam.dev"
		ids[given] = c.post("/Users", user(name, given, "Droid", "00usemeo53HWWPYy14x"+string(rune('6'+i)))).is(201).id()
	}
	c.get("/Users").is(200).has(`{"totalResults": 4, "itemsPerPage": 4}`)
	c.get("/Groups").is(200).has(nobody)

	pushed := `[{"value": "` + ids["BB-8"] + `", "display": "bb-8@iamciam.dev"}, {"value": "` + ids["C-3PO"] + `", "display": "c-3po@iamciam.dev"},
		{"value": "` + ids["R2-D2"] + `", "display": "r2-d2@iamciam.dev"}]`
	droids := `{"displayName": "Droids", "members": [{"value": "` + ids["BB-8"] + `"}, {"value": "` + ids["C-3PO"] + `"}, {"value": "` + ids["R2-D2"] + `"}]}`
	group := c.post("/Groups", `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Droids", "members": `+pushed+`}`).is(201).has(droids)
	groupPath := "/Groups/" + group.id()
	again := c.do("PATCH", groupPath, patch(`{"op": "add", "path": "members", "value": `+pushed+`}`)).is(200).has(droids)
	if was, is := group.header.Get("ETag"), again.header.Get("ETag"); was != is {
		t.Errorf("nothing has changed, but the version: %s to %s", was, is)
	}
	c.get(groupPath).is(200).has(droids)
	c.get("/Users/" + ids["BB-8"]).is(200).has(`{"groups": [{"value": "` + group.id() + `", "display": "Droids", "type": "direct"}]}`)

	c.do("PATCH", groupPath, patch(`{"op": "remove", "path": "members[value eq \"`+ids["BB-8"]+`\"]"}`)).is(200)
	c.get(groupPath).is(200).has(`{"members": [{"value": "` + ids["C-3PO"] + `"}, {"value": "` + ids["R2-D2"] + `"}]}`)
	if g := c.get("/Users/" + ids["BB-8"]).is(200); !lacks(g.doc, []string{"groups"}) {
		t.Errorf("still in the group: %s", g.body)
	}
	c.do("PATCH", groupPath, patch(`{"op": "replace", "value": {"id": "`+group.id()+`", "displayName": "Astromechs"}}`)).is(200).has(`{"displayName": "Astromechs"}`)
	c.do("PATCH", groupPath, patch(`{"op": "replace", "value": {"id": "another", "displayName": "Nobodies"}}`)).is(400).has(`{"scimType": "mutability"}`)
	c.get(groupPath).is(200).has(`{"displayName": "Astromechs"}`)

	c.delete(groupPath).is(204)
	c.get(groupPath).is(404)
	c.get("/Users").is(200).has(`{"totalResults": 4}`)
}

// What has been put right is in the log, once, and nothing that a client has sent.
func TestLogOfRepairs(t *testing.T) {
	var log bytes.Buffer
	c := ask.New(t, newService(quickStore(), "", slog.New(slog.NewTextHandler(&log, nil))), root, "")
	for rule, times := range c.Depart() {
		if got := strings.Count(log.String(), "msg=tolerated rule="+rule+" path="); got != times {
			t.Errorf("%s is in the log %d times and not %d: %s", rule, got, times, &log)
		}
	}
	if strings.Contains(log.String(), ask.Secret) {
		t.Errorf("what a client has sent is in the log: %s", &log)
	}
}
