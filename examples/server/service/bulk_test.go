package service_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

func bulk(operations ...string) string {
	return `{"schemas": ["` + resource.BulkRequestSchema + `"], "Operations": [` + strings.Join(operations, ", ") + `]}`
}

func results(a ask.Answer) []map[string]any {
	a.T.Helper()
	a.Is(200).Has(`{"schemas": ["` + resource.BulkResponseSchema + `"]}`)
	list, _ := a.Doc["Operations"].([]any)
	all := make([]map[string]any, len(list))
	for i := range list {
		all[i], _ = list[i].(map[string]any)
	}
	return all
}

func TestBulk(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			types := usual()
			c := serve(t, open(t, types), types)
			old, _ := c.User("old")
			_, bobID := c.User("bob")
			tag := c.Get(old).Tag()

			t.Run("7644-3.7.2-01, 7644-3.7-11: everything at once, forward references too", func(t *testing.T) {
				c := c.On(t)
				r := results(c.Post("/Bulk", bulk(
					`{"method": "POST", "path": "/Groups", "bulkId": "g", "data": `+ask.Group("guides", "bulkId:ann", bobID)+`}`,
					`{"method": "POST", "path": "/Users", "bulkId": "ann", "data": `+ask.User("ann", `, "`+resource.EnterpriseUserSchema+`": {"manager": {"value": "bulkId:boss"}}`)+`}`,
					`{"method": "POST", "path": "/Users", "bulkId": "boss", "data": `+ask.User("boss")+`}`,
					`{"method": "PATCH", "path": "/Users/bulkId:boss", "data": {"schemas": ["`+resource.PatchOpSchema+`"], "Operations": [{"op": "add", "path": "title", "value": "Boss"}]}}`,
					`{"method": "PUT", "path": "`+old+`", "version": "`+strings.ReplaceAll(tag, `"`, `\"`)+`", "data": `+ask.User("older")+`}`,
				)))
				require.Len(t, r, 5)
				for i, status := range []string{"201", "201", "201", "200", "200"} {
					assert.Equal(t, status, r[i]["status"], "operation %d: %v", i, r[i])
				}
				assert.Equal(t, "g", r[0]["bulkId"])
				group, _ := r[0]["location"].(string)
				ann, _ := r[1]["location"].(string)
				boss, _ := r[2]["location"].(string)
				direct := ask.New(t, c.Handler, "", token)
				members := direct.Get(group).Is(200).Values("members")
				assert.ElementsMatch(t, []string{bobID, ann[strings.LastIndex(ann, "/")+1:]}, members)
				a := direct.Get(boss).Is(200).Has(`{"title": "Boss"}`)
				assert.Equal(t, a.Tag(), r[3]["version"], "7644-3.14-01: of a later operation on the same resource")
				direct.Get(ann).Is(200).Has(`{"` + resource.EnterpriseUserSchema + `": {"manager": {"value": "` + a.ID() + `"}}}`)
				c.Get(old).Is(200).Has(`{"userName": "older"}`)
			})
			t.Run("7644-3.12-08, 7644-3.7-09, 7644-3.12-07: what fails, fails alone", func(t *testing.T) {
				c := c.On(t)
				r := results(c.Post("/Bulk", bulk(
					`{"method": "DELETE", "path": "`+old+`", "version": "W/\"stale\""}`,
					`{"method": "POST", "path": "/Users", "bulkId": "a", "data": `+ask.User("OLDER")+`}`,
					`{"method": "PATCH", "path": "`+old+`", "data": {"schemas": ["`+resource.PatchOpSchema+`"], "Operations": [{"op": "replace", "path": "emails[type eq \"x\"]", "value": {"value": "v"}}]}}`,
					`{"method": "GET", "path": "/Users"}`,
					`{"method": "POST", "path": "/Bulk", "bulkId": "b", "data": {}}`,
					`{"method": "POST", "path": "/Users/.search", "bulkId": "c", "data": {}}`,
					`{"method": "PUT", "path": "/Nothing/1", "data": {}}`,
					`{"method": "POST", "path": "http://evil.example/Users", "bulkId": "d", "data": `+ask.User("evil")+`}`,
					`{"method": "DELETE", "path": "/Users/nobody"}`,
					`{"method": "DELETE", "path": "`+old+`"}`,
				)))
				require.Len(t, r, 10)
				for i, want := range []struct{ status, scimType string }{
					{"412", ""}, {"409", "uniqueness"}, {"400", "noTarget"}, {"400", "invalidSyntax"}, {"404", ""}, {"400", "invalidSyntax"}, {"404", ""}, {"400", ""}, {"404", ""}, {"204", ""},
				} {
					assert.Equal(t, want.status, r[i]["status"], "operation %d: %v", i, r[i])
					if response, _ := r[i]["response"].(map[string]any); want.scimType != "" {
						assert.Equal(t, want.scimType, response["scimType"], "operation %d", i)
					}
				}
				c.Get(old).Is(404)
			})
			t.Run("7644-3.7.1-01: a circle", func(t *testing.T) {
				c := c.On(t)
				r := results(c.Post("/Bulk", bulk(
					`{"method": "POST", "path": "/Groups", "bulkId": "x", "data": `+ask.Group("X", "bulkId:y")+`}`,
					`{"method": "POST", "path": "/Groups", "bulkId": "y", "data": `+ask.Group("Y", "bulkId:x")+`}`,
				)))
				require.Len(t, r, 2)
				direct := ask.New(t, c.Handler, "", token)
				x, _ := r[0]["location"].(string)
				y, _ := r[1]["location"].(string)
				assert.Equal(t, []string{y[strings.LastIndex(y, "/")+1:]}, direct.Get(x).Is(200).Values("members"))
				assert.Equal(t, []string{x[strings.LastIndex(x, "/")+1:]}, direct.Get(y).Is(200).Values("members"))
			})
			t.Run("7644-3.7-13, 7644-3.7-02: a request that fails as a whole", func(t *testing.T) {
				c := c.On(t)
				c.Post("/Bulk", `{`).Fails(400, "invalidSyntax")
				c.Post("/Bulk", bulk()).Fails(400, "invalidSyntax")
				c.Post("/Bulk", `{"Operations": []}`).Fails(400, "invalidSyntax")
				one := `{"method": "DELETE", "path": "/Users/none"}`
				c.Post("/Bulk", bulk(strings.Repeat(one+",", service.MaxOperations)+one)).Fails(413, "", "1000")
			})
		})
	}
}

// slow is a store that takes its time to create something.
type slow struct {
	store.Store
	each time.Duration
}

func (s slow) Create(ctx context.Context, k *store.Kind, v any, lists bool) (any, error) {
	time.Sleep(s.each)
	return s.Store.Create(ctx, k, v, lists)
}

// 7644-3.7.3-01: where the time is not enough for all operations, each of the others says that it has not been carried out.
func TestBulkOutOfTime(t *testing.T) {
	users := func(names ...string) (operations []string) {
		for _, name := range names {
			operations = append(operations, `{"method": "POST", "path": "/Users", "bulkId": "`+name+`", "data": `+ask.User(name)+`}`)
		}
		return operations
	}
	circle := []string{
		`{"method": "POST", "path": "/Groups", "bulkId": "g", "data": ` + ask.Group("g", "bulkId:h") + `}`,
		`{"method": "POST", "path": "/Groups", "bulkId": "h", "data": ` + ask.Group("h", "bulkId:g") + `}`,
	}
	for name, x := range map[string]struct {
		body  string
		want  []string
		there []string // users and groups
	}{
		"all of the rest": {
			bulk(append(users("a", "b", "c", "d"), `{"method": "DELETE", "path": "/Users/none"}`, `{"method": "GET", "path": "/Users"}`)...),
			[]string{"201", "201", "503", "503", "503", "400"}, []string{"a", "b"},
		},
		"7644-3.7-10: failOnErrors leaves out the rest": {
			strings.Replace(bulk(users("a", "b", "c", "d", "e", "f", "g")...), `"Operations"`, `"failOnErrors": 2, "Operations"`, 1),
			[]string{"201", "201", "503", "503"}, []string{"a", "b"},
		},
		"what refers to the rest": {
			bulk(append(users("a", "b", "c", "d"), `{"method": "POST", "path": "/Groups", "bulkId": "g", "data": `+ask.Group("g", "bulkId:d")+`}`)...),
			[]string{"201", "201", "503", "503", "400"}, []string{"a", "b"},
		},
		"7644-3.7.1-01: what has been created of a circle is deleted again": {
			bulk(append(users("a"), circle...)...), []string{"201", "409", "503"}, []string{"a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				types := usual()
				c := serve(t, slow{inMemory(t, types), service.Patience * 2 / 5}, types) // the third one comes too late
				r := results(c.Post("/Bulk", x.body))
				statuses := make([]string, len(r))
				for i := range r {
					statuses[i], _ = r[i]["status"].(string)
					if statuses[i] != "201" {
						assert.Contains(t, r[i]["response"], "detail", "7644-3.7.3-04")
					}
				}
				assert.Equal(t, x.want, statuses)
				there := c.Get("/Users").Is(200).Each("userName")
				there = append(there, c.Get("/Groups").Is(200).Each("displayName")...)
				assert.ElementsMatch(t, x.there, there)
			})
		})
	}
}
