package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	"modernc.org/sqlite"               // the driver sqlite
	sqlite3 "modernc.org/sqlite/lib"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
)

// patience is how long a request may wait for the database.
const patience = 10 * time.Second

// database is where the application keeps its rows. Both kinds take the same statements, with $1 for the first argument:
// what differs is in dialect.
type database struct {
	dialect

	read  *sql.DB
	write *sql.DB // for SQLite one connection: it has one writer at a time, and who waits in Go waits in line
	now   func() time.Time
}

// dialect is what differs between the databases.
type dialect struct {
	driver    string
	name      string // the directory of its migrations
	forUpdate string // ends a SELECT whose rows nobody else may change before the transaction ends
	alone     string // makes a transaction wait until no other one holds it
	filter    func(column func(filter.Target) (filter.Column, error)) filter.Dialect
}

var (
	onSQLite   = dialect{driver: "sqlite", name: "sqlite", filter: filter.SQLite} // a transaction that writes is alone anyway
	onPostgres = dialect{
		driver: "pgx", name: "postgres", filter: filter.PostgreSQL,
		forUpdate: " FOR UPDATE", alone: "SELECT pg_advisory_xact_lock(7643)",
	}
)

// openDatabase connects to sqlite:file or postgres://... and brings the tables up to date.
func openDatabase(ctx context.Context, address string) (*database, error) {
	kind, source, err := dialectOf(address)
	if err != nil {
		return nil, err
	}
	db, err := connect(kind, source)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	if err := db.migrate(ctx); err != nil {
		db.close()
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return db, nil
}

// dialectOf tells the kind of database from its address, and what the driver wants to hear.
func dialectOf(address string) (kind dialect, source string, err error) {
	file, isSQLite := strings.CutPrefix(address, "sqlite:")
	switch {
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		return onPostgres, address, nil
	case !isSQLite || file == "" || strings.Contains(file, ":memory:"):
		return kind, "", errors.New("--database is sqlite: with the name of a file, or the URL of a PostgreSQL")
	}
	// Readers do not wait for the writer (WAL), and nobody is turned away at once. A transaction that writes says so when it
	// begins: one that found out later might find the database changed under it.
	return onSQLite, "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + strings.Join([]string{
		"_pragma=busy_timeout(5000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)", "_pragma=foreign_keys(1)", "_txlock=immediate",
	}, "&"), nil
}

func connect(kind dialect, source string) (db *database, err error) {
	db = &database{dialect: kind, now: time.Now}
	if db.read, err = sql.Open(db.driver, source); err != nil {
		return nil, err
	}
	db.read.SetMaxOpenConns(10)
	db.read.SetMaxIdleConns(10)
	db.read.SetConnMaxIdleTime(5 * time.Minute)
	db.write = db.read
	if db.name == onSQLite.name {
		if db.write, err = sql.Open(db.driver, source); err != nil {
			return nil, err
		}
		db.write.SetMaxOpenConns(1)
	}
	return db, nil
}

func (db *database) close() {
	_ = db.read.Close()
	_ = db.write.Close()
}

// view runs f in a transaction that sees one state of the database, however many statements it takes.
func (db *database) view(ctx context.Context, f func(tx *sql.Tx) error) error {
	isolation := sql.LevelRepeatableRead
	if db.name == onSQLite.name {
		isolation = sql.LevelDefault // it is never less there
	}
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: isolation})
	if err != nil {
		return meaning(err)
	}
	defer tx.Rollback() //nolint:errcheck // it has written nothing
	return meaning(f(tx))
}

// change runs f in a transaction that writes: all of it or, where f fails, nothing.
func (db *database) change(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return meaning(err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing, and otherwise f's error says more
	if err := f(tx); errors.Is(err, errUnchanged) {
		return nil
	} else if err != nil {
		return meaning(err)
	}
	return meaning(tx.Commit())
}

var (
	errNotFound  = scimerrors.Status(http.StatusNotFound, "there is no such resource")
	errChanged   = scimerrors.Status(http.StatusPreconditionFailed, "another request has changed the resource in the meantime")
	errTaken     = &scimerrors.Error{Type: scimerrors.Uniqueness, Path: "userName", Detail: "is taken by another user"}
	errUnchanged = errors.New("there is nothing to change") // the transaction is given up, and that is no failure
)

// meaning makes of an error of the database what a client is to be told. The cause is kept for the log.
func meaning(err error) error {
	if _, ours := errors.AsType[*scimerrors.Error](err); err == nil || ours {
		return err
	}
	if _, ours := errors.AsType[scimerrors.List](err); ours {
		return err
	}
	code := ""
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		code = e.Code
	} else if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code = strconv.Itoa(e.Code())
	}
	switch code {
	case "23505", strconv.Itoa(sqlite3.SQLITE_CONSTRAINT_UNIQUE): // the one such constraint that a client can break
		return errTaken
	case "23503", strconv.Itoa(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY), // somebody has deleted what this refers to
		"40001", "40P01": // two transactions were in each other's way, and this one has been chosen to give in
		return errChanged
	case "22021", "54000", strconv.Itoa(sqlite3.SQLITE_TOOBIG): // U+0000; more than an index takes
		return scimerrors.New(scimerrors.InvalidValue, "a value is too long or has a character that cannot be stored: %w", err)
	}
	if unavailable(err, code) {
		away := scimerrors.Status(http.StatusServiceUnavailable, "the database cannot be reached; try again later: %w", err)
		away.Header = http.Header{"Retry-After": {"10"}}
		return away
	}
	return scimerrors.Status(http.StatusInternalServerError, "internal server error: %w", err)
}

// unavailable says whether a database is away, overloaded or shutting down, rather than displeased with a statement.
func unavailable(err error, code string) bool {
	switch {
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "53"), strings.HasPrefix(code, "57P"): // PostgreSQL's classes
		return true
	case code != "":
		n, err := strconv.Atoi(code)
		if err != nil {
			return false
		}
		switch n & 0xff { // the primary code
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN:
			return true
		}
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, gone := range []error{
		driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded, context.Canceled,
	} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return pgconn.SafeToRetry(err)
}

// text reads a string that is NULL in the database where it is empty.
type text string

// Scan implements sql.Scanner.
func (t *text) Scan(v any) error {
	var s sql.NullString
	err := s.Scan(v)
	*t = text(s.String)
	return err
}

// null is the argument for such a string.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// folded is the argument for the comparison form of a string, by which it is found and sorted without regard to case.
func folded(s string) any { return null(filter.Fold(s)) }

// instant reads a time: timestamptz in PostgreSQL, text of fixed length in SQLite.
type instant time.Time

const layout = "2006-01-02T15:04:05.000000000Z"

// Scan implements sql.Scanner.
func (i *instant) Scan(v any) (err error) {
	t, isTime := v.(time.Time)
	if !isTime {
		t, err = time.Parse(layout, fmt.Sprint(v))
	}
	*i = instant(t.UTC())
	return err
}

// stamp is the argument for a time, which both take as text.
func stamp(t time.Time) string { return t.UTC().Format(layout) }

// moment is now, as exactly as both databases keep it.
func (db *database) moment() time.Time { return db.now().UTC().Truncate(time.Microsecond) }

// list writes placeholders for n arguments after the first already ones: $3, $4, $5.
func list(already, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(already+i+1))
	}
	return b.String()
}

// rowsOf writes placeholders for n rows of columns arguments each: ($1, $2), ($3, $4).
func rowsOf(n, columns int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "(" + list(i*columns, columns) + ")"
	}
	return strings.Join(rows, ", ")
}

// chunk is how many rows or ids one statement has at most: databases limit the number of arguments.
const chunk = 500

// anys are arguments.
func anys(first []any, more []string) []any {
	all := make([]any, 0, len(first)+len(more))
	all = append(all, first...)
	for _, s := range more {
		all = append(all, s)
	}
	return all
}
