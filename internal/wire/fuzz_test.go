package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

// Each target holds the package to a twin that is slow and plain.

func FuzzSkip(f *testing.F) {
	for _, text := range accepted {
		f.Add(text)
	}
	for _, c := range refused {
		if len(c.text) < 10_000 {
			f.Add(c.text)
		}
	}
	f.Add(userDocument(f))
	f.Add(manyNames(2))
	f.Fuzz(func(t *testing.T, text string) {
		var want string // why the text is to be refused
		switch {
		case !json.Valid([]byte(text)):
			want = "syntax"
		case !utf8.ValidString(text):
			want = "invalid UTF-8"
		case hasLoneSurrogate(text):
			want = "lone surrogate"
		default:
			want = refusedByTokens(t, text)
		}
		err := skip(text)
		if want == "" {
			require.Nil(t, err)
			return
		}
		require.NotNil(t, err, want)
		assert.NotEmpty(t, err.Msg)
		assert.GreaterOrEqual(t, err.Offset, 0)
		assert.LessOrEqual(t, err.Offset, len(text))
	})
}

var escapes = regexp.MustCompile(`(?s)\\(u[0-9a-fA-F]{4}|.)`)

// hasLoneSurrogate looks at every escape of a valid JSON text, which has backslashes in strings only.
func hasLoneSurrogate(text string) bool {
	found := escapes.FindAllStringIndex(text, -1)
	unit := func(i int) rune {
		if i >= len(found) || text[found[i][0]+1] != 'u' {
			return 0
		}
		r, _ := strconv.ParseUint(text[found[i][0]+2:found[i][1]], 16, 32)
		return rune(r)
	}
	for i := 0; i < len(found); i++ {
		if !utf16.IsSurrogate(unit(i)) {
			continue
		}
		adjacent := i+1 < len(found) && found[i][1] == found[i+1][0]
		if !adjacent || utf16.DecodeRune(unit(i), unit(i+1)) == utf8.RuneError {
			return true
		}
		i++
	}
	return false
}

// refusedByTokens says which of our own limits a valid JSON text breaks.
func refusedByTokens(t *testing.T, text string) string {
	t.Helper()
	type level struct {
		names  map[string]bool // nil for an array
		inside bool            // the next token is a value, not a name
	}
	var open []level
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	for decoder.More() || len(open) > 0 {
		token, err := decoder.Token()
		require.NoError(t, err)
		switch token {
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
			continue
		}
		if n := len(open) - 1; n >= 0 && open[n].names != nil {
			if !open[n].inside {
				name, ok := token.(string)
				require.True(t, ok)
				name = string(lowerASCII(name))
				if open[n].names[name] {
					return "duplicate name"
				}
				if open[n].names[name] = true; len(open[n].names) > wire.MaxUnknown {
					return "too many names"
				}
			}
			open[n].inside = !open[n].inside
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{names: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		}
		if len(open) > wire.MaxDepth {
			return "depth"
		}
	}
	return ""
}

func lowerASCII(s string) []byte {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}

func FuzzString(f *testing.F) {
	for _, text := range accepted {
		f.Add(strings.TrimPrefix(text, `"`))
	}
	for _, c := range refused {
		if strings.HasPrefix(c.text, `"`) {
			f.Add(c.text[1:])
		}
	}
	f.Fuzz(func(t *testing.T, inside string) {
		text := `"` + inside
		var want string
		decoder := json.NewDecoder(strings.NewReader(text))
		theirs := decoder.Decode(&want)
		end, clean, err := wire.String(text, 0)
		if err != nil {
			if theirs == nil {
				consumed := text[:decoder.InputOffset()]
				assert.True(t, !utf8.ValidString(consumed) || hasLoneSurrogate(consumed), "refused for no reason")
			}
			return
		}
		require.NoError(t, theirs)
		require.Equal(t, int(decoder.InputOffset()), end)
		assert.Equal(t, !strings.Contains(text[:end], `\`), clean)
		if clean {
			assert.Equal(t, want, text[1:end-1])
		}
		assert.Equal(t, want, wire.Unquote(text[1:end-1]))
	})
}

func FuzzUnquote(f *testing.F) {
	for _, text := range accepted {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, inside string) {
		got := wire.Unquote(inside) // whatever it is given
		text := `"` + inside + `"`
		if end, _, err := wire.String(text, 0); err != nil || end != len(text) {
			return
		}
		var want string
		require.NoError(t, json.Unmarshal([]byte(text), &want))
		assert.Equal(t, want, got)
	})
}

func FuzzAppendString(f *testing.F) {
	for s := range written {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := wire.AppendString([]byte("before"), s)
		require.True(t, bytes.HasPrefix(got, []byte("before")))
		got = got[len("before"):]

		var back string
		require.NoError(t, json.Unmarshal(got, &back))
		assert.Equal(t, strings.ToValidUTF8(string([]rune(s)), ""), back) // []rune gives one U+FFFD for each wrong byte

		end, _, err := wire.String(string(got), 0)
		require.Nil(t, err)
		assert.Equal(t, len(got), end)
		assert.Equal(t, back, wire.Unquote(string(got[1:end-1])))

		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(s))
		want := escapes.ReplaceAllStringFunc(strings.TrimSuffix(b.String(), "\n"), func(escape string) string {
			switch escape { // what encoding/json writes as an escape and RFC 8259 lets stand
			case `\u2028`, `\u2029`, `\ufffd`:
				r, _ := strconv.ParseUint(escape[2:], 16, 32)
				return string(rune(r))
			}
			return escape
		})
		assert.Equal(t, want, string(got))
	})
}

var dateTime = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,30})?([Zz]|[+-][0-9]{2}:[0-9]{2})?$`)

func FuzzParseTime(f *testing.F) {
	for _, c := range times {
		f.Add(c.text)
	}
	for _, text := range noTimes {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := wire.ParseTime(text)
		want, wantOK := slowTime(text)
		require.Equal(t, wantOK, ok)
		if !ok {
			return
		}
		require.True(t, got.Equal(want) && got.Location() == want.Location(), "got %v, want %v", got, want)
		b, ok := wire.AppendTime(nil, got)
		require.True(t, ok, "what is read can be written")
		again, ok := wire.ParseTime(strings.Trim(string(b), `"`))
		require.True(t, ok && again.Equal(got), "and read again")
	})
}

func slowTime(text string) (time.Time, bool) {
	m := dateTime.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	var n [7]int
	for i := 1; i <= 6; i++ {
		n[i], _ = strconv.Atoi(m[i])
	}
	fraction := strings.TrimPrefix(m[7], ".")
	nano, _ := strconv.Atoi((fraction + "000000000")[:9])
	midnight := n[4] == 24 && n[5] == 0 && n[6] == 0 && strings.Trim(fraction, "0") == ""
	if n[1] == 0 || n[4] > 23 && !midnight || n[5] > 59 || n[6] > 59 {
		return time.Time{}, false
	}
	date := time.Date(n[1], time.Month(n[2]), n[3], 0, 0, 0, 0, time.UTC)
	if date.Year() != n[1] || int(date.Month()) != n[2] || date.Day() != n[3] {
		return time.Time{}, false
	}
	location := time.UTC
	if len(m[8]) == 6 {
		hours, _ := strconv.Atoi(m[8][1:3])
		minutes, _ := strconv.Atoi(m[8][4:])
		if minutes > 59 || hours*60+minutes > 14*60 {
			return time.Time{}, false
		}
		offset := (hours*60 + minutes) * 60
		if m[8][0] == '-' {
			offset = -offset
		}
		location = time.FixedZone("", offset)
	}
	result := time.Date(n[1], time.Month(n[2]), n[3], n[4], n[5], n[6], nano, location).In(time.UTC)
	return result, result.Year() >= 1 && result.Year() <= 9999
}

func FuzzAppendTime(f *testing.F) {
	f.Add(int64(1264222582), int64(0), 0)
	f.Add(int64(1264222582), int64(120_000_000), 7200)
	f.Add(int64(-62135596800), int64(0), -60)
	f.Add(int64(253402300799), int64(999_999_999), 14*3600)
	f.Fuzz(func(t *testing.T, second, nano int64, offset int) {
		moment := time.Unix(second, nano).In(time.FixedZone("", offset%(20*3600)))
		b, ok := wire.AppendTime([]byte("x"), moment)
		text, err := json.Marshal(moment)
		read, readable := time.Time{}, false
		if err == nil {
			read, readable = wire.ParseTime(string(text[1 : len(text)-1]))
		}
		// Exactly what reads back as the same instant is written, and it is written as encoding/json writes it.
		require.Equal(t, readable && read.Equal(moment), ok)
		if ok {
			assert.Equal(t, "x"+string(text), string(b))
		} else {
			assert.Equal(t, "x", string(b))
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0", "12", "1.5", "1e5", "1E-5", "-1.50e+07", "01", "1.", "-", "1e", "1-2", "9223372036854775808", "-9223372036854775808"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
			return
		}
		end, integer, err := wire.Number(text, 0)
		whole := json.Valid([]byte(text)) && strings.TrimRight(text, " \t\r\n") == text
		require.Equal(t, whole, err == nil && end == len(text))
		if err != nil {
			assert.LessOrEqual(t, err.Offset, len(text))
			return
		}
		literal := text[:end]
		assert.True(t, json.Valid([]byte(literal)), literal)
		assert.Equal(t, !strings.ContainsAny(literal, ".eE"), integer)
		if end < len(text) {
			assert.False(t, json.Valid([]byte(text[:end+1])) && strings.ContainsAny(text[end:end+1], "0123456789.eE"), "ended too early")
		}
	})
}

func FuzzInt(f *testing.F) {
	for _, text := range []string{"0", "-0", "12", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := wire.Int(text) // whatever it is given
		if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
			return
		}
		if end, integer, err := wire.Number(text, 0); err != nil || end != len(text) || !integer {
			return
		}
		want, err := strconv.ParseInt(text, 10, 64)
		require.Equal(t, err == nil, ok)
		if ok {
			assert.Equal(t, want, n)
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("userName", "USERNAME")
	f.Add("honorificPrefix", "honorificSuffix")
	f.Add("urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:user")
	f.Fuzz(func(t *testing.T, a, b string) {
		want := bytes.Equal(lowerASCII(a), lowerASCII(b))
		assert.Equal(t, want, wire.Fold(a, b))
		if want {
			assert.Equal(t, wire.HashFold(a), wire.HashFold(b))
		}
		upper := []byte(a)
		for i, c := range upper {
			if 'a' <= c && c <= 'z' {
				upper[i] = c - 'a' + 'A'
			}
		}
		assert.True(t, wire.Fold(a, string(upper)))
		assert.Equal(t, wire.HashFold(a), wire.HashFold(string(upper)))

		var names wire.Names
		mark := names.Open()
		names.Add(mark, a)
		dup, _ := names.Add(mark, b)
		assert.Equal(t, want, dup)
	})
}

var binary = regexp.MustCompile(`^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$`)

func FuzzParseBinary(f *testing.F) {
	for _, text := range []string{"", "AQI", "AQI=", "-_8", "@@@", "A", "AQ\nI="} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := wire.ParseBinary(text)
		require.Equal(t, binary.MatchString(text) && !strings.Contains(text, "\n"), ok)
		if ok {
			want, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
			require.NoError(t, err)
			assert.Equal(t, want, got)
			again, ok := wire.ParseBinary(strings.Trim(string(wire.AppendBinary(nil, got)), `"`))
			assert.True(t, ok)
			assert.Equal(t, got, again)
		}
	})
}
