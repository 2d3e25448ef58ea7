package scimtest

import (
	"net/http"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// bulkChecks are about bulk requests (RFC 7644 section 3.7).
var bulkChecks = []check{
	{"7644-3.7.3-01", "each operation has its result", []string{bulk}, func(c *client) {
		gone := c.create("bob")
		r := c.bulk(``, `{"method": "POST", "bulkId": "a", "path": "/Users", "data": `+user("ann")+`}`,
			`{"method": "PUT", "path": "`+gone.path()+`", "data": `+user("bobby")+`}`,
			`{"method": "DELETE", "path": "`+gone.path()+`"}`).
			has(`{"schemas": ["` + resource.BulkResponseSchema + `"], "Operations": [
				{"method": "POST", "bulkId": "a", "status": "201", "location": "<any>"},
				{"method": "PUT", "status": "200", "location": "<any>"}, {"method": "DELETE", "status": "204"}]}`)
		r.so(len(list(r.doc, "Operations")) == 3, "three results")
		c.names("/Users").are("ann")
	}},
	{"7644-3.7-09", "an operation that fails does not keep the others from being done", []string{bulk}, func(c *client) {
		r := c.bulk(``, `{"method": "POST", "bulkId": "a", "path": "/Users", "data": {"schemas": ["`+resource.UserSchema+`"]}}`,
			`{"method": "POST", "bulkId": "b", "path": "/Users", "data": `+user("bob")+`}`).
			has(`{"Operations": [{"bulkId": "a", "status": "400", "response": {"schemas": ["` + resource.ErrorSchema + `"], "status": "400"}},
				{"bulkId": "b", "status": "201"}]}`)
		for _, o := range list(r.doc, "Operations") {
			r.so(text(o, "bulkId") != "a" || text(o, "location") == "", "no location of a resource that was not created")
		}
		c.names("/Users").are("bob")
	}},
	{"7644-3.7-10", "failOnErrors ends the job", []string{bulk}, func(c *client) {
		r := c.bulk(`"failOnErrors": 1, `, `{"method": "POST", "bulkId": "a", "path": "/Users", "data": {"schemas": ["`+resource.UserSchema+`"]}}`,
			`{"method": "POST", "bulkId": "b", "path": "/Users", "data": `+user("bob")+`}`)
		r.so(len(list(r.doc, "Operations")) == 1, "one result, that of the operation that failed")
		c.names("/Users").are()
	}},
	{"7644-3.7.2-01", "bulkId stands for the id of a resource that the job creates", []string{bulk, groups}, func(c *client) {
		r := c.bulk(``, `{"method": "POST", "bulkId": "a", "path": "/Users", "data": `+user("ann")+`}`,
			`{"method": "POST", "bulkId": "g", "path": "/Groups", "data": `+group("guides", "bulkId:a")+`}`).
			has(`{"Operations": [{"bulkId": "a", "status": "201"}, {"bulkId": "g", "status": "201"}]}`)
		users, sets := c.fresh("/Users"), c.fresh("/Groups")
		r.so(len(users) == 1 && len(sets) == 1, "one user and one group")
		sets[0].has(`{"displayName": "scimtest-guides", "members": [{"value": ` + show(users[0].id()) + `}]}`)
	}},
	{"7644-3.7.4-01", "more than maxOperations is 413", []string{bulk}, func(c *client) {
		most := number(at(c.get("/ServiceProviderConfig").is(http.StatusOK).doc, "bulk"), "maxOperations")
		if most < 1 || most > 10_000 {
			return // beyond what a test should send
		}
		one := `{"method": "DELETE", "path": "/Users/scimtest-none"}`
		c.post("/Bulk", bulkRequest(``, strings.Repeat(one+", ", most)+one)).is(http.StatusRequestEntityTooLarge)
	}},
}

// bulk sends a job; the answer is 200 whatever becomes of its operations.
func (c *client) bulk(members string, operations ...string) reply {
	c.t.Helper()
	return c.post("/Bulk", bulkRequest(members, strings.Join(operations, ", "))).is(http.StatusOK)
}

func bulkRequest(members, operations string) string {
	return `{"schemas": ["` + resource.BulkRequestSchema + `"], ` + members + `"Operations": [` + operations + `]}`
}
