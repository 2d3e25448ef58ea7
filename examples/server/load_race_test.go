//go:build race

package main

// Less where all is ten times slower: .ci/run has these tests without the race detector, too.
const (
	clients    = 16
	increments = 1
	crashes    = 4
	largest    = 1 << 20
	raced      = true
)
