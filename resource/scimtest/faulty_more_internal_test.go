package scimtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
)

// ruleFaults break what is true of every answer.
var ruleFaults = []faulty{
	{"errors as text", answers(func(_ *http.Request, a *recorded) {
		if a.status >= 400 {
			a.header.Set("Content-Type", "text/plain; charset=utf-8")
			a.body = "not found\n"
		}
	}), []string{"entra/entra-get-unknown-user", "rfc/7644-3.4.1-01"}},
	{"status as a number", rewritten(`"status":"404"`, `"status":404`), []string{"entra/entra-get-unknown-user"}},
	{"another status", rewritten(`"status":"404"`, `"status":"400"`), []string{"entra/entra-get-unknown-user"}},
	{"errors without schemas", rewritten(`"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]`, `"schemas":[]`),
		[]string{"entra/entra-get-unknown-user"}},
	{"errors without a body", answers(func(_ *http.Request, a *recorded) {
		if a.status == http.StatusNotFound {
			a.body = ""
		}
	}), []string{"entra/entra-get-unknown-user"}},
	{"500 for what is not there", status("GET", 404, 500), []string{"entra/entra-get-unknown-user"}},
	{"501 for what was announced", refuse(http.StatusNotImplemented, has("filter=")), []string{"entra/entra-filter-username"}},
	{"204 with a body", answers(func(_ *http.Request, a *recorded) {
		if a.status == http.StatusNoContent {
			a.body = "{}"
		}
	}), []string{"google-workspace/google-deprovision-user-delete", "rfc/7644-3.6-01"}},
	{"200 without a body", answers(func(r *http.Request, a *recorded) {
		if r.Method == http.MethodGet && of(r, "Users/") {
			a.body = ""
		}
	}), []string{"entra/entra-get-user"}},
	{"plain JSON", header("Content-Type", "application/json"), []string{"entra/entra-get-user", "okta/okta-create-existing-user-409"}},
	{"broken JSON", answers(func(r *http.Request, a *recorded) {
		if r.Method == http.MethodGet && of(r, "Users/") {
			a.body += "}"
		}
	}), []string{"entra/entra-get-user"}},
	{"users without schemas", resources("GET", func(_ *http.Request, u map[string]any) { delete(u, "schemas") }),
		[]string{"okta/okta-get-specific-user", "generic/generic-filter-extension-urn"}},
	{"users without id", resources("PUT", func(_ *http.Request, u map[string]any) { delete(u, "id") }), []string{"okta/okta-put-user"}},
	{"users without meta", resources("GET", func(_ *http.Request, u map[string]any) { delete(u, "meta") }),
		[]string{"okta/okta-get-specific-user", "okta/okta-import-first-page"}},
	{"users that are people", rewritten(`"resourceType":"User"`, `"resourceType":"Person"`), []string{"okta/okta-get-specific-user"}},
	{"passwords within lists", documents("Users", func(doc map[string]any) {
		for _, u := range list(doc, "Resources") {
			object(u)["x"] = []any{map[string]any{"Password": "x"}}
		}
	}), []string{"okta/okta-import-first-page"}},
	{"a panic", middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "" {
				panic("on purpose")
			}
			next.ServeHTTP(w, r)
		})
	}), []string{"okta/okta-import-first-page"}},
}

// corpusFaults break what exchanges expect, each kind of expectation once.
var corpusFaults = []faulty{
	{"status", status("POST", 409, 400), []string{"entra/entra-create-user-duplicate"}},
	{"headers: any", header("Location", ""), []string{"entra/entra-create-user"}},
	{"headers: a prefix", header("Content-Type", "application/json"), []string{"keycloak/keycloak-create-user-empty-roles"}},
	{"body_contains", drop(always, "filter"), []string{"entra/entra-filter-username", "github/github-list-groups-by-externalid-excluding-members-and-meta"}},
	{"body_not_contains", drop(always, "excludedAttributes"), []string{"github/github-list-groups-by-externalid-excluding-members-and-meta"}},
	{"body_lacks", drop(always, "attributes"), []string{"generic/generic-attributes-id-only"}},
	{"array_len", rewritten(`"members":`, `"people":`), []string{"okta/okta-put-group-membership", "keycloak/keycloak-create-group-relative-member-ref"}},
	{"error_contains", rewritten(`"uniqueness"`, `"invalidValue"`), []string{"entra/entra-create-user-duplicate"}},
	{"then_get", as("PUT", "GET", always), []string{"onelogin/onelogin-put-user-update"}},
	{"then_get: status", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodDelete {
			r.URL.Path = strings.Replace(r.URL.Path, "/Groups/", "/Nothing/", 1)
		}
		return body
	}), []string{"jumpcloud/jumpcloud-activation-test-group-removed"}},
	{"given: groups", refuse(http.StatusForbidden, func(r *http.Request) bool { return r.Method == http.MethodPost && of(r, "Groups") }),
		[]string{"okta/okta-put-group-membership"}},
}

var patchFaults = []faulty{
	{"PATCH does nothing", as("PATCH", "GET", always), rfc("7644-3.5.2-10", "7644-3.5.2-08", "7644-3.10-03", "7644-3.5.2-15", "7644-3.5.2-13",
		"7644-3.5.2.1-04", "7643-4.2-03", "7644-3.5.2.1-05", "7644-3.5.2.1-06", "7644-3.5.2.1-03", "7644-3.5.2.1-07", "7644-3.5.2.1-08",
		"7644-3.5.2.1-09", "7644-3.5.2.1-11", "7644-3.5.2.2-02", "7644-3.5.2.2-03", "7644-3.5.2.2-04", "7644-3.5.2.2-05", "7644-3.5.2.2-07",
		"7644-3.5.2.3-01", "7644-3.5.2.3-02", "7644-3.5.2.3-03", "7644-3.5.2.3-04", "7644-3.5.2.3-05", "7644-3.5.2.3-06", "7643-2.5-05")},
	{"every PATCH succeeds", status("PATCH", 400, 204), rfc("7644-3.5.2-05", "7644-3.5.2-06", "7644-3.5.2.1-01", "7644-3.5.2-09", "7644-3.5.2-11",
		"7644-3.5.2-03", "7644-3.5.2-17", "7644-3.5.2.2-01", "7644-3.5.2.2-09", "7644-3.5.2.2-10", "7644-3.5.2.3-07")},
	{"PATCH of anything", status("PATCH", 404, 204), append(rfc("7644-3.12-04", "7644-3.6-01"), "entra/entra-patch-unknown-user")},
	{"attributes, and yet 204", status("PATCH", 200, 204), rfc("7644-3.5.2-04")},
	{"202 for 200", status("PATCH", 200, 202), rfc("7644-3.5.2-10")},
	{"the resource before the PATCH", resources("PATCH", func(_ *http.Request, u map[string]any) { u["title"] = "Guide" }), rfc("7644-3.5.2-10")},
	{"half a PATCH", also(func(r *http.Request) string {
		if operations := asList(sentBody(r)["Operations"]); len(operations) > 1 {
			return show(operations[0])
		}
		return ""
	}), rfc("7644-3.5.2-09")},
	{"every value is primary", resources("GET", func(_ *http.Request, u map[string]any) {
		for _, email := range list(u, "emails") {
			object(email)["primary"] = true
		}
	}), rfc("7644-3.5.2-15", "7643-2.4-09")},
	{"add replaces", replaced("PATCH", `"op": "add"`, `"op": "replace"`), append(rfc("7644-3.5.2.1-09", "7644-3.5.2-15"), "salesforce/salesforce-group-pathless-add-members")},
	{"errors of another scimType", rewritten(`"mutability"`, `"invalidValue"`), rfc("7644-3.5.2-20", "7644-3.5.2.2-09", "7644-3.5.2.2-10")},
	{"no target, no scimType", rewritten(`"scimType":"noTarget",`, ``), rfc("7644-3.5.2.2-01", "7644-3.5.2.3-07")},
	{"two users with one name", func(s *server) { s.twins = true }, rfc("7644-3.12-03")},
	{"every PATCH is a change", func(s *server) { s.restless = true }, rfc("7644-3.5.2.1-02")},
	{"If-Match ignored by PATCH", asked(func(r *http.Request, body string) string {
		if r.Method == http.MethodPatch {
			r.Header.Del("If-Match")
		}
		return body
	}), rfc("7644-3.14-10")},
	{"remove of all", replaced("PATCH", `members[value eq `, `members[value ne `), append(rfc("7643-4.2-03"), "okta/okta-group-remove-and-add-member")},
	{"before", refuse(http.StatusForbidden, func(r *http.Request) bool { return r.Method == http.MethodPatch }),
		[]string{"generic/generic-password-never-readable"}},
	{"then_get_on_error", also(func(r *http.Request) string {
		if strings.Contains(string(bodyOf(r)), "Update") {
			return `{"op": "replace", "path": "active", "value": false}`
		}
		return ""
	}), []string{"gitlab/gitlab-patch-op-update"}},
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}

// also does another PATCH before the one that was sent.
func also(operations func(r *http.Request) string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPatch {
				if first := operations(r); first != "" {
					other := httptest.NewRequestWithContext(r.Context(), http.MethodPatch, r.URL.Path, strings.NewReader(patchOp(first)))
					other.Header = r.Header
					next.ServeHTTP(httptest.NewRecorder(), other)
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}
