package filter_test

import (
	"fmt"
	"log"
	"reflect"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// condition compiles a filter on users and prints it as a condition of a dialect.
func condition(d filter.Dialect, text string) {
	f, err := filter.Compile[resource.User](text)
	if err != nil {
		log.Fatal(err)
	}
	where, args, err := f.SQL(d, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(where, args)
}

// Strings that are not case exact have a second column, with filter.Fold of the value.
func ExamplePostgreSQL() {
	columns := filter.Columns{"userName": {Expr: "u.name", Folded: "u.name_folded"}}
	condition(filter.PostgreSQL(columns.Find), `userName sw "B_"`)
	// Output: u.name_folded LIKE $1 ESCAPE '\' [b\_%]
}

// What begins with a string is a range in SQLite, for which there may be an index.
func ExampleSQLite() {
	columns := filter.Columns{"userName": {Expr: "u.name", Folded: "u.name_folded"}}
	condition(filter.SQLite(columns.Find), `userName sw "B_"`)
	// Output: (u.name_folded >= ? AND u.name_folded < ?) [b_ b`]
}

// A column that holds filter.Document of each user answers every filter, and no column has to be named.
func ExamplePostgreSQLDocument() {
	condition(filter.PostgreSQLDocument("u.search"), `userName eq "BJensen"`)
	condition(filter.PostgreSQLDocument("u.search"), `active eq true`)
	// Output:
	// (u.search->>'userName') = $1 [bjensen]
	// (u.search->>'active')::boolean = TRUE []
}

// The same in SQLite, as JSON text.
func ExampleSQLiteDocument() {
	condition(filter.SQLiteDocument("u.search"), `name.familyName eq "Jensen"`)
	// Output: json_extract(u.search, '$."name"."familyName"') = ? [jensen]
}

// A service says where an attribute is stored, and refuses what it has no index for.
func ExampleTarget_Path() {
	column := func(t filter.Target) (filter.Column, error) {
		if t.Path() == "userName" && !t.CaseExact {
			return filter.Column{Expr: "u.name", Folded: "u.name_folded"}, nil
		}
		return filter.Column{}, scimerrors.New(scimerrors.InvalidFilter, "%s (%s) cannot be searched for", t.Path(), t.Type)
	}
	for _, text := range []string{`userName eq "BJensen"`, `emails.primary eq true`} {
		f, err := filter.Compile[resource.User](text)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(f.SQL(filter.SQLite(column), nil))
	}
	// Output:
	// u.name_folded = ? [bjensen] <nil>
	//  [] emails.primary (boolean) cannot be searched for (invalidFilter)
}

// A path that has no column cannot be searched for.
func ExampleColumns_Find() {
	columns := filter.Columns{"userName": {Expr: "u.name", Folded: "u.name_folded"}}
	column, err := columns.Find(filter.Target{Attribute: "userName"})
	fmt.Println(column.Folded, err)
	_, err = columns.Find(filter.Target{Attribute: "name", SubAttribute: "givenName"})
	fmt.Println(err)
	// Output:
	// u.name_folded <nil>
	// this service cannot search or sort by name.givenName (invalidFilter)
}

// Mistakes in columns come to light when the program starts.
func ExampleColumns_Check() {
	columns := filter.Columns{
		"id":           {Expr: "u.id"},
		"username":     {Expr: "u.name", Folded: "u.name_folded"},
		"emails.value": {Expr: "e.address", Folded: "e.address_folded"},
		"title":        {Expr: "u.title"},
	}
	fmt.Println(columns.Check(reflect.TypeFor[resource.User]()))
	// Output:
	// scim: the column of emails.value, which is multi-valued, has no From
	// scim: the column of title, which is not case exact, has no Folded
	// scim: a column has the key "username", which is never found; write "userName"
}

// What a filter asks for can be looked at before it is carried out.
func ExampleFilter_Expression() {
	f, err := filter.Compile[resource.User](`userName eq "bjensen"`)
	if err != nil {
		log.Fatal(err)
	}
	if e, ok := f.Expression().(*filter.AttributeExpression); ok && e.Operator == filter.EQ {
		fmt.Println("look up by", e.AttributePath.AttributeName, e.CompareValue)
	}
	all, err := filter.Compile[resource.User]("")
	fmt.Println(all.Expression(), err)
	// Output:
	// look up by userName bjensen
	// <nil> <nil>
}

// The filter of a PATCH path chooses elements of one list.
func ExampleElements() {
	path, err := filter.ParsePath(`emails[type eq "work"]`)
	if err != nil {
		log.Fatal(err)
	}
	f, err := filter.Elements(reflect.TypeFor[resource.User](), path.AttributePath.AttributeName, path.ValueExpression)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range []resource.Email{{Value: "babs@jensen.org", Type: "home"}, {Value: "bjensen@example.com", Type: "WORK"}} {
		if f.Match(&e) {
			fmt.Println(e.Value)
		}
	}
	// Output: bjensen@example.com
}

func ExampleMaxDepth() {
	_, err := filter.Parse(`((((title pr))))`, filter.MaxDepth(3))
	fmt.Println(err)
	// Output: the filter is malformed at offset 3: nested deeper than 3 levels (invalidFilter)
}

func ExampleMaxTerms() {
	_, err := filter.Parse(`title pr or active pr`, filter.MaxTerms(1))
	fmt.Println(err)
	// Output: the filter has more than 1 comparisons (invalidFilter)
}

func ExampleMaxLength() {
	_, err := filter.Parse(`title pr`, filter.MaxLength(5))
	fmt.Println(err)
	// Output: the filter is longer than 5 bytes (invalidFilter)
}
