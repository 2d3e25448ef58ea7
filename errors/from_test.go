package errors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

const secret = "hunter2 at 10.0.0.7"

// brittle panics when a method is called on a nil pointer.
type brittle struct{ text string }

func (b *brittle) Error() string   { return b.text }
func (b *brittle) Unwrap() error   { return errors.New(b.text) }
func (b *brittle) Is(error) bool   { return b.text == "" }
func (b *brittle) As(any) bool     { return b.text == "" }
func (b *brittle) Timeout() bool   { return b.text == "" }
func (b *brittle) Temporary() bool { return b.text == "" }

// convertible passes for an Error through errors.As only.
type convertible struct{ to *scimerrors.Error }

func (convertible) Error() string { return secret }

func (c convertible) As(target any) bool {
	if p, ok := target.(**scimerrors.Error); ok {
		*p = c.to
		return true
	}
	return false
}

func TestFromOurs(t *testing.T) {
	full := scimerrors.New(scimerrors.InvalidPath, "no such attribute")
	full.Path = "emials"
	gone := scimerrors.Status(http.StatusNotFound, "no user 7")

	for _, tt := range []struct {
		name string
		err  error
		want *scimerrors.Error
	}{
		{"itself", full, full},
		{"wrapped", fmt.Errorf("%s: %w", secret, full), full},
		{"wrapped twice", fmt.Errorf("a: %w", fmt.Errorf("b: %w", gone)), gone},
		{"joined with a stranger", errors.Join(io.EOF, full), full},
		{"joined with a context error", errors.Join(context.Canceled, gone), gone},
		{"joined with a type", errors.Join(scimerrors.Uniqueness, gone), gone},
		{"joined with a typed nil", errors.Join((*scimerrors.Error)(nil), gone), gone},
		{"joined with a brittle typed nil", errors.Join((*brittle)(nil), gone), gone},
		{"through As", convertible{gone}, gone},
		{"list of one", scimerrors.List{gone}, gone},
		{"list of one beside nil", scimerrors.List{nil, gone}, gone},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Same(t, tt.want, scimerrors.From(tt.err)) })
	}
}

func TestFromFillsInTheStatus(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  scimerrors.Error
		want int
	}{
		{"from the type", scimerrors.Error{Type: scimerrors.Uniqueness, Detail: "taken"}, 409},
		{"from an unknown type", scimerrors.Error{Type: "vendorX"}, 400},
		{"without a type", scimerrors.Error{Detail: "broken"}, 500},
		{"too small", scimerrors.Error{Status: 99}, 500},
		{"too large", scimerrors.Error{Status: 600, Type: scimerrors.Sensitive}, 403},
		{"negative", scimerrors.Error{Status: -1}, 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			original := tt.err
			got := scimerrors.From(&original)
			assert.Equal(t, tt.want, got.Status)
			assert.Equal(t, tt.err, original, "the original was changed")

			got.Status = original.Status
			assert.Equal(t, &original, got, "more than the status was filled in")
		})
	}
}

func TestFromType(t *testing.T) {
	for _, tt := range types {
		t.Run(tt.id+"/bare "+tt.word, func(t *testing.T) {
			err := fmt.Errorf("%s: %w", secret, tt.got)
			e := scimerrors.From(err)
			assert.Equal(t, tt.status, e.Status)
			assert.Equal(t, tt.got, e.Type)
			assert.NotContains(t, e.Detail, secret)
			require.ErrorIs(t, e, tt.got)
			assert.Equal(t, err, e.Err)
			if tt.word != "vendorX" && tt.word != "UNIQUENESS" {
				assert.NotEmpty(t, e.Detail)
			}
		})
	}
}

func TestFromUnknown(t *testing.T) {
	var none *scimerrors.Error
	var unset *brittle
	for name, err := range map[string]error{
		"plain":                      errors.New(secret),
		"wrapped":                    fmt.Errorf("query: %w", errors.New(secret)),
		"joined":                     errors.Join(errors.New(secret), io.ErrClosedPipe),
		"file":                       &os.PathError{Op: "open", Path: "/" + secret, Err: os.ErrNotExist},
		"type without a word":        scimerrors.Type(""),
		"typed nil":                  none,
		"typed nil, wrapped":         fmt.Errorf("%s: %w", secret, none),
		"typed nil, foreign":         unset,
		"typed nil, foreign, joined": errors.Join(unset, errors.New(secret)),
		"typed nil, ours, by As":     convertible{},
		"typed nil, limit":           (*http.MaxBytesError)(nil),
		"typed nil, syntax":          (*json.SyntaxError)(nil),
		"empty list":                 scimerrors.List{},
		"nil list":                   scimerrors.List(nil),
		"list of nil":                scimerrors.List{nil},
		"empty validation":           validator.ValidationErrors{},
		"validation of nil":          validator.ValidationErrors{nil},
		"validator misused":          &validator.InvalidValidationError{Type: reflect.TypeFor[string]()},
		"EOF of something else":      fmt.Errorf("replica: %w", io.EOF),
		"decoder misused":            &json.InvalidUnmarshalError{},
	} {
		t.Run("7644-3.12-15/"+name, func(t *testing.T) {
			e := scimerrors.From(err)
			require.NotNil(t, e)
			assert.Equal(t, &scimerrors.Error{Status: 500, Detail: "internal server error", Err: err}, e)
			assert.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"500","detail":"internal server error"}`,
				string(scimerrors.Append(nil, err)))
		})
	}
	t.Run("nil", func(t *testing.T) { assert.Nil(t, scimerrors.From(nil)) })
	t.Run("7644-3.12-15/the cause is in the log", func(t *testing.T) {
		assert.Contains(t, scimerrors.From(errors.New(secret)).Error(), secret)
	})
}

func decode(into any, body string) error { return json.Unmarshal([]byte(body), into) }

func TestFromJSON(t *testing.T) {
	type name struct {
		Given string `json:"givenName"`
	}
	var user struct {
		UserName   string    `json:"userName"`
		Name       *name     `json:"name"`
		Active     *bool     `json:"active"`
		Count      int8      `json:"count"`
		Score      float64   `json:"score"`
		Emails     []name    `json:"emails"`
		Photo      []byte    `json:"photo"`
		Pair       [2]string `json:"pair"`
		Odd        chan int  `json:"odd"`
		Enterprise struct {
			Department string `json:"department"`
		} `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	}
	truncated := json.NewDecoder(strings.NewReader(`{"userName":"bj`)).Decode(&user)
	empty := json.NewDecoder(strings.NewReader(``)).Decode(&user)

	for _, tt := range []struct {
		name   string
		err    error
		typ    scimerrors.Type
		path   string
		detail string
	}{
		{"7644-3.12-19/not JSON", decode(&user, `{"userName":secret}`), scimerrors.InvalidSyntax, "", "the body is not valid JSON"},
		{"7644-3.12-19/open brace", decode(&user, `{`), scimerrors.InvalidSyntax, "", "the body is not valid JSON"},
		{"7644-3.12-19/trailing data", decode(&user, `{}{}`), scimerrors.InvalidSyntax, "", "the body is not valid JSON"},
		{"7644-3.12-19/truncated", truncated, scimerrors.InvalidSyntax, "", "the body ends too early"},
		{"7644-3.12-19/empty", empty, scimerrors.InvalidSyntax, "", "the body is empty"},
		{"wrapped syntax", fmt.Errorf("%s: %w", secret, decode(&user, `{"a" 1}`)), scimerrors.InvalidSyntax, "", "the body is not valid JSON"},
		{"wrapped truncation", fmt.Errorf("%s: %w", secret, io.ErrUnexpectedEOF), scimerrors.InvalidSyntax, "", "the body ends too early"},
		{"array body", decode(&user, `[]`), scimerrors.InvalidValue, "", "must be an object, not an array"},
		{"string", decode(&user, `{"userName":17}`), scimerrors.InvalidValue, "userName", "must be a string, not a number"},
		{"boolean", decode(&user, `{"active":"hunter2"}`), scimerrors.InvalidValue, "active", "must be a boolean, not a string"},
		{"integer too large", decode(&user, `{"count":31337}`), scimerrors.InvalidValue, "count", "must be an integer, not a number"},
		{"number", decode(&user, `{"score":true}`), scimerrors.InvalidValue, "score", "must be a number, not a boolean"},
		{"array", decode(&user, `{"emails":{}}`), scimerrors.InvalidValue, "emails", "must be an array, not an object"},
		{"binary", decode(&user, `{"photo":5}`), scimerrors.InvalidValue, "photo", "must be a base64 string, not a number"},
		{"fixed array", decode(&user, `{"pair":5}`), scimerrors.InvalidValue, "pair", "must be an array, not a number"},
		{"sub-attribute", decode(&user, `{"name":{"givenName":[]}}`), scimerrors.InvalidValue, "name.givenName", "must be a string, not an array"},
		{"extension", decode(&user, `{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":1}}`), scimerrors.InvalidValue,
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "must be a string, not a number"},
		{"without a type", &json.UnmarshalTypeError{Field: "x"}, scimerrors.InvalidValue, "x", "must be of another type, not what was sent"},
		{"a type JSON lacks", &json.UnmarshalTypeError{Field: "x", Value: "null", Type: reflect.TypeFor[chan int]()}, scimerrors.InvalidValue, "x", "must be of another type, not null"},
		{"time", &json.UnmarshalTypeError{Field: "t", Value: "number 7", Type: reflect.TypeFor[*time.Time]()}, scimerrors.InvalidValue, "t", "must be a string, not a number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Error(t, tt.err)
			e := scimerrors.From(tt.err)
			assert.Equal(t, 400, e.Status)
			assert.Equal(t, tt.typ, e.Type)
			assert.Equal(t, tt.path, e.Path)
			assert.Equal(t, tt.err, e.Err)
			if tt.typ == scimerrors.InvalidSyntax {
				assert.True(t, strings.HasPrefix(e.Detail, tt.detail), e.Detail)
			} else {
				assert.Equal(t, tt.detail, e.Detail)
			}
			for _, value := range []string{"hunter2", "secret", "31337"} {
				assert.NotContains(t, string(scimerrors.Append(nil, tt.err)), value)
			}
		})
	}
}

func TestFromLimitsAndContexts(t *testing.T) {
	_, tooLarge := io.ReadAll(http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader("12345678")), 5))
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New(secret))
	expired, done := context.WithDeadline(t.Context(), time.Now().Add(-time.Hour))
	defer done()

	for _, tt := range []struct {
		name   string
		err    error
		status int
		detail string
	}{
		{"7644-3.12-14/body over the limit", tooLarge, 413, "the body is larger than the limit of 5 bytes"},
		{"7644-3.12-14/body over the limit, wrapped", fmt.Errorf("%s: %w", secret, tooLarge), 413, "the body is larger than the limit of 5 bytes"},
		{"cancelled", cancelled.Err(), 503, "the request was cancelled"},
		{"cancelled, wrapped", fmt.Errorf("%s: %w", secret, cancelled.Err()), 503, "the request was cancelled"},
		{"expired", expired.Err(), 503, "the request took too long; try again later"},
		{"timeout of the standard library", &os.SyscallError{Syscall: secret, Err: os.ErrDeadlineExceeded}, 500, "internal server error"},
		{"limit before truncation", errors.Join(io.ErrUnexpectedEOF, tooLarge), 413, "the body is larger than the limit of 5 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Error(t, tt.err)
			assert.Equal(t, &scimerrors.Error{Status: tt.status, Detail: tt.detail, Err: tt.err}, scimerrors.From(tt.err))
			assert.NotContains(t, string(scimerrors.Append(nil, tt.err)), secret)
		})
	}
}
