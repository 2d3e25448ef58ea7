package resource_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// An error about an unknown name says which one may have been meant, where one is near.
func TestNearestNames(t *testing.T) {
	const none, sub, core = "is no attribute of User", "is no sub-attribute of this attribute", "urn:ietf:params:scim:schemas:core:2.0:User"
	for _, c := range []struct{ name, members, path, detail string }{
		{"AMB-03/misspelled", `"nickNames":"x"`, "nickNames", none + "; did you mean nickName?"},
		{"AMB-03/swapped letters", `"emials":[]`, "emials", none + "; did you mean emails?"},
		{"AMB-03/singular", `"phoneNumber":[]`, "phoneNumber", none + "; did you mean phoneNumbers?"},
		{"AMB-03/a sub-attribute outside its attribute", `"givenName":"x"`, "givenName", none + "; did you mean name.givenName?"},
		{"AMB-03/an attribute of an extension outside it", `"department":"x"`, "department", none + "; did you mean <E>:department?"},
		{"AMB-03/the URN of an extension", `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr":{}`, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr", none + "; did you mean <E>?"},
		{"AMB-03/in an extension", `"<E>":{"departmant":"x"}`, "<E>:departmant", "is no attribute of EnterpriseUser; did you mean department?"},
		{"AMB-03/sub-attribute", `"name":{"givenname_":"x"}`, "name.givenname_", sub + "; did you mean givenName?"},
		{"AMB-03/sub-attribute of an element", `"emails":[{"valeu":"x"}]`, "emails[0].valeu", sub + "; did you mean value?"},
		{"AMB-03/the name of a secret is none", `"pasword":"t1meMa$heen"`, "pasword", none + "; did you mean password?"},
		{"AMB-03/nothing near", `"shoeSize":43`, "shoeSize", none},
		{"AMB-03/nothing near in a complex value", `"name":{"x":1}`, "name.x", sub},
		{"AMB-03/a sub-attribute of several", `"value":"x"`, "value", none},
		{"AMB-03/long", `"` + strings.Repeat("userName", 9) + `":1`, "userNameuserNameuserNameuserNameuserNameuserNameuserNameuserName...", none},
	} {
		t.Run(c.name, func(t *testing.T) {
			members := urns.Replace(c.members)
			_, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(`{"schemas":["<U>","<E>"],"userName":"x",`)+members+"}"), resource.RejectUnknown())
			list := faultsOf(t, err)
			require.Len(t, list, 1)
			assert.Equal(t, urns.Replace(c.path), list[0].Path)
			assert.Equal(t, urns.Replace(c.detail), list[0].Detail)
			assert.Equal(t, errors.InvalidSyntax, list[0].Type)
			assert.NotContains(t, err.Error(), "t1me")
		})
	}
	for path, detail := range map[string]string{
		"nickNames": `"nickNames" ` + none + "; did you mean nickName?", "name.givenNam": `"name.givenNam" ` + none + "; did you mean name.givenName?",
		"manager": `"manager" ` + none + "; did you mean <E>:manager?", core + ":manager": `"` + core + `:manager" ` + none + "; did you mean <E>:manager?",
		"<E>:manger.displayname_": `"<E>:manger.displayname_" ` + none + "; did you mean <E>:manager.displayName?", "shoeSize": `"shoeSize" ` + none,
		`emails[type eq "work"].valu`: `"emails" has no sub-attribute "valu"; did you mean value?`, `emails[type eq "work"].x`: `"emails" has no sub-attribute "x"`,
		`schemas[value eq "urn:x"].value`: `"schemas" has values without sub-attributes; leave out "value"`, `emials[type eq "work"]`: `"emials" ` + none + "; did you mean emails?",
		`emails[typ eq "work"]`: `is no attribute of User; did you mean emails.type?`,
	} {
		t.Run("AMB-10/"+path, func(t *testing.T) {
			_, err := resource.Get(&Employee{}, urns.Replace(path))
			require.Error(t, err)
			assert.Equal(t, urns.Replace(detail), errors.From(err).Detail)
			_, err = resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, fmt.Appendf(nil,
				`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":%q,"value":"x"}]}`, urns.Replace(path)))
			require.Error(t, err)
			assert.Equal(t, urns.Replace(detail), errors.From(err).Detail)
		})
	}
}

// A value of the wrong kind is shown, in part where it is long.
func TestMismatchesShowWhatWasSent(t *testing.T) {
	for _, c := range []struct{ name, members, detail string }{
		{"7643-2.3.2-01/string", `"active":"yes"`, `must be true or false, not the string "yes"`},
		{"7643-2.3.2-01/empty string", `"active":""`, `must be true or false, not the string ""`},
		{"7643-2.3.2-01/number", `"active":1`, `must be true or false, not the number 1`},
		{"7643-2.3.2-01/object", `"active":{"value":true}`, `must be true or false, not an object`},
		{"7643-2.3.1-01/boolean", `"title":false`, `must be a string, not the boolean false`},
		{"7643-2.3.1-01/number as it was written", `"title":-1.50E+2`, `must be a string, not the number -1.50E+2`},
		{"7643-2.3.1-01/long number", `"title":` + strings.Repeat("7", 9999), `must be a string, not the number ` + strings.Repeat("7", 64) + "..."},
		{"7643-2.3.8-01/escapes", `"name":"a\"\u00e9\/b"`, `must be an object, not the string "a"é/b"`},
		{"7643-2.3.8-01/long string", `"name":"` + strings.Repeat("ä", 9999) + `"`, `must be an object, not the string "` + strings.Repeat("ä", 32) + `..."`},
		{"7643-2.4-01/list", `"emails":"a@b"`, `must be an array, not the string "a@b"`},
		{"7643-2.4-02/element", `"emails":[null,7]`, `must be an object, not the number 7`},
		{"7643-4.1.1-10/password, a number", `"password":8675309`, `must be a string, not a number`},
		{"7643-4.1.1-10/password, a boolean", `"password":true`, `must be a string, not a boolean`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(c.members)), resource.Strict())
			list := faultsOf(t, err)
			require.Len(t, list, 1)
			assert.Equal(t, c.detail, list[0].Detail)
		})
	}
	for name, c := range map[string]struct {
		v      Probe
		detail string
	}{
		"7643-2.3.3-01/decimal":  {Probe{Ratio: new(math.Inf(1))}, "must be a number that JSON can hold, not +Inf"},
		"7643-2.3.5-01/dateTime": {Probe{At: time.Date(12345, 1, 2, 3, 4, 5, 0, time.UTC)}, "must be a dateTime of the years 1 to 9999, not 12345-01-02 03:04:05 +0000 UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			list := faultsOf(t, resource.Check(resource.CreationRequest, c.v))
			require.Len(t, list, 1)
			assert.Equal(t, c.detail, list[0].Detail)
		})
	}
}

// Strongbox has a secret in a complex value, and one in an extension.
type Strongbox struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Strongbox" description:"Strongbox."`

	Floor *int         `json:"floor,omitempty" scim:"positive" description:"Floor."`
	Lock  StrongLock   `json:"lock,omitzero" description:"Lock."`
	Locks []StrongLock `json:"locks,omitempty" description:"Locks."`
	Cred  Cred         `json:"cred,omitzero" description:"A value that is shown beside one that is not."`
	Creds []Cred       `json:"creds,omitempty" description:"The same as a list."`
	Pin   Pin          `json:"pin,omitzero" scim:"mutability=writeOnly,returned=never" description:"A complex value that is a secret."`
	Pins  []Pin        `json:"pins,omitempty" scim:"mutability=writeOnly,returned=never" description:"The same as a list."`
	Rent  *StrongRent  `json:"urn:acme:params:scim:schemas:extension:rent:2.0:Strongbox,omitempty" description:"Rent."`
}

// StrongLock is a complex value with a secret part.
type StrongLock struct {
	Value string `json:"value,omitempty" scim:"mutability=writeOnly,returned=never" description:"The combination."`
	Maker string `json:"maker,omitempty" description:"Who made it."`
	Turns *int   `json:"turns,omitempty" scim:"mutability=writeOnly,returned=never,positive" description:"How often to turn."`
}

// Cred is a complex value whose value is no secret, while another part is.
type Cred struct {
	Value  string `json:"value,omitempty" description:"Who."`
	Secret string `json:"secret,omitempty" scim:"mutability=writeOnly,returned=never" description:"By what."`
}

// StrongRent is an extension with a secret.
type StrongRent struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:rent:2.0:Strongbox" description:"Rent."`

	Account int `json:"account,omitempty" scim:"mutability=writeOnly,returned=never" description:"Who pays."`
}

// What stands in the place of an object may be meant for the secret in it, and a part of a secret is a secret by any path.
func TestSecretsInParts(t *testing.T) {
	const urn, rent = "urn:acme:params:scim:schemas:core:2.0:Strongbox", "urn:acme:params:scim:schemas:extension:rent:2.0:Strongbox"
	said := func(t *testing.T, err error, repairs []resource.Repair) {
		t.Helper()
		require.Error(t, err)
		text := fmt.Sprintf("%v %+v %#v %s", err, err, repairs, errors.Append(nil, errors.From(err)))
		assert.NotContains(t, text, "S3cr3t")
		assert.NotContains(t, text, "8675309")
	}
	for _, members := range []string{
		`"lock":"S3cr3t"`, `"lock":8675309`, `"locks":["S3cr3t"]`, `"locks":"S3cr3t"`, `"locks":8675309`, `"locks":{"value":"S3cr3t"}`, `"lock":{"value":8675309}`, `"lock":{"turns":"S3cr3t"}`,
		`"` + rent + `":"S3cr3t"`, `"` + rent + `":8675309`, `"` + rent + `":{"account":"S3cr3t"}`,
		`"cred":"S3cr3t"`, `"creds":"S3cr3t"`, `"creds":["S3cr3t"]`, `"pin[value eq \"S3cr3t\"]":1`, `"pin.kind":"S3cr3t"`, `"pin.link":"a S3cr3t"`, `"pin.value":8675309`, `"` + urn + `:pin.kind":"S3cr3t"`, `"` + rent + `:account":"S3cr3t"`, `"lock.turns":-8675309`,
	} {
		t.Run("7643-4.1.1-10/"+members, func(t *testing.T) {
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
				var repairs []resource.Repair
				_, err := resource.Validate[Strongbox](resource.CreationRequest, []byte(`{"schemas":["`+urn+`"],"title":1,`+members+`,"floor":"x"}`), append(opts, resource.Repairs(&repairs))...)
				said(t, err, repairs)
			}
		})
	}
	for _, op := range []string{
		`"value":"S3cr3t"`, `"value":8675309`, `"path":"lock","value":"S3cr3t"`, `"path":"lock","value":8675309`, `"path":"locks","value":["S3cr3t"]`, `"path":"locks","value":{"value":"S3cr3t"}`, `"path":"lock.value","value":8675309`,
		`"path":"lock.turns","value":"S3cr3t"`, `"path":"` + rent + `","value":"S3cr3t"`, `"path":"` + rent + `:account","value":"S3cr3t"`, `"path":"pin.kind","value":"S3cr3t"`,
		`"path":"pin.value","value":8675309`, `"path":"pin.link","value":"a S3cr3t"`, `"path":"pin","value":"S3cr3t"`, `"path":"pin","value":{"kind":"S3cr3t"}`, `"value":{"pin":{"kind":"S3cr3t"}}`,
		`"path":"cred","value":"S3cr3t"`, `"path":"creds","value":"S3cr3t"`, `"value":{"cred":"S3cr3t"}`, `"value":{"pin[value eq \"S3cr3t\"]":"x"}`, `"value":{"locks[kind eq \"S3cr3t\"].x":"x"}`,
		`"path":"urn:acme:params:scim:schemas:extension:rent:2.0:Strongbox","value":{"account[value eq \"S3cr3t\"]":"x"}`, `"value":{"pin.kind":"S3cr3t"}`, `"value":{"lock":8675309}`, `"path":"pins","value":{"kind":"S3cr3t"}`, `"path":"pins","value":"S3cr3t"`,
	} {
		t.Run("7643-4.1.1-10/"+op, func(t *testing.T) {
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
				var repairs []resource.Repair
				body := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace",` + op + `},{"op":"add","path":"floor","value":"x"}]}`
				_, err := resource.Validate[resource.PatchOp[Strongbox]](resource.PatchRequest, []byte(body), append(opts, resource.Repairs(&repairs))...)
				said(t, err, repairs)
			}
		})
	}
	t.Run("7643-4.1.1-10/removed by value", func(t *testing.T) {
		var repairs []resource.Repair
		body := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"lock","value":{"value":"S3cr3t"}},{"op":"add","path":"floor","value":"x"}]}`
		_, err := resource.Validate[resource.PatchOp[Strongbox]](resource.PatchRequest, []byte(body), resource.Repairs(&repairs))
		said(t, err, repairs)
		assert.Contains(t, fmt.Sprint(repairs), "[secret]")
	})
	for _, path := range []string{"pin.kind", "lock.turns", "floor"} {
		t.Run("7643-4.1.1-10/Set "+path, func(t *testing.T) { // which shows what is no secret
			err := resource.Set(&Strongbox{}, path, "S3cr3t")
			if path == "floor" {
				require.ErrorContains(t, err, `must be an integer, not the string "S3cr3t"`)
			} else if err != nil {
				said(t, err, nil)
			}
		})
	}
	t.Run("7643-4.1.1-10/in memory", func(t *testing.T) {
		err := resource.Check(resource.CreationRequest, Strongbox{Floor: new(-17), Lock: StrongLock{Turns: new(-8675309)}, Pin: Pin{Kind: "S3cr3t"}})
		said(t, err, nil)
		details := map[string]string{}
		for _, e := range faultsOf(t, err) {
			details[e.Path] = e.Detail
		}
		assert.Equal(t, map[string]string{
			"floor": "must be 1 or more, not -17", "lock.turns": "must be 1 or more, not [secret]", "pin.kind": "must be one of a, b, not [secret]",
		}, details, "and yet they say what would be right")
	})
}
