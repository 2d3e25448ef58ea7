package etag_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/resource"
)

// FuzzOf: two resources have one tag exactly if they have one content, and a tag is well-formed and says nothing of what is never returned.
func FuzzOf(f *testing.F) {
	full := document(f, "rfc7643-8.3-user-enterprise")
	f.Add(full, bytes.Replace(full, []byte(`"Barbara"`), []byte(`"Babs"`), 1), false)
	f.Add(full, bytes.Replace(full, []byte("t1meMa$heen"), []byte("other"), 1), false)
	for seed := range uint64(30) {
		d := dice{rand.New(rand.NewPCG(seed, 1))}
		one, other := new(Device), new(Device)
		d.fill(reflect.ValueOf(one).Elem())
		d.fill(reflect.ValueOf(other).Elem())
		a, err := resource.Marshal(resource.Storage, one)
		require.NoError(f, err)
		b, err := resource.Marshal(resource.Storage, other)
		require.NoError(f, err)
		f.Add(a, b, true)
		f.Add(a, bytes.Replace(a, []byte(`"label`), []byte(`"lab`), 1), true)
	}
	f.Add([]byte(device(`,"owner":{"secret":"a"}`)), []byte(device(`,"owners":[{"secret":"b"}],"pin":"1"`)), true)
	f.Add([]byte(device(`,"load":-0,"loads":[0]`)), []byte(device(`,"load":0.0,"loads":[-0.0]`)), true)
	f.Fuzz(func(t *testing.T, one, other []byte, own bool) {
		if own {
			tags[Device](t, one, other)
		} else {
			tags[Account](t, one, other)
		}
	})
}

func tags[T any](t *testing.T, one, other []byte) {
	t.Helper()
	a, err := resource.Validate[T](resource.Storage, one)
	if err != nil {
		return
	}
	b, err := resource.Validate[T](resource.Storage, other)
	if err != nil {
		return
	}
	x, y := etag.Of(a), etag.Of(b)
	require.Regexp(t, weakTag, x)
	require.Equal(t, x, etag.Of(a), "once more")
	if same := slowContent(t, a) == slowContent(t, b); same != (x == y) {
		t.Fatalf("same content: %t, %s and %s\n%s\n%s", same, x, y, slowContent(t, a), slowContent(t, b))
	}
}

// slowContent is what counts for a version, as encoding/json writes it: all that is stored but meta, schemas, which follows from the rest, and
// what is never returned.
func slowContent(t *testing.T, v any) string {
	t.Helper()
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var members map[string]any
	require.NoError(t, d.Decode(&members))
	delete(members, "schemas")
	delete(members, "meta")
	text, err = json.Marshal(prune(members))
	require.NoError(t, err)
	return string(text)
}

// prune is a value without what is never returned, and without the complex values that have nothing else; nil where nothing is left.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if v[name] = prune(member); v[name] == nil || name == "password" || name == "pin" || name == "secret" {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i, e := range v {
			v[i] = prune(e)
		}
		if v = slices.DeleteFunc(v, func(e any) bool { return e == nil }); len(v) == 0 {
			return nil
		}
		return v
	case json.Number:
		if v == "-0" { // a number like 0
			return json.Number("0")
		}
	}
	return v
}
