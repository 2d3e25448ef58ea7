package wire_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

// skip reads the whole of a text: white space, one value, white space.
func skip(s string) *wire.SyntaxError {
	var names wire.Names
	i, err := wire.Skip(s, wire.Space(s, 0), 0, &names)
	if err != nil {
		return err
	}
	if i = wire.Space(s, i); i < len(s) {
		return &wire.SyntaxError{Offset: i, Msg: "unexpected data after the document"}
	}
	return nil
}

func nested(open, inside, end string, depth int) string {
	return strings.Repeat(open, depth) + inside + strings.Repeat(end, depth)
}

// accepted and refused are also the seeds of the fuzz targets.
var accepted = map[string]string{
	"String":                    `"a"`,
	"String/Empty":              `""`,
	"String/LongAsOneStep":      `"12345678"`,
	"String/Escapes":            `"\"\\\/\b\f\n\r\t\u00e5\uD83D\ude00"`,
	"String/EscapeAfterAStep":   `"12345678\n12345678\n"`,
	"String/NotASCII":           `"åäö 中文 😀"`,
	"String/NotASCIIAfterAStep": `"12345678åäö 中文 😀 and more"`,
	"String/Delete":             "\"\x7f\"",
	"String/EveryLength":        `["","1","12","123","1234","12345","123456","1234567","12345678","123456789","1234567890abcdef","1234567890abcdefg"]`,
	"String/EndOfUnicode":       "\"\U0010ffff\ud7ff\ue000\"",
	"Number/Zero":               `0`,
	"Number/MinusZero":          `-0`,
	"Number/Integer":            `1234567890123456789012345678901234567890`,
	"Number/Fraction":           `-0.50`,
	"Number/Exponent":           `[1e5,1E+05,1.5e-10,0e0]`,
	"Literals":                  `[true,false,null]`,
	"Literal":                   `true`,
	"Literal/WhiteSpaceAfter":   "[null\n,\ttrue\r, false ]",
	"Object/Empty":              `{}`,
	"Object/EmptyWithSpace":     `{ }`,
	"Object":                    `{"a":1,"b":[],"c":{}}`,
	"Object/SameNameElsewhere":  `{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}`,
	"Object/EmptyName":          `{"":1}`,
	"Object/NotASCIICase":       `{"å":1,"Å":2}`,
	"Object/KelvinIsNoK":        "{\"k\":1,\"\u212a\":2,\"s\":3,\"\u017f\":4}",
	"Object/NearlyEqual":        `{"[":1,"{":2,"@":3,"` + "`" + `":4,"_":5,"\u007f":6,"0":7,"\u0010":8}`,
	"Array/Empty":               `[]`,
	"Array/EmptyWithSpace":      "[\n]",
	"WhiteSpace":                " \t\r\n{ \"a\"\t:\r[ 1 , 2 ]\n, \"b\" : null } ",
	"Depth/Arrays":              nested("[", "", "]", wire.MaxDepth),
	"Depth/Objects":             nested(`{"a":`, "1", "}", wire.MaxDepth),
}

var refused = map[string]struct {
	text   string
	offset int
	msg    string
}{
	"Empty":                       {``, 0, "unexpected end of the document"},
	"OnlyWhiteSpace":              {" \n", 2, "unexpected end of the document"},
	"ByteOrderMark":               {"\ufeff{}", 0, "the document begins with a byte order mark"},
	"OtherWhiteSpace":             {"\v1", 0, `invalid character '\v' where a value begins`},
	"NoBreakSpace":                {"\u00a01", 0, `invalid character '\u00a0' where a value begins`},
	"InvalidUTF8":                 {"[\xff]", 1, "invalid UTF-8 where a value begins"},
	"NUL":                         {"\x00", 0, `invalid character '\x00' where a value begins`},
	"Comment":                     {"// no", 0, "invalid character '/' where a value begins"},
	"Trailing":                    {"{} x", 3, "unexpected data after the document"},
	"String/Unterminated":         {`"abc`, 4, "unexpected end of the document"},
	"String/UnterminatedLong":     {`"12345678`, 9, "unexpected end of the document"},
	"String/UnterminatedEscape":   {`"abc\`, 5, "unexpected end of the document"},
	"String/EscapedQuote":         {`"abc\"`, 6, "unexpected end of the document"},
	"String/Newline":              {"\"ab\ncd\"", 3, `invalid character '\n' in a string`},
	"String/NewlineInStep":        {"\"ab\ncdefghijkl\"", 3, `invalid character '\n' in a string`},
	"String/NUL":                  {"\"1234567890\x00\"", 11, `invalid character '\x00' in a string`},
	"String/UnknownEscape":        {`"a\x41"`, 3, "invalid character 'x' after a backslash"},
	"String/SingleQuote":          {`"\'"`, 2, `invalid character '\'' after a backslash`},
	"String/BadHex":               {`"\u00g0"`, 5, `invalid character 'g' in a \u escape`},
	"String/ShortHex":             {`"\u00"`, 5, `invalid character '"' in a \u escape`},
	"String/UnterminatedHex":      {`"\u00`, 5, "unexpected end of the document"},
	"String/LoneHigh":             {`"a\ud800"`, 2, "a lone surrogate in a string"},
	"String/LoneLow":              {`"\udc00"`, 1, "a lone surrogate in a string"},
	"String/HighThenText":         {`"\ud800 \udc00"`, 1, "a lone surrogate in a string"},
	"String/HighThenHigh":         {`"\ud800\ud800\udc00"`, 1, "a lone surrogate in a string"},
	"String/HighThenOtherEscape":  {`"\ud800\n"`, 1, "a lone surrogate in a string"},
	"String/HighThenOtherRune":    {`"\ud83d\u0041"`, 1, "a lone surrogate in a string"},
	"String/HighThenBadHex":       {`"\ud83d\u00x"`, 11, `invalid character 'x' in a \u escape`},
	"String/SwappedPair":          {`"\ude00\ud83d"`, 1, "a lone surrogate in a string"},
	"String/InvalidUTF8":          {"\"ab\xffcd\"", 3, "invalid UTF-8 in a string"},
	"String/TruncatedUTF8":        {"\"ab\xc3\"", 3, "invalid UTF-8 in a string"},
	"String/TruncatedUTF8AtEnd":   {"\"ab\xe4\xb8", 3, "invalid UTF-8 in a string"},
	"String/Continuation":         {"\"\x80\"", 1, "invalid UTF-8 in a string"},
	"String/Overlong":             {"\"\xc0\xaf\"", 1, "invalid UTF-8 in a string"},
	"String/OverlongThree":        {"\"\xe0\x80\xaf\"", 1, "invalid UTF-8 in a string"},
	"String/RawSurrogate":         {"\"12345678\xed\xa0\x80\"", 9, "invalid UTF-8 in a string"},
	"String/PastUnicode":          {"\"\xf4\x90\x80\x80\"", 1, "invalid UTF-8 in a string"},
	"Number/Minus":                {`-`, 1, "unexpected end of the document"},
	"Number/MinusLetter":          {`-x`, 1, "invalid character 'x' in a number"},
	"Number/Plus":                 {`+1`, 0, "invalid character '+' where a value begins"},
	"Number/LeadingZero":          {`-012`, 2, "a number with a leading zero"},
	"Number/NoFraction":           {`[1.]`, 3, "invalid character ']' in a number"},
	"Number/NoInteger":            {`.5`, 0, "invalid character '.' where a value begins"},
	"Number/NoExponent":           {`1e`, 2, "unexpected end of the document"},
	"Number/NoExponentDigits":     {`1e+x`, 3, "invalid character 'x' in a number"},
	"Number/Hex":                  {`0x10`, 1, "unexpected data after the document"},
	"Number/Infinity":             {`-Infinity`, 1, "invalid character 'I' in a number"},
	"Literal/Cut":                 {`tru`, 3, "unexpected end of the document"},
	"Literal/Wrong":               {`[nul]`, 4, "invalid character ']' in the literal null"},
	"Literal/Case":                {`False`, 0, "invalid character 'F' where a value begins"},
	"Literal/CaseInside":          {`trUe`, 2, "invalid character 'U' in the literal true"},
	"Literal/Longer":              {`falsey`, 5, "invalid character 'y' after the literal false"},
	"Literal/NaN":                 {`NaN`, 0, "invalid character 'N' where a value begins"},
	"Object/Unterminated":         {`{`, 1, "unexpected end of the document"},
	"Object/UnterminatedName":     {`{"a`, 3, "unexpected end of the document"},
	"Object/NoColon":              {`{"a"`, 4, "unexpected end of the document"},
	"Object/WrongColon":           {`{"a" = 1}`, 5, "invalid character '=' after a member name"},
	"Object/NoValue":              {`{"a":}`, 5, "invalid character '}' where a value begins"},
	"Object/CutBeforeValue":       {`{"a": `, 6, "unexpected end of the document"},
	"Object/CutAfterValue":        {`{"a":1`, 6, "unexpected end of the document"},
	"Object/NoComma":              {`{"a":1 x`, 7, "invalid character 'x' after an object member"},
	"Object/WrongEnd":             {`{"a":1]`, 6, "invalid character ']' after an object member"},
	"Object/TrailingComma":        {`{"a":1,}`, 7, "invalid character '}' where a member name begins"},
	"Object/OnlyComma":            {`{,}`, 1, "invalid character ',' where a member name begins"},
	"Object/NameWithoutQuotes":    {`{a:1}`, 1, "invalid character 'a' where a member name begins"},
	"Object/NumberAsName":         {`{1:1}`, 1, "invalid character '1' where a member name begins"},
	"Object/BadName":              {"{\"a\x01\":1}", 3, `invalid character '\x01' in a string`},
	"Array/Unterminated":          {`[`, 1, "unexpected end of the document"},
	"Array/CutAfterElement":       {`[1`, 2, "unexpected end of the document"},
	"Array/NoComma":               {`[1 2]`, 3, "invalid character '2' after an array element"},
	"Array/WrongEnd":              {`[1}`, 2, "invalid character '}' after an array element"},
	"Array/TrailingComma":         {`[1,]`, 3, "invalid character ']' where a value begins"},
	"Array/OnlyComma":             {`[,]`, 1, "invalid character ',' where a value begins"},
	"Array/Inside":                {`{"a":[{"b":[1,x]}]}`, 14, "invalid character 'x' where a value begins"},
	"Duplicate":                   {`{"a":1,"a":2}`, 7, `the member "a" appears twice`},
	"Duplicate/Case":              {`{"userName":1,"USERname":2}`, 14, `the member "USERname" appears twice`},
	"Duplicate/NotNext":           {`{"a":1,"b":2,"c":3,"a":2}`, 19, `the member "a" appears twice`},
	"Duplicate/Nested":            {`[{"x":{"a":1,"A":2}}]`, 13, `the member "A" appears twice`},
	"Duplicate/AfterNested":       {`{"a":{"b":1},"A":2}`, 13, `the member "A" appears twice`},
	"Duplicate/Escaped":           {`{"a":1,"\u0061":2}`, 7, `the member "a" appears twice`},
	"Duplicate/BothEscaped":       {`{"x\n":1,"\u0058\u000a":2}`, 9, `the member "X\n" appears twice`},
	"Duplicate/Empty":             {`{"":1,"":2}`, 6, `the member "" appears twice`},
	"Duplicate/NotASCII":          {`{"åA":1,"åa":2}`, 9, `the member "åa" appears twice`},
	"Duplicate/Long":              {`{"urn:ietf:params:scim:schemas:core:2.0:User":1,"URN:ietf:params:scim:schemas:core:2.0:User":2}`, 48, `the member "URN:ietf:params:scim:schemas:core:2.0:User" appears twice`},
	"Duplicate/CutInTheMessage":   {`{"` + strings.Repeat("å", 100) + `":1,"` + strings.Repeat("å", 100) + `":2}`, 206, `the member "` + strings.Repeat("å", 32) + `…" appears twice`},
	"Duplicate/CutBetweenLetters": {`{"x` + strings.Repeat("å", 100) + `":1,"x` + strings.Repeat("å", 100) + `":2}`, 207, `the member "x` + strings.Repeat("å", 31) + `…" appears twice`},
	"Depth/Arrays":                {nested("[", "", "]", wire.MaxDepth+1), wire.MaxDepth, "nested deeper than 64 levels"},
	"Depth/Objects":               {nested(`{"a":`, "1", "}", wire.MaxDepth+1), 5 * wire.MaxDepth, "nested deeper than 64 levels"},
	"Depth/Hostile":               {strings.Repeat("[", 1_000_000), wire.MaxDepth, "nested deeper than 64 levels"},
}

func TestSkipAccepts(t *testing.T) {
	for name, text := range accepted {
		t.Run(name, func(t *testing.T) {
			assert.Nil(t, skip(text))
		})
	}
}

func TestSkipRefuses(t *testing.T) {
	for name, c := range refused {
		t.Run(name, func(t *testing.T) {
			err := skip(c.text)
			require.NotNil(t, err)
			assert.Equal(t, c.msg, err.Msg)
			assert.Equal(t, c.offset, err.Offset)
		})
	}
}

// Every text that is cut short, or has one byte changed to one that is never JSON, is refused without a panic, wherever the steps of
// eight bytes fall.
func TestSkipRefusesEveryCut(t *testing.T) {
	document := userDocument(t)
	for i := range document {
		assert.NotNilf(t, skip(document[:i]), "cut at %d", i)
		assert.NotNilf(t, skip(document[:i]+"\x00"+document[i+1:]), "changed at %d", i)
		assert.NotNilf(t, skip(document[:i]+"\xff"+document[i+1:]), "changed at %d", i)
	}
}

func TestSkipCountsOpenLevels(t *testing.T) {
	var names wire.Names
	_, err := wire.Skip("[[]]", 0, wire.MaxDepth-2, &names)
	assert.Nil(t, err)
	_, err = wire.Skip("[[]]", 0, wire.MaxDepth-1, &names)
	require.NotNil(t, err)
	assert.Equal(t, 1, err.Offset)
	_, err = wire.Skip("1", 0, wire.MaxDepth, &names)
	assert.Nil(t, err, "a plain value opens no level")
}

// A caller may go on, or close what it opened, after an error inside.
func TestSkipLeavesTheNamesAfterAnError(t *testing.T) {
	var names wire.Names
	mark := names.Open()
	names.Add(mark, "a")
	for range 3 {
		for _, text := range []string{`{"a":[{"b":{"c":x`, strings.TrimSuffix(manyNames(2), `}]`)} {
			_, err := wire.Skip(text, 0, 1, &names)
			require.NotNil(t, err)
		}
	}
	dup, _ := names.Add(mark, "b")
	assert.False(t, dup)
	dup, _ = names.Add(mark, "A")
	assert.True(t, dup)
	names.Close(mark)
	assert.Zero(t, names.Open(), "nothing is left")
}

func TestSkipEndsAfterTheValue(t *testing.T) {
	for _, value := range []string{`"a"`, `"\n"`, `{"a":[1]}`, `[{}]`, `{}`, `-1.5e3`, `true`, `false`, `null`} {
		for _, after := range []string{"", ",1", "]", "}", " x"} {
			var names wire.Names
			end, err := wire.Skip("[["+value+after, 2, 2, &names)
			require.Nil(t, err)
			assert.Equal(t, 2+len(value), end, value+after)
		}
	}
}

func TestSkipDoesNotAllocate(t *testing.T) {
	for name, document := range map[string]string{
		"User":     userDocument(t),
		"Indented": accepted["WhiteSpace"],
		"NotASCII": accepted["String/NotASCIIAfterAStep"],
		"Escapes":  accepted["String/Escapes"],
	} {
		allocs := testing.AllocsPerRun(100, func() {
			var names wire.Names
			if _, err := wire.Skip(document, wire.Space(document, 0), 0, &names); err != nil {
				t.Error(err)
			}
		})
		assert.Zero(t, allocs, name)
	}
}

func TestCorpus(t *testing.T) {
	paths, err := os.ReadDir("testdata")
	require.NoError(t, err)
	seen := 0
	for _, path := range paths {
		if !strings.HasSuffix(path.Name(), ".json") {
			continue
		}
		b, err := os.ReadFile("testdata/" + path.Name())
		require.NoError(t, err)
		assert.Nil(t, skip(string(b)), path.Name())
		seen++
	}
	assert.NotZero(t, seen)
}

func TestSpace(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "x": 0, " x": 1, " \t\r\nx": 4, "  ": 2, "\vx": 0, "\f": 0, "\u00a0": 0, "\ufeff": 0, "\x00": 0, "\n\n\n{": 3,
	} {
		assert.Equal(t, want, wire.Space(text, 0), "%q", text)
	}
	assert.Equal(t, 1, wire.Space("x", 1))
	assert.Equal(t, 1, wire.Space("xy", 1))
}

func TestLiteral(t *testing.T) {
	for _, c := range []struct {
		text, word string
		end        int
		ok         bool
	}{
		{"true", "true", 4, true},
		{"true,", "true", 4, true},
		{"null}", "null", 4, true},
		{"null]", "null", 4, true},
		{"false ", "false", 5, true},
		{"false\n", "false", 5, true},
		{"true:", "true", 4, false},
		{"true\"", "true", 4, false},
		{"truetrue", "true", 4, false},
		{"t", "true", 1, false},
		{"", "true", 0, false},
	} {
		end, err := wire.Literal(c.text, 0, c.word)
		assert.Equal(t, c.ok, err == nil, c.text)
		assert.Equal(t, c.end, end, c.text)
	}
}

func TestSyntaxErrorText(t *testing.T) {
	var err error = &wire.SyntaxError{Offset: 12, Msg: "unexpected end of the document"}
	assert.EqualError(t, err, "unexpected end of the document at byte 12")
}
