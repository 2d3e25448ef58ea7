// Package scimtest tests a SCIM service provider, whatever it is made of: it replays what identity providers send and checks
// the rules of RFC 7643 and RFC 7644. One call in a test of the service does it:
//
//	func TestSCIM(t *testing.T) {
//		scimtest.Run(t, newHandler(), scimtest.Config{Base: "/scim/v2", Token: "sesame"})
//	}
//
// # What is replayed
//
// The corpus, a directory of this package, has a file for each identity provider: Microsoft Entra ID, Okta, OneLogin, Google,
// JumpCloud and others, 177 exchanges, recorded or documented, with their sources. An exchange stores what it takes for
// given, sends its request, and checks the answer and what is stored afterwards. Many follow the RFCs; the others carry a
// quirk, a departure from them that the provider is known for. corpus/README.md describes the format and what each
// provider needs.
//
// The checks of the RFCs look only at what every service provider has to do, or has to do if it says that it can.
//
// What a service announces not to have is left out, of exchanges and checks alike: patch, bulk, filter, sort and etag in
// /ServiceProviderConfig (RFC 7643 section 5), groups and the enterprise extension in /ResourceTypes, attributes and their
// parts in /Schemas. The reason is in the log (go test -v), whose last line counts what was played and what was not. An
// attribute is needed where a query or the path of a PATCH names it, or the answer is to have it. One that a body merely
// carries is sent to any service, as providers do, and a service that does not have it ignores it. What cannot be read
// leaves nothing out.
//
// Every answer, of exchanges and checks, also has to keep these rules: no 5xx; a body is application/scim+json; an error is a
// SCIM Error whose status is the HTTP status as a string; users and groups have id, schemas and meta.resourceType, where
// the request does not leave it out; a password never comes back; a PATCH that is refused has changed nothing.
//
// # A failure
//
// It says all there is to know: who sends this and why it is special, the request as it was sent (but for the token and what
// Config.Request has added), what was expected, and the answer.
//
//	provider  entra, entra-create-user-active-string-true
//	sends     quirk: boolean sent as the string "True"
//	takes     the tolerance BooleanStrings
//	source    test-suite: AzureAD/SCIMReferenceCode PostmanCollection.json (Post emp1 with string "True")
//	request   POST /scim/v2/Users
//	          Accept: application/scim+json
//	          Content-Type: application/scim+json; charset=utf-8
//	          {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "UserName222", "active": "True", ...}
//	expected  status 201
//	actual    400 Bad Request
//	          Content-Type: application/scim+json
//	          {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidValue", ...}
//
// A tolerance is an option of package resource; a service made of other things finds in its name what to put up with.
//
// # Selecting tests
//
// Each exchange and each check is a subtest of its own, and leaves nothing behind:
//
//	go test -run 'TestSCIM/entra/entra-create-user$'
//	go test -run 'TestSCIM/okta'
//	go test -run 'TestSCIM/rfc/7644-3.5.2'
//
// The ID of a check is the RFC, the section and a number. [Config.Providers] and [Config.Skip] leave tests out for good.
//
// # Strict services
//
// A tolerant service accepts what real clients send, a strict one refuses what departs from the RFCs. Config.Strict says that
// the service is of the second kind: where an exchange has statuses for it, these are expected instead, mostly 400, and a
// refusal has to leave everything as it was. A service that can be both is best tested in both modes.
//
// # What the service holds
//
// Tests create users, whose names begin with "scimtest-" or stand in the corpus, and groups, and delete what is new after
// each test. What was there before stays; exchanges that count resources are skipped where it would be counted, so an empty
// service tests the most. Nobody else may create resources meanwhile: they could be taken for a test's, and deleted.
package scimtest
