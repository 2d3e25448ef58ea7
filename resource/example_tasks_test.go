package resource_test

import (
	"fmt"
	"log"

	"github.com/scimmodels/scim/resource"
)

// Locations and references are made while a resource is written.
func ExampleLocate() {
	locate := resource.Locate("https://example.com/v2", resource.ResourceTypeFor[resource.User]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups"))
	group := resource.Group{Resource: resource.Resource{ID: "e9e30dba"}, DisplayName: "Tour Guides", Members: []resource.Member{{Value: "2819c223", Type: "User"}}}
	text, err := resource.Marshal(resource.QueryResponse, group, locate)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"e9e30dba","displayName":"Tour Guides","members":[{"value":"2819c223","$ref":"https://example.com/v2/Users/2819c223","type":"User"}],"meta":{"resourceType":"Group","location":"https://example.com/v2/Groups/e9e30dba"}}
}

// Without options the library takes what identity providers send. Strict takes what the RFCs allow.
func ExampleStrict() {
	body := []byte(`{"userName":"bjensen","active":"True"}`)
	user, err := resource.Validate[resource.User](resource.CreationRequest, body)
	fmt.Println(*user.Active, err)
	_, err = resource.Validate[resource.User](resource.CreationRequest, body, resource.Strict())
	fmt.Println(err)
	// Output:
	// true <nil>
	// active: must be true or false, not the string "True" (invalidValue); schemas: is required and must name urn:ietf:params:scim:schemas:core:2.0:User (invalidSyntax)
}

// A strict service may make single exceptions.
func ExampleTolerate() {
	body := []byte(`{"userName":"bjensen","active":"True"}`)
	_, err := resource.Validate[resource.User](resource.CreationRequest, body, resource.Tolerate(resource.MissingSchemas))
	fmt.Println(err)
	_, err = resource.Validate[resource.User](resource.CreationRequest, body, resource.Tolerate(resource.MissingSchemas, resource.BooleanStrings))
	fmt.Println(err)
	// Output:
	// active: must be true or false, not the string "True" (invalidValue)
	// <nil>
}

// What was put right can be written to a log, so that somebody can tell the client.
func ExampleRepairs() {
	var repairs []resource.Repair
	body := []byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen","active":"True","emails":["bjensen@example.com"]}`)
	if _, err := resource.Validate[resource.User](resource.CreationRequest, body, resource.Repairs(&repairs)); err != nil {
		log.Fatal(err)
	}
	for _, r := range repairs {
		fmt.Println(r.Rule, r.Path)
	}
	// Output:
	// BooleanStrings active
	// BareValue emails[0]
}

// Formats that the RFCs only suggest are checked on demand.
func ExampleRequire() {
	body := []byte(`{"userName":"bjensen","emails":[{"value":"bjensen at example.com","type":"boat"}],"addresses":[{"country":"USA"}]}`)
	_, err := resource.Validate[resource.User](resource.CreationRequest, body)
	fmt.Println(err)
	_, err = resource.Validate[resource.User](resource.CreationRequest, body, resource.Require(resource.Emails, resource.Countries))
	fmt.Println(err)
	// Output:
	// <nil>
	// emails[0].value: must be an e-mail address such as bjensen@example.com (RFC 5321), not "bjensen at example.com" (invalidValue); addresses[0].country: must be an ISO 3166-1 code of two letters such as US, not "USA" (invalidValue)
}

// Unknown attributes are ignored, unless a service wants to hear of misspellings.
func ExampleRejectUnknown() {
	body := []byte(`{"userName":"bjensen","nickname":"Babs","shoeSize":43}`)
	user, err := resource.Validate[resource.User](resource.CreationRequest, body)
	fmt.Println(user.NickName, err)
	_, err = resource.Validate[resource.User](resource.CreationRequest, body, resource.RejectUnknown())
	fmt.Println(err)
	// Output:
	// Babs <nil>
	// shoeSize: is no attribute of User (invalidSyntax)
}

// A service that keeps a few strings of large bodies for long copies them.
func ExampleOwned() {
	names := map[string]bool{}
	group, err := resource.Validate[resource.Group](resource.CreationRequest, []byte(`{"displayName":"Tour Guides","members":[{"value":"2819c223"}]}`), resource.Owned())
	if err != nil {
		log.Fatal(err)
	}
	names[group.DisplayName] = true // does not keep the body in memory
	fmt.Println(names)
	// Output: map[Tour Guides:true]
}

// An extension is a struct that a user type holds by pointer, under its URN. The validate tag has rules for its values.
func ExampleExtension() {
	type Badge struct {
		resource.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User" description:"Door badge"`

		Number string `json:"number,omitempty" scim:"caseExact,mutability=immutable" validate:"len=8,numeric" description:"Number on the badge."`
	}
	type User struct {
		resource.User
		Badge *Badge `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
	}
	user, err := resource.Validate[User](resource.CreationRequest, []byte(`{"userName":"bjensen","urn:acme:params:scim:schemas:extension:badge:2.0:User":{"number":"00012345"}}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.UserName, user.Badge.Number)

	_, err = resource.Validate[User](resource.CreationRequest, []byte(`{"userName":"bjensen","urn:acme:params:scim:schemas:extension:badge:2.0:User":{"number":"12a"}}`))
	fmt.Println(err)
	// Output:
	// bjensen 00012345
	// urn:acme:params:scim:schemas:extension:badge:2.0:User:number: must have exactly 8 characters (invalidValue)
}

// A resource type that no RFC knows is a struct, too.
func ExampleResource_ownType() {
	type Device struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device" description:"A managed device."`

		Serial string `json:"serial" scim:"required,caseExact,uniqueness=global" description:"Number on the label."`
		Locked bool   `json:"locked" scim:"required" description:"Whether it is locked."`
	}
	device, err := resource.Validate[Device](resource.CreationRequest, []byte(`{"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"SERIAL":"A1","locked":false}`), resource.Strict())
	if err != nil {
		log.Fatal(err)
	}
	device.ID = "1"
	text, err := resource.Marshal(resource.QueryResponse, device, resource.Locate("https://example.com/v2", resource.ResourceTypeFor[Device]("/Devices")))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"id":"1","serial":"A1","locked":false,"meta":{"resourceType":"Device","location":"https://example.com/v2/Devices/1"}}
}

// A service that supports part of User declares that part under the same URN. The rest counts as unknown.
func ExampleUser_subset() {
	type User struct {
		resource.Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User" description:"User Account"`

		UserName string           `json:"userName" scim:"required,uniqueness=server" description:"Name the user signs in with."`
		Emails   []resource.Email `json:"emails,omitempty" description:"E-mail addresses."`
	}
	user, err := resource.Validate[User](resource.CreationRequest, []byte(`{"userName":"bjensen","emails":[{"value":"bjensen@example.com"}],"nickName":"Babs"}`))
	if err != nil {
		log.Fatal(err)
	}
	text, err := resource.Marshal(resource.Storage, user)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen","emails":[{"value":"bjensen@example.com"}]}
}

// What /ResourceTypes serves is made from a type and its endpoint. Called at start-up, it finds all mistakes in tags.
func ExampleResourceTypeFor() {
	type User struct {
		resource.User
		Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	}
	text, err := resource.Marshal(resource.QueryResponse, resource.ResourceTypeFor[User]("/Users"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)

	type Mistaken struct {
		resource.User
		Badge string `json:"badge" scim:"requird"`
	}
	defer func() { fmt.Println(recover()) }()
	resource.ResourceTypeFor[Mistaken]("/Users")
	// Output:
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","description":"Account of a person or of a service.","endpoint":"/Users","schema":"urn:ietf:params:scim:schemas:core:2.0:User","schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":false}],"meta":{"resourceType":"ResourceType"}}
	// scim: type resource_test.Mistaken, field Badge: unknown scim word "requird"; known are required, caseExact, closed, positive, unlisted, mutability, returned, uniqueness, canonicalValues, referenceTypes and format
}

// MaxResults is the size of a page, however much a client asks for.
func ExampleMaxResults() {
	groups := make([]*resource.Group, 500)
	list, err := resource.List(groups, &resource.SearchRequest{Count: new(1000)}, resource.MaxResults(200))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list.TotalResults, len(list.Resources))
	// Output: 500 200
}
