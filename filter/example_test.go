package filter_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

func ExampleParse() {
	e, err := filter.Parse(`userType eq "Employee" and (title pr or emails[type eq "work"])`)
	if err != nil {
		fmt.Println(err)
		return
	}
	if e, ok := e.(*filter.LogicalExpression); ok {
		fmt.Println(filter.Format(e.Left))
		fmt.Println(e.Operator)
		fmt.Println(filter.Format(e.Right))
	}
	// Output:
	// userType eq "Employee"
	// and
	// title pr or emails[type eq "work"]
}

// Errors are ready for the client.
func ExampleParse_error() {
	_, err := filter.Parse(`userName regex "^b"`)
	fmt.Println(err)
	fmt.Println(errors.Is(err, scimerrors.InvalidFilter))
	// Output:
	// the filter is malformed at offset 9: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr), found "regex" (invalidFilter)
	// true
}

// What providers send is taken by default; Strict holds to the letter of the RFC.
func ExampleParse_strict() {
	const sent = `emails[type eq "work"].value eq "b@example.com"`
	e, err := filter.Parse(sent)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filter.Format(e))
	_, err = filter.Parse(sent, resource.Strict())
	fmt.Println(err)
	// Output:
	// emails[type eq "work" and value eq "b@example.com"]
	// the filter is malformed at offset 22: expected and, or, or the end of the filter, found ".value" (invalidFilter)
}

func ExampleParsePath() {
	p, err := filter.ParsePath(`addresses[type eq "work"].streetAddress`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.AttributePath.AttributeName)
	fmt.Println(filter.Format(p.ValueExpression))
	fmt.Println(*p.SubAttribute)
	// Output:
	// addresses
	// type eq "work"
	// streetAddress
}

func ExampleFormat() {
	name := filter.AttributePath{AttributeName: "userName"}
	e := &filter.NotExpression{Expression: &filter.AttributeExpression{AttributePath: name, Operator: filter.SW, CompareValue: `"b`}}
	fmt.Println(filter.Format(e))
	// Output: not (userName sw "\"b")
}

func ExampleQuote() {
	typed := `x" or title pr or userName eq "`
	fmt.Println("userName eq " + filter.Quote(typed))
	// Output: userName eq "x\" or title pr or userName eq \""
}

func ExampleFold() {
	fmt.Println(filter.Fold("BJensen@Example.COM"))
	fmt.Println(filter.Fold("ΟΔΟΣ") == filter.Fold("οδος"))
	// Output:
	// bjensen@example.com
	// true
}

func ExampleCompile() {
	f, err := filter.Compile[Account](`userName eq "BJENSEN" and not (title pr)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	u := &Account{}
	u.UserName = "bjensen"
	fmt.Println(f.Match(u))
	_, err = filter.Compile[Account](`active gt true`)
	fmt.Println(err)
	// Output:
	// true
	// active: is a boolean, which gt cannot compare; use eq, ne or pr (invalidFilter)
}

func ExampleCompileType() {
	t := reflect.TypeFor[resource.Group]() // or a type that resource.StructOf made
	f, err := filter.CompileType(t, `members[value eq "1"]`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Match(&resource.Group{Members: []resource.Member{{Value: "1"}}}))
	// Output: true
}

func ExampleFilter_Match() {
	users := crowd(6)
	f, err := filter.Compile[Account](`active eq true and emails[type eq "work" and value co "@b.example"]`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, u := range users {
		if f.Match(u) {
			fmt.Println(u.UserName)
		}
	}
	// Output: user2@corp.example
}

// A query at the root goes to several types; what a type does not have has no value there.
func ExampleAcrossTypes() {
	const query = `userName pr or displayName sw "Tour"`
	f, err := filter.Compile[resource.Group](query, resource.RejectUnknown(), filter.AcrossTypes())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Match(&resource.Group{DisplayName: "Tour Guides"}))
	_, err = filter.Compile[resource.Group](query, resource.RejectUnknown())
	fmt.Println(err)
	// Output:
	// true
	// userName: is no attribute of Group (invalidFilter)
}

func ExampleCompileOrder() {
	users := crowd(4)
	users[1].Title = "Guide"
	users[3].Title = "boss"
	o, err := filter.CompileOrder[Account]("title", "ascending")
	if err != nil {
		fmt.Println(err)
		return
	}
	slices.SortStableFunc(users, func(a, b *Account) int { return o.Compare(a, b) })
	for _, u := range users {
		fmt.Printf("%s %q\n", u.UserName, u.Title)
	}
	// Output:
	// user3@corp.example "boss"
	// user1@corp.example "Guide"
	// user0@corp.example ""
	// user2@corp.example ""
}
