// Package scim is the root of a SCIM 2.0 library (RFC 7643 and RFC 7644 with their errata, RFC 9865): models of users, groups and
// messages, checks of what clients send, answers that hold what the protocol allows, and /Schemas made from struct tags.
//
// The library is embedded in a service that has its own router and store. It starts no goroutine, opens no file and keeps no registry.
// This package has no code; the work is done by the packages beside it.
//
// # Packages
//
//   - resource: the models and messages; Validate and Check for what comes in, Marshal, Write and NoContent for what goes out, each in a
//     Context; Read and ParseQuery for net/http; List, ListOf and Page for queries; StructOf for types known at run time only;
//     tolerances and other Options
//   - schema: the schema a Go struct declares (For, All), those read from documents (Load), and what is served under /Schemas
//   - filter: filters, paths and sort orders: Parse and Format for the grammar, Compile and Match, CompileOrder and Compare for Go
//     values, SQL for databases
//   - patch: Apply carries out the operations of a PATCH, Changes tells what they change, Diff finds those that lead from one state to
//     another
//   - etag: versions of resources (Of, Weak) and the preconditions of requests (Check, Match)
//   - errors, imported as scimerrors: the SCIM error message, which is a Go error; From turns any error into it, Write answers with it
//   - resource/scimtest: tests any SCIM service with what identity providers send and the rules of the RFCs
//   - examples/quickstart, a module of its own: a service of users and groups in memory, to be run and read;
//     examples/okta, beside it, is an application with a database of its own that gains SCIM, and
//     examples/server a complete service provider for any resource types; examples/guides says step by step how to connect a
//     service, its tables, Okta and Entra ID
//
// A handler reads the body with resource.Read, checks it with resource.Validate in the context of the message, and answers with
// resource.Write or, on any error, with scimerrors.Write. A list begins with resource.ParseQuery and goes through resource.List; a PUT
// hands the stored resource to Validate by resource.Replacing, after etag.Check; a PATCH is a resource.PatchOp, which patch.Apply
// applies to the stored resource. resource.ParseBulk and resource.RunBulk take a bulk request apart for the same handlers.
//
// # Models
//
// A resource type is a struct that embeds resource.Resource (the common attributes) or a core type such as resource.User, and holds
// its extensions by pointer under their URN:
//
//	type User struct {
//		resource.User
//		Badge *Badge `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
//	}
//
//	type Badge struct {
//		resource.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User" description:"Door badge"`
//
//		Number string `json:"number,omitempty" scim:"caseExact,mutability=immutable" validate:"len=8,numeric" description:"Number on the badge."`
//	}
//
// A service that supports a part of User declares a type of its own with that part's attributes and the URN of the core schema
// (RFC 7644 section 3.1): see the Example of resource.User.
//
// # Tags
//
//   - json names the attribute, in the spelling of the schema
//   - scim holds its characteristics, separated by commas; what is left out has the default of RFC 7643 section 2.2: not required,
//     not caseExact, mutability readWrite, returned default, uniqueness none
//   - description is its text in /Schemas
//   - validate has extra rules for its value, in the language of validator/v10, run on assigned values where a resource is created,
//     replaced or changed
//
// A field that is not exported or has json:"-" is no attribute. An embedded struct without a scim tag, if it is no resource, lends its
// fields, as in encoding/json.
//
// The characteristics of RFC 7643 section 7:
//
//	required
//	caseExact
//	mutability=readWrite|readOnly|immutable|writeOnly    one of them
//	returned=default|always|request|never                one of them
//	uniqueness=none|server|global                        one of them
//	canonicalValues=work|home|other                      as many as there are
//	referenceTypes=User|Group|external|uri               makes a string a reference; names of resource types, external, uri
//
// caseExact belongs to strings; references and binary values have it anyway. uniqueness is not for bool, dateTime, binary and complex
// attributes, canonicalValues for strings only. A writeOnly attribute is never returned, whatever else is said.
//
// Words for what a schema document cannot say:
//
//	closed         values outside canonicalValues, which it needs, are refused; without caseExact their case does not count, and stays as sent
//	positive       integers below 1 are refused
//	unlisted       understood, but not part of the published schema
//	format=email   a string; also phone, language, locale, timezone, country: checked only under resource.Require
//	format=x509    a binary value that is one certificate: checked without being asked for
//
// In Storage none of them is checked. A backslash before a comma, a bar or a backslash makes it part of a value.
//
// On the embedded Resource or Extension the scim tag holds the URN of the schema and, where it differs from the Go type's name, name=:
//
//	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User,name=User" description:"User Account"`
//
// # Types
//
// Type and multiValued come from Go: string, bool, the integers (integer), the floats (decimal), time.Time (dateTime), []byte (binary),
// structs (complex), and slices of these (multi-valued).
//
// The zero value is "unassigned": RFC 7643 section 2.5 makes absent, null and [] one state. A bool or number that may be
// unassigned is a pointer; a plain one is always written and belongs to a required attribute. With omitempty or omitzero its zero is
// unassigned, too. A type has at most 256 attributes, an extension counting as one.
//
// # Mistakes
//
// A mistake in a tag or a type is a mistake of the program: it panics when the type is first used in a way that needs the tag, and
// names type and field. Among them are an exported field without a json name, an unknown word, a characteristic the type cannot have,
// two attributes of one name, two embedded resources, an attribute that is no extension beside an embedded core type, a complex
// attribute inside a complex one, and a validate tag that is unknown or looks at other fields. resource.ResourceTypeFor, called at
// start-up, finds them all.
//
// # Tasks
//
// Each has an Example, which go test runs; it is in a file example_*_test.go of its package, for go doc does not print Examples:
//
//	an extension of users                   resource, Extension
//	a resource type of one's own            resource, Resource (OwnType)
//	a part of User only                     resource, User (Subset)
//	a row of a table as a resource          here (MappingARow)
//	PUT                                     here (Put); resource.Replacing
//	PATCH                                   here (Patch); patch.Apply
//	what a PATCH changes, for a store       patch.Changes
//	pages by cursor                         resource.Cursors
//	bulk requests                           resource.RunBulk
//	filters as SQL                          filter, Filter.SQL
//	/Schemas                                schema.AllOf (SchemasEndpoint)
//	the letter of the RFCs, nothing else    resource.Strict
//	reading what a service answers          here (ReadingAsAClient)
//	sending what has changed                patch.Diff (Sending)
//	resource types known at run time only   resource.StructOf
package scim
