package schema_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// Badge is an extension that a service declares.
type Badge struct {
	schema.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User" description:"Door badge."`

	Number string `json:"number" scim:"required,caseExact,mutability=immutable" validate:"len=8,numeric" description:"Number on the badge."`
	Color  string `json:"color,omitempty" scim:"canonicalValues=red|green" description:"Colour of the badge."`
}

// Employee is a user type that a service declares.
type Employee struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Badge      *Badge                   `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty" scim:"required"`
}

// Device is a resource type that no RFC knows.
type Device struct {
	schema.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device,name=Managed Device" description:"A managed device."`

	Serial   string    `json:"serial" scim:"required,caseExact,mutability=immutable,uniqueness=global" description:"Number on the label."`
	Hidden   string    `json:"hidden,omitempty" scim:"unlisted" description:"Not published."`
	Locked   bool      `json:"locked" scim:"required" description:"Whether it is locked."`
	Ports    *int      `json:"ports,omitempty" scim:"uniqueness=server" description:"Number of ports."`
	Weight   *float64  `json:"weight,omitempty" description:"Weight in kilograms."`
	Bought   time.Time `json:"bought,omitzero" scim:"returned=request" description:"When it was bought."`
	Key      []byte    `json:"key,omitempty" scim:"mutability=writeOnly,returned=never" description:"Public key."`
	Manual   string    `json:"manual,omitempty" scim:"referenceTypes=external|uri" description:"Where the manual is."`
	Tags     []string  `json:"tags,omitempty" scim:"returned=always" description:"Labels."`
	Owner    Owner     `json:"owner,omitzero" description:"User it belongs to."`
	Networks []Network `json:"networks,omitempty" scim:"mutability=readOnly" description:"Networks it joins."`
	Badge    *Badge    `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
}

// Owner is the user a device belongs to.
type Owner struct {
	Value string `json:"value" scim:"required,caseExact" description:"Identifier."`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User" description:"URI."`
}

// Network is a network a device joins.
type Network struct {
	Value   string `json:"value,omitempty" description:"Name."`
	Primary *bool  `json:"primary,omitempty" description:"Whether it is the main one."`
}

// Own types get schemas of the same form as the core ones, with the defaults of RFC 7643 section 2.2 written out.
func TestOwnSchemas(t *testing.T) {
	const defaults = `"required":false,"mutability":"readWrite","returned":"default"`
	for name, c := range map[string]struct {
		of   func() *schema.Schema
		want string
	}{
		"7643-3.2-01/resource type": {schema.For[Device], `{"schemas":["` + resource.SchemaSchema + `"],"id":"urn:acme:params:scim:schemas:core:2.0:Device","name":"Managed Device","attributes":[
			{"name":"serial","type":"string","multiValued":false,"required":true,"caseExact":true,"mutability":"immutable","returned":"default","uniqueness":"global"},
			{"name":"locked","type":"boolean","multiValued":false,"required":true,"mutability":"readWrite","returned":"default"},
			{"name":"ports","type":"integer","multiValued":false,` + defaults + `,"uniqueness":"server"},
			{"name":"weight","type":"decimal","multiValued":false,` + defaults + `,"uniqueness":"none"},
			{"name":"bought","type":"dateTime","multiValued":false,"required":false,"mutability":"readWrite","returned":"request"},
			{"name":"key","type":"binary","multiValued":false,"required":false,"caseExact":true,"mutability":"writeOnly","returned":"never"},
			{"name":"manual","type":"reference","multiValued":false,` + defaults + `,"caseExact":true,"uniqueness":"none","referenceTypes":["external","uri"]},
			{"name":"tags","type":"string","multiValued":true,"required":false,"caseExact":false,"mutability":"readWrite","returned":"always","uniqueness":"none"},
			{"name":"owner","type":"complex","multiValued":false,` + defaults + `,"subAttributes":[
				{"name":"value","type":"string","multiValued":false,"required":true,"caseExact":true,"mutability":"readWrite","returned":"default","uniqueness":"none"},
				{"name":"$ref","type":"reference","multiValued":false,` + defaults + `,"caseExact":true,"uniqueness":"none","referenceTypes":["User"]}]},
			{"name":"networks","type":"complex","multiValued":true,"required":false,"mutability":"readOnly","returned":"default","subAttributes":[
				{"name":"value","type":"string","multiValued":false,` + defaults + `,"caseExact":false,"uniqueness":"none"},
				{"name":"primary","type":"boolean","multiValued":false,` + defaults + `}]}]}`},
		"7643-3.3-01/extension": {schema.For[Badge], `{"schemas":["` + resource.SchemaSchema + `"],"id":"urn:acme:params:scim:schemas:extension:badge:2.0:User","name":"Badge","attributes":[
			{"name":"number","type":"string","multiValued":false,"required":true,"caseExact":true,"mutability":"immutable","returned":"default","uniqueness":"none"},
			{"name":"color","type":"string","multiValued":false,` + defaults + `,"caseExact":false,"uniqueness":"none","canonicalValues":["red","green"]}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.of()
			text, err := resource.Marshal(resource.QueryResponse, got)
			require.NoError(t, err)
			for _, d := range definitions(t, []byte(c.want), text) {
				t.Error(d)
			}
			assert.NotEmpty(t, got.Description)
			described(t, "", got.Attributes)
		})
	}
	t.Run("7643-2.2-01/defaults", func(t *testing.T) {
		type plain struct {
			schema.Resource `scim:"urn:acme:x:Plain"`

			Name string `json:"name,omitempty"`
		}
		s := schema.For[plain]()
		assert.Equal(t, "plain", s.Name)
		require.Len(t, s.Attributes, 1)
		assert.Equal(t, schema.Attribute{
			Name: "name", Type: schema.TypeString, CaseExact: new(false), Mutability: schema.ReadWrite, Returned: schema.ReturnedDefault, Uniqueness: schema.UniquenessNone,
		}, s.Attributes[0])
	})
}

// All has core schema and extensions, each once, in the order of first use.
func TestAll(t *testing.T) {
	ids := func(list []*schema.Schema) (ids []string) {
		for _, s := range list {
			ids = append(ids, s.ID[strings.LastIndex(s.ID[:strings.LastIndex(s.ID, ":2.0:")], ":")+1:])
		}
		return ids
	}
	t.Run("7643-7-11/a type and its extensions", func(t *testing.T) {
		assert.Equal(t, []string{"core:2.0:User", "enterprise:2.0:User", "badge:2.0:User"}, ids(schema.All[Employee]()))
		assert.Equal(t, []string{"core:2.0:User"}, ids(schema.All[resource.User]()))
		assert.Equal(t, schema.For[resource.User](), schema.All[Employee]()[0])
		assert.Equal(t, schema.For[Badge](), schema.All[Employee]()[2])
	})
	t.Run("7643-7-11/several types, each schema once", func(t *testing.T) {
		all := schema.AllOf(reflect.TypeFor[Device](), reflect.TypeFor[*Employee](), reflect.TypeFor[resource.Group](), reflect.TypeFor[resource.User](), reflect.TypeFor[Employee]())
		assert.Equal(t, []string{"core:2.0:Device", "badge:2.0:User", "core:2.0:User", "enterprise:2.0:User", "core:2.0:Group"}, ids(all))
	})
	t.Run("7643-7-11/every URN in use has a schema", func(t *testing.T) {
		types := resource.ResourceTypeFor[Employee]("/Users")
		all := fmt.Sprint(ids(schema.All[Employee]()))
		for _, e := range types.SchemaExtensions {
			assert.Contains(t, all, e.Schema[strings.LastIndex(e.Schema, "extension:")+len("extension:"):])
		}
	})
	t.Run("7644-3.1-02/no message", func(t *testing.T) {
		for _, s := range schema.AllOf(reflect.TypeFor[Employee](), reflect.TypeFor[resource.Group](), reflect.TypeFor[resource.ServiceProviderConfig](), reflect.TypeFor[resource.ResourceType](), reflect.TypeFor[schema.Schema]()) {
			assert.NotContains(t, s.ID, "api:messages")
		}
	})
	assert.Empty(t, schema.AllOf())
}

// First use from many goroutines: everybody gets the same schema, and recursive types end.
func TestConcurrentFirstUse(t *testing.T) {
	for round := range 8 {
		fields := make([]reflect.StructField, 0, 41)
		fields = append(fields, reflect.StructField{Name: "Resource", Type: reflect.TypeFor[schema.Resource](), Anonymous: true, Tag: reflect.StructTag(fmt.Sprintf(`scim:"urn:acme:x:Fresh%d"`, round))})
		for i := range 40 {
			part := reflect.StructOf([]reflect.StructField{
				{Name: "Value", Type: text, Tag: reflect.StructTag(fmt.Sprintf(`json:"value,omitempty" description:"Round %d, part %d."`, round, i))},
			})
			fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: reflect.SliceOf(part), Tag: reflect.StructTag(fmt.Sprintf(`json:"f%d,omitempty" description:"Field."`, i))})
		}
		fresh := reflect.StructOf(fields)
		var results [64]*schema.Schema
		start, all := make(chan struct{}), sync.WaitGroup{}
		for i := range results {
			all.Go(func() {
				<-start
				if i%2 == 0 {
					results[i] = schema.Of(fresh)
				} else {
					results[i] = schema.AllOf(reflect.PointerTo(fresh))[0]
				}
			})
		}
		close(start)
		all.Wait()
		for _, s := range results {
			require.Equal(t, results[0], s)
		}
		require.Len(t, results[0].Attributes, 40)
	}
}
