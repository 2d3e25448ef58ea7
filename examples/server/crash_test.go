package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
)

// A process is killed while many write, again and again. Whatever it has acknowledged is there afterwards, and of what it was doing
// nothing or all of it.
func TestCrashes(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			database := named(t, address(t))
			all := book{}
			acknowledged, doubtful, done := 0, 0, 0
			p := launch(t, database)[0]
			for round := range crashes {
				touched, n := strike(t, p, round)
				maps.Copy(all, touched)
				before := all.doubtful()
				settle(t, database)

				p = launch(t, database)[0]
				all.check(t, p.Client)
				all.probe(t, p.Client, touched)
				acknowledged += n
				doubtful += len(before)
				for name, state := range before {
					if all[name][0] != state {
						done++
					}
				}
			}
			assert.NotZero(t, doubtful, "no kill has met with a write")
			p.kill()
			p.killed(t)
			intact(t, database)
			t.Logf("%d crashes, %d writes acknowledged; of %d resources with a write under way %d have got it", crashes, acknowledged, doubtful, done)
		})
	}
}

// strike has writers at work on a process until it is killed, after a number of acknowledged writes that differs by round. It returns what
// they know of their resources.
func strike(t *testing.T, p *process, round int) (touched book, acknowledged int) {
	t.Helper()
	limit := int64(5 + 37*round%89)
	var count atomic.Int64
	var killed atomic.Bool
	var all sync.WaitGroup
	writers := make([]*writer, 8)
	for i := range writers {
		w := &writer{Client: p.On(t), name: fmt.Sprintf("w%dr%d", i, round), book: book{}}
		w.acknowledged = func(n int) {
			if count.Add(int64(n)) >= limit && killed.CompareAndSwap(false, true) {
				p.kill()
			}
		}
		writers[i] = w
		work := []func(int) bool{w.people, w.teams, w.bulk}[i%3]
		all.Go(func() {
			for n := 0; work(n); n++ {
			}
			if !killed.Swap(true) || w.last.Status != unanswered {
				t.Errorf("%s: got %d %s", w.last.Asked, w.last.Status, w.last.Text)
				p.kill() // or the others would go on for ever
			}
		})
	}
	all.Wait()
	p.killed(t)
	touched = book{}
	for _, w := range writers {
		maps.Copy(touched, w.book)
	}
	return touched, int(count.Load())
}

// book has what is known of resources, by userName or displayName: the state that has been acknowledged, and behind it those that have
// been asked for since and not acknowledged. A state is the resource as text, "" where there is none.
type book map[string][]string

// change is a state that a request leads to.
type change struct{ name, state string }

// writer changes resources of its own, one after the other.
type writer struct {
	ask.Client
	name         string
	book         book
	acknowledged func(n int)
	last         ask.Answer
}

// tell sends a request and writes down what it does, before and after. It is not ok if the answer has another status, or an
// operation of /Bulk has failed.
func (w *writer) tell(status int, method, path, body string, changes ...change) (a ask.Answer, ok bool) {
	for _, c := range changes {
		if w.book[c.name] == nil {
			w.book[c.name] = []string{""}
		}
		w.book[c.name] = append(w.book[c.name], c.state)
	}
	w.last = w.Do(method, path, body)
	operations, _ := w.last.Doc["Operations"].([]any) // of /Bulk
	failed := slices.ContainsFunc(operations, func(o any) bool { return !strings.HasPrefix(word(o, "status"), "20") })
	if w.last.Status != status || failed {
		return w.last, false
	}
	for _, c := range changes {
		w.book[c.name] = []string{c.state}
	}
	w.acknowledged(len(changes))
	return w.last, true
}

// person is a user of whom everything says how often it has been replaced, and title and nickName how often these have been changed.
func person(name string, replaced, changed int) string {
	words := make([]map[string]any, 3)
	for i, kind := range []string{"work", "home", "other"} {
		words[i] = map[string]any{"value": fmt.Sprintf("%s-%d@%s.example", name, replaced, kind), "type": kind}
	}
	return text(map[string]any{
		"schemas": []string{resource.UserSchema}, "userName": name, "title": strconv.Itoa(changed), "nickName": strconv.Itoa(changed),
		"externalId": fmt.Sprint(name, replaced), "name": map[string]string{"familyName": strconv.Itoa(replaced)}, "emails": words,
	})
}

// guides ends the names of groups.
const guides = " guides"

// team is a group, by its name and those of its members.
func team(name string, members ...string) string {
	members = append([]string{}, members...)
	slices.Sort(members)
	return text(map[string]any{"displayName": name, "members": members})
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it has been made of JSON
	}
	return string(b)
}

func patch(operations string) string {
	return `{"schemas": ["` + resource.PatchOpSchema + `"], "Operations": [` + operations + `]}`
}

// both sets two attributes to the same.
func both(n int) string {
	return patch(fmt.Sprintf(`{"op": "replace", "path": "title", "value": "%d"}, {"op": "add", "value": {"nickName": "%[1]d"}}`, n))
}

func (w *writer) create(name string) (id string, ok bool) {
	state := person(name, 0, 0)
	a, ok := w.tell(201, http.MethodPost, "/Users", state, change{name, state})
	return a.ID(), ok
}

// people come, change, and go; some come back under the same name.
func (w *writer) people(n int) bool {
	name := fmt.Sprintf("%s-%d", w.name, n)
	id, ok := w.create(name)
	path := "/Users/" + id
	if !ok {
		return false
	}
	if _, ok = w.tell(200, http.MethodPatch, path, both(1), change{name, person(name, 0, 1)}); !ok {
		return false
	}
	if _, ok = w.tell(200, http.MethodPut, path, person(name, 1, 1), change{name, person(name, 1, 1)}); !ok || n%3 == 0 {
		return ok
	}
	if _, ok = w.tell(204, http.MethodDelete, path, "", change{name, ""}); !ok || n%3 == 1 {
		return ok
	}
	_, ok = w.create(name)
	return ok
}

// teams are made, get and lose a member at once, lose one who leaves, and go.
func (w *writer) teams(n int) bool {
	name := fmt.Sprintf("%s-%d", w.name, n)
	names, ids := make([]string, 3), make([]string, 3)
	for i := range ids {
		var ok bool
		names[i] = fmt.Sprint(name, "-", i)
		if ids[i], ok = w.create(names[i]); !ok {
			return false
		}
	}
	name += guides
	made, ok := w.tell(201, http.MethodPost, "/Groups", ask.Group(name, ids[0], ids[1]), change{name, team(name, names[0], names[1])})
	path := "/Groups/" + made.ID()
	if !ok {
		return false
	}
	swap := patch(`{"op": "add", "path": "members", "value": [` + ask.Values(ids[2]) + `]}, {"op": "remove", "path": "members[value eq \"` + ids[0] + `\"]"}`)
	if _, ok = w.tell(204, http.MethodPatch, path, swap, change{name, team(name, names[1], names[2])}); !ok {
		return false
	}
	if _, ok = w.tell(204, http.MethodDelete, "/Users/"+ids[1], "", change{names[1], ""}, change{name, team(name, names[2])}); !ok {
		return false
	}
	if _, ok = w.tell(200, http.MethodPut, path+"?attributes=id", ask.Group(name, ids[2], ids[0]), change{name, team(name, names[2], names[0])}); !ok || n%2 == 0 {
		return ok
	}
	_, ok = w.tell(204, http.MethodDelete, path, "", change{name, ""})
	return ok
}

// bulk makes two people and a team of them in one request, and changes all three in another. Each operation is done as a whole.
func (w *writer) bulk(n int) bool {
	name := fmt.Sprintf("%s-%d", w.name, n)
	ann, bob := name+"-ann", name+"-bob"
	name += guides
	operations := func(all ...string) string {
		return `{"schemas": ["` + resource.BulkRequestSchema + `"], "Operations": [` + strings.Join(all, ", ") + `]}`
	}
	made, ok := w.tell(200, http.MethodPost, "/Bulk", operations(
		`{"method": "POST", "path": "/Users", "bulkId": "ann", "data": `+person(ann, 0, 0)+`}`,
		`{"method": "POST", "path": "/Users", "bulkId": "bob", "data": `+person(bob, 0, 0)+`}`,
		`{"method": "POST", "path": "/Groups", "bulkId": "all", "data": `+ask.Group(name, "bulkId:ann", "bulkId:bob")+`}`,
	), change{ann, person(ann, 0, 0)}, change{bob, person(bob, 0, 0)}, change{name, team(name, ann, bob)})
	if !ok {
		return false
	}
	paths := map[string]string{}
	done, _ := made.Doc["Operations"].([]any)
	for _, o := range done {
		_, paths[word(o, "bulkId")], _ = strings.Cut(word(o, "location"), w.Root)
	}
	_, ok = w.tell(200, http.MethodPost, "/Bulk", operations(
		`{"method": "PATCH", "path": "`+paths["ann"]+`", "data": `+both(1)+`}`,
		`{"method": "PATCH", "path": "`+paths["all"]+`", "data": `+patch(`{"op": "remove", "path": "members"}`)+`}`,
		`{"method": "DELETE", "path": "`+paths["bob"]+`"}`,
	), change{ann, person(ann, 0, 1)}, change{name, team(name)}, change{bob, ""})
	return ok
}

// doubtful are the resources of which it is not known which state they are in, with the one that has been acknowledged.
func (b book) doubtful() map[string]string {
	acknowledged := map[string]string{}
	for name, states := range b {
		if len(states) > 1 {
			acknowledged[name] = states[0]
		}
	}
	return acknowledged
}

// check compares all that a server has with what is known of it, and writes down what has come of the states in doubt.
func (b book) check(t *testing.T, c ask.Client) {
	t.Helper()
	c = c.On(t)
	found := map[string]string{}
	names, joined := map[string]string{}, map[[2]string]bool{} // by id; group and user
	for _, u := range listed(t, c, "/Users") {
		name := word(u, "userName")
		names[word(u, "id")] = name
		for _, group := range values(u["groups"]) {
			joined[[2]string{group, name}] = true
		}
		for _, computed := range []string{"id", "meta", "groups"} {
			delete(u, computed)
		}
		require.NotContains(t, found, name, "twice")
		found[name] = text(u)
	}
	for _, g := range listed(t, c, "/Groups") {
		name, ids := word(g, "displayName"), values(g["members"])
		members := make([]string, 0, len(ids))
		for _, id := range ids {
			require.Contains(t, names, id, "a member of %s is not there", name)
			members = append(members, names[id])
			which := [2]string{word(g, "id"), names[id]}
			require.Contains(t, joined, which, "%s has a member who does not know it", name)
			delete(joined, which)
		}
		require.NotContains(t, found, name, "twice")
		found[name] = team(name, members...)
	}
	require.Empty(t, joined, "users are in groups that do not have them")
	for name, state := range found {
		require.Contains(t, b[name], state, name)
	}
	for name, states := range b {
		require.Contains(t, states, found[name], name)
		b[name] = []string{found[name]}
	}
}

// listed are all resources at an endpoint, page by page.
func listed(t *testing.T, c ask.Client, path string) (all []map[string]any) {
	t.Helper()
	for cursor, more := "", true; more; {
		page := c.Get(path + "?count=200&cursor=" + cursor).Is(200)
		cursor, more = page.Doc["nextCursor"].(string)
		resources, _ := page.Doc["Resources"].([]any)
		for _, r := range resources {
			object, _ := r.(map[string]any)
			all = append(all, object)
		}
	}
	return all
}

// word is a member of an object.
func word(object any, name string) string {
	o, _ := object.(map[string]any)
	text, _ := o[name].(string)
	return text
}

// values are those of the elements of a list.
func values(list any) (all []string) {
	elements, _ := list.([]any)
	for _, e := range elements {
		all = append(all, word(e, "value"))
	}
	return all
}

// probe looks at what is kept beside the documents of users: search finds them by their addresses, and a name can be had if nobody
// has it, and only then.
func (b book) probe(t *testing.T, c ask.Client, touched book) {
	t.Helper()
	c = c.On(t)
	for name := range touched {
		if strings.HasSuffix(name, guides) {
			continue
		}
		state := b[name][0]
		there := 0
		if state != "" {
			there = 1
			var user resource.User
			require.NoError(t, json.Unmarshal([]byte(state), &user))
			filter := fmt.Sprintf(`emails[type eq "other" and value eq %q] and nickName eq %q`, user.Emails[2].Value, user.Title)
			assert.Equal(t, 1, c.Find("/Users", filter).Is(200).Total(), filter)
		}
		assert.Equal(t, there, c.Find("/Users", `emails.value sw "`+name+`-"`).Is(200).Total(), name)
		if there > 0 {
			c.Post("/Users", person(name, 2, 2)).Fails(409, "uniqueness")
			continue
		}
		b[name] = []string{person(name, 2, 2)}
		c.Post("/Users", b[name][0]).Is(201)
	}
}

// intact has SQLite look for what is wrong with its file.
func intact(t *testing.T, database string) {
	t.Helper()
	kind, source, err := sqldb.KindOf(database)
	require.NoError(t, err)
	if kind.Name != sqldb.SQLite.Name {
		return
	}
	db, err := sql.Open(kind.Driver, source)
	require.NoError(t, err)
	defer db.Close()
	var says string
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&says))
	assert.Equal(t, "ok", says)
	var orphans int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM pragma_foreign_key_check").Scan(&orphans))
	assert.Zero(t, orphans)
}
