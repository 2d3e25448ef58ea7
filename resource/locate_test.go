package resource_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// Locate fills what the application left empty, makes references absolute and overwrites nothing.
func TestLocate(t *testing.T) {
	users, groups, devices := resource.ResourceTypeFor[Employee]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups"), resource.ResourceTypeFor[Device]("Devices/")
	const base = "https://example.com/v2"
	user := func(ref string) *Employee {
		return &Employee{User: resource.User{
			Resource: resource.Resource{ID: "1"}, UserName: "x", ProfileURL: "people/1", Groups: []resource.GroupMembership{{Value: "g", Ref: ref}},
		}, Enterprise: &resource.EnterpriseUser{Manager: resource.Manager{Value: "2"}}}
	}
	for _, c := range []struct {
		name  string
		value any
		opt   resource.Option
		want  string
	}{
		{
			"7643-3.1-08/meta", user(""), resource.Locate(base, users, groups),
			`{"meta":{"resourceType":"User","location":"https://example.com/v2/Users/1","created":null,"version":null}}`,
		},
		{
			"7643-2.3.7-02/$ref from value", user(""), resource.Locate(base, users, groups),
			`{"groups":[{"value":"g","$ref":"https://example.com/v2/Groups/g"}],"<E>":{"manager":{"value":"2","$ref":"https://example.com/v2/Users/2"}}}`,
		},
		{"7643-2.3.7-02/relative", user("Groups/g"), resource.Locate(base, users), `{"groups":[{"$ref":"https://example.com/v2/Groups/g"}]}`},
		{"7643-2.3.7-02/relative, base with a slash", user("Groups/g"), resource.Locate(base+"/", users), `{"groups":[{"$ref":"https://example.com/v2/Groups/g"}]}`},
		{"7643-2.3.7-02/as in 8.2", user("../Groups/g"), resource.Locate(base, users), `{"groups":[{"$ref":"https://example.com/v2/Groups/g"}]}`},
		{"7643-2.3.7-02/absolute", user("https://other.example/Groups/g"), resource.Locate(base, users), `{"groups":[{"$ref":"https://other.example/Groups/g"}]}`},
		{"7643-2.3.7-02/no SCIM reference", user(""), resource.Locate(base, users), `{"profileUrl":"people/1"}`},
		{"7643-2.3.7-02/type of the target unknown", user(""), resource.Locate(base, users), `{"groups":[{"value":"g","$ref":null}]}`},
		{
			"7643-2.3.7-02/type said by the sibling", &resource.Group{Resource: resource.Resource{ID: "g"}, Members: []resource.Member{{Value: "1", Type: "User"}, {Value: "2", Type: "group"}, {Value: "3"}, {Value: "4", Type: "Robot"}}},
			resource.Locate(base, users, groups), `{"members":[{"$ref":"https://example.com/v2/Users/1"},{"$ref":"https://example.com/v2/Groups/2"},{"$ref":null},{"$ref":null}]}`,
		},
		{"7644-1.2-02/percent-encoded", &resource.Group{Resource: resource.Resource{ID: "a b/ä?"}}, resource.Locate(base, groups), `{"meta":{"location":"https://example.com/v2/Groups/a%20b%2F%C3%A4%3F"}}`},
		{
			"7644-1.2-02/references too", &resource.Group{Resource: resource.Resource{ID: "g"}, Members: []resource.Member{{Value: "a b", Type: "User"}}}, resource.Locate(base, users, groups),
			`{"members":[{"$ref":"https://example.com/v2/Users/a%20b"}]}`,
		},
		{
			"7643-3.1-08/nothing is overwritten", &resource.Group{Resource: resource.Resource{ID: "g", Meta: resource.Meta{ResourceType: "Team", Location: "https://other.example/Teams/g", Version: `W/"1"`}}}, resource.Locate(base, groups),
			`{"meta":{"resourceType":"Team","location":"https://other.example/Teams/g","version":"W/\"1\""}}`,
		},
		{"7643-2.3.7-02/location relative", &resource.Group{Resource: resource.Resource{ID: "g", Meta: resource.Meta{Location: "Groups/g"}}}, resource.Locate(base, groups), `{"meta":{"location":"https://example.com/v2/Groups/g"}}`},
		{"7643-3.2-01/own type, endpoint without slashes", fullDeviceWithoutMeta(), resource.Locate(base, users, devices), `{"meta":{"resourceType":"Device","location":"https://example.com/v2/Devices/d1"},"owner":{"$ref":"https://example.com/v2/Users/u1"},"manual":"manuals/1"}`},
		{"7643-3.1-06/externalId is never made up", user(""), resource.Locate(base, users), `{"externalId":null}`},
		{"7643-3.1-08/type nobody named", &resource.Group{Resource: resource.Resource{ID: "g"}}, resource.Locate(base, users, nil), `{"meta":null}`},
		{"7644-3.3.1-01/the endpoint decides", user(""), resource.Locate(base, groups, users), `{"meta":{"resourceType":"User"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, ctx := range responses {
				text, err := resource.Marshal(ctx, c.value, c.opt)
				require.NoError(t, err)
				partOf(t, urns.Replace(c.want), string(text))
			}
		})
	}
	t.Run("7643-3.1-08/two types of one schema", func(t *testing.T) {
		staff, guests := resource.ResourceTypeFor[Employee]("/Staff"), resource.ResourceTypeFor[Employee]("/Guests")
		staff.Name, guests.Name = "Staff", "Guest"
		u := user("")
		u.Meta.ResourceType = "Guest"
		text, err := resource.Marshal(resource.QueryResponse, u, resource.Locate(base, staff, guests))
		require.NoError(t, err)
		partOf(t, `{"meta":{"resourceType":"Guest","location":"https://example.com/v2/Guests/1"}}`, string(text))
	})
	t.Run("7644-3.3-04/not in requests", func(t *testing.T) {
		text, err := resource.Marshal(resource.CreationRequest, user(""), resource.Locate(base, users, groups))
		require.NoError(t, err)
		partOf(t, `{"id":null,"meta":null,"groups":null}`, string(text))
	})
}

func fullDeviceWithoutMeta() *Device {
	d := fullDevice()
	d.Meta = resource.Meta{}
	return d
}

// Common is a way to the common attributes of any resource: what is written there is written to the resource.
func TestCommon(t *testing.T) {
	d, u, g, v := &Device{}, &Employee{}, &resource.Group{}, &Visitor{}
	for name, r := range map[any]*resource.Resource{d: &d.Resource, u: &u.Resource, g: &g.Resource, v: &v.Resource} {
		assert.Same(t, r, resource.Common(name), "%T", name)
	}
	t.Run("7643-3-05/common attributes of an own type", func(t *testing.T) {
		c := resource.Common(d)
		c.ID, c.ExternalID, c.Meta.Version = "1", "e", `W/"1"`
		d.Serial = "A1"
		text, err := resource.Marshal(resource.QueryResponse, d)
		require.NoError(t, err)
		partOf(t, `{"id":"1","externalId":"e","meta":{"version":"W/\"1\""}}`, string(text))
		again, err := resource.Validate[Device](resource.QueryResponse, text)
		require.NoError(t, err)
		assert.Equal(t, d.Meta, again.Meta)
	})
	assert.Equal(t, 5, resource.Or(new(5), 7))
	assert.Equal(t, 7, resource.Or(nil, 7))
	assert.False(t, resource.Or(new(false), true))
}
