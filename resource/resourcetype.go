package resource

import (
	"fmt"
	"reflect"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/rule"
	"github.com/scimmodels/scim/schema"
)

// ResourceType describes a kind of resource and where to find it (RFC 7643 section 6). It is read-only.
// Its ID is the name, unless a service chooses otherwise.
type ResourceType struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:ResourceType" description:"A kind of resource and its endpoint."`

	// Name is what meta.resourceType of each such resource says.
	Name        string `json:"name" scim:"required,caseExact,mutability=readOnly,uniqueness=server" description:"Name of the resource type, such as User."`
	Description string `json:"description,omitempty" scim:"mutability=readOnly" description:"What resources of this type stand for."`
	// Endpoint is relative to the base URL, such as /Users.
	Endpoint string `json:"endpoint" scim:"required,mutability=readOnly,uniqueness=server,referenceTypes=uri" description:"Path of the resources below the base URL, such as /Users."`
	// Schema is the ID of a Schema resource.
	Schema string `json:"schema" scim:"required,mutability=readOnly,referenceTypes=uri" description:"URN of the base schema."`
	// SchemaExtensions is optional: section 6 says so, though the published schema does not.
	SchemaExtensions []SchemaExtension `json:"schemaExtensions,omitempty" scim:"mutability=readOnly" description:"Extensions that resources of this type may carry."`
}

// SchemaExtension is an extension of a resource type (RFC 7643 section 6).
type SchemaExtension struct {
	// Schema is the ID of a Schema resource.
	Schema string `json:"schema" scim:"required,mutability=readOnly,referenceTypes=uri" description:"URN of the extension."`
	// Required extensions are present, with their required attributes, in every resource of the type.
	Required bool `json:"required" scim:"required,mutability=readOnly" description:"Whether every resource has to carry the extension."`
}

// ResourceTypeFor describes the resource type that T declares, for /ResourceTypes (RFC 7643 section 6): the name and
// description of its core schema, the endpoint below the base URL, such as /Users, and its extensions. ID equals Name.
//
// Called at start-up it also finds all mistakes in the tags of T: it panics with a text that names type and field,
// and so it does when T is no resource.
func ResourceTypeFor[T any](endpoint string) *ResourceType {
	t := reflect.TypeFor[T]()
	p := attr.Of(t)
	if p.Kind != attr.Resource {
		panic(fmt.Sprintf("scim: %s is no resource; embed resource.Resource with the schema's URN in its scim tag", t))
	}
	rule.Check(p)
	schema.Of(t) // finds what cannot be published
	r := &ResourceType{
		Resource:    Resource{Schemas: []string{ResourceTypeSchema}, ID: p.Name, Meta: Meta{ResourceType: "ResourceType"}},
		Name:        p.Name,
		Description: p.Description,
		Endpoint:    endpoint,
		Schema:      p.URN,
	}
	for _, a := range p.Extensions {
		r.SchemaExtensions = append(r.SchemaExtensions, SchemaExtension{Schema: a.Sub.URN, Required: a.Required})
	}
	return r
}
