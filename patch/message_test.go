package patch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// Requirements section 6: paths and the sequence of operations. What concerns the form of the message is tested in package resource.

func TestPaths(t *testing.T) {
	const stored = `"name":{"familyName":"J","givenName":"B"},"addresses":[{"type":"work","locality":"L"}],"emails":[{"value":"a@x","type":"work"},{"value":"b@x","type":"home"}]`
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2-12/attribute and part", stored: stored, ops: `{"op":"replace","path":"name.familyName","value":"K"}`, want: `"name":{"familyName":"K","givenName":"B"}`},
		{name: "7644-3.5.2-12/value path", stored: stored, ops: `{"op":"remove","path":"addresses[type eq \"work\"]"}`, want: `"addresses":null`},
		{name: "7644-3.5.2-12/value path with part", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"].locality","value":"M"}`, want: `"addresses":[{"type":"work","locality":"M"}]`},
		{name: "7644-3.5.2-12/with and, or, not and parentheses", stored: stored, ops: `{"op":"remove","path":"emails[(type eq \"work\" or value sw \"z\") and not (value ew \"y\")]"}`, want: `"emails":[{"value":"b@x","type":"home"}]`},
		{name: "7644-3.5.2-12/a bracket in a string", stored: `"emails":[{"value":"a]b","type":"w[1].x"}]`, ops: `{"op":"replace","path":"emails[type eq \"w[1].x\"].value","value":"c"}`, want: `"emails":[{"value":"c","type":"w[1].x"}]`},
		{name: "7644-3.5.2-12/an escape in a string", stored: `"emails":[{"value":"a\"b"}]`, ops: `{"op":"remove","path":"emails[value eq \"a\\\"b\"]"}`, want: `"emails":null`},
		{name: "7644-3.10-03/any case", stored: stored, ops: `{"op":"replace","path":"NAME.givenname","value":"C"}`, want: `"name":{"familyName":"J","givenName":"C"}`},
		{name: "7644-3.10-03/any case in the filter", stored: stored, ops: `{"op":"replace","path":"Emails[TYPE EQ \"WORK\"].Value","value":"c@x"}`, want: `"emails":[{"value":"c@x","type":"work"},{"value":"b@x","type":"home"}]`},
		{name: "7644-3.10-03/qualified", stored: stored, ops: `{"op":"replace","path":"<U>:name.givenName","value":"C"}`, want: `"name":{"familyName":"J","givenName":"C"}`},
		{name: "7644-3.10-03/qualified with a filter", stored: stored, ops: `{"op":"remove","path":"<U>:emails[type eq \"work\"]"}`, want: `"emails":[{"value":"b@x","type":"home"}]`},
		{name: "7644-3.10-03/URN in any case", stored: stored, ops: `{"op":"add","path":"URN:IETF:params:scim:schemas:extension:ENTERPRISE:2.0:user:Department","value":"D"}`, want: `"<E>":{"department":"D"}`},
		{name: "7644-3.10-03/core URN alone is the resource", ops: `{"op":"add","path":"<U>","value":{"title":"T"}}`, want: `"title":"T"`},
		{name: "7644-3.10-03/core URN alone, remove", ops: `{"op":"remove","path":"<U>"}`, faults: missed("Operations[0].path", "is required")},
		{name: "AMB-09/op in another case", ops: `{"op":"Add","path":"title","value":"T"},{"op":"REPLACE","path":"nickName","value":"N"},{"op":"rEmove","path":"userType"}`, want: `"title":"T","nickName":"N"`},
	})
}

func TestSequence(t *testing.T) {
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2-08/each on the result of the one before", ops: `{"op":"add","path":"title","value":"A"},{"op":"replace","path":"title","value":"B"}`, want: `"title":"B"`},
		{name: "7644-3.5.2-08/a filter finds what was added", ops: `{"op":"add","path":"emails","value":{"value":"a@x","type":"work"}},{"op":"replace","path":"emails[type eq \"work\"].display","value":"W"}`, want: `"emails":[{"value":"a@x","type":"work","display":"W"}]`},
		{name: "7644-3.5.2-08/and not what was removed", stored: `"emails":[{"value":"a@x","type":"work"}]`, ops: `{"op":"remove","path":"emails"},{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"b"}}`, faults: missed(`emails[type eq "work"]`, "matches no value that the resource has (Operations[1])")},
		{name: "7644-3.5.2-08/there and back again is no change", stored: `"title":"A"`, ops: `{"op":"replace","path":"title","value":"B"},{"op":"replace","path":"title","value":"A"}`},
		{name: "7644-3.5.2-08/removed and added again is no change", stored: `"emails":[{"value":"a@x","type":"work"}]`, ops: `{"op":"remove","path":"emails"},{"op":"add","path":"emails","value":[{"value":"a@x","type":"work"}]}`},
		{name: "7644-3.5.2-08/a value several times", stored: `"title":"A"`, ops: `{"op":"remove","path":"title"},{"op":"add","path":"title","value":"B"},{"op":"remove","path":"title"}`, want: `"title":null`},
		{name: "7644-3.5.2-08/merged one after the other", ops: `{"op":"add","path":"name","value":{"givenName":"B"}},{"op":"add","path":"name.familyName","value":"J"},{"op":"replace","value":{"name":{"givenName":"C"}}}`, want: `"name":{"givenName":"C","familyName":"J"}`},
		{name: "7644-3.5.2-09/the second fails", stored: `"title":"A"`, ops: `{"op":"replace","path":"title","value":"B"},{"op":"replace","path":"emails[type eq \"none\"]","value":{"value":"x"}}`, faults: missed(`emails[type eq "none"]`, "(Operations[1])")},
		{name: "7644-3.5.2-09/the second is malformed", stored: `"title":"A"`, ops: `{"op":"replace","path":"title","value":"B"},{"op":"add","path":"title..x","value":"C"}`, faults: deny("invalidPath", "Operations[1].path", "")},
		{
			name: "7644-3.12-16/all faults at once, in order", ops: `{"op":"move","path":"title"},{"op":"add","path":"active","value":"x"},{"op":"remove"},{"op":"add","path":"nope","value":1},{"op":"remove","path":"userName"}`,
			faults: append(append(append(append(badForm("Operations[0].op", `must be add, remove or replace, not "move"`), badValue("active", "(Operations[1])")...), missed("Operations[2].path", "is required")...),
				deny("invalidPath", "Operations[3].path", "nope")...), frozen("userName", "is required and cannot be removed (Operations[4])")...),
		},
		{name: "7644-3.5.2-17/userName unassigned by remove", ops: `{"op":"remove","path":"userName"}`, faults: frozen("userName", "is required and cannot be removed")},
		{name: "7644-3.5.2-17/userName unassigned by replace", ops: `{"op":"replace","path":"userName","value":null}`, faults: badValue("userName", "is required")},
		{name: "7644-3.5.2-17/userName emptied", ops: `{"op":"replace","path":"userName","value":""}`, faults: badValue("userName", "is required")},
		{name: "7644-3.5.2-17/userName emptied without path", ops: `{"op":"replace","value":{"userName":""}}`, faults: badValue("userName", "is required")},
		{name: "7643-4.1.1-10/a value without path may be a password", ops: `{"op":"replace","value":"t1meMa$heen"}`, faults: badValue("Operations[0].value", "the path names none, not a string")},
		{name: "7643-4.1.1-10/a number without path may be one, too", ops: `{"op":"replace","value":5}`, faults: badValue("Operations[0].value", "the path names none, not a number")},
		{name: "7644-3.5.2-03/an extension without secrets", ops: `{"op":"add","path":"<E>","value":"Sales"}`, faults: badValue("<E>", `must be an object of attributes where the path names none, not the string "Sales"`)},
		{name: "7644-3.5.2-03/incompatible with the schema", ops: `{"op":"replace","path":"active","value":"yes"}`, faults: badValue("active", `must be true or false, not the string "yes"`)},
	})
}

// RFC 7644 section 3.5.2: where nothing changes, the very same resource comes back, so that no store touches lastModified.
func TestNothingChanges(t *testing.T) {
	const stored = `"title":"T","active":true,"name":{"givenName":"B"},"emails":[{"value":"a@x","type":"work","primary":true}],"meta":{"version":"W/\"1\"","lastModified":"2020-01-01T00:00:00Z"},"<E>":{"department":"D","manager":{"value":"2","$ref":"../Users/2","displayName":"M"}}`
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2.1-02/add of what is there", stored: stored, ops: `{"op":"add","path":"title","value":"T"},{"op":"add","path":"emails","value":[{"value":"a@x","type":"work","primary":true}]}`},
		{name: "7644-3.5.2.1-02/an address in another case", stored: stored, ops: `{"op":"add","path":"emails","value":[{"value":"A@X","type":"Work"}]}`},
		{name: "7644-3.5.2.1-02/replace by what is there", stored: stored, ops: `{"op":"replace","value":{"title":"T","active":true,"name":{"givenName":"B"},"emails":[{"value":"a@x","type":"work","primary":true}]}}`},
		{name: "7644-3.5.2.1-02/of an extension", stored: stored, ops: `{"op":"replace","path":"<E>","value":{"department":"D","manager":{"value":"2"}}}`},
		{name: "7644-3.5.2.1-02/primary that is primary", stored: stored, ops: `{"op":"replace","path":"emails[type eq \"work\"].primary","value":true}`},
		{name: "7644-3.5.2.1-02/remove of what is not there", stored: stored, ops: `{"op":"remove","path":"nickName"},{"op":"remove","path":"photos"},{"op":"remove","path":"<E>:division"},{"op":"remove","path":"name.familyName"}`},
		{name: "7643-3.1-16/another case is a change", stored: stored, ops: `{"op":"replace","path":"title","value":"t"}`, want: `"title":"t"`},
		{name: "7643-3.1-16/what the server keeps stays", stored: stored, ops: `{"op":"replace","path":"title","value":"U"}`, want: `"title":"U"`},
	})
	t.Run("7643-3.1-16/the version that stands for the content", func(t *testing.T) {
		user := &resource.User{Resource: resource.Resource{ID: "1", Meta: resource.Meta{Version: `W/"1"`}}, UserName: "b"}
		same, err := patch.Apply(user, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{{Op: "remove", Path: "title"}}})
		require.NoError(t, err)
		assert.Same(t, user, same)
		other, err := patch.Apply(user, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{{Op: "add", Path: "title", Value: "T"}}})
		require.NoError(t, err)
		assert.NotSame(t, user, other)
		assert.Equal(t, user.Meta, other.Meta, "meta is the store's to change")
	})
}

// RFC 7643 section 2.4: at most one value is primary.
func TestPrimary(t *testing.T) {
	const (
		stored = `"emails":[{"value":"w","type":"work","primary":true},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false}]`
		flip   = `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home","primary":true},{"value":"o","type":"other","primary":false}]`
	)
	two := badValue("emails[1].primary", "")
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2-15/add of an element", stored: stored, ops: `{"op":"add","path":"emails","value":{"value":"n","primary":true}}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false},{"value":"n","primary":true}]`},
		{name: "7644-3.5.2-15/add without path", stored: stored, ops: `{"op":"add","value":{"emails":[{"value":"n","primary":true}]}}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false},{"value":"n","primary":true}]`},
		{name: "7644-3.5.2-15/add of an element that is there", stored: stored, ops: `{"op":"add","path":"emails","value":[{"value":"h","type":"home","primary":true}]}`, want: flip},
		{name: "7644-3.5.2-15/replace of a part", stored: stored, ops: `{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}`, want: flip},
		{name: "7644-3.5.2-15/add of a part", stored: stored, ops: `{"op":"add","path":"emails[type eq \"home\"].primary","value":true}`, want: flip},
		{name: "7644-3.5.2-15/add to a value path", stored: stored, ops: `{"op":"add","path":"emails[type eq \"home\"]","value":{"primary":true}}`, want: flip},
		{name: "7644-3.5.2-15/replace of an element", stored: stored, ops: `{"op":"replace","path":"emails[type eq \"home\"]","value":{"value":"h","type":"home","primary":true}}`, want: flip},
		{name: "7644-3.5.2-15/two operations", stored: stored, ops: `{"op":"add","path":"emails","value":{"value":"n","primary":true}},{"op":"add","path":"emails","value":{"value":"m","primary":true}}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false},{"value":"n","primary":false},{"value":"m","primary":true}]`},
		{name: "7644-3.5.2-15/new list", stored: stored, ops: `{"op":"replace","path":"emails","value":[{"value":"n","primary":true}]}`, want: `"emails":[{"value":"n","primary":true}]`},
		{name: "7644-3.5.2-15/false sets no other", stored: stored, ops: `{"op":"replace","path":"emails[type eq \"work\"].primary","value":false}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false}]`},
		{name: "7644-3.5.2-15/removed sets no other", stored: stored, ops: `{"op":"remove","path":"emails[type eq \"work\"].primary"}`, want: `"emails":[{"value":"w","type":"work"},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false}]`},
		{
			name: "7644-3.5.2-15/created", stored: stored, ops: `{"op":"add","path":"emails[type eq \"x\"].primary","value":true}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false},{"type":"x","primary":true}]`,
			repairs: []string{`CreateOnMiss emails[type eq "x"].primary`}, strict: missed(`emails[type eq "x"].primary`, "matches no value"),
		},
		{
			name: "7644-3.5.2-15/created of a filter", stored: stored, ops: `{"op":"add","path":"emails[type eq \"x\" and primary eq true].value","value":"n"}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home"},{"value":"o","type":"other","primary":false},{"value":"n","type":"x","primary":true}]`,
			repairs: []string{`CreateOnMiss emails[type eq "x" and primary eq true].value`}, strict: missed(`emails[type eq "x" and primary eq true].value`, "matches no value"),
		},
		{name: "7644-3.5.2-16/the flip comes before the next operation", stored: stored, ops: `{"op":"replace","path":"emails[type eq \"home\"].primary","value":true},{"op":"add","path":"emails[primary eq true].display","value":"D"}`, want: `"emails":[{"value":"w","type":"work","primary":false},{"value":"h","type":"home","primary":true,"display":"D"},{"value":"o","type":"other","primary":false}]`},
		{name: "7643-2.4-09/two in an add", stored: stored, ops: `{"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]}`, faults: two},
		{name: "7643-2.4-09/two in an add without path", stored: stored, ops: `{"op":"add","value":{"emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}}`, faults: two},
		{name: "7643-2.4-10/two in a new list", stored: stored, ops: `{"op":"replace","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]}`, faults: two},
		{name: "7643-2.4-09/two matches become primary", stored: stored, ops: `{"op":"replace","path":"emails[value pr].primary","value":true}`, faults: badValue(`emails[value pr].primary`, "only one value can be primary, and the operation makes several so")},
		{name: "7643-2.4-09/two matches become primary by add", stored: stored, ops: `{"op":"add","path":"emails[type ne \"other\"]","value":{"primary":true}}`, faults: badValue(`emails[type ne "other"]`, "only one value can be primary, and the operation makes several so")},
		{name: "7643-2.4-09/two matches become primary by replace", stored: stored, ops: `{"op":"replace","path":"emails[type ne \"other\"]","value":{"value":"n","primary":true}}`, faults: badValue(`emails[type ne "other"]`, "only one value can be primary, and the operation makes several so")},
		{name: "7643-2.4-09/all become primary", stored: stored, ops: `{"op":"replace","path":"emails.primary","value":true}`, faults: badValue(`emails.primary`, "only one value can be primary, and the operation makes several so")},
	})
	runTrials[Crate](t, []trial{
		{name: "7644-3.5.2-15/elements behind pointers", stored: `"boxes":[{"value":"1","primary":true},{"value":"2"}]`, ops: `{"op":"replace","path":"boxes[value eq \"2\"].primary","value":true}`, want: `"boxes":[{"value":"1","primary":false},{"value":"2","primary":true}]`},
		{name: "7644-3.5.2-15/in an extension", stored: `"<GATE>":{"parts":[{"value":"1","primary":true},{"value":"2"}]}`, ops: `{"op":"add","path":"<GATE>:parts","value":{"value":"3","primary":true}}`, want: `"<GATE>":{"parts":[{"value":"1","primary":false},{"value":"2"},{"value":"3","primary":true}]}`},
		{name: "7643-2.4-09/in an extension", ops: `{"op":"add","path":"<GATE>:parts","value":[{"value":"1","primary":true},{"value":"2","primary":true}]}`, faults: badValue("<GATE>:parts[1].primary", "")},
	})
	runTrials[Gauge](t, []trial{
		{name: "7644-3.5.2-15/a plain boolean", stored: `"counted":[{"value":1,"primary":true},{"value":2}]`, ops: `{"op":"replace","path":"counted[value eq 2].primary","value":true}`, want: `"counted":[{"value":1},{"value":2,"primary":true}]`},
	})
}

// Without operations, or a resource, there is little to do.
func TestApplyNothing(t *testing.T) {
	user := &Worker{}
	got, err := patch.Apply(user, nil)
	require.NoError(t, err)
	assert.Same(t, user, got)
	got, err = patch.Apply(user, &resource.PatchOp[Worker]{})
	require.NoError(t, err)
	assert.Same(t, user, got)
	other, err := patch.ApplyTo(user, nil)
	require.NoError(t, err)
	assert.Same(t, user, other)

	got, err = patch.Apply(nil, &resource.PatchOp[Worker]{})
	assert.Nil(t, got)
	ofProgram(t, err)
	for _, v := range []any{nil, (*Worker)(nil), Worker{}, 5, "x", &[]int{1}, new(5), &resource.Name{}, &resource.EnterpriseUser{}, &resource.SearchRequest{}, &resource.ServiceProviderConfig{}, &resource.ResourceType{}} {
		other, err := patch.ApplyTo(v, &resource.PatchOp[any]{})
		assert.Nil(t, other, "%T", v)
		ofProgram(t, err)
	}
}

// ofProgram checks for a mistake of the program, which a client sees as a bare 500.
func ofProgram(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	assert.Equal(t, 500, scimerrors.From(err).Status, "%v", err)
	assert.Equal(t, "internal server error", scimerrors.From(err).Detail)
}
