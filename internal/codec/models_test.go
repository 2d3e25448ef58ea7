package codec_test

import (
	"encoding/json"
	"strings"
)

// The models of package resource and schema, as large as they are there.

type BigUser struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User"`

	UserName     string            `json:"userName" scim:"required,uniqueness=server"`
	Name         BigName           `json:"name,omitzero"`
	DisplayName  string            `json:"displayName,omitempty"`
	Active       *bool             `json:"active,omitempty"`
	Emails       []BigValue        `json:"emails,omitempty"`
	PhoneNumbers []BigValue        `json:"phoneNumbers,omitempty"`
	IMs          []BigValue        `json:"ims,omitempty"`
	Photos       []BigValue        `json:"photos,omitempty"`
	Addresses    []BigAddress      `json:"addresses,omitempty"`
	Groups       []BigMember       `json:"groups,omitempty"`
	Entitlements []BigValue        `json:"entitlements,omitempty"`
	Roles        []BigValue        `json:"roles,omitempty"`
	Certificates []BigCertificate  `json:"x509Certificates,omitempty"`
	Enterprise   *BigEnterprise    `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Tags         []string          `json:"tags,omitempty"`
	Numbers      []int             `json:"numbers,omitempty"`
	Flags        []*bool           `json:"flags,omitempty"`
	Things       []any             `json:"things,omitempty"`
	Raws         []json.RawMessage `json:"raws,omitempty"`
	Pointers     []*BigAddress     `json:"pointers,omitempty"`
}

type BigName struct {
	Formatted, FamilyName string `json:"-"`
	GivenName             string `json:"givenName,omitempty"`
}

// BigValue is Email, PhoneNumber, IM, Photo, Entitlement and Role.
type BigValue struct {
	Value   string `json:"value,omitempty"`
	Display string `json:"display,omitempty"`
	Type    string `json:"type,omitempty" scim:"canonicalValues=work|home|other"`
	Primary *bool  `json:"primary,omitempty"`
}

type BigAddress struct {
	Formatted     string `json:"formatted,omitempty"`
	StreetAddress string `json:"streetAddress,omitempty"`
	Locality      string `json:"locality,omitempty"`
	Region        string `json:"region,omitempty"`
	PostalCode    string `json:"postalCode,omitempty"`
	Country       string `json:"country,omitempty"`
	Type          string `json:"type,omitempty"`
	Primary       *bool  `json:"primary,omitempty"`
}

type BigMember struct {
	Value   string `json:"value,omitempty" scim:"caseExact,mutability=immutable"`
	Ref     string `json:"$ref,omitempty" scim:"mutability=immutable,referenceTypes=User|Group"`
	Type    string `json:"type,omitempty" scim:"mutability=immutable,canonicalValues=User|Group"`
	Display string `json:"display,omitempty" scim:"mutability=readOnly"`
}

type BigCertificate struct {
	Value   []byte `json:"value,omitempty" scim:"format=x509"`
	Display string `json:"display,omitempty"`
	Type    string `json:"type,omitempty"`
	Primary *bool  `json:"primary,omitempty"`
}

type BigEnterprise struct {
	Extension `scim:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`

	EmployeeNumber string `json:"employeeNumber,omitempty"`
	Manager        struct {
		Value string `json:"value,omitempty"`
	} `json:"manager,omitzero"`
}

type BigGroup struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:Group"`

	DisplayName string      `json:"displayName" scim:"required"`
	Members     []BigMember `json:"members,omitempty"`
}

type BigList struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:ListResponse"`

	TotalResults int       `json:"totalResults"`
	Resources    []BigUser `json:"Resources"`
}

type BigPatch struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:PatchOp"`

	Operations []struct {
		Op     string `json:"op"`
		Path   string `json:"path,omitempty"`
		Value  any    `json:"value,omitempty"`
		OnMiss uint8  `json:"-"`
	} `json:"Operations"`
}

type BigBulk struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:BulkRequest"`

	FailOnErrors int `json:"failOnErrors,omitempty"`
	Operations   []struct {
		Method   string          `json:"method"`
		BulkID   string          `json:"bulkId,omitempty"`
		Version  string          `json:"version,omitempty"`
		Path     string          `json:"path,omitempty"`
		Data     json.RawMessage `json:"data,omitempty"`
		Location string          `json:"location,omitempty"`
		Status   string          `json:"status,omitempty"`
		Response json.RawMessage `json:"response,omitempty"`
	} `json:"Operations"`
}

type BigSearch struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:SearchRequest"`

	Attributes []string `json:"attributes,omitempty"`
	Filter     string   `json:"filter,omitempty"`
}

// BigSchema has lists in lists.
type BigSchema struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:Schema"`

	Name       string         `json:"name"`
	Attributes []BigAttribute `json:"attributes"`
}

type BigAttribute struct {
	Name            string         `json:"name"`
	Type            string         `json:"type"`
	MultiValued     bool           `json:"multiValued"`
	Description     string         `json:"description,omitempty"`
	Required        bool           `json:"required"`
	CanonicalValues []string       `json:"canonicalValues,omitempty"`
	CaseExact       *bool          `json:"caseExact,omitempty"`
	Mutability      string         `json:"mutability,omitempty"`
	Returned        string         `json:"returned,omitempty"`
	Uniqueness      string         `json:"uniqueness,omitempty"`
	ReferenceTypes  []string       `json:"referenceTypes,omitempty"`
	SubAttributes   []BigAttribute `json:"subAttributes,omitempty"`
}

// between makes documents of about a size that repeat one part.
func between(head, part, sep, tail string) func(int) string {
	return func(size int) string {
		return head + strings.Repeat(part+sep, max(size/(len(part)+len(sep))-1, 0)) + part + tail
	}
}

// unknowns has members of short names.
func unknowns(size int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(`"_`)
		for n := i; ; n /= len(letters) {
			b.WriteByte(letters[n%len(letters)])
			if n < len(letters) {
				break
			}
		}
		b.WriteString(`":1,`)
	}
	return strings.TrimSuffix(b.String(), ",")
}
