package main

import (
	"maps"
	"slices"
)

// benchmark is one of a package of this module, with its sub-benchmark.
type benchmark struct{ dir, name string }

var (
	decode      = benchmark{"resource", "BenchmarkValidate/user/scim"}
	decodeJSON  = benchmark{"resource", "BenchmarkValidate/user/json"}
	shuffled    = benchmark{"resource", "BenchmarkValidate/shuffled/scim"}
	throughMap  = benchmark{"resource", "BenchmarkThroughMap/user/map"}
	mapless     = benchmark{"resource", "BenchmarkThroughMap/user/scim"}
	fresh       = benchmark{"resource", "BenchmarkMarshal/fresh/scim"}
	freshJSON   = benchmark{"resource", "BenchmarkMarshal/fresh/json"}
	appended    = benchmark{"resource", "BenchmarkMarshal/append/scim"}
	written     = benchmark{"resource", "BenchmarkMarshal/write/scim"}
	four        = benchmark{"resource", "BenchmarkProject/four/scim"}
	fourJSON    = benchmark{"resource", "BenchmarkProject/four/json"}
	tenKB       = benchmark{"resource", "BenchmarkGroup/75/scim"}
	tenMB       = benchmark{"resource", "BenchmarkGroup/75000/scim"}
	members     = benchmark{"resource", "BenchmarkGroup/100000/scim"}
	membersJSON = benchmark{"resource", "BenchmarkGroup/100000/json"}
	list        = benchmark{"resource", "BenchmarkList/100/scim"}
	listJSON    = benchmark{"resource", "BenchmarkList/100/json"}
	compiled    = benchmark{"filter", "BenchmarkCompile"}
	matched     = benchmark{"filter", "BenchmarkMatch"}
	million     = benchmark{"filter", "BenchmarkMatchMillion"}
	hostile     = benchmark{"filter", "BenchmarkHostile"}
	patched     = benchmark{"patch", "BenchmarkPatch/scim"}
	patchedJSON = benchmark{"patch", "BenchmarkPatch/json"}
	oneOf100    = benchmark{"patch", "BenchmarkPatchGroup/members=100/operations=1/changes"}
	oneOf100000 = benchmark{"patch", "BenchmarkPatchGroup/members=100000/operations=1/changes"}
	applied1e4  = benchmark{"patch", "BenchmarkPatchGroup/members=10000/operations=1/apply"}
	applied1e5  = benchmark{"patch", "BenchmarkPatchGroup/members=100000/operations=1/apply"}
)

// benchmarks are run one after the other in each round, each with its sub-benchmarks: what is compared stands together.
var benchmarks = []benchmark{
	{"resource", "BenchmarkValidate"},
	compiled,
	{"resource", "BenchmarkThroughMap"},
	{"resource", "BenchmarkMarshal"},
	{"resource", "BenchmarkProject"},
	{"resource", "BenchmarkList"},
	tenKB, tenMB, members, membersJSON,
	{"patch", "BenchmarkPatch"},
	oneOf100, oneOf100000, applied1e4, applied1e5, hostile, matched, million,
}

// retention are the tests that log what stays in use of hostile documents, as "goal 15: 9.66".
var retention = map[string]string{"resource": "^TestAllocHostile$", "internal/codec": "^TestAllocHostile$"}

// goal is a line of the table.
type goal struct {
	number        int
	what          string
	unit          string // of the figures
	must, stretch float64
	faster        bool // more is better
	figure        func(m *measured) float64
}

// reference is what the machine of performance.md takes, in microseconds, for what decodeJSON measures: times are ratios to it.
const reference = 44.7

var goals = []goal{
	{1, "decode and validate the user of RFC 7643 section 8.3", "of json", 0.30, 0.20, false, ratio(decode, decodeJSON)},
	{2, "the same, names in upper case and reverse order", "of json", 0.35, 0.25, false, ratio(shuffled, decodeJSON)},
	{3, "allocations of 1", "allocs", 26, 21, false, metric(decode, "allocs/op", 1)},
	{3, "bytes of 1", "KB", 8.5, 4, false, metric(decode, "B/op", 1000)},
	{4, "1 against map, validate, struct", "x", 12, 17, true, ratio(throughMap, mapless)},
	{5, "encode to a fresh slice", "of json", 0.70, 0.45, false, ratio(fresh, freshJSON)},
	{5, "its allocations", "allocs", 1, 1, false, metric(fresh, "allocs/op", 1)},
	{6, "encode by Append", "of json", 0.45, 0.30, false, ratio(appended, freshJSON)},
	{6, "encode by Write", "of json", 0.45, 0.30, false, ratio(written, freshJSON)},
	{6, "allocations of Append", "allocs", 0, 0, false, metric(appended, "allocs/op", 1)},
	{6, "allocations of Write", "allocs", 4, 4, false, metric(written, "allocs/op", 1)},
	{7, "encode four attributes", "of json", 0.15, 0.09, false, ratio(four, fourJSON)},
	{8, "decode, time by byte at 10 MB against 10 KB", "x", 1.2, 1, false, perByte(tenMB, tenKB)},
	{9, "decode a group of 100,000 members", "of json", 0.25, 0.19, false, ratio(members, membersJSON)},
	{9, "its allocations", "allocs", 40, 20, false, metric(members, "allocs/op", 1)},
	{9, "its bytes", "documents", 3.5, 2.5, false, documents(members)},
	{10, "match 10,000 users, the slowest of five filters", "of hand", 3.2, 1.6, false, slowest(matched)},
	{10, "match 1,000,000 users", "of hand", 2.8, 1.3, false, slowest(million)},
	{10, "allocations of a match", "allocs", 0, 0, false, metric(matched, "allocs/op", 1)},
	{11, "parse and compile a filter of 70 bytes; 2 and 1.1 us there", "of json", 2 / reference, 1.1 / reference, false, ratio(compiled, decodeJSON)},
	{11, "its allocations", "allocs", 30, 22, false, metric(compiled, "allocs/op", 1)},
	{12, "the slowest filter of 64 KB; 5 and 1.5 ms there", "x json", 5000 / reference, 1500 / reference, false, ratio(hostile, decodeJSON)},
	{13, "read and apply a PATCH of three operations", "of json", 0.40, 0.25, false, ratio(patched, patchedJSON)},
	{14, "Changes of one member more, of 100,000 against 100", "x", 1.2, 1, false, ratio(oneOf100000, oneOf100)},
	{14, "Apply of it, by member, of 100,000 against 10,000; 10 were quadratic", "x", 3, 1, false, times(0.1, ratio(applied1e5, applied1e4))},
	{15, "what is kept of a hostile megabyte, the worst shape", "documents", 10, 4, false, func(m *measured) float64 { return m.kept }},
	{16, "write a list of 100 users", "of json", 0.60, 0.40, false, ratio(list, listJSON)},
}

// meets says whether a figure is as good as a limit of the goal, or so many times worse.
func (g *goal) meets(figure, limit, slack float64) bool {
	if g.faster {
		return figure*slack >= limit
	}
	return figure <= limit*slack
}

// metrics are the figures of one benchmark in one round, by unit.
type metrics map[string]float64

// measured is what has been measured.
type measured struct {
	rounds []map[benchmark]metrics
	kept   float64
}

// figures are those of a benchmark, one for each round, the worst of its sub-benchmarks.
func (m *measured) figures(b benchmark, unit string) []float64 {
	all := make([]float64, len(m.rounds))
	for i, round := range m.rounds {
		for _, sub := range parts(round, b) {
			all[i] = max(all[i], round[sub][unit])
		}
	}
	return all
}

// parts are the benchmarks of a round that b stands for: itself or its sub-benchmarks.
func parts(round map[benchmark]metrics, b benchmark) []benchmark {
	return slices.DeleteFunc(slices.Collect(maps.Keys(round)), func(c benchmark) bool {
		return c.dir != b.dir || c.name != b.name && (len(c.name) <= len(b.name) || c.name[:len(b.name)+1] != b.name+"/")
	})
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	if n == 0 {
		return 0
	}
	return (list[n/2] + list[(n-1)/2]) / 2
}

// quotient is the median of the rounds' quotients: both sides of one have met the same machine.
func quotient(over, under []float64) float64 {
	all := make([]float64, len(over))
	for i := range all {
		all[i] = over[i] / under[i]
	}
	return median(all)
}
