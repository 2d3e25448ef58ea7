package filter

import (
	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
)

// ParsePath reads the path of a PATCH operation (RFC 7644 section 3.5.2): an attribute, a sub-attribute, a value path such
// as addresses[type eq "work"], or a value path with a sub-attribute behind it; each may begin with a schema URN.
// The errors are *errors.Error: 400 invalidPath, and 400 invalidFilter where the fault lies between the brackets.
func ParsePath(s string, opts ...Option) (Path, error) {
	p := parser{s: s, o: opt.Collect(opts), path: true}
	if n := orDefault(p.o.FilterLength, DefaultLength); len(s) > n {
		return Path{}, errors.New(errors.InvalidPath, "the path is longer than %d bytes", n)
	}
	path, err := p.target()
	if err != nil {
		return Path{}, err
	}
	return path, nil
}

func (p *parser) target() (Path, *errors.Error) {
	if p.s == "" {
		return Path{}, errors.New(errors.InvalidPath, "the path is empty")
	}
	a, err := p.attribute()
	if err != nil {
		return Path{}, malformed(p)
	}
	path := Path{AttributePath: a}
	if p.i < len(p.s) && p.s[p.i] == '[' {
		if a.SubAttribute != nil {
			return Path{}, errors.New(errors.InvalidPath, "the path %s is malformed: a sub-attribute has no filter", clip(p.s))
		}
		if isIndex(p.s[p.i+1:]) {
			return Path{}, errors.New(errors.InvalidPath, "the path %s is malformed: elements are chosen by a filter such as [type eq \"work\"], not by an index", clip(p.s))
		}
		inner, err := p.brackets()
		if err != nil {
			if p.i >= len(p.s) { // the bracket is never closed: the path itself is broken
				return Path{}, malformed(p)
			}
			return Path{}, err
		}
		path.ValueExpression = inner
		if p.i < len(p.s) && p.s[p.i] == '.' {
			sub := p.s[p.i+1:]
			if !attr.IsName(sub) {
				return Path{}, errors.New(errors.InvalidPath, "the path %s is malformed: %s is no sub-attribute", clip(p.s), clip(sub))
			}
			path.SubAttribute = &sub
			p.i = len(p.s)
		}
	}
	if p.i < len(p.s) {
		return Path{}, errors.New(errors.InvalidPath, "the path %s is malformed at offset %d", clip(p.s), p.i)
	}
	return path, nil
}

// malformed turns a fault outside the brackets into one of the path.
func malformed(p *parser) *errors.Error {
	return errors.New(errors.InvalidPath, "the path %s is malformed at offset %d", clip(p.s), p.i)
}

func isIndex(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n < len(s) && s[n] == ']'
}
