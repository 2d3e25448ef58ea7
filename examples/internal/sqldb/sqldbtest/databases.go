// Package sqldbtest makes databases for tests.
package sqldbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Databases are the addresses of new ones, of both kinds.
var Databases = map[string]func(tb testing.TB) (address string){"SQLite": File, "PostgreSQL": Schema}

// File names a file that is not there yet, for SQLite.
func File(tb testing.TB) string {
	tb.Helper()
	return "sqlite:" + filepath.Join(tb.TempDir(), "test.db")
}

// Schema makes a schema for one test in the PostgreSQL that SCIM_TEST_POSTGRES names, and returns the URL that leads into it. Without one
// the test is skipped, or fails if SCIM_TEST_REQUIRE is set.
func Schema(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv("SCIM_TEST_POSTGRES")
	if server == "" {
		const reason = "SCIM_TEST_POSTGRES is not set: it has the URL of a PostgreSQL for tests, postgres://user@host/database"
		if os.Getenv("SCIM_TEST_REQUIRE") != "" { // .ci/run
			tb.Fatal(reason)
		}
		tb.Skip(reason)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		tb.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(tb.Context(), "CREATE SCHEMA "+schema); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			tb.Error(err)
		}
		_ = admin.Close()
	})
	address, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	return address.String()
}
