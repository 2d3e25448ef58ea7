package resource_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// BenchmarkCurve shows how the cost of one element, or of one operation, grows with their number: it should not, but for the caches of the
// machine. Read ns/each of one name down the sizes.
func BenchmarkCurve(b *testing.B) {
	joined := func(n int, format string) string {
		var t strings.Builder
		for i := range n {
			if i > 0 {
				t.WriteByte(',')
			}
			fmt.Fprintf(&t, format, i)
		}
		return t.String()
	}
	members := func(n int) []byte {
		return []byte(`{"schemas":["` + resource.GroupSchema + `"],"displayName":"g","members":[` + joined(n, `{"value":"2819c223-7f76-453a-919d-%012d"}`) + `]}`)
	}
	run := func(b *testing.B, name string, n int, run func() error) {
		b.Helper()
		b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/each")
		})
	}
	for _, n := range []int{1000, 10_000, 100_000} {
		body := members(n)
		run(b, "members", n, func() error {
			_, err := resource.Validate[resource.Group](resource.CreationRequest, body)
			return err
		})

		current, err := resource.Validate[resource.Group](resource.Storage, body)
		if err != nil {
			b.Fatal(err)
		}
		run(b, "members replaced", n, func() error {
			_, err := resource.Validate[resource.Group](resource.ReplaceRequest, body, resource.Replacing(current))
			return err
		})

		other := []byte(strings.ReplaceAll(string(body), "2819c223", "none"))
		run(b, "members replaced by others", n, func() error {
			_, err := resource.Validate[resource.Group](resource.ReplaceRequest, other, resource.Replacing(current))
			return err
		})

		// Lists in which many elements are alike, or have nothing to be found by.
		photos := func(format string) []byte { return []byte(userBody(`"photos":[` + joined(n, format) + `]`)) }
		user, err := resource.Validate[resource.User](resource.Storage, photos(`{"value":"https://h%d/x"}`))
		if err != nil {
			b.Fatal(err)
		}
		elsewhere := photos(`{"value":"http://%d/x"}`)
		run(b, "photos of one path replaced by others", n, func() error {
			_, err := resource.Validate[resource.User](resource.ReplaceRequest, elsewhere, resource.Replacing(user))
			return err
		})
		alike := func(format string) []byte {
			return []byte(`{"schemas":["` + resource.GroupSchema + `"],"displayName":"g","members":[` + joined(n, format) + `]}`)
		}
		typed, err := resource.Validate[resource.Group](resource.Storage, alike(`{"value":"1","type":"t%d"}`))
		if err != nil {
			b.Fatal(err)
		}
		retyped := alike(`{"value":"1","type":"u%d"}`)
		run(b, "members of one value with other types, refused", n, func() error {
			if _, err := resource.Validate[resource.Group](resource.ReplaceRequest, retyped, resource.Replacing(typed)); err == nil {
				return errors.New("accepted")
			}
			return nil
		})
		nameless := alike(`{"type":"t%d"}`)
		run(b, "members replaced by some without value", n, func() error {
			_, err := resource.Validate[resource.Group](resource.ReplaceRequest, nameless, resource.Replacing(current))
			return err
		})

		bulk, _ := hostileBody(hostile["7644-3.7-12/a chain of forward references"], n)
		run(b, "bulk, each refers to the next", n, func() error {
			r, err := resource.ParseBulk(bulk, resource.BulkConfig{})
			if err != nil {
				return err
			}
			resource.RunBulk(b.Context(), r, (&counting{}).do)
			return nil
		})
		before, _ := hostileBody(func(t *strings.Builder, n int) int {
			for i := range n {
				refersTo(t, i, max(i-1, 0))
			}
			return n
		}, n)
		run(b, "bulk, each refers to the one before", n, func() error {
			r, err := resource.ParseBulk(before, resource.BulkConfig{})
			if err != nil {
				return err
			}
			resource.RunBulk(b.Context(), r, (&counting{}).do)
			return nil
		})
	}
}
