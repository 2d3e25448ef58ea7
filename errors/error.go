package errors

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// URN is the schema of the Error message (RFC 7644 section 3.12).
const URN = "urn:ietf:params:scim:api:messages:2.0:Error"

// Error is one fault: a Go error and the SCIM Error message of RFC 7644
// section 3.12 in one. Status, Type and Detail are the message; the other fields
// never reach the body. Values are treated as read-only once returned, so a
// package-level *Error may serve as a sentinel for errors.Is.
//
// [Append] and [Write] put it on the wire. encoding/json writes its members too,
// but not schemas, and not the path in front of the detail.
type Error struct {
	// Status is the HTTP status, of the response as well as in the body. 0
	// follows from Type, or is 500 where there is no Type either.
	Status int `json:"status,string"`
	// Type is the scimType; empty where none of the words fits, as for 404.
	Type Type `json:"scimType,omitempty"`
	// Detail is a sentence for people. It is shown to the client, so it must not
	// repeat secrets.
	Detail string `json:"detail,omitempty"`
	// Path says which attribute is at fault (emails[2].type). On the wire it
	// stands in front of the detail.
	Path string `json:"-"`
	// Header holds response headers that belong to the fault, such as
	// WWW-Authenticate for a 401, ETag for a 304 or Retry-After for a 503.
	Header http.Header `json:"-"`
	// Err is the cause, for the log only.
	Err error `json:"-"`
}

// New returns an Error of the given scimType (RFC 7644 section 3.12) and the status implied by it (see
// [Type.Status]), its Detail formatted as fmt.Sprintf does. Without args the
// format is the detail as it stands, percent signs included.
//
// An error formatted by %w becomes Err and is not printed: the detail is what
// the caller wrote around it, without colons and blanks left dangling at the end.
// With %v its text would go to the client. Several %w are joined.
func New(t Type, format string, args ...any) *Error {
	detail, cause := text(format, args)
	return &Error{Status: t.Status(), Type: t, Detail: detail, Err: cause}
}

// Status returns an Error with an HTTP status and no scimType, for the faults
// RFC 7644 has no word for: 401, 404, 412, 413, 501 and so on. The detail is
// formatted as by [New].
func Status(code int, format string, args ...any) *Error {
	detail, cause := text(format, args)
	return &Error{Status: code, Detail: detail, Err: cause}
}

// Error returns path, detail and scimType (or status), then the cause. It is
// meant for logs; the client is sent [Append] of the error, which holds no cause.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	kind := string(e.Type)
	if kind == "" && e.Status != 0 {
		kind = strconv.Itoa(e.Status)
	}
	s := e.wire()
	switch {
	case s == "" && kind == "":
		s = "unknown error"
	case s == "" && e.Type == "":
		s = strings.TrimSpace(kind + " " + http.StatusText(e.Status))
	case s == "":
		s = kind
	case kind != "":
		s += " (" + kind + ")"
	}
	if !absent(e.Err) {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// Is reports whether target is the scimType of e, or e itself. errors.Is calls
// it and then goes on to the cause.
func (e *Error) Is(target error) bool {
	if e == nil {
		return false
	}
	switch target := target.(type) {
	case Type:
		return target != "" && target == e.Type
	case *Error:
		return target == e
	default:
		return false
	}
}

// wire is the detail as the client sees it, led by the path.
func (e *Error) wire() string {
	switch {
	case e.Path == "":
		return e.Detail
	case e.Detail == "":
		return e.Path
	default:
		return e.Path + ": " + e.Detail
	}
}

// status is the HTTP status of e, filled in where it is missing or no status at all.
func (e *Error) status() int {
	switch {
	case e.Status >= 100 && e.Status <= 599:
		return e.Status
	case e.Type != "":
		return e.Type.Status()
	default:
		return http.StatusInternalServerError
	}
}

// wrapped stands for an argument while fmt finds out which ones %w takes, and
// then in its place: it prints nothing.
type wrapped struct{ err error }

// Error implements error, which %w insists on.
func (*wrapped) Error() string { return "" }

// text formats a detail and returns the cause apart from it. args is not passed
// on as a variadic list on purpose: go vet would take New for a printf function
// and refuse the literal detail that New allows.
func text(format string, args []any) (detail string, cause error) {
	if len(args) == 0 {
		return format, nil
	}
	marks := make([]any, len(args))
	for i, arg := range args {
		marks[i] = arg
		if err, ok := arg.(error); ok || arg == nil {
			marks[i] = &wrapped{err}
		}
	}
	taken := make(map[error]bool)
	switch probe := fmt.Errorf(format, marks...).(type) { //nolint:errorlint // what fmt itself has wrapped
	case interface{ Unwrap() error }:
		taken[probe.Unwrap()] = true
	case interface{ Unwrap() []error }:
		for _, err := range probe.Unwrap() {
			taken[err] = true
		}
	}
	if len(taken) == 0 {
		return fmt.Sprintf(format, args...), nil
	}
	var found []error
	for i, mark := range marks {
		if w, ok := mark.(*wrapped); !ok || !taken[w] {
			marks[i] = args[i]
		} else if w.err != nil {
			found = append(found, w.err)
		}
	}
	detail = strings.TrimRight(fmt.Errorf(format, marks...).Error(), ": ")
	if len(found) == 1 {
		return detail, found[0]
	}
	return detail, errors.Join(found...)
}
