package filter

import "github.com/scimmodels/scim/internal/opt"

// Option changes what a verb does. It is the Option of package resource: resource.Strict, resource.Tolerate and
// resource.RejectUnknown apply here, too.
type Option = opt.Option

// The limits a filter has unless an Option changes them. They bound time, memory and stack for any input.
const (
	DefaultLength = 64 << 10 // bytes
	DefaultDepth  = 64       // nested parentheses, brackets and nots
	DefaultTerms  = 1000     // comparisons
)

// MaxLength refuses longer filters and paths, in bytes: 400 invalidFilter, of a path invalidPath (RFC 7644 section 7.7); n below 1
// means [DefaultLength].
func MaxLength(n int) Option {
	return opt.Func(func(s opt.Settings) opt.Settings { s.FilterLength = n; return s })
}

// MaxDepth refuses deeper nesting of parentheses, brackets and nots: 400 invalidFilter; n below 1 means [DefaultDepth].
func MaxDepth(n int) Option {
	return opt.Func(func(s opt.Settings) opt.Settings { s.FilterDepth = n; return s })
}

// MaxTerms refuses filters with more comparisons: 400 invalidFilter; n below 1 means [DefaultTerms].
func MaxTerms(n int) Option {
	return opt.Func(func(s opt.Settings) opt.Settings { s.FilterTerms = n; return s })
}

// AcrossTypes says that the filter is applied to resources of several types: an attribute that this type does not have
// is then no fault in any mode, it has no value (RFC 7644 section 3.4.2.1).
func AcrossTypes() Option { return acrossTypes }

var acrossTypes = opt.Func(func(s opt.Settings) opt.Settings { s.AcrossTypes = true; return s })

func orDefault(n, def int) int {
	if n < 1 {
		return def
	}
	return n
}
