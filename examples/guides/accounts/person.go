package accounts

import (
	"strconv"

	"github.com/scimmodels/scim/resource"
)

// Person is a user of a service that has room for four attributes and no document for the rest. /Schemas says so; whatever else a client
// sends with POST or PUT is ignored.
type Person struct {
	resource.Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:User,name=User" description:"User Account"`

	UserName    string           `json:"userName" scim:"required,uniqueness=server" description:"Name the user signs in with."`
	DisplayName string           `json:"displayName,omitempty" description:"Name shown to other people."`
	Active      *bool            `json:"active,omitempty" description:"Whether the account can be used."`
	Emails      []resource.Email `json:"emails,omitempty" description:"The e-mail address; only one is kept."`
}

// FromPerson maps what a client has sent to a row; a is the row that it replaces, or the zero Account.
func FromPerson(p *Person, a Account) Account {
	a.ExternalID, a.Login, a.FullName, a.Blocked, a.Email = p.ExternalID, p.UserName, p.DisplayName, !resource.Or(p.Active, true), ""
	if i := mainEmail(p.Emails); i >= 0 {
		a.Email = p.Emails[i].Value
	}
	return a
}

// ToPerson maps a row to what clients see.
func ToPerson(a Account) *Person {
	p := &Person{UserName: a.Login, DisplayName: a.FullName, Active: new(!a.Blocked)}
	p.ID, p.ExternalID = strconv.FormatInt(a.ID, 10), a.ExternalID
	p.Meta = resource.Meta{ResourceType: "User", Created: a.Created, LastModified: a.Updated, Version: a.tag()}
	if a.Email != "" {
		p.Emails = []resource.Email{{Value: a.Email, Type: "work", Primary: new(true)}}
	}
	return p
}
