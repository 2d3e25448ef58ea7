package resource_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// elements are n elements, each from a format that takes its number, more than once if need be.
func elements(n int, format string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = strings.ReplaceAll(format, "#", strconv.Itoa(i))
	}
	return list
}

func reversed(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// rotated puts the last element first.
func rotated(list []string) []string {
	return append([]string{list[len(list)-1]}, list[:len(list)-1]...)
}

// A PUT pairs the elements of long lists with the stored ones as it does those of short ones. Where more than 16 are alike an element may
// find no counterpart: nothing immutable of a stored one changes that way.
func TestReplaceMany(t *testing.T) {
	const (
		group = `{"schemas":["<G>"],"id":"g","displayName":"D","members":[%s]}`
		slots = `{"schemas":["<L>"],"id":"1","name":"N","serial":"S","slots":[%s]}`
	)
	const stored, plain = `{"value":"x","$ref":"Users/#","type":"t#","display":"D#"}`, `{"value":"x","type":"t#"}`
	for _, c := range []struct {
		name, document string
		stored, put    []string
		want           []string // nil: refused
		faults         []fault
	}{
		{"7644-3.5.1-08/one value, sent in order", group, elements(100, stored), elements(100, plain), elements(100, stored), nil},
		{"7644-3.5.1-08/one value, reversed, few", group, elements(16, stored), reversed(elements(16, plain)), reversed(elements(16, stored)), nil},
		{"7644-3.5.1-08/one value, some dropped", group, elements(100, stored), elements(100, plain)[10:], elements(100, stored)[10:], nil},
		{"7644-3.5.1-08/one value, one added", group, elements(16, stored), rotated(elements(17, plain)), append([]string{`{"value":"x","type":"t16"}`}, elements(16, stored)...), nil},
		{"7644-3.5.1-08/one value, the last of 16 first", group, elements(16, stored), rotated(elements(16, plain)), rotated(elements(16, stored)), nil},
		{"7644-3.5.1-03/one value, the last of 17 first loses nothing", group, elements(17, stored), rotated(elements(17, plain)), nil, []fault{immutable("members[0].$ref")}},
		{"7644-3.5.1-03/nor gets another part", group, elements(17, stored), append([]string{`{"value":"x","type":"t16","$ref":"Users/1"}`}, elements(16, plain)...), nil, []fault{immutable("members[0].$ref")}},
		{"7644-3.5.1-03/nor another type", group, elements(17, stored), append([]string{`{"value":"x","type":"u"}`}, elements(16, plain)...), nil, []fault{immutable("members[0].type")}},
		{"7644-3.5.1-08/one value, all dropped but a new one", group, elements(17, stored), []string{`{"value":"y","type":"t16"}`}, []string{`{"value":"y","type":"t16"}`}, nil},

		{"7644-3.5.1-08/without a value all are new", group, elements(100, stored), elements(100, `{"type":"t#"}`), elements(100, `{"value":null,"$ref":null,"type":"t#","display":null}`), nil},
		{"7644-3.5.1-08/beyond ASCII", slots, elements(100, `{"value":"ü#","type":"t","pin":"#"}`), reversed(elements(100, `{"value":"Ü#"}`)), reversed(elements(100, `{"value":"Ü#","type":"t","pin":"#"}`)), nil},
		{"7644-3.5.1-08/beyond ASCII with another type", slots, elements(100, `{"value":"ü#","type":"t"}`), []string{`{"value":"Ü99","type":"u"}`}, nil, []fault{immutable("slots[0].type")}},
		{"7643-2.4-07/in normal form", group, elements(100, `{"value":"#","$ref":"https://e/v2/Users/#","display":"D#"}`), reversed(elements(100, `{"value":"#","$ref":"HTTPS://E:443/v2/a/../Users/#"}`)),
			reversed(elements(100, `{"value":"#","display":"D#"}`)), nil},
		{"7643-2.4-07/relative", group, elements(100, `{"value":"#","$ref":"https://e/v2/Users/#","display":"D#"}`), reversed(elements(100, `{"value":"#","$ref":"../Users/#"}`)),
			reversed(elements(100, `{"value":"#","$ref":"https://e/v2/Users/#","display":"D#"}`)), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			document := func(list []string) string { return fmt.Sprintf(c.document, strings.Join(list, ",")) }
			want := ""
			if c.document == group {
				if c.want != nil {
					want = `{"members":[` + strings.Join(c.want, ",") + `]}`
				}
				put[resource.Group](t, document(c.stored), document(c.put), want, c.faults)
				return
			}
			if c.want != nil {
				want = `{"slots":[` + strings.Join(c.want, ",") + `]}`
			}
			put[Locker](t, document(c.stored), document(c.put), want, c.faults)
		})
	}
}

// Door has elements that are told apart by references: those of resources share a hash where only their hosts differ, links do not.
type Door struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Door"`

	Locks []DoorLock `json:"locks,omitempty"`
	Views []DoorView `json:"views,omitempty"`
}

// DoorLock is found by a reference of a resource.
type DoorLock struct {
	Value string `json:"value,omitempty" scim:"referenceTypes=Lock"`
	Code  string `json:"code,omitempty" scim:"mutability=immutable"`
}

// DoorView is found by a link.
type DoorView struct {
	Value string `json:"value,omitempty" scim:"referenceTypes=external"`
	Code  string `json:"code,omitempty" scim:"mutability=immutable"`
	Seen  string `json:"seen,omitempty" scim:"mutability=readOnly"`
}

// References pair elements as other values do, in normal form.
func TestReplaceManyReferences(t *testing.T) {
	const door = `{"schemas":["urn:acme:params:scim:schemas:core:2.0:Door"],"id":"1","%s":[%s]}`
	for _, c := range []struct {
		name, list  string
		stored, put []string
		want        []string
		faults      []fault
	}{
		{"7643-2.4-07/resources, few on many hosts", "locks", elements(16, `{"value":"https://h#/Locks/1","code":"#"}`), reversed(elements(16, `{"value":"https://H#/v2/Locks/1"}`)), reversed(elements(16, `{"code":"#"}`)), nil},
		{"7643-2.4-07/resources, many", "locks", elements(100, `{"value":"https://h/Locks/#","code":"#"}`), reversed(elements(100, `{"value":"Locks/#"}`)), reversed(elements(100, `{"code":"#"}`)), nil},
		{"7644-3.5.1-03/resources, one behind many on other hosts", "locks", elements(17, `{"value":"https://h#/Locks/1","code":"#"}`), []string{`{"value":"https://h16/Locks/1","code":"x"}`}, nil, []fault{immutable("locks[0].code")}},
		{"7643-2.4-07/links on many hosts", "views", elements(100, `{"value":"https://h#/x","code":"#","seen":"S"}`), reversed(elements(100, `{"value":"HTTPS://H#:443/x"}`)), reversed(elements(100, `{"code":"#","seen":"S"}`)), nil},
		{"7643-2.4-07/links that are others", "views", elements(100, `{"value":"https://h#/x","code":"#"}`), elements(100, `{"value":"http://h#/x","code":"n"}`), elements(100, `{"code":"n"}`), nil},
		{"7644-3.5.1-03/a link with another part", "views", elements(100, `{"value":"https://h#/x","code":"#"}`), []string{`{"value":"https://h99/x","code":"n"}`}, nil, []fault{immutable("views[0].code")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := ""
			if c.want != nil {
				want = fmt.Sprintf(`{"%s":[%s]}`, c.list, strings.Join(c.want, ","))
			}
			put[Door](t, fmt.Sprintf(door, c.list, strings.Join(c.stored, ",")), fmt.Sprintf(door, c.list, strings.Join(c.put, ",")), want, c.faults)
		})
	}
}

// However many elements are refused, an answer tells of a hundred.
func TestReplaceManyFaults(t *testing.T) {
	group := func(format string) []byte {
		return []byte(`{"schemas":["` + resource.GroupSchema + `"],"displayName":"D","members":[` + strings.Join(elements(300, format), ",") + `]}`)
	}
	current, err := resource.Validate[resource.Group](resource.Storage, group(`{"value":"x","type":"t#"}`))
	require.NoError(t, err)
	_, err = resource.Validate[resource.Group](resource.ReplaceRequest, group(`{"value":"x","type":"u#"}`), resource.Replacing(current))
	var list errors.List
	require.ErrorAs(t, err, &list)
	assert.Len(t, list, 100)
}
