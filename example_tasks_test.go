package scim_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// account is a row of an application's own table, with the version and the times that a SCIM service has to keep.
type account struct {
	id, version      int64
	created, updated time.Time
	login, folded    string // folded is what searches and a unique index look at
	first, last      string
	mail             string
	locked           bool
}

// user makes the resource of a row: what the table lacks stays unassigned.
func (a *account) user() *resource.User {
	u := &resource.User{
		Resource: resource.Resource{
			ID:   strconv.FormatInt(a.id, 10),
			Meta: resource.Meta{Created: a.created, LastModified: a.updated, Version: etag.Weak(strconv.FormatInt(a.version, 10))},
		},
		UserName: a.login,
		Name:     resource.Name{GivenName: a.first, FamilyName: a.last},
		Active:   new(!a.locked),
	}
	if a.mail != "" {
		u.Emails = []resource.Email{{Value: a.mail, Type: "work", Primary: new(true)}}
	}
	return u
}

// set takes into the row what a client has sent. What has no column is lost, so the answer is made of the row again.
func (a *account) set(u *resource.User) {
	a.login, a.folded = u.UserName, filter.Fold(u.UserName)
	a.first, a.last = u.Name.GivenName, u.Name.FamilyName
	a.locked = !resource.Or(u.Active, true) // a user is active unless the client says otherwise
	a.mail = ""
	for _, e := range u.Emails {
		if a.mail = cmp.Or(a.mail, e.Value); resource.Or(e.Primary, false) {
			a.mail = e.Value
		}
	}
}

// An application that has a table of its own maps rows to resources, and resources to rows.
func Example_mappingARow() {
	user, err := resource.Validate[resource.User](resource.CreationRequest, []byte(`{
		"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
		"userName": "BJensen",
		"name": {"givenName": "Barbara", "familyName": "Jensen"},
		"emails": [{"value": "babs@jensen.org", "type": "home"}, {"value": "bjensen@example.com", "type": "work", "primary": true}]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	now := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
	row := account{id: 17, version: 1, created: now, updated: now} // INSERT ... RETURNING id
	row.set(user)
	fmt.Println(row.folded, row.mail, row.locked)

	locate := resource.Locate("https://example.com/v2", resource.ResourceTypeFor[resource.User]("/Users"))
	text, err := resource.Marshal(resource.CreationResponse, row.user(), locate)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output:
	// bjensen bjensen@example.com false
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"17","userName":"BJensen","name":{"familyName":"Jensen","givenName":"Barbara"},"active":true,"emails":[{"value":"bjensen@example.com","type":"work","primary":true}],"meta":{"resourceType":"User","created":"2011-05-13T04:42:34Z","lastModified":"2011-05-13T04:42:34Z","location":"https://example.com/v2/Users/17","version":"W/\"1\""}}
}

// fetch gets a resource as a client does: a SCIM error becomes a Go error, anything else is checked as a response.
func fetch[T any](ctx context.Context, url string) (*T, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", resource.MediaType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, resource.DefaultLimit))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		fault, err := scimerrors.Parse(body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", response.Status, err)
		}
		return nil, fault
	}
	return resource.Validate[T](resource.QueryResponse, body)
}

// A client reads one user, a list, and an error.
func Example_readingAsAClient() {
	const babs = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","userName":"bjensen","shoeSize":43}`
	answer := func(w http.ResponseWriter, status int, body string) {
		w.Header().Set("Content-Type", resource.MediaType)
		w.WriteHeader(status)
		if _, err := io.WriteString(w, body); err != nil {
			log.Print(err)
		}
	}
	mux := http.NewServeMux() // somebody else's service
	mux.HandleFunc("GET /Users/2819c223", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, babs) })
	mux.HandleFunc("GET /Users", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[`+babs+`]}`)
	})
	mux.HandleFunc("GET /Users/4711", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusNotFound, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"gone"}`)
	})
	server := httptest.NewServer(mux)
	ctx := context.Background()

	user, err := fetch[resource.User](ctx, server.URL+"/Users/2819c223")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.ID, user.UserName)
	list, err := fetch[resource.ListResponse[resource.User]](ctx, server.URL+"/Users")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list.TotalResults, list.Resources[0].UserName)
	_, err = fetch[resource.User](ctx, server.URL+"/Users/4711")
	fmt.Println(err)
	server.Close()
	// Output:
	// 2819c223 bjensen
	// 1 bjensen
	// gone (404)
}
