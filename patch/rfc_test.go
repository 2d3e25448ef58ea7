package patch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// The examples of RFC 7644 section 3.5.2, with the results that their text gives them.
func TestRFCExamples(t *testing.T) {
	const (
		babs      = "2819c223-7f76-453a-919d-413861904646"
		james     = "08e1d05d-121c-4561-8b96-473d93df9210"
		babsHere  = `{"value":"` + babs + `","$ref":"https://example.com/v2/Users/` + babs + `"}`
		jamesHere = `{"value":"` + james + `","$ref":"https://example.com/v2/Users/` + james + `"}`
		group     = `{"id":"g","displayName":"Tour Guides","members":[`
		user      = `{"id":"1","userName":"bjensen","title":"Guide"`
		oldWork   = `{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","region":"CA","postalCode":"91608","country":"US","primary":true}`
		home      = `{"type":"home","streetAddress":"456 Hollywood Blvd","locality":"Hollywood"}`
	)
	done := map[string]bool{}
	for _, c := range []struct{ file, from, want string }{
		{"3.5.2.1-patch-add_member", group + jamesHere + `]}`, group + jamesHere + `,` + babsHere + `]}`},
		{"3.5.2.1-patch-add_member", group + babsHere + `]}`, ""}, // a member already: nothing changes
		{"3.5.2.1-patch-add_no_path", user + `,"emails":[{"value":"b@example.com","type":"work"}]}`, user + `,"nickName":"Babs","emails":[{"value":"b@example.com","type":"work"},{"value":"babs@jensen.org","type":"home"}]}`},
		{"3.5.2.2-patch-remove_member", group + babsHere + `,` + jamesHere + `]}`, group + jamesHere + `]}`},
		{"3.5.2.2-patch-remove_all_members", group + babsHere + `,` + jamesHere + `]}`, `{"id":"g","displayName":"Tour Guides"}`},
		{"3.5.2.2-patch-remove_email_by_filter", user + `,"emails":[{"value":"a@example.com","type":"work"},{"value":"b@example.org","type":"work"},{"value":"c@example.com","type":"home"}]}`, user + `,"emails":[{"value":"b@example.org","type":"work"},{"value":"c@example.com","type":"home"}]}`},
		{"3.5.2.2-patch-remove_and_add_member", group + babsHere + `]}`, group + jamesHere + `]}`},
		{"3.5.2.2-patch-replace_members_by_remove_add", group + `{"value":"other"}]}`, group + babsHere + `,` + jamesHere + `]}`},
		{"3.5.2.3-patch-replace_all_members", group + `{"value":"other"}]}`, group + babsHere + `,` + jamesHere + `]}`},
		{"3.5.2.3-patch-replace_no_path", user + `,"emails":[{"value":"old@example.com"}]}`, user + `,"nickName":"Babs","emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}]}`},
		{"3.5.2.3-patch-replace_street_address", user + `,"addresses":[` + oldWork + `,` + home + `]}`, user + `,"addresses":[` + strings.Replace(oldWork, "100 Universal City Plaza", "1010 Broadway Ave", 1) + `,` + home + `]}`},
		{
			"3.5.2.3-patch-replace_work_address", user + `,"addresses":[` + oldWork + `,` + home + `]}`,
			user + `,"addresses":[{"type":"work","streetAddress":"911 Universal City Plaza","locality":"Hollywood","region":"CA","postalCode":"91608","country":"US","formatted":"911 Universal City Plaza\nHollywood, CA 91608 US","primary":true},` + home + `]}`,
		},
	} {
		file := "rfc7644-" + c.file + ".json"
		done[file] = true
		t.Run("7644-3.5.2-10/"+c.file, func(t *testing.T) {
			body, err := os.ReadFile("../resource/testdata/rfc/" + file)
			require.NoError(t, err)
			for _, opts := range [][]resource.Option{nil, {resource.Strict(), resource.RejectUnknown()}} {
				if strings.Contains(c.from, "displayName") {
					example[resource.Group](t, body, c.from, c.want, opts)
				} else {
					example[resource.User](t, body, c.from, c.want, opts)
				}
			}
		})
	}
	files, err := filepath.Glob("../resource/testdata/rfc/rfc7644-3.5.2.*-patch-*.json")
	require.NoError(t, err)
	require.Len(t, done, len(files), "an example has no result here")
}

func example[T any](t *testing.T, body []byte, from, want string, opts []resource.Option) {
	t.Helper()
	current, err := resource.Validate[T](resource.Storage, []byte(from))
	require.NoError(t, err)
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body, opts...)
	require.NoError(t, err)
	got, err := patch.Apply(current, op)
	require.NoError(t, err)
	if want == "" {
		assert.Same(t, current, got)
		return
	}
	wanted, err := resource.Validate[T](resource.Storage, []byte(want))
	require.NoError(t, err)
	assert.JSONEq(t, textOf(t, wanted), textOf(t, got))
}

// The paths of figure 8; the last one names a sub-attribute that members do not have.
func TestRFCPaths(t *testing.T) {
	runTrials[resource.Group](t, []trial{
		{name: "7644-3.5.2-12/members", stored: `"members":[{"value":"1"}]`, ops: `{"op":"remove","path":"members"}`, want: `"members":null`},
		{name: "7644-3.5.2-12/one member", stored: `"members":[{"value":"2819c223-7f76-453a-919d-413861904646"}]`, ops: `{"op":"remove","path":"members[value eq \"2819c223-7f76-453a-919d-413861904646\"]"}`, want: `"members":null`},
		{name: "7644-3.5.2-12/members[].type", stored: `"members":[{"value":"1"}]`, ops: `{"op":"add","path":"members[value eq \"1\"].type","value":"User"}`, want: `"members":[{"value":"1","type":"User"}]`},
		{name: "AMB-10/members[].displayName", stored: `"members":[{"value":"1"}]`, ops: `{"op":"remove","path":"members[value eq \"1\"].displayName"}`, faults: badPath(`has no sub-attribute "displayName"`)},
	})
}
