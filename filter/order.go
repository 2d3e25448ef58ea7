package filter

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// Order is a sort order made ready for one resource type (RFC 7644 section 3.4.2.3). It is immutable and safe for
// concurrent use.
type Order struct {
	pointer    reflect.Type
	root       *attr.Plan
	steps      []*attr.Attribute                   // that lead to what is sorted by; none: nothing
	field      func(v reflect.Value) reflect.Value // the value to sort by; invalid when there is none
	compare    func(a, b reflect.Value) int
	kind       kind // of the values
	descending bool
	across     *across // for resources of other types; nil: there are none
}

// across makes orders for types as they turn up among the resources of a query over several types.
type across struct {
	sortBy, sortOrder string
	settings          opt.Settings
	made              sync.Map // reflect.Type -> *Order
}

// kind says which values are ordered among each other without a look at their keys: those of one Go kind, and strings by one rule.
type kind struct {
	op    attr.Op
	exact bool
}

// of finds the order for a pointer type. Whether the type has such an attribute does not matter: without it there is no value.
func (o *Order) of(t reflect.Type) *Order {
	if t == o.pointer {
		return o
	}
	if known, ok := o.across.made.Load(t); ok {
		if known, ok := known.(*Order); ok {
			return known
		}
	}
	made, err := compileOrder(t, o.across.sortBy, o.across.sortOrder, o.across.settings)
	if err != nil { // complex here, though not in the first type: nothing to sort by
		made = &Order{pointer: t, root: attr.Of(t)}
	}
	o.across.made.Store(t, made)
	return made
}

// CompileOrder checks sortBy and sortOrder against the schemas of T (RFC 7644 section 3.4.2.3). sortBy names an attribute or sub-attribute in any
// case, with or without its URN; of a multi-valued attribute the primary value counts, else the first one, and a
// multi-valued complex attribute stands for its value. sortOrder is ascending, the default, or descending, in any case.
// An empty sortBy leaves everything in place.
//
// The errors are *errors.Error, 400 invalidValue: an unknown attribute, a complex one without a part named, one that is
// never returned, an unknown sortOrder.
func CompileOrder[T any](sortBy, sortOrder string, opts ...Option) (*Order, error) {
	return CompileOrderType(reflect.TypeFor[T](), sortBy, sortOrder, opts...)
}

// CompileOrderType is [CompileOrder] for a type known at run time only: a struct type or a pointer to one. The errors are those of
// CompileOrder.
func CompileOrderType(t reflect.Type, sortBy, sortOrder string, opts ...Option) (*Order, error) {
	o, err := compileOrder(t, sortBy, sortOrder, opt.Collect(opts))
	if err != nil {
		return nil, err
	}
	return o, nil
}

func compileOrder(t reflect.Type, sortBy, sortOrder string, settings opt.Settings) (*Order, *errors.Error) {
	p := attr.Of(t)
	o := &Order{pointer: reflect.PointerTo(p.Go), root: p}
	if settings.AcrossTypes {
		o.across = &across{sortBy: sortBy, sortOrder: sortOrder, settings: settings}
	}
	switch {
	case sortOrder == "", wire.Fold(sortOrder, "ascending"):
	case wire.Fold(sortOrder, "descending"):
		o.descending = true
	default:
		return nil, invalid("sortOrder", "must be ascending or descending, not "+clip(sortOrder))
	}
	if sortBy == "" {
		return o, nil
	}
	c := compiler{o: settings, root: p}
	steps, err := c.sortBy(sortBy, p)
	if err != nil {
		return nil, err
	}
	if steps == nil {
		return o, nil
	}
	a := steps[len(steps)-1]
	o.kind = kind{a.Op, a.CaseExact && a.Op == attr.OpString}
	o.field, o.steps = chooser(steps), steps
	o.compare = comparer(a)
	return o, nil
}

func invalid(path, detail string) *errors.Error {
	return &errors.Error{Status: 400, Type: errors.InvalidValue, Path: path, Detail: detail}
}

// sortBy finds what to sort by. Nil steps mean that resources of this type do not differ by it.
func (c *compiler) sortBy(name string, p *attr.Plan) ([]*attr.Attribute, *errors.Error) {
	notation := parser{s: name}
	path, err := notation.attribute()
	if err != nil || notation.i < len(name) {
		return nil, invalid("sortBy", clip(name)+" is no attribute name such as userName or name.givenName")
	}
	steps, ok := p.Find(name)
	if !ok || len(steps) == 0 {
		steps = nil
		if path.URIPrefix == nil {
			steps = c.unqualified(nil, path, scope{plan: p})
		}
	}
	if steps == nil {
		if c.o.AcrossTypes {
			return nil, nil
		}
		return nil, invalid("sortBy", clip(name)+" "+p.Lacks(name)) // AMB-41
	}
	a := steps[len(steps)-1]
	switch {
	case a == p.Schemas: // begins with the same URN in all resources of a type
		return nil, nil
	case a.Op == attr.OpStruct:
		if !a.MultiValued || a.Sub.Value == nil {
			return nil, invalid("sortBy", clip(name)+" has parts; sort by one of them, such as "+name+separator(a)+example(a.Sub))
		}
		a = a.Sub.Value
		steps = append(steps, a)
	}
	switch {
	case hidden(steps):
		return nil, invalid("sortBy", clip(name)+" is never returned and cannot be sorted by")
	case a.Op == attr.OpStruct, a.Op == attr.OpRaw, a.Op == attr.OpAny:
		return nil, invalid("sortBy", clip(name)+" has no simple value and cannot be sorted by")
	}
	return steps, nil
}

// chooser finds the one value of a resource that counts.
func chooser(steps []*attr.Attribute) func(reflect.Value) reflect.Value {
	return func(v reflect.Value) reflect.Value {
		for _, a := range steps {
			if v = a.Of(v); a.MultiValued {
				if v = first(a, v); !v.IsValid() {
					return v
				}
			}
			if a.Pointer {
				if v.IsNil() {
					return reflect.Value{}
				}
				v = v.Elem()
			}
			if unwritten(a) && v.IsZero() {
				return reflect.Value{}
			}
		}
		if !assigned(steps[len(steps)-1], v) {
			return reflect.Value{}
		}
		return v
	}
}

// first finds the primary value of a list, else the first one (RFC 7644 section 3.4.2.3).
func first(a *attr.Attribute, list reflect.Value) (found reflect.Value) {
	for i := range list.Len() {
		e := list.Index(i)
		if !one(a, e) {
			continue
		}
		if a.Sub == nil || a.Sub.Primary == nil {
			return e
		}
		if a.Sub.Primary.True(a.Sub.Primary.Of(a.Pointed(e))) {
			return e
		}
		if !found.IsValid() {
			found = e
		}
	}
	return found
}

// comparer compares two values of an attribute by its type.
func comparer(a *attr.Attribute) func(x, y reflect.Value) int {
	switch a.Op {
	case attr.OpBool:
		return func(x, y reflect.Value) int { return cmp.Compare(truth(x), truth(y)) }
	case attr.OpInt:
		return func(x, y reflect.Value) int { return cmp.Compare(x.Int(), y.Int()) }
	case attr.OpUint:
		return func(x, y reflect.Value) int { return cmp.Compare(x.Uint(), y.Uint()) }
	case attr.OpFloat:
		return func(x, y reflect.Value) int { return cmp.Compare(x.Float(), y.Float()) }
	case attr.OpTime:
		return func(x, y reflect.Value) int { return attr.Time(x).Compare(attr.Time(y)) }
	case attr.OpBytes:
		return func(x, y reflect.Value) int { return bytes.Compare(x.Bytes(), y.Bytes()) }
	case attr.OpString, attr.OpStruct, attr.OpRaw, attr.OpAny:
	}
	if a.CaseExact {
		return func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) }
	}
	return func(x, y reflect.Value) int { return foldBoth(x.String(), y.String()) }
}

func truth(v reflect.Value) int {
	if v.Bool() {
		return 1
	}
	return 0
}

// Compare says how two resources are ordered (RFC 7644 section 3.4.2.3): negative when a comes first. Both are pointers to the type the order was
// compiled for, or of any resource type if that was done with [AcrossTypes]; another type is a mistake of the program and
// panics. Resources without a value come last in ascending and first in descending order.
// Sort with slices.SortStableFunc to keep equal ones in place.
func (o *Order) Compare(a, b any) int {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if !o.accepts(x) || !o.accepts(y) {
		panic(fmt.Sprintf("scim: an order on %s was given %T and %T", o.pointer, a, b))
	}
	p, q := o.of(x.Type()), o.of(y.Type())
	x, y = p.value(x), q.value(y)
	c := 0
	switch {
	case x.IsValid() && y.IsValid() && p.kind == q.kind:
		c = p.compare(x, y)
	case x.IsValid() && y.IsValid(): // of one name, but of two kinds: as Seek does, which has a key only
		c = compareKeys(keyOf(p.steps[len(p.steps)-1], x), keyOf(q.steps[len(q.steps)-1], y))
	case x.IsValid():
		c = -1
	case y.IsValid():
		c = 1
	}
	if o.descending {
		return -c
	}
	return c
}

func (o *Order) accepts(v reflect.Value) bool {
	return v.IsValid() && (v.Type() == o.pointer || o.across != nil && v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct)
}

func (o *Order) value(pointer reflect.Value) reflect.Value {
	if o.field == nil || pointer.IsNil() {
		return reflect.Value{}
	}
	return o.field(pointer.Elem())
}
