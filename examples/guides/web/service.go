// Package web is the HTTP side of the guides: SCIM on net/http over any Store. Copy it, or take from it what your router does not do yet.
package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

const maxBody = 1 << 20 // bytes of a request

// ErrChanged is what a Store says when somebody else has changed the resource since it was loaded.
var ErrChanged = scimerrors.Status(http.StatusPreconditionFailed, "another request has changed the resource in the meantime")

// Service serves SCIM below a path such as /scim/v2.
type Service struct {
	mux     *http.ServeMux
	root    string            // path of the service
	locate  resource.Option   // where resources live
	options []resource.Option // how strictly requests are read
	log     *slog.Logger
}

// New makes a service without resources; base is its URL as clients see it, such as https://example.com/scim/v2. Mount adds what types
// lists, and options say how strictly requests are read.
func New(base string, log *slog.Logger, types []*resource.ResourceType, options ...resource.Option) (*Service, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	root := strings.TrimSuffix(u.Path, "/")
	s := &Service{mux: http.NewServeMux(), root: root, locate: resource.Locate(base, types...), options: options, log: log}
	s.mux.Handle("/", s.answer(resource.QueryResponse, func(r *request) (any, error) {
		return nil, scimerrors.Status(http.StatusNotFound, "there is nothing at %s", r.URL.Path)
	}))
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// route adds the methods of one path. Any other method is 405.
func (s *Service) route(path string, methods map[string]http.Handler) {
	allow := make([]string, 0, len(methods))
	for method, h := range methods {
		s.mux.Handle(method+" "+s.root+path, h)
		allow = append(allow, method)
	}
	slices.Sort(allow)
	refused := scimerrors.Status(http.StatusMethodNotAllowed, "this path takes %s", strings.Join(allow, ", "))
	refused.Header = http.Header{"Allow": {strings.Join(allow, ", ")}}
	s.mux.Handle(s.root+path, s.answer(resource.QueryResponse, func(*request) (any, error) { return nil, refused }))
}

// request is what a handler gets.
type request struct {
	*http.Request
	body    []byte                  // of POST, PUT and PATCH
	query   *resource.SearchRequest // the parameters of the URL
	options []resource.Option       // how strictly to read them
}

// answer makes an endpoint of a function that returns a resource or a message, nil for 204, or an error.
func (s *Service) answer(ctx resource.Context, handle func(r *request) (any, error)) endpoint {
	return endpoint{s, ctx, handle}
}

// endpoint adapts such a function to HTTP. It has a name of its own because Bulk calls the function without HTTP.
type endpoint struct {
	*Service
	ctx    resource.Context
	handle func(r *request) (any, error)
}

// ServeHTTP implements http.Handler.
func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var repairs []resource.Repair
	in := &request{Request: r, options: append(slices.Clip(e.options), resource.Repairs(&repairs), resource.MaxResults(MaxPage))}
	v, err := in.do(w, e.handle)
	switch {
	case err != nil:
		scimerrors.Write(w, err) // any error: what is not SCIM's becomes a bare 500
	case v == nil:
		resource.NoContent(w, nil)
	default:
		if err := resource.Write(w, e.ctx, v, e.locate, in.query); err != nil { // answered already, or the client has gone
			e.log.Error("not written", "method", r.Method, "path", r.URL.Path, "cause", err)
		}
	}
	tolerated(e.log, repairs)
	failed(e.log, r.Method, r.URL.Path, err)
}

// tolerated logs what had to be put right: which rule, where, and who is known for it, each once. What the client has sent stays out of the
// log. It may be personal, and so may a filter, in which the path of a PATCH goes on behind a bracket.
func tolerated(log *slog.Logger, repairs []resource.Repair) {
	told := map[resource.Repair]bool{}
	for _, p := range repairs {
		p.Path, _, _ = strings.Cut(p.Path, "[")
		if p.Got = ""; !told[p] {
			told[p] = true
			log.Info("tolerated", "rule", p.Rule, "path", p.Path, "known from", p.Source)
		}
	}
}

// failed logs a request that has failed, without its query. The detail may have what the client has sent; the cause of a 5xx has not been
// told to it.
func failed(log *slog.Logger, method, path string, err error) {
	switch e := scimerrors.From(err); {
	case e == nil || e.Status < http.StatusBadRequest: // nil or 304
	case e.Status < http.StatusInternalServerError:
		log.Info("refused", "method", method, "path", path, "status", e.Status, "scimType", e.Type)
	default:
		log.Error("failed", "method", method, "path", path, "status", e.Status, "cause", err)
	}
}

func (r *request) do(w http.ResponseWriter, handle func(*request) (any, error)) (v any, err error) {
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		if r.body, err = resource.Read(w, r.Request, maxBody); err != nil { // 413, 415
			return nil, err
		}
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, scimerrors.New(scimerrors.InvalidValue, "the query of the URL is malformed: %w", err)
	}
	if r.query, err = resource.ParseQuery(values, r.options...); err != nil {
		return nil, err
	}
	v, err = handle(r)
	for errors.Is(err, ErrChanged) && unconditional(r.Request) && r.Context().Err() == nil { // a client without a condition does not mind: once more
		v, err = handle(r)
	}
	return v, err
}

// unconditional says whether a request is for whatever version there is.
func unconditional(r *http.Request) bool {
	condition := r.Header.Get("If-Match")
	return condition == "" || condition == "*"
}

// RequireToken lets in who shows the bearer token. Digests are compared, so that the time it takes tells nothing.
func RequireToken(token string, log *slog.Logger, next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(shown))
		if token == "" || !strings.EqualFold(kind, "Bearer") || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			denied := scimerrors.Status(http.StatusUnauthorized, "a valid bearer token is required")
			denied.Header = http.Header{"WWW-Authenticate": {`Bearer realm="scim"`}}
			scimerrors.Write(w, denied)
			failed(log, r.Method, r.URL.Path, denied)
			return
		}
		next.ServeHTTP(w, r)
	})
}
