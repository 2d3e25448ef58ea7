package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/scimmodels/scim/resource"
)

// checkCreated looks at the answer to the creation of the user of section 8.3: what the client may set is there, and nothing else of what it sent.
func checkCreated(answer any) error {
	got, err := parsed(answer)
	if err != nil {
		return err
	}
	return errors.Join(difference(want(userJSON, func(u map[string]any) {
		delete(u, "password") // returned: never
		delete(u, "groups")   // readOnly, as the manager's name
		delete(member(member(u, resource.EnterpriseUserSchema), "manager"), "displayName")
		delete(u, "id")
		delete(u, "meta")
	}), without(got, "id", "meta")), checkAssigned(got))
}

// checkAssigned looks at what the service alone may set.
func checkAssigned(u map[string]any) error {
	var faults []error
	if id, _ := u["id"].(string); id == "" {
		faults = append(faults, errors.New("id is missing"))
	} else if id == userID {
		faults = append(faults, errors.New("id is the client's, though readOnly"))
	}
	meta := member(u, "meta")
	if meta["resourceType"] != "User" {
		faults = append(faults, fmt.Errorf("meta.resourceType is %v", meta["resourceType"]))
	}
	for _, name := range []string{"created", "lastModified"} {
		at, _ := meta[name].(string)
		if t, err := time.Parse(time.RFC3339, zoned(at)); err != nil || time.Since(t).Abs() > 24*time.Hour {
			faults = append(faults, fmt.Errorf("meta.%s is %q, not now", name, at))
		}
	}
	if location, _ := meta["location"].(string); !absolute(location) {
		faults = append(faults, fmt.Errorf("meta.location is %q, no URI", location))
	}
	return errors.Join(faults...)
}

func absolute(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.IsAbs()
}

// zoned adds the zone that an xsd:dateTime may lack.
func zoned(at string) string {
	if len(at) == len("2006-01-02T15:04:05") {
		return at + "Z"
	}
	return at
}

// checkPatched looks at the user after the PATCH. meta is the store's.
func checkPatched(answer any) error {
	got, err := parsed(answer)
	if err != nil {
		return err
	}
	return difference(want(stored(), func(u map[string]any) {
		emails, _ := u["emails"].([]any)
		for _, e := range emails {
			if email, _ := e.(map[string]any); email["type"] == "work" {
				email["value"] = "barbara.jensen@example.com"
			}
		}
		u["active"] = false
		member(u, resource.EnterpriseUserSchema)["department"] = "Sales"
		delete(u, "meta")
	}), without(got, "meta"))
}

// checkProjected looks at the user with the attributes of selection, and id, which is always returned. schemas may be there and may name either schema.
func checkProjected(answer any) error {
	got, err := parsed(answer)
	if err != nil {
		return err
	}
	return difference(map[string]any{
		"id": userID, "userName": "bjensen@example.com", "active": true, "name": map[string]any{"givenName": "Barbara"},
		"emails": []any{map[string]any{"value": "bjensen@example.com"}, map[string]any{"value": "babs@jensen.org"}},
	}, without(got, "schemas"))
}

// checkList looks at the list of users.
func checkList(answer any) error {
	got, err := parsed(answer)
	if err != nil {
		return err
	}
	users := make([]any, pageSize)
	for i, doc := range page() {
		users[i] = object(doc)
	}
	list, _ := got["Resources"].([]any)
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(idOf(a)), fmt.Sprint(idOf(b))) }) // no order was asked for
	envelope := map[string]any{"schemas": []any{resource.ListResponseSchema}, "totalResults": float64(pageSize)}
	return errors.Join(difference(envelope, without(got, "Resources", "startIndex", "itemsPerPage")), difference(users, list))
}

func idOf(user any) any {
	u, _ := user.(map[string]any)
	return u["id"]
}

// checkGet looks at the response to GET /Users/{id}.
func checkGet(r response) error {
	got, err := r.user(http.StatusOK)
	if err != nil {
		return err
	}
	return errors.Join(checkHeader(r, got), difference(want(stored(), func(u map[string]any) {
		delete(member(u, "meta"), "version") // is the server's, and compared with ETag
	}), without(got, "meta.version")))
}

// checkPost looks at the response to POST /Users.
func checkPost(r response) error {
	got, err := r.user(http.StatusCreated)
	if err != nil {
		return err
	}
	faults := []error{checkHeader(r, got)}
	if r.header.Get("Location") == "" {
		faults = append(faults, errors.New("header Location is missing"))
	}
	return errors.Join(append(faults, checkCreated(r.body))...)
}

// user is the body of a response that has to have a status.
func (r response) user(status int) (map[string]any, error) {
	if r.status != status {
		return nil, fmt.Errorf("status is %d, not %d: %s", r.status, status, strings.TrimSpace(string(r.body)))
	}
	return parsed(r.body)
}

func checkHeader(r response, u map[string]any) error {
	var faults []error
	if kind := r.header.Get("Content-Type"); !strings.HasPrefix(kind, resource.MediaType) {
		faults = append(faults, fmt.Errorf("header Content-Type is %q", kind))
	}
	if version, _ := member(u, "meta")["version"].(string); version != r.header.Get("ETag") {
		faults = append(faults, fmt.Errorf("meta.version is %q, header ETag %q", version, r.header.Get("ETag")))
	}
	return errors.Join(faults...)
}

func parsed(answer any) (map[string]any, error) {
	doc, ok := answer.([]byte)
	if !ok {
		return nil, fmt.Errorf("is a %T, not a document", answer)
	}
	var o map[string]any
	if err := json.Unmarshal(doc, &o); err != nil {
		return nil, fmt.Errorf("is no JSON object: %w", err)
	}
	return o, nil
}

func want(doc []byte, change func(u map[string]any)) map[string]any {
	u := object(doc)
	change(u)
	return u
}

// without is a copy of an object without some members; a name may have two parts.
func without(o map[string]any, names ...string) map[string]any {
	c := object(text(o))
	for _, name := range names {
		if outer, inner, ok := strings.Cut(name, "."); ok {
			delete(member(c, outer), inner)
		} else {
			delete(c, name)
		}
	}
	return c
}

// difference names the places where two JSON values differ: the first three, and of a fault that all elements of a list share the first.
func difference(want, got any) error {
	var faults, places []string
	more := 0
	differ("", want, got, func(path, fault string) {
		place := index.ReplaceAllString(path, "[]")
		if slices.Contains(places, place) || len(faults) == 3 {
			more++
			return
		}
		faults, places = append(faults, path+" "+fault), append(places, place)
	})
	switch {
	case len(faults) == 0:
		return nil
	case more > 0:
		return fmt.Errorf("%s, and %d more", strings.Join(faults, ", "), more)
	}
	return errors.New(strings.Join(faults, ", "))
}

var index = regexp.MustCompile(`\[\d+\]`)

func differ(path string, want, got any, report func(path, fault string)) {
	dot := strings.TrimPrefix(path+".", ".")
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			report(path, "is no object")
			return
		}
		for _, key := range slices.Sorted(maps.Keys(g)) {
			if _, asked := w[key]; !asked {
				report(dot+key, "should not be there")
			}
		}
		for _, key := range slices.Sorted(maps.Keys(w)) {
			if gv, there := g[key]; there {
				differ(dot+key, w[key], gv, report)
			} else {
				report(dot+key, "is missing")
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			report(path, fmt.Sprintf("has %d elements, not %d", len(g), len(w)))
			return
		}
		for i := range w {
			differ(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], report)
		}
	default:
		if !reflect.DeepEqual(want, got) && !equivalent(path, want, got) {
			report(path, fmt.Sprintf("is %v, not %v", got, want))
		}
	}
}

// equivalent forgives a dateTime without a zone, and a $ref that is written out where that of the user is relative.
func equivalent(path string, want, got any) bool {
	w, _ := want.(string)
	g, _ := got.(string)
	switch {
	case strings.HasSuffix(path, "meta.created"), strings.HasSuffix(path, "meta.lastModified"):
		return zoned(g) == w
	case strings.HasSuffix(path, "$ref"):
		u, err := url.Parse(base + userPath())
		if err != nil {
			return false
		}
		u, err = u.Parse(w)
		return err == nil && u.String() == g
	}
	return false
}
