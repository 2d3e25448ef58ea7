package scimtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// needs lists what a service has to offer for an exchange to make sense: first features, then attributes.
func (x *exchange) needs() (features []string) {
	for _, m := range append(slices.Clone(x.Before), x.Request) {
		path, query, _ := strings.Cut(m.Path, "?")
		values, _ := url.ParseQuery(query) // what can be read will do
		search, _ := decode(m.Body)        // the same
		uses := func(parameter string) bool {
			return values.Has(parameter) || strings.HasSuffix(path, "/.search") && at(search, parameter) != nil
		}
		if m.Method == http.MethodPatch {
			features = append(features, patching)
		}
		if path == "/Bulk" {
			features = append(features, bulk)
		}
		if uses("filter") {
			features = append(features, filtering)
		}
		if uses("sortBy") {
			features = append(features, sorting)
		}
		if uses("startIndex") {
			features = append(features, indexPages)
		}
		for name := range m.Headers {
			if strings.EqualFold(name, "If-Match") || strings.EqualFold(name, "If-None-Match") {
				features = append(features, versions)
			}
		}
	}
	if x.Request.Path == "/ServiceProviderConfig" {
		config, _ := decode(x.Expect.BodyContains)
		for name, feature := range map[string]string{"patch": patching, "bulk": bulk, "filter": filtering, "sort": sorting, "etag": versions} {
			if at(at(config, name), "supported") == true {
				features = append(features, feature)
			}
		}
	}
	raw := string(x.raw)
	if len(x.Given["Groups"]) > 0 || strings.Contains(raw, `"/Groups`) || strings.Contains(raw, resource.GroupSchema) {
		features = append(features, groups)
	}
	if strings.Contains(strings.ToLower(raw), strings.ToLower(resource.EnterpriseUserSchema)) {
		features = append(features, enterprise)
	}
	for _, a := range x.attributes() {
		features = append(features, a.need())
	}
	return features
}

// lists says whether the request of an exchange asks for a list of users or groups.
func (x *exchange) lists() bool {
	path, _, _ := strings.Cut(x.Request.Path, "?")
	path, search := strings.CutSuffix(path, "/.search")
	return (path == "/Users" || path == "/Groups") && (search || x.Request.Method == http.MethodGet)
}

// describe is the head of each failure: who sends what, and why that is special.
func (x *exchange) describe() string {
	said := "as the RFCs have it"
	if x.Conformance == "quirk" {
		said = "quirk: " + x.Quirk
	}
	text := section("provider", x.Provider+", "+x.Name) + section("sends", said)
	if len(x.Tolerances) > 0 {
		text += section("takes", "the tolerance "+strings.Join(x.Tolerances, ", "))
	}
	if x.Note != "" {
		text += section("note", x.Note)
	}
	return text + section("source", x.Provenance+": "+x.Source)
}

// replay stores what is given, plays what comes before, sends the request and checks the answer.
func (c *client) replay(shared *exchange) {
	c.t.Helper()
	x, err := read(shared.raw) // a copy: the ids of the service go into it
	if err != nil {
		c.t.Fatalf("%v", err)
	}
	if len(c.found) > 0 && x.lists() {
		// The exchange says how many resources there are. That it finds some before it has stored any means that the
		// service's own would be among them.
		if n := number(c.send(c.t.Context(), x.Request).ok(), "totalResults"); n > 0 {
			c.skip("it counts resources, and the service has %d of its own that it would find: run it on an empty service", n)
		}
	}
	for _, endpoint := range []string{"Users", "Groups"} {
		for _, i := range referredFirst(x.Given[endpoint]) {
			c.give("/"+endpoint, x, x.Given[endpoint][i])
		}
	}
	for _, m := range x.Before {
		r := c.do(m)
		r.so(r.status/100 == 2, "a success: it comes before the exchange itself")
	}
	allowed, unchecked := x.Expect.Status, false
	if c.config.Strict && x.StrictStatus != nil {
		allowed, unchecked = x.StrictStatus, true
	}
	r := c.do(x.Request, allowed...).is(allowed...)
	if unchecked && r.status/100 == 2 {
		return // a strict server that accepts it after all may do with it what it likes
	}
	r.meets(&x.Expect)
	then := x.Expect.ThenGet
	if r.status >= 400 {
		then = x.Expect.ThenGetOnError
	}
	if then == nil {
		return
	}
	allowed = then.Status
	if allowed == nil {
		allowed = []int{http.StatusOK}
	}
	path := strings.ReplaceAll(then.Path, "{id}", escape(r.id()))
	c.about += section("then", fmt.Sprintf("what is stored after %s %s has answered %d:", r.request.Method, c.config.Base+r.request.Path, r.status))
	c.do(message{Method: http.MethodGet, Path: path}, allowed...).is(allowed...).meets(then)
}

// give stores a resource, and puts its id into the rest of the exchange. The id and meta in the corpus stay here: they are
// the service's to assign.
func (c *client) give(endpoint string, x *exchange, raw json.RawMessage) {
	c.t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		c.t.Fatalf("%s: %v", x.Name, err)
	}
	id := idOf(raw)
	delete(members, "id")
	delete(members, "meta")
	body, err := json.Marshal(members)
	if err != nil {
		c.t.Fatalf("%s: %v", x.Name, err)
	}
	made := c.post(endpoint, string(body))
	if made.status == http.StatusConflict && len(c.found) > 0 {
		c.skip("it stores %s, and the service has something of that name of its own: run it on an empty service", body)
	}
	made.so(made.status == http.StatusCreated && made.id() != "", "status 201 and a resource with an id, which the exchange takes for given")
	x.rename(id, made.id())
}

// meets checks an answer whose status is right.
func (r reply) meets(e *expectation) {
	r.c.t.Helper()
	var wrong findings
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		want, got := e.Headers[name], r.header.Get(name)
		if want == "<any>" && got == "" {
			wrong.add("a header "+name, "")
		} else if want != "<any>" && !strings.HasPrefix(got, want) {
			wrong.add(fmt.Sprintf("a header %s that begins with %q", name, want), "")
		}
	}
	switch {
	case r.status >= 400:
		wrong = append(wrong, without("an error", e.ErrorContains, r.doc)...)
	case r.status/100 == 2 && len(r.body) > 0:
		wrong = append(wrong, e.body(r.doc)...)
	}
	r.c.report(r.answer, wrong)
}

// body says what of an expectation a document does not meet.
func (e *expectation) body(doc any) findings {
	wrong := without("a body", e.BodyContains, doc)
	for _, not := range e.BodyNotContains {
		if part, err := decode(not); err != nil || contains(part, doc) {
			wrong.add("a body without "+string(not), "")
		}
	}
	for _, path := range e.BodyLacks {
		if !lacks(doc, path...) {
			wrong.add("a body without "+strings.Join(path, "."), "")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.ArrayLen)) {
		v := at(doc, name)
		elements, isList := v.([]any)
		if len(elements) != e.ArrayLen[name] || !isList && v != nil {
			wrong.add(fmt.Sprintf("%s of length %d", name, e.ArrayLen[name]), fmt.Sprintf("the length is %d", len(elements)))
		}
	}
	return wrong
}

// without says what of part is missing in a document.
func without(of string, part json.RawMessage, doc any) (wrong findings) {
	if part == nil {
		return nil
	}
	want, err := decode(part)
	if err != nil { // load has read it, so this is what an id of the service has made of it
		wrong.add("an id that can stand in JSON", err.Error())
	} else if fault := missing(want, doc, ""); fault != "" {
		wrong.add(of+" with "+show(want), fault)
	}
	return wrong
}
