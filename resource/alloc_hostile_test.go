//go:build !race

package resource_test

import (
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// filled repeats a piece until the text has about a megabyte.
func filled(before, piece, separator, after string, most int) []byte {
	n := min((1<<20-len(before)-len(after))/(len(piece)+len(separator)), most)
	return []byte(before + strings.Repeat(piece+separator, n-1) + piece + after)
}

const unlimited = 1 << 30

// Goal 15: what stays in use of a hostile megabyte is at most ten times as much, whatever the verb. What the decoder itself keeps of single
// documents is tested in internal/codec; here are the forms that messages bring along.
func TestAllocHostile(t *testing.T) {
	operations := func(piece string) []byte {
		return filled(`{"schemas":["`+resource.PatchOpSchema+`"],"Operations":[`, piece, ",", "]}", 10_000)
	}
	patches := func(body []byte) (any, error) {
		return resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, body)
	}
	creates := func(body []byte) (any, error) { return resource.Validate[Employee](resource.CreationRequest, body) }
	searches := func(body []byte) (any, error) {
		return resource.Validate[resource.SearchRequest](resource.QueryRequest, body)
	}
	bulk := func(body []byte) (any, error) { return resource.ParseBulk(body, resource.BulkConfig{}) }
	var unknown strings.Builder
	for i := range 900 {
		unknown.WriteString(`"x` + strconv.Itoa(i) + `":{},`)
	}
	for _, c := range []struct {
		name string
		body []byte
		run  func(body []byte) (any, error)
		most float64 // 0: ten
	}{
		{"members, empty", filled(`{"displayName":"g","members":[`, `{}`, ",", `]}`, unlimited), func(body []byte) (any, error) {
			return resource.Validate[resource.Group](resource.CreationRequest, body)
		}, 0},
		{"schemas of nothing", filled(`{"userName":"a","schemas":[`, `""`, ",", `]}`, unlimited), creates, 0},
		{"schemas nobody knows", filled(`{"userName":"a","schemas":[`, `"x"`, ",", `]}`, unlimited), creates, 0},
		{"duplicate names", filled(`{"userName":"a",`, `"x":1`, ",", `}`, unlimited), creates, 0},
		{"unknown names", filled(`{"userName":"a","x":[`, `{`+unknown.String()+`"last":1}`, ",", `]}`, unlimited), creates, 0},
		{"unknown depth", filled(`{"userName":"a","x":[`, strings.Repeat(`{"a":`, 60)+"1"+strings.Repeat("}", 60), ",", "]}", unlimited), creates, 0},
		{"faults", filled(`{"emails":[`, `1`, ",", `]}`, unlimited), creates, 0},
		{"escapes", filled(`{"userName":"`, `\u0061`, "", `"}`, unlimited), creates, 0},

		{"operations without a value", operations(`{"op":"remove","path":"title"}`), patches, 0},
		{"operations on one value", operations(`{"op":"add","path":"title","value":"x"}`), patches, 0},
		{"operations with filters", operations(`{"op":"remove","path":"emails[value eq \"a\"]"}`), patches, 0},
		{"operations with long filters", operations(`{"op":"remove","path":"emails[` + strings.Repeat(`value pr or `, 40) + `value pr]"}`), patches, 0},
		{"operations without path", operations(`{"op":"add","value":{"title":"x","nickName":"y"}}`), patches, 0},
		{"operations with many attributes", operations(`{"op":"add","value":{"title":"x","name.givenName":"y","name.familyName":"z"}}`), patches, 0},
		{"operations with tiny elements", operations(`{"op":"add","path":"roles","value":[` + strings.Repeat(`{"value":"a"},`, 6) + `{"value":"a"}]}`), patches, 0},
		{"operations with bare elements", operations(`{"op":"add","path":"roles","value":[` + strings.Repeat(`"a",`, 20) + `"a"]}`), patches, 0},
		{"removes by value", filled(`{"Operations":[{"op":"remove","path":"emails","value":[`, `{"value":"a","type":"b"}`, ",", `]}]}`, unlimited), patches, 0},
		{"operations nobody knows", operations(`{"op":"x"}`), patches, 0},

		{"bulk operations", filled(`{"schemas":["`+resource.BulkRequestSchema+`"],"Operations":[`, `{"method":"DELETE","path":"/Users/1"}`, ",", `]}`, unlimited), bulk, 0},
		{"bulk operations that are none", filled(`{"schemas":["`+resource.BulkRequestSchema+`"],"Operations":[`, `1`, ",", `]}`, unlimited), bulk, 0},
		{"empty bulk operations", filled(`{"schemas":["`+resource.BulkRequestSchema+`"],"Operations":[`, `{}`, ",", `]}`, unlimited), bulk, 0},

		{"a list of users", filled(`{"schemas":["`+resource.ListResponseSchema+`"],"totalResults":1,"Resources":[`, `{"id":"a","userName":"a"}`, ",", `]}`, unlimited), func(body []byte) (any, error) {
			return resource.Validate[resource.ListResponse[*Employee]](resource.QueryResponse, body)
		}, 40}, // a server is trusted, and a user takes 900 bytes

		{"attributes of a search", filled(`{"schemas":["`+resource.SearchRequestSchema+`"],"attributes":[`, `"a"`, ",", `]}`, unlimited), searches, 0},
		{"attributes in one string", filled(`{"schemas":["`+resource.SearchRequestSchema+`"],"attributes":"`, `a`, ",", `"}`, unlimited), searches, 0},
		{"attributes of a URL", filled("", "a", ",", "", unlimited), func(body []byte) (any, error) {
			return resource.ParseQuery(url.Values{"attributes": {string(body)}})
		}, 0},
		{"a filter", filled("", "id pr", " or ", "", 1000), func(body []byte) (any, error) { return filter.Compile[Employee](string(body)) }, 60}, // at most 64 KB, that is 4 MB
		{"an error message", filled(`{"schemas":["`+scimerrors.URN+`"],"status":"400","detail":"`, `\n`, "", `"}`, unlimited), func(body []byte) (any, error) { return scimerrors.Parse(body[:1<<20]) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			by := ""
			if c.most == 0 {
				c.most, by = 10, "goal 15: "
			}
			_, _ = c.run(c.body[:min(len(c.body), 100)]) // plans
			var before, after, end runtime.MemStats
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&before)
			v, err := c.run(c.body)
			runtime.ReadMemStats(&after)
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&end)
			runtime.KeepAlive(v)
			runtime.KeepAlive(err)
			size := float64(len(c.body))
			kept, allocated := (float64(end.HeapAlloc)-float64(before.HeapAlloc))/size, float64(after.TotalAlloc-before.TotalAlloc)/size
			t.Logf("%s%.2f kept, %.2f allocated by each of %d bytes; %.60v", by, kept, allocated, len(c.body), err)
			require.LessOrEqual(t, kept, c.most)
			require.Less(t, allocated, 8*c.most, "allocated, even if not kept")
		})
	}
}
