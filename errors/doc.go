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
// # The scimTypes
//
// The words of RFC 7644 table 9, RFC 7644 section 7.5.2 (erratum 6893) and RFC 9865 section 2.1. Those that this module returns by
// itself name the verb; the others are for handlers and stores.
//
//	scimType       status  when                                          returned by
//	invalidFilter  400     a filter is malformed, names no attribute     filter.Parse, Compile, Elements, SQL, and ParsePath between
//	                       under Strict, or compares what it cannot      brackets; resource.ParseQuery, List, Validate, Get
//	tooMany        400     more work than the server is willing to do    patch.Apply, operations times list elements;
//	                                                                     Cursors.Seal, a key too long; a store, too many results
//	uniqueness     409     a value that must be unique is taken          a store
//	mutability     400     readOnly, set immutable or required values    resource.Validate of a PUT or PATCH, Check of a PUT,
//	                       are changed or removed                        patch.Apply, Diff
//	invalidSyntax  400     no JSON, or not the message expected          resource.Validate, Read, ParseBulk, Set; Parse; schema.Load
//	invalidPath    400     a path is malformed or names nothing          filter.ParsePath; resource.Validate of a PATCH, Get, Set
//	noTarget       400     a PATCH removes without path, or its path     resource.Validate of a PATCH, patch.Apply
//	                       selects no value
//	invalidValue   400     a value is missing or does not fit            resource.Validate, Check, ParseQuery, List, Set, StructOf;
//	                                                                     RunBulk; patch.Apply; filter.CompileOrder; schema.Load; Parse
//	invalidVers    400     the version in the URL is not supported       a router
//	sensitive      403     personal data would get into a URL            a handler
//	invalidCursor  400     a cursor is forged or of another query        resource.ParseQuery, Validate of a query, List, Cursors.Open;
//	                                                                     Order.After, Seek of package filter
//	expiredCursor  400     a cursor is too old                           resource.List, Cursors.Open
//	invalidCount   400     count changes between pages or is too great   resource.List, Cursors.Open; under Strict and MaxResults
//	                                                                     also ParseQuery and Validate of a query
//
// Without a scimType there are 304 and 412 of etag.Check, 409 of a circle in a bulk request, 413 of resource.Read, ParseBulk, Parse and of a
// PATCH with more than 10,000 changes, 415 of resource.Read, 500 of resource.Marshal and Write, and the 413, 500 and 503 of From.
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
