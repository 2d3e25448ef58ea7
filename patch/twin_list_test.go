package patch_test

import (
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/schema"
)

// listTwin carries out a step on a multi-valued attribute.
type listTwin struct {
	a     *trait
	s     *step
	list  []any
	was   []any
	first []int // elements that the step makes primary
}

func (l *listTwin) run() (now []any, kind errors.Type) {
	t := l.s.t
	switch {
	case l.s.op == "remove" && t.sub == nil && t.cond == nil:
		l.list = nil
	case l.s.op == "remove" && t.sub == nil:
		kind = l.remove()
	case l.s.op == "add" && t.sub == nil && t.cond == nil:
		kind = l.add()
	case l.s.op == "replace" && t.sub == nil && t.cond == nil:
		l.replace()
	default:
		kind = l.elements()
	}
	if kind == "" {
		kind = l.primary()
	}
	if kind != "" {
		return nil, kind
	}
	if l.a.mutable == schema.Immutable && len(l.was) > 0 {
		whole := l.s.op == "replace" && t.sub == nil && t.cond == nil
		// Of a set immutable list nothing changes but, in a replace, the spelling of what is the same.
		if whole && !same(l.a, l.was, l.s.value) || !whole && !equal(l.was, l.list) {
			return nil, errors.Mutability
		}
		return l.was, ""
	}
	return l.list, ""
}

func (l *listTwin) remove() errors.Type {
	var rest []any
	for _, e := range l.list {
		if !l.s.t.cond.chooses(l.a, e) {
			rest = append(rest, e)
		}
	}
	switch {
	case len(rest) == len(l.list):
		return l.missed()
	case len(rest) == 0 && l.a.required: // AMB-19
		return errors.Mutability
	}
	l.list = rest
	return ""
}

func (l *listTwin) missed() errors.Type {
	if l.s.op == "remove" && (l.s.miss == "ignore" || l.s.t.cond == nil) {
		return ""
	}
	return errors.NoTarget
}

func (l *listTwin) add() errors.Type {
	for _, e := range listIn(l.s.value) {
		i := at(l.a, l.list, e)
		if i < 0 {
			l.list = append(l.list, e)
			if o, isDoc := e.(doc); isDoc && o["primary"] == true {
				l.first = append(l.first, len(l.list)-1)
			}
			continue
		}
		if l.a.kind != schema.TypeComplex || l.a.member() {
			continue
		}
		o := asDoc(l.list[i])
		changed := false
		for _, p := range l.a.parts { // what it has besides is merged
			v := asDoc(e)[p.name]
			if v == nil || p.name == "value" || p.name == "type" || p.name == "$ref" || same(p, o[p.name], v) {
				continue
			}
			if p.mutable == schema.Immutable && o[p.name] != nil {
				return errors.Mutability
			}
			o[p.name] = v
			changed = true
		}
		if changed && o["primary"] == true && !slices.Contains(l.first, i) {
			l.first = append(l.first, i)
		}
	}
	return ""
}

func (l *listTwin) replace() {
	var now []any
	unchanged := 0
	for _, e := range listIn(l.s.value) {
		again := at(l.a, now, e) >= 0
		if again && l.a.member() {
			continue
		}
		if i := at(l.a, l.was, e); i >= 0 {
			if o, isDoc := e.(doc); isDoc {
				keepParts(l.a, asDoc(l.was[i]), o)
			}
			if !again && equal(l.was[i], e) {
				unchanged++
			}
		}
		now = append(now, e)
	}
	if unchanged == len(now) && len(now) == len(l.was) || equal(now, l.was) { // the order says nothing
		return
	}
	l.list = now
	for i, e := range now {
		if o, isDoc := e.(doc); isDoc && o["primary"] == true {
			l.first = append(l.first, i)
		}
	}
}

// keepParts takes over what a client does not set; it returns an immutable part that differs.
func keepParts(a *trait, was, now doc) (differs bool) {
	for _, p := range a.parts {
		switch {
		case p.mutable == schema.ReadOnly:
			put(now, p.name, clone(was[p.name]))
		case p.mutable != schema.Immutable || was[p.name] == nil:
		case now[p.name] == nil || same(p, was[p.name], now[p.name]):
			now[p.name] = was[p.name]
		default:
			differs = true
		}
	}
	return differs
}

// elements changes the elements that the filter matches; all without one (AMB-15).
func (l *listTwin) elements() errors.Type {
	t, a := l.s.t, l.a
	none := true
	var rest []any
	for i, e := range l.list {
		if t.cond != nil && !t.cond.chooses(a, e) {
			rest = append(rest, e)
			continue
		}
		none = false
		now, kind := l.element(e)
		if kind != "" {
			return kind
		}
		if l.makesFirst() {
			l.first = append(l.first, i)
		}
		if o, isDoc := now.(doc); !isDoc || l.s.op != "remove" || worth(a, o) || equal(now, e) {
			rest = append(rest, now)
		}
	}
	if none && l.s.op != "remove" && l.s.miss == "create" && t.cond != nil {
		return l.create()
	}
	if none {
		return l.missed()
	}
	if len(rest) == 0 && a.required {
		return errors.Mutability
	}
	l.list = rest
	return ""
}

func (l *listTwin) element(e any) (now any, kind errors.Type) {
	if l.a.kind != schema.TypeComplex {
		return l.s.value, ""
	}
	if l.s.t.sub != nil || l.s.op == "add" { // AMB-13
		now := asDoc(clone(e))
		return now, partsStep(l.a, now, l.s)
	}
	o := asDoc(clone(l.s.value)) // AMB-14
	if p := l.a.part("value"); p != nil && same(p, asDoc(e)["value"], o["value"]) && keepParts(l.a, asDoc(e), o) {
		return nil, errors.Mutability
	}
	return o, ""
}

func (l *listTwin) makesFirst() bool {
	if l.s.t.sub != nil {
		return l.s.t.sub.name == "primary" && l.s.value == true
	}
	o, _ := l.s.value.(doc)
	return o["primary"] == true
}

func (l *listTwin) create() errors.Type {
	e, ok := created(l.a, l.s.t.cond, nil)
	if o, isDoc := e.(doc); isDoc {
		plain(l.a, o)
	}
	if !ok || !l.s.t.cond.chooses(l.a, e) {
		return errors.NoTarget
	}
	if o, isDoc := e.(doc); isDoc {
		if kind := partsStep(l.a, o, l.s); kind != "" {
			return kind
		}
		if o["primary"] == true {
			l.first = append(l.first, len(l.list))
		}
	} else {
		e = l.s.value
	}
	l.list = append(l.list, e)
	return ""
}

// primary leaves the one that the step has made so (7644-3.5.2-15).
func (l *listTwin) primary() errors.Type {
	if len(l.first) > 1 {
		return errors.InvalidValue
	}
	for i, e := range l.list {
		if o, isDoc := e.(doc); isDoc && len(l.first) == 1 && o["primary"] == true && !slices.Contains(l.first, i) {
			o["primary"] = false
		}
	}
	return ""
}
