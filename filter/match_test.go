package filter_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// outcome is what a filter does to a resource.
type outcome int

const (
	alike outcome = iota // of strict: the same as by default
	yes
	no
	bad // 400 invalidFilter
)

type matched struct {
	id, doc, filter string
	want, strict    outcome
}

// judge compiles and matches.
func judge[T any](t *testing.T, doc, text string, opts ...filter.Option) outcome {
	t.Helper()
	f, err := filter.Compile[T](text, opts...)
	if err != nil {
		refused(t, err, scimerrors.InvalidFilter)
		assert.Nil(t, f)
		return bad
	}
	if f.Match(read[T](t, doc)) {
		return yes
	}
	return no
}

func matchAll[T any](t *testing.T, cases []matched) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.id+"/"+c.filter, func(t *testing.T) {
			assert.Equal(t, c.want, judge[T](t, c.doc, c.filter))
			want := c.strict
			if want == alike {
				want = c.want
			}
			assert.Equal(t, want, judge[T](t, c.doc, c.filter, resource.Strict()), "strictly")
		})
	}
}

const (
	work  = `{"userName":"bjensen","emails":[{"value":"a@x.example","type":"work","primary":true},{"value":"b@home.example","type":"home"}]}`
	boss  = `{"userName":"x","` + enterprise + `":{"employeeNumber":"7","manager":{"value":"Id1","displayName":"John"}}}`
	empty = `{"userName":"x"}`
)

func TestMatchUser(t *testing.T) {
	matchAll[Account](t, []matched{
		{"7644-3.4.2.2-11", work, `emails[type eq "work" and value co "@x"]`, yes, alike},
		{"7644-3.4.2.2-11/one element", work, `emails[type eq "home" and value co "@x"]`, no, alike},
		{"7644-3.4.2.2-12", work, `emails.type eq "home" and emails.value co "@x"`, yes, alike},
		{"7644-3.4.2.2-13", work, `emails[type eq "other" or (type eq "home" and value ew "home.example")]`, yes, alike},
		{"7644-3.4.2.2-13/not", work, `emails[not (type eq "work")]`, yes, alike},
		{"7644-3.4.2.2-13/not none", empty, `emails[not (type eq "work")]`, no, alike},
		{"7644-3.4.2.2-14", work, `userType pr and emails[type pr] or userName pr`, yes, alike},
		{"7644-3.4.2.2-08", work, `userName pr or title pr and title pr`, yes, alike},
		{"7644-3.4.2.2-08/parentheses", work, `(userName pr or title pr) and title pr`, no, alike},
		{"7644-3.10-04", boss, core + `:userName eq "X"`, yes, alike},
		{"7644-3.10-04/any case", boss, `URN:IETF:params:scim:schemas:CORE:2.0:user:USERNAME eq "x"`, yes, alike},
		{"7644-3.10-04/extension", boss, enterprise + `:manager.displayName eq "JOHN"`, yes, alike},
		{"7644-3.10-04/exact part", boss, enterprise + `:manager.value eq "id1"`, no, alike},
		{"7644-3.10-04/extension absent", empty, enterprise + `:manager.value eq "Id1"`, no, alike},
		{"7644-3.10-04/value path", boss, enterprise + `:manager[value eq "Id1" and displayName pr]`, yes, alike},
		{"7644-3.10-04/common", `{"userName":"x","externalId":"e"}`, core + `:externalId eq "e"`, yes, alike},
		{"7644-3.10-04/extension pr", boss, enterprise + ` pr`, yes, alike},
		{"7644-3.10-04/no extension pr", empty, enterprise + ` pr`, no, alike},
		{"7644-3.10-04/extension eq null", empty, enterprise + ` eq null`, yes, alike},
		{"7644-3.10-04/extension eq", boss, enterprise + ` eq "x"`, bad, alike},
		{"7644-3.10-04/extension in brackets", boss, enterprise + `[employeeNumber pr]`, bad, alike},
		{"7644-3.4.2.2-18/co", `{"userName":"x","name":{"familyName":"O'Malley"}}`, `name.familyName co "O'Malley"`, yes, alike},
		{"7644-3.4.2.2-18/sw", work, `userName sw "BJ"`, yes, alike},
		{"7644-3.4.2.2-18/ew", work, `userName ew "Sen"`, yes, alike},
		{"7644-3.4.2.2-18/whole sw", work, `userName sw "bjensen"`, yes, alike},
		{"7644-3.4.2.2-18/whole ew", work, `userName ew "bjensen"`, yes, alike},
		{"7644-3.4.2.2-18/whole co", work, `userName co "bjensen"`, yes, alike},
		{"7644-3.4.2.2-18/longer sw", work, `userName sw "bjensen1"`, no, alike},
		{"7644-3.4.2.2-18/longer ew", work, `userName ew "1bjensen"`, no, alike},
		{"7644-3.4.2.2-18/not in", work, `userName co "bjx"`, no, alike},
		{"7644-3.4.2.2-19/empty string", `{"userName":"x","title":""}`, `title pr`, no, alike},
		{"7644-3.4.2.2-19/false", `{"userName":"x","active":false}`, `active pr`, yes, alike},
		{"7644-3.4.2.2-19/empty complex", `{"userName":"x","name":{}}`, `name pr`, no, alike},
		{"7644-3.4.2.2-19/complex", `{"userName":"x","name":{"givenName":"B"}}`, `name pr`, yes, alike},
		{"7644-3.4.2.2-19/empty list", `{"userName":"x","emails":[]}`, `emails pr`, no, alike},
		{"7644-3.4.2.2-19/list", work, `emails pr and emails.type pr and emails[value pr]`, yes, alike},
		{"7644-3.4.2.2-19/absent", empty, `title pr`, no, alike},
		{"7644-3.4.2.2-19/part absent", work, `emails.display pr`, no, alike},
		{"7644-3.4.2.2-20", `{"userName":"a"}`, `userName gt "B"`, no, alike},
		{"7644-3.4.2.2-20/C", `{"userName":"C"}`, `userName gt "B" and userName ge "c" and userName le "C" and userName lt "d"`, yes, alike},
		{"7644-3.4.2.2-21", `{"userName":"x","meta":{"lastModified":"2011-05-13T06:42:35+02:00"}}`, `meta.lastModified gt "2011-05-13T04:42:34Z"`, yes, alike},
		{"7644-3.4.2.2-21/eq", `{"userName":"x","meta":{"lastModified":"2011-05-13T06:42:34+02:00"}}`, `meta.lastModified eq "2011-05-13T04:42:34Z"`, yes, alike},
		{"7644-3.4.2.2-21/no zone", `{"userName":"x","meta":{"lastModified":"2011-05-13T04:42:34Z"}}`, `meta.lastModified eq "2011-05-13T04:42:34"`, yes, alike},
		{"7644-3.4.2.2-22/boolean", empty, `active gt true`, bad, alike},
		{"7644-3.4.2.2-22/binary", empty, `x509Certificates.value lt "AQ"`, bad, alike},
		{"7644-3.12-05/boolean co", empty, `active co "t"`, bad, alike},
		{"7644-3.12-05/complex gt", empty, `name gt "a"`, bad, alike},
		{"7644-3.12-05/number", empty, `userName eq 5`, bad, alike},
		{"7644-3.12-05/boolean", empty, `userName eq true`, bad, alike},
		{"7644-3.12-05/null with gt", empty, `userName gt null`, bad, alike},
		{"7644-3.12-05/no time", empty, `meta.created gt "abc"`, bad, alike},
		{"7644-3.12-05/time co", empty, `meta.created co "2011"`, bad, alike},
		{"7644-3.12-05/time number", empty, `meta.created gt 5`, bad, alike},
		{"7644-3.12-05/true as text", `{"userName":"x","active":true}`, `active eq "True"`, yes, bad},
		{"7644-3.12-05/false as text", `{"userName":"x","active":true}`, `active eq "false"`, no, bad},
		{"7644-3.12-05/other text", empty, `active eq "yes"`, bad, alike},
		{"7644-3.12-05/boolean number", empty, `active eq 1`, bad, alike},
		{"7644-3.4.2.2-23", work, `userName eq "BJENSEN"`, yes, alike},
		{"7644-3.4.2.2-23/id", `{"userName":"x","id":"abc","externalId":"def"}`, `id eq "ABC" or externalId eq "DEF"`, no, alike},
		{"7643-3.1-17", `{"userName":"x","id":"abc","externalId":"def","meta":{"created":"2011-05-13T04:42:34Z","version":"W/\"a\""}}`,
			`id eq "abc" and externalId eq "def" and meta.created gt "2011-05-13T04:42:33Z" and meta.version eq "W/\"a\""`, yes, alike},
		{"7644-3.4.2.2-24", work, `emails.value eq "b@home.example"`, yes, alike},
		{"7644-3.4.2.2-25", `{"userName":"x","name":{"givenName":"x"}}`, `name eq "x"`, bad, alike},
		{"7644-3.4.2.2-26", work, `emails co "@HOME"`, yes, alike},
		{"7644-3.4.2.2-26/value", work, `emails.value co "@HOME"`, yes, alike},
		{"7644-3.4.2.2-26/no value", `{"userName":"x","addresses":[{"locality":"x"}]}`, `addresses co "x"`, bad, alike},
		{"7644-3.4.2.2-27", `{"userName":"x","active":true}`, `active eq true`, yes, alike},
		{"7644-3.4.2.2-28", boss, `schemas eq "` + enterprise + `"`, yes, alike},
		{"7644-3.4.2.2-28/any case", boss, `SCHEMAS eq "URN:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:User"`, yes, alike},
		{"7644-3.4.2.2-28/without", empty, `schemas eq "` + enterprise + `"`, no, alike},
		{"7644-3.4.2.2-28/core", empty, `schemas eq "` + core + `" and schemas sw "urn:" and schemas pr and schemas ne null`, yes, alike},
		{"7644-3.4.2.2-28/ne", empty, `schemas ne "` + core + `"`, no, alike},
		{"7644-3.4.2.2-28/ne another", boss, `schemas ne "` + core + `"`, yes, alike},
		{"7644-3.4.2.2-28/null", empty, `schemas eq null`, no, alike},
		{"7644-3.4.2.2-28/number", empty, `schemas eq 1`, bad, alike},
		{"7644-3.4.2.2-28/brackets", empty, `schemas[value pr]`, bad, alike},
		{"7644-3.4.2.1-02", `{"userName":"x","meta":{"resourceType":"User"}}`, `meta.resourceType eq "User" or meta.resourceType eq "Group"`, yes, alike},
		{"7643-2.3.7-07", `{"userName":"x","profileUrl":"https://X"}`, `profileUrl eq "https://x"`, no, alike},
		{"7643-2.3.7-07/same", `{"userName":"x","profileUrl":"https://X"}`, `profileUrl eq "https://X" and profileUrl sw "https" and not (profileUrl ew "x")`, yes, alike},
		{"7643-2.4-05", work, `emails[primary eq false]`, yes, alike},
		{"7643-2.4-05/element", work, `emails[type eq "home" and primary eq false and primary ne true and not (primary ne false)]`, yes, alike},
		{"7643-2.4-05/path", work, `emails.primary eq false`, yes, alike},
		{"7643-2.4-05/all primary", `{"userName":"x","emails":[{"value":"a","primary":true}]}`, `emails.primary eq false or emails.primary ne true`, no, alike},
		{"7643-2.4-05/none", empty, `emails.primary eq false`, no, alike},
		{"7643-2.4-05/pr", work, `emails[type eq "home" and primary pr]`, no, alike},
		{"7643-4.1.1-09 7643-7-17/password", `{"userName":"x","password":"p"}`, `password eq "p"`, bad, alike},
		{"7643-4.1.1-09 7643-7-17/password pr", `{"userName":"x","password":"p"}`, `password pr`, bad, alike},
		{"AMB-31/unknown", empty, `nothing eq "x"`, no, bad},
		{"AMB-31/unknown part", empty, `name.nothing eq "x"`, no, bad},
		{"AMB-31/unknown URN", empty, `urn:x:y eq "x"`, no, bad},
		{"AMB-31/unknown in brackets", work, `emails[nothing eq "x"]`, no, bad},
		{"AMB-31/unknown list", work, `nothing[type eq "x"]`, no, bad},
		{"AMB-31/not", empty, `not (nothing eq "x")`, yes, bad},
		{"AMB-31/extension", boss, `employeeNumber eq "7"`, yes, bad},
		{"AMB-31/extension part", boss, `manager.value eq "Id1"`, yes, bad},
		{"AMB-31/extension in brackets", boss, `manager[value eq "Id1"]`, yes, bad},
		{"AMB-31/core URN, extension's name", boss, core + `:employeeNumber eq "7"`, no, bad},
		{"AMB-32/ne", empty, `title ne "x"`, yes, alike},
		{"AMB-32/others", empty, `title eq "x" or title co "x" or title sw "x" or title ew "x" or title gt "" or title ge "" or title lt "x" or title le "x"`, no, alike},
		{"AMB-32/time", empty, `meta.created lt "2011-05-13T04:42:34Z" or meta.created eq "2011-05-13T04:42:34Z"`, no, alike},
		{"AMB-32/boolean", empty, `active ne true and active ne false and not (active eq true)`, yes, alike},
		{"AMB-32/not", empty, `not (title eq "x")`, yes, alike},
		{"AMB-32/list", empty, `emails.value ne "x" and emails ne "x"`, yes, alike},
		{"AMB-32/part of none", empty, enterprise + `:manager.value ne "x"`, yes, alike},
		{"AMB-32/unknown", empty, `nothing ne "x"`, yes, bad},
		{"AMB-33/eq null", empty, `title eq null and name eq null and emails eq null and active eq null and emails.value eq null`, yes, alike},
		{"AMB-33/ne null", empty, `title ne null or name ne null or emails ne null`, no, alike},
		{"AMB-33/present", work, `emails ne null and emails.display eq null and userName ne null and not (userName eq null)`, yes, alike},
		{"AMB-33/unknown", empty, `nothing eq null`, yes, bad},
		{"AMB-33/unknown ne", empty, `nothing ne null`, no, bad},
		{"AMB-34", `{"userName":"x","title":""}`, `title pr or title eq ""`, no, alike},
		{"AMB-34/ne", `{"userName":"x","title":""}`, `title ne ""`, yes, alike},
		{"AMB-35", `{"userName":"x","active":true}`, `active eq TRUE`, yes, bad},
		{"AMB-36", work, ` userName  eq "bjensen" `, yes, bad},
		{"AMB-37", work, `emails[type eq "work"].value eq "a@x.example"`, yes, bad},
		{"AMB-37/one element", work, `emails[type eq "work"].value co "home"`, no, bad},
		{"AMB-37/or inside", work, `emails[type eq "work" or type eq "home"].value co "home"`, yes, bad},
		{"AMB-38", boss, enterprise + `:manager eq "Id1"`, yes, bad},
		{"AMB-38/pr", boss, enterprise + `:manager pr`, yes, alike},
		{"AMB-38/no value", boss, `name eq "x"`, bad, alike},
		{"AMB-39", work, `emails.type ne "work"`, yes, alike},
		{"AMB-39/all equal", `{"userName":"x","emails":[{"value":"a","type":"work"}]}`, `emails.type ne "WORK"`, no, alike},
		{"AMB-39/none", work, `not (emails.type eq "work")`, no, alike},
	})
}

// device has a value for every attribute; bare has none.
const (
	device = `{"serial":"Ab","label":"Ab","note":"Ab","home":"https://Ab","count":9,"level":-3,"size":9007199254740993,"ports":65535,"ratio":0.1,"weight":2.5,"scale":0.1,` +
		`"on":false,"off":false,"flag":true,"at":"2011-05-13T04:42:34Z","seen":"2011-05-13T04:42:34.5Z","blob":"AQID","tags":["a","B"],"codes":["a","B"],"names":["N"],` +
		`"links":["urn:X"],"counts":[1,20],"scales":[0.5],"times":["2012-01-01T00:00:00Z"],"flags":[true,false],"blobs":["AQ=="],"part":{"value":"V","code":"C","size":7},` +
		`"spare":{"name":"s","count":1},"plain":{"name":"p","count":0},"parts":[{"value":"v1","size":1,"tags":["x"]},{"code":"c2","primary":true}],"more":[{"value":"m"}],` +
		`"plains":[{"name":"1","count":1,"primary":true},{"name":"2","count":2}],"hidden":[{"value":"h"}],"pin":"1234",` +
		`"` + extra + `":{"shelf":"S","rank":3,"owner":{"value":"o"},"parts":[{"name":"e","count":5}],"both":"x"},"` + short + `":{"label":"L","both":"y"}}`
	bare = `{"serial":"Ab","count":0,"on":false}`
)

func TestMatchTypes(t *testing.T) {
	row := func(id string, want outcome, filters ...string) (rows []matched) {
		for _, f := range filters {
			rows = append(rows, matched{id, device, f, want, alike})
		}
		return rows
	}
	matchAll[Device](t, slices.Concat(
		row("7644-3.4.2.2-17/string", yes, `label eq "aB"`, `label ne "x"`, `note eq "AB"`, `serial eq "Ab"`, `serial ne "ab"`, `tags eq "b"`, `names eq "n"`),
		row("7644-3.4.2.2-17/string", no, `label eq "abc"`, `label ne "AB"`, `serial eq "ab"`, `serial ne "Ab"`, `codes eq "b"`, `note ne "ab"`),
		row("7644-3.4.2.2-17/number", yes, `count eq 9`, `count eq 9.0`, `count eq 90e-1`, `count ne 8`, `level eq -3`, `ports eq 65535`, `ratio eq 0.1`, `weight eq 2.50`, `scale eq 0.1`, `counts eq 20`, `scales eq 5e-1`, `size eq 9007199254740993`),
		row("7644-3.4.2.2-17/number", no, `count eq 9.5`, `count ne 9`, `count eq 90`, `size eq 9007199254740992`, `scale eq 0.10000000149011612`, `count eq 1e400`, `level eq 3`),
		row("7644-3.4.2.2-17/boolean", yes, `on eq false`, `on ne true`, `off eq false`, `flag eq true`, `flags eq true`, `flags eq false`, `flags ne true`),
		row("7644-3.4.2.2-17/boolean", no, `on eq true`, `on ne false`, `off ne false`, `flag ne true`, `flag eq false`),
		row("7644-3.4.2.2-17/dateTime", yes, `at eq "2011-05-13T06:42:34+02:00"`, `seen ne "2011-05-13T04:42:34Z"`, `times eq "2012-01-01T00:00:00.000Z"`),
		row("7644-3.4.2.2-17/dateTime", no, `at ne "2011-05-13T04:42:34Z"`, `seen eq "2011-05-13T04:42:34Z"`),
		row("7644-3.4.2.2-17/reference", yes, `home eq "https://Ab"`, `home ne "https://ab"`, `links eq "urn:X"`),
		row("7644-3.4.2.2-17/reference", no, `home eq "https://ab"`, `home ne "https://Ab"`, `links eq "urn:x"`),
		row("7644-3.4.2.2-17/binary", yes, `blob eq "AQID"`, `blob ne "aqid"`, `blobs eq "AQ"`, `blobs eq "AQ=="`),
		row("7644-3.4.2.2-17/binary", no, `blob eq "aqid"`, `blob ne "AQID"`, `blobs eq "AQID"`),
		row("7643-2.3.7-07/order", yes, `home gt "https://AZ"`, `serial lt "a"`, `home co "Ab" and home sw "https" and home ew "b"`),
		row("7643-2.3.7-07/order", no, `home co "ab"`, `serial sw "a"`, `serial ew "B"`, `serial co "B"`),
		row("7644-3.4.2.2-20/caseExact", yes, `serial ge "Ab" and serial le "Ab" and serial gt "AA" and label gt "aa" and label lt "AC"`),
		row("7644-3.4.2.2-21/number", yes, `count lt 10`, `count gt 8.9`, `count ge 9`, `count le 9`, `count lt 1e400`, `count gt -1e400`, `level lt -2.5`, `level gt -3.5`, `ports gt -1`,
			`ports lt 18446744073709551616`, `size gt 9007199254740992`, `ratio gt 0.09 and ratio lt 0.11`, `scale le 0.1`, `counts gt 19`, `weight lt 1e400`, `weight gt -1e400`),
		row("7644-3.4.2.2-21/number", no, `count lt 9`, `count gt 9`, `counts gt 20`, `scale lt 0.1`, `scale gt 0.1`, `level lt -3`),
		row("7644-3.4.2.2-21/dateTime", yes, `seen gt "2011-05-13T04:42:34Z"`, `at ge "2011-05-13T04:42:34Z" and at le "2011-05-13T04:42:34Z"`, `times lt "2012-01-01T00:00:01Z"`),
		row("7644-3.4.2.2-21/dateTime", no, `at lt "2011-05-13T04:42:34Z"`, `at gt "2011-05-13T04:42:34Z"`),
		row("7644-3.4.2.2-22", bad, `on gt true`, `off ge true`, `flags lt true`, `on le true`, `blob gt "AQID"`, `blobs le "AQ"`, `blob lt "AQ"`, `blob ge "AQ"`),
		row("7644-3.12-05", bad, `on co "t"`, `on sw "t"`, `count co "9"`, `count sw 9`, `ratio ew 1`, `at sw "2011-05-13T04:42:34Z"`, `blob co "AQ"`, `blob sw "AQ"`, `blob ew "AQ"`,
			`count eq "9"`, `ratio eq "0.1"`, `count eq true`, `ratio gt null`, `label eq 1`, `label co true`, `at eq "2011-05-13"`, `at eq true`, `blob eq "@"`, `blob eq 5`, `on eq 0`,
			`on eq "1"`, `home eq 1`, `part gt 5`, `plain eq "p"`, `spare co "s"`, `plains eq "1"`, `parts eq 5`, extra+` eq "x"`),
		row("7644-3.4.2.2-19/present", yes, `serial pr and note pr and home pr and count pr and level pr and size pr and ratio pr and on pr and off pr and flag pr and at pr and seen pr and blob pr`,
			`tags pr and names pr and counts pr and scales pr and times pr and flags pr and blobs pr and part pr and spare pr and plain pr and parts pr and more pr and plains pr`),
		row("7644-3.4.2.2-24/lists", yes, `tags sw "A"`, `tags ne "a"`, `parts.value eq "V1"`, `parts eq "v1"`, `more.value eq "m"`, `more eq "M"`, `parts.tags eq "X"`, `parts.size lt 2`, `plains.count gt 1`),
		row("erratum 7122/value of simple values", yes, `tags[value eq "b"]`, `codes[value eq "B"]`, `counts[value gt 19 and value lt 21]`, `names[VALUE pr]`, `flags[value eq false]`, `blobs[value eq "AQ"]`),
		row("erratum 7122/value of simple values", no, `codes[value eq "b"]`, `counts[value gt 1 and value lt 20]`, `tags[value eq null]`),
		row("value path", yes, `parts[code eq "c2" and primary eq true]`, `parts[size eq 1 and not (code pr)]`, `more[value eq "m" and size eq null]`, `part[value eq "v" and size gt 6]`, `plains[name eq "2" and primary eq false]`,
			`plains.primary eq false`, `plains[primary ne true]`, extra+`:parts[name eq "E" and count eq 5]`, `parts[tags eq "x"]`),
		row("value path", no, `parts[code eq "c2" and size eq 1]`, `plains[name eq "1" and primary eq false]`, `parts[tags ne "x" and tags pr]`),
		row("value path", bad, `label[value eq "x"]`, `count[value eq 1]`, `parts[tags.x eq 1 and size eq "x"]`, `tags[value eq 5]`, `counts[value eq "x"]`),
		row("URNs", yes, extra+`:shelf eq "S"`, extra+`:rank ge 3`, extra+`:owner.value eq "O"`, short+`:label eq "l"`, `URN:ACME:params:scim:schemas:extension:V1.5:device.2:BOTH eq "x"`,
			short+`:both eq "y"`, extra+` pr`, short+` pr`, `schemas eq "`+extra+`" and schemas eq "`+short+`"`),
		row("URNs", no, extra+`:shelf eq "s"`, short+`:both eq "x"`),
		row("hidden", bad, `hidden pr`, `hidden.value eq "h"`, `hidden eq "h"`, `hidden[value eq "h"]`, `hidden eq null`, `pin eq "1234"`, `pin pr`, `part.key pr`, `parts[key eq "x"]`, `parts.key eq "x"`),
	))
	rows := func(want outcome, filters ...string) (rows []matched) {
		for _, f := range filters {
			rows = append(rows, matched{"unassigned", bare, f, want, alike})
		}
		return rows
	}
	matchAll[Device](t, slices.Concat(
		rows(yes, `size ne 0`, `ratio ne 0`, `flag ne true`, `flag ne false`, `count eq 0`, `on eq false`, `count pr`, `on pr`, `level ne 1`, `at ne "2011-05-13T04:42:34Z"`, `blob ne "AQ"`, `tags ne "x"`, `part.size ne 1`,
			`not (part[not (value pr)])`, `plain eq null`, `not (plain[count eq 0])`, `parts.primary ne true`),
		rows(no, `size eq 0`, `size lt 5`, `size pr`, `ratio eq 0`, `ratio lt 1`, `flag eq false`, `flag pr`, `level eq 0`, `level lt 5`, `off eq false`, `at lt "2012-01-01T00:00:00Z"`, `seen pr`, `blob pr`, `tags pr`, `counts eq 0`,
			`part pr`, `part.value pr`, `spare pr`, `plain pr`, `spare.count eq 0`, `parts.primary eq false`, `plains.primary eq false`, extra+`:rank lt 5`, extra+`:rank pr`),
	))
	for _, c := range []struct {
		filter       string
		want, strict outcome
	}{
		{`shelf eq "S"`, yes, bad}, {`both eq "x"`, no, bad}, {`both eq null`, yes, bad}, {`owner eq "o"`, yes, bad}, {`part eq "v"`, yes, bad}, {`owner.value eq "o"`, yes, bad},
		{extra + `:owner eq "o"`, yes, bad}, {`tags[nothing pr]`, no, bad}, {`tags[value.x pr]`, no, bad},
	} {
		assert.Equal(t, c.want, judge[Device](t, device, c.filter), c.filter)
		assert.Equal(t, c.strict, judge[Device](t, device, c.filter, resource.Strict()), c.filter)
	}
}

// 7644-3.4.2.2-02, 7644-3.4.2.2-15: the seventeen filters of the RFC over its user.
func TestMatchRFC(t *testing.T) {
	want := map[int]bool{4: true, 6: true, 8: true, 9: true, 10: true, 11: true, 12: true, 14: true, 15: true, 16: true}
	user := babs(t)
	for i, text := range strings17(t, "rfc7644-3.4.2.2-filters.json", 17) {
		t.Run("7644-3.4.2.2-15/"+text, func(t *testing.T) {
			for _, opts := range [][]filter.Option{nil, {resource.Strict()}} {
				f, err := filter.Compile[Account](text, opts...)
				require.NoError(t, err)
				assert.Equal(t, want[i], f.Match(user))
			}
		})
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct{ filter, text string }{
		{`active gt true`, `active is a boolean, which gt cannot compare; use eq, ne or pr`},
		{`active eq 1`, `active is a boolean and must be compared with true or false`},
		{`x509Certificates.value lt "AQ"`, `x509Certificates.value is binary, which lt cannot compare; use eq, ne or pr`},
		{`x509Certificates eq "@"`, `x509Certificates must be compared with base64 in double quotes`},
		{`meta.created co "x"`, `meta.created is a dateTime, which co cannot compare; use eq, ne, gt, ge, lt, le or pr`},
		{`meta.created gt "abc"`, `meta.created must be compared with a dateTime such as "2011-05-13T04:42:34Z"`},
		{`userName eq 5`, `userName is a string and must be compared with one in double quotes`},
		{`emails[value eq 5]`, `emails.value is a string`},
		{`name eq "x"`, `name has parts; compare one of them, such as name.formatted`},
		{enterprise + ` eq "x"`, enterprise + ` has parts; compare one of them, such as ` + enterprise + `:employeeNumber`},
		{enterprise + `[x pr]`, enterprise + ` has no elements that a filter in brackets could choose`},
		{`userName[x pr]`, `userName is a single value; a filter in brackets needs a multi-valued attribute`},
		{`password eq "x"`, `password is never returned and cannot be used in a filter`},
		{`schemas eq 5`, `schemas is a list of strings`},
	} {
		_, err := filter.Compile[Account](c.filter)
		refused(t, err, scimerrors.InvalidFilter, strings.Replace(c.text, " ", ": ", 1))
	}
	for _, c := range []struct{ filter, text string }{
		{`nothing pr`, `nothing is no attribute of User`}, {`usrName pr`, `usrName is no attribute of User; did you mean userName?`},
		{`emails[valeu pr]`, `emails.valeu is no attribute of User; did you mean emails.value?`}, {`nam.givenName pr`, `nam.givenName is no attribute of User; did you mean name.givenName?`},
		{`givenName pr`, `givenName is no attribute of User; did you mean name.givenName?`}, {enterprise + `:manger pr`, enterprise + `:manger is no attribute of User; did you mean ` + enterprise + `:manager?`}, {`emails[nothing pr]`, `emails.nothing is no attribute of User`}, {`urn:x:y pr`, `urn:x:y is no attribute of User`},
	} {
		for _, o := range []filter.Option{resource.Strict(), resource.RejectUnknown()} {
			_, err := filter.Compile[Account](c.filter, o)
			refused(t, err, scimerrors.InvalidFilter, strings.Replace(c.text, " ", ": ", 1))
			_, err = filter.Compile[Account](c.filter, o, filter.AcrossTypes())
			require.NoError(t, err)
		}
	}
	_, err := filter.Compile[Device](`count co 1`)
	refused(t, err, scimerrors.InvalidFilter, "count: is a number, which co cannot compare")
	_, err = filter.Compile[Device](`ratio eq "1"`)
	refused(t, err, scimerrors.InvalidFilter, "ratio: is a number and must be compared with one")
}

// 7644-3.4.2.1-01: at an endpoint of several types what a type does not have has no value.
func TestMatchAcrossTypes(t *testing.T) {
	group := &resource.Group{DisplayName: "Guides"}
	for _, o := range []filter.Option{nil, resource.Strict(), resource.RejectUnknown()} {
		for text, want := range map[string]bool{
			`userName pr`: false, `userName eq "x"`: false, `userName eq null`: true, `userName ne "x"`: true, `userName ne null`: false, `not (userName pr)`: true,
			`emails[type eq "work"]`: false, `emails.value co "x" or displayName eq "guides"`: true, core + `:userName lt "x"`: false,
		} {
			f, err := filter.Compile[resource.Group](text, o, filter.AcrossTypes())
			require.NoError(t, err, text)
			assert.Equal(t, want, f.Match(group), text)
		}
		_, err := filter.Compile[resource.Group](`displayName eq 5`, o, filter.AcrossTypes())
		refused(t, err, scimerrors.InvalidFilter)
	}
}

func TestCompileRepairs(t *testing.T) {
	type use struct {
		rule      opt.Tolerance
		path, got string
	}
	var used []use
	note := opt.Func(func(s opt.Settings) opt.Settings {
		s.Repaired = func(rule opt.Tolerance, path, got string) { used = append(used, use{rule, path, got}) }
		return s
	})
	_, err := filter.Compile[Account](`active eq "True" and manager eq "1" and  employeeNumber pr`, note)
	require.NoError(t, err)
	assert.Equal(t, []use{
		{opt.FilterBlanks, "filter", "  "},
		{opt.BooleanStrings, "active", "True"},
		{opt.UnqualifiedExtension, "manager", "manager"},
		{opt.BareValue, "manager", `manager eq "1"`},
		{opt.UnqualifiedExtension, "employeeNumber", "employeeNumber"},
	}, used)
	for text, rule := range map[string]opt.Tolerance{
		`active eq "True"`: opt.BooleanStrings, enterprise + `:manager eq "1"`: opt.BareValue, `active eq True`: opt.FilterLiteralCase,
	} {
		_, err := filter.Compile[Account](text, without(rule))
		refused(t, err, scimerrors.InvalidFilter)
		_, err = filter.Compile[Account](text, without(^rule))
		require.NoError(t, err)
	}
	f, err := filter.Compile[Account](`manager.value eq "Id1"`, without(opt.UnqualifiedExtension))
	require.NoError(t, err)
	assert.False(t, f.Match(read[Account](t, boss)), "without the tolerance the name is unknown")
}

func TestMatchValues(t *testing.T) {
	all, err := filter.Compile[Account]("")
	require.NoError(t, err)
	assert.Nil(t, all.Expression())
	assert.True(t, all.Match(&Account{}))
	_, err = filter.Compile[Account](" ")
	refused(t, err, scimerrors.InvalidFilter, "empty")

	f, err := filter.Compile[Account](`userName pr`)
	require.NoError(t, err)
	assert.False(t, f.Match((*Account)(nil)), "nobody meets nothing")
	for _, v := range []any{Account{}, &resource.User{}, nil, "x"} {
		assert.PanicsWithValue(t, fmt.Sprintf("scim: a filter on *filter_test.Account was given a %T", v), func() { f.Match(v) })
	}
	byType, err := filter.CompileType(reflect.TypeFor[*Account](), `userName pr`)
	require.NoError(t, err)
	assert.True(t, byType.Match(babs(t)))
	assert.Equal(t, f.Expression(), byType.Expression())
	assert.Panics(t, func() { _, _ = filter.Compile[int](`a pr`) })

	// Elements and parts that have no value, which a program can make and JSON does not show.
	u := &Account{}
	u.Emails = []resource.Email{{}, {Value: "x"}}
	u.Enterprise = &resource.EnterpriseUser{}
	for text, want := range map[string]bool{
		`emails[not (type pr)]`: true, `emails[not (value pr)]`: false, `emails[primary eq false and not (value pr)]`: false, enterprise + ` pr`: false, `schemas eq "` + enterprise + `"`: false,
		`name[not (givenName pr)]`: false,
	} {
		f, err := filter.Compile[Account](text)
		require.NoError(t, err)
		assert.Equal(t, want, f.Match(u), text)
	}
	d := &Device{More: []*Part{nil, {Value: "x"}}, Names: []*string{nil, new("n")}}
	for text, want := range map[string]bool{`more.value eq "x"`: true, `more[not (value pr)]`: false, `names eq "N"`: true, `names ne "n"`: false} {
		f, err := filter.Compile[Device](text)
		require.NoError(t, err)
		assert.Equal(t, want, f.Match(d), text)
	}
}

// What has no SCIM type cannot be compared, only be there.
func TestMatchRaw(t *testing.T) {
	type Blob struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Blob"`

		Raw json.RawMessage `json:"raw,omitempty"`
		Any any             `json:"any,omitempty"`
	}
	for text, want := range map[string]bool{`raw pr`: true, `any pr`: false, `any eq null`: true} {
		f, err := filter.Compile[Blob](text)
		require.NoError(t, err)
		assert.Equal(t, want, f.Match(&Blob{Raw: json.RawMessage(`{}`)}), text)
	}
	_, err := filter.Compile[Blob](`raw eq "x"`)
	refused(t, err, scimerrors.InvalidFilter, "raw: has no simple value and cannot be used in a filter")
	_, err = filter.Compile[Blob](`any eq 1`)
	refused(t, err, scimerrors.InvalidFilter)
	_, err = filter.CompileOrder[Blob](`any`, "")
	refused(t, err, scimerrors.InvalidValue, "has no simple value and cannot be sorted by")
}

// Schemas, groups and the other resources filter like any other.
func TestMatchOtherResources(t *testing.T) {
	s := schema.For[resource.User]()
	f, err := filter.Compile[schema.Schema](`id eq "` + core + `" and attributes[name eq "userName" and required eq true] and attributes.subAttributes pr`)
	require.NoError(t, err)
	assert.True(t, f.Match(s))
	g := &resource.Group{DisplayName: "Guides", Members: []resource.Member{{Value: "1", Type: "User"}, {Value: "2", Type: "Group"}}}
	for text, want := range map[string]bool{`members eq "2"`: true, `members[value eq "2" and type eq "user"]`: false, `members.value eq "3"`: false} {
		f, err := filter.Compile[resource.Group](text)
		require.NoError(t, err)
		assert.Equal(t, want, f.Match(g), text)
	}
}
