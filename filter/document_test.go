package filter_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// Loose has attributes that any JSON fits.
type Loose struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Loose"`

	Raw json.RawMessage `json:"raw,omitempty"`
	Any any             `json:"any,omitempty"`
}

func TestDocument(t *testing.T) {
	east := time.FixedZone("", 2*60*60)
	for _, c := range []struct {
		id   string
		v    any
		want string
	}{
		{"nothing assigned", &resource.User{}, `{}`},
		{"struct", resource.User{UserName: "x"}, `{"userName":"x"}`},
		{"folded unless case exact", &Device{Serial: "Ab", Label: "A\u212a", Note: new("\u00c9"), Home: "https://X"},
			`{"serial":"Ab","label":"` + filter.Fold("A\u212a") + `","note":"` + filter.Fold("\u00c9") + `","home":"https://X","count":0,"on":false}`},
		{"quoted", &Device{Serial: "\"\\\n\u2028'"}, `{"serial":"\"\\\n\u2028'","count":0,"on":false}`},
		{"numbers", &Device{Count: -1, Level: new(int8(0)), Size: math.MaxUint64, Ratio: 1e300, Weight: new(0.0), Scale: new(float32(0.1))},
			`{"count":-1,"level":0,"size":18446744073709551615,"ratio":1e+300,"weight":0,"scale":0.10000000149011612,"on":false}`},
		{"booleans", &Device{On: true, Off: new(false)}, `{"count":0,"on":true,"off":false}`},
		{"times in UTC, of one length", &Device{At: time.Date(2011, 5, 13, 6, 42, 34, 500, east), Times: []*time.Time{nil, new(time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC))}},
			`{"count":0,"on":false,"at":"2011-05-13T04:42:34.000000500Z","times":["2012-01-01T00:00:00.000000000Z"]}`},
		{"binary as hexadecimal", &Device{Blob: []byte{1, 0xab}, Blobs: [][]byte{{}, {2}}}, `{"count":0,"on":false,"blob":"01ab","blobs":["02"]}`},
		{"AMB-34/unassigned elements", &Device{Tags: []string{"", "B"}, Codes: []string{""}, Names: []*string{nil, new("N")}, Flags: []bool{false}, Counts: []int64{0}},
			`{"count":0,"on":false,"tags":["b"],"names":["n"],"counts":[0],"flags":[false]}`},
		{"complex", &Device{Part: Part{Value: "V", Code: "C"}, Parts: []Part{{}, {Size: new(1), Tags: []string{"", "X"}}}, More: []*Part{nil, {Primary: new(false)}}},
			`{"count":0,"on":false,"part":{"value":"v","code":"C"},"parts":[{"size":1,"tags":["x"]}],"more":[{"primary":false}]}`},
		{"7643-7-17/hidden", &Device{Hidden: []Part{{Value: "h"}}, Pin: "1234", Part: Part{Key: "k"}, Parts: []Part{{Key: "k"}}}, `{"count":0,"on":false}`},
		{"extensions", &Device{Extra: &Extra{Shelf: "S", Parts: []Plain{{Name: "N"}}}, Short: &Short{}},
			`{"count":0,"on":false,"` + extra + `":{"shelf":"S","parts":[{"name":"n","count":0}]}}`},
		{"schemas are not data", &resource.User{Resource: resource.Resource{Schemas: []string{"urn:x"}, ID: "A"}}, `{"id":"A"}`},
		{"any JSON is there", &Loose{Raw: json.RawMessage(`{"a":[1]}`), Any: false}, `{"raw":true,"any":true}`},
	} {
		t.Run(c.id, func(t *testing.T) {
			got, err := filter.Document(c.v)
			require.NoError(t, err)
			assert.JSONEq(t, c.want, string(got))
			again, err := filter.Document(&c.v) // a pointer to an interface
			require.NoError(t, err)
			assert.Equal(t, got, again)
		})
	}
}

func TestDocumentErrors(t *testing.T) {
	type loop struct{ resource.Resource } // without a schema
	for _, c := range []struct {
		id   string
		v    any
		text string
	}{
		{"NaN", &Device{Ratio: math.NaN()}, "scim: ratio is no number that JSON can hold"},
		{"infinite", &Device{Weight: new(math.Inf(1))}, "scim: weight is no number that JSON can hold"},
		{"in a list", &Device{Scales: []float32{1, float32(math.Inf(-1))}}, "scim: scales is no number that JSON can hold"},
		{"nil", nil, "scim: <nil> is no resource, or a nil pointer to one"},
		{"nil pointer", (*resource.User)(nil), "scim: *resource.User is no resource, or a nil pointer to one"},
		{"string", "x", "scim: string is no resource, or a nil pointer to one"},
		{"map", map[string]any{}, "scim: map[string]interface {} is no resource, or a nil pointer to one"},
		{"list", []resource.User{{}}, "scim: []resource.User is no resource, or a nil pointer to one"},
		{"plain struct", struct{}{}, "scim: struct {} is no resource"},
		{"complex value", &resource.Email{Value: "x"}, "scim: *resource.Email is no resource"},
		{"extension", &resource.EnterpriseUser{}, "scim: *resource.EnterpriseUser is no resource"},
		{"no schema", &loop{}, ""},
		{"wrong tag", &struct {
			resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Wrong"`

			C chan int `json:"c"`
		}{}, ""},
	} {
		t.Run(c.id, func(t *testing.T) {
			got, err := filter.Document(c.v)
			require.ErrorContains(t, err, c.text)
			assert.Empty(t, got)
		})
	}
}
