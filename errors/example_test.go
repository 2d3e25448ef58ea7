package errors_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"

	"github.com/go-playground/validator/v10"

	scimerrors "github.com/scimmodels/scim/errors"
)

func ExampleNew() {
	cause := errors.New(`duplicate key violates "users_name_key"`)
	err := scimerrors.New(scimerrors.Uniqueness, "userName %q is taken: %w", "bjensen", cause)

	fmt.Println(err)
	fmt.Println("client:", err.Status, err.Detail)
	fmt.Println(errors.Is(err, scimerrors.Uniqueness), errors.Is(err, cause))
	// Output:
	// userName "bjensen" is taken (uniqueness): duplicate key violates "users_name_key"
	// client: 409 userName "bjensen" is taken
	// true true
}

func ExampleStatus() {
	err := scimerrors.Status(http.StatusUnauthorized, "the token has expired")
	err.Header = http.Header{"WWW-Authenticate": {`Bearer error="invalid_token"`}}

	fmt.Println(err)
	// Output: the token has expired (401)
}

func ExampleFrom() {
	for _, err := range []error{
		fmt.Errorf("store: %w", scimerrors.Status(http.StatusNotFound, "no user 2819c223")),
		fmt.Errorf("insert: %w", scimerrors.Uniqueness),
		context.DeadlineExceeded,
		errors.New("dial tcp 10.0.0.7:5432: connection refused"),
	} {
		e := scimerrors.From(err)
		fmt.Println(e.Status, e.Detail)
	}
	// Output:
	// 404 no user 2819c223
	// 409 a value that must be unique is already in use
	// 503 the request took too long; try again later
	// 500 internal server error
}

func ExampleWrite() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		scimerrors.Write(w, scimerrors.Status(http.StatusNotFound, "no user %s", r.PathValue("id")))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /Users/{id}", handler)

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/Users/2819c223", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(w.Body)
	// Output:
	// 404 application/scim+json
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"no user 2819c223"}
}

func ExampleAppend() {
	body := scimerrors.Append(nil, scimerrors.New(scimerrors.NoTarget, "no element matches"))
	fmt.Printf("%s\n", body)
	// Output: {"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"noTarget","detail":"no element matches"}
}

func ExampleParse() {
	e, err := scimerrors.Parse([]byte(`{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
		"scimType": "mutability",
		"detail": "Attribute 'id' is readOnly",
		"status": "400"
	}`))
	if err != nil {
		fmt.Println("not a SCIM Error:", err)
		return
	}
	fmt.Println(e.Status, e.Type, e.Detail)
	fmt.Println(errors.Is(e, scimerrors.Mutability))
	// Output:
	// 400 mutability Attribute 'id' is readOnly
	// true
}

// An empty List in an error is not nil; what Err makes of it is.
func ExampleList_Err() {
	check := func(passwords ...string) error {
		var faults scimerrors.List
		for _, p := range passwords {
			if len(p) < 12 {
				faults = append(faults, scimerrors.New(scimerrors.InvalidValue, "a password must have 12 characters"))
			}
		}
		return faults.Err()
	}
	fmt.Println(check("correct horse battery staple"))
	fmt.Println(check("tr0ub4dor"))
	// Output:
	// <nil>
	// a password must have 12 characters (invalidValue)
}

// The faults of one request leave as one message.
func ExampleList() {
	var faults scimerrors.List
	refuse := func(path, detail string) {
		e := scimerrors.New(scimerrors.InvalidValue, "%s", detail)
		e.Path = path
		faults = append(faults, e)
	}
	refuse("userName", "is required")
	refuse("emails[0].value", "must be a string, not a number")

	err := faults.Err()
	fmt.Println(errors.Is(err, scimerrors.InvalidValue))
	fmt.Println(scimerrors.From(err).Detail)
	// Output:
	// true
	// userName: is required; emails[0].value: must be a string, not a number
}

func ExampleTagName() {
	type Email struct {
		Value string `json:"value" validate:"email"`
	}
	type User struct {
		UserName string  `json:"userName" validate:"required"`
		Emails   []Email `json:"emails" validate:"dive"`
	}
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(scimerrors.TagName)

	err := v.Struct(User{Emails: []Email{{Value: "not an address"}}})
	fmt.Println(scimerrors.From(err).Detail)
	// Output: userName: is required; emails[0].value: must be an e-mail address
}

func ExampleReason() {
	fmt.Println(scimerrors.Reason("len", "8", reflect.String))
	fmt.Println(scimerrors.Reason("max", "8", reflect.Int))
	fmt.Println(scimerrors.Reason("max", "8", reflect.Slice))
	fmt.Println(scimerrors.Reason("oneof", "work home", reflect.String))
	fmt.Println(scimerrors.Reason("badge", "long", reflect.String))
	// Output:
	// must have exactly 8 characters
	// must be at most 8
	// must have at most 8 elements
	// must be one of work, home
	// fails the rule "badge=long"
}

// A store may return the word alone; what it means to the client follows from it.
func ExampleType() {
	err := fmt.Errorf("insert: %w", scimerrors.Uniqueness)

	fmt.Println(errors.Is(err, scimerrors.Uniqueness), scimerrors.From(err).Detail)
	// Output: true a value that must be unique is already in use
}

func ExampleType_Status() {
	for _, t := range []scimerrors.Type{scimerrors.InvalidFilter, scimerrors.Uniqueness, scimerrors.Sensitive} {
		fmt.Println(t, t.Status())
	}
	// Output:
	// invalidFilter 400
	// uniqueness 409
	// sensitive 403
}
