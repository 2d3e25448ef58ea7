package wire

import "math/bits"

// MaxDepth is how deep objects and arrays may nest. SCIM needs six levels; the bound keeps a hostile document from the stack.
const MaxDepth = 64

// Skip checks and passes over the value of any kind that begins at i. Depth is how many objects and arrays are open already. The names
// are afterwards as they were, also after an error.
func Skip(s string, i int, depth int, names *Names) (end int, err *SyntaxError) {
	count, slots := names.count, len(names.slots)
	if end, err = skip(s, i, depth, names); err != nil {
		names.count, names.slots = count, names.slots[:slots]
	}
	return end, err
}

func skip(s string, i int, depth int, names *Names) (end int, err *SyntaxError) {
	switch c := at(s, i); c {
	case '"':
		end, _, err = String(s, i)
		return end, err
	case '{':
		return skipObject(s, i, depth, names)
	case '[':
		return skipArray(s, i, depth, names)
	case 't':
		return Literal(s, i, "true")
	case 'f':
		return Literal(s, i, "false")
	case 'n':
		return Literal(s, i, "null")
	default:
		if c == '-' || isDigit(c) {
			end, _, err = Number(s, i)
			return end, err
		}
	}
	return i, unexpected(s, i, "where a value begins")
}

func skipObject(s string, i int, depth int, names *Names) (int, *SyntaxError) {
	if depth >= MaxDepth {
		return i, tooDeep(i)
	}
	i = Space(s, i+1)
	if at(s, i) == '}' {
		return i + 1, nil
	}
	mark := names.Open()
	for {
		if at(s, i) != '"' {
			return i, unexpected(s, i, "where a member name begins")
		}
		end, name, h, err := nameAt(s, i)
		if err != nil {
			return end, err
		}
		if dup, full := names.add(mark, h, name); dup || full {
			if dup {
				return i, twice(i, name)
			}
			return i, tooManyMembers(i)
		}
		if at(s, end) != ':' { // it follows at once, in compact and in indented documents
			if end = Space(s, end); at(s, end) != ':' {
				return end, unexpected(s, end, "after a member name")
			}
		}
		i = Space(s, end+1)
		if at(s, i) == '"' { // most values are strings
			i, _, err = String(s, i)
		} else {
			i, err = skip(s, i, depth+1, names)
		}
		if err != nil {
			return i, err
		}
		c := at(s, i)
		if c <= ' ' {
			i = Space(s, i)
			c = at(s, i)
		}
		switch c {
		case ',':
			i++
			if at(s, i) <= ' ' {
				i = Space(s, i)
			}
		case '}':
			names.Close(mark)
			return i + 1, nil
		default:
			return i, unexpected(s, i, "after an object member")
		}
	}
}

// nameAt reads the name whose opening quote stands at i, and its hash on the way: the words that hold the closing quote of a name of
// less than 16 bytes, as nearly all are, hold the name too.
func nameAt(s string, i int) (end int, name string, h uint64, err *SyntaxError) {
	i++
	if i >= 0 && i <= len(s)-16 {
		w := load8(s, i)
		if m := special(w); m != 0 {
			if n := bits.TrailingZeros64(m) >> 3; at(s, i+n) == '"' {
				return i + n + 1, s[i : i+n], hashShort(w&before(m), n, seed), nil
			}
		} else {
			last := load8(s, i+8)
			if m := special(last); m != 0 {
				if n := 8 + bits.TrailingZeros64(m)>>3; at(s, i+n) == '"' {
					return i + n + 1, s[i : i+n], hashLong(w, last&before(m), n, seed), nil
				}
			}
		}
	}
	end, clean, err := String(s, i-1)
	if err != nil {
		return end, "", 0, err
	}
	name = s[i : end-1]
	if !clean {
		name = Unquote(name)
	}
	return end, name, hash(name, seed), nil
}

func skipArray(s string, i int, depth int, names *Names) (int, *SyntaxError) {
	if depth >= MaxDepth {
		return i, tooDeep(i)
	}
	i = Space(s, i+1)
	if at(s, i) == ']' {
		return i + 1, nil
	}
	for {
		var err *SyntaxError
		if i, err = skip(s, i, depth+1, names); err != nil {
			return i, err
		}
		i = Space(s, i)
		switch at(s, i) {
		case ',':
			i = Space(s, i+1)
		case ']':
			return i + 1, nil
		default:
			return i, unexpected(s, i, "after an array element")
		}
	}
}

// Literal passes over true, false or null, whichever the word is, at i.
func Literal(s string, i int, word string) (end int, err *SyntaxError) {
	end = i + len(word)
	if end <= len(s) && s[i:end] == word && (end == len(s) || delimits[s[end]]) {
		return end, nil
	}
	for j := range len(word) {
		if i+j >= len(s) || s[i+j] != word[j] {
			return i + j, unexpected(s, i+j, "in the literal "+word)
		}
	}
	return end, unexpected(s, end, "after the literal "+word)
}

// delimits marks the bytes that may follow a literal.
var delimits = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, ',': true, ']': true, '}': true}
