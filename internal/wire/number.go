package wire

import "math"

const inNumber = "in a number"

// Number passes over the number that begins at i with a digit or a minus sign. An integer has neither fraction nor exponent.
func Number(s string, i int) (end int, integer bool, err *SyntaxError) {
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
		if i < len(s) && isDigit(s[i]) {
			return i, false, &SyntaxError{i, "a number with a leading zero"}
		}
	default:
		if i, err = digits(s, i); err != nil {
			return i, false, err
		}
	}
	if i >= len(s) || s[i] != '.' && s[i]|0x20 != 'e' {
		return i, true, nil
	}
	if s[i] == '.' {
		if i, err = digits(s, i+1); err != nil {
			return i, false, err
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if i, err = digits(s, i); err != nil {
			return i, false, err
		}
	}
	return i, false, nil
}

// digits passes over one digit or more.
func digits(s string, i int) (int, *SyntaxError) {
	if i >= len(s) || !isDigit(s[i]) {
		return i, unexpected(s, i, inNumber)
	}
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i, nil
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// Int is the value of an integer literal that [Number] accepted. It is not ok when the value is beyond an int64: it never passes through
// a float64, which would round it.
func Int(s string) (n int64, ok bool) {
	negative := s != "" && s[0] == '-'
	if negative {
		s = s[1:]
	}
	if s == "" || len(s) > 19 { // 19 digits fit in a uint64, 20 do not fit in an int64
		return 0, false
	}
	var u uint64
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		u = u*10 + uint64(s[i]-'0')
	}
	if negative {
		return -int64(u), u <= -math.MinInt64
	}
	return int64(u), u <= math.MaxInt64
}
