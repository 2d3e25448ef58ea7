// Goals measures the library against its performance goals, and prints the table: the least that is wanted (must), what would be
// splendid (stretch), and what this machine has measured.
//
//	go run ./internal/goals
//	go run ./internal/goals -rounds 3 -time 50ms -gate 1.25
//
// Times are processor time by that of something else in the same round, encoding/json on a plain struct or code written by hand, and
// the figure is the median of all rounds: so it holds on machines that are slower, or busy. With -gate the command fails where a
// figure is so many times worse than what is wanted at least, also after five times as many rounds.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
)

func main() {
	rounds := flag.Int("rounds", 15, "how often each benchmark is run")
	time := flag.String("time", "100ms", "how long each of these takes, as -benchtime")
	gate := flag.Float64("gate", 0, "fail where a figure is so many times worse than must; 0 never fails")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	passed, err := table(ctx, os.Stdout, *rounds, *time, *gate)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !passed {
		os.Exit(1)
	}
}

// tries is how often the rounds are run before the gate stops a figure: noise goes with more of them, a regression does not.
const tries = 5

// table measures and prints; passed is what the gate says.
func table(ctx context.Context, w io.Writer, rounds int, time string, gate float64) (passed bool, err error) {
	tmp, err := os.MkdirTemp("", "goals")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	r := &runner{root: ".", tmp: tmp, time: time}
	m, err := r.prepare(ctx)
	if err != nil {
		return false, err
	}
	for range tries {
		if err := r.measure(ctx, m, max(rounds, 1)); err != nil {
			return false, err
		}
		if passed = report(io.Discard, m, gate); passed {
			break
		}
	}
	return report(w, m, gate), nil
}

// report prints the table, and a line for each figure that the gate stops.
func report(w io.Writer, m *measured, gate float64) (passed bool) {
	fmt.Fprintf(w, "| goal | what | must | stretch | measured | |\n|---:|---|---:|---:|---:|---|\n")
	var stopped []string
	for _, g := range goals {
		f := g.figure(m)
		verdict := "**missed**"
		switch {
		case g.meets(f, g.stretch, 1):
			verdict = "stretch"
		case g.meets(f, g.must, 1):
			verdict = "must"
		}
		fmt.Fprintf(w, "| %d | %s | %s | %s | %s %s | %s |\n", g.number, g.what, digits(g.must), digits(g.stretch), digits(f), g.unit, verdict)
		if gate > 0 && !g.meets(f, g.must, gate) {
			stopped = append(stopped, fmt.Sprintf("goal %d, %s: %s %s, and %s times %s is the worst that passes", g.number, g.what, digits(f), g.unit, digits(gate), digits(g.must)))
		}
	}
	for _, line := range stopped {
		fmt.Fprintln(w, line)
	}
	return len(stopped) == 0
}

// digits writes a figure with three digits.
func digits(f float64) string {
	if f >= 100 || f == float64(int(f)) {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}
