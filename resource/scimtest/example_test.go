package scimtest_test

import (
	"net/http"
	"testing"

	"github.com/scimmodels/scim/resource/scimtest"
)

// newHandler makes the service: yours.
func newHandler() http.Handler { return http.NotFoundHandler() }

// A test of a service at /scim/v2, which wants a token and leaves /Users/.search out.
func ExampleRun() {
	// In service_test.go, with t from: func TestSCIM(t *testing.T)
	_ = func(t *testing.T) {
		t.Helper()
		scimtest.Run(t, newHandler(), scimtest.Config{
			Base:  "/scim/v2",
			Token: "sesame",
			Skip:  []string{"oracle-users-search-post", "7644-3.4.3-01", "7644-3.4.3-02", "7644-3.4.3-03", "7644-3.4.3-04"},
		})
	}
	// Output:
}
