package main

import (
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// The columns that filters and sortBy may use. What is not here is refused (400 invalidFilter), rather than searched for in
// all rows of a table that may be large.
var (
	userSearch = filter.Columns{
		"id":                {Expr: "u.id"},
		"externalId":        {Expr: "u.external_id"},
		"meta.resourceType": {Expr: "'User'"},
		"meta.created":      {Expr: "u.created_at"},
		"meta.lastModified": {Expr: "u.updated_at"},
		"userName":          {Expr: "u.user_name", Folded: "u.user_name_folded"},
		"displayName":       {Expr: "u.display_name", Folded: "u.display_name_folded"},
		"name.givenName":    {Expr: "u.given_name", Folded: "u.given_name_folded"},
		"name.familyName":   {Expr: "u.family_name", Folded: "u.family_name_folded"},
		"title":             {Expr: "u.title", Folded: "u.title_folded"},
		"active":            {Expr: "u.active"},

		"emails":         {From: emailsOfUser},
		"emails.value":   {Expr: "e.value", Folded: "e.value_folded", From: emailsOfUser, First: preferred},
		"emails.type":    {Expr: "e.type", Folded: "e.type_folded", From: emailsOfUser, First: preferred},
		"emails.primary": {Expr: "e.is_primary", From: emailsOfUser, First: preferred},

		"groups":         {From: groupsOfUser},
		"groups.value":   {Expr: "ug.id", From: groupsOfUser, First: "ug.id"},
		"groups.display": {Expr: "ug.display_name", Folded: "ug.display_name_folded", From: groupsOfUser, First: "ug.id"},

		resource.EnterpriseUserSchema + ":department":     {Expr: "u.department", Folded: "u.department_folded"},
		resource.EnterpriseUserSchema + ":employeeNumber": {Expr: "u.employee_number", Folded: "u.employee_number_folded"},
		resource.EnterpriseUserSchema + ":manager":        {Expr: "u.manager_id"},
		resource.EnterpriseUserSchema + ":manager.value":  {Expr: "u.manager_id"},
	}
	groupSearch = filter.Columns{
		"id":                {Expr: "g.id"},
		"externalId":        {Expr: "g.external_id"},
		"meta.resourceType": {Expr: "'Group'"},
		"meta.created":      {Expr: "g.created_at"},
		"meta.lastModified": {Expr: "g.updated_at"},
		"displayName":       {Expr: "g.display_name", Folded: "g.display_name_folded"},

		"members":       {From: membersOfGroup},
		"members.value": {Expr: "m.user_id", From: membersOfGroup, First: "m.user_id"},
	}
)

const (
	emailsOfUser   = "user_emails e WHERE e.user_id = u.id"
	preferred      = "COALESCE(e.is_primary, FALSE) DESC, e.position"
	groupsOfUser   = "memberships um JOIN groups ug ON ug.id = um.group_id WHERE um.user_id = u.id"
	membersOfGroup = "memberships m WHERE m.group_id = g.id"
)

// searchFor turns a list request for resources of type T into SQL.
func searchFor[T any](db *database, columns filter.Columns, q *resource.SearchRequest, options []resource.Option) (s search, err error) {
	chosen, err := filter.Compile[T](q.Filter, options...)
	if err != nil {
		return s, err
	}
	order, err := filter.CompileOrder[T](q.SortBy, q.SortOrder, options...)
	if err != nil {
		return s, err
	}
	dialect := db.Columns(columns.Find)
	if s.where, s.args, err = chosen.SQL(dialect, nil); err != nil {
		return s, err
	}
	s.orderBy, err = order.SQL(dialect)
	s.offset, s.limit = q.Page(maxPage)
	return s, err
}
