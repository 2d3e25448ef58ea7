package filter_test

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// decisions are made out of fuzz bytes; when they are used up it decides for 0.
type decisions struct{ data []byte }

func (d *decisions) n(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b) % n
}

func pick[T any](d *decisions, list ...T) T { return list[d.n(len(list))] }

var (
	texts   = []string{"a", "", "A", "ab", "B", "straße", "STRASSE", "\u212a", "k", "ſ", "s", "Σ", "ς", "é", "a b", "true", "AQID", "2011-05-13T04:42:34Z", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}
	numbers = []string{"1", "0", "-1", "1.5", "-0.5", "1e1", "10", "0.1", "16777217", "16777216", "255", "9007199254740993", "9223372036854775808", "18446744073709551615", "1e400", "-1e400", "1e-400", "-0"}
	times   = []string{"2011-05-13T04:42:34Z", "2011-05-13T06:42:34+02:00", "2011-05-13T04:42:34", "2012-01-01T00:00:00.5Z"}
	blobs   = []string{"AQID", "AQ==", "AQ", "", "aqid"}
)

// fill sets a field by fuzz bytes, three times in four.
func (d *decisions) fill(v reflect.Value) {
	if d.n(4) == 3 {
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		t, _ := instant(pick(d, times...))
		v.Set(reflect.ValueOf(t))
		return
	case []byte:
		v.Set(reflect.ValueOf(pick(d, []byte{1, 2, 3}, []byte{1}, []byte{}, []byte("j\xa8\x9d"))))
		return
	case schema.Extension:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(pick(d, texts...))
	case reflect.Bool:
		v.SetBool(d.n(2) == 1)
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(pick[int64](d, 1, 0, -1, 10, math.MaxInt8, math.MinInt8))
	case reflect.Uint8, reflect.Uint16, reflect.Uint64:
		v.SetUint(pick[uint64](d, 1, 0, 10, 255))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(pick(d, 1, 0, -1, 0.1, 1.5, 10, 16777216))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), d.n(4), 4))
		for i := range v.Len() {
			d.fill(v.Index(i))
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			d.fill(f)
		}
	default:
	}
}

// path writes a name of one of the schemas, known or not, in any case, with or without its URN.
func (d *decisions) path(schemas []*schema.Schema) filter.AttributePath {
	var p filter.AttributePath
	s := pick(d, schemas...)
	defs := s.Attributes
	if d.n(4) == 3 {
		defs = common
	}
	if defs == nil || d.n(16) == 15 {
		p.AttributeName = pick(d, "nothing", "value", "name")
		return p
	}
	a := pick(d, defs...)
	p.AttributeName = d.spell(a.Name)
	if len(a.SubAttributes) > 0 && d.n(3) > 0 {
		p.SubAttribute = new(d.spell(pick(d, a.SubAttributes...).Name))
	}
	switch d.n(4) {
	case 0:
		p.URIPrefix = new(d.spell(s.ID))
	case 1:
		if d.n(8) == 7 { // the extension itself
			i := strings.LastIndexByte(s.ID, ':')
			p = filter.AttributePath{URIPrefix: new(s.ID[:i]), AttributeName: s.ID[i+1:]}
		}
	}
	return p
}

func (d *decisions) spell(name string) string {
	switch d.n(6) {
	case 4:
		return strings.ToUpper(name)
	case 5:
		return strings.ToLower(name)
	}
	return name
}

var operators = []filter.CompareOperator{filter.EQ, filter.NE, filter.CO, filter.SW, filter.EW, filter.GT, filter.GE, filter.LT, filter.LE, filter.PR}

func (d *decisions) comparison(p filter.AttributePath) filter.Expression {
	e := &filter.AttributeExpression{AttributePath: p, Operator: pick(d, operators...)}
	if e.Operator == filter.PR {
		return e
	}
	switch d.n(6) {
	case 0, 1:
		e.CompareValue = pick(d, texts...)
	case 2:
		e.CompareValue = json.Number(pick(d, numbers...))
	case 3:
		e.CompareValue = d.n(2) == 0
	case 4:
		e.CompareValue = pick(d, append(times, blobs...)...)
	}
	return e
}

func (d *decisions) expression(schemas []*schema.Schema, depth int) filter.Expression {
	kind := d.n(8)
	if depth == 0 {
		kind = 7
	}
	switch kind {
	case 0, 1:
		return &filter.LogicalExpression{Left: d.expression(schemas, depth-1), Right: d.expression(schemas, depth-1),
			Operator: pick(d, filter.And, filter.Or)}
	case 2:
		return &filter.NotExpression{Expression: d.expression(schemas, depth-1)}
	case 3, 4:
		return d.valuePath(schemas, depth)
	}
	return d.comparison(d.path(schemas))
}

func (d *decisions) valuePath(schemas []*schema.Schema, depth int) filter.Expression {
	p := d.path(schemas)
	if d.n(4) > 0 {
		p.SubAttribute = nil
	}
	inner := []*schema.Schema{{Attributes: []schema.Attribute{{Name: "value"}, {Name: "nothing"}}}}
	for _, s := range schemas {
		if a := look(s.Attributes, p.AttributeName); a != nil && len(a.SubAttributes) > 0 {
			inner[0].Attributes = a.SubAttributes
		}
	}
	var inside func(depth int) filter.Expression
	inside = func(depth int) filter.Expression {
		switch kind := d.n(6); {
		case depth > 0 && kind == 0:
			return &filter.LogicalExpression{Left: inside(depth - 1), Right: inside(depth - 1), Operator: pick(d, filter.And, filter.Or)}
		case depth > 0 && kind == 1:
			return &filter.NotExpression{Expression: inside(depth - 1)}
		}
		return d.comparison(filter.AttributePath{AttributeName: d.spell(pick(d, inner[0].Attributes...).Name)})
	}
	return &filter.ValuePath{AttributePath: p, ValueFilter: inside(depth)}
}

// object is a resource as JSON.
func object(t *testing.T, v any) map[string]any {
	t.Helper()
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	var node map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&node))
	return node
}

// fuzzed compares a filter on a resource, both made of bytes, with the naive evaluator.
func fuzzed[T any](t *testing.T, d *decisions) {
	t.Helper()
	v := new(T)
	d.fill(reflect.ValueOf(v).Elem())
	n := naive{schema.All[T]()}
	e := d.expression(n.schemas, 3)
	text := filter.Format(e)
	parsed, err := filter.Parse(text, resource.Strict())
	require.NoError(t, err, text)
	require.Equal(t, e, parsed, text)
	node := object(t, v)
	want, ok := n.eval(e, node, func(p filter.AttributePath) *found { return n.find(node, p) })
	f, err := filter.Compile[T](text)
	if ok != (err == nil) {
		t.Fatalf("%s: naively ok: %t, Compile: %v", text, ok, err)
	}
	if err != nil {
		return
	}
	if got := f.Match(v); got != want {
		shown, _ := json.Marshal(node)
		t.Fatalf("%s: naively %t, Match %t: %s", text, want, got, shown)
	}
}

func FuzzMatch(f *testing.F) {
	for i := range 64 {
		seed := make([]byte, 400)
		for k := range seed {
			seed[k] = byte(k*k*(2*i+1) + i*k)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &decisions{data}
		if d.n(4) == 0 {
			fuzzed[Account](t, d)
		} else {
			fuzzed[Device](t, d)
		}
	})
}

// FuzzOrder compares orders with naive ones, on all pairs of three resources, and holds them to the laws of an order.
func FuzzOrder(f *testing.F) {
	for i := range 32 {
		seed := make([]byte, 600)
		for k := range seed {
			seed[k] = byte(k*k*(2*i+1) + i*k)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &decisions{data}
		n := naive{schema.All[Device]()}
		p, descending := d.path(n.schemas), d.n(2) == 1
		by, direction := filter.Format(&filter.AttributeExpression{AttributePath: p, Operator: filter.PR}), ""
		by = strings.TrimSuffix(by, " pr")
		if descending {
			direction = "descending"
		}
		o, err := filter.CompileOrder[Device](by, direction)
		if err != nil {
			return
		}
		devices, nodes := make([]*Device, 3), make([]map[string]any, 3)
		for i := range devices {
			devices[i] = &Device{}
			d.fill(reflect.ValueOf(devices[i]).Elem())
			nodes[i] = object(t, devices[i])
		}
		for i, a := range devices {
			for k, b := range devices {
				got, want := o.Compare(a, b), n.order(nodes[i], nodes[k], p, descending)
				if by != "" && strings.EqualFold(by, "schemas") || strings.HasSuffix(strings.ToLower(by), ":schemas") {
					want = 0
				}
				if signOf(got) != want {
					t.Fatalf("%s %s: naively %d, Compare %d:\n%v\n%v", by, direction, want, got, nodes[i], nodes[k])
				}
				require.Equal(t, signOf(got), -signOf(o.Compare(b, a)), "antisymmetric")
				for _, c := range devices {
					if got <= 0 && o.Compare(b, c) <= 0 {
						require.LessOrEqual(t, o.Compare(a, c), 0, "transitive")
					}
				}
			}
		}
	})
}

func signOf(c int) int {
	switch {
	case c < 0:
		return -1
	case c > 0:
		return 1
	}
	return 0
}
