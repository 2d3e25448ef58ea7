package resource_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// What Set is given on a compiled and on a runtime user, and what the document says then.
func TestSetUser(t *testing.T) {
	w := twins(t)[0]
	for _, c := range []struct {
		path  string
		value any
		want  string // of the document, "" that the path is unassigned
		kind  error
	}{
		{path: "userName", value: "x", want: `"userName":"x"`},
		{path: "URN:ietf:params:scim:schemas:core:2.0:User:USERNAME", value: "x", want: `"userName":"x"`},
		{path: "id", value: "7", want: `"id":"7"`},
		{path: "meta.location", value: "https://x/7", want: `"location":"https://x/7"`},
		{path: "meta.created", value: time.Date(2020, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)), want: `"created":"2020-01-02T0`},
		{path: "meta.lastModified", value: "2020-01-02T03:04:05+01:00", want: `"lastModified":"2020-01-02T02:04:05Z"`},
		{path: "meta", value: resource.Meta{Version: `W/"1"`}, want: `"meta":{"version":"W/\"1\""}`},
		{path: "meta", value: &resource.Meta{Version: `W/"1"`}, want: `"meta":{"version":"W/\"1\""}`},
		{path: "meta", value: nil},
		{path: "active", value: false, want: `"active":false`},
		{path: "active", value: new(false), want: `"active":false`},
		{path: "active", value: nil},
		{path: "active", value: (*bool)(nil)},
		{path: "title", value: fmt.Sprint("a", 1), want: `"title":"a1"`},
		{path: "title", value: resource.Secret("s"), want: `"title":"s"`},
		{path: "title", value: ""},
		{path: "title", value: nil},
		{path: "password", value: "p", want: `"password":"p"`},
		{path: "name.givenName", value: "G", want: `"givenName":"G"`},
		{path: "name.givenName", value: nil},
		{path: "name", value: map[string]any{"givenName": "G"}, want: `"name":{"givenName":"G"}`},
		{path: "name", value: json.RawMessage(`{"GIVENNAME":"G"}`), want: `"name":{"givenName":"G"}`},
		{path: "name", value: nil},
		{path: "emails", value: []map[string]any{{"value": "a@b"}, {"value": "c@d", "primary": true}}, want: `"emails":[{"value":"a@b"},{"value":"c@d","primary":true}]`},
		{path: "emails", value: map[string]any{"value": "a@b"}, want: `"emails":[{"value":"a@b"}]`},
		{path: "emails", value: json.RawMessage(`[{"value":"a@b"}]`), want: `"emails":[{"value":"a@b"}]`},
		{path: "emails", value: nil},
		{path: "emails", value: []any{}},
		{path: "profileUrl", value: "https://x", want: `"profileUrl":"https://x"`},
		{path: enterpriseURN + ":department", value: "D", want: `"department":"D"`},
		{path: enterpriseURN + ":MANAGER.value", value: "9", want: `"value":"9"`},
		{path: enterpriseURN + ":manager", value: map[string]string{"value": "9", "displayName": "N"}, want: `"manager":{"value":"9","displayName":"N"}`},
		{path: enterpriseURN, value: map[string]any{"department": "D"}, want: `"` + enterpriseURN + `":{"department":"D"}`},
		{path: enterpriseURN, value: json.RawMessage(`{"department":"D"}`), want: `"` + enterpriseURN + `":{"department":"D"}`},
		{path: enterpriseURN, value: nil},
		{path: enterpriseURN + ":department", value: nil},
		{path: "schemas", value: []string{"urn:x:y"}, want: `{`}, // what is written names what is there

		{path: "title", value: 5, kind: scimerrors.InvalidValue},
		{path: "title", value: []string{"a", "b"}, kind: scimerrors.InvalidValue},
		{path: "active", value: "yes", kind: scimerrors.InvalidValue},
		{path: "active", value: 1, kind: scimerrors.InvalidValue},
		{path: "name", value: "x", kind: scimerrors.InvalidValue},
		{path: "name", value: []any{}, kind: scimerrors.InvalidValue},
		{path: "emails", value: []any{5}, kind: scimerrors.InvalidValue},
		{path: "emails", value: make(chan int), kind: scimerrors.InvalidValue},
		{path: "emails", value: func() {}, kind: scimerrors.InvalidValue},
		{path: "meta.created", value: "today", kind: scimerrors.InvalidValue},
		{path: "profileUrl", value: "not a url", kind: scimerrors.InvalidValue},
		{path: "emails", value: json.RawMessage(`[`), kind: scimerrors.InvalidSyntax},
		{path: enterpriseURN, value: 5, kind: scimerrors.InvalidValue},
		{path: "", value: "x", kind: scimerrors.InvalidPath},
		{path: "unknown", value: "x", kind: scimerrors.InvalidPath},
		{path: "name.unknown", value: "x", kind: scimerrors.InvalidPath},
		{path: "urn:x:y:z", value: "x", kind: scimerrors.InvalidPath},
		{path: "urn:ietf:params:scim:schemas:core:2.0:User", value: "x", kind: scimerrors.InvalidPath},
		{path: "emails.value", value: "x", kind: scimerrors.InvalidPath},
		{path: `emails[type eq "work"].value`, value: "x", kind: scimerrors.InvalidPath},
		{path: `emails[type eq "work"]`, value: nil, kind: scimerrors.InvalidPath},
		{path: `emails[type eq`, value: nil, kind: scimerrors.InvalidPath},
	} {
		t.Run(fmt.Sprintf("%s/%T", c.path, c.value), func(t *testing.T) {
			var texts []string
			for _, of := range []twin{{of: w.of}, {of: w.made}} {
				v, err := resource.ValidateAs(of.of, resource.Storage, rfcFile(t, "rfc7643-8.3-user-enterprise.json"))
				require.NoError(t, err)
				before, err := resource.Marshal(resource.Storage, v)
				require.NoError(t, err)
				err = resource.Set(v, c.path, c.value)
				text, e := resource.Marshal(resource.Storage, v)
				require.NoError(t, e)
				texts = append(texts, string(text))
				if c.kind != nil {
					require.ErrorIs(t, err, c.kind)
					assert.Equal(t, 400, scimerrors.From(err).Status)
					assert.Equal(t, string(before), string(text), "a mistaken Set changes nothing")
					continue
				}
				require.NoError(t, err)
				if c.want != "" {
					assert.Contains(t, string(text), c.want)
					continue
				}
				got, err := resource.Get(v, c.path)
				require.NoError(t, err)
				assert.Nil(t, got)
			}
			assert.Equal(t, texts[0], texts[1])
		})
	}
}

func TestSetKinds(t *testing.T) {
	for _, c := range []struct {
		path  string
		value any
		want  any // of Get; nil that Set refuses the value
	}{
		{"stars", 4, uint8(4)}, {"stars", int64(4), uint8(4)}, {"stars", uint64(4), uint8(4)}, {"stars", 256, nil}, {"stars", -1, nil}, {"stars", 1.0, uint8(1)}, {"stars", 1.5, nil}, {"stars", json.RawMessage(`4`), uint8(4)}, {"stars", json.Number("4"), uint8(4)},
		{"floors", uint8(4), 4}, {"floors", new(int32(4)), 4}, {"floors", uint64(1 << 63), nil}, {"floors", "4", nil}, {"rating", 2, float32(2)}, {"rating", 2.5, float32(2.5)}, {"rating", "2.5", nil},
		{"open", true, true}, {"open", "false", nil}, {"key", []byte{1, 2}, []byte{1, 2}}, {"key", "AQI=", []byte{1, 2}}, {"key", []int{1}, nil}, {"tags", "a", []string{"a"}}, {"tags", []resource.Secret{"a"}, []string{"a"}}, {"tags", []any{"a", "b"}, []string{"a", "b"}}, {"tags", []any{"a", 5}, nil},
		{"nicks", []string{"a"}, []*string{new("a")}}, {"nicks", "a", []*string{new("a")}}, {"host.age", 7, 7}, {"host.phones", "1", []string{"1"}}, {"host", HotelHost{Name: "x"}, HotelHost{Name: "x"}}, {"host", &HotelHost{Name: "x"}, HotelHost{Name: "x"}},
		{"rooms", []HotelRoom{{Value: "1"}}, []*HotelRoom{{Value: "1"}}}, {"rooms", HotelRoom{Value: "1"}, []*HotelRoom{{Value: "1"}}}, {"rooms", "1", nil}, {"sold", time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC()},
		{"pin", "p", resource.Secret("p")}, {"urn:acme:x:spa:pools", 3, 3}, {"urn:acme:x:spa:lead.name", "n", "n"}, {"urn:acme:x:sauna:heat", 70, 70.0}, {"urn:acme:x:sauna", HotelSauna{Heat: 1}, &HotelSauna{Heat: 1}},
		{"urn:acme:x:sauna", &HotelSauna{Heat: 1}, &HotelSauna{Heat: 1}}, {"urn:acme:x:bar:drinks", "x", []string{"x"}}, {"urn:acme:x:bar", HotelBar{Drinks: []string{"x"}}, &HotelBar{Drinks: []string{"x"}}}, {"urn:acme:x:spa", map[string]any{"pools": 1}, &HotelSpa{Pools: new(1)}},
		{"urn:acme:x:spa", map[string]any{"urn:acme:x:sauna": map[string]any{"heat": 2}}, &HotelSpa{Sauna: &HotelSauna{Heat: 2}}},
	} {
		t.Run(fmt.Sprintf("%s/%T %v", c.path, c.value, c.value), func(t *testing.T) {
			for _, h := range []*Hotel{{}, {Floors: new(9), Host: &HotelHost{Name: "H"}, Spa: &HotelSpa{Pools: new(9), Sauna: &HotelSauna{Heat: 1}}}} {
				err := resource.Set(h, c.path, c.value)
				if c.want == nil {
					require.ErrorIs(t, err, scimerrors.InvalidValue)
					continue
				}
				require.ErrorIs(t, resource.Set(h, "host", map[string]any{"nom": "x"}), scimerrors.InvalidSyntax, "no part of it")
				require.NoError(t, err)
				assert.Equal(t, c.want, must(resource.Get(h, c.path)))
				require.NoError(t, resource.Set(h, c.path, nil))
				if c.path != "stars" { // which has no such state
					assert.Nil(t, must(resource.Get(h, c.path)))
				}
			}
		})
	}
	var none Hotel
	for _, path := range []string{"title", "host.name", "urn:acme:x:spa", "urn:acme:x:sauna", "urn:acme:x:sauna:heat", "urn:acme:x:spa:lead.name", "rooms", "urn:acme:x:bar:drinks", "meta.created"} {
		require.NoError(t, resource.Set(&none, path, nil))
	}
	assert.Equal(t, Hotel{}, none, "nothing is created to be unassigned")
}

// What the result of patch.Apply shares with the resource before, Set does not write to.
func TestSetShared(t *testing.T) {
	w := twins(t)[0]
	hotel := &Hotel{Title: "T", Floors: new(1), Host: &HotelHost{Name: "H", Age: new(1)}, Tags: []string{"a"}, Rooms: []*HotelRoom{{Value: "1"}}, Spa: &HotelSpa{Pools: new(1), Lead: &HotelHost{Name: "L"}, Sauna: &HotelSauna{Heat: 1}}, Bar: HotelBar{Drinks: []string{"d"}}}
	operations := func(path string) *resource.PatchOp[any] {
		return &resource.PatchOp[any]{Operations: []resource.PatchOperation{{Op: "replace", Path: path, Value: "changed"}}}
	}
	user := map[string]any{
		"name.givenName": "G", "name": nil, "emails": map[string]any{"value": "x"}, "active": false, "meta.location": "https://y", enterpriseURN + ":department": "D", enterpriseURN + ":manager.value": "9",
		enterpriseURN: nil, enterpriseURN + ":manager": nil, "userName": "other", "addresses": nil, "schemas": []string{"urn:x:y"}, "id": "8",
	}
	for _, of := range []struct {
		current any
		path    string
		sets    map[string]any
	}{
		{must(resource.ValidateAs(w.of, resource.Storage, rfcFile(t, "rfc7643-8.3-user-enterprise.json"))), "title", user},
		{must(resource.ValidateAs(w.made, resource.Storage, rfcFile(t, "rfc7643-8.3-user-enterprise.json"))), "title", user},
		{hotel, "title", map[string]any{
			"floors": 2, "host.name": "x", "host.age": 2, "host": nil, "tags": []string{"b"}, "rooms": nil, "urn:acme:x:spa:pools": 2, "urn:acme:x:spa:lead.name": "y", "urn:acme:x:sauna:heat": 5, "urn:acme:x:sauna": nil, "urn:acme:x:spa": map[string]any{"pools": 7}, "urn:acme:x:bar:drinks": "z",
		}},
	} {
		before, err := resource.Marshal(resource.Storage, of.current)
		require.NoError(t, err)
		for path, value := range of.sets {
			changed, err := patch.ApplyTo(of.current, operations(of.path))
			require.NoError(t, err)
			require.NotSame(t, of.current, changed)
			require.NoError(t, resource.Set(changed, path, value))
			after, err := resource.Marshal(resource.Storage, of.current)
			require.NoError(t, err)
			assert.Equal(t, string(before), string(after), path)
			now, err := resource.Marshal(resource.Storage, changed)
			require.NoError(t, err)
			assert.NotEqual(t, string(before), string(now), path)
		}
	}
}
