package sqlstore

import (
	"slices"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/filter"
)

// Besides the search document of a resource r, filters and orders look at columns of their own and at other tables.

// dialect finds the attributes of resources of a kind in a row r of resources. A filter looks at what indexes have; an order
// writes the same by itself. lists is told which lists are looked at.
func (s *Store) dialect(l *layout, ordered bool, lists func(store.List)) filter.Dialect {
	d := s.db.Documents("r.search")
	document, element := d.Column, s.db.Documents("e.search").Column
	d.Column = func(t filter.Target) (filter.Column, error) {
		path := t.Path()
		if x, ok := l.indexed[path]; ok && !ordered {
			return filter.Column{Expr: x, Folded: x}, nil
		}
		if c, ok := l.own(path); ok {
			return c, nil
		}
		if t.Attribute == "" && slices.ContainsFunc(slices.Concat(l.kind.Lists, l.kind.Memberships), func(of store.List) bool { return of.Schema == t.Schema }) {
			return filter.Column{}, errParts
		}
		whole := strings.TrimSuffix(path, "."+t.SubAttribute)
		for _, list := range l.kind.Lists {
			if list.Path == whole {
				lists(list)
				return members(list, t.SubAttribute), nil
			}
		}
		for _, list := range l.kind.Memberships {
			if list.Path == whole {
				return memberships(list, t.SubAttribute), nil
			}
		}
		for _, e := range l.kind.Valued {
			if e.Path == whole {
				return column(e, t, element)
			}
		}
		return document(t)
	}
	return d
}

// errParts is the answer to the question for an extension whose lists are in other tables: a filter then asks for one part after the other.
var errParts = scimerrors.New(scimerrors.InvalidFilter, "this service cannot search for the extension as a whole")

// own are the attributes that have columns of their own, since they change without the document.
func (l *layout) own(path string) (c filter.Column, ok bool) {
	switch path {
	case "id":
		return filter.Column{Expr: "r.id", Folded: "r.folded"}, true
	case "meta.created":
		return filter.Column{Expr: "r.created"}, true
	case "meta.lastModified":
		return filter.Column{Expr: "r.modified"}, true
	case "meta.resourceType":
		return filter.Column{Expr: l.literal, Folded: quoted(filter.Fold(l.kind.Name))}, true
	case "meta.version": // of a kind without memberships: Query.Compile
		x := `('W/"' || CAST(r.version AS TEXT) || '"')`
		return filter.Column{Expr: x, Folded: x}, true
	}
	return c, false
}

// none is the value of a part that a store does not keep, such as $ref.
const none = "CAST(NULL AS TEXT)"

// members is where the elements of one of Kind.Lists are.
func members(l store.List, part string) filter.Column {
	c := filter.Column{
		From:  "members m JOIN resources v ON v.id = m.value WHERE m.owner = r.id AND m.list = " + quoted(l.Path),
		First: "m.value",
	}
	switch part {
	case "": // there is an element
	case "value":
		c.Expr, c.Folded = "m.value", "v.folded"
	case "type":
		c.Expr, c.Folded = "m.kind", foldedKind("m.kind", l.Kinds)
	case "display":
		c.Expr, c.Folded = "v.display", "v.display_folded"
	default:
		c.Expr, c.Folded = none, none
	}
	return c
}

// memberships is where the elements of one of Kind.Memberships are.
func memberships(l store.List, part string) filter.Column {
	c := filter.Column{
		From: "(" + ascent("m.value = r.id", "''", l) + " SELECT up.owner, MAX(up.direct) AS direct FROM up WHERE up.owner <> r.id GROUP BY up.owner) g" +
			" JOIN resources v ON v.id = g.owner WHERE TRUE",
		First: "g.owner",
	}
	switch part {
	case "":
	case "value":
		c.Expr, c.Folded = "v.id", "v.folded"
	case "type":
		c.Expr = "CASE g.direct WHEN 1 THEN 'direct' ELSE 'indirect' END"
		c.Folded = c.Expr
	case "display":
		c.Expr, c.Folded = "v.display", "v.display_folded"
	default:
		c.Expr, c.Folded = none, none
	}
	return c
}

// ascent begins a statement with the table up of those that have resources in their lists, directly or through one another. UNION leaves
// out what is there already, so that circles end; a resource in one may be among them itself, and is left out by who reads up. which says
// which resources, and start is what up has as start of their rows.
func ascent(which, start string, l store.List) string {
	kinds := " AND m.owner_kind IN (" + quotedAll(l.Kinds) + ")"
	return "WITH RECURSIVE up(start, owner, direct) AS (SELECT " + start + ", m.owner, 1 FROM members m WHERE " + which + kinds +
		" UNION SELECT up.start, m.owner, 0 FROM up CROSS JOIN members m WHERE m.value = up.owner" + kinds + ")"
}

// descent is the way back: who is in the lists of resources v, directly or through one another, but for these themselves. CROSS JOIN has
// SQLite take the tables in this order.
func descent(which string, l store.List) string {
	kinds := ".kind IN (" + quotedAll(l.Kinds) + ")"
	return "WITH RECURSIVE down(start, id) AS (SELECT v.id, v.id FROM resources v WHERE " + which + " AND v" + kinds +
		" UNION SELECT down.start, m.value FROM down CROSS JOIN members m WHERE m.owner = down.id AND m" + kinds + ")" +
		" SELECT m.value FROM down CROSS JOIN members m WHERE m.owner = down.id AND m.value <> down.start"
}

// foldedKind is the comparison form of the name of a kind.
func foldedKind(column string, kinds []string) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for _, kind := range kinds {
		b.WriteString(" WHEN " + quoted(kind) + " THEN " + quoted(filter.Fold(kind)))
	}
	return b.String() + " ELSE " + column + " END"
}

// column is where the elements of an attribute are that has them in their table, and their parts in small search documents.
func column(e store.Attribute, t filter.Target, element func(filter.Target) (filter.Column, error)) (c filter.Column, err error) {
	switch t.SubAttribute {
	case "":
	case "value":
		c.Expr, c.Folded = "e.value", "e.value"
	default:
		if c, err = element(filter.Target{Attribute: t.SubAttribute, Type: t.Type, CaseExact: t.CaseExact}); err != nil {
			return c, err
		}
	}
	c.From = "elements e WHERE e.owner = r.id AND e.attribute = " + quoted(e.Path)
	c.First = "e.is_primary DESC, e.position"
	return c, nil
}
