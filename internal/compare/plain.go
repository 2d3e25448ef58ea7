package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/scimmodels/scim/resource"
)

// plainUser is the struct that an application without any SCIM library would declare for encoding/json.
type plainUser struct {
	Schemas           []string                   `json:"schemas"`
	ID                string                     `json:"id,omitempty"`
	ExternalID        string                     `json:"externalId,omitempty"`
	UserName          string                     `json:"userName"`
	Name              resource.Name              `json:"name,omitzero"`
	DisplayName       string                     `json:"displayName,omitempty"`
	NickName          string                     `json:"nickName,omitempty"`
	ProfileURL        string                     `json:"profileUrl,omitempty"`
	Title             string                     `json:"title,omitempty"`
	UserType          string                     `json:"userType,omitempty"`
	PreferredLanguage string                     `json:"preferredLanguage,omitempty"`
	Locale            string                     `json:"locale,omitempty"`
	Timezone          string                     `json:"timezone,omitempty"`
	Active            *bool                      `json:"active,omitempty"`
	Password          string                     `json:"password,omitempty"`
	Emails            []resource.Email           `json:"emails,omitempty"`
	PhoneNumbers      []resource.PhoneNumber     `json:"phoneNumbers,omitempty"`
	IMs               []resource.IM              `json:"ims,omitempty"`
	Photos            []resource.Photo           `json:"photos,omitempty"`
	Addresses         []resource.Address         `json:"addresses,omitempty"`
	Groups            []resource.GroupMembership `json:"groups,omitempty"`
	Entitlements      []resource.Entitlement     `json:"entitlements,omitempty"`
	Roles             []resource.Role            `json:"roles,omitempty"`
	X509Certificates  []resource.X509Certificate `json:"x509Certificates,omitempty"`
	Enterprise        *resource.EnterpriseUser   `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Meta              resource.Meta              `json:"meta,omitzero"`
}

func readPlain(doc []byte) (*plainUser, error) {
	u := new(plainUser)
	return u, json.Unmarshal(doc, u)
}

// createPlain takes of a new user what a client may set. It looks at nothing but the one required attribute.
func createPlain(body []byte) (*plainUser, error) {
	u, err := readPlain(body)
	if err != nil {
		return nil, err
	}
	if u.UserName == "" {
		return nil, errors.New("userName is required")
	}
	u.Password, u.Groups = "", nil // the one is hashed and never returned, the other is readOnly
	if u.Enterprise != nil {
		u.Enterprise.Manager.DisplayName = ""
	}
	u.ID, u.Meta = newMeta()
	u.Meta.Location = base + "/Users/" + u.ID
	return u, nil
}

// patchPlain knows the three paths of the message and no other.
func patchPlain(current *plainUser, body []byte) (*plainUser, error) {
	var message struct {
		Operations []struct {
			Op, Path string
			Value    json.RawMessage
		}
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return nil, err
	}
	u := *current
	for _, op := range message.Operations {
		var err error
		switch op.Path {
		case `emails[type eq "work"].value`:
			u.Emails = slices.Clone(u.Emails)
			for i := range u.Emails {
				if u.Emails[i].Type == "work" {
					err = errors.Join(err, json.Unmarshal(op.Value, &u.Emails[i].Value))
				}
			}
		case "active":
			u.Active = nil // not to write through the pointer
			err = json.Unmarshal(op.Value, &u.Active)
		case "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":
			e := *u.Enterprise
			u.Enterprise = &e
			err = json.Unmarshal(op.Value, &e.Department)
		default:
			err = fmt.Errorf("the path %q is not known", op.Path)
		}
		if err != nil {
			return nil, err
		}
	}
	return &u, nil
}

// projectPlain knows the four attributes and no others.
func projectPlain(u *plainUser) ([]byte, error) {
	type email struct {
		Value string `json:"value"`
	}
	var out struct {
		Schemas  []string `json:"schemas"`
		ID       string   `json:"id"`
		UserName string   `json:"userName"`
		Name     struct {
			GivenName string `json:"givenName"`
		} `json:"name"`
		Emails []email `json:"emails"`
		Active *bool   `json:"active"`
	}
	out.Schemas, out.ID, out.UserName, out.Name.GivenName, out.Active = u.Schemas[:1], u.ID, u.UserName, u.Name.GivenName, u.Active
	out.Emails = make([]email, len(u.Emails))
	for i := range u.Emails {
		out.Emails[i].Value = u.Emails[i].Value
	}
	return json.Marshal(&out)
}

type plainList struct {
	Schemas      []string     `json:"schemas"`
	TotalResults int          `json:"totalResults"`
	ItemsPerPage int          `json:"itemsPerPage"`
	StartIndex   int          `json:"startIndex"`
	Resources    []*plainUser `json:"Resources"`
}

func listPlain(users []*plainUser) ([]byte, error) {
	return json.Marshal(&plainList{
		Schemas: []string{resource.ListResponseSchema}, TotalResults: len(users), ItemsPerPage: len(users), StartIndex: 1, Resources: users,
	})
}

// plainService answers GET and POST with net/http alone.
func plainService(rows *store[*plainUser]) http.Handler {
	answer := func(w http.ResponseWriter, status int, u *plainUser) {
		body, err := json.Marshal(u)
		if err != nil {
			http.Error(w, "internal server error", http.StatusInternalServerError)
			return
		}
		maps.Copy(w.Header(), http.Header{"Content-Type": {resource.MediaType}, "Location": {u.Meta.Location}, "Etag": {u.Meta.Version}})
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/Users/{id}", func(w http.ResponseWriter, r *http.Request) {
		u, ok := rows.get(r.PathValue("id"))
		if !ok {
			http.Error(w, errNotFound.Error(), http.StatusNotFound)
			return
		}
		answer(w, http.StatusOK, u)
	})
	mux.HandleFunc("POST /v2/Users", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, resource.DefaultLimit))
		if err != nil {
			http.Error(w, "the body is too long", http.StatusRequestEntityTooLarge)
			return
		}
		u, err := createPlain(body)
		if err != nil {
			http.Error(w, "the body is malformed", http.StatusBadRequest)
			return
		}
		rows.put(u.ID, u)
		answer(w, http.StatusCreated, u)
	})
	return mux
}

func plainBasics() ([]task, []string, error) {
	user, err := readPlain(stored())
	if err != nil {
		return nil, nil, err
	}
	users, err := each(page(), readPlain)
	if err != nil {
		return nil, nil, err
	}
	var body []byte
	var patched *plainUser
	var kept, created store[*plainUser]
	kept.put(userID, user)
	return []task{
		{work: "create", answer: document(&body), run: func() error {
			u, err := createPlain(userJSON)
			if err != nil {
				return err
			}
			body, err = json.Marshal(u)
			return err
		}},
		{
			work: "PATCH", method: "a switch of the three paths that the message has",
			answer: func() (any, error) { return json.Marshal(patched) },
			run:    func() (err error) { patched, err = patchPlain(user, []byte(patchJSON)); return err },
		},
		{
			work: "projection", method: "a struct of the attributes that are asked for",
			answer: document(&body), run: func() (err error) { body, err = projectPlain(user); return err },
		},
		{work: "list", answer: document(&body), run: func() (err error) { body, err = listPlain(users); return err }},
		calling("GET", plainService(&kept), http.MethodGet, userPath(), nil, nil),
		calling("POST", plainService(&created), http.MethodPost, "/Users", userJSON, created.forget),
	}, nil, nil
}

func plainFilters() ([]task, []string, error) {
	tasks, err := crowded(readPlain, func(q query) func(string) (func(*plainUser) (bool, error), error) {
		return func(string) (func(*plainUser) (bool, error), error) {
			return func(u *plainUser) (bool, error) { return q.hand(u), nil }, nil
		}
	})
	for i := range tasks {
		tasks[i].method = "the condition written in Go"
	}
	return tasks, nil, err
}
