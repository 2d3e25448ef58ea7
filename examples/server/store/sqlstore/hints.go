package sqlstore

import (
	"strings"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/filter"
)

// What a filter says of elements, such as emails.value eq "x", is a condition that databases try on one resource after the other: SQLite
// always, and PostgreSQL where it has to follow memberships. A hint is a condition that holds for all results, and that has the few resources
// come out of an index which are worth a try.

// condition writes a filter with its hints. A comparison that stands by itself is replaced by its hint, which is the same.
func (l *layout) condition(f *filter.Filter, d filter.Dialect, args []any) (where string, out []any, err error) {
	var hints []func(args []any) (string, []any)
	var rest filter.Expression
	replaced := false
	for _, e := range conjuncts(nil, f.Expression()) {
		covered := false
		for _, part := range comparisons(e) {
			t, value, ok := l.equal(part)
			hint := l.hint(t)
			if !ok || hint == nil {
				continue
			}
			covered = part == e
			hints = append(hints, func(args []any) (string, []any) {
				return "r.id IN (" + hint(sqldb.Places(len(args), 1)) + ")", append(args, value)
			})
		}
		switch {
		case covered:
			replaced = true
		case rest == nil:
			rest = e
		default:
			rest = &filter.LogicalExpression{Left: rest, Operator: filter.And, Right: e}
		}
	}
	if replaced {
		if remaining, err := filter.CompileType(l.kind.Type, filter.Format(rest), filter.AcrossTypes()); err == nil {
			f = remaining
		}
	}
	if where, args, err = f.SQL(d, args); err != nil {
		return "", nil, err
	}
	conditions := make([]string, 1, 1+len(hints))
	conditions[0] = where
	for _, hint := range hints {
		var condition string
		condition, args = hint(args)
		conditions = append(conditions, condition)
	}
	return strings.Join(conditions, " AND "), args, nil
}

// conjuncts appends the conditions that all have to hold.
func conjuncts(list []filter.Expression, e filter.Expression) []filter.Expression {
	if e == nil {
		return list
	}
	if both, ok := e.(*filter.LogicalExpression); ok && both.Operator == filter.And {
		return conjuncts(conjuncts(list, both.Left), both.Right)
	}
	return append(list, e)
}

// comparisons are those that have to hold for a condition to hold: itself or, of one in brackets, of the parts of an element.
func comparisons(e filter.Expression) (list []filter.Expression) {
	path, ok := e.(*filter.ValuePath)
	if !ok {
		return []filter.Expression{e}
	}
	for _, inner := range conjuncts(nil, path.ValueFilter) {
		part, ok := inner.(*filter.AttributeExpression)
		if !ok || part.AttributePath.URIPrefix != nil || part.AttributePath.SubAttribute != nil || path.AttributePath.SubAttribute != nil {
			continue
		}
		outer := *part
		outer.AttributePath = path.AttributePath
		outer.AttributePath.SubAttribute = &part.AttributePath.AttributeName
		list = append(list, &outer)
	}
	return list
}

// equal says what a comparison with eq compares with which value, in the form in which it is stored. Package filter knows, which is asked for
// the SQL of this comparison alone.
func (l *layout) equal(e filter.Expression) (t filter.Target, value string, ok bool) {
	comparison, ok := e.(*filter.AttributeExpression)
	if !ok || comparison.Operator != filter.EQ {
		return t, "", false
	}
	alone, err := filter.CompileType(l.kind.Type, filter.Format(comparison))
	if err != nil {
		return t, "", false
	}
	_, args, err := alone.SQL(filter.SQLite(func(target filter.Target) (filter.Column, error) {
		t = target
		return filter.Column{Expr: "x", Folded: "x", From: "x WHERE TRUE"}, nil
	}), nil)
	if err != nil || len(args) != 1 || t.SubAttribute != "value" || !t.MultiValued {
		return t, "", false
	}
	value, ok = args[0].(string)
	return t, value, ok
}

// hint selects the ids of resources one of whose elements has a value, and of no others; nil if there is no index for that.
func (l *layout) hint(t filter.Target) func(value string) string {
	path := strings.TrimSuffix(t.Path(), ".value")
	named := "v.folded = "
	if t.CaseExact {
		named = "v.id = "
	}
	for _, e := range l.kind.Valued {
		if e.Path == path {
			return func(value string) string {
				return "SELECT e.owner FROM elements e WHERE e.attribute = " + quoted(path) + " AND e.value = " + value
			}
		}
	}
	for _, list := range l.kind.Lists {
		if list.Path == path {
			return func(value string) string {
				return "SELECT m.owner FROM resources v JOIN members m ON m.value = v.id WHERE m.list = " + quoted(path) + " AND " + named + value
			}
		}
	}
	for _, list := range l.kind.Memberships {
		if list.Path == path {
			return func(value string) string { return descent(named+value, list) }
		}
	}
	return nil
}
