package scimtest

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// faults are the departures from what is true of every answer, whatever was asked. allowed are the statuses that the
// test has named: a 5xx is only right where it is one of them.
func (a *answer) faults(allowed []int) []string {
	if a.status >= 500 && !slices.Contains(allowed, a.status) {
		return []string{"a server never fails with 5xx over what a client sends"}
	}
	if a.status == http.StatusNoContent || a.status == http.StatusNotModified { // RFC 9110 sections 15.3.5 and 15.4.5
		if len(a.body) > 0 {
			return []string{fmt.Sprintf("an answer with status %d has no body", a.status)}
		}
		return nil
	}
	if a.request.Method == http.MethodHead {
		return nil
	}
	if len(a.body) == 0 {
		return a.bodiless()
	}
	var faults []string
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || media != resource.MediaType {
		faults = append(faults, "the media type of an answer is "+resource.MediaType+" (RFC 7644 section 8.1)")
	}
	if a.fault != nil {
		return append(faults, "the body is a JSON document (RFC 7644 section 3.8): "+a.fault.Error())
	}
	if where := password(a.doc, ""); where != "" {
		faults = append(faults, "a password never comes back (RFC 7643 section 4.1.1), and here is "+where)
	}
	switch {
	case a.status >= 400:
		return append(faults, a.errorFaults()...)
	case a.status/100 == 2:
		return append(faults, a.resourceFaults()...)
	}
	return faults
}

// bodiless is about answers without a body that should have one.
func (a *answer) bodiless() []string {
	switch {
	case a.status >= 400:
		return []string{"an error is explained by a body (RFC 7644 section 3.12)"}
	case a.status == http.StatusOK, a.status == http.StatusCreated:
		return []string{"200 and 201 come with the resource (RFC 7644 sections 3.3 to 3.5)"}
	}
	return nil
}

// errorFaults are those of an error (RFC 7644 section 3.12).
func (a *answer) errorFaults() []string {
	if !slices.Contains(list(a.doc, "schemas"), any(scimerrors.URN)) {
		return []string{"the body of an error is a SCIM Error with the schema " + scimerrors.URN + " (RFC 7644 section 3.12)"}
	}
	if want := strconv.Itoa(a.status); at(a.doc, "status") != want {
		return []string{fmt.Sprintf("the status of a SCIM Error is the HTTP status as a JSON string, %q (RFC 7644 section 3.12)", want)}
	}
	return nil
}

// resourceFaults are those of users and groups, alone or in a list (RFC 7643 section 3.1).
func (a *answer) resourceFaults() []string {
	path, query, _ := strings.Cut(strings.Trim(a.request.Path, "/"), "?")
	endpoint, rest, _ := strings.Cut(path, "/")
	kind := map[string]string{"Users": "User", "Groups": "Group", "": "any", ".search": "any"}[endpoint]
	if kind == "" {
		return nil
	}
	meta := a.wantsMeta(query)
	if rest == ".search" || kind == "any" || rest == "" && a.request.Method == http.MethodGet {
		var faults []string
		for i, r := range list(a.doc, "Resources") {
			for _, fault := range commonFaults(r, kind, meta) {
				faults = append(faults, fmt.Sprintf("Resources[%d]: %s", i, fault))
			}
		}
		return faults
	}
	return commonFaults(a.doc, kind, meta)
}

func commonFaults(r any, kind string, meta bool) []string {
	var faults []string
	if text(r, "id") == "" {
		faults = append(faults, "every resource has an id, which is a string (RFC 7643 section 3.1)")
	}
	if len(list(r, "schemas")) == 0 {
		faults = append(faults, "every resource lists its schemas (RFC 7643 section 3)")
	}
	switch got := text(r, "meta", "resourceType"); {
	case got == "" && meta:
		faults = append(faults, "every resource has meta.resourceType (RFC 7643 section 3.1)")
	case got != "" && kind != "any" && got != kind:
		faults = append(faults, fmt.Sprintf("meta.resourceType of this endpoint is %q (RFC 7643 section 3.1)", kind))
	}
	return faults
}

// wantsMeta says whether meta.resourceType has to be there: attributes and excludedAttributes may leave it out.
func (a *answer) wantsMeta(query string) bool {
	values, _ := url.ParseQuery(query) // what can be read will do
	names, not := values["attributes"], values["excludedAttributes"]
	if strings.Contains(a.request.Path, "/.search") {
		body, _ := decode(a.request.Body) // the same
		names, not = asStrings(list(body, "attributes")), asStrings(list(body, "excludedAttributes"))
	}
	return (len(split(names)) == 0 || hasMeta(split(names))) && !hasMeta(split(not))
}

func hasMeta(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return strings.EqualFold(name, "meta") || strings.EqualFold(name, "meta.resourceType")
	})
}

func split(lists []string) (names []string) {
	for _, l := range lists {
		for name := range strings.SplitSeq(l, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func asStrings(values []any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i], _ = v.(string)
	}
	return out
}

// password finds a member of that name, however deep; "" when there is none.
func password(doc any, path string) string {
	switch doc := doc.(type) {
	case map[string]any:
		for name, v := range doc {
			if strings.EqualFold(name, "password") {
				return strings.TrimPrefix(path+"."+name, ".")
			}
			if found := password(v, path+"."+name); found != "" {
				return found
			}
		}
	case []any:
		for i, v := range doc {
			if found := password(v, fmt.Sprintf("%s[%d]", path, i)); found != "" {
				return found
			}
		}
	}
	return ""
}
