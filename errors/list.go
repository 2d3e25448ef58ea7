package errors

import (
	"slices"
	"strconv"
	"strings"
)

// maxDetail bounds the detail of a List in bytes: a client shows or logs it.
const maxDetail = 8 << 10

// List holds the faults of one request in document order. As one message (see
// [From]) it has the status and scimType of the first and the details of all
// (RFC 7644 section 3.12 allows one Error per response).
type List []*Error

// Err returns nil for an empty list, the error itself where there is only one,
// and otherwise the list. Use it to return a List as an error, since an empty
// List in an error is not nil. Nil elements do not count.
func (l List) Err() error {
	l = l.known()
	switch len(l) {
	case 0:
		return nil
	case 1:
		return l[0]
	default:
		return l
	}
}

// Error returns all faults with their causes, separated by semicolons: the text
// for the log.
func (l List) Error() string {
	l = l.known()
	if len(l) == 0 {
		return "no errors"
	}
	var b strings.Builder
	for i, e := range l {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(e.Error())
	}
	return b.String()
}

// Unwrap returns the faults, so that errors.Is and errors.As look at each.
func (l List) Unwrap() []error {
	l = l.known()
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// known is l without nil elements.
func (l List) known() List {
	if !slices.Contains(l, nil) {
		return l
	}
	return slices.DeleteFunc(slices.Clone(l), func(e *Error) bool { return e == nil })
}

// merge makes one message of several faults; l has at least one element and none is nil.
func (l List) merge(cause error) *Error {
	first := l[0]
	return &Error{Status: first.status(), Type: first.Type, Detail: l.detail(), Header: first.Header, Err: cause}
}

// detail joins what the faults say. What does not fit into maxDetail is counted.
func (l List) detail() string {
	const room = len("; and ") + 19 + len(" more")
	var b strings.Builder
	for i, e := range l {
		s := e.wire()
		if s == "" {
			s = string(e.Type)
		}
		if s == "" {
			s = "status " + strconv.Itoa(e.status())
		}
		if i > 0 {
			s = "; " + s
		}
		if b.Len()+len(s) > maxDetail-room {
			if i > 0 {
				b.WriteString("; and " + strconv.Itoa(len(l)-i) + " more")
				break
			}
			s = strings.ToValidUTF8(s[:maxDetail/2], "") + "..."
		}
		b.WriteString(s)
	}
	return b.String()
}
