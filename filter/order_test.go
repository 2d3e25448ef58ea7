package filter_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/resource"
)

// sorted gives the ids of documents in order.
func sorted[T any](t *testing.T, by, direction string, docs []string, opts ...filter.Option) string {
	t.Helper()
	o, err := filter.CompileOrder[T](by, direction, opts...)
	require.NoError(t, err)
	list := make([]*T, 0, len(docs))
	for i, doc := range docs {
		list = append(list, read[T](t, fmt.Sprintf(`{"id":"%d",%s`, i, strings.TrimPrefix(doc, "{"))))
	}
	slices.SortStableFunc(list, func(a, b *T) int { return o.Compare(a, b) })
	var ids strings.Builder
	for _, v := range list {
		ids.WriteString(resource.Common(v).ID)
	}
	return ids.String()
}

func TestOrder(t *testing.T) {
	names := []string{`{"userName":"b"}`, `{"userName":"C"}`, `{"userName":"a"}`}
	titles := []string{`{"userName":"x"}`, `{"userName":"x","title":"b"}`, `{"userName":"x","title":"a"}`, `{"userName":"x","title":""}`}
	emails := []string{
		`{"userName":"x","emails":[{"value":"c"},{"value":"a","primary":true}]}`,
		`{"userName":"x","emails":[{"value":"b"},{"value":"0","primary":false}]}`,
		`{"userName":"x"}`,
		`{"userName":"x","emails":[{"type":"work"},{"value":"0"}]}`,
	}
	numbered := []string{
		`{"userName":"x","` + enterprise + `":{"employeeNumber":"2","manager":{"value":"B"}}}`, `{"userName":"x"}`,
		`{"userName":"x","` + enterprise + `":{"employeeNumber":"1","manager":{"value":"a"}}}`,
	}
	for _, c := range []struct {
		id, by, direction string
		docs              []string
		want              string
	}{
		{"7644-3.4.2.3-02/name", "userName", "", names, "201"},
		{"7644-3.4.2.3-02/any case", "USERNAME", "", names, "201"},
		{"7644-3.4.2.3-02/URN", core + ":userName", "", names, "201"},
		{"7644-3.4.2.3-02/extension", enterprise + ":employeeNumber", "", numbered, "201"},
		{"7644-3.4.2.3-02/extension, case exact", enterprise + ":manager.value", "", numbered, "021"},
		{"7644-3.4.2.3-03/primary, else first", "emails.value", "", emails, "0123"},
		{"7644-3.4.2.3-03/value understood", "emails", "", emails, "0123"},
		{"7644-3.4.2.3-03/descending", "emails", "descending", emails, "2310"},
		{"7644-3.4.2.3-04/part", "name.givenName", "", []string{`{"userName":"x","name":{"givenName":"b"}}`, `{"userName":"x","name":{"givenName":"A"}}`}, "10"},
		{"7644-3.4.2.3-05/ascending", "title", "ascending", titles, "2103"},
		{"7644-3.4.2.3-05/descending", "title", "descending", titles, "0312"},
		{"7644-3.4.2.3-06/default", "title", "", titles, "2103"},
		{"7644-3.4.2.3-06/any case", "title", "DESCENDING", titles, "0312"},
		{"7644-3.4.2.3-07/instants", "meta.created", "", []string{
			`{"userName":"x","meta":{"created":"2011-05-13T04:42:34Z"}}`, `{"userName":"x","meta":{"created":"2011-05-13T05:42:34+02:00"}}`}, "10"},
		{"7644-3.4.2.3-07/booleans", "active", "", []string{`{"userName":"x","active":true}`, `{"userName":"x"}`, `{"userName":"x","active":false}`}, "201"},
		{"stable", "nickName", "descending", names, "012"},
		{"no sortBy", "", "descending", names, "012"},
		{"schemas", "schemas", "", numbered, "012"},
	} {
		t.Run(c.id, func(t *testing.T) {
			assert.Equal(t, c.want, sorted[Account](t, c.by, c.direction, c.docs))
			assert.Equal(t, c.want, sorted[Account](t, c.by, c.direction, c.docs, resource.Strict()))
		})
	}
	text := []string{`{"serial":"a","label":"a"}`, `{"serial":"B","label":"B"}`, `{"serial":"c","label":"c"}`}
	numbers := []string{`{"count":10,"level":10,"size":10,"weight":10,"scale":10}`, `{"count":9,"level":9,"size":9,"weight":9,"scale":9}`, `{"count":-1,"level":-1,"size":0,"weight":-1.5,"scale":-1}`}
	for _, c := range []struct {
		id, by string
		docs   []string
		want   string
	}{
		{"7644-3.4.2.3-07/case", "label", text, "012"}, {"7644-3.4.2.3-07/case exact", "serial", text, "102"},
		{"7644-3.4.2.3-07/integer", "count", numbers, "210"}, {"7644-3.4.2.3-07/small", "level", numbers, "210"}, {"7644-3.4.2.3-07/0 is none", "size", numbers, "102"},
		{"7644-3.4.2.3-07/decimal", "weight", numbers, "210"}, {"7644-3.4.2.3-07/float32", "scale", numbers, "210"},
		{"binary", "blob", []string{`{"blob":"AQI="}`, `{"blob":"AQ=="}`, `{"count":1}`}, "102"},
		{"list of strings", "tags", []string{`{"tags":["","b"]}`, `{"tags":["A","z"]}`, `{"tags":[]}`}, "102"},
		{"primary without pointer", "plains.name", []string{`{"plains":[{"name":"b","count":0},{"name":"c","count":0,"primary":true}]}`, `{"plains":[{"name":"b","count":1}]}`}, "10"},
		{"longest URN", extra + ":shelf", []string{`{"` + extra + `":{"shelf":"b"}}`, `{"` + extra + `":{"shelf":"a"}}`}, "10"},
	} {
		t.Run(c.id, func(t *testing.T) { assert.Equal(t, c.want, sorted[Device](t, c.by, "", c.docs)) })
	}
}

func TestOrderErrors(t *testing.T) {
	for _, c := range []struct{ id, by, direction, words string }{
		{"7644-3.4.2.3-04/complex", "name", "", `sortBy: "name" has parts; sort by one of them, such as name.formatted`},
		{"7644-3.4.2.3-04/list without value", "addresses", "", `"addresses" has parts`},
		{"7644-3.4.2.3-04/singular with value", enterprise + ":manager", "", `has parts; sort by one of them, such as ` + enterprise + `:manager.value`},
		{"7644-3.4.2.3-04/extension", enterprise, "", `has parts; sort by one of them, such as ` + enterprise + `:employeeNumber`},
		{"7644-3.4.2.3-06", "userName", "up", `sortOrder: must be ascending or descending, not "up"`},
		{"7644-3.4.2.3-06/without sortBy", "", "up", `sortOrder: `},
		{"7644-3.4.2.3-06/other letters", "", "ascend\u0130ng", `sortOrder: `},
		{"AMB-41", "nothing", "", `sortBy: "nothing" is no attribute of User`},
		{"AMB-41/misspelled", "userNames", "", `sortBy: "userNames" is no attribute of User; did you mean userName?`},
		{"AMB-41/sub-attribute alone", "familyName", "", `sortBy: "familyName" is no attribute of User; did you mean name.familyName?`},
		{"AMB-41/part", "name.nothing", "", `is no attribute of User`},
		{"AMB-41/core URN", core, "", `is no attribute of User`},
		{"AMB-41/value path", `emails[type eq "work"]`, "", `is no attribute name`},
		{"AMB-41/blank", "user Name", "", `is no attribute name`},
		{"AMB-41/long", strings.Repeat("x", 9999), "", `xxx..." is no attribute of User`},
		{"hidden", "password", "", `"password" is never returned and cannot be sorted by`},
	} {
		t.Run(c.id, func(t *testing.T) {
			for _, o := range []filter.Option{nil, resource.Strict()} {
				_, err := filter.CompileOrder[Account](c.by, c.direction, o)
				refused(t, err, scimerrors.InvalidValue, c.words)
				assert.Less(t, len(err.Error()), 300)
			}
		})
	}
	docs := []string{`{"userName":"x","` + enterprise + `":{"employeeNumber":"2"}}`, `{"userName":"x","` + enterprise + `":{"employeeNumber":"1"}}`}
	assert.Equal(t, "10", sorted[Account](t, "employeeNumber", "", docs), "UnqualifiedExtension")
	_, err := filter.CompileOrder[Account]("employeeNumber", "", without(opt.UnqualifiedExtension))
	refused(t, err, scimerrors.InvalidValue)
	assert.Equal(t, "01", sorted[Account](t, "serial", "", docs, filter.AcrossTypes()), "a type without the attribute stays as it is")
	_, err = filter.CompileOrder[Account]("a b", "", filter.AcrossTypes())
	refused(t, err, scimerrors.InvalidValue)
}

func TestOrderValues(t *testing.T) {
	o, err := filter.CompileOrderType(reflect.TypeFor[*Account](), "userName", "descending")
	require.NoError(t, err)
	a := &Account{}
	a.UserName = "a"
	assert.Equal(t, 1, o.Compare(a, (*Account)(nil)), "missing first when descending")
	assert.Zero(t, o.Compare((*Account)(nil), (*Account)(nil)))
	assert.Zero(t, o.Compare(a, a))
	for _, v := range []any{Account{}, nil, &resource.User{}} {
		assert.Panics(t, func() { o.Compare(a, v) })
		assert.Panics(t, func() { o.Compare(v, a) })
	}
	more, err := filter.CompileOrder[Device]("more.value", "")
	require.NoError(t, err)
	assert.Negative(t, more.Compare(&Device{More: []*Part{nil, {Value: "a"}}}, &Device{More: []*Part{nil, {Value: "c"}, {Value: "b", Primary: new(true)}}}))
	emails, err := filter.CompileOrder[Account]("emails", "")
	require.NoError(t, err)
	x, y := &Account{}, &Account{}
	x.Emails, y.Emails = []resource.Email{{}, {Value: "a"}}, []resource.Email{{Value: "b"}}
	assert.Negative(t, emails.Compare(x, y), "an element without value is none")
}

// At the root one order goes over resources of several types.
func TestOrderAcrossTypes(t *testing.T) {
	o, err := filter.CompileOrder[resource.Group]("displayName", "", filter.AcrossTypes())
	require.NoError(t, err)
	user, group := &Account{}, &resource.Group{DisplayName: "b"}
	assert.Negative(t, o.Compare(group, user), "a user without the name comes last")
	user.DisplayName = "A"
	assert.Positive(t, o.Compare(group, user))
	assert.Negative(t, o.Compare(user, group))
	device := &Device{}
	assert.Positive(t, o.Compare(device, user), "a type without the attribute has no value")
	assert.Negative(t, o.Compare(user, device))
	assert.Panics(t, func() { o.Compare(user, nil) })
	assert.Panics(t, func() { o.Compare(user, "x") })

	// Of one name, but of two kinds, or of one kind by two rules.
	type Other struct {
		resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Other"`

		Label  string `json:"label,omitempty" scim:"caseExact"`
		Count  string `json:"count,omitempty"`
		Serial struct {
			X string `json:"x,omitempty"`
		} `json:"serial,omitzero"`
	}
	for _, by := range []string{"label", "count", "serial"} {
		o, err := filter.CompileOrder[Device](by, "", filter.AcrossTypes())
		require.NoError(t, err)
		all := []any{
			&Device{Label: "a", Count: 2, Serial: "a"}, &Device{Label: "B", Count: 1, Serial: "B"}, &Other{Label: "A", Count: "2"}, &Other{Label: "b", Count: "1"}, &Other{},
		}
		for _, a := range all {
			for _, b := range all {
				assert.Equal(t, signOf(o.Compare(a, b)), -signOf(o.Compare(b, a)), by)
				for _, c := range all {
					if o.Compare(a, b) <= 0 && o.Compare(b, c) <= 0 {
						assert.LessOrEqual(t, o.Compare(a, c), 0, by)
					}
				}
			}
		}
	}
}
