// Command server is a complete SCIM service provider: any resource types, given as schema files or the usual ones, in memory, SQLite or
// PostgreSQL. README.md tells how to run it.
//
//	main.go    server and shutdown
//	config.go  flags
//	types.go   resource types and schemas from files
//	dump.go    --dump-resources and --load-resources
//
//	service/   the service as an http.Handler
//	store/     what it wants of a store, as an interface and as a test suite; in memory, SQLite and PostgreSQL
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/memory"
	"github.com/scimmodels/scim/examples/server/store/sqlstore"
	"github.com/scimmodels/scim/resource"
)

// memoryLimit is from where on the collector works harder, unless GOMEMLIMIT says otherwise; see service.Room for what requests take.
const memoryLimit = 160 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	if status := start(ctx, os.Args[1:], os.Stdout, os.Stderr); status != 0 {
		os.Exit(status) //nolint:gocritic // the process ends, and with it the signals
	}
}

// start runs the program until ctx ends, and returns its exit status: 2 for what is wrong with its arguments, 1 for what fails later.
func start(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return refuse(stderr, err)
	}
	return c.start(ctx, stdout, stderr)
}

// refuse says what is wrong with the arguments, and returns the exit status for that.
func refuse(stderr io.Writer, err error) int {
	_, _ = fmt.Fprintln(stderr, "server:", err)
	return 2
}

func (c *config) start(ctx context.Context, stdout, stderr io.Writer) int {
	types, err := catalogueOf(c.schemas, c.resourceTypes)
	if err != nil {
		return refuse(stderr, err)
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	for _, repaired := range types.repaired {
		log.Warn("a schema file has been put right", "file", repaired.file, "what", repaired.what)
	}
	if err := run(ctx, c, types, log, stdout); err != nil {
		if _, wrong := errors.AsType[usage](err); wrong {
			return refuse(stderr, err)
		}
		log.Error("server failed", "cause", err)
		return 1
	}
	return 0
}

// inMemory is the database that is none.
const inMemory = "memory:"

// open connects to the database.
func open(ctx context.Context, address string, kinds []*store.Kind) (store.Store, error) {
	if address == inMemory {
		return memory.New(), nil
	}
	return sqlstore.Open(ctx, address, kinds)
}

// run serves until ctx ends, and then lets the requests under way finish. Whatever ends it, resources are dumped as long as there is time:
// until a second signal.
func run(ctx context.Context, c *config, types *catalogue, log *slog.Logger, stdout io.Writer) (err error) {
	db, err := open(ctx, c.database, types.kinds())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if c.load != "" {
		if err := load(ctx, db, types.kinds(), c.load); err != nil {
			return fmt.Errorf("--load-resources: %w", err)
		}
	}
	handler, err := service.New(ctx, service.Config{
		Store: db, Types: types.types, Schemas: types.schemas, Tokens: c.tokens, Prefixes: c.prefixes(),
		ReverseProxy: c.reverseProxy, Options: c.options(), Sensitive: c.sensitive, Log: log,
	})
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    256 << 10, // a filter in a URL may be long
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(c.hostname, c.port))
	if err != nil {
		return err
	}
	c.announce(stdout, log, listener.Addr().String(), types.types)

	err = c.serve(ctx, server, listener)
	if c.dump != "" {
		if failed := dump(context.WithoutCancel(ctx), db, types.kinds(), c.dump); failed != nil {
			err = errors.Join(err, fmt.Errorf("--dump-resources: %w", failed))
		}
	}
	return err
}

// serve answers requests until ctx ends. Those that are not done some time later are cut off: a client may never send all of its body.
func (c *config) serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.grace)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return errors.Join(fmt.Errorf("requests had to be cut off: %w", err), server.Close())
	}
	return nil
}

// announce says where the service is, and how to try it.
func (c *config) announce(stdout io.Writer, log *slog.Logger, address string, types []service.Type) {
	url := "http://" + address + c.prefix
	header := ""
	if len(c.tokens) == 0 {
		log.Warn("there is no --bearer-token: EVERYBODY who can reach this address can read and change everything", "address", address)
	} else {
		header = ` -H "Authorization: Bearer $SCIM_TOKEN"`
	}
	endpoints := make([]string, len(types))
	for i, t := range types {
		endpoints[i] = t.Endpoint
	}
	_, _ = fmt.Fprintf(stdout, "SCIM service at %s with %s\nTry: curl%s -H 'Content-Type: %s' -d '{\"schemas\": [%q], \"userName\": \"bjensen\"}' %s/Users\n",
		url, strings.Join(endpoints, ", "), header, resource.MediaType, resource.UserSchema, url)
}
