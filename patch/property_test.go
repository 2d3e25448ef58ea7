package patch_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// roomy gives every slice spare room, in which an append would write without being noticed.
func roomy(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			roomy(v.Elem())
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			if f.CanSet() {
				roomy(f)
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		wide := reflect.MakeSlice(v.Type(), v.Len(), v.Len()+4)
		reflect.Copy(wide, v)
		v.Set(wide)
		for i := range v.Len() {
			roomy(v.Index(i))
		}
	default:
	}
}

// unwritten says whether the spare room of every slice is as it was.
func unwritten(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || unwritten(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !unwritten(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		all := v.Slice(0, v.Cap())
		for i := range all.Len() {
			if i >= v.Len() && !all.Index(i).IsZero() || i < v.Len() && !unwritten(all.Index(i)) {
				return false
			}
		}
	default:
	}
	return true
}

// history is one resource and what is done to it.
type history[T any] struct {
	d      dice
	k      *kindOf
	strict bool
	stored *T
	ops    []*operation
	op     *resource.PatchOp[T] // nil: refused
	result *T                   // nil: refused
}

func (h *history[T]) options() []resource.Option {
	if h.strict {
		return []resource.Option{resource.Strict()}
	}
	return nil
}

// histories calls f for n generated resources and operations.
func histories[T any](t *testing.T, n int, f func(t *testing.T, h *history[T])) {
	t.Helper()
	k := kindFor[T](t)
	for seed := range uint64(n) {
		h := &history[T]{d: newDice(seed, 11), k: k}
		h.strict = h.d.one(2)
		h.stored = load[T](t, h.d.resource(k))
		roomy(reflect.ValueOf(h.stored))
		h.ops = make([]*operation, 1+h.d.IntN(3))
		for i := range h.ops {
			h.ops[i] = h.d.operation(k)
		}
		before := decoded(t, h.stored)
		var err error
		if h.op, err = resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body(h.ops), h.options()...); err == nil {
			twice, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body(h.ops), h.options()...)
			require.NoError(t, err)
			if h.result, err = patch.Apply(h.stored, h.op); err != nil {
				require.Nil(t, h.result)
			}
			require.Equal(t, before, decoded(t, h.stored), "the argument is changed by %s", body(h.ops))
			require.True(t, unwritten(reflect.ValueOf(h.stored)), "the room behind a slice of the argument is written to by %s", body(h.ops))
			require.Equal(t, twice, h.op, "the operations are changed")
		}
		f(t, h)
		if t.Failed() {
			t.Fatalf("seed %d, strict %t: %s\n%s", seed, h.strict, body(h.ops), text(before))
		}
	}
}

// histories of each type.
func eachHistory(t *testing.T, n int, thing func(*testing.T, *history[Thing]), person func(*testing.T, *history[Person]), group func(*testing.T, *history[resource.Group])) {
	t.Helper()
	t.Run("Thing", func(t *testing.T) { histories(t, n, thing) })
	t.Run("Person", func(t *testing.T) { histories(t, n/3, person) })
	t.Run("Group", func(t *testing.T) { histories(t, n/3, group) })
}

// What Validate gives and Apply makes is well-formed, whatever the operations.
func TestApplyProperties(t *testing.T) {
	eachHistory(t, 1500/share, applied, applied, applied)
}

func applied[T any](t *testing.T, h *history[T]) {
	t.Helper()
	if h.op == nil {
		return
	}
	if raw := rawOperations(h); raw != nil { // 7644-3.5.2-08: what Validate splits and spells means the same
		got, err := patch.Apply(h.stored, raw)
		require.Equal(t, h.result == nil, err != nil, "%v", err)
		if err == nil {
			assert.Equal(t, decoded(t, h.result), decoded(t, got), "raw operations")
		}
	}
	again, err := patch.Apply(h.stored, h.op)
	if h.result == nil {
		require.Error(t, err)
		return
	}
	assert.Equal(t, decoded(t, h.result), decoded(t, again))
	urns := []string{h.k.all[0].urn}
	doc := decoded(t, h.result)
	for _, c := range h.k.all[1:] {
		if doc[c.urn] != nil {
			urns = append(urns, c.urn)
		}
	}
	if h.result != h.stored {
		assert.Equal(t, urns, resource.Common(h.result).Schemas) // 7644-3.5.2-13
	}
	if resource.Check(resource.CreationRequest, h.stored) == nil { // 7644-3.5.2-17
		require.NoError(t, resource.Check(resource.CreationRequest, h.result))
	}
	before := decoded(t, h.stored)
	h.k.lists(doc, func(c *container, x *trait, list []any) { // 7644-3.5.2-15
		assert.LessOrEqual(t, primaries(list), 1, x.name)
		old, _ := before[x.name].([]any)
		if c != h.k.all[0] {
			e, _ := before[c.urn].(map[string]any)
			old, _ = e[x.name].([]any)
		}
		if onlyAdds(h.ops) && distinct(x, old) { // 7644-3.5.2.1-10
			assert.True(t, distinct(x, list), "%s has an element twice: %s", x.name, text(list))
		}
	})
	if slices.IndexFunc(h.ops, func(o *operation) bool { return !plainReplace(o) }) < 0 {
		twice, err := patch.Apply(h.result, h.op)
		if assert.NoError(t, err) {
			assert.Same(t, h.result, twice, "a replace twice")
		}
	}
	_, err = resource.Marshal(resource.Storage, h.result)
	assert.NoError(t, err)
}

// lists calls f for each multi-valued attribute of a document.
func (k *kindOf) lists(v doc, f func(c *container, x *trait, list []any)) {
	for i, c := range k.all {
		h := v
		if i > 0 {
			h, _ = v[c.urn].(doc)
		}
		for _, x := range c.traits {
			if list, isList := h[x.name].([]any); isList {
				f(c, x, list)
			}
		}
	}
}

func primaries(list []any) (n int) {
	for _, e := range list {
		if o, isDoc := e.(doc); isDoc && o["primary"] == true {
			n++
		}
	}
	return n
}

func distinct(x *trait, list []any) bool {
	for i, e := range list {
		if at(x, list[:i], e) >= 0 {
			return false
		}
	}
	return true
}

func onlyAdds(ops []*operation) bool {
	return slices.IndexFunc(ops, func(o *operation) bool {
		return !strings.EqualFold(o.op, "add") || o.t != nil && (o.t.cond != nil || o.t.sub != nil) ||
			slices.IndexFunc(o.members, func(m keyed) bool { return m.t != nil && (m.t.cond != nil || m.t.sub != nil) }) >= 0
	}) < 0
}

// plainReplace says that an operation replaces whatever is there, without a filter, so that doing so twice is doing so once.
func plainReplace(o *operation) bool {
	return strings.EqualFold(o.op, "replace") && (o.t == nil || o.t.cond == nil) && slices.IndexFunc(o.members, func(m keyed) bool { return m.t != nil && m.t.cond != nil }) < 0
}

// rawOperations are the operations as somebody writes them in Go, who decides himself what happens where a filter matches
// nothing; nil where default mode decides otherwise.
func rawOperations[T any](h *history[T]) *resource.PatchOp[T] {
	raw := &resource.PatchOp[T]{}
	for _, o := range h.ops {
		if h.strict || o.t != nil && o.t.cond != nil && o.t.sub == nil && !strings.EqualFold(o.op, "add") || slices.ContainsFunc(o.members, func(m keyed) bool { return m.t != nil && m.t.cond != nil }) {
			return nil
		}
		w := resource.PatchOperation{Op: o.op, OnMiss: resource.MissCreate}
		if strings.EqualFold(o.op, "remove") || o.value == nil || o.value == "" {
			w.OnMiss = resource.MissIgnore
		}
		if o.t != nil {
			w.Path = o.t.text
		}
		if o.valued {
			w.Value = json.RawMessage(text(o.value))
		}
		raw.Operations = append(raw.Operations, w)
	}
	return raw
}

// The normal form is a fixed point: written and read again, it is the same (7643-2.3.8-04).
func TestNormalForm(t *testing.T) {
	eachHistory(t, 1500/share, normalised, normalised, normalised)
}

func normalised[T any](t *testing.T, h *history[T]) {
	t.Helper()
	if h.op == nil || len(h.op.Operations) == 0 || slices.ContainsFunc(h.op.Operations, h.k.unsaid) {
		return
	}
	written, err := resource.Marshal(resource.PatchRequest, h.op)
	require.NoError(t, err)
	again, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, written, h.options()...)
	require.NoError(t, err, "%s", written)
	assert.Equal(t, h.op, again, "%s", written)
	if h.result == nil {
		return
	}
	got, err := patch.Apply(h.stored, again)
	if assert.NoError(t, err) {
		assert.Equal(t, decoded(t, h.result), decoded(t, got))
	}
	some, err := patch.ApplyTo(h.stored, &resource.PatchOp[any]{Operations: h.op.Operations}) // runtime types
	if assert.NoError(t, err) {
		assert.Equal(t, decoded(t, h.result), decoded(t, some))
	}
	_, err = patch.Changes(h.op)
	assert.NoError(t, err)
}

// unsaid says that an operation is about a readOnly complex value, of which Marshal writes nothing, as in any request, or that
// it says of a readOnly time that there is none.
func (k *kindOf) unsaid(o resource.PatchOperation) bool {
	path, _, _ := strings.Cut(o.Path, "[")
	if when, ok := o.Value.(time.Time); ok && when.IsZero() {
		return true
	}
	c := k.all[0]
	for _, e := range k.all {
		if name, ok := strings.CutPrefix(path, e.urn+":"); ok {
			c, path = e, name
		}
	}
	x := named(c.traits, path)
	return x != nil && x.mutable == schema.ReadOnly && len(x.parts) > 0
}

// One stored resource may be patched by many requests at once: -race watches.
func TestApplyConcurrently(t *testing.T) {
	k := kindFor[Thing](t)
	d := newDice(1, 3)
	stored := load[Thing](t, d.resource(k))
	roomy(reflect.ValueOf(stored))
	var ops []*resource.PatchOp[Thing]
	for len(ops) < 40 {
		if op, err := resource.Validate[resource.PatchOp[Thing]](resource.PatchRequest, body([]*operation{d.operation(k), d.operation(k)})); err == nil {
			ops = append(ops, op)
		}
	}
	want := make([]any, len(ops))
	for i, op := range ops {
		v, err := patch.Apply(stored, op)
		want[i] = outcome(t, v, err)
	}
	var all sync.WaitGroup
	got := make([][]any, 8)
	for g := range got {
		all.Go(func() {
			for _, op := range ops {
				v, err := patch.Apply(stored, op)
				got[g] = append(got[g], outcome(t, v, err))
			}
		})
	}
	all.Wait()
	for _, list := range got {
		assert.Equal(t, want, list)
	}
}

func outcome(t *testing.T, v *Thing, err error) any {
	t.Helper()
	if err != nil {
		return err.Error()
	}
	return decoded(t, v)
}
