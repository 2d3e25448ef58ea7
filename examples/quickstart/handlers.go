package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

const (
	root    = "/scim/v2" // of all paths
	maxBody = 1 << 20    // bytes of a request
	maxPage = 200        // resources in an answer
	maxBulk = 100        // operations in a bulk request: to hash a password takes a while
)

// User is what /Users serves: the core schema and one extension.
type User struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// config is what /ServiceProviderConfig says; it has to match the routes.
var config = &resource.ServiceProviderConfig{
	Patch:  resource.PatchConfig{Supported: true},
	Bulk:   resource.BulkConfig{Supported: true, MaxOperations: maxBulk, MaxPayloadSize: maxBody},
	Filter: resource.FilterConfig{Supported: true, MaxResults: maxPage},
	Sort:   resource.FeatureConfig{Supported: true},
	ETag:   resource.FeatureConfig{Supported: true},
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
	users := mount(s, "/Users", accounts{db})
	groups := mount(s, "/Groups", teams{db})
	s.route("POST", "/.search", resource.QueryResponse, searched, func(r request) (any, error) {
		people, err := users.resources()
		if err != nil {
			return nil, err
		}
		sets, err := groups.resources()
		if err != nil {
			return nil, err
		}
		return resource.ListOf(append(anys(people), anys(sets)...), r.query, r.with(resource.MaxResults(maxPage))...)
	})

	schemas := documents[schema.Schema](append(schema.All[User](), schema.All[resource.Group]()...))
	s.route("GET", "/Schemas", resource.QueryResponse, nil, schemas.list)
	s.route("GET", "/Schemas/{id}", resource.QueryResponse, nil, schemas.get)
	types := documents[resource.ResourceType](s.types)
	s.route("GET", "/ResourceTypes", resource.QueryResponse, nil, types.list)
	s.route("GET", "/ResourceTypes/{id}", resource.QueryResponse, nil, types.get)
	s.route("GET", "/ServiceProviderConfig", resource.QueryResponse, nil, func(request) (any, error) { return config, nil })

	s.route("POST", "/Bulk", resource.QueryResponse, nil, s.bulk)
	s.route("", "/Me", resource.QueryResponse, nil, func(r request) (any, error) { return nil, notOffered(r.URL.Path) })
	return s
}

// rows are resources of type T as the application keeps them: as an R, in a store.
type rows[T, R any] interface {
	from(v *T, onto R) (R, error) // onto is the row that is replaced, or the zero R
	to(row R) (*T, error)

	add(row R) (R, error)
	get(id string) (R, error)
	all() []R
	update(row R) (R, error) // update and remove fail with errChanged if the row has changed since it was read
	remove(row R) error
}

// collection serves one type of resources.
type collection[T, R any] struct{ rows[T, R] }

func mount[T, R any](s *service, path string, stored rows[T, R]) collection[T, R] {
	c := collection[T, R]{stored}
	s.route("POST", path, resource.CreationResponse, selected, c.create)
	s.route("GET", path, resource.QueryResponse, queried, c.list)
	s.route("POST", path+"/.search", resource.QueryResponse, searched, c.list)
	s.route("GET", path+"/{id}", resource.QueryResponse, selected, c.read)
	s.route("PUT", path+"/{id}", resource.ReplaceResponse, selected, c.replace)
	s.route("PATCH", path+"/{id}", resource.PatchResponse, selected, c.patch)
	s.route("DELETE", path+"/{id}", resource.QueryResponse, nil, c.delete)
	return c
}

func (c collection[T, R]) create(r request) (any, error) {
	v, err := resource.Validate[T](resource.CreationRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	var row R
	if row, err = c.from(v, row); err != nil {
		return nil, err
	}
	if row, err = c.add(row); err != nil {
		return nil, err
	}
	return c.to(row)
}

func (c collection[T, R]) list(r request) (any, error) {
	all, err := c.resources()
	if err != nil {
		return nil, err
	}
	return resource.List(all, r.query, r.with(resource.MaxResults(maxPage))...)
}

func (c collection[T, R]) read(r request) (any, error) {
	_, v, err := c.load(r)
	return v, err
}

func (c collection[T, R]) replace(r request) (any, error) {
	row, current, err := c.load(r)
	if err != nil {
		return nil, err
	}
	v, err := resource.Validate[T](resource.ReplaceRequest, r.body, r.with(resource.Replacing(current))...)
	if err != nil {
		return nil, err
	}
	if row, err = c.from(v, row); err != nil {
		return nil, err
	}
	if row, err = c.update(row); err != nil {
		return nil, err
	}
	return c.to(row)
}

func (c collection[T, R]) patch(r request) (any, error) {
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	row, current, err := c.load(r)
	if err != nil {
		return nil, err
	}
	v, err := patch.Apply(current, op, r.options...)
	if err != nil || v == current { // nothing changed: nothing is stored
		return v, err
	}
	if row, err = c.from(v, row); err != nil {
		return nil, err
	}
	if row, err = c.update(row); err != nil {
		return nil, err
	}
	return c.to(row)
}

func (c collection[T, R]) delete(r request) (any, error) {
	row, _, err := c.load(r)
	if err != nil {
		return nil, err
	}
	return nil, c.remove(row)
}

// load finds the resource that the URL names, and looks at If-Match and If-None-Match: 404, 412, 304.
func (c collection[T, R]) load(r request) (row R, v *T, err error) {
	if row, err = c.get(r.PathValue("id")); err != nil {
		return row, nil, err
	}
	if v, err = c.to(row); err != nil {
		return row, nil, err
	}
	return row, v, etag.Check(r.Request, resource.Common(v).Meta.Version)
}

// resources are all there are. A database would rather filter, sort and page itself.
func (c collection[T, R]) resources() (all []*T, err error) {
	stored := c.all()
	all = make([]*T, len(stored))
	for i, row := range stored {
		if all[i], err = c.to(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func anys[T any](list []*T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
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

// bulk carries out several requests that come in one (RFC 7644 section 3.7). Each takes the way of a request of its own.
func (s *service) bulk(r request) (any, error) {
	b, err := resource.ParseBulk(r.body, config.Bulk, r.options...)
	if err != nil {
		return nil, err
	}
	return resource.RunBulk(r.Context(), b, func(ctx context.Context, op *resource.BulkOperation) (any, error) {
		single, err := http.NewRequestWithContext(ctx, op.Method, root+op.Path, bytes.NewReader(op.Data))
		if err != nil {
			return nil, scimerrors.New(scimerrors.InvalidValue, "the path is malformed: %w", err)
		}
		single.Header.Set("Content-Type", resource.MediaType)
		if op.Version != "" {
			single.Header.Set("If-Match", op.Version)
		}
		h, _ := s.mux.Handler(single)
		e, ours := h.(endpoint)
		if !ours || op.Method == http.MethodPost && e.answers != resource.CreationResponse { // a query, or another bulk request
			return nil, scimerrors.Status(http.StatusNotFound, "%s %s cannot be part of a bulk request", op.Method, op.Path)
		}
		_, id, _ := strings.Cut(strings.TrimPrefix(single.URL.Path, root+"/"), "/")
		single.SetPathValue("id", id)
		v, err := e.answer(discard{}, &request{Request: single, options: r.options})
		s.blame(single, err)
		return v, err
	}, s.locate(r.Request)), nil
}

// notOffered refuses rather than to leave something out.
func notOffered(what string) error {
	return scimerrors.Status(http.StatusNotImplemented, "this service does not offer %s", what)
}

// request is what a handler gets.
type request struct {
	*http.Request
	body    []byte                  // of POST and PUT
	query   *resource.SearchRequest // also says which attributes the answer has
	options []resource.Option       // how strictly to read them
}

// with adds Options for one verb.
func (r request) with(more ...resource.Option) []resource.Option {
	return append(slices.Clip(r.options), more...)
}

// values are the parameters of the URL. A query that is not well-formed is refused, since Go would drop parts of it.
func (r request) values() (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, scimerrors.New(scimerrors.InvalidValue, "the query of the URL is malformed: %w", err)
	}
	return values, nil
}

// selected reads what the URL of one resource can ask for; anything else there, such as a filter, means nothing.
func selected(r request) (*resource.SearchRequest, error) {
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	return resource.ParseQuery(url.Values{
		"attributes": values["attributes"], "excludedAttributes": values["excludedAttributes"],
	}, r.options...)
}

// queried reads the query in the URL of a list.
func queried(r request) (*resource.SearchRequest, error) {
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	return withoutCursor(resource.ParseQuery(values, r.options...))
}

// searched reads the query in the body of a POST to .search.
func searched(r request) (*resource.SearchRequest, error) {
	return withoutCursor(resource.Validate[resource.SearchRequest](resource.QueryRequest, r.body, r.options...))
}

func withoutCursor(q *resource.SearchRequest, err error) (*resource.SearchRequest, error) {
	if err == nil && q.Cursor != nil {
		return nil, notOffered("cursor")
	}
	return q, err
}

// endpoint adapts a handler to HTTP. The handler returns a resource or a message, nil for 204 No Content, or an error.
type endpoint struct {
	*service
	answers resource.Context
	query   func(request) (*resource.SearchRequest, error) // nil: there is none, and parameters mean nothing
	handle  func(request) (any, error)
}

// route serves a path below the root; without a method, with any.
func (s *service) route(method, path string, answers resource.Context,
	query func(request) (*resource.SearchRequest, error), handle func(request) (any, error),
) {
	s.mux.Handle(strings.TrimSpace(method+" "+root+path), endpoint{s, answers, query, handle})
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var repairs []resource.Repair
	// Owned: the store keeps what has been read, and need not keep bodies with it.
	in := request{Request: r, options: append([]resource.Option{resource.Repairs(&repairs), resource.Owned()}, e.options...)}
	v, err := e.answer(w, &in)
	switch {
	case err != nil:
		scimerrors.Write(w, err)
	case v == nil:
		resource.NoContent(w, nil)
	default:
		err = resource.Write(w, e.answers, v, in.with(e.locate(r), in.query)...)
	}
	e.tolerated(repairs)
	e.blame(r, err)
}

// tolerated logs what had to be put right: which rule, where, and who is known for it, each once. What the client has sent stays out of the
// log. It may be personal, and so may a filter, in which the path of a PATCH goes on behind a bracket.
func (s *service) tolerated(repairs []resource.Repair) {
	told := map[resource.Repair]bool{}
	for _, p := range repairs {
		p.Path, _, _ = strings.Cut(p.Path, "[")
		if p.Got = ""; !told[p] {
			told[p] = true
			s.log.Info("tolerated", "rule", p.Rule, "path", p.Path, "known from", p.Source)
		}
	}
}

// blame logs the cause of an error that the client is told nothing of.
func (s *service) blame(r *http.Request, err error) {
	if err != nil && scimerrors.From(err).Status == http.StatusInternalServerError {
		s.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "cause", err)
	}
}

func (e endpoint) answer(w http.ResponseWriter, r *request) (v any, err error) {
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		if r.body, err = resource.Read(w, r.Request, maxBody); err != nil { // 413, 415
			return nil, err
		}
	}
	if e.query != nil {
		if r.query, err = e.query(*r); err != nil {
			return nil, err
		}
	}
	v, err = e.handle(*r)
	condition := r.Header.Get("If-Match")
	for errors.Is(err, errChanged) && (condition == "" || condition == "*") { // a client to whom any version is right waits its turn
		v, err = e.handle(*r)
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
