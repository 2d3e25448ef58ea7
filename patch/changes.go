package patch

import (
	"reflect"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/resource"
)

// Change is the effect of a PATCH (RFC 7644 section 3.5.2) on one attribute, for a store that writes what has changed rather than whole resources.
type Change struct {
	// Op is add, remove or replace.
	Op string
	// Schema is the URN of the schema or extension that the attribute belongs to.
	Schema string
	// Attribute is its name; "" stands for the whole extension, which is removed.
	Attribute string
	// SubAttribute is the name of a part of it, or "". A complex value is told part by part, unless it is an element.
	SubAttribute string
	// Filter chooses elements of a multi-valued attribute; nil stands for all. Its names are those of sub-attributes.
	Filter filter.Expression
	// Value has the attribute's Go type: a slice for a multi-valued attribute as a whole, otherwise one value, no pointer.
	// It is nil in a remove. An add of a list appends the elements that are not there yet.
	Value any
	// OnMiss says what to do when Filter matches nothing.
	OnMiss resource.OnMiss
}

// Changes tells the effects of a PATCH (RFC 7644 section 3.5.2) in their order, without looking at a resource, so the time it takes depends on the
// operations alone. The errors are those of resource.Validate for operations written by hand.
//
// What only the stored resource can tell is left to the store: whether an immutable attribute is set already, and whether a
// readOnly attribute has the value that a Change names for it (Okta sends the id); if not, the answer is 400 mutability.
func Changes[T any](op *resource.PatchOp[T]) ([]Change, error) {
	if op == nil {
		return nil, nil
	}
	return changes(reflect.TypeFor[T](), op.Operations)
}

// ChangesOf is [Changes] for resources of a type known at run time only. The errors are those of Changes, and a plain one for a t
// that is no resource.
func ChangesOf(t reflect.Type, op *resource.PatchOp[any]) ([]Change, error) {
	if op == nil {
		return nil, nil
	}
	return changes(t, op.Operations)
}

func changes(t reflect.Type, written []resource.PatchOperation) ([]Change, error) {
	_, normal, err := normal(t, written)
	if err != nil {
		return nil, err
	}
	all := make([]Change, 0, len(normal))
	for i := range normal {
		all = effects(all, &normal[i])
	}
	return all, nil
}

// effects appends what one operation does.
func effects(all []Change, c *modify.Change) []Change {
	e := Change{Op: string(c.Op), Schema: c.Owner.URN, Filter: c.Expr, OnMiss: resource.OnMiss(c.Miss)}
	if c.Attr != nil {
		e.Attribute = c.Attr.Name
	}
	if c.Sub != nil {
		e.SubAttribute = c.Sub.Name
	}
	if !c.Value.IsValid() || c.Attr.Sub == nil || c.Sub != nil || c.Attr.MultiValued || c.ReadOnly() {
		if c.Value.IsValid() {
			e.Value = c.Value.Interface()
		}
		return append(all, e)
	}
	for _, sub := range c.Attr.Sub.Attributes {
		f := sub.Of(c.Value)
		if sub.Mutability == attr.ReadOnly || !sub.Assigned(f) {
			continue
		}
		if sub.Pointer && !sub.MultiValued {
			f = f.Elem()
		}
		e.SubAttribute, e.Value = sub.Name, f.Interface()
		all = append(all, e)
	}
	return all
}

// Keys returns the values that Filter names if it is value eq "a" or value eq "b" and so on: of a remove, the members to
// delete. ok is false for any other filter, and without one.
func (c Change) Keys() (values []string, ok bool) { return keys(c.Filter) }

func keys(e filter.Expression) (values []string, ok bool) {
	for {
		switch x := e.(type) {
		case *filter.LogicalExpression:
			if x.Operator != filter.Or {
				return nil, false
			}
			last, ok := key(x.Right)
			if !ok {
				return nil, false
			}
			values = append(values, last)
			e = x.Left
			continue
		case *filter.AttributeExpression:
			first, ok := key(x)
			if !ok {
				return nil, false
			}
			values = append(values, first)
			for i, j := 0, len(values)-1; i < j; i, j = i+1, j-1 { // the filter groups from the left
				values[i], values[j] = values[j], values[i]
			}
			return values, true
		}
		return nil, false
	}
}

func key(e filter.Expression) (value string, ok bool) {
	x, ok := e.(*filter.AttributeExpression)
	if !ok || x.Operator != filter.EQ || x.AttributePath.AttributeName != "value" || x.AttributePath.SubAttribute != nil || x.AttributePath.URIPrefix != nil {
		return "", false
	}
	value, ok = x.CompareValue.(string)
	return value, ok
}

// keysOf is keys for an attribute whose elements are told apart by a string.
func keysOf(a *attr.Attribute, e filter.Expression) ([]string, bool) {
	of := a
	if a.Sub != nil {
		if of = a.Sub.Value; of == nil || of.MultiValued || of.Pointer {
			return nil, false
		}
	}
	if of.Op != attr.OpString {
		return nil, false
	}
	return keys(e)
}
