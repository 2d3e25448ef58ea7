// Package patch applies the operations of a SCIM PATCH request (RFC 7644 section 3.5.2), tells what they change, and finds
// the operations that lead from one state of a resource to another.
//
//	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, body)
//	...
//	user, err := patch.Apply(current, op)
//	if err != nil || user == current { // nothing changed: nothing is stored, the version stays
//		return user, err
//	}
//
// [Apply] is atomic: it returns a new resource or an error, and never changes the one it is given. A store that keeps
// the members of groups in a table of their own asks [Changes] what to write instead, and needs not read them. [Diff] turns
// a PUT into such changes.
//
// # What an operation does
//
// By its target, which the path names:
//
//	target                        add                          remove                       replace
//	no path                       merge the attributes, lists  noTarget                     set the attributes, lists
//	                              are appended to                                           replaced, complex values merged
//	title                         set                          unassign                     set
//	name                          merge its parts              unassign all                 merge its parts
//	name.givenName                set, create name             unassign; with its last      set, create name
//	                                                           part name goes, too
//	emails                        append what is not there     unassign                     replace the list
//	emails[...] with matches      merge into each match        drop the matches             replace each match
//	emails[...] without           create, or noTarget          nothing, or noTarget         refuse: noTarget
//	emails[...].display           set in each match            unassign in each match       set in each match
//	emails[...].display without   create, or noTarget          nothing, or noTarget         create, or noTarget
//	emails.display                set in each element          unassign in each element     set in each element
//	emails.display of no emails   refuse: noTarget             nothing                      refuse: noTarget
//	URN:attribute                 the same as without URN; the extension comes and goes with its attributes
//	URN                           merge its attributes         drop the extension           merge its attributes
//
// This is RFC 7644 sections 3.5.2.1 to 3.5.2.3. What happens where a filter matches nothing is the operation's OnMiss: by default
// an element is created of the equality terms of the filter, which are to be joined by and, and a remove does nothing;
// resource.Strict answers 400 noTarget. A null or [] as value adds nothing, and replaces as a remove would. A bare string for emails[...]
// stands for its part value (resource.BareValue), and follows the lines for emails[...].display.
//
// An element is in a list already if one with the same value and type is; what it has besides is merged into that. A
// member of a group is its value alone. To set primary to true makes it false in all other elements. Where
// value of a complex attribute such as manager changes, its $ref and readOnly parts go, since they describe the old one.
//
// # What is refused
//
// An attribute whose mutability forbids the change is accepted where it has the value already. A request fails as a whole:
//
//	the request                                                  result
//	a path that is malformed, or names no attribute              400 invalidPath
//	a malformed filter in a path                                 400 invalidFilter
//	a remove without path                                        400 noTarget
//	a filter that matches nothing                                400 noTarget, by OnMiss
//	no value, one of the wrong type, two primary values          400 invalidValue
//	a readOnly attribute gets another value, or is removed       400 mutability; strictly the same value, too
//	a set immutable attribute gets another value, or is removed  400 mutability; elements of a list may go as a whole
//	a required attribute or extension is removed                 400 mutability; by a null as value, 400 invalidValue
//	an op that is none of the three, Operations missing          400 invalidSyntax; strictly an empty list, too
//	operations times elements of lists beyond ten million        400 tooMany
//	more than 10,000 operations, or attributes in them           413
package patch
