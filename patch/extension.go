package patch

import (
	"reflect"
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/internal/rule"
)

// host finds the struct that the attribute of a change lies in: the resource, or an extension, which is created where one
// says so and is otherwise invalid.
func (e *editor) host(c *modify.Change, create bool) reflect.Value {
	v := e.v
	for _, x := range c.Way {
		f := x.Of(v)
		if !x.Pointer {
			v = f
			continue
		}
		switch {
		case f.IsNil() && !create:
			return reflect.Value{}
		case f.IsNil():
			f.Set(reflect.New(x.Elem))
			e.own = append(e.own, x)
		case !slices.Contains(e.own, x):
			q := reflect.New(x.Elem)
			q.Elem().Set(f.Elem())
			f.Set(q)
			e.own = append(e.own, x)
		}
		v = f.Elem()
	}
	return v
}

// removeExtension takes an extension away with everything in it.
func (e *editor) removeExtension(c *modify.Change) *errors.Error {
	last := c.Way[len(c.Way)-1]
	outer := along(c.Way[:len(c.Way)-1], e.v)
	if !outer.IsValid() {
		return nil
	}
	f := last.Of(outer)
	if !last.Assigned(f) {
		return nil
	}
	if path := pinned(last.Sub, last.Pointed(f), c.Path); path != "" {
		return e.fault(c, errors.Mutability, "cannot be removed: it has "+path+", which is immutable")
	}
	parent := *c
	parent.Way = c.Way[:len(c.Way)-1]
	last.Of(e.host(&parent, false)).SetZero()
	return e.emptied(&parent)
}

// emptied takes away extensions whose last attribute has gone (AMB-20).
func (e *editor) emptied(c *modify.Change) *errors.Error {
	for n := len(c.Way); n > 0; n-- {
		x := c.Way[n-1]
		outer := along(c.Way[:n-1], e.v)
		if !outer.IsValid() {
			continue
		}
		f := x.Of(outer)
		if x.Pointer && f.IsNil() || x.Sub.Assigned(x.Pointed(f)) {
			return nil
		}
		if x.Required {
			return e.fault(c, errors.Mutability, "is the last attribute of a required extension and cannot be removed")
		}
		f.SetZero()
	}
	return nil
}

// result checks what the schema says of the attributes that have changed (RFC 7644 section 3.5.2).
func (e *editor) result() error {
	for _, t := range e.touched {
		host := along(t.way, e.v)
		if !host.IsValid() || t.a == nil {
			continue
		}
		for _, x := range t.way { // of an extension that is there all that is required must be
			if err := complete(x.Sub, along(t.way[:slices.Index(t.way, x)+1], e.v), func() string { return x.Sub.URN + ":" }); err != nil {
				return err
			}
		}
		f := t.a.Of(host)
		if !t.a.Assigned(f) {
			continue
		}
		if t.a.Sub != nil && !t.a.MultiValued {
			if err := complete(t.a.Sub, t.a.Pointed(f), func() string { return t.path() + "." }); err != nil {
				return err
			}
		}
		if err := e.rules(&t, f); err != nil {
			return err
		}
	}
	return nil
}

// complete refuses a struct that lacks what is required of a client.
func complete(p *attr.Plan, v reflect.Value, path func() string) error {
	if p.Client.Empty() {
		return nil
	}
	for _, a := range p.Attributes {
		if p.Client.Has(a.Bit) && !a.Assigned(a.Of(v)) {
			return &errors.Error{Status: 400, Type: errors.InvalidValue, Path: path() + a.Name, Detail: "is required"}
		}
	}
	return nil
}

// rules applies required parts of elements and validate tags to an attribute as it has become.
func (e *editor) rules(t *touched, f reflect.Value) error {
	a := t.a
	if a.MultiValued && a.Sub != nil && !a.Sub.Client.Empty() || e.p.Rules && a.Sub != nil {
		o := codec.Options{Mode: codec.Patch}
		if e.p.Rules {
			o.Rule = rule.Apply
		}
		v := f
		if !a.MultiValued {
			v = a.Pointed(f)
		}
		if faults := codec.CheckValue(a, v, !a.MultiValued, t.where(), o); len(faults) > 0 {
			return faults.Err()
		}
	}
	if e.p.Rules && a.Validate != "" {
		if err := rule.Apply(a, f); err != nil {
			err.Path = codec.Below(t.path(), err.Path)
			return err
		}
	}
	return nil
}

// where is the place of the attribute's value.
func (t *touched) where() codec.Where {
	return codec.Where{Path: t.path(), Secret: slices.ContainsFunc(t.way, (*attr.Attribute).Secret) || t.a.Secret()}
}

// declare brings the attribute schemas in line with the extensions that are there (RFC 7644 section 3.5.2).
func (e *editor) declare() {
	if e.p.Schemas == nil {
		return
	}
	urns := []string{e.p.URN}
	for _, x := range e.p.Extensions {
		if x.Assigned(x.Of(e.v)) {
			urns = append(urns, x.Sub.URN)
		}
	}
	if f := e.p.Schemas.Of(e.v); !slices.Equal(f.Interface().([]string), urns) { //nolint:forcetypeassert,errcheck // schema.Resource declares it so
		f.Set(reflect.ValueOf(urns))
	}
}
