package filter

import (
	"encoding/hex"
	stderrors "errors"
	"time"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// SQL writes what stands behind ORDER BY, to sort as [Order.Compare] does: the attribute and, so that pages are stable, id as the
// last key. The errors are those of the dialect's Column, and plain ones where a column lacks what the order needs.
func (o *Order) SQL(d Dialect) (string, error) {
	key, id, err := o.Keys(d)
	switch {
	case err != nil:
		return "", err
	case key == "":
		return id, nil
	case o.descending:
		return key + " DESC NULLS FIRST, " + id, nil
	}
	return key + " ASC NULLS LAST, " + id, nil
}

// Descending says that the order begins with the greatest value, and before that with what has none. Those that are equal, and everything
// if there is no attribute to sort by, are in the order of their ids all the same.
func (o *Order) Descending() bool { return o.descending }

// After writes a condition that holds for what comes after a resource in the order of [Order.SQL]: it begins the next page at
// once, however far down the list that is, and does not repeat or skip anything while others write. last is the [Order.Key] of
// the last resource seen; it may have come from JSON. Placeholders go on from args as in [Filter.SQL].
//
// With [AcrossTypes] last may be the key of a resource of another type: the condition then says what of this type comes after it.
//
// A last that is no key of this order is 400 invalidCursor, as is one of a type whose attribute of that name is of a data type
// that cannot be compared with this one in SQL, and a uint64 above the greatest int64, which databases lack; other errors are
// those of SQL.
func (o *Order) After(d Dialect, last []any, args []any) (string, []any, error) {
	x, key, err := o.Keys(d)
	if err != nil {
		return "", args, err
	}
	value, id, ok := o.read(last)
	if !ok {
		return "", args, errCursor()
	}
	w := writer{d: d, args: args}
	behind := key + " > "
	switch {
	case x == "" && value == nil:
		return behind + w.arg(id), w.args, nil
	case x == "": // nothing of this type has a value
		return constant(!o.descending), args, nil
	case value == nil && o.descending: // what has no value comes first
		return "(" + x + " IS NOT NULL OR (" + x + " IS NULL AND " + behind + w.arg(id) + "))", w.args, nil
	case value == nil:
		return "(" + x + " IS NULL AND " + behind + w.arg(id) + ")", w.args, nil
	}
	if value, ok = w.key(o.steps[len(o.steps)-1], last[0]); !ok {
		return "", args, errCursor()
	}
	first := w.arg(value)
	second := w.arg(value)
	third := w.arg(id)
	equal := "(" + x + " = " + second + " AND " + behind + third + ")"
	if o.descending {
		return "(" + x + " < " + first + " OR " + equal + ")", w.args, nil
	}
	return "(" + x + " > " + first + " OR " + x + " IS NULL OR " + equal + ")", w.args, nil
}

// key is the value of a Key as the database takes it.
func (w *writer) key(a *attr.Attribute, v any) (any, bool) {
	v, ok := valueFor(a, v)
	if !ok {
		return nil, false
	}
	if a.Op == attr.OpUint { // databases have signed integers
		return integerKey(v, false)
	}
	s, text := v.(string)
	switch {
	case !text:
	case a.Op == attr.OpTime && w.d.flavour == postgres && !w.d.hex:
		t, _ := wire.ParseTime(s)
		return t.Truncate(time.Microsecond), true
	case a.Op == attr.OpBytes:
		b, _ := hex.DecodeString(s)
		return w.binary(b), true
	}
	return v, true
}

// Keys writes the expressions that [Order.SQL] puts together: that of what is sorted by, which is NULL where a resource has no value,
// and that of the id. An order by id alone has no key, "". They are for an index that serves the order, and for conditions that a
// database finds its way by where that of [Order.After], which is one for everything, has it go through all that comes before.
//
// The errors are those of SQL.
func (o *Order) Keys(d Dialect) (key, id string, err error) {
	if o.root == nil || o.root.ID == nil {
		return "", "", stderrors.New("scim: an order on resources without id has no SQL")
	}
	w := writer{c: compiler{root: o.root}, d: d}
	of, err := w.column(site{owner: o.root, a: o.root.ID})
	if err != nil {
		return "", "", err
	}
	id = w.collated(of.Expr)
	if len(o.steps) == 0 {
		return "", id, nil
	}
	s := w.site(o.steps, within{})
	column, err := w.column(s)
	if err != nil {
		return "", "", sorting(err)
	}
	last := s.last()
	x := column.Expr
	switch required := last.Required && s.sub == nil && !s.ext; { // and so never "", which an index can make use of
	case last.Op == attr.OpString && !last.CaseExact && required:
		x = column.Folded
	case required:
	case last.Op == attr.OpString && !last.CaseExact:
		x = "NULLIF(" + column.Folded + ", '')"
	case last.Op == attr.OpString:
		x = "NULLIF(" + x + ", '')"
	case last.Op != attr.OpTime && last.Op != attr.OpBytes && last.Op != attr.OpBool && zeroIsNone(last):
		x = "NULLIF(" + x + ", 0)"
	case last.Op == attr.OpBool && zeroIsNone(last):
		x = "NULLIF(" + x + ", FALSE)"
	}
	if last.Op == attr.OpString || last.Op == attr.OpBytes && d.hex {
		x = w.collated(x)
	}
	if s.many() {
		if column.First == "" {
			return "", "", stderrors.New("scim: the column of " + s.a.Name + ", which is multi-valued, has no First to sort by")
		}
		x = "(SELECT " + x + " FROM " + column.From + " ORDER BY " + column.First + " LIMIT 1)"
		if last.Op == attr.OpString || last.Op == attr.OpBytes && d.hex {
			x = w.collated(x)
		}
	}
	return x, id, nil
}

// sorting makes of an attribute that cannot be searched for one that cannot be sorted by.
func sorting(err error) error {
	if e, ok := stderrors.AsType[*errors.Error](err); ok && e.Type == errors.InvalidFilter {
		return &errors.Error{Status: 400, Type: errors.InvalidValue, Path: "sortBy", Detail: e.Detail, Err: e.Err}
	}
	return err
}
