package patch_test

import (
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// Mutability by operation (requirements section 22), at every depth.

// mutable is an attribute at some depth: how it is stored, and paths to it.
type mutable struct {
	where  string
	path   string
	stored string // with $ for the value
	gone   string // what the members are without it
}

// at fills in a value, or leaves a place without one.
func (m mutable) at(value string) string { return strings.ReplaceAll(m.stored, "$", value) }

func TestReadOnly(t *testing.T) {
	trials := make([]trial, 0, 200)
	for _, m := range []mutable{
		{where: "attribute", path: "wear", stored: `"wear":"$"`, gone: ``},
		{where: "part", path: "owner.display", stored: `"owner":{"value":"o","display":"$"}`, gone: `"owner":{"value":"o"}`},
		{where: "part of a pointer", path: "keeper.display", stored: `"keeper":{"value":"o","display":"$"}`, gone: `"keeper":{"value":"o"}`},
		{where: "part of an element", path: `parts[value eq \"1\"].display`, stored: `"parts":[{"value":"1","display":"$"},{"value":"2"}]`, gone: `"parts":[{"value":"1"},{"value":"2"}]`},
		{where: "part of every element", path: `boxes.display`, stored: `"boxes":[{"value":"1","display":"$"}]`, gone: `"boxes":[{"value":"1"}]`},
		{where: "extension", path: "<GATE>:wear", stored: `"<GATE>":{"color":"c","wear":"$"}`, gone: `"<GATE>":{"color":"c"}`},
		{where: "part in an extension", path: "<GATE>:owner.display", stored: `"<GATE>":{"owner":{"value":"o","display":"$"}}`, gone: `"<GATE>":{"owner":{"value":"o"}}`},
		{where: "part of an element in an extension", path: `<GATE>:parts[value eq \"1\"].display`, stored: `"<GATE>":{"parts":[{"value":"1","display":"$"}]}`, gone: `"<GATE>":{"parts":[{"value":"1"}]}`},
		{where: "complex", path: "audit", stored: `"audit":{"building":"$"}`, gone: ``},
		{where: "list", path: "seen", stored: `"seen":["$","b"]`, gone: ``},
		{where: "list of complex values", path: "scans", stored: `"scans":[{"value":"$","note":"n"}]`, gone: ``},
		{where: "part of a readOnly value", path: "audit.building", stored: `"audit":{"building":"$","room":"R"}`, gone: `"audit":{"room":"R"}`},
		{where: "part of a readOnly element", path: `scans[value pr].note`, stored: `"scans":[{"value":"v","note":"$"}]`, gone: `"scans":[{"value":"v"}]`},
	} {
		value := func(word string) string { // as the attribute has it
			switch m.where {
			case "complex":
				return `{"building":"` + word + `"}`
			case "list":
				return `["b","` + word + `"]`
			case "list of complex values":
				return `[{"value":"` + word + `"}]`
			}
			return `"` + word + `"`
		}
		path := strings.ReplaceAll(m.path, `\"`, `"`)
		for _, op := range []string{"add", "replace"} {
			said := func(word string) string {
				return `{"op":"` + op + `","path":"` + m.path + `","value":` + value(word) + `}`
			}
			strict := frozen(path, "is readOnly")
			trials = append(trials,
				trial{name: "AMB-11/" + m.where + ": " + op + " the same", stored: m.at("W"), ops: said("W"), repairs: []string{"SameReadOnly " + path}, strict: strict},
				trial{name: "7644-3.5.2-20/" + m.where + ": " + op + " another value", stored: m.at("W"), ops: said("V"), repairs: []string{"SameReadOnly " + path}, faults: frozen(path, "is readOnly"), strict: strict},
				trial{name: "7644-3.5.2-01/" + m.where + ": " + op + ", none stored", stored: m.gone, ops: said("V"), repairs: []string{"SameReadOnly " + path}, faults: frozen(path, "is readOnly"), strict: strict},
			)
		}
		trials = append(trials,
			trial{name: "7644-3.5.2.2-10/" + m.where + ": remove", stored: m.at("W"), ops: `{"op":"remove","path":"` + m.path + `"}`, faults: frozen(path, "is readOnly")},
			trial{name: "7644-3.5.2.2-10/" + m.where + ": remove, none stored", stored: m.gone, ops: `{"op":"remove","path":"` + m.path + `"}`, faults: frozen(path, "is readOnly")},
			trial{name: "7644-3.5.2-01/" + m.where + ": replace by null", stored: m.at("W"), ops: `{"op":"replace","path":"` + m.path + `","value":null}`, repairs: []string{"SameReadOnly " + path}, faults: frozen(path, "is readOnly"), strict: frozen(path, "is readOnly")},
		)
	}
	runTrials[Crate](t, trials)
}

func TestReadOnlyOfUsers(t *testing.T) {
	const stored = `"groups":[{"value":"g","display":"G","type":"direct"}],"meta":{"resourceType":"User","created":"2020-01-01T00:00:00Z","version":"W/\"1\""},"<E>":{"manager":{"value":"2","displayName":"M"}}`
	same := func(path string) []string { return []string{"SameReadOnly " + path} }
	runTrials[Worker](t, []trial{
		{name: "7643-3.1-05/id by another value", ops: `{"op":"replace","path":"id","value":"2"}`, repairs: same("id"), faults: frozen("id", "is readOnly")},
		{name: "7643-3.1-05/id in another case", stored: `"id":"abc"`, ops: `{"op":"replace","path":"id","value":"ABC"}`, repairs: same("id"), faults: frozen("id", "is readOnly")},
		{name: "7643-3.1-05/the same id", ops: `{"op":"replace","path":"id","value":"1"}`, repairs: same("id"), strict: frozen("id", "is readOnly")},
		{name: "AMB-11/the same id inside a value", ops: `{"op":"replace","value":{"id":"1","displayName":"D"}}`, want: `"displayName":"D"`, repairs: same("id"), strict: frozen("id", "is readOnly")},
		{name: "AMB-11/another id inside a value", ops: `{"op":"replace","value":{"id":"2","displayName":"D"}}`, repairs: same("id"), faults: frozen("id", "is readOnly")},
		{name: "7644-3.5.2.2-10/id", ops: `{"op":"remove","path":"id"}`, faults: frozen("id", "is readOnly")},
		{name: "7644-3.5.2.2-10/meta", stored: stored, ops: `{"op":"remove","path":"meta"}`, faults: frozen("meta", "is readOnly")},
		{name: "7644-3.5.2.2-10/groups", stored: stored, ops: `{"op":"remove","path":"groups"}`, faults: frozen("groups", "is readOnly")},
		{name: "7644-3.5.2.2-10/some of groups", stored: stored, ops: `{"op":"remove","path":"groups[value eq \"g\"]"}`, faults: frozen(`groups[value eq "g"]`, "is readOnly")},
		{name: "7644-3.5.2-01/meta.created", stored: stored, ops: `{"op":"replace","path":"meta.created","value":"2021-01-01T00:00:00Z"}`, repairs: same("meta.created"), faults: frozen("meta.created", "is readOnly")},
		{name: "7644-3.5.2-01/add of meta.created", stored: stored, ops: `{"op":"add","path":"meta.created","value":"2021-01-01T00:00:00Z"}`, repairs: same("meta.created"), faults: frozen("meta.created", "is readOnly")},
		{name: "AMB-11/meta.created in another zone", stored: stored, ops: `{"op":"replace","path":"meta.created","value":"2020-01-01T02:00:00+02:00"}`, repairs: same("meta.created"), strict: frozen("meta.created", "is readOnly")},
		{name: "AMB-11/meta as it was read, with what the answer has besides", stored: stored, ops: `{"op":"replace","value":{"meta":{"resourceType":"User","version":"W/\"1\"","location":"https://e/Users/1"},"title":"T"}}`, want: `"title":"T"`, repairs: same("meta"), strict: frozen("meta", "is readOnly")},
		{name: "AMB-11/meta with another type", stored: stored, ops: `{"op":"replace","value":{"meta":{"resourceType":"Group"}}}`, repairs: same("meta"), faults: frozen("meta", "is readOnly")},
		{name: "7643-4.1.2-07/add of groups", stored: stored, ops: `{"op":"add","path":"groups","value":[{"value":"h"}]}`, repairs: same("groups"), faults: frozen("groups", "is readOnly")},
		{name: "7644-3.5.2.1-13/add of groups, none stored", ops: `{"op":"add","path":"groups","value":[{"value":"h"}]}`, repairs: same("groups"), faults: frozen("groups", "is readOnly")},
		{name: "AMB-11/the same groups", stored: stored, ops: `{"op":"replace","value":{"groups":[{"value":"g"}]}}`, repairs: same("groups"), strict: frozen("groups", "is readOnly")},
		{name: "AMB-11/no groups, none stored", ops: `{"op":"replace","value":{"groups":[],"title":"T"}}`, want: `"title":"T"`, repairs: same("groups"), strict: frozen("groups", "is readOnly")},
		{name: "AMB-11/no groups, some stored", stored: stored, ops: `{"op":"replace","value":{"groups":[]}}`, repairs: same("groups"), faults: frozen("groups", "is readOnly")},
		{name: "7643-4.3-02/manager.displayName", stored: stored, ops: `{"op":"replace","path":"<E>:manager.displayName","value":"N"}`, repairs: same("<E>:manager.displayName"), faults: frozen("<E>:manager.displayName", "is readOnly")},
		{name: "7643-4.3-02/without manager", ops: `{"op":"add","path":"<E>:manager.displayName","value":"N"}`, repairs: same("<E>:manager.displayName"), faults: frozen("<E>:manager.displayName", "is readOnly")},
		{name: "7643-4.3-02/remove", stored: stored, ops: `{"op":"remove","path":"<E>:manager.displayName"}`, faults: frozen("<E>:manager.displayName", "is readOnly")},
		{name: "7644-3.5.2.1-13/inside a value it is ignored", stored: stored, ops: `{"op":"add","path":"<E>:manager","value":{"value":"2","displayName":"N"}}`},
		{name: "7644-3.5.2.1-13/with another manager the old name goes", stored: stored, ops: `{"op":"replace","path":"<E>:manager","value":{"value":"3","displayName":"N"}}`, want: `"<E>":{"manager":{"value":"3"}}`},
	})
	runTrials[Crate](t, []trial{
		{name: "7644-3.5.2.1-13/part inside a path-less value", stored: `"owner":{"value":"o","display":"D"}`, ops: `{"op":"replace","value":{"owner":{"note":"n","display":"E"},"parts":[{"value":"1","display":"E"}]}}`, want: `"owner":{"value":"o","note":"n","display":"D"},"parts":[{"value":"1"}]`},
		{name: "7644-3.5.2.1-13/part of an added element", ops: `{"op":"add","path":"parts","value":[{"value":"1","display":"E"}]}`, want: `"parts":[{"value":"1"}]`},
		{name: "7644-3.5.2.1-13/part of an element that stays", stored: `"parts":[{"value":"1","display":"D"}]`, ops: `{"op":"replace","path":"parts","value":[{"value":"2"},{"value":"1","display":"E"}]}`, want: `"parts":[{"value":"2"},{"value":"1","display":"D"}]`},
		{name: "7644-3.5.2.1-13/part of a replaced element", stored: `"parts":[{"value":"1","display":"D"}]`, ops: `{"op":"replace","path":"parts[value eq \"1\"]","value":{"value":"1","note":"n","display":"E"}}`, want: `"parts":[{"value":"1","note":"n","display":"D"}]`},
		{name: "7644-3.5.2.1-13/part of an element that becomes another", stored: `"parts":[{"value":"1","display":"D"}]`, ops: `{"op":"replace","path":"parts[value eq \"1\"].value","value":"2"}`, want: `"parts":[{"value":"2"}]`},
		{name: "7644-3.5.2.1-13/nothing but readOnly parts", stored: `"owner":{"value":"o"}`, ops: `{"op":"add","path":"owner","value":{"display":"E"}}`},
	})
	runTrials[resource.Group](t, []trial{
		{name: "7644-3.5.2.1-13/members.display is ignored", ops: `{"op":"add","path":"members","value":[{"value":"1","display":"One"}]}`, want: `"members":[{"value":"1"}]`},
		{name: "7644-3.5.2.1-13/and says nothing of a member that is there", stored: `"members":[{"value":"1","display":"One"}]`, ops: `{"op":"add","path":"members","value":[{"value":"1","display":"Eins"}]}`},
		{name: "7643-4.2-02/the value of a member", stored: `"members":[{"value":"1"}]`, ops: `{"op":"replace","path":"members[value eq \"1\"].value","value":"2"}`, faults: frozen(`members[value eq "1"].value`, "is immutable")},
		{name: "7643-4.2-02/its type", stored: `"members":[{"value":"1","type":"User"}]`, ops: `{"op":"replace","path":"members[value eq \"1\"].type","value":"Group"}`, faults: frozen(`members[value eq "1"].type`, "is immutable")},
		{name: "7643-4.2-02/its first type", stored: `"members":[{"value":"1"}]`, ops: `{"op":"add","path":"members[value eq \"1\"].type","value":"Group"}`, want: `"members":[{"value":"1","type":"Group"}]`},
		{name: "7643-4.2-02/remove of a part", stored: `"members":[{"value":"1","type":"User"}]`, ops: `{"op":"remove","path":"members[value eq \"1\"].type"}`, faults: frozen(`members[value eq "1"].type`, "is immutable")},
		{name: "7643-4.2-02/elements come and go", stored: `"members":[{"value":"1","type":"User"},{"value":"2"}]`, ops: `{"op":"remove","path":"members[value eq \"1\"]"},{"op":"add","path":"members","value":[{"value":"3"}]}`, want: `"members":[{"value":"2"},{"value":"3"}]`},
		{name: "7643-4.2-02/a member is its value", stored: `"members":[{"value":"1","type":"User"}]`, ops: `{"op":"add","path":"members","value":[{"value":"1","type":"Group"}]}`},
		{name: "7643-4.2-02/a new list", stored: `"members":[{"value":"1","type":"User","display":"One"},{"value":"2"}]`, ops: `{"op":"replace","path":"members","value":[{"value":"3"},{"value":"1"}]}`, want: `"members":[{"value":"3"},{"value":"1","type":"User","display":"One"}]`},
		{name: "7643-4.2-02/one of a new list with another type is another", stored: `"members":[{"value":"1","type":"User"}]`, ops: `{"op":"replace","path":"members","value":[{"value":"1","type":"Group"}]}`, want: `"members":[{"value":"1","type":"Group"}]`},
		{name: "7643-4.2-02/an element replaced by another", stored: `"members":[{"value":"1","type":"User"}]`, ops: `{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"2"}}`, want: `"members":[{"value":"2"}]`},
		{name: "7643-4.2-02/an element replaced by itself with another type", stored: `"members":[{"value":"1","type":"User"}]`, ops: `{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"1","type":"Group"}}`, faults: frozen(`members[value eq "1"].type`, "is immutable")},
		{name: "7643-2.4-07/$ref in another form", stored: `"members":[{"value":"1","$ref":"https://e/v2/Users/1"}]`, ops: `{"op":"add","path":"members[value eq \"1\"].$ref","value":"HTTPS://E/Users/1"}`},
		{name: "7643-2.4-07/$ref to another user", stored: `"members":[{"value":"1","$ref":"https://e/v2/Users/1"}]`, ops: `{"op":"add","path":"members[value eq \"1\"].$ref","value":"https://e/v2/Users/2"}`, faults: frozen(`members[value eq "1"].$ref`, "is immutable")},
	})
}
