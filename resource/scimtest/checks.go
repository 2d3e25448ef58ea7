package scimtest

import "slices"

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

// attributes are those of users that checks need; a service may support only a part of the schema (RFC 7644 section 3.1).
var attributes = []string{"active", "displayName", "emails", "name", "password", "title"}
