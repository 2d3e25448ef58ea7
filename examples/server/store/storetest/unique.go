package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
)

// taken says that a value belongs to another resource, and which one it is that the client has sent.
func (s *suite) taken(err error, path string) {
	s.Helper()
	s.refused(err, 409, scimerrors.Uniqueness)
	assert.Equal(s, path, scimerrors.From(err).Path)
}

// refuses says that a resource cannot be created because of a value, and that nothing of it remains.
func (s *suite) refuses(k *store.Kind, path, text string) {
	s.Helper()
	q := &store.Query{Kinds: []*store.Kind{k}, Count: true}
	before := s.search(q).Total
	_, err := s.store.Create(s.Context(), k, value(k, "%s", text), false)
	s.taken(err, path)
	assert.Equal(s, before, s.search(q).Total)
}

const tag = assetURN + ":tag"

var unique = []test{
	{"7643-4.1.1-01 userName whatever its case", func(s *suite) {
		s.user("Straße")
		s.refuses(users, "userName", `{"userName": "Straße"}`)
		s.refuses(users, "userName", `{"userName": "STRAßE"}`)
		s.refuses(users, "userName", `{"userName": "straẞe"}`)
		s.user("Strasse") // simple folding keeps it apart
		s.user("Straße ")
	}},
	{"7643-7-10 a case exact value", func(s *suite) {
		s.create(devices, `{"displayName": "a", "serial": "X1"}`)
		s.refuses(devices, "serial", `{"displayName": "b", "serial": "X1"}`)
		s.create(devices, `{"displayName": "b", "serial": "x1"}`)
	}},
	{"7643-7-10 a part of several values", func(s *suite) {
		s.create(devices, `{"displayName": "a", "ports": [{"value": "eth0"}, {"value": "eth1"}]}`)
		s.refuses(devices, "ports.value", `{"displayName": "b", "ports": [{"value": "eth2"}, {"value": "ETH1"}]}`)
		s.create(devices, `{"displayName": "b", "ports": [{"value": "eth2"}, {"value": "ETH2"}]}`)
		s.create(devices, `{"displayName": "c", "ports": [{"label": "eth0"}]}`)
	}},
	{"7643-7-10 global is one for all kinds", func(s *suite) {
		d := s.create(devices, `{"displayName": "a", "`+assetURN+`": {"tag": "T-1"}}`)
		s.refuses(rooms, tag, `{"`+assetURN+`": {"tag": "t-1"}}`)
		s.refuses(devices, tag, `{"displayName": "b", "`+assetURN+`": {"tag": "T-1"}}`)
		r := s.create(rooms, `{"`+assetURN+`": {"tag": "T-2"}}`)
		_, err := s.trySet(devices, d, tag, "T-2")
		s.taken(err, tag)
		_, err = s.trySet(rooms, r, tag, "T-1")
		s.taken(err, tag)
	}},
	{"server is one for each kind", func(s *suite) {
		s.create(devices, `{"displayName": "same", "serial": "same", "ports": [{"value": "same"}]}`)
		s.create(rooms, `{"displayName": "same", "serial": "same"}`)
		s.refuses(rooms, "serial", `{"serial": "same"}`)
		s.user("same")
		s.group("same")
		s.group("same")
	}},
	{"7643-3.1-06 externalId need not be", func(s *suite) {
		s.create(users, `{"userName": "ann", "externalId": "1"}`)
		s.create(users, `{"userName": "ben", "externalId": "1"}`)
	}},
	{"what has no value is like nobody", func(s *suite) {
		s.device("a")
		s.device("a")
		s.create(devices, `{"displayName": "a", "serial": "", "ports": [{"value": ""}, {"value": ""}], "`+assetURN+`": {"tag": ""}}`)
		s.create(devices, `{"displayName": "a", "serial": "", "ports": [{"value": ""}], "`+assetURN+`": {"tag": ""}}`)
	}},
	{"AMB-45 a change to a value that is taken", func(s *suite) {
		s.user("ann")
		ben := s.user("ben")
		before := s.get(users, ben)
		_, err := s.trySet(users, ben, "userName", "ANN")
		s.taken(err, "userName")
		s.same(before, s.get(users, ben))
	}},
	{"AMB-45 the lists beside it do not change either", func(s *suite) {
		s.create(devices, `{"displayName": "a", "serial": "1"}`)
		ann := s.user("ann")
		d := s.device("b")
		before := s.get(devices, d)
		_, err := s.store.Update(s.Context(), devices, d, false, true, func(any) (*store.Change, error) {
			return &store.Change{Next: value(devices, `{"displayName": "b", "serial": "1"}`), Edits: []store.Edit{{List: owners, Add: []string{ann}}}}, nil
		})
		s.taken(err, "serial")
		s.same(before, s.get(devices, d))
	}},
	{"one's own value is no obstacle", func(s *suite) {
		ann := s.user("ann")
		s.set(users, ann, "userName", "ANN")
		s.set(users, ann, "title", "x")
		d := s.create(devices, `{"displayName": "a", "ports": [{"value": "1"}, {"value": "2"}]}`)
		s.update(devices, d, &store.Change{Next: value(devices, `{"displayName": "a", "ports": [{"value": "2"}, {"value": "1"}]}`)})
		s.update(devices, d, &store.Change{Next: value(devices, `{"displayName": "a", "ports": [{"value": "3"}, {"value": "1"}]}`)})
		s.create(devices, `{"displayName": "b", "ports": [{"value": "2"}]}`)
	}},
	{"a change frees the old value and keeps the new one", func(s *suite) {
		ann := s.user("ann")
		s.set(users, ann, "userName", "bea")
		s.refuses(users, "userName", `{"userName": "BEA"}`)
		s.user("ann")
		_, err := s.trySet(users, ann, "userName", "ann")
		s.taken(err, "userName")
	}},
	{"a refused change frees nothing", func(s *suite) {
		ann := s.user("ann")
		_, err := s.store.Update(s.Context(), users, ann, false, false, func(any) (*store.Change, error) {
			return &store.Change{Next: value(users, `{"userName": "bea"}`)}, errRefused
		})
		require.ErrorIs(s, err, errRefused)
		s.refuses(users, "userName", `{"userName": "ann"}`)
		s.user("bea")
	}},
	{"removal frees all values", func(s *suite) {
		text := `{"displayName": "a", "serial": "1", "ports": [{"value": "1"}], "` + assetURN + `": {"tag": "1"}}`
		d := s.create(devices, "%s", text)
		s.remove(devices, d)
		s.create(devices, "%s", text)
	}},
	{"whoever frees a value may be followed at once", func(s *suite) {
		ann, ben := s.user("ann"), s.user("ben")
		s.set(users, ann, "userName", "x")
		s.set(users, ben, "userName", "ann")
		s.set(users, ann, "userName", "ben")
		assert.Equal(s, "ben", at(s.get(users, ann), "userName"))
		assert.Equal(s, "ann", at(s.get(users, ben), "userName"))
	}},
}
