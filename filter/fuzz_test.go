package filter_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

func seeds(f *testing.F) {
	f.Helper()
	for _, row := range behaviours(f) {
		f.Add(row.input)
	}
	for _, c := range parses {
		f.Add(c.filter)
	}
	for _, s := range strings17(f, "rfc7644-3.4.2.2-filters.json", 17) {
		f.Add(s)
	}
}

// FuzzParse: whatever the input, a filter that is written again by Format, or a SCIM error.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		e, err := filter.Parse(s)
		strict, refusal := filter.Parse(s, resource.Strict())
		if refusal == nil {
			require.NoError(t, err, "strict takes a part of what is tolerated")
			require.Equal(t, e, strict)
		} else {
			scim(t, refusal, scimerrors.InvalidFilter)
		}
		if err != nil {
			scim(t, err, scimerrors.InvalidFilter)
			return
		}
		text := filter.Format(e)
		again, err := filter.Parse(text, resource.Strict(), filter.MaxLength(8*len(text)))
		require.NoError(t, err, "%q -> %q", s, text)
		require.Equal(t, e, again, "%q -> %q", s, text)
		require.Equal(t, text, filter.Format(again))
		require.True(t, utf8.ValidString(text))
		if c, err := filter.Compile[Device](s); err == nil {
			c.Match(&Device{})
			require.Equal(t, e, c.Expression())
		} else {
			scim(t, err, scimerrors.InvalidFilter)
		}
	})
}

// FuzzPath is the same for paths.
func FuzzPath(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := filter.ParsePath(s)
		strict, refusal := filter.ParsePath(s, resource.Strict())
		if refusal == nil {
			require.NoError(t, err)
			require.Equal(t, p, strict)
		} else {
			scim(t, refusal, scimerrors.InvalidPath, scimerrors.InvalidFilter)
		}
		if err != nil {
			scim(t, err, scimerrors.InvalidPath, scimerrors.InvalidFilter)
			return
		}
		a := filter.AttributeExpression{AttributePath: p.AttributePath, Operator: filter.PR}
		text := filter.Format(&a)
		text = text[:len(text)-len(" pr")]
		if p.ValueExpression != nil {
			text = filter.Format(&filter.ValuePath{AttributePath: p.AttributePath, ValueFilter: p.ValueExpression})
		}
		if p.SubAttribute != nil {
			text += "." + *p.SubAttribute
		}
		again, err := filter.ParsePath(text, resource.Strict(), filter.MaxLength(8*len(text)))
		require.NoError(t, err, "%q -> %q", s, text)
		require.Equal(t, p, again, "%q -> %q", s, text)
	})
}

func scim(t *testing.T, err error, kinds ...scimerrors.Type) {
	t.Helper()
	var e *scimerrors.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, 400, e.Status)
	require.Contains(t, kinds, e.Type)
	require.NotEmpty(t, e.Detail)
	require.True(t, utf8.ValidString(e.Detail), "%q", e.Detail)
	require.Less(t, len(e.Detail), 400)
}
