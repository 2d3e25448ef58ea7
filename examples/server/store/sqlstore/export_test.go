package sqlstore

import (
	"context"
	"database/sql"
	"strings"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
)

// Over is a store on tables that have been made, in a database that somebody else has opened.
func Over(db *sqldb.DB) *Store { return &Store{db: db} }

// Analyze has the database look at how its values are spread.
func (s *Store) Analyze(ctx context.Context) error {
	_, err := s.db.Write.ExecContext(ctx, "ANALYZE")
	return err
}

// Explain says how the database goes about a query. before are statements that come first.
func (s *Store) Explain(ctx context.Context, q *store.Query, before ...string) (plans []string, err error) {
	chosen, err := q.Compile()
	if err != nil {
		return nil, err
	}
	from, err := s.source(chosen)
	if err != nil {
		return nil, err
	}
	statements, err := from.statements(q.After, false)
	if err != nil {
		return nil, err
	}
	word := "EXPLAIN "
	if s.db.Name == sqldb.SQLite.Name {
		word = "EXPLAIN QUERY PLAN "
	}
	return plans, s.view(ctx, func(tx *sql.Tx) error {
		for _, statement := range before {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		for _, one := range statements {
			text := word + "SELECT " + columns + " FROM resources r WHERE " + one.where + " ORDER BY " + one.by + " LIMIT 101"
			steps, err := sqldb.Query(ctx, tx, func(rows *sql.Rows) (step string, err error) {
				if s.db.Name == sqldb.SQLite.Name {
					var id, parent, unused int
					err = rows.Scan(&id, &parent, &unused, &step)
				} else {
					err = rows.Scan(&step)
				}
				return step, err
			}, text, one.args...)
			if err != nil {
				return err
			}
			plans = append(plans, strings.Join(steps, "\n"))
		}
		return nil
	})
}
