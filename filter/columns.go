package filter

import (
	stderrors "errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
)

// Columns finds columns by path, such as "userName", "name.givenName", "emails.value", "meta.lastModified" or
// "urn:...:User:department": see [Target.Path]. A path that is not there cannot be searched for: 400 invalidFilter. Keys are in the spelling
// of the schema, others are never found; [Columns.Check] says so when the program starts. Every order ends in "id".
type Columns map[string]Column

// Find is the Column function of a [Dialect]. A path that is not there is 400 invalidFilter.
func (c Columns) Find(t Target) (Column, error) {
	if column, ok := c[t.Path()]; ok {
		return column, nil
	}
	return Column{}, unsearchable(t)
}

func unsearchable(t Target) *errors.Error {
	return errors.New(errors.InvalidFilter, "this service cannot search or sort by %s", t.Path())
}

// Check finds the mistakes in columns for a resource type, a struct type or a pointer to one, so that they come to light when the
// program starts rather than with a client's request: a key that is no attribute of the type or is spelled otherwise, an Expr, Folded or From that
// is missing, parts of one attribute that differ in From, no column for id. First is not checked: what is not sorted by needs none. The error
// is a plain one, with a line for each mistake.
func (c Columns) Check(t reflect.Type) error {
	p, err := attr.Compile(t)
	if err != nil {
		return err
	}
	var list []error
	if _, ok := c["id"]; !ok {
		list = append(list, stderrors.New("scim: there is no column for id, in which every order ends"))
	}
	from := map[*attr.Attribute]string{}
	for _, key := range slices.Sorted(maps.Keys(c)) {
		if err := c.check(p, key, from); err != nil {
			list = append(list, err)
		}
	}
	return stderrors.Join(list...)
}

// check looks at one column. from has the From of each multi-valued attribute that has been seen.
func (c Columns) check(p *attr.Plan, key string, from map[*attr.Attribute]string) error {
	steps, ok := p.Find(key)
	switch {
	case !ok || len(steps) == 0:
		return fmt.Errorf("scim: a column has the key %q, which %s", key, p.Lacks(key))
	case hidden(steps):
		return fmt.Errorf("scim: a column has the key %q, which is never returned, so that no filter may look at it", key)
	}
	w := writer{c: compiler{root: p}, d: Dialect{Column: c.Find}}
	s := w.site(steps, within{})
	if path := s.target().Path(); path != key {
		return fmt.Errorf("scim: a column has the key %q, which is never found; write %q", key, path)
	}
	if s.sub != nil && s.sub.MultiValued {
		return fmt.Errorf("scim: a column has the key %q, a list in a list, at which SQL does not look", key)
	}
	column, err := w.column(s)
	if err != nil || !s.many() {
		return err
	}
	if other, seen := from[s.a]; seen && other != column.From {
		return differ(s.a)
	}
	from[s.a] = column.From
	return nil
}
