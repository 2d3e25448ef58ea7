package attr

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// plans is published copy-on-write: readers take one atomic load, and no reader ever sees an unfinished plan.
var (
	plans   atomic.Pointer[map[reflect.Type]*Plan]
	compile sync.Mutex
)

// Of returns the plan of a struct type or of a pointer to one. It panics where the type's tags are mistaken;
// the text names type and field.
func Of(t reflect.Type) *Plan {
	p, err := Compile(t)
	if err != nil {
		panic(err.Error())
	}
	return p
}

// Compile is Of with an error instead of a panic, for types built at run time.
func Compile(t reflect.Type) (*Plan, error) {
	if m := plans.Load(); m != nil {
		if p := (*m)[t]; p != nil {
			return p, nil
		}
	}
	return compileNew(t)
}

// meant names the struct that a pointer to it stands for, where somebody has written Validate[*User].
func meant(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	return "; use " + t.String()
}

func compileNew(t reflect.Type) (*Plan, error) {
	if t == nil {
		return nil, errors.New("scim: a nil interface has no SCIM type")
	}
	s := t
	if s.Kind() == reflect.Pointer {
		s = s.Elem()
	}
	if s.Kind() != reflect.Struct {
		return nil, fmt.Errorf("scim: %s is not a struct type%s", t, meant(s))
	}
	compile.Lock()
	defer compile.Unlock()
	old := map[reflect.Type]*Plan{}
	if m := plans.Load(); m != nil {
		old = *m
	}
	b := builder{known: old, made: map[reflect.Type]*Plan{}}
	p, err := b.plan(s)
	if err != nil {
		return nil, err
	}
	if err := b.finish(); err != nil {
		return nil, err
	}
	all := make(map[reflect.Type]*Plan, len(old)+len(b.made)+1)
	maps.Copy(all, old)
	maps.Copy(all, b.made)
	all[t] = p
	plans.Store(&all)
	return p, nil
}

// builder compiles a type and all types it mentions. Plans under construction stand in made from the beginning,
// so that a recursive type finds itself instead of compiling for ever.
type builder struct {
	known, made map[reflect.Type]*Plan
}

func (b *builder) plan(t reflect.Type) (*Plan, error) {
	if p := b.known[t]; p != nil {
		return p, nil
	}
	if p := b.made[t]; p != nil {
		return p, nil
	}
	p := &Plan{Go: t, Name: t.Name()}
	b.made[t] = p
	if err := b.fields(p, t, nil, false); err != nil {
		return nil, err
	}
	return p, p.close()
}

// fields takes the fields of t, which is p's own struct or one embedded in it, into the plan.
func (b *builder) fields(p *Plan, t reflect.Type, at []int, common bool) error {
	var inherited reflect.Type    // the embedded core type, where there is one
	var own []reflect.StructField // attributes declared beside it
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int(nil), at...), i)
		switch {
		case f.Name == "_" || f.Anonymous:
			n := len(p.Attributes)
			embedded, err := b.embedded(p, t, f, index)
			if err != nil {
				return err
			}
			if embedded != nil {
				inherited = embedded
			} else if f.Tag.Get("scim") == "" && len(p.Attributes) > n {
				own = append(own, f)
			}
		case !f.IsExported() || f.Tag.Get("json") == "-":
		default:
			a, err := b.attribute(f, index)
			if err != nil {
				return mistake(t, f, err)
			}
			if !a.IsExtension() {
				own = append(own, f)
			}
			a.Common = common
			p.Attributes = append(p.Attributes, a)
		}
	}
	if inherited != nil && len(own) > 0 {
		return mistake(t, own[0], fmt.Errorf("beside the embedded %s only extensions can stand; declare a struct of your own to change the core schema", inherited))
	}
	return nil
}

// embedded deals with an embedded field or the blank field that carries a message's URN.
// It returns the type of an embedded resource.
func (b *builder) embedded(p *Plan, t reflect.Type, f reflect.StructField, index []int) (reflect.Type, error) {
	tag, tagged := f.Tag.Lookup("scim")
	if !tagged && f.Name == "_" {
		return nil, nil
	}
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return nil, mistake(t, f, errors.New("an embedded struct has no name of its own: drop the json tag, or the embedding"))
	}
	if f.Type.Kind() != reflect.Struct {
		return nil, mistake(t, f, fmt.Errorf("only structs can be embedded, not %s", f.Type))
	}
	if !tagged {
		q, err := b.plan(f.Type)
		if err != nil {
			return nil, err
		}
		if q.Kind == Complex { // fields shared between structs, as Go itself reads them
			return nil, b.fields(p, f.Type, index, false)
		}
		if p.URN != "" {
			return nil, mistake(t, f, fmt.Errorf("the type already has the schema %s", p.URN))
		}
		p.Kind, p.URN, p.Name, p.Description = q.Kind, q.URN, q.Name, q.Description
		p.Base = append(append([]int(nil), index...), q.Base...)
		for _, a := range q.Attributes {
			own := *a
			own.Index = append(append([]int(nil), index...), a.Index...)
			p.Attributes = append(p.Attributes, &own)
		}
		return f.Type, nil
	}
	words := split(tag, ',')
	if p.URN != "" {
		return nil, mistake(t, f, fmt.Errorf("the type already has the schema %s", p.URN))
	}
	if p.URN = plain(words[0]); !IsURI(p.URN) {
		return nil, mistake(t, f, fmt.Errorf("%q is not a schema URI such as urn:example:2.0:Device", p.URN))
	}
	for _, w := range words[1:] {
		name, ok := strings.CutPrefix(w, "name=")
		if !ok || name == "" {
			return nil, mistake(t, f, fmt.Errorf("unknown scim word %q; beside the URI there can be name=", w))
		}
		p.Name = plain(name)
	}
	p.Description = f.Tag.Get("description")
	switch {
	case f.Name == "_" || !f.IsExported():
		p.Kind = Message
	case f.Type.NumField() == 0:
		p.Kind = Extension
	default:
		p.Kind, p.Base = Resource, index
		return nil, b.fields(p, f.Type, index, true)
	}
	return nil, nil
}

// attribute compiles one field.
func (b *builder) attribute(f reflect.StructField, index []int) (*Attribute, error) {
	name, omit, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return nil, errors.New("the json tag must name the attribute, or be \"-\" to leave the field out")
	}
	a := &Attribute{
		Name: name, Description: f.Tag.Get("description"), Validate: f.Tag.Get("validate"),
		Mutability: ReadWrite, Returned: Default, Uniqueness: None,
		Omit:  strings.Contains(omit, "omit"),
		Field: f.Name, Index: index,
	}
	if err := b.shape(a, f.Type); err != nil {
		return nil, err
	}
	if err := a.words(f.Tag.Get("scim")); err != nil {
		return nil, err
	}
	if a.IsExtension() {
		if !strings.EqualFold(a.Name, a.Sub.URN) || a.MultiValued {
			return nil, fmt.Errorf("an extension is a struct or a pointer to one, and its json name is its URI, here %s", a.Sub.URN)
		}
		return a, nil
	}
	if a.Type == Structure && IsURI(name) {
		return nil, fmt.Errorf("%s is named like an extension, but does not embed Extension with %s in its scim tag", a.Elem, name)
	}
	if !IsName(name) {
		return nil, fmt.Errorf("%q is not an attribute name: a letter, then letters, digits, - and _ (RFC 7643 section 2.1)", name)
	}
	return a, nil
}

var (
	typeTime  = reflect.TypeFor[time.Time]()
	typeRaw   = reflect.TypeFor[json.RawMessage]()
	typeBytes = reflect.TypeFor[[]byte]()
)

// shape derives data type and multiplicity from the Go type.
func (b *builder) shape(a *Attribute, t reflect.Type) error {
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && t != typeRaw && t != typeBytes {
		return fmt.Errorf("%s is no list of numbers; use []byte for a binary value", t)
	}
	if t.Kind() == reflect.Slice && t != typeRaw && t != typeBytes {
		a.MultiValued, a.Slice = true, t
		t = t.Elem()
	}
	if t.Kind() == reflect.Pointer {
		a.Pointer = true
		t = t.Elem()
	}
	a.Elem = t
	switch t {
	case typeTime:
		a.Type, a.Op = DateTime, OpTime
		return nil
	case typeRaw:
		a.Type, a.Op = Raw, OpRaw
		return nil
	case typeBytes:
		a.Type, a.Op = Binary, OpBytes
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		a.Type, a.Op = String, OpString
	case reflect.Bool:
		a.Type, a.Op = Boolean, OpBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		a.Type, a.Op = Integer, OpInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		a.Type, a.Op = Integer, OpUint
	case reflect.Float32, reflect.Float64:
		a.Type, a.Op = Decimal, OpFloat
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return fmt.Errorf("%s holds no SCIM value; of the interface types only any does", t)
		}
		a.Type, a.Op = Raw, OpAny
	case reflect.Struct:
		sub, err := b.plan(t)
		if err != nil {
			return err
		}
		a.Type, a.Op, a.Sub = Structure, OpStruct, sub
	default:
		return fmt.Errorf("%s holds no SCIM value; use string, bool, a number, time.Time, []byte, a struct or a slice of one of these", t)
	}
	return nil
}

// IsURI says whether s can be the URI of a schema: a scheme, a colon and characters of RFC 3986, which need no escape in JSON.
func IsURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || rest == "" {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && strings.IndexByte("-._~:/?#@!$&'()*+;=%", c) < 0) {
			return false
		}
	}
	return true
}

// IsName says whether a name follows ATTRNAME of RFC 7643 section 2.1; erratum 8924 adds the leading $ of $ref.
func IsName(s string) bool {
	s = strings.TrimPrefix(s, "$")
	for i := range len(s) {
		c := s[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '$' || c == '-' || c == '_'):
		default:
			return false
		}
	}
	return s != ""
}

func mistake(t reflect.Type, f reflect.StructField, err error) error {
	return fmt.Errorf("scim: type %s, field %s: %w", t, f.Name, err)
}
