package codec

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// any writes a value whose type is only known now: a resource in a mixed list, or the value of a PATCH operation.
func (e *encoder) any(b []byte, f reflect.Value) []byte {
	for f.Kind() == reflect.Interface || f.Kind() == reflect.Pointer {
		if f.IsNil() {
			return b
		}
		f = f.Elem()
	}
	switch x := f.Interface().(type) {
	case json.RawMessage:
		return e.raw(b, x)
	case json.Number:
		if x == "" {
			return b
		}
		if c := x[0]; c != '-' && (c < '0' || c > '9') {
			e.fault("", "is a json.Number that holds no number")
			return b
		}
		return e.raw(b, []byte(x))
	case []byte:
		return wire.AppendBinary(b, x)
	case time.Time:
		return e.time(b, f)
	}
	switch f.Kind() {
	case reflect.Struct:
		p, err := attr.Compile(f.Type())
		if err != nil {
			e.fault("", "has a type that is no SCIM value: "+err.Error())
			return b
		}
		mark := len(b)
		if b = e.object(b, p, f, nil); len(b) == mark && e.mode == Patch && p.Assigned(f) {
			// What a client may not change it can still repeat: see the tolerance SameReadOnly.
			e.mode = Storage
			b = e.object(b, p, f, nil)
			e.mode = Patch
		}
		return b
	case reflect.Slice:
		if e.tooDeep() {
			return b
		}
		sep := byte('[')
		for i := range f.Len() {
			mark := len(b)
			b = append(b, sep)
			if b = e.any(b, f.Index(i)); len(b) > mark+1 {
				sep = ','
			} else {
				b = b[:mark]
			}
		}
		if sep == '[' {
			b = append(b, sep)
		}
		e.depth--
		return append(b, ']')
	case reflect.Map:
		return e.mapping(b, f)
	case reflect.String:
		return wire.AppendString(b, f.String())
	case reflect.Bool:
		return strconv.AppendBool(b, f.Bool())
	case reflect.Float32, reflect.Float64:
		return e.float(b, f.Float(), f.Type().Bits())
	default:
		return e.whole64(b, f)
	}
}

// whole64 writes an integer of any size.
func (e *encoder) whole64(b []byte, f reflect.Value) []byte {
	switch {
	case f.CanInt():
		return strconv.AppendInt(b, f.Int(), 10)
	case f.CanUint():
		return strconv.AppendUint(b, f.Uint(), 10)
	default:
		e.fault("", "has the type "+f.Type().String()+", which is no SCIM value")
		return b
	}
}

// patched writes the value of a PATCH operation: one that stands for no value is null.
func (e *encoder) patched(b []byte, f reflect.Value) []byte {
	mark := len(b)
	if b = e.any(b, f); len(b) == mark && !f.IsNil() && len(e.faults) == 0 {
		b = append(b, "null"...)
	}
	return b
}

// mapping writes a map as an object, its members in the order of their names.
func (e *encoder) mapping(b []byte, f reflect.Value) []byte {
	if f.Type().Key().Kind() != reflect.String {
		e.fault("", "has the type "+f.Type().String()+", which is no SCIM value")
		return b
	}
	if e.tooDeep() {
		return b
	}
	keys := f.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	sep := byte('{')
	for _, key := range keys {
		b = append(b, sep)
		b = append(wire.AppendString(b, key.String()), ':')
		mark := len(b)
		if b = e.any(b, f.MapIndex(key)); len(b) == mark {
			b = append(b, "null"...)
		}
		sep = ','
	}
	e.depth--
	if sep == '{' {
		b = append(b, sep)
	}
	return append(b, '}')
}

// tooDeep goes one level down, if there is one.
func (e *encoder) tooDeep() bool {
	if e.depth == wire.MaxDepth {
		e.fault("", "is nested deeper than 64 levels, which no reader accepts")
		return true
	}
	e.depth++
	return false
}

// AppendAny writes a value that is no attribute of a plan, such as that of a PATCH operation, as a client sends it.
func AppendAny(dst []byte, v reflect.Value) ([]byte, error) {
	e := encoder{mode: Patch}
	if dst = e.any(dst, v); len(e.faults) > 0 {
		return dst, e.faults.Err()
	}
	return dst, nil
}
