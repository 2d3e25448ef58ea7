// Package moving has what helps those who come from another library.
package moving

import (
	"encoding/json"

	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/resource"
)

// FromAttributes makes a user of attributes in a map, such as elimity's ResourceAttributes or rows of JSON that another library has
// written. Nothing is demanded, and what no schema knows is dropped.
func FromAttributes(attributes map[string]any) (*accounts.User, error) {
	document, err := json.Marshal(attributes)
	if err != nil {
		return nil, err
	}
	return resource.Validate[accounts.User](resource.Storage, document)
}

// Attributes is the way back, for code that still wants a map.
func Attributes(u *accounts.User) (map[string]any, error) {
	document, err := resource.Marshal(resource.Storage, u)
	if err != nil {
		return nil, err
	}
	var attributes map[string]any
	return attributes, json.Unmarshal(document, &attributes)
}
