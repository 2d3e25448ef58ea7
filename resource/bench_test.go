package resource_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scimmodels/scim/internal/cpu"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
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

type plainGroup struct {
	Schemas     []string          `json:"schemas"`
	ID          string            `json:"id,omitempty"`
	DisplayName string            `json:"displayName"`
	Members     []resource.Member `json:"members,omitempty"`
	Meta        *resource.Meta    `json:"meta,omitempty"`
}

// document is the user of RFC 7643 section 8.3, compact.
func document(tb testing.TB) []byte {
	tb.Helper()
	body, err := os.ReadFile("testdata/rfc/rfc7643-8.3-user-enterprise.json")
	if err != nil {
		tb.Fatal(err)
	}
	var b strings.Builder
	inside := false
	for i, c := range string(body) {
		if c == '"' && body[i-1] != '\\' {
			inside = !inside
		}
		if inside || c != ' ' && c != '\n' {
			b.WriteRune(c)
		}
	}
	return []byte(b.String())
}

// shuffled is the document with every name in upper case and the members in reverse order.
func shuffled(tb testing.TB) []byte {
	tb.Helper()
	var reverse func(v any) string
	reverse = func(v any) string {
		var b strings.Builder
		switch v := v.(type) {
		case []any:
			b.WriteByte('[')
			for i, e := range v {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(reverse(e))
			}
			b.WriteByte(']')
		case object:
			b.WriteByte('{')
			for i, m := range slices.Backward(v) {
				fmt.Fprintf(&b, "%q:%s", strings.ToUpper(m.name), reverse(m.value))
				if i > 0 {
					b.WriteByte(',')
				}
			}
			b.WriteByte('}')
		default:
			text, err := json.Marshal(v)
			if err != nil {
				tb.Fatal(err)
			}
			b.Write(text)
		}
		return b.String()
	}
	d := json.NewDecoder(strings.NewReader(string(document(tb))))
	return []byte(reverse(ordered(tb, d)))
}

type object []struct {
	name  string
	value any
}

// ordered reads a JSON value with the order of members kept.
func ordered(tb testing.TB, d *json.Decoder) any {
	tb.Helper()
	t, err := d.Token()
	if err != nil {
		tb.Fatal(err)
	}
	switch t {
	case json.Delim('{'):
		var o object
		for d.More() {
			name, _ := ordered(tb, d).(string)
			o = append(o, struct {
				name  string
				value any
			}{name, ordered(tb, d)})
		}
		_, _ = d.Token()
		return o
	case json.Delim('['):
		list := []any{}
		for d.More() {
			list = append(list, ordered(tb, d))
		}
		_, _ = d.Token()
		return list
	}
	return t
}

// group is a Group of n members, as a provider sends it.
func group(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"All","members":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"value":"2819c223-7f76-453a-919d-%012d","$ref":"https://example.com/v2/Users/2819c223-7f76-453a-919d-%012d","type":"User"}`, i, i)
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func user(tb testing.TB) *benchUser {
	tb.Helper()
	u, err := resource.Validate[benchUser](resource.CreationRequest, document(tb))
	if err != nil {
		tb.Fatal(err)
	}
	u.ID = "2819c223-7f76-453a-919d-413861904646"
	u.Meta = resource.Meta{
		ResourceType: "User", Created: time.Date(2010, 1, 23, 4, 56, 22, 0, time.UTC), LastModified: time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC),
		Location: "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646", Version: `W/"a330bc54f0671c9"`,
	}
	return u
}

func plain(tb testing.TB, body []byte) *plainUser {
	tb.Helper()
	u := new(plainUser)
	if err := json.Unmarshal(body, u); err != nil {
		tb.Fatal(err)
	}
	return u
}

func validate[T any](b *testing.B, body []byte) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	run := func() {
		if _, err := resource.Validate[T](resource.CreationRequest, body); err != nil {
			b.Fatal(err)
		}
	}
	run() // plans are made once
	defer cpu.Measure(b)()
	for b.Loop() {
		run()
	}
}

func unmarshal[T any](b *testing.B, body []byte) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	run := func() {
		if err := json.Unmarshal(body, new(T)); err != nil {
			b.Fatal(err)
		}
	}
	run()
	defer cpu.Measure(b)()
	for b.Loop() {
		run()
	}
}

// BenchmarkValidate has goals 1, 2 and 3: decode and full validation of a user.
func BenchmarkValidate(b *testing.B) {
	b.Run("user/scim", func(b *testing.B) { validate[benchUser](b, document(b)) })
	b.Run("user/json", func(b *testing.B) { unmarshal[plainUser](b, document(b)) })
	b.Run("shuffled/scim", func(b *testing.B) { validate[benchUser](b, shuffled(b)) })
	b.Run("shuffled/json", func(b *testing.B) { unmarshal[plainUser](b, document(b)) })
}

// BenchmarkThroughMap has goal 4: what libraries without a plan do, a map, its validation against the schema, then the struct.
func BenchmarkThroughMap(b *testing.B) {
	body := document(b)
	core, enterprise := schema.For[resource.User](), schema.For[resource.EnterpriseUser]()
	b.Run("user/scim", func(b *testing.B) { validate[benchUser](b, body) })
	b.Run("user/map", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			var m map[string]any
			if err := json.Unmarshal(body, &m); err != nil {
				b.Fatal(err)
			}
			delete(m, "id")
			delete(m, "meta")
			clean, err := throughMap(core.Attributes, m)
			if err != nil {
				b.Fatal(err)
			}
			if part, ok := m[enterprise.ID].(map[string]any); ok {
				if clean[enterprise.ID], err = throughMap(enterprise.Attributes, part); err != nil {
					b.Fatal(err)
				}
			}
			again, err := json.Marshal(clean)
			if err != nil {
				b.Fatal(err)
			}
			if err := json.Unmarshal(again, new(plainUser)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// throughMap validates a map against attributes and returns a copy in the schema's spelling, without what is readOnly:
// the simplest validator that keeps the rules of RFC 7643.
func throughMap(attributes []schema.Attribute, m map[string]any) (map[string]any, error) {
	folded := make(map[string]any, len(m))
	for name, v := range m {
		folded[strings.ToLower(name)] = v
	}
	clean := make(map[string]any, len(m))
	for _, a := range attributes {
		v, ok := folded[strings.ToLower(a.Name)]
		if a.Mutability == schema.ReadOnly {
			continue
		}
		if !ok || v == nil {
			if a.Required {
				return nil, fmt.Errorf("%s is required", a.Name)
			}
			continue
		}
		if !a.MultiValued {
			one, err := valueThroughMap(a, v)
			if err != nil {
				return nil, err
			}
			clean[a.Name] = one
			continue
		}
		list, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("%s must be an array", a.Name)
		}
		primary := false
		for i, e := range list {
			one, err := valueThroughMap(a, e)
			if err != nil {
				return nil, err
			}
			if part, ok := one.(map[string]any); ok && part["primary"] == true {
				if primary {
					return nil, fmt.Errorf("%s has two primaries", a.Name)
				}
				primary = true
			}
			list[i] = one
		}
		clean[a.Name] = list
	}
	return clean, nil
}

func valueThroughMap(a schema.Attribute, v any) (any, error) {
	var ok bool
	switch a.Type {
	case schema.TypeComplex:
		part, isMap := v.(map[string]any)
		if !isMap {
			return nil, fmt.Errorf("%s must be an object", a.Name)
		}
		return throughMap(a.SubAttributes, part)
	case schema.TypeBoolean:
		_, ok = v.(bool)
	case schema.TypeInteger, schema.TypeDecimal:
		_, ok = v.(float64)
	case schema.TypeDateTime:
		text, _ := v.(string)
		_, err := time.Parse(time.RFC3339, text)
		ok = err == nil
	case schema.TypeReference:
		text, isText := v.(string)
		_, err := url.Parse(text)
		ok = isText && err == nil
	case schema.TypeBinary:
		text, isText := v.(string)
		_, err := base64.StdEncoding.DecodeString(text)
		ok = isText && err == nil
	default:
		_, ok = v.(string)
	}
	if !ok {
		return nil, fmt.Errorf("%s has the wrong type", a.Name)
	}
	return v, nil
}

// BenchmarkProject has goal 7: four attributes of a user, against encoding/json on the whole one.
func BenchmarkProject(b *testing.B) {
	u := user(b)
	q := &resource.SearchRequest{Attributes: []string{"userName", "name.givenName", "emails.value", "active"}}
	fresh, err := resource.Marshal(resource.QueryResponse, u)
	if err != nil {
		b.Fatal(err)
	}
	p := plain(b, fresh)
	b.Run("four/scim", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			if _, err := resource.Marshal(resource.QueryResponse, u, q); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("four/json", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			if _, err := json.Marshal(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkList has goal 16: a list of 100 users over HTTP.
func BenchmarkList(b *testing.B) {
	u := user(b)
	users := make([]*benchUser, 100)
	plains := make([]*plainUser, 100)
	fresh, err := resource.Marshal(resource.QueryResponse, u)
	if err != nil {
		b.Fatal(err)
	}
	p := plain(b, fresh)
	for i := range users {
		users[i], plains[i] = u, p
	}
	list := resource.Page(nil, users, len(users))
	b.Run("100/scim", func(b *testing.B) {
		b.ReportAllocs()
		w := httptest.NewRecorder()
		defer cpu.Measure(b)()
		for b.Loop() {
			w.Body.Reset()
			if err := resource.Write(w, resource.QueryResponse, list); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("100/json", func(b *testing.B) {
		b.ReportAllocs()
		w := httptest.NewRecorder()
		defer cpu.Measure(b)()
		for b.Loop() {
			w.Body.Reset()
			body, err := json.Marshal(map[string]any{"schemas": []string{resource.ListResponseSchema}, "totalResults": 100, "Resources": plains})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := w.Write(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMarshal has goals 5 and 6: a user to a fresh slice, after a buffer, and over HTTP.
func BenchmarkMarshal(b *testing.B) {
	u := user(b)
	fresh, err := resource.Marshal(resource.QueryResponse, u)
	if err != nil {
		b.Fatal(err)
	}
	p := plain(b, fresh)
	b.Run("fresh/scim", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			if _, err := resource.Marshal(resource.QueryResponse, u); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("fresh/json", func(b *testing.B) {
		b.ReportAllocs()
		defer cpu.Measure(b)()
		for b.Loop() {
			if _, err := json.Marshal(p); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("append/scim", func(b *testing.B) {
		b.ReportAllocs()
		var dst []byte
		defer cpu.Measure(b)()
		for b.Loop() {
			if dst, err = resource.Append(dst[:0], resource.QueryResponse, u); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("write/scim", func(b *testing.B) {
		b.ReportAllocs()
		w := &discard{header: http.Header{}}
		defer cpu.Measure(b)()
		for b.Loop() {
			if err := resource.Write(w, resource.QueryResponse, u); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// discard is a connection that takes no time.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkGroup has goal 9, a group of 100,000 members, and goal 8, nanoseconds per byte by size.
func BenchmarkGroup(b *testing.B) {
	for _, n := range []int{75, 750, 7500, 75_000, 100_000} {
		body := group(n)
		b.Run(fmt.Sprintf("%d/scim", n), func(b *testing.B) { validate[resource.Group](b, body) })
		b.Run(fmt.Sprintf("%d/json", n), func(b *testing.B) { unmarshal[plainGroup](b, body) })
	}
}
