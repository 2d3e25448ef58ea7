package resource_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

const certificate = "MAMCAQE=" // a DER sequence, which is as much as the library looks at

// RFC 7643 section 2 on users: names, types, multi-valued attributes, the unassigned state.
func TestAttributes(t *testing.T) {
	read[Employee](t, resource.CreationRequest, []reading{
		{
			name: "7643-2.1-01/names in upper case",
			body: `{"SCHEMAS":["<U>"],"USERNAME":"x","NAME":{"GIVENNAME":"B"},"EMAILS":[{"VALUE":"a@b","PRIMARY":true}]}`,
			want: `{"userName":"x","name":{"givenName":"B"},"emails":[{"value":"a@b","primary":true}]}`,
		},
		{
			name: "7643-2.1-01/names in mixed case",
			body: `{"Schemas":["<U>"],"UserName":"x","x509certificates":[{"Value":"` + certificate + `"}],"IMS":[{"value":"a"}]}`,
			want: `{"userName":"x","x509Certificates":[{"value":"` + certificate + `"}],"ims":[{"value":"a"}]}`,
		},
		{
			name: "7643-2.1-01/URN of an extension in upper case",
			body: `{"schemas":["<U>","<E>"],"userName":"x","URN:IETF:PARAMS:SCIM:SCHEMAS:EXTENSION:ENTERPRISE:2.0:USER":{"COSTCENTER":"1"}}`,
			want: `{"schemas":["<U>","<E>"],"<E>":{"costCenter":"1"}}`,
		},
		{
			name: "7643-2.1-01/a name with escapes",
			body: `{"schemas":["<U>"],"user\u004eame":"x","\u0065mails":[{"v\u0041lue":"a@b"}]}`,
			want: `{"userName":"x","emails":[{"value":"a@b"}]}`,
		},
		{
			name: "7643-2.1-01/no other folding: K is not the Kelvin sign",
			body: userBody(`"nic\u212aName":"x"`),
			want: `{"nickName":null}`,
		},
		{name: "7643-2.3.1-01/userName 5", body: `{"schemas":["<U>"],"userName":5}`, faults: []fault{invalid("userName", "must be a string, not the number 5")}},
		{name: "7643-2.3.1-01/title true", body: userBody(`"title":true`), faults: []fault{invalid("title", "must be a string, not the boolean true")}},
		{name: "7643-2.3.1-01/title object", body: userBody(`"title":{"value":"x"}`), faults: []fault{invalid("title", "must be a string, not an object")}},
		{name: "7643-2.3.1-01/password 5", body: userBody(`"password":5`), faults: []fault{invalid("password", "must be a string, not a number")}},
		{name: "7643-2.3.1-02/empty string", body: userBody(`"nickName":""`), want: `{"nickName":null}`},
		{name: "7643-2.3.1-02/empty string inside", body: userBody(`"emails":[{"value":"a@b","type":""}]`), want: `{"emails":[{"value":"a@b","type":null}]}`},
		{name: "7643-7-01/emails.type boat", body: userBody(`"emails":[{"value":"a@b","type":"boat"}]`), want: `{"emails":[{"value":"a@b","type":"boat"}]}`},
		{
			name: "7643-7-01/emails.type boat required", opts: []resource.Option{resource.Require(resource.CanonicalValues)},
			body:   userBody(`"emails":[{"value":"a@b","type":"work"},{"value":"a@b","type":"boat"}]`),
			faults: []fault{invalid("emails[1].type", "must be one of work, home, other")},
		},
		{
			name: "7643-7-01/canonical values compare by caseExact", opts: []resource.Option{resource.Require(resource.CanonicalValues)},
			body: userBody(`"emails":[{"value":"a@b","type":"WORK"}]`), want: `{"emails":[{"value":"a@b","type":"WORK"}]}`,
		},
		{name: "7643-2.3.2-01/true", body: userBody(`"active":true`), want: `{"active":true}`},
		{name: "7643-2.3.2-01/false", body: userBody(`"active":false`), want: `{"active":false}`},
		{
			name: "7643-2.3.2-01/string True", body: userBody(`"active":"True"`), want: `{"active":true}`,
			repairs: []string{"BooleanStrings active"}, strict: []fault{invalid("active", `must be true or false, not the string "True"`)},
		},
		{
			name: "7643-2.3.2-01/string FALSE", body: userBody(`"active":"FALSE"`), want: `{"active":false}`,
			repairs: []string{"BooleanStrings active"}, strict: []fault{invalid("active", "true or false")},
		},
		{
			name: "7643-2.3.2-01/string false in an element", body: userBody(`"emails":[{"value":"a@b","primary":"false"}]`), want: `{"emails":[{"value":"a@b","primary":false}]}`,
			repairs: []string{"BooleanStrings emails[0].primary"}, strict: []fault{invalid("emails[0].primary", "true or false")},
		},
		{name: "7643-2.3.2-01/string yes", body: userBody(`"active":"yes"`), faults: []fault{invalid("active", `must be true or false, not the string "yes"`)}},
		{name: "7643-2.3.2-01/string 1", body: userBody(`"active":"1"`), faults: []fault{invalid("active", "true or false")}},
		{name: "7643-2.3.2-01/number 1", body: userBody(`"active":1`), faults: []fault{invalid("active", "must be true or false, not the number 1")}},
		{name: "7643-2.3.2-01/array", body: userBody(`"active":[true]`), faults: []fault{invalid("active", "must be true or false, not an array")}},
		{name: "7643-2.3.2-01/string with a blank", body: userBody(`"active":"true "`), faults: []fault{invalid("active", "true or false")}},
		{name: "7643-2.3.8-01/name x", body: userBody(`"name":"x"`), faults: []fault{invalid("name", `must be an object, not the string "x"`)}},
		{name: "7643-2.3.8-01/name array", body: userBody(`"name":["x"]`), faults: []fault{invalid("name", "must be an object, not an array")}},
		{name: "7643-2.3.8-01/name array of an object", body: userBody(`"name":[{"givenName":"x"}]`), faults: []fault{invalid("name", "must be an object")}},
		{name: "7643-2.3.8-01/name number", body: userBody(`"name":1`), faults: []fault{invalid("name", "must be an object, not the number 1")}},
		{
			name: "7643-2.4-01/emails as one object", body: userBody(`"emails":{"value":"a@b","type":"work"}`), want: `{"emails":[{"value":"a@b","type":"work"}]}`,
			repairs: []string{"SingleAsList emails"}, strict: []fault{invalid("emails", "must be an array, not an object")},
		},
		{name: "7643-2.4-01/title array", body: userBody(`"title":["a"]`), faults: []fault{invalid("title", "must be a string, not an array")}},
		{name: "7643-2.4-01/title empty array", body: userBody(`"title":[]`), faults: []fault{invalid("title", "must be a string, not an array")}},
		{name: "7643-2.4-01/emails number", body: userBody(`"emails":5`), faults: []fault{invalid("emails", "")}},
		{
			name: "7643-2.4-02/emails as strings", body: userBody(`"emails":["a@b","c@d"]`), want: `{"emails":[{"value":"a@b"},{"value":"c@d"}]}`,
			repairs: []string{"BareValue emails[0]", "BareValue emails[1]"},
			strict:  []fault{invalid("emails[0]", `must be an object, not the string "a@b"`), invalid("emails[1]", `must be an object, not the string "c@d"`)},
		},
		{
			name: "7643-2.4-02/strings and objects", body: userBody(`"emails":[{"value":"a@b"},"c@d"]`), want: `{"emails":[{"value":"a@b"},{"value":"c@d"}]}`,
			repairs: []string{"BareValue emails[1]"}, strict: []fault{invalid("emails[1]", "must be an object")},
		},
		{name: "7643-2.4-02/emails as numbers", body: userBody(`"emails":[1,true]`), faults: []fault{invalid("emails[0]", "must be an object, not the number 1"), invalid("emails[1]", "must be an object, not the boolean true")}},
		{name: "7643-2.4-02/array in an array", body: userBody(`"emails":[[{"value":"a@b"}]]`), faults: []fault{invalid("emails[0]", "must be an object, not an array")}},
		{name: "7643-2.4-02/schemas of objects", body: `{"schemas":[{}],"userName":"x"}`, faults: []fault{syntax("schemas[0]", "not an object")}},
		{name: "7643-2.4-02/schemas of numbers", body: `{"schemas":["<U>",5],"userName":"x"}`, faults: []fault{syntax("schemas[1]", "must be a URI, not the number 5")}},
		{name: "7643-2.4-03/type kept", body: userBody(`"emails":[{"value":"a@b","type":"WORK"}]`), want: `{"emails":[{"type":"WORK"}]}`},
		{
			name: "7643-2.4-04/two primaries", body: userBody(`"emails":[{"value":"a","primary":true},{"value":"b"},{"value":"c","primary":true}]`),
			faults: []fault{invalid("emails[2].primary", "only one value can be primary, and element 0 is")},
		},
		{
			name: "7643-2.4-04/three primaries", body: userBody(`"roles":[{"value":"a","primary":true},{"value":"b","primary":true},{"value":"c","primary":true}]`),
			faults: []fault{invalid("roles[1].primary", "element 0"), invalid("roles[2].primary", "element 0")},
		},
		{name: "7643-2.4-04/one primary", body: userBody(`"emails":[{"value":"a","primary":false},{"value":"b","primary":true},{"value":"c","primary":false}]`), want: `{"emails":[{"primary":false},{"primary":true},{"primary":false}]}`},
		{name: "7643-2.4-04/one primary in each attribute", body: userBody(`"emails":[{"value":"a","primary":true}],"ims":[{"value":"b","primary":true}]`), want: `{"emails":[{"primary":true}],"ims":[{"primary":true}]}`},
		{
			name: "7643-2.4-04/two primaries, one a string", body: userBody(`"emails":[{"value":"a","primary":"True"},{"value":"b","primary":true}]`),
			repairs: []string{"BooleanStrings emails[0].primary"},
			faults:  []fault{invalid("emails[1].primary", "only one")}, strict: []fault{invalid("emails[0].primary", "true or false")},
		},
		{
			name: "7643-2.4-08/one address as work and home", body: userBody(`"emails":[{"value":"a@b","type":"work"},{"value":"a@b","type":"home"}]`),
			want: `{"emails":[{"value":"a@b","type":"work"},{"value":"a@b","type":"home"}]}`,
		},
		{
			name: "7643-2.4-08/the same value twice is kept", body: userBody(`"emails":[{"value":"x","type":"work"},{"value":"x","type":"work"}]`),
			want: `{"emails":[{"value":"x","type":"work"},{"value":"x","type":"work"}]}`,
		},
		{name: "7643-2.5-02/userName null", body: `{"schemas":["<U>"],"userName":null}`, faults: []fault{invalid("userName", "is required")}},
		{name: "7643-2.5-02/title null, emails empty", body: userBody(`"title":null,"emails":[]`), want: `{"title":null,"emails":null}`},
		{name: "7643-2.5-02/elements null", body: userBody(`"emails":[null,{"value":"a@b"},null]`), want: `{"emails":[{"value":"a@b"}]}`},
		{name: "AMB-07/parts all null", body: userBody(`"name":{"givenName":null,"familyName":null}`), want: `{"name":null}`},
		{name: "AMB-07/element with parts all null", body: userBody(`"emails":[{"value":null,"type":null}]`), want: `{"emails":null}`},
		{name: "AMB-07/empty object", body: userBody(`"name":{},"emails":[{}]`), want: `{"name":null,"emails":null}`},
		{name: "AMB-07/extension with parts all null", body: enterpriseBody(`"department":null,"manager":{"value":null}`), want: `{"schemas":["<U>"],"<E>":null}`},
		{name: "7643-7-06/case is kept", body: `{"schemas":["<U>"],"userName":"BJensen","externalId":"AbC"}`, want: `{"userName":"BJensen","externalId":"AbC"}`},
		{name: "7643-2.3.7-06/a member nobody knows", body: userBody(`"roles":[{"value":"nobody knows"}]`), want: `{"roles":[{"value":"nobody knows"}]}`},
	})
	read[resource.Group](t, resource.CreationRequest, []reading{{
		name: "7643-2.3.7-06/integrity is not checked", body: groupBody(`"members":[{"value":"no such user","$ref":"https://example.com/Users/nobody"}]`),
		want: `{"members":[{"value":"no such user","$ref":"https://example.com/Users/nobody"}]}`,
	}})
}

// The order of members and of schemas never matters.
func TestMemberOrder(t *testing.T) {
	var first *Employee
	for name, body := range map[string]string{
		"schema order":          `{"schemas":["<U>","<E>"],"userName":"x","name":{"givenName":"B","familyName":"J"},"active":true,"emails":[{"value":"a@b","type":"work"}],"<E>":{"department":"D","manager":{"value":"1","$ref":"Users/1"}}}`,
		"extension first":       `{"schemas":["<E>","<U>"],"<E>":{"manager":{"$ref":"Users/1","value":"1"},"department":"D"},"emails":[{"type":"work","value":"a@b"}],"active":true,"name":{"familyName":"J","givenName":"B"},"userName":"x"}`,
		"schemas last":          `{"active":true,"userName":"x","<E>":{"department":"D","manager":{"value":"1","$ref":"Users/1"}},"name":{"familyName":"J","givenName":"B"},"emails":[{"type":"work","value":"a@b"}],"schemas":["<U>","<E>"]}`,
		"schemas in the middle": `{"active":true,"userName":"x","schemas":["<E>","<U>"],"<E>":{"department":"D","manager":{"value":"1","$ref":"Users/1"}},"name":{"familyName":"J","givenName":"B"},"emails":[{"type":"work","value":"a@b"}]}`,
	} {
		t.Run("7643-2.3.8-02/"+name, func(t *testing.T) {
			got, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(body)), resource.Strict())
			require.NoError(t, err)
			if first == nil {
				first = got
			}
			same(t, first, got)
			assert.Equal(t, []string{resource.UserSchema, resource.EnterpriseUserSchema}, got.Schemas)
		})
	}
}

// Absent, null and [] are one state (RFC 7643 section 2.5), and that state is not written.
func TestUnassigned(t *testing.T) {
	absent, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(`{"schemas":["<U>"],"userName":"x"}`)))
	require.NoError(t, err)
	for name, members := range map[string]string{
		"null":  `"title":null,"active":null,"name":null,"emails":null,"<E>":null,"externalId":null,"password":null,"x509Certificates":null`,
		"empty": `"name":{},"emails":[],"addresses":[{}],"<E>":{},"roles":[null],"x509Certificates":[]`,
	} {
		for mode, opts := range map[string][]resource.Option{"default": nil, "strict": {resource.Strict()}} {
			t.Run("7643-2.5-01/"+name+"/"+mode, func(t *testing.T) {
				got, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(`{"schemas":["<U>"],"userName":"x",`+members+`}`)), opts...)
				require.NoError(t, err)
				same(t, absent, got)
			})
		}
	}
	t.Run("7643-2.5-03/unassigned is not written", func(t *testing.T) {
		absent.Emails, absent.Addresses, absent.Enterprise = []resource.Email{}, []resource.Address{{}}, &resource.EnterpriseUser{}
		for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest} {
			text, err := resource.Marshal(ctx, absent)
			require.NoError(t, err)
			assert.Equal(t, urns.Replace(`{"schemas":["<U>"],"userName":"x"}`), string(text), "%v", ctx)
		}
	})
	t.Run("7644-3.3-02/null overrides a default", func(t *testing.T) {
		for body, want := range map[string]bool{`"title":"x"`: true, `"active":null`: true, `"active":false`: false} {
			got, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(body)))
			require.NoError(t, err)
			assert.Equal(t, want, resource.Or(got.Active, true))
		}
	})
}

// Names of attributes are those of the schema on output, whatever came in.
func TestNamesOnOutput(t *testing.T) {
	t.Run("7643-2.1-01/output", func(t *testing.T) {
		got, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(`{"SCHEMAS":["<U>"],"USERNAME":"x","IMS":[{"VALUE":"a"}],"PROFILEURL":"p"}`)))
		require.NoError(t, err)
		text, err := resource.Marshal(resource.CreationRequest, got)
		require.NoError(t, err)
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(text, &members))
		for _, name := range []string{"schemas", "userName", "ims", "profileUrl"} {
			assert.Contains(t, members, name)
		}
		assert.Len(t, members, 4)
	})
}
