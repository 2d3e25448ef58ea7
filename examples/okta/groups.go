package main

import (
	"fmt"
	"strconv"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// toGroup maps a row, and the members as far as they have been read.
func toGroup(t team) *resource.Group {
	g := &resource.Group{DisplayName: t.Name}
	g.ID, g.ExternalID = t.ID, t.ExternalID
	for _, m := range t.Members {
		g.Members = append(g.Members, resource.Member{Value: m.ID, Type: "User", Display: m.Name})
	}
	g.Meta = resource.Meta{ResourceType: "Group", Created: t.Created, LastModified: t.Updated, Version: etag.Weak(strconv.FormatInt(t.Version, 10))}
	return g
}

func toGroups(page []team) []*resource.Group {
	groups := make([]*resource.Group, len(page))
	for i, t := range page {
		groups[i] = toGroup(t)
	}
	return groups
}

// idsOf are the members that a client has named.
func idsOf(members []resource.Member) []string {
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.Value
	}
	return ids
}

// editOf tells what a PATCH is to write from the request alone. It is not ok where that takes the members, such as for those
// whose display has a certain beginning, or to replace them all by others: most may be the same.
func editOf(changes []patch.Change) (e edit, ok bool) {
	for _, c := range changes {
		ids, named := c.Keys()
		members, several := c.Value.([]resource.Member)
		value, single := c.Value.(string)
		whole := c.SubAttribute == "" && c.Filter == nil
		switch {
		case c.Attribute == "members" && c.Op == "add" && whole && several:
			e.members = append(e.members, membersEdit{add: idsOf(members)})
		case c.Attribute == "members" && c.Op == "remove" && whole:
			e.members = append(e.members, membersEdit{all: true})
		case c.Attribute == "members" && c.Op == "remove" && c.SubAttribute == "" && named:
			m := membersEdit{remove: ids}
			if c.OnMiss == resource.MissError {
				m.must = &scimerrors.Error{Type: scimerrors.NoTarget, Path: "members", Detail: "none of these is a member"}
			}
			e.members = append(e.members, m)
		case c.Attribute == "displayName" && single && value != "":
			e.name = &value
		case c.Attribute == "externalId" && c.Op == "remove":
			e.externalID = new("")
		case c.Attribute == "externalId" && single:
			e.externalID = &value
		case c.Attribute == "id" && single: // Okta names it when it renames a group
			e.ids = append(e.ids, value)
		default:
			return e, false
		}
	}
	return e, true
}

// difference tells what leads from one state of a group to another: the result of a PUT, or of a PATCH for which the members had to be
// read.
func difference(from, to *resource.Group) (e edit, err error) {
	op, err := patch.Diff(from, to)
	if err != nil || op == nil {
		return e, err
	}
	changes, err := patch.Changes(op)
	if err != nil {
		return e, err
	}
	for _, c := range changes {
		members, _ := c.Value.([]resource.Member)
		value, _ := c.Value.(string)
		switch c.Attribute {
		case "displayName":
			e.name = &value
		case "externalId":
			e.externalID = &value // "" for a remove
		case "members":
			switch ids, named := c.Keys(); {
			case c.SubAttribute != "": // the service's own: what is known of a member follows from its id
			case named && c.Op == "remove":
				e.members = append(e.members, membersEdit{remove: ids})
			case c.Filter == nil && c.Op == "add":
				e.members = append(e.members, membersEdit{add: idsOf(members)})
			case c.Filter == nil: // remove or replace: no member stays
				e.members = append(e.members, membersEdit{all: true, add: idsOf(members)})
			default:
				return e, fmt.Errorf("okta: a difference by %s", filter.Format(c.Filter)) // not to be guessed
			}
		}
	}
	return e, nil
}
