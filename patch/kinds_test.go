package patch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// kind is an attribute of one type, with two values of it, and one that is none.
type kind struct {
	path, one, two, wrong string
}

var kindsOfGauge = []kind{
	{"text", `"a"`, `"b"`, `5`}, {"textP", `"a"`, `"b"`, `true`}, {"exact", `"a"`, `"A"`, `{}`}, {"flag", `true`, `false`, `5`}, {"flagP", `true`, `false`, `"yes"`},
	{"int", `1`, `2`, `1.5`}, {"intP", `9007199254740993`, `-1`, `"1"`}, {"small", `127`, `-128`, `128`}, {"size", `1`, `65535`, `-1`}, {"float", `0.1`, `-2`, `"x"`}, {"floatP", `0.5`, `2`, `[]`},
	{"at", `"2011-05-13T04:42:34Z"`, `"2011-05-13T04:42:35.5Z"`, `"2011-05-13"`}, {"atP", `"2011-05-13T04:42:34Z"`, `"2012-05-13T04:42:34Z"`, `5`}, {"blob", `"AQID"`, `"AQ=="`, `"@@@"`},
	{"link", `"https://e/a"`, `"https://e/b"`, `"http://[::1"`}, {"user", `"https://e/v2/Users/1"`, `"https://e/v2/Users/2"`, `5`},
}

func TestKinds(t *testing.T) {
	trials := make([]trial, 0, 200)
	for _, k := range kindsOfGauge {
		stored, plain := `"`+k.path+`":`+k.one, k.path == "flag" || k.path == "int" || k.path == "float"
		for _, op := range []string{"add", "replace"} {
			said := func(v string) string { return `{"op":"` + op + `","path":"` + k.path + `","value":` + v + `}` }
			trials = append(trials,
				trial{name: "7644-3.5.2.1-05/" + k.path + ": " + op + ", none there", ops: said(k.one), want: stored},
				trial{name: "7644-3.5.2.1-06/" + k.path + ": " + op, stored: stored, ops: said(k.two), want: `"` + k.path + `":` + k.two},
				trial{name: "7644-3.5.2.1-10/" + k.path + ": " + op + " of the same", stored: stored, ops: said(k.one)},
				trial{name: "7644-3.5.2.1-12/" + k.path + ": " + op + " of the wrong type", stored: stored, ops: said(k.wrong), faults: badValue(k.path, "")},
			)
		}
		gone := `"` + k.path + `":null`
		if plain { // is never unassigned, but zero
			gone = `"` + k.path + `":` + map[string]string{"flag": "false", "int": "0", "float": "0"}[k.path]
		}
		trials = append(trials,
			trial{name: "7644-3.5.2.2-02/" + k.path, stored: stored, ops: `{"op":"remove","path":"` + k.path + `"}`, want: gone},
			trial{name: "7643-2.5-05/" + k.path, stored: stored, ops: `{"op":"replace","value":{"` + k.path + `":null}}`, want: gone},
		)
	}
	runTrials[Gauge](t, trials)
}

func TestKindsOfLists(t *testing.T) {
	trials := make([]trial, 0, 200)
	for _, k := range []kind{
		{"texts", `"a"`, `"b"`, `5`}, {"textPs", `"a"`, `"b"`, `5`}, {"exacts", `"a"`, `"A"`, `true`}, {"flags", `true`, `false`, `5`}, {"ints", `1`, `2`, `1.5`}, {"floats", `0.5`, `2`, `"x"`},
		{"times", `"2011-05-13T04:42:34Z"`, `"2012-05-13T04:42:34Z"`, `5`}, {"blobs", `"AQID"`, `"AQ=="`, `"@@@"`}, {"links", `"https://e/a"`, `"https://e/b"`, `{}`},
	} {
		stored, both := `"`+k.path+`":[`+k.one+`]`, `"`+k.path+`":[`+k.one+`,`+k.two+`]`
		trials = append(trials,
			trial{name: "7644-3.5.2.1-09/" + k.path + ": add", stored: stored, ops: `{"op":"add","path":"` + k.path + `","value":[` + k.two + `,` + k.one + `]}`, want: both},
			trial{name: "7644-3.5.2.1-09/" + k.path + ": add of one", stored: stored, ops: `{"op":"add","path":"` + k.path + `","value":` + k.two + `}`, want: both},
			trial{name: "7644-3.5.2.3-04/" + k.path + ": replace", stored: stored, ops: `{"op":"replace","path":"` + k.path + `","value":[` + k.two + `]}`, want: `"` + k.path + `":[` + k.two + `]`},
			trial{name: "7644-3.5.2.2-04/" + k.path + ": remove", stored: both, ops: `{"op":"remove","path":"` + k.path + `"}`, want: `"` + k.path + `":null`},
			trial{name: "7644-3.5.2.1-12/" + k.path + ": wrong type", ops: `{"op":"add","path":"` + k.path + `","value":[` + k.one + `,` + k.wrong + `]}`, faults: badValue(k.path+"[1]", "")},
			trial{name: "7644-3.5.2.2-06/" + k.path + ": filter", stored: both, ops: `{"op":"remove","path":"` + k.path + `[value eq ` + quotedIn(k.two) + `]"}`, want: stored},
			trial{name: "AMB-17/" + k.path, stored: both, ops: `{"op":"remove","path":"` + k.path + `","value":[` + k.two + `]}`, want: stored, repairs: []string{"RemoveByValue " + k.path}, strict: badValue(k.path, "is removed without a value")},
		)
	}
	trials = append(trials,
		trial{name: "7644-3.5.2.1-10/an instant in another zone", stored: `"times":["2011-05-13T04:42:34Z"]`, ops: `{"op":"add","path":"times","value":["2011-05-13T06:42:34+02:00"]}`},
		trial{name: "7644-3.5.2.1-10/a reference in another form", stored: `"links":["https://e/a"]`, ops: `{"op":"add","path":"links","value":["HTTPS://E:443/b/../a"]}`},
		trial{name: "7644-3.5.2.1-09/many", stored: `"ints":[1,2,3,4,5,6]`, ops: `{"op":"add","path":"ints","value":[6,7,8,1,9,10,7]}`, want: `"ints":[1,2,3,4,5,6,7,8,9,10]`},
		trial{name: "7644-3.5.2.3-05/a number", stored: `"ints":[1,2]`, ops: `{"op":"replace","path":"ints[value gt 1]","value":3}`, want: `"ints":[1,3]`},
		trial{name: "7644-3.5.2.2-05/elements by number", stored: `"counted":[{"value":1},{"value":2,"ratio":0.5}]`, ops: `{"op":"remove","path":"counted[value eq 2 and ratio lt 1]"}`, want: `"counted":[{"value":1}]`},
		trial{name: "AMB-17/elements by number", stored: `"counted":[{"value":1},{"value":2}]`, ops: `{"op":"remove","path":"counted","value":[{"value":2}]}`, want: `"counted":[{"value":1}]`, repairs: []string{"RemoveByValue counted"}, strict: badValue("counted", "is removed without a value")},
		trial{
			name: "AMB-12/elements by number", ops: `{"op":"add","path":"counted[value eq 2].ratio","value":0.5}`, want: `"counted":[{"value":2,"ratio":0.5}]`,
			repairs: []string{"CreateOnMiss counted[value eq 2].ratio"}, strict: missed("counted[value eq 2].ratio", "matches no value"),
		},
		trial{
			name: "AMB-12/elements by time", ops: `{"op":"add","path":"counted[at eq \"2011-05-13T04:42:34Z\"].value","value":5}`, want: `"counted":[{"value":5,"at":"2011-05-13T04:42:34Z"}]`,
			repairs: []string{`CreateOnMiss counted[at eq "2011-05-13T04:42:34Z"].value`}, strict: missed(`counted[at eq "2011-05-13T04:42:34Z"].value`, "matches no value"),
		},
	)
	runTrials[Gauge](t, trials)
}

// quotedIn writes a JSON value inside a JSON string.
func quotedIn(value string) string {
	if value[0] != '"' {
		return value
	}
	return `\` + value[:len(value)-1] + `\"`
}

// In a struct of plain numbers and booleans what is not named must not become zero.
func TestPlainParts(t *testing.T) {
	runTrials[Gauge](t, []trial{
		{name: "7644-3.5.2.1-07/only what is named", stored: `"plain":{"on":true,"count":5,"note":"n"}`, ops: `{"op":"add","path":"plain","value":{"note":"m"}}`, want: `"plain":{"on":true,"count":5,"note":"m"}`},
		{name: "7644-3.5.2.3-03/false is a value", stored: `"plain":{"on":true,"count":5,"note":"n"}`, ops: `{"op":"replace","path":"plain","value":{"on":false}}`, want: `"plain":{"on":false,"count":5,"note":"n"}`},
		{name: "7644-3.5.2.3-03/zero is a value", stored: `"plain":{"on":true,"count":5,"note":"n"}`, ops: `{"op":"replace","value":{"plain":{"count":0}}}`, want: `"plain":{"on":true,"count":0,"note":"n"}`},
		{name: "7644-3.5.2.1-08/one part of what is not there", ops: `{"op":"add","path":"plainP.count","value":3}`, want: `"plainP":{"on":false,"count":3}`},
		{name: "7644-3.5.2.3-03/behind a pointer", stored: `"plainP":{"on":true,"count":5}`, ops: `{"op":"replace","path":"plainP","value":{"count":6}}`, want: `"plainP":{"on":true,"count":6}`},
		{name: "7643-2.5-05/a part by null is zero", stored: `"plain":{"on":true,"count":5}`, ops: `{"op":"replace","path":"plain","value":{"on":null}}`, want: `"plain":{"on":false,"count":5}`},
		{name: "7644-3.5.2.2-03/the pointer goes", stored: `"plainP":{"on":true,"count":5}`, ops: `{"op":"remove","path":"plainP"}`, want: `"plainP":null`},
		{name: "AMB-03/unknown part", stored: `"plain":{"on":true,"count":5}`, ops: `{"op":"replace","path":"plain","value":{"count":6,"x":1}}`, want: `"plain":{"on":true,"count":6}`, repairs: []string{"UnknownSubAttributes plain.x"}, strict: badForm("plain.x", "is no sub-attribute")},
	})
}

// Times are kept in UTC, whatever the zone they came in.
func TestTimesInUTC(t *testing.T) {
	op, err := resource.Validate[resource.PatchOp[Gauge]](resource.PatchRequest, bodyOf(trial{ops: `{"op":"add","value":{"at":"2011-05-13T06:42:34+02:00"}}`}))
	require.NoError(t, err)
	got, err := patch.Apply(&Gauge{}, op)
	require.NoError(t, err)
	assert.Equal(t, time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC), got.At)
}
