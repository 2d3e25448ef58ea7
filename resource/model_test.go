package resource_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// models are listed by /Schemas, so each attribute needs a description; messages are not.
var (
	models = map[string]reflect.Type{
		resource.UserSchema:                  reflect.TypeFor[resource.User](),
		resource.GroupSchema:                 reflect.TypeFor[resource.Group](),
		resource.EnterpriseUserSchema:        reflect.TypeFor[resource.EnterpriseUser](),
		resource.ServiceProviderConfigSchema: reflect.TypeFor[resource.ServiceProviderConfig](),
		resource.ResourceTypeSchema:          reflect.TypeFor[resource.ResourceType](),
		resource.SchemaSchema:                reflect.TypeFor[schema.Schema](),
	}
	messages = map[string]reflect.Type{
		resource.ListResponseSchema:  reflect.TypeFor[resource.ListResponse[resource.User]](),
		resource.SearchRequestSchema: reflect.TypeFor[resource.SearchRequest](),
		resource.PatchOpSchema:       reflect.TypeFor[resource.PatchOp[resource.User]](),
		resource.BulkRequestSchema:   reflect.TypeFor[resource.BulkRequest](),
		resource.BulkResponseSchema:  reflect.TypeFor[resource.BulkResponse](),
	}
)

// words are the tag words an attribute may have, with the values they allow; nil stands for a word alone, empty for any value.
// Defaults (RFC 7643 section 2.2) are not among them: they are left out of tags.
var words = map[string][]string{
	"required": nil, "caseExact": nil, "closed": nil, "positive": nil, "unlisted": nil,
	"mutability": {"readOnly", "immutable", "writeOnly"},
	"returned":   {"always", "never", "request"},
	"uniqueness": {"server", "global"},
	"format":     {"email", "phone", "language", "locale", "timezone", "country", "x509", "url"},

	"canonicalValues": {},
	"referenceTypes":  {},
}

// walk calls visit for each attribute below t, each struct type once.
func walk(t reflect.Type, seen map[reflect.Type]bool, visit func(owner reflect.Type, f reflect.StructField)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || seen[t] {
		return
	}
	seen[t] = true
	for f := range t.Fields() {
		if f.Name != "_" && !f.Anonymous && f.Tag.Get("json") != "-" {
			visit(t, f)
		}
		walk(f.Type, seen, visit)
	}
}

func TestModelTags(t *testing.T) {
	attributes := 0
	seen := map[reflect.Type]bool{}
	for urn, model := range models {
		base := model.Field(0)
		assert.True(t, base.Anonymous, "%v does not begin with its base", model)
		assert.Equal(t, urn, strings.Split(base.Tag.Get("scim"), ",")[0], "%v", model)
		assert.NotEmpty(t, base.Tag.Get("description"), "%v", model)
		walk(model, seen, func(owner reflect.Type, f reflect.StructField) {
			attributes++
			where := fmt.Sprintf("%v.%s", owner, f.Name)
			name := checkJSON(t, where, f)
			description := f.Tag.Get("description")
			assert.NotEmpty(t, description, "%s has no description", where)
			assert.True(t, strings.HasSuffix(description, "."), "%s: %q is no sentence", where, description)
			assert.NotEqual(t, strings.ToLower(name)+".", strings.ToLower(description), "%s: description says nothing", where)
			checkWords(t, where, f)
		})
	}
	require.Greater(t, attributes, 100, "the walk has missed the models")
}

func TestMessageTags(t *testing.T) {
	seen := map[reflect.Type]bool{reflect.TypeFor[resource.User](): true} // the T of the generic ones
	for urn, message := range messages {
		assert.Equal(t, urn, message.Field(0).Tag.Get("scim"), "%v", message)
		assert.Zero(t, message.Field(0).Type.Size(), "%v", message)
		walk(message, seen, func(owner reflect.Type, f reflect.StructField) {
			where := fmt.Sprintf("%v.%s", owner, f.Name)
			checkJSON(t, where, f)
			checkWords(t, where, f)
		})
	}
}

// checkJSON checks the name and that encoding/json leaves out what is unassigned and writes what is required.
func checkJSON(t *testing.T, where string, f reflect.StructField) string {
	t.Helper()
	name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
	assert.NotEmpty(t, name, "%s has no json tag", where)
	got := strings.ToLower(strings.TrimPrefix(name, "$"))
	assert.Equal(t, strings.ToLower(f.Name), got, "%s is not named like %s", where, name)
	switch {
	case slices.Contains(strings.Split(f.Tag.Get("scim"), ","), "required"):
		assert.Empty(t, option, "%s is required", where)
	case f.Type.Kind() == reflect.Struct:
		assert.Equal(t, "omitzero", option, "%s", where)
	case option == "":
		assert.Contains(t, []string{"required", "totalResults", "itemsPerPage", "Resources", "method"}, name, "%s is always written", where)
	default:
		assert.Equal(t, "omitempty", option, "%s", where)
	}
	return name
}

func checkWords(t *testing.T, where string, f reflect.StructField) {
	t.Helper()
	tag, ok := f.Tag.Lookup("scim")
	if !ok {
		return
	}
	seen := map[string]bool{}
	for word := range strings.SplitSeq(tag, ",") {
		key, value, valued := strings.Cut(word, "=")
		allowed, known := words[key]
		assert.True(t, known, "%s: unknown word %q", where, word)
		assert.False(t, seen[key], "%s: %s twice", where, key)
		seen[key] = true
		assert.Equal(t, allowed != nil, valued, "%s: %q", where, word)
		if len(allowed) > 0 {
			assert.Contains(t, allowed, value, "%s: %q", where, word)
		} else if valued {
			assert.NotContains(t, strings.Split(value, "|"), "", "%s: %q", where, word)
		}
	}
	elem := f.Type
	for elem.Kind() == reflect.Pointer || elem.Kind() == reflect.Slice && elem.Elem().Kind() != reflect.Uint8 {
		elem = elem.Elem()
	}
	isString, isInt := elem.Kind() == reflect.String, elem.Kind() == reflect.Int
	assert.False(t, seen["caseExact"] && (!isString || seen["referenceTypes"]), "%s: caseExact is implied or has no meaning", where)
	assert.False(t, seen["canonicalValues"] && !isString, "%s: canonicalValues", where)
	assert.False(t, seen["referenceTypes"] && !isString, "%s: referenceTypes", where)
	assert.False(t, seen["uniqueness"] && !isString && !isInt, "%s: uniqueness", where)
	assert.False(t, seen["closed"] && !seen["canonicalValues"], "%s: closed without canonicalValues", where)
	assert.False(t, seen["positive"] && !isInt, "%s: positive", where)
}

// An embedded model promotes its methods, and a promoted MarshalJSON or Validate would not see the outer fields.
func TestModelsHaveNoMethods(t *testing.T) {
	for _, types := range []map[string]reflect.Type{models, messages} {
		for _, root := range types {
			walk(root, map[reflect.Type]bool{}, func(owner reflect.Type, _ reflect.StructField) {
				for m := range reflect.PointerTo(owner).Methods() {
					assert.NotContains(t, []string{"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Validate", "String", "LogValue"},
						m.Name, "%v", owner)
				}
			})
		}
	}
}

func TestEncodingJSON(t *testing.T) {
	got, err := json.Marshal(resource.User{UserName: "bjensen"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"userName":"bjensen"}`, string(got), "unassigned attributes are left out")

	user := resource.User{
		Resource: resource.Resource{Schemas: []string{resource.UserSchema}, ID: "1", Meta: resource.Meta{Created: time.Unix(0, 0).UTC()}},
		UserName: "bjensen", Name: resource.Name{GivenName: "Barbara"}, Active: new(false), Password: "t1meMa$heen",
		Emails:           []resource.Email{{Value: "b@example.com", Primary: new(true)}},
		X509Certificates: []resource.X509Certificate{{Value: []byte{1, 2, 3}}},
	}
	data, err := json.Marshal(user)
	require.NoError(t, err)
	assert.NotContains(t, string(data), "t1meMa$heen", "a log that writes JSON must not show it")
	assert.Contains(t, string(data), `"password":null`, "nor make one up")
	var back resource.User
	require.NoError(t, json.Unmarshal(data, &back))
	user.Password = ""
	assert.Equal(t, user, back)
}

func TestSecret(t *testing.T) {
	const plain = "t1meMa$heen"
	secret := resource.Secret(plain)
	assert.Equal(t, plain, string(secret))

	user := resource.User{UserName: "bjensen", Password: secret}
	type outer struct {
		resource.User
		Spare *resource.Secret
	}
	for _, v := range []any{secret, &secret, user, &user, outer{User: user, Spare: &secret}, []resource.Secret{secret}, map[string]resource.Secret{"p": secret}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%20.3s"} {
			got := fmt.Sprintf(verb, v)
			assert.NotContains(t, got, plain, "%s of %T", verb, v)
			assert.NotContains(t, strings.ToLower(got), fmt.Sprintf("%x", plain), "%s of %T", verb, v)
		}
	}
	assert.Equal(t, "[secret]", secret.String())
	assert.Equal(t, "[secret]", secret.GoString())
	assert.Equal(t, "[secret]", fmt.Sprintf("%v", secret))
	assert.Contains(t, fmt.Sprintf("%+v", user), "Password:[secret]")
	assert.Contains(t, fmt.Sprintf("%#v", user), "Password:[secret]")
	assert.NotContains(t, fmt.Errorf("refused: %w", fmt.Errorf("password %v", secret)).Error(), plain)

	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		log := slog.New(h)
		log.Info("login", "password", secret)
		log.With("password", secret).Info("login", slog.Group("user", slog.Any("password", secret)))
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("login", "user", user, "pointer", &user)
	assert.NotContains(t, out.String(), plain)
	assert.Equal(t, 8, strings.Count(out.String(), "[secret]"), out.String())
}
