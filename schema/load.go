package schema

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// Load reads a Schema document (RFC 7643 section 7). Documents that providers have published with well-known mistakes are put
// right: repaired lists what, each with its path, such as attributes[2].type; the result is then what the document meant.
//
// Put right are: a type in another case, bool and int; an unknown uniqueness (none); referenceTypes or canonicalValues that
// are no list; a missing name, type or multiValued; writeOnly that is not returned never; and definitions of the common
// attributes, which no schema can change (RFC 7643 section 3.1).
//
// err is an *errors.Error or errors.List of all else that is wrong, 400 invalidValue or invalidSyntax; s is nil then. Nesting, size and number
// of attributes are limited as those of any document.
func Load(data []byte) (s *Schema, repaired errors.List, err error) {
	var d document
	l := loader{}
	o := codec.Options{Mode: codec.Compare}
	o.Repaired = func(rule opt.Tolerance, path, _ string) {
		switch rule {
		case opt.SingleAsList:
			l.repair(path, "is one value, not a list")
		case opt.BooleanStrings:
			l.repair(path, "is a string, not a boolean")
		default: // none of a schema's business
		}
	}
	if err := codec.Decode(attr.Of(reflect.TypeFor[document]()), reflect.ValueOf(&d).Elem(), data, o); err != nil {
		return nil, nil, err
	}
	s = l.schema(&d)
	if len(l.faults) > 0 {
		return nil, l.repaired, l.faults.Err()
	}
	return s, l.repaired, nil
}

// document is a schema as it is found. What differs from [Schema] is told apart from what is absent, and no word is refused yet.
type document struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:Schema"`

	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	Attributes  []definition `json:"attributes,omitempty"`
}

type definition struct {
	Name            string       `json:"name,omitempty"`
	Type            string       `json:"type,omitempty"`
	MultiValued     *bool        `json:"multiValued,omitempty"`
	Description     string       `json:"description,omitempty"`
	Required        *bool        `json:"required,omitempty"`
	CanonicalValues []string     `json:"canonicalValues,omitempty"`
	CaseExact       *bool        `json:"caseExact,omitempty"`
	Mutability      string       `json:"mutability,omitempty"`
	Returned        string       `json:"returned,omitempty"`
	Uniqueness      string       `json:"uniqueness,omitempty"`
	ReferenceTypes  []string     `json:"referenceTypes,omitempty"`
	SubAttributes   []definition `json:"subAttributes,omitempty"`
}

// loader collects what is wrong with a schema.
type loader struct {
	urn      string
	faults   errors.List
	repaired errors.List
}

func (l *loader) fault(path, format string, args ...any) {
	if len(l.faults) < codec.MaxFaults {
		err := errors.New(errors.InvalidValue, format, args...)
		err.Path = path
		l.faults = append(l.faults, err)
	}
}

func (l *loader) repair(path, format string, args ...any) {
	if len(l.repaired) < codec.MaxFaults {
		err := errors.New(errors.InvalidValue, format, args...)
		err.Path = path
		l.repaired = append(l.repaired, err)
	}
}

func (l *loader) schema(d *document) *Schema {
	l.urn = d.ID
	s := &Schema{Resource: d.Resource, Name: d.Name, Description: d.Description}
	s.Schemas, s.Meta.ResourceType = []string{attr.SchemaURN}, "Schema"
	switch {
	case d.ID == "":
		l.fault("id", "is required: it is the URI of the schema")
	case !attr.IsURI(d.ID):
		l.fault("id", "%q is no URI such as urn:example:2.0:Device", clip(d.ID))
	case d.Name == "":
		id := strings.TrimRight(d.ID, ":/")
		s.Name = id[strings.LastIndexAny(id, ":/")+1:]
		l.repair("name", "is missing; taken from the URI: %s", clip(s.Name))
	}
	if s.Attributes = l.attributes(d.Attributes, "attributes", 0); len(s.Attributes) == 0 { // but common ones
		l.fault("attributes", "is required: a schema defines at least one")
	}
	return s
}

// common has the attributes of every resource (RFC 7643 section 3.1).
var common = []string{"schemas", "id", "externalId", "meta"}

// attributes reads the attributes of the schema, or the sub-attributes of one; depth counts the levels.
func (l *loader) attributes(list []definition, path string, depth int) []Attribute {
	all := make([]Attribute, 0, len(list))
	seen := map[string]bool{}
	for i := range list {
		d := &list[i]
		at := path + "[" + strconv.Itoa(i) + "]"
		switch name := strings.ToLower(d.Name); {
		case d.Name == "":
			l.fault(at+".name", "is required")
		case !attr.IsName(d.Name) && (depth > 0 || !attr.IsURI(d.Name)):
			l.fault(at+".name", "%q is not an attribute name: a letter, then letters, digits, - and _", clip(d.Name))
		case seen[name]:
			l.fault(at+".name", "%q is defined twice", clip(d.Name))
		case depth == 0 && l.urn != attr.SchemaURN && slices.ContainsFunc(common, func(c string) bool { return strings.EqualFold(c, d.Name) }):
			l.repair(at, "defines %q, a common attribute that no schema can change", d.Name)
			continue
		default:
			seen[name] = true
		}
		if len(l.faults) >= codec.MaxFaults {
			return nil
		}
		all = append(all, l.attribute(d, at, depth))
	}
	if len(all) > attr.MaxAttributes-len(common) {
		l.fault(path, "has %d attributes, %d is the most", len(all), attr.MaxAttributes-len(common))
	}
	return all
}

func (l *loader) attribute(d *definition, at string, depth int) Attribute {
	a := Attribute{
		Name: d.Name, Description: d.Description, Required: d.Required != nil && *d.Required,
		CanonicalValues: d.CanonicalValues, CaseExact: d.CaseExact, ReferenceTypes: d.ReferenceTypes,
		Type: l.kind(d, at+".type"), MultiValued: d.MultiValued != nil && *d.MultiValued,
	}
	if d.MultiValued == nil {
		l.repair(at+".multiValued", "is missing; taken as false")
	}
	a.Mutability = word(l, at+".mutability", Mutability(d.Mutability), ReadWrite, ReadOnly, Immutable, WriteOnly)
	a.Returned = word(l, at+".returned", Returned(d.Returned), ReturnedDefault, ReturnedAlways, ReturnedNever, ReturnedRequest)
	if a.Mutability == WriteOnly && a.Returned != ReturnedNever && d.Returned != "" {
		l.repair(at+".returned", "is %s, but what is writeOnly is never returned", d.Returned)
		a.Returned = ReturnedNever
	}
	switch u := Uniqueness(d.Uniqueness); u {
	case "", UniquenessNone, UniquenessServer, UniquenessGlobal:
		a.Uniqueness = u
	default:
		l.repair(at+".uniqueness", "%q is none of none, server and global; taken as none", clip(d.Uniqueness))
		a.Uniqueness = UniquenessNone
	}
	if len(d.ReferenceTypes) > 0 && a.Type != TypeReference { // RFC 7643 section 7, erratum 5607
		l.fault(at+".referenceTypes", "belongs to attributes of type reference, not %s", a.Type)
	}
	switch {
	case len(d.SubAttributes) == 0:
	case a.Type != TypeComplex:
		l.fault(at+".subAttributes", "belong to attributes of type complex, not %s", a.Type)
	default:
		a.SubAttributes = l.attributes(d.SubAttributes, at+".subAttributes", depth+1)
	}
	if a.Type == TypeComplex && depth > 0 && l.urn != attr.SchemaURN { // RFC 7643 section 2.3.8; the schema of schemas is the exception
		l.fault(at+".type", "a complex attribute cannot hold the complex attribute %q", clip(d.Name))
	}
	return a
}

// word checks a word that is refused unless it is spelled exactly; the first one stands for none.
func word[T ~string](l *loader, path string, w T, words ...T) T {
	if w != "" && !slices.Contains(words, w) {
		all := make([]string, len(words))
		for i, one := range words {
			all[i] = string(one)
		}
		l.fault(path, "%q is none of %s", clip(string(w)), strings.Join(all, ", "))
	}
	return w
}

// types has the words of RFC 7643 section 2.3 in lower case, and what is published instead of them.
var types = map[string]Type{
	"string": TypeString, "boolean": TypeBoolean, "decimal": TypeDecimal, "integer": TypeInteger, "datetime": TypeDateTime,
	"reference": TypeReference, "binary": TypeBinary, "complex": TypeComplex,
	"bool": TypeBoolean, "int": TypeInteger,
}

func (l *loader) kind(d *definition, path string) Type {
	t, ok := types[strings.ToLower(d.Type)]
	switch {
	case d.Type == "" && len(d.SubAttributes) > 0:
		l.repair(path, "is missing; with subAttributes it is complex")
		return TypeComplex
	case d.Type == "":
		l.repair(path, "is missing; taken as string")
		return TypeString
	case !ok:
		l.fault(path, "%q is none of string, boolean, decimal, integer, dateTime, reference, binary, complex", clip(d.Type))
		return TypeString
	case string(t) != d.Type:
		l.repair(path, "%q stands for %s", d.Type, t)
	}
	return t
}

// clip shortens what errors show of a document.
func clip(s string) string { return wire.Clip(s, 64) }
