package resource_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

func configuration() *resource.ServiceProviderConfig {
	return &resource.ServiceProviderConfig{
		Patch: resource.PatchConfig{Supported: true}, Bulk: resource.BulkConfig{}, Filter: resource.FilterConfig{Supported: true, MaxResults: 200},
		AuthenticationSchemes: []resource.AuthenticationScheme{{Type: "oauthbearertoken", Name: "Bearer", Description: "A token."}},
	}
}

// configurationText is a complete document with one member replaced, or dropped where the new text is empty.
func configurationText(name, text string) string {
	var b strings.Builder
	b.WriteString(`{"schemas":["<SPC>"]`)
	found := false
	for _, m := range [][2]string{
		{"patch", `{"supported":true}`}, {"bulk", `{"supported":false,"maxOperations":0,"maxPayloadSize":0}`}, {"filter", `{"supported":true,"maxResults":200}`},
		{"changePassword", `{"supported":false}`}, {"sort", `{"supported":false}`}, {"etag", `{"supported":true}`},
		{"authenticationSchemes", `[{"type":"httpbasic","name":"Basic","description":"A password."}]`},
	} {
		if m[0] == name {
			m[1], found = text, true
		}
		if m[1] != "" {
			b.WriteString(`,"` + m[0] + `":` + m[1])
		}
	}
	if !found && name != "" {
		b.WriteString(`,"` + name + `":` + text)
	}
	return urns.Replace(b.String() + `}`)
}

// RFC 7643 section 5, RFC 9865 section 4 and RFC 9967 section 4.
func TestServiceProviderConfig(t *testing.T) {
	schemes := func(text string) string { return configurationText("authenticationSchemes", text) }
	pagination := func(text string) string { return configurationText("pagination", text) }
	events := func(text string) string { return configurationText("securityEvents", text) }
	cases := []reading{
		{name: "7643-5-01/complete", body: configurationText("", ""), want: `{"bulk":{"supported":false,"maxOperations":0,"maxPayloadSize":0},"id":null,"pagination":null,"securityEvents":null}`},
		{name: "7643-5-04/no id", body: configurationText("externalId", "null"), want: `{"id":null,"externalId":null}`},
		{name: "7643-5-01/without maxOperations", body: configurationText("bulk", `{"supported":true,"maxPayloadSize":1}`), faults: []fault{invalid("bulk.maxOperations", "is required")}},
		{name: "7643-5-01/without maxPayloadSize", body: configurationText("bulk", `{"supported":true,"maxOperations":1}`), faults: []fault{invalid("bulk.maxPayloadSize", "is required")}},
		{name: "7643-5-01/without maxResults", body: configurationText("filter", `{"supported":true}`), faults: []fault{invalid("filter.maxResults", "is required")}},
		{name: "7643-5-01/without supported", body: configurationText("filter", `{"maxResults":5}`), faults: []fault{invalid("filter.supported", "is required")}},
		{name: "7643-5-01/maxResults a string", body: configurationText("filter", `{"supported":true,"maxResults":"5"}`), faults: []fault{invalid("filter.maxResults", `must be an integer, not the string "5"`)}},
		{name: "7643-5-02/no scheme", body: schemes(`[]`), faults: []fault{invalid("authenticationSchemes", "is required")}},
		{name: "7643-5-02/without type", body: schemes(`[{"name":"n","description":"d"}]`), faults: []fault{invalid("authenticationSchemes[0].type", "is required")}},
		{name: "7643-5-02/without name", body: schemes(`[{"type":"httpbasic","description":"d"}]`), faults: []fault{invalid("authenticationSchemes[0].name", "is required")}},
		{name: "7643-5-02/without description", body: schemes(`[{"type":"a","name":"n","description":"d"},{"type":"a","name":"n"}]`), faults: []fault{invalid("authenticationSchemes[1].description", "is required")}},
		{name: "7643-5-02/type magic", body: schemes(`[{"type":"magic","name":"n","description":"d"}]`), want: `{"authenticationSchemes":[{"type":"magic"}]}`},
		{
			name: "7643-5-02/type magic, required", body: schemes(`[{"type":"magic","name":"n","description":"d"}]`), opts: require1(resource.CanonicalValues),
			faults: []fault{invalid("authenticationSchemes[0].type", "must be one of oauth, oauth2, oauthbearertoken, httpbasic, httpdigest")},
		},
		{name: "7643-5-03/documentationUri", body: configurationText("documentationUri", `"http://[::1"`), faults: []fault{invalid("documentationUri", "must be a URI")}},
		{name: "7643-5-03/specUri", body: schemes(`[{"type":"a","name":"n","description":"d","specUri":"http://[::1"}]`), faults: []fault{invalid("authenticationSchemes[0].specUri", "must be a URI")}},
		{name: "7643-5-03/specUri right", body: schemes(`[{"type":"a","name":"n","description":"d","specUri":"https://example.com/spec"}]`), want: `{"authenticationSchemes":[{"specUri":"https://example.com/spec"}]}`},
		{name: "9865-4-01/complete", body: pagination(`{"cursor":true,"index":false,"defaultPaginationMethod":"cursor","defaultPageSize":100,"maxPageSize":250,"cursorTimeout":3600}`), want: `{"pagination":{"cursor":true,"index":false,"defaultPageSize":100}}`},
		{name: "9865-4-01/only the two", body: pagination(`{"cursor":false,"index":true}`), want: `{"pagination":{"cursor":false,"index":true,"defaultPageSize":null}}`},
		{name: "9865-4-01/method page", body: pagination(`{"cursor":true,"index":true,"defaultPaginationMethod":"page"}`), faults: []fault{invalid("pagination.defaultPaginationMethod", "must be one of cursor, index")}},
		{name: "9865-4-01/size 0", body: pagination(`{"cursor":true,"index":true,"defaultPageSize":0}`), faults: []fault{invalid("pagination.defaultPageSize", "must be 1 or more, not 0")}},
		{name: "9865-4-01/size -1", body: pagination(`{"cursor":true,"index":true,"maxPageSize":-1}`), faults: []fault{invalid("pagination.maxPageSize", "must be 1 or more, not -1")}},
		{name: "9865-4-01/timeout 0", body: pagination(`{"cursor":true,"index":true,"cursorTimeout":0}`), faults: []fault{invalid("pagination.cursorTimeout", "must be 1 or more")}},
		{name: "9865-4-01/without cursor", body: pagination(`{"index":true}`), faults: []fault{invalid("pagination.cursor", "is required")}},
		{name: "9865-4-01/without index", body: pagination(`{"cursor":true}`), faults: []fault{invalid("pagination.index", "is required")}},
		{name: "9967-4-01/none", body: events(`{"asyncRequest":"none","eventUris":["urn:x:y"]}`), want: `{"securityEvents":{"asyncRequest":"none","eventUris":["urn:x:y"]}}`},
		{name: "9967-4-01/NONE", body: events(`{"asyncRequest":"NONE"}`), want: `{"securityEvents":{}}`},
		{name: "9967-4-01/x", body: events(`{"asyncRequest":"x"}`), faults: []fault{invalid("securityEvents.asyncRequest", "must be one of none, long, request")}},
		{name: "9967-4-01/eventUris of numbers", body: events(`{"eventUris":["urn:x:y",5]}`), faults: []fault{invalid("securityEvents.eventUris[1]", "must be a string, not the number 5")}},
	}
	cases = slices.Concat(cases, each([]string{"patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes"}, func(name string) reading {
		return reading{name: "7643-5-01/without " + name, body: configurationText(name, ""), faults: []fault{invalid(name, "is required")}}
	}))
	read[resource.ServiceProviderConfig](t, resource.QueryResponse, cases)

	t.Run("9865-4-01/a fragment as Storage", func(t *testing.T) {
		got, err := resource.Validate[resource.ServiceProviderConfig](resource.Storage, rfcFile(t, "rfc9865-4-service_provider_config-pagination.json"))
		require.NoError(t, err)
		assert.Equal(t, 250, *got.Pagination.MaxPageSize)
	})
	t.Run("7643-5-01/written whole", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, configuration())
		require.NoError(t, err)
		partOf(t, `{"patch":{"supported":true},"bulk":{"supported":false,"maxOperations":0,"maxPayloadSize":0},"sort":{"supported":false},"pagination":null,"securityEvents":null}`, string(text))
	})
	t.Run("7643-5-02/written without a scheme", func(t *testing.T) {
		c := configuration()
		c.AuthenticationSchemes = nil
		_, err := resource.Marshal(resource.QueryResponse, c)
		require.Error(t, err)
		assert.Equal(t, "authenticationSchemes", faultsOf(t, err)[0].Path)
		c.AuthenticationSchemes = []resource.AuthenticationScheme{{Type: "a", Name: "n"}}
		_, err = resource.Marshal(resource.QueryResponse, c)
		require.Error(t, err)
		assert.Equal(t, "authenticationSchemes[0].description", faultsOf(t, err)[0].Path)
	})
}

// RFC 7643 sections 6 and 7, as read and written; how definitions are made is tested in package schema.
func TestDefinitions(t *testing.T) {
	const named = `"name":"Device","endpoint":"/Devices","schema":"urn:x:y"`
	read[resource.ResourceType](t, resource.QueryResponse, []reading{
		{name: "7643-6-03/id optional", body: `{"schemas":["<RT>"],` + named + `}`, want: `{"id":null,"name":"Device"}`},
		{name: "7643-6-03/without endpoint", body: `{"schemas":["<RT>"],"name":"Device","schema":"urn:x:y"}`, faults: []fault{invalid("endpoint", "is required")}},
		{name: "7643-6-03/without anything", body: `{"schemas":["<RT>"]}`, faults: []fault{invalid("name", "is required"), invalid("endpoint", "is required"), invalid("schema", "is required")}},
		{
			name: "7643-6-06/object instead of a list", body: `{"schemas":["<RT>"],` + named + `,"schemaExtensions":{"schema":"urn:x:z","required":false}}`,
			want: `{"schemaExtensions":[{"schema":"urn:x:z","required":false}]}`, repairs: []string{"SingleAsList schemaExtensions"}, strict: []fault{invalid("schemaExtensions", "must be an array, not an object")},
		},
		{name: "7643-6-06/list", body: `{"schemas":["<RT>"],` + named + `,"schemaExtensions":[{"schema":"urn:x:z","required":true}]}`, want: `{"schemaExtensions":[{"schema":"urn:x:z","required":true}]}`},
		{name: "7643-6-06/without required", body: `{"schemas":["<RT>"],` + named + `,"schemaExtensions":[{"schema":"urn:x:z"}]}`, faults: []fault{invalid("schemaExtensions[0].required", "is required")}},
		{name: "7643-6-06/without schema", body: `{"schemas":["<RT>"],` + named + `,"schemaExtensions":[{"required":true}]}`, faults: []fault{invalid("schemaExtensions[0].schema", "is required")}},
	})
	attribute := func(members string) string {
		return `{"schemas":["<SCHEMA>"],"id":"urn:x:y","name":"N","attributes":[` + members + `]}`
	}
	one := func(name, members string, faults ...fault) reading {
		c := reading{name: name, body: attribute(members), faults: faults}
		if len(faults) == 0 {
			c.want = `{"attributes":[` + members + `]}`
		}
		return c
	}
	cases := []reading{
		one("7643-7-02/without name", `{"type":"string","multiValued":false,"required":false}`, invalid("attributes[0].name", "is required")),
		one("7643-7-02/without type", `{"name":"a","multiValued":false,"required":false}`, invalid("attributes[0].type", "is required")),
		one("7643-7-02/without multiValued", `{"name":"a","type":"string","required":false}`, invalid("attributes[0].multiValued", "is required")),
		one("7643-7-02/sub-attribute without name", `{"name":"a","type":"complex","multiValued":false,"required":false,"subAttributes":[{"type":"string","multiValued":false,"required":false}]}`, invalid("attributes[0].subAttributes[0].name", "is required")),
		one("7643-7-03/number", `{"name":"a","type":"number","multiValued":false,"required":false}`, invalid("attributes[0].type", `must be one of string, complex, boolean, decimal, integer, dateTime, reference, binary, not "number"`)),
		one("7643-2.3-01/date", `{"name":"a","type":"date","multiValued":false,"required":false}`, invalid("attributes[0].type", `not "date"`)),
		one("7643-7-07/mutability readwrite", `{"name":"a","type":"string","multiValued":false,"required":false,"mutability":"readwrite"}`, invalid("attributes[0].mutability", "must be one of readOnly, readWrite, immutable, writeOnly")),
		one("7643-7-07/returned sometimes", `{"name":"a","type":"string","multiValued":false,"required":false,"returned":"sometimes"}`, invalid("attributes[0].returned", "must be one of always, never, default, request")),
	}
	cases = slices.Concat(cases, each([]string{"string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"}, func(kind string) reading {
		return one("7643-7-03/"+kind, `{"name":"a","type":"`+kind+`","multiValued":false,"required":false}`)
	}))
	read[schema.Schema](t, resource.QueryResponse, append(cases,
		reading{name: "7643-7-02/schema without name", body: `{"schemas":["<SCHEMA>"],"id":"urn:x:y","attributes":[{"name":"a","type":"string","multiValued":false}]}`, faults: []fault{invalid("name", "is required")}},
		reading{name: "7643-7-02/schema without attributes", body: `{"schemas":["<SCHEMA>"],"id":"urn:x:y","name":"N","attributes":[]}`, faults: []fault{invalid("attributes", "is required")}},
		reading{name: "7643-7-12/schema without id", body: `{"schemas":["<SCHEMA>"],"name":"N","attributes":[{"name":"a","type":"string","multiValued":false}]}`, faults: []fault{invalid("id", "always be returned")}},
	))
}

// What /ResourceTypes serves for a type, and what Locate adds to discovery documents.
func TestResourceTypes(t *testing.T) {
	t.Run("7643-3.2-01/own type", func(t *testing.T) {
		rt := resource.ResourceTypeFor[Device]("/Devices")
		want := &resource.ResourceType{
			Resource: resource.Resource{Schemas: []string{resource.ResourceTypeSchema}, ID: "Device", Meta: resource.Meta{ResourceType: "ResourceType"}},
			Name:     "Device", Description: "A managed device.", Endpoint: "/Devices", Schema: deviceURN,
			SchemaExtensions: []resource.SchemaExtension{{Schema: warrantyURN}},
		}
		same(t, want, rt)
	})
	t.Run("7643-6-01/own user type", func(t *testing.T) {
		rt := resource.ResourceTypeFor[Visitor]("/Users")
		assert.Equal(t, "User", rt.Name)
		assert.Equal(t, resource.UserSchema, rt.Schema)
		assert.Equal(t, []resource.SchemaExtension{{Schema: resource.EnterpriseUserSchema}, {Schema: badgeURN, Required: true}}, rt.SchemaExtensions)
	})
	t.Run("AMB-51/id is the name", func(t *testing.T) {
		for _, rt := range []*resource.ResourceType{resource.ResourceTypeFor[resource.User]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups"), resource.ResourceTypeFor[Device]("/Devices")} {
			assert.Equal(t, rt.Name, rt.ID)
		}
	})
	t.Run("7643-6-07/meta.resourceType is the name", func(t *testing.T) {
		u := Employee{User: resource.User{Resource: resource.Resource{ID: "1"}, UserName: "x"}}
		rt := resource.ResourceTypeFor[Employee]("/Users")
		text, err := resource.Marshal(resource.QueryResponse, u, resource.Locate("https://example.com/v2", rt))
		require.NoError(t, err)
		partOf(t, `{"meta":{"resourceType":"`+rt.Name+`"}}`, string(text))
	})
	for name, v := range map[string]any{
		`"ServiceProviderConfig","location":"https://example.com/v2/ServiceProviderConfig"`: configuration(),
		`"ResourceType","location":"https://example.com/v2/ResourceTypes/User"`:             resource.ResourceTypeFor[Employee]("/Users"),
		`"Schema","location":"https://example.com/v2/Schemas/` + resource.UserSchema + `"`:  schema.For[Employee](),
	} {
		t.Run("7643-8.7.2-01/"+name[1:7], func(t *testing.T) {
			for _, base := range []string{"https://example.com/v2", "https://example.com/v2/"} {
				text, err := resource.Marshal(resource.QueryResponse, v, resource.Locate(base, resource.ResourceTypeFor[Employee]("/Users")))
				require.NoError(t, err)
				partOf(t, `{"meta":{"resourceType":`+name+`}}`, string(text))
				assert.Contains(t, string(text), `"schemas":["urn:ietf:params:scim:schemas:core:2.0:`)
			}
		})
	}
	t.Run("7644-4-02/lists of definitions", func(t *testing.T) {
		all := schema.All[Visitor]()
		text, err := resource.Marshal(resource.QueryResponse, resource.Page(nil, all, len(all)))
		require.NoError(t, err)
		got, err := resource.Validate[resource.ListResponse[*schema.Schema]](resource.QueryResponse, text, resource.Strict())
		require.NoError(t, err)
		assert.Equal(t, 3, got.TotalResults)
		require.Len(t, got.Resources, 3)
		for i := range all {
			same(t, all[i], got.Resources[i])
		}
	})
}
