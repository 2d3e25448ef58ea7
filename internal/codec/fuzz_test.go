package codec_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// documents are the seeds: one for each thing that a decoder can get wrong.
var documents = []string{
	``, ` `, `{}`, ` { } `, `[]`, `null`, `"x"`, `1`, `tru`, `{"text":"a"} x`, `{"text":"a"}{}`, "\ufeff{}", `{`, `{"text"`, `{"text":`, `{"text":}`, `{"text":"a",}`, `{,}`,
	`{"text" "a"}`, `{"text":"a" "int":1}`, `{'text':1}`, `{text:1}`, "{\"text\":\"a\x00\"}", "{\"text\":\"\xff\"}", `{"text":"\ud800"}`, `{"text":"\ud83d\ude00"}`, `{"text":"\u00"}`, `{"text":"\x"}`,
	`{"text":"a","text":"b"}`, `{"text":"a","TEXT":"b"}`, `{"a":1,"a":2}`, `{"a":1,"A":2}`, `{"a":1,"\u0041":2}`, `{"part":{"a":1,"A":2}}`, `{"raw":{"a":1,"A":2}}`, `{"x":{"a":1,"A":2}}`,
	`{"x":1,"part":{"y":1,"x":2,"part":{"y":1}},"y":2,"parts":[{"x":1},{"x":1},{"y":1,"x":1}],"z":{"x":1,"y":{"x":1}},"w":[{"x":1},{"x":2}]}`, `{"x":1,"part":{"y":1},"X":3}`, `{"part":{"x":1,"leaf":{"y":1},"X":1}}`,
	`{"TEXT":"a","$REF":"b","PBOOL":true}`, `{"\u0074ext":"a"}`, `{"te\u017ft":"a"}`, `{"lea\u212a":1}`,
	`{"text":null,"bool":null,"int":null,"time":null,"bytes":null,"part":null,"raw":null,"any":null,"pPart":null,"parts":null,"anys":null,"urn:x:More":null,"schemas":null}`,
	`{"text":"","bool":"","int":"","time":"","bytes":"","part":"","raw":"","any":"","pPart":"","parts":"","raws":"","anys":"","urn:x:More":""}`,
	`{"texts":[],"parts":[],"raws":[],"leaves":[{}],"pParts":[{},null,{"value":null},{"parts":[]}]}`, `{"texts":["",null,"a",""]}`, `{"texts":[null,1]}`, `{"texts":"a","ints":1,"parts":{"value":"a"},"pBools":"True"}`,
	`{"parts":"a","part":"b","pPart":"c","pParts":["d","e"]}`, `{"leaf":"a"}`, `{"leaves":["a"]}`, `{"urn:x:More":"a"}`,
	`{"bool":"True","pBool":"FALSE","bools":["true",false]}`, `{"bool":"yes"}`, `{"bool":1}`, `{"bool":trues}`, `{"bool":t}`,
	`{"int":1,"int8":127,"int16":-32768,"int32":2147483647,"int64":9223372036854775807,"uint":1,"uint8":255,"uint64":18446744073709551615}`, `{"int8":128}`, `{"uint":-1}`, `{"uint":-0}`, `{"int":-0}`,
	`{"int":1.0}`, `{"int":1e2}`, `{"int":01}`, `{"int":"1"}`, `{"float64":1e400}`, `{"float32":1e39}`, `{"float32":0.1,"float64":-1.5E-3,"floats":[0,-0,1e-7]}`, `{"int64":9223372036854775808}`,
	`{"time":"2011-05-13T04:42:34Z","pTime":"2011-05-13T04:42:34.5+01:00","times":["2011-05-13T24:00:00Z"]}`, `{"time":"2011-05-13"}`, `{"time":"0001-01-01T00:00:00Z"}`, `{"time":1}`,
	`{"bytes":"AAEC","pBytes":"AA","blobs":["AA==","",null]}`, `{"bytes":"A"}`, `{"bytes":"AA=\n="}`, `{"bytes":[1]}`,
	`{"raw":{"a" : [1, 2.50]},"any":[null],"raws":[null,1,""],"anys":[null,1,""]}`, `{"raw":tru}`, `{"any":}`, `{"raws":1,"anys":{"a":1}}`,
	`{"schemas":["urn:x:Everything","urn:x:More","a",""],"urn:x:More":{"note":"a"},"urn:x:Other":{"number":1}}`, `{"schemas":[null]}`, `{"schemas":"urn:x:Everything"}`, `{"schemas":[1]}`, `{"schemas":[]}`,
	`{"URN:X:MORE":{"NOTE":"a"},"urn:x:other":{}}`, `{"leaf":{"shares":[{},{"percent":0},{"fixed":false}]}}`, `{"meta":{"version":"w/1","created":"2011-05-13T04:42:34Z"},"id":"1","externalId":"2"}`,
	`{"texts":["a","b","c","d","e","f","g","h","i","j","k","l"]}`, `{"parts":[{"value":"1"},{"value":"2"},{"value":"3"},{"value":"4"},{"value":"5"},{"value":"6"},{"value":"7"},{"value":"8"},{"value":"9"}]}`,
	`{"x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`, `{"x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, strings.Repeat(`{"part":`, 63) + "{}" + strings.Repeat("}", 63),
	strings.Repeat(`{"part":`, 64) + "{}" + strings.Repeat("}", 64), `{"texts":[` + strings.Repeat("1,", 120) + `1]}`, `{"texts":[` + strings.Repeat("1,", 120) + `x]}`,
}

// checkDecode compares Decode with its twin, and then writes and reads again what was read.
func checkDecode(t *testing.T, body string) {
	t.Helper()
	o := codec.Options{Mode: codec.Storage}
	before := []byte(body)
	want, wrong := slowDecode[Everything]([]byte(body))
	got, err := decode[Everything](body, o)
	assert.Equal(t, before, []byte(body))
	if wrong != nil || err != nil {
		checkFaults(t, err)
		assert.Equal(t, wrong == nil, err == nil, "%q: the twin says %v, Decode says %v", body, wrong, err)
		return
	}
	if !same(want, got) {
		assert.Equal(t, want, got, "%q", body)
	}
	if !assert.ObjectsAreEqual(got, again(t, got, o)) && !same(got, again(t, got, o)) {
		assert.Equal(t, got, again(t, got, o), "written and read once more, %q", body)
	}
	owned := o
	owned.Owned = true
	copied, err := decode[Everything](body, owned)
	require.NoError(t, err)
	assert.Equal(t, got, copied, "Owned")
}

// again writes a value and reads it.
func again(t *testing.T, v *Everything, o codec.Options) *Everything {
	t.Helper()
	text, err := encode(v, o)
	require.NoError(t, err, "what was read can be written")
	require.NoError(t, strictJSON(text), "%q", text)
	read, err := decode[Everything](string(text), o)
	require.NoError(t, err, "what was written can be read: %q", text)
	return read
}

// checkFaults looks at what Decode returns for an error.
func checkFaults(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var list errors.List
	switch err := err.(type) { //nolint:errorlint // these two are promised
	case *errors.Error:
		list = errors.List{err}
	case errors.List:
		list = err
		assert.Greater(t, len(list), 1)
	default:
		require.Fail(t, "neither", "%T %v", err, err)
	}
	assert.LessOrEqual(t, len(list), codec.MaxFaults)
	for _, e := range list {
		assert.Equal(t, 400, e.Status)
		assert.NotEmpty(t, e.Type)
		assert.NotEmpty(t, e.Detail)
	}
}

func TestDecodeDocuments(t *testing.T) {
	documents := slices.Clone(documents)
	for _, n := range []int{31, 32, 33, 999, 1000, 1001} { // where the way of finding names changes, and where it ends
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"n%d":%d`, i, i)
		}
		names := b.String()
		documents = append(documents, `{"text":"a"`+names+`}`, `{"part":{"value":"a"`+names+`},"x":1}`, `{"x":{`+names[1:]+`},"raw":{`+names[1:]+`},"y":1}`, `{"text":"a"`+names+`,"N7":1}`,
			`{"x":{`+names[1:]+`,"N30":1}}`, `{"x":1,"leaves":[{"name":"a"`+names+`},{"name":"b"`+names+`}],"y":1}`)
	}
	for i, body := range documents {
		t.Run(strconv.Itoa(i), func(t *testing.T) { checkDecode(t, body) })
	}
}

// Documents that are mostly right, which bytes at random never are.
func TestDecodeRandomDocuments(t *testing.T) {
	accepted := 0
	for seed := range uint64(3000) {
		d := random(seed, 2000)
		body := d.document(reflect.TypeFor[Everything]())
		checkDecode(t, body)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		if _, err := decode[Everything](body, codec.Options{}); err == nil {
			accepted++
		}
	}
	assert.Greater(t, accepted, 300, "enough documents to compare values")
	assert.Less(t, accepted, 2700, "enough documents to compare refusals")
}

func FuzzDecode(f *testing.F) {
	for _, body := range documents {
		f.Add([]byte(body))
	}
	for seed := range uint64(50) {
		d := random(seed, 500)
		f.Add([]byte(d.document(reflect.TypeFor[Everything]())))
	}
	f.Fuzz(func(t *testing.T, body []byte) { checkDecode(t, string(body)) })
}

// FuzzDocument is FuzzDecode for documents that are mostly right.
func FuzzDocument(f *testing.F) {
	for seed := range uint64(50) {
		f.Add([]byte(random(seed, 500)))
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		d := dice(bytes)
		checkDecode(t, d.document(reflect.TypeFor[Everything]()))
	})
}

// checkEncode writes a struct made of bytes.
func checkEncode(t *testing.T, bytes []byte) {
	t.Helper()
	build := func() *Everything {
		v, d := new(Everything), dice(bytes)
		d.fill(reflect.ValueOf(v).Elem(), 4)
		return v
	}
	v, untouched := build(), build()
	o := codec.Options{Mode: codec.Storage}
	text, err := encode(v, o)
	assert.True(t, identical(reflect.ValueOf(untouched), reflect.ValueOf(v)), "what is written stays as it is")
	if !finite(reflect.ValueOf(v).Elem()) {
		require.Error(t, err)
		assert.Nil(t, text)
		return
	}
	require.NoError(t, err)
	require.NoError(t, strictJSON(text), "%q", text)
	got, err := decode[Everything](string(text), o)
	require.NoError(t, err, "%q", text)
	want := new(Everything)
	reflect.ValueOf(want).Elem().Set(normal(reflect.ValueOf(v).Elem()))
	want.Schemas = []string{"urn:x:Everything"}
	if want.More != nil {
		want.Schemas = append(want.Schemas, "urn:x:More")
	}
	if written(reflect.ValueOf(want.Other), false) {
		want.Schemas = append(want.Schemas, "urn:x:Other")
	}
	if !same(want, got) {
		assert.Equal(t, want, got, "%q", text)
	}
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &members))
	there := []string{"urn:x:Everything"}
	for _, e := range attr.Of(reflect.TypeFor[Everything]()).Extensions {
		if members[e.Name] != nil {
			there = append(there, e.Name)
		}
	}
	declared, err := json.Marshal(there)
	require.NoError(t, err)
	assert.Equal(t, string(declared), string(members["schemas"]), "schemas names what is there")

	// Whatever the mode, what is written is JSON, and the struct stays as it is.
	for _, mode := range []codec.Mode{codec.Creation, codec.Replace, codec.Response} {
		o := codec.Options{Mode: mode, Requested: len(bytes)%2 == 0, Locate: locator("https://example.com/v2")}
		text, err := encode(v, o)
		if err == nil {
			require.NoError(t, strictJSON(text), "%q", text)
		}
		assert.True(t, identical(reflect.ValueOf(untouched), reflect.ValueOf(v)), "what is written stays as it is")
		whole, err2 := codec.Append([]byte("before"), attr.Of(reflect.TypeFor[Everything]()), reflect.ValueOf(v).Elem(), o)
		assert.Equal(t, err, err2)
		assert.Equal(t, "before"+string(text), string(whole), "appended")
	}
}

func TestEncodeRandomStructs(t *testing.T) {
	for seed := range uint64(2000) {
		checkEncode(t, random(seed, int(seed)))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte{})
	for seed := range uint64(50) {
		f.Add([]byte(random(seed, 400)))
	}
	f.Fuzz(func(t *testing.T, bytes []byte) { checkEncode(t, bytes) })
}

// FuzzModes decodes in every mode and with every option: no panic, nothing accepted that is no JSON, and what a request was
// accepted with is written and accepted again.
func FuzzModes(f *testing.F) {
	for i, body := range documents {
		f.Add([]byte(body), uint8(i), uint8(i))
	}
	for seed := range uint64(50) {
		d := random(seed, 500)
		f.Add([]byte(d.document(reflect.TypeFor[Everything]())), uint8(seed), uint8(seed/5))
	}
	f.Fuzz(func(t *testing.T, body []byte, mode, flags uint8) { checkModes(t, body, mode, flags) })
}

func TestModes(t *testing.T) {
	for seed := range uint64(5000) {
		d := random(seed, 1500)
		checkModes(t, []byte(d.document(reflect.TypeFor[Everything]())), uint8(d.roll(256)), uint8(d.roll(256)))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	for _, body := range documents {
		for mode := range uint8(5) {
			for flags := range uint8(16) {
				checkModes(t, []byte(body), mode, flags)
			}
		}
	}
}

func checkModes(t *testing.T, body []byte, mode, flags uint8) {
	t.Helper()
	o := codec.Options{Mode: codec.Mode(mode % 5)}
	if flags&1 != 0 {
		o.Strict, o.Off = true, opt.AllTolerances
	}
	o.RejectUnknown, o.Owned = flags&2 != 0, flags&4 != 0
	if flags&8 != 0 {
		o.Repaired = func(rule opt.Tolerance, path, _ string) {
			assert.True(t, o.Accepts(rule), "%q: a tolerance that is off mended %s", body, path)
		}
	}
	if flags&16 != 0 {
		o.Require = ^opt.Requirement(0)
	}
	v, err := decode[Everything](string(body), o)
	if err != nil {
		checkFaults(t, err)
		return
	}
	require.NoError(t, strictJSON(body))
	if o.Mode != codec.Creation && o.Mode != codec.Replace {
		return
	}
	text, err := encode(v, o)
	require.NoError(t, err)
	o.Strict, o.Off, o.RejectUnknown = true, opt.AllTolerances, true
	repeated, err := decode[Everything](string(text), o)
	require.NoError(t, err, "%q was accepted and written as %q", body, text)
	if !same(v, repeated) {
		assert.Equal(t, v, repeated, "%q", text)
	}
}
