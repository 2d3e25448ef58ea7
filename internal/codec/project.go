package codec

import (
	"slices"
	"strings"

	"github.com/scimmodels/scim/internal/attr"
)

// Projection says which attributes of a plan are written: RFC 7644 section 3.9. A nil Projection stands for what the mode
// writes by itself.
type Projection struct {
	show  attr.Choice
	few   [4]part // the first parts; most selections have no more
	n     int
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
	for i := range p.n {
		if p.few[i].bit == bit {
			return p.few[i].of
		}
	}
	for i := range p.parts {
		if p.parts[i].bit == bit {
			return p.parts[i].of
		}
	}
	return nil
}

func (p *Projection) add(bit uint8, of *Projection) *Projection {
	if p.n < len(p.few) {
		p.few[p.n] = part{bit, of}
		p.n++
	} else {
		p.parts = append(p.parts, part{bit, of})
	}
	return of
}

func (p *Projection) set(bit uint8, of *Projection) *Projection {
	for i := range p.n {
		if p.few[i].bit == bit {
			p.few[i].of = of
			return of
		}
	}
	for i := range p.parts {
		if p.parts[i].bit == bit {
			p.parts[i].of = of
			return of
		}
	}
	return p.add(bit, of)
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

// projector works out a Projection. Its nodes come from one piece of memory.
type projector struct {
	mode        Mode
	requested   bool // see visible
	unqualified bool // attributes of extensions are found without their URN
	nodes       []Projection
}

func (m *projector) node(show *attr.Set) *Projection {
	if len(m.nodes) == cap(m.nodes) {
		return &Projection{show: attr.Choice{Set: *show}}
	}
	m.nodes = append(m.nodes, Projection{show: attr.Choice{Set: *show}})
	return &m.nodes[len(m.nodes)-1]
}

// maxKept is how many projections of a plan are kept. Clients ask for the same few lists again and again, and working
// one out takes as long as writing it; whoever asks for ever new ones makes nothing grow.
const maxKept = 16

// maxNames is up to how many bytes of names a projection is kept.
const maxNames = 1 << 10

func size(names []string) int {
	n := 0
	for _, name := range names {
		n += len(name) + 1
	}
	return n
}

// kept is a projection with what it was worked out from.
type kept struct {
	attributes, excluded []string
	mode                 Mode
	requested            bool
	unqualified          bool
	is                   *Projection
}

// projection finds what is written of a resource of plan p, or works it out. A Projection is never changed once it is there.
func projection(p *attr.Plan, s Selection, m projector) *Projection {
	if len(s.Sent) > 0 {
		return project(p, s, m)
	}
	list, _ := p.Projections.Load().([]kept) // nil at first
	for i := range list {
		k := &list[i]
		if k.mode == m.mode && k.requested == m.requested && k.unqualified == m.unqualified &&
			slices.Equal(k.attributes, s.Attributes) && slices.Equal(k.excluded, s.Excluded) {
			return k.is
		}
	}
	is := project(p, s, m)
	if len(list) < maxKept && size(s.Attributes)+size(s.Excluded) <= maxNames {
		// Two at once may both add theirs, and one is lost: it will be worked out again.
		p.Projections.Store(append(slices.Clip(list), kept{owned(s.Attributes), owned(s.Excluded), m.mode, m.requested, m.unqualified, is}))
	}
	return is
}

// owned copies names, which may be slices of a whole request.
func owned(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = strings.Clone(name)
	}
	return list
}

// project works out what is written of a resource of plan p.
func project(p *attr.Plan, s Selection, m projector) *Projection {
	r := m.project(p, s)
	r.settle(p)
	return r
}

// settle makes the lists of a projection that is complete.
func (p *Projection) settle(plan *attr.Plan) {
	p.show.Settle(plan)
	for _, list := range [][]part{p.few[:p.n], p.parts} {
		for _, part := range list {
			part.of.settle(plan.Attributes[part.bit].Sub)
		}
	}
}

// project makes the projection of a selection. Names that p does not have are ignored (AMB-27).
func (m *projector) project(p *attr.Plan, s Selection) *Projection {
	m.nodes = make([]Projection, 0, min(1+len(s.Attributes)+len(s.Excluded)+len(s.Sent), 8))
	var buffer [4]*attr.Attribute
	if len(s.Attributes) > 0 {
		r := m.minimum(p)
		for _, name := range s.Attributes {
			if steps, ok := m.find(buffer[:0], p, name); len(steps) > 0 {
				m.include(r, p, steps)
			} else if ok { // the URN of the core schema: all of it
				m.includeAll(r, p)
			}
		}
		return r
	}
	r := m.node(m.shown(p))
	for _, name := range s.Sent {
		if steps, _ := m.find(buffer[:0], p, name); len(steps) > 0 {
			m.also(r, p, steps)
		}
	}
	for _, name := range s.Excluded {
		if steps, ok := m.find(buffer[:0], p, name); len(steps) > 0 {
			m.exclude(r, p, steps)
		} else if ok { // the URN of the core schema: all of it
			for _, a := range p.Attributes {
				if !a.IsExtension() {
					m.exclude(r, p, []*attr.Attribute{a})
				}
			}
		}
	}
	return r
}

// find resolves a name; without its URN the attribute of an extension is found only where that is tolerated.
func (m *projector) find(buffer []*attr.Attribute, p *attr.Plan, name string) (steps []*attr.Attribute, ok bool) {
	if steps, ok := p.FindIn(buffer, name); ok {
		return steps, true
	}
	if !m.unqualified || strings.IndexByte(name, ':') >= 0 {
		return nil, false
	}
	for _, e := range p.Extensions {
		if steps, ok := e.Sub.FindIn(append(buffer, e), name); ok && len(steps) > 1 {
			return steps, true
		}
	}
	return nil, false
}

// minimum has what is returned always, whatever the client asks for, also inside attributes that are not (AMB-29).
func (m *projector) minimum(p *attr.Plan) *Projection {
	r := m.node(&p.Always)
	for _, a := range p.Insisting {
		r.show.Add(a.Bit)
		r.add(a.Bit, m.minimum(a.Sub))
	}
	return r
}

// include shows what steps lead to: an attribute with all parts that are returned by default, or one part of it.
func (m *projector) include(r *Projection, p *attr.Plan, steps []*attr.Attribute) {
	a := steps[0]
	if p.Never.Has(a.Bit) {
		return
	}
	shown := r.show.Has(a.Bit)
	r.show.Add(a.Bit)
	inner := r.part(a.Bit)
	if len(steps) == 1 {
		if inner != nil {
			m.widen(inner, a.Sub)
		}
		return
	}
	switch {
	case inner != nil:
	case !shown:
		inner = r.set(a.Bit, m.minimum(a.Sub))
	case m.shown(a.Sub).Has(steps[1].Bit): // all of it is shown already
		return
	default: // but not a part returned on request
		inner = r.set(a.Bit, m.node(m.shown(a.Sub)))
	}
	m.include(inner, a.Sub, steps[1:])
}

// includeAll shows the attributes of the core schema that are returned when nothing is asked for.
func (m *projector) includeAll(r *Projection, p *attr.Plan) {
	for _, a := range p.Attributes {
		if m.shown(p).Has(a.Bit) && !a.IsExtension() {
			m.include(r, p, []*attr.Attribute{a})
		}
	}
}

// shown has what is returned of a plan when nothing is asked for.
func (m *projector) shown(p *attr.Plan) *attr.Set { return &visible(p, m.mode, m.requested).Set }

// widen shows all that is returned when nothing is asked for beside what is shown already.
func (m *projector) widen(r *Projection, p *attr.Plan) {
	r.show.Set = r.show.Or(m.shown(p))
	for _, a := range p.Attributes {
		if a.Sub != nil && m.shown(p).Has(a.Bit) {
			if inner := r.part(a.Bit); inner != nil {
				m.widen(inner, a.Sub)
			}
		}
	}
}

// also shows an attribute returned on request beside what is shown by default.
func (m *projector) also(r *Projection, p *attr.Plan, steps []*attr.Attribute) {
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
	switch {
	case inner != nil:
	case shown:
		inner = r.set(a.Bit, m.node(m.shown(a.Sub)))
	default:
		inner = r.set(a.Bit, m.minimum(a.Sub))
	}
	m.also(inner, a.Sub, steps[1:])
}

// exclude hides what steps lead to, but for what is returned always.
func (m *projector) exclude(r *Projection, p *attr.Plan, steps []*attr.Attribute) {
	a := steps[0]
	if !r.show.Has(a.Bit) {
		return
	}
	if len(steps) == 1 {
		switch {
		case p.Always.Has(a.Bit):
		case a.Sub != nil && a.Sub.Insists():
			r.set(a.Bit, m.minimum(a.Sub))
		default:
			r.show.Remove(a.Bit)
		}
		return
	}
	inner := r.part(a.Bit)
	if inner == nil {
		inner = r.set(a.Bit, m.node(m.shown(a.Sub)))
	}
	m.exclude(inner, a.Sub, steps[1:])
}
