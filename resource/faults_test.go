package resource_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// All faults of a document are found at once and stand in its order (RFC 7644 section 3.12 allows one message for them).
func TestFaultsAtOnce(t *testing.T) {
	const everywhere = `{
		"schemas": ["<U>", "<E>", "<U>"],
		"active": "yes",
		"emails": [{"value": 7, "type": "work"}, {"primary": true, "value": "a"}, {"primary": true, "value": "b"}, 5],
		"name": ["x"],
		"<E>": {"manager": {"value": 4, "$ref": "a b"}, "department": {}},
		"profileUrl": "not a url",
		"x509Certificates": [{"value": "AQID"}, {"value": "@"}],
		"id": 5, "meta": "x", "groups": 1,
		"title": true
	}`
	common := []fault{
		invalid("schemas[2]", "is listed twice"),
		invalid("active", `must be true or false, not the string "yes"`),
		invalid("emails[0].value", "must be a string, not the number 7"),
		invalid("emails[2].primary", "only one value can be primary, and element 1 is"),
		invalid("emails[3]", "must be an object, not the number 5"),
		invalid("name", "must be an object, not an array"),
		invalid("<E>:manager.value", "must be a string, not the number 4"),
		invalid("<E>:manager.$ref", "must be a URI"),
		invalid("<E>:department", "must be a string, not an object"),
		invalid("profileUrl", "must be a URI"),
		invalid("x509Certificates[0].value", "exactly one X.509 certificate in DER form"),
		invalid("x509Certificates[1].value", "must be base64"),
		invalid("title", "must be a string, not the boolean true"),
		invalid("userName", "is required"),
	}
	read[Employee](t, resource.CreationRequest, []reading{
		{name: "7644-3.12-16/everywhere", body: everywhere, faults: common},
		{
			name: "7644-3.12-16/two attributes", body: `{"schemas":["<U>"],"userName":5,"title":{}}`,
			faults: []fault{invalid("userName", "must be a string, not the number 5"), invalid("title", "must be a string, not an object")},
		},
		{
			name: "7644-3.12-16/tolerances off", body: `{"userName":"x","active":"True","emails":{"value":"a"},"roles":["r"],"<E>":{"manager":"1","x":1},"name":{"x":1}}`,
			want:    `{"userName":"x","active":true,"emails":[{"value":"a"}],"roles":[{"value":"r"}],"<E>":{"manager":{"value":"1"}}}`,
			repairs: []string{"BooleanStrings active", "SingleAsList emails", "BareValue roles[0]", "BareValue <E>:manager", "UnknownSubAttributes name.x", "MissingSchemas schemas"},
			strict: []fault{
				invalid("active", "true or false"), invalid("emails", "must be an array"), invalid("roles[0]", "must be an object"),
				invalid("<E>:manager", "must be an object"), syntax("name.x", "is no sub-attribute"), syntax("schemas", "is required"),
			},
		},
		{
			name: "7644-3.12-16/unknown ones in order", body: `{"schemas":["<U>"],"a":1,"userName":5,"b":{"c":[]},"emails":[{"d":1,"value":true}]}`, opts: rejectUnknown,
			faults: []fault{syntax("a", "is no attribute"), invalid("userName", "must be a string"), syntax("b", "is no attribute"), syntax("emails[0].d", "is no"), invalid("emails[0].value", "must be a string")},
		},
	})
	t.Run("7644-3.12-16/one message", func(t *testing.T) {
		_, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(everywhere)))
		message := wireOf(t, err)
		assert.Equal(t, "400", message.Status)
		assert.Equal(t, "invalidValue", message.ScimType)
		assert.Equal(t, len(common)-1, strings.Count(message.Detail, "; "), "%s", message.Detail)
	})
	read[Visitor](t, resource.CreationRequest, []reading{{
		name: "7644-3.12-16/rules of tags among them", body: `{"schemas":["<U>","<BADGE>"],"userName":5,"<BADGE>":{"color":"RED","number":"12","doors":[{"floor":99},{"value":"a"}]},"title":1}`,
		faults: []fault{
			invalid("userName", "must be a string"), invalid("<BADGE>:color", "lower case"), invalid("<BADGE>:number", "exactly 8"),
			invalid("<BADGE>:doors[0].floor", "at most 40"), invalid("<BADGE>:doors[0].value", "is required"), invalid("title", "must be a string"),
		},
	}})
}

// A hostile document yields a bounded answer: a hundred faults are enough.
func TestFaultsAreCapped(t *testing.T) {
	for name, c := range map[string]struct {
		body func(n int) string
		opts []resource.Option
		last string // path of the hundredth
	}{
		"elements": {func(n int) string {
			return userBody(`"emails":[` + strings.Repeat(`{"value":5},`, n-1) + `{"value":5}]`)
		}, nil, "emails[99].value"},
		"bare elements": {func(n int) string { return userBody(`"emails":[` + strings.Repeat(`5,`, n-1) + `5]`) }, nil, "emails[99]"},
		"simple":        {func(n int) string { return `{"schemas":[` + strings.Repeat(`5,`, n-1) + `5],"userName":"x"}` }, nil, "schemas[99]"},
		"unknown URNs": {func(n int) string {
			return urns.Replace(`{"schemas":["<U>",` + strings.Repeat(`"urn:x",`, n-1) + `"urn:y"],"userName":"x"}`)
		}, []resource.Option{resource.Strict()}, "schemas[100]"},
		"twice": {func(n int) string {
			return urns.Replace(`{"schemas":["<U>",` + strings.Repeat(`"<U>",`, n-1) + `"<U>"],"userName":"x"}`)
		}, nil, "schemas[100]"},
		"primaries": {func(n int) string {
			return userBody(`"emails":[` + strings.Repeat(`{"value":"a","primary":true},`, n) + `{"value":"a","primary":true}]`)
		}, nil, "emails[100].primary"},
		"sub-attributes": {func(n int) string { return userBody(`"roles":[` + strings.Repeat(`{"x":1},`, n-1) + `{"x":1}]`) }, []resource.Option{resource.Strict()}, "roles[99].x"},
		"attributes": {func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, `"a%d":1,`, i)
			}
			return userBody(b.String() + `"title":"T"`)
		}, rejectUnknown, "a99"},
	} {
		t.Run(name, func(t *testing.T) {
			for n, want := range map[int]int{99: 99, 100: 100, 101: 100, 900: 100} {
				v, err := resource.Validate[Employee](resource.CreationRequest, []byte(c.body(n)), c.opts...)
				require.Error(t, err)
				assert.Nil(t, v)
				list := faultsOf(t, err)
				require.Len(t, list, want, "of %d", n)
				if want == 100 {
					assert.Equal(t, c.last, list[99].Path, "of %d", n)
				}
				assert.LessOrEqual(t, len(wireOf(t, err).Detail), 8<<10)
			}
		})
	}
	t.Run("missing ones", func(t *testing.T) {
		_, err := resource.Validate[variantGroup](resource.CreationRequest, []byte(groupBody(`"members":[`+strings.Repeat(`{"type":"User"},`, 200)+`{"value":"1"}]`)))
		list := faultsOf(t, err)
		assert.Len(t, list, 100)
		assert.Equal(t, "members[99].value", list[99].Path)
	})
	t.Run("repairs of a document that is refused", func(t *testing.T) {
		var repairs []resource.Repair
		_, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"active":"True","roles":["r"],"title":5,"emails":[{"primary":"False"}]`)), resource.Repairs(&repairs))
		refused(t, err, invalid("title", "must be a string"))
		assert.Equal(t, []string{"BooleanStrings active", "BareValue roles[0]"}, repairNames(repairs)[:2])
	})
}

// Vault has secrets of every type and shape.
type Vault struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Vault" description:"Vault."`

	Text    string   `json:"text,omitempty" scim:"mutability=writeOnly,returned=never" validate:"len=2" description:"A string."`
	Word    string   `json:"word,omitempty" scim:"mutability=writeOnly,canonicalValues=a|b,closed" description:"One of two words."`
	Link    string   `json:"link,omitempty" scim:"returned=never,referenceTypes=external" description:"A reference."`
	Number  *int     `json:"number,omitempty" scim:"mutability=writeOnly,returned=never" description:"An integer."`
	Small   *int8    `json:"small,omitempty" scim:"mutability=writeOnly,returned=never,positive" description:"A small integer."`
	Decimal *float64 `json:"decimal,omitempty" scim:"mutability=writeOnly,returned=never" description:"A decimal."`
	When    Moment   `json:"when,omitzero" scim:"mutability=writeOnly,returned=never" description:"A complex value with a time."`
	Blob    []byte   `json:"blob,omitempty" scim:"mutability=writeOnly,returned=never" description:"A binary."`
	Pin     Pin      `json:"pin,omitzero" scim:"mutability=writeOnly,returned=never" description:"A complex value."`
	Pins    []Pin    `json:"pins,omitempty" scim:"mutability=writeOnly,returned=never" description:"Complex values."`
	Texts   []string `json:"texts,omitempty" scim:"mutability=writeOnly,returned=never" description:"Strings."`
	Zone    string   `json:"zone,omitempty" scim:"mutability=writeOnly,returned=never,format=timezone" description:"A time zone."`
	Email   string   `json:"email,omitempty" scim:"mutability=writeOnly,returned=never,format=locale" description:"A locale."`
}

// Pin is a secret of two parts, neither of which says itself that it is one.
type Pin struct {
	Value string `json:"value,omitempty" description:"The number."`
	Link  string `json:"link,omitempty" scim:"referenceTypes=external" description:"A reference."`
	Kind  string `json:"kind,omitempty" scim:"canonicalValues=a|b,closed" description:"One of two words."`
}

// Moment is a secret time.
type Moment struct {
	Value string `json:"value,omitempty" description:"The time as text."`
	Count *int   `json:"count,omitempty" description:"An integer."`
}

// What is never returned never comes back in an error or a report of repairs either.
func TestSecretsStaySecret(t *testing.T) {
	const text, digits = "S3cr3tT3xt", "8675309001"
	for name, members := range map[string]string{
		"string as an array": `"text":["S3cr3tT3xt"]`, "string as an object": `"text":{"S3cr3tT3xt":"S3cr3tT3xt"}`, "string as a number": `"text":8675309001`,
		"failing tag": `"text":"S3cr3tT3xt"`, "closed list": `"word":"S3cr3tT3xt"`, "reference": `"link":"http://[::1 S3cr3tT3xt"`,
		"integer as a decimal": `"number":8675309001.5`, "integer with an exponent": `"number":8675309001e1`, "integer as a string": `"number":"8675309001"`,
		"integer out of range": `"small":8675309001`, "integer below 1": `"small":-8675309001`, "decimal as a string": `"decimal":"8675309001"`, "decimal out of range": `"decimal":8675309001e400`,
		"binary": `"blob":"@S3cr3tT3xt"`, "bare complex value": `"pin":"S3cr3tT3xt"`, "complex value as a number": `"pin":8675309001`,
		"part as a number": `"pin":{"value":8675309001}`, "part of a closed list": `"pin":{"kind":"S3cr3tT3xt"}`, "part, a reference": `"pin":{"link":"a S3cr3tT3xt"}`,
		"list of one": `"pins":{"value":"S3cr3tT3xt"}`, "list of a bare value": `"pins":"S3cr3tT3xt"`, "bare values": `"pins":["S3cr3tT3xt"]`, "strings, not a list": `"texts":"S3cr3tT3xt"`,
		"strings of numbers": `"texts":["S3cr3tT3xt",8675309001]`, "part, an integer": `"when":{"count":8675309001.5}`, "time zone": `"zone":"S3cr3tT3xt"`, "locale": `"email":"S3cr3tT3xt S3cr3tT3xt"`,
	} {
		t.Run("7643-4.1.1-10/"+name, func(t *testing.T) {
			body := []byte(`{"schemas":["urn:acme:params:scim:schemas:core:2.0:Vault"],` + members + `}`)
			for mode, opts := range map[string][]resource.Option{
				"default":  {resource.Require(resource.Timezones, resource.Locales, resource.CanonicalValues)},
				"strict":   {resource.Strict(), resource.RejectUnknown(), resource.Require(resource.Timezones, resource.Locales)},
				"reported": nil,
			} {
				for _, ctx := range []resource.Context{resource.CreationRequest, resource.Storage, resource.QueryResponse} {
					var repairs []resource.Repair
					_, err := resource.Validate[Vault](ctx, body, append(opts, resource.Repairs(&repairs))...)
					said := fmt.Sprintf("%v %+v %#v %s", err, err, repairs, errors.Append(nil, errors.From(err)))
					if strings.Contains(said, text) || strings.Contains(said, digits) || strings.Contains(said, "S3cr3t") {
						t.Errorf("%s %v shows it: %.200v %.200v", mode, ctx, err, repairs)
					}
				}
			}
		})
	}
	for name, body := range map[string]string{
		"array": `"password":["t1meMa$heen"]`, "object": `"password":{"value":"t1meMa$heen"}`, "text cut off": `"password":"t1meMa$heen`, "wrong escape": `"password":"t1meMa$heen\q"`,
		"beside another fault": `"password":"t1meMa$heen","title":5`,
	} {
		t.Run("7643-4.1.1-10/password "+name, func(t *testing.T) {
			_, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(body)))
			require.Error(t, err)
			assert.NotContains(t, fmt.Sprintf("%v %+v %s", err, err, errors.Append(nil, err)), "t1meMa")
		})
	}
	t.Run("7644-7.8-02/password against a tag", func(t *testing.T) {
		type user struct {
			resource.Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User" description:"User."`

			UserName string          `json:"userName" scim:"required" description:"Name."`
			Password resource.Secret `json:"password,omitempty" scim:"mutability=writeOnly,returned=never" validate:"min=12,containsany=!$" description:"Password."`
		}
		_, err := resource.Validate[user](resource.CreationRequest, []byte(userBody(`"password":"t1meMa$heen"`)))
		refused(t, err, invalid("password", "at least 12"))
		assert.NotContains(t, fmt.Sprintf("%v %+v %s", err, err, errors.Append(nil, err)), "t1meMa")
		got, err := resource.Validate[user](resource.CreationRequest, []byte(userBody(`"password":"t1meMa$heen1234"`)))
		require.NoError(t, err)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", got, *got, *got), "t1meMa")
	})
}

// Reports say what was sent, so that somebody can tell the client.
func TestRepairsSayWhatWasSent(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		rule resource.Tolerance
		got  string
	}{
		"boolean":         {userBody(`"active":"True"`), resource.BooleanStrings, "True"},
		"bare value":      {enterpriseBody(`"manager":"26118915"`), resource.BareValue, "26118915"},
		"single object":   {userBody(`"emails":{"value":"a@b"}`), resource.SingleAsList, "a@b"},
		"single string":   {probeText(`"tags":"blue"`), resource.SingleAsList, "blue"},
		"single number":   {probeText(`"counts":77`), resource.SingleAsList, "77"},
		"unknown URN":     {urns.Replace(`{"schemas":["<U>","urn:x:y"],"userName":"x"}`), resource.UnknownSchemas, "urn:x:y"},
		"missing schemas": {`{"userName":"x"}`, resource.MissingSchemas, ""},
		"long":            {enterpriseBody(`"manager":"` + strings.Repeat("ä", 1000) + `"`), resource.BareValue, "ää"},
	} {
		t.Run(name, func(t *testing.T) {
			var repairs []resource.Repair
			validate := verbsOf[Employee]().validate
			if strings.Contains(c.body, probeURN) {
				validate = verbsOf[Probe]().validate
			}
			_, err := validate(resource.CreationRequest, []byte(c.body), resource.Repairs(&repairs))
			require.NoError(t, err)
			require.Len(t, repairs, 1)
			assert.Equal(t, c.rule, repairs[0].Rule)
			assert.Contains(t, repairs[0].Got, c.got)
			assert.Less(t, len(repairs[0].Got), 200, "shortened")
			assert.True(t, utf8.ValidString(repairs[0].Got), "%q", repairs[0].Got)
		})
	}
}

func probeText(members string) string { return urns.Replace(probe(members)) }
