package resource_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// Employee is the user type of most tests, made as a service makes its own: the core schema and an extension, by embedding.
type Employee struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// urns writes out the abbreviations that the tables use for URNs.
var urns = strings.NewReplacer(
	"<U>", resource.UserSchema, "<E>", resource.EnterpriseUserSchema, "<G>", resource.GroupSchema,
	"<SPC>", resource.ServiceProviderConfigSchema, "<RT>", resource.ResourceTypeSchema, "<SCHEMA>", resource.SchemaSchema,
	"<LIST>", resource.ListResponseSchema, "<SEARCH>", resource.SearchRequestSchema, "<BULK>", resource.BulkRequestSchema,
	"<BADGE>", badgeURN, "<DEVICE>", deviceURN, "<PROBE>", probeURN,
)

// userBody is a POST of a user with these members besides the required ones.
func userBody(members string) string {
	return urns.Replace(`{"schemas":["<U>"],"userName":"bjensen",` + members + `}`)
}

// enterpriseBody is a POST of a user with these members in the enterprise extension.
func enterpriseBody(members string) string {
	return urns.Replace(`{"schemas":["<U>","<E>"],"userName":"bjensen","<E>":{` + members + `}}`)
}

func groupBody(members string) string {
	return urns.Replace(`{"schemas":["<G>"],"displayName":"Guides",` + members + `}`)
}

// reading is one document and what becomes of it, in default mode and under Strict.
type reading struct {
	name string // begins with the ID of the requirement
	body string // with the abbreviations of urns
	opts []resource.Option

	want    string   // members of the result as Storage writes it, null for what must be unassigned; empty: the document is refused
	repairs []string // "Rule path" of each tolerance that default mode needs
	either  bool     // another tolerance would do as well: "" for a complex value is a matter of EmptyStrings and of BareValue
	faults  []fault  // of the refusal
	strict  []fault  // of the refusal under Strict, where default mode accepts or says something else
}

// each makes a reading of each value.
func each(values []string, f func(value string) reading) []reading {
	cases := make([]reading, len(values))
	for i, v := range values {
		cases[i] = f(v)
	}
	return cases
}

// fault is a refusal of one attribute.
type fault struct {
	path string
	kind scimerrors.Type
	text string // part of the detail
}

func invalid(path, text string) fault {
	return fault{urns.Replace(path), scimerrors.InvalidValue, text}
}

func syntax(path, text string) fault {
	return fault{urns.Replace(path), scimerrors.InvalidSyntax, text}
}

// rules are all tolerances of whole resources.
var rules = []resource.Tolerance{
	resource.BooleanStrings, resource.BareValue, resource.SingleAsList, resource.MissingSchemas,
	resource.UnknownSchemas, resource.UndeclaredExtension, resource.UnknownSubAttributes, resource.EmptyStrings,
}

// read runs readings in a context.
func read[T any](t *testing.T, ctx resource.Context, cases []reading) {
	t.Helper()
	require.NotEmpty(t, cases)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(urns.Replace(c.body))
			for i := range c.repairs {
				c.repairs[i] = urns.Replace(c.repairs[i])
			}
			t.Run("default", func(t *testing.T) {
				var repairs []resource.Repair
				got, err := resource.Validate[T](ctx, body, append(slices.Clone(c.opts), resource.Repairs(&repairs))...)
				judge(t, ctx, got, err, c.want, c.faults)
				assert.ElementsMatch(t, c.repairs, repairNames(repairs), "repairs")
				for _, r := range repairs {
					assert.NotEmpty(t, r.Source, "who sends %s", r.Rule)
				}
			})
			t.Run("strict", func(t *testing.T) {
				faults, want := c.faults, c.want
				if c.strict != nil {
					faults, want = c.strict, ""
				}
				var repairs []resource.Repair
				got, err := resource.Validate[T](ctx, body, append(slices.Clone(c.opts), resource.Strict(), resource.Repairs(&repairs))...)
				judge(t, ctx, got, err, want, faults)
				assert.Empty(t, repairs, "Strict repairs nothing")
			})
			if len(c.repairs) > 0 && c.want != "" {
				tolerated[T](t, ctx, body, c)
			}
		})
	}
}

// tolerated checks that the rules of a reading are what it takes: these alone are enough, and without any of them it is refused.
func tolerated[T any](t *testing.T, ctx resource.Context, body []byte, c reading) {
	t.Helper()
	var used []resource.Tolerance
	for _, r := range c.repairs {
		rule, _, _ := strings.Cut(r, " ")
		if !slices.Contains(used, resource.Tolerance(rule)) {
			used = append(used, resource.Tolerance(rule))
		}
	}
	t.Run("tolerated", func(t *testing.T) {
		got, err := resource.Validate[T](ctx, body, append(slices.Clone(c.opts), resource.Tolerate(used...))...)
		judge(t, ctx, got, err, c.want, nil)
	})
	if c.either {
		return
	}
	for _, rule := range used {
		t.Run("without "+string(rule), func(t *testing.T) {
			others := slices.DeleteFunc(slices.Clone(rules), func(r resource.Tolerance) bool { return r == rule })
			got, err := resource.Validate[T](ctx, body, append(slices.Clone(c.opts), resource.Tolerate(others...))...)
			require.Error(t, err)
			assert.Nil(t, got)
		})
	}
}

func repairNames(repairs []resource.Repair) []string {
	names := make([]string, len(repairs))
	for i, r := range repairs {
		names[i] = string(r.Rule) + " " + r.Path
	}
	return names
}

// judge compares one result with what is wanted of it: the members want, or these faults.
func judge[T any](t *testing.T, ctx resource.Context, got *T, err error, want string, faults []fault) {
	t.Helper()
	if want == "" {
		refused(t, err, faults...)
		assert.Nil(t, got, "a result beside the error")
		return
	}
	require.NoError(t, err)
	require.NotNil(t, got)
	stored, err := resource.Marshal(resource.Storage, got)
	require.NoError(t, err)
	partOf(t, urns.Replace(want), string(stored))

	// What Validate accepts, Marshal writes, and Validate accepts again, now without any tolerance.
	for _, c := range []resource.Context{resource.Storage, ctx} {
		text, err := resource.Marshal(c, got)
		require.NoError(t, err, "%v", c)
		again, err := resource.Validate[T](c, text, resource.Strict(), resource.RejectUnknown())
		require.NoError(t, err, "%v of %s", c, text)
		same(t, got, again, c, string(text))
	}
}

// refused checks that an error has exactly these faults, in this order, and so does its message on the wire.
func refused(t *testing.T, err error, faults ...fault) {
	t.Helper()
	require.Error(t, err)
	require.NotEmpty(t, faults, "accepted by the table, refused by the library: %v", err)
	list := faultsOf(t, err)
	want, got := make([]string, len(faults)), make([]string, len(list))
	for i, f := range faults {
		want[i] = f.path + " " + string(f.kind)
	}
	for i, e := range list {
		got[i] = e.Path + " " + string(e.Type)
	}
	require.Equal(t, want, got, "%v", err)
	for i, e := range list {
		assert.Equal(t, faults[i].kind.Status(), e.Status, "%v", e)
		assert.Contains(t, e.Detail, faults[i].text, "%v", e)
		assert.NotEmpty(t, e.Detail)
		require.ErrorIs(t, err, faults[i].kind)
	}
	message := wireOf(t, err)
	assert.Equal(t, strconv.Itoa(faults[0].kind.Status()), message.Status)
	assert.Equal(t, string(faults[0].kind), message.ScimType)
	assert.True(t, strings.HasPrefix(message.Detail, faults[0].path), "the detail begins with the path: %s", message.Detail)
	if len(faults) < 20 { // a longer detail is cut off
		for _, f := range faults {
			assert.Contains(t, message.Detail, f.path)
			assert.Contains(t, message.Detail, f.text)
		}
	}
}

// faultsOf unpacks an error of Validate.
func faultsOf(t *testing.T, err error) scimerrors.List {
	t.Helper()
	if list, ok := errors.AsType[scimerrors.List](err); ok {
		return list
	}
	one, ok := errors.AsType[*scimerrors.Error](err)
	require.True(t, ok, "%T is no SCIM error: %v", err, err)
	return scimerrors.List{one}
}

type wireError struct {
	Schemas                  []string
	Status, ScimType, Detail string
}

// wireOf is what a client sees of an error.
func wireOf(t *testing.T, err error) wireError {
	t.Helper()
	var message wireError
	require.NoError(t, json.Unmarshal(scimerrors.Append(nil, err), &message))
	assert.Equal(t, []string{resource.ErrorSchema}, message.Schemas)
	return message
}

// written checks that a document is exactly this text: members in the order of the schema, nothing between them.
func written(t *testing.T, want string, got []byte) {
	t.Helper()
	assert.Equal(t, want, string(got))
}

// decoded reads JSON with the digits of numbers kept.
func decoded(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v), "%s", text)
	require.False(t, d.More(), "%s", text)
	return v
}

// partOf checks that got has the members of want. Members that are null in want must be absent; arrays have the same length.
func partOf(t *testing.T, want, got string) {
	t.Helper()
	for _, d := range compare("", decoded(t, want), decoded(t, got), true) {
		t.Errorf("%s\nin %s", d, got)
	}
}

// equalJSON checks that two documents mean the same, and says where they do not.
func equalJSON(t *testing.T, want, got string) {
	t.Helper()
	for _, d := range compare("", decoded(t, want), decoded(t, got), false) {
		t.Error(d)
	}
}

// compare lists the differences between two JSON values; some is for a want that does not name all members.
func compare(path string, want, got any, some bool) []string {
	differ := func() []string {
		return []string{strings.TrimPrefix(path, ".") + ": want " + shortJSON(want) + ", got " + shortJSON(got)}
	}
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return differ()
		}
		var list []string
		for _, name := range sortedKeys(want) {
			value, ok := have[name]
			switch {
			case want[name] == nil && some && ok:
				list = append(list, strings.TrimPrefix(path+"."+name, ".")+": want nothing, got "+shortJSON(value))
			case want[name] == nil && some:
			case !ok:
				list = append(list, strings.TrimPrefix(path+"."+name, ".")+": want "+shortJSON(want[name])+", got nothing")
			default:
				list = append(list, compare(path+"."+name, want[name], value, some)...)
			}
		}
		for _, name := range sortedKeys(have) {
			if _, ok := want[name]; !ok && !some {
				list = append(list, strings.TrimPrefix(path+"."+name, ".")+": want nothing, got "+shortJSON(have[name]))
			}
		}
		return list
	case []any:
		have, ok := got.([]any)
		if !ok || len(have) != len(want) {
			return differ()
		}
		var list []string
		for i := range want {
			list = append(list, compare(path+"["+strconv.Itoa(i)+"]", want[i], have[i], some)...)
		}
		return list
	}
	if want != got {
		return differ()
	}
	return nil
}

func sortedKeys(m map[string]any) []string {
	return slices.Sorted(maps.Keys(m))
}

func shortJSON(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSpace(b.String())
}
