package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// found is a row of resources with what other tables have of it.
type found struct {
	kind        *store.Kind
	id          string
	version     int64
	head        any
	lists       map[string][]store.Element
	memberships map[string][]store.Element
}

// full makes the resource that the store returns.
func (f *found) full(lists bool) (any, error) {
	if !lists {
		return f.kind.Fill(f.head, f.version, nil, f.memberships)
	}
	return f.kind.Fill(f.head, f.version, f.lists, f.memberships)
}

const columns = "r.id, r.kind, r.version, r.modified, r.document"

// read reads resources of some kinds with their memberships and, if wanted, their lists; rest is what stands behind FROM resources r.
func read(ctx context.Context, tx *sql.Tx, kinds []*store.Kind, lists bool, rest string, args ...any) ([]*found, error) {
	all, err := sqldb.Query(ctx, tx, func(rows *sql.Rows) (*found, error) { return scan(rows, kinds) },
		"SELECT "+columns+" FROM resources r "+rest, args...)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		at := map[string]*found{}
		var ids []string
		for _, f := range all {
			if f.kind == k {
				at[f.id] = f
				ids = append(ids, f.id)
			}
		}
		for some := range slices.Chunk(ids, sqldb.Chunk) {
			for _, l := range k.Memberships {
				if err := readMemberships(ctx, tx, l, at, some); err != nil {
					return nil, err
				}
			}
		}
	}
	if lists {
		return all, joinLists(ctx, tx, all)
	}
	return all, nil
}

// joinLists reads the lists of resources, unless they have been read.
func joinLists(ctx context.Context, tx *sql.Tx, all []*found) error {
	at := map[string]*found{}
	var ids []string
	for _, f := range all {
		if f.lists == nil && len(f.kind.Lists) > 0 {
			f.lists = map[string][]store.Element{}
			at[f.id] = f
			ids = append(ids, f.id)
		}
	}
	for some := range slices.Chunk(ids, sqldb.Chunk) {
		if err := readLists(ctx, tx, at, some); err != nil {
			return err
		}
	}
	return nil
}

func scan(rows *sql.Rows, kinds []*store.Kind) (*found, error) {
	var f found
	var name string
	var modified sqldb.Instant
	var document []byte
	if err := rows.Scan(&f.id, &name, &f.version, &modified, &document); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(kinds, func(k *store.Kind) bool { return k.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("resource %s is of the kind %s, which nobody has asked for", f.id, name)
	}
	f.kind = kinds[i]
	var err error
	if f.head, err = resource.ValidateAs(f.kind.Type, resource.Storage, document); err != nil {
		return nil, fmt.Errorf("document of %s: %w", f.id, unread{err})
	}
	resource.Common(f.head).Meta.LastModified = time.Time(modified) // which the document does not know if it is a list that has changed
	return &f, nil
}

// unread hides what is wrong with a document, which is no matter of a client.
type unread struct{ err error }

func (u unread) Error() string { return u.err.Error() }

func readLists(ctx context.Context, tx *sql.Tx, at map[string]*found, ids []string) error {
	_, err := sqldb.Query(ctx, tx, func(rows *sql.Rows) (none struct{}, err error) {
		var owner, list string
		var e store.Element
		if err := rows.Scan(&owner, &list, &e.Value, &e.Type, &e.Display); err != nil {
			return none, err
		}
		f := at[owner]
		f.lists[list] = append(f.lists[list], e)
		return none, nil
	}, `SELECT m.owner, m.list, m.value, m.kind, v.display FROM members m JOIN resources v ON v.id = m.value
		WHERE m.owner IN (`+sqldb.Places(0, len(ids))+`) ORDER BY m.owner, m.list, m.value`, sqldb.Args(nil, ids)...)
	return err
}

func readMemberships(ctx context.Context, tx *sql.Tx, l store.List, at map[string]*found, ids []string) error {
	_, err := sqldb.Query(ctx, tx, func(rows *sql.Rows) (none struct{}, err error) {
		var start string
		var direct int
		var e store.Element
		if err := rows.Scan(&start, &e.Value, &direct, &e.Display); err != nil {
			return none, err
		}
		if e.Type = "indirect"; direct == 1 {
			e.Type = "direct"
		}
		f := at[start]
		if f.memberships == nil {
			f.memberships = map[string][]store.Element{}
		}
		f.memberships[l.Path] = append(f.memberships[l.Path], e)
		return none, nil
	}, ascent("m.value IN ("+sqldb.Places(0, len(ids))+")", "m.value", l)+` SELECT g.start, g.owner, g.direct, v.display
		FROM (SELECT up.start, up.owner, MAX(up.direct) AS direct FROM up WHERE up.owner <> up.start GROUP BY up.start, up.owner) g JOIN resources v ON v.id = g.owner`,
		sqldb.Args(nil, ids)...)
	return err
}

// one finds a resource by its id; rest may lock it.
func (s *Store) one(ctx context.Context, tx *sql.Tx, k *store.Kind, id string, lists bool, rest string) (*found, error) {
	if !storable(id) {
		return nil, store.ErrNotFound
	}
	all, err := read(ctx, tx, []*store.Kind{k}, lists, "WHERE r.id = $1 AND r.kind = "+quoted(k.Name)+rest, id)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// storable says whether both databases take a text. An id that is none names nothing.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, k *store.Kind, id string, lists bool) (v any, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		f, err := s.one(ctx, tx, k, id, lists, "")
		if err == nil {
			v, err = f.full(lists)
		}
		return err
	})
	return v, err
}

// batch is how many resources All and Restore hold at once.
const batch = 100

// All implements store.Store.
func (s *Store) All(ctx context.Context, k *store.Kind) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		stopped := false
		err := s.view(ctx, func(tx *sql.Tx) error {
			after := ""
			for {
				some, err := read(ctx, tx, []*store.Kind{k}, true,
					"WHERE r.kind = "+quoted(k.Name)+" AND r.id > $1 ORDER BY r.id LIMIT $2", after, batch)
				if err != nil || len(some) == 0 {
					return err
				}
				for _, f := range some {
					v, err := f.full(true)
					if err != nil {
						return err
					}
					if stopped = !yield(v, nil); stopped {
						return nil
					}
					after = f.id
				}
			}
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}
