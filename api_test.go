package scim_test

import (
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/api.txt anew")

// testdata/api.txt is the exported API. A change of it is a change that users of the library see: an added line is a new feature, any
// other difference breaks programs (CONTRIBUTING.md, "What is a breaking change"). After a change that is meant:
//
//	go test -run TestAPI -update .
func TestAPI(t *testing.T) {
	dirs := make([]string, 0, len(arrows))
	for dir := range arrows {
		if dir != "" && !strings.HasPrefix(dir, "internal/") {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	var b strings.Builder
	for _, dir := range dirs {
		for _, line := range exported(t, dir) {
			b.WriteString(dir + ": " + line + "\n")
		}
	}
	const file = "testdata/api.txt"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, got := strings.Split(string(golden), "\n"), strings.Split(b.String(), "\n")
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("no longer there: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("new: %s", line)
		}
	}
	if len(got) < 300 {
		t.Errorf("%d lines are not the API", len(got))
	}
}

// exported has a line for each exported function, method, type, field, constant and variable of a package.
func exported(t *testing.T, dir string) (lines []string) {
	t.Helper()
	files := token.NewFileSet()
	var parsed []*ast.File
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	p, err := doc.NewFromFiles(files, parsed, module+"/"+dir)
	if err != nil {
		t.Fatal(err)
	}
	text := func(node any) string {
		var b strings.Builder
		if err := printer.Fprint(&b, token.NewFileSet(), node); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	functions := func(list []*doc.Func) {
		for _, f := range list {
			f.Decl.Body = nil
			lines = append(lines, text(f.Decl))
		}
	}
	values := func(list []*doc.Value) {
		for _, v := range list {
			for _, spec := range v.Decl.Specs {
				s, _ := spec.(*ast.ValueSpec)
				for i, name := range s.Names {
					line := v.Decl.Tok.String() + " " + name.Name
					if s.Type != nil {
						line += " " + text(s.Type)
					}
					if v.Decl.Tok == token.CONST && i < len(s.Values) {
						line += " = " + text(s.Values[i])
					}
					if name.IsExported() {
						lines = append(lines, line)
					}
				}
			}
		}
	}
	functions(p.Funcs)
	values(p.Consts)
	values(p.Vars)
	for _, typ := range p.Types {
		functions(typ.Funcs)
		functions(typ.Methods)
		values(typ.Consts)
		values(typ.Vars)
		spec, _ := typ.Decl.Specs[0].(*ast.TypeSpec)
		s, isStruct := spec.Type.(*ast.StructType)
		if !isStruct {
			lines = append(lines, "type "+text(spec))
			continue
		}
		head := "type " + typ.Name
		if spec.TypeParams != nil {
			head += "[" + text(spec.TypeParams.List[0].Names[0]) + " " + text(spec.TypeParams.List[0].Type) + "]"
		}
		lines = append(lines, head+" struct")
		for _, f := range s.Fields.List {
			tag := ""
			if f.Tag != nil {
				tag = " " + withoutDescription(f.Tag.Value)
			}
			for _, name := range f.Names {
				if name.IsExported() {
					lines = append(lines, head+" struct, "+name.Name+" "+text(f.Type)+tag)
				}
			}
			if len(f.Names) == 0 {
				lines = append(lines, head+" struct, "+text(f.Type)+tag)
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// withoutDescription leaves out of a struct tag what may be worded anew at any time.
func withoutDescription(tag string) string {
	head, _, _ := strings.Cut(strings.Trim(tag, "`"), `description:"`)
	return strings.TrimSpace(head)
}
