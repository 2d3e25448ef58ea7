package codec_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/scimmodels/scim/internal/attr"
)

// The twin of Decode in Storage mode: slow, obvious, without plans. encoding/json says what JSON is and what its strings mean; the rest are
// the rules of RFC 7643 and of the default tolerances, written down once more.

// slowDecode reads a document into a T, or says why not.
func slowDecode[T any](body []byte) (*T, error) {
	if err := strictJSON(body); err != nil {
		return nil, err
	}
	n, err := parse(bytes.TrimSpace(body), 1)
	if err != nil {
		return nil, err
	}
	if n.kind != '{' {
		return nil, errors.New("no object")
	}
	v := new(T)
	_, err = n.object(reflect.ValueOf(v).Elem())
	return v, err
}

// strictJSON refuses what encoding/json would mend: invalid UTF-8 and lone surrogates.
func strictJSON(body []byte) error {
	if !json.Valid(body) || !utf8.Valid(body) {
		return errors.New("not JSON")
	}
	high := false // the rune before was the first half of a pair
	for i := 0; i < len(body); i++ {
		var r rune
		if body[i] == '\\' {
			if i++; body[i] == 'u' {
				u, err := strconv.ParseUint(string(body[i+1:i+5]), 16, 16)
				if err != nil {
					return err
				}
				r = rune(u)
				i += 4
			}
		}
		low := r >= 0xdc00 && r <= 0xdfff
		if high != low {
			return errors.New("lone surrogate")
		}
		high = utf16.IsSurrogate(r) && !low
	}
	return nil
}

// node is a JSON value.
type node struct {
	kind    byte   // its first character, '0' for all numbers
	raw     string // as it stands
	text    string // of a string
	names   []string
	members []node // of an object
	list    []node // of an array
}

func parse(raw []byte, depth int) (node, error) {
	n := node{kind: raw[0], raw: string(raw)}
	d := json.NewDecoder(bytes.NewReader(raw))
	switch n.kind {
	case '"':
		return n, json.Unmarshal(raw, &n.text)
	case '{', '[':
		if depth > 64 {
			return n, errors.New("too deep")
		}
	case 't', 'f', 'n':
		return n, nil
	default:
		n.kind = '0'
		return n, nil
	}
	if _, err := d.Token(); err != nil {
		return n, err
	}
	seen := map[string]bool{}
	for d.More() {
		if n.kind == '{' {
			token, err := d.Token()
			if err != nil {
				return n, err
			}
			name := fmt.Sprint(token)
			if seen[folded(name)] {
				return n, fmt.Errorf("%q twice", name)
			}
			seen[folded(name)] = true
			n.names = append(n.names, name)
		}
		var inner json.RawMessage
		if err := d.Decode(&inner); err != nil {
			return n, err
		}
		m, err := parse(inner, depth+1)
		if err != nil {
			return n, err
		}
		if n.kind == '{' {
			n.members = append(n.members, m)
		} else {
			n.list = append(n.list, m)
		}
	}
	return n, nil
}

// folded makes ASCII letters small, and no others.
func folded(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

// skip refuses what is too large even where nobody wants it.
func (n node) skip() error {
	if len(n.members) > 1000 {
		return errors.New("too many members")
	}
	for _, m := range slices.Concat(n.members, n.list) {
		if err := m.skip(); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf has the fields of a struct by their folded names, those of embedded structs too.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	all := map[string]reflect.Value{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			maps.Copy(all, fieldsOf(v.Field(i)))
		} else {
			all[folded(name)] = v.Field(i)
		}
	}
	return all
}

// urn is the URN of a resource or an extension, "" of a complex value.
func urn(t reflect.Type) string {
	if t.NumField() == 0 {
		return ""
	}
	return t.Field(0).Tag.Get("scim")
}

// object reads the members of n into a struct and says whether any has a value.
func (n node) object(v reflect.Value) (assigned bool, err error) {
	fields := fieldsOf(v)
	_, resource := fields["schemas"]
	unknown := 0
	found := map[string]bool{}
	for i, m := range n.members {
		name := folded(n.names[i])
		f, known := fields[name]
		switch {
		case !known:
			unknown++
			err = m.skip()
		case resource && name == "schemas":
			err = m.schemas()
		default:
			var stored bool
			stored, err = m.attribute(f)
			found[name] = stored
			assigned = assigned || stored
		}
		if err != nil {
			return false, fmt.Errorf("%s: %w", n.names[i], err)
		}
	}
	if unknown > 1000 {
		return false, errors.New("too many members")
	}
	if resource { // the list is made from what is there
		list := []string{urn(v.Type())}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); found[folded(name)] && strings.Contains(name, ":") {
				list = append(list, name)
			}
		}
		fields["schemas"].Set(reflect.ValueOf(list))
		assigned = true
	}
	return assigned, nil
}

func (n node) schemas() error {
	if n.kind != 'n' && n.kind != '[' {
		return errors.New("schemas is no list")
	}
	for _, e := range n.list {
		if e.kind != '"' {
			return errors.New("schemas has an element that is no string")
		}
	}
	return nil
}

var (
	typeRaw   = reflect.TypeFor[json.RawMessage]()
	typeBytes = reflect.TypeFor[[]byte]()
	typeTime  = reflect.TypeFor[time.Time]()
	typeAny   = reflect.TypeFor[any]()
)

func (n node) attribute(f reflect.Value) (stored bool, err error) {
	t := f.Type()
	if t.Kind() != reflect.Slice || t == typeRaw || t == typeBytes {
		return n.single(f)
	}
	elements := n.list
	switch {
	case n.kind == 'n':
		return false, nil
	case n.kind == '"' && n.text == "": // a list of nothing, whatever it is a list of
		return false, nil
	case n.kind != '[':
		elements = []node{n}
	}
	list := reflect.Zero(t)
	for _, e := range elements {
		v := reflect.New(t.Elem()).Elem()
		if stored, err = e.single(v); err != nil {
			return false, err
		}
		if stored {
			list = reflect.Append(list, v)
		}
	}
	f.Set(list)
	return list.Len() > 0, nil
}

func (n node) single(f reflect.Value) (stored bool, err error) {
	t := f.Type()
	if t.Kind() == reflect.Pointer {
		v := reflect.New(t.Elem())
		if stored, err = n.single(v.Elem()); stored {
			f.Set(v)
		}
		return stored, err
	}
	wrong := fmt.Errorf("%s is no %s", n.raw, t)
	switch {
	case t == typeRaw:
		f.SetBytes([]byte(n.raw))
		return true, n.skip()
	case n.kind == 'n':
		return false, nil
	case t == typeAny:
		f.Set(reflect.ValueOf(json.RawMessage(n.raw)))
		return true, n.skip()
	case n.kind == '"' && n.text == "":
		return false, nil
	case t == typeTime:
		when, ok := slowTime(n.text)
		f.Set(reflect.ValueOf(when))
		return true, unless(n.kind == '"' && ok, wrong)
	case t == typeBytes:
		b, ok := slowBinary(n.text)
		f.SetBytes(b)
		return len(b) > 0, unless(n.kind == '"' && ok, wrong)
	case t.Kind() == reflect.Struct && n.kind == '{':
		return n.object(f)
	case t.Kind() == reflect.Struct && n.kind == '"' && urn(t) == "":
		value, ok := fieldsOf(f)["value"]
		if !ok || value.Kind() != reflect.String {
			return false, wrong
		}
		return n.single(value)
	case t.Kind() == reflect.String && n.kind == '"':
		f.SetString(n.text)
		return true, nil
	case t.Kind() == reflect.Bool && (n.kind == 't' || n.kind == 'f'):
		f.SetBool(n.kind == 't')
		return true, nil
	case t.Kind() == reflect.Bool && n.kind == '"' && (folded(n.text) == "true" || folded(n.text) == "false"):
		f.SetBool(folded(n.text) == "true")
		return true, nil
	case n.kind == '0' && f.CanInt():
		i, err := strconv.ParseInt(n.raw, 10, t.Bits())
		f.SetInt(i)
		return true, err
	case n.kind == '0' && f.CanUint():
		u, err := strconv.ParseUint(n.raw, 10, t.Bits())
		f.SetUint(u)
		return true, err
	case n.kind == '0' && f.CanFloat():
		x, err := strconv.ParseFloat(n.raw, t.Bits())
		f.SetFloat(x)
		return true, err
	}
	return false, wrong
}

func unless(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}

var dateTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt](\d\d)(:\d\d:\d\d)(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)?$`)

// slowTime reads an xsd:dateTime with package time.
func slowTime(s string) (time.Time, bool) {
	m := dateTime.FindStringSubmatch(s)
	if m == nil || s[:4] == "0000" {
		return time.Time{}, false
	}
	date, hour, rest, fraction, zone := m[1], m[2], m[3], m[4], m[5]
	midnight := hour == "24" && rest == ":00:00" && strings.Trim(fraction, ".0") == ""
	if midnight {
		hour = "00"
	}
	if zone == "" || zone == "z" {
		zone = "Z"
	}
	if fraction == "" {
		fraction = "."
	}
	offset := time.Duration(0)
	if zone != "Z" {
		h, _ := strconv.Atoi(zone[1:3])
		minutes, _ := strconv.Atoi(zone[4:])
		offset = time.Duration(h)*time.Hour + time.Duration(minutes)*time.Minute
		if minutes > 59 || offset > 14*time.Hour {
			return time.Time{}, false
		}
		if zone[0] == '-' {
			offset = -offset
		}
	}
	t, err := time.Parse("2006-01-02T15:04:05.000000000", date+"T"+hour+rest+(fraction + "000000000")[:10])
	if err != nil {
		return time.Time{}, false
	}
	if midnight {
		t = t.AddDate(0, 0, 1)
	}
	t = t.Add(-offset)
	return t, t.Year() >= 1 && t.Year() <= 9999
}

func slowBinary(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if b, err := encoding.DecodeString(s); err == nil {
			return b, true
		}
	}
	return nil, false
}

// normal makes a copy of v in which all that counts as unassigned is nil or zero: what v is once it has been written and read.
func normal(v reflect.Value) reflect.Value {
	t := v.Type()
	out := reflect.New(t).Elem()
	switch t {
	case typeTime:
		out.Set(reflect.ValueOf(attr.Time(v).UTC()))
		return out
	case typeRaw:
		if raw := bytes.Trim(v.Bytes(), " \t\r\n"); len(raw) > 0 {
			out.SetBytes(raw)
		}
		return out
	case typeBytes:
		if v.Len() > 0 {
			out.Set(v)
		}
		return out
	}
	switch t.Kind() {
	case reflect.String:
		out.SetString(string([]rune(v.String()))) // each byte that is no UTF-8 becomes U+FFFD
	case reflect.Interface:
		if raw := canonical(v.Interface()); raw != nil {
			out.Set(reflect.ValueOf(raw))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			if e := normal(v.Elem()); written(e, true) {
				out.Set(reflect.New(t.Elem()))
				out.Elem().Set(e)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			e := normal(v.Index(i))
			if e.Kind() == reflect.Pointer && !e.IsNil() || e.Kind() != reflect.Pointer && written(e, true) {
				out.Set(reflect.Append(out, e))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if t.Field(i).IsExported() {
				out.Field(i).Set(normal(v.Field(i)))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

// written says whether a normal value is written. present says that it stands where zero is a value: behind a pointer or in a list.
func written(v reflect.Value, present bool) bool {
	t := v.Type()
	switch {
	case t == typeTime:
		return !attr.Time(v).IsZero()
	case t == typeRaw, t == typeBytes, t.Kind() == reflect.String, t.Kind() == reflect.Slice:
		return v.Len() > 0
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Interface:
		return !v.IsNil()
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if written(v.Field(i), !strings.Contains(f.Tag.Get("json"), ",omit")) {
				return true
			}
		}
		return false
	}
	return present || !v.IsZero()
}

// canonical is the JSON of a value of type any, in one spelling; nil stands for null.
func canonical(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var x any
	if err := json.Unmarshal(text, &x); err != nil || x == nil {
		return nil
	}
	text, err = json.Marshal(x)
	if err != nil {
		return nil
	}
	return text
}

// same compares two structs, but for the difference between nil and empty.
func same[T any](a, b *T) bool {
	return reflect.DeepEqual(normal(reflect.ValueOf(a).Elem()).Interface(), normal(reflect.ValueOf(b).Elem()).Interface())
}

// finite says whether a document can hold the value: JSON has no infinity, and xsd:dateTime not every year.
func finite(v reflect.Value) bool {
	t := v.Type()
	switch t {
	case typeTime:
		when := attr.Time(v)
		_, offset := when.Zone()
		year, local := when.UTC().Year(), when.Year()
		return when.IsZero() || min(year, local) >= 1 && max(year, local) <= 9999 && offset%60 == 0 && offset >= -14*3600 && offset <= 14*3600
	case typeRaw:
		raw := bytes.Trim(v.Bytes(), " \t\r\n")
		return len(raw) == 0 || strictJSON(raw) == nil && parses(raw)
	case typeBytes:
		return true
	}
	switch t.Kind() {
	case reflect.Float32, reflect.Float64:
		return !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0)
	case reflect.Interface, reflect.Pointer:
		return v.IsNil() || finite(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !finite(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() && !finite(v.Field(i)) {
				return false
			}
		}
	default:
	}
	return true
}

// identical is reflect.DeepEqual, but NaN is NaN.
func identical(a, b reflect.Value) bool {
	if a.IsValid() != b.IsValid() || a.IsValid() && a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		return math.Float64bits(a.Float()) == math.Float64bits(b.Float())
	case reflect.Pointer, reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || identical(a.Elem(), b.Elem()))
	case reflect.Slice:
		if a.IsNil() != b.IsNil() || a.Len() != b.Len() || a.Cap() != b.Cap() {
			return false
		}
		for i := range a.Len() {
			if !identical(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		if a.Type() == typeTime {
			return a.Interface() == b.Interface() || attr.Time(a).Format(time.RFC3339Nano) == attr.Time(b).Format(time.RFC3339Nano)
		}
		for i := range a.NumField() {
			if !identical(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	default:
		return a.Equal(b)
	}
}

func parses(raw []byte) bool {
	_, err := parse(raw, 1)
	return err == nil
}
