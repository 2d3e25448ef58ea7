package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
)

// Query collects the rows of a SELECT.
func Query[R any](ctx context.Context, tx *sql.Tx, scan func(*sql.Rows) (R, error), text string, args ...any) (all []R, err error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// Column reads rows of one column.
func Column[V any](rows *sql.Rows) (v V, err error) {
	err = rows.Scan(&v)
	return v, err
}

// Exec writes. Text with the character U+0000 is refused, which PostgreSQL does not take and no filter finds.
func Exec(ctx context.Context, tx *sql.Tx, text string, args ...any) (sql.Result, error) {
	for _, arg := range args {
		if s, ok := arg.(string); ok && strings.Contains(s, "\x00") {
			return nil, scimerrors.New(scimerrors.InvalidValue, "a value has the character U+0000, which cannot be stored")
		}
	}
	return tx.ExecContext(ctx, text, args...)
}

// Affected is how many rows an Exec has written.
func Affected(done sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// layout of times as text, whose order is that of the times: filter.Document has it, too.
const layout = "2006-01-02T15:04:05.000000000Z"

// Instant reads a time: timestamptz in PostgreSQL, or text of fixed length.
type Instant time.Time

// Scan implements sql.Scanner.
func (i *Instant) Scan(v any) (err error) {
	t, isTime := v.(time.Time)
	if !isTime {
		t, err = time.Parse(layout, fmt.Sprint(v))
	}
	*i = Instant(t.UTC())
	return err
}

// Stamp is the argument for a time, which both databases take as text.
func Stamp(t time.Time) string { return t.UTC().Format(layout) }

// Chunk is how many rows or ids one statement has at most: databases limit the number of arguments.
const Chunk = 500

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// Places writes placeholders for n arguments after the first already ones: $3, $4, $5.
func Places(already, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(placeholder(already + i + 1))
	}
	return b.String()
}

// Rows writes placeholders for n rows of columns arguments each: ($1, $2), ($3, $4).
func Rows(n, columns int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "(" + Places(i*columns, columns) + ")"
	}
	return strings.Join(rows, ", ")
}

// Args are arguments.
func Args(first []any, more []string) []any {
	all := make([]any, 0, len(first)+len(more))
	all = append(all, first...)
	for _, s := range more {
		all = append(all, s)
	}
	return all
}
