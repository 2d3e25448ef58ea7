package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

func showTarget(p filter.Path) string {
	s := showPath(p.AttributePath)
	if p.ValueExpression != nil {
		s += "[" + show(p.ValueExpression) + "]"
	}
	if p.SubAttribute != nil {
		s += " ." + *p.SubAttribute
	}
	return s
}

func TestParsePath(t *testing.T) {
	const path, inner = scimerrors.InvalidPath, scimerrors.InvalidFilter
	for _, c := range []struct {
		id, path, want string
		kind           scimerrors.Type
		words          string
	}{
		{"7644-3.5.2/attribute", `members`, `members`, "", ""},
		{"7644-3.5.2/part", `name.familyName`, `name.familyName`, "", ""},
		{"7644-3.5.2/value path", `addresses[type eq "work"]`, `addresses[type eq "work"]`, "", ""},
		{"7644-3.5.2/value path and part", `members[value eq "1"].displayName`, `members[value eq "1"] .displayName`, "", ""},
		{"7644-3.5.2/$ref", `members[value eq "1"].$ref`, `members[value eq "1"] .$ref`, "", ""},
		{"7644-3.5.2/any case", `Emails[Type EQ "work"].Value`, `Emails[Type eq "work"] .Value`, "", ""},
		{"7644-3.10-04/URN", enterprise + `:manager.value`, `<` + enterprise + `>manager.value`, "", ""},
		{"7644-3.10-04/URN and value path", core + `:emails[type eq "work"].value`, `<` + core + `>emails[type eq "work"] .value`, "", ""},
		{"AMB-21/URN alone", enterprise, `<urn:ietf:params:scim:schemas:extension:enterprise:2.0>User`, "", ""},
		{"AMB-21/URN that ends in a number", `urn:acme:ext:2.0`, `<urn:acme:ext>2.0`, "", ""},
		{"erratum 7322/groups inside", `emails[(type eq "a" or type eq "b") and not (primary eq true) and value pr].value`,
			`emails[(((type eq "a" or type eq "b") and not(primary eq bool true)) and value pr)] .value`, "", ""},
		{"empty", ``, "", path, "the path is empty"},
		{"blank before", ` members`, "", path, "offset 0: expected an attribute, found a blank"},
		{"blank after", `members `, "", path, "offset 7: expected a filter in brackets or the end of the path, found a blank"},
		{"blank before brackets", `members [a pr]`, "", path, "offset 7: "},
		{"never closed", `members[`, "", path, "offset 8: expected an attribute, found the end"},
		{"never closed, in a string", `members[value eq "x]`, "", path, "offset 20: expected the quote that closes the string begun at offset 17"},
		{"never closed, after a comparison", `members[value eq "x"`, "", path, "offset 20: expected and, or, or a closing bracket, found the end"},
		{"never opened", `members]`, "", path, `offset 7: expected a filter in brackets or the end of the path, found "]"`},
		{"closed twice", `members[a pr]]`, "", path, `offset 13: `},
		{"slash", `/members`, "", path, `offset 0: "/members" is no attribute name`},
		{"slash inside", `name/familyName`, "", path, `offset 0: "name/familyName" is no attribute name`},
		{"three parts", `name.familyName.x`, "", path, `offset 0: "name.familyName.x" is no attribute name`},
		{"no part", `name.`, "", path, `offset 0: "name." is no attribute name`},
		{"no part after brackets", `members[a pr].`, "", path, "offset 14: expected a sub-attribute and the end, found the end"},
		{"two parts after brackets", `members[a pr].b.c`, "", path, `offset 14: expected a sub-attribute and the end, found "b.c"`},
		{"brackets twice", `members[a pr].b[c pr]`, "", path, `offset 14: `},
		{"no dot after brackets", `members[a pr]b`, "", path, `offset 13: expected a filter in brackets or the end of the path, found "b"`},
		{"brackets after a part", `name.x[a pr]`, "", path, "offset 6: a sub-attribute has no filter; it stands behind one, as in"},
		{"index", `emails[0].value`, "", path, `offset 6: elements are chosen by a filter such as [type eq "work"], not by an index`},
		{"filter", `userName eq "x"`, "", path, "offset 8: expected a filter in brackets or the end of the path, found a blank"},
		{"filter behind", `emails[a pr].value eq "x"`, "", path, `found "value eq "x""`},
		{"bad filter", `emails[type]`, "", inner, `the filter in the path is malformed at offset 11: expected a blank and an operator, found "]"`},
		{"bad operator", `emails[type is "x"].value`, "", inner, `offset 12: expected an operator|found "is"`},
		{"bad value", `emails[type eq work]`, "", inner, `offset 15: expected a JSON value|found "work"`},
		{"empty filter", `emails[]`, "", inner, `offset 7: expected an attribute, found "]"`},
		{"nested", `emails[a[b pr]]`, "", inner, "offset 8: a filter in brackets cannot stand inside another"},
	} {
		t.Run(c.id, func(t *testing.T) {
			p, err := filter.ParsePath(c.path)
			s, strict := filter.ParsePath(c.path, resource.Strict())
			if c.want == "" {
				refused(t, err, c.kind, split(c.words)...)
				refused(t, strict, c.kind, split(c.words)...)
				assert.Equal(t, filter.Path{}, p)
				return
			}
			require.NoError(t, err)
			require.NoError(t, strict)
			assert.Equal(t, c.want, showTarget(p))
			assert.Equal(t, p, s)
		})
	}
	for _, s := range strings17(t, "rfc7644-3.5.2-paths.json", 5) {
		_, err := filter.ParsePath(s, resource.Strict())
		require.NoError(t, err)
	}
	_, err := filter.ParsePath(`emails[ type  eq "x" ].value`)
	require.NoError(t, err, "AMB-36")
	_, err = filter.ParsePath(`emails[ type eq "x"].value`, resource.Strict())
	refused(t, err, inner, "offset 7: expected no blank, found a blank")
}
