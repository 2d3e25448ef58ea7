// Package resource has the SCIM models of RFC 7643, the messages of RFC 7644, and the verbs that read and write them.
//
// Models are plain structs. The zero value of a field means that the attribute is unassigned (RFC 7643 section 2.5);
// optional booleans and numbers are therefore pointers.
package resource

import "github.com/scimmodels/scim/schema"

// Resource has the common attributes; every resource type embeds it (RFC 7643 section 3.1).
type Resource = schema.Resource

// Extension is embedded by every schema extension (RFC 7643 section 3.3).
type Extension = schema.Extension

// Meta is what the service provider records about a resource (RFC 7643 section 3.1).
type Meta = schema.Meta
