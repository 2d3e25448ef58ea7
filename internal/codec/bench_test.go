package codec_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
)

// BenchmarkDecodeSize shows whether time grows with the document and no faster: ns/byte of one shape stays what it is.
func BenchmarkDecodeSize(b *testing.B) {
	type shape struct {
		name string
		typ  reflect.Type
		mode codec.Mode
		body func(int) string
	}
	group, user := reflect.TypeFor[BigGroup](), reflect.TypeFor[BigUser]()
	for _, c := range []shape{
		{"group", group, codec.Creation, between(`{"displayName":"a","members":[`,
			`{"value":"2819c223-7f76-453a-919d-413861904646","display":"Babs Jensen","$ref":"https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646","type":"User"}`, ",", "]}")},
		{"group of empty members", group, codec.Creation, between(`{"displayName":"a","members":[`, "{}", ",", "]}")},
		{"unknown names in one object", user, codec.Creation, func(size int) string { return `{"userName":"a",` + unknowns(size) + `}` }},
		{"unknown names in objects of 1000", user, codec.Creation, between(`{"userName":"a","x":[`, "{"+unknowns(7900)+"}", ",", "]}")},
		{"unknown names in objects of 100", user, codec.Creation, between(`{"userName":"a","x":[`, "{"+unknowns(700)+"}", ",", "]}")},
		{"unknown names in members", group, codec.Creation, between(`{"displayName":"a","members":[`, "{"+unknowns(7900)+"}", ",", "]}")},
		{"unknown names of known attributes", user, codec.Creation, between(`{"userName":"a","emails":[`, `{"a":1,"b":2,"c":3,"value":"a"}`, ",", "]}")},
		{"schemas", user, codec.Storage, between(`{"userName":"a","schemas":[`, `"urn:ietf:params:scim:schemas:core:2.0:Usex"`, ",", "]}")},
		{"escapes", user, codec.Creation, between(`{"userName":"`, `\u0061`, "", `"}`)},
		{"blanks", user, codec.Creation, between(`{"userName":"a"`, " ", "", `}`)},
		{"digits", user, codec.Storage, between(`{"userName":"a","numbers":[`, "0", ",", "]}")},
		{"one long number", user, codec.Storage, between(`{"userName":"a","x":`, "1", "", "}")},
		{"one long number, known", user, codec.Storage, between(`{"userName":"a","numbers":[`, "1", "", "]}")},
		{"faults", user, codec.Creation, between(`{"userName":"a","numbers":[`, `"x"`, ",", "]}")},
		{"repairs", user, codec.Creation, between(`{"userName":"a","emails":[`, `{"value":"a","x":1}`, ",", "]}")},
	} {
		for _, size := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
			b.Run(c.name+"/"+strconv.Itoa(size), func(b *testing.B) {
				body := []byte(c.body(size))
				p := attr.Of(c.typ)
				b.ReportAllocs()
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					v := reflect.New(c.typ)
					_ = codec.Decode(p, v.Elem(), body, codec.Options{Mode: c.mode}) // some shapes are refused
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(body)), "ns/byte")
			})
		}
	}
}

// BenchmarkReplace shows the same for a group that replaces another: members are paired by their value, whatever their order.
func BenchmarkReplace(b *testing.B) {
	for _, order := range []string{"same order", "reversed"} {
		for _, n := range []int{250, 1000, 4000} {
			b.Run(order+"/"+strconv.Itoa(n), func(b *testing.B) {
				members := make([]string, n)
				for i := range members {
					members[i] = fmt.Sprintf(`{"value":"2819c223-7f76-453a-919d-%012d","type":"User"}`, i)
				}
				document := func() string { return `{"id":"1","displayName":"a","members":[` + strings.Join(members, ",") + `]}` }
				current, err := decode[BigGroup](document(), codec.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if order == "reversed" {
					slices.Reverse(members)
				}
				body := []byte(document())
				p := attr.Of(reflect.TypeFor[BigGroup]())
				o := codec.Options{Mode: codec.Replace, Current: reflect.ValueOf(current).Elem()}
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					if err := codec.Decode(p, reflect.ValueOf(new(BigGroup)).Elem(), body, o); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(body)), "ns/byte")
			})
		}
	}
}
