package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/examples/internal/sqldb"
)

// account is a user as the application keeps it: a row of users, with what other tables have of it.
type account struct {
	ID           string
	UserName     string // unique without regard to case
	PasswordHash string // "": nobody can sign in with a password
	Active       bool   // otherwise nobody can sign in at all
	DisplayName  string
	GivenName    string
	FamilyName   string
	Title        string
	Emails       []email
	Created      time.Time
	Updated      time.Time

	// Since the application speaks SCIM:

	ExternalID     string // the identity provider's key
	Department     string
	EmployeeNumber string
	ManagerID      string
	Profile        []byte // SCIM attributes without a column, JSON
	Version        int64  // counts changes of the row

	Groups []membership // by the links; the store joins them in
}

// email is a row of user_emails.
type email struct {
	Value, Display, Type string
	Primary              *bool
}

// membership is a group somebody is in.
type membership struct{ ID, Name string }

// team is a group as the application keeps it: a row of groups.
type team struct {
	ID         string
	Name       string
	Created    time.Time
	Updated    time.Time
	ExternalID string
	Version    int64 // counts changes of the row, of the members and of their names

	Members []member // by the links; not read unless somebody wants to see them
}

type member struct{ ID, Name string }

// name is how other people see somebody.
func (a account) name() string {
	if a.DisplayName != "" {
		return a.DisplayName
	}
	return a.UserName
}

// application is the part of the service that there was before SCIM.
type application struct{ db *database }

// ServeHTTP answers POST /login: 204 where name and password are those of an active user, otherwise 401.
func (app application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ UserName, Password string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&in); err != nil {
		http.Error(w, "want userName and password", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), sqldb.Patience)
	defer cancel()
	switch _, err := app.signIn(ctx, in.UserName, in.Password); {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case errors.Is(err, errSignIn):
		http.Error(w, err.Error(), http.StatusUnauthorized)
	default:
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}
}

// errSignIn does not say what was wrong: that would tell which names there are.
var errSignIn = errors.New("wrong name or password")

// signIn finds the user who signs in. The identity provider turns people away by active: false. Who is not there, or has no password, is
// refused after as much work as anybody else.
func (app application) signIn(ctx context.Context, userName, sent string) (account, error) {
	a, err := app.db.accountByName(ctx, userName)
	if err != nil && !errors.Is(err, errNotFound) {
		return account{}, err
	}
	if !password.Matches(a.PasswordHash, sent) || !a.Active {
		return account{}, errSignIn
	}
	return a, nil
}
