package resource_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

const (
	benchFilter = `userType eq "Employee" and (emails[type eq "work" and value co "example.com"] or meta.lastModified gt "2011-05-13T04:42:34Z")`
	benchPatch  = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` +
		`{"op":"Replace","path":"emails[type eq \"work\"].value","value":"barbara.jensen@example.com"},` +
		`{"op":"Replace","path":"active","value":"False"},` +
		`{"op":"Add","path":"` + enterpriseURN + `:department","value":"Sales"}]}`
)

// pair is one operation on the compiled and on the runtime user.
type pair struct {
	name           string
	compiled, made func() error
}

// pairs do with the user of RFC 7643 section 8.3 what a server does most.
func pairs(tb testing.TB) []pair {
	tb.Helper()
	load := func(name string) *schema.Schema {
		s, _, err := schema.Load(rfcFile(tb, "rfc7643-8.7.1-schema-"+name+".recommended.json"))
		require.NoError(tb, err)
		return s
	}
	made, err := resource.StructOf(resource.ResourceTypeFor[benchUser]("/Users"), load("user"), load("enterprise_user"))
	require.NoError(tb, err)
	body, u, op := document(tb), user(tb), []byte(benchPatch)
	stored, err := resource.Marshal(resource.Storage, u)
	require.NoError(tb, err)
	v, err := resource.ValidateAs(made, resource.Storage, stored)
	require.NoError(tb, err)
	one, err := filter.Compile[benchUser](benchFilter)
	require.NoError(tb, err)
	two, err := filter.CompileType(made, benchFilter)
	require.NoError(tb, err)
	require.True(tb, one.Match(u))
	require.True(tb, two.Match(v))
	var dst []byte
	write := func(v any) error {
		dst, err = resource.Append(dst[:0], resource.QueryResponse, v)
		return err
	}
	return []pair{
		{
			"decode",
			func() error { _, err := resource.Validate[benchUser](resource.CreationRequest, body); return err },
			func() error { _, err := resource.ValidateAs(made, resource.CreationRequest, body); return err },
		},
		{"encode", func() error { return write(u) }, func() error { return write(v) }},
		{
			"filter",
			func() error { one.Match(u); return nil },
			func() error { two.Match(v); return nil },
		},
		{
			"patch",
			func() error {
				read, err := resource.Validate[resource.PatchOp[benchUser]](resource.PatchRequest, op)
				if err == nil {
					_, err = patch.Apply(u, read)
				}
				return err
			},
			func() error {
				read, err := resource.ValidateAs(made, resource.PatchRequest, op)
				if err == nil {
					_, err = patch.ApplyTo(v, as[*resource.PatchOp[any]](read))
				}
				return err
			},
		},
	}
}

// BenchmarkRuntime has a compiled type beside one that StructOf has made of its schemas: at most 1.3 times the time.
func BenchmarkRuntime(b *testing.B) {
	run := func(do func() error) func(*testing.B) {
		return func(b *testing.B) {
			b.Helper()
			b.ReportAllocs()
			for b.Loop() {
				if err := do(); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	for _, p := range pairs(b) {
		b.Run(p.name+"/compiled", run(p.compiled))
		b.Run(p.name+"/runtime", run(p.made))
	}
}
