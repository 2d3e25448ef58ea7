package filter

import (
	"strconv"

	"github.com/scimmodels/scim/schema"
)

// Dialect says how a database is asked: see [PostgreSQL] and [SQLite] for mapped columns, [PostgreSQLDocument] and
// [SQLiteDocument] for whole documents. One that is put together by hand is for databases of standard SQL, whose strings
// compare by code point.
type Dialect struct {
	// Placeholder writes the place of the n-th argument, counted from 1, such as $1 or ?.
	Placeholder func(n int) string
	// Column says where a value is stored. Its error goes to the caller of SQL as it is: where a service cannot search for
	// an attribute, an *errors.Error with invalidFilter is what a client should see.
	Column func(Target) (Column, error)

	flavour flavour
	hex     bool // binary values are stored as hexadecimal text, and times as text
}

// flavour is what is special about a database.
type flavour uint8

const (
	standard flavour = iota
	postgres
	sqlite
)

// Target is an attribute that a filter or an order looks at (RFC 7644 section 3.10).
type Target struct {
	// Schema is the URN of the core schema or extension that the attribute belongs to.
	Schema string
	// Attribute is its name; "" stands for the extension as a whole, whose presence is asked for.
	Attribute string
	// SubAttribute is the part of a complex attribute, or "": then the attribute itself, whose presence is asked for if it is complex.
	SubAttribute string
	// Type is the type of the attribute or part.
	Type schema.Type
	// CaseExact says that strings compare as they are, rather than in their folded form.
	CaseExact bool
	// MultiValued says that the attribute has several values.
	MultiValued bool

	extension bool
}

// Path is the target in attribute notation: userName, emails.value, or with the URN for an extension's attribute. Common attributes
// and those of the core schema have no URN in front.
func (t Target) Path() string {
	path := t.Attribute
	if t.SubAttribute != "" {
		path += "." + t.SubAttribute
	}
	switch {
	case !t.extension:
		return path
	case path == "":
		return t.Schema
	}
	return t.Schema + ":" + path
}

// Column is where a value is stored, in SQL that the application has written. Nothing a client sends becomes part of it.
type Column struct {
	// Expr is the value: text for strings, references and binaries kept as text, a boolean (0 and 1 in SQLite), a number, bytes. A
	// dateTime is a timestamptz in PostgreSQL, elsewhere text of the form 2006-01-02T15:04:05.000000000Z, in UTC. NULL
	// stands for no value, as does "" for strings and references. Of a complex attribute or extension, NULL says that there is none; "" says that there always is one.
	Expr string
	// Folded is the value in its comparison form, [Fold] of it. Strings that are not case exact need it.
	Folded string
	// From is, for a multi-valued attribute, what stands behind FROM to get its values, and ends with a condition:
	// user_emails e WHERE e.user_id = u.id. It is the same for all parts of one attribute.
	From string
	// First is what stands behind ORDER BY to put the value first that sorting looks at, the primary or the first one:
	// COALESCE(e.is_primary, FALSE) DESC, e.position. Only [Order] needs it.
	First string
}

// PostgreSQL is the dialect of tables in PostgreSQL, whose columns a function finds, such as [Columns.Find]. Strings are ordered by
// code point, whatever the collation of the database: an index for it is made with COLLATE "C".
func PostgreSQL(column func(Target) (Column, error)) Dialect {
	return Dialect{Placeholder: dollar, Column: column, flavour: postgres}
}

// SQLite is the dialect of tables in SQLite, 3.38 or newer.
func SQLite(column func(Target) (Column, error)) Dialect {
	return Dialect{Placeholder: question, Column: column, flavour: sqlite}
}

func dollar(n int) string { return "$" + strconv.Itoa(n) }

func question(int) string { return "?" }
