package filter_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
)

// unwritten compiles a filter that has no SQL, and checks that the arguments stay as they were.
func unwritten[T any](t *testing.T, d filter.Dialect, text string) error {
	t.Helper()
	f, err := filter.Compile[T](text)
	require.NoError(t, err)
	where, args, err := f.SQL(d, []any{"tenant"})
	require.Error(t, err)
	assert.Empty(t, where)
	assert.Equal(t, []any{"tenant"}, args)
	return err
}

// The error of Column reaches the caller as it is, from wherever in a filter.
func TestSQLColumnErrors(t *testing.T) {
	broken := errors.New("no such table")
	for name, d := range map[string]filter.Dialect{"PostgreSQL": filter.PostgreSQL(nil), "SQLite": filter.SQLite(nil), "standard": standard(nil)} {
		d.Column = func(t filter.Target) (filter.Column, error) {
			if t.Attribute == "on" {
				return filter.Column{Expr: "d.on"}, nil
			}
			return filter.Column{}, broken
		}
		for _, text := range []string{
			`label eq "x"`, `label ne "x"`, `label pr`, `label eq null`, `not (label pr)`, `on eq true and label pr`, `label pr or on eq true`, `tags eq "x"`, `tags[value eq "x"]`, `parts pr`,
			`parts[code eq "x"]`, `parts.primary eq false`, `part.primary ne false`, `part[code pr]`, `part pr`, extra + ` pr`, `schemas eq "` + extra + `"`,
		} {
			assert.Same(t, broken, unwritten[Device](t, d, text), "%s: %s", name, text)
		}
	}
}

// 7644-3.12-05: what a service has no column for is invalidFilter, and the error names it.
func TestSQLUnknownColumns(t *testing.T) {
	const from = "e WHERE e.d = d.id"
	d := filter.SQLite(filter.Columns{"id": {Expr: "d.id"}, "parts.code": {Expr: "e.code", From: from}, "part.code": {Expr: "d.code"}}.Find)
	for text, path := range map[string]string{
		`label eq "x"`: "label", `id eq "x" and LABEL pr`: "label", `meta.created pr`: "meta.created", `tags eq "x"`: "tags", `tags[value eq "x"]`: "tags", `parts.size eq 1`: "parts.size",
		`parts eq "x"`: "parts.value", `parts[size eq 1]`: "parts.size", `parts[code ne "x" and not (size pr)]`: "parts.size", `more[size pr]`: "more", `more pr`: "more", `plain pr`: "plain",
		`part.value ne "x"`: "part.value", `part[size pr]`: "part.size", extra + `:shelf pr`: extra + ":shelf", extra + ` pr`: extra, extra + `:parts[name pr]`: extra + ":parts", `schemas eq "` + short + `"`: short,
		// EXISTS does not reach lists within lists.
		`parts.tags eq "x"`: "parts.tags", `parts[tags eq "x"]`: "parts.tags", `parts.tags pr`: "parts.tags", `part.tags eq "x"`: "part.tags",
	} {
		refused(t, unwritten[Device](t, d, text), scimerrors.InvalidFilter, "this service cannot search or sort by "+path)
	}
	for _, d := range all() {
		refused(t, unwritten[Device](t, d, `parts[tags eq "x"]`), scimerrors.InvalidFilter, "this service cannot search or sort by parts.tags")
		refused(t, unwritten[Device](t, d, extra+`:owner.tags pr`), scimerrors.InvalidFilter, extra+":owner.tags")
	}
}

// Columns that lack something are mistakes of the program, which must not look like those of a client.
func TestSQLMistakes(t *testing.T) {
	const from, other = "emails e WHERE e.u = u.id", "more_emails e WHERE e.u = u.id"
	d := filter.PostgreSQL(filter.Columns{
		"id":                          {},
		"userName":                    {Folded: "u.name_f"},
		"title":                       {Expr: "u.title"},
		"active":                      {Folded: "u.active"},
		"name.givenName":              {Expr: "u.given"},
		"emails.value":                {Expr: "e.value", Folded: "e.value_f", From: from},
		"emails.type":                 {Expr: "e.type", Folded: "e.type_f", From: other},
		"emails.primary":              {Expr: "e.is_primary", From: other},
		"phoneNumbers":                {},
		"roles":                       {},
		"roles.value":                 {Expr: "r.value", Folded: "r.value_f", From: from},
		"ims.value":                   {Expr: "i.value", Folded: "i.value_f"},
		"photos.value":                {From: from},
		"entitlements.value":          {Expr: "r.value", From: from},
		enterprise + ":manager":       {Expr: "u.manager"},
		enterprise + ":manager.value": {},
	}.Find)
	for text, want := range map[string]string{
		`id eq "1"`:                           `id has no Expr`,
		`id pr`:                               `id has no Expr`,
		`userName eq "x"`:                     `userName has no Expr`,
		`active eq true`:                      `active has no Expr`,
		enterprise + `:manager.value eq "1"`:  enterprise + `:manager.value has no Expr`,
		enterprise + `:manager[value eq "1"]`: enterprise + `:manager.value has no Expr`,
		`title eq "x"`:                        `title, which is not case exact, has no Folded`,
		`title pr`:                            `title, which is not case exact, has no Folded`,
		`name.givenName eq "x"`:               `name.givenName, which is not case exact, has no Folded`,
		`name pr`:                             `name.givenName, which is not case exact, has no Folded`,
		`name[givenName eq "x"]`:              `name.givenName, which is not case exact, has no Folded`,
		`phoneNumbers pr`:                     `phoneNumbers, which is multi-valued, has no From`,
		`phoneNumbers[value pr]`:              `phoneNumbers, which is multi-valued, has no From`,
		`roles[value pr]`:                     `roles, which is multi-valued, has no From`,
		`roles pr`:                            `roles, which is multi-valued, has no From`,
		`ims eq "x"`:                          `ims.value, which is multi-valued, has no From`,
		`ims.value ne "x"`:                    `ims.value, which is multi-valued, has no From`,
		`ims[value eq "x"]`:                   `ims.value, which is multi-valued, has no From`,
		`ims pr`:                              `ims.value, which is multi-valued, has no From`,
		`photos pr`:                           `photos.value has no Expr`,
		`photos[value pr]`:                    `photos.value has no Expr`,
		`entitlements[value eq "x"]`:          `entitlements.value, which is not case exact, has no Folded`,
		`emails[value eq "x" and type eq "work"]`:  `emails differ in From`,
		`emails[value pr and not (type pr)]`:       `emails differ in From`,
		`emails[value eq "x" and primary eq true]`: `emails differ in From`,
		`emails[type eq null]`:                     `emails differ in From`,
		`active eq null or emails[value pr]`:       `active has no Expr`,
	} {
		err := unwritten[Account](t, d, text)
		require.ErrorContains(t, err, "scim: the column", text)
		require.ErrorContains(t, err, want, text)
		var client *scimerrors.Error
		assert.NotErrorAs(t, err, &client, text)
	}
	// Whether there is a part at all is asked of the others, too.
	parts := filter.Columns{"part.primary": {Expr: "d.is_primary"}, "part.value": {Expr: "d.value"}}
	require.EqualError(t, unwritten[Device](t, filter.SQLite(parts.Find), `part.primary ne true`), "scim: the column of part.value, which is not case exact, has no Folded")
	// Outside brackets each part may be somewhere else.
	got, _ := where[Account](t, d, `emails.value eq "x" and emails.type eq "work"`)
	assert.Equal(t, `(EXISTS (SELECT 1 FROM `+from+` AND e.value_f = $1) AND EXISTS (SELECT 1 FROM `+other+` AND e.type_f = $2))`, got)
}

// The elements of one attribute are no resources.
func TestSQLElements(t *testing.T) {
	f, err := elements(t, "parts", `code eq "x"`)
	require.NoError(t, err)
	for _, d := range all() {
		where, args, err := f.SQL(d, []any{1})
		require.EqualError(t, err, "scim: a filter on elements has no SQL of its own")
		assert.Empty(t, where)
		assert.Equal(t, []any{1}, args)
	}
}

// Tolerances hold for SQL, too, and are reported once, by the compilation.
func TestSQLTolerances(t *testing.T) {
	got, args := where[Account](t, filter.PostgreSQLDocument("s"), `employeeNumber eq "7" and manager eq "Id1" and active eq "TRUE"`)
	assert.Equal(t, `(((s->'`+enterprise+`'->>'employeeNumber') = $1 AND (s->'`+enterprise+`'->'manager'->>'value') = $2) AND (s->>'active')::boolean = TRUE)`, got)
	assert.Equal(t, []any{"7", "Id1"}, args)
}
