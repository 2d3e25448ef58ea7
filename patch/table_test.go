package patch_test

import "testing"

// The cross table of operation by target, cell by cell: requirements section 22.

// tableStored is a crate with something in each target.
const tableStored = `"label":"L","owner":{"value":"o","note":"n"},"tags":["a","b"],"parts":[{"value":"1","type":"x","note":"n"},{"value":"2","type":"x"},{"value":"3","type":"y"}],"<GATE>":{"color":"red","tags":["g"]}`

func TestTableNoPath(t *testing.T) {
	runTrials[Crate](t, []trial{
		{
			name: "7644-3.5.2.1-03/add merges, lists are appended to", stored: tableStored,
			ops:  `{"op":"add","value":{"label":"M","owner":{"note":"m"},"tags":["c"],"parts":[{"value":"4"}],"<GATE>":{"tags":["h"]}}}`,
			want: `"label":"M","owner":{"value":"o","note":"m"},"tags":["a","b","c"],"parts":[{"value":"1","type":"x","note":"n"},{"value":"2","type":"x"},{"value":"3","type":"y"},{"value":"4"}],"<GATE>":{"color":"red","tags":["g","h"]}`,
		},
		{
			name: "7644-3.5.2.3-01/replace sets, lists replaced, complex values merged", stored: tableStored,
			ops:  `{"op":"replace","value":{"label":"M","owner":{"note":"m"},"tags":["c"],"parts":[{"value":"4"}],"<GATE>":{"tags":["h"]}}}`,
			want: `"label":"M","owner":{"value":"o","note":"m"},"tags":["c"],"parts":[{"value":"4"}],"<GATE>":{"color":"red","tags":["h"]}`,
		},
		{name: "7644-3.5.2.2-01/remove", stored: tableStored, ops: `{"op":"remove"}`, faults: missed("Operations[0].path", "is required to name an attribute: a remove says what to remove")},
		{name: "7644-3.5.2.2-01/remove with a value", stored: tableStored, ops: `{"op":"remove","value":{"label":"L"}}`, faults: missed("Operations[0].path", "is required")},
		{name: "7644-3.5.2.2-01/remove, path null", stored: tableStored, ops: `{"op":"remove","path":null}`, faults: missed("Operations[0].path", "is required")},
		{name: "7644-3.5.2.1-01/add without value", stored: tableStored, ops: `{"op":"add"}`, faults: badValue("Operations[0].value", "is required")},
		{name: "7644-3.5.2.3-08/replace without value", stored: tableStored, ops: `{"op":"replace"}`, faults: badValue("Operations[0].value", "is required")},
		{name: "7644-3.5.2.1-03/add of a string", stored: tableStored, ops: `{"op":"add","value":"x"}`, faults: badValue("Operations[0].value", "must be an object of attributes where the path names none, not a string")},
		{name: "7644-3.5.2.3-08/replace by a list", stored: tableStored, ops: `{"op":"replace","value":[{"label":"M"}]}`, faults: badValue("Operations[0].value", "must be an object of attributes where the path names none, not an array")},
		{name: "7644-3.5.2.3-08/replace by a string that has JSON", stored: tableStored, ops: `{"op":"replace","value":"{\"label\":\"M\"}"}`, faults: badValue("Operations[0].value", "must be an object of attributes where the path names none, not a string")},
		{name: "7644-3.5.2.1-03/add of null", stored: tableStored, ops: `{"op":"add","value":null}`, faults: badValue("Operations[0].value", "must be an object of attributes where the path names none, not null")},
		{name: "7644-3.5.2.3-08/replace by null", stored: tableStored, ops: `{"op":"replace","value":null}`, faults: badValue("Operations[0].value", "must be an object of attributes where the path names none, not null")},
		{name: "7644-3.5.2.1-14/add of nothing", stored: tableStored, ops: `{"op":"add","value":{}}`},
		{name: "7644-3.5.2.3-01/replace by nothing", stored: tableStored, ops: `{"op":"replace","value":{}}`},
	})
}

func TestTableSingular(t *testing.T) {
	runTrials[Crate](t, []trial{
		// singular simple
		{name: "7644-3.5.2.1-06/add", stored: tableStored, ops: `{"op":"add","path":"label","value":"M"}`, want: `"label":"M"`},
		{name: "7644-3.5.2.1-05/add, none there", ops: `{"op":"add","path":"label","value":"M"}`, want: `"label":"M"`},
		{name: "7644-3.5.2.2-02/remove", stored: tableStored, ops: `{"op":"remove","path":"label"}`, want: `"label":null`},
		{name: "7644-3.5.2.2-02/remove, none there", ops: `{"op":"remove","path":"label"}`},
		{name: "7644-3.5.2.3-02/replace", stored: tableStored, ops: `{"op":"replace","path":"label","value":"M"}`, want: `"label":"M"`},
		{name: "7644-3.5.2.3-02/replace, none there", ops: `{"op":"replace","path":"label","value":"M"}`, want: `"label":"M"`},
		{name: "7644-3.5.2.1-01/add without value", ops: `{"op":"add","path":"label"}`, faults: badValue("label", "needs a value; only a remove can do without")},
		{name: "7644-3.5.2.3-08/replace without value", ops: `{"op":"replace","path":"label"}`, faults: badValue("label", "needs a value; only a remove can do without")},
		{name: "7644-3.5.2.1-12/add of the wrong type", ops: `{"op":"add","path":"label","value":5}`, faults: badValue("label", "must be a string, not the number 5")},
		{name: "7644-3.5.2.3-08/replace by the wrong type", ops: `{"op":"replace","path":"label","value":["M"]}`, faults: badValue("label", "must be a string, not an array")},

		// singular complex
		{name: "7644-3.5.2.1-07/add", stored: tableStored, ops: `{"op":"add","path":"owner","value":{"type":"t"}}`, want: `"owner":{"value":"o","note":"n","type":"t"}`},
		{name: "7644-3.5.2.1-05/add of a complex value, none there", ops: `{"op":"add","path":"owner","value":{"type":"t"}}`, want: `"owner":{"type":"t"}`},
		{name: "7644-3.5.2.2-03/remove", stored: tableStored, ops: `{"op":"remove","path":"owner"}`, want: `"owner":null`},
		{name: "7644-3.5.2.2-03/remove, none there", ops: `{"op":"remove","path":"owner"}`},
		{name: "7644-3.5.2.3-03/replace", stored: tableStored, ops: `{"op":"replace","path":"owner","value":{"note":"m","type":"t"}}`, want: `"owner":{"value":"o","note":"m","type":"t"}`},
		{name: "7644-3.5.2.3-03/replace, none there", ops: `{"op":"replace","path":"owner","value":{"note":"m"}}`, want: `"owner":{"note":"m"}`},
		{name: "7644-3.5.2.1-12/add of a number", ops: `{"op":"add","path":"owner","value":5}`, faults: badValue("owner", "must be an object, not a number")},
		{name: "7644-3.5.2.3-08/replace by a list of objects", ops: `{"op":"replace","path":"owner","value":[{"note":"m"}]}`, faults: badValue("owner", "must be an object, not an array")},
		{name: "7644-3.5.2.3-08/replace of a complex value without value", ops: `{"op":"replace","path":"owner"}`, faults: badValue("owner", "needs a value; only a remove can do without")},

		// singular complex.part
		{name: "7644-3.5.2.1-08/add to a part", stored: tableStored, ops: `{"op":"add","path":"owner.note","value":"m"}`, want: `"owner":{"value":"o","note":"m"}`},
		{name: "7644-3.5.2.1-08/add, parent not there", ops: `{"op":"add","path":"owner.note","value":"m"}`, want: `"owner":{"note":"m"}`},
		{name: "7644-3.5.2.1-08/add, parent pointer not there", ops: `{"op":"add","path":"keeper.note","value":"m"}`, want: `"keeper":{"note":"m"}`},
		{name: "7644-3.5.2.2-03/remove of a part", stored: tableStored, ops: `{"op":"remove","path":"owner.note"}`, want: `"owner":{"value":"o"}`},
		{name: "7644-3.5.2.2-03/remove of the last part", stored: `"owner":{"note":"n"},"keeper":{"note":"n"}`, ops: `{"op":"remove","path":"owner.note"},{"op":"remove","path":"keeper.note"}`, want: `"owner":null,"keeper":null`},
		{name: "7644-3.5.2.2-03/remove of the last part but for what the server sets", stored: `"owner":{"note":"n","display":"D"}`, ops: `{"op":"remove","path":"owner.note"}`, want: `"owner":null`},
		{name: "7644-3.5.2.2-03/remove of a part, parent not there", ops: `{"op":"remove","path":"owner.note"}`},
		{name: "7644-3.5.2.3-02/replace of a part", stored: tableStored, ops: `{"op":"replace","path":"owner.note","value":"m"}`, want: `"owner":{"value":"o","note":"m"}`},
		{name: "7644-3.5.2.3-02/replace of a part, parent not there", ops: `{"op":"replace","path":"owner.note","value":"m"}`, want: `"owner":{"note":"m"}`},
		{name: "7644-3.5.2.1-12/part of the wrong type", ops: `{"op":"add","path":"owner.note","value":{}}`, faults: badValue("owner.note", "must be a string, not an object")},
		{name: "7644-3.5.2.1-01/part without value", ops: `{"op":"add","path":"owner.note"}`, faults: badValue("owner.note", "needs a value; only a remove can do without")},
	})
}

func TestTableMultiValued(t *testing.T) {
	const part3 = `{"value":"1","type":"x","note":"n"},{"value":"2","type":"x"},{"value":"3","type":"y"}`
	runTrials[Crate](t, []trial{
		// multi-valued simple
		{name: "7644-3.5.2.1-09/add", stored: tableStored, ops: `{"op":"add","path":"tags","value":["c","a","C","d"]}`, want: `"tags":["a","b","c","d"]`},
		{name: "7644-3.5.2.1-09/add of one value", stored: tableStored, ops: `{"op":"add","path":"tags","value":"c"}`, want: `"tags":["a","b","c"]`},
		{name: "7644-3.5.2.1-05/add, none there", ops: `{"op":"add","path":"tags","value":["c"]}`, want: `"tags":["c"]`},
		{name: "7644-3.5.2.1-10/add of what is there", stored: tableStored, ops: `{"op":"add","path":"tags","value":["b","A"]}`},
		{name: "7644-3.5.2.2-04/remove", stored: tableStored, ops: `{"op":"remove","path":"tags"}`, want: `"tags":null`},
		{name: "7644-3.5.2.2-04/remove, none there", ops: `{"op":"remove","path":"tags"}`},
		{name: "7644-3.5.2.3-04/replace", stored: tableStored, ops: `{"op":"replace","path":"tags","value":["c"]}`, want: `"tags":["c"]`},
		{name: "7644-3.5.2.3-04/replace, none there", ops: `{"op":"replace","path":"tags","value":["c"]}`, want: `"tags":["c"]`},
		{name: "7644-3.5.2.3-04/replace by the same in another order", stored: tableStored, ops: `{"op":"replace","path":"tags","value":["b","a"]}`},
		{name: "7644-3.5.2.1-12/element of the wrong type", ops: `{"op":"add","path":"tags","value":["c",5]}`, faults: badValue("tags[1]", "must be a string, not the number 5")},
		{name: "7644-3.5.2.3-08/replace by an object", ops: `{"op":"replace","path":"tags","value":{"a":1}}`, faults: badValue("tags", "")},
		{name: "7644-3.5.2.1-01/list without value", ops: `{"op":"add","path":"tags"}`, faults: badValue("tags", "needs a value; only a remove can do without")},

		// multi-valued complex
		{name: "7644-3.5.2.1-09/add of elements", stored: tableStored, ops: `{"op":"add","path":"parts","value":[{"value":"4","type":"x"},{"value":"3","type":"Y"}]}`, want: `"parts":[` + part3 + `,{"value":"4","type":"x"}]`},
		{name: "7644-3.5.2.1-09/add of one element", stored: tableStored, ops: `{"op":"add","path":"parts","value":{"value":"4"}}`, want: `"parts":[` + part3 + `,{"value":"4"}]`},
		{name: "7644-3.5.2.1-05/add of elements, none there", ops: `{"op":"add","path":"boxes","value":[{"value":"4"}]}`, want: `"boxes":[{"value":"4"}]`},
		{name: "7644-3.5.2.1-10/add of an element that is there", stored: tableStored, ops: `{"op":"add","path":"parts","value":[{"value":"3","type":"y"}]}`},
		{name: "7644-3.5.2.1-10/add of an element that is there, with more", stored: tableStored, ops: `{"op":"add","path":"parts","value":[{"value":"3","type":"y","note":"m"}]}`, want: `"parts":[{"value":"1","type":"x","note":"n"},{"value":"2","type":"x"},{"value":"3","type":"y","note":"m"}]`},
		{name: "7644-3.5.2.2-04/remove of elements", stored: tableStored, ops: `{"op":"remove","path":"parts"}`, want: `"parts":null`},
		{name: "7644-3.5.2.2-04/remove of elements, none there", ops: `{"op":"remove","path":"boxes"}`},
		{name: "7644-3.5.2.3-04/replace of elements", stored: tableStored, ops: `{"op":"replace","path":"parts","value":[{"value":"4"}]}`, want: `"parts":[{"value":"4"}]`},
		{name: "7644-3.5.2.3-04/replace of elements, none there", ops: `{"op":"replace","path":"boxes","value":[{"value":"4"}]}`, want: `"boxes":[{"value":"4"}]`},
		{name: "7644-3.5.2.1-12/element that is a number", ops: `{"op":"add","path":"parts","value":[{"value":"a"},5]}`, faults: badValue("parts[1]", "must be an object, not a number")},
		{name: "7644-3.5.2.3-08/part of an element of the wrong type", ops: `{"op":"replace","path":"parts","value":[{"value":"a"},{"note":true}]}`, faults: badValue("parts[1].note", "must be a string, not the boolean true")},
	})
}

func TestTableFiltered(t *testing.T) {
	const (
		none   = `[type eq \"z\"]`
		path   = `[type eq "z"]`
		third  = `{"value":"3","type":"y"}`
		second = `{"value":"2","type":"x"}`
		first  = `{"value":"1","type":"x","note":"n"}`
	)
	runTrials[Crate](t, []trial{
		// multi[filter], matches
		{name: "AMB-13/add merges into the matches", stored: tableStored, ops: `{"op":"add","path":"parts[type eq \"x\"]","value":{"note":"m"}}`, want: `"parts":[{"value":"1","type":"x","note":"m"},{"value":"2","type":"x","note":"m"},` + third + `]`},
		{name: "7644-3.5.2.2-05/remove drops the matches", stored: tableStored, ops: `{"op":"remove","path":"parts[type eq \"x\"]"}`, want: `"parts":[` + third + `]`},
		{name: "7644-3.5.2.2-05/remove drops all", stored: tableStored, ops: `{"op":"remove","path":"parts[type pr]"}`, want: `"parts":null`},
		{name: "7644-3.5.2.3-05/replace replaces the matches", stored: tableStored, ops: `{"op":"replace","path":"parts[type eq \"y\"]","value":{"value":"4","note":"m"}}`, want: `"parts":[` + first + `,` + second + `,{"value":"4","note":"m"}]`},
		{name: "7644-3.5.2.3-05/every match", stored: tableStored, ops: `{"op":"replace","path":"parts[type eq \"x\"]","value":{"value":"4","type":"z"}}`, want: `"parts":[{"value":"4","type":"z"},{"value":"4","type":"z"},` + third + `]`},
		{name: "7644-3.5.2.1-12/add of a number", stored: tableStored, ops: `{"op":"add","path":"parts[type eq \"x\"]","value":5}`, faults: badValue(`parts[type eq "x"]`, "must be an object, not a number")},
		{name: "7644-3.5.2.1-01/without value", stored: tableStored, ops: `{"op":"replace","path":"parts[type eq \"x\"]"}`, faults: badValue(`parts[type eq "x"]`, "needs a value; only a remove can do without")},
		{name: "7644-3.5.2.2-06/simple values", stored: tableStored, ops: `{"op":"remove","path":"tags[value eq \"A\"]"}`, want: `"tags":["b"]`},
		{name: "7644-3.5.2.3-05/simple values replaced", stored: tableStored, ops: `{"op":"replace","path":"tags[value eq \"a\"]","value":"c"}`, want: `"tags":["c","b"]`},

		// multi[filter], none
		{
			name: "AMB-12/add, no match", stored: tableStored, ops: `{"op":"add","path":"parts` + none + `","value":{"note":"m"}}`, want: `"parts":[` + first + `,` + second + `,` + third + `,{"type":"z","note":"m"}]`,
			repairs: []string{"CreateOnMiss parts" + path}, strict: missed("parts"+path, "matches no value"),
		},
		{name: "AMB-16/remove, no match", stored: tableStored, ops: `{"op":"remove","path":"parts` + none + `"}`, repairs: []string{"IgnoreOnMiss parts" + path}, strict: missed("parts"+path, "matches no value")},
		{name: "7644-3.5.2.3-07/replace, no match", stored: tableStored, ops: `{"op":"replace","path":"parts` + none + `","value":{"note":"m"}}`, faults: missed("parts"+path, "matches no value")},

		// multi[filter].part, matches
		{name: "7644-3.5.2.1-11/add to a part of the matches", stored: tableStored, ops: `{"op":"add","path":"parts[type eq \"x\"].note","value":"m"}`, want: `"parts":[{"value":"1","type":"x","note":"m"},{"value":"2","type":"x","note":"m"},` + third + `]`},
		{name: "7644-3.5.2.2-07/remove of a part of the matches", stored: tableStored, ops: `{"op":"remove","path":"parts[type eq \"x\"].note"}`, want: `"parts":[{"value":"1","type":"x"},` + second + `,` + third + `]`},
		{name: "7644-3.5.2.2-07/remove of the only part of a match", stored: `"parts":[{"note":"n"},` + third + `]`, ops: `{"op":"remove","path":"parts[note eq \"n\"].note"}`, want: `"parts":[` + third + `]`},
		{name: "7644-3.5.2.3-06/replace of a part of the matches", stored: tableStored, ops: `{"op":"replace","path":"parts[type eq \"x\"].note","value":"m"}`, want: `"parts":[{"value":"1","type":"x","note":"m"},{"value":"2","type":"x","note":"m"},` + third + `]`},
		{name: "7644-3.5.2.1-12/part of the wrong type", stored: tableStored, ops: `{"op":"add","path":"parts[type eq \"x\"].note","value":5}`, faults: badValue(`parts[type eq "x"].note`, "must be a string, not the number 5")},

		// multi[filter].part, none
		{
			name: "AMB-12/add to a part, no match", stored: tableStored, ops: `{"op":"add","path":"parts` + none + `.note","value":"m"}`, want: `"parts":[` + first + `,` + second + `,` + third + `,{"type":"z","note":"m"}]`,
			repairs: []string{"CreateOnMiss parts" + path + ".note"}, strict: missed("parts"+path+".note", "matches no value"),
		},
		{
			name: "AMB-16/remove of a part, no match", stored: tableStored, ops: `{"op":"remove","path":"parts` + none + `.note"}`,
			repairs: []string{"IgnoreOnMiss parts" + path + ".note"}, strict: missed("parts"+path+".note", "matches no value"),
		},
		{
			name: "7644-3.5.2.3-07/replace of a part, no match", stored: tableStored, ops: `{"op":"replace","path":"parts` + none + `.note","value":"m"}`, want: `"parts":[` + first + `,` + second + `,` + third + `,{"type":"z","note":"m"}]`,
			repairs: []string{"CreateOnMiss parts" + path + ".note"}, strict: missed("parts"+path+".note", "matches no value"),
		},
		{
			name: "AMB-12/of several terms, list not there", ops: `{"op":"add","path":"boxes[type eq \"z\" and value eq \"v\"].note","value":"m"}`, want: `"boxes":[{"type":"z","value":"v","note":"m"}]`,
			repairs: []string{`CreateOnMiss boxes[type eq "z" and value eq "v"].note`}, strict: missed(`boxes[type eq "z" and value eq "v"].note`, "matches no value"),
		},
		{name: "AMB-12/or does not tell what to create", ops: `{"op":"add","path":"parts[type eq \"z\" or type eq \"y\"].note","value":"m"}`, faults: missed(`parts[type eq "z" or type eq "y"].note`, "matches no value")},
		{name: "AMB-12/nor does another operator", ops: `{"op":"add","path":"parts[type sw \"z\"].note","value":"m"}`, faults: missed(`parts[type sw "z"].note`, "matches no value")},
		{name: "AMB-12/nor not", ops: `{"op":"add","path":"parts[not (type eq \"z\")].note","value":"m"}`, faults: missed(`parts[not (type eq "z")].note`, "matches no value")},
		{name: "AMB-12/a contradiction creates nothing", ops: `{"op":"add","path":"parts[type eq \"z\" and type eq \"y\"].note","value":"m"}`, faults: missed(`parts[type eq "z" and type eq "y"].note`, "matches no value")},
		{name: "AMB-12/a readOnly part is not created", ops: `{"op":"add","path":"parts[display eq \"D\"].note","value":"m"}`, faults: missed(`parts[display eq "D"].note`, "matches no value")},
	})
}

func TestTableExtension(t *testing.T) {
	runTrials[Crate](t, []trial{
		// extension attribute by URN
		{name: "7644-3.5.2-13/add", ops: `{"op":"add","path":"<GATE>:color","value":"red"}`, want: `"<GATE>":{"color":"red"}`},
		{name: "7644-3.5.2-13/add to what is there", stored: tableStored, ops: `{"op":"add","path":"<GATE>:tags","value":"h"}`, want: `"<GATE>":{"color":"red","tags":["g","h"]}`},
		{name: "AMB-20/remove", stored: tableStored, ops: `{"op":"remove","path":"<GATE>:color"}`, want: `"<GATE>":{"tags":["g"]}`},
		{name: "AMB-20/remove of the last attribute", stored: tableStored, ops: `{"op":"remove","path":"<GATE>:color"},{"op":"remove","path":"<GATE>:tags"}`, want: `"<GATE>":null`},
		{name: "AMB-20/remove of what is not there", ops: `{"op":"remove","path":"<GATE>:color"}`},
		{name: "7644-3.5.2-13/replace", ops: `{"op":"replace","path":"<GATE>:color","value":"red"}`, want: `"<GATE>":{"color":"red"}`},
		{name: "AMB-20/replace by null", stored: `"<GATE>":{"color":"red"}`, ops: `{"op":"replace","path":"<GATE>:color","value":null}`, want: `"<GATE>":null`},
		{name: "7644-3.5.2.1-12/wrong type", ops: `{"op":"replace","path":"<GATE>:color","value":5}`, faults: badValue("<GATE>:color", "must be a string, not the number 5")},

		// whole extension by URN
		{name: "AMB-21/add", stored: tableStored, ops: `{"op":"add","path":"<GATE>","value":{"tags":["h"]}}`, want: `"<GATE>":{"color":"red","tags":["g","h"]}`},
		{name: "AMB-21/add, none there", ops: `{"op":"add","path":"<GATE>","value":{"tags":["h"]}}`, want: `"<GATE>":{"tags":["h"]}`},
		{name: "AMB-21/remove", stored: tableStored, ops: `{"op":"remove","path":"<GATE>"}`, want: `"<GATE>":null`},
		{name: "AMB-21/remove, none there", ops: `{"op":"remove","path":"<GATE>"}`},
		{name: "AMB-21/replace", stored: tableStored, ops: `{"op":"replace","path":"<GATE>","value":{"tags":["h"]}}`, want: `"<GATE>":{"color":"red","tags":["h"]}`},
		{name: "AMB-21/replace, none there", ops: `{"op":"replace","path":"<GATE>","value":{"tags":["h"]}}`, want: `"<GATE>":{"tags":["h"]}`},
		{name: "AMB-21/replace by null", stored: tableStored, ops: `{"op":"replace","path":"<GATE>","value":null}`, want: `"<GATE>":null`},
		{name: "7644-3.5.2.1-01/without value", ops: `{"op":"replace","path":"<GATE>"}`, faults: badValue("<GATE>", "needs a value; only a remove can do without")},
		{name: "7644-3.5.2.3-08/no object", ops: `{"op":"add","path":"<GATE>","value":"red"}`, faults: badValue("<GATE>", "must be an object of attributes where the path names none, not a string")},
	})
}

func TestTableNoTarget(t *testing.T) {
	trials := make([]trial, 0, 200)
	for _, op := range []string{`"op":"add","value":"x"`, `"op":"remove"`, `"op":"replace","value":"x"`} {
		for path, text := range map[string]string{
			"shoeSize": `"shoeSize" is no attribute of Crate`, "owner.shoeSize": "owner.shoeSize", "label.x": "label.x", "owner.note.x": "owner.note.x", "<GATE>:shoeSize": "shoeSize", "<E>:manager": "manager",
			`shoeSizes[value eq \"1\"]`: "shoeSizes", `parts[type eq \"x\"].shoeSize`: "has no sub-attribute", `tags[value eq \"x\"].note`: `"tags" has values without sub-attributes; leave out "note"`, `label[value eq \"1\"]`: "no multi-valued attribute", `owner[value eq \"1\"]`: "no multi-valued attribute",
		} {
			trials = append(trials, trial{name: "AMB-10/" + op[6:9] + " of " + path, stored: tableStored, ops: `{` + op + `,"path":"` + path + `"}`, faults: badPath(text)})
		}
		for _, path := range []string{"parts[0]", "parts[", "parts]", "owner..note", "", "[x]", ".label", "label.", "label note", "parts[type eq 1].note.x", `parts[type eq \"x\"]note`, ":label", "1abc", "owner.", "<GATE>:", "<GATE>.color", " label", "label "} {
			kind := badPath("")
			trials = append(trials, trial{name: "7644-3.5.2-11/" + op[6:9] + " of malformed " + path, stored: tableStored, ops: `{` + op + `,"path":"` + path + `"}`, faults: kind})
		}
		for _, path := range []string{`parts[type regex \"x\"]`, `parts[]`, `parts[type eq x]`, `parts[shoeSize eq \"x\"]`, `parts[not (shoeSize eq \"x\")]`, `tags[shoeSize ne \"x\"]`, `parts[type gt 5]`, `parts[primary gt true]`, `parts[type eq \"x\" and]`, `parts[a[b eq 1]]`, `parts[(type eq \"x\"]`} {
			trials = append(trials, trial{
				name: "7644-3.12-02/" + op[6:9] + " of " + path, stored: tableStored, ops: `{` + op + `,"path":"` + path + `"}`,
				faults: deny("invalidFilter", "Operations[0].path", ""),
			})
		}
	}
	runTrials[Crate](t, trials)
}
