package resource_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// The requests that RFC 7644 section 3.7 prints have the answers that it prints, but for ids and versions.
func TestBulkDocuments(t *testing.T) {
	text := func(name string) string { return string(rfcFile(t, "rfc7644-"+name+".json")) }
	// The resources that the mixed request is about.
	const (
		bob  = "/Users/b7c14771-226c-4d05-8860-134711653041"
		dave = "/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc"
		eve  = "/Users/e9025315-6bea-44e1-899c-1e07454e468b"
	)
	mixed := func(versions bool) *directory {
		d := newDirectory()
		for path, version := range map[string]string{bob: `W/"3694e05e9dff591"`, dave: `W/"edac3253e2c0ef2"`, eve: `W/"0ee8add0a938e1a"`} {
			if !versions {
				version = `W/"0"`
			}
			id := strings.TrimPrefix(path, "/Users/")
			d.stored[path] = &Employee{User: resource.User{Resource: resource.Resource{ID: id, Meta: resource.Meta{Version: version}}, UserName: id, NickName: "Nick"}}
		}
		return d
	}
	ids := strings.NewReplacer("/Users/92b725cd-9465-4e7d-8c16-01f8e146b87a", "/Users/1", "/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a", "/Groups/2")

	for _, c := range []struct {
		name, request, answer string
		service               *directory
	}{
		{"7644-3.7.2-01/user and group", text("3.7.2-bulk_request-bulkid"), text("3.7.2-bulk_response-bulkid"), newDirectory()},
		{"7644-3.7.3-01/mixed", text("3.7.3-bulk_request-mixed"), text("3.7.3-bulk_response-mixed"), mixed(true)},
		{"7644-3.7-09/all failed", strings.NewReplacer(`"failOnErrors": 1,`, ``, `"userName": "Alice"`, `"nickName": "Alice"`).Replace(text("3.7.3-bulk_request-mixed")), text("3.7.3-bulk_response-all_failed"), mixed(false)},
		{"7644-3.7-10/stopped at an error", strings.NewReplacer(`"userName": "Alice"`, `"nickName": "Alice"`).Replace(text("3.7.3-bulk_request-mixed")), text("3.7.3-bulk_response-stopped_at_error"), mixed(false)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "7644-3.7-09/all failed" {
				delete(c.service.stored, eve)
			}
			answer, got := runBulk(t, []byte(c.request), c.service.do)
			want, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, []byte(ids.Replace(c.answer)), resource.Strict())
			require.NoError(t, err)
			require.Len(t, answer.Operations, len(want.Operations), "%s", got)
			for i, w := range want.Operations {
				g := answer.Operations[i]
				assert.Equal(t, w.Version != "", g.Version != "")
				assert.Equal(t, len(w.Response) > 0, len(g.Response) > 0)
				if len(w.Response) > 0 {
					said, err := scimerrors.Parse(g.Response)
					require.NoError(t, err)
					example, err := scimerrors.Parse(w.Response)
					require.NoError(t, err)
					assert.Equal(t, example.Status, said.Status)
					if example.Type == scimerrors.InvalidSyntax { // a missing userName is a value (RFC 7644 table 9)
						assert.Equal(t, scimerrors.InvalidValue, said.Type)
					} else {
						assert.Equal(t, example.Type, said.Type)
					}
				}
				w.Version, w.Response, g.Version, g.Response = "", nil, "", nil
				assert.Equal(t, w, g)
			}
		})
	}
	t.Run("7644-3.7.3-01/mixed, in the store", func(t *testing.T) {
		d := mixed(true)
		runBulk(t, []byte(text("3.7.3-bulk_request-mixed")), d.do)
		d.has(t, "/Users/1", `{"userName":"Alice"}`)
		d.has(t, bob, `{"userName":"Bob","nickName":null}`)
		d.has(t, dave, `{"userName":"Dave","nickName":null}`)
		d.has(t, eve, "")
	})
	t.Run("7644-3.7.2-01/the group refers to the user", func(t *testing.T) {
		d := newDirectory()
		runBulk(t, []byte(text("3.7.2-bulk_request-bulkid")), d.do)
		got, err := resource.Marshal(resource.QueryResponse, d.stored["/Groups/2"], atExample)
		require.NoError(t, err)
		want := strings.NewReplacer("92b725cd-9465-4e7d-8c16-01f8e146b87a", "1", "e9e30dba-f08f-4109-8486-d5c6a331660a", "2").Replace(text("3.7.2-group-get_response"))
		sameButMeta(t, want, string(got))
	})
	t.Run("7644-3.7.2-01/enterprise manager", func(t *testing.T) {
		d := newDirectory()
		answer, _ := runBulk(t, []byte(text("3.7.2-bulk_request-enterprise_manager")), d.do)
		assert.Equal(t, "qwerty 201, ytrewq 201", outcome(answer))
		d.has(t, "/Users/2", `{"userName":"Bob","<E>":{"employeeNumber":"11250","manager":{"value":"1"}}}`)
	})
	t.Run("7644-3.7.1-01/circular", func(t *testing.T) {
		d := newDirectory()
		answer, _ := runBulk(t, []byte(text("3.7.1-bulk_request-circular")), d.do)
		assert.Equal(t, "qwerty 201, ytrewq 201", outcome(answer))
		groups := []any{d.stored["/Groups/1"], d.stored["/Groups/2"]}
		got, err := resource.Marshal(resource.QueryResponse, resource.Page(nil, groups, 2), atExample)
		require.NoError(t, err)
		want := strings.NewReplacer("c3a26dd3-27a0-4dec-a2ac-ce211e105f97", "1", "6c5bb468-14b2-4183-baf2-06d523e03bd3", "2").Replace(text("3.7.1-list_response-circular_resolved"))
		sameButMeta(t, want, string(got))
	})
	t.Run("7644-3.7.1-01/circular, given up", func(t *testing.T) {
		d := newDirectory()
		d.before = func(op *resource.BulkOperation) error {
			if op.Method == http.MethodPut {
				return scimerrors.New(scimerrors.InvalidValue, "groups must not contain each other")
			}
			return nil
		}
		answer, _ := runBulk(t, []byte(text("3.7.1-bulk_request-circular")), d.do)
		assert.Equal(t, "qwerty 409, ytrewq 409", outcome(answer))
		assert.Empty(t, d.stored)
	})
	t.Run("7644-3.7.4-01/too large", func(t *testing.T) {
		_, err := resource.ParseBulk(make([]byte, 1<<20+1), resource.BulkConfig{MaxPayloadSize: 1 << 20})
		example, parse := scimerrors.Parse([]byte(text("3.7.4-error-payload_too_large")))
		require.NoError(t, parse)
		message := wireOf(t, err)
		assert.Equal(t, "413", message.Status)
		assert.True(t, strings.EqualFold(strings.TrimSuffix(example.Detail, "."), message.Detail), message.Detail)
	})
}

// sameButMeta checks that a document says what an example says, times and versions apart.
func sameButMeta(t *testing.T, want, got string) {
	t.Helper()
	for _, difference := range compare("", decoded(t, want), decoded(t, got), true) {
		if !strings.Contains(difference, "meta.") {
			t.Error(difference)
		}
	}
}

// A status is written as a string (AMB-49).
func TestBulkStatus(t *testing.T) {
	t.Run("AMB-49/written", func(t *testing.T) {
		_, text := runBulk(t, bulkBody(postUser("a", "ann"), `{"method":"DELETE","path":"/Users/1"}`, `{"method":"DELETE","path":"/Users/1"}`), newDirectory().do)
		written(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":[`+
			`{"method":"POST","bulkId":"a","version":`+version(t, text)+`,"location":"https://example.com/v2/Users/1","status":"201"},`+
			`{"method":"DELETE","location":"https://example.com/v2/Users/1","status":"204"},`+
			`{"method":"DELETE","location":"https://example.com/v2/Users/1","status":"404","response":{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"no resource /Users/1"}}]}`, []byte(text))
	})
}

func version(t *testing.T, text string) string {
	t.Helper()
	var answer struct {
		Operations []struct{ Version json.RawMessage }
	}
	require.NoError(t, json.Unmarshal([]byte(text), &answer))
	return string(answer.Operations[0].Version)
}

// A client reads what a service has answered.
func TestBulkResponseRead(t *testing.T) {
	const success = `{"method":"POST","bulkId":"a","status":"201","location":"https://example.com/v2/Users/1"}`
	for _, c := range []struct {
		name, body string
		faults     []fault
	}{
		{name: "7644-3.7.3-04/201 without response", body: success},
		{name: "7644-3.7.3-04/204 without response", body: `{"method":"DELETE","status":"204","location":"https://example.com/v2/Users/1"}`},
		{name: "7644-3.7.3-04/400 with response", body: `{"method":"POST","bulkId":"a","status":"400","response":{"schemas":["` + resource.ErrorSchema + `"],"status":"400"}}`},
		{name: "7644-3.7.3-04/400 without response", body: success + `,{"method":"POST","bulkId":"a","status":"400"}`, faults: []fault{invalid("Operations[1].response", "is required when status is not 2xx")}},
		{name: "7644-3.7.3-04/409 with null", body: `{"method":"POST","bulkId":"a","status":"409","response":null}`, faults: []fault{invalid("Operations[0].response", "is required")}},
		{name: "7644-3.7.3-04/two", body: `{"method":"PUT","status":"412"},` + success + `,{"method":"PUT","status":"500"}`, faults: []fault{invalid("Operations[0].response", "is required"), invalid("Operations[2].response", "is required")}},
		{name: "7644-3.7.3-04/another fault first", body: `{"method":"PUT","status":"412"},{"method":5}`, faults: []fault{invalid("Operations[1].method", "must be a string")}},
		{name: "7644-3.7.3-04/many", body: strings.Repeat(`{"status":"400"},`, 150) + success, faults: manyResponses(100)},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(`{"schemas":["` + resource.BulkResponseSchema + `"],"Operations":[` + c.body + `]}`)
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
				got, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, body, opts...)
				if len(c.faults) > 0 {
					refused(t, err, c.faults...)
					assert.Nil(t, got)
					continue
				}
				require.NoError(t, err)
				require.NoError(t, resource.Check(resource.QueryResponse, got, opts...))
			}
		})
	}
	t.Run("7644-3.7.3-04/in memory", func(t *testing.T) {
		answer := &resource.BulkResponse{Operations: []resource.BulkOperation{{Status: "400"}}}
		refused(t, resource.Check(resource.QueryResponse, answer), invalid("Operations[0].response", "is required"))
		require.NoError(t, resource.Check(resource.Storage, answer))
	})
	t.Run("7644-3.7-08/failOnErrors", func(t *testing.T) {
		got, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, []byte(`{"schemas":["`+resource.BulkResponseSchema+`"],"failOnErrors":1,"Operations":[`+success+`]}`))
		require.NoError(t, err, "ignored")
		_, err = resource.Validate[resource.BulkResponse](resource.QueryResponse, []byte(`{"schemas":["`+resource.BulkResponseSchema+`"],"failOnErrors":1,"Operations":[`+success+`]}`), resource.Strict())
		refused(t, err, syntax("failOnErrors", "is not part of a response"))
		r, err := resource.ParseBulk([]byte(urns.Replace(`{"schemas":["<BULK>"],"failOnErrors":1,"Operations":[{"method":"DELETE","path":"/Users/1"}]}`)), resource.BulkConfig{})
		require.NoError(t, err)
		for _, answer := range []*resource.BulkResponse{got, resource.RunBulk(t.Context(), r, newDirectory().do)} {
			text, err := resource.Marshal(resource.QueryResponse, answer)
			require.NoError(t, err)
			assert.NotContains(t, string(text), "failOnErrors")
		}
	})
}

func manyResponses(n int) []fault {
	list := make([]fault, n)
	for i := range list {
		list[i] = invalid("Operations["+shortJSON(i)+"].response", "is required")
	}
	return list
}
