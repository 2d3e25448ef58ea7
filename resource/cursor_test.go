package resource_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// secret is a key of cursors, another one for each letter.
func secret(letter byte) []byte { return bytes.Repeat([]byte{letter}, 32) }

func cursorsOf(tb testing.TB, timeout time.Duration, keys ...[]byte) *resource.Cursors {
	tb.Helper()
	c, err := resource.NewCursors(timeout, keys...)
	require.NoError(tb, err)
	return c
}

// A handler may add to the error that it is given: the next request has one of its own.
func TestCursorErrorsAreOwn(t *testing.T) {
	c := cursorsOf(t, time.Hour, secret('a'))
	q := behind(resource.SearchRequest{}, "AAAA")
	fault := func() *scimerrors.Error {
		_, err := c.Open(q, "/Users")
		var e *scimerrors.Error
		require.ErrorAs(t, err, &e)
		return e
	}
	fault().Detail = "changed"
	assert.NotEqual(t, "changed", fault().Detail)
}

// behind is a query with a cursor.
func behind(q resource.SearchRequest, cursor string) *resource.SearchRequest {
	q.Cursor = &cursor
	return &q
}

// refusedCursor checks that a client sees this scimType and, of a cursor that is none, always the same.
func refusedCursor(tb testing.TB, err error, kind scimerrors.Type, about ...any) {
	tb.Helper()
	want := map[scimerrors.Type]string{
		scimerrors.InvalidCursor: "cursor: is not one this service has issued for this query; begin again with the first page",
		scimerrors.ExpiredCursor: "cursor: has expired; begin again with the first page",
		scimerrors.InvalidCount:  "count: must be that of the first page, or be left out",
	}[kind]
	require.Error(tb, err, about...)
	assert.JSONEq(tb, `{"schemas":["`+resource.ErrorSchema+`"],"status":"400","scimType":"`+string(kind)+`","detail":"`+want+`"}`, string(scimerrors.Append(nil, err)), about...)
}

func TestNewCursors(t *testing.T) {
	for name, c := range map[string]struct {
		timeout time.Duration
		keys    [][]byte
		words   string
	}{
		"no timeout":        {0, [][]byte{secret('a')}, "timeout above 0, not 0s"},
		"negative timeout":  {-time.Second, [][]byte{secret('a')}, "timeout above 0, not -1s"},
		"no key":            {time.Hour, nil, "need a key"},
		"short key":         {time.Hour, [][]byte{secret('a')[:31]}, "key 0 of the cursors has 31 bytes"},
		"second key short":  {time.Hour, [][]byte{secret('a'), nil}, "key 1 of the cursors has 0 bytes"},
		"key of other size": {time.Nanosecond, [][]byte{bytes.Repeat([]byte("k"), 33)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cursors, err := resource.NewCursors(c.timeout, c.keys...)
			if c.words == "" {
				require.NoError(t, err)
				assert.NotNil(t, cursors)
				return
			}
			assert.Nil(t, cursors)
			require.ErrorContains(t, err, c.words)
			plainError(t, err, name)
			assert.NotContains(t, err.Error(), "aaa", "a key")
		})
	}
}

// A cursor holds for its query and for what it is bound to, and is otherwise as good as any text.
func TestCursorBinding(t *testing.T) {
	first := resource.SearchRequest{Filter: `title pr`, SortBy: "userName", Attributes: []string{"title"}}
	last := []any{"mandy", "d"}
	c := cursorsOf(t, time.Hour, secret('a'))
	cursor, err := c.Seal(&first, last, "/Users", "ann")
	require.NoError(t, err)
	changed := func(change func(q *resource.SearchRequest)) resource.SearchRequest {
		q := first
		change(&q)
		return q
	}
	for _, x := range []struct {
		id    string
		q     resource.SearchRequest
		bound []string
		ok    bool
	}{
		{"9865-2-04/the same query", first, []string{"/Users", "ann"}, true},
		{"9865-2.1-01/sortOrder spelled out", changed(func(q *resource.SearchRequest) { q.SortOrder = "Ascending" }), []string{"/Users", "ann"}, true},
		{"9865-2.1-01/other attributes", changed(func(q *resource.SearchRequest) { q.Attributes = nil; q.ExcludedAttributes = []string{"name"} }), []string{"/Users", "ann"}, true},
		{"9865-2.1-01/other filter", changed(func(q *resource.SearchRequest) { q.Filter = `title pr ` }), []string{"/Users", "ann"}, false},
		{"9865-2.1-01/no filter", changed(func(q *resource.SearchRequest) { q.Filter = "" }), []string{"/Users", "ann"}, false},
		{"9865-2.1-01/other sortBy", changed(func(q *resource.SearchRequest) { q.SortBy = "id" }), []string{"/Users", "ann"}, false},
		{"9865-2.1-01/other sortOrder", changed(func(q *resource.SearchRequest) { q.SortOrder = "descending" }), []string{"/Users", "ann"}, false},
		{"9865-2.1-01/shifted", changed(func(q *resource.SearchRequest) { q.Filter, q.SortBy = `title pruser`, "Name" }), []string{"/Users", "ann"}, false},
		{"9865-5.2-01/another caller", first, []string{"/Users", "bob"}, false},
		{"9865-5.2-01/no caller", first, []string{"/Users"}, false},
		{"9865-5.2-01/nothing", first, nil, false},
		{"9865-5.2-01/more", first, []string{"/Users", "ann", ""}, false},
		{"9865-5.2-01/other endpoint", first, []string{"/Groups", "ann"}, false},
		{"9865-5.2-01/exchanged", first, []string{"ann", "/Users"}, false},
		{"9865-5.2-01/shifted", first, []string{"/Usersa", "nn"}, false},
		{"9865-5.2-01/joined", first, []string{"/Usersann"}, false},
		{"9865-5.2-01/joined by 0", first, []string{"/Users\x00ann"}, false},
		{"9865-5.2-01/joined by a length", first, []string{"/Users\x03ann"}, false},
	} {
		t.Run(x.id, func(t *testing.T) {
			got, err := c.Open(behind(x.q, cursor), x.bound...)
			if x.ok {
				require.NoError(t, err)
				assert.Equal(t, last, got)
				return
			}
			assert.Nil(t, got)
			refusedCursor(t, err, scimerrors.InvalidCursor)
		})
	}
	t.Run("9865-2.1-01/descending in any case", func(t *testing.T) {
		down := changed(func(q *resource.SearchRequest) { q.SortOrder = "DESCENDING" })
		cursor, err := c.Seal(&down, last)
		require.NoError(t, err)
		down.SortOrder = "descending"
		got, err := c.Open(behind(down, cursor))
		require.NoError(t, err)
		assert.Equal(t, last, got)
	})
	t.Run("9865-2-01/first page", func(t *testing.T) {
		for _, q := range []*resource.SearchRequest{nil, {}, {Cursor: new("")}, {Cursor: new(""), Count: new(5)}} {
			got, err := c.Open(q, "/Users")
			require.NoError(t, err)
			assert.Nil(t, got)
		}
		cursor, err := c.Seal(nil, last)
		require.NoError(t, err)
		got, err := c.Open(behind(resource.SearchRequest{}, cursor))
		require.NoError(t, err)
		assert.Equal(t, last, got, "a nil query is an empty one")
	})
}

var unreserved = regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)

// A cursor tells nothing, and there is no way to make or change one.
func TestCursorOpacity(t *testing.T) {
	c := cursorsOf(t, time.Hour, secret('a'))
	q := resource.SearchRequest{SortBy: "userName"}
	cursor, err := c.Seal(&q, []any{"barbara.jensen@example.com", "id-4711"}, "ann")
	require.NoError(t, err)
	open := func(cursor string) error {
		_, err := c.Open(behind(q, cursor), "ann")
		return err
	}
	require.NoError(t, open(cursor))
	t.Run("9865-2-02/characters", func(t *testing.T) {
		for n := range 100 {
			s, err := c.Seal(&q, []any{strings.Repeat("\u00fe\x7f<", n), "1"})
			require.NoError(t, err)
			assert.Regexp(t, unreserved, s)
		}
	})
	t.Run("9865-5.2-02/nothing to be read", func(t *testing.T) {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		require.NoError(t, err)
		for _, word := range []string{"barbara", "4711", "userName", "ann"} {
			assert.NotContains(t, string(raw), word)
		}
		again, err := c.Seal(&q, []any{"barbara.jensen@example.com", "id-4711"}, "ann")
		require.NoError(t, err)
		assert.NotEqual(t, cursor[4:40], again[4:40], "two cursors of one place are not alike")
	})
	t.Run("9865-5.2-02/each character flipped", func(t *testing.T) {
		for i := range cursor {
			for _, other := range "AaZ09-_.~" {
				if forged := cursor[:i] + string(other) + cursor[i+1:]; forged != cursor {
					refusedCursor(t, open(forged), scimerrors.InvalidCursor, i)
				}
			}
			refusedCursor(t, open(cursor[:i]+cursor[i+1:]), scimerrors.InvalidCursor, i)
			if i > 0 {
				refusedCursor(t, open(cursor[:i]), scimerrors.InvalidCursor, i)
			}
		}
	})
	t.Run("9865-5.2-02/bits that base64 leaves over", func(t *testing.T) {
		const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		for n := range 3 { // cursors of all lengths modulo 4
			s, err := c.Seal(&q, []any{strings.Repeat("x", n)}, "ann")
			require.NoError(t, err)
			require.NoError(t, open(s))
			for _, digit := range digits {
				if forged := s[:len(s)-1] + string(digit); forged != s {
					refusedCursor(t, open(forged), scimerrors.InvalidCursor)
				}
			}
		}
	})
	for name, forged := range map[string]string{
		"padded": cursor + "=", "line break": cursor[:9] + "\n" + cursor[9:], "carriage return": cursor + "\r", "blank": " " + cursor, "twice": cursor + cursor, "more": cursor + "A",
		"version only": "AQ", "salt only": base64.RawURLEncoding.EncodeToString(append([]byte{1}, make([]byte, 16)...)), "zeros": strings.Repeat("A", len(cursor)), "number": "2", "text": "next",
		"other version": "Ag" + cursor[2:], "too long": strings.Repeat("A", resource.MaxCursor+1), "far too long": strings.Repeat("A", 1<<20), "standard base64": base64.StdEncoding.EncodeToString([]byte(cursor)), "not UTF-8": "\xff\xfe",
	} {
		t.Run("9865-5.2-02/"+name, func(t *testing.T) { refusedCursor(t, open(forged), scimerrors.InvalidCursor) })
	}
	t.Run("9865-5.2-02/all refusals are alike", func(t *testing.T) {
		_, parsed := resource.ParseQuery(url.Values{"cursor": {"a/b"}})
		refusedCursor(t, parsed, scimerrors.InvalidCursor, "ParseQuery")
		order, err := filter.CompileOrder[Employee]("userName", "")
		require.NoError(t, err)
		_, sought := order.Seek([]any{"x"})
		refusedCursor(t, sought, scimerrors.InvalidCursor, "package filter")
	})
	t.Run("9865-5.2-02/of another service", func(t *testing.T) {
		_, err := cursorsOf(t, time.Hour, secret('b')).Open(behind(q, cursor), "ann")
		refusedCursor(t, err, scimerrors.InvalidCursor)
		_, err = new(resource.Cursors).Open(behind(q, cursor), "ann")
		refusedCursor(t, err, scimerrors.InvalidCursor)
	})
}

// Keys can be replaced while cursors are under way, and several processes go on for each other.
func TestCursorKeys(t *testing.T) {
	q := resource.SearchRequest{}
	before, during, other := cursorsOf(t, time.Hour, secret('a')), cursorsOf(t, time.Hour, secret('b'), secret('a')), cursorsOf(t, time.Minute, secret('a'))
	after := cursorsOf(t, time.Hour, secret('b'))
	old, err := before.Seal(&q, []any{"old"})
	require.NoError(t, err)
	young, err := during.Seal(&q, []any{"young"})
	require.NoError(t, err)
	for name, x := range map[string]struct {
		c      *resource.Cursors
		cursor string
		ok     bool
	}{
		"old, before": {before, old, true}, "old, during": {during, old, true}, "old, after": {after, old, false}, "old, in another process": {other, old, true},
		"young, before": {before, young, false}, "young, during": {during, young, true}, "young, after": {after, young, true},
	} {
		t.Run(name, func(t *testing.T) {
			last, err := x.c.Open(behind(q, x.cursor))
			if !x.ok {
				refusedCursor(t, err, scimerrors.InvalidCursor)
				return
			}
			require.NoError(t, err)
			assert.Len(t, last, 1)
		})
	}
	key := secret('k')
	c := cursorsOf(t, time.Hour, key)
	cursor, err := c.Seal(&q, []any{"x"})
	require.NoError(t, err)
	clear(key)
	_, err = c.Open(behind(q, cursor))
	require.NoError(t, err, "the caller may wipe its key")
}

func TestCursorTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := resource.SearchRequest{Count: new(5)}
		c := cursorsOf(t, time.Minute, secret('a'))
		cursor, err := c.Seal(&q, []any{"x"}, "ann")
		require.NoError(t, err)
		time.Sleep(time.Minute)
		_, err = c.Open(behind(q, cursor), "ann")
		require.NoError(t, err, "9865-4-01: the timeout is the least that a cursor is good for")
		next, err := c.Seal(behind(q, cursor), []any{"y"}, "ann")
		require.NoError(t, err)
		time.Sleep(time.Microsecond)
		_, err = c.Open(behind(q, cursor), "ann")
		refusedCursor(t, err, scimerrors.ExpiredCursor, "9865-2.1-01")
		_, err = c.Open(behind(resource.SearchRequest{Count: new(6)}, cursor), "ann")
		refusedCursor(t, err, scimerrors.ExpiredCursor, "whatever the count")
		_, err = c.Open(behind(q, cursor), "bob")
		refusedCursor(t, err, scimerrors.InvalidCursor, "9865-5.2-02: of a foreign cursor nothing is told")
		_, err = c.Open(behind(q, next), "ann")
		require.NoError(t, err, "each page has a time of its own")
	})
	synctest.Test(t, func(t *testing.T) {
		c := cursorsOf(t, math.MaxInt64, secret('a'))
		cursor, err := c.Seal(nil, []any{"x"})
		require.NoError(t, err)
		time.Sleep(100 * 365 * 24 * time.Hour)
		_, err = c.Open(&resource.SearchRequest{Cursor: &cursor})
		require.NoError(t, err, "the longest timeout there is")
	})
}

func TestCursorCount(t *testing.T) {
	c := cursorsOf(t, time.Hour, secret('a'))
	for _, x := range []struct {
		id           string
		first, later *int
		ok           bool
	}{
		{"the same", new(10), new(10), true}, {"left out", new(10), nil, true}, {"never given", nil, nil, true}, {"negative is 0", new(-5), new(0), true}, {"0 is negative", new(0), new(-1), true},
		{"changed", new(10), new(11), false}, {"first given later", nil, new(10), false}, {"to 0", new(10), new(0), false}, {"to negative", new(10), new(-10), false},
	} {
		t.Run("9865-2.1-01/"+x.id, func(t *testing.T) {
			cursor, err := c.Seal(&resource.SearchRequest{Count: x.first}, []any{"x"})
			require.NoError(t, err)
			last, err := c.Open(&resource.SearchRequest{Cursor: &cursor, Count: x.later})
			if !x.ok {
				refusedCursor(t, err, scimerrors.InvalidCount)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, []any{"x"}, last)
		})
	}
	t.Run("9865-2.1-01/that of the first page, when the second leaves it out", func(t *testing.T) {
		second, err := c.Seal(&resource.SearchRequest{Count: new(10)}, []any{"x"})
		require.NoError(t, err)
		third, err := c.Seal(&resource.SearchRequest{Cursor: &second}, []any{"y"})
		require.NoError(t, err)
		_, err = c.Open(&resource.SearchRequest{Cursor: &third, Count: new(10)})
		require.NoError(t, err)
		_, err = c.Open(&resource.SearchRequest{Cursor: &third, Count: new(11)})
		refusedCursor(t, err, scimerrors.InvalidCount)
	})
}

// AMB-44: a count above the maximum is capped, with a cursor and strictly refused.
func TestCountAbove(t *testing.T) {
	for _, x := range []struct {
		name   string
		values url.Values
		most   int
		strict bool
		ok     bool
	}{
		{"default", url.Values{"cursor": {""}, "count": {"11"}}, 10, false, true},
		{"strict", url.Values{"cursor": {""}, "count": {"11"}}, 10, true, false},
		{"strict, later page", url.Values{"cursor": {"x"}, "count": {"11"}}, 10, true, false},
		{"strict, the maximum", url.Values{"cursor": {""}, "count": {"10"}}, 10, true, true},
		{"strict, no maximum", url.Values{"cursor": {""}, "count": {"11"}}, 0, true, true},
		{"strict, no count", url.Values{"cursor": {""}}, 10, true, true},
		{"strict, index", url.Values{"startIndex": {"1"}, "count": {"11"}}, 10, true, true},
		{"strict, no method", url.Values{"count": {"11"}}, 10, true, true},
	} {
		t.Run("AMB-44/"+x.name, func(t *testing.T) {
			opts := []resource.Option{resource.MaxResults(x.most)}
			if x.strict {
				opts = append(opts, resource.Strict())
			}
			members := []string{`"schemas":["` + resource.SearchRequestSchema + `"]`}
			for name := range x.values {
				if members = append(members, `"`+name+`":`+x.values.Get(name)); name == "cursor" {
					members[len(members)-1] = `"cursor":` + shortJSON(x.values.Get(name))
				}
			}
			q, err := resource.ParseQuery(x.values, opts...)
			read, err2 := resource.Validate[resource.SearchRequest](resource.QueryRequest, []byte("{"+strings.Join(members, ",")+"}"), opts...)
			if x.ok {
				require.NoError(t, err)
				require.NoError(t, err2)
				same(t, q, read)
				return
			}
			for _, err := range []error{err, err2} {
				assert.Equal(t, wireError{Schemas: []string{resource.ErrorSchema}, Status: "400", ScimType: "invalidCount", Detail: "count: must be 10 or less, not " + x.values.Get("count")}, wireOf(t, err))
			}
		})
	}
}

// What is sealed comes back as encoding/json has it, with every digit.
func TestCursorPlaces(t *testing.T) {
	c := cursorsOf(t, time.Hour, secret('a'))
	for _, x := range []struct{ last, want []any }{
		{[]any{"a", "1"}, []any{"a", "1"}}, {[]any{nil, "1"}, []any{nil, "1"}}, {[]any{true, ""}, []any{true, ""}},
		{[]any{int64(math.MaxInt64), "1"}, []any{json.Number("9223372036854775807"), "1"}}, {[]any{uint64(math.MaxUint64)}, []any{json.Number("18446744073709551615")}},
		{[]any{1.5}, []any{json.Number("1.5")}}, {[]any{json.Number("1e400")}, []any{json.Number("1e400")}}, {[]any{42, 7}, []any{json.Number("42"), json.Number("7")}},
		{[]any{"<&>\u2028\x00\"\\ üñ\U0001f600\ufffd"}, []any{"<&>\u2028\x00\"\\ üñ\U0001f600\ufffd"}}, {[]any{[]string{"a"}}, []any{[]any{"a"}}}, {[]any{nil}, []any{nil}},
	} {
		cursor, err := c.Seal(nil, x.last)
		require.NoError(t, err)
		last, err := c.Open(&resource.SearchRequest{Cursor: &cursor})
		require.NoError(t, err)
		assert.Equal(t, x.want, last)
	}
	for _, last := range [][]any{nil, {}, {math.NaN()}, {func() {}}, {"a", "\xff"}} {
		cursor, err := c.Seal(nil, last)
		assert.Empty(t, cursor)
		plainError(t, err, fmt.Sprint(last))
	}
	_, err := new(resource.Cursors).Seal(nil, []any{"x"})
	plainError(t, err, "no keys")
	t.Run("as long as they may be", func(t *testing.T) {
		longest, refused := 0, false
		for n := 2500; n < 3500; n++ {
			cursor, err := c.Seal(nil, []any{strings.Repeat("x", n), "4711"})
			if err != nil {
				refused = true
				assert.Equal(t, wireError{
					Schemas: []string{resource.ErrorSchema}, Status: "400", ScimType: "tooMany", Detail: "sortBy: has a value that is too long for a cursor; sort by another attribute",
				}, wireOf(t, err))
				assert.Empty(t, cursor)
				continue
			}
			longest = n
			require.False(t, refused, "a longer one is sealed than was refused")
			require.LessOrEqual(t, len(cursor), resource.MaxCursor)
			_, err = c.Open(&resource.SearchRequest{Cursor: &cursor})
			require.NoError(t, err)
		}
		assert.Greater(t, longest, 2900, "what the documentation of MaxCursor promises")
		assert.True(t, refused)
	})
}

func TestCursorsAtOnce(t *testing.T) {
	c := cursorsOf(t, time.Hour, secret('b'), secret('a'))
	atOnce(t, func(i int) {
		q := resource.SearchRequest{Filter: fmt.Sprintf(`title eq "%d"`, i), Count: &i}
		cursor, sealing := c.Seal(&q, []any{strconv.Itoa(i)})
		last, opening := c.Open(behind(q, cursor))
		_, foreign := c.Open(&resource.SearchRequest{Cursor: &cursor})
		if sealing != nil || opening != nil || len(last) != 1 || last[0] != strconv.Itoa(i) || !errors.Is(foreign, scimerrors.InvalidCursor) {
			t.Error(sealing, opening, last, foreign)
		}
	})
}

// FuzzCursor: nothing that was not sealed opens, and nothing is sealed that does not open.
func FuzzCursor(f *testing.F) {
	c := cursorsOf(f, time.Hour, secret('b'), secret('a'))
	known, err := c.Seal(nil, []any{"x", "1"})
	require.NoError(f, err)
	for _, seed := range []string{"", "a", "AQ", known, known[:len(known)-1], "Ag" + known[2:], strings.Repeat("A", 80), known + "\n", "=", "\xff"} {
		f.Add(seed, "title pr", "x", int64(3))
	}
	f.Fuzz(func(t *testing.T, cursor, text, bound string, n int64) {
		if cursor != "" && cursor != known {
			for _, q := range []resource.SearchRequest{{}, {Filter: text, Count: new(int(n))}} {
				last, err := c.Open(behind(q, cursor), bound)
				if last != nil || err == nil {
					t.Fatalf("opened %q", cursor)
				}
				refusedCursor(t, err, scimerrors.InvalidCursor)
			}
		}
		q := resource.SearchRequest{Filter: text, SortBy: bound, Count: new(int(n))}
		made, err := c.Seal(&q, []any{text, n, bound}, bound, text)
		if err != nil {
			return // too long, or not UTF-8
		}
		last, err := c.Open(behind(q, made), bound, text)
		if err != nil || len(last) != 3 || last[0] != text || last[1] != json.Number(strconv.FormatInt(n, 10)) || last[2] != bound {
			t.Fatalf("%v %v", last, err)
		}
		if text != bound {
			_, err = c.Open(behind(q, made), text, bound)
			refusedCursor(t, err, scimerrors.InvalidCursor)
		}
	})
}
