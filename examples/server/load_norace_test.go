//go:build !race

package main

// How much the tests of many clients and of crashes do.
const (
	clients    = 64 // at once
	increments = 2  // of each client
	crashes    = 20 // of each database
)
