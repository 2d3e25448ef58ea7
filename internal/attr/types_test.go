package attr_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// The types below stand for those of packages schema and resource.

type Resource struct {
	Schemas    []string `json:"schemas,omitempty" scim:"caseExact,returned=always"`
	ID         string   `json:"id,omitempty" scim:"caseExact,mutability=readOnly,returned=always,uniqueness=server"`
	ExternalID string   `json:"externalId,omitempty" scim:"caseExact"`
	Meta       Meta     `json:"meta,omitzero" scim:"mutability=readOnly"`
}

type Meta struct {
	ResourceType string    `json:"resourceType,omitempty" scim:"caseExact,mutability=readOnly"`
	Created      time.Time `json:"created,omitzero" scim:"mutability=readOnly"`
	Location     string    `json:"location,omitempty" scim:"mutability=readOnly,referenceTypes=uri"`
	Version      string    `json:"version,omitempty" scim:"caseExact,mutability=readOnly"`
}

type Extension struct{}

type Secret string

const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	badgeURN      = "urn:acme:params:scim:schemas:extension:badge:2.0:User"
	listURN       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
)

type User struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User" description:"User Account"`

	UserName string   `json:"userName" scim:"required,uniqueness=server" description:"Name the user signs in with."`
	Name     Name     `json:"name,omitzero"`
	Password Secret   `json:"password,omitempty" scim:"mutability=writeOnly,returned=never"`
	Active   *bool    `json:"active,omitempty"`
	Emails   []Email  `json:"emails,omitempty"`
	Photos   []*Photo `json:"photos,omitempty" scim:"returned=request"`
	Nick     string   `json:"nickName,omitempty" scim:"returned=always" validate:"max=10"`

	_       string
	Ignored string `json:"-"`
}

type Name struct {
	Formatted       string `json:"formatted,omitempty"`
	HonorificPrefix string `json:"honorificPrefix,omitempty"`
	HonorificSuffix string `json:"honorificSuffix,omitempty"`
}

type Email struct {
	Value   string `json:"value,omitempty" scim:"required,format=email"`
	Display string `json:"display,omitempty" scim:"mutability=immutable"`
	Type    string `json:"type,omitempty" scim:"canonicalValues=work|home|other,closed"`
	Primary *bool  `json:"primary,omitempty"`
}

type Photo struct {
	Value string `json:"value,omitempty" scim:"referenceTypes=external"`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User|Group,mutability=readOnly,required"`
}

type Enterprise struct {
	Extension `scim:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,name=EnterpriseUser" description:"Place"`

	Department string `json:"department,omitempty"`
	Level      int    `json:"level" scim:"positive"`
}

type Badge struct {
	Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User"`

	Number string `json:"number" scim:"required,caseExact,mutability=immutable" validate:"len=8,numeric"`
}

// Account is a resource type of an application: a core schema and extensions.
type Account struct {
	User
	Enterprise *Enterprise `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Badge      Badge       `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitzero" scim:"required"`
}

// Special is an Account once more embedded.
type Special struct {
	Account
}

type List[T any] struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:ListResponse"`

	TotalResults int    `json:"totalResults"`
	Resources    []T    `json:"Resources"`
	NextCursor   string `json:"nextCursor,omitempty"`
}

// Types has every way of holding a value.
type Types struct {
	String     string            `json:"string"`
	Named      Secret            `json:"named"`
	Bool       bool              `json:"bool"`
	Int        int               `json:"int"`
	Int8       int8              `json:"int8"`
	Int16      int16             `json:"int16"`
	Int32      int32             `json:"int32"`
	Int64      int64             `json:"int64"`
	Uint       uint              `json:"uint"`
	Uint8      uint8             `json:"uint8"`
	Uint64     uint64            `json:"uint64"`
	Float32    float32           `json:"float32"`
	Float64    float64           `json:"float64"`
	Time       time.Time         `json:"time"`
	Bytes      []byte            `json:"bytes"`
	Struct     Name              `json:"struct"`
	Raw        json.RawMessage   `json:"raw"`
	Any        any               `json:"any"`
	Reference  string            `json:"reference" scim:"referenceTypes=uri"`
	PtrString  *string           `json:"ptrString"`
	PtrTime    *time.Time        `json:"ptrTime"`
	PtrBytes   *[]byte           `json:"ptrBytes"`
	PtrStruct  *Name             `json:"ptrStruct"`
	Strings    []string          `json:"strings"`
	Lists      [][]byte          `json:"lists"`
	Structs    []Name            `json:"structs"`
	PtrStructs []*Name           `json:"ptrStructs"`
	Times      []time.Time       `json:"times"`
	Raws       []json.RawMessage `json:"raws"`
	Tags       Tags              `json:"tags"`
}

type Tags []string

// fresh makes a struct type that no plan has been compiled of: one string attribute for each name.
func fresh(names ...string) reflect.Type {
	fields := make([]reflect.StructField, 0, len(names))
	for i, name := range names {
		fields = append(fields, reflect.StructField{
			Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`json:"` + name + `,omitempty"`),
		})
	}
	return reflect.StructOf(fields)
}
