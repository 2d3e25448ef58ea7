package resource_test

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// A service reads what a client posts. All faults come at once, each with the path of its attribute.
func ExampleValidate() {
	body := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen","id":"mine","emails":[{"value":"bjensen@example.com","primary":true}]}`
	user, err := resource.Validate[resource.User](resource.CreationRequest, []byte(body))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s %q\n", user.UserName, user.Emails[0].Value, user.ID)

	_, err = resource.Validate[resource.User](resource.CreationRequest, []byte(`{"userName":5,"emails":[{"value":"a","type":{}}],"active":"yes"}`))
	list, _ := errors.AsType[scimerrors.List](err)
	for _, e := range list {
		fmt.Println(e.Status, e.Type, e.Path, "-", e.Detail)
	}
	// Output:
	// bjensen bjensen@example.com ""
	// 400 invalidValue userName - must be a string, not the number 5
	// 400 invalidValue emails[0].type - must be a string, not an object
	// 400 invalidValue active - must be true or false, not the string "yes"
}

// The type may be known at run time only.
func ExampleValidateAs() {
	types := map[string]reflect.Type{"/Users": reflect.TypeFor[resource.User](), "/Groups": reflect.TypeFor[resource.Group]()}
	v, err := resource.ValidateAs(types["/Groups"], resource.CreationRequest, []byte(`{"displayName":"Tour Guides"}`))
	if err != nil {
		log.Fatal(err)
	}
	if group, ok := v.(*resource.Group); ok {
		fmt.Println(group.DisplayName)
	}
	// Output: Tour Guides
}

// A response has what a client may see; a database gets everything.
func ExampleMarshal() {
	user := resource.User{Resource: resource.Resource{ID: "2819c223"}, UserName: "bjensen", Password: "t1meMa$heen"}
	for _, ctx := range []resource.Context{resource.QueryResponse, resource.CreationRequest, resource.Storage} {
		text, err := resource.Marshal(ctx, user)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", text)
	}
	// Output:
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","userName":"bjensen"}
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen","password":"t1meMa$heen"}
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","userName":"bjensen","password":"t1meMa$heen"}
}

// What an application forgot is its own fault, so the error is no 400.
func ExampleMarshal_incomplete() {
	_, err := resource.Marshal(resource.QueryResponse, resource.User{UserName: "bjensen"})
	fmt.Println(err)
	// Output: id: is unassigned and must always be returned (500)
}

func ExampleAppend() {
	line := []byte("stored: ")
	line, err := resource.Append(line, resource.Storage, resource.Group{DisplayName: "Tour Guides"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", line)
	// Output: stored: {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Tour Guides"}
}

// A handler creates a user and answers with it: 201, Location, ETag and the body.
func ExampleWrite() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := resource.Read(w, r, 0)
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		user, err := resource.Validate[resource.User](resource.CreationRequest, body)
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		user.ID = "2819c223"
		user.Meta = resource.Meta{ResourceType: "User", Location: "https://example.com/v2/Users/2819c223", Version: `W/"1"`}
		if err := resource.Write(w, resource.CreationResponse, user); err != nil {
			log.Print(err)
		}
	}
	for _, body := range []string{`{"userName":"bjensen","password":"t1meMa$heen"}`, `{"password":5}`} {
		w := httptest.NewRecorder()
		handler(w, httptest.NewRequest(http.MethodPost, "/v2/Users", strings.NewReader(body)))
		fmt.Printf("%d %q %q\n", w.Code, w.Header().Get("Location"), w.Header().Get("ETag"))
		fmt.Println(strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// 201 "https://example.com/v2/Users/2819c223" "W/\"1\""
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","userName":"bjensen","meta":{"resourceType":"User","location":"https://example.com/v2/Users/2819c223","version":"W/\"1\""}}
	// 400 "" ""
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidValue","detail":"password: must be a string, not a number; userName: is required"}
}

// After a deletion there is nothing to say.
func ExampleNoContent() {
	w := httptest.NewRecorder()
	resource.NoContent(w, nil)
	fmt.Println(w.Code, w.Body.Len())

	user := &resource.User{Resource: resource.Resource{ID: "1", Meta: resource.Meta{Version: `W/"2"`}}}
	w = httptest.NewRecorder()
	resource.NoContent(w, user)
	fmt.Println(w.Code, w.Header().Get("ETag"))
	// Output:
	// 204 0
	// 204 W/"2"
}

// Read refuses what is too long and what is no JSON by its media type.
func ExampleRead() {
	read := func(contentType, body string) {
		r := httptest.NewRequest(http.MethodPost, "/v2/Users", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		text, err := resource.Read(httptest.NewRecorder(), r, 20)
		if err != nil {
			err = errors.New(scimerrors.From(err).Detail) // what the client is told
		}
		fmt.Printf("%q %v\n", text, err)
	}
	read("application/scim+json", `{"userName":"x"}`)
	read("application/scim+json", `{"userName":"bjensen@example.com"}`)
	read("text/plain", `{"userName":"x"}`)
	// Output:
	// "{\"userName\":\"x\"}" <nil>
	// "" the body is larger than the limit of 20 bytes
	// "" the Content-Type must be application/scim+json or application/json, not "text/plain"
}

// The parameters of a GET are a search request.
func ExampleParseQuery() {
	values, err := url.ParseQuery("attributes=userName,emails.value&startIndex=11&count=10")
	if err != nil {
		log.Fatal(err)
	}
	q, err := resource.ParseQuery(values)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(q.Attributes, q.StartIndex, *q.Count)

	_, err = resource.ParseQuery(url.Values{"count": {"many"}})
	fmt.Println(err)
	// Output:
	// [userName emails.value] 11 10
	// count: must be an integer of at most 64 bits, not "many" (invalidValue)
}

// A store is asked for the page that the client wants, but never for more than the service allows.
func ExampleSearchRequest_Page() {
	for _, query := range []string{"", "startIndex=11&count=10", "count=100000", "startIndex=-5&count=0"} {
		values, err := url.ParseQuery(query)
		if err != nil {
			log.Fatal(err)
		}
		q, err := resource.ParseQuery(values)
		if err != nil {
			log.Fatal(err)
		}
		offset, limit := q.Page(200)
		fmt.Printf("SELECT ... LIMIT %d OFFSET %d\n", limit, offset)
	}
	// Output:
	// SELECT ... LIMIT 200 OFFSET 0
	// SELECT ... LIMIT 10 OFFSET 10
	// SELECT ... LIMIT 200 OFFSET 0
	// SELECT ... LIMIT 0 OFFSET 0
}

// A page that a store has chosen becomes the answer.
func ExamplePage() {
	rows := []*resource.Group{{Resource: resource.Resource{ID: "11"}, DisplayName: "Tour Guides"}}
	q := &resource.SearchRequest{StartIndex: 11, Count: new(10)}
	text, err := resource.Marshal(resource.QueryResponse, resource.Page(q, rows, 11))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":11,"startIndex":11,"itemsPerPage":1,"Resources":[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"11","displayName":"Tour Guides"}]}
}

// Resources in memory are paged by List.
func ExampleList() {
	groups := make([]*resource.Group, 5)
	for i := range groups {
		id := strconv.Itoa(i + 1)
		groups[i] = &resource.Group{Resource: resource.Resource{ID: id}, DisplayName: "Group " + id}
	}
	list, err := resource.List(groups, &resource.SearchRequest{StartIndex: 2, Count: new(100)}, resource.MaxResults(3))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list.TotalResults, list.StartIndex, list.ItemsPerPage)
	for _, g := range list.Resources {
		fmt.Println(g.DisplayName)
	}
	// Output:
	// 5 2 3
	// Group 2
	// Group 3
	// Group 4
}

// Code that serves several resource types reaches what all of them have.
func ExampleCommon() {
	for _, v := range []any{&resource.User{UserName: "bjensen"}, &resource.Group{DisplayName: "Tour Guides"}} {
		c := resource.Common(v)
		c.ID = "1"
		c.Meta.Created = time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
		text, err := resource.Marshal(resource.QueryResponse, v)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", text)
	}
	// Output:
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"bjensen","meta":{"created":"2011-05-13T04:42:34Z"}}
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"1","displayName":"Tour Guides","meta":{"created":"2011-05-13T04:42:34Z"}}
}

// An optional attribute that was not sent has the service's default.
func ExampleOr() {
	for _, body := range []string{`{"userName":"a"}`, `{"userName":"b","active":false}`} {
		user, err := resource.Validate[resource.User](resource.CreationRequest, []byte(body))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.UserName, resource.Or(user.Active, true))
	}
	// Output:
	// a true
	// b false
}
