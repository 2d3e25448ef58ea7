package resource

import (
	"fmt"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
)

// Context is the SCIM message a resource stands in. It decides which attributes are demanded, dropped or refused.
// It is not a context.Context. The zero Context is refused by every verb.
type Context uint8

// The contexts. What each verb does in them:
//
//	                 Validate                                      Marshal, Append, Write
//	Storage          types only; every attribute is read,          every assigned attribute, writeOnly included;
//	                 unknown ones are ignored                      for databases. Write refuses it
//	CreationRequest  readOnly dropped at every depth, required     a client's POST: readOnly left out
//	                 demanded, one primary at most
//	ReplaceRequest   the same, and Replacing says what is          a client's PUT: the same
//	                 replaced: readOnly is carried over, immutable
//	                 must match or was unset, absent writeOnly and
//	                 immutable are kept, with what is required
//	                 beside them in a complex value or extension;
//	                 an explicit null clears, but a set immutable
//	                 it does not
//	PatchRequest     PatchOp in normal form; path, value type and  a client's PATCH: readOnly parts of
//	                 mutability checked before anything is stored  values left out
//	QueryRequest     SearchRequest: syntax and ranges              a client's .search
//	...Response      a client reading: returned=always demanded,   returned always and default, never neither;
//	                 returned=never refused                        on request: see below
//
// What a response shows follows from attributes and excludedAttributes (RFC 7644 section 3.9), for which a
// [SearchRequest] is given as an Option. Without them an attribute that is returned on request is shown in the answer to
// the request that sets it: in [CreationResponse] and [ReplaceResponse] where it is assigned, in [PatchResponse] where
// [Sent] names it. What is returned always cannot be excluded, what is returned never or is writeOnly not asked for.
//
// Messages and the discovery documents ([ServiceProviderConfig], [ResourceType], schema.Schema) have their required
// members demanded wherever they are read or written; they take any response context, SearchRequest and BulkRequest any
// request context, [PatchOp] PatchRequest, and all of them Storage. A resource is refused in PatchRequest and QueryRequest,
// which carry none.
const (
	// Storage is a database: nothing is left out and nothing is demanded.
	Storage Context = iota + 1
	// CreationRequest is a POST to a resource endpoint (RFC 7644 section 3.3).
	CreationRequest
	// ReplaceRequest is a PUT of a resource (RFC 7644 section 3.5.1). Validate needs [Replacing] in it.
	ReplaceRequest
	// PatchRequest is a PATCH of a resource (RFC 7644 section 3.5.2). It carries a [PatchOp].
	PatchRequest
	// QueryRequest is a query by GET or by POST to .search (RFC 7644 sections 3.4.2 and 3.4.3).
	QueryRequest
	// CreationResponse answers a POST.
	CreationResponse
	// ReplaceResponse answers a PUT.
	ReplaceResponse
	// PatchResponse answers a PATCH.
	PatchResponse
	// QueryResponse answers a GET or a query: one resource or a list.
	QueryResponse
)

// String returns the constant's name.
func (c Context) String() string {
	switch c {
	case Storage:
		return "Storage"
	case CreationRequest:
		return "CreationRequest"
	case ReplaceRequest:
		return "ReplaceRequest"
	case PatchRequest:
		return "PatchRequest"
	case QueryRequest:
		return "QueryRequest"
	case CreationResponse:
		return "CreationResponse"
	case ReplaceResponse:
		return "ReplaceResponse"
	case PatchResponse:
		return "PatchResponse"
	case QueryResponse:
		return "QueryResponse"
	}
	return fmt.Sprintf("Context(%d)", uint8(c))
}

func (c Context) response() bool { return c >= CreationResponse && c <= QueryResponse }

// mode is what the codec makes of the context, or an error where a type has no place in it.
// That error is the programmer's and no *errors.Error: a client that sees it gets a bare 500.
func (c Context) mode(p *attr.Plan) (codec.Mode, error) {
	if c < Storage || c > QueryResponse {
		return 0, fmt.Errorf("scim: %s is no context", c)
	}
	patches := p.URN == PatchOpSchema
	asks := p.URN == SearchRequestSchema || p.URN == BulkRequestSchema
	switch {
	case p.Kind != attr.Resource && p.Kind != attr.Message:
		return 0, fmt.Errorf("scim: %s is neither a resource nor a message; embed resource.Resource with the schema's URN in its scim tag", p.Go)
	case c == Storage:
		return codec.Storage, nil
	case c.response():
		if asks || patches {
			break
		}
		return codec.Response, nil
	case patches && c == PatchRequest:
		return codec.Patch, nil
	case asks:
		return codec.Search, nil
	case p.Kind == attr.Resource && c == CreationRequest && !p.Discovery:
		return codec.Creation, nil
	case p.Kind == attr.Resource && c == ReplaceRequest && !p.Discovery:
		return codec.Replace, nil
	}
	return 0, fmt.Errorf("scim: %s has no place in %s; the documentation of Context says what has", p.Go, c)
}
