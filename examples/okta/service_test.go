package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
)

// What a client sends is a value and never part of a statement.
func TestInjection(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			_, ann := c.User("ann")
			c.User("bob")
			group := c.Group("Guides", ann)
			for _, evil := range []string{
				`x' OR '1'='1`, `x"); DROP TABLE users; --`, `'; DELETE FROM users WHERE 'a'='a`, `$1`, `?`, `%`, `_nn`, `a%`, `\`, `x\' OR 1=1 --`, "x\x00", "ｘ' or 1=1",
			} {
				value := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\x00", `\u0000`).Replace(evil)
				for _, operator := range []string{"eq", "co", "sw", "ew"} {
					for _, path := range []string{"/Users", "/Groups"} {
						a := c.Find(path, `displayName `+operator+` "`+value+`" or id `+operator+` "`+value+`" or externalId `+operator+` "`+value+`"`)
						if a.Status != 400 && a.Is(200).Total() != 0 {
							t.Errorf("%s %s %q: %s", path, operator, evil, a.Text)
						}
					}
				}
				id := "/Users/" + url.PathEscape(evil)
				c.Get(id).Is(404)
				c.Delete(id).Is(404)
				c.Patch(id, `{"op": "replace", "path": "title", "value": "x"}`).Is(404)
				c.Get("/Groups/" + url.PathEscape(evil)).Is(404)
				c.Get("/Users?sortBy=" + url.QueryEscape(evil)).Is(400)
				c.Get("/Users?sortBy=userName&sortOrder=" + url.QueryEscape(evil)).Is(400)
				c.Get("/Users?count=" + url.QueryEscape(evil)).Is(400)
				if a := c.Find("/Users", evil+` eq "x"`); a.Status != 400 && a.Is(200).Total() != 0 { // $1 could be the name of an attribute
					t.Errorf("%q is %s", evil, a.Text)
				}
				c.Patch(group, `{"op": "remove", "path": "members[value eq \"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)+`\"]"}`)
				if status := c.Patch(group, `{"op": "add", "path": "members", "value": [{"value": "`+value+`"}]}`).Status; status != 400 {
					t.Errorf("member %q: %d", evil, status)
				}
				made := c.Post("/Groups", `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "`+value+`"}`)
				if made.Status == 201 {
					c.Find("/Groups", `displayName eq "`+value+`"`).Is(200).Has(`{"totalResults": 1}`)
					c.Delete("/Groups/" + made.ID()).Is(204)
				} else {
					made.Is(400)
				}
			}
			c.Get("/Users").Is(200).Has(`{"totalResults": 2}`)
			if got := c.Get(group).Is(200).Values("members"); len(got) != 1 {
				t.Errorf("members %q", got)
			}
		})
	}
}

// Filters and sorting that the columns can answer, and those that they cannot.
func TestSearch(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			made := c.Post("/Users", obiWan).Is(201)
			meta, _ := made.Doc["meta"].(map[string]any)
			created, _ := meta["created"].(string)
			_, ann := c.User("ann")
			c.Group("Droids", made.ID())
			const enterprise = resource.EnterpriseUserSchema
			c.Patch("/Users/"+ann, `{"op": "add", "value": {"`+enterprise+`:department": "Tours", "`+enterprise+`:manager": "`+made.ID()+`", "title": "Guide"}}`).
				Is(200).Has(`{"` + enterprise + `": {"department": "Tours", "manager": {"value": "` + made.ID() + `"}}}`)
			for filter, want := range map[string]int{
				`userName eq "ANN"`: 1, `userName sw "obi-WAN" and active eq true`: 1, `emails pr`: 1, `not (emails pr)`: 1,
				`emails[type eq "work" and value ew "DEV"]`: 1, `emails.primary eq true`: 1, `name.familyName eq "kenobi"`: 1,
				`groups.display eq "droids"`: 1, `groups.value eq "x"`: 0, `externalId eq "00use6vjvehodmsQb4x6"`: 1,
				`externalId eq "00USE6vjvehodmsQb4x6"`: 0, enterprise + `:department eq "TOURS"`: 1, `manager eq "` + made.ID() + `"`: 1,
				`title pr`: 1, `title ne "x"`: 2, `meta.lastModified gt "2020-01-01T00:00:00Z"`: 2, `meta.created lt "2020-01-01T00:00:00Z"`: 0,
				`meta.created eq "` + created + `"`: 1, `meta.resourceType eq "User"`: 2, `id eq "` + ann + `"`: 1,
				`active eq false`: 0, `displayName co "wan KEN"`: 1, `nothing eq "x"`: 0,
			} {
				if got := c.Find("/Users", filter).Is(200).Total(); got != want {
					t.Errorf("%s: %v users, want %v", filter, got, want)
				}
			}
			for filter, want := range map[string]int{`displayName eq "droids"`: 1, `members.value eq "` + made.ID() + `"`: 1, `members eq "` + ann + `"`: 0, `not (members pr)`: 0} {
				if got := c.Find("/Groups", filter).Is(200).Total(); got != want {
					t.Errorf("%s: %v groups, want %v", filter, got, want)
				}
			}
			for _, sortBy := range []string{"userName", "name.givenName", "emails.value", "emails.type", "active", "meta.created", "title", "groups.display", enterprise + ":department"} {
				for _, order := range []string{"ascending", "descending"} {
					c.Get("/Users?sortBy=" + sortBy + "&sortOrder=" + order).Is(200).Has(`{"totalResults": 2, "itemsPerPage": 2}`)
				}
			}
			c.Get("/Groups?sortBy=members.value").Is(200)
			c.Find("/Users", `nickName eq "x"`).Is(400).Has(`{"scimType": "invalidFilter", "detail": "this service cannot search or sort by nickName"}`)
			c.Get("/Users?sortBy=nickName").Is(400).Has(`{"scimType": "invalidValue"}`)
		})
	}
}

// What providers ask for all day is looked up in an index, and pages need no sorting.
func TestSearchUsesIndexes(t *testing.T) {
	db := opened(t, sqldbtest.File(t))
	for _, row := range []struct{ filter, plan string }{
		{`userName eq "Ann"`, "SEARCH u USING INDEX sqlite_autoindex_users_2 (user_name_folded=?)"},
		{`id eq "x"`, "SEARCH u USING INDEX sqlite_autoindex_users_1 (id=?)"},
		{`externalId eq "x"`, "SEARCH u USING INDEX users_external_id (external_id=?)"},
		{`emails[value eq "x"]`, "SEARCH e USING COVERING INDEX user_emails_value (value_folded=? AND user_id=?)"},
		{``, "SCAN u USING INDEX sqlite_autoindex_users_1"},
	} {
		s, err := searchFor[User](db, userSearch, &resource.SearchRequest{Filter: row.filter}, nil)
		if err != nil {
			t.Fatal(err)
		}
		rest, args := s.page()
		err = db.View(t.Context(), func(tx *sql.Tx) error {
			steps, err := sqldb.Query(t.Context(), tx, func(row *sql.Rows) (step string, err error) {
				var number any
				err = row.Scan(&number, &number, &number, &step)
				return step, err
			}, "EXPLAIN QUERY PLAN SELECT "+userColumns+" FROM users u "+rest, args...)
			if !slices.Contains(steps, row.plan) {
				t.Errorf("%s: plan %q, want %q", row.filter, steps, row.plan)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// All that a provider sends comes back, whether it has a column or not.
func TestRoundTrip(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			const sent = `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
			"userName": "bjensen", "externalId": "701984", "displayName": "Babs", "nickName": "Babs", "title": "Guide", "userType": "Employee", "active": false,
			"name": {"formatted": "Ms. Barbara J Jensen", "familyName": "Jensen", "givenName": "Barbara", "middleName": "Jane", "honorificPrefix": "Ms."},
			"emails": [{"value": "b@example.com", "type": "work", "primary": true, "display": "B"}, {"value": "c@example.com", "primary": false}, {"type": "home"}],
			"phoneNumbers": [{"value": "+1-201-555-0123", "type": "work"}], "addresses": [{"type": "work", "country": "US", "locality": "Hollywood"}],
			"ims": [{"value": "b", "type": "aim"}], "photos": [{"value": "https://example.com/b.jpg", "type": "photo"}], "roles": [{"value": "Student"}],
			"entitlements": [{"value": "x"}], "preferredLanguage": "en-US", "locale": "en-US", "timezone": "America/Los_Angeles", "profileUrl": "https://example.com/b",
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "costCenter": "4130", "organization": "Universal",
				"division": "Theme Park", "department": "Tours", "manager": {"value": "26118915"}}}`
			made := c.Post("/Users", sent).Is(201).Has(sent)
			path := "/Users/" + made.ID()
			c.Get(path).Is(200).Has(sent)
			if got := c.Put(path, sent).Is(200).Has(sent).Tag(); got != made.Tag() {
				t.Errorf("nothing has changed, but the version: %s to %s", made.Tag(), got)
			}
			if got := c.Get(path).Text; got != made.Text {
				t.Errorf("read %s, created %s", got, made.Text)
			}
			c.Put(path, `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}`).Is(200).
				Lacks("Jensen").Lacks("Tours").Lacks("example.com\"").Lacks("701984").Lacks("26118915")
		})
	}
}

// Statuses of the protocol, each a SCIM error.
func TestStatuses(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			path, ann := c.User("ann")
			group := c.Group("Guides", ann)
			long := strings.Repeat("x", maxBody)
			for _, a := range []struct {
				answer ask.Answer
				status int
			}{
				{c.With("Authorization").Get("/Users"), 401},
				{c.With("Authorization", "Bearer x"+token).Delete(path), 401},
				{c.With("Authorization", "Bearer").Get("/Users"), 401},
				{c.With("Authorization", "Basic "+token).Get("/Users"), 401},
				{c.Get("/Users/nobody"), 404},
				{c.Get(strings.Replace(group, "Groups", "Users", 1)), 404},
				{c.Get(strings.Replace(path, "Users", "Groups", 1)), 404},
				{c.Delete(strings.Replace(path, "Users", "Groups", 1)), 404},
				{c.Get("/Nothing"), 404},
				{c.Delete("/Users"), 405},
				{c.Post(path, `{}`), 405},
				{c.Post("/Users", long+"x"), 413},
				{c.With("Content-Type", "text/plain").Post("/Users", `{}`), 415},
				{c.With("If-Match", `W/"0"`).Put(path, `{"schemas": ["`+resource.UserSchema+`"], "userName": "ann"}`), 412},
				{c.With("If-Match", `W/"0"`).Delete(path), 412},
				{c.Post("/Bulk", `{}`), 501},
				{c.Get("/Users?cursor="), 501},
				{c.Post("/Users", `{"userName": 1}`), 400},
				{c.Post("/Groups", `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "x", "members": [`+ask.Values(ann, "x", group)+`]}`), 400},
			} {
				a.answer.Is(a.status).Has(fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "%d"}`, a.status))
			}
			if c.With("Authorization").Get("/Users").Header.Get("WWW-Authenticate") == "" || c.Delete("/Users").Header.Get("Allow") == "" {
				t.Error("401 names the scheme, and 405 the methods")
			}
			c.With("Authorization").Get("/ServiceProviderConfig").Is(200)
			c.Get("/Groups").Is(200).Has(`{"totalResults": 1}`)
			c.Get(path).Is(200).Has(`{"userName": "ann"}`)
		})
	}
}

// Neither passwords nor their hashes nor tokens get into the log, and repairs do.
func TestLog(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			var out bytes.Buffer
			db := opened(t, address)
			c := newClient(t, quick(db, slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			path := "/Users/" + c.Post("/Users", obiWan).Is(201).ID()
			c.Post("/Users", obiWan).Is(409)
			c.Post("/Users", strings.Replace(obiWan, `"active": true`, `"active": "True"`, 1)).Is(409)
			c.Post("/Users", obiWan+"}").Is(400)
			c.Post("/Users", strings.Replace(obiWan, `"gl^m&qWZ"`, `["gl^m&qWZ"]`, 1)).Is(400)
			c.Patch(path, `{"op": "Add", "path": "password", "value": "gl^m&qWZ2"}`).Is(200)
			c.Patch(path, `{"op": "replace", "value": {"password": "gl^m&qWZ3", "active": "False"}}`).Is(200)
			c.Find("/Users", `userName eq "secret-qWZ" and password eq "gl^m&qWZ"`).Is(400)
			c.With("Authorization", "Bearer wrong-"+token).Get("/Users").Is(401)
			a, err := db.accountByName(t.Context(), "obi-wan.kenobi@iamciam.dev")
			if err != nil {
				t.Fatal(err)
			}
			log := out.String()
			for _, secret := range []string{"qWZ", token, a.PasswordHash, "pbkdf2", string(unchanged), "Bearer"} {
				if strings.Contains(log, secret) {
					t.Errorf("%q is in the log: %s", secret, log)
				}
			}
			for _, fact := range []string{`"rule":"BooleanStrings"`, `"path":"active"`, `"status":409`} {
				if !strings.Contains(log, fact) {
					t.Errorf("%s is not in the log: %s", fact, log)
				}
			}
		})
	}
}

// What has been put right is in the log, once, and nothing that a client has sent.
func TestLogOfRepairs(t *testing.T) {
	var log bytes.Buffer
	c := newClient(t, quick(opened(t, sqldbtest.File(t)), slog.New(slog.NewTextHandler(&log, nil))))
	for rule, times := range c.Depart() {
		if got := strings.Count(log.String(), "msg=tolerated rule="+rule+" path="); got != times {
			t.Errorf("%s is in the log %d times and not %d: %s", rule, got, times, &log)
		}
	}
	if strings.Contains(log.String(), ask.Secret) {
		t.Errorf("what a client has sent is in the log: %s", &log)
	}
}
