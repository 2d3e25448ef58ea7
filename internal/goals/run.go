package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// runner runs the tests of packages of the module in root.
type runner struct {
	root string // of the module
	tmp  string // has the test binaries
	time string // how long a benchmark runs
}

func (r *runner) binary(dir string) string {
	return filepath.Join(r.tmp, strings.ReplaceAll(dir, "/", "_")+".test")
}

// build compiles the tests of a package.
func (r *runner) build(ctx context.Context, dir string) error {
	c := exec.CommandContext(ctx, "go", "test", "-c", "-o", r.binary(dir), "./"+dir) //nolint:gosec // a package of this module
	c.Dir = r.root
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", dir, err, out)
	}
	return nil
}

// run runs tests of a package as go test would, on one processor.
func (r *runner) run(ctx context.Context, dir string, flags ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, r.binary(dir), append(flags, "-test.cpu", "1")...) //nolint:gosec // built above
	c.Dir = filepath.Join(r.root, dir)
	out, err := c.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", dir, strings.Join(flags, " "), err, out)
	}
	return out, nil
}

// benchmark runs a benchmark with its sub-benchmarks, and adds their figures to those of the round.
func (r *runner) benchmark(ctx context.Context, b benchmark, round map[benchmark]metrics) error {
	levels := strings.Split(b.name, "/")
	for i, level := range levels {
		levels[i] = "^" + regexp.QuoteMeta(level) + "$"
	}
	out, err := r.run(ctx, b.dir, "-test.run", "^$", "-test.bench", strings.Join(levels, "/"), "-test.benchtime", r.time, "-test.benchmem")
	if err != nil {
		return err
	}
	found := parse(out)
	for name, m := range found {
		round[benchmark{b.dir, name}] = m
	}
	if len(parts(round, b)) == 0 {
		return fmt.Errorf("%s has no benchmark %s", b.dir, b.name)
	}
	return nil
}

// parse reads what benchmarks print: name, iterations, then figures with their units.
func parse(out []byte) map[string]metrics {
	found := map[string]metrics{}
	for line := range bytes.Lines(out) {
		fields := strings.Fields(string(line))
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		m := metrics{}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				m[fields[i+1]] = v
			}
		}
		found[fields[0]] = m
	}
	return found
}

var keptLine = regexp.MustCompile(`goal 15: +([0-9.]+)`)

// kept is the most that stays in use of a hostile document, as the tests of goal 15 log it.
func kept(out []byte) (float64, error) {
	worst, n := 0.0, 0
	for _, found := range keptLine.FindAllSubmatch(out, -1) {
		v, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			return 0, err
		}
		worst = max(worst, v)
		n++
	}
	if n == 0 {
		return 0, errors.New("no test has logged a figure of goal 15")
	}
	return worst, nil
}

// prepare builds the tests and runs those of goal 15.
func (r *runner) prepare(ctx context.Context) (*measured, error) {
	m := &measured{}
	for _, dir := range []string{"resource", "filter", "patch", "internal/codec"} {
		if err := r.build(ctx, dir); err != nil {
			return nil, err
		}
	}
	for dir, pattern := range retention {
		out, err := r.run(ctx, dir, "-test.v", "-test.run", pattern)
		if err != nil {
			return nil, err
		}
		worst, err := kept(out)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		m.kept = max(m.kept, worst)
	}
	return m, nil
}

// measure adds rounds of all benchmarks.
func (r *runner) measure(ctx context.Context, m *measured, rounds int) error {
	for i := range rounds {
		round := map[benchmark]metrics{}
		for _, b := range benchmarks {
			if err := r.benchmark(ctx, b, round); err != nil {
				return err
			}
		}
		m.rounds = append(m.rounds, round)
		fmt.Fprintf(os.Stderr, "\rround %d of %d", i+1, rounds)
	}
	fmt.Fprintln(os.Stderr)
	return nil
}
