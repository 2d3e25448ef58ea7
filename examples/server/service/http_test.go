package service_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// Errors of every sort are SCIM errors.
func TestErrors(t *testing.T) {
	c := simple(t)
	user, _ := c.User("bjensen")
	large := `{"schemas": ["` + resource.UserSchema + `"], "userName": "` + strings.Repeat("x", service.MaxBody) + `"}`
	for name, a := range map[string]ask.Answer{
		"7644-3.12-14, 7644-2-02: 401 without a token": c.With("Authorization").Get("/Users").Fails(401, ""),
		"7644-3.12-14: 401 with another one":           c.With("Authorization", "Bearer sesam").Get("/Users").Fails(401, ""),
		"7644-3.12-14: 401 with another scheme":        c.With("Authorization", "Basic sesame").Get("/Users").Fails(401, ""),
		"7644-3.12-14: 401 comes before 404":           c.With("Authorization").Get("/Nothing").Fails(401, ""),
		"7644-3.12-14: 404 of a resource":              c.Get("/Users/nobody").Fails(404, ""),
		"7644-3.12-04: 404 for PATCH":                  c.Patch("/Users/nobody", `{"op": "replace", "path": "title", "value": "x"}`).Fails(404, ""),
		"7644-3.12-14: 404 of an endpoint":             c.Get("/Nothing").Fails(404, ""),
		"7644-3.12-14: 404 of a resource's parts":      c.Get(user+"/name").Fails(404, ""),
		"7644-3.12-14: 404 for an unclean path":        c.Get("//Users").Fails(404, ""),
		"7644-3.12-14: 404 outside the prefix":         ask.New(t, c.Handler, "", token).Get("/Users").Fails(404, "", root, "/v2"),
		"7644-3.12-14: 404 for a longer prefix":        ask.New(t, c.Handler, "", token).Get("/v2x/Users").Fails(404, ""),
		"7644-3.12-14: 404 of a user among groups":     c.Get("/Groups/"+strings.TrimPrefix(user, "/Users/")).Fails(404, ""),
		"405":                                             c.Delete("/Users").Fails(405, ""),
		"7643-5-04: 405 for discovery":                    c.Put("/ServiceProviderConfig", `{}`).Fails(405, ""),
		"405 for GET of bulk":                             c.Get("/Bulk").Fails(405, ""),
		"7644-3.12-14: 413":                               c.Post("/Users", large).Fails(413, ""),
		"415":                                             c.With("Content-Type", "text/plain").Post("/Users", ask.User("x")).Fails(415, ""),
		"7644-3.11-01: 501":                               c.Get("/Me").Fails(501, ""),
		"7644-3.11-01: 501 for any method":                c.Delete("/Me").Fails(501, ""),
		"7644-3.12-19: a body that is not JSON":           c.Post("/Users", `{`).Fails(400, "invalidSyntax"),
		"7644-3.12-19: trailing data":                     c.Post("/Users", ask.User("x")+`{}`).Fails(400, "invalidSyntax"),
		"7644-3.12-19: no body":                           c.Post("/Users", ``).Fails(400, "invalidSyntax"),
		"7644-3.12-16: two faults in one error":           c.Post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "active": 7}`).Fails(400, "invalidValue", "userName", "active"),
		"7644-3.12-06: a number that is none":             c.Get("/Users?startIndex=abc").Fails(400, "invalidValue"),
		"AMB-26: attributes and excludedAttributes":       c.Get("/Users?attributes=id&excludedAttributes=name").Fails(400, "invalidValue"),
		"7644-1.2-01: a query that is malformed":          c.Get("/Users?filter=%zz").Fails(400, "invalidValue"),
		"7644-7.7-02: a filter that nests too deep":       c.Find("/Users", strings.Repeat("(", 65)+"id pr"+strings.Repeat(")", 65)).Fails(400, "invalidFilter"),
		"7644-7.7-02: a body that nests too deep":         c.Post("/Users", strings.Repeat(`{"a":`, 70)+"1"+strings.Repeat("}", 70)).Fails(400, "invalidSyntax"),
		"7644-7.7-02: more comparisons than anyone needs": c.Post("/Users/.search", `{"schemas": ["`+resource.SearchRequestSchema+`"], "filter": "id pr`+strings.Repeat(" or id pr", 1000)+`"}`).Fails(400, "invalidFilter"),
	} {
		assert.Equal(t, "application/scim+json", strings.Split(a.Header.Get("Content-Type"), ";")[0], "7644-3.12-09: %s", name)
		assert.NotEmpty(t, a.Header.Get("X-Request-Id"), name)
	}
	assert.Contains(t, c.With("Authorization").Get("/Users").Header.Get("WWW-Authenticate"), "Bearer", "7644-2-01")
	assert.Contains(t, c.Delete("/Users").Header.Get("Allow"), "POST")
	c.Get(user).Is(200).Has(`{"userName": "bjensen"}`)
}

func TestHTTP(t *testing.T) {
	c := simple(t)
	user, id := c.User("bjensen")

	t.Run("7644-3.8-04: any Accept header is answered", func(t *testing.T) {
		c := c.On(t)
		for _, accept := range []string{"", "text/html", "application/json", "application/scim+json;q=0.1", "*/*", "nonsense"} {
			a := c.With("Accept", accept).Get(user).Is(200)
			assert.Equal(t, "application/scim+json", a.Header.Get("Content-Type"))
		}
	})
	t.Run("HEAD is GET without a body", func(t *testing.T) {
		c := c.On(t)
		a := c.Do(http.MethodHead, user, "").Is(200)
		assert.Equal(t, c.Get(user).Tag(), a.Tag())
	})
	t.Run("the path /v2, and locations by the path that the client uses", func(t *testing.T) {
		c := c.On(t)
		c.Get(user).Has(`{"meta": {"location": "http://example.com/scim/v2/Users/` + id + `"}}`)
		ask.New(t, c.Handler, "/v2", token).Get(user).Is(200).Has(`{"meta": {"location": "http://example.com/v2/Users/` + id + `"}}`)
	})
	t.Run("headers of a proxy mean nothing without --reverse-proxy", func(t *testing.T) {
		c := c.On(t)
		c.With("X-Forwarded-Host", "evil.example").With("Forwarded", "host=evil.example").Get(user).Lacks("evil")
	})
	t.Run("request ids", func(t *testing.T) {
		c := c.On(t)
		assert.Equal(t, "abc-1.2_~", c.With("X-Request-Id", "abc-1.2_~").Get(user).Header.Get("X-Request-Id"))
		first := c.With("X-Request-Id", "a b\n").Get(user).Header.Get("X-Request-Id")
		assert.Regexp(t, `^[A-Z0-9]{26}$`, first)
		assert.NotEqual(t, first, c.Get(user).Header.Get("X-Request-Id"))
	})
	t.Run("7644-1.2-02: ids in a path are decoded once", func(t *testing.T) {
		c := c.On(t)
		for _, strange := range []string{"a%20b", "a%2Fb", "%00", "%FF", "a%25b", "..%2F..%2F", "%F0%9F%98%80", "'%20or%201=1--", strings.Repeat("x", 5000)} {
			c.Get("/Users/"+strange).Fails(404, "")
			c.Delete("/Users/"+strange).Fails(404, "")
			c.Put("/Users/"+strange, ask.User("x")).Fails(404, "")
		}
	})
	t.Run("a token in any case of Bearer", func(t *testing.T) {
		c := c.On(t)
		c.With("Authorization", "bearer "+token).Get(user).Is(200)
	})
	t.Run("7643-5-05: only ServiceProviderConfig is for everybody", func(t *testing.T) {
		c := c.On(t)
		nobody := c.With("Authorization")
		nobody.Get("/ServiceProviderConfig").Is(200)
		nobody.Get("/Schemas").Is(401)
		nobody.Get("/ResourceTypes").Is(401)
	})
	t.Run("7644-2-02: without tokens everybody may enter", func(t *testing.T) {
		open := simple(t, func(c *service.Config) { c.Tokens = nil })
		open.With("Authorization").Get("/Users").Is(200)
	})
}

func TestReverseProxy(t *testing.T) {
	c := simple(t, func(c *service.Config) { c.ReverseProxy = true })
	user, id := c.User("bjensen")
	for name, x := range map[string]struct {
		header http.Header
		want   string
	}{
		"nothing":               {nil, "http://example.com/scim/v2"},
		"Forwarded":             {http.Header{"Forwarded": {`for=192.0.2.1;proto=https;host=scim.example.org`}}, "https://scim.example.org/scim/v2"},
		"Forwarded, quoted":     {http.Header{"Forwarded": {`for="[2001:db8::1]";Proto=HTTPS; host="scim.example.org:8443", for=10.0.0.1;host=inner`}}, "https://scim.example.org:8443/scim/v2"},
		"X-Forwarded":           {http.Header{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"scim.example.org, inner"}}, "https://scim.example.org/scim/v2"},
		"with the port":         {http.Header{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"scim.example.org"}, "X-Forwarded-Port": {"8443"}}, "https://scim.example.org:8443/scim/v2"},
		"with the usual port":   {http.Header{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"scim.example.org"}, "X-Forwarded-Port": {"443"}}, "https://scim.example.org/scim/v2"},
		"with a prefix":         {http.Header{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Prefix": {"/hr/"}}, "https://example.com/hr/scim/v2"},
		"an address":            {http.Header{"X-Forwarded-Host": {"[2001:db8::1]:8080"}}, "http://[2001:db8::1]:8080/scim/v2"},
		"a host that is none":   {http.Header{"X-Forwarded-Host": {"evil/../x?y"}}, "http://example.com/scim/v2"},
		"a scheme that is none": {http.Header{"X-Forwarded-Proto": {"javascript"}}, "http://example.com/scim/v2"},
		"a prefix that is none": {http.Header{"X-Forwarded-Prefix": {"/a?b"}}, "http://example.com/scim/v2"},
	} {
		t.Run(name, func(t *testing.T) {
			c := c.On(t)
			for name, value := range x.header {
				c = c.With(name, value...)
			}
			a := c.Get(user).Is(200).Has(`{"meta": {"location": "` + x.want + "/Users/" + id + `"}}`)
			c.Find("/Users", "userName pr").Is(200).Has(`{"Resources": [{"meta": {"location": "` + x.want + "/Users/" + id + `"}}]}`)
			assert.Equal(t, x.want+"/Users/"+id, a.Header.Get("Location"))
		})
	}
}

// broken is a store that cannot do what it is asked.
type broken struct {
	store.Store
	err error
}

func (b broken) Ping(context.Context) error { return b.err }

func (b broken) Get(context.Context, *store.Kind, string, bool) (any, error) {
	if b.err == nil {
		panic("secret cause")
	}
	return nil, b.err
}

func TestBrokenStore(t *testing.T) {
	var log bytes.Buffer
	types := usual()
	with := func(err error) ask.Client {
		return serve(t, broken{inMemory(t, types), err}, types, func(c *service.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	}
	t.Run("7644-3.12-15: an error nobody has thought of", func(t *testing.T) {
		with(errors.New("secret cause")).Get("/Users/1").Fails(500, "").Lacks("secret")
		assert.Contains(t, log.String(), "secret cause")
	})
	log.Reset()
	t.Run("7644-3.12-15: a panic", func(t *testing.T) {
		with(nil).Get("/Users/1").Fails(500, "").Lacks("secret")
		assert.Contains(t, log.String(), "secret cause")
		assert.Contains(t, log.String(), "status=500")
	})
	t.Run("health", func(t *testing.T) {
		for status, err := range map[int]error{200: nil, 503: errors.New("away")} {
			w := httptest.NewRecorder()
			with(err).Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody))
			assert.Equal(t, status, w.Code)
			assert.NotContains(t, w.Body.String(), "away")
		}
	})
}

func TestNew(t *testing.T) {
	types := usual()
	for name, c := range map[string]struct {
		set  func(*service.Config)
		says string
	}{
		"no path":                        {func(c *service.Config) { c.Prefixes = nil }, "path"},
		"7643-6-03: no endpoint":         {func(c *service.Config) { c.Types[0].Endpoint = "" }, "endpoint"},
		"an endpoint of the protocol":    {func(c *service.Config) { c.Types[0].Endpoint = "/Schemas" }, "/Schemas"},
		"below one of the protocol":      {func(c *service.Config) { c.Types[0].Endpoint = "/Me/x" }, "/Me/x"},
		"a pattern":                      {func(c *service.Config) { c.Types[0].Endpoint = "/{x}" }, "/{x}"},
		"7643-6-04: one endpoint twice":  {func(c *service.Config) { c.Types[0].Endpoint = "/Groups" }, "/Groups"},
		"7643-6-04: one below the other": {func(c *service.Config) { c.Types[0].Endpoint = "/Groups/x" }, "/Groups/x"},
		"7643-6-04: one name twice":      {func(c *service.Config) { c.Types[0].Name = "Group" }, "Group"},
		"7643-9.2-01: a secret of each":  {func(c *service.Config) { c.Types[0] = typeOf[safe]("/Safes") }, "Safe: keys.secret:"},
		"7643-9.2-01: several secrets":   {func(c *service.Config) { c.Types[0] = typeOf[chest]("/Chests") }, "Chest: codes:"},
		"7643-9.2-01: a list unseen":     {func(c *service.Config) { c.Types[0] = typeOf[shelf]("/Shelves") }, "Shelf: books.title:"},
	} {
		t.Run(name, func(t *testing.T) {
			config := service.Config{Store: inMemory(t, types), Types: usual(), Prefixes: []string{root}, Log: slog.New(slog.DiscardHandler)}
			c.set(&config)
			_, err := service.New(t.Context(), config)
			require.ErrorContains(t, err, c.says)
		})
	}
}
