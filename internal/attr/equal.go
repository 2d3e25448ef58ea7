package attr

import (
	"bytes"
	"net/url"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Same says whether two values of the attribute are the same for SCIM: fields of the attribute's Go type, lists in any order
// (RFC 7643 section 2.4), strings by caseExact, references in normal form, absent and empty as one state.
func (a *Attribute) Same(x, y reflect.Value) bool {
	if a.Op == OpRaw || a.Op == OpAny {
		return reflect.DeepEqual(x.Interface(), y.Interface())
	}
	if !a.MultiValued {
		return a.SameOne(x, y)
	}
	return a.sameList(x, y)
}

// SameOne is [Attribute.Same] for single values. A nil pointer is the same as an unassigned value.
func (a *Attribute) SameOne(x, y reflect.Value) bool {
	if p, q := a.AssignedOne(x), a.AssignedOne(y); !p || !q {
		return p == q
	}
	if a.Pointer {
		x, y = x.Elem(), y.Elem()
	}
	switch a.Op {
	case OpString:
		s, t := x.String(), y.String()
		if s == t {
			return true
		}
		if a.Type == Reference {
			return sameReference(s, t, a.linksResources())
		}
		return !a.CaseExact && strings.EqualFold(s, t)
	case OpTime:
		return Time(x).Equal(Time(y))
	case OpBytes, OpRaw:
		return bytes.Equal(x.Bytes(), y.Bytes())
	case OpStruct:
		return a.Sub.Same(x, y)
	default:
		return x.Equal(y)
	}
}

// Same says whether all attributes of two structs of the plan are the same.
func (p *Plan) Same(x, y reflect.Value) bool {
	for _, a := range p.Attributes {
		if a != p.Schemas && !a.Same(a.Of(x), a.Of(y)) {
			return false
		}
	}
	return true
}

// Identical says whether two values of the attribute are the same to the letter, lists in the same order. Absent and empty
// are one state.
func (a *Attribute) Identical(x, y reflect.Value) bool {
	if !a.MultiValued {
		return a.IdenticalOne(x, y)
	}
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		if !a.IdenticalOne(x.Index(i), y.Index(i)) {
			return false
		}
	}
	return true
}

// IdenticalOne is [Attribute.Identical] for single values.
func (a *Attribute) IdenticalOne(x, y reflect.Value) bool {
	if p, q := a.AssignedOne(x), a.AssignedOne(y); !p || !q {
		return p == q
	}
	if a.Pointer {
		if x.Pointer() == y.Pointer() {
			return true
		}
		x, y = x.Elem(), y.Elem()
	}
	switch a.Op {
	case OpString:
		return x.String() == y.String()
	case OpTime:
		return Time(x).Equal(Time(y))
	case OpBytes, OpRaw:
		return bytes.Equal(x.Bytes(), y.Bytes())
	case OpStruct:
		return a.Sub.Identical(x, y)
	case OpAny:
		return reflect.DeepEqual(x.Interface(), y.Interface())
	default:
		return x.Equal(y)
	}
}

// Identical says whether all attributes of two structs of the plan are the same to the letter.
func (p *Plan) Identical(x, y reflect.Value) bool {
	for _, a := range p.Attributes {
		if a != p.Schemas && !a.Identical(a.Of(x), a.Of(y)) {
			return false
		}
	}
	return true
}

func (a *Attribute) sameList(x, y reflect.Value) bool {
	n, m := x.Len(), y.Len()
	used := make([]bool, m)
	index := Index{a: a, list: y, whole: true, used: used}
	matched := 0
	for i := range n {
		if !a.AssignedOne(x.Index(i)) {
			continue
		}
		found := false
		match := func(j int) bool {
			found = !used[j] && a.AssignedOne(y.Index(j)) && a.SameOne(x.Index(i), y.Index(j))
			used[j] = used[j] || found
			return found
		}
		if i >= m || !match(i) { // lists mostly come in the same order
			index.Candidates(x.Index(i), m, match)
		}
		if !found {
			return false
		}
		matched++
	}
	for j := range m {
		if a.AssignedOne(y.Index(j)) {
			matched--
		}
	}
	return matched == 0
}

// linksResources says whether a reference leads to resources of the service provider, rather than anywhere.
func (a *Attribute) linksResources() bool {
	return slices.ContainsFunc(a.ReferenceTypes, func(t string) bool { return t != "external" && t != "uri" })
}

// sameReference compares URIs in normal form (RFC 3986 section 6.2), those of resources whatever version segment of the API
// stands in the path (RFC 7643 section 2.4). A relative reference is the same as an absolute one that ends in it.
func sameReference(s, t string, resources bool) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	v, err := url.Parse(t)
	if err != nil || u.RawQuery != v.RawQuery || u.Fragment != v.Fragment || u.Opaque != v.Opaque {
		return false
	}
	if u.Host != "" && v.Host != "" && !strings.EqualFold(host(u), host(v)) {
		return false
	}
	p, q := normalPath(u, resources), normalPath(v, resources)
	switch {
	case !resources && u.IsAbs() != v.IsAbs():
		return false
	case u.IsAbs() && v.IsAbs():
		return strings.EqualFold(u.Scheme, v.Scheme) && strings.EqualFold(host(u), host(v)) && u.User.String() == v.User.String() && p == q
	case u.IsAbs():
		return strings.HasSuffix("/"+p, "/"+q)
	case v.IsAbs():
		return strings.HasSuffix("/"+q, "/"+p)
	}
	return p == q
}

// normalPath is the path without dots and steps up at its beginning, and of a resource without a version segment right
// before the endpoint.
func normalPath(u *url.URL, resource bool) string {
	p := normalEscapes(u.EscapedPath())
	if !u.IsAbs() {
		for strings.HasPrefix(p, "../") || strings.HasPrefix(p, "./") {
			_, p, _ = strings.Cut(p, "/")
		}
	}
	segments := strings.Split(strings.Trim(path.Clean("/"+p), "/"), "/")
	if n := len(segments); resource && n >= 3 && isVersion(segments[n-3]) {
		segments = append(segments[:n-3], segments[n-2:]...)
	}
	return strings.Join(segments, "/")
}

// normalEscapes decodes the escapes of characters that need none and writes the others in capitals (RFC 3986 section 6.2.2).
func normalEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				if r := byte(c); r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' || strings.IndexByte("-._~", r) >= 0 {
					b.WriteByte(r)
				} else {
					b.WriteString(strings.ToUpper(s[i : i+3]))
				}
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isVersion(s string) bool {
	digits, ok := strings.CutPrefix(s, "v")
	if !ok || digits == "" {
		return false
	}
	return strings.Trim(digits, "0123456789") == ""
}

// host is the host with the port, unless it is the scheme's own.
func host(u *url.URL) string {
	port := u.Port()
	if port == "" || strings.EqualFold(u.Scheme, "https") && port == "443" || strings.EqualFold(u.Scheme, "http") && port == "80" {
		return u.Hostname()
	}
	return u.Hostname() + ":" + port
}
