//go:build !race

package codec_test

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
)

// hostile has documents made to use up memory. The most that may stay in use is ten times the document, the decoder's own copy of it
// included (performance.md, goal 15), or what a Go struct needs where that is more.
var hostile = []struct {
	name string
	typ  reflect.Type
	mode codec.Mode
	body func(size int) string
	most float64 // 0: ten
}{
	{"one long string", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"`, "x", "", `"}`), 0},
	{"one long escaped string", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"`, `\u0061`, "", `"}`), 0},
	{"white space", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a"`, " ", "", `}`), 0},
	{"members: {}", reflect.TypeFor[BigGroup](), codec.Creation, between(`{"displayName":"a","members":[`, "{}", ",", "]}"), 0},
	{"members: null", reflect.TypeFor[BigGroup](), codec.Creation, between(`{"displayName":"a","members":[`, "null", ",", "]}"), 0},
	{"members of one letter", reflect.TypeFor[BigGroup](), codec.Creation, between(`{"displayName":"a","members":[`, `{"value":"a"}`, ",", "]}"), 0},
	{"members that are bare letters", reflect.TypeFor[BigGroup](), codec.Creation, between(`{"displayName":"a","members":[`, `"a"`, ",", "]}"), needs(64, 4)},
	{"real members", reflect.TypeFor[BigGroup](), codec.Creation, between(`{"displayName":"a","members":[`, `{"value":"2819c223-7f76-453a-919d-413861904646","display":"Babs Jensen","$ref":"https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646","type":"User"}`, ",", "]}"), 4},
	{"schemas of nothing", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","schemas":[`, `""`, ",", "]}"), 0},
	{"schemas, the same", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","schemas":[`, `"urn:ietf:params:scim:schemas:core:2.0:User"`, ",", "]}"), 0},
	{"unknown names in one object", reflect.TypeFor[BigUser](), codec.Creation, func(size int) string { return `{"userName":"a",` + unknowns(size) + `}` }, 0},
	{"unknown names in many objects", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","x":[`, "{"+unknowns(2000)+"}", ",", "]}"), 0},
	{"unknown names of many members", reflect.TypeFor[BigGroup](), codec.Creation, between(`{"displayName":"a","members":[`, `{"a":1,"b":2,"c":3}`, ",", "]}"), 0},
	{"unknown objects", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","x":[`, `{"a":1}`, ",", "]}"), 0},
	{"unknown depth", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","x":[`, strings.Repeat(`{"a":`, 60)+"1"+strings.Repeat("}", 60), ",", "]}"), 0},
	{"unknown arrays", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","x":[`, strings.Repeat(`[`, 60)+strings.Repeat("]", 60), ",", "]}"), 0},
	{"addresses of one letter", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","addresses":[`, `{"type":"x"}`, ",", "]}"), needs(120, 13)},
	{"emails, all primary", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","emails":[`, `{"primary":true}`, ",", "]}"), 0},
	{"emails, all primary, stored", reflect.TypeFor[BigUser](), codec.Storage, between(`{"userName":"a","emails":[`, `{"primary":true}`, ",", "]}"), 0},
	{"emails that are bare letters", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","emails":[`, `"a"`, ",", "]}"), needs(56, 4)},
	{"certificates of one byte", reflect.TypeFor[BigUser](), codec.Storage, between(`{"userName":"a","x509Certificates":[`, `{"value":"AA"}`, ",", "]}"), 0},
	{"strings of one letter", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","tags":[`, `"a"`, ",", "]}"), 0},
	{"escaped strings of one letter", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","tags":[`, `"\n"`, ",", "]}"), 0},
	{"digits", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","numbers":[`, `0`, ",", "]}"), 0},
	{"pointers to booleans", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","flags":[`, `true`, ",", "]}"), 0},
	{"pointers to addresses", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","pointers":[`, `{"type":"x"}`, ",", "]}"), needs(8+128, 13)},
	{"any of one digit", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","things":[`, `1`, ",", "]}"), needs(16+24+8, 2)},
	{"raw digits", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","raws":[`, `1`, ",", "]}"), needs(24+8, 2)},
	{"faults", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","numbers":[`, `"x"`, ",", "]}"), 0},
	{"unknown sub-attributes", reflect.TypeFor[BigUser](), codec.Creation, between(`{"userName":"a","emails":[`, `{"value":"a","x":1}`, ",", "]}"), 0},
	{"small operations", reflect.TypeFor[BigPatch](), codec.Storage, between(`{"Operations":[`, `{"value":1}`, ",", "]}"), 0},
	{"small bulk operations", reflect.TypeFor[BigBulk](), codec.Search, between(`{"Operations":[`, `{"data":1}`, ",", "]}"), needs(144+1, 11)},
	{"bulk operations of one letter", reflect.TypeFor[BigBulk](), codec.Search, between(`{"Operations":[`, `{"path":"a"}`, ",", "]}"), needs(144, 13)},
	{"attributes of one letter", reflect.TypeFor[BigSearch](), codec.Search, between(`{"attributes":[`, `"a"`, ",", "]}"), 0},
	{"small users in a list", reflect.TypeFor[BigList](), codec.Response, between(`{"totalResults":1,"Resources":[`, `{"id":"a","userName":"a"}`, ",", "]}"), needs(int(reflect.TypeFor[BigUser]().Size())+16, 25)},

	// Lists that break off once their elements have shown how many more there could be.
	{"ten short lists before a long string", reflect.TypeFor[BigUser](), codec.Creation, func(size int) string {
		nine := "[" + strings.Repeat(`{"value":"a"},`, 11) + `{"value":"a"}],`
		lists := `"emails":` + nine + `"phoneNumbers":` + nine + `"ims":` + nine + `"photos":` + nine + `"entitlements":` + nine + `"roles":` + nine
		return `{` + lists + `"addresses":[` + strings.Repeat(`{"type":"a"},`, 11) + `{"type":"a"}],"userName":"` + strings.Repeat("x", size) + `"}`
	}, 0},
	{"users with ten emails each", reflect.TypeFor[BigList](), codec.Response, between(`{"totalResults":1,"Resources":[`, `{"id":"a","userName":"a","emails":[`+strings.Repeat(`{"value":"a@example.com"},`, 9)+`{"value":"a@example.com"}]}`, ",", "]}"), 0},
	{"users with ten real emails each", reflect.TypeFor[BigList](), codec.Response, between(`{"totalResults":1,"Resources":[`, `{"id":"2819c223-7f76-453a-919d-413861904646","userName":"bjensen@example.com","emails":[`+strings.Repeat(`{"value":"bjensen@example.com","type":"work"},`, 9)+`{"value":"bjensen@example.com","type":"home"}]}`, ",", "]}"), 0},
	{"attributes with ten values each", reflect.TypeFor[BigSchema](), codec.Storage, between(`{"name":"a","attributes":[`, `{"name":"a","canonicalValues":[`+strings.Repeat(`"a",`, 9)+`"a"]}`, ",", "]}"), 0},
	{"lists in lists of a request", reflect.TypeFor[BigSchema](), codec.Creation, between(`{"name":"a","attributes":[`, `{"name":"a","canonicalValues":[`+strings.Repeat(`"value",`, 9)+`"value"]}`, ",", "]}"), 0},
}

// ordinary has the documents that honest peers send as well: a bound on memory must not refuse them.
var ordinary = map[string]bool{
	"one long string": true, "one long escaped string": true, "white space": true, "members of one letter": true, "real members": true, "unknown objects": true, "unknown depth": true,
	"strings of one letter": true, "escaped strings of one letter": true, "digits": true, "pointers to booleans": true, "certificates of one byte": true, "attributes of one letter": true,
	"small operations": true, "small users in a list": true, "ten short lists before a long string": true, "users with ten emails each": true, "users with ten real emails each": true,
	"attributes with ten values each": true, "lists in lists of a request": true,
}

// needs is the most that may stay in use where an element of so many bytes in the document takes so many bytes of memory, a reserve of
// a quarter and a little included.
func needs(memory, document int) float64 { return 1.3 * (1 + float64(memory)/float64(document)) }

// memory decodes a document and gives the bytes that stay in use and those that were allocated, each by byte of the document.
func memory(typ reflect.Type, mode codec.Mode, text string) (kept, allocated float64, err error) {
	body := []byte(text)
	p := attr.Of(typ)
	var before, after, end runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	v := reflect.New(typ)
	err = codec.Decode(p, v.Elem(), body, codec.Options{Mode: mode})
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&end)
	runtime.KeepAlive(v)
	runtime.KeepAlive(body)
	size := float64(len(body))
	return (float64(end.HeapAlloc) - float64(before.HeapAlloc)) / size, float64(after.TotalAlloc-before.TotalAlloc) / size, err
}

func TestAllocHostile(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			if c.most == 0 {
				c.most = 10
			}
			// A small document first: where memory grows faster than the document, a large one would take all there is.
			for _, size := range []int{2_000, 20_000, 100_000, 1_000_000} {
				kept, allocated, err := memory(c.typ, c.mode, c.body(size))
				if ordinary[c.name] {
					require.NoError(t, err, "%d bytes", size)
				}
				if size < 10_000 {
					continue // what a decoder needs for any document weighs too much
				}
				by := ""
				if size == 1_000_000 && c.most == 10 {
					by = "goal 15: "
				}
				t.Logf("%s%.2f kept, %.2f allocated by each of %d bytes; %.60v", by, kept, allocated, size, err)
				require.LessOrEqual(t, kept, c.most, "%d bytes", size)
				require.Less(t, allocated, 5*c.most, "%d bytes: allocated, even if not kept", size)
			}
		})
	}
}
