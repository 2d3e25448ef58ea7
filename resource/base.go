// Package resource has the SCIM models of RFC 7643, the messages of RFC 7644, and the verbs that read and write them.
//
// Models are plain structs. The zero value of a field means that the attribute is unassigned (RFC 7643 section 2.5);
// optional booleans and numbers are therefore pointers.
//
// # Reading
//
// [Read] reads the body of a request up to a limit, [Validate] makes a checked struct of it: a resource, a [PatchOp], a [SearchRequest] or any
// other message. The [Context] says what kind of message it is, and thereby which attributes are demanded, dropped or refused. [ParseQuery] reads
// the parameters of a URL, [ParseBulk] a bulk request, which [RunBulk] carries out. [Check] applies the rules of a context to a struct in memory.
// All faults are reported at once, as an *errors.Error or errors.List that errors.Write answers with.
//
// # Writing
//
// [Write] answers a request with a resource or message and the headers that belong to it, [NoContent] without a body. [Marshal] and [Append] make
// the bytes alone. A [SearchRequest] among the options chooses attributes; [Locate] fills in meta.location and $ref.
//
// # Lists
//
// [List] filters, sorts and pages resources in memory, [ListOf] those of several types. [Page] makes the answer of what a store has chosen.
//
// # Options
//
// An [Option] changes one call. Departures of known clients from the RFCs are put right unless [Strict] or [Tolerate] says otherwise (see [Tolerance]);
// [Repairs] lists them. [Require] and [RejectUnknown] ask for more than the RFCs do.
//
// # Cursors
//
// A service that pages by cursor (RFC 9865) makes [Cursors] once, with the timeout that it announces in [PaginationConfig]. The
// handler of a query opens the cursor that it was sent, asks its store for what comes behind that place, and seals the place
// where the page ends. With a store that sorts by filter.Order it looks like this; the order ends in id, so that no two resources
// have the same place:
//
//	q, err := resource.ParseQuery(r.URL.Query(), resource.MaxResults(100)) // 400 invalidCursor
//	...
//	last, err := cursors.Open(q, "/Users", caller) // 400 invalidCursor, expiredCursor, invalidCount
//	...
//	order, err := filter.CompileOrder[User](q.SortBy, q.SortOrder)
//	...
//	if last != nil {
//		where, args, err = order.After(dialect, last, args) // order.Seek for resources in memory
//		...
//	}
//	_, limit := q.Page(100)
//	users, total, err := store.find(ctx, where, args, limit+1) // one more tells whether a page follows
//	...
//	list := resource.Page(q, users[:min(limit, len(users))], total)
//	if q.Cursor != nil && limit > 0 && len(users) > limit {
//		list.NextCursor, err = cursors.Seal(q, order.Key(users[limit-1]), "/Users", caller)
//		...
//	}
//
// caller stands for whose request it is: a cursor is of no use to anybody else, and each page is authorised anew. [List] and
// [ListOf] do the same with [Paging]. Cursors keep no state in the service, so none has to be limited, and they survive its restart if
// the keys do.
package resource

import "github.com/scimmodels/scim/schema"

// Resource has the common attributes; every resource type embeds it (RFC 7643 section 3.1).
type Resource = schema.Resource

// Extension is embedded by every schema extension (RFC 7643 section 3.3).
type Extension = schema.Extension

// Meta is what the service provider records about a resource (RFC 7643 section 3.1).
type Meta = schema.Meta
