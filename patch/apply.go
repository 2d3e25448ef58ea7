package patch

import (
	stderrors "errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/resource"
)

// Apply carries out the operations of a PATCH (RFC 7644 section 3.5.2), in their order and all or none, and returns the resource as it becomes.
// current is never changed; where nothing changes, current itself is returned. The result shares with current
// whatever has stayed the same, so neither may be written to afterwards.
//
// Operations written by hand need not be in the normal form that resource.Validate yields: op may have any case, the value
// may be a map, a resource or json.RawMessage. Of the options only resource.Repairs matters: it reports where
// OnMiss, by the tolerances CreateOnMiss and IgnoreOnMiss, has decided.
//
// The errors are *errors.Error: 400 mutability, noTarget, invalidValue or tooMany with the path of the attribute, and those of
// resource.Validate for operations written by hand. A nil current, or a T that is no resource, yields a plain error.
func Apply[T any](current *T, op *resource.PatchOp[T], opts ...resource.Option) (*T, error) {
	if current == nil {
		return nil, errNoResource
	}
	if op == nil {
		return current, nil
	}
	v, err := apply(reflect.ValueOf(current), op.Operations, opts)
	if err != nil {
		return nil, err
	}
	return v.Interface().(*T), nil //nolint:forcetypeassert,errcheck // apply returns the type it is given
}

// ApplyTo is [Apply] for a resource of a type known at run time only: current is a pointer to one, and so is the result. The errors
// are those of Apply.
func ApplyTo(current any, op *resource.PatchOp[any], opts ...resource.Option) (any, error) {
	v := reflect.ValueOf(current)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil, errNoResource
	}
	if op == nil {
		return current, nil
	}
	v, err := apply(v, op.Operations, opts)
	if err != nil {
		return nil, err
	}
	return v.Interface(), nil
}

var errNoResource = stderrors.New("scim: a PATCH needs a pointer to a resource")

// normal brings operations on resources of a type into normal form.
func normal(t reflect.Type, written []resource.PatchOperation) (*attr.Plan, []modify.Change, error) {
	p, err := attr.Compile(t)
	switch {
	case err != nil:
		return nil, nil, err
	case p.Kind != attr.Resource || p.Discovery:
		return nil, nil, fmt.Errorf("scim: %s is no resource that a client could change", t)
	case len(written) > modify.MostOperations:
		return nil, nil, errors.Status(413, "a PATCH can have at most %d operations, not %d", modify.MostOperations, len(written))
	}
	ops := make([]modify.Operation, len(written))
	for i, w := range written {
		ops[i] = modify.Operation{Op: w.Op, Path: w.Path, Value: w.Value, Miss: modify.Miss(w.OnMiss)}
	}
	changes, faults := modify.Normal(p, ops, modify.Options{})
	return p, changes, faults.Err()
}

func apply(current reflect.Value, written []resource.PatchOperation, opts []resource.Option) (reflect.Value, error) {
	p, changes, err := normal(current.Type(), written)
	if err != nil {
		return current, err
	}
	e := &editor{p: p, current: current.Elem(), several: len(written) > 1, repaired: opt.Collect(opts).Repaired}
	e.touched = make([]touched, 0, min(len(changes), 8))
	next := reflect.New(p.Go)
	e.v = next.Elem()
	e.v.Set(e.current)
	for len(changes) > 0 {
		n := together(changes)
		if err := e.apply(changes[:n]); err != nil {
			return current, err
		}
		changes = changes[n:]
	}
	if err := e.result(); err != nil {
		return current, err
	}
	if !e.changed() {
		return current, nil
	}
	e.declare()
	return next, nil
}

// editor makes the new state of a resource.
type editor struct {
	p          *attr.Plan
	current, v reflect.Value     // v is a copy that shares what has not changed yet
	own        []*attr.Attribute // extensions and lists of v that are no longer shared
	touched    []touched
	passed     int // elements of lists that operations have passed over
	several    bool
	repaired   func(rule opt.Tolerance, path, got string)
}

// touched is an attribute that may have changed.
type touched struct {
	way   []*attr.Attribute
	owner *attr.Plan
	a     *attr.Attribute // nil: the extension as a whole
}

func (e *editor) touch(c *modify.Change) {
	for i := range e.touched {
		if t := &e.touched[i]; t.a == c.Attr && t.owner == c.Owner {
			return
		}
	}
	e.touched = append(e.touched, touched{way: c.Way, owner: c.Owner, a: c.Attr})
}

// path is the attribute's, as errors name it.
func (t *touched) path() string {
	return modify.At(t.owner, t.way, t.a, nil, nil).Path
}

// fault refuses an operation.
func (e *editor) fault(c *modify.Change, kind errors.Type, detail string) *errors.Error {
	if e.several {
		detail += modify.Within(c.Index)
	}
	return &errors.Error{Status: kind.Status(), Type: kind, Path: c.Path, Detail: detail}
}

// mostPassed is how many elements of lists the operations of one PATCH may pass over together: each passes over the list that it
// changes, and a client that sends ten thousand of them to a list of as many would keep a core busy for half a minute. Operations that only
// add to a list, or remove values by name, pass over it together.
const mostPassed = 10_000_000

// pass counts a pass over a list of n elements. However long the list, the first is carried out.
func (e *editor) pass(c *modify.Change, n int) *errors.Error {
	if e.passed > mostPassed {
		return e.fault(c, errors.TooMany, "is a list too long for so many operations of different kinds; send fewer of them at a time")
	}
	e.passed += n
	return nil
}

// apply carries out changes of one list, or a single change.
func (e *editor) apply(changes []modify.Change) *errors.Error {
	c := &changes[0]
	e.touch(c)
	switch {
	case c.ReadOnly():
		return e.unchanged(c)
	case c.Attr == nil:
		return e.removeExtension(c)
	case c.Attr.MultiValued:
		return e.list(changes)
	case c.Attr.Sub != nil:
		return e.complex(c)
	}
	return e.simple(c)
}

// simple changes a single value without parts.
func (e *editor) simple(c *modify.Change) *errors.Error {
	a := c.Attr
	host := e.host(c, c.Op != modify.Remove)
	if !host.IsValid() {
		return nil
	}
	f := a.Of(host)
	if set := a.Assigned(f); set && a.Mutability == attr.Immutable {
		if c.Op == modify.Remove || !a.SameOne(f, fieldOf(a, c.Value)) {
			return e.fault(c, errors.Mutability, immutable)
		}
		return nil
	}
	if c.Op == modify.Remove {
		f.SetZero()
		return e.emptied(c)
	}
	a.Put(f, c.Value)
	return nil
}

const immutable = "is immutable and already has another value"

// complex changes a single value with parts (RFC 7644 sections 3.5.2.1 and 3.5.2.3): those that are not named stay.
func (e *editor) complex(c *modify.Change) *errors.Error {
	a := c.Attr
	host := e.host(c, c.Op != modify.Remove)
	if !host.IsValid() {
		return nil
	}
	f := a.Of(host)
	old := reflect.New(a.Elem).Elem()
	if set := a.Assigned(f); set {
		old.Set(a.Pointed(f))
	} else if c.Op == modify.Remove {
		return nil
	}
	now := reflect.New(a.Elem).Elem()
	if c.Op != modify.Remove || c.Sub != nil {
		now.Set(old)
		if err := e.parts(a.Sub, now, c); err != nil {
			return err
		}
	} else if path := pinned(a.Sub, old, c.Path); path != "" {
		return e.fault(c, errors.Mutability, "cannot be removed: it has "+path+", which is immutable")
	}
	if a.Mutability == attr.Immutable && a.Assigned(f) {
		if !a.Sub.Same(old, now) {
			return e.fault(c, errors.Mutability, immutable)
		}
		return nil
	}
	switch {
	case c.Op == modify.Remove && c.Sub == nil: // also where plain numbers and booleans would stay as zero
		f.SetZero()
	case a.Sub.Identical(old, now):
	case worth(a.Sub, now):
		a.Put(f, now)
	default:
		f.SetZero()
	}
	if c.Op == modify.Remove {
		return e.emptied(c)
	}
	return nil
}

// parts changes a struct: the one part that the path names, or those that the value has.
func (e *editor) parts(p *attr.Plan, v reflect.Value, c *modify.Change) *errors.Error {
	var named attr.Set
	before := reflect.New(p.Go).Elem()
	before.Set(v)
	if c.Sub != nil {
		named.Add(c.Sub.Bit)
		var value reflect.Value
		if c.Value.IsValid() {
			value = fieldOf(c.Sub, c.Value)
		}
		if err := e.part(c, c.Sub, v, value); err != nil {
			return err
		}
	} else {
		for _, sub := range p.Attributes {
			if value := sub.Of(c.Value); sub.Mutability != attr.ReadOnly && sub.Assigned(value) {
				named.Add(sub.Bit)
				if err := e.part(c, sub, v, value); err != nil {
					return err
				}
			}
		}
	}
	// What describes the old value does not describe the new one.
	if value := p.Value; value != nil && value.Assigned(value.Of(before)) && !value.Same(value.Of(before), value.Of(v)) {
		for _, sub := range p.Attributes {
			if sub.Mutability == attr.ReadOnly || sub == p.Ref && !named.Has(sub.Bit) {
				sub.Of(v).SetZero()
			}
		}
	}
	return nil
}

// part sets one part of v to a field of the same attribute, or unassigns it where there is none.
func (e *editor) part(c *modify.Change, sub *attr.Attribute, v, value reflect.Value) *errors.Error {
	f := sub.Of(v)
	if c.Op == modify.Add && sub.MultiValued {
		if err := e.pass(c, f.Len()); err != nil {
			return err
		}
		value = appended(sub, f, value)
	}
	if sub.Mutability == attr.Immutable && sub.Assigned(f) {
		if !value.IsValid() || !sub.Same(f, value) {
			err := e.fault(c, errors.Mutability, immutable)
			if c.Sub == nil {
				err.Path += "." + sub.Name
			}
			return err
		}
		return nil
	}
	if value.IsValid() {
		f.Set(value)
	} else {
		f.SetZero()
	}
	return nil
}

// unchanged compares a readOnly attribute with what the client says of it (AMB-11).
func (e *editor) unchanged(c *modify.Change) *errors.Error {
	host := e.host(c, false)
	if host.IsValid() && c.Attr.MultiValued {
		if err := e.pass(c, c.Attr.Of(host).Len()); err != nil {
			return err
		}
	}
	if !e.right(c, host) {
		return e.fault(c, errors.Mutability, "is readOnly and has another value; leave it out")
	}
	return nil
}

// right says whether what a change tells of a readOnly attribute is so.
func (e *editor) right(c *modify.Change, host reflect.Value) bool {
	a := c.Attr
	last := a
	if c.Sub != nil {
		last = c.Sub
	}
	var told bool
	if last.MultiValued && (c.Sub != nil || c.Expr == nil) {
		told = last.Assigned(c.Value)
	} else {
		told = last.AssignedOne(fieldOf(last, c.Value))
	}
	if !host.IsValid() {
		return !told
	}
	f := a.Of(host)
	switch {
	case a.MultiValued && c.Sub == nil && c.Expr == nil:
		return repeats(a, f, c.Value)
	case a.MultiValued:
		n := 0
		for i := range f.Len() {
			v := f.Index(i)
			if a.Pointer && v.IsNil() || c.Match != nil && !c.Match.Match(pointer(a, v)) {
				continue
			}
			if n++; !e.is(c, v, told) {
				return false
			}
		}
		return n > 0 || !told
	case !a.Assigned(f):
		return !told
	}
	return e.is(c, f, told)
}

// is compares one value, or a part of it.
func (e *editor) is(c *modify.Change, f reflect.Value, told bool) bool {
	a := c.Attr
	switch {
	case c.Sub != nil:
		return c.Sub.Same(c.Sub.Of(a.Pointed(f)), fieldOf(c.Sub, c.Value))
	case a.Sub != nil:
		return told && covers(a.Sub, a.Pointed(f), c.Value, a == e.p.Meta)
	}
	return a.SameOne(f, fieldOf(a, c.Value))
}

// changed says whether the new state differs from the old one.
func (e *editor) changed() bool {
	return slices.ContainsFunc(e.touched, func(t touched) bool {
		was, is := along(t.way, e.current), along(t.way, e.v)
		switch {
		case !was.IsValid() || !is.IsValid():
			return was.IsValid() != is.IsValid()
		case t.a == nil:
			return !t.owner.Identical(was, is)
		}
		return !t.a.Identical(t.a.Of(was), t.a.Of(is))
	})
}

// along follows the extensions that lead to an attribute; invalid where one is not there.
func along(way []*attr.Attribute, v reflect.Value) reflect.Value {
	for _, x := range way {
		if v = x.Of(v); x.Pointer {
			v = v.Elem()
		}
		if !v.IsValid() {
			return v
		}
	}
	return v
}
