package resource_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// follow reads a list page by page, as a client does: each query repeats the first one with the cursor of the page before.
func follow[T any](t *testing.T, q resource.SearchRequest, list func(q *resource.SearchRequest) (*resource.ListResponse[T], error)) (pages []*resource.ListResponse[T]) {
	t.Helper()
	q.Cursor = new("")
	for len(pages) < 100 {
		page, err := list(&q)
		require.NoError(t, err)
		require.Len(t, page.Resources, page.ItemsPerPage)
		require.Zero(t, page.StartIndex, "7644-3.4.2-05")
		require.Empty(t, page.PreviousCursor)
		text, err := resource.Marshal(resource.QueryResponse, page)
		require.NoError(t, err)
		read, err := resource.Validate[resource.ListResponse[T]](resource.QueryResponse, text, resource.Strict())
		require.NoError(t, err)
		if pages = append(pages, page); read.NextCursor == "" {
			return pages
		}
		require.Regexp(t, unreserved, read.NextCursor)
		q.Cursor = &read.NextCursor
	}
	t.Fatal("goes in circles")
	return nil
}

func joined[T any](pages []*resource.ListResponse[T]) (all []T) {
	for _, p := range pages {
		all = append(all, p.Resources...)
	}
	return all
}

func TestListCursors(t *testing.T) {
	cursors := cursorsOf(t, time.Hour, secret('a'))
	paging := resource.Paging(cursors, "/Users", "ann")
	items := staff()
	slices.Reverse(items)
	for _, c := range []struct {
		id    string
		q     resource.SearchRequest
		want  string // ids, over all pages
		sizes []int
		opts  []resource.Option
	}{
		{"9865-2-03/three pages", resource.SearchRequest{Count: new(3)}, "abcdefg", []int{3, 3, 1}, nil},
		{"9865-2-03/ends with a page", resource.SearchRequest{Count: new(7)}, "abcdefg", []int{7}, nil},
		{"9865-2-03/ends with a later page", resource.SearchRequest{Filter: "title pr or id eq \"b\"", Count: new(3)}, "abcdeg", []int{3, 3}, nil},
		{"9865-2-03/one by one", resource.SearchRequest{Count: new(1)}, "abcdefg", []int{1, 1, 1, 1, 1, 1, 1}, nil},
		{"9865-2-03/no count", resource.SearchRequest{}, "abcdefg", []int{7}, nil},
		{"9865-2-03/no match", resource.SearchRequest{Filter: `title eq "none"`, Count: new(3)}, "", []int{0}, nil},
		{"9865-2-05/0", resource.SearchRequest{Count: new(0)}, "", []int{0}, nil},
		{"9865-2-05/negative", resource.SearchRequest{Count: new(-3)}, "", []int{0}, nil},
		{"9865-2-05/the service chooses", resource.SearchRequest{}, "abcdefg", []int{4, 3}, []resource.Option{resource.MaxResults(4)}},
		{"9865-2-05/capped", resource.SearchRequest{Count: new(100)}, "abcdefg", []int{4, 3}, []resource.Option{resource.MaxResults(4)}},
		{"9865-2.2-01/userName", resource.SearchRequest{SortBy: "userName", Count: new(2)}, "baefdcg", []int{2, 2, 2, 1}, nil},
		{"9865-2.2-01/descending", resource.SearchRequest{SortBy: "userName", SortOrder: "descending", Count: new(2)}, "gcdfeab", []int{2, 2, 2, 1}, nil},
		{"9865-2.2-01/equal and missing", resource.SearchRequest{SortBy: "title", Count: new(2)}, "aecdgbf", []int{2, 2, 2, 1}, nil},
		{"9865-2.2-01/equal and missing, descending", resource.SearchRequest{SortBy: "title", SortOrder: "descending", Count: new(2)}, "bfcdgae", []int{2, 2, 2, 1}, nil},
		{"9865-2.2-01/multi-valued", resource.SearchRequest{SortBy: "emails", Count: new(3)}, "cabfdeg", []int{3, 3, 1}, nil},
		{"9865-2.2-01/instants", resource.SearchRequest{SortBy: "meta.created", Count: new(3)}, "dbafgec", []int{3, 3, 1}, nil},
		{"9865-2.2-01/booleans", resource.SearchRequest{SortBy: "active", Count: new(3)}, "bdfaceg", []int{3, 3, 1}, nil},
		{"9865-2.2-01/extension, filtered", resource.SearchRequest{Filter: "title pr", SortBy: resource.EnterpriseUserSchema + ":employeeNumber", Count: new(2)}, "adceg", []int{2, 2, 1}, nil},
	} {
		t.Run(c.id, func(t *testing.T) {
			for _, strict := range []resource.Option{nil, resource.Strict()} {
				if strict != nil && c.q.Count != nil && *c.q.Count == 100 {
					continue // TestListCursorErrors
				}
				opts := append(slices.Clone(c.opts), paging, strict)
				order := slices.Clone(items)
				pages := follow(t, c.q, func(q *resource.SearchRequest) (*resource.ListResponse[*Employee], error) {
					return resource.List(items, q, opts...)
				})
				assert.True(t, slices.Equal(order, items), "the list is changed")
				assert.Equal(t, c.want, ids(joined(pages)))
				sizes := []int{}
				for _, p := range pages {
					sizes = append(sizes, len(p.Resources))
					assert.Equal(t, pages[0].TotalResults, p.TotalResults)
				}
				assert.Equal(t, c.sizes, sizes)
				anys := make([]any, len(items))
				for i, e := range items {
					anys[i] = e
				}
				mixed := follow(t, c.q, func(q *resource.SearchRequest) (*resource.ListResponse[any], error) {
					return resource.ListOf(anys, q, opts...)
				})
				require.Len(t, mixed, len(pages))
				for i, e := range joined(mixed) {
					assert.Same(t, joined(pages)[i], e, "ListOf is List")
				}
			}
		})
	}
	t.Run("9865-2-03/25 by 10", func(t *testing.T) {
		items := make([]*resource.Group, 25)
		for i := range items {
			items[i] = &resource.Group{Resource: resource.Resource{ID: fmt.Sprintf("%02d", 24-i)}, DisplayName: "G"}
		}
		pages := follow(t, resource.SearchRequest{Count: new(10)}, func(q *resource.SearchRequest) (*resource.ListResponse[*resource.Group], error) {
			return resource.List(items, q, paging)
		})
		require.Len(t, pages, 3)
		assert.Equal(t, []int{10, 10, 5, 25}, []int{len(pages[0].Resources), len(pages[1].Resources), len(pages[2].Resources), pages[2].TotalResults})
		assert.NotEmpty(t, pages[0].NextCursor)
		assert.NotEmpty(t, pages[1].NextCursor)
		assert.Empty(t, pages[2].NextCursor)
	})
	t.Run("9865-2.4-01/both methods", func(t *testing.T) {
		for _, q := range []*resource.SearchRequest{nil, {}, {StartIndex: 1}} {
			page, err := resource.List(items, q, paging, resource.MaxResults(2))
			require.NoError(t, err)
			assert.Equal(t, 1, page.StartIndex, "the default is index")
			assert.Empty(t, page.NextCursor)
			assert.Equal(t, "gf", ids(page.Resources), "in the store's order")
		}
	})
	t.Run("9865-2.4-01/without Paging", func(t *testing.T) {
		for _, p := range []resource.Option{nil, resource.Paging(nil)} {
			page, err := resource.List(items, &resource.SearchRequest{Cursor: new("")}, p, resource.MaxResults(2))
			require.NoError(t, err)
			assert.Equal(t, [3]int{7, 1, 2}, [3]int{page.TotalResults, page.StartIndex, page.ItemsPerPage}, "by index, so that the client sees that more follows")
			first, err := resource.List(items, &resource.SearchRequest{Cursor: new("")}, paging, resource.MaxResults(2))
			require.NoError(t, err)
			_, err = resource.List(items, &resource.SearchRequest{Cursor: &first.NextCursor}, p)
			refusedCursor(t, err, scimerrors.InvalidCursor)
			for _, anys := range [][]any{nil, {items[0]}} {
				_, err = resource.ListOf(anys, &resource.SearchRequest{Cursor: &first.NextCursor}, p)
				refusedCursor(t, err, scimerrors.InvalidCursor)
				page, err := resource.ListOf(anys, &resource.SearchRequest{Cursor: new(""), Count: new(9)}, p, resource.MaxResults(2), resource.Strict())
				require.NoError(t, err)
				assert.Equal(t, 1, page.StartIndex)
			}
		}
	})
}

func TestListCursorErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cursors := cursorsOf(t, time.Minute, secret('a'))
		paging := resource.Paging(cursors, "/Users", "ann")
		for _, anys := range [][]any{{}, {staff()[0], staff()[1]}} {
			list := func(q resource.SearchRequest, cursor string, opts ...resource.Option) error {
				q.Cursor = &cursor
				_, err := resource.ListOf(anys, &q, opts...)
				_, err2 := resource.List(staff()[:len(anys)], &q, opts...)
				if err == nil || err2 == nil {
					assert.NoError(t, err)
					assert.NoError(t, err2)
					return nil
				}
				assert.Equal(t, wireOf(t, err), wireOf(t, err2), "ListOf is List")
				return err
			}
			first, err := resource.List(staff(), &resource.SearchRequest{Cursor: new(""), Count: new(1), SortBy: "userName"}, paging)
			require.NoError(t, err)
			q := resource.SearchRequest{Count: new(1), SortBy: "userName"}
			require.NoError(t, list(q, first.NextCursor, paging))
			refusedCursor(t, list(q, "forged", paging), scimerrors.InvalidCursor)
			refusedCursor(t, list(q, first.NextCursor, resource.Paging(cursors, "/Users", "bob")), scimerrors.InvalidCursor)
			refusedCursor(t, list(q, first.NextCursor, resource.Paging(cursors, "/Groups", "ann")), scimerrors.InvalidCursor)
			refusedCursor(t, list(resource.SearchRequest{Count: new(1)}, first.NextCursor, paging), scimerrors.InvalidCursor)
			refusedCursor(t, list(resource.SearchRequest{Count: new(2), SortBy: "userName"}, first.NextCursor, paging), scimerrors.InvalidCount)
			require.ErrorIs(t, list(resource.SearchRequest{Filter: "title zz"}, "", paging), scimerrors.InvalidFilter)
			require.NoError(t, list(resource.SearchRequest{Count: new(3)}, "", paging, resource.MaxResults(2)), "AMB-44")
			above := list(resource.SearchRequest{Count: new(3)}, "", paging, resource.MaxResults(2), resource.Strict())
			assert.Equal(t, "count: must be 2 or less, not 3", wireOf(t, above).Detail, "AMB-44")
			assert.Equal(t, "invalidCount", wireOf(t, above).ScimType)
			time.Sleep(time.Minute + time.Second)
			refusedCursor(t, list(q, first.NextCursor, paging), scimerrors.ExpiredCursor)
		}
	})
	cursors := cursorsOf(t, time.Hour, secret('a'))
	t.Run("a program's mistakes", func(t *testing.T) {
		twins := []*resource.Group{{DisplayName: "a"}, {DisplayName: "b"}}
		_, err := resource.List(twins, &resource.SearchRequest{Cursor: new(""), Count: new(1)}, resource.Paging(cursors))
		plainError(t, err, "one id twice")
		require.ErrorContains(t, err, `the id ""`)
		_, err = resource.List(twins, &resource.SearchRequest{Cursor: new(""), Count: new(1), SortBy: "displayName"}, resource.Paging(cursors))
		require.NoError(t, err, "the names tell them apart")
	})
	t.Run("a value that fits into no cursor", func(t *testing.T) {
		long := []*resource.Group{{Resource: resource.Resource{ID: "1"}, DisplayName: strings.Repeat("a", 4000)}, {Resource: resource.Resource{ID: "2"}, DisplayName: "b"}}
		_, err := resource.List(long, &resource.SearchRequest{Cursor: new(""), Count: new(1), SortBy: "displayName"}, resource.Paging(cursors))
		require.ErrorIs(t, err, scimerrors.TooMany)
		page, err := resource.List(long, &resource.SearchRequest{Cursor: new(""), Count: new(1), SortBy: "displayName", SortOrder: "descending"}, resource.Paging(cursors))
		require.NoError(t, err)
		page, err = resource.List(long, &resource.SearchRequest{Cursor: &page.NextCursor, Count: new(1), SortBy: "displayName", SortOrder: "descending"}, resource.Paging(cursors))
		require.NoError(t, err, "the last page needs none")
		assert.Empty(t, page.NextCursor)
	})
	bound := []string{"ann"}
	paging := resource.Paging(cursors, bound...)
	bound[0] = "bob"
	page, err := resource.List(staff(), &resource.SearchRequest{Cursor: new(""), Count: new(1)}, paging)
	require.NoError(t, err)
	_, err = cursors.Open(&resource.SearchRequest{Cursor: &page.NextCursor}, "ann")
	require.NoError(t, err, "the Option keeps its own list")
}

// Whatever is written between two pages, what stays is seen once.
func TestCursorsWhileOthersWrite(t *testing.T) {
	cursors := cursorsOf(t, time.Hour, secret('a'))
	for _, q := range []resource.SearchRequest{{}, {SortBy: "title"}, {SortBy: "title", SortOrder: "descending"}, {SortBy: "emails"}} {
		t.Run("9865-2.2-01/"+q.SortBy+" "+q.SortOrder, func(t *testing.T) {
			items, seen := staff(), map[string]int{}
			removed := map[string]bool{}
			q.Count = new(2)
			for _, p := range follow(t, q, func(q *resource.SearchRequest) (*resource.ListResponse[*Employee], error) {
				page, err := resource.List(items, q, resource.Paging(cursors))
				if err == nil && len(page.Resources) > 0 { // the last one seen goes, others come at both ends
					gone := page.Resources[len(page.Resources)-1]
					removed[gone.ID] = true
					items = slices.DeleteFunc(slices.Clone(items), func(e *Employee) bool { return e == gone })
					for _, title := range []string{"", "A", "z"} {
						fresh := &Employee{User: resource.User{Resource: resource.Resource{ID: fmt.Sprint("A", title, len(seen), gone.ID)}, UserName: "new", Title: title}}
						if len(items) < 15 {
							items = append(items, fresh)
						}
					}
				}
				return page, err
			}) {
				for _, e := range p.Resources {
					seen[e.ID]++
				}
			}
			for _, e := range staff() {
				assert.Equal(t, 1, seen[e.ID], "%s %v", e.ID, removed)
			}
			for id, n := range seen {
				assert.Equal(t, 1, n, id)
			}
		})
	}
}

// RFC 7644 section 3.4.2.1: pages over several types, whichever comes first in the store.
func TestListOfCursors(t *testing.T) {
	people := staff()
	all := make([]any, 0, 2*len(people))
	for _, e := range people {
		all = append(all, e, &resource.Group{Resource: resource.Resource{ID: "g" + e.ID}, DisplayName: e.UserName})
	}
	paging := resource.Paging(cursorsOf(t, time.Hour, secret('a')), "/")
	for _, q := range []resource.SearchRequest{{}, {SortBy: "displayName"}, {SortBy: "userName", SortOrder: "descending"}, {Filter: `id sw "g" or title pr`, SortBy: "title"}, {SortBy: "meta.created", SortOrder: "descending"}} {
		for size := 1; size < 5; size++ {
			t.Run(fmt.Sprintf("7644-3.4.2.1-05/%s %s by %d", q.SortBy, q.SortOrder, size), func(t *testing.T) {
				q.Count = nil
				whole, err := resource.ListOf(all, &resource.SearchRequest{Filter: q.Filter, SortBy: q.SortBy, SortOrder: q.SortOrder, Cursor: new("")}, paging)
				require.NoError(t, err)
				q.Count = &size
				turn := 0
				var got []any
				for cursor := ""; ; {
					turn += 3 // the store's order, and so the first type, is another each time
					page, err := resource.ListOf(append(slices.Clone(all[turn%len(all):]), all[:turn%len(all)]...), behind(q, cursor), paging)
					require.NoError(t, err)
					got = append(got, page.Resources...)
					if cursor = page.NextCursor; cursor == "" {
						break
					}
					require.LessOrEqual(t, len(got), len(all), "goes in circles")
				}
				require.Len(t, got, len(whole.Resources))
				for i := range got {
					require.Same(t, whole.Resources[i], got[i])
				}
			})
		}
	}
}
