package guides_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const longest = 160 // lines of a guide

// guides are the texts of this directory, by file name.
func guides(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.md")
	require.NoError(t, err)
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[file] = string(text)
	}
	require.GreaterOrEqual(t, len(texts), 2)
	return texts
}

// block is a fenced block of a text.
type block struct {
	info string // what follows the fence: "go web/service.go"
	text string
}

func blocks(text string) (all []block, err error) {
	open := -1
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "```") {
			continue
		}
		if open < 0 {
			open = i
			continue
		}
		if line != "```" {
			return nil, fmt.Errorf("line %d begins a block inside another", i+1)
		}
		all = append(all, block{strings.TrimPrefix(lines[open], "```"), strings.Join(lines[open+1:i], "\n")})
		open = -1
	}
	if open >= 0 {
		return nil, fmt.Errorf("the block of line %d never ends", open+1)
	}
	return all, nil
}

// quoted says whether a block stands in a source file, line for line, deeper or less deep.
func quoted(source, text string) bool {
	flat := func(s string) []string {
		lines := strings.Split(strings.TrimSpace(s), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		return lines
	}
	all, part := flat(source), flat(text)
	for i := 0; i+len(part) <= len(all); i++ {
		if slices.Equal(all[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// Every block of Go is a piece of a file that is compiled, and the other blocks are of a kind that a test looks at.
func TestBlocks(t *testing.T) {
	for file, text := range guides(t) {
		all, err := blocks(text)
		require.NoError(t, err, file)
		for i, b := range all {
			kind, name, _ := strings.Cut(b.info, " ")
			switch kind {
			case "go":
				source, err := os.ReadFile(filepath.FromSlash(name))
				require.NoError(t, err, "%s, block %d: the line of the fence names no file", file, i+1)
				assert.True(t, quoted(string(source), b.text), "%s, block %d is not in %s:\n%s", file, i+1, name, b.text)
			case "http": // TestConversations
			case "sh":
				assert.Empty(t, absent(b.text), "%s, block %d: no such package", file, i+1)
			default:
				t.Errorf("%s, block %d: nobody checks a block of %q", file, i+1, b.info)
			}
		}
	}
}

// absent lists the packages of commands that do not exist; the commands are given in the root of the repository.
func absent(commands string) (missing []string) {
	for _, name := range regexp.MustCompile(`\./examples[\w/]*`).FindAllString(commands, -1) {
		if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(name))); err != nil {
			missing = append(missing, name)
		}
	}
	return missing
}

var apiName = regexp.MustCompile(`\b(scimerrors|etag|filter|patch|resource|schema|scimtest)\.([A-Z]\w*)(?:\[[\w.\[\]]*\])?(?:\.([A-Z]\w*))?`)

// prose is a text without its blocks.
func prose(text string) string {
	var out strings.Builder
	for i, part := range strings.Split(text, "```") {
		if i%2 == 0 {
			out.WriteString(part)
		}
	}
	return out.String()
}

// unknown lists the names of the library in a text, outside its blocks, that the library does not have.
func unknown(api, text string) (names []string) {
	for _, m := range apiName.FindAllStringSubmatch(prose(text), -1) {
		pkg := m[1]
		switch pkg {
		case "scimerrors":
			pkg = "errors"
		case "scimtest":
			pkg = "resource/scimtest"
		}
		line := `(?m)^` + pkg + `: (const|var|type|func) ` + m[2] + `\b`
		if m[3] != "" {
			line = `(?m)^` + pkg + `: (func \(\w* ?\*?` + m[2] + `(\[\w+\])?\) ` + m[3] + `\(|type ` + m[2] + `(\[[^\]]*\])? struct, ` + m[3] + ` )`
		}
		if !regexp.MustCompile(line).MatchString(api) {
			names = append(names, m[0])
		}
	}
	return names
}

// foreign is the first cell of a row: in the guides for those who come from elsewhere it has the names of there.
var foreign = regexp.MustCompile(`(?m)^\|[^|\n]*\|`)

// exchange is the name of an exchange of the corpus.
var exchange = regexp.MustCompile("`((?:okta|entra)-[a-z0-9-]+)`")

// Every name in the guides exists: those of the library, of exchanges of the corpus, and of files.
func TestNames(t *testing.T) {
	api, err := os.ReadFile(filepath.Join("..", "..", "testdata", "api.txt"))
	require.NoError(t, err)
	known := map[string]bool{}
	for _, provider := range []string{"okta", "entra"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "resource", "scimtest", "corpus", provider+".json"))
		require.NoError(t, err)
		var all []struct{ Name string }
		require.NoError(t, json.Unmarshal(data, &all))
		for _, x := range all {
			known[x.Name] = true
		}
	}
	index := guides(t)["README.md"]
	link := regexp.MustCompile(`\]\(([^)#]+)\)`)
	for file, text := range guides(t) {
		if strings.HasPrefix(file, "from-") {
			text = foreign.ReplaceAllString(text, "|")
		}
		assert.Empty(t, unknown(string(api), text), "%s names what the library does not have", file)
		for _, m := range exchange.FindAllStringSubmatch(text, -1) {
			assert.True(t, known[m[1]], "%s: the corpus has no %s", file, m[1])
		}
		for _, m := range link.FindAllStringSubmatch(prose(text), -1) {
			if !strings.HasPrefix(m[1], "https://") {
				_, err := os.Stat(filepath.FromSlash(m[1]))
				require.NoError(t, err, file)
			}
		}
		assert.LessOrEqual(t, strings.Count(text, "\n"), longest, "%s is too long", file)
		if file != "README.md" {
			assert.Contains(t, index, "("+file+")")
		}
	}
}

// The checks above are worth something only if they refuse.
func TestChecks(t *testing.T) {
	const api = "errors: func New(t Type)\netag: func Of(v any) string\nfilter: func (o *Order) Key(v any) []any\n" +
		"resource: type PatchOp[T any] struct, Operations []PatchOperation\nresource: type Context uint8\nresource/scimtest: func Run(t *testing.T)\n"
	assert.Empty(t, unknown(api, "`scimerrors.New`, `etag.Of`, `filter.Order.Key`, `resource.PatchOp[User].Operations`, `scimtest.Run` in the `resource.Context`"))
	assert.Empty(t, unknown(api, "a\n```go\nresource.Foo\n```\nb"), "the compiler looks at blocks")
	for _, wrong := range []string{
		"resource.Foo", "scimerrors.Of", "etag.O", "filter.Order.Keys", "filter.Filter.Key", "resource.PatchOp.Path", "resource.Contexts", "scimtest.Start",
	} {
		assert.Equal(t, []string{wrong}, unknown(api, "`"+wrong+"`"))
	}
	assert.Empty(t, unknown(api, foreign.ReplaceAllString("| `schema.CoreSchema` | `etag.Of` |", "|")))
	assert.True(t, quoted("a\n\t\tb\n\tc\nd", "b\nc"))
	assert.False(t, quoted("a\nb\nc", "a\nc"))
	assert.False(t, quoted("a\nb", "b\nc"))
	assert.Equal(t, []string{"./examples/nothing"}, absent("go test ./examples/nothing ./examples/guides/web"))
	for _, text := range []string{"```go\na", "```go\n```go\n```"} {
		_, err := blocks(text)
		require.Error(t, err)
	}
}
