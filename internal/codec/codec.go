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
)

func (m Mode) request() bool { return m == Creation || m == Replace || m == Search }

// Rule checks a value by its validate tag and says what is wrong with it, or nil.
type Rule func(a *attr.Attribute, v reflect.Value) *errors.Error

// The URNs whose documents have rules of their own.
const (
	configURN       = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	resourceTypeURN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaURN       = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	listURN         = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	bulkURN         = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
)

// Discovery says whether a plan is one of the three documents of RFC 7644 section 4. A server only ever answers with them,
// and their required members are demanded wherever they are read or written.
func Discovery(p *attr.Plan) bool {
	return p.Kind == attr.Resource && (p.URN == configURN || p.URN == resourceTypeURN || p.URN == schemaURN)
}

// demanded is what must be assigned for a document to be complete in a mode.
func demanded(p *attr.Plan, m Mode) attr.Set {
	switch {
	case m == Storage:
		return attr.Set{}
	case m.request():
		return p.Client
	case p.Kind == attr.Message:
		return p.Required
	case p.Kind != attr.Resource:
		return p.Always
	}
	need := p.Always
	if Discovery(p) {
		need = need.Or(&p.Required)
	}
	if p.ID != nil && (p.URN == configURN || p.URN == resourceTypeURN) { // RFC 7643 sections 5 and 6: no id needed
		need.Remove(p.ID.Bit)
	}
	if p.Schemas != nil { // written by us, and clients accept partial answers without it
		need.Remove(p.Schemas.Bit)
	}
	return need
}

// Options is what Decode and Append need to know beyond the mode.
type Options struct {
	opt.Settings
	Mode Mode
	Rule Rule // nil where no type carries validate tags

	Requested bool     // Append also writes attributes that are returned on request
	Locate    *Locator // Append fills meta and $ref; nil: it does not
}
