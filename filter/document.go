package filter

import (
	"encoding/hex"
	stderrors "errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
	"github.com/scimmodels/scim/schema"
)

// Document writes a resource as JSON to be searched in a database, by the conditions of [PostgreSQLDocument] or
// [SQLiteDocument]: strings in their comparison form ([Fold]) unless they are case exact, times as UTC text of fixed
// length, binary values as hexadecimal text, without what is never returned. It is kept beside the resource itself, which
// resource.Marshal writes for Storage, and like it written anew with each change. v is a struct or a pointer to one.
//
// The errors are plain ones: v is no resource, its tags are mistaken, or it has a number that JSON cannot hold.
func Document(v any) ([]byte, error) {
	f := reflect.ValueOf(v)
	for f.Kind() == reflect.Pointer || f.Kind() == reflect.Interface {
		f = f.Elem()
	}
	if f.Kind() != reflect.Struct {
		return nil, fmt.Errorf("scim: %T is no resource, or a nil pointer to one", v)
	}
	p, err := attr.Compile(f.Type())
	if err != nil {
		return nil, err
	}
	if p.Kind != attr.Resource {
		return nil, fmt.Errorf("scim: %T is no resource", v)
	}
	b, err := appendDocument(nil, p, f)
	if err == nil && len(b) == 0 {
		b = []byte("{}")
	}
	return b, err
}

// appendDocument writes an object, nothing where it has no value.
func appendDocument(b []byte, p *attr.Plan, v reflect.Value) (_ []byte, err error) {
	sep := byte('{')
	for _, a := range p.Attributes {
		f := a.Of(v)
		if a == p.Schemas || p.Never.Has(a.Bit) || !anyAssigned(a, f) {
			continue
		}
		b = append(append(b, sep), a.Quoted...)
		b = append(b, ':')
		sep = ','
		if !a.MultiValued {
			if b, err = appendSearched(b, a, a.Pointed(f)); err != nil {
				return nil, err
			}
			continue
		}
		comma := byte('[')
		for i := range f.Len() {
			e := f.Index(i)
			if !one(a, e) {
				continue
			}
			b = append(b, comma)
			comma = ','
			if b, err = appendSearched(b, a, a.Pointed(e)); err != nil {
				return nil, err
			}
		}
		b = append(b, ']')
	}
	if sep == ',' {
		b = append(b, '}')
	}
	return b, nil
}

// appendSearched writes one value that is assigned.
func appendSearched(b []byte, a *attr.Attribute, f reflect.Value) ([]byte, error) {
	switch a.Op {
	case attr.OpString:
		s := f.String()
		if !a.CaseExact {
			s = Fold(s)
		}
		return wire.AppendString(b, s), nil
	case attr.OpBool:
		return strconv.AppendBool(b, f.Bool()), nil
	case attr.OpInt:
		return strconv.AppendInt(b, f.Int(), 10), nil
	case attr.OpUint:
		return strconv.AppendUint(b, f.Uint(), 10), nil
	case attr.OpFloat:
		if x := f.Float(); !math.IsNaN(x) && !math.IsInf(x, 0) {
			return strconv.AppendFloat(b, x, 'g', -1, 64), nil
		}
		return nil, stderrors.New("scim: " + a.Name + " is no number that JSON can hold")
	case attr.OpTime:
		return wire.AppendString(b, attr.Time(f).UTC().Format(fixedTime)), nil
	case attr.OpBytes:
		return wire.AppendString(b, hex.EncodeToString(f.Bytes())), nil
	case attr.OpStruct:
		return appendDocument(b, a.Sub, f)
	default: // JSON of any form, of which a filter can only ask whether it is there
		return append(b, "true"...), nil
	}
}

// PostgreSQLDocument is the dialect of a jsonb column that holds a [Document]; column names it in SQL, such as u.search. An index on
// (search->>'userName') is used for userName eq.
func PostgreSQLDocument(column string) Dialect {
	find := func(t Target) (Column, error) {
		at := column
		if t.extension {
			at += "->" + quoted(t.Schema)
		}
		switch {
		case t.Attribute == "":
			return Column{Expr: "(" + at + ")"}, nil
		case t.MultiValued:
			c := Column{
				From:  "jsonb_array_elements(" + at + "->" + quoted(t.Attribute) + ") WITH ORDINALITY AS scim_e(v, n) WHERE TRUE",
				First: "(scim_e.v->>'primary') IS NOT DISTINCT FROM 'true' DESC, scim_e.n",
			}
			switch {
			case t.SubAttribute != "":
				c.Expr = "(scim_e.v->>" + quoted(t.SubAttribute) + ")"
			case t.Type == schema.TypeComplex:
				return c, nil
			default:
				c.Expr = "(scim_e.v#>>'{}')"
				c.First = "scim_e.n"
			}
			return typed(c, t), nil
		case t.SubAttribute != "":
			return typed(Column{Expr: "(" + at + "->" + quoted(t.Attribute) + "->>" + quoted(t.SubAttribute) + ")"}, t), nil
		case t.Type == schema.TypeComplex:
			return Column{Expr: "(" + at + "->" + quoted(t.Attribute) + ")"}, nil
		}
		return typed(Column{Expr: "(" + at + "->>" + quoted(t.Attribute) + ")"}, t), nil
	}
	return Dialect{Placeholder: dollar, Column: find, flavour: postgres, hex: true}
}

// typed makes of text what the type of the attribute is.
func typed(c Column, t Target) Column {
	switch t.Type {
	case schema.TypeBoolean:
		c.Expr += "::boolean"
	case schema.TypeInteger:
		c.Expr += "::numeric"
	case schema.TypeDecimal:
		c.Expr += "::float8"
	default:
	}
	c.Folded = c.Expr
	return c
}

// quoted writes a name as a string of SQL.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// SQLiteDocument is the dialect of a column of JSON text in SQLite, 3.38 or newer, that holds a [Document]; column names it in
// SQL. An index on json_extract(search, '$."userName"') is used for userName eq. A row needs a document then, such as {}: SQLite
// finds an empty text malformed.
func SQLiteDocument(column string) Dialect {
	find := func(t Target) (Column, error) {
		path := "$"
		if t.extension {
			path += `."` + t.Schema + `"`
		}
		extract := func(from, path string) string { return "json_extract(" + from + ", " + quoted(path) + ")" }
		if t.Attribute != "" {
			path += `."` + t.Attribute + `"`
		}
		if t.MultiValued {
			c := Column{From: "json_each(" + column + ", " + quoted(path) + ") AS scim_e WHERE TRUE"}
			switch {
			case t.SubAttribute != "":
				c.Expr = extract("scim_e.value", `$."`+t.SubAttribute+`"`)
				c.First = "COALESCE(" + extract("scim_e.value", `$."primary"`) + ", 0) DESC, scim_e.key"
			case t.Type == schema.TypeComplex:
			default:
				c.Expr = "scim_e.value"
				c.First = "scim_e.key"
			}
			c.Folded = c.Expr
			return c, nil
		}
		if t.SubAttribute != "" {
			path += `."` + t.SubAttribute + `"`
		}
		x := extract(column, path)
		return Column{Expr: x, Folded: x}, nil
	}
	return Dialect{Placeholder: question, Column: find, flavour: sqlite, hex: true}
}
