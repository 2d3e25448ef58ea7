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
	Patch                // PATCH: its operations, and whole values in them
	Merge                // PATCH: the parts of a complex value that an operation sets, the others being left alone
	Compare              // PATCH: a readOnly value, which must be what it is already
	Response             // any answer
	Content              // written only: what the version of a resource stands for
)

func (m Mode) request() bool { return m >= Creation && m <= Compare }

// Rule checks a value by its validate tag and says what is wrong with it, or nil.
type Rule func(a *attr.Attribute, v reflect.Value) *errors.Error

// The URNs whose documents have rules of their own.
const (
	listURN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	bulkURN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	doneURN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
)

// row is one line of the context table: what a mode does with the attributes of a plan.
type row struct {
	passes  func(*attr.Plan) *attr.Set    // reading: passed over, whatever they hold
	refuses func(*attr.Plan) *attr.Set    // reading: must not be there
	demands func(*attr.Plan) *attr.Set    // reading and answering: must have a value
	writes  func(*attr.Plan) *attr.Choice // writing, where the client asks for nothing in particular
}

// table is what the contexts of package resource come down to. Each cell is a set that the plan has ready.
var table = [...]row{
	Storage: {none, none, none, all}, // a database keeps what it is given
	// RFC 7644 section 3.3: the server ignores readOnly values, so a client does not send them; what is required of a
	// client is what only a client can know.
	Creation: {readOnly, none, client, sent},
	Replace:  {readOnly, none, client, sent},
	Search:   {readOnly, none, client, sent},
	Patch:    {readOnly, none, client, sent},
	Merge:    {readOnly, none, none, sent},
	Compare:  {none, none, none, all},
	// RFC 7643 section 7 and RFC 7644 section 3.9: returned always, never, by default.
	Response: {none, never, answer, plain},
	Content:  {none, none, none, content}, // a tag must not let anyone guess at a password
}

var nothing attr.Set

func none(*attr.Plan) *attr.Set         { return &nothing }
func all(p *attr.Plan) *attr.Choice     { return &p.All }
func readOnly(p *attr.Plan) *attr.Set   { return &p.ReadOnly }
func client(p *attr.Plan) *attr.Set     { return &p.Client }
func sent(p *attr.Plan) *attr.Choice    { return &p.Sent }
func never(p *attr.Plan) *attr.Set      { return &p.Never }
func answer(p *attr.Plan) *attr.Set     { return &p.Answer }
func content(p *attr.Plan) *attr.Choice { return &p.Content }

func plain(p *attr.Plan) *attr.Choice {
	if p.Kind == attr.Message {
		return &p.All
	}
	return &p.Plain
}

// demanded is what must be assigned for a document to be complete in a mode. whole says that p is part of a message or
// discovery document, whose required members are demanded at every depth, rather than of a resource.
func demanded(p *attr.Plan, m Mode, whole bool) *attr.Set {
	if whole && m == Response && p.Kind == attr.Complex {
		return &p.Whole
	}
	return table[m].demands(p)
}

// inside says what whole is for the parts of p: see demanded.
func inside(p *attr.Plan, whole bool) bool {
	switch p.Kind {
	case attr.Message:
		return true
	case attr.Resource:
		return p.Discovery
	default:
		return whole
	}
}

// visible has the attributes that are written in a mode; requested says that those returned on request are among them.
func visible(p *attr.Plan, m Mode, requested bool) *attr.Choice {
	if requested && p.Kind != attr.Message { // the answer to a client that has just set them: RFC 7643 section 7
		return &p.Echo
	}
	return table[m].writes(p)
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
