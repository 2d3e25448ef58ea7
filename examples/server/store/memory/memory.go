// Package memory keeps resources in memory: for tests, and to try things out.
package memory

import (
	"context"
	"crypto/rand"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/ids"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// Store is a store.Store. All is under one lock: whoever changes something waits for the others.
type Store struct {
	secret []byte

	mu    sync.RWMutex
	all   map[string]*entry            // by id
	kinds map[string]map[string]*entry // by kind and id
	keys  map[key]string               // the id of who has a unique value
	in    map[string]map[place]bool    // the lists in which a resource is
}

// entry is a stored resource. Its head is never written to, only exchanged.
type entry struct {
	id    string
	kind  *store.Kind
	head  any
	n     int64 // of its changes, from 1
	keys  []store.Key
	lists map[string]set
}

type (
	set map[string]bool
	key struct{ scope, value string }
	// place is a list of a resource.
	place struct{ owner, list string }
)

// New makes an empty store.
func New() *Store {
	s := &Store{
		secret: make([]byte, 32),
		all:    map[string]*entry{}, kinds: map[string]map[string]*entry{}, keys: map[key]string{}, in: map[string]map[place]bool{},
	}
	_, _ = rand.Read(s.secret) // never fails
	return s
}

// Create implements store.Store.
func (s *Store) Create(ctx context.Context, k *store.Kind, v any, lists bool) (any, error) {
	now := store.Now()
	head, err := k.New(v, ids.New(now), now)
	if err != nil {
		return nil, err
	}
	e, err := newEntry(k, head, 1, v)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, scimerrors.From(err)
	}
	if err := s.add(e); err != nil {
		return nil, err
	}
	return s.fill(e, lists)
}

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, k *store.Kind, id string, lists bool) (any, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, err := s.find(ctx, k, id)
	if err != nil {
		return nil, err
	}
	return s.fill(e, lists)
}

// Update implements store.Store. While change runs nobody else reads or writes.
func (s *Store) Update(
	ctx context.Context, k *store.Kind, id string, current, after bool, change func(current any) (*store.Change, error),
) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(ctx, k, id)
	if err != nil {
		return nil, err
	}
	v, err := s.fill(e, current)
	if err != nil {
		return nil, err
	}
	c, err := change(v)
	if err == nil && ctx.Err() != nil {
		err = scimerrors.From(ctx.Err())
	}
	if err == nil && c != nil {
		err = s.change(e, c)
	}
	if err != nil {
		return nil, err
	}
	return s.fill(e, after)
}

// change carries out a change, all of it or, with an error, nothing.
func (s *Store) change(e *entry, c *store.Change) error {
	head, changed, err := e.kind.Next(e.head, c.Next, store.Now())
	if err != nil {
		return err
	}
	deltas, err := e.kind.Deltas(c.Edits, e.read)
	if err != nil || !changed && len(deltas) == 0 {
		return err
	}
	keys, err := e.kind.Keys(head)
	if err != nil {
		return err
	}
	if err := s.free(e.id, keys); err != nil {
		return err
	}
	for _, d := range deltas {
		if err := s.known(d.List, slices.Values(d.Add), nil); err != nil {
			return err
		}
	}

	s.release(e)
	e.head, e.keys = head, keys
	e.n++
	s.reserve(e)
	for _, d := range deltas {
		s.enter(e, d.List.Path, d.Add)
		s.leave(e, d.List.Path, d.Remove)
	}
	return nil
}

// Delete implements store.Store.
func (s *Store) Delete(ctx context.Context, k *store.Kind, id string, check func(current any) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(ctx, k, id)
	if err != nil {
		return err
	}
	v, err := s.fill(e, false)
	if err != nil {
		return err
	}
	if err := check(v); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return scimerrors.From(err)
	}
	return s.drop(e)
}

// drop removes an entry, from the lists of others too, each of which is changed once.
func (s *Store) drop(e *entry) error {
	heads := map[string]any{}
	for p := range s.in[e.id] {
		owner := s.all[p.owner]
		var err error
		if heads[p.owner], _, err = owner.kind.Next(owner.head, nil, store.Now()); err != nil {
			return err
		}
	}

	for owner, head := range heads {
		s.all[owner].head = head
		s.all[owner].n++
	}
	for p := range maps.Clone(s.in[e.id]) {
		s.leave(s.all[p.owner], p.list, []string{e.id})
	}
	for list, elements := range e.lists {
		s.leave(e, list, slices.Collect(maps.Keys(elements)))
	}
	s.release(e)
	delete(s.all, e.id)
	delete(s.kinds[e.kind.Name], e.id)
	return nil
}

// All implements store.Store.
func (s *Store) All(ctx context.Context, k *store.Kind) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		all, err := s.copy(ctx, k)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, v := range all {
			if err := ctx.Err(); err != nil {
				yield(nil, scimerrors.From(err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (s *Store) copy(ctx context.Context, k *store.Kind) ([]any, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, scimerrors.From(err)
	}
	all := make([]any, 0, len(s.kinds[k.Name]))
	for _, e := range s.kinds[k.Name] {
		v, err := s.fill(e, true)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b any) int { return strings.Compare(resource.Common(a).ID, resource.Common(b).ID) })
	return all, nil
}

// Restore implements store.Store.
func (s *Store) Restore(ctx context.Context, all iter.Seq2[store.Item, error]) error {
	var entries []*entry
	for item, err := range all { // not under the lock: the items may come from this store
		if err != nil {
			return err
		}
		head, n, err := item.Kind.Stored(item.Value)
		if err != nil {
			return err
		}
		e, err := newEntry(item.Kind, head, n, item.Value)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return scimerrors.From(err)
	}
	return s.add(entries...)
}

// Secret implements store.Store.
func (s *Store) Secret(ctx context.Context) ([]byte, error) {
	return slices.Clone(s.secret), s.Ping(ctx)
}

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return scimerrors.From(err)
	}
	return nil
}

// Close implements store.Store. There is nothing to be done.
func (s *Store) Close() error { return nil }
