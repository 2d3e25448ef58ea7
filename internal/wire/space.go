package wire

// Space is the index of the first byte at or after i that is not white space, which may be len(s).
func Space(s string, i int) int {
	if at(s, i) > ' ' { // a compact document has none, so this is nearly always the answer
		return i
	}
	return space(s, i)
}

func space(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// at is the byte at i, or zero, which stands nowhere in JSON, at the end of the text. Written so, it costs one comparison.
func at(s string, i int) byte {
	if uint(i) < uint(len(s)) {
		return s[i]
	}
	return 0
}
