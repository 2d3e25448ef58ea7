package filter

import (
	"strings"
	"unicode/utf8"
)

// The functions here compare a string with one that Fold has been applied to, without making the folded form of the
// first. Their twins are the operators on Fold(s).

// lower folds an ASCII letter and leaves other bytes alone.
func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// foldPrefix says whether Fold(s) begins with want, and which part of s is left then.
func foldPrefix(s, want string) (rest string, ok bool) {
	i, j := 0, 0
	for j < len(want) {
		if i == len(s) {
			return "", false
		}
		if c := s[i]; c < utf8.RuneSelf {
			if lower(c) != want[j] {
				return "", false
			}
			i++
			j++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		w, m := utf8.DecodeRuneInString(want[j:])
		if foldRune(r) != w {
			return "", false
		}
		i += n
		j += m
	}
	return s[i:], true
}

func foldEqual(s, want string) bool {
	rest, ok := foldPrefix(s, want)
	return ok && rest == ""
}

func foldContains(s, want string) bool {
	if want == "" {
		return true
	}
	first := want[0]
	upper := first
	if first >= 'a' && first <= 'z' {
		upper -= 'a' - 'A'
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == first || c == upper || c >= utf8.RuneSelf && utf8.RuneStart(c) {
			if _, ok := foldPrefix(s[i:], want); ok {
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
			if lower(c) != want[len(want)-1] {
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
			if c = lower(c); c != want[0] {
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
			return strings.Compare(string(f), want[:m])
		}
		s, want = s[n:], want[m:]
	}
}
