package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/resource"
)

// request is what a handler gets.
type request struct {
	*http.Request
	body    []byte                  // of POST, PUT and PATCH
	query   *resource.SearchRequest // also says which attributes the answer has
	options []resource.Option       // how strictly to read them
}

// with adds Options for one verb.
func (r request) with(more ...resource.Option) []resource.Option {
	return append(slices.Clip(r.options), more...)
}

// id is the one in the URL. One that the service cannot have given out is the empty one, which nothing has: databases do not take
// every string.
func (r request) id() string {
	id := r.PathValue("id")
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return ""
		}
	}
	return id
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

// endpoint adapts a handler to HTTP. The handler returns a resource or a message, noContent or nil for 204, or an error.
type endpoint struct {
	*service
	answers resource.Context
	query   func(request) (*resource.SearchRequest, error) // nil: there is none, and parameters mean nothing
	handle  func(context.Context, request) (any, error)
}

// noContent answers 204 with the ETag of a resource.
type noContent struct{ of any }

// route serves a path below the root; without a method, with any.
func (s *service) route(method, path string, answers resource.Context,
	query func(request) (*resource.SearchRequest, error), handle func(context.Context, request) (any, error),
) {
	s.mux.Handle(strings.TrimSpace(method+" "+root+path), endpoint{s, answers, query, handle})
}

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var repairs []resource.Repair
	in := request{Request: r, options: append([]resource.Option{resource.Repairs(&repairs)}, e.options...)}
	v, err := e.answer(w, &in)
	switch v := v.(type) {
	case noContent:
		resource.NoContent(w, v.of, e.locate(r))
	case nil:
		if err == nil {
			resource.NoContent(w, nil)
		}
	default:
		if err == nil {
			err = resource.Write(w, e.answers, v, in.with(e.locate(r), in.query)...)
			e.failed(r, err)
			err = nil // it has been answered
		}
	}
	if err != nil {
		scimerrors.Write(w, err)
		e.failed(r, err)
	}
	e.tolerated(repairs)
}

// tolerated logs what had to be put right: which rule, where, and who is known for it, each once. What the client has sent stays out of the
// log. It may be personal, and so may a filter, in which the path of a PATCH goes on behind a bracket.
func (e endpoint) tolerated(repairs []resource.Repair) {
	told := map[resource.Repair]bool{}
	for _, p := range repairs {
		p.Path, _, _ = strings.Cut(p.Path, "[")
		if p.Got = ""; !told[p] {
			told[p] = true
			e.log.Info("tolerated", "rule", p.Rule, "path", p.Path, "known from", p.Source)
		}
	}
}

// failed logs what is the service's own fault; the client has been told nothing of it.
func (e endpoint) failed(r *http.Request, err error) {
	if err != nil && scimerrors.From(err).Status/100 == 5 {
		e.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "cause", err)
	}
}

func (e endpoint) answer(w http.ResponseWriter, r *request) (v any, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), sqldb.Patience)
	defer cancel()
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
	v, err = e.handle(ctx, *r)
	// Somebody was faster. A client without a condition does not mind: the same once more, on what is there now.
	for condition := r.Header.Get("If-Match"); errors.Is(err, errChanged) && (condition == "" || condition == "*"); {
		v, err = e.handle(ctx, *r)
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// locate makes absolute URLs from the base URL of the flag or, without one, from the address the client has used.
func (s *service) locate(r *http.Request) resource.Option {
	base := s.base
	if base == "" {
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		base = scheme + r.Host + root
	}
	return resource.Locate(base, s.types...)
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
	if r.URL.Path == root+"/ServiceProviderConfig" { // RFC 7643 section 5: it says how to authenticate
		return true
	}
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.token))
	return s.token != "" && strings.EqualFold(kind, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
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
