package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	scimerrors "github.com/scimmodels/scim/errors"
)

// Cause is what went wrong in a database.
type Cause uint8

// The causes.
const (
	// Other is a mistake of the program, or of the database.
	Other Cause = iota
	// Unique is a value that is there already.
	Unique
	// Reference is a row that refers to one which is not there, or no longer.
	Reference
	// Conflict is a transaction that another one was in the way of. It may be tried again.
	Conflict
	// Unfit is a value that cannot be stored: with U+0000, or longer than an index takes.
	Unfit
	// Away is a database that cannot be reached, is overloaded or shuts down.
	Away
)

// CauseOf looks at an error of a database, which may have been wrapped.
func CauseOf(err error) Cause {
	code := ""
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		code = e.Code
	} else if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code = strconv.Itoa(e.Code())
	}
	switch code {
	case "23505", strconv.Itoa(sqlite3.SQLITE_CONSTRAINT_UNIQUE), strconv.Itoa(sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
		return Unique
	case "23503", strconv.Itoa(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY):
		return Reference
	case "40001", "40P01":
		return Conflict
	case "22021", "22P05", "54000", strconv.Itoa(sqlite3.SQLITE_TOOBIG):
		return Unfit
	}
	if unavailable(err, code) {
		return Away
	}
	return Other
}

// Error makes of an error of a database what a client is to be told: 503 with Retry-After of what another try may mend, 400 invalidValue of
// Unfit, otherwise 500. The cause is kept for the log. An *errors.Error or a List stays as it is.
func Error(err error) error {
	if err == nil || known(err) {
		return err
	}
	switch CauseOf(err) {
	case Unfit:
		return scimerrors.New(scimerrors.InvalidValue, "a value is too long or has a character that cannot be stored: %w", err)
	case Away:
		return later("the database cannot be reached; try again later: %w", err)
	case Conflict, Reference:
		return later("other requests are in the way; try again later: %w", err)
	case Other, Unique:
	}
	return scimerrors.Status(http.StatusInternalServerError, "internal server error: %w", err)
}

func later(format string, err error) error {
	away := scimerrors.Status(http.StatusServiceUnavailable, format, err)
	away.Header = http.Header{"Retry-After": {"10"}}
	return away
}

// told is Error, unless the program has something else to say.
func (db *DB) told(err error) error {
	if err == nil || known(err) {
		return err
	}
	if db.meaning != nil {
		if said := db.meaning(CauseOf(err)); said != nil {
			return said
		}
	}
	return Error(err)
}

// known says that an error has its meaning already.
func known(err error) bool {
	if _, ours := errors.AsType[*scimerrors.Error](err); ours {
		return true
	}
	_, ours := errors.AsType[scimerrors.List](err)
	return ours
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

// busy says that somebody else holds the file.
func busy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// ended says that a connection has ended, rather than that none can be had.
func ended(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(e.Code, "57P0")
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return false
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}
