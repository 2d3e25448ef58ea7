package resource_test

import (
	"fmt"
	"log"
	"reflect"

	"github.com/scimmodels/scim/resource"
)

// A resource that was not read by Validate, such as one from a form or another system, is checked by the same rules.
func ExampleCheck() {
	user := &resource.User{
		UserName: "bjensen",
		Emails:   []resource.Email{{Value: "a@example.com", Primary: new(true)}, {Value: "b@example.com", Primary: new(true)}},
	}
	fmt.Println(resource.Check(resource.CreationRequest, user))
	fmt.Println(resource.Check(resource.QueryResponse, user))
	fmt.Println(resource.Check(resource.Storage, user))
	// Output:
	// emails[1].primary: only one value can be primary, and element 0 is (invalidValue)
	// id: is missing; it must always be returned (invalidValue)
	// <nil>
}

// A PUT is checked against what it replaces: readOnly attributes and an absent password stay, immutable ones cannot change.
func ExampleReplacing() {
	type Device struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device"`

		Serial string          `json:"serial" scim:"required,mutability=immutable"`
		Label  string          `json:"label,omitempty"`
		Secret resource.Secret `json:"secret,omitempty" scim:"mutability=writeOnly,returned=never"`
	}
	stored := &Device{Resource: resource.Resource{ID: "1"}, Serial: "A1", Label: "old", Secret: "s3cret"}

	device, err := resource.Validate[Device](resource.ReplaceRequest, []byte(`{"id":"9","serial":"A1"}`), resource.Replacing(stored))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s %q %q\n", device.ID, device.Serial, device.Label, string(device.Secret))

	_, err = resource.Validate[Device](resource.ReplaceRequest, []byte(`{"serial":"B2"}`), resource.Replacing(stored))
	fmt.Println(err)
	// Output:
	// 1 A1 "" "s3cret"
	// serial: is immutable and already has another value (mutability)
}

// A service that activates users by default asks whether the client has said null, which is another thing than nothing.
func ExampleNulls() {
	for _, body := range []string{`{"userName":"bjensen"}`, `{"userName":"bjensen","active":null,"emails":[]}`} {
		var nulls []string
		user, err := resource.Validate[resource.User](resource.CreationRequest, []byte(body), resource.Nulls(&nulls))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Active == nil, nulls)
	}
	// Output:
	// true []
	// true [active emails]
}

// What is returned on request is part of the answer to the PATCH that has set it, and of no other.
func ExampleSent() {
	type Device struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device"`

		Note string `json:"note,omitempty" scim:"returned=request"`
	}
	device := Device{Resource: resource.Resource{ID: "1"}, Note: "4711"}
	for _, opt := range []resource.Option{nil, resource.Sent("note"), &resource.SearchRequest{Attributes: []string{"note"}}} {
		text, err := resource.Marshal(resource.PatchResponse, device, opt)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", text)
	}
	// Output:
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"id":"1"}
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"id":"1","note":"4711"}
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"id":"1","note":"4711"}
}

// The members of a group are read from the database only if the answer shows them.
func ExampleShows() {
	for _, q := range []*resource.SearchRequest{{}, {Attributes: []string{"displayName"}}, {ExcludedAttributes: []string{"members"}}, {Attributes: []string{"members.value"}}} {
		fmt.Println(resource.Shows[resource.Group](resource.QueryResponse, "members", q))
	}
	// Output:
	// true
	// false
	// false
	// true
}

// The type may be known at run time only.
func ExampleShowsAs() {
	t := reflect.TypeFor[resource.User]() // or a type that StructOf made
	fmt.Println(resource.ShowsAs(t, resource.QueryResponse, "emails"), resource.ShowsAs(t, resource.QueryResponse, "password"))
	// Output: true false
}

// A secret does not get into a log by mistake. Who needs it says so.
func ExampleSecret() {
	user := resource.User{UserName: "bjensen", Password: "t1meMa$heen"}
	fmt.Printf("%v %q %d\n", user.Password, user.Password, user.Password)
	fmt.Println(len(string(user.Password)))
	// Output:
	// [secret] [secret] [secret]
	// 11
}

// A query at the root answers from several types. What one of them does not have has no value there.
func ExampleListOf() {
	items := []any{
		&resource.User{Resource: resource.Resource{ID: "1"}, UserName: "bjensen", DisplayName: "Babs Jensen"},
		&resource.Group{Resource: resource.Resource{ID: "2"}, DisplayName: "Tour Guides"},
		&resource.User{Resource: resource.Resource{ID: "3"}, UserName: "jsmith", DisplayName: "Jim Smith"},
	}
	list, err := resource.ListOf(items, &resource.SearchRequest{Filter: `userName ne "jsmith"`, SortBy: "displayName", SortOrder: "descending"})
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range list.Resources {
		fmt.Println(resource.Common(v).ID)
	}
	// Output:
	// 2
	// 1
}
