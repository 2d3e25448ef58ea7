package resource

import (
	stderrors "errors"
	"reflect"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/modify"
	"github.com/scimmodels/scim/internal/opt"
)

// Get reads an attribute of any resource, also one of a type made by [StructOf], by its path: attribute notation (RFC 7644 section
// 3.10) such as userName, name.givenName, meta.location or urn:...:User:manager.value, in any case, or the URN of an extension.
// v is a struct or a pointer to one.
//
// The value has the attribute's Go type, a slice where it is multi-valued, otherwise without pointer; of a sub-attribute
// of a multi-valued attribute, such as emails.value, it is the slice of the values there are. An extension is a pointer to its
// struct. What has no value is nil. A path may choose elements: emails[type eq "work"].value. The errors are
// *errors.Error: 400 invalidPath and invalidFilter.
func Get(v any, path string) (any, error) {
	p, f, err := structOf(v)
	if err != nil {
		return nil, err
	}
	if !f.CanAddr() { // elements are matched by pointer
		same := reflect.New(f.Type()).Elem()
		same.Set(f)
		f = same
	}
	t, fault := modify.Resolve(p, path, &opt.Settings{})
	if fault != nil {
		return nil, fault
	}
	var host reflect.Value
	for _, x := range t.Way {
		host = x.Of(f)
		if f = host; x.Pointer {
			if f = host.Elem(); !f.IsValid() {
				return nil, nil
			}
		}
	}
	switch {
	case t.Attr != nil:
	case !host.IsValid():
		return nil, errors.New(errors.InvalidPath, "%q is the resource itself; name one of its attributes", path)
	case host.Kind() == reflect.Pointer:
		return host.Interface(), nil
	case !t.Owner.Assigned(host):
		return nil, nil
	default:
		return host.Addr().Interface(), nil
	}
	return valueAt(&t, t.Attr.Of(f)), nil
}

// valueAt is the value of a target whose attribute lies in the field f.
func valueAt(t *modify.Target, f reflect.Value) any {
	a := t.Attr
	switch {
	case !a.Assigned(f):
		return nil
	case !a.MultiValued:
		if a.Pointer {
			f = f.Elem()
		}
		if t.Sub == nil {
			return f.Interface()
		}
		return valueAt(&modify.Target{Attr: t.Sub}, t.Sub.Of(f))
	case t.Sub == nil && t.Match == nil:
		return f.Interface()
	}
	list := reflect.MakeSlice(a.Slice, 0, f.Len())
	if t.Sub != nil {
		list = reflect.MakeSlice(reflect.SliceOf(t.Sub.Elem), 0, f.Len())
	}
	for i := range f.Len() {
		e := f.Index(i)
		one := e
		if a.Pointer {
			if e.IsNil() {
				continue
			}
			one = e.Elem()
		}
		switch {
		case t.Match != nil && !t.Match.Match(one.Addr().Interface()):
		case t.Sub == nil:
			list = reflect.Append(list, e)
		case t.Sub.MultiValued:
			parts := t.Sub.Of(one)
			for k := range parts.Len() {
				if part := parts.Index(k); t.Sub.AssignedOne(part) {
					list = reflect.Append(list, reflect.Indirect(part))
				}
			}
		case t.Sub.Assigned(t.Sub.Of(one)):
			list = reflect.Append(list, reflect.Indirect(t.Sub.Of(one)))
		}
	}
	if list.Len() == 0 {
		return nil
	}
	return list.Interface()
}

// Set gives an attribute of any resource a value by its path (RFC 7644 section 3.10), readOnly ones such as id and
// meta.location included: it is the service that calls it. v is a pointer to the resource, path as that of [Get]
// without a filter; nil unassigns. The value is of the attribute's Go type or converts to it: any integer for an
// integer, a map or JSON for a complex value, one value for a list of one. An extension is created where the path leads
// into it. What v shares with another resource is not written to.
//
// The errors are *errors.Error: 400 invalidPath, invalidValue for a value of the wrong type, and invalidSyntax for a map or JSON
// with a member that is no part of the attribute: no tolerance is on. Set checks nothing else; [Check] does.
func Set(v any, path string, value any) error {
	f := reflect.ValueOf(v)
	if f.Kind() != reflect.Pointer || f.IsNil() || f.Elem().Kind() != reflect.Struct {
		return stderrors.New("scim: Set needs a pointer to a resource")
	}
	p, err := attr.Compile(f.Type())
	if err != nil {
		return err
	}
	t, fault := modify.Resolve(p, path, &opt.Settings{})
	switch {
	case fault != nil:
		return fault
	case t.Expr != nil:
		return errors.New(errors.InvalidPath, "%q chooses among values; what is set is the whole attribute", path)
	case t.Attr == nil && len(t.Way) == 0:
		return errors.New(errors.InvalidPath, "%q is the resource itself; name one of its attributes", path)
	case t.Sub != nil && t.Attr.MultiValued:
		return errors.New(errors.InvalidPath, "%q is a part of several values; what is set is the whole attribute", path)
	}
	way := t.Way
	if t.Attr == nil { // the extension itself
		last := way[len(way)-1]
		t = modify.Target{Path: t.Path, Owner: p, Attr: last}
		way = way[:len(way)-1]
	}
	set, fault := modify.Convert(&t, value)
	if fault != nil {
		return fault
	}
	host := f.Elem()
	for _, x := range way {
		if host = own(x, x.Of(host), set.IsValid()); !host.IsValid() {
			return nil // nothing there to be unassigned
		}
	}
	field := t.Attr.Of(host)
	if t.Sub != nil {
		if field = own(t.Attr, field, set.IsValid()); !field.IsValid() {
			return nil
		}
		assign(t.Sub, t.Sub.Of(field), set)
		return nil
	}
	assign(t.Attr, field, set)
	return nil
}

// own is the struct in a field, as a copy that nobody shares. Where there is none it is created, if one says so.
func own(a *attr.Attribute, f reflect.Value, create bool) reflect.Value {
	if !a.Pointer {
		return f
	}
	if f.IsNil() && !create {
		return reflect.Value{}
	}
	fresh := reflect.New(a.Elem)
	if !f.IsNil() {
		fresh.Elem().Set(f.Elem())
	}
	f.Set(fresh)
	return fresh.Elem()
}

func assign(a *attr.Attribute, f, v reflect.Value) {
	switch {
	case !v.IsValid():
		f.SetZero()
	case a.Pointer && !a.MultiValued:
		fresh := reflect.New(a.Elem)
		fresh.Elem().Set(v)
		f.Set(fresh)
	default:
		f.Set(v)
	}
}
