package filter

import (
	"reflect"
	"strings"

	"github.com/scimmodels/scim/internal/attr"
)

// text compares strings. Those of attributes without caseExact are compared in their folded form, references exactly
// (RFC 7643 section 2.3.7). It is passed by value so that closures hold it themselves.
type text struct {
	want  string
	find  *search // for a long text to be contained
	how   relation
	order signs
}

// relation is an operator on strings together with caseExact.
type relation uint8

const (
	foldedOrder relation = iota
	foldedEqual
	foldedOther
	foldedPart
	foldedStart
	foldedEnd
	exactOrder
	exactEqual
	exactOther
	exactPart
	exactStart
	exactEnd
)

// textOf is not ok when the value is no string.
func textOf(e *AttributeExpression, a *attr.Attribute) (t text, ok bool) {
	if t.want, ok = e.CompareValue.(string); !ok {
		return t, false
	}
	switch e.Operator {
	case EQ:
		t.how = foldedEqual
	case NE:
		t.how = foldedOther
	case CO:
		t.how = foldedPart
	case SW:
		t.how = foldedStart
	case EW:
		t.how = foldedEnd
	case GT, GE, LT, LE, PR:
		t.order = signsOf(e.Operator)
	}
	if a.CaseExact {
		t.how += exactOrder
		return t, true
	}
	t.want = Fold(t.want)
	if t.how == foldedPart && len(t.want) > long {
		t.find = newSearch(t.want)
	}
	return t, true
}

// textField compares a plain string of a struct.
func textField(a *attr.Attribute, x text) test {
	at := placeOf(a)
	if x.how != foldedEqual || x.want == "" {
		return deep(a, func(v reflect.Value) bool { return x.test(at.of(v).String()) })
	}
	want := x.want
	switch at.depth {
	case 1:
		return func(v reflect.Value) bool { return foldEqual(v.Field(at.i).String(), want) }
	case 2:
		return func(v reflect.Value) bool { return foldEqual(v.Field(at.i).Field(at.j).String(), want) }
	}
	return deep(a, func(v reflect.Value) bool { return foldEqual(at.of(v).String(), want) })
}

// otherField is textField for ne, which is true of a field without value, too (AMB-32).
func otherField(a *attr.Attribute, x text) test {
	at := placeOf(a)
	switch at.depth {
	case 1:
		return func(v reflect.Value) bool { s := v.Field(at.i).String(); return s == "" || x.test(s) }
	case 2:
		return func(v reflect.Value) bool { s := v.Field(at.i).Field(at.j).String(); return s == "" || x.test(s) }
	}
	return deep(a, func(v reflect.Value) bool { s := at.of(v).String(); return s == "" || x.test(s) })
}

// test compares an assigned string: "" is none (AMB-34).
func (t text) test(s string) bool {
	if s == "" {
		return false
	}
	switch t.how {
	case foldedEqual:
		return foldEqual(s, t.want)
	case foldedOther:
		return !foldEqual(s, t.want)
	case foldedPart:
		if t.find != nil {
			return t.find.in(s)
		}
		return foldContains(s, t.want)
	case foldedStart:
		_, ok := foldPrefix(s, t.want)
		return ok
	case foldedEnd:
		return foldSuffix(s, t.want)
	case foldedOrder:
		return t.order.accept(foldCompare(s, t.want))
	case exactEqual:
		return s == t.want
	case exactOther:
		return s != t.want
	case exactPart:
		return strings.Contains(s, t.want)
	case exactStart:
		return strings.HasPrefix(s, t.want)
	case exactEnd:
		return strings.HasSuffix(s, t.want)
	case exactOrder:
	}
	return t.order.accept(strings.Compare(s, t.want))
}
