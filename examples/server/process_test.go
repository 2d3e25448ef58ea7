package main

import (
	"bytes"
	"context"
	"database/sql"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
)

// asProgram is set in the environment of a test binary that is to be the program.
const asProgram = "SCIM_TEST_AS_PROGRAM"

// TestMain makes the test binary the program, where that is wanted, so that tests can have it as a process of its own: one that can be
// killed, and several on one database.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// secret is the token of the processes.
const secret = "sesame"

// process is the program that runs as a process of its own.
type process struct {
	ask.Client
	address        string
	cmd            *exec.Cmd
	stdout, stderr *output
	ended          chan struct{} // closed at its end
}

// spawn starts a process on a port that is free; ready waits until it serves. It does not survive the test.
func spawn(t *testing.T, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	p := &process{
		cmd:    exec.CommandContext(t.Context(), program, append([]string{"--port", "0"}, args...)...),
		stdout: newOutput(), stderr: newOutput(), ended: make(chan struct{}),
	}
	p.cmd.Env = append(os.Environ(), asProgram+"=1", "SCIM_TOKEN="+secret+"\nother:ann")
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	require.NoError(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait() // ProcessState tells
		close(p.ended)
	}()
	t.Cleanup(func() { // t.Context has ended, which kills it
		<-p.ended
		assert.NotContains(t, p.stderr.String(), "DATA RACE")
		assert.NotContains(t, p.stderr.String(), "panic")
	})
	return p
}

// ready waits until the process serves.
func (p *process) ready(t *testing.T) *process {
	t.Helper()
	select {
	case <-p.stdout.line:
	case <-p.ended:
		t.Fatalf("%v: %s", p.cmd.ProcessState, p.stderr)
	}
	found := address.FindStringSubmatch(p.stdout.String())
	require.NotNil(t, found, p.stdout.String())
	p.address = found[1]
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	t.Cleanup(transport.CloseIdleConnections)
	p.Client = ask.New(t, remote{p.address, transport}, found[2], secret)
	return p
}

// launch starts as many processes as there are addresses of databases, all at once.
func launch(t *testing.T, databases ...string) []*process {
	t.Helper()
	all := make([]*process, len(databases))
	for i, database := range databases {
		all[i] = spawn(t, "--database", database)
	}
	for _, p := range all {
		p.ready(t)
	}
	return all
}

// kill ends the process at once.
func (p *process) kill() { _ = p.cmd.Process.Kill() } // it may have ended, which killed finds out

// killed waits for the end of a process, and demands that it was kill that ended it.
func (p *process) killed(t *testing.T) {
	t.Helper()
	<-p.ended
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	require.True(t, ok && status.Signaled() && status.Signal() == syscall.SIGKILL, "%v: %s", p.cmd.ProcessState, p.stderr)
}

// unanswered is the status of a request whose answer has not come, or not as a whole. The service never answers it.
const unanswered = http.StatusBadGateway

// remote is the server at an address as a handler: it sends there what it gets.
type remote struct {
	address   string
	transport *http.Transport
}

// ServeHTTP implements http.Handler.
func (s remote) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute) // the service has more patience with nobody
	defer cancel()
	out := r.Clone(ctx)
	out.RequestURI, out.URL.Scheme, out.URL.Host, out.Host = "", "http", s.address, ""
	answer, err := s.transport.RoundTrip(out)
	if err != nil {
		http.Error(w, err.Error(), unanswered)
		return
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		http.Error(w, err.Error(), unanswered)
		return
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(body.Bytes())
}

// named gives the connections to a PostgreSQL a name of their own, by which they can be found.
func named(t *testing.T, database string) string {
	t.Helper()
	address, err := url.Parse(database)
	require.NoError(t, err)
	if address.Scheme == "sqlite" {
		return database
	}
	query := address.Query()
	query.Set("application_name", query.Get("search_path"))
	address.RawQuery = query.Encode()
	return address.String()
}

// connections has PostgreSQL do something with each connection to a database that named has made, and counts them.
func connections(t *testing.T, database, do string) (n int) {
	t.Helper()
	db, err := sql.Open("pgx", os.Getenv("SCIM_TEST_POSTGRES"))
	require.NoError(t, err)
	defer db.Close()
	address, err := url.Parse(database)
	require.NoError(t, err)
	text := "SELECT COUNT(" + do + ") FROM pg_stat_activity WHERE application_name = $1"
	require.NoError(t, db.QueryRowContext(t.Context(), text, address.Query().Get("application_name")).Scan(&n))
	return n
}

// settle waits until PostgreSQL is done with what a process that was killed has told it last.
func settle(t *testing.T, database string) {
	t.Helper()
	if strings.HasPrefix(database, "postgres") { // SQLite was in the process
		require.Eventually(t, func() bool { return connections(t, database, "*") == 0 }, time.Minute, 5*time.Millisecond)
	}
}
