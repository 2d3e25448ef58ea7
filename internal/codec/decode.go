package codec

import (
	"reflect"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// MaxFaults is how many faults of one document are collected.
const MaxFaults = 100

// decoder reads one document. Faults of values are noted and reading goes on; a fault of syntax ends it at once.
type decoder struct {
	s      string // the document
	i      int    // the next byte
	depth  int
	spent  int // bytes taken for elements
	limit  int // of spent
	o      Options
	whole  bool // in a message or discovery document: see demanded
	secret bool // what is being read is never returned and must not be shown
	notes  []note
	stored *stored // what the next object replaces
	blank  bool    // the object just read, which replaces another, names nothing
	names  wire.Names
	syntax *errors.Error
	faults int

	cleared attr.Set // in Merge mode: the parts that are named and have no value
}

// note is a fault or a repair. Its path grows from the leaf to the root while the stack unwinds, so that
// a faultless document pays nothing for paths.
type note struct {
	path string
	err  *errors.Error // nil: a repair, or a null
	null bool          // the client set the attribute to null or []
	rule opt.Tolerance
	got  string
}

// Decode reads body into v, a settable struct of plan p, and returns all faults: nil, an *errors.Error or an errors.List.
// Strings of the result are slices of one copy of body.
func Decode(p *attr.Plan, v reflect.Value, body []byte, o Options) error {
	d := decoder{s: string(body), limit: spendLimit(len(body)), o: o}
	if o.Current.IsValid() {
		d.stored = &stored{v: o.Current}
	}
	d.document(p, v)
	if d.syntax != nil {
		return d.syntax
	}
	var list errors.List
	if len(d.notes) > 0 {
		list = d.faulty()
	}
	if o.Then != nil {
		list = append(list, o.Then(list)...)
	}
	return list.Err()
}

// faulty sorts the notes: it reports repairs and nulls and returns the faults.
func (d *decoder) faulty() (list errors.List) {
	for _, n := range d.notes {
		switch {
		case n.err != nil:
			n.err.Path = n.path
			list = append(list, n.err)
		case n.null:
			d.o.Null(n.path)
		case d.o.Repaired != nil:
			d.o.Repaired(n.rule, n.path, n.got)
		}
	}
	return list
}

func (d *decoder) document(p *attr.Plan, v reflect.Value) {
	d.i = wire.Space(d.s, 0)
	if d.i == len(d.s) {
		d.fail(&wire.SyntaxError{Offset: d.i, Msg: "expected an object, but the body is empty"})
		return
	}
	if d.s[d.i] != '{' {
		end, err := wire.Skip(d.s, d.i, 0, &d.names)
		if err != nil {
			d.fail(err)
			return
		}
		if end = wire.Space(d.s, end); end < len(d.s) {
			d.fail(trailing(end))
			return
		}
		d.syntax = errors.New(errors.InvalidSyntax, "the body must be a JSON object, not %s", Text(d.s[d.i:]).kind())
		return
	}
	if _, ok := d.object(p, v); !ok {
		return
	}
	if d.i = wire.Space(d.s, d.i); d.i < len(d.s) {
		d.fail(trailing(d.i))
	}
}

func trailing(at int) *wire.SyntaxError {
	return &wire.SyntaxError{Offset: at, Msg: "unexpected data after the document"}
}

// object reads the object at d.i into v. stored says whether any attribute was assigned: an object
// whose parts are all unassigned is itself unassigned (RFC 7643 section 2.5). ok is false when reading must end.
func (d *decoder) object(p *attr.Plan, v reflect.Value) (stored, ok bool) {
	if d.depth++; d.depth > wire.MaxDepth {
		return false, d.fail(&wire.SyntaxError{Offset: d.i, Msg: "nested deeper than 64 levels"})
	}
	// On the stack from the start: a store through a pointer to it would cost a write barrier.
	row := &table[d.o.Mode]
	o := members{fields: attr.In(v), passes: row.passes(p), refuses: row.refuses(p), mark: -1}
	if d.stored != nil {
		o.stored, d.stored = d.stored, nil
	}
	around := d.whole
	d.whole = inside(p, around)
	s := d.s
	i := wire.Space(s, d.i+1)
	if i < len(s) && s[i] == '}' {
		d.i = i + 1
	} else {
		next := 0
		for {
			// The members of most documents come in the schema's order and spelling: look for the expected name first.
			var a *attr.Attribute
			name := ""
			if next < len(p.Attributes) && strings.HasPrefix(s[i:], p.Attributes[next].Quoted) {
				a = p.Attributes[next]
				i += len(a.Quoted)
			} else {
				if i >= len(s) || s[i] != '"' {
					return false, d.fail(expected(s, i, "a member name"))
				}
				end, clean, err := wire.String(s, i)
				if err != nil {
					return false, d.fail(err)
				}
				if name = s[i+1 : end-1]; !clean {
					name = wire.Unquote(name)
				}
				a = p.Lookup(name)
				i = end
			}
			if i = wire.Space(s, i); i >= len(s) || s[i] != ':' {
				return false, d.fail(expected(s, i, "':'"))
			}
			d.i = wire.Space(s, i+1)
			if a == nil {
				ok = d.unknown(p, name, &o)
			} else {
				next = int(a.Bit) + 1
				ok = d.plainText(a, &o) || d.member(p, a, &o)
			}
			if !ok {
				return false, false
			}
			if i = wire.Space(s, d.i); i < len(s) && s[i] == ',' {
				i = wire.Space(s, i+1)
				continue
			}
			if i < len(s) && s[i] == '}' {
				d.i = i + 1
				break
			}
			return false, d.fail(expected(s, i, "',' or '}'"))
		}
	}
	if o.mark >= 0 {
		d.names.Close(o.mark)
	}
	d.depth--
	stored, ok = d.complete(p, v, &o)
	d.whole = around
	return stored, ok
}

// members is what is known of the members of one object.
type members struct {
	fields   attr.Fields
	seen     attr.Set  // named in the document
	blank    attr.Set  // of these, objects that replace others and name nothing: {}
	assigned attr.Set  // has a value, or a fault that stands for one
	faulty   attr.Set  // has a fault
	passes   *attr.Set // passed over
	refuses  *attr.Set // must not be there
	schemas  schemas
	stored   *stored // what the object replaces; nil when nothing is replaced
	opened   []*opened
	mark     int // of the unknown names; -1: none yet
}

// plainText reads a member that is a string without rules of its own, as most are. It leaves to member whatever is unusual.
func (d *decoder) plainText(a *attr.Attribute, o *members) (done bool) {
	i, bit := d.i, a.Bit
	if !a.Free || o.seen.Has(bit) || o.passes.Has(bit) || o.refuses.Has(bit) || i >= len(d.s) || d.s[i] != '"' || d.o.Owned || d.o.Require != 0 {
		return false
	}
	end, clean, err := wire.String(d.s, i)
	if err != nil || !clean || end == i+2 {
		return false
	}
	text := d.s[i+1 : end-1]
	if a.Type == attr.Reference && d.o.Mode != Storage && !isReference(text) {
		return false
	}
	o.seen.Add(bit)
	o.assigned.Add(bit)
	o.fields.Of(a).SetString(text)
	d.i = end
	return true
}

// member reads the value of a known attribute.
func (d *decoder) member(p *attr.Plan, a *attr.Attribute, o *members) (ok bool) {
	if o.seen.Has(a.Bit) {
		return d.fail(&wire.SyntaxError{Offset: d.i, Msg: "the member \"" + a.Name + "\" appears twice"})
	}
	o.seen.Add(a.Bit)
	switch {
	case a == p.Schemas:
		return d.schemas(p, o)
	case o.passes.Has(a.Bit):
		return d.skip()
	case o.refuses.Has(a.Bit):
		return d.refused(p, a, o.fields.Of(a))
	}
	n := len(d.notes)
	if o.stored != nil {
		d.stored = o.stored.of(a)
	}
	secret := d.secret
	d.secret = secret || p.Never.Has(a.Bit)
	stored, ok := d.attribute(p, a, o.fields.Of(a))
	if d.secret = secret; d.stored != nil {
		d.stored = nil
	}
	if d.blank {
		if d.blank = false; !a.MultiValued {
			o.blank.Add(a.Bit)
		}
	}
	if stored {
		o.assigned.Add(a.Bit)
	}
	for k := n; k < len(d.notes); k++ {
		d.notes[k].path = join(a, d.notes[k].path)
		if d.notes[k].err != nil {
			o.assigned.Add(a.Bit) // one fault is enough: do not call it missing as well
			o.faulty.Add(a.Bit)
		}
	}
	return ok && !d.full()
}

// refused reads an attribute that must not be there. Unassigned, it is not: RFC 7643 section 2.5.
func (d *decoder) refused(p *attr.Plan, a *attr.Attribute, f reflect.Value) (ok bool) {
	n, faults, secret := len(d.notes), d.faults, d.secret
	d.secret = true
	stored, ok := d.attribute(p, a, f)
	f.SetZero()
	there := stored || d.faults > faults
	d.notes, d.faults, d.secret = d.notes[:n], faults, secret
	if there && d.syntax == nil {
		d.note(errors.New(errors.InvalidValue, "must never be returned"))
		d.notes[n].path = a.Name
	}
	return (ok || d.syntax == nil) && !d.full()
}

// join puts an attribute's name before the path of a part of it.
func join(a *attr.Attribute, path string) string {
	switch {
	case path == "":
		return a.Name
	case path[0] == '[':
		return a.Name + path
	case a.IsExtension():
		return a.Name + ":" + path
	}
	return a.Name + "." + path
}

// unknown passes over a member the plan does not know.
func (d *decoder) unknown(p *attr.Plan, name string, o *members) (ok bool) {
	if o.mark < 0 {
		o.mark = d.names.Open()
	}
	dup, full := d.names.Add(o.mark, name)
	switch {
	case dup:
		return d.fail(&wire.SyntaxError{Offset: d.i, Msg: "the member " + clip(name) + " appears twice"})
	case full:
		return d.fail(&wire.SyntaxError{Offset: d.i, Msg: "an object has more than 1000 unknown members"})
	}
	if p.Kind == attr.Message && wire.Fold(name, "schemas") {
		return d.schemas(p, o)
	}
	if p.Kind == attr.Message || d.whole {
		if d.o.Strict && p.URN == doneURN && wire.Fold(name, "failOnErrors") { // RFC 7644 section 3.7
			d.note(errors.New(errors.InvalidSyntax, "is not part of a response"))
			d.notes[len(d.notes)-1].path = "failOnErrors"
		}
		return d.skip() && !d.full()
	}
	if steps, ok := d.path(p, name); ok {
		d.repaired(opt.PathKeys, "")
		if d.o.Repaired != nil {
			d.notes[len(d.notes)-1].path = clipped(Named(p, name))
		}
		return d.pathKey(p, steps, o)
	}
	n := len(d.notes)
	switch {
	case !d.o.Mode.request():
	case d.o.RejectUnknown && p.Kind != attr.Complex:
		d.note(errors.New(errors.InvalidSyntax, "%s", p.Lacks(name)))
	case d.o.Strict && p.Kind != attr.Complex && isPath(p, name): // AMB-22: to drop it would lose data
		d.note(errors.New(errors.InvalidSyntax, "is a path, not the name of an attribute; put a part into the object it belongs to"))
	case p.Kind == attr.Complex:
		if d.o.RejectUnknown || !d.o.Accepts(opt.UnknownSubAttributes) {
			d.note(errors.New(errors.InvalidSyntax, "%s", p.LacksPart(name)))
		} else {
			d.repaired(opt.UnknownSubAttributes, "")
		}
	}
	if len(d.notes) > n {
		d.notes[n].path = clipped(Named(p, name))
	}
	return d.skip() && !d.full()
}

// isPath says whether a name leads to a part of an attribute or, by its URN, to an attribute.
func isPath(p *attr.Plan, name string) bool {
	_, ok := p.Find(name)
	return ok && strings.ContainsAny(name, ".:")
}

// complete checks an object that has been read.
func (d *decoder) complete(p *attr.Plan, v reflect.Value, o *members) (stored, ok bool) {
	if o.opened != nil && !o.close(d) {
		return false, false
	}
	if d.o.Mode.request() && (p.Kind == attr.Resource || p.Kind == attr.Message) {
		d.undeclared(p, o)
	}
	if o.stored != nil {
		if named := o.seen.Minus(&o.blank); p.Kind != attr.Resource && o.assigned.Empty() && named.Empty() && o.opened == nil {
			d.blank = true // no value: RFC 7643 section 2.5. What stays of the one it replaces is said by keep
			return false, !d.full()
		}
		if cur := o.stored.pair(v); cur.IsValid() {
			d.merge(p, v, cur, o)
		}
	}
	stored = !o.assigned.Empty()
	if d.o.Mode == Merge {
		d.cleared = o.seen.Minus(&o.assigned)
		d.cleared = d.cleared.Minus(&p.ReadOnly)
	}
	switch p.Kind {
	case attr.Complex, attr.Extension:
	case attr.Resource:
		stored = true
		declare(p, v, o)
	case attr.Message:
		stored = true
	}
	if d.full() {
		return false, false
	}
	if !stored || d.o.Mode == Storage {
		return stored, true
	}
	need := demanded(p, d.o.Mode, d.whole)
	if missing := need.Minus(&o.assigned); !missing.Empty() {
		for _, a := range p.Attributes {
			if missing.Has(a.Bit) {
				d.note(errors.New(errors.InvalidValue, "%s", lacking(a, d.o.Mode)))
				d.notes[len(d.notes)-1].path = a.Name
				if d.full() {
					return false, false
				}
			}
		}
	}
	if d.o.Mode == Response && p.Kind == attr.Resource {
		d.common(p, v)
	}
	return stored, !d.full()
}

func lacking(a *attr.Attribute, m Mode) string {
	if m == Response && a.Returned == attr.Always {
		return "is missing; it must always be returned"
	}
	return "is required"
}

// common checks what RFC 7643 section 3.1 says of the common attributes in a response.
func (d *decoder) common(p *attr.Plan, v reflect.Value) {
	for _, f := range commonFaults(p, v) {
		d.note(f)
		d.notes[len(d.notes)-1].path = f.Path
	}
}

// commonFaults finds the faults of id and meta.version in a resource that a provider answers with.
func commonFaults(p *attr.Plan, v reflect.Value) errors.List {
	var list errors.List
	if p.ID != nil && strings.Contains(p.ID.Of(v).String(), "bulkId") {
		list = append(list, &errors.Error{Status: 400, Type: errors.InvalidValue, Path: "id", Detail: `must not contain "bulkId"`})
	}
	if a := p.Version; a != nil && strings.HasPrefix(a.Of(p.Meta.Of(v)).String(), `w/`) {
		list = append(list, &errors.Error{Status: 400, Type: errors.InvalidValue, Path: "meta.version", Detail: `a weak version begins with a capital W/`})
	}
	return list
}

// skip passes over a value nobody wants, checking its syntax.
func (d *decoder) skip() bool {
	end, err := wire.Skip(d.s, d.i, d.depth, &d.names)
	if err != nil {
		return d.fail(err)
	}
	d.i = end
	return true
}

// fail ends the reading with a syntax error.
func (d *decoder) fail(err *wire.SyntaxError) bool {
	d.syntax = errors.New(errors.InvalidSyntax, "the body is not valid JSON: %s at offset %d", err.Msg, err.Offset)
	return false
}

func (d *decoder) note(err *errors.Error) {
	d.faults++
	d.notes = append(d.notes, note{err: err})
}

// full says whether enough faults have been found.
func (d *decoder) full() bool { return d.faults >= MaxFaults }

// repaired notes that a tolerance was needed.
func (d *decoder) repaired(rule opt.Tolerance, got string) {
	if d.o.Repaired != nil && len(d.notes) < 2*MaxFaults {
		d.notes = append(d.notes, note{rule: rule, got: got})
	}
}

func expected(s string, i int, what string) *wire.SyntaxError {
	if i >= len(s) {
		return &wire.SyntaxError{Offset: len(s), Msg: "unexpected end of the document, expected " + what}
	}
	return &wire.SyntaxError{Offset: i, Msg: "expected " + what}
}

// clipped shortens what a client sent before it goes into an error or a report.
func clipped(s string) string { return wire.Clip(s, 64) }

func clip(s string) string { return `"` + clipped(s) + `"` }
