package patch_test

import (
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/schema"
)

// The twin of Apply: slow, obvious, on decoded JSON, after the table in the package's documentation and RFC 7644 section 3.5.2.

// twin carries out steps on a document.
type twin struct {
	k       *kindOf
	v       doc
	touched map[*trait]*container
	parts   map[*container]bool // extensions that something was done to
}

// slowApply is the document that operations make of another, or the scimTypes of what is wrong with them.
func slowApply(k *kindOf, stored doc, ops []*operation, strict bool) (result doc, faults []errors.Type) {
	s := &splitter{k: k, strict: strict}
	for _, o := range ops {
		s.operation(o)
	}
	if len(s.faults) > 0 {
		return nil, s.faults
	}
	w := &twin{k: k, v: asDoc(clone(stored)), touched: map[*trait]*container{}, parts: map[*container]bool{}}
	for i := range s.steps {
		if kind := w.step(&s.steps[i]); kind != "" {
			return nil, []errors.Type{kind}
		}
		k.settle(w.v)
	}
	if !w.complete() {
		return nil, invalid
	}
	return w.v, nil
}

// host is where the attributes of a container lie; nil where the extension is not there.
func (w *twin) host(c *container, create bool) doc {
	if c == w.k.all[0] {
		return w.v
	}
	h, _ := w.v[c.urn].(doc)
	if h == nil && create {
		h = doc{}
		w.v[c.urn] = h
	}
	return h
}

// step is "" or the scimType of a refusal.
func (w *twin) step(s *step) errors.Type {
	c, a := s.t.c, s.t.a
	h := w.host(c, s.op == "add" || s.op == "replace")
	if a == nil { // remove of an extension
		for _, x := range c.traits {
			o, isDoc := h[x.name].(doc)
			if x.mutable == schema.Immutable && h[x.name] != nil || isDoc && x.mutable != schema.ReadOnly && pinnedIn(x, o) {
				return errors.Mutability
			}
		}
		delete(w.v, c.urn)
		return ""
	}
	w.touched[a] = c
	w.parts[c] = true
	switch {
	case s.op == "is":
		return w.is(h, s)
	case a.multi:
		list, _ := h[a.name].([]any)
		list = listIn(clone(list))
		now, kind := (&listTwin{a: a, s: s, list: list, was: listIn(clone(list))}).run()
		if kind != "" {
			return kind
		}
		put(h, a.name, now)
	case a.kind == schema.TypeComplex:
		if kind := complexStep(h, s); kind != "" {
			return kind
		}
	default:
		old := h[a.name]
		if old != nil && a.mutable == schema.Immutable {
			if s.op == "remove" || !same(a, old, s.value) {
				return errors.Mutability
			}
			return ""
		}
		put(h, a.name, s.value)
	}
	if s.op == "remove" && c.required && len(h) == 0 {
		return errors.Mutability
	}
	return ""
}

func put(h doc, name string, v any) {
	if list, isList := v.([]any); v == nil || isList && len(list) == 0 {
		delete(h, name)
		return
	}
	h[name] = v
}

// is compares a readOnly value with what the client says of it.
func (w *twin) is(h doc, s *step) errors.Type {
	a, sub := s.t.a, s.t.sub
	v := h[a.name]
	good := true
	switch {
	case a.multi && sub == nil && s.t.cond == nil:
		list, _ := v.([]any)
		said, _ := s.value.([]any)
		good = repeated(a, list, said)
	case a.multi:
		list, _ := v.([]any)
		n := 0
		for _, e := range list {
			if s.t.cond == nil || s.t.cond.chooses(a, e) {
				n++
				good = good && w.isOne(e, s)
			}
		}
		good = good && (n > 0 || s.value == nil)
	case v == nil:
		good = s.value == nil
	default:
		good = w.isOne(v, s)
	}
	if !good {
		return errors.Mutability
	}
	return ""
}

func (w *twin) isOne(v any, s *step) bool {
	if s.t.sub != nil {
		return same(s.t.sub, asDoc(v)[s.t.sub.name], s.value)
	}
	return s.value != nil && told(s.t.a, v, s.value)
}

// told says whether what the client tells of a value is right.
func told(a *trait, v, said any) bool {
	if a.kind != schema.TypeComplex {
		return same(a, v, said)
	}
	for _, p := range a.parts {
		x, y := asDoc(v)[p.name], asDoc(said)[p.name]
		if y != nil && !same(p, x, y) && (a.name != "meta" || x != nil) {
			return false
		}
	}
	return true
}

func repeated(a *trait, list, said []any) bool {
	if len(list) != len(said) {
		return false
	}
	used := map[int]bool{}
	for _, e := range said {
		i := slices.IndexFunc(list, func(any) bool { return false })
		for j := range list {
			if i < 0 && !used[j] && told(a, list[j], e) {
				i = j
			}
		}
		if i < 0 {
			return false
		}
		used[i] = true
	}
	return true
}

// complexStep changes a single complex value.
func complexStep(h doc, s *step) errors.Type {
	a := s.t.a
	old, _ := h[a.name].(doc)
	if old == nil && s.op == "remove" {
		return ""
	}
	now := doc{}
	if s.op != "remove" || s.t.sub != nil {
		if old != nil {
			now = asDoc(clone(old))
		}
		if kind := partsStep(a, now, s); kind != "" {
			return kind
		}
	} else if pinnedIn(a, old) {
		return errors.Mutability
	}
	if a.mutable == schema.Immutable && old != nil { // AMB-18
		if !alike(a, old, now) {
			return errors.Mutability
		}
		return ""
	}
	switch {
	case equal(old, now):
	case worth(a, now):
		h[a.name] = now
	default:
		delete(h, a.name)
	}
	return ""
}

func pinnedIn(a *trait, v doc) bool {
	return slices.ContainsFunc(a.parts, func(p *trait) bool { return p.mutable == schema.Immutable && v[p.name] != nil })
}

// worth says whether a complex value has more than readOnly parts.
func worth(a *trait, v doc) bool {
	return slices.ContainsFunc(a.parts, func(p *trait) bool {
		return p.mutable != schema.ReadOnly && v[p.name] != nil && (!p.always || !equal(v[p.name], none(p)))
	})
}

// partsStep changes the parts of a complex value: the one of the path, or those in the value.
func partsStep(a *trait, v doc, s *step) errors.Type {
	set := doc{}
	if s.t.sub != nil {
		set[s.t.sub.name] = s.value
	} else {
		set = asDoc(s.value)
	}
	before := v["value"]
	for _, p := range a.parts {
		value, isNamed := set[p.name]
		if !isNamed {
			continue
		}
		old := v[p.name]
		if s.op == "add" && p.multi {
			list, _ := old.([]any)
			list = listIn(clone(list))
			for _, e := range listIn(value) {
				if at(p, list, e) < 0 {
					list = append(list, e)
				}
			}
			value = list
		}
		if p.mutable == schema.Immutable && old != nil {
			if value == nil || !same(p, old, value) {
				return errors.Mutability
			}
			continue
		}
		put(v, p.name, value)
	}
	// What describes the old value does not describe the new one.
	if p := a.part("value"); p != nil && before != nil && !same(p, before, v["value"]) {
		for _, p := range a.parts {
			if _, isNamed := set[p.name]; p.mutable == schema.ReadOnly || p.name == "$ref" && !isNamed {
				delete(v, p.name)
			}
		}
	}
	plain(a, v)
	return ""
}

// settle makes a document what Go would write of it: plain parts are there, empty values are not.
func (k *kindOf) settle(v doc) {
	for i, c := range k.all {
		h := v
		if i > 0 {
			if h, _ = v[c.urn].(doc); h == nil {
				continue
			}
		}
		for _, x := range c.traits {
			if x.always && h[x.name] == nil {
				h[x.name] = none(x)
			}
			if o, isDoc := h[x.name].(doc); isDoc {
				if plain(x, o); !worth(x, o) && slices.ContainsFunc(x.parts, func(p *trait) bool { return p.always }) || len(o) == 0 {
					delete(h, x.name)
				}
			}
		}
		if i > 0 && len(h) == 0 {
			delete(v, c.urn)
		}
	}
}

// complete says whether all that is required is there, in what has been changed.
func (w *twin) complete() bool {
	for c := range w.parts {
		h := w.host(c, false)
		if h == nil || c == w.k.all[0] {
			continue
		}
		for _, x := range c.traits {
			if x.required && h[x.name] == nil {
				return false
			}
		}
	}
	for a, c := range w.touched {
		v := w.host(c, false)[a.name]
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for _, e := range list {
			o, isDoc := e.(doc)
			for _, p := range a.parts {
				if isDoc && p.required && p.mutable != schema.ReadOnly && o[p.name] == nil {
					return false
				}
			}
		}
	}
	return true
}
