package guides_test

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/examples/guides/service"
	"github.com/scimmodels/scim/examples/internal/ask"
)

// said is a block of a guide: a request line and a body, a blank line, the status line of the answer and what has to be in its body.
var said = regexp.MustCompile(`(?s)^([A-Z]+) (\S+)(.*)\nHTTP/1.1 (\d{3})\n?(.*)$`)

// id is where an answer has an id that later blocks refer to, such as "id": "{ada}".
var id = regexp.MustCompile(`^\{\s*"id": "(\{\w+\})"`)

// The requests that a guide shows are sent, one after the other, to the service of the guides, and the answers are those it shows.
func TestConversations(t *testing.T) {
	for file, least := range map[string]int{"okta.md": 12, "entra.md": 12, "etags.md": 4, "discovery.md": 2} {
		t.Run(file, func(t *testing.T) {
			db, err := accounts.Open(t.Context(), filepath.Join(t.TempDir(), "guide.db"))
			require.NoError(t, err)
			defer func() { _ = db.Close() }()
			h, err := service.New(db, "https://app.example.com/scim/v2", "sesame", slog.New(slog.DiscardHandler))
			require.NoError(t, err)
			assert.GreaterOrEqual(t, converse(ask.New(t, h, "/scim/v2", "sesame"), guides(t)[file]), least, "requests")
		})
	}
}

// converse sends the requests of a text and returns how many there are.
func converse(c ask.Client, text string) (n int) {
	c.T.Helper()
	all, err := blocks(text)
	require.NoError(c.T, err)
	ids := []string{}
	for _, b := range all {
		if b.info != "http" {
			continue
		}
		n++
		replace := strings.NewReplacer(ids...)
		m := said.FindStringSubmatch(b.text)
		require.NotNil(c.T, m, "no request and answer: %s", b.text)
		sender, body := c, strings.TrimSpace(m[3])
		for { // headers
			line, rest, _ := strings.Cut(body, "\n")
			name, value, ok := strings.Cut(line, ": ")
			if !ok || strings.HasPrefix(line, "{") {
				break
			}
			sender, body = sender.With(name, value), rest
		}
		status, err := strconv.Atoi(m[4])
		require.NoError(c.T, err)
		answer := sender.Do(m[1], replace.Replace(m[2]), replace.Replace(body)).Is(status)
		want := strings.TrimSpace(m[5])
		if name := id.FindStringSubmatch(want); name != nil && answer.ID() != "" {
			ids = append(ids, name[1], answer.ID())
		}
		want = strings.NewReplacer(ids...).Replace(want)
		if want == "" {
			assert.Empty(c.T, answer.Text, answer.Asked)
			continue
		}
		require.True(c.T, json.Valid([]byte(want)), "%s: no JSON: %s", answer.Asked, want)
		answer.Has(want)
	}
	return n
}
