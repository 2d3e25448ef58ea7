package scimtest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// discoveryChecks are about /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 section 4, RFC 7643 sections 5 to 7).
var discoveryChecks = []check{
	{"7644-4-01", "/ServiceProviderConfig is one document", nil, func(c *client) {
		c.get("/ServiceProviderConfig").is(http.StatusOK).has(`{"schemas": ["` + resource.ServiceProviderConfigSchema + `"]}`)
	}},
	{"7643-5-01", "/ServiceProviderConfig says what there is", nil, func(c *client) {
		r := c.get("/ServiceProviderConfig").is(http.StatusOK).has(`{
			"patch": {"supported": "<bool>"}, "changePassword": {"supported": "<bool>"}, "sort": {"supported": "<bool>"}, "etag": {"supported": "<bool>"},
			"bulk": {"supported": "<bool>", "maxOperations": "<int>", "maxPayloadSize": "<int>"}, "filter": {"supported": "<bool>", "maxResults": "<int>"}}`)
		_, isList := at(r.doc, "authenticationSchemes").([]any)
		r.so(isList, "a list authenticationSchemes")
		for _, scheme := range list(r.doc, "authenticationSchemes") {
			r.so(contains(map[string]any{"type": "<any>", "name": "<any>", "description": "<any>"}, scheme),
				"type, name and description of each authentication scheme")
		}
	}},
	{"7643-5-04", "what is announced cannot be written", nil, func(c *client) {
		for _, path := range []string{"/ServiceProviderConfig", "/ResourceTypes/User", "/Schemas/" + resource.UserSchema} {
			r := c.do(message{Method: "PUT", Path: path, Body: []byte(`{}`)}, http.StatusNotImplemented)
			r.so(r.status >= 400, "an error, such as 405")
		}
	}},
	{"7644-4-02", "lists are ListResponses, and with an id there is one document", nil, func(c *client) {
		for _, path := range []string{"/ResourceTypes", "/Schemas"} {
			all := c.get(path).is(http.StatusOK).has(`{"schemas": ["` + resource.ListResponseSchema + `"], "totalResults": "<int>", "Resources": "<any>"}`)
			documents := list(all.doc, "Resources")
			all.so(len(documents) == number(all.doc, "totalResults"), "all documents in one answer")
			for _, d := range documents {
				key := "id"
				if path == "/ResourceTypes" && text(d, key) == "" { // RFC 7643 section 6: there it is optional
					key = "name"
				}
				value := text(d, key)
				c.get(path + "/" + escape(value)).is(http.StatusOK).has(`{"schemas": "<any>", "` + key + `": ` + show(value) + `}`)
			}
			c.get(path + "/scimtest-none").is(http.StatusNotFound)
		}
	}},
	{"7644-4-03", "nothing is sorted or divided into pages there", nil, func(c *client) {
		for _, path := range []string{"/ResourceTypes", "/Schemas"} {
			all := c.get(path).is(http.StatusOK)
			some := c.get(path + "?startIndex=2&count=1&sortBy=id").is(http.StatusOK)
			some.so(len(list(some.doc, "Resources")) == len(list(all.doc, "Resources")), "all documents, as without parameters")
		}
	}},
	{"7643-6-03", "a resource type has a name, an endpoint and a schema, and users are one", nil, func(c *client) {
		r := c.get("/ResourceTypes").is(http.StatusOK).
			has(`{"Resources": [{"name": "User", "endpoint": "/Users", "schema": "` + resource.UserSchema + `"}]}`)
		types := list(r.doc, "Resources")
		names := make([]string, 0, 2*len(types))
		for _, kind := range types {
			r.so(contains(map[string]any{"schemas": []any{resource.ResourceTypeSchema}, "name": "<any>", "endpoint": "<any>", "schema": "<any>"}, kind),
				"name, endpoint, schema and schemas of each resource type")
			names = append(names, text(kind, "name"), text(kind, "endpoint"))
		}
		slices.Sort(names)
		r.so(len(slices.Compact(names)) == 2*len(types), "names and endpoints that are there once")
	}},
	{"7643-6-05", "each schema of a resource type can be read", nil, func(c *client) {
		for _, kind := range list(c.get("/ResourceTypes").is(http.StatusOK).doc, "Resources") {
			urns := []string{text(kind, "schema")}
			for _, extension := range list(kind, "schemaExtensions") {
				urns = append(urns, text(extension, "schema"))
			}
			for _, urn := range urns {
				c.get("/Schemas/" + escape(urn)).is(http.StatusOK).has(`{"id": ` + show(urn) + `, "attributes": "<any>"}`)
			}
		}
	}},
	{"7643-7-02", "each attribute has a name, a type and multiValued", nil, func(c *client) {
		r := c.get("/Schemas").is(http.StatusOK).has(`{"Resources": [{"id": "` + resource.UserSchema + `",
			"attributes": [{"name": "userName", "type": "string", "multiValued": false, "required": true}]}]}`)
		for _, document := range list(r.doc, "Resources") {
			c.defined(r, text(document, "id"), list(document, "attributes"))
		}
	}},
	{"7644-3.1-02", "messages are no schemas", nil, func(c *client) {
		r := c.get("/Schemas").is(http.StatusOK)
		for _, document := range list(r.doc, "Resources") {
			r.so(!strings.Contains(text(document, "id"), ":api:messages:"), "no schema with api:messages in its URN")
		}
	}},
}

// defined demands that attributes are defined by the words of RFC 7643 section 7, exactly spelled.
func (c *client) defined(r reply, path string, attributes []any) {
	c.t.Helper()
	words := map[string][]string{
		"type": {
			"string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex",
		},
		"mutability": {"readOnly", "readWrite", "immutable", "writeOnly"},
		"returned":   {"always", "never", "default", "request"},
		"uniqueness": {"none", "server", "global"},
	}
	for _, attribute := range attributes {
		at := path + " " + text(attribute, "name")
		r.so(contains(map[string]any{"name": "<any>", "multiValued": "<bool>"}, attribute), "name and multiValued of each attribute of %s", at)
		for word, allowed := range words {
			value := text(attribute, word)
			r.so(value == "" && word != "type" || slices.Contains(allowed, value), "%s of %s is one of %s, and not %q", word, at,
				strings.Join(allowed, ", "), value)
		}
		c.defined(r, at, list(attribute, "subAttributes"))
	}
}
