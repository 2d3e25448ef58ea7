package patch_test

import (
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/schema"
)

// step is what one operation does to one attribute: the twin's normal form.
type step struct {
	op    string // add, remove, replace; is: the attribute must have this value (AMB-11)
	t     *target
	value any
	merge bool   // value has parts, the others stay
	miss  string // what happens where the filter matches nothing: ignore, create or noTarget
}

// splitter makes steps of operations. What is wrong with an operation by itself, whatever is stored, is a fault here.
type splitter struct {
	k      *kindOf
	strict bool
	steps  []step
	faults []errors.Type
}

func (s *splitter) fault(kinds ...errors.Type) { s.faults = append(s.faults, kinds...) }

func (s *splitter) operation(o *operation) {
	op := strings.ToLower(o.op)
	switch {
	case op != "add" && op != "remove" && op != "replace":
		s.fault(errors.InvalidSyntax)
	case o.t != nil && o.t.bad != "":
		s.fault(o.t.bad)
	case o.t == nil && op == "remove": // 7644-3.5.2.2-01
		s.fault(errors.NoTarget)
	case o.t == nil:
		s.attributes(op, o.members, o.value, o.valued)
	default:
		s.target(op, o.t, o.value, o.valued, o.members)
	}
}

// attributes is an operation without path, or on a whole extension.
func (s *splitter) attributes(op string, members []keyed, v any, valued bool) {
	if _, isObject := v.(object); !isObject || !valued {
		s.fault(errors.InvalidValue)
		return
	}
	for _, m := range members {
		path := strings.ContainsAny(m.name, ".[") && !strings.HasPrefix(strings.ToLower(m.name), "urn:") || strings.HasPrefix(strings.ToLower(m.name), "urn:") && m.inner == nil
		switch {
		case m.t == nil: // AMB-03
		case path && s.strict: // AMB-22
			s.fault(errors.InvalidSyntax)
		default:
			s.target(op, m.t, m.value, true, m.inner)
		}
	}
}

// required says whether the target must have a value.
func (t *target) required() bool {
	switch {
	case t.a == nil:
		return t.c.required
	case t.sub != nil:
		return t.sub.required
	}
	return t.a.required && t.cond == nil
}

func (t *target) last() *trait {
	if t.sub != nil {
		return t.sub
	}
	return t.a
}

// single says that the value is one rather than a list.
func (t *target) single() bool { return !t.last().multi || t.sub == nil && t.cond != nil }

func (t *target) readOnly() bool {
	return t.a != nil && (t.a.mutable == schema.ReadOnly || t.sub != nil && t.sub.mutable == schema.ReadOnly)
}

// part is the target one level down.
func (t *target) part(sub *trait) *target {
	p := *t
	p.sub = sub
	return &p
}

func (s *splitter) target(op string, t *target, v any, valued bool, members []keyed) {
	list, isList := v.([]any)
	nothing := v == nil || isList && len(list) == 0 && t.a != nil && !t.single()
	switch {
	case op == "remove":
		s.remove(t, v, valued)
	case !valued: // 7644-3.5.2.1-01, 3.5.2.3-08
		s.fault(errors.InvalidValue)
	case t.readOnly():
		s.readOnly(t, v, nothing)
	case nothing, t.a != nil && v == "" && (t.last().kind != schema.TypeString && t.last().kind != schema.TypeReference || !t.single()) && !s.strict:
		s.unassign(op, t)
	case t.a == nil:
		s.attributes(op, members, v, true)
	default:
		s.set(op, t, v)
	}
}

// readOnly is AMB-11: only the stored resource can tell whether the value is right.
func (s *splitter) readOnly(t *target, v any, nothing bool) {
	if s.strict {
		s.fault(errors.Mutability)
		return
	}
	st := step{op: "is", t: t}
	if !nothing && v != "" {
		r := &reader{strict: s.strict, readOnly: true, lone: true}
		value, ok, faults := s.value(r, t, v)
		if len(faults) > 0 {
			s.fault(faults...)
			return
		}
		if ok {
			st.value = value
		}
	}
	s.steps = append(s.steps, st)
}

func (s *splitter) value(r *reader, t *target, v any) (value any, ok bool, faults []errors.Type) {
	if t.single() {
		return r.one(t.last(), v)
	}
	return r.read(t.last(), v)
}

// unassign is a null: add adds nothing (7644-3.5.2.1-14), replace clears (7643-2.5-05).
func (s *splitter) unassign(op string, t *target) {
	switch {
	case op == "add":
	case t.required():
		s.fault(errors.InvalidValue)
	default:
		s.steps = append(s.steps, step{op: "remove", t: t, miss: s.miss("remove")})
	}
}

// miss is AMB-12 and AMB-16.
func (s *splitter) miss(op string) string {
	switch {
	case s.strict:
		return "noTarget"
	case op == "remove":
		return "ignore"
	}
	return "create"
}

func (s *splitter) set(op string, t *target, v any) {
	x := t.last()
	st := step{op: op, t: t, miss: s.miss(op)}
	if op == "replace" && t.cond != nil && t.sub == nil { // whole elements are never created
		st.miss = "noTarget"
	}
	st.merge = x.kind == schema.TypeComplex && t.single() && (op == "add" || t.cond == nil)
	if _, isString := v.(string); isString && x.kind == schema.TypeComplex && t.cond != nil && x.part("value") != nil && !s.strict { // BareValue
		s.target(op, t.part(x.part("value")), v, true, nil)
		return
	}
	if o, isObject := v.(object); isObject && st.merge && t.cond != nil && s.bothNamed(t, o) {
		s.fault(errors.InvalidValue)
	}
	r := &reader{strict: s.strict, whole: !st.merge, lone: op == "add"}
	value, ok, faults := s.value(r, t, v)
	if len(faults) > 0 {
		s.fault(faults...)
		return
	}
	st.value = value
	if st.merge {
		if op == "replace" {
			for _, p := range r.cleared {
				s.unassign(op, t.part(p))
			}
		}
		if o, isObject := v.(object); isObject { // a plain part is only set where it is named
			for _, p := range x.parts {
				if p.always && !sets(o, p.name) {
					delete(asDoc(value), p.name)
				}
			}
			ok = len(asDoc(value)) > 0
		}
	}
	switch {
	case ok:
		s.steps = append(s.steps, st)
	case st.merge || op == "add":
	case x.kind == schema.TypeComplex: // an object, or a list of them, with nothing in it
		s.fault(errors.InvalidValue)
	default:
		s.unassign(op, t)
	}
}

func sets(o object, name string) bool {
	return slices.ContainsFunc(o, func(m member) bool { return strings.EqualFold(m.name, name) && m.value != nil })
}

func (s *splitter) remove(t *target, v any, valued bool) {
	by := valued && v != nil // AMB-17: null counts as none
	list, isList := v.([]any)
	switch {
	case t.readOnly():
		s.fault(errors.Mutability)
	case t.required() && (!by || t.a == nil || t.single()):
		s.fault(errors.Mutability)
	case !by:
		s.steps = append(s.steps, step{op: "remove", t: t, miss: s.miss("remove")})
	case s.strict, t.a == nil, t.sub != nil && (t.sub.multi || t.a.multi && t.cond == nil):
		s.fault(errors.InvalidValue)
	case !t.a.multi || t.sub != nil: // there is one value, and it goes
		s.steps = append(s.steps, step{op: "remove", t: t, miss: s.miss("remove")})
	case isList && len(list) == 0, v == "":
	default:
		s.removeValues(t, v)
	}
}

// removeValues removes the elements that the value names, among those that the filter matches.
func (s *splitter) removeValues(t *target, v any) {
	if o, isObject := v.(object); isObject && len(o) == 1 && strings.EqualFold(o[0].name, t.a.name) && t.a.part(t.a.name) == nil {
		v = o[0].value
	}
	value, ok, faults := (&reader{strict: s.strict, lone: true}).read(t.a, v)
	if len(faults) > 0 || !ok {
		s.fault(errors.InvalidValue)
		return
	}
	var names *cond
	for _, e := range listIn(value) {
		c := naming(t.a, e)
		if c == nil {
			s.fault(errors.InvalidValue)
			return
		}
		if names == nil {
			names = c
		} else {
			names = &cond{op: "or", left: names, right: c}
		}
	}
	if t.a.never || names.asksFor() { // nobody may ask for such values
		s.fault(errors.InvalidFilter)
		return
	}
	if t.cond != nil {
		names = &cond{op: "and", left: t.cond, right: names}
	}
	n := *t
	n.cond = names
	s.steps = append(s.steps, step{op: "remove", t: &n, miss: s.miss("remove")})
}

// naming is a filter that an element meets: its value and type, or all it has where it has no value.
func naming(a *trait, e any) *cond {
	if a.kind != schema.TypeComplex {
		return &cond{op: "eq", value: e}
	}
	var all *cond
	o := asDoc(e)
	_, hasValue := o["value"]
	for _, p := range a.parts {
		v := o[p.name]
		if v == nil || hasValue && p.name != "value" && (p.name != "type" || a.member()) {
			continue
		}
		if _, isList := v.([]any); isList {
			return nil
		}
		c := &cond{op: "eq", x: p, value: v}
		if all == nil {
			all = c
		} else {
			all = &cond{op: "and", left: all, right: c}
		}
	}
	return all
}

// created is the element that a filter stands for: the values of its equality terms (AMB-12).
func created(a *trait, c *cond, e any) (any, bool) {
	switch c.op {
	case "and":
		e, ok := created(a, c.left, e)
		if !ok {
			return nil, false
		}
		return created(a, c.right, e)
	case "(":
		return created(a, c.left, e)
	case "eq":
		x := a
		if c.x != nil {
			x = c.x
		}
		v, ok, faults := (&reader{}).one(x, c.value)
		if !ok || len(faults) > 0 || c.x != nil && (x.multi || x.mutable == schema.ReadOnly) {
			return nil, false
		}
		if c.x == nil {
			return v, true
		}
		o, _ := e.(doc)
		if o == nil {
			o = doc{}
		}
		o[x.name] = v
		return o, true
	}
	return nil, false
}

func equal(v, w any) bool { return reflect.DeepEqual(v, w) }

// bothNamed says that an object sets two parts that the filter names, of elements with plain parts: such a value is taken part
// by part, and one changes what the filter finds for the other.
func (s *splitter) bothNamed(t *target, o object) bool {
	n, always := 0, false
	for _, p := range t.a.parts {
		always = always || p.always
		if t.cond.names(p) && slices.ContainsFunc(o, func(m member) bool { return strings.EqualFold(m.name, p.name) }) {
			n++
		}
	}
	return always && n > 1
}

func (c *cond) names(p *trait) bool {
	return c != nil && (c.x == p || c.left.names(p) || c.right.names(p))
}

// asksFor says whether a filter has an attribute that is never returned.
func (c *cond) asksFor() bool {
	return c != nil && (c.x != nil && c.x.never || c.left.asksFor() || c.right.asksFor())
}
