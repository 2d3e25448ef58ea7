package resource

import (
	stderrors "errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/schema"
)

// StructOf makes a Go struct type of a resource type and its schemas, such as those that schema.Load and Validate read from
// files: what a type declared in code is to [Validate], the runtime type is to [ValidateAs], and Marshal, List, filter
// and patch take its values like any other. It is done once, at start: Go never frees a type.
//
// schemas has the base schema and those of the extensions; others are ignored. An extension within an extension is an
// attribute of type complex whose name is the URI of one of schemas. Fields are named after attributes, with a capital letter, but
// [Get] and [Set] are the way to them: strings are string (Secret where they are never returned), the rest *bool,
// *int64, *float64, time.Time, []byte, structs, and slices of string, bool, int64 and so on. A multi-valued complex attribute
// without subAttributes has those of RFC 7643 section 2.4.
//
// The error is an *errors.Error or errors.List that names all that is wrong: a schema that is not there, what schema.Load
// refuses, and what the engine cannot hold, such as two extensions of one URI.
func StructOf(rt *ResourceType, schemas ...*schema.Schema) (reflect.Type, error) {
	if rt == nil {
		return nil, stderrors.New("scim: StructOf needs a resource type")
	}
	b := structs{schemas: map[string]*schema.Schema{}, used: map[string]bool{}}
	for i, s := range schemas {
		if s == nil {
			continue
		}
		read, err := reread(s)
		if err != nil {
			b.refused("schemas["+strconv.Itoa(i)+"]", err)
			continue
		}
		b.schemas[strings.ToLower(read.ID)] = read
	}
	fields := b.resource(rt)
	if err := b.faults.Err(); err != nil {
		return nil, err
	}
	t, err := structType(fields)
	if err == nil {
		_, err = attr.Compile(t)
	}
	if err != nil {
		return nil, errors.New(errors.InvalidValue, "the resource type %q cannot be built: %w", rt.Name, err)
	}
	return t, nil
}

// reread checks a schema that was made by hand as if it had been loaded.
func reread(s *schema.Schema) (*schema.Schema, error) {
	data, err := Marshal(Storage, s)
	if err != nil {
		return nil, err
	}
	read, _, err := schema.Load(data)
	return read, err
}

// structType makes a struct type; package reflect panics where it cannot.
func structType(fields []reflect.StructField) (t reflect.Type, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("scim: %v", r)
		}
	}()
	return reflect.StructOf(fields), nil
}

// structs makes the struct types of one resource type.
type structs struct {
	schemas map[string]*schema.Schema // by URI in lower case
	within  []string                  // URIs of the schemas around what is being made
	used    map[string]bool           // URIs of the schemas so far
	secret  bool                      // what is being made is part of a value that is never returned
	faults  errors.List
}

func (b *structs) fault(path, format string, args ...any) {
	err := errors.New(errors.InvalidValue, format, args...)
	err.Path = path
	b.faults = append(b.faults, err)
}

// refused takes over what is wrong with the schema at path.
func (b *structs) refused(path string, err error) {
	list, several := stderrors.AsType[errors.List](err)
	one, known := stderrors.AsType[*errors.Error](err)
	switch {
	case several:
	case known:
		list = errors.List{one}
	default:
		b.fault(path, "%w", err)
	}
	for _, f := range list {
		f.Path = path + "." + f.Path
		b.faults = append(b.faults, f)
	}
}

// find is the schema of a URI; path says where the URI stands.
func (b *structs) find(uri, path string) *schema.Schema {
	s := b.schemas[strings.ToLower(uri)]
	if s == nil { // RFC 7643 section 6
		b.fault(path, "none of the schemas given has the id %q", shorten(uri))
	}
	return s
}

// resource makes the fields of the resource itself.
func (b *structs) resource(rt *ResourceType) []reflect.StructField {
	base := b.find(rt.Schema, "schema")
	if base == nil {
		for i, x := range rt.SchemaExtensions {
			b.find(x.Schema, extensionPath(i))
		}
		return nil
	}
	urn := strings.ToLower(base.ID)
	b.within, b.used[urn] = append(b.within, urn), true
	fields := []reflect.StructField{{
		Name: "Resource", Anonymous: true, Type: reflect.TypeFor[Resource](), Tag: headTag(base),
	}}
	fields = b.attributes(fields, base, base.Attributes, "")
	for i, x := range rt.SchemaExtensions {
		path := extensionPath(i)
		if s := b.find(x.Schema, path); s != nil {
			fields = b.extension(fields, s, x.Required, path)
		}
	}
	if n := len(fields) - 1 + reflect.TypeFor[Resource]().NumField(); n > attr.MaxAttributes {
		b.fault("schemaExtensions", "with the common attributes and extensions the type has %d attributes, %d is the most", n, attr.MaxAttributes)
	}
	return fields
}

func extensionPath(i int) string { return "schemaExtensions[" + strconv.Itoa(i) + "].schema" }

// headTag is the tag of the embedded base of a resource or extension.
func headTag(s *schema.Schema) reflect.StructTag {
	return tag("scim", attr.Escape(s.ID)+",name="+attr.Escape(s.Name)) + " " + tag("description", s.Description)
}

func tag(key, value string) reflect.StructTag {
	return reflect.StructTag(key + ":" + strconv.Quote(value))
}

// extension adds the field of an extension.
func (b *structs) extension(fields []reflect.StructField, s *schema.Schema, required bool, path string) []reflect.StructField {
	urn := strings.ToLower(s.ID)
	switch {
	case slices.Contains(b.within, urn):
		b.fault(path, "the schema %s is an extension of itself", s.ID)
		return fields
	case b.used[urn]: // its URN would lead to two places
		b.fault(path, "the extension %s stands twice", s.ID)
		return fields
	}
	b.within, b.used[urn] = append(b.within, urn), true
	inner := b.attributes([]reflect.StructField{{
		Name: "Extension", Anonymous: true, Type: reflect.TypeFor[Extension](), Tag: headTag(s),
	}}, s, s.Attributes, "")
	b.within = b.within[:len(b.within)-1]
	t, err := structType(inner)
	if err != nil {
		b.fault(path, "%w", err)
		return fields
	}
	words := ""
	if required {
		words = "required"
	}
	return append(fields, reflect.StructField{
		Name: fieldName(s.Name, fields), Type: reflect.PointerTo(t), Tag: tag("json", s.ID+",omitempty") + " " + tag("scim", words),
	})
}

// attributes adds the fields of attributes of a schema.
func (b *structs) attributes(fields []reflect.StructField, s *schema.Schema, list []schema.Attribute, path string) []reflect.StructField {
	for i := range list {
		a := &list[i]
		at := path + a.Name
		if path == "" && strings.Contains(a.Name, ":") {
			at = s.ID + ":" + a.Name
			switch x := b.find(a.Name, at); {
			case x == nil:
			case a.Type != schema.TypeComplex || a.MultiValued:
				b.fault(at, "has the name of an extension, but is not one complex value")
			default:
				fields = b.extension(fields, x, a.Required, at)
			}
			continue
		}
		if t := b.goType(s, a, at); t != nil {
			fields = append(fields, reflect.StructField{Name: fieldName(a.Name, fields), Type: t, Tag: attributeTag(s, a, at)})
		}
	}
	return fields
}

// defaultSubAttributes are those of a multi-valued complex attribute that defines none (RFC 7643 section 2.4).
var defaultSubAttributes = []schema.Attribute{
	{Name: "value", Type: schema.TypeString},
	{Name: "display", Type: schema.TypeString, Mutability: schema.Immutable},
	{Name: "type", Type: schema.TypeString},
	{Name: "primary", Type: schema.TypeBoolean},
	{Name: "$ref", Type: schema.TypeReference},
}

// goType is the type of the field of an attribute.
func (b *structs) goType(s *schema.Schema, a *schema.Attribute, path string) reflect.Type {
	var t reflect.Type
	switch a.Type {
	case schema.TypeBoolean:
		t = reflect.TypeFor[bool]()
	case schema.TypeInteger:
		t = reflect.TypeFor[int64]()
	case schema.TypeDecimal:
		t = reflect.TypeFor[float64]()
	case schema.TypeDateTime:
		t = reflect.TypeFor[time.Time]()
	case schema.TypeBinary:
		t = reflect.TypeFor[[]byte]()
	case schema.TypeComplex:
		parts := a.SubAttributes
		if len(parts) == 0 && a.MultiValued {
			parts = defaultSubAttributes
		}
		if len(parts) == 0 {
			b.fault(s.ID+":"+path, "is complex and has no subAttributes")
			return nil
		}
		around := b.secret
		b.secret = around || isSecret(a)
		var err error
		t, err = structType(b.attributes(nil, s, parts, path+"."))
		if b.secret = around; err != nil {
			b.fault(s.ID+":"+path, "%w", err)
			return nil
		}
	default:
		if t = reflect.TypeFor[string](); b.secret || isSecret(a) {
			t = reflect.TypeFor[Secret]()
		}
	}
	switch {
	case a.MultiValued:
		return reflect.SliceOf(t)
	case a.Type == schema.TypeBoolean || a.Type == schema.TypeInteger || a.Type == schema.TypeDecimal: // which may be unassigned
		return reflect.PointerTo(t)
	}
	return t
}

func isSecret(a *schema.Attribute) bool {
	return a.Mutability == schema.WriteOnly || a.Returned == schema.ReturnedNever
}

// attributeTag says of a field what the schema says of the attribute.
func attributeTag(s *schema.Schema, a *schema.Attribute, path string) reflect.StructTag {
	omit := ",omitempty"
	if !a.MultiValued && (a.Type == schema.TypeDateTime || a.Type == schema.TypeComplex) {
		omit = ",omitzero"
	}
	var words []string
	add := func(set bool, word string) {
		if set {
			words = append(words, word)
		}
	}
	text := a.Type == schema.TypeString || a.Type == ""
	add(a.Required, "required")
	add(text && Or(a.CaseExact, false), "caseExact")
	add(a.Mutability != "" && a.Mutability != schema.ReadWrite, "mutability="+string(a.Mutability))
	add(a.Returned != "" && a.Returned != schema.ReturnedDefault, "returned="+string(a.Returned))
	unique := text || a.Type == schema.TypeReference || a.Type == schema.TypeInteger || a.Type == schema.TypeDecimal
	add(unique && a.Uniqueness != "" && a.Uniqueness != schema.UniquenessNone, "uniqueness="+string(a.Uniqueness))
	add(text && len(a.CanonicalValues) > 0, "canonicalValues="+joined(a.CanonicalValues))
	add(a.Type == schema.TypeReference, "referenceTypes="+joined(a.ReferenceTypes))
	if f := formatOf(s.ID, path); f != "" {
		add(true, "format="+f)
	}
	return tag("json", a.Name+omit) + " " + tag("scim", strings.Join(words, ",")) + " " + tag("description", a.Description)
}

func joined(values []string) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = attr.Escape(v)
	}
	return strings.Join(list, "|")
}

// formatOf is the format of an attribute of the RFC's own schemas, which no schema document can say: [Require] and the check of
// certificates concern runtime types, too.
func formatOf(urn, path string) string {
	for _, t := range []reflect.Type{reflect.TypeFor[User](), reflect.TypeFor[Group](), reflect.TypeFor[EnterpriseUser]()} {
		p := attr.Of(t)
		if !strings.EqualFold(p.URN, urn) {
			continue
		}
		if steps, ok := p.Find(path); ok && len(steps) > 0 {
			return steps[len(steps)-1].Format.Word()
		}
	}
	return ""
}

// fieldName makes a Go name of the name of an attribute that no other field has.
func fieldName(name string, fields []reflect.StructField) string {
	var b strings.Builder
	for _, c := range name {
		switch {
		case c >= 'a' && c <= 'z' && b.Len() == 0:
			b.WriteRune(c - 'a' + 'A')
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9' && b.Len() > 0:
			b.WriteRune(c)
		}
	}
	taken := func(n string) bool {
		return slices.ContainsFunc(fields, func(f reflect.StructField) bool { return f.Name == n })
	}
	made := b.String()
	if made == "" {
		made = "X"
	}
	for n := 2; taken(made); n++ {
		made = b.String() + strconv.Itoa(n)
		if b.Len() == 0 {
			made = "X" + strconv.Itoa(n)
		}
	}
	return made
}
