package service

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// bulk carries out several requests that come in one (RFC 7644 section 3.7).
func (s *Service) bulk(ctx context.Context, r request) (any, error) {
	b, err := resource.ParseBulk(r.body, config.Bulk, r.options...)
	if err != nil {
		return nil, err
	}
	// RunBulk leaves out what its context is too late for. A client has to know what has not been done, so that context does not end, and
	// each operation that comes too late fails. What is half done is deleted again even then, for which RunBulk has a context of its own.
	endless := context.WithoutCancel(ctx)
	return resource.RunBulk(endless, b, func(given context.Context, op *resource.BulkOperation) (any, error) {
		if given != endless {
			return s.carryOut(given, r, op)
		}
		if err := ctx.Err(); err != nil {
			return nil, busy("there was no time left for this operation, and it has not been carried out; send it again: %w", err)
		}
		return s.carryOut(ctx, r, op)
	}, s.locate(r.Request)), nil
}

// operation takes the outcome of an operation instead of a connection.
type operation struct {
	discard
	within   request
	resource any
	err      error
}

// carryOut sends an operation the way that a request of its own would take.
func (s *Service) carryOut(ctx context.Context, within request, op *resource.BulkOperation) (any, error) {
	u, err := url.Parse(op.Path)
	if err != nil || u.IsAbs() || u.Host != "" {
		return nil, scimerrors.New(scimerrors.InvalidValue, "the path is not one of this service")
	}
	r, err := http.NewRequestWithContext(ctx, op.Method, u.String(), bytes.NewReader(op.Data))
	if err != nil {
		return nil, scimerrors.New(scimerrors.InvalidValue, "the path is not one of this service: %w", err)
	}
	r.Header.Set("Content-Type", resource.MediaType)
	if op.Version != "" {
		r.Header.Set("If-Match", op.Version)
	}
	o := &operation{discard: discard{}, within: within}
	s.serve(o, r)
	return o.resource, o.err
}

// operate calls the handler for an operation.
func (e endpoint) operate(o *operation, r *http.Request) (any, error) {
	if !e.bulk {
		return nil, scimerrors.Status(http.StatusNotFound, "%s %s cannot be an operation of a bulk request", r.Method, r.URL.Path)
	}
	in := request{Request: r, caller: o.within.caller, options: o.within.options}
	in.query = &resource.SearchRequest{Attributes: []string{"id"}} // the answer has no resources
	var err error
	if in.body, err = resource.Read(o, r, MaxBody); err != nil {
		return nil, err
	}
	v, err := e.handle(r.Context(), in)
	if reply, ok := v.(answer); ok {
		v = reply.of
	}
	if err != nil {
		e.record(r, nil, err)
		return nil, err
	}
	return v, nil
}
