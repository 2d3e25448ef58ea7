package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

// crowd makes a group of n users and returns its path. That they are made at once in the database is quicker, and what an application
// that had users before it had SCIM is like.
func crowd(t *testing.T, db *database, n int) string {
	t.Helper()
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(n+2) + `)
			INSERT INTO users (id, user_name, user_name_folded, created_at, updated_at)
			SELECT 'user-' || i, 'user-' || i, 'user-' || i, '2026-01-01T00:00:00.000000000Z', '2026-01-01T00:00:00.000000000Z' FROM n`,
		`INSERT INTO groups (id, display_name, display_name_folded, created_at, updated_at)
			VALUES ('everybody', 'Everybody', 'everybody', '2026-01-01T00:00:00.000000000Z', '2026-01-01T00:00:00.000000000Z')`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(n) + `)
			INSERT INTO memberships (group_id, user_id) SELECT 'everybody', 'user-' || i FROM n`,
	} {
		if db.Name == sqldb.Postgres.Name { // a literal is text, unless it is told otherwise
			statement = strings.ReplaceAll(statement, "'2026-01-01T00:00:00.000000000Z'", "TIMESTAMPTZ '2026-01-01T00:00:00Z'")
		}
		if _, err := db.Write.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return "/Groups/everybody"
}

func count(t *testing.T, db *database, table string) (n int) {
	t.Helper()
	if err := db.Read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whoever joins or leaves a group of a hundred thousand is one row, and nobody reads the others.
func TestOneMemberOfManyIsOneRow(t *testing.T) {
	n := manyMembers
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c, db := recording(t, address)
			path := crowd(t, db, n)

			member := func(i int) string { return fmt.Sprintf("user-%d", n+i) }
			for _, row := range []struct {
				name, operations string
				want             []string // the statements' beginnings, and how many rows they have changed
				members          int      // afterwards
			}{
				{
					"add one", `{"op": "add", "path": "members", "value": [{"value": "` + member(1) + `"}]}`,
					[]string{"BEGIN 0", "SELECT g.id 0", "ROLLBACK 0", "BEGIN 0", "UPDATE groups 1", "INSERT INTO memberships 1", "COMMIT 0"}, n + 1,
				},
				{
					"add the same", `{"op": "Add", "path": "members", "value": [{"value": "` + member(1) + `"}]}`,
					[]string{"BEGIN 0", "SELECT g.id 0", "ROLLBACK 0", "BEGIN 0", "UPDATE groups 1", "INSERT INTO memberships 0", "SELECT id 0", "ROLLBACK 0"}, n + 1,
				},
				{
					"remove one, by a filter", `{"op": "remove", "path": "members[value eq \"` + member(1) + `\"]"}`,
					[]string{"BEGIN 0", "SELECT g.id 0", "ROLLBACK 0", "BEGIN 0", "UPDATE groups 1", "DELETE FROM memberships 1", "COMMIT 0"}, n,
				},
				{
					"remove two, as Entra does", `{"op": "Remove", "path": "members", "value": [{"value": "user-1"}, {"value": "user-2"}]}`,
					[]string{"BEGIN 0", "SELECT g.id 0", "ROLLBACK 0", "BEGIN 0", "UPDATE groups 1", "DELETE FROM memberships 2", "COMMIT 0"}, n - 2,
				},
				{
					"rename", `{"op": "replace", "value": {"displayName": "All"}}`,
					[]string{"BEGIN 0", "SELECT g.id 0", "ROLLBACK 0", "BEGIN 0", "UPDATE groups 1", "COMMIT 0"}, n - 2,
				},
			} {
				before := sqldbtest.Recorded(func() { c.Patch(path, row.operations).Is(204) })
				var got []string
				for _, s := range before {
					for _, beginning := range []string{"BEGIN", "COMMIT", "ROLLBACK", "SELECT g.id", "SELECT id", "UPDATE groups", "INSERT INTO memberships", "DELETE FROM memberships"} {
						if strings.HasPrefix(s.Text, beginning) {
							got = append(got, fmt.Sprint(beginning, " ", s.Rows))
						}
					}
					t.Logf("%s: %s (%d rows)", row.name, s.Text, s.Rows)
				}
				if len(got) != len(before) || !slices.Equal(got, row.want) {
					t.Errorf("%s: executed %q, want %q", row.name, got, row.want)
				}
				if have := count(t, db, "memberships"); have != row.members {
					t.Errorf("%s: %d members, want %d", row.name, have, row.members)
				}
			}

			// A PUT names all members. Only the one who is new is written.
			ids := make([]string, 0, n)
			for i := 3; i <= n+2; i++ {
				if i != n+1 {
					ids = append(ids, fmt.Sprintf("user-%d", i))
				}
			}
			body := `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "All", "members": [` + ask.Values(ids...) + `]}`
			var written []string
			for _, s := range sqldbtest.Recorded(func() { c.Put(path+"?excludedAttributes=members", body).Is(200).Has(`{"displayName": "All"}`) }) {
				if s.Rows > 0 {
					written = append(written, fmt.Sprint(s.Text[:11], " ", s.Rows))
				}
			}
			if want := []string{"UPDATE grou 1", "INSERT INTO 1"}; !slices.Equal(written, want) {
				t.Errorf("a PUT has written %q, want %q", written, want)
			}
			if have := count(t, db, "memberships"); have != n-1 {
				t.Errorf("%d members, want %d", have, n-1)
			}
		})
	}
}

// excludedAttributes=members, which Entra ID asks for, is no query on memberships; nor is a list of other attributes.
func TestMembersNobodyAsksFor(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c, _ := recording(t, address)
			_, ann := c.User("ann")
			path := c.Group("Guides", ann)
			for query, want := range map[string]bool{
				"": true, "?attributes=members": true, "?attributes=members.value": true, "?attributes=displayName,Members": true,
				"?attributes=urn:ietf:params:scim:schemas:core:2.0:Group:members.display": true, "?excludedAttributes=displayName": true,
				"?excludedAttributes=members": false, "?excludedAttributes=MEMBERS": false, "?attributes=displayName": false,
				"?excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:Group:members": false, "?attributes=id": false,
				"?excludedAttributes=members.display": true,
			} {
				for _, at := range []string{path, "/Groups"} {
					var a ask.Answer
					seen := sqldbtest.Recorded(func() { a = c.Get(at + query).Is(200) })
					reads := slices.ContainsFunc(seen, func(s sqldbtest.Executed) bool { return strings.Contains(s.Text, "memberships") })
					if shows := strings.Contains(a.Text, `"members"`); shows != want || reads != want {
						t.Errorf("%s%s: members shown: %t, read: %t, want %t", at, query, shows, reads, want)
					}
				}
			}
		})
	}
}

// What cannot be told without the members is told with them, and written as what it changes.
func TestPatchOfMembers(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c, _ := recording(t, address)
			_, ann := c.User("ann")
			_, bob := c.User("bob")
			_, eve := c.User("eve")
			sorted := func(ids ...string) []string { slices.Sort(ids); return ids }
			for _, row := range []struct {
				name, operations string
				status           int
				want             []string
				written          int64 // rows of memberships
			}{
				{"by display", `{"op": "remove", "path": "members[display sw \"a\"]"}`, 204, sorted(bob), 1},
				{"by type", `{"op": "remove", "path": "members[type eq \"User\"]"}`, 204, nil, 2},
				{"by several values", `{"op": "remove", "path": "members[value eq \"` + ann + `\" or value eq \"` + bob + `\"]"}`, 204, nil, 2},
				{"by a value that is none", `{"op": "remove", "path": "members[value eq \"nobody\"]"}`, 204, sorted(ann, bob), 0},
				{"all", `{"op": "remove", "path": "members"}`, 204, nil, 2},
				{"replaced, some stay", `{"op": "replace", "path": "members", "value": [` + ask.Values(bob, eve) + `]}`, 204, sorted(bob, eve), 2},
				{"replaced, nobody stays", `{"op": "replace", "path": "members", "value": [` + ask.Values(eve) + `]}`, 204, sorted(eve), 3},
				{"replaced by the same", `{"op": "replace", "path": "members", "value": [` + ask.Values(bob, ann) + `]}`, 204, sorted(ann, bob), 0},
				{"replaced by none", `{"op": "replace", "path": "members", "value": []}`, 204, nil, 2},
				{"replaced without path", `{"op": "replace", "value": {"members": [` + ask.Values(ann, eve) + `]}}`, 204, sorted(ann, eve), 2},
				{"one after the other", `{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [` + ask.Values(eve, ann) + `]},
				{"op": "remove", "path": "members[value eq \"` + ann + `\"]"}`, 204, sorted(eve), 5},
				{"twice the same", `{"op": "add", "path": "members", "value": [` + ask.Values(eve, eve) + `]}`, 204, sorted(ann, bob, eve), 1},
				{"nobody", `{"op": "add", "path": "members", "value": [` + ask.Values(eve, "nobody") + `]}`, 400, sorted(ann, bob), 1},
				{"nothing", `{"op": "add", "path": "members", "value": [` + ask.Values(eve, "\\u0000") + `]}`, 400, sorted(ann, bob), 1},
				{"the group's name, too", `{"op": "remove", "path": "members[display co \"n\"]"}, {"op": "replace", "path": "displayName", "value": "Pilots"}`, 204, sorted(bob), 1},
				{"no name", `{"op": "remove", "path": "displayName"}, {"op": "remove", "path": "members"}`, 400, sorted(ann, bob), 0},
				{"another key", `{"op": "replace", "path": "externalId", "value": "x"}, {"op": "add", "path": "members", "value": [` + ask.Values(eve) + `]}`, 204, sorted(ann, bob, eve), 1},
			} {
				t.Run(row.name, func(t *testing.T) {
					c := c
					c.T = t
					path := c.Group("Guides", ann, bob)
					before := c.Get(path).Tag()
					var written int64
					for _, s := range sqldbtest.Recorded(func() { c.Patch(path, row.operations).Is(row.status) }) {
						if strings.Contains(s.Text, "memberships") {
							written += s.Rows
						}
					}
					after := c.Get(path).Is(200)
					if got := after.Values("members"); !slices.Equal(got, row.want) {
						t.Errorf("members %q, want %q", got, row.want)
					}
					if row.status == 204 && written != row.written {
						t.Errorf("%d memberships written, want %d", written, row.written)
					}
					if changed := before != after.Tag(); changed != (row.status == 204 && row.written > 0) {
						t.Errorf("the version was %s and is %s", before, after.Tag())
					}
				})
			}
		})
	}
}

// A group changes with what it shows of its members, and a user with the groups that are shown.
func TestVersions(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			address := address(t)
			c := serve(t, address)
			path, ann := c.User("ann")
			group := c.Group("Guides", ann)
			user := func() string { t.Helper(); return c.Get(path).Is(200).Tag() }
			whole := func() string { t.Helper(); return c.Get(group).Is(200).Tag() }

			was, of := whole(), user()
			c.Patch(path, `{"op": "replace", "path": "title", "value": "Guide"}`).Is(200)
			if whole() != was || user() == of {
				t.Error("a title concerns the user, and not the group")
			}
			c.Patch(path, `{"op": "replace", "path": "displayName", "value": "Ann"}`).Is(200)
			if whole() == was {
				t.Error("a member has another name, the group the same version")
			}
			was, of = whole(), user()
			c.Patch(group, `{"op": "replace", "path": "displayName", "value": "Pilots"}`).Is(204)
			if whole() == was || user() == of {
				t.Error("the group has another name")
			}
			c.With("If-None-Match", of).Get(path).Is(200)
			c.With("If-None-Match", user()).Get(path).Is(304)
			c.With("If-None-Match", was).Get(group).Is(200)
			c.With("If-None-Match", whole()).Get(group + "?excludedAttributes=members").Is(304)
			was = whole()
			c.Delete(path).Is(204)
			if a := c.Get(group).Is(200); a.Tag() == was || len(a.Values("members")) > 0 {
				t.Errorf("the user is deleted, the group is %s", a.Text)
			}
			c.Put(group, `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Pilots"}`).Is(200)
			c.With("If-Match", was).Put(group, `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "X"}`).Is(412)
			c.With("If-Match", was).Patch(group, `{"op": "remove", "path": "members"}`).Is(412)
			c.With("If-Match", was).Delete(group).Is(412)
			c.With("If-Match", whole()).Delete(group).Is(204)
			c.With("If-Match", "*").Delete(group).Is(404)
		})
	}
}
