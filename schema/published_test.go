package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// published has the documents of RFC 7643 section 8.7 with the errata that agree with its text; generated makes the same from tags.
const published = "testdata/rfc/*.recommended.json"

var generated = map[string]func() *schema.Schema{
	"enterprise_user":         schema.For[resource.EnterpriseUser],
	"group":                   schema.For[resource.Group],
	"resource_type":           schema.For[resource.ResourceType],
	"schema":                  schema.For[schema.Schema],
	"service_provider_config": schema.For[resource.ServiceProviderConfig],
	"user":                    schema.For[resource.User],
}

// RFC 7643 section 8.7 with errata, attribute by attribute; descriptions are our own.
func TestPublishedSchemas(t *testing.T) {
	files, err := filepath.Glob(published)
	require.NoError(t, err)
	require.Len(t, files, len(generated), "%s", published)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".recommended.json")
		name = name[strings.LastIndex(name, "-schema-")+len("-schema-"):]
		t.Run("7643-7-13/"+name, func(t *testing.T) {
			require.Contains(t, generated, name)
			got := generated[name]()
			text, err := resource.Marshal(resource.QueryResponse, got)
			require.NoError(t, err)
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, d := range definitions(t, want, text) {
				t.Error(d)
			}
			assert.NotEmpty(t, got.Description)
			described(t, "", got.Attributes)
		})
	}
}

// The comparison is worth something only if it finds each kind of difference.
func TestPublishedComparison(t *testing.T) {
	const base = `{"id":"u","name":"N","attributes":[{"name":"a","type":"string","multiValued":false,"required":false,"canonicalValues":[],"subAttributes":[{"name":"b","type":"string"}]}]}`
	assert.Empty(t, definitions(t, []byte(base), []byte(base)))
	for old, changed := range map[string]string{
		`"id":"u"`: `"id":"v"`, `"name":"N"`: `"name":"M"`, `"type":"string","multiValued"`: `"type":"binary","multiValued"`, `"required":false`: `"required":true`, `,"required":false`: ``,
		`"canonicalValues":[]`: `"canonicalValues":["x"]`, `{"name":"b","type":"string"}`: `{"name":"b","type":"integer"}`, `"name":"b"`: `"name":"c"`, `"subAttributes":[{"name":"b","type":"string"}]`: `"caseExact":true`,
	} {
		other := strings.Replace(base, old, changed, 1)
		require.NotEqual(t, base, other)
		assert.NotEmpty(t, definitions(t, []byte(base), []byte(other)), "%s", changed)
		assert.NotEmpty(t, definitions(t, []byte(other), []byte(base)), "%s", changed)
	}
	assert.Empty(t, definitions(t, []byte(base), []byte(strings.Replace(base, `"canonicalValues":[],`, `"description":"d",`, 1))))
}

// definitions lists where two Schema documents differ, descriptions and meta aside, with [] the same as absent.
func definitions(t *testing.T, want, got []byte) []string {
	t.Helper()
	read := func(text []byte) map[string]any {
		var v map[string]any
		require.NoError(t, json.NewDecoder(bytes.NewReader(text)).Decode(&v))
		delete(v, "meta")
		return v
	}
	return diff("", read(want), read(got))
}

func diff(path string, want, got any) []string {
	w, isObject := want.(map[string]any)
	g, same := got.(map[string]any)
	if !isObject || !same {
		if list, ok := want.([]any); ok && len(list) > 0 {
			if _, ok := list[0].(map[string]any); ok {
				return diffAttributes(path, list, got)
			}
		}
		if reflect.DeepEqual(want, got) {
			return nil
		}
		return []string{fmt.Sprintf("%s: want %v, got %v", path, said(want), said(got))}
	}
	var list []string
	for _, key := range keys(w, g) {
		a, b := w[key], g[key]
		if key == "description" || isEmpty(a) && isEmpty(b) {
			continue
		}
		list = append(list, diff(strings.TrimPrefix(path+"."+key, "."), a, b)...)
	}
	return list
}

// diffAttributes compares attributes by name and wants them in the same order.
func diffAttributes(path string, want []any, got any) []string {
	have, _ := got.([]any)
	name := func(v any) string {
		m, _ := v.(map[string]any)
		return fmt.Sprint(m["name"])
	}
	var list []string
	order := make([]string, len(have))
	for i, g := range have {
		order[i] = name(g)
	}
	for _, w := range want {
		i := slices.Index(order, name(w))
		if i < 0 {
			list = append(list, path+": "+name(w)+" is missing")
			continue
		}
		list = append(list, diff(path+"["+name(w)+"]", w, have[i])...)
	}
	names := make([]string, len(want))
	for i, w := range want {
		names[i] = name(w)
	}
	for _, n := range order {
		if !slices.Contains(names, n) {
			list = append(list, path+": "+n+" is too much")
		}
	}
	slices.Sort(names)
	slices.Sort(order)
	if len(list) == 0 && !slices.Equal(names, order) {
		list = append(list, fmt.Sprintf("%s: want %v, got %v", path, names, order))
	}
	return list
}

func said(v any) string {
	if v == nil {
		return "nothing"
	}
	return fmt.Sprintf("%v", v)
}

func isEmpty(v any) bool {
	list, ok := v.([]any)
	return v == nil || ok && len(list) == 0
}

func keys(maps ...map[string]any) []string {
	var list []string
	for _, m := range maps {
		for k := range m {
			if !slices.Contains(list, k) {
				list = append(list, k)
			}
		}
	}
	slices.Sort(list)
	return list
}

// described checks that each attribute has a description of its own.
func described(t *testing.T, path string, attributes []schema.Attribute) {
	t.Helper()
	assert.NotEmpty(t, attributes, path)
	for _, a := range attributes {
		assert.NotEmpty(t, a.Description, "%s.%s", path, a.Name)
		assert.NotEqual(t, strings.ToLower(a.Name), strings.ToLower(strings.TrimSuffix(a.Description, ".")), "%s.%s", path, a.Name)
		if len(a.SubAttributes) > 0 {
			described(t, path+"."+a.Name, a.SubAttributes)
		}
	}
}

// find is an attribute of a schema by its path.
func find(t *testing.T, s *schema.Schema, path string) schema.Attribute {
	t.Helper()
	list := s.Attributes
	var found schema.Attribute
	for name := range strings.SplitSeq(path, ".") {
		i := slices.IndexFunc(list, func(a schema.Attribute) bool { return a.Name == name })
		require.GreaterOrEqual(t, i, 0, "%s has no %s", s.ID, path)
		found, list = list[i], list[i].SubAttributes
	}
	return found
}

// Rows about single characteristics, so that a fault is named by its rule and not only by a difference.
func TestCharacteristics(t *testing.T) {
	user, group, enterprise := schema.For[resource.User](), schema.For[resource.Group](), schema.For[resource.EnterpriseUser]()
	t.Run("7643-2.3-02/no case and no uniqueness", func(t *testing.T) {
		for _, path := range []string{"active", "name", "emails", "addresses", "emails.primary"} {
			a := find(t, user, path)
			assert.Nil(t, a.CaseExact, path)
			assert.Empty(t, a.Uniqueness, path)
		}
		config := schema.For[resource.ServiceProviderConfig]()
		assert.Nil(t, find(t, config, "bulk.maxOperations").CaseExact)
		assert.Equal(t, schema.UniquenessNone, find(t, config, "bulk.maxOperations").Uniqueness)
	})
	t.Run("7643-2.3-02/binary", func(t *testing.T) {
		a := find(t, user, "x509Certificates.value")
		assert.Equal(t, schema.TypeBinary, a.Type)
		assert.True(t, *a.CaseExact)
		assert.Empty(t, a.Uniqueness)
	})
	t.Run("7643-2.3.7-03/references are case exact", func(t *testing.T) {
		for _, a := range []schema.Attribute{find(t, user, "profileUrl"), find(t, user, "groups.$ref"), find(t, user, "photos.value"), find(t, group, "members.$ref"), find(t, enterprise, "manager.$ref")} {
			assert.Equal(t, schema.TypeReference, a.Type, a.Name)
			assert.True(t, *a.CaseExact, a.Name)
		}
	})
	t.Run("7643-2.3.7-04/what may be linked", func(t *testing.T) {
		assert.Equal(t, []string{"Group"}, find(t, user, "groups.$ref").ReferenceTypes)
		assert.Equal(t, []string{"User", "Group"}, find(t, group, "members.$ref").ReferenceTypes)
		assert.Equal(t, []string{"external"}, find(t, user, "photos.value").ReferenceTypes)
	})
	t.Run("7643-4.1.2-03/other", func(t *testing.T) {
		assert.Contains(t, find(t, user, "ims.type").CanonicalValues, "other")
	})
	t.Run("7643-4.1.2-06/primary of addresses", func(t *testing.T) {
		assert.Equal(t, schema.TypeBoolean, find(t, user, "addresses.primary").Type)
	})
	t.Run("7643-4.1.2-08/groups", func(t *testing.T) {
		assert.Equal(t, []string{"direct", "indirect"}, find(t, user, "groups.type").CanonicalValues)
		assert.Equal(t, schema.ReadOnly, find(t, user, "groups").Mutability)
	})
	t.Run("7643-4.1.2-09/no canonical values", func(t *testing.T) {
		assert.Empty(t, find(t, user, "roles.type").CanonicalValues)
		assert.Empty(t, find(t, user, "entitlements.type").CanonicalValues)
	})
	t.Run("7643-4.1.1-07/password", func(t *testing.T) {
		assert.Equal(t, schema.WriteOnly, find(t, user, "password").Mutability)
		assert.Equal(t, schema.ReturnedNever, find(t, user, "password").Returned)
	})
	t.Run("7643-4.2-01/displayName of a group", func(t *testing.T) { assert.True(t, find(t, group, "displayName").Required) })
	t.Run("7643-4.3-01/nothing of manager is required", func(t *testing.T) {
		for _, a := range find(t, enterprise, "manager").SubAttributes {
			assert.False(t, a.Required, a.Name)
		}
	})
	t.Run("7643-4.3-03/manager.value", func(t *testing.T) { assert.True(t, *find(t, enterprise, "manager.value").CaseExact) })
	t.Run("7643-3.1-05/common attributes are part of no schema", func(t *testing.T) {
		for _, s := range []*schema.Schema{user, group, enterprise} {
			for _, a := range s.Attributes {
				assert.NotContains(t, []string{"schemas", "id", "externalId", "meta"}, a.Name, s.ID)
				assert.NotContains(t, a.Name, "urn:", s.ID)
			}
		}
	})
	t.Run("7643-7-12/id is the URN", func(t *testing.T) {
		assert.Equal(t, resource.UserSchema, user.ID)
		assert.Equal(t, resource.EnterpriseUserSchema, enterprise.ID)
		assert.Equal(t, []string{resource.SchemaSchema}, user.Schemas)
		assert.Equal(t, "Schema", user.Meta.ResourceType)
	})
}

// A Schema document is a resource like any other: it is read, and written the same (RFC 7643 section 8.7.2 nests them).
func TestSchemaDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc/*-schema-*.json")
	require.NoError(t, err)
	require.Len(t, files, 12)
	for _, file := range files {
		t.Run("7643-7-05/"+filepath.Base(file), func(t *testing.T) {
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			got, err := resource.Validate[schema.Schema](resource.QueryResponse, want, resource.Strict())
			require.NoError(t, err)
			text, err := resource.Marshal(resource.QueryResponse, got)
			require.NoError(t, err)
			for _, d := range definitions(t, want, text) {
				t.Error(d)
			}
			again, err := resource.Validate[schema.Schema](resource.QueryResponse, text, resource.Strict())
			require.NoError(t, err)
			assert.Equal(t, got, again)
		})
	}
}

// What For returns is the caller's own: changing it changes nothing for anybody else.
func TestForReturnsCopies(t *testing.T) {
	a := schema.For[resource.User]()
	a.Attributes[0].Name = "changed"
	find(t, a, "emails.type").CanonicalValues[0] = "changed"
	find(t, a, "photos.value").ReferenceTypes[0] = "changed"
	*find(t, a, "title").CaseExact = true
	b := schema.For[resource.User]()
	assert.Equal(t, "userName", b.Attributes[0].Name)
	assert.Equal(t, "work", find(t, b, "emails.type").CanonicalValues[0])
	assert.Equal(t, "external", find(t, b, "photos.value").ReferenceTypes[0])
	assert.False(t, *find(t, b, "title").CaseExact)
	assert.Equal(t, schema.Of(reflect.TypeFor[resource.User]()), schema.Of(reflect.TypeFor[*resource.User]()))
}
