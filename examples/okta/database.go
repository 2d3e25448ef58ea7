package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"reflect"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

//go:embed migrations
var migrations embed.FS

// database is where the application keeps its rows.
type database struct{ *sqldb.DB }

// openDatabase connects to sqlite:file or postgres://... and brings the tables up to date.
func openDatabase(ctx context.Context, address string) (*database, error) {
	if err := errors.Join(userSearch.Check(reflect.TypeFor[User]()), groupSearch.Check(reflect.TypeFor[resource.Group]())); err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, address, files, meaning)
	if err != nil {
		return nil, err
	}
	return &database{db}, nil
}

var (
	errNotFound = scimerrors.Status(http.StatusNotFound, "there is no such resource")
	errChanged  = scimerrors.Status(http.StatusPreconditionFailed, "another request has changed the resource in the meantime")
	errTaken    = &scimerrors.Error{Type: scimerrors.Uniqueness, Path: "userName", Detail: "is taken by another user"}
)

// meaning is what a client is to be told of what its request has run into in the database.
func meaning(c sqldb.Cause) error {
	switch c {
	case sqldb.Unique: // the one such constraint that a client can break
		return errTaken
	case sqldb.Reference, sqldb.Conflict: // somebody has deleted what this refers to, or was in the way
		return errChanged
	default:
		return nil
	}
}

// text reads a string that is NULL in the database where it is empty.
type text string

// Scan implements sql.Scanner.
func (t *text) Scan(v any) error {
	var s sql.NullString
	err := s.Scan(v)
	*t = text(s.String)
	return err
}

// null is the argument for such a string.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// folded is the argument for the comparison form of a string, by which it is found and sorted without regard to case.
func folded(s string) any { return null(filter.Fold(s)) }
