package filter

import (
	"encoding/hex"
	"encoding/json"
	stderrors "errors"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/wire"
)

// SQL writes what stands behind ORDER BY, to sort as [Order.Compare] does: the attribute and, so that pages are stable, id as the
// last key. The errors are those of the dialect's Column, and plain ones where a column lacks what the order needs.
func (o *Order) SQL(d Dialect) (string, error) {
	k, err := o.keys(d)
	if err != nil {
		return "", err
	}
	switch {
	case k.value == "":
		return k.id, nil
	case o.descending:
		return k.value + " DESC NULLS FIRST, " + k.id, nil
	}
	return k.value + " ASC NULLS LAST, " + k.id, nil
}

// Key is what tells the place of a resource in the order: the value it is sorted by, nil for none, where there is something to
// sort by, and its id. The values are string, int64, uint64, float64 or bool, so that they can stand in a cursor. v is a
// pointer to the type that the order was compiled for; another one panics.
func (o *Order) Key(v any) []any {
	f := reflect.ValueOf(v)
	if !o.accepts(f) {
		panic("scim: an order on " + o.pointer.String() + " was given another type")
	}
	var key []any
	if len(o.steps) > 0 {
		key = append(key, keyOf(o.steps[len(o.steps)-1], o.value(f)))
	}
	return append(key, o.root.ID.Of(f.Elem()).String())
}

func keyOf(a *attr.Attribute, f reflect.Value) any {
	if !f.IsValid() {
		return nil
	}
	switch a.Op {
	case attr.OpBool:
		return f.Bool()
	case attr.OpInt:
		return f.Int()
	case attr.OpUint:
		return f.Uint()
	case attr.OpFloat:
		return f.Float()
	case attr.OpTime:
		return attr.Time(f).UTC().Format(fixedTime)
	case attr.OpBytes:
		return hex.EncodeToString(f.Bytes())
	default:
	}
	if a.CaseExact {
		return f.String()
	}
	return Fold(f.String())
}

// After writes a condition that holds for what comes after a resource in the order of [Order.SQL]: it begins the next page at
// once, however far down the list that is, and does not repeat or skip anything while others write. last is the [Order.Key] of
// the last resource seen; it may have come from JSON. Placeholders go on from args as in [Filter.SQL].
//
// A last that is no key of this order is 400 invalidCursor; other errors are those of SQL.
func (o *Order) After(d Dialect, last []any, args []any) (string, []any, error) {
	k, err := o.keys(d)
	if err != nil {
		return "", args, err
	}
	n := 1
	if k.value != "" {
		n = 2
	}
	if len(last) != n {
		return "", args, errCursor
	}
	id, ok := last[n-1].(string)
	if !ok {
		return "", args, errCursor
	}
	w := writer{d: d, args: args}
	behind := k.id + " > "
	if k.value == "" {
		return behind + w.arg(id), w.args, nil
	}
	x := k.value
	if last[0] == nil {
		if o.descending { // what has no value comes first
			return "(" + x + " IS NOT NULL OR (" + x + " IS NULL AND " + behind + w.arg(id) + "))", w.args, nil
		}
		return "(" + x + " IS NULL AND " + behind + w.arg(id) + ")", w.args, nil
	}
	value, ok := w.key(o.steps[len(o.steps)-1], last[0])
	if !ok {
		return "", args, errCursor
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

var errCursor = errors.New(errors.InvalidCursor, "the cursor does not belong to this query")

// key is a value of a Key as the database takes it.
func (w *writer) key(a *attr.Attribute, v any) (any, bool) {
	switch a.Op {
	case attr.OpBool:
		b, ok := v.(bool)
		return b, ok
	case attr.OpInt, attr.OpUint:
		return integerKey(v)
	case attr.OpFloat:
		return floatKey(v)
	default:
	}
	s, ok := v.(string)
	if !ok {
		return nil, false
	}
	switch a.Op {
	case attr.OpTime:
		t, ok := wire.ParseTime(s)
		if w.d.flavour == postgres && !w.d.hex {
			return t.Truncate(time.Microsecond), ok
		}
		return t.Format(fixedTime), ok
	case attr.OpBytes:
		b, err := hex.DecodeString(s)
		return w.binary(b), err == nil
	default:
		return s, true
	}
}

func integerKey(v any) (any, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case uint64:
		return v, v <= math.MaxInt64
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case json.Number:
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil
	}
	return nil, false
}

func floatKey(v any) (any, bool) {
	switch v := v.(type) {
	case float64:
		return v, !math.IsNaN(v)
	case json.Number:
		x, err := strconv.ParseFloat(string(v), 64)
		return x, err == nil
	}
	return nil, false
}

// sqlKeys are the keys of an order as SQL.
type sqlKeys struct {
	value string // "" where there is nothing to sort by
	id    string
}

func (o *Order) keys(d Dialect) (k sqlKeys, err error) {
	if o.root == nil || o.root.ID == nil {
		return k, stderrors.New("scim: an order on resources without id has no SQL")
	}
	w := writer{c: compiler{root: o.root}, d: d}
	id, err := w.column(site{owner: o.root, a: o.root.ID})
	if err != nil {
		return k, err
	}
	k.id = w.collated(id.Expr)
	if len(o.steps) == 0 {
		return k, nil
	}
	s := w.site(o.steps, within{})
	column, err := w.column(s)
	if err != nil {
		return k, sorting(err)
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
			return k, stderrors.New("scim: the column of " + s.a.Name + ", which is multi-valued, has no First to sort by")
		}
		x = "(SELECT " + x + " FROM " + column.From + " ORDER BY " + column.First + " LIMIT 1)"
		if last.Op == attr.OpString || last.Op == attr.OpBytes && d.hex {
			x = w.collated(x)
		}
	}
	k.value = x
	return k, nil
}

// sorting makes of an attribute that cannot be searched for one that cannot be sorted by.
func sorting(err error) error {
	if e, ok := stderrors.AsType[*errors.Error](err); ok && e.Type == errors.InvalidFilter {
		return &errors.Error{Status: 400, Type: errors.InvalidValue, Path: "sortBy", Detail: e.Detail, Err: e.Err}
	}
	return err
}
