package etag_test

import (
	stderrors "errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
)

const (
	get, head, put, patch, del = http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete

	tagA, tagB, tagX = `W/"a"`, `W/"b"`, `W/"x"`
)

func request(method string, match, noneMatch []string) *http.Request {
	r := httptest.NewRequest(method, "/Users/1", http.NoBody)
	if match != nil {
		r.Header["If-Match"] = match
	}
	if noneMatch != nil {
		r.Header["If-None-Match"] = noneMatch
	}
	return r
}

// status is that of an *errors.Error, 0 for nil.
func status(err error) int {
	if err == nil {
		return 0
	}
	var e *errors.Error
	if !stderrors.As(err, &e) {
		return -1
	}
	return e.Status
}

// lists are values of If-Match and If-None-Match for a resource that has a version.
var lists = []struct {
	name    string
	lines   []string
	version string
	want    bool
}{
	{"7644-3.14-04 the current version", []string{tagA}, tagA, true},
	{"7644-3.14-04 a stale one", []string{tagX}, tagA, false},
	{"7644-3.14-04 case of the tag counts", []string{`W/"A"`}, tagA, false},
	{"7644-3.14-04 a part of it", []string{`W/"ab"`}, tagA, false},

	{"7644-3.14-05 AMB-46 strong for weak", []string{`"a"`}, tagA, true},
	{"7644-3.14-05 AMB-46 weak for strong", []string{tagA}, `"a"`, true},
	{"7644-3.14-05 AMB-46 strong for strong", []string{`"a"`}, `"a"`, true},
	{"7644-3.14-05 strong, another", []string{`"x"`}, `"a"`, false},

	{"7644-3.14-06 list", []string{tagX + ", " + tagA}, tagA, true},
	{"7644-3.14-06 list, first", []string{tagA + "," + tagX}, tagA, true},
	{"7644-3.14-06 list, none", []string{tagX + "," + tagB}, tagA, false},
	{"7644-3.14-06 list, strong and weak", []string{`"x","a"`}, tagA, true},
	{"7644-3.14-06 blanks", []string{" \t" + tagX + "\t ,\t" + tagA + " "}, tagA, true},
	{"7644-3.14-06 empty elements", []string{", ,," + tagA + ",\t,"}, tagA, true},
	{"7644-3.14-06 several lines", []string{tagX, tagB + `, "y"`, tagA}, tagA, true},
	{"7644-3.14-06 several lines, none", []string{tagX, tagB}, tagA, false},
	{"7644-3.14-06 comma inside", []string{`"x", W/"a,b"`}, `W/"a,b"`, true},
	{"7644-3.14-06 comma inside, parts", []string{`"a,b"`}, tagA, false},
	{"7644-3.14-06 comma inside, more of it", []string{`"x,"a",y"`}, tagA, false},
	{"7644-3.14-06 commas only", []string{`","`}, `W/","`, true},
	{"7644-3.14-06 W/ inside", []string{`"W/"`}, `"W/"`, true},
	{"7644-3.14-06 backslash is no escape", []string{`"x\", W/"a"`}, tagA, true},
	{"7644-3.14-06 backslash inside", []string{`"a\"`}, `W/"a\"`, true},
	{"7644-3.14-06 the empty tag", []string{`""`}, `W/""`, true},
	{"7644-3.14-06 the empty tag, another", []string{`""`}, tagA, false},
	{"7644-3.14-06 beyond ASCII", []string{`"ä` + "\xff" + `"`}, `W/"ä` + "\xff" + `"`, true},

	{"7644-3.14-06 *", []string{"*"}, tagA, true},
	{"7644-3.14-06 * with blanks", []string{" *\t"}, tagA, true},
	{"7644-3.14-06 * with empty elements", []string{"", ", *,"}, tagA, true},
	{"7644-3.14-07 * beside a tag", []string{"*, " + tagX}, tagA, false},
	{"7644-3.14-07 * beside a tag, lines", []string{tagX, "*"}, tagA, false},
	{"7644-3.14-07 * twice", []string{"*", "*"}, tagA, false},
	{"7644-3.14-07 * beside the tag", []string{"*, " + tagA}, tagA, true},
	{"7644-3.14-07 ** and weak *", []string{`**`}, tagA, false},
	{"7644-3.14-07 weak *", []string{`W/*`}, tagA, false},
	{"7644-3.14-07 * as a tag", []string{`"*"`}, tagA, false},
	{"7644-3.14-06 * as the tag", []string{`"*"`}, `W/"*"`, true},

	{"7644-3.14-07 no quotes", []string{"a"}, tagA, false},
	{"7644-3.14-07 no quotes, abc", []string{"abc"}, `W/"abc"`, false},
	{"7644-3.14-07 7643-3.1-11 small w", []string{`w/"a"`}, tagA, false},
	{"7644-3.14-07 weak twice", []string{`W/W/"a"`}, tagA, false},
	{"7644-3.14-07 blank after W/", []string{`W/ "a"`}, tagA, false},
	{"7644-3.14-07 W without slash", []string{`W"a"`}, tagA, false},
	{"7644-3.14-07 W/ alone", []string{`W/`}, tagA, false},
	{"7644-3.14-07 open", []string{`"a`}, tagA, false},
	{"7644-3.14-07 never opened", []string{`a"`}, tagA, false},
	{"7644-3.14-07 one quote", []string{`"`}, `W/""`, false},
	{"7644-3.14-07 text after it", []string{`"a"b`}, tagA, false},
	{"7644-3.14-07 text before it", []string{`b"a"`}, tagA, false},
	{"7644-3.14-07 no comma", []string{`"x" "a"`}, tagA, false},
	{"7644-3.14-07 single quotes", []string{`'a'`}, tagA, false},
	{"7644-3.14-07 quotes escaped", []string{`\"a\"`}, tagA, false},
	{"7644-3.14-07 doubled quotes", []string{`""a""`}, tagA, false},
	{"7644-3.14-07 blank inside", []string{`"a b"`}, `"a b"`, false},
	{"7644-3.14-07 open, hides what follows", []string{`"x, ` + tagA}, tagA, false},
	{"7644-3.14-07 open, ends with its line", []string{`"x, "`, tagA}, tagA, true},
	{"7644-3.14-07 malformed beside the tag", []string{`abc, ` + tagA}, tagA, true},
	{"7644-3.14-07 other blanks", []string{"\u00a0" + tagA}, tagA, false},
	{"7644-3.14-07 line breaks", []string{"\n" + tagA}, tagA, false},

	{"7644-3.14-07 nothing", []string{""}, tagA, false},
	{"7644-3.14-07 nothing but commas", []string{" ,,\t,"}, tagA, false},

	{"7644-3.14-02 no versions kept, a tag", []string{tagA}, "", false},
	{"7644-3.14-02 no versions kept, the empty tag", []string{`""`}, "", false},
	{"7644-3.14-02 no versions kept, W/", []string{`W/`}, "", false},
	{"7644-3.14-02 no versions kept, nothing", []string{""}, "", false},
	{"7644-3.14-02 no versions kept, *", []string{"*"}, "", true},
	{"7644-3.14-07 a malformed version, itself", []string{"7"}, "7", false},
	{"7644-3.14-07 a malformed version, the tag", []string{`"7"`}, "7", false},
	{"7644-3.14-07 a malformed version, small w", []string{`w/"a"`}, `w/"a"`, false},
	{"7644-3.14-07 a malformed version, blank", []string{`"a "`}, `W/"a "`, false},
	{"7644-3.14-07 a malformed version, delete", []string{"\"\x7f\""}, "\"\x7f\"", false},
	{"7644-3.14-07 a malformed version, *", []string{"*"}, "7", true},
}

func TestCheckLists(t *testing.T) {
	for _, c := range lists {
		t.Run(c.name, func(t *testing.T) {
			failed, found := http.StatusPreconditionFailed, 0
			if c.want {
				failed, found = 0, http.StatusPreconditionFailed
			}
			for _, method := range []string{put, patch, del} { // AMB-47
				assert.Equal(t, failed, status(etag.Check(request(method, c.lines, nil), c.version)), "If-Match on %s", method)
				assert.Equal(t, found, status(etag.Check(request(method, nil, c.lines), c.version)), "If-None-Match on %s", method)
			}
			if c.want {
				found = http.StatusNotModified
			}
			for _, method := range []string{get, head} {
				assert.Equal(t, failed, status(etag.Check(request(method, c.lines, nil), c.version)), "If-Match on %s", method)
				assert.Equal(t, found, status(etag.Check(request(method, nil, c.lines), c.version)), "If-None-Match on %s", method)
			}
			if len(c.lines) == 1 {
				assert.Equal(t, c.want, etag.Match(c.lines[0], c.version))
			}
		})
	}
}

func TestCheckOrder(t *testing.T) {
	for _, c := range []struct {
		name             string
		method           string
		match, noneMatch []string
		version          string
		want             int
	}{
		{"7644-3.14-04 no condition", put, nil, nil, tagA, 0},
		{"7644-3.14-04 no condition, no versions", put, nil, nil, "", 0},
		{"7644-3.14-03 no condition", get, nil, nil, tagA, 0},
		{"7644-3.14-04 If-Match comes first", get, []string{tagX}, []string{tagA}, tagA, http.StatusPreconditionFailed},
		{"7644-3.14-04 If-Match comes first, then the other", get, []string{tagA}, []string{tagA}, tagA, http.StatusNotModified},
		{"7644-3.14-04 both, neither stops", get, []string{tagA}, []string{tagX}, tagA, 0},
		{"7644-3.14-04 both, on PUT", put, []string{tagA}, []string{tagA}, tagA, http.StatusPreconditionFailed},
		{"7644-3.14-04 both, *", put, []string{"*"}, []string{tagX}, tagA, 0},
		{"7644-3.14-03 no method is GET", "", nil, []string{tagA}, tagA, http.StatusNotModified},
		{"7644-3.14-03 POST", http.MethodPost, nil, []string{tagA}, tagA, http.StatusPreconditionFailed},
		{"7644-3.14-03 methods have a case", "get", nil, []string{tagA}, tagA, http.StatusPreconditionFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(get, c.match, c.noneMatch)
			r.Method = c.method
			assert.Equal(t, c.want, status(etag.Check(r, c.version)))
		})
	}
	t.Run("AMB-47 times are ignored", func(t *testing.T) {
		r := request(del, nil, nil)
		r.Header.Set("If-Unmodified-Since", time.Unix(0, 0).UTC().Format(http.TimeFormat))
		require.NoError(t, etag.Check(r, tagA))
		r = request(get, nil, nil)
		r.Header.Set("If-Modified-Since", time.Now().UTC().Format(http.TimeFormat))
		require.NoError(t, etag.Check(r, tagA))
	})
	require.NoError(t, etag.Check(&http.Request{}, tagA), "no header at all")
}

// The errors on the wire.
func TestCheckAnswers(t *testing.T) {
	answer := func(r *http.Request, version string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		err := etag.Check(r, version)
		require.Error(t, err)
		errors.Write(w, err)
		return w
	}
	t.Run("7644-3.14-03 304", func(t *testing.T) {
		for version, want := range map[string][]string{tagA: {tagA}, `"a"`: {`"a"`}, "": nil, "a": nil, "\"a\r\nX: y\"": nil} {
			w := answer(request(get, nil, []string{"*"}), version)
			assert.Equal(t, http.StatusNotModified, w.Code)
			assert.Empty(t, w.Body.String())
			assert.Equal(t, want, w.Header().Values("ETag"), "%q", version)
			assert.Empty(t, w.Header().Values("Content-Type"))
		}
	})
	t.Run("7644-3.14-04 AMB-48 412", func(t *testing.T) {
		for _, r := range []*http.Request{request(del, []string{tagX}, nil), request(put, nil, []string{"*"})} {
			w := answer(r, tagA)
			assert.Equal(t, http.StatusPreconditionFailed, w.Code)
			assert.Equal(t, "application/scim+json", w.Header().Get("Content-Type"))
			e, err := errors.Parse(w.Body.Bytes())
			require.NoError(t, err)
			assert.Equal(t, http.StatusPreconditionFailed, e.Status)
			assert.NotEmpty(t, e.Detail)
			assert.Empty(t, e.Type)
		}
	})
	t.Run("7644-3.14-03 nobody shares an error", func(t *testing.T) {
		var one, other *errors.Error
		require.ErrorAs(t, etag.Check(request(get, nil, []string{tagA}), tagA), &one)
		one.Header.Set("ETag", "changed")
		require.ErrorAs(t, etag.Check(request(get, nil, []string{tagA}), tagA), &other)
		assert.Equal(t, tagA, other.Header.Get("ETag"))
	})
}

// Work is linear in a header of the 1 MB that net/http lets pass.
func TestCheckHostile(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) []string { return []string{strings.Repeat(s, size/len(s))} }
	for name, lines := range map[string][]string{
		"commas": fill(","), "quotes": fill(`"`), "blanks": fill(" "), "stars": fill("*,"), "one tag": {`"` + fill("a")[0] + `"`}, "tags": fill(`W/"x",`), "weak": fill("W/"),
		"open": {`"` + fill(",")[0]}, "blanks and commas": fill(" \t,"), "open ones": fill(`"x",",`), "lines": strings.Split(fill("W/\"x\"\n")[0], "\n"), "no lines": make([]string, size/16),
	} {
		t.Run("7644-3.14-07 "+name, func(t *testing.T) {
			began := time.Now()
			assert.Equal(t, http.StatusPreconditionFailed, status(etag.Check(request(put, lines, nil), tagA)))
			require.NoError(t, etag.Check(request(put, nil, lines), tagA))
			assert.Less(t, time.Since(began), 2*time.Second)
		})
	}
}

func TestWeak(t *testing.T) {
	for _, c := range []struct{ name, opaque, want string }{
		{"7643-3.1-11 number", "42", `W/"42"`},
		{"7643-3.1-18 hash", "a330bc54f0671c9", `W/"a330bc54f0671c9"`},
		{"base64", "+/Az09-_==", `W/"+/Az09-_=="`},
		{"time", "2011-05-13T04:42:34.123+01:00", `W/"2011-05-13T04:42:34.123+01:00"`},
		{"plain characters", "!#$&'()*+,-./:;<=>?@[]^_`{|}~", "W/\"!#$&'()*+,-./:;<=>?@[]^_`{|}~\""},
		{"empty", "", `W/""`},
		{"quote", `a"b`, `W/"a%22b"`},
		{"blank", "a b", `W/"a%20b"`},
		{"percent", "a%22b", `W/"a%2522b"`},
		{"backslash", `a\`, `W/"a%5C"`},
		{"line break", "a\r\nX: y", `W/"a%0D%0AX:%20y"`},
		{"control characters", "\x00\x1f\x7f", `W/"%00%1F%7F"`},
		{"beyond ASCII", "ä\xff", `W/"%C3%A4%FF"`},
		{"a tag already", tagA, `W/"W/%22a%22"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, etag.Weak(c.opaque))
		})
	}
}

// Every version makes a well-formed tag that only this version makes.
func FuzzWeak(f *testing.F) {
	for _, s := range []string{"", "42", `a"b`, "%", "%25", "ä", "\xff", "a b", `\`, "W/"} {
		f.Add(s)
	}
	safe := regexp.MustCompile(`^W/"[!#-\[\]-~]*"$`)
	f.Fuzz(func(t *testing.T, opaque string) {
		tag := etag.Weak(opaque)
		assert.Regexp(t, safe, tag)
		back, err := url.PathUnescape(tag[len(`W/"`) : len(tag)-1])
		require.NoError(t, err)
		assert.Equal(t, opaque, back)
		assert.True(t, etag.Match(tag, tag))
		assert.False(t, etag.Match(tag, etag.Weak(opaque+"x")))
	})
}

// Check against a twin that follows the grammar of RFC 9110 to the letter, and takes its time.
func FuzzCheck(f *testing.F) {
	for _, c := range lists {
		if len(c.lines) == 1 {
			f.Add(c.lines[0], "", c.version, byte(len(c.name)))
		} else {
			f.Add(c.lines[0], c.lines[1], c.version, byte(len(c.name)))
		}
	}
	f.Fuzz(func(t *testing.T, one, other, version string, kind byte) {
		var match, noneMatch []string
		if kind&1 != 0 {
			match = append(match, one)
		}
		if kind&2 != 0 {
			match = append(match, other)
		}
		if kind&4 != 0 {
			noneMatch = append(noneMatch, other)
		}
		if kind&8 != 0 {
			noneMatch = append(noneMatch, one)
		}
		method := []string{get, put, head, del}[kind>>4&3]
		want := slowCheck(method, match, noneMatch, version)
		assert.Equal(t, want, status(etag.Check(request(method, match, noneMatch), version)), "%s %q %q %q", method, match, noneMatch, version)
	})
}

// slowCheck is RFC 9110 section 13.2.2 with the steps that concern tags.
func slowCheck(method string, match, noneMatch []string, version string) int {
	switch {
	case match != nil && !slowMatch(match, version):
		return http.StatusPreconditionFailed
	case noneMatch == nil || !slowMatch(noneMatch, version):
		return 0
	case method == get || method == head:
		return http.StatusNotModified
	}
	return http.StatusPreconditionFailed
}

var (
	slowElement = regexp.MustCompile(`^(?s:[^",]|"[^"]*(?:"|$))*`)
	slowTag     = regexp.MustCompile("^(?:W/)?(\"[^\\x00-\\x20\"\\x7f]*\")$")
)

func slowMatch(lines []string, version string) bool {
	var elements []string
	for _, line := range lines {
		for {
			element := slowElement.FindString(line)
			if trimmed := strings.Trim(element, " \t"); trimmed != "" {
				elements = append(elements, trimmed)
			}
			if element == line {
				break
			}
			line = line[len(element)+len(","):]
		}
	}
	if len(elements) == 1 && elements[0] == "*" {
		return true
	}
	current := slowTag.FindStringSubmatch(version)
	for _, element := range elements {
		if tag := slowTag.FindStringSubmatch(element); tag != nil && current != nil && tag[1] == current[1] {
			return true
		}
	}
	return false
}
