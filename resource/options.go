package resource

import (
	"slices"

	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// Option changes what a verb does. Options are values made by this package; a nil Option means nothing.
// A verb ignores options that do not concern it. *[SearchRequest] is an Option, too.
type Option = opt.Option

// RejectUnknown refuses, in requests, unknown attributes (400 invalidSyntax) and schema URNs nobody declared.
// Without it they are ignored, as RFC 7644 section 3.1 allows.
func RejectUnknown() Option { return rejectUnknown }

// Owned copies each string out of the body. Without it strings are slices of one copy of the body, which is faster,
// but keeps the whole body in memory for as long as one string of it lives. It is for resources that stay in memory: beside
// taking less of it, filters go through many of them twice as fast.
func Owned() Option { return owned }

// Replacing says which resource a PUT (RFC 7644 section 3.5.1) replaces: current is a pointer to the type that is read. Nil, also of a type, says
// that there is none, which a service may know that creates on PUT. Parts of the result may be shared with current:
// what is carried over is not copied.
func Replacing(current any) Option {
	return opt.Func(func(s opt.Settings) opt.Settings {
		s.Replaces, s.Replacing = true, current
		return s
	})
}

// Nulls appends to paths what a request sets to null or [], such as name.title: by RFC 7644 section 3.3 a client may
// thereby overrule a default, which leaving an attribute out does not.
func Nulls(paths *[]string) Option {
	return opt.Func(func(s opt.Settings) opt.Settings {
		s.Null = func(path string) { *paths = append(*paths, path) }
		return s
	})
}

// Sent names the attributes that the client's PATCH has changed, in attribute notation: those of them that are returned
// on request are part of the answer (RFC 7643 section 7). In the other response contexts it is not needed.
func Sent(paths ...string) Option {
	return opt.Func(func(s opt.Settings) opt.Settings {
		s.Sent = paths
		return s
	})
}

// MaxResults limits the page that [List] returns, whatever count the client asks for; n below 1 means no limit. With [Strict] a
// greater count together with a cursor is 400 invalidCount (RFC 9865 section 2.1), also where a query is read or checked.
func MaxResults(n int) Option {
	return opt.Func(func(s opt.Settings) opt.Settings { s.MaxResults = n; return s })
}

// Paging makes [List] and [ListOf] serve cursors, too (RFC 9865): a query that has one is answered in the order of its sortBy and
// then of the ids, from the place that the cursor seals, and with the cursor of the next page if there is one. bound is what the
// cursors hold for beside the query, as in [Cursors.Seal]. A query without cursor is answered by its startIndex as before.
func Paging(c *Cursors, bound ...string) Option {
	if c == nil {
		return nil
	}
	p := &paging{c, slices.Clone(bound)}
	return opt.Func(func(s opt.Settings) opt.Settings { s.Paging = p; return s })
}

type paging struct {
	cursors *Cursors
	bound   []string
}

// Options without a parameter are made once, so that handing one over allocates nothing.
var (
	rejectUnknown = opt.Func(func(s opt.Settings) opt.Settings { s.RejectUnknown = true; return s })
	owned         = opt.Func(func(s opt.Settings) opt.Settings { s.Owned = true; return s })
)

// Locate makes Marshal, Append, Write and NoContent say where resources live, without changing the resource itself:
// meta.resourceType and meta.location are filled in where they are empty, $ref is made from value where the type
// referred to is known, and relative references become absolute (RFC 7643 sections 2.3.7 and 3.1).
// base is the service root, such as https://example.com/scim/v2; types say which endpoint belongs to which schema.
// The discovery documents need no type. The Option is made once and used for every request.
func Locate(base string, types ...*ResourceType) Option {
	places := make([]codec.Place, 0, len(types))
	for _, t := range types {
		if t != nil {
			places = append(places, codec.Place{Name: t.Name, Schema: t.Schema, Endpoint: t.Endpoint})
		}
	}
	locator := codec.NewLocator(base, places)
	return opt.Func(func(s opt.Settings) opt.Settings { s.Locate = locator; return s })
}

func locator(s *opt.Settings) *codec.Locator {
	l, _ := s.Locate.(*codec.Locator) // nil means none
	return l
}
