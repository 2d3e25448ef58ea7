package sqlstore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/store"
)

// One member joins and leaves a group: what that takes does not depend on how many are in it.
func BenchmarkOneMember(b *testing.B) {
	for name, address := range sqldbtest.Databases {
		for _, n := range []int{100, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				s := opened(b, address(b), users, groups)
				require.NoError(b, s.Restore(b.Context(), crowd(n+1, n)))
				require.NoError(b, s.Analyze(b.Context()))
				for i := 0; b.Loop(); i++ {
					edit := store.Edit{List: "members", Add: []string{userID(n)}}
					if i%2 == 1 {
						edit = store.Edit{List: "members", Remove: []string{userID(n)}, Must: true}
					}
					_, err := s.Update(b.Context(), groups, "g", false, false, func(any) (*store.Change, error) {
						return &store.Change{Edits: []store.Edit{edit}}, nil
					})
					require.NoError(b, err)
				}
			})
		}
	}
}
