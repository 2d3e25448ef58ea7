package attr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// words reads the scim tag of an attribute.
func (a *Attribute) words(tag string) error {
	if a.Type == Binary {
		a.CaseExact = true
	}
	if tag == "" {
		return nil
	}
	var seen []string
	for _, word := range split(tag, ',') {
		key, value, assigned := strings.Cut(word, "=")
		if assigned && slices.Contains(seen, key) {
			return fmt.Errorf("the scim word %s has two values", key)
		}
		seen = append(seen, key)
		if err := a.word(key, value, assigned); err != nil {
			return err
		}
	}
	return a.consistent()
}

func (a *Attribute) word(key, value string, assigned bool) error {
	switch key {
	case "required", "caseExact", "closed", "positive", "unlisted":
		if assigned {
			return fmt.Errorf("the scim word %s takes no value", key)
		}
	}
	switch key {
	case "required":
		a.Required = true
	case "caseExact":
		a.CaseExact = true
	case "closed":
		a.Closed = true
	case "positive":
		a.Positive = true
	case "unlisted":
		a.Unlisted = true
	case "mutability":
		a.Mutability = Mutability(value)
		return oneOf(key, a.Mutability, ReadWrite, ReadOnly, Immutable, WriteOnly)
	case "returned":
		a.Returned = Returned(value)
		return oneOf(key, a.Returned, Default, Always, Never, Request)
	case "uniqueness":
		a.Uniqueness = Uniqueness(value)
		return oneOf(key, a.Uniqueness, None, Server, Global)
	case "canonicalValues":
		a.CanonicalValues = values(value)
	case "referenceTypes":
		if a.Type != String {
			return fmt.Errorf("referenceTypes needs a string, not %s", a.Elem)
		}
		a.Type, a.CaseExact, a.ReferenceTypes = Reference, true, values(value)
	case "format":
		f, ok := formats[value]
		if !ok {
			return fmt.Errorf("unknown format %q; known are email, phone, language, locale, timezone, country and x509", value)
		}
		a.Format = f
	default:
		return fmt.Errorf("unknown scim word %q; known are required, caseExact, closed, positive, unlisted, "+
			"mutability, returned, uniqueness, canonicalValues, referenceTypes and format", key)
	}
	return nil
}

var formats = map[string]Format{
	"email": Email, "phone": Phone, "language": Language, "locale": Locale, "timezone": Timezone, "country": Country, "x509": X509,
}

// Word is the format as a tag has it; "" for none.
func (f Format) Word() string {
	for word, g := range formats {
		if g == f {
			return word
		}
	}
	return ""
}

func oneOf[T ~string](key string, value T, words ...T) error {
	if !slices.Contains(words, value) {
		return fmt.Errorf("unknown %s %q; known are %v", key, value, words)
	}
	return nil
}

// consistent refuses characteristics the type cannot have (RFC 7643 section 2.3, errata 6000, 6004 and 8470).
func (a *Attribute) consistent() error {
	text := a.Type == String || a.Type == Reference || a.Type == Binary
	unique := a.Type != Boolean && a.Type != DateTime && a.Type != Structure && a.Type != Binary
	switch {
	case a.CaseExact && !text:
		return fmt.Errorf("a value of type %s has no case: caseExact does not apply", a.Type)
	case a.Uniqueness != None && !unique:
		return fmt.Errorf("uniqueness does not apply to type %s", a.Type)
	case len(a.CanonicalValues) > 0 && a.Type != String:
		return fmt.Errorf("canonicalValues does not apply to type %s", a.Type)
	case a.Closed && len(a.CanonicalValues) == 0:
		return errors.New("closed needs canonicalValues")
	case a.Positive && a.Type != Integer:
		return fmt.Errorf("positive does not apply to type %s", a.Type)
	case a.Format == X509 && a.Type != Binary, a.Format != NoFormat && a.Format != X509 && a.Op != OpString:
		return fmt.Errorf("the format does not apply to type %s: x509 is for []byte, the others are for strings", a.Type)
	}
	return nil
}

// close numbers the attributes and computes the sets.
func (p *Plan) close() error {
	// meta stands last, where readers of the RFC's examples look for it.
	slices.SortStableFunc(p.Attributes, func(a, b *Attribute) int { return rank(a) - rank(b) })
	if len(p.Attributes) > MaxAttributes {
		return fmt.Errorf("scim: type %s has %d attributes, %d is the most", p.Go, len(p.Attributes), MaxAttributes)
	}
	var hosts [][]int
	for i, a := range p.Attributes {
		a.Bit = uint8(i)
		a.Text = a.Op == OpString && !a.MultiValued && !a.Pointer
		a.Free = a.Text && !a.Closed && a.Validate == ""
		hosts = a.place(hosts)
		p.sets(a)
		p.name(a)
		if a.Common {
			if err := a.common(); err != nil {
				return fmt.Errorf("scim: type %s, field %s: %w", p.Go, a.Field, err)
			}
		}
		if a.IsExtension() {
			if p.Kind == Complex {
				return fmt.Errorf("scim: type %s, field %s: an extension extends a resource, not a complex attribute", p.Go, a.Field)
			}
			if strings.EqualFold(a.Sub.URN, p.URN) {
				return fmt.Errorf("scim: type %s, field %s: the extension has the URI of the core schema", p.Go, a.Field)
			}
			p.Extensions = append(p.Extensions, a)
		}
	}
	p.Sent.Set, p.Echo.Set = p.All.Minus(&p.ReadOnly), p.Plain.Or(&p.request)
	p.answer()
	if p.Content.Set = p.All.Minus(&p.Never); p.Meta != nil {
		p.Content.Remove(p.Meta.Bit)
	}
	p.keys()
	for _, c := range []*Choice{&p.All, &p.Plain, &p.Echo, &p.Sent, &p.Content} {
		c.Settle(p)
	}
	if p.Meta != nil && p.Meta.Sub != nil {
		p.Version, p.Location, p.TypeName = p.Meta.Sub.Lookup("version"), p.Meta.Sub.Lookup("location"), p.Meta.Sub.Lookup("resourceType")
	}
	if twice := p.fill(); twice != "" {
		return fmt.Errorf("scim: type %s has two attributes named %s", p.Go, twice)
	}
	return nil
}

// keys puts the names side by side, in one string.
func (p *Plan) keys() {
	var all strings.Builder
	for _, a := range p.Attributes {
		all.WriteString(`,"` + a.Name + `":`)
	}
	rest := all.String()
	for _, a := range p.Attributes {
		n := len(a.Name) + len(`,"":`)
		a.Key, a.Quoted, rest = rest[:n], rest[1:n-1], rest[n:]
	}
}

// The URNs of the discovery documents.
const (
	ConfigURN       = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ResourceTypeURN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	SchemaURN       = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// answer finds what a response must have: what is always returned, and the required members of messages and discovery documents.
func (p *Plan) answer() {
	p.Answer, p.Whole = p.Always, p.Always.Or(&p.required)
	switch p.Kind {
	case Complex, Extension:
	case Message:
		p.Answer = p.required
	case Resource:
		p.Discovery = p.URN == ConfigURN || p.URN == ResourceTypeURN || p.URN == SchemaURN
		if p.Discovery {
			p.Answer = p.Answer.Or(&p.required)
		}
		if p.ID != nil && (p.URN == ConfigURN || p.URN == ResourceTypeURN) { // RFC 7643 sections 5 and 6: no id needed
			p.Answer.Remove(p.ID.Bit)
		}
		if p.Schemas != nil { // written by the codec, and clients accept partial answers without it
			p.Answer.Remove(p.Schemas.Bit)
		}
	}
}

// place numbers the embedded struct the field lies in.
func (a *Attribute) place(hosts [][]int) [][]int {
	n := len(a.Index) - 1
	a.leaf = a.Index[n]
	if n == 0 {
		return hosts
	}
	i := slices.IndexFunc(hosts, func(h []int) bool { return slices.Equal(h, a.Index[:n]) })
	if i < 0 {
		i = len(hosts)
		hosts = append(hosts, a.Index[:n])
	}
	a.host = i + 1
	return hosts
}

func rank(a *Attribute) int {
	switch {
	case a.Common && a.Name == "meta":
		return 2
	case a.IsExtension():
		return 1
	}
	return 0
}

func (p *Plan) sets(a *Attribute) {
	p.All.Add(a.Bit)
	if a.Required {
		p.required.Add(a.Bit)
		if a.Mutability != ReadOnly {
			p.Client.Add(a.Bit)
		}
	}
	if a.Mutability == ReadOnly {
		p.ReadOnly.Add(a.Bit)
	}
	switch {
	case a.Secret(): // a writeOnly value never leaves, whatever else is declared
		p.Never.Add(a.Bit)
	case a.Returned == Always:
		p.Always.Add(a.Bit)
		p.Plain.Add(a.Bit)
	case a.Returned == Request:
		p.request.Add(a.Bit)
	default:
		p.Plain.Add(a.Bit)
	}
	if (a.Op == OpBool || a.Op == OpInt || a.Op == OpUint || a.Op == OpFloat) && !a.Pointer && !a.MultiValued && !a.Omit {
		p.Plainly = true
	}
}

// name remembers the attributes whose names the RFC gives a meaning.
func (p *Plan) name(a *Attribute) {
	if a.Common {
		switch a.Name {
		case "schemas":
			p.Schemas = a
		case "id":
			p.ID = a
		case "meta":
			p.Meta = a
		}
	}
	if p.Kind != Complex {
		return
	}
	switch {
	case a.Name == "value":
		p.Value = a
	case a.Name == "$ref" && a.Text:
		p.Ref = a
	case a.Name == "type" && a.Text:
		p.TypeAttr = a
	case a.Name == "primary" && a.Op == OpBool && !a.MultiValued:
		p.Primary = a
	}
}

// common wants the common attributes to have the Go types that RFC 7643 section 3.1 calls for and the codec relies on.
func (a *Attribute) common() error {
	ok := true
	switch a.Name {
	case "schemas":
		ok = a.Op == OpString && a.MultiValued && !a.Pointer && a.Elem.PkgPath() == ""
	case "id", "externalId":
		ok = a.Text
	case "meta":
		ok = a.Sub != nil && !a.MultiValued && !a.Pointer
	}
	if !ok {
		return fmt.Errorf("the common attribute %s has another type; embed resource.Resource", a.Name)
	}
	return nil
}

// finish computes and checks what depends on plans below, once all plans of a compilation are there.
func (b *builder) finish() error {
	for _, p := range b.made {
		for _, a := range p.Attributes {
			if a.Sub == nil {
				continue
			}
			if k := a.Sub.Kind; p.Kind != Message && (k == Resource || k == Message) {
				return fmt.Errorf("scim: type %s, field %s: %s is a resource or message, not the value of an attribute", p.Go, a.Field, a.Sub.Go)
			}
			if len(a.Sub.Attributes) == 0 && a.Sub.Kind == Complex {
				return fmt.Errorf("scim: type %s, field %s: %s has no sub-attributes", p.Go, a.Field, a.Sub.Go)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, p := range b.made {
			rules := slices.ContainsFunc(p.Attributes, func(a *Attribute) bool { return a.Validate != "" || a.Sub != nil && a.Sub.Rules })
			insists := !p.Always.Empty() || slices.ContainsFunc(p.Attributes, func(a *Attribute) bool { return a.Sub != nil && a.Sub.insists })
			hides := slices.ContainsFunc(p.Attributes, (*Attribute).Hides)
			changed = changed || rules != p.Rules || insists != p.insists || hides != p.Hides
			p.Rules, p.insists, p.Hides = rules, insists, hides
		}
	}
	for _, p := range b.made {
		for _, a := range p.Attributes {
			if a.Sub != nil && a.Sub.insists && !p.Always.Has(a.Bit) && !p.Never.Has(a.Bit) {
				p.Insisting = append(p.Insisting, a)
			}
		}
	}
	return nil
}
