package filter

import (
	"encoding/hex"
	stderrors "errors"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// fixedTime is how times are stored as text: their order is that of the instants.
const fixedTime = "2006-01-02T15:04:05.000000000Z"

// schemas writes a comparison with the schemas of a resource, each of which is there or not.
func (w *writer) schemas(e *AttributeExpression) (string, error) {
	switch {
	case e.Operator == PR, e.Operator == NE && e.CompareValue == nil:
		return constant(true), nil
	case e.Operator == EQ && e.CompareValue == nil:
		return constant(false), nil
	}
	folded := attr.Attribute{Name: "schemas", Type: attr.String, Op: attr.OpString} // URNs compare without case
	t, _ := textOf(e, &folded)
	if t.test(w.c.root.URN) {
		return constant(true), nil
	}
	conditions := []string{}
	for _, x := range w.c.root.Extensions {
		if !t.test(x.Sub.URN) {
			continue
		}
		present, err := w.present(site{owner: x.Sub, ext: true})
		if err != nil {
			return "", err
		}
		conditions = append(conditions, present)
	}
	return oneOf(conditions), nil
}

// oneOf holds where one of the conditions does.
func oneOf(conditions []string) string {
	if len(conditions) == 0 {
		return constant(false)
	}
	return joined(conditions, " OR ")
}

// leaf writes the comparison of one value. It holds of no NULL.
func (w *writer) leaf(e *AttributeExpression, a *attr.Attribute, column Column, assumed bool) (string, error) {
	switch a.Op {
	case attr.OpString:
		t, _ := textOf(e, a)
		x := column.Folded
		if a.CaseExact {
			x = column.Expr
		}
		return w.text(e.Operator, x, t.want), nil
	case attr.OpBool:
		want, isBool := e.CompareValue.(bool)
		if text, isText := e.CompareValue.(string); isText && !isBool {
			want = wire.Fold(text, "true")
		}
		if e.Operator == NE {
			want = !want
		}
		switch {
		case assumed:
			return "COALESCE(" + column.Expr + ", FALSE) = " + constant(want), nil
		case zeroIsNone(a) && !want:
			return constant(false), nil
		}
		return column.Expr + " = " + constant(want), nil
	case attr.OpInt, attr.OpUint:
		n, _ := literal(e)
		return w.number(e.Operator, a, column.Expr, w.whole(e.Operator, string(n))), nil
	case attr.OpFloat:
		return w.number(e.Operator, a, column.Expr, decimalBound(e, a)), nil
	case attr.OpTime:
		text, _ := e.CompareValue.(string)
		want, _ := wire.ParseTime(text)
		return w.time(e.Operator, column.Expr, want), nil
	case attr.OpBytes:
		text, _ := e.CompareValue.(string)
		want, _ := wire.ParseBinary(text)
		sign := " = "
		if e.Operator == NE {
			sign = " <> "
		}
		if len(want) == 0 {
			if e.Operator == NE {
				return w.assigned(a, column), nil
			}
			return constant(false), nil
		}
		return column.Expr + sign + w.arg(w.binary(want)), nil
	default:
		return "", stderrors.New("scim: " + a.Name + " cannot be compared in SQL")
	}
}

// assigned writes that a column has a value.
func (w *writer) assigned(a *attr.Attribute, column Column) string {
	x := column.Expr
	var some string
	switch {
	case a.Op == attr.OpString:
		some = x + " <> ''"
	case a.Op == attr.OpBytes:
		some = "length(" + x + ") > 0"
	case a.Op == attr.OpBool && zeroIsNone(a):
		some = x + " = TRUE"
	case (a.Op == attr.OpInt || a.Op == attr.OpUint || a.Op == attr.OpFloat) && zeroIsNone(a):
		some = x + " <> 0"
	default:
		return x + " IS NOT NULL"
	}
	return "(" + x + " IS NOT NULL AND " + some + ")"
}

func (w *writer) binary(b []byte) any {
	if w.d.hex {
		return hex.EncodeToString(b)
	}
	return b
}

// collated is a text that compares by code point.
func (w *writer) collated(x string) string {
	if w.d.flavour == postgres {
		return x + ` COLLATE "C"`
	}
	return x
}

// sign is an operator of SQL.
func sign(op CompareOperator) string {
	switch op {
	case GT:
		return " > "
	case GE:
		return " >= "
	case LT:
		return " < "
	case LE:
		return " <= "
	case NE:
		return " <> "
	case EQ, CO, SW, EW, PR:
	}
	return " = "
}

// text compares a string with one that is in its comparison form. An empty string in the database is no value.
func (w *writer) text(op CompareOperator, x, want string) string {
	some := x + " <> ''"
	if before, _, found := strings.Cut(want, "\x00"); found { // which no database has in a text
		switch op {
		case EQ, CO, SW, EW:
			return constant(false)
		case GT, GE: // what begins like it is longer than what stands before the NUL, and its next character greater
			return "(" + w.collated(x) + " > " + w.arg(before) + ")"
		case LT, LE:
			return "(" + some + " AND " + w.collated(x) + " <= " + w.arg(before) + ")"
		case NE, PR:
		}
		return some
	}
	if want == "" {
		switch op {
		case EQ, LT, LE:
			return constant(false)
		case NE, CO, SW, EW, GT, GE, PR:
		}
		return some
	}
	switch op {
	case CO, SW, EW:
		return w.part(op, x, want)
	case EQ:
		return x + " = " + w.arg(want)
	case NE, LT, LE:
		return "(" + some + " AND " + w.collated(x) + sign(op) + w.arg(want) + ")"
	case GT, GE, PR:
	}
	return w.collated(x) + sign(op) + w.arg(want)
}

// part writes co, sw and ew. LIKE of SQLite does not look at case; what begins with a string is a range, for which there may be an index.
// PostgreSQL makes a range of LIKE itself.
func (w *writer) part(op CompareOperator, x, want string) string {
	if w.d.flavour == sqlite {
		switch op {
		case SW:
			from := x + " >= " + w.arg(want)
			if end := beyond(want); end != "" {
				return "(" + from + " AND " + x + " < " + w.arg(end) + ")"
			}
			return from
		case EW:
			first, second := w.arg(want), w.arg(want)
			return "substr(" + x + ", -length(" + first + ")) = " + second
		default:
			return "instr(" + x + ", " + w.arg(want) + ") > 0"
		}
	}
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(want)
	if op != SW {
		pattern = "%" + pattern
	}
	if op != EW {
		pattern += "%"
	}
	return x + " LIKE " + w.arg(pattern) + ` ESCAPE '\'`
}

// beyond is the least string that is greater than all that begin with another one, in the order of code points; "" if there is none.
func beyond(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch last {
		case utf8.MaxRune: // the next string is one of those that begin with less
		case 0xD7FF: // surrogates are no characters
			return prefix + "\uE000"
		default:
			return prefix + string(last+1)
		}
	}
	return ""
}

// bound is a number as a database compares it: a value with the operator that gives the same for stored numbers.
type bound struct {
	v    any
	op   CompareOperator
	all  bool // holds for all values
	none bool // holds for none
}

// number compares a number. Zero is no value where the type says so.
func (w *writer) number(op CompareOperator, a *attr.Attribute, x string, b bound) string {
	var condition string
	switch {
	case b.none && op != NE:
		return constant(false)
	case b.all, b.none:
		condition = x + " IS NOT NULL"
	default:
		condition = x + sign(b.op) + w.arg(b.v)
	}
	if zeroIsNone(a) {
		return "(" + x + " <> 0 AND " + condition + ")"
	}
	return condition
}

// whole is the bound of integers: between two of them lies none.
func (w *writer) whole(op CompareOperator, number string) bound {
	n := wholeOf(number)
	if n.beyond || n.abs > math.MaxInt64 && (!n.negative || n.abs > 1<<63) {
		less := !n.negative // all integers are less than the number
		return bound{all: op == NE || less == (op == LT || op == LE) && op != EQ, none: op == EQ || less != (op == LT || op == LE)}
	}
	v := int64(n.abs) //nolint:gosec // it fits, or is the magnitude of the smallest one
	if n.negative {
		v = -v
	}
	if !n.more {
		return bound{v: v, op: op}
	}
	switch op { // v is the number without its fraction
	case EQ:
		return bound{none: true}
	case NE:
		return bound{all: true}
	case GT, GE:
		if n.negative {
			return bound{v: v, op: GE}
		}
		return bound{v: v, op: GT}
	default:
		if n.negative {
			return bound{v: v, op: LT}
		}
		return bound{v: v, op: LE}
	}
}

// decimalBound is the bound of decimals. What is decided here follows decimal.
func decimalBound(e *AttributeExpression, a *attr.Attribute) bound {
	n, _ := literal(e)
	want, tie := nearest(n, a)
	op := e.Operator
	if math.IsInf(want, 0) {
		less := want > 0
		return bound{all: op == NE || less == (op == LT || op == LE) && op != EQ, none: op == EQ || less != (op == LT || op == LE)}
	}
	if tie != 0 { // the stored number that is nearest is above or below
		switch op {
		case EQ:
			return bound{none: true}
		case NE:
			return bound{all: true}
		case GT, GE:
			if op = GT; tie > 0 {
				op = GE
			}
		default:
			if op = LT; tie < 0 {
				op = LE
			}
		}
	}
	return bound{v: want, op: op}
}

// time compares an instant. A timestamptz has microseconds.
func (w *writer) time(op CompareOperator, x string, want time.Time) string {
	want = want.UTC()
	if w.d.flavour != postgres || w.d.hex {
		return x + sign(op) + w.arg(want.Format(fixedTime))
	}
	floor := want.Truncate(time.Microsecond)
	if !floor.Equal(want) { // between two that can be stored
		switch op {
		case EQ:
			return constant(false)
		case NE:
			return x + " IS NOT NULL"
		case GT, GE:
			op = GT
		default:
			op = LE
		}
	}
	return x + sign(op) + w.arg(floor)
}
