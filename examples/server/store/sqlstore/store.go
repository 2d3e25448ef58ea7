// Package sqlstore keeps resources in SQLite or PostgreSQL: each as a document beside a second one for search (filter.Document), and in
// tables of their own the elements of lists, what has to be unique, and the values of attributes such as emails, so that an index finds them.
package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"sync"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/store"
)

//go:embed migrations
var migrations embed.FS

// Store is a store.Store in a database.
type Store struct {
	db      *sqldb.DB
	layouts sync.Map // *store.Kind -> *layout
}

// Open connects to sqlite:file or postgres://user@host/name, brings the tables up to date and makes the indexes that the kinds need. Resources
// of other kinds, of an earlier configuration perhaps, stay as they are and are not found. So are values of an attribute that has become
// unique since: they are compared with those of others when their resource changes.
func Open(ctx context.Context, address string, kinds []*store.Kind) (*Store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, uncompiled(address), files, nil)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db}
	if err := s.index(ctx, kinds); err != nil {
		return nil, errors.Join(fmt.Errorf("indexes: %w", err), db.Close())
	}
	return s, nil
}

// uncompiled has PostgreSQL not compile queries (JIT), unless the address says something of that. It expects far more memberships than there
// are, as it does of all that is recursive, and would spend more time on the compilation for a page of users than on everything else.
func uncompiled(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") || u.Query().Has("jit") {
		return address
	}
	query := u.Query()
	query.Set("jit", "off")
	u.RawQuery = query.Encode()
	return u.String()
}

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

// Close implements store.Store.
func (s *Store) Close() error { return s.db.Close() }

// Secret implements store.Store.
func (s *Store) Secret(ctx context.Context) (secret []byte, err error) {
	read := func(tx *sql.Tx) error {
		found, err := sqldb.Query(ctx, tx, sqldb.Column[string], "SELECT value FROM settings WHERE name = 'secret'")
		if err == nil && len(found) > 0 {
			secret, err = hex.DecodeString(found[0])
		}
		return err
	}
	if err := s.db.View(ctx, read); err != nil || secret != nil {
		return secret, err
	}
	err = s.db.Change(ctx, func(tx *sql.Tx) error {
		made := make([]byte, 32)
		_, _ = rand.Read(made) // never fails
		_, err := sqldb.Exec(ctx, tx, "INSERT INTO settings (name, value) VALUES ('secret', $1) ON CONFLICT DO NOTHING", hex.EncodeToString(made))
		if err != nil {
			return err
		}
		return read(tx) // it may be that of another process
	})
	return secret, err
}

// attempts is how often a transaction is tried that others are in the way of.
const attempts = 8

// change runs f in a transaction that writes, again where the database asks for it. An error that f puts into own is that of a caller
// and returned as it is.
func (s *Store) change(ctx context.Context, f func(tx *sql.Tx, own *error) error) error {
	for n := 1; ; n++ {
		var own error
		err := s.db.Change(ctx, func(tx *sql.Tx) error { return f(tx, &own) })
		if own != nil {
			return own
		}
		switch sqldb.CauseOf(err) {
		case sqldb.Conflict, sqldb.Reference:
			if n < attempts && ctx.Err() == nil {
				continue
			}
		default:
		}
		return err
	}
}

// view runs f in a transaction that reads, all of one moment.
func (s *Store) view(ctx context.Context, f func(tx *sql.Tx) error) error { return s.db.View(ctx, f) }

// lock ends a SELECT for a row that the transaction goes on to change. It lets others refer to the row meanwhile.
func (s *Store) lock() string {
	if s.db.ForUpdate == "" {
		return ""
	}
	return " FOR NO KEY UPDATE"
}
