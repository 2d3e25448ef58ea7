package wire

import (
	"strconv"
	"unicode/utf8"
)

// SyntaxError says what is wrong with a JSON text and where.
type SyntaxError struct {
	Offset int    // in bytes from the start of the text
	Msg    string // what was found and where it stood
}

func (e *SyntaxError) Error() string {
	return e.Msg + " at byte " + strconv.Itoa(e.Offset)
}

const byteOrderMark = "\ufeff"

// unexpected is the error for the byte at i, which may not stand there. The place completes a sentence, such as "after an object
// member". It tells the end of the text, a byte order mark and invalid UTF-8 from an ordinary character.
func unexpected(s string, i int, place string) *SyntaxError {
	if i >= len(s) {
		return &SyntaxError{len(s), "unexpected end of the document"}
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		return &SyntaxError{i, "invalid UTF-8 " + place}
	case s[i:i+size] == byteOrderMark && i == 0:
		return &SyntaxError{i, "the document begins with a byte order mark"}
	}
	return &SyntaxError{i, "invalid character " + strconv.QuoteRune(r) + " " + place}
}

// twice is the error for a name that its object holds already.
func twice(at int, name string) *SyntaxError {
	const most = 64 // a client sees enough of its name, and a hostile name does not fill a log
	if len(name) > most {
		end := most
		for end > 0 && !utf8.RuneStart(name[end]) {
			end--
		}
		name = name[:end] + "…"
	}
	return &SyntaxError{at, "the member " + string(AppendString(nil, name)) + " appears twice"}
}

func tooManyMembers(at int) *SyntaxError {
	return &SyntaxError{at, "more than " + strconv.Itoa(MaxUnknown) + " members in one object"}
}

func tooDeep(at int) *SyntaxError {
	return &SyntaxError{at, "nested deeper than " + strconv.Itoa(MaxDepth) + " levels"}
}
