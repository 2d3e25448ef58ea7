package scim_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module       = "github.com/scimmodels/scim"
	validator    = "github.com/go-playground/validator/v10"
	filterParser = "github.com/scim2/filter-parser/v2"
)

// arrows has what each package may import beside the standard library, packages of this module by their directory.
// A name that ends in a slash stands for everything below it. Arrows only point down, and a new package needs a row.
// The rules of depguard in .golangci.yml are the same table.
var arrows = map[string][]string{
	"":                  {},
	"errors":            {validator},
	"schema":            {"errors", "internal/"},
	"filter":            {"errors", "schema", "internal/", filterParser},
	"etag":              {"errors", "internal/"},
	"resource":          {"errors", "schema", "filter", "internal/"},
	"resource/scimtest": {"errors", "schema", "filter", "etag", "resource", "patch", "internal/"},
	"patch":             {"errors", "schema", "filter", "resource", "internal/"},
	"internal/wire":     {},
	"internal/opt":      {},
	"internal/attr":     {"internal/wire"},
	"internal/codec":    {"errors", "internal/attr", "internal/opt", "internal/wire"},
	"internal/rule":     {"errors", "internal/attr", validator},
	"internal/modify":   {"errors", "filter", "internal/"},
	"internal/cpu":      {},
	"internal/goals":    {"internal/cpu"},
}

// forbidden has what no package may import, by reason: the library is portable Go, and its scanner knows no Go types.
func forbidden(dir, path string) bool {
	return path == "unsafe" || path == "C" || dir == "internal/wire" && path == "reflect"
}

// arrow says whether the package in dir may import path.
func arrow(dir, path string) bool {
	if forbidden(dir, path) {
		return false
	}
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	name := path
	if rest, ok := strings.CutPrefix(path, module); ok {
		name = strings.TrimPrefix(rest, "/")
	}
	return slices.ContainsFunc(arrows[dir], func(to string) bool {
		below := strings.HasSuffix(to, "/") || to == filterParser // filter-parser's nodes and its grammar
		return name == to || below && strings.HasPrefix(name, to)
	})
}

func TestArrows(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.test || s.example {
			continue
		}
		seen++
		if _, ok := arrows[s.dir]; !ok {
			t.Errorf("%s: the package has no row in arrows_test.go", s.path)
			continue
		}
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !arrow(s.dir, path) {
				t.Errorf("%s: this package may not import %s", s.path, path)
			}
		}
	}
	if seen == 0 {
		t.Fatal("no Go file seen")
	}
}

// The rule above is worth something only if it refuses.
func TestArrowsRule(t *testing.T) {
	for _, c := range []struct {
		dir, path string
		want      bool
	}{
		{"", "fmt", true},
		{"", module + "/resource", false},
		{"errors", validator, true},
		{"errors", validator + "/translations/en", false},
		{"errors", module + "/schema", false},
		{"errors", module + "/internal/wire", false},
		{"schema", module + "/errors", true},
		{"schema", module + "/internal/attr", true},
		{"schema", module + "/resource", false},
		{"schema", module, false},
		{"filter", filterParser, true},
		{"filter", filterParser + "/internal/types", true},
		{"filter", module + "/resource", false},
		{"etag", module + "/schema", false},
		{"resource", module + "/filter", true},
		{"resource", module + "/patch", false},
		{"resource", module + "/resource/scimtest", false},
		{"resource", filterParser, false},
		{"patch", module + "/resource", true},
		{"patch", module + "/resource/scimtest", false},
		{"patch", module + "/etag", false},
		{"internal/wire", module + "/internal/attr", false},
		{"internal/wire", "strconv", true},
		{"internal/wire", "reflect", false},
		{"internal/attr", module + "/internal/wire", true},
		{"internal/attr", module + "/internal/codec", false},
		{"internal/codec", module + "/errors", true},
		{"internal/codec", module + "/schema", false},
		{"internal/opt", module + "/internal/wire", false},
		{"internal/rule", validator, true},
		{"internal/rule", module + "/internal/codec", false},
		{"internal/modify", module + "/filter", true},
		{"internal/modify", module + "/resource", false},
		{"resource", validator, false},
		{"resource", "unsafe", false},
		{"resource", "github.com/stretchr/testify/require", false},
		{"resource/scimtest", "github.com/stretchr/testify/require", false},
		{"resource/scimtest", module + "/patch", true},
	} {
		if got := arrow(c.dir, c.path); got != c.want {
			t.Errorf("%q may import %q: got %t, want %t", c.dir, c.path, got, c.want)
		}
	}
}
