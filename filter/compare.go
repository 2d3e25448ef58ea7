package filter

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// compare compiles a comparison with a value, by the operator table of RFC 7644 section 3.4.2.2.
func (c *compiler) compare(e *AttributeExpression, name string, steps []*attr.Attribute, in scope) (test, *errors.Error) {
	a, around := in.self, in.plan
	if n := len(steps); n > 0 {
		a = steps[n-1]
		if n > 1 {
			around = steps[n-2].Sub
		}
	}
	var l leaf
	switch a.Op {
	case attr.OpString:
		t, err := textTest(e, name, a)
		if err != nil {
			return nil, err
		}
		if len(steps) == 1 && a.Text { // userName eq "x", the filter of filters
			field := accessor(a.Index)
			if e.Operator == NE {
				return func(v reflect.Value) bool { s := field(v).String(); return s == "" || t(s) }, nil
			}
			return func(v reflect.Value) bool { s := field(v).String(); return s != "" && t(s) }, nil
		}
		l = func(f reflect.Value) (bool, bool) {
			s := f.String()
			return s != "" && t(s), s != ""
		}
	default:
		var err *errors.Error
		if l, err = c.leaf(e, name, a); err != nil {
			return nil, err
		}
	}
	w := walk(steps, l)
	if around != nil && a == around.Primary && a.Pointer {
		w = walk(steps[:len(steps)-1], primary(a, l))
	}
	if e.Operator == NE { // AMB-32: true of what is absent; AMB-39: true when any value differs
		return func(v reflect.Value) bool { m, present := w(v); return m || !present }, nil
	}
	return func(v reflect.Value) bool { m, _ := w(v); return m }, nil
}

// primary reads the attribute of that name: absent counts as false (RFC 7643 section 2.4).
func primary(a *attr.Attribute, l leaf) leaf {
	field := accessor(a.Index)
	no, _ := l(reflect.ValueOf(false))
	return func(v reflect.Value) (bool, bool) {
		f := field(v)
		if f.IsNil() {
			return no, true
		}
		return l(f.Elem())
	}
}

// leaf compiles the comparison of one value that is no string.
func (c *compiler) leaf(e *AttributeExpression, name string, a *attr.Attribute) (leaf, *errors.Error) {
	switch a.Op {
	case attr.OpBool:
		return c.boolean(e, name, a)
	case attr.OpInt, attr.OpUint, attr.OpFloat:
		return number(e, name, a)
	case attr.OpTime:
		return instant(e, name)
	case attr.OpBytes:
		return binary(e, name)
	}
	return nil, fault(name, "cannot be used in a filter")
}

// textTest compiles the comparison of a string with a string. Strings of attributes without caseExact are compared in
// their folded form, references exactly (RFC 7643 section 2.3.7).
func textTest(e *AttributeExpression, name string, a *attr.Attribute) (func(string) bool, *errors.Error) {
	want, ok := e.CompareValue.(string)
	if !ok {
		return nil, fault(name, "is a string and must be compared with one in double quotes")
	}
	if a.CaseExact {
		return exactTest(e.Operator, want), nil
	}
	return foldedTest(e.Operator, Fold(want)), nil
}

func exactTest(op CompareOperator, want string) func(string) bool {
	switch op {
	case EQ:
		return func(s string) bool { return s == want }
	case NE:
		return func(s string) bool { return s != want }
	case CO:
		return func(s string) bool { return strings.Contains(s, want) }
	case SW:
		return func(s string) bool { return strings.HasPrefix(s, want) }
	case EW:
		return func(s string) bool { return strings.HasSuffix(s, want) }
	}
	o := order(op)
	return func(s string) bool { return o(strings.Compare(s, want)) }
}

func foldedTest(op CompareOperator, want string) func(string) bool {
	switch op {
	case EQ:
		return func(s string) bool { return foldEqual(s, want) }
	case NE:
		return func(s string) bool { return !foldEqual(s, want) }
	case CO:
		return func(s string) bool { return foldContains(s, want) }
	case SW:
		return func(s string) bool { _, ok := foldPrefix(s, want); return ok }
	case EW:
		return func(s string) bool { return foldSuffix(s, want) }
	}
	o := order(op)
	return func(s string) bool { return o(foldCompare(s, want)) }
}

// order says which signs of a comparison an operator accepts.
func order(op CompareOperator) func(int) bool {
	switch op {
	case GT:
		return func(c int) bool { return c > 0 }
	case GE:
		return func(c int) bool { return c >= 0 }
	case LT:
		return func(c int) bool { return c < 0 }
	case LE:
		return func(c int) bool { return c <= 0 }
	case NE:
		return func(c int) bool { return c != 0 }
	}
	return func(c int) bool { return c == 0 }
}

func ordered(op CompareOperator) bool {
	return op == EQ || op == NE || op == GT || op == GE || op == LT || op == LE
}

// boolean compiles the comparison of a boolean: equal or not, nothing else (RFC 7644 table 3).
func (c *compiler) boolean(e *AttributeExpression, name string, a *attr.Attribute) (leaf, *errors.Error) {
	if e.Operator != EQ && e.Operator != NE {
		return nil, fault(name, "is a boolean, which "+string(e.Operator)+" cannot compare; use eq, ne or pr")
	}
	want, ok := e.CompareValue.(bool)
	if text, isText := e.CompareValue.(string); isText && c.o.Accepts(opt.BooleanStrings) && (wire.Fold(text, "true") || wire.Fold(text, "false")) {
		want, ok = len(text) == len("true"), true
	}
	if !ok {
		return nil, fault(name, "is a boolean and must be compared with true or false")
	}
	if e.Operator == NE {
		want = !want
	}
	return func(f reflect.Value) (bool, bool) {
		if !a.Pointer && a.Omit && !f.Bool() {
			return false, false
		}
		return f.Bool() == want, true
	}, nil
}

// instant compiles the comparison of a dateTime, by instant whatever the offsets.
func instant(e *AttributeExpression, name string) (leaf, *errors.Error) {
	if !ordered(e.Operator) {
		return nil, fault(name, "is a dateTime, which "+string(e.Operator)+" cannot compare; use eq, ne, gt, ge, lt, le or pr")
	}
	text, _ := e.CompareValue.(string)
	want, ok := wire.ParseTime(text)
	if !ok {
		return nil, fault(name, `must be compared with a dateTime such as "2011-05-13T04:42:34Z"`)
	}
	o := order(e.Operator)
	return func(f reflect.Value) (bool, bool) {
		t := attr.Time(f)
		if t.IsZero() {
			return false, false
		}
		return o(t.Compare(want)), true
	}, nil
}

// binary compiles the comparison of bytes: equal or not.
func binary(e *AttributeExpression, name string) (leaf, *errors.Error) {
	if e.Operator != EQ && e.Operator != NE {
		return nil, fault(name, "is binary, which "+string(e.Operator)+" cannot compare; use eq, ne or pr")
	}
	text, isText := e.CompareValue.(string)
	want, ok := wire.ParseBinary(text)
	if !ok || !isText {
		return nil, fault(name, "must be compared with base64 in double quotes")
	}
	equal := e.Operator == EQ
	return func(f reflect.Value) (bool, bool) {
		b := f.Bytes()
		return len(b) > 0 && bytes.Equal(b, want) == equal, len(b) > 0
	}, nil
}

// number compiles the comparison of a number, by value: 10 equals 1e1, and no digit is lost on the way.
func number(e *AttributeExpression, name string, a *attr.Attribute) (leaf, *errors.Error) {
	if !ordered(e.Operator) {
		return nil, fault(name, "is a number, which "+string(e.Operator)+" cannot compare; use eq, ne, gt, ge, lt, le or pr")
	}
	text, ok := e.CompareValue.(json.Number)
	if !ok {
		return nil, fault(name, "is a number and must be compared with one")
	}
	o := order(e.Operator)
	present := func(f reflect.Value) bool { return a.Pointer || a.MultiValued || !a.Omit || !f.IsZero() }
	if a.Op == attr.OpFloat {
		want, err := strconv.ParseFloat(string(text), 64)
		if err != nil { // out of range: beyond all values
			want = math.Inf(sign(string(text)))
		}
		if a.Elem.Kind() == reflect.Float32 {
			want = float64(float32(want))
		}
		return func(f reflect.Value) (bool, bool) { return o(cmp.Compare(f.Float(), want)), present(f) }, nil
	}
	want, between := integer(string(text))
	if a.Op == attr.OpUint && want.IsUint64() {
		n := want.Uint64()
		return func(f reflect.Value) (bool, bool) { return o(against(cmp.Compare(f.Uint(), n), between)), present(f) }, nil
	}
	if a.Op == attr.OpInt && want.IsInt64() {
		n := want.Int64()
		return func(f reflect.Value) (bool, bool) { return o(against(cmp.Compare(f.Int(), n), between)), present(f) }, nil
	}
	beyond := o(-want.Sign()) // of all values the attribute can have
	return func(f reflect.Value) (bool, bool) { return beyond, present(f) }, nil
}

// against corrects a comparison with the integer below a number that lies between two integers.
func against(c int, between bool) int {
	if between && c == 0 {
		return -1
	}
	return c
}

func sign(text string) int {
	if strings.HasPrefix(text, "-") {
		return -1
	}
	return 1
}

// integer gives the largest integer that is not above a number, and whether the number lies above it. Exponents that
// would take memory to work out are not: such a number is beyond all values, or next to nothing.
func integer(text string) (n *big.Int, between bool) {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return new(big.Int).Mul(big.NewInt(int64(sign(text))), new(big.Int).Lsh(big.NewInt(1), 70)), false
	case x == 0 && zero(text):
		return new(big.Int), false
	case x == 0 && sign(text) < 0:
		return big.NewInt(-1), true
	case x == 0:
		return new(big.Int), true
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return new(big.Int), false
	}
	n, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	return n, rest.Sign() != 0
}

// zero says whether all digits before the exponent are 0.
func zero(text string) bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	return strings.Trim(mantissa, "-0.") == ""
}
