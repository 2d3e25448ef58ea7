package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

const (
	root    = "/scim/v2" // of all paths
	maxBody = 1 << 20    // bytes of a request
	maxPage = 200        // resources in an answer
)

// User is what /Users serves: the core schema and one extension.
type User struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// config is what /ServiceProviderConfig says; it has to match the routes.
var config = &resource.ServiceProviderConfig{
	Filter: resource.FilterConfig{MaxResults: maxPage},
	AuthenticationSchemes: []resource.AuthenticationScheme{{
		Type:        "oauthbearertoken",
		Name:        "Bearer token",
		Description: "The header Authorization: Bearer, followed by the token of this service.",
		SpecURI:     "https://www.rfc-editor.org/info/rfc6750",
	}},
	Pagination: &resource.PaginationConfig{Index: true, DefaultPaginationMethod: "index", DefaultPageSize: new(maxPage), MaxPageSize: new(maxPage)},
}

// service is the SCIM service as an http.Handler.
type service struct {
	mux     *http.ServeMux
	token   string // empty: anonymous
	types   []*resource.ResourceType
	options []resource.Option // how strictly requests are read
	log     *slog.Logger
}

func newService(db *store, token string, log *slog.Logger, options ...resource.Option) *service {
	s := &service{mux: http.NewServeMux(), token: token, log: log, options: options, types: []*resource.ResourceType{
		resource.ResourceTypeFor[User]("/Users"),
		resource.ResourceTypeFor[resource.Group]("/Groups"),
	}}
	mount(s, "/Users", collection[User, account]{accounts{db}, fromUser, toUser})
	mount(s, "/Groups", collection[resource.Group, team]{teams{db}, fromGroup, toGroup})

	schemas := documents[schema.Schema](append(schema.All[User](), schema.All[resource.Group]()...))
	s.route("GET", "/Schemas", schemas.list)
	s.route("GET", "/Schemas/{id}", schemas.get)
	types := documents[resource.ResourceType](s.types)
	s.route("GET", "/ResourceTypes", types.list)
	s.route("GET", "/ResourceTypes/{id}", types.get)
	s.route("GET", "/ServiceProviderConfig", func(request) (any, error) { return config, nil })

	s.route("POST", "/.search", absent)
	s.route("", "/Bulk", absent)
	s.route("", "/Me", absent)
	return s
}

// collection serves one type of resources: T to clients, R in the application's store.
type collection[T, R any] struct {
	rows interface {
		add(R) (R, error)
		get(id string) (R, error)
		page(offset, limit int) (rows []R, total int)
		remove(id string) error
	}
	from func(*T) (R, error)
	to   func(R) (*T, error)
}

func mount[T, R any](s *service, path string, c collection[T, R]) {
	s.route("POST", path, c.create)
	s.route("GET", path, c.list)
	s.route("GET", path+"/{id}", c.get)
	s.route("DELETE", path+"/{id}", c.remove)
	s.route("POST", path+"/.search", absent)
}

func (c collection[T, R]) create(r request) (any, error) {
	if _, err := r.query(); err != nil {
		return nil, err
	}
	v, err := resource.Validate[T](resource.CreationRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	row, err := c.from(v)
	if err != nil {
		return nil, err
	}
	if row, err = c.rows.add(row); err != nil {
		return nil, err
	}
	return c.to(row)
}

func (c collection[T, R]) get(r request) (any, error) {
	if _, err := r.query(); err != nil {
		return nil, err
	}
	row, err := c.rows.get(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return c.to(row)
}

func (c collection[T, R]) list(r request) (any, error) {
	q, err := r.query()
	if err != nil {
		return nil, err
	}
	if q.Filter != "" || q.SortBy != "" || q.Cursor != nil {
		return nil, notOffered("filter, sortBy or cursor")
	}
	rows, total := c.rows.page(q.Page(maxPage))
	page := make([]*T, len(rows))
	for i, row := range rows {
		if page[i], err = c.to(row); err != nil {
			return nil, err
		}
	}
	return resource.Page(q, page, total), nil
}

func (c collection[T, R]) remove(r request) (any, error) {
	return nil, c.rows.remove(r.PathValue("id"))
}

// documents serves a list that never changes: the schemas or the resource types (RFC 7644 section 4).
type documents[D any] []*D

func (all documents[D]) list(r request) (any, error) {
	if r.URL.Query().Has("filter") {
		return nil, scimerrors.Status(http.StatusForbidden, "this list cannot be filtered")
	}
	return resource.Page(nil, all, len(all)), nil
}

func (all documents[D]) get(r request) (any, error) {
	for _, d := range all {
		if strings.EqualFold(resource.Common(d).ID, r.PathValue("id")) {
			return d, nil
		}
	}
	return nil, errNotFound
}

// absent stands for an endpoint the protocol has and this service has not.
func absent(r request) (any, error) { return nil, notOffered(r.URL.Path) }

// notOffered refuses rather than to leave something out: without its filter, say, a query would get the whole list.
func notOffered(what string) error {
	return scimerrors.Status(http.StatusNotImplemented, "this service does not offer %s", what)
}

// request is what a handler gets.
type request struct {
	*http.Request
	body    []byte // of a POST
	options []resource.Option
}

// query reads the parameters of the URL. A query that is not well-formed is refused, since Go would drop parts of it.
func (r request) query() (*resource.SearchRequest, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, scimerrors.New(scimerrors.InvalidValue, "the query of the URL is malformed: %w", err)
	}
	q, err := resource.ParseQuery(values, r.options...)
	if err == nil && len(q.Attributes)+len(q.ExcludedAttributes) > 0 {
		err = notOffered("attributes or excludedAttributes")
	}
	return q, err
}

// endpoint adapts a handler to HTTP. The handler returns a resource or a message, nil for 204 No Content, or an error.
type endpoint struct {
	*service
	handle func(request) (any, error)
}

// route serves a path below the root with a handler; without a method, with any.
func (s *service) route(method, path string, handle func(request) (any, error)) {
	s.mux.Handle(strings.TrimSpace(method+" "+root+path), endpoint{s, handle})
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := e.answer(w, r)
	switch {
	case err != nil:
		scimerrors.Write(w, err)
	case v == nil:
		resource.NoContent(w, nil)
	case r.Method == http.MethodPost:
		err = resource.Write(w, resource.CreationResponse, v, e.locate(r))
	default:
		err = resource.Write(w, resource.QueryResponse, v, e.locate(r))
	}
	if err != nil && scimerrors.From(err).Status == http.StatusInternalServerError {
		e.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "cause", err) // the client was told nothing of it
	}
}

func (e endpoint) answer(w http.ResponseWriter, r *http.Request) (any, error) {
	var repairs []resource.Repair
	in := request{Request: r, options: append([]resource.Option{resource.Repairs(&repairs)}, e.options...)}
	if r.Method == http.MethodPost {
		var err error
		if in.body, err = resource.Read(w, r, maxBody); err != nil { // 413, 415
			return nil, err
		}
	}
	v, err := e.handle(in)
	for _, repair := range repairs {
		e.log.Debug("tolerated", "rule", repair.Rule, "path", repair.Path, "known from", repair.Source)
	}
	return v, err
}

// locate makes absolute URLs from the address the client used. Behind a proxy that ends TLS use the public base URL instead,
// and make the Option once.
func (s *service) locate(r *http.Request) resource.Option {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return resource.Locate(scheme+r.Host+root, s.types...)
}

// ServeHTTP logs each request and survives a panic in a handler. Queries, bodies and tokens are never logged.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	out := &recorder{ResponseWriter: w}
	defer func() {
		cause := recover()
		if cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // nobody wraps it: net/http compares it, too
			s.log.Error("panic", "cause", cause, "stack", string(debug.Stack()))
			if out.status == 0 {
				scimerrors.Write(out, scimerrors.Status(http.StatusInternalServerError, "internal server error"))
				cause = nil
			}
		}
		s.log.Info("request", "method", r.Method, "path", r.URL.Path, "status", out.status, "duration", time.Since(began))
		if cause != nil {
			panic(http.ErrAbortHandler) // part of the answer is sent: break it off
		}
	}()
	s.serve(out, r)
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	if !s.authorized(r) {
		denied := scimerrors.Status(http.StatusUnauthorized, "a valid bearer token is required")
		denied.Header = http.Header{"WWW-Authenticate": {`Bearer realm="scim"`}}
		scimerrors.Write(w, denied)
		return
	}
	h, _ := s.mux.Handler(r)
	if _, ours := h.(endpoint); ours {
		s.mux.ServeHTTP(w, r)
		return
	}
	// The mux has an answer of its own, in plain text: 404, 405 with Allow, or 307 with the Location of the clean path.
	plain := &recorder{ResponseWriter: discard{}}
	h.ServeHTTP(plain, r)
	refused := scimerrors.Status(plain.status, "%s %s: %s", r.Method, r.URL.Path, http.StatusText(plain.status))
	refused.Header = plain.Header()
	scimerrors.Write(w, refused)
}

// authorized compares digests: neither the content nor the length of the token shows in the time it takes.
func (s *service) authorized(r *http.Request) bool {
	if s.token == "" || r.URL.Path == root+"/ServiceProviderConfig" { // RFC 7643 section 5: it says how to authenticate
		return true
	}
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.token))
	return strings.EqualFold(kind, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

// discard is a response nobody reads, but for its header.
type discard http.Header

// Header implements http.ResponseWriter.
func (d discard) Header() http.Header { return http.Header(d) }

// WriteHeader implements http.ResponseWriter.
func (discard) WriteHeader(int) {}

// Write implements http.ResponseWriter.
func (discard) Write(p []byte) (int, error) { return len(p), nil }
