package scimtest

import (
	"context"
	"testing"
)

// reporter is the part of *testing.T that this package uses. The package's own tests put a recorder in its place, to see
// that a faulty service fails.
type reporter interface {
	Helper()
	Context() context.Context
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
	Run(name string, f func(t reporter)) bool
}

// tester is a *testing.T as a reporter.
type tester struct{ *testing.T }

// Run runs a subtest.
func (t tester) Run(name string, f func(t reporter)) bool {
	return t.T.Run(name, func(t *testing.T) { f(tester{t}) })
}
