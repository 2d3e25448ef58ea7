package memory_test

import (
	"testing"

	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/memory"
	"github.com/scimmodels/scim/examples/server/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() })
}

// Two handles on the same data are one in this process.
func TestShared(t *testing.T) {
	storetest.RunShared(t, func(*testing.T) (one, other store.Store) {
		s := memory.New()
		return s, s
	})
}
