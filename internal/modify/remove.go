package modify

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// remove is a remove of what a path leads to (RFC 7644 section 3.5.2.2).
func (n *normalizer) remove(t Target, v value, miss Miss) {
	switch {
	case t.ReadOnly():
		n.refuse(t.Path, errors.Mutability, "is readOnly and cannot be removed")
	case t.required() && (v.none() || v.text == "null" || t.Attr == nil || t.single()):
		n.refuse(t.Path, errors.Mutability, "is required and cannot be removed")
	case v.none() || v.text == "null": // which counts as no value: AMB-17
		n.emit(Change{Op: Remove, Target: t, Miss: n.onMiss(Remove, &t, miss)})
	default:
		n.removeValues(t, v, miss)
	}
}

// removeValues is a remove with a value, as Entra ID sends it to name the members to remove: AMB-17. The RFC knows no such
// value and would remove all of them.
func (n *normalizer) removeValues(t Target, v value, miss Miss) {
	a := t.Attr
	switch {
	case !n.o.Accepts(opt.RemoveByValue):
		n.refuse(t.Path, errors.InvalidValue, "is removed without a value; a filter in the path chooses among several")
		return
	case a == nil, a.MultiValued && t.Sub != nil && t.Expr == nil, t.Sub != nil && t.Sub.MultiValued:
		n.refuse(t.Path, errors.InvalidValue, "cannot be removed by value; the path alone says what to remove")
		return
	}
	n.repaired(opt.RemoveByValue, &t, v)
	if !a.MultiValued || t.Sub != nil { // there is one value, and it goes
		n.emit(Change{Op: Remove, Target: t, Miss: n.onMiss(Remove, &t, miss)})
		return
	}
	if v.isNull() || v.text == `""` { // none of the values
		return
	}
	if text, ok := wrapped(a, v.text); ok {
		v.text = text
	}
	plain := t
	plain.Expr, plain.Match = nil, nil
	plain.spell()
	read, ok := n.read(codec.Merge, &plain, v, true)
	if !ok {
		return
	}
	var terms []filter.Expression
	for i := range read.v.Len() {
		e := Naming(a, read.v.Index(i))
		if e == nil {
			read.stored = false
			break
		}
		terms = append(terms, e)
	}
	if !read.stored {
		n.refuse(t.Path, errors.InvalidValue, "must name the values to remove, each by its value or by all its parts")
		return
	}
	for len(terms) > 0 {
		var e filter.Expression
		e, terms = Either(terms)
		if t.Expr != nil {
			e = &filter.LogicalExpression{Left: t.Expr, Right: e, Operator: filter.And}
		}
		c := Change{Op: Remove, Target: t}
		c.Expr = e
		var err *errors.Error
		if c.Match, err = t.choose(n.p, e, &n.o.Settings); err != nil {
			n.fault(t.Path, err)
			return
		}
		c.spell()
		c.Miss = n.onMiss(Remove, &c.Target, miss)
		n.emit(c)
	}
}

// wrapped finds the values in an object with the attribute's name, as Salesforce sends them.
func wrapped(a *attr.Attribute, text codec.Text) (inner codec.Text, ok bool) {
	if text == "" || text[0] != '{' || a.Sub != nil && a.Sub.Lookup(a.Name) != nil {
		return "", false
	}
	n := 0
	for name, v := range text.Members {
		n++
		inner, ok = v, wire.Fold(name, a.Name)
	}
	return inner, ok && n == 1
}

// Many values make several operations: each stays within the limits of a filter.
const (
	mostTerms = 100
	mostText  = 16 << 10
)

// Either joins terms, as many as one filter should have, and returns the rest.
func Either(terms []filter.Expression) (e filter.Expression, rest []filter.Expression) {
	e = terms[0]
	size := len(filter.Format(e))
	for i, term := range terms[1:] {
		size += len(filter.Format(term))
		if i+1 == mostTerms || size > mostText {
			return e, terms[i+1:]
		}
		e = &filter.LogicalExpression{Left: e, Right: term, Operator: filter.Or}
	}
	return e, nil
}

// Naming is the filter that names an element: by its value and type, or by all it has where it has no value. It is nil
// where nothing tells it from others.
func Naming(a *attr.Attribute, e reflect.Value) filter.Expression {
	if a.Sub == nil {
		return equal("value", a, e)
	}
	if a.Pointer {
		e = e.Elem()
	}
	if value := a.Sub.Value; value != nil && value.Assigned(value.Of(e)) {
		named := equal(value.Name, value, value.Of(e))
		// RFC 7643 section 2.4: the pair of value and type is what stands only once. A member is its value.
		kind := a.Sub.TypeAttr
		if named == nil || value.Mutability == attr.Immutable || kind == nil || !kind.Assigned(kind.Of(e)) {
			return named
		}
		return both(named, equal(kind.Name, kind, kind.Of(e)))
	}
	var all filter.Expression
	for _, sub := range a.Sub.Attributes {
		if f := sub.Of(e); sub.Assigned(f) {
			if sub.MultiValued {
				return nil
			}
			all = both(all, equal(sub.Name, sub, f))
		}
	}
	return all
}

func both(left, right filter.Expression) filter.Expression {
	switch {
	case left == nil:
		return right
	case right == nil:
		return left
	}
	return &filter.LogicalExpression{Left: left, Right: right, Operator: filter.And}
}

// equal compares an attribute with a value it has; nil where a filter cannot.
func equal(name string, a *attr.Attribute, f reflect.Value) filter.Expression {
	v, ok := literal(a, f)
	if !ok {
		return nil
	}
	return &filter.AttributeExpression{AttributePath: filter.AttributePath{AttributeName: name}, Operator: filter.EQ, CompareValue: v}
}
