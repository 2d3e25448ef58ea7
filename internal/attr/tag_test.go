package attr_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

// tagged compiles a struct with one field, as package reflect makes it.
func tagged[T any](scim string) (*attr.Attribute, error) {
	p, err := attr.Compile(field[T](`json:"a" scim:` + strconv.Quote(scim)))
	if err != nil {
		return nil, err
	}
	return p.Attributes[0], nil
}

// A backslash takes a backslash, comma or bar behind it as it is: what Escape has written, the plan reads.
func TestEscape(t *testing.T) {
	for _, c := range []struct{ value, escaped string }{
		{"work", "work"}, {"", ""}, {"a,b", `a\,b`}, {"a|b", `a\|b`}, {`a\b`, `a\\b`}, {`\`, `\\`}, {`,`, `\,`}, {`a\,b`, `a\\\,b`}, {"x=y", "x=y"}, {`"`, `"`}, {" é\n", " é\n"},
	} {
		t.Run(c.value, func(t *testing.T) {
			assert.Equal(t, c.escaped, attr.Escape(c.value))
			for _, words := range [][]string{{c.value, "x"}, {"x", c.value}, {c.value, c.value}, {"x", c.value, "y"}} {
				list := make([]string, len(words))
				for i, w := range words {
					list[i] = attr.Escape(w)
				}
				a, err := tagged[string]("required,canonicalValues=" + strings.Join(list, "|") + ",caseExact")
				require.NoError(t, err)
				assert.Equal(t, words, a.CanonicalValues)
				assert.True(t, a.Required)
				assert.True(t, a.CaseExact)
				a, err = tagged[string]("referenceTypes=" + strings.Join(list, "|"))
				require.NoError(t, err)
				assert.Equal(t, words, a.ReferenceTypes)
			}
		})
	}
}

// Tags written by hand.
func TestTagPieces(t *testing.T) {
	for _, c := range []struct {
		name, tag string
		want      []string
	}{
		{"none", "canonicalValues=", nil},
		{"one", "canonicalValues=a", []string{"a"}},
		{"blanks are kept", "canonicalValues= a | b ", []string{" a ", " b "}},
		{"empty ones are kept", "canonicalValues=a||b|", []string{"a", "", "b", ""}},
		{"equals sign", "canonicalValues=a=b|c", []string{"a=b", "c"}},
		{"backslash before a letter is one", `canonicalValues=\a|b`, []string{`\a`, "b"}},
		{"backslash at the end", `canonicalValues=a|b\`, []string{"a", `b\`}},
		{"two backslashes before a bar", `canonicalValues=a\\|b`, []string{`a\`, "b"}},
		{"comma, then another word", `canonicalValues=a\,b,required`, []string{"a,b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := tagged[string](c.tag)
			require.NoError(t, err)
			assert.Equal(t, c.want, a.CanonicalValues)
		})
	}
	_, err := tagged[string](`canonicalValues=a\|b\,required,requird`)
	require.ErrorContains(t, err, "requird")
}

// The name of a schema may have a comma, too, its URI not.
func TestTagHead(t *testing.T) {
	head := func(scim string) (*attr.Plan, error) {
		return attr.Compile(reflect.StructOf([]reflect.StructField{
			{Name: "Resource", Anonymous: true, Type: reflect.TypeFor[Resource](), Tag: reflect.StructTag("scim:" + strconv.Quote(scim))},
		}))
	}
	p, err := head(attr.Escape("urn:x:a(b)=c") + ",name=" + attr.Escape(`A, "B" | \C=`))
	require.NoError(t, err)
	assert.Equal(t, "urn:x:a(b)=c", p.URN)
	assert.Equal(t, `A, "B" | \C=`, p.Name)
	for _, mistaken := range []string{`urn:x:a\\b`, `urn:x:a\,b`, `urn:x:a,b`, `urn:x:a,name=`, `\,`, `urn:x:a\`} {
		_, err := head(mistaken)
		require.Error(t, err, mistaken)
	}
}
