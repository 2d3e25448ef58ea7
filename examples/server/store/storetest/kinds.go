package storetest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

type user struct {
	resource.User

	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

const (
	deviceURN = "urn:acme:params:scim:schemas:core:2.0:Device"
	roomURN   = "urn:acme:params:scim:schemas:core:2.0:Room"
	assetURN  = "urn:acme:params:scim:schemas:extension:asset:2.0:Asset"
)

// The schemas of types that exist as documents only. Devices and rooms have an extension in common, whose tag is unique among both.
// A room has people, devices and other rooms in it; the latter two say so, in memberships that show no display. A device has owners,
// which do not, and a title that is no text, unlike that of a user.
const (
	device = `{"id": "` + deviceURN + `", "name": "Device", "attributes": [
		{"name": "displayName", "type": "string", "required": true},
		{"name": "watts", "type": "integer"},
		{"name": "title", "type": "integer"},
		{"name": "bought", "type": "dateTime"},
		{"name": "serial", "type": "string", "caseExact": true, "uniqueness": "server"},
		{"name": "ports", "type": "complex", "multiValued": true, "subAttributes": [
			{"name": "value", "type": "string", "uniqueness": "server"},
			{"name": "label", "type": "string"}]},
		{"name": "owners", "type": "complex", "multiValued": true, "subAttributes": [
			{"name": "value", "type": "string", "caseExact": true},
			{"name": "$ref", "type": "reference", "referenceTypes": ["User", "Group"]}]},
		{"name": "rooms", "type": "complex", "multiValued": true, "mutability": "readOnly", "subAttributes": [
			{"name": "value", "type": "string", "caseExact": true, "mutability": "readOnly"},
			{"name": "$ref", "type": "reference", "referenceTypes": ["Room"], "mutability": "readOnly"},
			{"name": "type", "type": "string", "mutability": "readOnly"}]}]}`
	room = `{"id": "` + roomURN + `", "name": "Room", "attributes": [
		{"name": "displayName", "type": "string"},
		{"name": "floor", "type": "integer"},
		{"name": "watts", "type": "integer"},
		{"name": "serial", "type": "string", "caseExact": true, "uniqueness": "server"},
		{"name": "within", "type": "complex", "multiValued": true, "mutability": "readOnly", "subAttributes": [
			{"name": "value", "type": "string", "caseExact": true, "mutability": "readOnly"},
			{"name": "$ref", "type": "reference", "referenceTypes": ["Room"], "mutability": "readOnly"}]},
		{"name": "occupants", "type": "complex", "multiValued": true, "subAttributes": [
			{"name": "value", "type": "string", "caseExact": true},
			{"name": "$ref", "type": "reference", "referenceTypes": ["User", "Device", "Room"]},
			{"name": "type", "type": "string"},
			{"name": "display", "type": "string"}]}]}`
	asset = `{"id": "` + assetURN + `", "name": "Asset", "attributes": [
		{"name": "tag", "type": "string", "uniqueness": "global"},
		{"name": "keepers", "type": "complex", "multiValued": true, "subAttributes": [
			{"name": "value", "type": "string", "caseExact": true},
			{"name": "$ref", "type": "reference", "referenceTypes": ["User"]},
			{"name": "display", "type": "string"}]}]}`
)

// The kinds of the tests.
var (
	users   = store.NewKind(resource.ResourceTypeFor[user]("/Users"), reflect.TypeFor[user]())
	groups  = store.NewKind(resource.ResourceTypeFor[resource.Group]("/Groups"), reflect.TypeFor[resource.Group]())
	devices = kindOf("Device", deviceURN, device)
	rooms   = kindOf("Room", roomURN, room)
	kinds   = []*store.Kind{users, groups, devices, rooms}
)

// Kinds are the kinds of the tests, for stores that have to know them beforehand.
func Kinds() []*store.Kind { return slices.Clone(kinds) }

// The lists of the kinds.
const (
	members   = "members"
	owners    = "owners"
	occupants = "occupants"
	keepers   = assetURN + ":keepers"
)

// kindOf makes a kind of a schema and the extension Asset.
func kindOf(name, urn, document string) *store.Kind {
	rt := &resource.ResourceType{Name: name, Endpoint: "/" + name + "s", Schema: urn, SchemaExtensions: []resource.SchemaExtension{{Schema: assetURN}}}
	t, err := resource.StructOf(rt, load(document), load(asset))
	if err != nil {
		panic(fmt.Sprint("storetest: ", name, ": ", err))
	}
	return store.NewKind(rt, t)
}

func load(document string) *schema.Schema {
	s, _, err := schema.Load([]byte(document))
	if err != nil {
		panic(fmt.Sprint("storetest: ", err))
	}
	return s
}
