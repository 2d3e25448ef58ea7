package patch_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// BenchmarkCurve shows how the cost of one element, or of one operation, grows with their number: it should not, but for the caches of the
// machine. Read ns/each of one name down the sizes.
func BenchmarkCurve(b *testing.B) {
	add := func(value any) resource.PatchOperation {
		return resource.PatchOperation{Op: "add", Path: "members", Value: value}
	}
	others := func(n int) []resource.Member {
		list := members(n).Members
		for i := range list {
			list[i].Value = "other-" + list[i].Value
		}
		return list
	}
	group := func(n int) (*resource.Group, *resource.PatchOp[resource.Group]) {
		return members(n), &resource.PatchOp[resource.Group]{}
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
		g, op := group(n)
		op.Operations = append(op.Operations, add(others(n)))
		run(b, "add n members to n", n, applying(g, op))

		g, op = group(n)
		op.Operations = append(op.Operations, add(g.Members))
		run(b, "add n members that are there", n, applying(g, op))

		u := &resource.User{UserName: "a", Emails: make([]resource.Email, n)}
		for i := range u.Emails {
			u.Emails[i] = resource.Email{Value: fmt.Sprintf("%d@example.com", i)}
		}
		u.Emails[n-1].Primary = new(true)
		run(b, "another primary", n, applying(u, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{
			{Op: "replace", Path: `emails[value eq "0@example.com"].primary`, Value: true},
		}}))

		// One path on many hosts: RFC 3986 lets no hash tell these references apart by the path alone.
		photos := make([]resource.Photo, n)
		for i := range photos {
			photos[i].Value = fmt.Sprintf("https://host%d.example.com/photo", i)
		}
		run(b, "add n photos of one path", n, applying(&resource.User{UserName: "a"}, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{
			{Op: "add", Path: "photos", Value: photos},
		}}))

		u = &resource.User{UserName: "a", Groups: make([]resource.GroupMembership, n)}
		told := make([]map[string]any, n)
		for i := range n {
			u.Groups[i] = resource.GroupMembership{Value: strconv.Itoa(i), Display: fmt.Sprintf("group %d", i)}
			told[i] = map[string]any{"display": u.Groups[i].Display}
		}
		run(b, "repeat n groups by display", n, applying(u, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{
			{Op: "replace", Path: "groups", Value: told},
		}}))

		other := members(n)
		other.Members = append(other.Members[n/2:], others(n/2)...)
		run(b, "diff", n, func() error { _, err := patch.Diff(g, other); return err })
	}
	// A PATCH has 10,000 operations at most.
	for _, n := range []int{100, 1000, 10_000} {
		g, op := group(10_000)
		for _, m := range others(n) {
			op.Operations = append(op.Operations, add([]resource.Member{m}))
		}
		run(b, "operations that add one", n, applying(g, op))

		g, op = group(10_000)
		for i := range n {
			op.Operations = append(op.Operations, resource.PatchOperation{Op: "remove", Path: `members[value eq "` + g.Members[i].Value + `"]`})
		}
		run(b, "operations that remove one", n, applying(g, op))

		u := &resource.User{UserName: "a"}
		first := &resource.PatchOp[resource.User]{}
		for i := range n {
			size := 1
			if i == 0 {
				size = 5 * n
			}
			list := make([]resource.Email, size)
			for k := range list {
				list[k].Value = fmt.Sprintf("%d-%d@example.com", i, k)
			}
			first.Operations = append(first.Operations, resource.PatchOperation{Op: "add", Path: "emails", Value: list})
		}
		run(b, "operations after a large one", n, applying(u, first))
	}
	// Each of these passes over the whole list: so many are refused where a list is long (README, "Limits").
	for _, n := range []int{10, 100, 900} {
		g, op := group(10_000)
		for i, m := range others(n) {
			if i%2 == 0 {
				op.Operations = append(op.Operations, add([]resource.Member{m}))
			} else {
				op.Operations = append(op.Operations, resource.PatchOperation{Op: "remove", Path: `members[value eq "` + g.Members[i].Value + `"]`})
			}
		}
		run(b, "operations that add and remove by turns", n, applying(g, op))
	}
}

// What a client repeats of a readOnly list without values is found in its order, however long the list, and in any order in a short one.
func TestRepeatedWithoutValue(t *testing.T) {
	const many = 1000
	u := &resource.User{UserName: "a", Groups: make([]resource.GroupMembership, many)}
	told := make([]resource.GroupMembership, many)
	for i := range many {
		u.Groups[i] = resource.GroupMembership{Value: strconv.Itoa(i), Display: fmt.Sprintf("group %d", i)}
		told[i].Display = u.Groups[i].Display
	}
	replace := func(n int) error {
		now := *u
		now.Groups = u.Groups[:n]
		return applying(&now, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{{Op: "replace", Path: "groups", Value: told[:n]}}})()
	}
	require.NoError(t, replace(many))
	for i := 0; i+20 <= many; i += 20 {
		slices.Reverse(told[i : i+20])
	}
	require.NoError(t, replace(many), "each near its place")
	slices.Reverse(told[:60])
	require.NoError(t, replace(60))
	told[7] = told[8]
	for _, n := range []int{60, many} {
		var e *scimerrors.Error
		require.ErrorAs(t, replace(n), &e, "one of them twice, of %d", n)
		assert.Equal(t, scimerrors.Mutability, e.Type)
	}
}

// References that share a hash, however many, stay apart, and each is found again among a few.
func TestManyAlike(t *testing.T) {
	photos := make([]resource.Photo, 1000)
	for i := range photos {
		photos[i].Value = fmt.Sprintf("https://host%d.example.com/photo", i)
	}
	add := func(v *resource.User, photos ...resource.Photo) *resource.User {
		now, err := patch.Apply(v, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{{Op: "add", Path: "photos", Value: photos}}})
		require.NoError(t, err)
		return now
	}
	all := add(&resource.User{UserName: "a"}, photos...)
	assert.Len(t, all.Photos, 1000)
	assert.Same(t, all, add(all, photos[0], photos[999]))
	ten := add(&resource.User{UserName: "a"}, append(photos[:10:10], photos[:10]...)...)
	assert.Len(t, ten.Photos, 10)
	assert.Same(t, ten, add(ten, photos[:10]...))
}

func applying[T any](v *T, op *resource.PatchOp[T]) func() error {
	return func() error {
		_, err := patch.Apply(v, op)
		return err
	}
}
