package wire_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

var written = map[string]string{
	"":                        `""`,
	"work":                    `"work"`,
	"bjensen@example.com":     `"bjensen@example.com"`,
	"a\"b\\c/d":               `"a\"b\\c/d"`,
	"\n\t\r\b\f":              `"\n\t\r\b\f"`,
	"\x00\x01\x0b\x1f\x7f":    `"\u0000\u0001\u000b\u001f` + "\x7f\"",
	"<script>&'</script>":     `"<script>&'</script>"`,
	"åäö 中文 😀":                `"åäö 中文 😀"`,
	"\u2028\u2029":            "\"\u2028\u2029\"",
	"\ufffd":                  "\"\ufffd\"",
	"12345678\n12345678\n123": `"12345678\n12345678\n123"`,
	"\xff":                    "\"\ufffd\"",
	"a\xc3":                   "\"a\ufffd\"",
	"\xe4\xb8":                "\"\ufffd\ufffd\"", // one for each byte, as encoding/json has it
	"12345678\xed\xa0\x80z":   "\"12345678\ufffd\ufffd\ufffdz\"",
	"å\n\xffå":                "\"å\\n\ufffdå\"",
}

func TestAppendString(t *testing.T) {
	for s, want := range written {
		assert.Equal(t, "x"+want, string(wire.AppendString([]byte("x"), s)), "%q", s)
	}
}

func TestAppendStringEscapesEveryByteAtEveryPlace(t *testing.T) {
	for c := range 0x80 {
		for before := range 18 {
			s := strings.Repeat("a", before) + string(rune(c)) + strings.Repeat("~", 9)
			got := string(wire.AppendString(nil, s))
			end, clean, err := wire.String(got, 0)
			require.Nil(t, err, "%q", s)
			require.Equal(t, len(got), end)
			require.Equal(t, c >= ' ' && c != '"' && c != '\\', clean)
			require.Equal(t, s, wire.Unquote(got[1:end-1]))
		}
	}
}

func TestAppendStringDoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 128)
	for s := range written {
		assert.Zero(t, testing.AllocsPerRun(100, func() { dst = wire.AppendString(dst[:0], s) }), "%q", s)
	}
}

func TestAppendBinary(t *testing.T) {
	for b, want := range map[string]string{
		"": `""`, "\x01": `"AQ=="`, "\x01\x02": `"AQI="`, "\x01\x02\x03": `"AQID"`, "\xfb\xff": `"+/8="`,
	} {
		assert.Equal(t, "x"+want, string(wire.AppendBinary([]byte("x"), []byte(b))))
		back, ok := wire.ParseBinary(want[1 : len(want)-1])
		assert.True(t, ok)
		assert.Equal(t, b, string(back))
	}
}

func TestParseBinary(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "AQI": "\x01\x02", "AQI=": "\x01\x02", "AQ": "\x01", "AQ==": "\x01", "AQID": "\x01\x02\x03", "+/8": "\xfb\xff",
		"AR": "\x01", "AR==": "\x01", // the bits past the last byte are not looked at
	} {
		got, ok := wire.ParseBinary(text)
		assert.True(t, ok, text)
		assert.NotNil(t, got, text)
		assert.Equal(t, want, string(got), text)
	}
	for _, text := range []string{
		"-_8", "-_8=", "@@@", "A", "A===", "AQ=", "AQI==", "AQID=", "AQID====", "=", "==", "====", "AQ==AQ==", "A=Q=", " AQI=", "AQI= ",
		"AQ\nI=", "AQI=\n", "AQ\r\nI", "\r", "\n", "AQ I", "AQIå",
	} {
		_, ok := wire.ParseBinary(text)
		assert.False(t, ok, "%q", text)
	}
}
