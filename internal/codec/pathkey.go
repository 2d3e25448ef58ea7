package codec

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
)

// opened is a complex value or extension that is read part by part, from members whose names are paths.
type opened struct {
	a *attr.Attribute
	f reflect.Value // the field
	v reflect.Value // the struct in it, or to be put there
	o members
}

// pathKey reads a member whose name is a path, such as name.givenName or urn:...:User:department: to take it for an
// unknown attribute would lose data.
func (d *decoder) pathKey(p *attr.Plan, steps []*attr.Attribute, o *members) (ok bool) {
	a := steps[0]
	if len(steps) == 1 {
		return d.member(p, a, o)
	}
	if o.passes.Has(a.Bit) {
		return d.skip()
	}
	c := o.open(d, a)
	if c == nil {
		d.note(errors.New(errors.InvalidSyntax, "is sent twice, as an object and by paths; send one of them"))
		d.notes[len(d.notes)-1].path = a.Name
		return d.skip() && !d.full()
	}
	n, secret := len(d.notes), d.secret
	d.secret = secret || a.Secret()
	ok = d.pathKey(a.Sub, steps[1:], &c.o)
	d.secret = secret
	o.joined(d, n, a)
	return ok
}

// open finds the struct of an attribute that is read part by part; nil where it has been read as an object.
func (o *members) open(d *decoder, a *attr.Attribute) *opened {
	for _, c := range o.opened {
		if c.a == a {
			return c
		}
	}
	if o.seen.Has(a.Bit) {
		return nil
	}
	o.seen.Add(a.Bit)
	c := &opened{a: a, f: o.fields.Of(a)}
	if c.v = c.f; a.Pointer {
		c.v = reflect.New(a.Elem).Elem()
	}
	row := &table[d.o.Mode]
	c.o = members{fields: attr.In(c.v), passes: row.passes(a.Sub), refuses: row.refuses(a.Sub), mark: -1, stored: o.stored.of(a)}
	o.opened = append(o.opened, c)
	return c
}

// close completes what has been read part by part.
func (o *members) close(d *decoder) (ok bool) {
	for _, c := range o.opened {
		n := len(d.notes)
		stored, ok := d.complete(c.a.Sub, c.v, &c.o)
		o.joined(d, n, c.a)
		if !ok {
			return false
		}
		if !stored {
			continue
		}
		o.assigned.Add(c.a.Bit)
		if c.a.Pointer {
			c.f.Set(c.v.Addr())
		}
	}
	return true
}

// joined puts an attribute's name before the paths of notes on its parts.
func (o *members) joined(d *decoder, from int, a *attr.Attribute) {
	for k := from; k < len(d.notes); k++ {
		d.notes[k].path = join(a, d.notes[k].path)
		if d.notes[k].err != nil {
			o.assigned.Add(a.Bit) // one fault is enough: do not call it missing as well
			o.faulty.Add(a.Bit)
		}
	}
}

// path reads the name of an unknown member as a path (AMB-22); ok is false where it is none, or may be none.
func (d *decoder) path(p *attr.Plan, name string) (steps []*attr.Attribute, ok bool) {
	if p.Kind != attr.Resource || !d.o.Mode.request() || !d.o.Accepts(opt.PathKeys) || !isPath(p, name) {
		return nil, false
	}
	steps, ok = p.Find(name)
	if !ok || len(steps) == 0 || steps[len(steps)-1].IsExtension() {
		return nil, false
	}
	for _, a := range steps[:len(steps)-1] {
		if a.MultiValued { // which element is meant nobody can tell
			return nil, false
		}
	}
	return steps, true
}
