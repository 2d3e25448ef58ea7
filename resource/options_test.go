package resource_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// Options add up, and one that does not concern a verb is passed over.
func TestOptions(t *testing.T) {
	body := []byte(`{"userName":"x","active":"True","emails":{"value":"a"}}`)
	fails := func(opts ...resource.Option) []string {
		_, err := resource.Validate[Employee](resource.CreationRequest, body, opts...)
		if err == nil {
			return nil
		}
		var paths []string
		for _, e := range faultsOf(t, err) {
			paths = append(paths, e.Path)
		}
		return paths
	}
	all := []string{"active", "emails", "schemas"}
	for name, c := range map[string]struct {
		opts []resource.Option
		want []string
	}{
		"none":                      {nil, nil},
		"nil":                       {[]resource.Option{nil, nil}, nil},
		"strict":                    {[]resource.Option{resource.Strict()}, all},
		"tolerating nothing":        {[]resource.Option{resource.Tolerate()}, all},
		"tolerating one":            {[]resource.Option{resource.Tolerate(resource.BooleanStrings)}, []string{"emails", "schemas"}},
		"tolerating two at once":    {[]resource.Option{resource.Tolerate(resource.BooleanStrings, resource.MissingSchemas)}, []string{"emails"}},
		"tolerating two by two":     {[]resource.Option{resource.Tolerate(resource.BooleanStrings), resource.Tolerate(resource.MissingSchemas)}, []string{"emails"}},
		"strict, then tolerating":   {[]resource.Option{resource.Strict(), resource.Tolerate(resource.BooleanStrings)}, []string{"emails", "schemas"}},
		"tolerating all of it":      {[]resource.Option{resource.Tolerate(rules...)}, nil},
		"a query says nothing here": {[]resource.Option{&resource.SearchRequest{Attributes: []string{"userName"}}}, nil},
		"options of other verbs":    {[]resource.Option{resource.MaxResults(1), resource.Locate("https://example.com")}, nil},
		"requirements are no rules": {[]resource.Option{resource.Require(resource.Emails), resource.Require()}, []string{"emails.value"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, fails(c.opts...)) })
	}
	t.Run("a misspelling panics", func(t *testing.T) {
		panics(t, func() { resource.Tolerate(resource.BareValue, "BareValues") }, "BareValues")
		panics(t, func() { resource.Require("Email") }, "Email")
	})
	t.Run("an option is used again", func(t *testing.T) { // made once at start, used by every request
		var repairs []resource.Repair
		opts := []resource.Option{resource.Repairs(&repairs), resource.Require(resource.CanonicalValues)}
		for range 2 {
			assert.Nil(t, fails(opts...))
		}
		assert.Len(t, repairs, 6)
	})
	t.Run("each tolerance says who needs it", func(t *testing.T) {
		var repairs []resource.Repair
		_, err := resource.Validate[Employee](resource.CreationRequest, []byte(urns.Replace(
			`{"schemas":["urn:x:y"],"userName":"x","active":"True","emails":{"value":"a"},"roles":["r"],"externalId":"","name":{"x":1},"<E>":{"department":"D"}}`)), resource.Repairs(&repairs))
		require.NoError(t, err)
		seen := map[resource.Tolerance]string{}
		for _, r := range repairs {
			seen[r.Rule] = r.Source
		}
		for _, rule := range rules {
			assert.NotEmpty(t, seen[rule], "%s", rule)
		}
	})
}

// Names that are odd are unknown names and nothing else.
func TestOddNames(t *testing.T) {
	for name, path := range map[string]string{``: ``, `a b`: `a b`, `nope.givenName`: `nope.givenName`, `ä`: `ä`, `emails[0]`: `emails[0]`, `schemas `: `schemas `, `__proto__`: `__proto__`} {
		t.Run("AMB-03/"+name, func(t *testing.T) {
			got, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"`+name+`":"x"`)))
			require.NoError(t, err)
			assert.Equal(t, resource.Name{}, got.Name)
			_, err = resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"`+name+`":"x"`)), resource.RejectUnknown())
			refused(t, err, syntax(path, "is no attribute"))
			_, err = resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"name":{"`+name+`":"x"}`)), resource.RejectUnknown())
			refused(t, err, syntax(strings.TrimSuffix("name."+path, "."), "is no"))
		})
	}
}
