package resource

// URNs of the core schemas and of the enterprise extension (RFC 7643 section 10.4).
// Struct tags cannot use constants, so models repeat them.
const (
	UserSchema                  = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema                 = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseUserSchema        = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	ServiceProviderConfigSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ResourceTypeSchema          = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	SchemaSchema                = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// URNs of the messages (RFC 7644 section 8.2). They name no resource and are never listed by /Schemas.
const (
	ListResponseSchema  = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	SearchRequestSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	PatchOpSchema       = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	BulkRequestSchema   = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	BulkResponseSchema  = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
	ErrorSchema         = "urn:ietf:params:scim:api:messages:2.0:Error"
)
