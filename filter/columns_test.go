package filter_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
)

func TestColumnsCheck(t *testing.T) {
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	text := filter.Column{Expr: "x", Folded: "y"}
	list := filter.Column{Expr: "x", Folded: "y", From: "t WHERE true"}
	good := filter.Columns{
		"id": {Expr: "i"}, "userName": text, "name": {}, "name.givenName": text, "active": {Expr: "a"}, "meta.lastModified": {Expr: "m"},
		"emails": list, "emails.value": list, "emails.primary": {Expr: "p", From: "t WHERE true"}, enterprise: {}, enterprise + ":department": text, enterprise + ":manager.value": {Expr: "v"},
	}
	for name, typ := range map[string]reflect.Type{"struct": reflect.TypeFor[Account](), "pointer": reflect.TypeFor[*Account]()} {
		require.NoError(t, good.Check(typ), name)
	}
	for _, c := range []struct {
		name, key string
		column    filter.Column
		want      string
	}{
		{"no attribute", "userNam", text, `a column has the key "userNam", which is no attribute of User; did you mean userName?`},
		{"empty", "", text, `a column has the key "", which is no attribute of User`},
		{"7643-2.1-01/another case", "USERNAME", text, `a column has the key "USERNAME", which is never found; write "userName"`},
		{"7644-3.10-01/the URN of the core schema", "urn:ietf:params:scim:schemas:core:2.0:User:userName", text, `which is never found; write "userName"`},
		{"extension in another case", strings.ToUpper(enterprise) + ":department", text, `write "` + enterprise + `:department"`},
		{"7643-4.1.1-09/never returned", "password", text, `a column has the key "password", which is never returned, so that no filter may look at it`},
		{"no Expr", "active", filter.Column{}, "the column of active has no Expr"},
		{"no Folded", "title", filter.Column{Expr: "x"}, "the column of title, which is not case exact, has no Folded"},
		{"no From", "emails.type", text, "the column of emails.type, which is multi-valued, has no From"},
		{"no From for the whole", "phoneNumbers", filter.Column{}, "the column of phoneNumbers, which is multi-valued, has no From"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := filter.Columns{"id": {Expr: "i"}, c.key: c.column}.Check(reflect.TypeFor[Account]())
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
	t.Run("a list in a list", func(t *testing.T) {
		err := filter.Columns{"id": {Expr: "i"}, "parts.tags": list}.Check(reflect.TypeFor[Device]())
		require.ErrorContains(t, err, `a column has the key "parts.tags", a list in a list, at which SQL does not look`)
	})
	t.Run("parts that differ in From", func(t *testing.T) {
		other := list
		other.From = "others WHERE true"
		err := filter.Columns{"id": {Expr: "i"}, "emails": list, "emails.type": other, "emails.value": list, "phoneNumbers.value": other}.Check(reflect.TypeFor[Account]())
		require.EqualError(t, err, "scim: the columns of emails differ in From")
	})
	t.Run("all at once, no id", func(t *testing.T) {
		err := filter.Columns{"title": {}, "nothing": {}}.Check(reflect.TypeFor[Account]())
		require.ErrorContains(t, err, "there is no column for id, in which every order ends\n")
		assert.Len(t, strings.Split(err.Error(), "\n"), 3)
	})
	require.ErrorContains(t, good.Check(reflect.TypeFor[string]()), "string is not a struct type")
	require.ErrorContains(t, good.Check(nil), "a nil interface has no SCIM type")
}
