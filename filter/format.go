package filter

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scimmodels/scim/internal/wire"
)

// Format writes a filter in the grammar of RFC 7644 section 3.4.2.2, with the fewest parentheses: Parse(Format(e)) equals e
// for every e that [Parse] returns. A nil expression is written as "".
func Format(e Expression) string {
	return string(appendFilter(nil, e, 0))
}

// Levels of binding: what stands inside needs parentheses where it binds less than what is around it.
const (
	loosest = iota
	byOr
	byAnd
)

func appendFilter(b []byte, e Expression, around int) []byte {
	switch e := e.(type) {
	case *LogicalExpression:
		level, word := byOr, " or "
		if e.Operator == And {
			level, word = byAnd, " and "
		}
		if level < around {
			return append(appendFilter(append(b, '('), e, loosest), ')')
		}
		b = appendFilter(b, e.Left, level)
		b = append(b, word...)
		return appendFilter(b, e.Right, level+1) // the parser groups from the left
	case *NotExpression:
		b = append(b, "not ("...)
		return append(appendFilter(b, e.Expression, loosest), ')')
	case *ValuePath:
		b = append(appendPath(b, e.AttributePath), '[')
		return append(appendFilter(b, e.ValueFilter, loosest), ']')
	case *AttributeExpression:
		b = append(appendPath(b, e.AttributePath), ' ')
		b = append(b, e.Operator...)
		if e.Operator == PR {
			return b
		}
		return appendValue(append(b, ' '), e.CompareValue)
	}
	return b
}

// written is a path as it stands in a filter.
func written(p AttributePath) string {
	if p.URIPrefix == nil && p.SubAttribute == nil {
		return p.AttributeName
	}
	return string(appendPath(nil, p))
}

func appendPath(b []byte, p AttributePath) []byte {
	if p.URIPrefix != nil {
		b = append(append(b, *p.URIPrefix...), ':')
	}
	b = append(b, p.AttributeName...)
	if p.SubAttribute != nil {
		b = append(append(b, '.'), *p.SubAttribute...)
	}
	return b
}

// appendValue also writes the int and float64 that filter-parser makes of numbers, and what else a program may have put there.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return wire.AppendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case json.Number:
		return append(b, v...)
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Append(b, v)
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case float32:
		return strconv.AppendFloat(b, float64(v), 'g', -1, 32)
	}
	return wire.AppendString(b, fmt.Sprint(v))
}

// Quote writes s as the value of a filter: a JSON string (RFC 7644 section 3.4.2.2). It is how a value that a user typed gets into a filter:
//
//	f := "userName eq " + filter.Quote(name)
func Quote(s string) string { return string(wire.AppendString(nil, s)) }

// Fold returns the comparison form of a value of an attribute with caseExact false (RFC 7643 section 7): two values are equal for SCIM when
// their forms are equal. It is Unicode simple case folding, so it neither depends on a language nor on a database:
// what a store compares or orders by is a column that holds Fold(value).
func Fold(s string) string {
	if folded(s) {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return strings.Map(foldRune, s)
		}
		b[i] = wire.LowerByte(c)
	}
	return string(b)
}

// foldRune gives one rune for all that differ in case only: the lower case of the smallest of them.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return rune(wire.LowerByte(byte(r))) //nolint:gosec // ASCII
	}
	least := r
	for n := unicode.SimpleFold(r); n != r; n = unicode.SimpleFold(n) {
		least = min(least, n)
	}
	lower := unicode.ToLower(least)
	for n := unicode.SimpleFold(least); n != least; n = unicode.SimpleFold(n) {
		if n == lower {
			return lower
		}
	}
	return least
}
