package resource_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

const (
	lockerURN = "urn:acme:params:scim:schemas:core:2.0:Locker"
	gateURN   = "urn:acme:params:scim:schemas:extension:gate:2.0:Locker"
)

// Locker has each mutability at each depth.
type Locker struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Locker"`

	Name   string       `json:"name" scim:"required"`
	Serial string       `json:"serial" scim:"required,caseExact,mutability=immutable"`
	PIN    string       `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Wear   string       `json:"wear,omitempty" scim:"mutability=readOnly"`
	Owner  LockerOwner  `json:"owner,omitzero"`
	Site   *LockerSite  `json:"site,omitempty" scim:"mutability=immutable"`
	Audit  *LockerSite  `json:"audit,omitempty" scim:"mutability=readOnly"`
	Marks  []string     `json:"marks,omitempty" scim:"mutability=immutable"`
	Keys   []LockerKey  `json:"keys,omitempty" scim:"mutability=immutable"`
	Slots  []LockerSlot `json:"slots,omitempty"`
	Vaults []LockerKey  `json:"vaults,omitempty" scim:"mutability=writeOnly,returned=never"`
	Gate   *LockerGate  `json:"urn:acme:params:scim:schemas:extension:gate:2.0:Locker,omitempty"`
}

type LockerOwner struct {
	Value   string `json:"value,omitempty" scim:"caseExact"`
	Code    string `json:"code,omitempty" scim:"mutability=immutable"`
	Ref     string `json:"$ref,omitempty" scim:"mutability=immutable,referenceTypes=User"`
	PIN     string `json:"pin,omitempty" scim:"mutability=writeOnly"`
	Display string `json:"display,omitempty" scim:"mutability=readOnly"`
}

type LockerSite struct {
	Building string `json:"building,omitempty"`
	Room     string `json:"room,omitempty"`
	Label    string `json:"label,omitempty" scim:"mutability=readOnly"`
}

type LockerKey struct {
	Value string `json:"value,omitempty"`
	Seen  string `json:"seen,omitempty" scim:"mutability=readOnly"`
}

type LockerSlot struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty" scim:"mutability=immutable"`
	Note    string `json:"note,omitempty"`
	PIN     string `json:"pin,omitempty" scim:"mutability=writeOnly"`
	Display string `json:"display,omitempty" scim:"mutability=readOnly"`
}

type LockerGate struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:gate:2.0:Locker"`

	Code  string        `json:"code,omitempty" scim:"mutability=immutable"`
	Color string        `json:"color,omitempty"`
	PIN   string        `json:"pin,omitempty" scim:"mutability=writeOnly"`
	Wear  string        `json:"wear,omitempty" scim:"mutability=readOnly"`
	Owner LockerOwner   `json:"owner,omitzero"`
	Slots []*LockerSlot `json:"slots,omitempty"`
}

var lockers = strings.NewReplacer("<L>", lockerURN, "<X>", gateURN, "<G>", resource.GroupSchema, "<U>", resource.UserSchema, "<E>", resource.EnterpriseUserSchema)

// replacement is a PUT over a stored resource, and what comes of it.
type replacement struct {
	name   string
	stored string // members beside the required ones
	put    string
	want   string // members of the result; null must be unassigned
	faults []fault
}

// put replaces a stored resource, strictly and not, and checks that the stored one stays as it was and that Check finds the result in order.
func put[T any](t *testing.T, stored, body, want string, faults []fault, opts ...resource.Option) {
	t.Helper()
	load := func() *T {
		v, err := resource.Validate[T](resource.Storage, []byte(lockers.Replace(stored)))
		require.NoError(t, err)
		return v
	}
	for mode, more := range map[string][]resource.Option{"default": nil, "strict": {resource.Strict()}} {
		current, twin := load(), load()
		got, err := resource.Validate[T](resource.ReplaceRequest, []byte(lockers.Replace(body)), append(append(more, opts...), resource.Replacing(current))...)
		assert.Equal(t, twin, current, "%s: the stored resource is changed", mode)
		if want == "" {
			assert.Nil(t, got)
			refused(t, err, faults...)
			continue
		}
		require.NoError(t, err, mode)
		text, err := resource.Marshal(resource.Storage, got)
		require.NoError(t, err)
		partOf(t, lockers.Replace(want), string(text))
		require.NoError(t, resource.Check(resource.ReplaceRequest, got, resource.Replacing(current)), "%s: Check of %s", mode, text)

		// The result once more, now as the client's next PUT: nothing is lost and nothing refused.
		again, err := resource.Validate[T](resource.ReplaceRequest, text, append(more, resource.Replacing(got))...)
		require.NoError(t, err, "%s: %s again", mode, text)
		same(t, got, again, mode)
	}
}

func immutable(path string) fault {
	return fault{lockers.Replace(path), errors.Mutability, "is immutable"}
}

func TestReplace(t *testing.T) {
	for _, c := range []replacement{
		{"7644-3.5.1-01/readWrite replaces", `"owner":{"value":"a"}`, `"name":"B","owner":{"value":"b"}`, `{"name":"B","owner":{"value":"b"}}`, nil},
		{"7644-3.5.1-01/writeOnly replaces", `"pin":"0"`, `"pin":"1"`, `{"pin":"1"}`, nil},
		{"7644-3.5.1-02/omitted is cleared", `"owner":{"value":"a"},"slots":[{"value":"a","note":"n"}]`, ``, `{"owner":null,"slots":null}`, nil},
		{"7644-3.5.1-02/omitted part is cleared", `"slots":[{"value":"a","note":"n"}]`, `"slots":[{"value":"a"}]`, `{"slots":[{"note":null}]}`, nil},
		{"7644-3.5.1-02/null and []", `"owner":{"value":"a"},"slots":[{"value":"a"}]`, `"owner":null,"slots":[]`, `{"owner":null,"slots":null}`, nil},
		{"7644-3.5.1-03/same", `"site":{"building":"B","room":"R","label":"L"}`, `"serial":"S","site":{"room":"R","building":"B"}`, `{"serial":"S","site":{"building":"B","room":"R","label":"L"}}`, nil},
		{"7644-3.5.1-03/same without case", `"owner":{"code":"abc"}`, `"owner":{"code":"ABC"}`, `{"owner":{"code":"abc"}}`, nil},
		{"7644-3.5.1-03/case counts", ``, `"serial":"s"`, ``, []fault{immutable("serial")}},
		{"7644-3.5.1-03/first value", ``, `"site":{"building":"B"},"marks":["a"],"owner":{"code":"c"}`, `{"site":{"building":"B"},"marks":["a"],"owner":{"code":"c"}}`, nil},
		{"7644-3.5.1-03/other", `"site":{"building":"B"}`, `"serial":"T","site":{"building":"C"}`, ``, []fault{immutable("serial"), immutable("site")}},
		{"7644-3.5.1-03/part added", `"site":{"building":"B"}`, `"site":{"building":"B","room":"R"}`, ``, []fault{immutable("site")}},
		{"7644-3.5.1-03/part left out", `"site":{"building":"B","room":"R"}`, `"site":{"building":"B"}`, ``, []fault{immutable("site")}},
		{"7644-3.5.1-03/list in another order", `"marks":["a","b"],"keys":[{"value":"k","seen":"x"},{"value":"l","seen":"y"}]`, `"marks":["b","a"],"keys":[{"value":"l"},{"value":"k"}]`, `{"marks":["a","b"],"keys":[{"value":"k","seen":"x"},{"value":"l","seen":"y"}]}`, nil},
		{"7644-3.5.1-03/element of an immutable list dropped", `"marks":["a","b"]`, `"marks":["a"]`, ``, []fault{immutable("marks")}},
		{"7644-3.5.1-03/element of an immutable list added", `"keys":[{"value":"k"}]`, `"keys":[{"value":"k"},{"value":"l"}]`, ``, []fault{immutable("keys")}},
		{"7644-3.5.1-03/once more in an immutable list", `"marks":["a","b"]`, `"marks":["a","b","b"]`, ``, []fault{immutable("marks")}},
		{"7644-3.5.1-03/one fault for a value of the wrong type", ``, `"serial":5`, ``, []fault{invalid("serial", "must be a string")}},
		{"7644-3.5.1-03/part of a complex value", `"owner":{"code":"c"}`, `"owner":{"code":"d"}`, ``, []fault{immutable("owner.code")}},
		{"7644-3.5.1-03/part of an extension", `"<X>":{"code":"c"}`, `"<X>":{"code":"d"}`, ``, []fault{immutable("<X>:code")}},
		{"7644-3.5.1-03/part of a part of an extension", `"<X>":{"owner":{"code":"c"}}`, `"<X>":{"owner":{"code":"d"}}`, ``, []fault{immutable("<X>:owner.code")}},
		{"7644-3.5.1-04/readOnly stays", `"wear":"w","audit":{"building":"B"},"meta":{"version":"W/\"1\""}`, `"wear":"v","audit":null,"meta":{"version":"W/\"2\"","created":"1999-01-01T00:00:00Z"}`, `{"id":"1","wear":"w","audit":{"building":"B"},"meta":{"version":"W/\"1\"","created":null}}`, nil},
		{"7644-3.5.1-04/at every depth", `"owner":{"value":"a","display":"d"},"slots":[{"value":"a","display":"d"}],"<X>":{"wear":"w","owner":{"value":"a","display":"d"},"slots":[{"value":"a","display":"d"}]}`,
			`"owner":{"value":"b","display":"x"},"slots":[{"value":"a","display":"x"},{"value":"b","display":"x"}],"<X>":{"color":"c","owner":{"value":"b"},"slots":[{"value":"a"}]}`,
			`{"owner":{"value":"b","display":"d"},"slots":[{"value":"a","display":"d"},{"value":"b","display":null}],"<X>":{"color":"c","wear":"w","owner":{"value":"b","display":"d"},"slots":[{"value":"a","display":"d"}]}}`, nil},
		{"7644-3.5.1-04/of an extension left out", `"<X>":{"wear":"w","color":"c"}`, ``, `{"<X>":{"wear":"w","color":null}}`, nil},
		{"7644-3.5.1-04/and of a value left out it goes with the value", `"owner":{"value":"a","display":"d"}`, ``, `{"owner":null}`, nil},
		{"7644-3.5.1-05/required", ``, `"name":null`, ``, []fault{invalid("name", "is required")}},
		{"AMB-23/omitted immutables stay", `"site":{"building":"B"},"marks":["a"],"keys":[{"value":"k"}]`, ``, `{"site":{"building":"B"},"marks":["a"],"keys":[{"value":"k"}]}`, nil},
		{"AMB-23/of a value left out", `"owner":{"value":"a","code":"c"}`, ``, `{"owner":{"code":"c","value":null}}`, nil},
		{"AMB-23/of a value without it", `"owner":{"value":"a","code":"c"}`, `"owner":{"value":"b"}`, `{"owner":{"code":"c","value":"b"}}`, nil},
		{"AMB-23/of an empty value", `"owner":{"value":"a","code":"c"}`, `"owner":{}`, `{"owner":{"code":"c","value":null}}`, nil},
		{"AMB-23/of an extension left out", `"<X>":{"code":"c","color":"r"}`, ``, `{"<X>":{"code":"c","color":null}}`, nil},
		{"AMB-23/of a value in an extension left out", `"<X>":{"color":"r","owner":{"code":"c","value":"v"}}`, ``, `{"<X>":{"color":null,"owner":{"code":"c","value":null}}}`, nil},
		{"AMB-23/null", `"site":{"building":"B"},"marks":["a"],"keys":[{"value":"k"}]`, `"site":null,"marks":[],"keys":null`, ``, []fault{immutable("site"), immutable("marks"), immutable("keys")}},
		{"AMB-23/emptied", `"site":{"building":"B"},"marks":["a"],"keys":[{"value":"k"}]`, `"site":{},"marks":[null],"keys":[{}]`, ``, []fault{immutable("site"), immutable("marks"), immutable("keys")}},
		{"AMB-23/null of what is not set", `"name":"N"`, `"site":null,"marks":[],"owner":{"code":null}`, `{"site":null,"marks":null,"owner":null}`, nil},
		{"AMB-23/null of a required one is one fault", ``, `"serial":null`, ``, []fault{immutable("serial")}},
		{"AMB-23/null of a part", `"owner":{"code":"c"}`, `"owner":{"code":null}`, ``, []fault{immutable("owner.code")}},
		{"AMB-23/null of the value around it", `"owner":{"code":"c"}`, `"owner":null`, ``, []fault{immutable("owner.code")}},
		{"AMB-23/null of the extension around it", `"<X>":{"code":"c"}`, `"<X>":null`, ``, []fault{immutable("<X>:code")}},
		{"AMB-23/null of the extension around the value around it", `"<X>":{"owner":{"code":"c"}}`, `"<X>":null`, ``, []fault{immutable("<X>:owner.code")}},
		{"AMB-23/null of an element's part", `"slots":[{"value":"a","type":"t"}]`, `"slots":[{"value":"a","type":null}]`, ``, []fault{immutable("slots[0].type")}},
		{"AMB-24/omitted stays", `"pin":"0","owner":{"pin":"1","value":"a"},"slots":[{"value":"a","pin":"2"}],"vaults":[{"value":"v"}],"<X>":{"pin":"3","color":"c"}`, `"owner":{"value":"a"},"slots":[{"value":"a"}],"<X>":{"color":"c"}`,
			`{"pin":"0","owner":{"pin":"1"},"slots":[{"pin":"2"}],"vaults":[{"value":"v"}],"<X>":{"pin":"3"}}`, nil},
		{"AMB-24/of a value left out", `"owner":{"pin":"1","value":"a"},"<X>":{"pin":"3","owner":{"pin":"4"}}`, ``, `{"owner":{"pin":"1","value":null},"<X>":{"pin":"3","owner":{"pin":"4"}}}`, nil},
		{"AMB-24/null clears", `"pin":"0","owner":{"pin":"1","value":"a"},"vaults":[{"value":"v"}],"<X>":{"pin":"3","color":"c"}`, `"pin":null,"owner":{"pin":null,"value":"a"},"vaults":[],"<X>":{"pin":null,"color":"c"}`,
			`{"pin":null,"owner":{"pin":null},"vaults":null,"<X>":{"pin":null,"color":"c"}}`, nil},
		{"AMB-24/null around it clears", `"owner":{"pin":"1","value":"a"},"<X>":{"pin":"3"}`, `"owner":null,"<X>":null`, `{"owner":null,"<X>":null}`, nil},
		{"AMB-24/with what it belongs to", `"slots":[{"value":"a","pin":"2"}]`, `"slots":[{"value":"b"}]`, `{"slots":[{"value":"b","pin":null}]}`, nil},
		{"AMB-25/another id", ``, `"id":"2"`, `{"id":"1"}`, nil},
		{"AMB-25/no string", ``, `"id":5`, `{"id":"1"}`, nil},

		{"7644-3.5.1-08/reordered", `"slots":[{"value":"a","type":"t","pin":"1"},{"value":"b","type":"u","pin":"2"}]`, `"slots":[{"value":"b","type":"u"},{"value":"a"}]`, `{"slots":[{"value":"b","type":"u","pin":"2"},{"value":"a","type":"t","pin":"1"}]}`, nil},
		{"7644-3.5.1-08/dropped and added", `"slots":[{"value":"a","type":"t"},{"value":"b","type":"u"}]`, `"slots":[{"value":"b"},{"value":"c","type":"t"}]`, `{"slots":[{"value":"b","type":"u"},{"value":"c","type":"t"}]}`, nil},
		{"7644-3.5.1-08/other type", `"slots":[{"value":"a","type":"t"},{"value":"b","type":"u"}]`, `"slots":[{"value":"b","type":"t"},{"value":"a","type":"u"}]`, ``, []fault{immutable("slots[0].type"), immutable("slots[1].type")}},
		{"7644-3.5.1-08/in an extension", `"<X>":{"slots":[{"value":"a","type":"t"}]}`, `"<X>":{"slots":[{"value":"c"},{"value":"a","type":"u"}]}`, ``, []fault{immutable("<X>:slots[1].type")}},
		{"7644-3.5.1-08/value before or after its part", `"slots":[{"value":"a","type":"t"}]`, `"slots":[{"type":"u","value":"a"}]`, ``, []fault{immutable("slots[0].type")}},
		{"7644-3.5.1-08/without a value it is a new one", `"slots":[{"value":"a","type":"t"}]`, `"slots":[{"type":"u"}]`, `{"slots":[{"type":"u","value":null}]}`, nil},
		{"7644-3.5.1-08/duplicates", `"slots":[{"value":"a","type":"t"},{"value":"a","type":"u"}]`, `"slots":[{"value":"a","type":"u"},{"value":"a","type":"t"}]`, `{"slots":[{"type":"u"},{"type":"t"}]}`, nil},
		{"7644-3.5.1-08/duplicates with readOnly parts", `"slots":[{"value":"a","type":"t","display":"T"},{"value":"a","type":"u","display":"U"}]`, `"slots":[{"value":"a","type":"u"},{"value":"a","type":"t"}]`, `{"slots":[{"type":"u","display":"U"},{"type":"t","display":"T"}]}`, nil},
		{"7644-3.5.1-08/duplicates with another note", `"slots":[{"value":"a","type":"t"},{"value":"a","type":"u"}]`, `"slots":[{"value":"a","type":"u","note":"n"},{"value":"a","type":"t","note":"n"}]`, `{"slots":[{"type":"u"},{"type":"t"}]}`, nil},
		{"7644-3.5.1-08/duplicates with writeOnly parts", `"slots":[{"value":"a","type":"t","pin":"1"},{"value":"a","type":"u","pin":"2"}]`, `"slots":[{"value":"a","type":"u"}]`, `{"slots":[{"type":"u","pin":"2"}]}`, nil},
		{"7644-3.5.1-08/first of two duplicates dropped", `"slots":[{"value":"a","type":"t","display":"T"},{"value":"a","type":"u","display":"U"}]`, `"slots":[{"value":"a","type":"u"}]`, `{"slots":[{"type":"u","display":"U"}]}`, nil},
		{"7644-3.5.1-08/duplicate added behind", `"slots":[{"value":"a","type":"t"}]`, `"slots":[{"value":"a","type":"t"},{"value":"a","type":"u"}]`, `{"slots":[{"type":"t"},{"type":"u"}]}`, nil},
		{"7644-3.5.1-08/duplicate added in front", `"slots":[{"value":"a","type":"t"}]`, `"slots":[{"value":"a","type":"u"},{"value":"a","type":"t"}]`, `{"slots":[{"type":"u"},{"type":"t"}]}`, nil},
		{"7643-2.4-08/the same thing twice", `"slots":[{"value":"a","type":"t"},{"value":"a","type":"t"}]`, `"slots":[{"value":"a","type":"t"},{"value":"a","type":"t"},{"value":"a","type":"t"}]`, `{"slots":[{"type":"t"},{"type":"t"},{"type":"t"}]}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			members := func(text string) string {
				o := map[string]json.RawMessage{"name": json.RawMessage(`"N"`), "serial": json.RawMessage(`"S"`), "id": json.RawMessage(`"1"`), "schemas": json.RawMessage(`["<L>","<X>"]`)}
				require.NoError(t, json.Unmarshal([]byte("{"+text+"}"), &o))
				return ordered1(o)
			}
			put[Locker](t, members(c.stored), members(c.put), c.want, c.faults)
		})
	}
}

// ordered1 writes members in the schema's order, so that faults come in the order of the table.
func ordered1(o map[string]json.RawMessage) string {
	var b strings.Builder
	for _, name := range []string{"schemas", "id", "name", "serial", "pin", "wear", "owner", "site", "audit", "marks", "keys", "slots", "vaults", "<X>", "meta"} {
		if v, ok := o[name]; ok {
			b.WriteString(`,"` + name + `":` + string(v))
		}
	}
	return "{" + b.String()[1:] + "}"
}

func TestReplaceMembers(t *testing.T) {
	group := func(members string) string {
		return `{"schemas":["<G>"],"id":"g","displayName":"D","members":[` + members + `]}`
	}
	const one = `{"value":"1","type":"User","$ref":"https://e/v2/Users/1","display":"One"}`
	for _, c := range []replacement{
		{"7643-2.4-07/without the version", one, `{"value":"1","$ref":"https://e/Users/1"}`, `[` + one + `]`, nil},
		{"7643-2.4-07/in normal form", one, `{"value":"1","$ref":"HTTPS://E:443/v2/a/../Users/1"}`, `[` + one + `]`, nil},
		{"7643-2.4-07/percent-encoding", one, `{"value":"1","$ref":"https://e/v2/%55sers/%31"}`, `[` + one + `]`, nil},
		{"7643-2.4-07/relative", one, `{"value":"1","$ref":"../Users/1"}`, `[` + one + `]`, nil},
		{"7643-2.4-07/other resource", one, `{"value":"1","$ref":"https://e/v2/Users/2"}`, ``, []fault{immutable("members[0].$ref")}},
		{"7643-2.4-07/other host", one, `{"value":"1","$ref":"https://f/v2/Users/1"}`, ``, []fault{immutable("members[0].$ref")}},
		{"7643-2.4-07/case of the path", one, `{"value":"1","$ref":"https://e/v2/users/1"}`, ``, []fault{immutable("members[0].$ref")}},
		{"7644-3.5.1-08/same value, other type", one, `{"value":"1","type":"Group"}`, ``, []fault{immutable("members[0].type")}},
		{"7644-3.5.1-08/value is caseExact", `{"value":"a","type":"User"}`, `{"value":"A","type":"Group"}`, `[{"value":"A","type":"Group"}]`, nil},
		{"7644-3.5.1-08/dropped", one, ``, `null`, nil},
		{"7644-3.5.1-04/display is readOnly", one, `{"value":"1","display":"Eins"}`, `[` + one + `]`, nil},
		{"7644-3.5.1-08/one of two types, reordered", one + `,{"value":"1","type":"Group","display":"G"}`, `{"value":"1","type":"Group"},{"value":"1","type":"User"}`, `[{"value":"1","type":"Group","display":"G"},` + one + `]`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := ""
			if c.want != "" {
				want = `{"members":` + c.want + `}`
			}
			put[resource.Group](t, group(c.stored), group(c.put), want, c.faults)
		})
	}
	t.Run("7644-3.5.1-08/two hundred, reversed", func(t *testing.T) {
		stored := &resource.Group{Resource: resource.Resource{Schemas: []string{resource.GroupSchema}, ID: "g"}, DisplayName: "D"}
		for i := range 200 {
			stored.Members = append(stored.Members, resource.Member{Value: string(rune('A' + i%100)), Type: []string{"User", "Group"}[i/100], Display: "d"})
		}
		wanted := *stored
		wanted.Members = slices.Clone(stored.Members)
		slices.Reverse(wanted.Members)
		body, err := resource.Marshal(resource.ReplaceRequest, wanted)
		require.NoError(t, err)
		got, err := resource.Validate[resource.Group](resource.ReplaceRequest, body, resource.Replacing(stored))
		require.NoError(t, err)
		same(t, &wanted, got)
	})
}

// Required is what a PUT must keep or bring along, at every depth.
func TestReplaceRequired(t *testing.T) {
	visitor := func(members string) string { return `{"schemas":["<U>"],"id":"1","userName":"u"` + members + `}` }
	badge := func(members string) string { return `,"` + badgeURN + `":{` + members + `}` }
	stored := visitor(badge(`"number":"12345678","color":"red","issued":"2020-01-01T00:00:00Z"`))
	opts := resource.Tolerate(resource.UndeclaredExtension)
	for _, c := range []struct {
		name, put, want string
		faults          []fault
	}{
		{"7644-3.5.1-05/a required extension that is kept", ``, `{"` + badgeURN + `":{"number":"12345678","color":null,"issued":"2020-01-01T00:00:00Z"}}`, nil},
		{"7644-3.5.1-05/a required part that is kept", badge(`"color":"green"`), `{"` + badgeURN + `":{"number":"12345678","color":"green"}}`, nil},
		{"AMB-23/null of both", `,"` + badgeURN + `":null`, ``, []fault{immutable(badgeURN + ":number")}},
		{"7644-3.5.1-05/a required part of an element", badge(`"doors":[{"floor":1}]`), ``, []fault{invalid(badgeURN+":doors[0].value", "is required")}},
	} {
		t.Run(c.name, func(t *testing.T) { put[Visitor](t, stored, visitor(c.put), c.want, c.faults, opts) })
	}

	type lid struct {
		Code  string `json:"code,omitempty" scim:"mutability=immutable"`
		Label string `json:"label" scim:"required"`
		Note  string `json:"note,omitempty"`
		Hinge struct {
			Metal string `json:"metal,omitempty" scim:"mutability=immutable"`
		} `json:"hinge,omitzero"`
	}
	type chest struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Chest"`

		Lid lid `json:"lid,omitzero"`
	}
	const chestURN = "urn:acme:params:scim:schemas:core:2.0:Chest"
	closed := `{"id":"1","lid":{"code":"c","label":"l","note":"n","hinge":{"metal":"iron"}}}`
	for _, c := range []struct {
		name, stored, put, want string
		faults                  []fault
	}{
		{"7644-3.5.1-05/what is required beside an immutable part stays with it", closed, ``, `{"lid":{"code":"c","label":"l","note":null}}`, nil},
		{"7644-3.5.1-05/but not in an object that leaves it out", closed, `,"lid":{"note":"m"}`, ``, []fault{invalid("lid.label", "is required")}},
		{"7644-3.5.1-05/nor where it never was", `{"id":"1","lid":{"code":"c"}}`, ``, ``, []fault{invalid("lid.label", "is required")}},
		{"7643-2.5-01/an object that names nothing is no object", closed, `,"lid":{}`, `{"lid":{"code":"c","label":"l","note":null}}`, nil},
		{"7643-2.5-01/nor is one that names such an object", closed, `,"lid":{"hinge":{}}`, `{"lid":{"code":"c","label":"l","note":null,"hinge":{"metal":"iron"}}}`, nil},
		{"AMB-23/but one that names a null", closed, `,"lid":{"code":null}`, ``, []fault{immutable("lid.code"), invalid("lid.label", "is required")}},
		{"7643-2.5-01/nothing is left where nothing has to stay", `{"id":"1","lid":{"label":"l"}}`, `,"lid":{}`, `{"lid":null}`, nil},
		{"7643-2.1-01/named twice all the same", closed, `,"lid":{},"LID":{}`, ``, []fault{{"", errors.InvalidSyntax, "twice"}}},
		{"7644-3.5.1-02/without an immutable part all of it goes", `{"id":"1","lid":{"label":"l","note":"n"}}`, ``, `{"lid":null}`, nil},
		{"AMB-23/null", closed, `,"lid":null`, ``, []fault{immutable("lid.code"), immutable("lid.hinge.metal")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			put[chest](t, c.stored, `{"schemas":["`+chestURN+`"]`+c.put+`}`, c.want, c.faults)
		})
	}
}

func TestReplacing(t *testing.T) {
	body := []byte(userBody(`"title":"T"`))
	user := &Employee{User: resource.User{UserName: "x"}}
	var none *Employee
	verbs := func(opts ...resource.Option) map[string]error {
		_, err := resource.Validate[Employee](resource.ReplaceRequest, body, opts...)
		_, err2 := resource.ValidateAs(reflect.TypeFor[Employee](), resource.ReplaceRequest, body, opts...)
		return map[string]error{"Validate": err, "ValidateAs": err2, "Check": resource.Check(resource.ReplaceRequest, user, opts...)}
	}
	for name, opts := range map[string][]resource.Option{
		"7644-3.5.1-06/without Replacing": nil, "nil option": {nil}, "wrong type": {resource.Replacing(&resource.Group{})}, "embedded type": {resource.Replacing(&user.User)},
		"no pointer": {resource.Replacing(*user)}, "pointer to a pointer": {resource.Replacing(&user)}, "string": {resource.Replacing("x")}, "interface": {resource.Replacing(new(any))},
	} {
		t.Run(name, func(t *testing.T) {
			for verb, err := range verbs(opts...) {
				plainError(t, err, verb)
			}
		})
	}
	for name, current := range map[string]any{"nil": nil, "typed nil": none} {
		t.Run("7644-3.5.1-06/"+name, func(t *testing.T) {
			for verb, err := range verbs(resource.Replacing(current)) {
				require.NoError(t, err, verb)
			}
			got, err := resource.Validate[Employee](resource.ReplaceRequest, []byte(userBody(`"id":"1","password":"p","groups":[{"value":"g"}],"title":null`)), resource.Replacing(current))
			require.NoError(t, err)
			same(t, &Employee{User: resource.User{Resource: resource.Resource{Schemas: []string{resource.UserSchema}}, UserName: "bjensen", Password: "p"}}, got)
			_, err = resource.Validate[Employee](resource.ReplaceRequest, []byte(`{}`), resource.Replacing(current))
			refused(t, err, invalid("userName", "is required"))
		})
	}
	t.Run("7644-3.5.1-04/other contexts take no notice", func(t *testing.T) {
		stored := &Employee{User: resource.User{Resource: resource.Resource{ID: "1"}, UserName: "y", Password: "p"}}
		got, err := resource.Validate[Employee](resource.CreationRequest, body, resource.Replacing(stored))
		require.NoError(t, err)
		assert.Equal(t, [2]string{"", ""}, [2]string{got.ID, string(got.Password)})
	})
	t.Run("7643-2.1-01/a runtime type", func(t *testing.T) {
		c := cell{"core", "simple", "immutable", "default", false}
		got, err := resource.ValidateAs(c.goType(), resource.ReplaceRequest, c.body(""), resource.Replacing(c.load(t, `"old"`)))
		require.NoError(t, err)
		assert.Equal(t, c.load(t, `"old"`), got)
	})
}

// What a client has got, it may send back: 7644-3.5.1-07.
func TestReplaceWithItself(t *testing.T) {
	text := rfcFile(t, "manifest.json")
	var manifest []entry
	require.NoError(t, json.Unmarshal(text, &manifest))
	sent := 0
	for _, e := range manifest {
		switch e.Kind {
		case "resource:User", "resource:User+EnterpriseUser":
			t.Run("7644-3.5.1-07/"+e.File, func(t *testing.T) { sentBack[Employee](t, rfcFile(t, e.File)) })
			sent++
		case "resource:Group":
			t.Run("7644-3.5.1-07/"+e.File, func(t *testing.T) { sentBack[resource.Group](t, rfcFile(t, e.File)) })
			sent++
		}
	}
	require.Greater(t, sent, 8)
	t.Run("7644-3.5.1-07/with everything", func(t *testing.T) {
		d := fullDevice()
		d.Networks = append(d.Networks, Network{Value: "n", Address: "10.0.0.2"}, Network{Value: "m", Secret: "t"})
		text, err := resource.Marshal(resource.Storage, d)
		require.NoError(t, err)
		sentBack[Device](t, text)
	})
}

func sentBack[T any](t *testing.T, text []byte) {
	t.Helper()
	current, err := resource.Validate[T](resource.Storage, text)
	require.NoError(t, err)
	if resource.Common(current).ID == "" {
		resource.Common(current).ID = "1"
	}
	got, err := resource.Marshal(resource.CreationResponse, current)
	require.NoError(t, err)
	for name, opts := range map[string][]resource.Option{"default": nil, "strict": {resource.Strict(), resource.RejectUnknown()}, "owned": {resource.Owned()}} {
		after, err := resource.Validate[T](resource.ReplaceRequest, got, append(opts, resource.Replacing(current))...)
		require.NoError(t, err, "%s: %s", name, got)
		same(t, current, after, name)
	}
}

func TestNulls(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"7644-3.3-02/simple", `"title":null`, []string{"title"}},
		{"7644-3.3-02/list", `"emails":[],"roles":null`, []string{"emails", "roles"}},
		{"7644-3.3-02/complex", `"name":null`, []string{"name"}},
		{"7644-3.3-02/part", `"name":{"givenName":null,"familyName":"J"}`, []string{"name.givenName"}},
		{"7644-3.3-02/element", `"emails":[{"value":"a"},{"value":"b","type":null}]`, []string{"emails[1].type"}},
		{"7644-3.3-02/extension", `"<E>":null`, []string{"<E>"}},
		{"7644-3.3-02/part of an extension", `"<E>":{"manager":{"value":null},"division":null}`, []string{"<E>:manager.value", "<E>:division"}},
		{"7644-3.3-02/in any case", `"TITLE":null`, []string{"title"}},
		{"7644-3.3-01/readOnly is ignored", `"id":null,"meta":null,"groups":[],"<E>":{"manager":{"value":"1","displayName":null}}`, nil},
		{"7644-3.1-01/unknown", `"x":null`, nil},
		{"7643-2.5-01/nothing", `"title":"T"`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.want {
				c.want[i] = urns.Replace(c.want[i])
			}
			body := []byte(strings.Replace(userBody(c.body), `"schemas":["`+resource.UserSchema+`"]`, urns.Replace(`"schemas":["<U>","<E>"]`), 1))
			for ctx, opts := range map[resource.Context][]resource.Option{resource.CreationRequest: nil, resource.ReplaceRequest: {resource.Replacing(&Employee{User: resource.User{Title: "T"}})}} {
				paths := []string{"before"}
				_, err := resource.Validate[Employee](ctx, body, append(opts, resource.Nulls(&paths))...)
				require.NoError(t, err)
				assert.Equal(t, append([]string{"before"}, c.want...), paths, "%v", ctx)
			}
		})
	}
}
