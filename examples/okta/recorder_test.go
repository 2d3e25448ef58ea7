package main

import (
	"log/slog"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

// recording is a client of a service whose statements are recorded.
func recording(t *testing.T, address string) (ask.Client, *database) {
	t.Helper()
	opened(t, address) // with the migrations
	kind, source, err := sqldb.KindOf(address)
	if err != nil {
		t.Fatal(err)
	}
	db, err := connect(sqldbtest.Recording(kind), source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return newClient(t, quick(db, slog.New(slog.DiscardHandler))), db
}
