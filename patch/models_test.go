package patch_test

import (
	"strings"
	"time"

	"github.com/scimmodels/scim/resource"
)

// The URNs have dots where no path must be cut.
const (
	crateSchema     = "urn:acme:params:scim:schemas:core:2.0:Crate"
	gateSchema      = "urn:acme:params:scim:schemas:extension:gate.way:2.0.1:Crate"
	lockSchema      = "urn:acme:params:scim:schemas:extension:gate.way:2.0.1:Crate.lock"
	crateSealSchema = "urn:acme:params:scim:schemas:extension:seal:2.0:Crate"
	gaugeSchema     = "urn:acme:params:scim:schemas:core:2.0:Gauge"
)

// abbreviated writes out the abbreviations of URNs in the tables.
var abbreviated = strings.NewReplacer(
	"<U>", resource.UserSchema, "<E>", resource.EnterpriseUserSchema, "<G>", resource.GroupSchema, "<P>", resource.PatchOpSchema,
	"<CRATE>", crateSchema, "<GATE>", gateSchema, "<LOCK>", lockSchema, "<SEAL>", crateSealSchema, "<GAUGE>", gaugeSchema,
)

// Worker is a user as a service declares it.
type Worker struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// Crate has each mutability at each depth, and attributes of each shape.
type Crate struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Crate"`

	Name   string          `json:"name" scim:"required"`
	Code   resource.Secret `json:"code" scim:"required,mutability=writeOnly,returned=never"`
	Label  string          `json:"label,omitempty"`
	Serial string          `json:"serial,omitempty" scim:"caseExact,mutability=immutable"`
	PIN    resource.Secret `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Wear   string          `json:"wear,omitempty" scim:"mutability=readOnly"`
	Owner  CratePart       `json:"owner,omitzero"`
	Keeper *CratePart      `json:"keeper,omitempty"`
	Site   *CrateSite      `json:"site,omitempty" scim:"mutability=immutable"`
	Audit  *CrateSite      `json:"audit,omitempty" scim:"mutability=readOnly"`
	Tags   []string        `json:"tags,omitempty"`
	Marks  []string        `json:"marks,omitempty" scim:"mutability=immutable"`
	Seen   []string        `json:"seen,omitempty" scim:"mutability=readOnly"`
	Parts  []CratePart     `json:"parts,omitempty"`
	Boxes  []*CratePart    `json:"boxes,omitempty"`
	Keys   []CrateKey      `json:"keys,omitempty" scim:"mutability=immutable"`
	Scans  []CrateKey      `json:"scans,omitempty" scim:"mutability=readOnly"`
	Vaults []CrateKey      `json:"vaults,omitempty" scim:"mutability=writeOnly,returned=never"`
	Gate   *CrateGate      `json:"urn:acme:params:scim:schemas:extension:gate.way:2.0.1:Crate,omitempty"`
	Seal   *CrateSeal      `json:"urn:acme:params:scim:schemas:extension:seal:2.0:Crate,omitempty"`
}

// CratePart is a complex value with a part of each mutability.
type CratePart struct {
	Value   string          `json:"value,omitempty"`
	Type    string          `json:"type,omitempty"`
	Note    string          `json:"note,omitempty"`
	Hints   []string        `json:"hints,omitempty"`
	Primary *bool           `json:"primary,omitempty"`
	Fixed   string          `json:"fixed,omitempty" scim:"mutability=immutable"`
	PIN     resource.Secret `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Ref     string          `json:"$ref,omitempty" scim:"referenceTypes=User"`
	Display string          `json:"display,omitempty" scim:"mutability=readOnly"`
}

// CrateSite is a complex value of which a client may change everything.
type CrateSite struct {
	Building string `json:"building,omitempty"`
	Room     string `json:"room,omitempty"`
}

// CrateKey is an element without type.
type CrateKey struct {
	Value string `json:"value,omitempty"`
	Note  string `json:"note,omitempty"`
}

// CrateGate is an extension that holds another.
type CrateGate struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:gate.way:2.0.1:Crate"`

	Color  string          `json:"color,omitempty"`
	Serial string          `json:"serial,omitempty" scim:"mutability=immutable"`
	PIN    resource.Secret `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Wear   string          `json:"wear,omitempty" scim:"mutability=readOnly"`
	Owner  *CratePart      `json:"owner,omitempty"`
	Tags   []string        `json:"tags,omitempty"`
	Parts  []*CratePart    `json:"parts,omitempty"`
	Lock   *CrateLock      `json:"urn:acme:params:scim:schemas:extension:gate.way:2.0.1:Crate.lock,omitempty"`
}

// CrateLock is an extension of an extension; its URN begins with that one's.
type CrateLock struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:gate.way:2.0.1:Crate.lock"`

	Kind  string   `json:"kind,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	Fixed string   `json:"fixed,omitempty" scim:"mutability=immutable"`
}

// CrateSeal has something that is required, so there is none without it.
type CrateSeal struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:seal:2.0:Crate"`

	Number string `json:"number" scim:"required"`
	Color  string `json:"color,omitempty"`
}

// Gauge has attributes of every type, alone and in lists.
type Gauge struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Gauge"`

	Text    string      `json:"text,omitempty"`
	TextP   *string     `json:"textP,omitempty"`
	Exact   string      `json:"exact,omitempty" scim:"caseExact"`
	Flag    bool        `json:"flag"`
	FlagP   *bool       `json:"flagP,omitempty"`
	Int     int         `json:"int"`
	IntP    *int64      `json:"intP,omitempty"`
	Small   *int8       `json:"small,omitempty"`
	Size    *uint16     `json:"size,omitempty"`
	Float   float64     `json:"float"`
	FloatP  *float32    `json:"floatP,omitempty"`
	At      time.Time   `json:"at,omitzero"`
	AtP     *time.Time  `json:"atP,omitempty"`
	Blob    []byte      `json:"blob,omitempty"`
	Link    string      `json:"link,omitempty" scim:"referenceTypes=external"`
	User    string      `json:"user,omitempty" scim:"referenceTypes=User"`
	Plain   GaugePlain  `json:"plain,omitzero"`
	PlainP  *GaugePlain `json:"plainP,omitempty"`
	Texts   []string    `json:"texts,omitempty"`
	TextPs  []*string   `json:"textPs,omitempty"`
	Exacts  []string    `json:"exacts,omitempty" scim:"caseExact"`
	Flags   []bool      `json:"flags,omitempty"`
	Ints    []int       `json:"ints,omitempty"`
	Floats  []float64   `json:"floats,omitempty"`
	Times   []time.Time `json:"times,omitempty"`
	Blobs   [][]byte    `json:"blobs,omitempty"`
	Links   []string    `json:"links,omitempty" scim:"referenceTypes=uri"`
	Counted []GaugeItem `json:"counted,omitempty"`
}

// GaugePlain is a complex value that has zero where others have nothing.
type GaugePlain struct {
	On    bool   `json:"on"`
	Count int    `json:"count"`
	Note  string `json:"note,omitempty"`
}

// GaugeItem is an element whose value is a number.
type GaugeItem struct {
	Value   int       `json:"value,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Ratio   *float64  `json:"ratio,omitempty"`
	Blob    []byte    `json:"blob,omitempty"`
	Primary bool      `json:"primary,omitempty"`
}

// Guarded demands something at every depth and has validate tags.
type Guarded struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Guarded"`

	Name  string         `json:"name" scim:"required" validate:"min=2,max=8"`
	Owner GuardedPart    `json:"owner,omitzero"`
	Chief *GuardedPart   `json:"chief" scim:"required"`
	Tags  []string       `json:"tags" scim:"required" validate:"max=2,dive,lowercase"`
	Parts []GuardedPart  `json:"parts,omitempty" validate:"max=3"`
	Musts []*GuardedPart `json:"musts" scim:"required"`
	Age   *int           `json:"age,omitempty" validate:"gte=18"`
	PIN   string         `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never" validate:"len=4,numeric"`
	Badge *GuardedBadge  `json:"urn:acme:params:scim:schemas:extension:badge:2.0:Guarded,omitempty" scim:"required"`
	Extra *GuardedExtra  `json:"urn:acme:params:scim:schemas:extension:extra:2.0:Guarded,omitempty"`
}

// GuardedPart is a complex value with a required part.
type GuardedPart struct {
	Value string `json:"value,omitempty"`
	Kind  string `json:"kind" scim:"required" validate:"oneof=a b c"`
}

// GuardedBadge is a required extension.
type GuardedBadge struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:Guarded"`

	Number string `json:"number" scim:"required" validate:"len=8,numeric"`
	Color  string `json:"color,omitempty" validate:"lowercase"`
}

// GuardedExtra is an extension that may be absent.
type GuardedExtra struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:extra:2.0:Guarded"`

	Code  string      `json:"code" scim:"required"`
	Note  string      `json:"note,omitempty"`
	Owner GuardedPart `json:"owner,omitzero"`
}
