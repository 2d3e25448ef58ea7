package codec_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
)

// Resource, Meta and Extension stand for those of package schema.
type Resource struct {
	Schemas    []string `json:"schemas,omitempty" scim:"caseExact,returned=always"`
	ID         string   `json:"id,omitempty" scim:"caseExact,mutability=readOnly,returned=always,uniqueness=server"`
	ExternalID string   `json:"externalId,omitempty" scim:"caseExact"`
	Meta       Meta     `json:"meta,omitzero" scim:"mutability=readOnly"`
}

type Meta struct {
	ResourceType string    `json:"resourceType,omitempty" scim:"caseExact,mutability=readOnly"`
	Created      time.Time `json:"created,omitzero" scim:"mutability=readOnly"`
	LastModified time.Time `json:"lastModified,omitzero" scim:"mutability=readOnly"`
	Location     string    `json:"location,omitempty" scim:"mutability=readOnly,referenceTypes=uri"`
	Version      string    `json:"version,omitempty" scim:"caseExact,mutability=readOnly"`
}

type Extension struct{}

type Secret string

// Everything has an attribute of each kind that Go and SCIM have: plain, through a pointer, in a list, in a list of pointers.
type Everything struct {
	Resource `scim:"urn:x:Everything"`

	Text    string          `json:"text,omitempty"`
	Secret  Secret          `json:"secret,omitempty" scim:"mutability=writeOnly,returned=never"`
	Ref     string          `json:"$ref,omitempty" scim:"referenceTypes=User|external"`
	Bool    bool            `json:"bool,omitempty"`
	Int     int             `json:"int,omitempty"`
	Int8    int8            `json:"int8,omitempty" scim:"positive"`
	Int16   int16           `json:"int16,omitempty"`
	Int32   int32           `json:"int32,omitempty"`
	Int64   int64           `json:"int64,omitempty"`
	Uint    uint            `json:"uint,omitempty"`
	Uint8   uint8           `json:"uint8,omitempty"`
	Uint16  uint16          `json:"uint16,omitempty"`
	Uint32  uint32          `json:"uint32,omitempty"`
	Uint64  uint64          `json:"uint64,omitempty"`
	Float32 float32         `json:"float32,omitempty"`
	Float64 float64         `json:"float64,omitempty"`
	Time    time.Time       `json:"time,omitzero"`
	Bytes   []byte          `json:"bytes,omitempty"`
	Part    Part            `json:"part,omitzero"`
	Leaf    Leaf            `json:"leaf,omitzero"`
	Raw     json.RawMessage `json:"raw,omitempty"`
	Any     any             `json:"any,omitempty"`

	PText  *string    `json:"pText,omitempty"`
	PRef   *string    `json:"pRef,omitempty" scim:"referenceTypes=uri"`
	PBool  *bool      `json:"pBool,omitempty"`
	PInt   *int       `json:"pInt,omitempty"`
	PInt8  *int8      `json:"pInt8,omitempty"`
	PUint  *uint      `json:"pUint,omitempty"`
	PFloat *float64   `json:"pFloat,omitempty"`
	PTime  *time.Time `json:"pTime,omitempty"`
	PBytes *[]byte    `json:"pBytes,omitempty"`
	PPart  *Part      `json:"pPart,omitempty"`

	Texts  []string          `json:"texts,omitempty"`
	Refs   []string          `json:"refs,omitempty" scim:"referenceTypes=User"`
	Bools  []bool            `json:"bools,omitempty"`
	Ints   []int             `json:"ints,omitempty"`
	Int8s  []int8            `json:"int8s,omitempty"`
	Uints  []uint64          `json:"uints,omitempty"`
	Floats []float64         `json:"floats,omitempty"`
	Small  []float32         `json:"small,omitempty"`
	Times  []time.Time       `json:"times,omitempty"`
	Blobs  [][]byte          `json:"blobs,omitempty"`
	Parts  []Part            `json:"parts,omitempty"`
	Leaves []Leaf            `json:"leaves,omitempty"`
	Raws   []json.RawMessage `json:"raws,omitempty"`
	Anys   []any             `json:"anys,omitempty"`

	PTexts  []*string    `json:"pTexts,omitempty"`
	PBools  []*bool      `json:"pBools,omitempty"`
	PInts   []*int64     `json:"pInts,omitempty"`
	PUints  []*uint8     `json:"pUints,omitempty"`
	PFloats []*float32   `json:"pFloats,omitempty"`
	PTimes  []*time.Time `json:"pTimes,omitempty"`
	PBlobs  []*[]byte    `json:"pBlobs,omitempty"`
	PParts  []*Part      `json:"pParts,omitempty"`
	PLeaves []*Leaf      `json:"pLeaves,omitempty"`

	More  *More `json:"urn:x:More,omitempty"`
	Other Other `json:"urn:x:Other,omitzero"`
}

// Part is a complex value with an attribute value, so that a bare string will do for it. It has parts of its own.
type Part struct {
	Value   string  `json:"value,omitempty"`
	Type    string  `json:"type,omitempty" scim:"canonicalValues=work|home"`
	Display string  `json:"display,omitempty"`
	Ref     string  `json:"$ref,omitempty" scim:"referenceTypes=User"`
	Primary *bool   `json:"primary,omitempty"`
	Parts   []Part  `json:"parts,omitempty"`
	Part    *Part   `json:"part,omitempty"`
	Leaf    Leaf    `json:"leaf,omitzero"`
	Leaves  []*Leaf `json:"leaves,omitempty"`
}

// Leaf is a complex value without an attribute value.
type Leaf struct {
	Name   string  `json:"name,omitempty"`
	Number int     `json:"number,omitempty"`
	Flag   *bool   `json:"flag,omitempty"`
	Shares []Share `json:"shares,omitempty"`
}

// Share has values that are always written.
type Share struct {
	Percent float64 `json:"percent"`
	Fixed   bool    `json:"fixed"`
}

type More struct {
	Extension `scim:"urn:x:More"`

	Note  string   `json:"note,omitempty"`
	Notes []string `json:"notes,omitempty"`
	Part  *Part    `json:"part,omitempty"`
}

type Other struct {
	Extension `scim:"urn:x:Other"`

	Number *int   `json:"number,omitempty"`
	Leaf   []Leaf `json:"leaf,omitempty"`
}

// decode reads a document into a new T. A panic is an error, so that one finding does not hide the others.
func decode[T any](body string, o codec.Options) (v *T, err error) {
	defer caught(&err)
	v = new(T)
	err = codec.Decode(attr.Of(reflect.TypeFor[T]()), reflect.ValueOf(v).Elem(), []byte(body), o)
	return v, err
}

// encode writes what v points to.
func encode[T any](v *T, o codec.Options) (text []byte, err error) {
	defer caught(&err)
	return codec.Append(nil, attr.Of(reflect.TypeFor[T]()), reflect.ValueOf(v).Elem(), o)
}

// panicked is the error that a panic becomes.
type panicked string

func (p panicked) Error() string { return string(p) }

func caught(err *error) {
	if r := recover(); r != nil {
		*err = panicked(fmt.Sprintf("panic: %v\n%s", r, debug.Stack()))
	}
}
