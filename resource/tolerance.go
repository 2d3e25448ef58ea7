package resource

import "github.com/scimmodels/scim/internal/opt"

// Tolerance names one departure from the RFCs that real identity providers send and that is put right by default.
// [Strict] turns all of them off, [Tolerate] picks some, [Repairs] reports each use.
type Tolerance string

// The tolerances: what is sent, what is made of it, and in which contexts. R are resources in [CreationRequest] and
// [ReplaceRequest], P is [PatchRequest], Q are queries ([QueryRequest] and [ParseQuery]), A the values that a client reads in the
// response contexts and a service in [Storage], F filters wherever they stand, also in the path of a PATCH.
//
//	tolerance             sent, for example                            taken as                                 in
//	BooleanStrings        "active": "True"; active eq "true"           true                                     R P A F
//	BareValue             "manager": "1"; manager eq "1"               {"value": "1"}; manager.value eq "1"     R P A F
//	SingleAsList          "emails": {...}; "attributes": "id,name"     a list of one value; of names            R P A Q
//	MissingSchemas        no schemas, [], or extensions alone          the base URN                             R P Q
//	UnknownSchemas        "schemas": [..., "urn:x"]                    without it                               R P Q
//	UndeclaredExtension   data of an extension not in schemas          as if it were listed                     R
//	PathKeys              "name.givenName": "Babs"                     "name": {"givenName": "Babs"}            R P
//	RemoveByValue         remove members, value [{"value": "1"}]       remove members[value eq "1"]             P
//	CreateOnMiss          add emails[type eq "work"].value, no match   an element {"type": "work", "value": ..} P
//	IgnoreOnMiss          remove emails[type eq "work"], no match      no change                                P
//	SameReadOnly          replace id by the id it is                   no change                                P
//	EmptyOperations       "Operations": []                             no change                                P
//	UnknownSubAttributes  "roles": [{"displayName": "Admin"}]          without it                               R P
//	EmptyStrings          "active": "", "manager": ""                  unassigned                               R P A Q
//	                      "externalId": ""                             unassigned                               R P
//	UnqualifiedExtension  department eq "Sales"; sortBy; attributes    urn:...:User:department                  F Q
//	FilterBlanks          userName  eq "babs"                          userName eq "babs"                       F
//	FilterLiteralCase     active eq True                               active eq true                           F
//	FilterSubAttribute    emails[type eq "work"].value eq "x"          emails[type eq "work" and value eq "x"]  F
//
// Nothing that could widen a change is tolerated, and no mode takes a BulkRequest without its URN. See each constant for
// who is known to send it and what a strict service answers. In [Storage] and answers unknown URNs, names and sub-attributes are ignored in any case.
const (
	// BooleanStrings reads "True" and "False", in any case, as booleans where the schema says boolean, in filters, too.
	// Sent by Entra ID and Keycloak plugins. Strictly: 400 invalidValue, in a filter invalidFilter.
	BooleanStrings Tolerance = "BooleanStrings"
	// BareValue reads a string where a complex value with the sub-attribute value is expected, such as "manager": "1", and compares
	// that part in a filter. Sent by Entra ID. Strictly: 400 invalidValue, in a filter invalidFilter.
	BareValue Tolerance = "BareValue"
	// SingleAsList reads one value where an array is expected. Sent by OneLogin. Strictly: 400 invalidValue,
	// in a message 400 invalidSyntax.
	SingleAsList Tolerance = "SingleAsList"
	// MissingSchemas takes the base URN as given where schemas is absent, null, [] or names extensions only.
	// Sent by AWS and GitHub clients and WSO2. Strictly: 400 invalidSyntax, or invalidValue for a list without the base URN.
	MissingSchemas Tolerance = "MissingSchemas"
	// UnknownSchemas drops URNs nobody declared. Sent by Entra ID (a Microsoft URN on groups) and Google (a SCIM 1 URN).
	// Strictly: 400 invalidValue, in a message invalidSyntax.
	UnknownSchemas Tolerance = "UnknownSchemas"
	// UndeclaredExtension accepts the data of an extension that schemas does not list. Sent by AWS.
	// Strictly: 400 invalidValue.
	UndeclaredExtension Tolerance = "UndeclaredExtension"
	// PathKeys reads "name.givenName" and "urn:...:User:department" as paths where a resource, or the value of a PATCH without
	// path, has them as names of members. Sent by Entra ID. Strictly: 400 invalidSyntax.
	PathKeys Tolerance = "PathKeys"
	// RemoveByValue takes the value of a remove in a PATCH as the elements to remove, such as path members and value
	// [{"value":"1"}]; RFC 7644 section 3.5.2.2 knows no such value and would remove all. Sent by Entra ID, AWS, JumpCloud and
	// Salesforce. Strictly: 400 invalidValue. In neither mode everything goes.
	RemoveByValue Tolerance = "RemoveByValue"
	// CreateOnMiss makes an element where the filter of an add, or of a replace of a part, matches none, such as emails[type eq "work"].value,
	// of the equality terms of the filter and the value. Sent by Entra ID. Strictly: 400 noTarget.
	CreateOnMiss Tolerance = "CreateOnMiss"
	// IgnoreOnMiss lets a remove alone whose filter matches nothing. Sent by Entra ID. Strictly: 400 noTarget.
	IgnoreOnMiss Tolerance = "IgnoreOnMiss"
	// SameReadOnly ignores a readOnly attribute in a PATCH that has the value it has already, such as id; another value is 400
	// mutability. Sent by Okta and authentik. Strictly: 400 mutability.
	SameReadOnly Tolerance = "SameReadOnly"
	// EmptyOperations takes a PATCH without operations, which changes nothing. Sent by Entra ID. Strictly: 400 invalidSyntax.
	EmptyOperations Tolerance = "EmptyOperations"
	// UnknownSubAttributes drops sub-attributes the schema lacks, such as roles.displayName. Sent by Entra ID.
	// Strictly: 400 invalidSyntax.
	UnknownSubAttributes Tolerance = "UnknownSubAttributes"
	// EmptyStrings takes "" as unassigned, also for externalId and for attributes that are no strings.
	// Sent by Entra ID to clear a value. Strictly: 400 invalidValue; an empty string attribute is accepted in both.
	EmptyStrings Tolerance = "EmptyStrings"
	// UnqualifiedExtension finds an attribute of an extension without its URN, in filters, sortBy and attributes, where no
	// core attribute has the name, and only one extension, such as manager eq "1". Sent by Entra ID. Strictly: an unknown attribute,
	// which is 400 invalidFilter in a filter, 400 invalidValue in sortBy and ignored in attributes.
	UnqualifiedExtension Tolerance = "UnqualifiedExtension"
	// FilterBlanks takes several blanks or tabs between the tokens of a filter, and blanks inside brackets.
	// Sent by several. Strictly: 400 invalidFilter.
	FilterBlanks Tolerance = "FilterBlanks"
	// FilterLiteralCase takes TRUE, False and NULL in filters. Sent by several. Strictly: 400 invalidFilter.
	FilterLiteralCase Tolerance = "FilterLiteralCase"
	// FilterSubAttribute takes emails[type eq "work"].value eq "x" in filters: both conditions on one element.
	// Sent by Entra ID. Strictly: 400 invalidFilter.
	FilterSubAttribute Tolerance = "FilterSubAttribute"
)

// tolerances gives each name its bit and says who is known to need it.
var tolerances = []struct {
	name   Tolerance
	bit    opt.Tolerance
	source string
}{
	{BooleanStrings, opt.BooleanStrings, "Entra ID, Keycloak"},
	{BareValue, opt.BareValue, "Entra ID"},
	{SingleAsList, opt.SingleAsList, "OneLogin"},
	{MissingSchemas, opt.MissingSchemas, "AWS, GitHub, WSO2"},
	{UnknownSchemas, opt.UnknownSchemas, "Entra ID, Google Workspace"},
	{UndeclaredExtension, opt.UndeclaredExtension, "AWS"},
	{PathKeys, opt.PathKeys, "Entra ID"},
	{RemoveByValue, opt.RemoveByValue, "Entra ID, AWS, JumpCloud, Salesforce"},
	{CreateOnMiss, opt.CreateOnMiss, "Entra ID"},
	{IgnoreOnMiss, opt.IgnoreOnMiss, "Entra ID"},
	{SameReadOnly, opt.SameReadOnly, "Okta, authentik"},
	{EmptyOperations, opt.EmptyOperations, "Entra ID"},
	{UnknownSubAttributes, opt.UnknownSubAttributes, "Entra ID"},
	{EmptyStrings, opt.EmptyStrings, "Entra ID"},
	{UnqualifiedExtension, opt.UnqualifiedExtension, "Entra ID"},
	{FilterBlanks, opt.FilterBlanks, "several"},
	{FilterLiteralCase, opt.FilterLiteralCase, "several"},
	{FilterSubAttribute, opt.FilterSubAttribute, "Entra ID"},
}

// Strict turns every tolerance off and reads points the RFCs leave open in their strict sense.
// Unknown attributes stay ignored: that is [RejectUnknown]'s matter.
func Strict() Option { return strict }

var strict = opt.Func(func(s opt.Settings) opt.Settings { s.Strict, s.Off = true, opt.AllTolerances; return s })

// Tolerate is [Strict] but for the rules named. Several add up. A name that is no Tolerance panics: it is a misspelling.
func Tolerate(rules ...Tolerance) Option {
	on := opt.Tolerance(0)
	for _, r := range rules {
		on |= bit(r)
	}
	return opt.Func(func(s opt.Settings) opt.Settings {
		if !s.Strict {
			s.Strict, s.Off = true, opt.AllTolerances
		}
		s.Off &^= on
		return s
	})
}

func bit(rule Tolerance) opt.Tolerance {
	for _, t := range tolerances {
		if t.name == rule {
			return t.bit
		}
	}
	panic("scim: " + string(rule) + " is no Tolerance")
}

// Repair is one use of a tolerance.
type Repair struct {
	// Rule is the tolerance that was needed.
	Rule Tolerance
	// Path says where, such as emails[0].primary; filter or path where the grammar of a filter or path was broken. The path of a PATCH
	// operation may contain a filter, and the filter a value from the client.
	Path string
	// Got is what was sent, shortened, and "[secret]" for an attribute that is never returned. It may be empty.
	// It may also be personal data, such as an e-mail address or a whole filter: log it only where that is allowed.
	Got string
	// Source names providers known to send this.
	Source string
}

// Repairs appends a Repair to list for each departure from the RFCs that was put right, ready for a log.
// A document that is refused reports the repairs made up to then as well.
func Repairs(list *[]Repair) Option {
	return opt.Func(func(s opt.Settings) opt.Settings {
		s.Repaired = func(rule opt.Tolerance, path, got string) {
			for _, t := range tolerances {
				if t.bit == rule {
					*list = append(*list, Repair{Rule: t.name, Path: path, Got: got, Source: t.source})
				}
			}
		}
		return s
	})
}

// Requirement names a check that the RFCs only suggest. None is on unless [Require] asks for it.
type Requirement string

// The requirements. Each refuses with 400 invalidValue.
const (
	// Emails wants emails.value to be an address of RFC 5321 (RFC 7643 section 4.1.2).
	Emails Requirement = "Emails"
	// Countries wants addresses.country to be a code of ISO 3166-1 alpha-2 (RFC 7643 section 4.1.2).
	Countries Requirement = "Countries"
	// Locales wants locale to be a language tag; an underscore counts as a hyphen (RFC 7643 section 4.1.1).
	Locales Requirement = "Locales"
	// Languages wants preferredLanguage to have the form of Accept-Language (RFC 7643 section 4.1.1).
	Languages Requirement = "Languages"
	// Timezones wants timezone to be a name of the IANA database (RFC 7643 section 4.1.1).
	Timezones Requirement = "Timezones"
	// PhoneNumbers wants phoneNumbers.value to be a tel URI (RFC 7643 section 4.1.2).
	PhoneNumbers Requirement = "PhoneNumbers"
	// CanonicalValues wants every value to be one of the canonical values, where a schema has some (RFC 7643 section 7).
	CanonicalValues Requirement = "CanonicalValues"
)

// Require turns checks on. A name that is no Requirement panics: it is a misspelling.
func Require(rules ...Requirement) Option {
	on := opt.Requirement(0)
	for _, r := range rules {
		on |= requirement(r)
	}
	return opt.Func(func(s opt.Settings) opt.Settings { s.Require |= on; return s })
}

func requirement(rule Requirement) opt.Requirement {
	switch rule {
	case Emails:
		return opt.Emails
	case Countries:
		return opt.Countries
	case Locales:
		return opt.Locales
	case Languages:
		return opt.Languages
	case Timezones:
		return opt.Timezones
	case PhoneNumbers:
		return opt.PhoneNumbers
	case CanonicalValues:
		return opt.CanonicalValues
	}
	panic("scim: " + string(rule) + " is no Requirement")
}
