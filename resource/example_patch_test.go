package resource_test

import (
	"fmt"
	"log"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// Whatever a client sends, the operations are in normal form: package patch, or a store, need not know how it was sent.
func ExamplePatchOp() {
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, []byte(`{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [
			{"op": "Replace", "value": {"active": "False", "name.givenName": "Barbara", "TITLE": null}},
			{"op": "Remove", "path": "roles", "value": [{"value": "admin"}]}
		]}`))
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range op.Operations {
		fmt.Println(o.Op, o.Path, o.Value)
	}
	// Output:
	// replace active false
	// replace name.givenName Barbara
	// remove title <nil>
	// remove roles[value eq "admin"] <nil>
}

// An attribute that is returned on request is part of the answer to the client that has set it (RFC 7643 section 7).
func ExamplePatchOp_Paths() {
	type Device struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device"`

		Label    string `json:"label,omitempty"`
		Recovery string `json:"recovery,omitempty" scim:"returned=request"`
	}
	op, err := resource.Validate[resource.PatchOp[Device]](resource.PatchRequest, []byte(`{"Operations":[{"op":"add","path":"recovery","value":"4711"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	device, err := patch.Apply(&Device{Resource: resource.Resource{ID: "1"}, Label: "L"}, op)
	if err != nil {
		log.Fatal(err)
	}
	text, err := resource.Marshal(resource.PatchResponse, device, resource.Sent(op.Paths()...))
	fmt.Printf("%s %v\n", text, err)
	text, err = resource.Marshal(resource.QueryResponse, device)
	fmt.Printf("%s %v\n", text, err)
	// Output:
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"id":"1","label":"L","recovery":"4711"} <nil>
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Device"],"id":"1","label":"L"} <nil>
}

// Strictly, a PATCH is what the RFC says and nothing besides.
func ExampleStrict_patch() {
	body := []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"emails","value":[{"value":"bjensen@example.com"}]}]}`)
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(op.Operations[0].Path)
	_, err = resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, body, resource.Strict())
	fmt.Println(err)
	// Output:
	// emails[value eq "bjensen@example.com"]
	// emails: is removed without a value; a filter in the path chooses among several (invalidValue)
}

// What depends on the stored resource is reported by patch.Apply.
func ExampleRepairs_patch() {
	var repairs []resource.Repair
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, []byte(`{"Operations":[
		{"op":"replace","path":"active","value":"True"},
		{"op":"add","path":"emails[type eq \"work\"].value","value":"bjensen@example.com"}]}`), resource.Repairs(&repairs))
	if err != nil {
		log.Fatal(err)
	}
	user, err := patch.Apply(&resource.User{UserName: "bjensen"}, op, resource.Repairs(&repairs))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Emails[0].Value, user.Emails[0].Type)
	for _, r := range repairs {
		fmt.Println(r.Rule, r.Path)
	}
	// Output:
	// bjensen@example.com work
	// MissingSchemas schemas
	// BooleanStrings active
	// CreateOnMiss emails[type eq "work"].value
}
