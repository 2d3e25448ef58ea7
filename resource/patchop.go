package resource

// PatchOp is the body of a PATCH request (RFC 7644 section 3.5.2), a list of changes to a resource of type T.
// Operations apply in order and together: all of them or none.
type PatchOp[T any] struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:PatchOp"`

	Operations []PatchOperation `json:"Operations" scim:"required"`
}

// PatchOperation is one change of a PATCH request (RFC 7644 section 3.5.2).
type PatchOperation struct {
	// Op is add, remove or replace. Other spellings of case are understood and normalised.
	Op string `json:"op" scim:"required"`
	// Path says what to change, such as title, name.familyName or emails[type eq "work"].value.
	// Without one, Value is an object of attributes.
	Path string `json:"path,omitempty"`
	// Value has the attribute's Go type once the operation is in normal form. A remove has none.
	Value any `json:"value,omitempty"`
	// OnMiss says what to do when a filter in Path matches nothing, which only the stored resource can tell. It is not on the wire.
	OnMiss OnMiss `json:"-"`
}

// OnMiss says what a PATCH operation does when the filter in its path matches no element.
type OnMiss uint8

const (
	// MissRFC follows the RFC: add and replace fail with noTarget (RFC 7644 section 3.5.2.3); a remove, which finds
	// nothing left to remove, succeeds (section 3.5.2.2).
	MissRFC OnMiss = iota
	// MissIgnore leaves the resource as it is.
	MissIgnore
	// MissCreate adds an element made of the equality terms of the filter and of the value.
	MissCreate
	// MissError fails with noTarget, a remove too (RFC 7644 table 9).
	MissError
)
