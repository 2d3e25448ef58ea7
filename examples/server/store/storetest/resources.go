package storetest

import (
	"errors"
	"net/http"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// errRefused is the error of a caller.
var errRefused = scimerrors.Status(http.StatusPreconditionFailed, "the caller does not want it")

// whole is a user with something of everything.
const whole = `{"userName": "BJensen", "externalId": "701984", "name": {"givenName": "Barbara", "familyName": "Jensen"}, "active": false,
	"password": "t1meMa$heen", "emails": [{"value": "b@example.com", "type": "work", "primary": true}, {"value": "b@jensen.org"}],
	"x509Certificates": [{"value": "AQID"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
	{"employeeNumber": "7", "manager": {"value": "nobody"}}}`

var resources = []test{
	{"7643-3.1-08 id, schemas and meta are the store's", func(s *suite) {
		before := store.Now().Add(-time.Second)
		v, err := s.store.Create(s.Context(), users, value(users, `{"id": "mine", "userName": "ann", "schemas": ["urn:x"], "meta":
			{"resourceType": "Thing", "created": "1999-01-01T00:00:00Z", "lastModified": "1999-01-01T00:00:00Z", "version": "W/\"77\"", "location": "here"},
			"groups": [{"value": "none"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "d"}}`), true)
		require.NoError(s, err)
		c := resource.Common(v)
		assert.NotEmpty(s, c.ID)
		assert.NotEqual(s, "mine", c.ID)
		assert.NotContains(s, c.ID, "bulkId")
		assert.Equal(s, []string{resource.UserSchema, resource.EnterpriseUserSchema}, c.Schemas)
		assert.Equal(s, "User", c.Meta.ResourceType)
		assert.Empty(s, c.Meta.Location)
		assert.NotEmpty(s, c.Meta.Version)
		assert.NotEqual(s, `W/"77"`, c.Meta.Version)
		assert.Equal(s, time.UTC, c.Meta.Created.Location())
		assert.Equal(s, c.Meta.Created, c.Meta.Created.Truncate(time.Microsecond))
		assert.Nil(s, at(v, "groups"))
		assert.WithinRange(s, c.Meta.Created, before, store.Now().Add(time.Second))
		s.same(v, s.get(users, c.ID))
	}},
	{"7643-3.1-09 created is lastModified until the first change", func(s *suite) {
		id := s.user("ann")
		c := resource.Common(s.get(users, id))
		assert.Equal(s, c.Meta.Created, c.Meta.LastModified)
	}},
	{"what is stored is what was sent", func(s *suite) {
		for _, c := range []struct {
			kind *store.Kind
			text string
		}{
			{users, whole},
			{groups, `{"displayName": "Tour Guides", "externalId": "x"}`},
			{devices, `{"displayName": "Lamp", "watts": -9007199254740993, "bought": "2020-02-29T12:00:00.123456+02:00", "serial": "A1",
				"ports": [{"value": "P1", "label": "first"}], "` + assetURN + `": {"tag": "T1"}}`},
			{rooms, `{"floor": 0}`},
		} {
			sent := value(c.kind, "%s", c.text)
			id := s.create(c.kind, "%s", c.text)
			got, err := c.kind.Head(s.get(c.kind, id))
			require.NoError(s, err)
			for _, v := range []any{got, sent} {
				common := resource.Common(v)
				common.ID, common.Schemas, common.Meta = "", nil, resource.Meta{}
			}
			s.same(sent, got)
		}
	}},
	{"what a caller keeps of a resource is not that of the store", func(s *suite) {
		id := s.create(users, whole)
		before := s.text(s.get(users, id))
		v, err := users.Head(s.get(users, id))
		require.NoError(s, err)
		require.NoError(s, resource.Set(v, "userName", "other"))
		resource.Common(v).Meta.Version = "other"
		assert.Equal(s, before, s.text(s.get(users, id)))
	}},
	{"7643-3.1-02 ids differ and are found in their kind only", func(s *suite) {
		seen := map[string]bool{}
		for _, id := range []string{s.user("ann"), s.user("ben"), s.group("g"), s.group("g"), s.device("d"), s.room("r")} {
			assert.False(s, seen[id])
			seen[id] = true
			found := 0
			for _, k := range kinds {
				v, err := s.store.Get(s.Context(), k, id, false)
				if err == nil {
					found++
					assert.Equal(s, k.Name, resource.Common(v).Meta.ResourceType)
					continue
				}
				s.notFound(err)
				_, err = s.store.Update(s.Context(), k, id, false, false, func(any) (*store.Change, error) {
					assert.Fail(s, "change was called")
					return nil, nil
				})
				s.notFound(err)
				s.notFound(s.store.Delete(s.Context(), k, id, func(any) error {
					assert.Fail(s, "check was called")
					return nil
				}))
			}
			assert.Equal(s, 1, found)
		}
	}},
	{"7643-3.1-16 a change moves version and lastModified", func(s *suite) {
		id := s.create(users, whole)
		before := s.get(users, id)
		for _, c := range []struct {
			path string
			to   any
		}{
			{"title", "Guide"}, {"title", "guide"}, {"title", nil}, {"active", nil}, {"emails", nil}, {"name.familyName", "J"},
			{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", "8"}, {"password", "another"}, {"externalId", "1"},
		} {
			after := s.set(users, id, c.path, c.to)
			s.changed(before, after)
			s.same(after, s.get(users, id))
			before = after
		}
		assert.Nil(s, at(before, "title"))
		assert.Nil(s, at(before, "emails"))
	}},
	{"7644-3.5.1-07 what makes no difference leaves all as it is", func(s *suite) {
		id := s.create(users, whole)
		before := s.get(users, id)
		s.same(before, s.update(users, id, nil))
		s.same(before, s.update(users, id, &store.Change{}))
		s.same(before, s.update(users, id, &store.Change{Next: s.get(users, id)}))
		s.same(before, s.update(users, id, &store.Change{Next: value(users, whole)}))
		s.same(before, s.set(users, id, "userName", "BJensen"))
		own, err := users.Head(before) // its own id, times and version are not looked at
		require.NoError(s, err)
		resource.Common(own).ID, resource.Common(own).Schemas, resource.Common(own).Meta = "x", nil, resource.Meta{Version: "x"}
		s.same(before, s.update(users, id, &store.Change{Next: own}))
		s.same(before, s.get(users, id))
		_, err = s.store.Get(s.Context(), users, "x", false)
		s.notFound(err)
	}},
	{"7643-3.1-03 a change leaves id, kind and created", func(s *suite) {
		id := s.user("ann")
		before := s.get(users, id)
		s.update(users, id, &store.Change{Next: value(users, `{"id": "x", "userName": "bea", "meta": {"resourceType": "X", "created": "1999-01-01T00:00:00Z"}}`)})
		after := s.get(users, id)
		s.changed(before, after)
		assert.Equal(s, "User", resource.Common(after).Meta.ResourceType)
		assert.Equal(s, []string{resource.UserSchema}, resource.Common(after).Schemas)
		assert.Equal(s, "bea", at(after, "userName"))
		s.update(users, id, &store.Change{Next: value(users, whole)})
		assert.Equal(s, []string{resource.UserSchema, resource.EnterpriseUserSchema}, resource.Common(s.get(users, id)).Schemas)
	}},
	{"a change sees what is stored", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann)
		before := s.get(groups, g)
		_, err := s.store.Update(s.Context(), groups, g, true, false, func(current any) (*store.Change, error) {
			assert.Equal(s, []string{ann}, texts(current, "members.value"))
			s.same(before, current)
			return nil, nil
		})
		require.NoError(s, err)
		_, err = s.store.Update(s.Context(), groups, g, false, false, func(current any) (*store.Change, error) {
			assert.Nil(s, at(current, members))
			assert.Equal(s, version(before), version(current))
			return nil, nil
		})
		require.NoError(s, err)
	}},
	{"7644-3.5.2-09 an error of the caller changes nothing and comes back", func(s *suite) {
		id := s.user("ann")
		before := s.get(users, id)
		_, err := s.store.Update(s.Context(), users, id, true, true, func(any) (*store.Change, error) {
			return &store.Change{Next: value(users, whole)}, errRefused
		})
		require.ErrorIs(s, err, errRefused)
		s.same(before, s.get(users, id))
		require.ErrorIs(s, s.store.Delete(s.Context(), users, id, func(current any) error {
			assert.Equal(s, version(before), version(current))
			assert.Equal(s, "ann", at(current, "userName"))
			return errRefused
		}), errRefused)
		s.same(before, s.get(users, id))
		plain := errors.New("plain")
		_, err = s.store.Update(s.Context(), users, id, false, false, func(any) (*store.Change, error) { return nil, plain })
		require.ErrorIs(s, err, plain)
	}},
	{"7644-3.6-01 what is removed is gone", func(s *suite) {
		id := s.user("ann")
		s.remove(users, id)
		_, err := s.store.Get(s.Context(), users, id, true)
		s.notFound(err)
		s.notFound(s.store.Delete(s.Context(), users, id, agree))
		_, err = s.trySet(users, id, "title", "x")
		s.notFound(err)
		assert.Empty(s, s.search(&store.Query{Kinds: []*store.Kind{users}, Limit: 9}).Resources)
	}},
	{"an error that may be compared", func(s *suite) {
		_, err := s.store.Get(s.Context(), users, "none", true)
		require.ErrorIs(s, err, store.ErrNotFound)
	}},
}
