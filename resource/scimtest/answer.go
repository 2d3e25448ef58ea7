package scimtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
)

// answer is what a service answers to a request.
type answer struct {
	request  message
	base     string
	sent     http.Header // the headers of the request, but for those that let it in
	status   int
	header   http.Header
	body     []byte
	doc      any    // the body, decoded; nil if it is no JSON document
	fault    error  // why it is none
	panicked string // the cause and the stack, if the handler did
}

func (a *answer) read(r *http.Request, w *httptest.ResponseRecorder) {
	a.status, a.header, a.body = w.Code, w.Result().Header, w.Body.Bytes() //nolint:bodyclose // it is in memory
	if r.Method == http.MethodHead {
		a.body = nil // net/http sends none
	}
	if len(a.body) > 0 {
		a.doc, a.fault = decode(a.body)
	}
}

// ok is the document of a successful answer, nil of another.
func (a *answer) ok() any {
	if a.panicked != "" || a.status/100 != 2 {
		return nil
	}
	return a.doc
}

// id is that of the resource in the answer, "" without one.
func (a *answer) id() string { return text(a.ok(), "id") }

// path is where the resource in the answer is.
func (a *answer) path() string {
	endpoint, _, _ := strings.Cut(strings.TrimPrefix(a.request.Path, "/"), "/")
	endpoint, _, _ = strings.Cut(endpoint, "?")
	return "/" + endpoint + "/" + escape(a.id())
}

// most is how many bytes of a body are printed.
const most = 3000

// asked prints the request, answered the answer.
func (a *answer) asked() string {
	return transcript(a.request.Method+" "+a.base+a.request.Path, a.sent, a.request.Body)
}

func (a *answer) answered() string {
	if a.panicked != "" {
		return "a panic: " + a.panicked
	}
	return transcript(fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), a.header, a.body)
}

// String prints the whole exchange.
func (a *answer) String() string {
	return section("request", a.asked()) + section("actual", a.answered())
}

// transcript prints a request or an answer: its first line, headers and body.
func transcript(first string, header http.Header, body []byte) string {
	var b strings.Builder
	b.WriteString(first)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if name != "Content-Length" {
			fmt.Fprintf(&b, "\n%s: %s", name, strings.Join(header[name], ", "))
		}
	}
	if body = layout(body); len(body) > 0 {
		b.WriteByte('\n')
		b.Write(body[:min(len(body), most)])
		if len(body) > most {
			fmt.Fprintf(&b, " ... and %d more bytes", len(body)-most)
		}
	}
	return b.String()
}

// layout puts a short JSON document on one line and indents a longer one. Anything else stays as it is.
func layout(body []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, body) == nil && b.Len() > 200 {
		b.Reset()
		_ = json.Indent(&b, body, "", "  ") // it is well-formed
	}
	if b.Len() == 0 {
		return bytes.TrimSpace(body)
	}
	return b.Bytes()
}

// section prints a text under a heading, its lines indented alike.
func section(heading, text string) string {
	return fmt.Sprintf("%-9s %s\n", heading, strings.ReplaceAll(text, "\n", "\n          "))
}
