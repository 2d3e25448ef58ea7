package codec_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// repairs collects what tolerances mended, as path=got.
func repairs(list *[]string) codec.Options {
	var o codec.Options
	o.Mode = codec.Creation
	o.Repaired = func(_ opt.Tolerance, path, got string) { *list = append(*list, path+"="+got) }
	return o
}

// A document that ends in nonsense right after something that a tolerance mended.
func TestNonsenseAfterRepair(t *testing.T) {
	for _, body := range []string{
		`{"bool":"True","schemas":x`, `{"bool":"True","schemas":`, `{"bool":"True","schemas":tru}`, `{"bool":"True","schemas":[x]}`, `{"bool":"True","schemas":["a",x]}`,
		`{"bool":"True","texts":x}`, `{"bool":"True","parts":tru}`, `{"bool":"True","part":x}`, `{"bool":"True","unknown":x}`, `{"bool":"True","text":"`, `{"parts":"a","parts":x}`,
	} {
		var list []string
		o := repairs(&list)
		_, err := decode[Everything](body, o)
		require.Error(t, err, body)
		checkFaults(t, err)
		assert.ErrorIs(t, err, errors.InvalidSyntax, body)
	}
}

// RFC 7643 section 2.5: absent, null and [] are one state, whatever the attribute holds. Programs see it as the zero value.
func TestUnassigned(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Everything]())
	none, err := decode[Everything](`{}`, codec.Options{})
	require.NoError(t, err)
	for _, a := range p.Attributes {
		if a == p.Schemas { // has rules of its own
			continue
		}
		values := []string{"null"}
		if a.Op == attr.OpRaw && !a.MultiValued {
			values = nil // a RawMessage is any JSON, null too
		}
		if a.MultiValued {
			values = append(values, "[]", " [ ] ")
		}
		if a.MultiValued && a.Op != attr.OpRaw {
			values = append(values, "[null]", "[null,null]")
		}
		if a.MultiValued && a.Sub != nil {
			values = append(values, "[{}]", "[{},null,{}]", "[{}"+strings.Repeat(",{}", 20)+"]")
		}
		if a.MultiValued && a.Op == attr.OpString {
			values = append(values, `[""]`, `["",null]`, `""`)
		}
		if !a.MultiValued && a.Op != attr.OpRaw && a.Op != attr.OpAny {
			values = append(values, `""`)
		}
		if a.Sub != nil && !a.MultiValued {
			values = append(values, "{}", `{"unknown":1}`)
			if s := a.Sub.Attributes[0]; s.Op == attr.OpString {
				values = append(values, `{"`+s.Name+`":null}`, `{"`+s.Name+`":""}`)
			}
		}
		for _, value := range values {
			got, err := decode[Everything](`{"`+a.Name+`":`+value+`}`, codec.Options{})
			if assert.NoError(t, err, "%s: %s", a.Name, value) {
				assert.Equal(t, none, got, "%s: %s", a.Name, value)
			}
		}
	}
}

// Models of applications may hold value, $ref, type and primary in every way.
type Odd struct {
	Resource `scim:"urn:x:Odd"`

	Pointer  PointerValue    `json:"pointer,omitzero"`
	Pointers []*PointerValue `json:"pointers,omitempty"`
	List     ListValue       `json:"list,omitzero"`
	Lists    []ListValue     `json:"lists,omitempty"`
	Number   NumberValue     `json:"number,omitzero"`
}

type PointerValue struct {
	Value   *string `json:"value,omitempty"`
	Ref     *string `json:"$ref,omitempty" scim:"referenceTypes=User"`
	Type    *string `json:"type,omitempty"`
	Primary bool    `json:"primary,omitempty"`
}

type ListValue struct {
	Value   []string `json:"value,omitempty"`
	Ref     string   `json:"$ref,omitempty" scim:"referenceTypes=User"`
	Type    []string `json:"type,omitempty"`
	Primary []bool   `json:"primary,omitempty"`
}

type NumberValue struct {
	Value   int    `json:"value,omitempty"`
	Ref     string `json:"$ref,omitempty" scim:"referenceTypes=User"`
	Type    int    `json:"type,omitempty"`
	Primary string `json:"primary,omitempty"`
}

func TestBareValueOfEveryType(t *testing.T) {
	for _, mode := range []codec.Mode{codec.Storage, codec.Creation} {
		for _, body := range []string{`{"pointer":"a"}`, `{"pointers":["a"]}`, `{"pointers":"a"}`, `{"list":"a"}`, `{"lists":["a","b"]}`, `{"lists":"a"}`, `{"number":"1"}`} {
			v, err := decode[Odd](body, codec.Options{Mode: mode})
			checkFaults(t, err)
			if err != nil {
				continue // refused: as good as any
			}
			text, err := encode(v, codec.Options{Mode: mode})
			require.NoError(t, err)
			assert.Contains(t, string(text), `"a"`, "%s was accepted", body)
		}
	}
	v, err := decode[Odd](`{"pointers":[{"value":"a","primary":true},{"value":"b","primary":true}]}`, codec.Options{Mode: codec.Creation})
	require.Error(t, err, "%+v", v)
	assert.ErrorIs(t, err, errors.InvalidValue)
}

func TestReferenceToOddValues(t *testing.T) {
	a := "1"
	v := &Odd{List: ListValue{Value: []string{"1", "2"}}, Pointer: PointerValue{Value: &a}, Number: NumberValue{Value: 1}, Pointers: []*PointerValue{nil, {Value: &a}}}
	text, err := encode(v, codec.Options{Mode: codec.Storage, Locate: locator("https://example.com")})
	require.NoError(t, err)
	assert.JSONEq(t, `{"schemas":["urn:x:Odd"],"list":{"value":["1","2"]},"pointer":{"value":"1"},"number":{"value":1},"pointers":[{"value":"1"}]}`, string(text),
		"a $ref is made from a plain string, or else not at all")
}

// Strict has what a bare string leaves out, and rules of its own.
type Strict struct {
	Resource `scim:"urn:x:Strict"`

	Paired  Paired    `json:"paired,omitzero"`
	Pairs   []Paired  `json:"pairs,omitempty"`
	Hidden  Hidden    `json:"hidden,omitzero" scim:"mutability=writeOnly,returned=never"`
	Hiddens []Hidden  `json:"hiddens,omitempty" scim:"returned=never"`
	Pin     int8      `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never,positive"`
	When    time.Time `json:"when,omitzero" scim:"returned=never"`
	Link    string    `json:"link,omitempty" scim:"returned=never,referenceTypes=uri"`
	Switch  *bool     `json:"switch,omitempty" scim:"returned=never"`
	Words   []string  `json:"words,omitempty" scim:"returned=never"`
	Numbers []int8    `json:"numbers,omitempty" scim:"returned=never"`
}

type Paired struct {
	Value string `json:"value,omitempty" validate:"len=4"`
	Kind  string `json:"kind,omitempty" scim:"required"`
}

type Hidden struct {
	Value  string    `json:"value,omitempty"`
	Number int8      `json:"number,omitempty"`
	When   time.Time `json:"when,omitzero"`
	Link   string    `json:"link,omitempty" scim:"referenceTypes=uri"`
	Parts  []string  `json:"parts,omitempty"`
	Closed string    `json:"closed,omitempty" scim:"canonicalValues=a|b,closed"`
}

// A bare string stands for an object with that value, and what is demanded of the object is demanded of the string.
func TestBareValueIsChecked(t *testing.T) {
	rule := func(_ *attr.Attribute, v reflect.Value) *errors.Error {
		if v.Len() != 4 {
			return errors.New(errors.InvalidValue, "must be four characters long")
		}
		return nil
	}
	for _, mode := range []codec.Mode{codec.Creation} {
		for whole, bare := range map[string]string{
			`{"paired":{"value":"1234"}}`:              `{"paired":"1234"}`,  // kind is missing
			`{"pairs":[{"value":"1234"}]}`:             `{"pairs":["1234"]}`, // the same
			`{"paired":{"value":"12345","kind":"a"}}`:  `{"paired":"12345"}`, // too long
			`{"pairs":[{"value":"12345","kind":"a"}]}`: `{"pairs":"12345"}`,
		} {
			o := codec.Options{Mode: mode, Rule: rule}
			_, err := decode[Strict](whole, o)
			require.Error(t, err, whole)
			_, err = decode[Strict](bare, o)
			checkFaults(t, err)
			assert.ErrorIs(t, err, errors.InvalidValue, "%s is refused, %s is not", whole, bare)
		}
	}
}

// DESIGN section 3: reports of repairs never show a secret, and neither do errors, which clients log.
func TestSecretsAreNotShown(t *testing.T) {
	const secret = "hunter2"
	for _, body := range []string{
		`{"hidden":"hunter2"}`, `{"hiddens":"hunter2"}`, `{"hiddens":["hunter2"]}`, `{"hidden":{"value":"hunter2","unknown":"hunter2"}}`, `{"hidden":{"parts":"hunter2"}}`, `{"words":"hunter2"}`,
		`{"when":"hunter2"}`, `{"hidden":{"when":"hunter2"}}`, `{"link":"hunter2 hunter2"}`, `{"hidden":{"link":"hunter2 hunter2"}}`, `{"hidden":{"closed":"hunter2"}}`,
		`{"switch":"hunter2"}`, `{"pin":"hunter2"}`, `{"hidden":["hunter2"]}`, `{"hiddens":{"number":"hunter2"}}`,
		`{"pin":13371337}`, `{"pin":-13371337}`, `{"pin":1337.1337}`, `{"numbers":13371337}`, `{"hidden":{"number":13371337}}`, `{"hidden":13371337}`, `{"hiddens":[13371337]}`,
	} {
		for _, strict := range []bool{false, true} {
			var list []string
			o := repairs(&list)
			if strict {
				o.Strict, o.Off = true, opt.AllTolerances
			}
			_, err := decode[Strict](body, o)
			if err != nil {
				checkFaults(t, err)
				list = append(list, err.Error())
			}
			for _, said := range list {
				assert.NotContains(t, said, secret, body)
				assert.NotContains(t, said, "1337", body)
			}
		}
	}
}

// Beside has extensions that hold what zero means in every way.
type Beside struct {
	Resource `scim:"urn:x:Beside"`

	Plain PlainExt `json:"urn:x:PlainExt,omitzero"`
	Must  MustExt  `json:"urn:x:MustExt" scim:"required"`
	Ptr   *PtrExt  `json:"urn:x:PtrExt,omitempty"`
	Any   AnyExt   `json:"urn:x:AnyExt,omitzero"`
	Deep  DeepExt  `json:"urn:x:DeepExt,omitzero"`
}

type PlainExt struct {
	Extension `scim:"urn:x:PlainExt"`

	Flag   bool    `json:"flag"`
	Number int     `json:"number"`
	Share  float64 `json:"share"`
}

type MustExt struct {
	Extension `scim:"urn:x:MustExt"`

	Flag bool `json:"flag"`
}

type PtrExt struct {
	Extension `scim:"urn:x:PtrExt"`

	Time   *time.Time        `json:"time,omitempty"`
	Bytes  *[]byte           `json:"bytes,omitempty"`
	Times  []time.Time       `json:"times,omitempty"`
	Blobs  [][]byte          `json:"blobs,omitempty"`
	Texts  []*string         `json:"texts,omitempty"`
	Raws   []json.RawMessage `json:"raws,omitempty"`
	Hidden *string           `json:"hidden,omitempty" scim:"returned=never"`
}

type AnyExt struct {
	Extension `scim:"urn:x:AnyExt"`

	Any any             `json:"any"`
	Raw json.RawMessage `json:"raw"`
}

type DeepExt struct {
	Extension `scim:"urn:x:DeepExt"`

	Parts []Part `json:"parts,omitempty"`
	Part  *Part  `json:"part,omitempty"`
	Leaf  Leaf   `json:"leaf,omitzero"`
	Share Share  `json:"share,omitzero"`
}

// RFC 7643 section 3: schemas names what is present, no more and no less.
func TestSchemasNameWhatIsThere(t *testing.T) {
	no, zero, empty := "", time.Time{}, []byte{}
	for name, v := range map[string]*Beside{
		"nothing":           {},
		"plain":             {Plain: PlainExt{Flag: true}},
		"pointer":           {Ptr: &PtrExt{}},
		"zero time":         {Ptr: &PtrExt{Time: &zero}},
		"no bytes":          {Ptr: &PtrExt{Bytes: &empty}},
		"zero times":        {Ptr: &PtrExt{Times: []time.Time{zero}}},
		"empty blobs":       {Ptr: &PtrExt{Blobs: [][]byte{nil, empty}}},
		"nil texts":         {Ptr: &PtrExt{Texts: []*string{nil}}},
		"empty raws":        {Ptr: &PtrExt{Raws: []json.RawMessage{nil, {}}}},
		"blank raws":        {Ptr: &PtrExt{Raws: []json.RawMessage{json.RawMessage(" ")}}},
		"what stays hidden": {Ptr: &PtrExt{Hidden: new("a")}},
		"empty text":        {Ptr: &PtrExt{Texts: []*string{&no}}},
		"any":               {Any: AnyExt{Any: (*string)(nil), Raw: json.RawMessage(" ")}},
		"any part":          {Any: AnyExt{Any: Part{}}},
		"any text":          {Any: AnyExt{Any: "a"}},
		"empty parts":       {Deep: DeepExt{Parts: []Part{{}, {Leaves: []*Leaf{nil, {}}}}, Part: &Part{}}},
		"zero share":        {Deep: DeepExt{Leaf: Leaf{Shares: []Share{}}}},
		"share":             {Deep: DeepExt{Leaf: Leaf{Shares: []Share{{}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, mode := range []codec.Mode{codec.Storage, codec.Creation, codec.Response} {
				v.ID = "1"
				text, err := encode(v, codec.Options{Mode: mode})
				require.NoError(t, err, name)
				var members map[string]json.RawMessage
				var schemas []string
				require.NoError(t, json.Unmarshal(text, &members), "%s", text)
				require.NoError(t, json.Unmarshal(members["schemas"], &schemas))
				want := []string{"urn:x:Beside"}
				for _, e := range attr.Of(reflect.TypeFor[Beside]()).Extensions {
					if members[e.Name] != nil {
						want = append(want, e.Name)
					}
				}
				assert.Equal(t, want, schemas, "mode %d: %s", mode, text)
			}
		})
	}
}

// What can be written can be read again: the limit of depth holds for both.
func TestDepth(t *testing.T) {
	type Chain struct {
		Resource `scim:"urn:x:Chain"`

		Part *Part `json:"part,omitempty"`
	}
	for _, depth := range []int{1, 62, 63, 64, 65, 100} {
		v := &Chain{}
		v.Part = &Part{Value: "end"}
		for range depth - 2 {
			v.Part = &Part{Part: v.Part}
		}
		text, err := encode(v, codec.Options{})
		if err != nil {
			assert.Greater(t, depth, 64)
			continue
		}
		_, err = decode[Chain](string(text), codec.Options{})
		assert.NoError(t, err, "a document of %d levels was written", depth)
	}
}

// any holds what a program puts there: values of a PATCH, resources in a mixed list.
func TestAny(t *testing.T) {
	when := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
	yes := true
	for _, c := range []struct {
		v    any
		want string // "" is unassigned
	}{
		{nil, ""},
		{"a\"", `"a\""`},
		{Secret("a"), `"a"`},
		{"", `""`},
		{true, "true"},
		{false, "false"},
		{&yes, "true"},
		{-1, "-1"},
		{int8(-128), "-128"},
		{uint64(1<<64 - 1), "18446744073709551615"},
		{0.1, "0.1"},
		{float32(0.1), "0.1"},
		{1e300, "1e+300"},
		{when, `"2011-05-13T04:42:34Z"`},
		{&when, `"2011-05-13T04:42:34Z"`},
		{time.Time{}, ""},
		{[]byte{0, 1, 2}, `"AAEC"`},
		{json.RawMessage(` {"a": 1} `), `{"a": 1}`},
		{json.RawMessage(nil), ""},
		{json.Number("1.50"), "1.50"},
		{json.Number(""), ""},
		{(*Part)(nil), ""},
		{Part{Value: "a"}, `{"value":"a"}`},
		{&Part{Value: "a", Parts: []Part{{}}}, `{"value":"a"}`},
		{Part{}, ""},
		{[]Part{{Value: "a"}, {}, {Value: "b"}}, `[{"value":"a"},{"value":"b"}]`},
		{[]*Part{nil, {Value: "a"}, nil, {Value: "b"}}, `[{"value":"a"},{"value":"b"}]`},
		{[]any{nil, 1, nil, "a", []any{}, []any{nil}, 2}, `[1,"a",[],[],2]`},
		{[]string{"a", "b"}, `["a","b"]`},
		{[]string{}, "[]"},
		{[]time.Time{{}, when}, `["2011-05-13T04:42:34Z"]`},
		{map[string]any{"b": 1, "a": []string{"x"}, "c": nil, "d": Secret("s"), "e": map[string]bool{}}, `{"a":["x"],"b":1,"c":null,"d":"s","e":{}}`},
		{Everything{Text: "a"}, `{"schemas":["urn:x:Everything"],"text":"a"}`},
	} {
		text, err := encode(&Everything{Any: c.v}, codec.Options{})
		require.NoError(t, err, "%#v", c.v)
		want := `{"schemas":["urn:x:Everything"]`
		if c.want != "" {
			want += `,"any":` + c.want
		}
		assert.Equal(t, want+"}", string(text), "%#v", c.v)
	}
	for _, v := range []any{
		map[string]any{"a": func() {}}, map[int]string{1: "a"}, func() {}, make(chan int), complex(1, 2), [2]int{}, struct{ A int }{1}, json.RawMessage("{"), json.RawMessage("1 2"), json.Number("x"), json.Number(`"a"`),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), []float64{1, -1 / zero}, zero / zero,
	} {
		text, err := encode(&Everything{Any: v}, codec.Options{})
		var e *errors.Error
		if assert.ErrorAs(t, err, &e, "%#v gave %s", v, text) {
			assert.Equal(t, 500, e.Status)
			assert.Equal(t, "any", e.Path[:3])
		}
	}
}

var zero float64
