package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
)

// layout is how resources of a kind are kept.
type layout struct {
	kind    *store.Kind
	literal string            // the name of the kind in SQL
	indexed map[string]string // by path, what an index has of an attribute
}

// layout looks at a kind, once.
func (s *Store) layout(k *store.Kind) *layout {
	if known, ok := s.layouts.Load(k); ok {
		if l, ok := known.(*layout); ok {
			return l
		}
	}
	l := &layout{kind: k, literal: quoted(k.Name), indexed: map[string]string{}}
	for _, path := range k.Sought {
		if t, x, ok := s.key(k, path, "r.search"); ok {
			l.indexed[t.Path()] = "(" + x + ")"
		}
	}
	s.layouts.Store(k, l)
	return l
}

// key is the expression by which filter sorts by an attribute in the search document: an index on it serves filters, too. It is not ok for
// an attribute that has several values, or cannot be sorted by.
func (s *Store) key(k *store.Kind, path, column string) (t filter.Target, x string, ok bool) {
	order, err := filter.CompileOrderType(k.Type, path, "")
	if err != nil {
		return t, "", false
	}
	d := s.db.Documents(column)
	find := d.Column
	d.Column = func(target filter.Target) (filter.Column, error) {
		if target.Path() != "id" {
			t = target
		}
		return find(target)
	}
	x, _, err = order.Keys(d)
	return t, x, err == nil && x != "" && !t.MultiValued
}

// index makes the indexes of kinds that are not there yet. One whose definition changes has another name.
func (s *Store) index(ctx context.Context, kinds []*store.Kind) error {
	return s.db.Alone(ctx, func(tx *sql.Tx) error {
		for _, k := range kinds {
			l := s.layout(k)
			for _, path := range k.Sought {
				_, x, ok := s.key(k, path, "search")
				if !ok {
					continue
				}
				if err := s.create(ctx, tx, x, l.literal); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// create makes an index on an expression for the resources of a kind, unless it is there.
func (s *Store) create(ctx context.Context, tx *sql.Tx, x, kind string) error {
	definition := "resources ((" + x + "), id) WHERE kind = " + kind
	sum := sha256.Sum256([]byte(definition))
	name := "by_" + hex.EncodeToString(sum[:12])
	made, err := sqldb.Affected(sqldb.Exec(ctx, tx, "INSERT INTO indexes (name) VALUES ($1) ON CONFLICT DO NOTHING", name))
	if err != nil || made == 0 {
		return err
	}
	if _, err = tx.ExecContext(ctx, "CREATE INDEX "+name+" ON "+definition); err != nil {
		return err
	}
	if s.db.Name == sqldb.SQLite.Name { // see 002_statistics.sql
		_, err = tx.ExecContext(ctx, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('resources', $1, '1000000 1 1')", name)
		return err
	}
	// PostgreSQL does not take what it knows of values from an index on a part of a table. It would believe that half a percent of all
	// users have a userName, and rather look for the first hundred of them in the order of ids.
	_, err = tx.ExecContext(ctx, "CREATE STATISTICS about_"+name+" ON ("+x+") FROM resources")
	return err
}

// quoted writes a string of SQL, for what is no argument but part of a definition: names of the configuration.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quotedAll writes several for IN.
func quotedAll(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = quoted(name)
	}
	return strings.Join(list, ", ")
}

// element is a row of elements without its owner.
type element struct {
	attribute string
	position  int
	primary   bool
	value     sql.NullString
	search    string
}

// split finds the elements in a search document.
func (l *layout) split(search []byte) (all []element, err error) {
	var core map[string]json.RawMessage
	if err := json.Unmarshal(search, &core); err != nil {
		return nil, err
	}
	for _, e := range l.kind.Valued {
		from := core
		if e.Extension != "" {
			from = nil
			if text, ok := core[e.Extension]; ok {
				if err := json.Unmarshal(text, &from); err != nil {
					return nil, err
				}
			}
		}
		text, ok := from[e.Name]
		if !ok {
			continue
		}
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Path, err)
		}
		for i, text := range list {
			var parts struct {
				Value   *string `json:"value"`
				Primary any     `json:"primary"`
			}
			if err := json.Unmarshal(text, &parts); err != nil {
				return nil, fmt.Errorf("%s: %w", e.Path, err)
			}
			row := element{attribute: e.Path, position: i, primary: parts.Primary == true, search: string(text)}
			if parts.Value != nil {
				row.value = sql.NullString{String: *parts.Value, Valid: true}
			}
			all = append(all, row)
		}
	}
	return all, nil
}
