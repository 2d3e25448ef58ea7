package resource

import (
	"fmt"
	"io"
	"log/slog"
)

// User is a user account (RFC 7643 section 4.1). A service embeds it in its own type to add extensions:
//
//	type User struct {
//		resource.User
//		Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
//	}
//
// A service that supports only part of it declares a struct of its own with the same URN.
type User struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User" description:"Account of a person or of a service."`

	// UserName identifies the user at sign-in. It is unique without regard to case.
	UserName string `json:"userName" scim:"required,uniqueness=server" description:"Name the user signs in with."`
	Name     Name   `json:"name,omitzero" description:"Personal name, whole or in parts."`
	// DisplayName is what lists and greetings show.
	DisplayName string `json:"displayName,omitempty" description:"Name shown to other people."`
	NickName    string `json:"nickName,omitempty" description:"Informal name, such as Bob for Robert."`
	ProfileURL  string `json:"profileUrl,omitempty" scim:"referenceTypes=external" description:"Web page about the user."`
	Title       string `json:"title,omitempty" description:"Job title, such as Vice President."`
	// UserType takes any value; RFC 7643 section 4.1.1 prescribes none.
	UserType string `json:"userType,omitempty" description:"Relation to the organisation, such as Employee or Contractor."`
	// PreferredLanguage has the form of an Accept-Language header (RFC 7231 section 5.3.5).
	PreferredLanguage string `json:"preferredLanguage,omitempty" scim:"format=language" description:"Languages the user reads, in order of preference, such as da, en-gb;q=0.8."`
	// Locale is a language tag (RFC 5646), such as en-US; white space is not allowed.
	Locale string `json:"locale,omitempty" scim:"format=locale" description:"Region whose formats of numbers, dates and currency apply, such as en-US."`
	// Timezone is a name of the IANA time zone database.
	Timezone string `json:"timezone,omitempty" scim:"format=timezone" description:"Time zone the user lives in, such as America/Los_Angeles."`
	// Active means what the service provider makes of it, usually that the user may sign in.
	Active *bool `json:"active,omitempty" description:"Whether the account can be used."`
	// Password is accepted and never returned. What a service stores is a hash of it.
	Password         Secret            `json:"password,omitempty" scim:"mutability=writeOnly,returned=never" description:"Password to set; it is never shown."`
	Emails           []Email           `json:"emails,omitempty" description:"E-mail addresses."`
	PhoneNumbers     []PhoneNumber     `json:"phoneNumbers,omitempty" description:"Telephone numbers."`
	IMs              []IM              `json:"ims,omitempty" description:"Instant messaging addresses."`
	Photos           []Photo           `json:"photos,omitempty" description:"Links to pictures of the user."`
	Addresses        []Address         `json:"addresses,omitempty" description:"Postal addresses."`
	Groups           []GroupMembership `json:"groups,omitempty" scim:"mutability=readOnly" description:"Groups the user is in; to change them, change the groups."`
	Entitlements     []Entitlement     `json:"entitlements,omitempty" description:"Things the user is entitled to, such as licences."`
	Roles            []Role            `json:"roles,omitempty" description:"Roles the user plays, such as Student."`
	X509Certificates []X509Certificate `json:"x509Certificates,omitempty" description:"Certificates issued to the user."`
}

// Secret is a string that must not be shown, such as a password (RFC 7643 section 4.1.1): it prints as [secret] under
// every verb of package fmt and in slog, and encoding/json writes null for it, so that a whole User given to slog's
// JSON handler leaks nothing. string(s) is the text itself, and the verbs of this package write it where it belongs: to
// [Storage] and in a client's requests.
type Secret string

const masked = "[secret]"

// String returns "[secret]".
func (Secret) String() string { return masked }

// GoString returns "[secret]".
func (Secret) GoString() string { return masked }

// Format writes "[secret]" whatever the verb: fmt would print the text itself under one that does not suit a string, such as %d.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, masked) }

// LogValue makes slog write "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalJSON writes null. Masked text would be worse than none: read back, it would be everybody's password.
func (Secret) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Name is a personal name (RFC 7643 section 4.1.1). A service may offer Formatted, the parts, or both.
type Name struct {
	Formatted       string `json:"formatted,omitempty" description:"Whole name as it is displayed, titles included."`
	FamilyName      string `json:"familyName,omitempty" description:"Family name, such as Jensen."`
	GivenName       string `json:"givenName,omitempty" description:"Given name, such as Barbara."`
	MiddleName      string `json:"middleName,omitempty" description:"Names between the given and the family name."`
	HonorificPrefix string `json:"honorificPrefix,omitempty" description:"Title in front of the name, such as Dr."`
	HonorificSuffix string `json:"honorificSuffix,omitempty" description:"Addition after the name, such as III."`
}

// Email is an e-mail address (RFC 7643 section 4.1.2).
type Email struct {
	// Value has the form of RFC 5321; it is kept as sent.
	Value   string `json:"value,omitempty" scim:"format=email" description:"E-mail address, such as bjensen@example.com."`
	Display string `json:"display,omitempty" description:"How the e-mail address is shown."`
	Type    string `json:"type,omitempty" scim:"canonicalValues=work|home|other" description:"Use of the e-mail address."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the preferred e-mail address; at most one is."`
}

// PhoneNumber is a telephone number (RFC 7643 section 4.1.2).
type PhoneNumber struct {
	// Value should be a tel URI (RFC 3966), such as tel:+1-201-555-0123.
	Value   string `json:"value,omitempty" scim:"format=phone" description:"Telephone number, best as tel:+1-201-555-0123."`
	Display string `json:"display,omitempty" description:"How the number is shown."`
	Type    string `json:"type,omitempty" scim:"canonicalValues=work|home|mobile|fax|pager|other" description:"Use of the number."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the preferred number; at most one is."`
}

// IM is an instant messaging address (RFC 7643 section 4.1.2).
type IM struct {
	Value   string `json:"value,omitempty" description:"Address or handle at the messaging service."`
	Display string `json:"display,omitempty" description:"How the address is shown."`
	Type    string `json:"type,omitempty" scim:"canonicalValues=aim|gtalk|icq|xmpp|msn|skype|qq|yahoo|other" description:"Messaging service or protocol."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the preferred address; at most one is."`
}

// Photo is a link to a picture of the user (RFC 7643 section 4.1.2).
type Photo struct {
	// Value leads to an image file, not to a page that shows one.
	Value   string `json:"value,omitempty" scim:"referenceTypes=external" description:"URL of the image file."`
	Display string `json:"display,omitempty" description:"Caption of the picture."`
	Type    string `json:"type,omitempty" scim:"canonicalValues=photo|thumbnail" description:"Full picture or small one."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the preferred picture; at most one is."`
}

// Address is a postal address (RFC 7643 section 4.1.2).
type Address struct {
	// Formatted may contain line breaks.
	Formatted     string `json:"formatted,omitempty" description:"Whole address as printed on a label; may have several lines."`
	StreetAddress string `json:"streetAddress,omitempty" description:"Street, house number, post box; may have several lines."`
	Locality      string `json:"locality,omitempty" description:"City or town."`
	Region        string `json:"region,omitempty" description:"State, province or county."`
	PostalCode    string `json:"postalCode,omitempty" description:"Postal code."`
	// Country is a code of ISO 3166-1 alpha-2, such as US.
	Country string `json:"country,omitempty" scim:"format=country" description:"Country code of two letters, such as US."`
	Type    string `json:"type,omitempty" scim:"canonicalValues=work|home|other" description:"Use of the address."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the preferred address; at most one is."`
}

// GroupMembership is a group the user is in (RFC 7643 section 4.1.2). It is read-only: membership is changed at the [Group].
type GroupMembership struct {
	Value   string `json:"value,omitempty" scim:"caseExact,mutability=readOnly" description:"Identifier of the group."`
	Ref     string `json:"$ref,omitempty" scim:"mutability=readOnly,referenceTypes=Group" description:"URI of the group."`
	Display string `json:"display,omitempty" scim:"mutability=readOnly" description:"Name of the group."`
	// Type is indirect when the user is in the group through a nested one.
	Type string `json:"type,omitempty" scim:"mutability=readOnly,canonicalValues=direct|indirect" description:"Whether the user is a member directly or through another group."`
}

// Entitlement is a thing the user is entitled to (RFC 7643 section 4.1.2). Its values are the service's own.
type Entitlement struct {
	Value   string `json:"value,omitempty" description:"Name or code of the entitlement."`
	Display string `json:"display,omitempty" description:"How the entitlement is shown."`
	Type    string `json:"type,omitempty" description:"Kind of entitlement."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the main entitlement; at most one is."`
}

// Role is a role the user plays (RFC 7643 section 4.1.2). Its values are the service's own.
type Role struct {
	Value   string `json:"value,omitempty" description:"Name or code of the role."`
	Display string `json:"display,omitempty" description:"How the role is shown."`
	Type    string `json:"type,omitempty" description:"Kind of role."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the main role; at most one is."`
}

// X509Certificate is a certificate issued to the user (RFC 7643 section 4.1.2).
type X509Certificate struct {
	// Value is exactly one certificate in DER form; JSON has it in base64.
	Value   []byte `json:"value,omitempty" scim:"format=x509" description:"One DER certificate in base64."`
	Display string `json:"display,omitempty" description:"How the certificate is shown."`
	Type    string `json:"type,omitempty" description:"Use of the certificate."`
	Primary *bool  `json:"primary,omitempty" description:"Whether this is the preferred certificate; at most one is."`
}
