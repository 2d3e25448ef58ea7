package resource

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/opt"
)

// ListResponse is a page of results (RFC 7644 section 3.4.2, cursors RFC 9865 section 2).
// T is a resource type or a pointer to one, any to write lists of mixed types, or json.RawMessage to read them.
type ListResponse[T any] struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:ListResponse"`

	// TotalResults counts all matches, not only those on this page.
	// -1 says that the number is not known, which only pages with a cursor may say (RFC 9865 section 2).
	TotalResults int `json:"totalResults"`
	// StartIndex is the position of the first result on this page, from 1. Pages with a cursor have none.
	StartIndex int `json:"startIndex,omitempty"`
	// ItemsPerPage is the number of resources on this page.
	ItemsPerPage int `json:"itemsPerPage"`
	// NextCursor leads to the next page; the last page has none.
	NextCursor string `json:"nextCursor,omitempty"`
	// PreviousCursor may lead to the page before; the first page has none.
	PreviousCursor string `json:"previousCursor,omitempty"`
	// Resources is written even when it is empty.
	Resources []T `json:"Resources"`
}

// List answers a query from resources held in memory: it filters, sorts and cuts out the page that q asks for, at most
// [MaxResults] long (RFC 7644 section 3.4.2). items is left alone; resources that compare equal keep their order. A nil q
// asks for everything. The errors are those of filter.Compile (400 invalidFilter) and filter.CompileOrder (400 invalidValue).
//
// With [Paging] cursors are served, too: each resource needs an id of its own then, and the errors are also those of
// [Cursors.Open] and [Cursors.Seal]. Without it an empty cursor is ignored, as by a service that knows none, and another one is
// 400 invalidCursor.
func List[T any](items []*T, q *SearchRequest, opts ...Option) (*ListResponse[*T], error) {
	s := opt.Collect(opts)
	q, err := q.served(&s)
	if err != nil {
		return nil, err
	}
	match, err := filter.Compile[T](q.Filter, opts...)
	if err != nil {
		return nil, err
	}
	order, err := filter.CompileOrder[T](q.SortBy, q.SortOrder, opts...)
	if err != nil {
		return nil, err
	}
	if q.Filter != "" {
		chosen := make([]*T, 0, min(len(items), 64))
		for _, item := range items {
			if match.Match(item) {
				chosen = append(chosen, item)
			}
		}
		items = chosen
	}
	if q.Cursor != nil {
		return byCursor(items, order, q, &s)
	}
	if q.SortBy != "" {
		items = slices.Clone(items)
		slices.SortStableFunc(items, func(a, b *T) int { return order.Compare(a, b) })
	}
	return cut(items, q, s.MaxResults), nil
}

// ListOf is [List] for resources of several types or of a type known at run time only, such as those of a query at the
// root (RFC 7644 section 3.4.2.1): each item is a pointer to a resource. An attribute that a type does not have has no
// value there, and that is no error in any mode.
func ListOf(items []any, q *SearchRequest, opts ...Option) (*ListResponse[any], error) {
	s := opt.Collect(opts)
	q, err := q.served(&s)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 { // without a type there is only the syntax to be checked
		if err := q.verify(&s).Err(); err != nil {
			return nil, err
		}
	}
	across := append(slices.Clone(opts), filter.AcrossTypes())
	filters := map[reflect.Type]*filter.Filter{}
	var order *filter.Order
	var unsorted error // why no type so far has what to sort by
	sorted := false
	chosen := make([]any, 0, min(len(items), 64))
	for _, item := range items {
		t := reflect.TypeOf(item)
		match, known := filters[t]
		if !known {
			p, _, err := structOf(item)
			if err != nil {
				return nil, err
			}
			if match, err = filter.CompileType(p.Go, q.Filter, across...); err != nil {
				return nil, err
			}
			if order == nil {
				if order, err = filter.CompileOrderType(p.Go, q.SortBy, q.SortOrder, across...); err != nil {
					return nil, err
				}
			}
			if _, err := filter.CompileOrderType(p.Go, q.SortBy, q.SortOrder, opts...); err == nil {
				sorted = true
			} else {
				unsorted = err
			}
			filters[t] = match
		}
		if match.Match(item) {
			chosen = append(chosen, item)
		}
	}
	if unsorted != nil && !sorted { // AMB-41: none of the types has the attribute
		return nil, unsorted
	}
	if q.Cursor != nil {
		return byCursor(chosen, order, q, &s)
	}
	if q.SortBy != "" && order != nil {
		slices.SortStableFunc(chosen, order.Compare)
	}
	return cut(chosen, q, s.MaxResults), nil
}

// served is the query as a list in memory can answer it: without [Paging] by index (RFC 9865 section 2.4).
func (q *SearchRequest) served(s *opt.Settings) (*SearchRequest, error) {
	switch {
	case q == nil:
		return &SearchRequest{}, nil
	case q.Cursor == nil || s.Paging != nil:
		return q, nil
	case *q.Cursor != "":
		return nil, errCursor()
	}
	indexed := *q
	indexed.Cursor = nil
	return &indexed, nil
}

// cut answers with the page that q asks for by its startIndex.
func cut[T any](items []T, q *SearchRequest, most int) *ListResponse[T] {
	offset, limit := q.Page(most)
	from := min(offset, len(items))
	to := from + min(limit, len(items)-from)
	return Page(q, items[from:to:to], len(items))
}

// byCursor answers with the page that q asks for by its cursor. Without items there may be no order.
func byCursor[T any](items []T, order *filter.Order, q *SearchRequest, s *opt.Settings) (*ListResponse[T], error) {
	if err := q.above(s); err != nil {
		return nil, err
	}
	p, _ := s.Paging.(*paging)
	last, err := p.cursors.Open(q, p.bound...)
	if err != nil {
		return nil, err
	}
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b T) int {
		if c := order.Compare(a, b); c != 0 {
			return c
		}
		return strings.Compare(idOf(a), idOf(b))
	})
	from := 0
	if last != nil && len(items) > 0 {
		after, err := order.Seek(last)
		if err != nil {
			return nil, err
		}
		from = sort.Search(len(items), func(i int) bool { return after(items[i]) })
	}
	_, limit := q.Page(s.MaxResults)
	to := from + min(limit, len(items)-from)
	page := Page(q, items[from:to:to], len(items))
	if from == to || to == len(items) {
		return page, nil
	}
	key := order.Key(items[to-1])
	if after, err := order.Seek(key); err != nil || !after(items[to]) { // the next page would leave it out
		return nil, fmt.Errorf("scim: pages cannot go on behind one of several resources with the id %q", idOf(items[to-1]))
	}
	if page.NextCursor, err = p.cursors.Seal(q, key, p.bound...); err != nil {
		return nil, err
	}
	return page, nil
}

func idOf(v any) string {
	if common := Common(v); common != nil {
		return common.ID
	}
	return ""
}

// Page makes the answer to a query (RFC 7644 section 3.4.2) from a page that a store has chosen and the total number of matches. Its startIndex
// is that of q; a page in cursor mode has none, and its NextCursor is for the caller to set. A total of -1 says that the
// number is not known.
func Page[T any](q *SearchRequest, page []T, total int) *ListResponse[T] {
	l := &ListResponse[T]{TotalResults: total, ItemsPerPage: len(page), Resources: page}
	if q == nil || q.Cursor == nil {
		offset, _ := q.Page(0)
		l.StartIndex = offset + 1
	}
	return l
}

// untold marks a totalResults that the document does not have.
const untold = math.MinInt

func (l *ListResponse[T]) expect() { l.TotalResults = untold }

func (l *ListResponse[T]) settle(s *opt.Settings, found errors.List) errors.List {
	missing := l.TotalResults == untold
	if missing {
		l.TotalResults = -1
	}
	switch {
	case slices.ContainsFunc(found, func(e *errors.Error) bool { return e.Path == "totalResults" || e.Path == "Resources" }):
		return nil // one fault is enough
	case missing && l.StartIndex == 0: // a cursor page may leave it out
		return nil
	case !missing && l.TotalResults < 0:
		return errors.List{refuse("totalResults", "must be 0 or more")}
	}
	return l.verify(s)
}

// verify applies RFC 7644 section 3.4.2 and RFC 9865 section 2.
func (l *ListResponse[T]) verify(*opt.Settings) errors.List {
	switch {
	case l.TotalResults == -1 && l.StartIndex != 0:
		return errors.List{refuse("totalResults", "is required")}
	case l.TotalResults < -1:
		return errors.List{refuse("totalResults", "must be 0 or more")}
	case l.TotalResults > 0 && l.Resources == nil:
		return errors.List{refuse("Resources", "is required when totalResults is not 0")}
	}
	return nil
}

func refuse(path, detail string) *errors.Error {
	return &errors.Error{Status: 400, Type: errors.InvalidValue, Path: path, Detail: detail}
}
