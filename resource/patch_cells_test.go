package resource_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// More of what becomes of x under PATCH, beside taken1, kept and mutable.
const (
	appended1 = "appended"      // the stored values and the sent ones
	unset     = "required null" // 400 invalidValue: x is required and cannot be unassigned
	gone      = ""              // unassigned
)

// patchRows is the table "Mutability by operation" for PATCH (requirements, section 22): what becomes of a stored x, by
// mutability, for add and replace of the same value, another one and null, and for remove. In default mode; strictly, what
// is said of a readOnly attribute is 400 mutability whatever it is (AMB-11).
var patchRows = map[string]map[string]string{
	"readOnly":           {"add same": kept, "add other": mutable, "add null": mutable, "replace same": kept, "replace other": mutable, "replace null": mutable, "remove": mutable},
	"readOnly required":  {"add same": kept, "add other": mutable, "add null": mutable, "replace same": kept, "replace other": mutable, "replace null": mutable, "remove": mutable},
	"readWrite":          {"add same": kept, "add other": appended1, "add null": kept, "replace same": kept, "replace other": taken1, "replace null": gone, "remove": gone},
	"readWrite required": {"add same": kept, "add other": appended1, "add null": kept, "replace same": kept, "replace other": taken1, "replace null": unset, "remove": mutable},
	"immutable":          {"add same": kept, "add other": mutable, "add null": kept, "replace same": kept, "replace other": mutable, "replace null": mutable, "remove": mutable},
	"immutable required": {"add same": kept, "add other": mutable, "add null": kept, "replace same": kept, "replace other": mutable, "replace null": unset, "remove": mutable},
	"writeOnly":          {"add same": kept, "add other": appended1, "add null": kept, "replace same": kept, "replace other": taken1, "replace null": gone, "remove": gone},
	"writeOnly required": {"add same": kept, "add other": appended1, "add null": kept, "replace same": kept, "replace other": taken1, "replace null": unset, "remove": mutable},
}

// patchNew is the same where no x is stored: null and remove change nothing, unless x is required and so cannot go.
var patchNew = map[string]map[string]string{
	"readOnly":           {"add other": mutable, "add null": gone, "replace other": mutable, "replace null": gone, "remove": mutable},
	"readOnly required":  {"add other": mutable, "add null": gone, "replace other": mutable, "replace null": gone, "remove": mutable},
	"readWrite":          {"add other": taken1, "add null": gone, "replace other": taken1, "replace null": gone, "remove": gone},
	"readWrite required": {"add other": taken1, "add null": gone, "replace other": taken1, "replace null": unset, "remove": mutable},
	"immutable":          {"add other": taken1, "add null": gone, "replace other": taken1, "replace null": gone, "remove": gone},
	"immutable required": {"add other": taken1, "add null": gone, "replace other": taken1, "replace null": unset, "remove": mutable},
	"writeOnly":          {"add other": taken1, "add null": gone, "replace other": taken1, "replace null": gone, "remove": gone},
	"writeOnly required": {"add other": taken1, "add null": gone, "replace other": taken1, "replace null": unset, "remove": mutable},
}

// patchPath is the path of x.
func (c cell) patchPath() string {
	return map[string]string{"core": "x", "extension": cellExtURN + ":x", "sub": "box.x", "element": `boxes[value eq "k"].x`}[c.place]
}

// operations say the same of x, by a path and without one where that can be said: a part of an element cannot.
func (c cell) operations(op, value string) []string {
	if op == "remove" {
		return []string{`{"op":"remove","path":"` + strings.ReplaceAll(c.patchPath(), `"`, `\"`) + `"}`}
	}
	list := []string{`{"op":"` + op + `","path":"` + strings.ReplaceAll(c.patchPath(), `"`, `\"`) + `","value":` + value + `}`}
	switch c.place {
	case "core":
		list = append(list, `{"op":"`+op+`","value":{"x":`+value+`}}`)
	case "extension":
		list = append(list, `{"op":"`+op+`","value":{"`+cellExtURN+`":{"x":`+value+`}}}`, `{"op":"`+op+`","path":"`+cellExtURN+`","value":{"x":`+value+`}}`)
	case "sub": // readOnly parts inside a value are ignored (7644-3.5.2.1-13)
		if c.mutability != "readOnly" {
			list = append(list, `{"op":"`+op+`","value":{"box":{"x":`+value+`}}}`, `{"op":"`+op+`","path":"box","value":{"x":`+value+`}}`)
		}
	}
	return list
}

// both is the stored list of x and the sent one: what add makes of a list.
func (c cell) both(stored, sent string) string {
	if strings.HasPrefix(stored, "[") {
		return strings.TrimSuffix(stored, "]") + "," + strings.TrimPrefix(sent, "[")
	}
	return sent
}

// TestPatchCells is the row PatchRequest of the context table, for every kind of attribute and every operation.
func TestPatchCells(t *testing.T) {
	for _, stored := range []bool{true, false} {
		table := patchRows
		if !stored {
			table = patchNew
		}
		t.Run(fmt.Sprintf("7644-3.5.2-19,20 7644-3.5.2.1-13 7644-3.5.2.2-09,10,11 AMB-11,18/stored %t", stored), func(t *testing.T) {
			l := &tally{}
			eachCell(t, func(c cell) {
				old := ""
				if stored {
					old = c.json("old")
				}
				current := c.load(t, old)
				for said, want := range table[c.byRequired()] {
					op, what, _ := strings.Cut(said, " ")
					value := map[string]string{"same": c.json("old"), "other": c.json("new"), "null": "null", "": ""}[what]
					for mode, opts := range cellModes {
						want := want
						if mode == "strict" && c.mutability == "readOnly" {
							want = mutable
						}
						for _, text := range c.operations(op, value) {
							got, err := c.patch(current, text, opts)
							c.becomes(t, l, want, value, old, current, got, err, fmt.Sprintf("%v %s stored %t: %s", c, mode, stored, text))
						}
					}
					l.tested++
				}
			})
			l.report(t, len(table["readOnly"])*cellsNumber)
		})
	}
}

// patch validates and applies an operation.
func (c cell) patch(current any, text string, opts []resource.Option) (any, error) {
	body := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + text + `]}`
	op, err := resource.ValidateAs(reflect.TypeOf(current).Elem(), resource.PatchRequest, []byte(body), opts...)
	if err != nil {
		return nil, err
	}
	typed, _ := op.(*resource.PatchOp[any])
	return patch.ApplyTo(current, typed)
}

func (c cell) becomes(t *testing.T, l *tally, want, sent, stored string, current, got any, err error, about string) {
	t.Helper()
	kind := map[string]errors.Type{mutable: errors.Mutability, unset: errors.InvalidValue}[want]
	switch {
	case kind != "" && err == nil:
		l.errorf("%s: want %s, got no error", about, kind)
		return
	case kind != "":
		if list := faultsOf(t, err); len(list) != 1 || list[0].Type != kind || list[0].Status != 400 || !strings.HasSuffix(list[0].Path, "x") || got != nil {
			l.errorf("%s: want %s, got %v", about, kind, err)
		}
		return
	case err != nil:
		l.errorf("%s: want %q, got %v", about, want, err)
		return
	}
	text, err := resource.Marshal(resource.Storage, got)
	require.NoError(t, err)
	value := map[string]string{taken1: sent, kept: stored, appended1: c.both(stored, sent), gone: ""}[want]
	if have := c.valueIn(t, text); have != value {
		l.errorf("%s: want %s, got %s", about, value, have)
	}
	if (got == current) != (value == stored) {
		l.errorf("%s: the same resource %t", about, got == current)
	}
}

// TestMarshalPatchCells: what a client writes of an operation is what it says, without readOnly parts of complex values.
func TestMarshalPatchCells(t *testing.T) {
	l := &tally{}
	eachCell(t, func(c cell) {
		l.tested++
		for _, name := range []string{"add", "replace"} {
			current := c.load(t, c.json("old"))
			value, path := reflect.ValueOf(current).Elem().Field(1), c.patchPath() // x, or what it is a part of
			switch c.place {
			case "core":
			case "extension":
				value = value.Elem().FieldByName("X")
			case "sub":
				path = "box"
			case "element":
				path = "boxes"
			}
			op := &resource.PatchOp[any]{Operations: []resource.PatchOperation{{Op: name, Path: path, Value: value.Interface()}}}
			text, err := resource.Marshal(resource.PatchRequest, op)
			if err != nil {
				l.errorf("%v %s: %v", c, name, err)
				continue
			}
			want := c.json("old")
			part := `,"x":` + want
			if c.mutability == "readOnly" {
				part = ""
			}
			switch c.place {
			case "sub":
				want = `{"keep":"k"` + part + `}`
			case "element":
				want = `[{"value":"k"` + part + `}]`
			}
			whole := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"` + name + `","path":"` + path + `","value":` + want + `}]}`
			if string(text) != whole {
				l.errorf("%v: want %s, got %s", c, whole, text)
			}
		}
	})
	l.report(t, cellsNumber)
	assert.Equal(t, cellsNumber, l.tested)
}
