package resource_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// Resources that refer to each other in a circle: all are created, or none stays.
func TestRunBulkCircles(t *testing.T) {
	const unresolved = `"scimType":null,"detail":"the circular reference could not be resolved: `
	noMethod := func(method, path string) func(*resource.BulkOperation) error {
		return func(op *resource.BulkOperation) error {
			if op.Method == method && strings.HasPrefix(op.Path, path) {
				return scimerrors.Status(http.StatusForbidden, "no %s here", method)
			}
			return nil
		}
	}
	for _, c := range []struct {
		name    string
		ops     []string
		fail    int
		before  func(*resource.BulkOperation) error
		outcome string
		want    string
		calls   []string
		stored  map[string]string
		left    []string // what is there in the end; nil: not looked at
	}{
		{
			name: "two groups", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a")}, outcome: "a 201, b 201",
			calls: []string{"POST /Groups", "POST /Groups", "PUT /Groups/1"}, want: `[{"method":"POST","location":"https://example.com/v2/Groups/1"},{"location":"https://example.com/v2/Groups/2"}]`,
			stored: map[string]string{"/Groups/1": `{"displayName":"A","members":[{"value":"2"}]}`, "/Groups/2": `{"displayName":"B","members":[{"value":"1"}]}`},
		},
		{
			name: "three users", ops: []string{postEmployee("a", "a", "bulkId:b"), postEmployee("b", "b", "bulkId:c"), postEmployee("c", "c", "bulkId:a")}, outcome: "a 201, b 201, c 201",
			calls:  []string{"POST /Users", "POST /Users", "POST /Users", "PUT /Users/1", "PUT /Users/2"},
			stored: map[string]string{"/Users/1": `{"<E>":{"manager":{"value":"2"}}}`, "/Users/2": `{"<E>":{"manager":{"value":"3"}}}`, "/Users/3": `{"<E>":{"manager":{"value":"1"}}}`},
		},
		{
			name: "her own manager", ops: []string{postEmployee("a", "a", "bulkId:a")}, outcome: "a 201", calls: []string{"POST /Users", "PUT /Users/1"},
			stored: map[string]string{"/Users/1": `{"<E>":{"manager":{"value":"1"}}}`},
		},
		{
			name: "others outside of it", outcome: "h 201, a 201, b 201, PATCH 200, u 201", ops: []string{
				postGroup("h", "H", "bulkId:b"), postGroup("a", "A", "bulkId:b", "bulkId:u"), postGroup("b", "B", "bulkId:a", "bulkId:u", "7"),
				patchWith("/Groups/bulkId:a", `{"op":"add","path":"members","value":{"value":"bulkId:h"}}`), postUser("u", "u"),
			},
			calls:  []string{"POST /Users", "POST /Groups", "POST /Groups", "PUT /Groups/2", "POST /Groups", "PATCH /Groups/2"},
			stored: map[string]string{"/Groups/2": `{"members":[{"value":"3"},{"value":"1"},{"value":"4"}]}`, "/Groups/3": `{"members":[{"value":"2"},{"value":"1"},{"value":"7"}]}`, "/Groups/4": `{"members":[{"value":"3"}]}`},
		},
		{
			name: "what is required comes later", ops: []string{postSquad("s", "bulkId:u"), postEmployee("u", "u", "bulkId:s")}, outcome: "s 201, u 201",
			calls: []string{"POST /Squads", "POST /Users", "POST /Squads", "PUT /Users/1"}, left: []string{"/Squads/2", "/Users/1"},
			stored: map[string]string{"/Squads/2": `{"lead":"1"}`, "/Users/1": `{"<E>":{"manager":{"value":"2"}}}`},
		},
		{
			name: "what is required comes later, incomplete", ops: []string{
				strings.Replace(postSquad("s", "bulkId:u"), `"lead"`, `"tags":["bulkId:t","x","bulkId:s"],"lead"`, 1), postEmployee("u", "u", "bulkId:s"), postSquad("t", "bulkId:s"),
			}, outcome: "s 201, u 201, t 201",
			stored: map[string]string{"/Squads/2": `{"lead":"1","tags":["3","x","2"]}`, "/Users/1": `{"<E>":{"manager":{"value":"2"}}}`, "/Squads/3": `{"lead":"2"}`},
		},
		{
			name: "all require the other", ops: []string{postUser("u", "u"), postSquad("s", "bulkId:t"), postSquad("t", "bulkId:s")}, outcome: "u 201, s 409, t 409", left: []string{"/Users/1"},
			calls: []string{"POST /Users", "POST /Squads", "POST /Squads"}, want: `[{},{"location":null,"response":{"status":"409",` + unresolved + `lead: is required"}},{"location":null,"response":{"detail":"refers in a circle to bulkId:s, which could not be created"}}]`,
		},
		{
			name: "cannot be replaced", ops: []string{postUser("u", "u"), postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a"), postUser("v", "v")}, before: noMethod("PUT", "/Groups"),
			outcome: "u 201, a 409, b 409, v 201", left: []string{"/Users/1", "/Users/4"}, calls: []string{"POST /Users", "POST /Groups", "POST /Groups", "PUT /Groups/2", "DELETE /Groups/3", "DELETE /Groups/2", "POST /Users"},
			want: `[{},{"location":null,"version":null,"response":{"status":"409",` + unresolved + `no PUT here"}},{"location":null,"version":null,"response":{"detail":"refers in a circle to bulkId:a, which could not be created"}},{}]`,
		},
		{
			name: "the second cannot be replaced", ops: []string{postEmployee("a", "a", "bulkId:b"), postEmployee("b", "b", "bulkId:c"), postEmployee("c", "c", "bulkId:a")}, before: noMethod("PUT", "/Users/2"),
			outcome: "a 409, b 409, c 409", left: []string{},
		},
		{
			name: "one is invalid", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "", "bulkId:a")}, outcome: "a 409, b 400", left: []string{}, calls: []string{"POST /Groups", "POST /Groups", "DELETE /Groups/1"},
			want: `[{"response":{"detail":"refers in a circle to bulkId:b, which could not be created"}},{"response":{"scimType":"invalidValue","detail":"displayName: is required"}}]`,
		},
		{
			name: "the first is invalid", ops: []string{postGroup("a", "", "bulkId:b"), postGroup("b", "B", "bulkId:a")}, outcome: "a 400, b 409", left: []string{}, calls: []string{"POST /Groups", "POST /Groups", "POST /Groups", "DELETE /Groups/1"},
			want: `[{"response":{"scimType":"invalidValue","detail":"displayName: is required"}},{"response":{"detail":"refers in a circle to bulkId:a, which could not be created"}}]`,
		},
		{
			name: "one is taken", ops: []string{postUser("x", "b"), postEmployee("a", "a", "bulkId:b"), postEmployee("b", "b", "bulkId:a")}, outcome: "x 201, a 409, b 409", left: []string{"/Users/1"},
			want: `[{},{"response":{"scimType":null}},{"response":{"scimType":"uniqueness"}}]`,
		},
		{
			name: "the first is taken", ops: []string{postUser("x", "a"), postEmployee("a", "a", "bulkId:b"), postEmployee("b", "b", "bulkId:a")}, outcome: "x 201, a 409, b 409", left: []string{"/Users/1"},
			calls: []string{"POST /Users", "POST /Users"}, want: `[{},{"response":{"scimType":"uniqueness"}},{"response":{"scimType":null}}]`,
		},
		{
			name: "one is malformed", ops: []string{postGroup("a", "A", "bulkId:b"), `{"method":"POST","path":"/Groups","bulkId":"b","data":["bulkId:a"]}`}, outcome: "a 400, b 400", left: []string{}, calls: []string{},
		},
		{
			name: "one refers to nothing", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a", "bulkId:none")}, outcome: "a 409, b 400", left: []string{}, calls: []string{},
			want: `[{"response":{"detail":"refers in a circle to bulkId:b, which could not be created"}},{"response":{"scimType":"invalidValue","detail":"refers to bulkId:none, but no operation of the request creates it"}}]`,
		},
		{
			name: "one refers to what failed", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a", "bulkId:u"), `{"method":"POST","path":"/Users","bulkId":"u","data":{}}`}, outcome: "a 409, b 400, u 400", left: []string{}, calls: []string{"POST /Users"},
		},
		{
			name: "what refers to it fails, too", ops: []string{postGroup("g", "G", "bulkId:a"), postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a"), patchWith("/Groups/bulkId:b", `{"op":"add","path":"displayName","value":"x"}`)}, before: noMethod("PUT", "/Groups"),
			outcome: "g 400, a 409, b 409, PATCH 400", left: []string{}, want: `[{"response":{"detail":"refers to bulkId:a, which could not be created"}},{},{},{}]`,
		},
		{
			name: "nor deleted again", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a")}, outcome: "a 409, b 409", left: []string{"/Groups/2"},
			before: func(op *resource.BulkOperation) error {
				if op.Method == http.MethodPut || op.Method == http.MethodDelete && op.Path == "/Groups/2" {
					return fmt.Errorf("disk full: %s", op.Path)
				}
				return nil
			},
			want: `[{"response":{` + unresolved + `internal server error"}},{"response":{"detail":"the circular reference could not be resolved, and /Groups/2 could not be deleted again"}}]`,
		},
		{
			name: "failOnErrors/all that was done has a result", fail: 1, ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a"), postUser("u", "u")}, before: noMethod("PUT", "/Groups"),
			outcome: "a 409, b 409", left: []string{},
		},
		{
			name: "failOnErrors/what was not done has none", fail: 1, ops: []string{postGroup("a", "A", "bulkId:b"), strings.Replace(postGroup("b", "B", "bulkId:c"), "/Groups", "/Nowhere", 1), postGroup("c", "C", "bulkId:a")},
			outcome: "a 409, b 404", left: []string{}, calls: []string{"POST /Groups", "POST /Nowhere", "DELETE /Groups/1"},
		},
		{
			name: "two circles", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("c", "C", "bulkId:d", "bulkId:a"), postGroup("b", "B", "bulkId:a"), postGroup("d", "D", "bulkId:c")}, outcome: "a 201, c 201, b 201, d 201",
			calls: []string{"POST /Groups", "POST /Groups", "PUT /Groups/1", "POST /Groups", "POST /Groups", "PUT /Groups/3"}, stored: map[string]string{"/Groups/3": `{"displayName":"C","members":[{"value":"4"},{"value":"1"}]}`},
		},
		{
			name: "two circles that share one", ops: []string{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a", "bulkId:c"), postGroup("c", "C", "bulkId:b")}, outcome: "a 201, b 201, c 201",
			stored: map[string]string{"/Groups/1": `{"members":[{"value":"2"}]}`, "/Groups/2": `{"members":[{"value":"1"},{"value":"3"}]}`, "/Groups/3": `{"members":[{"value":"2"}]}`},
		},
	} {
		t.Run("7644-3.7.1-01/"+c.name, func(t *testing.T) {
			d := newDirectory()
			d.before = c.before
			body := bulkBody(c.ops...)
			if c.fail > 0 {
				body = fmt.Appendf(nil, `{"failOnErrors":%d,%s`, c.fail, body[1:])
			}
			answer, text := runBulk(t, body, d.do)
			assert.Equal(t, c.outcome, outcome(answer))
			if c.want != "" {
				partOf(t, `{"Operations":`+c.want+`}`, text)
			}
			if c.calls != nil {
				assert.Equal(t, c.calls, append([]string{}, d.calls...))
			}
			if c.left != nil {
				assert.Equal(t, c.left, append([]string{}, d.paths()...))
			}
			for path, want := range c.stored {
				d.has(t, path, want)
			}
			for _, op := range answer.Operations {
				if op.Status == "201" {
					path := strings.TrimPrefix(op.Location, "https://example.com/v2")
					require.Contains(t, d.stored, path)
					if !strings.Contains(strings.Join(d.calls, " "), "PATCH "+path) {
						assert.Equal(t, resource.Common(d.stored[path]).Meta.Version, op.Version, "7644-3.14-01: also after it has been completed")
					}
				}
			}
			for i, data := range d.data {
				assert.NotContains(t, data, `"bulkId:`, "%s", d.calls[i])
			}
		})
	}
}

// What a resource of a circle is created without: as little as possible, and never half a value.
func TestRunBulkIncomplete(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"only reference":         {`{"x":"bulkId:a"}`, `{}`},
		"other members":          {`{"n":1.50e400,"y":["<&>"],"x":"bulkId:a"}`, `{"n":1.50e400,"y":["<&>"]}`},
		"element":                {`{"m":[{"value":"1"},{"value":"bulkId:a","display":"A"}]}`, `{"m":[{"value":"1"}]}`},
		"list that is left":      {`{"m":[{"value":"bulkId:a"},"bulkId:a"]}`, `{}`},
		"empty lists stay":       {`{"m":[],"o":{},"x":["bulkId:a",[]]}`, `{"m":[],"o":{},"x":[[]]}`},
		"complex value":          {`{"e":{"department":"D","manager":{"Value":"bulkId:a","$ref":"../Users/1"}}}`, `{"e":{"department":"D"}}`},
		"part of a value":        {`{"m":[{"value":"1","$ref":"bulkId:a"}]}`, `{"m":[{"value":"1"}]}`},
		"value of the resource":  {`{"value":"bulkId:a","x":1}`, `{"x":1}`},
		"list of values":         {`{"c":{"value":["bulkId:a"],"x":1},"d":{"value":["bulkId:a","b"]}}`, `{"d":{"value":["b"]}}`},
		"not a reference":        {`{"x":"my bulkId:a","y":"bulkId:a"}`, `{"x":"my bulkId:a"}`},
		"deep":                   {`{"x":` + strings.Repeat(`{"y":`, 50) + `"bulkId:a"` + strings.Repeat(`}`, 50) + `}`, `{"x":` + strings.Repeat(`{"y":`, 49) + `{}` + strings.Repeat(`}`, 49) + `}`},
		"written with an escape": {`{"x":"\u0062ulkId:a","z":2}`, `{"z":2}`},
	} {
		t.Run("7644-3.7.1-01/"+name, func(t *testing.T) {
			var seen []string
			answer, _ := runBulk(t, bulkBody(`{"method":"POST","path":"/Users","bulkId":"a","version":"W/\"1\"","data":`+c.data+`}`), func(_ context.Context, op *resource.BulkOperation) (any, error) {
				seen = append(seen, string(op.Data))
				if op.Method == http.MethodPut {
					assert.Equal(t, resource.BulkOperation{Method: "PUT", Path: "/Users/1%2F2", Data: op.Data}, *op)
					return nil, nil
				}
				return &resource.User{Resource: resource.Resource{ID: "1/2", Meta: resource.Meta{Version: `W/"1"`}}}, nil
			})
			assert.Equal(t, "a 201", outcome(answer))
			require.Len(t, seen, 2)
			equalJSON(t, c.want, seen[0])
			assert.Equal(t, strings.NewReplacer(`"bulkId:a"`, `"1/2"`, `"\u0062ulkId:a"`, `"1/2"`).Replace(c.data), seen[1])
			assert.Empty(t, answer.Operations[0].Version, "the version before the last change is none")
		})
	}
}

// do may fail in any way, and the client go away at any time: no circle stays half done.
func TestRunBulkCircleBreaks(t *testing.T) {
	body := bulkBody(postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:c"), postGroup("c", "C", "bulkId:a"))
	for n := range 7 {
		t.Run(fmt.Sprintf("7644-3.7.1-01/the client goes after %d", n), func(t *testing.T) {
			r, err := resource.ParseBulk(body, resource.BulkConfig{})
			require.NoError(t, err)
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
			if n >= 5 {
				assert.Equal(t, "a 201, b 201, c 201", outcome(answer))
				assert.Len(t, d.stored, 3)
				return
			}
			assert.Empty(t, d.stored)
			assert.Equal(t, []string{"", "a 409, b 503", "a 409, b 409, c 503", "a 409, b 409, c 409", "a 409, b 409, c 409"}[n], outcome(answer))
		})
		t.Run(fmt.Sprintf("7644-3.7.1-01/all fails from %d", n), func(t *testing.T) {
			d := newDirectory()
			d.before = func(op *resource.BulkOperation) error {
				if len(d.calls) > n && op.Method != http.MethodDelete {
					return errors.New("disk full")
				}
				return nil
			}
			answer, _ := runBulk(t, body, d.do)
			assert.Len(t, answer.Operations, 3)
			if n < 5 {
				assert.Empty(t, d.stored)
				assert.NotContains(t, outcome(answer), "201")
			}
		})
	}
	for name, v := range map[string]any{"nil": nil, "no resource": "x", "no id": &resource.Group{}} {
		t.Run("7644-3.7.1-01/do returns "+name, func(t *testing.T) {
			answer, text := runBulk(t, body, func(context.Context, *resource.BulkOperation) (any, error) { return v, nil })
			assert.Equal(t, "a 409, b 409, c 409", outcome(answer))
			partOf(t, `{"Operations":[{"response":{"detail":"the resource has no id that others could refer to"}},{},{}]}`, text)
		})
	}
	t.Run("7644-3.7.2-02/outside of a circle", func(t *testing.T) {
		answer, text := runBulk(t, bulkBody(postUser("a", "a"), postGroup("b", "B", "bulkId:a")), func(context.Context, *resource.BulkOperation) (any, error) { return nil, nil })
		assert.Equal(t, "a 201, b 400", outcome(answer))
		partOf(t, `{"Operations":[{"location":null},{"response":{"scimType":"invalidValue"}}]}`, text)
	})
}
