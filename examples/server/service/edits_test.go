package service_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/resource"
)

// club has lists whose elements may not all come and go.
type club struct {
	resource.Resource `scim:"urn:example:params:scim:schemas:Club,name=Club" description:"A club."`

	Founders []guest `json:"founders,omitempty" scim:"mutability=immutable"`
	Leaders  []guest `json:"leaders" scim:"required"`
	Guests   []guest `json:"guests,omitempty"`
}

type guest struct {
	Value string `json:"value,omitempty" scim:"caseExact"`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User"`
}

// What a list does not allow is refused, however the operation names its elements.
func TestListsThatStay(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			types := append(usual(), typeOf[club]("/Clubs"))
			c := serve(t, open(t, types), types)
			_, ann := c.User("ann")
			_, bob := c.User("bob")
			found := func(c ask.Client, founders, leaders, guests string) string {
				return "/Clubs/" + c.Post("/Clubs", `{"schemas": ["urn:example:params:scim:schemas:Club"], "founders": [`+founders+`], "leaders": [`+leaders+`], "guests": [`+guests+`]}`).
					Is(201).ID()
			}
			one, both := ask.Values(ann), ask.Values(ann, bob)
			for rule, operation := range map[string]string{
				"7644-3.5.2.2-11: an immutable list":                     `{"op": "remove", "path": "founders"}`,
				"7644-3.5.2.2-11: one of an immutable list":              `{"op": "remove", "path": "founders[value eq \"` + ann + `\"]"}`,
				"7644-3.5.2.2-11: one of an immutable list, by a filter": `{"op": "remove", "path": "founders[value sw \"` + ann + `\"]"}`,
				"7644-3.5.2-19: one more for an immutable list":          `{"op": "add", "path": "founders", "value": [` + ask.Values(bob) + `]}`,
				"7644-3.5.2.2-09: a required list":                       `{"op": "remove", "path": "leaders"}`,
				"7644-3.5.2.2-09: the last one of a required list":       `{"op": "remove", "path": "leaders[value eq \"` + ann + `\"]"}`,
				"7644-3.5.2.2-09: the last one, by a filter":             `{"op": "remove", "path": "leaders[value sw \"` + ann + `\"]"}`,
			} {
				t.Run(rule, func(t *testing.T) {
					c := c.On(t)
					path := found(c, one, one, "")
					c.Patch(path, operation).Fails(400, "mutability")
					c.Patch(path, `{"op": "add", "path": "guests", "value": [`+one+`]}, `+operation).Fails(400, "mutability")
					a := c.Get(path).Is(200)
					assert.Equal(t, []string{ann}, a.Values("founders"))
					assert.Equal(t, []string{ann}, a.Values("leaders"))
					assert.Empty(t, a.Values("guests"))
				})
			}
			t.Run("7644-3.5.2-02, 7644-3.5.2.2-09: what they allow", func(t *testing.T) {
				c := c.On(t)
				path := found(c, "", both, both)
				c.Patch(path, `{"op": "add", "path": "founders", "value": [`+one+`]}`).Is(204)
				c.Patch(path, `{"op": "remove", "path": "leaders[value eq \"`+ann+`\"]"}, {"op": "remove", "path": "guests"}`).Is(204)
				a := c.Get(path).Is(200)
				assert.Equal(t, []string{ann}, a.Values("founders"))
				assert.Equal(t, []string{bob}, a.Values("leaders"))
				assert.Empty(t, a.Values("guests"))
				c.Patch(path, `{"op": "add", "path": "founders", "value": [`+one+`]}`).Is(204)
			})
		})
	}
}
