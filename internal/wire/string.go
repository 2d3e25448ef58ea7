package wire

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const inString = "in a string"

// String passes over the string whose opening quote stands at i. The end is the index after the closing quote. A clean string holds no
// escape, so that s[i+1:end-1] is its value; the value of any other is for [Unquote] to make.
func String(s string, i int) (end int, clean bool, err *SyntaxError) {
	i++
	flip, below, slash, one, high := flips, belows, slashes, eachOne, eachHigh
	for i >= 0 && i <= len(s)-8 { // i is never negative, but only so does the compiler leave out the checks of load8
		w := load8(s, i)
		if m := (w | ((w ^ flip) - below) | ((w ^ slash) - one)) & high; m != 0 { // special(w), its constants in registers
			i += bits.TrailingZeros64(m) >> 3
			if at(s, i) == '"' {
				return i + 1, true, nil
			}
			return unusual(s, i, true)
		}
		i += 8
	}
	return unusual(s, i, true)
}

// The constants of [special], in variables because the compiler loads a constant anew in each step, which costs String a tenth.
var flips, belows, slashes, eachOne, eachHigh uint64 = 0x02 * ones, 0x21 * ones, '\\' * ones, ones, highs

// unusual goes on inside a string at a byte that is neither plain nor, at first, the closing quote, or close to the end of the text.
// UTF-8 is examined once, when the end of the string is known.
func unusual(s string, i int, clean bool) (int, bool, *SyntaxError) {
	from, beyondASCII := i, uint64(0)
	for {
		for i >= 0 && i <= len(s)-8 {
			w := load8(s, i)
			beyondASCII |= w & highs
			if m := escaped(w); m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		c := at(s, i)
		if c >= ' ' && c != '"' && c != '\\' { // one of the last seven bytes of the text
			beyondASCII |= uint64(c) & highs
			i++
			continue
		}
		if beyondASCII != 0 && c != '\\' && !utf8.ValidString(s[from:i]) {
			i = from + invalidUTF8(s[from:i])
			return i, false, unexpected(s, i, inString)
		}
		switch c {
		case '"':
			return i + 1, clean, nil
		case '\\':
			clean = false
			var err *SyntaxError
			if i, err = escape(s, i); err != nil {
				return i, false, err
			}
		default:
			return i, false, unexpected(s, i, inString)
		}
	}
}

// invalidUTF8 is the index of the first byte that is not UTF-8, in a string that has one.
func invalidUTF8(s string) (i int) {
	for {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// escape passes over the escape, or the pair of escapes, whose backslash stands at i.
func escape(s string, i int) (int, *SyntaxError) {
	if i+1 >= len(s) || unescaped[s[i+1]] == 0 {
		if i+1 < len(s) && s[i+1] == 'u' {
			return escapedRune(s, i)
		}
		return i, unexpected(s, i+1, "after a backslash")
	}
	return i + 2, nil
}

func escapedRune(s string, i int) (int, *SyntaxError) {
	r, bad := hex4(s, i+2)
	if bad >= 0 {
		return i, unexpected(s, bad, `in a \u escape`)
	}
	if !utf16.IsSurrogate(r) {
		return i + 6, nil
	}
	if i+7 < len(s) && s[i+6] == '\\' && s[i+7] == 'u' {
		low, bad := hex4(s, i+8)
		if bad >= 0 {
			return i, unexpected(s, bad, `in a \u escape`)
		}
		if utf16.DecodeRune(r, low) != utf8.RuneError {
			return i + 12, nil
		}
	}
	return i, &SyntaxError{i, "a lone surrogate in a string"}
}

// hex4 reads four hexadecimal digits. Bad is the index of the first byte that is none, or negative.
func hex4(s string, i int) (r rune, bad int) {
	for end := i + 4; i < end; i++ {
		if i >= len(s) {
			return 0, i
		}
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, i
		}
	}
	return r, -1
}

// unescaped is the character that a letter after a backslash stands for, or zero.
var unescaped = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// Unquote decodes the escapes in the inside of a string that [String] accepted. What String would refuse decodes to something, but
// does not panic.
func Unquote(s string) string {
	var b strings.Builder
	b.Grow(len(s)) // no escape is shorter than what it stands for
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 >= len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if s[i+1] != 'u' {
			b.WriteByte(unescaped[s[i+1]])
			s = s[i+2:]
			continue
		}
		r, bad := hex4(s, i+2)
		if bad >= 0 {
			b.WriteString(s[i:])
			return b.String()
		}
		s = s[i+6:]
		if utf16.IsSurrogate(r) {
			low, bad := rune(0), 0
			if len(s) >= 6 {
				low, bad = hex4(s, 2)
			}
			if r = utf16.DecodeRune(r, low); bad < 0 && r != utf8.RuneError {
				s = s[6:]
			}
		}
		b.WriteRune(r)
	}
}

// Clip shortens what an error or report shows of a client's input to most bytes, between two characters.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "..."
}
