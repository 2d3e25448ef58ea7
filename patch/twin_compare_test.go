package patch_test

import (
	"bytes"
	"encoding/json"
	stderrors "errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// decoded is the document of a resource, without schemas: the twin does not keep that.
func decoded(tb testing.TB, v any) doc {
	tb.Helper()
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(tb, err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	o := doc{}
	require.NoError(tb, d.Decode(&o))
	delete(o, "schemas")
	return o
}

// body is a PATCH with these operations.
func body(ops []*operation) []byte {
	texts := make([]string, len(ops))
	for i, o := range ops {
		texts[i] = o.text()
	}
	return []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + strings.Join(texts, ",") + `]}`)
}

// kinds are the scimTypes of an error.
func kinds(tb testing.TB, err error) (list []errors.Type) {
	tb.Helper()
	var all errors.List
	if !stderrors.As(err, &all) {
		one, ok := stderrors.AsType[*errors.Error](err)
		require.True(tb, ok, "%T %v", err, err)
		all = errors.List{one}
	}
	for _, e := range all {
		list = append(list, e.Type)
	}
	return list
}

func sorted(list []errors.Type) []errors.Type {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

const twinCases = 3000 / share

func TestTwin(t *testing.T) {
	t.Run("Thing", func(t *testing.T) { compareTwins[Thing](t, twinCases) })
	t.Run("Person", func(t *testing.T) { compareTwins[Person](t, twinCases/3) })
	t.Run("Group", func(t *testing.T) { compareTwins[resource.Group](t, twinCases/3) })
}

func compareTwins[T any](t *testing.T, n int) {
	t.Helper()
	k := kindFor[T](t)
	changed, refused, wrong := 0, 0, 0
	for seed := range uint64(n) {
		d := newDice(seed, 7)
		stored := load[T](t, d.resource(k))
		ops := make([]*operation, 1+d.IntN(4))
		for i := range ops {
			ops[i] = d.operation(k)
		}
		strict := d.one(3)
		var opts []resource.Option
		if strict {
			opts = append(opts, resource.Strict())
		}
		want, faults := slowApply(k, decoded(t, stored), ops, strict)
		got, err := func() (*T, error) {
			op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body(ops), opts...)
			if err != nil {
				return nil, err
			}
			return patch.Apply(stored, op)
		}()
		switch {
		case err != nil && len(faults) == 0:
			t.Errorf("seed %d strict %t: refused as %v, not by the twin\n%s\n%s", seed, strict, err, text(decoded(t, stored)), body(ops))
			wrong++
		case err != nil:
			refused++
			if !slices.Equal(sorted(faults), sorted(kinds(t, err))) {
				t.Errorf("seed %d strict %t: refused as %v, by the twin as %v\n%s\n%s", seed, strict, err, faults, text(decoded(t, stored)), body(ops))
				wrong++
			}
		case len(faults) > 0:
			t.Errorf("seed %d strict %t: refused by the twin as %v\n%s\n%s", seed, strict, faults, text(decoded(t, stored)), body(ops))
			wrong++
		default:
			if have := decoded(t, got); !equal(want, have) {
				t.Errorf("seed %d strict %t:\n%s%s", seed, strict, differing(decoded(t, stored), want, have), body(ops))
				wrong++
			}
			if (got == stored) != equal(decoded(t, stored), decoded(t, got)) {
				t.Errorf("seed %d strict %t: %t\n%s\n%s", seed, strict, got == stored, text(decoded(t, stored)), body(ops))
				wrong++
			}
			if got != stored {
				changed++
			}
		}
		if wrong > 5 {
			t.Fatalf("after %d", seed)
		}
	}
	require.Greater(t, changed, n/10)
	require.Greater(t, refused, n/10)
}

// differing shows the attributes in which two results differ, and what they were made of.
func differing(stored, want, got doc) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !equal(want[name], got[name]) {
			fmt.Fprintf(&b, "%s: want %s\n got  %s\n from %s\n", name, text(want[name]), text(got[name]), text(stored[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if want[name] == nil {
			fmt.Fprintf(&b, "%s: want none\n got  %s\n from %s\n", name, text(got[name]), text(stored[name]))
		}
	}
	return b.String()
}

// load makes a resource of a document.
func load[T any](tb testing.TB, v doc) *T {
	tb.Helper()
	r, err := resource.Validate[T](resource.Storage, []byte(text(v)))
	require.NoError(tb, err, text(v))
	return r
}
