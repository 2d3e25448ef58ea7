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
			_, ann := c.user("ann")
			c.user("bob")
			group := c.group("Guides", ann)
			for _, evil := range []string{
				`x' OR '1'='1`, `x"); DROP TABLE users; --`, `'; DELETE FROM users WHERE 'a'='a`, `$1`, `?`, `%`, `_nn`, `a%`, `\`, `x\' OR 1=1 --`, "x\x00", "ｘ' or 1=1",
			} {
				value := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\x00", `\u0000`).Replace(evil)
				for _, operator := range []string{"eq", "co", "sw", "ew"} {
					for _, path := range []string{"/Users", "/Groups"} {
						a := c.find(path, `displayName `+operator+` "`+value+`" or id `+operator+` "`+value+`" or externalId `+operator+` "`+value+`"`)
						if a.status != 400 && a.is(200).total() != 0 {
							t.Errorf("%s %s %q: %s", path, operator, evil, a.text)
						}
					}
				}
				id := "/Users/" + url.PathEscape(evil)
				c.get(id).is(404)
				c.delete(id).is(404)
				c.patch(id, `{"op": "replace", "path": "title", "value": "x"}`).is(404)
				c.get("/Groups/" + url.PathEscape(evil)).is(404)
				c.get("/Users?sortBy=" + url.QueryEscape(evil)).is(400)
				c.get("/Users?sortBy=userName&sortOrder=" + url.QueryEscape(evil)).is(400)
				c.get("/Users?count=" + url.QueryEscape(evil)).is(400)
				if a := c.find("/Users", evil+` eq "x"`); a.status != 400 && a.is(200).total() != 0 { // $1 could be the name of an attribute
					t.Errorf("%q is %s", evil, a.text)
				}
				c.patch(group, `{"op": "remove", "path": "members[value eq \"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)+`\"]"}`)
				if status := c.patch(group, `{"op": "add", "path": "members", "value": [{"value": "`+value+`"}]}`).status; status != 400 {
					t.Errorf("member %q: %d", evil, status)
				}
				made := c.post("/Groups", `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "`+value+`"}`)
				if made.status == 201 {
					c.find("/Groups", `displayName eq "`+value+`"`).is(200).has(`{"totalResults": 1}`)
					c.delete("/Groups/" + made.id()).is(204)
				} else {
					made.is(400)
				}
			}
			c.get("/Users").is(200).has(`{"totalResults": 2}`)
			if got := c.get(group).is(200).members(); len(got) != 1 {
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
			made := c.post("/Users", obiWan).is(201)
			meta, _ := made.doc["meta"].(map[string]any)
			created, _ := meta["created"].(string)
			_, ann := c.user("ann")
			c.group("Droids", made.id())
			const enterprise = resource.EnterpriseUserSchema
			c.patch("/Users/"+ann, `{"op": "add", "value": {"`+enterprise+`:department": "Tours", "`+enterprise+`:manager": "`+made.id()+`", "title": "Guide"}}`).
				is(200).has(`{"` + enterprise + `": {"department": "Tours", "manager": {"value": "` + made.id() + `"}}}`)
			for filter, want := range map[string]float64{
				`userName eq "ANN"`: 1, `userName sw "obi-WAN" and active eq true`: 1, `emails pr`: 1, `not (emails pr)`: 1,
				`emails[type eq "work" and value ew "DEV"]`: 1, `emails.primary eq true`: 1, `name.familyName eq "kenobi"`: 1,
				`groups.display eq "droids"`: 1, `groups.value eq "x"`: 0, `externalId eq "00use6vjvehodmsQb4x6"`: 1,
				`externalId eq "00USE6vjvehodmsQb4x6"`: 0, enterprise + `:department eq "TOURS"`: 1, `manager eq "` + made.id() + `"`: 1,
				`title pr`: 1, `title ne "x"`: 2, `meta.lastModified gt "2020-01-01T00:00:00Z"`: 2, `meta.created lt "2020-01-01T00:00:00Z"`: 0,
				`meta.created eq "` + created + `"`: 1, `meta.resourceType eq "User"`: 2, `id eq "` + ann + `"`: 1,
				`active eq false`: 0, `displayName co "wan KEN"`: 1, `nothing eq "x"`: 0,
			} {
				if got := c.find("/Users", filter).is(200).total(); got != want {
					t.Errorf("%s: %v users, want %v", filter, got, want)
				}
			}
			for filter, want := range map[string]float64{`displayName eq "droids"`: 1, `members.value eq "` + made.id() + `"`: 1, `members eq "` + ann + `"`: 0, `not (members pr)`: 0} {
				if got := c.find("/Groups", filter).is(200).total(); got != want {
					t.Errorf("%s: %v groups, want %v", filter, got, want)
				}
			}
			for _, sortBy := range []string{"userName", "name.givenName", "emails.value", "emails.type", "active", "meta.created", "title", "groups.display", enterprise + ":department"} {
				for _, order := range []string{"ascending", "descending"} {
					c.get("/Users?sortBy=" + sortBy + "&sortOrder=" + order).is(200).has(`{"totalResults": 2, "itemsPerPage": 2}`)
				}
			}
			c.get("/Groups?sortBy=members.value").is(200)
			c.find("/Users", `nickName eq "x"`).is(400).has(`{"scimType": "invalidFilter", "detail": "this service cannot search or sort by nickName"}`)
			c.get("/Users?sortBy=nickName").is(400).has(`{"scimType": "invalidValue"}`)
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
			made := c.post("/Users", sent).is(201).has(sent)
			path := "/Users/" + made.id()
			c.get(path).is(200).has(sent)
			if got := c.put(path, sent).is(200).has(sent).tag(); got != made.tag() {
				t.Errorf("nothing has changed, but the version: %s to %s", made.tag(), got)
			}
			if got := c.get(path).text; got != made.text {
				t.Errorf("read %s, created %s", got, made.text)
			}
			c.put(path, `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}`).is(200).
				lacks("Jensen").lacks("Tours").lacks("example.com\"").lacks("701984").lacks("26118915")
		})
	}
}

// Statuses of the protocol, each a SCIM error.
func TestStatuses(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			path, ann := c.user("ann")
			group := c.group("Guides", ann)
			long := strings.Repeat("x", maxBody)
			for _, a := range []struct {
				answer answer
				status int
			}{
				{c.with("Authorization").get("/Users"), 401},
				{c.with("Authorization", "Bearer x"+token).delete(path), 401},
				{c.with("Authorization", "Bearer").get("/Users"), 401},
				{c.with("Authorization", "Basic "+token).get("/Users"), 401},
				{c.get("/Users/nobody"), 404},
				{c.get(strings.Replace(group, "Groups", "Users", 1)), 404},
				{c.get(strings.Replace(path, "Users", "Groups", 1)), 404},
				{c.delete(strings.Replace(path, "Users", "Groups", 1)), 404},
				{c.get("/Nothing"), 404},
				{c.delete("/Users"), 405},
				{c.post(path, `{}`), 405},
				{c.post("/Users", long+"x"), 413},
				{c.with("Content-Type", "text/plain").post("/Users", `{}`), 415},
				{c.with("If-Match", `W/"0"`).put(path, `{"schemas": ["`+resource.UserSchema+`"], "userName": "ann"}`), 412},
				{c.with("If-Match", `W/"0"`).delete(path), 412},
				{c.post("/Bulk", `{}`), 501},
				{c.get("/Users?cursor="), 501},
				{c.post("/Users", `{"userName": 1}`), 400},
				{c.post("/Groups", `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "x", "members": [`+values(ann, "x", group)+`]}`), 400},
			} {
				a.answer.is(a.status).has(fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "%d"}`, a.status))
			}
			if c.with("Authorization").get("/Users").header.Get("WWW-Authenticate") == "" || c.delete("/Users").header.Get("Allow") == "" {
				t.Error("401 names the scheme, and 405 the methods")
			}
			c.with("Authorization").get("/ServiceProviderConfig").is(200)
			c.get("/Groups").is(200).has(`{"totalResults": 1}`)
			c.get(path).is(200).has(`{"userName": "ann"}`)
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
			path := "/Users/" + c.post("/Users", obiWan).is(201).id()
			c.post("/Users", obiWan).is(409)
			c.post("/Users", strings.Replace(obiWan, `"active": true`, `"active": "True"`, 1)).is(409)
			c.post("/Users", obiWan+"}").is(400)
			c.post("/Users", strings.Replace(obiWan, `"gl^m&qWZ"`, `["gl^m&qWZ"]`, 1)).is(400)
			c.patch(path, `{"op": "Add", "path": "password", "value": "gl^m&qWZ2"}`).is(200)
			c.patch(path, `{"op": "replace", "value": {"password": "gl^m&qWZ3", "active": "False"}}`).is(200)
			c.find("/Users", `userName eq "secret-qWZ" and password eq "gl^m&qWZ"`).is(400)
			c.with("Authorization", "Bearer wrong-"+token).get("/Users").is(401)
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
