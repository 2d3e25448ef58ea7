package service

import (
	"context"
	"net/http"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// config is what /ServiceProviderConfig says; it has to match the routes.
var config = &resource.ServiceProviderConfig{
	Patch:          resource.PatchConfig{Supported: true},
	Bulk:           resource.BulkConfig{Supported: true, MaxOperations: MaxOperations, MaxPayloadSize: MaxBody},
	Filter:         resource.FilterConfig{Supported: true, MaxResults: MaxPage},
	ChangePassword: resource.FeatureConfig{Supported: true},
	Sort:           resource.FeatureConfig{Supported: true},
	ETag:           resource.FeatureConfig{Supported: true},
	AuthenticationSchemes: []resource.AuthenticationScheme{{
		Type:        "oauthbearertoken",
		Name:        "Bearer token",
		Description: "The header Authorization: Bearer, followed by a token of this service.",
		SpecURI:     "https://www.rfc-editor.org/info/rfc6750",
	}},
	Pagination: &resource.PaginationConfig{
		Cursor: true, Index: true, DefaultPaginationMethod: "index", DefaultPageSize: new(MaxPage), MaxPageSize: new(MaxPage),
		CursorTimeout: new(int(CursorTimeout.Seconds())),
	},
}

// discovery serves what the service says about itself (RFC 7644 section 4).
func (s *Service) discovery() {
	schemas := slices.Clone(s.Schemas)
	for _, own := range []*schema.Schema{schema.For[schema.Schema](), schema.For[resource.ResourceType](), schema.For[resource.ServiceProviderConfig]()} {
		if !slices.ContainsFunc(schemas, func(given *schema.Schema) bool { return strings.EqualFold(given.ID, own.ID) }) {
			schemas = append(schemas, own)
		}
	}
	all := documents[schema.Schema](schemas)
	s.route("GET", "/Schemas", resource.QueryResponse, nil, all.list)
	s.route("GET", "/Schemas/{id}", resource.QueryResponse, nil, all.get)
	types := documents[resource.ResourceType](s.types)
	s.route("GET", "/ResourceTypes", resource.QueryResponse, nil, types.list)
	s.route("GET", "/ResourceTypes/{id}", resource.QueryResponse, nil, types.get)
	s.route("GET", "/ServiceProviderConfig", resource.QueryResponse, nil, func(context.Context, request) (any, error) { return config, nil })
}

// documents is a list that never changes. Parameters for sorting and pages mean nothing there.
type documents[D any] []*D

func (all documents[D]) list(_ context.Context, r request) (any, error) {
	if r.URL.Query().Has("filter") {
		return nil, scimerrors.Status(http.StatusForbidden, "this list cannot be filtered")
	}
	return resource.Page(nil, all, len(all)), nil
}

func (all documents[D]) get(_ context.Context, r request) (any, error) {
	for _, d := range all {
		if strings.EqualFold(resource.Common(d).ID, r.PathValue("id")) {
			return d, nil
		}
	}
	return nil, store.ErrNotFound
}
