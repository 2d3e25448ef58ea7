package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// bulk sends operations and gives their results, which the answer has whatever becomes of them.
func (c client) bulk(operations ...string) answer {
	c.t.Helper()
	return c.post("/Bulk", bulkOf("", operations...)).is(200).has(fmt.Sprintf(`{"schemas": [%q]}`, resource.BulkResponseSchema))
}

func bulkOf(members string, operations ...string) string {
	return fmt.Sprintf(`{"schemas": [%q], %s"Operations": [%s]}`, resource.BulkRequestSchema, members, strings.Join(operations, ", "))
}

// creation is the POST of an operation.
func creation(path, id, data string) string {
	return fmt.Sprintf(`{"method": "POST", "path": %q, "bulkId": %q, "data": %s}`, path, id, data)
}

func operations(a answer) []any { return list(a.doc, "Operations") }

func TestBulk(t *testing.T) {
	t.Run("7644-3.7.2-01 references, whichever comes first", func(t *testing.T) {
		c := newClient(t)
		a := c.bulk(creation("/Groups", "g", group("Guides", "bulkId:u")), creation("/Users", "u", user("bjensen"))).
			has(`{"Operations": [{"method": "POST", "bulkId": "g", "status": "201", "version": "<any>"}, {"method": "POST", "bulkId": "u", "status": "201", "version": "<any>"}]}`)
		guides := c.get(text(operations(a)[0], "location")).is(200)
		babs := c.get(text(operations(a)[1], "location")).is(200)
		guides.has(`{"displayName": "Guides", "members": [{"value": "` + babs.id() + `", "display": "bjensen"}]}`)
		for i, made := range []answer{guides, babs} {
			if !strings.HasPrefix(text(operations(a)[i], "location"), c.base+"/") || i == 0 && text(operations(a)[i], "version") != made.header.Get("ETag") {
				t.Errorf("%s tells of %s", a.body, made.body)
			}
		}
	})
	t.Run("7644-3.7.1-01 a circle", func(t *testing.T) {
		c := newClient(t)
		a := c.bulk(creation("/Groups", "a", group("A", "bulkId:b")), creation("/Groups", "b", group("B", "bulkId:a"))).
			has(`{"Operations": [{"bulkId": "a", "status": "201"}, {"bulkId": "b", "status": "201"}]}`)
		one, other := c.get(text(operations(a)[0], "location")).is(200), c.get(text(operations(a)[1], "location")).is(200)
		one.has(`{"members": [{"value": "` + other.id() + `"}]}`)
		other.has(`{"members": [{"value": "` + one.id() + `"}]}`)
	})
	t.Run("7644-3.7.3-01 each operation as a request of its own", func(t *testing.T) {
		c := newClient(t)
		here := c.post("/Users", user("bjensen")).is(201)
		gone, group := c.post("/Users", user("gone")).is(201), c.post("/Groups", group("Guides")).is(201)
		patched := `{"schemas": ["` + resource.PatchOpSchema + `"], "Operations": [{"op": "replace", "path": "title", "value": "Guide"}]}`
		c.bulk(
			`{"method": "PATCH", "path": "/Users/`+here.id()+`", "data": `+patched+`}`,
			`{"method": "PUT", "path": "/Groups/`+group.id()+`", "data": {"schemas": ["`+resource.GroupSchema+`"], "displayName": "Tour Guides"}}`,
			`{"method": "DELETE", "path": "/Users/`+gone.id()+`"}`,
			`{"method": "DELETE", "path": "/Users/`+gone.id()+`"}`,
			creation("/Users", "a", user("BJensen")),
			creation("/Users", "b", `{"schemas": ["`+resource.UserSchema+`"]}`),
			creation("/Groups", "c", `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "X", "members": [{"value": "nobody"}]}`),
			`{"method": "PATCH", "path": "/Users/`+here.id()+`", "data": {"schemas": ["`+resource.PatchOpSchema+`"], "Operations": [{"op": "replace", "path": "emails[type eq \"work\"].value", "value": 5}]}}`,
		).has(`{"Operations": [
			{"method": "PATCH", "status": "200", "location": "` + c.base + `/Users/` + here.id() + `", "version": "<any>"}, {"method": "PUT", "status": "200"},
			{"method": "DELETE", "status": "204"}, {"method": "DELETE", "status": "404", "response": {"schemas": ["` + resource.ErrorSchema + `"], "status": "404"}},
			{"bulkId": "a", "status": "409", "response": {"scimType": "uniqueness", "status": "409"}},
			{"bulkId": "b", "status": "400", "response": {"scimType": "invalidValue", "status": "400"}},
			{"bulkId": "c", "status": "400", "response": {"scimType": "invalidValue", "status": "400"}},
			{"method": "PATCH", "status": "400"}]}`)
		c.get("/Users/" + here.id()).is(200).has(`{"title": "Guide"}`)
		c.get("/Groups/" + group.id()).is(200).has(`{"displayName": "Tour Guides"}`)
		c.get("/Users").is(200).has(`{"totalResults": 1}`)
	})
	t.Run("7644-3.14-02 version is If-Match", func(t *testing.T) {
		c := newClient(t)
		made := c.post("/Users", user("bjensen")).is(201)
		remove := func(version string) string {
			return fmt.Sprintf(`{"method": "DELETE", "path": "/Users/%s", "version": %q}`, made.id(), version)
		}
		c.bulk(remove(`W/"stale"`), remove(made.header.Get("ETag")), remove("*")).
			has(`{"Operations": [{"status": "412", "response": {"status": "412"}}, {"status": "204"}, {"status": "404"}]}`)
	})
	t.Run("7644-3.7-10 failOnErrors", func(t *testing.T) {
		c := newClient(t)
		a := c.post("/Bulk", bulkOf(`"failOnErrors": 1, `, `{"method": "DELETE", "path": "/Users/nobody"}`, creation("/Users", "a", user("bjensen")))).is(200)
		if len(operations(a)) != 1 {
			t.Errorf("%s", a.body)
		}
		c.get("/Users").is(200).has(`{"totalResults": 0}`)
	})
	t.Run("7644-3.12-02 tolerances are those of the service", func(t *testing.T) {
		for status, c := range map[string]client{"201": newClient(t), "400": newClient(t, resource.Strict())} {
			c.bulk(creation("/Users", "a", `{"schemas": ["`+resource.UserSchema+`"], "userName": "a", "active": "True"}`)).has(`{"Operations": [{"status": "` + status + `"}]}`)
		}
	})
}

// Only what is done to resources can be part of a bulk request, and nothing leads out of the service.
func TestBulkPaths(t *testing.T) {
	c := newClient(t)
	id := c.post("/Users", user("bjensen")).is(201).id()
	empty := `{"schemas": ["` + resource.SearchRequestSchema + `"]}`
	for _, o := range []struct{ operation, status string }{
		{creation("/.search", "a", empty), "404"},
		{creation("/Bulk", "a", bulkOf("", creation("/Users", "b", user("ann")))), "404"},
		{creation("/Me", "a", user("me")), "404"},
		{creation("/Robots", "a", user("r2d2")), "404"},
		{creation("/users", "a", user("ann")), "404"},
		{creation("/Users/.search", "a", empty), "400"},
		{creation("/Users/%zz", "a", user("ann")), "400"},
		{creation("/%zz", "a", user("ann")), "400"},
		{creation("https://example.com/Users", "a", user("ann")), "400"},
		{creation("//example.com", "a", user("ann")), "404"},
		{creation("/../../Users", "a", user("ann")), "400"},
		{`{"method": "PUT", "path": "/ServiceProviderConfig/x", "data": {}}`, "404"},
		{`{"method": "DELETE", "path": "/Schemas/` + resource.UserSchema + `"}`, "404"},
		{`{"method": "DELETE", "path": "/Users/` + id + `/../x"}`, "400"},
		{`{"method": "DELETE", "path": "/Users/%2e%2e%2fGroups"}`, "404"},
		{`{"method": "DELETE", "path": "/Users"}`, "400"},
		{`{"method": "GET", "path": "/Users/` + id + `"}`, "400"},
		{`{"method": "PURGE", "path": "/Users/` + id + `"}`, "400"},
	} {
		t.Run(o.operation, func(t *testing.T) {
			c.in(t).bulk(o.operation).has(`{"Operations": [{"status": "` + o.status + `", "response": {"schemas": ["` + resource.ErrorSchema + `"], "status": "` + o.status + `"}}]}`)
		})
	}
	c.get("/Users").is(200).has(`{"totalResults": 1}`)
}

func TestBulkLimits(t *testing.T) {
	c := newClient(t)
	remove := `{"method": "DELETE", "path": "/Users/nobody"}`
	many := make([]string, maxBulk+1)
	for i := range many {
		many[i] = remove
	}
	for _, r := range []struct {
		id, body string
		status   int
		want     string
	}{
		{"7644-3.7.4-01 as many operations as may be", bulkOf("", many[1:]...), 200, `{"Operations": "<any>"}`},
		{"7644-3.7.4-01 too many operations", bulkOf("", many...), 413, `{"detail": "<any>"}`},
		{"7644-3.7.4-02 as large as may be", bulkOf("", remove+strings.Repeat(" ", maxBody-len(bulkOf("", remove)))), 200, `{"Operations": [{"status": "404"}]}`},
		{"7644-3.7.4-02 too large", bulkOf("", remove+strings.Repeat(" ", maxBody-len(bulkOf("", remove))+1)), 413, `{"detail": "<any>"}`},
		{"no operations", bulkOf(""), 400, `{"scimType": "invalidSyntax"}`},
		{"another message", user("bjensen"), 400, `{"scimType": "invalidSyntax"}`},
		{"no JSON", `{`, 400, `{"scimType": "invalidSyntax"}`},
		{"7644-3.7-04 a bulkId twice", bulkOf("", creation("/Users", "a", user("a")), creation("/Users", "a", user("b"))), 400, `{"scimType": "invalidSyntax"}`},
	} {
		t.Run(r.id, func(t *testing.T) { c.in(t).post("/Bulk", r.body).is(r.status).has(r.want) })
	}
	c.get("/Users").is(200).has(`{"totalResults": 0}`)
	c.with("Content-Type", "text/plain").post("/Bulk", bulkOf("", remove)).is(415)
}

// A client is not told what has failed inside; the log is.
func TestBulkFailure(t *testing.T) {
	var log bytes.Buffer
	db := quickStore()
	c := serve(t, newService(db, "", slog.New(slog.NewTextHandler(&log, nil))))
	id := c.post("/Users", user("bjensen")).is(201).id()
	broken := db.accounts.rows[id]
	broken.Profile = []byte("{")
	db.accounts.rows[id] = broken
	a := c.bulk(`{"method": "DELETE", "path": "/Users/`+id+`"}`, creation("/Users", "a", `{"schemas": ["`+resource.UserSchema+`"], "userName": "ann", "password": "sesame"}`)).
		has(`{"Operations": [{"status": "500", "response": {"status": "500"}}, {"status": "201"}]}`)
	if strings.Contains(string(a.body), "sesame") {
		t.Errorf("the answer has the password: %s", a.body)
	}
	c.close()
	if text := log.String(); !strings.Contains(text, `msg="request failed" method=DELETE path=`+root+"/Users/"+id+" cause=") || strings.Contains(text, "sesame") {
		t.Errorf("the log says %s", text)
	}
}
