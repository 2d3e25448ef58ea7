package filter

import (
	"fmt"
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// Filter is a filter made ready for one resource type (RFC 7644 section 3.4.2.2). It is immutable and safe for concurrent use.
type Filter struct {
	root       *attr.Plan   // of the resource type; nil for a filter on elements
	settings   opt.Settings // that it was compiled with
	pointer    reflect.Type
	expression Expression
	match      test
}

// Compile reads a filter and checks it against the schemas of T (RFC 7644 section 3.4.2.2): which attributes there are,
// which operators their types allow, whether the value fits. The empty filter matches everything.
//
// An attribute that T does not have has no value, as in a query over several types; resource.Strict and
// resource.RejectUnknown refuse it. Unless strict, an unqualified name that no core attribute has is looked for in the
// extensions. The errors are *errors.Error, 400 invalidFilter.
func Compile[T any](s string, opts ...Option) (*Filter, error) {
	return CompileType(reflect.TypeFor[T](), s, opts...)
}

// CompileType is [Compile] for a type known at run time only: a struct type or a pointer to one. The errors are those of Compile; a t
// that is no struct panics, as mistaken tags do.
func CompileType(t reflect.Type, s string, opts ...Option) (*Filter, error) {
	p := attr.Of(t)
	f := &Filter{root: p, pointer: reflect.PointerTo(p.Go)}
	if s == "" {
		return f, nil
	}
	settings := opt.Collect(opts)
	e, err := parse(s, settings)
	if err != nil {
		return nil, err
	}
	c := compiler{o: settings, root: p}
	m, fault := c.expression(e, scope{plan: p})
	if fault != nil {
		return nil, fault
	}
	f.expression, f.match, f.settings = e, m, settingsOf(settings)
	return f, nil
}

// Elements makes a filter on the elements of one multi-valued attribute of t ready, such as the one in the brackets of a
// PATCH path or in a patch.Change: Match takes a pointer to an element. attribute is in attribute notation, such as emails
// or, of an extension, URN:attribute. The errors are *errors.Error, 400 invalidFilter.
func Elements(t reflect.Type, attribute string, e Expression, opts ...Option) (*Filter, error) {
	p := attr.Of(t)
	steps, ok := p.Find(attribute)
	if !ok || len(steps) == 0 {
		return nil, fault(attribute, p.Lacks(attribute))
	}
	a := steps[len(steps)-1]
	if !a.MultiValued {
		return nil, fault(attribute, "is a single value; a filter in brackets needs a multi-valued attribute")
	}
	c := compiler{o: opt.Collect(opts), root: p}
	var m test
	var err *errors.Error
	if a == p.Schemas { // a list of strings like any other, for once
		m, err = c.expression(e, scope{self: a, path: attribute})
	} else {
		m, err = c.elements(e, steps, attribute)
	}
	if err != nil {
		return nil, err
	}
	return &Filter{pointer: reflect.PointerTo(a.Elem), expression: e, match: assignedAnd(a, m)}, nil
}

// Expression returns the filter as it was read, nil for the empty one. It must not be changed.
func (f *Filter) Expression() Expression { return f.expression }

// Match says whether a resource meets the filter (RFC 7644 section 3.4.2.2). v is a pointer to the type the filter was compiled for: another type is
// a mistake of the program and panics. Match allocates nothing.
func (f *Filter) Match(v any) bool {
	if reflect.TypeOf(v) != f.pointer {
		f.mistaken(v)
	}
	if f.match == nil {
		return true
	}
	r := reflect.ValueOf(v).Elem()
	return r.IsValid() && f.match(r)
}

func (f *Filter) mistaken(v any) {
	panic(fmt.Sprintf("scim: a filter on %s was given a %T", f.pointer, v))
}

// compiler turns the nodes of an expression into tests.
type compiler struct {
	o    opt.Settings
	root *attr.Plan
}

// scope is what names are looked up in: the resource, or an element of a multi-valued attribute.
type scope struct {
	plan *attr.Plan
	self *attr.Attribute // an element without parts, which goes by the name value: erratum 7122
	path string          // of the element, for errors
}

func (c *compiler) expression(e Expression, in scope) (test, *errors.Error) {
	switch e := e.(type) {
	case *LogicalExpression:
		return c.logical(e, in)
	case *NotExpression:
		m, err := c.expression(e.Expression, in)
		if err != nil {
			return nil, err
		}
		return func(v reflect.Value) bool { return !m(v) }, nil
	case *ValuePath:
		return c.valuePath(e, in)
	case *AttributeExpression:
		return c.comparison(e, in)
	}
	return nil, errors.New(errors.InvalidFilter, "the filter has a nil node, or one that is not of package filter")
}

func (c *compiler) logical(e *LogicalExpression, in scope) (test, *errors.Error) {
	left, err := c.expression(e.Left, in)
	if err != nil {
		return nil, err
	}
	right, err := c.expression(e.Right, in)
	if err != nil {
		return nil, err
	}
	if e.Operator == And {
		return func(v reflect.Value) bool { return left(v) && right(v) }, nil
	}
	return func(v reflect.Value) bool { return left(v) || right(v) }, nil
}

// valuePath compiles attribute[filter]: all conditions must hold for one element.
func (c *compiler) valuePath(e *ValuePath, in scope) (test, *errors.Error) {
	name := written(e.AttributePath)
	var room [4]*attr.Attribute
	steps, err := c.find(room[:0], e.AttributePath, in)
	if err != nil {
		return nil, err
	}
	if steps == nil { // unknown: no element
		if _, err := c.expression(e.ValueFilter, scope{plan: nowhere, path: name}); err != nil {
			return nil, err
		}
		return never, nil
	}
	a := steps[len(steps)-1]
	t, err := c.elements(e.ValueFilter, steps, name)
	if err != nil {
		return nil, err
	}
	return some(steps, assignedAnd(a, t)), nil
}

// elements compiles a filter on the single values of the attribute that steps lead to.
func (c *compiler) elements(e Expression, steps []*attr.Attribute, name string) (test, *errors.Error) {
	a := steps[len(steps)-1]
	inner := scope{path: name}
	switch {
	case hidden(steps):
		return nil, fault(name, neverReturned)
	case a.IsExtension() || a == c.root.Schemas:
		return nil, fault(name, "has no elements that a filter in brackets could choose")
	case a.Sub != nil:
		inner.plan = a.Sub
	case a.MultiValued:
		inner.self = a
	default:
		return nil, fault(name, "is a single value; a filter in brackets needs a multi-valued attribute")
	}
	return c.expression(e, inner)
}

// assignedAnd keeps a test from holding of an element that has no value at all (AMB-07).
func assignedAnd(a *attr.Attribute, t test) test {
	if !t(reflect.Zero(a.Elem)) { // then of none: to a test all unassigned values look alike
		return t
	}
	return func(v reflect.Value) bool { return t(v) && assigned(a, v) }
}

func never(reflect.Value) bool  { return false }
func always(reflect.Value) bool { return true }

// nowhere is a type without attributes.
var nowhere = attr.Of(reflect.TypeFor[struct{}]())

// find resolves a name. Without error nil steps mean that the type has no such attribute. room is where the steps may lie.
func (c *compiler) find(room []*attr.Attribute, path AttributePath, in scope) ([]*attr.Attribute, *errors.Error) {
	switch {
	case in.self != nil:
		if path.URIPrefix == nil && path.SubAttribute == nil && wire.Fold(path.AttributeName, "value") {
			return room, nil
		}
	case path.URIPrefix == nil:
		if steps := names(room, in.plan, path); steps != nil {
			return steps, nil
		}
		if steps := c.unqualified(room, path, in); steps != nil {
			return steps, nil
		}
	default:
		if steps, ok := in.plan.Find(written(path)); ok && len(steps) > 0 {
			return steps, nil
		}
	}
	if (c.o.Strict || c.o.RejectUnknown) && !c.o.AcrossTypes { // AMB-31
		name := in.inside(path)
		return nil, fault(name, c.root.Lacks(name))
	}
	return nil, nil
}

// names is Plan.Find for a path without URN.
func names(room []*attr.Attribute, p *attr.Plan, path AttributePath) []*attr.Attribute {
	a := p.Lookup(path.AttributeName)
	switch {
	case a == nil || a.IsExtension():
		return nil
	case path.SubAttribute == nil:
		return append(room, a)
	case a.Sub == nil:
		return nil
	}
	sub := a.Sub.Lookup(*path.SubAttribute)
	if sub == nil {
		return nil
	}
	return append(room, a, sub)
}

// unqualified looks for a name in the extensions, where exactly one has it: Entra ID writes manager without the URN.
func (c *compiler) unqualified(room []*attr.Attribute, path AttributePath, in scope) []*attr.Attribute {
	if !c.o.Accepts(opt.UnqualifiedExtension) {
		return nil
	}
	var found *attr.Attribute
	for _, x := range in.plan.Extensions {
		if names(room, x.Sub, path) == nil {
			continue
		}
		if found != nil {
			return nil
		}
		found = x
	}
	if found == nil {
		return nil
	}
	name := written(path)
	c.repaired(opt.UnqualifiedExtension, name, name)
	return names(append(room, found), found.Sub, path)
}

// repaired reports the use of a tolerance.
func (c *compiler) repaired(rule opt.Tolerance, path, got string) {
	if c.o.Repaired != nil {
		c.o.Repaired(rule, path, got)
	}
}

// inside gives the name of an attribute as errors show it.
func (in *scope) inside(path AttributePath) string {
	var b []byte
	if in.path != "" {
		b = append(append(b, in.path...), '.')
	}
	return string(appendPath(b, path))
}

const neverReturned = "is never returned and cannot be used in a filter"

// comparison compiles attribute operator value.
func (c *compiler) comparison(e *AttributeExpression, in scope) (test, *errors.Error) {
	var room [4]*attr.Attribute
	steps, err := c.find(room[:0], e.AttributePath, in)
	if err != nil {
		return nil, err
	}
	if steps == nil {
		return absent(e), nil
	}
	a, around := in.self, in.plan
	if n := len(steps); n > 0 {
		a = steps[n-1]
		if n > 1 {
			around = steps[n-2].Sub
		}
	}
	switch {
	case hidden(steps):
		return nil, fault(in.inside(e.AttributePath), neverReturned)
	case in.plan == c.root && a == c.root.Schemas:
		return c.schemas(e)
	case e.Operator == PR, e.Operator == NE && e.CompareValue == nil: // AMB-33
		return presence(steps, a), nil
	case e.Operator == EQ && e.CompareValue == nil:
		present := presence(steps, a)
		return func(v reflect.Value) bool { return !present(v) }, nil
	}
	if a.Op != attr.OpStruct {
		return c.compare(e, in, steps, a, around)
	}
	// RFC 7644's own examples leave out value of a multi-valued attribute; AMB-38 for singular ones.
	value := a.Sub.Value
	if value == nil || a.IsExtension() || !a.MultiValued && !c.o.Accepts(opt.BareValue) {
		name := in.inside(e.AttributePath)
		return nil, fault(name, "has parts; compare one of them, such as "+name+separator(a)+example(a.Sub))
	}
	if !a.MultiValued {
		c.repaired(opt.BareValue, in.inside(e.AttributePath), Format(e))
	}
	if steps = append(steps, value); hidden(steps) {
		return nil, fault(in.inside(e.AttributePath), neverReturned)
	}
	return c.compare(e, in, steps, value, a.Sub)
}

func separator(a *attr.Attribute) string {
	if a.IsExtension() {
		return ":"
	}
	return "."
}

// example is a part that can be compared.
func example(p *attr.Plan) string {
	for _, a := range p.Attributes {
		if a.Sub == nil && !a.Secret() {
			return a.Name
		}
	}
	return "x"
}

// hidden says whether the way leads through an attribute that is never returned. A filter could find out its value.
func hidden(steps []*attr.Attribute) bool {
	for _, a := range steps {
		if a.Secret() {
			return true
		}
	}
	return false
}

// absent is what holds of an attribute without value: AMB-32 and AMB-33.
func absent(e *AttributeExpression) test {
	if e.Operator == NE && e.CompareValue != nil || e.Operator == EQ && e.CompareValue == nil {
		return always
	}
	return never
}

// presence compiles pr.
func presence(steps []*attr.Attribute, a *attr.Attribute) test {
	return some(steps, func(f reflect.Value) bool { return assigned(a, f) })
}

// schemas compiles a comparison with the schemas of a resource. What they are follows from the data, not from what the
// struct's field says, so each URI is tested once, here.
func (c *compiler) schemas(e *AttributeExpression) (test, *errors.Error) {
	switch {
	case e.Operator == PR, e.Operator == NE && e.CompareValue == nil:
		return always, nil
	case e.Operator == EQ && e.CompareValue == nil:
		return never, nil
	}
	folded := attr.Attribute{Name: "schemas", Type: attr.String, Op: attr.OpString} // URNs compare without case
	t, ok := textOf(e, &folded)
	if !ok {
		return nil, fault("schemas", "is a list of strings and must be compared with one in double quotes")
	}
	if t.test(c.root.URN) {
		return always, nil
	}
	var use []*attr.Attribute
	for _, x := range c.root.Extensions {
		if t.test(x.Sub.URN) {
			use = append(use, x)
		}
	}
	return func(v reflect.Value) bool {
		for _, x := range use {
			if anyAssigned(x, x.Of(v)) {
				return true
			}
		}
		return false
	}, nil
}

func fault(path, detail string) *errors.Error {
	const most = 200 // a name in a filter may be as long as the filter
	if len(path) > most {
		path = path[:most] + "..."
	}
	return &errors.Error{Status: 400, Type: errors.InvalidFilter, Path: path, Detail: detail}
}
