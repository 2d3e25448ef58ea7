package scimtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// decode reads one JSON document and keeps numbers as they are written.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return doc, nil
}

// contains says whether got has everything that want lists, by the rules of corpus/README.md.
func contains(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		for name, w := range want {
			g, found := object[name]
			ok = ok && found && contains(w, g)
		}
		return ok
	case []any:
		list, ok := got.([]any)
		return ok && pair(want, list) < 0
	case string:
		not, negated := strings.CutPrefix(want, "<not:")
		switch {
		case want == "<any>":
			return !empty(got)
		case want == "<int>":
			n, ok := got.(json.Number)
			return ok && !strings.ContainsAny(n.String(), ".eE")
		case want == "<bool>":
			_, ok := got.(bool)
			return ok
		case negated:
			return got != nil && got != strings.TrimSuffix(not, ">")
		}
	}
	return want == got
}

// pair finds a different element of got for each of want. It returns the index of the first it finds none for, or -1.
// An element already taken is given up where its owner finds another: taking the first that fits would depend on the order.
func pair(want, got []any) int {
	owner := make([]int, len(got))
	for i := range owner {
		owner[i] = -1
	}
	var place func(w int, tried []bool) bool
	place = func(w int, tried []bool) bool {
		for g := range got {
			if tried[g] || !contains(want[w], got[g]) {
				continue
			}
			tried[g] = true
			if owner[g] < 0 || place(owner[g], tried) {
				owner[g] = w
				return true
			}
		}
		return false
	}
	for w := range want {
		if !place(w, make([]bool, len(got))) {
			return w
		}
	}
	return -1
}

// same says whether two documents are equal, the order of lists aside.
func same(a, b any) bool { return contains(a, b) && contains(b, a) }

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// missing says which part of want got does not have; "" when it has everything.
func missing(want, got any, path string) string {
	if contains(want, got) {
		return ""
	}
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			at := strings.TrimPrefix(path+"."+name, ".")
			g, found := object[name]
			if !found {
				return fmt.Sprintf("there is no %s, want %s", at, show(want[name]))
			}
			if fault := missing(want[name], g, at); fault != "" {
				return fault
			}
		}
	case []any:
		list, ok := got.([]any)
		if !ok {
			break
		}
		if len(list) == 1 && len(want) == 1 {
			return missing(want[0], list[0], path+"[0]")
		}
		return fmt.Sprintf("no element of %s is left for %s", path, show(want[pair(want, list)]))
	}
	if path == "" {
		path = "the body"
	}
	return fmt.Sprintf("%s is %s, want %s", path, show(got), show(want))
}

// lacks says whether nothing is found along a path of names, in any element of the lists on the way.
func lacks(doc any, path ...string) bool {
	if len(path) == 0 {
		list, ok := doc.([]any)
		return doc == nil || doc == "" || ok && len(list) == 0
	}
	if list, ok := doc.([]any); ok {
		return !slices.ContainsFunc(list, func(v any) bool { return !lacks(v, path...) })
	}
	return lacks(at(doc, path[0]), path[1:]...)
}

// at is the value of a member, nil without one.
func at(doc any, name string) any {
	object, _ := doc.(map[string]any)
	return object[name]
}

// list is the array at the end of a path of names, text the string.
func list(doc any, path ...string) []any {
	for _, name := range path {
		doc = at(doc, name)
	}
	l, _ := doc.([]any)
	return l
}

func text(doc any, path ...string) string {
	for _, name := range path {
		doc = at(doc, name)
	}
	s, _ := doc.(string)
	return s
}

// number is an integer member; -1 where there is none.
func number(doc any, name string) int {
	n, ok := at(doc, name).(json.Number)
	if !ok {
		return -1
	}
	i, err := strconv.Atoi(n.String())
	if err != nil {
		return -1
	}
	return i
}

// show prints a value as JSON.
func show(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // people read it
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSpace(b.String())
}
