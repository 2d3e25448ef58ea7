package resource_test

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// A PATCH of a device, and how it is answered.
func patchedDevice(t *testing.T, ops string) (*resource.PatchOp[Device], *Device) {
	t.Helper()
	op, err := resource.Validate[resource.PatchOp[Device]](resource.PatchRequest, []byte(patchBody(ops)))
	require.NoError(t, err)
	got, err := patch.Apply(&Device{Resource: resource.Resource{ID: "d1", Meta: resource.Meta{Version: `W/"1"`, Location: "https://e/Devices/d1"}}, Serial: "S"}, op)
	require.NoError(t, err)
	return op, got
}

func TestPatchAnswer(t *testing.T) {
	t.Run("7643-7-20/what the client set is shown on request", func(t *testing.T) {
		op, got := patchedDevice(t, `{"op":"add","path":"recovery","value":"r"},{"op":"add","path":"model","value":"M"}`)
		text, err := resource.Marshal(resource.PatchResponse, got)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "recovery")
		text, err = resource.Marshal(resource.PatchResponse, got, resource.Sent(op.Paths()...))
		require.NoError(t, err)
		partOf(t, `{"recovery":"r","model":"M","serial":"S"}`, string(text))
	})
	t.Run("7643-4.1.1-07/never what is never returned", func(t *testing.T) {
		op, got := patchedDevice(t, `{"op":"add","path":"pin","value":"t1meMa$heen"},{"op":"add","value":{"networks":[{"value":"n","secret":"t1meMa$heen"}]}}`)
		assert.Equal(t, "t1meMa$heen", got.PIN)
		text, err := resource.Marshal(resource.PatchResponse, got, resource.Sent(op.Paths()...))
		require.NoError(t, err)
		assert.NotContains(t, string(text), "t1meMa")
	})
	t.Run("7644-3.5.2-04/trimmed by attributes", func(t *testing.T) {
		_, got := patchedDevice(t, `{"op":"add","path":"model","value":"M"}`)
		w := httptest.NewRecorder()
		require.NoError(t, resource.Write(w, resource.PatchResponse, got, &resource.SearchRequest{Attributes: []string{"serial"}}))
		assert.Equal(t, 200, w.Code, "never 204")
		partOf(t, urns.Replace(`{"schemas":["<DEVICE>"],"id":"d1","serial":"S","model":null}`), w.Body.String())
	})
	t.Run("7644-3.5.2-10/200 with ETag and Location", func(t *testing.T) {
		_, got := patchedDevice(t, `{"op":"add","path":"model","value":"M"}`)
		w := httptest.NewRecorder()
		require.NoError(t, resource.Write(w, resource.PatchResponse, got))
		assert.Equal(t, 200, w.Code)
		assert.Equal(t, `W/"1"`, w.Header().Get("ETag"))
		w = httptest.NewRecorder()
		resource.NoContent(w, got)
		assert.Equal(t, 204, w.Code)
		assert.Equal(t, `W/"1"`, w.Header().Get("ETag"))
		assert.Equal(t, "https://e/Devices/d1", w.Header().Get("Location"))
	})
	t.Run("7644-3.12-03/a taken value is the store's to find", func(t *testing.T) {
		err := scimerrors.New(scimerrors.Uniqueness, "userName is taken")
		assert.Equal(t, 409, scimerrors.From(err).Status)
	})
	t.Run("AMB-45/409 for a PATCH as for a POST", func(t *testing.T) {
		w := httptest.NewRecorder()
		scimerrors.Write(w, scimerrors.New(scimerrors.Uniqueness, "userName is taken"))
		assert.Equal(t, 409, w.Code)
		assert.Contains(t, w.Body.String(), `"scimType":"uniqueness"`)
	})
}

// Paths are attribute notation: what Sent and attributes take.
func TestPatchPaths(t *testing.T) {
	for path, want := range map[string]string{
		"title": "title", "name.givenName": "name.givenName", `emails[type eq "work"]`: "emails", `emails[type eq "work"].value`: "emails.value",
		`emails[type eq "a]b[c].d"].value`: "emails.value", `emails[type eq "]"]`: "emails", "<E>:manager.value": "<E>:manager.value", "<E>": "<E>", `<X>:slots[value eq "]."].note`: "<X>:slots.note",
	} {
		op := &resource.PatchOp[Locker]{Operations: []resource.PatchOperation{{Path: lockers.Replace(path)}}}
		assert.Equal(t, []string{lockers.Replace(want)}, op.Paths(), path)
	}
	assert.Empty(t, (&resource.PatchOp[Locker]{}).Paths())
	op, err := resource.Validate[resource.PatchOp[Employee]](resource.PatchRequest, []byte(patchBody(`{"op":"add","value":{"TITLE":"T","NAME":{"givenName":"B"},"<E>":{"department":"D"}}}`)))
	require.NoError(t, err)
	assert.Equal(t, []string{"title", "name", resource.EnterpriseUserSchema + ":department"}, op.Paths())
}

// For a type known at run time only: the same normal form, and names in a search checked against it.
func TestPatchAtRunTime(t *testing.T) {
	kind := reflect.TypeFor[Employee]()
	v, err := resource.ValidateAs(kind, resource.PatchRequest, []byte(patchBody(`{"op":"Replace","value":{"active":"True","<E>:department":"D"}}`)))
	require.NoError(t, err)
	op, ok := v.(*resource.PatchOp[any])
	require.True(t, ok, "%T", v)
	assert.Equal(t, []resource.PatchOperation{{Op: "replace", Path: "active", Value: true}, {Op: "replace", Path: resource.EnterpriseUserSchema + ":department", Value: "D"}}, op.Operations)
	v, err = resource.ValidateAs(kind, resource.PatchRequest, []byte(patchBody(`{"op":"add","path":"nope","value":1}`)))
	assert.Nil(t, v)
	refused(t, err, fault{"Operations[0].path", scimerrors.InvalidPath, "is no attribute of User"})
	text, err := resource.Marshal(resource.PatchRequest, op)
	require.NoError(t, err)
	written(t, patchBody(`{"op":"replace","path":"active","value":true},{"op":"replace","path":"<E>:department","value":"D"}`), text)
}

func TestSearchAtRunTime(t *testing.T) {
	kind := reflect.TypeFor[Employee]()
	for _, c := range []struct {
		name   string
		body   string
		kind   scimerrors.Type // refused by default
		strict scimerrors.Type // refused strictly
	}{
		{"AMB-31/known names", `"filter":"userName eq \"a\"","sortBy":"name.givenName"`, "", ""},
		{"AMB-31/unknown name in the filter", `"filter":"shoeSize eq 43"`, "", scimerrors.InvalidFilter},
		{"AMB-31/malformed filter", `"filter":"userName eq"`, scimerrors.InvalidFilter, scimerrors.InvalidFilter},
		{"AMB-41/unknown sortBy", `"sortBy":"shoeSize"`, scimerrors.InvalidValue, scimerrors.InvalidValue},
		{"7644-3.12-05/operator that does not fit", `"filter":"active co \"t\""`, scimerrors.InvalidFilter, scimerrors.InvalidFilter},
		{"AMB-27/unknown name in attributes", `"attributes":["shoeSize"]`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(urns.Replace(`{"schemas":["<SEARCH>"],` + c.body + `}`))
			for want, opts := range map[*scimerrors.Type][]resource.Option{&c.kind: nil, &c.strict: {resource.Strict()}} {
				v, err := resource.ValidateAs(kind, resource.QueryRequest, body, opts...)
				if *want != "" {
					assert.Nil(t, v)
					require.ErrorIs(t, err, *want)
					continue
				}
				require.NoError(t, err)
				q, ok := v.(*resource.SearchRequest)
				require.True(t, ok, "%T", v)
				assert.Equal(t, strings.Contains(c.body, "filter"), q.Filter != "")
			}
		})
	}
}
