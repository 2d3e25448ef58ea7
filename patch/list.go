package patch

import (
	"reflect"
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/internal/opt"
)

// together says how many of the changes at the beginning can be carried out in one pass over a list: many clients send one
// operation per member, which must not take one pass each.
func together(changes []modify.Change) int {
	first := &changes[0]
	if first.Attr == nil || !first.Attr.MultiValued || first.Sub != nil || first.ReadOnly() || first.Attr.Mutability == attr.Immutable {
		return 1
	}
	if !joins(first) { // what the first has is looked at once: its value can be as large as all the others
		return 1
	}
	n := 1
	for n < len(changes) && alike(first, &changes[n]) && joins(&changes[n]) {
		n++
	}
	return n
}

func alike(first, c *modify.Change) bool {
	return c.Op == first.Op && c.Attr == first.Attr && c.Owner == first.Owner && c.Sub == nil
}

// joins says whether a change can be carried out together with others like it.
func joins(c *modify.Change) bool {
	switch c.Op {
	case modify.Add:
		// An element that becomes primary concerns the others, one operation after the other.
		return c.Expr == nil && (c.Attr.Sub == nil || c.Attr.Sub.Primary == nil || !anyPrimary(c.Attr, c.Value))
	case modify.Remove:
		return keyed(c)
	case modify.Replace:
	}
	return false
}

// keyed says that a remove names the values to remove: its filter is value eq "a" or value eq "b".
func keyed(c *modify.Change) bool {
	_, ok := keysOf(c.Attr, c.Expr)
	return ok
}

// list changes a multi-valued attribute.
func (e *editor) list(changes []modify.Change) *errors.Error {
	c := &changes[0]
	host := e.host(c, c.Op != modify.Remove)
	if !host.IsValid() {
		return e.missed(c)
	}
	f := c.Attr.Of(host)
	if err := e.pass(c, f.Len()); err != nil {
		return err
	}
	l := &list{editor: e, c: c, a: c.Attr, f: f, held: c.Attr.Mutability == attr.Immutable && c.Attr.Assigned(f)}
	var err *errors.Error
	switch {
	case c.Op == modify.Remove && c.Sub == nil && c.Expr == nil:
		err = l.clear()
	case c.Op == modify.Remove && c.Sub == nil && len(changes) > 1:
		err = l.removeKeys(changes)
	case c.Op == modify.Remove && c.Sub == nil:
		err = l.remove()
	case c.Sub == nil && c.Expr == nil && c.Op == modify.Add:
		err = l.add(changes)
	case c.Sub == nil && c.Expr == nil:
		err = l.replace()
	default:
		err = l.elements()
	}
	if err != nil {
		return err
	}
	if err = l.primary(); err != nil {
		return err
	}
	if f.Len() == 0 && !f.IsZero() {
		f.SetZero()
	}
	if c.Op == modify.Remove {
		return e.emptied(c)
	}
	return nil
}

// missed is an operation whose filter matches no element, or whose path leads to none: AMB-12, AMB-15, AMB-16.
func (e *editor) missed(c *modify.Change) *errors.Error {
	switch {
	case c.Op == modify.Remove && (c.Expr == nil || c.Miss == modify.MissRFC), c.Miss == modify.MissIgnore:
		if c.Miss == modify.MissIgnore && e.repaired != nil {
			e.repaired(opt.IgnoreOnMiss, c.Path, "")
		}
		return nil
	case c.Expr == nil:
		return e.fault(c, errors.NoTarget, "has no values that could be changed; add one first")
	}
	return e.fault(c, errors.NoTarget, "matches no value that the resource has")
}

// list is a multi-valued attribute that is being changed.
type list struct {
	*editor
	c     *modify.Change
	a     *attr.Attribute
	f     reflect.Value // the slice in the new state
	held  bool          // the list is immutable and has a value already
	first []int         // elements that the operation makes primary
}

// edit prepares to change elements in place: the slice is no longer shared with the old state. more is how many will be added.
func (l *list) edit(more int) {
	if slices.Contains(l.own, l.a) {
		return
	}
	l.own = append(l.own, l.a)
	n := l.f.Len()
	own := reflect.MakeSlice(l.a.Slice, n, n+more)
	reflect.Copy(own, l.f)
	l.f.Set(own)
}

// set changes one element.
func (l *list) set(i int, v reflect.Value) {
	l.edit(0)
	l.a.Put(l.f.Index(i), v)
}

// at is a copy of one element.
func (l *list) at(i int) reflect.Value {
	v := reflect.New(l.a.Elem).Elem()
	if e := l.f.Index(i); !l.a.Pointer || !e.IsNil() {
		v.Set(l.a.Pointed(e))
	}
	return v
}

func (l *list) matches(match *filter.Filter, i int) bool {
	e := l.f.Index(i)
	if l.a.Pointer && e.IsNil() {
		return false
	}
	return match == nil || match.Match(pointer(l.a, e))
}

// fixed refuses to change a set immutable list. Whole elements of other lists may go, whatever is immutable in them.
func (l *list) fixed() *errors.Error {
	if l.held {
		return l.fault(l.c, errors.Mutability, immutable)
	}
	return nil
}

// clear removes all elements.
func (l *list) clear() *errors.Error {
	if !l.a.Assigned(l.f) {
		return nil
	}
	if err := l.fixed(); err != nil {
		return err
	}
	l.f.SetZero()
	return nil
}

// remove removes the elements that the filter matches; the others stay in their order.
func (l *list) remove() *errors.Error {
	gone := make([]bool, l.f.Len())
	n := 0
	for i := range gone {
		if gone[i] = l.matches(l.c.Match, i); gone[i] {
			n++
		}
	}
	if n == 0 {
		return l.missed(l.c)
	}
	return l.drop(gone, n)
}

// removeKeys is remove for several operations that name the values to remove.
func (l *list) removeKeys(changes []modify.Change) *errors.Error {
	wanted := map[string][]int{} // operations by folded value
	hit := make([]bool, len(changes))
	key := l.a
	if l.a.Sub != nil {
		key = l.a.Sub.Value
	}
	fold := func(s string) string {
		if key.CaseExact {
			return s
		}
		return filter.Fold(s)
	}
	for k := range changes {
		values, _ := keysOf(l.a, changes[k].Expr)
		for _, v := range values {
			wanted[fold(v)] = append(wanted[fold(v)], k)
		}
	}
	gone := make([]bool, l.f.Len())
	n := 0
	for i := range gone {
		e := l.f.Index(i)
		if l.a.Pointer && e.IsNil() {
			continue
		}
		if l.a.Sub != nil {
			e = key.Of(l.a.Pointed(e))
		} else {
			e = l.a.Pointed(e)
		}
		ops := wanted[fold(e.String())]
		if len(ops) == 0 {
			continue
		}
		// The first operation that names an element removes it: for the next it is not there any more.
		gone[i], hit[ops[0]] = true, true
		n++
	}
	for k := range changes {
		if !hit[k] {
			if err := l.missed(&changes[k]); err != nil {
				return err
			}
		}
	}
	if n == 0 {
		return nil
	}
	return l.drop(gone, n)
}

// drop removes n elements.
func (l *list) drop(gone []bool, n int) *errors.Error {
	if err := l.fixed(); err != nil {
		return err
	}
	if n == len(gone) {
		if l.a.Required { // AMB-19
			return l.fault(l.c, errors.Mutability, "is the last value of a required attribute and cannot be removed")
		}
		l.f.SetZero()
		return nil
	}
	rest := reflect.MakeSlice(l.a.Slice, 0, len(gone)-n)
	for i := 0; i < len(gone); {
		j := i
		for j < len(gone) && gone[j] == gone[i] {
			j++
		}
		if !gone[i] {
			rest = reflect.AppendSlice(rest, l.f.Slice(i, j))
		}
		i = j
	}
	l.f.Set(rest)
	l.own = append(l.own, l.a)
	return nil
}

// add appends what is not in the list yet (RFC 7644 section 3.5.2.1).
func (l *list) add(changes []modify.Change) *errors.Error {
	values := l.c.Value
	if len(changes) > 1 {
		values = reflect.MakeSlice(l.a.Slice, 0, len(changes))
		for i := range changes {
			values = reflect.AppendSlice(values, changes[i].Value)
		}
	}
	found := places(l.a, l.f, values)
	for k, at := range found {
		v := values.Index(k)
		if at <= repeated {
			at = found[repeated-at]
		}
		switch {
		case !l.a.AssignedOne(v):
		case at >= 0:
			if err := l.again(at, v); err != nil {
				return err
			}
		default:
			if err := l.fixed(); err != nil {
				return err
			}
			l.append(v, len(found)-k)
			found[k] = l.f.Len() - 1
		}
	}
	return nil
}

// append adds an element; more is how many may come.
func (l *list) append(v reflect.Value, more int) {
	l.edit(more)
	l.f.Set(reflect.Append(l.f, v))
	l.made(l.f.Len() - 1)
}

// made notes an element that the operation has made or replaced.
func (l *list) made(i int) {
	if p := l.a.Sub; p != nil && p.Primary != nil && p.Primary.True(p.Primary.Of(l.a.Pointed(l.f.Index(i)))) && !slices.Contains(l.first, i) {
		l.first = append(l.first, i)
	}
}

// again adds an element that is there already: what the new one has besides is merged into it. A member is its value.
func (l *list) again(i int, v reflect.Value) *errors.Error {
	p := l.a.Sub
	if p == nil || p.IsKey() {
		return nil
	}
	now, changed := l.at(i), false
	v = l.a.Pointed(v)
	for _, sub := range p.Attributes {
		was, is := sub.Of(now), sub.Of(v)
		if sub.Mutability == attr.ReadOnly || sub == p.Value || sub == p.TypeAttr || sub == p.Ref || !sub.Assigned(is) || sub.Same(was, is) {
			continue
		}
		if sub.Mutability == attr.Immutable && sub.Assigned(was) {
			return l.fault(l.c, errors.Mutability, immutable)
		}
		was.Set(is)
		changed = true
	}
	if !changed {
		return nil
	}
	if err := l.fixed(); err != nil {
		return err
	}
	l.set(i, now)
	l.made(i)
	return nil
}

// replace makes the list what the value says (RFC 7644 section 3.5.2.3). Elements that stay keep what only a server sets.
func (l *list) replace() *errors.Error {
	if l.held {
		if !l.a.Same(l.f, l.c.Value) {
			return l.fault(l.c, errors.Mutability, immutable)
		}
		return nil
	}
	values := l.c.Value
	now := reflect.MakeSlice(l.a.Slice, 0, values.Len())
	same := 0
	found := places(l.a, l.f, values)
	for k, at := range found {
		v := values.Index(k)
		if !l.a.AssignedOne(v) {
			continue
		}
		was := at
		if at <= repeated {
			if l.a.Sub != nil && l.a.Sub.IsKey() { // a member once is enough
				continue
			}
			was = found[repeated-at] // other lists become exactly what is sent
		}
		if was >= 0 {
			v = kept(l.a, l.f.Index(was), v)
			if was == at && l.a.IdenticalOne(l.f.Index(was), v) {
				same++
			}
		}
		now = reflect.Append(now, v)
	}
	if same == now.Len() && same == l.f.Len() || l.a.Identical(l.f, now) { // the order says nothing (RFC 7643 section 2.4)
		return nil
	}
	l.f.Set(now)
	l.own = append(l.own, l.a)
	for i := range now.Len() {
		l.made(i)
	}
	return nil
}
