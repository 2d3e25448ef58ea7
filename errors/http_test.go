package errors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

// answer is what a real server sends for err.
func answer(t *testing.T, err error) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		// What a handler may have prepared before it failed.
		w.Header().Set("Content-Length", "3")
		w.Header().Set("Content-Type", "text/plain")
		scimerrors.Write(w, err)
	}))
	defer server.Close()
	resp, getErr := server.Client().Get(server.URL)
	require.NoError(t, getErr)
	defer resp.Body.Close()
	body, readErr := io.ReadAll(resp.Body)
	require.NoError(t, readErr)
	return resp, string(body)
}

func TestWrite(t *testing.T) {
	const urn = `"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]`
	for _, tt := range []struct {
		name   string
		err    error
		status int
		body   string
	}{
		{"7644-3.12-14/401", scimerrors.Status(401, "who are you"), 401, `{` + urn + `,"status":"401","detail":"who are you"}`},
		{"7644-3.12-14/403", scimerrors.Status(403, "not you"), 403, `{` + urn + `,"status":"403","detail":"not you"}`},
		{"7644-3.12-10/404 is written as a string", scimerrors.Status(404, "no user"), 404, `{` + urn + `,"status":"404","detail":"no user"}`},
		{"7644-3.12-14/409", scimerrors.New(scimerrors.Uniqueness, "taken"), 409, `{` + urn + `,"status":"409","scimType":"uniqueness","detail":"taken"}`},
		{"7644-3.12-14/412", scimerrors.Status(412, "changed"), 412, `{` + urn + `,"status":"412","detail":"changed"}`},
		{"7644-3.12-14/413", &http.MaxBytesError{Limit: 7}, 413, `{` + urn + `,"status":"413","detail":"the body is larger than the limit of 7 bytes"}`},
		{"7644-3.12-14/500", errors.New(secret), 500, `{` + urn + `,"status":"500","detail":"internal server error"}`},
		{"7644-3.12-14/501", scimerrors.Status(501, "no bulk"), 501, `{` + urn + `,"status":"501","detail":"no bulk"}`},
		{"7644-7.5.2-01/sensitive", scimerrors.New(scimerrors.Sensitive, "use .search"), 403, `{` + urn + `,"status":"403","scimType":"sensitive","detail":"use .search"}`},
		{"the detail begins with the path", fault(scimerrors.InvalidValue, "emails[2].type", "must be a string, not a number"), 400,
			`{` + urn + `,"status":"400","scimType":"invalidValue","detail":"emails[2].type: must be a string, not a number"}`},
		{"no detail", &scimerrors.Error{Type: scimerrors.NoTarget}, 400, `{` + urn + `,"status":"400","scimType":"noTarget"}`},
		{"nil", nil, 500, `{` + urn + `,"status":"500","detail":"internal server error"}`},
		{"typed nil", (*scimerrors.Error)(nil), 500, `{` + urn + `,"status":"500","detail":"internal server error"}`},
		{"informational", scimerrors.Status(100, "go on"), 500, `{` + urn + `,"status":"500","detail":"go on"}`},
		{"no status at all", scimerrors.Status(0, "x"), 500, `{` + urn + `,"status":"500","detail":"x"}`},
		{"impossible status", scimerrors.Status(1000, "x"), 500, `{` + urn + `,"status":"500","detail":"x"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp, body := answer(t, tt.err)
			assert.Equal(t, tt.status, resp.StatusCode)
			assert.Equal(t, "application/scim+json", resp.Header.Get("Content-Type"), "7644-3.12-09")
			assert.Equal(t, tt.body, body)

			var message struct{ Status string }
			require.NoError(t, json.Unmarshal([]byte(body), &message))
			assert.Equal(t, strconv.Itoa(resp.StatusCode), message.Status, "7644-3.2-01")
		})
	}
}

func TestWriteHeader(t *testing.T) {
	t.Run("401 with a challenge", func(t *testing.T) {
		e := scimerrors.Status(401, "token expired")
		e.Header = http.Header{"WWW-Authenticate": {`Bearer error="invalid_token"`}, "Content-Type": {"text/html"}, "Content-Length": {"1"}}
		resp, body := answer(t, fmt.Errorf("wrapped: %w", e))
		assert.Equal(t, `Bearer error="invalid_token"`, resp.Header.Get("WWW-Authenticate"))
		assert.Equal(t, "application/scim+json", resp.Header.Get("Content-Type"))
		assert.Contains(t, body, "token expired")
	})
	t.Run("the error keeps its own values", func(t *testing.T) {
		e := scimerrors.Status(503, "later")
		e.Header = http.Header{"Retry-After": {"5"}}
		w := httptest.NewRecorder()
		scimerrors.Write(w, e)
		w.Header()["Retry-After"][0] = "6"
		assert.Equal(t, http.Header{"Retry-After": {"5"}}, e.Header)
	})
	for _, status := range []int{http.StatusNotModified, http.StatusNoContent} {
		t.Run(fmt.Sprint(status, " has no body"), func(t *testing.T) {
			e := scimerrors.Status(status, "not changed")
			e.Header = http.Header{"ETag": {`W/"1"`}}
			resp, body := answer(t, e)
			assert.Equal(t, status, resp.StatusCode)
			assert.Equal(t, `W/"1"`, resp.Header.Get("ETag"))
			assert.Empty(t, resp.Header.Get("Content-Type"))
			assert.Empty(t, body)
		})
	}
}

func TestAppend(t *testing.T) {
	t.Run("appends", func(t *testing.T) {
		const before = `{"response":`
		got := string(scimerrors.Append([]byte(before), scimerrors.Status(404, "")))
		message, ok := strings.CutPrefix(got, before)
		require.True(t, ok, got)
		assert.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}`, message)
	})
	for name, detail := range map[string]string{
		"quotes":         `say "no" \ never`,
		"control":        "tab\tline\nnull\x00escape\x1b",
		"HTML":           "<script>&amp;</script>",
		"beyond ASCII":   "Zürich 東京 🚪",
		"line separator": "a\u2028b\u2029c",
		"invalid UTF-8":  "a\xff\xfeb\xed\xa0\x80c",
	} {
		t.Run(name, func(t *testing.T) {
			body := scimerrors.Append(nil, &scimerrors.Error{Status: 400, Type: scimerrors.Type(detail), Detail: detail})
			require.True(t, json.Valid(body), "%s", body)
			if name == "HTML" {
				assert.Contains(t, string(body), detail)
			}
			e, err := scimerrors.Parse(body)
			require.NoError(t, err)
			assert.Equal(t, string([]rune(detail)), e.Detail) // invalid bytes become U+FFFD
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	e := fault(scimerrors.InvalidValue, "emails[2].type", "must be a string, not a number")
	buf := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		buf = scimerrors.Append(buf[:0], e)
	}
}
