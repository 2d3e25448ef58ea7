package main

import (
	"bytes"
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/resource"
)

// modified is meta.lastModified.
func (a answer) modified() time.Time {
	a.t.Helper()
	instant, err := time.Parse(time.RFC3339Nano, text(at(a.doc, "meta"), "lastModified"))
	if err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	return instant
}

func (a answer) version() string { return a.header.Get("ETag") }

// changed checks that b is a later state of the same resource than a, or the same state.
func changed(t *testing.T, a, b answer, want bool) {
	t.Helper()
	if got := a.version() != b.version(); got != want {
		t.Errorf("the version was %s and is %s", a.version(), b.version())
	}
	if before, after := a.modified(), b.modified(); after.After(before) != want || !want && !after.Equal(before) {
		t.Errorf("lastModified was %s and is %s", before, after)
	}
	if at(at(a.doc, "meta"), "created") != at(at(b.doc, "meta"), "created") || a.id() != b.id() {
		t.Errorf("another resource: %s, it was %s", b.body, a.body)
	}
}

func TestReplace(t *testing.T) {
	for mode, options := range modes {
		start := func(t *testing.T) (client, answer, string) {
			t.Helper()
			c := newClient(t, options...)
			made := c.post("/Users", full).is(201)
			return c, made, "/Users/" + made.id()
		}
		for _, row := range []struct{ id, sent, has, lacks string }{
			{"7644-3.5.1-01 7644-3.5.1-09", `"title": "B"`, `{"title": "B", "userName": "bjensen"}`, "emails name phoneNumbers"},
			{"7644-3.5.1-02", `"active": true`, `{"active": true}`, "title emails name " + resource.EnterpriseUserSchema},
			{"7644-3.5.1-02", `"title": null, "emails": [], "name": {"givenName": null}`, `{"userName": "bjensen"}`, "title emails name"},
			{"7644-3.5.1-02", `"active": null`, `{"active": true}`, ""}, // the default of this service
			{"7644-3.5.1-02", `"active": false`, `{"active": false}`, ""},
			{
				"7644-3.5.1-04 AMB-25", `"id": "other", "groups": [{"value": "g"}], "meta": {"created": "1999-01-01T00:00:00Z",
					"lastModified": "1999-01-01T00:00:00Z", "resourceType": "Robot", "location": "https://example.com/", "version": "W/\"x\""}`,
				`{"meta": {"resourceType": "User", "version": "<not:W/\"x\">", "location": "<not:https://example.com/>"}}`, "groups",
			},
			{"AMB-03", `"robot": 1, "urn:robot": {"a": 1}`, `{"userName": "bjensen"}`, "robot urn:robot"},
		} {
			t.Run(mode+" "+row.id+" "+row.sent, func(t *testing.T) {
				c, made, path := start(t)
				got := c.put(path, strings.Replace(user("bjensen"), "{", "{"+row.sent+", ", 1)).is(200).has(row.has)
				for name := range strings.FieldsSeq(row.lacks) {
					if at(got.doc, name) != nil {
						t.Errorf("%s has %s", got.body, name)
					}
				}
				changed(t, made, got, true)
				if want := made.header.Get("Location"); got.header.Get("Location") != want || text(at(got.doc, "meta"), "location") != want {
					t.Errorf("Location %q and %s, want %s", got.header.Get("Location"), got.body, want)
				}
				if read := c.get(path).is(200); !bytes.Equal(read.body, got.body) || read.version() != got.version() {
					t.Errorf("read %s, answered %s", read.body, got.body)
				}
			})
		}
		for _, row := range []struct {
			id, path, body string
			status         int
			scimType       string
		}{
			{"7644-3.5.1-05", "", `{"schemas": ["` + resource.UserSchema + `"], "title": "B"}`, 400, "invalidValue"},
			{"7644-3.5.1-05", "", `{"schemas": ["` + resource.UserSchema + `"], "userName": null}`, 400, "invalidValue"},
			{"7644-3.5.1-06", "/Users/unknown", user("unknown"), 404, ""},
			{"7644-3.5.1-06", "/Groups/unknown", group("unknown"), 404, ""},
			{"AMB-45", "", user("TAKEN"), 409, "uniqueness"},
			{"7644-3.12-19", "", `{`, 400, "invalidSyntax"},
			{"7644-3.12-19", "", ``, 400, "invalidSyntax"},
			{"7643-2.3.1-01", "", `{"schemas": ["` + resource.UserSchema + `"], "userName": "bjensen", "title": 7}`, 400, "invalidValue"},
			{"7643-2.4-04", "", strings.Replace(user("bjensen"), "{", `{"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}], `, 1), 400, "invalidValue"},
		} {
			t.Run(mode+" "+row.id+" "+row.body, func(t *testing.T) {
				c, made, path := start(t)
				c.post("/Users", user("taken")).is(201)
				a := c.put(cmp.Or(row.path, path), row.body).is(row.status)
				if got := text(a.doc, "scimType"); got != row.scimType {
					t.Errorf("%s, want %q", a.body, row.scimType)
				}
				if got := c.get(path).is(200); !bytes.Equal(got.body, made.body) { // nothing has changed
					t.Errorf("%s, was %s", got.body, made.body)
				}
				c.get("/Users").is(200).has(`{"totalResults": 2}`)
				c.get("/Groups").is(200).has(`{"totalResults": 0}`)
			})
		}
		t.Run(mode+" 415 413", func(t *testing.T) {
			c, _, path := start(t)
			c.with("Content-Type", "text/plain").put(path, full).is(415)
			c.put(path, user(strings.Repeat("a", maxBody))).is(413)
		})
		t.Run(mode+" 7644-3.5.1-07 what was read is sent back", func(t *testing.T) {
			c, ids := staff(t, options...)
			for _, name := range []string{"carol", "Alice", "bob", "Drivers", "all"} {
				path := "/Users/" + ids[name]
				if name == "Drivers" || name == "all" {
					path = "/Groups/" + ids[name]
				}
				before := c.get(path).is(200)
				after := c.put(path, string(before.body)).is(200)
				changed(t, before, after, false)
				if !bytes.Equal(before.body, after.body) {
					t.Errorf("%s, was %s", after.body, before.body)
				}
			}
			c.get("/Users/" + ids["bob"]).is(200).has(`{"groups": [{"display": "Drivers"}, {"display": "all", "type": "indirect"}]}`)
		})
		t.Run(mode+" 7644-3.5.1-03 7644-3.5.1-08 immutable", func(t *testing.T) {
			c, ids := staff(t, options...)
			path := "/Groups/" + ids["all"]
			before := c.get(path).is(200)
			send := func(member string) answer {
				return c.put(path, `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "all", "members": [`+member+`]}`)
			}
			send(`{"value": "` + ids["Alice"] + `", "type": "Group"}`).is(400).has(`{"scimType": "mutability"}`)
			if got := c.get(path).is(200); !bytes.Equal(got.body, before.body) {
				t.Errorf("%s, was %s", got.body, before.body)
			}
			one := send(`{"value": "` + ids["Alice"] + `", "type": "User"}`).is(200)
			changed(t, before, one, true)
			send(`{"value": "` + ids["Alice"] + `"}, {"value": "` + ids["carol"] + `", "type": "User"}`).is(200).has(`{"members": [{"display": "Alice"},
				{"display": "Carol \"CJ\" Jones", "$ref": "` + c.base + `/Users/` + ids["carol"] + `"}]}`)
		})
		t.Run(mode+" 7644-3.5.1-02 AMB-24 passwords", func(t *testing.T) {
			db := quickStore()
			c := serve(t, newService(db, "", slog.New(slog.DiscardHandler), options...))
			hashOf := func(id string) string { return db.accounts.rows[id].PasswordHash }
			made := c.post("/Users", full).is(201)
			id, path := made.id(), "/Users/"+made.id()
			first := hashOf(id)
			kept := c.put(path, user("bjensen")).is(200)
			if hashOf(id) != first || first == "" {
				t.Errorf("the hash was %q and is %q", first, hashOf(id))
			}
			other := strings.Replace(user("bjensen"), "{", `{"password": "another", `, 1)
			set := c.put(path, other).is(200)
			if hashOf(id) == first || hashOf(id) == "" || !set.modified().After(kept.modified()) {
				t.Errorf("the hash was %q and is %q: %s", first, hashOf(id), set.body)
			}
			second := hashOf(id)
			c.do("PATCH", path, `{"schemas": ["`+resource.PatchOpSchema+`"], "Operations": [{"op": "replace", "path": "password", "value": "third"}]}`).is(200)
			if hashOf(id) == second || !password.Matches(hashOf(id), "third") {
				t.Errorf("the hash was %q and is %q", second, hashOf(id))
			}
			c.put(path, strings.Replace(other, `"another"`, "null", 1)).is(200)
			if hashOf(id) != "" {
				t.Errorf("the hash is %q", hashOf(id))
			}
			c.put(path, other).is(200)
			if hashOf(id) == "" {
				t.Error("there is no hash")
			}
		})
		t.Run(mode+" AMB-45 7643-4.1.1-01 names", func(t *testing.T) {
			c, _, path := start(t)
			c.put(path, user("BJensen")).is(200).has(`{"userName": "BJensen"}`) // its own, in another case
			c.put(path, user("smith")).is(200)
			c.post("/Users", user("bjensen")).is(201) // is free now
			c.post("/Users", user("SMITH")).is(409)
			c.put(path, user("bjensen")).is(409).has(`{"scimType": "uniqueness"}`)
			c.delete(path).is(204)
			c.post("/Users", user("smith")).is(201)
			c.put(path, user("ghost")).is(404)
		})
		t.Run(mode+" 7643-4.1.2-07 7643-4.1.2-08 members come and go", func(t *testing.T) {
			c := newClient(t, options...)
			ann, bob := c.post("/Users", user("ann")).is(201), c.post("/Users", user("bob")).is(201)
			made := c.post("/Groups", group("Guides", ann.id())).is(201)
			path := "/Groups/" + made.id()
			inGroup := c.get("/Users/" + ann.id()).is(200).has(`{"groups": [{"display": "Guides"}]}`)
			if inGroup.version() == ann.version() { // what is computed counts as well
				t.Errorf("the version is still %s", ann.version())
			}
			both := c.put(path, group("Guides", bob.id(), ann.id(), bob.id())).is(200)
			changed(t, made, both, true)
			if n := len(list(both.doc, "members")); n != 2 {
				t.Errorf("%d members", n)
			}
			changed(t, both, c.put(path, group("Guides", bob.id(), ann.id())).is(200), false)
			only := c.put(path, group("Leaders", bob.id())).is(200)
			c.get("/Users/" + bob.id()).is(200).has(`{"groups": [{"display": "Leaders"}]}`)
			if a := c.get("/Users/" + ann.id()).is(200); at(a.doc, "groups") != nil || a.version() != ann.version() {
				t.Errorf("%s has groups, or another version than %s", a.body, ann.body)
			}
			ghost := c.put(path, group("Ghosts", ann.id(), "ghost")).is(400).has(`{"scimType": "invalidValue"}`)
			if !strings.Contains(text(ghost.doc, "detail"), "members[1].value") {
				t.Errorf("%s", ghost.body)
			}
			changed(t, only, c.get(path).is(200), false)
			self := c.put(path, group("Self", made.id())).is(200).has(`{"members": [{"display": "Self", "type": "Group"}]}`)
			changed(t, self, c.get(path).is(200), false)
			empty := c.put(path, group("Self")).is(200)
			changed(t, empty, c.put(path, group("Self")).is(200), false)
			c.put("/Users/"+bob.id(), strings.Replace(user("bob"), "{", `{"displayName": "Bobby", `, 1)).is(200)
			c.put(path, group("Self", bob.id())).is(200).has(`{"members": [{"display": "Bobby"}]}`)
		})
	}
}

// Two clients that have read the same state: one of them wins, whichever way they meet.
func TestLostUpdates(t *testing.T) {
	c := newClient(t)
	made := c.post("/Users", user("bjensen")).is(201)
	path := "/Users/" + made.id()
	race := func(n int, do func(i int) answer) map[int]int {
		statuses := make([]int, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { statuses[i] = do(i).status })
		}
		all.Wait()
		counts := map[int]int{}
		for _, s := range statuses {
			counts[s]++
		}
		return counts
	}
	titled := func(i int) string {
		return strings.Replace(user("bjensen"), "{", fmt.Sprintf(`{"title": "%d", `, i), 1)
	}

	t.Run("7644-3.14-10 the same If-Match", func(t *testing.T) {
		for round := range 20 {
			tag := c.in(t).get(path).is(200).version()
			got := race(8, func(i int) answer { return c.in(t).with("If-Match", tag).put(path, titled(1000*round+i)) })
			if want := map[int]int{200: 1, 412: 7}; !maps.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
	t.Run("without If-Match the last wins", func(t *testing.T) {
		if got, want := race(16, func(i int) answer { return c.in(t).put(path, titled(-i)) }), map[int]int{200: 16}; !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
	t.Run("read, add one, write", func(t *testing.T) {
		c := c.in(t)
		c.put(path, titled(0)).is(200)
		const clients, each = 6, 5
		race(clients, func(int) (a answer) {
			for range each {
				for a.status = 412; a.status == 412; {
					read, n := c.get(path), 0
					_, _ = fmt.Sscan(text(read.doc, "title"), &n)
					a = c.with("If-Match", read.version()).put(path, titled(n+1))
				}
				if a.status != 200 {
					t.Errorf("%d %s", a.status, a.body)
				}
			}
			return a
		})
		c.get(path).is(200).has(fmt.Sprintf(`{"title": "%d"}`, clients*each))
	})
	t.Run("a group is joined by many", func(t *testing.T) {
		c := c.in(t)
		guides := "/Groups/" + c.post("/Groups", group("Guides")).is(201).id()
		ids := make([]string, 8)
		for i := range ids {
			ids[i] = c.post("/Users", user(fmt.Sprintf("member%d", i))).is(201).id()
		}
		race(len(ids), func(i int) (a answer) {
			for a.status = 412; a.status == 412; {
				read := c.get(guides)
				members := make([]string, 0, len(ids))
				for _, m := range list(read.doc, "members") {
					members = append(members, text(m, "value"))
				}
				a = c.with("If-Match", read.version()).put(guides, group("Guides", append(members, ids[i])...))
			}
			return a
		})
		if n := len(list(c.get(guides).is(200).doc, "members")); n != len(ids) {
			t.Errorf("%d members", n)
		}
		for _, id := range ids {
			if n := len(list(c.get("/Users/"+id).is(200).doc, "groups")); n != 1 {
				t.Errorf("user %s is in %d groups", id, n)
			}
		}
	})
	t.Run("DELETE", func(t *testing.T) {
		c := c.in(t)
		tag := c.get(path).is(200).version()
		got := race(8, func(i int) answer {
			if i%2 == 0 {
				return c.with("If-Match", tag).delete(path)
			}
			return c.with("If-Match", tag).put(path, titled(5000+i))
		})
		if got[200]+got[204] != 1 {
			t.Errorf("got %v", got)
		}
		c.post("/Users", user("second")).is(201)
		again := c.get("/Users?filter=userName+eq+%22second%22").is(200)
		second := "/Users/" + text(list(again.doc, "Resources")[0], "id")
		if got, want := race(8, func(int) answer { return c.delete(second) }), map[int]int{204: 1, 404: 7}; !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// The requirements of section 3.14, for users and groups alike.
func TestVersions(t *testing.T) {
	for mode, options := range modes {
		for endpoint, bodies := range map[string][2]string{"/Users": {user("a"), user("b")}, "/Groups": {group("a"), group("b")}} {
			name := mode + " " + endpoint + " "
			start := func(t *testing.T) (c client, path, current, stale string) {
				t.Helper()
				c = newClient(t, options...)
				first := c.post(endpoint, bodies[0]).is(201)
				path = endpoint + "/" + first.id()
				return c, path, c.put(path, bodies[1]).is(200).version(), first.version()
			}
			t.Run(name+"7644-3.14-02 7643-3.1-11 7643-3.1-18", func(t *testing.T) { // header == meta.version: client.faults
				c, path, current, stale := start(t)
				if got := c.get(path).is(200).version(); got != current || !strings.HasPrefix(got, `W/"`) || got == stale {
					t.Errorf("the versions are %s, %s and %s", stale, current, got)
				}
				if got := c.do("HEAD", path, "").is(200).version(); got != current {
					t.Errorf("HEAD: %s, want %s", got, current)
				}
				c.get(endpoint).is(200).has(`{"Resources": [{"meta": {"version": ` + quoted(current) + `}}]}`)
			})
			for _, row := range []struct {
				id, value string // %s is the version without W/
				ok        bool
			}{
				{"7644-3.14-04 7644-3.14-05 AMB-46", `W/%s`, true},
				{"7644-3.14-05", `%s`, true},
				{"7644-3.14-06", `W/"x", W/%s`, true},
				{"7644-3.14-06", `"a,b" ,, %s,"c"`, true},
				{"7644-3.14-06", `*`, true},
				{"7644-3.14-04 AMB-48", `W/"stale"`, false},
				{"7644-3.14-04", `STALE`, false}, // the version before
				{"7644-3.14-06", `"x", "y"`, false},
				{"7644-3.14-07", `abc`, false},
				{"7644-3.14-07", `w/%s`, false},
				{"7644-3.14-07", `W/`, false},
				{"7644-3.14-07", ``, false},
				{"7644-3.14-07", `*, "x"`, false},
			} {
				header := func(current, stale string) string {
					return strings.NewReplacer("%s", strings.TrimPrefix(current, "W/"), "STALE", stale).Replace(row.value)
				}
				t.Run(name+row.id+" If-Match "+row.value, func(t *testing.T) {
					c, path, current, stale := start(t)
					before := c.get(path).is(200)
					c = c.with("If-Match", header(current, stale))
					if !row.ok {
						c.put(path, bodies[0]).is(412)
						c.delete(path).is(412) // AMB-47
						delete(c.header, "If-Match")
						if after := c.get(path).is(200); !bytes.Equal(after.body, before.body) {
							t.Errorf("%s, was %s", after.body, before.body)
						}
						return
					}
					changed(t, before, c.put(path, bodies[1]).is(200), false)
					c.delete(path).is(204)
					c.put(path, bodies[0]).is(404) // rather than 412
					c.delete(path).is(404)
				})
				t.Run(name+row.id+" If-None-Match "+row.value, func(t *testing.T) {
					c, path, current, stale := start(t)
					c = c.with("If-None-Match", header(current, stale))
					if !row.ok {
						c.get(path).is(200)
						return
					}
					for _, method := range []string{"GET", "HEAD"} {
						for _, query := range []string{"", "?attributes=displayName", "?excludedAttributes=meta"} { // 7644-3.14-03 7644-3.14-09
							a := c.do(method, path+query, "").is(304)
							if len(a.body) > 0 || a.version() != current || a.header.Get("Content-Type") != "" {
								t.Errorf("%s %s: %v %s", method, query, a.header, a.body)
							}
						}
					}
					c.put(path, bodies[0]).is(412)
					c.get(endpoint).is(200) // lists have no version
					c.get(path + "0").is(404)
				})
			}
			t.Run(name+"7644-3.14-08", func(t *testing.T) {
				c, path, current, stale := start(t)
				noted := strings.Replace(bodies[1], "{", `{"externalId": null, `, 1) // null is absent
				if got := c.put(path, noted).is(200).version(); got != current {
					t.Errorf("the version was %s and is %s", current, got)
				}
				if got := c.put(path, strings.Replace(noted, "null", `"e"`, 1)).is(200).version(); got == current || got == stale {
					t.Errorf("the version is %s again", got)
				}
				c.with("If-Match", current).put(path, bodies[0]).is(412)
			})
			t.Run(name+"7643-3.1-09 created and lastModified", func(t *testing.T) {
				c, path, _, _ := start(t)
				made := c.post(endpoint, strings.NewReplacer(`"a"`, `"c"`).Replace(bodies[0])).is(201)
				for _, a := range []answer{made, c.get(endpoint + "/" + made.id()).is(200)} {
					if meta := at(a.doc, "meta"); text(meta, "created") != text(meta, "lastModified") {
						t.Errorf("%s", a.body)
					}
				}
				a := c.get(path).is(200)
				if created := text(at(a.doc, "meta"), "created"); created == text(at(a.doc, "meta"), "lastModified") {
					t.Errorf("%s", a.body)
				}
			})
		}
	}
	t.Run("7644-3.14-08 the order of members does not matter, nor does that of schemas", func(t *testing.T) {
		c := newClient(t)
		made := c.post("/Users", full).is(201)
		var shuffled bytes.Buffer
		shuffled.WriteByte('{')
		object := decode(t, []byte(full))
		for i, name := range slices.Backward(keys(object)) {
			value := at(object, name)
			if urns, ok := value.([]any); ok && name == "schemas" {
				slices.Reverse(urns)
			}
			if name == "password" { // another salt is another state
				continue
			}
			fmt.Fprintf(&shuffled, "%q: %s", strings.ToUpper(name), encode(t, value))
			if i > 0 {
				shuffled.WriteByte(',')
			}
		}
		shuffled.WriteByte('}')
		changed(t, made, c.put("/Users/"+made.id(), shuffled.String()).is(200), false)
	})
	t.Run("documents have no versions", func(t *testing.T) {
		c := newClient(t).with("If-None-Match", `"x"`)
		for _, path := range []string{"/Schemas", "/ServiceProviderConfig", "/ResourceTypes/User"} {
			if tag := c.get(path).is(http.StatusOK).version(); tag != "" {
				t.Errorf("%s: %s", path, tag)
			}
		}
	})
}
