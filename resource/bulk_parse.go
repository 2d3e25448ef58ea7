package resource

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// bulkEnvelope is a [BulkRequest] whose operations are read one by one: a bad one fails alone.
type bulkEnvelope struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:BulkRequest"`

	FailOnErrors int               `json:"failOnErrors,omitempty"`
	Operations   []json.RawMessage `json:"Operations" scim:"required"`
}

// bulkItem has the members of a [BulkOperation] that a request has; others are ignored, as they are in all messages.
type bulkItem struct {
	Method  string          `json:"method"`
	BulkID  string          `json:"bulkId,omitempty"`
	Version string          `json:"version,omitempty"`
	Path    string          `json:"path,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// ParseBulk reads a bulk request (RFC 7644 section 3.7). limits are those of ServiceProviderConfig; a zero limit means none.
// Handed to [Read] as well, MaxPayloadSize keeps a body that is too long from being read to its end.
//
// What is wrong with the request as a whole is an *errors.Error or errors.List: 413 with the limit that is exceeded, 400
// invalidSyntax for a body that is no BulkRequest, has no operations, or names two of them by the same bulkId. An operation that
// is malformed by itself is no error: its Status is "400" and its Response says why, and [RunBulk] answers with that.
//
// Paths begin with a slash and end with none. Options that concern resources, such as [RejectUnknown], are for do of
// RunBulk to use when it reads Data.
func ParseBulk(body []byte, limits BulkConfig, opts ...Option) (*BulkRequest, error) {
	if most := limits.MaxPayloadSize; most > 0 && len(body) > most {
		return nil, errors.Status(http.StatusRequestEntityTooLarge, "the size of the bulk operation exceeds the maxPayloadSize (%d)", most)
	}
	var e bulkEnvelope
	o := codec.Options{Settings: opt.Collect(opts), Mode: codec.Search}
	if err := codec.Decode(attr.Of(reflect.TypeFor[bulkEnvelope]()), reflect.ValueOf(&e).Elem(), body, o); err != nil {
		return nil, malformed(err)
	}
	n := len(e.Operations)
	if n == 0 {
		return nil, badMember("Operations", "must have at least one operation")
	}
	if most := limits.MaxOperations; most > 0 && n > most {
		return nil, errors.Status(http.StatusRequestEntityTooLarge, "the number of operations (%d) exceeds the maxOperations (%d)", n, most)
	}
	r := &BulkRequest{FailOnErrors: max(e.FailOnErrors, 0), Operations: make([]BulkOperation, n)}
	names := make(map[string]bool, n)
	for i, raw := range e.Operations {
		op := &r.Operations[i]
		if err := parseOperation(op, raw); err != nil {
			refused := BulkOperation{Method: op.Method, BulkID: op.BulkID, Path: op.Path}
			fail(&refused, err)
			*op = refused
		}
		if op.BulkID == "" {
			continue
		}
		if names[op.BulkID] {
			return nil, errors.New(errors.InvalidSyntax, "two operations have the bulkId %q; each needs one of its own", shorten(op.BulkID))
		}
		names[op.BulkID] = true
	}
	return r, nil
}

// malformed makes the faults of a message's form what they are: not values, but syntax (RFC 7644 section 3.12).
func malformed(err error) error {
	list, ok := err.(errors.List) //nolint:errorlint // Decode returns one of two
	if !ok {
		list = errors.List{errors.From(err)}
	}
	for _, f := range list {
		f.Type = errors.InvalidSyntax
	}
	return list.Err()
}

// parseOperation reads one operation and checks what does not depend on others.
func parseOperation(op *BulkOperation, raw json.RawMessage) error {
	if raw[0] != '{' {
		return errors.New(errors.InvalidSyntax, "an operation must be an object with method and path")
	}
	var item bulkItem
	err := codec.Decode(attr.Of(reflect.TypeFor[bulkItem]()), reflect.ValueOf(&item).Elem(), raw, codec.Options{Mode: codec.Search})
	*op = BulkOperation{Method: item.Method, BulkID: item.BulkID, Version: item.Version, Path: item.Path, Data: item.Data}
	if op.Path != "" {
		op.Path = "/" + strings.Trim(op.Path, "/") // also keeps //host from being one, wherever do sends the path
	}
	if err != nil {
		return malformed(err)
	}
	switch op.Method {
	case http.MethodPost:
		if op.BulkID == "" { // AMB-50
			return badMember("bulkId", "is required of a POST")
		}
	case http.MethodPut, http.MethodPatch, http.MethodDelete:
	case "":
		return badMember("method", "is required")
	default:
		return badMember("method", "must be POST, PUT, PATCH or DELETE, not %q", shorten(op.Method))
	}
	endpoint, id, resource := strings.Cut(strings.TrimPrefix(op.Path, "/"), "/")
	switch post := op.Method == http.MethodPost; {
	case op.Path == "":
		return badMember("path", "is required")
	case strings.ContainsAny(op.Path, "?#") || dots(endpoint) || dots(id):
		return badMember("path", "must be a path alone, such as /Users/2819c223, not %q", shorten(op.Path))
	case post && (endpoint == "" || resource):
		return badMember("path", "must be an endpoint such as /Users, not %q", shorten(op.Path))
	case !post && (endpoint == "" || id == "" || strings.Contains(id, "/")):
		return badMember("path", "must be a resource such as /Users/2819c223, not %q", shorten(op.Path))
	case op.Method == http.MethodDelete:
		op.Data = nil
		return nil
	case len(op.Data) == 0:
		return badMember("data", "is required of a %s", op.Method)
	case op.Data[0] != '{':
		return badMember("data", "must be an object, as the body of a single %s is", op.Method)
	}
	return nil
}

// dots says whether a segment leads elsewhere (RFC 3986 section 5.2.4), also when it is escaped.
func dots(segment string) bool {
	segment = strings.NewReplacer("%2e", ".", "%2E", ".").Replace(segment)
	return segment == "." || segment == ".."
}

// badMember refuses a member of an operation.
func badMember(name, format string, args ...any) error {
	err := errors.New(errors.InvalidSyntax, format, args...)
	err.Path = name
	return err
}

// fail gives an operation the result of an error: what a client may see of it.
func fail(op *BulkOperation, err error) {
	e := errors.From(err)
	op.Status = strconv.Itoa(e.Status)
	op.Response = errors.Append(nil, e)
}
