package patch_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// difference is two states of a resource and the operations that lead from one to the other.
type difference struct {
	name     string
	from, to string
	want     []string // op, path and value; nil: none
	faults   []denial
}

func checkDiffs[T any](t *testing.T, cases []difference) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			from, to := storedIn[T](t, trial{stored: c.from}), storedIn[T](t, trial{stored: c.to})
			twin, other := storedIn[T](t, trial{stored: c.from}), storedIn[T](t, trial{stored: c.to})
			op, err := patch.Diff(from, to)
			atRun, runErr := patch.DiffOf(from, to)
			assert.Equal(t, []*T{twin, other}, []*T{from, to}, "the arguments are changed")
			if c.faults != nil {
				assert.Nil(t, op)
				assert.Nil(t, atRun)
				denied(t, err, c.faults, "Diff")
				denied(t, runErr, c.faults, "DiffOf")
				return
			}
			require.NoError(t, err)
			require.NoError(t, runErr)
			if c.want == nil {
				assert.Nil(t, op)
				assert.Nil(t, atRun)
				return
			}
			require.NotNil(t, op)
			assert.Equal(t, op.Operations, atRun.Operations)
			var got []string
			for _, o := range op.Operations {
				s := o.Op + " " + o.Path
				if o.Value != nil {
					s += fmt.Sprintf(" %v", o.Value)
				}
				got = append(got, s)
			}
			for i := range c.want {
				c.want[i] = abbreviated.Replace(c.want[i])
			}
			assert.Equal(t, c.want, got)
			result, err := patch.Apply(from, op)
			require.NoError(t, err)
			assert.Equal(t, result, sentOver(t, from, op), "sent over the wire it does the same")
			left, err := patch.Diff(result, to)
			require.NoError(t, err)
			assert.Nil(t, left, "the result is another")
		})
	}
}

// sentOver applies operations that have been written and read.
func sentOver[T any](t *testing.T, from *T, op *resource.PatchOp[T]) *T {
	t.Helper()
	text, err := resource.Marshal(resource.PatchRequest, op)
	require.NoError(t, err)
	read, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, text, resource.Strict())
	require.NoError(t, err)
	result, err := patch.Apply(from, read)
	require.NoError(t, err)
	return result
}

func TestDiff(t *testing.T) {
	const e = `"emails":[{"value":"a","type":"work"},{"value":"b","type":"home"},{"value":"c"}]`
	checkDiffs[Worker](t, []difference{
		{name: "7644-3.5.1-01/nothing", from: `"title":"T",` + e, to: `"title":"T",` + e},
		{name: "7644-3.5.1-01/simple", from: `"title":"T","nickName":"N"`, to: `"title":"U","locale":"en"`, want: []string{"remove nickName", "replace title U", "replace locale en"}},
		{name: "7644-3.5.1-01/boolean", from: `"active":true`, to: `"active":false`, want: []string{"replace active false"}},
		{name: "7644-3.5.1-01/another case", from: `"title":"T"`, to: `"title":"t"`, want: []string{"replace title t"}},
		{name: "7644-3.5.1-01/complex", from: `"name":{"givenName":"B","familyName":"J"}`, to: `"name":{"givenName":"B","familyName":"K"}`, want: []string{"replace name { K    }"}},
		{name: "7644-3.5.1-02/part left out", from: `"name":{"givenName":"B","familyName":"J"}`, to: `"name":{"givenName":"C"}`, want: []string{"remove name.familyName", "replace name {  C   }"}},
		{name: "7644-3.5.1-02/complex left out", from: `"name":{"givenName":"B"}`, to: ``, want: []string{"remove name"}},
		{name: "7644-3.5.1-02/list left out", from: e, to: ``, want: []string{"remove emails"}},
		{name: "7644-3.5.1-01/new list", from: ``, to: `"roles":[{"value":"r"}]`, want: []string{"add roles [{r   <nil>}]"}},
		{name: "7644-3.5.1-01/element more", from: e, to: `"emails":[{"value":"a","type":"work"},{"value":"b","type":"home"},{"value":"c"},{"value":"d"}]`, want: []string{"add emails [{d   <nil>}]"}},
		{name: "7644-3.5.1-01/element less", from: e, to: `"emails":[{"value":"a","type":"work"},{"value":"c"}]`, want: []string{`remove emails[value eq "b" and type eq "home"]`}},
		{name: "7644-3.5.1-01/element less and more", from: e, to: `"emails":[{"value":"d"},{"value":"a","type":"work"},{"value":"c"}]`, want: []string{`remove emails[value eq "b" and type eq "home"]`, "add emails [{d   <nil>}]"}},
		{name: "7644-3.5.1-01/part of an element", from: e, to: `"emails":[{"value":"a","type":"work","display":"A"},{"value":"b","type":"home"},{"value":"c"}]`, want: []string{`replace emails[value eq "a" and type eq "work"].display A`}},
		{name: "7644-3.5.1-02/part of an element left out", from: `"emails":[{"value":"a","display":"A"},{"value":"b"}]`, to: `"emails":[{"value":"a"},{"value":"b"}]`, want: []string{`remove emails[value eq "a"].display`}},
		{name: "7643-2.4-04/primary moves", from: `"emails":[{"value":"a","primary":true},{"value":"b"}]`, to: `"emails":[{"value":"a"},{"value":"b","primary":true}]`, want: []string{`remove emails[value eq "a"].primary`, `replace emails[value eq "b"].primary true`}},
		{name: "7643-2.3.8-02/order says nothing", from: e, to: `"emails":[{"value":"c"},{"value":"a","type":"work"},{"value":"b","type":"home"}]`},
		{name: "7644-3.5.1-01/nothing in common", from: `"emails":[{"value":"a"}]`, to: `"emails":[{"value":"b"}]`, want: []string{"replace emails [{b   <nil>}]"}},
		{name: "7644-3.5.1-04/readOnly is not compared", from: `"groups":[{"value":"g"}],"meta":{"version":"1"}`, to: `"id":"2","meta":{"version":"2"}`},
		{name: "AMB-24/nor is a password", from: `"password":"hunter2"`, to: `"password":"hunter3"`},
		{name: "AMB-24/nor one left out", from: `"password":"hunter2"`, to: ``},
		{name: "7644-3.5.2-13/extension", from: ``, to: `"<E>":{"department":"D"}`, want: []string{"replace <E>:department D"}},
		{name: "AMB-20/extension left out", from: `"<E>":{"department":"D","division":"V"}`, to: ``, want: []string{"remove <E>"}},
		{name: "7644-3.5.2-13/attribute of an extension", from: `"<E>":{"department":"D","division":"V"}`, to: `"<E>":{"department":"C"}`, want: []string{"remove <E>:division", "replace <E>:department C"}},
		{name: "7643-4.3-01/manager", from: `"<E>":{"manager":{"value":"2","displayName":"M"}}`, to: `"<E>":{"manager":{"value":"3"}}`, want: []string{"replace <E>:manager {3  }"}},
	})
	checkDiffs[resource.Group](t, []difference{
		{name: "7643-4.2-02/members", from: `"members":[{"value":"1"},{"value":"2","type":"User"},{"value":"3"}]`, to: `"members":[{"value":"4"},{"value":"2"}]`, want: []string{`remove members[value eq "1" or value eq "3"]`, "add members [{4   }]"}},
		{name: "7643-4.2-02/display of a member is the server's", from: `"members":[{"value":"1","display":"One"}]`, to: `"members":[{"value":"1"}]`},
		{name: "7643-4.2-02/renamed group", from: `"displayName":"A","members":[{"value":"1"}]`, to: `"displayName":"B","members":[{"value":"1"}]`, want: []string{"replace displayName B"}},
	})
	checkDiffs[Crate](t, []difference{
		{name: "7644-3.5.1-01/simple values", from: `"tags":["a","b"]`, to: `"tags":["c","a"]`, want: []string{`remove tags[value eq "b"]`, "add tags [c]"}},
		{name: "7644-3.5.1-03/immutable, none stored", from: ``, to: `"serial":"s","site":{"room":"R"},"marks":["m"]`, want: []string{"replace serial s", "replace site { R}", "add marks [m]"}},
		{name: "7644-3.5.1-03/immutable, the same", from: `"serial":"s","marks":["a","b"]`, to: `"serial":"s","marks":["b","a"]`},
		{name: "7644-3.5.1-03/immutable, another", from: `"serial":"s"`, to: `"serial":"t"`, faults: frozen("serial", "is immutable")},
		{name: "AMB-23/immutable, left out", from: `"serial":"s"`, to: ``, faults: frozen("serial", "is immutable")},
		{name: "7644-3.5.1-03/immutable list", from: `"marks":["a"]`, to: `"marks":["a","b"]`, faults: frozen("marks", "is immutable")},
		{name: "7644-3.5.1-03/immutable part", from: `"owner":{"value":"o","fixed":"f"}`, to: `"owner":{"value":"o","fixed":"g"}`, faults: frozen("owner.fixed", "is immutable")},
		{name: "7644-3.5.1-03/value with an immutable part left out", from: `"owner":{"value":"o","fixed":"f"}`, to: ``, faults: frozen("owner.fixed", "is immutable")},
		{name: "7644-3.5.1-03/extension with something immutable left out", from: `"<GATE>":{"color":"c","serial":"s"}`, to: ``, faults: frozen("<GATE>:serial", "is immutable")},
		{name: "7644-3.5.1-03/deep inside an extension left out", from: `"<GATE>":{"color":"c","<LOCK>":{"fixed":"f"}}`, to: ``, faults: frozen("<LOCK>:fixed", "is immutable")},
		{name: "7644-3.5.1-03/several at once", from: `"serial":"s","<GATE>":{"serial":"s"}`, to: `"serial":"t","<GATE>":{"serial":"t"}`, faults: append(frozen("serial", "is immutable"), frozen("<GATE>:serial", "is immutable")...)},
		{name: "7644-3.5.1-08/element with another immutable part", from: `"parts":[{"value":"1","fixed":"f"},{"value":"2"}]`, to: `"parts":[{"value":"1","fixed":"g"},{"value":"2"}]`, want: []string{`remove parts[value eq "1"]`, "add parts [{1   [] <nil> g [secret]  }]"}},
		{name: "7644-3.5.2-13/extension in an extension", from: `"<GATE>":{"color":"c"}`, to: `"<GATE>":{"color":"c","<LOCK>":{"kind":"k"}}`, want: []string{"replace <LOCK>:kind k"}},
	})
	checkDiffs[Gauge](t, []difference{
		{name: "7644-3.5.1-01/plain values", from: `"flag":true,"int":5`, to: `"flag":false,"int":0`, want: []string{"replace flag false", "replace int 0"}},
		{name: "7644-3.5.1-01/plain parts", from: `"plain":{"on":true,"count":5}`, to: `"plain":{"on":false,"count":5}`, want: []string{"replace plain {false 5 }"}},
		{name: "7644-3.5.1-02/pointer to plain parts left out", from: `"plainP":{"on":true,"count":5}`, to: ``, want: []string{"remove plainP"}},
	})
}

// A large list that changes little becomes few operations, in filters that are not too long.
func TestDiffOfMany(t *testing.T) {
	from, to := members(10_000), members(10_000)
	to.Members = to.Members[350:]
	to.Members = append(to.Members, resource.Member{Value: "new"})
	op, err := patch.Diff(from, to)
	require.NoError(t, err)
	assert.Len(t, op.Operations, 5, "350 values in filters of a hundred, and one add")
	got, err := patch.Apply(from, op)
	require.NoError(t, err)
	assert.Equal(t, to.Members, got.Members)
}

// Two types, or none, have no difference that a PATCH could tell.
func TestDiffRefused(t *testing.T) {
	user := &Worker{}
	op, err := patch.Diff(user, nil)
	assert.Nil(t, op)
	ofProgram(t, err)
	op, err = patch.Diff(nil, user)
	assert.Nil(t, op)
	ofProgram(t, err)
	for _, pair := range [][2]any{{user, &resource.Group{}}, {nil, user}, {user, 5}, {*user, *user}, {&resource.Name{}, &resource.Name{}}, {&resource.EnterpriseUser{}, &resource.EnterpriseUser{}}} {
		op, err := patch.DiffOf(pair[0], pair[1])
		assert.Nil(t, op, reflect.TypeOf(pair[0]))
		ofProgram(t, err)
	}
}
