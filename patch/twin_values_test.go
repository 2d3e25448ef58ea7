package patch_test

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/schema"
)

// reader brings a value of a request into the form in which a database has it.
type reader struct {
	strict   bool
	whole    bool // required parts are demanded
	readOnly bool // readOnly parts are read, rather than passed over
	lone     bool // one value is as good as a list of one
	cleared  []*trait
}

// read is the value of x, or of one of its elements; ok is false where it stands for none.
func (r *reader) read(x *trait, v any) (value any, ok bool, faults []errors.Type) {
	if !x.multi {
		return r.one(x, v)
	}
	list, isList := v.([]any)
	switch {
	case v == nil, v == "" && !r.strict:
		return nil, false, nil
	case !isList && (r.lone || !r.strict):
		list = []any{v}
		if v == "" && x.kind == schema.TypeString { // a list of nothing
			return nil, false, nil
		}
	case !isList:
		return nil, false, invalid
	}
	var all []any
	first := false
	for _, e := range list {
		value, ok, wrong := r.one(x, e)
		faults = append(faults, wrong...)
		if !ok {
			continue
		}
		all = append(all, value)
		if o, isDoc := value.(doc); isDoc && o["primary"] == true {
			if first {
				faults = append(faults, errors.InvalidValue)
			}
			first = true
		}
	}
	return all, len(all) > 0, faults
}

var invalid = []errors.Type{errors.InvalidValue}

// one reads one value: the data types of RFC 7643 section 2.3 and the tolerances for them.
func (r *reader) one(x *trait, v any) (value any, ok bool, faults []errors.Type) {
	s, isString := v.(string)
	if v == nil || isString && s == "" && (!r.strict || x.kind == schema.TypeString || x.kind == schema.TypeReference || x.kind == schema.TypeBinary) {
		if isString && r.strict && x.name == "externalId" { // 7643-3.1-07
			return nil, false, invalid
		}
		return nil, false, nil
	}
	switch x.kind {
	case schema.TypeBoolean:
		if isString && !r.strict && (strings.EqualFold(s, "true") || strings.EqualFold(s, "false")) {
			return strings.EqualFold(s, "true"), true, nil
		}
		if b, isBool := v.(bool); isBool {
			return b, true, nil
		}
	case schema.TypeInteger:
		if n, isNumber := v.(json.Number); isNumber {
			if i, err := strconv.Atoi(string(n)); err == nil && i >= x.bounds[0] && i <= x.bounds[1] {
				return n, true, nil
			}
		}
	case schema.TypeDecimal:
		if n, isNumber := v.(json.Number); isNumber {
			f, err := n.Float64()
			if err == nil {
				return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), true, nil
			}
		}
	case schema.TypeDateTime:
		if when, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return when.UTC().Format(time.RFC3339Nano), true, nil
		}
	case schema.TypeBinary:
		if b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "=")); err == nil && isString {
			return base64.StdEncoding.EncodeToString(b), true, nil
		}
	case schema.TypeComplex:
		if o, isObject := v.(object); isObject {
			return r.complex(x, o)
		}
		if p := x.part("value"); isString && !r.strict && p != nil && (p.kind == schema.TypeString || p.kind == schema.TypeReference) {
			return r.complex(x, object{{"value", s}})
		}
	default:
		if isString && (x.kind == schema.TypeString || !strings.Contains(s, "[")) {
			return s, true, nil
		}
	}
	return nil, false, invalid
}

func (r *reader) complex(x *trait, o object) (value any, ok bool, faults []errors.Type) {
	all := doc{}
	named := map[string]bool{}
	for _, m := range o {
		p := x.part(m.name)
		switch {
		case p == nil && r.strict: // AMB-03
			faults = append(faults, errors.InvalidSyntax)
			continue
		case p == nil, p.mutable == schema.ReadOnly && !r.readOnly:
			continue
		}
		inner := *r
		inner.lone = false
		v, ok, wrong := inner.read(p, m.value)
		faults = append(faults, wrong...)
		named[p.name] = len(wrong) > 0
		switch {
		case ok:
			all[p.name] = v
		case len(wrong) == 0:
			r.cleared = append(r.cleared, p)
		}
	}
	ok = len(all) > 0
	if (ok || len(faults) > 0) && r.whole {
		for _, p := range x.parts {
			if p.required && p.mutable != schema.ReadOnly && all[p.name] == nil && !named[p.name] {
				faults = append(faults, errors.InvalidValue)
			}
		}
	}
	if ok {
		plain(x, all)
	}
	return all, ok, faults
}

// plain adds what Go writes of parts that it cannot tell unassigned.
func plain(x *trait, v doc) {
	for _, p := range x.parts {
		if p.always && v[p.name] == nil {
			v[p.name] = none(p)
		}
	}
}

// none is what Go writes of a plain attribute that has no value.
func none(x *trait) any {
	if x.kind == schema.TypeBoolean {
		return false
	}
	return json.Number("0")
}

// same says whether two values of x are the same for SCIM: strings by caseExact, references in normal form, lists in any order.
func same(x *trait, v, w any) bool {
	a, isList := v.([]any)
	b, isOther := w.([]any)
	if !isList && !isOther || v == nil || w == nil {
		return alike(x, v, w)
	}
	if len(a) != len(b) {
		return false
	}
	used := map[int]bool{}
	for _, e := range a {
		found := false
		for i, f := range b {
			if !found && !used[i] && alike(x, e, f) {
				used[i], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// alike is same for single values.
func alike(x *trait, v, w any) bool {
	if v == nil || w == nil {
		return v == nil && w == nil
	}
	switch x.kind {
	case schema.TypeComplex:
		a, b := asDoc(v), asDoc(w)
		for _, p := range x.parts {
			if !same(p, a[p.name], b[p.name]) {
				return false
			}
		}
		return true
	case schema.TypeReference:
		return v == w || links[asText(v)] == links[asText(w)] && links[asText(v)] > 0
	case schema.TypeString:
		return v == w || !x.exact && strings.EqualFold(asText(v), asText(w))
	default:
		return reflect.DeepEqual(v, w)
	}
}

// stands says whether two elements stand for the same: by value and type, a member by its value, others by all a client may set.
func stands(x *trait, v, w any) bool {
	if x.kind != schema.TypeComplex {
		return alike(x, v, w)
	}
	a, b := asDoc(v), asDoc(w)
	p := x.part("value")
	if p != nil && (a["value"] != nil || b["value"] != nil) {
		t := x.part("type")
		return same(p, a["value"], b["value"]) && (x.member() || t == nil || same(t, a["type"], b["type"]))
	}
	for _, p := range x.parts {
		if p.mutable != schema.ReadOnly && !same(p, a[p.name], b[p.name]) {
			return false
		}
	}
	return true
}

// at is the place of the first element that stands for the same as e, or -1.
func at(x *trait, list []any, e any) int {
	for i := range list {
		if stands(x, list[i], e) {
			return i
		}
	}
	return -1
}
