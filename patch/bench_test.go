package patch_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/scimmodels/scim/internal/cpu"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// The benchmarks compare with encoding/json on plain structs, in the same run: read ratios, not nanoseconds.

type benchUser struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// plainUser is the struct an application without this library would declare for encoding/json.
type plainUser struct {
	Schemas           []string                   `json:"schemas"`
	ID                string                     `json:"id,omitempty"`
	ExternalID        string                     `json:"externalId,omitempty"`
	UserName          string                     `json:"userName"`
	Name              *resource.Name             `json:"name,omitempty"`
	DisplayName       string                     `json:"displayName,omitempty"`
	NickName          string                     `json:"nickName,omitempty"`
	ProfileURL        string                     `json:"profileUrl,omitempty"`
	Title             string                     `json:"title,omitempty"`
	UserType          string                     `json:"userType,omitempty"`
	PreferredLanguage string                     `json:"preferredLanguage,omitempty"`
	Locale            string                     `json:"locale,omitempty"`
	Timezone          string                     `json:"timezone,omitempty"`
	Active            *bool                      `json:"active,omitempty"`
	Password          string                     `json:"password,omitempty"`
	Emails            []resource.Email           `json:"emails,omitempty"`
	PhoneNumbers      []resource.PhoneNumber     `json:"phoneNumbers,omitempty"`
	IMs               []resource.IM              `json:"ims,omitempty"`
	Photos            []resource.Photo           `json:"photos,omitempty"`
	Addresses         []resource.Address         `json:"addresses,omitempty"`
	Groups            []resource.GroupMembership `json:"groups,omitempty"`
	Entitlements      []resource.Entitlement     `json:"entitlements,omitempty"`
	Roles             []resource.Role            `json:"roles,omitempty"`
	X509Certificates  []resource.X509Certificate `json:"x509Certificates,omitempty"`
	Enterprise        *resource.EnterpriseUser   `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	Meta              *resource.Meta             `json:"meta,omitempty"`
}

// document is the user of RFC 7643 section 8.3, compact.
func document(tb testing.TB) []byte {
	tb.Helper()
	body, err := os.ReadFile("../resource/testdata/rfc/rfc7643-8.3-user-enterprise.json")
	if err != nil {
		tb.Fatal(err)
	}
	compact, err := json.Marshal(json.RawMessage(body))
	if err != nil {
		tb.Fatal(err)
	}
	return compact
}

// threeOperations are goal 13's: a value path, a boolean as Entra ID sends it, an attribute of the extension.
const threeOperations = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` +
	`{"op":"Replace","path":"emails[type eq \"work\"].value","value":"barbara.jensen@example.com"},` +
	`{"op":"Replace","path":"active","value":"False"},` +
	`{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Sales"}]}`

// BenchmarkPatch reads and applies a PATCH of three operations (goal 13: 0.40 of what encoding/json takes to decode the user).
func BenchmarkPatch(b *testing.B) {
	doc, body := document(b), []byte(threeOperations)
	user, err := resource.Validate[benchUser](resource.Storage, doc)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := resource.Validate[resource.PatchOp[benchUser]](resource.PatchRequest, body); err != nil { // plans are made once
		b.Fatal(err)
	}
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			if err := json.Unmarshal(doc, new(plainUser)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("scim", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			op, err := resource.Validate[resource.PatchOp[benchUser]](resource.PatchRequest, body)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := patch.Apply(user, op); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("validate", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			if _, err := resource.Validate[resource.PatchOp[benchUser]](resource.PatchRequest, body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// members is a group of that many.
func members(n int) *resource.Group {
	g := &resource.Group{DisplayName: "all", Members: make([]resource.Member, n)}
	for i := range g.Members {
		g.Members[i].Value = fmt.Sprintf("2819c223-7f76-453a-919d-%012d", i)
	}
	return g
}

// BenchmarkPatchGroup adds one member, and several, to groups of growing size (goal 14): Apply copies the list once and passes
// over it once, which grows with the group; Changes does not.
func BenchmarkPatchGroup(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000, 100_000} {
		g := members(n)
		for _, more := range []int{1, 100} {
			op := &resource.PatchOp[resource.Group]{}
			for i := range more {
				op.Operations = append(op.Operations, resource.PatchOperation{
					Op: "add", Path: "members", Value: []resource.Member{{Value: fmt.Sprintf("new-%d", i)}},
				})
			}
			b.Run(fmt.Sprintf("members=%d/operations=%d/apply", n, more), func(b *testing.B) {
				b.ReportAllocs()
				defer cpu.Measure(b)()
				for b.Loop() {
					if _, err := patch.Apply(g, op); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(fmt.Sprintf("members=%d/operations=%d/changes", n, more), func(b *testing.B) {
				b.ReportAllocs()
				defer cpu.Measure(b)()
				for b.Loop() {
					if _, err := patch.Changes(op); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("members=%d/remove", n), func(b *testing.B) {
			op := &resource.PatchOp[resource.Group]{Operations: []resource.PatchOperation{
				{Op: "remove", Path: `members[value eq "` + g.Members[n/2].Value + `"]`},
			}}
			defer cpu.Measure(b)()
			for b.Loop() {
				if _, err := patch.Apply(g, op); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("members=%d/diff", n), func(b *testing.B) {
			other := members(n + 1)
			other.Members = other.Members[1:]
			defer cpu.Measure(b)()
			for b.Loop() {
				if _, err := patch.Diff(g, other); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
