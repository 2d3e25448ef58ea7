package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
)

// AMB-32: a complex value that nobody has assigned has no parts, though one of its fields is a plain number.
func TestUnwritten(t *testing.T) {
	none, some := &Device{}, &Device{}
	some.Plain.Name = "p"
	for f, want := range map[string][2]bool{
		`plain.count eq 0`:       {false, true},
		`plain.count ge 0`:       {false, true},
		`plain.count pr`:         {false, true},
		`plain pr`:               {false, true},
		`plain.count ne 0`:       {true, false},
		`plain.count eq null`:    {true, false},
		`not (plain.count lt 1)`: {true, false},
	} {
		compiled, err := filter.Compile[Device](f)
		require.NoError(t, err)
		assert.Equal(t, want, [2]bool{compiled.Match(none), compiled.Match(some)}, f)
	}
	order, err := filter.CompileOrder[Device]("plain.count", "")
	require.NoError(t, err)
	assert.Positive(t, order.Compare(none, some), "what has no value comes last")
	assert.Nil(t, order.Key(none)[0])
}
