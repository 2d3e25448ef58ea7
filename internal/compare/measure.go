package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/scimmodels/scim/internal/cpu"
)

// cell is what the table says of one work of one implementation.
type cell struct {
	task   *task    // nil: there is no answer to measure
	wrong  bool     // what is measured is a wrong answer
	notes  []string // how it is done, and what is wrong
	n      int      // times that the task runs in a round
	times  []float64
	ratios []float64 // to the first cell of the row
	allocs []float64
}

// choose finds the task to measure: the first whose answer is right, or else the first that has an answer at all.
func choose(w work, tasks []task) cell {
	var c cell
	for i := range tasks {
		t := &tasks[i]
		if t.work != w.name {
			continue
		}
		fault, answered := verdict(w, *t)
		switch {
		case fault == nil && t.instead != "":
			c.notes = append(c.notes, w.name+" is measured with "+t.instead)
		case fault != nil && t.instead != "":
			c.notes = append(c.notes, w.name+" with "+t.instead+": "+line(fault))
		case fault != nil:
			c.notes = append(c.notes, w.name+": "+line(fault))
		}
		if answered && (c.task == nil || fault == nil) {
			c.task, c.wrong = t, fault != nil
		}
		if fault == nil {
			break
		}
	}
	if c.task != nil && c.task.method != "" {
		c.notes = append(c.notes, c.task.method)
	}
	return c
}

// line writes several faults in one line.
func line(fault error) string { return strings.ReplaceAll(fault.Error(), "\n", ", ") }

// calibrate finds how often a task runs within the time.
func (c *cell) calibrate(d time.Duration) error {
	for c.n = 1; ; c.n *= 2 {
		took, _, err := c.run()
		if err != nil || took*2 >= d {
			return err
		}
	}
}

// run runs the task n times.
func (c *cell) run() (took time.Duration, mallocs uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := cpu.Now()
	for range c.n {
		if err := c.task.run(); err != nil {
			return 0, 0, err
		}
	}
	took = cpu.Now() - began
	runtime.ReadMemStats(&after)
	return took, after.Mallocs - before.Mallocs, nil
}

// measure runs the implementations of one work in turns, as many rounds, and compares within each round.
func measure(w work, cells []cell, rounds int, d time.Duration) error {
	for i := range cells {
		if c := &cells[i]; c.task != nil {
			if err := c.calibrate(d); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	for range rounds {
		for i := range cells {
			c := &cells[i]
			if c.task == nil {
				continue
			}
			runtime.GC() // nobody tidies up after the one before
			took, mallocs, err := c.run()
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			c.times = append(c.times, float64(took.Nanoseconds())/1000/float64(c.n))
			c.allocs = append(c.allocs, float64(mallocs)/float64(c.n))
			round := len(c.times) - 1
			c.ratios = append(c.ratios, c.times[round]/cells[0].times[round])
		}
	}
	for i := range cells { // an answer that was right has to be so to the end
		c := &cells[i]
		if c.task == nil || c.wrong {
			continue
		}
		if fault, _ := verdict(w, *c.task); fault != nil {
			c.wrong = true
			c.notes = append(c.notes, w.name+", after many times: "+line(fault))
		}
	}
	return nil
}

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
