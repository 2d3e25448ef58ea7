package opt_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/internal/opt"
)

// request stands for a struct of another package that is an Option itself.
type request struct {
	opt.Sealed
	filter string
}

type query struct {
	opt.Sealed
	filter string
}

var (
	_ opt.Option = opt.Func(nil)
	_ opt.Option = (*request)(nil)
	_ opt.Option = (*query)(nil)
)

func TestSealed(t *testing.T) {
	_, ok := any(request{}).(opt.Option)
	assert.False(t, ok, "only the pointer is an Option, so that nobody hands over a copy")
	_, ok = any(func(s opt.Settings) opt.Settings { return s }).(opt.Option)
	assert.False(t, ok, "only this module makes options")
	_, ok = any(struct{ option func() }{}).(opt.Option)
	assert.False(t, ok)
}

func TestCollect(t *testing.T) {
	strict := opt.Func(func(s opt.Settings) opt.Settings {
		s.Strict, s.Off = true, opt.AllTolerances
		return s
	})
	bare := opt.Func(func(s opt.Settings) opt.Settings {
		s.Off &^= opt.BareValue
		return s
	})
	requires := func(r opt.Requirement) opt.Option {
		return opt.Func(func(s opt.Settings) opt.Settings {
			s.Require |= r
			return s
		})
	}
	emails, countries := requires(opt.Emails), requires(opt.Countries)
	results := func(n int) opt.Option {
		return opt.Func(func(s opt.Settings) opt.Settings {
			s.MaxResults = n
			return s
		})
	}
	first, second := &request{filter: "first"}, &query{filter: "second"}

	assert.Equal(t, opt.Settings{}, opt.Collect(nil))
	assert.Equal(t, opt.Settings{}, opt.Collect([]opt.Option{nil, nil}), "nil options mean nothing")
	assert.Equal(t, opt.Settings{Require: opt.Emails | opt.Countries}, opt.Collect([]opt.Option{emails, nil, countries}))
	assert.Equal(t, 2, opt.Collect([]opt.Option{results(1), results(2)}).MaxResults, "the last one counts")
	assert.Equal(t, opt.Settings{Strict: true, Off: opt.AllTolerances &^ opt.BareValue}, opt.Collect([]opt.Option{strict, bare}))
	assert.Equal(t, opt.AllTolerances, opt.Collect([]opt.Option{bare, strict}).Off, "in their order")

	s := opt.Collect([]opt.Option{second, emails, nil, first, (*request)(nil)})
	assert.Equal(t, []opt.Option{second, first, (*request)(nil)}, s.Others, "in their order; a typed nil is its package's matter")
	assert.Equal(t, opt.Emails, s.Require)

	options := []opt.Option{strict, nil, first}
	opt.Collect(options)
	assert.Equal(t, opt.Option(first), options[2], "the caller's list stays as it is")
	assert.Nil(t, options[1])

	a, b := opt.Collect([]opt.Option{first}), opt.Collect([]opt.Option{first})
	a.Others[0] = second
	assert.Equal(t, opt.Option(first), b.Others[0], "nothing is shared between two calls")
}

func TestAccepts(t *testing.T) {
	var s opt.Settings
	for i, tolerance := range tolerances {
		assert.True(t, s.Accepts(tolerance), "by default every tolerance is on")
		one := opt.Settings{Off: tolerance}
		for j, other := range tolerances {
			assert.Equal(t, i != j, one.Accepts(other))
		}
		strict := opt.Settings{Off: opt.AllTolerances}
		assert.False(t, strict.Accepts(tolerance))
		strict.Off &^= tolerance
		assert.True(t, strict.Accepts(tolerance))
	}
}

// tolerances has those of DESIGN section 3 in its order.
var tolerances = []opt.Tolerance{
	opt.BooleanStrings, opt.BareValue, opt.SingleAsList, opt.MissingSchemas, opt.UnknownSchemas, opt.UndeclaredExtension, opt.PathKeys,
	opt.RemoveByValue, opt.CreateOnMiss, opt.IgnoreOnMiss, opt.SameReadOnly, opt.EmptyOperations, opt.UnknownSubAttributes,
	opt.UnqualifiedExtension, opt.EmptyStrings, opt.FilterBlanks, opt.FilterLiteralCase, opt.FilterSubAttribute,
}

func TestBits(t *testing.T) {
	var all opt.Tolerance
	for _, tolerance := range tolerances {
		assert.Equal(t, 1, bits.OnesCount32(uint32(tolerance)))
		assert.Zero(t, all&tolerance, "no two share a bit")
		all |= tolerance
	}
	assert.Equal(t, all, all&opt.AllTolerances)

	var required opt.Requirement
	for _, r := range []opt.Requirement{opt.Emails, opt.Countries, opt.Locales, opt.Languages, opt.Timezones, opt.PhoneNumbers, opt.CanonicalValues} {
		assert.Equal(t, 1, bits.OnesCount32(uint32(r)))
		assert.Zero(t, required&r, "no two share a bit")
		required |= r
	}
}
