package wire

// Strings are examined in steps of eight bytes held in one word. Each function below works on all eight at once and leaves its answer
// in the high bit of every byte.

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// load8 reads eight bytes, the first in the lowest place. The compiler makes one load of it.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func load4(s string, i int) uint64 {
	b := s[i : i+4]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24
}

// loadShort reads a string of less than eight bytes, as load8 would if zeros followed it.
func loadShort(s string) uint64 {
	switch n := uint(len(s)); {
	case n >= 4:
		return load4(s, 0) | load4(s, len(s)-4)<<(8*(n-4)&63) // where the two overlap they are equal
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)&63) | uint64(s[n-1])<<(8*(n-1)&63)
	}
	return 0
}

// special marks the bytes of a string that cannot be passed over: a quote, a backslash, a control character, and all that is not
// ASCII. Only the lowest mark is certain, because a subtraction may borrow from the byte above.
func special(w uint64) uint64 {
	quoteOrControl := (w ^ 0x02*ones) - 0x21*ones // a flipped bit makes '"' 0x20, just above the control characters
	backslash := (w ^ '\\'*ones) - ones
	return (w | quoteOrControl | backslash) & highs
}

// escaped marks the bytes that cannot stand in a JSON string as they are: a quote, a backslash, a control character. Again only the
// lowest mark is certain.
func escaped(w uint64) uint64 {
	quoteOrControl := (w ^ 0x02*ones) - 0x21*ones
	backslash := (w ^ '\\'*ones) - ones
	return (quoteOrControl | backslash) &^ w & highs
}

// before covers the bytes below the lowest mark.
func before(marks uint64) uint64 {
	return (marks&-marks)>>7 - 1
}

// lower turns the letters A to Z to lower case and leaves every other byte alone.
func lower(w uint64) uint64 {
	low := w &^ highs
	fromA := low + (0x80-'A')*ones
	pastZ := low + (0x7f-'Z')*ones
	return w | (fromA&^pastZ&^w&highs)>>2
}
