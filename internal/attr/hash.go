package attr

import (
	"hash/maphash"
	"math"
	"net/url"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// seed makes hashes unpredictable: nobody can send values that all have the same.
var seed = maphash.MakeSeed()

// Stands says whether two elements of a list stand for the same thing. RFC 7643 section 2.4 has the pair of value and type only
// once; a value that is immutable, as that of a group's member, tells elements apart by itself. Elements without value
// are told apart by everything a client may set.
func (a *Attribute) Stands(x, y reflect.Value) bool {
	if a.Sub == nil {
		return a.SameOne(x, y)
	}
	if a.Pointer {
		if x.IsNil() || y.IsNil() {
			return false
		}
		x, y = x.Elem(), y.Elem()
	}
	p := a.Sub
	if p.Value != nil {
		f, g := p.Value.Of(x), p.Value.Of(y)
		if s, t := p.Value.Assigned(f), p.Value.Assigned(g); s || t {
			if !s || !t || !p.Value.Same(f, g) {
				return false
			}
			return p.IsKey() || p.TypeAttr == nil || p.TypeAttr.Same(p.TypeAttr.Of(x), p.TypeAttr.Of(y))
		}
	}
	for _, sub := range p.Attributes {
		if sub.Mutability != ReadOnly && !sub.Same(sub.Of(x), sub.Of(y)) {
			return false
		}
	}
	return true
}

// IsKey says that elements are told apart by their sub-attribute value alone.
func (p *Plan) IsKey() bool { return p.Value != nil && p.Value.Mutability == Immutable }

// Hash is a number that elements share if they stand for the same: see [Attribute.Stands].
func (a *Attribute) Hash(e reflect.Value) uint64 {
	if a.Pointer {
		if e.IsNil() {
			return 0
		}
		e = e.Elem()
	}
	switch a.Op {
	case OpString:
		switch {
		case a.Type == Reference:
			return hashReference(e.String(), a.linksResources())
		case a.CaseExact:
			return maphash.String(seed, e.String())
		}
		return hashFolded(e.String())
	case OpBytes:
		return maphash.Bytes(seed, e.Bytes())
	case OpTime:
		return mix(2, uint64(Time(e).UnixNano()))
	case OpBool:
		if e.Bool() {
			return 3
		}
		return 4
	case OpInt:
		return mix(5, uint64(e.Int())) //nolint:gosec // any number will do
	case OpUint:
		return mix(5, e.Uint())
	case OpFloat:
		return mix(6, math.Float64bits(e.Float()+0)) // -0 is 0
	case OpStruct:
		return a.Sub.hash(e)
	default:
		return 7
	}
}

func (p *Plan) hash(v reflect.Value) uint64 {
	if p.Value != nil {
		if f := p.Value.Of(v); p.Value.Assigned(f) {
			h := p.Value.hashField(f)
			if p.TypeAttr != nil && !p.IsKey() && p.TypeAttr.Assigned(p.TypeAttr.Of(v)) {
				h = mix(h, p.TypeAttr.hashField(p.TypeAttr.Of(v)))
			}
			return h
		}
	}
	return p.hashParts(v, false)
}

// hashParts is a hash of everything in a struct, or of all that a client may set.
func (p *Plan) hashParts(v reflect.Value, readOnly bool) uint64 {
	h := uint64(8)
	for _, a := range p.Attributes {
		if a == p.Schemas || a.Mutability == ReadOnly && !readOnly {
			continue
		}
		if f := a.Of(v); a.Assigned(f) {
			h = mix(h, mix(uint64(a.Bit), a.hashField(f)))
		}
	}
	return h
}

// hashField is the hash of a field, that of a list whatever its order.
func (a *Attribute) hashField(f reflect.Value) uint64 {
	if !a.MultiValued {
		return a.Hash(f)
	}
	h := uint64(9)
	for i := range f.Len() {
		if e := f.Index(i); a.AssignedOne(e) {
			h += mix(10, a.Hash(e))
		}
	}
	return h
}

// hashReference is a hash of what all spellings of a reference share: see sameReference.
func hashReference(s string, resources bool) uint64 {
	u, err := url.Parse(s)
	if err != nil { // is the same as itself alone
		return maphash.String(seed, s)
	}
	p := normalPath(u, resources)
	if resources { // a relative reference may have but the end of the path
		p = p[strings.LastIndexByte(p, '/')+1:]
	}
	h := maphash.String(seed, p)
	for _, part := range []string{u.Opaque, u.RawQuery, u.Fragment} {
		if h = mix(h, 1); part != "" {
			h = mix(h, maphash.String(seed, part))
		}
	}
	if !resources && u.IsAbs() { // is never the same as a relative one, which has none of these
		h = mix(mix(h, maphash.String(seed, u.Scheme)), mix(hashFolded(host(u)), maphash.String(seed, u.User.String())))
	}
	return h
}

func mix(h, n uint64) uint64 {
	h = (h ^ n) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// hashFolded is a hash of a string that does not depend on upper and lower case.
func hashFolded(s string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	var room [64]byte
	b := room[:0]
	for _, r := range s {
		if r < utf8.RuneSelf && r != 'k' && r != 'K' && r != 's' && r != 'S' {
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
		} else { // the smallest of those that strings.EqualFold takes for one
			for n := unicode.SimpleFold(r); n != r; n = unicode.SimpleFold(n) {
				if n < r {
					r = n
				}
			}
		}
		if b = utf8.AppendRune(b, r); len(b) > len(room)-utf8.UTFMax {
			_, _ = h.Write(b)
			b = room[:0]
		}
	}
	_, _ = h.Write(b)
	return h.Sum64()
}
