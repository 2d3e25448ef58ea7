package resource_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// The document that has every attribute is accepted wherever it may stand: it is what the tests below start from.
func TestSampleDocuments(t *testing.T) {
	for _, m := range clientModels() {
		require.Greater(t, len(m.places), 10, m.name)
		for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest} {
			_, err := m.verbs.validate(ctx, render(m.document), resource.Strict(), resource.RejectUnknown())
			require.NoError(t, err, "%s %v", m.name, ctx)
		}
		_, err := m.verbs.validate(resource.QueryResponse, render(m.shown().document), resource.Strict())
		require.NoError(t, err, m.name)
	}
	for _, m := range discoveryModels() {
		for _, ctx := range []resource.Context{resource.Storage, resource.QueryResponse} {
			_, err := m.verbs.validate(ctx, render(m.document), resource.Strict())
			require.NoError(t, err, "%s %v", m.name, ctx)
		}
	}
}

// kinds are values of each JSON kind, and how an error names them.
var kinds = map[string]string{
	`"x"`: "a string", `5`: "a number", `-1.5`: "a number", `true`: "a boolean", `{}`: "an object", `{"x":1}`: "an object", `[]`: "an array", `[5,"x",{}]`: "an array",
}

// fits says whether a value of this kind is one of the type.
func fits(t reflect.Type, value string) bool {
	switch {
	case t == reflect.TypeFor[time.Time](), t.Kind() == reflect.String, t.Kind() == reflect.Slice:
		return value[0] == '"'
	case t.Kind() == reflect.Struct:
		return value[0] == '{'
	case t.Kind() == reflect.Bool:
		return value == "true"
	case t.Kind() == reflect.Float32, t.Kind() == reflect.Float64:
		return value == "5" || value == "-1.5"
	}
	return value == "5"
}

// wrongValue is a value of the wrong kind for a place.
type wrongValue struct {
	value string
	path  string
	kind  string
}

func wrongValues(p place) []wrongValue {
	var list []wrongValue
	for value, kind := range kinds {
		switch {
		case !p.multi && !fits(p.elem, value):
			list = append(list, wrongValue{value, p.path, kind})
		case p.multi && value[0] != '[':
			list = append(list, wrongValue{value, p.path, kind})
		}
		if p.multi && !fits(p.elem, value) && value[0] != '[' {
			list = append(list, wrongValue{"[" + value + "]", p.path + "[0]", kind})
		}
	}
	if p.multi {
		list = append(list, wrongValue{"[[]]", p.path + "[0]", "an array"})
	}
	return list
}

// Each attribute and sub-attribute of each type refuses each other kind of JSON, at exactly its path.
func TestWrongKinds(t *testing.T) {
	check := func(t *testing.T, m *model, ctx resource.Context) {
		t.Helper()
		n := 0
		for _, p := range m.places {
			for _, w := range wrongValues(p) {
				n++
				_, err := m.verbs.validate(ctx, m.with(p, w.value), resource.Strict())
				if ctx == resource.CreationRequest && p.readOnly {
					require.NoError(t, err, "%s = %s is readOnly", p.path, w.value)
					continue
				}
				wrong(t, err, p, w)
			}
		}
		require.Greater(t, n, 5*len(m.places), "the walk has missed values")
	}
	for _, m := range clientModels() {
		t.Run(m.name, func(t *testing.T) {
			check(t, m, resource.CreationRequest)
			check(t, m, resource.Storage)
			check(t, m.shown(), resource.QueryResponse)
		})
	}
	for _, m := range discoveryModels() {
		t.Run(m.name, func(t *testing.T) {
			check(t, m, resource.Storage)
			check(t, m, resource.QueryResponse)
		})
	}
}

func wrong(t *testing.T, err error, p place, w wrongValue) {
	t.Helper()
	if err == nil {
		t.Errorf("%s = %s: accepted", p.path, w.value)
		return
	}
	list := faultsOf(t, err)
	if !assert.Len(t, list, 1, "%s = %s", p.path, w.value) {
		return
	}
	assert.Equal(t, w.path, list[0].Path, "%s = %s: %v", p.path, w.value, err)
	assert.Equal(t, errors.InvalidValue, list[0].Type, "%s = %s: %v", p.path, w.value, err)
	assert.Contains(t, list[0].Detail, "must be ", "%s = %s: %v", p.path, w.value, err)
	if w.value != "-1.5" && w.value != "[-1.5]" { // an integer does not take every number
		assert.True(t, strings.HasSuffix(list[0].Detail, ", not "+shownKind(p, w)), "%s = %s: %v", p.path, w.value, err)
	}
}

// hasSecret says whether a complex value has a part that is never returned: a value in the place of the object may be meant for it.
func hasSecret(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return false
	}
	return slices.ContainsFunc(fieldsOf(t), func(f reflect.StructField) bool {
		return strings.Contains(f.Tag.Get("scim"), "returned=never")
	})
}

// shownKind is how an error tells a value of the wrong kind: simple values are shown, unless they are secret.
func shownKind(p place, w wrongValue) string {
	value := w.value
	if p.multi && len(w.path) > len(p.path) { // in a list of one
		value = value[1 : len(value)-1]
	}
	if p.never || hasSecret(p.elem) || value[0] == '{' || value[0] == '[' {
		return w.kind
	}
	return strings.Replace(w.kind, "a", "the", 1) + " " + value
}

// By default the same values are refused at the same paths, unless a tolerance accepts them.
func TestWrongKindsTolerated(t *testing.T) {
	for _, m := range clientModels() {
		t.Run(m.name, func(t *testing.T) {
			accepted := 0
			for _, p := range m.places {
				for _, w := range wrongValues(p) {
					var repairs []resource.Repair
					_, err := m.verbs.validate(resource.CreationRequest, m.with(p, w.value), resource.Repairs(&repairs))
					rules := tolerances(p, w)
					switch {
					case p.readOnly:
						require.NoError(t, err, "%s = %s is readOnly", p.path, w.value)
						assert.Empty(t, repairs, "%s = %s is readOnly", p.path, w.value)
					case rules != nil:
						accepted++
						require.NoError(t, err, "%s = %s", p.path, w.value)
						for _, rule := range rules {
							assert.Contains(t, repairNames(repairs), rule, "%s = %s", p.path, w.value)
						}
					default:
						wrongSomewhere(t, err, p, w)
					}
				}
			}
			assert.NotZero(t, accepted)
		})
	}
}

// tolerances are what it takes to accept a value of the wrong kind; nil: it is refused.
func tolerances(p place, w wrongValue) []string {
	value, isElement := w.value, p.multi && w.value[0] == '['
	if isElement {
		value = strings.TrimSuffix(strings.TrimPrefix(value, "["), "]")
	}
	bare := value[0] == '"' && isStruct(p.elem) && hasValue(p.elem)
	switch {
	case bare: // for a list SingleAsList as well; that both are reported is seen by TestSimpleLists
		return []string{"BareValue " + w.path}
	case isElement, !p.multi:
		return nil
	case value[0] == '"' && p.elem.Kind() != reflect.String, value == `{"x":1}`: // no base64, no dateTime; a required part is missing
		return nil
	case fits(p.elem, value):
		return []string{"SingleAsList " + p.path}
	}
	return nil
}

func hasValue(t reflect.Type) bool {
	for _, f := range fieldsOf(t) {
		if attributeName(f) == "value" {
			return f.Type.Kind() == reflect.String
		}
	}
	return false
}

func wrongSomewhere(t *testing.T, err error, p place, w wrongValue) {
	t.Helper()
	if w.value == `{"x":1}` && p.multi { // one object for a list of objects: accepted or not by what is in it
		return
	}
	if err == nil {
		t.Errorf("%s = %s: accepted", p.path, w.value)
		return
	}
	list := faultsOf(t, err)
	assert.Len(t, list, 1, "%s = %s", p.path, w.value)
	assert.Equal(t, w.path, list[0].Path, "%s = %s: %v", p.path, w.value, err)
	assert.Equal(t, errors.InvalidValue, list[0].Type, "%s = %s: %v", p.path, w.value, err)
}

// Each required attribute and sub-attribute is demanded, at its path, however it is left out.
func TestRequiredEverywhere(t *testing.T) {
	check := func(t *testing.T, m *model, ctx resource.Context, demanded func(p place) bool) {
		t.Helper()
		n := 0
		for _, p := range m.places {
			if !demanded(p) {
				continue
			}
			n++
			for name, body := range map[string][]byte{"absent": m.without(p), "null": m.with(p, "null")} {
				_, err := m.verbs.validate(ctx, body, resource.Strict())
				if err == nil {
					t.Errorf("%v: %s %s: accepted", ctx, p.path, name)
					continue
				}
				path := p.path
				if p.alone { // without its only part the value above is unassigned
					path = path[:strings.LastIndexByte(path, '.')]
				}
				list := faultsOf(t, err)
				if assert.Len(t, list, 1, "%s %s: %v", p.path, name, err) {
					assert.Equal(t, path, list[0].Path, name)
					assert.Equal(t, errors.InvalidValue, list[0].Type, "%v", err)
					assert.Equal(t, "is required", list[0].Detail)
				}
			}
			if p.multi && ctx == resource.CreationRequest {
				_, err := m.verbs.validate(ctx, m.with(p, "[]"), resource.Strict())
				refused(t, err, invalid(p.path, "is required"))
			}
		}
		require.NotZero(t, n)
	}
	for _, m := range clientModels() {
		if m.name == "Probe" {
			continue // has none
		}
		t.Run("7643-2.5-02/"+m.name, func(t *testing.T) {
			check(t, m, resource.CreationRequest, func(p place) bool { return p.required() && !p.readOnly })
		})
	}
	for _, m := range discoveryModels() {
		t.Run("7643-5-01/"+m.name, func(t *testing.T) {
			for _, ctx := range []resource.Context{resource.QueryResponse, resource.CreationResponse, resource.ReplaceResponse, resource.PatchResponse} {
				check(t, m, ctx, place.required)
			}
		})
	}
	for _, m := range append(clientModels(), discoveryModels()...) {
		t.Run("Storage/"+m.name, func(t *testing.T) { // types only: nothing is demanded
			for _, p := range m.places {
				_, err := m.verbs.validate(resource.Storage, m.without(p), resource.Strict())
				assert.NoError(t, err, p.path)
			}
		})
	}
}

// No object holds a name twice, in any spelling and at any level (AMB-02); encoding/json would take the last one.
func TestDuplicatesEverywhere(t *testing.T) {
	check := func(t *testing.T, m *model, ctx resource.Context) {
		t.Helper()
		for _, p := range m.places {
			name, _ := p.steps[len(p.steps)-1].(string)
			escaped := strings.Replace(name, "e", "E", 1)
			for _, spelling := range []string{name, strings.ToUpper(name), strings.ToLower(name), escaped} {
				v, err := m.verbs.validate(ctx, m.twice(p, spelling))
				if err == nil {
					t.Errorf("%s and %s: accepted", p.path, spelling)
					continue
				}
				assert.Nil(t, v)
				list := faultsOf(t, err)
				require.Len(t, list, 1)
				assert.Equal(t, errors.InvalidSyntax, list[0].Type)
				assert.Equal(t, 400, list[0].Status)
				assert.Contains(t, strings.ToLower(list[0].Detail), strings.ToLower(`"`+name+`" appears twice`), "%s and %s", p.path, spelling)
			}
		}
	}
	for _, m := range clientModels() {
		t.Run("AMB-02/"+m.name, func(t *testing.T) {
			check(t, m, resource.CreationRequest)
			check(t, m, resource.Storage)
			check(t, m.shown(), resource.QueryResponse)
		})
	}
	for _, m := range discoveryModels() {
		t.Run("AMB-02/"+m.name, func(t *testing.T) { check(t, m, resource.QueryResponse) })
	}
}
