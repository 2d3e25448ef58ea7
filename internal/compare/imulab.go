package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/imulab/go-scim/pkg/v2/crud"
	"github.com/imulab/go-scim/pkg/v2/crud/expr"
	"github.com/imulab/go-scim/pkg/v2/db"
	"github.com/imulab/go-scim/pkg/v2/handlerutil"
	scimjson "github.com/imulab/go-scim/pkg/v2/json"
	"github.com/imulab/go-scim/pkg/v2/prop"
	"github.com/imulab/go-scim/pkg/v2/service"
	"github.com/imulab/go-scim/pkg/v2/service/filter"
	"github.com/imulab/go-scim/pkg/v2/spec"

	"github.com/scimmodels/scim/resource"
)

// imulabReader reads stored users. Where imulab refuses them because of the zones of their dateTimes, it reads them without, and keeps the reason.
type imulabReader struct {
	kind    *spec.ResourceType
	refused error
}

func (r *imulabReader) read(doc []byte) (*prop.Resource, error) {
	v := prop.NewResource(r.kind)
	err := scimjson.Deserialize(doc, v)
	if err == nil {
		return v, nil
	}
	r.refused = err
	v = prop.NewResource(r.kind)
	return v, scimjson.Deserialize(zoneless(doc), v)
}

func (r *imulabReader) notes() []string {
	if r.refused == nil {
		return nil
	}
	return []string{fmt.Sprintf("a stored user with the dateTimes of the RFC is refused (%v): users are read without zones", r.refused)}
}

// zoneless is a document whose dateTimes in meta have no zone.
func zoneless(doc []byte) []byte {
	u := object(doc)
	meta := member(u, "meta")
	for _, name := range []string{"created", "lastModified"} {
		at, _ := meta[name].(string)
		meta[name] = strings.TrimSuffix(at, "Z")
	}
	return text(u)
}

// imulabDB is imulab's database in memory that can forget the user that came last.
type imulabDB struct {
	db.DB

	last *prop.Resource
}

// Insert remembers what is to be forgotten.
func (d *imulabDB) Insert(ctx context.Context, r *prop.Resource) error {
	d.last = r
	return d.DB.Insert(ctx, r)
}

func (d *imulabDB) forget() {
	if d.last != nil {
		_ = d.Delete(context.Background(), d.last)
	}
}

// imulabUser is a database of one user that no PATCH changes: the next is to find the same. What is looked up by a filter is in the database within.
// (imulab's database in memory refuses every PATCH as a conflict, since the service changes the very user that is stored.)
type imulabUser struct {
	db.DB

	user *prop.Resource
}

// Get hands out the user itself, for PatchService to change.
func (d *imulabUser) Get(context.Context, string, *crud.Projection) (*prop.Resource, error) {
	return d.user, nil
}

// Replace keeps the copy that PatchService has made of the user before it changed it.
func (d *imulabUser) Replace(_ context.Context, ref, _ *prop.Resource) error {
	d.user = ref
	return nil
}

// imulabService answers GET and POST with the services and the helpers that imulab has for handlers.
func imulabService(get service.Get, create service.Create) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/Users/{id}", func(w http.ResponseWriter, r *http.Request) {
		projection, err := handlerutil.GetRequestProjection(r)
		if err != nil {
			_ = handlerutil.WriteError(w, err)
			return
		}
		got, err := get.Do(r.Context(), &service.GetRequest{ResourceID: r.PathValue("id"), Projection: projection})
		if err != nil {
			_ = handlerutil.WriteError(w, err)
			return
		}
		var options []scimjson.Options
		if projection != nil {
			options = append(options, scimjson.Include(projection.Attributes...), scimjson.Exclude(projection.ExcludedAttributes...))
		}
		_ = handlerutil.WriteResourceToResponse(w, got.Resource, options...)
	})
	mux.HandleFunc("POST /v2/Users", func(w http.ResponseWriter, r *http.Request) {
		request, done := handlerutil.CreateRequest(r)
		defer done()
		got, err := create.Do(r.Context(), request)
		if err != nil {
			_ = handlerutil.WriteError(w, err)
			return
		}
		w.WriteHeader(http.StatusCreated) // the status "should be set before calling this method"
		_ = handlerutil.WriteResourceToResponse(w, got.Resource)
	})
	return mux
}

func imulabBasics() ([]task, []string, error) {
	kind, err := imulabType()
	if err != nil {
		return nil, nil, err
	}
	ctx, reader := context.Background(), &imulabReader{kind: kind}
	current, err := reader.read(stored())
	if err != nil {
		return nil, nil, err
	}
	users, err := each(page(), reader.read)
	if err != nil {
		return nil, nil, err
	}
	found := &service.QueryResponse{TotalResults: len(users), StartIndex: 1, ItemsPerPage: len(users)}
	for _, u := range users {
		found.Resources = append(found.Resources, u)
	}
	kept, creating := &imulabDB{DB: db.Memory()}, &imulabDB{DB: db.Memory()}
	patching := &imulabUser{DB: db.Memory(), user: current.Clone()}
	if err := kept.Insert(ctx, current); err != nil {
		return nil, nil, err
	}
	if err := patching.Insert(ctx, current.Clone()); err != nil {
		return nil, nil, err
	}
	config := new(spec.ServiceProviderConfig)
	config.Patch.Supported = true
	patch := service.PatchService(config, patching, nil, []filter.ByResource{
		filter.ByPropertyToByResource(filter.ReadOnlyFilter()), filter.ByPropertyToByResource(filter.ValidationFilter(patching)), filter.MetaFilter(),
	})
	create := service.CreateService(kind, creating, []filter.ByResource{
		filter.ByPropertyToByResource(filter.ReadOnlyFilter(), filter.UUIDFilter()), filter.MetaFilter(),
		filter.ByPropertyToByResource(filter.ValidationFilter(creating)),
	})
	handler := imulabService(service.GetService(kept), create)

	var body []byte
	var patched *prop.Resource
	creation := func(sent []byte, instead string) task {
		return task{work: "create", instead: instead, answer: document(&body), run: func() error {
			got, err := create.Do(ctx, &service.CreateRequest{PayloadSource: bytes.NewReader(sent)})
			if err != nil {
				return err
			}
			creating.forget()
			body, err = scimjson.Serialize(got.Resource)
			return err
		}}
	}
	withoutZones := zoneless(userJSON)
	posting := calling("POST", handler, http.MethodPost, "/Users", withoutZones, creating.forget)
	posting.instead = insteadOfZones
	return []task{
		creation(userJSON, ""),
		creation(withoutZones, insteadOfZones),
		{
			work: "PATCH", answer: func() (any, error) { b, err := scimjson.Serialize(patched); return b, err },
			run: func() error {
				got, err := patch.Do(ctx, &service.PatchRequest{ResourceID: userID, PayloadSource: strings.NewReader(patchJSON)})
				if err != nil {
					return err
				}
				patched = got.Resource
				return nil
			},
		},
		{work: "projection", answer: document(&body), run: func() (err error) {
			body, err = scimjson.Serialize(current, scimjson.Include(selection...))
			return err
		}},
		{work: "list", answer: document(&body), run: func() (err error) { body, err = imulabList(found); return err }},
		calling("GET", handler, http.MethodGet, userPath(), nil, nil),
		calling("POST", handler, http.MethodPost, "/Users", userJSON, creating.forget),
		posting,
	}, reader.notes(), nil
}

// insteadOfZones says how a task departs from the work.
const insteadOfZones = "dateTimes without zones"

// imulabList does what handlerutil.WriteSearchResultToResponse does, without the response.
func imulabList(found *service.QueryResponse) ([]byte, error) {
	out := handlerutil.SearchResultRendering{
		Schemas: []string{resource.ListResponseSchema}, TotalResults: found.TotalResults, StartIndex: found.StartIndex, ItemsPerPage: found.ItemsPerPage,
	}
	for _, u := range found.Resources {
		raw, err := scimjson.Serialize(u)
		if err != nil {
			return nil, err
		}
		out.Resources = append(out.Resources, raw)
	}
	return json.Marshal(out)
}

// imulabFilters compiles each filter once, rather than once for each user as crud.Evaluate and the database in memory do.
func imulabFilters() ([]task, []string, error) {
	kind, err := imulabType()
	if err != nil {
		return nil, nil, err
	}
	reader := &imulabReader{kind: kind}
	compile := func(text string) (func(*prop.Resource) (bool, error), error) {
		e, err := expr.CompileFilter(text)
		if err != nil {
			return nil, err
		}
		return func(u *prop.Resource) (bool, error) { return crud.EvaluateExpressionOnProperty(u.RootProperty(), e) }, nil
	}
	users, err := each(crowd(), reader.read)
	if err != nil {
		return nil, nil, err
	}
	var tasks []task
	for _, q := range queries {
		tasks = append(tasks, counting(q, users, compile))
		if strings.Contains(q.text, `Z"`) {
			again := counting(q, users, func(text string) (func(*prop.Resource) (bool, error), error) {
				return compile(strings.Replace(text, `Z"`, `"`, 1))
			})
			again.instead = insteadOfZones
			tasks = append(tasks, again)
		}
	}
	return tasks, reader.notes(), nil
}
