package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
)

// executed is a statement that has gone to the database, and the number of rows that it has changed.
type executed struct {
	text string
	rows int64
}

// statements are those that the recording drivers have seen. The tests that look at them are not parallel.
var statements struct {
	sync.Mutex

	list []executed
}

func record(text string, rows int64) {
	statements.Lock()
	defer statements.Unlock()
	statements.list = append(statements.list, executed{strings.Join(strings.Fields(text), " "), rows})
}

// recorded returns what f makes the service execute.
func recorded(f func()) []executed {
	statements.Lock()
	statements.list = nil
	statements.Unlock()
	f()
	statements.Lock()
	defer statements.Unlock()
	return statements.list
}

var register = sync.OnceFunc(func() {
	sql.Register("recording sqlite", recordingDriver{&sqlite.Driver{}})
	sql.Register("recording pgx", recordingDriver{stdlib.GetDefaultDriver()})
})

// recording is a client of a service whose statements are recorded.
func recording(t *testing.T, address string) (ask.Client, *database) {
	t.Helper()
	register()
	opened(t, address) // with the migrations
	kind, source, err := sqldb.KindOf(address)
	if err != nil {
		t.Fatal(err)
	}
	kind.Driver = "recording " + kind.Driver
	db, err := connect(kind, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return newClient(t, quick(db, slog.New(slog.DiscardHandler))), db
}

type recordingDriver struct{ driver.Driver }

// conn is what both drivers' connections can do.
type conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.QueryerContext
	driver.ExecerContext
}

// Open implements driver.Driver.
func (d recordingDriver) Open(name string) (driver.Conn, error) {
	c, err := d.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	return recordingConn{c.(conn)}, nil //nolint:errcheck // both can
}

type recordingConn struct{ conn }

// BeginTx implements driver.ConnBeginTx.
func (c recordingConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	record("BEGIN", 0)
	tx, err := c.conn.BeginTx(ctx, options)
	return recordingTx{tx}, err
}

// QueryContext implements driver.QueryerContext.
func (c recordingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	record(query, 0)
	return c.conn.QueryContext(ctx, query, args)
}

// ExecContext implements driver.ExecerContext.
func (c recordingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	done, err := c.conn.ExecContext(ctx, query, args)
	var rows int64
	if err == nil {
		rows, _ = done.RowsAffected()
	}
	record(query, rows)
	return done, err
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c recordingConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type recordingTx struct{ driver.Tx }

// Commit implements driver.Tx.
func (tx recordingTx) Commit() error { record("COMMIT", 0); return tx.Tx.Commit() }

// Rollback implements driver.Tx.
func (tx recordingTx) Rollback() error { record("ROLLBACK", 0); return tx.Tx.Rollback() }
