//go:build !race

package main

// manyMembers are those of a large group.
const manyMembers = 100_000
