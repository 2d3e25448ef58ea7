package scimtest

import (
	"net/http"
	"strings"
	"unicode"

	"github.com/scimmodels/scim/resource"
)

// filterChecks are about filters (RFC 7644 section 3.4.2.2).
var filterChecks = []check{
	{"7644-3.4.2.2-01", "a filter is applied or refused, but never ignored", nil, func(c *client) {
		c.create("ann")
		r := c.do(message{Method: "GET", Path: "/Users?filter=" + escape(`userName eq "scimtest-nobody"`)}, http.StatusNotImplemented)
		r.so(r.status >= 400 || number(r.doc, "totalResults") == 0, "no user, or an error where filters are not offered")
	}},
	{"7644-3.4.2-04", "nothing found is 200 with totalResults 0", []string{filtering}, func(c *client) {
		c.create("ann")
		c.get("/Users?filter=" + escape(`userName eq "scimtest-nobody"`)).is(http.StatusOK).has(`{"totalResults": 0}`).hasNo("Resources")
	}},
	{"7644-3.4.2.2-02", "only what matches is listed and counted", []string{filtering}, func(c *client) {
		c.people()
		c.finds(`userName eq "scimtest-bob"`, "bob")
		c.get("/Users?filter=" + escape(`userName eq "scimtest-bob"`)).is(http.StatusOK).has(`{"totalResults": 1}`)
	}},
	{"7644-3.4.2.2-17", "eq and ne", []string{filtering, "title", "active"}, func(c *client) {
		c.people()
		c.finds(`title eq "Guide"`, "ann")
		c.finds(`userName ne "scimtest-bob"`, "ann", "carol")
		c.finds(`active eq false`, "carol")
	}},
	{"7644-3.4.2.2-18", "co, sw and ew", []string{filtering, "displayName"}, func(c *client) {
		c.people()
		c.finds(`displayName co "arc"`, "ann", "carol")
		c.finds(`displayName sw "bob"`, "bob")
		c.finds(`displayName ew "archer"`, "ann", "carol")
		c.finds(`displayName co "Bob Baker"`, "bob")
	}},
	{"7644-3.4.2.2-19", "pr", []string{filtering, "title", "active", "emails"}, func(c *client) {
		c.people()
		c.finds(`title pr`, "ann", "bob")
		c.finds(`active pr`, "ann", "bob", "carol")
		c.finds(`emails pr`, "ann", "bob")
	}},
	{"7644-3.4.2.2-20", "gt, ge, lt and le of strings", []string{filtering}, func(c *client) {
		c.people()
		c.finds(`userName gt "scimtest-bob"`, "carol")
		c.finds(`userName ge "scimtest-bob"`, "bob", "carol")
		c.finds(`userName lt "scimtest-bob" and userName sw "scimtest-"`, "ann")
		c.finds(`userName le "scimtest-bob" and userName sw "scimtest-"`, "ann", "bob")
	}},
	{"7644-3.4.2.2-21", "gt, ge, lt and le of times", []string{filtering}, func(c *client) {
		c.people()
		c.finds(`meta.created gt "1999-05-13T04:42:34Z"`, "ann", "bob", "carol")
		c.finds(`meta.created le "2999-05-13T04:42:34.5+02:00"`, "ann", "bob", "carol")
		c.finds(`meta.lastModified lt "1999-05-13T04:42:34Z"`)
		c.finds(`meta.lastModified ge "2999-05-13T04:42:34-02:00"`)
	}},
	{"7644-3.4.2.2-22", "gt of a boolean is 400 invalidFilter", []string{filtering, "active"}, func(c *client) {
		c.wrong(`active gt false`)
	}},
	{"7644-3.4.2.2-03", "names and operators ignore case", []string{filtering, "title"}, func(c *client) {
		c.people()
		c.finds(`USERNAME EQ "scimtest-bob"`, "bob")
		c.finds(`Title Pr AND NOT (username Eq "scimtest-bob")`, "ann")
	}},
	{"7644-3.4.2.2-23", "strings are compared as caseExact has it", []string{filtering}, func(c *client) {
		c.people()
		c.finds(`userName eq "SCIMTEST-BOB"`, "bob")
		c.finds(`externalId eq "AbC"`, "ann")
		c.finds(`externalId eq "aBc"`)
		r := c.create("dave")
		if other := swapCase(r.id()); other != r.id() {
			c.finds(`id eq ` + show(other) + ` and userName eq "scimtest-dave"`)
		}
	}},
	{"7644-3.4.2.2-08", "and before or, and parentheses before both", []string{filtering, "title"}, func(c *client) {
		c.people()
		c.finds(`userName eq "scimtest-ann" or userName eq "scimtest-bob" and title eq "Pilot"`, "ann", "bob")
		c.finds(`title eq "Pilot" and userName eq "scimtest-bob" or userName eq "scimtest-ann"`, "ann", "bob")
		c.finds(`(userName eq "scimtest-ann" or userName eq "scimtest-bob") and title eq "Pilot"`, "bob")
		c.finds(`userName sw "scimtest-" and title pr`, "ann", "bob")
	}},
	{"7644-3.4.2.2-09", "not", []string{filtering, "title"}, func(c *client) {
		c.people()
		c.finds(`not (title pr)`, "carol")
		c.finds(`userName sw "scimtest-" and not (userName eq "scimtest-ann" or title eq "Pilot")`, "carol")
	}},
	{"7644-3.4.2.2-24", "one value of many is enough", []string{filtering, "emails"}, func(c *client) {
		c.people()
		c.finds(`emails.value eq "ann@example.net"`, "ann")
		c.finds(`emails.value ew "@example.net"`, "ann", "bob")
	}},
	{"7644-3.4.2.2-12", "without brackets the values may be different ones", []string{filtering, "emails"}, func(c *client) {
		c.people()
		c.finds(`emails.type eq "home" and emails.value ew "@example.com"`, "ann")
	}},
	{"7644-3.4.2.2-11", "in brackets both conditions hold for one value", []string{filtering, "emails", "title"}, func(c *client) {
		c.people()
		const across = `emails[type eq "home" and value ew "@example.com"]`
		if r := c.get("/Users?filter=" + escape(across)); r.status == http.StatusBadRequest { // such filters are optional
			r.typed(http.StatusBadRequest, "invalidFilter")
			return
		}
		c.finds(across)
		c.finds(`emails[type eq "work" and value ew "@example.net"]`, "bob")
		c.finds(`emails[type eq "work"] and title eq "Guide"`, "ann")
	}},
	{"7644-3.10-04", "names may have their URN", []string{filtering}, func(c *client) {
		c.people()
		c.finds(resource.UserSchema+`:userName eq "scimtest-bob"`, "bob")
	}},
	{"7644-3.10-04", "attributes of an extension are named with its URN", []string{filtering, enterprise, "department", "manager"}, func(c *client) {
		c.people()
		c.post("/Users", employee("dave", `"department": "Tours", "manager": {"value": "scimtest-1"}`)).is(http.StatusCreated)
		c.finds(resource.EnterpriseUserSchema+`:department eq "tours"`, "dave")
		c.finds(resource.EnterpriseUserSchema+`:manager.value eq "scimtest-1"`, "dave")
	}},
	{"7644-3.4.2.2-07", "values are JSON", []string{filtering, "displayName"}, func(c *client) {
		c.create("ann", `"displayName": "a \"b\" \\ c: É"`)
		c.create("bob", `"displayName": "a b c: E"`)
		c.finds(`displayName eq "a \"b\" \\ c: \u00c9"`, "ann")
	}},
	{"7644-1.2-01", "a filter in a URL is decoded once", []string{filtering, "displayName"}, func(c *client) {
		c.create("ann", `"displayName": "a+b%20c&d"`)
		c.create("bob", `"displayName": "a b c&d"`)
		c.finds(`displayName eq "a+b%20c&d"`, "ann")
	}},
	{"7644-3.4.2.2-05", "a filter that is not complete is 400 invalidFilter", []string{filtering}, func(c *client) {
		c.wrong(`userName`, `userName eq`, `eq "x"`, `userName eq "x" and`, `userName eq "x" title pr`)
	}},
	{"7644-3.4.2.2-06", "an unknown operator is 400 invalidFilter", []string{filtering}, func(c *client) {
		c.wrong(`userName regex "x"`)
	}},
	{"7644-3.4.2.2-10", "brackets that do not match are 400 invalidFilter", []string{filtering}, func(c *client) {
		c.wrong(`(userName pr`, `userName pr)`, `emails[type eq "work"`)
	}},
}

// wrong demands that filters are refused. A user is there to be found: none of them may be taken to match everything.
func (c *client) wrong(filters ...string) {
	c.t.Helper()
	c.create("ann")
	for _, filter := range filters {
		c.get("/Users?filter="+escape(filter)).typed(http.StatusBadRequest, "invalidFilter")
	}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// sortChecks are about sortBy and sortOrder (RFC 7644 section 3.4.2.3).
var sortChecks = []check{
	{"7644-3.4.2.3-02", "sortBy, with the name in any case or with its URN", []string{sorting}, func(c *client) {
		c.create("carol")
		c.create("ann")
		c.create("bob")
		for _, name := range []string{"userName", "USERNAME", resource.UserSchema + ":userName"} {
			c.names("/Users?sortBy="+name).inOrder("ann", "bob", "carol")
		}
	}},
	{"7644-3.4.2.3-06", "sortOrder", []string{sorting}, func(c *client) {
		c.create("bob")
		c.create("ann")
		c.create("carol")
		c.names("/Users?sortBy=userName&sortOrder=ascending").inOrder("ann", "bob", "carol")
		c.names("/Users?sortBy=userName&sortOrder=descending").inOrder("carol", "bob", "ann")
	}},
	{"7644-3.4.2.3-07", "strings that are not caseExact are sorted without case", []string{sorting}, func(c *client) {
		c.create("CAROL")
		c.create("bob")
		c.create("ann")
		c.names("/Users?sortBy=userName").inOrder("ann", "bob", "CAROL")
	}},
	{"7644-3.4.2.3-05", "no value is last, in descending order first", []string{sorting, "title"}, func(c *client) {
		c.create("ann")
		c.create("bob", `"title": "A"`)
		c.create("carol", `"title": "B"`)
		c.names("/Users?sortBy=title").inOrder("bob", "carol", "ann")
		c.names("/Users?sortBy=title&sortOrder=descending").inOrder("ann", "carol", "bob")
	}},
	{"7644-3.4.2.3-04", "sortBy a part of an attribute", []string{sorting, "name"}, func(c *client) {
		c.create("ann", `"name": {"givenName": "Z"}`)
		c.create("bob", `"name": {"givenName": "Y"}`)
		c.names("/Users?sortBy=name.givenName").inOrder("bob", "ann")
	}},
	{"7644-3.4.2.3-03", "of many values the primary counts, or the first", []string{sorting, "emails"}, func(c *client) {
		c.create("ann", `"emails": [{"value": "z@example.com"}, {"value": "c@example.com", "primary": true}]`)
		c.create("bob", `"emails": [{"value": "d@example.com"}, {"value": "a@example.com"}]`)
		c.create("carol", `"emails": [{"value": "b@example.com"}]`)
		c.names("/Users?sortBy=emails.value").inOrder("carol", "ann", "bob")
	}},
}
