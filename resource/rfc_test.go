package resource_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// entry is a line of the manifest that came with the documents of the RFCs.
type entry struct {
	File string
	Kind string
	HTTP struct{ Direction, Method string }
}

// elsewhere are the kinds of documents that other tests read: those of package errors and of contexts to come.
var elsewhere = []string{"message:Error", "message:PatchOp", "SET claims", "array of filter strings", "array of PATCH paths"}

// allowed are the differences between a document and what is written after it was read. All else must be the same.
var allowed = []struct {
	kind, file string // start of the kind, part of the file's name
	context    string // "" stands for each
	difference string // the start of what compare says, as a pattern
}{
	// A request leaves out what the server would ignore (RFC 7644 section 3.3).
	{"resource:", "", "CreationRequest", `^(id|meta|groups|.*:User\.manager\.displayName|members\[\d+\]\.display): want .*, got nothing$`},
	// An empty list is unassigned (RFC 7643 section 2.5).
	{"resource:Schema", "-schema-user", "", `^attributes\[(19|20)\]\.subAttributes\[2\]\.canonicalValues: want \[\], got nothing$`},
	{"resource:User", "-put_request", "", `^roles: want \[\], got nothing$`},
	// itemsPerPage is the number of resources on the page; the examples leave it or most of the resources out.
	{"message:ListResponse", "", "", `^itemsPerPage: want (nothing|\d+), got \d+$`},
	// The examples print members without schemas, which every representation has (AMB-30).
	{"message:ListResponse", "rfc7644-3.4.2-", "", `^Resources\[\d\]\.schemas: want nothing, got \["` + resource.UserSchema + `"\]$`},
	{"message:ListResponse", "rfc7644-3.4.3-list_response-search.json", "", `^Resources\[\d\]\.schemas: want nothing, got \["` + resource.UserSchema + `"\]$`},
}

func isAllowed(e entry, ctx resource.Context, difference string) bool {
	for _, a := range allowed {
		if strings.HasPrefix(e.Kind, a.kind) && strings.Contains(e.File, a.file) && (a.context == "" || a.context == ctx.String()) && regexp.MustCompile(a.difference).MatchString(difference) {
			return true
		}
	}
	return false
}

func TestDocuments(t *testing.T) {
	text, err := os.ReadFile("testdata/rfc/manifest.json")
	require.NoError(t, err)
	var manifest []entry
	require.NoError(t, json.Unmarshal(text, &manifest))
	files, err := filepath.Glob("testdata/rfc/rfc*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	require.Len(t, manifest, len(files), "the manifest names each document")
	read := 0
	for _, e := range manifest {
		if slices.Contains(elsewhere, e.Kind) {
			continue
		}
		read++
		t.Run("7643-2.3.8-04/"+strings.TrimSuffix(e.File, ".json"), func(t *testing.T) { document1(t, e, rfcFile(t, e.File)) })
	}
	require.Greater(t, read, 40)
}

// document1 reads and writes one document in the contexts it belongs to.
func document1(t *testing.T, e entry, text []byte) {
	t.Helper()
	answers := []resource.Context{resource.Storage, resource.QueryResponse}
	switch e.Kind {
	case "resource:User", "resource:User+EnterpriseUser":
		resources[Employee](t, e, text)
	case "resource:Group":
		resources[resource.Group](t, e, text)
	case "resource:ServiceProviderConfig":
		roundTrips[resource.ServiceProviderConfig](t, e, text, answers)
	case "fragment of ServiceProviderConfig":
		fragment(t, text)
	case "resource:ResourceType":
		roundTrips[resource.ResourceType](t, e, text, answers)
	case "array of ResourceType":
		var list []json.RawMessage
		require.NoError(t, json.Unmarshal(text, &list))
		require.NotEmpty(t, list)
		for _, one := range list {
			roundTrips[resource.ResourceType](t, e, one, answers)
		}
	case "resource:Schema":
		roundTrips[schema.Schema](t, e, text, answers)
	case "message:SearchRequest":
		roundTrips[resource.SearchRequest](t, e, text, []resource.Context{resource.Storage, resource.QueryRequest, resource.CreationRequest})
	case "message:BulkRequest":
		roundTrips[resource.BulkRequest](t, e, text, []resource.Context{resource.Storage, resource.CreationRequest})
	case "message:BulkResponse":
		if strings.Contains(e.File, "as_printed") { // a status that is an object is read, and written as a string (AMB-49)
			read, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, text, resource.Strict())
			require.NoError(t, err)
			want, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, rfcFile(t, strings.Replace(e.File, ".as_printed", "", 1)))
			require.NoError(t, err)
			same(t, want, read)
			break
		}
		roundTrips[resource.BulkResponse](t, e, text, answers)
	case "message:ListResponse":
		switch {
		case strings.Contains(e.File, "resource_types"):
			roundTrips[resource.ListResponse[resource.ResourceType]](t, e, text, answers)
		case strings.Contains(e.File, "search.recommended"): // a user and a group
			roundTrips[resource.ListResponse[json.RawMessage]](t, e, text, answers)
		case strings.Contains(e.File, "circular"):
			roundTrips[resource.ListResponse[*resource.Group]](t, e, text, answers)
		default:
			roundTrips[resource.ListResponse[Employee]](t, e, text, answers)
		}
		raw, err := resource.Validate[resource.ListResponse[json.RawMessage]](resource.QueryResponse, text)
		require.NoError(t, err)
		whole, ok := decoded(t, string(text)).(map[string]any)
		require.True(t, ok)
		list, ok := whole["Resources"].([]any)
		require.True(t, ok)
		for i, one := range raw.Resources {
			assert.Equal(t, list[i], decoded(t, string(one)))
		}
	default:
		t.Errorf("nobody reads a %s", e.Kind)
	}
}

// resources are what a client sends and what it gets. Two examples of the RFC show a password in an answer.
func resources[T any](t *testing.T, e entry, text []byte) {
	t.Helper()
	roundTrips[T](t, e, text, []resource.Context{resource.Storage, resource.CreationRequest})
	if e.HTTP.Direction == "request" {
		return
	}
	if strings.Contains(string(text), `"password"`) {
		_, err := resource.Validate[T](resource.QueryResponse, text)
		refused(t, err, invalid("password", "must never be returned"))
		var members map[string]any
		require.NoError(t, json.Unmarshal(text, &members))
		delete(members, "password")
		text, err = json.Marshal(members)
		require.NoError(t, err)
	}
	roundTrips[T](t, e, text, responses)
}

// roundTrips reads a document strictly, writes it, and reads and writes that again: the first writing has the members of the document but
// for what is expected, the second is the first, byte for byte.
func roundTrips[T any](t *testing.T, e entry, text []byte, contexts []resource.Context) {
	t.Helper()
	for _, ctx := range contexts {
		for _, opts := range [][]resource.Option{nil, {resource.Strict(), resource.RejectUnknown()}} {
			v, err := resource.Validate[T](ctx, text, opts...)
			require.NoError(t, err, "%v", ctx)
			first, err := resource.Marshal(ctx, v)
			require.NoError(t, err, "%v", ctx)
			again, err := resource.Validate[T](ctx, first, opts...)
			require.NoError(t, err, "%v: %s", ctx, first)
			second, err := resource.Marshal(ctx, again)
			require.NoError(t, err, "%v", ctx)
			assert.Equal(t, string(first), string(second), "%v", ctx)

			for _, d := range compare("", decoded(t, string(text)), decoded(t, string(first)), false) {
				if !isAllowed(e, ctx, d) {
					t.Errorf("%v: %s", ctx, d)
				}
			}
		}
	}
}

// fragment is a document of RFC 9865 that shows one attribute only.
func fragment(t *testing.T, text []byte) {
	t.Helper()
	c, err := resource.Validate[resource.ServiceProviderConfig](resource.Storage, text, resource.Strict())
	require.NoError(t, err)
	assert.Equal(t, resource.PaginationConfig{
		Cursor: true, Index: true, DefaultPaginationMethod: "cursor", DefaultPageSize: new(100), MaxPageSize: new(250), CursorTimeout: new(3600),
	}, *c.Pagination)
	_, err = resource.Validate[resource.ServiceProviderConfig](resource.QueryResponse, text)
	refused(t, err, invalid("patch", "is required"), invalid("bulk", "is required"), invalid("filter", "is required"), invalid("changePassword", "is required"),
		invalid("sort", "is required"), invalid("etag", "is required"), invalid("authenticationSchemes", "is required"))
}

// What the documents say is what the structs hold: a look at one of each kind by hand.
func TestDocumentValues(t *testing.T) {
	t.Run("7643-4.1.2-10/user of section 8.3", func(t *testing.T) {
		u, err := resource.Validate[Employee](resource.Storage, rfcFile(t, "rfc7643-8.3-user-enterprise.json"))
		require.NoError(t, err)
		assert.Equal(t, []string{resource.UserSchema, resource.EnterpriseUserSchema}, u.Schemas)
		assert.Equal(t, "701984", u.ExternalID)
		assert.Equal(t, resource.Name{Formatted: "Ms. Barbara J Jensen, III", FamilyName: "Jensen", GivenName: "Barbara", MiddleName: "Jane", HonorificPrefix: "Ms.", HonorificSuffix: "III"}, u.Name)
		assert.Equal(t, resource.Email{Value: "bjensen@example.com", Type: "work", Primary: new(true)}, u.Emails[0])
		assert.Equal(t, "100 Universal City Plaza\nHollywood, CA 91608 USA", u.Addresses[0].Formatted)
		assert.Equal(t, resource.Secret("t1meMa$heen"), u.Password)
		assert.Equal(t, "../Groups/fc348aa8-3835-40eb-a20b-c726e15c55b5", u.Groups[1].Ref)
		assert.Len(t, u.X509Certificates[0].Value, 839)
		assert.Equal(t, resource.Manager{Value: "26118915-6090-4610-87e4-49d8ca9f808d", Ref: "../Users/26118915-6090-4610-87e4-49d8ca9f808d", DisplayName: "John Smith"}, u.Enterprise.Manager)
		assert.Equal(t, `W/"3694e05e9dff591"`, u.Meta.Version)
		assert.True(t, *u.Active)
	})
	t.Run("7643-4.2-03/group of section 8.4", func(t *testing.T) {
		g, err := resource.Validate[resource.Group](resource.QueryResponse, rfcFile(t, "rfc7643-8.4-group.json"))
		require.NoError(t, err)
		assert.Len(t, g.Members, 2)
		assert.Equal(t, "Mandy Pepperidge", g.Members[1].Display)
	})
	t.Run("7644-3.4.3-02/search request", func(t *testing.T) {
		q, err := resource.Validate[resource.SearchRequest](resource.QueryRequest, rfcFile(t, "rfc7644-3.4.3-search_request.json"))
		require.NoError(t, err)
		same(t, &resource.SearchRequest{Attributes: []string{"displayName", "userName"}, Filter: `displayName sw "smith"`, StartIndex: 1, Count: new(10)}, q)
	})
	t.Run("9865-3-01/search request with a cursor", func(t *testing.T) {
		q, err := resource.Validate[resource.SearchRequest](resource.QueryRequest, rfcFile(t, "rfc9865-3-search_request-cursor.json"))
		require.NoError(t, err)
		same(t, &resource.SearchRequest{Attributes: []string{"displayName", "userName"}, Filter: `displayName sw "smith"`, Cursor: new(""), Count: new(10)}, q)
	})
}
