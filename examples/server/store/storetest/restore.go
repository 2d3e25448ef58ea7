package storetest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// dump is all that is stored, with the kinds in another order than they were made in.
func (s *suite) dump() (items []store.Item) {
	s.Helper()
	for _, k := range slices.Backward(kinds) {
		for v, err := range s.store.All(s.Context(), k) {
			require.NoError(s, err)
			items = append(items, store.Item{Kind: k, Value: v})
		}
	}
	return items
}

// dumped is what is stored as text.
func (s *suite) dumped() (all []string) {
	s.Helper()
	for _, item := range s.dump() {
		all = append(all, s.text(item.Value))
	}
	return all
}

// each are items without an error.
func each(items ...store.Item) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// lived stores the resources of a town and lets some time pass.
func lived(s *suite) map[string]string {
	s.Helper()
	at := town(s)
	for i := range 3 {
		s.set(users, at["ann"], "title", fmt.Sprint("Guide ", i))
	}
	_, err := s.edit(groups, at["empty"], store.Edit{List: members, Add: []string{at["ann"]}}, store.Edit{List: members, Add: []string{at["Outer"]}})
	require.NoError(s, err)
	s.set(devices, at["lamp"], "ports", []map[string]any{{"value": "P1"}})
	return at
}

// history is the meta of a resource to restore, of a day.
func history(kind, day string) string {
	return fmt.Sprintf(`{"resourceType": %q, "version": "W/\"1\"", "created": "%[2]sT00:00:00Z", "lastModified": "%[2]sT00:00:00Z"}`, kind, day)
}

// must is for what cannot fail.
func must(err error) {
	if err != nil {
		panic(fmt.Sprint("storetest: ", err))
	}
}

func restores(open func(t *testing.T) store.Store) []test {
	another := func(s *suite) *suite { return newSuite(s.T, open(s.T)) }
	return []test{
		{"all resources with lists, by id", func(s *suite) {
			town(s)
			for _, k := range kinds {
				all := []string{}
				for v, err := range s.store.All(s.Context(), k) {
					require.NoError(s, err)
					s.same(s.get(k, id(v)), v)
					all = append(all, id(v))
				}
				assert.True(s, slices.IsSorted(all))
				assert.Equal(s, all, ids(s.search(&store.Query{Kinds: []*store.Kind{k}, Limit: 99})))
			}
			for _, err := range s.store.All(s.Context(), users) { // nobody has to listen to the end
				require.NoError(s, err)
				break
			}
			s.user("after that")
		}},
		{"what is restored is as it was", func(s *suite) {
			at := lived(s)
			before := s.dumped()
			o := another(s)
			require.NoError(s, o.store.Restore(s.Context(), each(s.dump()...)))
			assert.Equal(s, before, o.dumped())

			// and it goes on in the same way
			o.refuses(users, "userName", `{"userName": "ANN"}`)
			o.refuses(rooms, tag, `{"`+assetURN+`": {"tag": "T1"}}`)
			o.refuses(devices, "ports.value", `{"displayName": "x", "ports": [{"value": "p1"}]}`)
			o.in(at["ann"], map[string]string{at["inner"]: "direct inner", at["Outer"]: "indirect Outer", at["empty"]: "direct empty"})
			was := o.get(groups, at["inner"])
			o.remove(users, at["Ben"])
			o.changed(was, o.get(groups, at["inner"]))
			is := o.set(users, at["ann"], "title", "another")
			for _, text := range before {
				assert.NotContains(s, text, "\"version\":"+quote(version(is)))
			}
		}},
		{"from one store to the other, beside what is there", func(s *suite) {
			at := lived(s)
			o := another(s)
			own := o.get(users, o.user("own"))
			require.NoError(s, o.store.Restore(s.Context(), func(yield func(store.Item, error) bool) {
				for _, k := range kinds {
					for v, err := range s.store.All(s.Context(), k) {
						if !yield(store.Item{Kind: k, Value: v}, err) {
							return
						}
					}
				}
			}))
			o.same(own, o.get(users, id(own)))
			o.same(s.get(groups, at["Outer"]), o.get(groups, at["Outer"]))
			assert.Len(s, o.dump(), len(s.dump())+1)
		}},
		{"all or none", func(s *suite) {
			lived(s)
			items := s.dump()
			o := another(s)
			o.user("BEN")
			o.create(devices, `{"displayName": "x"}`)
			before := o.dumped()
			ben := slices.IndexFunc(items, func(i store.Item) bool { return i.Kind == users && at(i.Value, "userName") == "Ben" })
			others := slices.Delete(slices.Clone(items), ben, ben+1)
			o.taken(o.store.Restore(s.Context(), each(items...)), "userName")
			assert.Equal(s, before, o.dumped())
			o.refused(o.store.Restore(s.Context(), each(others...)), 400, scimerrors.InvalidValue) // Ben is missing in lists
			assert.Equal(s, before, o.dumped())
			o.taken(o.store.Restore(s.Context(), each(o.dump()...)), "id")
			assert.Equal(s, before, o.dumped())

			p := another(s)
			for _, c := range []struct {
				name   string
				spoil  func(v any)
				path   string
				status int
			}{
				{"id that is there", func(v any) { resource.Common(v).ID = id(items[0].Value) }, "id", 409},
				{"name that is there", func(v any) { must(resource.Set(v, "userName", "bEN")) }, "userName", 409},
				{"no id", func(v any) { resource.Common(v).ID = "" }, "id", 400},
				{"no version", func(v any) { resource.Common(v).Meta.Version = "" }, "meta.version", 400},
				{"version of somebody else", func(v any) { resource.Common(v).Meta.Version = `W/"abc"` }, "meta.version", 400},
				{"id that is too long", func(v any) { resource.Common(v).ID = random(store.MaxID + 1) }, "id", 400},
				{"name that is too long", func(v any) { must(resource.Set(v, "userName", random(store.MaxKey+1))) }, "userName", 400},
				{"character that cannot be stored", func(v any) { must(resource.Set(v, "title", "a\x00")) }, "", 400},
				{"kind of somebody else", func(v any) { resource.Common(v).Meta.ResourceType = "Group" }, "meta.resourceType", 400},
			} {
				v := value(users, `{"userName": "spoilt", "id": "spoilt", "meta": %s}`, s.part(items[ben].Value, "meta"))
				c.spoil(v)
				err := p.store.Restore(s.Context(), each(append(slices.Clone(items), store.Item{Kind: users, Value: v})...))
				require.Error(s, err, c.name)
				assert.Equal(s, c.status, scimerrors.From(err).Status, c.name)
				assert.Equal(s, c.path, scimerrors.From(err).Path, c.name)
				assert.Empty(s, p.dump(), c.name)
			}
			require.ErrorIs(s, p.store.Restore(s.Context(), func(yield func(store.Item, error) bool) {
				for _, item := range items {
					if !yield(item, nil) {
						return
					}
				}
				yield(store.Item{}, errRefused)
			}), errRefused)
			assert.Empty(s, p.dump())
			require.NoError(s, p.store.Restore(s.Context(), each(items...)))
			assert.Equal(s, s.dumped(), p.dumped())
			require.NoError(s, p.store.Restore(s.Context(), each()))
		}},
		{"the longest ids", func(s *suite) {
			long := []string{random(store.MaxID), random(store.MaxID)}
			items := []store.Item{
				{Kind: groups, Value: value(groups, `{"id": %q, "displayName": "a", "members": %s, "meta": %s}`, long[0], elements(long...), history("Group", "2024-01-01"))},
				{Kind: users, Value: value(users, `{"id": %q, "userName": %q, "meta": %s}`, long[1], random(store.MaxKey), history("User", "2024-01-01"))},
			}
			require.NoError(s, s.store.Restore(s.Context(), each(items...)))
			s.in(long[1], map[string]string{long[0]: "direct a"})
		}},
		{"a secret of its own that stays", func(s *suite) {
			a, err := s.store.Secret(s.Context())
			require.NoError(s, err)
			assert.Len(s, a, 32)
			b, err := s.store.Secret(s.Context())
			require.NoError(s, err)
			assert.Equal(s, a, b)
			c, err := another(s).store.Secret(s.Context())
			require.NoError(s, err)
			assert.NotEqual(s, a, c)
		}},
		{"it can be reached", func(s *suite) {
			require.NoError(s, s.store.Ping(s.Context()))
		}},
		{"who has gone away gets nothing", func(s *suite) {
			at := lived(s)
			before := s.dumped()
			items := s.dump()
			o := another(s)
			gone, cancel := context.WithCancel(s.Context())
			cancel()
			for name, do := range map[string]func(ctx context.Context) error{
				"Create": func(ctx context.Context) error {
					_, err := s.store.Create(ctx, users, value(users, `{"userName": "new"}`), true)
					return err
				},
				"Get": func(ctx context.Context) error { _, err := s.store.Get(ctx, users, at["ann"], true); return err },
				"Update": func(ctx context.Context) error {
					_, err := s.store.Update(ctx, users, at["ann"], true, true, func(any) (*store.Change, error) {
						return &store.Change{Next: value(users, `{"userName": "new"}`)}, nil
					})
					return err
				},
				"Delete": func(ctx context.Context) error { return s.store.Delete(ctx, users, at["ann"], agree) },
				"Search": func(ctx context.Context) error {
					_, err := s.store.Search(ctx, &store.Query{Kinds: kinds, Limit: 9})
					return err
				},
				"All": func(ctx context.Context) (err error) {
					for _, err = range s.store.All(ctx, users) {
					}
					return err
				},
				"Restore": func(ctx context.Context) error { return o.store.Restore(ctx, each(items...)) },
			} {
				err := do(gone)
				require.Error(s, err, name)
				assert.Equal(s, 503, scimerrors.From(err).Status, "%s: %v", name, err)
			}
			assert.Equal(s, before, s.dumped())
			assert.Empty(s, o.dump())
		}},
		{"who goes away in between has changed nothing", func(s *suite) {
			at := lived(s)
			before := s.dumped()
			ctx, cancel := context.WithCancel(s.Context())
			_, err := s.store.Update(ctx, groups, at["inner"], true, true, func(any) (*store.Change, error) {
				cancel()
				return &store.Change{Next: value(groups, `{"displayName": "new"}`), Edits: []store.Edit{{List: members, Clear: true}}}, nil
			})
			require.Error(s, err)
			assert.Equal(s, 503, scimerrors.From(err).Status)
			ctx, cancel = context.WithCancel(s.Context())
			err = s.store.Delete(ctx, users, at["ann"], func(any) error { cancel(); return nil })
			require.Error(s, err)
			assert.Equal(s, 503, scimerrors.From(err).Status)
			assert.Equal(s, before, s.dumped())
		}},
	}
}
