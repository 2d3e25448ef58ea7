// Package errors holds the SCIM Error message of RFC 7644 section 3.12, which is
// at the same time the one Go error type of this module.
//
// Import it under another name, since its own hides the standard library's:
//
//	import scimerrors "github.com/scimmodels/scim/errors"
//
// # Saying what is wrong
//
// A handler or a store returns [New] for the faults that have a scimType and
// [Status] for those that have only an HTTP status:
//
//	return scimerrors.New(scimerrors.Uniqueness, "userName %q is taken", name)
//	return scimerrors.Status(http.StatusNotFound, "no user %s", id)
//
// A scimType is an error by itself, to be compared with and, where there is
// nothing to add, to be returned or wrapped:
//
//	if errors.Is(err, scimerrors.Uniqueness) { ... }
//
// # What a client sees
//
// [From] decides what of any Go error may leave the server, [Write] sends it and
// [Append] gives the bytes for a bulk response. Only Status, Type, Path and Detail
// are ever written; Err, the cause, is for errors.Is, errors.As and the operator's
// log ([Error.Error] prints it). An error this package does not know becomes a
// bare 500 of which not a word is shown.
//
// Several faults are a [List] and leave as one message, since a response holds
// exactly one Error (RFC 7644 section 3.12).
//
// # A validator of one's own
//
// From understands the errors of github.com/go-playground/validator/v10. Registered
// with RegisterTagNameFunc, [TagName] makes it report SCIM paths.
//
// A client reads a server's answer with [Parse].
package errors
