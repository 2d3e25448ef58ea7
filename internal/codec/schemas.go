package codec

import (
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// schemas is what the attribute of that name said. Its strings are not kept: what can be known of them is
// the base schema, an extension or neither.
type schemas struct {
	any     bool // it has an element
	base    bool
	listed  attr.Set // extensions, by bit
	unknown bool
}

// schemas reads the attribute schemas of a resource or message (RFC 7643 section 3).
func (d *decoder) schemas(p *attr.Plan, o *members) (ok bool) {
	start := len(d.notes)
	ok = d.urns(p, &o.schemas)
	for k := start; k < len(d.notes); k++ {
		d.notes[k].path = "schemas" + d.notes[k].path
	}
	return ok && !d.full()
}

func (d *decoder) urns(p *attr.Plan, l *schemas) (ok bool) {
	s := d.s
	if d.i >= len(s) {
		return d.fail(expected(s, d.i, "a value"))
	}
	if s[d.i] == 'n' {
		return d.literal("null")
	}
	if s[d.i] != '[' {
		l.any, l.base = true, true // this fault is enough
		return d.malformed(nil, "an array of URIs")
	}
	i := wire.Space(s, d.i+1)
	if i < len(s) && s[i] == ']' {
		d.i = i + 1
		return true
	}
	for n := 0; ; n++ {
		d.i = i
		if ok := d.urn(p, l, n); !ok {
			return false
		}
		if i = wire.Space(s, d.i); i < len(s) && s[i] == ',' {
			i = wire.Space(s, i+1)
			continue
		}
		if i < len(s) && s[i] == ']' {
			d.i = i + 1
			return true
		}
		return d.fail(expected(s, i, "',' or ']'"))
	}
}

// urn reads one element of schemas.
func (d *decoder) urn(p *attr.Plan, l *schemas, n int) (ok bool) {
	if d.i >= len(d.s) {
		return d.fail(expected(d.s, d.i, "a value"))
	}
	start := len(d.notes)
	l.any = true
	if d.s[d.i] == '"' {
		urn, read := d.read()
		if ok = read; ok {
			d.known(p, l, urn)
		}
	} else {
		ok = d.malformed(nil, "a URI")
		l.base = true // this fault is enough
	}
	for k := start; k < len(d.notes); k++ {
		d.notes[k].path = at(n, "")
	}
	return ok && !d.full()
}

// known notes one URN. URNs compare without case, and none may stand twice (RFC 7643 section 3).
func (d *decoder) known(p *attr.Plan, l *schemas, urn string) {
	twice := false
	switch a := extension(p, urn); {
	case wire.Fold(urn, p.URN):
		twice, l.base = l.base, true
	case a != nil:
		twice = l.listed.Has(a.Bit)
		l.listed.Add(a.Bit)
	case d.o.Mode.request() && !d.o.Accepts(opt.UnknownSchemas):
		d.note(unknownSchema(p, urn))
		l.unknown = true
	case d.o.Mode.request() && d.o.RejectUnknown && p.Kind == attr.Resource:
		d.note(errors.New(errors.InvalidSyntax, "%s is no schema of %s", clip(urn), p.Name))
		l.unknown = true
	default:
		if d.o.Mode.request() {
			d.repaired(opt.UnknownSchemas, clipped(urn))
		}
		l.unknown = true
	}
	if twice && d.o.Mode.request() {
		d.note(errors.New(errors.InvalidValue, "%s is listed twice", clip(urn)))
	}
}

// unknownSchema refuses a URN: in a resource it is a wrong value, in a message the message is another one.
func unknownSchema(p *attr.Plan, urn string) *errors.Error {
	if p.Kind == attr.Message {
		return errors.New(errors.InvalidSyntax, "must be %s, not %s", p.URN, clip(urn))
	}
	return errors.New(errors.InvalidValue, "%s is neither the schema of %s nor one of its extensions", clip(urn), p.Name)
}

func extension(p *attr.Plan, urn string) *attr.Attribute {
	for _, a := range p.Extensions {
		if wire.Fold(a.Sub.URN, urn) {
			return a
		}
	}
	return nil
}

// declare makes the resource's own list of schemas: the base schema and the extensions that have data, in the plan's order.
func declare(p *attr.Plan, v reflect.Value, o *members) {
	if p.Schemas == nil {
		return
	}
	n := 1
	for _, a := range p.Extensions {
		if o.assigned.Has(a.Bit) {
			n++
		}
	}
	list := p.Schemas.Of(v)
	list.SetZero() // what was there is not written to
	list.Grow(n)
	list.SetLen(n)
	list.Index(0).SetString(p.URN)
	n = 1
	for _, a := range p.Extensions {
		if o.assigned.Has(a.Bit) {
			list.Index(n).SetString(a.Sub.URN)
			n++
		}
	}
	o.assigned.Add(p.Schemas.Bit)
}

// undeclared notes what a request's schemas leave out of what its data need.
func (d *decoder) undeclared(p *attr.Plan, o *members) {
	l := &o.schemas
	start := len(d.notes)
	switch {
	case l.base:
	case p.Kind == attr.Message && l.unknown && (p.URN != bulkURN || !d.o.Accepts(opt.UnknownSchemas)): // said already
	case d.o.Accepts(opt.MissingSchemas) && p.URN != bulkURN: // AMB-01
		d.repaired(opt.MissingSchemas, "")
	case !l.any:
		d.note(errors.New(errors.InvalidSyntax, "is required and must name %s", p.URN))
	case p.Kind == attr.Message:
		d.note(errors.New(errors.InvalidSyntax, "must name %s", p.URN))
	default:
		d.note(errors.New(errors.InvalidValue, "must name %s", p.URN))
	}
	for k := start; k < len(d.notes); k++ {
		d.notes[k].path = "schemas"
	}
	if !l.any {
		return
	}
	for _, a := range p.Extensions {
		if !o.assigned.Has(a.Bit) || l.listed.Has(a.Bit) {
			continue
		}
		if d.o.Accepts(opt.UndeclaredExtension) {
			d.repaired(opt.UndeclaredExtension, "")
		} else {
			d.note(errors.New(errors.InvalidValue, "has data, but is not listed in schemas"))
		}
		if len(d.notes) > 0 && d.notes[len(d.notes)-1].path == "" {
			d.notes[len(d.notes)-1].path = a.Name
		}
	}
}
