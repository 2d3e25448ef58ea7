// Package rule runs the validate tags of validator/v10 on the values of single attributes.
package rule

import (
	stderrors "errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
)

// engine runs the validate tags. It is made when the first type with such tags is used: the core types have none.
var engine = sync.OnceValue(func() *validator.Validate { return validator.New() })

// checked has the plans whose validate tags have been found to be in order.
var checked sync.Map // *attr.Plan -> struct{}

// Check panics where a validate tag is unknown or looks at other fields: it would fail at the first request otherwise.
func Check(p *attr.Plan) {
	if _, ok := checked.Load(p); ok {
		return
	}
	walkTags(p, map[*attr.Plan]bool{})
	checked.Store(p, struct{}{})
}

func walkTags(p *attr.Plan, seen map[*attr.Plan]bool) {
	if seen[p] {
		return
	}
	seen[p] = true
	for _, a := range p.Attributes {
		if a.Validate != "" {
			if err := tryTag(p, a); err != nil {
				panic(err.Error())
			}
		}
		if a.Sub != nil {
			walkTags(a.Sub, seen)
		}
	}
}

// tryTag runs a tag on the zero value of its field, which makes the validator read it.
func tryTag(p *attr.Plan, a *attr.Attribute) (err error) {
	mistake := func(why any) error {
		return fmt.Errorf("scim: type %s, field %s: the validate tag %q cannot be used: %v", p.Go, a.Field, a.Validate, why)
	}
	for _, rule := range strings.FieldsFunc(a.Validate, func(r rune) bool { return r == ',' || r == '|' }) {
		name, _, _ := strings.Cut(rule, "=")
		if strings.Contains(name, "field") || strings.HasPrefix(name, "required_") || strings.HasPrefix(name, "excluded_") || strings.HasPrefix(name, "skip_unless") {
			return mistake(name + " looks at other fields")
		}
	}
	defer func() {
		if r := recover(); r != nil {
			err = mistake(strings.TrimSuffix(fmt.Sprint(r), " on field ''")) // the validator knows no name here
		}
	}()
	// Whether the values pass does not matter, only whether the tag can be read and applied to the type. omitempty lets
	// the rules behind it alone for a zero value, hence the second.
	v := reflect.New(a.Elem).Elem()
	zero := v.Interface()
	if a.MultiValued {
		zero = reflect.Zero(a.Slice).Interface()
	}
	_ = engine().Var(zero, a.Validate)
	sample(v)
	if a.MultiValued {
		list := reflect.MakeSlice(a.Slice, 1, 1)
		if e := list.Index(0); a.Pointer {
			e.Set(v.Addr())
		} else {
			e.Set(v)
		}
		v = list
	}
	_ = engine().Var(v.Interface(), a.Validate)
	return nil
}

// sample gives v a value other than zero.
func sample(v reflect.Value) {
	switch {
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(1)
	case v.CanUint():
		v.SetUint(1)
	case v.CanFloat():
		v.SetFloat(1)
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(0, 0)))
	case v.Type() == reflect.TypeFor[[]byte]():
		v.SetBytes([]byte{1})
	}
}

// Apply is the codec's Rule: one value against its validate tag. The value never enters the error.
func Apply(a *attr.Attribute, v reflect.Value) (fault *errors.Error) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	defer func() {
		if r := recover(); r != nil { // a rule that cannot cope with a value it has not seen before
			fault = errors.New(errors.InvalidValue, "fails the rule %q", a.Validate)
		}
	}()
	err := engine().Var(v.Interface(), a.Validate)
	if err == nil {
		return nil
	}
	faults, ok := stderrors.AsType[validator.ValidationErrors](err)
	if !ok || len(faults) == 0 {
		return errors.New(errors.InvalidValue, "fails the rule %q", a.Validate)
	}
	fault = errors.From(faults[:1]) // its path is an index, where the tag dives into a list
	fault.Err = nil                 // which has the value
	return fault
}
