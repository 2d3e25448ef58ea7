package resource

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/internal/opt"
)

// PatchOp is the body of a PATCH request (RFC 7644 section 3.5.2), a list of changes to a resource of type T.
// Operations apply in order and together: all of them or none. Package patch applies them.
//
// [Validate] in [PatchRequest] checks path, value and mutability of each operation and yields the normal form: one attribute
// per operation, Op in lower case, Path in the schema's spelling, Value of the attribute's Go type (a slice for a
// multi-valued attribute, otherwise one value, no pointer), everything applied that the tolerances put right. A replace
// by null or [] is a remove, and an add of them is left out. Nothing in it depends on how it was sent, and nothing that remains depends on options.
type PatchOp[T any] struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:PatchOp"`

	// Operations are the changes, at least one unless [EmptyOperations] puts up with none.
	Operations []PatchOperation `json:"Operations" scim:"required"`
}

// PatchOperation is one change of a PATCH request (RFC 7644 section 3.5.2).
type PatchOperation struct {
	// Op is add, remove or replace. Other spellings of case are understood and normalised.
	Op string `json:"op" scim:"required"`
	// Path says what to change, such as title, name.familyName or emails[type eq "work"].value.
	// Without one, Value is an object of attributes.
	Path string `json:"path,omitempty"`
	// Value has the attribute's Go type once the operation is in normal form. A remove has none.
	Value any `json:"value,omitempty"`
	// OnMiss says what to do when a filter in Path matches nothing, which only the stored resource can tell. It is not on the wire.
	OnMiss OnMiss `json:"-"`
}

// OnMiss says what a PATCH operation does when the filter in its path matches no element (RFC 7644 section 3.5.2).
type OnMiss uint8

const (
	// MissRFC follows the RFC: add and replace fail with noTarget (RFC 7644 section 3.5.2.3); a remove, which finds
	// nothing left to remove, succeeds (section 3.5.2.2).
	MissRFC OnMiss = iota
	// MissIgnore leaves the resource as it is.
	MissIgnore
	// MissCreate adds an element made of the equality terms of the filter and of the value.
	MissCreate
	// MissError fails with noTarget, a remove too (RFC 7644 table 9).
	MissError
)

// Paths names the attributes that the operations change, in attribute notation (RFC 7644 section 3.10): what [Sent] takes.
func (op *PatchOp[T]) Paths() []string {
	paths := make([]string, 0, len(op.Operations))
	for _, o := range op.Operations {
		paths = append(paths, notation(o.Path))
	}
	return paths
}

// notation is a path without the filter in it.
func notation(path string) string {
	for i := range len(path) {
		if path[i] != '[' {
			continue
		}
		for k := len(path) - 1; k > i; k-- { // what follows the last bracket, which may also stand in a string
			if path[k] == ']' {
				return path[:i] + path[k+1:]
			}
		}
		return path[:i]
	}
	return path
}

// patchOp is a PatchOp of any type.
type patchOp interface {
	target() reflect.Type
	normalize(p *attr.Plan, s *opt.Settings, found errors.List) errors.List
}

func (op *PatchOp[T]) target() reflect.Type { return reflect.TypeFor[T]() }

func (op *PatchOp[T]) expect() {}

func (op *PatchOp[T]) settle(*opt.Settings, errors.List) errors.List { return nil } // normalize does it, which is told the type

func (op *PatchOp[T]) verify(s *opt.Settings) errors.List {
	if op.target().Kind() == reflect.Interface { // of a type known at run time only: package patch will see it
		return nil
	}
	_, faults := normal(attr.Of(op.target()), op.Operations, s, false)
	return faults
}

// normalize brings operations that have been read into normal form.
func (op *PatchOp[T]) normalize(p *attr.Plan, s *opt.Settings, found errors.List) errors.List {
	for _, f := range found { // the form of the message is wrong, not a value: RFC 7644 section 3.12
		if f.Type == errors.InvalidValue {
			f.Type = errors.InvalidSyntax
		}
	}
	switch {
	case len(found) > 0:
		return nil
	case len(op.Operations) > modify.MostOperations:
		return errors.List{errors.Status(413, "a PATCH can have at most %d operations, not %d", modify.MostOperations, len(op.Operations))}
	case len(op.Operations) == 0:
		if !s.Accepts(opt.EmptyOperations) {
			return errors.List{{Status: 400, Type: errors.InvalidSyntax, Path: "Operations", Detail: "must have at least one operation"}}
		}
		if s.Repaired != nil {
			s.Repaired(opt.EmptyOperations, "Operations", "")
		}
		return nil
	}
	changes, faults := normal(p, op.Operations, s, true)
	if len(faults) > 0 {
		return faults
	}
	op.Operations = make([]PatchOperation, len(changes))
	for i := range changes {
		o := changes[i].Operation()
		op.Operations[i] = PatchOperation{Op: o.Op, Path: o.Path, Value: o.Value, OnMiss: OnMiss(o.Miss)}
	}
	return nil
}

// normal is the normal form of operations on a resource type.
func normal(p *attr.Plan, written []PatchOperation, s *opt.Settings, document bool) ([]modify.Change, errors.List) {
	o := modify.Options{Settings: *s, Document: document}
	ops := make([]modify.Operation, len(written))
	for i, w := range written {
		if text, ok := w.Value.(codec.Text); ok {
			o.Size += len(text)
		}
		ops[i] = modify.Operation{Op: w.Op, Path: w.Path, Value: w.Value, Miss: modify.Miss(w.OnMiss)}
	}
	return modify.Normal(p, ops, o)
}
