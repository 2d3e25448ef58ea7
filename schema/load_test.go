package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// loading is a document for Load: given whole, or as the list of attributes of an otherwise faultless schema.
type loading struct {
	name       string
	attributes string
	whole      string
	want       []string // path, a colon, a blank, and words of the detail
}

func (c loading) document() string {
	if c.whole != "" {
		return c.whole
	}
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:acme:x:Thing","name":"Thing","description":"","attributes":[` + c.attributes + `]}`
}

// typed is a definition of the RFC's form, with more members.
func typed(name, kind, more string) string {
	return fmt.Sprintf(`{"name":%q,"type":%q,"multiValued":false%s}`, name, kind, more)
}

var faulty = []loading{
	{name: "7643-7-02 no name", attributes: `{"type":"string","multiValued":false}`, want: []string{"attributes[0].name: is required"}},
	{name: "7643-7-02 empty name", attributes: typed("", "string", ""), want: []string{"attributes[0].name: is required"}},
	{name: "7643-7-02 name null", attributes: `{"name":null,"type":"string","multiValued":false}`, want: []string{"attributes[0].name: is required"}},
	{name: "7643-7-02 no name of a part", attributes: typed("a", "complex", `,"subAttributes":[{"type":"string","multiValued":false}]`), want: []string{"attributes[0].subAttributes[0].name: is required"}},
	{name: "7643-7-02 name of another type", attributes: `{"name":5,"type":"string","multiValued":false}`, want: []string{"attributes[0].name: string"}},
	{name: "7643-7-02 multiValued of another type", attributes: `{"name":"a","type":"string","multiValued":"yes"}`, want: []string{"attributes[0].multiValued: must be true or false"}},
	{name: "7643-2.1-02 digit first", attributes: typed("1abc", "string", ""), want: []string{`attributes[0].name: "1abc" is not an attribute name`}},
	{name: "7643-2.1-02 blank", attributes: typed("a b", "string", ""), want: []string{`attributes[0].name: "a b"`}},
	{name: "7643-2.1-02 not ASCII", attributes: typed("ä", "string", ""), want: []string{`attributes[0].name: "ä"`}},
	{name: "7643-2.1-02 dot", attributes: typed("a.b", "string", ""), want: []string{`attributes[0].name: "a.b"`}},
	{name: "7643-2.1-02 dollar alone", attributes: typed("$", "string", ""), want: []string{`attributes[0].name: "$"`}},
	{name: "7643-2.1-02 quote", attributes: typed(`a"b`, "string", ""), want: []string{"attributes[0].name: is not an attribute name"}},
	{name: "7643-2.1-02 URI of a part", attributes: typed("a", "complex", `,"subAttributes":[`+typed("urn:a:b", "string", "")+`]`), want: []string{`attributes[0].subAttributes[0].name: "urn:a:b"`}},
	{name: "7643-2.1-02 long name shortened", attributes: typed(strings.Repeat("é", 5000), "string", ""), want: []string{`attributes[0].name: ...`}},
	{name: "name twice", attributes: typed("a", "string", "") + "," + typed("b", "string", "") + "," + typed("A", "integer", ""), want: []string{`attributes[2].name: "A" is defined twice`}},
	{name: "name of a part twice", attributes: typed("a", "complex", `,"subAttributes":[`+typed("b", "string", "")+","+typed("B", "string", "")+`]`), want: []string{`attributes[0].subAttributes[1].name: twice`}},
	{name: "7643-7-03 number", attributes: typed("a", "number", ""), want: []string{`attributes[0].type: "number" is none of string, boolean`}},
	{name: "7643-2.3-01 new type", attributes: typed("a", "date", ""), want: []string{`attributes[0].type: "date"`}},
	{name: "7643-7-03 type of another type", attributes: `{"name":"a","type":{},"multiValued":false}`, want: []string{"attributes[0].type: string"}},
	{name: "7643-7-03 unknown type with parts", attributes: typed("a", "object", `,"subAttributes":[`+typed("b", "string", "")+`]`), want: []string{`attributes[0].type: "object"`, "attributes[0].subAttributes: belong to attributes of type complex"}},
	{name: "7643-1.2-01 parts of a string", attributes: typed("a", "string", `,"subAttributes":[`+typed("b", "string", "")+`]`), want: []string{"attributes[0].subAttributes: complex, not string"}},
	{name: "7643-1.2-01 parts of a reference", attributes: typed("a", "reference", `,"subAttributes":[`+typed("b", "string", "")+`]`), want: []string{"attributes[0].subAttributes: complex, not reference"}},
	{name: "7643-2.3.8-03 complex in complex", attributes: typed("a", "complex", `,"subAttributes":[`+typed("b", "complex", `,"subAttributes":[`+typed("c", "string", "")+`]`)+`]`), want: []string{`attributes[0].subAttributes[0].type: cannot hold the complex attribute "b"`}},
	{name: "7643-7-04 complex part without parts", attributes: typed("a", "complex", `,"subAttributes":[`+typed("b", "complex", "")+`]`), want: []string{`attributes[0].subAttributes[0].type: "b"`}},
	{name: "7643-7-07 mutability in another case", attributes: typed("a", "string", `,"mutability":"readwrite"`), want: []string{`attributes[0].mutability: "readwrite" is none of readWrite, readOnly, immutable, writeOnly`}},
	{name: "7643-7-07 unknown returned", attributes: typed("a", "string", `,"returned":"sometimes"`), want: []string{`attributes[0].returned: "sometimes" is none of default, always, never, request`}},
	{name: "7643-7-07 returned in another case", attributes: typed("a", "string", `,"returned":"Always"`), want: []string{`attributes[0].returned: "Always"`}},
	{name: "7643-7-07 mutability of another type", attributes: typed("a", "string", `,"mutability":true`), want: []string{"attributes[0].mutability: string"}},
	{name: "7643-7-08 referenceTypes of a string", attributes: typed("a", "string", `,"referenceTypes":["User"]`), want: []string{"attributes[0].referenceTypes: type reference, not string"}},
	{name: "7643-7-08 one referenceType of a complex", attributes: typed("a", "complex", `,"referenceTypes":"User","subAttributes":[`+typed("b", "string", "")+`]`), want: []string{"attributes[0].referenceTypes: not complex"}},
	{name: "7643-7-08 referenceTypes of objects", attributes: typed("a", "reference", `,"referenceTypes":[{}]`), want: []string{"attributes[0].referenceTypes[0]: string"}},
	{name: "7643-7-12 no id", whole: `{"name":"Thing","attributes":[` + typed("a", "string", "") + `]}`, want: []string{"id: is required"}},
	{name: "7643-7-12 id that is no URI", whole: `{"id":"Thing","name":"Thing","attributes":[` + typed("a", "string", "") + `]}`, want: []string{`id: "Thing" is no URI`}},
	{name: "7643-7-12 id with a blank", whole: `{"id":"urn:a b:c","name":"Thing","attributes":[` + typed("a", "string", "") + `]}`, want: []string{`id: "urn:a b:c" is no URI`}},
	{name: "no attributes", whole: `{"id":"urn:acme:x:Thing","name":"Thing"}`, want: []string{"attributes: is required"}},
	{name: "empty attributes", whole: `{"id":"urn:acme:x:Thing","name":"Thing","attributes":[]}`, want: []string{"attributes: is required"}},
	{name: "7643-3.1-13 only common attributes", attributes: typed("id", "string", "") + "," + typed("META", "complex", ""), want: []string{"attributes: is required"}},
	{name: "attributes that are no objects", attributes: `5`, want: []string{"attributes[0]: object"}},
	{name: "attributes as text", whole: `{"id":"urn:acme:x:Thing","name":"Thing","attributes":"a"}`, want: []string{"attributes"}},
	{name: "empty object", whole: `{}`, want: []string{"id: is required", "attributes: is required"}},
	{
		name: "all at once, in the order of the document",
		whole: `{"id":"Thing","attributes":[` + typed("1", "number", `,"mutability":"readwrite","returned":"sometimes","uniqueness":"local","referenceTypes":["User"],"subAttributes":[{"name":"x"}]`) + `,{"type":"bool"},` +
			typed("c", "complex", `,"subAttributes":[`+typed("d", "string", `,"returned":"x"`)+`,`+typed("D", "complex", "")+`]`) + `]}`,
		want: []string{
			`id: is no URI`, `attributes[0].name: "1"`, `attributes[0].type: "number"`, `attributes[0].mutability: "readwrite"`, `attributes[0].returned: "sometimes"`,
			`attributes[0].referenceTypes: not string`, `attributes[0].subAttributes: not string`, `attributes[1].name: is required`,
			`attributes[2].subAttributes[0].returned: "x"`, `attributes[2].subAttributes[1].name: twice`, `attributes[2].subAttributes[1].type: complex`,
		},
	},
}

// Faults that leave nothing to load: each with its path, in the order of the document.
func TestLoadFaults(t *testing.T) {
	require.NotEmpty(t, faulty)
	for _, c := range faulty {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := schema.Load([]byte(c.document()))
			require.Nil(t, s)
			isRefusal(t, err)
			saysAll(t, c.want, scimerrors.List(faultsIn(err)))
		})
	}
}

var repairable = []loading{
	{name: "nothing to repair", attributes: typed("a", "string", "")},
	{name: "7643-2.1-02 all names of the grammar", attributes: typed("$ref", "reference", "") + "," + typed("x-y", "string", "") + "," + typed("a_1", "string", "") + "," + typed("Z$", "string", "")},
	{name: "7643-7-03 bool", attributes: typed("a", "bool", ""), want: []string{`attributes[0].type: "bool" stands for boolean`}},
	{name: "7643-7-03 int", attributes: typed("a", "int", ""), want: []string{`attributes[0].type: "int" stands for integer`}},
	{name: "7643-7-03 type in another case", attributes: typed("a", "Boolean", "") + "," + typed("b", "datetime", "") + "," + typed("c", "STRING", ""), want: []string{`attributes[0].type: boolean`, `attributes[1].type: dateTime`, `attributes[2].type: string`}},
	{name: "7643-2.2-02 no type", attributes: `{"name":"a","multiValued":false}`, want: []string{"attributes[0].type: taken as string"}},
	{name: "7643-7-02 no type with parts", attributes: `{"name":"a","multiValued":false,"subAttributes":[` + typed("b", "string", "") + `]}`, want: []string{"attributes[0].type: complex"}},
	{name: "7643-7-02 no multiValued", attributes: `{"name":"a","type":"string"}`, want: []string{"attributes[0].multiValued: taken as false"}},
	{name: "7643-7-02 boolean as a string", attributes: `{"name":"a","type":"string","multiValued":"True","required":"false"}`, want: []string{"attributes[0].multiValued: is a string", "attributes[0].required: is a string"}},
	{name: "7643-7-07 uniqueness local", attributes: typed("a", "string", `,"uniqueness":"local"`), want: []string{`attributes[0].uniqueness: "local" is none of none, server and global; taken as none`}},
	{name: "7643-7-07 uniqueness in another case", attributes: typed("a", "string", `,"uniqueness":"Server"`), want: []string{`attributes[0].uniqueness: "Server"`}},
	{name: "7643-7-08 referenceTypes is a string", attributes: typed("a", "reference", `,"referenceTypes":"User"`), want: []string{"attributes[0].referenceTypes: is one value, not a list"}},
	{name: "7643-7-08 canonicalValues is a string", attributes: typed("a", "string", `,"canonicalValues":"work"`), want: []string{"attributes[0].canonicalValues: is one value, not a list"}},
	{name: "subAttributes is an object", attributes: typed("a", "complex", `,"subAttributes":`+typed("b", "string", "")), want: []string{"attributes[0].subAttributes: is one value, not a list"}},
	{name: "7643-7-09 writeOnly and returned always", attributes: typed("a", "string", `,"mutability":"writeOnly","returned":"always"`), want: []string{"attributes[0].returned: is always, but what is writeOnly is never returned"}},
	{name: "7643-7-09 writeOnly and returned never", attributes: typed("a", "string", `,"mutability":"writeOnly","returned":"never"`)},
	{name: "7643-3.1-13 id that is not caseExact", attributes: typed("id", "string", `,"caseExact":false`) + "," + typed("a", "string", ""), want: []string{`attributes[0]: defines "id", a common attribute`}},
	{name: "7643-3.1-13 all common attributes", attributes: typed("a", "string", "") + "," + typed("Schemas", "string", "") + "," + typed("EXTERNALID", "string", "") + "," + typed("meta", "complex", ""), want: []string{`attributes[1]: "Schemas"`, `attributes[2]: "EXTERNALID"`, `attributes[3]: "meta"`}},
	{name: "7643-3.1-13 a part may have such a name", attributes: typed("a", "complex", `,"subAttributes":[`+typed("id", "string", "")+`]`)},
	{name: "no name of the schema", whole: `{"id":"urn:acme:x:Thing","attributes":[` + typed("a", "string", "") + `]}`, want: []string{"name: is missing; taken from the URI: Thing"}},
	{name: "no name and a URI that ends in a colon", whole: `{"id":"urn:acme:x:","attributes":[` + typed("a", "string", "") + `]}`, want: []string{"name: is missing"}},
	{name: "names in any case, other members and schemas ignored", whole: `{"SCHEMAS":["urn:a:b"],"ID":"urn:acme:x:Thing","Name":"Thing","x":[{}],"Attributes":[{"NAME":"a","TYPE":"string","MULTIVALUED":false,"x":1}]}`},
	{name: "null and empty lists are nothing", attributes: typed("a", "string", `,"description":null,"canonicalValues":[],"referenceTypes":null,"subAttributes":[],"caseExact":null,"mutability":null,"uniqueness":null`)},
	{
		name: "several", attributes: typed("id", "string", "") + "," + `{"name":"a","type":"bool","uniqueness":"x"},` + typed("r", "reference", `,"referenceTypes":"uri"`),
		// What the reading of JSON repairs comes first.
		want: []string{"attributes[2].referenceTypes", `attributes[0]: "id"`, "attributes[1].type", "attributes[1].multiValued", "attributes[1].uniqueness"},
	},
}

// Known mistakes are put right and listed; what was loaded has none left.
func TestLoadRepairs(t *testing.T) {
	require.NotEmpty(t, repairable)
	for _, c := range repairable {
		t.Run(c.name, func(t *testing.T) {
			s, repaired, err := schema.Load([]byte(c.document()))
			require.NoError(t, err)
			saysAll(t, c.want, repaired)
			assert.Equal(t, []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, s.Schemas)
			text, err := resource.Marshal(resource.QueryResponse, s)
			require.NoError(t, err)
			again, repaired, err := schema.Load(text)
			require.NoError(t, err)
			assert.Empty(t, repaired)
			assert.Equal(t, spelledOut(s), spelledOut(again))
		})
	}
}

// What the repaired documents mean.
func TestLoadedMeaning(t *testing.T) {
	one := func(attributes string) schema.Attribute {
		s, _, err := schema.Load([]byte(loading{attributes: attributes}.document()))
		require.NoError(t, err)
		require.Len(t, s.Attributes, 1)
		return s.Attributes[0]
	}
	for _, c := range []struct {
		name, attributes string
		want             schema.Attribute
	}{
		{"7643-2.2-01 characteristics left out", typed("x", "string", ""), schema.Attribute{Name: "x", Type: schema.TypeString}},
		{"7643-7-03 bool", typed("x", "bool", ""), schema.Attribute{Name: "x", Type: schema.TypeBoolean}},
		{"7643-7-03 int", typed("x", "Int", ""), schema.Attribute{Name: "x", Type: schema.TypeInteger}},
		{"7643-7-03 binary", typed("x", "binary", ""), schema.Attribute{Name: "x", Type: schema.TypeBinary}},
		{"7643-2.2-02 no type", `{"name":"x","multiValued":true}`, schema.Attribute{Name: "x", Type: schema.TypeString, MultiValued: true}},
		{"7643-7-07 uniqueness local", typed("x", "string", `,"uniqueness":"local"`), schema.Attribute{Name: "x", Type: schema.TypeString, Uniqueness: schema.UniquenessNone}},
		{"7643-7-08 one referenceType", typed("x", "reference", `,"referenceTypes":"User"`), schema.Attribute{Name: "x", Type: schema.TypeReference, ReferenceTypes: []string{"User"}}},
		{"7643-7-09 writeOnly and returned always", typed("x", "string", `,"mutability":"writeOnly","returned":"always"`), schema.Attribute{Name: "x", Type: schema.TypeString, Mutability: schema.WriteOnly, Returned: schema.ReturnedNever}},
		{"7643-3.1-13 id dropped", typed("ID", "integer", "") + "," + typed("x", "string", ""), schema.Attribute{Name: "x", Type: schema.TypeString}},
		{"caseExact false is kept", typed("x", "string", `,"caseExact":false`), schema.Attribute{Name: "x", Type: schema.TypeString, CaseExact: new(false)}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, one(c.attributes)) })
	}
	s, _, err := schema.Load([]byte(`{"id":"urn:acme:x:Thing","attributes":[` + typed("a", "string", "") + `]}`))
	require.NoError(t, err)
	assert.Equal(t, "Thing", s.Name)
}

// Each Schema document of the RFC loads and is written as it was, null, false and empty lists aside.
func TestLoadPublished(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc/*.json")
	require.NoError(t, err)
	require.Len(t, files, 12)
	for _, file := range files {
		t.Run("7643-7-05/"+filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			s, repaired, err := schema.Load(text)
			require.NoError(t, err)
			if strings.Contains(file, "recommended") {
				assert.Empty(t, repaired)
			}
			written, err := resource.Marshal(resource.QueryResponse, s)
			require.NoError(t, err)
			again, more, err := schema.Load(written)
			require.NoError(t, err)
			assert.Empty(t, more)
			assert.Equal(t, s, again)
			if len(repaired) > 0 {
				return
			}
			var want, got map[string]any
			require.NoError(t, json.Unmarshal(text, &want))
			require.NoError(t, json.Unmarshal(written, &got))
			delete(want, "meta") // where it is published is not what it says
			delete(got, "meta")
			assert.Equal(t, withoutNothing(want), withoutNothing(got))
		})
	}
}

// withoutNothing leaves out null, empty lists and what is schemas and required when nothing else is said.
func withoutNothing(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			list, isList := e.([]any)
			if e == nil || isList && len(list) == 0 || key == "schemas" || key == "required" && e == false {
				delete(v, key)
				continue
			}
			v[key] = withoutNothing(e)
		}
	case []any:
		for i := range v {
			v[i] = withoutNothing(v[i])
		}
	}
	return v
}

// Hostile documents cost no more than others of their size.
func TestLoadHostile(t *testing.T) {
	many := func(n int, one func(i int) string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(one(i))
		}
		return b.String()
	}
	name := func(i int) string { return typed(fmt.Sprintf("a%d", i), "string", "") }
	huge := strings.Repeat("n", 1<<20)
	for _, c := range []struct {
		name, text string
		kind       scimerrors.Type
		words      string
	}{
		{"empty", "", scimerrors.InvalidSyntax, "empty"},
		{"not JSON", "<schema/>", scimerrors.InvalidSyntax, ""},
		{"a list", "[]", scimerrors.InvalidSyntax, "object"},
		{"null", "null", scimerrors.InvalidSyntax, "object"},
		{"trailing data", loading{attributes: name(0)}.document() + " {}", scimerrors.InvalidSyntax, "after"},
		{"cut off", loading{attributes: name(0)}.document()[:120], scimerrors.InvalidSyntax, ""},
		{"a member twice", `{"id":"urn:a:b","ID":"urn:a:c"}`, scimerrors.InvalidSyntax, "twice"},
		{"nested arrays", `{"x":` + strings.Repeat("[", 1<<20), scimerrors.InvalidSyntax, "64"},
		{"nested subAttributes", loading{attributes: strings.Repeat(`{"name":"a","type":"complex","multiValued":false,"subAttributes":[`, 10_000)}.document(), scimerrors.InvalidSyntax, "64"},
		{"100,000 attributes", loading{attributes: many(100_000, name)}.document(), scimerrors.InvalidValue, "252"},
		{"100,000 parts", loading{attributes: typed("a", "complex", `,"subAttributes":[`+many(100_000, name)+`]`)}.document(), scimerrors.InvalidValue, "252"},
		{"100,000 times one name", loading{attributes: many(100_000, func(int) string { return typed("a", "string", "") })}.document(), scimerrors.InvalidValue, "twice"},
		{"100,000 common attributes", loading{attributes: many(100_000, func(int) string { return typed("id", "string", "") })}.document(), scimerrors.InvalidValue, ""},
		{"1 MB of empty objects", loading{attributes: many(1<<20/3, func(int) string { return "{}" })}.document(), "", ""},
		{"huge name", loading{attributes: typed(huge+"!", "string", "")}.document(), scimerrors.InvalidValue, "..."},
		{"huge type", loading{attributes: typed("a", huge, "")}.document(), scimerrors.InvalidValue, "..."},
		{"huge uniqueness and mutability", loading{attributes: typed("a", "string", `,"mutability":"`+huge+`","uniqueness":"`+huge+`"`)}.document(), scimerrors.InvalidValue, "..."},
		{"huge id", `{"id":"` + huge + `","attributes":[` + name(0) + `]}`, scimerrors.InvalidValue, "..."},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s, repaired, err := schema.Load([]byte(c.text))
			runtime.ReadMemStats(&after)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16*len(c.text)+1<<20))
			assert.Nil(t, s)
			isRefusal(t, err)
			for _, list := range []scimerrors.List{faultsIn(err), repaired} {
				assert.LessOrEqual(t, len(list), 100)
				for _, e := range list {
					assert.Less(t, len(e.Detail)+len(e.Path), 1000)
				}
			}
			if c.kind != "" {
				assert.ErrorIs(t, err, c.kind) //nolint:testifylint // the rest is looked at all the same
			}
			assert.Contains(t, err.Error(), c.words)
		})
	}
}

// A schema has at most 252 attributes: with the common ones a type has 256.
func TestLoadMost(t *testing.T) {
	for n, ok := range map[int]bool{252: true, 253: false} {
		var b bytes.Buffer
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(typed(fmt.Sprintf("a%d", i), "string", ""))
		}
		s, _, err := schema.Load([]byte(loading{attributes: b.String()}.document()))
		if !ok {
			require.ErrorContains(t, err, "attributes")
			continue
		}
		require.NoError(t, err)
		assert.Len(t, s.Attributes, n)
		made, err := resource.StructOf(&resource.ResourceType{Name: "Thing", Endpoint: "/Things", Schema: s.ID}, s)
		require.NoError(t, err)
		assert.Equal(t, spelledOut(s), spelledOut(schema.Of(made)))
	}
}

// isRefusal checks that an error is a client's fault with a path, or of the document's syntax.
func isRefusal(t *testing.T, err error) {
	t.Helper()
	list := faultsIn(err)
	require.NotEmpty(t, list, "%T %v", err, err)
	for _, e := range list {
		assert.Equal(t, 400, e.Status)
		assert.Contains(t, []scimerrors.Type{scimerrors.InvalidValue, scimerrors.InvalidSyntax}, e.Type)
		assert.NotEmpty(t, e.Detail)
	}
}

// faultsIn lists the errors in one.
func faultsIn(err error) []*scimerrors.Error {
	switch err := err.(type) { //nolint:errorlint // Load returns one or the other, unwrapped
	case *scimerrors.Error:
		return []*scimerrors.Error{err}
	case scimerrors.List:
		return err
	}
	return nil
}

// saysAll checks the paths of errors, their order and words of their details.
func saysAll(t *testing.T, want []string, got scimerrors.List) {
	t.Helper()
	paths, wanted := make([]string, len(got)), make([]string, len(want))
	for i, e := range got {
		paths[i] = e.Path
	}
	for i, w := range want {
		wanted[i], _, _ = strings.Cut(w, ": ")
	}
	if !assert.Equal(t, wanted, paths, "%v", got) {
		return
	}
	for i, w := range want {
		_, words, _ := strings.Cut(w, ": ")
		assert.Contains(t, got[i].Detail, words)
	}
}
