package service

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
)

// caller is who has sent a request.
type caller struct {
	name string // tells callers apart; "" is everybody
	me   string // the userName that /Me stands for
}

// digest is a token by its digest: neither the content nor the length of a token shows in the time that a comparison takes.
type digest struct {
	sum [sha256.Size]byte
	caller
}

func digests(tokens []Token) []digest {
	all := make([]digest, len(tokens))
	for i, t := range tokens {
		sum := sha256.Sum256([]byte(t.Value))
		all[i] = digest{sum, caller{name: hex.EncodeToString(sum[:]), me: t.Me}}
	}
	return all
}

// who says who has sent a request; ok is false where nobody may.
func (s *Service) who(r *http.Request) (c caller, ok bool) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(token))
	for _, d := range s.tokens { // all of them, for the same reason
		if subtle.ConstantTimeCompare(sum[:], d.sum[:]) == 1 && strings.EqualFold(kind, "Bearer") {
			c, ok = d.caller, true
		}
	}
	return c, ok || len(s.tokens) == 0
}

// visit is what the service knows of a request beside the request itself; it goes with the context.
type visit struct {
	caller
	id   string // of the request, in the log and in the answer
	base string // URL of the service, as the client knows it
}

type visitKey struct{}

func visitOf(r *http.Request) visit {
	v, _ := r.Context().Value(visitKey{}).(visit)
	return v
}

func callerOf(r *http.Request) caller { return visitOf(r).caller }

func idOf(r *http.Request) string { return visitOf(r).id }

// requestID is what a client or proxy may call a request.
var requestID = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,64}$`)

// ServeHTTP logs each request and survives a panic in a handler. Queries, bodies and tokens are never logged.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	id := r.Header.Get("X-Request-Id")
	if !requestID.MatchString(id) {
		id = rand.Text()
	}
	out := &recorder{ResponseWriter: w}
	out.Header().Set("X-Request-Id", id)
	defer func() {
		cause := recover()
		if cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // nobody wraps it: net/http compares it, too
			s.Log.Error("panic", "id", id, "cause", cause, "stack", string(debug.Stack()))
			if out.status == 0 {
				scimerrors.Write(out, scimerrors.Status(http.StatusInternalServerError, "internal server error"))
				cause = nil
			}
		}
		s.Log.Info("request", "id", id, "method", r.Method, "path", r.URL.Path, "status", out.status,
			"bytes", out.bytes, "duration", time.Since(began), "remote", r.RemoteAddr)
		if cause != nil {
			panic(http.ErrAbortHandler) // part of the answer is sent: break it off
		}
	}()
	s.enter(out, r, id)
}

// enter lets a request in, or not, and gives it its path below the prefix.
func (s *Service) enter(w http.ResponseWriter, r *http.Request, id string) {
	if r.URL.Path == "/healthz" {
		s.health(w, r)
		return
	}
	prefix, path, found := s.below(r.URL.Path)
	c, known := s.who(r)
	switch {
	case !found:
		scimerrors.Write(w, scimerrors.Status(http.StatusNotFound, "the service is at %s", strings.Join(s.Prefixes, " and ")))
		return
	case !known && path != "/ServiceProviderConfig": // which says how to authenticate (RFC 7643 section 5)
		denied := scimerrors.Status(http.StatusUnauthorized, "a valid bearer token is required")
		denied.Header = http.Header{"WWW-Authenticate": {`Bearer realm="scim"`}}
		scimerrors.Write(w, denied)
		return
	}
	inner := r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{c, id, s.base(r, prefix)}))
	inner.URL = cloned(r.URL, path, strings.TrimPrefix(r.URL.RawPath, prefix))
	s.serve(w, inner)
}

// below finds the prefix of a path, and what comes behind it.
func (s *Service) below(path string) (prefix, rest string, found bool) {
	for _, prefix := range s.Prefixes {
		if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/') {
			if rest == "" {
				rest = "/"
			}
			return prefix, rest, true
		}
	}
	return "", "", false
}

// health says whether the service can do anything; it needs no token, and tells nothing else.
func (s *Service) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	status, text := http.StatusOK, "ok\n"
	if err := s.Store.Ping(ctx); err != nil {
		s.Log.Error("the store cannot be reached", "cause", err)
		status, text = http.StatusServiceUnavailable, "the store cannot be reached\n"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(text)) // a client that has gone misses nothing
	}
}
