package etag_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	deviceURN     = "urn:acme:params:scim:schemas:Device"
)

// Account is the user of the tests: the core user with the enterprise extension.
type Account struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// Device has values of every type that the core schemas do not have.
type Device struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:Device"`

	Serial string      `json:"serial" scim:"required"`
	Labels []string    `json:"labels,omitempty"`
	Load   *float64    `json:"load,omitempty"`
	Loads  []float32   `json:"loads,omitempty"`
	Ports  int         `json:"ports,omitempty"`
	On     *bool       `json:"on,omitempty"`
	Seen   time.Time   `json:"seen,omitzero"`
	Visits []time.Time `json:"visits,omitempty"`
	Key    []byte      `json:"key,omitempty"`
	Notes  string      `json:"notes,omitempty" scim:"returned=request"`
	PIN    string      `json:"pin,omitempty" scim:"mutability=writeOnly,returned=never"`
	Owner  *Owner      `json:"owner,omitempty"`
	Owners []*Owner    `json:"owners,omitempty"`
}

// Owner has a part that is never returned, too.
type Owner struct {
	Value  string `json:"value,omitempty"`
	Secret string `json:"secret,omitempty" scim:"returned=never"`
}

// document reads one of the RFC's documents.
func document(tb testing.TB, name string) []byte {
	tb.Helper()
	body, err := os.ReadFile("testdata/rfc/" + name + ".json")
	require.NoError(tb, err)
	return body
}

// stored reads a resource as a database would hold it.
func stored[T any](tb testing.TB, body string) *T {
	tb.Helper()
	v, err := resource.Validate[T](resource.Storage, []byte(body))
	require.NoError(tb, err, "%s", body)
	return v
}

// device is a minimal Device with more members.
func device(members string) string {
	return `{"schemas":["` + deviceURN + `"],"id":"1","serial":"s"` + members + `}`
}

// dice builds values of a type at random: unassigned, empty and assigned.
type dice struct{ *rand.Rand }

func (d dice) fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		if d.IntN(3) > 0 {
			v.Set(reflect.ValueOf(time.Unix(d.Int64N(4e9), d.Int64N(3)*500_000_000).UTC()))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Schemas" {
				d.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		if d.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			d.fill(v.Elem())
		}
	case reflect.Slice:
		if n := d.IntN(5) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n+d.IntN(3)))
			for i := range n {
				if e := v.Index(i); e.Kind() == reflect.String { // one that is assigned
					e.SetString("label" + string(rune('a'+d.IntN(20))))
				} else {
					d.fill(e)
				}
			}
		}
	case reflect.String:
		words := []string{"", "", "a", "b", "Ä\U0001f600", `"\/`, "<&>\u2028\t\x00", strings.Repeat("long ", 20)}
		v.SetString(words[d.IntN(len(words))])
	case reflect.Bool:
		v.SetBool(d.IntN(2) == 0)
	case reflect.Uint8:
		v.SetUint(d.Uint64N(256))
	case reflect.Int:
		v.SetInt(d.Int64N(3))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(d.IntN(5)) / 3)
	default:
		panic("no dice for " + v.Type().String())
	}
}

// nothing has members that mean nothing, by name.
var nothing = map[string][]string{
	"nickName": {"null"}, "seen": {"null"}, "unheardOf": {"null", "[]", "{}", "1"}, "emails": {"null", "[]", "[{}]"}, "owners": {"null", "[]", "[{}]"}, "labels": {"null", "[]"},
}

// shuffle writes a JSON document anew: members and schemas in another order, names in another case, and members that mean nothing
// put in.
func (d dice) shuffle(v any, top bool) string {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v)) // no order of its own, so a document is not built twice alike
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		d.Shuffle(len(names), func(i, k int) { names[i], names[k] = names[k], names[i] })
		var members []string
		for _, name := range names {
			value := v[name]
			if list, ok := value.([]any); ok && top && name == "schemas" {
				d.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
			}
			if d.IntN(4) == 0 {
				name = strings.ToUpper(name)
			}
			members = append(members, quote(name)+":"+d.shuffle(value, false))
		}
		if top {
			for name, values := range nothing {
				if _, ok := v[name]; !ok {
					members = append(members, quote(name)+":"+values[d.IntN(len(values))])
				}
			}
		}
		return "{" + strings.Join(members, ", ") + " }"
	case []any:
		elements := make([]string, len(v))
		for i := range v {
			elements[i] = d.shuffle(v[i], false)
		}
		return "[" + strings.Join(elements, " ,") + "]"
	}
	return quote(v)
}

func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
