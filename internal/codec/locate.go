package codec

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// Locator knows where a service provider's resources live. It fills meta.resourceType, meta.location and $ref
// while a resource is written; the resource itself is left alone.
type Locator struct {
	base  string // the service root, without a slash at the end
	root  string // the same with one
	types []Place
}

// Place is one resource type of a Locator.
type Place struct {
	Name     string // what meta.resourceType says
	Schema   string // the core schema
	Endpoint string // such as /Users
}

// discovery has the places of the documents of RFC 7644 section 4, which are the same at every service provider.
var discovery = []Place{
	{Name: "ServiceProviderConfig", Schema: attr.ConfigURN, Endpoint: "/ServiceProviderConfig"},
	{Name: "ResourceType", Schema: attr.ResourceTypeURN, Endpoint: "/ResourceTypes"},
	{Name: "Schema", Schema: attr.SchemaURN, Endpoint: "/Schemas"},
}

// NewLocator prepares a locator for a service root such as https://example.com/scim/v2.
func NewLocator(base string, types []Place) *Locator {
	l := &Locator{base: strings.TrimRight(base, "/"), types: append(slices.Clone(types), discovery...)}
	l.root = l.base + "/"
	for i := range l.types {
		l.types[i].Endpoint = "/" + strings.Trim(l.types[i].Endpoint, "/")
	}
	return l
}

// place finds the resource type of a resource: by the name it carries, else by its schema.
func (l *Locator) place(p *attr.Plan, name string) *Place {
	var found *Place
	for i := range l.types {
		t := &l.types[i]
		if !wire.Fold(t.Schema, p.URN) {
			continue
		}
		if t.Name == name {
			return t
		}
		if found == nil {
			found = t
		}
	}
	return found
}

func (l *Locator) named(name string) *Place {
	for i := range l.types {
		if wire.Fold(l.types[i].Name, name) {
			return &l.types[i]
		}
	}
	return nil
}

// Location is where a resource lives: what its meta.location says, or what the locator makes of its id.
func (l *Locator) Location(p *attr.Plan, v reflect.Value) string {
	said, name := "", ""
	if p.Meta != nil {
		m := p.Meta.Of(v)
		if p.Location != nil {
			said = p.Location.Of(m).String()
		}
		if p.TypeName != nil && l != nil {
			name = p.TypeName.Of(m).String()
		}
	}
	if l == nil {
		return said
	}
	if said != "" {
		return l.absolute(said)
	}
	t := l.place(p, name)
	if t == nil || p.ID == nil {
		return ""
	}
	if p.URN == attr.ConfigURN { // one document, which has no id
		return l.base + t.Endpoint
	}
	id := p.ID.Of(v).String()
	if id == "" {
		return ""
	}
	return l.base + t.Endpoint + "/" + url.PathEscape(id)
}

// resolve resolves a relative reference against the service root (RFC 7643 section 2.3.7): kept is the part of the root that stays, rest what
// stands behind it. The RFC's own examples write ../Users/1, as if seen from a resource: such steps up end at the root.
func (l *Locator) resolve(ref string) (kept, rest string) {
	for i := range len(ref) {
		if c := ref[i]; c == ':' {
			return "", ref
		} else if c == '/' || c == '?' || c == '#' {
			break
		}
	}
	rest = ref
	for {
		cut, ok := strings.CutPrefix(rest, "../")
		if !ok {
			if cut, ok = strings.CutPrefix(rest, "./"); !ok {
				break
			}
		}
		rest = cut
	}
	switch {
	case rest == "..", rest == ".":
		return l.root, ""
	case !strings.HasPrefix(rest, "/"):
		return l.root, rest
	case strings.HasPrefix(rest, "//"): // another host: no path of ours, and not made one
		if scheme, _, ok := strings.Cut(l.base, "//"); ok {
			return scheme, rest
		}
	}
	return l.host(), rest
}

// absolute is a reference resolved against the service root.
func (l *Locator) absolute(ref string) string {
	kept, rest := l.resolve(ref)
	return kept + rest
}

// host is the scheme and host of the service root.
func (l *Locator) host() string {
	start := strings.Index(l.base, "//")
	if start < 0 {
		return ""
	}
	if end := strings.IndexByte(l.base[start+2:], '/'); end >= 0 {
		return l.base[:start+2+end]
	}
	return l.base
}

// located writes a string of meta or a $ref, filling in what the application left to the locator.
func (e *encoder) located(p *attr.Plan, a *attr.Attribute, v reflect.Value, s string) bool {
	switch {
	case a == p.Ref:
		return e.reference(p, a, v, s)
	case a == e.host.p.Location:
		s = e.l.Location(e.host.p, e.host.v)
	case a == e.host.p.TypeName && s == "":
		if t := e.l.place(e.host.p, ""); t != nil {
			s = t.Name
		}
	}
	if s == "" {
		return false
	}
	e.b = wire.AppendString(e.b, s)
	return true
}

// reference writes a $ref: made absolute, or made from the sibling value where the type it refers to is known.
func (e *encoder) reference(p *attr.Plan, a *attr.Attribute, v reflect.Value, s string) bool {
	if s != "" {
		e.b = appendAbsolute(e.b, e.l, s)
		return true
	}
	if p.Value == nil || !p.Value.Text {
		return false
	}
	id := p.Value.Of(v).String()
	name := ""
	if len(a.ReferenceTypes) == 1 {
		name = a.ReferenceTypes[0]
	} else if p.TypeAttr != nil {
		name = p.TypeAttr.Of(v).String()
	}
	if id == "" || name == "" {
		return false
	}
	t := e.l.named(name)
	if t == nil {
		return false
	}
	e.b = appendInside(append(e.b, '"'), e.l.base)
	e.b = append(appendInside(e.b, t.Endpoint), '/')
	e.b = append(appendInside(e.b, url.PathEscape(id)), '"')
	return true
}

// appendAbsolute appends an absolute reference as JSON, without making it first.
func appendAbsolute(b []byte, l *Locator, ref string) []byte {
	kept, rest := l.resolve(ref)
	b = appendInside(append(b, '"'), kept)
	return append(appendInside(b, rest), '"')
}

// appendInside appends a string as part of a JSON string, without its quotes.
func appendInside(b []byte, s string) []byte {
	n := len(b)
	b = wire.AppendString(b, s)
	return append(b[:n], b[n+1:len(b)-1]...)
}

// Base is the service root, without a slash at the end.
func (l *Locator) Base() string { return l.base }
