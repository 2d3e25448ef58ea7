package sqlstore

import (
	"context"
	"database/sql"
	"iter"
	"slices"
	"strings"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
)

// Restore implements store.Store. Elements of lists may come before what they name: that is looked at in the end.
func (s *Store) Restore(ctx context.Context, all iter.Seq2[store.Item, error]) error {
	var own error
	err := s.db.Change(ctx, func(tx *sql.Tx) error {
		wait := "SET CONSTRAINTS ALL DEFERRED"
		if s.db.Name == sqldb.SQLite.Name {
			wait = "PRAGMA defer_foreign_keys = ON" // until the end of this transaction
		}
		if _, err := tx.ExecContext(ctx, wait); err != nil {
			return err
		}
		kinds := map[string]*store.Kind{}
		var some []store.Item
		for item, err := range all {
			if err != nil {
				own = err
				return err
			}
			kinds[item.Kind.Name] = item.Kind
			if some = append(some, item); len(some) < batch {
				continue
			}
			if err := s.restore(ctx, tx, some); err != nil {
				return err
			}
			some = some[:0]
		}
		if err := s.restore(ctx, tx, some); err != nil {
			return err
		}
		return complete(ctx, tx, kinds)
	})
	if own != nil {
		return own
	}
	return err
}

func (s *Store) restore(ctx context.Context, tx *sql.Tx, items []store.Item) error {
	if len(items) == 0 {
		return nil
	}
	rows := make([]row, len(items))
	for i, item := range items {
		head, n, err := item.Kind.Stored(item.Value)
		if err != nil {
			return err
		}
		if rows[i], err = s.row(item.Kind, head, n); err != nil {
			return err
		}
	}
	if err := insert(ctx, tx, rows); err != nil {
		return err
	}
	for i, item := range items {
		for _, l := range item.Kind.Lists {
			values, err := l.Elements(item.Value)
			if err != nil {
				return err
			}
			if err := link(ctx, tx, item.Kind, rows[i].id, l, values); err != nil {
				return err
			}
		}
	}
	return nil
}

// link is add for resources that need not be there before the end of the transaction: their kind is empty until then.
func link(ctx context.Context, tx *sql.Tx, k *store.Kind, owner string, l store.List, values []string) error {
	for some := range slices.Chunk(values, sqldb.Chunk) {
		places := make([]string, len(some))
		for i, value := range some {
			if !storable(value) {
				return store.Unknown(l.Path, value)
			}
			places[i] = "(" + sqldb.Places(3+i, 1) + ")"
		}
		_, err := sqldb.Exec(ctx, tx, `INSERT INTO members (owner, owner_kind, list, value, kind)
			SELECT $1, $2, $3, w.column1, COALESCE(v.kind, '') FROM (VALUES `+strings.Join(places, ", ")+`) w
			LEFT JOIN resources v ON v.id = w.column1 WHERE TRUE ON CONFLICT DO NOTHING`, sqldb.Args([]any{owner, k.Name, l.Path}, some)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// complete gives elements the kinds that were not known before, and wants all to be of the kinds of their list.
func complete(ctx context.Context, tx *sql.Tx, kinds map[string]*store.Kind) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE members SET kind = COALESCE((SELECT v.kind FROM resources v WHERE v.id = members.value), '')
		WHERE kind = ''`)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		for _, l := range k.Lists {
			wrong, err := sqldb.Query(ctx, tx, sqldb.Column[string], `SELECT value FROM members WHERE owner_kind = $1 AND list = $2
				AND kind NOT IN (`+quotedAll(l.Kinds)+") ORDER BY value LIMIT 1", k.Name, l.Path)
			if err != nil {
				return err
			}
			if len(wrong) > 0 {
				return store.Unknown(l.Path, wrong[0])
			}
		}
	}
	return nil
}
