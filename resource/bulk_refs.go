package resource

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/wire"
)

// bulkReference begins a reference to a resource that a bulk request creates (RFC 7644 section 3.7.2).
const bulkReference = "bulkId:"

// refer finds out which operations refer to which.
func (b *bulkRun) refer() {
	b.states = make([]bulkState, len(b.ops))
	b.refs = make([][]int, len(b.ops))
	b.names = make(map[string]int)
	for i := range b.ops {
		if op := &b.ops[i]; op.Method == http.MethodPost && op.BulkID != "" {
			b.names[op.BulkID] = i
		}
	}
	for i := range b.ops {
		op := &b.ops[i]
		if op.Status != "" { // refused by ParseBulk
			continue
		}
		add := func(name string) {
			if k, ok := b.names[name]; ok {
				b.refs[i] = append(b.refs[i], k)
			} else if b.states[i].astray == nil {
				b.states[i].astray = errors.New(errors.InvalidValue, "refers to bulkId:%s, but no operation of the request creates it", shorten(name))
			}
		}
		if _, name, ok := b.pathReference(op); ok {
			add(name)
		}
		eachString(op.Data, func(_, _ int, text string) {
			if name, ok := strings.CutPrefix(text, bulkReference); ok {
				add(name)
			}
		})
	}
}

// inOrder puts operations, given by what they refer to, into an order in which what is referred to comes first, and the order of
// the request decides otherwise. Those that refer to each other, directly or through others, form a group.
//
// This is Tarjan's algorithm for strongly connected components, without recursion: a hostile request has long chains.
func inOrder(refs [][]int) (groups [][]int) {
	n := len(refs)
	groups = make([][]int, 0, n)
	order := make([]int, 0, n) // what the groups are parts of
	found := make([]int, n)    // when each was found, from 1; 0: not yet; n+1: it has its group
	low := make([]int, n)      // the earliest that is known to be in the same group
	next := make([]int, n)     // how many of the references have been followed
	count := 0
	var open, path []int
	for root := range refs {
		if found[root] > 0 {
			continue
		}
		for path = append(path, root); len(path) > 0; {
			v := path[len(path)-1]
			if found[v] == 0 {
				count++
				found[v], low[v] = count, count
				open = append(open, v)
			}
			if next[v] < len(refs[v]) {
				w := refs[v][next[v]]
				next[v]++
				if found[w] == 0 {
					path = append(path, w)
				} else {
					low[v] = min(low[v], found[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1]
				low[u] = min(low[u], low[v])
			}
			if low[v] < found[v] {
				continue
			}
			from := len(order)
			for last := -1; last != v; {
				last = open[len(open)-1]
				open = open[:len(open)-1]
				found[last] = n + 1
				order = append(order, last)
			}
			groups = append(groups, order[from:])
		}
	}
	return groups
}

// resolved is an operation as do sees it, with ids in the place of references as far as they are known. It is a copy:
// do may keep it.
func (b *bulkRun) resolved(i int) BulkOperation {
	op := b.ops[i]
	op.Path = b.resolvedPath(&op)
	op.Data = b.resolvedData(op.Data)
	return op
}

// pathReference is the bulkId at the end of a path such as /Users/bulkId:qwerty, and what stands before it. A POST has none: its
// path is an endpoint.
func (b *bulkRun) pathReference(op *BulkOperation) (before, name string, ok bool) {
	k := strings.LastIndexByte(op.Path, '/') + 1
	if op.Method == http.MethodPost || k == 0 {
		return "", "", false
	}
	last := op.Path[k:]
	if strings.HasPrefix(last, bulkReference) {
		if _, known := b.names[last[len(bulkReference):]]; known {
			return op.Path[:k], last[len(bulkReference):], true
		}
	}
	if plain, err := url.PathUnescape(last); err == nil { // encodeURIComponent escapes the colon
		last = plain
	}
	name, ok = strings.CutPrefix(last, bulkReference)
	return op.Path[:k], name, ok
}

func (b *bulkRun) resolvedPath(op *BulkOperation) string {
	if before, name, ok := b.pathReference(op); ok {
		if id := b.created(name); id != "" {
			return before + url.PathEscape(id)
		}
	}
	return op.Path
}

// created is the id of the resource that an operation has created; empty: there is none, or not yet.
func (b *bulkRun) created(name string) (id string) {
	if k, ok := b.names[name]; ok {
		id = b.states[k].id
	}
	return id
}

func (b *bulkRun) resolvedData(data json.RawMessage) json.RawMessage {
	var out []byte
	done := 0
	eachString(data, func(from, to int, text string) {
		name, ok := strings.CutPrefix(text, bulkReference)
		if !ok {
			return
		}
		if id := b.created(name); id != "" {
			out = append(out, data[done:from]...)
			out = wire.AppendString(out, id)
			done = to
		}
	})
	if done == 0 {
		return data
	}
	return append(out, data[done:]...)
}

// eachString calls f with each string of a document that is a value, not a member's name, and where it stands.
func eachString(data []byte, f func(from, to int, text string)) {
	if !bytes.Contains(data, []byte(bulkReference)) && bytes.IndexByte(data, '\\') < 0 {
		return // none is a reference, which may be written with escapes
	}
	s := string(data)
	for i := strings.IndexByte(s, '"'); i >= 0 && i < len(s); {
		end, clean, err := wire.String(s, i)
		if err != nil {
			return
		}
		if next := wire.Space(s, end); next >= len(s) || s[next] != ':' {
			text := s[i+1 : end-1]
			if !clean {
				text = wire.Unquote(text)
			}
			f(i, end, text)
		}
		k := strings.IndexByte(s[end:], '"')
		if k < 0 {
			return
		}
		i = end + k
	}
}

// without is the data of a POST without the references that lead nowhere yet. With a reference goes what is nothing without it:
// the element of a list, the object whose value it is, a list that it leaves empty.
func (b *bulkRun) without(data json.RawMessage) json.RawMessage {
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return data
	}
	for name, member := range v {
		if left, gone := b.prune(member); gone {
			delete(v, name)
		} else {
			v[name] = left
		}
	}
	out, err := json.Marshal(v)
	if err != nil {
		return data
	}
	return out
}

// prune takes references that lead nowhere yet out of a value; gone says that nothing is left of it.
func (b *bulkRun) prune(v any) (left any, gone bool) {
	switch v := v.(type) {
	case string:
		name, ok := strings.CutPrefix(v, bulkReference)
		return v, ok && b.created(name) == ""
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			if left, gone := b.prune(e); !gone {
				list = append(list, left)
			}
		}
		return list, len(list) == 0 && len(v) > 0
	case map[string]any:
		for name, member := range v {
			left, gone := b.prune(member)
			switch {
			case !gone:
				v[name] = left
			case strings.EqualFold(name, "value"): // a member or a manager without its value is none
				return v, true
			default:
				delete(v, name)
			}
		}
	}
	return v, false
}
