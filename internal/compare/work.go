package main

import (
	"fmt"
	"net/http"
)

// work is a row of the table.
type work struct {
	name  string
	check func(answer any) error // what is wrong with an answer
}

// works has all rows, those of the filters last: they need many users in memory.
func works() (basics, filters []work) {
	basics = []work{
		{"create", checkCreated},
		{"PATCH", checkPatched},
		{"projection", checkProjected},
		{"list", checkList},
		{"GET", onResponse(checkGet)},
		{"POST", onResponse(checkPost)},
	}
	for _, q := range queries {
		filters = append(filters, work{q.text, func(answer any) error {
			if answer != q.want {
				return fmt.Errorf("selects %v users, not %d", answer, q.want)
			}
			return nil
		}})
	}
	return basics, filters
}

// task is a work as one implementation does it. An implementation may have several tasks for one work: the first is the work itself, those after it
// are tried only where the answer of the ones before is wrong, and say what they do instead.
type task struct {
	work    string
	instead string
	method  string                 // how it is done, where nobody would guess
	check   func(answer any) error // nil: the check of the work. Only for a part of the work, with a method that says so
	run     func() error           // does the work once and keeps the answer
	answer  func() (any, error)    // shows the answer: a document as []byte, a number, or a response
}

// implementation is a column of the table. Its functions return the tasks and notes on their data.
type implementation struct {
	name    string
	version string
	basics  func() ([]task, []string, error)
	filters func() ([]task, []string, error)
}

// implementations has the columns; the first is what the others are compared with.
var implementations = []implementation{
	{"encoding/json", "by hand", plainBasics, plainFilters},
	{"this library", "", oursBasics, oursFilters},
	{"elimity-com/scim", "v0.0.0-20240320110924-172bf2aee9c8", elimityBasics, elimityFilters},
	{"imulab/go-scim", "v2.2.0", imulabBasics, imulabFilters},
	{"scimgateway", "v1.0.0", gatewayBasics, gatewayFilters},
}

// verdict runs a task once and says what is wrong with it: nil if nothing is. answered says whether there was an answer at all.
func verdict(w work, t task) (fault error, answered bool) {
	defer func() {
		if cause := recover(); cause != nil {
			fault, answered = fmt.Errorf("panics: %v", cause), false
		}
	}()
	if err := t.run(); err != nil {
		return fmt.Errorf("is refused: %w", err), false
	}
	answer, err := t.answer()
	if err != nil {
		return fmt.Errorf("is refused: %w", err), false
	}
	check := w.check
	if t.check != nil {
		check = t.check
	}
	return check(answer), true
}

// counting is the task of a filter: compile has what is done once per query, the rest is done to every user.
func counting[T any](q query, users []T, compile func(text string) (func(user T) (bool, error), error)) task {
	n := 0
	return task{
		work: q.text,
		run: func() error {
			match, err := compile(q.text)
			if err != nil {
				return err
			}
			n = 0
			for _, u := range users {
				ok, err := match(u)
				if err != nil {
					return err
				}
				if ok {
					n++
				}
			}
			return nil
		},
		answer: func() (any, error) { return n, nil },
	}
}

// crowded makes the tasks of all filters.
func crowded[T any](read func(doc []byte) (T, error), compile func(q query) func(text string) (func(user T) (bool, error), error)) ([]task, error) {
	users, err := each(crowd(), read)
	if err != nil {
		return nil, err
	}
	var tasks []task
	for _, q := range queries {
		tasks = append(tasks, counting(q, users, compile(q)))
	}
	return tasks, nil
}

// document is an answer that is there already, as bytes.
func document(kept *[]byte) func() (any, error) {
	return func() (any, error) { return *kept, nil }
}

// response is what came of a request.
type response struct {
	status int
	header http.Header
	body   []byte
}

// onResponse makes a check of responses a check of answers.
func onResponse(check func(r response) error) func(answer any) error {
	return func(answer any) error {
		r, ok := answer.(response)
		if !ok {
			return fmt.Errorf("is a %T, not a response", answer)
		}
		return check(r)
	}
}
