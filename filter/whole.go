package filter

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// whole is a JSON number as integers see it: its sign, what stands before the decimal point, and whether anything stands
// behind it. It is made without big numbers, so that 1e999999999 costs no more than its text.
type whole struct {
	negative bool
	abs      uint64
	more     bool // a fraction follows
	beyond   bool // abs does not fit
}

func wholeOf(number string) (w whole) {
	digits, negative := strings.CutPrefix(number, "-")
	exponent := 0
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		n, err := strconv.Atoi(digits[i+1:])
		if err != nil { // beyond an int, and so beyond any number of digits that a filter has room for
			n = math.MaxInt32
			if digits[i+1] == '-' {
				n = math.MinInt32
			}
		}
		exponent, digits = max(min(n, math.MaxInt32), math.MinInt32), digits[:i]
	}
	before, after, _ := strings.Cut(digits, ".")
	point := len(before) + exponent // how many digits stand before the point
	at := 0
	for _, part := range [...]string{before, after} {
		for i := range len(part) {
			if d := uint64(part[i] - '0'); at >= point {
				w.more = w.more || d != 0
			} else {
				w.add(d)
			}
			at++
		}
	}
	for ; at < point && w.abs != 0 && !w.beyond; at++ {
		w.add(0)
	}
	w.negative = negative && (w.abs != 0 || w.more || w.beyond)
	return w
}

func (w *whole) add(digit uint64) {
	if w.abs > (math.MaxUint64-digit)/10 {
		w.beyond = true
	}
	if !w.beyond {
		w.abs = w.abs*10 + digit
	}
}

// compare orders an integer, given as sign and magnitude, against the number.
func (w *whole) compare(negative bool, abs uint64) int {
	switch {
	case negative && !w.negative:
		return -1
	case w.negative && !negative:
		return 1
	}
	c := cmp.Compare(abs, w.abs)
	if w.beyond || c == 0 && w.more {
		c = -1 // the number has the greater magnitude
	}
	if negative {
		return -c
	}
	return c
}
