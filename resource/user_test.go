package resource_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

func require1(rules ...resource.Requirement) []resource.Option {
	return []resource.Option{resource.Require(rules...)}
}

// accepted is a user with these members, which come back as they were.
func accepted(name, members string, opts ...resource.Option) reading {
	return reading{name: name, body: userBody(members), opts: opts, want: `{` + members + `}`}
}

func declinedUser(name, members, path, text string, opts ...resource.Option) reading {
	return reading{name: name, body: userBody(members), opts: opts, faults: []fault{invalid(path, text)}}
}

// RFC 7643 section 4.1, singular attributes.
func TestUser(t *testing.T) {
	cases := []reading{
		{name: "7643-4.1.1-01/userName missing", body: `{"schemas":["<U>"],"title":"T"}`, faults: []fault{invalid("userName", "is required")}},
		{name: "7643-4.1.1-01/userName null", body: `{"schemas":["<U>"],"userName":null}`, faults: []fault{invalid("userName", "is required")}},
		{name: "7643-4.1.1-01/userName empty", body: `{"schemas":["<U>"],"userName":""}`, faults: []fault{invalid("userName", "is required")}},
		{name: "7644-3.12-01/userName missing", body: `{"schemas":["<U>"]}`, faults: []fault{invalid("userName", "is required")}},
		{name: "7644-3.12-01/nothing the server assigns is missing", body: `{"schemas":["<U>"],"userName":"x"}`, want: `{"id":null,"meta":null,"userName":"x"}`},
		accepted("7643-4.1.1-02/name formatted", `"name":{"formatted":"Ms. Barbara J Jensen, III"}`),
		accepted("7643-4.1.1-02/name in parts", `"name":{"familyName":"Jensen","givenName":"Barbara","middleName":"Jane","honorificPrefix":"Ms.","honorificSuffix":"III"}`),
		accepted("7643-4.1.1-02/name both", `"name":{"formatted":"Barbara Jensen","familyName":"Jensen"}`),
		accepted("7643-4.1.1-02/userType Robot", `"userType":"Robot"`),
		accepted("7643-4.1.1-02/active false", `"active":false`),
		accepted("7643-4.1.1-03/profileUrl", `"profileUrl":"https://login.example.com/bjensen"`),
		declinedUser("7643-4.1.1-03/profileUrl with blanks", `"profileUrl":"not a url"`, "profileUrl", "must be a URI"),
		declinedUser("7643-4.1.1-03/profileUrl broken", `"profileUrl":"http://[::1"`, "profileUrl", "must be a URI"),
		declinedUser("7643-4.1.1-03/profileUrl number", `"profileUrl":5`, "profileUrl", "must be a string, not the number 5"),
		accepted("7643-7-14/password", `"password":"t1meMa$heen"`),
		accepted("7643-4.1.1-07/password of blanks", `"password":"   "`),
	}
	type format struct {
		id, attribute string
		rule          resource.Requirement
		good, bad     []string
	}
	for _, f := range []format{
		{
			"7643-4.1.1-04", "preferredLanguage", resource.Languages,
			[]string{"en-US", "da, en-gb;q=0.8", "da,en;q=0.5,*;q=0.1", "fr", "en;q=1.000", "*"},
			[]string{"en_US", "en-US;q=2", "en;x=1", "english language", "da, ,en", "en-", "1"},
		},
		{
			"7643-4.1.1-05", "locale", resource.Locales,
			[]string{"en-US", "es-419", "en_US", "zh-Hans-CN", "de"},
			[]string{"en US", " en", "en-", "e n", "-", "deutschland", "ü"},
		},
		{
			"7643-4.1.1-06", "timezone", resource.Timezones,
			[]string{"America/Los_Angeles", "Europe/Berlin", "UTC", "Etc/GMT+5"},
			[]string{"Mars/Base", "Local", "GMT+25", "../../etc/passwd", "/usr/share/zoneinfo/UTC", "Pacific Time", "America/"},
		},
	} {
		members := func(v string) string { return fmt.Sprintf(`%q:%q`, f.attribute, v) }
		read[Employee](t, resource.CreationRequest, slices.Concat(
			each(f.good, func(v string) reading { return accepted(f.id+"/"+v, members(v)) }),
			each(f.good, func(v string) reading { return accepted(f.id+"/required "+v, members(v), require1(f.rule)...) }),
			each(f.bad, func(v string) reading { return accepted(f.id+"/not required "+v, members(v)) }),
			each(f.bad, func(v string) reading {
				return declinedUser(f.id+"/required "+v, members(v), f.attribute, "such as", require1(f.rule)...)
			}),
		))
	}
	read[Employee](t, resource.CreationRequest, cases)
}

// RFC 7643 section 4.1.2, multi-valued attributes.
func TestUserLists(t *testing.T) {
	der, err := base64.StdEncoding.DecodeString(certificate)
	require.NoError(t, err)
	two := base64.StdEncoding.EncodeToString(append(slices.Clip(der), der...))
	short := base64.StdEncoding.EncodeToString(der[:len(der)-1])
	cases := []reading{
		accepted("7643-4.1.2-01/plain", `"emails":[{"value":"plain"}]`),
		accepted("7643-4.1.2-01/case is kept", `"emails":[{"value":"b@EXAMPLE.COM"}]`),
		accepted("7643-4.1.2-01/required and right", `"emails":[{"value":"b@EXAMPLE.COM"},{"value":"a.b+c@example.co.uk"},{"type":"work"}]`, require1(resource.Emails)...),
		accepted("7643-4.1.2-02/tel", `"phoneNumbers":[{"value":"tel:+1-201-555-0123","type":"work"}]`),
		accepted("7643-4.1.2-02/no tel", `"phoneNumbers":[{"value":"555-555-5555","type":"car"}]`),
		accepted("7643-4.1.2-02/required and right", `"phoneNumbers":[{"value":"tel:+1-201-555-0123","type":"mobile"},{"value":"tel:863-1234;phone-context=+1-914-555","type":"Fax"}]`, require1(resource.PhoneNumbers, resource.CanonicalValues)...),
		declinedUser("7643-4.1.2-02/no tel, required", `"phoneNumbers":[{"value":"555-555-5555","type":"car"}]`, "phoneNumbers[0].value", "must be a tel URI", require1(resource.PhoneNumbers)...),
		declinedUser("7643-4.1.2-02/type car, required", `"phoneNumbers":[{"value":"555-555-5555","type":"car"}]`, "phoneNumbers[0].type", "must be one of work, home, mobile, fax, pager, other", require1(resource.CanonicalValues)...),
		{
			name: "7643-4.1.2-02/both required", body: userBody(`"phoneNumbers":[{"value":"tel:1"},{"value":"555-555-5555","type":"car"}]`), opts: require1(resource.PhoneNumbers, resource.CanonicalValues),
			faults: []fault{invalid("phoneNumbers[1].value", "tel URI"), invalid("phoneNumbers[1].type", `not "car"`)},
		},
		accepted("7643-4.1.2-03/kept as sent", `"ims":[{"value":" Some Handle ","type":"other"}]`),
		accepted("7643-4.1.2-03/other is canonical", `"ims":[{"value":"a","type":"other"}]`, require1(resource.CanonicalValues)...),
		declinedUser("7643-4.1.2-03/not canonical", `"ims":[{"value":"a","type":"signal"}]`, "ims[0].type", "must be one of aim, gtalk", require1(resource.CanonicalValues)...),
		declinedUser("7643-4.1.2-04/photo no URL", `"photos":[{"value":"https://x/1"},{"value":"not a url","type":"photo"}]`, "photos[1].value", "must be a URI"),
		accepted("7643-4.1.2-04/photo relative", `"photos":[{"value":"me","type":"thumbnail"}]`, require1(resource.CanonicalValues)...),
		declinedUser("7643-4.1.2-04/photo type", `"photos":[{"value":"me","type":"icon"}]`, "photos[0].type", "must be one of photo, thumbnail", require1(resource.CanonicalValues)...),
		accepted("7643-4.1.2-05/country US", `"addresses":[{"country":"US"}]`, require1(resource.Countries)...),
		accepted("7643-4.1.2-05/country USA", `"addresses":[{"country":"USA"}]`),
		declinedUser("7643-4.1.2-05/country USA, required", `"addresses":[{"country":"DE"},{"country":"USA"}]`, "addresses[1].country", `such as US, not "USA"`, require1(resource.Countries)...),
		declinedUser("7643-4.1.2-05/country nobody has, required", `"addresses":[{"country":"XX"}]`, "addresses[0].country", "ISO 3166-1", require1(resource.Countries)...),
		declinedUser("7643-4.1.2-05/country of blanks, required", `"addresses":[{"country":"  "}]`, "addresses[0].country", "ISO 3166-1", require1(resource.Countries)...),
		accepted("7643-4.1.2-05/line breaks", `"addresses":[{"formatted":"a\nb","streetAddress":"100 Universal City Plaza\r\nFloor 2\t"}]`),
		accepted("7643-4.1.2-06/one primary address", `"addresses":[{"locality":"Hollywood","primary":true},{"locality":"Berlin"}]`),
		declinedUser("7643-4.1.2-06/two primary addresses", `"addresses":[{"locality":"Hollywood","primary":true},{"locality":"Berlin","primary":true}]`, "addresses[1].primary", "only one value can be primary"),
		{name: "7643-4.1.2-07/groups are dropped", body: userBody(`"groups":[{"value":"g1","type":"direct"}]`), want: `{"groups":null}`},
		{name: "7644-3.3-01/groups are dropped, whatever they are", body: userBody(`"groups":"none","meta":5,"id":[],"title":"T"`), want: `{"groups":null,"meta":null,"id":null,"title":"T"}`},
		accepted("7643-4.1.2-09/roles and entitlements", `"entitlements":[{"value":"any","type":"thing"}],"roles":[{"value":"at","type":"all"}]`, require1(resource.CanonicalValues)...),
		accepted("7643-4.1.2-10/one certificate", `"x509Certificates":[{"value":"`+certificate+`","type":"sign"}]`),
		declinedUser("7643-4.1.2-10/two certificates", `"x509Certificates":[{"value":"`+two+`"}]`, "x509Certificates[0].value", "exactly one X.509 certificate in DER form"),
		declinedUser("7643-4.1.2-10/half a certificate", `"x509Certificates":[{"value":"`+certificate+`"},{"value":"`+short+`"}]`, "x509Certificates[1].value", "exactly one X.509 certificate in DER form"),
		declinedUser("7643-4.1.2-10/no certificate", `"x509Certificates":[{"value":"AQID"}]`, "x509Certificates[0].value", "exactly one X.509 certificate in DER form"),
		declinedUser("7643-4.1.2-10/a length without end", `"x509Certificates":[{"value":"MIQA"}]`, "x509Certificates[0].value", "exactly one X.509 certificate in DER form"),
		declinedUser("7643-4.1.2-10/indefinite length", `"x509Certificates":[{"value":"MIACAQEAAA=="}]`, "x509Certificates[0].value", "exactly one X.509 certificate in DER form"),
		declinedUser("7643-4.1.2-10/PEM", `"x509Certificates":[{"value":"-----BEGIN CERTIFICATE-----"}]`, "x509Certificates[0].value", "must be base64"),
	}
	cases = slices.Concat(cases, each([]string{"plain", "@example.com", "a@", "a b@example.com", "Barbara <b@example.com>", "a@b@c", "a@example.com\\n"}, func(bad string) reading {
		return declinedUser("7643-4.1.2-01/required "+bad, `"emails":[{"value":"`+bad+`"}]`, "emails[0].value", "must be an e-mail address", require1(resource.Emails)...)
	}))
	cases = slices.Concat(cases, each([]string{"555-555-5555", "tel:", "tel:+", "tel:+1 201", "+1-201-555-0123", "tel:+1x", "mailto:a@b"}, func(bad string) reading {
		return declinedUser("7643-4.1.2-02/required "+bad, `"phoneNumbers":[{"value":"`+bad+`"}]`, "phoneNumbers[0].value", "must be a tel URI", require1(resource.PhoneNumbers)...)
	}))
	read[Employee](t, resource.CreationRequest, cases)
}

// variantGroup is a group whose members must have a value.
type variantGroup struct {
	resource.Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:Group" description:"Group."`

	DisplayName string          `json:"displayName" scim:"required" description:"Name."`
	Members     []variantMember `json:"members,omitempty" description:"Members."`
}

type variantMember struct {
	Value string `json:"value" scim:"required,caseExact,mutability=immutable" description:"Identifier."`
	Type  string `json:"type,omitempty" scim:"mutability=immutable" description:"Kind."`
}

// RFC 7643 sections 4.2 and 4.3.
func TestGroupAndEnterprise(t *testing.T) {
	read[resource.Group](t, resource.CreationRequest, []reading{
		{name: "7643-4.2-01/displayName missing", body: `{"schemas":["<G>"],"members":[{"value":"1"}]}`, faults: []fault{invalid("displayName", "is required")}},
		{name: "7643-4.2-01/displayName empty", body: `{"schemas":["<G>"],"displayName":""}`, faults: []fault{invalid("displayName", "is required")}},
		{
			name: "7643-4.2-03/nested group", body: groupBody(`"members":[{"value":"1","$ref":"../Groups/1","type":"Group"},{"value":"2","type":"User","display":"Babs"}]`),
			want: `{"members":[{"value":"1","$ref":"../Groups/1","type":"Group"},{"value":"2","type":"User","display":null}]}`,
		},
		{name: "7643-4.2-03/member without value", body: groupBody(`"members":[{"$ref":"Users/1"}]`), want: `{"members":[{"value":null,"$ref":"Users/1"}]}`},
		{name: "7643-4.2-03/$ref no URI", body: groupBody(`"members":[{"value":"1","$ref":"a b"}]`), faults: []fault{invalid("members[0].$ref", "must be a URI")}},
		{name: "7643-4.2-03/value number", body: groupBody(`"members":[{"value":"1"},{"value":2}]`), faults: []fault{invalid("members[1].value", "must be a string, not the number 2")}},
		{name: "7643-4.2-03/type of the member", body: groupBody(`"members":[{"value":"1","type":"Device"}]`), want: `{"members":[{"type":"Device"}]}`},
		{
			name: "7643-4.2-03/members as strings", body: groupBody(`"members":["1","2"]`), want: `{"members":[{"value":"1"},{"value":"2"}]}`,
			repairs: []string{"BareValue members[0]", "BareValue members[1]"}, strict: []fault{invalid("members[0]", "must be an object"), invalid("members[1]", "must be an object")},
		},
	})
	read[variantGroup](t, resource.CreationRequest, []reading{
		{name: "7643-4.2-03/value required by the schema", body: groupBody(`"members":[{"value":"1"},{"type":"User"}]`), faults: []fault{invalid("members[1].value", "is required")}},
		{name: "7643-4.2-03/value there", body: groupBody(`"members":[{"value":"1","type":"User"}]`), want: `{"members":[{"value":"1"}]}`},
		{
			name: "AMB-03/sub-attribute of another schema", body: groupBody(`"members":[{"value":"1","display":"B"}]`), want: `{"members":[{"value":"1"}]}`,
			repairs: []string{"UnknownSubAttributes members[0].display"}, strict: []fault{syntax("members[0].display", "is no sub-attribute")},
		},
	})
	read[Employee](t, resource.CreationRequest, []reading{
		{name: "7643-4.3-01/employeeNumber 5", body: enterpriseBody(`"employeeNumber":5`), faults: []fault{invalid("<E>:employeeNumber", "must be a string, not the number 5")}},
		{
			name: "7643-4.3-01/manager x", body: enterpriseBody(`"manager":"x"`), want: `{"<E>":{"manager":{"value":"x"}}}`,
			repairs: []string{"BareValue <E>:manager"}, strict: []fault{invalid("<E>:manager", `must be an object, not the string "x"`)},
		},
		{name: "7643-4.3-01/manager value", body: enterpriseBody(`"manager":{"value":"1"}`), want: `{"<E>":{"manager":{"value":"1"}}}`},
		{name: "7643-4.3-01/manager value not required", body: enterpriseBody(`"manager":{"$ref":"../Users/1"}`), want: `{"<E>":{"manager":{"value":null,"$ref":"../Users/1"}}}`},
		{name: "7643-4.3-01/manager value 4", body: enterpriseBody(`"manager":{"value":4}`), faults: []fault{invalid("<E>:manager.value", "must be a string, not the number 4")}},
		{name: "7643-4.3-01/manager list", body: enterpriseBody(`"manager":[{"value":"4"}]`), faults: []fault{invalid("<E>:manager", "must be an object, not an array")}},
		{name: "7643-4.3-01/extension a string", body: `{"schemas":["<U>","<E>"],"userName":"x","<E>":"x"}`, faults: []fault{invalid("<E>", `must be an object, not the string "x"`)}},
		{name: "7643-4.3-02/manager displayName", body: enterpriseBody(`"manager":{"value":"1","displayName":"John Smith"}`), want: `{"<E>":{"manager":{"value":"1","displayName":null}}}`},
		{name: "7643-4.3-02/manager displayName alone", body: enterpriseBody(`"department":"D","manager":{"displayName":"John Smith"}`), want: `{"<E>":{"manager":null}}`},
	})
}

// The sub-attributes of a user type of one's own are demanded as everywhere; what it leaves out is unknown (RFC 7643 section 9.3).
func TestSubset(t *testing.T) {
	type user struct {
		resource.Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User" description:"User."`

		UserName string           `json:"userName" scim:"required,uniqueness=server" description:"Name."`
		Emails   []resource.Email `json:"emails,omitempty" description:"Addresses."`
	}
	body := userBody(`"emails":[{"value":"a@b"}],"x509Certificates":[{"value":"@@@"}],"title":"T"`)
	read[user](t, resource.CreationRequest, []reading{
		{name: "7644-3.1-03/the rest is unknown", body: body, want: `{"userName":"bjensen","emails":[{"value":"a@b"}],"title":null,"x509Certificates":null}`},
		{name: "7643-9.3-01/the rest is refused", body: body, opts: rejectUnknown, faults: []fault{syntax("x509Certificates", "is no attribute"), syntax("title", "is no attribute")}},
	})
	t.Run("7643-9.3-01/the rest is not returned", func(t *testing.T) {
		u, err := resource.Validate[user](resource.CreationRequest, []byte(body))
		require.NoError(t, err)
		u.ID = "1"
		text, err := resource.Marshal(resource.QueryResponse, u)
		require.NoError(t, err)
		assert.Equal(t, urns.Replace(`{"schemas":["<U>"],"id":"1","userName":"bjensen","emails":[{"value":"a@b"}]}`), string(text))
	})
}
