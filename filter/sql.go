package filter

import (
	stderrors "errors"
	"reflect"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/schema"
)

// SQL writes the filter (RFC 7644 section 3.4.2.2) as a condition that holds for the same resources as [Filter.Match], and
// appends the values that a client has sent to args: the placeholders go on from there, so the condition can stand among
// others. The values never become part of the text. The empty filter is TRUE.
//
//	where, args, err := f.SQL(dialect, []any{tenant})
//	rows, err := db.Query("SELECT ... FROM users u WHERE u.tenant = $1 AND "+where, args...)
//
// The errors are those of the dialect's Column, 400 invalidFilter for a part that is a list within each element of a list, and
// plain ones where a column lacks what the filter needs.
func (f *Filter) SQL(d Dialect, args []any) (where string, out []any, err error) {
	if f.expression == nil {
		return "TRUE", args, nil
	}
	if f.root == nil {
		return "", args, errNoSQL
	}
	w := writer{c: compiler{o: f.settings, root: f.root}, d: d, args: args}
	where, err = w.expression(f.expression, within{scope: scope{plan: f.root}})
	if err != nil {
		return "", args, err
	}
	return where, w.args, nil
}

var errNoSQL = stderrors.New("scim: a filter on elements has no SQL of its own")

// writer writes conditions. A condition may be NULL where it does not hold, so not makes FALSE of NULL first.
type writer struct {
	c    compiler
	d    Dialect
	args []any
}

// within is where names are looked up, and what they are parts of.
type within struct {
	scope

	owner *attr.Plan      // the schema of the element's attribute
	ext   bool            // which is an extension
	of    *attr.Attribute // the attribute whose elements are looked at; nil: the resource
	from  string          // of the elements
}

func (w *writer) expression(e Expression, in within) (string, error) {
	switch e := e.(type) {
	case *LogicalExpression:
		return w.logical(e, in)
	case *NotExpression:
		inner, err := w.expression(e.Expression, in)
		return not(inner), err
	case *ValuePath:
		return w.valuePath(e, in)
	case *AttributeExpression:
		return w.comparison(e, in)
	}
	return "", stderrors.New("scim: the filter has a nil node, or one that is not of package filter")
}

func (w *writer) logical(e *LogicalExpression, in within) (string, error) {
	var conditions []string
	for _, operand := range chain(nil, e, e.Operator) {
		condition, err := w.expression(operand, in)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, condition)
	}
	if e.Operator == And {
		return joined(conditions, " AND "), nil
	}
	return joined(conditions, " OR "), nil
}

// chain appends what one operator connects, from left to right.
func chain(list []Expression, e Expression, op LogicalOperator) []Expression {
	if l, ok := e.(*LogicalExpression); ok && l.Operator == op {
		return chain(chain(list, l.Left, op), l.Right, op)
	}
	return append(list, e)
}

// joined connects conditions half by half. One after the other, a thousand of them would be nested deeper than SQLite allows.
func joined(conditions []string, word string) string {
	if len(conditions) == 1 {
		return conditions[0]
	}
	half := (len(conditions) + 1) / 2
	return "(" + joined(conditions[:half], word) + word + joined(conditions[half:], word) + ")"
}

func not(condition string) string { return "NOT COALESCE(" + condition + ", FALSE)" }

func constant(b bool) string {
	if b {
		return "TRUE"
	}
	return "FALSE"
}

// site is an attribute as a filter names it.
type site struct {
	owner *attr.Plan
	ext   bool
	a     *attr.Attribute // nil: the extension that owner is
	sub   *attr.Attribute
}

// site sorts the steps that lead to an attribute from a place.
func (w *writer) site(steps []*attr.Attribute, in within) site {
	if in.of != nil {
		s := site{owner: in.owner, ext: in.ext, a: in.of}
		if len(steps) > 0 {
			s.sub = steps[0]
		}
		return s
	}
	s := site{owner: w.c.root}
	for len(steps) > 0 && steps[0].IsExtension() {
		s.owner, s.ext, steps = steps[0].Sub, true, steps[1:]
	}
	if len(steps) > 0 {
		s.a = steps[0]
	}
	if len(steps) > 1 {
		s.sub = steps[1]
	}
	return s
}

// last is the attribute whose value is compared.
func (s *site) last() *attr.Attribute {
	if s.sub != nil {
		return s.sub
	}
	return s.a
}

// many says that the resource has several such values.
func (s *site) many() bool { return s.a != nil && s.a.MultiValued }

// target is the site as a dialect is asked for it.
func (s *site) target() Target {
	t := Target{Schema: s.owner.URN, Type: schema.TypeComplex, extension: s.ext}
	if last := s.last(); last != nil {
		t.Attribute, t.MultiValued, t.Type, t.CaseExact = s.a.Name, s.a.MultiValued, schema.Type(last.Type), last.CaseExact
	}
	if s.sub != nil {
		t.SubAttribute = s.sub.Name
	}
	return t
}

// column asks the dialect where the value is stored.
func (w *writer) column(s site) (Column, error) {
	t, last := s.target(), s.last()
	if s.sub != nil && s.sub.MultiValued { // EXISTS looks at elements, not at lists within them
		return Column{}, unsearchable(t)
	}
	column, err := w.d.Column(t)
	switch {
	case err != nil:
		return column, err
	case s.many() && column.From == "":
		return column, lack(t.Path() + ", which is multi-valued, has no From")
	case last == nil || last.Op == attr.OpStruct:
	case column.Expr == "":
		return column, lack(t.Path() + " has no Expr")
	case last.Op == attr.OpString && !last.CaseExact && column.Folded == "":
		return column, lack(t.Path() + ", which is not case exact, has no Folded")
	}
	return column, nil
}

// lack is a mistake in a column, which must not pass for a column that is not there.
type lack string

func (l lack) Error() string { return "scim: the column of " + string(l) }

// differ says that parts of one attribute are not where its other parts are.
func differ(a *attr.Attribute) error {
	return stderrors.New("scim: the columns of " + a.Name + " differ in From")
}

func lacks(err error) bool {
	_, ok := stderrors.AsType[lack](err)
	return ok
}

// arg appends a value and writes its place.
func (w *writer) arg(v any) string {
	w.args = append(w.args, v)
	return w.d.Placeholder(len(w.args))
}

// exists holds of a resource that has a value of which the condition holds.
func exists(from, condition string) string {
	return "EXISTS (SELECT 1 FROM " + from + " AND " + condition + ")"
}

// valuePath writes attribute[filter]: all conditions hold for one element.
func (w *writer) valuePath(e *ValuePath, in within) (string, error) {
	steps, fault := w.c.find(make([]*attr.Attribute, 0, 4), e.AttributePath, in.scope)
	if fault != nil {
		return "", fault
	}
	if steps == nil {
		return constant(false), nil
	}
	s := w.site(steps, in)
	inner := within{owner: s.owner, ext: s.ext, of: s.a}
	if s.a.Sub != nil {
		inner.plan = s.a.Sub
	} else {
		inner.self = s.a
	}
	if !s.many() {
		present, err := w.present(s)
		if err != nil {
			return "", err
		}
		condition, err := w.expression(e.ValueFilter, inner)
		return "(" + present + " AND " + condition + ")", err
	}
	from, err := w.from(s)
	if err != nil {
		return "", err
	}
	inner.from = from
	condition, err := w.expression(e.ValueFilter, inner)
	return exists(from, condition), err
}

// from finds where the values of a multi-valued attribute are: a column for any part of it says so.
func (w *writer) from(s site) (string, error) {
	s.sub = nil
	column, err := w.column(s)
	if err == nil || s.a.Sub == nil || lacks(err) {
		return column.From, err
	}
	for _, sub := range s.a.Sub.Attributes {
		s.sub = sub
		if column, other := w.column(s); other == nil || lacks(other) {
			return column.From, other
		}
	}
	return "", err
}

// comparison writes attribute operator value. What is decided here follows compiler.comparison.
func (w *writer) comparison(e *AttributeExpression, in within) (string, error) {
	steps, fault := w.c.find(make([]*attr.Attribute, 0, 4), e.AttributePath, in.scope)
	if fault != nil {
		return "", fault
	}
	if steps == nil {
		return constant(absent(e)(reflect.Value{})), nil
	}
	s := w.site(steps, in)
	if in.of == nil && s.a != nil && s.a == w.c.root.Schemas {
		return w.schemas(e)
	}
	switch {
	case e.Operator == PR, e.Operator == NE && e.CompareValue == nil:
		return w.presentIn(s, in)
	case e.Operator == EQ && e.CompareValue == nil:
		present, err := w.presentIn(s, in)
		return not(present), err
	}
	if last := s.last(); last.Op == attr.OpStruct { // AMB-38
		s.sub = last.Sub.Value
	}
	around := in.plan
	if s.sub != nil && in.of == nil {
		around = s.a.Sub
	}
	return w.compare(e, s, in, around)
}

// compare writes the comparison of values with the operator's value. What is decided here follows compiler.compare.
func (w *writer) compare(e *AttributeExpression, s site, in within, around *attr.Plan) (string, error) {
	column, err := w.column(s)
	if err != nil {
		return "", err
	}
	assumed := around != nil && s.sub != nil && s.sub == around.Primary // absent counts as false: RFC 7643 section 2.4
	if in.of != nil {
		if err := in.same(column); err != nil {
			return "", err
		}
	}
	condition, err := w.leaf(e, s.last(), column, assumed)
	if err != nil {
		return "", err
	}
	holder := s
	if assumed {
		holder.sub = nil
		if in.of != nil { // there is an element
			return condition, nil
		}
	}
	switch {
	case in.of == nil && s.many():
		condition = exists(column.From, condition)
	case assumed:
		present, err := w.present(holder)
		if err != nil {
			return "", err
		}
		condition = "(" + present + " AND " + condition + ")"
	}
	if e.Operator != NE {
		return condition, nil
	}
	present, err := w.presentIn(holder, in) // AMB-32: what has no value differs
	return "(" + condition + " OR " + not(present) + ")", err
}

// same wants all parts of an element to come from the same place.
func (in *within) same(column Column) error {
	if in.from != "" && column.From != in.from {
		return differ(in.of)
	}
	return nil
}

// presentIn is present, inside brackets without a look at other elements.
func (w *writer) presentIn(s site, in within) (string, error) {
	if in.of == nil {
		return w.present(s)
	}
	column, err := w.column(s)
	if err == nil {
		err = in.same(column)
	}
	if err != nil {
		return "", err
	}
	return w.assigned(s.last(), column), nil
}

// present writes that there is a value: AMB-34 and AMB-07.
func (w *writer) present(s site) (string, error) {
	last := s.last()
	if last != nil && last.Op != attr.OpStruct {
		column, err := w.column(s)
		if err != nil {
			return "", err
		}
		condition := w.assigned(last, column)
		if s.many() {
			condition = exists(column.From, condition)
		}
		return condition, nil
	}
	column, err := w.column(s)
	if err == nil { // the dialect knows it as a whole
		condition := constant(true)
		if column.Expr != "" {
			condition = column.Expr + " IS NOT NULL"
		}
		if s.many() {
			condition = exists(column.From, condition)
		}
		return condition, nil
	}
	if lacks(err) {
		return "", err
	}
	parts := s.owner
	if last != nil {
		parts = last.Sub
	}
	var conditions []string
	for _, sub := range parts.Attributes {
		part := site{owner: s.owner, ext: s.ext, a: sub}
		if last != nil {
			part.a, part.sub = s.a, sub
		}
		if parts.Never.Has(sub.Bit) || sub.IsExtension() {
			continue
		}
		condition, unknown := w.present(part)
		switch {
		case unknown == nil:
			conditions = append(conditions, condition)
		case lacks(unknown):
			return "", unknown
		}
	}
	if len(conditions) == 0 {
		return "", err
	}
	return oneOf(conditions), nil
}

// settingsOf are those of a compilation that its SQL needs again: what has been reported is not reported once more.
func settingsOf(s opt.Settings) opt.Settings {
	s.Repaired, s.Others, s.Locate, s.Replacing, s.Null = nil, nil, nil, nil, nil
	return s
}
