package patch_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// byHand applies operations written in Go, in both forms.
func byHand[T any](t *testing.T, current *T, ops ...resource.PatchOperation) (*T, error) {
	t.Helper()
	got, err := patch.Apply(current, &resource.PatchOp[T]{Operations: ops})
	other, otherErr := patch.ApplyTo(current, &resource.PatchOp[any]{Operations: ops})
	_, changesErr := patch.Changes(&resource.PatchOp[T]{Operations: ops})
	if err != nil {
		assert.Nil(t, got)
		assert.Nil(t, other)
		assert.Equal(t, err.Error(), otherErr.Error())
		return nil, err
	}
	require.NoError(t, otherErr)
	require.NoError(t, changesErr)
	assert.Equal(t, any(got), other)
	return got, nil
}

// Operations written in Go need not be in normal form: the value may have any type that says what is meant.
func TestByHand(t *testing.T) {
	at := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
	type word string
	for _, c := range []struct {
		name  string
		path  string
		value any
		want  string
	}{
		{"string", "text", "a", `{"text":"a"}`},
		{"pointer to a string", "text", new("a"), `{"text":"a"}`},
		{"pointer to a pointer", "text", new(new("a")), `{"text":"a"}`},
		{"string type of one's own", "text", word("a"), `{"text":"a"}`},
		{"string for a pointer", "textP", "a", `{"textP":"a"}`},
		{"bool", "flagP", true, `{"flagP":true}`},
		{"pointer to a bool", "flagP", new(false), `{"flagP":false}`},
		{"int", "intP", 5, `{"intP":5}`},
		{"int of another size", "small", int64(5), `{"small":5}`},
		{"unsigned for signed", "intP", uint8(5), `{"intP":5}`},
		{"signed for unsigned", "size", 5, `{"size":5}`},
		{"int for a float", "floatP", 5, `{"floatP":5}`},
		{"float", "float", 0.5, `{"float":0.5}`},
		{"json.Number", "intP", json.Number("7"), `{"intP":7}`},
		{"time", "at", at, `{"at":"2011-05-13T04:42:34Z"}`},
		{"pointer to a time", "at", &at, `{"at":"2011-05-13T04:42:34Z"}`},
		{"time as text", "at", "2011-05-13T06:42:34+02:00", `{"at":"2011-05-13T04:42:34Z"}`},
		{"bytes", "blob", []byte{1, 2, 3}, `{"blob":"AQID"}`},
		{"bytes as text", "blob", "AQID", `{"blob":"AQID"}`},
		{"struct", "plain", GaugePlain{On: true, Count: 2}, `{"plain":{"on":true,"count":2}}`},
		{"pointer to a struct", "plainP", &GaugePlain{Count: 2}, `{"plainP":{"on":false,"count":2}}`},
		{"map", "plain", map[string]any{"count": 2}, `{"plain":{"on":false,"count":2}}`},
		{"raw JSON", "plain", json.RawMessage(` {"count": 2} `), `{"plain":{"on":false,"count":2}}`},
		{"raw JSON of a string", "text", json.RawMessage(`"a"`), `{"text":"a"}`},
		{"list", "texts", []string{"a", "b"}, `{"texts":["a","b"]}`},
		{"list of pointers", "texts", []*string{new("a")}, `{"texts":["a"]}`},
		{"list of any", "texts", []any{"a", "b"}, `{"texts":["a","b"]}`},
		{"one value for a list", "texts", "a", `{"texts":["a"]}`},
		{"list of numbers of another type", "ints", []int8{1, 2}, `{"ints":[1,2]}`},
		{"list of bytes", "blobs", [][]byte{{1, 2, 3}}, `{"blobs":["AQID"]}`},
		{"one binary value for a list", "blobs", []byte{1, 2, 3}, `{"blobs":["AQID"]}`},
		{"list of structs", "counted", []GaugeItem{{Value: 1}}, `{"counted":[{"value":1}]}`},
		{"list of pointers to structs", "counted", []*GaugeItem{{Value: 1}}, `{"counted":[{"value":1}]}`},
		{"one struct for a list", "counted", GaugeItem{Value: 1}, `{"counted":[{"value":1}]}`},
		{"list of maps", "counted", []any{map[string]any{"value": 1}}, `{"counted":[{"value":1}]}`},
		{"raw JSON of a list", "counted", json.RawMessage(`[{"value":1}]`), `{"counted":[{"value":1}]}`},
		{"map without path", "", map[string]any{"text": "a", "ints": []int{1}}, `{"text":"a","ints":[1]}`},
		{"raw JSON without path", "", json.RawMessage(`{"text":"a"}`), `{"text":"a"}`},
		{"path in another case", "TEXT", "a", `{"text":"a"}`},
		{"qualified path", gaugeSchema + ":text", "a", `{"text":"a"}`},
	} {
		for _, op := range []string{"add", "Replace", "ADD"} {
			t.Run("7644-3.5.2-06/"+op+"/"+c.name, func(t *testing.T) {
				got, err := byHand(t, &Gauge{}, resource.PatchOperation{Op: op, Path: c.path, Value: c.value})
				require.NoError(t, err)
				want, err := resource.Validate[Gauge](resource.Storage, []byte(c.want))
				require.NoError(t, err)
				assert.JSONEq(t, textOf(t, want), textOf(t, got))
			})
		}
	}
}

// A path-less value may be a resource: what it has assigned is what counts.
func TestByHandResource(t *testing.T) {
	current := &Worker{User: resource.User{Resource: resource.Resource{ID: "1"}, UserName: "b", Title: "T", Emails: []resource.Email{{Value: "a"}}}}
	value := &Worker{User: resource.User{UserName: "b", NickName: "N", Emails: []resource.Email{{Value: "c"}}}, Enterprise: &resource.EnterpriseUser{Department: "D"}}
	got, err := byHand(t, current, resource.PatchOperation{Op: "add", Value: value})
	require.NoError(t, err)
	assert.Equal(t, "T", got.Title)
	assert.Equal(t, "N", got.NickName)
	assert.Equal(t, []resource.Email{{Value: "a"}, {Value: "c"}}, got.Emails)
	assert.Equal(t, "D", got.Enterprise.Department)
	assert.Equal(t, []string{resource.UserSchema, resource.EnterpriseUserSchema}, got.Schemas)
	got, err = byHand(t, current, resource.PatchOperation{Op: "replace", Value: *value})
	require.NoError(t, err)
	assert.Equal(t, []resource.Email{{Value: "c"}}, got.Emails)
	got, err = byHand(t, current, resource.PatchOperation{Op: "replace", Path: resource.EnterpriseUserSchema, Value: resource.EnterpriseUser{Division: "V"}})
	require.NoError(t, err)
	assert.Equal(t, "V", got.Enterprise.Division)
}

// Of an operation in Go the writer says himself what happens where a filter matches nothing; the zero value follows the RFC.
func TestOnMiss(t *testing.T) {
	user := func() *Worker { return &Worker{User: resource.User{UserName: "b"}} }
	operation := func(op string, miss resource.OnMiss) resource.PatchOperation {
		o := resource.PatchOperation{Op: op, Path: `emails[type eq "work"].value`, OnMiss: miss}
		if op != "remove" {
			o.Value = "a"
		}
		return o
	}
	for op, outcome := range map[string]map[resource.OnMiss]string{
		"add":     {resource.MissRFC: "noTarget", resource.MissIgnore: "", resource.MissCreate: "created", resource.MissError: "noTarget"},
		"replace": {resource.MissRFC: "noTarget", resource.MissIgnore: "", resource.MissCreate: "created", resource.MissError: "noTarget"},
		"remove":  {resource.MissRFC: "", resource.MissIgnore: "", resource.MissError: "noTarget"},
	} {
		for miss, want := range outcome {
			t.Run("AMB-12/"+op, func(t *testing.T) {
				current := user()
				got, err := byHand(t, current, operation(op, miss))
				switch want {
				case "noTarget":
					require.ErrorIs(t, err, scimerrors.NoTarget)
				case "created":
					require.NoError(t, err)
					assert.Equal(t, []resource.Email{{Value: "a", Type: "work"}}, got.Emails)
				default:
					require.NoError(t, err)
					assert.Same(t, current, got)
				}
			})
		}
	}
}

// What does not fit is refused, with an error that names the attribute and the Go type.
func TestByHandRefused(t *testing.T) {
	var nilMap map[string]any
	for _, c := range []struct {
		name  string
		op    resource.PatchOperation
		path  string
		kind  scimerrors.Type
		words string
	}{
		{"no op", resource.PatchOperation{Path: "text", Value: "a"}, "Operations[0].op", scimerrors.InvalidSyntax, "must be add, remove or replace"},
		{"unknown op", resource.PatchOperation{Op: "move", Path: "text", Value: "a"}, "Operations[0].op", scimerrors.InvalidSyntax, `not "move"`},
		{"no value", resource.PatchOperation{Op: "add", Path: "text"}, "text", scimerrors.InvalidValue, "needs a value"},
		{"nil pointer", resource.PatchOperation{Op: "add", Path: "text", Value: (*string)(nil)}, "text", scimerrors.InvalidValue, "needs a value"},
		{"nil map", resource.PatchOperation{Op: "add", Path: "text", Value: nilMap}, "text", scimerrors.InvalidValue, ""},
		{"number for a string", resource.PatchOperation{Op: "add", Path: "text", Value: 5}, "text", scimerrors.InvalidValue, "must be a string, not the number 5"},
		{"channel", resource.PatchOperation{Op: "add", Path: "text", Value: make(chan int)}, "text", scimerrors.InvalidValue, "chan int"},
		{"function without path", resource.PatchOperation{Op: "add", Value: func() {}}, "Operations[0].value", scimerrors.InvalidValue, "func()"},
		{"broken raw JSON", resource.PatchOperation{Op: "add", Path: "text", Value: json.RawMessage(`{`)}, "Operations[0].value", scimerrors.InvalidSyntax, "is not valid JSON"},
		{"empty raw JSON", resource.PatchOperation{Op: "add", Path: "text", Value: json.RawMessage(``)}, "Operations[0].value", scimerrors.InvalidSyntax, "is not valid JSON"},
		{"number too large", resource.PatchOperation{Op: "add", Path: "small", Value: 300}, "small", scimerrors.InvalidValue, ""},
		{"negative for unsigned", resource.PatchOperation{Op: "add", Path: "size", Value: -1}, "size", scimerrors.InvalidValue, ""},
		{"fraction for an integer", resource.PatchOperation{Op: "add", Path: "int", Value: 1.5}, "int", scimerrors.InvalidValue, "must be an integer"},
		{"struct of another type", resource.PatchOperation{Op: "add", Path: "text", Value: resource.Name{GivenName: "B"}}, "text", scimerrors.InvalidValue, "must be a string"},
		{"list with a wrong element", resource.PatchOperation{Op: "add", Path: "ints", Value: []any{1, "x"}}, "ints[1]", scimerrors.InvalidValue, "must be an integer"},
		{"malformed reference", resource.PatchOperation{Op: "add", Path: "link", Value: "http://[::1"}, "link", scimerrors.InvalidValue, ""},
		{"year 10000", resource.PatchOperation{Op: "add", Path: "at", Value: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "at", scimerrors.InvalidValue, "years 1 to 9999"},
		{"unknown path", resource.PatchOperation{Op: "add", Path: "nope", Value: 1}, "Operations[0].path", scimerrors.InvalidPath, "is no attribute of Gauge"},
		{"malformed path", resource.PatchOperation{Op: "add", Path: "texts[", Value: "a"}, "Operations[0].path", scimerrors.InvalidPath, ""},
		{"remove without path", resource.PatchOperation{Op: "remove"}, "Operations[0].path", scimerrors.NoTarget, "is required"},
		{"readOnly", resource.PatchOperation{Op: "replace", Path: "id", Value: "2"}, "id", scimerrors.Mutability, "is readOnly"},
	} {
		t.Run("7644-3.5.2-03/"+c.name, func(t *testing.T) {
			_, err := byHand(t, &Gauge{Resource: resource.Resource{ID: "1"}}, c.op)
			denied(t, err, []denial{{c.path, c.kind, c.words}}, "by hand")
		})
	}
}

// More operations than anybody needs are refused before they are looked at.
func TestTooManyOperations(t *testing.T) {
	ops := make([]resource.PatchOperation, 10_001)
	for i := range ops {
		ops[i] = resource.PatchOperation{Op: "add", Path: "texts", Value: "a"}
	}
	_, err := byHand(t, &Gauge{}, ops...)
	e := scimerrors.From(err)
	assert.Equal(t, 413, e.Status)
	assert.Contains(t, e.Detail, "10000 operations, not 10001")
	got, err := byHand(t, &Gauge{}, ops[1:]...)
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, got.Texts)
}
