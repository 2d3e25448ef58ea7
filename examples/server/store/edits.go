package store

import (
	"maps"
	"net/http"
	"slices"

	scimerrors "github.com/scimmodels/scim/errors"
)

// Delta is what has to be done to one of Kind.Lists. All of Remove are in it, none of Add are. Both are sorted.
type Delta struct {
	List        List
	Remove, Add []string
}

// Deltas says what edits come to, list by list, so that what makes no difference in the end is none. read says which of the values
// are in a list; if all are wanted, it returns them instead. Values to add have not been looked at: they may be Unknown.
func (k *Kind) Deltas(edits []Edit, read func(l List, values []string, all bool) ([]string, error)) ([]Delta, error) {
	var deltas []Delta
	for _, l := range k.Lists {
		var own []Edit
		for _, e := range edits {
			if e.List == l.Path {
				own = append(own, e)
			}
		}
		if len(own) == 0 {
			continue
		}
		d, err := l.delta(own, read)
		if err != nil {
			return nil, err
		}
		if len(d.Remove) > 0 || len(d.Add) > 0 {
			deltas = append(deltas, d)
		}
	}
	for _, e := range edits {
		if _, ok := k.List(e.List); !ok {
			return nil, scimerrors.Status(http.StatusInternalServerError, "%s has no list %s", k.Name, e.List)
		}
	}
	return deltas, nil
}

func (l List) delta(edits []Edit, read func(l List, values []string, all bool) ([]string, error)) (Delta, error) {
	var values []string
	all := false
	for _, e := range edits {
		values = append(append(values, e.Remove...), e.Add...)
		all = all || e.Clear
	}
	slices.Sort(values)
	values, err := read(l, slices.Compact(values), all)
	if err != nil {
		return Delta{}, err
	}
	before := make(map[string]bool, len(values))
	for _, value := range values {
		before[value] = true
	}
	after := maps.Clone(before)
	for _, e := range edits {
		if e.Clear {
			clear(after)
		}
		n := len(after)
		for _, value := range e.Remove {
			delete(after, value)
		}
		if e.Must && len(after) == n {
			return Delta{}, Missing(l.Path)
		}
		for _, value := range e.Add {
			after[value] = true
		}
	}
	return Delta{List: l, Remove: without(before, after), Add: without(after, before)}, nil
}

// without are the keys of a that b does not have.
func without(a, b map[string]bool) []string {
	var keys []string
	for key := range a {
		if !b[key] {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
