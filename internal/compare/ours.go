package main

import (
	"net/http"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// user is the resource type of the service, as in examples/quickstart.
type user struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

var locate = resource.Locate(base, resource.ResourceTypeFor[user]("/Users"))

// readOurs reads a user that is kept in memory: with strings of its own, rather than slices of its document.
func readOurs(doc []byte) (*user, error) {
	return resource.Validate[user](resource.Storage, doc, resource.Owned())
}

func createOurs(body []byte) (*user, error) {
	u, err := resource.Validate[user](resource.CreationRequest, body)
	if err != nil {
		return nil, err
	}
	u.Password = "" // hashed and elsewhere
	u.ID, u.Meta = newMeta()
	return u, nil
}

func patchOurs(current *user, body []byte) (*user, error) {
	op, err := resource.Validate[resource.PatchOp[user]](resource.PatchRequest, body)
	if err != nil {
		return nil, err
	}
	return patch.Apply(current, op)
}

// oursService answers GET and POST.
func oursService(rows *store[*user]) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/Users/{id}", func(w http.ResponseWriter, r *http.Request) {
		q, err := resource.ParseQuery(r.URL.Query())
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		u, ok := rows.get(r.PathValue("id"))
		if !ok {
			scimerrors.Write(w, scimerrors.Status(http.StatusNotFound, "%w", errNotFound))
			return
		}
		if err := etag.Check(r, u.Meta.Version); err != nil {
			scimerrors.Write(w, err)
			return
		}
		_ = resource.Write(w, resource.QueryResponse, u, locate, q)
	})
	mux.HandleFunc("POST /v2/Users", func(w http.ResponseWriter, r *http.Request) {
		body, err := resource.Read(w, r, resource.DefaultLimit)
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		q, err := resource.ParseQuery(r.URL.Query())
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		u, err := createOurs(body)
		if err != nil {
			scimerrors.Write(w, err)
			return
		}
		rows.put(u.ID, u)
		_ = resource.Write(w, resource.CreationResponse, u, locate, q)
	})
	return mux
}

func oursBasics() ([]task, []string, error) {
	current, err := readOurs(stored())
	if err != nil {
		return nil, nil, err
	}
	users, err := each(page(), readOurs)
	if err != nil {
		return nil, nil, err
	}
	selected := &resource.SearchRequest{Attributes: selection}
	var body []byte
	var patched *user
	var kept, created store[*user]
	kept.put(userID, current)
	return []task{
		{work: "create", answer: document(&body), run: func() error {
			u, err := createOurs(userJSON)
			if err != nil {
				return err
			}
			body, err = resource.Marshal(resource.CreationResponse, u, locate)
			return err
		}},
		{
			work: "PATCH", answer: func() (any, error) { return resource.Marshal(resource.PatchResponse, patched, locate) },
			run: func() (err error) { patched, err = patchOurs(current, []byte(patchJSON)); return err },
		},
		{work: "projection", answer: document(&body), run: func() (err error) {
			body, err = resource.Marshal(resource.QueryResponse, current, locate, selected)
			return err
		}},
		{work: "list", answer: document(&body), run: func() (err error) {
			body, err = resource.Marshal(resource.QueryResponse, resource.Page(nil, users, len(users)), locate)
			return err
		}},
		calling("GET", oursService(&kept), http.MethodGet, userPath(), nil, nil),
		calling("POST", oursService(&created), http.MethodPost, "/Users", userJSON, created.forget),
	}, nil, nil
}

func oursFilters() ([]task, []string, error) {
	tasks, err := crowded(readOurs, func(query) func(string) (func(*user) (bool, error), error) {
		return func(text string) (func(*user) (bool, error), error) {
			f, err := filter.Compile[user](text)
			if err != nil {
				return nil, err
			}
			return func(u *user) (bool, error) { return f.Match(u), nil }, nil
		}
	})
	return tasks, nil, err
}
