package accounts

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/examples/guides/web"
	"github.com/scimmodels/scim/resource"
)

// Teams is the Store behind /Groups: small groups, read and written whole. For large ones see examples/okta and patch.Changes.
type Teams struct {
	DB      *sql.DB
	Cursors *resource.Cursors
}

var _ web.Store[resource.Group] = Teams{}

// reader is a database or a transaction.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Create implements web.Store.
func (s Teams) Create(ctx context.Context, g *resource.Group) (*resource.Group, error) {
	return s.change(ctx, func(tx *sql.Tx, now string) (string, error) {
		done, err := tx.ExecContext(ctx, "INSERT INTO teams (name, external_id, created, updated) VALUES (?, ?, ?, ?)", g.DisplayName, g.ExternalID, now, now)
		if err != nil {
			return "", err
		}
		id, err := done.LastInsertId()
		if err != nil {
			return "", err
		}
		key := strconv.FormatInt(id, 10)
		return key, enrol(ctx, tx, key, g.Members)
	})
}

// Load implements web.Store.
func (s Teams) Load(ctx context.Context, id string) (*resource.Group, error) {
	return load(ctx, s.DB, id)
}

// Update implements web.Store. Its version is a digest of the content, so it is compared in the transaction that writes.
func (s Teams) Update(ctx context.Context, current, next *resource.Group) (*resource.Group, error) {
	return s.change(ctx, func(tx *sql.Tx, now string) (string, error) {
		if err := unchanged(ctx, tx, current); err != nil {
			return "", err
		}
		_, err := tx.ExecContext(ctx, "UPDATE teams SET name = ?, external_id = ?, updated = ? WHERE id = ?", next.DisplayName, next.ExternalID, now, current.ID)
		if err != nil {
			return "", err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM team_members WHERE team_id = ?", current.ID); err != nil {
			return "", err
		}
		return current.ID, enrol(ctx, tx, current.ID, next.Members)
	})
}

// Delete implements web.Store.
func (s Teams) Delete(ctx context.Context, current *resource.Group) error {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := unchanged(ctx, tx, current); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM teams WHERE id = ?", current.ID); err != nil {
		return err
	}
	return tx.Commit()
}

// Search implements web.Store. A filter over a few hundred teams needs no database.
func (s Teams) Search(ctx context.Context, q *resource.SearchRequest, options ...resource.Option) (*resource.ListResponse[*resource.Group], error) {
	rows, err := s.DB.QueryContext(ctx, "SELECT id FROM teams ORDER BY id")
	if err != nil {
		return nil, err
	}
	ids, err := column(rows)
	if err != nil {
		return nil, err
	}
	all := make([]*resource.Group, 0, len(ids))
	for _, id := range ids {
		g, err := load(ctx, s.DB, id)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return resource.List(all, q, append(options, resource.MaxResults(web.MaxPage), resource.Paging(s.Cursors, "/Groups"))...)
}

// change is one transaction and its result.
func (s Teams) change(ctx context.Context, do func(tx *sql.Tx, now string) (id string, err error)) (*resource.Group, error) {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	id, err := do(tx, time.Now().UTC().Format(layout))
	if err != nil {
		return nil, err
	}
	g, err := load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return g, tx.Commit()
}

// unchanged looks whether a group is still what it was when it was read.
func unchanged(ctx context.Context, tx *sql.Tx, current *resource.Group) error {
	now, err := load(ctx, tx, current.ID)
	if err == nil && now.Meta.Version != current.Meta.Version {
		return web.ErrChanged
	}
	return err
}

// enrol writes the members. One that does not exist is the client's fault, and said of all of them at once. In PostgreSQL, where a
// statement that fails ends the transaction, ask for the accounts first.
func enrol(ctx context.Context, tx *sql.Tx, team string, members []resource.Member) error {
	var faults scimerrors.List
	for i, m := range members {
		_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO team_members (team_id, account_id) VALUES (?, ?)", team, m.Value)
		if fault := (*scimerrors.Error)(nil); errors.As(meaning(err), &fault) {
			faults = append(faults, &scimerrors.Error{Type: fault.Type, Path: "members[" + strconv.Itoa(i) + "].value", Detail: fault.Detail})
		} else if err != nil {
			return err
		}
	}
	return faults.Err()
}

func load(ctx context.Context, from reader, id string) (*resource.Group, error) {
	g := &resource.Group{Resource: resource.Resource{ID: id}}
	var created, updated string
	err := from.QueryRowContext(ctx, "SELECT name, external_id, created, updated FROM teams WHERE CAST(id AS TEXT) = ?", id).
		Scan(&g.DisplayName, &g.ExternalID, &created, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	rows, err := from.QueryContext(ctx, "SELECT account_id FROM team_members WHERE team_id = ? ORDER BY account_id", id)
	if err != nil {
		return nil, err
	}
	members, err := column(rows)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		g.Members = append(g.Members, resource.Member{Value: m, Type: "User"}) // with the type, Locate makes $ref
	}
	g.Meta.ResourceType = "Group"
	if g.Meta.Created, err = time.Parse(layout, created); err != nil {
		return nil, err
	}
	if g.Meta.LastModified, err = time.Parse(layout, updated); err != nil {
		return nil, err
	}
	g.Meta.Version = etag.Of(g)
	return g, nil
}

// column reads the only column of rows.
func column(rows *sql.Rows) (all []string, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
