package scimtest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/resource"
)

// What the RFCs leave to a service, the kit leaves to it, too.
func TestVariants(t *testing.T) {
	t.Parallel()
	optional := regexp.MustCompile(`"scimType":"(?:invalidValue|invalidSyntax|invalidPath)",`)
	for _, c := range []struct {
		name    string
		variant any
	}{
		{"204 for PATCH", answers(func(r *http.Request, a *recorded) {
			if r.Method == http.MethodPatch && a.status == http.StatusOK && r.URL.RawQuery == "" {
				a.status, a.body = http.StatusNoContent, ""
			}
		})},
		{"errors without scimType", answers(func(_ *http.Request, a *recorded) { a.body = optional.ReplaceAllString(a.body, "") })},
		{"a charset", header("Content-Type", `application/scim+json; charset="utf-8"`)},
		{"another host", rewrittenLocations("https://scim.acme.com/v2")},
		{"relative locations", rewrittenLocations(testBase)},
		{"versions in headers only", resources("", func(_ *http.Request, u map[string]any) { delete(object(u["meta"]), "version") })},
		{"more than was asked for", resources("", func(_ *http.Request, u map[string]any) {
			u["urn:acme:params:scim:schemas:extension:x:2.0:User"] = map[string]any{"x": []any{1, "y"}}
		})},
		{"null and []", resources("", func(_ *http.Request, u map[string]any) {
			for name, v := range map[string]any{"title": nil, "emails": []any{}, "members": []any{}, "roles": []any{}} {
				if u[name] == nil {
					u[name] = v
				}
			}
		})},
		{"404 for 405", answers(func(_ *http.Request, a *recorded) {
			if a.status == http.StatusMethodNotAllowed {
				a.status, a.body = http.StatusNotFound, scimError("404")
			}
		})},
		{"no HEAD", refuse(http.StatusNotImplemented, func(r *http.Request) bool { return r.Method == http.MethodHead })},
		{"resource types without id", documents("ResourceTypes", func(doc map[string]any) {
			delete(doc, "id")
			for _, d := range list(doc, "Resources") {
				delete(object(d), "id")
			}
		})},
		{"pages of three", func(s *server) { s.config.Filter.MaxResults = 3 }},
		{"ids that want to be escaped", func(s *server) { s.idPrefix = "a&b+c=d:" }},
		{"Resources left out when there are none", rewritten(`,"Resources":[]`, ``)},
		{"400 for names that are taken by PUT and PATCH", answers(func(r *http.Request, a *recorded) {
			if a.status == http.StatusConflict && r.Method != http.MethodPost {
				a.status, a.body = http.StatusBadRequest, strings.Replace(a.body, `"409"`, `"400"`, 1)
			}
		})},
		{"no value paths in filters", wrongFiltersBut400(`emails[type eq "`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := testConfig
			config.Providers = []string{"authentik", "generic", "github", "okta"} // the others have no more to say about this
			assert.Empty(t, passes(t, play(broken(c.variant), config)), "skipped")
		})
	}
}

// rewrittenLocations puts another base into all locations.
func rewrittenLocations(base string) middleware {
	return answers(func(_ *http.Request, a *recorded) {
		const own = "http://example.com" + testBase
		a.body = strings.ReplaceAll(a.body, own, base)
		if location := a.header.Get("Location"); location != "" {
			a.header.Set("Location", strings.Replace(location, own, base, 1))
		}
	})
}

// wrongFiltersBut400 refuses filters that RFC 7644 section 3.4.2.2 makes optional, and are not in the corpus.
func wrongFiltersBut400(part string) middleware {
	return func(next http.Handler) http.Handler {
		refused := answers(func(_ *http.Request, a *recorded) {
			a.status, a.body = http.StatusBadRequest, strings.Replace(scimError("400"), "{", `{"scimType": "invalidFilter", `, 1)
		})(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if filter := r.URL.Query().Get("filter"); strings.Contains(filter, part) && strings.HasSuffix(filter, "]") {
				refused.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A service that pages by cursor alone (RFC 9865) is listed as a whole, and passes what does not take an index.
func TestCursors(t *testing.T) {
	t.Parallel()
	s := newServer()
	s.config.Filter.MaxResults = 3
	s.config.Pagination = &resource.PaginationConfig{Cursor: true, DefaultPaginationMethod: "cursor"}
	toIndex := asked(func(r *http.Request, body string) string {
		if values := r.URL.Query(); values.Get("cursor") != "" {
			values.Set("startIndex", strings.TrimPrefix(values.Get("cursor"), "after-"))
			values.Del("cursor")
			r.URL.RawQuery = values.Encode()
		}
		return body
	})
	toCursor := answers(func(_ *http.Request, a *recorded) {
		doc, _ := decode([]byte(a.body))
		if after := number(doc, "startIndex") + number(doc, "itemsPerPage"); number(doc, "itemsPerPage") > 0 && after <= number(doc, "totalResults") {
			object(doc)["nextCursor"] = fmt.Sprint("after-", after)
		}
		if at(doc, "startIndex") != nil {
			delete(object(doc), "startIndex")
			a.body = show(doc)
		}
	})
	f := play(toCursor(toIndex(s)), testConfig)
	skipped := passes(t, f)
	assert.Contains(t, skipped, "okta/okta-import-second-page-of-two")
	assert.Less(t, len(skipped), 20)
	assert.Empty(t, s.users.items)
}
