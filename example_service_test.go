package scim_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// users stands for a store; a real one compares the version once more when it writes.
type users map[string]*resource.User

// load finds a user and checks the preconditions of the request, the same for GET, PUT, PATCH and DELETE.
func (s users) load(r *http.Request) (*resource.User, error) {
	user, ok := s[r.PathValue("id")]
	if !ok {
		return nil, scimerrors.Status(http.StatusNotFound, "no user %s", r.PathValue("id"))
	}
	return user, etag.Check(r, user.Meta.Version) // 412
}

func (s users) put(w http.ResponseWriter, r *http.Request) (*resource.User, error) {
	body, err := resource.Read(w, r, 0)
	if err != nil {
		return nil, err
	}
	current, err := s.load(r)
	if err != nil {
		return nil, err
	}
	return resource.Validate[resource.User](resource.ReplaceRequest, body, resource.Replacing(current))
}

func (s users) patch(w http.ResponseWriter, r *http.Request) (*resource.User, error) {
	body, err := resource.Read(w, r, 0)
	if err != nil {
		return nil, err
	}
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, body)
	if err != nil {
		return nil, err
	}
	current, err := s.load(r)
	if err != nil {
		return nil, err
	}
	return patch.Apply(current, op)
}

// changing makes a handler of what changes a user: it stores the result, unless nothing has changed, and answers with it.
func (s users) changing(ctx resource.Context, change func(http.ResponseWriter, *http.Request) (*resource.User, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, err := change(w, r)
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		user = s.store(user)
		if err := resource.Write(w, ctx, user); err != nil {
			log.Print(err)
		}
	}
}

func (s users) store(user *resource.User) *resource.User {
	if version := etag.Of(user); version != user.Meta.Version {
		stored := *user
		stored.Meta.Version = version
		s[user.ID], user = &stored, &stored
	}
	return user
}

// send makes a request and prints the answer.
func send(h http.Handler, method, ifMatch, body string) {
	r := httptest.NewRequest(method, "/Users/2819c223", strings.NewReader(body))
	if ifMatch != "" {
		r.Header.Set("If-Match", ifMatch)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	text, _, _ := strings.Cut(w.Body.String(), `,"meta"`)
	fmt.Println(w.Code, text)
}

// A PUT replaces a user: what the client leaves out is gone, but for its id, its password and all else it cannot set.
func Example_put() {
	store := users{"2819c223": {Resource: resource.Resource{ID: "2819c223"}, UserName: "bjensen", Title: "Guide", Password: "hash"}}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /Users/{id}", store.changing(resource.ReplaceResponse, store.put))

	send(mux, http.MethodPut, "", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"mine","userName":"bjensen","nickName":"Babs"}`)
	fmt.Printf("%q\n", string(store["2819c223"].Password))
	send(mux, http.MethodPut, `W/"stale"`, `{"userName":"bjensen"}`)
	send(mux, http.MethodPut, "", `{"userName":null}`)
	// Output:
	// 200 {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","userName":"bjensen","nickName":"Babs"
	// "hash"
	// 412 {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"412","detail":"the resource does not have the version that If-Match asks for; read it and try again"}
	// 400 {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidValue","detail":"userName: is required"}
}

// A PATCH changes a user, all of its operations or none.
func Example_patch() {
	store := users{"2819c223": {Resource: resource.Resource{ID: "2819c223"}, UserName: "bjensen", Title: "Guide"}}
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /Users/{id}", store.changing(resource.PatchResponse, store.patch))

	send(mux, http.MethodPatch, "", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
		{"op":"add","path":"emails[type eq \"work\"].value","value":"bjensen@example.com"},
		{"op":"replace","value":{"active":true}},
		{"op":"remove","path":"title"}]}`)
	send(mux, http.MethodPatch, "", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
		{"op":"replace","path":"nickName","value":"Babs"},
		{"op":"replace","path":"id","value":"4711"}]}`)
	fmt.Printf("%q\n", store["2819c223"].NickName)
	// Output:
	// 200 {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","userName":"bjensen","active":true,"emails":[{"value":"bjensen@example.com","type":"work"}]
	// 400 {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"mutability","detail":"id: is readOnly and has another value; leave it out (Operations[1])"}
	// ""
}
