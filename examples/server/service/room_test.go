package service_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
)

// chunked is a client whose requests do not say how long their bodies are.
func chunked(c ask.Client) ask.Client {
	h := c.Handler
	c.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ContentLength = -1
		h.ServeHTTP(w, r)
	})
	return c
}

// endless sends a beginning of a body, and the rest when end is called, which returns the answer.
func endless(t *testing.T, c ask.Client, beginning string) (end func(rest string) ask.Answer) {
	t.Helper()
	r, w := io.Pipe()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.Root+"/Users", r)
	request.Header = c.Header.Clone()
	require.EqualValues(t, -1, request.ContentLength)
	answer, done := httptest.NewRecorder(), make(chan struct{})
	go func() {
		c.Handler.ServeHTTP(answer, request)
		close(done)
	}()
	_, err := io.WriteString(w, beginning) // returns when the service has read it
	require.NoError(t, err)
	return func(rest string) ask.Answer {
		_, err := io.WriteString(w, rest)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		<-done
		return ask.Answer{T: t, Asked: "a body that took its time", Status: answer.Code, Text: answer.Body.String()}
	}
}

// Bodies of unknown length are not taken for large ones before they are.
func TestChunkedBodies(t *testing.T) {
	title := func(n int) string { return strings.Repeat("x", n) }
	t.Run("small ones do not wait for one that never ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := chunked(simple(t))
			end := endless(t, c, ask.User("ann")[:20])
			for _, name := range []string{"bob", "cid"} {
				c.Post("/Users", ask.User(name)).Is(201)
			}
			end(ask.User("ann")[20:]).Is(201)
		})
	})
	t.Run("7644-7.7-02: any length arrives as it was sent, up to the limit", func(t *testing.T) {
		c := chunked(simple(t))
		for _, n := range []int{200, 64<<10 - 1, 64 << 10, 64<<10 + 1, 1 << 20} {
			long := title(n - len(ask.User("x", `, "title": ""`)))
			body := ask.User("x", `, "title": "`+long+`"`)
			require.Len(t, body, n)
			a := c.Post("/Users", body).Is(201).Has(`{"title": "` + long + `"}`)
			c.Delete("/Users/" + a.ID()).Is(204)
		}
		c.Post("/Users", ask.User(title(service.MaxBody))).Fails(413, "")
		c.Post("/Users", title(100<<10)).Fails(400, "invalidSyntax")
		c.With("Content-Type", "text/plain").Post("/Users", title(100<<10)).Fails(415, "")
	})
	t.Run("7644-3.12-19: one that breaks off", func(t *testing.T) {
		c := simple(t)
		for _, n := range []int{10, 100 << 10} {
			r, w := io.Pipe()
			go func() {
				_, _ = io.WriteString(w, title(n)) // the answer tells
				_ = w.CloseWithError(io.ErrUnexpectedEOF)
			}()
			request, answer := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.Root+"/Users", r), httptest.NewRecorder()
			request.Header = c.Header
			c.Handler.ServeHTTP(answer, request)
			assert.Equal(t, 400, answer.Code)
			assert.Contains(t, answer.Body.String(), "too early")
		}
	})
	t.Run("a large one takes no more room than it needs, once it is known", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			types := usual()
			db := &gate{Store: inMemory(t, types), open: make(chan struct{})}
			c := chunked(serve(t, db, types))
			statuses := make(chan int)
			for _, name := range []string{"ann", "bob"} {
				go func() { statuses <- c.Post("/Users", ask.User(name, `, "title": "`+title(100<<10)+`"`)).Status }()
			}
			synctest.Wait()
			assert.EqualValues(t, 2, db.waiting.Load(), "both are at work")
			close(db.open)
			assert.Equal(t, 201, <-statuses)
			assert.Equal(t, 201, <-statuses)
		})
	})
	t.Run("two that are as large as may be, one after the other", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			types := usual()
			db := &gate{Store: inMemory(t, types), open: make(chan struct{})}
			c := chunked(serve(t, db, types))
			statuses := make(chan int)
			for _, name := range []string{"ann", "bob"} {
				go func() {
					statuses <- c.Post("/Users", ask.User(name, `, "title": "`+title(service.MaxBody-1000)+`"`)).Status
				}()
			}
			synctest.Wait()
			assert.EqualValues(t, 1, db.waiting.Load(), "the other waits for room")
			close(db.open)
			assert.Equal(t, 201, <-statuses)
			assert.Equal(t, 201, <-statuses)
		})
	})
}

// gate lets nobody create anything before it is open.
type gate struct {
	store.Store
	waiting atomic.Int64
	open    chan struct{}
}

func (g *gate) Create(ctx context.Context, k *store.Kind, v any, lists bool) (any, error) {
	g.waiting.Add(1)
	<-g.open
	return g.Store.Create(ctx, k, v, lists)
}
