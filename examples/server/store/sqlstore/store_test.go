package sqlstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/sqlstore"
	"github.com/scimmodels/scim/examples/server/store/storetest"
)

// opened is a store that is closed at the end of a test.
func opened(tb testing.TB, address string, kinds ...*store.Kind) *sqlstore.Store {
	tb.Helper()
	s, err := sqlstore.Open(tb.Context(), address, kinds)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// The contract, on both databases.
func TestContract(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) store.Store {
				t.Helper()
				return opened(t, address(t))
			})
		})
		t.Run(name+" shared", func(t *testing.T) {
			storetest.RunShared(t, func(t *testing.T) (one, other store.Store) {
				t.Helper()
				at := address(t)
				return opened(t, at), opened(t, at)
			})
		})
	}
}
