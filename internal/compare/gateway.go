package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/marcelom97/scimgateway"
	"github.com/marcelom97/scimgateway/config"
	"github.com/marcelom97/scimgateway/scim"
)

// gatewayRows is the plugin that an application gives to scimgateway.
type gatewayRows struct{ store[*scim.User] }

// Name implements plugin.Plugin: the first step of every path.
func (p *gatewayRows) Name() string { return "v2" }

// gatewayCreate does what plugin.Plugin asks of CreateUser, which also is to take the id from the client if it sends one.
func gatewayCreate(u *scim.User) *scim.User {
	id, meta := newMeta()
	if u.ID == "" {
		u.ID = id
	}
	if len(u.Schemas) == 0 {
		u.Schemas = []string{scim.SchemaUser}
	}
	u.Meta = &scim.Meta{ResourceType: "User", Created: &meta.Created, LastModified: &meta.LastModified, Version: meta.Version}
	return u
}

// CreateUser implements plugin.Plugin.
func (p *gatewayRows) CreateUser(_ context.Context, u *scim.User) (*scim.User, error) {
	u = gatewayCreate(u)
	p.put(u.ID, u)
	return u, nil
}

// GetUser implements plugin.Plugin.
func (p *gatewayRows) GetUser(_ context.Context, id string, _ []string) (*scim.User, error) {
	u, ok := p.get(id)
	if !ok {
		return nil, scim.ErrNotFound("User", id)
	}
	return u, nil
}

// GetUsers implements plugin.Plugin; nobody calls it or the methods below here.
func (p *gatewayRows) GetUsers(context.Context, scim.QueryParams) ([]*scim.User, error) {
	return nil, nil
}

// ModifyUser implements plugin.Plugin.
func (p *gatewayRows) ModifyUser(context.Context, string, *scim.PatchOp) error { return errNotFound }

// DeleteUser implements plugin.Plugin.
func (p *gatewayRows) DeleteUser(context.Context, string) error { return errNotFound }

// GetGroups implements plugin.Plugin.
func (p *gatewayRows) GetGroups(context.Context, scim.QueryParams) ([]*scim.Group, error) {
	return nil, nil
}

// CreateGroup implements plugin.Plugin.
func (p *gatewayRows) CreateGroup(context.Context, *scim.Group) (*scim.Group, error) {
	return nil, errNotFound
}

// GetGroup implements plugin.Plugin.
func (p *gatewayRows) GetGroup(context.Context, string, []string) (*scim.Group, error) {
	return nil, errNotFound
}

// ModifyGroup implements plugin.Plugin.
func (p *gatewayRows) ModifyGroup(context.Context, string, *scim.PatchOp) error { return errNotFound }

// DeleteGroup implements plugin.Plugin.
func (p *gatewayRows) DeleteGroup(context.Context, string) error { return errNotFound }

func gatewayHandler(rows *gatewayRows) (http.Handler, error) {
	g := scimgateway.New(&config.Config{
		Gateway: config.GatewayConfig{BaseURL: "https://example.com", Port: 8080},
		Plugins: []config.PluginConfig{{Name: rows.Name()}},
	})
	g.RegisterPlugin(rows)
	if err := g.Initialize(); err != nil {
		return nil, err
	}
	return g.Handler()
}

func readGateway(doc []byte) (*scim.User, error) {
	u := new(scim.User)
	return u, json.Unmarshal(doc, u)
}

// patchGateway changes a copy, as a store would hand one out: ApplyPatch writes into what it is given.
func patchGateway(current *scim.User, body []byte) (*scim.User, error) {
	op := new(scim.PatchOp)
	if err := json.Unmarshal(body, op); err != nil {
		return nil, err
	}
	if err := scim.NewValidator().ValidatePatchOp(op); err != nil {
		return nil, err
	}
	u := *current
	u.Emails, u.EnterpriseUser = slices.Clone(u.Emails), maps.Clone(u.EnterpriseUser)
	return &u, scim.NewPatchProcessor().ApplyPatch(&u, op)
}

func gatewayBasics() ([]task, []string, error) {
	current, err := readGateway(stored())
	if err != nil {
		return nil, nil, err
	}
	users, err := each(page(), readGateway)
	if err != nil {
		return nil, nil, err
	}
	var body []byte
	var patched *scim.User
	var kept, created gatewayRows
	served, err := readGateway(stored()) // its server writes into the user that it serves
	if err != nil {
		return nil, nil, err
	}
	kept.put(userID, served)
	reading, err := gatewayHandler(&kept)
	if err != nil {
		return nil, nil, err
	}
	creating, err := gatewayHandler(&created)
	if err != nil {
		return nil, nil, err
	}
	return []task{
		{work: "create", answer: document(&body), run: func() error {
			u, err := readGateway(userJSON)
			if err != nil {
				return err
			}
			if err = scim.NewValidator().ValidateUser(u); err != nil {
				return err
			}
			u = gatewayCreate(u)
			u.Meta.Location = base + "/Users/" + u.ID
			body, err = json.Marshal(u)
			return err
		}},
		{
			work: "PATCH", answer: func() (any, error) { return json.Marshal(patched) },
			run: func() (err error) { patched, err = patchGateway(current, []byte(patchJSON)); return err },
		},
		{work: "projection", answer: document(&body), run: func() error {
			selected, err := scim.NewAttributeSelector(selection, nil).FilterResource(current)
			if err != nil {
				return err
			}
			body, err = json.Marshal(selected)
			return err
		}},
		{work: "list", answer: document(&body), run: func() error {
			list, err := scim.ProcessListQuery(users, scim.QueryParams{StartIndex: 1, Count: pageSize})
			if err != nil {
				return err
			}
			body, err = json.Marshal(list)
			return err
		}},
		calling("GET", reading, http.MethodGet, userPath(), nil, nil),
		calling("POST", creating, http.MethodPost, "/Users", userJSON, created.forget),
	}, nil, nil
}

func gatewayFilters() ([]task, []string, error) {
	tasks, err := crowded(readGateway, func(query) func(string) (func(*scim.User) (bool, error), error) {
		return func(text string) (func(*scim.User) (bool, error), error) {
			f, err := scim.NewFilterParser(text).Parse()
			if err != nil {
				return nil, err
			}
			return func(u *scim.User) (bool, error) { return f.Matches(u), nil }, nil
		}
	})
	return tasks, nil, err
}
