package scimtest

import (
	"net/http"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// patchChecks are about the message PATCH sends, and how its operations play together (RFC 7644 section 3.5.2).
var patchChecks = []check{
	{"7644-3.5.2-10", "success is 200 with the resource or 204", []string{patching, "title"}, func(c *client) {
		r := c.full()
		if done := c.patch(r.path(), `{"op": "replace", "path": "title", "value": "Pilot"}`).is(http.StatusOK, http.StatusNoContent); done.status == http.StatusOK {
			done.has(`{"id": ` + show(r.id()) + `, "title": "Pilot"}`)
		}
		r.fetch().has(`{"title": "Pilot"}`)
	}},
	{"7644-3.5.2-04", "with attributes success is 200 with these", []string{patching, "title", "displayName"}, func(c *client) {
		c.patch(c.full().path()+"?attributes=displayName", `{"op": "replace", "path": "title", "value": "Pilot"}`).
			is(http.StatusOK).has(`{"id": "<any>", "displayName": "Ann"}`).hasNo("title")
	}},
	{"7644-3.12-04", "what is not there is 404", []string{patching, "title"}, func(c *client) {
		c.patch("/Users/scimtest-none", `{"op": "add", "path": "title", "value": "Pilot"}`).is(http.StatusNotFound)
	}},
	{"7644-3.5.2-05", "there is a list of operations", []string{patching}, func(c *client) {
		path := c.create("ann").path()
		for _, rest := range []string{``, `, "Operations": "x"`} {
			c.do(message{Method: "PATCH", Path: path, Body: []byte(`{"schemas": ["` + resource.PatchOpSchema + `"]` + rest + `}`)}).
				invalid()
		}
	}},
	{"7644-3.5.2-06", "an operation is add, remove or replace", []string{patching, "title"}, func(c *client) {
		path := c.create("ann").path()
		for _, operation := range []string{`{"op": "move", "path": "title", "value": "Pilot"}`, `{"path": "title", "value": "Pilot"}`} {
			r := c.patch(path, operation)
			r.so(r.status == http.StatusBadRequest, "status 400")
		}
	}},
	{"7644-3.5.2.1-01", "add has a value", []string{patching, "title"}, func(c *client) {
		r := c.patch(c.create("ann").path(), `{"op": "add", "path": "title"}`)
		r.so(r.status == http.StatusBadRequest, "status 400")
	}},
	{"7644-3.5.2-08", "operations are done one after the other", []string{patching, "title", "emails"}, func(c *client) {
		c.full().change(`{"op": "add", "path": "title", "value": "A"}, {"op": "replace", "path": "title", "value": "B"},
			{"op": "remove", "path": "emails"}, {"op": "add", "path": "emails", "value": [{"type": "other", "value": "new@example.com"}]},
			{"op": "replace", "path": "emails[type eq \"other\"].value", "value": "newer@example.com"}`).
			has(`{"title": "B", "emails": [{"type": "other", "value": "newer@example.com"}]}`).emails(1)
	}},
	{"7644-3.5.2-09", "all operations are done, or none", []string{patching, "title", "active"}, func(c *client) {
		r := c.full()
		c.patch(r.path(), `{"op": "replace", "path": "title", "value": "Pilot"}, {"op": "replace", "path": "active", "value": "maybe"}`).
			invalid()
		r.fetch().has(`{"title": "Guide"}`)
	}},
	{"7644-3.5.2-11", "a malformed path is 400", []string{patching}, func(c *client) {
		path := c.full().path()
		for _, malformed := range []string{`emails[`, `emails[type eq \"work\"`, `name..givenName`} {
			r := c.patch(path, `{"op": "replace", "path": "`+malformed+`", "value": "x"}`)
			scimType := r.text("scimType")
			r.so(r.status == http.StatusBadRequest && (scimType == "" || scimType == "invalidPath" || scimType == "invalidFilter"),
				"status 400 with the scimType invalidPath or invalidFilter, or without scimType")
		}
	}},
	{"7644-3.10-03", "paths ignore case and may have their URN", []string{patching, "title", "name"}, func(c *client) {
		c.full().change(`{"op": "replace", "path": "TITLE", "value": "A"}, {"op": "replace", "path": "Name.familyname", "value": "B"},
			{"op": "replace", "path": "` + resource.UserSchema + `:name.givenName", "value": "C"}`).
			has(`{"title": "A", "name": {"familyName": "B", "givenName": "C"}}`)
	}},
	{"7644-3.5.2-03", "a value of the wrong type is 400", []string{patching, "active", "name"}, func(c *client) {
		path := c.full().path()
		c.patch(path, `{"op": "replace", "path": "active", "value": "maybe"}`).invalid()
		c.patch(path, `{"op": "replace", "path": "name", "value": 5}`).invalid()
	}},
	{"7644-3.5.2-15", "a new primary value takes the place of the old", []string{patching, "emails"}, func(c *client) {
		r := c.full()
		r.change(`{"op": "add", "path": "emails", "value": [{"type": "other", "value": "new@example.com", "primary": true}]}`).emails(3).
			has(`{"emails": [{"value": "new@example.com", "primary": true}]}`).primary(1)
		r.change(`{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}`).emails(3).
			has(`{"emails": [{"type": "home", "primary": true}]}`).primary(1)
	}},
	{"7643-2.4-09", "there are never two primary values", []string{patching, "emails"}, func(c *client) {
		r := c.full()
		done := c.patch(r.path(), `{"op": "add", "path": "emails", "value": [
			{"type": "other", "value": "a@example.net", "primary": true}, {"type": "other", "value": "b@example.net", "primary": true}]}`)
		done.so(done.status/100 == 2 || done.status == http.StatusBadRequest, "400, or one of the two is primary")
		after := r.fetch()
		after.so(primaries(after.doc) <= 1, "one primary value at most")
	}},
	{"7644-3.5.2-17", "the result has what is required", []string{patching}, func(c *client) {
		r := c.full()
		for _, value := range []string{`null`, `""`} {
			done := c.patch(r.path(), `{"op": "replace", "path": "userName", "value": `+value+`}`)
			done.so(done.status == http.StatusBadRequest, "status 400")
		}
		r.fetch().has(`{"userName": "scimtest-ann"}`)
	}},
	{"7644-3.5.2-20", "the id stays", []string{patching}, func(c *client) {
		r := c.full()
		if done := c.patch(r.path(), `{"op": "replace", "path": "id", "value": "scimtest-mine"}`); done.status/100 != 2 {
			done.refused(http.StatusBadRequest, "mutability")
		}
		r.fetch().has(`{"id": ` + show(r.id()) + `}`)
	}},
	{"7644-3.12-03", "the userName of another user is taken", []string{patching}, func(c *client) {
		c.create("bob")
		r := c.full()
		taken := c.patch(r.path(), `{"op": "replace", "path": "userName", "value": "scimtest-bob"}`)
		if taken.status != http.StatusBadRequest { // RFC 7643 section 7 allows 400, too
			taken.refused(http.StatusConflict, "uniqueness")
		}
		r.fetch().has(`{"userName": "scimtest-ann"}`)
	}},
	{"7644-3.5.2-13", "an extension comes with its URN", []string{patching, enterprise, "department", "manager"}, func(c *client) {
		const urn = resource.EnterpriseUserSchema
		r := c.full()
		r.change(`{"op": "add", "path": "` + urn + `:department", "value": "Tours"}, {"op": "add", "path": "` + urn + `:manager.value", "value": "scimtest-1"}`).
			has(`{"schemas": ["` + urn + `"], "` + urn + `": {"department": "Tours", "manager": {"value": "scimtest-1"}}}`)
		r.change(`{"op": "remove", "path": "`+urn+`:manager"}`).has(`{"`+urn+`": {"department": "Tours"}}`).hasNo(urn, "manager")
	}},
	{"7644-3.5.2.1-04", "an extension within a value without path", []string{patching, enterprise, "department"}, func(c *client) {
		const urn = resource.EnterpriseUserSchema
		c.full().change(`{"op": "add", "value": {"` + urn + `": {"department": "Tours"}}}`).
			has(`{"schemas": ["` + urn + `"], "` + urn + `": {"department": "Tours"}}`)
	}},
	{"7643-4.2-03", "members of a group come and go", []string{patching, groups}, func(c *client) {
		ann, bob, carol := c.create("ann").id(), c.create("bob").id(), c.create("carol").id()
		r := c.post("/Groups", group("guides", ann)).is(http.StatusCreated)
		member := func(ids ...string) string {
			values := make([]string, len(ids))
			for i, id := range ids {
				values[i] = `{"value": ` + show(id) + `}`
			}
			return `[` + strings.Join(values, ", ") + `]`
		}
		are := func(after reply, ids ...string) {
			after.has(`{"members": ` + member(ids...) + `}`)
			after.so(len(list(after.doc, "members")) == len(ids), "no other members")
		}
		are(r.change(`{"op": "add", "path": "members", "value": `+member(bob, carol)+`}`), ann, bob, carol)
		are(r.change(`{"op": "remove", "path": "members[value eq \"`+bob+`\"]"}`), ann, carol)
		are(r.change(`{"op": "replace", "path": "members", "value": `+member(bob)+`}`), bob)
		r.change(`{"op": "replace", "path": "displayName", "value": "scimtest-pilots"}`).has(`{"displayName": "scimtest-pilots"}`)
		r.change(`{"op": "remove", "path": "members"}`).hasNo("members")
	}},
}

// change does a PATCH that has to succeed, and reads the resource anew.
func (r reply) change(operations string) reply {
	r.c.t.Helper()
	r.c.patch(r.path(), operations).is(http.StatusOK, http.StatusNoContent)
	return r.c.get(r.path()).is(http.StatusOK)
}

// emails demands a number of e-mail addresses, primary of primary ones.
func (r reply) emails(n int) reply {
	r.c.t.Helper()
	return r.so(len(list(r.doc, "emails")) == n, "%d e-mail addresses", n)
}

func (r reply) primary(n int) reply {
	r.c.t.Helper()
	return r.so(primaries(r.doc) == n, "%d primary e-mail address", n)
}
