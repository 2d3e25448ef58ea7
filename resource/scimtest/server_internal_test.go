package scimtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// account is what /Users of the test's service holds.
type account struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

const testBase = "/scim/v2"

// server is a service in memory that does everything; config and the knobs below take something away.
type server struct {
	users   *shelf[account]
	groups  *shelf[resource.Group]
	token   string
	config  resource.ServiceProviderConfig
	types   []*resource.ResourceType
	schemas []*schema.Schema
	options []resource.Option

	serial     int
	idPrefix   string
	oneID      bool // each resource gets the id of the first, once that is gone
	twins      bool // userName need not be unique
	exactNames bool // userName is unique with regard to case only
	grudge     bool // the name of a user that is gone stays taken
	restless   bool // each PATCH is a change
	endless    bool // a job has as many operations as it likes

	people func(w http.ResponseWriter, r *http.Request, id string) error // serves users of another type; nil: users does
}

// shelf is a list of resources of one type.
type shelf[T any] struct {
	*server
	items []*T
	name  func(*T) string // unique; nil: there is none
	gone  []string
}

func newServer(options ...resource.Option) *server {
	s := &server{token: "sesame", options: options, idPrefix: "x-"}
	s.config = resource.ServiceProviderConfig{
		Patch: resource.PatchConfig{Supported: true}, Filter: resource.FilterConfig{Supported: true, MaxResults: 50},
		Bulk:           resource.BulkConfig{Supported: true, MaxOperations: 20, MaxPayloadSize: 1 << 16},
		ChangePassword: resource.FeatureConfig{Supported: true}, Sort: resource.FeatureConfig{Supported: true}, ETag: resource.FeatureConfig{Supported: true},
		AuthenticationSchemes: []resource.AuthenticationScheme{{Type: "oauthbearertoken", Name: "Bearer", Description: "A token."}},
	}
	s.types = []*resource.ResourceType{resource.ResourceTypeFor[account]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups")}
	s.schemas = append(schema.All[account](), schema.All[resource.Group]()...)
	s.users = &shelf[account]{server: s, name: func(u *account) string { return u.UserName }}
	s.groups = &shelf[resource.Group]{server: s}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := s.serve(w, r); err != nil {
		scimerrors.Write(w, err)
	}
}

var errAbsent = scimerrors.Status(http.StatusNotFound, "there is no such thing")

func (s *server) serve(w http.ResponseWriter, r *http.Request) error {
	if s.token != "" && r.Header.Get("Authorization") != "Bearer "+s.token {
		denied := scimerrors.Status(http.StatusUnauthorized, "a token is required")
		denied.Header = http.Header{"Www-Authenticate": {"Bearer"}}
		return denied
	}
	path, ok := strings.CutPrefix(r.URL.Path, testBase+"/")
	endpoint, rest, _ := strings.Cut(path, "/")
	switch {
	case ok && endpoint == "Users" && s.people != nil:
		return s.people(w, r, rest)
	case ok && endpoint == "Users":
		return s.users.serve(w, r, rest)
	case ok && endpoint == "Groups" && s.groups != nil:
		return s.groups.serve(w, r, rest)
	case ok && path == "Bulk" && r.Method == http.MethodPost:
		return s.bulk(w, r)
	case !ok || !slices.Contains([]string{"ServiceProviderConfig", "ResourceTypes", "Schemas"}, endpoint):
		return errAbsent
	case r.Method != http.MethodGet:
		return noMethod("GET")
	}
	located := resource.Locate("http://"+r.Host+testBase, s.types...)
	switch endpoint {
	case "ResourceTypes":
		return document(w, s.types, rest, located)
	case "Schemas":
		return document(w, s.schemas, rest, located)
	}
	return resource.Write(w, resource.QueryResponse, &s.config, located)
}

func document[T any](w http.ResponseWriter, all []*T, id string, located resource.Option) error {
	if id == "" {
		return resource.Write(w, resource.QueryResponse, resource.Page(nil, all, len(all)), located)
	}
	for _, d := range all {
		if strings.EqualFold(resource.Common(d).ID, id) {
			return resource.Write(w, resource.QueryResponse, d, located)
		}
	}
	return errAbsent
}

func noMethod(allow string) error {
	err := scimerrors.Status(http.StatusMethodNotAllowed, "try %s", allow)
	err.Header = http.Header{"Allow": {allow}}
	return err
}

func (s *shelf[T]) serve(w http.ResponseWriter, r *http.Request, id string) error {
	body, err := resource.Read(w, r, 1<<20)
	if err != nil {
		return err
	}
	q, err := resource.ParseQuery(r.URL.Query(), s.options...)
	if err != nil {
		return err
	}
	options := append(slices.Clip(s.options), q, resource.Locate("http://"+r.Host+testBase, s.types...))
	switch {
	case id == ".search" && r.Method == http.MethodPost:
		if q, err = resource.Validate[resource.SearchRequest](resource.QueryRequest, body, s.options...); err != nil {
			return err
		}
		options = append(options, q)
		fallthrough
	case id == "" && r.Method == http.MethodGet:
		page, err := resource.List(s.items, q, append(options, resource.MaxResults(s.config.Filter.MaxResults))...)
		if err != nil {
			return err
		}
		return resource.Write(w, resource.QueryResponse, page, options...)
	case id == "" && r.Method == http.MethodPost:
		v, err := resource.Validate[T](resource.CreationRequest, body, options...)
		if err != nil {
			return err
		}
		s.serial++
		common := resource.Common(v)
		common.ID, common.Meta.Created = s.idPrefix+strconv.Itoa(s.serial), time.Now()
		if s.oneID && len(s.items) == 0 {
			common.ID = "x-0"
		}
		if err := s.store(v, nil); err != nil {
			return err
		}
		return resource.Write(w, resource.CreationResponse, v, options...)
	case id == "" || id == ".search":
		return noMethod("GET, POST")
	}
	i := slices.IndexFunc(s.items, func(v *T) bool { return resource.Common(v).ID == id })
	if i < 0 {
		return errAbsent
	}
	current := s.items[i]
	if s.config.ETag.Supported {
		if err := etag.Check(r, resource.Common(current).Meta.Version); err != nil {
			return err
		}
	}
	return s.one(w, r, body, i, current, options)
}

// one serves one resource.
func (s *shelf[T]) one(w http.ResponseWriter, r *http.Request, body []byte, i int, current *T, options []resource.Option) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return resource.Write(w, resource.QueryResponse, current, options...)
	case http.MethodDelete:
		if s.grudge && s.name != nil {
			s.gone = append(s.gone, s.name(current))
		}
		s.items = slices.Delete(s.items, i, i+1)
		resource.NoContent(w, nil)
		return nil
	case http.MethodPut:
		v, err := resource.Validate[T](resource.ReplaceRequest, body, append(slices.Clip(options), resource.Replacing(current))...)
		if err == nil {
			err = s.store(v, current)
		}
		if err != nil {
			return err
		}
		return resource.Write(w, resource.ReplaceResponse, v, options...)
	case http.MethodPatch:
		if !s.config.Patch.Supported {
			return scimerrors.Status(http.StatusNotImplemented, "PATCH is not offered")
		}
		op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body, options...)
		if err != nil {
			return err
		}
		v, err := patch.Apply(current, op)
		if err == nil && (v != current || s.restless) {
			copied := *v
			v = &copied
			err = s.store(v, current)
		}
		if err != nil {
			return err
		}
		return resource.Write(w, resource.PatchResponse, v, options...)
	}
	return noMethod("GET, PUT, PATCH, DELETE")
}

// store puts v in the place of current, or at the end.
func (s *shelf[T]) store(v, current *T) error {
	if s.name != nil {
		taken := func(name string) bool {
			return !s.twins && (s.name(v) == name || !s.exactNames && strings.EqualFold(s.name(v), name))
		}
		if slices.ContainsFunc(s.items, func(other *T) bool { return other != current && taken(s.name(other)) }) ||
			slices.ContainsFunc(s.gone, taken) {
			return &scimerrors.Error{Type: scimerrors.Uniqueness, Path: "userName", Detail: "is taken"}
		}
	}
	meta := &resource.Common(v).Meta
	meta.LastModified, meta.Version = time.Now(), ""
	if current == nil {
		meta.LastModified = meta.Created
	}
	if s.config.ETag.Supported {
		meta.Version = etag.Of(v)
	}
	if i := slices.Index(s.items, current); i >= 0 {
		s.items[i] = v
	} else {
		s.items = append(s.items, v)
	}
	return nil
}

// bulk sends each operation to the server itself, in order; references only lead back.
func (s *server) bulk(w http.ResponseWriter, r *http.Request) error {
	if !s.config.Bulk.Supported {
		return scimerrors.Status(http.StatusNotImplemented, "bulk is not offered")
	}
	body, err := resource.Read(w, r, 1<<20)
	if err != nil {
		return err
	}
	var job resource.BulkRequest
	if err := json.Unmarshal(body, &job); err != nil {
		return scimerrors.New(scimerrors.InvalidSyntax, "no bulk request")
	}
	if len(job.Operations) > s.config.Bulk.MaxOperations && !s.endless {
		return scimerrors.Status(http.StatusRequestEntityTooLarge, "%d operations at most", s.config.Bulk.MaxOperations)
	}
	var done resource.BulkResponse
	ids := map[string]string{}
	failed := 0
	for _, o := range job.Operations {
		data := string(o.Data)
		for name, id := range ids {
			data = strings.ReplaceAll(data, `"bulkId:`+name+`"`, `"`+id+`"`)
			o.Path = strings.ReplaceAll(o.Path, "bulkId:"+name, id)
		}
		one := httptest.NewRequestWithContext(r.Context(), o.Method, testBase+o.Path, strings.NewReader(data))
		one.Header.Set("Authorization", r.Header.Get("Authorization"))
		if o.Version != "" {
			one.Header.Set("If-Match", o.Version)
		}
		out := httptest.NewRecorder()
		s.ServeHTTP(out, one)
		result := resource.BulkOperation{Method: o.Method, BulkID: o.BulkID, Status: strconv.Itoa(out.Code), Version: out.Header().Get("ETag")}
		switch {
		case out.Code >= 400:
			failed++
			result.Response = out.Body.Bytes()
		case o.Method == http.MethodPost:
			doc, _ := decode(out.Body.Bytes())
			ids[o.BulkID] = text(doc, "id")
		}
		if result.Location = out.Header().Get("Location"); result.Location == "" && o.Method != http.MethodPost {
			result.Location = fmt.Sprintf("http://%s%s%s", r.Host, testBase, o.Path)
		}
		done.Operations = append(done.Operations, result)
		if job.FailOnErrors > 0 && failed >= job.FailOnErrors {
			break
		}
	}
	return resource.Write(w, resource.QueryResponse, &done)
}
