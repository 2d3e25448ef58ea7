package scimtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// What a service may do without, as long as it says so. An exchange or check that needs it is then left out.
const (
	patching   = "PATCH"
	bulk       = "bulk"
	filtering  = "filter"
	sorting    = "sort"
	versions   = "ETag"
	indexPages = "index pagination"
	groups     = "groups"
	enterprise = "the enterprise extension"
	token      = "a token"
)

// endpoints are where resources are; groups first, since they refer to users.
var endpoints = []string{"/Groups", "/Users"}

// service is the handler under test, what it says about itself, and what it held before.
type service struct {
	handler http.Handler
	config  Config
	without map[string]string // by feature or attribute: why there is none
	found   map[string]bool   // the paths of the resources that were there before
	listed  map[string]bool   // the endpoints of which found has all
}

// open reads what the service announces, and sees to it that tests can clean up behind them.
func open(t reporter, h http.Handler, config Config) *service {
	t.Helper()
	s := &service{handler: h, config: config, without: map[string]string{}, found: map[string]bool{}, listed: map[string]bool{}}
	s.discover(t.Context())
	for _, endpoint := range endpoints {
		if endpoint == "/Groups" && s.without[groups] != "" {
			continue
		}
		paths, complete, err := s.inventory(t.Context(), endpoint)
		if err != nil {
			t.Fatalf("scimtest lists what a service holds, to clean up behind each test without touching anything else. "+
				"Is Config.Base %q right, and Config.Token?\n%v", config.Base, err)
		}
		for _, path := range paths {
			s.found[path] = true
		}
		if s.listed[endpoint] = complete; !complete {
			t.Logf("scimtest: GET %s does not list all it counts, so only what a test knows of is deleted after it", endpoint)
		}
	}
	body := user("probe")
	made := s.send(t.Context(), message{Method: http.MethodPost, Path: "/Users", Body: []byte(body)})
	if made.id() == "" {
		t.Fatalf("scimtest needs a service that creates users and answers with their id:\n%s", made)
	}
	gone := s.send(t.Context(), message{Method: http.MethodDelete, Path: "/Users/" + escape(made.id())})
	if gone.status/100 != 2 {
		t.Fatalf("scimtest needs a service that deletes, or what one test leaves behind would disturb the next:\n%s", gone)
	}
	return s
}

// discover reads /ServiceProviderConfig, /ResourceTypes and /Schemas. What cannot be read is taken for announced: checks of
// their own are about these endpoints.
func (s *service) discover(ctx context.Context) {
	get := func(path string) any { return s.send(ctx, message{Method: http.MethodGet, Path: path}).ok() }
	if config := get("/ServiceProviderConfig"); config != nil {
		for name, feature := range map[string]string{"patch": patching, "bulk": bulk, "filter": filtering, "sort": sorting, "etag": versions} {
			if at(at(config, name), "supported") == false {
				s.without[feature] = "/ServiceProviderConfig says " + name + ".supported is false"
			}
		}
		if at(at(config, "pagination"), "index") == false { // RFC 9865 section 4
			s.without[indexPages] = "/ServiceProviderConfig says pagination.index is false"
		}
	}
	if types := list(get("/ResourceTypes"), "Resources"); len(types) > 0 {
		if ofSchema(types, resource.GroupSchema) == nil {
			s.without[groups] = "/ResourceTypes has no type with the schema " + resource.GroupSchema
		}
		if !slices.ContainsFunc(list(ofSchema(types, resource.UserSchema), "schemaExtensions"), func(extension any) bool {
			return strings.EqualFold(text(extension, "schema"), resource.EnterpriseUserSchema)
		}) {
			s.without[enterprise] = "/ResourceTypes does not list it with the type of users"
		}
	}
	for a := range undeclared(list(get("/Schemas"), "Resources")) {
		s.without[a.need()] = "/Schemas does not have it"
	}
	if s.config.Token == "" {
		s.without[token] = "Config.Token is empty"
	}
}

// ofSchema finds the resource type with a base schema.
func ofSchema(types []any, urn string) any {
	for _, t := range types {
		if strings.EqualFold(text(t, "schema"), urn) {
			return t
		}
	}
	return nil
}

// send sends a request as it is. It accepts SCIM's media type, and a body is of that, unless the request says otherwise; a
// header that is empty is left out.
func (s *service) send(ctx context.Context, m message) *answer {
	if string(m.Body) == "null" {
		m.Body = nil
	}
	// RequestURI, Host and RemoteAddr are set as for a request off the network.
	r := httptest.NewRequestWithContext(ctx, m.Method, s.config.Base+m.Path, bytes.NewReader(m.Body))
	r.Header.Set("Accept", resource.MediaType)
	if len(m.Body) > 0 {
		r.Header.Set("Content-Type", resource.MediaType)
	}
	for name, value := range m.Headers {
		if r.Header.Set(name, value); value == "" {
			r.Header.Del(name)
		}
	}
	a := &answer{request: m, base: s.config.Base, sent: r.Header.Clone()} // without secrets, to be printed
	if _, own := m.Headers["Authorization"]; s.config.Token != "" && !own {
		r.Header.Set("Authorization", "Bearer "+s.config.Token)
	}
	if s.config.Request != nil {
		s.config.Request(r)
	}
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if cause := recover(); cause != nil {
				a.panicked = fmt.Sprintf("%v\n%s", cause, debug.Stack())
			}
		}()
		s.handler.ServeHTTP(w, r)
	}()
	a.read(r, w)
	return a
}

// inventory lists the paths of all resources of an endpoint. It is not complete where the pages do not add up to totalResults.
func (s *service) inventory(ctx context.Context, endpoint string) (paths []string, complete bool, err error) {
	seen := map[string]bool{}
	for path := endpoint; ; {
		page := s.send(ctx, message{Method: http.MethodGet, Path: path})
		doc := page.ok()
		if doc == nil {
			return paths, false, errors.New(page.String())
		}
		before := len(seen)
		for _, r := range list(doc, "Resources") {
			if id := text(r, "id"); id != "" && !seen[id] {
				seen[id] = true
				paths = append(paths, endpoint+"/"+escape(id))
			}
		}
		if path = next(endpoint, doc, len(seen)); path == "" || len(seen) == before {
			return paths, len(seen) == max(0, number(doc, "totalResults")), nil
		}
	}
}

// next is the path of the page after the one in doc: by its cursor (RFC 9865 section 2), otherwise by the number of results seen
// so far (RFC 7644 section 3.4.2.4); "" when that was all.
func next(path string, doc any, seen int) string {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	switch cursor := text(doc, "nextCursor"); {
	case cursor != "":
		return path + separator + "cursor=" + escape(cursor)
	case len(list(doc, "Resources")) == 0 || seen >= number(doc, "totalResults"):
		return ""
	}
	return fmt.Sprintf("%s%sstartIndex=%d", path, separator, seen+1)
}

// clean deletes what a test has made: what it knows of, the latest first, and whatever else is new. Where a list does not
// tell all there is, what is new cannot be known, and nothing is deleted for not having been in it.
func (s *service) clean(t reporter, made []string) {
	t.Helper()
	slices.Reverse(made)
	for _, endpoint := range endpoints {
		if !s.listed[endpoint] {
			continue
		}
		if paths, complete, err := s.inventory(t.Context(), endpoint); err == nil && complete {
			made = append(made, paths...)
		}
	}
	seen := map[string]bool{}
	for _, path := range made {
		if s.found[path] || seen[path] {
			continue
		}
		seen[path] = true
		gone := s.send(t.Context(), message{Method: http.MethodDelete, Path: path})
		if gone.status/100 != 2 && gone.status != http.StatusNotFound {
			t.Errorf("what this test has made cannot be deleted, and may disturb the next:\n%s", gone)
		}
	}
}
