package scimtest

import (
	"net/http"

	"github.com/scimmodels/scim/resource"
)

// selectChecks are about attributes and excludedAttributes (RFC 7644 section 3.9).
var selectChecks = []check{
	{"7644-3.9-01", "attributes asks for these, and no others", []string{"displayName", "title", "emails"}, func(c *client) {
		c.get(c.full().path() + "?attributes=displayName,title").is(http.StatusOK).
			has(`{"displayName": "Ann", "title": "Guide"}`).hasNo("emails").hasNo("name")
	}},
	{"7644-3.9-02", "excludedAttributes asks for all but these", []string{"displayName", "title", "emails"}, func(c *client) {
		c.get(c.full().path() + "?excludedAttributes=emails,title").is(http.StatusOK).
			has(`{"displayName": "Ann"}`).hasNo("emails").hasNo("title")
	}},
	{"7643-7-15", "id is always there", []string{"displayName"}, func(c *client) {
		path := c.full().path()
		c.get(path + "?attributes=displayName").is(http.StatusOK).has(`{"id": "<any>", "schemas": "<any>"}`)
		c.get(path + "?excludedAttributes=id,schemas").is(http.StatusOK).has(`{"id": "<any>", "schemas": "<any>"}`)
		c.get("/Users?attributes=displayName").is(http.StatusOK).has(`{"Resources": [{"id": "<any>", "schemas": "<any>"}]}`)
	}},
	{"7644-3.9-04", "whatever answers with a resource", []string{"displayName", "title"}, func(c *client) {
		bodyOf := func(title string) string { return user("ann", `"displayName": "Ann"`, `"title": "`+title+`"`) }
		r := c.post("/Users?attributes=displayName", bodyOf("A")).is(http.StatusCreated).has(`{"displayName": "Ann"}`).hasNo("title")
		c.put(r.path()+"?excludedAttributes=title", bodyOf("B")).is(http.StatusOK).has(`{"displayName": "Ann"}`).hasNo("title")
		r.fetch().has(`{"title": "B"}`)
		c.get("/Users?attributes=displayName").is(http.StatusOK).hasNo("Resources", "title")
		c.get("/Users?excludedAttributes=title").is(http.StatusOK).hasNo("Resources", "title")
	}},
	{"7644-3.10-01", "names ignore case and may have their URN", []string{"displayName", "title"}, func(c *client) {
		path := c.full().path()
		for _, name := range []string{"DISPLAYNAME", resource.UserSchema + ":displayName"} {
			c.get(path + "?attributes=" + name).is(http.StatusOK).has(`{"displayName": "Ann"}`).hasNo("title")
		}
		c.get(path + "?excludedAttributes=TITLE").is(http.StatusOK).has(`{"displayName": "Ann"}`).hasNo("title")
	}},
	{"7644-3.10-02", "attributes of an extension are named with its URN", []string{enterprise, "department"}, func(c *client) {
		r := c.post("/Users", employee("ann", `"department": "Tours", "costCenter": "1"`)).is(http.StatusCreated)
		c.get(r.path()+"?attributes="+resource.EnterpriseUserSchema+":department").is(http.StatusOK).
			has(`{"`+resource.EnterpriseUserSchema+`": {"department": "Tours"}}`).hasNo(resource.EnterpriseUserSchema, "costCenter")
	}},
	{"7644-3.9-06", "a part of an attribute", []string{"name", "emails"}, func(c *client) {
		path := c.full().path()
		c.get(path+"?attributes=name.givenName").is(http.StatusOK).has(`{"name": {"givenName": "Ann"}}`).hasNo("name", "familyName")
		c.get(path+"?attributes=emails.value").is(http.StatusOK).has(`{"emails": [{"value": "ann@example.com"}]}`).hasNo("emails", "type")
		c.get(path+"?excludedAttributes=name.givenName").is(http.StatusOK).has(`{"name": {"familyName": "Archer"}}`).hasNo("name", "givenName")
		c.get(path + "?attributes=name").is(http.StatusOK).has(`{"name": {"givenName": "Ann", "familyName": "Archer"}}`)
	}},
}

// full is a user with an attribute of each kind.
func (c *client) full() reply {
	c.t.Helper()
	return c.create("ann", `"displayName": "Ann"`, `"title": "Guide"`, `"active": true`, `"name": {"givenName": "Ann", "familyName": "Archer"}`,
		`"emails": [{"type": "work", "value": "ann@example.com", "primary": true}, {"type": "home", "value": "ann@example.net"}]`)
}
