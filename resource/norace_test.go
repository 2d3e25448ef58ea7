//go:build !race

package resource_test

// share is the part of the generated cases that is tried: all of them.
const share = 1
