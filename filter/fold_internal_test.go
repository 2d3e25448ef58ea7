package filter

import (
	"math/big"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var folds = []string{
	"", "a", "A", "k", "K", "\u212a", "s", "S", "ſ", "ß", "ẞ", "Σ", "σ", "ς", "İ", "I", "i", "ı", "µ", "μ", "Å", "\u212b", "å", "ǅ", "Ǆ", "ǆ",
	"\xff", "\x80", "\xe2\x82", "\xe2\x84\xaa\xaa", "\uFFFD", "Straße", "ΟΔΟΣ", "USER5000@corp.example", "user5000@corp.example", "日本語", "😀", "[", "{", "@", "`",
	"\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212a\u212ab",
	"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkb",
}

// FuzzFold compares the functions that fold on the way with the operators on Fold(s).
func FuzzFold(f *testing.F) {
	for i, s := range folds {
		f.Add(s, folds[(i+1)%len(folds)])
		f.Add(s, strings.ToUpper(s))
		f.Add("xX"+s+"yY", s)
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		if len(s)+len(other) > 4096 {
			return
		}
		want, whole := Fold(other), Fold(s)
		require.Equal(t, whole, Fold(whole), "a folded string folds to itself")
		require.Equal(t, s == whole && isASCII(s), folded(s) && isASCII(s))
		rest, ok := foldPrefix(s, want)
		require.Equal(t, strings.HasPrefix(whole, want), ok, "prefix %q %q", s, want)
		if ok {
			require.Equal(t, whole, want+Fold(rest))
		}
		require.Equal(t, whole == want, foldEqual(s, want), "equal %q %q", s, want)
		require.Equal(t, strings.Contains(whole, want), foldContains(s, want), "contains %q %q", s, want)
		if want != "" {
			require.Equal(t, strings.Contains(whole, want), newSearch(want).in(s), "search %q %q", s, want)
		}
		require.Equal(t, strings.HasSuffix(whole, want), foldSuffix(s, want), "suffix %q %q", s, want)
		require.Equal(t, strings.Compare(whole, want), foldCompare(s, want), "compare %q %q", s, want)
		require.Equal(t, strings.Compare(whole, want), foldBoth(s, other), "both %q %q", s, other)
		require.Equal(t, strings.EqualFold(strings.ToValidUTF8(s, ""), strings.ToValidUTF8(other, "")),
			Fold(strings.ToValidUTF8(s, "")) == Fold(strings.ToValidUTF8(other, "")))
	})
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 }

func TestFold(t *testing.T) {
	for _, c := range []struct{ s, want string }{
		{"BJensen@Example.COM", "bjensen@example.com"}, {"\u212aelvin", "kelvin"}, {"ſ", "s"}, {"ΟΔΟΣ", "οδοσ"}, {"ς", "σ"}, {"İ", "İ"}, {"ı", "ı"},
		{"ẞ", "ß"}, {"É", "é"}, {"\xff", "\uFFFD"}, {"", ""}, {"already", "already"},
	} {
		assert.Equal(t, c.want, Fold(c.s), "%q", c.s)
	}
	for r := rune(0); r <= unicode.MaxRune; r++ { // all that differ in case only have one form
		for n := unicode.SimpleFold(r); n > r; n = unicode.SimpleFold(n) {
			if foldRune(n) != foldRune(r) {
				t.Fatalf("%q and %q", r, n)
			}
		}
		if f := foldRune(r); f != foldRune(f) {
			t.Fatalf("%q", r)
		}
	}
}

// FuzzWhole compares integers with numbers as big.Rat does.
func FuzzWhole(f *testing.F) {
	for _, n := range []string{"0", "-0", "1", "1.0", "-1.5", "0.5", "-0.5", "1e1", "12e-1", "1.5e1", "9223372036854775807", "9223372036854775808", "18446744073709551615",
		"18446744073709551616", "1e19", "1e20", "1e400", "-1e400", "1e-400", "0e99999999999999999999", "123.456e2", "0.00001e5", "1e99999999999999999999", "1e-99999999999999999999"} {
		for _, x := range []int64{0, 1, -1, 10, 15, -2, 1<<63 - 1, -1 << 63} {
			f.Add(n, x)
		}
	}
	f.Fuzz(func(t *testing.T, s string, x int64) {
		e, err := Parse("n eq " + s)
		if err != nil || len(s) > 400 {
			return
		}
		a, ok := e.(*AttributeExpression)
		if !ok {
			return
		}
		n, ok := a.CompareValue.(interface{ String() string })
		if !ok {
			return
		}
		r, ok := new(big.Rat).SetString(n.String())
		if i := strings.IndexAny(s, "eE"); i >= 0 && len(s)-i > 6 || !ok {
			wholeOf(n.String())
			return
		}
		w := wholeOf(n.String())
		abs := uint64(x)
		if x < 0 {
			abs = -abs
		}
		require.Equal(t, new(big.Rat).SetInt64(x).Cmp(r), w.compare(x < 0, abs), "%d and %s: %+v", x, s, w)
		require.Equal(t, new(big.Rat).SetUint64(uint64(x)).Cmp(r), w.compare(false, uint64(x)), "%d and %s: %+v", uint64(x), s, w)
	})
}
