package filter_test

import (
	"fmt"
	"log"
	"reflect"
	"slices"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// named makes users of an id and a title each; "" is no title.
func named(titles map[string]string, ids ...string) []*resource.User {
	all := make([]*resource.User, len(ids))
	for i, id := range ids {
		all[i] = &resource.User{Resource: resource.Resource{ID: id}, Title: titles[id]}
	}
	return all
}

// The type may be known at run time only.
func ExampleCompileOrderType() {
	t := reflect.TypeFor[resource.User]() // or a type that resource.StructOf made
	o, err := filter.CompileOrderType(t, "TITLE", "descending")
	if err != nil {
		log.Fatal(err)
	}
	users := named(map[string]string{"1": "boss", "2": "Guide"}, "1", "2", "3")
	slices.SortStableFunc(users, func(a, b *resource.User) int { return o.Compare(a, b) })
	for _, u := range users {
		fmt.Printf("%s %q\n", u.ID, u.Title)
	}
	_, err = filter.CompileOrderType(t, "name", "")
	fmt.Println(err)
	// Output:
	// 3 ""
	// 2 "Guide"
	// 1 "boss"
	// sortBy: "name" has parts; sort by one of them, such as name.formatted (invalidValue)
}

// Strings that are not case exact are compared in their folded form.
func ExampleOrder_Compare() {
	o, err := filter.CompileOrder[resource.User]("title", "ascending")
	if err != nil {
		log.Fatal(err)
	}
	boss, guide, none := &resource.User{Title: "boss"}, &resource.User{Title: "Guide"}, &resource.User{}
	fmt.Println(o.Compare(boss, guide) < 0, o.Compare(guide, &resource.User{Title: "GUIDE"}) == 0, o.Compare(none, guide) > 0)
	// Output: true true true
}

// Which end comes first, a store has to know that walks an index by itself.
func ExampleOrder_Descending() {
	for _, sortOrder := range []string{"", "Descending"} {
		o, err := filter.CompileOrder[resource.User]("title", sortOrder)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(o.Descending())
	}
	// Output:
	// false
	// true
}

// The key of a resource is its place in the order: what it is sorted by, and its id.
func ExampleOrder_Key() {
	o, err := filter.CompileOrder[resource.User]("title", "")
	if err != nil {
		log.Fatal(err)
	}
	for _, u := range named(map[string]string{"1": "Guide"}, "1", "2") {
		fmt.Println(o.Key(u)...)
	}
	byID, err := filter.CompileOrder[resource.User]("", "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(byID.Key(&resource.User{Resource: resource.Resource{ID: "3"}})...)
	// Output:
	// guide 1
	// <nil> 2
	// 3
}

// A page of resources in memory begins behind the last one of the page before.
func ExampleOrder_Seek() {
	o, err := filter.CompileOrder[resource.User]("title", "")
	if err != nil {
		log.Fatal(err)
	}
	users := named(map[string]string{"1": "boss", "2": "Guide", "3": "guide"}, "1", "2", "3", "4")
	after, err := o.Seek(o.Key(users[1]))
	if err != nil {
		log.Fatal(err)
	}
	for _, u := range users {
		if after(u) {
			fmt.Println(u.ID)
		}
	}
	_, err = o.Seek([]any{"guide", 2, true})
	fmt.Println(err)
	// Output:
	// 3
	// 4
	// cursor: is not one this service has issued for this query; begin again with the first page (invalidCursor)
}

// The order of a page, whose last key is the id: no two pages overlap.
func ExampleOrder_SQL() {
	for _, sortOrder := range []string{"ascending", "descending"} {
		o, err := filter.CompileOrder[resource.User]("userName", sortOrder)
		if err != nil {
			log.Fatal(err)
		}
		by, err := o.SQL(users)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("ORDER BY " + by)
	}
	// Output:
	// ORDER BY u.user_name_folded COLLATE "C" ASC NULLS LAST, u.id COLLATE "C"
	// ORDER BY u.user_name_folded COLLATE "C" DESC NULLS FIRST, u.id COLLATE "C"
}

// An index on these expressions serves the order.
func ExampleOrder_Keys() {
	o, err := filter.CompileOrder[resource.User]("meta.lastModified", "")
	if err != nil {
		log.Fatal(err)
	}
	key, id, err := o.Keys(users)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("CREATE INDEX users_updated ON users u ((%s), (%s))\n", key, id)
	// Output: CREATE INDEX users_updated ON users u ((u.updated), (u.id COLLATE "C"))
}
