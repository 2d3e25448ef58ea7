package resource_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// place is one attribute or sub-attribute of a type, found by reflection alone: the library's own plan takes no part.
type place struct {
	path     string // as errors name it
	steps    []any  // how to get there in a document: names, and 0 for the first element of a list
	tag      []string
	elem     reflect.Type // of one value
	multi    bool
	readOnly bool // here or above
	never    bool // here or above
	alone    bool // there is no other attribute beside it
}

func (p place) required() bool { return slices.Contains(p.tag, "required") }

// model is a resource type with a document that has every attribute.
type model struct {
	name     string
	urns     []string // core schema and extensions
	places   []place
	document jsonObject
	verbs    verbs
}

// verbs are those of package resource for one type.
type verbs struct {
	validate func(ctx resource.Context, body []byte, opts ...resource.Option) (any, error)
}

func verbsOf[T any]() verbs {
	return verbs{func(ctx resource.Context, body []byte, opts ...resource.Option) (any, error) {
		v, err := resource.Validate[T](ctx, body, opts...)
		if v == nil {
			return nil, err
		}
		return v, err
	}}
}

func modelOf[T any](urns ...string) *model {
	m := &model{name: reflect.TypeFor[T]().Name(), urns: urns, verbs: verbsOf[T]()}
	m.collect(reflect.TypeFor[T](), place{}, nil)
	m.document = m.sample(reflect.TypeFor[T](), nil)
	return m
}

// clientModels are sent by clients, discoveryModels by servers only.
func clientModels() []*model {
	return []*model{
		modelOf[Employee](resource.UserSchema, resource.EnterpriseUserSchema), modelOf[resource.Group](resource.GroupSchema),
		modelOf[Visitor](resource.UserSchema, resource.EnterpriseUserSchema, badgeURN), modelOf[Probe](probeURN),
		modelOf[Device](deviceURN, "urn:acme:params:scim:schemas:extension:warranty:2.0:Device"),
	}
}

func discoveryModels() []*model {
	return []*model{
		modelOf[resource.ServiceProviderConfig](resource.ServiceProviderConfigSchema),
		modelOf[resource.ResourceType](resource.ResourceTypeSchema), modelOf[schema.Schema](resource.SchemaSchema),
	}
}

// fieldsOf are the attributes of a struct, those of embedded structs included.
func fieldsOf(t reflect.Type) []reflect.StructField {
	var list []reflect.StructField
	for f := range t.Fields() {
		switch {
		case f.Anonymous:
			list = append(list, fieldsOf(f.Type)...)
		case f.IsExported() && f.Tag.Get("json") != "-":
			list = append(list, f)
		}
	}
	return list
}

func attributeName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// elemOf is the type of one value of a field.
func elemOf(t reflect.Type) (elem reflect.Type, multi bool) {
	if t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
		multi, t = true, t.Elem()
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t, multi
}

func isStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]()
}

// tooDeep says whether a type that contains itself has been entered twice: one level of it is enough.
func tooDeep(within []reflect.Type, t reflect.Type) bool {
	n := slices.Index(within, t)
	return n >= 0 && slices.Contains(within[n+1:], t)
}

func (m *model) collect(t reflect.Type, above place, within []reflect.Type) {
	for _, f := range fieldsOf(t) {
		name := attributeName(f)
		elem, multi := elemOf(f.Type)
		if tooDeep(within, elem) {
			continue
		}
		p := place{tag: strings.Split(f.Tag.Get("scim"), ","), elem: elem, multi: multi}
		p.alone = len(fieldsOf(t)) == 1
		p.steps = append(slices.Clone(above.steps), name)
		p.readOnly = above.readOnly || slices.Contains(p.tag, "mutability=readOnly")
		p.never = above.never || slices.Contains(p.tag, "returned=never")
		switch {
		case above.path == "":
			p.path = name
		case slices.Contains(m.urns, above.path):
			p.path = above.path + ":" + name
		default:
			p.path = above.path + "." + name
		}
		if len(above.steps) > 0 || name != "schemas" {
			m.places = append(m.places, p)
		}
		if isStruct(elem) {
			below := p
			if multi {
				below.path += "[0]"
				below.steps = append(slices.Clone(p.steps), 0)
			}
			m.collect(elem, below, append(slices.Clone(within), elem))
		}
	}
}

// A document is made of jsonObject, []any and jsonText. Unlike a map an object may hold a name twice.
type (
	jsonObject []jsonMember
	jsonText   string
	jsonMember struct {
		name  string
		value any
	}
)

func (m *model) sample(t reflect.Type, within []reflect.Type) jsonObject {
	fields := fieldsOf(t)
	o := make(jsonObject, 0, len(fields))
	for _, f := range fields {
		name := attributeName(f)
		elem, multi := elemOf(f.Type)
		var value any
		switch {
		case name == "schemas" && within == nil:
			value = jsonText(`["` + strings.Join(m.urns, `","`) + `"]`)
			multi = false
		case tooDeep(within, elem):
			continue
		case isStruct(elem):
			value = m.sample(elem, append(slices.Clone(within), elem))
		default:
			value = jsonText(sampleText(elem, f.Tag.Get("scim")))
		}
		if multi {
			value = []any{value}
		}
		o = append(o, jsonMember{name, value})
	}
	return o
}

func sampleText(t reflect.Type, tag string) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return `"2011-05-13T04:42:34Z"`
	case t.Kind() == reflect.Slice:
		return `"` + certificate + `"`
	case t.Kind() == reflect.Bool:
		return "true"
	case t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64:
		return "1.5"
	case t.Kind() != reflect.String:
		return "1"
	}
	for word := range strings.SplitSeq(tag, ",") {
		if values, ok := strings.CutPrefix(word, "canonicalValues="); ok {
			first, _, _ := strings.Cut(values, "|")
			return strconv.Quote(first)
		}
	}
	return `"12345678"` // also a badge's number and a reference
}

// change applies f to the member that steps lead to; the document itself is left alone.
func change(v any, steps []any, f func(o jsonObject, i int) jsonObject) any {
	switch step := steps[0].(type) {
	case string:
		o, _ := v.(jsonObject)
		o = slices.Clone(o)
		i := slices.IndexFunc(o, func(m jsonMember) bool { return m.name == step })
		if len(steps) == 1 {
			return f(o, i)
		}
		o[i].value = change(o[i].value, steps[1:], f)
		return o
	default:
		list, _ := v.([]any)
		list = slices.Clone(list)
		list[0] = change(list[0], steps[1:], f)
		return list
	}
}

// with is the document with another value at a place.
func (m *model) with(p place, value string) []byte {
	return render(change(m.document, p.steps, func(o jsonObject, i int) jsonObject {
		o[i].value = jsonText(value)
		return o
	}))
}

// without is the document without the member at a place.
func (m *model) without(p place) []byte {
	return render(change(m.document, p.steps, func(o jsonObject, i int) jsonObject { return slices.Delete(o, i, i+1) }))
}

// twice is the document with the member at a place repeated under another spelling of its name.
func (m *model) twice(p place, spelling string) []byte {
	return render(change(m.document, p.steps, func(o jsonObject, i int) jsonObject { return append(o, jsonMember{spelling, o[i].value}) }))
}

// shown is the model as a response has it: without what is never returned.
func (m *model) shown() *model {
	shown := *m
	for _, p := range m.places {
		if p.never {
			shown.document, _ = change(shown.document, p.steps, func(o jsonObject, i int) jsonObject { return slices.Delete(o, i, i+1) }).(jsonObject)
		}
	}
	shown.places = slices.DeleteFunc(slices.Clone(m.places), func(p place) bool { return p.never })
	return &shown
}

func render(v any) []byte {
	var b []byte
	var write func(v any)
	write = func(v any) {
		switch v := v.(type) {
		case jsonText:
			b = append(b, v...)
		case jsonObject:
			b = append(b, '{')
			for i, m := range v {
				if i > 0 {
					b = append(b, ',')
				}
				b = append(strconv.AppendQuote(b, m.name), ':')
				write(m.value)
			}
			b = append(b, '}')
		case []any:
			b = append(b, '[')
			for i, e := range v {
				if i > 0 {
					b = append(b, ',')
				}
				write(e)
			}
			b = append(b, ']')
		}
	}
	write(v)
	return b
}
