package accounts

import (
	"context"
	"database/sql"

	"github.com/scimmodels/scim/examples/guides/web"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// Documents searches the column that holds filter.Document: every attribute can be searched for.
var Documents = filter.SQLiteDocument("a.search")

// Columns searches the application's own columns. What is not listed is 400 invalidFilter.
var Columns = filter.SQLite(columns.Find)

var columns = filter.Columns{
	"id":           {Expr: "CAST(a.id AS TEXT)"},
	"externalId":   {Expr: "a.external_id"},
	"userName":     {Expr: "a.login", Folded: "a.login_folded"},
	"active":       {Expr: "NOT a.blocked"},
	"emails.value": {Expr: "e.email", Folded: "e.email_folded", From: "accounts e WHERE e.id = a.id AND e.email <> ''"}, // a list of one
}

// Search implements web.Store: one page of users, chosen and sorted by the database.
func (s Users) Search(ctx context.Context, q *resource.SearchRequest, options ...resource.Option) (*resource.ListResponse[*User], error) {
	f, err := filter.Compile[User](q.Filter, options...) // 400 invalidFilter
	if err != nil {
		return nil, err
	}
	order, err := filter.CompileOrder[User](q.SortBy, q.SortOrder, options...) // 400 invalidValue
	if err != nil {
		return nil, err
	}
	where, args, err := f.SQL(s.Dialect, nil)
	if err != nil {
		return nil, err
	}
	by, err := order.SQL(s.Dialect)
	if err != nil {
		return nil, err
	}
	last, err := s.Cursors.Open(q, "/Users") // 400 invalidCursor, expiredCursor; nil without a cursor
	if err != nil {
		return nil, err
	}
	var total int
	if err := s.DB.QueryRowContext(ctx, "SELECT count(*) FROM accounts a WHERE "+where, args...).Scan(&total); err != nil {
		return nil, err
	}
	if last != nil {
		var after string
		if after, args, err = order.After(s.Dialect, last, args); err != nil {
			return nil, err
		}
		where += " AND " + after
	}
	offset, limit := q.Page(web.MaxPage)
	//nolint:gosec // where and by are made of the dialect's columns; what the client has sent are arguments
	rows, err := s.DB.QueryContext(ctx, "SELECT "+fields+" FROM accounts a WHERE "+where+" ORDER BY "+by+" LIMIT ? OFFSET ?", append(args, limit+1, offset)...)
	if err != nil {
		return nil, err
	}
	found, err := users(rows)
	if err != nil {
		return nil, err
	}
	page := resource.Page(q, found[:min(limit, len(found))], total)
	if q.Cursor != nil && limit > 0 && len(found) > limit { // one more is there: it begins the next page
		page.NextCursor, err = s.Cursors.Seal(q, order.Key(found[limit-1]), "/Users")
	}
	return page, err
}

func users(rows *sql.Rows) (page []*User, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		a, err := scan(rows)
		if err != nil {
			return nil, err
		}
		u, err := ToUser(a)
		if err != nil {
			return nil, err
		}
		page = append(page, u)
	}
	return page, rows.Err()
}

// InMemory is a search without a database: List filters, sorts and cuts out the page.
func InMemory(all []Account, q *resource.SearchRequest, options ...resource.Option) (*resource.ListResponse[*User], error) {
	users := make([]*User, len(all))
	for i, a := range all {
		u, err := ToUser(a)
		if err != nil {
			return nil, err
		}
		users[i] = u
	}
	return resource.List(users, q, append(options, resource.MaxResults(web.MaxPage))...)
}
