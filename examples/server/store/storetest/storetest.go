// Package storetest says by tests what a store.Store has to do.
//
//	storetest.go    Run and RunShared
//	kinds.go        the resource types of the tests
//	suite.go        what the tests ask for and expect, in few words
//	resources.go    a resource by itself: created, read, changed, removed
//	unique.go       values that may be there once
//	lists.go        elements of lists
//	memberships.go  who is in whose lists, and versions
//	search.go       filters and orders
//	pages.go        one page after the other
//	hostile.go      values and ids that nobody expects
//	restore.go      All and Restore, secret, contexts
//	races.go        many at once
package storetest

import (
	"testing"

	"github.com/scimmodels/scim/examples/server/store"
)

// test is one test of the contract.
type test struct {
	name string
	run  func(s *suite)
}

// Run tests a store. open makes an empty one for each test and sees to its end.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Helper()
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Resources", resources},
		{"Unique", unique},
		{"Lists", lists},
		{"Memberships", memberships},
		{"Search", searches},
		{"Pages", pages},
		{"Hostile", hostile},
		{"Restore", restores(open)},
		{"Races", races},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.name, func(t *testing.T) { one.run(newSuite(t, open(t))) })
			}
		})
	}
}

// RunShared tests a store that several processes have open. open makes two handles on the same empty data.
func RunShared(t *testing.T, open func(t *testing.T) (one, other store.Store)) {
	t.Helper()
	for _, one := range shared {
		t.Run(one.name, func(t *testing.T) {
			a, b := open(t)
			one.run(newSuite(t, a), newSuite(t, b))
		})
	}
}
