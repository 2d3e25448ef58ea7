package resource_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// visitor is without fault in every context but responses, where password is.
func visitor() *Visitor {
	return &Visitor{
		User: resource.User{
			Resource: resource.Resource{ID: "1", Schemas: []string{resource.UserSchema}, Meta: resource.Meta{Version: `W/"1"`}},
			UserName: "u", Name: resource.Name{GivenName: "g"}, ProfileURL: "https://e/1", Active: new(true),
			Emails: []resource.Email{{Value: "a@e", Primary: new(true)}, {Value: "b@e"}}, Addresses: []resource.Address{{Locality: "L"}},
		},
		Enterprise: &resource.EnterpriseUser{Department: "D", Manager: resource.Manager{Value: "1", Ref: "Users/1"}},
		Badge:      &Badge{Number: "12345678", Color: "red", Doors: []BadgeDoor{{Value: "d", Floor: new(1)}, {Value: "e"}}},
	}
}

// spoil are changes that are faults in some context.
var spoil = []func(v *Visitor){
	func(v *Visitor) { v.UserName = "" },
	func(v *Visitor) { v.ID = "" },
	func(v *Visitor) { v.ID = "bulkId:1" },
	func(v *Visitor) { v.Meta.Version = `w/"1"` },
	func(v *Visitor) { v.Meta = resource.Meta{} },
	func(v *Visitor) { v.ProfileURL = "http://[::1" },
	func(v *Visitor) { v.Password = "t1meMa$heen" },
	func(v *Visitor) { v.Emails[1].Primary = new(true) },
	func(v *Visitor) { v.Emails[1].Primary = new(false) },
	func(v *Visitor) { v.Emails = nil },
	func(v *Visitor) {
		v.Photos = []resource.Photo{{Value: "a b"}, {Value: "p"}, {Value: "http://[::1", Type: "photo"}}
	},
	func(v *Visitor) { v.Groups = []resource.GroupMembership{{Value: "g", Ref: "http://[::1"}} },
	func(v *Visitor) { v.X509Certificates = []resource.X509Certificate{{Value: []byte{1, 2, 3}}} },
	func(v *Visitor) { v.Enterprise.Manager.Ref = "not a url" },
	func(v *Visitor) { v.Enterprise = nil },
	func(v *Visitor) { v.Badge = nil },
	func(v *Visitor) { v.Badge.Number = "" },
	func(v *Visitor) { v.Badge.Number = "87654321" },
	func(v *Visitor) { v.Badge.Number = "123" },
	func(v *Visitor) { v.Badge.Color = "RED" },
	func(v *Visitor) { v.Badge.Doors[0].Value = "" },
	func(v *Visitor) { v.Badge.Doors[0].Floor = new(99) },
	func(v *Visitor) { v.Badge.Doors = append(v.Badge.Doors, BadgeDoor{Value: "f"}, BadgeDoor{Value: "g"}) },
	func(v *Visitor) { v.Badge.Doors[0].Primary, v.Badge.Doors[1].Primary = new(true), new(true) },
	func(v *Visitor) { v.Addresses[0].Country, v.Locale, v.Timezone = "USA", "en US", "Mars/Base" },
	func(v *Visitor) { v.Title = "T" },
}

// describe is what an error says, without its order.
func describe(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var all []string
	for _, f := range faultsOf(t, err) {
		all = append(all, fmt.Sprint(f.Path, " ", f.Status, " ", f.Type, " ", f.Detail))
	}
	slices.Sort(all)
	return all
}

// Check finds what Validate finds in the document that is written of the same value.
func TestCheckLikeValidate(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	requests := []resource.Context{resource.CreationRequest, resource.ReplaceRequest}
	faulty, sound, l := 0, 0, &tally{}
	for range 400 {
		chosen := random.Perm(len(spoil))[:random.IntN(4)]
		make1 := func() (v *Visitor) {
			v = visitor()
			for _, i := range chosen {
				if v.Badge == nil || v.Enterprise == nil {
					break // what the others would change is gone
				}
				if i < 10 || len(v.Emails) > 1 {
					func() {
						defer func() { _ = recover() }() // a list another change has emptied
						spoil[i](v)
					}()
				}
			}
			return v
		}
		for _, ctx := range append(requests, responses...) {
			for _, opts := range [][]resource.Option{nil, {resource.Strict()}, {resource.Require(resource.Countries, resource.Locales, resource.Timezones)}} {
				if ctx == resource.ReplaceRequest {
					opts = append(slices.Clone(opts), resource.Replacing(visitor()))
				}
				v, twin := make1(), make1()
				text, err := resource.Marshal(resource.Storage, v)
				require.NoError(t, err)
				if ctx == resource.ReplaceRequest && v.Badge == nil {
					continue // TestCheck has it
				}
				_, want := resource.Validate[Visitor](ctx, text, opts...)
				got := resource.Check(ctx, v, opts...)
				l.tested++
				if a, b := describe(t, want), describe(t, got); !slices.Equal(a, b) {
					l.errorf("%v of %s:\nValidate %q\n   Check %q", ctx, text, a, b)
				}
				require.Equal(t, twin, v, "%v: Check changes its argument", ctx)
				if got != nil {
					faulty++
				} else {
					sound++
				}
				require.NoError(t, resource.Check(resource.Storage, v))
			}
		}
	}
	l.report(t, faulty+sound)
	assert.Greater(t, faulty, 500)
	assert.Greater(t, sound, 500)
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		ctx    resource.Context
		change func(v *Visitor)
		faults []fault
		opts   []resource.Option
	}{
		{name: "7643-4.1.1-01/nothing wrong", ctx: resource.CreationRequest, change: func(*Visitor) {}},
		{name: "7643-4.1.1-01/userName", ctx: resource.CreationRequest, change: spoil[0], faults: []fault{invalid("userName", "is required")}},
		{name: "7643-4.1.1-03/profileUrl", ctx: resource.CreationRequest, change: spoil[5], faults: []fault{invalid("profileUrl", "")}},
		{name: "7643-2.4-04/two primaries", ctx: resource.CreationRequest, change: spoil[7], faults: []fault{invalid("emails[1].primary", "only one value can be primary")}},
		{name: "7643-4.1.2-10/certificate", ctx: resource.CreationRequest, change: spoil[12], faults: []fault{invalid("x509Certificates[0].value", "exactly one X.509 certificate in DER form")}},
		{name: "7643-6-01/required extension", ctx: resource.CreationRequest, change: spoil[15], faults: []fault{invalid(badgeURN, "is required")}},
		{name: "7643-6-01/its required attribute", ctx: resource.CreationRequest, change: spoil[16], faults: []fault{invalid(badgeURN+":number", "is required")}},
		{name: "7643-2.3.1-02/validate tag", ctx: resource.CreationRequest, change: spoil[18], faults: []fault{invalid(badgeURN+":number", "")}},
		{name: "7643-2.3.1-02/validate tag in an element", ctx: resource.CreationRequest, change: spoil[21], faults: []fault{invalid(badgeURN+":doors[0].floor", "")}},
		{name: "7643-2.3.1-02/validate tag of a list", ctx: resource.CreationRequest, change: spoil[22], faults: []fault{invalid(badgeURN+":doors", "")}},
		{name: "7643-2.3.1-02/no tags in responses", ctx: resource.QueryResponse, change: spoil[18]},
		{name: "7643-7-01/requirements are off", ctx: resource.CreationRequest, change: spoil[24]},
		{name: "7643-4.1.2-05/Require(Countries)", ctx: resource.CreationRequest, change: spoil[24], opts: require1(resource.Countries), faults: []fault{invalid("addresses[0].country", "")}},
		{name: "7644-3.3-01/readOnly is not looked at", ctx: resource.CreationRequest, change: spoil[11]},
		{name: "7644-3.5.1-03/immutable", ctx: resource.ReplaceRequest, change: spoil[17], faults: []fault{{badgeURN + ":number", errors.Mutability, "is immutable"}}},
		{name: "AMB-23/absent immutable", ctx: resource.ReplaceRequest, change: spoil[16]},
		{name: "7643-6-01/required extension that is kept", ctx: resource.ReplaceRequest, change: spoil[15]},
		{name: "7643-3.1-01/id", ctx: resource.QueryResponse, change: spoil[1], faults: []fault{invalid("id", "must always be returned")}},
		{name: "7643-3.1-04/bulkId", ctx: resource.QueryResponse, change: spoil[2], faults: []fault{invalid("id", "bulkId")}},
		{name: "7643-3.1-11/version", ctx: resource.QueryResponse, change: spoil[3], faults: []fault{invalid("meta.version", "capital W/")}},
		{name: "7643-7-16/password", ctx: resource.CreationResponse, change: spoil[6], faults: []fault{invalid("password", "must never be returned")}},
		{name: "7644-3.1-01/a response may leave out what is required", ctx: resource.QueryResponse, change: spoil[0]},
		{name: "7643-2.3.5-01/year 10000", ctx: resource.CreationRequest, change: func(v *Visitor) {
			v.Badge.Doors[0].Floor = nil
			v.Badge.Issued = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
		}},
		{name: "7643-2.3.5-01/year 10000 in a response", ctx: resource.QueryResponse, change: func(v *Visitor) { v.Badge.Issued = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, faults: []fault{invalid(badgeURN+":issued", "must be a dateTime")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := visitor()
			c.change(v)
			if c.ctx == resource.ReplaceRequest {
				c.opts = append(c.opts, resource.Replacing(visitor()))
			}
			for _, one := range []any{v, *v, &v} {
				err := resource.Check(c.ctx, one, c.opts...)
				if c.faults == nil {
					require.NoError(t, err, "%T", one)
				} else {
					refused(t, err, c.faults...)
				}
			}
			require.NoError(t, resource.Check(resource.Storage, v))
		})
	}
	t.Run("7643-2.3.3-01/no number", func(t *testing.T) {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			refused(t, resource.Check(resource.CreationRequest, Probe{Ratio: &x}), invalid("ratio", "must be a number"))
			require.NoError(t, resource.Check(resource.Storage, Probe{Ratio: &x}))
		}
	})
	t.Run("7643-2.3.7-01/one fault for one value", func(t *testing.T) {
		type site struct {
			resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Site"`

			URL string `json:"url,omitempty" scim:"referenceTypes=external" validate:"url"`
		}
		refused(t, resource.Check(resource.CreationRequest, &site{URL: "http://[::1"}), invalid("url", ""))
	})
	t.Run("7643-4.1.1-07/a secret is not told", func(t *testing.T) {
		type vault struct {
			resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Vaults"`

			Link  string   `json:"link,omitempty" scim:"mutability=writeOnly,referenceTypes=external"`
			Shade string   `json:"shade,omitempty" scim:"returned=never,canonicalValues=a|b,closed"`
			Codes []string `json:"codes,omitempty" scim:"mutability=writeOnly" validate:"dive,numeric"`
		}
		v := vault{Link: "http://[t1meMa$heen", Shade: "t1meMa$heen", Codes: []string{"1", "t1meMa$heen"}}
		v.ID = "1"
		for _, ctx := range append([]resource.Context{resource.CreationRequest}, responses...) {
			err := resource.Check(ctx, v)
			require.Error(t, err)
			assert.GreaterOrEqual(t, len(faultsOf(t, err)), 3)
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err), fmt.Sprint(wireOf(t, err))} {
				assert.NotContains(t, text, "t1me")
			}
		}
	})
	t.Run("faults are capped", func(t *testing.T) {
		v := visitor()
		for range 300 {
			v.Photos = append(v.Photos, resource.Photo{Value: "http://[::1"})
		}
		assert.Len(t, faultsOf(t, resource.Check(resource.CreationRequest, v)), 100)
	})
}

func TestCheckPrograms(t *testing.T) {
	v := visitor()
	var none *Visitor
	for name, err := range map[string]error{
		"no context": resource.Check(0, v), "unknown context": resource.Check(99, v), "nil": resource.Check(resource.Storage, nil), "nil pointer": resource.Check(resource.CreationRequest, none),
		"no struct": resource.Check(resource.Storage, 5), "no place": resource.Check(resource.QueryRequest, v), "extension": resource.Check(resource.Storage, v.Badge),
		"no Replacing": resource.Check(resource.ReplaceRequest, v), "other type": resource.Check(resource.ReplaceRequest, v, resource.Replacing(&Employee{})),
		"message": resource.Check(resource.CreationRequest, &resource.ListResponse[any]{}), "search": resource.Check(resource.QueryResponse, &resource.SearchRequest{}),
		"discovery": resource.Check(resource.CreationRequest, configuration()),
	} {
		plainError(t, err, name)
	}
}

// Messages have rules of their own.
func TestCheckMessages(t *testing.T) {
	search := func(name string, q resource.SearchRequest, faults []fault, opts ...resource.Option) {
		t.Run(name, func(t *testing.T) {
			for _, one := range []any{&q, q} {
				before := fmt.Sprintf("%+v", one)
				err := resource.Check(resource.QueryRequest, one, opts...)
				if faults == nil {
					require.NoError(t, err, "%T", one)
				} else {
					refused(t, err, faults...)
				}
				assert.Equal(t, before, fmt.Sprintf("%+v", one))
				require.NoError(t, resource.Check(resource.Storage, one))
			}
		})
	}
	search("7644-3.4.3-02/empty", resource.SearchRequest{}, nil)
	search("7644-3.4.3-02/all", resource.SearchRequest{Attributes: []string{"a"}, Filter: "title pr", SortBy: "a", SortOrder: "Descending", StartIndex: 5, Count: new(1)}, nil)
	search("7644-3.4.2.4-01/below 1", resource.SearchRequest{StartIndex: -5, Count: new(-1)}, nil)
	search("7644-3.9-03/both lists", resource.SearchRequest{Attributes: []string{"a"}, ExcludedAttributes: []string{"b"}}, []fault{invalid("excludedAttributes", "together")})
	search("7644-3.4.2.3-06/sortOrder", resource.SearchRequest{SortOrder: "up"}, []fault{invalid("sortOrder", "ascending or descending")})
	search("7644-3.4.3-04/filter", resource.SearchRequest{Filter: "title zz"}, []fault{{"", errors.InvalidFilter, "the filter is malformed"}})
	search("AMB-43/cursor and startIndex", resource.SearchRequest{Cursor: new("a"), StartIndex: 1}, []fault{invalid("cursor", "together with startIndex")})
	search("AMB-43/cursor and a startIndex below 1", resource.SearchRequest{Cursor: new("a"), StartIndex: -1}, []fault{invalid("cursor", "together with startIndex")})
	search("9865-2-02/cursor", resource.SearchRequest{Cursor: new("a b")}, []fault{{"cursor", errors.InvalidCursor, ""}})
	search("AMB-27/default", resource.SearchRequest{Attributes: []string{"a[b]"}}, nil)
	search("AMB-27/strict", resource.SearchRequest{Attributes: []string{"a[b]"}}, []fault{invalid("attributes", "")}, resource.Strict())
	search("AMB-36/default", resource.SearchRequest{Filter: "title  pr"}, nil)
	search("AMB-36/strict", resource.SearchRequest{Filter: "title  pr"}, []fault{{"", errors.InvalidFilter, "the filter is malformed"}}, resource.Strict())

	list := func(name string, l resource.ListResponse[*Employee], faults ...fault) {
		t.Run(name, func(t *testing.T) {
			for _, ctx := range responses {
				for _, one := range []any{&l, l} {
					err := resource.Check(ctx, one)
					if faults == nil {
						require.NoError(t, err, "%T", one)
					} else {
						refused(t, err, faults...)
					}
					require.NoError(t, resource.Check(resource.Storage, one))
				}
			}
		})
	}
	one := &Employee{User: resource.User{Resource: resource.Resource{ID: "1"}}}
	list("7644-3.4.2-04/empty", resource.ListResponse[*Employee]{})
	list("7644-3.4.2-04/one", resource.ListResponse[*Employee]{TotalResults: 1, Resources: []*Employee{one}})
	list("7644-3.4.2-04/no Resources", resource.ListResponse[*Employee]{TotalResults: 3}, invalid("Resources", "is required"))
	list("7644-3.4.2-03/negative", resource.ListResponse[*Employee]{TotalResults: -2, Resources: []*Employee{}}, invalid("totalResults", "0 or more"))
	list("7644-3.4.2-05/unknown total on an index page", resource.ListResponse[*Employee]{TotalResults: -1, StartIndex: 1, Resources: []*Employee{}}, invalid("totalResults", "is required"))
	list("7643-3.1-01/a member without id", resource.ListResponse[*Employee]{TotalResults: 2, Resources: []*Employee{one, {}}}, invalid("Resources[1].id", "must always be returned"))
	list("7643-7-16/a member with a password", resource.ListResponse[*Employee]{TotalResults: 1, Resources: []*Employee{{User: resource.User{Resource: resource.Resource{ID: "1"}, Password: "p"}}}}, invalid("Resources[0].password", "must never be returned"))

	t.Run("a discovery document", func(t *testing.T) {
		c := configuration()
		require.NoError(t, resource.Check(resource.QueryResponse, c))
		c.AuthenticationSchemes = append(slices.Clone(c.AuthenticationSchemes), resource.AuthenticationScheme{Name: "N"})
		err := resource.Check(resource.QueryResponse, c)
		require.Error(t, err)
		n := len(c.AuthenticationSchemes) - 1
		refused(t, err, invalid(fmt.Sprintf("authenticationSchemes[%d].type", n), "is required"), invalid(fmt.Sprintf("authenticationSchemes[%d].description", n), "is required"))
		assert.Contains(t, err.Error(), "type")
	})
}
