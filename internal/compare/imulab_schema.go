package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/imulab/go-scim/pkg/v2/annotation"
	"github.com/imulab/go-scim/pkg/v2/crud"
	"github.com/imulab/go-scim/pkg/v2/spec"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// imulabAttribute is an attribute in imulab's schema files: the attribute of the RFC, and private members of imulab's.
type imulabAttribute struct {
	schema.Attribute

	CaseExact     bool                      `json:"caseExact"`
	SubAttributes []imulabAttribute         `json:"subAttributes,omitempty"`
	ID            string                    `json:"id"`
	Path          string                    `json:"_path"`
	Index         int                       `json:"_index"`
	Annotations   map[string]map[string]any `json:"_annotations,omitempty"`
}

// imulabType makes imulab's resource type of users from the schemas of the RFC, with the annotations that its documentation gives for such attributes.
// Passwords are not annotated with @BCrypt: no implementation hashes them here.
func imulabType() (*spec.ResourceType, error) {
	common := []schema.Attribute{
		{Name: "schemas", Type: schema.TypeString, MultiValued: true, CaseExact: new(true), Returned: schema.ReturnedAlways},
		{Name: "id", Type: schema.TypeString, CaseExact: new(true), Mutability: schema.ReadOnly, Returned: schema.ReturnedAlways},
		{Name: "externalId", Type: schema.TypeString, CaseExact: new(true)},
		{Name: "meta", Type: schema.TypeComplex, Mutability: schema.ReadOnly, SubAttributes: []schema.Attribute{
			{Name: "resourceType", Type: schema.TypeString, CaseExact: new(true), Mutability: schema.ReadOnly},
			{Name: "created", Type: schema.TypeDateTime, Mutability: schema.ReadOnly},
			{Name: "lastModified", Type: schema.TypeDateTime, Mutability: schema.ReadOnly},
			{Name: "location", Type: schema.TypeReference, Mutability: schema.ReadOnly},
			{Name: "version", Type: schema.TypeString, CaseExact: new(true), Mutability: schema.ReadOnly},
		}},
	}
	core, enterprise := schema.For[resource.User](), schema.For[resource.EnterpriseUser]()
	for _, s := range []struct {
		id, prefix, path string
		first            int
		attributes       []schema.Attribute
	}{
		{spec.CoreSchemaId, "", "", 0, common},
		{core.ID, core.ID + ":", "", 100, core.Attributes},
		{enterprise.ID, enterprise.ID + ":", enterprise.ID + ".", 0, enterprise.Attributes},
	} {
		list := make([]imulabAttribute, len(s.attributes))
		for i, a := range s.attributes {
			list[i] = annotated(a, s.prefix, s.path, s.first+i)
		}
		doc, err := json.Marshal(map[string]any{"id": s.id, "name": s.id, "attributes": list})
		if err != nil {
			return nil, err
		}
		registered := new(spec.Schema)
		if err := json.Unmarshal(doc, registered); err != nil {
			return nil, err
		}
		spec.Schemas().Register(registered)
	}
	t := new(spec.ResourceType)
	err := json.Unmarshal(fmt.Appendf(nil, `{"id":"User","name":"User","endpoint":%q,"schema":%q,"schemaExtensions":[{"schema":%q}]}`,
		base+"/Users", core.ID, enterprise.ID), t)
	if err != nil {
		return nil, err
	}
	crud.Register(t)
	return t, nil
}

func annotated(a schema.Attribute, prefix, path string, index int) imulabAttribute {
	out := imulabAttribute{
		Attribute: a, CaseExact: a.CaseExact != nil && *a.CaseExact,
		ID: prefix + a.Name, Path: path + a.Name, Index: index, Annotations: map[string]map[string]any{},
	}
	switch {
	case a.Name == "schemas":
		out.Annotations[annotation.AutoCompact] = map[string]any{}
	case a.Name == "id" && prefix == "":
		out.Annotations[annotation.UUID] = map[string]any{}
	case a.Type == schema.TypeComplex && a.MultiValued:
		out.Annotations[annotation.AutoCompact] = map[string]any{}
		out.Annotations[annotation.ExclusivePrimary] = map[string]any{}
		out.Annotations[annotation.ElementAnnotations] = map[string]any{annotation.StateSummary: map[string]any{}}
	case a.Type == schema.TypeComplex:
		out.Annotations[annotation.StateSummary] = map[string]any{}
	}
	if a.Mutability == schema.ReadOnly {
		out.Annotations[annotation.ReadOnly] = map[string]any{"reset": true, "copy": true}
	}
	for i, sub := range a.SubAttributes {
		s := annotated(sub, prefix+a.Name+".", path+a.Name+".", i)
		switch {
		case sub.Name == "primary":
			s.Annotations[annotation.Primary] = map[string]any{}
		case !a.MultiValued || !slices.Contains([]string{"display", "formatted"}, sub.Name):
			s.Annotations[annotation.Identity] = map[string]any{}
		}
		out.SubAttributes = append(out.SubAttributes, s)
	}
	return out
}
