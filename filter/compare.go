package filter

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"reflect"
	"strconv"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// compare compiles a comparison with a value, by the types of RFC 7644 section 3.4.2.2. around is the struct type that
// holds the last attribute, nil where that is an element without parts.
func (c *compiler) compare(e *AttributeExpression, in scope, steps []*attr.Attribute, a *attr.Attribute, around *attr.Plan) (test, *errors.Error) {
	if a.Text && len(steps) > 0 { // userName eq "x", the filter of filters: in one piece
		if x, ok := textOf(e, a); ok {
			way := steps[:len(steps)-1]
			if e.Operator == NE && len(way) == 0 {
				return otherField(a, x), nil
			}
			return differs(e, some(way, textField(a, x)), steps, a), nil
		}
	}
	assumed := around != nil && a == around.Primary // absent counts as false: RFC 7643 section 2.4
	t, wrong := c.leaf(e, in, a, assumed)
	if wrong != "" {
		return nil, fault(in.inside(e.AttributePath), wrong)
	}
	if assumed {
		way := steps[:len(steps)-1]
		if t = primary(a, t); len(way) == 0 { // inside brackets there is an element
			return t, nil
		}
		holder := way[len(way)-1]
		t = some(way, assignedAnd(holder, t))
		if e.Operator == NE {
			return orNone(t, presence(way, holder)), nil
		}
		return t, nil
	}
	return differs(e, some(steps, t), steps, a), nil
}

// differs completes ne: true when any value differs (AMB-39), and when there is none (AMB-32).
func differs(e *AttributeExpression, t test, steps []*attr.Attribute, a *attr.Attribute) test {
	if e.Operator != NE {
		return t
	}
	return orNone(t, presence(steps, a))
}

func orNone(t, present test) test {
	return func(v reflect.Value) bool { return t(v) || !present(v) }
}

// primary compiles the comparison of the attribute of that name in the struct around it.
func primary(a *attr.Attribute, t test) test {
	at := placeOf(a)
	if !a.Pointer {
		return deep(a, func(v reflect.Value) bool { return t(at.of(v)) })
	}
	no := t(reflect.ValueOf(false))
	return deep(a, func(v reflect.Value) bool {
		f := at.of(v).Elem()
		if !f.IsValid() {
			return no
		}
		return t(f)
	})
}

// leaf compiles the comparison of one value, its pointer followed, or says what is wrong with it. An unassigned value meets nothing.
func (c *compiler) leaf(e *AttributeExpression, in scope, a *attr.Attribute, assumed bool) (t test, wrong string) {
	switch a.Op {
	case attr.OpString:
		x, ok := textOf(e, a)
		if !ok {
			return nil, "is a string and must be compared with one in double quotes"
		}
		return func(f reflect.Value) bool { return x.test(f.String()) }, ""
	case attr.OpBool:
		return c.boolean(e, in, a, assumed)
	case attr.OpInt, attr.OpUint:
		return integer(e, a)
	case attr.OpFloat:
		return decimal(e, a)
	case attr.OpTime:
		return instant(e)
	case attr.OpBytes:
		return binary(e)
	case attr.OpStruct, attr.OpRaw, attr.OpAny:
	}
	return nil, "has no simple value and cannot be used in a filter"
}

// signs says which signs of a comparison an operator accepts: bit 0 less, bit 1 equal, bit 2 greater.
type signs uint8

func signsOf(op CompareOperator) signs {
	switch op {
	case EQ:
		return 0b010
	case NE:
		return 0b101
	case GT:
		return 0b100
	case GE:
		return 0b110
	case LT:
		return 0b001
	case LE:
		return 0b011
	case CO, SW, EW, PR:
	}
	return 0
}

func (s signs) accept(sign int) bool { return s>>(sign+1)&1 != 0 }

// boolean compiles the comparison of a boolean: equal or not, nothing else (RFC 7644 table 3).
func (c *compiler) boolean(e *AttributeExpression, in scope, a *attr.Attribute, assumed bool) (test, string) {
	if e.Operator != EQ && e.Operator != NE {
		return nil, "is a boolean, which " + string(e.Operator) + " cannot compare; use eq, ne or pr"
	}
	want, ok := e.CompareValue.(bool)
	if text, isText := e.CompareValue.(string); isText && c.o.Accepts(opt.BooleanStrings) && (wire.Fold(text, "true") || wire.Fold(text, "false")) {
		want, ok = len(text) == len("true"), true
		c.repaired(opt.BooleanStrings, in.inside(e.AttributePath), text)
	}
	if !ok {
		return nil, "is a boolean and must be compared with true or false"
	}
	if e.Operator == NE {
		want = !want
	}
	if zeroIsNone(a) && !assumed {
		return func(f reflect.Value) bool { return f.Bool() && want }, ""
	}
	return func(f reflect.Value) bool { return f.Bool() == want }, ""
}

// instant compiles the comparison of a dateTime, by instant whatever the offsets.
func instant(e *AttributeExpression) (test, string) {
	if signsOf(e.Operator) == 0 {
		return nil, "is a dateTime, which " + string(e.Operator) + " cannot compare; use eq, ne, gt, ge, lt, le or pr"
	}
	text, _ := e.CompareValue.(string)
	want, ok := wire.ParseTime(text)
	if !ok {
		return nil, `must be compared with a dateTime such as "2011-05-13T04:42:34Z"`
	}
	signs := signsOf(e.Operator)
	return func(f reflect.Value) bool {
		t := attr.Time(f)
		return !t.IsZero() && signs.accept(t.Compare(want))
	}, ""
}

// binary compiles the comparison of bytes: equal or not (RFC 7644 table 3).
func binary(e *AttributeExpression) (test, string) {
	if e.Operator != EQ && e.Operator != NE {
		return nil, "is binary, which " + string(e.Operator) + " cannot compare; use eq, ne or pr"
	}
	text, isText := e.CompareValue.(string)
	want, ok := wire.ParseBinary(text)
	if !ok || !isText {
		return nil, "must be compared with base64 in double quotes"
	}
	equal := e.Operator == EQ
	return func(f reflect.Value) bool {
		b := f.Bytes()
		return len(b) > 0 && bytes.Equal(b, want) == equal
	}, ""
}

// literal takes the number of a comparison.
func literal(e *AttributeExpression) (json.Number, string) {
	if signsOf(e.Operator) == 0 {
		return "", "is a number, which " + string(e.Operator) + " cannot compare; use eq, ne, gt, ge, lt, le or pr"
	}
	n, ok := e.CompareValue.(json.Number)
	if !ok {
		return "", "is a number and must be compared with one"
	}
	return n, ""
}

// zeroIsNone says whether 0 or false is the unassigned value of a number or boolean.
func zeroIsNone(a *attr.Attribute) bool { return !a.Pointer && !a.MultiValued && a.Omit }

// integer compiles the comparison of an integer, by value: 10 equals 1e1, and no digit is lost on the way.
func integer(e *AttributeExpression, a *attr.Attribute) (test, string) {
	n, wrong := literal(e)
	if wrong != "" {
		return nil, wrong
	}
	ok, none, want := signsOf(e.Operator), zeroIsNone(a), wholeOf(string(n))
	if a.Op == attr.OpUint {
		return func(f reflect.Value) bool {
			x := f.Uint()
			return (x != 0 || !none) && ok.accept(want.compare(false, x))
		}, ""
	}
	return func(f reflect.Value) bool {
		x := f.Int()
		if x < 0 {
			return ok.accept(want.compare(true, -uint64(x))) //nolint:gosec // the magnitude, of the smallest int64, too
		}
		return (x != 0 || !none) && ok.accept(want.compare(false, uint64(x)))
	}, ""
}

// decimal compiles the comparison of a decimal. A float32 counts as the number that is written for it: 0.1 equals 0.1.
func decimal(e *AttributeExpression, a *attr.Attribute) (test, string) {
	n, wrong := literal(e)
	if wrong != "" {
		return nil, wrong
	}
	want, tie := nearest(n, a)
	ok, none := signsOf(e.Operator), zeroIsNone(a)
	return func(f reflect.Value) bool {
		x := f.Float()
		sign := cmp.Compare(x, want)
		if sign == 0 {
			sign = tie
		}
		return (x != 0 || !none) && ok.accept(sign)
	}, ""
}

// nearest is the float that stands for a number, and how the number that is written for that compares with it.
func nearest(n json.Number, a *attr.Attribute) (want float64, tie int) {
	want, err := strconv.ParseFloat(string(n), 64)
	if err != nil { // out of range: beyond all values
		want = math.Inf(1)
		if n[0] == '-' {
			want = math.Inf(-1)
		}
	}
	if a.Elem.Kind() == reflect.Float32 && !math.IsInf(want, 0) {
		short := float32(want)
		written, _ := strconv.ParseFloat(strconv.FormatFloat(float64(short), 'g', -1, 32), 64)
		tie, want = cmp.Compare(written, want), float64(short)
	}
	return want, tie
}
