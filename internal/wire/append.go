package wire

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// AppendString appends the JSON string of s. Quotes, backslashes and control characters are escaped and nothing else is: RFC 8259 asks
// for no more, and the text goes into no HTML page. Each byte that is no UTF-8 becomes U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	if standsAsItIs(s) {
		dst = append(dst, s...)
	} else {
		dst = appendEscaped(dst, s)
	}
	return append(dst, '"')
}

// AppendMember appends a member of an object whose value is a string: AppendString behind key, `,"name":`, whose first byte
// becomes sep. Room for all of it is made at once. The string is copied while it is examined, in the same words, and so
// is the key: most are short, and calls that look and copy one after the other take a third longer.
func AppendMember(dst []byte, sep byte, key, s string) []byte {
	from := len(dst)
	value := from + len(key)
	end := value + len(s) + 2
	if end > cap(dst) {
		dst = slices.Grow(dst, end-from)
	}
	dst = dst[:end]
	if k := dst[from:value]; len(key) >= 8 && len(key) <= 16 && len(k) >= len(key) { // the last condition, here and below, is for the compiler
		binary.LittleEndian.PutUint64(k, load8(key, 0))
		binary.LittleEndian.PutUint64(k[len(key)-8:], load8(key, len(key)-8)) // overlaps
	} else {
		copy(k, key)
	}
	dst[from] = sep
	dst[value] = '"'
	dst[end-1] = '"'
	text := dst[value+1 : end-1]
	var all, marks uint64 // of all words
	switch n := len(s); {
	case n >= 8 && len(text) >= n:
		all = load8(s, n-8)
		marks = escaped(all)
		binary.LittleEndian.PutUint64(text[n-8:], all)
		for rest := s; len(rest) > 8 && len(text) >= 8; rest, text = rest[8:], text[8:] {
			w := load8(rest, 0)
			all |= w
			marks |= escaped(w)
			binary.LittleEndian.PutUint64(text, w)
		}
	case n >= 4 && len(text) >= n:
		first, last := load4(s, 0), load4(s, n-4)
		all = first | last<<32
		marks = escaped(all)
		binary.LittleEndian.PutUint32(text, uint32(first))
		binary.LittleEndian.PutUint32(text[n-4:], uint32(last)) // overlaps
	case n > 0 && len(text) >= n:
		first, middle, last := s[0], s[n/2], s[n-1]
		all = uint64(first) | uint64(middle)<<8 | uint64(last)<<16 | ' '*ones>>24<<24 // filled up with blanks
		marks = escaped(all)
		text[0], text[n/2], text[n-1] = first, middle, last
	}
	if marks != 0 || all&highs != 0 && !utf8.ValidString(s) {
		return append(appendEscaped(dst[:value+1], s), '"')
	}
	return dst
}

// standsAsItIs reports whether nothing in s is to be escaped or replaced.
func standsAsItIs(s string) bool {
	n := len(s)
	var beyondASCII uint64
	if n < 8 {
		w := loadShort(s) | ' '*ones<<(8*uint(n)) // filled up with blanks
		beyondASCII = w
		if escaped(w) != 0 {
			return false
		}
	} else {
		for i := 0; i < n-8; i += 8 {
			w := load8(s, i)
			beyondASCII |= w
			if escaped(w) != 0 {
				return false
			}
		}
		w := load8(s, n-8) // overlaps the step before
		beyondASCII |= w
		if escaped(w) != 0 {
			return false
		}
	}
	return beyondASCII&highs == 0 || utf8.ValidString(s)
}

// plain is the index of the first byte at or after i that is to be escaped or is not ASCII, or len(s).
func plain(s string, i int) int {
	for ; i <= len(s)-8; i += 8 {
		if m := special(load8(s, i)); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	s = s[i:]
	w := loadShort(s) | ' '*ones<<(8*uint(len(s))) // filled up with blanks
	if m := special(w); m != 0 {
		return i + bits.TrailingZeros64(m)>>3
	}
	return i + len(s)
}

func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	from := 0 // what lies between from and i is not yet copied
	for i := plain(s, 0); i < len(s); i = plain(s, i) {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[from:i]...)
				dst = append(dst, "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	return append(dst, s[from:]...)
}

// AppendBinary appends the JSON string of b in base64 with padding (RFC 4648, section 4, as RFC 7643, section 2.3.6, asks).
func AppendBinary(dst []byte, b []byte) []byte {
	dst = append(slices.Grow(dst, base64.StdEncoding.EncodedLen(len(b))+2), '"')
	// Six bytes become eight characters by four look-ups and one store, which takes less than half of encoding/base64's time (BenchmarkAppendBinary).
	for ; len(b) >= 8; b = b[6:] {
		v := binary.BigEndian.Uint64(b)
		dst = binary.LittleEndian.AppendUint64(dst, uint64(base64Pairs[v>>52])|uint64(base64Pairs[v>>40&0xfff])<<16|
			uint64(base64Pairs[v>>28&0xfff])<<32|uint64(base64Pairs[v>>16&0xfff])<<48)
	}
	return append(base64.StdEncoding.AppendEncode(dst, b), '"')
}

// base64Pairs has the two characters of 12 bits, the first in the low byte.
var base64Pairs = func() (pairs [1 << 12]uint16) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for v := range pairs {
		pairs[v] = uint16(alphabet[v>>6]) | uint16(alphabet[v&0x3f])<<8
	}
	return pairs
}()

// ParseBinary decodes base64 in the standard alphabet. Padding is complete or absent: Microsoft's and others' clients leave it out.
func ParseBinary(s string) ([]byte, bool) {
	if strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0 { // the decoder would pass over line breaks, which RFC 4648, section 3.3, forbids
		return nil, false
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(s)))
	// All but the end, which may be padded, is decoded by tables, in two thirds of encoding/base64's time (BenchmarkParseBinary).
	n, all := 0, uint32(0)
	for ; len(s) > 8 && len(out)-n >= 8; s = s[8:] {
		v := base64Values[0][s[0]] | base64Values[1][s[1]] | base64Values[2][s[2]] | base64Values[3][s[3]]
		w := base64Values[0][s[4]] | base64Values[1][s[5]] | base64Values[2][s[6]] | base64Values[3][s[7]]
		all |= v | w
		binary.BigEndian.PutUint64(out[n:n+8], uint64(v)<<40|uint64(w)<<16)
		n += 6
	}
	encoding := base64.RawStdEncoding
	if strings.HasSuffix(s, "=") {
		encoding = base64.StdEncoding
	}
	m, err := encoding.Decode(out[n:], []byte(s))
	if all >= notBase64 || err != nil {
		return nil, false
	}
	return out[:n+m], true
}

// notBase64 stands for the characters outside the alphabet: a bit above the 24 that four values fill.
const notBase64 = 1 << 24

// base64Values has the value of each character, in the bits where it belongs as the first to the fourth of four.
var base64Values = func() (values [4][256]uint32) {
	for place := range values {
		for c := range values[place] {
			values[place][c] = notBase64
		}
		for v, pair := range base64Pairs[:64] { // the second character counts up
			values[place][pair>>8] = uint32(v) << (18 - 6*place)
		}
	}
	return values
}()
