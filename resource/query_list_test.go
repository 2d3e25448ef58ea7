package resource_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// staff is a store of seven, by id in this order.
func staff() []*Employee {
	one := func(id, name, given, title, number string, emails ...resource.Email) *Employee {
		e := &Employee{User: resource.User{
			Resource: resource.Resource{ID: id, ExternalID: strings.ToUpper(id)}, UserName: name, Name: resource.Name{GivenName: given}, Title: title, Emails: emails,
		}}
		if number != "" {
			e.Enterprise = &resource.EnterpriseUser{EmployeeNumber: number, Manager: resource.Manager{Value: "m" + number}}
		}
		return e
	}
	email := func(value string, primary bool) resource.Email {
		e := resource.Email{Value: value, Type: "work"}
		if primary {
			e.Primary = new(true)
		}
		return e
	}
	list := []*Employee{
		one("a", "bjensen", "Barbara", "Boss", "10", email("z@e", false), email("b@e", true)),
		one("b", "Adam", "adam", "", "9", email("c@e", false)),
		one("c", "zoe", "Zoe", "clerk", "", email("a@e", false), email("y@e", false)),
		one("d", "mandy", "", "Clerk", "2"),
		one("e", "Carl", "carl", "boss", ""),
		one("f", "dora", "Dora", "", "10", email("d@e", true)),
		one("g", "émile", "Émile", "Clerk", ""),
	}
	for i, e := range list {
		e.Meta.Created = time.Date(2020, 1, 1, i%3, 0, 0, 0, time.FixedZone("", i%2*7200))
		e.Active = new(i%2 == 0)
	}
	return list
}

func ids(list []*Employee) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.ID)
	}
	return b.String()
}

func TestListQueries(t *testing.T) {
	for _, c := range []struct {
		name   string
		q      resource.SearchRequest
		want   string // ids on the page
		total  int
		start  int
		faults []fault
		strict []fault
		opts   []resource.Option
	}{
		{name: "7644-3.4.2-03/all", want: "abcdefg", total: 7, start: 1},
		{name: "7644-3.4.2-03/matches are counted, not the page", q: resource.SearchRequest{Filter: `title pr`, Count: new(2)}, want: "ac", total: 5, start: 1},
		{name: "7644-3.4.2-04/none", q: resource.SearchRequest{Filter: `userName eq "nobody"`}, want: "", total: 0, start: 1},
		{name: "7644-3.4.2.2-02/userName", q: resource.SearchRequest{Filter: `userName eq "BJENSEN"`}, want: "a", total: 1, start: 1},
		{name: "7643-3.1-05/id is exact", q: resource.SearchRequest{Filter: `id eq "A"`}, want: "", total: 0, start: 1},
		{name: "7643-3.1-06/externalId is exact", q: resource.SearchRequest{Filter: `externalId eq "a"`}, want: "", total: 0, start: 1},
		{name: "7644-3.10-01/extension", q: resource.SearchRequest{Filter: resource.EnterpriseUserSchema + `:employeeNumber eq "10"`}, want: "af", total: 2, start: 1},
		{name: "AMB-31/extension without its URN", q: resource.SearchRequest{Filter: `employeeNumber eq "10"`}, want: "af", total: 2, start: 1, strict: []fault{{"employeeNumber", errors.InvalidFilter, ""}}},
		{name: "AMB-31/unknown", q: resource.SearchRequest{Filter: `shoeSize eq 5`}, want: "", total: 0, start: 1, strict: []fault{{"shoeSize", errors.InvalidFilter, ""}}},
		{name: "AMB-31/RejectUnknown", q: resource.SearchRequest{Filter: `shoeSize eq 5`}, opts: rejectUnknown, faults: []fault{{"shoeSize", errors.InvalidFilter, ""}}},
		{name: "7644-3.4.3-04/malformed", q: resource.SearchRequest{Filter: `userName zz "a"`}, faults: []fault{{"", errors.InvalidFilter, ""}}},
		{name: "7644-3.4.2.3-02/sortBy", q: resource.SearchRequest{SortBy: "userName"}, want: "baefdcg", total: 7, start: 1},
		{name: "7644-3.4.2.3-02/in any case", q: resource.SearchRequest{SortBy: "USERNAME", SortOrder: "ASCENDING"}, want: "baefdcg", total: 7, start: 1},
		{name: "7644-3.4.2.3-02/URN", q: resource.SearchRequest{SortBy: resource.EnterpriseUserSchema + ":employeeNumber"}, want: "afdbceg", total: 7, start: 1},
		{name: "7644-3.4.2.3-03/primary or first", q: resource.SearchRequest{SortBy: "emails"}, want: "cabfdeg", total: 7, start: 1},
		{name: "7644-3.4.2.3-03/with the part", q: resource.SearchRequest{SortBy: "emails.value"}, want: "cabfdeg", total: 7, start: 1},
		{name: "7644-3.4.2.3-04/part", q: resource.SearchRequest{SortBy: "name.givenName"}, want: "baefcgd", total: 7, start: 1},
		{name: "7644-3.4.2.3-04/complex", q: resource.SearchRequest{SortBy: "name"}, faults: []fault{invalid("sortBy", "")}},
		{name: "7644-3.4.2.3-05/missing last", q: resource.SearchRequest{SortBy: "title"}, want: "aecdgbf", total: 7, start: 1},
		{name: "7644-3.4.2.3-05/missing first", q: resource.SearchRequest{SortBy: "title", SortOrder: "descending"}, want: "bfcdgae", total: 7, start: 1},
		{name: "7644-3.4.2.3-06/descending", q: resource.SearchRequest{SortBy: "userName", SortOrder: "descending"}, want: "gcdfeab", total: 7, start: 1},
		{name: "7644-3.4.2.3-06/up", q: resource.SearchRequest{SortBy: "userName", SortOrder: "up"}, faults: []fault{invalid("sortOrder", "")}},
		{name: "7644-3.4.2.3-07/exact", q: resource.SearchRequest{SortBy: "externalId", SortOrder: "descending"}, want: "gfedcba", total: 7, start: 1},
		{name: "7644-3.4.2.3-07/instants", q: resource.SearchRequest{SortBy: "meta.created"}, want: "dbafgec", total: 7, start: 1},
		{name: "AMB-41/unknown", q: resource.SearchRequest{SortBy: "shoeSize"}, faults: []fault{invalid("sortBy", "")}},
		{name: "7644-3.4.2.4-01/filter, sort, then page", q: resource.SearchRequest{Filter: `title pr`, SortBy: "userName", StartIndex: 2, Count: new(2)}, want: "ed", total: 5, start: 2},
		{name: "7644-3.4.2.4-01/beyond the end", q: resource.SearchRequest{Filter: `title pr`, StartIndex: 6}, want: "", total: 5, start: 6},
		{name: "7644-3.4.2.4-02/count 0", q: resource.SearchRequest{Filter: `title pr`, Count: new(0)}, want: "", total: 5, start: 1},
		{name: "7644-3.4.2.4-03/MaxResults", q: resource.SearchRequest{SortBy: "userName", SortOrder: "descending"}, want: "gc", total: 7, start: 1, opts: []resource.Option{resource.MaxResults(2)}},
		{name: "AMB-44/count above MaxResults", q: resource.SearchRequest{StartIndex: 3, Count: new(100)}, want: "cde", total: 7, start: 3, opts: []resource.Option{resource.MaxResults(3)}},
		{name: "7644-3.9-01/attributes are for the answer", q: resource.SearchRequest{Filter: `title eq "boss"`, Attributes: []string{"userName"}}, want: "ae", total: 2, start: 1},
		{name: "AMB-36/blanks", q: resource.SearchRequest{Filter: `title   pr`}, want: "acdeg", total: 5, start: 1, strict: []fault{{"", errors.InvalidFilter, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for mode, opts := range map[string][]resource.Option{"default": c.opts, "strict": append(slices.Clone(c.opts), resource.Strict())} {
				faults := c.faults
				if mode == "strict" && c.strict != nil {
					faults = c.strict
				}
				items, before := staff(), staff()
				order, q := slices.Clone(items), c.q
				anys := make([]any, len(items))
				for i, e := range items {
					anys[i] = e
				}
				list, err := resource.List(items, &q, opts...)
				assert.Equal(t, before, items, "the resources are changed")
				assert.True(t, slices.Equal(order, items), "the list is changed")
				assert.Equal(t, c.q, q, "the query is changed")
				if faults != nil {
					assert.Nil(t, list)
					got := faultsOf(t, err)
					require.Len(t, got, 1)
					assert.Equal(t, faults[0].kind, got[0].Type, "%s: %v", mode, err)
					assert.Equal(t, 400, got[0].Status)
					continue
				}
				require.NoError(t, err, mode)
				assert.Equal(t, c.want, ids(list.Resources), mode)
				assert.Equal(t, [3]int{c.total, c.start, len(c.want)}, [3]int{list.TotalResults, list.StartIndex, list.ItemsPerPage})
				for _, e := range list.Resources {
					assert.Contains(t, order, e)
					assert.True(t, slices.ContainsFunc(order, func(o *Employee) bool { return o == e }), "a copy")
				}
				assert.NotNil(t, list.Resources)

				mixed, err := resource.ListOf(anys, &q, opts...)
				require.NoError(t, err)
				assert.Len(t, mixed.Resources, len(c.want))
				for i, e := range mixed.Resources {
					assert.Same(t, list.Resources[i], e, "ListOf is List")
				}
				assert.Equal(t, [3]int{c.total, c.start, len(c.want)}, [3]int{mixed.TotalResults, mixed.StartIndex, mixed.ItemsPerPage})
			}
		})
	}
}

// What a page holds belongs to the caller: changing the page does not change the store.
func TestListStaysApart(t *testing.T) {
	t.Run("7644-3.4.2-03/items untouched", func(t *testing.T) {
		for _, q := range []*resource.SearchRequest{nil, {}, {Filter: "title pr"}, {SortBy: "userName"}, {StartIndex: 2, Count: new(2)}} {
			items := staff()
			order := slices.Clone(items)
			list, err := resource.List(items, q)
			require.NoError(t, err)
			if len(list.Resources) < len(items) {
				list.Resources = append(list.Resources, nil)
			}
			assert.True(t, slices.Equal(order, items), "appending to the page of %+v writes into the store", q)
		}
	})
	t.Run("7644-3.4.2.3-02/equal ones keep their order", func(t *testing.T) {
		random := rand.New(rand.NewPCG(7, 8))
		items := make([]*resource.Group, 500)
		for i := range items {
			items[i] = &resource.Group{Resource: resource.Resource{ID: strconv.Itoa(i)}, DisplayName: []string{"a", "B", "", "b", "A"}[random.IntN(5)]}
		}
		for _, order := range []string{"ascending", "descending"} {
			list, err := resource.List(items, &resource.SearchRequest{SortBy: "displayName", SortOrder: order})
			require.NoError(t, err)
			last := map[string]int{}
			for _, g := range list.Resources {
				n, err := strconv.Atoi(g.ID)
				require.NoError(t, err)
				name := strings.ToLower(g.DisplayName)
				if before, ok := last[name]; ok {
					require.Less(t, before, n, order)
				}
				last[name] = n
			}
		}
	})
	t.Run("7644-3.4.2.4-01/pages make up the whole", func(t *testing.T) {
		for _, q := range []resource.SearchRequest{{}, {SortBy: "title"}, {Filter: "title pr", SortBy: "emails", SortOrder: "descending"}} {
			whole, err := resource.List(staff(), &q)
			require.NoError(t, err)
			for size := 1; size < 9; size++ {
				var got strings.Builder
				for start := 1; ; {
					page := q
					page.StartIndex, page.Count = start, &size
					list, err := resource.List(staff(), &page)
					require.NoError(t, err)
					require.Equal(t, whole.TotalResults, list.TotalResults)
					if len(list.Resources) == 0 {
						break
					}
					got.WriteString(ids(list.Resources))
					start += len(list.Resources)
				}
				assert.Equal(t, ids(whole.Resources), got.String(), "%+v by %d", q, size)
			}
		}
	})
}

// RFC 7644 section 3.4.2.1: one query over several types.
func TestListOfTypes(t *testing.T) {
	user := &Employee{User: resource.User{Resource: resource.Resource{ID: "u"}, UserName: "n", DisplayName: "M"}}
	group := &resource.Group{Resource: resource.Resource{ID: "g"}, DisplayName: "b"}
	late := &resource.Group{Resource: resource.Resource{ID: "h"}, DisplayName: "Z"}
	all := []any{late, user, group}
	for _, c := range []struct {
		name string
		q    resource.SearchRequest
		want []any
	}{
		{"7644-3.4.2.1-05/everything", resource.SearchRequest{}, []any{late, user, group}},
		{"7644-3.4.2.1-05/of both types", resource.SearchRequest{SortBy: "displayName"}, []any{group, user, late}},
		{"7644-3.4.2.1-05/of one type", resource.SearchRequest{Filter: `userName eq "N"`}, []any{user}},
		{"AMB-31/no value elsewhere", resource.SearchRequest{Filter: `not (userName eq "n")`}, []any{late, group}},
		{"AMB-31/of no type", resource.SearchRequest{Filter: `shoeSize pr`}, nil},
		{"7644-3.4.2.3-05/sorted by what one type has", resource.SearchRequest{SortBy: "userName"}, []any{user, late, group}},
		{"7644-3.4.2.3-05/descending", resource.SearchRequest{SortBy: "userName", SortOrder: "descending"}, []any{late, group, user}},
		{"7644-3.4.2.3-05/with the URN of one type", resource.SearchRequest{SortBy: resource.GroupSchema + ":displayName"}, []any{group, late, user}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
				list, err := resource.ListOf(all, &c.q, opts...)
				require.NoError(t, err)
				require.Len(t, list.Resources, len(c.want))
				for i := range c.want {
					assert.Same(t, c.want[i], list.Resources[i], "%d", i)
				}
			}
		})
	}
	for _, items := range [][]any{nil, {}, all} {
		t.Run(fmt.Sprintf("7644-3.4.3-04/faults over %d items", len(items)), func(t *testing.T) {
			_, err := resource.ListOf(items, &resource.SearchRequest{Filter: `userName zz`})
			require.ErrorIs(t, err, errors.InvalidFilter)
			_, err = resource.ListOf(items, &resource.SearchRequest{SortBy: "userName", SortOrder: "up"})
			require.ErrorIs(t, err, errors.InvalidValue)
		})
	}
	t.Run("7644-3.4.2-04/no items", func(t *testing.T) {
		list, err := resource.ListOf(nil, nil)
		require.NoError(t, err)
		text, err := resource.Marshal(resource.QueryResponse, list)
		require.NoError(t, err)
		partOf(t, `{"totalResults":0,"Resources":[]}`, string(text))
	})
	t.Run("a program's mistakes", func(t *testing.T) {
		for _, items := range [][]any{{nil}, {5}, {(*Employee)(nil)}} {
			_, err := resource.ListOf(items, nil)
			plainError(t, err, fmt.Sprint(items))
		}
	})
}

// Filters and order in a URL and in a body: only their syntax can be judged without a type.
func TestQuerySyntax(t *testing.T) {
	for _, c := range []struct {
		name, parameter, text string
		kind, strict          errors.Type // of the refusal; empty: accepted
	}{
		{"7644-3.4.2.2-01/filter", "filter", `userName eq "a" and (title pr or emails[type eq "work"])`, "", ""},
		{"7644-3.4.3-04/unknown names are for later", "filter", `shoeSize gt 5`, "", ""},
		{"7644-3.4.2.2-01/no operator", "filter", `userName`, errors.InvalidFilter, errors.InvalidFilter},
		{"7644-3.4.2.2-01/no value", "filter", `userName eq`, errors.InvalidFilter, errors.InvalidFilter},
		{"7644-3.4.2.2-01/open bracket", "filter", `emails[type eq "work"`, errors.InvalidFilter, errors.InvalidFilter},
		{"7644-3.4.2.2-01/more behind", "filter", `title pr title`, errors.InvalidFilter, errors.InvalidFilter},
		{"7644-3.4.2.2-01/too deep", "filter", strings.Repeat("(", 1000) + "title pr" + strings.Repeat(")", 1000), errors.InvalidFilter, errors.InvalidFilter},
		{"AMB-36/blanks", "filter", `title  pr`, "", errors.InvalidFilter},
		{"AMB-35/literal", "filter", `active eq True`, "", errors.InvalidFilter},
		{"AMB-37/part behind a value path", "filter", `emails[type eq "work"].value eq "x"`, "", errors.InvalidFilter},
		{"7644-3.4.2.3-02/sortBy", "sortBy", resource.EnterpriseUserSchema + ":manager.value", "", ""},
		{"AMB-41/sortBy unknown is for later", "sortBy", "shoeSize", "", ""},
		{"7644-3.4.2.3-06/sortOrder", "sortOrder", "DESCENDING", "", ""},
		{"7644-3.4.2.3-06/sortOrder unknown", "sortOrder", "desc", errors.InvalidValue, errors.InvalidValue},
	} {
		t.Run(c.name, func(t *testing.T) {
			for want, opts := range map[*errors.Type][]resource.Option{&c.kind: nil, &c.strict: {resource.Strict()}} {
				parsed, err := resource.ParseQuery(url.Values{c.parameter: {c.text}}, opts...)
				read, err2 := resource.Validate[resource.SearchRequest](resource.QueryRequest, []byte(`{"schemas":["`+resource.SearchRequestSchema+`"],"`+c.parameter+`":`+shortJSON(c.text)+`}`), opts...)
				if *want != "" {
					for _, err := range []error{err, err2} {
						list := faultsOf(t, err)
						require.Len(t, list, 1)
						assert.Equal(t, [2]any{*want, 400}, [2]any{list[0].Type, list[0].Status})
					}
					assert.Nil(t, parsed)
					assert.Nil(t, read)
					continue
				}
				require.NoError(t, err)
				require.NoError(t, err2)
				assert.Equal(t, parsed.Filter+parsed.SortBy+parsed.SortOrder, read.Filter+read.SortBy+read.SortOrder)
				assert.Equal(t, strings.ToLower(c.text), strings.ToLower(parsed.Filter+parsed.SortBy+parsed.SortOrder))
				same(t, parsed, read)
			}
		})
	}
	for name, query := range map[string]string{"7644-3.4.2.2-01/filter empty": "filter=", "7644-3.4.2.2-01/filter without value": "filter", "7644-3.4.2.2-01/filter blank": "filter=%20%09"} {
		t.Run(name, func(t *testing.T) {
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
				values, err := url.ParseQuery(query)
				require.NoError(t, err)
				q, err := resource.ParseQuery(values, opts...)
				assert.Nil(t, q)
				list := faultsOf(t, err)
				require.Len(t, list, 1, "%v", err)
				assert.Equal(t, [3]any{errors.InvalidFilter, 400, "filter"}, [3]any{list[0].Type, list[0].Status, list[0].Path})
			}
		})
	}
}
