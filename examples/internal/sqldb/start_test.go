package sqldb_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

// A process that starts while another one is at work on the tables waits for as long as that takes, unless it is told to end.
func TestStartWaits(t *testing.T) {
	tables := &fstest.MapFile{Data: []byte("CREATE TABLE a (id TEXT)")}
	migrations := fstest.MapFS{"sqlite/1.sql": tables, "postgres/1.sql": tables}
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			kind, source, err := sqldb.KindOf(address(t))
			require.NoError(t, err)
			connect := func(kind sqldb.Kind, source string) *sqldb.DB {
				db, err := sqldb.Connect(kind, source, nil)
				require.NoError(t, err)
				t.Cleanup(func() { _ = db.Close() })
				return db
			}
			first, held, release := connect(kind, source), make(chan bool), make(chan bool)
			at := make(chan error, 1)
			go func() {
				at <- first.Alone(t.Context(), func(*sql.Tx) error {
					close(held)
					<-release
					return nil
				})
			}()
			<-held

			waiting := func() bool { // SQLite: it has tried for the second time
				begun := func(s sqldbtest.Executed) bool { return s.Text == "BEGIN" }
				all := sqldbtest.Statements()
				i := slices.IndexFunc(all, begun)
				return i >= 0 && slices.ContainsFunc(all[i+1:], begun)
			}
			if kind.Name == sqldb.SQLite.Name {
				source = strings.Replace(source, "busy_timeout(5000)", "busy_timeout(1)", 1)
			} else {
				application := strings.ToLower(rand.Text())
				source += "&application_name=" + application
				waiting = func() bool {
					var n int
					err := first.Read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
						WHERE a.application_name = $1 AND l.locktype = 'advisory' AND NOT l.granted`, application).Scan(&n)
					return err == nil && n == 1
				}
			}
			start := func(end func(cancel func())) (err error) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				for _, s := range sqldbtest.Recorded(func() {
					second, done := connect(sqldbtest.Recording(kind), source), make(chan error, 1)
					go func() { done <- second.Migrate(ctx, migrations) }()
					require.Eventually(t, func() bool { return waiting() || len(done) > 0 }, time.Minute, time.Millisecond)
					require.Empty(t, done)
					end(cancel)
					err = <-done
				}) {
					assert.False(t, s.Hurried, s.Text)
				}
				return err
			}
			require.Error(t, start(func(cancel func()) { cancel() }))
			require.NoError(t, start(func(func()) { close(release) }))
			require.NoError(t, <-at)
		})
	}
}
