package memory

import (
	"context"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
)

// result is a resource that a query has found.
type result struct {
	*entry

	seen any // what filter and order have seen of it
}

// Search implements store.Store.
func (s *Store) Search(ctx context.Context, q *store.Query) (*store.Page, error) {
	chosen, err := q.Compile()
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []result
	for _, c := range chosen {
		if found, err = s.match(ctx, q, c, found); err != nil {
			return nil, err
		}
	}
	page := &store.Page{Total: -1}
	if q.Count {
		page.Total = len(found)
	}
	if len(chosen) == 0 {
		return page, nil
	}
	if err := s.cut(q, chosen[0].Order, found, page); err != nil {
		return nil, err
	}
	return page, nil
}

// match appends the resources of a kind that the filter chooses.
func (s *Store) match(ctx context.Context, q *store.Query, c store.Chosen, found []result) ([]result, error) {
	lists := slices.ContainsFunc(c.Kind.Lists, q.Mentions)
	for _, e := range s.kinds[c.Kind.Name] {
		if err := ctx.Err(); err != nil {
			return nil, scimerrors.From(err)
		}
		v, err := s.fill(e, lists)
		if err != nil {
			return nil, err
		}
		if c.Filter.Match(v) {
			found = append(found, result{e, v})
		}
	}
	return found, nil
}

// cut puts results in order and those on a page, which has another one behind it if there are more.
func (s *Store) cut(q *store.Query, order *filter.Order, found []result, page *store.Page) error {
	if q.After != nil {
		after, err := order.Seek(q.After)
		if err != nil {
			return err
		}
		found = slices.DeleteFunc(found, func(r result) bool { return !after(r.seen) })
	}
	slices.SortFunc(found, func(a, b result) int {
		if c := order.Compare(a.seen, b.seen); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	found = found[min(max(q.Offset, 0), len(found)):]
	n := min(max(q.Limit, 0), len(found))
	for _, r := range found[:n] {
		v, err := s.fill(r.entry, q.Lists)
		if err != nil {
			return err
		}
		page.Resources = append(page.Resources, v)
	}
	if n > 0 && n < len(found) {
		page.Next = order.Key(found[n-1].seen)
	}
	return nil
}

var _ store.Store = (*Store)(nil)
