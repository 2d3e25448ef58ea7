package errors_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

type (
	email struct {
		Value string `json:"value" validate:"omitempty,email"`
		Type  string `json:"type,omitempty" validate:"omitempty,oneof=work home"`
	}
	badge struct {
		Number string `json:"number" validate:"omitempty,len=8,numeric"`
		Door   struct {
			Code string `json:"code" validate:"omitempty,max=4"`
		} `json:"door"`
	}
	Base struct {
		ExternalID string `json:"externalId,omitempty" validate:"omitempty,max=10"`
	}
	account struct {
		Base
		UserName string            `json:"userName" validate:"required"`
		Password string            `json:"password,omitempty" validate:"omitempty,min=12"`
		Emails   []email           `json:"emails,omitempty" validate:"dive"`
		Tags     map[string]string `json:"tags" validate:"dive,max=3"`
		Nick     string            `validate:"omitempty,alpha"`
		Hidden   string            `json:"-" validate:"omitempty,alpha"`
		Badge    *badge            `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
		Odd      *badge            `json:"urn:acme:ext:2.0,omitempty"`
		Needed   *badge            `json:"urn:acme:needed:1.0:User,omitempty" validate:"required"`
		Caps     struct {
			Code string `json:"Code" validate:"omitempty,max=4"`
		} `json:"Caps"`
	}
	page[T any] struct {
		Items []T `json:"items" validate:"dive"`
	}
)

func newValidator(options ...validator.Option) *validator.Validate {
	v := validator.New(append(options, validator.WithRequiredStructEnabled())...)
	v.RegisterTagNameFunc(scimerrors.TagName)
	return v
}

func valid() account { return account{UserName: "bjensen", Needed: &badge{}} }

func TestFromValidator(t *testing.T) {
	for _, tt := range []struct {
		name   string
		break_ func(*account)
		detail string
	}{
		{"7644-3.12-01/required", func(a *account) { a.UserName = "" }, "userName: is required"},
		{"the value is not shown", func(a *account) { a.Password = "hunter2" }, "password: must have at least 12 characters"},
		{"element", func(a *account) { a.Emails = []email{{Value: "hunter2"}} }, "emails[0].value: must be an e-mail address"},
		{"second element", func(a *account) { a.Emails = []email{{}, {Type: "hunter2"}} }, "emails[1].type: must be one of work, home"},
		{"map key with a dot", func(a *account) { a.Tags = map[string]string{"a.b": "hunter2"} }, "tags[a.b]: must have at most 3 characters"},
		{"embedded struct", func(a *account) { a.ExternalID = "hunter2hunter2" }, "externalId: must have at most 10 characters"},
		{"no json tag", func(a *account) { a.Nick = "hunter2" }, "Nick: must be made of the letters A to Z only"},
		{"not on the wire", func(a *account) { a.Hidden = "hunter2" }, "Hidden: must be made of the letters A to Z only"},
		{"extension", func(a *account) { a.Badge = &badge{Number: "hunter2"} }, "urn:acme:params:scim:schemas:extension:badge:2.0:User:number: must have exactly 8 characters"},
		{"extension, complex attribute", func(a *account) { a.Badge = &badge{}; a.Badge.Door.Code = "hunter2" }, "urn:acme:params:scim:schemas:extension:badge:2.0:User:door.code: must have at most 4 characters"},
		{"extension whose URN ends with a version", func(a *account) { a.Odd = &badge{Number: "hunter22"} }, "urn:acme:ext:2.0:number: must be numeric"},
		{"whole extension", func(a *account) { a.Needed = nil }, "urn:acme:needed:1.0:User: is required"},
		{"two faults", func(a *account) { a.UserName, a.Emails = "", []email{{Value: "x"}} }, "userName: is required; emails[0].value: must be an e-mail address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := valid()
			tt.break_(&a)
			err := newValidator().Struct(a)
			require.Error(t, err)

			for _, wrapped := range []error{err, fmt.Errorf("hunter2: %w", err)} {
				e := scimerrors.From(wrapped)
				assert.Equal(t, 400, e.Status)
				assert.Equal(t, scimerrors.InvalidValue, e.Type)
				assert.Equal(t, tt.detail, detail(t, e))
				assert.Equal(t, wrapped, e.Err)
				var faults validator.ValidationErrors
				assert.ErrorAs(t, e, &faults)
			}
		})
	}
	t.Run("7644-3.12-16/two faults, one message", func(t *testing.T) {
		e := scimerrors.From(newValidator().Struct(account{Emails: []email{{Value: "x"}}}))
		assert.Len(t, strings.Split(e.Detail, "; "), 3)
		assert.Empty(t, e.Path)
	})
}

// detail is what the client reads.
func detail(t *testing.T, err error) string {
	t.Helper()
	var message struct{ Detail string }
	require.NoError(t, json.Unmarshal(scimerrors.Append(nil, err), &message))
	return message.Detail
}

func TestFromValidatorPaths(t *testing.T) {
	blank := newValidator(validator.WithTagNameFuncBlankOmit())
	plain := validator.New()
	broken := email{Value: "x"}
	withID := account{Base: Base{ExternalID: "12345678901"}, UserName: "x", Needed: &badge{}}
	withBadge := struct{ account }{valid()}
	withBadge.Badge = &badge{Number: "x"}

	for _, tt := range []struct {
		name string
		err  error
		path string
	}{
		{"a single value", newValidator().Var("x", "email"), ""},
		{"a slice", newValidator().Var([]string{"x"}, "dive,email"), "[0]"},
		{"a slice of structs", newValidator().Var([]email{broken}, "dive"), "[0].value"},
		{"a generic type", newValidator().Struct(page[email]{Items: []email{broken}}), "items[0].value"},
		{"an anonymous type", newValidator().Struct(struct {
			Work email `json:"work"`
		}{broken}), "work.value"},
		{"without TagName", plain.Struct(page[email]{Items: []email{broken}}), "Items[0].Value"},
		{"embedded, blank names left out", blank.Struct(withID), "externalId"},
		{"extension, blank names left out", blank.Struct(withBadge), "urn:acme:params:scim:schemas:extension:badge:2.0:User:number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Error(t, tt.err)
			assert.Equal(t, tt.path, scimerrors.From(tt.err).Path)
		})
	}
}

// alien is a FieldError as other packages make them.
type alien struct {
	validator.FieldError
	namespace, structNamespace string
}

func (a *alien) Tag() string             { return "door" }
func (a *alien) Param() string           { return "" }
func (a *alien) Kind() reflect.Kind      { return reflect.Invalid }
func (a *alien) Type() reflect.Type      { return nil }
func (a *alien) Namespace() string       { return a.namespace }
func (a *alien) StructNamespace() string { return a.structNamespace }
func (a *alien) Error() string           { return "alien" }

func TestFromValidatorOddNamespaces(t *testing.T) {
	for _, tt := range []struct{ namespace, structNamespace, path string }{
		{"", "", ""},
		{".", ".", ""},
		{"User", "", "User"},
		{"", "User.A.B", ""},
		{"User.a[", "User.A[", "a["},
		{"User.a]b.c", "User.A]b.C", "a]b.c"},
		{"User.urn:", "User.X", "urn:"},
		{"urn:a:b", "", "urn:a:b"},
		{"urn:a:1.0:U.x", "", "urn:a:1.0:U:x"},
		{"urn:a:1.0:U.x[k:v].y", "U.E.X[k:v].Y", "urn:a:1.0:U:x[k:v].y"},
		{"User.URN:a:2.0:U.x", "User.E.X", "URN:a:2.0:U:x"},
	} {
		t.Run(tt.namespace+"|"+tt.structNamespace, func(t *testing.T) {
			e := scimerrors.From(validator.ValidationErrors{&alien{namespace: tt.namespace, structNamespace: tt.structNamespace}, (*alien)(nil)})
			assert.Equal(t, tt.path, e.Path)
			assert.Equal(t, `fails the rule "door"`, e.Detail)
		})
	}
}

func TestReason(t *testing.T) {
	for _, tt := range []struct{ tag, param, want string }{
		{"required", "", "is required"},
		{"required_if", "Active true", "is required together with the other values given"},
		{"excluded_with", "Active", "is not allowed together with the other values given"},
		{"unique", "", "must not contain the same value twice"},
		{"len", "8", "must have a value or length of exactly 8"},
		{"min", "3", "must have a value or length of at least 3"},
		{"gte", "3", "must have a value or length of at least 3"},
		{"max", "3", "must have a value or length of at most 3"},
		{"gt", "3", "must have a value or length of more than 3"},
		{"lt", "3", "must have a value or length of less than 3"},
		{"lte", "3", "must have a value or length of at most 3"},
		{"gt", "", "must be after the present time"},
		{"gte", "", "must not be before the present time"},
		{"lt", "", "must be before the present time"},
		{"lte", "", "must not be after the present time"},
		{"email", "", "must be an e-mail address"},
		{"numeric", "", "must be numeric"},
		{"url", "", "must be a URL"},
		{"uuid", "", "must be a UUID"},
		{"e164", "", "must be a phone number in the form +15551234567"},
		{"oneof", "a b  c", "must be one of a, b, c"},
		{"oneof", "'red wine' white 'rosé", "must be one of red wine, white, rosé"},
		{"oneof", "", "must be one of "},
		{"eq", "x", "must be x"},
		{"ne_ignore_case", "x", "must not be x, in any case"},
		{"startswith", "+", `must begin with "+"`},
		{"eqfield", "Password", "must be equal to Password"},
		{"hexcolor|rgb", "", "must be a color, or must be a color"},
		{"len=3|len=5", "5", "must have a value or length of exactly 3, or must have a value or length of exactly 5"},
		{"door", "", `fails the rule "door"`},
		{"door", "3", `fails the rule "door=3"`},
		{"", "", `fails the rule ""`},
		{"|", "", `fails the rule "", or fails the rule ""`},
	} {
		t.Run(tt.tag+"="+tt.param, func(t *testing.T) { assert.Equal(t, tt.want, scimerrors.Reason(tt.tag, tt.param, reflect.Invalid)) })
	}
}

// What a number in a rule counts follows from the kind of the value.
func TestReasonKinds(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		value any // fails the rule
		want  string
	}{
		{"len=8", "x", "must have exactly 8 characters"},
		{"len=1", "ab", "must have exactly 1 character"},
		{"min=3", "ab", "must have at least 3 characters"},
		{"min=1", "", "must have at least 1 character"},
		{"gte=3", "éé", "must have at least 3 characters"},
		{"max=3", "abcd", "must have at most 3 characters"},
		{"lte=3", "éééé", "must have at most 3 characters"},
		{"gt=3", "abc", "must have more than 3 characters"},
		{"lt=3", "abc", "must have fewer than 3 characters"},
		{"len=8", 7, "must be exactly 8"},
		{"min=3", int8(2), "must be at least 3"},
		{"max=3", uint(4), "must be at most 3"},
		{"gt=3", uint64(3), "must be more than 3"},
		{"lt=1", 1.5, "must be less than 1"},
		{"lte=0.5", float32(0.75), "must be at most 0.5"},
		{"max=1h", 2 * time.Hour, "must be at most 1h"},
		{"min=1", []string{}, "must have at least 1 element"},
		{"max=2", []string{"a", "b", "c"}, "must have at most 2 elements"},
		{"len=2", [3]int{}, "must have exactly 2 elements"},
		{"lt=2", []int{1, 2}, "must have fewer than 2 elements"},
		{"max=1", map[string]int{"a": 1, "b": 2}, "must have at most 1 key"},
		{"min=2", map[string]int{}, "must have at least 2 keys"},
		{"dive,max=3", []string{"abcd"}, "must have at most 3 characters"},
		{"max=1,dive,max=3", [][]string{{"a"}, {"b"}}, "must have at most 1 element"},
		{"len=3|len=5", "x", "must have exactly 3 characters, or must have exactly 5 characters"},
		{"len=3|eq=0", 5, "must be exactly 3, or must be 0"},
		{"max=3", []byte("four"), "must have a value or length of at most 3"},
		{"gt", time.Unix(0, 0), "must be after the present time"},
		{"lt", time.Unix(1<<40, 0), "must be before the present time"},
		{"email", "x", "must be an e-mail address"},
		{"required", "", "is required"},
		{"required", 0, "is required"},
	} {
		t.Run(fmt.Sprintf("7644-3.12-01/%s %T", tt.rule, tt.value), func(t *testing.T) {
			err := newValidator().Var(tt.value, tt.rule)
			require.Error(t, err)
			assert.Equal(t, tt.want, scimerrors.From(err).Detail)
		})
	}
	for _, kind := range []reflect.Kind{reflect.Invalid, reflect.Bool, reflect.Struct, reflect.Pointer, reflect.Interface, reflect.Complex64, 99} {
		assert.Equal(t, "must have a value or length of at most 8", scimerrors.Reason("max", "8", kind), "%v", kind)
	}
}

// Every rule with a wording must be one that validator knows: a misspelt tag
// would never be found otherwise.
// The validator compares the length of a list, whatever the rule is called.
func TestReasonOfLists(t *testing.T) {
	for _, c := range []struct {
		tag  string
		kind reflect.Kind
		want string
	}{
		{"eq", reflect.Slice, "must have exactly 2 elements"},
		{"ne", reflect.Array, "must not have exactly 2 elements"},
		{"eq", reflect.Map, "must have exactly 2 keys"},
		{"eq", reflect.String, "must be 2"},
		{"ne", reflect.Int, "must not be 2"},
	} {
		assert.Equal(t, c.want, scimerrors.Reason(c.tag, "2", c.kind), "%s of a %s", c.tag, c.kind)
	}
}

func TestReasonTagsExist(t *testing.T) {
	words := strings.FieldsSeq(`required len min max eq ne lt lte gt gte eq_ignore_case ne_ignore_case oneof oneofci noneof noneofci
		contains containsrune containsany excludes excludesrune excludesall startswith startsnotwith endswith endsnotwith datetime
		unique isdefault alpha alphaspace alphanum alphanumspace alphaunicode alphanumunicode ascii printascii multibyte lowercase
		uppercase boolean numeric number hexadecimal email e164 url http_url https_url uri urn_rfc2141 urn_rfc8141 datauri base32
		base64 base64url base64rawurl json jwt uuid uuid_rfc4122 uuid3 uuid3_rfc4122 uuid4 uuid4_rfc4122 uuid5 uuid5_rfc4122 uuid7
		ulid ip ip_addr ipv4 ip4_addr ipv6 ip6_addr cidr cidrv4 cidrv6 mac hostname hostname_rfc1123 hostname_label
		dns_rfc1035_label hostname_port port fqdn origin mimetype timezone duration cron semver latitude longitude country_code
		iso3166_1_alpha2 iso3166_1_alpha3 iso3166_1_alpha_numeric eu_country_code iso3166_1_alpha2_eu iso3166_1_alpha3_eu
		iso3166_1_alpha_numeric_eu iso3166_2 iso4217 iso4217_numeric bcp47_language_tag bcp47_strict_language_tag bic
		bic_iso_9362_2014 credit_card luhn_checksum hexcolor rgb rgba hsl hsla cmyk iscolor postcode_iso3166_alpha2
		eqfield eqcsfield nefield necsfield gtfield gtcsfield gtefield gtecsfield ltfield ltcsfield ltefield ltecsfield
		fieldcontains fieldexcludes required_if required_unless required_with required_with_all required_without
		required_without_all skip_unless excluded_if excluded_unless excluded_with excluded_with_all excluded_without
		excluded_without_all`)
	for word := range words {
		t.Run(word, func(t *testing.T) {
			assert.NotContains(t, scimerrors.Reason(word, "1", reflect.String), "fails the rule")
			assert.True(t, known(word), "validator has no rule %q", word)
		})
	}
	assert.False(t, known("no_such_rule"))
}

// known asks a validator for the rule; it panics on an unknown one only.
func known(tag string) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			ok = !strings.Contains(fmt.Sprint(r), "Undefined validation function")
		}
	}()
	_ = validator.New().Var("1", tag+"=1")
	return true
}

func TestTagName(t *testing.T) {
	typ := reflect.TypeFor[struct {
		Base
		Plain  string `json:"plain"`
		Omit   string `json:"omit,omitempty"`
		Only   string `json:",omitempty"`
		None   string
		Empty  string `json:""`
		Hidden string `json:"-"`
		Ref    string `json:"$ref"`
		URN    string `json:"urn:acme:2.0:User"`
	}]()
	want := map[string]string{"Plain": "plain", "Omit": "omit", "Ref": "$ref", "URN": "urn:acme:2.0:User"}
	for field := range typ.Fields() {
		t.Run(field.Name, func(t *testing.T) { assert.Equal(t, want[field.Name], scimerrors.TagName(field)) })
	}
	assert.Empty(t, scimerrors.TagName(reflect.StructField{}))
	assert.Equal(t, "-", scimerrors.TagName(reflect.StructField{Tag: `json:"-,"`}), "a field of that name, as encoding/json reads it")
}
