package filter_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

func elements(t *testing.T, attribute, text string, opts ...filter.Option) (*filter.Filter, error) {
	t.Helper()
	e, err := filter.Parse(text)
	require.NoError(t, err)
	return filter.Elements(reflect.TypeFor[Device](), attribute, e, opts...)
}

// 7644-3.5.2-05: the filter in the brackets of a path chooses elements.
func TestElements(t *testing.T) {
	for _, c := range []struct {
		attribute, filter string
		element           any
		want              bool
	}{
		{"parts", `value eq "V" and code eq "C"`, &Part{Value: "v", Code: "C"}, true},
		{"PARTS", `code eq "c"`, &Part{Code: "C"}, false},
		{"parts", `not (value pr)`, &Part{Code: "C"}, true},
		{"parts", `not (value pr)`, &Part{}, false}, // AMB-07
		{"parts", `primary eq false`, &Part{Value: "v"}, true},
		{"parts", `tags eq "x"`, &Part{Tags: []string{"a", "X"}}, true},
		{"parts", `nothing pr`, &Part{Value: "v"}, false},
		{"more", `value eq "v"`, &Part{Value: "V"}, true},
		{"more", `value eq "v"`, (*Part)(nil), false},
		{"tags", `value sw "A"`, new("abc"), true},
		{"tags", `value ne "a"`, new(""), false},
		{"counts", `value gt 1 and value lt 3`, new(int64(2)), true},
		{"schemas", `value eq "` + extra + `"`, new(extra), true},
		{extra + ":parts", `name eq "N"`, &Plain{Name: "n"}, true},
		{extra + ":PARTS", `count eq 0`, &Plain{Name: "n"}, true},
		{"urn:acme:params:scim:schemas:core:2.0:Device:parts", `value eq "v"`, &Part{Value: "V"}, true},
	} {
		t.Run(c.attribute+"/"+c.filter, func(t *testing.T) {
			f, err := elements(t, c.attribute, c.filter)
			require.NoError(t, err)
			assert.Equal(t, c.want, f.Match(c.element))
			assert.Equal(t, c.filter, filter.Format(f.Expression()))
			assert.Panics(t, func() { f.Match(&Device{}) })
		})
	}
}

func TestElementsErrors(t *testing.T) {
	for _, c := range []struct{ id, attribute, filter, words string }{
		{"unknown", "nothing", `value pr`, `nothing: is no attribute of Device`},
		{"misspelled", "part_s", `value pr`, `part_s: is no attribute of Device; did you mean parts?`},
		{"empty", "", `value pr`, `is no attribute of Device`},
		{"unknown part", "parts.nothing", `value pr`, `parts.nothing: is no attribute of Device`},
		{"core URN", "urn:acme:params:scim:schemas:core:2.0:Device", `value pr`, `is no attribute of Device`},
		{"of an extension, unqualified", "shelf", `value pr`, `shelf: is no attribute of Device; did you mean ` + extra + `:shelf?`},
		{"filter", `parts[value pr]`, `value pr`, `is no attribute of Device`},
		{"long", strings.Repeat("x", 9999), `value pr`, `xxx...: is no attribute of Device`},
		{"single", "label", `value pr`, `label: is a single value; a filter in brackets needs a multi-valued attribute`},
		{"single complex", "part", `value pr`, `part: is a single value`},
		{"extension", extra, `shelf pr`, extra + `: is a single value`},
		{"part of a list", "parts.value", `value pr`, `parts.value: is a single value`},
		{"hidden", "hidden", `value pr`, `hidden: is never returned and cannot be used in a filter`},
		{"hidden part", "parts", `key pr`, `parts.key: is never returned and cannot be used in a filter`},
		{"type", "parts", `size eq "x"`, `parts.size: is a number and must be compared with one`},
		{"type of simple values", "counts", `value eq "x"`, `counts.value: is a number and must be compared with one`},
		{"operator", "parts", `primary gt true`, `parts.primary: is a boolean, which gt cannot compare`},
	} {
		t.Run(c.id, func(t *testing.T) {
			for _, o := range []filter.Option{nil, resource.Strict()} {
				f, err := elements(t, c.attribute, c.filter, o)
				refused(t, err, scimerrors.InvalidFilter, c.words)
				assert.Less(t, len(err.Error()), 400)
				assert.Nil(t, f)
			}
		})
	}
	// An unknown part has no value unless that is refused; across types it never is.
	for _, o := range []filter.Option{resource.Strict(), resource.RejectUnknown()} {
		_, err := elements(t, "parts", `nothing pr`, o)
		refused(t, err, scimerrors.InvalidFilter, `parts.nothing: is no attribute of Device`)
		_, err = elements(t, "tags", `part pr`, o)
		refused(t, err, scimerrors.InvalidFilter, `tags.part: is no attribute of Device`)
		f, err := elements(t, "parts", `nothing pr or value pr`, o, filter.AcrossTypes())
		require.NoError(t, err)
		assert.True(t, f.Match(&Part{Value: "v"}))
	}
	_, err := filter.Elements(reflect.TypeFor[Device](), "parts", nil)
	refused(t, err, scimerrors.InvalidFilter, "nil node")
}
