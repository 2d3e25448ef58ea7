package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
)

// userName is unique by a constraint: whoever comes second is told so, also where both come at once.
func TestUserNameIsUnique(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			path, _ := c.user("Straße")
			other, _ := c.user("other")
			for _, name := range []string{"Straße", "STRAßE", "straße"} {
				c.post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).is(409).has(`{"scimType": "uniqueness", "status": "409"}`)
				c.patch(other, `{"op": "replace", "path": "userName", "value": "`+name+`"}`).is(409).has(`{"scimType": "uniqueness"}`)
				c.put(other, `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).is(409)
				c.put(path, `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).is(200) // one's own
			}
			c.get(other).is(200).has(`{"userName": "other"}`)

			var made sync.WaitGroup
			statuses := make([]int, 8)
			for i := range statuses {
				made.Go(func() {
					statuses[i] = c.post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "Same"}`).status
				})
			}
			made.Wait()
			n := map[int]int{}
			for _, status := range statuses {
				n[status]++
			}
			if n[201] != 1 || n[409] != len(statuses)-1 {
				t.Errorf("statuses %v", statuses)
			}
		})
	}
}

// Two at once: without a condition both changes are there in the end, with the same If-Match one of them is refused.
func TestRaces(t *testing.T) {
	const workers = 8
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			path, ann := c.user("ann")
			ids := make([]string, workers)
			for i := range ids {
				_, ids[i] = c.user(fmt.Sprint("user", i))
			}
			group := c.group("Guides")
			race := func(f func(i int) answer) (statuses map[int]int) {
				statuses = map[int]int{}
				var mu sync.Mutex
				var done sync.WaitGroup
				for i := range workers {
					done.Go(func() {
						status := f(i).status
						mu.Lock()
						statuses[status]++
						mu.Unlock()
					})
				}
				done.Wait()
				return statuses
			}
			add := func(c client, id string) answer {
				return c.patch(group, `{"op": "add", "path": "members", "value": [{"value": "`+id+`"}]}`)
			}
			mail := func(c client, i int) answer {
				return c.patch(path, fmt.Sprintf(`{"op": "add", "path": "emails", "value": [{"value": "%d@example.com"}]}`, i))
			}

			if got := race(func(i int) answer { return add(c, ids[i]) }); got[204] != workers {
				t.Errorf("new members: %v", got)
			}
			if got := c.get(group).members(); len(got) != workers {
				t.Errorf("%d members, want %d", len(got), workers)
			}
			if got := race(func(i int) answer { return mail(c, i) }); got[200] != workers {
				t.Errorf("new addresses: %v", got)
			}
			if got, _ := c.get(path).doc["emails"].([]any); len(got) != workers {
				t.Errorf("%d addresses, want %d", len(got), workers)
			}

			same := c.with("If-Match", c.get(group).tag())
			if got := race(func(i int) answer {
				return same.patch(group, `{"op": "remove", "path": "members[value eq \"`+ids[i]+`\"]"}`)
			}); got[204] != 1 || got[412] != workers-1 {
				t.Errorf("members removed with one If-Match: %v", got)
			}
			same = c.with("If-Match", c.get(path).tag())
			if got := race(func(i int) answer { return mail(same, workers+i) }); got[200] != 1 || got[412] != workers-1 {
				t.Errorf("addresses added with one If-Match: %v", got)
			}

			// A user who is deleted while somebody makes her a member is neither a user nor a member in the end.
			if got := race(func(i int) answer {
				if i == 0 {
					return c.delete(path)
				}
				return add(c, ann)
			}); got[204]+got[400] != workers {
				t.Errorf("deleted while added: %v", got)
			}
			c.get(path).is(404)
			c.get(group).is(200).lacks(ann)
		})
	}
}
