//go:build !race

package filter_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
)

func TestMatchAllocs(t *testing.T) {
	users := crowd(12)
	user := babs(t)
	for _, text := range append(strings17(t, "rfc7644-3.4.2.2-filters.json", 17), matches[0].filter, matches[1].filter, matches[2].filter, matches[3].filter, matches[4].filter,
		`displayName co "`+strings.Repeat("Ab", 40)+`"`, `displayName co "Äb" or displayName ge "ä"`, `x509Certificates eq "AQID" or emails.primary eq true`, `not (meta.created lt "2011-05-13T04:42:34Z")`, `schemas eq "`+enterprise+`"`) {
		f, err := filter.Compile[Account](text)
		require.NoError(t, err)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			f.Match(user)
			for _, u := range users {
				f.Match(u)
			}
		}), text)
	}
	d := read[Device](t, device)
	for _, text := range []string{`count eq 9`, `ports ge 1.5`, `scale lt 0.2`, `weight gt 1e400`, `seen gt "2011-05-13T04:42:34Z"`, `names eq "n"`, `parts[size eq 1 and not (tags pr)]`, `plain pr`, extra + `:owner.value eq "x"`} {
		f, err := filter.Compile[Device](text)
		require.NoError(t, err)
		assert.Zero(t, testing.AllocsPerRun(10, func() { f.Match(d) }), text)
	}
}

func TestCompareAllocs(t *testing.T) {
	a, b := babs(t), babs(t)
	for _, by := range []string{"userName", "emails", "meta.created", "active", "name.familyName", enterprise + ":manager.value"} {
		o, err := filter.CompileOrder[Account](by, "")
		require.NoError(t, err)
		assert.Zero(t, testing.AllocsPerRun(10, func() { o.Compare(a, b) }), by)
	}
}

func TestCompileAllocs(t *testing.T) {
	compile := func() {
		if _, err := filter.Compile[Account](seventy); err != nil {
			t.Fatal(err)
		}
	}
	compile() // the plan
	assert.LessOrEqual(t, testing.AllocsPerRun(100, compile), 22.0, "goal 11")
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = filter.Parse(seventy) }), 10.0)
}

// Goal 12: what a filter of 64 KB takes is bounded, whether it is accepted or not.
func TestHostileAllocs(t *testing.T) {
	for _, h := range hostile() {
		t.Run(h.name, func(t *testing.T) {
			require.LessOrEqual(t, len(h.filter), filter.DefaultLength)
			compile := func() { _, _ = filter.Compile[Account](h.filter) }
			compile()
			assert.LessOrEqual(t, testing.AllocsPerRun(5, compile), 14000.0)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			compile()
			runtime.ReadMemStats(&after)
			assert.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(2<<20))
		})
	}
}
