package resource_test

import (
	"time"

	"github.com/scimmodels/scim/resource"
)

const (
	badgeURN  = "urn:acme:params:scim:schemas:extension:badge:2.0:User"
	deviceURN = "urn:acme:params:scim:schemas:core:2.0:Device"
	probeURN  = "urn:acme:params:scim:schemas:core:2.0:Probe"
)

// Badge is an extension as a service declares it.
type Badge struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User" description:"Door badge."`

	Number string      `json:"number" scim:"required,caseExact,mutability=immutable" validate:"len=8,numeric" description:"Number on the badge."`
	Color  string      `json:"color,omitempty" scim:"canonicalValues=red|green" validate:"lowercase" description:"Colour of the badge."`
	Code   string      `json:"code,omitempty" description:"Code of the badge."`
	Issued time.Time   `json:"issued,omitzero" scim:"mutability=readOnly" description:"When it was issued."`
	Doors  []BadgeDoor `json:"doors,omitempty" validate:"max=3" description:"Doors it opens."`
}

// BadgeDoor is a door that a badge opens.
type BadgeDoor struct {
	Value   string `json:"value" scim:"required" description:"Name of the door."`
	Floor   *int   `json:"floor,omitempty" validate:"gte=-2,lte=40" description:"Floor it is on."`
	Primary *bool  `json:"primary,omitempty" description:"Whether it is the main door."`
}

// Visitor is a user that must carry a badge.
type Visitor struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Badge      *Badge                   `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty" scim:"required"`
}

// Device is a resource type that no RFC knows.
type Device struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device" description:"A managed device."`

	Serial   string     `json:"serial" scim:"required,caseExact,mutability=immutable,uniqueness=global" validate:"alphanum" description:"Number on the label."`
	Model    string     `json:"model,omitempty" description:"What it is."`
	Locked   bool       `json:"locked" scim:"required" description:"Whether it is locked."`
	Ports    *int       `json:"ports,omitempty" description:"Number of network ports."`
	Weight   *float64   `json:"weight,omitempty" description:"Weight in kilograms."`
	Bought   time.Time  `json:"bought,omitzero" description:"When it was bought."`
	Key      []byte     `json:"key,omitempty" description:"Public key."`
	Manual   string     `json:"manual,omitempty" scim:"referenceTypes=external" description:"URL of the manual."`
	Owner    Owner      `json:"owner,omitzero" description:"User it belongs to."`
	Tags     []string   `json:"tags,omitempty" description:"Labels."`
	PIN      string     `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never" description:"Code that unlocks it."`
	Recovery string     `json:"recovery,omitempty" scim:"returned=request" description:"Recovery code, shown on request."`
	Firmware string     `json:"firmware,omitempty" scim:"mutability=readOnly" description:"Version of its software."`
	Networks []Network  `json:"networks,omitempty" description:"Networks it joins."`
	Warranty *Guarantee `json:"urn:acme:params:scim:schemas:extension:warranty:2.0:Device,omitempty"`
}

// Owner is the user a device belongs to.
type Owner struct {
	Value string `json:"value,omitempty" scim:"caseExact" description:"Identifier of the user."`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User" description:"URI of the user."`
}

// Network is a network a device joins.
type Network struct {
	Value   string `json:"value" scim:"required" description:"Name of the network."`
	Secret  string `json:"secret,omitempty" scim:"mutability=writeOnly,returned=never" description:"Key of the network."`
	Address string `json:"address,omitempty" scim:"mutability=readOnly" description:"Address in the network."`
	Hidden  *bool  `json:"hidden,omitempty" description:"Whether the network hides its name."`
}

// Guarantee is an extension of a type of one's own.
type Guarantee struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:warranty:2.0:Device" description:"Warranty of a device."`

	Until time.Time `json:"until,omitzero" description:"Last day of the warranty."`
	Code  string    `json:"code,omitempty" description:"Contract number."`
}

// Probe has attributes of every type, alone, in lists and as parts.
type Probe struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Probe" description:"Something with everything."`

	Text   string      `json:"text,omitempty" description:"A string."`
	Exact  string      `json:"exact,omitempty" scim:"caseExact" description:"A string with case."`
	Count  *int64      `json:"count,omitempty" description:"An integer."`
	Small  *int8       `json:"small,omitempty" description:"A small integer."`
	Size   *uint16     `json:"size,omitempty" description:"A natural number."`
	Ratio  *float64    `json:"ratio,omitempty" description:"A decimal."`
	Half   *float32    `json:"half,omitempty" description:"A short decimal."`
	At     time.Time   `json:"at,omitzero" description:"A dateTime."`
	Blob   []byte      `json:"blob,omitempty" description:"A binary."`
	Link   string      `json:"link,omitempty" scim:"referenceTypes=external" description:"A reference."`
	Flag   *bool       `json:"flag,omitempty" description:"A boolean."`
	Shade  string      `json:"shade,omitempty" scim:"canonicalValues=light|dark,closed" description:"One of two words."`
	Part   ProbePart   `json:"part,omitzero" description:"A complex value."`
	Tags   []string    `json:"tags,omitempty" description:"Strings."`
	Counts []int       `json:"counts,omitempty" description:"Integers."`
	Ratios []float64   `json:"ratios,omitempty" description:"Decimals."`
	Times  []time.Time `json:"times,omitempty" description:"Times."`
	Blobs  [][]byte    `json:"blobs,omitempty" description:"Binaries."`
	Flags  []bool      `json:"flags,omitempty" description:"Booleans."`
	Links  []string    `json:"links,omitempty" scim:"referenceTypes=uri" description:"References."`
	Parts  []ProbePart `json:"parts,omitempty" description:"Complex values."`
}

// ProbePart is a complex value with attributes of every simple type.
type ProbePart struct {
	Value   string    `json:"value,omitempty" description:"A string."`
	Display string    `json:"display,omitempty" description:"Another string."`
	Type    string    `json:"type,omitempty" description:"A third string."`
	Primary *bool     `json:"primary,omitempty" description:"A boolean."`
	Count   *int      `json:"count,omitempty" description:"An integer."`
	Ratio   *float64  `json:"ratio,omitempty" description:"A decimal."`
	At      time.Time `json:"at,omitzero" description:"A dateTime."`
	Blob    []byte    `json:"blob,omitempty" description:"A binary."`
	Link    string    `json:"link,omitempty" scim:"referenceTypes=uri" description:"A reference."`
	Tags    []string  `json:"tags,omitempty" description:"Strings."`
}
