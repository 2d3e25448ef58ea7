package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/scimmodels/scim/resource"
)

// store is the database of every implementation that does not bring its own: a map.
type store[T any] struct {
	mu   sync.RWMutex
	rows map[string]T
}

func (s *store[T]) get(id string) (T, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.rows[id]
	return v, ok
}

func (s *store[T]) put(id string, v T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil {
		s.rows = map[string]T{}
	}
	s.rows[id] = v
}

// forget empties the store, so that the hundred-thousandth POST of a run finds what the first found.
func (s *store[T]) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.rows)
}

var errNotFound = errors.New("there is no such user")

// newMeta is what a service assigns to a new user, and an id.
func newMeta() (id string, meta resource.Meta) {
	now := time.Now().UTC()
	return rand.Text(), resource.Meta{ResourceType: "User", Created: now, LastModified: now, Version: `W/"1"`}
}

// calling is the task of one request. It takes the way through the handler, with a new request and a recorder each time, but without a network.
func calling(work string, h http.Handler, method, path string, body []byte, after func()) task {
	var got *httptest.ResponseRecorder
	return task{
		work: work,
		run: func() error {
			r, err := http.NewRequest(method, base+path, bytes.NewReader(body))
			if err != nil {
				return err
			}
			r.Header.Set("Content-Type", resource.MediaType)
			r.Header.Set("Accept", resource.MediaType)
			got = httptest.NewRecorder()
			h.ServeHTTP(got, r)
			if after != nil {
				after()
			}
			return nil
		},
		answer: func() (any, error) {
			result := got.Result() // has the header as it was when it was sent
			defer result.Body.Close()
			return response{status: result.StatusCode, header: result.Header, body: got.Body.Bytes()}, nil
		},
	}
}

// bodyOf makes the response of a request an answer without HTTP, for servers whose parts cannot be called alone.
func bodyOf(t task, want int) task {
	inner := t.answer
	t.answer = func() (any, error) {
		answer, err := inner()
		if err != nil {
			return nil, err
		}
		r, _ := answer.(response)
		if r.status != want {
			return nil, fmt.Errorf("status %d: %s", r.status, strings.TrimSpace(string(r.body)))
		}
		return r.body, nil
	}
	return t
}

// path of the user of section 8.3, and of the projection.
func userPath() string { return "/Users/" + userID }

func projectionPath() string {
	return userPath() + "?" + url.Values{"attributes": {strings.Join(selection, ",")}}.Encode()
}

// userID is the id in the document.
const userID = "2819c223-7f76-453a-919d-413861904646"
