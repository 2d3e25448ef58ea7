package errors_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

const prefix = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],`

// documents are the Errors the RFCs print; those of a bulk response and of an
// event stand inside another message, under the key named here.
var documents = map[string]struct {
	inside string
	want   scimerrors.Error
}{
	"rfc7644-3.12-error-mutability.json": {"", scimerrors.Error{Status: 400, Type: scimerrors.Mutability, Detail: "Attribute 'id' is readOnly"}},
	"rfc7644-3.12-error-not_found.json":  {"", scimerrors.Error{Status: 404, Detail: "Resource 2819c223-7f76-453a-919d-413861904646 not found"}},
	"rfc7644-3.6-error-not_found.json":   {"", scimerrors.Error{Status: 404, Detail: "Resource 2819c223-7f76-453a-919d-413861904646 not found"}},
	"rfc7644-3.7.3-error-invalid_syntax.json": {"", scimerrors.Error{Status: 400, Type: scimerrors.InvalidSyntax,
		Detail: "Request is unparsable, syntactically incorrect, or violates schema."}},
	"rfc7644-3.7.3-bulk_response-stopped_at_error.json": {"Operations", scimerrors.Error{Status: 400, Type: scimerrors.InvalidSyntax,
		Detail: "Request is unparsable, syntactically incorrect, or violates schema."}},
	"rfc7644-3.7.4-error-payload_too_large.json": {"", scimerrors.Error{Status: 413, Detail: "The size of the bulk operation exceeds the maxPayloadSize (1048576)."}},
	"rfc7644-7.5.2-error-sensitive.json":         {"", scimerrors.Error{Status: 403, Type: scimerrors.Sensitive, Detail: "Query filter involving 'name' is restricted or confidential"}},
	"rfc9967-2.5.1.3-set-asyncresp_error.json":   {"events", scimerrors.Error{Status: 400, Type: scimerrors.InvalidSyntax, Detail: "Request is unparsable"}},
}

func TestParseRFC(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no RFC documents: the test would prove nothing")
	require.Len(t, files, len(documents))

	for _, file := range files {
		t.Run("7644-3.12-18/"+filepath.Base(file), func(t *testing.T) {
			document, known := documents[filepath.Base(file)]
			require.True(t, known, "no expectation for this document")
			body, err := os.ReadFile(file)
			require.NoError(t, err)

			if document.inside != "" {
				_, err := scimerrors.Parse(body)
				require.ErrorIs(t, err, scimerrors.InvalidSyntax, "the message around the Error is none")
				body = response(t, body, document.inside)
			}
			e, err := scimerrors.Parse(body)
			require.NoError(t, err)
			assert.Equal(t, &document.want, e)
			assert.JSONEq(t, string(body), string(scimerrors.Append(nil, e)))
			if e.Type != "" {
				assert.Equal(t, e.Type.Status(), e.Status, "7644-3.12-11")
			}
		})
	}
}

// response digs the Error out of the message it stands in.
func response(t *testing.T, body []byte, inside string) []byte {
	t.Helper()
	type answer struct{ Response json.RawMessage }
	var message map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(body, &message))
	if inside == "Operations" {
		var list []answer
		require.NoError(t, json.Unmarshal(message[inside], &list))
		require.Len(t, list, 1)
		return list[0].Response
	}
	var byURN map[string]answer
	require.NoError(t, json.Unmarshal(message[inside], &byURN))
	require.Len(t, byURN, 1)
	for _, a := range byURN {
		return a.Response
	}
	return nil
}

var accepted = []struct {
	name string
	body string
	want scimerrors.Error
}{
	{"7644-3.12-10/status as a string", prefix + `"status":"404"}`, scimerrors.Error{Status: 404}},
	{"7644-3.12-10/status as a number", prefix + `"status":404}`, scimerrors.Error{Status: 404}},
	{"7644-3.12-10/lowest status", prefix + `"status":"100"}`, scimerrors.Error{Status: 100}},
	{"7644-3.12-10/highest status", prefix + `"status":599}`, scimerrors.Error{Status: 599}},
	{"7644-3.12-10/escaped status", prefix + `"status":"\u0034\u0030\u0034"}`, scimerrors.Error{Status: 404}},
	{"7644-3.12-10/scimType and detail", prefix + `"status":"400","scimType":"tooMany","detail":"too many"}`, scimerrors.Error{Status: 400, Type: scimerrors.TooMany, Detail: "too many"}},
	{"7644-3.12-10/null scimType and detail", prefix + `"status":"400","scimType":null,"detail":null}`, scimerrors.Error{Status: 400}},
	{"7644-3.12-10/empty scimType and detail", prefix + `"status":"400","scimType":"","detail":""}`, scimerrors.Error{Status: 400}},
	{"7644-3.12-17/unknown scimType", prefix + `"status":"400","scimType":"vendorX"}`, scimerrors.Error{Status: 400, Type: "vendorX"}},
	{"status of another scimType", prefix + `"status":"400","scimType":"uniqueness"}`, scimerrors.Error{Status: 400, Type: scimerrors.Uniqueness}},
	{"URN in another case", `{"schemas":["URN:IETF:params:SCIM:api:messages:2.0:error"],"status":"409"}`, scimerrors.Error{Status: 409}},
	{"URN beside another", `{"schemas":["urn:acme:x","urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409"}`, scimerrors.Error{Status: 409}},
	{"member names in another case", `{"SCHEMAS":["urn:ietf:params:scim:api:messages:2.0:Error"],"Status":"409","scimtype":"uniqueness","DETAIL":"x"}`, scimerrors.Error{Status: 409, Type: scimerrors.Uniqueness, Detail: "x"}},
	{"unknown members", prefix + `"status":"500","stack":[{"a":1}],"Path":"x","Header":{"a":["b"]},"Err":"x"}`, scimerrors.Error{Status: 500}},
	{"white space", "\n{ \"schemas\" : [ \"urn:ietf:params:scim:api:messages:2.0:Error\" ] , \"status\" : 404 }\r\n", scimerrors.Error{Status: 404}},
	{"path stays in the detail", prefix + `"status":"400","detail":"emails[2].type: bad"}`, scimerrors.Error{Status: 400, Detail: "emails[2].type: bad"}},
	{"lone surrogate", prefix + `"status":"400","detail":"\ud800"}`, scimerrors.Error{Status: 400, Detail: "\ufffd"}},
}

var refused = []struct {
	name string
	body string
	typ  scimerrors.Type
	path string
}{
	{"7644-3.12-10/no status", prefix + `"detail":"x"}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/null status", prefix + `"status":null}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status too small", prefix + `"status":"099"}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status too large", prefix + `"status":600}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/negative status", prefix + `"status":-404}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/signed status", prefix + `"status":"+40"}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status with a fraction", prefix + `"status":404.5}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status with an exponent", prefix + `"status":1e2}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status in words", prefix + `"status":"Not Found"}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/empty status", prefix + `"status":""}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status with blanks", prefix + `"status":" 404"}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/boolean status", prefix + `"status":true}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status object of section 3.7.2", prefix + `"status":{"code":"404"}}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/status array", prefix + `"status":["404"]}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/enormous status", prefix + `"status":4040000000000000000000000}`, scimerrors.InvalidValue, "status"},
	{"7644-3.12-10/detail array", prefix + `"status":"400","detail":["a","b"]}`, scimerrors.InvalidValue, "detail"},
	{"7644-3.12-10/detail array of one", prefix + `"status":"400","detail":["a"]}`, scimerrors.InvalidValue, "detail"},
	{"7644-3.12-10/detail object", prefix + `"status":"400","detail":{}}`, scimerrors.InvalidValue, "detail"},
	{"7644-3.12-10/detail number", prefix + `"status":"400","detail":1}`, scimerrors.InvalidValue, "detail"},
	{"7644-3.12-10/scimType number", prefix + `"status":"400","scimType":1}`, scimerrors.InvalidValue, "scimType"},
	{"7644-3.12-10/scimType array", prefix + `"status":"400","scimType":["tooMany"]}`, scimerrors.InvalidValue, "scimType"},
	{"7644-3.12-09/no schemas", `{"status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/null schemas", `{"schemas":null,"status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/empty schemas", `{"schemas":[],"status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/schemas string", `{"schemas":"urn:ietf:params:scim:api:messages:2.0:Error","status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/schemas of numbers", `{"schemas":[1],"status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/another message", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/URN with another letter", `{"schemas":["urn:ietf:param\u017f:scim:api:messages:2.0:Error"],"status":"404"}`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-09/SCIM 1.1", `{"Errors":[{"description":"x","code":"404"}]}`, scimerrors.InvalidSyntax, "schemas"},
	{"null", `null`, scimerrors.InvalidSyntax, "schemas"},
	{"7644-3.12-19/array", `[]`, scimerrors.InvalidSyntax, ""},
	{"7644-3.12-19/string", `"x"`, scimerrors.InvalidSyntax, ""},
	{"7644-3.12-19/empty", ``, scimerrors.InvalidSyntax, ""},
	{"7644-3.12-19/HTML", `<html>404</html>`, scimerrors.InvalidSyntax, ""},
	{"7644-3.12-19/truncated", prefix + `"status":`, scimerrors.InvalidSyntax, ""},
	{"7644-3.12-19/trailing data", prefix + `"status":"404"}{}`, scimerrors.InvalidSyntax, ""},
	{"deep", strings.Repeat("[", 100_000), scimerrors.InvalidSyntax, ""},
}

func TestParseAccepts(t *testing.T) {
	for _, tt := range accepted {
		t.Run(tt.name, func(t *testing.T) {
			e, err := scimerrors.Parse([]byte(tt.body))
			require.NoError(t, err)
			assert.Equal(t, &tt.want, e)
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			e, err := scimerrors.Parse([]byte(tt.body))
			assert.Nil(t, e)
			var fault *scimerrors.Error
			require.ErrorAs(t, err, &fault)
			assert.Equal(t, tt.typ, fault.Type)
			assert.Equal(t, tt.path, fault.Path)
			assert.Equal(t, 400, fault.Status)
			assert.NotEmpty(t, fault.Detail)
		})
	}
	t.Run("over 1 MB", func(t *testing.T) {
		fits := prefix + `"status":"400","detail":"` + strings.Repeat("x", 1<<20-len(prefix)-27) + `"}`
		require.Len(t, []byte(fits), 1<<20)
		_, err := scimerrors.Parse([]byte(fits))
		require.NoError(t, err)

		e, err := scimerrors.Parse([]byte(fits + "\n"))
		assert.Nil(t, e)
		var fault *scimerrors.Error
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, 413, fault.Status)
	})
	t.Run("nil", func(t *testing.T) {
		_, err := scimerrors.Parse(nil)
		require.ErrorIs(t, err, scimerrors.InvalidSyntax)
	})
}

func TestRoundTrip(t *testing.T) {
	for _, tt := range types {
		t.Run("7644-3.12-18/"+tt.word, func(t *testing.T) {
			sent := fault(tt.got, "emails[0].value", "says <no> & \"never\"\n")
			got, err := scimerrors.Parse(scimerrors.Append(nil, sent))
			require.NoError(t, err)
			require.ErrorIs(t, got, tt.got)
			assert.Equal(t, &scimerrors.Error{Status: tt.status, Type: tt.got, Detail: "emails[0].value: says <no> & \"never\"\n"}, got)
		})
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(body)
	}
	for _, tt := range accepted {
		f.Add([]byte(tt.body))
	}
	for _, tt := range refused {
		f.Add([]byte(tt.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := scimerrors.Parse(body)
		if err != nil {
			require.Nil(t, e)
			_ = err.Error()
			require.True(t, json.Valid(scimerrors.Append(nil, err)))
			return
		}
		written := scimerrors.Append(nil, e)
		require.True(t, json.Valid(written))
		again, err := scimerrors.Parse(written)
		require.NoError(t, err, "%s", written)
		require.Equal(t, e, again)
		require.Equal(t, written, scimerrors.Append(nil, again))
	})
}
