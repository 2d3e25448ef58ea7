package scim_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every Go block of the README is a whole file that builds and that go vet has nothing to say about.
func TestReadmeCompiles(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := goBlocks(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(blocks) == 0 {
		t.Fatal("README.md has no Go block")
	}
	for i, block := range blocks {
		t.Run(fmt.Sprintf("block %d", i+1), func(t *testing.T) {
			if out, err := compile(t, block); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// The check above is worth something only if it refuses.
func TestReadmeCheck(t *testing.T) {
	for name, block := range map[string]string{
		"fragment": "var x = 1\n",
		"type":     "package p\n\nvar X int = \"one\"\n",
		"vet":      "package p\n\nimport \"fmt\"\n\nfunc F() { fmt.Printf(\"%d\", \"one\") }\n",
		"internal": "package p\n\nimport _ \"" + module + "/internal/opt\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := compile(t, block); err == nil {
				t.Errorf("accepted\n%s", out)
			}
		})
	}
	if _, err := compile(t, "package p\n\n// X is fine.\nvar X = 1\n"); err != nil {
		t.Errorf("refused: %v", err)
	}
	for text, want := range map[string]int{
		"":                                  0,
		"```\npackage p\n```\n":             0,
		"```go\na\n```\n\n``` Go x\nb\n```": 2,
		"~~~golang\na\n```\n~~~\n":          1,
		"````go\na\n````\n":                 1,
		"```go\na\n":                        -1,
	} {
		got := -1
		if blocks, err := goBlocks(text); err == nil {
			got = len(blocks)
		}
		if got != want {
			t.Errorf("%q: got %d blocks, want %d", text, got, want)
		}
	}
}

// goBlocks extracts the fenced Go blocks of a Markdown text.
func goBlocks(text string) ([]string, error) {
	var blocks []string
	var block strings.Builder
	fence, isGo := "", false
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		mark := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		if mark == "" {
			mark = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "~"))]
		}
		switch {
		case fence == "" && len(mark) >= 3:
			language, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(trimmed[len(mark):])), " ")
			fence, isGo = mark, language == "go" || language == "golang"
			block.Reset()
		case fence != "" && trimmed == mark && strings.HasPrefix(mark, fence):
			if isGo {
				blocks = append(blocks, block.String())
			}
			fence = ""
		case fence != "":
			block.WriteString(line)
		}
	}
	if fence != "" {
		return nil, fmt.Errorf("a block that begins with %s is never closed", fence)
	}
	return blocks, nil
}

// compile builds and vets one file and returns what the go command said. The file is a program's first package: a module of its own
// that requires this one, with this one's versions of everything else, so that nothing is fetched.
func compile(t *testing.T, text string) (string, error) {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.Replace(string(mod), "module "+module+"\n", "module readme\n", 1)
	if own == string(mod) {
		t.Fatal("go.mod does not name the module")
	}
	own += fmt.Sprintf("\nrequire %s v0.0.0\n\nreplace %s => %q\n", module, module, root)

	dir := t.TempDir()
	for name, data := range map[string]string{"go.mod": own, "go.sum": string(sum), "block.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"build", "-mod=mod", "-o", filepath.Join(dir, "built"), "."},
		{"vet", "-mod=mod", "."},
	} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			return string(out), fmt.Errorf("go %s: %w", args[0], err)
		}
	}
	return "", nil
}
