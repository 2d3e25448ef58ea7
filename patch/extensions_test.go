package patch_test

import "testing"

// Extensions come and go with their attributes, and schemas says so (RFC 7644 section 3.5.2).
func TestExtensions(t *testing.T) {
	const stored = `"<E>":{"department":"D","manager":{"value":"2","displayName":"M"}}`
	runTrials[Worker](t, []trial{
		{name: "7644-3.5.2-13/first attribute", ops: `{"op":"add","path":"<E>:employeeNumber","value":"1"}`, want: `"<E>":{"employeeNumber":"1"}`},
		{name: "7644-3.5.2-13/part of an attribute", ops: `{"op":"replace","path":"<E>:manager.value","value":"2"}`, want: `"<E>":{"manager":{"value":"2"}}`},
		{name: "7644-3.5.2.1-04/container in a path-less value", stored: stored, ops: `{"op":"add","value":{"<E>":{"employeeNumber":"1"}}}`, want: `"<E>":{"department":"D","employeeNumber":"1","manager":{"value":"2","displayName":"M"}}`},
		{name: "7644-3.5.2.1-04/container, none stored", ops: `{"op":"add","value":{"<E>":{"employeeNumber":"1"}}}`, want: `"<E>":{"employeeNumber":"1"}`},
		{name: "7644-3.5.2.1-04/container with nothing in it", ops: `{"op":"add","value":{"<E>":{}}}`},
		{name: "7644-3.5.2.1-04/container that is null", stored: stored, ops: `{"op":"add","value":{"<E>":null}}`},
		{name: "AMB-20/null of the container", stored: stored, ops: `{"op":"replace","value":{"<E>":null}}`, want: `"<E>":null`},
		{name: "AMB-20/null of its last attribute", stored: `"<E>":{"department":"D"}`, ops: `{"op":"replace","value":{"<E>":{"department":null}}}`, want: `"<E>":null`},
		{name: "AMB-20/remove of the last attribute", stored: `"<E>":{"department":"D"}`, ops: `{"op":"remove","path":"<E>:department"}`, want: `"<E>":null`},
		{name: "AMB-20/remove of the last part", stored: `"<E>":{"manager":{"value":"2","displayName":"M"}}`, ops: `{"op":"remove","path":"<E>:manager.value"}`, want: `"<E>":null`},
		{name: "AMB-20/remove of the last complex value", stored: `"<E>":{"manager":{"value":"2"}}`, ops: `{"op":"remove","path":"<E>:manager"}`, want: `"<E>":null`},
		{name: "AMB-20/removed and set again", stored: stored, ops: `{"op":"remove","path":"<E>"},{"op":"add","path":"<E>:division","value":"V"}`, want: `"<E>":{"division":"V"}`},
		{name: "7643-6-02/container and URN go", stored: stored, ops: `{"op":"remove","path":"<E>"}`, want: `"<E>":null`},
		{name: "AMB-21/null as value counts as none", stored: stored, ops: `{"op":"remove","path":"<E>","value":null}`, want: `"<E>":null`},

		{name: "7644-3.5.2-14/out of schemas by value", stored: stored, ops: `{"op":"remove","path":"schemas","value":["<E>"]}`, want: `"<E>":null`, repairs: []string{"RemoveByValue schemas"}, strict: badValue("schemas", "is removed without a value")},
		{name: "7644-3.5.2-14/out of schemas by a filter", stored: stored, ops: `{"op":"remove","path":"schemas[value eq \"<E>\"]"}`, want: `"<E>":null`},
		{name: "7644-3.5.2-14/out of schemas by a new list", stored: stored, ops: `{"op":"replace","path":"schemas","value":["<U>"]}`, want: `"<E>":null`},
		{name: "7644-3.5.2-14/and in again with an attribute", stored: stored, ops: `{"op":"remove","path":"schemas[value eq \"<E>\"]"},{"op":"add","path":"<E>:employeeNumber","value":"1"}`, want: `"<E>":{"employeeNumber":"1"}`},
		{name: "7644-3.5.2-14/into schemas alone says nothing yet", ops: `{"op":"add","path":"schemas","value":["<E>"]}`},
		{name: "7644-3.5.2-14/the list as it is", stored: stored, ops: `{"op":"replace","path":"schemas","value":["<U>","<E>"]}`},
		{name: "7644-3.5.2-14/inside a path-less value", stored: stored, ops: `{"op":"replace","value":{"schemas":["<U>"],"title":"T"}}`, want: `"title":"T"`},
		{name: "7643-3.3-04/remove of schemas", ops: `{"op":"remove","path":"schemas"}`, faults: frozen("schemas", "must keep the schema of the resource, <U>")},
		{name: "7643-3.3-04/of the base URN", ops: `{"op":"remove","path":"schemas[value eq \"<U>\"]"}`, faults: frozen("schemas", "must keep the schema of the resource, <U>")},
		{name: "7643-3.3-04/of the base URN by another filter", stored: stored, ops: `{"op":"remove","path":"schemas[value pr]"}`, faults: frozen("schemas", "must keep the schema")},
		{name: "7643-3.3-04/of the base URN by value", ops: `{"op":"remove","path":"schemas","value":["<U>"]}`, repairs: []string{"RemoveByValue schemas"}, faults: frozen("schemas", "must keep the schema"), strict: badValue("schemas", "is removed without a value")},
		{name: "7643-3.3-04/a list without it", stored: stored, ops: `{"op":"replace","path":"schemas","value":["<E>"]}`, faults: frozen("schemas", "must keep the schema")},
		{name: "7643-3.3-04/an empty list", ops: `{"op":"replace","path":"schemas","value":[]}`, faults: frozen("schemas", "must keep the schema")},
		{name: "7643-3.3-04/null", ops: `{"op":"replace","path":"schemas","value":null}`, faults: frozen("schemas", "must keep the schema")},
	})
	runTrials[Crate](t, []trial{
		{name: "7644-3.10-03/longest URN wins", ops: `{"op":"add","path":"<LOCK>:kind","value":"k"}`, want: `"<GATE>":{"<LOCK>":{"kind":"k"}}`},
		{name: "7644-3.10-03/dots in the URN are no parts", ops: `{"op":"add","path":"<GATE>:owner.note","value":"n"}`, want: `"<GATE>":{"owner":{"note":"n"}}`},
		{name: "7644-3.5.2-13/extension in an extension", stored: `"<GATE>":{"color":"c"}`, ops: `{"op":"add","path":"<LOCK>:tags","value":["t"]}`, want: `"<GATE>":{"color":"c","<LOCK>":{"tags":["t"]}}`},
		{name: "7644-3.5.2.1-04/nested containers", ops: `{"op":"add","value":{"<GATE>":{"color":"c","<LOCK>":{"kind":"k"}}}}`, want: `"<GATE>":{"color":"c","<LOCK>":{"kind":"k"}}`},
		{name: "AMB-21/whole inner extension", ops: `{"op":"add","path":"<LOCK>","value":{"kind":"k","tags":["t"]}}`, want: `"<GATE>":{"<LOCK>":{"kind":"k","tags":["t"]}}`},
		{name: "AMB-20/inner extension goes, the outer stays", stored: `"<GATE>":{"color":"c","<LOCK>":{"kind":"k"}}`, ops: `{"op":"remove","path":"<LOCK>:kind"}`, want: `"<GATE>":{"color":"c"}`},
		{name: "AMB-20/the last of both", stored: `"<GATE>":{"<LOCK>":{"kind":"k"}}`, ops: `{"op":"remove","path":"<LOCK>:kind"}`, want: `"<GATE>":null`},
		{name: "AMB-21/remove of the inner extension takes an emptied outer one along", stored: `"<GATE>":{"<LOCK>":{"kind":"k"}}`, ops: `{"op":"remove","path":"<LOCK>"}`, want: `"<GATE>":null`},
		{name: "AMB-21/remove of the inner extension", stored: `"<GATE>":{"color":"c","<LOCK>":{"kind":"k"}}`, ops: `{"op":"remove","path":"<LOCK>"}`, want: `"<GATE>":{"color":"c"}`},
		{name: "AMB-21/remove of the inner extension, no outer one", ops: `{"op":"remove","path":"<LOCK>"}`},
		{name: "AMB-20/remove in the inner extension, no outer one", ops: `{"op":"remove","path":"<LOCK>:tags"}`},
		{name: "7644-3.5.2.2-11/an outer extension with something immutable in the inner one", stored: `"<GATE>":{"color":"c","<LOCK>":{"fixed":"f"}}`, ops: `{"op":"remove","path":"<GATE>"}`, faults: frozen("<GATE>", "cannot be removed: it has <LOCK>:fixed, which is immutable")},
		{name: "7644-3.5.2-13/two extensions are independent", stored: `"<SEAL>":{"number":"1","color":"c"}`, ops: `{"op":"add","path":"<GATE>:color","value":"d"}`, want: `"<GATE>":{"color":"d"}`},
		{name: "7643-3.3-03/equal names stay apart", stored: `"<SEAL>":{"number":"1","color":"c"},"<GATE>":{"color":"d"}`, ops: `{"op":"replace","path":"<SEAL>:color","value":"e"}`, want: `"<SEAL>":{"number":"1","color":"e"}`},
		{name: "7644-3.5.2-17/an extension without what it demands", ops: `{"op":"add","path":"<SEAL>:color","value":"c"}`, faults: badValue("<SEAL>:number", "is required")},
		{name: "7644-3.5.2-17/demanded later", ops: `{"op":"add","path":"<SEAL>:color","value":"c"},{"op":"add","path":"<SEAL>:number","value":"1"}`, want: `"<SEAL>":{"number":"1","color":"c"}`},
		{name: "7644-3.5.2.2-09/what the extension demands", stored: `"<SEAL>":{"number":"1"}`, ops: `{"op":"remove","path":"<SEAL>:number"}`, faults: frozen("<SEAL>:number", "is required and cannot be removed")},
		{name: "7643-6-02/the extension with what it demands", stored: `"<SEAL>":{"number":"1","color":"c"}`, ops: `{"op":"remove","path":"<SEAL>"}`, want: `"<SEAL>":null`},
		{name: "7643-6-02/what it demands unassigned by replace", stored: `"<SEAL>":{"number":"1"}`, ops: `{"op":"replace","path":"<SEAL>","value":{"number":null}}`, faults: badValue("<SEAL>:number", "is required")},
		{name: "7643-6-02/several at once", stored: `"<SEAL>":{"number":"1"},"<GATE>":{"color":"c"}`, ops: `{"op":"remove","path":"<SEAL>"},{"op":"remove","path":"<GATE>"}`, want: `"<SEAL>":null,"<GATE>":null`},
	})
}
