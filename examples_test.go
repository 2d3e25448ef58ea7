package scim_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// notVerbs are methods that nobody calls by name: the standard library does, through an interface.
var notVerbs = map[string]string{
	"Error":       "of the interface error",
	"Is":          "called by errors.Is",
	"Unwrap":      "called by errors.Is and errors.As",
	"String":      "of fmt.Stringer",
	"GoString":    "of fmt.GoStringer",
	"Format":      "of fmt.Formatter",
	"LogValue":    "of slog.LogValuer",
	"MarshalJSON": "of json.Marshaler",
}

// silent are Examples that print nothing, with the reason.
var silent = map[string]string{
	"resource/scimtest: ExampleRun": "Run needs the *testing.T of a test",
}

// tasks are what people come for. Each is shown by an Example whose name tells it, or that of the verb that does it.
var tasks = []struct{ task, example string }{
	{"an extension", "resource: ExampleExtension"},
	{"an own resource type", "resource: ExampleResource_ownType"},
	{"a subset of User", "resource: ExampleUser_subset"},
	{"mapping a row", ": Example_mappingARow"},
	{"PUT", ": Example_put"},
	{"PATCH", ": Example_patch"},
	{"deltas", "patch: ExampleChanges"},
	{"cursors", "resource: ExampleCursors"},
	{"bulk", "resource: ExampleRunBulk"},
	{"SQL", "filter: ExampleFilter_SQL"},
	{"/Schemas", "schema: ExampleAllOf_schemasEndpoint"},
	{"strict", "resource: ExampleStrict"},
	{"reading as a client", ": Example_readingAsAClient"},
	{"sending a diff", "patch: ExampleDiff_sending"},
	{"runtime schemas", "resource: ExampleStructOf"},
}

// What the library can do is shown by an Example, which go test runs and compares with its output.
func TestExamples(t *testing.T) {
	api, err := os.ReadFile("testdata/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{} // by directory and name
	for _, s := range sources(t) {
		if !s.test || s.example || slices.Contains(strings.Split(s.dir, "/"), "internal") {
			continue
		}
		names, mute := examples(s.file)
		for _, name := range names {
			found[s.dir+": "+name] = true
		}
		for _, name := range mute {
			if _, ok := silent[s.dir+": "+name]; !ok {
				t.Errorf("%s: %s has no output, so it is not run or shows nothing", s.path, name)
			}
		}
	}
	shown := verbs(string(api))
	if len(shown) < 80 {
		t.Errorf("%d verbs are not all of them", len(shown))
	}
	for _, verb := range unshown(shown, found) {
		t.Errorf("%s has no Example", verb)
	}
	for _, task := range untold(found) {
		t.Errorf("the task %q has no Example", task)
	}
}

// untold lists the tasks without an Example.
func untold(found map[string]bool) (list []string) {
	for _, task := range tasks {
		if !found[task.example] {
			list = append(list, task.task)
		}
	}
	return list
}

// Tables in the documentation leave out nothing: each scimType and each tolerance has a line.
func TestTables(t *testing.T) {
	api, err := os.ReadFile("testdata/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, head string }{
		{"errors/doc.go", "errors: const Type"},
		{"resource/tolerance.go", "resource: const Tolerance"},
	} {
		text, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		words := constants(string(api), c.head)
		if len(words) < 10 {
			t.Errorf("%s: %d words are not all of them", c.file, len(words))
		}
		for _, word := range untabled(string(text), words) {
			t.Errorf("%s: %s has no line in the table", c.file, word)
		}
	}
}

// constants lists the values that the constants of one type have; head is package: const Type.
func constants(api, head string) (values []string) {
	dir, typ, _ := strings.Cut(head, ": const ")
	for line := range strings.Lines(api) {
		decl, is := strings.CutPrefix(strings.TrimSpace(line), dir+": const ")
		if _, value, found := strings.Cut(decl, " "+typ+" = "); is && found {
			values = append(values, strings.Trim(value, `"`))
		}
	}
	return values
}

// untabled lists the words that begin no line of a table in a comment.
func untabled(text string, words []string) (list []string) {
	for _, word := range words {
		if !strings.Contains(text, "//\t"+word+" ") {
			list = append(list, word)
		}
	}
	return list
}

// examples lists the Examples of a file, and those of them that print nothing.
func examples(file *ast.File) (names, mute []string) {
	for _, e := range doc.Examples(file) {
		names = append(names, "Example"+e.Name)
		if e.Output == "" {
			mute = append(mute, "Example"+e.Name)
		}
	}
	return names, mute
}

// verbs lists the exported functions and methods of an API, in the form of testdata/api.txt, by the names that their Examples have.
func verbs(api string) (list []string) {
	for line := range strings.Lines(api) {
		dir, decl, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if !strings.HasPrefix(decl, "func ") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path.Join(dir, "api.go"), "package p\n"+decl, parser.SkipObjectResolution)
		if err != nil || len(file.Decls) != 1 {
			list = append(list, dir+": "+decl+" (which does not parse)")
			continue
		}
		f, ok := file.Decls[0].(*ast.FuncDecl)
		switch {
		case !ok:
		case f.Recv == nil:
			list = append(list, dir+": Example"+f.Name.Name)
		case notVerbs[f.Name.Name] == "":
			list = append(list, dir+": Example"+receiverType(f)+"_"+f.Name.Name)
		}
	}
	return list
}

// unshown lists the verbs without an Example. One with a suffix, which begins with a small letter, will do.
func unshown(verbs []string, found map[string]bool) (list []string) {
	for _, verb := range verbs {
		ok := found[verb]
		for name := range found {
			suffix, is := strings.CutPrefix(name, verb+"_")
			first, _ := utf8.DecodeRuneInString(suffix)
			ok = ok || is && unicode.IsLower(first)
		}
		if !ok {
			list = append(list, verb)
		}
	}
	return list
}

// The check above is worth something only if it refuses.
func TestExamplesCheck(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "p_test.go", `package p_test

func ExampleF() {
	println()
	// Output: 1
}

func ExampleT_M_withSuffix() {
	// Output:
	// 1
}

func ExampleT_N() {
	println("not run")
}

func ExampleG() {
	println("compared with nothing")
	// Output:
}

func ExampleH_M() {
	// Unordered output: 1
}

func helper() {}
`, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names, mute := examples(file)
	slices.Sort(names)
	if want := []string{"ExampleF", "ExampleG", "ExampleH_M", "ExampleT_M_withSuffix", "ExampleT_N"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	slices.Sort(mute)
	if want := []string{"ExampleG", "ExampleT_N"}; !slices.Equal(mute, want) {
		t.Errorf("got %q, want %q", mute, want)
	}

	found := map[string]bool{}
	for _, name := range names {
		found["p: "+name] = true
	}
	all := verbs(`p: const C = 1
p: func (h *H[T]) M() error
p: func (t T) M(x int) (a, b string)
p: func (t T) O()
p: func (t T) Unwrap() error
p: func F[A any](a A) *A
p: func T(x int) int
q: func F()
p: func broken(
p: type T struct
`)
	want := []string{"p: ExampleH_M", "p: ExampleT_M", "p: ExampleT_O", "p: ExampleF", "p: ExampleT", "q: ExampleF", "p: func broken( (which does not parse)"}
	if !slices.Equal(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
	// ExampleT_M_withSuffix shows T.M, but neither a function T nor T.O.
	if got, want := unshown(all, found), []string{"p: ExampleT_O", "p: ExampleT", "q: ExampleF", "p: func broken( (which does not parse)"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	words := constants("p: const A T = \"a\"\np: const B U = \"b\"\np: const C T = \"c\"\nq: const D T = \"d\"\n", "p: const T")
	if want := []string{"a", "c"}; !slices.Equal(words, want) {
		t.Errorf("got %q, want %q", words, want)
	}
	if got, want := untabled("//\ta   one line\n// c stands in a sentence\n", words), []string{"c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	if got := untold(found); len(got) != len(tasks) {
		t.Errorf("only %q are missed", got)
	}
	for _, task := range tasks[1:] {
		found[task.example] = true
	}
	if got, want := untold(found), []string{"an extension"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
