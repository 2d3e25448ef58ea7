package resource_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// rfcFile is a document of the RFCs.
func rfcFile(tb testing.TB, name string) []byte {
	tb.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "rfc", name))
	require.NoError(tb, err)
	return bytes.TrimSpace(body)
}

// broken checks that a document is refused as no JSON, with one fault that says where and why.
func broken(t *testing.T, v any, err error, text string) {
	t.Helper()
	require.Error(t, err)
	require.Nil(t, v)
	list := faultsOf(t, err)
	require.Len(t, list, 1, "%v", err)
	require.Equal(t, errors.InvalidSyntax, list[0].Type, "%v", err)
	require.Equal(t, 400, list[0].Status)
	require.Empty(t, list[0].Path)
	require.Contains(t, list[0].Detail, text)
	require.Contains(t, wireOf(t, err).Detail, text)
}

// Every prefix of a document is refused: a body that was cut off must never pass for a smaller one.
func TestTruncated(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		ctx   resource.Context
		verbs verbs
	}{
		"creation":      {"rfc7643-8.3-user-enterprise.json", resource.CreationRequest, verbsOf[Employee]()},
		"stored":        {"rfc7643-8.3-user-enterprise.json", resource.Storage, verbsOf[Employee]()},
		"unknown":       {"rfc7643-8.3-user-enterprise.json", resource.CreationRequest, verbsOf[Device]()},
		"answer":        {"rfc7643-8.4-group.json", resource.QueryResponse, verbsOf[resource.Group]()},
		"list":          {"rfc7644-3.7.1-list_response-circular_resolved.json", resource.QueryResponse, verbsOf[resource.ListResponse[resource.Group]]()},
		"list of any":   {"rfc7644-3.7.1-list_response-circular_resolved.json", resource.QueryResponse, verbsOf[resource.ListResponse[json.RawMessage]]()},
		"search":        {"rfc9865-3-search_request-cursor.json", resource.QueryRequest, verbsOf[resource.SearchRequest]()},
		"configuration": {"rfc7643-8.5-service_provider_config.json", resource.QueryResponse, verbsOf[resource.ServiceProviderConfig]()},
		"definition":    {"rfc7643-8.7.1-schema-group.json", resource.QueryResponse, verbsOf[schema.Schema]()},
		"type":          {"rfc7643-8.6-resource_type-user.json", resource.QueryResponse, verbsOf[resource.ResourceType]()},
		"bulk request":  {"rfc7644-3.7.3-bulk_request-mixed.json", resource.CreationRequest, verbsOf[resource.BulkRequest]()},
		"bulk response": {"rfc7644-3.7.3-bulk_response-mixed.json", resource.QueryResponse, verbsOf[resource.BulkResponse]()},
	} {
		t.Run(name, func(t *testing.T) {
			body := rfcFile(t, c.file)
			for n := range body {
				v, err := c.verbs.validate(c.ctx, body[:n])
				want := "unexpected end"
				if n == 0 {
					want = "the body is empty"
				}
				if v != nil || err == nil || !strings.Contains(err.Error(), want) { // quick, for there are thousands
					broken(t, v, err, want)
				}
				require.ErrorIs(t, err, errors.InvalidSyntax)
			}
		})
	}
}

// Whatever becomes of one byte of a document, the answer is a result or a SCIM error, and never a panic.
func TestMutated(t *testing.T) {
	var body bytes.Buffer
	require.NoError(t, json.Compact(&body, rfcFile(t, "rfc7643-8.3-user-enterprise.json")))
	text := body.Bytes()
	for i := range text {
		for _, c := range []byte("\"\\{]:,9n\x00\xff") {
			old := text[i]
			text[i] = c
			if _, err := resource.Validate[Employee](resource.CreationRequest, text); err != nil {
				for _, e := range faultsOf(t, err) {
					require.Equal(t, 400, e.Status)
					require.NotEmpty(t, e.Detail)
				}
			}
			text[i] = old
		}
	}
}

// No JSON, or no JSON that RFC 8259 and I-JSON allow: one error, 400 invalidSyntax, at a place.
func TestSyntax(t *testing.T) {
	utf := func(order string) string {
		var b strings.Builder
		b.WriteString(order)
		for _, u := range utf16.Encode([]rune(`{"userName":"x"}`)) {
			if order == "\xff\xfe" {
				b.WriteByte(byte(u))
				b.WriteByte(byte(u >> 8))
			} else {
				b.WriteByte(byte(u >> 8))
				b.WriteByte(byte(u))
			}
		}
		return b.String()
	}
	for _, c := range []struct{ name, body, text string }{
		{"7644-3.12-19/empty", "", "the body is empty"},
		{"7644-3.12-19/white space", " \r\n\t", "the body is empty"},
		{"7644-3.12-19/open", "{", "unexpected end of the document"},
		{"7644-3.12-19/two documents", `{"userName":"x"}{}`, "after the document"},
		{"7644-3.12-19/trailing comma", `{"userName":"x",}`, "name"},
		{"7644-3.12-19/trailing text", `{"userName":"x"} x`, "after the document"},
		{"7644-3.12-19/trailing bracket", `{"userName":"x"}]`, "after the document"},
		{"7644-3.12-11/array", `[{"userName":"x"}]`, "must be a JSON object, not an array"},
		{"7644-3.12-11/string", `"x"`, "must be a JSON object, not a string"},
		{"7644-3.12-11/number", `5`, "must be a JSON object, not a number"},
		{"7644-3.12-11/true", `true`, "must be a JSON object, not a boolean"},
		{"7644-3.12-11/null", `null`, "must be a JSON object, not null"},
		{"7644-3.12-11/broken array", `[1,`, "unexpected end"},
		{"7644-3.12-11/no JSON", `userName=x`, "invalid character 'u'"},
		{"7644-3.12-11/XML", `<User/>`, "invalid character '<'"},
		{"7644-3.12-11/single quotes", `{'userName':'x'}`, "name"},
		{"7644-3.12-11/no quotes", `{userName:"x"}`, "name"},
		{"7644-3.12-11/no colon", `{"userName" "x"}`, "':'"},
		{"7644-3.12-11/no comma", `{"userName":"x" "title":"y"}`, "','"},
		{"7644-3.12-11/no value", `{"userName":}`, "value"},
		{"7644-3.12-11/comment", `{"userName":"x"/* */}`, "','"},
		{"7644-3.12-11/comment in front", `// x` + "\n" + `{"userName":"x"}`, "invalid character '/'"},
		{"7644-3.12-11/literal True", `{"userName":"x","active":True}`, "invalid character 'T'"},
		{"7644-3.12-11/literal nul", `{"userName":"x","active":nul}`, "null"},
		{"7644-3.12-11/literal truex", `{"userName":"x","active":truex}`, "true"},
		{"7644-3.12-11/NaN", `{"userName":"x","n":NaN}`, "invalid character 'N'"},
		{"7644-3.12-11/control character", "{\"userName\":\"a\nb\"}", "in a string"},
		{"7644-3.12-11/NUL", "{\"userName\":\"a\x00b\"}", "in a string"},
		{"7644-3.12-11/unknown escape", `{"userName":"a\qb"}`, "after a backslash"},
		{"7644-3.12-11/short escape", `{"userName":"a\u12"}`, `\u escape`},
		{"7644-3.12-11/lone high surrogate", `{"userName":"\ud800"}`, "surrogate"},
		{"7644-3.12-11/lone low surrogate", `{"userName":"\udc00x"}`, "surrogate"},
		{"7644-3.12-11/two high surrogates", `{"userName":"\ud800\ud800"}`, "surrogate"},
		{"7644-3.12-11/lone surrogate in a name", `{"a\ud800":1}`, "surrogate"},
		{"7644-3.12-11/lone surrogate in an unknown value", `{"unknown":[{"a":"\ud83d "}]}`, "surrogate"},
		{"7644-3.12-11/lone surrogate in a readOnly value", `{"id":"\ud83d"}`, "surrogate"},
		{"7644-3.8-02/invalid UTF-8", "{\"userName\":\"\xff\"}", "invalid UTF-8"},
		{"7644-3.8-02/Latin-1", "{\"userName\":\"J\xf6rg\"}", "invalid UTF-8"},
		{"7644-3.8-02/overlong", "{\"userName\":\"\xc0\xaf\"}", "invalid UTF-8"},
		{"7644-3.8-02/encoded surrogate", "{\"userName\":\"\xed\xa0\x80\"}", "invalid UTF-8"},
		{"7644-3.8-02/cut rune", "{\"userName\":\"\xe2\x82\"}", "invalid UTF-8"},
		{"7644-3.8-02/invalid UTF-8 in a name", "{\"user\xffName\":\"x\"}", "invalid UTF-8"},
		{"7644-3.8-02/invalid UTF-8 in an unknown value", "{\"unknown\":{\"a\":[\"\xff\"]}}", "invalid UTF-8"},
		{"7644-3.8-02/invalid UTF-8 outside a string", "{\xff}", "name"},
		{"7644-3.8-02/byte order mark", "\ufeff{\"userName\":\"x\"}", "byte order mark"},
		{"7644-3.8-02/UTF-16 little endian", utf("\xff\xfe"), ""},
		{"7644-3.8-02/UTF-16 big endian", utf("\xfe\xff"), ""},
		{"7644-3.8-02/UTF-16 without mark", utf(""), ""},
		{"7643-2.3.4-01/leading zero", `{"userName":"x","n":010}`, "leading zero"},
		{"7643-2.3.4-01/plus", `{"userName":"x","n":+1}`, "invalid character '+'"},
		{"7643-2.3.4-01/minus alone", `{"userName":"x","n":-}`, "number"},
		{"7643-2.3.3-01/no digit before the point", `{"userName":"x","n":.5}`, "invalid character '.'"},
		{"7643-2.3.3-01/no digit after the point", `{"userName":"x","n":1.}`, "number"},
		{"7643-2.3.3-01/no digit in the exponent", `{"userName":"x","n":1e}`, "number"},
		{"7643-2.3.4-01/hexadecimal", `{"userName":"x","n":0x10}`, ""},
		{"AMB-02/twice", `{"userName":"x","userName":"y"}`, `"userName" appears twice`},
		{"AMB-02/twice in other case", `{"userName":"x","USERNAME":"x"}`, `appears twice`},
		{"AMB-02/twice with an escape", `{"userName":"x","user\u004eame":"x"}`, `appears twice`},
		{"AMB-02/unknown twice", `{"shoeSize":1,"SHOESIZE":2}`, `appears twice`},
		{"AMB-02/inside an unknown value", `{"unknown":[{"a":{"b":1,"B":2}}]}`, `appears twice`},
		{"AMB-02/inside a readOnly value", `{"meta":{"created":"x","Created":"y"}}`, `appears twice`},
		{"AMB-02/schemas twice", `{"schemas":["<U>"],"Schemas":["<U>"]}`, `appears twice`},
		{"AMB-02/extension twice", `{"<E>":{},"URN:ietf:params:scim:schemas:extension:enterprise:2.0:User":{}}`, `appears twice`},
		{"AMB-02/in an element", `{"emails":[{"value":"a"},{"value":"b","VALUE":"b"}]}`, `appears twice`},
		{"AMB-02/null and a value", `{"title":null,"title":"x"}`, `appears twice`},
		{"AMB-02/empty name twice", `{"":1,"":2}`, `appears twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(urns.Replace(c.body))
			for mode, opts := range map[string][]resource.Option{"default": nil, "strict": {resource.Strict(), resource.RejectUnknown()}} {
				for _, ctx := range []resource.Context{resource.CreationRequest, resource.Storage, resource.QueryResponse} {
					t.Run(fmt.Sprintf("%s/%v", mode, ctx), func(t *testing.T) {
						v, err := resource.Validate[Employee](ctx, body, opts...)
						require.Nil(t, v)
						broken(t, nil, err, c.text)
					})
				}
			}
		})
	}
}

// Faults of values before a fault of syntax do not matter: the text is no document.
func TestSyntaxEndsReading(t *testing.T) {
	t.Run("7644-3.12-11/one error", func(t *testing.T) {
		_, err := resource.Validate[Employee](resource.CreationRequest, []byte(`{"userName":5,"active":"yes","emails":[}`))
		broken(t, nil, err, "at offset 39")
	})
	t.Run("7644-3.12-11/strings with pairs of surrogates and every escape", func(t *testing.T) {
		got, err := resource.Validate[Employee](resource.CreationRequest, []byte(`{"userName":"\ud83d\ude00\"\\\/\b\f\n\r\t\u00e9\u0000"}`))
		require.NoError(t, err)
		assert.Equal(t, "😀\"\\/\b\f\n\r\té\x00", got.UserName)
	})
}

// 64 levels are read, one more is refused, whether anybody wants the value or not.
func TestDepth(t *testing.T) {
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	objects := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	for name, c := range map[string]struct {
		body func(n int) string
		own  int // levels of the document around the nest
	}{
		"unknown arrays":  {func(n int) string { return `{"schemas":["<U>"],"userName":"x","unknown":` + nest(n) + `}` }, 1},
		"unknown objects": {func(n int) string { return `{"schemas":["<U>"],"userName":"x","unknown":` + objects(n) + `}` }, 1},
		"readOnly":        {func(n int) string { return `{"schemas":["<U>"],"userName":"x","meta":` + objects(n) + `}` }, 1},
		"unknown in an element": {func(n int) string {
			return `{"schemas":["<U>"],"userName":"x","emails":[{"value":"a","unknown":` + nest(n) + `}]}`
		}, 3},
		"unknown in an extension": {func(n int) string {
			return `{"schemas":["<U>","<E>"],"userName":"x","<E>":{"unknown":` + nest(n) + `}}`
		}, 2},
	} {
		t.Run("7644-7.7-02/"+name, func(t *testing.T) {
			_, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(c.body(64-c.own))))
			require.NoError(t, err)
			_, err = resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(c.body(65-c.own))))
			broken(t, nil, err, "64 levels")
		})
	}
	t.Run("7644-7.7-02/known attribute of a wrong type", func(t *testing.T) {
		_, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"title":`+nest(63))))
		refused(t, err, invalid("title", "must be a string, not an array"))
		_, err = resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"title":`+nest(64))))
		broken(t, nil, err, "64 levels")
	})
	t.Run("7644-7.7-02/raw resources of a list", func(t *testing.T) {
		_, err := resource.Validate[resource.ListResponse[json.RawMessage]](resource.QueryResponse, []byte(urns.Replace(`{"schemas":["<LIST>"],"totalResults":1,"Resources":[`+nest(63)+`]}`)))
		broken(t, nil, err, "64 levels")
	})
	t.Run("7644-7.7-02/a million brackets", func(t *testing.T) {
		for _, open := range []string{"[", `{"a":`, `{"emails":[`, `{"subAttributes":[`} {
			_, err := resource.Validate[Employee](resource.CreationRequest, []byte(strings.Repeat(open, 1_000_000)))
			broken(t, nil, err, "64 levels")
			_, err = resource.Validate[schema.Schema](resource.QueryResponse, []byte(`{"attributes":[`+strings.Repeat(`{"subAttributes":[`, 500_000)))
			broken(t, nil, err, "64 levels")
		}
	})
	t.Run("7644-7.7-02/too many unknown members", func(t *testing.T) {
		var b strings.Builder
		for i := range 1001 {
			fmt.Fprintf(&b, `"a%d":%d,`, i, i)
		}
		_, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(b.String()+`"title":"T"`)))
		broken(t, nil, err, "members")
		_, err = resource.Validate[Employee](resource.CreationRequest, []byte(userBody(strings.Replace(b.String(), `"a1000":1000,`, "", 1)+`"title":"T"`)))
		require.NoError(t, err)
	})
}
