package resource_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/scimmodels/scim/resource"
)

// BenchmarkCursor is a page's worth of work: one cursor opened and one sealed, and a page of 100 out of 10,000 in memory.
func BenchmarkCursor(b *testing.B) {
	c := cursorsOf(b, time.Hour, secret('a'))
	q := &resource.SearchRequest{Filter: `title pr and emails[type eq "work" and value ew "@example.com"]`, SortBy: "userName", Count: new(100)}
	last := []any{"bjensen@example.com", "2819c223-7f76-453a-919d-413861904646"}
	cursor, err := c.Seal(q, last, "/Users", "okta")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("seal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Seal(q, last, "/Users", "okta"); err != nil {
				b.Fatal(err)
			}
		}
	})
	next := behind(*q, cursor)
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Open(next, "/Users", "okta"); err != nil {
				b.Fatal(err)
			}
		}
	})
	forged := behind(*q, cursor[:len(cursor)-8]+"AAAAAAAA")
	b.Run("refuse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Open(forged, "/Users", "okta"); err == nil {
				b.Fatal("opened")
			}
		}
	})
	groups := make([]*resource.Group, 10_000)
	for i := range groups {
		groups[i] = &resource.Group{Resource: resource.Resource{ID: strconv.Itoa(i)}, DisplayName: "Group " + strconv.Itoa(i*7919%10_007)}
	}
	for name, q := range map[string]*resource.SearchRequest{
		"list/index":  {SortBy: "displayName", StartIndex: 5001, Count: new(100)},
		"list/cursor": {SortBy: "displayName", Cursor: new(""), Count: new(100)},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := resource.List(groups, q, resource.Paging(c, "/Groups")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
