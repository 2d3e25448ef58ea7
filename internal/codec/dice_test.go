package codec_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// dice makes choices from the bytes of a fuzz input, so that a mutation of the input is a mutation of what is made of it.
type dice []byte

// random is dice for a test without fuzzing.
func random(seed uint64, n int) dice {
	r := rand.New(rand.NewPCG(seed, 0))
	d := make(dice, n)
	for i := range d {
		d[i] = byte(r.Uint32())
	}
	return d
}

// roll chooses from 0 to n-1; when the bytes are used up, 0.
func (d *dice) roll(n int) int {
	if len(*d) == 0 {
		return 0
	}
	b := (*d)[0]
	*d = (*d)[1:]
	return int(b) % n
}

func (d *dice) word() (w uint64) {
	for range 8 {
		w = w<<8 | uint64(d.roll(256))
	}
	return w
}

func pick[T any](d *dice, list ...T) T { return list[d.roll(len(list))] }

// text is a string of all kinds.
func (d *dice) text() string {
	switch d.roll(8) {
	case 0:
		return ""
	case 1:
		return pick(d, "a\"b", `\`, "\n\r\t\b\f\x00\x1f\x7f", "<script>&amp;", "\u2028\u2029", "https://example.com/Users/1?a=b#c")
	case 2:
		return pick(d, "ü", "日本語", "👩‍👧", "\ufffd", "\ufeff", "e\u0301", "\U0010ffff")
	case 3:
		return pick(d, "\xff", "a\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "ab\xe2\x82")
	case 4:
		return strings.Repeat(pick(d, "x", "ü", `"`, "12345678"), d.roll(70))
	case 5:
		b := make([]byte, d.roll(20))
		for i := range b {
			b[i] = byte(d.roll(256))
		}
		return string(b)
	}
	return pick(d, "a", "b", "work", "1", "true", "null", "2819c223-7f76-453a-919d-413861904646")
}

// fill gives a value contents of all kinds.
func (d *dice) fill(v reflect.Value, depth int) {
	t := v.Type()
	switch t {
	case typeTime:
		switch d.roll(4) {
		case 0:
		case 1:
			zone := time.FixedZone("", pick(d, 0, 60, -5*3600, 14*3600, -14*3600, 14*3600+60, 90, 3601))
			v.Set(reflect.ValueOf(time.Date(pick(d, 1, 2011, 9999, 0, 10000, -1), time.Month(1+d.roll(12)), 1+d.roll(31), d.roll(24), d.roll(60), d.roll(60), d.roll(2)*1e8, zone)))
		default:
			v.Set(reflect.ValueOf(time.Unix(int64(d.word()%4e9), int64(d.word()%1e9)).UTC()))
		}
		return
	case typeRaw:
		v.SetBytes([]byte(pick(d, "", " ", "null", "1", ` {"a" : [1, 2.50, {}]} `, `"x"`, "[]", "{}", "tru", "{", `{"a":1,"A":2}`, "[1] 2", `"\ud800"`)))
		return
	case typeBytes:
		if n := d.roll(8); n > 0 {
			b := make([]byte, n-1)
			for i := range b {
				b[i] = byte(d.roll(256))
			}
			v.SetBytes(b)
		}
		return
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString(d.text())
	case reflect.Bool:
		v.SetBool(d.roll(2) == 1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(pick(d, 0, 1, -1, 0.1, 1e-7, 1e21, math.MaxFloat32, math.SmallestNonzeroFloat32, math.MaxFloat64, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Float64frombits(d.word())))
	case reflect.Interface:
		x := pick[any](d, nil, "a\"ü", "", true, 1, uint8(2), 0.5, json.RawMessage(`{"a":[null]}`), json.RawMessage("null"), json.Number("12"), []string{"a", "b"},
			[]any{1, "x"}, []int{}, (*string)(nil))
		if x != nil {
			v.Set(reflect.ValueOf(x))
		}
	case reflect.Pointer:
		if depth > 0 && d.roll(2) == 1 {
			v.Set(reflect.New(t.Elem()))
			d.fill(v.Elem(), depth-1)
		}
	case reflect.Slice:
		if depth > 0 {
			if n := d.roll(5); n > 0 {
				v.Set(reflect.MakeSlice(t, n-1, n+3))
			}
			for i := range v.Len() {
				d.fill(v.Index(i), depth-1)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if t.Field(i).IsExported() && (depth == 4 || d.roll(3) > 0) {
				d.fill(v.Field(i), depth-1)
			}
		}
	default:
		if v.CanInt() {
			v.SetInt(int64(pick(d, 0, 1, math.MaxUint64, 1<<7-1, 1<<15-1, 1<<31-1, 1<<63-1, 1<<63, d.word())))
		} else {
			v.SetUint(pick(d, 0, 1, math.MaxUint64, 1<<8-1, 1<<63, d.word()))
		}
	}
}

// document is a JSON text about a struct type: mostly right, sometimes not.
func (d *dice) document(t reflect.Type) string {
	var b strings.Builder
	d.object(&b, t, 0)
	if d.roll(30) == 1 {
		return b.String()[:d.roll(b.Len()+1)]
	}
	return b.String() + pick(d, "", "", "", "", "", "", "", "", "", "", " ", "\n", "x", "{}")
}

func (d *dice) blank(b *strings.Builder) {
	if d.roll(10) == 1 {
		b.WriteString(pick(d, " ", "\n", "\t\r\n ", "        ", "\v", "\u00a0", "/**/"))
	}
}

func (d *dice) object(b *strings.Builder, t reflect.Type, depth int) {
	var names []string
	fields := fieldsOf(reflect.New(t).Elem())
	for f := range t.Fields() {
		if f.Anonymous {
			for inner := range f.Type.Fields() {
				name, _, _ := strings.Cut(inner.Tag.Get("json"), ",")
				names = append(names, name)
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	b.WriteByte('{')
	first := true
	from := 0
	for range d.roll(12) {
		d.blank(b)
		if !first {
			b.WriteByte(',')
			d.blank(b)
		}
		first = false
		if d.roll(8) == 1 {
			b.WriteString(pick(d, `"unknown"`, `"`+strconv.Itoa(d.roll(50))+`"`, `"VALU\u0045"`, `""`, `"ü"`, `"\u212a"`, `"a.b"`, "value", `"x`, `"`+"\xff"+`"`))
			b.WriteByte(':')
			d.junk(b, depth+1)
			continue
		}
		n := from + d.roll(6) // mostly in the order of the fields
		if d.roll(4) == 1 {
			n = d.roll(256)
		}
		n %= len(names)
		from = n + 1
		name := names[n]
		switch d.roll(8) {
		case 1:
			name = strings.ToUpper(name)
		case 2:
			name = strings.ToLower(name)
		}
		quoted := strconv.Quote(name)
		if d.roll(10) == 1 {
			quoted = `"\u00` + strconv.FormatInt(int64(name[0]), 16) + name[1:] + `"`
		}
		b.WriteString(quoted)
		d.blank(b)
		b.WriteByte(':')
		d.blank(b)
		d.value(b, fields[folded(names[n])].Type(), depth+1)
	}
	d.blank(b)
	b.WriteByte('}')
}

func (d *dice) value(b *strings.Builder, t reflect.Type, depth int) {
	if depth > 6 {
		b.WriteString("null")
		return
	}
	switch {
	case d.roll(25) == 1:
		d.junk(b, depth)
	case t == typeTime:
		b.WriteString(pick(d, `"2011-05-13T04:42:34Z"`, `"2011-05-13t24:00:00.000+14:00"`, `"2010-01-23T04:56:22.123456789012-00:30"`, `"2011-02-29T00:00:00Z"`, `"0001-01-01T00:00:00Z"`,
			`"2011-05-13T04:42:34"`, `"2011-05-13"`, `"\u0032011-05-13T04:42:34Z"`, `""`, `1`))
	case t == typeRaw, t == typeAny:
		d.junk(b, depth)
	case t == typeBytes:
		b.WriteString(pick(d, `"AAEC"`, `"AA=="`, `"AA"`, `"A"`, `"A==="`, `"_-8="`, `"\u0041A=="`, `"AA\n=="`, `""`, "[1]"))
	case t.Kind() == reflect.Pointer:
		d.value(b, t.Elem(), depth)
	case t.Kind() == reflect.Slice:
		if d.roll(10) == 1 {
			d.value(b, t.Elem(), depth)
			return
		}
		b.WriteByte('[')
		for i := range d.roll(pick(d, 3, 3, 3, 14)) {
			if i > 0 {
				b.WriteByte(',')
			}
			d.blank(b)
			if d.roll(12) == 1 {
				b.WriteString("null")
			} else {
				d.value(b, t.Elem(), depth+1)
			}
			d.blank(b)
		}
		b.WriteByte(']')
	case t.Kind() == reflect.Struct:
		d.object(b, t, depth)
	case t.Kind() == reflect.String:
		b.WriteString(pick(d, `"a"`, `"work"`, `""`, `"\u0061"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\n\"\\\/"`, `"ü"`, `"12345678901234567890"`, "\"\x01\"", `"http://a"`, `"a b"`, "1"))
	case t.Kind() == reflect.Bool:
		b.WriteString(pick(d, "true", "false", `"True"`, `"FALSE"`, `"yes"`, "1", "trueish", "\"tru\u017fe\""))
	default:
		b.WriteString(pick(d, "0", "1", "-1", "12", "-0", "127", "128", "-128", "-129", "255", "256", "65536", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
			"18446744073709551615", "18446744073709551616", "1.5", "1e2", "1e400", "-1E-2", "3.4028235e38", "3.5e38", "01", "+1", ".5", "1.", "NaN", `"1"`, `""`))
	}
}

// junk is any value.
func (d *dice) junk(b *strings.Builder, depth int) {
	switch d.roll(10) {
	case 0:
		b.WriteByte('[')
		for i := range d.roll(4) {
			if i > 0 {
				b.WriteByte(',')
			}
			d.junk(b, depth+1)
		}
		b.WriteByte(']')
	case 1:
		b.WriteByte('{')
		for i := range d.roll(4) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(pick(d, "a", "b", "c", "A", "value")) + ":")
			d.junk(b, depth+1)
		}
		b.WriteByte('}')
	case 2:
		n := pick(d, 2, 60, 64, 70)
		open, shut := "[", "]"
		if d.roll(2) == 1 {
			open, shut = `{"a":`, "}"
		}
		b.WriteString(strings.Repeat(open, n) + "1" + strings.Repeat(shut, n))
	default:
		b.WriteString(pick(d, "null", "true", "false", "0", "-1.5e3", `"x"`, `""`, "{}", "[]", `"\u00e9"`, "nul", "", "1", "[null]", "{\"a\":null}"))
	}
}
