// Command quickstart serves SCIM 2.0 users and groups from memory, on net/http's mux under /scim/v2.
//
//	main.go      flags, server, shutdown
//	handlers.go  routes, handlers, and the adapter between handlers and HTTP
//	store.go     the application's own records, how they map to SCIM, and a store in memory
//
// To build on it keep main.go and handlers.go, and replace the store and the records by yours.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/scimmodels/scim/resource"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	strict := flag.Bool("strict", false, "refuse requests that depart from the RFCs instead of putting them right")
	flag.Parse() // a bad flag exits 2
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(*addr, *strict, os.Getenv("SCIM_TOKEN"), log); err != nil {
		log.Error("quickstart failed", "cause", err)
		os.Exit(1)
	}
}

// run serves until the process is told to end, and then lets the requests under way finish.
func run(addr string, strict bool, token string, log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	var options []resource.Option
	if strict {
		options = append(options, resource.Strict())
	}
	server := &http.Server{
		Handler:           newService(newStore(), token, log, options...),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	announce("http://"+listener.Addr().String()+root, token, log)

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stop() // a second signal ends the process at once
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}

func announce(url, token string, log *slog.Logger) {
	header := ""
	if token == "" {
		log.Warn("SCIM_TOKEN is not set: EVERYBODY who can reach this address can read and change everything")
	} else {
		header = ` -H "Authorization: Bearer $SCIM_TOKEN"`
	}
	fmt.Printf("SCIM service at %s\nTry: curl%s -H 'Content-Type: %s' -d '{\"schemas\": [%q], \"userName\": \"bjensen\"}' %s/Users\n",
		url, header, resource.MediaType, resource.UserSchema, url)
}
