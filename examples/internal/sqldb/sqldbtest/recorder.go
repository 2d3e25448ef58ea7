package sqldbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/scimmodels/scim/examples/internal/sqldb"
)

// Executed is a statement that has gone to a database.
type Executed struct {
	// Text is the statement, each space in it a single one.
	Text string
	// Rows is the number of rows that it has changed.
	Rows int64
	// Hurried says that it would have been given up at some time.
	Hurried bool
}

// statements are those that the recording drivers have seen.
var statements struct {
	sync.Mutex

	list []Executed
}

// Recording is a kind of database whose driver records statements.
func Recording(kind sqldb.Kind) sqldb.Kind {
	register()
	kind.Driver = "recording " + kind.Driver
	return kind
}

// Recorded returns what f has the recording drivers execute. It is for tests that are not parallel.
func Recorded(f func()) []Executed {
	statements.Lock()
	statements.list = nil
	statements.Unlock()
	f()
	return Statements()
}

// Statements are those that the recording drivers have executed since Recorded has begun.
func Statements() []Executed {
	statements.Lock()
	defer statements.Unlock()
	return append([]Executed(nil), statements.list...)
}

func record(text string, rows int64, hurried bool) {
	statements.Lock()
	defer statements.Unlock()
	statements.list = append(statements.list, Executed{strings.Join(strings.Fields(text), " "), rows, hurried})
}

var register = sync.OnceFunc(func() {
	sql.Register("recording sqlite", recordingDriver{&sqlite.Driver{}})
	sql.Register("recording pgx", recordingDriver{stdlib.GetDefaultDriver()})
})

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
	able, ok := c.(conn)
	if !ok {
		return nil, errors.Join(errors.New("the driver lacks what is recorded"), c.Close())
	}
	return recordingConn{able}, nil
}

type recordingConn struct{ conn }

// BeginTx implements driver.ConnBeginTx.
func (c recordingConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	_, hurried := ctx.Deadline()
	record("BEGIN", 0, hurried)
	tx, err := c.conn.BeginTx(ctx, options)
	return recordingTx{tx}, err
}

// QueryContext implements driver.QueryerContext.
func (c recordingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	_, hurried := ctx.Deadline()
	record(query, 0, hurried)
	return c.conn.QueryContext(ctx, query, args)
}

// ExecContext implements driver.ExecerContext.
func (c recordingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	done, err := c.conn.ExecContext(ctx, query, args)
	var rows int64
	if err == nil {
		rows, _ = done.RowsAffected()
	}
	_, hurried := ctx.Deadline()
	record(query, rows, hurried)
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
func (tx recordingTx) Commit() error { record("COMMIT", 0, false); return tx.Tx.Commit() }

// Rollback implements driver.Tx.
func (tx recordingTx) Rollback() error { record("ROLLBACK", 0, false); return tx.Tx.Rollback() }
