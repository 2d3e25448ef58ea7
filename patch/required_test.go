package patch_test

import (
	"testing"

	"github.com/scimmodels/scim/resource"
)

// What is required stays, at every depth (RFC 7644 section 3.5.2.2), and the result satisfies the schema.
func TestRequired(t *testing.T) {
	const badge, extra = "urn:acme:params:scim:schemas:extension:badge:2.0:Guarded", "urn:acme:params:scim:schemas:extension:extra:2.0:Guarded"
	must := func(path string) []denial { return badValue(path, "is required") }
	stays := func(path string) []denial { return frozen(path, "is required and cannot be removed") }
	last := func(path string) []denial {
		return frozen(path, "is the last value of a required attribute and cannot be removed")
	}
	runTrials[Guarded](t, []trial{
		{name: "7644-3.5.2.2-09/attribute", ops: `{"op":"remove","path":"name"}`, faults: stays("name")},
		{name: "7643-2.5-05/attribute by null", ops: `{"op":"replace","path":"name","value":null}`, faults: must("name")},
		{name: "7644-3.5.2.2-09/complex attribute", ops: `{"op":"remove","path":"chief"}`, faults: stays("chief")},
		{name: "7644-3.5.2.2-09/part of a required value", ops: `{"op":"remove","path":"chief.kind"}`, faults: stays("chief.kind")},
		{name: "7644-3.5.2.2-09/part of an optional value", stored: `"owner":{"value":"1","kind":"a"}`, ops: `{"op":"remove","path":"owner.kind"}`, faults: stays("owner.kind")},
		{name: "7644-3.5.2.2-09/part of a value that is not there", ops: `{"op":"remove","path":"owner.kind"}`, faults: stays("owner.kind")},
		{name: "7644-3.5.2.2-09/the optional value with it", stored: `"owner":{"value":"1","kind":"a"}`, ops: `{"op":"remove","path":"owner"}`, want: `"owner":null`},
		{name: "7644-3.5.2-17/optional value without its part", ops: `{"op":"add","path":"owner","value":{"value":"1"}}`, faults: must("owner.kind")},
		{name: "7644-3.5.2-17/made by a path to another part", ops: `{"op":"add","path":"owner.value","value":"1"}`, faults: must("owner.kind")},
		{name: "7644-3.5.2-17/unless it comes later", ops: `{"op":"add","path":"owner.value","value":"1"},{"op":"add","path":"owner.kind","value":"b"}`, want: `"owner":{"value":"1","kind":"b"}`},
		{name: "7644-3.5.2-17/merged into what has it", stored: `"owner":{"kind":"a"}`, ops: `{"op":"add","path":"owner","value":{"value":"1"}}`, want: `"owner":{"value":"1","kind":"a"}`},
		{name: "7643-2.5-05/part by null", stored: `"owner":{"value":"1","kind":"a"}`, ops: `{"op":"replace","path":"owner","value":{"kind":null}}`, faults: must("owner.kind")},
		{name: "7643-6-01/element without its part", ops: `{"op":"add","path":"parts","value":[{"value":"1","kind":"a"},{"value":"2"}]}`, faults: must("parts[1].kind")},
		{name: "7643-6-01/new list with an element without its part", ops: `{"op":"replace","path":"parts","value":[{"value":"2"}]}`, faults: must("parts[0].kind")},
		{name: "7644-3.5.2.2-09/part of an element", stored: `"parts":[{"value":"1","kind":"a"}]`, ops: `{"op":"remove","path":"parts[value eq \"1\"].kind"}`, faults: stays(`parts[value eq "1"].kind`)},
		{name: "7643-2.5-05/part of an element by null", stored: `"parts":[{"value":"1","kind":"a"}]`, ops: `{"op":"replace","path":"parts[value eq \"1\"].kind","value":null}`, faults: must(`parts[value eq "1"].kind`)},
		{name: "AMB-14/element replaced without its part", stored: `"parts":[{"value":"1","kind":"a"}]`, ops: `{"op":"replace","path":"parts[value eq \"1\"]","value":{"value":"2"}}`, faults: must(`parts[value eq "1"].kind`)},
		{name: "AMB-13/element merged without it", stored: `"parts":[{"value":"1","kind":"a"}]`, ops: `{"op":"add","path":"parts[value eq \"1\"]","value":{"value":"2"}}`, want: `"parts":[{"value":"2","kind":"a"}]`},
		{
			name: "AMB-12/element created without its part", ops: `{"op":"add","path":"parts[value eq \"9\"].value","value":"9"}`,
			repairs: []string{`CreateOnMiss parts[value eq "9"].value`}, faults: must("parts[0].kind"), strict: missed(`parts[value eq "9"].value`, "matches no value"),
		},
		{
			name: "AMB-12/element created with its part", ops: `{"op":"add","path":"parts[kind eq \"b\"].value","value":"9"}`, want: `"parts":[{"value":"9","kind":"b"}]`,
			repairs: []string{`CreateOnMiss parts[kind eq "b"].value`}, strict: missed(`parts[kind eq "b"].value`, "matches no value"),
		},
		{name: "AMB-19/required list", ops: `{"op":"remove","path":"tags"}`, faults: stays("tags")},
		{name: "AMB-19/last value by a filter", ops: `{"op":"remove","path":"tags[value eq \"t\"]"}`, faults: last(`tags[value eq "t"]`)},
		{name: "AMB-19/one of two", stored: `"tags":["t","u"]`, ops: `{"op":"remove","path":"tags[value eq \"t\"]"}`, want: `"tags":["u"]`},
		{name: "AMB-19/both, one after the other", stored: `"tags":["t","u"]`, ops: `{"op":"remove","path":"tags[value eq \"t\"]"},{"op":"remove","path":"tags[value eq \"u\"]"}`, faults: frozen(`tags[value eq "t"]`, "is the last value of a required attribute")},
		{name: "AMB-19/last element", ops: `{"op":"remove","path":"musts[value eq \"1\"]"}`, faults: last(`musts[value eq "1"]`)},
		{name: "AMB-19/null", ops: `{"op":"replace","path":"musts","value":null}`, faults: must("musts")},
		{name: "AMB-19/[]", ops: `{"op":"replace","path":"tags","value":[]}`, faults: must("tags")},
		{name: "AMB-19/last value by value", ops: `{"op":"remove","path":"tags","value":["t"]}`, repairs: []string{"RemoveByValue tags"}, faults: last(`tags[value eq "t"]`), strict: badValue("tags", "is removed without a value")},
		{name: "7643-6-02/required extension", ops: `{"op":"remove","path":"` + badge + `"}`, faults: stays(badge)},
		{name: "7643-6-02/by null", ops: `{"op":"replace","path":"` + badge + `","value":null}`, faults: must(badge)},
		{name: "7643-6-02/by null inside a path-less value", ops: `{"op":"replace","value":{"` + badge + `":null}}`, faults: must(badge)},
		{name: "7643-6-02/out of schemas", ops: `{"op":"remove","path":"schemas[value eq \"` + badge + `\"]"}`, faults: stays(badge)},
		{name: "7643-6-02/out of schemas by a list", ops: `{"op":"replace","path":"schemas","value":["urn:acme:params:scim:schemas:core:2.0:Guarded"]}`, faults: stays(badge)},
		{name: "7644-3.5.2.2-09/attribute of a required extension", ops: `{"op":"remove","path":"` + badge + `:number"}`, faults: stays(badge + ":number")},
		{name: "7644-3.5.2-17/optional extension without its attribute", ops: `{"op":"add","path":"` + extra + `:note","value":"n"}`, faults: must(extra + ":code")},
		{name: "7644-3.5.2-17/without a part in it", ops: `{"op":"add","path":"` + extra + `","value":{"code":"c","owner":{"value":"1"}}}`, faults: must(extra + ":owner.kind")},
		{name: "7644-3.5.2-17/with all in it", ops: `{"op":"add","path":"` + extra + `","value":{"code":"c","owner":{"value":"1","kind":"c"}}}`, want: `"` + extra + `":{"code":"c","owner":{"value":"1","kind":"c"}}`},
		{name: "7644-3.5.2.2-09/attribute of an optional extension", stored: `"` + extra + `":{"code":"c"}`, ops: `{"op":"remove","path":"` + extra + `:code"}`, faults: stays(extra + ":code")},
	})
}

// validate tags apply to values of a PATCH and to the lists it leaves.
func TestValidateTags(t *testing.T) {
	const badge = "urn:acme:params:scim:schemas:extension:badge:2.0:Guarded"
	runTrials[Guarded](t, []trial{
		{name: "7643-2.3.1-02/value", ops: `{"op":"replace","path":"name","value":"x"}`, faults: badValue("name", "at least 2")},
		{name: "7643-2.3.1-02/value in order", ops: `{"op":"replace","path":"name","value":"xx"}`, want: `"name":"xx"`},
		{name: "7643-2.3.1-02/inside a path-less value", ops: `{"op":"add","value":{"name":"a very long name"}}`, faults: badValue("name", "at most 8")},
		{name: "7643-2.3.1-02/number", ops: `{"op":"add","path":"age","value":17}`, faults: badValue("age", "at least 18")},
		{name: "7643-2.3.1-02/number in order", ops: `{"op":"add","path":"age","value":18}`, want: `"age":18`},
		{name: "7643-2.3.1-02/part", ops: `{"op":"replace","path":"chief.kind","value":"z"}`, faults: badValue("chief.kind", "must be one of a, b, c")},
		{name: "7643-2.3.1-02/part inside a value", ops: `{"op":"replace","path":"chief","value":{"kind":"z"}}`, faults: badValue("chief.kind", "must be one of a, b, c")},
		{name: "7643-2.3.1-02/part of an element", ops: `{"op":"add","path":"parts","value":[{"kind":"a"},{"kind":"z"}]}`, faults: badValue("parts[1].kind", "must be one of a, b, c")},
		{name: "7643-2.3.1-02/part of the matches", ops: `{"op":"replace","path":"musts[value eq \"1\"].kind","value":"z"}`, faults: badValue(`musts[value eq "1"].kind`, "must be one of a, b, c")},
		{name: "7643-2.3.1-02/length of the list as it becomes", stored: `"tags":["t","u"]`, ops: `{"op":"add","path":"tags","value":["v"]}`, faults: badValue("tags", "at most 2")},
		{name: "7643-2.3.1-02/length of the list in order", ops: `{"op":"add","path":"tags","value":["v"]}`, want: `"tags":["t","v"]`},
		{name: "7643-2.3.1-02/length of the list after all operations", stored: `"tags":["t","u"]`, ops: `{"op":"add","path":"tags","value":["v"]},{"op":"remove","path":"tags[value eq \"t\"]"}`, want: `"tags":["u","v"]`},
		{name: "7643-2.3.1-02/length of a new list", ops: `{"op":"replace","path":"tags","value":["a","b","c"]}`, faults: badValue("tags", "at most 2")},
		{name: "7643-2.3.1-02/a value of the list", ops: `{"op":"add","path":"tags","value":["V"]}`, faults: badValue("tags[1]", "lower case")},
		{name: "7643-2.3.1-02/one of many added", stored: `"parts":[{"value":"1","kind":"a"},{"value":"2","kind":"a"}]`, ops: `{"op":"add","path":"parts","value":[{"value":"3","kind":"a"},{"value":"4","kind":"a"}]}`, faults: badValue("parts", "at most 3")},
		{name: "7643-6-01/extension", ops: `{"op":"replace","path":"` + badge + `:number","value":"1234567"}`, faults: badValue(badge+":number", "exactly 8")},
		{name: "7643-6-01/extension, second rule", ops: `{"op":"replace","path":"` + badge + `:number","value":"1234567a"}`, faults: badValue(badge+":number", "numeric")},
		{name: "7643-6-01/whole extension", ops: `{"op":"add","path":"` + badge + `","value":{"number":"87654321","color":"RED"}}`, faults: badValue(badge+":color", "lower case")},
		{name: "7643-6-01/extension in order", ops: `{"op":"replace","path":"` + badge + `:number","value":"87654321"}`, want: `"` + badge + `":{"number":"87654321"}`},
		{name: "7643-4.1.1-10/no secret is told", ops: `{"op":"replace","path":"pin","value":"hunter2"}`, faults: badValue("pin", "exactly 4")},
		{name: "7643-2.3.1-02/unassigned values have no rules", stored: `"age":20`, ops: `{"op":"remove","path":"age"}`, want: `"age":null`},
		{name: "7643-2.3.1-02/what is not touched is not judged", stored: `"age":5,"name":"x","tags":["A","b","c","d"]`, ops: `{"op":"add","path":"parts","value":{"kind":"a"}}`, want: `"parts":[{"kind":"a"}]`},
		{name: "7643-7-01/a requirement", ops: `{"op":"add","path":"chief.value","value":"v"}`, want: `"chief":{"value":"v","kind":"a"}`, opts: []resource.Option{resource.Require(resource.CanonicalValues)}},
	})
	runTrials[Worker](t, []trial{
		{name: "7643-4.1.2-01/Require in a PATCH", ops: `{"op":"add","path":"emails","value":{"value":"plain"}}`, opts: []resource.Option{resource.Require(resource.Emails)}, faults: badValue("emails.value", "must be an e-mail address")},
		{name: "7643-7-01/Require of canonical values", ops: `{"op":"add","path":"emails","value":[{"value":"a@x","type":"boat"}]}`, opts: []resource.Option{resource.Require(resource.CanonicalValues)}, faults: badValue("emails[0].type", "")},
		{name: "7643-4.1.2-05/Require of countries", ops: `{"op":"add","path":"addresses[type eq \"work\"].country","value":"USA"}`, opts: []resource.Option{resource.Require(resource.Countries)}, faults: badValue(`addresses[type eq "work"].country`, "")},
		{name: "7643-4.1.2-05/without Require", ops: `{"op":"add","path":"addresses","value":{"country":"USA"}}`, want: `"addresses":[{"country":"USA"}]`},
		{name: "7643-4.1.2-10/two certificates", ops: `{"op":"add","path":"x509Certificates","value":[{"value":"MAMCAQEwAwIBAQ=="}]}`, faults: badValue("x509Certificates[0].value", "exactly one X.509 certificate in DER form")},
	})
}
