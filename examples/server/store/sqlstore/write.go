package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/scimmodels/scim/examples/internal/ids"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// row is a resource as it is written.
type row struct {
	layout   *layout
	id       string
	version  int64
	created  time.Time
	modified time.Time
	display  string
	document []byte
	search   []byte
	elements []element
	keys     []store.Key
}

// row makes a row of a head.
func (s *Store) row(k *store.Kind, head any, version int64) (r row, err error) {
	c := resource.Common(head)
	r = row{layout: s.layout(k), id: c.ID, version: version, created: c.Meta.Created, modified: c.Meta.LastModified, display: k.Shown(head)}
	if r.document, err = resource.Marshal(resource.Storage, head); err != nil {
		return r, err
	}
	if r.search, err = filter.Document(head); err != nil {
		return r, err
	}
	if r.elements, err = r.layout.split(r.search); err != nil {
		return r, err
	}
	r.keys, err = k.Keys(head)
	slices.SortFunc(r.keys, func(a, b store.Key) int { // two transactions that want the same ones do not wait for each other
		return strings.Compare(a.Scope+"\x00"+a.Value, b.Scope+"\x00"+b.Value)
	})
	return r, err
}

// Create implements store.Store.
func (s *Store) Create(ctx context.Context, k *store.Kind, v any, lists bool) (made any, err error) {
	err = s.change(ctx, func(tx *sql.Tx, _ *error) error {
		now := s.db.Moment()
		head, err := k.New(v, ids.New(now), now)
		if err != nil {
			return err
		}
		r, err := s.row(k, head, 1)
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, []row{r}); err != nil {
			return err
		}
		for _, l := range k.Lists {
			values, err := l.Elements(v)
			if err != nil {
				return err
			}
			if err := add(ctx, tx, k, r.id, l, values); err != nil {
				return err
			}
		}
		made, err = s.result(ctx, tx, k, r.id, lists)
		return err
	})
	return made, err
}

// result reads what a transaction has made of a resource.
func (s *Store) result(ctx context.Context, tx *sql.Tx, k *store.Kind, id string, lists bool) (any, error) {
	f, err := s.one(ctx, tx, k, id, lists, "")
	if err != nil {
		return nil, err
	}
	return f.full(lists)
}

// insert writes new resources, without lists. They are few enough for the arguments of one statement.
func insert(ctx context.Context, tx *sql.Tx, rows []row) error {
	args := make([]any, 0, 10*len(rows))
	for _, r := range rows {
		args = append(args, r.id, filter.Fold(r.id), r.layout.kind.Name, r.version, sqldb.Stamp(r.created), sqldb.Stamp(r.modified),
			r.display, filter.Fold(r.display), string(r.document), string(r.search))
	}
	made, err := sqldb.Affected(sqldb.Exec(ctx, tx, `INSERT INTO resources
		(id, folded, kind, version, created, modified, display, display_folded, document, search) VALUES `+sqldb.Rows(len(rows), 10)+" ON CONFLICT DO NOTHING", args...))
	if err != nil {
		return err
	}
	if made < int64(len(rows)) {
		return store.Taken("id")
	}
	if err := take(ctx, tx, rows); err != nil {
		return err
	}
	return insertElements(ctx, tx, rows)
}

func insertElements(ctx context.Context, tx *sql.Tx, rows []row) error {
	var all [][]any
	for _, r := range rows {
		for _, e := range r.elements {
			all = append(all, []any{r.id, e.attribute, e.position, e.primary, e.value, e.search})
		}
	}
	for some := range slices.Chunk(all, sqldb.Chunk) {
		_, err := sqldb.Exec(ctx, tx, "INSERT INTO elements (owner, attribute, position, is_primary, value, search) VALUES "+
			sqldb.Rows(len(some), 6), slices.Concat(some...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// take makes values the resources' own, unless other ones have them. The constraint decides, also between transactions.
func take(ctx context.Context, tx *sql.Tx, rows []row) error {
	type wish struct {
		store.Key

		owner string
	}
	var wishes []wish
	for _, r := range rows {
		for _, k := range r.keys {
			wishes = append(wishes, wish{k, r.id})
		}
	}
	for some := range slices.Chunk(wishes, sqldb.Chunk) {
		var args []any
		for _, w := range some {
			args = append(args, w.Scope, w.Value, w.owner)
		}
		made, err := sqldb.Affected(sqldb.Exec(ctx, tx, "INSERT INTO taken (scope, value, owner) VALUES "+sqldb.Rows(len(some), 3)+
			" ON CONFLICT DO NOTHING", args...))
		if err != nil {
			return err
		}
		if made == int64(len(some)) {
			continue
		}
		for _, w := range some {
			var owner string
			err := tx.QueryRowContext(ctx, "SELECT owner FROM taken WHERE scope = $1 AND value = $2", w.Scope, w.Value).Scan(&owner)
			if err != nil || owner != w.owner {
				return taken(w.Path, err)
			}
		}
	}
	return nil
}

// taken is the error for a value that another resource has, or had a moment ago.
func taken(path string, err error) error {
	if err != nil && err != sql.ErrNoRows { //nolint:errorlint // database/sql does not wrap it
		return err
	}
	return store.Taken(path)
}

// Update implements store.Store.
func (s *Store) Update(
	ctx context.Context, k *store.Kind, id string, current, after bool, change func(current any) (*store.Change, error),
) (result any, err error) {
	err = s.change(ctx, func(tx *sql.Tx, own *error) error {
		f, err := s.one(ctx, tx, k, id, current, s.lock())
		if err != nil {
			return err
		}
		now, err := f.full(current)
		if err != nil {
			return err
		}
		c, err := change(now)
		if err != nil {
			*own = err
			return err
		}
		changed := false
		if c != nil {
			if changed, err = s.carryOut(ctx, tx, f, now, *c); err != nil {
				return err
			}
		}
		if changed || after && !current {
			result, err = s.result(ctx, tx, k, id, after)
		} else {
			result, err = f.full(after)
		}
		if err == nil && !changed {
			return sqldb.ErrUnchanged
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// carryOut writes a change and says whether it made a difference.
func (s *Store) carryOut(ctx context.Context, tx *sql.Tx, f *found, current any, c store.Change) (bool, error) {
	head, changed, err := f.kind.Next(current, c.Next, s.db.Moment())
	if err != nil {
		return false, err
	}
	edited, err := edit(ctx, tx, f, c.Edits)
	if err != nil || !changed && !edited {
		return false, err
	}
	if !changed {
		_, err := sqldb.Exec(ctx, tx, "UPDATE resources SET version = version + 1, modified = $2 WHERE id = $1",
			f.id, sqldb.Stamp(resource.Common(head).Meta.LastModified))
		return true, err
	}
	r, err := s.row(f.kind, head, f.version+1)
	if err != nil {
		return false, err
	}
	return true, replace(ctx, tx, r)
}

// replace writes a resource over what it was.
func replace(ctx context.Context, tx *sql.Tx, r row) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE resources SET version = $2, modified = $3, display = $4, display_folded = $5, document = $6, search = $7
		WHERE id = $1`, r.id, r.version, sqldb.Stamp(r.modified), r.display, filter.Fold(r.display), string(r.document), string(r.search))
	if err != nil {
		return err
	}
	had, err := sqldb.Query(ctx, tx, func(rows *sql.Rows) (k store.Key, err error) {
		err = rows.Scan(&k.Scope, &k.Value)
		return k, err
	}, "SELECT scope, value FROM taken WHERE owner = $1", r.id)
	if err != nil {
		return err
	}
	same := func(a store.Key) func(store.Key) bool {
		return func(b store.Key) bool { return a.Scope == b.Scope && a.Value == b.Value }
	}
	for _, k := range had {
		if slices.ContainsFunc(r.keys, same(k)) {
			continue
		}
		if _, err := sqldb.Exec(ctx, tx, "DELETE FROM taken WHERE scope = $1 AND value = $2", k.Scope, k.Value); err != nil {
			return err
		}
	}
	r.keys = slices.DeleteFunc(r.keys, func(k store.Key) bool { return slices.ContainsFunc(had, same(k)) })
	if err := take(ctx, tx, []row{r}); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, "DELETE FROM elements WHERE owner = $1", r.id); err != nil {
		return err
	}
	return insertElements(ctx, tx, []row{r})
}

// Delete implements store.Store. Who has the resource in a list is locked first, by id: whoever edits a list locks in this order, too.
func (s *Store) Delete(ctx context.Context, k *store.Kind, id string, check func(current any) error) error {
	return s.change(ctx, func(tx *sql.Tx, own *error) error {
		if !storable(id) {
			return store.ErrNotFound
		}
		if _, err := s.owners(ctx, tx, id); err != nil {
			return err
		}
		// From here on nobody can put the resource into one more list.
		f, err := s.one(ctx, tx, k, id, false, s.db.ForUpdate)
		if err != nil {
			return err
		}
		current, err := f.full(false)
		if err != nil {
			return err
		}
		if err := check(current); err != nil {
			*own = err
			return err
		}
		owners, err := s.owners(ctx, tx, id) // with those that have come in between
		if err != nil {
			return err
		}
		if err := touch(ctx, tx, owners, s.db.Moment()); err != nil {
			return err
		}
		_, err = sqldb.Exec(ctx, tx, "DELETE FROM resources WHERE id = $1", id)
		return err
	})
}

// owner is a resource that has another one in a list.
type owner struct {
	id       string
	modified time.Time
}

// owners are the resources in whose lists one is. They are locked.
func (s *Store) owners(ctx context.Context, tx *sql.Tx, id string) ([]owner, error) {
	return sqldb.Query(ctx, tx, func(rows *sql.Rows) (o owner, err error) {
		err = rows.Scan(&o.id, (*sqldb.Instant)(&o.modified))
		return o, err
	}, "SELECT id, modified FROM resources WHERE id IN (SELECT owner FROM members WHERE value = $1) ORDER BY id"+s.lock(), id)
}

// touch says that the lists of resources have changed. There may be a thousand of them, but hardly one whose last change is not before now.
func touch(ctx context.Context, tx *sql.Tx, owners []owner, now time.Time) error {
	at := map[time.Time][]string{}
	for _, o := range owners {
		later := store.Later(o.modified, now)
		at[later] = append(at[later], o.id)
	}
	for later, ids := range at {
		for some := range slices.Chunk(ids, sqldb.Chunk) {
			_, err := sqldb.Exec(ctx, tx, "UPDATE resources SET version = version + 1, modified = $1 WHERE id IN ("+sqldb.Places(1, len(some))+")",
				sqldb.Args([]any{sqldb.Stamp(later)}, some)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
