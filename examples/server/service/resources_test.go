package service_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/resource"
)

func TestResources(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			types := usual()
			c := serve(t, open(t, types), types)

			t.Run("7644-3.14-02 to 3.14-10, 7644-3.14-07, 7644-3.14-09: versions", func(t *testing.T) {
				c := c.On(t)
				user, _ := c.User("versions")
				tag := c.Get(user).Is(200).Tag()
				assert.Equal(t, tag, c.Get(user+"?attributes=userName").Is(200).Tag())
				a := c.With("If-None-Match", tag).Get(user + "?attributes=displayName").Is(304)
				assert.Empty(t, a.Text)
				assert.Equal(t, tag, a.Tag())
				c.With("If-None-Match", "*").Get(user).Is(304)
				c.With("If-None-Match", "nonsense").Get(user).Is(200)
				c.With("If-Match", "nonsense").Put(user, ask.User("versions")).Fails(412, "")

				same := c.Put(user, ask.User("versions")).Is(200)
				assert.Equal(t, tag, same.Tag(), "7644-3.14-08: the same content")
				same = c.Patch(user, `{"op": "replace", "path": "userName", "value": "versions"}`).Is(200)
				assert.Equal(t, tag, same.Tag(), "7644-3.14-08: a PATCH that changes nothing")
				changed := c.With("If-Match", `W/"x", `+tag).Patch(user, `{"op": "replace", "path": "title", "value": "T"}`).Is(200)
				assert.NotEqual(t, tag, changed.Tag())
				assert.Equal(t, changed.Tag(), c.Get(user).Tag())
				c.With("If-Match", tag).Put(user, ask.User("other")).Fails(412, "")
				c.With("If-Match", tag).Patch(user, `{"op": "remove", "path": "title"}`).Fails(412, "")
				c.With("If-Match", tag).Delete(user).Fails(412, "")
				c.Get(user).Is(200).Has(`{"userName": "versions", "title": "T"}`)
				c.With("If-Match", changed.Tag()[2:]).Delete(user).Is(204) // 7644-3.14-05: compared weakly
				c.With("If-Match", "*").Delete(user).Fails(404, "")
			})
			t.Run("7644-3.14-10: of many with one If-Match one succeeds", func(t *testing.T) {
				c := c.On(t)
				user, _ := c.User("race")
				once := c.With("If-Match", c.Get(user).Tag())
				assert.Equal(t, map[int]int{200: 1, 412: 15}, ask.Together(16, func(i int) int {
					return once.Put(user, ask.User("race", fmt.Sprintf(`, "title": "%d"`, i))).Status
				}))
			})
			t.Run("without If-Match none is lost", func(t *testing.T) {
				c := c.On(t)
				user, _ := c.User("counter")
				assert.Equal(t, map[int]int{200: 16}, ask.Together(16, func(i int) int {
					return c.Patch(user, fmt.Sprintf(`{"op": "add", "path": "emails", "value": [{"value": "%d@example.com"}]}`, i)).Status
				}))
				assert.Len(t, c.Get(user).Values("emails"), 16)
			})
			t.Run("7643-4.1.1, AMB-45: userName is unique, whatever its case, on create and on change", func(t *testing.T) {
				c := c.On(t)
				assert.Equal(t, map[int]int{201: 1, 409: 15}, ask.Together(16, func(i int) int {
					return c.Post("/Users", ask.User([]string{"taken", "TAKEN"}[i%2])).Status
				}))
				other, _ := c.User("free")
				c.Post("/Users", ask.User("Taken")).Fails(409, "uniqueness", "userName")
				c.Put(other, ask.User("Taken")).Fails(409, "uniqueness", "userName")
				c.Patch(other, `{"op": "replace", "path": "userName", "value": "tAKEN"}`).Fails(409, "uniqueness", "userName")
				c.Get(other).Has(`{"userName": "free"}`)
			})
			t.Run("7643-4.1.2-08, 7643-2.3.7-06: members and groups", func(t *testing.T) {
				c := c.On(t)
				ann, annID := c.User("ann")
				bob, bobID := c.User("bob", `, "displayName": "Bob"`)
				group := c.Group("guides", annID)
				groupID := c.Get(group).ID()
				c.Get(group).Has(`{"members": [{"value": "` + annID + `", "type": "User", "display": "ann", "$ref": "http://example.com/scim/v2/Users/` + annID + `"}]}`)
				tag, annTag := c.Get(group).Tag(), c.Get(ann).Tag()
				groups := `{"groups": [{"value": "` + groupID + `", "display": "guides", "type": "direct", "$ref": "http://example.com/scim/v2/Groups/` + groupID + `"}]}`
				c.Get(ann).Has(groups)
				c.Find("/Users", `groups.display eq "GUIDES"`).Is(200).Has(`{"totalResults": 1}`)

				a := c.Patch(group, `{"op": "add", "path": "members", "value": [{"value": "`+bobID+`"}]}`).Is(204)
				assert.NotEqual(t, tag, a.Tag())
				assert.Equal(t, a.Tag(), c.Get(group).Tag())
				assert.Equal(t, annTag, c.Get(ann).Tag())
				c.Get(bob).Has(groups)
				assert.Equal(t, a.Tag(), c.Patch(group, `{"op": "add", "path": "members", "value": [{"value": "`+bobID+`"}]}`).Is(204).Tag(), "it was there")
				c.Patch(group+"?attributes=members", `{"op": "add", "path": "members", "value": [{"value": "`+annID+`"}]}`).Is(200).Has(`{"members": [{"display": "ann"}, {"display": "Bob"}]}`)
				c.Get(group + "?excludedAttributes=members").Is(200).Lacks("members")
				c.Find("/Groups", `members.value eq "`+bobID+`" and members[value eq "`+annID+`"]`).Has(`{"totalResults": 1}`)

				outer := c.Group("outer", groupID)
				c.Get(ann).Has(`{"groups": [{"display": "guides", "type": "direct"}, {"display": "outer", "type": "indirect"}]}`)
				c.Get(outer).Has(`{"members": [{"value": "` + groupID + `", "type": "Group"}]}`)

				c.Patch(group, `{"op": "add", "path": "members", "value": [{"value": "nobody"}]}`).Fails(400, "invalidValue", "members", "nobody")
				c.Put(group, ask.Group("x", "nobody")).Fails(400, "invalidValue", "members")
				c.Post("/Groups", ask.Group("x", "nobody")).Fails(400, "invalidValue", "members")
				c.Patch(group, `{"op": "add", "path": "members", "value": [{"type": "User"}]}`).Fails(400, "invalidValue", "members")
				c.Get(group).Has(`{"displayName": "guides"}`)

				c.Patch(group, `{"op": "remove", "path": "members[display sw \"B\"]"}, {"op": "replace", "path": "displayName", "value": "Guides"}`).Is(204)
				c.Get(group).Has(`{"displayName": "Guides", "members": [{"value": "` + annID + `"}]}`)
				c.Put(group, ask.Group("Guides", bobID)).Is(200).Has(`{"members": [{"value": "` + bobID + `"}]}`)
				c.Patch(group, `{"op": "replace", "path": "members", "value": [{"value": "`+annID+`"}, {"value": "`+bobID+`"}]}`).Is(204)
				c.Patch(group, `{"op": "remove", "path": "members[value eq \"`+bobID+`\"]"}, {"op": "remove", "path": "members[value eq \"`+bobID+`\"]"}`).Is(204)
				before := c.Get(group).Has(`{"members": [{"value": "` + annID + `"}]}`).Tag()
				c.Delete(ann).Is(204)
				assert.NotEqual(t, before, c.Get(group).Lacks("members").Tag(), "whoever is deleted leaves the group")
				c.Patch(bob, `{"op": "add", "path": "groups", "value": [{"value": "`+groupID+`"}]}`).Fails(400, "mutability")
			})
			t.Run("AMB-17, 7644-3.5.2.2-08: nobody to remove", func(t *testing.T) {
				c := c.On(t)
				group := c.Group("empty")
				s := serve(t, open(t, types), types, strict)
				c.Patch(group, `{"op": "remove", "path": "members[value eq \"none\"]"}`).Is(204)
				s.Patch(s.Group("empty"), `{"op": "remove", "path": "members[value eq \"none\"]"}`).Fails(400, "noTarget")
			})
			t.Run("7643-7: returned on request", func(t *testing.T) {
				c := c.On(t)
				user, _ := c.User("request")
				c.Patch(user+"?attributes=userName", `{"op": "add", "path": "title", "value": "T"}`).Is(200).Lacks("title")
				c.Put(user+"?excludedAttributes=userName", ask.User("request")).Is(200).Lacks("userName")
				c.Post("/Users?attributes=userName", ask.User("posted", `, "title": "T"`)).Is(201).Has(`{"userName": "posted"}`).Lacks("title")
			})
			t.Run("7644-7.7-01: nothing a client sends is SQL", func(t *testing.T) {
				c := c.On(t)
				hostile := `'; DROP TABLE resources; -- " \ % _ $1 ?`
				user, _ := c.User(hostile)
				c.Find("/Users", `userName eq `+mustJSON(hostile)).Is(200).Has(`{"totalResults": 1}`)
				c.Find("/Users", `userName co "%"`).Is(200).Has(`{"totalResults": 1}`)
				c.Get(user).Is(200)
				if a := c.Patch(user, `{"op": "add", "path": "title", "value": "a\u0000b"}`); a.Status != 200 { // not every database takes it
					a.Fails(400, "invalidValue")
				}
			})
			t.Run("search by extension", func(t *testing.T) {
				c := c.On(t)
				c.User("ext", `, "`+resource.EnterpriseUserSchema+`": {"department": "Tours", "manager": {"value": "7"}}`)
				for _, f := range []string{
					resource.EnterpriseUserSchema + `:department eq "tours"`, resource.EnterpriseUserSchema + `:manager.value eq "7"`,
					`manager eq "7"`, `schemas eq "` + resource.EnterpriseUserSchema + `"`,
				} {
					assert.Equal(t, []string{"ext"}, c.Find("/Users", f).Is(200).Each("userName"), f)
				}
			})
		})
	}
}
