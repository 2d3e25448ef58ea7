package scimtest

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"sync"
)

// The corpus: what identity providers send, one file each. corpus/README.md has its format and what is known of each provider.
//
//go:embed corpus/*.json
var corpus embed.FS

// provider is an identity provider, or another client, and what it sends.
type provider struct {
	name      string
	exchanges []*exchange
}

// exchange is one request of a provider and what a service may answer.
type exchange struct {
	Name         string                       `json:"name"`
	Provider     string                       `json:"idp"`
	Category     string                       `json:"category"`
	Source       string                       `json:"source"`
	Provenance   string                       `json:"provenance"`
	Conformance  string                       `json:"conformance"`
	Quirk        string                       `json:"quirk"`
	Tolerances   []string                     `json:"tolerances"`
	Note         string                       `json:"note"`
	Given        map[string][]json.RawMessage `json:"given"`
	Before       []message                    `json:"before"`
	Request      message                      `json:"request"`
	Expect       expectation                  `json:"expect"`
	StrictStatus []int                        `json:"strict_status"`

	raw json.RawMessage
}

// message is a request; its path is relative to the base of the service.
type message struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// expectation is what an answer has to be like.
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

// providers is the corpus, read once.
var providers = sync.OnceValues(func() ([]provider, error) { return load(corpus) })

// load reads a corpus. One that is empty, or says what this package does not understand, is an error: it would be replayed
// in part only.
func load(files fs.FS) ([]provider, error) {
	names, err := fs.Glob(files, "corpus/*.json")
	if err != nil || len(names) == 0 {
		return nil, errors.Join(errors.New("the corpus has no files"), err)
	}
	var all []provider
	known := map[string]bool{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		p := provider{name: strings.TrimSuffix(path.Base(name), ".json")}
		var cases []json.RawMessage
		if err := json.Unmarshal(text, &cases); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, raw := range cases {
			x, err := read(raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %w in %s", name, err, raw)
			}
			if x.Name == "" || known[x.Name] || x.Provider != p.name || len(x.Expect.Status) == 0 {
				return nil, fmt.Errorf("%s: %q has no name of its own, another provider or no status", name, x.Name)
			}
			known[x.Name] = true
			p.exchanges = append(p.exchanges, x)
		}
		if len(p.exchanges) == 0 {
			return nil, fmt.Errorf("%s: there are no exchanges", name)
		}
		all = append(all, p)
	}
	return all, nil
}

// read reads one exchange.
func read(raw json.RawMessage) (*exchange, error) {
	x := &exchange{raw: raw}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return x, d.Decode(x)
}

// rename puts the id that the service has chosen in the place of the one the corpus names.
func (x *exchange) rename(from, to string) {
	quoted := show(to)
	quoted = quoted[1 : len(quoted)-1]
	inJSON := func(texts ...*json.RawMessage) {
		for _, t := range texts {
			*t = bytes.ReplaceAll(*t, []byte(from), []byte(quoted))
		}
	}
	inPath := func(p *string) { *p = strings.ReplaceAll(*p, from, escape(to)) }

	for _, resources := range x.Given {
		for i := range resources {
			inJSON(&resources[i])
		}
	}
	for i := range x.Before {
		inPath(&x.Before[i].Path)
		inJSON(&x.Before[i].Body)
	}
	inPath(&x.Request.Path)
	inJSON(&x.Request.Body)
	for _, e := range []*expectation{&x.Expect, x.Expect.ThenGet, x.Expect.ThenGetOnError} {
		if e == nil {
			continue
		}
		inPath(&e.Path)
		inJSON(&e.BodyContains, &e.ErrorContains)
		for i := range e.BodyNotContains {
			inJSON(&e.BodyNotContains[i])
		}
	}
}

// escape writes a value for a path or a query: everything but unreserved characters is percent-encoded.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// referredFirst is an order in which a resource comes after those it mentions, such as its manager.
func referredFirst(given []json.RawMessage) (order []int) {
	ids := make([][]byte, len(given))
	for i, raw := range given {
		ids[i] = []byte(idOf(raw))
	}
	seen := map[int]bool{}
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for j, id := range ids {
			if j != i && bytes.Contains(given[i], id) {
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

func idOf(raw json.RawMessage) string {
	var resource struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &resource) // load has read it before
	return resource.ID
}
