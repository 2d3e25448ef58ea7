package sqlstore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/memory"
	"github.com/scimmodels/scim/resource"
)

// A filter chooses the same resources whether or not an index helps: as many different ones as there are forms of a comparison, against the
// store in memory, which uses none. Groups are in a circle, and one is in itself.
func TestHints(t *testing.T) {
	item := func(k *store.Kind, text string) store.Item {
		v, err := resource.ValidateAs(k.Type, resource.Storage, []byte(text))
		require.NoError(t, err)
		return store.Item{Kind: k, Value: v}
	}
	meta := func(id, kind string) string {
		return fmt.Sprintf(`"id": %q, "meta": {"resourceType": %q, "version": "W/\"1\"", "created": "2024-01-01T00:00:00Z", "lastModified": "2024-01-01T00:00:00Z"}`, id, kind)
	}
	all := []store.Item{
		item(groups, `{`+meta("A", "Group")+`, "displayName": "a", "members": [{"value": "b"}, {"value": "u1"}]}`),
		item(groups, `{`+meta("b", "Group")+`, "displayName": "b", "members": [{"value": "c"}, {"value": "u2"}]}`),
		item(groups, `{`+meta("c", "Group")+`, "displayName": "c", "members": [{"value": "A"}, {"value": "c"}, {"value": "U3"}]}`),
		item(groups, `{`+meta("d", "Group")+`, "displayName": "d", "members": [{"value": "u1"}]}`),
		item(users, `{`+meta("u1", "User")+`, "userName": "Ann", "emails": [{"value": "x@a", "type": "work"}, {"value": "y@a", "type": "home"}]}`),
		item(users, `{`+meta("u2", "User")+`, "userName": "bob", "emails": [{"value": "X@A", "type": "home", "primary": true}]}`),
		item(users, `{`+meta("U3", "User")+`, "userName": "CARL", "emails": [{"type": "work"}]}`),
		item(users, `{`+meta("u4", "User")+`, "userName": "dora"}`),
	}
	restored := func(s store.Store) store.Store {
		require.NoError(t, s.Restore(t.Context(), func(yield func(store.Item, error) bool) {
			for _, one := range all {
				if !yield(one, nil) {
					return
				}
			}
		}))
		return s
	}
	plain := restored(memory.New())
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			s := restored(opened(t, address(t), users, groups))
			chosen := 0
			for _, filter := range []string{
				`emails.value eq "x@a"`, `emails eq "X@a"`, `emails[value eq "x@a"]`, `emails[type eq "work" and value eq "x@a"]`,
				`emails[type eq "work" or value eq "x@a"]`, `emails[not (value eq "x@a")]`, `not (emails.value eq "x@a")`, `emails.value ne "x@a"`,
				`emails.value eq "x@a" and userName eq "ann"`, `emails.value eq "x@a" or userName eq "dora"`, `emails.value eq "x@a" and emails.value eq "y@a"`,
				`urn:ietf:params:scim:schemas:core:2.0:User:emails.value eq "y@a"`, `emails.value eq ""`, `emails.value eq "x\u0000"`, `emails.value eq null`,
				`userName pr and (emails.value eq "x@a" and not (userName eq "bob"))`, `emails[primary eq true and value eq "x@a"]`, `emails.value sw "x"`,
				`groups.value eq "a"`, `groups eq "b"`, `groups.value eq "d"`, `groups.value eq "nobody"`, `groups[value eq "A" and type eq "direct"]`,
				`groups[value eq "A" and type eq "indirect"]`, `not (groups.value eq "A")`, `groups.value eq "A" and groups.value eq "d"`, `groups.display eq "D"`,
				`groups.value eq "a" and emails.value eq "x@a" and userName co "b"`, `groups.value co "a" and not (groups.value eq "d")`, `groups.type eq "indirect"`,
				`members.value eq "u1"`, `members.value eq "C"`, `members eq "u3"`, `members[value eq "u1" and type eq "User"]`, `members[type eq "Group" and value eq "u1"]`,
				`members.value eq "u1" and members.value eq "b"`, `members.value eq "u1" or displayName eq "b"`, `not (members.value eq "u1")`, `members.display eq "ann"`,
				`members pr`, `members.$ref pr`, `meta.resourceType eq "Group" and members.type eq "group"`, `displayName eq "A" or userName eq "ann"`,
			} {
				for _, kinds := range [][]*store.Kind{{users}, {groups}, {users, groups}} {
					q := store.Query{Kinds: kinds, Filter: filter, Limit: 10, Count: true}
					want, wantErr := plain.Search(t.Context(), &q)
					got, err := s.Search(t.Context(), &q)
					if wantErr != nil {
						require.Equal(t, wantErr.Error(), fmt.Sprint(err), filter)
						continue
					}
					require.NoError(t, err, filter)
					assert.Equal(t, named(want), named(got), "%s of %d kinds", filter, len(kinds))
					assert.Equal(t, want.Total, got.Total, filter)
					chosen += len(got.Resources)
				}
			}
			assert.Greater(t, chosen, 50)
		})
	}
}

// named are the ids of the results.
func named(p *store.Page) (ids []string) {
	for _, v := range p.Resources {
		ids = append(ids, resource.Common(v).ID)
	}
	return ids
}
