package main

import (
	"strings"

	"github.com/scimmodels/scim/internal/cpu"
)

type figure = func(m *measured) float64

// ratio is the processor time of one benchmark by that of another.
func ratio(over, under benchmark) figure {
	return func(m *measured) float64 { return quotient(m.figures(over, cpu.Metric), m.figures(under, cpu.Metric)) }
}

// metric is a figure that hardly changes from round to round, such as a count of allocations.
func metric(b benchmark, unit string, by float64) figure {
	return func(m *measured) float64 { return median(m.figures(b, unit)) / by }
}

func times(factor float64, f figure) figure {
	return func(m *measured) float64 { return factor * f(m) }
}

// size is the length of a benchmark's document, which go test prints as a speed only: MB/s.
func (m *measured) size(b benchmark) float64 {
	speed, time := m.figures(b, "MB/s"), m.figures(b, "ns/op")
	all := make([]float64, len(speed))
	for i := range all {
		all[i] = speed[i] * time[i] / 1000
	}
	return median(all)
}

// perByte is the processor time by byte of one document, by that of another.
func perByte(over, under benchmark) figure {
	return func(m *measured) float64 { return ratio(over, under)(m) * m.size(under) / m.size(over) }
}

// documents is what is allocated, by the length of the document.
func documents(b benchmark) figure {
	return func(m *measured) float64 { return median(m.figures(b, "B/op")) / m.size(b) }
}

// slowest is the worst ratio among sub-benchmarks that come in pairs, name/scim and name/hand.
func slowest(b benchmark) figure {
	return func(m *measured) float64 {
		worst := 0.0
		if len(m.rounds) == 0 {
			return worst
		}
		for _, scim := range parts(m.rounds[0], b) {
			if name, ok := strings.CutSuffix(scim.name, "/scim"); ok {
				worst = max(worst, ratio(scim, benchmark{b.dir, name + "/hand"})(m))
			}
		}
		return worst
	}
}
