package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
)

// userName is unique by a constraint: whoever comes second is told so, also where both come at once.
func TestUserNameIsUnique(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			path, _ := c.User("Straße")
			other, _ := c.User("other")
			for _, name := range []string{"Straße", "STRAßE", "straße"} {
				c.Post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).Is(409).Has(`{"scimType": "uniqueness", "status": "409"}`)
				c.Patch(other, `{"op": "replace", "path": "userName", "value": "`+name+`"}`).Is(409).Has(`{"scimType": "uniqueness"}`)
				c.Put(other, `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).Is(409)
				c.Put(path, `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).Is(200) // one's own
			}
			c.Get(other).Is(200).Has(`{"userName": "other"}`)

			var made sync.WaitGroup
			statuses := make([]int, 8)
			for i := range statuses {
				made.Go(func() {
					statuses[i] = c.Post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "Same"}`).Status
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
			path, ann := c.User("ann")
			ids := make([]string, workers)
			for i := range ids {
				_, ids[i] = c.User(fmt.Sprint("user", i))
			}
			group := c.Group("Guides")
			race := func(f func(i int) ask.Answer) (statuses map[int]int) {
				statuses = map[int]int{}
				var mu sync.Mutex
				var done sync.WaitGroup
				for i := range workers {
					done.Go(func() {
						status := f(i).Status
						mu.Lock()
						statuses[status]++
						mu.Unlock()
					})
				}
				done.Wait()
				return statuses
			}
			add := func(c ask.Client, id string) ask.Answer {
				return c.Patch(group, `{"op": "add", "path": "members", "value": [{"value": "`+id+`"}]}`)
			}
			mail := func(c ask.Client, i int) ask.Answer {
				return c.Patch(path, fmt.Sprintf(`{"op": "add", "path": "emails", "value": [{"value": "%d@example.com"}]}`, i))
			}

			if got := race(func(i int) ask.Answer { return add(c, ids[i]) }); got[204] != workers {
				t.Errorf("new members: %v", got)
			}
			if got := c.Get(group).Values("members"); len(got) != workers {
				t.Errorf("%d members, want %d", len(got), workers)
			}
			if got := race(func(i int) ask.Answer { return mail(c, i) }); got[200] != workers {
				t.Errorf("new addresses: %v", got)
			}
			if got, _ := c.Get(path).Doc["emails"].([]any); len(got) != workers {
				t.Errorf("%d addresses, want %d", len(got), workers)
			}

			same := c.With("If-Match", c.Get(group).Tag())
			if got := race(func(i int) ask.Answer {
				return same.Patch(group, `{"op": "remove", "path": "members[value eq \"`+ids[i]+`\"]"}`)
			}); got[204] != 1 || got[412] != workers-1 {
				t.Errorf("members removed with one If-Match: %v", got)
			}
			same = c.With("If-Match", c.Get(path).Tag())
			if got := race(func(i int) ask.Answer { return mail(same, workers+i) }); got[200] != 1 || got[412] != workers-1 {
				t.Errorf("addresses added with one If-Match: %v", got)
			}

			// A user who is deleted while somebody makes her a member is neither a user nor a member in the end.
			if got := race(func(i int) ask.Answer {
				if i == 0 {
					return c.Delete(path)
				}
				return add(c, ann)
			}); got[204]+got[400] != workers {
				t.Errorf("deleted while added: %v", got)
			}
			c.Get(path).Is(404)
			c.Get(group).Is(200).Lacks(ann)
		})
	}
}
