package main

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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

// signIn finds the user who signs in. The identity provider turns people away by active: false.
func (app application) signIn(ctx context.Context, userName, password string) (account, error) {
	a, err := app.db.accountByName(ctx, userName)
	if errors.Is(err, errNotFound) {
		a.PasswordHash, err = nobody, nil // takes as long as any other
	}
	if err != nil {
		return account{}, err
	}
	if !matches(a.PasswordHash, password) || !a.Active {
		return account{}, errSignIn
	}
	return a, nil
}

// rounds of hashing a password, as OWASP recommends them for PBKDF2 with SHA-512.
const rounds = 210_000

// nobody is a hash that no password has.
var nobody = fmt.Sprintf("pbkdf2-sha512$%d$00$%x", rounds, make([]byte, sha512.Size))

// hash is all that is kept of a password (RFC 7643 section 9.2).
func hash(password string, rounds int) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	key, err := pbkdf2.Key(sha512.New, password, salt, rounds, sha512.Size)
	return fmt.Sprintf("pbkdf2-sha512$%d$%x$%x", rounds, salt, key), err
}

// matches says whether a hash was made of a password.
func matches(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 4 || parts[0] != "pbkdf2-sha512" {
		return false
	}
	rounds, err := strconv.Atoi(parts[1])
	if err != nil {
		return false
	}
	salt, err := hex.DecodeString(parts[2])
	if err != nil {
		return false
	}
	want, err := hex.DecodeString(parts[3])
	if err != nil {
		return false
	}
	got, err := pbkdf2.Key(sha512.New, password, salt, rounds, sha512.Size)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1
}

// newID makes an id (UUID version 7). It begins with the time, so that ids sort as they were made: what is added while
// somebody goes through a list page by page is on the last page, and shifts none.
func newID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[8:]) // never fails
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	binary.BigEndian.PutUint16(b[6:8], 0x7000|uint16(now.Nanosecond()%1_000_000*4096/1_000_000)) //nolint:gosec // 12 bits
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
