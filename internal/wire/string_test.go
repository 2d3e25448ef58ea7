package wire_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

func TestString(t *testing.T) {
	for _, c := range []struct {
		text  string
		value string
		clean bool
	}{
		{`""`, "", true},
		{`"a"`, "a", true},
		{`"1234567"`, "1234567", true},
		{`"12345678"`, "12345678", true},
		{`"bjensen@example.com"`, "bjensen@example.com", true},
		{`"åäö"`, "åäö", true},
		{`"12345678中文😀 and more than a step"`, "12345678中文😀 and more than a step", true},
		{`"\n"`, "\n", false},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t", false},
		{`"\u0041\u00e5\u4E2d"`, "Aå中", false},
		{`"\ud83d\ude00"`, "😀", false},
		{`"x\uD83D\uDE00y"`, "x😀y", false},
		{`"\u0000"`, "\x00", false},
		{`"\ufffd"`, "\ufffd", false},
		{`"12345678å\n"`, "12345678å\n", false},
		{`"100 Universal City Plaza\nHollywood, CA 91608 USA"`, "100 Universal City Plaza\nHollywood, CA 91608 USA", false},
	} {
		for _, after := range []string{"", `,"next":"string"}`} {
			end, clean, err := wire.String("xx"+c.text+after, 2)
			require.Nil(t, err, c.text)
			assert.Equal(t, 2+len(c.text), end, c.text)
			assert.Equal(t, c.clean, clean, c.text)
			inside := c.text[1 : len(c.text)-1]
			if clean {
				assert.Equal(t, c.value, inside)
			}
			assert.Equal(t, c.value, wire.Unquote(inside))
		}
	}
}

// A byte that ends or breaks a string is seen at every place in a step, and whatever bytes surround it.
func TestStringSeesEveryByteAtEveryPlace(t *testing.T) {
	for c := range 256 {
		for before := range 18 {
			for _, filler := range []string{"a", " ", "!", "#", "[", "]", "~", "\x7f"} {
				text := `"` + strings.Repeat(filler, before) + string([]byte{byte(c)}) + strings.Repeat(filler, 9) + `"`
				end, clean, err := wire.String(text, 0)
				switch {
				case c == '"':
					require.Nil(t, err)
					require.Equal(t, before+2, end)
					require.True(t, clean)
				case c < ' ', c >= 0x80, c == '\\':
					require.NotNil(t, err, "%q", text)
				default:
					require.Nil(t, err, "%q", text)
					require.Equal(t, len(text), end)
					require.True(t, clean)
				}
			}
		}
	}
}

func TestUnquoteAllocatesOnce(t *testing.T) {
	for _, s := range []string{`\n`, `12345678\u00e5\ud83d\ude00`, strings.Repeat(`a\n`, 1000)} {
		assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { wire.Unquote(s) }), 1.0, s)
	}
}

// Unquote is given what String accepted; anything else must at least not panic.
func TestUnquoteSurvivesNonsense(t *testing.T) {
	for _, s := range []string{`\`, `\u`, `\u00`, `\ud800`, `\ud800\`, `\ud800\u`, `\ud800\u12`, `\ud800\n`, `\x`, `\udc00`} {
		assert.NotPanics(t, func() { wire.Unquote(s) }, s)
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		s    string
		most int
		want string
	}{
		{"", 0, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc..."}, {"a\u00e9b", 2, "a..."}, {"a\u00e9b", 3, "a\u00e9..."}, {"\U0001F600x", 3, "..."},
		{"\x80\x80\x80", 2, "..."}, // no character begins here
	} {
		assert.Equal(t, c.want, wire.Clip(c.s, c.most), "%q", c.s)
	}
}
