package resource

// ServiceProviderConfig says what a service supports (RFC 7643 section 5). It is one resource, not a list, and read-only.
type ServiceProviderConfig struct {
	Resource `scim:"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig,name=Service Provider Configuration" description:"What this service supports."`

	DocumentationURI      string                 `json:"documentationUri,omitempty" scim:"mutability=readOnly,referenceTypes=external" description:"Help page about this service's SCIM interface."`
	Patch                 PatchConfig            `json:"patch" scim:"required,mutability=readOnly" description:"Support for PATCH."`
	Bulk                  BulkConfig             `json:"bulk" scim:"required,mutability=readOnly" description:"Support for bulk requests, and their limits."`
	Filter                FilterConfig           `json:"filter" scim:"required,mutability=readOnly" description:"Support for filters, and their limit."`
	ChangePassword        FeatureConfig          `json:"changePassword" scim:"required,mutability=readOnly" description:"Support for changing passwords."`
	Sort                  FeatureConfig          `json:"sort" scim:"required,mutability=readOnly" description:"Support for sorted results."`
	ETag                  FeatureConfig          `json:"etag" scim:"required,mutability=readOnly" description:"Support for versions of resources."`
	AuthenticationSchemes []AuthenticationScheme `json:"authenticationSchemes" scim:"required,mutability=readOnly" description:"Ways in which a client can authenticate."`
	// Pagination is nil when nothing is announced (RFC 9865 section 4). A client reads nothing into that.
	Pagination *PaginationConfig `json:"pagination,omitempty" scim:"mutability=readOnly" description:"Ways to page through results."`
	// SecurityEvents is nil when events are not supported (RFC 9967 section 4).
	SecurityEvents *SecurityEventsConfig `json:"securityEvents,omitempty" scim:"mutability=readOnly" description:"Support for security events."`
}

// FeatureConfig says whether a feature without settings is supported (RFC 7643 section 5).
type FeatureConfig struct {
	Supported bool `json:"supported" scim:"required,mutability=readOnly" description:"Whether the feature can be used."`
}

// PatchConfig says whether PATCH is supported (RFC 7643 section 5).
type PatchConfig struct {
	Supported bool `json:"supported" scim:"required,mutability=readOnly" description:"Whether PATCH can be used."`
}

// BulkConfig says whether bulk requests are supported and how large they may be (RFC 7643 section 5).
type BulkConfig struct {
	Supported     bool `json:"supported" scim:"required,mutability=readOnly" description:"Whether bulk requests can be used."`
	MaxOperations int  `json:"maxOperations" scim:"required,mutability=readOnly" description:"Most operations in one request."`
	// MaxPayloadSize is in bytes.
	MaxPayloadSize int `json:"maxPayloadSize" scim:"required,mutability=readOnly" description:"Largest request body in bytes."`
}

// FilterConfig says whether filters are supported and how many resources one answer has at most (RFC 7643 section 5).
type FilterConfig struct {
	Supported  bool `json:"supported" scim:"required,mutability=readOnly" description:"Whether filters can be used."`
	MaxResults int  `json:"maxResults" scim:"required,mutability=readOnly" description:"Most resources in one response."`
}

// AuthenticationScheme is a way in which a client can authenticate (RFC 7643 section 5).
type AuthenticationScheme struct {
	// Type is missing from the published schema; erratum 8011 adds it.
	Type             string `json:"type" scim:"required,mutability=readOnly,canonicalValues=oauth|oauth2|oauthbearertoken|httpbasic|httpdigest" description:"Kind of authentication."`
	Name             string `json:"name" scim:"required,mutability=readOnly" description:"Name of the scheme for people to read."`
	Description      string `json:"description" scim:"required,mutability=readOnly" description:"How to authenticate with this scheme."`
	SpecURI          string `json:"specUri,omitempty" scim:"mutability=readOnly,referenceTypes=external" description:"Specification of the scheme."`
	DocumentationURI string `json:"documentationUri,omitempty" scim:"mutability=readOnly,referenceTypes=external" description:"Help page about the scheme."`
	// Primary is used by the example of RFC 7643 section 8.5 though no text defines it.
	Primary *bool `json:"primary,omitempty" scim:"mutability=readOnly,unlisted" description:"Whether this scheme is preferred; at most one is."`
}

// PaginationConfig says how results are paged (RFC 9865 section 4).
type PaginationConfig struct {
	Cursor bool `json:"cursor" scim:"required,mutability=readOnly" description:"Whether paging by cursor can be used."`
	Index  bool `json:"index" scim:"required,mutability=readOnly" description:"Whether paging by startIndex can be used."`
	// DefaultPaginationMethod applies to a request that names neither a cursor nor a startIndex.
	DefaultPaginationMethod string `json:"defaultPaginationMethod,omitempty" scim:"mutability=readOnly,canonicalValues=cursor|index,closed" description:"Method used when a request chooses none."`
	DefaultPageSize         *int   `json:"defaultPageSize,omitempty" scim:"mutability=readOnly,positive" description:"Resources on a page when a request sets no count."`
	MaxPageSize             *int   `json:"maxPageSize,omitempty" scim:"mutability=readOnly,positive" description:"Most resources on a page."`
	// CursorTimeout is in seconds.
	CursorTimeout *int `json:"cursorTimeout,omitempty" scim:"mutability=readOnly,positive" description:"Seconds for which a cursor stays valid."`
}

// SecurityEventsConfig says which security event tokens a service issues (RFC 9967 section 4).
type SecurityEventsConfig struct {
	// AsyncRequest says whether the service answers requests asynchronously: never, when they take long, or when the client asks.
	AsyncRequest string   `json:"asyncRequest,omitempty" scim:"mutability=readOnly,canonicalValues=none|long|request,closed" description:"When requests are completed asynchronously."`
	EventURIs    []string `json:"eventUris,omitempty" scim:"mutability=readOnly" description:"URIs of the events the service can issue."`
}
