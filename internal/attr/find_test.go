package attr_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/internal/attr"
)

// Wide has schemas whose URIs begin with each other's.
type Wide struct {
	Resource `scim:"urn:x:Wide"`

	Name  Name    `json:"name"`
	Plain *Plain  `json:"urn:x:Wide:2.0"`
	User  *Deeper `json:"urn:x:Wide:2.0:User"`
	Named *Named  `json:"urn:x:Wide:name"`
}

type Plain struct {
	Extension `scim:"urn:x:Wide:2.0"`

	User Name `json:"User"`
}

type Deeper struct {
	Extension `scim:"urn:x:Wide:2.0:User"`

	Formatted string `json:"formatted"`
}

type Named struct {
	Extension `scim:"urn:x:Wide:name"`

	Formatted int `json:"formatted"`
}

func TestFind(t *testing.T) {
	account, wide := attr.Of(reflect.TypeFor[Account]()), attr.Of(reflect.TypeFor[Wide]())
	for _, c := range []struct {
		p    *attr.Plan
		path string
		want string // the steps; "-" finds nothing, "" is the resource itself
	}{
		{account, "userName", "userName"},
		{account, "USERNAME", "userName"},
		{account, "name.honorificPrefix", "name honorificPrefix"},
		{account, "NAME.HONORIFICPREFIX", "name honorificPrefix"},
		{account, "meta.resourceType", "meta resourceType"},
		{account, "emails.value", "emails value"},
		{account, "photos.$ref", "photos $ref"},
		{account, userURN, ""},
		{account, strings.ToUpper(userURN), ""},
		{account, userURN + ":userName", "userName"},
		{account, strings.ToUpper(userURN) + ":name.Formatted", "name formatted"},
		{account, enterpriseURN, enterpriseURN},
		{account, enterpriseURN + ":department", enterpriseURN + " department"},
		{account, strings.ToLower(enterpriseURN) + ":DEPARTMENT", enterpriseURN + " department"},
		{account, badgeURN + ":number", badgeURN + " number"},

		{account, "", "-"},
		{account, " userName", "-"},
		{account, "userName ", "-"},
		{account, "department", "-"},
		{account, "unknown", "-"},
		{account, ".", "-"},
		{account, "name.", "-"},
		{account, ".name", "-"},
		{account, "name..formatted", "-"},
		{account, "name.unknown", "-"},
		{account, "userName.value", "-"},
		{account, "name.formatted.value", "-"},
		{account, ":", "-"},
		{account, ":userName", "-"},
		{account, userURN + ":", "-"},
		{account, userURN + ".userName", "-"},
		{account, userURN + ":unknown", "-"},
		{account, userURN + ":department", "-"},
		{account, userURN + "userName", "-"},
		{account, userURN + ":" + enterpriseURN, "-"},
		{account, userURN + ":" + userURN, "-"},
		{account, enterpriseURN + ":", "-"},
		{account, enterpriseURN + ":userName", "-"},
		{account, enterpriseURN + ":department.value", "-"},
		{account, enterpriseURN + ".department", "-"},
		{account, "urn:ietf:params:scim:schemas:core:2.0", "-"},
		{account, "urn:ietf:params:scim:schemas:core:2.0:Group:userName", "-"},
		{account, listURN + ":Resources", "-"},
		{account, "\u212a", "-"},

		// The longest URI counts.
		{wide, "urn:x:Wide:name", "urn:x:Wide:name"},
		{wide, "urn:x:Wide:name.formatted", "name formatted"},
		{wide, "urn:x:Wide:name:formatted", "urn:x:Wide:name formatted"},
		{wide, "urn:x:Wide:2.0", "urn:x:Wide:2.0"},
		{wide, "urn:x:Wide:2.0:User", "urn:x:Wide:2.0:User"},
		{wide, "urn:x:Wide:2.0:User:formatted", "urn:x:Wide:2.0:User formatted"},
		{wide, "urn:x:wide:2.0:user.formatted", "urn:x:Wide:2.0 User formatted"},
		{wide, "urn:x:Wide:2.0:User.honorificPrefix", "urn:x:Wide:2.0 User honorificPrefix"},
		{wide, "urn:x:Wide:2.0:Users", "-"},
		{wide, "urn:x:Wide:2", "-"},
	} {
		steps, ok := c.p.Find(c.path)
		got := strings.Join(names(steps), " ")
		if !ok {
			assert.Empty(t, steps, c.path)
			got = "-"
		}
		assert.Equal(t, c.want, got, c.path)
	}
}

func FuzzFind(f *testing.F) {
	for _, path := range []string{"userName", "name.formatted", userURN + ":name.formatted", enterpriseURN + ":department", badgeURN, ":", ".", "urn:x:y:z"} {
		f.Add(path)
	}
	p := attr.Of(reflect.TypeFor[Account]())
	f.Fuzz(func(t *testing.T, path string) {
		steps, ok := p.Find(path)
		if !ok {
			assert.Empty(t, steps)
			return
		}
		// What is found is spelled in the path, step by step.
		spelled := strings.Join(names(steps), ".")
		if len(steps) > 0 && steps[0].IsExtension() {
			spelled = strings.Replace(spelled, steps[0].Name+".", steps[0].Name+":", 1)
		}
		full := strings.TrimSuffix(userURN+":"+spelled, ":")
		assert.True(t, strings.EqualFold(path, spelled) || strings.EqualFold(path, full), "%q found %q", path, spelled)
	})
}

func TestAssigned(t *testing.T) {
	type Plainly struct {
		Always bool `json:"always"`
		Omit   bool `json:"omit,omitempty"`
	}
	type All struct {
		Text   string            `json:"text"`
		Ptr    *string           `json:"ptr"`
		Bool   bool              `json:"bool"`
		Omit   int               `json:"omit,omitempty"`
		PBool  *bool             `json:"pBool"`
		Time   time.Time         `json:"time"`
		PTime  *time.Time        `json:"pTime"`
		Bytes  []byte            `json:"bytes"`
		Raw    json.RawMessage   `json:"raw"`
		Any    any               `json:"any"`
		Name   Name              `json:"name"`
		PName  *Name             `json:"pName"`
		Plain  Plainly           `json:"plain"`
		Texts  []string          `json:"texts"`
		Ints   []int             `json:"ints,omitempty"`
		Names  []Name            `json:"names"`
		PNames []*Name           `json:"pNames"`
		Raws   []json.RawMessage `json:"raws"`
	}
	p := attr.Of(reflect.TypeFor[All]())
	no, zero := false, time.Time{}
	for _, c := range []struct {
		name string
		v    All
		want bool
	}{
		{"text", All{}, false},
		{"text", All{Text: "a"}, true},
		{"ptr", All{}, false},
		{"ptr", All{Ptr: new(string)}, false},
		{"ptr", All{Ptr: new("a")}, true},
		{"bool", All{}, true},
		{"omit", All{}, false},
		{"omit", All{Omit: 1}, true},
		{"pBool", All{}, false},
		{"pBool", All{PBool: &no}, true},
		{"time", All{}, false},
		{"time", All{Time: time.Unix(0, 0)}, true},
		{"pTime", All{}, false},
		{"pTime", All{PTime: &zero}, false},
		{"bytes", All{Bytes: []byte{}}, false},
		{"bytes", All{Bytes: []byte{0}}, true},
		{"raw", All{Raw: json.RawMessage{}}, false},
		{"raw", All{Raw: json.RawMessage("0")}, true},
		{"any", All{}, false},
		{"any", All{Any: 0}, true},
		{"name", All{}, false},
		{"name", All{Name: Name{Formatted: "a"}}, true},
		{"pName", All{}, false},
		{"pName", All{PName: &Name{}}, false},
		{"pName", All{PName: &Name{Formatted: "a"}}, true},
		{"texts", All{Texts: []string{}}, false},
		{"texts", All{Texts: []string{"", ""}}, false},
		{"texts", All{Texts: []string{"", "a"}}, true},
		{"ints", All{Ints: []int{0}}, true},
		{"names", All{Names: []Name{{}, {}}}, false},
		{"names", All{Names: []Name{{}, {Formatted: "a"}}}, true},
		{"pNames", All{PNames: []*Name{nil, {}}}, false},
		{"pNames", All{PNames: []*Name{nil, {Formatted: "a"}}}, true},
		{"raws", All{Raws: []json.RawMessage{nil}}, false},
	} {
		a := p.Lookup(c.name)
		v := reflect.ValueOf(&c.v).Elem()
		assert.Equal(t, c.want, a.Assigned(a.Of(v)), "%s: %+v", c.name, c.v)
		v = reflect.ValueOf(c.v) // not addressable
		assert.Equal(t, c.want, a.Assigned(a.Of(v)), "%s: %+v", c.name, c.v)
	}
	assert.False(t, attr.Of(reflect.TypeFor[Name]()).Assigned(reflect.ValueOf(Name{})))
	assert.True(t, attr.Of(reflect.TypeFor[Name]()).Assigned(reflect.ValueOf(Name{HonorificSuffix: "III"})))
}

func TestTime(t *testing.T) {
	when := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
	assert.Equal(t, when, attr.Time(reflect.ValueOf(when)))
	assert.Equal(t, when, attr.Time(reflect.ValueOf(&when).Elem()))
}

func TestValueOf(t *testing.T) {
	type holder struct {
		Plain   bool  `json:"plain"`
		Pointer *bool `json:"pointer,omitempty"`
	}
	p := attr.Of(reflect.TypeFor[holder]())
	plain, pointer := p.Lookup("plain"), p.Lookup("pointer")
	shared := new(true)
	v := holder{Plain: true, Pointer: shared}
	f := reflect.ValueOf(&v).Elem()
	assert.True(t, plain.True(plain.Of(f)))
	assert.True(t, pointer.True(pointer.Of(f)))
	assert.True(t, pointer.Pointed(pointer.Of(f)).Bool())
	for _, a := range []*attr.Attribute{plain, pointer} {
		a.Put(a.Of(f), reflect.ValueOf(false))
		assert.False(t, a.True(a.Of(f)))
		assert.False(t, a.Pointed(a.Of(f)).Bool())
	}
	assert.True(t, *shared, "what others may share stays as it is")
	v.Pointer = nil
	assert.False(t, pointer.True(pointer.Of(f)))
}
