package resource_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// A schema cannot change what RFC 7643 section 3.1 says of the common attributes.
func TestStructOfCommon(t *testing.T) {
	id := attribute("id", schema.TypeString)
	id.CaseExact, id.Mutability, id.Returned = new(false), schema.ReadWrite, schema.ReturnedNever
	made := things(t, id, attribute("externalID", schema.TypeInteger), attribute("meta", schema.TypeString), several("Schemas", schema.TypeInteger), attribute("a", schema.TypeString))
	v, err := resource.ValidateAs(made, resource.Storage, []byte(`{"id":"ABC","externalId":"x","a":"A","meta":{"version":"W/\"1\""}}`))
	require.NoError(t, err)
	for text, want := range map[string]bool{`id eq "ABC"`: true, `id eq "abc"`: false, `a eq "a"`: true, `externalId eq "X"`: false, `meta.version eq "W/\"1\""`: true} {
		t.Run("7643-3.1-13 "+text, func(t *testing.T) {
			f, err := filter.CompileType(made, text)
			require.NoError(t, err)
			assert.Equal(t, want, f.Match(v))
		})
	}
	t.Run("7643-3.1-13 id stays readOnly and returned", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, v, &resource.SearchRequest{ExcludedAttributes: []string{"id", "meta"}})
		require.NoError(t, err)
		assert.JSONEq(t, `{"schemas":["urn:acme:x:Thing"],"id":"ABC","externalId":"x","a":"A"}`, string(text))
		_, err = resource.ValidateAs(made, resource.PatchRequest, []byte(`{"Operations":[{"op":"replace","path":"id","value":"x"}]}`), resource.Tolerate(resource.MissingSchemas))
		require.ErrorIs(t, err, scimerrors.Mutability)
		require.Len(t, schema.Of(made).Attributes, 1)
	})
	t.Run("7643-3.1-13 a schema made by hand", func(t *testing.T) {
		same := things(t, attribute("a", schema.TypeString))
		assert.Equal(t, same, made)
	})
}

// Names that Go cannot have, or has already.
func TestStructOfNames(t *testing.T) {
	names := []string{
		"a-b", "a_b", "ab", "a$b", "$ref", "ref", "Ref2", "$a", "x", "X2", "resource", "extension", "Common", "string", "A", "type", "func", "z9", "user", "X$",
	}
	list := make([]schema.Attribute, len(names))
	for i, name := range names {
		list[i] = attribute(name, schema.TypeString)
	}
	made, err := resource.StructOf(kindOf(), thing("urn:acme:x:Thing", "Thing", append(slices.Clip(list), several("parts", schema.TypeComplex, list...))...))
	require.NoError(t, err)
	v := reflect.New(made).Interface()
	for _, a := range list {
		t.Run("7643-2.1-02 "+a.Name, func(t *testing.T) {
			require.NoError(t, resource.Set(v, a.Name, "of "+a.Name))
			got, err := resource.Get(v, strings.ToUpper(a.Name))
			require.NoError(t, err)
			assert.Equal(t, "of "+a.Name, got)
			if strings.LastIndexByte(a.Name, '$') > 0 { // the grammar of filters has no such names (RFC 7644 figure 1)
				return
			}
			require.NoError(t, resource.Set(v, "parts", map[string]string{a.Name: "part " + a.Name}))
			got, err = resource.Get(v, `parts[`+a.Name+` eq "PART `+a.Name+`"].`+a.Name)
			require.NoError(t, err)
			assert.Equal(t, []string{"part " + a.Name}, got)
		})
	}
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	again, err := resource.ValidateAs(made, resource.Storage, text)
	require.NoError(t, err)
	require.NoError(t, resource.Set(v, "schemas", []string{"urn:acme:x:Thing"}))
	assert.Equal(t, v, again)
	assert.Len(t, schema.Of(made).Attributes, len(list)+1)
}

// Texts that mean something in a tag of Go.
func TestStructOfTexts(t *testing.T) {
	texts := []string{"a,b", "a|b", `a\b`, `"quoted"`, "`", "a\nb", "é\u2028", "required", "a=b", `\,`, `\`, " ", "json:\"x\"", "%s", strings.Repeat("long ", 2000)}
	a := attribute("a", schema.TypeString)
	a.CanonicalValues, a.Description = texts, strings.Join(texts, "")
	r := attribute("r", schema.TypeReference)
	r.ReferenceTypes = texts
	s := thing("urn:acme:x:Thing", strings.Join(texts[:12], ""), a, r)
	s.Description = strings.Join(texts, "\n")
	made, err := resource.StructOf(kindOf(), s)
	require.NoError(t, err)
	got := schema.Of(made)
	assert.Equal(t, s.Name, got.Name)
	assert.Equal(t, s.Description, got.Description)
	require.Len(t, got.Attributes, 2)
	assert.Equal(t, a.Description, got.Attributes[0].Description)
	assert.Equal(t, texts, got.Attributes[0].CanonicalValues)
	assert.Equal(t, texts, got.Attributes[1].ReferenceTypes)
	for _, text := range append(texts, "other") {
		v := reflect.New(made).Interface()
		require.NoError(t, resource.Set(v, "a", text))
		err := resource.Check(resource.CreationRequest, v, resource.Require(resource.CanonicalValues))
		assert.Equal(t, text == "other", err != nil, "%q %v", text, err)
	}
	// An extension's name is a Go name only where it can be.
	for _, name := range []string{"Straße 1", "1", "a.b", "Resource", "", "Thing"} {
		x := thing("urn:acme:x:X", name, attribute("b", schema.TypeString))
		made, err := resource.StructOf(kindOf("urn:acme:x:X"), s, x)
		require.NoError(t, err, name)
		if name == "" {
			name = "X" // of the URI
		}
		assert.Equal(t, name, schema.AllOf(made)[1].Name)
	}
}

// What is never returned never shows: not in an answer, not in a log.
func TestStructOfSecrets(t *testing.T) {
	hidden := func(a schema.Attribute, m schema.Mutability, r schema.Returned) schema.Attribute {
		a.Mutability, a.Returned = m, r
		return a
	}
	part := attribute("part", schema.TypeString)
	made := things(t, attribute("open", schema.TypeString),
		hidden(attribute("pin", schema.TypeString), schema.WriteOnly, schema.ReturnedNever),
		hidden(attribute("hash", schema.TypeString), schema.ReadWrite, schema.ReturnedNever),
		hidden(attribute("loose", schema.TypeString), schema.WriteOnly, schema.ReturnedAlways),
		hidden(several("pins", schema.TypeString), schema.WriteOnly, ""),
		hidden(attribute("link", schema.TypeReference), schema.WriteOnly, schema.ReturnedNever),
		hidden(schema.Attribute{Name: "box", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{part, several("parts", schema.TypeString)}}, schema.ReadWrite, schema.ReturnedNever),
		several("safes", schema.TypeComplex, attribute("label", schema.TypeString), hidden(attribute("code", schema.TypeString), schema.WriteOnly, schema.ReturnedNever)),
	)
	const body = `{"open":"seen","pin":"HIDDEN","hash":"HIDDEN","loose":"HIDDEN","pins":["HIDDEN","HIDDEN"],"link":"HIDDEN","box":{"part":"HIDDEN","parts":["HIDDEN"]},"safes":[{"label":"seen","code":"HIDDEN"}]}`
	v, err := resource.ValidateAs(made, resource.CreationRequest, []byte(body))
	require.NoError(t, err)
	require.NoError(t, resource.Set(v, "id", "1"))
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, of := range []any{v, reflect.ValueOf(v).Elem().Interface()} {
			assert.NotContains(t, fmt.Sprintf(format, of), "HIDDEN", format)
		}
	}
	all := &resource.SearchRequest{Attributes: []string{"pin", "hash", "loose", "pins", "link", "box", "box.part", "safes", "safes.code"}}
	for _, ctx := range everyContext[5:] {
		text, err := resource.Marshal(ctx, v, all)
		require.NoError(t, err)
		assert.JSONEq(t, `{"schemas":["urn:acme:x:Thing"],"id":"1","safes":[{"label":"seen"}]}`, string(text))
	}
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	assert.Equal(t, strings.Count(body, "HIDDEN"), strings.Count(string(text), "HIDDEN"))
	t.Run("7643-7-09 writeOnly and returned always", func(t *testing.T) {
		assert.Equal(t, schema.ReturnedNever, schema.Of(made).Attributes[3].Returned)
	})
	var repairs []resource.Repair
	_, err = resource.ValidateAs(made, resource.CreationRequest, []byte(`{"pins":"HIDDEN","box":{"x":"HIDDEN"}}`), resource.Repairs(&repairs))
	require.NoError(t, err)
	require.Len(t, repairs, 3)
	assert.NotContains(t, fmt.Sprint(repairs), "HIDDEN")
}

// An extension in an extension, and one that is required.
func TestStructOfExtensions(t *testing.T) {
	number := attribute("number", schema.TypeInteger)
	number.Required = true
	inner := attribute("urn:acme:x:Y", schema.TypeComplex)
	inner.Required = true
	rt := kindOf("urn:acme:x:X", "urn:acme:x:Z")
	rt.SchemaExtensions[1].Required = true
	schemas := []*schema.Schema{
		thing("urn:acme:x:Thing", "Thing", attribute("code", schema.TypeString)), thing("urn:acme:x:X", "X", attribute("code", schema.TypeString), inner),
		thing("urn:acme:x:Y", "Y", number, attribute("code", schema.TypeString)), thing("urn:acme:x:Z", "Z", number),
	}
	made, err := resource.StructOf(rt, schemas...)
	require.NoError(t, err)
	const whole = `{"schemas":["urn:acme:x:Thing","urn:acme:x:X","urn:acme:x:Z"],"code":"1","urn:acme:x:X":{"code":"2","urn:acme:x:Y":{"number":3,"code":"4"}},"urn:acme:x:Z":{"number":5}}`
	v, err := resource.ValidateAs(made, resource.CreationRequest, []byte(whole), resource.Strict(), resource.RejectUnknown())
	require.NoError(t, err)
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	assert.JSONEq(t, whole, string(text))
	t.Run("7643-3-02 schemas names extensions of the resource", func(t *testing.T) { // an extension in one is part of that
		listed := strings.Replace(whole, `"urn:acme:x:Z"]`, `"urn:acme:x:Z","urn:acme:x:Y"]`, 1)
		_, err := resource.ValidateAs(made, resource.CreationRequest, []byte(listed), resource.Strict())
		require.ErrorIs(t, err, scimerrors.InvalidValue)
		again, err := resource.ValidateAs(made, resource.CreationRequest, []byte(listed))
		require.NoError(t, err)
		assert.Equal(t, v, again)
	})
	for _, c := range []struct{ name, body, path string }{
		{"7643-6-01 required extension missing", `{"code":"1"}`, "urn:acme:x:Z"},
		{"7643-6-01 its required attribute missing", `{"urn:acme:x:Z":{}}`, "urn:acme:x:Z"},
		{"7643-6-01 required extension within an extension missing", `{"urn:acme:x:Z":{"number":1},"urn:acme:x:X":{"code":"2"}}`, "urn:acme:x:X:urn:acme:x:Y"},
		{"7643-6-01 its required attribute missing, too", `{"urn:acme:x:Z":{"number":1},"urn:acme:x:X":{"urn:acme:x:Y":{"code":"4"}}}`, "urn:acme:x:X:urn:acme:x:Y:number"},
		{"7643-6-01 neither is there", `{"urn:acme:x:Z":{"number":1}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := resource.ValidateAs(made, resource.CreationRequest, []byte(c.body))
			if c.path == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, scimerrors.InvalidValue)
			assert.Equal(t, c.path, scimerrors.From(err).Path)
		})
	}
	t.Run("7643-6-01 what is required stays", func(t *testing.T) {
		for _, path := range []string{"urn:acme:x:Z", "urn:acme:x:Z:number", "urn:acme:x:Y", "urn:acme:x:Y:number"} {
			op, err := resource.ValidateAs(made, resource.PatchRequest, []byte(`{"Operations":[{"op":"remove","path":"`+path+`"}]}`))
			if err == nil {
				_, err = patch.ApplyTo(v, as[*resource.PatchOp[any]](op))
			}
			require.Error(t, err, path)
		}
	})
	for path, want := range map[string]any{"code": "1", "urn:acme:x:thing:code": "1", "urn:acme:x:X:code": "2", "URN:ACME:X:Y:NUMBER": int64(3), "urn:acme:x:y:code": "4", "urn:acme:x:Z:number": int64(5)} {
		got, err := resource.Get(v, path)
		require.NoError(t, err)
		assert.Equal(t, want, got, path)
	}
	all := schema.AllOf(made)
	require.Len(t, all, 4)
	for i, s := range all {
		assert.Equal(t, schemas[i].ID, s.ID)
	}
}

// Characteristics are kept: the types of the RFC's own schemas, discovery documents aside, have the schemas they were made of.
func TestStructOfCharacteristics(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc/*-schema-*.json")
	require.NoError(t, err)
	require.Len(t, files, 12)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			s, _, err := schema.Load(text)
			require.NoError(t, err)
			made, err := resource.StructOf(&resource.ResourceType{Name: s.Name, Endpoint: "/Things", Schema: s.ID}, s)
			if strings.Contains(file, "8.7.2") { // they describe documents that the library reads by types of its own
				return
			}
			require.NoError(t, err)
			got, want := schema.Of(made), *s
			want.Meta = got.Meta
			if strings.Contains(file, "recommended") { // the others leave out or add what does not apply
				one, err := resource.Marshal(resource.Storage, &want)
				require.NoError(t, err)
				two, err := resource.Marshal(resource.Storage, got)
				require.NoError(t, err)
				assert.Equal(t, string(one), string(two))
			}
			again, err := resource.StructOf(&resource.ResourceType{Schema: s.ID}, got)
			require.NoError(t, err)
			assert.Equal(t, made, again)
		})
	}
}
