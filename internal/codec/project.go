package codec

import (
	"strings"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
)

// Projection says which attributes of a plan are written: RFC 7644 section 3.9. A nil Projection stands for what the mode
// writes by itself.
type Projection struct {
	show  attr.Set
	parts []part
}

// part is the projection of a complex attribute or extension of which only some parts are written.
type part struct {
	bit uint8
	of  *Projection
}

// below is the projection of the value of an attribute.
func (p *Projection) below(a *attr.Attribute) *Projection {
	if p == nil || a.Sub == nil {
		return nil
	}
	return p.part(a.Bit)
}

func (p *Projection) part(bit uint8) *Projection {
	for i := range p.parts {
		if p.parts[i].bit == bit {
			return p.parts[i].of
		}
	}
	return nil
}

// Selection is what a client asked for: attributes, or those to leave out, and what it has just set.
type Selection struct {
	Attributes, Excluded []string
	Sent                 []string // attributes returned on request that are part of the answer to a PATCH
}

// Empty says that the client asked for nothing in particular.
func (s *Selection) Empty() bool {
	return len(s.Attributes) == 0 && len(s.Excluded) == 0 && len(s.Sent) == 0
}

// project works out what is written of a resource of plan p. Names that p does not have are ignored (AMB-27).
func project(p *attr.Plan, s *Selection, o *Options) *Projection {
	var r *Projection
	switch {
	case len(s.Attributes) > 0:
		r = minimum(p)
		for _, name := range s.Attributes {
			if steps := find(p, name, o); len(steps) > 0 {
				r.include(p, steps)
			} else if steps != nil { // the URN of the core schema: all of it
				r.show = r.show.Or(&p.Plain)
			}
		}
	default:
		r = &Projection{show: *visible(p, o)}
		for _, name := range s.Sent {
			if steps := find(p, name, o); len(steps) > 0 {
				r.add(p, steps, o)
			}
		}
		for _, name := range s.Excluded {
			if steps := find(p, name, o); len(steps) > 0 {
				r.exclude(p, steps, o)
			}
		}
	}
	return r
}

// find resolves a name; without its URN the attribute of an extension is found only where that is tolerated.
func find(p *attr.Plan, name string, o *Options) []*attr.Attribute {
	if steps, ok := p.Find(name); ok {
		return steps
	}
	if !o.Accepts(opt.UnqualifiedExtension) || strings.IndexByte(name, ':') >= 0 {
		return nil
	}
	for _, e := range p.Extensions {
		if steps, ok := e.Sub.Find(name); ok && len(steps) > 0 {
			return append([]*attr.Attribute{e}, steps...)
		}
	}
	return nil
}

// minimum has what is returned always, whatever the client asks for, also inside attributes that are not (AMB-29).
func minimum(p *attr.Plan) *Projection {
	r := &Projection{show: p.Always}
	for _, a := range p.Attributes {
		if a.Sub != nil && !p.Always.Has(a.Bit) && !p.Never.Has(a.Bit) && a.Sub.Insists() {
			r.show.Add(a.Bit)
			r.parts = append(r.parts, part{a.Bit, minimum(a.Sub)})
		}
	}
	return r
}

// include shows what steps lead to: an attribute with all parts that are returned by default, or one part of it.
func (r *Projection) include(p *attr.Plan, steps []*attr.Attribute) {
	a := steps[0]
	if p.Never.Has(a.Bit) {
		return
	}
	shown := r.show.Has(a.Bit)
	inner := r.part(a.Bit)
	if len(steps) == 1 {
		r.show.Add(a.Bit)
		r.drop(a.Bit)
		return
	}
	if shown && inner == nil { // all of it is shown already, but a part returned on request may be missing
		if !a.Sub.Request.Has(steps[1].Bit) {
			return
		}
		inner = &Projection{show: a.Sub.Plain}
		r.parts = append(r.parts, part{a.Bit, inner})
	}
	if inner == nil {
		inner = minimum(a.Sub)
		r.show.Add(a.Bit)
		r.parts = append(r.parts, part{a.Bit, inner})
	}
	inner.include(a.Sub, steps[1:])
}

// add shows an attribute returned on request beside what is shown by default.
func (r *Projection) add(p *attr.Plan, steps []*attr.Attribute, o *Options) {
	a := steps[0]
	if p.Never.Has(a.Bit) {
		return
	}
	shown := r.show.Has(a.Bit)
	r.show.Add(a.Bit)
	if len(steps) == 1 {
		return
	}
	inner := r.part(a.Bit)
	if inner == nil {
		inner = &Projection{show: *visible(a.Sub, o)}
		if !shown {
			inner = minimum(a.Sub)
		}
		r.parts = append(r.parts, part{a.Bit, inner})
	}
	inner.add(a.Sub, steps[1:], o)
}

// exclude hides what steps lead to, but for what is returned always.
func (r *Projection) exclude(p *attr.Plan, steps []*attr.Attribute, o *Options) {
	a := steps[0]
	if !r.show.Has(a.Bit) {
		return
	}
	if len(steps) == 1 {
		if p.Always.Has(a.Bit) {
			return
		}
		r.drop(a.Bit)
		if a.Sub != nil && a.Sub.Insists() {
			r.parts = append(r.parts, part{a.Bit, minimum(a.Sub)})
		} else {
			r.show.Remove(a.Bit)
		}
		return
	}
	inner := r.part(a.Bit)
	if inner == nil {
		inner = &Projection{show: *visible(a.Sub, o)}
		r.parts = append(r.parts, part{a.Bit, inner})
	}
	inner.exclude(a.Sub, steps[1:], o)
}

func (r *Projection) drop(bit uint8) {
	for i := range r.parts {
		if r.parts[i].bit == bit {
			r.parts = append(r.parts[:i], r.parts[i+1:]...)
			return
		}
	}
}
