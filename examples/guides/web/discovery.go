package web

import (
	"net/http"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// MaxPage is the most resources that a Store puts into one answer, CursorTimeout how long a client may take from one page to the next.
const (
	MaxPage       = 200
	CursorTimeout = 10 * time.Minute
)

// Config is what /ServiceProviderConfig says. It has to be true: clients leave alone what is not supported.
var Config = &resource.ServiceProviderConfig{
	Patch:          resource.PatchConfig{Supported: true},
	Bulk:           resource.BulkConfig{Supported: true, MaxOperations: 1000, MaxPayloadSize: maxBody},
	Filter:         resource.FilterConfig{Supported: true, MaxResults: MaxPage},
	ChangePassword: resource.FeatureConfig{Supported: false},
	Sort:           resource.FeatureConfig{Supported: true},
	ETag:           resource.FeatureConfig{Supported: true},
	AuthenticationSchemes: []resource.AuthenticationScheme{{
		Type: "oauthbearertoken", Name: "Bearer token", Description: "The token of this service in the header Authorization.",
	}},
	Pagination: &resource.PaginationConfig{
		Index: true, Cursor: true, DefaultPaginationMethod: "index", MaxPageSize: new(MaxPage), CursorTimeout: new(int(CursorTimeout.Seconds())),
	},
}

// Describe serves what clients read first (RFC 7644 section 4).
func Describe(s *Service, types []*resource.ResourceType, schemas []*schema.Schema) {
	s.route("/ServiceProviderConfig", map[string]http.Handler{
		http.MethodGet: s.answer(resource.QueryResponse, func(*request) (any, error) { return Config, nil }),
	})
	documents(s, "/ResourceTypes", types)
	documents(s, "/Schemas", schemas)
}

// documents serves a list that never changes, and each of its members by id.
func documents[D any](s *Service, path string, all []*D) {
	s.route(path, map[string]http.Handler{http.MethodGet: s.answer(resource.QueryResponse, func(r *request) (any, error) {
		if r.query.Filter != "" { // RFC 7644 section 4: it shall be refused
			return nil, scimerrors.Status(http.StatusForbidden, "this list cannot be filtered")
		}
		return resource.Page(nil, all, len(all)), nil
	})})
	s.route(path+"/{id}", map[string]http.Handler{http.MethodGet: s.answer(resource.QueryResponse, func(r *request) (any, error) {
		for _, d := range all {
			if strings.EqualFold(resource.Common(d).ID, r.PathValue("id")) {
				return d, nil
			}
		}
		return nil, scimerrors.Status(http.StatusNotFound, "there is no %s", r.PathValue("id"))
	})})
}
