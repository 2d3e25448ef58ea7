package sqlstore_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"iter"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// scale is a service with many users on PostgreSQL. The first large of n users are in the group g; each is in one of some teams, and the first
// in all of them.
type scale struct {
	n, large, teams int

	ask.Client
	clock clock
}

// real says that there are so many users that to read a whole table is a mistake. PostgreSQL does so with few, for good reasons.
func (s *scale) real() bool { return s.n >= 100_000 }

// rounds is how often a request is sent.
func (s *scale) rounds() int {
	if s.real() {
		return 300
	}
	return 10
}

// latencies are how long requests of a sort took.
type latencies struct {
	name string
	all  []time.Duration
}

func (l latencies) String() string {
	slices.Sort(l.all)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("| %-80s | %6d | %9.1f | %9.1f |", l.name, len(l.all), ms(l.all[len(l.all)/2]), ms(l.all[len(l.all)-1]))
}

// clock is a handler that knows how long its last request took.
type clock struct {
	http.Handler

	last time.Duration
}

func (c *clock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	c.Handler.ServeHTTP(w, r)
	c.last = time.Since(at)
}

// company are the users and groups.
func (s *scale) company() iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for item, err := range crowd(s.n, s.large) {
			if !yield(item, err) {
				return
			}
		}
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for team := range s.teams {
			g := &resource.Group{DisplayName: fmt.Sprintf("Team %d", team), Members: []resource.Member{{Value: userID(0)}}}
			g.Resource = resource.Resource{
				ID: fmt.Sprintf("team%04d", team), Meta: resource.Meta{ResourceType: "Group", Created: at, LastModified: at, Version: `W/"1"`},
			}
			for i := max(1, team*s.n/s.teams); i < (team+1)*s.n/s.teams; i++ {
				g.Members = append(g.Members, resource.Member{Value: userID(i)})
			}
			if !yield(store.Item{Kind: groups, Value: g}, nil) {
				return
			}
		}
	}
}

// serve begins to ask a new service on the database.
func (s *scale) serve(t *testing.T, address string) *scale {
	t.Helper()
	types := []service.Type{{ResourceType: resource.ResourceTypeFor[user]("/Users"), Kind: users}, {ResourceType: resource.ResourceTypeFor[resource.Group]("/Groups"), Kind: groups}}
	handler, err := service.New(t.Context(), service.Config{
		Store: opened(t, address, users, groups), Types: types, Prefixes: []string{"/scim/v2"}, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	s.clock.Handler = handler
	s.Client = ask.New(t, &s.clock, "/scim/v2", "")
	return s
}

// measure sends requests and prints how long they took.
func (s *scale) measure(name string, rounds int, request func(i int)) {
	l := latencies{name: name}
	for i := range rounds {
		request(i)
		l.all = append(l.all, s.clock.last)
	}
	s.T.Log(l)
}

// one wants a list of one user, and returns it.
func one(t *testing.T, a ask.Answer) map[string]any {
	t.Helper()
	found := resources(t, a)
	require.Len(t, found, 1, a.Asked)
	require.InDelta(t, 1, a.Doc["totalResults"], 0)
	return found[0]
}

func resources(t *testing.T, a ask.Answer) []map[string]any {
	t.Helper()
	require.Equal(t, http.StatusOK, a.Status, a.Text)
	list, _ := a.Doc["Resources"].([]any)
	all := make([]map[string]any, len(list))
	for i, v := range list {
		var ok bool
		all[i], ok = v.(map[string]any)
		require.True(t, ok)
	}
	return all
}

func filtered(text string) string { return "/Users?filter=" + url.QueryEscape(text) }

// TestScale asks a service with SCIM_TEST_SCALE users whatever clients ask again and again, and prints how long that takes. What it demands
// is that answers are right and that nothing is found by reading whole tables.
func TestScale(t *testing.T) {
	s := &scale{n: 2_000}
	if text := os.Getenv("SCIM_TEST_SCALE"); text != "" {
		var err error
		s.n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	s.large, s.teams = max(s.n/10, 500), max(s.n/1000, 10)
	began := time.Now()
	address := sqldbtest.Schema(t)
	filled := opened(t, address, users, groups)
	require.NoError(t, filled.Restore(t.Context(), s.company()))
	require.NoError(t, filled.Analyze(t.Context()))
	t.Logf("%d users, %d in a group, %d teams, stored in %s", s.n, s.large, s.teams, time.Since(began).Round(time.Second))

	t.Run("plans", func(t *testing.T) { s.plans(t, address) })
	before := scans(t, address)
	t.Run("lookups", func(t *testing.T) { s.serve(t, address).lookups(t) })
	t.Run("changes", func(t *testing.T) { s.serve(t, address).changes(t) })
	t.Run("cursors", func(t *testing.T) { s.serve(t, address).cursors(t) })
	if s.real() {
		assert.Equal(t, before, scans(t, address), "whole tables that were read")
	}
	t.Run("long answers", func(t *testing.T) { s.serve(t, address).long(t) })
}

// plans says how PostgreSQL goes about the queries.
func (s *scale) plans(t *testing.T, address string) {
	t.Helper()
	explained := opened(t, address, users, groups)
	var before []string
	if !s.real() {
		before = []string{"SET LOCAL enable_seqscan = off"}
	}
	far := s.n * 9 / 10
	name := fmt.Sprintf("user%07d@example.com", far)
	for _, q := range []store.Query{
		{Filter: "userName eq " + filter.Quote(name)},
		{Filter: `userName sw "user00001"`},
		{Filter: fmt.Sprintf(`emails.value eq "work%d@example.com"`, far)},
		{Filter: fmt.Sprintf(`emails[type eq "work" and value eq "work%d@example.com"]`, far)},
		{Filter: fmt.Sprintf(`externalId eq "x%d"`, far)},
		{Filter: `groups.value eq "team0001"`},
		{},
		{After: []any{userID(far)}},
		{SortBy: "userName"},
		{SortBy: "userName", After: []any{name, userID(far)}},
		{SortBy: "userName", SortOrder: "descending", After: []any{name, userID(far)}},
		{SortBy: "displayName", After: []any{"somebody 5", userID(far)}},
		{SortBy: "displayName", SortOrder: "descending", After: []any{nil, userID(far)}},
		{SortBy: "meta.lastModified", After: []any{"2024-01-01T00:10:00.000000000Z", userID(far)}},
	} {
		q.Kinds = []*store.Kind{users}
		plans, err := explained.Explain(t.Context(), &q, before...)
		require.NoError(t, err)
		for _, plan := range plans {
			assert.Contains(t, plan, "Index", "%+v", q)
			assert.NotContains(t, plan, "Seq Scan", "%+v", q)
		}
	}
}

// scans are how often tables have been read as a whole. Connections tell when they end.
func scans(t *testing.T, address string) map[string]int64 {
	t.Helper()
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname IN ('resources', 'members', 'elements', 'taken')")
	require.NoError(t, err)
	defer rows.Close()
	all := map[string]int64{}
	for rows.Next() {
		var name string
		var n int64
		require.NoError(t, rows.Scan(&name, &n))
		all[name] = n
	}
	require.NoError(t, rows.Err())
	require.Len(t, all, 4)
	return all
}

// somebody is a user, spread over all.
func (s *scale) somebody(i int) int { return i * 104_729 % s.n }

func (s *scale) lookups(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		name string
		text func(i int) string
	}{
		{`userName eq`, func(i int) string { return fmt.Sprintf(`userName eq "USER%07d@example.com"`, i*7919%s.n) }},
		{`emails.value eq`, func(i int) string { return fmt.Sprintf(`emails.value eq "Home%d@example.com"`, i) }},
		{`emails[type eq "work" and value eq]`, func(i int) string { return fmt.Sprintf(`emails[type eq "work" and value eq "work%d@example.com"]`, i) }},
		{`externalId eq`, func(i int) string { return fmt.Sprintf(`externalId eq "x%d"`, i) }},
		{`userName sw`, func(i int) string { return fmt.Sprintf(`userName sw "user%07d@"`, i*7919%s.n) }},
	} {
		s.measure("GET /Users?filter="+c.name, s.rounds(), func(i int) {
			i = s.somebody(i)
			require.Equal(t, userID(i), one(t, s.Get(filtered(c.text(i))))["id"])
		})
	}
	s.measure("GET /Users/{id}, of a user in 1 or 2 groups", s.rounds(), func(i int) {
		i = 1 + s.somebody(i)%(s.n-1)
		want := 1
		if i < s.large {
			want = 2
		}
		require.Len(t, s.Get("/Users/" + userID(i)).Is(http.StatusOK).Doc["groups"], want)
	})
	s.measure(fmt.Sprintf("GET /Users/{id}, of a user in %d groups", s.teams+1), s.rounds(), func(int) {
		require.Len(t, s.Get("/Users/" + userID(0)).Is(http.StatusOK).Doc["groups"], s.teams+1)
	})
	s.measure(fmt.Sprintf("GET /Groups/{id}?excludedAttributes=members, of %d", s.large), s.rounds(), func(int) {
		require.NotContains(t, s.Get("/Groups/g?excludedAttributes=members").Is(http.StatusOK).Doc, "members")
	})
	s.measure("GET /Groups?filter=members.value eq&excludedAttributes=members", s.rounds(), func(i int) {
		i = 1 + s.somebody(i)%(s.n-1)
		found := resources(t, s.Get("/Groups?excludedAttributes=members&filter="+url.QueryEscape("members.value eq "+filter.Quote(userID(i)))))
		want := []any{fmt.Sprintf("team%04d", ((i+1)*s.teams-1)/s.n)}
		if i < s.large {
			want = slices.Insert(want, 0, any("g"))
		}
		ids := make([]any, len(found))
		for i, g := range found {
			ids[i] = g["id"]
		}
		require.Equal(t, want, ids)
	})
	for _, by := range []string{"userName", "displayName", "meta.lastModified"} {
		s.measure("GET /Users?cursor&sortBy="+by+"&count=100", s.rounds(), func(int) {
			require.Len(t, resources(t, s.Get("/Users?cursor&count=100&sortBy="+by)), 100)
		})
	}
	s.measure("GET /Users?cursor&count=200, each with groups", s.rounds(), func(int) {
		for _, u := range resources(t, s.Get("/Users?cursor&count=200")) {
			require.NotEmpty(t, u["groups"])
		}
	})
}

func (s *scale) changes(t *testing.T) {
	t.Helper()
	newcomer := userID(s.n - 1)
	const message = `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [%s]}`
	patches := map[string]string{
		"add":    fmt.Sprintf(message, `{"op": "add", "path": "members", "value": [{"value": "`+newcomer+`"}]}`),
		"remove": fmt.Sprintf(message, `{"op": "remove", "path": "members[value eq \"`+newcomer+`\"]"}`),
	}
	var took [2]latencies
	for i, op := range []string{"add", "remove"} {
		took[i].name = fmt.Sprintf("PATCH /Groups/{id}, %s one of %d members", op, s.large)
	}
	for range s.rounds() {
		for i, op := range []string{"add", "remove"} {
			s.Do(http.MethodPatch, "/Groups/g", patches[op]).Is(http.StatusNoContent)
			took[i].all = append(took[i].all, s.clock.last)
			in, _ := s.Get("/Users/" + newcomer).Is(http.StatusOK).Doc["groups"].([]any)
			require.Len(t, in, 2-i)
		}
	}
	t.Log(took[0])
	t.Log(took[1])
	s.measure("PATCH /Users/{id}, replace title", s.rounds(), func(i int) {
		title := fmt.Sprintf("Title %d", i)
		s.Do(http.MethodPatch, "/Users/"+userID(s.somebody(i)), fmt.Sprintf(message, `{"op": "replace", "path": "title", "value": "`+title+`"}`)).Is(http.StatusOK)
	})
	ids := make([]string, s.rounds())
	s.measure("POST /Users", s.rounds(), func(i int) {
		ids[i] = s.Post("/Users", fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "new%d", "emails": [{"value": "new%d@example.com"}]}`, i, i)).
			Is(http.StatusCreated).ID()
	})
	s.measure("DELETE /Users/{id}", s.rounds(), func(i int) {
		s.Do(http.MethodDelete, "/Users/"+ids[i], "").Is(http.StatusNoContent)
	})
}

// cursors read all users page by page, in several orders.
func (s *scale) cursors(t *testing.T) {
	t.Helper()
	for _, order := range []struct {
		query string
		less  func(i, j int) int
	}{
		{"", cmp.Compare[int]},
		{"&sortBy=userName", func(i, j int) int { return cmp.Compare(i*7919%s.n, j*7919%s.n) }},
	} {
		want := make([]int, s.n)
		for i := range want {
			want[i] = i
		}
		slices.SortFunc(want, order.less)
		var pages []time.Duration
		for cursor, ok := "", true; ok; {
			a := s.Get("/Users?count=200" + order.query + "&cursor=" + url.QueryEscape(cursor))
			pages = append(pages, s.clock.last)
			found := resources(t, a)
			require.Len(t, found, min(200, len(want)), "%s, page %d", order.query, len(pages))
			for i, u := range found {
				require.Equal(t, userID(want[i]), u["id"], "%s, page %d", order.query, len(pages))
			}
			want = want[len(found):]
			cursor, ok = a.Doc["nextCursor"].(string)
		}
		require.Empty(t, want)
		tenth := int(math.Ceil(float64(len(pages)) / 10))
		t.Log(latencies{"GET /Users?cursor=...&count=200" + order.query + ", the first tenth", slices.Clone(pages[:tenth])})
		t.Log(latencies{"GET /Users?cursor=...&count=200" + order.query + ", the last tenth", pages[len(pages)-tenth:]})
	}
}

// long are answers that take the longer the more there is.
func (s *scale) long(t *testing.T) {
	t.Helper()
	const few = 5
	s.measure("GET /Users?count=100, with totalResults", few, func(int) {
		a := s.Get("/Users?count=100")
		require.Len(t, resources(t, a), 100)
		require.InDelta(t, s.n, a.Doc["totalResults"], 0)
	})
	s.measure("GET /Users?sortBy=userName&count=100, with totalResults", few, func(int) {
		require.InDelta(t, s.n, s.Get("/Users?sortBy=userName&count=100").Is(http.StatusOK).Doc["totalResults"], 0)
	})
	s.measure("GET /Users?startIndex=... (the last page), with totalResults", few, func(int) {
		require.Len(t, resources(t, s.Get(fmt.Sprintf("/Users?count=100&startIndex=%d", s.n-99))), 100)
	})
	s.measure(fmt.Sprintf("GET /Groups/{id}, with %d members", s.large), few, func(int) {
		require.Len(t, s.Get("/Groups/g").Is(http.StatusOK).Doc["members"], s.large)
	})
}
