package filter_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/schema"
)

// mapped has a column for everything: of the core schema d.path, of an extension x.path, of values e.path.
func mapped(t filter.Target) (filter.Column, error) {
	path := strings.TrimPrefix(t.Path(), t.Schema)
	table := "d."
	if path != t.Path() {
		table = "x."
	}
	name := strings.ReplaceAll(strings.TrimPrefix(path, ":"), ".", "_")
	switch {
	case t.Attribute == "":
		return filter.Column{Expr: "x.id"}, nil
	case t.MultiValued:
		return filter.Column{Expr: "e." + name, Folded: "e." + name + "_f", From: t.Attribute + " e WHERE e.d = d.id", First: "e.n"}, nil
	}
	return filter.Column{Expr: table + name, Folded: table + name + "_f"}, nil
}

// standard is a dialect put together by hand.
func standard(column func(filter.Target) (filter.Column, error)) filter.Dialect {
	return filter.Dialect{Placeholder: func(n int) string { return fmt.Sprintf(":%d", n) }, Column: column}
}

// where writes a filter as SQL.
func where[T any](tb testing.TB, d filter.Dialect, text string, args ...any) (string, []any) {
	tb.Helper()
	f, err := filter.Compile[T](text)
	require.NoError(tb, err, text)
	where, args, err := f.SQL(d, args)
	require.NoError(tb, err, text)
	return where, args
}

var dollars = regexp.MustCompile(`\$(\d+)`)

// The text for PostgreSQL is spelled out; that for the others follows from it but where TestSQLDialects says so.
func TestSQL(t *testing.T) {
	const (
		none = `NOT COALESCE((d.label IS NOT NULL AND d.label <> ''), FALSE)`
		tags = `EXISTS (SELECT 1 FROM tags e WHERE e.d = d.id AND `
	)
	for _, c := range []struct {
		id, filter, want string
		args             []any
	}{
		{"empty", ``, `TRUE`, nil},

		{"7644-3.4.2.2-17/case exact", `serial eq "X"`, `d.serial = $1`, []any{"X"}},
		{"7644-3.4.2.2-17/string", `label eq "X"`, `d.label_f = $1`, []any{"x"}},
		{"7644-3.4.2.2-17/reference", `home eq "X"`, `d.home = $1`, []any{"X"}},
		{"7644-3.4.2.2-17/folded", `label eq "\u212A\u00C9"`, `d.label_f = $1`, []any{filter.Fold("\u212a\u00c9")}},
		{"AMB-32/string ne", `label ne "X"`, `((d.label_f <> '' AND d.label_f COLLATE "C" <> $1) OR ` + none + `)`, []any{"x"}},
		{"7644-3.4.2.2-20/gt", `label gt "X"`, `d.label_f COLLATE "C" > $1`, []any{"x"}},
		{"7644-3.4.2.2-20/ge", `label ge "X"`, `d.label_f COLLATE "C" >= $1`, []any{"x"}},
		{"7644-3.4.2.2-20/lt", `label lt "X"`, `(d.label_f <> '' AND d.label_f COLLATE "C" < $1)`, []any{"x"}},
		{"7644-3.4.2.2-20/le", `label le "X"`, `(d.label_f <> '' AND d.label_f COLLATE "C" <= $1)`, []any{"x"}},
		{"7644-3.4.2.2-20/case exact", `serial gt "X"`, `d.serial COLLATE "C" > $1`, []any{"X"}},
		{"AMB-34/eq", `label eq ""`, `FALSE`, nil},
		{"AMB-34/ne", `label ne ""`, `(d.label_f <> '' OR ` + none + `)`, nil},
		{"AMB-34/co", `label co ""`, `d.label_f <> ''`, nil},
		{"AMB-34/sw", `label sw ""`, `d.label_f <> ''`, nil},
		{"AMB-34/ew", `label ew ""`, `d.label_f <> ''`, nil},
		{"AMB-34/gt", `label gt ""`, `d.label_f <> ''`, nil},
		{"AMB-34/ge", `label ge ""`, `d.label_f <> ''`, nil},
		{"AMB-34/lt", `label lt ""`, `FALSE`, nil},
		{"AMB-34/le", `label le ""`, `FALSE`, nil},
		{"NUL/eq", `label eq "a\u0000b"`, `FALSE`, nil},
		{"NUL/ne", `label ne "a\u0000b"`, `(d.label_f <> '' OR ` + none + `)`, nil},
		{"NUL/co", `label co "a\u0000b"`, `FALSE`, nil},
		{"NUL/sw", `label sw "\u0000"`, `FALSE`, nil},
		{"NUL/ew", `label ew "a\u0000"`, `FALSE`, nil},
		{"NUL/gt", `label gt "A\u0000b"`, `(d.label_f COLLATE "C" > $1)`, []any{"a"}},
		{"NUL/ge", `serial ge "A\u0000b"`, `(d.serial COLLATE "C" > $1)`, []any{"A"}},
		{"NUL/lt", `label lt "a\u0000b"`, `(d.label_f <> '' AND d.label_f COLLATE "C" <= $1)`, []any{"a"}},
		{"NUL/le", `label le "a\u0000b"`, `(d.label_f <> '' AND d.label_f COLLATE "C" <= $1)`, []any{"a"}},
		{"7644-3.4.2.2-19/string pr", `label pr`, `(d.label IS NOT NULL AND d.label <> '')`, nil},
		{"AMB-33/ne null", `label ne null`, `(d.label IS NOT NULL AND d.label <> '')`, nil},
		{"AMB-33/eq null", `label eq null`, none, nil},

		{"7644-3.4.2.2-17/integer", `count eq 5`, `d.count = $1`, []any{int64(5)}},
		{"7644-3.4.2.2-17/exponent", `count eq 50e-1`, `d.count = $1`, []any{int64(5)}},
		{"AMB-32/integer ne", `count ne 5`, `(d.count <> $1 OR NOT COALESCE(d.count IS NOT NULL, FALSE))`, []any{int64(5)}},
		{"7644-3.4.2.2-21/integer gt", `count gt 5`, `d.count > $1`, []any{int64(5)}},
		{"7644-3.4.2.2-21/integer ge", `count ge 5`, `d.count >= $1`, []any{int64(5)}},
		{"7644-3.4.2.2-21/integer lt", `count lt 5`, `d.count < $1`, []any{int64(5)}},
		{"7644-3.4.2.2-21/integer le", `count le 5`, `d.count <= $1`, []any{int64(5)}},
		{"between integers/eq", `count eq 5.5`, `FALSE`, nil},
		{"between integers/ne", `count ne 5.5`, `(d.count IS NOT NULL OR NOT COALESCE(d.count IS NOT NULL, FALSE))`, nil},
		{"between integers/gt", `count gt 5.5`, `d.count > $1`, []any{int64(5)}},
		{"between integers/ge", `count ge 5.5`, `d.count > $1`, []any{int64(5)}},
		{"between integers/lt", `count lt 5.5`, `d.count <= $1`, []any{int64(5)}},
		{"between integers/le", `count le 5.5`, `d.count <= $1`, []any{int64(5)}},
		{"between negative integers/gt", `count gt -5.5`, `d.count >= $1`, []any{int64(-5)}},
		{"between negative integers/ge", `count ge -5.5`, `d.count >= $1`, []any{int64(-5)}},
		{"between negative integers/lt", `count lt -5.5`, `d.count < $1`, []any{int64(-5)}},
		{"between negative integers/le", `count le -5.5`, `d.count < $1`, []any{int64(-5)}},
		{"least integer", `count eq -9223372036854775808`, `d.count = $1`, []any{int64(-1 << 63)}},
		{"greatest integer", `count eq 9223372036854775807`, `d.count = $1`, []any{int64(1<<63 - 1)}},
		{"beyond/eq", `count eq 9223372036854775808`, `FALSE`, nil},
		{"beyond/ne", `count ne 1e400`, `(d.count IS NOT NULL OR NOT COALESCE(d.count IS NOT NULL, FALSE))`, nil},
		{"beyond/gt", `count gt 9223372036854775808`, `FALSE`, nil},
		{"beyond/le", `count le 1e400`, `d.count IS NOT NULL`, nil},
		{"beyond/below, eq", `count eq -9223372036854775809`, `FALSE`, nil},
		{"beyond/below, gt", `count gt -9223372036854775809`, `d.count IS NOT NULL`, nil},
		{"beyond/below, le", `count le -1e400`, `FALSE`, nil},
		{"7644-3.4.2.2-19/0", `count pr`, `d.count IS NOT NULL`, nil},
		{"0 is none/pr", `size pr`, `(d.size IS NOT NULL AND d.size <> 0)`, nil},
		{"0 is none/gt", `size gt 5`, `(d.size <> 0 AND d.size > $1)`, []any{int64(5)}},
		{"0 is none/ne", `size ne 5`, `((d.size <> 0 AND d.size <> $1) OR NOT COALESCE((d.size IS NOT NULL AND d.size <> 0), FALSE))`, []any{int64(5)}},
		{"0 is none/beyond", `size lt 1e30`, `(d.size <> 0 AND d.size IS NOT NULL)`, nil},
		{"pointer", `level lt 0`, `d.level < $1`, []any{int64(0)}},

		{"7644-3.4.2.2-17/decimal", `weight eq 2.50`, `d.weight = $1`, []any{2.5}},
		{"7644-3.4.2.2-21/decimal", `ratio ge 0.5`, `(d.ratio <> 0 AND d.ratio >= $1)`, []any{0.5}},
		{"decimal/beyond, gt", `ratio gt 1e400`, `FALSE`, nil},
		{"decimal/beyond, eq", `weight eq -1e400`, `FALSE`, nil},
		{"decimal/beyond, lt", `weight lt 1e400`, `d.weight IS NOT NULL`, nil},
		{"decimal/beyond, ne", `weight ne -1e400`, `(d.weight IS NOT NULL OR NOT COALESCE(d.weight IS NOT NULL, FALSE))`, nil},
		{"float32/as written", `scale eq 0.1`, `d.scale = $1`, []any{float64(float32(0.1))}},
		{"float32/beside, eq", `scale eq 0.10000000149011612`, `FALSE`, nil},
		{"float32/beside, ne", `scale ne 0.10000000149011612`, `(d.scale IS NOT NULL OR NOT COALESCE(d.scale IS NOT NULL, FALSE))`, nil},
		{"float32/below, ge", `scale ge 0.10000000149011612`, `d.scale > $1`, []any{float64(float32(0.1))}},
		{"float32/below, lt", `scale lt 0.10000000149011612`, `d.scale <= $1`, []any{float64(float32(0.1))}},
		{"float32/above, gt", `scale gt 0.0999999999`, `d.scale >= $1`, []any{float64(float32(0.1))}},
		{"float32/above, le", `scale le 0.0999999999`, `d.scale < $1`, []any{float64(float32(0.1))}},

		{"7644-3.4.2.2-27", `on eq true`, `d.on = TRUE`, nil},
		{"7644-3.4.2.2-27/text", `on eq "False"`, `d.on = FALSE`, nil},
		{"7644-3.4.2.2-27/ne", `off ne false`, `(d.off = TRUE OR NOT COALESCE(d.off IS NOT NULL, FALSE))`, nil},
		{"7644-3.4.2.2-19/false", `off pr`, `d.off IS NOT NULL`, nil},
		{"false is none/eq true", `flag eq true`, `d.flag = TRUE`, nil},
		{"false is none/eq false", `flag eq false`, `FALSE`, nil},
		{"false is none/ne", `flag ne true`, `(FALSE OR NOT COALESCE((d.flag IS NOT NULL AND d.flag = TRUE), FALSE))`, nil},

		{"7644-3.4.2.2-19/time", `at pr`, `d.at IS NOT NULL`, nil},

		{"7644-3.4.2.2-17/binary", `blob eq "AQID"`, `d.blob = $1`, []any{[]byte{1, 2, 3}}},
		{"AMB-32/binary ne", `blob ne "AQID"`, `(d.blob <> $1 OR NOT COALESCE((d.blob IS NOT NULL AND length(d.blob) > 0), FALSE))`, []any{[]byte{1, 2, 3}}},
		{"AMB-34/binary", `blob eq ""`, `FALSE`, nil},
		{"AMB-34/binary ne", `blobs[value ne ""]`,
			`EXISTS (SELECT 1 FROM blobs e WHERE e.d = d.id AND ((e.blobs IS NOT NULL AND length(e.blobs) > 0) OR NOT COALESCE((e.blobs IS NOT NULL AND length(e.blobs) > 0), FALSE)))`, nil},
		{"7644-3.4.2.2-19/binary", `blob pr`, `(d.blob IS NOT NULL AND length(d.blob) > 0)`, nil},

		{"7644-3.4.2.2-24", `tags eq "X"`, tags + `e.tags_f = $1)`, []any{"x"}},
		{"7644-3.4.2.2-24/numbers", `counts gt 5`, `EXISTS (SELECT 1 FROM counts e WHERE e.d = d.id AND e.counts > $1)`, []any{int64(5)}},
		{"7644-3.4.2.2-19/list", `tags pr`, tags + `(e.tags IS NOT NULL AND e.tags <> ''))`, nil},
		{"AMB-33/list", `tags eq null`, `NOT COALESCE(` + tags + `(e.tags IS NOT NULL AND e.tags <> '')), FALSE)`, nil},
		{"AMB-39", `tags ne "X"`, `(` + tags + `(e.tags_f <> '' AND e.tags_f COLLATE "C" <> $1)) OR NOT COALESCE(` + tags + `(e.tags IS NOT NULL AND e.tags <> '')), FALSE))`, []any{"x"}},
		{"erratum 7122", `counts[value gt 5 and value lt 7]`, `EXISTS (SELECT 1 FROM counts e WHERE e.d = d.id AND (e.counts > $1 AND e.counts < $2))`, []any{int64(5), int64(7)}},
		{"erratum 7122/not", `tags[not (value eq "x")]`, tags + `NOT COALESCE(e.tags_f = $1, FALSE))`, []any{"x"}},

		{"7644-3.4.2.2-19/complex", `part pr`, `d.part IS NOT NULL`, nil},
		{"AMB-33/complex", `part eq null`, `NOT COALESCE(d.part IS NOT NULL, FALSE)`, nil},
		{"complex/part", `part.code eq "V"`, `d.part_code = $1`, []any{"V"}},
		{"AMB-38", `part eq "V"`, `d.part_value_f = $1`, []any{"v"}},
		{"complex/in brackets", `part[code eq "V" and size gt 5]`, `(d.part IS NOT NULL AND (d.part_code = $1 AND d.part_size > $2))`, []any{"V", int64(5)}},
		{"7643-2.4-05/singular", `part.primary eq false`, `(d.part IS NOT NULL AND COALESCE(d.part_primary, FALSE) = FALSE)`, nil},
		{"7643-2.4-05/singular ne", `part.primary ne false`, `((d.part IS NOT NULL AND COALESCE(d.part_primary, FALSE) = TRUE) OR NOT COALESCE(d.part IS NOT NULL, FALSE))`, nil},
		{"7643-2.4-05/pr", `part.primary pr`, `d.part_primary IS NOT NULL`, nil},
		{"7643-2.4-05", `plains.primary eq false`, `EXISTS (SELECT 1 FROM plains e WHERE e.d = d.id AND COALESCE(e.plains_primary, FALSE) = FALSE)`, nil},
		{"7643-2.4-05/ne", `parts.primary ne false`, `(EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND COALESCE(e.parts_primary, FALSE) = TRUE) OR ` +
			`NOT COALESCE(EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND e.parts IS NOT NULL), FALSE))`, nil},
		{"7643-2.4-05/in brackets", `parts[primary ne true]`, `EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND COALESCE(e.parts_primary, FALSE) = FALSE)`, nil},
		{"7644-3.4.2.2-26", `parts eq "V"`, `EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND e.parts_value_f = $1)`, []any{"v"}},
		{"7644-3.4.2.2-11", `parts[code eq "V" and not (size pr)]`,
			`EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND (e.parts_code = $1 AND NOT COALESCE(e.parts_size IS NOT NULL, FALSE)))`, []any{"V"}},
		{"7644-3.4.2.2-12", `parts.code eq "V" and parts.size eq 1`,
			`(EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND e.parts_code = $1) AND EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND e.parts_size = $2))`, []any{"V", int64(1)}},
		{"AMB-33/in brackets", `parts[size eq null]`, `EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND NOT COALESCE(e.parts_size IS NOT NULL, FALSE))`, nil},

		{"7644-3.10-04/extension pr", extra + ` pr`, `x.id IS NOT NULL`, nil},
		{"7644-3.10-04/extension eq null", short + ` eq null`, `NOT COALESCE(x.id IS NOT NULL, FALSE)`, nil},
		{"7644-3.10-04/extension", extra + `:shelf eq "S"`, `x.shelf = $1`, []any{"S"}},
		{"7644-3.10-04/part", extra + `:owner.code eq "S"`, `x.owner_code = $1`, []any{"S"}},
		{"7644-3.10-04/list", extra + `:parts[count gt 1]`, `EXISTS (SELECT 1 FROM parts e WHERE e.d = d.id AND e.parts_count > $1)`, []any{int64(1)}},
		{"AMB-31/unqualified", `shelf eq "S"`, `x.shelf = $1`, []any{"S"}},

		{"7644-3.4.2.2-28/pr", `schemas pr`, `TRUE`, nil},
		{"7644-3.4.2.2-28/ne null", `schemas ne null`, `TRUE`, nil},
		{"7644-3.4.2.2-28/eq null", `schemas eq null`, `FALSE`, nil},
		{"7644-3.4.2.2-28/core", `schemas eq "URN:acme:params:scim:schemas:core:2.0:Device"`, `TRUE`, nil},
		{"7644-3.4.2.2-28", `schemas eq "` + extra + `"`, `x.id IS NOT NULL`, nil},
		{"7644-3.4.2.2-28/sw", `schemas sw "` + short + `"`, `(x.id IS NOT NULL OR x.id IS NOT NULL)`, nil},
		{"7644-3.4.2.2-28/another", `schemas eq "urn:x"`, `FALSE`, nil},

		{"AMB-31/eq", `nothing eq "x"`, `FALSE`, nil},
		{"AMB-31/ne", `nothing ne "x"`, `TRUE`, nil},
		{"AMB-31/pr", `nothing pr`, `FALSE`, nil},
		{"AMB-31/eq null", `nothing eq null`, `TRUE`, nil},
		{"AMB-31/in brackets", `tags[nothing pr]`, tags + `FALSE)`, nil},
		{"AMB-31/brackets", `nothing[x eq 1]`, `FALSE`, nil},

		{"7644-3.4.2.2-08", `label eq "a" or label eq "b" and count eq 5`, `(d.label_f = $1 OR (d.label_f = $2 AND d.count = $3))`, []any{"a", "b", int64(5)}},
		{"7644-3.4.2.2-08/parentheses", `(label eq "a" or label eq "b") and count eq 5`, `((d.label_f = $1 OR d.label_f = $2) AND d.count = $3)`, []any{"a", "b", int64(5)}},
		{"not", `not (not (on eq true) or count eq 5)`, `NOT COALESCE((NOT COALESCE(d.on = TRUE, FALSE) OR d.count = $1), FALSE)`, []any{int64(5)}},
		{"chain", `count eq 1 or count eq 2 or count eq 3 or count eq 4`, `((d.count = $1 OR d.count = $2) OR (d.count = $3 OR d.count = $4))`,
			[]any{int64(1), int64(2), int64(3), int64(4)}},
	} {
		t.Run(c.id, func(t *testing.T) {
			got, args := where[Device](t, filter.PostgreSQL(mapped), c.filter)
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.args, args)
			want := strings.ReplaceAll(c.want, ` COLLATE "C"`, "")
			got, args = where[Device](t, filter.SQLite(mapped), c.filter)
			assert.Equal(t, dollars.ReplaceAllString(want, "?"), got)
			assert.Equal(t, c.args, args)
			got, args = where[Device](t, standard(mapped), c.filter)
			assert.Equal(t, dollars.ReplaceAllString(want, ":$1"), got)
			assert.Equal(t, c.args, args)
		})
	}
}

// What the databases do each in its own way: parts of strings, times, binary values of documents.
func TestSQLDialects(t *testing.T) {
	at := time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)
	text := []any{"2011-05-13T04:42:34.000000000Z"}
	finer := []any{"2011-05-13T04:42:34.000000500Z"}
	for _, c := range []struct {
		id, filter          string
		postgres            string
		args                []any
		sqlite              string
		sqliteArgs          []any
		standard            string
		standardArgs        []any
		document, documentL string
		documentArgs        []any
	}{
		{"7644-3.4.2.2-18/co", `label co "A%_\\"`,
			`d.label_f LIKE $1 ESCAPE '\'`, []any{`%a\%\_\\%`}, `instr(d.label_f, ?) > 0`, []any{`a%_\`}, `d.label_f LIKE :1 ESCAPE '\'`, []any{`%a\%\_\\%`},
			`(s->>'label') LIKE $1 ESCAPE '\'`, `instr(json_extract(s, '$."label"'), ?) > 0`, []any{`a%_\`}},
		{"7644-3.4.2.2-18/sw", `serial sw "A%_\\"`,
			`d.serial LIKE $1 ESCAPE '\'`, []any{`A\%\_\\%`}, `(d.serial >= ? AND d.serial < ?)`, []any{`A%_\`, `A%_]`}, `d.serial LIKE :1 ESCAPE '\'`, []any{`A\%\_\\%`},
			`(s->>'serial') LIKE $1 ESCAPE '\'`, `(json_extract(s, '$."serial"') >= ? AND json_extract(s, '$."serial"') < ?)`, []any{`A%_\`, `A%_]`}},
		{"7644-3.4.2.2-18/ew", `home ew "A%_\\"`,
			`d.home LIKE $1 ESCAPE '\'`, []any{`%A\%\_\\`}, `substr(d.home, -length(?)) = ?`, []any{`A%_\`, `A%_\`}, `d.home LIKE :1 ESCAPE '\'`, []any{`%A\%\_\\`},
			`(s->>'home') LIKE $1 ESCAPE '\'`, `substr(json_extract(s, '$."home"'), -length(?)) = ?`, []any{`A%_\`, `A%_\`}},
		{"7644-3.4.2.2-21/dateTime", `at gt "2011-05-13T06:42:34+02:00"`,
			`d.at > $1`, []any{at}, `d.at > ?`, text, `d.at > :1`, text, `(s->>'at') > $1`, `json_extract(s, '$."at"') > ?`, text},
		{"AMB-32/dateTime", `at ne "2011-05-13T04:42:34Z"`,
			`(d.at <> $1 OR NOT COALESCE(d.at IS NOT NULL, FALSE))`, []any{at},
			`(d.at <> ? OR NOT COALESCE(d.at IS NOT NULL, FALSE))`, text,
			`(d.at <> :1 OR NOT COALESCE(d.at IS NOT NULL, FALSE))`, text,
			`((s->>'at') <> $1 OR NOT COALESCE((s->>'at') IS NOT NULL, FALSE))`,
			`(json_extract(s, '$."at"') <> ? OR NOT COALESCE(json_extract(s, '$."at"') IS NOT NULL, FALSE))`, text},
		{"between microseconds/eq", `at eq "2011-05-13T04:42:34.0000005Z"`,
			`FALSE`, nil, `d.at = ?`, finer, `d.at = :1`, finer, `(s->>'at') = $1`, `json_extract(s, '$."at"') = ?`, finer},
		{"between microseconds/ne", `at ne "2011-05-13T04:42:34.0000005Z"`,
			`(d.at IS NOT NULL OR NOT COALESCE(d.at IS NOT NULL, FALSE))`, nil,
			`(d.at <> ? OR NOT COALESCE(d.at IS NOT NULL, FALSE))`, finer,
			`(d.at <> :1 OR NOT COALESCE(d.at IS NOT NULL, FALSE))`, finer,
			`((s->>'at') <> $1 OR NOT COALESCE((s->>'at') IS NOT NULL, FALSE))`,
			`(json_extract(s, '$."at"') <> ? OR NOT COALESCE(json_extract(s, '$."at"') IS NOT NULL, FALSE))`, finer},
		{"between microseconds/ge", `at ge "2011-05-13T04:42:34.0000005Z"`,
			`d.at > $1`, []any{at}, `d.at >= ?`, finer, `d.at >= :1`, finer, `(s->>'at') >= $1`, `json_extract(s, '$."at"') >= ?`, finer},
		{"between microseconds/lt", `at lt "2011-05-13T04:42:34.0000005Z"`,
			`d.at <= $1`, []any{at}, `d.at < ?`, finer, `d.at < :1`, finer, `(s->>'at') < $1`, `json_extract(s, '$."at"') < ?`, finer},
		{"binary", `blob eq "AQID"`,
			`d.blob = $1`, []any{[]byte{1, 2, 3}}, `d.blob = ?`, []any{[]byte{1, 2, 3}}, `d.blob = :1`, []any{[]byte{1, 2, 3}},
			`(s->>'blob') = $1`, `json_extract(s, '$."blob"') = ?`, []any{"010203"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			for _, d := range []struct {
				dialect filter.Dialect
				want    string
				args    []any
			}{
				{filter.PostgreSQL(mapped), c.postgres, c.args},
				{filter.SQLite(mapped), c.sqlite, c.sqliteArgs},
				{standard(mapped), c.standard, c.standardArgs},
				{filter.SQLiteDocument("s"), c.documentL, c.documentArgs},
			} {
				got, args := where[Device](t, d.dialect, c.filter)
				assert.Equal(t, d.want, got)
				assert.Equal(t, d.args, args)
			}
			got, args := where[Device](t, filter.PostgreSQLDocument("s"), c.filter)
			assert.Equal(t, c.document, got)
			if strings.Contains(got, "LIKE") {
				assert.Equal(t, c.args, args)
			} else {
				assert.Equal(t, c.documentArgs, args)
			}
		})
	}
}

func TestSQLDocuments(t *testing.T) {
	const (
		each  = `EXISTS (SELECT 1 FROM jsonb_array_elements(`
		as    = `) WITH ORDINALITY AS scim_e(v, n) WHERE TRUE AND `
		eachL = `EXISTS (SELECT 1 FROM json_each(s, '$.`
		asL   = `') AS scim_e WHERE TRUE AND `
	)
	for _, c := range []struct {
		filter, postgres, sqlite string
		args                     []any
	}{
		{`label eq "X"`, `(s->>'label') = $1`, `json_extract(s, '$."label"') = ?`, []any{"x"}},
		{`label gt "X"`, `(s->>'label') COLLATE "C" > $1`, `json_extract(s, '$."label"') > ?`, []any{"x"}},
		{`count gt 5`, `(s->>'count')::numeric > $1`, `json_extract(s, '$."count"') > ?`, []any{int64(5)}},
		{`weight le 2.5`, `(s->>'weight')::float8 <= $1`, `json_extract(s, '$."weight"') <= ?`, []any{2.5}},
		{`on eq true`, `(s->>'on')::boolean = TRUE`, `json_extract(s, '$."on"') = TRUE`, nil},
		{`part pr`, `(s->'part') IS NOT NULL`, `json_extract(s, '$."part"') IS NOT NULL`, nil},
		{`part.code eq "X"`, `(s->'part'->>'code') = $1`, `json_extract(s, '$."part"."code"') = ?`, []any{"X"}},
		{`meta.version eq "X"`, `(s->'meta'->>'version') = $1`, `json_extract(s, '$."meta"."version"') = ?`, []any{"X"}},
		{`tags eq "X"`, each + `s->'tags'` + as + `(scim_e.v#>>'{}') = $1)`, eachL + `"tags"` + asL + `scim_e.value = ?)`, []any{"x"}},
		{`counts[value gt 1]`, each + `s->'counts'` + as + `(scim_e.v#>>'{}')::numeric > $1)`, eachL + `"counts"` + asL + `scim_e.value > ?)`, []any{int64(1)}},
		{`flags eq true`, each + `s->'flags'` + as + `(scim_e.v#>>'{}')::boolean = TRUE)`, eachL + `"flags"` + asL + `scim_e.value = TRUE)`, nil},
		{`parts pr`, each + `s->'parts'` + as + `TRUE)`, eachL + `"parts"` + asL + `TRUE)`, nil},
		{`parts eq "X"`, each + `s->'parts'` + as + `(scim_e.v->>'value') = $1)`, eachL + `"parts"` + asL + `json_extract(scim_e.value, '$."value"') = ?)`, []any{"x"}},
		{`parts[code eq "X" and primary eq true]`, each + `s->'parts'` + as + `((scim_e.v->>'code') = $1 AND COALESCE((scim_e.v->>'primary')::boolean, FALSE) = TRUE))`,
			eachL + `"parts"` + asL + `(json_extract(scim_e.value, '$."code"') = ? AND COALESCE(json_extract(scim_e.value, '$."primary"'), FALSE) = TRUE))`, []any{"X"}},
		{extra + ` pr`, `(s->'` + extra + `') IS NOT NULL`, `json_extract(s, '$."` + extra + `"') IS NOT NULL`, nil},
		{extra + `:shelf eq "X"`, `(s->'` + extra + `'->>'shelf') = $1`, `json_extract(s, '$."` + extra + `"."shelf"') = ?`, []any{"X"}},
		{extra + `:owner.code eq "X"`, `(s->'` + extra + `'->'owner'->>'code') = $1`, `json_extract(s, '$."` + extra + `"."owner"."code"') = ?`, []any{"X"}},
		{extra + `:parts.count gt 1`, each + `s->'` + extra + `'->'parts'` + as + `(scim_e.v->>'count')::numeric > $1)`,
			eachL + `"` + extra + `"."parts"` + asL + `json_extract(scim_e.value, '$."count"') > ?)`, []any{int64(1)}},
		{`schemas sw "` + short + `"`, `((s->'` + extra + `') IS NOT NULL OR (s->'` + short + `') IS NOT NULL)`,
			`(json_extract(s, '$."` + extra + `"') IS NOT NULL OR json_extract(s, '$."` + short + `"') IS NOT NULL)`, nil},
	} {
		t.Run(c.filter, func(t *testing.T) {
			got, args := where[Device](t, filter.PostgreSQLDocument("s"), c.filter)
			assert.Equal(t, c.postgres, got)
			assert.Equal(t, c.args, args)
			got, args = where[Device](t, filter.SQLiteDocument("s"), c.filter)
			assert.Equal(t, c.sqlite, got)
			assert.Equal(t, c.args, args)
		})
	}
}

// JSON of any form can only be there or not.
func TestSQLRaw(t *testing.T) {
	for _, d := range []filter.Dialect{filter.PostgreSQL(mapped), filter.SQLite(mapped), standard(mapped)} {
		got, args := where[Loose](t, d, `raw pr and any eq null`)
		assert.Equal(t, `(d.raw IS NOT NULL AND NOT COALESCE(d.any IS NOT NULL, FALSE))`, got)
		assert.Empty(t, args)
	}
}

// What begins with a string ends, in SQLite, before the least string behind all of them, by code point.
func TestSQLBeginnings(t *testing.T) {
	const whole, open = `(d.serial >= ? AND d.serial < ?)`, `d.serial >= ?`
	for _, c := range []struct {
		id, text, want string
		args           []any
	}{
		{"7644-3.4.2.2-18/ASCII", "ab", whole, []any{"ab", "ac"}},
		{"7644-3.4.2.2-18/the last of one byte", "a\x7f", whole, []any{"a\x7f", "a\u0080"}},
		{"7644-3.4.2.2-18/the last of two bytes", "\u07ff", whole, []any{"\u07ff", "\u0800"}},
		{"7644-3.4.2.2-18/surrogates are no characters", "a\ud7ff", whole, []any{"a\ud7ff", "a\ue000"}},
		{"7644-3.4.2.2-18/the last of three bytes", "\uffff", whole, []any{"\uffff", "\U00010000"}},
		{"7644-3.4.2.2-18/the last character", "ab\U0010ffff\U0010ffff", whole, []any{"ab\U0010ffff\U0010ffff", "ac"}},
		{"7644-3.4.2.2-18/nothing is behind", "\U0010ffff\U0010ffff", open, []any{"\U0010ffff\U0010ffff"}},
	} {
		t.Run(c.id, func(t *testing.T) {
			got, args := where[Device](t, filter.SQLite(mapped), "serial sw "+filter.Quote(c.text))
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.args, args)
		})
	}
}

// all are the dialects there are.
func all() map[string]filter.Dialect {
	return map[string]filter.Dialect{
		"PostgreSQL": filter.PostgreSQL(mapped), "SQLite": filter.SQLite(mapped), "standard": standard(mapped),
		"PostgreSQL document": filter.PostgreSQLDocument("s"), "SQLite document": filter.SQLiteDocument("s"),
	}
}

// Whatever a client sends, the text stays the same: its values are arguments, each with a place of its own.
func TestSQLValues(t *testing.T) {
	hostile := []string{
		`' or 'a' = 'a`, `''; drop table users; --`, `x'--`, `/* x */`, `# x`, `"`, "`", `$1`, `$2`, `?`, `:1`, `@p1`, `{}`, `%`, `_`, `\`, `\'`, `%%`, `a%`, `\\_`,
		"\x01\x1f\x7f", "\u2019", "\uff07", "\U0001F600", "\u202e", "x\n'y", strings.Repeat("'", 1000),
	}
	for name, d := range all() {
		t.Run(name, func(t *testing.T) {
			next := func(value string) string { // where SQLite ends a range of what begins with it
				r := []rune(value)
				r[len(r)-1]++
				return string(r)
			}
			for _, shape := range []string{
				`serial eq %s`, `serial ne %s`, `serial co %s`, `serial sw %s`, `serial ew %s`, `serial gt %s`, `serial ge %s`, `serial lt %s`, `serial le %s`,
				`label eq %s`, `label co %s`, `label sw %s`, `label ew %s`, `label le %s`, `home eq %s`, `tags eq %s`, `tags[value sw %s]`, `parts.value co %s`,
				`parts[code ew %s]`, `part eq %s`, extra + `:shelf eq %s`, `not (label ne %s)`, `id eq %s`, `meta.version eq %s`,
			} {
				want, benign := where[Device](t, d, fmt.Sprintf(shape, `"abc"`))
				assert.NotContains(t, want, "abc")
				for _, value := range hostile {
					text := fmt.Sprintf(shape, filter.Quote(value))
					got, args := where[Device](t, d, text)
					require.Equal(t, want, got, text)
					require.Len(t, args, len(benign))
					for i, arg := range args { // the value is the argument, whole, as LIKE may need it
						plain, _ := benign[i].(string)
						before, after, _ := strings.Cut(plain, "abc")
						like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(value)
						assert.Contains(t, []any{value, filter.Fold(value), next(value), next(filter.Fold(value)), before + like + after, before + filter.Fold(like) + after}, arg, text)
					}
				}
			}
			for _, text := range []string{`schemas eq %s`, `nothing eq %s`, `nothing[x sw %s]`} {
				for _, value := range hostile {
					got, args := where[Device](t, d, fmt.Sprintf(text, filter.Quote(value)))
					assert.Contains(t, []string{"TRUE", "FALSE"}, got)
					assert.Empty(t, args)
				}
			}
			for _, number := range []string{`5`, `-5`, `1e3`, `0.25`} {
				for _, attribute := range []string{"count", "weight", "scale"} {
					got, args := where[Device](t, d, attribute+" gt "+number)
					assert.NotContains(t, got, number)
					assert.Len(t, args, 1)
				}
			}
		})
	}
}

// Placeholders go on from the arguments that are there, and count one each.
func TestSQLPlaceholders(t *testing.T) {
	const text = `label eq "a" and tags[value co "b" or value sw "c"] and not (count gt 5)`
	got, args := where[Device](t, filter.PostgreSQL(mapped), text, "tenant", 7)
	assert.Equal(t, `((d.label_f = $3 AND EXISTS (SELECT 1 FROM tags e WHERE e.d = d.id AND (e.tags_f LIKE $4 ESCAPE '\' OR e.tags_f LIKE $5 ESCAPE '\'))) AND NOT COALESCE(d.count > $6, FALSE))`, got)
	assert.Equal(t, []any{"tenant", 7, "a", "%b%", "c%", int64(5)}, args)
	got, args = where[Device](t, standard(mapped), text, "tenant")
	assert.Equal(t, []string{":2", ":3", ":4", ":5"}, regexp.MustCompile(`:\d+`).FindAllString(got, -1))
	assert.Len(t, args, 5)
	got, args = where[Device](t, filter.SQLite(mapped), text, "tenant")
	assert.Equal(t, len(args)-1, strings.Count(got, "?"))
	assert.Equal(t, []any{"tenant", "a", "b", "c", "d", int64(5)}, args)

	got, args = where[Device](t, filter.PostgreSQL(mapped), ``, "tenant")
	assert.Equal(t, "TRUE", got)
	assert.Equal(t, []any{"tenant"}, args)
}

// A filter of as many comparisons as there may be is nested less deep than databases allow: SQLite stops at 1000.
func TestSQLDepth(t *testing.T) {
	for _, op := range []string{" or ", " and "} {
		got, args := where[Device](t, filter.SQLite(mapped), strings.TrimSuffix(strings.Repeat("count eq 5"+op, filter.DefaultTerms), op))
		assert.Len(t, args, filter.DefaultTerms)
		depth, deepest := 0, 0
		for _, c := range got {
			switch c {
			case '(':
				depth++
				deepest = max(deepest, depth)
			case ')':
				depth--
			}
		}
		assert.Equal(t, 10, deepest)
		assert.Zero(t, depth)
	}
}

// What a Column function is asked for.
func TestSQLTarget(t *testing.T) {
	device := "urn:acme:params:scim:schemas:core:2.0:Device"
	for _, c := range []struct {
		filter, path string
		want         filter.Target
	}{
		{`label eq "x"`, "label", filter.Target{Schema: device, Attribute: "label", Type: schema.TypeString}},
		{`SERIAL eq "x"`, "serial", filter.Target{Schema: device, Attribute: "serial", Type: schema.TypeString, CaseExact: true}},
		{`id eq "x"`, "id", filter.Target{Schema: device, Attribute: "id", Type: schema.TypeString, CaseExact: true}},
		{`home eq "x"`, "home", filter.Target{Schema: device, Attribute: "home", Type: schema.TypeReference, CaseExact: true}},
		{`count eq 1`, "count", filter.Target{Schema: device, Attribute: "count", Type: schema.TypeInteger}},
		{`ratio eq 1`, "ratio", filter.Target{Schema: device, Attribute: "ratio", Type: schema.TypeDecimal}},
		{`on eq true`, "on", filter.Target{Schema: device, Attribute: "on", Type: schema.TypeBoolean}},
		{`at pr`, "at", filter.Target{Schema: device, Attribute: "at", Type: schema.TypeDateTime}},
		{`meta.created pr`, "meta.created", filter.Target{Schema: device, Attribute: "meta", SubAttribute: "created", Type: schema.TypeDateTime}},
		{`part pr`, "part", filter.Target{Schema: device, Attribute: "part", Type: schema.TypeComplex}},
		{`tags pr`, "tags", filter.Target{Schema: device, Attribute: "tags", Type: schema.TypeString, MultiValued: true}},
		{`parts.code pr`, "parts.code", filter.Target{Schema: device, Attribute: "parts", SubAttribute: "code", Type: schema.TypeString, CaseExact: true, MultiValued: true}},
		{extra + `:shelf pr`, extra + ":shelf", filter.Target{Schema: extra, Attribute: "shelf", Type: schema.TypeString, CaseExact: true}},
		{extra + `:owner.size pr`, extra + ":owner.size", filter.Target{Schema: extra, Attribute: "owner", SubAttribute: "size", Type: schema.TypeInteger}},
		{extra + ` pr`, extra, filter.Target{Schema: extra, Type: schema.TypeComplex}},
	} {
		t.Run(c.path, func(t *testing.T) {
			var asked []filter.Target
			where[Device](t, filter.PostgreSQL(func(target filter.Target) (filter.Column, error) {
				asked = append(asked, target)
				return mapped(target)
			}), c.filter)
			require.Len(t, asked, 1)
			assert.Equal(t, c.path, asked[0].Path())
			assert.EqualExportedValues(t, c.want, asked[0])
		})
	}
}

// Where the columns do not know a complex attribute as a whole, its parts say whether it is there.
func TestSQLParts(t *testing.T) {
	const from = "emails e WHERE e.u = u.id"
	d := filter.PostgreSQL(filter.Columns{
		"name.givenName": {Expr: "u.given", Folded: "u.given_f"}, "name.familyName": {Expr: "u.family", Folded: "u.family_f"}, "name.formatted": {Expr: "u.formatted", Folded: "u.formatted_f"},
		"emails.value": {Expr: "e.value", Folded: "e.value_f", From: from}, "emails.primary": {Expr: "e.is_primary", From: from},
		enterprise + ":department": {Expr: "u.department", Folded: "u.department_f"}, enterprise + ":manager.value": {Expr: "u.manager"},
		"meta": {}, "phoneNumbers": {From: "phones p WHERE p.u = u.id"}, "phoneNumbers.value": {Expr: "p.value", Folded: "p.value_f", From: "phones p WHERE p.u = u.id"},
	}.Find)
	const (
		formatted = `(u.formatted IS NOT NULL AND u.formatted <> '')`
		family    = `(u.family IS NOT NULL AND u.family <> '')`
		given     = `(u.given IS NOT NULL AND u.given <> '')`
		values    = `EXISTS (SELECT 1 FROM ` + from + ` AND (e.value IS NOT NULL AND e.value <> ''))`
		primaries = `EXISTS (SELECT 1 FROM ` + from + ` AND e.is_primary IS NOT NULL)`
		more      = `((u.department IS NOT NULL AND u.department <> '') OR (u.manager IS NOT NULL AND u.manager <> ''))`
	)
	for text, want := range map[string]string{
		`name pr`:                      `((` + formatted + ` OR ` + family + `) OR ` + given + `)`,
		`name[givenName pr]`:           `(((` + formatted + ` OR ` + family + `) OR ` + given + `) AND ` + given + `)`,
		`emails pr`:                    `(` + values + ` OR ` + primaries + `)`,
		`emails[primary eq true]`:      `EXISTS (SELECT 1 FROM ` + from + ` AND COALESCE(e.is_primary, FALSE) = TRUE)`,
		`emails eq null`:               `NOT COALESCE((` + values + ` OR ` + primaries + `), FALSE)`,
		enterprise + ` pr`:             more,
		`schemas co "enterprise"`:      more,
		enterprise + `:manager pr`:     `(u.manager IS NOT NULL AND u.manager <> '')`,
		`meta pr`:                      `TRUE`, // is always there
		`phoneNumbers pr`:              `EXISTS (SELECT 1 FROM phones p WHERE p.u = u.id AND TRUE)`,
		`not (phoneNumbers[value pr])`: `NOT COALESCE(EXISTS (SELECT 1 FROM phones p WHERE p.u = u.id AND (p.value IS NOT NULL AND p.value <> '')), FALSE)`,
	} {
		got, args := where[Account](t, d, text)
		assert.Equal(t, want, got, text)
		assert.Empty(t, args)
	}
}
