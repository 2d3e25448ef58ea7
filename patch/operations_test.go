package patch_test

import (
	"testing"

	"github.com/scimmodels/scim/resource"
)

// Requirements sections 7 to 9: what the cross table of operation by target does not tell.

func TestAdd(t *testing.T) {
	const stored = `"title":"A","name":{"givenName":"B","familyName":"J"},"emails":[{"value":"a@x","type":"work"}]`
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2.1-03/names in any case", ops: `{"op":"add","value":{"nickname":"Babs","EMAILS":[{"VALUE":"a@x"}]}}`, want: `"nickName":"Babs","emails":[{"value":"a@x"}]`},
		{name: "7644-3.5.2.1-07/parts are merged", stored: stored, ops: `{"op":"add","path":"name","value":{"givenName":"X"}}`, want: `"name":{"givenName":"X","familyName":"J"}`},
		{name: "7644-3.5.2.1-07/no object", stored: stored, ops: `{"op":"add","path":"name","value":"x"}`, faults: badValue("name", `must be an object, not the string "x"`)},
		{name: "7644-3.5.2.1-09/one object", stored: stored, ops: `{"op":"add","path":"emails","value":{"value":"b@x"}}`, want: `"emails":[{"value":"a@x","type":"work"},{"value":"b@x"}]`},
		{name: "7644-3.5.2.1-09/several", stored: stored, ops: `{"op":"add","path":"emails","value":[{"value":"b@x"},{"value":"c@x"}]}`, want: `"emails":[{"value":"a@x","type":"work"},{"value":"b@x"},{"value":"c@x"}]`},
		{name: "7644-3.5.2.1-10/partly new", stored: stored, ops: `{"op":"add","path":"emails","value":[{"value":"a@x","type":"work"},{"value":"b@x"}]}`, want: `"emails":[{"value":"a@x","type":"work"},{"value":"b@x"}]`},
		{name: "7644-3.5.2.1-10/twice in one list", ops: `{"op":"add","path":"emails","value":[{"value":"b@x"},{"value":"B@x"}]}`, want: `"emails":[{"value":"b@x"}]`},
		{name: "7643-2.4-08/one value under several types", stored: stored, ops: `{"op":"add","path":"emails","value":{"value":"a@x","type":"home"}}`, want: `"emails":[{"value":"a@x","type":"work"},{"value":"a@x","type":"home"}]`},
		{name: "7644-3.5.2.1-11/a part of each match", stored: `"emails":[{"value":"a","type":"work"},{"value":"b","type":"Work"},{"value":"c"}]`, ops: `{"op":"add","path":"emails[type eq \"work\"].display","value":"W"}`, want: `"emails":[{"value":"a","type":"work","display":"W"},{"value":"b","type":"Work","display":"W"},{"value":"c"}]`},
		{name: "7644-3.5.2.1-12/a word for a boolean", ops: `{"op":"add","path":"active","value":"x"}`, faults: badValue("active", `must be true or false, not the string "x"`)},
		{name: "7644-3.5.2.1-14/empty list", stored: stored, ops: `{"op":"add","path":"emails","value":[]}`},
		{name: "7644-3.5.2.1-14/null", stored: stored, ops: `{"op":"add","path":"title","value":null}`},
		{name: "7644-3.5.2.1-14/null of a list", stored: stored, ops: `{"op":"add","path":"emails","value":null}`},
		{name: "7644-3.5.2.1-14/null inside a path-less value", stored: stored, ops: `{"op":"add","value":{"title":null,"emails":null,"name":{"givenName":null}}}`},
		{name: "7644-3.5.2.1-14/null of what is required", ops: `{"op":"add","path":"userName","value":null}`},
		{name: "AMB-07/a value whose parts are all null", stored: stored, ops: `{"op":"add","path":"emails","value":[{"value":null,"type":null},null]}`},
		{name: "AMB-06/one element is legal", ops: `{"op":"add","path":"photos","value":{"value":"https://e/p"}}`, want: `"photos":[{"value":"https://e/p"}]`},
		{name: "AMB-06/inside a path-less value too", ops: `{"op":"add","value":{"photos":{"value":"https://e/p"}}}`, want: `"photos":[{"value":"https://e/p"}]`},
		{name: "AMB-15/a part of all elements", stored: `"emails":[{"value":"a"},{"value":"b","display":"B"}]`, ops: `{"op":"add","path":"emails.display","value":"D"}`, want: `"emails":[{"value":"a","display":"D"},{"value":"b","display":"D"}]`},
		{name: "AMB-15/no elements", ops: `{"op":"add","path":"emails.display","value":"D"}`, faults: missed("emails.display", "has no values that could be changed; add one first")},
		{name: "AMB-13/part of the merge is null", stored: `"emails":[{"value":"a","display":"D"}]`, ops: `{"op":"add","path":"emails[value eq \"a\"]","value":{"display":null,"type":"t"}}`, want: `"emails":[{"value":"a","display":"D","type":"t"}]`},
		{name: "AMB-03/unknown attribute", ops: `{"op":"add","value":{"shoeSize":43,"title":"T"}}`, want: `"title":"T"`},
		{name: "AMB-03/unknown extension", ops: `{"op":"add","value":{"urn:x:y":{"a":1},"title":"T"}}`, want: `"title":"T"`},
		{name: "7643-4.3-01/the manager", ops: `{"op":"add","path":"<E>:manager","value":{"value":"2","$ref":"../Users/2"}}`, want: `"<E>":{"manager":{"value":"2","$ref":"../Users/2"}}`},
		{name: "7643-3.1-06/externalId", ops: `{"op":"add","path":"externalId","value":"AbC"}`, want: `"externalId":"AbC"`},
	})
	runTrials[Crate](t, []trial{
		{name: "7644-3.5.2.1-09/a part that is a list", stored: `"owner":{"hints":["a"]}`, ops: `{"op":"add","path":"owner.hints","value":["b","A"]}`, want: `"owner":{"hints":["a","b"]}`},
		{name: "7644-3.5.2.1-09/one value for it", stored: `"owner":{"hints":["a"]}`, ops: `{"op":"add","path":"owner.hints","value":"b"}`, want: `"owner":{"hints":["a","b"]}`},
		{name: "7644-3.5.2.1-09/inside a merged value", stored: `"owner":{"hints":["a"]}`, ops: `{"op":"add","path":"owner","value":{"hints":["b"]}}`, want: `"owner":{"hints":["a","b"]}`},
		{name: "7644-3.5.2.1-09/of an element", stored: `"parts":[{"value":"1","hints":["a"]}]`, ops: `{"op":"add","path":"parts[value eq \"1\"].hints","value":["b"]}`, want: `"parts":[{"value":"1","hints":["a","b"]}]`},
	})
}

func TestRemove(t *testing.T) {
	const stored = `"title":"A","name":{"givenName":"B","middleName":"M"},"emails":[{"value":"a@example.com","type":"work","display":"D"},{"value":"b@x","type":"work"},{"value":"c@x","type":"home"}]`
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2.2-01/path-less", stored: stored, ops: `{"op":"remove","value":{"title":"A"}}`, faults: missed("Operations[0].path", "is required")},
		{name: "7644-3.5.2.2-02/single value", stored: stored, ops: `{"op":"remove","path":"title"}`, want: `"title":null`},
		{name: "7644-3.5.2.2-03/one part", stored: stored, ops: `{"op":"remove","path":"name.middleName"}`, want: `"name":{"givenName":"B"}`},
		{name: "7644-3.5.2.2-03/the only part", stored: `"name":{"givenName":"B"}`, ops: `{"op":"remove","path":"name.givenName"}`, want: `"name":null`},
		{name: "7644-3.5.2.2-05/matches go, the rest stays in order", stored: stored, ops: `{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}`, want: `"emails":[{"value":"b@x","type":"work"},{"value":"c@x","type":"home"}]`},
		{name: "7644-3.5.2.2-05/nothing left", stored: `"emails":[{"value":"a","type":"work"}]`, ops: `{"op":"remove","path":"emails[type eq \"work\"]"}`, want: `"emails":null`},
		{name: "7644-3.5.2.2-07/a part", stored: stored, ops: `{"op":"remove","path":"emails[type eq \"work\"].display"}`, want: `"emails":[{"value":"a@example.com","type":"work"},{"value":"b@x","type":"work"},{"value":"c@x","type":"home"}]`},
		{name: "AMB-15/a part of all elements", stored: stored, ops: `{"op":"remove","path":"emails.display"}`, want: `"emails":[{"value":"a@example.com","type":"work"},{"value":"b@x","type":"work"},{"value":"c@x","type":"home"}]`},
		{name: "AMB-15/no elements", ops: `{"op":"remove","path":"emails.display"}`},
		{name: "AMB-15/the only part of all", stored: `"emails":[{"value":"a"},{"value":"b"}]`, ops: `{"op":"remove","path":"emails.value"}`, want: `"emails":null`},
		{name: "7644-3.5.2.2-09/userName", ops: `{"op":"remove","path":"userName"}`, faults: frozen("userName", "is required and cannot be removed")},
		{name: "7644-3.5.2.2-09/userName with a value", ops: `{"op":"remove","path":"userName","value":"bjensen"}`, faults: frozen("userName", "is required")},
	})
	runTrials[resource.Group](t, []trial{
		{name: "7644-3.5.2.2-04/all members", stored: `"members":[{"value":"1"},{"value":"2"}]`, ops: `{"op":"remove","path":"members"}`, want: `"members":null`},
		{name: "7644-3.5.2.2-08/a member that is not there", stored: `"members":[{"value":"1"}]`, ops: `{"op":"remove","path":"members[value eq \"none\"]"}`, repairs: []string{`IgnoreOnMiss members[value eq "none"]`}, strict: missed(`members[value eq "none"]`, "matches no value")},
		{name: "7644-3.5.2.2-08/no members at all", ops: `{"op":"remove","path":"members[value eq \"none\"]"}`, repairs: []string{`IgnoreOnMiss members[value eq "none"]`}, strict: missed(`members[value eq "none"]`, "matches no value")},
		{name: "7644-3.5.2.2-08/one of several", stored: `"members":[{"value":"1"},{"value":"2"}]`, ops: `{"op":"remove","path":"members[value eq \"1\"]"},{"op":"remove","path":"members[value eq \"none\"]"}`, want: `"members":[{"value":"2"}]`, repairs: []string{`IgnoreOnMiss members[value eq "none"]`}, strict: missed(`members[value eq "none"]`, "(Operations[1])")},
		{name: "7644-3.5.2.2-08/the same twice", stored: `"members":[{"value":"1"},{"value":"2"}]`, ops: `{"op":"remove","path":"members[value eq \"1\"]"},{"op":"remove","path":"members[value eq \"1\"]"}`, want: `"members":[{"value":"2"}]`, repairs: []string{`IgnoreOnMiss members[value eq "1"]`}, strict: missed(`members[value eq "1"]`, "(Operations[1])")},
		{name: "7644-3.5.2.2-05/case of a member counts", stored: `"members":[{"value":"a"},{"value":"A"}]`, ops: `{"op":"remove","path":"members[value eq \"a\"]"}`, want: `"members":[{"value":"A"}]`},
		{name: "7644-3.5.2.2-09/displayName", ops: `{"op":"remove","path":"displayName"}`, faults: frozen("displayName", "is required")},
	})
	runTrials[Crate](t, []trial{
		{name: "7644-3.5.2.2-06/simple values", stored: `"tags":["x","y"]`, ops: `{"op":"remove","path":"tags[value eq \"x\"]"}`, want: `"tags":["y"]`},
		{name: "7644-3.5.2.2-06/by another operator", stored: `"tags":["xa","y","xb"]`, ops: `{"op":"remove","path":"tags[value sw \"x\"]"}`, want: `"tags":["y"]`},
		{name: "7644-3.5.2.2-07/what keeps an element is more than what the server sets", stored: `"parts":[{"note":"n","display":"D"},{"value":"1"}]`, ops: `{"op":"remove","path":"parts[note pr].note"}`, want: `"parts":[{"value":"1"}]`},
	})
}

func TestReplaceOperations(t *testing.T) {
	const stored = `"title":"A","name":{"givenName":"B","familyName":"J"},"addresses":[{"type":"work","locality":"L","country":"US"},{"type":"home","locality":"H"}]`
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2.3-01/the rest is untouched", stored: stored, ops: `{"op":"replace","value":{"addresses":[{"locality":"N"}],"name":{"givenName":"X"}}}`, want: `"addresses":[{"locality":"N"}],"name":{"givenName":"X","familyName":"J"}`},
		{name: "7644-3.5.2.3-03/a part that is null goes", stored: stored, ops: `{"op":"replace","path":"name","value":{"givenName":"X","familyName":null}}`, want: `"name":{"givenName":"X"}`},
		{name: "7644-3.5.2.3-03/all parts null", stored: stored, ops: `{"op":"replace","path":"name","value":{"givenName":null,"familyName":null}}`, want: `"name":null`},
		{name: "7644-3.5.2.3-03/no parts at all", stored: stored, ops: `{"op":"replace","path":"name","value":{}}`},
		{name: "AMB-14/the whole element", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work","locality":"M"}}`, want: `"addresses":[{"type":"work","locality":"M"},{"type":"home","locality":"H"}]`},
		{name: "AMB-14/with another type", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"]","value":{"locality":"M"}}`, want: `"addresses":[{"locality":"M"},{"type":"home","locality":"H"}]`},
		{name: "7643-2.4-08/a new list is what was sent", ops: `{"op":"replace","path":"addresses","value":[{"locality":"M"},{"locality":"M"}]}`, want: `"addresses":[{"locality":"M"},{"locality":"M"}]`},
		{name: "7644-3.5.2.3-06/other parts stay", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"].locality","value":"M"}`, want: `"addresses":[{"type":"work","locality":"M","country":"US"},{"type":"home","locality":"H"}]`},
		{name: "AMB-15/a part of all elements", stored: stored, ops: `{"op":"replace","path":"addresses.locality","value":"M"}`, want: `"addresses":[{"type":"work","locality":"M","country":"US"},{"type":"home","locality":"M"}]`},
		{name: "AMB-15/no elements", ops: `{"op":"replace","path":"addresses.locality","value":"M"}`, faults: missed("addresses.locality", "has no values that could be changed; add one first")},
		{name: "7643-2.5-05/null", stored: stored, ops: `{"op":"replace","path":"title","value":null}`, want: `"title":null`},
		{name: "7643-2.5-05/[]", stored: stored, ops: `{"op":"replace","path":"addresses","value":[]}`, want: `"addresses":null`},
		{name: "7643-2.5-05/inside a path-less value", stored: stored, ops: `{"op":"replace","value":{"title":null,"addresses":[],"name":null}}`, want: `"title":null,"addresses":null,"name":null`},
		{name: "7643-2.5-05/a part", stored: stored, ops: `{"op":"replace","path":"name.givenName","value":null}`, want: `"name":{"familyName":"J"}`},
		{name: "7643-2.5-05/elements", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"]","value":null}`, want: `"addresses":[{"type":"home","locality":"H"}]`},
		{name: "7643-2.5-05/a part of elements", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"].locality","value":null}`, want: `"addresses":[{"type":"work","country":"US"},{"type":"home","locality":"H"}]`},
		{name: "7643-2.5-05/empty values in a list", stored: stored, ops: `{"op":"replace","path":"addresses","value":[null,{},{"locality":"N"}]}`, want: `"addresses":[{"locality":"N"}]`},
		{name: "7643-2.5-05/nothing but empty values in a list", stored: stored, ops: `{"op":"replace","path":"addresses","value":[null]}`, faults: badValue("addresses", "has no value that the schema knows; null unassigns")},
		{name: "7643-2.5-05/null of what is required", ops: `{"op":"replace","path":"userName","value":null}`, faults: badValue("userName", "is required and cannot be unassigned")},
		{name: "7644-3.5.2.3-08/element that is no object", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"]","value":5}`, faults: badValue(`addresses[type eq "work"]`, "must be an object, not the number 5")},
		{name: "7644-3.5.2.3-08/element by a list", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"]","value":[{"locality":"M"}]}`, faults: badValue(`addresses[type eq "work"]`, "must be an object, not an array")},
		{name: "7644-3.5.2.3-08/element without anything the schema knows", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"work\"]","value":{}}`, faults: badValue(`addresses[type eq "work"]`, "has no value that the schema knows")},
		{name: "7644-3.5.2.3-07/no match", stored: stored, ops: `{"op":"replace","path":"addresses[type eq \"none\"]","value":{"locality":"M"}}`, faults: missed(`addresses[type eq "none"]`, "matches no value")},
		{name: "7643-2.3.7-01/a malformed reference", ops: `{"op":"replace","path":"profileUrl","value":"http://[::1"}`, faults: badValue("profileUrl", "")},
		{name: "7643-4.3-01/another manager has another $ref", stored: `"<E>":{"manager":{"value":"2","$ref":"../Users/2","displayName":"M"}}`, ops: `{"op":"replace","path":"<E>:manager.value","value":"3"}`, want: `"<E>":{"manager":{"value":"3"}}`},
		{name: "7643-4.3-01/unless one is given", stored: `"<E>":{"manager":{"value":"2","$ref":"../Users/2","displayName":"M"}}`, ops: `{"op":"replace","path":"<E>:manager","value":{"value":"3","$ref":"../Users/3"}}`, want: `"<E>":{"manager":{"value":"3","$ref":"../Users/3"}}`},
	})
	runTrials[resource.Group](t, []trial{
		{name: "7644-3.5.2.3-04/the whole list", stored: `"members":[{"value":"1"},{"value":"2","type":"User","display":"T"}]`, ops: `{"op":"replace","path":"members","value":[{"value":"2"},{"value":"3"},{"value":"3"}]}`, want: `"members":[{"value":"2","type":"User","display":"T"},{"value":"3"}]`},
		{name: "7643-2.5-05/null empties", stored: `"members":[{"value":"1"}]`, ops: `{"op":"replace","path":"members","value":null}`, want: `"members":null`},
		{name: "7643-2.5-05/$ref null", ops: `{"op":"add","path":"members","value":[{"value":"1","$ref":null}]}`, want: `"members":[{"value":"1"}]`},
	})
}
