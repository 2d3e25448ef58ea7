package scim_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is that of a Markdown text, without the part of the page.
var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)

// code is what stands between backquotes.
var code = regexp.MustCompile("`[^`]*`")

// links are those of a Markdown text to files beside it, code left out.
func links(text string) (found []string) {
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if fenced {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(line, ""), -1) {
			if !strings.Contains(m[1], "://") {
				found = append(found, m[1])
			}
		}
	}
	return found
}

// Every link of a Markdown file to another file leads somewhere.
func TestLinks(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, to := range links(string(text)) {
			seen++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(to))); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", path, to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Errorf("only %d links were found", seen)
	}
}

func TestLinksOf(t *testing.T) {
	got := strings.Join(links("[`a`](b.md), `T[a](b)` and [c](d/e.go#L3), [x](https://e.com/f.md)\n```go\nf[T](g)\n```\n[h](i)\n"), " ")
	if got != "b.md d/e.go i" {
		t.Errorf("got %s", got)
	}
}
