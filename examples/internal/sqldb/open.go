// Package sqldb is what the examples with a database share: SQLite and PostgreSQL behind database/sql, asked by the same statements
// with $1 for the first argument, transactions, migrations, and what errors of a database mean.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite

	"github.com/scimmodels/scim/filter"
)

// Patience is how long a request may wait for the database.
const Patience = 10 * time.Second

// Kind is what differs between the databases.
type Kind struct {
	// Name is sqlite or postgres, the directory of its migrations.
	Name string
	// ForUpdate ends a SELECT whose rows nobody else may change before the transaction ends.
	ForUpdate string
	// Driver is the name by which database/sql knows it.
	Driver string

	alone string // makes a transaction wait until no other one holds it
}

// The databases. A transaction of SQLite that writes is alone anyway.
var (
	SQLite   = Kind{Name: "sqlite", Driver: "sqlite"}
	Postgres = Kind{Name: "postgres", Driver: "pgx", ForUpdate: " FOR UPDATE", alone: "SELECT pg_advisory_xact_lock(7643)"}
)

// Columns is the filter dialect for tables whose columns a function finds.
func (k Kind) Columns(find func(filter.Target) (filter.Column, error)) filter.Dialect {
	d := filter.PostgreSQL(find)
	if k.Name == SQLite.Name {
		d = filter.SQLite(find)
	}
	d.Placeholder = placeholder
	return d
}

// Documents is the filter dialect for a column that has a filter.Document.
func (k Kind) Documents(column string) filter.Dialect {
	d := filter.PostgreSQLDocument(column)
	if k.Name == SQLite.Name {
		d = filter.SQLiteDocument(column)
	}
	d.Placeholder = placeholder
	return d
}

// Open connects to sqlite:file or postgres://... and brings the tables up to date: Migrate. A file that is not there is made for its owner
// only, as are those that SQLite puts beside it. meaning says what a client is to be told of what its request has run into; where it
// returns nil, and of everything else, that is Error.
func Open(ctx context.Context, address string, migrations fs.FS, meaning func(Cause) error) (*DB, error) {
	kind, source, err := KindOf(address)
	if err != nil {
		return nil, err
	}
	if file, ok := strings.CutPrefix(address, prefix); ok {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_RDONLY, 0o600) //nolint:gosec // the file is that of a flag; it has hashes of passwords
		if err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	db, err := Connect(kind, source, meaning)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("migrations: %w", err), db.Close())
	}
	return db, nil
}

const prefix = "sqlite:" // of addresses

// KindOf tells the kind of database from its address, and what the driver wants to hear.
func KindOf(address string) (kind Kind, source string, err error) {
	file, isSQLite := strings.CutPrefix(address, prefix)
	switch {
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		return Postgres, address, nil
	case !isSQLite || file == "" || strings.Contains(file, ":memory:"):
		return kind, "", errors.New("the address of a database is sqlite: with the name of a file, or the URL of a PostgreSQL, postgres://user@host/name")
	}
	// Readers do not wait for the writer (WAL), and nobody is turned away at once. A transaction that writes says so when it
	// begins: one that found out later might find the database changed under it.
	return SQLite, "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + strings.Join([]string{
		"_pragma=busy_timeout(5000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)", "_pragma=foreign_keys(1)", "_txlock=immediate",
	}, "&"), nil
}

// DB is a database. Its fields are not changed once it is in use.
type DB struct {
	Kind

	// Read is for transactions that only read.
	Read *sql.DB
	// Write is for those that write. For SQLite it is one connection: it has one writer at a time, and who waits in Go waits in line.
	Write *sql.DB
	// Now is the clock.
	Now func() time.Time

	meaning func(Cause) error
}

// Connect is Open without migrations, for what KindOf has returned. It does not wait for the database to be there.
func Connect(kind Kind, source string, meaning func(Cause) error) (db *DB, err error) {
	db = &DB{Kind: kind, Now: time.Now, meaning: meaning}
	if db.Read, err = sql.Open(db.Driver, source); err != nil {
		return nil, err
	}
	db.Read.SetMaxOpenConns(connections)
	db.Read.SetMaxIdleConns(connections)
	db.Read.SetConnMaxIdleTime(5 * time.Minute)
	db.Write = db.Read
	if db.Name == SQLite.Name {
		if db.Write, err = sql.Open(db.Driver, source); err != nil {
			return nil, err
		}
		db.Write.SetMaxOpenConns(1)
	}
	return db, nil
}

// Close ends all connections.
func (db *DB) Close() error { return errors.Join(db.Read.Close(), db.Write.Close()) }

// Ping says whether the database can be reached.
func (db *DB) Ping(ctx context.Context) error { return db.told(db.Read.PingContext(ctx)) }

// Moment is now, as exactly as both databases keep it.
func (db *DB) Moment() time.Time { return db.Now().UTC().Truncate(time.Microsecond) }

// View runs f in a transaction that sees one state of the database, however many statements it takes.
func (db *DB) View(ctx context.Context, f func(tx *sql.Tx) error) error {
	isolation := sql.LevelRepeatableRead
	if db.Name == SQLite.Name {
		isolation = sql.LevelDefault // it is never less there
	}
	tx, err := begin(ctx, db.Read, &sql.TxOptions{ReadOnly: true, Isolation: isolation})
	if err != nil {
		return db.told(err)
	}
	defer tx.Rollback() //nolint:errcheck // it has written nothing
	return db.told(f(tx))
}

// connections is how many a process has open at most.
const connections = 10

// begin begins a transaction. A database that has been restarted has ended all idle connections, which shows only now: nothing has been
// asked of them yet, so the next one is tried, and in the end a new one.
func begin(ctx context.Context, pool *sql.DB, options *sql.TxOptions) (*sql.Tx, error) {
	for n := 0; ; n++ {
		tx, err := pool.BeginTx(ctx, options)
		if err == nil || n == connections || !ended(err) || ctx.Err() != nil {
			return tx, err
		}
	}
}

// ErrUnchanged is returned by the function of a Change that has nothing to change: the transaction is given up, and that is no failure.
var ErrUnchanged = errors.New("there is nothing to change")

// Change runs f in a transaction that writes: all of it or, where f fails, nothing.
func (db *DB) Change(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := begin(ctx, db.Write, nil)
	if err != nil {
		return db.told(err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing, and otherwise f's error says more
	if err := f(tx); errors.Is(err, ErrUnchanged) {
		return nil
	} else if err != nil {
		return db.told(err)
	}
	return db.told(tx.Commit())
}
