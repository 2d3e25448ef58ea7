package etag_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/resource"
)

// A handler loads the resource, sets its version, and lets Check decide.
func Example() {
	user := resource.User{UserName: "bjensen"}
	user.ID = "2819c223"
	revision := "7" // the column version

	handler := func(w http.ResponseWriter, r *http.Request) {
		current := user
		current.Meta.Version = etag.Weak(revision)
		if err := etag.Check(r, current.Meta.Version); err != nil {
			scimerrors.Write(w, err)
			return
		}
		if err := resource.Write(w, resource.QueryResponse, &current); err != nil {
			fmt.Println(err)
		}
	}
	for _, known := range []string{"", `W/"6"`, `W/"7"`} {
		r := httptest.NewRequest(http.MethodGet, "/Users/2819c223", http.NoBody)
		if known != "" {
			r.Header.Set("If-None-Match", known)
		}
		w := httptest.NewRecorder()
		handler(w, r)
		fmt.Println(w.Code, w.Header().Get("ETag"), w.Body.Len() > 0)
	}
	// Output:
	// 200 W/"7" true
	// 200 W/"7" true
	// 304 W/"7" false
}

func ExampleOf() {
	user := &resource.User{UserName: "bjensen"}
	version := etag.Of(user)

	user.Emails = []resource.Email{} // no value, as before
	user.Meta.Version = version      // meta is not content
	fmt.Println(etag.Of(user) == version)

	user.Title = "Tour Guide"
	fmt.Println(etag.Of(user) == version)
	// Output:
	// true
	// false
}

func ExampleWeak() {
	fmt.Println(etag.Weak("42"))
	fmt.Println(etag.Weak(`6:"draft"`))
	// Output:
	// W/"42"
	// W/"6:%22draft%22"
}

// Two clients change the same user: the second one is told to look at it again.
func ExampleCheck() {
	revision := 1
	change := func(ifMatch string) error {
		r := httptest.NewRequest(http.MethodPut, "/Users/2819c223", http.NoBody)
		r.Header.Set("If-Match", ifMatch)
		if err := etag.Check(r, etag.Weak(strconv.Itoa(revision))); err != nil {
			return err
		}
		revision++
		return nil
	}
	fmt.Println(change(`W/"1"`))
	fmt.Println(change(`W/"1"`))
	// Output:
	// <nil>
	// the resource does not have the version that If-Match asks for; read it and try again (412)
}

// An operation of a bulk request has no headers; its version stands for If-Match.
func ExampleMatch() {
	operation := resource.BulkOperation{Method: "DELETE", Path: "/Users/2819c223", Version: `W/"6"`}
	current := etag.Weak("7")
	if operation.Version != "" && !etag.Match(operation.Version, current) {
		fmt.Println(scimerrors.Status(http.StatusPreconditionFailed, "the resource has another version"))
	}
	// Output: the resource has another version (412)
}
