package resource_test

import (
	"fmt"
	"log"
	"reflect"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// lamp is a resource type that exists as documents only.
func lamp() reflect.Type {
	s, _, err := schema.Load([]byte(`{
		"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
		"id": "urn:acme:params:scim:schemas:core:2.0:Lamp",
		"name": "Lamp",
		"attributes": [
			{"name": "place", "type": "string", "multiValued": false, "required": true},
			{"name": "watts", "type": "integer", "multiValued": false},
			{"name": "contacts", "type": "complex", "multiValued": true}
		]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	t, err := resource.StructOf(&resource.ResourceType{Name: "Lamp", Endpoint: "/Lamps", Schema: s.ID}, s)
	if err != nil {
		log.Fatal(err)
	}
	return t
}

// A resource type that is known at run time only is read, checked and written like a struct of the program.
func ExampleStructOf() {
	t := lamp()
	v, err := resource.ValidateAs(t, resource.CreationRequest, []byte(`{"PLACE":"Hall","watts":7,"id":"mine"}`))
	if err != nil {
		log.Fatal(err)
	}
	resource.Common(v).ID = "42"
	text, err := resource.Marshal(resource.CreationResponse, v)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	_, err = resource.ValidateAs(t, resource.CreationRequest, []byte(`{"watts":"seven"}`))
	fmt.Println(err)
	// Output:
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Lamp"],"id":"42","place":"Hall","watts":7}
	// watts: must be an integer, not the string "seven" (invalidValue); place: is required (invalidValue)
}

// Any attribute of any resource is read by its path. What has no value is nil.
func ExampleGet() {
	u := &resource.User{UserName: "babs", Emails: []resource.Email{{Value: "babs@example.com", Type: "work"}, {Value: "babs@jensen.org", Type: "home"}}}
	for _, path := range []string{"userName", "emails.value", `emails[type eq "home"].value`, "name.givenName"} {
		v, err := resource.Get(u, path)
		fmt.Println(v, err)
	}
	_, err := resource.Get(u, "nickNames")
	fmt.Println(err)
	// Output:
	// babs <nil>
	// [babs@example.com babs@jensen.org] <nil>
	// [babs@jensen.org] <nil>
	// <nil> <nil>
	// "nickNames" is no attribute of User; did you mean nickName? (invalidPath)
}

// Set takes what converts to the attribute's type, and sets readOnly attributes, too.
func ExampleSet() {
	v := reflect.New(lamp()).Interface()
	for path, value := range map[string]any{"id": "42", "place": "Hall", "watts": 7, "contacts": map[string]any{"value": "babs"}, "meta.location": "https://example.com/Lamps/42"} {
		if err := resource.Set(v, path, value); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(resource.Set(v, "watts", "seven"))
	text, err := resource.Marshal(resource.QueryResponse, v)
	fmt.Printf("%s %v\n", text, err)
	// Output:
	// watts: must be an integer, not the string "seven" (invalidValue)
	// {"schemas":["urn:acme:params:scim:schemas:core:2.0:Lamp"],"id":"42","place":"Hall","watts":7,"contacts":[{"value":"babs"}],"meta":{"location":"https://example.com/Lamps/42"}} <nil>
}

// In PatchRequest the result is a *PatchOp[any], for patch.ApplyTo.
func ExampleValidateAs_patch() {
	t := lamp()
	v, err := resource.ValidateAs(t, resource.CreationRequest, []byte(`{"place":"Hall","contacts":[{"value":"babs","type":"owner"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	read, err := resource.ValidateAs(t, resource.PatchRequest, []byte(`{"Operations":[
		{"op":"Replace","path":"WATTS","value":9},
		{"op":"Add","path":"contacts[type eq \"owner\"].display","value":"Babs"}]}`))
	op, ok := read.(*resource.PatchOp[any])
	if err != nil || !ok {
		log.Fatal(err)
	}
	changed, err := patch.ApplyTo(v, op)
	if err != nil {
		log.Fatal(err)
	}
	text, err := resource.Marshal(resource.Storage, changed)
	fmt.Printf("%s %v\n", text, err)
	// Output: {"schemas":["urn:acme:params:scim:schemas:core:2.0:Lamp"],"place":"Hall","watts":9,"contacts":[{"value":"babs","display":"Babs","type":"owner"}]} <nil>
}
