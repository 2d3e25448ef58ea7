package scimtest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
)

// The tools to break a conforming service with: middleware between it and the kit.

// middleware is one deliberate fault.
type middleware func(next http.Handler) http.Handler

// recorded is an answer that can still be changed.
type recorded struct {
	status int
	header http.Header
	body   string
}

// asked changes requests. What it makes of the body is sent.
func asked(f func(r *http.Request, body string) string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			changed := f(r, string(body))
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
			next.ServeHTTP(w, r)
		})
	}
}

// answers changes what is answered.
func answers(f func(r *http.Request, a *recorded)) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			out := httptest.NewRecorder()
			next.ServeHTTP(out, r)
			r.Body = io.NopCloser(bytes.NewReader(body))
			a := recorded{out.Code, out.Header().Clone(), out.Body.String()}
			f(r, &a)
			maps.Copy(w.Header(), a.header)
			w.Header().Del("Content-Length")
			w.WriteHeader(a.status)
			_, _ = io.WriteString(w, a.body)
		})
	}
}

// both is one fault made of two.
func both(a, b middleware) middleware {
	return func(next http.Handler) http.Handler { return a(b(next)) }
}

// resources changes each user and group in the answers to requests of a method; "" is any.
func resources(method string, f func(r *http.Request, resource map[string]any)) middleware {
	return answers(func(r *http.Request, a *recorded) {
		doc, _ := decode([]byte(a.body))
		if a.status/100 != 2 || method != "" && r.Method != method || !of(r, "Users") && !of(r, "Groups") || doc == nil {
			return
		}
		if l := list(doc, "Resources"); l != nil {
			for _, v := range l {
				f(r, object(v))
			}
		} else if text(doc, "id") != "" {
			f(r, object(doc))
		}
		a.body = show(doc)
	})
}

// documents changes the answers of an endpoint: "" is the answer itself, otherwise each of its resources.
func documents(endpoint string, f func(doc map[string]any)) middleware {
	return answers(func(r *http.Request, a *recorded) {
		doc, _ := decode([]byte(a.body))
		if a.status == http.StatusOK && of(r, endpoint) {
			f(object(doc))
			a.body = show(doc)
		}
	})
}

// status answers with another status where one was answered to a method; "" is any.
func status(method string, from, to int) middleware {
	return answers(func(r *http.Request, a *recorded) {
		if a.status == from && (method == "" || r.Method == method) {
			a.status = to
			if to == http.StatusNoContent {
				a.body = ""
			}
		}
	})
}

// drop takes parameters out of queries, in the URL, where a condition holds.
func drop(where func(r *http.Request) bool, parameters ...string) middleware {
	return asked(func(r *http.Request, body string) string {
		if values := r.URL.Query(); where(r) {
			for _, p := range parameters {
				values.Del(p)
			}
			r.URL.RawQuery = values.Encode()
		}
		return body
	})
}

// member takes a member out of the body of a search.
func member(name string) middleware {
	return asked(func(r *http.Request, body string) string {
		doc, _ := decode([]byte(body))
		object, ok := doc.(map[string]any)
		if !ok || !strings.HasSuffix(r.URL.Path, "/.search") {
			return body
		}
		delete(object, name)
		return show(object)
	})
}

// replaced puts one text for another into the bodies of requests of a method; "" is any.
func replaced(method, from, to string) middleware {
	return asked(func(r *http.Request, body string) string {
		if method == "" || r.Method == method {
			return strings.ReplaceAll(body, from, to)
		}
		return body
	})
}

// rewritten puts one text for another into the bodies of answers.
func rewritten(from, to string) middleware {
	return answers(func(_ *http.Request, a *recorded) { a.body = strings.ReplaceAll(a.body, from, to) })
}

// header sets a header of each answer, or removes it.
func header(name, value string) middleware {
	return answers(func(_ *http.Request, a *recorded) {
		if a.header.Del(name); value != "" {
			a.header.Set(name, value)
		}
	})
}

// deaf takes a header out of requests.
func deaf(names ...string) middleware {
	return asked(func(r *http.Request, body string) string {
		for _, name := range names {
			r.Header.Del(name)
		}
		return body
	})
}

// as turns requests of one method into those of another, where a condition holds.
func as(from, to string, where func(r *http.Request) bool) middleware {
	return asked(func(r *http.Request, body string) string {
		if r.Method == from && where(r) {
			r.Method = to
		}
		return body
	})
}

// of says whether a request is for an endpoint.
func of(r *http.Request, endpoint string) bool {
	return strings.HasPrefix(strings.TrimPrefix(r.URL.Path, testBase+"/"), endpoint)
}

func always(*http.Request) bool { return true }

// has makes a condition of a part of the query.
func has(part string) func(r *http.Request) bool {
	return func(r *http.Request) bool { return strings.Contains(r.URL.RawQuery, part) }
}

// bodyOf reads the body of a request, and leaves it there.
func bodyOf(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

func scimError(status string) string {
	return `{"schemas": ["` + scimerrors.URN + `"], "status": "` + status + `"}`
}

// refuse answers with an error where a condition holds.
func refuse(code int, where func(r *http.Request) bool) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if where(r) {
				scimerrors.Write(w, scimerrors.Status(code, "no"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// as404 answers with a document where there is none, below an endpoint.
func as404(endpoint string) middleware {
	return answers(func(r *http.Request, a *recorded) {
		if a.status == http.StatusNotFound && of(r, endpoint) {
			a.status, a.body = http.StatusOK, `{"schemas": ["x"], "id": "x"}`
		}
	})
}

// filters rewrites the filters of requests.
func filters(from, to string) middleware {
	return asked(func(r *http.Request, body string) string {
		if values := r.URL.Query(); values.Has("filter") {
			values.Set("filter", strings.ReplaceAll(values.Get("filter"), from, to))
			r.URL.RawQuery = values.Encode()
		}
		return body
	})
}

// wrongFilters refuses filters with a part.
func wrongFilters(part string) middleware {
	return refuse(http.StatusBadRequest, func(r *http.Request) bool { return strings.Contains(r.URL.Query().Get("filter"), part) })
}

// object is a JSON object, or an empty one for want of it.
func object(v any) map[string]any {
	if o, ok := v.(map[string]any); ok {
		return o
	}
	return map[string]any{}
}
