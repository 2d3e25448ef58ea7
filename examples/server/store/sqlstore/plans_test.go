package sqlstore_test

import (
	"fmt"
	"iter"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

type user struct {
	resource.User

	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

var (
	users  = store.NewKind(resource.ResourceTypeFor[user]("/Users"), reflect.TypeFor[user]())
	groups = store.NewKind(resource.ResourceTypeFor[resource.Group]("/Groups"), reflect.TypeFor[resource.Group]())
)

func userID(i int) string { return fmt.Sprintf("u%07d", i) }

// crowd are n users and a group of the first m of them.
func crowd(n, m int) iter.Seq2[store.Item, error] {
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	common := func(kind, id string, i int) resource.Resource {
		at := at.Add(time.Duration(i) * time.Second)
		return resource.Resource{ID: id, Meta: resource.Meta{ResourceType: kind, Created: at, LastModified: at, Version: `W/"1"`}}
	}
	return func(yield func(store.Item, error) bool) {
		for i := range n {
			u := &user{User: resource.User{UserName: fmt.Sprintf("User%07d@example.com", i*7919%n), DisplayName: fmt.Sprintf("Somebody %d", i*104729%n)}}
			u.Resource = common("User", userID(i), i)
			if i%3 == 0 {
				u.DisplayName = ""
			}
			u.ExternalID = fmt.Sprintf("x%d", i)
			u.Emails = []resource.Email{{Value: fmt.Sprintf("work%d@example.com", i), Type: "work"}, {Value: fmt.Sprintf("home%d@example.com", i), Type: "home"}}
			if !yield(store.Item{Kind: users, Value: u}, nil) {
				return
			}
		}
		g := &resource.Group{DisplayName: "Everybody"}
		g.Resource = common("Group", "g", 0)
		for i := range m {
			g.Members = append(g.Members, resource.Member{Value: userID(i)})
		}
		yield(store.Item{Kind: groups, Value: g}, nil)
	}
}

// What is looked up, and pages far down a list, come out of an index. PostgreSQL is told not to read whole tables where there is another
// way, which with so few rows it would.
func TestPlans(t *testing.T) {
	const people, far = 1_000, "u0000100"
	user := []*store.Kind{users}
	cases := []struct {
		name             string
		q                store.Query
		sqlite, postgres []string // of each statement
	}{
		{"a name", store.Query{Kinds: user, Filter: `userName eq "user0000007@example.com"`}, []string{"(<expr>=?)"}, []string{"'userName'::text))::text = "}},
		{"the beginning of a name", store.Query{Kinds: user, Filter: `userName sw "user000000"`}, []string{"(<expr>>? AND <expr><?)"}, []string{"'userName'::text))::text >= "}},
		{"the provider's key", store.Query{Kinds: user, Filter: `externalId eq "x77"`}, []string{"(<expr>=?)"}, []string{"'externalId'::text), ''::text))::text = "}},
		{"a display name", store.Query{Kinds: user, Filter: `displayName eq "Somebody 7"`}, []string{"(<expr>=?)"}, []string{"'displayName'::text), ''::text))::text = "}},
		{"an address", store.Query{Kinds: user, Filter: `emails.value eq "WORK7@example.com"`}, []string{"elements_by_value"}, []string{"elements_by_value"}},
		{"an address of a type", store.Query{Kinds: user, Filter: `emails[type eq "work" and value eq "work7@example.com"]`},
			[]string{"LIST SUBQUERY"}, []string{"elements_by_value"}},
		{"the groups of a member", store.Query{Kinds: []*store.Kind{groups}, Filter: `members.value eq "u0000007"`}, []string{"members_by_value"}, []string{"members_by_value"}},
		{"changes since", store.Query{Kinds: user, Filter: `meta.lastModified gt "2024-01-01T00:10:00Z"`},
			[]string{"INDEX resources_by_"}, []string{"modified > "}},
		{"of several kinds", store.Query{Kinds: []*store.Kind{users, groups}, Filter: `displayName eq "everybody"`}, []string{"MULTI-INDEX OR"}, []string{"BitmapOr"}},
		{"the first page by an attribute", store.Query{Kinds: user, SortBy: "displayName"}, []string{"USING INDEX by_"}, []string{"using by_"}},
		{"the first page downwards", store.Query{Kinds: user, SortBy: "userName", SortOrder: "descending"},
			[]string{"(<expr>=?)", "(<expr><?)"}, []string{"IS NULL", "using by_"}},
		{"the next page by id", store.Query{Kinds: user, After: []any{far}}, []string{"(kind=? AND id>?)"}, []string{"(id > "}},
		{"the next page by a required attribute", store.Query{Kinds: user, SortBy: "userName", After: []any{"user0000100@example.com", far}},
			[]string{"(<expr>>?)", "(<expr>=?)"}, []string{"Index Cond: ((((search ->> 'userName'::text))::text >= ", "IS NULL"}},
		{"the next page by an attribute", store.Query{Kinds: user, SortBy: "displayName", After: []any{"somebody 4", far}},
			[]string{"(<expr>>?)", "(<expr>=?)"}, []string{"''::text))::text >= ", "IS NULL"}},
		{"the next page of those without", store.Query{Kinds: user, SortBy: "displayName", After: []any{nil, far}},
			[]string{"(<expr>=? AND id>?)"}, []string{"(id > "}},
		{"the next page downwards", store.Query{Kinds: user, SortBy: "displayName", SortOrder: "descending", After: []any{"somebody 4", far}},
			[]string{"(<expr><?)"}, []string{"''::text))::text <= "}},
		{"the next page downwards of those without", store.Query{Kinds: user, SortBy: "displayName", SortOrder: "descending", After: []any{nil, far}},
			[]string{"(<expr>=? AND id>?)", "(<expr><?)"}, []string{"(id > ", "by_"}},
		{"the next page by time", store.Query{Kinds: user, SortBy: "meta.lastModified", After: []any{"2024-01-01T00:10:00.000000000Z", far}},
			[]string{"resources_by_modified (kind=? AND modified>?)", ""}, []string{"(modified >= ", ""}},
	}
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			s := opened(t, address(t), users, groups)
			require.NoError(t, s.Restore(t.Context(), crowd(people, people/2)))
			if name == "PostgreSQL" { // which does so by itself, in a while
				require.NoError(t, s.Analyze(t.Context()))
			}
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					want, before := c.sqlite, []string(nil)
					if name == "PostgreSQL" {
						want, before = c.postgres, []string{"SET LOCAL enable_seqscan = off"}
					}
					plans, err := s.Explain(t.Context(), &c.q, before...)
					require.NoError(t, err)
					require.Len(t, plans, len(want))
					for i, plan := range plans {
						assert.Contains(t, plan, want[i])
						assert.NotContains(t, plan, "Seq Scan on resources")
						assert.NotRegexp(t, `(?m)^SCAN r$`, plan)
					}
				})
			}
		})
	}
}
