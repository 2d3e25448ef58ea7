package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// User is what /Users serves unless there are schema files.
type User struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// catalogue is what the service has resources of.
type catalogue struct {
	types    []service.Type
	schemas  []*schema.Schema
	repaired []repair
}

// repair is a mistake in a schema file that could be put right.
type repair struct {
	file string
	what error
}

func (c *catalogue) kinds() []*store.Kind {
	kinds := make([]*store.Kind, len(c.types))
	for i, t := range c.types {
		kinds[i] = t.Kind
	}
	return kinds
}

// catalogueOf reads schema and resource type files; without one of a sort the usual schemas or types take their place. Without any the
// types are those of this program, otherwise they are made of the files.
func catalogueOf(schemaFiles, typeFiles []string) (*catalogue, error) {
	c := &catalogue{schemas: append(schema.All[User](), schema.All[resource.Group]()...)}
	types := []*resource.ResourceType{resource.ResourceTypeFor[User]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups")}
	if len(schemaFiles)+len(typeFiles) == 0 {
		c.add(types[0], reflect.TypeFor[User]())
		c.add(types[1], reflect.TypeFor[resource.Group]())
		return c, nil
	}
	if len(schemaFiles) > 0 {
		if err := c.readSchemas(schemaFiles); err != nil {
			return nil, err
		}
	}
	if len(typeFiles) > 0 {
		var err error
		if types, err = readTypes(typeFiles); err != nil {
			return nil, err
		}
	}
	for _, rt := range types {
		t, err := resource.StructOf(rt, c.schemas...)
		if err != nil {
			return nil, fmt.Errorf("resource type %s: %w", rt.Name, err)
		}
		c.add(rt, t)
	}
	if err := service.Verify(c.types); err != nil {
		return nil, fmt.Errorf("--resource-type: %w", err)
	}
	return c, nil
}

func (c *catalogue) add(rt *resource.ResourceType, t reflect.Type) {
	c.types = append(c.types, service.Type{ResourceType: rt, Kind: store.NewKind(rt, t)})
}

func (c *catalogue) readSchemas(files []string) error {
	c.schemas = nil
	for _, file := range files {
		documents, err := documentsOf(file)
		if err != nil {
			return fmt.Errorf("--schema: %w", err)
		}
		for i, document := range documents {
			s, repaired, err := schema.Load(document)
			if err != nil {
				return fmt.Errorf("--schema: %s, %s: %w", file, position(i, len(documents)), err)
			}
			if slices.ContainsFunc(c.schemas, func(other *schema.Schema) bool { return strings.EqualFold(other.ID, s.ID) }) {
				return fmt.Errorf("--schema: %s: there are two schemas with the id %s", file, s.ID)
			}
			if err := repaired.Err(); err != nil {
				c.repaired = append(c.repaired, repair{file, err})
			}
			c.schemas = append(c.schemas, s)
		}
	}
	return nil
}

func readTypes(files []string) ([]*resource.ResourceType, error) {
	var types []*resource.ResourceType
	for _, file := range files {
		documents, err := documentsOf(file)
		if err != nil {
			return nil, fmt.Errorf("--resource-type: %w", err)
		}
		for i, document := range documents {
			rt, err := resource.Validate[resource.ResourceType](resource.QueryResponse, document)
			if err != nil {
				return nil, fmt.Errorf("--resource-type: %s, %s: %w", file, position(i, len(documents)), err)
			}
			if rt.ID == "" {
				rt.ID = rt.Name
			}
			types = append(types, rt)
		}
	}
	return types, nil
}

// position says which of the documents in a file is meant.
func position(i, n int) string {
	if n == 1 {
		return "its document"
	}
	return fmt.Sprintf("document %d of %d", i+1, n)
}

// documentsOf reads a file that holds one document, an array of documents, or a ListResponse.
func documentsOf(file string) ([]json.RawMessage, error) {
	data, err := os.ReadFile(file) //nolint:gosec // whoever starts the program names its files
	if err != nil {
		return nil, err
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff"))) // some editors write a byte order mark
	documents := []json.RawMessage{data}
	var message struct{ Schemas []string }
	switch {
	case len(data) == 0:
		documents = nil
	case data[0] == '[':
		documents = nil
		if err := json.Unmarshal(data, &documents); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	case json.Unmarshal(data, &message) == nil && slices.Contains(message.Schemas, resource.ListResponseSchema):
		list, err := resource.Validate[resource.ListResponse[json.RawMessage]](resource.QueryResponse, data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		documents = list.Resources
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("%s holds no document", file)
	}
	return documents, nil
}
