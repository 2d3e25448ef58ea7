package scimtest

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func doc(t *testing.T, text string) any {
	t.Helper()
	v, err := decode([]byte(text))
	require.NoError(t, err, text)
	return v
}

func TestMatching(t *testing.T) {
	for _, c := range []struct {
		want, got string
		missing   string // "" means that it matches
	}{
		{`{"a": 1}`, `{"a": 1, "b": 2}`, ""},
		{`{"a": 1}`, `{"A": 1}`, "there is no a, want 1"},
		{`{"a": 1}`, `{"a": "1"}`, `a is "1", want 1`},
		{`{"a": 1}`, `{"a": 1.0}`, `a is 1.0, want 1`},
		{`{"a": true}`, `{"a": "true"}`, `a is "true", want true`},
		{`{"a": null}`, `{}`, "there is no a, want null"},
		{`{"a": {"b": {"c": "<not:x>"}}}`, `{"a": {"b": {"c": "x"}}}`, `a.b.c is "x", want "<not:x>"`},
		{`{"a": 1}`, `[1]`, `the body is [1], want {"a":1}`},
		{`{"a": [1]}`, `{"a": 1}`, "a is 1, want [1]"},
		{`[{"a": 1}, {"b": 1}]`, `[{"a": 1, "b": 1}, {"a": 1}]`, ""},
		{`[{"b": 1}, {"a": 1}]`, `[{"a": 1, "b": 1}, {"a": 1}]`, ""},
		{`{"l": [{"a": 1}, {"a": 1}]}`, `{"l": [{"a": 1}]}`, `no element of l is left for {"a":1}`},
		{`{"l": [{"a": 1, "b": 2}]}`, `{"l": [{"a": 1, "b": 3}]}`, `l[0].b is 3, want 2`},
		{`["x", "<any>"]`, `["x", "y"]`, ""},
		{`["<any>", "x"]`, `["x", "y"]`, ""},
		{`["<any>", "<any>", "x", "y"]`, `["x", "y", "z", "w"]`, ""},
		{`{"l": ["x", "<any>"]}`, `{"l": ["x"]}`, `no element of l is left for "<any>"`},
		{`{"a": "<any>"}`, `{"a": ""}`, `a is "", want "<any>"`},
		{`{"a": "<any>"}`, `{"a": []}`, `a is [], want "<any>"`},
		{`{"a": "<any>"}`, `{"a": {}}`, `a is {}, want "<any>"`},
		{`{"a": "<any>"}`, `{"a": null}`, `a is null, want "<any>"`},
		{`"<any>"`, `0`, ""},
		{`"<any>"`, `false`, ""},
		{`"<int>"`, `7`, ""},
		{`{"a": "<int>"}`, `{"a": 7.0}`, `a is 7.0, want "<int>"`},
		{`{"a": "<int>"}`, `{"a": "7"}`, `a is "7", want "<int>"`},
		{`"<bool>"`, `false`, ""},
		{`{"a": "<bool>"}`, `{"a": "false"}`, `a is "false", want "<bool>"`},
		{`{"a": "<not:x>"}`, `{"a": "y"}`, ""},
		{`{"a": "<not:x>"}`, `{}`, `there is no a, want "<not:x>"`},
		{`{"a": "<not:x>"}`, `{"a": null}`, `a is null, want "<not:x>"`},
	} {
		want, got := doc(t, c.want), doc(t, c.got)
		assert.Equal(t, c.missing == "", contains(want, got), "%s in %s", c.want, c.got)
		assert.Equal(t, c.missing, missing(want, got, ""), "%s in %s", c.want, c.got)
	}
}

func TestLacks(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, `{"a": null}`: true, `{"a": {"b": ""}}`: true, `{"a": {"b": []}}`: true, `{"a": [{"c": 1}]}`: true,
		`{"a": {"b": 0}}`: false, `{"a": {"b": false}}`: false, `{"a": [{"c": 1}, {"b": "x"}]}`: false, `{"a": {"b": {}}}`: false,
	} {
		assert.Equal(t, want, lacks(doc(t, text), "a", "b"), text)
	}
}

func TestSame(t *testing.T) {
	assert.True(t, same(doc(t, `{"a": [1, 2], "b": {"c": null}}`), doc(t, `{"b": {"c": null}, "a": [2, 1]}`)))
	for _, other := range []string{`{"a": [1, 1]}`, `{"a": [1]}`, `{"a": [1, 2, 2]}`, `{"a": [1, 2], "b": 1}`, `{}`} {
		assert.False(t, same(doc(t, `{"a": [1, 2]}`), doc(t, other)), other)
	}
}

func TestDecode(t *testing.T) {
	for _, text := range []string{``, `{`, `{}{}`, `{} x`, `'x'`} {
		_, err := decode([]byte(text))
		assert.Error(t, err, text)
	}
}

// The corpus that is part of the package is whole.
func TestCorpus(t *testing.T) {
	all, err := providers()
	require.NoError(t, err)
	count := 0
	for _, p := range all {
		count += len(p.exchanges)
	}
	assert.Len(t, all, 17)
	assert.Equal(t, 177, count)
}

// A corpus that is not understood is not replayed in part.
func TestLoad(t *testing.T) {
	const whole = `{"name": "a", "idp": "x", "request": {"method": "GET", "path": "/Users"}, "expect": {"status": [200]}}`
	for name, c := range map[string]struct{ file, want string }{
		"empty":         {`[]`, "there are no exchanges"},
		"no JSON":       {`[`, "x.json: unexpected end"},
		"unknown key":   {`[{"name": "a", "idp": "x", "expekt": {}}]`, `unknown field "expekt"`},
		"unknown check": {`[{"name": "a", "idp": "x", "expect": {"status": [200], "body": 1}}]`, `unknown field "body"`},
		"no status":     {`[{"name": "a", "idp": "x", "expect": {}}]`, "no status"},
		"no name":       {`[{"idp": "x", "expect": {"status": [200]}}]`, "has no name of its own"},
		"one name":      {`[` + whole + `, ` + whole + `]`, "has no name of its own"},
		"two providers": {`[{"name": "a", "idp": "y", "expect": {"status": [200]}}]`, "another provider"},
	} {
		_, err := load(fstest.MapFS{"corpus/x.json": {Data: []byte(c.file)}})
		require.ErrorContains(t, err, c.want, name)
	}
	_, err := load(fstest.MapFS{})
	require.ErrorContains(t, err, "the corpus has no files")
	all, err := load(fstest.MapFS{"corpus/x.json": {Data: []byte(`[` + whole + `]`)}})
	require.NoError(t, err)
	assert.Len(t, all, 1)
}

// Ids of the service stand in paths and in JSON as each wants it.
func TestRename(t *testing.T) {
	x, err := read([]byte(`{"name": "a", "idp": "x",
		"given": {"Users": [{"id": "u-1"}], "Groups": [{"members": [{"value": "u-1"}]}]},
		"before": [{"method": "GET", "path": "/Users/u-1", "body": {"path": "members[value eq \"u-1\"]"}}],
		"request": {"method": "GET", "path": "/Users/u-1?filter=id%20eq%20%22u-1%22", "body": {"value": "u-1"}},
		"expect": {"status": [200], "body_contains": {"id": "u-1"}, "error_contains": {"id": "u-1"}, "body_not_contains": [{"id": "u-1"}],
			"then_get": {"path": "/Users/u-1", "body_contains": {"id": "u-1"}}, "then_get_on_error": {"path": "/Users/u-1"}}}`))
	require.NoError(t, err)
	x.rename("u-1", `a/"é&b`)
	const path, text = `/Users/a%2F%22%C3%A9%26b`, `a/\"é&b`
	assert.JSONEq(t, `{"members": [{"value": "`+text+`"}]}`, string(x.Given["Groups"][0]))
	assert.Equal(t, path, x.Before[0].Path)
	assert.Equal(t, path+`?filter=id%20eq%20%22a%2F%22%C3%A9%26b%22`, x.Request.Path)
	assert.JSONEq(t, `{"value": "`+text+`"}`, string(x.Request.Body))
	assert.JSONEq(t, `{"id": "`+text+`"}`, string(x.Expect.BodyContains))
	assert.JSONEq(t, `{"id": "`+text+`"}`, string(x.Expect.ErrorContains))
	assert.JSONEq(t, `{"id": "`+text+`"}`, string(x.Expect.BodyNotContains[0]))
	assert.Equal(t, path, x.Expect.ThenGet.Path)
	assert.JSONEq(t, `{"id": "`+text+`"}`, string(x.Expect.ThenGet.BodyContains))
	assert.Equal(t, path, x.Expect.ThenGetOnError.Path)
}

// Who is referred to comes first.
func TestReferredFirst(t *testing.T) {
	x, err := read([]byte(`{"given": {"Users": [{"id": "u-1", "manager": "u-3"}, {"id": "u-2"}, {"id": "u-3", "manager": "u-1, u-2"}]}}`))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 0}, referredFirst(x.Given["Users"]))
}
