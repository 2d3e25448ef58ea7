package service_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/examples/guides/service"
)

// The service is one more handler of an application that has a mux already.
func Example() {
	dir, err := os.MkdirTemp("", "guides")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	db, err := accounts.Open(context.Background(), filepath.Join(dir, "app.db"))
	if err != nil {
		panic(err)
	}
	defer func() { _ = db.Close() }()

	scim, err := service.New(db, "https://app.example.com/scim/v2", "sesame", slog.Default())
	if err != nil {
		panic(err)
	}
	app := http.NewServeMux() // yours
	app.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "home") })
	app.Handle("/scim/v2/", scim)

	r := httptest.NewRequest(http.MethodGet, "/scim/v2/Users", nil)
	r.Header.Set("Authorization", "Bearer sesame")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}
}
