package filter

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// errCursor reads like the error of package resource for a cursor that it cannot open: a client is not told why a cursor fails
// (RFC 9865 section 5.2).
func errCursor() *errors.Error {
	return &errors.Error{
		Status: 400, Type: errors.InvalidCursor, Path: "cursor",
		Detail: "is not one this service has issued for this query; begin again with the first page",
	}
}

// Key is what tells the place of a resource in the order: the value it is sorted by, nil for none, where there is something to
// sort by, and its id. The values are string, int64, uint64, float64 or bool, so that they can stand in a cursor. v is a pointer
// as that of [Order.Compare]; another one panics. With [AcrossTypes] a sortBy gives a key of two also for a type that does not
// have the attribute, so that [Order.After] and [Order.Seek] of every type understand it.
func (o *Order) Key(v any) []any {
	f := o.pointerTo(v)
	p := o.of(f.Type())
	if o.parts() == 1 {
		return []any{p.id(f)}
	}
	value := p.key(f)
	if x, ok := value.(float64); ok && o.across != nil {
		value = asInteger(x)
	}
	return []any{value, p.id(f)}
}

// asInteger makes an integer of a number that is one. JSON writes the fewest digits that lead back to the same float64: read as an integer,
// as an attribute of another type may be, those of a large one are another number.
func asInteger(x float64) any {
	switch {
	case x != math.Trunc(x):
	case x >= -1<<63 && x < 1<<63:
		return int64(x)
	case x >= 0 && x < 1<<64:
		return uint64(x)
	}
	return x
}

// Seek is [Order.After] for resources in memory: after says whether a resource comes behind the one with the key last, in the
// order of [Order.Compare] and, among equal ones, of the ids, as [Order.SQL] has it. Ids are therefore to differ, over all types.
// What after takes is what Compare takes.
//
// A last that is no key of this order is 400 invalidCursor.
func (o *Order) Seek(last []any) (after func(v any) bool, err error) {
	value, id, ok := o.read(last)
	if !ok {
		return nil, errCursor()
	}
	return func(v any) bool {
		f := o.pointerTo(v)
		p := o.of(f.Type())
		c := compareKeys(p.key(f), value)
		if o.descending {
			c = -c
		}
		return c > 0 || c == 0 && p.id(f) > id
	}, nil
}

// pointerTo is a resource that the order is for.
func (o *Order) pointerTo(v any) reflect.Value {
	f := reflect.ValueOf(v)
	if !o.accepts(f) {
		panic(fmt.Sprintf("scim: an order on %s was given %T", o.pointer, v))
	}
	return f
}

// parts says how long keys are. Over several types that does not depend on whether this one has the attribute.
func (o *Order) parts() int {
	if len(o.steps) > 0 || o.across != nil && o.across.sortBy != "" {
		return 2
	}
	return 1
}

// read reads a Key, which may have come from JSON. Over several types its value may be that of another type's attribute.
func (o *Order) read(last []any) (value any, id string, ok bool) {
	n := o.parts()
	if len(last) != n {
		return nil, "", false
	}
	id, ok = last[n-1].(string)
	switch {
	case !ok || n == 1 || last[0] == nil:
		return nil, id, ok
	case o.across != nil:
		value, ok = anyValue(last[0])
	default:
		value, ok = valueFor(o.steps[len(o.steps)-1], last[0])
	}
	return value, id, ok
}

func (o *Order) id(pointer reflect.Value) string {
	if o.root.ID == nil || pointer.IsNil() {
		return ""
	}
	return o.root.ID.Of(pointer.Elem()).String()
}

// key is the value to sort by in the form that Key documents; nil for none.
func (o *Order) key(pointer reflect.Value) any {
	f := o.value(pointer)
	if !f.IsValid() {
		return nil
	}
	return keyOf(o.steps[len(o.steps)-1], f)
}

func keyOf(a *attr.Attribute, f reflect.Value) any {
	switch a.Op {
	case attr.OpBool:
		return f.Bool()
	case attr.OpInt:
		return f.Int()
	case attr.OpUint:
		return f.Uint()
	case attr.OpFloat:
		return f.Float()
	case attr.OpTime:
		return attr.Time(f).UTC().Format(fixedTime)
	case attr.OpBytes:
		return hex.EncodeToString(f.Bytes())
	default:
	}
	if a.CaseExact {
		return f.String()
	}
	return Fold(f.String())
}

// valueFor reads the value of a key as one of an attribute.
func valueFor(a *attr.Attribute, v any) (any, bool) {
	switch a.Op {
	case attr.OpBool:
		b, ok := v.(bool)
		return b, ok
	case attr.OpInt, attr.OpUint:
		return integerKey(v, a.Op == attr.OpUint)
	case attr.OpFloat:
		return floatKey(v)
	default:
	}
	s, ok := v.(string)
	switch {
	case !ok:
		return nil, false
	case a.Op == attr.OpTime:
		t, ok := wire.ParseTime(s)
		return t.Format(fixedTime), ok
	case a.Op == attr.OpBytes:
		_, err := hex.DecodeString(s)
		return strings.ToLower(s), err == nil
	}
	return s, true
}

// anyValue reads the value of a key whatever the attribute.
func anyValue(v any) (any, bool) {
	switch v := v.(type) {
	case bool, string, int64, uint64:
		return v, true
	case json.Number:
		for _, unsigned := range []bool{false, true} {
			if n, ok := integerKey(v, unsigned); ok {
				return n, true
			}
		}
	}
	return floatKey(v)
}

func integerKey(v any, unsigned bool) (any, bool) {
	switch v := v.(type) {
	case int64:
		if unsigned {
			return uint64(v), v >= 0 //nolint:gosec // a negative one is not ok
		}
		return v, true
	case uint64:
		if unsigned {
			return v, true
		}
		return int64(v), v <= math.MaxInt64 //nolint:gosec // a greater one is not ok
	case float64: // without UseNumber; a whole one that is still exact
		if v != math.Trunc(v) || math.Abs(v) >= 1<<53 {
			return nil, false
		}
		return integerKey(int64(v), unsigned)
	case json.Number:
		if unsigned {
			n, err := strconv.ParseUint(string(v), 10, 64)
			return n, err == nil
		}
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil
	}
	return nil, false
}

func floatKey(v any) (any, bool) {
	switch v := v.(type) {
	case float64:
		return v, !math.IsNaN(v)
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	case json.Number:
		x, err := strconv.ParseFloat(string(v), 64)
		return x, err == nil
	}
	return nil, false
}

// compareKeys orders the values of keys. Those of one attribute it orders as the attribute does, those of attributes of one name
// but of different types first by what JSON makes of them: booleans, numbers, strings. None comes last.
func compareKeys(x, y any) int {
	if c := cmp.Compare(rank(x), rank(y)); c != 0 {
		return c
	}
	switch x := x.(type) {
	case bool:
		return truth(reflect.ValueOf(x)) - truth(reflect.ValueOf(y))
	case string:
		y, _ := y.(string)
		return strings.Compare(x, y)
	case int64:
		if y, ok := y.(int64); ok {
			return cmp.Compare(x, y)
		}
	case uint64:
		if y, ok := y.(uint64); ok {
			return cmp.Compare(x, y)
		}
	case float64:
		if y, ok := y.(float64); ok {
			return cmp.Compare(x, y)
		}
	case nil:
		return 0
	}
	return exact(x).Cmp(exact(y))
}

func rank(v any) int {
	switch v.(type) {
	case bool:
		return 0
	case string:
		return 2
	case nil:
		return 3
	}
	return 1
}

// exact takes a number without rounding it.
func exact(v any) *big.Float {
	x := new(big.Float)
	switch v := v.(type) {
	case int64:
		x.SetInt64(v)
	case uint64:
		x.SetUint64(v)
	case float64:
		if math.IsNaN(v) { // below all others, as for cmp.Compare
			return x.SetInf(true)
		}
		x.SetFloat64(v)
	}
	return x
}
