package service_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/resource"
)

func TestDiscovery(t *testing.T) {
	c := simple(t)
	t.Run("7644-4-01, 9865-4-01: ServiceProviderConfig", func(t *testing.T) {
		c := c.On(t)
		c.Get("/ServiceProviderConfig?filter=id%20pr&count=0").Is(200).Has(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
			"patch": {"supported": true}, "bulk": {"supported": true, "maxOperations": 1000, "maxPayloadSize": 10485760},
			"filter": {"supported": true, "maxResults": 200}, "changePassword": {"supported": true}, "sort": {"supported": true}, "etag": {"supported": true},
			"pagination": {"cursor": true, "index": true, "defaultPaginationMethod": "index", "cursorTimeout": 600, "defaultPageSize": 200, "maxPageSize": 200},
			"meta": {"resourceType": "ServiceProviderConfig", "location": "http://example.com/scim/v2/ServiceProviderConfig"}}`)
	})
	t.Run("7644-4-02, 7644-4-03: lists are complete", func(t *testing.T) {
		c := c.On(t)
		a := c.Get("/Schemas?startIndex=2&count=1&sortBy=id").Is(200)
		assert.Equal(t, 6, a.Total())
		assert.ElementsMatch(t, []string{
			resource.UserSchema, resource.EnterpriseUserSchema, resource.GroupSchema,
			resource.SchemaSchema, resource.ResourceTypeSchema, resource.ServiceProviderConfigSchema,
		}, a.Each("id"))
		assert.Equal(t, []string{"User", "Group"}, c.Get("/ResourceTypes?count=1").Is(200).Each("name"))
	})
	t.Run("7644-4-04: a filter there is refused", func(t *testing.T) {
		c := c.On(t)
		c.Find("/Schemas", "id pr").Fails(403, "")
		c.Find("/ResourceTypes", "id pr").Fails(403, "")
	})
	t.Run("7644-4-02, 7643-8.7.2-01: one document, in any case", func(t *testing.T) {
		c := c.On(t)
		for _, urn := range []string{resource.UserSchema, "URN:ietf:params:scim:schemas:core:2.0:user"} {
			c.Get("/Schemas/" + urn).Is(200).Has(`{"id": "` + resource.UserSchema + `", "name": "User", "schemas": ["` + resource.SchemaSchema + `"],
				"meta": {"resourceType": "Schema", "location": "http://example.com/scim/v2/Schemas/` + resource.UserSchema + `"}}`)
		}
		c.Get("/ResourceTypes/User").Is(200).Has(`{"name": "User", "endpoint": "/Users", "schema": "` + resource.UserSchema + `",
			"schemaExtensions": [{"schema": "` + resource.EnterpriseUserSchema + `", "required": false}],
			"meta": {"resourceType": "ResourceType", "location": "http://example.com/scim/v2/ResourceTypes/User"}}`)
		c.Get("/Schemas/urn:none").Fails(404, "")
		c.Get("/ResourceTypes/none").Fails(404, "")
	})
}

func TestMe(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			types := usual()
			c := serve(t, open(t, types), types, func(c *service.Config) {
				c.Tokens = []service.Token{{Value: token}, {Value: "anns", Me: `Ann "A"`}, {Value: "nobodys", Me: "nobody"}}
			})
			path, id := c.User(`ann "a"`)
			ann := c.With("Authorization", "Bearer anns")
			location := "http://example.com/scim/v2" + path

			a := ann.Get("/Me").Is(200).Has(`{"id": "` + id + `", "meta": {"location": "` + location + `"}}`)
			assert.Equal(t, location, a.Header.Get("Location"), "7644-3.11-01")
			ann.Get("/Me?attributes=userName").Is(200).Lacks("displayName")
			ann.With("If-None-Match", a.Tag()).Get("/Me").Is(304)
			ann.With("If-Match", `W/"x"`).Patch("/Me", `{"op": "add", "path": "title", "value": "T"}`).Fails(412, "")
			ann.Patch("/Me", `{"op": "add", "path": "title", "value": "T"}`).Is(200).Has(`{"title": "T"}`)
			ann.Put("/Me", ask.User(`ann "a"`, `, "title": "U"`)).Is(200).Has(`{"title": "U", "id": "` + id + `"}`)
			c.Get("/Me").Fails(501, "")
			c.With("Authorization", "Bearer nobodys").Get("/Me").Fails(404, "")
			ann.Delete("/Me").Is(204)
			ann.Get("/Me").Fails(404, "")
			c.Get(path).Fails(404, "")
		})
	}
}
