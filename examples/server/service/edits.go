package service

import (
	"reflect"
	"strings"

	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// split takes from a PATCH what comes and goes in lists, which can be told from the request alone. It is not ok where an
// operation takes the elements that are there, such as for those whose display has a certain beginning, or to replace them
// all by others: most may be the same. Nor is it where only those tell whether the operation is allowed.
func split(k *store.Kind, op *resource.PatchOp[any]) (rest *resource.PatchOp[any], edits []store.Edit, ok bool, err error) {
	rest = &resource.PatchOp[any]{}
	for i := range op.Operations {
		one := op.Operations[i : i+1]
		changes, err := patch.ChangesOf(k.Type, &resource.PatchOp[any]{Operations: one})
		if err != nil {
			return nil, nil, false, err
		}
		touched := 0
		for _, c := range changes {
			l, touches := listOf(k, c)
			if !touches {
				continue
			}
			touched++
			e, told, err := editOf(k, l, c)
			if err != nil || !told {
				return nil, nil, false, err
			}
			edits = append(edits, e)
		}
		switch touched {
		case 0:
			rest.Operations = append(rest.Operations, one...)
		case len(changes):
		default: // partly
			return nil, nil, false, nil
		}
	}
	return rest, edits, true, nil
}

// listOf finds the list that a change is about.
func listOf(k *store.Kind, c patch.Change) (store.List, bool) {
	for _, l := range k.Lists {
		if strings.EqualFold(c.Schema, l.Schema) && (c.Attribute == "" || strings.EqualFold(c.Attribute, l.Attribute)) {
			return l, true
		}
	}
	return store.List{}, false
}

// editOf makes an Edit of a change to a list, if it can be told without the list.
func editOf(k *store.Kind, l store.List, c patch.Change) (e store.Edit, told bool, err error) {
	values, named := c.Keys()
	switch {
	case c.Attribute == "" || c.SubAttribute != "":
		return e, false, nil
	case l.Immutable || l.Required && c.Op == "remove": // it may be refused: a first value may come, the last one may not go
		return e, false, nil
	case c.Op == "add" && c.Filter == nil:
		added := reflect.New(k.Type).Interface()
		if err := resource.Set(added, l.Path, c.Value); err != nil {
			return e, false, err
		}
		values, err := l.Elements(added)
		return store.Edit{List: l.Path, Add: values}, true, err
	case c.Op == "remove" && c.Filter == nil:
		return store.Edit{List: l.Path, Clear: true}, true, nil
	case c.Op == "remove" && named:
		return store.Edit{List: l.Path, Remove: values, Must: c.OnMiss == resource.MissError}, true, nil
	}
	return e, false, nil
}

// difference tells what leads from the lists of one state of a resource to those of another.
func difference(k *store.Kind, from, to any) ([]store.Edit, error) {
	var edits []store.Edit
	for _, l := range k.Lists {
		before, err := l.Elements(from)
		if err != nil {
			return nil, err
		}
		after, err := l.Elements(to)
		if err != nil {
			return nil, err
		}
		e := store.Edit{List: l.Path, Remove: missing(before, after), Add: missing(after, before)}
		if len(e.Remove)+len(e.Add) > 0 {
			edits = append(edits, e)
		}
	}
	return edits, nil
}

// missing are the values that are not among others.
func missing(values, others []string) []string {
	there := make(map[string]bool, len(others))
	for _, v := range others {
		there[v] = true
	}
	var gone []string
	for _, v := range values {
		if !there[v] {
			gone = append(gone, v)
		}
	}
	return gone
}
