package resource_test

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// register stands for a database: it gives the users behind a place in an order, at most so many.
type register []*resource.User

func (r register) behind(order *filter.Order, last []any, most int) ([]*resource.User, error) {
	users := slices.Clone(r)
	slices.SortFunc(users, func(a, b *resource.User) int {
		return cmp.Or(order.Compare(a, b), cmp.Compare(a.ID, b.ID)) // ORDER BY order.SQL
	})
	if last != nil {
		after, err := order.Seek(last) // WHERE order.After
		if err != nil {
			return nil, err
		}
		users = slices.DeleteFunc(users, func(u *resource.User) bool { return !after(u) })
	}
	return users[:min(most, len(users))], nil
}

// users is the handler of GET /Users. Whoever calls is known from the request's authorisation.
func (r register) users(cursors *resource.Cursors, caller string, req *http.Request) (*resource.ListResponse[*resource.User], error) {
	const most = 4 // pagination.maxPageSize
	q, err := resource.ParseQuery(req.URL.Query(), resource.MaxResults(most))
	if err != nil {
		return nil, err
	}
	last, err := cursors.Open(q, "/Users", caller)
	if err != nil {
		return nil, err
	}
	order, err := filter.CompileOrder[resource.User](q.SortBy, q.SortOrder)
	if err != nil {
		return nil, err
	}
	_, limit := q.Page(most)
	found, err := r.behind(order, last, limit+1) // one more tells whether a page follows
	if err != nil {
		return nil, err
	}
	list := resource.Page(q, found[:min(limit, len(found))], len(r))
	if q.Cursor != nil && limit > 0 && len(found) > limit {
		list.NextCursor, err = cursors.Seal(q, order.Key(found[limit-1]), "/Users", caller)
	}
	return list, err
}

// A service pages by cursor: the cursor of a page leads to the next one, for the same query of the same caller.
func ExampleCursors() {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		log.Fatal(err)
	}
	cursors, err := resource.NewCursors(time.Hour, key)
	if err != nil {
		log.Fatal(err)
	}
	names := []string{"mandy", "Adam", "zoe", "carl", "Babs", "dora", "ann", "Émile", "eve", "bob"}
	store := make(register, 0, len(names))
	for i, name := range names {
		store = append(store, &resource.User{Resource: resource.Resource{ID: strconv.Itoa(i)}, UserName: name})
	}
	get := func(caller, query string) (list *resource.ListResponse[*resource.User]) {
		w := httptest.NewRecorder()
		list, err := store.users(cursors, caller, httptest.NewRequest(http.MethodGet, "/Users?"+query, nil))
		if err != nil {
			scimerrors.Write(w, err)
			fmt.Println(w.Code, w.Body)
			return nil
		}
		if err := resource.Write(w, resource.QueryResponse, list); err != nil {
			log.Fatal(err)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
			log.Fatal(err)
		}
		for _, u := range list.Resources {
			fmt.Print(u.UserName, " ")
		}
		fmt.Println("of", list.TotalResults)
		return list
	}
	const query = "sortBy=userName&cursor="
	first := get("okta", query)
	second := get("okta", query+url.QueryEscape(first.NextCursor))
	third := get("okta", query+url.QueryEscape(second.NextCursor))
	fmt.Printf("%q\n", third.NextCursor)
	get("entra", query+url.QueryEscape(first.NextCursor))
	get("okta", "count=2&"+query+url.QueryEscape(first.NextCursor))
	// Output:
	// Adam ann Babs bob of 10
	// carl dora eve mandy of 10
	// zoe Émile of 10
	// ""
	// 400 {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidCursor","detail":"cursor: is not one this service has issued for this query; begin again with the first page"}
	// 400 {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidCount","detail":"count: must be that of the first page, or be left out"}
}

// Resources in memory are paged by cursor without a store of one's own.
func ExamplePaging() {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		log.Fatal(err)
	}
	cursors, err := resource.NewCursors(10*time.Minute, key)
	if err != nil {
		log.Fatal(err)
	}
	users := make([]*resource.User, 10)
	for i := range users {
		users[i] = &resource.User{Resource: resource.Resource{ID: strconv.Itoa(i)}, UserName: fmt.Sprint("user ", 9-i)}
	}
	for q := (&resource.SearchRequest{SortBy: "userName", Count: new(4), Cursor: new("")}); ; {
		page, err := resource.List(users, q, resource.Paging(cursors, "/Users", "okta"), resource.MaxResults(100))
		if err != nil {
			log.Fatal(err)
		}
		for _, u := range page.Resources {
			fmt.Print(u.UserName, ", ")
		}
		fmt.Println(page.ItemsPerPage, "of", page.TotalResults)
		if page.NextCursor == "" {
			break
		}
		q.Cursor = &page.NextCursor
	}
	// Output:
	// user 0, user 1, user 2, user 3, 4 of 10
	// user 4, user 5, user 6, user 7, 4 of 10
	// user 8, user 9, 2 of 10
}

// A key is replaced while cursors of the old one are under way: the first one seals, all of them open.
func ExampleNewCursors() {
	old, young := make([]byte, 32), make([]byte, 32)
	for _, key := range [][]byte{old, young} {
		if _, err := rand.Read(key); err != nil {
			log.Fatal(err)
		}
	}
	before, err := resource.NewCursors(time.Hour, old)
	if err != nil {
		log.Fatal(err)
	}
	after, err := resource.NewCursors(time.Hour, young, old)
	if err != nil {
		log.Fatal(err)
	}
	q := &resource.SearchRequest{Cursor: new("")}
	cursor, err := before.Seal(q, []any{"17"}, "/Users")
	if err != nil {
		log.Fatal(err)
	}
	q.Cursor = &cursor
	fmt.Println(after.Open(q, "/Users"))
	// Output: [17] <nil>
}

// What is sealed is the place where a page ends: here the key of a filter.Order, a sort value and an id.
func ExampleCursors_Seal() {
	cursors, err := resource.NewCursors(time.Hour, make([]byte, 32)) // a real key is random
	if err != nil {
		log.Fatal(err)
	}
	q := &resource.SearchRequest{SortBy: "userName", Cursor: new("")}
	cursor, err := cursors.Seal(q, []any{"bjensen", "17"}, "/Users")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(cursor) <= resource.MaxCursor, cursor == url.QueryEscape(cursor))
	_, err = cursors.Seal(q, []any{strings.Repeat("long", 1000), "17"}, "/Users")
	fmt.Println(errors.Is(err, scimerrors.TooMany))
	// Output:
	// true true
	// true
}

// A cursor is opened for the query it was made for, and what it is bound to beside that.
func ExampleCursors_Open() {
	cursors, err := resource.NewCursors(time.Hour, make([]byte, 32)) // a real key is random
	if err != nil {
		log.Fatal(err)
	}
	q := &resource.SearchRequest{SortBy: "userName", Cursor: new("")}
	fmt.Println(cursors.Open(q, "/Users", "okta")) // the first page
	cursor, err := cursors.Seal(q, []any{"bjensen", "17"}, "/Users", "okta")
	if err != nil {
		log.Fatal(err)
	}
	q.Cursor = &cursor
	fmt.Println(cursors.Open(q, "/Users", "okta"))
	_, err = cursors.Open(q, "/Users", "entra")
	fmt.Println(errors.Is(err, scimerrors.InvalidCursor))
	// Output:
	// [] <nil>
	// [bjensen 17] <nil>
	// true
}
