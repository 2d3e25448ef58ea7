package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// matches says whether got contains want, by the rules of resource/scimtest/corpus/README.md.
func matches(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for name, w := range want {
			if g, ok := object[name]; !ok || !matches(w, g) {
				return false
			}
		}
		return true
	case []any:
		list, ok := got.([]any)
		return ok && pair(want, list, make([]bool, len(list)))
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

// pair finds a different element of got for each of want.
func pair(want, got []any, taken []bool) bool {
	if len(want) == 0 {
		return true
	}
	for i, g := range got {
		if !taken[i] && matches(want[0], g) {
			taken[i] = true
			if pair(want[1:], got, taken) {
				return true
			}
			taken[i] = false
		}
	}
	return false
}

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

// lacks says whether nothing is found along a path of names, in any element of the lists on the way.
func lacks(doc any, path []string) bool {
	if len(path) == 0 {
		list, ok := doc.([]any)
		return doc == nil || doc == "" || ok && len(list) == 0
	}
	if list, ok := doc.([]any); ok {
		return !slices.ContainsFunc(list, func(v any) bool { return !lacks(v, path) })
	}
	return lacks(at(doc, path[0]), path[1:])
}

// The rules of the corpus are worth something only if they refuse.
func TestMatching(t *testing.T) {
	for _, c := range []struct {
		want, got string
		ok        bool
	}{
		{`{"a": 1}`, `{"a": 1, "b": 2}`, true},
		{`{"a": 1}`, `{"A": 1}`, false},
		{`{"a": 1}`, `{"a": "1"}`, false},
		{`{"a": true}`, `{"a": "true"}`, false},
		{`{"a": null}`, `{}`, false},
		{`[{"a": 1}, {"b": 1}]`, `[{"a": 1, "b": 1}, {"a": 1}]`, true},
		{`[{"a": 1}, {"a": 1}]`, `[{"a": 1}]`, false},
		{`["x", "<any>"]`, `["x", "y"]`, true},
		{`["x", "<any>"]`, `["x"]`, false},
		{`"<any>"`, `""`, false},
		{`"<any>"`, `[]`, false},
		{`"<any>"`, `{}`, false},
		{`"<any>"`, `0`, true},
		{`"<int>"`, `7`, true},
		{`"<int>"`, `7.0`, false},
		{`"<int>"`, `"7"`, false},
		{`"<bool>"`, `false`, true},
		{`"<bool>"`, `"false"`, false},
		{`{"a": "<not:x>"}`, `{"a": "y"}`, true},
		{`{"a": "<not:x>"}`, `{"a": "x"}`, false},
		{`{"a": "<not:x>"}`, `{}`, false},
		{`{"a": "<not:x>"}`, `{"a": null}`, false},
	} {
		if got := matches(decode(t, []byte(c.want)), decode(t, []byte(c.got))); got != c.ok {
			t.Errorf("%s in %s: got %v, want %v", c.want, c.got, got, c.ok)
		}
	}
	for doc, want := range map[string]bool{
		`{}`: true, `{"a": null}`: true, `{"a": {"b": ""}}`: true, `{"a": {"b": []}}`: true, `{"a": [{"c": 1}]}`: true,
		`{"a": {"b": 0}}`: false, `{"a": {"b": false}}`: false, `{"a": [{"c": 1}, {"b": "x"}]}`: false, `{"a": {"b": {}}}`: false,
	} {
		if got := lacks(decode(t, []byte(doc)), []string{"a", "b"}); got != want {
			t.Errorf("%s lacks a.b: got %v, want %v", doc, got, want)
		}
	}
}
