package etag

import (
	"net/http"
	"strings"

	"github.com/scimmodels/scim/errors"
)

// Check evaluates the preconditions of a request for a resource that exists and has the given version, mostly its
// Meta.Version. It returns nil where the request may go on, otherwise an *errors.Error for errors.Write of this module:
//
//   - 412, on any method, if there is an If-Match that does not match (RFC 7644 section 3.14; DELETE is no exception);
//   - then, if there is an If-None-Match that matches, 304 with the version as ETag on GET and HEAD, 412 on other
//     methods (RFC 9110 section 13.2.2).
//
// Each header matches as described at [Match]. If-Match without any tag matches nothing and is 412, If-None-Match without any is
// ignored.
//
// The version "" says that none are kept. Then no tag matches, since none was ever given out: a request that insists on
// a version is refused (412) rather than carried out without the protection its client counts on. The * still matches,
// for it asks only whether the resource exists, and a 304 has no ETag. A version that is no well-formed tag counts as "".
func Check(r *http.Request, version string) error {
	if lines := r.Header.Values("If-Match"); len(lines) > 0 && !match(lines, version) {
		return errors.Status(http.StatusPreconditionFailed, "the resource does not have the version that If-Match asks for; read it and try again")
	}
	lines := r.Header.Values("If-None-Match")
	if len(lines) == 0 || !match(lines, version) {
		return nil
	}
	switch r.Method {
	case "", http.MethodGet, http.MethodHead: // "" is GET in requests that net/http has not read
		e := errors.Status(http.StatusNotModified, "the resource has the version that the client knows")
		if _, ok := opaque(version); ok {
			e.Header = http.Header{"Etag": {version}}
		}
		return e
	}
	return errors.Status(http.StatusPreconditionFailed, "the resource exists in a version that If-None-Match excludes")
}

// Match says whether the value of an If-Match header, or the version of an operation in a bulk request (RFC 7644 section
// 3.7), applies to a resource of the given version. The value is a list of tags, one of which must be the version, strong or weak:
// W/"a" matches "a" and W/"a". Or it is * alone, which matches every version.
//
// Malformed tags, such as a, w/"a" or * beside others, match nothing and leave the rest of the list alone; so do empty elements.
// Commas between quotes belong to the tag. An empty value matches nothing.
func Match(value, version string) bool {
	return match([]string{value}, version)
}

// match is Match for all lines of a header. It takes time linear in their length and allocates nothing.
func match(lines []string, version string) bool {
	want, ok := opaque(version)
	elements, star := 0, false
	for _, line := range lines {
		for line != "" {
			var element string
			if element, line = cut(line); element == "" {
				continue
			}
			// What equals a well-formed tag is well-formed itself. RFC 9110 section 8.8.3.2: weak comparison.
			if ok && strings.TrimPrefix(element, weak) == want {
				return true
			}
			elements++
			star = star || element == "*"
		}
	}
	return star && elements == 1
}

// weak is case-sensitive: RFC 9110 section 8.8.3.
const weak = "W/"

// opaque is the part of a tag that is compared, with its quotes. It is not ok if the tag is malformed.
func opaque(tag string) (s string, ok bool) {
	s = strings.TrimPrefix(tag, weak)
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", false
	}
	for i := 1; i < len(s)-1; i++ {
		if c := s[i]; c <= ' ' || c == '"' || c == 0x7f {
			return "", false
		}
	}
	return s, true
}

// cut takes the first element off a list, without the blanks around it. A comma between quotes does not end it.
func cut(list string) (element, rest string) {
	quoted := false
	for i := range len(list) {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			return strings.Trim(list[:i], " \t"), list[i+1:]
		}
	}
	return strings.Trim(list, " \t"), ""
}
