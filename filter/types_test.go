package filter_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/resource"
)

// Account is the user of the tests: the core user with the enterprise extension.
type Account struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// Part is a complex value with a primary that may be absent.
type Part struct {
	Value   string    `json:"value,omitempty"`
	Code    string    `json:"code,omitempty" scim:"caseExact"`
	Size    *int      `json:"size,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Tags    []string  `json:"tags,omitempty"`
	Key     string    `json:"key,omitempty" scim:"returned=never"`
	Primary *bool     `json:"primary,omitempty"`
}

// Plain is a complex value without value, whose primary false is unassigned, and one that is always written.
type Plain struct {
	Name    string `json:"name,omitempty"`
	Count   int    `json:"count"`
	Primary bool   `json:"primary,omitempty"`
}

// Extra is an extension whose URN has dots and digits, and begins with that of another.
type Extra struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:v1.5:Device.2"`

	Shelf string  `json:"shelf,omitempty" scim:"caseExact"`
	Rank  *uint8  `json:"rank,omitempty"`
	Owner Part    `json:"owner,omitzero"`
	Parts []Plain `json:"parts,omitempty"`
	Both  string  `json:"both,omitempty"`
}

// Short is an extension whose URN is the beginning of another's.
type Short struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:v1.5"`

	Label string `json:"label,omitempty"`
	Both  string `json:"both,omitempty"`
}

// Device has every data type, each plain and behind a pointer, alone and in a list.
type Device struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Device"`

	Serial string       `json:"serial,omitempty" scim:"caseExact"`
	Label  string       `json:"label,omitempty"`
	Note   *string      `json:"note,omitempty"`
	Home   string       `json:"home,omitempty" scim:"referenceTypes=external"`
	Count  int          `json:"count"`
	Level  *int8        `json:"level,omitempty"`
	Size   uint64       `json:"size,omitempty"`
	Ports  *uint16      `json:"ports,omitempty"`
	Ratio  float64      `json:"ratio,omitempty"`
	Weight *float64     `json:"weight,omitempty"`
	Scale  *float32     `json:"scale,omitempty"`
	On     bool         `json:"on"`
	Off    *bool        `json:"off,omitempty"`
	Flag   bool         `json:"flag,omitempty"`
	At     time.Time    `json:"at,omitzero"`
	Seen   *time.Time   `json:"seen,omitempty"`
	Blob   []byte       `json:"blob,omitempty"`
	Tags   []string     `json:"tags,omitempty"`
	Codes  []string     `json:"codes,omitempty" scim:"caseExact"`
	Names  []*string    `json:"names,omitempty"`
	Links  []string     `json:"links,omitempty" scim:"referenceTypes=uri"`
	Counts []int64      `json:"counts,omitempty"`
	Scales []float32    `json:"scales,omitempty"`
	Times  []*time.Time `json:"times,omitempty"`
	Flags  []bool       `json:"flags,omitempty"`
	Blobs  [][]byte     `json:"blobs,omitempty"`
	Part   Part         `json:"part,omitzero"`
	Spare  *Plain       `json:"spare,omitempty"`
	Plain  Plain        `json:"plain,omitzero"`
	Parts  []Part       `json:"parts,omitempty"`
	More   []*Part      `json:"more,omitempty"`
	Plains []Plain      `json:"plains,omitempty"`
	Hidden []Part       `json:"hidden,omitempty" scim:"returned=never"`
	Pin    string       `json:"pin,omitempty" scim:"mutability=writeOnly"`
	Extra  *Extra       `json:"urn:acme:params:scim:schemas:extension:v1.5:Device.2,omitempty"`
	Short  *Short       `json:"urn:acme:params:scim:schemas:extension:v1.5,omitempty"`
}

const (
	core       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	extra      = "urn:acme:params:scim:schemas:extension:v1.5:Device.2"
	short      = "urn:acme:params:scim:schemas:extension:v1.5"
)

// without is the default but for some tolerances.
func without(rules opt.Tolerance) filter.Option {
	return opt.Func(func(s opt.Settings) opt.Settings { s.Off |= rules; return s })
}

// read makes a resource from JSON as a database would.
func read[T any](tb testing.TB, doc string) *T {
	tb.Helper()
	v, err := resource.Validate[T](resource.Storage, []byte(doc))
	require.NoError(tb, err, doc)
	return v
}

// babs is the user of RFC 7643 section 8.3.
func babs(tb testing.TB) *Account {
	tb.Helper()
	text, err := os.ReadFile("testdata/rfc7643-8.3-user-enterprise.json")
	require.NoError(tb, err)
	return read[Account](tb, string(text))
}

func strings17(tb testing.TB, file string, n int) (list []string) {
	tb.Helper()
	text, err := os.ReadFile("testdata/" + file)
	require.NoError(tb, err)
	require.NoError(tb, json.Unmarshal(text, &list))
	require.Len(tb, list, n)
	return list
}

// refused checks that an error is the SCIM error 400 of a type, and that its text has all the words.
func refused(tb testing.TB, err error, kind scimerrors.Type, words ...string) {
	tb.Helper()
	var e *scimerrors.Error
	require.ErrorAs(tb, err, &e)
	assert.Equal(tb, 400, e.Status)
	assert.Equal(tb, kind, e.Type, "%v", err)
	assert.NotEmpty(tb, e.Detail)
	for _, w := range words {
		assert.ErrorContains(tb, err, w)
	}
}
