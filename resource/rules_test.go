package resource_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// Ruled has validate tags on attributes of every type.
type Ruled struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Ruled" description:"Something with rules."`

	Name   string      `json:"name,omitempty" validate:"required,min=3,max=8" description:"A string."`
	Word   string      `json:"word,omitempty" validate:"oneof=red green 'light blue'" description:"One of several."`
	Mail   string      `json:"mail,omitempty" validate:"omitempty,email" description:"An address."`
	Code   string      `json:"code,omitempty" validate:"numeric|alpha" description:"Either of two."`
	Age    *int        `json:"age,omitempty" validate:"gte=18,lte=130" description:"An integer."`
	Level  *uint8      `json:"level,omitempty" validate:"max=9" description:"A natural number."`
	Ratio  *float64    `json:"ratio,omitempty" validate:"gt=0,lt=1" description:"A decimal."`
	Flag   *bool       `json:"flag,omitempty" validate:"eq=true" description:"A boolean."`
	Since  time.Time   `json:"since,omitzero" validate:"lt" description:"A time."`
	Blob   []byte      `json:"blob,omitempty" validate:"max=4" description:"A binary."`
	Tags   []string    `json:"tags,omitempty" validate:"max=3,dive,min=2" description:"Strings."`
	Counts []int       `json:"counts,omitempty" validate:"unique,dive,gt=0" description:"Integers."`
	Site   string      `json:"site,omitempty" scim:"referenceTypes=external" validate:"https_url" description:"A reference."`
	Part   RuledPart   `json:"part,omitzero" description:"A complex value."`
	Parts  []RuledPart `json:"parts,omitempty" validate:"min=2" description:"Complex values."`
	Fixed  string      `json:"fixed,omitempty" scim:"mutability=readOnly" validate:"len=4" description:"Assigned by the server."`
	Secret string      `json:"secret,omitempty" scim:"mutability=writeOnly,returned=never" validate:"min=12" description:"A secret."`
}

// RuledPart is a complex value with a rule inside.
type RuledPart struct {
	Value string `json:"value,omitempty" validate:"uuid" description:"A UUID."`
	Type  string `json:"type,omitempty" validate:"lowercase" description:"Kind."`
	Count *int   `json:"count,omitempty" validate:"min=1" description:"An integer."`
}

func ruled(members string) string {
	return `{"schemas":["urn:acme:params:scim:schemas:core:2.0:Ruled"],` + members + `}`
}

// validate tags run on assigned values of requests, and say in words what they want, where, and never what was sent.
func TestValidateTags(t *testing.T) {
	const id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
	rule := func(path, text string) []fault { return []fault{invalid(path, text)} }
	cases := []reading{
		{name: "7643-2.3.1-02/all assigned and right", body: ruled(`"name":"Babs","word":"light blue","mail":"a@example.com","code":"123","age":18,"level":9,"ratio":0.5,"flag":true,
			"since":"2011-05-13T04:42:34Z","blob":"AQID","tags":["ab","cd"],"counts":[1,2],"site":"https://example.com","part":{"value":"` + id + `"},"parts":[{"type":"a"},{"type":"b"}],"secret":"twelve bytes"`), want: `{"name":"Babs"}`},
		{name: "7643-2.3.1-02/nothing assigned", body: ruled(`"externalId":"e"`), want: `{"externalId":"e","name":null}`},
		{name: "7643-2.3.1-02/null and empty are not assigned", body: ruled(`"name":null,"word":"","age":null,"tags":[],"part":{},"parts":[],"externalId":"e"`), want: `{"name":null,"tags":null}`},
		{name: "7643-2.3.1-02/required of the validator on what is there", body: ruled(`"name":""`), want: `{"name":null}`},
		{name: "7643-2.3.1-02/too short", body: ruled(`"name":"Jo"`), faults: rule("name", "must have at least 3 characters")},
		{name: "7643-2.3.1-02/too long", body: ruled(`"name":"Barbara Jane"`), faults: rule("name", "at most 8")},
		{name: "7643-2.3.1-02/runes are counted", body: ruled(`"name":"äöüäöüäö"`), want: `{"name":"äöüäöüäö"}`},
		{name: "7643-2.3.1-02/none of the words", body: ruled(`"word":"blue"`), faults: rule("word", "must be one of red, green, light blue")},
		{name: "7643-2.3.1-02/no address", body: ruled(`"mail":"Barbara"`), faults: rule("mail", "must be an e-mail address")},
		{name: "7643-2.3.1-02/neither", body: ruled(`"code":"a1"`), faults: rule("code", "must be numeric, or must be made of the letters A to Z only")},
		{name: "7643-2.3.1-02/integer", body: ruled(`"age":17`), faults: rule("age", "at least 18")},
		{name: "7643-2.3.1-02/integer zero is assigned", body: ruled(`"age":0`), faults: rule("age", "at least 18")},
		{name: "7643-2.3.1-02/natural number", body: ruled(`"level":10`), faults: rule("level", "at most 9")},
		{name: "7643-2.3.1-02/decimal", body: ruled(`"ratio":1.0`), faults: rule("ratio", "less than 1")},
		{name: "7643-2.3.1-02/boolean false is assigned", body: ruled(`"flag":false`), faults: rule("flag", "must be true")},
		{name: "7643-2.3.1-02/time", body: ruled(`"since":"2911-05-13T04:42:34Z"`), faults: rule("since", "must be before the present time")},
		{name: "7643-2.3.1-02/binary", body: ruled(`"blob":"AQIDBAU="`), faults: rule("blob", "at most 4")},
		{name: "7643-2.3.1-02/list too long", body: ruled(`"tags":["ab","cd","ef","gh"]`), faults: rule("tags", "at most 3")},
		{name: "7643-2.3.1-02/element", body: ruled(`"tags":["ab","c"]`), faults: rule("tags[1]", "at least 2")},
		{name: "7643-2.3.1-02/twice", body: ruled(`"counts":[1,2,1]`), faults: rule("counts", "same value twice")},
		{name: "7643-2.3.1-02/number of a list", body: ruled(`"counts":[1,2,-1]`), faults: rule("counts[2]", "more than 0")},
		{name: "7643-2.3.1-02/reference", body: ruled(`"site":"http://example.com"`), faults: rule("site", "beginning with https://")},
		{name: "7643-2.3.1-02/part", body: ruled(`"part":{"value":"1"}`), faults: rule("part.value", "must be a UUID")},
		{name: "7643-2.3.1-02/complex values", body: ruled(`"parts":[{"type":"a"}]`), faults: rule("parts", "at least 2")},
		{name: "7643-2.3.1-02/part of an element", body: ruled(`"parts":[{"type":"a"},{"type":"B","count":0}]`), faults: []fault{invalid("parts[1].type", "lower case"), invalid("parts[1].count", "at least 1")}},
		{name: "7643-2.3.1-02/readOnly is dropped", body: ruled(`"fixed":"too long"`), want: `{"fixed":null}`},
		{name: "7644-7.8-02/secret", body: ruled(`"secret":"t1meMa$heen"`), faults: rule("secret", "at least 12")},
		{name: "7643-2.3.1-02/wrong type says enough", body: ruled(`"name":5,"age":"x","tags":{"a":1}`), faults: []fault{invalid("name", "must be a string"), invalid("age", "must be an integer"), invalid("tags", "")}},
		{
			name: "7643-2.3.1-02/after a tolerance", body: ruled(`"tags":"c"`), repairs: []string{"SingleAsList tags"},
			faults: rule("tags[0]", "at least 2"), strict: rule("tags", "must be an array"),
		},
		{name: "7643-2.3.1-02/all at once in order", body: ruled(`"age":1,"name":"x","part":{"type":"A","value":"x"},"mail":"x"`), faults: []fault{
			invalid("age", "at least 18"), invalid("name", "at least 3"), invalid("part.type", "lower case"), invalid("part.value", "UUID"), invalid("mail", "e-mail"),
		}},
	}
	read[Ruled](t, resource.CreationRequest, cases)

	for _, ctx := range append([]resource.Context{resource.Storage}, responses...) {
		t.Run("7643-2.3.1-02/requests only: "+ctx.String(), func(t *testing.T) {
			got, err := resource.Validate[Ruled](ctx, []byte(`{"id":"1","name":"x","age":1,"part":{"value":"x"},"tags":["a","b","c","d"],"fixed":"x"}`), resource.Strict())
			require.NoError(t, err)
			assert.Equal(t, "x", got.Name)
		})
	}
	t.Run("7643-4.1.1-10/never the value", func(t *testing.T) {
		values := map[string]string{"name": `"Jane Private"`, "word": `"Jane Private"`, "mail": `"Jane Private"`, "code": `"Jane Private 1"`, "tags": `["Jane Private","J"]`, "site": `"Jane-Private"`, "secret": `"JanePrivate"`, "age": `777777`, "counts": `[777777,777777]`}
		for name, value := range values {
			_, err := resource.Validate[Ruled](resource.CreationRequest, []byte(ruled(fmt.Sprintf("%q:%s", name, value))))
			require.Error(t, err, name)
			for _, said := range []string{err.Error(), fmt.Sprintf("%+v", err), string(scimerrors.Append(nil, err))} {
				assert.NotContains(t, said, "Private", name)
				assert.NotContains(t, said, "777777", name)
			}
		}
	})
	t.Run("7643-6-01/rules of an extension", func(t *testing.T) {
		_, err := resource.Validate[Visitor](resource.CreationRequest, []byte(urns.Replace(`{"schemas":["<U>","<BADGE>"],"userName":"x","<BADGE>":{"number":"1234567","doors":[{"value":"a","floor":41}]}}`)))
		refused(t, err, invalid("<BADGE>:number", "exactly 8"), invalid("<BADGE>:doors[0].floor", "at most 40"))
		_, err = resource.Validate[Visitor](resource.CreationRequest, []byte(urns.Replace(`{"schemas":["<U>","<BADGE>"],"userName":"x","<BADGE>":{"number":"1234567a"}}`)))
		refused(t, err, invalid("<BADGE>:number", "numeric"))
	})
}

// Mistakes in tags are mistakes of the program: they panic when the type is first used, with a text that names type and field.
func TestValidateTagMistakes(t *testing.T) {
	for name, use := range map[string]func(t *testing.T){
		"unknown rule": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"nonsense"`
			}
			check[mistaken](t)
		},
		"unknown rule after omitempty": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"omitempty,nonsense"`
			}
			check[mistaken](t)
		},
		"unknown rule of elements": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code []string `json:"code,omitempty" validate:"dive,nonsense"`
			}
			check[mistaken](t)
		},
		"another field": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code  string `json:"code,omitempty" validate:"eqfield=Other"`
				Other string `json:"other,omitempty"`
			}
			check[mistaken](t)
		},
		"another field of another struct": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"omitempty,gtcsfield=Other.Code"`
			}
			check[mistaken](t)
		},
		"required with another": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"required_with=Other"`
			}
			check[mistaken](t)
		},
		"excluded if another": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"excluded_if=Other x"`
			}
			check[mistaken](t)
		},
		"part of another field": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"fieldcontains=Other"`
			}
			check[mistaken](t)
		},
		"another field among alternatives": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"eq=1|eqfield=Other"`
			}
			check[mistaken](t)
		},
		"parameter that is no number": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"len=abc"`
			}
			check[mistaken](t)
		},
		"parameter that is no number after omitempty": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"omitempty,len=abc"`
			}
			check[mistaken](t)
		},
		"rule of another type": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code *bool `json:"code,omitempty" validate:"len=3"`
			}
			check[mistaken](t)
		},
		"dive into a string": func(t *testing.T) {
			t.Helper()
			type mistaken struct {
				resource.Resource `scim:"urn:acme:x:A"`

				Code string `json:"code,omitempty" validate:"dive,len=3"`
			}
			check[mistaken](t)
		},
	} {
		t.Run(name, use)
	}
	t.Run("in a part of an extension", func(t *testing.T) {
		type mistaken struct {
			Code string `json:"code,omitempty" validate:"nonsense"`
		}
		type extension struct {
			resource.Extension `scim:"urn:acme:x:B"`

			Part []mistaken `json:"part,omitempty"`
		}
		type user struct {
			resource.User
			B *extension `json:"urn:acme:x:B,omitempty"`
		}
		panics(t, func() { resource.ResourceTypeFor[user]("/Users") }, "mistaken", "Code")
	})
	t.Run("a rule of its own is no mistake", func(t *testing.T) {
		type fine struct {
			resource.Resource `scim:"urn:acme:x:A"`

			Code string   `json:"code,omitempty" validate:"omitempty,len=3,numeric"`
			List []string `json:"list,omitempty" validate:"omitempty,max=3,dive,oneof=a b"`
			None string   `json:"none,omitempty" validate:"-"`
		}
		assert.NotPanics(t, func() { resource.ResourceTypeFor[fine]("/Fine") })
		got, err := resource.Validate[fine](resource.CreationRequest, []byte(`{"schemas":["urn:acme:x:A"],"code":"123","list":["a"],"none":"x"}`))
		require.NoError(t, err)
		assert.Equal(t, "123", got.Code)
		assert.Equal(t, "x", got.None)
	})
}

// check sees that both the first use and ResourceTypeFor panic, naming the type mistaken and its field Code.
func check[T any](t *testing.T) {
	t.Helper()
	panics(t, func() { resource.ResourceTypeFor[T]("/Mistakes") }, "mistaken", "Code")
	panics(t, func() { _, _ = resource.Validate[T](resource.CreationRequest, []byte(`{"code":"x"}`)) }, "mistaken", "Code")
}

// panics checks that f panics with a text that has these words.
func panics(t *testing.T, f func(), words ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		r := recover()
		if r == nil {
			t.Error("no panic")
			return
		}
		text := fmt.Sprint(r)
		assert.True(t, strings.HasPrefix(text, "scim: "), "%s", text)
		for _, word := range words {
			assert.Contains(t, text, word)
		}
	}()
	f()
}
