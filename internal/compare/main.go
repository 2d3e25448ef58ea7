// Command compare does the same work with this library, with other SCIM libraries for Go and with encoding/json by hand, and prints how long each
// takes, and what is wrong with an answer where something is. See README.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 7, "`number` of rounds; the table has their medians")
	d := flag.Duration("time", 60*time.Millisecond, "`duration` that one work of one implementation is to take in a round")
	flag.Parse()
	if flag.NArg() > 0 || *rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	runtime.GOMAXPROCS(1)
	t, err := compare(*rounds, *d)
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stdout, "%s, %s/%s, %d rounds\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, *rounds)
	t.write(os.Stdout)
}

// compare runs everything.
func compare(rounds int, d time.Duration) (*table, error) {
	basics, filters := works()
	t := &table{notes: make([][]string, len(implementations))}
	err := t.add(basics, func(i implementation) func() ([]task, []string, error) { return i.basics }, rounds, d)
	if err != nil {
		return nil, err
	}
	err = t.add(filters, func(i implementation) func() ([]task, []string, error) { return i.filters }, rounds, d)
	return t, err
}

// add makes the rows of some works.
func (t *table) add(works []work, prepare func(implementation) func() ([]task, []string, error), rounds int, d time.Duration) error {
	tasks := make([][]task, len(implementations))
	for i, impl := range implementations {
		var notes []string
		var err error
		if tasks[i], notes, err = prepare(impl)(); err != nil {
			return fmt.Errorf("%s: %w", impl.name, err)
		}
		for _, note := range notes {
			t.note(i, note)
		}
	}
	for _, w := range works {
		cells := make([]cell, len(implementations))
		for i := range implementations {
			cells[i] = choose(w, tasks[i])
		}
		if cells[0].task == nil || cells[0].wrong {
			return fmt.Errorf("%s: nothing to compare with: %q", w.name, cells[0].notes)
		}
		if err := measure(w, cells, rounds, d); err != nil {
			return err
		}
		t.works, t.cells = append(t.works, w), append(t.cells, cells)
	}
	return nil
}

// note keeps a note on an implementation as a whole, once.
func (t *table) note(i int, note string) {
	if !slices.Contains(t.notes[i], note) {
		t.notes[i] = append(t.notes[i], note)
	}
}
