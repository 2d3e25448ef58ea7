package sqlproof_test

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/filter"
)

// database holds the same things in columns of their own and as documents.
type database struct {
	*sql.DB
	postgres bool
	dialects map[string]filter.Dialect
}

// fixed is the form of times that are text.
const fixed = "2006-01-02T15:04:05.000000000Z"

// columns are where the attributes of a thing are.
var columns = filter.Columns{
	"id":                       {Expr: "t.id"},
	"externalId":               {Expr: "t.external_id"},
	"meta.lastModified":        {Expr: "t.last_modified"},
	"folded":                   {Expr: "t.folded", Folded: "t.folded_f"},
	"exact":                    {Expr: "t.exact"},
	"link":                     {Expr: "t.link"},
	"flag":                     {Expr: "t.flag"},
	"plain":                    {Expr: "t.plain"},
	"count":                    {Expr: "t.count"},
	"number":                   {Expr: "t.number"},
	"size":                     {Expr: "t.size"},
	"when":                     {Expr: "t.happened"},
	"bytes":                    {Expr: "t.bytes"},
	"name.first":               {Expr: "t.name_first", Folded: "t.name_first_f"},
	"name.last":                {Expr: "t.name_last"},
	"emails.value":             {Expr: "e.value", Folded: "e.value_f", From: emails, First: first},
	"emails.type":              {Expr: "e.type", From: emails, First: first},
	"emails.primary":           {Expr: "e.is_primary", From: emails, First: first},
	"tags":                     {Expr: "g.value", Folded: "g.value_f", From: "tags g WHERE g.thing = t.id", First: "g.position"},
	"codes":                    {Expr: "c.value", From: "codes c WHERE c.thing = t.id", First: "c.position"},
	moreURN + ":folded":        {Expr: "t.more_folded", Folded: "t.more_folded_f"},
	moreURN + ":level":         {Expr: "t.more_level"},
	moreURN + ":manager.value": {Expr: "t.more_manager"},
}

const (
	emails = "emails e WHERE e.thing = t.id"
	first  = "COALESCE(e.is_primary, FALSE) DESC, e.position"
)

// databases opens what there is to test against.
func databases(t *testing.T, run func(t *testing.T, db *database)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		run(t, create(t, "sqlite", "file:"+t.TempDir()+"/things.db", "TEXT", "BLOB", "TEXT", "DOUBLE"))
	})
	t.Run("postgres", func(t *testing.T) {
		run(t, create(t, "pgx", sqldbtest.Schema(t), "TIMESTAMPTZ", "BYTEA", "JSONB", "DOUBLE PRECISION"))
	})
}

func create(tb testing.TB, driver, source, instant, bytes, document, float string) *database {
	tb.Helper()
	pool, err := sql.Open(driver, source)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = pool.Close() })
	pool.SetMaxOpenConns(1) // temporary tables belong to a connection
	db := &database{DB: pool, postgres: driver == "pgx", dialects: map[string]filter.Dialect{
		"columns": filter.SQLite(columns.Find), "document": filter.SQLiteDocument("t.search"),
	}}
	if db.postgres {
		db.dialects = map[string]filter.Dialect{"columns": filter.PostgreSQL(columns.Find), "document": filter.PostgreSQLDocument("t.search")}
	}
	for _, statement := range []string{
		"CREATE TEMPORARY TABLE things (id TEXT PRIMARY KEY, external_id TEXT, last_modified " + instant + ", folded TEXT, folded_f TEXT, exact TEXT, link TEXT, flag BOOLEAN, plain BOOLEAN, " +
			"count BIGINT, number BIGINT, size " + float + ", happened " + instant + ", bytes " + bytes + ", name_first TEXT, name_first_f TEXT, name_last TEXT, " +
			"more_folded TEXT, more_folded_f TEXT, more_level BIGINT, more_manager TEXT, search " + document + ")",
		"CREATE TEMPORARY TABLE emails (thing TEXT, position INTEGER, value TEXT, value_f TEXT, type TEXT, is_primary BOOLEAN)",
		"CREATE TEMPORARY TABLE tags (thing TEXT, position INTEGER, value TEXT, value_f TEXT)",
		"CREATE TEMPORARY TABLE codes (thing TEXT, position INTEGER, value TEXT)",
	} {
		db.exec(tb, statement)
	}
	return db
}

func (db *database) exec(tb testing.TB, statement string, args ...any) {
	tb.Helper()
	if _, err := db.ExecContext(tb.Context(), statement, args...); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// insert stores a row: what has no value is sometimes NULL and sometimes "".
func (db *database) insert(tb testing.TB, table string, values ...any) {
	tb.Helper()
	places := make([]string, len(values))
	for i := range values {
		if places[i] = "?"; db.postgres {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
	}
	db.exec(tb, "INSERT INTO "+table+" VALUES ("+strings.Join(places, ", ")+")", values...)
}

func (db *database) instant(t time.Time) any {
	switch {
	case t.IsZero():
		return nil
	case db.postgres:
		return t
	}
	return t.UTC().Format(fixed)
}

func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// text is NULL for some strings that are empty, and "" for others.
func text(s string, n int) any {
	if s == "" && n%2 == 0 {
		return nil
	}
	return s
}

// store inserts a thing into all tables.
func (db *database) store(tb testing.TB, n int, v *Thing) {
	tb.Helper()
	search, err := filter.Document(v)
	if err != nil {
		tb.Fatal(err)
	}
	more := v.More
	if more == nil {
		more = &More{}
	}
	var bytes any
	if v.Bytes != nil {
		bytes = v.Bytes
	}
	db.insert(tb, "things", v.ID, text(v.ExternalID, n), db.instant(v.Meta.LastModified), text(v.Folded, n), text(filter.Fold(v.Folded), n), text(v.Exact, n), text(v.Link, n),
		value(v.Flag), v.Plain, value(v.Count), v.Number, value(v.Size), db.instant(v.When), bytes, text(v.Name.First, n), text(filter.Fold(v.Name.First), n), text(v.Name.Last, n),
		text(more.Folded, n), text(filter.Fold(more.Folded), n), value(more.Level), text(more.Manager.Value, n), string(search))
	for i, e := range v.Emails {
		db.insert(tb, "emails", v.ID, i, text(e.Value, n), text(filter.Fold(e.Value), n), text(e.Type, n), value(e.Primary))
	}
	for i, s := range v.Tags {
		db.insert(tb, "tags", v.ID, i, s, filter.Fold(s))
	}
	for i, s := range v.Codes {
		db.insert(tb, "codes", v.ID, i, s)
	}
}

// ids are the first column of the rows.
func (db *database) ids(tb testing.TB, query string, args ...any) []string {
	tb.Helper()
	rows, err := db.QueryContext(tb.Context(), query, args...)
	if err != nil {
		tb.Fatalf("%v\n%s\n%v", err, query, shown(args))
	}
	defer func() { _ = rows.Close() }()
	ids := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			tb.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		tb.Fatalf("%v\n%s\n%v", err, query, shown(args))
	}
	return ids
}

func shown(args []any) []string {
	list := make([]string, len(args))
	for i, a := range args {
		list[i] = fmt.Sprintf("%T %q", a, fmt.Sprint(a))
		if b, ok := a.([]byte); ok {
			list[i] = hex.EncodeToString(b)
		}
	}
	return list
}
