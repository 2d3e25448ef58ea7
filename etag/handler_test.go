package etag_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/resource"
)

// shelf serves one user the way the package comment says; nil: it was deleted.
type shelf struct {
	lock sync.Mutex
	user *Account
	from func(*Account) string
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if err := s.serve(w, r); err != nil {
		errors.Write(w, err)
	}
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) error {
	q, err := resource.ParseQuery(r.URL.Query())
	if err != nil {
		return err
	}
	if s.user == nil {
		return errors.Status(http.StatusNotFound, "no such user")
	}
	if err := etag.Check(r, s.user.Meta.Version); err != nil {
		return err
	}
	switch r.Method {
	case http.MethodPut:
		body, err := resource.Read(w, r, 0)
		if err != nil {
			return err
		}
		user, err := resource.Validate[Account](resource.ReplaceRequest, body, resource.Replacing(s.user))
		if err != nil {
			return err
		}
		user.Meta.Version = s.from(user)
		s.user = user
		return resource.Write(w, resource.ReplaceResponse, user, q)
	case http.MethodDelete:
		s.user = nil
		resource.NoContent(w, nil)
		return nil
	}
	return resource.Write(w, resource.QueryResponse, s.user, q)
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{user: stored[Account](t, string(document(t, "rfc7643-8.3-user-enterprise"))), from: func(a *Account) string { return etag.Of(a) }}
	s.user.Meta.Version = s.from(s.user)
	return s
}

func (s *shelf) ask(method, query, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/Users/1"+query, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func titled(title string) string {
	return `{"schemas":["` + userURN + `"],"userName":"bjensen@example.com","title":"` + title + `"}`
}

func TestHandler(t *testing.T) {
	t.Run("7644-3.14-02 header and meta.version", func(t *testing.T) {
		s := newShelf(t)
		for _, w := range []*httptest.ResponseRecorder{s.ask(get, "", ""), s.ask(put, "", titled("t"))} {
			require.Equal(t, http.StatusOK, w.Code)
			user, err := resource.Validate[Account](resource.QueryResponse, w.Body.Bytes())
			require.NoError(t, err, "7643-3.1-11: W/ in capital letters")
			assert.Equal(t, w.Header().Get("ETag"), user.Meta.Version)
			assert.Regexp(t, weakTag, user.Meta.Version)
		}
	})
	t.Run("7644-3.14-02 neither without versions", func(t *testing.T) {
		s := newShelf(t)
		s.user.Meta.Version, s.from = "", func(*Account) string { return "" }
		for _, w := range []*httptest.ResponseRecorder{s.ask(get, "", "", "If-None-Match", tagA), s.ask(put, "", titled("t"), "If-Match", "*")} {
			require.Equal(t, http.StatusOK, w.Code)
			assert.Empty(t, w.Header().Values("ETag"))
			assert.NotContains(t, w.Body.String(), `"version"`)
		}
		assert.Equal(t, http.StatusPreconditionFailed, s.ask(put, "", titled("t"), "If-Match", tagA).Code)
	})
	t.Run("7644-3.14-03 unchanged", func(t *testing.T) {
		s := newShelf(t)
		tag := s.ask(get, "", "").Header().Get("ETag")
		w := s.ask(get, "", "", "If-None-Match", tag)
		assert.Equal(t, http.StatusNotModified, w.Code)
		assert.Empty(t, w.Body.String())
		assert.Equal(t, tag, w.Header().Get("ETag"))
		assert.Equal(t, http.StatusOK, s.ask(get, "", "", "If-None-Match", tagA).Code)
		assert.Equal(t, http.StatusOK, s.ask(get, "", "", "If-None-Match", "abc").Code, "7644-3.14-07")
	})
	t.Run("7644-3.14-04 stale", func(t *testing.T) {
		s := newShelf(t)
		before := *s.user
		for _, header := range []string{tagA, "abc"} { // 7644-3.14-07
			assert.Equal(t, http.StatusPreconditionFailed, s.ask(put, "", titled("t"), "If-Match", header).Code)
			assert.Equal(t, http.StatusPreconditionFailed, s.ask(del, "", "", "If-Match", header).Code)
			require.NotNil(t, s.user)
			assert.Equal(t, before, *s.user)
		}
		tag := before.Meta.Version
		w := s.ask(put, "", titled("t"), "If-Match", tagA, "If-Match", tag)
		require.Equal(t, http.StatusOK, w.Code)
		assert.NotEqual(t, tag, w.Header().Get("ETag"), "7643-3.1-16")
		assert.Equal(t, http.StatusPreconditionFailed, s.ask(del, "", "", "If-Match", tag).Code)
		assert.Equal(t, http.StatusNoContent, s.ask(del, "", "", "If-Match", w.Header().Get("ETag")).Code, "AMB-47")
		assert.Equal(t, http.StatusNotFound, s.ask(del, "", "", "If-Match", tag).Code, "RFC 9110 section 13.2.1: 404 comes first")
	})
	t.Run("7644-3.14-08 a change that changes nothing", func(t *testing.T) {
		s := newShelf(t)
		one := s.ask(put, "", titled("t")).Header().Get("ETag")
		assert.Equal(t, one, s.ask(put, "", `{"title":"t","name":null,"emails":[],"userName":"bjensen@example.com","schemas":["`+userURN+`"]}`).Header().Get("ETag"))
		assert.NotEqual(t, one, s.ask(put, "", titled("u")).Header().Get("ETag"))
		assert.Equal(t, one, s.ask(put, "", titled("t")).Header().Get("ETag"), "the tag is that of the content, not of the history")
	})
	t.Run("7644-3.14-09 with attributes", func(t *testing.T) {
		s := newShelf(t)
		tag := s.ask(get, "", "").Header().Get("ETag")
		w := s.ask(get, "?attributes=displayName", "")
		require.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, tag, w.Header().Get("ETag"))
		assert.Equal(t, http.StatusNotModified, s.ask(get, "?attributes=displayName", "", "If-None-Match", tag).Code)
		assert.Equal(t, http.StatusOK, s.ask(get, "?attributes=displayName", "", "If-None-Match", tagA).Code)
	})
	t.Run("7644-3.14-10 lost update", func(t *testing.T) {
		s := newShelf(t)
		tag := s.user.Meta.Version
		codes := make(chan int, 8)
		var wait sync.WaitGroup
		for i := range cap(codes) {
			wait.Go(func() { codes <- s.ask(put, "", titled(strings.Repeat("t", i+1)), "If-Match", tag).Code })
		}
		wait.Wait()
		close(codes)
		count := map[int]int{}
		for code := range codes {
			count[code]++
		}
		assert.Equal(t, map[int]int{http.StatusOK: 1, http.StatusPreconditionFailed: 7}, count)
	})
}
