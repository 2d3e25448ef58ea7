package service

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// request is what a handler gets.
type request struct {
	*http.Request
	caller  caller
	body    []byte                  // of POST, PUT and PATCH
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

// handler does what a request asks for. It returns a resource or a message, an answer, or nil for 204 No Content.
type handler func(context.Context, request) (any, error)

// querier reads the query of a request.
type querier func(request) (*resource.SearchRequest, error)

// answer is a resource with more to say about how it is answered.
type answer struct {
	of      any
	sent    []string // attributes that a PATCH has named
	nothing bool     // 204 with the ETag of the resource
}

// endpoint adapts a handler to HTTP.
type endpoint struct {
	*Service
	answers resource.Context
	query   querier // nil: there is none, and parameters mean nothing
	handle  handler
	bulk    bool // it may be an operation of a bulk request
}

// route serves a path below the prefix; without a method, with any.
func (s *Service) route(method, path string, answers resource.Context, query querier, handle handler) {
	s.mux.Handle(strings.TrimSpace(method+" "+path), endpoint{Service: s, answers: answers, query: query, handle: handle})
}

// resource serves what may also be an operation of a bulk request.
func (s *Service) resource(method, path string, answers resource.Context, query querier, handle handler) {
	s.mux.Handle(method+" "+path, endpoint{Service: s, answers: answers, query: query, handle: handle, bulk: true})
}

// ServeHTTP implements http.Handler.
func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if o, ok := w.(*operation); ok {
		o.resource, o.err = e.operate(o, r)
		return
	}
	var repairs []resource.Repair
	in := request{Request: r, caller: callerOf(r), options: append([]resource.Option{resource.Repairs(&repairs)}, e.Options...)}
	v, err := e.do(w, &in)
	reply, isAnswer := v.(answer)
	if !isAnswer {
		reply.of = v
	}
	switch {
	case err != nil:
		scimerrors.Write(w, err)
	case reply.of == nil || reply.nothing:
		resource.NoContent(w, reply.of, e.locate(r))
	default:
		err = resource.Write(w, e.answers, reply.of, in.with(e.locate(r), in.query, resource.Sent(reply.sent...))...)
	}
	e.record(r, repairs, err)
}

// record logs what was put right, and what is the service's own fault: the client has been told nothing of it.
func (e endpoint) record(r *http.Request, repairs []resource.Repair, err error) {
	log := e.Log.With("id", idOf(r))
	tolerated(log, repairs)
	if err != nil && scimerrors.From(err).Status/100 == 5 {
		log.Error("request failed", "method", r.Method, "path", r.URL.Path, "cause", err)
	}
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

// do reads what the handler needs, and calls it.
func (e endpoint) do(w http.ResponseWriter, r *request) (v any, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), Patience)
	defer cancel()
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		body, release, err := e.receive(ctx, w, r.Request)
		if err != nil {
			return nil, err
		}
		defer release()
		r.body = body
	}
	if e.query != nil {
		if r.query, err = e.query(*r); err != nil {
			return nil, err
		}
	}
	return e.handle(ctx, *r)
}

// receive reads the body of a request: 413, 415. A large one waits until there is room for it, which release gives back. A body may take
// nine times its length while it is read and carried out, so that a handful at the same time would take all memory; small ones do not
// wait for large ones.
func (s *Service) receive(ctx context.Context, w http.ResponseWriter, r *http.Request) (body []byte, release func(), err error) {
	var taken int64
	if taken, err = s.admit(ctx, r); err != nil {
		return nil, nil, err
	}
	if body, err = resource.Read(w, r, MaxBody); err != nil {
		s.room.Release(taken)
		return nil, nil, err
	}
	if spare := taken - int64(len(body)); spare > 0 { // the length was not known
		s.room.Release(spare)
		taken -= spare
	}
	return body, func() { s.room.Release(taken) }, nil
}

// admit takes as much room as a body needs: none of the small ones, and of those that do not say how long they are, once they turn out to
// be large, that of the largest.
func (s *Service) admit(ctx context.Context, r *http.Request) (taken int64, err error) {
	length := r.ContentLength
	if length < 0 {
		head, err := io.ReadAll(io.LimitReader(r.Body, small+1))
		if err == nil && len(head) > small {
			length = MaxBody
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(head), r.Body), r.Body} // an error comes back when it is read again
	}
	if length <= small || length > MaxBody { // Read refuses it at once
		return 0, nil
	}
	if err := s.room.Acquire(ctx, length); err != nil {
		return 0, busy("too many large requests at the same time; try again later: %w", err)
	}
	return length, nil
}

// busy is 503 with the advice when to try again.
func busy(format string, args ...any) error {
	e := scimerrors.Status(http.StatusServiceUnavailable, format, args...)
	e.Header = http.Header{"Retry-After": {"10"}}
	return e
}

// serve finds the endpoint for a path below the prefix.
func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	h, _ := s.mux.Handler(r)
	if _, ours := h.(endpoint); ours {
		s.mux.ServeHTTP(w, r)
		return
	}
	// The mux has an answer of its own, in plain text: 404, 405 with Allow, or 307 with the Location of the clean path.
	plain := &recorder{ResponseWriter: discard{}}
	h.ServeHTTP(plain, r)
	status := plain.status
	if status/100 == 3 { // that path would lack the prefix
		status = http.StatusNotFound
		plain.Header().Del("Location")
	}
	refused := scimerrors.Status(status, "%s %s: %s", r.Method, r.URL.Path, http.StatusText(status))
	refused.Header = plain.Header()
	if o, ok := w.(*operation); ok {
		o.err = refused
		return
	}
	scimerrors.Write(w, refused)
}

// absent stands for an endpoint the protocol has and this service has not.
func absent(_ context.Context, r request) (any, error) {
	return nil, scimerrors.Status(http.StatusNotImplemented, "this service does not offer %s", r.URL.Path)
}

// recorder remembers the status of an answer, and its length.
type recorder struct {
	http.ResponseWriter
	status, bytes int
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
	n, err := r.ResponseWriter.Write(p)
	r.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// discard is a response nobody reads, but for its header.
type discard http.Header

// Header implements http.ResponseWriter.
func (d discard) Header() http.Header { return http.Header(d) }

// WriteHeader implements http.ResponseWriter.
func (discard) WriteHeader(int) {}

// Write implements http.ResponseWriter.
func (discard) Write(p []byte) (int, error) { return len(p), nil }
