package scimtest

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/resource"
)

// faulty is a service with one deliberate fault, and the tests that have to notice.
type faulty struct {
	name  string
	fault any // middleware, or func(*server)
	fails []string
}

func ids(prefix string, ids ...string) []string {
	for i, id := range ids {
		ids[i] = prefix + "/" + id
	}
	return ids
}

func rfc(list ...string) []string { return ids("rfc", list...) }

var creationFaults = []faulty{
	{"200 for 201", status("POST", 201, 200), rfc("7644-3.3-05")},
	{"no Location", header("Location", ""), rfc("7644-3.3-05")},
	{"a Location that leads nowhere", both(header("Location", "http://example.com/scim/v2/Users/nowhere"),
		resources("POST", func(_ *http.Request, u map[string]any) {
			object(at(u, "meta"))["location"] = "http://example.com/scim/v2/Users/nowhere"
		})), rfc("7644-3.3-05")},
	{"the id of the client", resources("POST", func(r *http.Request, u map[string]any) {
		if sent := sentBody(r); text(sent, "id") != "" {
			u["id"] = sent["id"]
		}
	}), rfc("7643-3.1-03")},
	{"ids used again", func(s *server) { s.oneID = true }, rfc("7643-3.1-02")},
	{"meta as the client has it", resources("", func(r *http.Request, u map[string]any) {
		if sent := sentBody(r); at(sent, "meta") != nil {
			object(at(u, "meta"))["created"] = at(at(sent, "meta"), "created")
		}
	}), rfc("7644-3.3-01")},
	{"created after all", resources("", func(_ *http.Request, u map[string]any) {
		if meta, ok := at(u, "meta").(map[string]any); ok {
			meta["created"] = "2099-01-01T00:00:00Z"
		}
	}), rfc("7643-3.1-09")},
	{"users without userName", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodPost && !strings.Contains(body, `"scimtest-`) {
			return user("nobody")
		}
		return body
	}), rfc("7643-4.1.1-01")},
	{"two users with one name", func(s *server) { s.twins = true }, rfc("7644-3.12-12", "7643-4.1.1-01", "7643-7-10")},
	{"userName with regard to case", func(s *server) { s.exactNames = true }, rfc("7643-4.1.1-01")},
	{"409 without scimType", rewritten(`"uniqueness"`, `"invalidValue"`), rfc("7644-3.12-12", "7643-4.1.1-01")},
	{"names of their own spelling", rewritten(`"displayName"`, `"displayname"`), rfc("7643-2.1-01")},
	{"null is text", replaced("", "null", `"null"`), rfc("7643-2.5-01", "7643-2.5-02")},
	{"numbers are text", replaced("POST", `"userName": 5`, `"userName": "5"`), rfc("7643-2.3.1-01")},
	{"everything is true", replaced("POST", `"maybe"`, `true`), rfc("7643-2.3.2-01")},
	{"two primary values", both(replaced("POST", `"b@example.com", "primary": true`, `"b@example.com"`),
		rewritten(`"value":"b@example.com"`, `"value":"b@example.com","primary":true`)), rfc("7643-2.4-04")},
	{"any body will do", asked(func(r *http.Request, body string) string {
		if _, err := decode([]byte(body)); err != nil && r.Method == http.MethodPost {
			return user("ann")
		}
		return body
	}), rfc("7644-3.12-19")},
	{"its own media type only", refuse(http.StatusUnsupportedMediaType, func(r *http.Request) bool {
		return r.Method == http.MethodPost && r.Header.Get("Content-Type") != resource.MediaType
	}), rfc("7644-3.8-05")},
	{"no answer for everybody", refuse(http.StatusNotAcceptable, func(r *http.Request) bool {
		return r.Header.Get("Accept") != resource.MediaType
	}), rfc("7644-3.8-03")},
	{"ASCII", answers(func(_ *http.Request, a *recorded) {
		a.body = strings.Map(func(r rune) rune {
			if r >= utf8.RuneSelf {
				return '?'
			}
			return r
		}, a.body)
	}), rfc("7644-3.8-01")},
	{"no emails for anybody", resources("GET", func(_ *http.Request, u map[string]any) { delete(u, "emails") }), rfc("7644-3.4.1-01")},
	{"unknown users are somebody", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/scimtest-none") {
			r.URL.Path = testBase + "/Users"
		}
		return body
	}), rfc("7644-3.4.1-01")},
	{"an extension nobody lists", resources("", func(_ *http.Request, u map[string]any) {
		u["schemas"] = []any{resource.UserSchema}
	}), rfc("7643-3.3-02")},
	{"groups without members", resources("", func(_ *http.Request, g map[string]any) { delete(g, "members") }), rfc("7643-4.2-01")},
	{"passwords", resources("", func(_ *http.Request, u map[string]any) { u["password"] = "t1meMa$heen" }), rfc("7643-4.1.1-07")},
	{"passwords by another name", resources("PUT", func(_ *http.Request, u map[string]any) { u["nickName"] = "t1meMa$heen" }), rfc("7643-4.1.1-07")},
}

var replaceFaults = []faulty{
	{"204 for 200", status("PUT", 200, 204), rfc("7644-3.5.1-09")},
	{"PUT does nothing", as("PUT", "GET", always), rfc("7644-3.5.1-09", "7644-3.5.1-01", "7644-3.5.1-05", "7643-2.5-02", "7643-7-10")},
	{"created anew", resources("", func(r *http.Request, u map[string]any) {
		if r.Method == http.MethodPost {
			object(at(u, "meta"))["created"] = "1999-01-01T00:00:00Z"
		}
	}), rfc("7644-3.5.1-04")},
	{"PUT makes what is not there", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/scimtest-none") {
			r.Method, r.URL.Path = http.MethodPost, testBase+"/Users"
		}
		return body
	}), rfc("7644-3.5.1-06")},
	{"PUT minds an id", refuse(http.StatusBadRequest, func(r *http.Request) bool {
		return r.Method == http.MethodPut && sentBody(r)["id"] != nil
	}), rfc("7644-3.5.1-07", "7644-3.5.1-04")},
	{"200 for DELETE", status("DELETE", 204, 200), rfc("7644-3.6-01")},
	{"DELETE again and again", status("DELETE", 404, 204), rfc("7644-3.6-01")},
	{"names of the dead", func(s *server) { s.grudge = true }, rfc("7644-3.6-02")},
}

var listFaults = []faulty{
	{"a list without schemas", documents("Users", func(doc map[string]any) {
		if doc["Resources"] != nil {
			delete(doc, "schemas")
		}
	}), rfc("7644-3.4.2-02", "7644-3.4.3-01")},
	{"totalResults as text", documents("Users", func(doc map[string]any) { doc["totalResults"] = "1" }), rfc("7644-3.4.2-02")},
	{"totalResults of the page", documents("Users", func(doc map[string]any) { doc["totalResults"] = 1 }), rfc("7644-3.4.2-03")},
	{"no startIndex", documents("Users", func(doc map[string]any) { delete(doc, "startIndex") }), rfc("7644-3.4.2-05")},
	{"another itemsPerPage", documents("Users", func(doc map[string]any) { doc["itemsPerPage"] = 7 }), rfc("7644-3.4.2-05")},
	{"startIndex ignored", drop(always, "startIndex"), rfc("7644-3.4.2.4-01")},
	{"startIndex as it came", documents("Users", func(doc map[string]any) { doc["startIndex"] = 0 }),
		rfc("7644-3.4.2.4-01 startIndex below 1 is 1, and beyond the end is nothing")},
	{"count ignored", drop(always, "count"), rfc("7644-3.4.2.4-02", "7644-3.4.2-05")},
	{"no .search", refuse(http.StatusNotFound, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, ".search") }),
		rfc("7644-3.4.3-01", "7644-3.4.3-02", "7644-3.4.3-03", "7644-3.4.3-04")},
	{"a search without count", member("count"), rfc("7644-3.4.3-04")},
	{"a search without attributes", member("attributes"), rfc("7644-3.4.3-03")},
	{"a search without excludedAttributes", member("excludedAttributes"), rfc("7644-3.4.3-03")},
	{"a search without filter", member("filter"), rfc("7644-3.4.3-02")},
	{"a user named .search", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodGet {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, "/.search")
		}
		return body
	}), rfc("7644-3.4.3-05")},
}

var selectFaults = []faulty{
	{"attributes ignored", drop(always, "attributes"), rfc("7644-3.9-01", "7644-3.9-04", "7644-3.10-01", "7644-3.10-02", "7644-3.9-06")},
	{"excludedAttributes ignored", drop(always, "excludedAttributes"), rfc("7644-3.9-02", "7644-3.9-04", "7644-3.10-01", "7644-3.9-06")},
	{"attributes ignored in POST", drop(func(r *http.Request) bool { return r.Method == http.MethodPost }, "attributes"), rfc("7644-3.9-04")},
	{"excludedAttributes ignored in PUT", drop(func(r *http.Request) bool { return r.Method == http.MethodPut }, "excludedAttributes"), rfc("7644-3.9-04")},
	{"no URN in attributes", drop(has("attributes=urn"), "attributes"), rfc("7644-3.10-01", "7644-3.10-02")},
	{"no parts of attributes", drop(has("attributes=name."), "attributes"), rfc("7644-3.9-06")},
	{"no id", answers(func(r *http.Request, a *recorded) {
		if strings.Contains(r.URL.RawQuery, "ttributes") {
			a.body = strings.ReplaceAll(a.body, `"id":`, `"identity":`)
		}
	}), rfc("7643-7-15")},
}

var queryFaults = []faulty{
	{"filters ignored", drop(always, "filter"), rfc("7644-3.4.2.2-01", "7644-3.4.2-04", "7644-3.4.2.2-02", "7644-3.4.2.2-17", "7644-3.4.2.2-18",
		"7644-3.4.2.2-19", "7644-3.4.2.2-20", "7644-3.4.2.2-21", "7644-3.4.2.2-22", "7644-3.4.2.2-03", "7644-3.4.2.2-23", "7644-3.4.2.2-08",
		"7644-3.4.2.2-09", "7644-3.4.2.2-24", "7644-3.4.2.2-12", "7644-3.4.2.2-11", "7644-3.10-04", "7644-3.4.2.2-07", "7644-1.2-01",
		"7644-3.4.2.2-05", "7644-3.4.2.2-06", "7644-3.4.2.2-10")},
	{"404 when nothing is found", answers(func(r *http.Request, a *recorded) {
		if r.URL.RawQuery != "" && strings.Contains(a.body, `"totalResults":0`) {
			a.status, a.body = 404, scimError("404")
		}
	}), rfc("7644-3.4.2-04")},
	{"case counts", filters("SCIMTEST", "scimtest-x"), rfc("7644-3.4.2.2-23")},
	{"case does not count", filters("aBc", "AbC"), rfc("7644-3.4.2.2-23")},
	{"operators in lower case only", wrongFilters(" EQ "), rfc("7644-3.4.2.2-03")},
	{"or before and", filters(`userName eq "scimtest-ann" or userName eq "scimtest-bob" and`, `(userName eq "scimtest-ann" or userName eq "scimtest-bob") and`), rfc("7644-3.4.2.2-08")},
	{"co is sw", filters(" co ", " sw "), rfc("7644-3.4.2.2-18")},
	{"brackets are but a prefix", filters(`emails[type eq "home" and value ew "@example.com"]`, `emails.type eq "home" and emails.value ew "@example.com"`),
		rfc("7644-3.4.2.2-11")},
	{"one value for both", filters(`emails.type eq "home" and emails.value ew "@example.com"`, `emails[type eq "home" and value ew "@example.com"]`),
		rfc("7644-3.4.2.2-12")},
	{"booleans in order", filters("active gt false", "active eq true"), rfc("7644-3.4.2.2-22")},
	{"400 of another scimType", rewritten(`"invalidFilter"`, `"invalidValue"`), rfc("7644-3.4.2.2-05", "7644-3.4.2.2-06", "7644-3.4.2.2-10")},
	{"decoded twice", filters("%20", " "), rfc("7644-1.2-01")},
	{"sortBy ignored", drop(always, "sortBy", "sortOrder"), rfc("7644-3.4.2.3-02", "7644-3.4.2.3-03", "7644-3.4.2.3-04", "7644-3.4.2.3-05",
		"7644-3.4.2.3-06", "7644-3.4.2.3-07")},
	{"sortOrder ignored", drop(always, "sortOrder"), rfc("7644-3.4.2.3-05", "7644-3.4.2.3-06")},
}

var versionFaults = []faulty{
	{"no ETag", header("ETag", ""), rfc("7644-3.14-02", "7644-3.14-08")},
	{"another ETag", header("ETag", `W/"0"`), rfc("7644-3.14-02", "7644-3.14-08")},
	{"If-None-Match ignored", deaf("If-None-Match"), rfc("7644-3.14-03")},
	{"If-Match ignored", deaf("If-Match"), rfc("7644-3.14-04")},
	{"If-Match ignored by DELETE", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodDelete {
			r.Header.Del("If-Match")
		}
		return body
	}), rfc("7644-3.14-04")},
	{"one ETag at most", asked(func(r *http.Request, body string) string {
		for _, name := range []string{"If-Match", "If-None-Match"} {
			if first, _, more := strings.Cut(r.Header.Get(name), ", "); more {
				r.Header.Set(name, first)
			}
		}
		return body
	}), rfc("7644-3.14-06", "7644-3.14-03")},
	{"a body with 304", answers(func(_ *http.Request, a *recorded) {
		if a.status == http.StatusNotModified {
			a.body = "{}"
		}
	}), rfc("7644-3.14-03")},
}

var bulkFaults = []faulty{
	{"no results", documents("Bulk", func(doc map[string]any) { doc["Operations"] = []any{} }),
		rfc("7644-3.7.3-01", "7644-3.7-09", "7644-3.7-10", "7644-3.7.2-01")},
	{"failOnErrors ignored", replaced("", `"failOnErrors": 1, `, ``), rfc("7644-3.7-10")},
	{"references as they are", replaced("", `bulkId:a`, `bulkId:b`), rfc("7644-3.7.2-01")},
	{"any number of operations", func(s *server) { s.endless = true }, rfc("7644-3.7.4-01")},
	{"location of what was not created", rewritten(`"status":"400"`, `"status":"400","location":"x"`), rfc("7644-3.7-09")},
}

var discoveryFaults = []faulty{
	{"a list of configurations", answers(func(r *http.Request, a *recorded) {
		if of(r, "ServiceProviderConfig") {
			a.body = `{"schemas": ["` + resource.ListResponseSchema + `"], "totalResults": 1, "Resources": [` + a.body + `]}`
		}
	}), rfc("7644-4-01", "7643-5-01")},
	{"no maxOperations", rewritten(`"maxOperations"`, `"most"`), rfc("7643-5-01")},
	{"an authentication scheme without a name", rewritten(`"name":"Bearer"`, `"name":""`), rfc("7643-5-01")},
	{"authentication schemes by name", rewritten(`"authenticationSchemes":`, `"authenticationScheme":`), rfc("7643-5-01")},
	{"configuration by PUT", as("PUT", "GET", always), rfc("7643-5-04")},
	{"schemas as an array", answers(func(r *http.Request, a *recorded) {
		if r.URL.Path == testBase+"/Schemas" {
			doc, _ := decode([]byte(a.body))
			a.body = show(list(doc, "Resources"))
		}
	}), rfc("7644-4-02", "7643-7-02")},
	{"no schema by id", refuse(http.StatusNotFound, func(r *http.Request) bool { return of(r, "Schemas/") }), rfc("7644-4-02", "7643-6-05")},
	{"any schema is there", as404("Schemas/"), rfc("7644-4-02")},
	{"pages of schemas", answers(func(r *http.Request, a *recorded) {
		if doc, _ := decode([]byte(a.body)); of(r, "Schemas") && r.URL.Query().Has("count") {
			object(doc)["Resources"] = list(doc, "Resources")[:1]
			a.body = show(doc)
		}
	}), rfc("7644-4-03")},
	{"a resource type without a name", rewritten(`"name":"Group",`, ``), rfc("7643-6-03")},
	{"two resource types at one place", rewritten(`"endpoint":"/Groups"`, `"endpoint":"/Users"`), rfc("7643-6-03")},
	{"no users", rewritten(`"endpoint":"/Users"`, `"endpoint":"/People"`), rfc("7643-6-03")},
	{"attributes without multiValued", rewritten(`"multiValued":false,`, ``), rfc("7643-7-02")},
	{"a type of its own", rewritten(`"type":"boolean"`, `"type":"Boolean"`), rfc("7643-7-02")},
	{"a message among the schemas", rewritten(`"id":"`+resource.GroupSchema, `"id":"`+resource.PatchOpSchema), rfc("7644-3.1-02")},
}

var httpFaults = []faulty{
	{"errors of no schema", rewritten(`:Error"`, `:Fault"`), rfc("7644-3.12-09")},
	{"everything is there", as404("scimtest-none"), rfc("7644-3.12-14")},
	{"405 without Allow", header("Allow", ""), rfc("7644-3.4.2-07")},
	{"POST to a user", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodPost && of(r, "Users/x") {
			r.URL.Path = testBase + "/Users"
		}
		return body
	}), rfc("7644-3.4.2-07")},
	{"404 for HEAD", refuse(http.StatusNotFound, func(r *http.Request) bool { return r.Method == http.MethodHead }), rfc("7644-3.4.2-07")},
	{"no authentication", func(s *server) { s.token = "" }, rfc("7644-2-01")},
	{"401 without WWW-Authenticate", header("WWW-Authenticate", ""), rfc("7644-2-01")},
	{"everybody may read", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodGet {
			r.Header.Set("Authorization", "Bearer sesame")
		}
		return body
	}), rfc("7644-2-01")},
}

// Each fault is noticed by the tests that are there for it, and each check notices some fault.
func TestFaults(t *testing.T) {
	noticed := map[string]bool{}
	groups := [][]faulty{
		creationFaults, replaceFaults, listFaults, selectFaults, queryFaults, patchFaults, versionFaults, bulkFaults, discoveryFaults, httpFaults,
		ruleFaults, corpusFaults,
	}
	seen, ran := 0, 0
	for _, group := range groups {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) {
				ran++
				f := play(broken(c.fault), Config{Base: testBase, Token: "sesame"}, c.fails...)
				if !assert.NotEmpty(t, f.tests(), f.text()) {
					return
				}
				assert.True(t, f.failed)
				failed := map[string]bool{}
				for _, sub := range f.tests() {
					id, _, _ := strings.Cut(sub.name, " ")
					failed[id] = failed[id] || sub.failed
					failed[sub.name] = sub.failed
					noticed[sub.name] = noticed[sub.name] || sub.failed
					if sub.failed {
						assert.Contains(t, sub.text(), "expected", sub.name)
					}
				}
				for _, name := range c.fails {
					assert.True(t, failed[name], "%s does not notice it", name)
				}
			})
			seen++
		}
	}
	assert.NotZero(t, seen)
	if ran < seen { // -run has chosen some
		return
	}
	for _, k := range checks {
		assert.True(t, noticed["rfc/"+k.name()], "nothing shows that %s can fail", k.name())
	}
}

// broken is the conforming service with a fault.
func broken(fault any) http.Handler {
	s := newServer()
	switch fault := fault.(type) {
	case func(*server):
		fault(s)
	case middleware:
		return fault(s)
	default:
		panic("no fault")
	}
	return s
}

// sentBody is the body of a request, as an object.
func sentBody(r *http.Request) map[string]any {
	doc, _ := decode(bodyOf(r))
	object, _ := doc.(map[string]any)
	return object
}
