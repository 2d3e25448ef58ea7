package patch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// Every tolerance that concerns a PATCH: on, off, and alone. Where it takes several, each of them is needed.

func TestTolerances(t *testing.T) {
	const emails = `"emails":[{"value":"a@x","type":"work"},{"value":"b@x","type":"home"}]`
	unlisted := deny("invalidFilter", "Operations[0].path", "")
	runTrials[Worker](t, []trial{
		{name: "7643-2.3.2-01/BooleanStrings", ops: `{"op":"replace","path":"active","value":"False"}`, want: `"active":false`, repairs: []string{"BooleanStrings active"}, strict: badValue("active", "must be true or false")},
		{name: "AMB-06/BooleanStrings without path", ops: `{"op":"add","value":{"active":"TRUE"}}`, want: `"active":true`, repairs: []string{"BooleanStrings active"}, strict: badValue("active", "must be true or false")},
		{name: "AMB-06/BooleanStrings of a part", stored: emails, ops: `{"op":"add","path":"emails[type eq \"work\"].primary","value":"true"}`, want: `"emails":[{"value":"a@x","type":"work","primary":true},{"value":"b@x","type":"home"}]`, repairs: []string{`BooleanStrings emails[type eq "work"].primary`}, strict: badValue(`emails[type eq "work"].primary`, "must be true or false")},
		{name: "AMB-06/BooleanStrings in an element", ops: `{"op":"add","path":"roles","value":[{"value":"r","primary":"True"}]}`, want: `"roles":[{"value":"r","primary":true}]`, repairs: []string{"BooleanStrings roles[0].primary"}, strict: badValue("roles[0].primary", "must be true or false")},
		{name: "AMB-06/BooleanStrings in the filter", stored: `"roles":[{"value":"r","primary":true}]`, ops: `{"op":"replace","path":"roles[primary eq \"True\"].value","value":"s"}`, want: `"roles":[{"value":"s","primary":true}]`, repairs: []string{"BooleanStrings roles.primary"}, strict: unlisted},
		{name: "7643-2.3.2-01/yes is no boolean", ops: `{"op":"replace","path":"active","value":"yes"}`, faults: badValue("active", "must be true or false")},
		{name: "7643-2.3.2-01/nor is 1", ops: `{"op":"replace","path":"active","value":1}`, faults: badValue("active", "must be true or false")},

		{name: "7643-4.3-01/BareValue", ops: `{"op":"add","path":"<E>:manager","value":"2"}`, want: `"<E>":{"manager":{"value":"2"}}`, repairs: []string{"BareValue <E>:manager"}, strict: badValue("<E>:manager", `must be an object, not the string "2"`)},
		{name: "AMB-06/BareValue inside a container", ops: `{"op":"replace","value":{"<E>":{"manager":"2"}}}`, want: `"<E>":{"manager":{"value":"2"}}`, repairs: []string{"BareValue <E>:manager"}, strict: badValue("<E>:manager", `must be an object, not the string "2"`)},
		{name: "AMB-06/BareValue of elements", ops: `{"op":"add","path":"emails","value":["a@x"]}`, want: `"emails":[{"value":"a@x"}]`, repairs: []string{"BareValue emails[0]"}, strict: badValue("emails[0]", `must be an object, not the string "a@x"`)},
		{name: "7644-3.5.2.3-08/BareValue of matches", stored: emails, ops: `{"op":"replace","path":"emails[type eq \"work\"]","value":"c@x"}`, want: `"emails":[{"value":"c@x","type":"work"},{"value":"b@x","type":"home"}]`, repairs: []string{`BareValue emails[type eq "work"]`}, strict: badValue(`emails[type eq "work"]`, `must be an object, not the string "c@x"`)},
		{name: "AMB-06/BareValue of a value without value", ops: `{"op":"add","path":"name","value":"Barbara"}`, faults: badValue("name", `must be an object, not the string "Barbara"`)},

		{name: "7643-2.4-01/SingleAsList", stored: emails, ops: `{"op":"replace","path":"emails","value":{"value":"c@x"}}`, want: `"emails":[{"value":"c@x"}]`, repairs: []string{"SingleAsList emails"}, strict: badValue("emails", "must be an array")},
		{name: "AMB-06/SingleAsList without path", ops: `{"op":"replace","value":{"emails":{"value":"c@x"}}}`, want: `"emails":[{"value":"c@x"}]`, repairs: []string{"SingleAsList emails"}, strict: badValue("emails", "must be an array")},
		{name: "AMB-06/one element of an add needs none", ops: `{"op":"add","path":"emails","value":{"value":"c@x"}}`, want: `"emails":[{"value":"c@x"}]`},
		{name: "7643-2.4-01/a list for a single value", ops: `{"op":"replace","path":"title","value":["T"]}`, faults: badValue("title", "must be a string, not an array")},

		{name: "AMB-22/PathKeys", ops: `{"op":"replace","value":{"name.givenName":"B","<E>:department":"D","title":"T"}}`, want: `"name":{"givenName":"B"},"<E>":{"department":"D"},"title":"T"`, repairs: []string{"PathKeys name.givenName", "PathKeys <E>:department"}, strict: append(badForm("name.givenName", "is a path, not the name of an attribute"), badForm("<E>:department", "is a path")...)},
		{name: "AMB-22/PathKeys with a part of an extension", ops: `{"op":"add","value":{"<E>:manager.value":"2"}}`, want: `"<E>":{"manager":{"value":"2"}}`, repairs: []string{"PathKeys <E>:manager.value"}, strict: badForm("<E>:manager.value", "is a path")},
		{name: "AMB-22/PathKeys with a filter", stored: emails, ops: `{"op":"replace","value":{"emails[type eq \"work\"].value":"c@x"}}`, want: `"emails":[{"value":"c@x","type":"work"},{"value":"b@x","type":"home"}]`, repairs: []string{`PathKeys emails[type eq "work"].value`}, strict: badForm(`emails[type eq "work"].value`, "is a path")},
		{name: "AMB-22/PathKeys with the core URN", ops: `{"op":"replace","value":{"<U>:title":"T"}}`, want: `"title":"T"`, repairs: []string{"PathKeys title"}, strict: badForm("<U>:title", "is a path")},
		{name: "AMB-22/PathKeys inside a container", ops: `{"op":"replace","value":{"<E>":{"manager.value":"2"}}}`, want: `"<E>":{"manager":{"value":"2"}}`, repairs: []string{"PathKeys <E>:manager.value"}, strict: badForm("<E>:manager.value", "is a path")},
		{name: "AMB-22/a mistake in a known path is no unknown attribute", ops: `{"op":"replace","value":{"name.shoeSize":"B"}}`, faults: deny("invalidPath", "name.shoeSize", "is no attribute of User"), strict: badForm("name.shoeSize", "is a path")},
		{name: "AMB-03/an unknown attribute of an extension", ops: `{"op":"replace","value":{"<E>":{"shoeSize":43,"department":"D"}}}`, want: `"<E>":{"department":"D"}`},
		{name: "AMB-22/a core container is a path", ops: `{"op":"add","value":{"<U>":{"title":"T"}}}`, want: `"title":"T"`, repairs: []string{"PathKeys <U>"}, strict: badForm("<U>", "is a path")},
		{name: "AMB-03/an unknown attribute with a dot", ops: `{"op":"replace","value":{"shoe.size":"B","title":"T"}}`, want: `"title":"T"`, strict: badForm("shoe.size", "is a path")},

		{name: "AMB-12/CreateOnMiss", stored: emails, ops: `{"op":"add","path":"emails[type eq \"other\"].value","value":"c@x"}`, want: `"emails":[{"value":"a@x","type":"work"},{"value":"b@x","type":"home"},{"value":"c@x","type":"other"}]`, repairs: []string{`CreateOnMiss emails[type eq "other"].value`}, strict: missed(`emails[type eq "other"].value`, "matches no value")},
		{name: "AMB-12/CreateOnMiss makes one element, not one per operation", ops: `{"op":"add","path":"addresses[type eq \"work\"].locality","value":"L"},{"op":"add","path":"addresses[type eq \"work\"].country","value":"US"}`, want: `"addresses":[{"type":"work","locality":"L","country":"US"}]`, repairs: []string{`CreateOnMiss addresses[type eq "work"].locality`}, strict: missed(`addresses[type eq "work"].locality`, "matches no value")},
		{name: "AMB-12/of a boolean sent as a string", ops: `{"op":"add","path":"roles[primary eq \"True\"].value","value":"r"}`, want: `"roles":[{"value":"r","primary":true}]`, repairs: []string{"BooleanStrings roles.primary", `CreateOnMiss roles[primary eq true].value`}, strict: unlisted},
		{name: "AMB-12/of an object", ops: `{"op":"add","path":"emails[type eq \"other\"]","value":{"value":"c@x"}}`, want: `"emails":[{"value":"c@x","type":"other"}]`, repairs: []string{`CreateOnMiss emails[type eq "other"]`}, strict: missed(`emails[type eq "other"]`, "matches no value")},
		{name: "AMB-16/IgnoreOnMiss", stored: emails, ops: `{"op":"remove","path":"emails[type eq \"other\"].value"}`, repairs: []string{`IgnoreOnMiss emails[type eq "other"].value`}, strict: missed(`emails[type eq "other"].value`, "matches no value")},
		{name: "AMB-16/null of what is not there", stored: emails, ops: `{"op":"replace","path":"emails[type eq \"other\"].value","value":null}`, repairs: []string{`IgnoreOnMiss emails[type eq "other"].value`}, strict: missed(`emails[type eq "other"].value`, "matches no value")},

		{name: "AMB-11/SameReadOnly", ops: `{"op":"replace","value":{"id":"1","schemas":["<U>"],"displayName":"D"}}`, want: `"displayName":"D"`, repairs: []string{"SameReadOnly id"}, strict: frozen("id", "is readOnly")},

		{name: "AMB-03/UnknownSubAttributes", ops: `{"op":"add","path":"roles","value":[{"value":"r","displayName":"R"}]}`, want: `"roles":[{"value":"r"}]`, repairs: []string{"UnknownSubAttributes roles[0].displayName"}, strict: badForm("roles[0].displayName", "")},
		{name: "AMB-03/UnknownSubAttributes of a complex value", ops: `{"op":"replace","path":"name","value":{"givenName":"B","nickName":"b"}}`, want: `"name":{"givenName":"B"}`, repairs: []string{"UnknownSubAttributes name.nickName"}, strict: badForm("name.nickName", "")},
		{name: "AMB-03/UnknownSubAttributes of matches", stored: emails, ops: `{"op":"add","path":"emails[type eq \"work\"]","value":{"display":"D","x":1}}`, want: `"emails":[{"value":"a@x","type":"work","display":"D"},{"value":"b@x","type":"home"}]`, repairs: []string{`UnknownSubAttributes emails[type eq "work"].x`}, strict: badForm(`emails[type eq "work"].x`, "")},
		{name: "AMB-03/nothing but unknown ones clears nothing", stored: emails, ops: `{"op":"replace","path":"emails","value":[{"x":1}]}`, repairs: []string{"UnknownSubAttributes emails[0].x"}, faults: badValue("emails", "has no value that the schema knows"), strict: badForm("emails[0].x", "")},

		{name: "AMB-04/UnknownSchemas", ops: `{"op":"add","value":{"schemas":["<U>","urn:x:y"],"title":"T"}}`, want: `"title":"T"`, repairs: []string{"UnknownSchemas schemas"}, strict: badValue("schemas", "urn:x:y")},
		{name: "AMB-05/UndeclaredExtension has no place in a PATCH", ops: `{"op":"add","value":{"schemas":["<U>"],"<E>":{"department":"D"}}}`, want: `"<E>":{"department":"D"}`},

		{name: "7643-3.1-07/EmptyStrings", stored: `"externalId":"e"`, ops: `{"op":"replace","path":"externalId","value":""}`, want: `"externalId":null`, repairs: []string{"EmptyStrings externalId"}, strict: badValue("externalId", "must not be empty")},
		{name: "7643-2.3.1-02/an empty string is a string", stored: `"title":"T"`, ops: `{"op":"replace","path":"title","value":""}`, want: `"title":null`},
		{name: "7643-2.3.1-02/an empty string of a part", stored: emails, ops: `{"op":"replace","path":"emails[type eq \"work\"].value","value":""}`, want: `"emails":[{"type":"work"},{"value":"b@x","type":"home"}]`},
		{name: "AMB-06/EmptyStrings of a complex value", stored: `"<E>":{"department":"D","manager":{"value":"2"}}`, ops: `{"op":"replace","path":"<E>:manager","value":""}`, want: `"<E>":{"department":"D"}`, repairs: []string{"EmptyStrings <E>:manager"}, strict: badValue("<E>:manager", `must be an object, not the string ""`)},
		{name: "AMB-06/EmptyStrings of a list", stored: emails, ops: `{"op":"replace","path":"emails","value":""}`, want: `"emails":null`, repairs: []string{"EmptyStrings emails"}, strict: badValue("emails", "must be an array")},
		{name: "AMB-06/EmptyStrings of a boolean", stored: `"active":true`, ops: `{"op":"replace","path":"active","value":""}`, want: `"active":null`, repairs: []string{"EmptyStrings active"}, strict: badValue("active", "must be true or false")},
		{name: "AMB-06/add of an empty string adds nothing", stored: `"active":true`, ops: `{"op":"add","path":"active","value":""}`, repairs: []string{"EmptyStrings active"}, strict: badValue("active", "must be true or false")},

		{name: "AMB-36/FilterBlanks", stored: emails, ops: `{"op":"remove","path":"emails[ type  eq \"work\" ]"}`, want: `"emails":[{"value":"b@x","type":"home"}]`, repairs: []string{"FilterBlanks path"}, strict: unlisted},
		{name: "AMB-35/FilterLiteralCase", stored: `"roles":[{"value":"r","primary":true}]`, ops: `{"op":"replace","path":"roles[primary eq TRUE].value","value":"s"}`, want: `"roles":[{"value":"s","primary":true}]`, repairs: []string{"FilterLiteralCase path"}, strict: unlisted},
		{name: "AMB-10/an extension's attribute needs its URN in a path", ops: `{"op":"add","path":"department","value":"D"}`, faults: badPath("is no attribute")},
	})
	t.Run("AMB-17/RemoveByValue", testRemoveByValue)
}

func testRemoveByValue(t *testing.T) {
	const stored = `"members":[{"value":"1"},{"value":"2"},{"value":"3"}]`
	by := func(repairs ...string) []string { return append([]string{"RemoveByValue members"}, repairs...) }
	strict := badValue("members", "is removed without a value; a filter in the path chooses among several")
	runTrials[resource.Group](t, []trial{
		{name: "AMB-17/elements", stored: stored, ops: `{"op":"remove","path":"members","value":[{"value":"1"},{"value":"3"}]}`, want: `"members":[{"value":"2"}]`, repairs: by(), strict: strict},
		{name: "AMB-17/one element", stored: stored, ops: `{"op":"remove","path":"members","value":{"value":"1"}}`, want: `"members":[{"value":"2"},{"value":"3"}]`, repairs: by(), strict: strict},
		{name: "AMB-17/bare values", stored: stored, ops: `{"op":"remove","path":"members","value":["1"]}`, want: `"members":[{"value":"2"},{"value":"3"}]`, repairs: []string{"RemoveByValue members", "BareValue members[0]"}, strict: strict},
		{name: "AMB-17/in an object with the attribute's name", stored: stored, ops: `{"op":"remove","path":"members","value":{"members":[{"value":"1"}]}}`, want: `"members":[{"value":"2"},{"value":"3"}]`, repairs: by(), strict: strict},
		{name: "AMB-17/one that is not there", stored: stored, ops: `{"op":"remove","path":"members","value":[{"value":"9"}]}`, repairs: by(`IgnoreOnMiss members[value eq "9"]`), strict: strict},
		{name: "AMB-17/with a filter both choose", stored: `"members":[{"value":"1","type":"User"},{"value":"2","type":"Group"}]`, ops: `{"op":"remove","path":"members[type eq \"User\"]","value":[{"value":"1"},{"value":"2"}]}`, want: `"members":[{"value":"2","type":"Group"}]`, repairs: []string{`RemoveByValue members[type eq "User"]`}, strict: badValue(`members[type eq "User"]`, "is removed without a value")},
		{name: "AMB-17/null counts as no value", stored: stored, ops: `{"op":"remove","path":"members","value":null}`, want: `"members":null`},
		{name: "AMB-17/an empty list removes nothing", stored: stored, ops: `{"op":"remove","path":"members","value":[]}`, repairs: by(), strict: strict},
		{name: "AMB-17/nothing to go by removes nothing", stored: stored, ops: `{"op":"remove","path":"members","value":[{"x":"1"}]}`, repairs: by("UnknownSubAttributes members[0].x"), faults: badValue("members", "must name the values to remove, each by its value or by all its parts"), strict: strict},
		{name: "AMB-17/an empty object removes nothing", stored: stored, ops: `{"op":"remove","path":"members","value":{}}`, repairs: by(), faults: badValue("members", "must name the values to remove, each by its value or by all its parts"), strict: strict},
		{name: "AMB-17/a number removes nothing", stored: stored, ops: `{"op":"remove","path":"members","value":5}`, repairs: by(), faults: badValue("members", "must be an object"), strict: strict},
		{name: "AMB-17/all of them by name", stored: stored, ops: `{"op":"remove","path":"members","value":[{"value":"1"},{"value":"2"},{"value":"3"}]}`, want: `"members":null`, repairs: by(), strict: strict},
	})
	runTrials[Worker](t, []trial{
		{name: "AMB-17/value and type", stored: `"emails":[{"value":"a","type":"work"},{"value":"a","type":"home"}]`, ops: `{"op":"remove","path":"emails","value":[{"value":"a","type":"home"}]}`, want: `"emails":[{"value":"a","type":"work"}]`, repairs: []string{"RemoveByValue emails"}, strict: badValue("emails", "is removed without a value")},
		{name: "AMB-17/a single value goes", stored: `"title":"T"`, ops: `{"op":"remove","path":"title","value":"T"}`, want: `"title":null`, repairs: []string{"RemoveByValue title"}, strict: badValue("title", "is removed without a value")},
		{name: "AMB-17/an extension cannot be removed by value", stored: `"<E>":{"department":"D"}`, ops: `{"op":"remove","path":"<E>","value":{"department":"D"}}`, faults: badValue("<E>", "cannot be removed by value; the path alone says what to remove"), strict: badValue("<E>", "is removed without a value")},
		{name: "AMB-17/a part of all elements cannot", stored: `"emails":[{"value":"a"}]`, ops: `{"op":"remove","path":"emails.value","value":"a"}`, faults: badValue("emails.value", "cannot be removed by value; the path alone says what to remove"), strict: badValue("emails.value", "is removed without a value")},
	})
	runTrials[Crate](t, []trial{
		{name: "AMB-17/simple values", stored: `"tags":["a","b"]`, ops: `{"op":"remove","path":"tags","value":["A"]}`, want: `"tags":["b"]`, repairs: []string{"RemoveByValue tags"}, strict: badValue("tags", "is removed without a value")},
		{name: "AMB-17/an element without value by all it has", stored: `"parts":[{"note":"n","type":"t"},{"note":"n"}]`, ops: `{"op":"remove","path":"parts","value":[{"note":"n","type":"t"}]}`, want: `"parts":[{"note":"n"}]`, repairs: []string{"RemoveByValue parts"}, strict: badValue("parts", "is removed without a value")},
		{name: "AMB-17/of an extension", stored: `"<GATE>":{"tags":["a"]}`, ops: `{"op":"remove","path":"<GATE>:tags","value":["a"]}`, want: `"<GATE>":null`, repairs: []string{"RemoveByValue <GATE>:tags"}, strict: badValue("<GATE>:tags", "is removed without a value")},
		{name: "7643-4.1.1-10/no secret is reported", stored: `"vaults":[{"value":"hunter2"}]`, ops: `{"op":"remove","path":"vaults","value":[{"value":"hunter"}]}`, repairs: []string{"RemoveByValue vaults"}, faults: deny("invalidFilter", "vaults", "is never returned and cannot be used in a filter"), strict: badValue("vaults", "is removed without a value")},
	})
}

// RejectUnknown concerns what a value has and the schema has not (AMB-03).
func TestRejectUnknownInPatch(t *testing.T) {
	reject := []resource.Option{resource.RejectUnknown()}
	runTrials[Worker](t, []trial{
		{name: "AMB-03/attribute", ops: `{"op":"add","value":{"shoeSize":43}}`, opts: reject, faults: badForm("shoeSize", "is no attribute of User")},
		{name: "AMB-03/misspelled", ops: `{"op":"add","value":{"titel":"T"}}`, opts: reject, faults: badForm("titel", "is no attribute of User; did you mean title?")},
		{name: "AMB-03/misspelled in an extension", ops: `{"op":"add","value":{"<E>":{"departmemt":"D"}}}`, opts: reject, faults: badForm("<E>:departmemt", "; did you mean urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department?")},
		{name: "AMB-03/misspelled sub-attribute", ops: `{"op":"replace","path":"name","value":{"givenNam":"B"}}`, opts: reject, faults: badForm("name.givenNam", "is no sub-attribute of this attribute; did you mean givenName?")},
		{name: "AMB-03/misspelled key that is a path", ops: `{"op":"replace","value":{"name.givenNam":"B"}}`, faults: deny("invalidPath", "name.givenNam", `"name.givenNam" is no attribute of User; did you mean name.givenName?`), strict: badForm("name.givenNam", "is a path")},
		{name: "AMB-10/misspelled path", ops: `{"op":"remove","path":"emials[type eq \"work\"]"}`, faults: badPath(`"emials" is no attribute of User; did you mean emails?`)},
		{name: "AMB-10/misspelled sub-attribute of a path", ops: `{"op":"replace","path":"emails[type eq \"work\"].vlaue","value":"x"}`, faults: badPath(`"emails" has no sub-attribute "vlaue"; did you mean value?`)},
		{name: "AMB-03/attribute of an extension", ops: `{"op":"add","value":{"<E>":{"shoeSize":43}}}`, opts: reject, faults: badForm("<E>:shoeSize", "is no attribute")},
		{name: "AMB-03/extension", ops: `{"op":"add","value":{"urn:x:y":{"a":1}}}`, opts: reject, faults: badForm("urn:x:y", "is no attribute")},
		{name: "AMB-03/sub-attribute", ops: `{"op":"add","path":"name","value":{"shoeSize":43}}`, opts: reject, faults: badForm("name.shoeSize", "")},
		{name: "AMB-03/sub-attribute of an element", ops: `{"op":"add","path":"emails","value":[{"value":"a","x":1}]}`, opts: reject, faults: badForm("emails[0].x", "")},
		{name: "AMB-04/unknown URN in schemas", ops: `{"op":"add","value":{"schemas":["<U>","urn:x:y"]}}`, opts: reject, faults: badForm("schemas", "urn:x:y"), strict: badValue("schemas", "urn:x:y")},
		{name: "AMB-10/path", ops: `{"op":"add","path":"shoeSize","value":43}`, opts: reject, faults: badPath("is no attribute of User")},
		{name: "AMB-10/path without anything near", ops: `{"op":"add","path":"x","value":43}`, opts: reject, faults: badPath("\"x\" is no attribute of User")},
		{name: "AMB-03/known attributes pass", ops: `{"op":"add","value":{"title":"T","<E>":{"department":"D"}}}`, opts: reject, want: `"title":"T","<E>":{"department":"D"}`},
	})
}

// A report of repairs tells what was sent, but never of an attribute that is never returned.
func TestRepairsTell(t *testing.T) {
	var repairs []resource.Repair
	op, err := resource.Validate[resource.PatchOp[Crate]](resource.PatchRequest, bodyOf(trial{ops: `{"op":"remove","path":"tags","value":["t"]},{"op":"remove","path":"pin","value":"s3cret"},{"op":"replace","path":"owner","value":"bare"},{"op":"add","value":{"<GATE>":{"owner.pin":"s3cret"}}},{"op":"replace","path":"vaults","value":"s3cret"}`}), resource.Repairs(&repairs))
	require.NoError(t, err)
	_, err = patch.Apply(&Crate{Name: "N", Code: "C"}, op, resource.Repairs(&repairs))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(repairs), 6)
	for _, r := range repairs {
		assert.NotContains(t, r.Got, "s3cret", "%+v", r)
		if r.Path == "pin" {
			assert.Equal(t, "[secret]", r.Got, "%+v", r)
		}
		if r.Path == "owner" { // has a secret part, which the text may be meant for
			assert.Equal(t, "[secret]", r.Got)
		}
	}
}
