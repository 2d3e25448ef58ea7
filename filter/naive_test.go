package filter_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/schema"
)

// naive evaluates filters as requirements.md words them, over a resource as JSON: slow and obvious. It knows the default
// mode only.
type naive struct{ schemas []*schema.Schema } // the core schema first

// common has the attributes of RFC 7643 section 3.1, which are in no schema.
var common = []schema.Attribute{
	{Name: "schemas", Type: schema.TypeString, MultiValued: true},
	{Name: "id", Type: schema.TypeString, CaseExact: new(true)},
	{Name: "externalId", Type: schema.TypeString, CaseExact: new(true)},
	{Name: "meta", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{
		{Name: "resourceType", Type: schema.TypeString, CaseExact: new(true)},
		{Name: "created", Type: schema.TypeDateTime},
		{Name: "lastModified", Type: schema.TypeDateTime},
		{Name: "location", Type: schema.TypeReference},
		{Name: "version", Type: schema.TypeString, CaseExact: new(true)},
	}},
}

// found is what a name leads to: its definition and its values, the parents of the values beside them.
type found struct {
	def    schema.Attribute
	parent *schema.Attribute // of a sub-attribute
	values []any
	owners []map[string]any // the complex values that hold a sub-attribute
	never  bool
	ext    bool // a whole extension
}

// as is a type assertion on what the schema vouches for.
func as[T any](v any) T {
	x, _ := v.(T)
	return x
}

func look(defs []schema.Attribute, name string) *schema.Attribute {
	for i := range defs {
		if strings.EqualFold(defs[i].Name, name) {
			return &defs[i]
		}
	}
	return nil
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// in finds name[.sub] among definitions, in a JSON object.
func in(defs []schema.Attribute, node map[string]any, name, sub string) *found {
	a := look(defs, name)
	if a == nil {
		return nil
	}
	never := a.Returned == schema.ReturnedNever || a.Mutability == schema.WriteOnly
	values := list(node[a.Name])
	if sub == "" {
		return &found{def: *a, values: values, never: never, owners: []map[string]any{node}}
	}
	s := look(a.SubAttributes, sub)
	if s == nil {
		return nil
	}
	f := &found{def: *s, parent: a, never: never || s.Returned == schema.ReturnedNever || s.Mutability == schema.WriteOnly}
	for _, v := range values {
		if part := as[map[string]any](v); (naive{}).present(*a, part) {
			f.owners = append(f.owners, part)
			f.values = append(f.values, list(part[s.Name])...)
		}
	}
	return f
}

func (n naive) find(node map[string]any, p filter.AttributePath) *found {
	sub := ""
	if p.SubAttribute != nil {
		sub = *p.SubAttribute
	}
	if p.URIPrefix == nil {
		if f := in(append(slices.Clip(common), n.schemas[0].Attributes...), node, p.AttributeName, sub); f != nil {
			return f
		}
		var one *found
		for _, s := range n.schemas[1:] { // AMB-31
			part, _ := node[s.ID].(map[string]any)
			if f := in(s.Attributes, part, p.AttributeName, sub); f != nil {
				if one != nil {
					return nil
				}
				one = f
			}
		}
		return one
	}
	whole := *p.URIPrefix + ":" + p.AttributeName
	if sub != "" {
		whole += "." + sub
	}
	var best *schema.Schema
	for _, s := range n.schemas {
		if len(whole) >= len(s.ID) && strings.EqualFold(whole[:len(s.ID)], s.ID) && (len(whole) == len(s.ID) || whole[len(s.ID)] == ':') {
			if best == nil || len(s.ID) > len(best.ID) {
				best = s
			}
		}
	}
	if best == nil {
		return nil
	}
	rest := strings.TrimPrefix(whole[len(best.ID):], ":")
	name, sub, _ := strings.Cut(rest, ".")
	if best == n.schemas[0] {
		return in(append(slices.Clip(common), best.Attributes...), node, name, sub)
	}
	if rest == "" && len(whole) == len(best.ID) {
		return &found{def: schema.Attribute{Type: schema.TypeComplex, SubAttributes: best.Attributes}, values: list(node[best.ID]), ext: true}
	}
	part, _ := node[best.ID].(map[string]any)
	return in(best.Attributes, part, name, sub)
}

// present says whether a value counts: AMB-34, AMB-07. What is never returned does not.
func (n naive) present(a schema.Attribute, v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case map[string]any:
		for _, s := range a.SubAttributes {
			if s.Returned == schema.ReturnedNever || s.Mutability == schema.WriteOnly {
				continue
			}
			for _, x := range list(v[s.Name]) {
				if n.present(s, x) {
					return true
				}
			}
		}
		return false
	}
	return true
}

// eval gives the result, and false where the filter is to be refused. defs is nil at the top.
func (n naive) eval(e filter.Expression, node map[string]any, find func(filter.AttributePath) *found) (result, ok bool) {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		l, ok1 := n.eval(e.Left, node, find)
		r, ok2 := n.eval(e.Right, node, find)
		if e.Operator == filter.And {
			return l && r, ok1 && ok2
		}
		return l || r, ok1 && ok2
	case *filter.NotExpression:
		r, ok := n.eval(e.Expression, node, find)
		return !r, ok
	case *filter.ValuePath:
		return n.valuePath(e, find(e.AttributePath))
	case *filter.AttributeExpression:
		return n.compare(e, find(e.AttributePath))
	}
	return false, false
}

func (n naive) valuePath(e *filter.ValuePath, f *found) (result, ok bool) {
	unknown := func(filter.AttributePath) *found { return nil }
	if f == nil {
		_, ok = n.eval(e.ValueFilter, nil, unknown)
		return false, ok
	}
	if f.never || f.ext || f.def.Name == "schemas" || f.def.Type != schema.TypeComplex && !f.def.MultiValued {
		return false, false
	}
	inside := func(v any) func(filter.AttributePath) *found {
		return func(p filter.AttributePath) *found {
			if f.def.Type == schema.TypeComplex {
				part, _ := v.(map[string]any)
				sub := ""
				if p.SubAttribute != nil {
					sub = *p.SubAttribute
				}
				g := in(f.def.SubAttributes, part, p.AttributeName, sub)
				if g != nil {
					g.parent = &f.def
				}
				return g
			}
			if p.SubAttribute != nil || !strings.EqualFold(p.AttributeName, "value") { // erratum 7122
				return nil
			}
			self := f.def
			self.MultiValued = false
			return &found{def: self, values: list(v)}
		}
	}
	_, ok = n.eval(e.ValueFilter, nil, inside(nil))
	for _, v := range f.values {
		if r, _ := n.eval(e.ValueFilter, nil, inside(v)); r && n.present(f.def, v) {
			result = true
		}
	}
	return result, ok
}

func (n naive) compare(e *filter.AttributeExpression, f *found) (result, ok bool) {
	null := e.CompareValue == nil && e.Operator != filter.PR
	if f == nil {
		return e.Operator == filter.NE && !null || e.Operator == filter.EQ && null, true // AMB-32, AMB-33
	}
	if f.never {
		return false, false
	}
	present := false
	for _, v := range f.values {
		present = present || n.present(f.def, v)
	}
	switch {
	case e.Operator == filter.PR, e.Operator == filter.NE && null:
		return present, true
	case e.Operator == filter.EQ && null:
		return !present, true
	}
	if f.def.Type == schema.TypeComplex {
		value := look(f.def.SubAttributes, "value")
		if value == nil || f.ext {
			return false, false
		}
		var parts []any
		for _, v := range f.values {
			parts = append(parts, list(as[map[string]any](v)[value.Name])...)
		}
		return n.compare(e, &found{def: *value, values: parts})
	}
	values := f.values
	if f.parent != nil && f.def.Name == "primary" && f.def.Type == schema.TypeBoolean { // RFC 7643 section 2.4
		values = nil
		for _, owner := range f.owners {
			v := owner["primary"]
			values = append(values, v == true)
		}
	}
	compare := comparison(e, f.def)
	if compare == nil {
		return false, false
	}
	none := true
	for _, v := range values {
		if n.present(f.def, v) {
			none = false
			result = result || compare(v)
		}
	}
	return result || e.Operator == filter.NE && none, true // AMB-39, AMB-32
}

// comparison is the operator table of requirements.md section 22; nil is an operator or a value that does not fit the type.
func comparison(e *filter.AttributeExpression, a schema.Attribute) func(any) bool {
	op := e.Operator
	text, isText := e.CompareValue.(string)
	number, isNumber := e.CompareValue.(json.Number)
	exact := a.CaseExact != nil && *a.CaseExact
	switch a.Type {
	case schema.TypeComplex:
	case schema.TypeReference:
		exact = true
		fallthrough
	case schema.TypeString, "":
		if !isText {
			return nil
		}
		return func(v any) bool { return compareText(op, as[string](v), text, exact) }
	case schema.TypeBoolean:
		want, ok := e.CompareValue.(bool)
		if isText && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false")) {
			want, ok = strings.EqualFold(text, "true"), true
		}
		if !ok || op != filter.EQ && op != filter.NE {
			return nil
		}
		return func(v any) bool { return (v == want) == (op == filter.EQ) }
	case schema.TypeInteger, schema.TypeDecimal:
		if !isNumber || op == filter.CO || op == filter.SW || op == filter.EW {
			return nil
		}
		return func(v any) bool {
			if a.Type == schema.TypeDecimal {
				x, _ := strconv.ParseFloat(string(as[json.Number](v)), 64)
				y, _ := strconv.ParseFloat(string(number), 64)
				return sign(op, cmp.Compare(x, y))
			}
			x, _ := new(big.Rat).SetString(string(as[json.Number](v)))
			y, _ := new(big.Rat).SetString(string(number))
			return sign(op, x.Cmp(y))
		}
	case schema.TypeDateTime:
		want, ok := instant(text)
		if !ok || op == filter.CO || op == filter.SW || op == filter.EW {
			return nil
		}
		return func(v any) bool {
			got, _ := instant(as[string](v))
			return sign(op, got.Compare(want))
		}
	case schema.TypeBinary:
		want, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
		if !isText || err != nil || op != filter.EQ && op != filter.NE {
			return nil
		}
		return func(v any) bool {
			got, _ := base64.StdEncoding.DecodeString(as[string](v))
			return bytes.Equal(got, want) == (op == filter.EQ)
		}
	}
	return nil
}

func instant(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} { // AMB-08
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func sign(op filter.CompareOperator, c int) bool {
	switch op {
	case filter.EQ:
		return c == 0
	case filter.NE:
		return c != 0
	case filter.GT:
		return c > 0
	case filter.GE:
		return c >= 0
	case filter.LT:
		return c < 0
	default:
		return c <= 0
	}
}

// compareText compares rune by rune with strings.EqualFold, whose notion of case is that of Fold; order is that of Fold.
func compareText(op filter.CompareOperator, s, want string, exact bool) bool {
	equal := strings.EqualFold
	if exact {
		equal = func(a, b string) bool { return a == b }
	} else if op != filter.EQ && op != filter.NE && op != filter.CO && op != filter.SW && op != filter.EW {
		s, want = filter.Fold(s), filter.Fold(want)
	}
	a, b := []rune(s), []rune(want)
	at := func(i int) bool {
		return i >= 0 && i+len(b) <= len(a) && equal(string(a[i:i+len(b)]), want)
	}
	switch op {
	case filter.EQ:
		return equal(s, want)
	case filter.NE:
		return !equal(s, want)
	case filter.SW:
		return at(0)
	case filter.EW:
		return at(len(a) - len(b))
	case filter.CO:
		for i := range len(a) + 1 {
			if at(i) {
				return true
			}
		}
		return false
	default:
		return sign(op, strings.Compare(s, want))
	}
}

// key is what a resource is sorted by: RFC 7644 section 3.4.2.3.
func (n naive) key(node map[string]any, p filter.AttributePath) (v any, def schema.Attribute) {
	f := n.find(node, p)
	if f.def.Type == schema.TypeComplex {
		sub := "value"
		p.SubAttribute = &sub
		f = n.find(node, p)
	}
	first := func(a schema.Attribute, values []any) any {
		var one any
		for _, v := range values {
			if m, ok := v.(map[string]any); ok && m["primary"] == true {
				return v
			}
			if one == nil && n.present(a, v) {
				one = v
			}
		}
		return one
	}
	if f.parent == nil {
		v = first(f.def, f.values)
	} else {
		owners := make([]any, 0, len(f.owners))
		for _, o := range f.owners {
			owners = append(owners, o)
		}
		if owner, ok := first(*f.parent, owners).(map[string]any); ok {
			v = first(f.def, list(owner[f.def.Name]))
		}
	}
	if !n.present(f.def, v) {
		v = nil
	}
	return v, f.def
}

// order compares two resources.
func (n naive) order(a, b map[string]any, p filter.AttributePath, descending bool) int {
	x, def := n.key(a, p)
	y, _ := n.key(b, p)
	c := 0
	switch {
	case x == nil && y == nil:
	case x == nil:
		c = 1
	case y == nil:
		c = -1
	default:
		less := func(v, than any) bool {
			if def.Type == schema.TypeBoolean {
				return v == false && than == true
			}
			if def.Type == schema.TypeBinary {
				s, _ := base64.StdEncoding.DecodeString(as[string](v))
				t, _ := base64.StdEncoding.DecodeString(as[string](than))
				return bytes.Compare(s, t) < 0
			}
			return comparison(&filter.AttributeExpression{Operator: filter.LT, CompareValue: than}, def)(v)
		}
		switch {
		case less(x, y):
			c = -1
		case less(y, x):
			c = 1
		}
	}
	if descending {
		return -c
	}
	return c
}
