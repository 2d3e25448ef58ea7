package resource_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// paths are attributes of a type and what is close to one, for projections and orders.
func (w *twin) paths() []string {
	list := []string{"schemas", "id", "ID", "externalId", "meta", "meta.location", "META.Version", "x", "x.y", "", " userName ", "urn:x:y", "emails[type eq \"work\"]", w.schemas[0].ID}
	for i, s := range w.schemas {
		prefix := s.ID + ":"
		if i == 0 {
			prefix = ""
		} else {
			list = append(list, s.ID, s.ID+":x", strings.ToUpper(s.ID))
		}
		for _, a := range s.Attributes {
			list = append(list, prefix+a.Name, strings.ToUpper(prefix+a.Name), s.ID+":"+a.Name)
			for _, sub := range a.SubAttributes {
				list = append(list, prefix+a.Name+"."+sub.Name)
			}
		}
	}
	return list
}

// attributes and excludedAttributes, one by one and in twos and threes.
func TestRuntimeProjections(t *testing.T) {
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			stored, paths, written := w.stored(t), w.paths(), 0
			try := func(ctx resource.Context, opts ...resource.Option) {
				for i, s := range stored {
					if i < 8 && w.equalMarshal(t, ctx, s.compiled, s.made, opts...) {
						written++
					}
				}
			}
			for i, path := range paths {
				more := []string{path, paths[(7*i+3)%len(paths)], paths[(11*i+5)%len(paths)]}
				for n := range more {
					try(resource.QueryResponse, &resource.SearchRequest{Attributes: more[:n+1]})
					try(resource.QueryResponse, &resource.SearchRequest{ExcludedAttributes: more[:n+1]})
				}
				try(resource.CreationResponse, &resource.SearchRequest{Attributes: more[:1]})
				try(resource.PatchResponse, &resource.SearchRequest{ExcludedAttributes: more[:1]}, resource.Sent(more...), everywhere)
			}
			assert.Greater(t, written, 1_000)
		})
	}
}

// filters are those of the RFC, of the corpus and of the other parsers' tests, each once.
func filters(t *testing.T) (list []string) {
	t.Helper()
	require.NoError(t, json.Unmarshal(rfcFile(t, "rfc7644-3.4.2.2-filters.json"), &list))
	require.Len(t, list, 17)
	for _, q := range queries(t) {
		list = append(list, q.Get("filter"))
	}
	text, err := os.ReadFile("../filter/testdata/filter-parser-behaviour.tsv")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "\t"); cells[0] != "function" {
			input, err := strconv.Unquote(cells[1])
			require.NoError(t, err, line)
			list = append(list, input)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	require.Greater(t, len(list), 250)
	return list
}

// queries are the query strings of the corpus.
func queries(t *testing.T) (list []url.Values) {
	t.Helper()
	for _, x := range corpus(t) {
		u, err := url.Parse(x.Request.Path)
		require.NoError(t, err)
		if u.RawQuery != "" {
			list = append(list, u.Query())
		}
	}
	require.Greater(t, len(list), 20)
	return list
}

func TestRuntimeFilters(t *testing.T) {
	texts := filters(t)
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			stored := w.stored(t)
			refused, matched, missed := 0, 0, 0
			for _, text := range texts {
				for mode, opts := range modes {
					one, e1 := w.compile(text, opts...)
					two, e2 := filter.CompileType(w.made, text, opts...)
					if !w.equalErrors(t, e1, e2, mode, text) {
						refused++
						continue
					}
					for _, s := range stored {
						want, got := one.Match(s.compiled), two.Match(s.made)
						if want != got {
							t.Errorf("%s %s: %t, at run time %t", mode, text, want, got)
						}
						if want {
							matched++
						} else {
							missed++
						}
					}
				}
			}
			assert.Greater(t, refused, 500)
			assert.Greater(t, matched, 1_000)
			assert.Greater(t, missed, 5_000)
		})
	}
}

func TestRuntimeOrders(t *testing.T) {
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			stored := w.stored(t)
			sorted, moved := 0, 0
			for _, path := range w.paths() {
				for _, order := range []string{"", "ascending", "DESCENDING", "up"} {
					for _, opts := range [][]resource.Option{nil, {resource.Strict()}} {
						one, e1 := w.order(path, order, opts...)
						two, e2 := filter.CompileOrderType(w.made, path, order, opts...)
						if !w.equalErrors(t, e1, e2, path) {
							continue
						}
						compiled, made := slices.Clone(stored), slices.Clone(stored)
						slices.SortStableFunc(compiled, func(a, b both) int { return one.Compare(a.compiled, b.compiled) })
						slices.SortStableFunc(made, func(a, b both) int { return two.Compare(a.made, b.made) })
						for i := range compiled {
							if compiled[i] != made[i] {
								t.Errorf("%s %s: another order at %d", path, order, i)
								break
							}
						}
						if sorted++; !slices.Equal(compiled, stored) {
							moved++
						}
					}
				}
			}
			assert.Greater(t, sorted, 50)
			assert.Greater(t, moved, 20)
		})
	}
}

// The queries of the corpus and some more, as a list in memory.
func TestRuntimeLists(t *testing.T) {
	some := append(queries(t),
		url.Values{}, url.Values{"sortBy": {"userName"}, "sortOrder": {"descending"}, "startIndex": {"3"}, "count": {"4"}},
		url.Values{"filter": {`emails[type eq "work"] or members pr`}, "sortBy": {"meta.created"}}, url.Values{"sortBy": {"x"}}, url.Values{"count": {"0"}},
		url.Values{"filter": {"nope eq 1"}, "attributes": {"userName,emails.value," + enterpriseURN}})
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			var compiled, made []any
			for _, s := range w.stored(t) {
				compiled, made = append(compiled, s.compiled), append(made, s.made)
			}
			answered := 0
			for _, values := range some {
				q, err := resource.ParseQuery(values)
				if err != nil {
					continue
				}
				for _, opts := range [][]resource.Option{nil, {resource.Strict()}, {resource.MaxResults(3)}} {
					one, e1 := resource.ListOf(compiled, q, opts...)
					two, e2 := resource.ListOf(made, q, opts...)
					if w.equalErrors(t, e1, e2, values) {
						w.equalMarshal(t, resource.QueryResponse, one, two, q)
						answered++
					}
					three, e3 := w.list(compiled, q, opts...)
					if e3 == nil && assert.NoError(t, e2) {
						w.equalMarshal(t, resource.QueryResponse, three, two, q)
					}
				}
			}
			assert.Greater(t, answered, 60)
		})
	}
}

// patches are the bodies of PATCH requests of RFC and corpus, and paths to all attributes.
func (w *twin) patches(t *testing.T) (list [][]byte) {
	t.Helper()
	for _, body := range bodies(t) {
		if bytes.Contains(body, []byte("Operations")) {
			list = append(list, body)
		}
	}
	require.Greater(t, len(list), 60)
	for i, path := range w.paths() {
		for k, value := range []any{"x", true, map[string]any{"value": "7", "type": "work", "primary": true}, []any{map[string]any{"value": "8"}}, nil, []any{}} {
			op := []string{"add", "replace", "remove"}[(i+k)%3]
			text, err := json.Marshal(map[string]any{"Operations": []any{map[string]any{"op": op, "path": path, "value": value}}})
			require.NoError(t, err)
			list = append(list, text)
		}
	}
	return list
}

// Every PATCH has the same normal form and the same effect.
func TestRuntimePatches(t *testing.T) {
	for _, w := range twins(t) {
		t.Run(w.name, func(t *testing.T) {
			stored := w.stored(t)[:6]
			read, applied, same := 0, 0, 0
			for _, body := range w.patches(t) {
				for _, mode := range []string{"default", "strict", "reject"} {
					one, e1 := w.patch(body, modes[mode]...)
					two, e2 := resource.ValidateAs(w.made, resource.PatchRequest, body, modes[mode]...)
					if !w.equalErrors(t, e1, e2, mode, string(body)) {
						continue
					}
					read++
					w.equalMarshal(t, resource.PatchRequest, one, two)
					w.equalChanges(t, one, as[*resource.PatchOp[any]](two))
					for _, s := range stored {
						before, err := resource.Marshal(resource.Storage, s.made)
						require.NoError(t, err)
						compiled, e1 := w.apply(s.compiled, one)
						made, e2 := patch.ApplyTo(s.made, as[*resource.PatchOp[any]](two))
						if !w.equalErrors(t, e1, e2, string(body)) {
							continue
						}
						if applied++; (compiled == s.compiled) != (made == s.made) {
							t.Errorf("%s: changed: %t, at run time %t", body, compiled != s.compiled, made != s.made)
						}
						if made == s.made {
							same++
						}
						w.equalMarshal(t, resource.Storage, compiled, made)
						w.equalMarshal(t, resource.PatchResponse, compiled, made)
						w.equalDiff(t, s, both{compiled, made})
						after, err := resource.Marshal(resource.Storage, s.made)
						require.NoError(t, err)
						require.Equal(t, string(before), string(after))
					}
				}
			}
			assert.Greater(t, read, 100)
			assert.Greater(t, applied, 500)
			assert.Greater(t, applied-same, 200)
			assert.Greater(t, same, 20)
		})
	}
}

func (w *twin) equalChanges(t *testing.T, one any, two *resource.PatchOp[any]) {
	t.Helper()
	compiled, e1 := w.changes(one)
	made, e2 := patch.ChangesOf(w.made, two)
	if !w.equalErrors(t, e1, e2) || !assert.Len(t, made, len(compiled)) {
		return
	}
	for i, c := range compiled {
		m := made[i]
		values := make([]string, 2)
		for k, v := range []any{c.Value, m.Value} {
			text, err := resource.Marshal(resource.Storage, &resource.PatchOp[any]{Operations: []resource.PatchOperation{{Op: c.Op, Value: v}}})
			require.NoError(t, err)
			values[k] = string(text)
		}
		assert.Equal(t, values[0], values[1])
		c.Value, m.Value = nil, nil
		if !reflect.DeepEqual(c, m) {
			t.Errorf("compiled: %+v\nruntime:  %+v", c, m)
		}
	}
}

func (w *twin) equalDiff(t *testing.T, from, to both) {
	t.Helper()
	one, e1 := w.diff(from.compiled, to.compiled)
	two, e2 := patch.DiffOf(from.made, to.made)
	if !w.equalErrors(t, e1, e2) {
		return
	}
	if (one == nil) != (two == nil) {
		t.Errorf("compiled: %v, runtime: %v", one, two)
		return
	}
	if one != nil {
		w.equalMarshal(t, resource.PatchRequest, one, two)
	}
}
