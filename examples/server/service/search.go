package service

import (
	"context"
	"net/http"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// listing answers queries over one or all kinds.
type listing struct {
	*Service
	endpoint string
	kinds    []*store.Kind
}

// queried reads the query in the URL of a list.
func (s *Service) queried(r request) (*resource.SearchRequest, error) {
	values, err := r.values()
	if err != nil {
		return nil, err
	}
	q, err := resource.ParseQuery(values, r.with(resource.MaxResults(MaxPage))...)
	if err != nil {
		return nil, err
	}
	return q, s.guard(q)
}

// searched reads the query in the body of a POST to .search.
func (s *Service) searched(r request) (*resource.SearchRequest, error) {
	return resource.Validate[resource.SearchRequest](resource.QueryRequest, r.body, r.with(resource.MaxResults(MaxPage))...)
}

// guard refuses a filter in a URL that uses a sensitive attribute: URLs end up in logs, bodies do not (RFC 7644 section 7.5.2).
func (s *Service) guard(q *resource.SearchRequest) error {
	if q.Filter == "" || len(s.Sensitive) == 0 {
		return nil
	}
	e, err := filter.Parse(q.Filter)
	if err != nil {
		return nil //nolint:nilerr // the store says it better
	}
	if name := sensitive(e, s.Sensitive, ""); name != "" {
		return scimerrors.New(scimerrors.Sensitive, "%s is not to be used in a URL; send the filter by POST to .search", name)
	}
	return nil
}

// sensitive finds the first of some attributes that a filter uses. The parts of a value path are named after the attribute.
func sensitive(e filter.Expression, names []string, within string) string {
	switch e := e.(type) {
	case *filter.AttributeExpression:
		path := within + e.AttributePath.String()
		if i := slices.IndexFunc(names, func(name string) bool { return about(path, name) }); i >= 0 {
			return names[i]
		}
	case *filter.LogicalExpression:
		if name := sensitive(e.Left, names, within); name != "" {
			return name
		}
		return sensitive(e.Right, names, within)
	case *filter.NotExpression:
		return sensitive(e.Expression, names, within)
	case *filter.ValuePath:
		return sensitive(e.ValueFilter, names, e.AttributePath.String()+".")
	}
	return ""
}

// about says whether a path is the attribute, a part of it, or the other way round. URNs are left out, as clients may do: rather one filter
// too many is refused.
func about(path, name string) bool {
	path, name = bare(path), bare(name)
	return path == name || strings.HasPrefix(path, name+".") || strings.HasPrefix(name, path+".")
}

func bare(path string) string { return strings.ToLower(path[strings.LastIndexByte(path, ':')+1:]) }

func (l listing) search(ctx context.Context, r request) (any, error) {
	last, err := l.cursors.Open(r.query, l.endpoint, r.caller.name)
	if err != nil {
		return nil, err
	}
	q := &store.Query{
		Kinds: l.kinds, Filter: r.query.Filter, SortBy: r.query.SortBy, SortOrder: r.query.SortOrder, Options: r.options, After: last,
		Lists: slices.ContainsFunc(l.kinds, func(k *store.Kind) bool { return shows(k, resource.QueryResponse, r) }),
	}
	byCursor := r.query.Cursor != nil
	q.Offset, q.Limit = r.query.Page(MaxPage)
	q.Count = !byCursor || q.Limit == 0 // to count takes longer than a page; RFC 9865 section 2 does without
	page, err := l.Store.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	list := resource.Page(r.query, page.Resources, page.Total)
	if byCursor && page.Next != nil {
		list.NextCursor, err = l.cursors.Seal(r.query, page.Next, l.endpoint, r.caller.name)
	}
	return list, err
}

// one finds the only resource that a filter chooses, for /Me.
func (s *Service) one(ctx context.Context, k *store.Kind, chosen string) (any, error) {
	page, err := s.Store.Search(ctx, &store.Query{Kinds: []*store.Kind{k}, Filter: chosen, Limit: 2})
	if err != nil {
		return nil, err
	}
	if len(page.Resources) != 1 {
		return nil, scimerrors.Status(http.StatusNotFound, "there is no such user")
	}
	return page.Resources[0], nil
}
