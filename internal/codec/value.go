package codec

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// attribute reads the value of a into its field f.
func (d *decoder) attribute(p *attr.Plan, a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	if d.i >= len(d.s) {
		return false, d.fail(expected(d.s, d.i, "a value"))
	}
	if d.s[d.i] == 'n' && (a.Op != attr.OpRaw && !d.later(a) || a.MultiValued) { // absent, null and [] are one state: RFC 7643 section 2.5
		d.null()
		return false, d.literal("null")
	}
	if a.MultiValued {
		stored, ok = d.list(p, a, f)
	} else {
		stored, ok = d.single(a, f)
	}
	if stored && ok && d.o.Rule != nil && a.Validate != "" {
		if err := d.o.Rule(a, f); err != nil {
			d.note(err)
			d.notes[len(d.notes)-1].path = err.Path
		}
	}
	return stored, ok
}

// null notes that the client has unassigned an attribute by name.
func (d *decoder) null() {
	if d.o.Null != nil && len(d.notes) < 2*MaxFaults {
		d.notes = append(d.notes, note{null: true})
	}
}

func (d *decoder) literal(word string) bool {
	end, err := wire.Literal(d.s, d.i, word)
	if err != nil {
		return d.fail(err)
	}
	d.i = end
	return true
}

// single reads one value into f, a field of type a.Elem or a pointer to it.
func (d *decoder) single(a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	if !a.Pointer {
		return d.value(a, f)
	}
	if a.Op == attr.OpStruct && !d.spend(int(a.Elem.Size())) {
		return false, false
	}
	q := reflect.New(a.Elem)
	if stored, ok = d.value(a, q.Elem()); stored {
		f.Set(q)
	}
	return stored, ok
}

// value reads one value of type a.Elem. A value of the wrong type is noted and passed over.
func (d *decoder) value(a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	c := d.s[d.i]
	if c == '"' && a.Op != attr.OpString && a.Op != attr.OpRaw && a.Op != attr.OpAny {
		return d.text(a, f)
	}
	switch a.Op {
	case attr.OpString:
		if c != '"' {
			if c == '{' && d.whole && a.Name == "status" && !d.o.Mode.request() {
				return d.code(f)
			}
			return d.mismatch(a, "a string")
		}
		return d.string(a, f)
	case attr.OpBool:
		switch c {
		case 't':
			f.SetBool(true)
			return true, d.literal("true")
		case 'f':
			f.SetBool(false)
			return true, d.literal("false")
		}
		return d.mismatch(a, "true or false")
	case attr.OpInt, attr.OpUint, attr.OpFloat:
		if c != '-' && (c < '0' || c > '9') {
			return d.mismatch(a, number(a))
		}
		return d.number(a, f)
	case attr.OpStruct:
		if c != '{' {
			return d.mismatch(a, "an object")
		}
		return d.object(a.Sub, f)
	case attr.OpRaw, attr.OpAny:
		start := d.i
		if !d.skip() {
			return false, false
		}
		if d.later(a) {
			f.Set(reflect.ValueOf(Text(d.s[start:d.i])))
			return true, true
		}
		if !d.spend(d.i - start + 16) {
			return false, false
		}
		raw := json.RawMessage(strings.Clone(d.s[start:d.i]))
		if a.Op == attr.OpRaw {
			f.SetBytes(raw)
		} else {
			f.Set(reflect.ValueOf(raw))
		}
		return true, true
	default: // dateTime and binary are strings
		return d.mismatch(a, "a string")
	}
}

// code reads the status of a bulk operation as RFC 7644 section 3.7.2 prints it: {"code": "201"} (AMB-49).
func (d *decoder) code(f reflect.Value) (stored, ok bool) {
	var status struct {
		Code string `json:"code"`
	}
	v := reflect.ValueOf(&status).Elem()
	_, ok = d.object(attr.Of(v.Type()), v)
	f.SetString(status.Code)
	return status.Code != "", ok
}

// mismatch notes that the value of an attribute has the wrong type.
func (d *decoder) mismatch(a *attr.Attribute, want string) (stored, ok bool) {
	return d.wrong(errors.InvalidValue, a, want)
}

// malformed is mismatch where the form of a message is wrong, rather than a value. a is nil for schemas.
func (d *decoder) malformed(a *attr.Attribute, want string) (ok bool) {
	_, ok = d.wrong(errors.InvalidSyntax, a, want)
	return ok
}

func (d *decoder) wrong(kind errors.Type, a *attr.Attribute, want string) (stored, ok bool) {
	start := d.i
	if !d.skip() {
		return false, false
	}
	secret := d.secret || a != nil && a.Hides()
	d.note(errors.New(kind, "must be %s, not %s", want, Text(d.s[start:d.i]).Shown(secret)))
	return false, !d.full()
}

func number(a *attr.Attribute) string {
	if a.Op == attr.OpFloat {
		return "a number"
	}
	return "an integer"
}

// read scans the string at d.i.
func (d *decoder) read() (text string, ok bool) {
	end, clean, err := wire.String(d.s, d.i)
	if err != nil {
		return "", d.fail(err)
	}
	text = d.s[d.i+1 : end-1]
	d.i = end
	if !clean {
		return wire.Unquote(text), true
	}
	if d.o.Owned {
		text = strings.Clone(text)
	}
	return text, true
}

// string reads a string or reference. The empty string is the unassigned state of a Go string.
func (d *decoder) string(a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	text, ok := d.read()
	if !ok {
		return false, false
	}
	if text == "" {
		if d.o.Mode == Patch && d.whole && a.Name == "path" { // which differs from none
			d.note(errors.New(errors.InvalidPath, "is empty; leave it out to change the resource itself"))
			return false, true
		}
		if a.Common && a.Name == "externalId" && d.o.Mode.request() { // RFC 7643 section 3.1: not empty when present
			if !d.o.Accepts(opt.EmptyStrings) {
				d.note(errors.New(errors.InvalidValue, "must not be empty"))
				return false, true
			}
			d.repaired(opt.EmptyStrings, "")
		}
		return a.Pointer && d.whole, true // in a message "" differs from nothing: an empty cursor asks for the first page
	}
	if d.o.Mode != Storage {
		if err := checkText(a, text, d.secret, &d.o); err != nil {
			d.note(err)
			return false, true
		}
	}
	f.SetString(text)
	return true, true
}

// text reads a string where the attribute is of another type: dateTime and binary are written as strings,
// and some clients send booleans and complex values as such.
func (d *decoder) text(a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	start := d.i
	text, ok := d.read()
	if !ok {
		return false, false
	}
	if text == "" && d.o.Accepts(opt.EmptyStrings) {
		d.repaired(opt.EmptyStrings, "")
		return false, true
	}
	switch a.Op {
	case attr.OpTime:
		t, valid := wire.ParseTime(text)
		if !valid {
			d.note(errors.New(errors.InvalidValue, "must be a dateTime such as 2011-05-13T04:42:34Z, not %s", told(a, text, d.secret)))
			return false, true
		}
		*f.Addr().Interface().(*time.Time) = t //nolint:forcetypeassert,errcheck // OpTime is only chosen for time.Time
		return true, true
	case attr.OpBytes:
		b, valid := wire.ParseBinary(text)
		switch {
		case !valid:
			d.note(errors.New(errors.InvalidValue, "must be base64 with + and / and without line breaks (RFC 4648 section 4)"))
			return false, true
		case len(b) == 0:
			return false, true
		case a.Format == attr.X509 && d.o.Mode != Storage && !oneDER(b): // RFC 7643 section 4.1.2: exactly one certificate
			d.note(errors.New(errors.InvalidValue, "must be exactly one X.509 certificate in DER form"))
			return false, true
		}
		f.SetBytes(b)
		return true, true
	case attr.OpBool:
		if d.o.Accepts(opt.BooleanStrings) && (wire.Fold(text, "true") || wire.Fold(text, "false")) {
			d.repaired(opt.BooleanStrings, d.got(a, text))
			f.SetBool(len(text) == len("true"))
			return true, true
		}
	case attr.OpStruct:
		if a.Sub.Value != nil && a.Sub.Value.Op == attr.OpString && !a.Sub.Value.MultiValued && d.o.Accepts(opt.BareValue) {
			d.i = start
			return d.bare(a, f)
		}
	default: // numbers are not written as strings
	}
	d.i = start
	switch a.Op {
	case attr.OpBool:
		return d.mismatch(a, "true or false")
	case attr.OpStruct:
		return d.mismatch(a, "an object")
	default:
		return d.mismatch(a, number(a))
	}
}

// bare reads the string at d.i as the value of a complex attribute: "1" as if it were {"value":"1"}.
func (d *decoder) bare(a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	value := a.Sub.Value
	text := d.s[d.i+1:]
	if end := strings.IndexByte(text, '"'); end >= 0 {
		text = text[:end]
	}
	d.repaired(opt.BareValue, d.got(a, text))
	row := &table[d.o.Mode]
	o := members{fields: attr.In(f), passes: row.passes(a.Sub), refuses: row.refuses(a.Sub), mark: -1, stored: d.stored}
	d.stored = nil
	if !d.member(a.Sub, value, &o) {
		return false, false
	}
	return d.complete(a.Sub, f, &o)
}

// got is how a report may tell what was sent.
func (d *decoder) got(a *attr.Attribute, text string) string {
	if d.secret || a.Hides() {
		return masked
	}
	return clipped(text)
}

// number reads an integer or a decimal.
func (d *decoder) number(a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	end, integer, err := wire.Number(d.s, d.i)
	if err != nil {
		return false, d.fail(err)
	}
	text := d.s[d.i:end]
	d.i = end
	if a.Op == attr.OpFloat {
		x, err := strconv.ParseFloat(text, f.Type().Bits())
		if err != nil {
			d.note(errors.New(errors.InvalidValue, "must be a number that fits into %d bits, not %s", f.Type().Bits(), d.got(a, text)))
			return false, true
		}
		f.SetFloat(x)
		return true, true
	}
	if !integer { // RFC 7643 section 2.3.4
		d.note(errors.New(errors.InvalidValue, "must be an integer without fraction and exponent, not %s", d.got(a, text)))
		return false, true
	}
	if d.o.Mode != Storage && a.Positive && (text[0] == '-' || text == "0") {
		d.note(errors.New(errors.InvalidValue, "must be 1 or more, not %s", d.got(a, text)))
		return false, true
	}
	if a.Op == attr.OpUint {
		n, err := strconv.ParseUint(text, 10, f.Type().Bits())
		if err != nil {
			d.note(errors.New(errors.InvalidValue, "must be an integer of 0 or more that fits into %d bits, not %s", f.Type().Bits(), d.got(a, text)))
			return false, true
		}
		f.SetUint(n)
		return true, true
	}
	n, fits := wire.Int(text)
	if !fits || f.OverflowInt(n) {
		d.note(errors.New(errors.InvalidValue, "must be an integer that fits into %d bits, not %s", f.Type().Bits(), d.got(a, text)))
		return false, true
	}
	f.SetInt(n)
	return true, true
}

// list reads a multi-valued attribute.
func (d *decoder) list(p *attr.Plan, a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	if d.s[d.i] != '[' {
		return d.lone(p, a, f)
	}
	if d.depth++; d.depth > wire.MaxDepth {
		return false, d.fail(&wire.SyntaxError{Offset: d.i, Msg: "nested deeper than 64 levels"})
	}
	s, start := d.s, d.i
	n, length, primary := 0, 0, -1
	counterparts := d.stored
	i := wire.Space(s, d.i+1)
	if i < len(s) && s[i] == ']' {
		d.i = i + 1
		d.null()
	} else {
		for ; ; n++ {
			d.i = i
			if counterparts != nil {
				d.stored = counterparts
			}
			more, ok := d.element(a, f, n, start, &length, &primary)
			if !ok {
				return false, false
			}
			if counterparts != nil && counterparts.alone {
				if counterparts.alone = false; more {
					counterparts.lone = append(counterparts.lone, [2]int{n, length - 1})
				}
			}
			if more {
				stored = true
			}
			if i = wire.Space(s, d.i); i < len(s) && s[i] == ',' {
				i = wire.Space(s, i+1)
				continue
			}
			if i < len(s) && s[i] == ']' {
				d.i = i + 1
				break
			}
			return false, d.fail(expected(s, i, "',' or ']'"))
		}
	}
	d.depth--
	if f.SetLen(length); counterparts != nil {
		d.conflicts(counterparts, f)
	}
	switch spare := f.Cap() - length; {
	case length == 0:
		f.SetZero()
	case spare > 8 && spare > length/4: // the guess was too high: do not keep what is not needed
		exact := reflect.MakeSlice(a.Slice, length, length)
		reflect.Copy(exact, f)
		f.Set(exact)
		d.spent -= spare * int(a.Slice.Elem().Size())
	}
	if p.Kind == attr.Message { // a list of messages that is there differs from one that is not: Resources, Operations
		if length == 0 {
			f.Set(reflect.MakeSlice(a.Slice, 0, 0))
		}
		return true, true
	}
	return stored, true
}

// element reads the n-th element of a list. Elements without a value are not kept: length counts those that are.
func (d *decoder) element(a *attr.Attribute, f reflect.Value, n, start int, length, primary *int) (stored, ok bool) {
	if d.i >= len(d.s) {
		return false, d.fail(expected(d.s, d.i, "a value"))
	}
	if d.s[d.i] == 'n' && a.Op != attr.OpRaw {
		return false, d.literal("null")
	}
	if *length == f.Cap() {
		more := d.room(*length, start)
		if !d.spend(more * int(a.Slice.Elem().Size())) {
			return false, false
		}
		f.Grow(more)
	}
	f.SetLen(*length + 1)
	e := f.Index(*length)
	notes := len(d.notes)
	stored, ok = d.single(a, e)
	if stored && ok && a.Sub != nil && a.Sub.Primary != nil && d.o.Mode.request() && a.Sub.Primary.True(a.Sub.Primary.Of(a.Pointed(e))) { // RFC 7643 section 2.4
		if *primary >= 0 {
			d.note(errors.New(errors.InvalidValue, "%s", twoPrimaries(*primary)))
			d.notes[len(d.notes)-1].path = "primary"
		} else {
			*primary = n
		}
	}
	for k := notes; k < len(d.notes); k++ {
		d.notes[k].path = at(n, d.notes[k].path)
	}
	if stored {
		*length++
	} else if a.Op == attr.OpStruct {
		e.SetZero()
	}
	return stored, ok && !d.full()
}

// Retained memory is bounded by a multiple of the document: elements of a few bytes become structs of a hundred.
// A list of real values is far from the bound.
const (
	spendRatio = 8
	spendFree  = 64 << 10 // for documents so short that it does not matter
)

func spendLimit(body int) int { return spendFree + spendRatio*body }

// spend accounts for memory about to be taken for elements.
func (d *decoder) spend(n int) bool {
	if d.spent += n; d.spent <= d.limit || !d.o.Mode.request() { // a store or server is trusted not to be hostile
		return true
	}
	d.syntax = errors.New(errors.InvalidSyntax, "the body has too many empty or short elements for its size, at offset %d; send fewer of them", d.i)
	return false
}

// room is by how many elements a full list grows. Once enough elements have been seen to know their size in the document,
// the rest of the document tells how many more there can be.
func (d *decoder) room(length, start int) int {
	switch {
	case length < 2:
		return 2
	case length < 8:
		return 6
	}
	each := (d.i - start) / length
	// Many short lists, each with a long document behind it, must not reserve that document's size each time.
	return min((len(d.s)-d.i)/max(each, 1)+1, 3*length)
}

// at puts an index before the path of a part of an element.
func at(n int, path string) string {
	index := "[" + strconv.Itoa(n) + "]"
	if path == "" {
		return index
	}
	return index + "." + path
}

func twoPrimaries(first int) string {
	return "only one value can be primary, and element " + strconv.Itoa(first) + " is"
}

// lone reads one value where a list is expected, as some clients send it.
func (d *decoder) lone(p *attr.Plan, a *attr.Attribute, f reflect.Value) (stored, ok bool) {
	if strings.HasPrefix(d.s[d.i:], `""`) && d.o.Accepts(opt.EmptyStrings) { // no value at all
		d.i += 2
		d.repaired(opt.EmptyStrings, "")
		return false, true
	}
	switch {
	case p.Kind == attr.Message && (a.Op != attr.OpString || !d.o.Accepts(opt.SingleAsList)): // operations and resources are never alone
		return false, d.malformed(a, "an array")
	case !d.o.Accepts(opt.SingleAsList):
		return d.mismatch(a, "an array")
	}
	start, faults := d.i, d.faults
	if !d.spend(int(a.Slice.Elem().Size())) {
		return false, false
	}
	f.Grow(1)
	f.SetLen(1)
	if stored, ok = d.single(a, f.Index(0)); !ok {
		return false, false
	}
	if d.faults == faults {
		d.repaired(opt.SingleAsList, d.got(a, d.s[start:d.i]))
	}
	if !stored {
		f.SetZero()
	}
	return stored, true
}
