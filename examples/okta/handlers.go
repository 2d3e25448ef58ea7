package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

const (
	root    = "/scim/v2" // of all paths
	maxBody = 8 << 20    // bytes of a request: a PUT of a group names all its members
	maxPage = 200        // resources in an answer
)

// providerConfig is what /ServiceProviderConfig says; it has to match the routes.
var providerConfig = &resource.ServiceProviderConfig{
	Patch:          resource.PatchConfig{Supported: true},
	Filter:         resource.FilterConfig{Supported: true, MaxResults: maxPage},
	ChangePassword: resource.FeatureConfig{Supported: true},
	Sort:           resource.FeatureConfig{Supported: true},
	ETag:           resource.FeatureConfig{Supported: true},
	AuthenticationSchemes: []resource.AuthenticationScheme{{
		Type:        "oauthbearertoken",
		Name:        "Bearer token",
		Description: "The header Authorization: Bearer, followed by the token of this service.",
		SpecURI:     "https://www.rfc-editor.org/info/rfc6750",
	}},
	Pagination: &resource.PaginationConfig{Index: true, DefaultPaginationMethod: "index", DefaultPageSize: new(maxPage), MaxPageSize: new(maxPage)},
}

// service is the SCIM service as an http.Handler.
type service struct {
	mux     *http.ServeMux
	db      *database
	base    string // public URL of the root; "": what the client has used
	token   string
	types   []*resource.ResourceType
	options []resource.Option // how strictly requests are read
	rounds  int               // of hashing a password
	log     *slog.Logger
}

func newService(db *database, base, token string, log *slog.Logger, options ...resource.Option) *service {
	s := &service{mux: http.NewServeMux(), db: db, base: strings.TrimSuffix(base, "/"), token: token, log: log, options: options, rounds: password.Rounds}
	s.types = []*resource.ResourceType{resource.ResourceTypeFor[User]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups")}

	u := users{s}
	s.route("POST", "/Users", resource.CreationResponse, selected, u.create)
	s.route("GET", "/Users", resource.QueryResponse, queried, u.list)
	s.route("POST", "/Users/.search", resource.QueryResponse, searched, u.list)
	s.route("GET", "/Users/{id}", resource.QueryResponse, selected, u.read)
	s.route("PUT", "/Users/{id}", resource.ReplaceResponse, selected, u.replace)
	s.route("PATCH", "/Users/{id}", resource.PatchResponse, selected, u.patch)
	s.route("DELETE", "/Users/{id}", resource.QueryResponse, nil, u.delete)

	g := groups{s}
	s.route("POST", "/Groups", resource.CreationResponse, selected, g.create)
	s.route("GET", "/Groups", resource.QueryResponse, queried, g.list)
	s.route("POST", "/Groups/.search", resource.QueryResponse, searched, g.list)
	s.route("GET", "/Groups/{id}", resource.QueryResponse, selected, g.read)
	s.route("PUT", "/Groups/{id}", resource.ReplaceResponse, selected, g.replace)
	s.route("PATCH", "/Groups/{id}", resource.PatchResponse, selected, g.patch)
	s.route("DELETE", "/Groups/{id}", resource.QueryResponse, nil, g.delete)

	schemas := documents[schema.Schema](append(schema.All[User](), schema.All[resource.Group]()...))
	s.route("GET", "/Schemas", resource.QueryResponse, nil, schemas.list)
	s.route("GET", "/Schemas/{id}", resource.QueryResponse, nil, schemas.get)
	types := documents[resource.ResourceType](s.types)
	s.route("GET", "/ResourceTypes", resource.QueryResponse, nil, types.list)
	s.route("GET", "/ResourceTypes/{id}", resource.QueryResponse, nil, types.get)
	s.route("GET", "/ServiceProviderConfig", resource.QueryResponse, nil, func(context.Context, request) (any, error) { return providerConfig, nil })

	for _, path := range []string{"/Bulk", "/Me", "/.search"} {
		s.route("", path, resource.QueryResponse, nil, absent)
	}
	return s
}

// users serves /Users.
type users struct{ *service }

func (s users) create(ctx context.Context, r request) (any, error) {
	user, err := resource.Validate[User](resource.CreationRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	row, err := fromUser(user, account{}, s.rounds)
	if err != nil {
		return nil, err
	}
	if row, err = s.db.addAccount(ctx, row); err != nil {
		return nil, err
	}
	return toUser(row)
}

func (s users) list(ctx context.Context, r request) (any, error) {
	q, err := searchFor[User](s.db, userSearch, r.query, r.options)
	if err != nil {
		return nil, err
	}
	total, page, err := s.db.searchAccounts(ctx, q)
	if err != nil {
		return nil, err
	}
	found, err := toUsers(page)
	return resource.Page(r.query, found, total), err
}

func (s users) read(ctx context.Context, r request) (any, error) {
	_, user, err := s.load(ctx, r)
	return user, err
}

func (s users) replace(ctx context.Context, r request) (any, error) {
	row, current, err := s.load(ctx, r)
	if err != nil {
		return nil, err
	}
	next, err := resource.Validate[User](resource.ReplaceRequest, r.body, r.with(resource.Replacing(current))...)
	if err != nil {
		return nil, err
	}
	return s.store(ctx, row, next)
}

func (s users) patch(ctx context.Context, r request) (any, error) {
	op, err := resource.Validate[resource.PatchOp[User]](resource.PatchRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	row, current, err := s.load(ctx, r)
	if err != nil {
		return nil, err
	}
	next, err := patch.Apply(current, op, r.options...)
	if err != nil || next == current { // nothing changed: nothing is stored
		return next, err
	}
	return s.store(ctx, row, next)
}

func (s users) delete(ctx context.Context, r request) (any, error) {
	row, _, err := s.load(ctx, r)
	if err != nil {
		return nil, err
	}
	return nil, s.db.deleteAccount(ctx, row)
}

// load finds the user that the URL names, and looks at If-Match and If-None-Match: 404, 412, 304.
func (s users) load(ctx context.Context, r request) (account, *User, error) {
	row, err := s.db.account(ctx, r.id())
	if err != nil {
		return row, nil, err
	}
	user, err := toUser(row)
	if err != nil {
		return row, nil, err
	}
	return row, user, etag.Check(r.Request, user.Meta.Version)
}

func (s users) store(ctx context.Context, row account, next *User) (any, error) {
	after, err := fromUser(next, row, s.rounds)
	if err != nil {
		return nil, err
	}
	if after, err = s.db.updateAccount(ctx, row, after); err != nil {
		return nil, err
	}
	return toUser(after)
}

// groups serves /Groups. Members are read only where the answer shows them, and written one by one as they come and go.
type groups struct{ *service }

// withMembers says whether the answer has members, so that nobody reads a hundred thousand of them to leave them out.
func withMembers(r request) bool {
	return resource.Shows[resource.Group](resource.QueryResponse, "members", r.with(r.query)...)
}

func (s groups) create(ctx context.Context, r request) (any, error) {
	group, err := resource.Validate[resource.Group](resource.CreationRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	row := team{Name: group.DisplayName, ExternalID: group.ExternalID}
	if row, err = s.db.addTeam(ctx, row, idsOf(group.Members), withMembers(r)); err != nil {
		return nil, err
	}
	return toGroup(row), nil
}

func (s groups) list(ctx context.Context, r request) (any, error) {
	q, err := searchFor[resource.Group](s.db, groupSearch, r.query, r.options)
	if err != nil {
		return nil, err
	}
	total, page, err := s.db.searchTeams(ctx, q, withMembers(r))
	if err != nil {
		return nil, err
	}
	return resource.Page(r.query, toGroups(page), total), nil
}

func (s groups) read(ctx context.Context, r request) (any, error) {
	_, group, err := s.load(ctx, r, withMembers(r))
	return group, err
}

func (s groups) replace(ctx context.Context, r request) (any, error) {
	row, current, err := s.load(ctx, r, true)
	if err != nil {
		return nil, err
	}
	next, err := resource.Validate[resource.Group](resource.ReplaceRequest, r.body, r.with(resource.Replacing(current))...)
	if err != nil {
		return nil, err
	}
	e, err := difference(current, next)
	if err != nil {
		return nil, err
	}
	if _, err = s.db.updateTeam(ctx, row, e); err != nil {
		return nil, err
	}
	return s.after(ctx, r)
}

// patch answers 204 rather than with members that nobody has asked for (RFC 7644 section 3.5.2).
func (s groups) patch(ctx context.Context, r request) (any, error) {
	op, err := resource.Validate[resource.PatchOp[resource.Group]](resource.PatchRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	changes, err := patch.Changes(op)
	if err != nil {
		return nil, err
	}
	e, told := editOf(changes)
	row, current, err := s.load(ctx, r, !told)
	if err != nil {
		return nil, err
	}
	if !told {
		next, err := patch.Apply(current, op, r.options...)
		if err != nil {
			return nil, err
		}
		if e, err = difference(current, next); err != nil {
			return nil, err
		}
	}
	if row, err = s.db.updateTeam(ctx, row, e); err != nil {
		return nil, err
	}
	if len(r.query.Attributes)+len(r.query.ExcludedAttributes) > 0 {
		return s.after(ctx, r)
	}
	return noContent{toGroup(row)}, nil
}

func (s groups) delete(ctx context.Context, r request) (any, error) {
	row, _, err := s.load(ctx, r, false)
	if err != nil {
		return nil, err
	}
	return nil, s.db.deleteTeam(ctx, row)
}

// load finds the group that the URL names, and looks at If-Match and If-None-Match: 404, 412, 304.
func (s groups) load(ctx context.Context, r request, members bool) (team, *resource.Group, error) {
	row, err := s.db.team(ctx, r.id(), members)
	if err != nil {
		return row, nil, err
	}
	group := toGroup(row)
	return row, group, etag.Check(r.Request, group.Meta.Version)
}

// after is the group as it has become.
func (s groups) after(ctx context.Context, r request) (any, error) {
	row, err := s.db.team(ctx, r.id(), withMembers(r))
	if err != nil {
		return nil, err
	}
	return toGroup(row), nil
}

// documents serves a list that never changes: the schemas or the resource types (RFC 7644 section 4).
type documents[D any] []*D

func (all documents[D]) list(_ context.Context, r request) (any, error) {
	if r.URL.Query().Has("filter") {
		return nil, scimerrors.Status(http.StatusForbidden, "this list cannot be filtered")
	}
	return resource.Page(nil, all, len(all)), nil
}

func (all documents[D]) get(_ context.Context, r request) (any, error) {
	i := slices.IndexFunc(all, func(d *D) bool { return strings.EqualFold(resource.Common(d).ID, r.PathValue("id")) })
	if i < 0 {
		return nil, errNotFound
	}
	return all[i], nil
}

// absent stands for an endpoint the protocol has and this service has not.
func absent(_ context.Context, r request) (any, error) { return nil, notOffered(r.URL.Path) }

// notOffered refuses rather than to leave something out.
func notOffered(what string) error {
	return scimerrors.Status(http.StatusNotImplemented, "this service does not offer %s", what)
}
