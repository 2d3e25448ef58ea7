package resource_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// FuzzBulk: whatever a client sends, results stand in the order of the request, at most one for each operation; what was created has
// its id wherever do sees a reference to it, or the reference is not there; circles are created whole or not at all.
func FuzzBulk(f *testing.F) {
	for _, ops := range [][]string{
		{postUser("a", "ann"), postGroup("g", "G", "bulkId:a"), `{"method":"DELETE","path":"/Users/bulkId:a"}`},
		{postGroup("g", "G", "bulkId:a"), patchWith("/Groups/bulkId:g", `{"op":"add","path":"members","value":[{"value":"bulkId:a"}]}`), postUser("a", "ann")},
		{postGroup("a", "A", "bulkId:b"), postGroup("b", "B", "bulkId:a"), postGroup("c", "C", "bulkId:b", "bulkId:none")},
		{postEmployee("a", "a", "bulkId:a"), postSquad("s", "bulkId:t"), postSquad("t", "bulkId:s")},
		{postUser("a", `my bulkId:a`), postGroup(`\u0062`, "G", `bulk\u0049d:a`, `bulkId:\u0062`), `{"method":"PUT","path":"Users/bulkId%3Aa","data":{"bulkId:a":"bulkId:a","value":["bulkId:b"]}}`},
		{`5`, `null`, `{}`, `{"method":"GET"}`, `{"method":"POST","path":"/Users/1"}`, `{"method":"PUT","path":"/Users"}`, `{"method":"POST","path":"/Users","bulkId":"x","data":[]}`},
		{`{"method":"POST","path":"/bulkId:x","bulkId":"x","version":"W/\"1\"","data":{"x":["bulkId:x",{"value":"bulkId:x"}],"bulkId:x":1.0}}`},
	} {
		for _, failures := range []uint64{0, 1, 0b101010, 1<<63 - 1} {
			f.Add(bulkBody(ops...), failures, 1)
			f.Add(bulkBody(ops...), failures, 0)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, failures uint64, failOnErrors int) {
		limits := resource.BulkConfig{MaxOperations: 100, MaxPayloadSize: 1 << 16}
		r, err := resource.ParseBulk(body, limits)
		if err != nil {
			if r != nil {
				t.Fatalf("a result beside the error %v", err)
			}
			if e := scimerrors.From(err); e.Status != 413 && (e.Status != 400 || e.Type != scimerrors.InvalidSyntax) {
				t.Fatalf("%v of %s", err, body)
			}
			if _, err := resource.ParseBulk(body, limits, resource.Strict()); err == nil {
				t.Fatalf("accepted strictly: %s", body)
			}
			return
		}
		r.FailOnErrors = failOnErrors
		s := &recorder{t: t, failures: failures, there: map[string]bool{}}
		for _, op := range r.Operations {
			if op.Method == http.MethodPost && op.Status == "" {
				s.references = append(s.references, "bulkId:"+op.BulkID)
			}
		}
		answer := resource.RunBulk(t.Context(), r, s.do)
		s.judge(r, answer)
	})
}

// recorder is a service that fails as the bits of failures say, and looks at what it is asked to do.
type recorder struct {
	t          *testing.T
	failures   uint64
	done, made int
	references []string // to what the request creates
	there      map[string]bool
}

func (s *recorder) do(_ context.Context, op *resource.BulkOperation) (any, error) {
	s.done++
	var data any
	if len(op.Data) > 0 {
		if err := json.Unmarshal(op.Data, &data); err != nil {
			s.t.Fatalf("%v in %s", err, op.Data)
		}
	}
	s.look(data)
	if op.Method != http.MethodPost {
		s.look(op.Path[strings.LastIndexByte(op.Path, '/')+1:])
	}
	if op.Method != http.MethodDelete && s.failures>>(s.done%64)&1 == 1 {
		if s.done%3 == 0 {
			return nil, scimerrors.New(scimerrors.InvalidValue, "no")
		}
		return nil, scimerrors.Status(500, "no")
	}
	switch op.Method {
	case http.MethodPost:
		s.made++
		path := op.Path + "/" + strconv.Itoa(s.made)
		s.there[path] = true
		return &resource.User{Resource: resource.Resource{ID: strconv.Itoa(s.made), Meta: resource.Meta{Location: path}}}, nil
	case http.MethodDelete:
		delete(s.there, op.Path)
	}
	return nil, nil
}

// look finds references that should have become ids.
func (s *recorder) look(v any) {
	switch v := v.(type) {
	case string:
		for _, r := range s.references {
			if v == r {
				s.t.Fatalf("%q is left in an operation", v)
			}
		}
	case []any:
		for _, e := range v {
			s.look(e)
		}
	case map[string]any:
		for _, e := range v {
			s.look(e)
		}
	}
}

func (s *recorder) judge(r *resource.BulkRequest, answer *resource.BulkResponse) {
	t := s.t
	next := 0
	for _, got := range answer.Operations {
		for next < len(r.Operations) && (r.Operations[next].Method != got.Method || r.Operations[next].BulkID != got.BulkID) {
			if r.FailOnErrors <= 0 {
				t.Fatalf("no result for operation %d", next)
			}
			next++
		}
		if next == len(r.Operations) {
			t.Fatalf("a result out of order: %+v", got)
		}
		op := r.Operations[next]
		next++
		ok := strings.HasPrefix(got.Status, "2")
		switch {
		case len(got.Status) != 3 || ok == (len(got.Response) > 0):
			t.Fatalf("%+v", got)
		case op.Status != "" && op.Status != got.Status:
			t.Fatalf("refused, but %+v", got)
		case got.Location == "" && (ok || op.Method != http.MethodPost && op.Path != ""):
			t.Fatalf("no location: %+v", got)
		case got.Location != "" && !ok && op.Method == http.MethodPost:
			t.Fatalf("a location: %+v", got)
		}
		if ok && op.Method == http.MethodPost {
			delete(s.there, got.Location) // it may have been deleted by the request
		}
	}
	if r.FailOnErrors <= 0 && len(answer.Operations) != len(r.Operations) {
		t.Fatalf("%d results of %d", len(answer.Operations), len(r.Operations))
	}
	if len(s.there) > 0 {
		t.Fatalf("nobody knows of %v", s.there)
	}
	text, err := resource.Marshal(resource.QueryResponse, answer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, text, resource.Strict()); err != nil {
		t.Fatalf("%v of %s", err, text)
	}
}
