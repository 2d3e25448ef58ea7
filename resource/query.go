package resource

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// ParseQuery reads the query parameters of a GET (RFC 7644 sections 3.4.2 and 3.9, RFC 9865 section 2) as if they were
// a [SearchRequest]. Unknown parameters are ignored. The errors are 400 invalidValue (a number that is none, both lists of
// attributes, an unknown sortOrder, cursor and startIndex together, a parameter given twice), 400 invalidFilter (an empty or
// malformed filter), 400 invalidCursor and, with [Strict] and [MaxResults], 400 invalidCount.
func ParseQuery(values url.Values, opts ...Option) (*SearchRequest, error) {
	s := opt.Collect(opts)
	q := &SearchRequest{StartIndex: untold}
	var faults errors.List
	fault := func(err *errors.Error, path string) {
		err.Path = path
		faults = append(faults, err)
	}
	one := func(name string) string {
		if len(values[name]) > 1 {
			fault(errors.New(errors.InvalidValue, "is given more than once; send it once"), name)
		}
		return values.Get(name)
	}
	number := func(name string) (n int, ok bool) {
		text := one(name)
		if text == "" {
			return 0, false
		}
		n, err := strconv.Atoi(text)
		if err != nil { // AMB-42
			fault(errors.New(errors.InvalidValue, "must be an integer of at most 64 bits, not %q", shorten(text)), name)
		}
		return n, err == nil
	}
	q.Attributes, q.ExcludedAttributes = values["attributes"], values["excludedAttributes"] // settle splits them
	q.Filter, q.SortBy, q.SortOrder = one("filter"), one("sortBy"), one("sortOrder")
	if values.Has("filter") && strings.TrimSpace(q.Filter) == "" { // RFC 7644 section 3.4.2.2: at least one expression
		fault(errors.New(errors.InvalidFilter, "is empty; leave it out to get all resources"), "filter")
		q.Filter = ""
	}
	if n, ok := number("startIndex"); ok {
		q.StartIndex = n
	}
	if n, ok := number("count"); ok {
		q.Count = &n
	}
	if values.Has("cursor") {
		cursor := one("cursor")
		q.Cursor = &cursor
	}
	if faults = append(faults, q.settle(&s, faults)...); len(faults) > 0 {
		return nil, faults.Err()
	}
	return q, nil
}

// maxNames is how many names attributes and excludedAttributes have at most: four times as many as a type has attributes.
const maxNames = 1000

// splitNames splits comma-separated lists of attribute names; AMB-28: an empty one is none. It ends where there are too many.
func splitNames(lists []string) []string {
	var names []string
	for _, list := range lists {
		for name := range strings.SplitSeq(list, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
			if len(names) > maxNames {
				return names
			}
		}
	}
	return names
}

func (q *SearchRequest) expect() { q.StartIndex = untold }

// settle brings a query that has been read into normal form.
func (q *SearchRequest) settle(s *opt.Settings, _ errors.List) errors.List {
	q.Attributes = splitNames(q.Attributes)
	q.ExcludedAttributes = splitNames(q.ExcludedAttributes)
	if order := strings.ToLower(q.SortOrder); order == "ascending" || order == "descending" {
		q.SortOrder = order
	}
	switch {
	case q.StartIndex == untold:
		q.StartIndex = 0
	case q.StartIndex < 1: // RFC 7644 section 3.4.2.4: below 1 counts as 1
		q.StartIndex = 1
	}
	if q.Count != nil && *q.Count < 0 { // the same: negative counts as 0
		q.Count = new(0)
	}
	return q.verify(s)
}

// verify applies the rules on the members of a query that need no resource type.
func (q *SearchRequest) verify(s *opt.Settings) errors.List {
	var faults errors.List
	fault := func(path string, err *errors.Error) {
		err.Path = path
		faults = append(faults, err)
	}
	if len(q.Attributes) > maxNames {
		fault("attributes", errors.New(errors.InvalidValue, "has more than %d names", maxNames))
	}
	if len(q.ExcludedAttributes) > maxNames {
		fault("excludedAttributes", errors.New(errors.InvalidValue, "has more than %d names", maxNames))
	}
	if len(q.Attributes) > 0 && len(q.ExcludedAttributes) > 0 { // RFC 7644 section 3.9, AMB-26
		fault("excludedAttributes", errors.New(errors.InvalidValue, "cannot be used together with attributes; send one of them"))
	}
	if s.Strict { // AMB-27
		for _, list := range []struct {
			path  string
			names []string
		}{{"attributes", q.Attributes}, {"excludedAttributes", q.ExcludedAttributes}} {
			for _, name := range list.names {
				if !isNotation(name) {
					fault(list.path, errors.New(errors.InvalidValue, "%q is no attribute name such as userName or name.givenName", shorten(name)))
				}
			}
		}
	}
	if q.Filter != "" { // its syntax only: names are checked where the type is known
		if _, err := filter.Parse(q.Filter, opt.Func(func(opt.Settings) opt.Settings { return *s })); err != nil {
			faults = append(faults, errors.From(err))
		}
	}
	switch strings.ToLower(q.SortOrder) { // RFC 7644 section 3.4.2.3
	case "", "ascending", "descending":
	default:
		fault("sortOrder", errors.New(errors.InvalidValue, "must be ascending or descending, not %q", shorten(q.SortOrder)))
	}
	if q.Cursor != nil && q.StartIndex != 0 { // AMB-43
		fault("cursor", errors.New(errors.InvalidValue, "cannot be used together with startIndex; send one of them"))
	}
	if q.Cursor != nil && !isUnreserved(*q.Cursor) { // RFC 9865 section 2
		faults = append(faults, errCursor())
	}
	if err := q.above(s); err != nil {
		faults = append(faults, err)
	}
	return faults
}

// above refuses a count that is greater than what the service offers. AMB-44: where there is no cursor, or no strictness, the
// page is shorter instead.
func (q *SearchRequest) above(s *opt.Settings) *errors.Error {
	if !s.Strict || q.Cursor == nil || q.Count == nil || s.MaxResults < 1 || *q.Count <= s.MaxResults {
		return nil
	}
	return &errors.Error{Status: 400, Type: errors.InvalidCount, Path: "count", Detail: "must be " + strconv.Itoa(s.MaxResults) + " or less, not " + strconv.Itoa(*q.Count)}
}

// isNotation says whether a name has the form of RFC 7644 section 3.10: [urn:]name[.sub].
func isNotation(s string) bool {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if strings.ContainsAny(s, " \t[]\"()") {
			return false
		}
		if s = s[i+1:]; !strings.Contains(s, ".") || !attr.IsName(s[:1]) { // the URN of an extension may end in anything
			return s != ""
		}
	}
	name, sub, dotted := strings.Cut(s, ".")
	return attr.IsName(name) && (!dotted || attr.IsName(sub))
}

// isUnreserved says whether a cursor has only the unreserved characters of RFC 3986.
func isUnreserved(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte("-._~", c) < 0 {
			return false
		}
	}
	return true
}

// shorten cuts what an error repeats of a request.
func shorten(s string) string { return wire.Clip(s, 64) }

// Page says which results an index page holds: limit of them after the first offset ones. most is the most a page of this
// service has, and its size when the client asks for none; below 1 it means no limit. Both are 0 or more
// (RFC 7644 section 3.4.2.4). A nil q asks for the first page.
func (q *SearchRequest) Page(most int) (offset, limit int) {
	if most < 1 {
		most = math.MaxInt
	}
	if q == nil {
		return 0, most
	}
	limit = most
	if q.Count != nil {
		limit = min(limit, *q.Count)
	}
	if limit < 0 {
		limit = 0
	}
	if q.StartIndex > 1 {
		offset = q.StartIndex - 1
	}
	return offset, limit
}
