package main

import (
	"strings"
	"testing"
)

// Requirements that only show where several requests play together.

func TestReferencesLead(t *testing.T) {
	c := newClient(t)
	ann := c.post("/Users", user("ann")).is(201).id()
	guides := c.post("/Groups", group("Guides", ann)).is(201).id()
	c.post("/Groups", group("Staff", guides)).is(201)
	seen := 0
	var follow func(doc any)
	follow = func(doc any) {
		switch doc := doc.(type) {
		case map[string]any:
			for name, v := range doc {
				link, isText := v.(string)
				if isText && (name == "$ref" || name == "location") {
					path, ours := strings.CutPrefix(link, c.base)
					if !ours {
						t.Errorf("%s %s leads elsewhere", name, link)
					}
					c.get(path).is(200)
					seen++
				}
				follow(v)
			}
		case []any:
			for _, v := range doc {
				follow(v)
			}
		}
	}
	t.Run("7643-2.3.7-05", func(t *testing.T) {
		for _, path := range []string{"/Users", "/Groups", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"} {
			follow(c.get(path).is(200).doc)
		}
		if seen < 12 {
			t.Errorf("%d references followed", seen)
		}
	})
}

func TestIdentifiers(t *testing.T) {
	c := newClient(t)
	t.Run("7643-3.1-02 never used again", func(t *testing.T) {
		first := c.post("/Users", user("ann")).is(201).id()
		c.delete("/Users/" + first).is(204)
		again := c.post("/Users", user("ann")).is(201).id()
		other := c.post("/Groups", group("ann")).is(201).id()
		if first == again || first == other || again == other {
			t.Errorf("ids %s, %s and %s", first, again, other)
		}
	})
	t.Run("7643-7-10 uniqueness", func(t *testing.T) {
		c := c.in(t)
		c.post("/Users", user("ANN")).is(409).has(`{"scimType": "uniqueness"}`)                                      // server
		c.post("/Users", strings.Replace(user("bob"), "{", `{"externalId": "e", "displayName": "D", `, 1)).is(201)   // none
		c.post("/Users", strings.Replace(user("carol"), "{", `{"externalId": "e", "displayName": "D", `, 1)).is(201) // none
		c.get("/Users?filter=externalId%20eq%20%22e%22%20and%20displayName%20eq%20%22d%22").is(200).has(`{"totalResults": 2}`)
	})
}

func TestWhereQueriesGo(t *testing.T) {
	c, ids := staff(t)
	t.Run("7644-3.4.2.1-04", func(t *testing.T) {
		c := c.in(t)
		c.get("/Users/" + ids["bob"] + "?attributes=userName").is(200).has(`{"userName": "bob"}`) // one resource
		c.get("/Users?filter=userName%20eq%20%22bob%22").is(200).has(`{"totalResults": 1}`)       // one endpoint
		c.post("/.search", search(`"filter": "userName eq \"bob\""`)).is(200).has(`{"totalResults": 1}`)
	})
	t.Run("7644-3.4.3-01", func(t *testing.T) {
		c := c.in(t)
		const message = `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]}`
		for _, path := range []string{"/Users/.search", "/Groups/.search", "/.search"} {
			c.post(path, search(`"count": 1`)).is(200).has(message)
		}
	})
}
