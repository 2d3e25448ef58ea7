package service_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/resource"
)

func cursor(a ask.Answer) string { next, _ := a.Doc["nextCursor"].(string); return next }

// follow reads all pages of a list, and returns an attribute of each resource.
func follow(t *testing.T, c ask.Client, path, parameters, attribute string) (all []string, pages int) {
	t.Helper()
	for next := ""; pages == 0 || next != ""; pages++ {
		require.Less(t, pages, 100, "an endless list")
		a := c.Get(path + "?cursor=" + next + parameters).Is(200)
		assert.NotContains(t, a.Doc, "startIndex")
		assert.NotContains(t, a.Doc, "previousCursor")
		all = append(all, a.Each(attribute)...)
		next = cursor(a)
	}
	return all, pages
}

func TestCursors(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			types := usual()
			c := serve(t, open(t, types), types, func(c *service.Config) { c.Tokens = append(c.Tokens, service.Token{Value: "other"}) })
			names := make([]string, 0, 25)
			for i := range 25 {
				name := fmt.Sprintf("user%02d", i*7%25)
				names = append(names, name)
				c.User(name)
			}
			slices.Sort(names)
			c.Group("guides")

			t.Run("9865-2-01, 9865-2-03, 9865-2.2-01: pages to the end, in order", func(t *testing.T) {
				c := c.On(t)
				all, pages := follow(t, c, "/Users", "&count=10&sortBy=userName", "userName")
				assert.Equal(t, names, all)
				assert.Equal(t, 3, pages)
				all, _ = follow(t, c, "/Users", "&count=4&sortBy=userName&sortOrder=descending", "userName")
				slices.Reverse(all)
				assert.Equal(t, names, all)
			})
			t.Run("9865-2-02: cursors have unreserved characters only", func(t *testing.T) {
				c := c.On(t)
				next := cursor(c.Get("/Users?cursor&count=10").Is(200))
				assert.Regexp(t, `^[A-Za-z0-9._~-]+$`, next)
				c.Get("/Users?count=10&cursor="+url.QueryEscape(next+"=")).Fails(400, "invalidCursor")
			})
			t.Run("9865-2-01: all users, by id where nothing is asked for", func(t *testing.T) {
				c := c.On(t)
				all, _ := follow(t, c, "/Users", "&count=7", "id")
				assert.Len(t, all, 25)
				assert.True(t, slices.IsSorted(all))
				assert.Len(t, slices.Compact(all), 25)
			})
			t.Run("9865-2-05: count 0 or less is the total alone", func(t *testing.T) {
				c := c.On(t)
				for _, count := range []string{"0", "-3"} {
					a := c.Get("/Users?cursor=&count=" + count).Is(200)
					assert.Equal(t, 25, a.Total())
					assert.Empty(t, cursor(a))
					assert.Empty(t, a.Each("id"))
				}
			})
			t.Run("9865-2-06: totalResults is left out", func(t *testing.T) {
				c := c.On(t)
				assert.NotContains(t, c.Get("/Users?cursor=&count=10").Is(200).Doc, "totalResults")
			})
			t.Run("9865-2.4-01: index is the default", func(t *testing.T) {
				c := c.On(t)
				c.Get("/Users?count=10").Is(200).Has(`{"totalResults": 25, "startIndex": 1, "itemsPerPage": 10}`)
				c.Get("/Users?count=10&startIndex=21").Is(200).Has(`{"totalResults": 25, "startIndex": 21, "itemsPerPage": 5}`)
				c.Get("/Users?startIndex=2&cursor=").Fails(400, "invalidValue")
			})
			t.Run("9865-3-01: in .search", func(t *testing.T) {
				c := c.On(t)
				body := func(cursor string) string {
					return `{"schemas": ["` + resource.SearchRequestSchema + `"], "cursor": ` + cursor + `, "count": 20, "sortBy": "userName"}`
				}
				a := c.Post("/Users/.search", body(`""`)).Is(200)
				require.NotEmpty(t, cursor(a))
				b := c.Post("/Users/.search", body(`"`+cursor(a)+`"`)).Is(200)
				assert.Equal(t, names, append(a.Each("userName"), b.Each("userName")...))
				assert.Empty(t, cursor(b))
				c.Post("/Users/.search", body(`null`)).Is(200).Has(`{"startIndex": 1}`)
			})
			t.Run("9865-2.3: over the root", func(t *testing.T) {
				c := c.On(t)
				all, pages := follow(t, c, "/", "&count=10", "id")
				assert.Len(t, all, 26)
				assert.Equal(t, 3, pages)
				all, _ = follow(t, c, "/", "&count=10&sortBy=userName", "userName")
				assert.Equal(t, append(slices.Clone(names), ""), all) // the group has no value and comes last
				all, _ = follow(t, c, "/", "&count=3&sortBy=userName&sortOrder=descending&filter="+url.QueryEscape(`userName sw "user0" or displayName pr`), "userName")
				require.Len(t, all, 11)
				assert.Empty(t, all[0])
			})
			t.Run("9865-2.1-01, 9865-5.2-02: what does not belong together is refused, all alike", func(t *testing.T) {
				c := c.On(t)
				next := cursor(c.Get("/Users?cursor=&count=10&sortBy=userName").Is(200))
				flipped := []byte(next)
				flipped[len(flipped)/2] ^= 1
				good := c.Get("/Users?count=10&sortBy=userName&cursor=" + next).Is(200)
				assert.Equal(t, names[10:20], good.Each("userName"))
				var first string
				for what, a := range map[string]ask.Answer{
					"unknown":      c.Get("/Users?count=10&sortBy=userName&cursor=abc"),
					"changed":      c.Get("/Users?count=10&sortBy=userName&cursor=" + string(flipped)),
					"cut":          c.Get("/Users?count=10&sortBy=userName&cursor=" + next[:len(next)-3]),
					"other order":  c.Get("/Users?count=10&sortBy=userName&sortOrder=descending&cursor=" + next),
					"other filter": c.Get("/Users?count=10&sortBy=userName&filter=" + url.QueryEscape("userName pr") + "&cursor=" + next),
					"other place":  c.Get("/Groups?count=10&sortBy=displayName&cursor=" + next),
					"the root":     c.Get("/?count=10&sortBy=userName&cursor=" + next),
					"9865-5.2-01":  c.With("Authorization", "Bearer other").Get("/Users?count=10&sortBy=userName&cursor=" + next),
					"too long":     c.Get("/Users?count=10&sortBy=userName&cursor=" + strings.Repeat(next, 200)),
				} {
					a.Fails(400, "invalidCursor")
					if first == "" {
						first = a.Text
					}
					assert.Equal(t, first, a.Text, what)
				}
				c.With("Authorization").Get("/Users?count=10&sortBy=userName&cursor="+next).Fails(401, "")
				c.Get("/Users?count=11&sortBy=userName&cursor="+next).Fails(400, "invalidCount")
				c.Get("/Users?sortBy=userName&cursor=" + next).Is(200)
			})
		})
	}
}

func TestExpiredCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := simple(t)
		c.User("ann")
		c.User("bob")
		next := cursor(c.Get("/Users?cursor=&count=1").Is(200))
		time.Sleep(service.CursorTimeout - time.Second)
		c.Get("/Users?count=1&cursor=" + next).Is(200)
		time.Sleep(2 * time.Second)
		c.Get("/Users?count=1&cursor="+next).Fails(400, "expiredCursor")
	})
}

func TestPages(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			types := usual()
			db := open(t, types)
			c, s := serve(t, db, types), serve(t, db, types, strict)
			for _, name := range []string{"bob", "Ann", "cid"} {
				c.User(name)
			}
			c.Group("guides")
			t.Run("7644-3.4.2.3: order", func(t *testing.T) {
				c := c.On(t)
				assert.Equal(t, []string{"Ann", "bob", "cid"}, c.Get("/Users?sortBy=userName").Is(200).Each("userName"))
				c.Get("/Users?sortBy=nothing").Fails(400, "invalidValue", "sortBy")
				c.Get("/Users?sortBy=password").Fails(400, "invalidValue")
			})
			t.Run("AMB-44: a large count is capped, in strict mode refused for cursors", func(t *testing.T) {
				c := c.On(t)
				c.Get("/Users?count=100000").Is(200)
				s := s.On(t)
				s.Get("/Users?count=100000").Is(200)
				c.Get("/Users?count=100000&cursor=").Is(200)
				s.Get("/Users?count=100000&cursor=").Fails(400, "invalidCount")
			})
			t.Run("7644-3.4.2.1-04, 7644-3.4.2.1-05: GET at the root", func(t *testing.T) {
				c := c.On(t)
				for _, path := range []string{"/", ""} {
					a := c.Get(path).Is(200)
					assert.Equal(t, 4, a.Total())
				}
				c.Get("/?sortBy=meta.lastModified&startIndex=2&count=2").Is(200).Has(`{"totalResults": 4, "itemsPerPage": 2, "startIndex": 2}`)
			})
			t.Run("7644-3.4.2.1-01, 7644-3.4.2.1-02: attributes and types at the root", func(t *testing.T) {
				c := c.On(t)
				assert.Equal(t, 3, c.Find("/", "userName pr").Is(200).Total())
				assert.Equal(t, 1, c.Find("/", `meta.resourceType eq "Group"`).Is(200).Total())
				assert.Equal(t, 4, c.Find("/", `meta.resourceType eq "Group" or meta.resourceType eq "User"`).Is(200).Total())
				c.Find("/", "userName is").Fails(400, "invalidFilter")
				c.Get("/?sortBy=nothing").Fails(400, "invalidValue")
			})
			t.Run("AMB-31: an unknown attribute", func(t *testing.T) {
				c := c.On(t)
				assert.Equal(t, 0, c.Find("/Users", `nothing eq "x"`).Is(200).Total())
				s := s.On(t)
				s.Find("/Users", `nothing eq "x"`).Fails(400, "invalidFilter")
				assert.Equal(t, 0, s.Find("/", `nothing eq "x"`).Is(200).Total())
			})
		})
	}
}
