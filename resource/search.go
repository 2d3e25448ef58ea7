package resource

import "github.com/scimmodels/scim/internal/opt"

// sealed makes the struct that embeds it an Option and hides how.
type sealed = opt.Sealed //nolint:unused // embedded, which is what it is for

var _ opt.Option = (*SearchRequest)(nil)

// SearchRequest is a query, sent as the body of POST …/.search (RFC 7644 section 3.4.3, cursors RFC 9865 section 3)
// or as URL parameters. As an option it chooses the attributes of a response: Marshal and Write follow its
// Attributes and ExcludedAttributes. All members are optional.
type SearchRequest struct {
	sealed `scim:"urn:ietf:params:scim:api:messages:2.0:SearchRequest"` //nolint:unused // the plan reads its tag, and its method makes an Option

	// Attributes names the attributes to return, besides those always returned. ExcludedAttributes must then be empty.
	Attributes []string `json:"attributes,omitempty"`
	// ExcludedAttributes names attributes not to return.
	ExcludedAttributes []string `json:"excludedAttributes,omitempty"`
	// Filter chooses resources (RFC 7644 section 3.4.2.2); empty chooses all.
	Filter string `json:"filter,omitempty"`
	// SortBy names the attribute to order by (RFC 7644 section 3.4.2.3).
	SortBy string `json:"sortBy,omitempty"`
	// SortOrder is "ascending", the default, or "descending".
	SortOrder string `json:"sortOrder,omitempty"`
	// StartIndex is the position of the first result wanted, from 1; a smaller number counts as 1.
	StartIndex int `json:"startIndex,omitempty"`
	// Count is the most results wanted. Zero asks for the total only; nil leaves the number to the service.
	Count *int `json:"count,omitempty"`
	// Cursor is where to go on. An empty one asks for the first page in cursor mode; nil leaves the method to the service.
	Cursor *string `json:"cursor,omitempty"`
}
