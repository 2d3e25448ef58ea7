// Package codec reads and writes structs as SCIM JSON: a plan of package attr says what there is, package wire knows the bytes,
// and the mode of the message decides which attributes are demanded, dropped or refused.
package codec

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
)

// Mode is the kind of message an attribute is read from or written to.
type Mode uint8

// The modes. Requests are read by servers and written by clients, responses the other way round.
const (
	Storage  Mode = iota // a database: types only
	Creation             // POST of a resource
	Replace              // PUT of a resource
	Search               // a message that asks for something: SearchRequest, BulkRequest
	Response             // any answer
	Content              // written only: what the version of a resource stands for
)

func (m Mode) request() bool { return m == Creation || m == Replace || m == Search }

// Rule checks a value by its validate tag and says what is wrong with it, or nil.
type Rule func(a *attr.Attribute, v reflect.Value) *errors.Error

// The URNs whose documents have rules of their own.
const (
	listURN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	bulkURN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
)

// nothing is demanded of a database.
var nothing attr.Set

// demanded is what must be assigned for a document to be complete in a mode. whole says that p is part of a message or
// discovery document, whose required members are demanded at every depth, rather than of a resource.
func demanded(p *attr.Plan, m Mode, whole bool) *attr.Set {
	switch {
	case m == Storage || m == Content:
		return &nothing
	case m.request():
		return &p.Client
	case whole && p.Kind == attr.Complex:
		return &p.Whole
	}
	return &p.Answer
}

// inside says what whole is for the parts of p: see demanded.
func inside(p *attr.Plan, whole bool) bool {
	switch p.Kind {
	case attr.Message:
		return true
	case attr.Resource:
		return p.Discovery
	}
	return whole
}

// visible has the attributes that are written in a mode.
func visible(p *attr.Plan, o *Options) *attr.Set {
	switch {
	case o.Mode == Storage || p.Kind == attr.Message:
		return &p.All
	case o.Mode == Content: // without what is never returned: a tag must not let anyone guess at a password
		return &p.Content
	case o.Mode.request(): // RFC 7644 section 3.3: what the server would ignore is not sent
		return &p.Sent
	case o.Requested:
		return &p.Echo
	}
	return &p.Plain
}

// Options is what Decode and Append need to know beyond the mode.
type Options struct {
	opt.Settings
	Mode Mode
	Rule Rule // nil where no type carries validate tags

	Then    func(found errors.List) errors.List // Decode: what else there is to say of a document that could be read; nil: nothing
	Current reflect.Value                       // Decode in Replace mode: the struct that is replaced; invalid: none

	Requested bool      // Append also writes attributes that are returned on request
	Select    Selection // what the client asked to be written
	Locate    *Locator  // Append fills meta and $ref; nil: it does not
}
