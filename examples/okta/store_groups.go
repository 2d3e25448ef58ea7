package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/ids"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/filter"
)

const groupColumns = "g.id, g.version, g.created_at, g.updated_at, g.display_name, g.external_id"

func scanTeam(row *sql.Rows) (t team, err error) {
	err = row.Scan(&t.ID, &t.Version, (*sqldb.Instant)(&t.Created), (*sqldb.Instant)(&t.Updated), &t.Name, (*text)(&t.ExternalID))
	return t, err
}

// teams reads rows of groups, and their members if somebody wants to see them; rest is what stands behind FROM groups g.
func teams(ctx context.Context, tx *sql.Tx, members bool, rest string, args ...any) ([]team, error) {
	found, err := sqldb.Query(ctx, tx, scanTeam, "SELECT "+groupColumns+" FROM groups g "+rest, args...)
	if err != nil || len(found) == 0 || !members {
		return found, err
	}
	at := make(map[string]*team, len(found))
	ids := make([]string, len(found))
	for i := range found {
		ids[i] = found[i].ID
		at[ids[i]] = &found[i]
	}
	for some := range slices.Chunk(ids, sqldb.Chunk) {
		_, err := sqldb.Query(ctx, tx, func(row *sql.Rows) (none struct{}, err error) {
			var id string
			var m member
			err = row.Scan(&id, &m.ID, &m.Name)
			if err == nil {
				at[id].Members = append(at[id].Members, m)
			}
			return none, err
		}, `SELECT m.group_id, u.id, COALESCE(u.display_name, u.user_name) FROM memberships m JOIN users u ON u.id = m.user_id
			WHERE m.group_id IN (`+sqldb.Places(0, len(some))+`) ORDER BY m.group_id, m.user_id`, sqldb.Args(nil, some)...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func oneTeam(ctx context.Context, tx *sql.Tx, id string, members bool) (team, error) {
	found, err := teams(ctx, tx, members, "WHERE g.id = $1", id)
	if err == nil && len(found) == 0 {
		err = errNotFound
	}
	if err != nil {
		return team{}, err
	}
	return found[0], nil
}

// team finds a group by id.
func (db *database) team(ctx context.Context, id string, members bool) (t team, err error) {
	err = db.View(ctx, func(tx *sql.Tx) error {
		t, err = oneTeam(ctx, tx, id, members)
		return err
	})
	return t, err
}

// searchTeams answers a list request: the number of groups that the condition chooses, and a page of them.
func (db *database) searchTeams(ctx context.Context, s search, members bool) (total int, page []team, err error) {
	err = db.View(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM groups g WHERE "+s.where, s.args...).Scan(&total); err != nil || s.limit == 0 {
			return err
		}
		rest, args := s.page()
		page, err = teams(ctx, tx, members, rest, args...)
		return err
	})
	return total, page, err
}

// addTeam stores a new group with its members. What it returns has the members if they are wanted.
func (db *database) addTeam(ctx context.Context, t team, members []string, wanted bool) (team, error) {
	t.ID, t.Version, t.Created = ids.New(db.Moment()), 1, db.Moment()
	t.Updated = t.Created
	err := db.Change(ctx, func(tx *sql.Tx) error {
		_, err := sqldb.Exec(ctx, tx, `INSERT INTO groups (id, version, created_at, updated_at, display_name, display_name_folded, external_id)
			VALUES ($1, $2, $3, $3, $4, $5, $6)`,
			t.ID, t.Version, sqldb.Stamp(t.Created), t.Name, filter.Fold(t.Name), null(t.ExternalID))
		if err != nil {
			return err
		}
		if _, err := addMembers(ctx, tx, t.ID, members); err != nil || !wanted {
			return err
		}
		t, err = oneTeam(ctx, tx, t.ID, true)
		return err
	})
	return t, err
}

// edit is what a request changes in a group: only that is written.
type edit struct {
	ids              []string // that the group has to have
	name, externalID *string
	members          []membersEdit // one after the other
}

type membersEdit struct {
	all         bool // remove every member
	remove, add []string
	must        error // if there is nobody to remove; nil: that is no fault
}

// updateTeam compares and sets: it carries out an edit, unless somebody has changed the group since old was read. The members need
// not be known, and one that comes or goes is one row.
func (db *database) updateTeam(ctx context.Context, old team, e edit) (team, error) {
	if slices.ContainsFunc(e.ids, func(id string) bool { return id != old.ID }) {
		return old, &scimerrors.Error{Type: scimerrors.Mutability, Path: "id", Detail: "cannot be changed"}
	}
	t := old
	if e.name != nil {
		t.Name = *e.name
	}
	if e.externalID != nil {
		t.ExternalID = *e.externalID
	}
	changed := t.Name != old.Name || t.ExternalID != old.ExternalID
	if !changed && len(e.members) == 0 {
		return old, nil
	}
	t.Version, t.Updated = old.Version+1, db.Moment()
	err := db.Change(ctx, func(tx *sql.Tx) error {
		// First of all, since whoever changes the same group now has to wait until this transaction ends.
		done, err := sqldb.Exec(ctx, tx, `UPDATE groups SET version = version + 1, updated_at = $3,
			display_name = $4, display_name_folded = $5, external_id = $6 WHERE id = $1 AND version = $2`,
			t.ID, old.Version, sqldb.Stamp(t.Updated), t.Name, filter.Fold(t.Name), null(t.ExternalID))
		if err := one(done, err); err != nil {
			return err
		}
		for _, m := range e.members {
			n, err := editMembers(ctx, tx, t.ID, m)
			if err != nil {
				return err
			}
			changed = changed || n > 0
		}
		if !changed { // they were in the group already, or out of it
			t = old
			return sqldb.ErrUnchanged
		}
		return nil
	})
	return t, err
}

// editMembers says how many have come or gone.
func editMembers(ctx context.Context, tx *sql.Tx, group string, e membersEdit) (n int64, err error) {
	if e.all {
		if n, err = sqldb.Affected(sqldb.Exec(ctx, tx, "DELETE FROM memberships WHERE group_id = $1", group)); err != nil {
			return n, err
		}
	}
	for some := range slices.Chunk(e.remove, sqldb.Chunk) {
		gone, err := sqldb.Affected(sqldb.Exec(ctx, tx, "DELETE FROM memberships WHERE group_id = $1 AND user_id IN ("+sqldb.Places(1, len(some))+")",
			sqldb.Args([]any{group}, some)...))
		if err != nil {
			return n, err
		}
		n += gone
	}
	if n == 0 && e.must != nil {
		return 0, e.must
	}
	joined, err := addMembers(ctx, tx, group, e.add)
	return n + joined, err
}

// addMembers links users to a group and says how many have joined. All have to exist.
func addMembers(ctx context.Context, tx *sql.Tx, group string, ids []string) (n int64, err error) {
	for some := range slices.Chunk(ids, sqldb.Chunk) {
		joined, err := sqldb.Affected(sqldb.Exec(ctx, tx, `INSERT INTO memberships (group_id, user_id)
			SELECT $1, id FROM users WHERE id IN (`+sqldb.Places(1, len(some))+`) ON CONFLICT DO NOTHING`, sqldb.Args([]any{group}, some)...))
		if err != nil {
			return n, err
		}
		if n += joined; joined < int64(len(some)) { // some were members, or are named twice, or do not exist
			if err := exist(ctx, tx, ids, some); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// exist names the ids that no user has, by their place among all.
func exist(ctx context.Context, tx *sql.Tx, all, some []string) error {
	found, err := sqldb.Query(ctx, tx, func(row *sql.Rows) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, "SELECT id FROM users WHERE id IN ("+sqldb.Places(0, len(some))+")", sqldb.Args(nil, some)...)
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	var faults scimerrors.List
	for _, id := range some {
		if !known[id] {
			faults = append(faults, &scimerrors.Error{
				Type: scimerrors.InvalidValue, Path: fmt.Sprintf("members[%d].value", slices.Index(all, id)), Detail: "names no user of this service",
			})
		}
	}
	return faults.Err()
}

// deleteTeam deletes a group, unless somebody has changed it since it was read. The memberships go with it.
func (db *database) deleteTeam(ctx context.Context, t team) error {
	return db.Change(ctx, func(tx *sql.Tx) error {
		return one(sqldb.Exec(ctx, tx, "DELETE FROM groups WHERE id = $1 AND version = $2", t.ID, t.Version))
	})
}
