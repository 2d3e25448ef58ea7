package service_test

import (
	"bytes"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/examples/guides/service"
	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/resource/scimtest"
)

const token = "sesame"

// newHandler is the service on an empty database.
func newHandler(t *testing.T, log *slog.Logger, options ...resource.Option) (http.Handler, *sql.DB) {
	t.Helper()
	db, err := accounts.Open(t.Context(), filepath.Join(t.TempDir(), "guides.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	h, err := service.New(db, "https://scim.example.com/scim/v2", token, log, options...)
	require.NoError(t, err)
	return h, db
}

func newClient(t *testing.T) ask.Client {
	t.Helper()
	h, _ := newHandler(t, slog.New(slog.DiscardHandler))
	return ask.New(t, h, "/scim/v2", token)
}

// What identity providers send, and the rules of the RFCs.
func TestSCIM(t *testing.T) {
	h, _ := newHandler(t, slog.New(slog.DiscardHandler))
	scimtest.Run(t, h, scimtest.Config{Base: "/scim/v2", Token: token})
}

func TestStrict(t *testing.T) {
	h, _ := newHandler(t, slog.New(slog.DiscardHandler), resource.Strict())
	scimtest.Run(t, h, scimtest.Config{Base: "/scim/v2", Token: token, Strict: true})
}

// okta.md, entra.md: how little tolerance a provider needs.
func TestOkta(t *testing.T) {
	h, _ := newHandler(t, slog.New(slog.DiscardHandler), resource.Tolerate(resource.SameReadOnly))
	scimtest.Run(t, h, scimtest.Config{Base: "/scim/v2", Token: token, Providers: []string{"okta"}})
}

func TestEntra(t *testing.T) {
	h, _ := newHandler(t, slog.New(slog.DiscardHandler), resource.Tolerate(
		resource.BooleanStrings, resource.CreateOnMiss, resource.IgnoreOnMiss, resource.PathKeys, resource.BareValue, resource.RemoveByValue,
		resource.UnknownSchemas, resource.UnknownSubAttributes, resource.EmptyOperations, resource.UnqualifiedExtension, resource.FilterSubAttribute))
	scimtest.Run(t, h, scimtest.Config{Base: "/scim/v2", Token: token, Providers: []string{"entra"}})
}

// http.md: what is answered when something is wrong, always as a SCIM error.
func TestErrors(t *testing.T) {
	var log bytes.Buffer
	h, db := newHandler(t, slog.New(slog.NewTextHandler(&log, nil)))
	c := ask.New(t, h, "/scim/v2", token)
	c.With("Authorization").Get("/Users").Fails(401, "", "bearer token")
	c.With("Authorization", "Bearer wrong").Get("/Users").Fails(401, "")
	c.Get("/Nothing").Fails(404, "", "/scim/v2/Nothing")
	c.Get("/Users/77").Fails(404, "")
	if got := c.Delete("/Users").Fails(405, "").Header.Get("Allow"); got != "GET, POST" {
		t.Errorf("Allow %q", got)
	}
	c.With("Content-Type", "text/plain").Post("/Users", ask.User("a")).Fails(415, "")
	c.Post("/Users", ask.User("a", strings.Repeat(" ", 1<<20))).Fails(413, "")
	c.Post("/Users", `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "active": "maybe"}`).Fails(400, "invalidValue", "userName", "active")
	c.User("a")
	c.Post("/Users", ask.User("A")).Fails(409, "uniqueness", "userName")
	c.Get("/Users?filter=userName").Fails(400, "invalidFilter")
	c.Get("/Users?count=%zz").Fails(400, "invalidValue")
	c.Post("/Groups", ask.Group("g", "1", "77", "x")).Fails(400, "invalidValue", "members[1].value", "members[2].value")

	require.NoError(t, db.Close())
	c.Get("/Users").Fails(500, "", "internal server error").Lacks("database")
	assert.Contains(t, log.String(), "database is closed", "the cause is in the log")
}

// http.md: what had to be put right is in the log, once, and nothing that a client has sent.
func TestRepairsAreLogged(t *testing.T) {
	var log bytes.Buffer
	h, _ := newHandler(t, slog.New(slog.NewTextHandler(&log, nil)))
	for rule, times := range ask.New(t, h, "/scim/v2", token).Depart() {
		assert.Equal(t, times, strings.Count(log.String(), "msg=tolerated rule="+rule+" path="), "%s: %s", rule, &log)
	}
	assert.Contains(t, log.String(), `rule=BooleanStrings path=emails "known from"="Entra ID`)
	assert.NotContains(t, log.String(), ask.Secret)
}

// http.md: so is what was refused, without the query, the body or the detail.
func TestRefusalsAreLogged(t *testing.T) {
	var log bytes.Buffer
	h, _ := newHandler(t, slog.New(slog.NewTextHandler(&log, nil)))
	c := ask.New(t, h, "/scim/v2", token)
	path, _ := c.User(ask.Secret)
	c.With("If-None-Match", c.Get(path).Tag()).Get(path).Is(304)
	assert.Empty(t, log.String(), "nothing was wrong")
	for _, r := range []struct {
		send func()
		want string
	}{
		{func() { c.Post("/Users", ask.User(ask.Secret)).Is(409) }, "method=POST path=/scim/v2/Users status=409 scimType=uniqueness"},
		{func() { c.Find("/Users", `userName is "`+ask.Secret+`"`).Is(400) }, "method=GET path=/scim/v2/Users status=400 scimType=invalidFilter"},
		{func() {
			c.Post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "active": "`+ask.Secret+`"}`).Is(400)
		}, "method=POST path=/scim/v2/Users status=400 scimType=invalidValue"},
		{func() { c.With("Authorization", "Bearer "+ask.Secret).Get(path).Is(401) }, "method=GET path=" + "/scim/v2" + path + ` status=401 scimType=""`},
		{func() { c.Delete("/Users/77").Is(404) }, `method=DELETE path=/scim/v2/Users/77 status=404 scimType=""`},
		{func() { c.Bulk(`{"method": "DELETE", "path": "/Users/78"}`).Is(200) }, `method=DELETE path=/scim/v2/Users/78 status=404 scimType=""`},
		{func() { c.Bulk(`{"method": "DELETE", "path": "/Users/%zz"}`).Is(200) }, `method=DELETE path=/scim/v2/Users/%zz status=400 scimType=invalidValue`},
	} {
		log.Reset()
		r.send()
		assert.Contains(t, log.String(), "msg=refused "+r.want)
		assert.Equal(t, 1, strings.Count(log.String(), "\n"), &log)
		assert.NotContains(t, log.String(), ask.Secret)
	}
}

// gone is a client that has hung up.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A client that has gone has not been told of a failure, and the log does not say so.
func TestClientIsGone(t *testing.T) {
	var log bytes.Buffer
	h, _ := newHandler(t, slog.New(slog.NewTextHandler(&log, nil)))
	r := httptest.NewRequest(http.MethodGet, "/scim/v2/Schemas", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	h.ServeHTTP(gone{httptest.NewRecorder()}, r)
	assert.Contains(t, log.String(), `level=ERROR msg="not written" method=GET path=/scim/v2/Schemas cause="broken pipe"`)
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), &log)
}

// http.md: the operations of a bulk request are requests.
func TestBulk(t *testing.T) {
	c := newClient(t)
	path, id := c.User("a")
	c.Bulk(`{"method": "POST", "path": "/Groups", "bulkId": "g", "data": ` + ask.Group("g", "bulkId:b") + `},
		{"method": "POST", "path": "/Users", "bulkId": "b", "data": ` + ask.User("b") + `},
		{"method": "PATCH", "path": "` + path + `", "version": "W/\"1\"", "data": {"Operations": [{"op": "add", "path": "title", "value": "T"}]}},
		{"method": "PUT", "path": "` + path + `", "version": "W/\"1\"", "data": ` + ask.User("a") + `},
		{"method": "POST", "path": "/Users/.search", "bulkId": "s", "data": {"schemas": ["` + resource.SearchRequestSchema + `"]}},
		{"method": "POST", "path": "/Bulk", "bulkId": "x", "data": {}}, {"method": "DELETE", "path": "/Nothing/1"}, {"method": "DELETE", "path": "/%zz"}`).Is(200).
		Has(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": [
			{"method": "POST", "bulkId": "g", "status": "201"}, {"method": "POST", "bulkId": "b", "status": "201", "version": "W/\"1\""},
			{"method": "PATCH", "status": "200", "location": "https://scim.example.com/scim/v2/Users/` + id + `", "version": "W/\"2\""}, {"method": "PUT", "status": "412"},
			{"method": "POST", "bulkId": "s", "status": "400"}, {"method": "POST", "bulkId": "x", "status": "404"}, {"status": "404"}, {"status": "400"}]}`)
	assert.Equal(t, []string{"g"}, c.Find("/Groups", `members.type eq "User"`).Is(200).Each("displayName"))
	c.Get(path).Has(`{"title": "T"}`)
	many := strings.Repeat(`{"method": "DELETE", "path": "/Users/1"}, `, 1000) + `{"method": "DELETE", "path": "/Users/1"}`
	c.Bulk(many).Fails(413, "", "1000")
	c.Get(path).Is(200)
	c.Get("/Bulk").Fails(405, "")
}

// http.md: pages by cursor, of what the database lists and of what is listed in memory.
func TestCursors(t *testing.T) {
	h, _ := newHandler(t, slog.New(slog.DiscardHandler))
	c := ask.New(t, h, "/scim/v2", token)
	for _, name := range []string{"d", "a", "c", "b", "e"} {
		c.User(name, `, "displayName": "same"`)
		c.Group(name)
	}
	for _, q := range []struct{ path, attribute, want string }{
		{"/Users?count=2&sortBy=userName", "userName", "abcde"}, {"/Users?count=2&sortBy=displayName", "userName", "dacbe"},
		{"/Users?count=2", "userName", "dacbe"}, {"/Users?count=1&sortBy=userName&sortOrder=descending&filter=userName%20gt%20%22b%22", "userName", "edc"},
		{"/Groups?count=2&sortBy=displayName", "displayName", "abcde"},
	} {
		t.Run(q.path, func(t *testing.T) {
			c := c.On(t)
			var got []string
			cursor := ""
			for more := true; more; more = cursor != "" {
				page := c.Get(q.path + "&cursor=" + cursor).Is(200)
				got = append(got, page.Each(q.attribute)...)
				cursor, _ = page.Doc["nextCursor"].(string)
			}
			assert.Equal(t, q.want, strings.Join(got, ""))
		})
	}
	second, _ := c.Get("/Users?count=2&cursor").Is(200).Doc["nextCursor"].(string)
	require.NotEmpty(t, second)
	c.Get("/Users?cursor=" + second).Is(200)
	c.Get("/Users?sortBy=userName&cursor="+second).Fails(400, "invalidCursor")
	c.Get("/Groups?cursor="+second).Fails(400, "invalidCursor")
	c.Get("/Users?startIndex=1&cursor="+second).Fails(400, "invalidValue")
	c.Get("/Users?count=3&cursor="+second).Fails(400, "invalidCount")
	c.Get("/ServiceProviderConfig").Has(`{"pagination": {"cursor": true, "index": true, "cursorTimeout": 600}}`)
}

// http.md: a count above the maximum is cut, or refused by a strict service where there is a cursor.
func TestMaximum(t *testing.T) {
	for name, c := range map[string]struct {
		options []resource.Option
		status  int
	}{"tolerant": {nil, 200}, "strict": {[]resource.Option{resource.Strict()}, 400}} {
		t.Run(name, func(t *testing.T) {
			h, _ := newHandler(t, slog.New(slog.DiscardHandler), c.options...)
			client := ask.New(t, h, "/scim/v2", token)
			for _, path := range []string{"/Users", "/Groups"} {
				client.Get(path + "?count=201&cursor").Is(c.status)
				client.Post(path+"/.search", `{"schemas": ["`+resource.SearchRequestSchema+`"], "count": 201, "cursor": ""}`).Is(c.status)
				client.Get(path + "?count=201").Is(200)
				client.Get(path + "?count=200&cursor").Is(200)
			}
		})
	}
}

// etags.md: 304, 412, and what happens without a condition.
func TestVersions(t *testing.T) {
	c := newClient(t)
	path, _ := c.User("a")
	first := c.Get(path).Is(200).Has(`{"meta": {"version": "W/\"1\""}}`).Tag()
	assert.Equal(t, `W/"1"`, first)
	unread := c.With("If-None-Match", first).Get(path).Is(304)
	assert.Equal(t, []string{"", first}, []string{unread.Text, unread.Tag()})

	second := c.With("If-Match", first).Patch(path, `{"op": "replace", "path": "title", "value": "Countess"}`).Is(200).Tag()
	assert.Equal(t, `W/"2"`, second)
	c.With("If-None-Match", first).Get(path).Is(200)
	c.With("If-Match", first).Put(path, ask.User("a")).Fails(412, "")
	c.With("If-Match", first).Patch(path, `{"op": "replace", "path": "title", "value": "Baroness"}`).Fails(412, "")
	c.With("If-Match", first).Delete(path).Fails(412, "")
	c.Get(path).Has(`{"title": "Countess"}`)
	same := c.Patch(path, `{"op": "replace", "path": "title", "value": "Countess"}`).Is(200).Tag()
	assert.Equal(t, second, same, "nothing has changed")
	same = c.Put(path, ask.User("a", `, "title": "Countess"`)).Is(200).Tag()
	assert.Equal(t, second, same, "nothing has changed")
	c.With("If-Match", `"9", `+second).Put(path, ask.User("a")).Is(200)
	c.With("If-Match", "*").Delete(path).Is(204)
	c.With("If-Match", "*").Delete(path).Fails(404, "")

	group := c.Group("g")
	tag := c.Get(group).Is(200).Tag()
	c.With("If-Match", tag).Put(group, ask.Group("h")).Is(200)
	c.With("If-Match", tag).Put(group, ask.Group("i")).Fails(412, "")
	c.With("If-Match", tag).Delete(group).Fails(412, "")
}

// Of many requests at once none is lost, and of those with a condition one succeeds.
func TestAtOnce(t *testing.T) {
	c := newClient(t)
	path, id := c.User("a")
	group := c.Group("g")
	tag := c.Get(path).Tag()
	assert.Equal(t, map[int]int{200: 1, 412: 7}, ask.Together(8, func(i int) int {
		return c.With("If-Match", tag).Patch(path, `{"op": "replace", "path": "title", "value": "`+string(rune('a'+i))+`"}`).Status
	}))
	ids := []string{id, "", "", "", ""}
	for i, name := range []string{"b", "c", "d", "e"} {
		_, ids[i+1] = c.User(name)
	}
	ask.Together(len(ids), func(i int) int {
		return c.Patch(group, `{"op": "add", "path": "members", "value": [`+ask.Values(ids[i])+`]}`).Status
	})
	assert.Equal(t, ids, c.Get(group).Values("members"))
}

// discovery.md: what clients read first.
func TestDiscovery(t *testing.T) {
	c := newClient(t)
	const seat = "urn:acme:params:scim:schemas:extension:seat:2.0:User"
	c.Get("/ServiceProviderConfig").Is(200).Has(`{"patch": {"supported": true}, "bulk": {"supported": true, "maxOperations": 1000}, "filter": {"maxResults": 200}, "etag": {"supported": true}}`)
	c.Get("/ResourceTypes").Is(200).Has(`{"totalResults": 2, "Resources": [{"id": "User", "endpoint": "/Users", "schemaExtensions": [
		{"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}, {"schema": "` + seat + `", "required": false}]},
		{"id": "Group", "meta": {"location": "https://scim.example.com/scim/v2/ResourceTypes/Group"}}]}`)
	c.Get("/ResourceTypes/User").Is(200).Has(`{"schema": "urn:ietf:params:scim:schemas:core:2.0:User"}`)
	assert.Equal(t, []string{
		resource.UserSchema, resource.EnterpriseUserSchema, seat, resource.GroupSchema,
	}, c.Get("/Schemas").Is(200).Has(`{"totalResults": 4}`).Each("id"))
	c.Get("/Schemas/" + seat).Is(200).Has(`{"name": "Seat", "description": "Licence of the user", "attributes": [
		{"name": "plan", "type": "string", "required": false, "caseExact": true, "canonicalValues": ["free", "team"], "description": "Which licence it is."}]}`)
	c.Get("/Schemas/urn:none").Fails(404, "")
	c.Get("/Schemas?filter=id%20pr").Fails(403, "")
	c.Delete("/Schemas").Fails(405, "")

	seated := func(plan string) string { return `, "` + seat + `": {"plan": "` + plan + `"}` }
	path, _ := c.User("a", seated("team"))
	c.Get(path).Has(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "` + seat + `"], "` + seat + `": {"plan": "team"}}`)
	assert.Equal(t, []string{"a"}, c.Find("/Users", seat+`:plan eq "team"`).Is(200).Each("userName"))
	c.Post("/Users", ask.User("b", seated("golden"))).Fails(400, "invalidValue", seat+":plan")
	c.Post("/Users", ask.User("b", `, "`+seat+`": {}`)).Is(201).Lacks("seat")
	c.Patch(path, `{"op": "replace", "path": "`+seat+`:plan", "value": "free"}`).Is(200).Has(`{"` + seat + `": {"plan": "free"}}`)
}
