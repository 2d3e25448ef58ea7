package resource_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// counting does nothing but give ids.
type counting struct{ made, done int }

func (c *counting) do(_ context.Context, op *resource.BulkOperation) (any, error) {
	c.done++
	if op.Method != http.MethodPost {
		return nil, nil
	}
	c.made++
	return &resource.Group{Resource: resource.Resource{ID: strconv.Itoa(c.made)}}, nil
}

// refersTo is a POST number i whose data refer to these.
func refersTo(b *strings.Builder, i int, refs ...int) {
	if i > 0 {
		b.WriteByte(',')
	}
	fmt.Fprintf(b, `{"method":"POST","path":"/Groups","bulkId":"%d","data":{"m":[""`, i)
	for _, k := range refs {
		fmt.Fprintf(b, `,"bulkId:%d"`, k)
	}
	b.WriteString(`]}}`)
}

// hostile are requests with as many references, or chains as long, as their size allows.
var hostile = map[string]func(b *strings.Builder, n int) (operations int){
	"7644-3.7-12/all before": func(b *strings.Builder, n int) int {
		return referAll(b, n, func(i, most int) (from, to int) { return 0, i })
	},
	"7644-3.7-12/all behind": func(b *strings.Builder, n int) int {
		return referAll(b, n, func(i, most int) (from, to int) { return i + 1, most })
	},
	"7644-3.7.1-01/each to all": func(b *strings.Builder, n int) int {
		return referAll(b, n, func(i, most int) (from, to int) { return 0, most })
	},
	"7644-3.7-12/a chain of forward references": func(b *strings.Builder, n int) int {
		for i := range n - 1 {
			refersTo(b, i, i+1)
		}
		refersTo(b, n-1)
		return n
	},
	"7644-3.7.1-01/a ring": func(b *strings.Builder, n int) int {
		for i := range n {
			refersTo(b, i, (i+1)%n)
		}
		return n
	},
	"7644-3.7.1-01/a ring backwards": func(b *strings.Builder, n int) int {
		for i := range n {
			refersTo(b, i, (i+n-1)%n)
		}
		return n
	},
	"7644-3.7.1-01/pairs": func(b *strings.Builder, n int) int {
		for i := range n &^ 1 {
			refersTo(b, i, i^1)
		}
		return n &^ 1
	},
	"7644-3.7.1-01/each to itself": func(b *strings.Builder, n int) int {
		for i := range n {
			refersTo(b, i, i, i, i)
		}
		return n
	},
	"7644-3.7-12/all to the last": func(b *strings.Builder, n int) int {
		for i := range n - 1 {
			refersTo(b, i, n-1)
		}
		refersTo(b, n-1)
		return n
	},
}

// referAll spends n references.
func referAll(b *strings.Builder, n int, span func(i, most int) (from, to int)) int {
	most := 1
	for most*most < 2*n {
		most++
	}
	for i := range most {
		var refs []int
		for k, to := span(i, most); k < to; k++ {
			refs = append(refs, k)
		}
		refersTo(b, i, refs...)
	}
	return most
}

func hostileBody(fill func(*strings.Builder, int) int, n int) ([]byte, int) {
	var b strings.Builder
	b.WriteString(`{"schemas":["` + resource.BulkRequestSchema + `"],"Operations":[`)
	operations := fill(&b, n)
	b.WriteString(`]}`)
	return []byte(b.String()), operations
}

// Whatever refers to whatever, everything is done once, and time follows the size of the request.
func TestBulkHostile(t *testing.T) {
	for name, fill := range hostile {
		t.Run(name, func(t *testing.T) {
			run := func(n int) time.Duration {
				body, operations := hostileBody(fill, n)
				start := time.Now()
				r, err := resource.ParseBulk(body, resource.BulkConfig{})
				require.NoError(t, err)
				c := &counting{}
				answer := resource.RunBulk(t.Context(), r, c.do)
				took := time.Since(start)
				require.Len(t, answer.Operations, operations)
				require.Equal(t, operations, c.made)
				require.LessOrEqual(t, c.done, 2*operations)
				for i, op := range answer.Operations {
					if op.Status != "201" || op.BulkID != strconv.Itoa(i) {
						t.Fatalf("%d: %+v", i, op)
					}
				}
				return took
			}
			// Ten times the size takes about ten times as long. What is quadratic takes a hundred times; the machine is shared.
			small, large := run(1000), run(10_000)
			for range 5 {
				if large < 40*small {
					return
				}
				small, large = max(small, run(1000)), min(large, run(10_000))
			}
			t.Errorf("1,000 take %v, 10,000 take %v", small, large)
		})
	}
}

// One fails, and with it all that refer to it, directly or not.
func TestBulkHostileFailures(t *testing.T) {
	const n = 10_000
	body, _ := hostileBody(func(b *strings.Builder, n int) int {
		for i := range n {
			refersTo(b, i, i+1) // the last refers to nothing
		}
		return n
	}, n)
	r, err := resource.ParseBulk(body, resource.BulkConfig{})
	require.NoError(t, err)
	c := &counting{}
	answer := resource.RunBulk(t.Context(), r, c.do)
	require.Len(t, answer.Operations, n)
	assert.Zero(t, c.done)
	for _, op := range answer.Operations {
		require.Equal(t, "400", op.Status)
	}
	r.FailOnErrors = 10
	assert.Len(t, resource.RunBulk(t.Context(), r, c.do).Operations, 10)

	ring, _ := hostileBody(hostile["7644-3.7.1-01/a ring"], n)
	r, err = resource.ParseBulk(ring, resource.BulkConfig{})
	require.NoError(t, err)
	deleted := 0
	answer = resource.RunBulk(t.Context(), r, func(ctx context.Context, op *resource.BulkOperation) (any, error) {
		switch op.Method {
		case http.MethodPut:
			return nil, assert.AnError
		case http.MethodDelete:
			deleted++
		}
		return c.do(ctx, op)
	})
	require.Len(t, answer.Operations, n)
	assert.Equal(t, n, deleted)
	for _, op := range answer.Operations {
		require.Equal(t, "409", op.Status)
	}
}

// Nesting and sizes that no client needs.
func TestBulkHostileForms(t *testing.T) {
	for name, op := range map[string]string{
		"long bulkId":      postUser(strings.Repeat("x", 1<<18), "u"),
		"long reference":   postGroup("g", "G", "bulkId:"+strings.Repeat("x", 1<<18)),
		"long path":        `{"method":"DELETE","path":"/Users/` + strings.Repeat("x", 1<<18) + `"}`,
		"path of slashes":  `{"method":"DELETE","path":"` + strings.Repeat("/", 1<<18) + `"}`,
		"many segments":    `{"method":"DELETE","path":"` + strings.Repeat("/x", 1<<17) + `"}`,
		"deep data":        `{"method":"POST","path":"/Users","bulkId":"a","data":` + strings.Repeat(`{"a":`, 60) + `"bulkId:a"` + strings.Repeat(`}`, 60) + `}`,
		"deep lists":       `{"method":"POST","path":"/Users","bulkId":"a","data":{"a":` + strings.Repeat(`[`, 59) + `"bulkId:a"` + strings.Repeat(`]`, 59) + `}}`,
		"escaped strings":  `{"method":"POST","path":"/Users","bulkId":"a","data":{"a":["` + strings.Repeat(`\u0062ulkId:a","`, 10_000) + `"]}}`,
		"escaped path":     `{"method":"DELETE","path":"/Users/bulkId%3` + `"}`,
		"empty reference":  `{"method":"DELETE","path":"/Users/bulkId:"}`,
		"lone prefix":      postGroup("g", "G", "bulkId:"),
		"bulkId with NUL":  postUser(`\u0000`, "u"),
		"replacement rune": postUser("\ufffd", "u"),
	} {
		t.Run("7644-3.7-13/"+name, func(t *testing.T) {
			answer, text := runBulk(t, bulkBody(postUser("first", "first"), op, postUser("last", "last")), newDirectory().do)
			require.Len(t, answer.Operations, 3)
			assert.Equal(t, "201", answer.Operations[0].Status)
			assert.Equal(t, "201", answer.Operations[2].Status)
			if len(answer.Operations[1].BulkID) < 1000 && len(answer.Operations[1].Location) < 1000 {
				assert.Less(t, len(text), 2000, "what is long is not repeated")
			}
		})
	}
}

// A request that no ParseBulk has seen is the program's own and may be anything.
func TestRunBulkByHand(t *testing.T) {
	ops := []resource.BulkOperation{
		{}, {Method: "POST"}, {Method: "POST", BulkID: "a", Path: "Users", Data: []byte(`{"x":"bulkId:a"`)}, {Method: "PUT", Path: "bulkId:a"}, {Method: "x", Path: "/", BulkID: "a"},
		{Method: "POST", BulkID: "a", Data: []byte(`"bulkId:a`)}, {Method: "DELETE", Path: "/Users/bulkId:a", Data: []byte(`\`)}, {Method: "PATCH", Data: []byte(`{"x":"bulkId:`)}, {Status: "x"},
		{Method: "POST", BulkID: "b", Data: []byte(`["bulkId:b"]`)}, {Method: "POST", BulkID: "c", Data: []byte(strings.Repeat("[", 1e5) + `"bulkId:c"`)},
	}
	c := &counting{}
	answer := resource.RunBulk(t.Context(), &resource.BulkRequest{Operations: ops, FailOnErrors: -1}, c.do)
	assert.Len(t, answer.Operations, len(ops))
	assert.Empty(t, resource.RunBulk(t.Context(), &resource.BulkRequest{}, c.do).Operations)
}

func BenchmarkRunBulk(b *testing.B) {
	for name, fill := range hostile {
		b.Run(name[strings.IndexByte(name, '/')+1:], func(b *testing.B) {
			body, _ := hostileBody(fill, 10_000)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := resource.ParseBulk(body, resource.BulkConfig{})
				if err != nil {
					b.Fatal(err)
				}
				resource.RunBulk(b.Context(), r, (&counting{}).do)
			}
		})
	}
}
