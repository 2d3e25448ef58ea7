package main

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/resource"
)

// User is what /Users serves: the core schema and one extension.
type User struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// unchanged stands for the password of a user read from the store, which nobody knows. A PUT without a password carries it over.
var unchanged = resource.Secret(rand.Text())

// fromUser maps a user that a client has sent to columns; onto is the row that it replaces, or the zero account.
func fromUser(u *User, onto account, rounds int) (a account, err error) {
	a = onto
	a.ExternalID, a.UserName, a.Active = u.ExternalID, u.UserName, resource.Or(u.Active, true)
	a.DisplayName, a.GivenName, a.FamilyName, a.Title = u.DisplayName, u.Name.GivenName, u.Name.FamilyName, u.Title
	a.Emails = nil
	for _, e := range u.Emails {
		a.Emails = append(a.Emails, email(e))
	}
	switch u.Password {
	case unchanged:
	case "":
		a.PasswordHash = ""
	default:
		if a.PasswordHash, err = password.Hash(string(u.Password), rounds); err != nil {
			return a, err
		}
	}
	// What has a column, is joined in, or must not be stored as it is, stays out of the document for the rest.
	rest := *u
	rest.Resource, rest.UserName, rest.Password, rest.Active, rest.Groups = resource.Resource{}, "", "", nil, nil
	rest.DisplayName, rest.Name.GivenName, rest.Name.FamilyName, rest.Title, rest.Emails = "", "", "", "", nil
	a.Department, a.EmployeeNumber, a.ManagerID = "", "", ""
	if e := u.Enterprise; e != nil {
		a.Department, a.EmployeeNumber, a.ManagerID = e.Department, e.EmployeeNumber, e.Manager.Value
		rest.Enterprise = new(*e)
		rest.Enterprise.Department, rest.Enterprise.EmployeeNumber = "", ""
		if e.Manager.Value != "" {
			rest.Enterprise.Manager = resource.Manager{} // $ref is made from the value
		}
	}
	a.Profile, err = resource.Marshal(resource.Storage, &rest)
	return a, err
}

// toUser maps columns to the user that clients see.
func toUser(a account) (*User, error) {
	u, err := resource.Validate[User](resource.Storage, a.Profile)
	if err != nil { // not the client's fault
		return nil, scimerrors.Status(http.StatusInternalServerError, "the user cannot be read from the store: %w", err)
	}
	u.ID, u.ExternalID, u.UserName, u.Active = a.ID, a.ExternalID, a.UserName, new(a.Active)
	u.DisplayName, u.Name.GivenName, u.Name.FamilyName, u.Title = a.DisplayName, a.GivenName, a.FamilyName, a.Title
	for _, e := range a.Emails {
		u.Emails = append(u.Emails, resource.Email(e))
	}
	if a.PasswordHash != "" {
		u.Password = unchanged
	}
	if a.Department != "" || a.EmployeeNumber != "" || a.ManagerID != "" {
		if u.Enterprise == nil {
			u.Enterprise = &resource.EnterpriseUser{}
		}
		u.Enterprise.Department, u.Enterprise.EmployeeNumber = a.Department, a.EmployeeNumber
		if a.ManagerID != "" {
			u.Enterprise.Manager.Value = a.ManagerID
		}
	}
	for _, g := range a.Groups {
		u.Groups = append(u.Groups, resource.GroupMembership{Value: g.ID, Display: g.Name, Type: "direct"})
	}
	u.Meta = resource.Meta{ResourceType: "User", Created: a.Created, LastModified: a.Updated, Version: versionOfUser(a)}
	return u, nil
}

// versionOfUser is the number in the column and, since a new member of a group is written as one row and does not touch the
// user's, a digest of the groups: whoever joins another group looks different.
func versionOfUser(a account) string {
	if len(a.Groups) == 0 {
		return etag.Weak(strconv.FormatInt(a.Version, 10))
	}
	groups := sha256.New()
	for _, g := range a.Groups {
		_, _ = fmt.Fprintf(groups, "%q %q\n", g.ID, g.Name)
	}
	return etag.Weak(fmt.Sprintf("%d-%x", a.Version, groups.Sum(nil)[:8]))
}

// toUsers maps a page.
func toUsers(page []account) (users []*User, err error) {
	users = make([]*User, len(page))
	for i, a := range page {
		if users[i], err = toUser(a); err != nil {
			return nil, err
		}
	}
	return users, nil
}
