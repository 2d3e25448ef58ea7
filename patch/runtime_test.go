package patch_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// deviceSchema has an attribute without subAttributes, which are then those of RFC 7643 section 2.4.
const deviceSchema = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:acme:params:scim:schemas:core:2.0:Device","name":"Device","attributes":[
	{"name":"serial","type":"string","multiValued":false,"required":true,"mutability":"immutable","caseExact":true},
	{"name":"label","type":"string","multiValued":false},
	{"name":"tags","type":"string","multiValued":true},
	{"name":"ports","type":"complex","multiValued":true}]}`

// device is a resource type that is known at run time only.
func device(t *testing.T) reflect.Type {
	t.Helper()
	s, repaired, err := schema.Load([]byte(deviceSchema))
	require.NoError(t, err)
	require.Empty(t, repaired)
	made, err := resource.StructOf(&resource.ResourceType{Name: "Device", Endpoint: "/Devices", Schema: s.ID}, s)
	require.NoError(t, err)
	return made
}

// RFC 7643 section 2.4: display is immutable where the schema says nothing else.
func TestRunTimeType(t *testing.T) {
	made := device(t)
	stored, err := resource.ValidateAs(made, resource.Storage, []byte(`{"id":"1","serial":"S","ports":[{"value":"80","display":"web"},{"value":"22"}]}`))
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		ops    string
		want   string
		faults []denial
	}{
		{"7643-2.4-06/display of a default-defined attribute", `{"op":"replace","path":"ports[value eq \"80\"].display","value":"http"}`, "", frozen(`ports[value eq "80"].display`, "is immutable")},
		{"7643-2.4-06/the same display", `{"op":"replace","path":"ports[value eq \"80\"].display","value":"WEB"}`, "", nil},
		{"7643-2.4-06/the first display", `{"op":"add","path":"ports[value eq \"22\"].display","value":"ssh"}`, `{"id":"1","serial":"S","ports":[{"value":"80","display":"web"},{"value":"22","display":"ssh"}]}`, nil},
		{"7643-3.2-01/a type of one's own", `{"op":"add","value":{"label":"L","tags":["a"]}},{"op":"remove","path":"ports"}`, `{"id":"1","serial":"S","label":"L","tags":["a"]}`, nil},
		{"7644-3.5.2-19/immutable", `{"op":"replace","path":"serial","value":"s"}`, "", frozen("serial", "is immutable")},
		{"7644-3.5.2.2-09/required", `{"op":"remove","path":"serial"}`, "", frozen("serial", "is required")},
		{"AMB-10/unknown", `{"op":"add","path":"shoeSize","value":1}`, "", badPath("is no attribute of Device")},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := bodyOf(trial{ops: c.ops})
			v, err := resource.ValidateAs(made, resource.PatchRequest, body)
			var got any
			if err == nil {
				op := anyOp(t, v)
				got, err = patch.ApplyTo(stored, op)
				_, changesErr := patch.ChangesOf(made, op)
				require.NoError(t, changesErr)
			}
			switch {
			case c.faults != nil:
				assert.Nil(t, got)
				denied(t, err, c.faults, "at run time")
			case c.want == "":
				require.NoError(t, err)
				assert.Same(t, stored, got)
			default:
				require.NoError(t, err)
				want, err := resource.ValidateAs(made, resource.Storage, []byte(c.want))
				require.NoError(t, err)
				assert.JSONEq(t, textOf(t, want), textOf(t, got))
				op, err := patch.DiffOf(stored, got)
				require.NoError(t, err)
				again, err := patch.ApplyTo(stored, op)
				require.NoError(t, err)
				assert.Equal(t, got, again, "by way of DiffOf")
				changes, err := patch.ChangesOf(made, op)
				require.NoError(t, err)
				assert.Len(t, changes, len(op.Operations))
			}
		})
	}
}

// A type that a program makes itself, by package reflect.
func TestReflectedType(t *testing.T) {
	made := reflect.StructOf([]reflect.StructField{
		{Name: "Resource", Type: reflect.TypeFor[resource.Resource](), Anonymous: true, Tag: `scim:"urn:acme:params:scim:schemas:core:2.0:Made"`},
		{Name: "Name", Type: reflect.TypeFor[string](), Tag: `json:"name" scim:"required" validate:"max=4"`},
		{Name: "Parts", Type: reflect.TypeFor[[]*CratePart](), Tag: `json:"parts,omitempty"`},
		{Name: "Enterprise", Type: reflect.TypeFor[*resource.EnterpriseUser](), Tag: `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`},
	})
	stored, err := resource.ValidateAs(made, resource.Storage, []byte(`{"id":"1","name":"N"}`))
	require.NoError(t, err)
	apply := func(ops string) (any, error) {
		v, err := resource.ValidateAs(made, resource.PatchRequest, bodyOf(trial{ops: ops}))
		if err != nil {
			return nil, err
		}
		return patch.ApplyTo(stored, anyOp(t, v))
	}
	got, err := apply(`{"op":"add","value":{"parts":[{"value":"1","primary":true}],"<E>:department":"D"}}`)
	require.NoError(t, err)
	assert.JSONEq(t, abbreviated.Replace(`{"schemas":["urn:acme:params:scim:schemas:core:2.0:Made","<E>"],"id":"1","name":"N","parts":[{"value":"1","primary":true}],"<E>":{"department":"D"}}`), textOf(t, got))
	assert.Equal(t, []string{"urn:acme:params:scim:schemas:core:2.0:Made", resource.EnterpriseUserSchema}, resource.Common(got).Schemas)
	_, err = apply(`{"op":"replace","path":"name","value":"too long"}`)
	denied(t, err, badValue("name", "at most 4"), "at run time")
	assert.JSONEq(t, `{"schemas":["urn:acme:params:scim:schemas:core:2.0:Made"],"id":"1","name":"N"}`, textOf(t, stored), "the stored resource is changed")
}
