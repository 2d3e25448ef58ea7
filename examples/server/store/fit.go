package store

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// What a value may be is the same in every store, so that a client need not know which one it has to do with.
const (
	// MaxKey is how many bytes a value may have that resources are looked up and sorted by: those of Kind.Sought, and the value of each
	// element of Kind.Valued. An index of PostgreSQL takes 2,700 bytes, for the comparison form, which may be half as long again, and an id.
	MaxKey = 1500
	// MaxID is how many bytes the id of a resource that is restored may have.
	MaxID = 255
)

// Attribute is an attribute of a Kind.
type Attribute struct {
	// Path is in attribute notation.
	Path string
	// Extension is the URN of the extension that it belongs to; "" is the core schema.
	Extension string
	// Name is its name.
	Name string
}

// goesByValue says that an attribute has elements which are told apart by their value, such as emails.
func goesByValue(a schema.Attribute) bool {
	return a.MultiValued && a.Type == schema.TypeComplex && a.Returned != schema.ReturnedNever &&
		slices.ContainsFunc(a.SubAttributes, func(sub schema.Attribute) bool {
			return sub.Name == "value" && sub.Type == schema.TypeString && !sub.MultiValued && sub.Returned != schema.ReturnedNever
		})
}

// sought are the attributes by which resources are looked up and sorted.
func (k *Kind) sought() []string {
	paths := slices.Concat([]string{"externalId"}, k.Display)
	for _, u := range k.Unique {
		paths = append(paths, u.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// fits refuses what not every store can keep: 400 invalidValue.
func (k *Kind) fits(head any) error {
	text, err := resource.Marshal(resource.Storage, head)
	if err != nil {
		return err
	}
	if hasNUL(text) {
		return scimerrors.New(scimerrors.InvalidValue, "a value has the character U+0000, which cannot be stored")
	}
	if len(resource.Common(head).ID) > MaxID {
		return tooLong("id", MaxID)
	}
	paths := slices.Clone(k.Sought)
	for _, a := range k.Valued {
		paths = append(paths, a.Path+".value")
	}
	for _, path := range paths {
		values, err := texts(head, path)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(values, func(value string) bool { return len(value) > MaxKey }) {
			return tooLong(path, MaxKey)
		}
	}
	return nil
}

func tooLong(path string, most int) error {
	return &scimerrors.Error{
		Status: http.StatusBadRequest, Type: scimerrors.InvalidValue, Path: path, Detail: fmt.Sprintf("has more than %d bytes", most),
	}
}

// hasNUL says whether a string of a JSON text has the character that PostgreSQL does not take: \u0000, behind no other backslash.
func hasNUL(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return false
		}
		if bytes.HasPrefix(text[i:], []byte(`\u0000`)) {
			return true
		}
		text = text[i+2:]
	}
}
