package resource_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// Hotel is a resource type with every way of holding a value that Get and Set may meet.
type Hotel struct {
	resource.Resource `scim:"urn:acme:x:Hotel" description:"Hotel"`

	Title   string          `json:"title,omitempty"`
	Stars   uint8           `json:"stars"`
	Open    *bool           `json:"open,omitempty"`
	Floors  *int            `json:"floors,omitempty"`
	Rating  *float32        `json:"rating,omitempty"`
	Built   time.Time       `json:"built,omitzero"`
	Sold    *time.Time      `json:"sold,omitempty"`
	Key     []byte          `json:"key,omitempty"`
	Tags    []string        `json:"tags,omitempty"`
	Nicks   []*string       `json:"nicks,omitempty"`
	Host    *HotelHost      `json:"host,omitempty"`
	Address HotelHost       `json:"address,omitzero"`
	Rooms   []*HotelRoom    `json:"rooms,omitempty"`
	Pin     resource.Secret `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Spa     *HotelSpa       `json:"urn:acme:x:Spa,omitempty"`
	Bar     HotelBar        `json:"urn:acme:x:Bar,omitzero"`
}

type HotelHost struct {
	Name   string   `json:"name,omitempty"`
	Phones []string `json:"phones,omitempty"`
	Age    *int     `json:"age,omitempty"`
}

type HotelRoom struct {
	Value string    `json:"value,omitempty"`
	Beds  *int      `json:"beds,omitempty"`
	Names []*string `json:"names,omitempty"`
}

type HotelSpa struct {
	resource.Extension `scim:"urn:acme:x:Spa"`

	Pools *int        `json:"pools,omitempty"`
	Lead  *HotelHost  `json:"lead,omitempty"`
	Sauna *HotelSauna `json:"urn:acme:x:Sauna,omitempty"`
}

type HotelSauna struct {
	resource.Extension `scim:"urn:acme:x:Sauna"`

	Heat float64 `json:"heat,omitempty"`
}

type HotelBar struct {
	resource.Extension `scim:"urn:acme:x:Bar"`

	Drinks []string `json:"drinks,omitempty"`
}

// Reading, of a compiled type and of one made at run time.
func TestGetUser(t *testing.T) {
	w := twins(t)[0]
	compiled, err := resource.ValidateAs(w.of, resource.Storage, rfcFile(t, "rfc7643-8.3-user-enterprise.json"))
	require.NoError(t, err)
	made, err := resource.ValidateAs(w.made, resource.Storage, rfcFile(t, "rfc7643-8.3-user-enterprise.json"))
	require.NoError(t, err)
	for _, c := range []struct {
		path string
		want any
		kind error
	}{
		{path: "userName", want: "bjensen@example.com"},
		{path: "USERNAME", want: "bjensen@example.com"},
		{path: "urn:ietf:params:scim:schemas:core:2.0:User:userName", want: "bjensen@example.com"},
		{path: "URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER:NAME.GIVENNAME", want: "Barbara"},
		{path: "name.givenName", want: "Barbara"},
		{path: "active", want: true},
		{path: "id", want: "2819c223-7f76-453a-919d-413861904646"},
		{path: "externalId", want: "701984"},
		{path: "meta.location", want: "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646"},
		{path: "Meta.Created", want: time.Date(2010, 1, 23, 4, 56, 22, 0, time.UTC)},
		{path: "schemas", want: []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterpriseURN}},
		{path: "emails.value", want: []string{"bjensen@example.com", "babs@jensen.org"}},
		{path: "emails.primary", want: []bool{true}},
		{path: "emails.display"},
		{path: `emails[type eq "WORK"].value`, want: []string{"bjensen@example.com"}},
		{path: `emails[type eq "work" and not (value co "x.org")].primary`, want: []bool{true}},
		{path: `emails[type eq "other"]`},
		{path: `emails[type eq "other"].value`},
		{path: enterpriseURN + ":employeeNumber", want: "701984"},
		{path: enterpriseURN + ":manager.displayName", want: "John Smith"},
		{path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:MANAGER.VALUE", want: "26118915-6090-4610-87e4-49d8ca9f808d"},
		{path: "password", want: resource.Secret("t1meMa$heen")},
		{path: "roles"},
		{path: "x509Certificates.display"},
		{path: "nickname", want: "Babs"},
		{path: "", kind: scimerrors.InvalidPath},
		{path: "unknown", kind: scimerrors.InvalidPath},
		{path: "name.unknown", kind: scimerrors.InvalidPath},
		{path: "name.givenName.x", kind: scimerrors.InvalidPath},
		{path: "userName.value", kind: scimerrors.InvalidPath},
		{path: "urn:x:y:userName", kind: scimerrors.InvalidPath},
		{path: "urn:ietf:params:scim:schemas:core:2.0:User", kind: scimerrors.InvalidPath},
		{path: "employeeNumber", kind: scimerrors.InvalidPath},
		{path: `userName[value eq "x"]`, kind: scimerrors.InvalidPath},
		{path: `name[givenName eq "x"]`, kind: scimerrors.InvalidPath},
		{path: `emails[type eq "x"].unknown`, kind: scimerrors.InvalidPath},
		{path: `emails[unknown eq "x"]`, kind: scimerrors.InvalidFilter},
		{path: `emails[type eq]`, kind: scimerrors.InvalidFilter},
		{path: `emails[type eq "x"`, kind: scimerrors.InvalidPath},
		{path: "emails[0]", kind: scimerrors.InvalidPath},
		{path: "emails value", kind: scimerrors.InvalidPath},
	} {
		t.Run(c.path, func(t *testing.T) {
			for _, v := range []any{compiled, made, reflect.ValueOf(compiled).Elem().Interface(), reflect.ValueOf(made).Elem().Interface()} {
				got, err := resource.Get(v, c.path)
				if c.kind == nil {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, c.kind)
					assert.Equal(t, 400, scimerrors.From(err).Status)
				}
				assert.Equal(t, c.want, got)
			}
		})
	}
	for _, path := range []string{"name", "emails", `emails[type eq "work"]`, "meta", "addresses", enterpriseURN, enterpriseURN + ":manager"} {
		one, err := resource.Get(compiled, path)
		require.NoError(t, err)
		two, err := resource.Get(made, path)
		require.NoError(t, err)
		require.NotNil(t, one)
		text := func(v any) string {
			if ext, ok := v.(*resource.EnterpriseUser); ok {
				return ext.EmployeeNumber + ext.Manager.Value
			}
			w, err := json.Marshal(v)
			require.NoError(t, err)
			return string(w)
		}
		if path != enterpriseURN {
			assert.JSONEq(t, text(one), text(two), path)
		}
	}
	assert.Same(t, as[*benchUser](compiled).Enterprise, must(resource.Get(compiled, enterpriseURN)))
}

func must(v any, err error) any {
	if err != nil {
		return err
	}
	return v
}

func TestGetKinds(t *testing.T) {
	built := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	spa := &HotelSpa{Pools: new(2), Lead: &HotelHost{Name: "L", Phones: []string{"1"}}, Sauna: &HotelSauna{Heat: 80.5}}
	full := &Hotel{
		Title: "T", Stars: 3, Open: new(false), Floors: new(0), Rating: new(float32(1.5)), Built: built, Sold: &built, Key: []byte{1}, Tags: []string{"a"},
		Nicks: []*string{new("n"), nil}, Host: &HotelHost{Name: "H", Phones: []string{"2", "3"}, Age: new(5)}, Address: HotelHost{Name: "A"},
		Rooms: []*HotelRoom{{Value: "r1", Beds: new(1), Names: []*string{new("x"), nil}}, nil, {Value: "r2", Names: []*string{new("y"), new("z")}}}, Pin: "p", Spa: spa, Bar: HotelBar{Drinks: []string{"gin"}},
	}
	for _, c := range []struct {
		path        string
		want, empty any // of full, and of a Hotel without anything
	}{
		{"title", "T", nil}, {"stars", uint8(3), uint8(0)}, {"open", false, nil}, {"floors", 0, nil}, {"rating", float32(1.5), nil}, {"built", built, nil}, {"sold", built, nil},
		{"key", []byte{1}, nil}, {"tags", []string{"a"}, nil}, {"nicks", full.Nicks, nil}, {"host", *full.Host, nil}, {"host.name", "H", nil}, {"host.phones", []string{"2", "3"}, nil}, {"host.age", 5, nil},
		{"address", full.Address, nil}, {"address.name", "A", nil}, {"address.phones", nil, nil}, {"rooms", full.Rooms, nil}, {"rooms.value", []string{"r1", "r2"}, nil}, {"rooms.beds", []int{1}, nil},
		{"rooms.names", []string{"x", "y", "z"}, nil}, {`rooms[value eq "r2"].names`, []string{"y", "z"}, nil}, {`rooms[beds pr]`, full.Rooms[:1], nil}, {`rooms[beds pr].value`, []string{"r1"}, nil}, {`tags[value eq "a"]`, []string{"a"}, nil}, {`tags[value eq "b"]`, nil, nil},
		{"pin", resource.Secret("p"), nil}, {"urn:acme:x:spa", spa, nil}, {"urn:acme:x:spa:pools", 2, nil}, {"urn:acme:x:spa:lead", *spa.Lead, nil}, {"urn:acme:x:spa:lead.phones", []string{"1"}, nil},
		{"urn:acme:x:SAUNA", spa.Sauna, nil}, {"urn:acme:x:sauna:HEAT", 80.5, nil}, {"urn:acme:x:Bar", &full.Bar, nil}, {"urn:acme:x:Bar:drinks", []string{"gin"}, nil}, {"id", nil, nil}, {"meta", nil, nil},
	} {
		t.Run(c.path, func(t *testing.T) {
			for _, v := range []any{full, *full, &full} {
				got, err := resource.Get(v, c.path)
				require.NoError(t, err)
				assert.Equal(t, c.want, got)
			}
			got, err := resource.Get(&Hotel{}, c.path)
			require.NoError(t, err)
			assert.Equal(t, c.empty, got)
		})
	}
	for _, v := range []any{nil, (*Hotel)(nil), 5, "x", []Hotel{}, map[string]any{}, new(5), new((*Hotel)(nil))} {
		got, err := resource.Get(v, "title")
		require.Error(t, err)
		assert.Nil(t, got)
		require.Error(t, resource.Set(v, "title", "x"))
	}
	require.Error(t, resource.Set(*full, "title", "x"), "not a pointer")
}
