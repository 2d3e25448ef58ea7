package scimtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

var testConfig = Config{Base: testBase, Token: "sesame"}

// passes demands that no test has failed, and returns the names of those that were skipped or left out.
func passes(t *testing.T, f *fake) (skipped []string) {
	t.Helper()
	require.NotEmpty(t, f.tests(), f.text())
	for _, sub := range f.tests() {
		assert.False(t, sub.failed, "%s\n%s", sub.name, sub.text())
		if sub.skipped {
			skipped = append(skipped, sub.name)
		}
	}
	assert.False(t, f.failed, f.text())
	for _, group := range f.subs {
		for _, line := range group.logs {
			if name, _, ok := strings.Cut(strings.TrimPrefix(line, "scimtest: "), " is left out: it needs "); ok {
				skipped = append(skipped, group.name+"/"+name)
			}
		}
	}
	return skipped
}

// A service that does all the library can do passes all there is, and nothing is left behind.
func TestConforming(t *testing.T) {
	for name, c := range map[string]struct {
		strict  bool
		options []resource.Option
	}{
		"tolerant": {false, nil},
		"strict":   {true, []resource.Option{resource.Strict()}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(c.options...)
			f := play(s, Config{Base: testBase, Token: "sesame", Strict: c.strict})
			assert.Empty(t, passes(t, f), "skipped")
			assert.Empty(t, s.users.items)
			assert.Empty(t, s.groups.items)
			want := fmt.Sprintf("scimtest: 177 exchanges replayed, 0 left out; %d checks of the RFCs run, 0 left out", len(checks))
			assert.Equal(t, want, f.text())
		})
	}
}

// Through *testing.T it is the same.
func TestRun(t *testing.T) {
	s := newServer()
	Run(t, s, Config{Base: testBase + "/", Token: "sesame", Providers: []string{"okta", "entra"}})
	assert.Empty(t, s.users.items)
}

// A tolerant service is none that runs strictly, and a strict one is not tolerant.
func TestStrict(t *testing.T) {
	const lenient = "entra/entra-create-user-active-string-true"
	assert.True(t, play(newServer(), Config{Base: testBase, Token: "sesame", Strict: true}, lenient).failed)
	assert.True(t, play(newServer(resource.Strict()), testConfig, lenient).failed)
}

func TestChoice(t *testing.T) {
	t.Run("providers", func(t *testing.T) {
		f := play(newServer(), Config{Base: testBase, Token: "sesame", Providers: []string{"ping", "oracle"}})
		passes(t, f)
		assert.Contains(t, f.text(), "2 exchanges replayed, 0 left out;")
	})
	t.Run("an unknown provider", func(t *testing.T) {
		f := play(newServer(), Config{Base: testBase, Token: "sesame", Providers: []string{"entra", "Entra"}})
		assert.True(t, f.failed)
		assert.Empty(t, f.tests())
		assert.Contains(t, f.text(), `there is no provider "Entra", the known ones are authentik, aws-ssosync, cyberark`)
	})
	t.Run("skip", func(t *testing.T) {
		f := play(newServer(), Config{
			Base: testBase, Token: "sesame", Skip: []string{"entra-schemas", "7644-3.4.2.4-01", "7644-3.10-04 names may have their URN"},
		})
		assert.Equal(t, []string{
			"rfc/7644-3.4.2.4-01 pages have each resource once",
			"rfc/7644-3.4.2.4-01 startIndex below 1 is 1, and beyond the end is nothing",
			"rfc/7644-3.10-04 names may have their URN",
			"entra/entra-schemas",
		}, passes(t, f))
		assert.Contains(t, f.text(), fmt.Sprintf("176 exchanges replayed, 1 left out; %d checks of the RFCs run, 3 left out", len(checks)-3))
	})
	t.Run("skip of nothing", func(t *testing.T) {
		f := play(newServer(), Config{Base: testBase, Token: "sesame", Skip: []string{"entra-schema"}})
		assert.True(t, f.failed)
		assert.Contains(t, f.text(), `"entra-schema" is neither an exchange nor the ID of a check`)
	})
}

// What a service announces not to have is skipped, with the reason, and the rest passes.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		without func(*server)
		skipped string // one that is
		least   int
	}{
		"patch":  {func(s *server) { s.config.Patch.Supported = false }, "okta/okta-unassign-user-pathless", 85 + 43},
		"filter": {func(s *server) { s.config.Filter.Supported = false }, "rfc/7644-3.4.2.2-17 eq and ne", 20},
		"sort":   {func(s *server) { s.config.Sort.Supported = false }, "rfc/7644-3.4.2.3-06 sortOrder", 6},
		"etag":   {func(s *server) { s.config.ETag.Supported = false }, "rfc/7644-3.14-02 a resource comes with its version", 6},
		"bulk":   {func(s *server) { s.config.Bulk.Supported = false }, "rfc/7644-3.7-10 failOnErrors ends the job", 5},
		"index pages": {func(s *server) {
			s.config.Pagination = &resource.PaginationConfig{Cursor: true}
		}, "okta/okta-import-second-page-of-two", 8},
		"groups": {func(s *server) {
			s.groups, s.types, s.schemas = nil, s.types[:1], s.schemas[:2]
		}, "jumpcloud/jumpcloud-activation-test-group-removed", 45},
		"enterprise": {func(s *server) { s.types[0].SchemaExtensions = nil }, "rfc/7643-3.3-02 an extension has its own object, and its URN in schemas", 10},
		"title":      {func(s *server) { s.schemas[0] = withoutTitle(s) }, "rfc/7644-3.5.2.1-05 add sets what is not there", 10},
		"token":      {func(s *server) { s.token = "" }, "rfc/7644-2-01 without a token there is 401 with WWW-Authenticate", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer()
			c.without(s)
			f := play(s, Config{Base: testBase, Token: s.token})
			skipped := passes(t, f)
			assert.Contains(t, skipped, c.skipped)
			assert.GreaterOrEqual(t, len(skipped), c.least)
			for _, sub := range f.tests() {
				assert.False(t, sub.skipped, sub.name)
			}
		})
	}
}

// A service that cannot be tested says so at once, and not in each test.
func TestUntestable(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.Handler
		config  Config
		want    string
	}{
		"no handler":    {nil, testConfig, "the handler is nil"},
		"another base":  {newServer(), Config{Token: "sesame"}, `Is Config.Base "" right`},
		"another token": {newServer(), Config{Base: testBase, Token: "open"}, "401 Unauthorized"},
		"no DELETE": {refuse(http.StatusMethodNotAllowed, func(r *http.Request) bool { return r.Method == http.MethodDelete })(newServer()),
			testConfig, "needs a service that deletes"},
		"no POST": {refuse(http.StatusForbidden, func(r *http.Request) bool { return r.Method == http.MethodPost })(newServer()),
			testConfig, "needs a service that creates users"},
		"a base that is no path": {newServer(), Config{Base: "https://example.com/scim/v2"}, "is a path that begins with /"},
		"panic":                  {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("on purpose") }), testConfig, "a panic: on purpose"},
	} {
		t.Run(name, func(t *testing.T) {
			f := play(c.handler, c.config)
			assert.True(t, f.failed)
			assert.Empty(t, f.tests())
			assert.Len(t, f.logs, 1)
			assert.Contains(t, f.text(), c.want)
			assert.NotContains(t, f.text(), "sesame")
		})
	}
}

// What the service holds stays as it is, whatever it is, and is not taken for what a test has made.
func TestOwnResources(t *testing.T) {
	s := newServer()
	s.config.Filter.MaxResults = 2 // so that lists have pages
	for i := range 5 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, testBase+"/Users",
			strings.NewReader(user(fmt.Sprint("own-", i), `"title": "Guide"`, `"active": true`, `"emails": [{"value": "own@example.com"}]`)))
		r.Header.Set("Authorization", "Bearer sesame")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	require.Len(t, s.users.items, 5)
	before := slices.Clone(s.users.items)
	for _, u := range before {
		u.UserName = strings.TrimPrefix(u.UserName, prefix)
	}
	before[0].UserName = "kelly"
	f := play(s, testConfig)
	skipped := passes(t, f)
	assert.Contains(t, skipped, "okta/okta-import-second-page-of-two")
	assert.Contains(t, skipped, "entra/entra-filter-full-sync-page")
	assert.Contains(t, skipped, "onelogin/onelogin-put-user-update", "it stores a user named kelly")
	assert.Less(t, len(skipped), 20)
	assert.Equal(t, before, s.users.items)
}

func TestRequestHook(t *testing.T) {
	s := newServer()
	h := refuse(http.StatusForbidden, func(r *http.Request) bool { return r.Header.Get("Tenant") != "a" })(s)
	c := testConfig
	c.Providers = []string{"ping"}
	assert.True(t, play(h, c).failed)
	c.Request = func(r *http.Request) { r.Header.Set("Tenant", "a") }
	passes(t, play(h, c))
}

// A failure says who sends what and why that is special, what was expected, and what came.
func TestFailure(t *testing.T) {
	f := play(filters("userName", "displayName")(newServer()), testConfig, "entra/entra-filter-username-other-case")
	require.Len(t, f.tests(), 1)
	assert.Equal(t, `
provider  entra, entra-filter-username-other-case
sends     as the RFCs have it
source    test-suite: pranems/SCIMServer api/test/e2e/scim-validator-compliance.e2e-spec.ts (mirror of the Entra SCIM Validator test list)
request   GET /scim/v2/Users?filter=userName%20eq%20%22CASEFILTER%40TEST.COM%22
          Accept: application/scim+json
expected  a body with {"Resources":[{"userName":"CaseFilter@Test.COM"}],"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1}
fault     no element of Resources is left for {"userName":"CaseFilter@Test.COM"}
expected  Resources of length 1
fault     the length is 0
actual    200 OK
          Content-Type: application/scim+json
          {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}
`, f.tests()[0].text())

	f = play(newServer(resource.Strict()), testConfig, "entra/entra-create-user-active-string-true")
	require.Len(t, f.tests(), 1)
	for _, want := range []string{
		"\nsends     quirk: boolean sent as the string \"True\"\n", "\ntakes     the tolerance BooleanStrings\n", "\nexpected  status 201\n",
		"\nactual    400 Bad Request\n", "POST /scim/v2/Users\n",
	} {
		assert.Contains(t, f.tests()[0].text(), want)
	}
}

// withoutTitle is the User schema of a service that has no titles, which ignores them.
func withoutTitle(s *server) *schema.Schema {
	copied := *s.schemas[0]
	copied.Attributes = nil
	for _, a := range s.schemas[0].Attributes {
		if a.Name != "title" {
			copied.Attributes = append(copied.Attributes, a)
		}
	}
	return &copied
}
