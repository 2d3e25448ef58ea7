package storetest

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// strange are texts that some part of a store may take for something else.
var strange = []string{
	"'", `"`, "''", `\`, `\'`, "%", "_", "%%", "*", "?", "$1", ":a", "@a", "--", ";", "' OR '1'='1", "'; DROP TABLE resources; --", `"}`, `{"$ne": null}`,
	"null", "undefined", "0", "1e9", "true", " ", "\t\n", " a ", "\x00",
	"a\x00b", "\x1f", "\u007f", "\u0085", "\u200b", "\u202e", "\ufeff", "\ufffd", "\uffff",
	"🧑‍🚀", "𝒳", "é", "e\u0301", "ẞ", "ſ", "\u212a", "İ", "ı", "Ǆ", "../../etc/passwd", "/", "${x}", "<script>", "[1]", "$.a", "::jsonb",
	strings.Repeat("a", 100<<10), strings.Repeat("é", 5000),
}

// sound says that an error, if there is one, tells a client that the request was wrong, and not that the service failed.
func (s *suite) sound(err error) {
	s.Helper()
	if err != nil {
		assert.Equal(s, 400, scimerrors.From(err).Status, "%.200v", err)
	}
}

// keepable says whether every store keeps a text in an attribute that resources are looked up by.
func keepable(text string) bool { return len(text) <= store.MaxKey && !strings.Contains(text, "\x00") }

// random is a text that no database makes shorter.
func random(n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(rand.Text())
	}
	return b.String()[:n]
}

// title shortens a strange text for the name of a test.
func title(text string) string { return fmt.Sprintf("%.40q", text) }

var hostile = []test{
	{"ids that nobody has", func(s *suite) {
		ann := s.user("ann")
		g := s.group("g", ann)
		before := s.get(groups, g)
		for _, id := range append([]string{"", strings.ToUpper(ann), ann + " ", ann[:len(ann)-1], "\xff", "\xc3\x28", "\xed\xa0\x80"}, strange...) {
			s.Run(title(id), func(t *testing.T) {
				s := newSuite(t, s.store)
				_, err := s.store.Get(s.Context(), users, id, true)
				s.notFound(err)
				_, err = s.store.Update(s.Context(), users, id, true, true, func(any) (*store.Change, error) { return nil, errRefused })
				s.notFound(err)
				s.notFound(s.store.Delete(s.Context(), users, id, func(any) error { return errRefused }))
				_, err = s.edit(groups, g, store.Edit{List: members, Add: []string{id}})
				s.refused(err, 400, scimerrors.InvalidValue)
				after, err := s.edit(groups, g, store.Edit{List: members, Remove: []string{id}})
				require.NoError(s, err)
				s.same(before, after)
				_, err = s.edit(groups, g, store.Edit{List: members, Remove: []string{id}, Must: true})
				s.refused(err, 400, scimerrors.NoTarget)
				for _, by := range []string{"", "title"} {
					after := []any{id}
					if by != "" {
						after = []any{id, id}
					}
					_, err = s.store.Search(s.Context(), &store.Query{Kinds: []*store.Kind{users}, SortBy: by, After: after, Limit: 1})
					s.sound(err)
				}
			})
		}
	}},
	{"values that resources are looked up by have a limit, and no others", func(s *suite) {
		for _, c := range []struct {
			kind       *store.Kind
			path, text string
		}{
			{users, "userName", `{"userName": %q}`},
			{users, "externalId", `{"userName": "ann", "externalId": %q}`},
			{users, "displayName", `{"userName": "ann", "displayName": %q}`},
			{users, "emails.value", `{"userName": "ann", "emails": [{"value": "a@example.com"}, {"value": %q}]}`},
			{users, "roles.value", `{"userName": "ann", "roles": [{"value": %q}]}`},
			{groups, "externalId", `{"externalId": %q, "displayName": "g"}`},
			{groups, "displayName", `{"displayName": %q}`},
			{devices, "serial", `{"serial": %q}`},
			{devices, "ports.value", `{"ports": [{"value": %q}]}`},
			{devices, tag, `{"` + assetURN + `": {"tag": %q}}`},
		} {
			s.Run(c.kind.Name+" "+c.path, func(t *testing.T) {
				s := newSuite(t, s.store)
				for _, longest := range []string{random(store.MaxKey), strings.Repeat("Ⱥ", store.MaxKey/2)} { // whose comparison form is longer
					made := s.create(c.kind, c.text, longest)
					q := &store.Query{Kinds: []*store.Kind{c.kind}, Filter: c.path + " eq " + filter.Quote(longest), Limit: 9}
					assert.Equal(s, []string{made}, ids(s.search(q)))
					before := s.get(c.kind, made)
					for _, wrong := range []string{random(store.MaxKey + 1), random(6000), strings.Repeat("a", store.MaxKey+1)} {
						_, err := s.store.Update(s.Context(), c.kind, made, false, false, func(any) (*store.Change, error) {
							return &store.Change{Next: value(c.kind, c.text, wrong)}, nil
						})
						s.refused(err, 400, scimerrors.InvalidValue)
						assert.Equal(s, c.path, scimerrors.From(err).Path)
						s.same(before, s.get(c.kind, made))
						_, err = s.store.Create(s.Context(), c.kind, value(c.kind, c.text, wrong), false)
						s.refused(err, 400, scimerrors.InvalidValue)
						assert.Equal(s, c.path, scimerrors.From(err).Path)
					}
					s.remove(c.kind, made)
				}
			})
		}
		v := value(users, `{"userName": "ann", "title": %q, "name": {"formatted": %[1]q}, "emails": [{"value": "a@example.com", "display": %[1]q}],
			"photos": [{"value": %[1]q}]}`, random(6000))
		made, err := s.store.Create(s.Context(), users, v, false)
		require.NoError(s, err)
		s.same(made, s.get(users, id(made)))
	}},
	{"U+0000 is stored nowhere", func(s *suite) {
		ann := s.user("ann")
		before := s.get(users, ann)
		for _, path := range []string{"title", "name.familyName", resource.EnterpriseUserSchema + ":department", "userName", "password"} {
			_, err := s.trySet(users, ann, path, "a\x00b")
			s.refused(err, 400, scimerrors.InvalidValue)
		}
		_, err := s.trySet(users, ann, "emails", []map[string]any{{"value": "a@example.com", "display": "\x00"}})
		s.refused(err, 400, scimerrors.InvalidValue)
		_, err = s.store.Create(s.Context(), groups, value(groups, `{"displayName": "\u0000"}`), false)
		s.refused(err, 400, scimerrors.InvalidValue)
		s.same(before, s.get(users, ann))
		s.set(users, ann, "title", `a\u0000b`) // a backslash, and no such character
	}},
	{"values are stored as they are, or refused", func(s *suite) {
		for _, text := range strange {
			s.Run(title(text), func(t *testing.T) {
				s := newSuite(t, s.store)
				v := value(users, `{"userName": %s, "title": %[1]s, "externalId": %[1]s, "emails": [{"value": %[1]s}], "%s": {"department": %[1]s}}`,
					quote(text), resource.EnterpriseUserSchema)
				stored, err := s.store.Create(s.Context(), users, v, true)
				if !keepable(text) {
					s.refused(err, 400, scimerrors.InvalidValue)
					return
				}
				require.NoError(s, err)
				got := s.get(users, id(stored))
				for _, path := range []string{"userName", "title", "externalId", resource.EnterpriseUserSchema + ":department"} {
					assert.Equal(s, at(v, path), at(got, path))
					found, err := s.store.Search(s.Context(), &store.Query{
						Kinds: []*store.Kind{users}, Filter: path + " eq " + filter.Quote(text) + " and id eq " + filter.Quote(id(stored)), Limit: 9,
					})
					require.NoError(s, err)
					assert.Equal(s, []string{id(stored)}, ids(found))
				}
				assert.Equal(s, texts(v, "emails.value"), texts(got, "emails.value"))
				_, err = s.store.Create(s.Context(), users, value(users, `{"userName": %s}`, quote(text)), false)
				s.refused(err, 409, scimerrors.Uniqueness)
				g, err := s.store.Create(s.Context(), groups, value(groups, `{"displayName": %s, "members": %s}`, quote(text), elements(id(stored))), true)
				require.NoError(s, err)
				assert.Equal(s, []string{text}, texts(g, "members.display"))
				assert.Equal(s, []string{text}, texts(s.get(users, id(stored)), "groups.display"))
			})
		}
		for _, by := range []string{"userName", "title", "externalId", "emails", resource.EnterpriseUserSchema + ":department"} {
			whole := ids(s.search(&store.Query{Kinds: []*store.Kind{users}, SortBy: by, Limit: 1000}))
			assert.Equal(s, whole, s.walk(store.Query{Kinds: []*store.Kind{users}, SortBy: by, Limit: 7}, func(int) {}), by)
		}
	}},
	{"filters of all kinds of text", func(s *suite) {
		s.create(users, whole)
		for _, text := range strange {
			for _, f := range []string{"userName eq %s", "userName co %s", "emails[value sw %s]", "groups.display ew %s", "id ge %s", "title gt %s"} {
				_, err := s.store.Search(s.Context(), &store.Query{Kinds: []*store.Kind{users}, Filter: fmt.Sprintf(f, filter.Quote(text)), Limit: 9, Count: true})
				s.sound(err)
			}
			_, err := s.store.Search(s.Context(), &store.Query{Kinds: kinds, SortBy: text, Limit: 9})
			s.sound(err)
			_, err = s.store.Search(s.Context(), &store.Query{Kinds: kinds, Filter: text, Limit: 9})
			s.sound(err)
		}
	}},
	{"patterns are taken literally", func(s *suite) {
		for _, name := range []string{"a%b", "a_b", "axb", "a\\b", "a*b", "a?b", "a[b"} {
			s.user(name)
		}
		for _, text := range []string{"%", "_", "\\", "*", "?", "["} {
			for _, f := range []string{"userName co %s", "userName eq %s", "userName sw %s", "userName ew %s"} {
				value := map[string]string{"userName co %s": text, "userName eq %s": "a" + text + "b", "userName sw %s": "a" + text, "userName ew %s": text + "b"}[f]
				page := s.search(&store.Query{Kinds: []*store.Kind{users}, Filter: fmt.Sprintf(f, filter.Quote(value)), Limit: 9})
				if assert.Len(s, page.Resources, 1, "%s %s", f, value) {
					assert.Equal(s, "a"+text+"b", at(page.Resources[0], "userName"))
				}
			}
		}
	}},
}
