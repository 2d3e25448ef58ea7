package resource_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// cell is a kind of attribute: every combination of what the context table of DESIGN section 3 and the first two cross
// tables of the requirements speak of. Each has a resource type of its own with this one attribute, x, in it.
type cell struct {
	place      string // core, extension, or a part of a complex value: sub, element
	shape      string // simple or complex, singular or multi-valued
	mutability string
	returned   string
	required   bool
}

const (
	cellURN    = "urn:acme:params:scim:schemas:core:2.0:Cell"
	cellExtURN = "urn:acme:params:scim:schemas:extension:cell:2.0:Cell"
)

var (
	cellShapes = map[string][]string{
		"core": {"simple", "simples", "complex", "complexes"}, "extension": {"simple", "simples", "complex", "complexes"},
		"sub": {"simple", "simples"}, "element": {"simple", "simples"},
	}
	cellMutabilities = []string{"readOnly", "readWrite", "immutable", "writeOnly"}
	cellReturned     = []string{"always", "default", "request", "never"}
)

// cellsNumber is 4 mutabilities, 4 kinds of returned, required or not, and 12 shapes in their places.
const cellsNumber = 4 * 4 * 2 * 12

// cellValue is the value of a complex x.
type cellValue struct {
	Value string `json:"value,omitempty"`
}

func (c cell) String() string {
	return fmt.Sprintf("%s %s %s %s required=%t", c.place, c.shape, c.mutability, c.returned, c.required)
}

// path is where x stands in faults.
func (c cell) path() string {
	return map[string]string{"core": "x", "extension": cellExtURN + ":x", "sub": "box.x", "element": "boxes[0].x"}[c.place]
}

// json is a value of x made of a word.
func (c cell) json(word string) string {
	switch c.shape {
	case "simple":
		return `"` + word + `"`
	case "simples":
		return `["` + word + `1","` + word + `2"]`
	case "complex":
		return `{"value":"` + word + `"}`
	}
	return `[{"value":"` + word + `1"},{"value":"` + word + `2"}]`
}

// empties are the ways to name x without a value.
func (c cell) empties() []string {
	switch c.shape {
	case "simples", "complexes":
		return []string{"null", "[]"}
	case "complex":
		return []string{"null", `{"value":null}`}
	}
	return []string{"null", `""`}
}

// body is a document with this text for x; none leaves x out.
func (c cell) body(text string) []byte {
	x := ""
	if text != "" {
		x = `,"x":` + text
	}
	head := `{"schemas":["` + cellURN + `"],"id":"1"`
	switch c.place {
	case "core":
		return []byte(head + x + `}`)
	case "extension":
		return []byte(`{"schemas":["` + cellURN + `","` + cellExtURN + `"],"id":"1","` + cellExtURN + `":{"keep":"k"` + x + `}}`)
	case "sub":
		return []byte(head + `,"box":{"keep":"k"` + x + `}}`)
	}
	return []byte(head + `,"boxes":[{"value":"k"` + x + `}]}`)
}

// goType makes the resource type.
func (c cell) goType() reflect.Type {
	tag := "mutability=" + c.mutability + ",returned=" + c.returned
	if c.required {
		tag += ",required"
	}
	shapes := map[string]reflect.Type{
		"simple": reflect.TypeFor[string](), "simples": reflect.TypeFor[[]string](),
		"complex": reflect.TypeFor[*cellValue](), "complexes": reflect.TypeFor[[]cellValue](),
	}
	text := func(name, json string) reflect.StructField {
		return reflect.StructField{Name: name, Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`json:"` + json + `,omitempty"`)}
	}
	x := reflect.StructField{Name: "X", Type: shapes[c.shape], Tag: reflect.StructTag(`json:"x,omitempty" scim:"` + tag + `"`)}
	base := reflect.StructField{Name: "Resource", Anonymous: true, Type: reflect.TypeFor[resource.Resource](), Tag: `scim:"` + cellURN + `,name=Cell"`}
	switch c.place {
	case "core":
		return reflect.StructOf([]reflect.StructField{base, x})
	case "extension":
		e := reflect.StructOf([]reflect.StructField{{
			Name: "Extension", Anonymous: true, Type: reflect.TypeFor[resource.Extension](), Tag: `scim:"` + cellExtURN + `,name=CellExtension"`,
		}, text("Keep", "keep"), x})
		return reflect.StructOf([]reflect.StructField{base, {Name: "Ext", Type: reflect.PointerTo(e), Tag: `json:"` + cellExtURN + `,omitempty"`}})
	case "sub":
		box := reflect.StructOf([]reflect.StructField{text("Keep", "keep"), x})
		return reflect.StructOf([]reflect.StructField{base, {Name: "Box", Type: box, Tag: `json:"box,omitzero"`}})
	}
	box := reflect.StructOf([]reflect.StructField{text("Value", "value"), x})
	return reflect.StructOf([]reflect.StructField{base, {Name: "Boxes", Type: reflect.SliceOf(box), Tag: `json:"boxes,omitempty"`}})
}

// valueIn is x in a document as JSON, and "" where it is absent.
func (c cell) valueIn(t *testing.T, text []byte) string {
	t.Helper()
	members, ok := decoded(t, string(text)).(map[string]any)
	require.True(t, ok)
	switch c.place {
	case "extension":
		members, ok = members[cellExtURN].(map[string]any)
	case "sub":
		members, ok = members["box"].(map[string]any)
	case "element":
		list, _ := members["boxes"].([]any)
		require.Len(t, list, 1)
		members, ok = list[0].(map[string]any)
	}
	require.True(t, ok, "%v: %s", c, text)
	if x, ok := members["x"]; ok {
		return shortJSON(x)
	}
	return ""
}

// load makes a value in memory, by way of Storage, which checks nothing.
func (c cell) load(t *testing.T, x string) any {
	t.Helper()
	v, err := resource.ValidateAs(c.goType(), resource.Storage, c.body(x))
	require.NoError(t, err)
	return v
}

// eachCell calls f for every kind of attribute and fails where one is left out.
func eachCell(t *testing.T, f func(c cell)) {
	t.Helper()
	seen := map[cell]bool{}
	for place, shapes := range cellShapes {
		for _, shape := range shapes {
			for _, mutability := range cellMutabilities {
				for _, returned := range cellReturned {
					for _, required := range []bool{false, true} {
						c := cell{place, shape, mutability, returned, required}
						f(c)
						seen[c] = true
					}
				}
			}
		}
	}
	require.Len(t, seen, cellsNumber)
}

// What becomes of x. "" stands for: it is unassigned, and nothing is wrong.
const (
	taken1   = "taken"      // as sent
	kept     = "kept"       // as stored
	missing1 = "required"   // 400 invalidValue: is required
	mutable  = "mutability" // 400 mutability
	always   = "always"     // 400 invalidValue: must always be returned
	never    = "never"      // 400 invalidValue: must never be returned
	wrong500 = "500"        // the application's fault
)

// expected is a row of a context: what becomes of x by what is said of it.
type expected map[string]string

// said are the states of x in a document beside a stored one: same, other, absent, null. Without a stored one same and other are alike.
var said = []string{"same", "other", "absent", "null"}

// onCreation is RFC 7644 section 3.3 and the column POST of the table "Mutability by operation", by mutability and required.
var onCreation = map[string]expected{
	"readOnly":           {"same": "", "other": "", "absent": "", "null": ""}, // 7644-3.3-01
	"readOnly required":  {"same": "", "other": "", "absent": "", "null": ""}, // 7644-3.12-01: the server's task
	"readWrite":          {"same": taken1, "other": taken1, "absent": "", "null": ""},
	"readWrite required": {"same": taken1, "other": taken1, "absent": missing1, "null": missing1}, // 7643-2.5-02
	"immutable":          {"same": taken1, "other": taken1, "absent": "", "null": ""},             // 7643-7-14
	"immutable required": {"same": taken1, "other": taken1, "absent": missing1, "null": missing1},
	"writeOnly":          {"same": taken1, "other": taken1, "absent": "", "null": ""},
	"writeOnly required": {"same": taken1, "other": taken1, "absent": missing1, "null": missing1},
}

// onReplacement is RFC 7644 section 3.5.1 and the column "PUT, stored value". Without a stored value PUT is like POST.
var onReplacement = map[string]expected{
	"readOnly":           {"same": kept, "other": kept, "absent": kept, "null": kept}, // 7644-3.5.1-04
	"readOnly required":  {"same": kept, "other": kept, "absent": kept, "null": kept},
	"readWrite":          {"same": taken1, "other": taken1, "absent": "", "null": ""},             // 7644-3.5.1-01, 02
	"readWrite required": {"same": taken1, "other": taken1, "absent": missing1, "null": missing1}, // 7644-3.5.1-05
	"immutable":          {"same": kept, "other": mutable, "absent": kept, "null": mutable},       // 7644-3.5.1-03, AMB-23
	"immutable required": {"same": kept, "other": mutable, "absent": kept, "null": mutable},
	"writeOnly":          {"same": taken1, "other": taken1, "absent": kept, "null": ""}, // AMB-24
	"writeOnly required": {"same": taken1, "other": taken1, "absent": kept, "null": missing1},
}

// onResponse is what a client finds, by mutability and returned: DESIGN section 3. required is the server's business.
var onResponse = map[string]expected{
	"readOnly always":   {"other": taken1, "absent": always, "null": always},
	"readOnly default":  {"other": taken1, "absent": "", "null": ""},
	"readOnly request":  {"other": taken1, "absent": "", "null": ""},
	"readOnly never":    {"other": never, "absent": "", "null": ""}, // null is absent: 7643-2.5-01
	"readWrite always":  {"other": taken1, "absent": always, "null": always},
	"readWrite default": {"other": taken1, "absent": "", "null": ""},
	"readWrite request": {"other": taken1, "absent": "", "null": ""},
	"readWrite never":   {"other": never, "absent": "", "null": ""},
	"immutable always":  {"other": taken1, "absent": always, "null": always},
	"immutable default": {"other": taken1, "absent": "", "null": ""},
	"immutable request": {"other": taken1, "absent": "", "null": ""},
	"immutable never":   {"other": never, "absent": "", "null": ""},
	"writeOnly always":  {"other": never, "absent": "", "null": ""}, // 7643-7-16: whatever else is declared
	"writeOnly default": {"other": never, "absent": "", "null": ""},
	"writeOnly request": {"other": never, "absent": "", "null": ""},
	"writeOnly never":   {"other": never, "absent": "", "null": ""},
}

// onAnswer is what a server writes of an assigned x, by mutability and returned, with the columns
// GET or PATCH and POST or PUT of the table "Returned by situation"; the third column is an unassigned x.
var onAnswer = map[string][3]string{
	"readOnly always": {taken1, taken1, wrong500}, "readOnly default": {taken1, taken1, ""}, "readOnly request": {"", taken1, ""}, "readOnly never": {"", "", ""},
	"readWrite always": {taken1, taken1, wrong500}, "readWrite default": {taken1, taken1, ""}, "readWrite request": {"", taken1, ""}, "readWrite never": {"", "", ""},
	"immutable always": {taken1, taken1, wrong500}, "immutable default": {taken1, taken1, ""}, "immutable request": {"", taken1, ""}, "immutable never": {"", "", ""},
	"writeOnly always": {"", "", ""}, "writeOnly default": {"", "", ""}, "writeOnly request": {"", "", ""}, "writeOnly never": {"", "", ""},
}

// onRequest is what a client writes of an assigned x: 7644-3.3-04.
var onRequest = map[string]string{"readOnly": "", "readWrite": taken1, "immutable": taken1, "writeOnly": taken1}

func (c cell) byRequired() string {
	if c.required {
		return c.mutability + " required"
	}
	return c.mutability
}

func (c cell) byReturned() string { return c.mutability + " " + c.returned }

// tally counts cells and keeps what is wrong with them, so that a broken rule is told once and not a thousand times.
type tally struct {
	tested int
	wrong  []string
}

func (l *tally) errorf(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// report fails the test for the wrong cells and for a number of cells other than that of the table.
func (l *tally) report(t *testing.T, cells int) {
	t.Helper()
	assert.Equal(t, cells, l.tested, "cells")
	const most = 6
	for i, w := range l.wrong {
		if i == most {
			t.Errorf("and %d more", len(l.wrong)-most)
			break
		}
		t.Error(w)
	}
}

// found compares what has become of x with what is expected. got is the result in memory, nil after Check.
func (c cell) found(t *testing.T, l *tally, want, sent, stored string, got any, err error, about string) {
	t.Helper()
	about = c.String() + ": " + about
	fault := map[string]fault{
		missing1: {c.path(), errors.InvalidValue, "is required"}, mutable: {c.path(), errors.Mutability, "immutable"},
		always: {c.path(), errors.InvalidValue, "must always be returned"}, never: {c.path(), errors.InvalidValue, "must never be returned"},
	}
	f, refusal := fault[want]
	switch {
	case refusal && err == nil:
		l.errorf("%s: want %s, got no error", about, want)
	case refusal:
		if list := faultsOf(t, err); len(list) != 1 || list[0].Path != f.path || list[0].Type != f.kind || list[0].Status != 400 || !strings.Contains(list[0].Detail, f.text) {
			l.errorf("%s: want %s, got %v", about, want, err)
		}
	case err != nil:
		l.errorf("%s: want %q, got %v", about, want, err)
	case got != nil:
		text, err := resource.Marshal(resource.Storage, got)
		require.NoError(t, err)
		if value, have := map[string]string{taken1: sent, kept: stored, "": ""}[want], c.valueIn(t, text); value != have {
			l.errorf("%s: want %q, got %s", about, want, have)
		}
	}
}

// documents are the texts of x that say the same thing of it.
func (c cell) documents(said, stored string) []string {
	switch said {
	case "same":
		return []string{stored}
	case "other":
		return []string{c.json("new")}
	case "null":
		return c.empties()
	}
	return []string{""}
}

var cellModes = map[string][]resource.Option{"default": nil, "strict": {resource.Strict(), resource.RejectUnknown()}}

// validateCells runs Validate over all cells in one context; current is the text of x in what is replaced, where there is one.
func validateCells(t *testing.T, ctx resource.Context, by func(cell) string, table map[string]expected, replace, stored bool) {
	t.Helper()
	rows, l := map[string]bool{}, &tally{}
	eachCell(t, func(c cell) {
		row, ok := table[by(c)]
		require.True(t, ok, "no row for %v", c)
		rows[by(c)] = true
		for _, state := range said {
			want, ok := row[state]
			if !ok {
				continue
			}
			old := c.json("old")
			for _, doc := range c.documents(state, old) {
				for mode, opts := range cellModes {
					if replace {
						current := c.load(t, "")
						if stored {
							current = c.load(t, old)
						}
						opts = append(slices.Clone(opts), resource.Replacing(current))
					}
					got, err := resource.ValidateAs(c.goType(), ctx, c.body(doc), opts...)
					c.found(t, l, want, doc, old, got, err, fmt.Sprintf("%v %s %s %s", ctx, mode, state, doc))
				}
			}
			l.tested++
		}
	})
	states := 0
	for _, row := range table {
		states += len(row)
	}
	assert.Len(t, rows, len(table), "rows nobody looks at")
	l.report(t, cellsNumber*states/len(table))
}

func TestValidateCells(t *testing.T) {
	t.Run("7644-3.3-01,3.12-01 7643-7-14/POST", func(t *testing.T) {
		validateCells(t, resource.CreationRequest, cell.byRequired, onCreation, false, false)
	})
	t.Run("7644-3.5.1-01,03/PUT, nothing stored", func(t *testing.T) {
		validateCells(t, resource.ReplaceRequest, cell.byRequired, onCreation, true, false)
	})
	t.Run("7644-3.5.1-01,02,03,04,05 AMB-23,24/PUT over a stored value", func(t *testing.T) {
		validateCells(t, resource.ReplaceRequest, cell.byRequired, onReplacement, true, true)
	})
	for _, ctx := range responses {
		t.Run("7644-3.1-01 7643-7-15,16/"+ctx.String(), func(t *testing.T) { validateCells(t, ctx, cell.byReturned, onResponse, false, false) })
	}
	t.Run("7643-2.5-01/Storage", func(t *testing.T) {
		all := map[string]expected{"": {"other": taken1, "absent": "", "null": ""}}
		validateCells(t, resource.Storage, func(cell) string { return "" }, all, false, false)
	})
	t.Run("no resource is a query", func(t *testing.T) {
		c := cell{"core", "simple", "readWrite", "default", false}
		_, err := resource.Validate[resource.User](resource.QueryRequest, c.body(""))
		plainError(t, err, "QueryRequest")
		plainError(t, resource.Check(resource.QueryRequest, c.load(t, "")), "QueryRequest")
	})
}

// Check applies the same tables to what Go can say: it does not know null.
func TestCheckCells(t *testing.T) {
	check := func(t *testing.T, ctx resource.Context, by func(cell) string, table map[string]expected, stored bool) {
		t.Helper()
		l, states := &tally{}, 0
		eachCell(t, func(c cell) {
			old := c.json("old")
			states = 0
			for _, state := range slices.Sorted(maps.Keys(table[by(c)])) {
				if state == "null" {
					continue
				}
				doc := c.documents(state, old)[0]
				var opts []resource.Option
				if ctx == resource.ReplaceRequest {
					current := c.load(t, "")
					if stored {
						current = c.load(t, old)
					}
					opts = append(opts, resource.Replacing(current))
				}
				v, twin := c.load(t, doc), c.load(t, doc)
				err := resource.Check(ctx, v, opts...)
				c.found(t, l, table[by(c)][state], doc, old, nil, err, fmt.Sprintf("Check %v %s", ctx, state))
				assert.Equal(t, twin, v, "%v is changed", c)
				err = resource.Check(ctx, reflect.ValueOf(v).Elem().Interface(), opts...)
				c.found(t, l, table[by(c)][state], doc, old, nil, err, fmt.Sprintf("Check %v %s, not a pointer", ctx, state))
				l.tested++
				states++
			}
		})
		require.GreaterOrEqual(t, states, 2)
		l.report(t, states*cellsNumber)
	}
	t.Run("7644-3.3-01,3.12-01/POST", func(t *testing.T) { check(t, resource.CreationRequest, cell.byRequired, onCreation, false) })
	t.Run("7644-3.5.1-03/PUT, nothing stored", func(t *testing.T) { check(t, resource.ReplaceRequest, cell.byRequired, onCreation, false) })
	t.Run("7644-3.5.1-03,05/PUT over a stored value", func(t *testing.T) { check(t, resource.ReplaceRequest, cell.byRequired, onReplacement, true) })
	for _, ctx := range responses {
		t.Run("7643-7-15,16/"+ctx.String(), func(t *testing.T) { check(t, ctx, cell.byReturned, onResponse, false) })
	}
	t.Run("7643-4.1.1-07/Storage", func(t *testing.T) {
		check(t, resource.Storage, func(cell) string { return "" }, map[string]expected{"": {"other": taken1, "absent": ""}}, false)
	})
}

func TestMarshalCells(t *testing.T) {
	marshal := func(t *testing.T, ctx resource.Context, want func(c cell) (set, unset string)) {
		t.Helper()
		l := &tally{}
		eachCell(t, func(c cell) {
			set, unset := want(c)
			for x, want := range map[string]string{c.json("old"): set, "": unset} {
				l.tested++
				text, err := resource.Marshal(ctx, c.load(t, x))
				about := fmt.Sprintf("%v %v %s", c, ctx, x)
				switch {
				case want == wrong500 && err == nil:
					l.errorf("%s: want an error, got %s", about, text)
				case want == wrong500:
					if list := faultsOf(t, err); list[0].Path != c.path() || list[0].Status != 500 || text != nil {
						l.errorf("%s: got %v and %s", about, err, text)
					}
				case err != nil:
					l.errorf("%s: want %q, got %v", about, want, err)
				default:
					if value, have := map[string]string{taken1: x, "": ""}[want], c.valueIn(t, text); value != have {
						l.errorf("%s: want %q, got %s", about, want, text)
					}
					if (c.place == "extension") != strings.Contains(string(text), `,"`+cellExtURN+`"]`) {
						l.errorf("%s: schemas of %s", about, text)
					}
				}
			}
		})
		l.report(t, 2*cellsNumber)
	}
	t.Run("7643-4.1.1-07/Storage", func(t *testing.T) {
		marshal(t, resource.Storage, func(cell) (string, string) { return taken1, "" })
	})
	for _, ctx := range []resource.Context{resource.CreationRequest, resource.ReplaceRequest} {
		t.Run("7644-3.3-04/"+ctx.String(), func(t *testing.T) {
			marshal(t, ctx, func(c cell) (string, string) { return onRequest[c.mutability], "" })
		})
	}
	for ctx, column := range map[resource.Context]int{resource.QueryResponse: 0, resource.PatchResponse: 0, resource.CreationResponse: 1, resource.ReplaceResponse: 1} {
		t.Run("7643-7-15,16,18,19,20/"+ctx.String(), func(t *testing.T) {
			marshal(t, ctx, func(c cell) (string, string) {
				row, ok := onAnswer[c.byReturned()]
				require.True(t, ok)
				return row[column], row[2]
			})
		})
	}
}
