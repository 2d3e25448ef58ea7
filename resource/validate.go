package resource

import (
	"fmt"
	"reflect"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// Validate reads a SCIM message into a T and checks it for its context (see the table at [Context]). T is a resource such
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

// ValidateAs is [Validate] for a type known at run time only: t is a struct type, and the result a pointer to one.
func ValidateAs(t reflect.Type, ctx Context, body []byte, opts ...Option) (any, error) {
	v := reflect.New(attr.Of(t).Go)
	if err := decode(ctx, v, body, opts); err != nil {
		return nil, err
	}
	return v.Interface(), nil
}

// decode reads body into the struct that v points to.
func decode(ctx Context, v reflect.Value, body []byte, opts []Option) error {
	p := attr.Of(v.Type())
	mode, err := ctx.mode(p)
	if err != nil {
		return err
	}
	o := codec.Options{Settings: opt.Collect(opts), Mode: mode}
	if ctx == ReplaceRequest {
		if o.Current, err = replaced(p, &o.Settings); err != nil {
			return err
		}
	}
	if p.Rules {
		checkTags(p)
		if ctx == CreationRequest || ctx == ReplaceRequest {
			o.Rule = applyTag
		}
	}
	m, _ := v.Interface().(message) //nolint:errcheck // most types are no such message
	if m != nil {
		m.expect()
	}
	if err := codec.Decode(p, v.Elem(), body, o); err != nil {
		return err
	}
	if m != nil && ctx != Storage {
		settings := o.Settings // a copy, so that only messages pay for its way to the heap
		return m.check(&settings)
	}
	return nil
}

// replaced finds the resource that [Replacing] names; it is invalid where there is none.
func replaced(p *attr.Plan, s *opt.Settings) (reflect.Value, error) {
	if !s.Replaces {
		return reflect.Value{}, fmt.Errorf("scim: ReplaceRequest needs Replacing(current); Replacing(nil) says that there is none")
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
	expect()                     // before it is read
	check(s *opt.Settings) error // once it has been read
}
