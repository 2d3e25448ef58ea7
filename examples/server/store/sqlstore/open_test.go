package sqlstore_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/sqlstore"
	"github.com/scimmodels/scim/resource"
)

// Processes that start at once make tables and indexes once, and find the same secret. What was stored before is there.
func TestOpenAtOnce(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			at := address(t)
			var secrets [4][]byte
			var errs [4]error
			var starts sync.WaitGroup
			for i := range secrets {
				starts.Go(func() {
					s, err := sqlstore.Open(t.Context(), at, []*store.Kind{users, groups})
					if err == nil {
						secrets[i], err = s.Secret(t.Context())
						err = errors.Join(err, s.Close())
					}
					errs[i] = err
				})
			}
			starts.Wait()
			require.NoError(t, errors.Join(errs[:]...))
			require.Len(t, secrets[0], 32)
			for _, other := range secrets {
				assert.Equal(t, secrets[0], other)
			}

			first := opened(t, at, users)
			made, err := first.Create(t.Context(), users, &user{User: resource.User{UserName: "ann"}}, true)
			require.NoError(t, err)
			require.NoError(t, first.Close())
			found, err := opened(t, at, users, groups).Get(t.Context(), users, resource.Common(made).ID, true)
			require.NoError(t, err)
			assert.Equal(t, made, found)
		})
	}
}

// Resources of a type that is not there any more stay and are not found; when it is back, so are they.
func TestForgottenKind(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			at := address(t)
			before := opened(t, at, users, groups)
			require.NoError(t, before.Restore(t.Context(), crowd(3, 2)))
			now := opened(t, at, users)
			page, err := now.Search(t.Context(), &store.Query{Kinds: []*store.Kind{users}, Limit: 10, Count: true})
			require.NoError(t, err)
			assert.Equal(t, 3, page.Total)
			_, err = now.Get(t.Context(), users, "g", false)
			require.ErrorIs(t, err, store.ErrNotFound)
			_, err = opened(t, at, users, groups).Get(t.Context(), groups, "g", true)
			require.NoError(t, err)
		})
	}
}

// The flag of the database: what is none is told by its grammar, and no password is repeated.
func TestAddresses(t *testing.T) {
	for _, wrong := range []string{"", "x.db", "sqlite:", "sqlite::memory:", "mysql://x"} {
		_, err := sqlstore.Open(t.Context(), wrong, nil)
		require.ErrorContains(t, err, "sqlite:", wrong)
	}
	_, err := sqlstore.Open(t.Context(), "postgres://scim:hunter2@127.0.0.1:1/x?connect_timeout=1", nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "hunter2")
	t.Chdir(t.TempDir())
	opened(t, "sqlite:relative.db")
	assert.FileExists(t, "relative.db")
}

// A connection that is lost is no lost service: it answers 503 with Retry-After at most until there is another one.
func TestLostConnection(t *testing.T) {
	at := sqldbtest.Schema(t)
	name := strings.ToLower(rand.Text())
	s := opened(t, at+"&application_name="+name, users, groups)
	made, err := s.Create(t.Context(), users, &user{User: resource.User{UserName: "ann"}}, false)
	require.NoError(t, err)
	id := resource.Common(made).ID
	admin, err := sql.Open(sqldb.Postgres.Driver, at)
	require.NoError(t, err)
	defer admin.Close()

	// One that is lost while it is in use.
	_, err = s.Update(t.Context(), users, id, false, false, func(any) (*store.Change, error) {
		_, err := admin.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", name)
		require.NoError(t, err)
		next, err := users.Head(made)
		if err == nil {
			err = resource.Set(next, "title", "x")
		}
		return &store.Change{Next: next}, err
	})
	away(t, err)
	found, err := s.Get(t.Context(), users, id, false)
	if err != nil { // an idle connection has been lost as well
		away(t, err)
		found, err = s.Get(t.Context(), users, id, false)
	}
	require.NoError(t, err)
	assert.Equal(t, made, found)
	require.NoError(t, s.Ping(t.Context()))
}

// away wants 503 with Retry-After, and nothing about the database in the answer.
func away(t *testing.T, err error) {
	t.Helper()
	told := scimerrors.From(err)
	require.NotNil(t, told)
	assert.Equal(t, http.StatusServiceUnavailable, told.Status)
	assert.NotEmpty(t, told.Header.Get("Retry-After"))
	assert.NotContains(t, told.Detail, "terminat")
}

// A file that somebody else writes to for too long is away for those who write, and can be read.
func TestBusyFile(t *testing.T) {
	at := sqldbtest.File(t)
	opened(t, at, users)
	kind, source, err := sqldb.KindOf(at)
	require.NoError(t, err)
	db, err := sqldb.Connect(kind, strings.Replace(source, "busy_timeout(5000)", "busy_timeout(50)", 1), nil)
	require.NoError(t, err)
	defer db.Close()
	holder, err := sql.Open(kind.Driver, source)
	require.NoError(t, err)
	defer holder.Close()
	tx, err := holder.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	insert := func(tx *sql.Tx) error {
		_, err := sqldb.Exec(t.Context(), tx, "INSERT INTO settings (name, value) VALUES ('a', 'b')")
		return err
	}
	away(t, db.Change(t.Context(), insert))
	require.NoError(t, db.View(t.Context(), func(tx *sql.Tx) error {
		_, err := sqldb.Query(t.Context(), tx, sqldb.Column[string], "SELECT value FROM settings")
		return err
	}))
	require.NoError(t, tx.Rollback())
	require.NoError(t, db.Change(t.Context(), insert))
}
