package scimtest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// attribute is one of RFC 7643, or a part of one.
type attribute struct{ urn, name, part string }

// person is a user with the attributes of RFC 7643.
type person struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// standard has the attributes of RFC 7643, by resource type and then by the names that requests have for them, in lower case. Only they
// can be missing in a service: what else an exchange has, such as a misspelt name, is meant for any.
var standard = map[string]map[string]attribute{"User": named(schema.All[person]()), "Group": named(schema.All[resource.Group]())}

func named(schemas []*schema.Schema) map[string]attribute {
	names := map[string]attribute{}
	for _, s := range schemas { // the core schema is the first one
		add := func(path string, a attribute) {
			names[strings.ToLower(s.ID+":"+path)] = a
			if _, ok := names[strings.ToLower(path)]; !ok { // an extension without its URN
				names[strings.ToLower(path)] = a
			}
		}
		for _, a := range s.Attributes {
			add(a.Name, attribute{s.ID, a.Name, ""})
			for _, part := range a.SubAttributes {
				add(a.Name+"."+part.Name, attribute{s.ID, a.Name, part.Name})
			}
		}
	}
	return names
}

// need is an attribute in full notation (RFC 7644 section 3.10), as something that a service may do without.
func (a attribute) need() string { return strings.TrimSuffix(a.urn+":"+a.name+"."+a.part, ".") }

// undeclared finds the attributes that the documents of /Schemas leave out: a service may support a part of a schema (RFC 7644 section
// 3.1). A schema that is not there, or has no attributes at all, says nothing, and neither does an attribute about parts it does not list.
func undeclared(documents []any) map[attribute]bool {
	all := map[attribute]bool{}
	find := func(among []any, member, name string) any {
		i := slices.IndexFunc(among, func(v any) bool { return strings.EqualFold(text(v, member), name) })
		if i < 0 {
			return nil
		}
		return among[i]
	}
	for _, names := range standard {
		for _, a := range names {
			offered := list(find(documents, "id", a.urn), "attributes")
			if len(offered) == 0 {
				continue
			}
			declared := find(offered, "name", a.name)
			parts := list(declared, "subAttributes")
			if declared == nil || a.part != "" && len(parts) > 0 && find(parts, "name", a.part) == nil {
				all[a] = true
			}
		}
	}
	return all
}

// uses are the attributes of a resource type that an exchange needs. What a body merely carries is not among them: a service that does
// not have it ignores it.
type uses struct {
	names map[string]attribute
	found map[attribute]bool
}

// attributes lists those that an exchange names in a query or in the path of a PATCH, and those that it expects to be answered.
func (x *exchange) attributes() []attribute {
	found := map[attribute]bool{}
	for _, m := range append(slices.Clone(x.Before), x.Request) {
		u := uses{standard[kindOf(m.Path)], found}
		_, query, _ := strings.Cut(m.Path, "?")
		values, _ := url.ParseQuery(query) // what can be read will do
		u.query(values.Get("filter"), append(values["attributes"], values.Get("sortBy")))
		body, _ := decode(m.Body) // the same
		if strings.HasSuffix(m.Path, "/.search") {
			u.query(text(body, "filter"), append(asStrings(list(body, "attributes")), text(body, "sortBy")))
		}
		if m.Method == http.MethodPatch {
			for _, operation := range list(body, "Operations") {
				u.path(text(operation, "path"))
			}
		}
	}
	for e, path := range map[*expectation]string{&x.Expect: x.Request.Path, x.Expect.ThenGet: "", x.Expect.ThenGetOnError: ""} {
		if e == nil {
			continue
		}
		if path == "" {
			path = e.Path
		}
		u := uses{standard[kindOf(path)], found}
		body, _ := decode(e.BodyContains) // load has read it
		u.answer(body)
		for name := range e.ArrayLen {
			u.name(name)
		}
		if urn, ok := strings.CutPrefix(path, "/Schemas/"); ok {
			for _, names := range standard {
				for _, a := range list(body, "attributes") {
					uses{names, found}.name(urn + ":" + text(a, "name"))
				}
			}
		}
	}
	all := slices.Collect(maps.Keys(found))
	slices.SortFunc(all, func(a, b attribute) int { return strings.Compare(a.need(), b.need()) })
	return all
}

// kindOf is the resource type of an endpoint, "" for others.
func kindOf(path string) string {
	path, _, _ = strings.Cut(strings.Trim(path, "/"), "?")
	endpoint, _, _ := strings.Cut(path, "/")
	return map[string]string{"Users": "User", "Groups": "Group"}[endpoint]
}

func (u uses) name(name string) {
	if a, ok := u.names[strings.ToLower(name)]; ok {
		u.found[a] = true
	}
}

// path takes the attributes in the path of a PATCH operation. One that is malformed names nothing.
func (u uses) path(path string) {
	if p, err := filter.ParsePath(path); err == nil {
		name := p.AttributePath.String()
		u.name(name)
		u.expression(p.ValueExpression, name+".")
		u.name(name + "." + p.SubAttributeName())
	}
}

func (u uses) query(text string, names []string) {
	if e, err := filter.Parse(text); err == nil {
		u.expression(e, "")
	}
	for _, name := range split(names) {
		u.name(name)
	}
}

func (u uses) expression(e filter.Expression, within string) {
	switch e := e.(type) {
	case *filter.AttributeExpression:
		u.name(within + e.AttributePath.String())
	case *filter.LogicalExpression:
		u.expression(e.Left, within)
		u.expression(e.Right, within)
	case *filter.NotExpression:
		u.expression(e.Expression, within)
	case *filter.ValuePath:
		u.name(e.AttributePath.String())
		u.expression(e.ValueFilter, e.AttributePath.String()+".")
	}
}

// answer takes the attributes of a resource, or of those of a list.
func (u uses) answer(doc any) {
	for _, r := range list(doc, "Resources") {
		u.answer(r)
	}
	u.members(doc, "")
}

func (u uses) members(doc any, within string) {
	if elements, ok := doc.([]any); ok {
		for _, e := range elements {
			u.members(e, within)
		}
	}
	object, _ := doc.(map[string]any)
	for name, v := range object {
		u.name(within + name)
		if strings.Contains(name, ":") { // an extension
			u.members(v, name+":")
		} else {
			u.members(v, within+name+".")
		}
	}
}
