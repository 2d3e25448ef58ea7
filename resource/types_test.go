package resource_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

func probe(members string) string { return `{"schemas":["<PROBE>"],` + members + `}` }

// taken is a value that comes back as it was sent, or in the form after it.
func taken(name, member, value string, normal ...string) reading {
	c := reading{name: name + " " + value, body: probe(member + value)}
	c.want = `{` + member + value + `}`
	if len(normal) > 0 {
		c.want = `{` + member + normal[0] + `}`
	}
	return c
}

// declined is a value that is refused at a path.
func declined(name, member, value, path, text string) reading {
	return reading{name: name + " " + value, body: probe(member + value), faults: []fault{invalid(path, text)}}
}

// RFC 7643 sections 2.3.3 and 2.3.4: numbers keep their value.
func TestNumbers(t *testing.T) {
	const d, i = "7643-2.3.3-01/decimal", "7643-2.3.4-01/integer"
	var cases []reading
	cases = slices.Concat(cases, each([]string{"1.5", "-0.5", "0.1", "123456789.25"}, func(v string) reading {
		return taken(d, `"ratio":`, v)
	}))
	cases = append(cases,
		taken(d, `"ratio":`, "1.50", "1.5"), taken(d, `"ratio":`, "15e-1", "1.5"), taken(d, `"ratio":`, "1.5E+2", "150"), taken(d, `"ratio":`, "0.0", "0"),
		taken(d, `"half":`, "0.1"), taken(d, `"ratios":`, "[0.1,-2.5]"),
		declined(d, `"ratio":`, `"1.5"`, "ratio", `must be a number, not the string "1.5"`),
		declined(d, `"ratio":`, `true`, "ratio", "must be a number, not the boolean true"),
		declined(d, `"ratio":`, `{}`, "ratio", "must be a number, not an object"),
		declined(d, `"ratio":`, `1e400`, "ratio", "must be a number that fits into 64 bits"),
		declined(d, `"ratio":`, `-1e400`, "ratio", "must be a number that fits into 64 bits"),
		declined(d, `"half":`, `1e39`, "half", "must be a number that fits into 32 bits"),
		declined(d, `"ratios":`, `[1.5,1e400]`, "ratios[1]", "must be a number that fits into 64 bits"),
		declined(d, `"part":`, `{"ratio":"x"}`, "part.ratio", "must be a number"),
	)
	cases = slices.Concat(cases, each([]string{"0", "10", "-7", "9007199254740993", "9223372036854775807", "-9223372036854775808"}, func(v string) reading {
		return taken(i, `"count":`, v)
	}))
	cases = append(cases,
		taken(i, `"count":`, "-0", "0"), taken(i, `"small":`, "-128"), taken(i, `"size":`, "65535"), taken(i, `"counts":`, "[3,-1,9007199254740993]"))
	cases = slices.Concat(cases, each([]string{"10.0", "1e3", "1E0", "0.5", "-0.0", "1e400"}, func(v string) reading {
		return declined(i, `"count":`, v, "count", "must be an integer without fraction and exponent")
	}))
	cases = slices.Concat(cases, each([]string{"9223372036854775808", "-9223372036854775809", "18446744073709551616", strings.Repeat("9", 40)}, func(v string) reading {
		return declined(i, `"count":`, v, "count", "must be an integer that fits into 64 bits")
	}))
	cases = append(cases,
		declined(i, `"count":`, `"10"`, "count", `must be an integer, not the string "10"`),
		declined(i, `"count":`, `false`, "count", "must be an integer, not the boolean false"),
		declined(i, `"count":`, `[1]`, "count", "must be an integer, not an array"),
		declined(i, `"small":`, `128`, "small", "must be an integer that fits into 8 bits"),
		declined(i, `"small":`, `-129`, "small", "must be an integer that fits into 8 bits"),
		declined(i, `"size":`, `65536`, "size", "must be an integer of 0 or more that fits into 16 bits"),
		declined(i, `"size":`, `-1`, "size", "must be an integer of 0 or more that fits into 16 bits"),
		declined(i, `"counts":`, `[1,1.5,"2"]`, "counts[1]", "must be an integer"),
		declined(i, `"parts":`, `[{"count":1},{"count":1.5}]`, "parts[1].count", "must be an integer"),
	)
	for k := range cases {
		if strings.Contains(cases[k].body, `"2"`) {
			cases[k].faults = append(cases[k].faults, invalid("counts[2]", `must be an integer, not the string "2"`))
		}
	}
	read[Probe](t, resource.CreationRequest, cases)
	read[Probe](t, resource.Storage, []reading{
		taken(i+" stored", `"count":`, "9007199254740993"),
		declined(i+" stored", `"count":`, "10.0", "count", "must be an integer"),
	})
}

// RFC 7643 section 2.3.5: instants survive, whatever the form.
func TestDateTimes(t *testing.T) {
	const id = "7643-2.3.5-01/"
	cases := []reading{
		taken(id, `"at":`, `"2011-05-13T04:42:34Z"`),
		taken(id, `"at":`, `"2011-05-13T04:42:34.882Z"`),
		taken(id, `"at":`, `"2011-05-13T04:42:34.123456789Z"`),
		taken(id, `"at":`, `"2011-05-13T04:42:34.500Z"`, `"2011-05-13T04:42:34.5Z"`),
		taken(id, `"at":`, `"2011-05-13T04:42:34+02:00"`, `"2011-05-13T02:42:34Z"`),
		taken(id, `"at":`, `"2011-05-13T04:42:34.5-14:00"`, `"2011-05-13T18:42:34.5Z"`),
		taken(id, `"at":`, `"2012-02-29T24:00:00Z"`, `"2012-03-01T00:00:00Z"`),
		taken(id, `"at":`, `"0001-01-01T00:00:01Z"`),
		taken("AMB-08/no zone", `"at":`, `"2011-05-13T04:42:34"`, `"2011-05-13T04:42:34Z"`),
		taken("AMB-08/no zone", `"at":`, `"2011-05-13T04:42:34.25"`, `"2011-05-13T04:42:34.25Z"`),
		taken(id, `"times":`, `["2011-05-13T04:42:34Z","2011-05-13T06:42:34+02:00"]`, `["2011-05-13T04:42:34Z","2011-05-13T04:42:34Z"]`),
		declined(id, `"at":`, `5`, "at", "must be a string, not the number 5"),
		declined(id, `"at":`, `{}`, "at", "must be a string, not an object"),
		declined(id, `"times":`, `["2011-05-13T04:42:34Z","x"]`, "times[1]", "must be a dateTime"),
		declined(id, `"part":`, `{"at":"x"}`, "part.at", "must be a dateTime"),
	}
	cases = slices.Concat(cases, each([]string{
		"2011-05-13", "04:42:34Z", "2011-02-30T00:00:00Z", "2011-02-29T00:00:00Z", "2011-13-01T00:00:00Z", "2011-00-01T00:00:00Z", "2011-05-00T00:00:00Z",
		"2011-05-13T25:00:00Z", "2011-05-13T24:00:01Z", "2011-05-13T04:60:00Z", "2011-05-13T04:42:61Z", "2011-05-13 04:42:34Z", "2011-05-13T04:42Z", "2011-5-13T04:42:34Z",
		"2011-05-13T04:42:34.Z", "2011-05-13T04:42:34,5Z", "2011-05-13T04:42:34+2:00", "2011-05-13T04:42:34+0200", "2011-05-13T04:42:34+15:00", "2011-05-13T04:42:34Zx",
		" 2011-05-13T04:42:34Z", "13 May 2011", "1305261754", "0000-01-01T00:00:00Z", "now",
	}, func(v string) reading {
		return declined(id, `"at":`, `"`+v+`"`, "at", `must be a dateTime such as 2011-05-13T04:42:34Z, not "`+v+`"`)
	}))
	read[Probe](t, resource.CreationRequest, cases)

	t.Run("7643-2.3.5-01/same instant", func(t *testing.T) {
		got, err := resource.Validate[Probe](resource.CreationRequest, []byte(urns.Replace(probe(`"at":"2011-05-13T04:42:34.882+02:00"`))))
		require.NoError(t, err)
		want := time.Date(2011, 5, 13, 2, 42, 34, 882_000_000, time.UTC)
		assert.Equal(t, want, got.At)
		got.At = want.In(time.FixedZone("", 2*60*60))
		text, err := resource.Marshal(resource.Storage, got)
		require.NoError(t, err)
		again, err := resource.Validate[Probe](resource.Storage, text)
		require.NoError(t, err)
		assert.True(t, want.Equal(again.At), "%s", text)
	})
}

// RFC 7643 section 2.3.6: base64 of section 4 of RFC 4648.
func TestBinary(t *testing.T) {
	const id, unpadded = "7643-2.3.6-01/", "7643-2.3.6-02/"
	cases := []reading{
		taken(id, `"blob":`, `"AQID"`), taken(id, `"blob":`, `"+/+/"`), taken(id, `"blobs":`, `["AQID","AQ=="]`), taken(id, `"part":`, `{"blob":"AQID"}`),
		taken(unpadded, `"blob":`, `"AQI="`), taken(unpadded, `"blob":`, `"AQI"`, `"AQI="`), taken(unpadded, `"blob":`, `"AQ"`, `"AQ=="`),
		declined(id, `"blob":`, `5`, "blob", "must be a string, not the number 5"),
		declined(id, `"blob":`, `[1,2,3]`, "blob", "must be a string, not an array"),
		declined(id, `"blobs":`, `["AQID","@"]`, "blobs[1]", "must be base64"),
		declined(unpadded, `"blob":`, `"-_8"`, "blob", "must be base64 with + and / and without line breaks (RFC 4648 section 4)"),
		declined(unpadded, `"blob":`, `"-_8="`, "blob", "must be base64"),
	}
	cases = slices.Concat(cases, each([]string{"@@@", "A", "AQID=", "AQ=D", "AQ=", "AQI==", "A===", "====", `AQ\nID`, "AQ ID", "AQIDé"}, func(v string) reading {
		return declined(id, `"blob":`, `"`+v+`"`, "blob", "must be base64")
	}))
	read[Probe](t, resource.CreationRequest, cases)

	t.Run("7643-2.3.6-02/same bytes", func(t *testing.T) {
		for _, text := range []string{"AQI", "AQI="} {
			got, err := resource.Validate[Probe](resource.CreationRequest, []byte(urns.Replace(probe(`"blob":"`+text+`"`))), resource.Strict())
			require.NoError(t, err)
			assert.Equal(t, []byte{1, 2}, got.Blob)
		}
	})
	t.Run("7643-2.3.6-01/bytes 1 2 3", func(t *testing.T) {
		got, err := resource.Validate[Probe](resource.CreationRequest, []byte(urns.Replace(probe(`"blob":"AQID","blobs":["Ag==","Aw=="]`))), resource.Strict())
		require.NoError(t, err)
		assert.Equal(t, []byte{1, 2, 3}, got.Blob)
		assert.Equal(t, [][]byte{{2}, {3}}, got.Blobs)
	})
}

// RFC 7643 section 2.3.7: absolute and relative references.
func TestReferences(t *testing.T) {
	const id = "7643-2.3.7-01/"
	var cases []reading
	cases = slices.Concat(cases, each([]string{
		"https://x/y", "Users/1", "/Users/1", "../Users/1", "urn:a:b", "https://example.com:8443/a/b?c=d&e=f#g", "#fragment", "?query", "mailto:a@b.example", "tel:+1-201-555-0123",
		"https://[::1]/x", "https://x/%20y", "//example.com/x", "me", "HTTPS://EXAMPLE.COM/", "https://u@example.com/", "data:image/png;base64,AAAA", "cid:1",
	}, func(v string) reading {
		return taken(id, `"link":`, `"`+v+`"`)
	}))
	cases = slices.Concat(cases, each([]string{"http://[::1", "not a url", "https://x y/", "https://x/a b", "https://x/%zz", "http://x:port/", ":nothing", "a b", `x\u0000y`, `x\ny`, "https://x/<y>", `x\"y`, `x\\y`, "1a:b", "http://[g::1]/"}, func(v string) reading {
		return declined(id, `"link":`, `"`+v+`"`, "link", "must be a URI or a relative reference")
	}))
	cases = append(cases,
		declined(id, `"link":`, `5`, "link", "must be a string, not the number 5"),
		declined(id, `"link":`, `{"value":"https://x"}`, "link", "must be a string, not an object"),
		declined(id, `"links":`, `["urn:a:b","a b"]`, "links[1]", "must be a URI"),
		declined(id, `"parts":`, `[{"link":"a b"}]`, "parts[0].link", "must be a URI"),
	)
	read[Probe](t, resource.CreationRequest, cases)
	read[Probe](t, resource.Storage, []reading{taken(id+"types only:", `"link":`, `"not a url"`)})
}

// Lists of simple values: elements all of one type (RFC 7643 section 2.4), and the words of a closed list.
func TestSimpleLists(t *testing.T) {
	read[Probe](t, resource.CreationRequest, []reading{
		taken("7643-2.4-02/tags", `"tags":`, `["a","b","a"]`),
		taken("7643-2.4-02/flags", `"flags":`, `[true,false]`),
		declined("7643-2.4-02/object among strings", `"tags":`, `["a",{}]`, "tags[1]", "must be a string, not an object"),
		declined("7643-2.4-02/array among strings", `"tags":`, `["a",["b"]]`, "tags[1]", "must be a string, not an array"),
		declined("7643-2.4-02/number among strings", `"tags":`, `["a",1]`, "tags[1]", "must be a string, not the number 1"),
		declined("7643-2.4-02/string among objects of a part", `"part":`, `{"tags":["a",1]}`, "part.tags[1]", "must be a string"),
		{
			name: "AMB-06/one string for a list", body: probe(`"tags":"a"`), want: `{"tags":["a"]}`,
			repairs: []string{"SingleAsList tags"}, strict: []fault{invalid("tags", `must be an array, not the string "a"`)},
		},
		{
			name: "AMB-06/one number for a list", body: probe(`"counts":7`), want: `{"counts":[7]}`,
			repairs: []string{"SingleAsList counts"}, strict: []fault{invalid("counts", "must be an array, not the number 7")},
		},
		{
			name: "AMB-06/one boolean for a list", body: probe(`"flags":false`), want: `{"flags":[false]}`,
			repairs: []string{"SingleAsList flags"}, strict: []fault{invalid("flags", "must be an array, not the boolean false")},
		},
		{
			name: "AMB-06/boolean strings in a list", body: probe(`"flags":["True","FALSE"]`), want: `{"flags":[true,false]}`,
			repairs: []string{"BooleanStrings flags[0]", "BooleanStrings flags[1]"}, strict: []fault{invalid("flags[0]", "true or false"), invalid("flags[1]", "true or false")},
		},
		{
			name: "AMB-06/one bare string for a list of objects", body: probe(`"parts":"x"`), want: `{"parts":[{"value":"x"}]}`,
			repairs: []string{"BareValue parts", "SingleAsList parts"}, strict: []fault{invalid("parts", `must be an array, not the string "x"`)},
		},
		{
			name: "AMB-06/bare string for one object", body: probe(`"part":"x"`), want: `{"part":{"value":"x"}}`,
			repairs: []string{"BareValue part"}, strict: []fault{invalid("part", `must be an object, not the string "x"`)},
		},
		{name: "AMB-06/no list of one: a wrong value stays wrong", body: probe(`"counts":"7"`), faults: []fault{invalid("counts", "")}, strict: []fault{invalid("counts", `must be an array, not the string "7"`)}},
		taken("7643-7-01/a closed list", `"shade":`, `"light"`),
		taken("7643-7-01/a closed list in other case", `"shade":`, `"DARK"`),
		declined("7643-7-01/beside a closed list", `"shade":`, `"red"`, "shade", `must be one of light, dark, not "red"`),
	})
}

// A number or string that is refused is shown shortened: the answer must not grow with the request.
func TestRefusedValuesAreShort(t *testing.T) {
	long := strings.Repeat("9", 100_000)
	for name, members := range map[string]string{
		"integer": `"count":` + long, "decimal": `"ratio":` + long + `e999`, "dateTime": `"at":"` + long + `"`, "reference": `"link":"a ` + long + `"`,
		"canonical": `"shade":"` + long + `"`, "schemas": `"schemas":["urn:` + long + `"]`, "unknown": `"x` + long + `":1`,
		"umlauts": `"shade":"` + strings.Repeat("ä", 50_000) + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			body := urns.Replace(probe(members))
			if name == "schemas" {
				body = `{` + members + `}`
			}
			_, err := resource.Validate[Probe](resource.CreationRequest, []byte(body), resource.Strict(), resource.RejectUnknown())
			require.Error(t, err)
			for _, e := range faultsOf(t, err) {
				assert.Less(t, len(e.Error()), 400)
				assert.True(t, utf8.ValidString(e.Detail), "%q", e.Detail)
			}
			assert.Less(t, len(fmt.Sprintf("%+v", err)), 1000)
		})
	}
}
