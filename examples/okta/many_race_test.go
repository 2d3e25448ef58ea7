//go:build race

package main

// manyMembers are fewer where all is ten times slower: a race is the same with two.
const manyMembers = 3_000
