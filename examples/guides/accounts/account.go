// Package accounts is the application of the guides: its own tables, which SCIM users and groups are mapped to.
package accounts

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/resource"
)

// Account is a row of the table that the application has had all along, and what SCIM adds to it.
type Account struct {
	ID       int64
	Login    string
	FullName string
	Email    string
	Blocked  bool
	Theme    string // nothing that SCIM knows of
	Created  time.Time
	Updated  time.Time

	ExternalID string // added: the provider's key
	Version    int64  // added: counts changes
	Profile    []byte // added: what has no column, as JSON
}

// User is what /Users serves: the core schema, the enterprise extension, and one of our own.
type User struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Seat       *Seat                    `json:"urn:acme:params:scim:schemas:extension:seat:2.0:User,omitempty"`
}

// Seat is an extension: the licence that a user takes up.
type Seat struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:seat:2.0:User" description:"Licence of the user"`

	Plan string `json:"plan,omitempty" scim:"canonicalValues=free|team,closed,caseExact" description:"Which licence it is."`
}

// FromUser maps what a client has sent to a row. a is the row that it replaces, the zero Account for a new user: columns that SCIM does
// not know stay as they are.
func FromUser(u *User, a Account) (Account, error) {
	a.ExternalID, a.Login, a.FullName = u.ExternalID, u.UserName, u.DisplayName
	a.Blocked = !resource.Or(u.Active, true) // unassigned means active
	a.Email = ""
	if i := mainEmail(u.Emails); i >= 0 {
		a.Email = u.Emails[i].Value
	}
	rest := *u // without what has a column, and without a password, since users sign in at the identity provider
	rest.Resource, rest.UserName, rest.DisplayName, rest.Active, rest.Password = resource.Resource{}, "", "", nil, ""
	profile, err := resource.Marshal(resource.Storage, &rest)
	a.Profile = profile
	return a, err
}

// ToUser maps a row to what clients see. What the application has changed in a column wins over the profile.
func ToUser(a Account) (*User, error) {
	u, err := resource.Validate[User](resource.Storage, a.Profile)
	if err != nil { // not the client's fault
		return nil, scimerrors.Status(http.StatusInternalServerError, "account %d cannot be read: %w", a.ID, err)
	}
	u.ID, u.ExternalID, u.UserName, u.DisplayName = strconv.FormatInt(a.ID, 10), a.ExternalID, a.Login, a.FullName
	u.Active = new(!a.Blocked)
	switch i := mainEmail(u.Emails); {
	case i >= 0 && a.Email == "":
		u.Emails = slices.Delete(u.Emails, i, i+1)
	case i >= 0:
		u.Emails[i].Value = a.Email
	case a.Email != "":
		u.Emails = []resource.Email{{Value: a.Email, Type: "work", Primary: new(true)}}
	}
	u.Meta = resource.Meta{ResourceType: "User", Created: a.Created, LastModified: a.Updated, Version: a.tag()}
	return u, nil
}

// tag is the version of the row as the header ETag and meta.version have it.
func (a Account) tag() string { return etag.Weak(strconv.FormatInt(a.Version, 10)) }

// mainEmail is the index of the address that the column holds: the primary one, else the first; -1 if there is none.
func mainEmail(emails []resource.Email) int {
	if i := slices.IndexFunc(emails, func(e resource.Email) bool { return resource.Or(e.Primary, false) }); i >= 0 {
		return i
	}
	return min(len(emails), 1) - 1
}
