package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// Kind is a resource type as a store sees it: the few attributes that are not just part of a document.
type Kind struct {
	// Name is the name of the resource type, meta.resourceType.
	Name string
	// Type is the Go struct of its resources.
	Type reflect.Type
	// Unique are the attributes and sub-attributes whose values no two resources may share (RFC 7643 section 7).
	Unique []Unique
	// Lists are multi-valued attributes that name resources of this service and nothing else about them, such as the
	// members of groups. They may have a hundred thousand elements, so a store keeps them element by element.
	Lists []List
	// Memberships are readOnly attributes that say in whose Lists a resource is, such as the groups of users.
	Memberships []List
	// Display are the paths of attributes by which people know a resource; the first that has a value counts.
	Display []string
	// Sought are the attributes by which resources are looked up and sorted: externalId, those of Display, and Unique.
	Sought []string
	// Valued are the multi-valued attributes whose elements go by a value, such as emails, apart from Lists and Memberships.
	Valued []Attribute

	schema     string // URN of the core schema
	extensions []extension
}

// extension is a part of resources that they need not have.
type extension struct {
	schema  string
	present *filter.Filter
}

// Unique is an attribute whose values are unique.
type Unique struct {
	// Path is in attribute notation, such as userName, emails.value or urn:...:User:employeeNumber.
	Path string
	// Scope is the name under which a value may be there once: that of kind and attribute, or of the attribute alone.
	Scope string

	caseExact bool
}

// List is an attribute whose elements name resources by value.
type List struct {
	// Path is the attribute in attribute notation.
	Path string
	// Schema and Attribute are its parts, as in filter.Target.
	Schema, Attribute string
	// Kinds are the names of the resource types that the elements may be of.
	Kinds []string
	// Type and Display say that elements have these parts besides their value. The type of an element of Lists is the name of its
	// Kind, of Memberships direct or, where one group is in another, indirect.
	Type, Display bool
	// Immutable and Required are characteristics of the attribute: whether an element may come or go then depends on those that are there.
	Immutable, Required bool

	slice  reflect.Type // of the attribute
	fields elementFields
}

// Key is a value that is unique.
type Key struct{ Path, Scope, Value string }

// NewKind looks at the schemas of a resource type.
func NewKind(rt *resource.ResourceType, t reflect.Type) *Kind {
	k := &Kind{Name: rt.Name, Type: t, schema: rt.Schema}
	for _, name := range []string{"displayName", "userName"} {
		if _, err := filter.CompileOrderType(t, name, "", resource.Strict()); err == nil {
			k.Display = append(k.Display, name)
		}
	}
	for _, s := range schema.AllOf(t) {
		prefix := ""
		if !strings.EqualFold(s.ID, rt.Schema) {
			prefix = s.ID + ":"
			if present, err := filter.CompileType(t, "schemas eq "+filter.Quote(s.ID)); err == nil {
				k.extensions = append(k.extensions, extension{schema: s.ID, present: present})
			}
		}
		for _, a := range s.Attributes {
			path := prefix + a.Name
			k.unique(s.ID, path, a)
			for _, sub := range a.SubAttributes {
				k.unique(s.ID, path+"."+sub.Name, sub)
			}
			l, isList := listOf(a)
			l.Path, l.Schema = path, s.ID
			if isList {
				l, isList = l.of(t)
			}
			switch {
			case isList && a.Mutability == schema.ReadOnly:
				k.Memberships = append(k.Memberships, l)
			case isList:
				k.Lists = append(k.Lists, l)
			case goesByValue(a):
				k.Valued = append(k.Valued, Attribute{Path: path, Extension: strings.TrimSuffix(prefix, ":"), Name: a.Name})
			}
		}
	}
	k.Sought = k.sought()
	return k
}

func (k *Kind) unique(urn, path string, a schema.Attribute) {
	u := Unique{Path: path, caseExact: a.Type != schema.TypeString || resource.Or(a.CaseExact, false)}
	switch a.Uniqueness {
	case schema.UniquenessServer:
		u.Scope = k.Name + " " + path
	case schema.UniquenessGlobal:
		u.Scope = urn + ":" + strings.TrimPrefix(path, urn+":") // the same where another kind has this schema as an extension
	default:
		return
	}
	k.Unique = append(k.Unique, u)
}

// listOf says whether an attribute is a list of resources: value and $ref, and no more than type and display besides.
func listOf(a schema.Attribute) (l List, ok bool) {
	if !a.MultiValued || a.Type != schema.TypeComplex {
		return l, false
	}
	l.Attribute, l.Immutable, l.Required = a.Name, a.Mutability == schema.Immutable, a.Required
	value := false
	for _, sub := range a.SubAttributes {
		switch sub.Name {
		case "value":
			value = sub.Type == schema.TypeString
		case "$ref":
			l.Kinds = slices.DeleteFunc(slices.Clone(sub.ReferenceTypes), func(name string) bool { return name == "external" || name == "uri" })
		case "type":
			l.Type = sub.Type == schema.TypeString
		case "display":
			l.Display = sub.Type == schema.TypeString
		default:
			return l, false
		}
	}
	return l, value && len(l.Kinds) > 0
}

// Keys are the unique values that a resource has, each once.
func (k *Kind) Keys(v any) ([]Key, error) {
	var keys []Key
	for _, u := range k.Unique {
		values, err := texts(v, u.Path)
		if err != nil {
			return nil, err
		}
		for _, value := range values {
			if !u.caseExact {
				value = filter.Fold(value)
			}
			if key := (Key{Path: u.Path, Scope: u.Scope, Value: value}); value != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys, nil
}

// Elements are the values of one of the Lists of a resource. An element without one is 400 invalidValue.
func (l List) Elements(v any) ([]string, error) {
	elements, err := resource.Get(v, l.Path)
	if err != nil || elements == nil {
		return nil, err
	}
	values, err := texts(v, l.Path+".value")
	if err == nil && len(values) != reflect.ValueOf(elements).Len() {
		err = &scimerrors.Error{Status: 400, Type: scimerrors.InvalidValue, Path: l.Path + ".value", Detail: "is required in each element"}
	}
	return values, err
}

// List finds one of the Lists by its path.
func (k *Kind) List(path string) (List, bool) {
	for _, l := range k.Lists {
		if l.Path == path {
			return l, true
		}
	}
	return List{}, false
}

// Has says whether a resource of a kind may be in the list.
func (l List) Has(kind string) bool { return slices.Contains(l.Kinds, kind) }

// Head is a copy of a resource without Lists and Memberships. What it does not copy is shared.
func (k *Kind) Head(v any) (any, error) {
	head := reflect.New(k.Type)
	head.Elem().Set(reflect.ValueOf(v).Elem())
	for _, l := range slices.Concat(k.Lists, k.Memberships) {
		if err := resource.Set(head.Interface(), l.Path, nil); err != nil {
			return nil, err
		}
	}
	return head.Interface(), nil
}

// Shown is how people know a resource.
func (k *Kind) Shown(v any) string {
	for _, path := range k.Display {
		if shown, err := resource.Get(v, path); err == nil && shown != nil {
			return fmt.Sprint(shown)
		}
	}
	return ""
}

// texts are the values at a path, as text.
func texts(v any, path string) ([]string, error) {
	got, err := resource.Get(v, path)
	if err != nil || got == nil {
		return nil, err
	}
	values := reflect.ValueOf(got)
	if values.Kind() != reflect.Slice {
		return []string{fmt.Sprint(got)}, nil
	}
	all := make([]string, values.Len())
	for i := range all {
		all[i] = fmt.Sprint(values.Index(i).Interface())
	}
	return all, nil
}
