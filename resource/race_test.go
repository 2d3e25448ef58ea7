//go:build race

package resource_test

// share is the part of the generated cases that is tried: with the race detector each takes ten times as long.
const share = 8
