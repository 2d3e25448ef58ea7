package main

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// keys are the members of an object, in alphabetical order.
func keys(doc any) []string {
	object, _ := doc.(map[string]any)
	return slices.Sorted(maps.Keys(object))
}

// full is a user with some of everything.
const full = `{"schemas": [` + enterprise + `], "userName": "bjensen", "title": "Guide", "password": "t1meMa$heen", "name": {"givenName": "Barbara", "familyName": "Jensen"},
	"emails": [{"value": "b@example.com", "type": "work"}, {"value": "h@example.com"}], "phoneNumbers": [{"value": "tel:+1-201-555-0123"}],
	"` + resource.EnterpriseUserSchema + `": {"employeeNumber": "701984", "department": "Tours", "manager": {"value": "boss"}}}`

// Every operation that returns a user takes attributes and excludedAttributes (7644-3.9-04).
func TestSelection(t *testing.T) {
	const all = "active emails id meta name phoneNumbers schemas title " + resource.EnterpriseUserSchema + " userName"
	for mode, options := range modes {
		for _, row := range []struct{ id, attributes, excluded, want string }{
			{"AMB-28", "", "", all},
			{"7644-3.9-01 7643-3-04 7643-3.1-12", "userName", "", "id schemas userName"},
			{"7644-3.9-02", "", "emails,name", "active id meta phoneNumbers schemas title " + resource.EnterpriseUserSchema + " userName"},
			{"7644-3.9-05", "userName, name", "", "id name schemas userName"},
			{"7644-3.10-01", "USERNAME", "", "id schemas userName"},
			{"7644-3.10-01", core + "userName", "", "id schemas userName"},
			{"7644-3.10-01", strings.ToUpper(core) + "Title", "", "id schemas title"},
			{"7644-3.10-01", extension + "employeeNumber", "", "id schemas " + resource.EnterpriseUserSchema},
			{"an extension alone", resource.EnterpriseUserSchema, "", "id schemas " + resource.EnterpriseUserSchema},
			{"7643-2.5-04", "", extension + "employeeNumber," + extension + "department," + extension + "manager", "active emails id meta name phoneNumbers schemas title userName"},
			{"7643-3.1-05", "", "id,schemas,userName", "active emails id meta name phoneNumbers schemas title " + resource.EnterpriseUserSchema},
			{"7643-3.1-12", "meta.location", "", "id meta schemas"},
			{"7643-4.1.1-07", "password", "", "id schemas"},
			{"AMB-27", "robot", "", "id schemas"},
			{"AMB-27", "", "robot", all},
		} {
			t.Run(mode+" "+row.id+" "+row.attributes+" "+row.excluded, func(t *testing.T) {
				c := newClient(t, options...)
				query := "?" + url.Values{"attributes": {row.attributes}, "excludedAttributes": {row.excluded}}.Encode()
				made := c.post("/Users"+query, full).is(201)
				path := "/Users/" + made.id()
				lists := []answer{
					c.get("/Users" + query).is(200),
					c.post("/Users/.search", search(fmt.Sprintf(`"attributes": [%q], "excludedAttributes": [%q]`, row.attributes, row.excluded))),
					c.post("/.search", search(fmt.Sprintf(`"attributes": [%q], "excludedAttributes": [%q]`, row.attributes, row.excluded))),
				}
				if mode == "strict" || !strings.Contains(row.attributes, ",") { // an array has its own commas
					for _, a := range lists {
						a.is(200)
					}
				}
				docs := make([]any, 0, 6)
				docs = append(docs, made.doc, c.get(path+query).is(200).doc, c.put(path+query, full).is(200).doc)
				for _, a := range lists {
					docs = append(docs, list(a.doc, "Resources")...)
				}
				if len(docs) != 6 {
					t.Fatalf("%d documents", len(docs))
				}
				want := strings.Fields(row.want)
				slices.Sort(want)
				for i, doc := range docs {
					if got := keys(doc); !slices.Equal(got, want) {
						t.Errorf("%d: got %q, want %q", i, got, want)
					}
				}
				if want := c.base + path; made.header.Get("Location") != want {
					t.Errorf("Location %q, want %q", made.header.Get("Location"), want)
				}
			})
		}
		t.Run(mode+" 7644-3.9-06 7643-3.1-12 parts", func(t *testing.T) {
			c := newClient(t, options...)
			path := "/Users/" + c.post("/Users", full).is(201).id()
			for query, want := range map[string]string{
				"attributes=name.givenName":           `{"name": ["givenName"]}`,
				"attributes=name":                     `{"name": ["familyName", "givenName"]}`,
				"excludedAttributes=name.givenName":   `{"name": ["familyName"]}`,
				"attributes=emails.value":             `{"emails": ["value"]}`,
				"attributes=meta.location":            `{"meta": ["location"]}`,
				"excludedAttributes=meta.location":    `{"meta": ["created", "lastModified", "resourceType", "version"]}`,
				"attributes=" + extension + "MANAGER": `{"` + resource.EnterpriseUserSchema + `": ["manager"]}`,
			} {
				doc := c.get(path + "?" + query).is(200).doc
				wanted := decode(t, []byte(want))
				for _, name := range keys(wanted) {
					part, parts := at(doc, name), at(wanted, name)
					if several, ok := part.([]any); ok {
						part = several[0]
					}
					if got := fmt.Sprint(keys(part)); got != fmt.Sprint(parts) {
						t.Errorf("%s: got %s, want %s", query, got, parts)
					}
				}
			}
		})
		t.Run(mode+" 7644-3.9-03 AMB-26 both, and nothing is done", func(t *testing.T) {
			c := newClient(t, options...)
			const both = "?attributes=userName&excludedAttributes=name"
			c.post("/Users"+both, full).is(400).has(`{"scimType": "invalidValue"}`)
			c.get("/Users").is(200).has(`{"totalResults": 0}`)
			made := c.post("/Users", full).is(201)
			path := "/Users/" + made.id()
			for _, a := range []answer{
				c.get(path + both), c.get("/Users" + both), c.put(path+both, user("other")),
				c.post("/Users/.search", search(`"attributes": ["userName"], "excludedAttributes": ["name"]`)),
			} {
				a.is(400).has(`{"scimType": "invalidValue"}`)
			}
			if got := c.get(path).is(200); string(got.body) != string(made.body) {
				t.Errorf("got %s, was %s", got.body, made.body)
			}
		})
		t.Run(mode+" 7644-3.4.2-01 Entra: groups without members", func(t *testing.T) {
			c, ids := staff(t, options...)
			one := c.get("/Groups/" + ids["Drivers"] + "?excludedAttributes=members").is(200).has(`{"displayName": "Drivers"}`)
			if got := keys(one.doc); !slices.Equal(got, []string{"displayName", "id", "meta", "schemas"}) {
				t.Errorf("got %q", got)
			}
			for _, r := range list(c.get("/Groups?excludedAttributes=members").is(200).doc, "Resources") {
				if at(r, "members") != nil {
					t.Errorf("got %v", r)
				}
			}
		})
	}
	t.Run("7644-3.10-02 an extension attribute without its URN", func(t *testing.T) {
		for mode, want := range map[string][]string{"tolerant": {"id", "schemas", resource.EnterpriseUserSchema}, "strict": {"id", "schemas"}} {
			c := newClient(t, modes[mode]...)
			c.post("/Users", full).is(201)
			if got := keys(list(c.get("/Users?attributes=employeeNumber").is(200).doc, "Resources")[0]); !slices.Equal(got, want) {
				t.Errorf("%s: got %q, want %q", mode, got, want)
			}
		}
	})
	t.Run("AMB-27 a filter among the attributes", func(t *testing.T) {
		for mode, status := range map[string]int{"tolerant": 200, "strict": 400} {
			c := newClient(t, modes[mode]...)
			path := "/Users/" + c.post("/Users", full).is(201).id()
			const query = "?attributes=emails%5Btype+eq+%22work%22%5D"
			c.get(path + query).is(status)
			c.get("/Users" + query).is(status)
		}
	})
}
