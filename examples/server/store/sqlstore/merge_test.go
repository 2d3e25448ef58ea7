package sqlstore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/sqlstore"
)

// A small page far down an order over several kinds is read in large pieces, and lists are read of what is on it only.
func TestFarPage(t *testing.T) {
	const people, far = 1_000, 900
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			at := address(t)
			require.NoError(t, opened(t, at, users, groups).Restore(t.Context(), crowd(people, people)))
			kind, source, err := sqldb.KindOf(at)
			require.NoError(t, err)
			db, err := sqldb.Connect(sqldbtest.Recording(kind), source, nil)
			require.NoError(t, err)
			defer db.Close()
			s := sqlstore.Over(db)

			all, err := s.Search(t.Context(), &store.Query{Kinds: []*store.Kind{users, groups}, SortBy: "displayName", Limit: people + 1, Lists: true})
			require.NoError(t, err)
			require.Len(t, all.Resources, people+1)
			for _, offset := range []int{0, 1, far} { // the first one is the group
				var page *store.Page
				pages, lists := 0, 0
				for _, one := range sqldbtest.Recorded(func() {
					page, err = s.Search(t.Context(), &store.Query{Kinds: []*store.Kind{groups, users}, SortBy: "displayName", Offset: offset, Limit: 1, Lists: true})
				}) {
					if strings.Contains(one.Text, "FROM resources r WHERE") {
						pages++
					}
					if strings.Contains(one.Text, "m.list, m.value") {
						lists++
					}
				}
				require.NoError(t, err)
				assert.Equal(t, all.Resources[offset:offset+1], page.Resources)
				assert.LessOrEqual(t, pages, 2*(2+offset/100), "reads of two kinds and, from the second on, of what has no name")
				if offset == 0 {
					assert.Equal(t, 1, lists)
				} else {
					assert.Zero(t, lists)
				}
			}
		})
	}
}
