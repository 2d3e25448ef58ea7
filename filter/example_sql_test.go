package filter_test

import (
	"fmt"
	"log"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// users are the columns of an application's own tables.
var users = filter.PostgreSQL(filter.Columns{
	"id":                {Expr: "u.id"},
	"userName":          {Expr: "u.user_name", Folded: "u.user_name_folded"},
	"active":            {Expr: "u.active"},
	"meta.lastModified": {Expr: "u.updated"},
	"emails.value":      {Expr: "e.address", Folded: "e.address_folded", From: "user_emails e WHERE e.user_id = u.id", First: "e.is_primary DESC, e.position"},
	"emails.type":       {Expr: "e.kind", Folded: "e.kind", From: "user_emails e WHERE e.user_id = u.id"},
}.Find)

// A filter becomes a condition among those of the application; what a client sent are arguments.
func ExampleFilter_SQL() {
	f, err := filter.Compile[resource.User](`active eq true and emails[type eq "work" and value ew "@Example.com"]`)
	if err != nil {
		log.Fatal(err)
	}
	where, args, err := f.SQL(users, []any{"tenant-1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("SELECT u.id FROM users u WHERE u.tenant = $1 AND " + where)
	fmt.Println(args...)
	if f, err = filter.Compile[resource.User](`nickName eq "Babs"`); err != nil {
		log.Fatal(err)
	}
	_, _, err = f.SQL(users, nil)
	fmt.Println(err)
	// Output:
	// SELECT u.id FROM users u WHERE u.tenant = $1 AND (u.active = TRUE AND EXISTS (SELECT 1 FROM user_emails e WHERE e.user_id = u.id AND (e.kind = $2 AND e.address_folded LIKE $3 ESCAPE '\')))
	// tenant-1 work %@example.com
	// this service cannot search or sort by nickName (invalidFilter)
}

// Pages are read by what comes after the last resource of the page before.
func ExampleOrder_After() {
	o, err := filter.CompileOrder[resource.User]("emails", "descending")
	if err != nil {
		log.Fatal(err)
	}
	last := &resource.User{Emails: []resource.Email{{Value: "Babs@Example.com"}}}
	last.ID = "17"
	where, args, err := o.After(users, o.Key(last), nil)
	if err != nil {
		log.Fatal(err)
	}
	by, err := o.SQL(users)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("SELECT u.id FROM users u WHERE " + where)
	fmt.Println("ORDER BY " + by)
	fmt.Println(args...)
	// Output:
	// SELECT u.id FROM users u WHERE ((SELECT NULLIF(e.address_folded, '') COLLATE "C" FROM user_emails e WHERE e.user_id = u.id ORDER BY e.is_primary DESC, e.position LIMIT 1) COLLATE "C" < $1 OR ((SELECT NULLIF(e.address_folded, '') COLLATE "C" FROM user_emails e WHERE e.user_id = u.id ORDER BY e.is_primary DESC, e.position LIMIT 1) COLLATE "C" = $2 AND u.id COLLATE "C" > $3))
	// ORDER BY (SELECT NULLIF(e.address_folded, '') COLLATE "C" FROM user_emails e WHERE e.user_id = u.id ORDER BY e.is_primary DESC, e.position LIMIT 1) COLLATE "C" DESC NULLS FIRST, u.id COLLATE "C"
	// babs@example.com babs@example.com 17
}

// A store of whole documents keeps a second one to be searched.
func ExampleDocument() {
	u := &resource.User{UserName: "BJensen", Active: new(true)}
	u.ID = "17"
	search, err := filter.Document(u)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", search)
	f, err := filter.Compile[resource.User](`userName eq "bjensen"`)
	if err != nil {
		log.Fatal(err)
	}
	where, args, err := f.SQL(filter.SQLiteDocument("u.search"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("SELECT u.resource FROM users u WHERE "+where, args)
	// Output:
	// {"id":"17","userName":"bjensen","active":true}
	// SELECT u.resource FROM users u WHERE json_extract(u.search, '$."userName"') = ? [bjensen]
}
