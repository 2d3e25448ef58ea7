package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/resource"
)

var peak = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// used is the most memory that a process has had, in megabytes.
func used(t *testing.T, p *process) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err, "this test needs Linux")
	found := peak.FindSubmatch(status)
	require.NotNil(t, found)
	kilobytes, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return kilobytes >> 10
}

// hostile are documents that take much memory or time where nobody thinks of it, each as long as a body may be.
func hostile() map[string]string {
	fill := func(head, again, tail string) string {
		n := (largest - len(head) - len(tail)) / len(again)
		return head + strings.Repeat(again, n) + tail
	}
	user := `{"schemas":["` + resource.UserSchema + `"],"userName":"x",`
	patch := `{"schemas":["` + resource.PatchOpSchema + `"],"Operations":[`
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	names := strings.Builder{}
	names.WriteString(user)
	for i := 0; names.Len() < largest-64; i++ {
		fmt.Fprintf(&names, `"n%d":0,`, i)
	}
	names.WriteString(`"z":0}`)
	return map[string]string{
		"100,000 deep":     user + `"a":` + deep + `}`,
		"lists in lists":   strings.Repeat("[", largest),
		"one name, always": fill(user, `"userName":"x",`, `"z":0}`),
		"many names":       names.String(),
		"tiny elements":    fill(user+`"emails":[{}`, `,{}`, `]}`),
		"small elements":   fill(user+`"emails":[{"value":"1"}`, `,{"value":"1"}`, `]}`),
		"tiny strings":     fill(`{"schemas":["a"`, `,"a"`, `],"userName":"x"}`),
		"escapes":          fill(user+`"title":"`, `\u0041`, `"}`),
		"a long string":    fill(user+`"title":"`, `x`, `"}`),
		"a long number":    fill(user+`"title":`, `9`, `}`),
		"faults":           fill(user+`"emails":[{"value":1}`, `,{"value":1}`, `]}`),
		"tiny members":     fill(patch+`{"op":"add","path":"members","value":[{}`, `,{}`, `]}]}`),
		"small members":    fill(patch+`{"op":"add","path":"members","value":[{"value":"1"}`, `,{"value":"1"}`, `]}]}`),
		"many operations":  fill(patch+`{"op":"remove","path":"externalId"}`, `,{"op":"remove","path":"externalId"}`, `]}`),
		"no end":           strings.Repeat(" ", largest-1) + "{",
	}
}

// What a client sends cannot take the memory of the machine, neither at once nor slowly.
func TestHostileClients(t *testing.T) {
	p := launch(t, "memory:")[0]
	path, _ := p.User("ann")
	group := p.Group("guides")
	bodies := hostile()
	for name, body := range bodies {
		for what, send := range map[string]func(c ask.Client) ask.Answer{
			"POST":  func(c ask.Client) ask.Answer { return c.Post("/Users", body) },
			"PUT":   func(c ask.Client) ask.Answer { return c.Put(path, body) },
			"PATCH": func(c ask.Client) ask.Answer { return c.Do(http.MethodPatch, group, body) },
			"bulk":  func(c ask.Client) ask.Answer { return c.Post("/Bulk", body) },
		} {
			t.Run(name+" by "+what, func(t *testing.T) {
				for status := range ask.Together(4, func(int) int { return send(p.On(t)).Status }) {
					assert.Contains(t, []int{200, 201, 204, 400, 409, 413, 503}, status)
				}
			})
		}
	}
	t.Run("bulk of many operations", func(t *testing.T) {
		one := `{"method":"POST","path":"/Users","bulkId":"%d","data":{}},`
		var b strings.Builder
		for i := 0; b.Len() < service.MaxBody-512; i++ {
			fmt.Fprintf(&b, one, i)
		}
		body := `{"schemas":["` + resource.BulkRequestSchema + `"],"Operations":[` + strings.TrimSuffix(b.String(), ",") + `]}`
		p.On(t).Post("/Bulk", body).Fails(http.StatusRequestEntityTooLarge, "")
	})
	t.Run("filters of 150 KB", func(t *testing.T) {
		for _, f := range []string{
			strings.Repeat("(", 150_000), strings.Repeat("not ", 37_500), "userName eq \"" + strings.Repeat("x", 150_000) + `"`,
			"id pr" + strings.Repeat(" or id pr", 16_000), strings.Repeat("a[", 75_000), strings.Repeat("x", 150_000),
		} {
			for status := range ask.Together(8, func(int) int { return p.On(t).Find("/Users", f).Status }) {
				assert.Contains(t, []int{http.StatusBadRequest, http.StatusRequestHeaderFieldsTooLarge}, status)
			}
			search := fmt.Sprintf(`{"schemas":[%q],"filter":%q}`, resource.SearchRequestSchema, f)
			assert.Equal(t, map[int]int{400: 8}, ask.Together(8, func(int) int { return p.On(t).Post("/Users/.search", search).Status }))
		}
	})
	t.Run("headers that do not end", func(t *testing.T) {
		c := p.On(t).With("X-Long", strings.Repeat("x", 2<<20))
		assert.Contains(t, []int{http.StatusRequestHeaderFieldsTooLarge, unanswered}, c.Get("/Users").Status, "it hangs up while we are still writing")
	})
	t.Run("a body longer than it says, and longer than allowed", func(t *testing.T) {
		p.On(t).Post("/Users", strings.Repeat("x", service.MaxBody+1)).Is(http.StatusRequestEntityTooLarge)
		conn := dial(t, p)
		_, err := fmt.Fprintf(conn, "POST %s/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n\r\n", p.Root, secret)
		require.NoError(t, err)
		chunk := "100000\r\n" + strings.Repeat(" ", 1<<20) + "\r\n"
		for range 2 * service.MaxBody >> 20 {
			if _, err := io.WriteString(conn, chunk); err != nil { // it has hung up
				break
			}
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil { // otherwise the answer has been lost with the connection
			defer answer.Body.Close()
			assert.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
		}
	})
	t.Run("the service is as before", func(t *testing.T) {
		c := p.On(t)
		c.Get(path).Is(200)
		bob, _ := c.User("bob")
		assert.Equal(t, []string{"bob"}, c.Find("/Users", `userName eq "Bob"`).Is(200).Each("userName"))
		c.Delete(bob).Is(204)
	})
	if !raced {
		assert.Less(t, used(t, p), 256, "megabytes")
	}
	t.Logf("at most %d MB of memory", used(t, p))
}

func dial(t *testing.T, p *process) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Clients that send nothing, or never all of it, hold a connection for some seconds and nothing else.
func TestSlowClients(t *testing.T) {
	p := launch(t, "memory:")[0]
	silent := make([]net.Conn, 0, 64)
	for i := range 64 {
		conn := dial(t, p)
		if i%2 == 0 {
			_, err := io.WriteString(conn, "GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nX-Never: end")
			require.NoError(t, err)
		}
		silent = append(silent, conn)
	}
	p.User("ann") // others are served meanwhile
	for _, conn := range silent {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second))) // the headers may take five
		answer, err := io.ReadAll(conn)
		require.NoError(t, err, "the service has hung up")
		assert.True(t, len(answer) == 0 || bytes.Contains(answer, []byte("408")) || bytes.Contains(answer, []byte("400")), "%s", answer)
	}
}
