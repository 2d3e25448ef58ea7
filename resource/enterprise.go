package resource

// EnterpriseUser is the extension of [User] for people who work in an organisation (RFC 7643 section 4.3).
type EnterpriseUser struct {
	Extension `scim:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" description:"Place of the user in an organisation."`

	EmployeeNumber string  `json:"employeeNumber,omitempty" description:"Number or code the organisation gave the person."`
	CostCenter     string  `json:"costCenter,omitempty" description:"Cost centre the person is charged to."`
	Organization   string  `json:"organization,omitempty" description:"Organisation the person works for."`
	Division       string  `json:"division,omitempty" description:"Division the person works in."`
	Department     string  `json:"department,omitempty" description:"Department the person works in."`
	Manager        Manager `json:"manager,omitzero" description:"User this person reports to."`
}

// Manager is the user somebody reports to (RFC 7643 section 4.3).
type Manager struct {
	Value string `json:"value,omitempty" scim:"caseExact" description:"Identifier of the manager."`
	Ref   string `json:"$ref,omitempty" scim:"referenceTypes=User" description:"URI of the manager."`
	// DisplayName is filled in by the service provider.
	DisplayName string `json:"displayName,omitempty" scim:"mutability=readOnly" description:"Name of the manager."`
}
