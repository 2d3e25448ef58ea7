package resource_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// bulkStore is where the users and groups of the example live.
type bulkStore struct {
	users  map[string]*resource.User
	groups map[string]*resource.Group
}

// do routes one operation as a mux routes a request. Most services hand it to the functions that their handlers call.
func (s *bulkStore) do(_ context.Context, op *resource.BulkOperation) (any, error) {
	endpoint, id, _ := strings.Cut(strings.TrimPrefix(op.Path, "/"), "/")
	switch op.Method + " " + endpoint {
	case "POST Users":
		user, err := resource.Validate[resource.User](resource.CreationRequest, op.Data)
		if err != nil {
			return nil, err
		}
		user.ID = "u" + strconv.Itoa(len(s.users)+1)
		user.Meta.Version = etag.Of(user)
		s.users[user.ID] = user
		return user, nil
	case "POST Groups":
		group, err := resource.Validate[resource.Group](resource.CreationRequest, op.Data)
		if err != nil {
			return nil, err
		}
		group.ID = "g" + strconv.Itoa(len(s.groups)+1)
		s.groups[group.ID] = group
		return group, nil
	case "PATCH Users":
		change, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, op.Data)
		if err != nil {
			return nil, err
		}
		current, ok := s.users[id]
		if !ok {
			return nil, scimerrors.Status(http.StatusNotFound, "no user %s", id)
		}
		if op.Version != "" && !etag.Match(op.Version, current.Meta.Version) { // as If-Match
			return nil, scimerrors.Status(http.StatusPreconditionFailed, "user %s has been changed", id)
		}
		user, err := patch.Apply(current, change)
		if err != nil || user == current {
			return user, err
		}
		user.Meta.Version = etag.Of(user)
		s.users[id] = user
		return user, nil
	case "DELETE Users":
		if s.users[id] == nil {
			return nil, scimerrors.Status(http.StatusNotFound, "no user %s", id)
		}
		delete(s.users, id)
		return nil, nil
	}
	return nil, scimerrors.Status(http.StatusNotImplemented, "%s of %s is not offered here", op.Method, op.Path)
}

// A group and the user in it are created at once, whichever comes first.
func ExampleRunBulk() {
	body := []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
		{"method":"POST","path":"/Groups","bulkId":"guides","data":{"displayName":"Tour Guides","members":[{"value":"bulkId:babs"}]}},
		{"method":"POST","path":"/Users","bulkId":"babs","data":{"userName":"bjensen"}},
		{"method":"PATCH","path":"/Users/bulkId:babs","version":"W/\"stale\"","data":{"Operations":[{"op":"add","path":"title","value":"Guide"}]}},
		{"method":"DELETE","path":"/Users/2819c223"}]}`)
	store := &bulkStore{users: map[string]*resource.User{}, groups: map[string]*resource.Group{}}

	request, err := resource.ParseBulk(body, resource.BulkConfig{MaxOperations: 1000, MaxPayloadSize: 1 << 20})
	if err != nil {
		log.Fatal(err) // a handler answers with errors.Write of this module
	}
	locate := resource.Locate("https://example.com/v2") // here: where paths begin
	answer := resource.RunBulk(context.Background(), request, store.do, locate)
	for _, op := range answer.Operations { // a handler answers with Write in QueryResponse
		fmt.Println(op.Method, op.BulkID, op.Status, op.Location)
	}
	fmt.Println(store.groups["g1"].DisplayName, store.groups["g1"].Members[0].Value, store.users["u1"].UserName)
	// Output:
	// POST guides 201 https://example.com/v2/Groups/g1
	// POST babs 201 https://example.com/v2/Users/u1
	// PATCH  412 https://example.com/v2/Users/u1
	// DELETE  404 https://example.com/v2/Users/2819c223
	// Tour Guides u1 bjensen
}

// A request may fail as a whole. An operation that is malformed fails alone, and has its result already.
func ExampleParseBulk() {
	limits := resource.BulkConfig{MaxOperations: 2, MaxPayloadSize: 1 << 20} // those of ServiceProviderConfig
	request := func(operations string) {
		r, err := resource.ParseBulk([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[`+operations+`]}`), limits)
		if err != nil {
			e := scimerrors.From(err)
			fmt.Println("refused:", e.Status, e.Type, e.Path, e.Detail)
			return
		}
		for _, op := range r.Operations {
			fmt.Printf("%s %s %q%s\n", op.Method, op.Path, op.Status, op.Response)
		}
	}
	request(`{"method":"DELETE","path":"/Users/2819c223"},{"method":"PUT","path":"/Users/92b725cd"}`)
	request(`{"method":"DELETE","path":"/Users/1"},{"method":"DELETE","path":"/Users/2"},{"method":"DELETE","path":"/Users/3"}`)
	request(``)
	// Output:
	// DELETE /Users/2819c223 ""
	// PUT /Users/92b725cd "400"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidSyntax","detail":"data: is required of a PUT"}
	// refused: 413   the number of operations (3) exceeds the maxOperations (2)
	// refused: 400 invalidSyntax Operations must have at least one operation
}
