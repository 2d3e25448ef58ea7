package scimtest

import "net/http"

// operationChecks are about add, remove and replace (RFC 7644 sections 3.5.2.1 to 3.5.2.3). All begin with the user of full.
var operationChecks = []check{
	{"7644-3.5.2.1-05", "add sets what is not there", []string{patching, "title"}, func(c *client) {
		c.create("ann").change(`{"op": "add", "path": "title", "value": "Pilot"}`).has(`{"title": "Pilot"}`)
	}},
	{"7644-3.5.2.1-06", "add replaces a single value", []string{patching, "title"}, func(c *client) {
		c.full().change(`{"op": "add", "path": "title", "value": "Pilot"}`).has(`{"title": "Pilot"}`)
	}},
	{"7644-3.5.2.1-03", "add without path adds all attributes of the value", []string{patching, "title", "displayName", "emails"}, func(c *client) {
		c.full().change(`{"op": "add", "value": {"title": "Pilot", "emails": [{"type": "other", "value": "new@example.com"}]}}`).emails(3).
			has(`{"displayName": "Ann", "title": "Pilot", "emails": [{"type": "other", "value": "new@example.com"}, {"type": "home"}]}`)
	}},
	{"7644-3.5.2.1-07", "add of parts leaves the others", []string{patching, "name"}, func(c *client) {
		c.full().change(`{"op": "add", "path": "name", "value": {"givenName": "Anna"}}`).
			has(`{"name": {"givenName": "Anna", "familyName": "Archer"}}`)
	}},
	{"7644-3.5.2.1-08", "add of a part makes the whole", []string{patching, "name"}, func(c *client) {
		c.create("ann").change(`{"op": "add", "path": "name.givenName", "value": "Anna"}`).has(`{"name": {"givenName": "Anna"}}`)
	}},
	{"7644-3.5.2.1-09", "add appends to a list", []string{patching, "emails"}, func(c *client) {
		c.full().change(`{"op": "add", "path": "emails", "value": [{"type": "other", "value": "new@example.com"}]}`).emails(3).
			has(`{"emails": [{"type": "work", "value": "ann@example.com"}, {"type": "home"}, {"type": "other", "value": "new@example.com"}]}`)
	}},
	{"7644-3.5.2.1-11", "add to part of the values a filter selects", []string{patching, "emails.display"}, func(c *client) {
		c.full().change(`{"op": "add", "path": "emails[type eq \"home\"].display", "value": "at home"}`).emails(2).
			has(`{"emails": [{"type": "home", "value": "ann@example.net", "display": "at home"}, {"type": "work", "value": "ann@example.com"}]}`)
	}},
	{"7644-3.5.2.1-02", "add of what is there already is no change", []string{patching, "title"}, func(c *client) {
		before := c.full().fetch()
		after := before.change(`{"op": "add", "path": "title", "value": "Guide"}`).has(`{"title": "Guide"}`)
		after.so(after.text("meta", "lastModified") == before.text("meta", "lastModified"), "meta.lastModified as it was")
	}},
	{"7644-3.5.2.2-01", "remove without path is 400 noTarget", []string{patching}, func(c *client) {
		c.patch(c.full().path(), `{"op": "remove"}`).typed(http.StatusBadRequest, "noTarget")
	}},
	{"7644-3.5.2.2-02", "remove of a single value", []string{patching, "title", "displayName"}, func(c *client) {
		c.full().change(`{"op": "remove", "path": "title"}`).has(`{"displayName": "Ann"}`).hasNo("title")
	}},
	{"7644-3.5.2.2-03", "remove of a part, or of the whole", []string{patching, "name"}, func(c *client) {
		r := c.full()
		r.change(`{"op": "remove", "path": "name.givenName"}`).has(`{"name": {"familyName": "Archer"}}`).hasNo("name", "givenName")
		r.change(`{"op": "remove", "path": "name"}`).hasNo("name", "familyName")
	}},
	{"7644-3.5.2.2-04", "remove of a list", []string{patching, "emails"}, func(c *client) {
		c.full().change(`{"op": "remove", "path": "emails"}`).hasNo("emails")
	}},
	{"7644-3.5.2.2-05", "remove of the values a filter selects", []string{patching, "emails"}, func(c *client) {
		r := c.full()
		r.change(`{"op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]"}`).emails(1).has(`{"emails": [{"type": "home"}]}`)
		r.change(`{"op": "remove", "path": "emails[type eq \"home\"]"}`).hasNo("emails")
	}},
	{"7644-3.5.2.2-07", "remove of a part of the values a filter selects", []string{patching, "emails"}, func(c *client) {
		c.full().change(`{"op": "remove", "path": "emails[type eq \"work\"].primary"}`).emails(2).primary(0).
			has(`{"emails": [{"type": "work", "value": "ann@example.com"}, {"type": "home"}]}`)
	}},
	{"7644-3.5.2.2-09", "remove of what is required is 400 mutability", []string{patching}, func(c *client) {
		r := c.full()
		c.patch(r.path(), `{"op": "remove", "path": "userName"}`).typed(http.StatusBadRequest, "mutability")
		r.fetch().has(`{"userName": "scimtest-ann"}`)
	}},
	{"7644-3.5.2.2-10", "remove of what is readOnly is 400 mutability", []string{patching}, func(c *client) {
		r := c.full()
		c.patch(r.path(), `{"op": "remove", "path": "id"}`).typed(http.StatusBadRequest, "mutability")
	}},
	{"7644-3.5.2.3-01", "replace without path replaces the attributes of the value", []string{patching, "title", "displayName", "emails"}, func(c *client) {
		c.full().change(`{"op": "replace", "value": {"displayName": "Anna", "emails": [{"type": "other", "value": "new@example.com"}]}}`).emails(1).
			has(`{"title": "Guide", "displayName": "Anna", "emails": [{"type": "other", "value": "new@example.com"}]}`)
	}},
	{"7644-3.5.2.3-02", "replace of a single value, there or not", []string{patching, "title", "displayName"}, func(c *client) {
		c.create("ann", `"title": "Guide"`).change(`{"op": "replace", "path": "title", "value": "Pilot"}, {"op": "replace", "path": "displayName", "value": "Ann"}`).
			has(`{"title": "Pilot", "displayName": "Ann"}`)
	}},
	{"7644-3.5.2.3-03", "replace of parts leaves the others", []string{patching, "name"}, func(c *client) {
		c.full().change(`{"op": "replace", "path": "name", "value": {"givenName": "Anna"}}`).
			has(`{"name": {"givenName": "Anna", "familyName": "Archer"}}`)
	}},
	{"7644-3.5.2.3-04", "replace of a list", []string{patching, "emails"}, func(c *client) {
		c.full().change(`{"op": "replace", "path": "emails", "value": [{"type": "other", "value": "new@example.com"}]}`).emails(1).
			has(`{"emails": [{"type": "other", "value": "new@example.com"}]}`)
	}},
	{"7644-3.5.2.3-05", "replace of the values a filter selects", []string{patching, "emails"}, func(c *client) {
		c.full().change(`{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"type": "work", "value": "new@example.com"}}`).emails(2).
			has(`{"emails": [{"type": "work", "value": "new@example.com"}, {"type": "home", "value": "ann@example.net"}]}`)
	}},
	{"7644-3.5.2.3-06", "replace of a part of the values a filter selects", []string{patching, "emails"}, func(c *client) {
		c.full().change(`{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com"}`).emails(2).
			has(`{"emails": [{"type": "work", "value": "new@example.com"}, {"type": "home", "value": "ann@example.net"}]}`)
	}},
	{"7644-3.5.2.3-07", "replace of values that are not there is 400 noTarget", []string{patching, "emails"}, func(c *client) {
		c.patch(c.full().path(), `{"op": "replace", "path": "emails[type eq \"scimtest\"]", "value": {"value": "new@example.com"}}`).
			typed(http.StatusBadRequest, "noTarget")
	}},
	{"7643-2.5-05", "replace by null or [] unassigns", []string{patching, "title", "emails"}, func(c *client) {
		c.full().change(`{"op": "replace", "path": "title", "value": null}, {"op": "replace", "path": "emails", "value": []}`).
			hasNo("title").hasNo("emails")
	}},
}
