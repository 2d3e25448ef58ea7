package modify

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// value is the value of an operation, as text or in Go.
type value struct {
	text codec.Text
	goes reflect.Value
}

func (n *normalizer) value(v any) (value, *errors.Error) {
	switch v := v.(type) {
	case nil:
		return value{}, nil
	case codec.Text:
		return value{text: v}, nil
	case json.RawMessage:
		text, ok := codec.TextOf(string(v))
		if !ok {
			return value{}, errors.New(errors.InvalidSyntax, "is not valid JSON")
		}
		return value{text: text}, nil
	}
	f := reflect.ValueOf(v)
	for f.Kind() == reflect.Pointer || f.Kind() == reflect.Interface {
		if f.IsNil() {
			return value{}, nil
		}
		f = f.Elem()
	}
	return value{goes: f}, nil
}

// none says that the operation has no value at all.
func (v *value) none() bool { return v.text == "" && !v.goes.IsValid() }

// isNull says that the value is null or [].
func (v *value) isNull() bool {
	if v.text == "" {
		return v.goes.IsValid() && v.goes.Kind() == reflect.Slice && v.goes.Len() == 0
	}
	return v.text == "null" || v.text.Empty()
}

// isNullOf says that the value is null or, where the target takes a list, [].
func (v *value) isNullOf(t *Target) bool {
	return v.isNull() && (v.text == "" || v.text == "null" || t.Attr != nil && !t.single())
}

func (v *value) isString() bool {
	if v.text == "" {
		return v.goes.IsValid() && v.goes.Kind() == reflect.String
	}
	return v.text[0] == '"'
}

func (v *value) isObject() bool { return v.text != "" && v.text[0] == '{' }

// shown is how a report tells the value.
func (v *value) shown(t *Target) string {
	a := t.last()
	if a == nil || v.text == "" {
		return ""
	}
	return v.text.Got(t.secret() || a.Hides())
}

// Convert brings a Go value into the type of a target: one value without pointer, or a slice; invalid for nil.
func Convert(t *Target, v any) (reflect.Value, *errors.Error) {
	n := normalizer{p: t.Owner, o: &Options{}}
	n.o.Off, n.o.RejectUnknown = opt.AllTolerances, true // a program means what it says, and misspells
	given, err := n.value(v)
	if err != nil || given.none() {
		return reflect.Value{}, err
	}
	read, ok := n.read(codec.Compare, t, given, true)
	if !ok {
		return reflect.Value{}, n.faults[0]
	}
	return read.v, nil
}

// convert brings a Go value into the type of an attribute: one value without pointer, or a slice. ok is false where that
// takes more than a conversion.
func convert(a *attr.Attribute, single bool, f reflect.Value) (v reflect.Value, ok bool) {
	if single {
		return convertOne(a, f)
	}
	if f.Type() == a.Slice {
		return f, true
	}
	if f.Kind() != reflect.Slice || f.Type() == reflect.TypeFor[[]byte]() {
		one, ok := convertOne(a, f)
		if !ok {
			return v, false
		}
		v = reflect.MakeSlice(a.Slice, 1, 1)
		a.Put(v.Index(0), one)
		return v, true
	}
	v = reflect.MakeSlice(a.Slice, f.Len(), f.Len())
	for i := range f.Len() {
		e := f.Index(i)
		for e.Kind() == reflect.Pointer || e.Kind() == reflect.Interface {
			if e.IsNil() {
				return v, false
			}
			e = e.Elem()
		}
		one, ok := convertOne(a, e)
		if !ok {
			return v, false
		}
		a.Put(v.Index(i), one)
	}
	return v, true
}

func convertOne(a *attr.Attribute, f reflect.Value) (v reflect.Value, ok bool) {
	v = reflect.New(a.Elem).Elem()
	switch {
	case f.Type() == a.Elem:
		return f, true
	case a.Op == attr.OpString && f.Kind() == reflect.String, a.Op == attr.OpBool && f.Kind() == reflect.Bool:
		return f.Convert(a.Elem), true
	case a.Op == attr.OpInt && f.CanInt():
		v.SetInt(f.Int())
		return v, v.Int() == f.Int()
	case a.Op == attr.OpInt && f.CanUint():
		if f.Uint() > math.MaxInt64 || v.OverflowInt(int64(f.Uint())) { //nolint:gosec // the first condition is the check
			return v, false
		}
		v.SetInt(int64(f.Uint())) //nolint:gosec // the same
		return v, true
	case a.Op == attr.OpUint && f.CanUint():
		v.SetUint(f.Uint())
		return v, v.Uint() == f.Uint()
	case a.Op == attr.OpUint && f.CanInt():
		if f.Int() < 0 || v.OverflowUint(uint64(f.Int())) { //nolint:gosec // the first condition is the check
			return v, false
		}
		v.SetUint(uint64(f.Int())) //nolint:gosec // the same
		return v, true
	case a.Op == attr.OpFloat && f.CanFloat():
		v.SetFloat(f.Float())
		return v, true
	case a.Op == attr.OpFloat && f.CanInt():
		v.SetFloat(float64(f.Int()))
		return v, true
	}
	return v, false
}

// marshal writes a Go value that is not of the attribute's type, such as a map or a resource.
func marshal(f reflect.Value) (codec.Text, *errors.Error) {
	text, err := codec.AppendAny(nil, f)
	if err == nil {
		if t, ok := codec.TextOf(string(text)); ok {
			return t, nil
		}
	}
	return "", errors.New(errors.InvalidValue, "has the Go type %s, which does not fit", f.Type())
}

// assigned says whether a value in the type that [convert] gives is one.
func assigned(a *attr.Attribute, single bool, f reflect.Value) bool {
	if !single {
		return a.Assigned(f)
	}
	switch a.Op {
	case attr.OpString, attr.OpBytes:
		return f.Len() > 0
	case attr.OpTime:
		return !attr.Time(f).IsZero()
	case attr.OpStruct:
		return a.Sub.Assigned(f)
	default:
		return true
	}
}

// withoutReadOnly is a value without the readOnly parts in it: a server ignores what a client says of them.
func withoutReadOnly(a *attr.Attribute, f reflect.Value) reflect.Value {
	if a.Sub == nil || a.Sub.ReadOnly.Empty() {
		return f
	}
	if f.Kind() != reflect.Slice {
		return clean(a, f)
	}
	list := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
	for i := range f.Len() {
		e := f.Index(i)
		if !a.Pointer {
			list.Index(i).Set(clean(a, e))
		} else if !e.IsNil() {
			a.Put(list.Index(i), clean(a, e.Elem()))
		}
	}
	return list
}

func clean(a *attr.Attribute, f reflect.Value) reflect.Value {
	v := reflect.New(a.Elem).Elem()
	v.Set(f)
	for _, sub := range a.Sub.Attributes {
		if sub.Mutability == attr.ReadOnly {
			sub.Of(v).SetZero()
		}
	}
	return v
}

// literal is a value as a filter has it; ok is false for one that no filter can compare.
func literal(a *attr.Attribute, f reflect.Value) (v any, ok bool) {
	f = a.Pointed(f)
	switch a.Op {
	case attr.OpString:
		return f.String(), true
	case attr.OpBool:
		return f.Bool(), true
	case attr.OpInt:
		return json.Number(strconv.FormatInt(f.Int(), 10)), true
	case attr.OpUint:
		return json.Number(strconv.FormatUint(f.Uint(), 10)), true
	case attr.OpFloat:
		return json.Number(strconv.FormatFloat(f.Float(), 'g', -1, 64)), true
	case attr.OpTime, attr.OpBytes:
		text, ok := codec.Literal(a, f)
		return text, ok
	default:
		return nil, false
	}
}
