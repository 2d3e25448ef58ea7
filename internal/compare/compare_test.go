package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// Every implementation has a task for every work. The answers of this library and of encoding/json are right, and those of the others are looked at.
func TestAnswers(t *testing.T) {
	basics, filters := works()
	for i, impl := range implementations {
		t.Run(impl.name, func(t *testing.T) {
			tasks, _, err := impl.basics()
			require.NoError(t, err)
			more, _, err := impl.filters()
			require.NoError(t, err)
			tasks = append(tasks, more...)
			known := map[string]bool{}
			for _, w := range append(basics, filters...) {
				known[w.name] = true
				c := choose(w, tasks)
				if i > 1 {
					assert.True(t, c.task != nil || len(c.notes) > 0, "%s is neither measured nor explained", w.name)
					continue
				}
				require.NotNil(t, c.task, "%s: %q", w.name, c.notes)
				assert.False(t, c.wrong, "%s: %q", w.name, c.notes)
				for range 3 { // whatever it does to its data
					fault, _ := verdict(w, *c.task)
					require.NoError(t, fault, w.name)
				}
			}
			for _, task := range tasks {
				assert.True(t, known[task.work], "%s is no work", task.work)
			}
		})
	}
}

// right are the answers of encoding/json, by work.
func right(t *testing.T) map[string]any {
	t.Helper()
	tasks, _, err := plainBasics()
	require.NoError(t, err)
	answers := map[string]any{}
	for _, task := range tasks {
		require.NoError(t, task.run())
		answers[task.work], err = task.answer()
		require.NoError(t, err)
	}
	return answers
}

// The checks are worth something only if they find what is wrong.
func TestWrongAnswers(t *testing.T) {
	basics, filters := works()
	checks := map[string]func(any) error{}
	for _, w := range append(basics, filters...) {
		checks[w.name] = w.check
	}
	in := func(change func(u map[string]any)) func(any) any { // of the document
		return func(answer any) any {
			r, isResponse := answer.(response)
			doc, _ := answer.([]byte)
			if isResponse {
				doc = r.body
			}
			o := object(doc)
			change(o)
			if r.body = text(o); isResponse {
				return r
			}
			return r.body
		}
	}
	at := func(change func(r *response)) func(any) any { // of the response
		return func(answer any) any {
			r, _ := answer.(response)
			r.header = r.header.Clone()
			change(&r)
			return r
		}
	}
	first := func(list any) map[string]any {
		l, _ := list.([]any)
		o, _ := l[0].(map[string]any)
		return o
	}
	for _, c := range []struct {
		work, fault string
		change      func(answer any) any
	}{
		{"create", "password should not be there", in(func(u map[string]any) { u["password"] = "t1meMa$heen" })},
		{"create", "groups should not be there", in(func(u map[string]any) { u["groups"] = []any{} })},
		{"create", "id is the client's", in(func(u map[string]any) { u["id"] = userID })},
		{"create", "id is missing", in(func(u map[string]any) { delete(u, "id") })},
		{"create", "no URI", in(func(u map[string]any) { member(u, "meta")["location"] = "Users/1" })},
		{"create", "meta.created is", in(func(u map[string]any) { member(u, "meta")["created"] = "2010-01-23T04:56:22Z" })},
		{"create", "meta.resourceType is", in(func(u map[string]any) { delete(member(u, "meta"), "resourceType") })},
		{"create", "emails has 1 elements, not 2", in(func(u map[string]any) { u["emails"] = []any{first(u["emails"])} })},
		{"create", "name.givenName is missing", in(func(u map[string]any) { delete(member(u, "name"), "givenName") })},
		{"create", "name is no object", in(func(u map[string]any) { u["name"] = "Barbara" })},
		{"create", "manager.$ref is ../Users/1", in(func(u map[string]any) {
			member(member(u, resource.EnterpriseUserSchema), "manager")["$ref"] = "../Users/1"
		})},
		{"create", "is no JSON object", func(any) any { return []byte("[]") }},
		{"create", "is a int, not a document", func(any) any { return 1 }},
		{"PATCH", "emails[0].value is", in(func(u map[string]any) { first(u["emails"])["value"] = "bjensen@example.com" })},
		{"PATCH", "active is true, not false", in(func(u map[string]any) { u["active"] = true })},
		{"PATCH", "department is Tour Operations, not Sales", in(func(u map[string]any) { member(u, resource.EnterpriseUserSchema)["department"] = "Tour Operations" })},
		{"projection", "title should not be there", in(func(u map[string]any) { u["title"] = "Tour Guide" })},
		{"projection", "emails[0].type should not be there, and 1 more", in(func(u map[string]any) {
			emails, _ := u["emails"].([]any)
			for _, e := range emails {
				email, _ := e.(map[string]any)
				email["type"] = "work"
			}
		})},
		{"projection", "id is missing", in(func(u map[string]any) { delete(u, "id") })},
		{"list", "totalResults is 99, not 100", in(func(l map[string]any) { l["totalResults"] = 99 })},
		{"list", "has 1 elements, not 100", in(func(l map[string]any) { l["Resources"] = []any{first(l["Resources"])} })},
		{"list", "title is missing", in(func(l map[string]any) { delete(first(l["Resources"]), "title") })},
		{"GET", "status is 404, not 200", at(func(r *response) { r.status = http.StatusNotFound })},
		{"GET", "header ETag \"\"", at(func(r *response) { r.header.Del("ETag") })},
		{"GET", "meta.lastModified is", in(func(u map[string]any) { member(u, "meta")["lastModified"] = "2011-05-13T04:42:35Z" })},
		{"GET", "is a int, not a response", func(any) any { return 1 }},
		{"POST", "status is 200, not 201", at(func(r *response) { r.status = http.StatusOK })},
		{"POST", "header Location is missing", at(func(r *response) { r.header.Del("Location") })},
		{"POST", "header Content-Type is", at(func(r *response) { r.header.Set("Content-Type", "text/plain") })},
		{"POST", "password should not be there", in(func(u map[string]any) { u["password"] = "t1meMa$heen" })},
		{queries[2].text, "selects 0 users, not 2500", func(any) any { return 0 }},
	} {
		t.Run(c.work+"/"+c.fault, func(t *testing.T) {
			answer := right(t)[c.work]
			if answer == nil {
				answer = queries[2].want
			}
			require.NoError(t, checks[c.work](answer))
			require.ErrorContains(t, checks[c.work](c.change(answer)), c.fault)
		})
	}
}

// What is the same in other words is no fault.
func TestEquivalentAnswers(t *testing.T) {
	got := right(t)["GET"]
	r, ok := got.(response)
	require.True(t, ok)
	doc := strings.NewReplacer(`"2010-01-23T04:56:22Z"`, `"2010-01-23T04:56:22"`, `"../Groups/`, `"https://example.com/v2/Groups/`).Replace(string(r.body))
	require.NotEqual(t, string(r.body), doc)
	r.body = []byte(doc)
	assert.NoError(t, checkGet(r))
}

// An implementation that is wrong, refuses, panics or changes its mind is told so in the table, and what is right in the end is measured.
func TestWrongImplementation(t *testing.T) {
	w := work{name: "work", check: func(answer any) error {
		if answer != 1 {
			return errors.New("is not one")
		}
		return nil
	}}
	made := func(answer int, err error) task {
		return task{work: "work", run: func() error { return err }, answer: func() (any, error) { return answer, nil }}
	}
	panics := task{work: "work", run: func() error { panic("oh") }}
	instead := made(1, nil)
	instead.instead, instead.method = "less", "by another way"
	runs := 0
	fickle := task{work: "work", run: func() error { runs++; return nil }, answer: func() (any, error) { return runs, nil }}
	cells := []cell{
		choose(w, []task{made(1, nil)}),
		choose(w, []task{made(2, nil), {work: "other"}}),
		choose(w, []task{made(1, errors.New("no")), panics}),
		choose(w, []task{made(2, nil), instead}),
		choose(w, []task{fickle}),
	}
	require.NoError(t, measure(w, cells, 3, 0))
	var out bytes.Buffer
	for i := range cells {
		cells[i].times, cells[i].ratios, cells[i].allocs = []float64{1234, 1, 2000}, []float64{0.5, 0.25, 12}, []float64{0, 1, 20_000}
	}
	(&table{works: []work{w}, cells: [][]cell{cells}, notes: [][]string{nil, {"slow"}, nil, nil, nil}}).write(&out)
	assert.Equal(t, `| work | encoding/json | allocs | this library | elimity-com/scim | imulab/go-scim | scimgateway |
|---|---:|---:|---:|---:|---:|---:|
| work | 1,234 µs | 1 | 0.50 / 1 (!) [1] | - [2] [3] | 0.50 / 1 [4] [5] [6] | 0.50 / 1 (!) [7] |

CPU time as a multiple of encoding/json's, and allocations of one operation. (!) marks an answer that is wrong.

[1] this library: work: is not one
[2] elimity-com/scim: work: is refused: no
[3] elimity-com/scim: work: panics: oh
[4] imulab/go-scim: work: is not one
[5] imulab/go-scim: work is measured with less
[6] imulab/go-scim: by another way
[7] scimgateway: work, after many times: is not one

this library: slow.
`, out.String())
}

// The first cell is what the others are compared with, round by round.
func TestMeasure(t *testing.T) {
	var sink []byte
	writing := func(times int) task {
		return task{work: "work", answer: func() (any, error) { return len(sink), nil }, run: func() (err error) {
			for range times {
				sink, err = json.Marshal(queries[0].text)
			}
			return err
		}}
	}
	w := work{name: "work", check: func(any) error { return nil }}
	cells := []cell{choose(w, []task{writing(1)}), choose(w, []task{writing(40)}), {}}
	require.NoError(t, measure(w, cells, 2, time.Millisecond))
	assert.Equal(t, []float64{1, 1}, cells[0].ratios)
	assert.Len(t, cells[1].ratios, 2)
	assert.InEpsilon(t, 40*median(cells[0].allocs), median(cells[1].allocs), 0.1)
	assert.Empty(t, cells[2].times)
	assert.Error(t, measure(w, []cell{{task: &task{run: func() error { return errNotFound }}}}, 1, 1))
}
