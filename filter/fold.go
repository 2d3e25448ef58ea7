package filter

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/scimmodels/scim/internal/wire"
)

// The functions here compare a string with one that Fold has been applied to, without making the folded form of the
// first. Their twins are the operators on Fold(s).

// Eight bytes at a time: those that Fold might change have their highest bit set in the result.
const (
	each = 0x0101010101010101
	high = 0x80 * each
)

func load(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func changes(w uint64) uint64 {
	low := w &^ high
	return (w | (low+(0x80-'A')*each)&^(low+(0x80-'Z'-1)*each)) & high
}

// folded says whether s is ASCII without capitals, so that Fold leaves it alone.
func folded(s string) bool {
	if len(s) < 8 {
		for i := range len(s) {
			if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
				return false
			}
		}
		return true
	}
	m := changes(load(s, len(s)-8)) // overlaps the last step
	for i := 0; i < len(s)-8; i += 8 {
		m |= changes(load(s, i))
	}
	return m == 0
}

// foldPrefix says whether Fold(s) begins with want, and which part of s is left then.
func foldPrefix(s, want string) (rest string, ok bool) {
	i, j := 0, 0
	for j < len(want) {
		if i >= len(s) {
			return "", false
		}
		c, w := s[i], want[j]
		switch {
		case c == w && c < utf8.RuneSelf:
			i++
			j++
		case c < utf8.RuneSelf:
			if wire.LowerByte(c) != w {
				return "", false
			}
			i++
			j++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			w, m := utf8.DecodeRuneInString(want[j:])
			if foldRune(r) != w {
				return "", false
			}
			i += n
			j += m
		}
	}
	return s[i:], true
}

func foldEqual(s, want string) bool {
	switch {
	case s == "" || want == "":
		return s == want
	case len(s) >= 8 && len(want) >= 8: // names of one company begin alike: eight bytes tell most of them apart
		if w := load(s, 0); w&high == 0 && w|changes(w)>>2 != load(want, 0) {
			return false
		}
	case s[0] < utf8.RuneSelf && wire.LowerByte(s[0]) != want[0]:
		return false
	}
	if len(s) == len(want) && wire.Fold(s, want) {
		return true
	}
	rest, ok := foldPrefix(s, want)
	return ok && rest == ""
}

// foldContains takes len(s) times len(want) steps at worst; a long want is for [search].
func foldContains(s, want string) bool {
	if want == "" {
		return true
	}
	if folded(s) {
		return strings.Contains(s, want)
	}
	first := want[0]
	for i := range len(s) { // a byte inside a character begins no match, unless it is invalid itself
		if c := s[i]; wire.LowerByte(c) == first || c >= utf8.RuneSelf && (utf8.RuneStart(c) || !inside(s, i)) {
			if _, ok := foldPrefix(s[i:], want); ok {
				return true
			}
		}
	}
	return false
}

// inside says whether the byte at i continues a valid character.
func inside(s string, i int) bool {
	for start := i - 1; start >= 0 && i-start < utf8.UTFMax; start-- {
		if utf8.RuneStart(s[start]) {
			_, n := utf8.DecodeRuneInString(s[start:])
			return start+n > i
		}
	}
	return false
}

// search finds a long text in linear time (Knuth, Morris and Pratt), for a client chooses both texts.
type search struct {
	want string
	back []int32 // how much of want has been seen still when the byte after i+1 of them does not fit
}

// long is the length from which on foldContains would cost more.
const long = 32

func newSearch(want string) *search {
	back := make([]int32, len(want))
	seen := int32(0)
	for i := 1; i < len(want); i++ {
		for seen > 0 && want[i] != want[seen] {
			seen = back[seen-1]
		}
		if want[i] == want[seen] {
			seen++
		}
		back[i] = seen
	}
	return &search{want, back}
}

// in is foldContains(s, want).
func (f *search) in(s string) bool {
	seen := int32(0)
	var char [utf8.UTFMax]byte
	for s != "" {
		n, size := 1, 1
		if char[0] = wire.LowerByte(s[0]); s[0] >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(s)
			n = utf8.EncodeRune(char[:], foldRune(r))
		}
		s = s[size:]
		for _, c := range char[:n] {
			for seen > 0 && c != f.want[seen] {
				seen = f.back[seen-1]
			}
			if c == f.want[seen] {
				seen++
			}
			if int(seen) == len(f.want) {
				return true
			}
		}
	}
	return false
}

func foldSuffix(s, want string) bool {
	for len(want) > 0 {
		if s == "" {
			return false
		}
		if c := s[len(s)-1]; c < utf8.RuneSelf {
			if wire.LowerByte(c) != want[len(want)-1] {
				return false
			}
			s, want = s[:len(s)-1], want[:len(want)-1]
			continue
		}
		r, n := utf8.DecodeLastRuneInString(s)
		w, m := utf8.DecodeLastRuneInString(want)
		if foldRune(r) != w {
			return false
		}
		s, want = s[:len(s)-n], want[:len(want)-m]
	}
	return true
}

// foldCompare orders Fold(s) and want as strings.Compare does.
func foldCompare(s, want string) int {
	for {
		switch {
		case s == "" && want == "":
			return 0
		case s == "":
			return -1
		case want == "":
			return 1
		}
		if c := s[0]; c < utf8.RuneSelf {
			if c = wire.LowerByte(c); c != want[0] {
				if c < want[0] {
					return -1
				}
				return 1
			}
			s, want = s[1:], want[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		w, m := utf8.DecodeRuneInString(want)
		if f := foldRune(r); f != w {
			return cmp.Compare(f, w) // UTF-8 keeps the order of code points
		}
		s, want = s[n:], want[m:]
	}
}

// foldBoth orders Fold(s) and Fold(t).
func foldBoth(s, t string) int {
	for s != "" && t != "" {
		c, d := s[0], t[0]
		if c < utf8.RuneSelf && d < utf8.RuneSelf {
			if c, d = wire.LowerByte(c), wire.LowerByte(d); c != d {
				return cmp.Compare(c, d)
			}
			s, t = s[1:], t[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		q, m := utf8.DecodeRuneInString(t)
		if r, q = foldRune(r), foldRune(q); r != q {
			return cmp.Compare(r, q) // UTF-8 keeps the order of code points
		}
		s, t = s[n:], t[m:]
	}
	return cmp.Compare(len(s), len(t))
}
