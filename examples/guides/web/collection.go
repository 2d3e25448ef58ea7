package web

import (
	"context"
	"net/http"

	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// Store keeps the resources of one type; it is all that the application has to write. Meta has to be filled in, but for the location.
// Errors are those of package scimerrors: a 404 where there is no such resource, Uniqueness, ErrChanged. Others become a bare 500.
type Store[T any] interface {
	Create(ctx context.Context, v *T) (*T, error) // gives it an id, which never changes and is never given out twice
	Load(ctx context.Context, id string) (*T, error)
	Search(ctx context.Context, q *resource.SearchRequest, options ...resource.Option) (*resource.ListResponse[*T], error)
	Update(ctx context.Context, current, next *T) (*T, error) // ErrChanged if current is no longer what is stored
	Delete(ctx context.Context, current *T) error
}

// Mount serves resources of type T at path, such as /Users.
func Mount[T any](s *Service, path string, store Store[T]) {
	c := collection[T]{store}
	s.route(path, map[string]http.Handler{
		http.MethodPost: s.answer(resource.CreationResponse, c.create),
		http.MethodGet:  s.answer(resource.QueryResponse, c.list),
	})
	s.mux.Handle("POST "+s.root+path+"/.search", s.answer(resource.QueryResponse, c.search))
	s.route(path+"/{id}", map[string]http.Handler{
		http.MethodGet:    s.answer(resource.QueryResponse, c.read),
		http.MethodPut:    s.answer(resource.ReplaceResponse, c.replace),
		http.MethodPatch:  s.answer(resource.PatchResponse, c.patch),
		http.MethodDelete: s.answer(resource.QueryResponse, c.delete),
	})
}

type collection[T any] struct{ store Store[T] }

func (c collection[T]) create(r *request) (any, error) {
	v, err := resource.Validate[T](resource.CreationRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	return c.store.Create(r.Context(), v)
}

func (c collection[T]) list(r *request) (any, error) {
	return c.store.Search(r.Context(), r.query, r.options...)
}

func (c collection[T]) search(r *request) (any, error) {
	q, err := resource.Validate[resource.SearchRequest](resource.QueryRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	r.query = q // it also says which attributes the answer has
	return c.list(r)
}

func (c collection[T]) read(r *request) (any, error) { return c.load(r) }

func (c collection[T]) replace(r *request) (any, error) {
	current, err := c.load(r)
	if err != nil {
		return nil, err
	}
	next, err := resource.Validate[T](resource.ReplaceRequest, r.body, append(r.options, resource.Replacing(current))...)
	if err != nil {
		return nil, err
	}
	return c.store.Update(r.Context(), current, next)
}

func (c collection[T]) patch(r *request) (any, error) {
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	current, err := c.load(r)
	if err != nil {
		return nil, err
	}
	next, err := patch.Apply(current, op, r.options...)
	if err != nil || next == current { // nothing changed: nothing is stored, the version stays
		return next, err
	}
	return c.store.Update(r.Context(), current, next)
}

func (c collection[T]) delete(r *request) (any, error) {
	current, err := c.load(r)
	if err != nil {
		return nil, err
	}
	return nil, c.store.Delete(r.Context(), current)
}

// load finds the resource that the URL names and looks at If-Match and If-None-Match: 404, 412, 304.
func (c collection[T]) load(r *request) (*T, error) {
	v, err := c.store.Load(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return v, etag.Check(r.Request, resource.Common(v).Meta.Version)
}
