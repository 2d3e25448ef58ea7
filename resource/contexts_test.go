package resource_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

var (
	responses = []resource.Context{resource.CreationResponse, resource.ReplaceResponse, resource.PatchResponse, resource.QueryResponse}
	contexts  = append([]resource.Context{resource.Storage, resource.CreationRequest, resource.QueryRequest}, responses...)
)

// plainError checks for an error of the program, which a client sees as a bare 500.
func plainError(t *testing.T, err error, about string) {
	t.Helper()
	if err == nil {
		t.Error(about, "accepted")
		return
	}
	_, ours := errors.AsType[*scimerrors.Error](err)
	_, list := errors.AsType[scimerrors.List](err)
	assert.False(t, ours || list, "%s: %v is for clients", about, err)
	assert.Equal(t, wireError{Schemas: []string{resource.ErrorSchema}, Status: "500", Detail: "internal server error"}, wireOf(t, err))
}

// The zero Context and numbers nobody declared are refused by every verb.
func TestNoContext(t *testing.T) {
	u := &Employee{}
	u.UserName, u.ID = "x", "1"
	for _, ctx := range []resource.Context{0, 200, 255} {
		about := fmt.Sprint(ctx)
		v, err := resource.Validate[Employee](ctx, []byte(userBody(`"title":"T"`)))
		assert.Nil(t, v)
		plainError(t, err, about)
		other, err := resource.ValidateAs(reflect.TypeFor[Employee](), ctx, []byte(userBody(`"title":"T"`)))
		assert.Nil(t, other)
		plainError(t, err, about)
		text, err := resource.Marshal(ctx, u)
		assert.Empty(t, text)
		plainError(t, err, about)
		text, err = resource.Append([]byte("before"), ctx, u)
		assert.Equal(t, "before", string(text))
		plainError(t, err, about)
		w := httptest.NewRecorder()
		plainError(t, resource.Write(w, ctx, u), about)
		assert.Equal(t, 500, w.Code)
		assert.Contains(t, about, "Context(")
	}
	for _, ctx := range contexts {
		assert.NotContains(t, ctx.String(), "(")
	}
	assert.Equal(t, "CreationRequest", resource.CreationRequest.String())
}

// Which type has a place in which context.
func TestPlaces(t *testing.T) {
	list := resource.ListResponse[Employee]{TotalResults: 0, Resources: []Employee{}}
	some := resource.BulkOperation{Method: "DELETE", Path: "/Users/1", Status: "204"}
	for _, c := range []struct {
		name     string
		validate verbs
		value    any
		places   []resource.Context
	}{
		{"user", verbsOf[Employee](), &Employee{User: resource.User{Resource: resource.Resource{ID: "1"}, UserName: "x"}}, append([]resource.Context{resource.Storage, resource.CreationRequest}, responses...)},
		{"group", verbsOf[resource.Group](), &resource.Group{Resource: resource.Resource{ID: "1"}, DisplayName: "x"}, append([]resource.Context{resource.Storage, resource.CreationRequest}, responses...)},
		{"list", verbsOf[resource.ListResponse[Employee]](), &list, append([]resource.Context{resource.Storage}, responses...)},
		{"search", verbsOf[resource.SearchRequest](), &resource.SearchRequest{Filter: "title pr"}, []resource.Context{resource.Storage, resource.CreationRequest, resource.QueryRequest}},
		{"bulk request", verbsOf[resource.BulkRequest](), &resource.BulkRequest{Operations: []resource.BulkOperation{some}}, []resource.Context{resource.Storage, resource.CreationRequest, resource.QueryRequest}},
		{"bulk response", verbsOf[resource.BulkResponse](), &resource.BulkResponse{Operations: []resource.BulkOperation{some}}, append([]resource.Context{resource.Storage}, responses...)},
		{"configuration", verbsOf[resource.ServiceProviderConfig](), configuration(), append([]resource.Context{resource.Storage}, responses...)},
		{"resource type", verbsOf[resource.ResourceType](), resource.ResourceTypeFor[Employee]("/Users"), append([]resource.Context{resource.Storage}, responses...)},
		{"schema", verbsOf[schema.Schema](), schema.For[Employee](), append([]resource.Context{resource.Storage}, responses...)},
		{"extension", verbsOf[resource.EnterpriseUser](), &resource.EnterpriseUser{Department: "x"}, nil},
		{"complex value", verbsOf[resource.Name](), &resource.Name{GivenName: "x"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, ctx := range contexts {
				about := ctx.String()
				_, err := c.validate.validate(ctx, []byte(`{}`))
				text, writeErr := resource.Marshal(ctx, c.value)
				placed := false
				for _, p := range c.places {
					placed = placed || p == ctx
				}
				if !placed {
					plainError(t, err, about)
					plainError(t, writeErr, about)
					assert.Empty(t, text)
					continue
				}
				if err != nil {
					assert.NotEmpty(t, faultsOf(t, err), "an empty document may be refused, but as the client's fault")
				}
				require.NoError(t, writeErr, about)
				_, err = c.validate.validate(ctx, text, resource.Strict())
				require.NoError(t, err, "%s: %s", about, text)
			}
		})
	}
}

// What is no struct, or no pointer to one, is the program's mistake.
func TestNoResource(t *testing.T) {
	var user *Employee
	var list *resource.ListResponse[any]
	for _, v := range []any{nil, user, list, 5, "x", []Employee{}, map[string]any{"userName": "x"}, &user} {
		text, err := resource.Marshal(resource.QueryResponse, v)
		assert.Empty(t, text)
		plainError(t, err, fmt.Sprintf("%T", v))
	}
	for _, v := range []any{nil, 5, "x", user, Employee{}, &list, &resource.Name{}, &resource.SearchRequest{}, &resource.EnterpriseUser{}, &struct{ A chan int }{}} {
		assert.Nil(t, resource.Common(v), "%T", v)
	}
}

// Storage checks types and nothing else, and leaves nothing out.
func TestStorage(t *testing.T) {
	body := `{"password":"secret","id":"1","meta":{"created":"2011-05-13T04:42:34Z"},"groups":[{"value":"g"}],"unknown":1,"emails":[{"value":"a","primary":true},{"value":"b","primary":true}],
		"profileUrl":"not a url","<E>":{"manager":{"displayName":"John"}},"schemas":["urn:x:y"],"x509Certificates":[{"value":"AQID"}]}`
	t.Run("7643-4.1.1-07/password and all else is kept", func(t *testing.T) {
		for _, opts := range [][]resource.Option{nil, {resource.Strict()}, {resource.RejectUnknown()}} {
			got, err := resource.Validate[Employee](resource.Storage, []byte(urns.Replace(body)), opts...)
			require.NoError(t, err)
			text, err := resource.Marshal(resource.Storage, got)
			require.NoError(t, err)
			partOf(t, urns.Replace(`{"password":"secret","id":"1","meta":{"created":"2011-05-13T04:42:34Z"},"groups":[{"value":"g"}],"unknown":null,"emails":[{},{}],
				"profileUrl":"not a url","<E>":{"manager":{"displayName":"John"}},"schemas":["<U>","<E>"],"x509Certificates":[{"value":"AQID"}]}`), string(text))
		}
	})
	t.Run("7643-4.1.1-07/encoding/json would lose it", func(t *testing.T) { // so Storage is the verb for databases
		text, err := json.Marshal(&Employee{User: resource.User{Password: "secret"}})
		require.NoError(t, err)
		assert.NotContains(t, string(text), "secret")
	})
}

// A client reading: what is always returned is demanded, what is never returned is refused, all else is as the server likes.
func TestResponses(t *testing.T) {
	const id = `"id":"1","userName":"x"`
	missing := invalid("id", "is missing; it must always be returned")
	for _, ctx := range responses {
		t.Run(ctx.String(), func(t *testing.T) {
			read[Employee](t, ctx, []reading{
				{name: "7643-3.1-01/without id", body: `{"schemas":["<U>"],"userName":"x"}`, faults: []fault{missing}},
				{name: "7643-3.1-01/id null", body: `{"schemas":["<U>"],"id":null,"userName":"x"}`, faults: []fault{missing}},
				{name: "7643-3.1-01/id empty", body: `{"schemas":["<U>"],"id":"","userName":"x"}`, faults: []fault{missing}},
				{name: "7643-3.1-01/id number", body: `{"schemas":["<U>"],"id":5,"userName":"x"}`, faults: []fault{invalid("id", "must be a string, not the number 5")}},
				{name: "7643-3.1-04/bulkId in an id", body: `{"schemas":["<U>"],"id":"bulkId:1","userName":"x"}`, faults: []fault{invalid("id", "bulkId")}},
				{name: "7643-3.1-11/small w", body: `{"schemas":["<U>"],` + id + `,"meta":{"version":"w/\"a\""}}`, faults: []fault{invalid("meta.version", "capital W/")}},
				{name: "7643-3.1-11/capital W", body: `{"schemas":["<U>"],` + id + `,"meta":{"version":"W/\"a\""}}`, want: `{"meta":{"version":"W/\"a\""}}`},
				{name: "7643-3.1-11/strong", body: `{"schemas":["<U>"],` + id + `,"meta":{"version":"\"a\""}}`, want: `{"meta":{"version":"\"a\""}}`},
				{name: "7643-3.1-11/resourceType is caseExact", body: `{"schemas":["<U>"],` + id + `,"meta":{"resourceType":"user"}}`, want: `{"meta":{"resourceType":"user"}}`},
				{name: "7643-4.1.1-07/password in an answer", body: `{"schemas":["<U>"],` + id + `,"password":"x"}`, faults: []fault{invalid("password", "must never be returned")}},
				{name: "7643-7-16/password of any kind", body: `{"schemas":["<U>"],` + id + `,"password":[5]}`, faults: []fault{invalid("password", "must never be returned")}},
				{name: "7644-3.1-01/required attributes left out", body: `{"schemas":["<U>"],"id":"1","emails":[{"type":"work"}]}`, want: `{"id":"1","userName":null,"emails":[{"type":"work"}]}`},
				{name: "7644-3.1-01/unknown attributes", body: `{"schemas":["<U>","urn:x:y"],"id":"1","x":1,"emails":[{"value":"a","x":{}}],"urn:x:y":{"a":1}}`, opts: rejectUnknown, want: `{"id":"1","emails":[{"value":"a"}],"x":null,"urn:x:y":null}`},
				{name: "AMB-30/without schemas", body: `{"id":"1"}`, want: `{"schemas":["<U>"],"id":"1"}`},
				{name: "AMB-30/extension not declared", body: `{"schemas":["<U>"],"id":"1","<E>":{"department":"D"}}`, want: `{"schemas":["<U>","<E>"],"<E>":{"department":"D"}}`},
				{name: "7644-3.1-01/two primaries are the server's business", body: `{"id":"1","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`, want: `{"emails":[{"primary":true},{"primary":true}]}`},
				{name: "7643-2.3.1-01/types are checked", body: `{"id":"1","userName":5,"meta":{"created":"yesterday"}}`, faults: []fault{invalid("userName", "must be a string"), invalid("meta.created", "must be a dateTime")}},
			})
		})
	}
}
