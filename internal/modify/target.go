package modify

import (
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// Resolve finds what a path of a resource type leads to (RFC 7644 section 3.5.2). The errors are 400 invalidPath, and 400
// invalidFilter where the fault lies between brackets.
func Resolve(p *attr.Plan, path string, s *opt.Settings) (Target, *errors.Error) {
	head, _, filtered := strings.Cut(path, "[")
	var room [4]*attr.Attribute
	steps, ok := p.FindIn(room[:0], head)
	if !ok || filtered {
		parsed, err := filter.ParsePath(path, opt.Func(func(opt.Settings) opt.Settings { return *s }))
		switch {
		case err != nil:
			return Target{}, errors.From(err)
		case !ok: // AMB-10
			return Target{}, errors.New(errors.InvalidPath, "%s %s", clip(head), p.Lacks(head))
		}
		return elements(p, steps, head, parsed, s)
	}
	t := target(p, steps)
	t.spell()
	return t, nil
}

// target sorts the steps that lead to an attribute.
func target(p *attr.Plan, steps []*attr.Attribute) Target {
	t := Target{Owner: p}
	n := 0
	for n < len(steps) && steps[n].IsExtension() {
		t.Owner = steps[n].Sub
		n++
	}
	if n > 0 {
		t.Way = append(t.Way, steps[:n]...)
	}
	if n < len(steps) {
		t.Attr = steps[n]
	}
	if n+1 < len(steps) {
		t.Sub = steps[n+1]
	}
	return t
}

// in is the target that is an attribute of the extension t, or of the resource.
func (t *Target) in(a *attr.Attribute) Target {
	if a.IsExtension() {
		way := append(append([]*attr.Attribute(nil), t.Way...), a)
		n := Target{Owner: a.Sub, Way: way}
		n.spell()
		return n
	}
	n := Target{Owner: t.Owner, Way: t.Way, Attr: a}
	n.spell()
	return n
}

// part is the target that is a part of the complex value t.
func (t *Target) part(sub *attr.Attribute) Target {
	n := *t
	n.Sub = sub
	n.Path = t.Path + "." + sub.Name
	return n
}

// At is the target that is a part of the attribute a of a resource, or of the extension that way leads to; sub and e may be nil.
// It has no Match.
func At(owner *attr.Plan, way []*attr.Attribute, a, sub *attr.Attribute, e filter.Expression) Target {
	t := Target{Owner: owner, Way: way, Attr: a, Sub: sub, Expr: e}
	t.spell()
	return t
}

// spell writes the path as the schema has it.
func (t *Target) spell() {
	switch {
	case t.Attr == nil:
		t.Path = t.Owner.URN
		return
	case t.Way != nil:
		t.Path = t.Owner.URN + ":" + t.Attr.Name
	default:
		t.Path = t.Attr.Name
	}
	if t.Expr != nil {
		t.Path += "[" + filter.Format(t.Expr) + "]"
	}
	if t.Sub != nil {
		t.Path += "." + t.Sub.Name
	}
}

// elements is the target of a path with a filter.
func elements(p *attr.Plan, steps []*attr.Attribute, head string, path filter.Path, s *opt.Settings) (Target, *errors.Error) {
	t := target(p, steps)
	a := t.Attr
	switch {
	case a == nil || !a.MultiValued || t.Sub != nil:
		return t, errors.New(errors.InvalidPath, "%s is no multi-valued attribute, whose values a filter could choose; leave out the brackets", clip(head))
	case path.SubAttribute == nil:
	case a.Sub == nil:
		return t, errors.New(errors.InvalidPath, "%s has values without sub-attributes; leave out %s", clip(head), clip(*path.SubAttribute))
	default:
		name := *path.SubAttribute
		if t.Sub = a.Sub.Lookup(name); t.Sub == nil {
			return t, errors.New(errors.InvalidPath, "%s has no sub-attribute %s%s", clip(head), clip(name), a.Sub.Hint(name))
		}
	}
	var err *errors.Error
	if t.Match, err = t.choose(p, path.ValueExpression, s); err != nil {
		return t, err
	}
	t.Expr = path.ValueExpression
	respell(a, t.Expr)
	t.spell()
	return t, nil
}

// choose makes a filter on elements of the target ready.
func (t *Target) choose(p *attr.Plan, e filter.Expression, s *opt.Settings) (*filter.Filter, *errors.Error) {
	plain := Target{Owner: t.Owner, Way: t.Way, Attr: t.Attr}
	plain.spell()
	settings := *s
	settings.RejectUnknown = true // in not (vlaue eq "1") a misspelling would choose every element
	m, err := filter.Elements(p.Go, plain.Path, e, opt.Func(func(opt.Settings) opt.Settings { return settings }))
	if err != nil {
		return nil, errors.From(err)
	}
	return m, nil
}

// respell gives the names in a filter on elements the schema's spelling, and booleans sent as strings their type. The
// filter has been checked, and nobody else holds it.
func respell(a *attr.Attribute, e filter.Expression) {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		respell(a, e.Left)
		respell(a, e.Right)
	case *filter.NotExpression:
		respell(a, e.Expression)
	case *filter.AttributeExpression:
		if a.Sub == nil {
			e.AttributePath.AttributeName = "value"
			return
		}
		sub := a.Sub.Lookup(e.AttributePath.AttributeName)
		if sub == nil {
			return
		}
		e.AttributePath.AttributeName = sub.Name
		if text, ok := e.CompareValue.(string); ok && sub.Op == attr.OpBool {
			e.CompareValue = wire.Fold(text, "true")
		}
	}
}

// clipped shortens what errors show of a path.
func clipped(s string) string { return wire.Clip(s, 100) }

func clip(s string) string { return `"` + clipped(s) + `"` }
