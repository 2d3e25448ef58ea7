package service_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/resource"
)

func TestRows(t *testing.T) {
	c := simple(t)
	user, id := c.User("bjensen")
	for name, test := range map[string]func(c ask.Client){
		"7644-3.4.2-06: unknown parameters mean nothing": func(c ask.Client) {
			c.Get("/Users?foo=1").Is(200)
			c.Get(user + "?foo=1&filter=nonsense").Is(200)
		},
		"7643-3.1-18: versions are weak": func(c ask.Client) {
			assert.True(c.T, strings.HasPrefix(c.Get(user).Tag(), `W/"`))
		},
		"7643-6-07: the name of the resource type is in meta": func(c ask.Client) {
			c.Get(user).Has(`{"meta": {"resourceType": "User"}}`)
			c.Get(c.Group("g")).Has(`{"meta": {"resourceType": "Group"}}`)
		},
		"7644-3.8-02: no other encoding than UTF-8": func(c ask.Client) {
			c.Post("/Users", "\ufeff"+ask.User("bom")).Fails(400, "invalidSyntax")
			c.Post("/Users", "{\x00\"\x00}\x00").Fails(400, "invalidSyntax")
			c.Post("/Users", ask.User("\xff")[:60]+"\xff\"}").Fails(400, "invalidSyntax")
		},
		"7644-3.8-06: .scim is no format": func(c ask.Client) { c.Get(user+".scim").Fails(404, "") },
		"7644-3.13-01: another version of the protocol": func(c ask.Client) {
			ask.New(c.T, c.Handler, "/scim/v9", token).Get("/Users").Fails(404, "", "/scim/v2")
			ask.New(c.T, c.Handler, "/v1", token).Get("/Users").Fails(404, "", "/v2")
		},
		"7643-9.3-01, AMB-03: what is no attribute is neither stored nor returned": func(c ask.Client) {
			c.Post("/Users", ask.User("extra", `, "shoeSize": 43, "x": {"y": [1]}`)).Is(201).Lacks("shoeSize")
			assert.Equal(c.T, 0, c.Find("/Users", `shoeSize eq 43`).Is(200).Total())
		},
		"7644-3.3-01, 7644-3.5.1-04: readOnly values are ignored": func(c ask.Client) {
			c.Post("/Users", ask.User("ro", `, "id": "mine", "groups": [{"value": "g"}], "meta": {"version": "W/\"9\"", "created": "2001-01-01T00:00:00Z"}`)).
				Is(201).Lacks("mine").Lacks("2001").Lacks("groups")
			c.Put(user, ask.User("bjensen", `, "id": "mine", "meta": {"location": "http://evil.example"}`)).Is(200).Has(`{"id": "` + id + `"}`).Lacks("evil")
		},
		"7644-3.7-03 to 7644-3.7-06: operations that are malformed fail alone": func(c ask.Client) {
			r := results(c.Post("/Bulk", bulk(
				`{"method": "post", "path": "/Users", "bulkId": "a", "data": `+ask.User("a")+`}`,
				`{"method": "POST", "path": "/Users", "data": `+ask.User("b")+`}`,
				`{"method": "POST", "path": "/Users/1", "bulkId": "c", "data": `+ask.User("c")+`}`,
				`{"method": "PUT", "path": "/Users", "data": `+ask.User("d")+`}`,
				`{"method": "DELETE"}`,
				`{"method": "PUT", "path": "`+user+`"}`,
				`{"method": "PATCH", "path": "`+user+`", "data": [{"op": "remove", "path": "title"}]}`,
				`{"method": "POST", "path": "/Users", "bulkId": "z", "data": `+ask.User("z")+`}`,
			)))
			require.Len(c.T, r, 8)
			for i := range 7 {
				assert.Equal(c.T, "400", r[i]["status"], "operation %d", i)
				assert.Contains(c.T, r[i]["response"], "schemas", "7644-3.7.3-04: operation %d", i)
			}
			assert.Equal(c.T, "201", r[7]["status"])
			one := `{"method": "POST", "path": "/Users", "bulkId": "same", "data": ` + ask.User("same") + `}`
			c.Post("/Bulk", bulk(one, one)).Fails(400, "invalidSyntax", "same")
			assert.Equal(c.T, 0, c.Find("/Users", `userName eq "same"`).Total())
		},
		"7644-3.7-07, 7644-3.7.3-02: a version in bulk": func(c ask.Client) {
			r := results(c.Post("/Bulk", bulk(`{"method": "PUT", "path": "`+user+`", "version": "W/\"x\"", "data": `+ask.User("x")+`}`,
				`{"method": "POST", "path": "/Users", "bulkId": "q", "data": {}}`)))
			assert.Equal(c.T, "412", r[0]["status"])
			assert.Equal(c.T, "http://example.com/scim/v2"+user, r[0]["location"])
			assert.NotContains(c.T, r[1], "location")
		},
		"7644-3.7-08: failOnErrors is not part of the answer": func(c ask.Client) {
			a := c.Post("/Bulk", `{"schemas": ["`+resource.BulkRequestSchema+`"], "failOnErrors": 1, "Operations": [
				{"method": "DELETE", "path": "/Users/none"}, {"method": "DELETE", "path": "/Users/none"}]}`).Lacks("failOnErrors")
			assert.Len(c.T, results(a), 1)
		},
		"7644-3.7.2-02, 7644-3.7.2-03: references": func(c ask.Client) {
			r := results(c.Post("/Bulk", bulk(
				`{"method": "POST", "path": "/Groups", "bulkId": "g", "data": `+ask.Group("lost", "bulkId:none")+`}`,
				`{"method": "POST", "path": "/Users", "bulkId": "u", "data": `+ask.User("my bulkId:g")+`}`,
			)))
			assert.Contains(c.T, []any{"400", "409"}, r[0]["status"])
			assert.Equal(c.T, "201", r[1]["status"])
			assert.Equal(c.T, 1, c.Find("/Users", `userName eq "my bulkId:g"`).Total())
		},
	} {
		t.Run(name, func(t *testing.T) { test(c.On(t)) })
	}
}

// 7644-3.4.2.4-03: without count the service chooses.
func TestLargestPage(t *testing.T) {
	types := usual()
	db := inMemory(t, types)
	c := serve(t, db, types)
	for i := range 201 {
		c.User(fmt.Sprintf("user%d", i))
	}
	c.Get("/Users").Is(200).Has(`{"totalResults": 201, "itemsPerPage": 200, "startIndex": 1}`)
	c.Get("/Users?count=500").Is(200).Has(`{"totalResults": 201, "itemsPerPage": 200}`)
	c.Get("/Users?startIndex=201").Is(200).Has(`{"totalResults": 201, "itemsPerPage": 1, "startIndex": 201}`)
	all, pages := follow(t, c, "/Users", "", "id")
	assert.Len(t, all, 201)
	assert.Equal(t, 2, pages)
}
