package patch_test

import (
	stderrors "errors"
	"reflect"
	"testing"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// fuzzSeeds are as many generated bodies for each type as a short run can look at.
const fuzzSeeds = 60

// FuzzApply: whatever a client sends, the answer is a refusal that is the client's fault, or a resource that can be stored and
// read again; and the stored one is as it was.
func FuzzApply(f *testing.F) {
	for seed := range uint64(fuzzSeeds) {
		d := newDice(seed, 19)
		f.Add(body([]*operation{d.operation(kindFor[Thing](f)), d.operation(kindFor[Thing](f))}), byte(2*seed))
		f.Add(body([]*operation{d.operation(kindFor[Person](f)), d.operation(kindFor[Person](f))}), byte(2*seed+1))
	}
	f.Add([]byte(`{"Operations":[{"op":"remove","path":"`+sealURN+`","value":"x"}]}`), byte(0))
	f.Add([]byte(`{"Operations":[{"op":"add","path":"flags[value eq true]","value":true}]}`), byte(0))
	f.Add([]byte(`{"Operations":[{"op":"replace","path":"stamps[by eq \"a\"]","value":{"by":"a"}}]}`), byte(0))
	f.Add([]byte(`{"Operations":[{"op":"remove","path":"schemas[value co \"extra\"]"},{"op":"replace","path":"schemas","value":["`+thingURN+`","`+sealURN+`"]}]}`), byte(0))
	things, people := kindFor[Thing](f), kindFor[Person](f)
	f.Fuzz(func(t *testing.T, text []byte, which byte) {
		d := newDice(uint64(which/2), 23)
		if which%2 == 0 {
			applies[Thing](t, d.resource(things), text)
		} else {
			applies[Person](t, d.resource(people), text)
		}
	})
}

func applies[T any](t *testing.T, stored doc, text []byte) {
	t.Helper()
	for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
		op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, text, opts...)
		if err != nil {
			clientFault(t, err)
			continue
		}
		current, twin := load[T](t, stored), load[T](t, stored)
		roomy(reflect.ValueOf(current))
		v, err := patch.Apply(current, op)
		if !reflect.DeepEqual(current, twin) || !unwritten(reflect.ValueOf(current)) {
			t.Fatalf("the argument is changed by %s", text)
		}
		if _, err := patch.Changes(op); err != nil {
			t.Fatalf("Changes: %v of %s", err, text)
		}
		if err != nil {
			if v != nil {
				t.Fatalf("a result beside %v", err)
			}
			clientFault(t, err)
			continue
		}
		out, err := resource.Marshal(resource.Storage, v)
		if err != nil {
			t.Fatalf("%v after %s", err, text)
		}
		again, err := resource.Validate[T](resource.Storage, out)
		if err != nil {
			t.Fatalf("%v: %s after %s", err, out, text)
		}
		if resource.Check(resource.CreationRequest, current) == nil {
			if err := resource.Check(resource.CreationRequest, again); err != nil {
				t.Fatalf("%v: %s after %s", err, out, text)
			}
		}
		if _, err := resource.Marshal(resource.CreationRequest, v); err != nil {
			t.Fatalf("%v after %s", err, text)
		}
	}
}

// clientFault fails the test for an error that is no answer to a client.
func clientFault(t *testing.T, err error) {
	t.Helper()
	e, ok := stderrors.AsType[*errors.Error](err)
	if !ok || e.Status != 400 && e.Status != 413 || e.Status == 400 && e.Type == "" {
		t.Fatalf("%T %v", err, err)
	}
}

// FuzzDiff: Diff finds operations from any resource to any other, or says that an immutable value stands in the way.
func FuzzDiff(f *testing.F) {
	things, groups := kindFor[Thing](f), kindFor[resource.Group](f)
	for seed := range uint64(fuzzSeeds) {
		d := newDice(seed, 29)
		v := d.resource(things)
		w := d.resource(things)
		keepFixed(things, v, w)
		f.Add([]byte(text(v)), []byte(text(w)), false)
		f.Add([]byte(text(d.resource(groups))), []byte(text(d.resource(groups))), true)
	}
	f.Fuzz(func(t *testing.T, one, other []byte, group bool) {
		if group {
			between[resource.Group](t, groups, one, other)
		} else {
			between[Thing](t, things, one, other)
		}
	})
}

func between[T any](t *testing.T, k *kindOf, one, other []byte) {
	t.Helper()
	// What is in a database has come through Validate.
	from, err := resource.Validate[T](resource.CreationRequest, one)
	if err != nil {
		return
	}
	to, err := resource.Validate[T](resource.CreationRequest, other)
	if err != nil {
		return
	}
	_ = leads(t, k, from, to)
}
