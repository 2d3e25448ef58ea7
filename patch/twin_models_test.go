package patch_test

import (
	"time"

	"github.com/scimmodels/scim/resource"
)

// The types of the generated tests: between them they have an attribute of every kind.

const (
	thingURN = "urn:acme:params:scim:schemas:core:2.0:Thing"
	extraURN = "urn:acme:params:scim:schemas:extension:extra:2.0:Thing"
	sealURN  = "urn:acme:params:scim:schemas:extension:seal:2.0:Thing"
)

// Person is a user with extensions, one of which has something immutable.
type Person struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Badge      *PersonBadge             `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
}

type PersonBadge struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User"`

	Number string   `json:"number" scim:"required,caseExact,mutability=immutable"`
	Color  string   `json:"color,omitempty"`
	Doors  []string `json:"doors,omitempty" scim:"caseExact"`
}

// Thing has every type, mutability and multiplicity at every depth.
type Thing struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Thing"`

	Serial  string     `json:"serial" scim:"required,caseExact,mutability=immutable"`
	Must    string     `json:"must" scim:"required"`
	Title   string     `json:"title,omitempty"`
	Exact   *string    `json:"exact,omitempty" scim:"caseExact"`
	Once    string     `json:"once,omitempty" scim:"mutability=immutable"`
	Code    string     `json:"code,omitempty" scim:"mutability=writeOnly,returned=never"`
	Hidden  string     `json:"hidden,omitempty" scim:"returned=never"`
	Asked   string     `json:"asked,omitempty" scim:"returned=request"`
	Seen    string     `json:"seen,omitempty" scim:"mutability=readOnly"`
	Locked  bool       `json:"locked" scim:"required"`
	Active  *bool      `json:"active,omitempty"`
	Count   *int       `json:"count,omitempty"`
	Size    *uint8     `json:"size,omitempty"`
	Ratio   *float64   `json:"ratio,omitempty"`
	At      time.Time  `json:"at,omitzero"`
	OnceAt  *time.Time `json:"onceAt,omitempty" scim:"mutability=immutable"`
	Blob    []byte     `json:"blob,omitempty"`
	Link    string     `json:"link,omitempty" scim:"referenceTypes=external"`
	Home    string     `json:"home,omitempty" scim:"referenceTypes=User|Thing"`
	OnceRef string     `json:"onceRef,omitempty" scim:"referenceTypes=Thing,mutability=immutable"`

	Owner  ThingOwner  `json:"owner,omitzero"`
	Fixed  *ThingFixed `json:"fixed,omitempty" scim:"mutability=immutable"`
	Frame  *ThingFrame `json:"frame,omitempty"`
	Stamp  ThingStamp  `json:"stamp,omitzero" scim:"mutability=readOnly"`
	Switch ThingSwitch `json:"switch,omitzero"`
	Base   ThingFrame  `json:"base" scim:"required"`

	Tags     []string    `json:"tags,omitempty"`
	Exacts   []string    `json:"exacts,omitempty" scim:"caseExact"`
	Counts   []int       `json:"counts,omitempty"`
	Ratios   []float64   `json:"ratios,omitempty"`
	Flags    []*bool     `json:"flags,omitempty"`
	Times    []time.Time `json:"times,omitempty"`
	Blobs    [][]byte    `json:"blobs,omitempty"`
	Links    []string    `json:"links,omitempty" scim:"referenceTypes=external"`
	OnceTags []string    `json:"onceTags,omitempty" scim:"mutability=immutable"`
	MustTags []string    `json:"mustTags" scim:"required"`
	SeenTags []string    `json:"seenTags,omitempty" scim:"mutability=readOnly"`

	Parts   []ThingPart       `json:"parts,omitempty"`
	Items   []*ThingItem      `json:"items,omitempty"`
	Notes   []ThingNote       `json:"notes,omitempty"`
	Members []resource.Member `json:"members,omitempty"`
	Fixeds  []ThingFixed      `json:"fixeds,omitempty" scim:"mutability=immutable"`
	Sealed  []ThingFrame      `json:"sealed,omitempty" scim:"mutability=writeOnly,returned=never"`
	Stamps  []ThingStamp      `json:"stamps,omitempty" scim:"mutability=readOnly"`

	Extra *ThingExtra `json:"urn:acme:params:scim:schemas:extension:extra:2.0:Thing,omitempty"`
	Seal  ThingSeal   `json:"urn:acme:params:scim:schemas:extension:seal:2.0:Thing,omitzero" scim:"required"`
}

type ThingOwner struct {
	Value string   `json:"value,omitempty" scim:"caseExact"`
	Ref   string   `json:"$ref,omitempty" scim:"referenceTypes=User"`
	Shown string   `json:"shown,omitempty" scim:"mutability=readOnly"`
	Since string   `json:"since,omitempty" scim:"mutability=immutable"`
	PIN   string   `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Level *int     `json:"level,omitempty"`
	Kinds []string `json:"kinds,omitempty"`
}

type ThingFixed struct {
	Value string `json:"value,omitempty"`
	Note  string `json:"note,omitempty"`
}

type ThingFrame struct {
	Name string `json:"name" scim:"required"`
	Size *int   `json:"size,omitempty"`
}

type ThingStamp struct {
	By string    `json:"by,omitempty" scim:"mutability=readOnly"`
	At time.Time `json:"at,omitzero" scim:"mutability=readOnly"`
}

type ThingSwitch struct {
	On   bool   `json:"on"`
	Note string `json:"note,omitempty"`
}

type ThingPart struct {
	Value   string    `json:"value,omitempty"`
	Type    string    `json:"type,omitempty"`
	Display string    `json:"display,omitempty"`
	Ref     string    `json:"$ref,omitempty" scim:"referenceTypes=Thing"`
	Primary *bool     `json:"primary,omitempty"`
	Seen    string    `json:"seen,omitempty" scim:"mutability=readOnly"`
	Once    string    `json:"once,omitempty" scim:"mutability=immutable"`
	PIN     string    `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	At      time.Time `json:"at,omitzero"`
	Labels  []string  `json:"labels,omitempty"`
}

type ThingItem struct {
	Value   string `json:"value" scim:"required,caseExact"`
	Level   *int   `json:"level,omitempty"`
	Primary bool   `json:"primary"`
}

type ThingNote struct {
	Text string  `json:"text,omitempty"`
	Lang *string `json:"lang,omitempty"`
}

type ThingExtra struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:extra:2.0:Thing"`

	Name  string      `json:"name" scim:"required"`
	Title string      `json:"title,omitempty"`
	Seen  string      `json:"seen,omitempty" scim:"mutability=readOnly"`
	Owner ThingOwner  `json:"owner,omitzero"`
	Tags  []string    `json:"tags,omitempty"`
	Parts []ThingPart `json:"parts,omitempty"`
}

type ThingSeal struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:seal:2.0:Thing"`

	Color string   `json:"color,omitempty"`
	Once  string   `json:"once,omitempty" scim:"mutability=immutable"`
	Codes []string `json:"codes,omitempty" scim:"caseExact"`
}
