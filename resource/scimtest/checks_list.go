package scimtest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// listChecks are about ListResponse, pages and .search (RFC 7644 sections 3.4.2, 3.4.2.4 and 3.4.3).
var listChecks = []check{
	{"7644-3.4.2-02", "a query answers with a ListResponse", nil, func(c *client) {
		c.create("ann")
		c.get("/Users").is(http.StatusOK).
			has(`{"schemas": ["` + resource.ListResponseSchema + `"], "totalResults": "<int>", "Resources": [{"id": "<any>"}]}`)
		c.names("/Users").are("ann")
	}},
	{"7644-3.4.2-03", "totalResults counts all there are", nil, func(c *client) {
		before := number(c.get("/Users").is(http.StatusOK).doc, "totalResults")
		c.people()
		c.get("/Users").is(http.StatusOK).has(fmt.Sprintf(`{"totalResults": %d}`, before+3))
	}},
	{"7644-3.4.2-05", "a part of the results has startIndex and itemsPerPage", []string{indexPages}, func(c *client) {
		c.people()
		r := c.get("/Users?startIndex=2&count=1").is(http.StatusOK).has(`{"startIndex": 2, "itemsPerPage": "<int>"}`)
		n := len(list(r.doc, "Resources"))
		r.so(n <= 1 && n == number(r.doc, "itemsPerPage"), "one resource, and itemsPerPage says so")
	}},
	{"7644-3.4.2.4-01", "pages have each resource once", []string{indexPages}, func(c *client) {
		c.people()
		c.names("/Users?count=2").are("ann", "bob", "carol")
	}},
	{"7644-3.4.2.4-01", "startIndex below 1 is 1, and beyond the end is nothing", []string{indexPages}, func(c *client) {
		c.people()
		first := c.get("/Users?startIndex=1&count=1").is(http.StatusOK)
		for _, index := range []string{"0", "-5"} {
			r := c.get("/Users?startIndex=" + index + "&count=1").is(http.StatusOK).has(`{"startIndex": 1}`)
			r.so(same(list(r.doc, "Resources"), list(first.doc, "Resources")), "the first page, as with startIndex=1")
		}
		all := number(first.doc, "totalResults")
		c.get(fmt.Sprintf("/Users?startIndex=%d", all+10)).is(http.StatusOK).has(fmt.Sprintf(`{"totalResults": %d}`, all)).hasNo("Resources")
	}},
	{"7644-3.4.2.4-02", "count is the most there is on a page, and from 0 down asks for the number only", []string{indexPages}, func(c *client) {
		c.people()
		r := c.get("/Users?count=2").is(http.StatusOK)
		r.so(len(list(r.doc, "Resources")) <= 2, "two resources at most")
		all := fmt.Sprintf(`{"totalResults": %d}`, number(r.doc, "totalResults"))
		c.get("/Users?count=0").is(http.StatusOK).has(all).hasNo("Resources")
		c.get("/Users?count=-3").is(http.StatusOK).has(all).hasNo("Resources")
	}},
	{"7644-3.4.3-01", "POST to .search is a query", nil, func(c *client) {
		c.people()
		all := number(c.get("/Users").is(http.StatusOK).doc, "totalResults")
		c.search("").is(http.StatusOK).has(fmt.Sprintf(`{"schemas": ["`+resource.ListResponseSchema+`"], "totalResults": %d}`, all))
	}},
	{"7644-3.4.3-04", "startIndex and count in a search are integers", []string{indexPages}, func(c *client) {
		c.people()
		r := c.search(`"startIndex": 2, "count": 1`).is(http.StatusOK).has(`{"startIndex": 2}`)
		r.so(len(list(r.doc, "Resources")) <= 1, "one resource at most")
		c.search(`"count": 0`).is(http.StatusOK).hasNo("Resources")
	}},
	{"7644-3.4.3-03", "attributes and excludedAttributes in a search are lists", []string{"title", "displayName"}, func(c *client) {
		c.people()
		c.search(`"attributes": ["displayName"]`).is(http.StatusOK).hasNo("Resources", "title")
		c.search(`"excludedAttributes": ["title"]`).is(http.StatusOK).hasNo("Resources", "title")
	}},
	{"7644-3.4.3-02", "the filter of a search is the filter of a GET", []string{filtering}, func(c *client) {
		c.people()
		c.search(`"filter": "userName eq \"scimtest-bob\""`).is(http.StatusOK).has(`{"totalResults": 1, "Resources": [{"userName": "scimtest-bob"}]}`)
		c.search(`"filter": "userName eq"`).typed(http.StatusBadRequest, "invalidFilter")
	}},
	{"7644-3.4.3-05", ".search is no user", nil, func(c *client) {
		r := c.do(message{Method: "GET", Path: "/Users/.search"}, http.StatusNotImplemented)
		r.so(r.status >= 400, "404 or 405: it is an endpoint for POST")
	}},
}

// people stores three users that differ in everything that queries look at.
func (c *client) people() {
	c.t.Helper()
	c.create("ann", `"displayName": "Ann Archer"`, `"title": "Guide"`, `"active": true`, `"externalId": "AbC"`,
		`"emails": [{"type": "work", "value": "ann@example.com"}, {"type": "home", "value": "ann@example.net"}]`)
	c.create("bob", `"displayName": "Bob Baker"`, `"title": "Pilot"`, `"active": true`,
		`"emails": [{"type": "work", "value": "bob@example.net"}]`)
	c.create("carol", `"displayName": "Carol Archer"`, `"active": false`)
}

// search posts a query to /Users/.search.
func (c *client) search(members string) reply {
	c.t.Helper()
	message := `{"schemas": ["` + resource.SearchRequestSchema + `"]`
	return c.post("/Users/.search", strings.TrimSuffix(message+", "+members, ", ")+"}")
}
