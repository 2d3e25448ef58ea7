package web

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// Bulk serves bulk requests (RFC 7644 section 3.7): several requests in one, each of which takes the way of a request of its own.
func Bulk(s *Service) {
	s.route("/Bulk", map[string]http.Handler{http.MethodPost: s.answer(resource.QueryResponse, s.bulk)})
}

func (s *Service) bulk(r *request) (any, error) {
	b, err := resource.ParseBulk(r.body, Config.Bulk, r.options...)
	if err != nil {
		return nil, err
	}
	return resource.RunBulk(r.Context(), b, func(ctx context.Context, op *resource.BulkOperation) (any, error) {
		v, err := s.single(ctx, op, r.options)
		failed(s.log, op.Method, s.root+op.Path, err)
		return v, err
	}, s.locate), nil
}

// single carries out one operation.
func (s *Service) single(ctx context.Context, op *resource.BulkOperation, options []resource.Option) (any, error) {
	r, err := http.NewRequestWithContext(ctx, op.Method, s.root+op.Path, bytes.NewReader(op.Data))
	if err != nil {
		return nil, scimerrors.New(scimerrors.InvalidValue, "the path is malformed: %w", err)
	}
	r.Header.Set("Content-Type", resource.MediaType)
	if op.Version != "" {
		r.Header.Set("If-Match", op.Version)
	}
	h, _ := s.mux.Handler(r)
	e, ours := h.(endpoint)
	if !ours || r.Method == http.MethodPost && e.ctx != resource.CreationResponse { // a query, or another bulk request
		return nil, scimerrors.Status(http.StatusNotFound, "%s %s cannot be part of a bulk request", r.Method, r.URL.Path)
	}
	_, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, s.root+"/"), "/")
	r.SetPathValue("id", id)
	in := &request{Request: r, options: options}
	return in.do(discard{}, e.handle)
}

// discard is an answer that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(p []byte) (int, error) { return len(p), nil }
