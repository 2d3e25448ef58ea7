package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// suite is a store under test.
type suite struct {
	*testing.T

	store store.Store
}

func newSuite(t *testing.T, s store.Store) *suite {
	t.Helper()
	return &suite{T: t, store: s}
}

// value makes a resource of JSON.
func value(k *store.Kind, format string, args ...any) any {
	v, err := resource.ValidateAs(k.Type, resource.Storage, fmt.Appendf(nil, format, args...))
	if err != nil {
		panic(fmt.Sprintf("storetest: %s: %v", fmt.Sprintf(format, args...), err))
	}
	return v
}

// create stores a resource, which must not fail, and returns its id.
func (s *suite) create(k *store.Kind, format string, args ...any) string {
	s.Helper()
	v, err := s.store.Create(s.Context(), k, value(k, format, args...), false)
	require.NoError(s, err)
	return resource.Common(v).ID
}

// user, group and device store resources of which only name, or name and elements, matter.
func (s *suite) user(name string) string {
	s.Helper()
	return s.create(users, `{"userName": %s}`, quote(name))
}

func (s *suite) group(name string, ids ...string) string {
	s.Helper()
	return s.create(groups, `{"displayName": %s, "members": %s}`, quote(name), elements(ids...))
}

func (s *suite) device(name string, ids ...string) string {
	s.Helper()
	return s.create(devices, `{"displayName": %s, "owners": %s}`, quote(name), elements(ids...))
}

func (s *suite) room(name string, ids ...string) string {
	s.Helper()
	return s.create(rooms, `{"displayName": %s, "occupants": %s}`, quote(name), elements(ids...))
}

// quote writes text as JSON.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(fmt.Sprint("storetest: ", err))
	}
	return string(b)
}

// elements are those of a list, as JSON.
func elements(ids ...string) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = `{"value": ` + quote(id) + `}`
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// get reads a resource with its lists.
func (s *suite) get(k *store.Kind, id string) any {
	s.Helper()
	v, err := s.store.Get(s.Context(), k, id, true)
	require.NoError(s, err)
	return v
}

// update changes a resource, which must not fail, and returns it with its lists.
func (s *suite) update(k *store.Kind, id string, c *store.Change) any {
	s.Helper()
	v, err := s.store.Update(s.Context(), k, id, false, true, func(any) (*store.Change, error) { return c, nil })
	require.NoError(s, err)
	return v
}

// set changes one attribute of a resource.
func (s *suite) set(k *store.Kind, id, path string, to any) any {
	s.Helper()
	v, err := s.trySet(k, id, path, to)
	require.NoError(s, err)
	return v
}

func (s *suite) trySet(k *store.Kind, id, path string, to any) (any, error) {
	return s.store.Update(s.Context(), k, id, false, true, func(current any) (*store.Change, error) {
		next, err := k.Head(current)
		if err == nil {
			err = resource.Set(next, path, to)
		}
		return &store.Change{Next: next}, err
	})
}

// edit changes one list of a resource.
func (s *suite) edit(k *store.Kind, id string, edits ...store.Edit) (any, error) {
	return s.store.Update(s.Context(), k, id, false, true, func(any) (*store.Change, error) { return &store.Change{Edits: edits}, nil })
}

func (s *suite) remove(k *store.Kind, id string) {
	s.Helper()
	require.NoError(s, s.store.Delete(s.Context(), k, id, agree))
}

// agree is a check of Delete that refuses nothing.
func agree(any) error { return nil }

// text is a resource as JSON.
func (s *suite) text(v any) string {
	s.Helper()
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(s, err)
	return string(text)
}

// at is the value of an attribute, without an error because tests name those that are there.
func at(v any, path string) any {
	got, err := resource.Get(v, path)
	if err != nil {
		panic(fmt.Sprint("storetest: ", err))
	}
	return got
}

// texts are the values of an attribute, never nil.
func texts(v any, path string) []string {
	all := []string{}
	switch got := at(v, path).(type) {
	case nil:
	case []string:
		all = append(all, got...)
	default:
		all = append(all, fmt.Sprint(got))
	}
	return all
}

func id(v any) string      { return resource.Common(v).ID }
func version(v any) string { return resource.Common(v).Meta.Version }

func modified(v any) time.Time { return resource.Common(v).Meta.LastModified }

// same says that a resource has not changed.
func (s *suite) same(before, after any) {
	s.Helper()
	assert.Equal(s, s.text(before), s.text(after))
}

// changed says that a resource has: version and lastModified have moved.
func (s *suite) changed(before, after any) {
	s.Helper()
	assert.NotEqual(s, version(before), version(after))
	assert.Greater(s, modified(after), modified(before), "lastModified")
	assert.Equal(s, resource.Common(before).Meta.Created, resource.Common(after).Meta.Created)
	assert.Equal(s, id(before), id(after))
}

// refused says that an error is one of the contract.
func (s *suite) refused(err error, status int, t scimerrors.Type) {
	s.Helper()
	require.Error(s, err)
	e := scimerrors.From(err)
	require.Equal(s, status, e.Status, "%v", err)
	require.Equal(s, t, e.Type, "%v", err)
}

func (s *suite) notFound(err error) {
	s.Helper()
	s.refused(err, 404, "")
}

// search answers a query that must not fail.
func (s *suite) search(q *store.Query) *store.Page {
	s.Helper()
	page, err := s.store.Search(s.Context(), q)
	require.NoError(s, err)
	return page
}

// ids are those of the resources of a page.
func ids(p *store.Page) []string {
	all := make([]string, len(p.Resources))
	for i, v := range p.Resources {
		all[i] = id(v)
	}
	return all
}

// part is an attribute of a resource as JSON.
func (s *suite) part(v any, path string) string {
	s.Helper()
	text, err := json.Marshal(at(v, path))
	require.NoError(s, err)
	return string(text)
}
