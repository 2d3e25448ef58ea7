package resource_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// What is wrong with the request as a whole, it fails as a whole.
func TestParseBulkEnvelope(t *testing.T) {
	const one = `{"method":"DELETE","path":"/Users/1"}`
	for _, c := range []struct {
		name, body string
		opts       []resource.Option
		faults     []fault // none: accepted
		strict     []fault // where strict mode says something else
	}{
		{name: "7644-3.7-02/complete", body: `{"schemas":["<BULK>"],"failOnErrors":2,"Operations":[` + one + `]}`},
		{name: "7644-3.7-02/in another case", body: `{"SCHEMAS":["` + strings.ToUpper(resource.BulkRequestSchema) + `"],"FAILONERRORS":2,"operations":[` + one + `]}`},
		{name: "AMB-01/no schemas", body: `{"Operations":[` + one + `]}`, faults: []fault{syntax("schemas", "is required and must name")}},
		{name: "AMB-01/no schemas, tolerantly", body: `{"Operations":[` + one + `]}`, opts: []resource.Option{resource.Tolerate(resource.MissingSchemas)}, faults: []fault{syntax("schemas", "is required and must name")}},
		{name: "AMB-01/empty schemas", body: `{"schemas":[],"Operations":[` + one + `]}`, faults: []fault{syntax("schemas", "is required and must name")}},
		{name: "AMB-01/null", body: `{"schemas":null,"Operations":[` + one + `]}`, faults: []fault{syntax("schemas", "is required and must name")}},
		{name: "7644-3.7-02/another URN", body: `{"schemas":["<SEARCH>"],"Operations":[` + one + `]}`, faults: []fault{syntax("schemas", "must name")}, strict: []fault{syntax("schemas[0]", "must be")}},
		{name: "7644-3.7-02/another URN besides", body: `{"schemas":["urn:x","<BULK>"],"Operations":[` + one + `]}`, strict: []fault{syntax("schemas[0]", "must be")}},
		{name: "7644-3.7-02/schemas a string", body: `{"schemas":"<BULK>","Operations":[` + one + `]}`, faults: []fault{syntax("schemas", "must be an array")}},
		{name: "7644-3.7-02/no Operations", body: `{"schemas":["<BULK>"]}`, faults: []fault{syntax("Operations", "is required")}},
		{name: "7644-3.7-02/Operations empty", body: `{"schemas":["<BULK>"],"Operations":[]}`, faults: []fault{syntax("Operations", "at least one")}},
		{name: "7644-3.7-02/Operations null", body: `{"schemas":["<BULK>"],"Operations":null}`, faults: []fault{syntax("Operations", "is required")}},
		{name: "7644-3.7-02/Operations an object", body: `{"schemas":["<BULK>"],"Operations":` + one + `}`, faults: []fault{syntax("Operations", "must be an array")}},
		{name: "7644-3.7-02/Operations a string", body: `{"schemas":["<BULK>"],"Operations":"x"}`, faults: []fault{syntax("Operations", "must be an array")}},
		{name: "7644-3.7-10/failOnErrors a string", body: `{"schemas":["<BULK>"],"failOnErrors":"1","Operations":[` + one + `]}`, faults: []fault{syntax("failOnErrors", "must be an integer")}},
		{name: "7644-3.7-10/failOnErrors a fraction", body: `{"schemas":["<BULK>"],"failOnErrors":1.5,"Operations":[` + one + `]}`, faults: []fault{syntax("failOnErrors", "must be an integer")}},
		{name: "7644-3.12-16/all at once", body: `{"failOnErrors":[],"Operations":5}`, faults: []fault{syntax("failOnErrors", "must be an integer"), syntax("Operations", "must be an array"), syntax("schemas", "is required")}},
		{name: "7644-3.7-13/empty", body: ``, faults: []fault{syntax("", "empty")}},
		{name: "7644-3.7-13/array", body: `[` + one + `]`, faults: []fault{syntax("", "must be a JSON object")}},
		{name: "7644-3.7-13/broken off", body: `{"schemas":["<BULK>"],"Operations":[` + one, faults: []fault{syntax("", "unexpected end")}},
		{name: "7644-3.7-13/broken in an operation", body: `{"schemas":["<BULK>"],"Operations":[` + one + `,{"method":}]}`, faults: []fault{syntax("", "not valid JSON")}},
		{name: "7644-3.7-13/broken in data", body: `{"schemas":["<BULK>"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"\x"}}]}`, faults: []fault{syntax("", "not valid JSON")}},
		{name: "7644-3.7-13/a member twice in an operation", body: `{"schemas":["<BULK>"],"Operations":[{"method":"DELETE","Method":"POST"}]}`, faults: []fault{syntax("", "twice")}},
		{name: "7644-3.7-13/a member twice in data", body: `{"schemas":["<BULK>"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"a":1,"A":1}}]}`, faults: []fault{syntax("", "twice")}},
		{name: "7644-3.7-13/data behind it", body: `{"schemas":["<BULK>"],"Operations":[` + one + `]}{}`, faults: []fault{syntax("", "after the document")}},
		{name: "7644-3.7-13/nested too deeply", body: `{"schemas":["<BULK>"],"Operations":[{"data":` + strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100) + `}]}`, faults: []fault{syntax("", "nested deeper")}},
		{name: "7644-3.7-04/two equal bulkIds", body: string(bulkBody(postUser("a", "x"), postUser("b", "y"), postUser("a", "z"))), faults: []fault{syntax("", `two operations have the bulkId "a"; each needs one of its own`)}},
		{name: "7644-3.7-04/one of them malformed", body: string(bulkBody(postUser("a", "x"), `{"method":"GET","bulkId":"a"}`)), faults: []fault{syntax("", `"a"`)}},
		{name: "7644-3.7-04/written with escapes", body: string(bulkBody(postUser("a", "x"), postUser(`\u0061`, "y"))), faults: []fault{syntax("", `"a"`)}},
		{name: "7644-3.7-04/in another case", body: string(bulkBody(postUser("a", "x"), postUser("A", "y")))},
	} {
		t.Run(c.name, func(t *testing.T) {
			for mode, want := range map[string][]fault{"default": c.faults, "strict": c.strict} {
				opts := c.opts
				if mode == "strict" {
					opts = append([]resource.Option{resource.Strict(), resource.RejectUnknown()}, opts...)
					if want == nil {
						want = c.faults
					}
				}
				r, err := resource.ParseBulk([]byte(urns.Replace(c.body)), resource.BulkConfig{Supported: true}, opts...)
				if len(want) > 0 {
					refused(t, err, want...)
					assert.Nil(t, r, "a result beside the error")
					continue
				}
				require.NoError(t, err, mode)
				assert.NotEmpty(t, r.Operations)
			}
		})
	}
}

// An operation that is malformed by itself does not keep the others from being read: it has its result already.
func TestParseBulkOperations(t *testing.T) {
	for _, c := range []struct {
		name, op string
		detail   string // of the refusal; empty: accepted
		path     string // of the operation
		data     string
	}{
		{name: "7644-3.7-03/POST", op: `{"method":"POST","path":"/Users","bulkId":"a","data":{}}`, path: "/Users", data: `{}`},
		{name: "7644-3.7-03/PUT", op: `{"method":"PUT","path":"/Users/1","data":{"userName":"x"}}`, path: "/Users/1", data: `{"userName":"x"}`},
		{name: "7644-3.7-03/PATCH", op: `{"method":"PATCH","path":"/Users/1","data":{"Operations":[]}}`, path: "/Users/1", data: `{"Operations":[]}`},
		{name: "7644-3.7-03/DELETE", op: `{"method":"DELETE","path":"/Users/1"}`, path: "/Users/1"},
		{name: "7644-3.7-06/DELETE with data", op: `{"method":"DELETE","path":"/Users/1","data":{"a":1}}`, path: "/Users/1"},
		{name: "7644-3.7-03/GET", op: `{"method":"GET","path":"/Users/1"}`, path: "/Users/1", detail: `method: must be POST, PUT, PATCH or DELETE, not "GET"`},
		{name: "7644-3.7-03/lower case", op: `{"method":"post","path":"/Users","bulkId":"a","data":{}}`, path: "/Users", detail: `method: must be POST, PUT, PATCH or DELETE, not "post"`},
		{name: "7644-3.7-03/none", op: `{"path":"/Users/1"}`, path: "/Users/1", detail: `method: is required`},
		{name: "7644-3.7-03/null", op: `{"method":null,"path":"/Users/1"}`, path: "/Users/1", detail: `method: is required`},
		{name: "7644-3.7-03/number", op: `{"method":5,"path":"/Users/1"}`, path: "/Users/1", detail: "method: must be a string, not the number 5"},
		{name: "7644-3.7-03/long", op: `{"method":"` + strings.Repeat("x", 500) + `","path":"/Users/1"}`, path: "/Users/1", detail: `method: must be POST, PUT, PATCH or DELETE, not "` + strings.Repeat("x", 64) + `..."`},
		{name: "7644-3.7-04/no bulkId", op: `{"method":"POST","path":"/Users","data":{}}`, path: "/Users", detail: `bulkId: is required of a POST`},
		{name: "AMB-50/empty bulkId", op: `{"method":"POST","path":"/Users","bulkId":"","data":{}}`, path: "/Users", detail: `bulkId: is required of a POST`},
		{name: "7644-3.7-04/bulkId a number", op: `{"method":"POST","path":"/Users","bulkId":1,"data":{}}`, path: "/Users", detail: "bulkId: must be a string, not the number 1"},
		{name: "7644-3.7-05/POST without path", op: `{"method":"POST","bulkId":"a","data":{}}`, detail: `path: is required`},
		{name: "7644-3.7-05/DELETE without path", op: `{"method":"DELETE"}`, detail: `path: is required`},
		{name: "7644-3.7-05/path an array", op: `{"method":"DELETE","path":["/Users/1"]}`, detail: `path: must be a string, not an array`},
		{name: "7644-3.7-05/POST of a resource", op: `{"method":"POST","path":"/Users/1","bulkId":"a","data":{}}`, path: "/Users/1", detail: `path: must be an endpoint such as /Users, not "/Users/1"`},
		{name: "7644-3.7-05/POST of nothing", op: `{"method":"POST","path":"//","bulkId":"a","data":{}}`, path: "/", detail: `path: must be an endpoint such as /Users, not "/"`},
		{name: "7644-3.7-05/PUT of an endpoint", op: `{"method":"PUT","path":"/Users","data":{}}`, path: "/Users", detail: `path: must be a resource such as /Users/2819c223, not "/Users"`},
		{name: "7644-3.7-05/PATCH of an endpoint", op: `{"method":"PATCH","path":"/Users/","data":{}}`, path: "/Users", detail: `path: must be a resource`},
		{name: "7644-3.7-05/DELETE of an endpoint", op: `{"method":"DELETE","path":"Users"}`, path: "/Users", detail: `path: must be a resource`},
		{name: "7644-3.7-05/DELETE of all", op: `{"method":"DELETE","path":"/"}`, path: "/", detail: `path: must be a resource`},
		{name: "7644-3.7-05/too long", op: `{"method":"DELETE","path":"/Users/1/emails"}`, path: "/Users/1/emails", detail: `path: must be a resource`},
		{name: "7644-3.7-05/an empty segment", op: `{"method":"DELETE","path":"/Users//1"}`, path: "/Users//1", detail: `path: must be a resource`},
		{name: "7644-3.7-05/a URL", op: `{"method":"DELETE","path":"https://example.com/v2/Users/1"}`, path: "/https://example.com/v2/Users/1", detail: `path: must be a resource`},
		{name: "7644-3.7-05/another host", op: `{"method":"DELETE","path":"//example.com/1"}`, path: "/example.com/1"},
		{name: "7644-3.7-05/a query", op: `{"method":"DELETE","path":"//example.com/1?x=/"}`, path: "/example.com/1?x=", detail: `path: must be a path alone, such as /Users/2819c223, not "/example.com/1?x="`},
		{name: "7644-3.7-05/POST with a query", op: `{"method":"POST","path":"/Users?attributes=userName","bulkId":"a","data":{}}`, path: "/Users?attributes=userName", detail: `path: must be a path alone`},
		{name: "7644-3.7-05/a fragment", op: `{"method":"DELETE","path":"/Users/1#2"}`, path: "/Users/1#2", detail: `path: must be a path alone`},
		{name: "7644-3.7-05/dots for an id", op: `{"method":"DELETE","path":"/Users/.."}`, path: "/Users/..", detail: `path: must be a path alone`},
		{name: "7644-3.7-05/an escaped dot", op: `{"method":"DELETE","path":"/Users/%2E"}`, path: "/Users/%2E", detail: `path: must be a path alone`},
		{name: "7644-3.7-05/POST to dots", op: `{"method":"POST","path":"..","bulkId":"a","data":{}}`, path: "/..", detail: `path: must be a path alone`},
		{name: "7644-3.7-05/dots in an id", op: `{"method":"DELETE","path":"/Users/a..b"}`, path: "/Users/a..b"},
		{name: "7644-3.7-05/without a slash", op: `{"method":"DELETE","path":"Users/1/"}`, path: "/Users/1"},
		{name: "7644-3.7-06/POST without data", op: `{"method":"POST","path":"/Users","bulkId":"a"}`, path: "/Users", detail: `data: is required of a POST`},
		{name: "7644-3.7-06/PUT without data", op: `{"method":"PUT","path":"/Users/1"}`, path: "/Users/1", detail: `data: is required of a PUT`},
		{name: "7644-3.7-06/PATCH without data", op: `{"method":"PATCH","path":"/Users/1"}`, path: "/Users/1", detail: `data: is required of a PATCH`},
		{name: "7644-3.7-06/PATCH with a bare array", op: `{"method":"PATCH","path":"/Users/1","data":[{"op":"remove","path":"title"}]}`, path: "/Users/1", detail: `data: must be an object, as the body of a single PATCH is`},
		{name: "7644-3.7-06/PUT with null", op: `{"method":"PUT","path":"/Users/1","data":null}`, path: "/Users/1", detail: `data: must be an object`},
		{name: "7644-3.7-06/POST with a string", op: `{"method":"POST","path":"/Users","bulkId":"a","data":"{}"}`, path: "/Users", detail: `data: must be an object`},
		{name: "7644-3.7-07/version a number", op: `{"method":"DELETE","path":"/Users/1","version":1}`, path: "/Users/1", detail: "version: must be a string, not the number 1"},
		{name: "7644-3.7-02/no object/null", op: `null`, detail: `an operation must be an object`},
		{name: "7644-3.7-02/no object/string", op: `"DELETE"`, detail: `an operation must be an object`},
		{name: "7644-3.7-02/no object/array", op: `[]`, detail: `an operation must be an object`},
		{name: "7644-3.12-16/two faults", op: `{"method":5,"path":6}`, detail: "method: must be a string, not the number 5; path: must be a string, not the number 6"},
		{name: "7644-3.7-02/members of a response", op: `{"method":"DELETE","path":"/Users/1","status":"204","location":"x","response":{}}`, path: "/Users/1"},
		{name: "7644-3.7-02/status an object", op: `{"method":"DELETE","path":"/Users/1","status":{"code":"204"}}`, path: "/Users/1"},
		{name: "7644-3.7-02/unknown members", op: `{"method":"DELETE","path":"/Users/1","x":{"y":[1]}}`, path: "/Users/1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
				good := `{"method":"DELETE","path":"/Users/9","version":"W/\"1\""}`
				r, err := resource.ParseBulk(bulkBody(good, c.op, good), resource.BulkConfig{}, opts...)
				require.NoError(t, err)
				require.Len(t, r.Operations, 3)
				want := resource.BulkOperation{Method: "DELETE", Path: "/Users/9", Version: `W/"1"`}
				assert.Equal(t, want, r.Operations[0])
				assert.Equal(t, want, r.Operations[2])

				op := r.Operations[1]
				assert.Equal(t, c.path, op.Path)
				assert.Empty(t, op.Location)
				assert.Equal(t, c.data, string(op.Data))
				d := newDirectory()
				answer := resource.RunBulk(t.Context(), r, d.do)
				assert.Len(t, answer.Operations, 3)
				if c.detail == "" {
					assert.Empty(t, op.Status)
					assert.Empty(t, op.Response)
					assert.Len(t, d.calls, 3)
					continue
				}
				assert.Equal(t, []string{"DELETE /Users/9", "DELETE /Users/9"}, d.calls, "a malformed operation is not carried out")
				assert.Equal(t, "400", op.Status)
				e, err := scimerrors.Parse(op.Response)
				require.NoError(t, err)
				assert.Equal(t, scimerrors.InvalidSyntax, e.Type)
				assert.Contains(t, e.Detail, c.detail)
				assert.Equal(t, op.Status, answer.Operations[1].Status)
				assert.Equal(t, op.Response, answer.Operations[1].Response)
				assert.Equal(t, op.BulkID, answer.Operations[1].BulkID)
			}
		})
	}
}

func TestParseBulkLimits(t *testing.T) {
	ops := make([]string, 1001)
	for i := range ops {
		ops[i] = `{"method":"DELETE","path":"/Users/` + strconv.Itoa(i) + `"}`
	}
	thousand, more := bulkBody(ops[:1000]...), bulkBody(ops...)
	mebibyte := slices.Concat(thousand, bytes.Repeat([]byte(" "), 1<<20-len(thousand)))
	for _, c := range []struct {
		name   string
		body   []byte
		limits resource.BulkConfig
		want   string // detail; empty: accepted
	}{
		{"7644-3.7.4-01/1000 of 1000", thousand, resource.BulkConfig{MaxOperations: 1000}, ""},
		{"7644-3.7.4-01/1001 of 1000", more, resource.BulkConfig{MaxOperations: 1000}, "the number of operations (1001) exceeds the maxOperations (1000)"},
		{"7644-3.7.4-01/1 MiB", mebibyte, resource.BulkConfig{MaxPayloadSize: 1 << 20}, ""},
		{"7644-3.7.4-01/1 MiB + 1", slices.Concat(mebibyte, []byte("\n")), resource.BulkConfig{MaxPayloadSize: 1 << 20}, "the size of the bulk operation exceeds the maxPayloadSize (1048576)"},
		{"7644-3.7.4-01/broken and too long", []byte(strings.Repeat("x", 11)), resource.BulkConfig{MaxPayloadSize: 10}, "the size of the bulk operation exceeds the maxPayloadSize (10)"},
		{"7644-3.7.4-01/no limit", more, resource.BulkConfig{}, ""},
		{"7644-3.7.4-01/negative", more, resource.BulkConfig{MaxOperations: -1, MaxPayloadSize: -1}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := resource.ParseBulk(c.body, c.limits)
			if c.want == "" {
				require.NoError(t, err)
				assert.GreaterOrEqual(t, len(r.Operations), 1000)
				return
			}
			assert.Nil(t, r)
			message := wireOf(t, err)
			assert.Equal(t, "413", message.Status)
			assert.Empty(t, message.ScimType)
			assert.Equal(t, c.want, message.Detail)
		})
	}
}

func TestParseBulkOptions(t *testing.T) {
	var repairs []resource.Repair
	r, err := resource.ParseBulk([]byte(urns.Replace(`{"schemas":["urn:x","<BULK>"],"failOnErrors":-3,"Operations":[{"method":"DELETE","path":"/Users/1"}]}`)),
		resource.BulkConfig{}, resource.Repairs(&repairs), nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"UnknownSchemas schemas[0]"}, repairNames(repairs))
	assert.Zero(t, r.FailOnErrors, "7644-3.7-10: no number of errors")
}

// The request owns what it has, so that the body may be used again.
func TestParseBulkOwns(t *testing.T) {
	body := bulkBody(postUser("a", "bjensen"))
	r, err := resource.ParseBulk(body, resource.BulkConfig{})
	require.NoError(t, err)
	clear(body)
	assert.Equal(t, "a", r.Operations[0].BulkID)
	assert.Contains(t, string(r.Operations[0].Data), "bjensen")
}
