package wire_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/internal/wire"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		text    string
		end     int
		integer bool
	}{
		{"0", 1, true},
		{"-0", 2, true},
		{"7,", 1, true},
		{"-12]", 3, true},
		{"123456789012345678901234567890", 30, true},
		{"0.5", 3, false},
		{"1e3", 3, false},
		{"1E3}", 3, false},
		{"1.0", 3, false},
		{"-1.25e-7 ", 8, false},
		{"1e+10", 5, false},
		{"1-2", 1, true}, // what follows is for the caller to refuse
	} {
		end, integer, err := wire.Number(c.text, 0)
		assert.Nil(t, err, c.text)
		assert.Equal(t, c.end, end, c.text)
		assert.Equal(t, c.integer, integer, c.text)
	}
}

func TestInt(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "7": 7, "-7": -7, "1234567890": 1234567890,
		"9223372036854775807":  math.MaxInt64,
		"-9223372036854775808": math.MinInt64,
		"9007199254740993":     9007199254740993, // one that a float64 would round
	} {
		n, ok := wire.Int(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, n, text)
	}
	for _, text := range []string{
		"9223372036854775808", "-9223372036854775809", "9999999999999999999", "18446744073709551616", "18446744073709551617",
		"-18446744073709551616", "100000000000000000000", "", "-", "1x",
	} {
		_, ok := wire.Int(text)
		assert.False(t, ok, text)
	}
}
