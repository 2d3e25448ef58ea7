package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/resource"
)

// What follows is for those who write a store: the rules that must be the same in each of them.

// Element is an element of one of Kind.Lists or Kind.Memberships.
type Element struct{ Value, Type, Display string }

// Now is the time as stores keep it: UTC, in microseconds, which every database can hold.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Later is the lastModified of a change at the time now of what has changed at the time last before: each change moves it,
// also one within the same microsecond or by a process whose clock is behind.
func Later(last, now time.Time) time.Time {
	if !now.After(last) {
		return last.Add(time.Microsecond)
	}
	return now
}

// New makes the head of a new resource: with id, schemas and meta, but no version, which Fill gives it. Of New, Next and Stored, what
// not every store can keep, see MaxKey, is 400 invalidValue.
func (k *Kind) New(v any, id string, now time.Time) (head any, err error) {
	if head, err = k.stamp(v, id, times{created: now, modified: now}); err != nil {
		return nil, err
	}
	return head, k.fits(head)
}

// Next makes the head that a resource has after a change from the one it has now. A nil next is one that is the same.
// changed says whether there is a difference; lastModified is that of the change in any case.
func (k *Kind) Next(current, next any, now time.Time) (head any, changed bool, err error) {
	if next == nil {
		next = current
	}
	old := resource.Common(current)
	head, err = k.stamp(next, old.ID, times{created: old.Meta.Created, modified: Later(old.Meta.LastModified, now)})
	if err != nil || next == current {
		return head, false, err
	}
	if changed, err = k.differ(current, next); err != nil || !changed {
		return head, false, err
	}
	return head, true, k.fits(head)
}

// Stored makes the head, and finds the number of changes, of a resource that a store has returned: what Restore begins with.
// A resource that does not have what every store gives it is 400 invalidValue.
func (k *Kind) Stored(v any) (head any, n int64, err error) {
	c := resource.Common(v)
	for path, missing := range map[string]bool{
		"id": c.ID == "", "meta.resourceType": c.Meta.ResourceType != k.Name, "meta.created": c.Meta.Created.IsZero(),
		"meta.lastModified": c.Meta.LastModified.Before(c.Meta.Created),
	} {
		if missing {
			return nil, 0, &scimerrors.Error{Status: 400, Type: scimerrors.InvalidValue, Path: path, Detail: "is none that a store gives a resource"}
		}
	}
	if n, err = VersionNumber(c.Meta.Version); err != nil {
		return nil, 0, err
	}
	head, err = k.stamp(v, c.ID, times{
		created: c.Meta.Created.UTC().Truncate(time.Microsecond), modified: c.Meta.LastModified.UTC().Truncate(time.Microsecond),
	})
	if err != nil {
		return nil, 0, err
	}
	return head, n, k.fits(head)
}

// differ compares what two resources consist of, apart from lists, memberships and what stamp sets.
func (k *Kind) differ(a, b any) (bool, error) {
	var text [2][]byte
	for i, v := range []any{a, b} {
		bare, err := k.stamp(v, "", times{})
		if err != nil {
			return false, err
		}
		if text[i], err = resource.Marshal(resource.Storage, bare); err != nil {
			return false, err
		}
	}
	return !bytes.Equal(text[0], text[1]), nil
}

type times struct{ created, modified time.Time }

// stamp makes a head that has the common attributes which a store is responsible for.
func (k *Kind) stamp(v any, id string, at times) (any, error) {
	head, err := k.Head(v)
	if err != nil {
		return nil, err
	}
	c := resource.Common(head)
	c.ID = id
	c.Meta = resource.Meta{ResourceType: k.Name, Created: at.created, LastModified: at.modified}
	c.Schemas = []string{k.schema}
	for _, e := range k.extensions {
		if e.present.Match(head) {
			c.Schemas = append(c.Schemas, e.schema)
		}
	}
	return head, nil
}

// Fill makes the resource that a store returns: a copy of its head with the version that follows from n, the number of its changes
// counted from 1, and with the elements of lists and memberships, by Path. It puts them in order, by value, and leaves out what
// their type has no place for. Memberships have to be all there are; lists that are not wanted are not there.
func (k *Kind) Fill(head any, n int64, lists, memberships map[string][]Element) (any, error) {
	full := reflect.New(k.Type)
	full.Elem().Set(reflect.ValueOf(head).Elem())
	v := full.Interface()
	for _, l := range k.Lists {
		if err := l.set(v, lists[l.Path]); err != nil {
			return nil, err
		}
	}
	for _, l := range k.Memberships {
		if err := l.set(v, memberships[l.Path]); err != nil {
			return nil, err
		}
	}
	resource.Common(v).Meta.Version = k.Version(n, memberships)
	return v, nil
}

// Version is the version of a resource after n changes, counted from 1. Who is in a list has that list among the memberships, which
// a client sees, but is not changed itself: so they are part of the version, in the order of Fill.
func (k *Kind) Version(n int64, memberships map[string][]Element) string {
	number := strconv.FormatInt(n, 10)
	sum := sha256.New()
	some := false
	for _, l := range k.Memberships {
		for _, e := range l.order(memberships[l.Path]) {
			some = true
			fmt.Fprintf(sum, "%q %q %q %q\n", l.Path, e.Value, e.Type, e.Display)
		}
	}
	if !some {
		return etag.Weak(number)
	}
	return etag.Weak(number + "-" + hex.EncodeToString(sum.Sum(nil)[:8]))
}

// VersionNumber is the n of a Version. What no store has made is 400 invalidValue.
func VersionNumber(version string) (int64, error) {
	opaque, ok := strings.CutPrefix(strings.TrimSuffix(version, `"`), `W/"`)
	number, _, _ := strings.Cut(opaque, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || n < 1 {
		return 0, &scimerrors.Error{Status: 400, Type: scimerrors.InvalidValue, Path: "meta.version", Detail: "is no version of a store"}
	}
	return n, nil
}

// order sorts elements and blanks the parts that elements of this list do not have.
func (l List) order(elements []Element) []Element {
	for i := range elements {
		if !l.Type {
			elements[i].Type = ""
		}
		if !l.Display {
			elements[i].Display = ""
		}
	}
	slices.SortFunc(elements, func(a, b Element) int { return strings.Compare(a.Value, b.Value) })
	return elements
}

// set gives a resource the elements of a list. It makes them by reflection, for there may be very many.
func (l List) set(v any, elements []Element) error {
	if len(elements) == 0 {
		return nil
	}
	values := reflect.MakeSlice(l.slice, len(elements), len(elements))
	for i, e := range l.order(elements) {
		element := values.Index(i)
		if element.Kind() == reflect.Pointer {
			element.Set(reflect.New(element.Type().Elem()))
			element = element.Elem()
		}
		write(element, l.fields.value, e.Value)
		write(element, l.fields.typ, e.Type)
		write(element, l.fields.display, e.Display)
	}
	return resource.Set(v, l.Path, values.Interface())
}

// write sets a field that is a string, or a pointer to one; "" leaves it unassigned.
func write(element reflect.Value, field []int, text string) {
	if text == "" {
		return
	}
	f := element.FieldByIndex(field)
	if f.Kind() == reflect.Pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	f.SetString(text)
}

// elementFields says where elements of a list have their parts.
type elementFields struct{ value, typ, display []int }

// of makes a list ready for resources of a Go type. A first element tells which type elements have. Where there can be none, the
// attribute stays a part of the document.
func (l List) of(t reflect.Type) (_ List, ok bool) {
	probe := reflect.New(t).Interface()
	if err := resource.Set(probe, l.Path, []map[string]any{{"value": "probe"}}); err != nil {
		return l, false
	}
	some, err := resource.Get(probe, l.Path)
	if err != nil {
		return l, false
	}
	l.slice = reflect.TypeOf(some)
	element := l.slice.Elem()
	if element.Kind() == reflect.Pointer {
		element = element.Elem()
	}
	for _, f := range reflect.VisibleFields(element) {
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name {
		case "value":
			l.fields.value = f.Index
		case "type":
			l.fields.typ = f.Index
		case "display":
			l.fields.display = f.Index
		}
	}
	return l, true
}
