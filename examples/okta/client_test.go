package main

import (
	"log/slog"
	"net/http"
	"testing"

	"github.com/scimmodels/scim/examples/internal/ask"
)

// newClient is a client of the SCIM service.
func newClient(t *testing.T, h http.Handler) ask.Client {
	t.Helper()
	return ask.New(t, h, root, token)
}

// serve is a client of a service of its own on a database.
func serve(t *testing.T, address string) ask.Client {
	t.Helper()
	return newClient(t, quick(opened(t, address), slog.New(slog.DiscardHandler)))
}
