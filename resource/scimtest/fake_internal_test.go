package scimtest

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
)

// fake is a reporter that takes notes: what a faulty service fails can be looked at without failing the test that looks.
type fake struct {
	name    string
	only    func(name string) bool // nil: run all subtests
	failed  bool
	skipped bool
	logs    []string
	subs    []*fake
}

func (f *fake) Helper()                  {}
func (f *fake) Context() context.Context { return context.Background() }

func (f *fake) Logf(format string, args ...any) {
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

func (f *fake) Errorf(format string, args ...any) {
	f.failed = true
	f.Logf(format, args...)
}

func (f *fake) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

func (f *fake) Skipf(format string, args ...any) {
	f.skipped = true
	f.Logf(format, args...)
	runtime.Goexit()
}

func (f *fake) Run(name string, play func(t reporter)) bool {
	sub := &fake{name: strings.TrimPrefix(f.name+"/"+name, "/"), only: f.only}
	if f.only != nil && strings.Contains(sub.name, "/") && !f.only(sub.name) {
		return true
	}
	f.subs = append(f.subs, sub)
	sub.do(func() { play(sub) })
	f.failed = f.failed || sub.failed
	return !sub.failed
}

// do runs f on a goroutine of its own, which Fatalf and Skipf end.
func (f *fake) do(play func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		play()
	}()
	<-done
}

// tests are the subtests at the end of the tree.
func (f *fake) tests() []*fake {
	var all []*fake
	for _, sub := range f.subs {
		if strings.Contains(sub.name, "/") {
			all = append(all, sub)
		}
		all = append(all, sub.tests()...)
	}
	return all
}

// play runs the kit, or those of its tests whose names begin with one of only.
func play(h http.Handler, c Config, only ...string) *fake {
	f := &fake{}
	if len(only) > 0 {
		f.only = func(name string) bool {
			return slices.ContainsFunc(only, func(o string) bool { return name == o || strings.HasPrefix(name, o+" ") })
		}
	}
	f.do(func() { run(f, h, c) })
	return f
}

func (f *fake) text() string { return strings.Join(f.logs, "\n") }
