package resource_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

var rejectUnknown = []resource.Option{resource.RejectUnknown()}

// RFC 7643 sections 3 and 3.3: what schemas says and what is there.
func TestSchemas(t *testing.T) {
	missing := syntax("schemas", "is required and must name "+resource.UserSchema)
	read[Employee](t, resource.CreationRequest, []reading{
		{name: "7643-2.1-03/schemas absent", body: `{"userName":"x"}`, want: `{"schemas":["<U>"],"userName":"x"}`, repairs: []string{"MissingSchemas schemas"}, strict: []fault{missing}},
		{name: "AMB-01/schemas null", body: `{"schemas":null,"userName":"x"}`, want: `{"schemas":["<U>"]}`, repairs: []string{"MissingSchemas schemas"}, strict: []fault{missing}},
		{
			name: "AMB-01/schemas absent, extension present", body: `{"userName":"x","<E>":{"department":"D"}}`, want: `{"schemas":["<U>","<E>"],"<E>":{"department":"D"}}`,
			repairs: []string{"MissingSchemas schemas"}, strict: []fault{missing},
		},
		{name: "7643-3-01/empty list", body: `{"schemas":[],"userName":"x"}`, want: `{"schemas":["<U>"]}`, repairs: []string{"MissingSchemas schemas"}, strict: []fault{missing}},
		{name: "7643-3-01/number", body: `{"schemas":5,"userName":"x"}`, faults: []fault{syntax("schemas", "must be an array")}},
		{name: "7643-3-01/object", body: `{"schemas":{"value":"<U>"},"userName":"x"}`, faults: []fault{syntax("schemas", "must be an array")}},
		{name: "7643-3-01/null in the list", body: `{"schemas":["<U>",null],"userName":"x"}`, faults: []fault{syntax("schemas[1]", "not null")}},
		{
			name: "7643-3-02/URN of another type", body: `{"schemas":["<U>","<G>"],"userName":"x"}`, want: `{"schemas":["<U>"]}`,
			repairs: []string{"UnknownSchemas schemas[1]"}, strict: []fault{invalid("schemas[1]", resource.GroupSchema)},
		},
		{
			name: "7643-3-02/URN of another type alone", body: `{"schemas":["<G>"],"userName":"x"}`, want: `{"schemas":["<U>"]}`,
			repairs: []string{"UnknownSchemas schemas[0]", "MissingSchemas schemas"},
			strict:  []fault{invalid("schemas[0]", resource.GroupSchema), invalid("schemas", resource.UserSchema)},
		},
		{
			name: "AMB-04/unknown URNs", body: `{"schemas":["urn:scim:schemas:core:1.0","<U>","http://schemas.example.com/x"],"userName":"x"}`, want: `{"schemas":["<U>"]}`,
			repairs: []string{"UnknownSchemas schemas[0]", "UnknownSchemas schemas[2]"},
			strict:  []fault{invalid("schemas[0]", "urn:scim:schemas:core:1.0"), invalid("schemas[2]", "http://schemas.example.com/x")},
		},
		{
			name: "AMB-04/unknown URN with RejectUnknown", body: `{"schemas":["<U>","urn:x:y"],"userName":"x"}`, opts: rejectUnknown,
			faults: []fault{syntax("schemas[1]", "urn:x:y")}, strict: []fault{invalid("schemas[1]", "urn:x:y")},
		},
		{name: "AMB-04/unknown URN as key", body: userBody(`"urn:x:y":{"a":1}`), want: `{"urn:x:y":null}`},
		{name: "AMB-04/unknown URN as key with RejectUnknown", body: userBody(`"urn:x:y":{"a":1}`), opts: rejectUnknown, faults: []fault{syntax("urn:x:y", "no attribute")}},
		{name: "7643-3-03/twice", body: `{"schemas":["<U>","<U>"],"userName":"x"}`, faults: []fault{invalid("schemas[1]", "is listed twice")}},
		{name: "7643-3-03/twice in other case", body: `{"schemas":["<U>","URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER"],"userName":"x"}`, faults: []fault{invalid("schemas[1]", "is listed twice")}},
		{name: "7643-3-03/extension twice", body: `{"schemas":["<E>","<U>","<E>"],"userName":"x"}`, faults: []fault{invalid("schemas[2]", "is listed twice")}},
		{name: "7643-3-03/in other case once", body: `{"schemas":["URN:ietf:params:scim:schemas:core:2.0:user"],"userName":"x"}`, want: `{"schemas":["<U>"]}`},
		{name: "7643-3.3-02/no container", body: `{"schemas":["<U>","<E>"],"userName":"x"}`, want: `{"schemas":["<U>"],"<E>":null}`},
		{name: "7643-3.3-02/empty container", body: `{"schemas":["<U>","<E>"],"userName":"x","<E>":{}}`, want: `{"schemas":["<U>"],"<E>":null}`},
		{
			name: "7643-3.3-02/extension alone", body: `{"schemas":["<E>"],"userName":"x","<E>":{"department":"D"}}`, want: `{"schemas":["<U>","<E>"],"<E>":{"department":"D"}}`,
			repairs: []string{"MissingSchemas schemas"}, strict: []fault{invalid("schemas", "must name "+resource.UserSchema)},
		},
		{
			name: "AMB-05/extension not declared", body: `{"schemas":["<U>"],"userName":"x","<E>":{"department":"D"}}`, want: `{"schemas":["<U>","<E>"],"<E>":{"department":"D"}}`,
			repairs: []string{"UndeclaredExtension <E>"}, strict: []fault{invalid(resource.EnterpriseUserSchema, "not listed in schemas")},
		},
		{name: "AMB-05/empty extension not declared", body: `{"schemas":["<U>"],"userName":"x","<E>":{"department":null}}`, want: `{"schemas":["<U>"],"<E>":null}`},
		{name: "7643-3.3-01/extension attribute at the top", body: userBody(`"employeeNumber":"1","<E>":null`), want: `{"employeeNumber":null,"<E>":null}`},
		{name: "7643-3.3-01/extension attribute at the top with RejectUnknown", body: userBody(`"employeeNumber":"1"`), opts: rejectUnknown, faults: []fault{syntax("employeeNumber", "is no attribute")}},
		{name: "7643-3.3-01/core attribute in the extension", body: enterpriseBody(`"title":"T","department":"D"`), want: `{"title":null,"<E>":{"title":null,"department":"D"}}`},
		{name: "7643-3.3-01/core attribute in the extension with RejectUnknown", body: enterpriseBody(`"title":"T"`), opts: rejectUnknown, faults: []fault{syntax("<E>:title", "is no attribute")}},
		{name: "AMB-03/unknown attributes", body: userBody(`"shoeSize":43,"favourites":[{"a":{"b":null}}],"title":"T"`), want: `{"shoeSize":null,"favourites":null,"title":"T"}`},
		{
			name: "AMB-03/unknown attributes with RejectUnknown", body: userBody(`"shoeSize":43,"title":"T","favourites":[{"a":1}]`), opts: rejectUnknown,
			faults: []fault{syntax("shoeSize", "is no attribute"), syntax("favourites", "is no attribute")},
		},
		{
			name: "AMB-03/unknown sub-attributes", body: userBody(`"roles":[{"value":"r","displayName":"R"}],"name":{"givenName":"B","initials":"BJ"}`),
			want:    `{"roles":[{"value":"r","displayName":null}],"name":{"givenName":"B","initials":null}}`,
			repairs: []string{"UnknownSubAttributes roles[0].displayName", "UnknownSubAttributes name.initials"},
			strict:  []fault{syntax("roles[0].displayName", "is no sub-attribute"), syntax("name.initials", "is no sub-attribute")},
		},
		{
			name: "AMB-03/unknown sub-attributes with RejectUnknown", body: userBody(`"roles":[{"value":"r"},{"displayName":"R"}]`), opts: rejectUnknown,
			faults: []fault{syntax("roles[1].displayName", "is no")},
		},
		{
			name: "AMB-03/unknown sub-attribute in an extension", body: enterpriseBody(`"manager":{"value":"1","title":"Dr"}`), want: `{"<E>":{"manager":{"value":"1","title":null}}}`,
			repairs: []string{"UnknownSubAttributes <E>:manager.title"}, strict: []fault{syntax("<E>:manager.title", "is no sub-attribute")},
		},
		{
			name: "7643-3.1-07/externalId empty", body: userBody(`"externalId":""`), want: `{"externalId":null}`,
			repairs: []string{"EmptyStrings externalId"}, strict: []fault{invalid("externalId", "must not be empty")},
		},
		{name: "7643-3.1-07/externalId absent", body: userBody(`"title":"T"`), want: `{"externalId":null}`},
		{name: "7643-3.1-07/externalId number", body: userBody(`"externalId":701984`), faults: []fault{invalid("externalId", "must be a string, not the number 701984")}},
		{
			name: "7643-3.1-07/empty strings for other types", body: userBody(`"active":"","name":"","emails":[{"value":"a@b","primary":""}]`),
			want:    `{"active":null,"name":null,"emails":[{"value":"a@b","primary":null}]}`,
			repairs: []string{"EmptyStrings active", "EmptyStrings name", "EmptyStrings emails[0].primary"},
			strict:  []fault{invalid("active", "true or false"), invalid("name", "an object"), invalid("emails[0].primary", "true or false")},
		},
		{
			name: "7643-3.1-07/empty string for a list", either: true, body: userBody(`"emails":"","roles":[""]`), want: `{"emails":null,"roles":null}`,
			repairs: []string{"EmptyStrings emails", "EmptyStrings roles[0]"}, strict: []fault{invalid("emails", "must be an array"), invalid("roles[0]", "must be an object")},
		},
		{
			name: "7643-3.1-07/empty manager", either: true, body: enterpriseBody(`"department":"D","manager":""`), want: `{"<E>":{"department":"D","manager":null}}`,
			repairs: []string{"EmptyStrings <E>:manager"}, strict: []fault{invalid("<E>:manager", "must be an object")},
		},
		{name: "7643-3.1-03/id of the client", body: userBody(`"id":"mine"`), want: `{"id":null}`},
		{name: "7643-3.1-03/id is not even looked at", body: userBody(`"id":{"value":5}`), want: `{"id":null}`},
		{name: "7643-3.1-08/meta of the client", body: userBody(`"meta":{"created":"1999-01-01T00:00:00Z","location":"x","version":"W/\"1\"","resourceType":"User"}`), want: `{"meta":null}`},
		{name: "7643-3.1-08/partial and broken meta", body: userBody(`"meta":{"created":"yesterday"}`), want: `{"meta":null}`},
		{name: "7644-3.3.1-01/resourceType of the client", body: userBody(`"meta":{"resourceType":"Group"}`), want: `{"meta":null}`},
	})
}

// EmptyStrings alone is enough where "" stands for a list, and SingleAsList alone is not: it makes a list of "", which is no object.
func TestEmptyStringForList(t *testing.T) {
	body := []byte(userBody(`"emails":""`))
	got, err := resource.Validate[Employee](resource.CreationRequest, body, resource.Tolerate(resource.EmptyStrings))
	require.NoError(t, err)
	assert.Nil(t, got.Emails)
	_, err = resource.Validate[Employee](resource.CreationRequest, body, resource.Tolerate(resource.SingleAsList))
	refused(t, err, invalid("emails", `must be an object, not the string ""`))
}

// Extensions of one type stay apart, and required ones are demanded (RFC 7643 sections 3.3 and 6).
func TestExtensions(t *testing.T) {
	const base = `{"schemas":["<U>","<E>","<BADGE>"],"userName":"x",`
	read[Visitor](t, resource.CreationRequest, []reading{
		{
			name: "7643-6-01/required extension given", body: base + `"<BADGE>":{"number":"12345678"}}`,
			want: `{"schemas":["<U>","<BADGE>"],"<BADGE>":{"number":"12345678"},"<E>":null}`,
		},
		{name: "7643-6-01/required extension missing", body: base + `"<E>":{"department":"D"}}`, faults: []fault{invalid("<BADGE>", "is required")}},
		{name: "7643-6-01/required extension null", body: base + `"<BADGE>":null}`, faults: []fault{invalid("<BADGE>", "is required")}},
		{name: "7643-6-01/required extension empty", body: base + `"<BADGE>":{}}`, faults: []fault{invalid("<BADGE>", "is required")}},
		{name: "7643-6-01/required attribute missing", body: base + `"<BADGE>":{"color":"red"}}`, faults: []fault{invalid("<BADGE>:number", "is required")}},
		{name: "7643-6-01/required attribute null", body: base + `"<BADGE>":{"number":null,"color":"red"}}`, faults: []fault{invalid("<BADGE>:number", "is required")}},
		{
			name: "7643-6-01/required sub-attribute missing", body: base + `"<BADGE>":{"number":"12345678","doors":[{"value":"a"},{"floor":1},{}]}}`,
			faults: []fault{invalid("<BADGE>:doors[1].value", "is required")},
		},
		{name: "7643-6-01/wrong type says enough", body: base + `"<BADGE>":5}`, faults: []fault{invalid("<BADGE>", "must be an object, not the number 5")}},
		{name: "7643-6-01/wrong type of an attribute says enough", body: base + `"<BADGE>":{"number":5}}`, faults: []fault{invalid("<BADGE>:number", "must be a string, not the number 5")}},
		{
			name: "7643-6-01/container as a list", body: base + `"<BADGE>":[{"number":"12345678"}]}`, faults: []fault{invalid("<BADGE>", "must be an object, not an array")},
		},
		{
			name: "7643-3.3-03/equal names in two extensions", body: base + `"<BADGE>":{"number":"12345678","code":"b"},"<E>":{"employeeNumber":"1"},"code":"c"}`,
			want: `{"code":null,"<BADGE>":{"code":"b"},"<E>":{"employeeNumber":"1","code":null}}`,
		},
		{
			name: "7643-7-14/immutable at creation, readOnly dropped", body: base + `"<BADGE>":{"number":"12345678","issued":"2011-05-13T04:42:34Z"}}`,
			want: `{"<BADGE>":{"number":"12345678","issued":null}}`,
		},
		{name: "7644-3.3-01/readOnly dropped whatever it is", body: base + `"<BADGE>":{"number":"12345678","issued":[1,{}]}}`, want: `{"<BADGE>":{"issued":null}}`},
		{name: "7643-6-01/only readOnly data is no data", body: base + `"<BADGE>":{"issued":"2011-05-13T04:42:34Z"}}`, faults: []fault{invalid("<BADGE>", "is required")}},
	})
	// No extension is required of an Employee.
	read[Employee](t, resource.CreationRequest, []reading{{name: "7643-6-01/optional extension missing", body: userBody(`"title":"T"`), want: `{"<E>":null}`}})
}

// Two extensions with an attribute of one name, both assigned, keep their values through every context.
func TestExtensionsStayApart(t *testing.T) {
	type other struct {
		resource.Extension `scim:"urn:acme:params:scim:schemas:extension:locker:2.0:User" description:"Locker."`

		Code string `json:"code,omitempty" description:"Code of the locker."`
	}
	type guest struct {
		resource.User
		Badge  *Badge `json:"urn:acme:params:scim:schemas:extension:badge:2.0:User,omitempty"`
		Locker *other `json:"urn:acme:params:scim:schemas:extension:locker:2.0:User,omitempty"`
	}
	t.Run("7643-3.3-03/code twice", func(t *testing.T) {
		g := guest{Badge: &Badge{Number: "12345678", Code: "b"}, Locker: &other{Code: "l"}}
		g.UserName, g.ID = "x", "1"
		for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest, resource.QueryResponse} {
			text, err := resource.Marshal(ctx, g)
			require.NoError(t, err)
			again, err := resource.Validate[guest](ctx, text, resource.Strict())
			require.NoError(t, err)
			assert.Equal(t, "b", again.Badge.Code)
			assert.Equal(t, "l", again.Locker.Code)
			assert.True(t, slices.Equal(again.Schemas, []string{resource.UserSchema, badgeURN, "urn:acme:params:scim:schemas:extension:locker:2.0:User"}), "%v", again.Schemas)
		}
	})
}

// A schemas attribute of a struct that is written says what is there, not what somebody once put into it.
func TestSchemasWritten(t *testing.T) {
	u := Employee{}
	u.UserName, u.ID = "x", "1"
	for name, c := range map[string]struct {
		schemas    []string
		enterprise *resource.EnterpriseUser
		want       []string
	}{
		"nothing":                  {nil, nil, []string{resource.UserSchema}},
		"extension without value":  {[]string{resource.UserSchema, resource.EnterpriseUserSchema}, &resource.EnterpriseUser{}, []string{resource.UserSchema}},
		"extension with value":     {nil, &resource.EnterpriseUser{Department: "D"}, []string{resource.UserSchema, resource.EnterpriseUserSchema}},
		"foreign":                  {[]string{"urn:x:y"}, nil, []string{resource.UserSchema}},
		"extension of one part":    {nil, &resource.EnterpriseUser{Manager: resource.Manager{Value: "1"}}, []string{resource.UserSchema, resource.EnterpriseUserSchema}},
		"extension of empty parts": {nil, &resource.EnterpriseUser{Manager: resource.Manager{}}, []string{resource.UserSchema}},
	} {
		t.Run("7643-3.3-02/"+name, func(t *testing.T) {
			u.Schemas, u.Enterprise = c.schemas, c.enterprise
			for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest, resource.CreationResponse, resource.QueryResponse} {
				text, err := resource.Marshal(ctx, u)
				require.NoError(t, err)
				members, ok := decoded(t, string(text)).(map[string]any)
				require.True(t, ok)
				list, ok := members["schemas"].([]any)
				require.True(t, ok)
				got := make([]string, len(list))
				for i, v := range list {
					got[i], _ = v.(string)
				}
				assert.Equal(t, c.want, got, "7643-3-04: every representation has schemas, %v", ctx)
				_, there := members[resource.EnterpriseUserSchema]
				assert.Equal(t, len(c.want) == 2, there, "%v: %s", ctx, text)
			}
		})
	}
	t.Run("7643-3.3-02/only readOnly data in a request", func(t *testing.T) {
		u.Schemas, u.Enterprise = nil, &resource.EnterpriseUser{Manager: resource.Manager{DisplayName: "John Smith"}}
		text, err := resource.Marshal(resource.CreationRequest, u)
		require.NoError(t, err)
		assert.Equal(t, urns.Replace(`{"schemas":["<U>"],"userName":"x"}`), string(text))
	})
}
