package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// client talks to a service.
type client struct {
	t      *testing.T
	h      http.Handler
	header http.Header
}

func newClient(t *testing.T, h http.Handler) client {
	t.Helper()
	return client{t, h, http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/scim+json; charset=utf-8"}}}
}

// serve is a client of a service of its own on a database.
func serve(t *testing.T, address string) client {
	t.Helper()
	return newClient(t, quick(opened(t, address), slog.New(slog.DiscardHandler)))
}

// with is a client that sends one more header; without a value, one less.
func (c client) with(name string, value ...string) client {
	c.header = c.header.Clone()
	c.header[http.CanonicalHeaderKey(name)] = value
	return c
}

// answer is what came back.
type answer struct {
	t      *testing.T
	asked  string
	status int
	header http.Header
	text   string
	doc    map[string]any
}

func (c client) do(method, path, body string) answer {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, strings.NewReader(body))
	if !strings.HasPrefix(path, "/login") {
		r = httptest.NewRequestWithContext(c.t.Context(), method, root+path, strings.NewReader(body))
	}
	r.Header = c.header.Clone()
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	a := answer{t: c.t, asked: method + " " + path, status: w.Code, header: w.Header(), text: w.Body.String()}
	if a.text != "" && strings.HasPrefix(w.Header().Get("Content-Type"), resource.MediaType) {
		if err := json.Unmarshal(w.Body.Bytes(), &a.doc); err != nil {
			c.t.Fatalf("%s: %s: %v", a.asked, a.text, err)
		}
	}
	return a
}

func (c client) get(path string) answer        { c.t.Helper(); return c.do("GET", path, "") }
func (c client) delete(path string) answer     { c.t.Helper(); return c.do("DELETE", path, "") }
func (c client) post(path, body string) answer { c.t.Helper(); return c.do("POST", path, body) }
func (c client) put(path, body string) answer  { c.t.Helper(); return c.do("PUT", path, body) }

// patch sends operations.
func (c client) patch(path, operations string) answer {
	c.t.Helper()
	return c.do("PATCH", path, `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [`+operations+`]}`)
}

// user makes a user and returns the path and the id.
func (c client) user(name string) (path, id string) {
	c.t.Helper()
	id = c.post("/Users", `{"schemas": ["`+resource.UserSchema+`"], "userName": "`+name+`"}`).is(201).id()
	return "/Users/" + id, id
}

// group makes a group and returns the path.
func (c client) group(name string, members ...string) string {
	c.t.Helper()
	return "/Groups/" + c.post("/Groups", `{"schemas": ["`+resource.GroupSchema+`"], "displayName": "`+name+`", "members": [`+values(members...)+`]}`).is(201).id()
}

// values are members.
func values(ids ...string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = `{"value": "` + id + `"}`
	}
	return strings.Join(list, ", ")
}

// find lists what a filter chooses.
func (c client) find(path, filter string) answer {
	c.t.Helper()
	return c.get(path + "?filter=" + url.QueryEscape(filter))
}

func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: got %d %s, want %d", a.asked, a.status, a.text, status)
	}
	return a
}

// has demands that the answer contains a document.
func (a answer) has(document string) answer {
	a.t.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(document), &want); err != nil {
		a.t.Fatal(err)
	}
	if !contains(a.doc, want) {
		a.t.Fatalf("%s: got %s, want %s in it", a.asked, a.text, document)
	}
	return a
}

// lacks demands that a text is not in the answer.
func (a answer) lacks(text string) answer {
	a.t.Helper()
	if strings.Contains(a.text, text) {
		a.t.Fatalf("%s: got %s, want no %s", a.asked, a.text, text)
	}
	return a
}

func (a answer) id() string     { id, _ := a.doc["id"].(string); return id }
func (a answer) total() float64 { n, _ := a.doc["totalResults"].(float64); return n }
func (a answer) tag() string    { return a.header.Get("Etag") }

// members are the ids of a group's members, sorted.
func (a answer) members() (ids []string) {
	list, _ := a.doc["members"].([]any)
	for _, m := range list {
		id, _ := m.(map[string]any)["value"].(string)
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
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
