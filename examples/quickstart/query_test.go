package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// staff is a service with three users and two groups; ids are those of the resources by name.
func staff(t *testing.T, options ...resource.Option) (c client, ids map[string]string) {
	t.Helper()
	c, ids = newClient(t, options...), map[string]string{}
	for _, body := range []string{
		`{"schemas": [` + enterprise + `], "userName": "carol", "externalId": "Ext-C", "displayName": "Carol \"CJ\" Jones", "title": "Guide",
			"name": {"givenName": "Carol", "familyName": "O'Malley"}, "userType": "Employee", "profileUrl": "https://example.com/Carol",
			"emails": [{"value": "carol@work.example", "type": "work"}, {"value": "a@home.example", "type": "home", "primary": true}],
			"ims": [{"value": "cj", "type": "xmpp"}], "x509Certificates": [{"value": "MAA="}],
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "10", "manager": {"value": "Boss"}}}`,
		`{"schemas": [` + enterprise + `], "userName": "Alice", "externalId": "ext-a", "title": "", "active": false,
			"name": {"givenName": "alice", "familyName": "Ünal"}, "userType": "Contractor",
			"emails": [{"value": "alice@home.example", "type": "home"}, {"value": "z@work.example", "type": "work"}],
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "9"}}`,
		`{"schemas": ["` + resource.UserSchema + `"], "userName": "bob", "title": "driver", "userType": "Intern", "emails": [{"value": "bob@else.example", "primary": false}]}`,
	} {
		a := c.post("/Users", body).is(201)
		ids[text(a.doc, "userName")] = a.id()
	}
	ids["Drivers"] = c.post("/Groups", group("Drivers", ids["bob"])).is(201).id()
	ids["all"] = c.post("/Groups", group("all", ids["Drivers"], ids["Alice"])).is(201).id()
	return c, ids
}

// names are those of the resources in a list, in its order.
func (a answer) names() (names []string) {
	for _, r := range list(a.doc, "Resources") {
		name := text(r, "userName")
		if name == "" {
			name = text(r, "displayName")
		}
		names = append(names, name)
	}
	return names
}

// search is a SearchRequest with one more member.
func search(member string) string {
	return `{"schemas": ["` + resource.SearchRequestSchema + `"], ` + member + `}`
}

func quoted(s string) string {
	text, _ := json.Marshal(s) //nolint:errchkjson // a string
	return string(text)
}

// ask sends a query in all the ways there are, and checks that they agree.
func (c client) ask(path, filter string) answer {
	c.t.Helper()
	a := c.get(path + "?filter=" + url.QueryEscape(filter))
	b := c.post(path+"/.search", search(`"filter": `+quoted(filter)))
	if a.status != b.status || !bytes.Equal(a.body, b.body) { // 7644-3.4.3-02
		c.t.Errorf("GET: %d %s\n.search: %d %s", a.status, a.body, b.status, b.body)
	}
	return a
}

const (
	core       = resource.UserSchema + ":"
	extension  = resource.EnterpriseUserSchema + ":"
	everyone   = "carol Alice bob"
	long       = 64 << 10
	manyTerms  = 1001
	deepFilter = 65
)

var modes = map[string][]resource.Option{"tolerant": nil, "strict": {resource.Strict()}}

func TestFilter(t *testing.T) {
	for mode, options := range modes {
		c, ids := staff(t, options...)
		created := text(at(c.get("/Users/"+ids["Alice"]).is(200).doc, "meta"), "created")
		version := text(at(c.get("/Users/"+ids["bob"]).is(200).doc, "meta"), "version")
		for _, row := range []struct{ id, filter, want string }{
			{"7644-3.4.2.2-02", `userName eq "alice"`, "Alice"},
			{"7644-3.4.2-04", `userName eq "nobody"`, ""},
			{"7644-3.4.2.2-03", `USERNAME Eq "bob"`, "bob"},
			{"7644-3.4.2.2-03", `title PR AND userName NE "carol"`, "bob"},
			{"7644-3.4.2.2-03", `NOT (userName eq "carol")`, "Alice bob"},
			{"7644-3.4.2.2-07", `displayName eq "Carol \"CJ\" Jones"`, "carol"},
			{"7644-3.4.2.2-07", `name.familyName eq "\u00dcnal"`, "Alice"},
			{"7644-3.4.2.2-08", `userName eq "carol" or userName eq "bob" and title eq "x"`, "carol"},
			{"7644-3.4.2.2-08", `(userName eq "carol" or userName eq "bob") and title eq "x"`, ""},
			{"7644-3.4.2.2-09", `not (title pr)`, "Alice"},
			{"7644-3.4.2.2-09", `not(title pr)`, "Alice"},
			{"7644-3.4.2.2-11", `emails[type eq "work" and value co "@home"]`, ""},
			{"7644-3.4.2.2-12", `emails.type eq "work" and emails.value co "@home"`, "carol Alice"},
			{"7644-3.4.2.2-13", `emails[type eq "work" and value sw "z" or (not (type pr) and value ew "else.example")]`, "Alice bob"},
			{"7644-3.4.2.2-14", `userType eq "Employee" and emails[type eq "work"] or ims[type eq "xmpp"]`, "carol"},
			{"7644-3.10-04", core + `userName sw "C"`, "carol"},
			{"7644-3.10-04", extension + `manager.value eq "Boss"`, "carol"},
			{"7643-4.3-03", extension + `manager.value eq "boss"`, ""},
			{"7643-2.4-05", `emails[primary eq false]`, everyone},
			{"7644-3.4.2.2-17", `userName ne "bob"`, "carol Alice"},
			{"7644-3.4.2.2-17", `active eq false`, "Alice"},
			{"7644-3.4.2.2-17", `x509Certificates.value eq "MAA="`, "carol"},
			{"7643-2.3.7-07", `profileUrl eq "https://example.com/carol"`, ""},
			{"7644-3.4.2.2-18", `name.familyName co "O'Malley"`, "carol"},
			{"7644-3.4.2.2-18", `userName sw "bo"`, "bob"},
			{"7644-3.4.2.2-18", `userName ew "OB"`, "bob"},
			{"7644-3.4.2.2-19", `title pr`, "carol bob"},
			{"7644-3.4.2.2-19", `active pr`, everyone},
			{"7644-3.4.2.2-20", `userName gt "B"`, "carol bob"},
			{"7644-3.4.2.2-20", `userName le "ALICE"`, "Alice"},
			{"7644-3.4.2.2-21 7643-3.1-17", `meta.created eq "` + created + `"`, "Alice"},
			{"7644-3.4.2.2-21 7643-3.1-17", `meta.created gt "` + strings.Replace(created, "Z", "+14:00", 1) + `"`, everyone},
			{"7643-3.1-17", `meta.lastModified lt "2000-01-01T00:00:00Z"`, ""},
			{"7643-3.1-17", `meta.version eq ` + quoted(version), "bob"},
			{"7643-3.1-17", `id eq "` + ids["bob"] + `"`, "bob"},
			{"7643-3.1-05", `id eq "` + strings.ToLower(ids["bob"]) + `"`, ""},
			{"7643-3.1-06", `externalId eq "ext-a"`, "Alice"},
			{"7643-3.1-06", `externalId eq "ext-c"`, ""},
			{"7643-3.1-11", `meta.resourceType eq "User"`, everyone},
			{"7643-3.1-11", `meta.resourceType eq "user"`, ""},
			{"7644-3.4.2.2-23", `userName eq "CAROL"`, "carol"},
			{"7644-3.4.2.2-24", `emails.value eq "z@work.example"`, "Alice"},
			{"7644-3.4.2.2-25", `name pr`, "carol Alice"},
			{"7644-3.4.2.2-26", `emails co "work.example"`, "carol Alice"},
			{"7644-3.4.2.2-27", `active eq true`, "carol bob"},
			{"7644-3.4.2.2-28", `schemas eq "` + resource.EnterpriseUserSchema + `"`, "carol Alice"},
			{"7643-4.1.2-08", `groups.value eq "` + ids["all"] + `"`, "Alice bob"},
			{"7643-4.1.2-08", `groups[display eq "all" and type eq "direct"]`, "Alice"},
			{"AMB-32", `title ne "guide"`, "Alice bob"},
			{"AMB-32", `not (title gt "a")`, "Alice"},
			{"AMB-33", `title eq null`, "Alice"},
			{"AMB-33", `title ne null`, "carol bob"},
			{"AMB-39", `emails.value ne "bob@else.example"`, "carol Alice"},
			{"7644-7.7-01", `userName eq "x\" or userName pr or userName eq \"y"`, ""},
			{"7644-7.7-01", `title eq "'; DROP TABLE users; --"`, ""},
		} {
			t.Run(mode+" "+row.id+" "+row.filter, func(t *testing.T) {
				a := c.in(t).ask("/Users", row.filter).is(200)
				if got := a.names(); !slices.Equal(got, strings.Fields(row.want)) {
					t.Errorf("got %q, want %q", got, row.want)
				}
				a.has(fmt.Sprintf(`{"schemas": [%q], "totalResults": %d}`, resource.ListResponseSchema, len(a.names())))
			})
		}
		t.Run(mode+" groups", func(t *testing.T) {
			for filter, want := range map[string]string{
				`displayName eq "DRIVERS"`: "Drivers", `members.value eq "` + ids["Drivers"] + `"`: "all", `members eq "` + ids["bob"] + `"`: "Drivers",
				`members[type eq "Group"]`: "all", `members.display eq "bob"`: "Drivers",
			} {
				if got := c.in(t).ask("/Groups", filter).is(200).names(); !slices.Equal(got, []string{want}) {
					t.Errorf("%s: got %q, want %q", filter, got, want)
				}
			}
		})
		for _, row := range []struct{ id, filter, detail string }{
			{"7644-3.4.2.2-04", ``, ""},
			{"7644-3.4.2.2-04", `  `, ""},
			{"7644-3.4.2.2-05", `userName`, ""},
			{"7644-3.4.2.2-05", `eq`, ""},
			{"7644-3.4.2.2-05", `userName eq`, ""},
			{"7644-3.4.2.2-05", `title pr 1`, ""},
			{"7644-3.4.2.2-06 7644-3.4.2.2-16", `userName regex "x"`, "regex"},
			{"7644-3.4.2.2-07", `userName eq john`, "john"},
			{"7644-3.4.2.2-07", `userName eq 'john'`, ""},
			{"7644-3.4.2.2-09", `not title pr`, ""},
			{"7644-3.4.2.2-10", `((userName eq "a")`, ""},
			{"7644-3.4.2.2-10", `emails[type eq "x"`, ""},
			{"7644-3.4.2.2-13", `emails[type eq "a" and value[display eq "b"]]`, ""},
			{"7644-3.4.2.2-22", `active gt true`, "active"},
			{"7644-3.4.2.2-22", `x509Certificates.value lt "AQ"`, "x509Certificates"},
			{"7644-3.12-05", `active co "t"`, "active"},
			{"7644-3.12-05", `name gt "a"`, "name"},
			{"7644-3.12-05", `userName eq 5`, "userName"},
			{"7644-3.12-05", `meta.created gt "abc"`, "meta.created"},
			{"7644-3.4.2.2-25", `name eq "x"`, "name"},
			{"7643-4.1.1-09", `password co "t"`, "password"},
			{"7643-4.1.1-09", `password pr`, "password"},
			{"7644-7.7-02", strings.Repeat("(", deepFilter) + "title pr" + strings.Repeat(")", deepFilter), ""},
			{"7644-7.7-02", "title pr" + strings.Repeat(" or title pr", manyTerms-1), ""},
			{"7644-7.7-02", `title eq "` + strings.Repeat("a", long) + `"`, ""},
		} {
			t.Run(mode+" "+row.id+" "+row.filter[:min(40, len(row.filter))], func(t *testing.T) {
				a := c.in(t).get("/Users?filter=" + url.QueryEscape(row.filter)).is(400).has(`{"scimType": "invalidFilter", "detail": "<any>"}`)
				if !strings.Contains(text(a.doc, "detail"), row.detail) {
					t.Errorf("%s does not name %s", a.body, row.detail)
				}
				if row.filter == "" { // 7644-3.4.3-02: absent, null and empty are one in JSON
					return
				}
				for _, path := range []string{"/Users/.search", "/.search"} {
					c.in(t).post(path, search(`"filter": `+quoted(row.filter))).is(400).has(`{"scimType": "invalidFilter"}`)
				}
			})
		}
	}
	t.Run("tolerated by default only", func(t *testing.T) {
		tolerant, _ := staff(t)
		strict, _ := staff(t, resource.Strict())
		for filter, want := range map[string]string{
			`active eq "False"`:                   "Alice", // 7644-3.12-05
			`active eq FALSE`:                     "Alice", // AMB-35
			`userName  eq	"bob" and ( title pr )`: "bob",   // AMB-36
			`emails[type eq "work"].value sw "z"`: "Alice", // AMB-37
			extension + `manager eq "Boss"`:       "carol", // AMB-38
			`manager eq "Boss"`:                   "carol", // AMB-31
			`manager.value eq "Boss"`:             "carol",
			`robot pr`:                            "",
			`robot ne 1`:                          everyone,
		} {
			if got := tolerant.in(t).ask("/Users", filter).is(200).names(); !slices.Equal(got, strings.Fields(want)) {
				t.Errorf("%s: got %q, want %q", filter, got, want)
			}
			strict.in(t).ask("/Users", filter).is(400).has(`{"scimType": "invalidFilter"}`)
		}
	})
	t.Run("AMB-40 filter on one resource", func(t *testing.T) {
		c, ids := staff(t)
		for _, query := range []string{"filter=userName+eq+%22nobody%22", "filter=((", "filter=", "sortBy=robot", "sortOrder=up", "startIndex=x", "count=0", "cursor"} {
			c.in(t).get("/Users/" + ids["bob"] + "?" + query).is(200).has(`{"userName": "bob", "title": "driver"}`)
		}
	})
}

func TestSort(t *testing.T) {
	for mode, options := range modes {
		c, _ := staff(t, options...)
		for _, row := range []struct{ id, by, order, want string }{
			{"7644-3.4.2.3-02 7644-3.4.2.3-06 7644-3.4.2.3-07", "userName", "", "Alice bob carol"},
			{"7644-3.4.2.3-06", "userName", "ascending", "Alice bob carol"},
			{"7644-3.4.2.3-06", "USERNAME", "Descending", "carol bob Alice"},
			{"7644-3.4.2.3-02", core + "userName", "", "Alice bob carol"},
			{"7644-3.4.2.3-02", extension + "employeeNumber", "", "carol Alice bob"},
			{"7644-3.4.2.3-03", "emails", "", "carol Alice bob"}, // a@, alice@, bob@
			{"7644-3.4.2.3-03", "emails.value", "descending", "bob Alice carol"},
			{"7644-3.4.2.3-04", "name.givenName", "", "Alice carol bob"},
			{"7644-3.4.2.3-05", "title", "", "bob carol Alice"},
			{"7644-3.4.2.3-05", "title", "descending", "Alice carol bob"},
			{"7644-3.4.2.3-07", "externalId", "", "carol Alice bob"}, // Ext-C before ext-a
			{"7644-3.4.2.3-07", "meta.created", "descending", "bob Alice carol"},
		} {
			t.Run(mode+" "+row.id+" "+row.by+" "+row.order, func(t *testing.T) {
				a := c.in(t).get("/Users?" + url.Values{"sortBy": {row.by}, "sortOrder": {row.order}}.Encode()).is(200)
				if got := a.names(); !slices.Equal(got, strings.Fields(row.want)) {
					t.Errorf("got %q, want %q", got, row.want)
				}
				body := `"sortBy": ` + quoted(row.by)
				if row.order != "" {
					body += `, "sortOrder": ` + quoted(row.order)
				}
				if b := c.in(t).post("/Users/.search", search(body)).is(200); !bytes.Equal(a.body, b.body) {
					t.Errorf("GET: %s\n.search: %s", a.body, b.body)
				}
			})
		}
		for _, row := range []struct{ id, query string }{
			{"7644-3.4.2.3-04", "sortBy=name"},
			{"7644-3.4.2.3-06", "sortBy=userName&sortOrder=up"},
			{"AMB-41", "sortBy=robot"},
			{"a secret", "sortBy=password"},
		} {
			t.Run(mode+" "+row.id+" "+row.query, func(t *testing.T) {
				c.in(t).get("/Users?" + row.query).is(400).has(`{"scimType": "invalidValue"}`)
			})
		}
		t.Run(mode+" 7644-3.4.2-03 filter, order and page together", func(t *testing.T) {
			a := c.in(t).get("/Users?filter=title+pr&sortBy=title&sortOrder=descending&startIndex=2&count=1").is(200)
			a.has(`{"totalResults": 2, "startIndex": 2, "itemsPerPage": 1, "Resources": [{"userName": "bob"}]}`)
		})
	}
}

func TestSearch(t *testing.T) {
	for mode, options := range modes {
		c, ids := staff(t, options...)
		t.Run(mode+" 7644-3.4.3-02 only schemas", func(t *testing.T) {
			for _, path := range []string{"/Users", "/Groups"} {
				want := c.in(t).get(path).is(200)
				if got := c.in(t).post(path+"/.search", search(`"count": null`)).is(200); !bytes.Equal(got.body, want.body) {
					t.Errorf("got %s, want %s", got.body, want.body)
				}
			}
		})
		for _, row := range []struct{ id, body, want string }{
			{"7644-3.4.2.1-05", `"filter": null`, everyone + " Drivers all"},
			{"7644-3.4.2.1-01", `"filter": "userName pr"`, everyone},
			{"7644-3.4.2.1-01", `"filter": "displayName pr"`, "carol Drivers all"},
			{"7644-3.4.2.1-01", `"filter": "members pr or title eq \"Guide\""`, "carol Drivers all"},
			{"7644-3.4.2.1-01 AMB-32", `"filter": "userName ne \"bob\""`, "carol Alice Drivers all"},
			{"7644-3.4.2.1-01 AMB-33", `"filter": "userName eq null"`, "Drivers all"},
			{"AMB-31", `"filter": "robot eq 1"`, ""},
			{"7644-3.4.2.1-02", `"filter": "meta.resourceType eq \"User\" and title pr"`, "carol bob"},
			{"7644-3.4.2.1-02", `"filter": "meta.resourceType eq \"User\" or meta.resourceType eq \"Group\""`, everyone + " Drivers all"},
			{"7644-3.4.2.1-02", `"filter": "meta.resourceType eq \"Group\""`, "Drivers all"},
			{"7643-3.1-17", `"filter": ` + quoted(`id eq "`+ids["all"]+`" or id eq "`+ids["bob"]+`"`), "bob all"},
			{"7644-3.4.2.4-01", `"startIndex": 3, "count": 2`, "bob Drivers"},
			{"7644-3.4.2.3-02", `"sortBy": "displayName"`, "all carol Drivers Alice bob"},
			{"7644-3.4.2.3-05", `"sortBy": "displayName", "sortOrder": "descending"`, "Alice bob Drivers carol all"},
			{"7644-3.4.2.3-05", `"sortBy": "userName"`, "Alice bob carol Drivers all"},
			{"7644-3.4.2.3-02", `"sortBy": "meta.resourceType"`, "Drivers all " + everyone},
		} {
			t.Run(mode+" "+row.id+" /.search "+row.body, func(t *testing.T) {
				a := c.in(t).post("/.search", search(row.body)).is(200).has(`{"totalResults": "<int>"}`)
				if got := a.names(); !slices.Equal(got, strings.Fields(row.want)) {
					t.Errorf("got %q, want %q", got, row.want)
				}
			})
		}
		for _, row := range []struct{ id, body, scimType string }{
			{"7644-3.4.3-04", `"filter": "userName eq"`, "invalidFilter"},
			{"7644-3.4.3-04", `"startIndex": "1"`, "invalidValue"},
			{"7644-3.4.3-04", `"count": 1.5`, "invalidValue"},
			{"7644-3.4.3-04", `"sortOrder": "up"`, "invalidValue"},
			{"7644-3.9-03 AMB-26", `"attributes": ["userName"], "excludedAttributes": ["name"]`, "invalidValue"},
			{"AMB-41", `"sortBy": "robot"`, "invalidValue"},
			{"7644-3.4.2.3-04", `"sortBy": "meta"`, "invalidValue"},
		} {
			for _, path := range []string{"/Users/.search", "/Groups/.search", "/.search"} {
				if row.id == "AMB-41" && path == "/.search" {
					continue // what one type lacks another may have
				}
				t.Run(mode+" "+row.id+" "+path+" "+row.body, func(t *testing.T) {
					c.in(t).post(path, search(row.body)).is(400).has(`{"scimType": "` + row.scimType + `"}`)
				})
			}
		}
		for _, path := range []string{"/Users/.search", "/Groups/.search", "/.search"} {
			t.Run(mode+" "+path, func(t *testing.T) {
				c := c.in(t)
				c.post(path, search(`"startIndex": 0, "count": -1`)).is(200).has(`{"startIndex": 1, "itemsPerPage": 0, "Resources": []}`) // 7644-3.4.3-04
				c.post(path, search(`"count": 1`)).is(200).has(`{"itemsPerPage": 1}`)
				c.post(path+"?filter=((&attributes=x", search(`"count": 0`)).is(200) // the body alone counts
				c.post(path, search(`"cursor": ""`)).is(501)
				c.post(path, `{`).is(400).has(`{"scimType": "invalidSyntax"}`)
				c.with("Content-Type", "text/plain").post(path, search(`"count": 1`)).is(415)
				if a := c.get(path); a.status != 404 && a.status != 405 { // 7644-3.4.3-05
					t.Errorf("GET: %d", a.status)
				}
			})
		}
		t.Run(mode+" 7644-3.4.2-01 attributes per type", func(t *testing.T) {
			a := c.in(t).post("/.search", search(`"attributes": ["userName", "members.value"]`)).is(200)
			for i, r := range list(a.doc, "Resources") {
				if want := []string{"id", "schemas", "userName"}; i < 3 && !slices.Equal(keys(r), want) {
					t.Errorf("got %v, want %v", r, want)
				}
				if want := []string{"id", "members", "schemas"}; i >= 3 && !slices.Equal(keys(r), want) {
					t.Errorf("got %v, want %v", r, want)
				}
			}
		})
	}
	t.Run("7644-3.4.3-02 7644-3.4.3-03 tolerated by default only", func(t *testing.T) {
		for body, scimType := range map[string]string{
			`{"filter": "userName eq \"bob\""}`:                              "invalidSyntax",
			search(`"attributes": "userName, title", "filter": "title pr"`):  "invalidSyntax",
			search(`"attributes": ["emails[type eq 1]"], "startIndex": 100`): "invalidValue",
		} {
			c, _ := staff(t)
			c.post("/Users/.search", body).is(200)
			c, _ = staff(t, resource.Strict())
			c.post("/Users/.search", body).is(400).has(`{"scimType": "` + scimType + `"}`)
		}
	})
	t.Run("7644-3.4.2-04 nothing is stored", func(t *testing.T) {
		for _, path := range []string{"/Users/.search", "/Groups/.search", "/.search"} {
			newClient(t).post(path, search(`"sortBy": "id"`)).is(200).has(`{"totalResults": 0, "Resources": []}`)
		}
	})
}
