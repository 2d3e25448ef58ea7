package scim_test

import (
	stderrors "errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// limit is a row of the table of limits in README.md.
type limit struct {
	most   string                        // as the row has it
	answer string                        // the same: status and scimType
	below  int                           // the most that is accepted
	with   func(t *testing.T, n int) any // does it with n: an error or nil
	check  func(t *testing.T)            // for limits that are no refusals, and for what else belongs to the row
}

func user(members string) []byte {
	return []byte(`{"schemas":["` + resource.UserSchema + `"],"userName":"bjensen",` + members + `}`)
}

func create(members string) error {
	_, err := resource.Validate[resource.User](resource.CreationRequest, user(members))
	return err
}

// times joins n texts that are made of their number.
func times(n int, separator, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(separator)
		}
		if strings.Contains(format, "%") {
			fmt.Fprintf(&b, format, i)
		} else {
			b.WriteString(format)
		}
	}
	return b.String()
}

func read(n int, limit int64) error {
	r := httptest.NewRequest(http.MethodPost, "/Users", strings.NewReader(strings.Repeat(" ", n)))
	_, err := resource.Read(httptest.NewRecorder(), r, limit)
	return err
}

func parse(s string, opts ...filter.Option) error {
	_, err := filter.Parse(s, opts...)
	return err
}

// long is a filter or path of n bytes around a value of letters.
func long(n int, before, after string) string {
	return before + strings.Repeat("x", n-len(before)-len(after)) + after
}

func patchOf(operations string) error {
	_, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, []byte(`{"schemas":["`+resource.PatchOpSchema+`"],"Operations":[`+operations+`]}`))
	return err
}

func bulk(n int, limits resource.BulkConfig) error {
	_, err := resource.ParseBulk([]byte(`{"schemas":["`+resource.BulkRequestSchema+`"],"Operations":[`+times(n, ",", `{"method":"DELETE","path":"/Users/%d"}`)+`]}`), limits)
	return err
}

func cursors(t *testing.T) *resource.Cursors {
	t.Helper()
	c, err := resource.NewCursors(time.Hour, make([]byte, 32))
	require.NoError(t, err)
	return c
}

// structWith is a resource type with n attributes beside the four common ones.
func structWith(n int) reflect.Type {
	fields := make([]reflect.StructField, 0, 1+n)
	fields = append(fields, reflect.StructField{
		Name: "Resource", Type: reflect.TypeFor[resource.Resource](), Anonymous: true, Tag: `scim:"urn:acme:params:scim:schemas:Wide"`,
	})
	for i := range n {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("A%d", i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag(fmt.Sprintf(`json:"a%d,omitempty"`, i)),
		})
	}
	return reflect.StructOf(fields)
}

var limits = map[string]limit{
	"body, by `Read`": {most: "1 MB", answer: "413", below: resource.DefaultLimit,
		with: func(_ *testing.T, n int) any { return read(n, 0) },
		check: func(t *testing.T) {
			t.Helper()
			require.NoError(t, read(resource.DefaultLimit+1, 2*resource.DefaultLimit))
		}},
	"nesting of a document": {most: "64 levels", answer: "400 invalidSyntax", below: 63, // and the document's own
		with: func(_ *testing.T, n int) any { return create(`"x":` + strings.Repeat("[", n) + strings.Repeat("]", n)) }},
	"unknown members of one object": {most: "1,000", answer: "400 invalidSyntax", below: 1000,
		with: func(_ *testing.T, n int) any { return create(times(n, ",", `"x%d":1`)) }},
	"integer": {most: "what the Go type holds", answer: "400 invalidValue", below: 0,
		with: func(_ *testing.T, n int) any { // 2^63-1 and what follows
			_, err := resource.Validate[resource.SearchRequest](resource.QueryRequest, []byte(fmt.Sprintf(`{"schemas":["%s"],"count":922337203685477580%d}`, resource.SearchRequestSchema, 7+n)))
			return err
		}},
	"memory for the elements of a request": {most: "8 times the body + 64 KB", answer: "400 invalidSyntax", below: 300,
		with: func(_ *testing.T, n int) any { // 13 bytes each, and more than a hundred in Go
			if n > 300 {
				n *= 100
			}
			return create(`"addresses":[` + times(n, ",", `{"type":"x"}`) + `]`)
		}},
	"faults reported of a document": {most: "100", answer: "the rest is not looked for", check: func(t *testing.T) {
		t.Helper()
		for n, want := range map[int]int{99: 99, 100: 100, 101: 100, 5000: 100} {
			var list scimerrors.List
			require.ErrorAs(t, create(`"emails":[`+times(n, ",", "1")+`]`), &list)
			assert.Len(t, list, want)
		}
	}},
	"detail of several faults": {most: "8 KB", answer: "the rest is counted", check: func(t *testing.T) {
		t.Helper()
		few := scimerrors.From(stderrors.Join(scimerrors.New(scimerrors.InvalidValue, "%s", strings.Repeat("x", 8000)), scimerrors.New(scimerrors.InvalidValue, "last")))
		assert.Contains(t, few.Detail, "last")
		many := scimerrors.From(stderrors.Join(scimerrors.New(scimerrors.InvalidValue, "%s", strings.Repeat("x", 9000)), scimerrors.New(scimerrors.InvalidValue, "last")))
		assert.LessOrEqual(t, len(many.Detail), 8<<10)
	}},
	"filter: length": {most: "64 KB", answer: "400 invalidFilter", below: filter.DefaultLength,
		with: func(_ *testing.T, n int) any { return parse(long(n, `userName eq "`, `"`)) },
		check: func(t *testing.T) {
			t.Helper()
			require.NoError(t, parse(long(1<<17, `userName eq "`, `"`), filter.MaxLength(1<<17)))
		}},
	"path: length": {most: "64 KB", answer: "400 invalidPath", below: filter.DefaultLength,
		with: func(_ *testing.T, n int) any {
			_, err := filter.ParsePath(long(n, `emails[value eq "`, `"]`))
			return err
		}},
	"filter: nesting": {most: "64 levels", answer: "400 invalidFilter", below: filter.DefaultDepth,
		with: func(_ *testing.T, n int) any {
			return parse(strings.Repeat("(", n) + "userName pr" + strings.Repeat(")", n))
		},
		check: func(t *testing.T) {
			t.Helper()
			require.NoError(t, parse(strings.Repeat("(", 100)+"userName pr"+strings.Repeat(")", 100), filter.MaxDepth(100)))
		}},
	"filter: comparisons": {most: "1,000", answer: "400 invalidFilter", below: filter.DefaultTerms,
		with: func(_ *testing.T, n int) any { return parse(times(n, " or ", "userName pr")) },
		check: func(t *testing.T) {
			t.Helper()
			require.NoError(t, parse(times(2000, " or ", "userName pr"), filter.MaxTerms(2000)))
		}},
	"operations of a PATCH": {most: "10,000, counted once more when those without a path have been split by attribute", answer: "413", below: 10_000,
		with: func(_ *testing.T, n int) any {
			return patchOf(times(n, ",", `{"op":"add","path":"title","value":"x"}`))
		},
		check: func(t *testing.T) {
			t.Helper()
			split := `{"op":"add","value":{"title":"x","nickName":"x"}}`
			require.NoError(t, patchOf(times(5000, ",", split)))
			refused(t, patchOf(times(5001, ",", split)), "413")
			byHand := func(n int) error {
				op := &resource.PatchOp[resource.Group]{Operations: slices.Repeat([]resource.PatchOperation{{Op: "replace", Path: "displayName", Value: "g"}}, n)}
				_, err := patch.Apply(&resource.Group{DisplayName: "g"}, op)
				return err
			}
			require.NoError(t, byHand(10_000))
			refused(t, byHand(10_001), "413")
		}},
	"list elements that the operations of a PATCH pass over": {most: "10,000,000", answer: "400 tooMany", below: 20, // what exceeds it is still carried out
		with: func(_ *testing.T, n int) any { return applied(2*n, 500_000) }},
	"operations of a bulk request": {most: "none", answer: "413", below: 100,
		with:  func(_ *testing.T, n int) any { return bulk(n, resource.BulkConfig{MaxOperations: 100}) },
		check: func(t *testing.T) { t.Helper(); require.NoError(t, bulk(20_000, resource.BulkConfig{})) }},
	"size of a bulk request": {most: "that of the body", answer: "413", below: 500,
		with: func(_ *testing.T, n int) any {
			body := long(n, `{"schemas":["`+resource.BulkRequestSchema+`"],"Operations":[{"method":"DELETE","path":"/Users/`, `"}]}`)
			_, err := resource.ParseBulk([]byte(body), resource.BulkConfig{MaxPayloadSize: 500})
			return err
		}},
	"page of `List`": {most: "none", answer: "400 invalidCount", below: 10,
		with: func(_ *testing.T, n int) any {
			q := &resource.SearchRequest{Count: &n, Cursor: new("")}
			return resource.Check(resource.QueryRequest, q, resource.Strict(), resource.MaxResults(10))
		},
		check: func(t *testing.T) {
			t.Helper()
			users := make([]*resource.User, 1000)
			for i := range users {
				users[i] = &resource.User{}
			}
			all, err := resource.List(users, nil)
			require.NoError(t, err)
			assert.Len(t, all.Resources, 1000)
			page, err := resource.List(users, &resource.SearchRequest{Count: new(11)}, resource.MaxResults(10))
			require.NoError(t, err)
			assert.Len(t, page.Resources, 10)
		}},
	"cursor that is made": {most: "4 KB", answer: "400 tooMany", below: 2900,
		with: func(t *testing.T, n int) any {
			t.Helper()
			if n > 2900 {
				n += 200 // the exact length is that of the sealed text
			}
			_, err := cursors(t).Seal(nil, []any{strings.Repeat("x", n)})
			return err
		}},
	"names in `attributes`, `excludedAttributes`": {most: "1,000", answer: "400 invalidValue", below: 1000, with: func(t *testing.T, n int) any {
		t.Helper()
		faults := make([]error, 0, 2)
		for _, parameter := range []string{"attributes", "excludedAttributes"} {
			_, inURL := resource.ParseQuery(url.Values{parameter: {times(n, ",", "a%d")}})
			_, inBody := resource.Validate[resource.SearchRequest](resource.QueryRequest,
				[]byte(`{"schemas":["`+resource.SearchRequestSchema+`"],"`+parameter+`":[`+times(n, ",", `"a%d"`)+`]}`))
			require.Equal(t, inURL, inBody)
			faults = append(faults, inURL)
		}
		require.Equal(t, faults[0] == nil, faults[1] == nil)
		return faults[0]
	}},
	"cursor that is sent": {most: "4 KB", answer: "400 invalidCursor", check: func(t *testing.T) {
		t.Helper()
		c := cursors(t)
		cursor, err := c.Seal(nil, []any{strings.Repeat("x", 2900)})
		require.NoError(t, err)
		require.LessOrEqual(t, len(cursor), resource.MaxCursor)
		_, err = c.Open(&resource.SearchRequest{Cursor: &cursor})
		require.NoError(t, err)
		_, err = c.Open(&resource.SearchRequest{Cursor: new(strings.Repeat("A", resource.MaxCursor+1))})
		refused(t, err, "400 invalidCursor")
	}},
	"error message, by `errors.Parse`": {most: "1 MB", answer: "413", below: 1 << 20, with: func(_ *testing.T, n int) any {
		_, err := scimerrors.Parse([]byte(long(n, `{"schemas":["`+scimerrors.URN+`"],"status":"400","detail":"`, `"}`)))
		return err
	}},
	"attributes of one schema, by `schema.Load`": {most: "252, beside the common ones", answer: "400 invalidValue", below: 252, with: func(_ *testing.T, n int) any {
		_, _, err := schema.Load([]byte(`{"id":"urn:acme:Wide","name":"Wide","attributes":[` + times(n, ",", `{"name":"a%d","type":"string","multiValued":false}`) + `]}`))
		return err
	}},
	"attributes of one Go struct": {most: "256, an extension counts as one", answer: "panic when the type is first used", check: func(t *testing.T) {
		t.Helper()
		assert.NotPanics(t, func() { schema.Of(structWith(252)) })
		assert.Panics(t, func() { schema.Of(structWith(253)) })
	}},
}

// applied applies n operations to a group. Every second one adds a member to those that are there; what stands between these keeps them
// from passing over the list together.
func applied(n, members int) error {
	g := &resource.Group{DisplayName: "g", Members: make([]resource.Member, members)}
	op := &resource.PatchOp[resource.Group]{Operations: make([]resource.PatchOperation, n)}
	for i := range op.Operations {
		op.Operations[i] = resource.PatchOperation{Op: "replace", Path: "displayName", Value: "g"}
		if i%2 == 0 {
			op.Operations[i] = resource.PatchOperation{Op: "add", Path: "members", Value: []resource.Member{{Value: strconv.Itoa(i)}}}
		}
	}
	_, err := patch.Apply(g, op)
	return err
}

func refused(t *testing.T, err error, answer string) {
	t.Helper()
	require.Error(t, err)
	e := scimerrors.From(err)
	assert.Equal(t, answer, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Type)), "%v", err)
}

// Every row of README.md has a test here and every test a row; what is at the limit is accepted, and one more refused as the row says.
func TestLimits(t *testing.T) {
	rows := limitRows(t)
	for name := range limits {
		assert.Contains(t, rows, name, "README.md has no such row")
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			l, ok := limits[name]
			require.True(t, ok, "the row has no test")
			assert.Equal(t, row.most, l.most)
			assert.Contains(t, row.answer, l.answer)
			require.True(t, l.with != nil || l.check != nil)
			if l.with != nil {
				require.Nil(t, l.with(t, l.below))
				err, _ := l.with(t, l.below+1).(error)
				refused(t, err, l.answer)
			}
			if l.check != nil {
				l.check(t)
			}
		})
	}
}

// limitRows reads the table.
func limitRows(t *testing.T) map[string]limit {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(text), "\n## Limits\n")
	require.True(t, ok, "README.md has no limits")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]limit{}
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(line, "|\n"), " |")
		if line[0] != '|' || strings.HasPrefix(line, "| What ") || strings.HasPrefix(line, "|---") {
			continue
		}
		require.GreaterOrEqual(t, len(cells), 3, line)
		rows[strings.TrimSpace(cells[0])] = limit{most: strings.TrimSpace(cells[1]), answer: strings.TrimSpace(cells[2])}
	}
	require.Greater(t, len(rows), 15)
	return rows
}
