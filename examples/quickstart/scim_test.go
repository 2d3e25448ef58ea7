package main

import (
	"log/slog"
	"testing"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/resource/scimtest"
)

// What identity providers send, and the rules of the RFCs, against the service in both modes.
func TestSCIM(t *testing.T) {
	const token = "sesame"
	for name, mode := range map[string]resource.Option{"tolerant": nil, "strict": resource.Strict()} {
		t.Run(name, func(t *testing.T) {
			scimtest.Run(t, newService(quickStore(), token, slog.New(slog.DiscardHandler), mode), scimtest.Config{
				Base: root, Token: token, Strict: mode != nil,
			})
		})
	}
}
