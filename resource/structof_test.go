package resource_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// thing is a schema with the attributes.
func thing(id, name string, attributes ...schema.Attribute) *schema.Schema {
	return &schema.Schema{Resource: resource.Resource{ID: id}, Name: name, Attributes: attributes}
}

func attribute(name string, kind schema.Type) schema.Attribute {
	return schema.Attribute{Name: name, Type: kind}
}

func several(name string, kind schema.Type, parts ...schema.Attribute) schema.Attribute {
	return schema.Attribute{Name: name, Type: kind, MultiValued: true, SubAttributes: parts}
}

// kindOf is the resource type of things, with extensions.
func kindOf(extensions ...string) *resource.ResourceType {
	rt := &resource.ResourceType{Name: "Thing", Endpoint: "/Things", Schema: "urn:acme:x:Thing"}
	for _, x := range extensions {
		rt.SchemaExtensions = append(rt.SchemaExtensions, resource.SchemaExtension{Schema: x})
	}
	return rt
}

// things is the type of things with the attributes.
func things(t *testing.T, attributes ...schema.Attribute) reflect.Type {
	t.Helper()
	made, err := resource.StructOf(kindOf(), thing("urn:acme:x:Thing", "Thing", attributes...))
	require.NoError(t, err)
	return made
}

// faultText is path and detail of each error in one.
func faultText(t *testing.T, err error) []string {
	t.Helper()
	var list scimerrors.List
	switch err := err.(type) { //nolint:errorlint // StructOf returns one or the other, unwrapped
	case *scimerrors.Error:
		list = scimerrors.List{err}
	case scimerrors.List:
		list = err
	default:
		t.Fatalf("%T %v", err, err)
	}
	texts := make([]string, len(list))
	for i, e := range list {
		assert.Equal(t, scimerrors.InvalidValue, e.Type)
		texts[i] = e.Path + ": " + e.Detail
	}
	return texts
}

func TestStructOfMistakes(t *testing.T) {
	base := thing("urn:acme:x:Thing", "Thing", attribute("a", schema.TypeString))
	x, y := thing("urn:acme:x:X", "X", attribute("b", schema.TypeString)), thing("urn:acme:x:Y", "Y", attribute("c", schema.TypeString), attribute("urn:acme:x:X", schema.TypeComplex))
	many := make([]schema.Attribute, 252)
	for i := range many {
		many[i] = attribute(fmt.Sprintf("a%d", i), schema.TypeString)
	}
	for _, c := range []struct {
		name    string
		rt      *resource.ResourceType
		schemas []*schema.Schema
		want    []string // words of the path and detail of each fault
	}{
		{"7643-6-05 no schemas", kindOf(), nil, []string{`schema: none of the schemas given has the id "urn:acme:x:Thing"`}},
		{"7643-6-05 base missing", kindOf("urn:acme:x:X"), []*schema.Schema{x}, []string{`schema: none of the schemas given has the id "urn:acme:x:Thing"`}},
		{"7643-6-05 two extensions missing", kindOf("urn:acme:x:X", "urn:no:1", "urn:no:2"), []*schema.Schema{base, x}, []string{`schemaExtensions[1].schema: none of the schemas given has the id "urn:no:1"`, `schemaExtensions[2].schema: none of the schemas given has the id "urn:no:2"`}},
		{"7643-6-05 extension in an extension missing", kindOf("urn:acme:x:Y"), []*schema.Schema{base, y}, []string{`urn:acme:x:Y:urn:acme:x:X: none of the schemas given has the id "urn:acme:x:X"`}},
		{"7643-6-05 no schema named", &resource.ResourceType{}, []*schema.Schema{base}, []string{`schema: none of the schemas given has the id ""`}},
		{"7643-6-05 long URI shortened", kindOf("urn:x:" + strings.Repeat("x", 500)), []*schema.Schema{base}, []string{`...`}},
		{"extension twice", kindOf("urn:acme:x:X", "URN:ACME:x:X"), []*schema.Schema{base, x}, []string{`schemaExtensions[1].schema: the extension urn:acme:x:X stands twice`}},
		{"extension twice, at different depths", kindOf("urn:acme:x:X", "urn:acme:x:Y"), []*schema.Schema{base, x, y}, []string{`urn:acme:x:Y:urn:acme:x:X: the extension urn:acme:x:X stands twice`}},
		{"base schema as its extension", kindOf("urn:acme:x:thing"), []*schema.Schema{base}, []string{`schemaExtensions[0].schema: the schema urn:acme:x:Thing is an extension of itself`}},
		{"base schema as an extension of an extension", kindOf("urn:acme:x:Z"), []*schema.Schema{base, thing("urn:acme:x:Z", "Z", attribute("z", schema.TypeString), attribute("urn:acme:x:Thing", schema.TypeComplex))}, []string{`urn:acme:x:Thing`}},
		{"extension of itself", kindOf("urn:acme:x:Z"), []*schema.Schema{base, thing("urn:acme:x:Z", "Z", attribute("z", schema.TypeString), attribute("urn:acme:x:z", schema.TypeComplex))}, []string{`the schema urn:acme:x:Z is an extension of itself`}},
		{
			"extension of itself around a corner", kindOf("urn:acme:x:Z"),
			[]*schema.Schema{base, thing("urn:acme:x:Z", "Z", attribute("urn:acme:x:W", schema.TypeComplex)), thing("urn:acme:x:W", "W", attribute("urn:acme:x:Z", schema.TypeComplex))},
			[]string{`the schema urn:acme:x:Z is an extension of itself`},
		},
		{"extension in an extension that is a string", kindOf("urn:acme:x:Z"), []*schema.Schema{base, x, thing("urn:acme:x:Z", "Z", attribute("urn:acme:x:X", schema.TypeString))}, []string{`urn:acme:x:Z:urn:acme:x:X: `}},
		{"extension in an extension that is a list", kindOf("urn:acme:x:Z"), []*schema.Schema{base, x, thing("urn:acme:x:Z", "Z", several("urn:acme:x:X", schema.TypeComplex))}, []string{`urn:acme:x:Z:urn:acme:x:X: `}},
		{"7643-7-04 complex without parts", kindOf(), []*schema.Schema{thing("urn:acme:x:Thing", "Thing", attribute("a", schema.TypeComplex))}, []string{`urn:acme:x:Thing:a: is complex and has no subAttributes`}},
		{"252 attributes and an extension", kindOf("urn:acme:x:X"), []*schema.Schema{thing("urn:acme:x:Thing", "Thing", many...), x}, []string{"257 attributes, 256 is the most"}},
		{"schemas made by hand with mistakes", kindOf("urn:acme:x:X", "urn:acme:x:Y"), []*schema.Schema{
			thing("urn:acme:x:Thing", "Thing", attribute("1", "number")), x, thing("urn:acme:x:Y", "Y"),
		}, []string{"schemas[0].attributes[0].name: ", "schemas[0].attributes[0].type: ", "schemas[2].attributes: is required", "schema: none of the schemas given", "schemaExtensions[1].schema: none of the schemas given"}},
		{"schema without anything", kindOf(), []*schema.Schema{{}}, []string{"schemas[0].id: ", "schemas[0].attributes: ", "schema: none of the schemas given"}},
		{"nil schemas", kindOf(), []*schema.Schema{nil, nil}, []string{"schema: none of the schemas given"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			made, err := resource.StructOf(c.rt, c.schemas...)
			require.Nil(t, made)
			texts := faultText(t, err)
			if !assert.Len(t, texts, len(c.want), "%v", texts) {
				return
			}
			for i, want := range c.want {
				assert.Contains(t, texts[i], want)
				assert.Less(t, len(texts[i]), 500)
			}
		})
	}
	made, err := resource.StructOf(nil, base)
	require.Error(t, err)
	require.Nil(t, made)
}

// What StructOf is given it leaves alone, and the same again gives the same type.
func TestStructOfTwice(t *testing.T) {
	base := thing("urn:acme:x:Thing", "Thing", attribute("a", ""), several("id", schema.TypeBoolean))
	x := thing("urn:acme:x:X", "X", attribute("b", "bool"), attribute("urn:acme:x:Y", schema.TypeComplex))
	y := thing("urn:acme:x:Y", "Y", attribute("c", schema.TypeString))
	before := fmt.Sprintf("%+v %+v %+v", *base, *x, *y)
	one, err := resource.StructOf(kindOf("urn:acme:x:X"), base, x, y)
	require.NoError(t, err)
	two, err := resource.StructOf(kindOf("URN:acme:x:X"), y, thing("urn:acme:x:Other", "Other", attribute("o", schema.TypeString)), x, nil, base)
	require.NoError(t, err)
	assert.Same(t, reflect.New(one).Type(), reflect.New(two).Type())
	assert.Equal(t, before, fmt.Sprintf("%+v %+v %+v", *base, *x, *y))
}

// Every data type, once and several times, through reading, writing, filter and PATCH.
func TestStructOfTypes(t *testing.T) {
	for _, c := range []struct {
		kind   schema.Type
		goes   reflect.Type
		values []string // JSON, in ascending order
		wrong  string
	}{
		{schema.TypeString, reflect.TypeFor[string](), []string{`"a"`, `"b"`}, `5`},
		{schema.TypeBoolean, reflect.TypeFor[bool](), []string{`false`, `true`}, `"yes"`},
		{schema.TypeInteger, reflect.TypeFor[int64](), []string{`-9223372036854775808`, `9007199254740993`}, `1.5`},
		{schema.TypeDecimal, reflect.TypeFor[float64](), []string{`-0.5`, `0.1`}, `"1"`},
		{schema.TypeDateTime, reflect.TypeFor[time.Time](), []string{`"2011-05-13T04:42:34Z"`, `"2012-01-01T00:00:00.5Z"`}, `"2011-05-13"`},
		{schema.TypeBinary, reflect.TypeFor[[]byte](), []string{`"AQID"`, `"AQIE"`}, `"@@@"`},
		{schema.TypeReference, reflect.TypeFor[string](), []string{`"Users/1"`, `"https://x/y"`}, `"not a url"`},
		{schema.TypeComplex, nil, []string{`{"part":"a"}`, `{"part":"b"}`}, `5`},
	} {
		t.Run("7643-7-03/"+string(c.kind), func(t *testing.T) {
			one, list := attribute("one", c.kind), several("list", c.kind)
			if c.kind == schema.TypeComplex {
				one.SubAttributes = []schema.Attribute{attribute("part", schema.TypeString)}
				list.SubAttributes = one.SubAttributes
			}
			made := things(t, one, list)
			body := `{"schemas":["urn:acme:x:Thing"],"one":` + c.values[1] + `,"list":[` + strings.Join(c.values, ",") + `]}`
			v, err := resource.ValidateAs(made, resource.CreationRequest, []byte(body))
			require.NoError(t, err)
			text, err := resource.Marshal(resource.Storage, v)
			require.NoError(t, err)
			assert.Equal(t, body, string(text))
			if got, err := resource.Get(v, "one"); assert.NoError(t, err) && c.goes != nil {
				assert.Equal(t, c.goes, reflect.TypeOf(got))
			}
			if got, err := resource.Get(v, "list"); assert.NoError(t, err) && c.goes != nil {
				assert.Equal(t, reflect.SliceOf(c.goes), reflect.TypeOf(got))
			}
			for _, wrong := range []string{`{"one":` + c.wrong + `}`, `{"list":[` + c.wrong + `]}`} {
				_, err := resource.ValidateAs(made, resource.CreationRequest, []byte(wrong))
				require.ErrorIs(t, err, scimerrors.InvalidValue)
			}
			// unassigned is not the zero value
			for _, none := range []string{`{}`, `{"one":null,"list":[]}`} {
				v, err := resource.ValidateAs(made, resource.CreationRequest, []byte(none))
				require.NoError(t, err)
				text, err := resource.Marshal(resource.Storage, v)
				require.NoError(t, err)
				assert.JSONEq(t, `{"schemas":["urn:acme:x:Thing"]}`, string(text))
			}
			part := ""
			if c.kind == schema.TypeComplex {
				part = ".part"
			}
			f, err := filter.CompileType(made, "one"+part+" pr and list"+part+" pr")
			require.NoError(t, err)
			assert.True(t, f.Match(v))
			assert.False(t, f.Match(reflect.New(made).Interface()))
			op, err := resource.ValidateAs(made, resource.PatchRequest, []byte(`{"Operations":[{"op":"replace","path":"one","value":`+c.values[0]+`},{"op":"remove","path":"list"},{"op":"add","value":{"list":[`+c.values[1]+`]}}]}`))
			require.NoError(t, err)
			changed, err := patch.ApplyTo(v, as[*resource.PatchOp[any]](op))
			require.NoError(t, err)
			text, err = resource.Marshal(resource.Storage, changed)
			require.NoError(t, err)
			assert.JSONEq(t, `{"schemas":["urn:acme:x:Thing"],"one":`+c.values[0]+`,"list":[`+c.values[1]+`]}`, string(text))
		})
	}
}

// A multi-valued complex attribute without subAttributes has those of RFC 7643 section 2.4.
func TestStructOfDefaultParts(t *testing.T) {
	made := things(t, several("links", schema.TypeComplex), attribute("untyped", ""))
	t.Run("7643-2.4-03 exactly these", func(t *testing.T) {
		body := `{"schemas":["urn:acme:x:Thing"],"links":[{"value":"v","display":"d","type":"WORK","primary":true,"$ref":"https://x/y"}]}`
		v, err := resource.ValidateAs(made, resource.CreationRequest, []byte(body), resource.RejectUnknown())
		require.NoError(t, err)
		text, err := resource.Marshal(resource.Storage, v)
		require.NoError(t, err)
		assert.Equal(t, body, string(text))
		for _, other := range []string{"formatted", "ref", "name"} {
			_, err := resource.ValidateAs(made, resource.CreationRequest, []byte(`{"links":[{"value":"v","`+other+`":"x"}]}`), resource.RejectUnknown())
			require.ErrorIs(t, err, scimerrors.InvalidSyntax)
		}
		_, err = resource.ValidateAs(made, resource.CreationRequest, []byte(`{"links":[{"value":"a","primary":true},{"value":"b","primary":true}]}`))
		require.ErrorIs(t, err, scimerrors.InvalidValue)
	})
	t.Run("7643-2.4-06 display is immutable", func(t *testing.T) {
		v, err := resource.ValidateAs(made, resource.CreationRequest, []byte(`{"links":[{"value":"v","display":"d"},{"value":"w"}]}`))
		require.NoError(t, err)
		for text, kind := range map[string]error{
			`{"op":"replace","path":"links[value eq \"v\"].display","value":"e"}`: scimerrors.Mutability,
			`{"op":"remove","path":"links[value eq \"v\"].display"}`:              scimerrors.Mutability,
			`{"op":"replace","path":"links[value eq \"v\"].display","value":"d"}`: nil,
			`{"op":"replace","path":"links[value eq \"w\"].display","value":"e"}`: nil,
			`{"op":"replace","path":"links[value eq \"v\"].type","value":"work"}`: nil,
		} {
			op, err := resource.ValidateAs(made, resource.PatchRequest, []byte(`{"Operations":[`+text+`]}`))
			require.NoError(t, err, text)
			_, err = patch.ApplyTo(v, as[*resource.PatchOp[any]](op))
			require.ErrorIs(t, err, kind, text)
		}
	})
	t.Run("7643-2.2-02 type is string", func(t *testing.T) {
		_, err := resource.ValidateAs(made, resource.CreationRequest, []byte(`{"untyped":5}`))
		require.ErrorIs(t, err, scimerrors.InvalidValue)
	})
}
