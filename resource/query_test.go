package resource_test

import (
	"errors"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// parameters is a query and its other form, the body of a search.
type parameters struct {
	name   string
	query  string // of a URL
	body   string // of POST .search; empty: there is no such form
	want   *resource.SearchRequest
	faults []fault
	strict []fault // where strict mode refuses and default mode does not
}

const search = `{"schemas":["<SEARCH>"]`

// RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865: parameters mean the same in a URL and in a body.
func TestQueries(t *testing.T) {
	for _, c := range []parameters{
		{name: "7644-3.4.3-02/nothing", query: "", body: search + `}`, want: &resource.SearchRequest{}},
		{
			name: "7644-3.4.3-02/everything", query: "attributes=userName&filter=" + url.QueryEscape(`userName eq "a+b"`) + "&sortBy=name.familyName&sortOrder=descending&startIndex=3&count=10",
			body: search + `,"attributes":["userName"],"filter":"userName eq \"a+b\"","sortBy":"name.familyName","sortOrder":"descending","startIndex":3,"count":10}`,
			want: &resource.SearchRequest{Attributes: []string{"userName"}, Filter: `userName eq "a+b"`, SortBy: "name.familyName", SortOrder: "descending", StartIndex: 3, Count: new(10)},
		},
		{name: "7644-1.2-01/decoded once", query: "filter=userName%20eq%20%22a%252Bb%22", want: &resource.SearchRequest{Filter: `userName eq "a%2Bb"`}},
		{name: "7644-3.4.2-06/unknown parameters", query: "foo=1&foo=2&Count=9&count=3", body: search + `,"foo":[1],"count":3}`, want: &resource.SearchRequest{Count: new(3)}},
		{name: "7644-3.9-05/list with a blank", query: "attributes=userName,%20name", body: search + `,"attributes":["userName","name"]}`, want: &resource.SearchRequest{Attributes: []string{"userName", "name"}}},
		{name: "7644-3.9-05/several parameters", query: "attributes=userName&attributes=name,emails.value", want: &resource.SearchRequest{Attributes: []string{"userName", "name", "emails.value"}}},
		{name: "7644-3.9-05/excluded", query: "excludedAttributes=members,%20meta", body: search + `,"excludedAttributes":["members","meta"]}`, want: &resource.SearchRequest{ExcludedAttributes: []string{"members", "meta"}}},
		{
			name: "7644-3.9-05/notation", query: "attributes=" + url.QueryEscape("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,members.$ref,"+resource.EnterpriseUserSchema+":manager.value"),
			body: search + `,"attributes":["<U>:name.givenName","<E>","members.$ref","<E>:manager.value"]}`,
			want: &resource.SearchRequest{Attributes: []string{resource.UserSchema + ":name.givenName", resource.EnterpriseUserSchema, "members.$ref", resource.EnterpriseUserSchema + ":manager.value"}},
		},
		{
			name: "AMB-27/no notation", query: "attributes=" + url.QueryEscape(`emails[type eq "work"]`) + ",userName", body: search + `,"attributes":["emails[type eq \"work\"]","userName"]}`,
			want: &resource.SearchRequest{Attributes: []string{`emails[type eq "work"]`, "userName"}}, strict: []fault{invalid("attributes", `emails[type eq \"work\"]`)},
		},
		{
			name: "AMB-27/no notation excluded", query: "excludedAttributes=a.b.c", body: search + `,"excludedAttributes":["a.b.c"]}`,
			want: &resource.SearchRequest{ExcludedAttributes: []string{"a.b.c"}}, strict: []fault{invalid("excludedAttributes", `"a.b.c"`)},
		},
		{name: "AMB-27/unknown name", query: "attributes=shoeSize", body: search + `,"attributes":["shoeSize"]}`, want: &resource.SearchRequest{Attributes: []string{"shoeSize"}}},
		{name: "AMB-28/empty", query: "attributes=&excludedAttributes=", body: search + `,"attributes":[],"excludedAttributes":[]}`, want: &resource.SearchRequest{}},
		{name: "AMB-28/empty beside names", query: "attributes=&excludedAttributes=name", body: search + `,"attributes":[],"excludedAttributes":["name"]}`, want: &resource.SearchRequest{ExcludedAttributes: []string{"name"}}},
		{name: "AMB-28/commas", query: "attributes=,,%20,", body: search + `,"attributes":[""," "]}`, want: &resource.SearchRequest{}},
		{name: "AMB-26/both lists", query: "attributes=a&excludedAttributes=b", body: search + `,"attributes":["a"],"excludedAttributes":["b"]}`, faults: []fault{invalid("excludedAttributes", "together with attributes")}},
		{name: "7644-3.9-03/both lists", query: "excludedAttributes=b&attributes=a", body: search + `,"excludedAttributes":["b"],"attributes":["a"]}`, faults: []fault{invalid("excludedAttributes", "together with attributes")}},
		{name: "7644-3.4.2.3-06/ascending", query: "sortBy=title&sortOrder=ascending", body: search + `,"sortBy":"title","sortOrder":"ascending"}`, want: &resource.SearchRequest{SortBy: "title", SortOrder: "ascending"}},
		{name: "7644-3.4.2.3-06/in any case", query: "sortBy=title&sortOrder=DESCENDING", body: search + `,"sortBy":"title","sortOrder":"DESCENDING"}`, want: &resource.SearchRequest{SortBy: "title", SortOrder: "descending"}},
		{name: "7644-3.4.2.3-06/up", query: "sortBy=title&sortOrder=up", body: search + `,"sortBy":"title","sortOrder":"up"}`, faults: []fault{invalid("sortOrder", `must be ascending or descending, not "up"`)}},
		{name: "7644-3.4.2.4-01/0", query: "startIndex=0", body: search + `,"startIndex":0}`, want: &resource.SearchRequest{}},
		{name: "7644-3.4.2.4-01/-5", query: "startIndex=-5", body: search + `,"startIndex":-5}`, want: &resource.SearchRequest{StartIndex: 1}},
		{name: "7644-3.4.2.4-02/0", query: "count=0", body: search + `,"count":0}`, want: &resource.SearchRequest{Count: new(0)}},
		{name: "7644-3.4.2.4-02/-3", query: "count=-3", body: search + `,"count":-3}`, want: &resource.SearchRequest{Count: new(0)}},
		{name: "7644-3.4.2.4-03/null and empty", query: "count=&startIndex=", body: search + `,"count":null,"startIndex":null}`, want: &resource.SearchRequest{}},
		{name: "9865-2-01/cursor empty", query: "cursor=&count=10", body: search + `,"cursor":"","count":10}`, want: &resource.SearchRequest{Cursor: new(""), Count: new(10)}},
		{name: "9865-2-01/cursor without value", query: "cursor", want: &resource.SearchRequest{Cursor: new("")}},
		{name: "9865-3-01/cursor", query: "cursor=YkU3OF86Pz0rGv.-_~", body: search + `,"cursor":"YkU3OF86Pz0rGv.-_~"}`, want: &resource.SearchRequest{Cursor: new("YkU3OF86Pz0rGv.-_~")}},
		{name: "9865-3-01/cursor null", body: search + `,"cursor":null}`, want: &resource.SearchRequest{}},
		{name: "9865-2-02/other characters", query: "cursor=a%2Fb", body: search + `,"cursor":"a/b"}`, faults: []fault{{"cursor", scimerrors.InvalidCursor, ""}}},
		{name: "9865-2-02/blank", query: "cursor=%20", body: search + `,"cursor":" "}`, faults: []fault{{"cursor", scimerrors.InvalidCursor, ""}}},
		{name: "9865-2-02/umlaut", query: "cursor=%C3%A4", body: search + `,"cursor":"ä"}`, faults: []fault{{"cursor", scimerrors.InvalidCursor, ""}}},
		{name: "AMB-43/cursor and startIndex", query: "cursor=a&startIndex=2", body: search + `,"cursor":"a","startIndex":2}`, faults: []fault{invalid("cursor", "together with startIndex")}},
		{name: "AMB-43/startIndex 0 counts as 1", query: "cursor=a&startIndex=0", body: search + `,"cursor":"a","startIndex":0}`, faults: []fault{invalid("cursor", "together with startIndex")}},
		{name: "AMB-43/first page of either", query: "cursor=&startIndex=1", body: search + `,"cursor":"","startIndex":1}`, faults: []fault{invalid("cursor", "together with startIndex")}},
		{name: "7644-3.12-06/startIndex=abc", query: "startIndex=abc", body: search + `,"startIndex":"abc"}`, faults: []fault{invalid("startIndex", "must be an integer")}},
		{name: "AMB-42/count=1.5", query: "count=1.5", body: search + `,"count":1.5}`, faults: []fault{invalid("count", "must be an integer")}},
		{name: "AMB-42/count out of range", query: "count=99999999999999999999", body: search + `,"count":99999999999999999999}`, faults: []fault{invalid("count", "")}},
		{name: "7644-3.4.3-04/count a string", body: search + `,"count":"1"}`, faults: []fault{invalid("count", `must be an integer, not the string "1"`)}},
		{name: "7644-3.12-06/several at once", query: "count=x&startIndex=y&sortOrder=up", body: search + `,"count":"x","startIndex":"y","sortOrder":"up"}`, faults: []fault{invalid("count", "an integer"), invalid("startIndex", "an integer"), invalid("sortOrder", "ascending")}},
		{name: "7644-3.12-06/twice", query: "count=1&count=2", faults: []fault{invalid("count", "more than once")}},
		{name: "7644-3.12-06/filter twice", query: "filter=title+pr&filter=userName+pr", faults: []fault{invalid("filter", "more than once")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			modes := map[string][]resource.Option{"default": nil, "strict": {resource.Strict()}}
			for mode, opts := range modes {
				faults, want := c.faults, c.want
				if mode == "strict" && c.strict != nil {
					faults, want = c.strict, nil
				}
				if c.query != "" || c.body == search+"}" {
					t.Run(mode+"/url", func(t *testing.T) {
						values, err := url.ParseQuery(c.query)
						require.NoError(t, err)
						got, err := resource.ParseQuery(values, opts...)
						sameQuery(t, want, got, err, faults)
					})
				}
				if c.body == "" {
					continue
				}
				for _, ctx := range []resource.Context{resource.QueryRequest, resource.CreationRequest} {
					t.Run(mode+"/"+ctx.String(), func(t *testing.T) {
						got, err := resource.Validate[resource.SearchRequest](ctx, []byte(urns.Replace(c.body)), opts...)
						sameQuery(t, want, got, err, faults)
					})
				}
			}
		})
	}
}

func sameQuery(t *testing.T, want, got *resource.SearchRequest, err error, faults []fault) {
	t.Helper()
	if want == nil {
		require.Error(t, err)
		assert.Nil(t, got)
		want := map[string]scimerrors.Type{}
		have := map[string]scimerrors.Type{}
		for _, f := range faults { // parameters of a URL have no order
			want[f.path] = f.kind
		}
		for _, e := range faultsOf(t, err) {
			have[e.Path] = e.Type
			assert.Equal(t, 400, e.Status)
			for _, f := range faults {
				if f.path == e.Path {
					assert.Contains(t, strconv.Quote(e.Detail), trimQuotes(f.text))
				}
			}
		}
		assert.Equal(t, want, have, "%v", err)
		return
	}
	require.NoError(t, err)
	offset, limit := want.Page(0)
	gotOffset, gotLimit := got.Page(0)
	assert.Equal(t, [2]int{offset, limit}, [2]int{gotOffset, gotLimit})
	if want.StartIndex <= 1 && got.StartIndex <= 1 { // 0, 1 and nothing are the first page
		copied := *got
		copied.StartIndex = want.StartIndex
		got = &copied
	}
	same(t, want, got)
	text, err := resource.Marshal(resource.QueryRequest, got)
	require.NoError(t, err)
	again, err := resource.Validate[resource.SearchRequest](resource.QueryRequest, text)
	require.NoError(t, err)
	same(t, got, again, string(text))
}

func trimQuotes(s string) string {
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

// The form of a search message (RFC 7644 section 3.4.3).
func TestSearchRequestForm(t *testing.T) {
	read[resource.SearchRequest](t, resource.QueryRequest, []reading{
		{name: "7644-3.4.3-02/without URN", body: `{"count":1}`, want: `{"count":1}`, repairs: []string{"MissingSchemas schemas"}, strict: []fault{syntax("schemas", "must name "+resource.SearchRequestSchema)}},
		{name: "AMB-01/schemas empty", body: `{"schemas":[],"count":1}`, want: `{"count":1}`, repairs: []string{"MissingSchemas schemas"}, strict: []fault{syntax("schemas", "must name "+resource.SearchRequestSchema)}},
		{
			name: "7644-3.4.3-02/URN of another message", body: `{"schemas":["<LIST>"],"count":1}`, want: `{"schemas":["<SEARCH>"],"count":1}`,
			repairs: []string{"UnknownSchemas schemas[0]"}, strict: []fault{syntax("schemas[0]", "must be "+resource.SearchRequestSchema)},
		},
		{
			name: "7644-3.4.3-03/attributes a string", body: search + `,"attributes":"userName, name"}`, want: `{"attributes":["userName","name"]}`,
			repairs: []string{"SingleAsList attributes"}, strict: []fault{syntax("attributes", `must be an array, not the string "userName, name"`)},
		},
		{name: "7644-3.4.3-03/attributes an array", body: search + `,"attributes":["userName"]}`, want: `{"attributes":["userName"]}`},
		{name: "7644-3.4.3-03/attributes of numbers", body: search + `,"attributes":["userName",5]}`, faults: []fault{invalid("attributes[1]", "must be a string, not the number 5")}},
		{name: "7644-3.4.3-04/filter a number", body: search + `,"filter":5}`, faults: []fault{invalid("filter", "must be a string, not the number 5")}},
		{name: "AMB-02/schemas twice", body: `{"schemas":["<SEARCH>"],"Schemas":["<SEARCH>"]}`, faults: []fault{{"", scimerrors.InvalidSyntax, "appears twice"}}},
		{name: "AMB-02/count twice", body: search + `,"count":1,"COUNT":1}`, faults: []fault{{"", scimerrors.InvalidSyntax, "appears twice"}}},
	})
}

// A client reading a list (RFC 7644 section 3.4.2, RFC 9865 section 2).
func TestListResponses(t *testing.T) {
	const list = `{"schemas":["<LIST>"]`
	const two = `"Resources":[{"schemas":["<G>"],"id":"1","displayName":"A"},{"id":"2"}]`
	read[resource.ListResponse[resource.Group]](t, resource.QueryResponse, []reading{
		{name: "7644-3.4.2-04/two of two", body: list + `,"totalResults":2,"itemsPerPage":2,"startIndex":1,` + two + `}`, want: `{"totalResults":2,"itemsPerPage":2,"startIndex":1,"Resources":[{"schemas":["<G>"],"id":"1","displayName":"A"},{"schemas":["<G>"],"id":"2"}]}`},
		{name: "7644-3.4.2-04/nothing found", body: list + `,"totalResults":0,"itemsPerPage":0,"Resources":[]}`, want: `{"totalResults":0,"Resources":[]}`},
		{name: "7644-3.4.2-04/no Resources", body: list + `,"totalResults":3,"itemsPerPage":3}`, faults: []fault{invalid("Resources", "is required when totalResults is not 0")}},
		{name: "7644-3.4.2-04/Resources null", body: list + `,"totalResults":3,"itemsPerPage":3,"Resources":null}`, faults: []fault{invalid("Resources", "is required")}},
		{name: "7644-3.4.2-04/Resources empty", body: list + `,"totalResults":3,"itemsPerPage":0,"Resources":[]}`, want: `{"totalResults":3,"Resources":[]}`},
		{name: "9865-2-06/no totalResults on a cursor page", body: list + `,"itemsPerPage":0,"nextCursor":"a","Resources":[]}`, want: `{"totalResults":null,"nextCursor":"a","Resources":[]}`},
		{name: "9865-2-06/no totalResults on an index page", body: list + `,"startIndex":1,"itemsPerPage":0,"Resources":[]}`, faults: []fault{invalid("totalResults", "is required")}},
		{name: "9865-2-06/totalResults negative", body: list + `,"totalResults":-1,"Resources":[]}`, faults: []fault{invalid("totalResults", "must be 0 or more")}},
		{name: "7644-3.4.2-03/totalResults a string", body: list + `,"totalResults":"2",` + two + `}`, faults: []fault{invalid("totalResults", `must be an integer, not the string "2"`)}},
		{name: "7643-3.1-01/a resource without id", body: list + `,"totalResults":2,"Resources":[{"id":"1"},{"displayName":"B"}]}`, faults: []fault{invalid("Resources[1].id", "always be returned")}},
		{name: "7643-2.3.1-01/wrong types inside", body: list + `,"totalResults":2,"Resources":[{"id":"1","members":[{"value":5}]},7]}`, faults: []fault{invalid("Resources[0].members[0].value", "must be a string"), invalid("Resources[1]", "must be an object, not the number 7")}},
		{name: "7643-2.3.1-01/all at once", body: list + `,"startIndex":1,"Resources":[{"displayName":"B"}]}`, faults: []fault{invalid("Resources[0].id", "always be returned"), invalid("totalResults", "is required")}},
		{name: "7644-3.4.2-04/Resources an object", body: list + `,"totalResults":1,"Resources":{"id":"1"}}`, faults: []fault{syntax("Resources", "must be an array, not an object")}},
	})
	t.Run("7644-3.4.2-02/schemas written", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, resource.Page[resource.Group](nil, nil, 0))
		require.NoError(t, err)
		written(t, `{"schemas":["`+resource.ListResponseSchema+`"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}`, text)
	})
	t.Run("7644-3.4.2-05/itemsPerPage is what is on the page", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, resource.ListResponse[resource.Group]{TotalResults: 9, StartIndex: 3, ItemsPerPage: 100, Resources: []resource.Group{{Resource: resource.Resource{ID: "1"}}}})
		require.NoError(t, err)
		partOf(t, `{"totalResults":9,"startIndex":3,"itemsPerPage":1,"Resources":[{"id":"1"}]}`, string(text))
	})
	t.Run("9865-2-06/total not known", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, resource.Page(&resource.SearchRequest{Cursor: new("")}, []resource.Group{}, -1))
		require.NoError(t, err)
		written(t, `{"schemas":["`+resource.ListResponseSchema+`"],"itemsPerPage":0,"Resources":[]}`, text)
		got, err := resource.Validate[resource.ListResponse[resource.Group]](resource.QueryResponse, text)
		require.NoError(t, err)
		assert.Equal(t, -1, got.TotalResults)
	})
	t.Run("9865-2-06/stored without totalResults", func(t *testing.T) {
		got, err := resource.Validate[resource.ListResponse[resource.Group]](resource.Storage, []byte(`{}`))
		require.NoError(t, err)
		assert.GreaterOrEqual(t, got.TotalResults, -1)
	})
}

// Lists of mixed types are written from any and read as raw JSON.
func TestMixedLists(t *testing.T) {
	u := &Employee{User: resource.User{Resource: resource.Resource{ID: "1"}, UserName: "x", Password: "hidden"}, Enterprise: &resource.EnterpriseUser{Department: "D"}}
	g := resource.Group{Resource: resource.Resource{ID: "2"}, DisplayName: "G", Members: []resource.Member{{Value: "1", Type: "User"}}}
	locate := resource.Locate("https://example.com/v2", resource.ResourceTypeFor[Employee]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups"))
	t.Run("7644-3.4.2.1-05/typed by meta and schemas", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, resource.Page(nil, []any{u, g}, 2), locate)
		require.NoError(t, err)
		partOf(t, urns.Replace(`{"Resources":[{"schemas":["<U>","<E>"],"id":"1","password":null,"meta":{"resourceType":"User","location":"https://example.com/v2/Users/1"}},
			{"schemas":["<G>"],"members":[{"$ref":"https://example.com/v2/Users/1"}],"meta":{"resourceType":"Group","location":"https://example.com/v2/Groups/2"}}]}`), string(text))
	})
	t.Run("7643-3.1-15/a resource without id", func(t *testing.T) {
		_, err := resource.Marshal(resource.QueryResponse, resource.Page(nil, []any{u, resource.Group{DisplayName: "G"}}, 2))
		require.Error(t, err)
		assert.Equal(t, "Resources[1].id", faultsOf(t, err)[0].Path)
	})
	t.Run("7644-3.4.2.1-05/what is no resource", func(t *testing.T) {
		_, err := resource.Marshal(resource.QueryResponse, resource.Page(nil, []any{u, make(chan int)}, 2))
		require.Error(t, err)
		e, ok := errors.AsType[*scimerrors.Error](err)
		require.True(t, ok)
		assert.Equal(t, 500, e.Status)
		assert.Equal(t, "Resources[1]", e.Path)
	})
}

// Page and List: RFC 7644 section 3.4.2.4.
func TestPaging(t *testing.T) {
	items := make([]*resource.Group, 15)
	for i := range items {
		items[i] = &resource.Group{Resource: resource.Resource{ID: strconv.Itoa(i + 1)}, DisplayName: "G"}
	}
	for _, c := range []struct {
		name         string
		q            *resource.SearchRequest
		most         int
		first, n     int // first is the number of the first resource on the page
		offset, size int // what a store is asked for, with most as its maximum
	}{
		{"7644-3.4.2.4-01/nil", nil, 0, 1, 15, 0, -1},
		{"7644-3.4.2.4-01/absent", &resource.SearchRequest{}, 0, 1, 15, 0, -1},
		{"7644-3.4.2.4-01/0", &resource.SearchRequest{StartIndex: 0, Count: new(4)}, 0, 1, 4, 0, 4},
		{"7644-3.4.2.4-01/-5", &resource.SearchRequest{StartIndex: -5, Count: new(4)}, 0, 1, 4, 0, 4},
		{"7644-3.4.2.4-01/3", &resource.SearchRequest{StartIndex: 3, Count: new(4)}, 0, 3, 4, 2, 4},
		{"7644-3.4.2.4-01/last", &resource.SearchRequest{StartIndex: 15, Count: new(4)}, 0, 15, 1, 14, 4},
		{"7644-3.4.2.4-01/100 of 15", &resource.SearchRequest{StartIndex: 100}, 0, 100, 0, 99, -1},
		{"7644-3.4.2.4-01/far beyond", &resource.SearchRequest{StartIndex: 1<<63 - 1, Count: new(1<<63 - 1)}, 0, 1<<63 - 1, 0, 1<<63 - 2, 1<<63 - 1},
		{"7644-3.4.2.4-02/10", &resource.SearchRequest{Count: new(10)}, 0, 1, 10, 0, 10},
		{"7644-3.4.2.4-02/0", &resource.SearchRequest{Count: new(0)}, 0, 1, 0, 0, 0},
		{"7644-3.4.2.4-02/-3", &resource.SearchRequest{Count: new(-3)}, 0, 1, 0, 0, 0},
		{"7644-3.4.2.4-03/the server chooses", &resource.SearchRequest{}, 7, 1, 7, 0, 7},
		{"7644-3.4.2.4-03/nil with a maximum", nil, 7, 1, 7, 0, 7},
		{"AMB-44/count above the maximum", &resource.SearchRequest{StartIndex: 2, Count: new(100)}, 7, 2, 7, 1, 7},
		{"7644-3.4.2.4-03/count below the maximum", &resource.SearchRequest{Count: new(3)}, 7, 1, 3, 0, 3},
		{"7644-3.4.2.4-03/no maximum", &resource.SearchRequest{Count: new(3)}, -1, 1, 3, 0, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			offset, limit := c.q.Page(c.most)
			assert.Equal(t, c.offset, offset)
			if c.size >= 0 {
				assert.Equal(t, c.size, limit)
			} else {
				assert.GreaterOrEqual(t, limit, 1<<31-1)
			}
			list, err := resource.List(items, c.q, resource.MaxResults(c.most))
			require.NoError(t, err)
			assert.Equal(t, 15, list.TotalResults, "all matches are counted")
			assert.Equal(t, c.n, list.ItemsPerPage)
			assert.Equal(t, c.first, list.StartIndex)
			require.Len(t, list.Resources, c.n)
			if c.n > 0 {
				assert.Same(t, items[c.first-1], list.Resources[0])
				assert.Same(t, items[c.first+c.n-2], list.Resources[c.n-1])
			}
			text, err := resource.Marshal(resource.QueryResponse, list)
			require.NoError(t, err)
			got, err := resource.Validate[resource.ListResponse[*resource.Group]](resource.QueryResponse, text, resource.Strict())
			require.NoError(t, err)
			assert.Len(t, got.Resources, c.n)
			assert.NotNil(t, got.Resources, "Resources is written even when empty")
		})
	}
	t.Run("7644-3.4.2-03/a page of a store", func(t *testing.T) {
		page := resource.Page(&resource.SearchRequest{StartIndex: 11, Count: new(10)}, items[10:], 15)
		assert.Equal(t, 15, page.TotalResults)
		assert.Equal(t, 11, page.StartIndex)
		assert.Equal(t, 5, page.ItemsPerPage)
	})
	t.Run("7644-3.4.2-05/no startIndex on a cursor page", func(t *testing.T) {
		page := resource.Page(&resource.SearchRequest{Cursor: new("abc")}, items[10:], 15)
		assert.Zero(t, page.StartIndex)
		text, err := resource.Marshal(resource.QueryResponse, page)
		require.NoError(t, err)
		partOf(t, `{"startIndex":null,"totalResults":15,"itemsPerPage":5}`, string(text))
	})
	t.Run("7644-3.4.2-04/nothing", func(t *testing.T) {
		list, err := resource.List[resource.Group](nil, nil)
		require.NoError(t, err)
		text, err := resource.Marshal(resource.QueryResponse, list)
		require.NoError(t, err)
		partOf(t, `{"totalResults":0,"Resources":[],"itemsPerPage":0}`, string(text))
	})
}
