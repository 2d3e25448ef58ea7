package accounts

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"modernc.org/sqlite"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/guides/web"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// Tables are the application's. What is behind "for SCIM" has been added.
const Tables = `
CREATE TABLE accounts (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given to anybody else
	login TEXT NOT NULL, full_name TEXT NOT NULL, email TEXT NOT NULL, blocked BOOLEAN NOT NULL, theme TEXT NOT NULL,
	created TEXT NOT NULL, updated TEXT NOT NULL,
	-- for SCIM
	login_folded TEXT NOT NULL UNIQUE, -- filter.Fold(login): userName is unique whatever its case
	email_folded TEXT NOT NULL,
	external_id TEXT NOT NULL, version INTEGER NOT NULL, profile TEXT NOT NULL,
	search TEXT NOT NULL -- filter.Document of the user
);
CREATE INDEX accounts_user_name ON accounts (json_extract(search, '$."userName"'));
CREATE TABLE teams (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, external_id TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE team_members (
	team_id INTEGER NOT NULL REFERENCES teams ON DELETE CASCADE, account_id INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
	PRIMARY KEY (team_id, account_id)
);`

// Open makes the tables in an SQLite file.
func Open(ctx context.Context, file string) (*sql.DB, error) {
	if err := columns.Check(reflect.TypeFor[User]()); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, Tables); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Users is the Store behind /Users. Dialect says what is searched: Documents or Columns.
type Users struct {
	DB      *sql.DB
	Dialect filter.Dialect
	Cursors *resource.Cursors
}

var _ web.Store[User] = Users{}

const (
	fields = "a.id, a.login, a.full_name, a.email, a.blocked, a.theme, a.created, a.updated, a.external_id, a.version, a.profile"
	layout = time.RFC3339Nano
)

var errNotFound = scimerrors.Status(http.StatusNotFound, "there is no such resource")

// Create implements web.Store.
func (s Users) Create(ctx context.Context, u *User) (*User, error) {
	a, err := FromUser(u, Account{Theme: "light", Version: 1, Created: time.Now().UTC()})
	if err != nil {
		return nil, err
	}
	a.Updated = a.Created
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	done, err := tx.ExecContext(ctx, `INSERT INTO accounts
		(login, full_name, email, blocked, theme, created, updated, login_folded, email_folded, external_id, version, profile, search)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{}')`, a.Login, a.FullName, a.Email, a.Blocked, a.Theme,
		a.Created.Format(layout), a.Updated.Format(layout), filter.Fold(a.Login), filter.Fold(a.Email), a.ExternalID, a.Version, string(a.Profile))
	if err != nil {
		return nil, meaning(err)
	}
	if a.ID, err = done.LastInsertId(); err != nil {
		return nil, err
	}
	return stored(ctx, tx, a)
}

// Load implements web.Store.
func (s Users) Load(ctx context.Context, id string) (*User, error) {
	a, err := s.row(ctx, id)
	if err != nil {
		return nil, err
	}
	return ToUser(a)
}

func (s Users) row(ctx context.Context, id string) (Account, error) {
	key, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return Account{}, errNotFound
	}
	a, err := scan(s.DB.QueryRowContext(ctx, "SELECT "+fields+" FROM accounts a WHERE a.id = ?", key))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return a, err
}

// Update implements web.Store. The statement compares the version and counts it up at once, so that of two requests one is told.
func (s Users) Update(ctx context.Context, current, next *User) (*User, error) {
	row, err := s.row(ctx, current.ID)
	if err != nil {
		return nil, err
	}
	if row.tag() != current.Meta.Version {
		return nil, web.ErrChanged
	}
	a, err := FromUser(next, row)
	if err != nil {
		return nil, err
	}
	if reflect.DeepEqual(a, row) { // a PUT of what is there: neither version nor lastModified moves
		return current, nil
	}
	a.Version, a.Updated = row.Version+1, time.Now().UTC()
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	done, err := tx.ExecContext(ctx, `UPDATE accounts SET login = ?, full_name = ?, email = ?, blocked = ?, updated = ?,
		login_folded = ?, email_folded = ?, external_id = ?, version = ?, profile = ? WHERE id = ? AND version = ?`, a.Login, a.FullName, a.Email, a.Blocked,
		a.Updated.Format(layout), filter.Fold(a.Login), filter.Fold(a.Email), a.ExternalID, a.Version, string(a.Profile), a.ID, row.Version)
	if err != nil {
		return nil, meaning(err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return nil, cmp.Or[error](err, web.ErrChanged)
	}
	return stored(ctx, tx, a)
}

// stored ends a change: what is searched is written anew with it.
func stored(ctx context.Context, tx *sql.Tx, a Account) (*User, error) {
	u, err := ToUser(a)
	if err != nil {
		return nil, err
	}
	document, err := filter.Document(u)
	if err != nil {
		return nil, err
	}
	if _, err = tx.ExecContext(ctx, "UPDATE accounts SET search = ? WHERE id = ?", string(document), a.ID); err != nil {
		return nil, err
	}
	return u, tx.Commit()
}

// Delete implements web.Store. The tables of the teams let go of the account by themselves.
func (s Users) Delete(ctx context.Context, current *User) error {
	row, err := s.row(ctx, current.ID)
	if err != nil {
		return err
	}
	if row.tag() != current.Meta.Version {
		return web.ErrChanged
	}
	done, err := s.DB.ExecContext(ctx, "DELETE FROM accounts WHERE id = ? AND version = ?", row.ID, row.Version)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return cmp.Or[error](err, web.ErrChanged)
	}
	return nil
}

func scan(row interface{ Scan(into ...any) error }) (a Account, err error) {
	var created, updated string
	err = row.Scan(&a.ID, &a.Login, &a.FullName, &a.Email, &a.Blocked, &a.Theme, &created, &updated, &a.ExternalID, &a.Version, &a.Profile)
	if err == nil {
		a.Created, err = time.Parse(layout, created)
	}
	if err == nil {
		a.Updated, err = time.Parse(layout, updated)
	}
	return a, err
}

// meaning turns what the database refuses into what a client is told. Anything else stays as it is, and becomes a bare 500.
func meaning(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() {
		case 2067: // SQLITE_CONSTRAINT_UNIQUE
			return &scimerrors.Error{Type: scimerrors.Uniqueness, Path: "userName", Detail: "is taken by another user", Err: err}
		case 787: // SQLITE_CONSTRAINT_FOREIGNKEY
			return &scimerrors.Error{Type: scimerrors.InvalidValue, Path: "members.value", Detail: "names no user of this service", Err: err}
		}
	}
	return err
}
