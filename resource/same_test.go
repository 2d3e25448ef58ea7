package resource_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// same checks that two structs are equal, nil and empty slices apart, and names the fields that differ.
func same(t *testing.T, want, got any, about ...any) {
	t.Helper()
	for _, d := range differences("", reflect.ValueOf(want), reflect.ValueOf(got)) {
		t.Errorf("%s %s", d, fmt.Sprint(about...))
	}
}

func differences(path string, want, got reflect.Value) []string {
	differ := func() []string { return []string{fmt.Sprintf("%s: want %#v, got %#v", path, want, got)} }
	if want.IsValid() != got.IsValid() || want.IsValid() && want.Type() != got.Type() {
		return []string{fmt.Sprintf("%s: want %v, got %v", path, want, got)}
	}
	if !want.IsValid() {
		return nil
	}
	switch want.Kind() { //nolint:exhaustive // the other kinds are compared below
	case reflect.Pointer, reflect.Interface:
		if want.IsNil() || got.IsNil() {
			if want.IsNil() != got.IsNil() {
				return differ()
			}
			return nil
		}
		return differences(path, want.Elem(), got.Elem())
	case reflect.Slice:
		if want.IsNil() != got.IsNil() || want.Len() != got.Len() {
			return differ()
		}
		var list []string
		for i := range want.Len() {
			list = append(list, differences(fmt.Sprintf("%s[%d]", path, i), want.Index(i), got.Index(i))...)
		}
		return list
	case reflect.Struct:
		if want.Type() == reflect.TypeFor[time.Time]() {
			break // == on two times in UTC
		}
		var list []string
		for i := range want.NumField() {
			if f := want.Type().Field(i); f.IsExported() {
				list = append(list, differences(path+"."+f.Name, want.Field(i), got.Field(i))...)
			}
		}
		return list
	}
	if !reflect.DeepEqual(want.Interface(), got.Interface()) {
		return differ()
	}
	return nil
}

// The comparison is worth something only if it finds differences.
func TestSame(t *testing.T) {
	type part struct {
		S []string
		P *int
		T time.Time
	}
	value := func() *part { return &part{S: []string{"a"}, P: new(1), T: time.Unix(0, 0).UTC()} }
	if d := differences("", reflect.ValueOf(value()), reflect.ValueOf(value())); len(d) > 0 {
		t.Error(d)
	}
	for name, change := range map[string]func(*part){
		"length": func(p *part) { p.S = nil }, "element": func(p *part) { p.S[0] = "b" }, "nil": func(p *part) { p.P = nil },
		"value": func(p *part) { *p.P = 2 }, "zone": func(p *part) { p.T = p.T.In(time.FixedZone("", 60)) },
	} {
		other := value()
		change(other)
		if d := differences("", reflect.ValueOf(value()), reflect.ValueOf(other)); len(d) != 1 {
			t.Error(name, d)
		}
	}
	if d := differences("", reflect.ValueOf([]int(nil)), reflect.ValueOf([]int{})); len(d) != 1 {
		t.Error(d)
	}
}
