package scim_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is one Go file of the tree, build constraints or not.
type source struct {
	path    string // from the root, with slashes
	dir     string // its package's directory; "" is the root
	test    bool
	example bool // in the examples module
	lines   int
	file    *ast.File
}

// sources parses every Go file of both modules.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "vendor") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != "." && name != "examples" {
				return filepath.SkipDir // a module of its own, such as internal/compare
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s := source{path: filepath.ToSlash(name), test: strings.HasSuffix(base, "_test.go"), lines: bytes.Count(text, []byte("\n")), file: file}
		if s.dir = path.Dir(s.path); s.dir == "." {
			s.dir = ""
		}
		s.example = strings.HasPrefix(s.path, "examples/")
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go file seen")
	}
	return all
}

// public says whether the file belongs to a package that programs import.
func (s source) public() bool {
	return !s.test && !s.example && !slices.Contains(strings.Split(s.dir, "/"), "internal")
}

func TestExportedNamesHaveComments(t *testing.T) {
	documented := map[string]bool{} // packages, by directory
	for _, s := range sources(t) {
		if !s.public() {
			continue
		}
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil
		for _, name := range undocumented(s.file) {
			t.Errorf("%s: %s has no comment", s.path, name)
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package in %q has no comment", dir)
		}
	}
}

// undocumented lists the exported names of a file that have no comment of their own; within a block of constants
// or variables the comment of the block will do.
func undocumented(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			receiver := ""
			if d.Recv != nil {
				if receiver = receiverType(d); !ast.IsExported(receiver) {
					continue
				}
				receiver += "."
			}
			if d.Name.IsExported() && d.Doc == nil {
				names = append(names, receiver+d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && s.Doc == nil && (d.Doc == nil || len(d.Specs) > 1) {
						names = append(names, s.Name.Name)
					}
				case *ast.ValueSpec:
					for _, name := range s.Names {
						if name.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
							names = append(names, name.Name)
						}
					}
				}
			}
		}
	}
	return names
}

func receiverType(d *ast.FuncDecl) string { return typeName(d.Recv.List[0].Type) }

// typeName is the name of a local type, through pointers and type parameters; "" where it is of another package.
func typeName(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// An exported struct with such a method would lend it to every struct that embeds it, and the fields beside it would be lost.
var lent = []string{"MarshalJSON", "UnmarshalJSON", "MarshalJSONTo", "UnmarshalJSONFrom", "Validate"}

func TestStructsAreOrdinary(t *testing.T) {
	packages := map[string][]*ast.File{}
	for _, s := range sources(t) {
		if s.public() {
			packages[s.dir] = append(packages[s.dir], s.file)
		}
	}
	if len(packages) == 0 {
		t.Fatal("no package seen")
	}
	for dir, files := range packages {
		for _, name := range lending(files) {
			t.Errorf("package in %q: %s: embedding would lend this method", dir, name)
		}
	}
}

// lending lists the methods of lent that exported structs of a package have, their own or an embedded local type's.
func lending(files []*ast.File) []string {
	methods := map[string][]string{}  // by type
	embedded := map[string][]string{} // by struct
	for _, file := range files {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && slices.Contains(lent, d.Name.Name) {
					methods[receiverType(d)] = append(methods[receiverType(d)], d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					s, ok := spec.(*ast.TypeSpec)
					if !ok {
						continue
					}
					structure, ok := s.Type.(*ast.StructType)
					if !ok {
						continue
					}
					embedded[s.Name.Name] = []string{s.Name.Name}
					for _, field := range structure.Fields.List {
						if len(field.Names) == 0 {
							embedded[s.Name.Name] = append(embedded[s.Name.Name], typeName(field.Type))
						}
					}
				}
			}
		}
	}
	var found []string
	for name := range embedded {
		if !ast.IsExported(name) {
			continue
		}
		reach := []string{name}
		for i := 0; i < len(reach); i++ {
			for _, inner := range embedded[reach[i]] {
				if !slices.Contains(reach, inner) {
					reach = append(reach, inner)
				}
			}
			for _, method := range methods[reach[i]] {
				found = append(found, name+"."+method)
			}
		}
	}
	slices.Sort(found)
	return found
}

func TestFilesAreShort(t *testing.T) {
	const most = 600
	seen := 0
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		seen++
		if s.lines > most {
			t.Errorf("%s has %d lines, %d is the most", s.path, s.lines, most)
		}
	}
	if seen == 0 {
		t.Fatal("no file seen")
	}
}

// .ci/run runs everything with the race detector, and the tests named Alloc once more without it. A test that is
// built without the detector only and has another name would never run.
func TestNoTestIsForgotten(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			for _, fault := range unrun(s.file) {
				t.Errorf("%s: %s", s.path, fault)
			}
		}
	}
}

func unrun(file *ast.File) []string {
	var faults []string
	plain := false
	for _, group := range file.Comments {
		for _, comment := range group.List {
			plain = plain || comment.Pos() < file.Package && comment.Text == "//go:build !race"
		}
	}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.FuncDecl)
		if !ok || d.Recv != nil || !strings.HasPrefix(d.Name.Name, "Test") || d.Name.Name == "TestMain" {
			continue
		}
		if plain && !strings.Contains(d.Name.Name, "Alloc") {
			faults = append(faults, d.Name.Name+" is in a file with the constraint !race, so Alloc must be in its name")
		}
	}
	return faults
}

// The rules above are worth something only if they refuse.
func TestHouseRules(t *testing.T) {
	parse := func(text string) *ast.File {
		t.Helper()
		file, err := parser.ParseFile(token.NewFileSet(), "house.go", text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"names", undocumented(parse(`package p

func F() {}

// G has a comment.
func G() {}

func h() {}

type T struct{}

func (*T) M() {}

// N has one.
func (T) N() {}

type u struct{}

func (u) M() {}

type L[E any] []E

func (L[E]) M() {}

// A block of types.
type (
	A int
	// B has one.
	B int
)

const C = 1

// The block's comment.
const (
	D = 1
	E = 2
)

var (
	V int
	W int // W has one
)
`)), []string{"F", "T", "T.M", "L", "L.M", "A", "C", "V"}},
		{"methods", lending([]*ast.File{parse(`package p

type A struct{}

func (A) MarshalJSON() ([]byte, error) { return nil, nil }

type B struct{ *A }

type C struct{ d }

type d struct{ text }

type text string

func (*text) Validate() error { return nil }

type S string

func (S) MarshalJSON() ([]byte, error) { return nil, nil }

type E struct{ s S }
`)}), []string{"A.MarshalJSON", "B.MarshalJSON", "C.Validate"}},
		{"plain", unrun(parse("//go:build !race\n\npackage p\n\nfunc TestFast() {}\n\nfunc TestAllocs() {}\n")),
			[]string{"TestFast is in a file with the constraint !race, so Alloc must be in its name"}},
		{"race", unrun(parse("package p\n\nfunc TestFast() {}\n\nfunc TestAllocs() {}\n")), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}
