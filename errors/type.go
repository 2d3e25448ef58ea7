package errors

import "net/http"

// Type is a scimType, the keyword of RFC 7644 section 3.12, table 9, and of
// RFC 9865 section 2.1. It is an error itself, so that errors.Is(err,
// [Uniqueness]) tells one fault from another. A server may send words not
// listed here; [Parse] keeps them. The zero Type means that there is none.
type Type string

// The scimTypes. Each stands for 400, except Uniqueness (409) and Sensitive (403).
const (
	// InvalidFilter: a filter is malformed, or compares what cannot be compared.
	InvalidFilter Type = "invalidFilter"
	// TooMany: a query would yield more than the server is willing to work through.
	TooMany Type = "tooMany"
	// Uniqueness: a value that must be unique is taken or reserved (409).
	Uniqueness Type = "uniqueness"
	// Mutability: the change does not fit the attribute's mutability or its present state.
	Mutability Type = "mutability"
	// InvalidSyntax: the body is not JSON, or not the message that was expected.
	InvalidSyntax Type = "invalidSyntax"
	// InvalidPath: the path of a PATCH operation is malformed or names nothing known.
	InvalidPath Type = "invalidPath"
	// NoTarget: the path of a PATCH operation selects no value that could be changed.
	NoTarget Type = "noTarget"
	// InvalidValue: a required value is missing, or a value does not fit its attribute.
	InvalidValue Type = "invalidValue"
	// InvalidVers: the protocol version in the URL is not supported (RFC 7644 section 3.13).
	InvalidVers Type = "invalidVers"
	// Sensitive: the request would put personal data into a URL (403, RFC 7644
	// section 7.5.2 with erratum 6893).
	Sensitive Type = "sensitive"
	// InvalidCursor: the cursor is none this server gave out, or belongs to another query (RFC 9865).
	InvalidCursor Type = "invalidCursor"
	// ExpiredCursor: the cursor was valid once (RFC 9865).
	ExpiredCursor Type = "expiredCursor"
	// InvalidCount: the count changed between pages, or is not acceptable with a cursor (RFC 9865).
	InvalidCount Type = "invalidCount"
)

// Error returns the word itself, as it stands in the message.
func (t Type) Error() string { return string(t) }

// Status returns the HTTP status that goes with t: 409 for [Uniqueness], 403
// for [Sensitive] and 400 for all others, words unknown to this package included
// (RFC 7644 section 3.12).
func (t Type) Status() int {
	switch t {
	case Uniqueness:
		return http.StatusConflict
	case Sensitive:
		return http.StatusForbidden
	default:
		return http.StatusBadRequest
	}
}

// describe is the detail of a Type that was returned without a word of its own.
func (t Type) describe() string {
	switch t {
	case InvalidFilter:
		return "the filter is malformed or cannot be applied"
	case TooMany:
		return "the query matches too many resources; narrow it with a filter"
	case Uniqueness:
		return "a value that must be unique is already in use"
	case Mutability:
		return "the attribute cannot be changed in this way"
	case InvalidSyntax:
		return "the request is not a well-formed SCIM message"
	case InvalidPath:
		return "the path is malformed or names no known attribute"
	case NoTarget:
		return "the path selects no value"
	case InvalidValue:
		return "a value is missing or does not fit its attribute"
	case InvalidVers:
		return "the SCIM protocol version is not supported; use v2"
	case Sensitive:
		return "the request would carry personal data in its URL; send it with POST to .search"
	case InvalidCursor:
		return "the cursor is not valid; start again without one"
	case ExpiredCursor:
		return "the cursor has expired; start again without one"
	case InvalidCount:
		return "the count is not acceptable with this cursor; send that of the first page"
	default:
		return ""
	}
}
