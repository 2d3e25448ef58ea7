// Command okta shows how an application that has its own tables and its own login gains SCIM 2.0, on SQLite or PostgreSQL.
//
//	main.go         flags, server, shutdown
//	application.go  the application as it was: users who sign in, with a password
//	migrations/     its tables, and in 002_scim.sql what SCIM needs besides
//
//	database.go     opens it with its migrations, and says what a client is told of its errors; connections, transactions
//	                and migrations are those of ../internal/sqldb
//	store_users.go  SQL of users and their e-mail addresses
//	store_groups.go SQL of groups and memberships
//	search.go       filter, sorting and pages as SQL
//
//	users.go        rows of users to SCIM and back
//	groups.go       rows of groups to SCIM, and a PATCH or PUT as the changes it makes
//	handlers.go     routes and handlers
//	http.go         the adapter between handlers and HTTP
package main

import (
	"context"
	"errors"
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
	var c config
	flag.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	flag.StringVar(&c.database, "database", "sqlite:okta.db", "sqlite:`file` or postgres://user@host/name")
	flag.StringVar(&c.base, "base", "", "`URL` by which clients reach /scim/v2, where a proxy or tunnel is in between")
	flag.BoolVar(&c.strict, "strict", false, "refuse requests that depart from the RFCs instead of putting them right")
	flag.Parse() // a bad flag exits 2
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	c.token = os.Getenv("SCIM_TOKEN")
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(c, log); err != nil {
		log.Error("okta failed", "cause", err)
		os.Exit(1)
	}
}

type config struct {
	addr, database, base, token string
	strict                      bool
}

// run serves until the process is told to end, and then lets the requests under way finish.
func run(c config, log *slog.Logger) error {
	if c.token == "" {
		return errors.New("SCIM_TOKEN is not set: whoever holds this token can read and change all users, so there is no service without one")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	db, err := openDatabase(ctx, c.database)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()

	var options []resource.Option
	if c.strict {
		options = append(options, resource.Strict())
	}
	mux := http.NewServeMux()
	mux.Handle(root+"/", newService(db, c.base, c.token, log, options...))
	mux.Handle("POST /login", application{db}) // what the application had all along
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String() + root
	fmt.Printf("SCIM service at %s\nTry: curl -H \"Authorization: Bearer $SCIM_TOKEN\" %s/Users\n", url, url)

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
