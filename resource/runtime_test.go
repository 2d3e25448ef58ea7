package resource_test

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

	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// A type that StructOf makes of the published schemas does all that the compiled type does, byte for byte: the tests here and in
// runtime_query_test.go put every document of testdata/rfc and scimtest/corpus through both.

const enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// twin is a compiled type, all verbs on it, and the runtime type.
type twin struct {
	name     string
	of, made reflect.Type
	schemas  []*schema.Schema
	compile  func(text string, opts ...filter.Option) (*filter.Filter, error)
	order    func(by, order string, opts ...filter.Option) (*filter.Order, error)
	patch    func(body []byte, opts ...resource.Option) (any, error) // in PatchRequest
	apply    func(current, op any) (any, error)
	changes  func(op any) ([]patch.Change, error)
	diff     func(from, to any) (any, error)
	list     func(items []any, q *resource.SearchRequest, opts ...resource.Option) (any, error)
}

// as is v of a type that it must have.
func as[T any](v any) T {
	typed, ok := v.(T)
	if !ok {
		panic(fmt.Sprintf("%T", v))
	}
	return typed
}

func twinOf[T any](t *testing.T, endpoint string, names ...string) twin {
	t.Helper()
	w := twin{name: strings.Trim(endpoint, "/"), of: reflect.TypeFor[T]()}
	for _, name := range names {
		s, repaired, err := schema.Load(rfcFile(t, "rfc7643-8.7.1-schema-"+name+".recommended.json"))
		require.NoError(t, err)
		require.Empty(t, repaired)
		w.schemas = append(w.schemas, s)
	}
	var err error
	w.made, err = resource.StructOf(resource.ResourceTypeFor[T](endpoint), w.schemas...)
	require.NoError(t, err)
	w.compile, w.order = filter.Compile[T], filter.CompileOrder[T]
	w.patch = func(body []byte, opts ...resource.Option) (any, error) {
		return resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body, opts...)
	}
	w.apply = func(current, op any) (any, error) { return patch.Apply(as[*T](current), as[*resource.PatchOp[T]](op)) }
	w.changes = func(op any) ([]patch.Change, error) { return patch.Changes(as[*resource.PatchOp[T]](op)) }
	w.diff = func(from, to any) (any, error) {
		op, err := patch.Diff(as[*T](from), as[*T](to))
		if op == nil {
			return nil, err
		}
		return op, err
	}
	w.list = func(items []any, q *resource.SearchRequest, opts ...resource.Option) (any, error) {
		list := make([]*T, len(items))
		for i := range items {
			list[i] = as[*T](items[i])
		}
		return resource.List(list, q, opts...)
	}
	return w
}

func twins(t *testing.T) []twin {
	t.Helper()
	return []twin{twinOf[benchUser](t, "/Users", "user", "enterprise_user"), twinOf[resource.Group](t, "/Groups", "group")}
}

// exchanges are what the corpus has of one provider.
type exchanges []struct {
	Request sent
	Before  []sent
	Given   map[string][]json.RawMessage
}

type sent struct {
	Method, Path string
	Body         json.RawMessage
}

func corpus(t *testing.T) (all exchanges) {
	t.Helper()
	files, err := filepath.Glob("scimtest/corpus/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var some exchanges
		require.NoError(t, json.Unmarshal(text, &some), file)
		all = append(all, some...)
	}
	require.GreaterOrEqual(t, len(all), 177)
	return all
}

// bodies are all documents of the RFCs and the corpus, each once.
func bodies(t *testing.T) (list [][]byte) {
	t.Helper()
	seen := map[string]bool{}
	add := func(text []byte) {
		var b bytes.Buffer
		if len(text) == 0 || json.Compact(&b, text) != nil || seen[b.String()] {
			return
		}
		seen[b.String()] = true
		list = append(list, text)
	}
	files, err := filepath.Glob("testdata/rfc/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		add(rfcFile(t, filepath.Base(file)))
	}
	for _, x := range corpus(t) {
		add(x.Request.Body)
		for _, before := range x.Before {
			add(before.Body)
		}
		for _, given := range x.Given {
			for _, g := range given {
				add(g)
			}
		}
	}
	require.Greater(t, len(list), 250)
	return list
}

// damaged are documents with one member after the other replaced by something else.
func damaged(t *testing.T) (list [][]byte) {
	t.Helper()
	var change func(v any, out func())
	change = func(v any, out func()) {
		replace := func(old any, set func(any)) {
			for _, other := range []any{nil, "", "x y", 5, 1.5, true, "True", []any{}, []any{nil, "x"}, map[string]any{}, map[string]any{"value": 1}} {
				set(other)
				out()
			}
			set(old)
			change(old, out)
		}
		switch v := v.(type) {
		case map[string]any:
			for _, key := range sortedKeys(v) {
				replace(v[key], func(other any) { v[key] = other })
			}
		case []any:
			if len(v) > 0 { // the others are alike
				replace(v[0], func(other any) { v[0] = other })
			}
		}
	}
	for _, name := range []string{"rfc7643-8.3-user-enterprise.json", "rfc7643-8.4-group.json"} {
		var v any
		require.NoError(t, json.Unmarshal(rfcFile(t, name), &v))
		change(v, func() {
			text, err := json.Marshal(v)
			require.NoError(t, err)
			list = append(list, text)
		})
	}
	require.Greater(t, len(list), 900)
	return list
}

var everyContext = []resource.Context{
	resource.Storage, resource.CreationRequest, resource.ReplaceRequest, resource.PatchRequest, resource.QueryRequest,
	resource.CreationResponse, resource.ReplaceResponse, resource.PatchResponse, resource.QueryResponse,
}

// errorText is an error without the Go type's name, which is not the same.
func (w *twin) errorText(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if strings.HasPrefix(text, "scim: ") { // of a mistake of the program
		text = strings.NewReplacer(w.of.String(), "T", w.made.String(), "T").Replace(text)
	}
	return fmt.Sprintf("%T ", err) + text
}

// equalErrors says whether both went well, and reports errors that differ.
func (w *twin) equalErrors(t *testing.T, compiled, made error, about ...any) (fine bool) {
	t.Helper()
	if w.errorText(compiled) != w.errorText(made) {
		t.Errorf("compiled: %v\nruntime:  %v\n%s", compiled, made, fmt.Sprint(about...))
	}
	return compiled == nil && made == nil
}

// equalMarshal says whether both are written, and reports what is not written alike.
func (w *twin) equalMarshal(t *testing.T, ctx resource.Context, compiled, made any, opts ...resource.Option) bool {
	t.Helper()
	one, e1 := resource.Marshal(ctx, compiled, opts...)
	two, e2 := resource.Marshal(ctx, made, opts...)
	if !w.equalErrors(t, e1, e2, ctx) {
		return false
	}
	if !bytes.Equal(one, two) {
		t.Errorf("%s\ncompiled: %s\nruntime:  %s", ctx, one, two)
	}
	return true
}

// read puts a document through both types.
func (w *twin) read(t *testing.T, ctx resource.Context, body []byte, opts ...resource.Option) (compiled, made any, ok bool) {
	t.Helper()
	var repairs [2][]resource.Repair
	var nulls [2][]string
	compiled, e1 := resource.ValidateAs(w.of, ctx, body, append(slices.Clip(opts), resource.Repairs(&repairs[0]), resource.Nulls(&nulls[0]))...)
	made, e2 := resource.ValidateAs(w.made, ctx, body, append(slices.Clip(opts), resource.Repairs(&repairs[1]), resource.Nulls(&nulls[1]))...)
	ok = w.equalErrors(t, e1, e2, ctx, string(body))
	if !reflect.DeepEqual(repairs[0], repairs[1]) || !reflect.DeepEqual(nulls[0], nulls[1]) {
		t.Errorf("%s %s\ncompiled: %v %v\nruntime:  %v %v", ctx, body, repairs[0], nulls[0], repairs[1], nulls[1])
	}
	return compiled, made, ok
}

// modes are the ways of reading that concern every context.
var modes = map[string][]resource.Option{
	"default": nil, "strict": {resource.Strict()}, "reject": {resource.RejectUnknown()},
	"strict and reject": {resource.Strict(), resource.RejectUnknown()}, "owned": {resource.Owned()},
}

var requirements = []resource.Requirement{
	resource.Emails, resource.Countries, resource.Locales, resource.Languages, resource.Timezones, resource.PhoneNumbers, resource.CanonicalValues,
}

func TestRuntimeSchemas(t *testing.T) {
	users, groups := twins(t)[0], twins(t)[1]
	types, loaded := []reflect.Type{users.made, groups.made}, slices.Concat(users.schemas, groups.schemas)
	all := schema.AllOf(types...)
	require.Len(t, all, len(loaded))
	require.Len(t, all, 3)
	for i, s := range all {
		t.Run("7643-7-13/"+s.Name, func(t *testing.T) {
			got, err := resource.Marshal(resource.QueryResponse, s)
			require.NoError(t, err)
			want := *loaded[i]
			want.Meta = resource.Meta{ResourceType: "Schema"} // where a document was published is not in the type
			text, err := resource.Marshal(resource.QueryResponse, &want)
			require.NoError(t, err)
			assert.Equal(t, string(text), string(got))
		})
	}
}

// Every document in every context and mode: the same errors, repairs and nulls, or the same value, which is then written in every
// context, has the same version and passes the same checks.
func TestRuntimeDocuments(t *testing.T) {
	documents := bodies(t)
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			read, accepted, written := 0, 0, 0
			for _, body := range documents {
				for _, ctx := range everyContext {
					for mode, opts := range modes {
						if mode != "default" && (ctx == resource.ReplaceResponse || ctx == resource.PatchResponse) { // read like the other answers
							continue
						}
						compiled, made, ok := w.read(t, ctx, body, append(slices.Clip(opts), resource.Replacing(nil))...)
						if read++; !ok {
							continue
						}
						accepted++
						if mode != "default" || ctx > resource.CreationResponse {
							continue
						}
						for _, out := range everyContext {
							if w.equalMarshal(t, out, compiled, made) {
								written++
							}
						}
						if ctx == resource.Storage || ctx == resource.CreationRequest {
							w.compare(t, compiled, made)
						}
					}
				}
				for _, r := range requirements {
					for _, ctx := range []resource.Context{resource.CreationRequest, resource.PatchRequest} {
						if _, _, ok := w.read(t, ctx, body, resource.Require(r)); ok {
							accepted++
						}
						read++
					}
				}
			}
			assert.Greater(t, read, 15_000)
			assert.Greater(t, accepted, 5_000)
			assert.Greater(t, written, 5_000)
		})
	}
}

var everywhere = resource.Locate("https://example.com/v2", resource.ResourceTypeFor[benchUser]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups"))

// compare looks at what else can be done with a value.
func (w *twin) compare(t *testing.T, compiled, made any) {
	t.Helper()
	assert.Equal(t, etag.Of(compiled), etag.Of(made))
	assert.Equal(t, resource.Common(compiled), resource.Common(made))
	for _, c := range []resource.Context{resource.Storage, resource.CreationRequest, resource.ReplaceRequest, resource.QueryResponse} {
		for _, o := range []resource.Option{nil, resource.Strict(), resource.Require(requirements...)} {
			e1 := resource.Check(c, compiled, o, resource.Replacing(nil))
			e2 := resource.Check(c, made, o, resource.Replacing(nil))
			w.equalErrors(t, e1, e2, c)
		}
	}
	w.equalMarshal(t, resource.QueryResponse, compiled, made, everywhere)
}

// Documents with a fault in each of their places: the same paths and texts.
func TestRuntimeFaults(t *testing.T) {
	documents := damaged(t)
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			refused := 0
			for _, body := range documents {
				for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest, resource.QueryResponse} {
					compiled, made, ok := w.read(t, ctx, body)
					if !ok {
						refused++
						continue
					}
					w.equalMarshal(t, resource.Storage, compiled, made)
				}
				w.read(t, resource.CreationRequest, body, resource.Strict(), resource.RejectUnknown())
			}
			assert.Greater(t, refused, 400)
		})
	}
}

// A PUT over several stored resources: readOnly and immutable values, and what is absent.
func TestRuntimeReplace(t *testing.T) {
	documents := bodies(t)
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			done := 0
			for _, current := range w.stored(t)[:6] {
				for _, body := range documents {
					for _, mode := range []string{"default", "strict and reject"} {
						opts := modes[mode]
						compiled, e1 := resource.ValidateAs(w.of, resource.ReplaceRequest, body, append(slices.Clip(opts), resource.Replacing(current.compiled))...)
						made, e2 := resource.ValidateAs(w.made, resource.ReplaceRequest, body, append(slices.Clip(opts), resource.Replacing(current.made))...)
						if w.equalErrors(t, e1, e2, string(body)) && w.equalMarshal(t, resource.Storage, compiled, made) {
							done++
						}
					}
				}
			}
			assert.Greater(t, done, 200)
		})
	}
}

// both is one resource in both types.
type both struct{ compiled, made any }

// stored are the resources among the documents, those that have most first.
func (w *twin) stored(t *testing.T) (list []both) {
	t.Helper()
	name := map[string]string{"Users": "userName", "Groups": "displayName"}[w.name]
	for _, body := range bodies(t) {
		compiled, made, ok := w.read(t, resource.Storage, body)
		if !ok {
			continue
		}
		v, err := resource.Get(compiled, name)
		require.NoError(t, err)
		if v == nil || bytes.Contains(body, []byte("ListResponse")) {
			continue
		}
		if b := (both{compiled, made}); len(list) > 0 && bytes.Contains(body, []byte(`"members"`)) || bytes.Contains(body, []byte(enterpriseURN+`":`)) {
			list = append([]both{b}, list...)
		} else {
			list = append(list, b)
		}
	}
	require.Greater(t, len(list), 30)
	return list
}
