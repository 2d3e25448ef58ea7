// Package schema holds the base types of all SCIM resources and the definition of schemas (RFC 7643 sections 2, 3 and 7).
//
// A [Schema] is itself a resource, so it can be served, read and filtered like any other. It is made of the tags of a Go struct, by
// [For] and [All], for /Schemas; or read from a document, by [Load], for resource.StructOf. The grammar of the tags stands at the
// root package. What of an attribute is said where:
//
//	characteristic   in a Schema         in Go                                 default (RFC 7643 section 2.2)
//	name             Name                the json tag
//	data type        Type                the field's type, or referenceTypes=  string
//	multi-valued     MultiValued         a slice, []byte apart                 false
//	description      Description         the description tag
//	required         Required            scim:"required"                       false
//	canonicalValues  CanonicalValues     scim:"canonicalValues=work|home"      none
//	caseExact        CaseExact           scim:"caseExact"                      false; references and binaries true
//	mutability       Mutability          scim:"mutability=immutable"           readWrite
//	returned         Returned            scim:"returned=always"                default
//	uniqueness       Uniqueness          scim:"uniqueness=server"              none
//	referenceTypes   ReferenceTypes      scim:"referenceTypes=User|external"   none
//	sub-attributes   SubAttributes       the fields of a struct                none
package schema

// Type is the data type of an attribute (RFC 7643 section 2.3). Empty means TypeString, the default.
type Type string

// The data types of RFC 7643 section 2.3.
const (
	TypeString    Type = "string"    // section 2.3.1: UTF-8 text
	TypeBoolean   Type = "boolean"   // section 2.3.2: true or false
	TypeDecimal   Type = "decimal"   // section 2.3.3: a JSON number
	TypeInteger   Type = "integer"   // section 2.3.4: a JSON number without fraction and exponent
	TypeDateTime  Type = "dateTime"  // section 2.3.5: an xsd:dateTime in a string
	TypeReference Type = "reference" // section 2.3.7: a URI in a string
	TypeBinary    Type = "binary"    // section 2.3.6: base64 in a string
	TypeComplex   Type = "complex"   // section 2.3.8: an object of sub-attributes
)

// Mutability says who may set an attribute, and when (RFC 7643 section 7). Empty means ReadWrite, the default.
type Mutability string

// The mutabilities of RFC 7643 section 7.
const (
	// ReadOnly attributes are set by the service provider alone.
	ReadOnly Mutability = "readOnly"
	// ReadWrite attributes may be changed at any time.
	ReadWrite Mutability = "readWrite"
	// Immutable attributes keep the first value they are given.
	Immutable Mutability = "immutable"
	// WriteOnly attributes are accepted and never shown.
	WriteOnly Mutability = "writeOnly"
)

// Returned says when an attribute is part of a response (RFC 7643 section 7). Empty means ReturnedDefault, the default.
type Returned string

// The values of returned of RFC 7643 section 7.
const (
	// ReturnedAlways cannot be excluded by the client.
	ReturnedAlways Returned = "always"
	// ReturnedNever keeps an attribute out of every response.
	ReturnedNever Returned = "never"
	// ReturnedDefault returns an attribute unless the client asks for others or excludes it.
	ReturnedDefault Returned = "default"
	// ReturnedRequest returns an attribute only when the client asks for it or has just set it.
	ReturnedRequest Returned = "request"
)

// Uniqueness says how far the values of an attribute are unique (RFC 7643 section 7). Empty means UniquenessNone, the default.
type Uniqueness string

// The values of uniqueness of RFC 7643 section 7.
const (
	// UniquenessNone lets values repeat.
	UniquenessNone Uniqueness = "none"
	// UniquenessServer allows a value once among the resources of an endpoint or tenancy.
	UniquenessServer Uniqueness = "server"
	// UniquenessGlobal allows a value once anywhere.
	UniquenessGlobal Uniqueness = "global"
)

// Schema is a resource that defines the attributes of resources (RFC 7643 section 7). Its ID is the URN it defines.
type Schema struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:Schema" description:"A schema and the attributes it defines."`

	Name        string      `json:"name" scim:"required,mutability=readOnly" description:"Name of the schema for people to read."`
	Description string      `json:"description,omitempty" scim:"mutability=readOnly" description:"What the schema is for."`
	Attributes  []Attribute `json:"attributes" scim:"required,mutability=readOnly" description:"Attributes the schema defines."`
}

// Attribute defines an attribute or, inside SubAttributes, a part of a complex one (RFC 7643 section 7).
// Only an attribute of type complex has SubAttributes, and those are never complex themselves.
type Attribute struct {
	// Name is spelled as in output; on input case does not matter.
	Name string `json:"name" scim:"required,caseExact,mutability=readOnly" description:"Name of the attribute as written in output."`
	Type Type   `json:"type" scim:"required,mutability=readOnly,canonicalValues=string|complex|boolean|decimal|integer|dateTime|reference|binary,closed" description:"Data type of the values."`
	// MultiValued attributes are JSON arrays.
	MultiValued bool   `json:"multiValued" scim:"required,mutability=readOnly" description:"Whether the attribute holds a list of values."`
	Description string `json:"description,omitempty" scim:"caseExact,mutability=readOnly" description:"What the attribute is for."`
	// Required counts as false when a schema leaves it out; it is always written.
	Required bool `json:"required" scim:"mutability=readOnly" description:"Whether a value has to be given."`
	// CanonicalValues are suggestions; other values are allowed unless the service provider says otherwise.
	CanonicalValues []string `json:"canonicalValues,omitempty" scim:"caseExact,mutability=readOnly" description:"Suggested values, such as work and home."`
	// CaseExact has a meaning for strings, references and binaries only, and nil counts as false for a string.
	// References and binaries are always case exact.
	CaseExact  *bool      `json:"caseExact,omitempty" scim:"mutability=readOnly" description:"Whether values that differ only in case are different."`
	Mutability Mutability `json:"mutability,omitempty" scim:"caseExact,mutability=readOnly,canonicalValues=readOnly|readWrite|immutable|writeOnly,closed" description:"Who may set or change the value, and when."`
	Returned   Returned   `json:"returned,omitempty" scim:"caseExact,mutability=readOnly,canonicalValues=always|never|default|request,closed" description:"When the attribute is part of a response."`
	// Uniqueness has no meaning for booleans, dateTimes, binaries and complex attributes.
	Uniqueness Uniqueness `json:"uniqueness,omitempty" scim:"caseExact,mutability=readOnly,canonicalValues=none|server|global,closed" description:"Where no other resource may have the same value."`
	// ReferenceTypes has names of resource types, "external" for links out of SCIM, or "uri" for identifiers such as URNs.
	ReferenceTypes []string `json:"referenceTypes,omitempty" scim:"caseExact,mutability=readOnly" description:"What a reference may point to."`
	// SubAttributes nest one level only.
	SubAttributes []Attribute `json:"subAttributes,omitempty" scim:"mutability=readOnly" description:"Parts of a complex attribute."`
}
