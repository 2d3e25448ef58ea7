package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/resource"
)

// line is the way to PostgreSQL, which can be cut.
type line struct {
	t         *testing.T
	address   string
	network   string // of PostgreSQL, which may have a socket in a directory
	server    string
	lock      sync.Mutex
	listener  net.Listener // nil while nobody gets through
	open      map[net.Conn]bool
	dead      bool   // who calls is hung up on
	cutBefore string // a message that ends its connection instead of arriving
	cutAfter  string // a message whose answer does not arrive
}

// lead makes a line, and the URL of a database that leads through it.
func lead(t *testing.T, database string) (*line, string) {
	t.Helper()
	config, err := pgconn.ParseConfig(database)
	require.NoError(t, err)
	l := &line{t: t, address: "127.0.0.1:0", open: map[net.Conn]bool{}}
	l.network, l.server = pgconn.NetworkAddress(config.Host, config.Port)
	l.mend()
	t.Cleanup(l.cut)

	u, err := url.Parse(database)
	require.NoError(t, err)
	query := u.Query()
	query.Del("host")
	query.Del("port")
	u.Host, u.RawQuery = l.address, query.Encode()
	return l, u.String()
}

// mend lets everybody through.
func (l *line) mend() {
	l.t.Helper()
	l.lock.Lock()
	defer l.lock.Unlock()
	l.dead = false
	if l.listener != nil {
		return
	}
	listener, err := (&net.ListenConfig{}).Listen(l.t.Context(), "tcp", l.address)
	require.NoError(l.t, err)
	l.listener, l.address = listener, listener.Addr().String()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go l.connect(c)
		}
	}()
}

// cut ends all connections, and refuses new ones.
func (l *line) cut() {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.listener != nil {
		_ = l.listener.Close()
		l.listener = nil
	}
	l.drop()
}

// hangUp ends all connections, and new ones as soon as they are there.
func (l *line) hangUp() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.dead = true
	l.drop()
}

func (l *line) drop() {
	for c := range l.open {
		_ = c.Close()
	}
}

// arm has a message cut one connection, before it arrives or as soon as it is answered.
func (l *line) arm(before, after string) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.cutBefore, l.cutAfter = before, after
}

// sprung says whether message is one that cuts, and takes that back: once is enough.
func (l *line) sprung(message []byte, by *string) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	if *by == "" || !bytes.Contains(message, []byte(*by)) {
		return false
	}
	*by = ""
	return true
}

// harmless says that a message has cut what it was to cut.
func (l *line) harmless() bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.cutBefore == "" && l.cutAfter == ""
}

// connect leads a connection through to PostgreSQL until one side, or the test, ends it.
func (l *line) connect(client net.Conn) {
	server, err := (&net.Dialer{}).DialContext(l.t.Context(), l.network, l.server)
	if err != nil {
		_ = client.Close()
		return
	}
	l.lock.Lock()
	l.open[client], l.open[server] = true, true
	if l.dead || l.listener == nil {
		l.drop()
	}
	l.lock.Unlock()
	end := sync.OnceFunc(func() {
		_, _ = client.Close(), server.Close()
		l.lock.Lock()
		defer l.lock.Unlock()
		delete(l.open, client)
		delete(l.open, server)
	})
	var mute atomic.Bool // what comes from the server now is not to arrive
	go func() {
		defer end()
		for buffer := make([]byte, 64<<10); ; {
			n, err := client.Read(buffer)
			if err != nil || l.sprung(buffer[:n], &l.cutBefore) {
				return
			}
			mute.Store(l.sprung(buffer[:n], &l.cutAfter))
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	defer end()
	for buffer := make([]byte, 64<<10); ; {
		n, err := server.Read(buffer)
		if err != nil || mute.Load() {
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// health asks a process how it is.
func (p *process) health(t *testing.T) int {
	t.Helper()
	return ask.New(t, p.Handler, "", "").Get("/healthz").Status
}

// away demands that requests of all sorts are answered by 503: not 500, and not never.
func (p *process) away(t *testing.T, user string) {
	t.Helper()
	c := p.On(t)
	for _, a := range []ask.Answer{
		c.Get(user), c.Get("/Users"), c.Find("/Users", `userName eq "ann"`), c.Get("/"),
		c.Post("/Users", ask.User("late")), c.Put(user, ask.User("ann")), c.Delete(user),
		c.Patch(user, `{"op": "add", "path": "title", "value": "late"}`),
	} {
		a.Fails(503, "").Lacks("127.0.0.1").Lacks("dial")
		assert.NotEmpty(t, a.Header.Get("Retry-After"), a.Asked)
	}
	c.Post("/Bulk", `{"schemas": ["`+resource.BulkRequestSchema+`"], "Operations": [{"method": "DELETE", "path": "`+user+`"}]}`).
		Is(200).Has(`{"Operations": [{"status": "503"}]}`)
	assert.Equal(t, 503, p.health(t))
	c.Get("/Schemas").Is(200) // which are in the program
}

// A lost connection to PostgreSQL is said to clients as what it is, and nobody has to do anything when it is back.
func TestPostgresAway(t *testing.T) {
	database := sqldbtest.Schema(t)
	way, through := lead(t, named(t, database))
	p := launch(t, through)[0]
	user, id := p.User("ann")
	_, bob := p.User("bob")
	group := p.Group("guides", id)
	whole := p.Get(user).Is(200).Text
	back := func(t *testing.T) {
		t.Helper()
		assert.Equal(t, 200, p.health(t))
		assert.Equal(t, whole, p.On(t).Get(user).Is(200).Text)
		assert.Equal(t, 0, p.On(t).Find("/Users", `userName eq "late"`).Is(200).Total())
	}
	t.Run("refused", func(t *testing.T) {
		way.cut()
		p.away(t, user)
		way.mend()
		back(t)
	})
	t.Run("hung up", func(t *testing.T) {
		way.hangUp()
		p.away(t, user)
		way.mend()
		back(t)
	})
	t.Run("again and again, while many ask", func(t *testing.T) {
		for range 5 {
			got := ask.Together(clients, func(i int) int {
				if i == clients/2 {
					way.cut()
				}
				return p.On(t).Get(user).Status
			})
			assert.Equal(t, clients, got[200]+got[503], got)
			way.mend()
		}
		back(t)
	})
	get := func(c ask.Client) ask.Answer { return c.Get(user) }
	search := func(c ask.Client) ask.Answer { return c.Get("/Users") }
	post := func(c ask.Client) ask.Answer { return c.Post("/Users", ask.User("cut")) }
	add := func(c ask.Client) ask.Answer {
		return c.Patch(group, `{"op": "add", "path": "members", "value": [`+ask.Values(bob)+`]}`)
	}
	for name, c := range map[string]struct {
		before, after string
		ask           func(c ask.Client) ask.Answer
		again         int // the status of another try
	}{
		"while reading":                       {"FROM resources", "", get, 200},
		"while searching":                     {"", "FROM resources", search, 200},
		"in the middle of a write":            {"", "INSERT INTO resources", post, 201},
		"in the middle of a write, later":     {"INSERT INTO taken", "", post, 201},
		"while adding a member":               {"", "INSERT INTO members", add, 204},
		"before a write is done":              {"commit", "", post, 201},
		"before a member is there":            {"commit", "", add, 204},
		"before the service knows of a write": {"", "commit", post, 409}, // it has been stored, though nobody was told so
		"before it knows of a member":         {"", "commit", add, 204},
	} {
		t.Run("cut "+name, func(t *testing.T) {
			client := p.On(t)
			way.cut()
			way.mend() // a new connection has not heard any statement
			way.arm(c.before, c.after)
			c.ask(client).Fails(503, "")
			require.True(t, way.harmless(), "nothing has been cut: %s", p.stderr)
			c.ask(client).Is(c.again)
			assert.Equal(t, whole, client.Get(user).Is(200).Text)

			client.Patch(group, `{"op": "remove", "path": "members[value eq \"`+bob+`\"]"}`).Is(204)
			for _, made := range client.Find("/Users", `userName eq "cut"`).Is(200).Each("id") {
				client.Delete("/Users/" + made).Is(204)
			}
		})
	}
}

// Whoever asks next after all connections have been ended by the server is told so once at most.
func TestPostgresRestarted(t *testing.T) {
	database := named(t, sqldbtest.Schema(t))
	p := launch(t, database)[0]
	user, _ := p.User("ann")
	for _, one := range []func(c ask.Client) ask.Answer{
		func(c ask.Client) ask.Answer { return c.Get(user) },
		func(c ask.Client) ask.Answer { return c.Patch(user, `{"op": "add", "path": "title", "value": "T"}`) },
	} {
		ask.Together(clients, func(int) int { return p.On(t).Get(user).Status }) // so that there are several connections
		require.Greater(t, connections(t, database, "pg_terminate_backend(pid)"), 1)
		settle(t, database)
		if a := one(p.Client); a.Status != 200 {
			a.Fails(503, "")
			assert.NotEmpty(t, a.Header.Get("Retry-After"))
		}
		for range 20 {
			one(p.Client).Is(200)
		}
	}
	assert.Equal(t, 200, p.health(t))
}

// SQLite has one writer at a time. Another program that writes for too long is in the way of writers, not of readers.
func TestSQLiteBusy(t *testing.T) {
	t.Parallel()
	database := sqldbtest.File(t)
	p := launch(t, database)[0]
	user, _ := p.User("ann")
	kind, source, err := sqldb.KindOf(database)
	require.NoError(t, err)
	other, err := sql.Open(kind.Driver, source)
	require.NoError(t, err)
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil) // BEGIN IMMEDIATE
	require.NoError(t, err)

	a := p.Patch(user, `{"op": "add", "path": "title", "value": "T"}`).Fails(503, "")
	assert.NotEmpty(t, a.Header.Get("Retry-After"))
	p.Get(user).Is(200).Lacks("title")
	p.Find("/Users", `userName eq "ann"`).Is(200).Has(`{"totalResults": 1}`)
	assert.Equal(t, 200, p.health(t))

	require.NoError(t, tx.Rollback())
	p.Patch(user, `{"op": "add", "path": "title", "value": "T"}`).Is(200)
	p.Get(user).Is(200).Has(`{"title": "T"}`)
}

// upload is a request that has been sent in part: its headers have arrived, and somebody waits for its body.
type upload struct {
	net.Conn
	answer *bufio.Reader
	body   string
}

func begin(t *testing.T, p *process, path, body string) upload {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		p.Root+path, secret, resource.MediaType, len(body))
	require.NoError(t, err)
	u := upload{c, bufio.NewReader(c), body}
	head, err := u.answer.ReadString('\n') // it comes when somebody reads the body
	require.NoError(t, err)
	require.Contains(t, head, "100 Continue")
	_, err = u.answer.ReadString('\n')
	require.NoError(t, err)
	return u
}

// finish sends the rest and returns the status of the answer.
func (u upload) finish(t *testing.T) int {
	t.Helper()
	_, err := io.WriteString(u, u.body)
	require.NoError(t, err)
	answer, err := http.ReadResponse(u.answer, nil)
	require.NoError(t, err)
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	require.NoError(t, err)
	return answer.StatusCode
}

// Who is asked to end answers the requests that it has, takes no new ones, and writes the dump.
func TestShutdown(t *testing.T) {
	for name, address := range sqldbtest.Databases {
		t.Run(name, func(t *testing.T) {
			database, file := address(t), filepath.Join(t.TempDir(), "dump.json")
			p := spawn(t, "--database", database, "--dump-resources", file).ready(t)
			p.User("ann")
			uploads := make([]upload, 8)
			for i := range uploads {
				uploads[i] = begin(t, p, "/Users", ask.User(fmt.Sprint("user", i)))
			}
			require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
			require.Eventually(t, func() bool {
				c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
				if err == nil {
					_ = c.Close()
				}
				return err != nil
			}, time.Minute, 5*time.Millisecond, "new connections are taken")
			assert.Equal(t, unanswered, p.Get("/Users").Status)
			for _, u := range uploads {
				assert.Equal(t, 201, u.finish(t))
			}
			<-p.ended
			assert.Zero(t, p.cmd.ProcessState.ExitCode(), p.stderr)

			document, err := os.ReadFile(file)
			require.NoError(t, err)
			c := launch(t, database)[0].Client
			for i := range uploads {
				assert.Equal(t, 1, c.Find("/Users", fmt.Sprintf(`userName eq "user%d"`, i)).Is(200).Total())
				assert.Equal(t, 1, strings.Count(string(document), fmt.Sprintf(`"user%d"`, i)))
			}
		})
	}
}
