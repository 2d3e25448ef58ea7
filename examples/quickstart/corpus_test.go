package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// replayed is the number of exchanges this service answers so far; it only ever grows.
const replayed = 177

// exchange is one case of testdata/corpus: what an identity provider sends, and what a service may answer.
type exchange struct {
	Name         string                       `json:"name"`
	Request      message                      `json:"request"`
	Given        map[string][]json.RawMessage `json:"given"`
	Before       []message                    `json:"before"`
	Expect       expectation                  `json:"expect"`
	StrictStatus []int                        `json:"strict_status"`
}

type message struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

type expectation struct {
	Path            string            `json:"path"` // of a GET afterwards
	Status          []int             `json:"status"`
	Headers         map[string]string `json:"headers"`
	BodyContains    json.RawMessage   `json:"body_contains"`
	BodyNotContains []json.RawMessage `json:"body_not_contains"`
	BodyLacks       [][]string        `json:"body_lacks"`
	ArrayLen        map[string]int    `json:"array_len"`
	ErrorContains   json.RawMessage   `json:"error_contains"`
	ThenGet         *expectation      `json:"then_get"`
	ThenGetOnError  *expectation      `json:"then_get_on_error"`
}

// needs says which part of the protocol an exchange takes that this service does not have; "" is none.
func (x *exchange) needs() string {
	for _, m := range append(x.Before, x.Request) {
		path, _, _ := strings.Cut(m.Path, "?")
		switch {
		case strings.EqualFold(path, "/Bulk"):
			return "bulk"
		}
	}
	var config struct {
		Patch, Bulk struct{ Supported any }
	}
	if json.Unmarshal(x.Expect.BodyContains, &config) == nil {
		switch {
		case config.Bulk.Supported == true:
			return "bulk, announced"
		}
	}
	return ""
}

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	all, count, names := 0, 0, map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []json.RawMessage
		if err := json.Unmarshal(text, &cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, raw := range cases {
			x := read(t, raw)
			if names[x.Name] {
				t.Errorf("%s: there are two of that name", x.Name)
			}
			names[x.Name] = true
			all++
			if needs := x.needs(); needs != "" {
				t.Logf("left out: %s needs %s", x.Name, needs)
				continue
			}
			count++
			t.Run("tolerant/"+x.Name, func(t *testing.T) { replay(t, raw, false) })
			t.Run("strict/"+x.Name, func(t *testing.T) { replay(t, raw, true) })
		}
	}
	t.Logf("%d of %d exchanges replayed, in both modes", count, all)
	if count < replayed {
		t.Errorf("%d exchanges were replayed, it used to be %d", count, replayed)
	}
}

func read(t *testing.T, raw []byte) *exchange {
	t.Helper()
	x := new(exchange)
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(x); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return x
}

// replay stores what is given, replaces the ids of the case by those the service chose, and plays the rest.
func replay(t *testing.T, raw []byte, strict bool) {
	t.Helper()
	var options []resource.Option
	if strict {
		options = append(options, resource.Strict())
	}
	c := newClient(t, options...)
	x := read(t, raw)
	for _, endpoint := range []string{"Users", "Groups"} {
		for _, i := range referredFirst(t, x.Given[endpoint]) {
			id := text(decode(t, x.Given[endpoint][i]), "id")
			made := c.post("/"+endpoint, string(x.Given[endpoint][i])).is(201)
			raw = bytes.ReplaceAll(raw, []byte(id), []byte(made.id()))
			x = read(t, raw)
		}
	}
	for _, m := range x.Before {
		if a := c.message(m); a.status/100 != 2 {
			t.Fatalf("before: %s %s: %d %s", m.Method, m.Path, a.status, a.body)
		}
	}
	status := x.Expect.Status
	if strict && x.StrictStatus != nil {
		status = x.StrictStatus
	}
	a := c.message(x.Request)
	if !slices.Contains(status, a.status) {
		t.Fatalf("%d %s, want one of %v", a.status, a.body, status)
	}
	if a.status/100 == 2 && strict && x.StrictStatus != nil {
		return
	}
	a.meets(&x.Expect)
	then := x.Expect.ThenGet
	if a.status/100 == 4 {
		then = x.Expect.ThenGetOnError
	}
	if then == nil {
		return
	}
	path := then.Path
	if strings.Contains(path, "{id}") {
		path = strings.ReplaceAll(path, "{id}", a.id())
	}
	if then.Status == nil {
		then.Status = []int{200}
	}
	after := c.get(path)
	if !slices.Contains(then.Status, after.status) {
		t.Fatalf("GET %s: %d %s, want one of %v", path, after.status, after.body, then.Status)
	}
	after.meets(then)
}

// referredFirst is an order in which a resource comes after those it mentions, such as its manager, whose ids are replaced by then.
func referredFirst(t *testing.T, given []json.RawMessage) (order []int) {
	t.Helper()
	seen := map[int]bool{}
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for j := range given {
			if id := text(decode(t, given[j]), "id"); j != i && bytes.Contains(given[i], []byte(id)) {
				visit(j)
			}
		}
		order = append(order, i)
	}
	for i := range given {
		visit(i)
	}
	return order
}

func (c client) message(m message) answer {
	c.t.Helper()
	for name, value := range m.Headers {
		c = c.with(name, value)
	}
	body := string(m.Body)
	if body == "null" {
		body = ""
	}
	return c.do(m.Method, m.Path, body)
}

// meets applies the expectations of the corpus to an answer whose status is right.
func (a answer) meets(e *expectation) {
	a.t.Helper()
	for name, want := range e.Headers {
		got := a.header.Get(name)
		if want == "<any>" && got == "" || want != "<any>" && !strings.HasPrefix(got, want) {
			a.t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	switch {
	case a.status/100 == 4:
		if e.ErrorContains != nil && !matches(decode(a.t, e.ErrorContains), a.doc) {
			a.t.Errorf("%s does not contain %s", a.body, e.ErrorContains)
		}
	case len(a.body) > 0:
		if e.BodyContains != nil && !matches(decode(a.t, e.BodyContains), a.doc) {
			a.t.Errorf("%s does not contain %s", a.body, e.BodyContains)
		}
		for _, not := range e.BodyNotContains {
			if matches(decode(a.t, not), a.doc) {
				a.t.Errorf("%s contains %s", a.body, not)
			}
		}
		for _, path := range e.BodyLacks {
			if !lacks(a.doc, path) {
				a.t.Errorf("%s has %s", a.body, strings.Join(path, "."))
			}
		}
		for name, want := range e.ArrayLen {
			got, ok := at(a.doc, name).([]any)
			if len(got) != want || !ok && at(a.doc, name) != nil {
				a.t.Errorf("%s: %d elements of %s, want %d", a.body, len(got), name, want)
			}
		}
	}
}

// matches says whether got contains want: see the corpus's README.
func matches(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for name, w := range want {
			if g, ok := object[name]; !ok || !matches(w, g) {
				return false
			}
		}
		return true
	case []any:
		list, ok := got.([]any)
		return ok && pair(want, list, make([]bool, len(list)))
	case string:
		not, negated := strings.CutPrefix(want, "<not:")
		switch {
		case want == "<any>":
			return !empty(got)
		case want == "<int>":
			n, ok := got.(json.Number)
			return ok && !strings.ContainsAny(n.String(), ".eE")
		case want == "<bool>":
			_, ok := got.(bool)
			return ok
		case negated:
			return got != nil && got != strings.TrimSuffix(not, ">")
		}
	}
	return want == got
}

// pair finds a different element of got for each of want.
func pair(want, got []any, taken []bool) bool {
	if len(want) == 0 {
		return true
	}
	for i, g := range got {
		if !taken[i] && matches(want[0], g) {
			taken[i] = true
			if pair(want[1:], got, taken) {
				return true
			}
			taken[i] = false
		}
	}
	return false
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// lacks says whether nothing is found along a path of names, in any element of the lists on the way.
func lacks(doc any, path []string) bool {
	if len(path) == 0 {
		list, ok := doc.([]any)
		return doc == nil || doc == "" || ok && len(list) == 0
	}
	if list, ok := doc.([]any); ok {
		return !slices.ContainsFunc(list, func(v any) bool { return !lacks(v, path) })
	}
	return lacks(at(doc, path[0]), path[1:])
}

// The rules of the corpus are worth something only if they refuse.
func TestMatching(t *testing.T) {
	for _, c := range []struct {
		want, got string
		ok        bool
	}{
		{`{"a": 1}`, `{"a": 1, "b": 2}`, true},
		{`{"a": 1}`, `{"A": 1}`, false},
		{`{"a": 1}`, `{"a": "1"}`, false},
		{`{"a": true}`, `{"a": "true"}`, false},
		{`{"a": null}`, `{}`, false},
		{`[{"a": 1}, {"b": 1}]`, `[{"a": 1, "b": 1}, {"a": 1}]`, true},
		{`[{"a": 1}, {"a": 1}]`, `[{"a": 1}]`, false},
		{`["x", "<any>"]`, `["x", "y"]`, true},
		{`["x", "<any>"]`, `["x"]`, false},
		{`"<any>"`, `""`, false},
		{`"<any>"`, `[]`, false},
		{`"<any>"`, `{}`, false},
		{`"<any>"`, `0`, true},
		{`"<int>"`, `7`, true},
		{`"<int>"`, `7.0`, false},
		{`"<int>"`, `"7"`, false},
		{`"<bool>"`, `false`, true},
		{`"<bool>"`, `"false"`, false},
		{`{"a": "<not:x>"}`, `{"a": "y"}`, true},
		{`{"a": "<not:x>"}`, `{"a": "x"}`, false},
		{`{"a": "<not:x>"}`, `{}`, false},
		{`{"a": "<not:x>"}`, `{"a": null}`, false},
	} {
		if got := matches(decode(t, []byte(c.want)), decode(t, []byte(c.got))); got != c.ok {
			t.Errorf("%s in %s: got %v, want %v", c.want, c.got, got, c.ok)
		}
	}
	for doc, want := range map[string]bool{
		`{}`: true, `{"a": null}`: true, `{"a": {"b": ""}}`: true, `{"a": {"b": []}}`: true, `{"a": [{"c": 1}]}`: true,
		`{"a": {"b": 0}}`: false, `{"a": {"b": false}}`: false, `{"a": [{"c": 1}, {"b": "x"}]}`: false, `{"a": {"b": {}}}`: false,
	} {
		if got := lacks(decode(t, []byte(doc)), []string{"a", "b"}); got != want {
			t.Errorf("%s lacks a.b: got %v, want %v", doc, got, want)
		}
	}
	get := message{Method: "GET", Path: "/Users?filter=a"}
	for want, x := range map[string]exchange{
		"":     {Request: get, Before: []message{{Method: "PATCH", Path: "/Users/1"}}},
		"bulk": {Request: message{Method: "POST", Path: "/Bulk"}},
		"bulk, announced": {Request: get, Expect: expectation{
			BodyContains: json.RawMessage(`{"bulk": {"supported": true}, "sort": {"supported": "<bool>"}}`),
		}},
	} {
		if got := x.needs(); got != want {
			t.Errorf("needs %q, want %q", got, want)
		}
	}
}
