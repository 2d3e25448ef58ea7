package main

import (
	"log/slog"
	"testing"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/resource/scimtest"
)

const token = "sesame"

// connect is openDatabase without migrations.
func connect(kind sqldb.Kind, source string) (*database, error) {
	db, err := sqldb.Connect(kind, source, meaning)
	return &database{db}, err
}

// opened is a database that is closed at the end of a test.
func opened(t *testing.T, address string) *database {
	t.Helper()
	db, err := openDatabase(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
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
	for name, address := range sqldbtest.Databases {
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
