package sqlproof_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/resource"
)

const (
	thingURN = "urn:acme:params:scim:schemas:core:2.0:Thing"
	moreURN  = "urn:acme:params:scim:schemas:extension:more:2.0:Thing"
)

// Thing has an attribute of each kind that a filter can compare.
type Thing struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Thing"`

	Folded string          `json:"folded,omitempty"`
	Exact  string          `json:"exact,omitempty" scim:"caseExact"`
	Link   string          `json:"link,omitempty" scim:"referenceTypes=external"`
	Flag   *bool           `json:"flag,omitempty"`
	Plain  bool            `json:"plain,omitempty"`
	Count  *int64          `json:"count,omitempty"`
	Number int             `json:"number,omitempty"`
	Size   *float64        `json:"size,omitempty"`
	When   time.Time       `json:"when,omitzero"`
	Bytes  []byte          `json:"bytes,omitempty"`
	Name   Name            `json:"name,omitzero"`
	Emails []Email         `json:"emails,omitempty"`
	Tags   []string        `json:"tags,omitempty"`
	Codes  []string        `json:"codes,omitempty" scim:"caseExact"`
	Secret resource.Secret `json:"secret,omitempty" scim:"mutability=writeOnly,returned=never"`
	More   *More           `json:"urn:acme:params:scim:schemas:extension:more:2.0:Thing,omitempty"`
}

// Name is a single complex value.
type Name struct {
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty" scim:"caseExact"`
}

// Email is an element of a list.
type Email struct {
	Value   string `json:"value,omitempty"`
	Type    string `json:"type,omitempty" scim:"caseExact"`
	Primary *bool  `json:"primary,omitempty"`
}

// More is an extension.
type More struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:more:2.0:Thing"`

	Folded  string  `json:"folded,omitempty"`
	Level   *int64  `json:"level,omitempty"`
	Manager Manager `json:"manager,omitzero"`
}

// Manager is a single complex value that goes by its value.
type Manager struct {
	Value string `json:"value,omitempty" scim:"caseExact"`
}

// dice makes things, filters and orders.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 1))} }

func pick[T any](d dice, list ...T) T { return list[d.IntN(len(list))] }

// words differ in case, have what LIKE and JSON treat specially, and reach beyond ASCII.
var words = []string{
	"a", "A", "b", "B", "ab", "aB", "abc", "ABC", "z", "_", "%", "a%b", "a_b", `\`, `a\b`, "'", `"`, "a'b", "ä", "Ä", "ß", "ẞ", "é", "e\u0301", "K", "k", "ſ", "s", "日本", "😀", "😀a",
	" ", "a b", "aa", "0", "1", "true", "null", "urn:a:b", "~", "{", "[", "\u007f", "\u0080", "\uffff", "\U0010ffff", "\n", "x\ty",
}

func (d dice) word() string {
	w := pick(d, words...)
	if d.IntN(4) == 0 {
		w += pick(d, words...)
	}
	return w
}

func (d dice) maybe() string {
	if d.IntN(3) == 0 {
		return ""
	}
	return d.word()
}

var instants = []time.Time{
	time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC), time.Date(2011, 5, 13, 4, 42, 34, 500_000_000, time.UTC), time.Date(2011, 5, 13, 4, 42, 34, 123_456_000, time.UTC),
	time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
}

func (d dice) thing(i int) *Thing {
	t := &Thing{
		Folded: d.maybe(), Exact: d.maybe(), Link: pick(d, "", "urn:a:b", "https://example.com/A", "https://example.com/a"),
		Flag: pick(d, nil, new(true), new(false)), Plain: d.IntN(2) == 0,
		Count:  pick(d, nil, new(int64(0)), new(int64(1)), new(int64(-1)), new(int64(5)), new(int64(1<<53+1)), new(int64(-1<<63)), new(int64(1<<63-1))),
		Number: pick(d, 0, 1, -1, 7), Size: pick(d, nil, new(0.0), new(0.1), new(-0.1), new(1e300), new(1e-300), new(2.5)),
		Name: Name{First: d.maybe(), Last: d.maybe()},
	}
	t.ID = fmt.Sprintf("%04d", i)
	if d.IntN(4) == 0 {
		t.ID = d.word() + t.ID
	}
	t.ExternalID = d.maybe()
	t.Meta.LastModified = pick(d, instants...)
	if d.IntN(3) > 0 {
		t.When = pick(d, instants...)
	}
	if d.IntN(2) == 0 {
		t.Bytes = pick(d, []byte{0}, []byte{1, 2, 3}, []byte{255}, []byte("a"))
	}
	for range d.IntN(4) {
		e := Email{Value: d.maybe(), Type: pick(d, "", "work", "home", "Work"), Primary: pick(d, nil, new(false))}
		if e != (Email{}) && (e.Value != "" || e.Type != "" || e.Primary != nil) {
			t.Emails = append(t.Emails, e)
		}
	}
	if n := len(t.Emails); n > 0 && d.IntN(2) == 0 {
		t.Emails[d.IntN(n)].Primary = new(true)
	}
	for range d.IntN(3) {
		t.Tags = append(t.Tags, d.word())
		t.Codes = append(t.Codes, d.word())
	}
	if d.IntN(2) == 0 {
		t.More = &More{Folded: d.maybe(), Level: pick(d, nil, new(int64(1)), new(int64(2))), Manager: Manager{Value: d.maybe()}}
		if *t.More == (More{}) {
			t.More = nil
		}
	}
	return t
}

// filter makes a filter that the type accepts, as text.
func (d dice) filter(depth int) string {
	switch n := d.IntN(10); {
	case n < 2 && depth > 0:
		return "(" + d.filter(depth-1) + ") " + pick(d, "and", "or") + " (" + d.filter(depth-1) + ")"
	case n < 4 && depth > 0:
		return "not (" + d.filter(depth-1) + ")"
	case n < 6:
		return pick(d, "emails", "tags", "codes", "name") + "[" + d.inner(1) + "]"
	}
	return d.comparison()
}

func (d dice) comparison() string {
	switch d.IntN(12) {
	case 0:
		return pick(d, "flag", "plain", "emails.primary") + " " + pick(d, "eq true", "eq false", "ne true", "ne false", "pr", "eq null", "ne null")
	case 1:
		return pick(d, "count", "number", moreURN+":level") + " " + d.numeric()
	case 2:
		return "size " + d.numeric()
	case 3:
		return pick(d, "when", "meta.lastModified") + " " + pick(d, "eq", "ne", "gt", "ge", "lt", "le") + " \"" + d.instant() + "\""
	case 4:
		return "bytes " + pick(d, `eq "AA=="`, `ne "AA=="`, `eq "AQID"`, `eq "/w=="`, "pr", `ne "YQ=="`)
	case 5:
		return pick(d, "folded", "exact", "link", "flag", "plain", "count", "number", "size", "when", "bytes", "name", "name.first", "emails", "emails.value", "emails.type", "tags", "codes",
			moreURN+":folded", moreURN+":manager", "id", "externalId", "meta", "unknown", "schemas") + " " + pick(d, "pr", "eq null", "ne null")
	case 6:
		return "schemas " + pick(d, "eq", "ne", "co", "sw", "ew") + " " + filter.Quote(pick(d, thingURN, moreURN, strings.ToUpper(moreURN), "urn:acme", "Thing", "x"))
	case 7:
		return pick(d, "unknown", "emails", moreURN+":manager", "manager") + " " + d.textual()
	}
	return pick(d, "folded", "exact", "link", "name.first", "name.last", "emails.value", "emails.type", "tags", "codes", moreURN+":folded", moreURN+":manager.value", "id", "externalId") + " " + d.textual()
}

func (d dice) inner(depth int) string {
	switch d.IntN(7) {
	case 0:
		if depth > 0 {
			return "(" + d.inner(depth-1) + ") " + pick(d, "and", "or") + " (" + d.inner(depth-1) + ")"
		}
	case 1:
		if depth > 0 {
			return "not (" + d.inner(depth-1) + ")"
		}
	}
	return "value " + d.textual()
}

func (d dice) textual() string {
	return pick(d, "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le") + " " + filter.Quote(pick(d, d.word(), d.word(), d.word(), "", "a\x00b"))
}

func (d dice) numeric() string {
	return pick(d, "eq", "ne", "gt", "ge", "lt", "le") + " " +
		pick(d, "0", "1", "-1", "5", "1.5", "-0.5", "0.1", "-0", "1e3", "1e400", "-1e400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "9007199254740993", "1e300", "2.50")
}

func (d dice) instant() string {
	t := pick(d, instants...)
	if d.IntN(3) == 0 && t.Year() < 9999 {
		t = t.Add(time.Duration(d.IntN(2000)))
	}
	if d.IntN(2) == 0 && t.Year() > 1 && t.Year() < 9999 {
		return t.In(time.FixedZone("", 3600*(d.IntN(20)-10))).Format(time.RFC3339Nano)
	}
	return t.Format(time.RFC3339Nano)
}

// sortable are the attributes an order can look at; "" is none.
var sortable = []string{
	"", "folded", "exact", "link", "flag", "plain", "count", "number", "size", "when", "bytes", "name.first", "name.last", "emails", "emails.value", "emails.type", "emails.primary", "tags", "codes",
	moreURN + ":folded", moreURN + ":level", moreURN + ":manager.value", "id", "externalId", "meta.lastModified", "schemas",
}
