package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// table is the result of a run: a row of cells per work, and what there is to say of an implementation as a whole.
type table struct {
	works []work
	cells [][]cell
	notes [][]string // by implementation
}

// write prints the table and the notes that its cells refer to, in Markdown.
func (t *table) write(w io.Writer) {
	columns, rule := "| work |", "|---|"
	for i, impl := range implementations {
		columns += " " + impl.name + " |"
		rule += "---:|"
		if i == 0 {
			columns, rule = columns+" allocs |", rule+"---:|"
		}
	}
	fmt.Fprintf(w, "%s\n%s\n", columns, rule)
	var numbers footnotes
	for r, row := range t.cells {
		fmt.Fprintf(w, "| %s |", label(t.works[r].name))
		for i := range row {
			fmt.Fprintf(w, " %s |", row[i].text(i, &numbers))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "\nCPU time as a multiple of encoding/json's, and allocations of one operation. (!) marks an answer that is wrong.")
	for n, note := range numbers.list {
		fmt.Fprintf(w, "\n[%d] %s", n+1, note)
	}
	if len(numbers.list) > 0 {
		fmt.Fprintln(w)
	}
	for i, impl := range implementations {
		for _, note := range t.notes[i] {
			fmt.Fprintf(w, "\n%s: %s.\n", impl.name, note)
		}
	}
}

func label(work string) string {
	if strings.Contains(work, " ") {
		return "`" + work + "`"
	}
	return work
}

// text is the cell of a column. The first column has no ratio, and its allocations are a column of their own.
func (c *cell) text(column int, numbers *footnotes) string {
	var marks strings.Builder
	if c.wrong {
		marks.WriteString(" (!)")
	}
	for _, note := range c.notes {
		fmt.Fprintf(&marks, " [%d]", numbers.number(implementations[column].name+": "+note))
	}
	switch {
	case c.task == nil:
		return "-" + marks.String()
	case column == 0:
		return duration(median(c.times)) + marks.String() + " | " + number(median(c.allocs))
	}
	return ratio(median(c.ratios)) + " / " + number(median(c.allocs)) + marks.String()
}

// footnotes are the notes of all cells, each once.
type footnotes struct{ list []string }

func (f *footnotes) number(note string) int {
	if i := slices.Index(f.list, note); i >= 0 {
		return i + 1
	}
	f.list = append(f.list, note)
	return len(f.list)
}

func ratio(r float64) string {
	if r < 10 {
		return fmt.Sprintf("%.2f", r)
	}
	return fmt.Sprintf("%.0f", r)
}

func duration(microseconds float64) string {
	if microseconds < 100 {
		return fmt.Sprintf("%.3g µs", microseconds)
	}
	return number(microseconds) + " µs"
}

// number is a count with its thousands set apart.
func number(v float64) string {
	digits := fmt.Sprintf("%.0f", v)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
