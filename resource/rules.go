package resource

import (
	stderrors "errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
)

// engine runs the validate tags. It is made when the first type with such tags is used: the core types have none.
var engine = sync.OnceValue(func() *validator.Validate { return validator.New() })

// checked has the plans whose validate tags have been found to be in order.
var checked sync.Map // *attr.Plan -> struct{}

// checkTags panics where a validate tag is unknown or looks at other fields: it would fail at the first request otherwise.
func checkTags(p *attr.Plan) {
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
	for rule := range strings.SplitSeq(a.Validate, ",") {
		name, _, _ := strings.Cut(rule, "=")
		if strings.Contains(name, "field") || strings.HasPrefix(name, "required_") || strings.HasPrefix(name, "excluded_") || strings.HasPrefix(name, "skip_unless") {
			return mistake(name + " looks at other fields")
		}
	}
	defer func() {
		if r := recover(); r != nil {
			err = mistake(r)
		}
	}()
	t := a.Elem
	if a.MultiValued {
		t = a.Slice
	}
	// Whether the zero value passes does not matter, only whether the tag can be read and applied to the type.
	_ = engine().Var(reflect.New(t).Elem().Interface(), a.Validate)
	return nil
}

// applyTag is the codec's Rule: one value against its validate tag. The value never enters the error.
func applyTag(a *attr.Attribute, v reflect.Value) (fault *errors.Error) {
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
	fault = errors.New(errors.InvalidValue, "%s", errors.Reason(faults[0].Tag(), faults[0].Param()))
	fault.Path = faults[0].Namespace() // an index, where the tag dives into a list
	fault.Err = nil
	return fault
}
