package resource_test

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

// fullDevice has an attribute of each kind of returned, at both levels.
func fullDevice() *Device {
	return &Device{
		Resource: resource.Resource{
			ID: "d1", ExternalID: "e1",
			Meta: resource.Meta{ResourceType: "Device", Created: time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC), Location: "https://example.com/v2/Devices/d1", Version: `W/"1"`},
		},
		Serial: "A1", Model: "M", Ports: new(0), Weight: new(0.1), Bought: time.Date(2010, 1, 2, 3, 4, 5, 600_000_000, time.FixedZone("", 2*60*60)), Key: []byte{1, 2, 3},
		Manual: "manuals/1", Owner: Owner{Value: "u1"}, Tags: []string{"a", "b"}, PIN: "0000", Recovery: "r", Firmware: "1.0",
		Networks: []Network{{Value: "n", Secret: "s", Address: "10.0.0.1", Hidden: new(false)}}, Warranty: &Guarantee{Code: "c"},
	}
}

const (
	deviceHead  = `{"schemas":["` + deviceURN + `","` + warrantyURN + `"],`
	deviceBody  = `"serial":"A1","model":"M","locked":false,"ports":0,"weight":0.1,"bought":"2010-01-02T03:04:05.6+02:00","key":"AQID","manual":"manuals/1","owner":{"value":"u1"},"tags":["a","b"]`
	warrantyURN = "urn:acme:params:scim:schemas:extension:warranty:2.0:Device"
	deviceMeta  = `"` + warrantyURN + `":{"code":"c"},"meta":{"resourceType":"Device","created":"2011-05-13T04:42:34Z","location":"https://example.com/v2/Devices/d1","version":"W/\"1\""}}`
)

// Who sees what: RFC 7643 section 7, returned and mutability, without a choice of attributes.
func TestReturned(t *testing.T) {
	for name, c := range map[string]struct {
		ctx  []resource.Context
		want string
	}{
		"7644-3.4-01 and 7643-7-18/query": {
			[]resource.Context{resource.QueryResponse},
			deviceHead + `"id":"d1","externalId":"e1",` + deviceBody + `,"firmware":"1.0","networks":[{"value":"n","address":"10.0.0.1","hidden":false}],` + deviceMeta,
		},
		"7643-7-20/creation and replacement": {
			[]resource.Context{resource.CreationResponse, resource.ReplaceResponse},
			deviceHead + `"id":"d1","externalId":"e1",` + deviceBody + `,"recovery":"r","firmware":"1.0","networks":[{"value":"n","address":"10.0.0.1","hidden":false}],` + deviceMeta,
		},
		"7643-7-19/patch": {
			[]resource.Context{resource.PatchResponse},
			deviceHead + `"id":"d1","externalId":"e1",` + deviceBody + `,"firmware":"1.0","networks":[{"value":"n","address":"10.0.0.1","hidden":false}],` + deviceMeta,
		},
		"7644-3.3-04/creation by a client": {
			[]resource.Context{resource.CreationRequest},
			deviceHead + `"externalId":"e1",` + deviceBody + `,"pin":"0000","recovery":"r","networks":[{"value":"n","secret":"s","hidden":false}],"` + warrantyURN + `":{"code":"c"}}`,
		},
		"7643-7-14/storage": {
			[]resource.Context{resource.Storage},
			deviceHead + `"id":"d1","externalId":"e1",` + deviceBody + `,"pin":"0000","recovery":"r","firmware":"1.0","networks":[{"value":"n","secret":"s","address":"10.0.0.1","hidden":false}],` + deviceMeta,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, ctx := range c.ctx {
				for _, v := range []any{fullDevice(), *fullDevice()} {
					text, err := resource.Marshal(ctx, v)
					require.NoError(t, err)
					assert.Equal(t, c.want, string(text), "%v", ctx)
				}
			}
		})
	}
	t.Run("7643-7-20/not set by the client", func(t *testing.T) {
		d := fullDevice()
		d.Recovery = ""
		text, err := resource.Marshal(resource.CreationResponse, d)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "recovery")
	})
}

// What is never returned leaves in no response, whatever else the tag says.
func TestNeverReturned(t *testing.T) {
	type safe struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Safe" description:"Safe."`

		WriteOnly string     `json:"writeOnly,omitempty" scim:"mutability=writeOnly" description:"Declared nothing of returned."`
		Always    string     `json:"always,omitempty" scim:"mutability=writeOnly,returned=always" description:"Declared against sense."`
		Asked     string     `json:"asked,omitempty" scim:"mutability=writeOnly,returned=request" description:"Declared against sense."`
		Never     string     `json:"never,omitempty" scim:"returned=never" description:"Readable by nobody."`
		Complex   vaultOf    `json:"complex,omitzero" scim:"returned=never" description:"Complex."`
		Parts     []safePart `json:"parts,omitempty" description:"Complex values."`
	}
	s := safe{Resource: resource.Resource{ID: "1"}, WriteOnly: "hidden", Always: "hidden", Asked: "hidden", Never: "hidden", Complex: vaultOf{"hidden"}, Parts: []safePart{{Value: "v", Code: "hidden"}, {Code: "hidden"}}}
	for _, ctx := range responses {
		t.Run("7643-7-16/"+ctx.String(), func(t *testing.T) {
			text, err := resource.Marshal(ctx, s)
			require.NoError(t, err)
			written(t, `{"schemas":["urn:acme:params:scim:schemas:core:2.0:Safe"],"id":"1","parts":[{"value":"v"}]}`, text)
		})
	}
	t.Run("7643-7-09/and is refused in one", func(t *testing.T) {
		_, err := resource.Validate[safe](resource.QueryResponse, []byte(`{"id":"1","always":"x","parts":[{"code":"x"}],"complex":{"value":"x"}}`))
		refused(t, err, invalid("always", "must never be returned"), invalid("parts[0].code", "must never be returned"), invalid("complex", "must never be returned"))
	})
	t.Run("7643-4.1.1-07/password", func(t *testing.T) {
		u := Employee{User: resource.User{Resource: resource.Resource{ID: "1"}, UserName: "x", Password: "t1meMa$heen"}}
		for _, ctx := range responses {
			text, err := resource.Marshal(ctx, u)
			require.NoError(t, err)
			assert.NotContains(t, string(text), "assword", "%v", ctx)
			assert.NotContains(t, string(text), "t1me", "%v", ctx)
		}
		text, err := resource.Marshal(resource.CreationRequest, u)
		require.NoError(t, err)
		partOf(t, `{"password":"t1meMa$heen","id":null,"meta":null}`, string(text))
	})
}

type vaultOf struct {
	Value string `json:"value,omitempty" description:"Value."`
}

type safePart struct {
	Value string `json:"value,omitempty" description:"Value."`
	Code  string `json:"code,omitempty" scim:"returned=never" description:"Code."`
}

// tagged has sub-attributes that are always returned where their parent is.
type tagged struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Tagged" description:"Tagged."`

	Serial string       `json:"serial,omitempty" scim:"returned=always" description:"Number."`
	Single taggedPart   `json:"single,omitzero" description:"One value."`
	List   []taggedPart `json:"list,omitempty" description:"Values."`
	Points *taggedPart  `json:"points,omitempty" description:"One value by pointer."`
}

type taggedPart struct {
	Key  string `json:"key,omitempty" scim:"returned=always" description:"Key."`
	Note string `json:"note,omitempty" description:"Note."`
}

// What is always returned must be assigned when an application answers; only it can have forgotten it.
func TestAlwaysReturned(t *testing.T) {
	for name, c := range map[string]struct {
		value tagged
		paths []string
	}{
		"7643-3.1-15/no id":                          {tagged{Serial: "s"}, []string{"id"}},
		"7643-3.1-15/nothing":                        {tagged{}, []string{"id", "serial"}},
		"7643-7-15/serial missing":                   {tagged{Resource: resource.Resource{ID: "1"}}, []string{"serial"}},
		"7643-7-15/unassigned parents need no key":   {tagged{Resource: resource.Resource{ID: "1"}, Serial: "s"}, nil},
		"7643-7-15/assigned parent needs it":         {tagged{Resource: resource.Resource{ID: "1"}, Serial: "s", Single: taggedPart{Note: "n"}}, []string{"single.key"}},
		"7643-7-15/each element needs it":            {tagged{Resource: resource.Resource{ID: "1"}, Serial: "s", List: []taggedPart{{Key: "k"}, {Note: "n"}}}, []string{"list[1].key"}},
		"7643-7-15/an unassigned element needs none": {tagged{Resource: resource.Resource{ID: "1"}, Serial: "s", List: []taggedPart{{Key: "k"}, {}}}, nil},
		"7643-7-15/an empty pointer needs none":      {tagged{Resource: resource.Resource{ID: "1"}, Serial: "s", Points: &taggedPart{}}, nil},
		"7643-3.1-04/bulkId in an id":                {tagged{Resource: resource.Resource{ID: "bulkId:1"}, Serial: "s"}, []string{"id"}},
		"7643-3.1-11/small w":                        {tagged{Resource: resource.Resource{ID: "1", Meta: resource.Meta{Version: `w/"1"`}}, Serial: "s"}, []string{"meta.version"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, ctx := range responses {
				text, err := resource.Append([]byte("before"), ctx, c.value)
				if c.paths == nil {
					require.NoError(t, err, "%v", ctx)
					assert.Greater(t, len(text), len("before"))
					continue
				}
				require.Error(t, err, "%v", ctx)
				assert.Equal(t, "before", string(text))
				var paths []string
				for _, e := range faultsOf(t, err) {
					paths = append(paths, e.Path)
					assert.Equal(t, 500, e.Status, "%v", e)
					assert.Empty(t, e.Type)
					assert.NotEmpty(t, e.Detail)
				}
				assert.Equal(t, c.paths, paths, "%v", ctx)
			}
			for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest} {
				_, err := resource.Marshal(ctx, c.value)
				assert.NoError(t, err, "%v", ctx)
			}
		})
	}
	t.Run("7643-3.1-15/in a list", func(t *testing.T) {
		_, err := resource.Marshal(resource.QueryResponse, resource.ListResponse[tagged]{TotalResults: 2, Resources: []tagged{{Resource: resource.Resource{ID: "1"}, Serial: "s"}, {Serial: "t"}}})
		require.Error(t, err)
		assert.Equal(t, "Resources[1].id", faultsOf(t, err)[0].Path)
	})
	t.Run("7643-3.1-14/discovery needs no id", func(t *testing.T) {
		c := configuration()
		require.Empty(t, c.ID)
		_, err := resource.Marshal(resource.QueryResponse, c)
		require.NoError(t, err)
		rt := resource.ResourceTypeFor[Employee]("/Users")
		rt.ID = ""
		text, err := resource.Marshal(resource.QueryResponse, rt)
		require.NoError(t, err)
		_, err = resource.Validate[resource.ResourceType](resource.QueryResponse, text)
		require.NoError(t, err)
	})
}

// Text leaves as UTF-8, times in a form that xsd:dateTime has, and what JSON cannot hold is an error.
func TestWrittenValues(t *testing.T) {
	t.Run("7644-3.8-01/UTF-8", func(t *testing.T) {
		u := Employee{User: resource.User{UserName: "Ünal 😀 <&> \u2028", NickName: "a\"\\\n\x01\x7f", Title: "bad \xff byte"}}
		text, err := resource.Marshal(resource.CreationRequest, u)
		require.NoError(t, err)
		assert.True(t, json.Valid(text))
		assert.True(t, utf8.Valid(text))
		assert.Contains(t, string(text), "Ünal 😀")
		again, err := resource.Validate[Employee](resource.CreationRequest, text)
		require.NoError(t, err)
		assert.Equal(t, u.UserName, again.UserName)
		assert.Equal(t, u.NickName, again.NickName)
		assert.Equal(t, "bad \ufffd byte", again.Title)
	})
	t.Run("7643-2.3.4-01/integers keep their value", func(t *testing.T) {
		text, err := resource.Marshal(resource.Storage, Probe{Count: new(int64(math.MinInt64)), Size: new(uint16(math.MaxUint16)), Counts: []int{0, 9007199254740993}})
		require.NoError(t, err)
		partOf(t, `{"count":-9223372036854775808,"size":65535,"counts":[0,9007199254740993]}`, string(text))
	})
	t.Run("7643-2.5-04/zero behind a pointer is written, an empty list is not", func(t *testing.T) {
		text, err := resource.Marshal(resource.Storage, Probe{Count: new(int64), Flag: new(bool), Ratio: new(float64), Tags: []string{}, Counts: []int{}, Blob: []byte{}, Parts: []ProbePart{{}, {Count: new(int)}}})
		require.NoError(t, err)
		written(t, `{"schemas":["`+probeURN+`"],"count":0,"ratio":0,"flag":false,"parts":[{"count":0}]}`, text)
	})
	for name, v := range map[string]Probe{
		"ratio": {Ratio: new(math.NaN())}, "half": {Half: new(float32(math.Inf(1)))}, "at": {At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"ratios[1]": {Ratios: []float64{1, math.Inf(-1)}}, "parts[0].ratio": {Parts: []ProbePart{{Ratio: new(math.NaN())}}},
	} {
		t.Run("7643-2.3.3-01/no JSON for "+name, func(t *testing.T) {
			text, err := resource.Append([]byte("before"), resource.Storage, v)
			require.Error(t, err)
			assert.Equal(t, "before", string(text))
			list := faultsOf(t, err)
			require.Len(t, list, 1)
			assert.Equal(t, name, list[0].Path)
			assert.Equal(t, 500, list[0].Status)
		})
	}
	t.Run("Append/after what is there", func(t *testing.T) {
		var b bytes.Buffer
		b.WriteString("[")
		text, err := resource.Append(b.Bytes(), resource.Storage, resource.Group{DisplayName: "A"})
		require.NoError(t, err)
		written(t, `[{"schemas":["`+resource.GroupSchema+`"],"displayName":"A"}`, text)
	})
}

// The struct that is written is left alone, whatever is filled in on the way.
func TestMarshalChangesNothing(t *testing.T) {
	d, before := fullDevice(), fullDevice()
	d.Meta, before.Meta = resource.Meta{}, resource.Meta{}
	for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest, resource.CreationResponse, resource.QueryResponse} {
		_, err := resource.Marshal(ctx, d, resource.Locate("https://example.com/v2", resource.ResourceTypeFor[Device]("/Devices")))
		require.NoError(t, err)
		same(t, before, d, ctx)
	}
}

// The body belongs to the caller again as soon as Validate has returned.
func TestBodyIsCopied(t *testing.T) {
	for name, opts := range map[string][]resource.Option{"sliced": nil, "owned": {resource.Owned()}} {
		t.Run(name, func(t *testing.T) {
			body := []byte(userBody(`"title":"Tour Guide","nickName":"B\u0061bs","emails":[{"value":"a@b"}]`))
			got, err := resource.Validate[Employee](resource.CreationRequest, body, opts...)
			require.NoError(t, err)
			for i := range body {
				body[i] = '#'
			}
			assert.Equal(t, "Tour Guide", got.Title)
			assert.Equal(t, "Babs", got.NickName)
			assert.Equal(t, "a@b", got.Emails[0].Value)
		})
	}
}
