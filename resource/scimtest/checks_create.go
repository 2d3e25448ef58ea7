package scimtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/scimmodels/scim/resource"
)

// creationChecks are about POST and GET of one resource (RFC 7644 sections 3.3 and 3.4.1).
var creationChecks = []check{
	{"7644-3.3-05", "creation answers 201 with Location", nil, func(c *client) {
		r := c.create("ann")
		location := r.header.Get("Location")
		r.so(location != "" && location == r.text("meta", "location"), "a header Location, the same as meta.location")
		if u, err := url.Parse(location); err == nil && strings.HasPrefix(u.EscapedPath(), c.config.Base+"/") {
			c.get(strings.TrimPrefix(u.EscapedPath(), c.config.Base)).is(http.StatusOK).has(`{"id": ` + show(r.id()) + `}`)
		}
	}},
	{"7643-3.1-03", "the id is the service's to choose", nil, func(c *client) {
		r := c.create("ann", `"id": "scimtest-mine"`)
		r.so(r.id() != "scimtest-mine", "another id than the client's")
		r.so(!strings.Contains(r.id(), "bulkId"), "an id without the word bulkId, which has a meaning of its own")
	}},
	{"7643-3.1-02", "an id is never used again", nil, func(c *client) {
		first := c.create("ann")
		c.delete(first.path()).is(http.StatusNoContent)
		again := c.create("ann")
		again.so(again.id() != first.id(), "another id than that of the user deleted before")
	}},
	{"7644-3.3-01", "readOnly values in a POST are ignored", nil, func(c *client) {
		r := c.create("ann", `"meta": {"resourceType": "Group", "created": "1999-01-01T00:00:00Z", "location": "https://example.com/mine"}`,
			`"groups": [{"value": "scimtest-none"}]`)
		r.so(!strings.HasPrefix(r.text("meta", "created"), "1999"), "meta.created as the service has it")
		r.so(r.text("meta", "location") != "https://example.com/mine", "meta.location as the service has it")
		r.so(!strings.Contains(string(r.body), "scimtest-none"), "no group that the client says the user is in")
	}},
	{"7643-3.1-09", "created and lastModified are times, and equal at first", nil, func(c *client) {
		r := c.create("ann")
		created, modified := r.text("meta", "created"), r.text("meta", "lastModified")
		if created == "" && modified == "" {
			return
		}
		from, err := time.Parse(time.RFC3339Nano, created)
		to, err2 := time.Parse(time.RFC3339Nano, modified)
		r.so(err == nil && err2 == nil && from.Equal(to), "equal dateTimes in meta.created and meta.lastModified")
	}},
	{"7643-4.1.1-01", "userName is required, and unique without regard to case", nil, func(c *client) {
		for _, body := range []string{
			body(resource.UserSchema, []string{`"externalId": "scimtest-1"`}),
			body(resource.UserSchema, []string{`"userName": null`}),
			body(resource.UserSchema, []string{`"userName": ""`}),
		} {
			c.post("/Users", body).invalid()
		}
		c.create("ann")
		c.post("/Users", user("ANN")).typed(http.StatusConflict, "uniqueness")
	}},
	{"7644-3.12-12", "creation of what is there already is 409 uniqueness", nil, func(c *client) {
		c.create("ann")
		c.post("/Users", user("ann")).typed(http.StatusConflict, "uniqueness")
	}},
	{"7643-2.1-01", "attribute names ignore case, and come back in the spelling of the schema", []string{"displayName"}, func(c *client) {
		c.post("/Users", body(resource.UserSchema, []string{`"USERNAME": "scimtest-ann"`, `"displayname": "Ann"`})).is(http.StatusCreated).
			has(`{"userName": "scimtest-ann", "displayName": "Ann"}`).
			fetch().has(`{"userName": "scimtest-ann", "displayName": "Ann"}`)
	}},
	{"7643-2.5-01", "null and [] are the same as nothing", []string{"title", "emails"}, func(c *client) {
		c.create("ann", `"title": null`, `"emails": []`).hasNo("title").hasNo("emails").fetch().hasNo("title").hasNo("emails")
	}},
	{"7643-2.3.1-01", "a string is no number", nil, func(c *client) {
		c.post("/Users", strings.Replace(user("ann"), `"scimtest-ann"`, "5", 1)).invalid()
	}},
	{"7643-2.3.2-01", "a boolean is true or false", []string{"active"}, func(c *client) {
		c.post("/Users", user("ann", `"active": "maybe"`)).invalid()
	}},
	{"7643-2.4-04", "one value at most is primary", []string{"emails"}, func(c *client) {
		r := c.post("/Users", user("ann", `"emails": [{"value": "a@example.com", "primary": true}, {"value": "b@example.com", "primary": true}]`))
		if r.status == http.StatusCreated {
			r = r.fetch()
			r.so(primaries(r.doc) <= 1, "one primary value at most, or 400 to begin with")
			return
		}
		r.invalid()
	}},
	{"7644-3.12-19", "a body that is no JSON is 400", nil, func(c *client) {
		for _, body := range []string{`{`, `"x"`, user("ann") + "}", `{"schemas": ["` + resource.UserSchema + `"], "userName": "scimtest-ann}`} {
			c.post("/Users", body).invalid()
		}
	}},
	{"7644-3.8-05", "a body may say application/json, and a charset", nil, func(c *client) {
		for name, media := range map[string]string{
			"ann": "application/json", "bob": "application/json; charset=utf-8", "carol": resource.MediaType + "; charset=utf-8",
		} {
			c.do(message{Method: "POST", Path: "/Users", Headers: map[string]string{"Content-Type": media}, Body: json.RawMessage(user(name))}).
				is(http.StatusCreated)
		}
	}},
	{"7644-3.8-03", "the answer is application/scim+json, also where anything is accepted", nil, func(c *client) {
		path := c.create("ann").path()
		for _, accept := range []string{resource.MediaType, "*/*", ""} {
			c.do(message{Method: "GET", Path: path, Headers: map[string]string{"Accept": accept}}).is(http.StatusOK)
		}
	}},
	{"7644-3.8-01", "text is UTF-8", []string{"displayName"}, func(c *client) {
		for name, written := range map[string]string{"ann": `"Ünal 山 𝄞"`, "bob": `"\u00dcnal \u5c71 \ud834\udd1e"`} {
			c.create(name, `"displayName": `+written).fetch().has(`{"displayName": "Ünal 山 𝄞"}`)
		}
	}},
	{"7644-3.4.1-01", "GET has what was created, and 404 for what was not", []string{"displayName", "emails"}, func(c *client) {
		r := c.create("ann", `"externalId": "scimtest-1", "displayName": "Ann"`, `"emails": [{"value": "a@example.com", "type": "work"}]`)
		r.fetch().has(`{"id": ` + show(r.id()) + `, "userName": "scimtest-ann", "externalId": "scimtest-1", "displayName": "Ann",
			"emails": [{"value": "a@example.com", "type": "work"}], "meta": {"location": ` + show(r.text("meta", "location")) + `}}`)
		c.get("/Users/scimtest-none").is(http.StatusNotFound)
	}},
	{"7643-3.3-02", "an extension has its own object, and its URN in schemas", []string{enterprise, "department"}, func(c *client) {
		want := `{"schemas": ["` + resource.UserSchema + `", "` + resource.EnterpriseUserSchema + `"],
			"` + resource.EnterpriseUserSchema + `": {"department": "Tours"}}`
		c.post("/Users", employee("ann", `"department": "Tours"`)).is(http.StatusCreated).has(want).fetch().has(want)
	}},
	{"7643-4.2-01", "a group has a displayName, and members", []string{groups}, func(c *client) {
		c.post("/Groups", body(resource.GroupSchema, []string{`"externalId": "scimtest-1"`})).invalid()
		ann := c.create("ann").id()
		want := `{"displayName": "scimtest-guides", "members": [{"value": ` + show(ann) + `}]}`
		c.post("/Groups", group("guides", ann)).is(http.StatusCreated).has(want).fetch().has(want)
	}},
	{"7643-4.1.1-07", "a password never comes back", []string{"password"}, func(c *client) {
		const secret = "t1meMa$heen"
		silent := func(r reply) reply {
			return r.so(!strings.Contains(string(r.body), secret), "no password, in any form")
		}
		made := silent(c.create("ann", `"password": "`+secret+`"`))
		silent(made.fetch())
		silent(c.get(made.path() + "?attributes=userName,password").is(http.StatusOK))
		silent(c.get("/Users").is(http.StatusOK))
		silent(c.put(made.path(), user("ann", `"password": "`+secret+`"`)).is(http.StatusOK))
		silent(c.put(made.path(), user("ann")).is(http.StatusOK)) // which does not concern it
		silent(c.post("/Users", user("bob", `"active": 5`, `"password": "`+secret+`"`)).is(http.StatusBadRequest))
		if c.without[patching] == "" {
			silent(c.patch(made.path(), `{"op": "replace", "path": "password", "value": "`+secret+`"}`))
		}
	}},
}

// primaries counts the primary e-mail addresses of a user.
func primaries(doc any) (n int) {
	for _, email := range list(doc, "emails") {
		if at(email, "primary") == true {
			n++
		}
	}
	return n
}
