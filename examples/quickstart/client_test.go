package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// client talks to a service of its own and checks what has to be true of every answer.
type client struct {
	t      *testing.T
	base   string // with root
	header http.Header
	part   bool   // of a resource: a request asked for attributes
	close  func() // waits for the requests under way, logging included
}

func newClient(t *testing.T, options ...resource.Option) client {
	t.Helper()
	return serve(t, newService(quickStore(), "", slog.New(slog.DiscardHandler), options...))
}

// quickStore hashes passwords in no time.
func quickStore() *store {
	db := newStore()
	db.rounds = 1
	return db
}

func serve(t *testing.T, h http.Handler) client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return client{t: t, base: server.URL + root, header: http.Header{}, close: server.Close}
}

// with is a client that sends one more header.
func (c client) with(name, value string) client {
	c.header = c.header.Clone()
	c.header[http.CanonicalHeaderKey(name)] = []string{value}
	return c
}

// in is the client in a subtest.
func (c client) in(t *testing.T) client {
	t.Helper()
	c.t = t
	return c
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
	doc    any // body, decoded
}

func (c client) get(path string) answer    { c.t.Helper(); return c.do("GET", path, "") }
func (c client) delete(path string) answer { c.t.Helper(); return c.do("DELETE", path, "") }
func (c client) post(path, body string) answer {
	c.t.Helper()
	return c.do("POST", path, body)
}
func (c client) put(path, body string) answer {
	c.t.Helper()
	return c.do("PUT", path, body)
}

// do sends a request. path is relative to root, or a whole URL. Go follows no redirect here.
func (c client) do(method, path, body string) answer {
	c.t.Helper()
	c.part = strings.Contains(path+body, "ttributes")
	return c.send(method, path, strings.NewReader(body))
}

func (c client) send(method, path string, body io.Reader) answer {
	c.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = c.base + path
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header = c.header.Clone()
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	a := answer{t: c.t, status: response.StatusCode, header: response.Header}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	for _, fault := range a.faults(method, c.part) {
		c.t.Errorf("%s %s: %d %s: %s", method, path, a.status, a.body, fault)
	}
	if len(a.body) > 0 {
		a.doc = decode(c.t, a.body)
	}
	return a
}

// decode keeps numbers as they are written.
func decode(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("something follows the document in %s", text)
	}
	return doc
}

// faults are the rules that hold for every answer (RFC 7644 sections 3.1, 3.8 and 3.12, and the corpus's own).
func (a answer) faults(method string, part bool) (faults []string) {
	if method == "HEAD" || a.status == http.StatusNoContent || a.status == http.StatusNotModified {
		if len(a.body) > 0 {
			faults = append(faults, "has a body")
		}
		return faults
	}
	if media := a.header.Get("Content-Type"); media != resource.MediaType {
		faults = append(faults, "has the media type "+media)
	}
	if bytes.Contains(a.body, []byte(`"password":`)) {
		faults = append(faults, "has a password")
	}
	var doc struct {
		Schemas   []string
		ID        string
		Status    any
		Meta      struct{ ResourceType, Location, Version string }
		Resources []json.RawMessage
	}
	if err := json.Unmarshal(a.body, &doc); err != nil {
		return append(faults, err.Error())
	}
	if a.status >= 300 {
		if !slices.Equal(doc.Schemas, []string{scimerrors.URN}) {
			faults = append(faults, "is no SCIM Error")
		}
		if doc.Status != strconv.Itoa(a.status) {
			faults = append(faults, "says another status")
		}
		return faults
	}
	if slices.Contains(doc.Schemas, resource.ListResponseSchema) {
		for _, r := range doc.Resources {
			one := answer{t: a.t, status: a.status, header: a.header, body: r}
			faults = append(faults, one.faults("", part)...)
		}
		return faults
	}
	if len(doc.Schemas) == 0 {
		faults = append(faults, "has no schemas")
	}
	if !slices.Contains(doc.Schemas, resource.UserSchema) && !slices.Contains(doc.Schemas, resource.GroupSchema) {
		return faults
	}
	if doc.ID == "" {
		faults = append(faults, "has no id")
	}
	if !part && (doc.Meta.ResourceType == "" || doc.Meta.Location == "" || doc.Meta.Version == "") {
		faults = append(faults, "lacks meta.resourceType, meta.location or meta.version")
	}
	if tag := a.header.Get("ETag"); method != "" && (tag == "" || !part && tag != doc.Meta.Version) { // 7644-3.14-02 7643-3.1-11
		faults = append(faults, "has the ETag "+tag)
	}
	return faults
}

// is checks the status and returns the answer.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("got %d %s, want %d", a.status, a.body, status)
	}
	return a
}

// has checks that the body contains a JSON document, by the matching rules of the corpus.
func (a answer) has(document string) answer {
	a.t.Helper()
	if !matches(decode(a.t, []byte(document)), a.doc) {
		a.t.Fatalf("%s does not contain %s", a.body, document)
	}
	return a
}

// id is that of the resource.
func (a answer) id() string {
	a.t.Helper()
	id := text(a.doc, "id")
	if id == "" {
		a.t.Fatalf("%s has no id", a.body)
	}
	return id
}

// at is the value of a member, nil without one.
func at(doc any, name string) any {
	object, _ := doc.(map[string]any)
	return object[name]
}

// list is the array of a member, text its string.
func list(doc any, name string) []any {
	l, _ := at(doc, name).([]any)
	return l
}

func text(doc any, name string) string {
	s, _ := at(doc, name).(string)
	return s
}

const enterprise = `"` + resource.UserSchema + `", "` + resource.EnterpriseUserSchema + `"`

func user(name string) string {
	return `{"schemas": ["` + resource.UserSchema + `"], "userName": "` + name + `"}`
}

func group(name string, members ...string) string {
	values := make([]string, len(members))
	for i, m := range members {
		values[i] = `{"value": "` + m + `"}`
	}
	return `{"schemas": ["` + resource.GroupSchema + `"], "displayName": "` + name + `", "members": [` + strings.Join(values, ", ") + `]}`
}
