package main

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/examples/internal/ids"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/filter"
)

// userColumns are those of an account, in the order in which scanAccount reads them.
const userColumns = `u.id, u.version, u.created_at, u.updated_at, u.user_name, u.password_hash, u.active,
	u.display_name, u.given_name, u.family_name, u.title, u.external_id, u.department, u.employee_number, u.manager_id, u.profile`

func scanAccount(row *sql.Rows) (a account, err error) {
	err = row.Scan(&a.ID, &a.Version, (*sqldb.Instant)(&a.Created), (*sqldb.Instant)(&a.Updated), &a.UserName, (*text)(&a.PasswordHash), &a.Active,
		(*text)(&a.DisplayName), (*text)(&a.GivenName), (*text)(&a.FamilyName), (*text)(&a.Title), (*text)(&a.ExternalID),
		(*text)(&a.Department), (*text)(&a.EmployeeNumber), (*text)(&a.ManagerID), &a.Profile)
	return a, err
}

// accounts reads rows of users with all that belongs to them; rest is what stands behind FROM users u.
func accounts(ctx context.Context, tx *sql.Tx, rest string, args ...any) ([]account, error) {
	found, err := sqldb.Query(ctx, tx, scanAccount, "SELECT "+userColumns+" FROM users u "+rest, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	at := make(map[string]*account, len(found))
	ids := make([]string, len(found))
	for i := range found {
		ids[i] = found[i].ID
		at[ids[i]] = &found[i]
	}
	for some := range slices.Chunk(ids, sqldb.Chunk) {
		if err := joinEmails(ctx, tx, at, some); err != nil {
			return nil, err
		}
		if err := joinGroups(ctx, tx, at, some); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func joinEmails(ctx context.Context, tx *sql.Tx, at map[string]*account, ids []string) error {
	_, err := sqldb.Query(ctx, tx, func(row *sql.Rows) (none struct{}, err error) {
		var id string
		var e email
		err = row.Scan(&id, (*text)(&e.Value), (*text)(&e.Display), (*text)(&e.Type), &e.Primary)
		if err == nil {
			at[id].Emails = append(at[id].Emails, e)
		}
		return none, err
	}, `SELECT user_id, value, display, type, is_primary FROM user_emails
		WHERE user_id IN (`+sqldb.Places(0, len(ids))+`) ORDER BY user_id, position`, sqldb.Args(nil, ids)...)
	return err
}

// joinGroups tells the groups of users from the links.
func joinGroups(ctx context.Context, tx *sql.Tx, at map[string]*account, ids []string) error {
	_, err := sqldb.Query(ctx, tx, func(row *sql.Rows) (none struct{}, err error) {
		var id string
		var m membership
		err = row.Scan(&id, &m.ID, &m.Name)
		if err == nil {
			at[id].Groups = append(at[id].Groups, m)
		}
		return none, err
	}, `SELECT m.user_id, g.id, g.display_name FROM memberships m JOIN groups g ON g.id = m.group_id
		WHERE m.user_id IN (`+sqldb.Places(0, len(ids))+`) ORDER BY m.user_id, g.id`, sqldb.Args(nil, ids)...)
	return err
}

// account finds a user by id.
func (db *database) account(ctx context.Context, id string) (a account, err error) {
	return db.oneAccount(ctx, "WHERE u.id = $1", id)
}

// accountByName finds a user by the name to sign in with, whose case does not matter.
func (db *database) accountByName(ctx context.Context, userName string) (account, error) {
	return db.oneAccount(ctx, "WHERE u.user_name_folded = $1", filter.Fold(userName))
}

func (db *database) oneAccount(ctx context.Context, where string, key string) (a account, err error) {
	err = db.View(ctx, func(tx *sql.Tx) error {
		found, err := accounts(ctx, tx, where, key)
		if err == nil && len(found) == 0 {
			return errNotFound
		}
		if err == nil {
			a = found[0]
		}
		return err
	})
	return a, err
}

// values are the arguments of INSERT and UPDATE from $4 on.
func (a account) values() []any {
	return []any{
		a.UserName, filter.Fold(a.UserName), null(a.PasswordHash), a.Active,
		null(a.DisplayName), folded(a.DisplayName), null(a.GivenName), folded(a.GivenName), null(a.FamilyName), folded(a.FamilyName),
		null(a.Title), folded(a.Title), null(a.ExternalID), null(a.Department), folded(a.Department),
		null(a.EmployeeNumber), folded(a.EmployeeNumber), null(a.ManagerID), string(a.Profile),
	}
}

// addAccount stores a new user, whose name has to be free.
func (db *database) addAccount(ctx context.Context, a account) (account, error) {
	a.Version, a.Created = 1, db.Moment()
	a.ID, a.Updated = ids.New(a.Created), a.Created
	return a, db.Change(ctx, func(tx *sql.Tx) error {
		_, err := sqldb.Exec(ctx, tx, `INSERT INTO users (id, version, created_at, updated_at, user_name, user_name_folded, password_hash, active,
			display_name, display_name_folded, given_name, given_name_folded, family_name, family_name_folded,
			title, title_folded, external_id, department, department_folded, employee_number, employee_number_folded, manager_id, profile)
			VALUES ($1, $2, $3, $3, `+sqldb.Places(3, 19)+`)`, append([]any{a.ID, a.Version, sqldb.Stamp(a.Created)}, a.values()...)...)
		if err != nil {
			return err
		}
		return addEmails(ctx, tx, a)
	})
}

// updateAccount compares and sets: it stores a in place of old, unless somebody has changed the row since old was read.
func (db *database) updateAccount(ctx context.Context, old, a account) (account, error) {
	if reflect.DeepEqual(old, a) {
		return old, nil
	}
	a.Version, a.Updated = old.Version+1, db.Moment()
	return a, db.Change(ctx, func(tx *sql.Tx) error {
		done, err := sqldb.Exec(ctx, tx, `UPDATE users SET version = version + 1, updated_at = $3,
			user_name = $4, user_name_folded = $5, password_hash = $6, active = $7,
			display_name = $8, display_name_folded = $9, given_name = $10, given_name_folded = $11, family_name = $12, family_name_folded = $13,
			title = $14, title_folded = $15, external_id = $16, department = $17, department_folded = $18,
			employee_number = $19, employee_number_folded = $20, manager_id = $21, profile = $22
			WHERE id = $1 AND version = $2`, append([]any{a.ID, old.Version, sqldb.Stamp(a.Updated)}, a.values()...)...)
		if err := one(done, err); err != nil {
			return err
		}
		if !reflect.DeepEqual(old.Emails, a.Emails) { // a handful
			if _, err := sqldb.Exec(ctx, tx, "DELETE FROM user_emails WHERE user_id = $1", a.ID); err != nil {
				return err
			}
			if err := addEmails(ctx, tx, a); err != nil {
				return err
			}
		}
		if old.name() == a.name() {
			return nil
		}
		return db.touchGroupsOf(ctx, tx, a.ID) // they show the name
	})
}

// one turns a write that found no row of the right version into errChanged.
func one(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := done.RowsAffected()
	if err == nil && n != 1 {
		err = errChanged
	}
	return err
}

func addEmails(ctx context.Context, tx *sql.Tx, a account) error {
	position := 0
	for some := range slices.Chunk(a.Emails, sqldb.Chunk) {
		args := make([]any, 0, 8*len(some))
		for _, e := range some {
			args = append(args, a.ID, position, null(e.Value), folded(e.Value), null(e.Display), null(e.Type), folded(e.Type), e.Primary)
			position++
		}
		_, err := sqldb.Exec(ctx, tx, `INSERT INTO user_emails (user_id, position, value, value_folded, display, type, type_folded, is_primary)
			VALUES `+sqldb.Rows(len(some), 8), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteAccount deletes a user, unless somebody has changed the row since a was read. E-mail addresses and memberships go with it (ON
// DELETE CASCADE), which changes the groups.
func (db *database) deleteAccount(ctx context.Context, a account) error {
	return db.Change(ctx, func(tx *sql.Tx) error {
		var version int64
		// From here on nobody can make the user a member of one more group, which would then change without a new version.
		switch err := tx.QueryRowContext(ctx, "SELECT version FROM users WHERE id = $1"+db.ForUpdate, a.ID).Scan(&version); {
		case errors.Is(err, sql.ErrNoRows):
			return errNotFound
		case err != nil:
			return err
		}
		if err := db.touchGroupsOf(ctx, tx, a.ID); err != nil {
			return err
		}
		return one(sqldb.Exec(ctx, tx, "DELETE FROM users WHERE id = $1 AND version = $2", a.ID, a.Version))
	})
}

// touchGroupsOf gives the groups of a user a new version.
func (db *database) touchGroupsOf(ctx context.Context, tx *sql.Tx, id string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE groups SET version = version + 1, updated_at = $2
		WHERE id IN (SELECT group_id FROM memberships WHERE user_id = $1)`, id, sqldb.Stamp(db.Moment()))
	return err
}

// searchAccounts answers a list request: the number of users that the condition chooses, and a page of them.
func (db *database) searchAccounts(ctx context.Context, s search) (total int, page []account, err error) {
	err = db.View(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM users u WHERE "+s.where, s.args...).Scan(&total); err != nil || s.limit == 0 {
			return err
		}
		rest, args := s.page()
		page, err = accounts(ctx, tx, rest, args...)
		return err
	})
	return total, page, err
}

// search is a list request as SQL. What the client has sent is in args.
type search struct {
	where, orderBy string
	args           []any
	offset, limit  int
}

// page is what stands behind FROM, and its arguments.
func (s search) page() (rest string, args []any) {
	n := len(s.args)
	args = append(slices.Clip(s.args), s.limit, s.offset)
	return strings.Join([]string{"WHERE", s.where, "ORDER BY", s.orderBy, "LIMIT", sqldb.Places(n, 1), "OFFSET", sqldb.Places(n+1, 1)}, " "), args
}
