package errors

import (
	"reflect"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
)

// TagName returns the attribute's name on the wire (RFC 7643 section 2.1), which is its json name, for
// the RegisterTagNameFunc of a validator of one's own: its errors then carry
// SCIM paths that [From] shows to the client. It is "" for a field that has no
// json name or is left out with "-"; the validator then falls back to the Go name.
// From leaves the names of embedded structs, which JSON does not show, out of the
// path; so does the validator itself with WithTagNameFuncBlankOmit.
//
//	v := validator.New(validator.WithRequiredStructEnabled())
//	v.RegisterTagNameFunc(scimerrors.TagName)
func TagName(field reflect.StructField) string {
	tag := field.Tag.Get("json")
	if tag == "-" {
		return ""
	}
	name, _, _ := strings.Cut(tag, ",")
	return name
}

// fromValidator makes one message of validator's errors, nil if there are none.
func fromValidator(faults validator.ValidationErrors) *Error {
	list := make(List, 0, len(faults))
	for _, f := range faults {
		if absent(f) {
			continue
		}
		e := New(InvalidValue, "%s", reason(f))
		e.Path = fieldPath(f.Namespace(), f.StructNamespace())
		list = append(list, e)
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	default:
		return list.merge(nil)
	}
}

// fieldPath turns validator's namespace, User.emails[0].value, into a SCIM path.
// structNS is the same in Go names, User.Emails[0].Value. It tells where a URN,
// which has dots of its own, ends; which leading name is that of the struct type
// (an anonymous one has none); and which names are embedded structs, which do not
// exist in JSON: they alone keep their Go name when [TagName] is registered.
func fieldPath(ns, structNS string) string {
	goNames := segments(structNS)
	total := len(goNames)
	if structNS == "" {
		total = -1
	}
	names := splitURN(segments(ns), total)
	aligned := len(names) == len(goNames) && ns != structNS
	path := make([]string, 0, len(names))
	for i, name := range names {
		last := i == len(names)-1
		switch {
		case i == 0 && !last && name == goNames[0] && !strings.HasPrefix(name, "["):
			continue // the struct type
		case i > 0 && !last && aligned && name == goNames[i] && exported(name):
			continue // an embedded struct
		}
		path = append(path, name)
	}
	return joinPath(path)
}

// exported reports a plain Go name with a capital, no index behind it.
func exported(name string) bool {
	return name != "" && name[0] >= 'A' && name[0] <= 'Z' && !strings.HasSuffix(name, "]")
}

// segments splits a namespace at its dots, but not inside brackets: there stand
// map keys and the type arguments of generic structs.
func segments(ns string) []string {
	var list []string
	depth, start := 0, 0
	for i := range len(ns) {
		switch ns[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '.':
			if depth == 0 {
				list = append(list, ns[start:i])
				start = i + 1
			}
		}
	}
	if depth != 0 {
		return strings.Split(ns, ".")
	}
	return append(list, ns[start:])
}

// splitURN puts a schema URN, which segments has cut at the dots of its version
// number, together again. total is the number of segments there should be, or
// negative if unknown; then the URN ends with the segment of its last colon.
func splitURN(names []string, total int) []string {
	first, last := -1, -1
	for i, name := range names {
		if first < 0 && isURN(name) {
			first = i
		}
		if first >= 0 && strings.Contains(name, ":") && !strings.Contains(name, "[") {
			last = i
		}
	}
	if first < 0 {
		return names
	}
	tail := len(names) - 1 - max(last, first)
	if total > first {
		tail = min(tail, total-first-1)
	}
	end := len(names) - tail
	return slices.Concat(names[:first], []string{strings.Join(names[first:end], ".")}, names[end:])
}

// joinPath writes names as a SCIM path: a colon after a URN, otherwise dots.
func joinPath(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			if isURN(names[i-1]) {
				b.WriteByte(':')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteString(name)
	}
	return b.String()
}

// isURN reports whether name begins like a schema URN.
func isURN(name string) bool {
	return len(name) > 4 && strings.EqualFold(name[:4], "urn:")
}
