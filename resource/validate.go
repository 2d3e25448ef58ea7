package resource

import (
	stderrors "errors"
	"fmt"
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/rule"
)

// Validate reads a SCIM message into a T and checks it for its context (see the table at [Context]; RFC 7643 sections 2 to 4 and
// RFC 7644 section 3). T is a resource such
// as [User] or a struct that embeds one, a message such as [SearchRequest] or [ListResponse], or a discovery document.
//
// Values are normalised on the way: names in the schema's spelling, times in UTC, schemas naming what is there, and what
// the tolerances put right. All faults of a document are found at once, up to 100, in document order: the error is an
// *errors.Error or an errors.List, each with the path of its attribute, such as emails[2].type or urn:...:User:manager.value.
// A document that is no JSON object, or nested deeper than 64 levels, or that names a member twice (in any case), is
// refused as 400 invalidSyntax without a look at the rest. On an error the result is nil.
//
// Strings of the result are slices of one copy of body; see [Owned]. body may be reused at once.
//
// A type whose tags are mistaken panics, see the root package. A T that has no place in ctx yields an error that is
// no *errors.Error, since no client can cause it.
func Validate[T any](ctx Context, body []byte, opts ...Option) (*T, error) {
	v := new(T)
	if err := decode(ctx, reflect.ValueOf(v), body, opts); err != nil {
		return nil, err
	}
	return v, nil
}

// ValidateAs is [Validate] for a type known at run time only: t is a struct type, and the result a pointer to one. In
// [PatchRequest] it is a *PatchOp[any] for resources of type t, in [QueryRequest] a *SearchRequest whose filter and sortBy
// have been checked against t. The errors are those of Validate, and for a query also 400 invalidFilter, and 400 invalidValue of a
// sortBy.
func ValidateAs(t reflect.Type, ctx Context, body []byte, opts ...Option) (any, error) {
	p := attr.Of(t)
	if p.Kind == attr.Resource && !p.Discovery {
		switch ctx {
		case PatchRequest:
			op := new(PatchOp[any])
			return found(op, decodeFor(p, ctx, reflect.ValueOf(op), body, opts))
		case QueryRequest:
			q, err := Validate[SearchRequest](ctx, body, opts...)
			if err == nil {
				_, err = filter.CompileType(p.Go, q.Filter, opts...)
			}
			if err == nil {
				_, err = filter.CompileOrderType(p.Go, q.SortBy, q.SortOrder, opts...)
			}
			return found(q, err)
		default: // a resource
		}
	}
	v := reflect.New(p.Go)
	if err := decode(ctx, v, body, opts); err != nil {
		return nil, err
	}
	return v.Interface(), nil
}

// found returns a nil interface with an error.
func found[T any](v *T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Check applies the rules of a context to a resource or message in memory, a struct or a pointer to one, and never
// changes it. It finds what [Validate] would find in the document, with the same errors; what only a document can tell,
// such as an explicit null or the URNs in schemas, it does not see. In [Storage] everything passes.
func Check(ctx Context, v any, opts ...Option) error {
	p, f, err := structOf(v)
	if err != nil {
		return err
	}
	o, err := reading(ctx, p, opts)
	if err != nil {
		return err
	}
	if err := codec.Check(p, f, o); err != nil || ctx == Storage {
		return err
	}
	if !f.CanAddr() { // v is the struct itself
		same := reflect.New(f.Type()).Elem()
		same.Set(f)
		f = same
	}
	if m, ok := reflect.TypeAssert[message](f.Addr()); ok {
		return m.verify(&o.Settings).Err()
	}
	return nil
}

// reading collects what the codec needs to know to read a type in a context.
func reading(ctx Context, p *attr.Plan, opts []Option) (o codec.Options, err error) {
	if o.Mode, err = ctx.mode(p); err != nil {
		return o, err
	}
	o.Settings = opt.Collect(opts)
	if ctx == ReplaceRequest {
		if o.Current, err = replaced(p, &o.Settings); err != nil {
			return o, err
		}
	}
	if p.Rules {
		rule.Check(p)
		if ctx == CreationRequest || ctx == ReplaceRequest {
			o.Rule = rule.Apply
		}
	}
	return o, nil
}

// decode reads body into the struct that v points to.
func decode(ctx Context, v reflect.Value, body []byte, opts []Option) error {
	return decodeFor(nil, ctx, v, body, opts)
}

// decodeFor is decode for a PATCH of a resource type known at run time only.
func decodeFor(target *attr.Plan, ctx Context, v reflect.Value, body []byte, opts []Option) error {
	p := attr.Of(v.Type())
	o, err := reading(ctx, p, opts)
	if err != nil {
		return err
	}
	if m, ok := reflect.TypeAssert[message](v); ok {
		m.expect()
		settings := o.Settings // a copy, so that only messages pay for its way to the heap
		patch, patches := m.(patchOp)
		if patches && ctx != Storage {
			if target, err = patched(target, patch.target()); err != nil {
				return err
			}
		}
		o.Then = func(found errors.List) errors.List {
			switch {
			case patches && ctx == Storage:
				return nil
			case patches:
				return patch.normalize(target, &settings, found)
			}
			if more := m.settle(&settings, found); ctx != Storage {
				return more
			}
			return nil
		}
	}
	return codec.Decode(p, v.Elem(), body, o)
}

// patched is the resource type that a PatchOp[T] changes: T, unless that is any.
func patched(known *attr.Plan, t reflect.Type) (*attr.Plan, error) {
	if known != nil {
		return known, nil
	}
	if t.Kind() == reflect.Interface {
		return nil, stderrors.New("scim: which resources a PatchOp[any] changes is not known; use ValidateAs")
	}
	if p := attr.Of(t); p.Kind == attr.Resource && !p.Discovery {
		return p, nil
	}
	return nil, fmt.Errorf("scim: %s is no resource that a client could change", t)
}

// replaced finds the resource that [Replacing] names; it is invalid where there is none.
func replaced(p *attr.Plan, s *opt.Settings) (reflect.Value, error) {
	if !s.Replaces {
		return reflect.Value{}, stderrors.New("scim: ReplaceRequest needs Replacing(current); Replacing(nil) says that there is none")
	}
	v := reflect.ValueOf(s.Replacing)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return reflect.Value{}, nil
	}
	if v.Kind() != reflect.Pointer || v.Type().Elem() != p.Go {
		return reflect.Value{}, fmt.Errorf("scim: Replacing needs a *%s, not a %T", p.Go, s.Replacing)
	}
	return v.Elem(), nil
}

// message is a message with rules that go beyond its attributes.
type message interface {
	expect()                                               // before it is read
	settle(s *opt.Settings, found errors.List) errors.List // once it has been read: bring it into normal form, verify it
	verify(s *opt.Settings) errors.List                    // without a change
}
