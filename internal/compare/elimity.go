package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/elimity-com/scim"
	scimerrors "github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/filter"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"

	"github.com/scimmodels/scim/resource"
)

// elimityRows is the handler of users that an application gives to elimity's server.
type elimityRows struct {
	store[scim.Resource]

	all     []scim.Resource
	patched []scim.PatchOperation
}

// elimityResource is a stored user: attributes as the server's validation leaves them, what the service assigns beside them.
func elimityResource(doc []byte) (scim.Resource, error) {
	var attributes map[string]any
	if err := json.Unmarshal(doc, &attributes); err != nil {
		return scim.Resource{}, err
	}
	meta := member(attributes, "meta")
	var times [2]time.Time
	for i, name := range []string{"created", "lastModified"} {
		at, _ := meta[name].(string)
		var err error
		if times[i], err = time.Parse(time.RFC3339, at); err != nil {
			return scim.Resource{}, err
		}
	}
	id, _ := attributes["id"].(string)
	version, _ := meta["version"].(string)
	r := scim.Resource{ID: id, ExternalID: external(attributes), Meta: scim.Meta{Created: &times[0], LastModified: &times[1], Version: version}}
	delete(attributes, "schemas")
	delete(attributes, "meta")
	r.Attributes = attributes
	return r, nil
}

func external(attributes map[string]any) optional.String {
	if id, ok := attributes["externalId"].(string); ok {
		return optional.NewString(id)
	}
	return optional.String{}
}

// Create implements scim.ResourceHandler as the library's own example does: the resource has the attributes that it is given.
func (s *elimityRows) Create(_ *http.Request, attributes scim.ResourceAttributes) (scim.Resource, error) {
	id, meta := newMeta()
	r := scim.Resource{
		ID: id, ExternalID: external(attributes), Attributes: attributes,
		Meta: scim.Meta{Created: &meta.Created, LastModified: &meta.LastModified, Version: meta.Version},
	}
	s.put(id, r)
	return r, nil
}

// Get implements scim.ResourceHandler.
func (s *elimityRows) Get(_ *http.Request, id string) (scim.Resource, error) {
	r, ok := s.get(id)
	if !ok {
		return r, scimerrors.ScimErrorResourceNotFound(id)
	}
	return r, nil
}

// GetAll implements scim.ResourceHandler.
func (s *elimityRows) GetAll(_ *http.Request, _ scim.ListRequestParams) (scim.Page, error) {
	return scim.Page{TotalResults: len(s.all), Resources: s.all}, nil
}

// Patch implements scim.ResourceHandler. To apply the operations is left to the application.
func (s *elimityRows) Patch(_ *http.Request, _ string, operations []scim.PatchOperation) (scim.Resource, error) {
	s.patched = operations
	return scim.Resource{}, nil
}

// Replace implements scim.ResourceHandler; nobody calls it here.
func (s *elimityRows) Replace(_ *http.Request, _ string, _ scim.ResourceAttributes) (scim.Resource, error) {
	return scim.Resource{}, scimerrors.ScimErrorInternal
}

// Delete implements scim.ResourceHandler; nobody calls it here.
func (s *elimityRows) Delete(_ *http.Request, _ string) error { return scimerrors.ScimErrorInternal }

func elimityServer(rows *elimityRows) (http.Handler, error) {
	server, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{MaxResults: 100, SupportFiltering: true, SupportPatch: true},
		ResourceTypes: []scim.ResourceType{{
			ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(),
			SchemaExtensions: []scim.SchemaExtension{{Schema: schema.ExtensionEnterpriseUser()}}, Handler: rows,
		}},
	})
	return server, err
}

func elimityBasics() ([]task, []string, error) {
	var kept, created elimityRows
	one, err := elimityResource(stored())
	if err != nil {
		return nil, nil, err
	}
	kept.put(userID, one)
	if kept.all, err = each(page(), elimityResource); err != nil {
		return nil, nil, err
	}
	reading, err := elimityServer(&kept)
	if err != nil {
		return nil, nil, err
	}
	creating, err := elimityServer(&created)
	if err != nil {
		return nil, nil, err
	}
	patching := calling("PATCH", reading, http.MethodPatch, userPath(), []byte(patchJSON), nil)
	patching.method = "parsed and checked only: to apply the operations is left to the application"
	patching.check, patching.answer = checkElimityPatch, func() (any, error) { return kept.patched, nil }
	tasks := []task{
		bodyOf(calling("create", creating, http.MethodPost, "/Users", userJSON, created.forget), http.StatusCreated),
		patching,
		bodyOf(calling("projection", reading, http.MethodGet, projectionPath(), nil, nil), http.StatusOK),
		bodyOf(calling("list", reading, http.MethodGet, "/Users?count=100", nil, nil), http.StatusOK),
		calling("GET", reading, http.MethodGet, userPath(), nil, nil),
		calling("POST", creating, http.MethodPost, "/Users", userJSON, created.forget),
	}
	return tasks, []string{"create, PATCH, projection and list go through its server: what does them is not exported"}, nil
}

// elimityFilters lets filters see the common attributes, too, which the user's schema does not name.
func elimityFilters() ([]task, []string, error) {
	read := func(doc []byte) (map[string]any, error) { return object(doc), nil }
	core := schema.CoreUserSchema()
	core.Attributes = slices.Concat(core.Attributes, schema.CommonAttributes())
	tasks, err := crowded(read, func(query) func(string) (func(map[string]any) (bool, error), error) {
		return func(text string) (func(map[string]any) (bool, error), error) {
			v, err := filter.NewValidator(text, core, schema.ExtensionEnterpriseUser())
			if err != nil {
				return nil, err
			}
			if err := v.Validate(); err != nil {
				return nil, err
			}
			return func(u map[string]any) (bool, error) { return v.PassesFilter(u) == nil, nil }, nil
		}
	})
	return tasks, nil, err
}

// checkElimityPatch looks at the operations that the application is given.
func checkElimityPatch(answer any) error {
	operations, _ := answer.([]scim.PatchOperation)
	got := make([]any, len(operations))
	for i, op := range operations {
		got[i] = map[string]any{"op": op.Op, "path": op.Path.String(), "value": op.Value}
	}
	return difference([]any{
		map[string]any{"op": "replace", "path": `emails[type eq "work"].value`, "value": "barbara.jensen@example.com"},
		map[string]any{"op": "replace", "path": "active", "value": false},
		map[string]any{"op": "add", "path": resource.EnterpriseUserSchema + ":department", "value": "Sales"},
	}, got)
}
