package patch_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// changesIn reads a PATCH and tells its changes, in both forms.
func changesIn[T any](t *testing.T, ops string) []patch.Change {
	t.Helper()
	body := bodyOf(trial{ops: ops})
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body)
	require.NoError(t, err)
	got, err := patch.Changes(op)
	require.NoError(t, err)
	kind := reflect.TypeFor[T]()
	other, err := resource.ValidateAs(kind, resource.PatchRequest, body)
	require.NoError(t, err)
	again, err := patch.ChangesOf(kind, anyOp(t, other))
	require.NoError(t, err)
	require.Equal(t, got, again, "at run time")
	return got
}

// anyOp is what ValidateAs yields for a PATCH.
func anyOp(t *testing.T, v any) *resource.PatchOp[any] {
	t.Helper()
	op, ok := v.(*resource.PatchOp[any])
	require.True(t, ok, "%T", v)
	return op
}

// line writes a change in one line.
func line(c patch.Change) string {
	s := c.Op
	if c.Schema != "" {
		s += " " + c.Schema
	}
	s += " " + c.Attribute
	if c.SubAttribute != "" {
		s += "." + c.SubAttribute
	}
	if c.Filter != nil {
		s += " [" + filter.Format(c.Filter) + "]"
	}
	if c.Value != nil {
		s += fmt.Sprintf(" %T %+v", c.Value, c.Value)
	}
	if c.OnMiss != resource.MissRFC {
		s += fmt.Sprint(" miss ", c.OnMiss)
	}
	return s
}

// One Change per effect on one attribute, in the order of the operations.
func TestChanges(t *testing.T) {
	type row struct {
		name string
		ops  string
		want []string
	}
	check := func(t *testing.T, c row, got []patch.Change) {
		t.Helper()
		lines := make([]string, 0, len(got))
		for _, change := range got {
			lines = append(lines, line(change))
		}
		for i := range c.want {
			c.want[i] = abbreviated.Replace(c.want[i])
		}
		assert.Equal(t, c.want, lines)
	}
	for _, c := range []row{
		{"7644-3.5.2-08/in order", `{"op":"add","path":"title","value":"T"},{"op":"remove","path":"nickName"},{"op":"Replace","path":"title","value":"U"}`, []string{"add <U> title string T", "remove <U> nickName", "replace <U> title string U"}},
		{"7644-3.5.2.1-03/path-less", `{"op":"add","value":{"title":"T","emails":[{"value":"a"}],"<E>":{"department":"D"}}}`, []string{"add <U> title string T", "add <U> emails []resource.Email [{Value:a Display: Type: Primary:<nil>}]", "add <E> department string D"}},
		{"7644-3.5.2.1-07/complex part by part", `{"op":"replace","path":"name","value":{"givenName":"B","familyName":"J"}}`, []string{"replace <U> name.familyName string J", "replace <U> name.givenName string B"}},
		{"7644-3.5.2.3-03/with a part that is null", `{"op":"replace","path":"name","value":{"givenName":"B","familyName":null}}`, []string{"remove <U> name.familyName", "replace <U> name.givenName string B"}},
		{"7644-3.5.2.2-03/all of a complex value", `{"op":"remove","path":"name"}`, []string{"remove <U> name"}},
		{"7644-3.5.2.2-03/a part", `{"op":"remove","path":"name.givenName"}`, []string{"remove <U> name.givenName"}},
		{"7643-4.3-02/readOnly parts are no changes", `{"op":"add","path":"<E>:manager","value":{"value":"2","displayName":"M"}}`, []string{"add <E> manager.value string 2"}},
		{"7643-2.5-05/null is a remove", `{"op":"replace","value":{"title":null,"emails":[]}}`, []string{"remove <U> title", "remove <U> emails"}},
		{"7644-3.5.2.1-14/add of nothing is no change", `{"op":"add","value":{"title":null,"emails":[]}}`, []string{}},
		{"7643-2.3.2-01/no pointers", `{"op":"add","path":"active","value":true}`, []string{"add <U> active bool true"}},
		{"AMB-11/what is said of readOnly attributes", `{"op":"replace","value":{"id":"1","title":"T"}}`, []string{"replace <U> id string 1", "replace <U> title string T"}},
		{"AMB-12/a miss", `{"op":"add","path":"emails[type eq \"work\"].value","value":"a"}`, []string{`add <U> emails.value [type eq "work"] string a miss 2`}},
		{"AMB-14/an element", `{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"a"}}`, []string{`replace <U> emails [type eq "work"] resource.Email {Value:a Display: Type: Primary:<nil>}`}},
		{"AMB-16/removed elements", `{"op":"remove","path":"EMAILS[TYPE eq \"work\"]"}`, []string{`remove <U> emails [type eq "work"] miss 1`}},
		{"AMB-15/all elements", `{"op":"replace","path":"emails.display","value":"D"}`, []string{"replace <U> emails.display string D"}},
		{"AMB-17/by value", `{"op":"remove","path":"emails","value":[{"value":"a","type":"work"},{"value":"b"}]}`, []string{`remove <U> emails [value eq "a" and type eq "work" or value eq "b"] miss 1`}},
		{"AMB-21/an extension", `{"op":"remove","path":"<E>"}`, []string{"remove <E> "}},
		{"AMB-21/attributes of an extension", `{"op":"add","path":"<E>","value":{"department":"D","manager":{"value":"2"}}}`, []string{"add <E> department string D", "add <E> manager.value string 2"}},
		{"7644-3.5.2-14/schemas", `{"op":"remove","path":"schemas[value eq \"<E>\"]"}`, []string{"remove <E> "}},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, c, changesIn[Worker](t, c.ops)) })
	}
	for _, c := range []row{
		{"7644-3.5.2.1-09/lists of pointers", `{"op":"add","path":"boxes","value":[{"value":"1"}]}`, nil},
		{"7644-3.5.2.1-09/simple values", `{"op":"add","path":"tags","value":["a","b"]}`, []string{"add <CRATE> tags []string [a b]"}},
		{"7644-3.5.2.1-09/one of them", `{"op":"replace","path":"tags[value eq \"a\"]","value":"b"}`, []string{`replace <CRATE> tags [value eq "a"] string b`}},
		{"7644-3.5.2-13/extension in an extension", `{"op":"add","path":"<LOCK>:kind","value":"k"}`, []string{"add <LOCK> kind string k"}},
		{"7643-4.1.1-07/a secret stays one", `{"op":"replace","path":"pin","value":"hunter2"}`, []string{"replace <CRATE> pin resource.Secret [secret]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := changesIn[Crate](t, c.ops)
			if c.want == nil {
				assert.Equal(t, []*CratePart{{Value: "1"}}, got[0].Value)
				return
			}
			check(t, c, got)
		})
	}
	t.Run("7644-3.5.2.1-09/types", func(t *testing.T) {
		got := changesIn[Gauge](t, `{"op":"add","value":{"flagP":true,"intP":5,"small":-1,"size":7,"floatP":0.5,"at":"2011-05-13T04:42:34Z","atP":"2011-05-13T04:42:34Z","blob":"AQID","textP":"a","plain":{"on":true,"count":2},"ints":[1],"times":["2011-05-13T04:42:34Z"]}}`)
		at := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
		values := make([]any, 0, len(got))
		for _, c := range got {
			values = append(values, c.Value)
		}
		assert.Equal(t, []any{true, int64(5), int8(-1), uint16(7), float32(0.5), at, at, []byte{1, 2, 3}, "a", true, 2, []int{1}, []time.Time{at}}, values)
	})
}

// Keys are the values that a filter of value eq "..." terms names.
func TestKeys(t *testing.T) {
	for path, want := range map[string][]string{
		`members[value eq \"1\"]`:                                           {"1"},
		`members[VALUE EQ \"1\"]`:                                           {"1"},
		`members[value eq \"1\" or value eq \"2\"]`:                         {"1", "2"},
		`members[value eq \"1\" or (value eq \"2\" or value eq \"3\")]`:     nil, // grouped from the right
		`members[value eq \"1\" or value eq \"2\" or value eq \"3\"]`:       {"1", "2", "3"},
		`members[value eq \"1\" and type eq \"User\"]`:                      nil,
		`members[value eq \"1\" or type eq \"User\"]`:                       nil,
		`members[value ne \"1\"]`:                                           nil,
		`members[value sw \"1\"]`:                                           nil,
		`members[value pr]`:                                                 nil,
		`members[not (value eq \"1\")]`:                                     nil,
		`members[type eq \"User\"]`:                                         nil,
		`members`:                                                           nil,
		`members[value eq \"1\" or value eq \"2\" and type eq \"User\"]`:    nil,
		`members[value eq \"1\" or value eq \"2\" or not (value eq \"3\")]`: nil,
		`members[(value eq \"1\" or value eq \"2\") and value eq \"3\"]`:    nil,
		`members[type eq \"User\" or value eq \"2\" or value eq \"3\"]`:     nil,
		`members[value eq \"a\\\"b\"]`:                                      {`a"b`},
		`members[value eq \"1\" or value eq \"1\"]`:                         {"1", "1"},
		`members[(value eq \"1\" or value eq \"2\") or value eq \"3\"]`:     {"1", "2", "3"},
		`members[(value eq \"1\")]`:                                         {"1"},
		`members[value eq \"1\" or value eq null]`:                          nil,
		`members[value eq null]`:                                            nil,
	} {
		t.Run("AMB-17/"+path, func(t *testing.T) {
			body := bodyOf(trial{ops: `{"op":"remove","path":"` + path + `"}`})
			op, err := resource.Validate[resource.PatchOp[resource.Group]](resource.PatchRequest, body)
			require.NoError(t, err)
			got, err := patch.Changes(op)
			require.NoError(t, err)
			require.Len(t, got, 1)
			values, ok := got[0].Keys()
			assert.Equal(t, want != nil, ok)
			assert.Equal(t, want, values)
		})
	}
	_, ok := patch.Change{}.Keys()
	assert.False(t, ok)
}

// A remove of many members by value makes several changes, none of which has a filter too long to be read.
func TestKeysOfMany(t *testing.T) {
	list := make([]any, 0, 1000)
	for i := range 1000 {
		list = append(list, map[string]any{"value": fmt.Sprint("member-", i)})
	}
	op := &resource.PatchOp[resource.Group]{Operations: []resource.PatchOperation{{Op: "remove", Path: "members", Value: list}}}
	got, err := patch.Changes(op)
	require.NoError(t, err)
	assert.Len(t, got, 10)
	n := 0
	for _, c := range got {
		keys, ok := c.Keys()
		require.True(t, ok)
		for _, k := range keys {
			assert.Equal(t, fmt.Sprint("member-", n), k)
			n++
		}
	}
	assert.Equal(t, 1000, n)
}

// Changes refuses what Validate refuses.
func TestChangesRefused(t *testing.T) {
	none, err := patch.Changes[Worker](nil)
	require.NoError(t, err)
	assert.Empty(t, none)
	none, err = patch.ChangesOf(reflect.TypeFor[Worker](), nil)
	require.NoError(t, err)
	assert.Empty(t, none)
	none, err = patch.Changes(&resource.PatchOp[Worker]{Operations: []resource.PatchOperation{{Op: "remove", Path: "userName"}}})
	assert.Nil(t, none)
	denied(t, err, frozen("userName", "is required"), "by hand")
	for _, kind := range []reflect.Type{reflect.TypeFor[resource.Name](), reflect.TypeFor[resource.EnterpriseUser](), reflect.TypeFor[int](), reflect.TypeFor[resource.SearchRequest](), reflect.TypeFor[resource.ResourceType]()} {
		none, err = patch.ChangesOf(kind, &resource.PatchOp[any]{})
		assert.Nil(t, none)
		ofProgram(t, err)
	}
}
