package memory

import (
	"context"
	"iter"
	"maps"
	"slices"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// newEntry makes an entry of a head and of the lists of the resource that it was made of.
func newEntry(k *store.Kind, head any, n int64, v any) (*entry, error) {
	keys, err := k.Keys(head)
	if err != nil {
		return nil, err
	}
	e := &entry{id: resource.Common(head).ID, kind: k, head: head, n: n, keys: keys, lists: map[string]set{}}
	for _, l := range k.Lists {
		values, err := l.Elements(v)
		if err != nil {
			return nil, err
		}
		e.lists[l.Path] = make(set, len(values))
		for _, value := range values {
			e.lists[l.Path][value] = true
		}
	}
	return e, nil
}

// find finds an entry of a kind.
func (s *Store) find(ctx context.Context, k *store.Kind, id string) (*entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, scimerrors.From(err)
	}
	e, ok := s.kinds[k.Name][id]
	if !ok {
		return nil, store.ErrNotFound
	}
	return e, nil
}

// add stores new entries, all or none. They may be in each other's lists.
func (s *Store) add(entries ...*entry) error {
	fresh := make(map[string]*entry, len(entries))
	keys := map[key]bool{}
	for _, e := range entries {
		if s.all[e.id] != nil || fresh[e.id] != nil {
			return store.Taken("id")
		}
		fresh[e.id] = e
		for _, k := range e.keys {
			if keys[key{k.Scope, k.Value}] {
				return store.Taken(k.Path)
			}
		}
		for _, k := range e.keys { // twice in one resource is no fault
			keys[key{k.Scope, k.Value}] = true
		}
		if err := s.free(e.id, e.keys); err != nil {
			return err
		}
	}
	for _, e := range entries {
		for _, l := range e.kind.Lists {
			if err := s.known(l, maps.Keys(e.lists[l.Path]), fresh); err != nil {
				return err
			}
		}
	}

	for _, e := range entries {
		s.all[e.id] = e
		if s.kinds[e.kind.Name] == nil {
			s.kinds[e.kind.Name] = map[string]*entry{}
		}
		s.kinds[e.kind.Name][e.id] = e
		s.reserve(e)
		for list, elements := range e.lists {
			s.enter(e, list, slices.Collect(maps.Keys(elements)))
		}
	}
	return nil
}

// read is for Kind.Deltas.
func (e *entry) read(l store.List, values []string, all bool) ([]string, error) {
	if all {
		return slices.Collect(maps.Keys(e.lists[l.Path])), nil
	}
	return slices.DeleteFunc(values, func(value string) bool { return !e.lists[l.Path][value] }), nil
}

// free says that nobody but one has any of the unique values.
func (s *Store) free(id string, keys []store.Key) error {
	for _, k := range keys {
		if owner, ok := s.keys[key{k.Scope, k.Value}]; ok && owner != id {
			return store.Taken(k.Path)
		}
	}
	return nil
}

func (s *Store) reserve(e *entry) {
	for _, k := range e.keys {
		s.keys[key{k.Scope, k.Value}] = e.id
	}
}

func (s *Store) release(e *entry) {
	for _, k := range e.keys {
		delete(s.keys, key{k.Scope, k.Value})
	}
}

// known says that values are ids of resources that may be in a list. Some may be about to be added.
func (s *Store) known(l store.List, values iter.Seq[string], fresh map[string]*entry) error {
	for value := range values {
		e := s.all[value]
		if e == nil {
			e = fresh[value]
		}
		if e == nil || !l.Has(e.kind.Name) {
			return store.Unknown(l.Path, value)
		}
	}
	return nil
}

// enter puts resources into a list of an entry, leave takes them out.
func (s *Store) enter(e *entry, list string, ids []string) {
	for _, id := range ids {
		e.lists[list][id] = true
		if s.in[id] == nil {
			s.in[id] = map[place]bool{}
		}
		s.in[id][place{e.id, list}] = true
	}
}

func (s *Store) leave(e *entry, list string, ids []string) {
	for _, id := range ids {
		delete(e.lists[list], id)
		if delete(s.in[id], place{e.id, list}); len(s.in[id]) == 0 {
			delete(s.in, id)
		}
	}
}

// fill makes the resource of an entry.
func (s *Store) fill(e *entry, lists bool) (any, error) {
	var all map[string][]store.Element
	if lists {
		all = make(map[string][]store.Element, len(e.lists))
		for path, ids := range e.lists {
			for id := range ids {
				of := s.all[id]
				all[path] = append(all[path], store.Element{Value: id, Type: of.kind.Name, Display: of.kind.Shown(of.head)})
			}
		}
	}
	in := make(map[string][]store.Element, len(e.kind.Memberships))
	for _, l := range e.kind.Memberships {
		in[l.Path] = s.memberships(l, e.id)
	}
	return e.kind.Fill(e.head, e.n, all, in)
}

// memberships are the resources in whose lists one is or, indirectly, in whose lists one of those is. It is none of its own.
func (s *Store) memberships(l store.List, id string) []store.Element {
	var found []store.Element
	seen := set{id: true}
	kind := "direct"
	for level := []string{id}; len(level) > 0; kind = "indirect" {
		var next []string
		for _, id := range level {
			for p := range s.in[id] {
				owner := s.all[p.owner]
				if seen[p.owner] || !l.Has(owner.kind.Name) {
					continue
				}
				seen[p.owner] = true
				next = append(next, p.owner)
				found = append(found, store.Element{Value: p.owner, Type: kind, Display: owner.kind.Shown(owner.head)})
			}
		}
		level = next
	}
	return found
}
