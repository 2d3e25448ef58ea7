package codec

import (
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// encoder writes one document.
type encoder struct {
	b           []byte // what located appends to
	mode        Mode
	requested   bool      // Options.Requested
	selective   bool      // the client asked for something in particular
	selection   Selection // namely this
	unqualified bool      // see projector
	l           *Locator
	host        resource    // the resource being written
	plan        *attr.Plan  // of the last resource written under a selection
	only        *Projection // what the selection means for it
	depth       int
	whole       bool // in a message or discovery document: see demanded
	faults      errors.List
}

// resource is what meta and $ref need to know of the resource they belong to.
type resource struct {
	p *attr.Plan
	v reflect.Value
}

// Append writes v, a struct of plan p, after dst. Faults are the application's: a value it had to assign and did not,
// or one that JSON cannot hold. dst is returned unchanged then.
func Append(dst []byte, p *attr.Plan, v reflect.Value, o Options) ([]byte, error) {
	e := encoding(&o)
	b := e.object(dst, p, v, nil)
	if len(b) == len(dst) {
		b = append(b, "{}"...)
	}
	if len(e.faults) > 0 {
		return dst, e.faults.Err()
	}
	return b, nil
}

func encoding(o *Options) encoder {
	return encoder{
		mode: o.Mode, requested: o.Requested, selective: o.Mode == Response && !o.Select.Empty(), selection: o.Select,
		unqualified: o.Accepts(opt.UnqualifiedExtension), l: o.Locate,
	}
}

// Shows says whether Append writes the attribute that path names, or any part of it, of a resource that has it.
func Shows(p *attr.Plan, path string, o Options) bool {
	e := encoding(&o)
	var only *Projection
	if e.selective && !p.Discovery {
		only = e.projection(p)
	}
	steps, ok := p.Find(path)
	for _, a := range steps {
		show := visible(p, e.mode, e.requested)
		if only != nil {
			show = &only.show
		}
		if !show.Has(a.Bit) {
			return false
		}
		p, only = a.Sub, only.below(a)
	}
	return ok && len(steps) > 0
}

// The functions that write append to b and return it: a field of encoder would cost a write barrier each time. What they
// return is as long as b where there was nothing to write.

// object is an object being written.
type object struct {
	only    *Projection  // what is written of it; nil: all that the mode writes
	show    *attr.Choice // the attributes written
	need    *attr.Set    // what must be assigned
	lack    attr.Set     // what of it is not
	present attr.Set     // extensions that have been written
	sep     byte         // what stands before the first member
}

// object writes the assigned attributes of v. only is the projection of the attribute the object is the value of, nil where
// all of it is written.
func (e *encoder) object(b []byte, p *attr.Plan, v reflect.Value, only *Projection) []byte {
	if e.selective && p.Kind == attr.Resource && !p.Discovery {
		only = e.projection(p)
	}
	w := object{only: only, show: visible(p, e.mode, e.requested), need: &nothing, sep: '{'}
	if only != nil {
		w.show = &only.show
	}
	if e.depth++; e.depth > wire.MaxDepth {
		e.depth--
		if p.Assigned(v) {
			e.fault("", "is nested deeper than 64 levels, which no reader accepts")
		}
		return b
	}
	around := e.whole
	e.whole = inside(p, around)
	if e.mode == Response {
		w.need = demanded(p, Response, e.whole)
	}
	start := len(b)
	if p.Kind == attr.Complex {
		b = e.members(b, p, v, &w)
	} else {
		b = e.document(b, p, v, &w)
	}
	e.whole = around
	e.depth--
	if len(b) == start && p.Kind == attr.Complex { // nothing there, so nothing is missing
		return b
	}
	if !w.lack.Empty() {
		for _, a := range p.Attributes {
			if w.lack.Has(a.Bit) {
				e.fault(a.Name, missingHere(a))
			}
		}
	}
	if len(b) == start {
		return b
	}
	return append(b, '}')
}

// document writes the members of what is no complex value.
func (e *encoder) document(b []byte, p *attr.Plan, v reflect.Value, w *object) []byte {
	if p.Kind == attr.Message || p.Schemas != nil {
		b = append(b, `{"schemas":["`...)
		b = append(b, p.URN...)
		b = append(b, `"]`...)
		w.sep = ','
	}
	if p.Kind != attr.Resource {
		return e.members(b, p, v, w)
	}
	at := len(b) - 1 // where the list of schemas ends
	outer := e.host
	e.host = resource{p, v}
	b = e.members(b, p, v, w)
	e.host = outer
	if e.mode == Response {
		for _, f := range commonFaults(p, v) {
			f.Status, f.Type = 500, ""
			e.faults = append(e.faults, f)
		}
	}
	if p.Schemas != nil && !w.present.Empty() {
		b = insertSchemas(b, p, at, w.present)
	}
	return b
}

// members writes the members of an object without its closing brace.
func (e *encoder) members(b []byte, p *attr.Plan, v reflect.Value, w *object) []byte {
	located := e.l != nil && (p.Ref != nil || e.host.p != nil && p == e.host.p.MetaPlan())
	host, within := v, int16(0) // the struct, v or one embedded in it, that the last field lay in
	sep := w.sep
	list := w.show.List
	for i := range list {
		step := &list[i]
		if step.Host != within {
			host, within = step.In(v), step.Host
		}
		f := host.Field(int(step.Leaf))
		if step.Text && !located { // most attributes are strings: spare them the way through attribute
			if s := f.String(); s != "" {
				b = wire.AppendMember(b, sep, step.Key, s)
				sep = ','
			} else if w.need.Has(step.Bit) {
				w.lack.Add(step.Bit)
			}
			continue
		}
		a := step.Attribute
		if a == p.Schemas {
			continue
		}
		if unassigned(p, a, f) {
			if w.need.Has(a.Bit) {
				w.lack.Add(a.Bit)
			}
			continue
		}
		mark := len(b)
		b = append(b, a.Key...)
		b[mark] = sep
		faults := len(e.faults)
		n := len(b)
		b = e.attribute(b, p, a, v, f, w.only)
		if len(b) > n {
			sep = ','
			if a.IsExtension() {
				w.present.Add(a.Bit)
			}
		} else {
			b = b[:mark]
			if w.need.Has(a.Bit) && len(e.faults) == faults {
				w.lack.Add(a.Bit)
			}
		}
		for k := faults; k < len(e.faults); k++ {
			e.faults[k].Path = join(a, e.faults[k].Path)
		}
	}
	return b
}

// projection is what the client's selection means for a resource type; in a list all members of a type share it.
func (e *encoder) projection(p *attr.Plan) *Projection {
	if e.plan != p {
		e.plan, e.only = p, projection(p, e.selection, projector{e.mode, e.requested, e.unqualified, nil})
	}
	return e.only
}

func missingHere(a *attr.Attribute) string {
	if a.Returned == attr.Always {
		return "is unassigned and must always be returned"
	}
	return "is unassigned and required"
}

// fault notes what the application did wrong: 500, for a client can do nothing about it.
func (e *encoder) fault(path, detail string) {
	if len(e.faults) < MaxFaults {
		e.faults = append(e.faults, &errors.Error{Status: 500, Path: path, Detail: detail})
	}
}

// insertSchemas inserts the URIs of the extensions that have been written into the list that ends at index at: RFC 7643
// section 3. What has a value is only certain once it has been written.
func insertSchemas(b []byte, p *attr.Plan, at int, written attr.Set) []byte {
	n := 0
	for _, a := range p.Extensions {
		if written.Has(a.Bit) {
			n += len(a.Sub.URN) + len(`,""`)
		}
	}
	end := len(b)
	b = slices.Grow(b, n)[:end+n]
	copy(b[at+n:], b[at:end])
	list := b[:at]
	for _, a := range p.Extensions {
		if written.Has(a.Bit) {
			list = append(list, `,"`...)
			list = append(list, a.Sub.URN...)
			list = append(list, '"')
		}
	}
	return b
}

// unassigned says at a glance that f has nothing to write, which spares writing its name.
func unassigned(p *attr.Plan, a *attr.Attribute, f reflect.Value) bool {
	switch {
	case a.MultiValued:
		return f.Len() == 0 && p.Kind != attr.Message
	case a.Pointer:
		return f.IsNil()
	}
	return false
}

// attribute writes the value of a, which lies in f, a field of v.
func (e *encoder) attribute(b []byte, p *attr.Plan, a *attr.Attribute, v, f reflect.Value, only *Projection) []byte {
	if a.MultiValued {
		return e.list(b, p, a, f, only.below(a))
	}
	if a.Text { // a locator may have to do with it, else members has written it
		s := f.String()
		if a == p.Ref || e.host.p != nil && p == e.host.p.MetaPlan() {
			e.b = b
			e.located(p, a, v, s)
			return e.b
		}
		if s == "" {
			return b
		}
		return wire.AppendString(b, s)
	}
	switch {
	case a.Pointer:
		f = f.Elem()
	case a.Omit && a.Op != attr.OpStruct && f.IsZero(), a.Sub != nil && a.Sub.Plainly && !a.Required && f.IsZero():
		return b
	}
	if p.Kind == attr.Message && a.Op == attr.OpInt {
		return count(b, p, a, v, f.Int())
	}
	return e.value(b, a, f, only.below(a))
}

// value writes one value of type a.Elem.
func (e *encoder) value(b []byte, a *attr.Attribute, f reflect.Value, only *Projection) []byte {
	switch a.Op {
	case attr.OpString:
		if f.Len() == 0 && e.mode == Content { // in a list; read again it is unassigned (RFC 7643 section 2.5)
			return b
		}
		return wire.AppendString(b, f.String())
	case attr.OpBool:
		return strconv.AppendBool(b, f.Bool())
	case attr.OpInt:
		return strconv.AppendInt(b, f.Int(), 10)
	case attr.OpUint:
		return strconv.AppendUint(b, f.Uint(), 10)
	case attr.OpFloat:
		return e.float(b, f.Float(), f.Type().Bits())
	case attr.OpTime:
		return e.time(b, f)
	case attr.OpBytes:
		if f.Len() == 0 {
			return b
		}
		return wire.AppendBinary(b, f.Bytes())
	case attr.OpStruct:
		return e.object(b, a.Sub, f, only)
	case attr.OpRaw:
		return e.raw(b, f.Bytes())
	case attr.OpAny:
		if e.mode == Patch {
			return e.patched(b, f)
		}
		return e.any(b, f)
	}
	return b
}

func (e *encoder) time(b []byte, f reflect.Value) []byte {
	t := attr.Time(f)
	if t.IsZero() {
		return b
	}
	if e.mode == Content { // one instant, one version
		t = t.UTC()
	}
	b, ok := wire.AppendTime(b, t)
	if !ok {
		e.fault("", "is a time that xsd:dateTime cannot express: years are 1 to 9999, offsets whole minutes up to 14 hours")
	}
	return b
}

// float writes a number as encoding/json does: the shortest text that reads back the same.
func (e *encoder) float(b []byte, x float64, bits int) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		e.fault("", "is no number that JSON can hold")
		return b
	}
	if x == 0 && e.mode == Content {
		x = 0 // not -0
	}
	format := byte('f')
	if abs := math.Abs(x); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, x, format, -1, bits)
}

// list writes a multi-valued attribute; an empty one is unassigned, but in a message.
func (e *encoder) list(b []byte, p *attr.Plan, a *attr.Attribute, f reflect.Value, only *Projection) []byte {
	e.depth++
	n := f.Len()
	sep := byte('[')
	for i := range n {
		v := f.Index(i)
		if a.Pointer {
			if v.IsNil() {
				continue
			}
			v = v.Elem()
		}
		faults, mark := len(e.faults), len(b)
		b = append(b, sep)
		if b = e.value(b, a, v, only); len(b) > mark+1 {
			sep = ','
		} else {
			b = b[:mark]
		}
		for k := faults; k < len(e.faults); k++ {
			e.faults[k].Path = at(i, e.faults[k].Path)
		}
	}
	e.depth--
	if sep == '[' {
		if p.Kind != attr.Message || a.Omit && (a.Name != "Resources" || p.URN != listURN) {
			return b
		}
		b = append(b, '[')
	}
	return append(b, ']')
}

// count writes a number of a message. In a ListResponse a negative totalResults stands for one that is not known
// (RFC 9865 section 2), and itemsPerPage is what the page holds.
func count(b []byte, p *attr.Plan, a *attr.Attribute, v reflect.Value, n int64) []byte {
	if p.URN == listURN {
		switch a.Name {
		case "totalResults":
			if n < 0 {
				return b
			}
		case "itemsPerPage":
			n = int64(p.Lookup("Resources").Of(v).Len())
		}
	}
	return strconv.AppendInt(b, n, 10)
}

// raw writes JSON that the application holds ready, after a look at its syntax.
func (e *encoder) raw(b, text []byte) []byte {
	if len(text) == 0 {
		return b
	}
	var names wire.Names
	s := string(text)
	i := wire.Space(s, 0)
	if i == len(s) {
		return b
	}
	end, err := wire.Skip(s, i, 0, &names)
	if err == nil && wire.Space(s, end) < len(s) {
		err = trailing(end)
	}
	if err != nil {
		e.fault("", "is not valid JSON: "+err.Msg)
		return b
	}
	return append(b, s[i:end]...)
}
