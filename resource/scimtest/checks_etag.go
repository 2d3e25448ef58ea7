package scimtest

import (
	"encoding/json"
	"net/http"
)

// versionChecks are about ETag, If-Match and If-None-Match (RFC 7644 section 3.14).
var versionChecks = []check{
	{"7644-3.14-02", "a resource comes with its version", []string{versions}, func(c *client) {
		made := c.create("ann").tagged()
		c.get(made.path()).is(http.StatusOK).tagged()
		c.put(made.path(), user("ann", `"externalId": "scimtest-1"`)).is(http.StatusOK).tagged()
	}},
	{"7644-3.14-08", "another content is another version", []string{versions}, func(c *client) {
		before := c.create("ann").fetch()
		again := before.fetch()
		again.so(again.tag() == before.tag(), "the same version for the same content")
		c.put(before.path(), user("ann", `"externalId": "scimtest-1"`)).is(http.StatusOK)
		after := before.fetch()
		after.so(after.tag() != before.tag(), "another version after a change")
	}},
	{"7644-3.14-03", "If-None-Match: 304 where nothing has changed", []string{versions}, func(c *client) {
		r := c.create("ann").fetch()
		same := c.on("GET", r.path(), "If-None-Match", r.tag(), "").is(http.StatusNotModified)
		same.so(len(same.body) == 0, "an answer without a body")
		c.on("GET", r.path(), "If-None-Match", `W/"scimtest-other"`, "").is(http.StatusOK)
		c.on("GET", r.path(), "If-None-Match", `W/"scimtest-other", `+r.tag(), "").is(http.StatusNotModified)
	}},
	{"7644-3.14-04", "If-Match: a change is for the version it names, or 412", []string{versions}, func(c *client) {
		r := c.create("ann").fetch()
		first := r.tag()
		changed := user("ann", `"externalId": "scimtest-1"`)
		c.on("PUT", r.path(), "If-Match", first, changed).is(http.StatusOK)
		c.on("PUT", r.path(), "If-Match", first, user("ann", `"externalId": "scimtest-2"`)).is(http.StatusPreconditionFailed)
		c.on("DELETE", r.path(), "If-Match", first, "").is(http.StatusPreconditionFailed)
		after := r.fetch().has(`{"externalId": "scimtest-1"}`)
		c.on("DELETE", r.path(), "If-Match", after.tag(), "").is(http.StatusNoContent)
	}},
	{"7644-3.14-06", "If-Match: a list of versions, or any", []string{versions}, func(c *client) {
		r := c.create("ann").fetch()
		c.on("PUT", r.path(), "If-Match", `W/"scimtest-other", `+r.tag(), user("ann", `"externalId": "scimtest-1"`)).is(http.StatusOK)
		c.on("PUT", r.path(), "If-Match", "*", user("ann", `"externalId": "scimtest-2"`)).is(http.StatusOK)
	}},
	{"7644-3.14-10", "If-Match: PATCH, too", []string{versions, patching}, func(c *client) {
		r := c.create("ann").fetch()
		operation := func(id string) string { return patchOp(`{"op": "add", "path": "externalId", "value": "` + id + `"}`) }
		c.on("PATCH", r.path(), "If-Match", r.tag(), operation("scimtest-1")).is(http.StatusOK, http.StatusNoContent)
		c.on("PATCH", r.path(), "If-Match", r.tag(), operation("scimtest-2")).is(http.StatusPreconditionFailed)
		r.fetch().has(`{"externalId": "scimtest-1"}`)
	}},
}

// on sends a request with a condition.
func (c *client) on(method, path, header, value, body string) reply {
	c.t.Helper()
	return c.do(message{Method: method, Path: path, Headers: map[string]string{header: value}, Body: json.RawMessage(body)})
}

func (r reply) tag() string { return r.header.Get("ETag") }

// tagged demands an ETag, and that meta.version, if it is there, is the same.
func (r reply) tagged() reply {
	r.c.t.Helper()
	version := r.text("meta", "version")
	return r.so(r.tag() != "" && (version == "" || version == r.tag()), "a header ETag, the same as meta.version")
}
