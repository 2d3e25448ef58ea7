package patch_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"

	"github.com/scimmodels/scim/schema"
)

// dice makes resources and operations. The contents come from few values, so that what meets is often the same, or the same
// in another spelling.
type dice struct{ *rand.Rand }

func newDice(seed, more uint64) dice { return dice{rand.New(rand.NewPCG(seed, more))} }

// one in n times it is true.
func (d dice) one(n int) bool { return d.IntN(n) == 0 }

func among[T any](d dice, list ...T) T { return list[d.IntN(len(list))] }

// object is a JSON object whose members have an order, as in a request.
type object []member

type member struct {
	name  string
	value any
}

// raw is JSON text as it stands.
type raw string

// text writes a value of a request.
func text(v any) string {
	switch v := v.(type) {
	case object:
		list := make([]string, len(v))
		for i, m := range v {
			list[i] = text(m.name) + ":" + text(m.value)
		}
		return "{" + strings.Join(list, ",") + "}"
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			list[i] = text(e)
		}
		return "[" + strings.Join(list, ",") + "]"
	case raw:
		return string(v)
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// spelled is a name in some spelling.
func (d dice) spelled(name string) string {
	switch d.IntN(8) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return strings.ToLower(name)
	}
	return name
}

// links are references; those with the same number are one (RFC 7643 section 2.4).
var links = map[string]int{
	"https://e.example/v2/Users/1": 1, "https://e.example/Users/1": 1, "../Users/1": 1, "https://e.example/v2/Users/2": 2, "Users/2": 2,
	"https://x.example/a": 3, "HTTPS://X.example:443/b/../a": 3, "https://x.example/b": 4,
}

// single is one value that fits the type of x.
func (d dice) single(x *trait) any {
	switch x.kind {
	case schema.TypeBoolean:
		return d.one(2)
	case schema.TypeInteger:
		return json.Number(among(d, "0", "1", "2", "7"))
	case schema.TypeDecimal:
		return json.Number(among(d, "0", "1", "1.5", "-0.5", "10.0"))
	case schema.TypeDateTime:
		return among(d, "2011-05-13T04:42:34Z", "2011-05-13T06:42:34+02:00", "2012-01-01T00:00:00.5Z")
	case schema.TypeBinary:
		return among(d, "AQID", "AQ==", "AQ", "AgM=")
	case schema.TypeReference:
		if len(x.links) > 0 && x.links[0] == "external" {
			return among(d, "https://x.example/a", "HTTPS://X.example:443/b/../a", "https://x.example/b")
		}
		return among(d, "https://e.example/v2/Users/1", "https://e.example/Users/1", "../Users/1", "https://e.example/v2/Users/2", "Users/2")
	case schema.TypeComplex:
		return d.complex(x, 2)
	default:
		if x.name == "type" {
			return among(d, "work", "WORK", "home")
		}
		return among(d, "a", "A", "b", "B", "c", "ü", "Ü", "d e")
	}
}

// complex is an object with parts of x: one in rare is left out, the required ones hardly ever.
func (d dice) complex(x *trait, rare int) object {
	var o object
	for _, p := range x.parts {
		if d.one(rare) && (!p.required || d.one(20)) {
			continue
		}
		if p.name == "primary" && !d.one(3) {
			continue
		}
		o = append(o, member{d.spelled(p.name), d.value(p)})
	}
	d.Shuffle(len(o), func(i, j int) { o[i], o[j] = o[j], o[i] })
	return o
}

// value fits x: a list where that is multi-valued.
func (d dice) value(x *trait) any {
	if !x.multi {
		return d.single(x)
	}
	list := make([]any, 1+d.IntN(3))
	first := false
	for i := range list {
		list[i] = d.single(x)
		if o, ok := list[i].(object); ok { // one primary at most
			for k, m := range o {
				if strings.EqualFold(m.name, "primary") && m.value == true {
					o[k].value = !first
					first = true
				}
			}
		}
	}
	return list
}

// sent is what a client sends for x: mostly right, sometimes what a tolerance puts right, sometimes wrong.
func (d dice) sent(x *trait, single bool) any {
	v := d.value(x)
	if list, ok := v.([]any); ok && single {
		v = list[0]
	}
	switch d.IntN(40) {
	case 0:
		return nil
	case 1:
		return ""
	case 2:
		return []any{}
	case 3:
		return among(d, any(object{}), any(true), any(json.Number("5")), any("x"), any([]any{"x"}), any([]any{nil}), any(json.Number("1.5")), any("True"), any("http://[::1"))
	case 4:
		if list, ok := v.([]any); ok {
			return list[0]
		}
		return []any{v}
	case 5:
		if x.kind == schema.TypeBoolean && !x.multi {
			return among(d, "True", "FALSE", "yes")
		}
		return among(d, "a", "b", "1")
	case 6:
		if o, ok := v.(object); ok {
			return append(o, member{"unknown", "x"})
		}
	case 7:
		if o, ok := v.(object); ok && len(o) > 0 {
			o[d.IntN(len(o))].value = among(d, nil, any(""), any(json.Number("5")), any([]any{}))
		}
	case 8:
		if list, ok := v.([]any); ok {
			return append(list, among(d, nil, any(""), any(object{}), list[0]))
		}
	}
	return v
}

// resource is a stored resource of the type, complete.
func (d dice) resource(k *kindOf) doc {
	v := doc{}
	for i, c := range k.all {
		to := v
		if i > 0 {
			if !c.required && d.one(3) {
				continue
			}
			to = doc{}
		}
		for _, x := range c.traits {
			if !x.required && d.one(2) {
				continue
			}
			var o any
			for o == nil {
				o = d.stored(x)
			}
			to[x.name] = o
		}
		if i > 0 && len(to) > 0 {
			v[c.urn] = to
		}
	}
	for _, c := range k.all[1:] {
		for c.required && v[c.urn] == nil {
			if x := c.traits[d.IntN(len(c.traits))]; !x.multi {
				v[c.urn] = doc{x.name: d.stored(x)}
			}
		}
	}
	k.settle(v)
	return v
}

// stored is a value as a database has it, readOnly parts and all; nil where the dice made none that is complete.
func (d dice) stored(x *trait) any {
	v, ok, faults := (&reader{whole: true, readOnly: true}).read(x, d.value(x))
	if !ok || len(faults) > 0 {
		return nil
	}
	if list, isList := v.([]any); isList && !d.one(4) { // mostly without repetition
		var kept []any
		for _, e := range list {
			if at(x, kept, e) < 0 {
				kept = append(kept, e)
			}
		}
		return kept
	}
	return v
}
