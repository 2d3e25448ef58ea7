package schema_test

import (
	"fmt"

	"github.com/scimmodels/scim/schema"
)

// A document with known mistakes is loaded as what it meant, and the mistakes are listed.
func ExampleLoad() {
	s, repaired, err := schema.Load([]byte(`{
		"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
		"id": "urn:acme:params:scim:schemas:core:2.0:Device",
		"name": "Device",
		"attributes": [
			{"name": "enabled", "type": "bool", "multiValued": false},
			{"name": "owner", "type": "reference", "multiValued": false, "referenceTypes": "User"}
		]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range repaired {
		fmt.Println("repaired:", r.Path, r.Detail)
	}
	for _, a := range s.Attributes {
		fmt.Println(a.Name, a.Type, a.ReferenceTypes)
	}
	// Output:
	// repaired: attributes[1].referenceTypes is one value, not a list
	// repaired: attributes[0].type "bool" stands for boolean
	// enabled boolean []
	// owner reference [User]
}

// All that cannot be repaired is named at once.
func ExampleLoad_faults() {
	_, _, err := schema.Load([]byte(`{
		"id": "urn:acme:params:scim:schemas:core:2.0:Device",
		"name": "Device",
		"attributes": [
			{"name": "serial number", "type": "string", "multiValued": false},
			{"name": "count", "type": "number", "multiValued": false, "mutability": "readonly"}
		]
	}`))
	fmt.Println(err)
	// Output: attributes[0].name: "serial number" is not an attribute name: a letter, then letters, digits, - and _ (invalidValue); attributes[1].type: "number" is none of string, boolean, decimal, integer, dateTime, reference, binary, complex (invalidValue); attributes[1].mutability: "readonly" is none of readWrite, readOnly, immutable, writeOnly (invalidValue)
}
