package resource_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// fuzzedType is a type of FuzzValidate with the contexts it may stand in.
type fuzzedType struct {
	urn      string
	contexts []resource.Context
	check    func(t *testing.T, ctx resource.Context, mode fuzzedMode, body []byte)
}

// fuzzedMode is a way to read; what it accepts the default accepts, too.
type fuzzedMode struct {
	name string
	opts []resource.Option
}

var (
	fuzzedModes = []fuzzedMode{
		{"default", nil},
		{"Strict", []resource.Option{resource.Strict()}},
		{"RejectUnknown", []resource.Option{resource.RejectUnknown()}},
		{"Strict, RejectUnknown", []resource.Option{resource.Strict(), resource.RejectUnknown()}},
		{"Owned", []resource.Option{resource.Owned()}},
		{"Require", []resource.Option{resource.Require(resource.Emails, resource.Countries, resource.Locales, resource.Languages, resource.Timezones, resource.PhoneNumbers, resource.CanonicalValues)}},
		{"Tolerate", []resource.Option{resource.Tolerate(resource.BooleanStrings, resource.MissingSchemas, resource.BareValue)}},
	}
	resourceContexts = []resource.Context{
		resource.Storage, resource.CreationRequest, resource.ReplaceRequest, resource.CreationResponse, resource.ReplaceResponse, resource.PatchResponse, resource.QueryResponse,
	}
	discoveryContexts = []resource.Context{resource.Storage, resource.QueryResponse}
	fuzzedTypes       = []fuzzedType{
		{resource.UserSchema, resourceContexts, accepts[Employee]},
		{resource.GroupSchema, resourceContexts, accepts[resource.Group]},
		{badgeURN, resourceContexts, accepts[Visitor]},
		{probeURN, resourceContexts, accepts[Probe]},
		{deviceURN, resourceContexts, accepts[Device]},
		{resource.ServiceProviderConfigSchema, discoveryContexts, accepts[resource.ServiceProviderConfig]},
		{resource.ResourceTypeSchema, discoveryContexts, accepts[resource.ResourceType]},
		{resource.SchemaSchema, discoveryContexts, accepts[schema.Schema]},
		{resource.ListResponseSchema, []resource.Context{resource.QueryResponse}, accepts[resource.ListResponse[*Employee]]},
		{resource.SearchRequestSchema, []resource.Context{resource.QueryRequest}, accepts[resource.SearchRequest]},
	}
)

// FuzzValidate: what Validate accepts in a context, Marshal writes in it, and Validate accepts that strictly and to an equal struct, as it
// does what Marshal writes for a database. What it refuses, it refuses as the client's fault; what it accepts is JSON for encoding/json, too,
// and passes Check; and what any mode accepts the default accepts to an equal struct. [FuzzValidatePatch] is the same for PATCH.
func FuzzValidate(f *testing.F) {
	add := func(kind int, ctx, mode byte, body []byte) { f.Add(body, byte(kind), ctx, mode) }
	files, err := filepath.Glob("testdata/rfc/rfc*.json")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		var b bytes.Buffer
		require.NoError(f, json.Compact(&b, rfcFile(f, filepath.Base(file))))
		seedFuzzed(b.Bytes(), add)
	}
	for _, m := range append(clientModels(), discoveryModels()...) {
		seedFuzzed(render(m.document), add)
		seedFuzzed(render(m.shown().document), add)
	}
	for _, sent := range corpusBodies(f) {
		kind := fuzzedKind(sent.body)
		switch sent.method {
		case http.MethodPost:
			add(kind, byte(slices.Index(resourceContexts, resource.CreationRequest)), 0, sent.body)
		case http.MethodPut:
			add(kind, byte(slices.Index(resourceContexts, resource.ReplaceRequest)), 0, sent.body)
		}
	}
	for _, body := range []string{
		`{"schemas":["<U>"],"userName":"x","active":"True","emails":{"value":"a"},"roles":["r",null,""],"name":{"x":1},"<E>":{"manager":"1"}}`,
		`{"schemas":["<U>"],"id":"1","userName":"\ud83d\ude00","meta":{"version":"W/\"1\"","created":"2011-05-13T04:42:34.882+02:00"}}`,
		`{"schemas":["<PROBE>","urn:x:y"],"count":9007199254740993,"ratio":-1.5e-7,"half":0.1,"at":"0001-01-01T00:00:00","blob":"AQI","parts":"x","flags":"true","id":"1"}`,
		`{"schemas":["<SEARCH>"],"attributes":"userName, name","count":-1,"startIndex":0,"cursor":""}`,
		`{"schemas":["<LIST>"],"Resources":[{"id":"1","emails":[{"value":"a"},{}]}]}`,
	} {
		seedFuzzed([]byte(urns.Replace(body)), add)
	}
	f.Fuzz(func(t *testing.T, body []byte, kind, ctx, mode byte) {
		one := fuzzedTypes[int(kind)%len(fuzzedTypes)]
		one.check(t, one.contexts[int(ctx)%len(one.contexts)], fuzzedModes[int(mode)%len(fuzzedModes)], body)
	})
}

// seedFuzzed adds a document in all contexts of its type.
func seedFuzzed(body []byte, add func(kind int, ctx, mode byte, body []byte)) {
	kind := fuzzedKind(body)
	for ctx := range fuzzedTypes[kind].contexts {
		add(kind, byte(ctx), byte((ctx+len(body))%len(fuzzedModes)), body)
	}
}

// fuzzedKind is the last type whose URN a document has; it is taken for a user where there is none.
func fuzzedKind(body []byte) int {
	for i, one := range slices.Backward(fuzzedTypes) {
		if bytes.Contains(body, []byte(`"`+one.urn+`"`)) {
			return i
		}
	}
	return 0
}

// sentBody is a body that an identity provider sends.
type sentBody struct {
	method string
	body   []byte
}

// corpusBodies are those of the corpus that package scimtest replays.
func corpusBodies(tb testing.TB) []sentBody {
	tb.Helper()
	files, err := filepath.Glob("scimtest/corpus/*.json")
	require.NoError(tb, err)
	var list []sentBody
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(tb, err)
		type message struct {
			Method string
			Body   json.RawMessage
		}
		var exchanges []struct {
			Before  []message
			Request message
		}
		require.NoError(tb, json.Unmarshal(text, &exchanges))
		for _, x := range exchanges {
			for _, m := range append(x.Before, x.Request) {
				if len(m.Body) > 0 && m.Body[0] == '{' {
					var b bytes.Buffer
					require.NoError(tb, json.Compact(&b, m.Body))
					list = append(list, sentBody{m.Method, b.Bytes()})
				}
			}
		}
	}
	require.Greater(tb, len(list), 100, "the corpus")
	return list
}

func accepts[T any](t *testing.T, ctx resource.Context, mode fuzzedMode, body []byte) {
	t.Helper()
	fail := func(what string, err error, texts ...[]byte) {
		t.Helper()
		t.Fatalf("%v, %s: %s: %v\n%s", ctx, mode.name, what, err, bytes.Join(texts, []byte("\n")))
	}
	opts := mode.opts
	if ctx == resource.ReplaceRequest {
		opts = append([]resource.Option{resource.Replacing(nil)}, opts...)
	}
	before := bytes.Clone(body)
	v, err := resource.Validate[T](ctx, body, opts...)
	if !bytes.Equal(before, body) {
		fail("the body is changed", nil, before, body)
	}
	byDefault, refusal := resource.Validate[T](ctx, body, resource.Replacing(nil))
	if err != nil {
		if v != nil {
			fail("a result beside the error", err, body)
		}
		clientFault(t, err)
		return
	}
	if refusal != nil {
		fail("the default refuses", refusal, body)
	}
	equal := func(what string, want, got *T, texts ...[]byte) {
		t.Helper()
		for _, d := range differences("", reflect.ValueOf(want), reflect.ValueOf(got)) {
			t.Errorf("%v, %s: %s: %s\n%s", ctx, mode.name, what, d, bytes.Join(texts, []byte("\n")))
		}
	}
	equal("the default", byDefault, v, body)
	if !json.Valid(body) {
		fail("accepted, but no JSON", nil, body)
	}
	if err := resource.Check(ctx, v, opts...); err != nil {
		fail("Check", err, body)
	}
	adjust(v)
	text, err := resource.Marshal(ctx, v)
	if err != nil {
		fail("Marshal", err, body)
	}
	strict := []resource.Option{resource.Strict(), resource.RejectUnknown(), resource.Owned(), resource.Replacing(nil)}
	if ctx == resource.QueryRequest {
		strict = nil // names that are no attribute notation are kept, and Strict would refuse them (AMB-27)
	}
	again, err := resource.Validate[T](ctx, text, strict...)
	if err != nil {
		fail("what Marshal writes", err, body, text)
	}
	unshown(ctx, v)
	equal("what Marshal writes", v, again, body, text)
	second, err := resource.Append(nil, ctx, again)
	if err != nil || string(second) != string(text) {
		fail("written once more", err, text, second)
	}
	stored, err := resource.Marshal(resource.Storage, v)
	if err != nil {
		fail("Marshal for Storage", err, body)
	}
	loaded, err := resource.Validate[T](resource.Storage, stored)
	if err != nil {
		fail("what is stored", err, stored)
	}
	equal("what is stored", v, loaded, body, stored)
	if ctx == resource.ReplaceRequest { // of what it makes: nothing changes
		same, err := resource.Validate[T](ctx, text, resource.Replacing(v))
		if err != nil {
			fail("replacing itself", err, text)
		}
		equal("replacing itself", v, same, body, text)
	}
}

// adjust makes a list what it becomes when it is written: itemsPerPage counts, and Resources is there.
func adjust(v any) {
	if list, ok := v.(*resource.ListResponse[*Employee]); ok {
		list.ItemsPerPage = len(list.Resources)
		if list.Resources == nil {
			list.Resources = []*Employee{}
		}
	}
}

// unshown takes out what an answer shows on request only.
func unshown(ctx resource.Context, v any) {
	if device, ok := v.(*Device); ok && (ctx == resource.QueryResponse || ctx == resource.PatchResponse) {
		device.Recovery = ""
	}
}

func clientFault(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*scimerrors.Error](err)
	if !ok || e.Status != 400 || e.Type == "" || e.Detail == "" {
		t.Fatalf("%T %v is no fault of a client", err, err)
	}
	if text := scimerrors.Append(nil, err); !json.Valid(text) || len(text) > 64<<10 {
		t.Fatalf("message %.200q", text)
	}
}

// FuzzParseQuery: whatever a URL says, the answer is a query that holds what it promises, or a refusal.
func FuzzParseQuery(f *testing.F) {
	for _, query := range []string{
		"", "startIndex=1&count=10", "startIndex=-1&count=-1", "startIndex=abc", "attributes=userName,%20name.givenName", "excludedAttributes=emails,,", "attributes=a&excludedAttributes=b",
		"filter=userName%20eq%20%22a%2Bb%22", "sortBy=title&sortOrder=Descending", "sortOrder=up", "cursor", "cursor=YkU3OF86Pz0rGv", "cursor=a%2Fb", "cursor=a&startIndex=1",
		"count=99999999999999999999", "count=1&count=2", "attributes=" + url.QueryEscape(`emails[type eq "work"]`), "attributes=urn:ietf:params:scim:schemas:core:2.0:User:name", "foo=%ff",
	} {
		f.Add(query, 200)
	}
	f.Fuzz(func(t *testing.T, query string, most int) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		q, err := resource.ParseQuery(values)
		strict, strictErr := resource.ParseQuery(values, resource.Strict())
		if err != nil {
			if q != nil || strictErr == nil {
				t.Fatalf("%v %v", q, strictErr)
			}
			clientFault(t, err)
			return
		}
		if strictErr == nil {
			for _, d := range differences("", reflect.ValueOf(q), reflect.ValueOf(strict)) {
				t.Error("Strict", d)
			}
		}
		if q.StartIndex < 0 || q.Count != nil && *q.Count < 0 || q.Cursor != nil && q.StartIndex != 0 || len(q.Attributes) > 0 && len(q.ExcludedAttributes) > 0 {
			t.Fatalf("%+v", q)
		}
		offset, limit := q.Page(most)
		if offset < 0 || limit < 0 || most > 0 && limit > most || q.Count != nil && limit > *q.Count {
			t.Fatalf("%d %d of %+v", offset, limit, q)
		}
		text, err := resource.Marshal(resource.QueryRequest, q)
		if err != nil {
			t.Fatal(err)
		}
		again, err := resource.Validate[resource.SearchRequest](resource.QueryRequest, text, resource.Strict())
		if err != nil && strictErr == nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if err == nil && validUTF8(q) {
			for _, d := range differences("", reflect.ValueOf(q), reflect.ValueOf(again)) {
				t.Errorf("%s\n%s", d, text)
			}
		}
	})
}

// validUTF8 says whether the strings of a query survive JSON.
func validUTF8(q *resource.SearchRequest) bool {
	text, err := json.Marshal(append(append([]string{q.Filter, q.SortBy}, q.Attributes...), q.ExcludedAttributes...))
	var list []string
	return err == nil && json.Unmarshal(text, &list) == nil && reflect.DeepEqual(list, append(append([]string{q.Filter, q.SortBy}, q.Attributes...), q.ExcludedAttributes...))
}
