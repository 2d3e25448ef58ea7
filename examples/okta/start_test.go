package main

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

// What is stored is there after a restart, and the migrations know that they have been run. The tables of before stay.
func TestRestart(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			db := opened(t, address)
			c := newClient(t, quick(db, slog.New(slog.DiscardHandler)))
			made := c.Post("/Users", obiWan).Is(201)
			group := c.Group("Guides", made.ID())
			whole := c.Get("/Users/" + made.ID()).Is(200)
			_ = db.Close()
			again := serve(t, address)
			if got := again.Get("/Users/" + made.ID()).Is(200); got.Text != whole.Text || got.Tag() != whole.Tag() {
				t.Errorf("was %s, is %s", whole.Text, got.Text)
			}
			if got := again.Get(group).Is(200).Values("members"); len(got) != 1 {
				t.Errorf("members %q", got)
			}
			var starts sync.WaitGroup
			for range 4 { // at once
				starts.Go(func() {
					other, err := openDatabase(t.Context(), address)
					if err != nil {
						t.Error(err)
						return
					}
					_ = other.Close()
				})
			}
			starts.Wait()
			if got := count(t, opened(t, address), "migrations"); got != 2 {
				t.Errorf("%d migrations, want 2", got)
			}
		})
	}
}

// Users of before the application had SCIM are there to be found, and to be provisioned.
func TestUsersOfBefore(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			kind, source, err := sqldb.KindOf(address)
			if err != nil {
				t.Fatal(err)
			}
			before, err := connect(kind, source)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = before.Close() })
			first, err := migrations.ReadFile("migrations/" + kind.Name + "/001_application.sql")
			if err != nil {
				t.Fatal(err)
			}
			for _, statement := range []string{
				string(first), "CREATE TABLE migrations (name TEXT PRIMARY KEY)", "INSERT INTO migrations (name) VALUES ('001_application.sql')",
				`INSERT INTO users (id, user_name, user_name_folded, created_at, updated_at)
				VALUES ('7', 'Ann', 'ann', '2020-01-01T00:00:00.000000000Z', '2020-01-01T00:00:00.000000000Z')`,
			} {
				if _, err := before.Write.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			c := serve(t, address)
			c.Find("/Users", `userName eq "ann"`).Is(200).Has(`{"totalResults": 1, "Resources": [{"id": "7", "userName": "Ann", "active": true}]}`)
			c.Patch("/Users/7", `{"op": "add", "value": {"externalId": "00u1", "displayName": "Ann", "nickName": "A"}}`).Is(200)
			c.Find("/Users", `externalId eq "00u1"`).Is(200).Has(`{"totalResults": 1, "Resources": [{"userName": "Ann", "nickName": "A"}]}`)
		})
	}
}

// The flag of the database.
func TestAddresses(t *testing.T) {
	for _, wrong := range []string{"", "okta.db", "sqlite:", "sqlite::memory:", "mysql://x"} {
		if _, err := openDatabase(t.Context(), wrong); err == nil {
			t.Errorf("%q is no database", wrong)
		}
	}
	if _, err := openDatabase(t.Context(), "postgres://scim:hunter2@127.0.0.1:1/x?connect_timeout=1"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	if _, err := openDatabase(t.Context(), "postgres://scim:hunter2@127.0.0.1:x/x"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	odd := t.TempDir() + "/a b?c#d%41.db"
	opened(t, "sqlite:"+odd)
	if _, err := os.Stat(odd); err != nil {
		t.Error(err)
	}
	if err := run(config{addr: "127.0.0.1:0", database: "sqlite:" + odd}, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "SCIM_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
}

// A database that is away is no 500: the client is told to come again.
func TestDatabaseAway(t *testing.T) {
	kind, source, err := sqldb.KindOf("postgres://nobody@127.0.0.1:1/nothing?connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	db, err := connect(kind, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	away := func(a ask.Answer) {
		t.Helper()
		a.Is(503).Has(`{"status": "503"}`).Lacks("127.0.0.1")
		if a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", a.Asked)
		}
	}
	c := newClient(t, quick(db, slog.New(slog.DiscardHandler)))
	away(c.Get("/Users"))
	away(c.Get("/Users/1"))
	away(c.Post("/Users", obiWan))
	away(c.Patch("/Groups/1", `{"op": "remove", "path": "members"}`))
	ask.New(t, application{db}, "", token).Post("/login", `{}`).Is(503)
	c.Get("/Schemas").Is(200)

	// SQLite: somebody else holds the file.
	file := t.TempDir() + "/okta.db"
	kind, source, _ = sqldb.KindOf("sqlite:" + file)
	opened(t, "sqlite:"+file)
	busy, err := connect(kind, strings.Replace(source, "busy_timeout(5000)", "busy_timeout(50)", 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	holder, err := sql.Open("sqlite", source)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	tx, err := holder.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c = newClient(t, quick(busy, slog.New(slog.DiscardHandler)))
	away(c.Post("/Users", obiWan))
	c.Get("/Users").Is(200) // who reads does not wait
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	c.Post("/Users", obiWan).Is(201)

	// A client that has gone.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := busy.account(ctx, "x"); err == nil || strings.Contains(err.Error(), "500") {
		t.Errorf("got %v", err)
	}
}
