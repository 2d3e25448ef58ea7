package resource_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// patchBody is a PATCH with these operations.
func patchBody(ops string) string {
	return urns.Replace(`{"schemas":["` + resource.PatchOpSchema + `"],"Operations":[` + ops + `]}`)
}

// patchMessage is the text of a PATCH and what Validate says of its form.
type patchMessage struct {
	name    string
	body    string
	want    []resource.PatchOperation
	faults  []fault
	repairs []string
	strict  []fault // nil: the same as by default
	opts    []resource.Option
}

func TestPatchMessage(t *testing.T) {
	const ops = `"Operations":[{"op":"add","path":"title","value":"T"}]`
	const urn = `"schemas":["` + resource.PatchOpSchema + `"]`
	title := []resource.PatchOperation{{Op: "add", Path: "title", Value: "T"}}
	missing := []fault{syntax("schemas", resource.PatchOpSchema)}
	for _, c := range []patchMessage{
		{name: "7644-3.5.2-05/as it should be", body: `{` + urn + `,` + ops + `}`, want: title},
		{name: "7644-3.5.2-05/schemas absent", body: `{` + ops + `}`, want: title, repairs: []string{"MissingSchemas schemas"}, strict: missing},
		{name: "AMB-01/schemas null", body: `{"schemas":null,` + ops + `}`, want: title, repairs: []string{"MissingSchemas schemas"}, strict: missing},
		{name: "AMB-01/schemas []", body: `{"schemas":[],` + ops + `}`, want: title, repairs: []string{"MissingSchemas schemas"}, strict: missing},
		{name: "7644-3.5.2-05/another URN beside", body: `{"schemas":["` + resource.PatchOpSchema + `","<U>"],` + ops + `}`, want: title, repairs: []string{"UnknownSchemas schemas[1]"}, strict: []fault{syntax("schemas[1]", "<U>")}},
		{name: "7644-3.5.2-05/URN in another case", body: `{"schemas":["` + strings.ToUpper(resource.PatchOpSchema) + `"],` + ops + `}`, want: title},
		{name: "7644-3.5.2-05/Operations missing", body: `{` + urn + `}`, faults: []fault{syntax("Operations", "is required")}},
		{name: "7644-3.5.2-05/Operations null", body: `{` + urn + `,"Operations":null}`, faults: []fault{syntax("Operations", "is required")}},
		{name: "7644-3.5.2-05/Operations an object", body: `{` + urn + `,"Operations":{"op":"add","path":"title","value":"T"}}`, faults: []fault{syntax("Operations", "must be an array, not an object")}},
		{name: "7644-3.5.2-05/Operations a string", body: `{` + urn + `,"Operations":"add"}`, faults: []fault{syntax("Operations", `must be an array, not the string "add"`)}},
		{name: "7644-3.5.2-05/no operation", body: `{` + urn + `,"Operations":[]}`, want: []resource.PatchOperation{}, repairs: []string{"EmptyOperations Operations"}, strict: []fault{syntax("Operations", "must have at least one operation")}},
		{name: "7644-3.5.2-05/an operation that is no object", body: `{` + urn + `,"Operations":["add"]}`, faults: []fault{syntax("Operations[0]", `must be an object, not the string "add"`)}},
		{name: "7644-3.5.2-06/op missing", body: `{` + urn + `,"Operations":[{"path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", "is required")}},
		{name: "7644-3.5.2-06/op null", body: `{` + urn + `,"Operations":[{"op":null,"path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", "is required")}},
		{name: "7644-3.5.2-06/op empty", body: `{` + urn + `,"Operations":[{"op":"","path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", "")}},
		{name: "7644-3.5.2-06/op unknown", body: `{` + urn + `,"Operations":[{"op":"move","path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", `must be add, remove or replace, not "move"`)}},
		{name: "7644-3.5.2-06/Update is no op", body: `{` + urn + `,"Operations":[{"op":"Update","path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", "Update")}},
		{name: "7644-3.5.2-06/op a number", body: `{` + urn + `,"Operations":[{"op":1,"path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", "must be a string, not the number 1")}},
		{name: "7644-3.5.2-06/path a list", body: `{` + urn + `,"Operations":[{"op":"add","path":["title"],"value":"T"}]}`, faults: []fault{syntax("Operations[0].path", "must be a string, not an array")}},
		{name: "AMB-09/op and names in another case", body: `{"SCHEMAS":["` + resource.PatchOpSchema + `"],"operations":[{"OP":"ADD","Path":"TITLE","VALUE":"T"}]}`, want: title},
		{name: "AMB-09/op between blanks", body: `{` + urn + `,"Operations":[{"op":" add ","path":"title","value":"T"}]}`, faults: []fault{syntax("Operations[0].op", "")}},
		{name: "7644-3.5.2-07/path null is none", body: `{` + urn + `,"Operations":[{"op":"add","path":null,"value":{"title":"T"}}]}`, want: title},
		{name: "7644-3.5.2-07/remove without path", body: `{` + urn + `,"Operations":[{"op":"remove"}]}`, faults: []fault{{"Operations[0].path", scimerrors.NoTarget, "is required"}}},
		{name: "7644-3.5.2-11/empty path", body: `{` + urn + `,"Operations":[{"op":"add","path":"","value":{"title":"T"}}]}`, faults: []fault{{"Operations[0].path", scimerrors.InvalidPath, "is empty"}}},
		{name: "AMB-02/a member twice", body: `{` + urn + `,"Operations":[{"op":"add","OP":"remove","path":"title"}]}`, faults: []fault{syntax("", "op")}},
		{name: "AMB-02/a member of a value twice", body: `{` + urn + `,"Operations":[{"op":"add","value":{"title":"a","Title":"b"}}]}`, faults: []fault{syntax("", "itle")}},
		{name: "AMB-03/unknown members are ignored", body: `{` + urn + `,"id":"1","Operations":[{"name":"addTitle","op":"add","path":"title","value":"T"}]}`, want: title},
		{name: "7644-3.12-11/broken JSON", body: `{` + urn + `,"Operations":[`, faults: []fault{syntax("", "")}},
		{name: "7644-3.12-11/broken JSON inside a value", body: `{` + urn + `,"Operations":[{"op":"add","path":"title","value":tru}]}`, faults: []fault{syntax("", "")}},
		{name: "7644-3.12-11/array", body: `[{"op":"add","path":"title","value":"T"}]`, faults: []fault{syntax("", "")}},
		{name: "7644-3.12-11/nothing", body: ``, faults: []fault{syntax("", "")}},
		{name: "7644-3.12-11/SCIM 1.1", body: `{"schemas":["urn:scim:schemas:core:1.0"],"members":[{"value":"1","operation":"delete"}]}`, repairs: []string{"UnknownSchemas schemas[0]"}, faults: []fault{syntax("Operations", "is required")}, strict: []fault{syntax("schemas[0]", "urn:scim:schemas:core:1.0"), syntax("Operations", "is required")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(urns.Replace(c.body))
			for i := range c.strict {
				c.strict[i].text = urns.Replace(c.strict[i].text)
			}
			var repairs []resource.Repair
			got, err := resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, body, append(c.opts, resource.Repairs(&repairs))...)
			c.judge(t, got, err, c.faults)
			assert.ElementsMatch(t, c.repairs, repairNames(repairs))
			strict := c.strict
			if strict == nil {
				strict = c.faults
			}
			got, err = resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, body, append(c.opts, resource.Strict())...)
			c.judge(t, got, err, strict)
			if c.repairs != nil && c.faults == nil { // and alone
				rules := make([]resource.Tolerance, 0, len(repairs))
				for _, r := range repairs {
					rules = append(rules, r.Rule)
				}
				got, err = resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, body, append(c.opts, resource.Tolerate(rules...))...)
				c.judge(t, got, err, nil)
			}
		})
	}
}

func (c *patchMessage) judge(t *testing.T, got *resource.PatchOp[Employee], err error, faults []fault) {
	t.Helper()
	if faults != nil {
		assert.Nil(t, got)
		refused(t, err, faults...)
		return
	}
	require.NoError(t, err)
	assert.Len(t, got.Operations, len(c.want))
	for i := range c.want {
		assert.Equal(t, c.want[i], got.Operations[i])
	}
}

// A body with more operations than anybody needs is refused as too large.
func TestPatchLimits(t *testing.T) {
	many := func(n int) []byte {
		return []byte(patchBody(strings.Repeat(`{"op":"add","path":"title","value":"T"},`, n-1) + `{"op":"add","path":"title","value":"T"}`))
	}
	op, err := resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, many(10_000))
	require.NoError(t, err)
	assert.Len(t, op.Operations, 10_000)
	op, err = resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, many(10_001))
	assert.Nil(t, op)
	assert.Equal(t, 413, scimerrors.From(err).Status)
	assert.Contains(t, err.Error(), "10000 operations, not 10001")

	wide := `{"title":"a","nickName":"b","displayName":"c"}`
	op, err = resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, []byte(patchBody(strings.Repeat(`{"op":"add","value":`+wide+`},`, 3999)+`{"op":"add","value":`+wide+`}`)))
	assert.Nil(t, op, "12,000 once they are split")
	assert.Equal(t, 413, scimerrors.From(err).Status)
}

// Faults are capped, like those of any document.
func TestPatchFaultsAreCapped(t *testing.T) {
	_, err := resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, []byte(patchBody(strings.Repeat(`{"op":"add","path":"nope","value":1},`, 300)+`{"op":"x"}`)))
	assert.Len(t, faultsOf(t, err), 100)
}

// A PatchOp has its place in PatchRequest and Storage, and a resource has none in PatchRequest.
func TestPatchPlaces(t *testing.T) {
	body := []byte(patchBody(`{"op":"add","path":"title","value":"T"}`))
	op := &resource.PatchOp[Employee]{Operations: []resource.PatchOperation{{Op: "add", Path: "title", Value: "T"}}}
	for _, ctx := range append([]resource.Context{0, resource.CreationRequest, resource.ReplaceRequest, resource.QueryRequest}, responses...) {
		got, err := resource.Validate[resource.PatchOp[Employee]](ctx, body)
		assert.Nil(t, got)
		plainError(t, err, ctx.String())
		text, err := resource.Marshal(ctx, op)
		assert.Empty(t, text)
		plainError(t, err, ctx.String())
		plainError(t, resource.Check(ctx, op), ctx.String())
	}
	user, err := resource.Validate[Employee](resource.PatchRequest, []byte(userBody(`"title":"T"`)))
	assert.Nil(t, user)
	plainError(t, err, "a resource in PatchRequest")
	_, err = resource.Marshal(resource.PatchRequest, &Employee{User: resource.User{UserName: "x"}})
	plainError(t, err, "a resource in PatchRequest")
	_, err = resource.Validate[resource.PatchOp[any]](resource.PatchRequest, body)
	plainError(t, err, "PatchOp[any]")
	_, err = resource.Validate[resource.PatchOp[resource.Name]](resource.PatchRequest, body)
	plainError(t, err, "PatchOp of a complex value")
	_, err = resource.Validate[resource.PatchOp[resource.ResourceType]](resource.PatchRequest, body)
	plainError(t, err, "PatchOp of a discovery document")
	_, err = resource.Validate[resource.PatchOp[resource.SearchRequest]](resource.PatchRequest, body)
	plainError(t, err, "PatchOp of a message")
	for _, kind := range []reflect.Type{reflect.TypeFor[resource.Name](), reflect.TypeFor[resource.EnterpriseUser](), reflect.TypeFor[resource.ResourceType]()} {
		v, err := resource.ValidateAs(kind, resource.PatchRequest, body)
		assert.Nil(t, v)
		plainError(t, err, kind.String())
	}
}
