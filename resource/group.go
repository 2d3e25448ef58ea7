package resource

// Group is a set of users and of other groups (RFC 7643 section 4.2).
type Group struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:Group" description:"Set of users and other groups."`

	// DisplayName is required by erratum 5368.
	DisplayName string   `json:"displayName" scim:"required" description:"Name of the group."`
	Members     []Member `json:"members,omitempty" description:"Users and groups in this group."`
}

// Member is a user or a group inside a [Group] (RFC 7643 section 4.2). Members come and go as a whole; none is changed in place.
type Member struct {
	Value string `json:"value,omitempty" scim:"caseExact,mutability=immutable" description:"Identifier of the member."`
	Ref   string `json:"$ref,omitempty" scim:"mutability=immutable,referenceTypes=User|Group" description:"URI of the member."`
	Type  string `json:"type,omitempty" scim:"mutability=immutable,canonicalValues=User|Group" description:"Whether the member is a user or a group."`
	// Display is missing from the published schema; erratum 6011 adds it.
	Display string `json:"display,omitempty" scim:"mutability=readOnly" description:"Name of the member."`
}
