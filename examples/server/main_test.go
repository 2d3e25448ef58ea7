package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/resource"
)

// output is what a program prints, to be read while it runs.
type output struct {
	lock sync.Mutex
	text bytes.Buffer
	line chan struct{} // closed with the first line
	once sync.Once
}

func newOutput() *output { return &output{line: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.once.Do(func() { close(o.line) })
	return o.text.Write(p)
}

func (o *output) String() string {
	o.lock.Lock()
	defer o.lock.Unlock()
	return o.text.String()
}

// program is one that runs.
type program struct {
	ask.Client
	stdout, stderr *output
	stop           func() int
}

var address = regexp.MustCompile(`SCIM service at http://([^/]+)(/\S*) with`)

// running starts the program with arguments, on a port that is free.
func running(t *testing.T, args ...string) *program {
	t.Helper()
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	p := &program{stdout: newOutput(), stderr: newOutput()}
	status := make(chan int, 1)
	go func() { status <- start(ctx, append([]string{"--port", "0"}, args...), p.stdout, p.stderr) }()
	p.stop = sync.OnceValue(func() int { cancel(); return <-status })
	t.Cleanup(func() { p.stop() })
	select {
	case <-p.stdout.line:
	case n := <-status:
		status <- n
		t.Fatalf("exit status %d: %s", n, p.stderr)
	}
	found := address.FindStringSubmatch(p.stdout.String())
	require.NotNil(t, found, p.stdout.String())
	p.Client = ask.New(t, remote{found[1], &http.Transport{}}, found[2], "")
	return p
}

// ends runs the program until it ends by itself.
func ends(t *testing.T, args ...string) (status int, says string) {
	t.Helper()
	t.Chdir(t.TempDir())
	out := newOutput()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // if it starts after all
	defer cancel()
	status = start(ctx, append([]string{"--port", "0"}, args...), out, out)
	return status, out.String()
}

func written(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file.json")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

const (
	gadget = `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": "urn:example:Gadget", "name": "Gadget",
		"attributes": [{"name": "label", "type": "string", "multiValued": false, "required": true}]}`
	gadgets = `{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "name": "Gadget", "endpoint": "/Gadgets", "schema": "urn:example:Gadget"}`
)

// hidden is part of passwords and tokens.
const hidden = "t1meMaheen"

// What is wrong with a flag or a file is named, and the exit status is 2.
func TestBadArguments(t *testing.T) {
	schema := written(t, gadget)
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"an unknown flag":               {[]string{"--nothing"}, []string{"-nothing"}},
		"no flag":                       {[]string{"nothing"}, []string{"nothing"}},
		"a port that is none":           {[]string{"--port", "http"}, []string{"--port", "http"}},
		"a port that is too large":      {[]string{"--port", "65536"}, []string{"--port", "65536"}},
		"a prefix that is none":         {[]string{"--prefix", "scim"}, []string{"--prefix", "scim"}},
		"a database of another kind":    {[]string{"--database", "mysql"}, []string{"--database", "sqlite:"}},
		"a database of another kind, 2": {[]string{"--database", "mysql://u:" + hidden + "@h/x"}, []string{"--database", "PostgreSQL"}},
		"a database nobody finds again": {[]string{"--database", "sqlite::memory:"}, []string{"--database", "sqlite:"}},
		"a database without a file":     {[]string{"--database", "sqlite:"}, []string{"--database", "sqlite:"}},
		"a database with a bad port":    {[]string{"--database", "postgres://u:" + hidden + "@127.0.0.1:a/db"}, []string{"--database", "port"}},
		"a database with a bad host":    {[]string{"--database", "postgres://u:" + hidden + "@[::1/db"}, []string{"--database", "URL"}},
		"a database with a bad option":  {[]string{"--database", "postgres://u:" + hidden + "@127.0.0.1/db?sslmode=nonsense"}, []string{"--database", "sslmode"}},
		"a password with characters":    {[]string{"--database", "postgres://u:" + hidden + "@" + hidden + "@h:a/db"}, []string{"--database"}},
		"a password as a parameter":     {[]string{"--database", "postgres://u@h/db?sslmode=nonsense&password=" + hidden}, []string{"--database", "sslmode"}},
		"a token with a blank":          {[]string{"--bearer-token", hidden + " b"}, []string{"--bearer-token", "letters"}},
		"a token in a file":             {[]string{"--bearer-token-file", written(t, "good\n"+hidden+" b\n")}, []string{"--bearer-token-file", "file.json", "letters"}},
		"an empty token":                {[]string{"--bearer-token", ""}, []string{"--bearer-token"}},
		"a file of tokens that is not":  {[]string{"--bearer-token-file", "none.txt"}, []string{"bearer-token-file", "none.txt"}},
		"an empty file of tokens":       {[]string{"--bearer-token-file", written(t, "# none\n")}, []string{"no token"}},
		"a file that is not there":      {[]string{"--schema", "none.json"}, []string{"--schema", "none.json"}},
		"a file that is no JSON":        {[]string{"--schema", written(t, "{")}, []string{"--schema", "file.json"}},
		"an array that is no JSON":      {[]string{"--schema", written(t, "[{]")}, []string{"--schema", "file.json"}},
		"an empty file":                 {[]string{"--schema", written(t, "")}, []string{"--schema", "file.json"}},
		"an empty array":                {[]string{"--schema", written(t, "[]")}, []string{"file.json", "no document"}},
		"a schema that is none":         {[]string{"--schema", written(t, `[`+gadget+`, {"id": "x"}]`)}, []string{"document 2 of 2"}},
		"a schema twice":                {[]string{"--schema", schema, "--schema", schema}, []string{"two schemas", "urn:example:Gadget"}},
		"7643-6-03: no endpoint": {
			[]string{"--schema", schema, "--resource-type", written(t, strings.Replace(gadgets, `"endpoint": "/Gadgets", `, "", 1))},
			[]string{"--resource-type", "file.json", "endpoint"},
		},
		"7643-6-04: one endpoint twice": {
			[]string{"--schema", schema, "--resource-type", written(t, `[`+gadgets+`, `+strings.Replace(gadgets, `"name": "Gadget"`, `"name": "Other"`, 1)+`]`)},
			[]string{"--resource-type", "/Gadgets", "Gadget", "Other"},
		},
		"7643-6-04: one name twice": {
			[]string{"--schema", schema, "--resource-type", written(t, `[`+gadgets+`, `+strings.Replace(gadgets, `/Gadgets`, `/Others`, 1)+`]`)},
			[]string{"--resource-type", "name Gadget"},
		},
		"7643-6-05: a schema that is not there":     {[]string{"--resource-type", written(t, gadgets)}, []string{"Gadget", "urn:example:Gadget"}},
		"7643-6-05: the usual types without theirs": {[]string{"--schema", schema}, []string{"User", resource.UserSchema}},
		"7643-9.2-01: secrets in a list": {
			[]string{"--resource-type", written(t, gadgets), "--schema", written(t, strings.Replace(gadget, `"attributes": [`, `"attributes": [
				{"name": "codes", "type": "string", "multiValued": true, "mutability": "writeOnly", "returned": "never"}, `, 1))},
			[]string{"--resource-type", "Gadget", "codes", "secrets"},
		},
		"resources that are not there": {[]string{"--database", "memory:", "--load-resources", "none.json"}, []string{"--load-resources", "none.json"}},
		"resources that are none": {
			[]string{"--database", "memory:", "--load-resources", written(t, `[{"id": "1", "meta": {"resourceType": "Gadget"}}]`)}, []string{"--load-resources", "Gadget"},
		},
		"resources without id": {
			[]string{"--database", "memory:", "--load-resources", written(t, `[{"userName": "x", "meta": {"resourceType": "User"}}]`)}, []string{"--load-resources", "no id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			status, says := ends(t, c.args...)
			assert.Equal(t, 2, status, says)
			for _, word := range c.says {
				assert.Contains(t, says, word)
			}
			assert.NotContains(t, says, hidden)
		})
	}
	t.Run("SCIM_TOKEN", func(t *testing.T) {
		t.Setenv("SCIM_TOKEN", "x y")
		status, says := ends(t)
		assert.Equal(t, 2, status)
		assert.Contains(t, says, "SCIM_TOKEN")
		assert.NotContains(t, says, "x y")
	})
	t.Run("help", func(t *testing.T) {
		status, says := ends(t, "--help")
		assert.Zero(t, status)
		for _, name := range []string{
			"schema", "resource-type", "bearer-token", "hostname", "port", "prefix", "reverse-proxy", "dump-resources", "load-resources", "database", "strict",
		} {
			assert.Contains(t, says, "-"+name)
		}
	})
}

func TestFailures(t *testing.T) {
	for name, args := range map[string][]string{
		"a database that is away": {"--database", "postgres://nobody@127.0.0.1:1/none"},
		"a file in no directory":  {"--database", "sqlite:/none/none/scim.db"},
		"an address of others":    {"--database", "memory:", "--hostname", "192.0.2.1"},
	} {
		t.Run(name, func(t *testing.T) {
			status, says := ends(t, args...)
			assert.Equal(t, 1, status, says)
			assert.Contains(t, says, "server failed")
		})
	}
}

func TestTokens(t *testing.T) {
	t.Run("7644-7.6-01, 7644-2-02: none: anonymous, said loudly", func(t *testing.T) {
		p := running(t, "--database", "memory:")
		p.Get("/Users").Is(200)
		assert.Contains(t, p.stderr.String(), "EVERYBODY")
		assert.Zero(t, p.stop())
	})
	t.Run("by flag, file and variable", func(t *testing.T) {
		t.Setenv("SCIM_TOKEN", "variable")
		file := written(t, "# tokens\n\nfile1\nfile2:ann\n")
		p := running(t, "--database", "memory:", "--bearer-token", "flag1", "--bearer-token", "flag2", "--bearer-token-file", file)
		assert.NotContains(t, p.stderr.String(), "EVERYBODY")
		p.Get("/Users").Fails(401, "")
		for _, token := range []string{"variable", "file1", "file2", "flag1", "flag2"} {
			p.With("Authorization", "Bearer "+token).Get("/Users").Is(200)
		}
		p.With("Authorization", "Bearer file2:ann").Get("/Users").Fails(401, "")
		p.With("Authorization", "Bearer file1").Post("/Users", ask.User("ann")).Is(201)
		p.With("Authorization", "Bearer file2").Get("/Me").Is(200).Has(`{"userName": "ann"}`)
		p.With("Authorization", "Bearer file1").Get("/Me").Fails(501, "")
		assert.Zero(t, p.stop())
		for _, token := range []string{"variable", "file1", "file2", "flag1", "flag2"} {
			assert.NotContains(t, p.stderr.String()+p.stdout.String(), token)
		}
	})
}

func TestFlags(t *testing.T) {
	t.Run("--prefix", func(t *testing.T) {
		p := running(t, "--database", "memory:", "--prefix", "/tenants/1/")
		p.Get("/Users").Is(200)
		for _, also := range []string{"/tenants/1/v2", "/v2"} { // 7644-3.13-01
			p.Root = also
			p.Get("/Users").Is(200)
		}
		p.Root = "/tenants/1/v3"
		p.Get("/Users").Is(404)
		p.Root = "/scim/v2"
		p.Get("/Users").Is(404)
	})
	t.Run("--strict", func(t *testing.T) {
		p := running(t, "--database", "memory:", "--strict")
		p.Post("/Users", `{"userName": "x"}`).Fails(400, "invalidSyntax")
	})
	t.Run("--reverse-proxy", func(t *testing.T) {
		p := running(t, "--database", "memory:", "--reverse-proxy")
		a := p.With("Forwarded", "proto=https;host=scim.example.com").Post("/Users", ask.User("x")).Is(201)
		assert.True(t, strings.HasPrefix(a.Header.Get("Location"), "https://scim.example.com/scim/v2/Users/"))
	})
	t.Run("--sensitive", func(t *testing.T) {
		p := running(t, "--database", "memory:", "--sensitive", "phoneNumbers")
		p.Find("/Users", "phoneNumbers pr").Fails(403, "sensitive")
	})
	t.Run("--database is a relative file", func(t *testing.T) {
		p := running(t, "--database", "sqlite:some.db")
		p.User("ann")
		assert.Zero(t, p.stop())
		assert.FileExists(t, "some.db")
	})
}

// A dump has everything, and what is loaded from it is dumped the same again.
func TestDumpAndLoad(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first.json"), filepath.Join(dir, "second.json")
	p := running(t, "--database", "memory:", "--dump-resources", first)
	ann, annID := p.User("ann", `, "password": "t1meMaheen", "emails": [{"value": "ann@example.com", "primary": true}],
		"`+resource.EnterpriseUserSchema+`": {"department": "Tours"}`)
	group := p.Group("guides", annID)
	p.Patch(ann, `{"op": "add", "path": "title", "value": "T"}`).Is(200)
	before := p.Get(ann).Text
	require.Zero(t, p.stop())

	info, err := os.Stat(first)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	document, err := os.ReadFile(first)
	require.NoError(t, err)
	assert.NotContains(t, string(document), "t1meMaheen")
	assert.Contains(t, string(document), "pbkdf2")
	list, err := resource.Validate[resource.ListResponse[json.RawMessage]](resource.QueryResponse, document)
	require.NoError(t, err)
	assert.Len(t, list.Resources, 2)

	for _, database := range []string{"memory:", "sqlite:" + filepath.Join(dir, "scim.db")} {
		p = running(t, "--database", database, "--load-resources", first, "--dump-resources", second)
		host := regexp.MustCompile(`http://[^/]+`)
		assert.Equal(t, host.ReplaceAllString(before, ""), host.ReplaceAllString(p.Get(ann).Text, ""))
		p.Get(group).Has(`{"members": [{"value": "` + annID + `"}]}`)
		require.Zero(t, p.stop(), p.stderr.String())
		again, err := os.ReadFile(second)
		require.NoError(t, err)
		assert.Equal(t, string(document), string(again), database)
	}
	status, says := ends(t, "--database", "sqlite:"+filepath.Join(dir, "scim.db"), "--load-resources", first)
	assert.Equal(t, 1, status, "they are there already")
	assert.Contains(t, says, "--load-resources")
}

// A client that never sends all of its request does not keep the others' resources from being dumped.
func TestDumpDespiteSlowClient(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dump.json")
	stdout, stderr := newOutput(), newOutput()
	c, err := parse([]string{"--port", "0", "--database", "memory:", "--dump-resources", file}, stderr)
	require.NoError(t, err)
	c.grace = 0
	ctx, stop := context.WithCancel(t.Context())
	status := make(chan int, 1)
	go func() { status <- c.start(ctx, stdout, stderr) }()
	<-stdout.line
	found := address.FindStringSubmatch(stdout.String())
	require.NotNil(t, found, stdout.String())
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	ask.New(t, remote{found[1], transport}, found[2], "").User("ann")

	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", found[1])
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nContent-Type: application/scim+json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n{")
	require.NoError(t, err)
	answer := bufio.NewReader(conn)
	line, err := answer.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "100 Continue", "the service is reading the body")
	stop()
	assert.Equal(t, 1, <-status, "a request has been cut off")
	assert.Contains(t, stderr.String(), "cut off")
	document, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Contains(t, string(document), `"userName":"ann"`)
}

// Resource types from files, beside those that the service has said it has.
func TestTypesFromFiles(t *testing.T) {
	device, err := filepath.Abs("testdata/device")
	require.NoError(t, err)
	for _, database := range []string{"memory:", "sqlite:scim.db"} {
		p := running(t, "--database", database)
		schemas, types := written(t, p.Get("/Schemas").Is(200).Text), written(t, p.Get("/ResourceTypes").Is(200).Text)
		require.Zero(t, p.stop())
		p = running(t, "--database", database, "--schema", schemas, "--schema", filepath.Join(device, "schemas.json"),
			"--resource-type", types, "--resource-type", filepath.Join(device, "types.json"))
		assert.Contains(t, p.stdout.String(), "/Users, /Groups, /Devices")
		devices(t, p.Client)
	}
}

// devices are all that the RFCs have, for a type that they do not know.
func devices(t *testing.T, c ask.Client) {
	t.Helper()
	const urn, lease = "urn:example:params:scim:schemas:Device", "urn:example:params:scim:schemas:extension:lease:Device"
	device := func(number, more string) string {
		return `{"schemas": ["` + urn + `"], "serialNumber": "` + number + `", "model": "x200"` + more + `}`
	}
	_, ann := c.User("ann")
	_, bob := c.User("bob")
	a := c.Post("/Devices", device("A-1", `, "pin": "4711", "memory": 8192, "diagonal": 13.3, "active": true, "purchased": "2024-02-29T12:00:00Z",
		"addresses": [{"value": "00:00:5e:00:53:01", "type": "mac"}, {"value": "192.0.2.1", "type": "ipv4", "primary": true}],
		"owners": [{"value": "`+ann+`"}], "`+lease+`": {"lessor": "Rent & Co"}`)).Is(201)
	a.Has(`{"schemas": ["` + urn + `", "` + lease + `"], "memory": 8192, "diagonal": 13.3, "owners": [{"value": "` + ann + `", "type": "User", "display": "ann"}],
		"meta": {"resourceType": "Device"}}`).Lacks("4711").Lacks("pin")
	path := "/Devices/" + a.ID()
	c.Post("/Devices", device("A-1", "")).Fails(409, "uniqueness", "serialNumber")
	c.Post("/Devices", device("a-1", "")).Is(201) // caseExact
	c.Post("/Devices", `{"schemas": ["`+urn+`"], "memory": "much"}`).Fails(400, "invalidValue", "serialNumber", "model", "memory")
	c.Post("/Devices", device("A-2", `, "`+lease+`": {"until": "2030-01-01T00:00:00Z"}`)).Fails(400, "invalidValue", "lessor")
	c.Post("/Devices", device("A-2", `, "owners": [{"value": "`+a.ID()+`"}]`)).Fails(400, "invalidValue", "owners")

	for f, want := range map[string]int{
		`memory ge 8192 and diagonal lt 13.5`: 1, `purchased gt "2024-01-01T00:00:00Z"`: 1, `addresses[type eq "ipv4" and value sw "192."]`: 1,
		`addresses.type eq "ipv6"`: 0, lease + `:lessor co "&"`: 1, `owners.value eq "` + ann + `"`: 1, `owners.display eq "ANN"`: 1, `not (owners pr)`: 1, `model eq "X200"`: 2,
	} {
		assert.Equal(t, want, c.Find("/Devices", f).Is(200).Total(), f)
	}
	c.Find("/Devices", `pin eq "4711"`).Fails(400, "invalidFilter")
	assert.Equal(t, []string{"A-1", "a-1"}, c.Get("/Devices?sortBy=serialNumber").Is(200).Each("serialNumber"))

	tag := c.Get(path).Is(200).Tag()
	c.With("If-None-Match", tag).Get(path).Is(304)
	a = c.With("If-Match", tag).Patch(path, `{"op": "add", "path": "owners", "value": [{"value": "`+bob+`"}]}, {"op": "replace", "path": "addresses[type eq \"mac\"].value", "value": "00:00:5e:00:53:02"}`).Is(204)
	assert.NotEqual(t, tag, a.Tag())
	c.With("If-Match", tag).Delete(path).Fails(412, "")
	c.Patch(path, `{"op": "replace", "path": "serialNumber", "value": "B-1"}`).Fails(400, "mutability", "serialNumber")
	c.Get(path + "?attributes=owners").Is(200).Has(`{"owners": [{"display": "ann"}, {"display": "bob"}]}`).Lacks("model")
	c.Put(path, device("A-1", `, "owners": [{"value": "`+bob+`"}]`)).Is(200).Has(`{"owners": [{"value": "` + bob + `"}]}`).Lacks(lease)
	c.Delete("/Users/" + bob).Is(204)
	c.Get(path).Is(200).Lacks("owners")
	c.Post("/Bulk", `{"schemas": ["`+resource.BulkRequestSchema+`"], "Operations": [
		{"method": "POST", "path": "/Users", "bulkId": "u", "data": `+ask.User("cid")+`},
		{"method": "PATCH", "path": "`+path+`", "data": {"schemas": ["`+resource.PatchOpSchema+`"], "Operations": [{"op": "add", "path": "owners", "value": [{"value": "bulkId:u"}]}]}}]}`).
		Is(200).Has(`{"Operations": [{"status": "201"}, {"status": "200"}]}`)
	c.Get(path).Has(`{"owners": [{"display": "cid"}]}`)
	c.Get("/Schemas/" + urn).Is(200).Has(`{"name": "Device"}`)
	c.Get("/ResourceTypes/Device").Is(200).Has(`{"endpoint": "/Devices"}`)
	c.Delete(path).Is(204)
}
