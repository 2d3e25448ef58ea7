package patch_test

import (
	"strings"
	"testing"
)

func TestImmutable(t *testing.T) {
	trials := make([]trial, 0, 200)
	for _, m := range []mutable{
		{where: "attribute", path: "serial", stored: `"serial":"$"`, gone: ``},
		{where: "part", path: "owner.fixed", stored: `"owner":{"value":"o","fixed":"$"}`, gone: `"owner":{"value":"o"}`},
		{where: "part of a pointer", path: "keeper.fixed", stored: `"keeper":{"value":"o","fixed":"$"}`, gone: `"keeper":{"value":"o"}`},
		{where: "part of an element", path: `parts[value eq \"1\"].fixed`, stored: `"parts":[{"value":"1","fixed":"$"},{"value":"2"}]`, gone: `"parts":[{"value":"1"},{"value":"2"}]`},
		{where: "part of every element", path: `boxes.fixed`, stored: `"boxes":[{"value":"1","fixed":"$"}]`, gone: `"boxes":[{"value":"1"}]`},
		{where: "extension", path: "<GATE>:serial", stored: `"<GATE>":{"color":"c","serial":"$"}`, gone: `"<GATE>":{"color":"c"}`},
		{where: "part in an extension", path: "<GATE>:owner.fixed", stored: `"<GATE>":{"owner":{"value":"o","fixed":"$"}}`, gone: `"<GATE>":{"owner":{"value":"o"}}`},
		{where: "part of an element in an extension", path: `<GATE>:parts[value eq \"1\"].fixed`, stored: `"<GATE>":{"parts":[{"value":"1","fixed":"$"}]}`, gone: `"<GATE>":{"parts":[{"value":"1"}]}`},
		{where: "extension in an extension", path: "<LOCK>:fixed", stored: `"<GATE>":{"color":"c","<LOCK>":{"kind":"k","fixed":"$"}}`, gone: `"<GATE>":{"color":"c","<LOCK>":{"kind":"k"}}`},
		{where: "complex", path: "site", stored: `"site":{"building":"$"}`, gone: ``},
		{where: "list", path: "marks", stored: `"marks":["$","b"]`, gone: ``},
		{where: "list of complex values", path: "keys", stored: `"keys":[{"value":"$"},{"value":"b"}]`, gone: ``},
	} {
		value := func(word string) string {
			switch m.where {
			case "complex":
				return `{"building":"` + word + `"}`
			case "list":
				return `["` + word + `","b"]`
			case "list of complex values":
				return `[{"value":"` + word + `"},{"value":"b"}]`
			}
			return `"` + word + `"`
		}
		path := strings.ReplaceAll(m.path, `\"`, `"`)
		refused := frozen(path, "is immutable and already has another value")
		for _, op := range []string{"add", "replace"} {
			said := func(word string) string {
				return `{"op":"` + op + `","path":"` + m.path + `","value":` + value(word) + `}`
			}
			trials = append(trials,
				trial{name: "7644-3.5.2-02/" + m.where + ": " + op + ", none stored", stored: m.gone, ops: said("W"), want: m.at("W")},
				trial{name: "AMB-18/" + m.where + ": " + op + " the same", stored: m.at("W"), ops: said("W")},
				trial{name: "7644-3.5.2-19/" + m.where + ": " + op + " another value", stored: m.at("W"), ops: said("V"), faults: refused},
			)
		}
		trials = append(trials,
			trial{name: "7644-3.5.2-19/" + m.where + ": set, then another value", stored: m.gone, ops: `{"op":"add","path":"` + m.path + `","value":` + value("W") + `},{"op":"add","path":"` + m.path + `","value":` + value("V") + `}`, faults: frozen(path, "(Operations[1])")},
			trial{name: "7644-3.5.2.2-11/" + m.where + ": remove", stored: m.at("W"), ops: `{"op":"remove","path":"` + m.path + `"}`, faults: refused},
			trial{name: "7644-3.5.2.2-11/" + m.where + ": remove, none stored", stored: m.gone, ops: `{"op":"remove","path":"` + m.path + `"}`},
			trial{name: "7644-3.5.2-20/" + m.where + ": replace by null", stored: m.at("W"), ops: `{"op":"replace","path":"` + m.path + `","value":null}`, faults: refused},
			trial{name: "7644-3.5.2.1-14/" + m.where + ": add of null", stored: m.at("W"), ops: `{"op":"add","path":"` + m.path + `","value":null}`},
		)
	}
	runTrials[Crate](t, trials)
}

// An immutable part goes with the element it belongs to, but with nothing else.
func TestImmutableInside(t *testing.T) {
	refused := func(path string) []denial { return frozen(path, "immutable") }
	runTrials[Crate](t, []trial{
		{name: "7644-3.5.2-19/case counts where it does", stored: `"serial":"s"`, ops: `{"op":"replace","path":"serial","value":"S"}`, faults: refused("serial")},
		{name: "AMB-18/and not where it does not", stored: `"owner":{"fixed":"f"}`, ops: `{"op":"replace","path":"owner.fixed","value":"F"}`},
		{name: "AMB-18/a list in another order", stored: `"marks":["a","b"]`, ops: `{"op":"replace","path":"marks","value":["b","a"]}`},
		{name: "AMB-18/add of one of the list", stored: `"marks":["a","b"]`, ops: `{"op":"add","path":"marks","value":["b"]}`},
		{name: "7644-3.5.2-20/fewer of the list", stored: `"marks":["a","b"]`, ops: `{"op":"replace","path":"marks","value":["b"]}`, faults: refused("marks")},
		{name: "7644-3.5.2-19/one more", stored: `"marks":["a","b"]`, ops: `{"op":"add","path":"marks","value":["c"]}`, faults: refused("marks")},
		{name: "7644-3.5.2.2-11/some of the list", stored: `"marks":["a","b"]`, ops: `{"op":"remove","path":"marks[value eq \"a\"]"}`, faults: refused(`marks[value eq "a"]`)},
		{name: "7644-3.5.2.2-11/an element of the list", stored: `"keys":[{"value":"k"}]`, ops: `{"op":"remove","path":"keys[value eq \"k\"]"}`, faults: refused(`keys[value eq "k"]`)},
		{name: "7644-3.5.2-20/a part of an element of the list", stored: `"keys":[{"value":"k"}]`, ops: `{"op":"add","path":"keys[value eq \"k\"].note","value":"n"}`, faults: refused(`keys[value eq "k"].note`)},
		{name: "7644-3.5.2-20/an element of the list", stored: `"keys":[{"value":"k"}]`, ops: `{"op":"replace","path":"keys[value eq \"k\"]","value":{"value":"l"}}`, faults: refused(`keys[value eq "k"]`)},
		{name: "AMB-18/an element of the list by itself", stored: `"keys":[{"value":"k"}]`, ops: `{"op":"replace","path":"keys[value eq \"k\"]","value":{"value":"k"}}`},
		{
			name: "AMB-12/no element comes into a set list", stored: `"keys":[{"value":"k"}]`, ops: `{"op":"add","path":"keys[value eq \"l\"].note","value":"n"}`,
			faults: refused(`keys[value eq "l"].note`), strict: missed(`keys[value eq "l"].note`, "matches no value"),
		},
		{name: "7644-3.5.2-19/a part of the complex value", stored: `"site":{"building":"B"}`, ops: `{"op":"add","path":"site.room","value":"R"}`, faults: refused("site.room")},
		{name: "7644-3.5.2-19/a part of the value, none stored", ops: `{"op":"add","path":"site.room","value":"R"}`, want: `"site":{"room":"R"}`},
		{name: "7644-3.5.2.2-11/a part of the value", stored: `"site":{"building":"B","room":"R"}`, ops: `{"op":"remove","path":"site.room"}`, faults: refused("site.room")},
		{name: "AMB-18/a part that says the same", stored: `"site":{"building":"B","room":"R"}`, ops: `{"op":"replace","path":"site","value":{"room":"R"}}`},
		{name: "7644-3.5.2-20/inside a complex value", stored: `"owner":{"value":"o","fixed":"f"}`, ops: `{"op":"replace","path":"owner","value":{"note":"n","fixed":"g"}}`, faults: refused("owner.fixed")},
		{name: "7644-3.5.2-20/inside a path-less value", stored: `"owner":{"value":"o","fixed":"f"}`, ops: `{"op":"replace","value":{"owner":{"fixed":"g"}}}`, faults: refused("owner.fixed")},
		{name: "AMB-18/inside a complex value", stored: `"owner":{"value":"o","fixed":"f"}`, ops: `{"op":"replace","path":"owner","value":{"note":"n","fixed":"f"}}`, want: `"owner":{"value":"o","note":"n","fixed":"f"}`},
		{name: "7644-3.5.2.2-11/the value around it", stored: `"owner":{"value":"o","fixed":"f"}`, ops: `{"op":"remove","path":"owner"}`, faults: frozen("owner", "cannot be removed: it has owner.fixed, which is immutable")},
		{name: "7644-3.5.2.2-11/the extension around it", stored: `"<GATE>":{"color":"c","serial":"s"}`, ops: `{"op":"remove","path":"<GATE>"}`, faults: frozen("<GATE>", "cannot be removed: it has <GATE>:serial, which is immutable")},
		{name: "7644-3.5.2.2-11/the extension around the value around it", stored: `"<GATE>":{"color":"c","owner":{"fixed":"f"}}`, ops: `{"op":"remove","path":"<GATE>"}`, faults: frozen("<GATE>", "cannot be removed: it has <GATE>:owner.fixed, which is immutable")},
		{name: "7644-3.5.2.2-11/null of the value around it", stored: `"owner":{"value":"o","fixed":"f"}`, ops: `{"op":"replace","value":{"owner":null}}`, faults: refused("owner")},
		{name: "7644-3.5.2.2-11/null of a part in a value", stored: `"owner":{"value":"o","fixed":"f"}`, ops: `{"op":"replace","path":"owner","value":{"fixed":null,"note":"n"}}`, faults: refused("owner.fixed")},
		{name: "7644-3.5.2.2-11/the element around it may go", stored: `"parts":[{"value":"1","fixed":"f"},{"value":"2"}]`, ops: `{"op":"remove","path":"parts[value eq \"1\"]"}`, want: `"parts":[{"value":"2"}]`},
		{name: "7644-3.5.2.2-11/all elements may go", stored: `"parts":[{"value":"1","fixed":"f"}]`, ops: `{"op":"remove","path":"parts"}`, want: `"parts":null`},
		{name: "7644-3.5.2.2-11/and with a new list", stored: `"parts":[{"value":"1","fixed":"f"}]`, ops: `{"op":"replace","path":"parts","value":[{"value":"2"}]}`, want: `"parts":[{"value":"2"}]`},
		{name: "7644-3.5.2-20/an element merged with another value", stored: `"parts":[{"value":"1","fixed":"f"}]`, ops: `{"op":"add","path":"parts[value eq \"1\"]","value":{"fixed":"g"}}`, faults: refused(`parts[value eq "1"].fixed`)},
		{name: "7644-3.5.2-20/an element replaced by itself with another", stored: `"parts":[{"value":"1","fixed":"f"}]`, ops: `{"op":"replace","path":"parts[value eq \"1\"]","value":{"value":"1","fixed":"g"}}`, faults: refused(`parts[value eq "1"].fixed`)},
		{name: "AMB-14/an element replaced without it keeps it", stored: `"parts":[{"value":"1","fixed":"f","note":"n"}]`, ops: `{"op":"replace","path":"parts[value eq \"1\"]","value":{"value":"1"}}`, want: `"parts":[{"value":"1","fixed":"f"}]`},
		{name: "7644-3.5.2-20/an element added once more with another", stored: `"parts":[{"value":"1","fixed":"f"}]`, ops: `{"op":"add","path":"parts","value":{"value":"1","fixed":"g"}}`, faults: refused(`parts`)},
		{name: "7644-3.5.2-20/of one of several matches", stored: `"parts":[{"value":"1"},{"value":"2","fixed":"f"}]`, ops: `{"op":"add","path":"parts.fixed","value":"g"}`, faults: refused(`parts.fixed`)},
		{name: "7644-3.5.2-19/the same of one of several matches", stored: `"parts":[{"value":"1"},{"value":"2","fixed":"g"}]`, ops: `{"op":"add","path":"parts.fixed","value":"g"}`, want: `"parts":[{"value":"1","fixed":"g"},{"value":"2","fixed":"g"}]`},
	})
}

// writeOnly attributes are set and unassigned like any other; nobody is told their values.
func TestWriteOnly(t *testing.T) {
	trials := make([]trial, 0, 200)
	for _, m := range []mutable{
		{where: "attribute", path: "pin", stored: `"pin":"$"`, gone: `"pin":null`},
		{where: "part", path: "owner.pin", stored: `"owner":{"value":"o","pin":"$"}`, gone: `"owner":{"value":"o"}`},
		{where: "part of an element", path: `parts[value eq \"1\"].pin`, stored: `"parts":[{"value":"1","pin":"$"}]`, gone: `"parts":[{"value":"1"}]`},
		{where: "extension", path: "<GATE>:pin", stored: `"<GATE>":{"color":"c","pin":"$"}`, gone: `"<GATE>":{"color":"c"}`},
		{where: "part in an extension", path: "<GATE>:owner.pin", stored: `"<GATE>":{"owner":{"value":"o","pin":"$"}}`, gone: `"<GATE>":{"owner":{"value":"o"}}`},
	} {
		for _, op := range []string{"add", "replace"} {
			said := `{"op":"` + op + `","path":"` + m.path + `","value":"hunter2"}`
			trials = append(trials,
				trial{name: "7643-7-14/" + m.where + ": " + op + ", none stored", stored: m.gone, ops: said, want: m.at("hunter2")},
				trial{name: "7643-7-14/" + m.where + ": " + op + " another value", stored: m.at("old"), ops: said, want: m.at("hunter2")},
				trial{name: "7643-7-14/" + m.where + ": " + op + " the same", stored: m.at("hunter2"), ops: said},
				trial{name: "7643-4.1.1-10/" + m.where + ": " + op + " of the wrong type says no secret", stored: m.gone, ops: `{"op":"` + op + `","path":"` + m.path + `","value":["hunter2"]}`, faults: badValue(strings.ReplaceAll(m.path, `\"`, `"`), "must be a string")},
			)
		}
		trials = append(trials,
			trial{name: "7643-7-14/" + m.where + ": remove", stored: m.at("hunter2"), ops: `{"op":"remove","path":"` + m.path + `"}`, want: m.gone},
			trial{name: "7643-7-14/" + m.where + ": replace by null", stored: m.at("hunter2"), ops: `{"op":"replace","path":"` + m.path + `","value":null}`, want: m.gone},
		)
	}
	trials = append(trials,
		trial{name: "7644-3.5.2.2-09/required: remove", ops: `{"op":"remove","path":"code"}`, faults: frozen("code", "is required and cannot be removed")},
		trial{name: "7643-2.5-05/required: replace by null", ops: `{"op":"replace","path":"code","value":null}`, faults: badValue("code", "is required")},
		trial{name: "7643-7-14/required: replace", ops: `{"op":"replace","path":"code","value":"1111"}`, want: `"code":"1111"`},
		trial{name: "7643-7-14/list", ops: `{"op":"add","path":"vaults","value":[{"value":"v"}]}`, want: `"vaults":[{"value":"v"}]`},
		trial{name: "AMB-13/whole owner keeps its pin", stored: `"owner":{"value":"o","pin":"p"}`, ops: `{"op":"replace","path":"owner","value":{"value":"q"}}`, want: `"owner":{"value":"q","pin":"p"}`},
	)
	runTrials[Crate](t, trials)
	runTrials[Worker](t, []trial{
		{name: "7643-4.1.1-07/password", ops: `{"op":"replace","path":"password","value":"hunter2"}`, want: `"password":"hunter2"`},
		{name: "7643-4.1.1-07/password without path", ops: `{"op":"add","value":{"password":"hunter2"}}`, want: `"password":"hunter2"`},
		{name: "7643-4.1.1-07/password removed", stored: `"password":"hunter2"`, ops: `{"op":"remove","path":"password"}`, want: `"password":null`},
	})
}
