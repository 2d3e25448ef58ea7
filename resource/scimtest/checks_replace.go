package scimtest

import (
	"net/http"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// replaceChecks are about PUT and DELETE (RFC 7644 sections 3.5.1 and 3.6).
var replaceChecks = []check{
	{"7644-3.5.1-09", "PUT answers 200 with the resource", []string{"displayName"}, func(c *client) {
		r := c.create("ann", `"displayName": "A"`)
		want := `{"id": ` + show(r.id()) + `, "userName": "scimtest-ann", "displayName": "B"}`
		c.put(r.path(), user("ann", `"displayName": "B"`)).is(http.StatusOK).has(want).fetch().has(want)
	}},
	{"7644-3.5.1-01", "PUT replaces values", []string{"title", "emails"}, func(c *client) {
		r := c.create("ann", `"title": "Guide"`, `"emails": [{"value": "a@example.com"}, {"value": "b@example.com"}]`)
		c.put(r.path(), user("ann", `"title": "Pilot"`, `"emails": [{"value": "c@example.com"}]`)).is(http.StatusOK)
		after := r.fetch().has(`{"title": "Pilot", "emails": [{"value": "c@example.com"}]}`)
		after.so(len(list(after.doc, "emails")) == 1, "only the e-mail addresses of the PUT")
	}},
	{"7644-3.5.1-04", "readOnly values in a PUT are ignored", nil, func(c *client) {
		r := c.create("ann")
		c.put(r.path(), user("ann", `"id": "scimtest-mine"`, `"meta": {"resourceType": "Group", "created": "1999-01-01T00:00:00Z"}`,
			`"groups": [{"value": "scimtest-none"}]`)).is(http.StatusOK)
		after := r.fetch().has(`{"id": ` + show(r.id()) + `}`)
		after.so(after.text("meta", "created") == r.text("meta", "created"), "meta.created as it was")
		after.so(!strings.Contains(string(after.body), "scimtest-none"), "no group that the client says the user is in")
	}},
	{"7644-3.5.1-05", "PUT has what is required", nil, func(c *client) {
		r := c.create("ann")
		c.put(r.path(), body(resource.UserSchema, []string{`"externalId": "scimtest-1"`})).invalid()
		r.fetch().has(`{"userName": "scimtest-ann"}`).hasNo("externalId")
	}},
	{"7644-3.5.1-06", "PUT creates nothing", nil, func(c *client) {
		c.put("/Users/scimtest-none", user("ann")).is(http.StatusNotFound)
		c.names("/Users").are()
	}},
	{"7644-3.5.1-07", "what GET answers may be sent back by PUT", []string{"displayName", "emails", "name"}, func(c *client) {
		before := c.create("ann", `"displayName": "A"`, `"name": {"givenName": "A"}`, `"emails": [{"value": "a@example.com", "type": "work"}]`).fetch()
		c.put(before.path(), string(before.body)).is(http.StatusOK)
		after := before.fetch()
		after.so(same(withoutMeta(before.doc), withoutMeta(after.doc)), "the resource as it was: %s", before.body)
	}},
	{"7643-2.5-02", "null and [] in a PUT unassign", []string{"title", "emails"}, func(c *client) {
		r := c.create("ann", `"title": "Guide"`, `"emails": [{"value": "a@example.com"}]`)
		c.put(r.path(), user("ann", `"title": null`, `"emails": []`)).is(http.StatusOK).hasNo("title").hasNo("emails")
		r.fetch().hasNo("title").hasNo("emails")
	}},
	{"7643-7-10", "PUT does not take the userName of another user", nil, func(c *client) {
		c.create("ann")
		bob := c.create("bob")
		taken := c.put(bob.path(), user("ann"))
		if taken.status != http.StatusBadRequest { // RFC 7643 section 7 allows 400, too
			taken.refused(http.StatusConflict, "uniqueness")
		}
		bob.fetch().has(`{"userName": "scimtest-bob"}`)
	}},
	{"7644-3.6-01", "DELETE answers 204, and the resource is gone", nil, func(c *client) {
		ann, bob := c.create("ann"), c.create("bob")
		c.delete(ann.path()).is(http.StatusNoContent)
		c.get(ann.path()).is(http.StatusNotFound)
		c.put(ann.path(), user("ann")).is(http.StatusNotFound)
		if c.without[patching] == "" {
			c.patch(ann.path(), `{"op": "add", "path": "externalId", "value": "scimtest-1"}`).is(http.StatusNotFound)
		}
		c.delete(ann.path()).is(http.StatusNotFound)
		c.names("/Users").are("bob")
		bob.fetch()
	}},
	{"7644-3.6-02", "what is deleted is in nobody's way", nil, func(c *client) {
		c.delete(c.create("ann").path()).is(http.StatusNoContent)
		c.create("ann")
	}},
}

// withoutMeta is a resource without what a change changes.
func withoutMeta(doc any) any {
	object, ok := doc.(map[string]any)
	if !ok {
		return doc
	}
	rest := map[string]any{}
	for name, v := range object {
		if name != "meta" {
			rest[name] = v
		}
	}
	return rest
}
