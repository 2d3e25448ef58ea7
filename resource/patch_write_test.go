package resource_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// A PATCH in normal form is written as it is and read as it was: of every example of the RFCs, in both modes.
func TestPatchFixedPoint(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc/rfc*-patch-*.json")
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	for _, file := range files {
		t.Run("7643-2.3.8-04/"+filepath.Base(file), func(t *testing.T) {
			text := rfcFile(t, filepath.Base(file))
			for _, opts := range [][]resource.Option{nil, {resource.Strict(), resource.RejectUnknown()}} {
				if strings.Contains(string(text), "members") {
					fixedPoint[resource.Group](t, text, opts)
				} else {
					fixedPoint[Employee](t, text, opts)
				}
			}
		})
	}
}

// And of every PATCH that an identity provider sends.
func TestPatchFixedPointOfProviders(t *testing.T) {
	files, err := filepath.Glob("scimtest/corpus/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	read, refusals := 0, 0
	for _, file := range files {
		for _, m := range patchesIn(t, file) {
			fixed := fixedPoint[Employee]
			if strings.HasPrefix(m.Path, "/Groups") {
				fixed = fixedPoint[resource.Group]
			}
			if fixed(t, m.Body, nil) {
				read++
			} else {
				refusals++
			}
			fixed(t, m.Body, []resource.Option{resource.Strict()})
		}
	}
	assert.Greater(t, read, 70)
	assert.Positive(t, refusals)
}

// fixedPoint reads, writes and reads a PATCH; false where it is refused.
func fixedPoint[T any](t *testing.T, text []byte, opts []resource.Option) bool {
	t.Helper()
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, text, opts...)
	if err != nil {
		assert.NotEmpty(t, faultsOf(t, err))
		return false
	}
	if len(op.Operations) == 0 { // which a client may not send
		require.Error(t, resource.Check(resource.PatchRequest, op))
		return true
	}
	require.NoError(t, resource.Check(resource.PatchRequest, op, opts...), "%s", text)
	out, err := resource.Marshal(resource.PatchRequest, op)
	require.NoError(t, err)
	again, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, out, opts...)
	require.NoError(t, err, "%s", out)
	assert.Equal(t, op, again, "%s", out)
	twice, err := resource.Marshal(resource.PatchRequest, again)
	require.NoError(t, err)
	assert.Equal(t, string(out), string(twice))

	other, err := resource.ValidateAs(reflect.TypeFor[T](), resource.PatchRequest, text, opts...)
	require.NoError(t, err)
	atRunTime, ok := other.(*resource.PatchOp[any])
	require.True(t, ok, "%T", other)
	assert.Equal(t, op.Operations, atRunTime.Operations)
	return true
}

type corpusMessage struct {
	Method, Path string
	Body         json.RawMessage
}

func patchesIn(t *testing.T, file string) (patches []corpusMessage) {
	t.Helper()
	var cases []struct {
		Request corpusMessage
		Before  []corpusMessage
	}
	require.NoError(t, json.Unmarshal(rfcFile(t, "../../"+file), &cases))
	for _, c := range cases {
		for _, m := range append(c.Before, c.Request) {
			if m.Method == http.MethodPatch && len(m.Body) > 0 && m.Body[0] == '{' {
				patches = append(patches, m)
			}
		}
	}
	return patches
}

// What a client writes: its values in their JSON form, readOnly parts left out, and no OnMiss.
func TestPatchMarshal(t *testing.T) {
	for _, c := range []struct {
		name string
		ops  []resource.PatchOperation
		want string
	}{
		{"7644-3.5.2-05/schemas and operations", []resource.PatchOperation{{Op: "add", Path: "title", Value: "T"}}, `{"op":"add","path":"title","value":"T"}`},
		{"7644-3.5.2-07/a remove has no value", []resource.PatchOperation{{Op: "remove", Path: `emails[type eq "work"]`, OnMiss: resource.MissIgnore}}, `{"op":"remove","path":"emails[type eq \"work\"]"}`},
		{"7644-3.5.2-07/no path", []resource.PatchOperation{{Op: "add", Value: json.RawMessage(`{"title":"T"}`)}}, `{"op":"add","value":{"title":"T"}}`},
		{"7644-3.3-04/readOnly parts", []resource.PatchOperation{{Op: "replace", Path: urns.Replace("<E>:manager"), Value: resource.Manager{Value: "2", DisplayName: "M"}}}, `{"op":"replace","path":"<E>:manager","value":{"value":"2"}}`},
		{"7644-3.3-04/password", []resource.PatchOperation{{Op: "replace", Path: "password", Value: resource.Secret("s")}}, `{"op":"replace","path":"password","value":"s"}`},
		{"7644-3.5.2-08/several", []resource.PatchOperation{{Op: "replace", Path: "active", Value: false}, {Op: "add", Path: "emails", Value: []resource.Email{{Value: "a", Primary: new(true)}}}}, `{"op":"replace","path":"active","value":false},{"op":"add","path":"emails","value":[{"value":"a","primary":true}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			op := &resource.PatchOp[Employee]{Operations: c.ops}
			text, err := resource.Marshal(resource.PatchRequest, op)
			require.NoError(t, err)
			written(t, patchBody(c.want), text)
			same, err := resource.Marshal(resource.PatchRequest, resource.PatchOp[any]{Operations: c.ops})
			require.NoError(t, err)
			assert.Equal(t, string(text), string(same))
			_, err = resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, text, resource.Strict())
			require.NoError(t, err)
		})
	}
}

// Check finds in operations written by hand what Validate finds in a document, and changes nothing.
func TestPatchCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		op     resource.PatchOperation
		faults []fault
	}{
		{"7644-3.5.2-06/in order", resource.PatchOperation{Op: "Add", Path: "TITLE", Value: "T"}, nil},
		{"7644-3.5.2-06/no op", resource.PatchOperation{Path: "title", Value: "T"}, []fault{{"Operations[0].op", "", "is required"}}},
		{"7644-3.5.2-06/unknown op", resource.PatchOperation{Op: "move", Path: "title", Value: "T"}, []fault{syntax("Operations[0].op", "must be add, remove or replace")}},
		{"7644-3.5.2.1-01/no value", resource.PatchOperation{Op: "add", Path: "title"}, []fault{invalid("title", "needs a value")}},
		{"7644-3.5.2.1-12/wrong type", resource.PatchOperation{Op: "add", Path: "active", Value: "yes"}, []fault{invalid("active", "must be true or false")}},
		{"AMB-10/unknown path", resource.PatchOperation{Op: "add", Path: "nope", Value: 1}, []fault{{"Operations[0].path", scimerrors.InvalidPath, "is no attribute"}}},
		{"7644-3.5.2.2-09/required", resource.PatchOperation{Op: "remove", Path: "userName"}, []fault{{"userName", scimerrors.Mutability, "is required"}}},
		{"7643-2.4-09/two primaries", resource.PatchOperation{Op: "add", Path: "emails", Value: []resource.Email{{Value: "a", Primary: new(true)}, {Value: "b", Primary: new(true)}}}, []fault{invalid("emails[1].primary", "")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			op := &resource.PatchOp[Employee]{Operations: []resource.PatchOperation{c.op}}
			err := resource.Check(resource.PatchRequest, op)
			assert.Equal(t, c.op, op.Operations[0], "Check changes its argument")
			if c.faults == nil {
				require.NoError(t, err)
				return
			}
			if c.faults[0].kind == "" { // a required member of the struct
				require.Error(t, err)
				assert.Equal(t, c.faults[0].path, faultsOf(t, err)[0].Path)
				return
			}
			refused(t, err, c.faults...)
		})
	}
	require.NoError(t, resource.Check(resource.PatchRequest, &resource.PatchOp[any]{Operations: []resource.PatchOperation{{Op: "add", Path: "nope", Value: 1}}}), "nobody knows what it changes")
}

// Storage keeps operations as they are, in whatever form.
func TestPatchStorage(t *testing.T) {
	op, err := resource.Validate[resource.PatchOp[Employee]](resource.Storage, []byte(patchBody(`{"op":"Add","path":"NOPE[","value":{"a":[1]}}`)))
	require.NoError(t, err)
	require.Len(t, op.Operations, 1)
	assert.Equal(t, "Add", op.Operations[0].Op)
	assert.Equal(t, "NOPE[", op.Operations[0].Path)
	assert.IsType(t, json.RawMessage{}, op.Operations[0].Value)
	text, err := resource.Marshal(resource.Storage, op)
	require.NoError(t, err)
	written(t, patchBody(`{"op":"Add","path":"NOPE[","value":{"a":[1]}}`), text)

	read, err := resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, []byte(patchBody(`{"op":"replace","value":{"active":false,"name":{"givenName":"B"},"emails":[{"value":"a"}]}}`)))
	require.NoError(t, err)
	text, err = resource.Marshal(resource.Storage, read)
	require.NoError(t, err)
	stored, err := resource.Validate[resource.PatchOp[Employee]](resource.Storage, text)
	require.NoError(t, err)
	back, err := resource.Marshal(resource.PatchRequest, stored)
	require.NoError(t, err)
	again, err := resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, back)
	require.NoError(t, err)
	assert.Equal(t, read, again, "in a queue and out again")
	require.NoError(t, resource.Check(resource.Storage, read))
}
