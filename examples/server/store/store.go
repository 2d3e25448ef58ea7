// Package store says what examples/server wants of a place that keeps resources. Store is the contract, in the package
// storetest it is a test suite, and memory and sqlstore (SQLite, PostgreSQL) fulfil it.
//
// A store knows resource types as Kinds and resources as pointers to their Go structs, so it works the same for types
// declared in code and for those made of schema files.
package store

import (
	"context"
	"iter"
	"net/http"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// Store keeps resources. All methods may be called from any number of goroutines, and by several processes where the
// database is shared.
//
// A resource handed to a store belongs to it, and one that a store returns is read only: both may be shared. What a
// store returns has id, schemas and meta with all parts but the location; the version changes with everything that a
// client can see of the resource but the display of its list elements. Kind.Memberships are always filled in, Kind.Lists
// where the caller asks for them; an element of either has its value, type and display, as far as its type has those parts.
//
// Errors are *errors.Error: ErrNotFound, a Taken or Unknown, 400 invalidValue for a value with the character U+0000 or, where resources are
// looked up by it, longer than MaxKey, 503 with Retry-After if the database cannot be reached, a caller's own error as it is,
// otherwise 500. A method that fails has changed nothing.
type Store interface {
	// Create stores a new resource and gives it an id, meta.created, meta.lastModified and a first version.
	Create(ctx context.Context, k *Kind, v any, lists bool) (any, error)

	// Get finds a resource by its id.
	Get(ctx context.Context, k *Kind, id string, lists bool) (any, error)

	// Update changes one resource: change is given what is stored, and nobody else changes that before Update returns. It may
	// be called again where the database asks for it. A nil *Change, or one that makes no difference, leaves version
	// and lastModified as they are. current says whether change is to see the lists, after whether the result has them.
	Update(ctx context.Context, k *Kind, id string, current, after bool, change func(current any) (*Change, error)) (any, error)

	// Delete removes a resource from the store and from all lists; the resources that had it there are changed by that.
	// check is given what is stored, without lists, and may refuse.
	Delete(ctx context.Context, k *Kind, id string, check func(current any) error) error

	// Search answers a query.
	Search(ctx context.Context, q *Query) (*Page, error)

	// All are the resources of a kind with their lists, ordered by id, as they were at one moment.
	All(ctx context.Context, k *Kind) iter.Seq2[any, error]

	// Restore stores resources as All has returned them: with their ids, times, versions and lists, in any order, all or none.
	// An id that a resource of any kind has is Taken.
	Restore(ctx context.Context, all iter.Seq2[Item, error]) error

	// Secret returns 32 random bytes that are the same for every process with this store and stay the same.
	Secret(ctx context.Context) ([]byte, error)

	// Ping says whether the store can be reached.
	Ping(ctx context.Context) error

	// Close ends the use of the store.
	Close() error
}

// Change is what Update is to do.
type Change struct {
	// Next is the resource as it becomes; what it has of lists, memberships and meta is not looked at. nil: only Edits.
	Next any
	// Edits are carried out one after the other.
	Edits []Edit
}

// Edit changes one list of a resource, element by element, so that it does not matter how long the list is.
type Edit struct {
	// List is one of Kind.Lists, by its Path.
	List string
	// Clear removes all elements, before Remove and Add.
	Clear bool
	// Remove has values of elements to remove.
	Remove []string
	// Must says that it is an error, 400 noTarget, if Remove removes none.
	Must bool
	// Add has values of elements to add. One that is there is left alone; one that is no id of a resource of the list's
	// kinds is Unknown.
	Add []string
}

// Query is what Search is asked.
type Query struct {
	// Kinds has one kind or, of a query at the root, several. All results are in one order.
	Kinds []*Kind
	// Filter, SortBy and SortOrder are those of the request; what is equal in SortBy, or everything, is ordered by id.
	Filter, SortBy, SortOrder string
	// Options say how strictly Filter and SortBy are read.
	Options []resource.Option
	// After, unless nil, is the Page.Next of the page before.
	After []any
	// Offset is how many results are left out, Limit how many are returned at most.
	Offset, Limit int
	// Lists says that the results have their lists.
	Lists bool
	// Count says that the number of all results is wanted.
	Count bool
}

// Page is the answer to a Query.
type Page struct {
	// Resources are pointers, in their order.
	Resources []any
	// Total is the number of all results, -1 unless it was wanted.
	Total int
	// Next is the place of the last result in the order, filter.Order.Key, if more come after it; otherwise nil.
	Next []any
}

// Item is a resource with its kind.
type Item struct {
	Kind  *Kind
	Value any
}

// ErrNotFound is the error of Get, Update and Delete for an id that no resource of the kind has.
var ErrNotFound = scimerrors.Status(http.StatusNotFound, "there is no such resource")

// Taken is the error for a value that has to be unique and that another resource has: 409 uniqueness.
func Taken(path string) error {
	return &scimerrors.Error{Status: http.StatusConflict, Type: scimerrors.Uniqueness, Path: path, Detail: "is taken by another resource"}
}

// Unknown is the error for an element of a list that refers to nothing, or to a resource of another kind: 400 invalidValue.
func Unknown(list, value string) error {
	return scimerrors.List{{
		Status: http.StatusBadRequest, Type: scimerrors.InvalidValue, Path: list + ".value",
		Detail: "names a resource that is not there or cannot be in this list: " + value,
	}}.Err()
}

// Missing is the error of an Edit that must remove something and does not: 400 noTarget.
func Missing(list string) error {
	return &scimerrors.Error{Status: http.StatusBadRequest, Type: scimerrors.NoTarget, Path: list, Detail: "has none of the elements to remove"}
}
