package scimtest

import (
	"slices"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// check is a rule of the RFCs that every service provider keeps, or that one keeps which announces the feature.
type check struct {
	id    string   // RFC-section-number; the number is this project's own
	about string   // the rule in a few words
	needs []string // features and attributes of users
	run   func(c *client)
}

func (k check) name() string { return k.id + " " + k.about }

// checks are all of them, in the order of their running.
var checks = slices.Concat(creationChecks, replaceChecks, listChecks, selectChecks, filterChecks, sortChecks,
	patchChecks, operationChecks, versionChecks, bulkChecks, discoveryChecks, httpChecks)

// attributes are those of users that checks need, with the schema and the parts that they look at.
var attributes = map[string]struct {
	urn   string
	parts []string
}{
	"active":      {resource.UserSchema, nil},
	"department":  {resource.EnterpriseUserSchema, nil},
	"displayName": {resource.UserSchema, nil},
	"emails":      {resource.UserSchema, []string{"value", "type", "primary"}},
	"manager":     {resource.EnterpriseUserSchema, []string{"value"}},
	"name":        {resource.UserSchema, []string{"givenName", "familyName"}},
	"password":    {resource.UserSchema, nil},
	"title":       {resource.UserSchema, nil},
}

// wants lists what a service has to offer for a check to make sense: first features, then attributes.
func (k check) wants() (features []string) {
	var more []string
	for _, need := range k.needs {
		name, part, _ := strings.Cut(need, ".")
		a, isAttribute := attributes[name]
		if !isAttribute {
			features = append(features, need)
			continue
		}
		for _, part := range append([]string{part}, a.parts...) {
			more = append(more, attribute{a.urn, name, part}.need())
		}
	}
	return append(features, more...)
}
