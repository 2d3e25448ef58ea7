package scimtest

import (
	"encoding/json"
	"net/http"

	"github.com/scimmodels/scim/resource"
)

// httpChecks are about methods, errors and authentication (RFC 7644 sections 2, 3.2 and 3.12). That each error has a SCIM
// Error in its body is checked with every answer.
var httpChecks = []check{
	{"7644-3.12-09", "an error is a SCIM Error", nil, func(c *client) {
		c.get("/Users/scimtest-none").is(http.StatusNotFound).has(`{"schemas": ["` + resource.ErrorSchema + `"], "status": "404"}`)
	}},
	{"7644-3.12-14", "an endpoint that is not there is 404", nil, func(c *client) {
		r := c.do(message{Method: "GET", Path: "/scimtest-none"}, http.StatusNotImplemented)
		r.so(r.status >= 400, "an error, such as 404")
	}},
	{"7644-3.4.2-07", "a method that an endpoint does not have", nil, func(c *client) {
		path := c.create("ann").path()
		for _, m := range []message{
			{Method: "POST", Path: path, Body: json.RawMessage(user("bob"))},
			{Method: "PUT", Path: "/Users", Body: json.RawMessage(user("bob"))},
		} {
			r := c.do(m, http.StatusNotImplemented)
			r.so(r.status >= 400, "an error, such as 405")
			if r.status == http.StatusMethodNotAllowed { // RFC 9110 section 15.5.6
				r.so(r.header.Get("Allow") != "", "a header Allow, which goes with 405")
			}
		}
		c.names("/Users").are("ann")
		head := c.do(message{Method: "HEAD", Path: path}, http.StatusNotImplemented)
		head.so(head.status == http.StatusOK || head.status == http.StatusMethodNotAllowed || head.status == http.StatusNotImplemented,
			"200 as GET, or 405 or 501")
	}},
	{"7644-2-01", "without a token there is 401 with WWW-Authenticate", []string{token}, func(c *client) {
		path := c.create("ann").path()
		for _, header := range []string{"", "Bearer scimtest-wrong"} {
			for _, m := range []message{
				{Method: "GET", Path: "/Users"},
				{Method: "GET", Path: path},
				{Method: "POST", Path: "/Users", Body: json.RawMessage(user("bob"))},
				{Method: "DELETE", Path: path},
			} {
				m.Headers = map[string]string{"Authorization": header}
				r := c.do(m).is(http.StatusUnauthorized)
				r.so(r.header.Get("WWW-Authenticate") != "", "a header WWW-Authenticate, which says how to authenticate")
			}
		}
		c.names("/Users").are("ann")
	}},
}
