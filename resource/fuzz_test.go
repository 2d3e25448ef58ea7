package resource_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// fuzzed are the types and contexts of FuzzValidate.
var fuzzed = []func(t *testing.T, body []byte){
	func(t *testing.T, body []byte) { t.Helper(); accepts[Employee](t, resource.CreationRequest, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[Visitor](t, resource.CreationRequest, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[Probe](t, resource.CreationRequest, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[Device](t, resource.CreationRequest, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[Employee](t, resource.QueryResponse, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[Probe](t, resource.QueryResponse, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[resource.Group](t, resource.QueryResponse, body) },
	func(t *testing.T, body []byte) { t.Helper(); accepts[schema.Schema](t, resource.QueryResponse, body) },
	func(t *testing.T, body []byte) {
		t.Helper()
		accepts[resource.ServiceProviderConfig](t, resource.QueryResponse, body)
	},
	func(t *testing.T, body []byte) {
		t.Helper()
		accepts[resource.ResourceType](t, resource.QueryResponse, body)
	},
	func(t *testing.T, body []byte) {
		t.Helper()
		accepts[resource.ListResponse[*Employee]](t, resource.QueryResponse, body)
	},
	func(t *testing.T, body []byte) {
		t.Helper()
		accepts[resource.SearchRequest](t, resource.QueryRequest, body)
	},
}

// FuzzValidate: what Validate accepts, Marshal writes, and Validate accepts that strictly and to an equal struct. What it refuses, it
// refuses as the client's fault, and what it accepts is JSON for encoding/json, too.
func FuzzValidate(f *testing.F) {
	files, err := filepath.Glob("testdata/rfc/rfc*.json")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	seeds := make([][]byte, 0, 2*len(files))
	for _, file := range files {
		var b bytes.Buffer
		require.NoError(f, json.Compact(&b, rfcFile(f, filepath.Base(file))))
		seeds = append(seeds, b.Bytes())
	}
	for _, m := range append(clientModels(), discoveryModels()...) {
		seeds = append(seeds, render(m.document), render(m.shown().document))
	}
	for _, body := range []string{
		`{"userName":"x","active":"True","emails":{"value":"a"},"roles":["r",null,""],"name":{"x":1},"<E>":{"manager":"1"}}`,
		`{"schemas":[],"id":"1","userName":"\ud83d\ude00","meta":{"version":"W/\"1\"","created":"2011-05-13T04:42:34.882+02:00"}}`,
		`{"schemas":["<PROBE>","urn:x:y"],"count":9007199254740993,"ratio":-1.5e-7,"half":0.1,"at":"0001-01-01T00:00:00","blob":"AQI","parts":"x","flags":"true","id":"1"}`,
		`{"schemas":["<SEARCH>"],"attributes":"userName, name","count":-1,"startIndex":0,"cursor":""}`,
		`{"schemas":["<LIST>"],"Resources":[{"id":"1","emails":[{"value":"a"},{}]}]}`,
	} {
		seeds = append(seeds, []byte(urns.Replace(body)))
	}
	for _, body := range seeds {
		for kind := range fuzzed {
			f.Add(body, byte(kind))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, kind byte) { fuzzed[int(kind)%len(fuzzed)](t, body) })
}

func accepts[T any](t *testing.T, ctx resource.Context, body []byte) {
	t.Helper()
	v, err := resource.Validate[T](ctx, body)
	if err != nil {
		if v != nil {
			t.Fatalf("%v: a result beside the error %v", ctx, err)
		}
		clientFault(t, err)
		if _, err := resource.Validate[T](ctx, body, resource.Strict()); err == nil {
			t.Fatalf("%v: Strict accepts what default mode refuses: %s", ctx, body)
		}
		return
	}
	if !json.Valid(body) {
		t.Fatalf("%v: accepted, but no JSON: %q", ctx, body)
	}
	adjust(v)
	text, err := resource.Marshal(ctx, v)
	if err != nil {
		t.Fatalf("%v: %v\n%s", ctx, err, body)
	}
	opts := []resource.Option{resource.Strict(), resource.RejectUnknown(), resource.Owned()}
	if ctx == resource.QueryRequest {
		opts = nil // names that are no attribute notation are kept, and Strict would refuse them (AMB-27)
	}
	again, err := resource.Validate[T](ctx, text, opts...)
	if err != nil {
		t.Fatalf("%v: %v\n%s\n%s", ctx, err, body, text)
	}
	for _, d := range differences("", reflect.ValueOf(v), reflect.ValueOf(again)) {
		t.Errorf("%v: %s\n%s\n%s", ctx, d, body, text)
	}
	second, err := resource.Append(nil, ctx, again)
	if err != nil || string(second) != string(text) {
		t.Fatalf("%v: %v\n%s\n%s", ctx, err, text, second)
	}
	if stored, err := resource.Marshal(resource.Storage, v); err != nil {
		t.Fatalf("Storage: %v\n%s", err, body)
	} else if _, err := resource.Validate[T](resource.Storage, stored); err != nil {
		t.Fatalf("Storage: %v\n%s", err, stored)
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
