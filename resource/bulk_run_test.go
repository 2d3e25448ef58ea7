package resource_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// What becomes of requests, of the resources, and what the service was asked to do, in which order.
func TestRunBulk(t *testing.T) {
	const users = "https://example.com/v2/Users/"
	for _, c := range []struct {
		name    string
		ops     []string
		fail    int    // failOnErrors
		before  string // operations carried out before
		outcome string
		want    string   // part of the answer's Operations
		calls   []string // empty: not looked at
		stored  map[string]string
	}{
		{
			name: "7644-3.7.3-01/each its result", ops: []string{postUser("a", "ann"), `{"method":"PUT","path":"/Users/1","data":{"userName":"bob"}}`, patchWith("/Users/1", `{"op":"add","path":"title","value":"T"}`), `{"method":"DELETE","path":"/Users/1"}`},
			outcome: "a 201, PUT 200, PATCH 200, DELETE 204", calls: []string{"POST /Users", "PUT /Users/1", "PATCH /Users/1", "DELETE /Users/1"},
			want:   `[{"method":"POST","bulkId":"a","location":"` + users + `1","response":null,"path":null,"data":null},{"location":"` + users + `1","bulkId":null},{"location":"` + users + `1","response":null},{"location":"` + users + `1","version":null,"response":null}]`,
			stored: map[string]string{"/Users/1": ""},
		},
		{
			name: "7644-3.7-11/bulkId echoed", ops: []string{postUser("qwerty", "ann"), `{"method":"DELETE","path":"/Users/1","bulkId":"d"}`, `{"method":"DELETE","path":"/Users/1","bulkId":"e"}`},
			outcome: "qwerty 201, d 204, e 404",
		},
		{
			name: "7644-3.7-09/one fails alone", ops: []string{postUser("a", "ann"), `{"method":"POST","path":"/Users","bulkId":"b","data":{"schemas":["<U>"],"title":"T"}}`, postUser("c", "cid")},
			outcome: "a 201, b 400, c 201", stored: map[string]string{"/Users/1": `{"userName":"ann"}`, "/Users/2": `{"userName":"cid"}`},
			want: `[{},{"location":null,"version":null,"response":{"schemas":["` + resource.ErrorSchema + `"],"status":"400","scimType":"invalidValue","detail":"userName: is required"}},{}]`,
		},
		{
			name: "7644-3.7-09/all fail", ops: []string{`{"method":"DELETE","path":"/Users/1"}`, `5`, `{"method":"PUT","path":"/Nothing/1","data":{}}`},
			outcome: "DELETE 404,  400, PUT 404", want: `[{"location":"` + users + `1"},{"location":null,"method":null},{"location":"https://example.com/v2/Nothing/1"}]`,
		},
		{
			name: "7644-3.7.3-02/malformed ones", ops: []string{`{"method":"PUT","path":"/Users/7"}`, `{"method":"POST","path":"/Users","data":{}}`, `{"method":"DELETE","path":"/Users/7","version":5}`},
			outcome: "PUT 400, POST 400, DELETE 400", want: `[{"location":"` + users + `7"},{"location":null},{"location":"` + users + `7"}]`, calls: []string{},
		},
		{
			name: "7644-3.7-07/version", before: postUser("x", "ann"), ops: []string{
				`{"method":"PUT","path":"/Users/1","version":"W/\"stale\"","data":{"userName":"bob"}}`, strings.Replace(patchWith("/Users/1", `{"op":"remove","path":"title"}`), `"path"`, `"version":"W/\"stale\"","path"`, 1),
				`{"method":"DELETE","path":"/Users/1","version":"W/\"stale\""}`, `{"method":"DELETE","path":"/Users/1","version":"*"}`,
			},
			outcome: "PUT 412, PATCH 412, DELETE 412, DELETE 204", want: `[{"location":"` + users + `1","version":null,"response":{"status":"412"}},{},{},{}]`,
		},
		{
			name: "7644-3.12-07/scimType", before: postUser("x", "ann"), ops: []string{
				patchWith("/Users/1", `{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"a@b"}}`), patchWith("/Users/1", `{"op":"add","path":"nothing","value":1}`),
				patchWith("/Users/1", `{"op":"replace","path":"id","value":"2"}`), patchWith("/Users/1", `{"op":"add","path":"emails[type]","value":"x"}`), postUser("u", "ann"),
			},
			outcome: "PATCH 400, PATCH 400, PATCH 400, PATCH 400, u 409",
			want:    `[{"response":{"scimType":"noTarget"}},{"response":{"scimType":"invalidPath"}},{"response":{"scimType":"mutability"}},{"response":{"scimType":"invalidFilter"}},{"response":{"scimType":"uniqueness","status":"409"}}]`,
		},

		// failOnErrors
		{name: "7644-3.7-10/the first of three", fail: 1, ops: []string{`{"method":"DELETE","path":"/Users/9"}`, postUser("a", "ann"), postUser("b", "bob")}, outcome: "DELETE 404", calls: []string{"DELETE /Users/9"}},
		{name: "7644-3.7-10/the second of three", fail: 1, ops: []string{postUser("a", "ann"), `{"method":"DELETE","path":"/Users/9"}`, postUser("b", "bob")}, outcome: "a 201, DELETE 404", calls: []string{"POST /Users", "DELETE /Users/9"}},
		{name: "7644-3.7-10/two", fail: 2, ops: []string{`5`, postUser("a", "ann"), `{"method":"GET","path":"/Users/1"}`, postUser("b", "bob")}, outcome: " 400, a 201, GET 400", calls: []string{"POST /Users"}},
		{name: "7644-3.7-10/never", fail: 0, ops: []string{`5`, `5`, `5`, postUser("b", "bob")}, outcome: " 400,  400,  400, b 201"},
		{name: "7644-3.7-10/more than there are", fail: 9, ops: []string{`5`, `5`, postUser("b", "bob")}, outcome: " 400,  400, b 201"},
		{name: "7644-3.7-10/what others refer to", fail: 1, ops: []string{postGroup("g", "G", "bulkId:u"), `{"method":"POST","path":"/Users","bulkId":"u","data":{}}`, postUser("v", "v")}, outcome: "u 400", calls: []string{"POST /Users"}},
		{name: "7644-3.7-10/what refers to it counts", fail: 2, ops: []string{postGroup("g", "G", "bulkId:u"), `{"method":"POST","path":"/Users","bulkId":"u","data":{}}`, postUser("v", "v")}, outcome: "g 400, u 400", calls: []string{"POST /Users"}},
		{name: "7644-3.7-10/a reference to nothing counts", fail: 1, ops: []string{postGroup("g", "G", "bulkId:none"), postUser("v", "v")}, outcome: "g 400", calls: []string{}},

		// references
		{
			name: "7644-3.7.2-01/members", ops: []string{postUser("qwerty", "ann"), postGroup("g", "G", "bulkId:qwerty")},
			outcome: "qwerty 201, g 201", stored: map[string]string{"/Groups/2": `{"members":[{"value":"1"}]}`},
		},
		{
			name: "7644-3.7-12/group before its member", ops: []string{postGroup("g", "G", "bulkId:u"), postUser("u", "ann")},
			outcome: "g 201, u 201", calls: []string{"POST /Users", "POST /Groups"}, stored: map[string]string{"/Groups/2": `{"members":[{"value":"1"}]}`},
		},
		{
			name: "7644-3.7-12/the others keep their order", ops: []string{postUser("a", "a"), postGroup("g", "G", "bulkId:d"), postUser("b", "b"), `{"method":"DELETE","path":"/Users/1"}`, postUser("d", "d"), postUser("e", "e")},
			outcome: "a 201, g 201, b 201, DELETE 204, d 201, e 201", calls: []string{"POST /Users", "POST /Users", "POST /Groups", "POST /Users", "DELETE /Users/1", "POST /Users"},
			stored: map[string]string{"/Users/2": `{"userName":"d"}`, "/Users/4": `{"userName":"b"}`, "/Users/5": `{"userName":"e"}`},
		},
		{
			name: "7644-3.7.2-01/manager in an extension", ops: []string{postEmployee("b", "bob", "bulkId:a"), postUser("a", "ann")},
			outcome: "b 201, a 201", stored: map[string]string{"/Users/2": `{"userName":"bob","<E>":{"manager":{"value":"1"}}}`},
		},
		{
			name: "7644-3.7.2-01/path of PATCH", ops: []string{patchWith("/Users/bulkId:qwerty", `{"op":"add","path":"title","value":"T"}`), postUser("qwerty", "ann")},
			outcome: "PATCH 200, qwerty 201", calls: []string{"POST /Users", "PATCH /Users/1"}, want: `[{"location":"` + users + `1"},{}]`, stored: map[string]string{"/Users/1": `{"title":"T"}`},
		},
		{
			name: "7644-3.7.2-01/path of PUT", ops: []string{postUser("q", "ann"), `{"method":"PUT","path":"/Users/bulkId:q","data":{"userName":"bob"}}`},
			outcome: "q 201, PUT 200", stored: map[string]string{"/Users/1": `{"userName":"bob"}`},
		},
		{
			name: "7644-3.7.2-01/path of DELETE", ops: []string{postUser("q", "ann"), `{"method":"DELETE","path":"/Users/bulkId:q"}`},
			outcome: "q 201, DELETE 204", want: `[{},{"location":"` + users + `1"}]`, stored: map[string]string{"/Users/1": ""},
		},
		{
			name: "7644-3.7.2-01/path with escapes", ops: []string{postUser("a b/c%", "ann"), patchWith("/Users/bulkId%3Aa%20b%2fc%25", `{"op":"add","path":"title","value":"T"}`)},
			outcome: "a b/c% 201, PATCH 200", stored: map[string]string{"/Users/1": `{"title":"T"}`},
		},
		{
			name: "7644-3.7.2-01/name that looks escaped", ops: []string{postUser("a%20b", "ann"), patchWith("/Users/bulkId:a%20b", `{"op":"add","path":"title","value":"T"}`)},
			outcome: "a%20b 201, PATCH 200", stored: map[string]string{"/Users/1": `{"title":"T"}`},
		},
		{
			name: "7644-3.7.2-01/value of PATCH", before: postGroup("x", "G"), ops: []string{patchWith("/Groups/1", `{"op":"add","path":"members","value":[{"value":"bulkId:u"},{"value":"bulkId:v"}]},{"op":"add","value":{"members":[{"value":"bulkId:w"}]}}`), postUser("u", "u"), postUser("v", "v"), postUser("w", "w")},
			outcome: "PATCH 200, u 201, v 201, w 201", stored: map[string]string{"/Groups/1": `{"members":[{"value":"2"},{"value":"3"},{"value":"4"}]}`},
		},
		{
			name: "7644-3.7.2-01/bare value of PATCH", ops: []string{postUser("m", "m"), postEmployee("e", "e", "bulkId:m"), postUser("n", "n"), patchWith("/Users/bulkId:e", `{"op":"replace","path":"<E>:manager.value","value":"bulkId:n"}`)},
			outcome: "m 201, e 201, n 201, PATCH 200", stored: map[string]string{"/Users/2": `{"<E>":{"manager":{"value":"3"}}}`},
		},
		{
			name: "7644-3.7.2-01/written with escapes", ops: []string{postUser("x", "ann"), postGroup("g", "G", `bulk\u0049d:x`), postGroup("h", "H", `\u0062ulkId\u003ax`), postGroup("i", "I", `bulkId:\u0078`)},
			outcome: "x 201, g 201, h 201, i 201", stored: map[string]string{"/Groups/2": `{"members":[{"value":"1"}]}`, "/Groups/3": `{"members":[{"value":"1"}]}`, "/Groups/4": `{"members":[{"value":"1"}]}`},
		},
		{
			name: "7644-3.7.2-01/names with quotes and umlauts", ops: []string{postUser(`a\"ö😀\\`, "ann"), postGroup("g", "G", `bulkId:a\"ö\ud83d\ude00\\`)},
			outcome: `a"ö😀\ 201, g 201`, stored: map[string]string{"/Groups/2": `{"members":[{"value":"1"}]}`},
		},
		{
			name: "7644-3.7.2-01/PUT", before: postGroup("x", "G"), ops: []string{`{"method":"PUT","path":"/Groups/1","data":{"schemas":["<G>"],"displayName":"H","members":[{"value":"bulkId:u"}]}}`, postUser("u", "u")},
			outcome: "PUT 200, u 201", stored: map[string]string{"/Groups/1": `{"displayName":"H","members":[{"value":"2"}]}`},
		},
		{
			name: "7644-3.7.2-03/only the exact reference", ops: []string{postUser("qwerty", "my bulkId:qwerty"), postUser("b", "bulkid:qwerty"), postUser("c", " bulkId:qwerty"), postGroup("g", "say \\\"bulkId:qwerty\\\""), postUser("d", "bulkId")},
			outcome: "qwerty 201, b 201, c 201, g 201, d 201", stored: map[string]string{"/Users/1": `{"userName":"my bulkId:qwerty"}`, "/Users/2": `{"userName":"bulkid:qwerty"}`, "/Users/3": `{"userName":" bulkId:qwerty"}`, "/Groups/4": `{"displayName":"say \"bulkId:qwerty\""}`, "/Users/5": `{"userName":"bulkId"}`},
		},
		{
			name: "7644-3.7.2-02/unknown", ops: []string{postGroup("g", "G", "bulkId:none"), postUser("u", "u"), `{"method":"DELETE","path":"/Users/bulkId:none"}`, postUser("v", "bulkId:"), postGroup("h", "H", "bulkId:U")},
			outcome: "g 400, u 201, DELETE 400, v 400, h 400", calls: []string{"POST /Users"}, stored: map[string]string{"/Users/1": `{"userName":"u"}`},
			want: `[{"location":null,"response":{"status":"400","scimType":"invalidValue","detail":"refers to bulkId:none, but no operation of the request creates it"}},{},{"location":"` + users + `bulkId:none"},{},{}]`,
		},
		{
			name: "7644-3.7.2-02/failed", ops: []string{postGroup("g", "G", "bulkId:u"), `{"method":"POST","path":"/Users","bulkId":"u","data":{}}`, patchWith("/Users/bulkId:u", `{"op":"add","path":"title","value":"T"}`), postGroup("h", "H", "bulkId:g"), postGroup("i", "I")},
			outcome: "g 400, u 400, PATCH 400, h 400, i 201", calls: []string{"POST /Users", "POST /Groups"},
			want: `[{"response":{"scimType":"invalidValue","detail":"refers to bulkId:u, which could not be created"}},{"response":{"detail":"userName: is required"}},{"location":"` + users + `bulkId:u"},{"response":{"detail":"refers to bulkId:g, which could not be created"}},{}]`,
		},
		{
			name: "7644-3.7.2-02/malformed", ops: []string{postGroup("g", "G", "bulkId:u"), `{"method":"POST","path":"/Users","bulkId":"u"}`}, outcome: "g 400, u 400", calls: []string{},
			want: `[{"response":{"scimType":"invalidValue","detail":"refers to bulkId:u, which could not be created"}},{"response":{"scimType":"invalidSyntax"}}]`,
		},
		{
			name: "7644-3.7.2-02/bulkId of another method", before: postUser("x", "x"), ops: []string{strings.Replace(patchWith("/Users/1", `{"op":"add","path":"title","value":"T"}`), `"path"`, `"bulkId":"p","path"`, 1), postGroup("g", "G", "bulkId:p")}, outcome: "p 200, g 400",
		},
		{name: "7644-3.7.2-02/endpoint", ops: []string{`{"method":"POST","path":"/bulkId:a","bulkId":"a","data":{}}`}, outcome: "a 404", calls: []string{"POST /bulkId:a"}},
		{name: "7644-3.7.2-02/deleted before", ops: []string{postUser("u", "u"), `{"method":"DELETE","path":"/Users/bulkId:u"}`, patchWith("/Users/bulkId:u", `{"op":"remove","path":"title"}`)}, outcome: "u 201, DELETE 204, PATCH 404"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDirectory()
			if c.before != "" {
				runBulk(t, bulkBody(c.before), d.do)
				d.calls = nil
			}
			body := bulkBody(c.ops...)
			if c.fail > 0 {
				body = fmt.Appendf(nil, `{"failOnErrors":%d,%s`, c.fail, body[1:])
			}
			answer, text := runBulk(t, body, d.do)
			assert.Equal(t, c.outcome, outcome(answer))
			if c.want != "" {
				partOf(t, urns.Replace(`{"schemas":["`+resource.BulkResponseSchema+`"],"failOnErrors":null,"Operations":`+c.want+`}`), text)
			}
			if c.calls != nil {
				assert.Equal(t, c.calls, append([]string{}, d.calls...))
			}
			for path, want := range c.stored {
				d.has(t, path, want)
			}
			for _, op := range answer.Operations {
				assert.Equal(t, op.Status[0] != '2', len(op.Response) > 0, "7644-3.7.3-04: a response where the status is not 2xx")
			}
			if c.fail > 0 {
				failed := slices.DeleteFunc(slices.Clone(answer.Operations), func(op resource.BulkOperation) bool { return op.Status[0] == '2' })
				assert.LessOrEqual(t, len(failed), c.fail)
			}
		})
	}
}

// References become ids, names of members and all else stay byte for byte.
func TestBulkDataStaysAsItIs(t *testing.T) {
	data := `{"bulkId:x":"bulkId:x", "n":1.50e1, "list" : [ "bulkId:x" , {"bulkId:x" :1}], "y":"<&>\u00e4\/", "a":1}`
	seen := map[string]string{}
	r, err := resource.ParseBulk(bulkBody(postUser("x", "x"), `{"method":"PUT","path":"/Users/bulkId:x","data":`+data+`}`), resource.BulkConfig{})
	require.NoError(t, err)
	resource.RunBulk(t.Context(), r, func(_ context.Context, op *resource.BulkOperation) (any, error) {
		seen[op.Path] = string(op.Data)
		return &resource.User{Resource: resource.Resource{ID: `i"d/1 ä`}}, nil
	})
	want := strings.ReplaceAll(strings.ReplaceAll(data, `"bulkId:x",`, `"i\"d/1 ä",`), `"bulkId:x" ,`, `"i\"d/1 ä" ,`)
	assert.Equal(t, want, seen["/Users/i%22d%2F1%20%C3%A4"], "7644-3.7.2-03: nothing else changes, and ids are escaped where they stand")
	assert.Equal(t, data, string(r.Operations[1].Data), "the request stays as it is")
}

// do is a handler: it may return what a handler returns.
func TestRunBulkResults(t *testing.T) {
	user := resource.User{Resource: resource.Resource{ID: "7", Meta: resource.Meta{Location: "https://example.org/u/7", Version: `W/"7"`}}, UserName: "u", Password: "t1meMa$heen"}
	bare := user
	bare.Meta = resource.Meta{}
	relative := user
	relative.Meta.Location = "../Users/7"
	var none *resource.User
	for _, c := range []struct {
		name   string
		result any
		err    error
		post   string
		put    string
		del    string
	}{
		{
			name: "7644-3.7.3-02/meta says it", result: &user, post: `{"status":"201","location":"https://example.org/u/7","version":"W/\"7\"","response":null}`,
			put: `{"status":"200","location":"https://example.org/u/7","version":"W/\"7\"","response":null}`, del: `{"status":"204","version":null,"response":null}`,
		},
		{name: "7644-3.7.3-02/a struct", result: user, post: `{"status":"201","location":"https://example.org/u/7"}`, put: `{"status":"200"}`, del: `{"status":"204"}`},
		{name: "7644-3.7.3-02/relative", result: &relative, post: `{"location":"https://example.com/v2/Users/7"}`, put: `{"location":"https://example.com/v2/Users/7"}`, del: `{}`},
		{
			name: "7644-3.7.3-02/without meta", result: &bare, post: `{"status":"201","location":"https://example.com/v2/Users/7","version":null}`,
			put: `{"status":"200","location":"https://example.com/v2/Users/7","version":null}`, del: `{"status":"204"}`,
		},
		{
			name: "7644-3.7.3-03/nothing to tell of", post: `{"status":"201","location":null}`,
			put: `{"status":"204","location":"https://example.com/v2/Users/1"}`, del: `{"status":"204","location":"https://example.com/v2/Users/1"}`,
		},
		{name: "7644-3.7.3-03/nil pointer", result: none, post: `{"status":"201"}`, put: `{"status":"204"}`, del: `{"status":"204"}`},
		{name: "7644-3.7.3-03/no resource", result: struct{ X int }{1}, post: `{"status":"201"}`, put: `{"status":"204"}`, del: `{"status":"204"}`},
		{name: "7644-3.7.3-03/a word", result: "x", post: `{"status":"201"}`, put: `{"status":"204"}`, del: `{"status":"204"}`},
		{
			name: "7644-3.12-15/cause hidden", result: &user, err: fmt.Errorf("insert into users: %w", errors.New("password=t1meMa$heen")),
			post: `{"status":"500","location":null,"version":null,"response":{"status":"500","detail":"internal server error"}}`, put: `{"status":"500","location":"https://example.com/v2/Users/1"}`, del: `{"status":"500"}`,
		},
		{
			name: "7644-3.12-15/wrapped cause hidden", err: fmt.Errorf("users: %w", scimerrors.New(scimerrors.Uniqueness, "userName is taken: %w", errors.New("password=t1meMa$heen"))),
			post: `{"status":"409","response":{"scimType":"uniqueness","detail":"userName is taken"}}`, put: `{"status":"409"}`, del: `{"status":"409"}`,
		},
		{name: "7644-3.12-14/bare type", err: scimerrors.Mutability, post: `{"status":"400","response":{"scimType":"mutability"}}`, put: `{"status":"400"}`, del: `{"status":"400"}`},
		{name: "7644-3.12-14/not allowed", err: scimerrors.Status(http.StatusForbidden, "no"), post: `{"status":"403","response":{"scimType":null}}`, put: `{"status":"403"}`, del: `{"status":"403"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, text := runBulk(t, bulkBody(postUser("a", "u"), `{"method":"PUT","path":"/Users/1","data":{"password":"t1meMa$heen"}}`, `{"method":"DELETE","path":"/Users/1"}`),
				func(context.Context, *resource.BulkOperation) (any, error) { return c.result, c.err })
			partOf(t, `{"Operations":[`+c.post+`,`+c.put+`,`+c.del+`]}`, text)
			assert.NotContains(t, text, "t1meMa", "7643-4.1.1-10: no passwords")
			assert.Len(t, answer.Operations, 3)
		})
	}
	t.Run("7644-3.7.3-02/no Locate", func(t *testing.T) {
		r, err := resource.ParseBulk(bulkBody(postUser("a", "u"), `{"method":"DELETE","path":"/Users/7"}`), resource.BulkConfig{})
		require.NoError(t, err)
		answer := resource.RunBulk(t.Context(), r, newDirectory().do)
		assert.Equal(t, "/Users/1", answer.Operations[0].Location)
		assert.Equal(t, "/Users/7", answer.Operations[1].Location)
	})
}

func TestRunBulkVersions(t *testing.T) {
	t.Run("7644-3.14-01/version of the result is the resource's", func(t *testing.T) {
		d := newDirectory()
		version := func() string { return resource.Common(d.stored["/Users/1"]).Meta.Version }
		var versions []string
		answer, _ := runBulk(t, bulkBody(postUser("a", "ann"), `{"method":"PUT","path":"/Users/bulkId:a","data":{"userName":"bob"}}`, patchWith("/Users/bulkId:a", `{"op":"add","path":"title","value":"T"}`)),
			func(ctx context.Context, op *resource.BulkOperation) (any, error) {
				v, err := d.do(ctx, op)
				versions = append(versions, version())
				return v, err
			})
		require.Len(t, versions, 3)
		for i, v := range versions {
			assert.NotEmpty(t, v)
			assert.Equal(t, v, answer.Operations[i].Version)
			assert.NotContains(t, versions[:i], v)
		}
		answer, _ = runBulk(t, bulkBody(`{"method":"PUT","path":"/Users/1","version":`+shortJSON(versions[1])+`,"data":{"userName":"x"}}`, `{"method":"PUT","path":"/Users/1","version":`+shortJSON(versions[2])+`,"data":{"userName":"y"}}`), d.do)
		assert.Equal(t, "PUT 412, PUT 200", outcome(answer))
		assert.Equal(t, version(), answer.Operations[1].Version)
	})
}

func TestRunBulkCancelled(t *testing.T) {
	ops := bulkBody(postUser("a", "ann"), postGroup("g", "G", "bulkId:z"), postUser("b", "bob"), postUser("z", "zed"))
	r, err := resource.ParseBulk(ops, resource.BulkConfig{})
	require.NoError(t, err)
	for n, want := range []string{"", "a 201", "a 201, z 201", "a 201, g 201, z 201", "a 201, g 201, b 201, z 201"} {
		t.Run(fmt.Sprintf("7644-3.7.3-01/after %d", n), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			d := newDirectory()
			if n == 0 {
				cancel()
			}
			answer := resource.RunBulk(ctx, r, func(ctx context.Context, op *resource.BulkOperation) (any, error) {
				v, err := d.do(ctx, op)
				if len(d.calls) == n {
					cancel()
				}
				return v, err
			})
			assert.Equal(t, want, outcome(answer))
			assert.Len(t, d.calls, n)
			_, err := resource.Marshal(resource.QueryResponse, answer)
			require.NoError(t, err)
		})
	}
	t.Run("7644-3.12-14/while it is carried out", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		d := newDirectory()
		answer := resource.RunBulk(ctx, r, func(ctx context.Context, op *resource.BulkOperation) (any, error) {
			cancel()
			return d.do(ctx, op)
		})
		assert.Equal(t, "a 503", outcome(answer))
		assert.Empty(t, d.stored)
	})
}

// do gets a copy, which it may keep and change.
func TestRunBulkKeepsTheRequest(t *testing.T) {
	body := bulkBody(postUser("a", "ann"), postGroup("g", "G", "bulkId:a", "bulkId:g"))
	r, err := resource.ParseBulk(body, resource.BulkConfig{})
	require.NoError(t, err)
	before, err := resource.ParseBulk(body, resource.BulkConfig{})
	require.NoError(t, err)
	for range 2 {
		d := newDirectory()
		var kept []*resource.BulkOperation
		answer := resource.RunBulk(t.Context(), r, func(ctx context.Context, op *resource.BulkOperation) (any, error) {
			v, err := d.do(ctx, op)
			kept = append(kept, op)
			op.Method, op.Path, op.Status = "x", "y", "z"
			return v, err
		})
		assert.Equal(t, "a 201, g 201", outcome(answer))
		assert.Len(t, kept, 3)
		assert.Equal(t, before, r)
	}
}
