package filter

import (
	"github.com/scimmodels/scim/errors"
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
		return Path{}, errors.New(errors.InvalidPath, "the path is empty; it must name an attribute")
	}
	a, err := p.attribute()
	if err != nil {
		return Path{}, err
	}
	path := Path{AttributePath: a}
	if p.i < len(p.s) && p.s[p.i] == '[' {
		if a.SubAttribute != nil {
			return Path{}, p.fail(p.i, `a sub-attribute has no filter; it stands behind one, as in emails[type eq "work"].value`)
		}
		if isIndex(p.s[p.i+1:]) {
			return Path{}, p.fail(p.i, `elements are chosen by a filter such as [type eq "work"], not by an index`)
		}
		if path.ValueExpression, err = p.brackets(); err != nil {
			return Path{}, err
		}
		if p.i < len(p.s) && p.s[p.i] == '.' {
			p.i++
			sub := p.s[p.i:]
			if !isName(sub) {
				return Path{}, p.fail(p.i, "expected a sub-attribute and the end, found "+found(sub))
			}
			path.SubAttribute = &sub
			p.i = len(p.s)
		}
	}
	if p.i < len(p.s) {
		return Path{}, p.unexpected("a filter in brackets or the end of the path")
	}
	return path, nil
}

func found(s string) string {
	if s == "" {
		return "the end"
	}
	return clip(s)
}

func isIndex(s string) bool {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n > 0 && n < len(s) && s[n] == ']'
}
