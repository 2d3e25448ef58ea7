package patch_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/schema"
)

// cond is a filter on elements: and, or, not of comparisons.
type cond struct {
	op          string
	left, right *cond
	x           *trait // what is compared; nil: the element itself
	value       any    // of the comparison, as sent
}

func (c *cond) text(d dice) string {
	op := d.spelled(c.op)
	switch c.op {
	case "and", "or":
		return c.left.text(d) + " " + op + " " + c.right.text(d)
	case "not":
		return op + " (" + c.left.text(d) + ")"
	case "(":
		return "(" + c.left.text(d) + ")"
	}
	name := "value"
	if c.x != nil {
		name = c.x.name
	}
	if c.op == "pr" {
		return d.spelled(name) + " " + op
	}
	return d.spelled(name) + " " + op + " " + text(c.value)
}

// chooses says whether the filter matches an element of a. One without a part that anybody can see is matched by nothing.
func (c *cond) chooses(a *trait, e any) bool {
	o, isDoc := e.(doc)
	seen := func(p *trait) bool { return !p.never && o[p.name] != nil }
	return (!isDoc || slices.ContainsFunc(a.parts, seen)) && c.match(a, e)
}

// match evaluates the filter on one element.
func (c *cond) match(a *trait, e any) bool {
	switch c.op {
	case "and":
		return c.left.match(a, e) && c.right.match(a, e)
	case "or":
		return c.left.match(a, e) || c.right.match(a, e)
	case "not":
		return !c.left.match(a, e)
	case "(":
		return c.left.match(a, e)
	}
	x, v := a, e
	if c.x != nil {
		x, v = c.x, asDoc(e)[c.x.name]
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	if c.op == "eq" && c.value == nil { // AMB-33
		return v == nil
	}
	for _, v := range list {
		if v == nil && x.name == "primary" && c.op != "pr" { // 7643-2.4-05
			v = false
		}
		if c.compare(x, v) {
			return true
		}
	}
	return false
}

func (c *cond) compare(x *trait, v any) bool {
	want, _, _ := (&reader{}).one(x, c.value)
	switch c.op {
	case "pr":
		return v != nil
	case "eq":
		return v != nil && (x.kind == schema.TypeReference && v == want || x.kind != schema.TypeReference && alike(x, v, want)) // 7643-2.3.7-07
	case "ne":
		return v == nil || !alike(x, v, want)
	case "co":
		s, ok := v.(string)
		if !x.exact {
			s, want = strings.ToLower(s), strings.ToLower(asText(want))
		}
		return ok && strings.Contains(s, asText(want))
	}
	panic(c.op)
}

// cond makes a filter on elements of a.
func (d dice) cond(a *trait, depth int) *cond {
	if depth > 0 && d.one(3) {
		c := &cond{op: among(d, "and", "and", "or", "not")}
		c.left = d.cond(a, depth-1)
		if c.op == "not" {
			return c
		}
		c.right = d.cond(a, depth-1)
		for _, side := range []**cond{&c.left, &c.right} {
			if (*side).op == "or" && c.op == "and" {
				*side = &cond{op: "(", left: *side}
			}
		}
		return c
	}
	c := &cond{op: among(d, "eq", "eq", "eq", "eq", "pr", "ne", "co"), x: a}
	of := a
	if a.kind == schema.TypeComplex {
		for c.x = nil; c.x == nil; {
			c.x = a.parts[d.IntN(len(a.parts))]
			if d.one(2) {
				c.x = a.part(among(d, "value", "type"))
			}
			if c.x != nil && c.x.never { // no filter asks for those
				c.x = nil
			}
		}
		of = c.x
	} else {
		c.x = nil
	}
	if of.kind == schema.TypeReference && c.op != "pr" { // filters compare references to the letter (7643-2.3.7-07)
		c.op = "pr"
	}
	if c.op == "co" && of.kind != schema.TypeString {
		c.op = "eq"
	}
	c.value = d.single(of)
	if c.op == "eq" && c.x != nil && d.one(12) {
		c.value = nil
	}
	return c
}

// target is what a path leads to.
type target struct {
	c    *container
	a    *trait // nil: the whole container
	sub  *trait
	cond *cond
	text string
	bad  errors.Type // why the path is refused; "" where it is not
}

// target makes a path.
func (d dice) target(k *kindOf) *target {
	if d.one(30) {
		return d.badTarget(k)
	}
	t := &target{c: k.all[d.IntN(len(k.all))]}
	if d.one(2) {
		t.c = k.all[0]
	}
	core := t.c == k.all[0]
	if !core && d.one(10) {
		t.text = d.spelled(t.c.urn)
		return t
	}
	t.a = t.c.traits[d.IntN(len(t.c.traits))]
	for t.a.kind != schema.TypeComplex && !t.a.multi && d.one(2) {
		t.a = t.c.traits[d.IntN(len(t.c.traits))]
	}
	t.text = d.spelled(t.a.name)
	if !core || d.one(8) {
		t.text = d.spelled(t.c.urn) + ":" + t.text
	}
	if t.a.multi && !t.a.never && d.one(2) {
		t.cond = d.cond(t.a, 2)
		t.text += "[" + t.cond.text(d) + "]"
	}
	if len(t.a.parts) > 0 && d.one(2) {
		t.sub = t.a.parts[d.IntN(len(t.a.parts))]
		t.text += "." + d.spelled(t.sub.name)
	}
	return t
}

func (d dice) badTarget(k *kindOf) *target {
	var list, single *trait
	for _, x := range k.all[0].traits {
		if x.multi && len(x.parts) > 0 {
			list = x
		} else if !x.multi {
			single = x
		}
	}
	return among(d,
		&target{text: "nothing", bad: errors.InvalidPath},
		&target{text: single.name + ".nothing", bad: errors.InvalidPath},
		&target{text: list.name + "[0]", bad: errors.InvalidPath},
		&target{text: list.name + "[", bad: errors.InvalidPath},
		&target{text: single.name + `[value eq "a"]`, bad: errors.InvalidPath},
		&target{text: list.name + `[nothing eq "a"]`, bad: errors.InvalidFilter},
		&target{text: list.name + `[value regex "a"]`, bad: errors.InvalidFilter},
		&target{text: list.name + `[value eq "a"].nothing`, bad: errors.InvalidPath},
		&target{text: "urn:nobody:" + single.name, bad: errors.InvalidPath},
		&target{text: list.name + `..value`, bad: errors.InvalidPath},
	)
}

// operation is one operation of a PATCH as a client writes it.
type operation struct {
	op      string
	t       *target // nil: no path
	value   any
	valued  bool    // there is a value
	members []keyed // without path
}

// keyed is a member of the value of an operation without path, with what its name means: nil for nothing.
type keyed struct {
	name  string
	t     *target
	value any
	inner []keyed // of an extension
}

func (o *operation) text() string {
	all := object{{"op", o.op}}
	if o.t != nil {
		all = append(all, member{"path", o.t.text})
	}
	if o.valued {
		all = append(all, member{"value", o.value})
	}
	return text(all)
}

// operation makes an operation.
func (d dice) operation(k *kindOf) *operation {
	o := &operation{op: among(d, "add", "add", "Add", "remove", "remove", "REPLACE", "replace", "replace"), valued: true}
	if d.one(150) {
		o.op = "move"
	}
	kind := strings.ToLower(o.op)
	if kind != "remove" && d.one(4) || d.one(60) {
		o.members = d.members(k)
		o.value = asObject(o.members)
		if d.one(40) {
			o.members, o.value = nil, among(d, any("x"), any([]any{}), any(nil))
		}
		return o
	}
	o.t = d.target(k)
	switch {
	case o.t.bad != "":
		o.value = "x"
	case o.t.a == nil:
		o.members = d.inner(o.t.c)
		o.value = asObject(o.members)
	default:
		x := o.t.a
		if o.t.sub != nil {
			x = o.t.sub
		}
		o.value = d.sent(x, o.t.cond != nil && o.t.sub == nil)
	}
	if kind == "remove" && !d.one(8) || d.one(60) {
		o.valued, o.value = false, nil
	}
	return o
}

func asObject(list []keyed) object {
	o := make(object, 0, len(list))
	for _, m := range list {
		o = append(o, member{m.name, m.value})
	}
	return o
}

// members makes the value of an operation without path.
func (d dice) members(k *kindOf) []keyed {
	var list []keyed
	seen := map[string]bool{}
	for range 1 + d.IntN(3) {
		m := keyed{name: "unknown", value: json.Number("1")}
		switch d.IntN(8) {
		case 0:
			if m.t = d.target(k); m.t.bad != "" || m.t.a == nil {
				continue
			}
			m.name = m.t.text
			x := m.t.a
			if m.t.sub != nil {
				x = m.t.sub
			}
			m.value = d.sent(x, m.t.cond != nil && m.t.sub == nil)
		case 1:
			if len(k.all) == 1 {
				continue
			}
			c := k.all[1+d.IntN(len(k.all)-1)]
			m.t, m.name, m.inner = &target{c: c}, d.spelled(c.urn), d.inner(c)
			m.value = asObject(m.inner)
		case 2:
			if !d.one(4) {
				continue
			}
		default:
			m = d.inner(k.all[0])[0]
		}
		if !seen[strings.ToLower(m.name)] {
			seen[strings.ToLower(m.name)] = true
			list = append(list, m)
		}
	}
	return list
}

// inner makes the value of an extension, or one attribute of the core.
func (d dice) inner(c *container) []keyed {
	var list []keyed
	seen := map[*trait]bool{}
	for range 1 + d.IntN(2) {
		x := c.traits[d.IntN(len(c.traits))]
		if !seen[x] {
			seen[x] = true
			list = append(list, keyed{name: d.spelled(x.name), t: &target{c: c, a: x}, value: d.sent(x, false)})
		}
	}
	return list
}
