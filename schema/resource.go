package schema

import "time"

// Resource has the attributes every SCIM resource carries, whatever its schema (RFC 7643 section 3.1).
// A resource type embeds it first, with its schema URN in the scim tag:
//
//	type Device struct {
//		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device" description:"A managed device."`
//
//		SerialNumber string `json:"serialNumber" scim:"required,caseExact" description:"Number on the label."`
//	}
//
// Common attributes belong to no schema, so the schemas made from struct tags do not list them.
type Resource struct {
	// Schemas has the URNs of the schemas in use. It is filled in on output; code seldom sets it.
	Schemas []string `json:"schemas,omitempty" scim:"caseExact,returned=always" description:"URNs of the schemas this resource uses."`
	// ID is issued by the service provider, never changes and is never given to another resource.
	ID string `json:"id,omitempty" scim:"caseExact,mutability=readOnly,returned=always,uniqueness=server" description:"Identifier issued by the service; it never changes."`
	// ExternalID is the client's own identifier. The service provider stores it and never makes one up.
	ExternalID string `json:"externalId,omitempty" scim:"caseExact" description:"Identifier the client itself uses for this resource."`
	// Meta is kept by the service provider; what a client sends is ignored.
	Meta Meta `json:"meta,omitzero" scim:"mutability=readOnly" description:"Facts about the resource that the service records."`
}

// Extension marks a struct as a schema extension (RFC 7643 section 3.3).
// An extension embeds it first, with its URN in the scim tag, and adds its own attributes;
// a resource type then holds a pointer to the extension under that URN.
// Extensions have no id, externalId or meta of their own.
type Extension struct{}

// Meta describes a resource rather than what it stands for (RFC 7643 section 3.1). All of it is set by the service provider.
type Meta struct {
	// ResourceType is the name of the resource type, such as "User".
	ResourceType string `json:"resourceType,omitempty" scim:"caseExact,mutability=readOnly" description:"Name of the resource type."`
	// Created equals LastModified until the first change.
	Created time.Time `json:"created,omitzero" scim:"mutability=readOnly" description:"When the service created the resource."`
	// LastModified does not move when a request changes nothing.
	LastModified time.Time `json:"lastModified,omitzero" scim:"mutability=readOnly" description:"When the resource last changed."`
	// Location is the URI of the resource, the same as in the Content-Location or Location header.
	Location string `json:"location,omitempty" scim:"mutability=readOnly,referenceTypes=uri" description:"URI at which the resource is found."`
	// Version is the entity tag, such as W/"3694e05e9dff591" (RFC 7644 section 3.14).
	Version string `json:"version,omitempty" scim:"caseExact,mutability=readOnly" description:"Entity tag of the present state."`
}
