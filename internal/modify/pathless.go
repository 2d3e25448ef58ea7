package modify

import (
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// pathless is an operation without path: its value has attributes (RFC 7644 sections 3.5.2.1 and 3.5.2.3), each of which
// becomes an operation of its own.
func (n *normalizer) pathless(op Op, v value) {
	if op == Remove {
		n.member("path", errors.New(errors.NoTarget, "is required to name an attribute: a remove says what to remove"))
		return
	}
	t := Target{Owner: n.p}
	if text, ok := n.object(&t, position(n.index)+".value", v); ok {
		n.attributes(op, &t, text)
	}
}

// extension is an operation on all of an extension: AMB-21.
func (n *normalizer) extension(op Op, t *Target, v value) {
	if text, ok := n.object(t, t.Path, v); ok {
		n.attributes(op, t, text)
	}
}

// object is the text of a value that has attributes of t.
func (n *normalizer) object(t *Target, path string, v value) (codec.Text, bool) {
	switch {
	case v.none():
		n.refuse(path, errors.InvalidValue, "is required: without a path it is an object of attributes")
		return "", false
	case v.text == "":
		text, err := marshal(v.goes)
		if err != nil {
			n.fault(path, err)
			return "", false
		}
		v.text = text
	}
	if !v.isObject() {
		secret := t.Owner.Hides || t.secret() // it may be meant for one of the attributes
		n.refuse(path, errors.InvalidValue, "must be an object of attributes where the path names none, not "+v.text.Shown(secret))
		return "", false
	}
	return v.text, true
}

// attributes makes an operation of each member of an object, which has attributes of t: the resource or an extension.
func (n *normalizer) attributes(op Op, t *Target, text codec.Text) {
	for name, member := range text.Members {
		v := value{text: member}
		a := t.Owner.Lookup(name)
		switch a {
		case nil:
			n.otherKey(op, t, name, v)
		case n.p.Schemas: // says what the value has: nothing changes
			n.schemasValue(v)
		default:
			n.target(op, t.in(a), v, MissRFC)
		}
		if len(n.faults) >= codec.MaxFaults {
			return
		}
	}
}

// otherKey is a member whose name is no attribute. It may be a path, as Entra ID sends it (AMB-22): to take it for an
// unknown attribute would lose data.
func (n *normalizer) otherKey(op Op, t *Target, name string, v value) {
	path := name
	if len(t.Way) > 0 && !strings.Contains(name, ":") {
		path = t.Owner.URN + ":" + name
	}
	at := &Target{Path: clipped(codec.Named(n.p, path))}
	if n.leads(name) {
		if !n.o.Accepts(opt.PathKeys) {
			n.refuse(at.Path, errors.InvalidSyntax, "is a path, not the name of an attribute; put a part into the object it belongs to")
			return
		}
		found, err := Resolve(n.p, path, &n.o.Settings)
		if err == nil {
			n.repaired(opt.PathKeys, &found, value{})
			n.target(op, found, v, MissRFC)
			return
		}
		if n.known(path) { // a part of it is known, so it is a mistake rather than somebody else's attribute
			n.fault(at.Path, err)
			return
		}
	}
	if n.o.RejectUnknown {
		n.refuse(at.Path, errors.InvalidSyntax, n.p.Lacks(path))
	}
}

// leads says whether a key is a path: it has a dot or a filter, or begins with a URN that the type knows.
func (n *normalizer) leads(key string) bool {
	head, _, filtered := strings.Cut(key, "[")
	if strings.Contains(head, ":") {
		return n.p.Knows(head)
	}
	return filtered || strings.Contains(head, ".")
}

// known says whether a path begins with an attribute of the type, whatever follows.
func (n *normalizer) known(path string) bool {
	head, _, _ := strings.Cut(path, "[")
	_, ok := n.p.Find(head)
	if i := strings.LastIndexByte(head, '.'); !ok && i > strings.LastIndexByte(head, ':') {
		_, ok = n.p.Find(head[:i])
	}
	return ok
}

// schemas is an operation on the attribute of that name. What it says follows from the extensions that are present, so to
// take an extension out of it is to remove the extension (RFC 7644 section 3.5.2), and to put one in changes nothing yet.
func (n *normalizer) schemas(op Op, v value) {
	switch {
	case op == Remove && (v.none() || v.isNull()), op == Replace && v.isNull():
		n.refuse("schemas", errors.Mutability, "must keep the schema of the resource, "+n.p.URN)
		return
	case v.none():
		n.refuse("schemas", errors.InvalidValue, "needs a value; only a remove can do without")
		return
	case op == Remove && !n.o.Accepts(opt.RemoveByValue):
		n.refuse("schemas", errors.InvalidValue, "is removed without a value; a filter in the path chooses among several")
		return
	}
	if op == Remove {
		n.repaired(opt.RemoveByValue, &Target{Owner: n.p, Attr: n.p.Schemas, Path: "schemas"}, v)
	}
	urns, ok := n.schemasValue(v)
	if !ok || op == Add {
		return
	}
	listed := func(urn string) bool {
		return slices.ContainsFunc(urns, func(u string) bool { return wire.Fold(u, urn) })
	}
	n.keepSchemas(func(urn string) bool { return listed(urn) == (op == Replace) })
}

// schemasMatching is a remove from schemas by a filter.
func (n *normalizer) schemasMatching(match *filter.Filter) {
	n.keepSchemas(func(urn string) bool { return !match.Match(&urn) })
}

func (n *normalizer) keepSchemas(keep func(urn string) bool) {
	if !keep(n.p.URN) {
		n.refuse("schemas", errors.Mutability, "must keep the schema of the resource, "+n.p.URN)
		return
	}
	whole := Target{Owner: n.p}
	for _, e := range n.p.Extensions {
		if !keep(e.Sub.URN) {
			n.remove(whole.in(e), value{}, MissRFC)
		}
	}
}

// schemasValue reads the value of schemas and checks that the URNs are known.
func (n *normalizer) schemasValue(v value) (urns []string, ok bool) {
	t := Target{Owner: n.p, Attr: n.p.Schemas, Path: "schemas"}
	if v.isNull() {
		return nil, true
	}
	read, ok := n.read(codec.Compare, &t, v, true)
	if !ok {
		return nil, false
	}
	for i := range read.v.Len() {
		urn := read.v.Index(i).String()
		isExtension := func(e *attr.Attribute) bool { return wire.Fold(e.Sub.URN, urn) }
		switch {
		case wire.Fold(urn, n.p.URN) || slices.ContainsFunc(n.p.Extensions, isExtension):
			urns = append(urns, urn)
		case !n.o.Accepts(opt.UnknownSchemas): // AMB-04
			n.refuse("schemas", errors.InvalidValue, clip(urn)+" is neither the schema of "+n.p.Name+" nor one of its extensions")
			ok = false
		case n.o.RejectUnknown:
			n.refuse("schemas", errors.InvalidSyntax, clip(urn)+" is no schema of "+n.p.Name)
			ok = false
		default:
			n.repaired(opt.UnknownSchemas, &t, value{text: codec.Text(urn)})
		}
	}
	return urns, ok
}

// creatable says whether a filter tells what an element that it matches would have in it: AMB-12.
func creatable(a *attr.Attribute, e filter.Expression) bool {
	return fill(a, reflect.New(a.Elem).Elem(), e)
}

// Create makes the element that the filter of a path stands for, if that can be told: the values of its eq terms.
func (t *Target) Create() (e reflect.Value, ok bool) {
	e = reflect.New(t.Attr.Elem)
	if !fill(t.Attr, e.Elem(), t.Expr) || !t.Match.Match(e.Interface()) {
		return e, false
	}
	return e.Elem(), true
}

func fill(a *attr.Attribute, v reflect.Value, e filter.Expression) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return e.Operator == filter.And && fill(a, v, e.Left) && fill(a, v, e.Right)
	case *filter.AttributeExpression:
		if e.Operator != filter.EQ {
			return false
		}
		if a.Sub == nil {
			f := reflect.New(a.Slice.Elem()).Elem() // an element may be a pointer
			if !codec.SetLiteral(a, f, e.CompareValue) {
				return false
			}
			v.Set(reflect.Indirect(f))
			return true
		}
		sub := a.Sub.Lookup(e.AttributePath.AttributeName)
		if sub == nil || sub.MultiValued || sub.Mutability == attr.ReadOnly || e.AttributePath.SubAttribute != nil || e.AttributePath.URIPrefix != nil {
			return false
		}
		return codec.SetLiteral(sub, sub.Of(v), e.CompareValue)
	}
	return false
}
