package codec

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// encoder writes one document.
type encoder struct {
	b      []byte
	o      Options
	l      *Locator
	host   resource    // the resource being written
	plan   *attr.Plan  // of the last resource written under a selection
	only   *Projection // what the selection means for it
	depth  int
	whole  bool // in a message or discovery document: see demanded
	faults errors.List
}

// resource is what meta and $ref need to know of the resource they belong to.
type resource struct {
	p *attr.Plan
	v reflect.Value
}

// Append writes v, a struct of plan p, after dst. Faults are the application's: a value it had to assign and did not,
// or one that JSON cannot hold. dst is returned unchanged then.
func Append(dst []byte, p *attr.Plan, v reflect.Value, o Options) ([]byte, error) {
	e := encoder{b: dst, o: o, l: o.Locate}
	if !e.object(p, v, nil, 0) {
		e.b = append(e.b, "{}"...)
	}
	if len(e.faults) > 0 {
		return dst, e.faults.Err()
	}
	return e.b, nil
}

// object writes the assigned attributes of v. It writes nothing and says false where there are none:
// the opening brace is the separator of the first member.
// only is the projection of the attribute the object is the value of, nil where all of it is written.
// lead, where it is not 0, is written before the object.
func (e *encoder) object(p *attr.Plan, v reflect.Value, only *Projection, lead byte) (written bool) {
	if p.Kind == attr.Resource && e.o.Mode == Response && !e.o.Select.Empty() && !p.Discovery {
		only = e.projection(p)
	}
	show, need := visible(p, e.o.Mode, e.o.Requested), &nothing
	if only != nil {
		show = &only.show
	}
	if e.depth++; e.depth > wire.MaxDepth {
		e.depth--
		if p.Assigned(v) {
			e.fault("", "is nested deeper than 64 levels, which no reader accepts")
		}
		return false
	}
	around := e.whole
	e.whole = inside(p, around)
	if e.o.Mode == Response {
		need = demanded(p, Response, e.whole)
	}
	b := e.b // a store to e would cost a write barrier each time
	start := len(b)
	if lead != 0 {
		b = append(b, lead)
	}
	sep := byte('{')
	var outer resource
	var at int           // where the list of schemas ends
	var present attr.Set // extensions that have been written
	switch p.Kind {
	case attr.Complex, attr.Extension:
	case attr.Resource:
		outer, e.host = e.host, resource{p, v}
		if p.Schemas != nil {
			b = append(b, `{"schemas":["`...)
			b = append(b, p.URN...)
			b = append(b, `"]`...)
			at = len(b) - 1
			sep = ','
		}
	case attr.Message:
		b = append(b, `{"schemas":["`...)
		b = append(b, p.URN...)
		b = append(b, `"]`...)
		sep = ','
	}
	var lack attr.Set
	fields := attr.In(v)
	for _, a := range p.Attributes {
		if !show.Has(a.Bit) || a == p.Schemas {
			continue
		}
		f := fields.Of(a)
		if a.Text && e.l == nil { // most attributes are strings: spare them the way through attribute
			if s := f.String(); s != "" {
				b = wire.AppendMember(b, sep, a.Key, s)
				sep = ','
			} else if need.Has(a.Bit) {
				lack.Add(a.Bit)
			}
			continue
		}
		if unassigned(p, a, f) {
			if need.Has(a.Bit) {
				lack.Add(a.Bit)
			}
			continue
		}
		mark := len(b)
		b = append(b, a.Key...)
		b[mark] = sep
		faults := len(e.faults)
		e.b = b
		written := e.attribute(p, a, v, f, only)
		b = e.b
		if written {
			sep = ','
			if a.IsExtension() {
				present.Add(a.Bit)
			}
		} else {
			b = b[:mark]
			if need.Has(a.Bit) && len(e.faults) == faults {
				lack.Add(a.Bit)
			}
		}
		for k := faults; k < len(e.faults); k++ {
			e.faults[k].Path = join(a, e.faults[k].Path)
		}
	}
	if p.Kind == attr.Resource {
		if e.o.Mode == Response {
			for _, f := range commonFaults(p, v) {
				f.Status, f.Type = 500, ""
				e.faults = append(e.faults, f)
			}
		}
		e.host = outer
		if at > 0 && !present.Empty() {
			b = insertSchemas(b, p, at, present)
		}
	}
	e.whole = around
	e.depth--
	if sep == '{' && p.Kind == attr.Complex { // nothing there, so nothing is missing
		e.b = b[:start]
		return false
	}
	if !lack.Empty() {
		for _, a := range p.Attributes {
			if lack.Has(a.Bit) {
				e.fault(a.Name, missingHere(a))
			}
		}
	}
	if sep == '{' {
		e.b = b[:start]
		return false
	}
	b = append(b, '}')
	e.b = b
	return true
}

// projection is what the client's selection means for a resource type; in a list all members of a type share it.
func (e *encoder) projection(p *attr.Plan) *Projection {
	if e.plan != p {
		e.plan, e.only = p, projection(p, e.o.Select, projector{e.o.Mode, e.o.Requested, e.o.Accepts(opt.UnqualifiedExtension), nil})
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

// attribute writes the value of a, which lies in f, a field of v, and says whether there was one.
func (e *encoder) attribute(p *attr.Plan, a *attr.Attribute, v, f reflect.Value, only *Projection) bool {
	if a.MultiValued {
		return e.list(p, a, f, only.below(a))
	}
	if a.Text { // with a locator: without one object has written it
		s := f.String()
		if e.l != nil && (a == p.Ref || e.host.p != nil && p == e.host.p.MetaPlan()) {
			return e.located(p, a, v, s)
		}
		if s == "" {
			return false
		}
		e.b = wire.AppendString(e.b, s)
		return true
	}
	switch {
	case a.Pointer:
		f = f.Elem()
	case a.Omit && a.Op != attr.OpStruct && f.IsZero(), a.Sub != nil && a.Sub.Plainly && !a.Required && f.IsZero():
		return false
	}
	if p.Kind == attr.Message && a.Op == attr.OpInt {
		return e.count(p, a, v, f.Int())
	}
	return e.value(a, f, only.below(a))
}

// value writes one value of type a.Elem.
func (e *encoder) value(a *attr.Attribute, f reflect.Value, only *Projection) bool {
	switch a.Op {
	case attr.OpString:
		if f.Len() == 0 && e.o.Mode == Content { // in a list; read again it is unassigned (RFC 7643 section 2.5)
			return false
		}
		e.b = wire.AppendString(e.b, f.String())
	case attr.OpBool:
		e.b = strconv.AppendBool(e.b, f.Bool())
	case attr.OpInt:
		e.b = strconv.AppendInt(e.b, f.Int(), 10)
	case attr.OpUint:
		e.b = strconv.AppendUint(e.b, f.Uint(), 10)
	case attr.OpFloat:
		return e.float(f.Float(), f.Type().Bits())
	case attr.OpTime:
		return e.time(f)
	case attr.OpBytes:
		if f.Len() == 0 {
			return false
		}
		e.b = wire.AppendBinary(e.b, f.Bytes())
	case attr.OpStruct:
		return e.object(a.Sub, f, only, 0)
	case attr.OpRaw:
		return e.raw(f.Bytes())
	case attr.OpAny:
		return e.any(f)
	}
	return true
}

func (e *encoder) time(f reflect.Value) bool {
	t := attr.Time(f)
	if t.IsZero() {
		return false
	}
	if e.o.Mode == Content { // one instant, one version
		t = t.UTC()
	}
	b, ok := wire.AppendTime(e.b, t)
	if !ok {
		e.fault("", "is a time that xsd:dateTime cannot express")
		return false
	}
	e.b = b
	return true
}

// float writes a number as encoding/json does: the shortest text that reads back the same.
func (e *encoder) float(x float64, bits int) bool {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		e.fault("", "is no number that JSON can hold")
		return false
	}
	if x == 0 && e.o.Mode == Content {
		x = 0 // not -0
	}
	format := byte('f')
	if abs := math.Abs(x); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	e.b = strconv.AppendFloat(e.b, x, format, -1, bits)
	return true
}

// list writes a multi-valued attribute; an empty one is unassigned, but in a message.
func (e *encoder) list(p *attr.Plan, a *attr.Attribute, f reflect.Value, only *Projection) bool {
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
		faults := len(e.faults)
		if a.Op == attr.OpStruct {
			if e.object(a.Sub, v, only, sep) {
				sep = ','
			}
		} else {
			mark := len(e.b)
			e.b = append(e.b, sep)
			if e.value(a, v, only) {
				sep = ','
			} else {
				e.b = e.b[:mark]
			}
		}
		for k := faults; k < len(e.faults); k++ {
			e.faults[k].Path = at(i, e.faults[k].Path)
		}
	}
	e.depth--
	if sep == '[' {
		if p.Kind != attr.Message || a.Omit && (a.Name != "Resources" || p.URN != listURN) {
			return false
		}
		e.b = append(e.b, '[')
	}
	e.b = append(e.b, ']')
	return true
}

// count writes a number of a message. In a ListResponse a negative totalResults stands for one that is not known
// (RFC 9865 section 2), and itemsPerPage is what the page holds.
func (e *encoder) count(p *attr.Plan, a *attr.Attribute, v reflect.Value, n int64) bool {
	if p.URN == listURN {
		switch a.Name {
		case "totalResults":
			if n < 0 {
				return false
			}
		case "itemsPerPage":
			n = int64(p.Lookup("Resources").Of(v).Len())
		}
	}
	e.b = strconv.AppendInt(e.b, n, 10)
	return true
}

// raw writes JSON that the application holds ready, after a look at its syntax.
func (e *encoder) raw(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	var names wire.Names
	s := string(b)
	i := wire.Space(s, 0)
	if i == len(s) {
		return false
	}
	end, err := wire.Skip(s, i, 0, &names)
	if err == nil && wire.Space(s, end) < len(s) {
		err = trailing(end)
	}
	if err != nil {
		e.fault("", "is not valid JSON: "+err.Msg)
		return false
	}
	e.b = append(e.b, s[i:end]...)
	return true
}

// any writes a value whose type is only known now: a resource in a mixed list, or the value of a PATCH operation.
func (e *encoder) any(f reflect.Value) bool {
	for f.Kind() == reflect.Interface || f.Kind() == reflect.Pointer {
		if f.IsNil() {
			return false
		}
		f = f.Elem()
	}
	switch x := f.Interface().(type) {
	case json.RawMessage:
		return e.raw(x)
	case json.Number:
		if x == "" {
			return false
		}
		if c := x[0]; c != '-' && (c < '0' || c > '9') {
			e.fault("", "is no number")
			return false
		}
		return e.raw([]byte(x))
	case []byte:
		e.b = wire.AppendBinary(e.b, x)
		return true
	case time.Time:
		return e.time(f)
	}
	switch f.Kind() {
	case reflect.Struct:
		p, err := attr.Compile(f.Type())
		if err != nil {
			e.fault("", "has a type that is no SCIM value: "+err.Error())
			return false
		}
		return e.object(p, f, nil, 0)
	case reflect.Slice:
		sep := byte('[')
		e.b = append(e.b, sep)
		for i := range f.Len() {
			mark := len(e.b)
			if i > 0 && e.b[len(e.b)-1] != '[' {
				e.b = append(e.b, ',')
			}
			if !e.any(f.Index(i)) {
				e.b = e.b[:mark]
			}
		}
		e.b = append(e.b, ']')
		return true
	case reflect.String:
		e.b = wire.AppendString(e.b, f.String())
		return true
	case reflect.Bool:
		e.b = strconv.AppendBool(e.b, f.Bool())
		return true
	case reflect.Float32, reflect.Float64:
		return e.float(f.Float(), f.Type().Bits())
	default:
		return e.whole64(f)
	}
}

// whole64 writes an integer of any size.
func (e *encoder) whole64(f reflect.Value) bool {
	switch {
	case f.CanInt():
		e.b = strconv.AppendInt(e.b, f.Int(), 10)
	case f.CanUint():
		e.b = strconv.AppendUint(e.b, f.Uint(), 10)
	default:
		e.fault("", "has the type "+f.Type().String()+", which is no SCIM value")
		return false
	}
	return true
}
