package codec

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// Text is JSON that has been found well-formed and is read later: the value of a PATCH operation, whose type follows from
// the operation's path.
type Text string

// later says whether the value of an attribute stays a [Text].
func (d *decoder) later(a *attr.Attribute) bool { return d.o.Mode == Patch && a.Op == attr.OpAny }

// TextOf makes a Text of JSON, if it is well-formed.
func TextOf(s string) (Text, bool) {
	var names wire.Names
	i := wire.Space(s, 0)
	if i == len(s) {
		return "", false
	}
	end, err := wire.Skip(s, i, 0, &names)
	if err != nil || wire.Space(s, end) < len(s) {
		return "", false
	}
	return Text(s[i:end]), true
}

// Members calls yield with each member of an object, until it says false.
func (t Text) Members(yield func(name string, value Text) bool) {
	s := string(t)
	var names wire.Names
	for i := wire.Space(s, 1); i < len(s) && s[i] == '"'; {
		end, clean, err := wire.String(s, i)
		if err != nil {
			return
		}
		name := s[i+1 : end-1]
		if !clean {
			name = wire.Unquote(name)
		}
		start := wire.Space(s, wire.Space(s, end)+1) // behind the colon
		if end, err = wire.Skip(s, start, 0, &names); err != nil || !yield(name, Text(s[start:end])) {
			return
		}
		i = wire.Space(s, wire.Space(s, end)+1) // behind the comma
	}
}

// kind says what the text is, as errors put it.
func (t Text) kind() string {
	switch t[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// Shown says what the text is, as errors put it, and shows it, shortened, unless it may be secret: the string "yes", the number 17.
func (t Text) Shown(secret bool) string {
	kind := t.kind()
	switch c := t[0]; {
	case secret, c == '{', c == '[', c == 'n':
		return kind
	case c == '"':
		return "the string " + clip(wire.Unquote(string(t[1:len(t)-1])))
	}
	return "the" + kind[1:] + " " + clipped(string(t))
}

// Values reads the values of the operations of one PATCH.
type Values struct{ d decoder }

// NewValues prepares to read values out of a document of that many bytes.
func NewValues(size int, o Options) *Values {
	return &Values{decoder{limit: spendLimit(size), o: o}}
}

// Value is what has been read.
type Value struct {
	Stored  bool     // there is a value
	Cleared attr.Set // in Merge mode: the parts that are named and have none
	Faults  errors.List
}

// Where is the place of a value.
type Where struct {
	Path   string // where faults say they are
	Secret bool   // the value must not be shown
}

// List reads the values of a multi-valued attribute into f, a slice. lone says that one value is as good as a list of one
// (RFC 7644 section 3.5.2.1).
func (r *Values) List(m Mode, p *attr.Plan, a *attr.Attribute, f reflect.Value, text Text, lone bool, at Where) Value {
	return r.read(m, text, at, func(d *decoder) (stored, ok bool) {
		if !lone || text[0] == '[' {
			return d.list(p, a, f)
		}
		f.Grow(1)
		f.SetLen(1)
		if stored, ok = d.single(a, f.Index(0)); !stored {
			f.SetZero()
		}
		return stored, ok
	})
}

// One reads one value into f, which has the type of one value without pointer.
func (r *Values) One(m Mode, a *attr.Attribute, f reflect.Value, text Text, at Where) Value {
	return r.read(m, text, at, func(d *decoder) (stored, ok bool) { return d.value(a, f) })
}

func (r *Values) read(m Mode, text Text, where Where, read func(d *decoder) (stored, ok bool)) (v Value) {
	d := &r.d
	d.s, d.i, d.depth = string(text), 0, 0
	d.notes, d.faults, d.syntax, d.cleared = d.notes[:0], 0, nil, attr.Set{}
	d.o.Mode, d.secret = m, where.Secret
	v.Stored, _ = read(d)
	v.Cleared = d.cleared
	if d.syntax != nil {
		v.Faults = append(v.Faults, d.syntax)
		return v
	}
	for _, n := range d.notes {
		at := Below(where.Path, n.path)
		switch {
		case n.err != nil:
			n.err.Path = at
			v.Faults = append(v.Faults, n.err)
		case n.null:
			d.o.Null(at)
		case d.o.Repaired != nil:
			d.o.Repaired(n.rule, at, n.got)
		}
	}
	return v
}

// Named is how an error tells the name of a member that p does not know: without the filter behind the name of a secret.
func Named(p *attr.Plan, name string) string {
	if head, _, filtered := strings.Cut(name, "["); filtered {
		if steps, _ := p.Find(head); slices.ContainsFunc(steps, (*attr.Attribute).Hides) {
			name = head
		}
	}
	return name
}

// Below puts a path before the path of a part.
func Below(path, part string) string {
	switch {
	case part == "":
		return path
	case part[0] == '[':
		return path + part
	}
	return path + "." + part
}

// Got is how a report may tell what was sent.
func (t Text) Got(secret bool) string {
	if secret {
		return masked
	}
	return clipped(strings.Trim(string(t), `"`))
}

// CheckValue applies the rules of a mode to a value of an attribute that does not come from a document: to its list of
// values or, where one says so, to one of them. Its own validate tag is left to the caller.
func CheckValue(a *attr.Attribute, f reflect.Value, one bool, at Where, o Options) errors.List {
	c := checker{o: o, secret: at.Secret}
	if one {
		c.value(a, f)
	} else {
		c.list(a, f, nil)
	}
	for _, err := range c.faults {
		err.Path = Below(at.Path, err.Path)
	}
	return c.faults
}

// Empty says that the text is an array without elements.
func (t Text) Empty() bool {
	if t[0] != '[' {
		return false
	}
	i := wire.Space(string(t), 1)
	return i < len(t) && t[i] == ']'
}

// Literal writes a dateTime or binary value as the text a filter has for it.
func Literal(a *attr.Attribute, f reflect.Value) (text string, ok bool) {
	if a.Op == attr.OpBytes {
		return unquoted(wire.AppendBinary(nil, f.Bytes())), true
	}
	b, ok := wire.AppendTime(nil, attr.Time(f))
	return unquoted(b), ok
}

func unquoted(b []byte) string { return strings.Trim(string(b), `"`) }

// SetLiteral sets a field to the value that a filter compares the attribute with, and says whether it fits.
func SetLiteral(a *attr.Attribute, f reflect.Value, v any) (ok bool) {
	var text []byte
	switch v := v.(type) {
	case string:
		text = wire.AppendString(nil, v)
	case bool:
		text = strconv.AppendBool(nil, v)
	case json.Number:
		text = []byte(v)
	default:
		return false
	}
	d := decoder{s: string(text), limit: spendLimit(len(text)), o: Options{Mode: Merge}}
	stored, _ := d.single(a, f)
	return stored && d.faults == 0 && d.syntax == nil
}
