package main

import (
	"context"
	"database/sql"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/resource/scimtest"
)

const token = "sesame"

// databases are the addresses of new ones, of both kinds.
var databases = map[string]func(t *testing.T) (address string){"SQLite": ownFile, "PostgreSQL": ownSchema}

func ownFile(t *testing.T) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "okta.db")
}

// ownSchema makes a schema for one test in the PostgreSQL that SCIM_TEST_POSTGRES names, and returns the URL that leads into it.
func ownSchema(t *testing.T) string {
	t.Helper()
	server := os.Getenv("SCIM_TEST_POSTGRES")
	if server == "" {
		const reason = "SCIM_TEST_POSTGRES is not set: it has the URL of a PostgreSQL for tests, postgres://user@host/database"
		if os.Getenv("SCIM_TEST_REQUIRE") != "" { // .ci/run
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ReplaceAll(newID(time.Now()), "-", "")
	if _, err := admin.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		_ = admin.Close()
	})
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	return address.String()
}

// opened is a database that is closed at the end of a test.
func opened(t *testing.T, address string) *database {
	t.Helper()
	db, err := openDatabase(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.close)
	return db
}

// quick is the service, but that it hashes passwords in no time.
func quick(db *database, log *slog.Logger, options ...resource.Option) *service {
	s := newService(db, "", token, log, options...)
	s.rounds = 1
	return s
}

// What identity providers send, and the rules of the RFCs, against the service in both modes.
func TestSCIM(t *testing.T) {
	for name, address := range databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			db := opened(t, address)
			for name, mode := range map[string]resource.Option{"tolerant": nil, "strict": resource.Strict()} {
				t.Run(name, func(t *testing.T) {
					scimtest.Run(t, quick(db, slog.New(slog.DiscardHandler), mode), scimtest.Config{Base: root, Token: token, Strict: mode != nil})
				})
			}
		})
	}
}
