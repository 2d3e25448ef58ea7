package filter

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

var (
	// ends are the bytes that end a name or an operator.
	ends = [256]bool{' ': true, '\t': true, '(': true, ')': true, '[': true, ']': true, '"': true}
	// follows are the bytes that may follow a term.
	follows = [256]bool{' ': true, '\t': true, ')': true, ']': true}
	// inURI are the bytes of RFC 3986 that are neither letter nor digit nor bracket.
	inURI = [256]bool{'-': true, '.': true, '_': true, '~': true, ':': true, '/': true, '?': true, '#': true, '@': true, '!': true, '$': true,
		'&': true, '\'': true, '*': true, '+': true, ',': true, ';': true, '=': true, '%': true}
)

// literal reads a value: a JSON string, number, true, false or null.
func (p *parser) literal() (any, *errors.Error) {
	if p.i == len(p.s) {
		return nil, p.unexpected("a value")
	}
	switch c := p.s[p.i]; {
	case c == '"':
		return p.text()
	case c == '-' || c >= '0' && c <= '9':
		end, _, err := wire.Number(p.s, p.i)
		switch {
		case err != nil && err.Offset >= len(p.s):
			p.i = len(p.s)
			return nil, p.unexpected("a digit")
		case err != nil:
			return nil, p.fail(err.Offset, err.Msg)
		}
		text := p.s[p.i:end]
		p.i = end
		return json.Number(text), nil
	}
	for _, l := range [...]struct {
		word  string
		value any
	}{{"true", true}, {"false", false}, {"null", nil}} {
		end := p.i + len(l.word)
		if end > len(p.s) || end < len(p.s) && !follows[p.s[end]] {
			continue
		}
		word := p.s[p.i:end]
		if word != l.word {
			if !wire.Fold(word, l.word) || !p.o.Accepts(opt.FilterLiteralCase) { // AMB-35
				continue
			}
			p.repaired(opt.FilterLiteralCase, word)
		}
		p.i = end
		return l.value, nil
	}
	return nil, p.unexpected("a JSON value: a string in double quotes, a number, true, false or null")
}

// text reads a string.
func (p *parser) text() (any, *errors.Error) {
	end, clean, err := wire.String(p.s, p.i)
	switch {
	case err != nil && err.Offset >= len(p.s):
		start := p.i
		p.i = len(p.s)
		return nil, p.unexpected("the quote that closes the string begun at offset " + strconv.Itoa(start))
	case err != nil:
		return nil, p.fail(err.Offset, err.Msg)
	}
	text := p.s[p.i+1 : end-1]
	p.i = end
	if !clean {
		text = wire.Unquote(text)
	}
	return text, nil
}

// attribute reads the name of an attribute: [URN:]name[.sub].
func (p *parser) attribute() (AttributePath, *errors.Error) {
	start := p.i
	colon := -1
	for p.i < len(p.s) && !ends[p.s[p.i]] {
		if p.s[p.i] == ':' {
			colon = p.i
		}
		p.i++
	}
	text := p.s[start:p.i]
	if text == "" {
		return AttributePath{}, p.unexpected("an attribute")
	}
	var path AttributePath
	if colon >= 0 { // the last one; where schema and attribute part is the type's to say
		if p.inside {
			return path, p.fail(start, "a sub-attribute has no URN; write its name alone")
		}
		uri := p.s[start:colon]
		if !isURI(uri) {
			return path, p.fail(start, clip(uri)+" is no schema URI such as urn:ietf:params:scim:schemas:core:2.0:User")
		}
		path.URIPrefix = &uri
		text = p.s[colon+1 : p.i]
	}
	name, sub, dotted := strings.Cut(text, ".")
	switch {
	case isName(name) && !dotted:
		path.AttributeName = name
	case isName(name) && isName(sub):
		path.AttributeName, path.SubAttribute = name, new(sub)
	case colon >= 0 && isURI("x:"+text): // the end of a schema URI that stands alone, such as urn:acme:ext:2.0
		path.AttributeName = text
	default:
		return path, p.fail(start, clip(text)+" is no attribute name such as userName or name.givenName")
	}
	return path, nil
}

// isName says whether s is an ATTRNAME of RFC 7643 section 2.1; erratum 8924 adds the leading $ of $ref.
func isName(s string) bool { return attr.IsName(s) && strings.LastIndexByte(s, '$') <= 0 }

// isURI says whether s can be the URI of a schema: a scheme, a colon and characters of RFC 3986.
func isURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok {
		scheme, rest = s, "x"
	}
	if scheme == "" || rest == "" {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || inURI[c]):
		default:
			return false
		}
	}
	return true
}

// enter goes one level deeper.
func (p *parser) enter() *errors.Error {
	if p.depth++; p.depth > orDefault(p.o.FilterDepth, DefaultDepth) {
		return p.fail(p.i, "nested deeper than "+strconv.Itoa(orDefault(p.o.FilterDepth, DefaultDepth))+" levels")
	}
	return nil
}

// blank passes over the blank that must stand here.
func (p *parser) blank(before string) *errors.Error {
	n := blanks(p.s[p.i:])
	switch {
	case n == 0:
		return p.unexpected("a blank and " + before)
	case !p.one(p.i, n):
		return p.unexpected("one blank and " + before)
	}
	p.mended(p.i, n)
	p.i += n
	return nil
}

// loose passes over blanks that need not be there (AMB-36).
func (p *parser) loose() *errors.Error {
	n := blanks(p.s[p.i:])
	if n == 0 {
		return nil
	}
	if !p.o.Accepts(opt.FilterBlanks) {
		return p.unexpected("no blank")
	}
	p.repaired(opt.FilterBlanks, p.s[p.i:p.i+n])
	p.i += n
	return nil
}

func blanks(s string) int {
	n := 0
	for n < len(s) && (s[n] == ' ' || s[n] == '\t') {
		n++
	}
	return n
}

// unexpected says what stands at the present offset and what was expected there.
func (p *parser) unexpected(want string) *errors.Error {
	rest := p.s[p.i:]
	switch n := blanks(rest); {
	case rest == "":
		return p.fail(p.i, "expected "+want+", found the end")
	case n > 1:
		return p.fail(p.i, "expected "+want+", found "+strconv.Itoa(n)+" blanks")
	case rest[0] == '\t':
		return p.fail(p.i, "expected "+want+", found a tab")
	case n > 0:
		return p.fail(p.i, "expected "+want+", found a blank")
	}
	if strings.IndexByte("()[]", rest[0]) >= 0 {
		rest = rest[:1]
	} else if end := strings.IndexAny(rest, " \t()[]"); end >= 0 {
		rest = rest[:end]
	}
	return p.fail(p.i, "expected "+want+", found "+clip(rest))
}

// fail makes the error. In a path only what stands in its brackets is a filter.
func (p *parser) fail(at int, what string) *errors.Error {
	switch {
	case !p.path:
		return errors.New(errors.InvalidFilter, "the filter is malformed at offset %d: %s", at, what)
	case p.inside && p.closed():
		return errors.New(errors.InvalidFilter, "the filter in the path is malformed at offset %d: %s", at, what)
	}
	return errors.New(errors.InvalidPath, "the path is malformed at offset %d: %s", at, what)
}

// closed says whether the brackets of a path end somewhere. Where they do not, the path itself is broken.
func (p *parser) closed() bool { return p.i < len(p.s) }

// clip shows a piece of the input, shortened.
func clip(s string) string {
	return `"` + strings.ToValidUTF8(wire.Clip(s, 64), "\uFFFD") + `"`
}
