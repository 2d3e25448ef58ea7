package resource

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// Marshal writes a resource or message, a struct or a pointer to one, as compact JSON for its context (see [Context];
// RFC 7643 section 2.2 and RFC 7644 section 3.9 for answers).
// schemas names what is present, attributes stand in the order of the struct, unassigned ones are left out.
//
// In a response context an attribute that is always returned, such as id, and a required member of a message or
// discovery document must be assigned: otherwise the error is an *errors.Error or errors.List with status 500 that names
// them, since only the application can have forgotten them. A type that has no place in ctx yields a plain error.
func Marshal(ctx Context, v any, opts ...Option) ([]byte, error) {
	buffer := buffers.Get().(*[]byte) //nolint:errcheck,forcetypeassert // the pool holds nothing else
	defer release(buffer)
	s := opt.Collect(opts)
	var err error
	if *buffer, err = appendValue((*buffer)[:0], ctx, v, &s); err != nil {
		return nil, err
	}
	return bytes.Clone(*buffer), nil
}

// buffers holds bytes of documents being written, so that a result takes one allocation of the right size.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 4096)) }}

// release gives a buffer back, unless an unusually long list has made it large.
func release(buffer *[]byte) {
	if cap(*buffer) <= 1<<20 {
		buffers.Put(buffer)
	}
}

// Append is [Marshal] that writes after dst and returns the longer slice. On an error, which is one of Marshal, dst is returned as it was.
func Append(dst []byte, ctx Context, v any, opts ...Option) ([]byte, error) {
	s := opt.Collect(opts)
	return appendValue(dst, ctx, v, &s)
}

func appendValue(dst []byte, ctx Context, v any, s *opt.Settings) ([]byte, error) {
	p, f, err := structOf(v)
	if err != nil {
		return dst, err
	}
	return appendStruct(dst, ctx, p, f, s)
}

func appendStruct(dst []byte, ctx Context, p *attr.Plan, f reflect.Value, s *opt.Settings) ([]byte, error) {
	mode, err := ctx.mode(p)
	if err != nil {
		return dst, err
	}
	return codec.Append(dst, p, f, encoding(ctx, mode, s))
}

// encoding is what the codec has to know of a document in ctx.
func encoding(ctx Context, mode codec.Mode, s *opt.Settings) codec.Options {
	o := codec.Options{Settings: *s, Mode: mode, Locate: locator(s)}
	// RFC 7643 section 7: what is returned on request is part of the answer to a client that has just set it.
	o.Requested = ctx == CreationResponse || ctx == ReplaceResponse
	for _, other := range s.Others {
		if q, ok := other.(*SearchRequest); ok && q != nil {
			o.Select.Attributes, o.Select.Excluded = q.Attributes, q.ExcludedAttributes
		}
	}
	if ctx == PatchResponse {
		o.Select.Sent = s.Sent
	}
	return o
}

// Shows says whether an answer has an attribute (RFC 7644 section 3.9), as far as it has a value: whether [Write] with the same ctx and options
// would write it or a part of it. It is for a store that would have to read the attribute first, such as the members of a group:
//
//	members := resource.Shows[resource.Group](resource.QueryResponse, "members", query)
//
// path is in attribute notation. What is no attribute of T is not shown, and nothing is in a context that T has no place in.
func Shows[T any](ctx Context, path string, opts ...Option) bool {
	return ShowsAs(reflect.TypeFor[T](), ctx, path, opts...)
}

// ShowsAs is [Shows] for a type known at run time only: a struct type or a pointer to one.
func ShowsAs(t reflect.Type, ctx Context, path string, opts ...Option) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	p := attr.Of(t)
	mode, err := ctx.mode(p)
	if err != nil {
		return false
	}
	s := opt.Collect(opts)
	return codec.Shows(p, path, encoding(ctx, mode, &s))
}

// structOf finds the struct that v is or points to, and its plan.
func structOf(v any) (*attr.Plan, reflect.Value, error) {
	f := reflect.ValueOf(v)
	for f.Kind() == reflect.Pointer || f.Kind() == reflect.Interface {
		f = f.Elem()
	}
	if f.Kind() != reflect.Struct {
		return nil, f, fmt.Errorf("scim: %T is no resource or message, or a nil pointer to one", v)
	}
	return attr.Of(f.Type()), f, nil
}
