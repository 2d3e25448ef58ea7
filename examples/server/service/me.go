package service

import (
	"context"
	"net/http"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

// me serves /Me as the user that the token stands for (RFC 7644 section 3.11). What is done is done to the resource in /Users,
// which the answer names as its location.
func (s *Service) me(users collection) {
	mapped := false
	for _, t := range s.Tokens {
		mapped = mapped || t.Me != ""
	}
	if !mapped {
		return
	}
	as := func(handle handler) handler {
		return func(ctx context.Context, r request) (any, error) {
			if r.caller.me == "" {
				return absent(ctx, r)
			}
			v, err := s.one(ctx, users.kind, "userName eq "+filter.Quote(r.caller.me))
			if err != nil {
				return nil, err
			}
			r.SetPathValue("id", resource.Common(v).ID)
			return handle(ctx, r)
		}
	}
	s.route(http.MethodGet, "/Me", resource.QueryResponse, selected, as(users.read))
	s.route(http.MethodPut, "/Me", resource.ReplaceResponse, selected, as(users.replace))
	s.route(http.MethodPatch, "/Me", resource.PatchResponse, selected, as(users.patch))
	s.route(http.MethodDelete, "/Me", resource.QueryResponse, nil, as(users.delete))
}
