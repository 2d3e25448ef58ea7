package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
)

// installations are ways to run the program: some processes on one database, all started at once when it is still empty.
var installations = map[string]func(t *testing.T) []*process{
	"memory":                    func(t *testing.T) []*process { t.Helper(); return launch(t, "memory:") },
	"SQLite":                    func(t *testing.T) []*process { t.Helper(); return launch(t, sqldbtest.File(t)) },
	"PostgreSQL":                func(t *testing.T) []*process { t.Helper(); return launch(t, sqldbtest.Schema(t)) },
	"SQLite, two processes":     func(t *testing.T) []*process { t.Helper(); return twice(t, sqldbtest.File(t)) },
	"PostgreSQL, two processes": func(t *testing.T) []*process { t.Helper(); return twice(t, sqldbtest.Schema(t)) },
}

func twice(t *testing.T, database string) []*process {
	t.Helper()
	return launch(t, database, database)
}

// Many clients at once, each of which talks to one of the processes.
func TestManyClients(t *testing.T) {
	for name, installed := range installations {
		t.Run(name, func(t *testing.T) {
			processes := installed(t)
			client := func(t *testing.T, i int) ask.Client { t.Helper(); return processes[i%len(processes)].On(t) }

			t.Run("7644-3.14-04: with If-Match no change is lost", func(t *testing.T) {
				path, _ := client(t, 0).User("counter", `, "nickName": "0"`)
				var refused atomic.Int64
				got := ask.Together(clients, func(i int) int {
					for range increments {
						if status := increment(client(t, i), path, i%4 < 2, &refused); status != http.StatusOK {
							return status
						}
					}
					return http.StatusOK
				})
				assert.Equal(t, map[int]int{200: clients}, got)
				for i := range processes {
					client(t, i).Get(path).Is(200).Has(fmt.Sprintf(`{"nickName": "%d"}`, clients*increments))
				}
				t.Logf("%d changes, %d times 412", clients*increments, refused.Load())
			})
			t.Run("7643-7-10: one of many gets a name", func(t *testing.T) {
				for _, name := range []string{"same", "gleich", "même"} {
					got := ask.Together(clients, func(i int) int {
						a := client(t, i).Post("/Users", ask.User([]string{name, strings.ToUpper(name)}[i/2%2]))
						if a.Status == http.StatusConflict {
							assert.Equal(t, "uniqueness", a.Doc["scimType"])
						}
						return a.Status
					})
					assert.Equal(t, map[int]int{201: 1, 409: clients - 1}, got)
					assert.Equal(t, 1, client(t, 0).Find("/Users", `userName eq "`+name+`"`).Is(200).Total())
				}
			})
			t.Run("all who join are members", func(t *testing.T) {
				c := client(t, 0)
				ids := make([]string, clients)
				for i := range ids {
					_, ids[i] = client(t, i).User(fmt.Sprint("member", i))
				}
				group := c.Group("guides")
				add := func(i, who int) int {
					return client(t, i).Patch(group, `{"op": "add", "path": "members", "value": [`+ask.Values(ids[who])+`]}`).Status
				}
				assert.Equal(t, map[int]int{204: clients}, ask.Together(clients, func(i int) int { return add(i, i) }))
				assert.Len(t, c.Get(group).Is(200).Values("members"), clients)

				// Half of them leave the company while they are added once more: whoever has gone is no member.
				got := ask.Together(clients, func(i int) int {
					if i%4 < 2 {
						return client(t, i).Delete("/Users/" + ids[i]).Status
					}
					return add(i, i-2)
				})
				assert.Equal(t, clients, got[204]+got[400], got)
				assert.Len(t, c.Get(group).Is(200).Values("members"), clients/2)
				assert.Equal(t, clients/2, c.Find("/Users", `groups.display eq "guides"`).Is(200).Total())
			})
		})
	}
}

// increment adds one to a number in a resource, by PUT or PATCH: again as long as somebody else has been faster. It returns the last status.
func increment(c ask.Client, path string, put bool, refused *atomic.Int64) int {
	for {
		before := c.Get(path)
		text, _ := before.Doc["nickName"].(string)
		n, err := strconv.Atoi(text)
		if before.Status != http.StatusOK || err != nil || before.Tag() == "" {
			return before.Status
		}
		after := c.With("If-Match", before.Tag())
		next := strconv.Itoa(n + 1)
		var a ask.Answer
		if put {
			a = after.Put(path, ask.User("counter", `, "nickName": "`+next+`"`))
		} else {
			a = after.Patch(path, `{"op": "replace", "path": "nickName", "value": "`+next+`"}`)
		}
		if a.Status != http.StatusPreconditionFailed {
			return a.Status
		}
		refused.Add(1)
	}
}

// Nothing is kept in a process: what one has begun another goes on with.
func TestTwoProcesses(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			both := twice(t, address(t))
			a, b := both[0].Client, both[1].Client

			t.Run("7644-3.14-03, 7644-3.14-04: an ETag of the other", func(t *testing.T) {
				a, b := a.On(t), b.On(t)
				path, _ := a.User("tagged")
				tag := a.Get(path).Tag()
				b.With("If-None-Match", tag).Get(path).Is(304)
				next := b.With("If-Match", tag).Patch(path, `{"op": "add", "path": "title", "value": "T"}`).Is(200).Tag()
				a.With("If-Match", tag).Delete(path).Fails(412, "")
				a.With("If-Match", next).Delete(path).Is(204)
				b.Get(path).Fails(404, "")
				b.Post("/Users", ask.User("tagged")).Is(201)
			})
			t.Run("9865-2-03: a cursor of the other", func(t *testing.T) {
				a, b := a.On(t), b.On(t)
				for i := range 5 {
					a.User(fmt.Sprint("page", i))
				}
				query := "&count=1&sortBy=userName"
				next := func(page ask.Answer) string {
					cursor, _ := page.Is(200).Doc["nextCursor"].(string)
					require.NotEmpty(t, cursor)
					return "&cursor=" + cursor
				}
				page := a.Find("/Users", `userName sw "page"`, query+"&cursor=")
				got := page.Each("userName")
				for i := range 4 {
					from, by := []ask.Client{b, a}[i%2], next(page)
					from.With("Authorization", "Bearer other").Find("/Users", `userName sw "page"`, query+by).Fails(400, "invalidCursor")
					page = from.Find("/Users", `userName sw "page"`, query+by)
					got = append(got, page.Is(200).Each("userName")...)
				}
				assert.Equal(t, []string{"page0", "page1", "page2", "page3", "page4"}, got)
				assert.NotContains(t, page.Doc, "nextCursor")
			})
			t.Run("tokens, and whom they stand for", func(t *testing.T) {
				a, b := a.On(t), b.On(t)
				path, id := a.User("ann")
				b.With("Authorization", "Bearer other").Get("/Me").Is(200).Has(`{"id": "` + id + `"}`)
				b.With("Authorization", "Bearer other").Delete(path).Is(204)
				a.With("Authorization", "Bearer other").Get("/Me").Fails(404, "")
				b.With("Authorization", "Bearer third").Get("/Me").Fails(401, "")
			})
			t.Run("bulk, and what the other has made", func(t *testing.T) {
				a, b := a.On(t), b.On(t)
				_, id := a.User("bulk")
				b.Post("/Bulk", `{"schemas": ["`+resource.BulkRequestSchema+`"], "Operations": [
					{"method": "POST", "path": "/Groups", "bulkId": "g", "data": `+ask.Group("bulk", id)+`},
					{"method": "POST", "path": "/Users", "bulkId": "u", "data": `+ask.User("bulk")+`}]}`).
					Is(200).Has(`{"Operations": [{"status": "201"}, {"status": "409"}]}`)
				a.Get("/Users/" + id).Has(`{"groups": [{"display": "bulk"}]}`)
			})
			t.Run("one of them goes, the other stays", func(t *testing.T) {
				a, b := a.On(t), b.On(t)
				path, _ := a.User("left behind")
				both[0].kill()
				both[0].killed(t)
				b.Patch(path, `{"op": "add", "path": "title", "value": "T"}`).Is(200)
			})
		})
	}
}
