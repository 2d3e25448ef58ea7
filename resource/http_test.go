package resource_test

import (
	"bytes"
	"context"
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
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// served is what a client gets from a handler, over a real connection.
func served(t *testing.T, handler http.HandlerFunc) (*http.Response, []byte) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	response, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, body
}

func located(id string) *Employee {
	u := &Employee{User: resource.User{Resource: resource.Resource{ID: id}, UserName: "x"}}
	u.Meta = resource.Meta{ResourceType: "User", Location: "https://example.com/v2/Users/" + id, Version: `W/"1"`}
	return u
}

// Write: status by context, media type, Location and ETag of a resource, and the body of Marshal.
func TestWrite(t *testing.T) {
	users := resource.ResourceTypeFor[Employee]("/Users")
	bare := &Employee{User: resource.User{Resource: resource.Resource{ID: "a b/c"}, UserName: "x"}}
	for _, c := range []struct {
		name           string
		ctx            resource.Context
		value          any
		opts           []resource.Option
		status         int
		location, etag string
	}{
		{"7644-3.3-05/creation", resource.CreationResponse, located("1"), nil, 201, "https://example.com/v2/Users/1", `W/"1"`},
		{"7644-3.4.1-01/query", resource.QueryResponse, located("1"), nil, 200, "https://example.com/v2/Users/1", `W/"1"`},
		{"7644-3.5.1-09/replacement", resource.ReplaceResponse, located("1"), nil, 200, "https://example.com/v2/Users/1", `W/"1"`},
		{"7644-3.5.2-10/patch", resource.PatchResponse, located("1"), nil, 200, "https://example.com/v2/Users/1", `W/"1"`},
		{"7643-3.1-10/by value", resource.QueryResponse, *located("1"), nil, 200, "https://example.com/v2/Users/1", `W/"1"`},
		{"7644-3.3-05/made by Locate", resource.CreationResponse, bare, []resource.Option{resource.Locate("https://example.com/v2", users)}, 201, "https://example.com/v2/Users/a%20b%2Fc", ""},
		{"7644-3.14-02/no version, no location", resource.QueryResponse, bare, nil, 200, "", ""},
		{"7644-3.4.2-04/nothing found", resource.QueryResponse, resource.Page[Employee](nil, nil, 0), nil, 200, "", ""},
		{"7644-3.4.2-02/list", resource.QueryResponse, resource.Page(nil, []*Employee{located("1")}, 1), nil, 200, "", ""},
		{"7644-4-01/configuration", resource.QueryResponse, configuration(), []resource.Option{resource.Locate("https://example.com/v2")}, 200, "https://example.com/v2/ServiceProviderConfig", ""},
		{"7644-4-02/schema", resource.QueryResponse, schema.For[Employee](), []resource.Option{resource.Locate("https://example.com/v2")}, 200, "https://example.com/v2/Schemas/" + resource.UserSchema, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := served(t, func(w http.ResponseWriter, _ *http.Request) {
				assert.NoError(t, resource.Write(w, c.ctx, c.value, c.opts...))
			})
			assert.Equal(t, c.status, response.StatusCode)
			assert.Equal(t, []string{"application/scim+json"}, response.Header["Content-Type"], "7644-3.8-03")
			assert.Equal(t, c.location, response.Header.Get("Location"))
			assert.Equal(t, c.etag, response.Header.Get("ETag"))
			want, err := resource.Marshal(c.ctx, c.value, c.opts...)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(body))
			if c.location != "" { // RFC 7643 section 3.1: the same in header and body
				partOf(t, `{"meta":{"location":"`+c.location+`"}}`, string(body))
			}
		})
	}
	t.Run("7644-3.3-03/what the server has assigned", func(t *testing.T) {
		_, body := served(t, func(w http.ResponseWriter, _ *http.Request) {
			u, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"id":"mine","password":"t1meMa$heen","meta":{"version":"W/\"9\""}`)))
			assert.NoError(t, err)
			u.ID = "given"
			u.Meta = resource.Meta{ResourceType: "User", Location: "https://example.com/v2/Users/given"}
			assert.NoError(t, resource.Write(w, resource.CreationResponse, u))
		})
		partOf(t, `{"id":"given","userName":"bjensen","password":null,"meta":{"location":"https://example.com/v2/Users/given","version":null}}`, string(body))
	})
}

// What cannot be written is a 500 that tells nothing, and the cause is for the log.
func TestWriteFails(t *testing.T) {
	type broken struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Broken" description:"Broken."`

		Ratio float64 `json:"ratio" scim:"required" description:"Ratio."`
	}
	for name, c := range map[string]struct {
		ctx   resource.Context
		value any
	}{
		"7643-3.1-15/id not assigned":         {resource.CreationResponse, &Employee{User: resource.User{UserName: "S3cr3t"}}},
		"7643-3.1-15/in a list":               {resource.QueryResponse, resource.Page(nil, []*Employee{located("1"), {User: resource.User{UserName: "S3cr3t"}}}, 2)},
		"7644-3.12-15/Storage":                {resource.Storage, located("S3cr3t")},
		"7644-3.12-15/a request context":      {resource.CreationRequest, located("S3cr3t")},
		"7644-3.12-15/no context":             {0, located("S3cr3t")},
		"7644-3.12-15/nil":                    {resource.QueryResponse, nil},
		"7644-3.12-15/typed nil":              {resource.QueryResponse, (*Employee)(nil)},
		"7644-3.12-15/no resource":            {resource.QueryResponse, map[string]string{"S3cr3t": "S3cr3t"}},
		"7644-3.12-15/a request message":      {resource.QueryResponse, &resource.SearchRequest{Filter: "S3cr3t"}},
		"7643-3.1-04/bulkId in an id":         {resource.CreationResponse, located("bulkId:S3cr3t")},
		"7643-3.1-11/small w":                 {resource.QueryResponse, &Employee{User: resource.User{Resource: resource.Resource{ID: "1", Meta: resource.Meta{Version: `w/"S3cr3t"`, Location: "https://S3cr3t"}}}}},
		"7643-2.3.3-01/a number JSON has not": {resource.QueryResponse, &broken{Resource: resource.Resource{ID: "1", Meta: resource.Meta{Location: "https://S3cr3t"}}, Ratio: 1 / zero}},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := served(t, func(w http.ResponseWriter, _ *http.Request) {
				assert.Error(t, resource.Write(w, c.ctx, c.value))
			})
			assert.Equal(t, 500, response.StatusCode)
			assert.Equal(t, "application/scim+json", response.Header.Get("Content-Type"))
			assert.Empty(t, response.Header.Get("Location"))
			assert.Empty(t, response.Header.Get("ETag"))
			equalJSON(t, `{"schemas":["`+resource.ErrorSchema+`"],"status":"500","detail":"internal server error"}`, string(body))
		})
	}
	t.Run("7644-3.12-15/what Write returns is for the log", func(t *testing.T) {
		err := resource.Write(httptest.NewRecorder(), resource.CreationResponse, &Employee{User: resource.User{UserName: "x"}})
		require.Error(t, err)
		assert.Contains(t, err.Error(), "id")
		err = resource.Write(httptest.NewRecorder(), resource.Storage, located("1"))
		require.Error(t, err)
		assert.Contains(t, err.Error(), "Storage")
	})
	t.Run("7644-3.12-15/the connection is gone", func(t *testing.T) {
		w := brokenWriter{httptest.NewRecorder()}
		require.ErrorIs(t, resource.Write(w, resource.QueryResponse, located("1")), errGone)
	})
	t.Run("7644-3.12-15/buffers do not mix", func(t *testing.T) {
		for i := range 100 {
			w := httptest.NewRecorder()
			if i%3 == 0 {
				require.Error(t, resource.Write(w, resource.QueryResponse, &Employee{}))
				continue
			}
			require.NoError(t, resource.Write(w, resource.QueryResponse, located(strconv.Itoa(i))))
			partOf(t, fmt.Sprintf(`{"id":"%d"}`, i), w.Body.String())
		}
	})
}

var (
	zero    float64
	errGone = errors.New("gone")
)

type brokenWriter struct{ *httptest.ResponseRecorder }

func (brokenWriter) Write([]byte) (int, error) { return 0, errGone }

// NoContent: 204, where the resource is and its version, and no body.
func TestNoContent(t *testing.T) {
	for _, c := range []struct {
		name           string
		value          any
		opts           []resource.Option
		location, etag string
	}{
		{"7644-3.5.2-10/after a patch", located("1"), nil, "https://example.com/v2/Users/1", `W/"1"`},
		{"7644-3.6-01/after a deletion", nil, nil, "", ""},
		{"7644-3.6-01/typed nil", (*Employee)(nil), nil, "", ""},
		{"7644-3.5.2-10/no meta", &Employee{User: resource.User{Resource: resource.Resource{ID: "1"}}}, nil, "", ""},
		{"7644-3.5.2-10/by value", *located("1"), nil, "https://example.com/v2/Users/1", `W/"1"`},
		{"7644-3.5.2-10/located", &resource.Group{Resource: resource.Resource{ID: "1"}}, []resource.Option{resource.Locate("https://example.com/v2", resource.ResourceTypeFor[resource.Group]("Groups"))}, "https://example.com/v2/Groups/1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, body := served(t, func(w http.ResponseWriter, _ *http.Request) { resource.NoContent(w, c.value, c.opts...) })
			assert.Equal(t, 204, response.StatusCode)
			assert.Empty(t, body)
			assert.Equal(t, c.location, response.Header.Get("Location"))
			assert.Equal(t, c.etag, response.Header.Get("ETag"))
			assert.Empty(t, response.Header.Get("Content-Type"))
		})
	}
}

// exchange posts a body to a handler that reads it with Read.
func exchange(t *testing.T, limit int64, contentType []string, body io.Reader, declared int64) (got []byte, status int, answer string, err error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, err = resource.Read(w, r, limit); err != nil {
			scimerrors.Write(w, err)
		}
	}))
	defer server.Close()
	request, failed := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, body)
	require.NoError(t, failed)
	request.ContentLength = declared
	request.Header["Content-Type"] = contentType
	response, failed := server.Client().Do(request)
	require.NoError(t, failed)
	defer response.Body.Close()
	text, failed := io.ReadAll(response.Body)
	require.NoError(t, failed)
	return got, response.StatusCode, string(text), err
}

// Read: media types (RFC 7644 section 3.8).
func TestReadMediaType(t *testing.T) {
	for contentType, status := range map[string]int{
		"": 200, "application/scim+json": 200, "application/json": 200, "application/json; charset=utf-8": 200, "application/scim+json;charset=UTF-8": 200, "Application/SCIM+JSON": 200,
		"text/plain": 415, "application/xml": 415, "application/x-www-form-urlencoded": 415, "application/jsonp": 415, "application/json/x": 415, "*/*": 415, "nonsense": 415, "application/problem+json": 415,
	} {
		t.Run("7644-3.8-05/"+contentType, func(t *testing.T) {
			var header []string
			if contentType != "" {
				header = []string{contentType}
			}
			got, code, answer, err := exchange(t, 0, header, strings.NewReader(`{}`), 2)
			assert.Equal(t, status, code)
			if status == 200 {
				require.NoError(t, err)
				assert.Equal(t, `{}`, string(got))
				return
			}
			require.Error(t, err)
			assert.Nil(t, got)
			partOf(t, `{"schemas":["`+resource.ErrorSchema+`"],"status":"415","scimType":null}`, answer)
			assert.Contains(t, answer, "application/scim+json", "what would be right")
		})
	}
}

// Read: limits, for a declared length and for one that nobody told.
func TestReadLimit(t *testing.T) {
	for _, c := range []struct {
		name   string
		limit  int64
		size   int
		status int
	}{
		{"below", 100, 99, 200}, {"at", 100, 100, 200}, {"above", 100, 101, 413}, {"far above", 100, 1 << 20, 413}, {"empty", 100, 0, 200},
		{"default below", 0, resource.DefaultLimit, 200}, {"default above", 0, resource.DefaultLimit + 1, 413}, {"negative means default", -1, 5000, 200},
	} {
		t.Run("7644-3.12-14/"+c.name, func(t *testing.T) {
			body := bytes.Repeat([]byte("x"), c.size)
			for name, declared := range map[string]int64{"declared": int64(c.size), "chunked": -1} {
				got, code, answer, err := exchange(t, c.limit, []string{"application/json"}, bytes.NewReader(body), declared)
				assert.Equal(t, c.status, code, name)
				if c.status == 200 {
					require.NoError(t, err, name)
					assert.True(t, bytes.Equal(body, got), name)
					continue
				}
				require.Error(t, err, name)
				assert.Nil(t, got)
				partOf(t, `{"schemas":["`+resource.ErrorSchema+`"],"status":"413","scimType":null}`, answer)
				limit := c.limit
				if limit < 1 {
					limit = resource.DefaultLimit
				}
				assert.Contains(t, answer, strconv.FormatInt(limit, 10), "the limit is named")
			}
		})
	}
}

// half is a body that breaks off.
type half struct {
	text string
	err  error
}

func (h *half) Read(p []byte) (int, error) {
	if h.text == "" {
		return 0, h.err
	}
	n := copy(p, h.text)
	h.text = h.text[n:]
	return n, nil
}

func (*half) Close() error { return nil }

// Read: a body that breaks off is never taken for a whole one.
func TestReadBroken(t *testing.T) {
	for name, c := range map[string]struct {
		body     io.ReadCloser
		declared int64
		status   int
		want     string
	}{
		"shorter than declared": {&half{`{"userName"`, io.EOF}, 100, 400, ""},
		"nothing of it":         {&half{"", io.EOF}, 100, 400, ""},
		"chunks break off":      {&half{`{"userName"`, io.ErrUnexpectedEOF}, -1, 400, ""},
		"some error":            {&half{`{"userName"`, errors.New("S3cr3t of the network")}, -1, 400, ""},
		"some error, declared":  {&half{`{"userName"`, errors.New("S3cr3t of the network")}, 100, 400, ""},
		"the client has gone":   {&half{`{"userName"`, context.Canceled}, -1, 503, ""},
		"too slow":              {&half{`{"userName"`, context.DeadlineExceeded}, 100, 503, ""},
		"whole":                 {&half{`{}`, io.EOF}, 2, 0, `{}`},
		"whole, not declared":   {&half{`{}`, io.EOF}, -1, 0, `{}`},
		"no body":               {nil, 0, 0, ``},
		"empty body":            {http.NoBody, 0, 0, ``},
	} {
		t.Run("7644-3.12-19/"+name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/Users", http.NoBody)
			r.Body, r.ContentLength = c.body, c.declared
			got, err := resource.Read(httptest.NewRecorder(), r, 1000)
			if c.status == 0 {
				require.NoError(t, err)
				assert.Equal(t, c.want, string(got))
				return
			}
			require.Error(t, err)
			assert.Nil(t, got)
			message := wireOf(t, err)
			assert.Equal(t, strconv.Itoa(c.status), message.Status)
			assert.NotContains(t, message.Detail, "S3cr3t")
			if c.status == 400 {
				require.ErrorIs(t, err, scimerrors.InvalidSyntax)
			}
		})
	}
	t.Run("7644-3.12-19/an empty body is refused by Validate", func(t *testing.T) {
		got, _, _, err := exchange(t, 0, nil, http.NoBody, 0)
		require.NoError(t, err)
		_, err = resource.Validate[Employee](resource.CreationRequest, got)
		broken(t, nil, err, "the body is empty")
	})
}
