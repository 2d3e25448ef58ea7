//go:build !race

package main

import "github.com/scimmodels/scim/examples/server/service"

// How much the tests of many clients and of crashes do, and whether memory says anything.
const (
	clients    = 64              // at once
	increments = 2               // of each client
	crashes    = 20              // of each database
	largest    = service.MaxBody // of hostile bodies
	raced      = false
)
