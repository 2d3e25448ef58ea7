package patch_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// visible is what Diff compares: without readOnly and never returned values, immutable parts of list elements and the order
// of lists.
func (k *kindOf) visible(v doc) doc {
	all := doc{}
	for i, c := range k.all {
		h := v
		if i > 0 {
			h, _ = v[c.urn].(doc)
		}
		for _, x := range c.traits {
			key := x.name
			if i > 0 {
				key = c.urn + ":" + x.name
			}
			if o := visible(x, h[x.name], false); o != nil {
				all[key] = o
			}
		}
	}
	return all
}

func visible(x *trait, v any, element bool) any {
	if v == nil || x.never || x.mutable == schema.ReadOnly {
		return nil
	}
	switch v := v.(type) {
	case []any:
		var list []any
		for i, e := range v {
			if o := visible(x, e, true); o != nil && (!x.member() || at(x, v[:i], e) < 0) { // a member counts once
				list = append(list, o)
			}
		}
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(text(a), text(b)) })
		if list == nil {
			return nil
		}
		return list
	case doc:
		o := doc{}
		for _, p := range x.parts {
			if element && p.mutable == schema.Immutable && p.name != "value" {
				continue
			}
			if value := visible(p, v[p.name], false); value != nil {
				o[p.name] = value
			}
		}
		if len(o) == 0 {
			return nil
		}
		return o
	}
	return v
}

// spelled is w with immutable references as v has them: the same one may be spelled in several ways, and a PATCH lets it be. Of what fuzzing
// makes up the twin cannot tell whether it is the same; Diff has refused it if not.
func spelled(x *trait, v, w any) any {
	switch {
	case v == nil || w == nil:
		return w
	case x.mutable == schema.Immutable && x.kind == schema.TypeReference && (alike(x, v, w) || links[asText(v)] == 0 || links[asText(w)] == 0):
		return v
	}
	a, isDoc := v.(doc)
	b, isOther := w.(doc)
	if isDoc && isOther {
		for _, p := range x.parts {
			if stays := spelled(p, a[p.name], b[p.name]); stays != nil {
				b[p.name] = stays
			}
		}
	}
	return w
}

// leads checks that Diff finds operations from one state to the other, and no more than needed.
func leads[T any](t *testing.T, k *kindOf, from, to *T) (refused bool) {
	t.Helper()
	op, err := patch.Diff(from, to)
	if err != nil {
		require.Nil(t, op)
		for _, kind := range kinds(t, err) {
			assert.Equal(t, errors.Mutability, kind, "%v", err)
		}
		return true
	}
	a, b := k.visible(decoded(t, from)), k.visible(decoded(t, to))
	if op == nil {
		assert.Equal(t, a, b, "nil")
		return false
	}
	got, err := patch.Apply(from, op)
	require.NoError(t, err, "%+v", op)
	for _, c := range k.all {
		for _, x := range c.traits {
			key := x.name
			if c.urn != k.all[0].urn {
				key = c.urn + ":" + x.name
			}
			if stays := spelled(x, a[key], b[key]); stays != nil {
				b[key] = stays
			}
		}
	}
	assert.Equal(t, b, k.visible(decoded(t, got)), "%+v", op.Operations)
	for _, o := range op.Operations { // nothing is named that stays
		path, _, _ := strings.Cut(o.Path, "[")
		urn := k.all[0].urn
		for _, c := range k.all[1:] {
			if name, ok := strings.CutPrefix(path, c.urn); ok {
				urn, path = c.urn, strings.TrimPrefix(name, ":")
			}
		}
		name, _, _ := strings.Cut(path, ".")
		key := name
		if urn != k.all[0].urn {
			key = urn + ":" + name
		}
		if _, isList := b[key].([]any); name != "" && !isList && a[key] != nil && b[key] != nil { // of lists visible leaves out more
			assert.NotEqual(t, text(a[key]), text(b[key]), "%s is the same in both", o.Path)
		}
	}
	rest, err := patch.Diff(got, to)
	if assert.NoError(t, err) {
		assert.Nil(t, rest)
	}
	// The operations are in normal form: sent to a server, they do the same, and in Strict mode, too.
	written, err := resource.Marshal(resource.PatchRequest, op)
	require.NoError(t, err)
	for _, opts := range [][]resource.Option{nil, {resource.Strict(), resource.RejectUnknown()}} {
		read, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, written, opts...)
		require.NoError(t, err, "%s", written)
		again, err := patch.Apply(from, read)
		if assert.NoError(t, err, "%s", written) {
			assert.Equal(t, decoded(t, got), decoded(t, again), "%s", written)
		}
	}
	some, err := patch.DiffOf(from, to)
	if assert.NoError(t, err) {
		assert.Equal(t, op.Operations, some.Operations)
	}
	return false
}

func TestDiffProperties(t *testing.T) {
	t.Run("Thing", func(t *testing.T) { differ[Thing](t, 2000/share) })
	t.Run("Person", func(t *testing.T) { differ[Person](t, 700/share) })
	t.Run("Group", func(t *testing.T) { differ[resource.Group](t, 700/share) })
}

func differ[T any](t *testing.T, n int) {
	t.Helper()
	found := 0
	k := kindFor[T](t)
	for seed := range uint64(n) {
		d := newDice(seed, 13)
		from := load[T](t, d.resource(k))
		to := from
		if d.one(3) { // another resource altogether, but for what no PATCH changes
			v := d.resource(k)
			keepFixed(k, decoded(t, from), v)
			to = load[T](t, v)
		} else {
			for range 3 {
				op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body([]*operation{d.operation(k)}))
				if err == nil {
					if v, err := patch.Apply(to, op); err == nil {
						to = v
					}
				}
			}
		}
		if !leads(t, k, from, to) {
			found++
		}
		if op, err := patch.Diff(to, to); op != nil || err != nil {
			t.Errorf("to itself: %v %v", op, err)
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s\n%s", seed, text(decoded(t, from)), text(decoded(t, to)))
		}
	}
	require.Greater(t, found, n/3)
}

// keepFixed gives v the set immutable values of a resource.
func keepFixed(k *kindOf, stored, v doc) {
	for i, c := range k.all {
		from, to := stored, v
		if i > 0 {
			from, _ = stored[c.urn].(doc)
			if to, _ = v[c.urn].(doc); from == nil {
				continue
			}
			if to == nil {
				to = doc{}
				v[c.urn] = to
			}
		}
		for _, x := range c.traits {
			if from[x.name] == nil {
				continue
			}
			if x.mutable == schema.Immutable || x.required && to[x.name] == nil {
				to[x.name] = clone(from[x.name])
			}
			o, isDoc := from[x.name].(doc)
			for _, p := range x.parts {
				if isDoc && p.mutable == schema.Immutable && o[p.name] != nil {
					if to[x.name] == nil {
						to[x.name] = doc{}
					}
					asDoc(to[x.name])[p.name] = o[p.name]
				}
			}
		}
	}
}

// tables is a store that knows only Changes: a table of single values, and one of rows for each list.
type tables struct {
	values map[string]any
	rows   map[string][]any
}

func plainJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	var o any
	require.NoError(t, json.Unmarshal(text, &o))
	return o
}

func key(row any) any {
	if o, isDoc := row.(doc); isDoc {
		return o["value"]
	}
	return row
}

func (s *tables) change(t *testing.T, c patch.Change) {
	t.Helper()
	name := c.Schema + ":" + c.Attribute
	if c.SubAttribute != "" {
		name += "." + c.SubAttribute
	}
	keys, named := c.Keys()
	values, isList := plainJSON(t, c.Value).([]any)
	switch {
	case c.Attribute == "": // the whole extension
		for n := range s.values {
			if strings.HasPrefix(n, c.Schema+":") {
				delete(s.values, n)
			}
		}
		for n := range s.rows {
			if strings.HasPrefix(n, c.Schema+":") {
				delete(s.rows, n)
			}
		}
	case c.Op == "remove" && named:
		s.rows[name] = slices.DeleteFunc(s.rows[name], func(row any) bool { return slices.Contains(keys, asText(key(row))) })
	case c.Op == "remove":
		delete(s.values, name)
		delete(s.rows, name)
		for n := range s.values { // all parts
			if strings.HasPrefix(n, name+".") {
				delete(s.values, n)
			}
		}
	case isList:
		if c.Op == "replace" {
			s.rows[name] = nil
		}
		for _, row := range values {
			if !slices.ContainsFunc(s.rows[name], func(r any) bool { return key(r) == key(row) }) {
				s.rows[name] = append(s.rows[name], row)
			}
		}
	default:
		s.values[name] = plainJSON(t, c.Value)
	}
}

// A store that writes what Changes tells ends up with what Apply makes: members and exact strings by their keys, single values,
// parts of complex ones.
func TestChangesProperties(t *testing.T) {
	k := kindFor[Thing](t)
	for seed := range uint64(1500 / share) {
		d := newDice(seed, 17)
		v := doc{"serial": "s", "must": "m", "locked": false, "base": doc{"name": "n"}, "mustTags": []any{"x"}, sealURN: doc{"color": "c"}}
		stored := load[Thing](t, v)
		s := &tables{values: map[string]any{}, rows: map[string][]any{}}
		var done []string
		for range 1 + d.IntN(6) {
			text := d.delta()
			op, err := resource.Validate[resource.PatchOp[Thing]](resource.PatchRequest, []byte(`{"Operations":[`+text+`]}`))
			require.NoError(t, err, text)
			next, err := patch.Apply(stored, op)
			if err != nil {
				continue
			}
			changes, err := patch.Changes(op)
			require.NoError(t, err)
			for _, c := range changes {
				s.change(t, c)
			}
			stored = next
			done = append(done, text)
		}
		got := decoded(t, stored)
		for _, name := range []string{"members", "exacts"} {
			list, _ := got[name].([]any)
			assert.ElementsMatch(t, list, s.rows[thingURN+":"+name], "%s after %v", name, done)
		}
		for _, path := range []string{"title", "asked", "owner.since", "owner.pin"} {
			name, part, _ := strings.Cut(path, ".")
			have := got[name]
			if o, isDoc := have.(doc); isDoc {
				have = o[part]
			}
			assert.Equal(t, have, s.values[thingURN+":"+path], "%s after %v", path, done)
		}
		extra, _ := got[extraURN].(doc)
		assert.Equal(t, extra["title"], s.values[extraURN+":title"], "after %v", done)
		if t.Failed() {
			t.Fatalf("seed %d of %v", seed, k.all[0].urn)
		}
	}
}

// delta is an operation on members or single values.
func (d dice) delta() string {
	who := func() string { return among(d, "a", "A", "b", "c", "d") }
	one := func() object { return object{{"value", who()}, {"type", "User"}} }
	op := among(d, "add", "replace", "remove")
	path := among(d, "members", "exacts", "title", "asked", "owner.pin", "owner", extraURN+":title", extraURN, "")
	var v any = who()
	switch {
	case op == "remove" && (path == "members" || path == "exacts") && !d.one(6):
		path += `[value eq "` + who() + `"` + among(d, "", ` or value eq "`+who()+`"`) + `]`
		return text(object{{"op", op}, {"path", path}})
	case op == "remove":
		if path == "" {
			path = "title"
		}
		return text(object{{"op", op}, {"path", path}})
	case path == "members":
		v = []any{one(), one()}
	case path == "exacts":
		if v = []any{who(), who()}; op == "replace" {
			v = []any{who()} // a list may hold a value twice, as these rows do not
		}
	case path == "owner":
		v = object{{"pin", who()}}
	case path == extraURN+":title", path == extraURN:
		path, v = extraURN, object{{"title", who()}, {"name", "n"}}
	case path == "":
		return text(object{{"op", op}, {"value", object{{"title", who()}, {"members", []any{one()}}, {extraURN + ":title", who()}, {extraURN + ":name", "n"}}}})
	}
	return text(object{{"op", op}, {"path", path}, {"value", v}})
}
