package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
)

// Search implements store.Store. Resources of one kind, or of several without sortBy, are one statement; what is sorted over several kinds
// is read kind by kind and merged, since an attribute of one name may be another one in each of them.
func (s *Store) Search(ctx context.Context, q *store.Query) (*store.Page, error) {
	chosen, err := q.Compile()
	if err != nil {
		return nil, err
	}
	share := 1
	if q.SortBy == "" {
		share = max(1, len(chosen))
	}
	var sources []*source
	for some := range slices.Chunk(chosen, share) {
		from, err := s.source(some)
		if err != nil {
			return nil, err
		}
		sources = append(sources, from)
	}
	page := &store.Page{Total: -1}
	err = s.view(ctx, func(tx *sql.Tx) error {
		if q.Count {
			page.Total = 0
			for _, from := range sources {
				n, err := from.count(ctx, tx)
				if err != nil {
					return err
				}
				page.Total += n
			}
		}
		if q.Limit <= 0 || len(sources) == 0 {
			return nil
		}
		var all []*found
		if len(sources) == 1 {
			all, err = sources[0].read(ctx, tx, q.Lists, q.After, q.Offset, q.Limit+1)
		} else {
			all, err = merged(ctx, tx, sources, q)
		}
		if err != nil {
			return err
		}
		if len(all) > q.Limit {
			all = all[:q.Limit]
			if page.Next, err = place(chosen[0].Order, all[q.Limit-1]); err != nil {
				return err
			}
		}
		page.Resources = make([]any, len(all))
		for i, f := range all {
			if page.Resources[i], err = f.full(q.Lists); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

// source is where results come from, in SQL: all of them in one order.
type source struct {
	kinds   []*store.Kind
	where   string
	args    []any
	order   *filter.Order
	dialect filter.Dialect // of the order
	by      string
	key, id string // its parts: filter.Order.Keys
	lists   bool   // the order looks at lists
	some    string // behind an expression, that it has a value
}

func (s *Store) source(chosen []store.Chosen) (from *source, err error) {
	from = &source{some: " IS NOT NULL"}
	if s.db.Name == sqldb.SQLite.Name {
		from.some = " < x''" // all texts and numbers are less than all blobs, and of less SQLite makes use of an index
	}
	conditions := make([]string, len(chosen))
	for i, c := range chosen {
		l := s.layout(c.Kind)
		if i == 0 {
			from.order = c.Order
			from.dialect = s.dialect(l, true, func(store.List) { from.lists = true })
			if from.by, err = c.Order.SQL(from.dialect); err != nil {
				return nil, err
			}
			if from.key, from.id, err = c.Order.Keys(from.dialect); err != nil {
				return nil, err
			}
		}
		from.kinds = append(from.kinds, c.Kind)
		conditions[i], from.args, err = l.condition(c.Filter, s.dialect(l, false, func(store.List) {}), from.args)
		if err != nil {
			return nil, err
		}
		conditions[i] = "r.kind = " + l.literal + " AND " + conditions[i]
	}
	from.where = conditions[0]
	if len(conditions) > 1 {
		from.where = "(" + strings.Join(conditions, " OR ") + ")"
	}
	return from, nil
}

func (from *source) count(ctx context.Context, tx *sql.Tx) (n int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM resources r WHERE "+from.where, from.args...).Scan(&n)
	return n, err
}

// statement is what stands behind WHERE to read results, without a limit.
type statement struct {
	where string
	args  []any
	by    string
}

// read reads a page: what comes after a place in the order, if there is one.
func (from *source) read(ctx context.Context, tx *sql.Tx, lists bool, after []any, offset, limit int) (all []*found, err error) {
	statements, err := from.statements(after, offset > 0)
	if err != nil {
		return nil, err
	}
	for _, one := range statements {
		rest := "WHERE " + one.where + " ORDER BY " + one.by + " LIMIT " + sqldb.Places(len(one.args), 1) + " OFFSET " + sqldb.Places(len(one.args)+1, 1)
		some, err := read(ctx, tx, from.kinds, lists || from.lists, rest, append(slices.Clip(one.args), limit-len(all), offset)...)
		if err != nil {
			return nil, err
		}
		if all = append(all, some...); len(all) == limit {
			break
		}
	}
	return all, nil
}

// statements read what comes after a place, one after the other. What has a value and what has none are two ranges of an index, and so two
// statements: for one condition on both, as filter.Order.After writes it, databases would go through all that comes before the place. whole
// wants one statement nevertheless.
func (from *source) statements(after []any, whole bool) ([]statement, error) {
	x, id, descending := from.key, from.id, from.order.Descending()
	none := from.where + " AND " + x + " IS NULL"
	assigned := statement{from.where + " AND " + x + from.some, from.args, from.by}
	switch {
	case after == nil && x != "" && descending && !whole:
		return []statement{{none, from.args, id}, assigned}, nil
	case after == nil:
		return []statement{{from.where, from.args, from.by}}, nil
	}
	behind, args, err := from.order.After(from.dialect, after, slices.Clip(from.args))
	if err != nil {
		return nil, err
	}
	behind = from.where + " AND " + behind
	if x == "" || whole {
		return []statement{{behind, args, from.by}}, nil
	}
	value, last := after[0], after[1]
	text, isText := value.(string)
	switch {
	case value == nil:
		n := len(from.args)
		here := statement{none + " AND " + id + " > " + sqldb.Places(n, 1), append(slices.Clip(from.args), last), id}
		if descending {
			return []statement{here, assigned}, nil
		}
		return []statement{here}, nil
	case descending && isText:
		return []statement{{behind + " AND " + x + " <= " + sqldb.Places(len(args), 1), append(slices.Clip(args), text), from.by}}, nil
	case descending:
		return []statement{{behind, args, from.by}}, nil
	}
	some := statement{behind + " AND " + x + from.some, args, from.by}
	if isText { // SQLite has no index for rows with an expression in them, but one for the expression
		n := len(from.args)
		at := sqldb.Places(n, 1)
		some.where = from.where + " AND " + x + " >= " + at + " AND (" + x + ", " + id + ") > (" + at + ", " + sqldb.Places(n+1, 1) + ")"
		some.args = append(slices.Clip(from.args), text, last)
	}
	return []statement{some, {none, from.args, id}}, nil
}

// place is the key of a resource in an order.
func place(o *filter.Order, f *found) ([]any, error) {
	v, err := f.full(true)
	if err != nil {
		return nil, err
	}
	return o.Key(v), nil
}

// stream reads a source page by page.
type stream struct {
	from *source
	read []*found
	next any // the first one of read, for comparison
	done bool
}

// merged puts the results of several sources into one order, with no more of each in memory than a page or a batch. Lists are read of
// what has its place on the page only.
func merged(ctx context.Context, tx *sql.Tx, sources []*source, q *store.Query) (all []*found, err error) {
	order := sources[0].order
	streams := make([]*stream, len(sources))
	for i, from := range sources {
		streams[i] = &stream{from: from}
		if err := streams[i].fill(ctx, tx, q, q.After); err != nil {
			return nil, err
		}
	}
	for skip := q.Offset; len(all) <= q.Limit; {
		streams = slices.DeleteFunc(streams, func(s *stream) bool { return s.next == nil })
		if len(streams) == 0 {
			break
		}
		first := slices.MinFunc(streams, func(a, b *stream) int {
			return cmp.Or(order.Compare(a.next, b.next), strings.Compare(a.read[0].id, b.read[0].id))
		})
		if skip > 0 {
			skip--
		} else {
			all = append(all, first.read[0])
		}
		if err := first.advance(ctx, tx, q); err != nil {
			return nil, err
		}
	}
	if q.Lists {
		return all, joinLists(ctx, tx, all[:min(len(all), q.Limit)])
	}
	return all, nil
}

func (s *stream) advance(ctx context.Context, tx *sql.Tx, q *store.Query) (err error) {
	if len(s.read) > 1 {
		s.read = s.read[1:]
		s.next, err = s.read[0].full(true)
		return err
	}
	return s.fill(ctx, tx, q, s.from.order.Key(s.next))
}

func (s *stream) fill(ctx context.Context, tx *sql.Tx, q *store.Query, after []any) (err error) {
	s.next = nil
	if s.done {
		return nil
	}
	limit := max(q.Limit, min(q.Offset+q.Limit, batch)) + 1 // small pages far down the list take no more reads than large ones
	if s.read, err = s.from.read(ctx, tx, false, after, 0, limit); err != nil || len(s.read) == 0 {
		return err
	}
	s.done = len(s.read) < limit
	s.next, err = s.read[0].full(true)
	return err
}
