package schema_test

import (
	"fmt"
	"log"
	"reflect"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// The schema of a type of one's own is made from its tags.
func ExampleFor() {
	type Badge struct {
		schema.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User" description:"Door badge"`

		Number string `json:"number" scim:"required,caseExact,mutability=immutable" description:"Number on the badge."`
	}
	text, err := resource.Marshal(resource.QueryResponse, schema.For[Badge]())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:acme:params:scim:schemas:extension:badge:2.0:User","name":"Badge","description":"Door badge","attributes":[{"name":"number","type":"string","multiValued":false,"description":"Number on the badge.","required":true,"caseExact":true,"mutability":"immutable","returned":"default","uniqueness":"none"}],"meta":{"resourceType":"Schema"}}
}

// The type may be known at run time only.
func ExampleOf() {
	for _, t := range []reflect.Type{reflect.TypeFor[resource.User](), reflect.TypeFor[*resource.Group]()} {
		s := schema.Of(t)
		fmt.Println(s.ID, s.Name, s.Attributes[0].Name, s.Attributes[0].Required)
	}
	// Output:
	// urn:ietf:params:scim:schemas:core:2.0:User User userName true
	// urn:ietf:params:scim:schemas:core:2.0:Group Group displayName true
}

// All has a resource type's core schema and those of its extensions.
func ExampleAll() {
	type User struct {
		resource.User
		Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	}
	for _, s := range schema.All[User]() {
		fmt.Println(s.ID)
	}
	// Output:
	// urn:ietf:params:scim:schemas:core:2.0:User
	// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
}

// AllOf is what /Schemas serves: the schemas of all types, each once.
func ExampleAllOf() {
	type User struct {
		resource.User
		Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	}
	all := schema.AllOf(
		reflect.TypeFor[User](), reflect.TypeFor[resource.Group](),
		reflect.TypeFor[resource.ServiceProviderConfig](), reflect.TypeFor[resource.ResourceType](), reflect.TypeFor[schema.Schema](),
	)
	list := resource.Page(nil, all, len(all))
	for _, s := range list.Resources {
		fmt.Println(s.Name)
	}
	fmt.Println(list.TotalResults)
	// Output:
	// User
	// EnterpriseUser
	// Group
	// Service Provider Configuration
	// ResourceType
	// Schema
	// 6
}
