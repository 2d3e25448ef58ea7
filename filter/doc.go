// Package filter reads the filters, paths and sort orders of RFC 7644 and applies them to Go structs.
//
//	f, err := filter.Compile[User](`userName sw "b" and emails[type eq "work"]`)
//	...
//	f.Match(&user)
//
// A filter is compiled once against the schemas of a type and then matches values of it without allocating, from any
// number of goroutines. [Parse] and [ParsePath] know the grammar alone; the nodes they make are those of
// scim2/filter-parser. All errors are *errors.Error with status 400.
//
// # Grammar
//
// This is figure 1 of RFC 7644 section 3.4.2.2 with errata 4670 (precedence), 4690 (no value path inside another), 7122
// (value names an element without parts), 7319 (not with or without a blank), 7322 (any filter in brackets) and 8924 ($ref):
//
//	filter     = and *( " or " and )
//	and        = term *( " and " term )
//	term       = "(" filter ")" / "not" [ " " ] "(" filter ")" / compare / attribute "[" filter "]"
//	compare    = attribute " pr" / attribute " " operator " " value
//	operator   = "eq" / "ne" / "co" / "sw" / "ew" / "gt" / "ge" / "lt" / "le"
//	attribute  = [ URI ":" ] name [ "." name ]
//	value      = a JSON string, number, true, false or null
//	path       = attribute / attribute "[" filter "]" [ "." name ]
//
// Operators, and, or and not ignore case, as do the names of attributes and URIs. Strings are decoded JSON in UTF-8;
// numbers keep their text and every digit. Which part of a URI is schema and which is attribute is decided by the
// longest schema URI that the type has, never by the last colon or dot.
//
// An error of the grammar is invalidFilter, in a path invalidPath unless the fault stands inside its brackets. It says at
// which offset, in bytes, what stands and what was expected:
//
//	the filter is malformed at offset 9: expected an operator (eq, ne, ...), found "regex"
//
// # Tolerances
//
// By default these departures are accepted; resource.Strict refuses them, resource.Tolerate picks some, and
// resource.Repairs reports their use:
//
//   - FilterBlanks: several blanks or tabs for one, blanks around a filter, inside parentheses and before brackets.
//   - FilterLiteralCase: True, NULL.
//   - FilterSubAttribute: a comparison behind a value path. emails[type eq "work"].value eq "x" reads as
//     emails[type eq "work" and value eq "x"]: one element meets both.
//   - BooleanStrings: active eq "true".
//   - BareValue: manager eq "1" for a singular complex attribute that has a part named value.
//   - UnqualifiedExtension: employeeNumber pr, where no core attribute and exactly one extension has that name.
//
// An unknown attribute has no value. resource.Strict and resource.RejectUnknown refuse it with 400 invalidFilter, unless
// [AcrossTypes] says that the filter goes to several resource types.
//
// # Semantics
//
// What an operator means follows from the type of the attribute; what has no meaning is 400 invalidFilter.
//
//	            string        reference  boolean  number     dateTime  binary  complex    no value
//	eq ne       by caseExact  exact      yes      by number  instant   exact   its value  eq false, ne true
//	co sw ew    by caseExact  exact      -        -          -         -       its value  false
//	gt ge lt le by caseExact  exact      -        by number  instant   -       its value  false
//	pr          not ""        not ""     both     also 0     yes       not ""  any part   false
//	eq null     the opposite of pr for every type; ne null is pr; the other operators take no null
//
// pr says that there is a value, false and 0 among them; of a complex attribute, that any of its parts has one. Further:
//
//   - Without caseExact strings are compared in the form that [Fold] gives them, also by gt and lt.
//   - Numbers are compared by value: 10 equals 1e1, and large integers lose no digit. A dateTime without offset is UTC.
//   - One value of a multi-valued attribute that meets a comparison is enough, for ne, too: emails.type ne "work" says that
//     some type differs. not (emails.type eq "work") says that none is work.
//   - Between brackets all conditions hold for one element. Outside, different elements may meet them.
//   - emails co "x" stands for emails.value co "x". An element without parts goes by the name value: tags[value eq "x"].
//   - An absent attribute meets no comparison but ne and eq null; ne null is pr. Absent are also "", an empty list, a complex value
//     whose parts are all absent, and a plain number or boolean that is omitempty and zero. Only primary counts as false.
//   - schemas holds the URNs of the core schema and of each extension that has a value, whatever the struct's field says.
//   - An attribute that is never returned cannot be used, since a filter would find out its value.
//
// # SQL
//
// [Filter.SQL] writes the same test as a condition for a database, of the columns that a [Column] names or of a [Document]. x is the
// column's Expr, f its Folded or, of case exact strings, x again; $1 is a value of the client, which is never part of the text:
//
//	                      PostgreSQL                                SQLite
//	string eq             f = $1                                    the same
//	string co             f LIKE $1, wildcards escaped              instr(f, ?) > 0
//	string sw             f LIKE $1                                 f >= ? AND f < ?
//	string ew             f LIKE $1                                 substr(f, -length(?)) = ?
//	string gt ge lt le    f COLLATE "C" > $1                        f > ?
//	boolean eq            x = TRUE                                  the same
//	number                x > $1, int64 or float64                  the same
//	dateTime              x > $1, a time.Time in microseconds       x > ?, text in nanoseconds
//	binary eq             x = $1, bytes                             the same
//	ne                    x <> $1 or there is no value              the same
//	pr                    x IS NOT NULL, of texts and binaries      the same
//	                      not empty either; of a complex value
//	                      one of its parts
//	emails.value eq       EXISTS (SELECT 1 FROM From AND ...)       the same
//	emails[a and b]       one EXISTS, in which both hold            the same
//	not                   NOT COALESCE(..., FALSE)                  the same
//	unknown attribute     FALSE; of ne and eq null TRUE             the same
//	schemas               TRUE for the core schema, pr of an        the same
//	                      extension
//
// In documents of either database times are text and binaries hexadecimal text. A [Dialect] put together by hand writes LIKE as
// PostgreSQL does, without COLLATE, and takes times as text.
//
// Everything that [Compile] accepts has a condition, but for a part that is a list within each element of a list, and for what the
// dialect's Column refuses: [Columns] refuses what it does not hold. Both are 400 invalidFilter. A column that lacks what the
// filter needs, such as Folded, and a filter of [Elements] are mistakes of the program and plain errors.
//
// # Order
//
// [CompileOrder] sorts by the primary value of a multi-valued attribute, else the first (RFC 7644 section 3.4.2.3). Resources
// without a value come last, in descending order first. With [AcrossTypes] one order goes over resources of several types.
//
// Pages that begin behind a resource, whatever has been written since, need its [Order.Key]: [Order.After] makes of it a condition
// in SQL, [Order.Seek] a function for resources in memory. Equal ones are then in the order of their ids. What carries the key to
// the client and back is resource.Cursors.
//
// # Limits
//
// Filters and paths may have 64 KB, 64 levels of parentheses, brackets and nots, and 1,000 comparisons; [MaxLength],
// [MaxDepth] and [MaxTerms] change that. Time and memory grow with the length and no faster, for Match with the lengths of
// filter and value together.
//
// # Writing filters
//
// [Format] writes an expression, [Quote] a value that a user typed. A store that compares in a database keeps [Fold] of
// each value in a column of its own.
package filter
