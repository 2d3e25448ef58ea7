// Package modify brings the operations of a PATCH into normal form: package resource does so when it reads them, package
// patch before it applies them. The normal form has one attribute per operation, paths in the schema's spelling and values
// of the attribute's Go type, so whoever works with it needs no option.
package modify

import (
	"reflect"
	"slices"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// Op is what an operation does (RFC 7644 section 3.5.2).
type Op string

// The operations.
const (
	Add     Op = "add"
	Remove  Op = "remove"
	Replace Op = "replace"
)

// Miss says what an operation does when the filter in its path matches nothing: see resource.OnMiss.
type Miss uint8

// The values of resource.OnMiss.
const (
	MissRFC Miss = iota
	MissIgnore
	MissCreate
	MissError
)

// Operation is an operation as somebody wrote it. Value is a [codec.Text] where it comes from a document.
type Operation struct {
	Op, Path string
	Value    any
	Miss     Miss
}

// Target is what a path leads to.
type Target struct {
	Path  string            // in the schema's spelling
	Way   []*attr.Attribute // the extensions that lead to it, from the resource inwards
	Owner *attr.Plan        // the resource or extension that Attr belongs to
	Attr  *attr.Attribute   // nil: all of Owner
	Sub   *attr.Attribute   // a part of Attr
	Expr  filter.Expression // which elements of Attr; nil: no filter
	Match *filter.Filter    // Expr, ready for elements
}

// ReadOnly says whether a client may not change the target.
func (t *Target) ReadOnly() bool {
	return t.Attr != nil && (t.Attr.Mutability == attr.ReadOnly || t.Sub != nil && t.Sub.Mutability == attr.ReadOnly)
}

// last is the attribute whose value an operation on the target has.
func (t *Target) last() *attr.Attribute {
	if t.Sub != nil {
		return t.Sub
	}
	return t.Attr
}

// plan is the struct that last belongs to.
func (t *Target) plan() *attr.Plan {
	if t.Sub != nil {
		return t.Attr.Sub
	}
	return t.Owner
}

// secret says whether the value of an operation on the target must not be shown.
func (t *Target) secret() bool {
	return slices.ContainsFunc(t.Way, (*attr.Attribute).Secret) || t.Attr != nil && t.Attr.Secret() || t.Sub != nil && t.Sub.Secret()
}

// where is where the value goes.
func (t *Target) where() codec.Where { return codec.Where{Path: t.Path, Secret: t.secret()} }

// single says that an operation on the target takes one value rather than a list.
func (t *Target) single() bool {
	a := t.last()
	return !a.MultiValued || t.Sub == nil && t.Expr != nil
}

// zero is the value of an operation on the target that stands for none.
func (t *Target) zero() reflect.Value {
	if !t.single() {
		return reflect.Zero(t.last().Slice)
	}
	return reflect.Zero(t.last().Elem)
}

// required says whether the target must have a value.
func (t *Target) required() bool {
	switch {
	case t.Attr == nil:
		return len(t.Way) > 0 && t.Way[len(t.Way)-1].Required
	case t.Sub != nil:
		return t.Sub.Required
	}
	return t.Attr.Required && t.Expr == nil
}

// Change is an operation in normal form.
type Change struct {
	Op Op
	Target
	// Value is a slice for a multi-valued attribute as a whole, otherwise one value without pointer. A remove has none.
	// An add or replace of a readOnly attribute only says what its value must be, the zero value for none.
	Value reflect.Value
	Miss  Miss
	Index int // of the operation it was made of
}

// Operation is the change as an operation.
func (c *Change) Operation() Operation {
	o := Operation{Op: string(c.Op), Path: c.Path, Miss: c.Miss}
	if c.Value.IsValid() {
		o.Value = c.Value.Interface()
	}
	return o
}

// Options is what [Normal] needs to know.
type Options struct {
	opt.Settings
	Document bool // the operations come from a document, rather than from Go
	Size     int  // of the document, in bytes
}
