package accounts_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/examples/guides/web"
	"github.com/scimmodels/scim/resource"
)

func open(t *testing.T) accounts.Users {
	t.Helper()
	db, err := accounts.Open(t.Context(), filepath.Join(t.TempDir(), "accounts.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	cursors, err := resource.NewCursors(web.CursorTimeout, make([]byte, 32))
	require.NoError(t, err)
	return accounts.Users{DB: db, Dialect: accounts.Documents, Cursors: cursors}
}

func names(t *testing.T, list *resource.ListResponse[*accounts.User], err error) []string {
	t.Helper()
	require.NoError(t, err)
	found := make([]string, 0, len(list.Resources))
	for _, u := range list.Resources {
		found = append(found, u.UserName)
	}
	return found
}

// The same rows, whether the documents, the columns or a list in memory is searched.
func TestSearch(t *testing.T) {
	users := open(t)
	columns := users
	columns.Dialect = accounts.Columns
	rows := make([]accounts.Account, 0, 4)
	for i, name := range []string{"Ada", "bob", "Çelik", "Dan"} {
		email := ""
		if i > 0 {
			email = fmt.Sprintf(`, "emails": [{"value": "%s@Example.com", "type": "work"}]`, strings.ToUpper(name))
		}
		u := read(t, fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": %q, "externalId": "X%d", "active": %t %s}`, name, i, i != 2, email))
		made, err := users.Create(t.Context(), u)
		require.NoError(t, err)
		a, err := accounts.FromUser(made, accounts.Account{ID: int64(i + 1)})
		require.NoError(t, err)
		rows = append(rows, a)
	}
	for _, c := range []struct {
		filter, sortBy string
		want           []string
	}{
		{"", "", []string{"Ada", "bob", "Çelik", "Dan"}},
		{`userName eq "ADA"`, "", []string{"Ada"}},
		{`userName eq "çelik"`, "", []string{"Çelik"}},
		{`externalId eq "X1"`, "", []string{"bob"}},
		{`externalId eq "x1"`, "", []string{}},
		{`emails.value eq "bob@example.com"`, "", []string{"bob"}},
		{`emails pr and active eq true`, "", []string{"bob", "Dan"}},
		{`not (active eq true)`, "", []string{"Çelik"}},
		{`userName sw "' OR 1=1 --"`, "", []string{}},
		{`id eq "2" or userName co "A"`, "userName", []string{"Ada", "bob", "Dan"}},
	} {
		t.Run(c.filter, func(t *testing.T) {
			q := &resource.SearchRequest{Filter: c.filter, SortBy: c.sortBy}
			if c.filter != `emails pr and active eq true` { // the columns know emails.value only
				list, err := columns.Search(t.Context(), q)
				assert.Equal(t, c.want, names(t, list, err), "columns")
			}
			list, err := users.Search(t.Context(), q)
			assert.Equal(t, c.want, names(t, list, err), "documents")
			assert.Equal(t, len(c.want), list.TotalResults)
			list, err = accounts.InMemory(rows, q)
			assert.Equal(t, c.want, names(t, list, err), "memory")
		})
	}
	page, err := users.Search(t.Context(), &resource.SearchRequest{StartIndex: 2, Count: new(2)})
	assert.Equal(t, []string{"bob", "Çelik"}, names(t, page, err))
	assert.Equal(t, []int{4, 2, 2}, []int{page.TotalResults, page.StartIndex, page.ItemsPerPage})

	for _, store := range []accounts.Users{users, columns} {
		first, err := store.Search(t.Context(), &resource.SearchRequest{SortBy: "userName", SortOrder: "descending", Count: new(2), Cursor: new("")})
		assert.Equal(t, []string{"Çelik", "Dan"}, names(t, first, err))
		last, err := store.Search(t.Context(), &resource.SearchRequest{SortBy: "userName", SortOrder: "descending", Count: new(2), Cursor: &first.NextCursor})
		assert.Equal(t, []string{"bob", "Ada"}, names(t, last, err))
		assert.Empty(t, last.NextCursor)
	}

	_, err = columns.Search(t.Context(), &resource.SearchRequest{Filter: `title eq "x"`})
	require.ErrorIs(t, err, scimerrors.InvalidFilter)
	_, err = users.Search(t.Context(), &resource.SearchRequest{Filter: `userName eq`})
	require.ErrorIs(t, err, scimerrors.InvalidFilter)
	_, err = users.Search(t.Context(), &resource.SearchRequest{SortBy: "name"})
	require.ErrorIs(t, err, scimerrors.InvalidValue)
}

// A user that somebody else has changed, or taken the name of, is not overwritten; columns of the application stay.
func TestStore(t *testing.T) {
	users := open(t)
	first, err := users.Create(t.Context(), read(t, ada))
	require.NoError(t, err)
	_, err = users.Create(t.Context(), read(t, strings.Replace(ada, `"ada@example.com", "displayName"`, `"ADA@example.com", "displayName"`, 1)))
	require.ErrorIs(t, err, scimerrors.Uniqueness)
	_, err = users.DB.ExecContext(t.Context(), "UPDATE accounts SET theme = 'dark'")
	require.NoError(t, err)

	changed := *first
	changed.Title = "Countess"
	second, err := users.Update(t.Context(), first, &changed)
	require.NoError(t, err)
	assert.Equal(t, []string{`W/"1"`, `W/"2"`}, []string{first.Meta.Version, second.Meta.Version})
	_, err = users.Update(t.Context(), first, &changed)
	require.ErrorIs(t, err, web.ErrChanged)
	require.ErrorIs(t, users.Delete(t.Context(), first), web.ErrChanged)
	var theme string
	require.NoError(t, users.DB.QueryRowContext(t.Context(), "SELECT theme FROM accounts").Scan(&theme))
	assert.Equal(t, "dark", theme)

	require.NoError(t, users.Delete(t.Context(), second))
	for _, id := range []string{first.ID, "x", "", "99999999999999999999"} {
		_, err = users.Load(t.Context(), id)
		assert.Equal(t, 404, scimerrors.From(err).Status, id)
	}
}
