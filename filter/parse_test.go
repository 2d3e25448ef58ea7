package filter_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/resource"
)

// show writes an expression with all its brackets and the Go types of its values.
func show(e filter.Expression) string {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		return fmt.Sprintf("(%s %s %s)", show(e.Left), e.Operator, show(e.Right))
	case *filter.NotExpression:
		return "not(" + show(e.Expression) + ")"
	case *filter.ValuePath:
		return showPath(e.AttributePath) + "[" + show(e.ValueFilter) + "]"
	case *filter.AttributeExpression:
		s := showPath(e.AttributePath) + " " + string(e.Operator)
		switch v := e.CompareValue.(type) {
		case nil:
			if e.Operator != filter.PR {
				s += " null"
			}
		case string:
			s += fmt.Sprintf(" %q", v)
		case json.Number:
			s += " " + string(v)
		default:
			s += fmt.Sprintf(" %T %v", v, v)
		}
		return s
	}
	return fmt.Sprintf("%T", e)
}

func showPath(p filter.AttributePath) string {
	s := p.AttributeName
	if p.URIPrefix != nil {
		s = "<" + *p.URIPrefix + ">" + s
	}
	if p.SubAttribute != nil {
		s += "." + *p.SubAttribute
	}
	return s
}

// parsed is a filter and what is made of it, or "" and the words that the error has. strict is the same for
// resource.Strict; "=" stands for the same as by default.
type parsed struct {
	id, filter, want string
	words            string // separated by |
	strict           string
}

const same = "="

var parses = []parsed{
	{"7644-3.4.2.2-03/operator in any case", `userName Eq "john"`, `userName eq "john"`, "", same},
	{"7644-3.4.2.2-03/name in any case", `USERNAME EQ "john"`, `USERNAME eq "john"`, "", same},
	{"7644-3.4.2.2-03/pr", `title PR`, `title pr`, "", same},
	{"7644-3.4.2.2-03/and", `a eq 1 AND b eq 2`, `(a eq 1 and b eq 2)`, "", same},
	{"7644-3.4.2.2-03/or", `a eq 1 Or b eq 2`, `(a eq 1 or b eq 2)`, "", same},
	{"7644-3.4.2.2-03/not", `NOT (title pr)`, `not(title pr)`, "", same},
	{"7644-3.4.2.2-03/all operators", `a eq 1 or a ne 1 or a co "" or a sw "" or a ew "" or a gt 1 or a ge 1 or a lt 1 or a le 1`,
		`((((((((a eq 1 or a ne 1) or a co "") or a sw "") or a ew "") or a gt 1) or a ge 1) or a lt 1) or a le 1)`, "", same},
	{"7644-3.4.2.2-04/empty", ``, "", "the filter is empty", same},
	{"7644-3.4.2.2-04/blank", ` `, "", "the filter is empty", ""},
	{"7644-3.4.2.2-05/attribute alone", `userName`, "", `offset 8: expected a blank and an operator, found the end`, same},
	{"7644-3.4.2.2-05/attribute and blank", `userName `, "", `offset 9: expected an operator|found the end`, same},
	{"7644-3.4.2.2-05/operator alone", `eq`, "", `offset 2: expected a blank and an operator, found the end`, same},
	{"7644-3.4.2.2-05/no value", `userName eq`, "", `offset 11: expected a blank and a value, found the end`, same},
	{"7644-3.4.2.2-05/no value but a blank", `userName eq `, "", `offset 12: expected a value, found the end`, same},
	{"7644-3.4.2.2-05/pr with value", `title pr 1`, "", `offset 9: expected and, or, or the end of the filter, found "1"`, same},
	{"7644-3.4.2.2-05/no attribute", `eq "x"`, "", `offset 3: expected an operator|found ""x""`, same},
	{"7644-3.4.2.2-05/value first", `"x" eq userName`, "", `offset 0: expected an attribute, found ""x""`, same},
	{"7644-3.4.2.2-05/two values", `userName eq "a" "b"`, "", `offset 16: expected and, or, or the end of the filter, found ""b""`, same},
	{"7644-3.4.2.2-05/ends with and", `title pr and`, "", `offset 12: expected a blank after and, found the end`, same},
	{"7644-3.4.2.2-05/ends with and blank", `title pr and `, "", `offset 13: expected an attribute, found the end`, same},
	{"7644-3.4.2.2-05/begins with and", `and title pr`, "", `offset 4: expected an operator|found "title"`, same},
	{"7644-3.4.2.2-05/two ands", "title pr and " + `and active eq true`, "", `offset 17: expected an operator|found "active"`, same},
	{"7644-3.4.2.2-05/keywords as attributes", `and eq 1 and or eq 2 or not eq 3`, `((and eq 1 and or eq 2) or not eq 3)`, "", same},
	{"7644-3.4.2.2-06/regex", `userName regex "x"`, "", `offset 9: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr), found "regex"`, same},
	{"7644-3.4.2.2-16/regex", `userName regex "x"`, "", `"regex"`, same},
	{"7644-3.4.2.2-06/equals sign", `userName = "x"`, "", `found "="`, same},
	{"7644-3.4.2.2-06/prefix of an operator", `userName e "x"`, "", `found "e"`, same},
	{"7644-3.4.2.2-06/more than an operator", `userName eqx "x"`, "", `found "eqx"`, same},
	{"7644-3.4.2.2-06/prx", `title prx`, "", `found "prx"`, same},
	{"7644-3.4.2.2-07/quote", `a eq "a\"b"`, `a eq "a\"b"`, "", same},
	{"7644-3.4.2.2-07/escape in lower case", `a eq "\u00e9"`, `a eq "é"`, "", same},
	{"7644-3.4.2.2-07/surrogates", `a eq "\uD83D\ude00"`, `a eq "😀"`, "", same},
	{"7644-3.4.2.2-07/all escapes", `a eq "\"\\\/\b\f\n\r\t"`, `a eq "\"\\/\b\f\n\r\t"`, "", same},
	{"7644-3.4.2.2-07/brackets inside", `a eq "] ) [ ( and or"`, `a eq "] ) [ ( and or"`, "", same},
	{"7644-3.4.2.2-07/empty", `a eq ""`, `a eq ""`, "", same},
	{"7644-3.4.2.2-07/negative", `a eq -1.5`, `a eq -1.5`, "", same},
	{"7644-3.4.2.2-07/exponent", `a eq 1e3`, `a eq 1e3`, "", same},
	{"7644-3.4.2.2-07/precise", `a eq 9007199254740993.10`, `a eq 9007199254740993.10`, "", same},
	{"7644-3.4.2.2-07/large", `a eq 1E+400`, `a eq 1E+400`, "", same},
	{"7644-3.4.2.2-07/true", `a eq true`, `a eq bool true`, "", same},
	{"7644-3.4.2.2-07/false", `a eq false`, `a eq bool false`, "", same},
	{"7644-3.4.2.2-07/null", `a eq null`, `a eq null`, "", same},
	{"7644-3.4.2.2-07/bare word", `a eq john`, "", `offset 5: expected a JSON value: a string in double quotes, a number, true, false or null, found "john"`, same},
	{"7644-3.4.2.2-07/single quotes", `a eq 'john'`, "", `offset 5: expected a JSON value|found "'john'"`, same},
	{"7644-3.4.2.2-07/never closed", `a eq "john`, "", `offset 10: expected the quote that closes the string begun at offset 5, found the end`, same},
	{"7644-3.4.2.2-07/ends in an escape", `a eq "john\`, "", `offset 11: expected the quote that closes the string`, same},
	{"7644-3.4.2.2-07/no escape", `a eq "\x"`, "", `offset 7: invalid character 'x' after a backslash`, same},
	{"7644-3.4.2.2-07/lone surrogate", `a eq "\ud83d"`, "", `offset 6: a lone surrogate`, same},
	{"7644-3.4.2.2-07/control character", "a eq \"x\ny\"", "", `offset 7: invalid character '\n' in a string`, same},
	{"7644-3.4.2.2-07/invalid UTF-8", "a eq \"\xff\"", "", `offset 6: invalid UTF-8 in a string`, same},
	{"7644-3.4.2.2-07/leading zero", `a eq 007`, "", `offset 6: a number with a leading zero`, same},
	{"7644-3.4.2.2-07/plus", `a eq +1`, "", `offset 5: expected a JSON value|found "+1"`, same},
	{"7644-3.4.2.2-07/point without digits", `a eq 1.`, "", `offset 7: expected a digit, found the end`, same},
	{"7644-3.4.2.2-07/digits and more", `a eq 12x`, "", `offset 7: expected a blank, found "x"`, same},
	{"7644-3.4.2.2-07/truex", `a eq truex`, "", `offset 5: expected a JSON value|found "truex"`, same},
	{"7644-3.4.2.2-07/array", `a eq [1]`, "", `offset 5: expected a JSON value`, same},
	{"7644-3.4.2.2-07/object", `a eq {}`, "", `offset 5: expected a JSON value|found "{}"`, same},
	{"7644-3.4.2.2-07/no blank", `a eq"x"`, "", `offset 4: expected a blank and a value, found ""x""`, same},
	{"7644-3.4.2.2-08/and before or", `a eq 1 or b eq 2 and c eq 3`, `(a eq 1 or (b eq 2 and c eq 3))`, "", same},
	{"7644-3.4.2.2-08/parentheses", `(a eq 1 or b eq 2) and c eq 3`, `((a eq 1 or b eq 2) and c eq 3)`, "", same},
	{"7644-3.4.2.2-08/from the left", `a pr or b pr or c pr and d pr and e pr`, `((a pr or b pr) or ((c pr and d pr) and e pr))`, "", same},
	{"7644-3.4.2.2-08/not before and", `not (a pr) and b pr`, `(not(a pr) and b pr)`, "", same},
	{"7644-3.4.2.2-09/not with blank", `not (title pr)`, `not(title pr)`, "", same},
	{"7644-3.4.2.2-09/not without blank", `not(title pr)`, `not(title pr)`, "", same},
	{"7644-3.4.2.2-09/not of not", `not (not(title pr))`, `not(not(title pr))`, "", same},
	{"7644-3.4.2.2-09/no parentheses", `not title pr`, "", `offset 4: expected an operator|found "title"`, same},
	{"7644-3.4.2.2-09/not not", "not " + `not (title pr)`, "", `offset 4: expected an operator|found "not"`, same},
	{"7644-3.4.2.2-09/not of a value path", `not emails[type pr]`, "", `found "emails"`, same},
	{"7644-3.4.2.2-09/names that begin so", `notes pr and not pr and nothing(a pr)`, "", `offset 31: expected a blank and an operator, found "("`, same},
	{"7644-3.4.2.2-10/not closed", `((a eq 1)`, "", `offset 9: expected and, or, or a closing parenthesis, found the end`, same},
	{"7644-3.4.2.2-10/not opened", `a eq 1)`, "", `offset 6: expected and, or, or the end of the filter, found ")"`, same},
	{"7644-3.4.2.2-10/bracket not closed", `emails[type eq "x"`, "", `offset 18: expected and, or, or a closing bracket, found the end`, same},
	{"7644-3.4.2.2-10/bracket not opened", `emails type eq "x"]`, "", `offset 7: expected an operator|found "type"`, same},
	{"7644-3.4.2.2-10/crossed", `(emails[type eq "x")]`, "", `offset 19: expected and, or, or a closing bracket, found ")"`, same},
	{"7644-3.4.2.2-10/empty group", `()`, "", `offset 1: expected an attribute, found ")"`, same},
	{"7644-3.4.2.2-10/empty brackets", `emails[]`, "", `offset 7: expected an attribute, found "]"`, same},
	{"7644-3.4.2.2-10/no blanks between groups", `(a pr)and(b pr)`, "", `offset 6: expected a blank, found "and"`, same},
	{"7644-3.4.2.2-10/no blank after and", `(a pr) and(b pr)`, "", `offset 10: expected a blank after and, found "("`, same},
	{"7644-3.4.2.2-11/value path", `emails[type eq "work" and value co "@x"]`, `emails[(type eq "work" and value co "@x")]`, "", same},
	{"7644-3.4.2.2-13/groups inside", `emails[type eq "work" or (type eq "home" and value ew "@x")]`,
		`emails[(type eq "work" or (type eq "home" and value ew "@x"))]`, "", same},
	{"7644-3.4.2.2-13/three terms", `emails[a pr and b pr or c pr]`, `emails[((a pr and b pr) or c pr)]`, "", same},
	{"7644-3.4.2.2-13/not inside", `emails[not(type eq "work") and not (not (value pr))]`, `emails[(not(type eq "work") and not(not(value pr)))]`, "", same},
	{"7644-3.4.2.2-13/nested", `a[b eq 1 and c[d eq 2]]`, "", `offset 14: a filter in brackets cannot stand inside another`, same},
	{"7644-3.4.2.2-13/URN inside", `emails[urn:x:type eq 1]`, "", `offset 7: a sub-attribute has no URN`, same},
	{"7644-3.4.2.2-14/combined", `userType eq "Employee" and emails[type eq "work"] or ims[type eq "xmpp"]`,
		`((userType eq "Employee" and emails[type eq "work"]) or ims[type eq "xmpp"])`, "", same},
	{"7644-3.10-04/URN", core + `:userName sw "J"`, "<" + core + `>userName sw "J"`, "", same},
	{"7644-3.10-04/URN and part", enterprise + `:manager.value eq "1"`, "<" + enterprise + `>manager.value eq "1"`, "", same},
	{"7644-3.10-04/URN and value path", core + `:emails[type pr]`, "<" + core + ">emails[type pr]", "", same},
	{"7644-3.10-04/URI that is no URN", `http://example.com/a~b_c/1.0:x pr`, "<http://example.com/a~b_c/1.0>x pr", "", same},
	{"7644-3.10-04/URN alone", `urn:acme:ext:2.0 pr`, "<urn:acme:ext>2.0 pr", "", same},
	{"7644-3.10-04/nothing after the colon", `urn:acme: pr`, "", `offset 0: "" is no attribute name`, same},
	{"7644-3.10-04/nothing before the colon", `:a pr`, "", `offset 0: "" is no schema URI`, same},
	{"7644-3.10-04/no URI", `1x:a pr`, "", `offset 0: "1x" is no schema URI`, same},
	{"7643-2.1/names", `$ref pr and a-b pr and a_1.$ref pr`, `(($ref pr and a-b pr) and a_1.$ref pr)`, "", same},
	{"7643-2.1/digit first", `1a pr`, "", `offset 0: "1a" is no attribute name`, same},
	{"7643-2.1/beyond ASCII", `naïve pr`, "", `offset 0: "naïve" is no attribute name`, same},
	{"7643-2.1/invalid UTF-8", "a\xff pr", "", `offset 0: "a` + "\uFFFD" + `" is no attribute name`, same},
	{"7643-2.1/three parts", `a.b.c pr`, "", `offset 0: "a.b.c" is no attribute name`, same},
	{"7643-2.1/dot at the end", `a. pr`, "", `offset 0: "a." is no attribute name`, same},
	{"7643-2.1/after and", `a pr and 1 pr`, "", `offset 9: "1" is no attribute name`, same},
	{"AMB-35/True", `active eq True`, `active eq bool true`, "", ""},
	{"AMB-35/FALSE", `active eq FALSE`, `active eq bool false`, "", ""},
	{"AMB-35/NULL", `(title eq NULL)`, `title eq null`, "", ""},
	{"AMB-36/two blanks", `title  pr`, `title pr`, "", ""},
	{"AMB-36/two blanks before the value", `title eq  "x"`, `title eq "x"`, "", ""},
	{"AMB-36/two blanks before and", `a pr  and b pr`, `(a pr and b pr)`, "", ""},
	{"AMB-36/two blanks after and", `a pr and  b pr`, `(a pr and b pr)`, "", ""},
	{"AMB-36/tab", "title\tpr", `title pr`, "", ""},
	{"AMB-36/tab before or", "a pr\tor b pr", `(a pr or b pr)`, "", ""},
	{"AMB-36/tab after or", "a pr or\tb pr", `(a pr or b pr)`, "", ""},
	{"AMB-36/two blanks after not", `not  (title pr)`, `not(title pr)`, "", ""},
	{"AMB-36/in parentheses", `( title pr )`, `title pr`, "", ""},
	{"AMB-36/in brackets", `emails[ type pr ]`, `emails[type pr]`, "", ""},
	{"AMB-36/before brackets", `emails [type pr]`, `emails[type pr]`, "", ""},
	{"AMB-36/around", "\t title pr \t", `title pr`, "", ""},
	{"AMB-36/newline is no blank", "title pr\n", "", `found "pr`, same},
	{"AMB-36/no-break space is no blank", "title\u00a0pr", "", `is no attribute name`, same},
	{"AMB-36/percent sign", `title%20pr`, "", `"title%20pr" is no attribute name`, same},
	{"AMB-37/comparison behind", `emails[type eq "work"].value eq "x"`, `emails[(type eq "work" and value eq "x")]`, "", ""},
	{"AMB-37/pr behind", `emails[type eq "work" or type eq "home"].value pr`, `emails[((type eq "work" or type eq "home") and value pr)]`, "", ""},
	{"AMB-37/no comparison behind", `emails[type eq "work"].value`, "", `offset 28: expected a blank and an operator, found the end`, ""},
	{"AMB-37/parts behind", `emails[type eq "work"].a.b pr`, "", `offset 23: a sub-attribute has neither a URN nor parts of its own`, ""},
	{"AMB-37/URN behind", `emails[type eq "work"].urn:x:b pr`, "", `offset 23: a sub-attribute has neither a URN nor parts of its own`, ""},
	{"AMB-37/brackets behind", `emails[type eq "work"].value[a pr]`, "", `offset 28: expected a blank and an operator, found "["`, ""},
}

func TestParse(t *testing.T) {
	for _, c := range parses {
		t.Run(c.id, func(t *testing.T) {
			e, err := filter.Parse(c.filter)
			if c.want == "" {
				assert.Nil(t, e)
				refused(t, err, scimerrors.InvalidFilter, split(c.words)...)
			} else {
				require.NoError(t, err)
				assert.Equal(t, c.want, show(e))
			}
			s, err := filter.Parse(c.filter, resource.Strict())
			switch {
			case c.strict == same && c.want == "":
				refused(t, err, scimerrors.InvalidFilter, split(c.words)...)
			case c.strict == same:
				require.NoError(t, err)
				assert.Equal(t, e, s)
			default:
				refused(t, err, scimerrors.InvalidFilter)
			}
			if e != nil {
				again, err := filter.Parse(filter.Format(e), resource.Strict())
				require.NoError(t, err, "what Format writes is strict")
				assert.Equal(t, e, again)
			}
		})
	}
}

func split(words string) []string {
	if words == "" {
		return nil
	}
	return strings.Split(words, "|")
}

// What Strict refuses is told as exactly.
func TestParseStrictly(t *testing.T) {
	for _, c := range []struct{ id, filter, words string }{
		{"AMB-35/True", `active eq True`, `offset 10: expected a JSON value|found "True"`},
		{"AMB-36/two blanks", `title  pr`, `offset 5: expected one blank and an operator|found 2 blanks`},
		{"AMB-36/tab", "title\tpr", `offset 5: expected one blank and an operator|found a tab`},
		{"AMB-36/before the value", `title eq  1`, `offset 8: expected one blank and a value, found 2 blanks`},
		{"AMB-36/before and", `a pr  and b pr`, `offset 4: expected one blank, found 2 blanks`},
		{"AMB-36/after and", `a pr and  b pr`, `offset 8: expected one blank, found 2 blanks`},
		{"AMB-36/tab before or", "a pr\tor b pr", `offset 4: expected one blank, found a tab`},
		{"AMB-36/after not", `not  (title pr)`, `offset 3: expected one blank at most, found 2 blanks`},
		{"AMB-36/begin", ` title pr`, `offset 0: expected no blank, found a blank`},
		{"AMB-36/end", `title pr `, `offset 8: expected no blank, found a blank`},
		{"AMB-36/in parentheses", `( title pr)`, `offset 1: expected no blank, found a blank`},
		{"AMB-36/before a parenthesis", `(title pr )`, `offset 9: expected no blank, found a blank`},
		{"AMB-36/before a bracket", `emails[type pr  ]`, `offset 14: expected no blank, found 2 blanks`},
		{"AMB-36/before brackets", `emails [type pr]`, `offset 7: expected an operator|found "["`},
		{"AMB-37/behind", `emails[type pr].value pr`, `offset 15: expected and, or, or the end of the filter, found ".value"`},
	} {
		t.Run(c.id, func(t *testing.T) {
			_, err := filter.Parse(c.filter, resource.Strict())
			refused(t, err, scimerrors.InvalidFilter, split(c.words)...)
		})
	}
}

// Each tolerance is its own, and its use is reported.
func TestParseTolerances(t *testing.T) {
	for _, c := range []struct {
		rule        opt.Tolerance
		filter, got string
	}{
		{opt.FilterBlanks, "title  pr", "  "},
		{opt.FilterBlanks, "not\t(title pr)", "\t"},
		{opt.FilterBlanks, "( title pr)", " "},
		{opt.FilterBlanks, "a pr and  b pr", "  "},
		{opt.FilterBlanks, "emails [type pr]", " "},
		{opt.FilterLiteralCase, "active eq TRUE", "TRUE"},
		{opt.FilterSubAttribute, "emails[type pr].value pr", "value"},
	} {
		_, err := filter.Parse(c.filter, without(c.rule))
		refused(t, err, scimerrors.InvalidFilter)
		var used []string
		_, err = filter.Parse(c.filter, without(^c.rule), opt.Func(func(s opt.Settings) opt.Settings {
			s.Repaired = func(rule opt.Tolerance, path, got string) {
				assert.Equal(t, c.rule, rule)
				assert.Equal(t, "filter", path)
				used = append(used, got)
			}
			return s
		}))
		require.NoError(t, err, c.filter)
		assert.Equal(t, []string{c.got}, used, c.filter)
	}
	used := 0
	count := opt.Func(func(s opt.Settings) opt.Settings {
		s.Repaired = func(opt.Tolerance, string, string) { used++ }
		return s
	})
	_, err := filter.Parse("  a  pr  and  (  b  eq  true  )  ", count)
	require.NoError(t, err)
	assert.Equal(t, 1, used, "a rule is reported once")
	_, err = filter.Parse(`not (a pr) and not(b eq "x") or emails[c eq null]`, count)
	require.NoError(t, err)
	assert.Equal(t, 1, used, "nothing to report")
}

func TestLimits(t *testing.T) {
	long := `a eq "` + strings.Repeat("x", filter.DefaultLength-7) + `"`
	_, err := filter.Parse(long)
	require.NoError(t, err)
	_, err = filter.Parse(long + " ")
	refused(t, err, scimerrors.InvalidFilter, "longer than 65536 bytes")
	_, err = filter.Parse(long+" ", filter.MaxLength(filter.DefaultLength+1))
	require.NoError(t, err)
	_, err = filter.Parse("title pr", filter.MaxLength(7))
	refused(t, err, scimerrors.InvalidFilter, "longer than 7 bytes")
	_, err = filter.Parse("title pr", filter.MaxLength(8), filter.MaxLength(0))
	require.NoError(t, err, "below 1 the default counts")

	nested := func(n int) string { return strings.Repeat("(", n) + "a pr" + strings.Repeat(")", n) }
	_, err = filter.Parse(nested(filter.DefaultDepth))
	require.NoError(t, err)
	_, err = filter.Parse(nested(filter.DefaultDepth + 1))
	refused(t, err, scimerrors.InvalidFilter, "offset 64: nested deeper than 64 levels")
	_, err = filter.Parse(nested(100), filter.MaxDepth(100))
	require.NoError(t, err)
	for _, f := range []string{`(emails[a pr])`, `not (a pr)`, `((a pr))`} {
		_, err = filter.Parse(f, filter.MaxDepth(2))
		require.NoError(t, err, f)
		_, err = filter.Parse(f, filter.MaxDepth(1))
		refused(t, err, scimerrors.InvalidFilter, "nested deeper than 1 levels")
	}
	_, err = filter.Parse("(a pr) and (b pr) and c[d pr] and e[f pr]", filter.MaxDepth(1))
	require.NoError(t, err, "what is closed no longer counts")

	terms := func(n int) string { return "a pr" + strings.Repeat(" or a pr", n-1) }
	_, err = filter.Parse(terms(filter.DefaultTerms))
	require.NoError(t, err)
	_, err = filter.Parse(terms(filter.DefaultTerms + 1))
	refused(t, err, scimerrors.InvalidFilter, "more than 1000 comparisons")
	_, err = filter.Parse(terms(2000), filter.MaxTerms(2000))
	require.NoError(t, err)
	_, err = filter.Parse(`emails[a pr and b pr]`, filter.MaxTerms(1))
	refused(t, err, scimerrors.InvalidFilter, "more than 1 comparisons")

	_, err = filter.Compile[Account](terms(3), filter.MaxTerms(2))
	refused(t, err, scimerrors.InvalidFilter)
	_, err = filter.ParsePath("emails[a pr and b pr]", filter.MaxTerms(1))
	refused(t, err, scimerrors.InvalidFilter)
	_, err = filter.ParsePath("emails[type pr]", filter.MaxLength(14))
	refused(t, err, scimerrors.InvalidPath, "longer than 14 bytes")
	_, err = filter.ParsePath("emails["+nested(64)+"]", filter.MaxDepth(0))
	refused(t, err, scimerrors.InvalidFilter, "deeper")
}

// A hostile filter does not fill a log: what it says is shown in part.
func TestErrorsAreShort(t *testing.T) {
	for _, f := range []string{
		strings.Repeat("é", 30000), strings.Repeat("a", 60000) + " x", "a eq " + strings.Repeat("z", 60000), strings.Repeat("x:", 30000) + " pr",
		"a " + strings.Repeat("\xff", 60000),
	} {
		_, err := filter.Parse(f)
		refused(t, err, scimerrors.InvalidFilter, "malformed")
		assert.Less(t, len(err.Error()), 300)
		_, err = filter.Compile[Account](strings.Repeat("a", 60000)+" pr", resource.Strict())
		refused(t, err, scimerrors.InvalidFilter, "is no attribute of User")
		assert.Less(t, len(err.Error()), 400)
	}
}

// 7644-1.2-01: URLs are decoded by net/url, once; the filter is what comes out.
func TestParseFromURL(t *testing.T) {
	q, err := url.ParseQuery("filter=userName%20eq%20%22a%2Bb%22")
	require.NoError(t, err)
	e, err := filter.Parse(q.Get("filter"), resource.Strict())
	require.NoError(t, err)
	assert.Equal(t, `userName eq "a+b"`, show(e))
}

func TestFormat(t *testing.T) {
	a := func(name string) filter.Expression {
		return &filter.AttributeExpression{AttributePath: filter.AttributePath{AttributeName: name}, Operator: filter.PR}
	}
	join := func(op filter.LogicalOperator, l, r filter.Expression) filter.Expression {
		return &filter.LogicalExpression{Left: l, Right: r, Operator: op}
	}
	value := func(v any) filter.Expression {
		return &filter.AttributeExpression{AttributePath: filter.AttributePath{AttributeName: "n"}, Operator: filter.EQ, CompareValue: v}
	}
	for _, c := range []struct {
		e    filter.Expression
		want string
	}{
		{nil, ""},
		{join(filter.And, join(filter.Or, a("a"), a("b")), a("c")), "(a pr or b pr) and c pr"},
		{join(filter.Or, join(filter.And, a("a"), a("b")), a("c")), "a pr and b pr or c pr"},
		{join(filter.Or, a("a"), join(filter.Or, a("b"), a("c"))), "a pr or (b pr or c pr)"},
		{join(filter.And, a("a"), join(filter.And, a("b"), a("c"))), "a pr and (b pr and c pr)"},
		{join(filter.And, a("a"), join(filter.Or, a("b"), a("c"))), "a pr and (b pr or c pr)"},
		{&filter.NotExpression{Expression: join(filter.Or, a("a"), a("b"))}, "not (a pr or b pr)"},
		{&filter.ValuePath{AttributePath: filter.AttributePath{AttributeName: "m"}, ValueFilter: join(filter.Or, a("a"), a("b"))}, "m[a pr or b pr]"},
		{value(nil), "n eq null"}, {value("a\"\\\x01é"), `n eq "a\"\\\u0001é"`}, {value("\xff"), "n eq \"\uFFFD\""},
		{value(true), "n eq true"}, {value(json.Number("1.50")), "n eq 1.50"},
		{value(1000), "n eq 1000"}, {value(int64(-7)), "n eq -7"}, {value(uint8(7)), "n eq 7"}, {value(0.25), "n eq 0.25"}, {value(1e300), "n eq 1e+300"},
		{value(float32(0.1)), "n eq 0.1"}, {value([]int{1}), `n eq "[1]"`},
	} {
		assert.Equal(t, c.want, filter.Format(c.e))
	}
	for _, s := range strings17(t, "rfc7644-3.4.2.2-filters.json", 17) {
		e, err := filter.Parse(s)
		require.NoError(t, err)
		s = strings.Replace(s, `(emails.type eq "work")`, `emails.type eq "work"`, 1)
		assert.Equal(t, s, filter.Format(e), "the RFC writes filters as Format does, but for one needless pair of parentheses")
	}
}

func TestQuote(t *testing.T) {
	for _, s := range []string{"", "x", `a"b\c`, "O'Malley", `" or id pr or userName eq "`, "\x00\n\t", "é😀", "] and ("} {
		e, err := filter.Parse("userName eq "+filter.Quote(s), resource.Strict())
		require.NoError(t, err)
		assert.Equal(t, s, as[*filter.AttributeExpression](e).CompareValue)
	}
}
