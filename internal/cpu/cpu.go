// Package cpu lets benchmarks report processor time: unlike the time on the wall it does not grow when other programs take their turn,
// so that ratios hold on busy machines. The garbage collector's part is in it.
package cpu

import "testing"

// Metric is the unit under which benchmarks report processor time.
const Metric = "cpu-ns/op"

// Measure starts to count the processor time of the process; stop reports it, divided by the benchmark's iterations. It belongs right
// before the loop:
//
//	defer cpu.Measure(b)()
//	for b.Loop() {
func Measure(b *testing.B) (stop func()) {
	b.Helper()
	began := Now()
	return func() { b.ReportMetric(float64(Now()-began)/float64(b.N), Metric) }
}
