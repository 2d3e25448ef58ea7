package codec

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
)

// Check applies the rules of a mode to a struct in memory, as Decode does to a document, and returns all faults. v is
// not changed. What Go cannot tell apart, absent and null, counts as absent.
func Check(p *attr.Plan, v reflect.Value, o Options) error {
	c := checker{o: o}
	if o.Mode != Storage {
		c.object(p, v, o.Current)
	}
	return c.faults.Err()
}

type checker struct {
	o      Options
	whole  bool // in a message or discovery document: see demanded
	secret bool // what is being checked is never returned and must not be shown
	faults errors.List
}

func (c *checker) fault(err *errors.Error) {
	if len(c.faults) < MaxFaults {
		c.faults = append(c.faults, err)
	}
}

// object checks an assigned struct. cur is what it replaces; invalid where there is none.
func (c *checker) object(p *attr.Plan, v, cur reflect.Value) {
	around := c.whole
	c.whole = inside(p, around)
	defer func() { c.whole = around }()
	need := demanded(p, c.o.Mode, c.whole)
	for _, a := range p.Attributes {
		if a == p.Schemas || table[c.o.Mode].passes(p).Has(a.Bit) {
			continue
		}
		n := len(c.faults)
		f := a.Of(v)
		switch assigned := a.Assigned(f); {
		case !assigned && c.kept(a, cur):
		case !assigned && need.Has(a.Bit):
			c.fault(errors.New(errors.InvalidValue, "%s", lacking(a, c.o.Mode)))
		case assigned && table[c.o.Mode].refuses(p).Has(a.Bit):
			c.fault(errors.New(errors.InvalidValue, "must never be returned"))
		case assigned:
			secret := c.secret
			c.secret = secret || p.Never.Has(a.Bit)
			c.attribute(a, f, cur)
			c.secret = secret
		}
		for k := n; k < len(c.faults); k++ {
			c.faults[k].Path = join(a, c.faults[k].Path)
		}
	}
	if c.o.Mode == Response && p.Kind == attr.Resource {
		for _, f := range commonFaults(p, v) {
			c.fault(f)
		}
	}
}

// kept says whether Validate would take the value over from the resource that is replaced.
func (c *checker) kept(a *attr.Attribute, cur reflect.Value) bool {
	return cur.IsValid() && keeps(a, a.Of(cur))
}

// keeps says whether a stored value, or a part of it, stays when it is left out: see decoder.keep.
func keeps(a *attr.Attribute, f reflect.Value) bool {
	if !a.Assigned(f) {
		return false
	}
	if a.Mutability == attr.Immutable || a.Mutability == attr.WriteOnly {
		return true
	}
	if a.Sub == nil || a.MultiValued {
		return false
	}
	if a.Pointer {
		f = f.Elem()
	}
	return slices.ContainsFunc(a.Sub.Attributes, func(s *attr.Attribute) bool { return keeps(s, s.Of(f)) })
}

func (c *checker) attribute(a *attr.Attribute, f, cur reflect.Value) {
	n := len(c.faults)
	var from *stored
	if cur.IsValid() {
		from = (&stored{v: cur}).of(a)
	}
	if !a.MultiValued {
		c.one(a, f, from)
	} else {
		c.list(a, f, from)
	}
	if (len(c.faults) == n || a.MultiValued) && c.o.Rule != nil && a.Validate != "" {
		if err := c.o.Rule(a, f); err != nil {
			c.fault(err)
		}
	}
	if len(c.faults) == n && cur.IsValid() && a.Mutability == attr.Immutable { // one fault for one value
		if was := a.Of(cur); a.Assigned(was) && !a.Same(f, was) {
			c.fault(errors.New(errors.Mutability, "is immutable and already has another value"))
		}
	}
}

func (c *checker) list(a *attr.Attribute, f reflect.Value, from *stored) {
	primary := -1
	for i := range f.Len() {
		e := f.Index(i)
		if a.Pointer && e.IsNil() || !a.AssignedOne(e) && (a.Sub == nil || a.Sub.Kind != attr.Resource) {
			continue
		}
		n := len(c.faults)
		c.one(a, e, from)
		if from != nil && from.alone {
			from.alone = false
			from.lone = append(from.lone, [2]int{i, i})
		}
		if a.Sub != nil && a.Sub.Primary != nil && c.o.Mode.request() && a.Sub.Primary.True(a.Sub.Primary.Of(a.Pointed(e))) {
			if primary >= 0 {
				c.fault(&errors.Error{Status: 400, Type: errors.InvalidValue, Path: "primary", Detail: twoPrimaries(primary)})
			} else {
				primary = i
			}
		}
		for k := n; k < len(c.faults); k++ {
			c.faults[k].Path = at(i, c.faults[k].Path)
		}
	}
	if from == nil {
		return
	}
	for _, place := range from.lone {
		if s := from.conflict(a.Pointed(f.Index(place[1]))); s != nil {
			c.fault(&errors.Error{Status: 400, Type: errors.Mutability, Path: at(place[0], s.Name), Detail: "is immutable and already has another value"})
		}
	}
}

// one checks a single assigned value.
func (c *checker) one(a *attr.Attribute, f reflect.Value, from *stored) {
	if a.Pointer {
		f = f.Elem()
	}
	if a.Op != attr.OpStruct {
		c.value(a, f)
		return
	}
	cur := reflect.Value{}
	if from != nil {
		cur = from.pair(f)
	}
	c.object(a.Sub, f, cur)
}

// value checks a single assigned value, its pointer followed.
func (c *checker) value(a *attr.Attribute, f reflect.Value) {
	switch a.Op {
	case attr.OpString:
		if err := checkText(a, f.String(), c.secret, &c.o); err != nil {
			c.fault(err)
		}
	case attr.OpInt, attr.OpUint:
		if a.Positive && (f.CanInt() && f.Int() < 1 || f.CanUint() && f.Uint() < 1) {
			c.mismatch(a, "1 or more", f)
		}
	case attr.OpFloat:
		if x := f.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
			c.mismatch(a, "a number that JSON can hold", f)
		}
	case attr.OpTime:
		if y := attr.Time(f).Year(); y < 1 || y > 9999 {
			c.mismatch(a, "a dateTime of the years 1 to 9999", f)
		}
	case attr.OpBytes:
		if a.Format == attr.X509 && !oneDER(f.Bytes()) {
			c.fault(errors.New(errors.InvalidValue, "must be exactly one X.509 certificate in DER form"))
		}
	case attr.OpBool, attr.OpRaw, attr.OpAny: // no rule but the type
	case attr.OpStruct:
		c.object(a.Sub, f, reflect.Value{})
	}
}

// mismatch notes that a number or time is none that the attribute can have.
func (c *checker) mismatch(a *attr.Attribute, want string, f reflect.Value) {
	got := masked
	if !c.secret && !a.Secret() {
		got = clipped(fmt.Sprint(f))
	}
	c.fault(errors.New(errors.InvalidValue, "must be %s, not %s", want, got))
}
