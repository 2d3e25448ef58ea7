package sqlstore

import (
	"context"
	"database/sql"
	"slices"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
)

// edit changes lists of a resource element by element and says whether that made a difference.
func edit(ctx context.Context, tx *sql.Tx, f *found, edits []store.Edit) (bool, error) {
	deltas, err := f.kind.Deltas(edits, func(l store.List, values []string, all bool) ([]string, error) {
		if all {
			return sqldb.Query(ctx, tx, sqldb.Column[string], "SELECT value FROM members WHERE owner = $1 AND list = $2", f.id, l.Path)
		}
		return among(ctx, tx, "SELECT value FROM members WHERE owner = $1 AND list = $2 AND value IN ", []any{f.id, l.Path}, values)
	})
	if err != nil {
		return false, err
	}
	for _, d := range deltas {
		for some := range slices.Chunk(d.Remove, sqldb.Chunk) {
			_, err := sqldb.Exec(ctx, tx, "DELETE FROM members WHERE owner = $1 AND list = $2 AND value IN ("+sqldb.Places(2, len(some))+")",
				sqldb.Args([]any{f.id, d.List.Path}, some)...)
			if err != nil {
				return false, err
			}
		}
		if err := add(ctx, tx, f.kind, f.id, d.List, d.Add); err != nil {
			return false, err
		}
	}
	return len(deltas) > 0, nil
}

// among reads those of some values that a statement finds; it ends before their placeholders.
func among(ctx context.Context, tx *sql.Tx, statement string, args []any, values []string) (all []string, err error) {
	values = slices.DeleteFunc(slices.Clone(values), func(value string) bool { return !storable(value) })
	for some := range slices.Chunk(values, sqldb.Chunk) {
		found, err := sqldb.Query(ctx, tx, sqldb.Column[string], statement+"("+sqldb.Places(len(args), len(some))+")", sqldb.Args(args, some)...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// add puts resources into a list. Those that are there stay; all have to exist and to be of the kinds of the list.
func add(ctx context.Context, tx *sql.Tx, k *store.Kind, owner string, l store.List, values []string) error {
	kinds := "kind IN (" + quotedAll(l.Kinds) + ")"
	for some := range slices.Chunk(values, sqldb.Chunk) {
		for _, value := range some {
			if !storable(value) {
				return store.Unknown(l.Path, value)
			}
		}
		made, err := sqldb.Affected(sqldb.Exec(ctx, tx, `INSERT INTO members (owner, owner_kind, list, value, kind)
			SELECT $1, $2, $3, id, kind FROM resources WHERE `+kinds+" AND id IN ("+sqldb.Places(3, len(some))+") ON CONFLICT DO NOTHING",
			sqldb.Args([]any{owner, k.Name, l.Path}, some)...))
		if err != nil {
			return err
		}
		if made == int64(len(some)) {
			continue
		}
		known, err := among(ctx, tx, "SELECT id FROM resources WHERE "+kinds+" AND id IN ", nil, some)
		if err != nil {
			return err
		}
		for _, value := range some {
			if !slices.Contains(known, value) {
				return store.Unknown(l.Path, value)
			}
		}
	}
	return nil
}
