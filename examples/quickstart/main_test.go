package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/resource"
)

// Names of subtests begin with the requirements they check.

func TestResources(t *testing.T) {
	t.Run("7644-3.3-05 7644-3.4.1-01 create and read", func(t *testing.T) {
		c := newClient(t)
		for path, body := range map[string]string{"/Users": user("bjensen"), "/Groups": group("Guides")} {
			made := c.post(path, body).is(201)
			location := made.header.Get("Location")
			if want := c.base + path + "/" + made.id(); location != want || at(at(made.doc, "meta"), "location") != want {
				t.Errorf("Location %q and %s, want %s", location, made.body, want)
			}
			read := c.get(location).is(200)
			if !bytes.Equal(read.body, made.body) {
				t.Errorf("read %s, created %s", read.body, made.body)
			}
			c.get(path + "/nobody").is(404)
			c.get(path + "/" + strings.ToLower(made.id())).is(404) // ids are exact
		}
	})
	t.Run("7644-3.3-05 7644-3.12-12 duplicate", func(t *testing.T) {
		c := newClient(t)
		c.post("/Users", user("bjensen@example.com")).is(201)
		c.post("/Users", user("BJensen@EXAMPLE.com")).is(409).has(`{"scimType": "uniqueness", "status": "409"}`)
		c.get("/Users").is(200).has(`{"totalResults": 1}`)
	})
	t.Run("7644-3.6-01 delete", func(t *testing.T) {
		c := newClient(t)
		for path, body := range map[string]string{"/Users": user("bjensen"), "/Groups": group("Guides")} {
			id := c.post(path, body).is(201).id()
			gone := c.delete(path + "/" + id).is(204)
			if len(gone.header["Location"])+len(gone.header["Content-Type"]) > 0 {
				t.Errorf("header %v", gone.header)
			}
			c.delete(path + "/" + id).is(404)
			c.get(path + "/" + id).is(404)
			c.get(path).is(200).has(`{"totalResults": 0, "Resources": []}`)
		}
	})
	t.Run("7644-3.6-02 delete and create again", func(t *testing.T) {
		c := newClient(t)
		ids := map[string]bool{}
		for range 5 {
			id := c.post("/Users", user("bjensen")).is(201).id()
			if ids[id] {
				t.Errorf("id %s is used again", id)
			}
			ids[id] = true
			c.delete("/Users/" + id).is(204)
		}
	})
	t.Run("everything a user can have comes back", func(t *testing.T) {
		c := newClient(t)
		const sent = `"externalId": "e1", "userName": "bjensen", "name": {"formatted": "Ms. B", "familyName": "Jensen", "givenName": "Barbara",
			"middleName": "J", "honorificPrefix": "Ms.", "honorificSuffix": "III"}, "displayName": "Babs Jensen", "nickName": "Babs",
			"profileUrl": "https://login.example.com/bjensen", "title": "Guide", "userType": "Employee", "preferredLanguage": "en-US",
			"locale": "en-US", "timezone": "America/Los_Angeles", "active": false,
			"emails": [{"value": "b@example.com", "display": "b", "type": "work", "primary": true}],
			"phoneNumbers": [{"value": "tel:+1-201-555-0123", "type": "work"}], "ims": [{"value": "babs", "type": "aim"}],
			"photos": [{"value": "https://photos.example.com/F", "type": "photo"}],
			"addresses": [{"type": "work", "streetAddress": "100 Plaza", "locality": "Hollywood", "region": "CA", "postalCode": "91608",
			"country": "US", "formatted": "100 Plaza\nHollywood", "primary": true}], "entitlements": [{"value": "e"}],
			"roles": [{"value": "r", "display": "R"}],
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "costCenter": "4130",
			"organization": "Universal Studios", "division": "Theme Park", "department": "Tours", "manager": {"value": "boss"}}`
		made := c.post("/Users", `{"schemas": [`+enterprise+`], `+sent+`}`).is(201).has(`{` + sent + `}`)
		c.get("/Users/" + made.id()).is(200).has(`{` + sent + `}`)
	})
	t.Run("7643-3.1-03 7643-3.1-08 7643-3.1-09 what the service assigns", func(t *testing.T) {
		a := newClient(t).post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "a", "id": "mine", "groups": [{"value": "g"}],
			"meta": {"resourceType": "Robot", "created": "1999-01-01T00:00:00Z", "location": "https://example.com/", "version": "W/\"1\""}}`)
		a.is(201).has(`{"id": "<not:mine>", "meta": {"resourceType": "User", "created": "<any>"}}`)
		meta := at(a.doc, "meta")
		created := text(meta, "created")
		if strings.HasPrefix(created, "1999") || created != text(meta, "lastModified") || text(meta, "version") == `W/"1"` || at(a.doc, "groups") != nil {
			t.Errorf("%s", a.body)
		}
	})
	t.Run("7643-3.1-06 externalId is the client's", func(t *testing.T) {
		c := newClient(t)
		for _, name := range []string{"a", "b"} {
			c.post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`", "externalId": "same"}`).is(201).has(`{"externalId": "same"}`)
		}
		if a := c.post("/Users", user("c")).is(201); at(a.doc, "externalId") != nil {
			t.Errorf("%s", a.body)
		}
	})
	t.Run("active unless said otherwise", func(t *testing.T) {
		newClient(t).post("/Users", user("bjensen")).is(201).has(`{"active": true}`)
	})
}

func TestGroups(t *testing.T) {
	c := newClient(t)
	post := func(path, body string) (id string) { t.Helper(); return c.post(path, body).is(201).id() }
	ann, bob := post("/Users", user("ann")), post("/Users", user("bob"))
	guides := post("/Groups", group("Guides", ann, bob, ann))
	staff := post("/Groups", group("Staff", guides, bob))

	t.Run("members", func(t *testing.T) {
		got := c.in(t).get("/Groups/" + guides).is(200).has(fmt.Sprintf(`{"members": [
			{"value": %q, "type": "User", "display": "ann", "$ref": %q}, {"value": %q, "type": "User", "display": "bob"}]}`,
			ann, c.base+"/Users/"+ann, bob))
		if n := len(list(got.doc, "members")); n != 2 {
			t.Errorf("%d members", n)
		}
		c.in(t).get("/Groups/" + staff).is(200).has(fmt.Sprintf(
			`{"members": [{"value": %q, "type": "Group", "display": "Guides", "$ref": %q}]}`, guides, c.base+"/Groups/"+guides))
	})
	t.Run("7643-4.1.2 groups of a user", func(t *testing.T) {
		c.in(t).get("/Users/" + ann).is(200).has(fmt.Sprintf(`{"groups": [{"value": %q, "display": "Guides", "type": "direct", "$ref": %q},
			{"value": %q, "display": "Staff", "type": "indirect"}]}`, guides, c.base+"/Groups/"+guides, staff))
		c.in(t).get("/Users").is(200).has(fmt.Sprintf(`{"Resources": [{"id": %q, "groups": [{"value": %q, "type": "direct"},
			{"value": %q, "type": "direct"}]}]}`, bob, guides, staff))
	})
	t.Run("a member nobody knows", func(t *testing.T) {
		a := c.in(t).post("/Groups", group("Ghosts", "x", ann, "y")).is(400).has(`{"scimType": "invalidValue"}`)
		detail := text(a.doc, "detail")
		if !strings.Contains(detail, "members[0].value") || !strings.Contains(detail, "members[2].value") || strings.Contains(detail, "[1]") {
			t.Error(detail)
		}
		c.in(t).get("/Groups").is(200).has(`{"totalResults": 2}`)
	})
	t.Run("deletion", func(t *testing.T) {
		c := c.in(t)
		c.delete("/Users/" + ann).is(204)
		got := c.get("/Groups/" + guides).is(200)
		if meta := at(got.doc, "meta"); len(list(got.doc, "members")) != 1 || text(meta, "lastModified") <= text(meta, "created") {
			t.Errorf("%s", got.body)
		}
		c.delete("/Groups/" + guides).is(204)
		c.get("/Groups/" + staff).is(200).has(fmt.Sprintf(`{"members": [{"value": %q}]}`, bob))
		if got := c.get("/Users/" + bob).is(200); len(list(got.doc, "groups")) != 1 {
			t.Errorf("%s", got.body)
		}
		c.delete("/Groups/" + staff).is(204)
		if got := c.get("/Users/" + bob).is(200); at(got.doc, "groups") != nil {
			t.Errorf("%s", got.body)
		}
	})
}

func TestList(t *testing.T) {
	c := newClient(t)
	ids := make([]string, 5)
	for i := range ids {
		ids[i] = c.post("/Users", user(fmt.Sprintf("user%d", i))).is(201).id()
	}
	for _, row := range []struct {
		id, query   string
		start       int
		first, last int // of ids; equal: an empty page
	}{
		{"7644-3.4.2-02 7644-3.4.2-03", "", 1, 0, 5},
		{"7644-3.4.2-06", "?foo=1&userName=x", 1, 0, 5},
		{"7644-3.4.2-05", "?startIndex=3&count=2", 3, 2, 4},
		{"7644-3.4.2.4-01", "?startIndex=1", 1, 0, 5},
		{"7644-3.4.2.4-01", "?startIndex=0", 1, 0, 5},
		{"7644-3.4.2.4-01", "?startIndex=-5", 1, 0, 5},
		{"7644-3.4.2.4-01", "?startIndex=5", 5, 4, 5},
		{"7644-3.4.2.4-01", "?startIndex=6", 6, 5, 5},
		{"7644-3.4.2.4-01", "?startIndex=100", 100, 5, 5},
		{"7644-3.4.2.4-01", "?startIndex=9223372036854775807&count=9223372036854775807", 9223372036854775807, 5, 5},
		{"7644-3.4.2.4-02", "?count=2", 1, 0, 2},
		{"7644-3.4.2.4-02", "?count=0", 1, 0, 0},
		{"7644-3.4.2.4-02", "?count=-3", 1, 0, 0},
		{"7644-3.4.2.4-02", "?count=1000", 1, 0, 5},
		{"7644-3.4.2.4-02", "?startIndex=5&count=10", 5, 4, 5},
		{"AMB-28", "?attributes=&excludedAttributes=&sortBy=", 1, 0, 5},
		{"7644-3.4.2.3-06", "?sortOrder=descending", 1, 0, 5},
	} {
		t.Run(row.id+" "+row.query, func(t *testing.T) {
			a := c.in(t).get("/Users" + row.query).is(200)
			a.has(fmt.Sprintf(`{"schemas": [%q], "totalResults": 5, "startIndex": %d, "itemsPerPage": %d}`,
				resource.ListResponseSchema, row.start, row.last-row.first))
			var got []string
			for _, r := range list(a.doc, "Resources") {
				got = append(got, text(r, "id"))
			}
			if want := ids[row.first:row.last]; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	for _, row := range []struct {
		id, path string
		status   int
		scimType string
	}{
		{"7644-3.12-06 AMB-42", "/Users?startIndex=abc", 400, "invalidValue"},
		{"7644-3.12-06 AMB-42", "/Users?count=1.5", 400, "invalidValue"},
		{"7644-3.12-06 AMB-42", "/Groups?count=99999999999999999999", 400, "invalidValue"},
		{"AMB-26", "/Users?attributes=userName&excludedAttributes=name", 400, "invalidValue"},
		{"a query Go would drop", "/Users?filter=userName+eq+%22a;b%22", 400, "invalidValue"},
		{"a query Go would drop", "/Users?filter=%zz", 400, "invalidValue"},
		{"7644-3.4.2.3-06", "/Users?sortOrder=up", 400, "invalidValue"},
		{"not offered", "/Users?cursor", 501, ""},
		{"not offered", "/Groups?cursor=abc", 501, ""},
	} {
		t.Run(row.id+" "+row.path, func(t *testing.T) {
			a := c.in(t).get(row.path).is(row.status)
			if got := text(a.doc, "scimType"); got != row.scimType || at(a.doc, "detail") == nil {
				t.Errorf("%s, want scimType %q and a detail", a.body, row.scimType)
			}
		})
	}
	t.Run("7644-3.4.2-04 empty", func(t *testing.T) {
		c.in(t).get("/Groups").is(200).has(`{"totalResults": 0, "itemsPerPage": 0, "Resources": []}`)
	})
	t.Run("7644-3.4.2.4-03 the service chooses the size of a page", func(t *testing.T) {
		db := newStore()
		for i := range 500 {
			if _, err := (teams{db}).add(team{Name: strconv.Itoa(i)}); err != nil {
				t.Fatal(err)
			}
		}
		c := serve(t, newService(db, "", slog.New(slog.DiscardHandler)))
		for _, query := range []string{"", "?count=500"} {
			a := c.get("/Groups" + query).is(200).has(`{"totalResults": 500, "itemsPerPage": 200}`)
			if n := len(list(a.doc, "Resources")); n != 200 {
				t.Errorf("%d resources", n)
			}
		}
		seen := map[string]bool{}
		for start := 1; start <= 500; start += 200 {
			for _, r := range list(c.get(fmt.Sprintf("/Groups?startIndex=%d", start)).is(200).doc, "Resources") {
				seen[text(r, "id")] = true
			}
		}
		if len(seen) != 500 {
			t.Errorf("three pages have %d groups", len(seen))
		}
	})
}

func TestDiscovery(t *testing.T) {
	c := newClient(t)
	urns := []string{resource.UserSchema, resource.EnterpriseUserSchema, resource.GroupSchema}

	t.Run("7644-4-01 7643-5-01 service provider configuration", func(t *testing.T) {
		for _, query := range []string{"", "?filter=x&startIndex=7&count=0&sortBy=y&attributes=z"} { // 7644-4-04
			c.in(t).get("/ServiceProviderConfig" + query).is(200).has(fmt.Sprintf(`{"schemas": [%q], "patch": {"supported": true},
				"bulk": {"supported": true, "maxOperations": 100, "maxPayloadSize": 1048576}, "filter": {"supported": true, "maxResults": 200},
				"changePassword": {"supported": false}, "sort": {"supported": true}, "etag": {"supported": true},
				"authenticationSchemes": [{"type": "oauthbearertoken", "name": "<any>", "description": "<any>"}]}`, resource.ServiceProviderConfigSchema))
		}
	})
	t.Run("7644-4-02 7644-4-03 lists", func(t *testing.T) {
		for _, query := range []string{"", "?startIndex=2&count=1&sortBy=id&sortOrder=up", "?startIndex=abc", "?attributes=id"} {
			c.in(t).get("/Schemas" + query).is(200).has(fmt.Sprintf(`{"schemas": [%q], "totalResults": 3, "startIndex": 1, "itemsPerPage": 3,
				"Resources": [{"id": %q}, {"id": %q}, {"id": %q}]}`, resource.ListResponseSchema, urns[0], urns[1], urns[2]))
			c.in(t).get("/ResourceTypes" + query).is(200).has(fmt.Sprintf(`{"totalResults": 2, "Resources": [
				{"id": "User", "name": "User", "endpoint": "/Users", "schema": %q, "schemaExtensions": [{"schema": %q, "required": false}]},
				{"id": "Group", "name": "Group", "endpoint": "/Groups", "schema": %q}]}`, urns[0], urns[1], urns[2]))
		}
	})
	t.Run("7644-4-02 one", func(t *testing.T) {
		for _, urn := range urns {
			for _, id := range []string{urn, strings.ToUpper(urn), strings.ToLower(urn), url.QueryEscape(urn)} {
				c.in(t).get("/Schemas/" + id).is(200).has(fmt.Sprintf(`{"id": %q, "name": "<any>", "attributes": "<any>"}`, urn))
			}
		}
		c.in(t).get("/ResourceTypes/User").is(200).has(`{"name": "User"}`)
		c.in(t).get("/ResourceTypes/Robot").is(404)
		c.in(t).get("/Schemas/urn:x").is(404)
	})
	t.Run("7644-3.1-02 messages have no schema here", func(t *testing.T) {
		if a := c.in(t).get("/Schemas").is(200); bytes.Contains(a.body, []byte(":api:messages:2.0:User")) || bytes.Count(a.body, []byte(":api:messages:")) != 1 {
			t.Errorf("%s", a.body)
		}
		c.in(t).get("/Schemas/" + resource.ErrorSchema).is(404)
	})
	t.Run("7644-4-04 filter", func(t *testing.T) {
		c.in(t).get("/Schemas?filter=id+pr").is(403)
		c.in(t).get("/ResourceTypes?filter=name+eq+%22User%22").is(403)
	})
	t.Run("7643-6-05 7643-6-07 resource types agree with schemas and resources", func(t *testing.T) {
		c := c.in(t)
		for _, r := range list(c.get("/ResourceTypes").is(200).doc, "Resources") {
			c.get("/Schemas/" + text(r, "schema")).is(200)
			body := user("someone")
			if at(r, "name") == "Group" {
				body = group("some")
			}
			c.post(text(r, "endpoint"), body).is(201).has(fmt.Sprintf(`{"schemas": [%q], "meta": {"resourceType": %q}}`, at(r, "schema"), at(r, "name")))
		}
	})
	t.Run("7643-8.7.2-01 meta", func(t *testing.T) {
		c := c.in(t)
		check := func(doc any, kind string) {
			t.Helper()
			meta := at(doc, "meta")
			location := text(meta, "location")
			if at(meta, "resourceType") != kind || at(doc, "schemas") == nil || !strings.HasPrefix(location, c.base) {
				t.Fatalf("%v: resourceType %v, location %q", at(doc, "id"), at(meta, "resourceType"), location)
			}
			if got := c.get(location).is(200); !bytes.Equal(encode(t, got.doc), encode(t, doc)) {
				t.Errorf("%s is %s, not %s", location, got.body, encode(t, doc))
			}
		}
		check(c.get("/ServiceProviderConfig").is(200).doc, "ServiceProviderConfig")
		for path, kind := range map[string]string{"/Schemas": "Schema", "/ResourceTypes": "ResourceType"} {
			for _, r := range list(c.get(path).is(200).doc, "Resources") {
				check(r, kind)
			}
		}
	})
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestMethodsAndPaths(t *testing.T) {
	c := newClient(t)
	id := c.post("/Users", user("bjensen")).is(201).id()
	for _, row := range []struct {
		id, method, path string
		status           int
		allow            string
	}{
		{"7644-3.4.2-07", "PATCH", "/Users", 405, "GET, HEAD, POST"},
		{"7644-3.4.2-07", "PUT", "/Users", 405, "GET, HEAD, POST"},
		{"7644-3.4.2-07", "DELETE", "/Users", 405, "GET, HEAD, POST"},
		{"7644-3.4.2-07", "OPTIONS", "/Users", 405, "GET, HEAD, POST"},
		{"7644-3.4.2-07", "POST", "/Users/" + id, 405, "DELETE, GET, HEAD, PATCH, PUT"},
		{"7644-3.4.2-07", "PATCH", "/Users", 405, "GET, HEAD, POST"},
		{"7644-3.4.3-05", "GET", "/.search", 405, "POST"},
		{"7643-5-04", "PUT", "/ServiceProviderConfig", 405, "GET, HEAD"},
		{"7643-5-04", "POST", "/Schemas", 405, "GET, HEAD"},
		{"7643-5-04", "DELETE", "/ResourceTypes/User", 405, "GET, HEAD"},
		{"7644-3.11-01", "GET", "/Me", 501, ""},
		{"7644-3.11-01", "POST", "/Me", 501, ""},
		{"7644-3.11-01", "PATCH", "/Me", 501, ""},
		{"7644-3.7-01", "GET", "/Bulk", 405, "POST"},
		{"7644-3.8-06", "GET", "/Users/" + id + ".scim", 404, ""},
		{"7644-3.8-06", "GET", "/Users/1.scim", 404, ""},
		{"7644-3.13-01", "GET", strings.Replace(c.base, "/v2", "/v9", 1) + "/Users", 404, ""},
		{"7644-3.13-01", "GET", strings.Replace(c.base, "/v2", "", 1) + "/Users", 404, ""},
		{"unknown", "GET", "/Robots", 404, ""},
		{"unknown", "GET", "/users", 404, ""},
		{"unknown", "GET", "/Users/", 404, ""},
		{"unknown", "GET", "/Users/" + id + "/emails", 404, ""},
		{"unknown", "POST", "", 404, ""},
		{"unclean", "GET", "//Users", 307, ""},
		{"unclean", "POST", "/Users/../Groups", 307, ""},
	} {
		t.Run(row.id+" "+row.method+" "+row.path, func(t *testing.T) {
			a := c.in(t).do(row.method, row.path, "").is(row.status)
			if got := a.header.Get("Allow"); got != row.allow {
				t.Errorf("Allow: %q, want %q", got, row.allow)
			}
			if location := a.header.Get("Location"); row.status == 307 && !strings.HasPrefix(location, root) {
				t.Errorf("Location: %q", location)
			}
		})
	}
	t.Run("7644-3.4.2-07 HEAD", func(t *testing.T) {
		for path, status := range map[string]int{
			"/Users": 200, "/Users/" + id: 200, "/Users/0": 404, "/Schemas": 200, "/ServiceProviderConfig": 200, "/Me": 501, "/Nothing": 404,
		} {
			got, want := c.in(t).do("HEAD", path, "").is(status), c.in(t).get(path).is(status)
			for _, name := range []string{"Content-Type", "Location"} {
				if got.header.Get(name) != want.header.Get(name) {
					t.Errorf("%s: %s %q, GET has %q", path, name, got.header.Get(name), want.header.Get(name))
				}
			}
		}
	})
	t.Run("7644-1.2-02 percent-encoding", func(t *testing.T) {
		c := c.in(t)
		c.get(fmt.Sprintf("/Users/%%%02x%s", id[0], id[1:])).is(200) // decoded once
		c.get(fmt.Sprintf("/Users/%%25%02x%s", id[0], id[1:])).is(404)

		db := newStore() // of an application that has other ids
		for _, id := range []string{"a b", "a/b", "a%20b", "ü?#", ".."} {
			db.teams.insert(id, team{ID: id, Name: id})
			c := serve(t, newService(db, "", slog.New(slog.DiscardHandler)))
			want := c.base + "/Groups/" + url.PathEscape(id)
			if id == ".." {
				want = c.base + "/Groups/%2E%2E" // the mux would take it for the parent
			}
			a := c.get(want).is(200).has(fmt.Sprintf(`{"id": %q}`, id))
			if got := a.header.Get("Location"); got != want && id != ".." {
				t.Errorf("Location %s, want %s", got, want)
			}
		}
	})
	c.get("/Users").is(200).has(`{"totalResults": 1}`)
}

func TestBodies(t *testing.T) {
	utf16Text := func(order func(uint16) []byte) string {
		text := order(0xFEFF)
		for _, u := range utf16.Encode([]rune(user("bjensen"))) {
			text = append(text, order(u)...)
		}
		return string(text)
	}
	for _, mode := range []struct {
		name    string
		options []resource.Option
	}{{"tolerant", nil}, {"strict", []resource.Option{resource.Strict()}}} {
		c := newClient(t, mode.options...)
		for _, row := range []struct{ id, name, body, scimType string }{
			{"7644-3.12-19", "cut off", `{`, "invalidSyntax"},
			{"7644-3.12-19", "trailing data", user("a") + `{}`, "invalidSyntax"},
			{"7644-3.12-19", "empty", ``, "invalidSyntax"},
			{"7644-3.12-19", "array", `[]`, "invalidSyntax"},
			{"7644-3.12-19", "no JSON", `userName=a`, "invalidSyntax"},
			{"7644-3.8-02", "BOM", "\uFEFF" + user("a"), "invalidSyntax"},
			{"7644-3.8-02", "UTF-16LE", utf16Text(func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} }), "invalidSyntax"},
			{"7644-3.8-02", "UTF-16BE", utf16Text(func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} }), "invalidSyntax"},
			{"7644-3.8-02", "invalid UTF-8", user("\xff"), "invalidSyntax"},
			{"AMB-02", "a name twice", `{"userName": "a", "USERNAME": "b"}`, "invalidSyntax"},
			{"7643-3.1", "required", `{"schemas": ["` + resource.UserSchema + `"]}`, "invalidValue"},
			{"another type", "another type", group("a"), ""},
		} {
			t.Run(mode.name+" "+row.id+" "+row.name, func(t *testing.T) {
				a := c.in(t).post("/Users", row.body).is(400)
				if got := at(a.doc, "scimType"); row.scimType != "" && got != row.scimType {
					t.Errorf("%s, want %s", a.body, row.scimType)
				}
			})
		}
		t.Run(mode.name+" 7644-3.12-16 several faults", func(t *testing.T) {
			a := c.in(t).post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "title": 7, "emails": [{"value": true}], "password": 1}`).is(400)
			for _, path := range []string{"userName", "title", "emails[0].value", "password"} {
				if !bytes.Contains(a.body, []byte(path+":")) {
					t.Errorf("%s lacks %s", a.body, path)
				}
			}
		})
		t.Run(mode.name+" nothing is stored", func(t *testing.T) {
			c.in(t).get("/Users").is(200).has(`{"totalResults": 0}`)
		})
		for _, row := range []struct {
			value  string
			status int
		}{
			{"application/scim+json", 201}, {"application/json", 201}, {"application/json; charset=utf-8", 201}, {"application/scim+json;charset=UTF-8", 201},
			{"Application/SCIM+JSON", 201}, {"", 201}, {"text/plain", 415}, {"application/xml", 415}, {"application/x-www-form-urlencoded", 415}, {"json", 415},
		} {
			t.Run(mode.name+" 7644-3.8-05 Content-Type "+row.value, func(t *testing.T) {
				c := newClient(t, mode.options...)
				if row.value != "" {
					c = c.with("Content-Type", row.value)
				}
				c.post("/Users", user("bjensen")).is(row.status)
			})
		}
		for _, accept := range []string{"application/scim+json", "application/json", "*/*", "text/xml", "application/scim+json;q=0", "%"} {
			t.Run(mode.name+" 7644-3.8-03 7644-3.8-04 Accept "+accept, func(t *testing.T) {
				c := newClient(t, mode.options...).with("Accept", accept)
				c.post("/Users", user("bjensen")).is(201)
				c.get("/Users").is(200).has(`{"totalResults": 1}`)
			})
		}
	}
	t.Run("413", func(t *testing.T) {
		c := newClient(t)
		fits := user(strings.Repeat("a", maxBody-len(user(""))))
		c.post("/Users", fits).is(201)
		c.post("/Users", fits+" ").is(413)
		c.send("POST", "/Users", io.MultiReader(strings.NewReader(fits), strings.NewReader(" "))).is(413) // without Content-Length
		c.get("/Users").is(200).has(`{"totalResults": 1}`)
	})
	t.Run("strict refuses what is tolerated otherwise", func(t *testing.T) {
		for body, path := range map[string]string{`{"userName": "a"}`: "/Users", `{"displayName": "a"}`: "/Groups"} {
			newClient(t).post(path, body).is(201)
			newClient(t, resource.Strict()).post(path, body).is(400)
		}
	})
}

func TestAuthorization(t *testing.T) {
	const token = "t0ken-of-this-test"
	var log bytes.Buffer
	c := serve(t, newService(newStore(), token, slog.New(slog.NewTextHandler(&log, nil))))
	for _, row := range []struct {
		id, value string
		status    int
	}{
		{"7644-2-02", "", 401},
		{"7644-2-02", "Bearer", 401},
		{"7644-2-02", "Bearer ", 401},
		{"7644-2-02", "Bearer x" + token, 401},
		{"7644-2-02", "Bearer " + token + "x", 401},
		{"7644-2-02", "Bearer " + token[1:], 401},
		{"7644-2-02", "Basic " + token, 401},
		{"7644-2-02", token, 401},
		{"7644-2-02", "Bearer " + token, 200},
		{"RFC 7235 2.1: the scheme in any case", "bearer " + token, 200},
	} {
		t.Run(row.id+" "+row.value, func(t *testing.T) {
			c := c.in(t)
			if row.value != "" {
				c = c.with("Authorization", row.value)
			}
			for _, path := range []string{"/Users", "/Schemas", "/ResourceTypes", "/Groups"} {
				a := c.get(path).is(row.status)
				if got := a.header.Get("WWW-Authenticate"); row.status == 401 && !strings.HasPrefix(got, "Bearer") { // 7644-2-01
					t.Errorf("WWW-Authenticate: %q", got)
				}
			}
			c.get("/ServiceProviderConfig").is(200) // 7643-5-05
			if row.status == 401 {                  // and nothing else shows through
				c.get("/Nothing").is(401)
				c.get("//Users").is(401)
				c.do("PATCH", "/Users", "").is(401)
				c.post("/Users", user("mallory")).is(401)
				c.delete("/Users/1").is(401)
			}
		})
	}
	c.with("Authorization", "Bearer "+token).get("/Users?secret=inquery").is(200).has(`{"totalResults": 0}`)
	c.close()
	for _, secret := range []string{token, "inquery", "mallory"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if want := "method=GET path=/scim/v2/Users status=200 duration="; !strings.Contains(log.String(), want) {
		t.Errorf("the log lacks %q:\n%s", want, log.String())
	}
}

func TestPasswords(t *testing.T) {
	const secret = "t1meMa$heen"
	var log bytes.Buffer
	db := quickStore()
	c := serve(t, newService(db, "", slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	body := `{"schemas": ["` + resource.UserSchema + `"], "userName": "bjensen", "active": "True", "password": "` + secret + `"}`
	id := c.post("/Users", body).is(201).id()
	refused := c.post("/Users", strings.Replace(body, `"True"`, "[true, 1]", 1)).is(400)
	c.do("PATCH", "/Users/"+id, `{"Operations": [{"op": "Replace", "path": "password", "value": ["`+secret+`"]}]}`).is(400)
	c.do("PATCH", "/Users/"+id, `{"Operations": [{"op": "Replace", "value": {"active": "False", "name.givenName": "Babs", "password": "`+secret+`"}},
		{"op": "remove", "path": "password", "value": "`+secret+`"},
		{"op": "add", "value": {"password": "`+secret+`"}}]}`).is(200).has(`{"active": false, "name": {"givenName": "Babs"}}`)
	c.close()

	// 7643-9.2-01 7643-4.1.1-08 7643-4.1.1-10: neither the store nor the log nor an error has it.
	a := db.accounts.rows[id]
	for _, text := range []string{fmt.Sprintf("%+v %s", a, a.Profile), log.String(), string(refused.body)} {
		if strings.Contains(text, secret) {
			t.Errorf("the password is in %s", text)
		}
	}
	for _, want := range []string{
		`rule=BooleanStrings path=active "known from"=`, `rule=PathKeys path=name.givenName "known from"=`, `rule=RemoveByValue path=password "known from"=`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
	if !password.Matches(a.PasswordHash, secret) || newStore().rounds != password.Rounds {
		t.Errorf("the hash %q is not that of the password", a.PasswordHash)
	}
}

// broken is a store that fails.
type broken struct{ teams }

func (broken) get(string) (team, error) { return team{}, errors.New("disk 7 of host db1 is gone") }
func (broken) all() []team              { panic("index out of range in db1") }
func (broken) add(team) (team, error)   { return team{Name: "without an id"}, nil }

// aborting is a store that breaks the answer off.
type aborting struct{ teams }

func (aborting) remove(team) error { panic(http.ErrAbortHandler) }

func TestFailures(t *testing.T) {
	var log bytes.Buffer
	db := newStore()
	db.accounts.insert("bad", account{ID: "bad", Profile: []byte("{")})
	s := newService(db, "", slog.New(slog.NewTextHandler(&log, nil)))
	mount(s, "/Broken", broken{teams{db}})
	mount(s, "/Aborting", aborting{teams{db}})
	db.teams.insert("1", team{ID: "1"})
	for _, row := range []struct{ method, path, body, cause string }{
		{"GET", "/Broken/1", "", "disk 7"},
		{"GET", "/Broken", "", "index out of range"},
		{"POST", "/Broken", group("a"), "id"},
		{"GET", "/Users/bad", "", "cannot be read"},
	} {
		t.Run("7644-3.12-15 "+row.method+" "+row.path, func(t *testing.T) {
			log.Reset()
			c := serve(t, s)
			a := c.do(row.method, row.path, row.body).is(500)
			c.close()
			if strings.Contains(string(a.body), "db1") {
				t.Errorf("%s tells the cause", a.body)
			}
			if !strings.Contains(log.String(), row.cause) || !strings.Contains(log.String(), "level=ERROR") {
				t.Errorf("the log lacks %q:\n%s", row.cause, log.String())
			}
		})
	}
	for _, row := range []struct {
		name, method, path string
		w                  http.ResponseWriter
	}{
		{"a handler may abort", "DELETE", "/Aborting/1", httptest.NewRecorder()},
		{"a panic after the first byte breaks the answer off", "GET", "/Users", half{httptest.NewRecorder()}},
	} {
		t.Run(row.name, func(t *testing.T) {
			defer func() {
				if cause := recover(); cause != http.ErrAbortHandler { //nolint:errorlint // the value itself
					t.Errorf("panics with %v", cause)
				}
			}()
			s.ServeHTTP(row.w, httptest.NewRequestWithContext(t.Context(), row.method, root+row.path, http.NoBody))
			t.Error("does not panic")
		})
	}
}

// half is a connection that breaks down within the body.
type half struct{ http.ResponseWriter }

func (half) Write([]byte) (int, error) { panic("broken pipe") }

func TestConcurrency(t *testing.T) {
	c := newClient(t)
	member := c.post("/Users", user("member")).is(201).id()
	var lock sync.Mutex
	statuses := map[int]int{}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			a := c.post("/Users", user("bjensen"))
			lock.Lock()
			statuses[a.status]++
			lock.Unlock()
		})
		all.Go(func() {
			a := c.post("/Groups", group(fmt.Sprintf("group%d", i), member))
			if a.status != 201 {
				t.Errorf("%d %s", a.status, a.body)
				return
			}
			c.get("/Users")
			c.get("/Groups")
			c.get("/Users/" + member)
			if i%2 == 0 {
				c.delete("/Groups/" + a.id())
			}
		})
	}
	all.Wait()
	if want := map[int]int{201: 1, 409: 15}; !maps.Equal(statuses, want) {
		t.Errorf("got %v, want %v", statuses, want)
	}
	a := c.get("/Users/" + member).is(200)
	if n := len(list(a.doc, "groups")); n != 8 {
		t.Errorf("the member is in %d groups, want 8", n)
	}
	c.delete("/Users/" + member).is(204)
	for _, g := range list(c.get("/Groups").is(200).has(`{"totalResults": 8}`).doc, "Resources") {
		if at(g, "members") != nil {
			t.Errorf("%v has members", g)
		}
	}
}
