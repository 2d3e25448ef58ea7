package filter

import (
	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// Parse reads a filter (RFC 7644 section 3.4.2.2 with errata 4670, 4690, 7122, 7319, 7322 and 8924). Names of operators
// ignore case, strings are decoded JSON, numbers keep their text, value filters in brackets have the full grammar.
//
// By default several blanks, blanks inside brackets, literals such as True, and a comparison behind a value path
// (emails[type eq "work"].value eq "x", read as both conditions on one element) are accepted; resource.Strict refuses them.
//
// Errors are *errors.Error, 400 invalidFilter, and say at which offset in bytes what stands and what was expected.
// An empty filter is one of them. Length, nesting and number of comparisons are limited, see [DefaultLength].
func Parse(s string, opts ...Option) (Expression, error) {
	return parse(s, opt.Collect(opts))
}

func parse(s string, settings opt.Settings) (Expression, error) {
	p := parser{s: s, o: settings}
	if n := orDefault(p.o.FilterLength, DefaultLength); len(s) > n {
		return nil, errors.New(errors.InvalidFilter, "the filter is longer than %d bytes", n)
	}
	e, err := p.filter()
	if err != nil {
		return nil, err
	}
	return e, nil
}

// parser is one pass over a filter by recursive descent.
type parser struct {
	s      string
	i      int // the next byte
	depth  int
	terms  int
	inside bool // between the brackets of a value path
	path   bool // the text is the path of a PATCH operation
	used   opt.Tolerance
	o      opt.Settings
}

func (p *parser) filter() (Expression, *errors.Error) {
	if err := p.loose(); err != nil {
		return nil, err
	}
	if p.i == len(p.s) {
		return nil, errors.New(errors.InvalidFilter, "the filter is empty; it must have a comparison such as userName eq \"bjensen\"")
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	return e, p.end(0)
}

// end passes over what closes an expression: a bracket, or the end of the text where closer is 0.
func (p *parser) end(closer byte) *errors.Error {
	n := blanks(p.s[p.i:])
	rest := p.s[p.i+n:]
	switch {
	case closer == 0 && rest == "", closer != 0 && rest != "" && rest[0] == closer:
		if err := p.loose(); err != nil {
			return err
		}
		if closer != 0 {
			p.i++
		}
		return nil
	}
	for _, w := range [...]string{"and", "or"} {
		if n == 0 || len(rest) < len(w) || !wire.Fold(rest[:len(w)], w) || len(rest) > len(w) && !ends[rest[len(w)]] {
			continue
		}
		if n > 1 || p.s[p.i] != ' ' { // and here no blanks are tolerated
			return p.unexpected("one blank")
		}
		p.i += n + len(w)
		if blanks(p.s[p.i:]) > 0 {
			return p.unexpected("one blank")
		}
		return p.unexpected("a blank after " + w)
	}
	p.i += n
	switch closer {
	case 0:
		return p.unexpected("and, or, or the end of the filter")
	case ')':
		return p.unexpected("and, or, or a closing parenthesis")
	}
	return p.unexpected("and, or, or a closing bracket")
}

// or reads terms joined by or, the weakest operator: erratum 4670.
func (p *parser) or() (Expression, *errors.Error) {
	left, err := p.and()
	for err == nil && p.word("or") {
		var right Expression
		if right, err = p.and(); err == nil {
			left = &LogicalExpression{Left: left, Right: right, Operator: Or}
		}
	}
	return left, err
}

func (p *parser) and() (Expression, *errors.Error) {
	left, err := p.term()
	for err == nil && p.word("and") {
		var right Expression
		if right, err = p.term(); err == nil {
			left = &LogicalExpression{Left: left, Right: right, Operator: And}
		}
	}
	return left, err
}

// word passes over a logical operator with the blanks around it, or stays where it is.
func (p *parser) word(w string) bool {
	i := p.i
	n := blanks(p.s[i:])
	if n == 0 || !p.one(i, n) {
		return false
	}
	i += n
	if len(p.s)-i <= len(w) || !wire.Fold(p.s[i:i+len(w)], w) {
		return false
	}
	i += len(w)
	m := blanks(p.s[i:])
	if m == 0 || !p.one(i, m) {
		return false
	}
	p.mended(p.i, n)
	p.mended(i, m)
	p.i = i + m
	return true
}

// one says whether n blanks at i may stand where the grammar has one (AMB-36).
func (p *parser) one(i, n int) bool {
	return n == 1 && p.s[i] == ' ' || p.o.Accepts(opt.FilterBlanks)
}

// mended reports n blanks at i where the grammar has one.
func (p *parser) mended(i, n int) {
	if n > 1 || n == 1 && p.s[i] != ' ' {
		p.repaired(opt.FilterBlanks, p.s[i:i+n])
	}
}

// repaired reports the use of a tolerance, each once in a filter.
func (p *parser) repaired(rule opt.Tolerance, got string) {
	if p.o.Repaired == nil || p.used&rule != 0 {
		return
	}
	p.used |= rule
	path := "filter"
	if p.path {
		path = "path"
	}
	p.o.Repaired(rule, path, got)
}

// term reads a group, a negation, a value path or a comparison.
func (p *parser) term() (Expression, *errors.Error) {
	if p.i < len(p.s) && p.s[p.i] == '(' {
		return p.group()
	}
	if e, err, ok := p.not(); ok {
		return e, err
	}
	path, err := p.attribute()
	if err != nil {
		return nil, err
	}
	if p.opens() {
		return p.value(path)
	}
	return p.comparison(path)
}

// group reads a filter in parentheses.
func (p *parser) group() (Expression, *errors.Error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	p.i++
	if err := p.loose(); err != nil {
		return nil, err
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if err := p.end(')'); err != nil {
		return nil, err
	}
	p.depth--
	return e, p.after()
}

// after wants a term to be followed by a blank, a closing bracket or the end.
func (p *parser) after() *errors.Error {
	if p.i < len(p.s) && !follows[p.s[p.i]] {
		return p.unexpected("a blank")
	}
	return nil
}

// not reads a negation. It applies to a group, with or without a blank before it (erratum 7319); "not" alone is an attribute.
func (p *parser) not() (Expression, *errors.Error, bool) {
	const w = "not"
	if len(p.s)-p.i <= len(w) || !wire.Fold(p.s[p.i:p.i+len(w)], w) {
		return nil, nil, false
	}
	i := p.i + len(w)
	n := blanks(p.s[i:])
	if i+n == len(p.s) || p.s[i+n] != '(' {
		return nil, nil, false
	}
	if n > 0 && !p.one(i, n) {
		p.i = i
		return nil, p.unexpected("one blank at most"), true
	}
	p.mended(i, n)
	if err := p.enter(); err != nil {
		return nil, err, true
	}
	p.i = i + n
	e, err := p.group()
	if err != nil {
		return nil, err, true
	}
	p.depth--
	return &NotExpression{Expression: e}, nil, true
}

// opens says whether the bracket of a value path comes next, and goes there.
func (p *parser) opens() bool {
	n := blanks(p.s[p.i:])
	if p.i+n == len(p.s) || p.s[p.i+n] != '[' || n > 0 && !p.o.Accepts(opt.FilterBlanks) {
		return false
	}
	if n > 0 {
		p.repaired(opt.FilterBlanks, p.s[p.i:p.i+n])
	}
	p.i += n
	return true
}

// value reads the brackets of a value path and, where tolerated, a comparison behind them.
func (p *parser) value(path AttributePath) (Expression, *errors.Error) {
	inner, err := p.brackets()
	if err != nil {
		return nil, err
	}
	if p.i == len(p.s) || p.s[p.i] != '.' {
		return &ValuePath{AttributePath: path, ValueFilter: inner}, p.after()
	}
	if !p.o.Accepts(opt.FilterSubAttribute) {
		return nil, p.unexpected("and, or, or the end of the filter")
	}
	p.i++
	start := p.i
	sub, err := p.attribute()
	if err != nil {
		return nil, err
	}
	if sub.URIPrefix != nil || sub.SubAttribute != nil {
		return nil, p.fail(start, "a sub-attribute has neither a URN nor parts of its own")
	}
	p.repaired(opt.FilterSubAttribute, p.s[start:p.i])
	behind, err := p.comparison(sub)
	if err != nil {
		return nil, err
	}
	both := &LogicalExpression{Left: inner, Right: behind, Operator: And}
	return &ValuePath{AttributePath: path, ValueFilter: both}, nil
}

// brackets reads [ filter ]. No value path stands inside another: erratum 4690.
func (p *parser) brackets() (Expression, *errors.Error) {
	if p.inside {
		return nil, p.fail(p.i, "a filter in brackets cannot stand inside another")
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	p.inside = true
	p.i++
	if err := p.loose(); err != nil {
		return nil, err
	}
	inner, err := p.or()
	if err != nil {
		return nil, err
	}
	if err := p.end(']'); err != nil {
		return nil, err
	}
	p.inside = false
	p.depth--
	return inner, nil
}

// comparison reads an operator and its value.
func (p *parser) comparison(path AttributePath) (Expression, *errors.Error) {
	if p.terms++; p.terms > orDefault(p.o.FilterTerms, DefaultTerms) {
		return nil, errors.New(errors.InvalidFilter, "the filter has more than %d comparisons", orDefault(p.o.FilterTerms, DefaultTerms))
	}
	if err := p.blank("an operator"); err != nil {
		return nil, err
	}
	start := p.i
	for p.i < len(p.s) && !ends[p.s[p.i]] {
		p.i++
	}
	op := operator(p.s[start:p.i])
	if op == "" {
		p.i = start
		return nil, p.unexpected("an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)")
	}
	e := &AttributeExpression{AttributePath: path, Operator: op}
	if op == PR {
		return e, p.after()
	}
	if err := p.blank("a value"); err != nil {
		return nil, err
	}
	v, err := p.literal()
	if err != nil {
		return nil, err
	}
	e.CompareValue = v
	return e, p.after()
}

// operator finds an operator in any case; "" when there is none of that name.
func operator(s string) CompareOperator {
	if len(s) != 2 {
		return ""
	}
	switch string([]byte{s[0] | 0x20, s[1] | 0x20}) {
	case "eq":
		return EQ
	case "ne":
		return NE
	case "co":
		return CO
	case "sw":
		return SW
	case "ew":
		return EW
	case "gt":
		return GT
	case "ge":
		return GE
	case "lt":
		return LT
	case "le":
		return LE
	case "pr":
		return PR
	}
	return ""
}
