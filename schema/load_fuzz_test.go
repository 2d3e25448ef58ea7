package schema_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// FuzzLoad: whatever a document says, Load does not panic, and returns a schema or an error. What it has loaded marshals and
// loads again to the same with nothing left to repair, and StructOf refuses it or makes a type that has this very schema.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"enterprise_user", "group"} { // the shorter ones, for mutations to hit something
		text, err := os.ReadFile("testdata/rfc/rfc7643-8.7.1-schema-" + name + ".recommended.json")
		require.NoError(f, err)
		var b bytes.Buffer
		require.NoError(f, json.Compact(&b, text))
		f.Add(b.Bytes())
	}
	for _, c := range faulty {
		f.Add([]byte(c.document()))
	}
	for _, c := range repairable {
		f.Add([]byte(c.document()))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, repaired, err := schema.Load(text)
		if err != nil {
			require.Nil(t, s)
			isRefusal(t, err)
			return
		}
		require.NotNil(t, s)
		for _, r := range repaired {
			assert.NotEmpty(t, r.Path)
			assert.NotEmpty(t, r.Detail)
		}
		written, err := resource.Marshal(resource.Storage, s)
		require.NoError(t, err)
		again, repaired, err := schema.Load(written)
		require.NoError(t, err, "%s", written)
		require.Empty(t, repaired, "%s", written)
		rewritten, err := resource.Marshal(resource.Storage, again)
		require.NoError(t, err)
		require.JSONEq(t, string(written), string(rewritten))

		made, err := resource.StructOf(&resource.ResourceType{Name: s.Name, Endpoint: "/Things", Schema: s.ID}, s)
		if err != nil {
			isRefusal(t, err)
			return
		}
		assert.Equal(t, spelledOut(s), spelledOut(schema.Of(made)))
	})
}

// spelledOut is a schema as [schema.Of] has it: each characteristic that applies is there, and none that does not.
func spelledOut(s *schema.Schema) *schema.Schema {
	return &schema.Schema{
		Resource: schema.Resource{ID: s.ID}, Name: s.Name, Description: s.Description, Attributes: spelledOutAll(s.Attributes),
	}
}

func spelledOutAll(list []schema.Attribute) []schema.Attribute {
	var all []schema.Attribute
	for _, a := range list {
		if strings.Contains(a.Name, ":") { // an extension, which has a schema of its own
			continue
		}
		text := a.Type == schema.TypeString || a.Type == schema.TypeReference || a.Type == schema.TypeBinary
		switch {
		case !text:
			a.CaseExact = nil
		case a.Type != schema.TypeString:
			a.CaseExact = new(true) // RFC 7643 sections 2.3.6 and 2.3.7
		default:
			a.CaseExact = new(resource.Or(a.CaseExact, false))
		}
		if a.Mutability == "" {
			a.Mutability = schema.ReadWrite
		}
		if a.Returned == "" {
			a.Returned = schema.ReturnedDefault
		}
		switch {
		case a.Type == schema.TypeBoolean, a.Type == schema.TypeDateTime, a.Type == schema.TypeBinary, a.Type == schema.TypeComplex:
			a.Uniqueness = ""
		case a.Uniqueness == "":
			a.Uniqueness = schema.UniquenessNone
		}
		if a.CanonicalValues = slices.Clone(a.CanonicalValues); a.Type != schema.TypeString || len(a.CanonicalValues) == 0 {
			a.CanonicalValues = nil
		}
		if a.ReferenceTypes = slices.Clone(a.ReferenceTypes); len(a.ReferenceTypes) == 0 {
			a.ReferenceTypes = nil
		}
		if a.Type == schema.TypeComplex && a.MultiValued && len(a.SubAttributes) == 0 {
			a.SubAttributes = []schema.Attribute{
				{Name: "value", Type: schema.TypeString}, {Name: "display", Type: schema.TypeString, Mutability: schema.Immutable},
				{Name: "type", Type: schema.TypeString}, {Name: "primary", Type: schema.TypeBoolean}, {Name: "$ref", Type: schema.TypeReference},
			}
		}
		a.SubAttributes = spelledOutAll(a.SubAttributes)
		all = append(all, a)
	}
	return all
}
