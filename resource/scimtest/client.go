package scimtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// client plays one test against the service, and checks what has to be true of every answer.
type client struct {
	*service
	t       reporter
	about   string   // what the test is about: the head of each failure
	made    []string // the paths of what it has created
	skipped bool
}

// skip ends the test without a verdict.
func (c *client) skip(format string, args ...any) {
	c.t.Helper()
	c.skipped = true
	c.t.Skipf(format, args...)
}

// end cleans up. It runs whatever way the test has ended.
func (c *client) end() {
	c.t.Helper()
	c.clean(c.t, c.made)
}

// reply is an answer within a test. Its methods end the test where they do not find what they are told to.
type reply struct {
	*answer
	c *client
}

// do sends a request and checks what is true of every answer. A status of 5xx is never right, unless it is one of allowed.
func (c *client) do(m message, allowed ...int) reply {
	c.t.Helper()
	path, _, _ := strings.Cut(m.Path, "?")
	patch := m.Method == http.MethodPatch
	var before *answer
	if patch {
		before = c.send(c.t.Context(), message{Method: http.MethodGet, Path: path})
	}
	a := c.send(c.t.Context(), m)
	if m.Method == http.MethodPost && a.status/100 == 2 && a.id() != "" {
		c.made = append(c.made, a.path())
	}
	if a.panicked != "" {
		c.fatal(a, "an answer", "the handler has panicked")
	}
	var wrong findings
	for _, fault := range a.faults(allowed) {
		wrong.add(fault, "")
	}
	if patch && a.status >= 400 {
		after := c.send(c.t.Context(), message{Method: http.MethodGet, Path: path})
		if before.status != after.status || !same(before.doc, after.doc) {
			wrong.add("a PATCH is done as a whole or not at all (RFC 7644 section 3.5.2)",
				"it was refused, and yet it has changed the resource, from\n"+string(before.body)+"\nto\n"+string(after.body))
		}
	}
	c.report(a, wrong)
	return reply{a, c}
}

// finding is something an answer should be like, and where it helps, which part of it is not.
type finding struct{ expected, fault string }

type findings []finding

func (all *findings) add(expected, fault string) { *all = append(*all, finding{expected, fault}) }

// report fails the test over an answer, if anything was found.
func (c *client) report(a *answer, wrong findings) {
	c.t.Helper()
	if len(wrong) > 0 {
		c.t.Errorf("%s", c.explain(a, wrong))
	}
}

// fatal fails the test over an answer, and ends it.
func (c *client) fatal(a *answer, expected, fault string) {
	c.t.Helper()
	c.t.Fatalf("%s", c.explain(a, findings{{expected, fault}}))
}

// explain prints all there is to know of a failure.
func (c *client) explain(a *answer, wrong findings) string {
	var b strings.Builder
	b.WriteString("\n" + c.about + section("request", a.asked()))
	for _, w := range wrong {
		b.WriteString(section("expected", w.expected))
		if w.fault != "" {
			b.WriteString(section("fault", w.fault))
		}
	}
	b.WriteString(section("actual", a.answered()))
	return b.String()
}

func (c *client) get(path string) reply {
	c.t.Helper()
	return c.do(message{Method: "GET", Path: path})
}

func (c *client) post(path, body string) reply {
	c.t.Helper()
	return c.do(message{Method: "POST", Path: path, Body: json.RawMessage(body)})
}

func (c *client) put(path, body string) reply {
	c.t.Helper()
	return c.do(message{Method: "PUT", Path: path, Body: json.RawMessage(body)})
}

func (c *client) patch(path, operations string) reply {
	c.t.Helper()
	return c.do(message{Method: "PATCH", Path: path, Body: json.RawMessage(patchOp(operations))})
}

func (c *client) delete(path string) reply {
	c.t.Helper()
	return c.do(message{Method: "DELETE", Path: path})
}

// is demands one of some statuses.
func (r reply) is(statuses ...int) reply {
	r.c.t.Helper()
	if !slices.Contains(statuses, r.status) {
		r.c.fatal(r.answer, "status "+either(statuses), "")
	}
	return r
}

// refused demands an error: its status, and that scimType, if there is one, is among these. RFC 7644 section 3.12 leaves it
// open whether there is; where another section does not, typed is the method to use.
func (r reply) refused(status int, scimTypes ...string) {
	r.c.t.Helper()
	if got := text(r.doc, "scimType"); r.status != status || got != "" && !slices.Contains(scimTypes, got) {
		r.c.fatal(r.answer, fmt.Sprintf("status %d with the scimType %s, or without scimType", status, strings.Join(scimTypes, " or ")), "")
	}
}

// invalid demands that a request is refused for what is in it. Which of the two scimTypes applies is a matter of taste.
func (r reply) invalid() {
	r.c.t.Helper()
	r.refused(http.StatusBadRequest, "invalidValue", "invalidSyntax")
}

// typed demands an error: its status and scimType.
func (r reply) typed(status int, scimType string) {
	r.c.t.Helper()
	if r.status != status || text(r.doc, "scimType") != scimType {
		r.c.fatal(r.answer, fmt.Sprintf("status %d with the scimType %s", status, scimType), "")
	}
}

// has demands that the body contains a JSON document, by the rules of the corpus.
func (r reply) has(document string) reply {
	r.c.t.Helper()
	want, err := decode([]byte(document))
	if err != nil {
		r.c.t.Fatalf("%v in %s", err, document) // of this package, not of the service
	}
	if fault := missing(want, r.doc, ""); fault != "" {
		r.c.fatal(r.answer, "a body with "+document, fault)
	}
	return r
}

// hasNo demands that a path of names leads nowhere, or to null, "" or [].
func (r reply) hasNo(path ...string) reply {
	r.c.t.Helper()
	if !lacks(r.doc, path...) {
		r.c.fatal(r.answer, "a body without "+strings.Join(path, "."), "")
	}
	return r
}

// so demands a condition of this answer.
func (r reply) so(condition bool, expected string, args ...any) reply {
	r.c.t.Helper()
	if !condition {
		r.c.fatal(r.answer, fmt.Sprintf(expected, args...), "")
	}
	return r
}

// text is a string of the body.
func (r reply) text(path ...string) string { return text(r.doc, path...) }

// either prints statuses as 200, 204 or 400.
func either(statuses []int) string {
	var b strings.Builder
	for i, status := range statuses {
		switch {
		case i > 0 && i == len(statuses)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		fmt.Fprint(&b, status)
	}
	return b.String()
}

// prefix begins the name of each user and group that checks make.
const prefix = "scimtest-"

// user and group are bodies; attributes are further members such as `"title": "Guide"`.
func user(name string, attributes ...string) string {
	return body(resource.UserSchema, append([]string{`"userName": ` + show(prefix+name)}, attributes...))
}

func group(name string, members ...string) string {
	values := make([]string, len(members))
	for i, id := range members {
		values[i] = `{"value": ` + show(id) + `}`
	}
	return body(resource.GroupSchema, []string{
		`"displayName": ` + show(prefix+name), `"members": [` + strings.Join(values, ", ") + `]`,
	})
}

// employee is a user with enterprise attributes.
func employee(name, attributes string, more ...string) string {
	return body(resource.UserSchema+`", "`+resource.EnterpriseUserSchema,
		append([]string{`"userName": ` + show(prefix+name), `"` + resource.EnterpriseUserSchema + `": {` + attributes + `}`}, more...))
}

func body(schemas string, members []string) string {
	return `{"schemas": ["` + schemas + `"], ` + strings.Join(members, ", ") + `}`
}

func patchOp(operations string) string {
	return `{"schemas": ["` + resource.PatchOpSchema + `"], "Operations": [` + operations + `]}`
}

// create stores a user.
func (c *client) create(name string, attributes ...string) reply {
	c.t.Helper()
	return c.post("/Users", user(name, attributes...)).is(http.StatusCreated)
}

// fetch reads a resource anew.
func (r reply) fetch() reply {
	r.c.t.Helper()
	return r.c.get(r.path()).is(http.StatusOK)
}
