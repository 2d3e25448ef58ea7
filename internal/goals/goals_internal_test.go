package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/cpu"
)

func TestParse(t *testing.T) {
	assert.Equal(t, map[string]metrics{
		"BenchmarkValidate/user/scim": {"ns/op": 25521, "MB/s": 140.75, cpu.Metric: 18653, "B/op": 6811, "allocs/op": 17},
		"BenchmarkCompile":            {"ns/op": 0.5},
	}, parse([]byte("goos: linux\ncpu: AMD EPYC\n"+
		"BenchmarkValidate/user/scim  \t 46009\t 25521 ns/op\t 140.75 MB/s\t 18653 cpu-ns/op\t 6811 B/op\t 17 allocs/op\n"+
		"BenchmarkCompile\t 1\t0.5 ns/op\nPASS\n")))
	assert.Empty(t, parse([]byte("PASS\nBenchmarkX\n")))

	worst, err := kept([]byte("--- PASS\n    a_test.go:1: goal 15: 3.50 kept, 9 allocated\n    a_test.go:1: goal 15: 9.66 kept\n    a_test.go:1: 12 kept\n"))
	require.NoError(t, err)
	assert.InDelta(t, 9.66, worst, 0)
	_, err = kept([]byte("PASS\n"))
	require.Error(t, err, "a test that no longer logs the figure")
}

// The median of the rounds' quotients is taken, not the quotient of medians: a slow round is slow on both sides.
func TestFigures(t *testing.T) {
	round := func(scim, json, fast, slow float64) map[benchmark]metrics {
		return map[benchmark]metrics{
			{"a", "B/scim"}:   {cpu.Metric: scim, "allocs/op": 2, "MB/s": 100, "ns/op": 50, "B/op": 10},
			{"a", "B/json"}:   {cpu.Metric: json, "allocs/op": 3, "MB/s": 100, "ns/op": 100, "B/op": 10},
			{"a", "M/x/scim"}: {cpu.Metric: fast},
			{"a", "M/x/hand"}: {cpu.Metric: 10},
			{"a", "M/y/scim"}: {cpu.Metric: slow},
			{"a", "M/y/hand"}: {cpu.Metric: 10},
			{"a", "Mx/scim"}:  {cpu.Metric: 1000},
			{"b", "B/scim"}:   {cpu.Metric: 1000},
		}
	}
	m := &measured{rounds: []map[benchmark]metrics{round(10, 100, 20, 30), round(90, 300, 20, 31), round(60, 300, 20, 60)}}
	scim, json := benchmark{"a", "B/scim"}, benchmark{"a", "B/json"}
	assert.InDelta(t, 0.2, ratio(scim, json)(m), 1e-9)
	assert.InDelta(t, 3.1, slowest(benchmark{"a", "M"})(m), 1e-9)
	assert.InDelta(t, 3, metric(benchmark{"a", "B"}, "allocs/op", 1)(m), 0, "the worst of its parts")
	assert.InDelta(t, 5, m.size(scim), 1e-9)
	assert.InDelta(t, 2, documents(scim)(m), 1e-9)
	assert.InDelta(t, 0.4, perByte(scim, json)(m), 1e-9)
	assert.InDelta(t, 0.02, times(0.1, ratio(scim, json))(m), 1e-9)
	assert.InDelta(t, 2.5, median([]float64{4, 1, 3, 2}), 0)
}

func TestReport(t *testing.T) {
	old := goals
	t.Cleanup(func() { goals = old })
	is := func(f float64) figure { return func(*measured) float64 { return f } }
	goals = []goal{
		{1, "a", "of json", 0.4, 0.2, false, is(0.2)},
		{2, "b", "of json", 0.4, 0.2, false, is(0.21)},
		{3, "c", "x", 12, 17, true, is(11)},
		{4, "d", "allocs", 0, 0, false, is(0)},
	}
	report := func(gate float64) (string, bool) {
		var b strings.Builder
		passed := report(&b, &measured{}, gate)
		return b.String(), passed
	}
	text, passed := report(0)
	assert.True(t, passed, "without a gate")
	assert.Equal(t, `| goal | what | must | stretch | measured | |
|---:|---|---:|---:|---:|---|
| 1 | a | 0.4 | 0.2 | 0.2 of json | stretch |
| 2 | b | 0.4 | 0.2 | 0.21 of json | must |
| 3 | c | 12 | 17 | 11 x | **missed** |
| 4 | d | 0 | 0 | 0 allocs | stretch |
`, text)
	_, passed = report(1.25)
	assert.True(t, passed, "noise")

	goals[1].figure, goals[2].figure, goals[3].figure = is(0.51), is(9), is(1)
	text, passed = report(1.25)
	assert.False(t, passed)
	assert.Contains(t, text, "goal 2, b: 0.51 of json, and 1.25 times 0.4 is the worst that passes\n")
	assert.Contains(t, text, "goal 3, c: 9 x")
	assert.Contains(t, text, "goal 4, d: 1 allocs", "an allocation where there must be none is no noise")
}

// Every goal of performance.md has a line, and every line a benchmark that is run.
func TestGoals(t *testing.T) {
	seen := map[int]bool{}
	for _, g := range goals {
		seen[g.number] = true
		assert.NotPanics(t, func() { g.figure(&measured{}) }, g.what)
		assert.True(t, g.meets(g.stretch, g.must, 1), "%s: stretch is at least must", g.what)
	}
	for number := 1; number <= 16; number++ {
		assert.True(t, seen[number], "goal %d", number)
	}
}
