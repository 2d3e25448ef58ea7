package modify

import (
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/rule"
)

// MostOperations is how many operations a PATCH may have, before and after they are split by attribute.
const MostOperations = 10_000

// Normal brings the operations of a PATCH of a resource type into normal form. The faults are all there are, up to
// [codec.MaxFaults].
func Normal(p *attr.Plan, ops []Operation, o Options) ([]Change, errors.List) {
	n := &normalizer{p: p, o: &o, changes: make([]Change, 0, len(ops))}
	if p.Rules {
		rule.Check(p)
		n.rule = rule.Apply
	}
	for i, op := range ops {
		n.index, n.several = i, len(ops) > 1
		n.operation(op)
		if len(n.faults) >= codec.MaxFaults {
			n.faults = n.faults[:codec.MaxFaults]
			break
		}
	}
	return n.changes, n.faults
}

type normalizer struct {
	p       *attr.Plan
	o       *Options
	rule    codec.Rule // nil: the type has no validate tags
	values  *codec.Values
	changes []Change
	faults  errors.List
	index   int // of the operation
	several bool
}

// fault notes a fault of the attribute at path.
func (n *normalizer) fault(path string, err *errors.Error) {
	err.Path = path
	n.faults = append(n.faults, err)
	if n.several && !strings.HasPrefix(path, "Operations[") {
		err.Detail += Within(n.index)
	}
}

// Within says at the end of an error in which of several operations it is.
func Within(i int) string { return " (" + position(i) + ")" }

// position names an operation in an error.
func position(i int) string { return "Operations[" + strconv.Itoa(i) + "]" }

func (n *normalizer) refuse(path string, kind errors.Type, detail string) {
	n.fault(path, &errors.Error{Status: kind.Status(), Type: kind, Detail: detail})
}

// member notes a fault of a member of the operation.
func (n *normalizer) member(name string, err *errors.Error) {
	err.Path = position(n.index) + "." + name
	n.faults = append(n.faults, err)
}

// repaired reports the use of a tolerance.
func (n *normalizer) repaired(rule opt.Tolerance, t *Target, v value) {
	if n.o.Repaired != nil {
		n.o.Repaired(rule, t.Path, v.shown(t))
	}
}

func (n *normalizer) emit(c Change) {
	if len(n.changes) == MostOperations {
		n.member("value", errors.Status(http.StatusRequestEntityTooLarge, "takes the PATCH beyond %d changes; send several requests", MostOperations))
		return
	}
	c.Index = n.index
	n.changes = append(n.changes, c)
}

func (n *normalizer) operation(o Operation) {
	op := Op(strings.ToLower(o.Op)) // AMB-09
	if op != Add && op != Remove && op != Replace {
		n.member("op", errors.New(errors.InvalidSyntax, "must be add, remove or replace, not %s", clip(o.Op)))
		return
	}
	v, err := n.value(o.Value)
	if err != nil {
		n.member("value", err)
		return
	}
	t := Target{Owner: n.p}
	if o.Path != "" {
		if t, err = Resolve(n.p, o.Path, &n.o.Settings); err != nil {
			n.member("path", err)
			return
		}
	}
	if t.Attr == nil && t.Way == nil {
		n.pathless(op, v)
		return
	}
	n.target(op, t, v, o.Miss)
}

// target is one operation on what its path leads to.
func (n *normalizer) target(op Op, t Target, v value, miss Miss) {
	switch {
	case t.Attr != nil && t.Attr == n.p.Schemas && op == Remove && t.Match != nil:
		n.schemasMatching(t.Match)
	case t.Attr != nil && t.Attr == n.p.Schemas:
		n.schemas(op, v)
	case op == Remove:
		n.remove(t, v, miss)
	case v.none():
		n.refuse(t.Path, errors.InvalidValue, "needs a value; only a remove can do without")
	case t.ReadOnly():
		n.readOnly(op, t, v)
	case n.unassigns(&t, v):
		n.unassign(op, t, miss)
	case t.Attr == nil:
		n.extension(op, &t, v)
	default:
		n.set(op, t, v, miss)
	}
}

// readOnly keeps what a client says of a value that it may not change: AMB-11. Only the stored resource can tell
// whether it is right.
func (n *normalizer) readOnly(op Op, t Target, v value) {
	if !n.o.Accepts(opt.SameReadOnly) {
		n.refuse(t.Path, errors.Mutability, "is readOnly and cannot be changed")
		return
	}
	n.repaired(opt.SameReadOnly, &t, v)
	c := Change{Op: op, Target: t, Value: t.zero()}
	if !v.isNullOf(&t) && v.text != `""` {
		read, ok := n.read(codec.Compare, &t, v, true)
		if !ok {
			return
		}
		c.Value = read.v
	}
	n.emit(c)
}

// unassigns says whether a value stands for none: absent, null, "" and, of a list, [] are one state (RFC 7643 section 2.5).
func (n *normalizer) unassigns(t *Target, v value) bool {
	if v.isNullOf(t) {
		return true
	}
	if a := t.last(); v.text == `""` && a != nil && (a.Op != attr.OpString || !t.single()) && n.o.Accepts(opt.EmptyStrings) {
		n.repaired(opt.EmptyStrings, t, value{})
		return true
	}
	return false
}

// unassign is an operation whose value is none: add adds nothing (RFC 7644 section 3.5.2.1), replace clears.
func (n *normalizer) unassign(op Op, t Target, miss Miss) {
	switch {
	case op == Add:
	case t.required():
		n.refuse(t.Path, errors.InvalidValue, "is required and cannot be unassigned")
	case t.Expr != nil:
		n.emit(Change{Op: Remove, Target: t, Miss: n.onMiss(Remove, &t, miss)})
	default:
		n.emit(Change{Op: Remove, Target: t})
	}
}

// onMiss decides what happens when a filter matches nothing: AMB-12 and AMB-16.
func (n *normalizer) onMiss(op Op, t *Target, written Miss) Miss {
	switch {
	case t.Expr == nil:
		return MissRFC
	case written != MissRFC: // somebody has decided already
		return written
	case !n.o.Document: // and so has who writes an operation in Go
		return MissRFC
	case op == Remove && n.o.Accepts(opt.IgnoreOnMiss):
		return MissIgnore
	case op == Remove:
		return MissError
	case (op == Add || t.Sub != nil) && n.o.Accepts(opt.CreateOnMiss) && creatable(t.Attr, t.Expr):
		return MissCreate
	}
	return MissRFC
}

// set is an add or replace of a value.
func (n *normalizer) set(op Op, t Target, v value, miss Miss) {
	a := t.last()
	mode := codec.Patch
	if a.Op == attr.OpStruct && t.single() && (op == Add || t.Expr == nil) { // AMB-13, and single complex values
		mode = codec.Merge
	}
	switch {
	case mode == codec.Merge && a.Sub.Plainly && v.isObject(): // unassigned and zero look the same in such a struct
		n.parts(op, &t, v, miss)
		return
	case t.Expr != nil && t.Sub == nil && a.Op == attr.OpStruct && a.Sub.Value != nil && v.isString() && n.o.Accepts(opt.BareValue):
		// The value of the elements, not elements without anything else.
		n.repaired(opt.BareValue, &t, v)
		n.target(op, t.part(a.Sub.Value), v, miss)
		return
	}
	read, ok := n.read(mode, &t, v, op == Add)
	if !ok {
		return
	}
	if op == Replace {
		for _, sub := range read.parts(a) {
			n.unassign(op, t.part(sub), miss)
		}
	}
	switch {
	case read.stored:
		n.emit(Change{Op: op, Target: t, Value: read.v, Miss: n.onMiss(op, &t, miss)})
	case mode == codec.Merge || op == Add: // nothing to merge or to add
	case a.Op == attr.OpStruct: // to take it for null would clear what nobody meant to clear
		n.refuse(t.Path, errors.InvalidValue, "has no value that the schema knows; null unassigns")
	default:
		n.unassign(op, t, miss)
	}
}

// parts splits an operation on a complex value by its parts. One that the filter of the path names comes last: the elements
// are others once it has changed.
func (n *normalizer) parts(op Op, t *Target, v value, miss Miss) {
	var last *attr.Attribute
	var lastText codec.Text
	for name, text := range v.text.Members {
		sub := t.last().Sub.Lookup(name)
		switch {
		case sub == nil:
			n.unknownPart(t, name)
		case sub.Mutability == attr.ReadOnly: // ignored inside a value
		case last != nil && names(t.Expr, sub.Name):
			n.refuse(t.Path, errors.InvalidValue, "sets two sub-attributes that the filter asks for; that takes an operation for each")
			return
		case names(t.Expr, sub.Name):
			last, lastText = sub, text
		default:
			n.target(op, t.part(sub), value{text: text}, miss)
		}
	}
	if last != nil {
		n.target(op, t.part(last), value{text: lastText}, miss)
	}
}

// names says whether a filter on elements has a sub-attribute in it.
func names(e filter.Expression, sub string) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return names(e.Left, sub) || names(e.Right, sub)
	case *filter.NotExpression:
		return names(e.Expression, sub)
	case *filter.AttributeExpression:
		return e.AttributePath.AttributeName == sub
	}
	return false
}

// unknownPart is a sub-attribute that the schema lacks: AMB-03.
func (n *normalizer) unknownPart(t *Target, name string) {
	at := Target{Path: codec.Below(t.Path, clipped(name))}
	if n.o.RejectUnknown || !n.o.Accepts(opt.UnknownSubAttributes) {
		n.refuse(at.Path, errors.InvalidSyntax, t.last().Sub.LacksPart(name))
		return
	}
	n.repaired(opt.UnknownSubAttributes, &at, value{})
}

// read brings a value into the Go type of the target. lone says that one value is as good as a list of one.
func (n *normalizer) read(mode codec.Mode, t *Target, v value, lone bool) (r reading, ok bool) {
	a, p := t.last(), t.plan()
	if v.text == "" {
		if r.v, ok = convert(a, t.single(), v.goes); !ok {
			text, err := marshal(v.goes)
			if err != nil {
				n.fault(t.Path, err)
				return r, false
			}
			v.text = text
		}
	}
	var faults errors.List
	switch {
	case v.text != "":
		if n.values == nil {
			size := n.o.Size
			if !n.o.Document { // a program is not hostile, and may have long lists of small elements
				size = math.MaxInt / 16
			}
			n.values = codec.NewValues(size, codec.Options{Settings: n.o.Settings, Rule: n.rule})
		}
		var got codec.Value
		if t.single() {
			r.v = reflect.New(a.Elem).Elem()
			got = n.values.One(mode, a, r.v, v.text, t.where())
		} else {
			r.v = reflect.New(a.Slice).Elem()
			got = n.values.List(mode, p, a, r.v, v.text, lone, t.where())
		}
		r.cleared, faults = got.Cleared, got.Faults
		r.stored = got.Stored && assigned(a, t.single(), r.v) // the year 1 is no time in Go
	default:
		if mode != codec.Compare {
			r.v = withoutReadOnly(a, r.v)
		}
		if r.stored = assigned(a, t.single(), r.v); r.stored {
			faults = codec.CheckValue(a, r.v, t.single(), t.where(), codec.Options{Settings: n.o.Settings, Mode: mode, Rule: n.rule})
		}
	}
	if len(faults) == 0 && r.stored && n.rule != nil && a.Validate != "" && !a.MultiValued && mode != codec.Compare {
		if err := n.rule(a, r.v); err != nil { // that of a list concerns the list as it becomes
			err.Path = codec.Below(t.Path, err.Path)
			faults = errors.List{err}
		}
	}
	for _, f := range faults {
		n.fault(f.Path, f)
	}
	return r, len(faults) == 0
}

// reading is a value in its Go type.
type reading struct {
	v       reflect.Value
	stored  bool
	cleared attr.Set
}

// parts are the parts that the value names without a value.
func (r *reading) parts(a *attr.Attribute) (cleared []*attr.Attribute) {
	if r.cleared.Empty() {
		return nil
	}
	for _, sub := range a.Sub.Attributes {
		if r.cleared.Has(sub.Bit) {
			cleared = append(cleared, sub)
		}
	}
	return cleared
}
