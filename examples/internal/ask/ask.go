// Package ask lets tests talk to a SCIM service without a network, in few words:
//
//	c.Post("/Users", body).Is(201).Has(`{"userName": "bjensen"}`).ID()
package ask

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// Client sends requests to a handler. Header goes with each of them.
type Client struct {
	T       *testing.T
	Handler http.Handler
	Root    string // comes before each path
	Header  http.Header
}

// New makes a client of the service below root that shows a token, or none if it is "".
func New(t *testing.T, h http.Handler, root, token string) Client {
	t.Helper()
	c := Client{t, h, root, http.Header{"Content-Type": {resource.MediaType + "; charset=utf-8"}}}
	if token != "" {
		c.Header.Set("Authorization", "Bearer "+token)
	}
	return c
}

// On is the same client in a subtest.
func (c Client) On(t *testing.T) Client {
	t.Helper()
	c.T = t
	return c
}

// With is a client that sends one more header; without a value, one less.
func (c Client) With(name string, value ...string) Client {
	c.Header = c.Header.Clone()
	c.Header[http.CanonicalHeaderKey(name)] = value
	return c
}

// Answer is what came back. Its methods end the test where they do not find what they demand.
type Answer struct {
	T      *testing.T
	Asked  string // method and path
	Status int
	Header http.Header
	Text   string
	Doc    map[string]any // nil unless Text is SCIM
}

// Do sends a request.
func (c Client) Do(method, path, body string) Answer {
	c.T.Helper()
	r := httptest.NewRequestWithContext(c.T.Context(), method, c.Root+path, strings.NewReader(body))
	r.Header = c.Header.Clone()
	w := httptest.NewRecorder()
	c.Handler.ServeHTTP(w, r)
	a := Answer{T: c.T, Asked: method + " " + path, Status: w.Code, Header: w.Header(), Text: w.Body.String()}
	if a.Text != "" && strings.HasPrefix(w.Header().Get("Content-Type"), resource.MediaType) {
		if err := json.Unmarshal(w.Body.Bytes(), &a.Doc); err != nil {
			c.T.Fatalf("%s: %s: %v", a.Asked, a.Text, err)
		}
	}
	return a
}

// Get sends a GET.
func (c Client) Get(path string) Answer { c.T.Helper(); return c.Do(http.MethodGet, path, "") }

// Delete sends a DELETE.
func (c Client) Delete(path string) Answer { c.T.Helper(); return c.Do(http.MethodDelete, path, "") }

// Post sends a POST.
func (c Client) Post(path, body string) Answer {
	c.T.Helper()
	return c.Do(http.MethodPost, path, body)
}

// Put sends a PUT.
func (c Client) Put(path, body string) Answer { c.T.Helper(); return c.Do(http.MethodPut, path, body) }

// Patch sends operations, separated by commas.
func (c Client) Patch(path, operations string) Answer {
	c.T.Helper()
	return c.Do(http.MethodPatch, path, `{"schemas": ["`+resource.PatchOpSchema+`"], "Operations": [`+operations+`]}`)
}

// Bulk sends operations in one request, separated by commas.
func (c Client) Bulk(operations string) Answer {
	c.T.Helper()
	return c.Post("/Bulk", `{"schemas": ["`+resource.BulkRequestSchema+`"], "Operations": [`+operations+`]}`)
}

// User makes a user and returns its path and id. more are further members, each beginning with a comma.
func (c Client) User(name string, more ...string) (path, id string) {
	c.T.Helper()
	id = c.Post("/Users", User(name, more...)).Is(http.StatusCreated).ID()
	return "/Users/" + id, id
}

// User is the document of a user.
func User(name string, more ...string) string {
	return `{"schemas": ["` + resource.UserSchema + `"], "userName": ` + quoted(name) + strings.Join(more, "") + `}`
}

// Group makes a group and returns its path.
func (c Client) Group(name string, members ...string) string {
	c.T.Helper()
	return "/Groups/" + c.Post("/Groups", Group(name, members...)).Is(http.StatusCreated).ID()
}

// Group is the document of a group.
func Group(name string, members ...string) string {
	return `{"schemas": ["` + resource.GroupSchema + `"], "displayName": ` + quoted(name) + `, "members": [` + Values(members...) + `]}`
}

// Values are elements such as members, separated by commas.
func Values(ids ...string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = `{"value": ` + quoted(id) + `}`
	}
	return strings.Join(list, ", ")
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings can be written
	}
	return string(b)
}

// Find lists what a filter chooses. more are further parameters, each beginning with &.
func (c Client) Find(path, filter string, more ...string) Answer {
	c.T.Helper()
	return c.Get(path + "?filter=" + url.QueryEscape(filter) + strings.Join(more, ""))
}

// Is demands a status.
func (a Answer) Is(status int) Answer {
	a.T.Helper()
	if a.Status != status {
		a.T.Fatalf("%s: got %d %.2000s, want %d", a.Asked, a.Status, a.Text, status)
	}
	return a
}

// Fails demands a SCIM error with a status and a scimType, "" for none, and some words of its detail.
func (a Answer) Fails(status int, scimType string, words ...string) Answer {
	a.T.Helper()
	a.Is(status)
	detail, _ := a.Doc["detail"].(string)
	got, _ := a.Doc["scimType"].(string)
	if !contains(a.Doc["schemas"], []any{resource.ErrorSchema}) || got != scimType {
		a.T.Fatalf("%s: got %s, want an Error with the scimType %q", a.Asked, a.Text, scimType)
	}
	for _, word := range words {
		if !strings.Contains(detail, word) {
			a.T.Fatalf("%s: the detail %q says nothing of %q", a.Asked, detail, word)
		}
	}
	return a
}

// Has demands that the answer contains a document; its lists have to be complete, in any order.
func (a Answer) Has(document string) Answer {
	a.T.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(document), &want); err != nil {
		a.T.Fatal(err)
	}
	if !contains(a.Doc, want) {
		a.T.Fatalf("%s: got %.4000s, want %s in it", a.Asked, a.Text, document)
	}
	return a
}

// Lacks demands that a text is not in the answer.
func (a Answer) Lacks(text string) Answer {
	a.T.Helper()
	if strings.Contains(a.Text, text) {
		a.T.Fatalf("%s: got %.2000s, want no %s", a.Asked, a.Text, text)
	}
	return a
}

// ID is the id of the resource.
func (a Answer) ID() string { id, _ := a.Doc["id"].(string); return id }

// Total is totalResults of a list, -1 where it is not told.
func (a Answer) Total() int {
	n, ok := a.Doc["totalResults"].(float64)
	if !ok {
		return -1
	}
	return int(n)
}

// Tag is the ETag.
func (a Answer) Tag() string { return a.Header.Get("Etag") }

// Values are the values of a list in the resource, sorted.
func (a Answer) Values(list string) []string {
	elements, _ := a.Doc[list].([]any)
	values := make([]string, 0, len(elements))
	for _, e := range elements {
		object, _ := e.(map[string]any)
		value, _ := object["value"].(string)
		values = append(values, value)
	}
	slices.Sort(values)
	return values
}

// Each is an attribute of each resource in a list, in its order.
func (a Answer) Each(attribute string) []string {
	resources, _ := a.Doc["Resources"].([]any)
	all := make([]string, 0, len(resources))
	for _, r := range resources {
		object, _ := r.(map[string]any)
		text, _ := object[attribute].(string)
		all = append(all, text)
	}
	return all
}

// Together does something n times at once, and counts the outcomes.
func Together[R comparable](n int, do func(i int) R) map[R]int {
	outcomes := make([]R, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { outcomes[i] = do(i) })
	}
	all.Wait()
	counts := map[R]int{}
	for _, o := range outcomes {
		counts[o]++
	}
	return counts
}

// contains says whether each part of want is in got, whatever the order.
func contains(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name, part := range want {
			if !contains(object[name], part) {
				return false
			}
		}
		return object != nil
	case []any:
		all, _ := got.([]any)
		for _, part := range want {
			if !slices.ContainsFunc(all, func(v any) bool { return contains(v, part) }) {
				return false
			}
		}
		return len(all) == len(want)
	}
	return reflect.DeepEqual(got, want)
}

// Secret is in every value that Depart sends.
const Secret = "b1ab1a"

// Depart sends requests that depart from the RFCs and are put right, with Secret in all their values, and returns how often a
// log names some of the rules: once for a path of a request. The Secret must not be in it.
func (c Client) Depart() map[string]int {
	c.T.Helper()
	address := `{"type": "work", "value": "` + Secret + `@example.com", "primary": "True"}`
	path, _ := c.User(Secret, `, "active": "True", "password": "`+Secret+`", "emails": [`+address+`]`)
	c.Patch(path, `{"op": "Replace", "path": "emails[value eq \"`+Secret+`@example.com\"].primary", "value": "False"}`).Is(http.StatusOK)
	c.Patch(path, `{"op": "Replace", "value": {"emails[type eq \"`+Secret+`\"].value": "`+Secret+`@example.net"}}`).Is(http.StatusOK)
	c.Patch(path, `{"op": "Remove", "path": "emails", "value": [{"value": "`+Secret+`@example.net"}]}`).Is(http.StatusOK)
	c.Find("/Users", `emails[type eq "work"].value eq "`+Secret+`@example.com"`).Is(http.StatusOK).Has(`{"totalResults": 1}`)
	c.Find("/Users", `userName  eq "`+Secret+`" and active eq "true"`).Is(http.StatusOK).Has(`{"totalResults": 1}`)
	return map[string]int{"BooleanStrings": 4, "PathKeys": 1, "RemoveByValue": 1, "FilterSubAttribute": 1, "FilterBlanks": 1}
}
