package resource_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// A resource type that no code knows: what a service reads from files at start is carried through all that happens to a resource.
// Its schema has names that Go cannot have and known mistakes; an extension of it has an extension of its own.

const (
	gadgetURN  = "urn:acme:params:scim:schemas:core:2.0:Device"
	networkURN = "urn:acme:params:scim:schemas:extension:network:2.0:Device"
	wifiURN    = "urn:acme:params:scim:schemas:extension:wifi:2.0:Device"
)

func deviceFile(tb testing.TB, name string) []byte {
	tb.Helper()
	text, err := os.ReadFile("testdata/device/" + name + ".json")
	require.NoError(tb, err)
	return text
}

// devices loads the resource type.
func devices(tb testing.TB) (reflect.Type, *resource.ResourceType) {
	tb.Helper()
	rt, err := resource.Validate[resource.ResourceType](resource.Storage, deviceFile(tb, "resource_type"))
	require.NoError(tb, err)
	schemas := make([]*schema.Schema, 3)
	for i, name := range []string{"schema", "network", "wifi"} {
		schemas[i], _, err = schema.Load(deviceFile(tb, name))
		require.NoError(tb, err)
	}
	device, err := resource.StructOf(rt, schemas...)
	require.NoError(tb, err)
	return device, rt
}

// create makes the device of post_request.json as a handler would.
func create(tb testing.TB, device reflect.Type, id string) any {
	tb.Helper()
	v, err := resource.ValidateAs(device, resource.CreationRequest, deviceFile(tb, "post_request"), resource.Strict())
	require.NoError(tb, err)
	r := resource.Common(v)
	require.NotNil(tb, r)
	assert.Empty(tb, r.ID, "the client's is ignored")
	r.ID = id
	r.Meta = resource.Meta{Created: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), LastModified: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)}
	require.NoError(tb, resource.Set(v, "assetTag", "A-"+id))
	require.NoError(tb, resource.Set(v, "owner.displayName", "Babs"))
	return v
}

func TestDeviceSchemas(t *testing.T) {
	_, repaired, err := schema.Load(deviceFile(t, "schema"))
	require.NoError(t, err)
	paths := make([]string, len(repaired))
	for i, r := range repaired {
		paths[i] = r.Path
	}
	assert.Equal(t, []string{"attributes[11].subAttributes[1].referenceTypes", "attributes[4].type", "attributes[13]"}, paths)

	device, rt := devices(t)
	served := schema.AllOf(device)
	require.Len(t, served, 3)
	for i, id := range []string{gadgetURN, networkURN, wifiURN} {
		t.Run("7643-7-12 "+id, func(t *testing.T) {
			assert.Equal(t, id, served[i].ID)
			text, err := resource.Marshal(resource.QueryResponse, served[i])
			require.NoError(t, err)
			again, repaired, err := schema.Load(text)
			require.NoError(t, err)
			assert.Empty(t, repaired)
			assert.Equal(t, served[i].Attributes, again.Attributes)
		})
	}
	text, err := resource.Marshal(resource.QueryResponse, rt, resource.Locate("https://example.com/v2", rt))
	require.NoError(t, err)
	want := strings.TrimSuffix(strings.TrimSpace(string(deviceFile(t, "resource_type"))), "}") + `,"meta":{"resourceType":"ResourceType","location":"https://example.com/v2/ResourceTypes/Device"}}`
	assert.JSONEq(t, want, string(text))
}

func TestDeviceCreate(t *testing.T) {
	device, rt := devices(t)
	v := create(t, device, "1")
	version := etag.Of(v)
	require.NotEmpty(t, version)
	require.NoError(t, resource.Set(v, "meta.version", version))
	require.NoError(t, resource.Check(resource.CreationRequest, v, resource.Strict()))
	w := httptest.NewRecorder()
	require.NoError(t, resource.Write(w, resource.CreationResponse, v, resource.Locate("https://example.com/v2", rt)))
	assert.Equal(t, http.StatusCreated, w.Code)
	assert.Equal(t, "https://example.com/v2/Devices/1", w.Header().Get("Location"))
	assert.Equal(t, version, w.Header().Get("ETag"))

	var want map[string]any
	require.NoError(t, json.Unmarshal(deviceFile(t, "post_request"), &want))
	delete(want, "unlockCode")
	want["id"], want["assetTag"], want["bought"] = "1", "A-1", "2024-02-29T11:00:00Z"
	want["owner"] = map[string]any{"value": "u1", "$ref": "https://example.com/v2/Users/u1", "displayName": "Babs"}
	want["meta"] = map[string]any{
		"resourceType": "Device", "created": "2024-03-01T00:00:00Z", "lastModified": "2024-03-01T00:00:00Z", "location": "https://example.com/v2/Devices/1", "version": version,
	}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	assert.JSONEq(t, string(text), w.Body.String())
	assert.Contains(t, w.Body.String(), "9007199254740993")

	stored, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	assert.Contains(t, string(stored), `"unlockCode":"4711"`)
	again, err := resource.ValidateAs(device, resource.Storage, stored)
	require.NoError(t, err)
	require.NoError(t, resource.Set(v, "schemas", []string{gadgetURN, networkURN}))
	assert.Equal(t, v, again)
	assert.Equal(t, version, etag.Of(again))
}

func TestDeviceRefused(t *testing.T) {
	device, _ := devices(t)
	for _, c := range []struct {
		name, old, changed, path string
		kind                     scimerrors.Type
	}{
		{"7644-3.3-01 required missing", `"serial-number": "SN-0001",`, ``, "serial-number", scimerrors.InvalidValue},
		{"7643-6-01 required extension missing", networkURN + `": {`, `urn:x": {`, networkURN, scimerrors.InvalidValue},
		{"7643-6-01 required in the extension missing", `"hostname": "front.example.com",`, ``, networkURN + ":hostname", scimerrors.InvalidValue},
		{"7643-6-01 required in the extension of the extension missing", `"ssid": "Lobby", `, ``, networkURN + ":" + wifiURN + ":ssid", scimerrors.InvalidValue},
		{"required part missing", `"value": "u1", `, ``, "owner.value", scimerrors.InvalidValue},
		{"7643-2.3.1-01 string", `"Front desk"`, `5`, "display_name", scimerrors.InvalidValue},
		{"7643-2.3.2-01 boolean", `"enabled": true`, `"enabled": "yes"`, "enabled", scimerrors.InvalidValue},
		{"7643-2.3.4-01 integer", `"channel": 11`, `"channel": 11.5`, networkURN + ":" + wifiURN + ":channel", scimerrors.InvalidValue},
		{"7643-2.3.5-01 dateTime", `2024-02-29T`, `2023-02-29T`, "bought", scimerrors.InvalidValue},
		{"7643-2.3.6-01 binary", `"AQID"`, `"@"`, "publicKey", scimerrors.InvalidValue},
		{"7643-2.4-04 two primaries", `"type": "v6"`, `"type": "v6", "primary": true`, networkURN + ":addresses", scimerrors.InvalidValue},
		{"unknown attribute", `"enabled"`, `"enabeld"`, "enabeld", scimerrors.InvalidSyntax},
		{"unknown attribute of the extension of the extension", `"channel"`, `"chanel"`, networkURN + ":" + wifiURN + ":chanel", scimerrors.InvalidSyntax},
		{"canonical value", `phone, mobile`, `phone`, "$class", scimerrors.InvalidValue},
		{"canonical value of the extension", `"v6"`, `"v7"`, networkURN + ":addresses[1].type", scimerrors.InvalidValue},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := bytes.Replace(deviceFile(t, "post_request"), []byte(c.old), []byte(c.changed), 1)
			require.NotEqual(t, deviceFile(t, "post_request"), body)
			v, err := resource.ValidateAs(device, resource.CreationRequest, body, resource.RejectUnknown(), resource.Require(resource.CanonicalValues))
			require.ErrorIs(t, err, c.kind)
			require.Nil(t, v)
			assert.Contains(t, scimerrors.From(err).Detail+" "+scimerrors.From(err).Path, c.path)
		})
	}
}

// searchFor is the body of a query.
func searchFor(t *testing.T, text string) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"schemas": []string{resource.SearchRequestSchema}, "filter": text})
	require.NoError(t, err)
	return body
}

func TestDeviceQueries(t *testing.T) {
	device, rt := devices(t)
	one, two, three := create(t, device, "1"), create(t, device, "2"), create(t, device, "3")
	for path, value := range map[string]any{"display_name": "Back office", "memory": 5, "enabled": nil, wifiURN + ":channel": 36, wifiURN + ":ssid": "LOBBY", "bought": "2020-01-01T00:00:00Z", "$class": `desk|top`} {
		require.NoError(t, resource.Set(two, path, value))
	}
	for _, path := range []string{networkURN + ":addresses", wifiURN, "owner", "display_name"} {
		require.NoError(t, resource.Set(three, path, nil))
	}
	all := []any{one, two, three}
	ids := func(items []any) string {
		list := make([]string, len(items))
		for i, v := range items {
			list[i] = resource.Common(v).ID
		}
		return strings.Join(list, " ")
	}
	for text, want := range map[string]string{
		`display_name eq "FRONT DESK"`: "1", `serial-number eq "sn-0001"`: "", `serial-number sw "SN"`: "1 2 3", `enabled eq true`: "1 3", `not (enabled pr)`: "2", `memory gt 9007199254740992`: "1 3",
		`$class co ","`: "1 3", `bought lt "2024-02-29T11:00:00.5Z" and bought gt "2021-01-01T00:00:00Z"`: "1 3", wifiURN + `:channel ge 36`: "2", wifiURN + `:ssid eq "lobby"`: "", strings.ToUpper(wifiURN) + `:SSID eq "LOBBY"`: "2",
		wifiURN + `:hostname sw "front"`: "1 2", networkURN + `:hostname sw "front"`: "1 2 3", networkURN + `:addresses[type eq "v6" and value sw "2001"]`: "1 2", networkURN + ":addresses.primary eq true": "1 2", `owner.displayName eq "babs"`: "1 2",
		`apps[value eq "chess" and not (display pr)]`: "1 2 3", `meta.created gt "2024-01-01T00:00:00Z"`: "1 2 3", `id eq "2"`: "2", `notes eq "shared"`: "1 2 3", `publicKey eq "AQID"`: "1 2 3", gadgetURN + `:display_name co "off"`: "2",
	} {
		f, err := filter.CompileType(device, text)
		require.NoError(t, err, text)
		var matches []any
		for _, v := range all {
			if f.Match(v) {
				matches = append(matches, v)
			}
		}
		assert.Equal(t, want, ids(matches), text)
		q, err := resource.ValidateAs(device, resource.QueryRequest, searchFor(t, text))
		require.NoError(t, err)
		list, err := resource.ListOf(all, as[*resource.SearchRequest](q))
		require.NoError(t, err)
		assert.Equal(t, want, ids(list.Resources), text)
	}
	for _, text := range []string{`hostname eq "x"`, `serial_number eq "x"`, `enabled gt true`, `publicKey gt "AQID"`, wifiURN + `:speed eq 1`} {
		_, err := resource.ValidateAs(device, resource.QueryRequest, searchFor(t, text), resource.RejectUnknown(), resource.Strict())
		require.ErrorIs(t, err, scimerrors.InvalidFilter, text)
	}
	for by, want := range map[string]string{"display_name": "2 1 3", "memory": "2 1 3", wifiURN + ":channel": "1 2 3", networkURN + ":addresses.value": "1 2 3", "BOUGHT": "2 1 3", "id": "1 2 3"} {
		o, err := filter.CompileOrderType(device, by, "")
		require.NoError(t, err)
		list, err := resource.ListOf(all, &resource.SearchRequest{SortBy: by})
		require.NoError(t, err)
		assert.Equal(t, want, ids(list.Resources), by)
		assert.LessOrEqual(t, o.Compare(list.Resources[0], list.Resources[1]), 0)
	}
	page, err := resource.ListOf(all, &resource.SearchRequest{SortBy: "id", SortOrder: "descending", StartIndex: 2, Count: new(1)})
	require.NoError(t, err)
	text, err := resource.Marshal(resource.QueryResponse, page, &resource.SearchRequest{Attributes: []string{"$class", wifiURN + ":channel", "meta.location"}}, resource.Locate("https://e", rt))
	require.NoError(t, err)
	assert.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":3,"startIndex":2,"itemsPerPage":1,"Resources":[
		{"schemas":["`+gadgetURN+`","`+networkURN+`"],"id":"2","serial-number":"SN-0001","$class":"desk|top","`+networkURN+`":{"`+wifiURN+`":{"channel":36}},"meta":{"location":"https://e/Devices/2"}}]}`, string(text))
}

func TestDevicePatch(t *testing.T) {
	device, _ := devices(t)
	v := create(t, device, "1")
	before, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	for _, c := range []struct {
		name, operations string
		kind             error
		path             string
		want             any
	}{
		{"7644-3.5.2.3-01 replace", `{"op":"Replace","path":"DISPLAY_NAME","value":"x"}`, nil, "display_name", "x"},
		{"7644-3.5.2.1-01 add to a list", `{"op":"add","path":"notes","value":["third"]}`, nil, "notes", []string{"scratched", "shared", "third"}},
		{"value path in an extension", `{"op":"replace","path":"` + networkURN + `:addresses[type eq \"v6\"].primary","value":true}`, nil, networkURN + ":addresses.primary", []bool{false, true}},
		{"extension of the extension", `{"op":"replace","path":"` + wifiURN + `:channel","value":36}`, nil, wifiURN + ":channel", int64(36)},
		{"extension of the extension by its value", `{"op":"add","path":"` + wifiURN + `","value":{"channel":"40"}}`, scimerrors.InvalidValue, "", nil},
		{"remove the extension of the extension", `{"op":"remove","path":"` + wifiURN + `"}`, nil, wifiURN, nil},
		{"without path", `{"op":"add","value":{"memory":1,"` + networkURN + `":{"hostname":"h"}}}`, nil, networkURN + ":hostname", "h"},
		{"7643-2.4-06 display is immutable", `{"op":"replace","path":"apps[value eq \"mail\"].display","value":"Post"}`, scimerrors.Mutability, "", nil},
		{"immutable", `{"op":"replace","path":"serial-number","value":"x"}`, scimerrors.Mutability, "", nil},
		{"readOnly", `{"op":"replace","path":"assetTag","value":"x"}`, scimerrors.Mutability, "", nil},
		{"required", `{"op":"remove","path":"` + networkURN + `:hostname"}`, scimerrors.Mutability, "", nil},
		{"required extension", `{"op":"remove","path":"` + networkURN + `"}`, scimerrors.Mutability, "", nil},
		{"unknown", `{"op":"add","path":"serial_number","value":"x"}`, scimerrors.InvalidPath, "", nil},
		{"wrong type", `{"op":"add","path":"weight","value":"heavy"}`, scimerrors.InvalidValue, "", nil},
		{"nothing there", `{"op":"replace","path":"` + networkURN + `:addresses[value eq \"x\"]","value":{"value":"y"}}`, scimerrors.NoTarget, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var changed any
			op, err := resource.ValidateAs(device, resource.PatchRequest, []byte(`{"schemas":["`+resource.PatchOpSchema+`"],"Operations":[`+c.operations+`]}`))
			if err == nil {
				changed, err = patch.ApplyTo(v, as[*resource.PatchOp[any]](op))
			}
			after, e := resource.Marshal(resource.Storage, v)
			require.NoError(t, e)
			require.Equal(t, string(before), string(after))
			if c.kind != nil {
				require.ErrorIs(t, err, c.kind)
				return
			}
			require.NoError(t, err)
			got, err := resource.Get(changed, c.path)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			changes, err := patch.ChangesOf(device, as[*resource.PatchOp[any]](op))
			require.NoError(t, err)
			require.NotEmpty(t, changes)
			assert.Contains(t, []string{gadgetURN, networkURN, wifiURN}, changes[0].Schema)
			diff, err := patch.DiffOf(v, changed)
			require.NoError(t, err)
			again, err := patch.ApplyTo(v, diff)
			require.NoError(t, err)
			assert.Equal(t, etag.Of(changed), etag.Of(again))
			assert.NotEqual(t, etag.Of(v), etag.Of(changed))
		})
	}
	op, err := resource.ValidateAs(device, resource.PatchRequest, []byte(`{"Operations":[{"op":"replace","path":"enabled","value":true}]}`))
	require.NoError(t, err)
	same, err := patch.ApplyTo(v, as[*resource.PatchOp[any]](op))
	require.NoError(t, err)
	assert.Same(t, v, same)
	diff, err := patch.DiffOf(v, v)
	require.NoError(t, err)
	assert.Nil(t, diff)
}

func TestDeviceReplace(t *testing.T) {
	device, _ := devices(t)
	v := create(t, device, "1")
	put := func(body string) (any, error) {
		return resource.ValidateAs(device, resource.ReplaceRequest, []byte(strings.NewReplacer("<D>", gadgetURN, "<N>", networkURN, "<W>", wifiURN).Replace(body)), resource.Replacing(v))
	}
	next, err := put(`{"schemas":["<D>","<N>"],"serial-number":"SN-0001","assetTag":"x","owner":{"value":"u2"},"<N>":{"hostname":"h"}}`)
	require.NoError(t, err)
	text, err := resource.Marshal(resource.Storage, next)
	require.NoError(t, err)
	assert.JSONEq(t, strings.NewReplacer("<D>", gadgetURN, "<N>", networkURN).Replace(`{"schemas":["<D>","<N>"],"id":"1","serial-number":"SN-0001","assetTag":"A-1","unlockCode":"4711",
		"owner":{"value":"u2","displayName":"Babs"},"<N>":{"hostname":"h"},"meta":{"created":"2024-03-01T00:00:00Z","lastModified":"2024-03-01T00:00:00Z"}}`), string(text))
	_, err = put(`{"serial-number":"SN-0002","<N>":{"hostname":"h"}}`)
	require.ErrorIs(t, err, scimerrors.Mutability)
	_, err = put(`{"serial-number":"SN-0001"}`)
	require.ErrorIs(t, err, scimerrors.InvalidValue)
	_, err = put(`{"serial-number":null,"<N>":{"hostname":"h"}}`)
	require.Error(t, err)
	_, err = resource.ValidateAs(device, resource.ReplaceRequest, deviceFile(t, "post_request"))
	require.Error(t, err, "without Replacing")
	_, err = resource.ValidateAs(device, resource.ReplaceRequest, deviceFile(t, "post_request"), resource.Replacing(&resource.User{}))
	require.Error(t, err, "of another type")
}

func TestDeviceProjection(t *testing.T) {
	device, _ := devices(t)
	v := create(t, device, "1")
	const head = `"schemas":["<D>","<N>"],"id":"1","serial-number":"SN-0001"`
	for _, c := range []struct {
		names, want string
		excluded    bool
	}{
		{"DISPLAY_NAME,$CLASS", `{"schemas":["<D>"],"id":"1","serial-number":"SN-0001","display_name":"Front desk","$class":"phone, mobile"}`, false},
		{"unlockCode,unknown", `{"schemas":["<D>"],"id":"1","serial-number":"SN-0001"}`, false},
		{"notes", `{"schemas":["<D>"],"id":"1","serial-number":"SN-0001","notes":["scratched","shared"]}`, false},
		{"owner.displayName,apps.value", `{"schemas":["<D>"],"id":"1","serial-number":"SN-0001","owner":{"displayName":"Babs"},"apps":[{"value":"mail"},{"value":"chess"}]}`, false},
		{"<W>:ssid", `{` + head + `,"<N>":{"<W>":{"ssid":"Lobby"}}}`, false},
		{"<W>", `{` + head + `,"<N>":{"<W>":{"ssid":"Lobby","channel":11,"hostname":"front-w"}}}`, false},
		{"<N>:addresses.value", `{` + head + `,"<N>":{"addresses":[{"value":"192.0.2.1"},{"value":"2001:db8::1"}]}}`, false},
		{"<N>,meta,owner,apps,serial-number,id,display_name,assetTag,$class,enabled,memory,weight,bought,publicKey,externalId", `{"schemas":["<D>"],"id":"1","serial-number":"SN-0001"}`, true},
		{"<W>,<N>:addresses,meta,owner,apps,display_name,assetTag,$class,enabled,memory,weight,bought,publicKey,externalId", `{` + head + `,"<N>":{"hostname":"front.example.com"}}`, true},
	} {
		t.Run(c.names, func(t *testing.T) {
			r := strings.NewReplacer("<D>", gadgetURN, "<N>", networkURN, "<W>", wifiURN)
			q := &resource.SearchRequest{Attributes: strings.Split(r.Replace(c.names), ",")}
			if c.excluded {
				q.Attributes, q.ExcludedAttributes = nil, q.Attributes
			}
			text, err := resource.Marshal(resource.QueryResponse, v, q)
			require.NoError(t, err)
			assert.JSONEq(t, r.Replace(c.want), string(text))
		})
	}
}
