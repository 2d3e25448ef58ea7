package resource

import "encoding/json"

// BulkRequest is a list of requests sent as one (RFC 7644 section 3.7).
type BulkRequest struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:BulkRequest"`

	// FailOnErrors stops the job after so many errors; zero never does.
	FailOnErrors int `json:"failOnErrors,omitempty"`
	// Operations are the requests, at least one.
	Operations []BulkOperation `json:"Operations" scim:"required"`
}

// BulkResponse has the result of each operation that was processed (RFC 7644 section 3.7.3).
type BulkResponse struct {
	_ struct{} `scim:"urn:ietf:params:scim:api:messages:2.0:BulkResponse"`

	// Operations are the results in the order of the request, without those of what was not carried out.
	Operations []BulkOperation `json:"Operations" scim:"required"`
}

// BulkOperation is one request of a bulk job or its result (RFC 7644 section 3.7).
// What is missing in one operation fails that operation, not the job; so no member is required of the message.
type BulkOperation struct {
	// Method is POST, PUT, PATCH or DELETE, in requests and responses.
	Method string `json:"method"`
	// BulkID names the resource that a POST creates; other operations refer to it as bulkId:name.
	BulkID string `json:"bulkId,omitempty"`
	// Version is the entity tag: in a request the one the stored resource must have, in a response the new one.
	Version string `json:"version,omitempty"`
	// Path is relative to the base URL, such as /Users or /Users/2819c223. Requests only.
	Path string `json:"path,omitempty"`
	// Data is the body of a single request: a resource, or a PatchOp for PATCH. Requests only.
	Data json.RawMessage `json:"data,omitempty"`
	// Location is the URI of the resource; a failed POST has none. Responses only.
	Location string `json:"location,omitempty"`
	// Status is the HTTP status code that a single request would get, such as "201". Responses only.
	Status string `json:"status,omitempty"`
	// Response is the body that a single request would get. It is required when Status is not 2xx. Responses only.
	Response json.RawMessage `json:"response,omitempty"`
}
