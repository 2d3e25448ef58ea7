package store

import (
	"net/http"
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/schema"
)

// Chosen is a Kind of a Query with what the query asks of it.
type Chosen struct {
	Kind   *Kind
	Filter *filter.Filter
	// Order is that of the resources of all kinds of the query; what is equal in it is ordered by id. Its Key is the place of a resource
	// of any kind for Page.Next, and its Seek and After understand the places of all kinds.
	Order *filter.Order
}

// Compile makes a query ready for each of its kinds. Of several kinds, one that does not have what is sorted by has no value there. What
// none of them has, or what is text in one and a number in another, which no database puts in one order, is 400 invalidValue. So is
// meta.version in an order of a kind with Memberships, and 400 invalidFilter in a filter: they are part of it, and in no column.
// The other errors are those of filter.CompileType and filter.CompileOrderType.
func (q *Query) Compile() ([]Chosen, error) {
	options := q.Options
	if len(q.Kinds) > 1 {
		options = append(slices.Clone(options), filter.AcrossTypes())
	}
	chosen := make([]Chosen, len(q.Kinds))
	var unsorted error // why no kind so far has what to sort by
	sorted := false
	by := map[schema.Type]bool{}
	for i, k := range q.Kinds {
		c := Chosen{Kind: k}
		var err error
		if c.Filter, err = filter.CompileType(k.Type, q.Filter, options...); err != nil {
			return nil, err
		}
		if c.Order, err = filter.CompileOrderType(k.Type, q.SortBy, q.SortOrder, options...); err != nil {
			return nil, err
		}
		if err := c.searchable(); err != nil {
			return nil, err
		}
		if _, err := filter.CompileOrderType(k.Type, q.SortBy, q.SortOrder, q.Options...); err != nil {
			unsorted = err
		} else {
			sorted = true
		}
		if t, ok := sortedBy(c.Order); ok {
			by[t] = true
		}
		chosen[i] = c
	}
	if len(by) > 1 {
		return nil, &scimerrors.Error{Status: http.StatusBadRequest, Type: scimerrors.InvalidValue, Path: "sortBy",
			Detail: "is of different types among the resources that are asked for"}
	}
	if unsorted != nil && !sorted { // AMB-41: none of the kinds has the attribute
		return nil, unsorted
	}
	return chosen, nil
}

// somewhere stands for the column of any attribute, where package filter is only asked for what it looks at.
var somewhere = filter.Column{Expr: "x", Folded: "x", From: "x WHERE TRUE", First: "x"}

// searchable refuses what resources of a kind cannot be searched for, or sorted by.
func (c Chosen) searchable() error {
	var refused error
	d := filter.SQLite(func(t filter.Target) (filter.Column, error) {
		if t.Path() == "meta.version" && len(c.Kind.Memberships) > 0 {
			refused = scimerrors.New(scimerrors.InvalidFilter, "this service cannot search or sort by meta.version of %s", c.Kind.Name)
		}
		return somewhere, refused
	})
	if _, _, err := c.Filter.SQL(d, nil); refused != nil {
		return err
	}
	if _, err := c.Order.SQL(d); refused != nil {
		return err
	}
	return nil
}

// sortedBy is the type of what an order looks at, which is the column it wants besides that of id.
func sortedBy(o *filter.Order) (t schema.Type, ok bool) {
	columns := 0
	_, err := o.SQL(filter.SQLite(func(by filter.Target) (filter.Column, error) {
		columns++
		t = by.Type
		return somewhere, nil
	}))
	if t == schema.TypeReference {
		t = schema.TypeString
	}
	return t, err == nil && columns > 1
}

// Mentions says whether filter or order can depend on a list: whether its name is anywhere in them or, where it may be all
// that an extension has, that of the extension. A store need not read the elements otherwise.
func (q *Query) Mentions(l List) bool {
	text := strings.ToLower(q.Filter + " " + q.SortBy)
	if strings.Contains(text, strings.ToLower(l.Attribute)) {
		return true
	}
	return l.Path != l.Attribute && (strings.Contains(text, "schemas") || strings.Contains(text, strings.ToLower(l.Schema)))
}
