package errors

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
)

// From returns what a client may see of err. It is nil only for a nil error.
//
//   - An [*Error], however deeply wrapped, is returned itself, or as a copy where
//     the status had to be filled in. The text of the wrapping is not shown.
//   - A [List], or several *Error joined by errors.Join, becomes one message with
//     the status and scimType of the first and all details, capped at 8 KB.
//   - A [Type] gets its status and a general detail.
//   - validator.ValidationErrors becomes 400 invalidValue with SCIM paths (see
//     [TagName]) and reasons (see [Reason]), never values.
//   - *http.MaxBytesError becomes 413.
//   - The errors of encoding/json become 400: *json.SyntaxError,
//     io.ErrUnexpectedEOF and a bare io.EOF (an empty body) invalidSyntax,
//     *json.UnmarshalTypeError invalidValue. A service that decodes JSON of its
//     own, from a database say, wraps such a failure in [Status] 500.
//   - context.Canceled and context.DeadlineExceeded become 503.
//   - Anything else, typed nil pointers and empty lists included, becomes a 500 that
//     says nothing but "internal server error".
//
// Where err holds several of these the first kind above wins. Except for an
// *Error found in it, the result wraps err. See RFC 7644 section 3.12.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	if own := collect(nil, err); len(own) == 1 {
		return own[0].complete()
	} else if len(own) > 1 {
		return own.merge(err)
	}
	if t, _ := find[Type](err); t != "" {
		return &Error{Status: t.Status(), Type: t, Detail: t.describe(), Err: err}
	}
	if e := fromForeign(err); e != nil {
		e.Err = err
		return e
	}
	return &Error{Status: http.StatusInternalServerError, Detail: "internal server error", Err: err}
}

// complete is e with its status filled in; e itself is never changed.
func (e *Error) complete() *Error {
	if e.status() == e.Status {
		return e
	}
	filled := *e
	filled.Status = e.status()
	return &filled
}

// collect appends the outermost Errors of err's tree, in order. errors.As would
// stop at the first, and at a nil pointer of the right type.
func collect(dst List, err error) List {
	if absent(err) {
		return dst
	}
	if list, ok := err.(List); ok { //nolint:errorlint // this walks the tree
		return append(dst, list.known()...)
	}
	if e, ok := as[*Error](err); ok {
		return append(dst, e)
	}
	for _, cause := range causes(err) {
		dst = collect(dst, cause)
	}
	return dst
}

// find is errors.As, except that it stays clear of nil pointers.
func find[T error](err error) (found T, ok bool) {
	if absent(err) {
		return found, false
	}
	if found, ok = as[T](err); ok {
		return found, true
	}
	for _, cause := range causes(err) {
		if found, ok = find[T](cause); ok {
			return found, true
		}
	}
	return found, false
}

// holds is errors.Is, except that it stays clear of nil pointers. The type of
// target must be comparable.
func holds(err, target error) bool {
	if absent(err) {
		return false
	}
	if err == target { //nolint:errorlint // this is errors.Is
		return true
	}
	if x, ok := err.(interface{ Is(target error) bool }); ok && x.Is(target) {
		return true
	}
	return slices.ContainsFunc(causes(err), func(cause error) bool { return holds(cause, target) })
}

// as reports whether err itself is a T, or says that it can pass for one.
func as[T error](err error) (found T, ok bool) {
	if found, ok = err.(T); ok { //nolint:errorlint // the callers walk the tree
		return found, true
	}
	if x, can := err.(interface{ As(target any) bool }); can && x.As(&found) && !absent(found) {
		return found, true
	}
	var none T
	return none, false
}

// causes are the errors that err wraps directly.
func causes(err error) []error {
	switch x := err.(type) { //nolint:errorlint // the callers walk the tree
	case interface{ Unwrap() error }:
		return []error{x.Unwrap()}
	case interface{ Unwrap() []error }:
		return x.Unwrap()
	default:
		return nil
	}
}

// absent reports a nil error or a nil pointer in one, whose methods may panic.
func absent(err error) bool {
	if err == nil {
		return true
	}
	v := reflect.ValueOf(err)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// fromForeign translates the errors of other packages, nil if err is none of them.
func fromForeign(err error) *Error {
	if faults, ok := find[validator.ValidationErrors](err); ok {
		if e := fromValidator(faults); e != nil {
			return e
		}
	}
	if tooLarge, ok := find[*http.MaxBytesError](err); ok {
		return Status(http.StatusRequestEntityTooLarge, "the body is larger than the limit of %d bytes", tooLarge.Limit)
	}
	if e := fromJSON(err); e != nil {
		return e
	}
	switch {
	case holds(err, context.DeadlineExceeded):
		return Status(http.StatusServiceUnavailable, "the request took too long; try again later")
	case holds(err, context.Canceled):
		return Status(http.StatusServiceUnavailable, "the request was cancelled")
	default:
		return nil
	}
}

// fromJSON translates the errors a body read with encoding/json can give.
func fromJSON(err error) *Error {
	if syntax, ok := find[*json.SyntaxError](err); ok {
		return New(InvalidSyntax, "the body is not valid JSON (near byte %d)", syntax.Offset)
	}
	if mismatch, ok := find[*json.UnmarshalTypeError](err); ok {
		e := New(InvalidValue, "must be %s, not %s", wanted(mismatch.Type), given(mismatch.Value))
		e.Path = joinPath(splitURN(segments(mismatch.Field), -1))
		return e
	}
	switch {
	case holds(err, io.ErrUnexpectedEOF):
		return New(InvalidSyntax, "the body ends too early: its JSON is incomplete")
	case err == io.EOF: //nolint:errorlint // a wrapped io.EOF comes from some other reader than the body
		return New(InvalidSyntax, "the body is empty; it must be a JSON object")
	default:
		return nil
	}
}

// wanted names the JSON form of a Go type.
func wanted(t reflect.Type) string {
	if t == nil {
		return "of another type"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "an integer"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "a base64 string"
		}
		return "an array"
	case reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		if t.PkgPath() == "time" {
			return "a string"
		}
		return "an object"
	default:
		return "of another type"
	}
}

// given names what stood there. encoding/json adds the literal to a number
// ("number 1e9"), which is not repeated.
func given(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	switch kind {
	case "string", "number":
		return "a " + kind
	case "bool", "boolean":
		return "a boolean"
	case "array", "object":
		return "an " + kind
	case "null":
		return kind
	default:
		return "what was sent"
	}
}
