package errors_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

// types is every scimType with its word and status (RFC 7644 table 9, RFC 9865).
var types = []struct {
	id     string
	got    scimerrors.Type
	word   string
	status int
}{
	{"7644-3.12-11", scimerrors.InvalidFilter, "invalidFilter", 400},
	{"7644-3.12-11 7644-3.4.2.1-03", scimerrors.TooMany, "tooMany", 400},
	{"7644-3.12-12", scimerrors.Uniqueness, "uniqueness", 409},
	{"7644-3.12-11", scimerrors.Mutability, "mutability", 400},
	{"7644-3.12-11", scimerrors.InvalidSyntax, "invalidSyntax", 400},
	{"7644-3.12-11", scimerrors.InvalidPath, "invalidPath", 400},
	{"7644-3.12-11", scimerrors.NoTarget, "noTarget", 400},
	{"7644-3.12-11", scimerrors.InvalidValue, "invalidValue", 400},
	{"7644-3.12-11", scimerrors.InvalidVers, "invalidVers", 400},
	{"7644-7.5.2-01", scimerrors.Sensitive, "sensitive", 403},
	{"7644-3.12-11", scimerrors.InvalidCursor, "invalidCursor", 400},
	{"7644-3.12-11", scimerrors.ExpiredCursor, "expiredCursor", 400},
	{"7644-3.12-11", scimerrors.InvalidCount, "invalidCount", 400},
	{"7644-3.12-17", "vendorX", "vendorX", 400},
	{"7644-3.12-11", "UNIQUENESS", "UNIQUENESS", 400}, // another word: scimTypes are compared exactly
}

func TestType(t *testing.T) {
	for _, tt := range types {
		t.Run(tt.id+"/"+tt.word, func(t *testing.T) {
			assert.Equal(t, tt.word, tt.got.Error())
			assert.Equal(t, tt.status, tt.got.Status())

			e := scimerrors.New(tt.got, "no %s", "luck")
			assert.Equal(t, &scimerrors.Error{Status: tt.status, Type: tt.got, Detail: "no luck"}, e)
			assert.ErrorIs(t, e, tt.got)
		})
	}
}

func TestNewFormatsTheDetail(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.7: refused")
	other := errors.New("second cause")
	var none *scimerrors.Error
	for _, tt := range []struct {
		name   string
		format string
		args   []any
		detail string
		causes []error
	}{
		{"no arguments/literal", "100% of it, %d and %w", nil, "100% of it, %d and %w", nil},
		{"no arguments/empty", "", nil, "", nil},
		{"verbs", "%q is %d of %v", []any{"a", 1, true}, `"a" is 1 of true`, nil},
		{"%w at the end", "cannot store: %w", []any{cause}, "cannot store", []error{cause}},
		{"%w alone", "%w", []any{cause}, "", []error{cause}},
		{"%w within", "user %q (%w) is locked", []any{"bj", cause}, `user "bj" () is locked`, []error{cause}},
		{"%w twice", "a: %w: %w", []any{cause, other}, "a", []error{cause, other}},
		{"%w by index", "%[2]s: %[1]w", []any{cause, "stored"}, "stored", []error{cause}},
		{"%w and %v", "%v: %w", []any{other, cause}, "second cause", []error{cause}},
		{"%v only/shown and not kept", "failed: %v", []any{cause}, "failed: dial tcp 10.0.0.7: refused", nil},
		{"%T of an error", "%T", []any{cause}, "*errors.errorString", nil},
		{"%w of nil", "cannot store: %w", []any{nil}, "cannot store", nil},
		{"%v of nil", "value %v", []any{nil}, "value <nil>", nil},
		{"%w of a typed nil", "cannot store: %w", []any{none}, "cannot store", nil},
		{"%w of a list", "all: %w", []any{scimerrors.List{scimerrors.Status(404, "x")}}, "all", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, e := range []*scimerrors.Error{
				scimerrors.New(scimerrors.InvalidValue, tt.format, tt.args...),
				scimerrors.Status(501, tt.format, tt.args...),
			} {
				assert.Equal(t, tt.detail, e.Detail)
				for _, want := range tt.causes {
					assert.ErrorIs(t, e, want)
				}
			}
		})
	}
}

func TestNewKeepsTheCauseFromTheClient(t *testing.T) {
	e := scimerrors.New(scimerrors.Uniqueness, "userName is taken: %w", io.ErrClosedPipe)

	assert.Same(t, io.ErrClosedPipe, e.Err)
	assert.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"userName is taken"}`,
		string(scimerrors.Append(nil, e)))
	assert.Equal(t, "userName is taken (uniqueness): "+io.ErrClosedPipe.Error(), e.Error())

	assert.NoError(t, scimerrors.New(scimerrors.Uniqueness, "taken: %v", "x").Err)
}

func TestErrorText(t *testing.T) {
	var none *scimerrors.Error
	for _, tt := range []struct {
		name string
		err  *scimerrors.Error
		want string
	}{
		{"path, detail, type", &scimerrors.Error{Status: 400, Type: scimerrors.InvalidValue, Path: "emails[2].type", Detail: "must be a string"}, "emails[2].type: must be a string (invalidValue)"},
		{"detail and status", scimerrors.Status(404, "no user 7"), "no user 7 (404)"},
		{"path alone", &scimerrors.Error{Type: scimerrors.Mutability, Path: "id"}, "id (mutability)"},
		{"type alone", &scimerrors.Error{Type: scimerrors.NoTarget}, "noTarget"},
		{"status alone", scimerrors.Status(412, ""), "412 Precondition Failed"},
		{"unknown status alone", scimerrors.Status(599, ""), "599"},
		{"detail alone", &scimerrors.Error{Detail: "broken"}, "broken"},
		{"nothing", &scimerrors.Error{}, "unknown error"},
		{"cause", &scimerrors.Error{Status: 500, Detail: "no", Err: io.EOF}, "no (500): EOF"},
		{"typed nil as cause", &scimerrors.Error{Status: 500, Detail: "no", Err: none}, "no (500)"},
		{"nil", none, "<nil>"},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, tt.err.Error()) })
	}
}

func TestErrorIs(t *testing.T) {
	sentinel := scimerrors.New(scimerrors.Uniqueness, "taken")
	twin := scimerrors.New(scimerrors.Uniqueness, "taken")
	cause := scimerrors.Status(404, "gone: %w", io.EOF)
	list := scimerrors.List{scimerrors.New(scimerrors.InvalidPath, "x"), nil, sentinel}
	var none *scimerrors.Error

	for _, tt := range []struct {
		name   string
		err    error
		target error
		want   bool
	}{
		{"its type", sentinel, scimerrors.Uniqueness, true},
		{"another type", sentinel, scimerrors.Mutability, false},
		{"itself", sentinel, sentinel, true},
		{"an equal one", sentinel, twin, false},
		{"wrapped/type", fmt.Errorf("store: %w", sentinel), scimerrors.Uniqueness, true},
		{"wrapped/itself", fmt.Errorf("store: %w", sentinel), sentinel, true},
		{"joined", errors.Join(io.EOF, sentinel), scimerrors.Uniqueness, true},
		{"bare type, wrapped", fmt.Errorf("store: %w", scimerrors.Uniqueness), scimerrors.Uniqueness, true},
		{"cause", cause, io.EOF, true},
		{"foreign", cause, io.ErrUnexpectedEOF, false},
		{"no type", cause, scimerrors.Type(""), false},
		{"list/first", list, scimerrors.InvalidPath, true},
		{"list/last", list, scimerrors.Uniqueness, true},
		{"list/itself", list, sentinel, true},
		{"list/absent", list, scimerrors.Mutability, false},
		{"list/as target", sentinel, list, false},
		{"nil pointer", none, scimerrors.Uniqueness, false},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, errors.Is(tt.err, tt.target)) })
	}

	assert.True(t, sentinel.Is(sentinel))
	assert.False(t, sentinel.Is(twin))
	assert.False(t, none.Is(none))
	assert.NoError(t, none.Unwrap())
}

func TestErrorAs(t *testing.T) {
	t.Run("7644-3.12-18/errors.As gives status, scimType, detail", func(t *testing.T) {
		err := fmt.Errorf("provisioning: %w", scimerrors.New(scimerrors.Mutability, "id cannot be changed"))
		var e *scimerrors.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 400, e.Status)
		assert.Equal(t, scimerrors.Mutability, e.Type)
		assert.Equal(t, "id cannot be changed", e.Detail)
	})
}

// An embedded struct would lend its methods to a resource and drop its fields.
func TestNoJSONMethods(t *testing.T) {
	typ := reflect.TypeFor[*scimerrors.Error]()
	for _, method := range []reflect.Type{
		reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.Unmarshaler](),
		reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	} {
		assert.False(t, typ.Implements(method), "%v implements %v", typ, method)
	}
}

// Whoever marshals an Error without Append must not give its cause away.
func TestEncodingJSONLeaksNothing(t *testing.T) {
	e := scimerrors.Status(500, "try later: %w", errors.New("password=hunter2"))
	e.Header = http.Header{"X-Secret": {"hunter2"}}
	e.Path = "userName"

	body, err := json.Marshal(e)
	require.NoError(t, err)
	assert.JSONEq(t, `{"status":"500","detail":"try later"}`, string(body))
}
