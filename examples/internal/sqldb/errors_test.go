package sqldb_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

func pg(code string) error {
	return fmt.Errorf("statement: %w", &pgconn.PgError{Code: code, Message: "secret"})
}

// What went wrong, and what a client is told of it: nothing of what the database has said.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		err    error
		cause  sqldb.Cause
		status int
	}{
		{pg("23505"), sqldb.Unique, 500},
		{pg("23503"), sqldb.Reference, 503},
		{pg("40001"), sqldb.Conflict, 503},
		{pg("40P01"), sqldb.Conflict, 503},
		{pg("22021"), sqldb.Unfit, 400},
		{pg("22P05"), sqldb.Unfit, 400},
		{pg("54000"), sqldb.Unfit, 400},
		{pg("08006"), sqldb.Away, 503},
		{pg("53300"), sqldb.Away, 503},
		{pg("57P01"), sqldb.Away, 503},
		{pg("57014"), sqldb.Other, 500},
		{pg("42P01"), sqldb.Other, 500},
		{driver.ErrBadConn, sqldb.Away, 503},
		{io.ErrUnexpectedEOF, sqldb.Away, 503},
		{context.DeadlineExceeded, sqldb.Away, 503},
		{&net.OpError{Op: "dial", Err: errors.New("secret")}, sqldb.Away, 503},
		{errors.New("secret"), sqldb.Other, 500},
	} {
		t.Run(c.err.Error(), func(t *testing.T) {
			assert.Equal(t, c.cause, sqldb.CauseOf(c.err))
			told := scimerrors.From(sqldb.Error(c.err))
			assert.Equal(t, c.status, told.Status)
			assert.NotContains(t, told.Detail, "secret")
			require.ErrorIs(t, told, c.err)
			assert.Equal(t, c.status == http.StatusServiceUnavailable, told.Header.Get("Retry-After") != "")
		})
	}
	require.NoError(t, sqldb.Error(nil))
	own := scimerrors.Status(http.StatusTeapot, "mine")
	require.Same(t, own, sqldb.Error(own))
}

// The causes of errors that the databases themselves make, and what a program says of them.
func TestCauses(t *testing.T) {
	taken := scimerrors.Status(http.StatusConflict, "taken")
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			tables := &fstest.MapFile{Data: []byte("CREATE TABLE a (id TEXT PRIMARY KEY); CREATE TABLE b (a TEXT NOT NULL UNIQUE REFERENCES a)")}
			db, err := sqldb.Open(t.Context(), address(t), fstest.MapFS{"sqlite/1.sql": tables, "postgres/1.sql": tables}, func(c sqldb.Cause) error {
				if c == sqldb.Unique {
					return taken
				}
				return nil
			})
			require.NoError(t, err)
			defer db.Close()
			do := func(statement string, args ...any) error {
				return db.Change(t.Context(), func(tx *sql.Tx) error {
					_, err := sqldb.Exec(t.Context(), tx, statement, args...)
					return err
				})
			}
			require.NoError(t, do("INSERT INTO a (id) VALUES ($1), ($2)", "x", "y"))
			require.NoError(t, do("INSERT INTO b (a) VALUES ($1)", "x"))
			require.Same(t, taken, do("INSERT INTO a (id) VALUES ($1)", "x"))
			require.Same(t, taken, do("INSERT INTO b (a) VALUES ($1)", "x"))
			assert.Equal(t, sqldb.Reference, sqldb.CauseOf(do("INSERT INTO b (a) VALUES ($1)", "z")))
			assert.Equal(t, sqldb.Other, sqldb.CauseOf(do("INSERT INTO c (a) VALUES ($1)", "z")))
			assert.Equal(t, http.StatusBadRequest, scimerrors.From(do("INSERT INTO a (id) VALUES ($1)", "\x00")).Status)

			require.NoError(t, db.Change(t.Context(), func(tx *sql.Tx) error {
				_, err := sqldb.Exec(t.Context(), tx, "DELETE FROM b")
				require.NoError(t, err)
				return sqldb.ErrUnchanged
			}))
			var left []string
			require.NoError(t, db.View(t.Context(), func(tx *sql.Tx) (err error) {
				left, err = sqldb.Query(t.Context(), tx, sqldb.Column[string], "SELECT a FROM b")
				return err
			}))
			assert.Equal(t, []string{"x"}, left)
		})
	}
}

// A migration that fails leaves nothing behind, so that the next start can try again.
func TestMigrations(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			at := address(t)
			files := fstest.MapFS{}
			for _, kind := range []string{"sqlite", "postgres"} {
				files[kind+"/1.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE a (id TEXT)")}
				files[kind+"/2.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE a (id TEXT)")}
			}
			_, err := sqldb.Open(t.Context(), at, files, nil)
			require.ErrorContains(t, err, "2.sql")
			for _, kind := range []string{"sqlite", "postgres"} {
				files[kind+"/2.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE b (id TEXT)")}
			}
			for range 2 {
				db, err := sqldb.Open(t.Context(), at, files, nil)
				require.NoError(t, err)
				require.NoError(t, db.Ping(t.Context()))
				require.NoError(t, db.Close())
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	assert.Empty(t, sqldb.Places(0, 0))
	assert.Equal(t, "$3, $4", sqldb.Places(2, 2))
	assert.Equal(t, "($1, $2), ($3, $4)", sqldb.Rows(2, 2))
	assert.Equal(t, []any{1, "a", "b"}, sqldb.Args([]any{1}, []string{"a", "b"}))
}
