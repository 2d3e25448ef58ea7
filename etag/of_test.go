package etag_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

var weakTag = regexp.MustCompile(`^W/"[A-Za-z0-9_-]{22}"$`)

// What a tag is made of, to the byte: a change here gives all clients of all services new versions.
func TestOfHashesContent(t *testing.T) {
	content := `{"schemas":["` + deviceURN + `"],"id":"1","serial":"s","ports":2,"seen":"2011-05-13T04:42:34.5Z","notes":"n","owner":{"value":"o"}}`
	sum := sha256.Sum256([]byte(content))
	d := &Device{Serial: "s", Ports: 2, Seen: time.Date(2011, 5, 13, 4, 42, 34, 5e8, time.UTC), Notes: "n", PIN: "1234", Owner: &Owner{Value: "o", Secret: "x"}}
	d.ID, d.Schemas = "1", []string{"ignored"}
	d.Meta = resource.Meta{ResourceType: "Device", Created: d.Seen, LastModified: d.Seen, Location: "l", Version: `W/"1"`}
	assert.Equal(t, `W/"`+base64.RawURLEncoding.EncodeToString(sum[:16])+`"`, etag.Of(d))
}

func TestOfEqual(t *testing.T) {
	user := func(members string) string {
		return `{"schemas":["` + userURN + `"],"id":"1","userName":"bjensen"` + members + `}`
	}
	both := func(first, second string) string {
		return `{"schemas":["` + first + `","` + second + `"],"id":"1","userName":"bjensen","` + enterpriseURN + `":{"department":"D","division":"E"}}`
	}
	for _, c := range []struct {
		name      string
		documents []string
	}{
		{"7643-2.5-01 absent, null and [] are one", []string{user(``), user(`,"emails":null`), user(`,"emails":[]`), user(`,"title":null,"name":null`)}},
		{"7643-2.5-01 values without parts", []string{user(``), user(`,"name":{}`), user(`,"emails":[{}]`), user(`,"emails":[{"value":null},{"type":""}]`), user(`,"name":{"givenName":""}`)}},
		{"7643-2.5-01 an extension without values", []string{user(``), user(`,"` + enterpriseURN + `":{}`), user(`,"` + enterpriseURN + `":null`), user(`,"` + enterpriseURN + `":{"manager":{}}`)}},
		{"7643-2.3.8-02 order of members", []string{
			user(`,"title":"t","name":{"givenName":"B","familyName":"J"}`),
			`{"name":{"familyName":"J","givenName":"B"},"title":"t","userName":"bjensen","id":"1","schemas":["` + userURN + `"]}`,
		}},
		{"7643-2.3.8-02 order of schemas", []string{both(userURN, enterpriseURN), both(enterpriseURN, userURN)}},
		{"7643-2.1-01 names in any case", []string{user(`,"nickName":"n"`), user(`,"NICKNAME":"n"`)}},
		{"7644-3.14-08 blanks, escapes, unknown attributes", []string{user(`,"title":"tä"`), "\n" + user(` , "title" : "t\u00e4","unheardOf":[1]`)}},
		{"7643-3.1-16 meta", []string{
			user(``), user(`,"meta":{"version":"W/\"1\"","lastModified":"2011-05-13T04:42:34Z"}`), user(`,"meta":{"location":"https://example.com/Users/1"}`),
		}},
		{"7643-4.1.1-07 what is never returned", []string{user(``), user(`,"password":"t1meMa$heen"`), user(`,"password":"other"`)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := etag.Of(stored[Account](t, c.documents[0]))
			for _, body := range c.documents[1:] {
				assert.Equal(t, want, etag.Of(stored[Account](t, body)), "%s", body)
			}
		})
	}
	t.Run("7643-2.5-01 nil and empty in Go", func(t *testing.T) {
		one, other := &Account{}, &Account{Enterprise: &resource.EnterpriseUser{}}
		other.Emails, other.PhoneNumbers, other.Schemas = []resource.Email{}, []resource.PhoneNumber{{}}, []string{userURN, enterpriseURN}
		assert.Equal(t, etag.Of(one), etag.Of(other))
		assert.Equal(t, etag.Of(&Device{}), etag.Of(&Device{Labels: []string{}, Key: []byte{}, Owner: &Owner{Secret: "s"}, Owners: []*Owner{nil, {}, {Secret: "s"}}, Visits: []time.Time{{}}}))
		assert.Equal(t, etag.Of(&Device{Owners: []*Owner{{Value: "a"}}}), etag.Of(&Device{Owners: []*Owner{nil, {Value: "a", Secret: "s"}, {}}}))
	})
	t.Run("7643-2.3.5-01 one instant in several zones", func(t *testing.T) {
		at := time.Date(2011, 5, 13, 4, 42, 34, 5e8, time.UTC)
		for _, zone := range []*time.Location{time.Local, time.FixedZone("", 3600), time.FixedZone("", -5*3600-1)} {
			assert.Equal(t, etag.Of(&Device{Seen: at, Visits: []time.Time{at}}), etag.Of(&Device{Seen: at.In(zone), Visits: []time.Time{at.In(zone)}}))
		}
	})
	t.Run("7643-2.5-01 values that read back the same", func(t *testing.T) {
		assert.Equal(t, etag.Of(&Device{Labels: []string{"a"}, Load: new(0.0)}), etag.Of(&Device{Labels: []string{"", "a", ""}, Load: new(math.Copysign(0, -1))}))
		assert.Equal(t, etag.Of(&Device{}), etag.Of(&Device{Labels: []string{""}}))
	})
	t.Run("7644-3.14-08 a struct, a pointer, an interface", func(t *testing.T) {
		d := &Device{Serial: "s", Seen: time.Unix(0, 0).UTC(), Owners: []*Owner{{Value: "a"}}}
		var boxed any = d
		for _, v := range []any{*d, &d, boxed, &boxed} {
			assert.Equal(t, etag.Of(d), etag.Of(v), "%T", v)
		}
	})
	t.Run("7644-3.14-08 a type made at run time", func(t *testing.T) {
		fields := []reflect.StructField{{Name: "Resource", Type: reflect.TypeFor[resource.Resource](), Anonymous: true, Tag: `scim:"` + deviceURN + `"`}}
		for _, f := range reflect.VisibleFields(reflect.TypeFor[Device]()) {
			if len(f.Index) == 1 && !f.Anonymous {
				fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
			}
		}
		made := reflect.StructOf(fields)
		body := device(`,"labels":["a","b"],"load":0.5,"owner":{"value":"o"},"seen":"2011-05-13T04:42:34Z"`)
		v, err := resource.ValidateAs(made, resource.Storage, []byte(body))
		require.NoError(t, err)
		assert.Equal(t, etag.Of(stored[Device](t, body)), etag.Of(v))
	})
}

func TestOfDiffers(t *testing.T) {
	for _, c := range []struct {
		name      string
		documents []string
	}{
		{"a value", []string{device(``), device(`,"ports":1`), device(`,"ports":2`), device(`,"notes":"n"`), device(`,"load":0`), device(`,"load":1`), device(`,"load":1e-9`)}},
		{"a boolean has three states", []string{device(``), device(`,"on":true`), device(`,"on":false`)}},
		{"an instant", []string{device(``), device(`,"seen":"2011-05-13T04:42:34Z"`), device(`,"seen":"2011-05-13T04:42:34.000000001Z"`), device(`,"seen":"2011-05-13T04:42:34+01:00"`)}},
		{"bytes", []string{device(``), device(`,"key":"AA=="`), device(`,"key":"AAA="`)}},
		{"a list", []string{device(``), device(`,"labels":["a"]`), device(`,"labels":["a","a"]`), device(`,"labels":["a","b"]`), device(`,"labels":["b","a"]`), device(`,"labels":["a,b"]`), device(`,"labels":["a\",\"b"]`)}},
		{"a part", []string{device(``), device(`,"owner":{"value":"a"}`), device(`,"owners":[{"value":"a"}]`), device(`,"owner":{"value":"b"}`)}},
		{"the case of letters", []string{device(`,"notes":"n"`), device(`,"notes":"N"`)}},
		{"common attributes", []string{device(``), device(`,"externalId":"1"`), strings.Replace(device(``), `"1"`, `"2"`, 1)}},
	} {
		t.Run("7644-3.14-08 "+c.name, func(t *testing.T) {
			seen := map[string]string{}
			for _, body := range c.documents {
				tag := etag.Of(stored[Device](t, body))
				assert.Regexp(t, weakTag, tag, "7643-3.1-18")
				assert.Empty(t, seen[tag], "%s", body)
				seen[tag] = body
			}
		})
	}
	t.Run("7644-3.14-08 resource types", func(t *testing.T) {
		assert.NotEqual(t, etag.Of(&resource.User{}), etag.Of(&resource.Group{}))
		assert.NotEqual(t, etag.Of(&Account{}), etag.Of(&Account{Enterprise: &resource.EnterpriseUser{Department: "D"}}))
		assert.Regexp(t, weakTag, etag.Of(schema.For[Account]()))
		assert.Regexp(t, weakTag, etag.Of(resource.ResourceTypeFor[Account]("/Users")))
		assert.Regexp(t, weakTag, etag.Of(resource.ServiceProviderConfig{}))
	})
}

// Each value of the RFC's own documents changes the tag when it changes, but for meta and the password.
func TestOfEveryLeaf(t *testing.T) {
	t.Run("7644-3.14-08 user", func(t *testing.T) { everyLeaf[Account](t, "rfc7643-8.3-user-enterprise", 60) })
	t.Run("7644-3.14-08 group", func(t *testing.T) { everyLeaf[resource.Group](t, "rfc7643-8.4-group", 8) })
}

func everyLeaf[T any](t *testing.T, name string, least int) {
	t.Helper()
	var doc map[string]any
	require.NoError(t, json.Unmarshal(document(t, name), &doc))
	seen := map[string]string{etag.Of(stored[T](t, quote(doc))): "unchanged"}
	unchanged, changes := etag.Of(stored[T](t, quote(doc))), 0
	try := func(path string) {
		tag := etag.Of(stored[T](t, quote(doc)))
		if strings.HasPrefix(path, ".meta") || strings.HasPrefix(path, ".password") || strings.HasPrefix(path, ".schemas") {
			assert.Equal(t, unchanged, tag, "%s", path)
			return
		}
		changes++
		assert.Empty(t, seen[tag], "%s", path)
		seen[tag] = path
	}
	var walk func(path string, v any, set func(any))
	walk = func(path string, v any, set func(any)) {
		switch v := v.(type) {
		case map[string]any:
			for name := range v {
				walk(path+"."+name, v[name], func(x any) { v[name] = x })
			}
			return
		case []any:
			for i := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), v[i], func(x any) { v[i] = x })
			}
			return
		case bool:
			set(!v)
		case string:
			if strings.HasPrefix(path, ".schemas") || strings.HasPrefix(path, ".x509Certificates") {
				return
			}
			if _, err := time.Parse(time.RFC3339, v); err == nil {
				set("2001-01-01T00:00:00Z")
			} else {
				set(v + "x")
			}
		default:
			t.Fatalf("%s: %T", path, v)
		}
		try(path)
		set(nil)
		try(path + " removed")
		set(v)
	}
	walk("", doc, nil)
	assert.GreaterOrEqual(t, changes, least)
}

// A resource has the same tag before and after a database has held it, and however its document was written.
func TestOfAfterStorage(t *testing.T) {
	t.Run("7643-2.3.8-02 user", func(t *testing.T) { afterStorage[Account](t) })
	t.Run("7643-2.3.8-02 group", func(t *testing.T) { afterStorage[resource.Group](t) })
	t.Run("7643-2.3.8-02 device", func(t *testing.T) { afterStorage[Device](t) })
}

func afterStorage[T any](t *testing.T) {
	t.Helper()
	tags := map[string]bool{}
	const rounds = 100
	for seed := range uint64(rounds) {
		d := dice{rand.New(rand.NewPCG(seed, 1))}
		v := new(T)
		d.fill(reflect.ValueOf(v).Elem())
		want := etag.Of(v)
		tags[want] = true
		body, err := resource.Marshal(resource.Storage, v)
		require.NoError(t, err)
		require.Equal(t, want, etag.Of(stored[T](t, string(body))), "seed %d: %s", seed, body)
		var doc map[string]any
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&doc))
		again := d.shuffle(doc, true)
		require.Equal(t, want, etag.Of(stored[T](t, again)), "seed %d: %s\n%s", seed, body, again)
	}
	assert.Greater(t, len(tags), rounds*9/10)
}

// What SCIM cannot express is data, not a mistake of the program: no panic, and no match ever.
func TestOfInexpressible(t *testing.T) {
	for name, d := range map[string]*Device{
		"NaN":          {Load: new(math.NaN())},
		"infinite":     {Loads: []float32{float32(math.Inf(-1))}},
		"year 10000":   {Seen: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"year 0, list": {Visits: []time.Time{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)}},
	} {
		t.Run("7644-3.14-07 "+name, func(t *testing.T) {
			one, other := etag.Of(d), etag.Of(d)
			assert.NotEqual(t, one, other)
			assert.Equal(t, http.StatusPreconditionFailed, status(etag.Check(request(http.MethodPut, []string{one}, nil), other)))
			assert.NoError(t, etag.Check(request(http.MethodGet, nil, []string{one}), other))
			assert.NoError(t, etag.Check(request(http.MethodPut, []string{one}, nil), one), "well-formed")
		})
	}
	assert.Regexp(t, weakTag, etag.Of(&Device{Serial: "a\xff\x00"}), "invalid UTF-8 is replaced")
}

func TestOfMistakes(t *testing.T) {
	var none *Device
	var empty any
	for name, v := range map[string]any{
		"nil": nil, "nil pointer": none, "nil interface": &empty, "a string": "x", "a list": []Device{{}}, "a map": map[string]any{},
		"a message": resource.SearchRequest{}, "a page": &resource.ListResponse[*Device]{}, "an extension": &resource.EnterpriseUser{}, "a complex value": Owner{},
		"no model": struct{ A chan int }{},
	} {
		assert.Panics(t, func() { etag.Of(v) }, name)
	}
}

func TestOfConcurrent(t *testing.T) {
	user := stored[Account](t, string(document(t, "rfc7643-8.3-user-enterprise")))
	users := [...]any{user, &Device{Serial: "s"}, &resource.Group{DisplayName: "g"}}
	want := make([]string, 0, len(users))
	for _, v := range users {
		want = append(want, etag.Of(v))
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range 300 {
				if n := i % len(users); etag.Of(users[n]) != want[n] {
					t.Error("another tag")
					return
				}
			}
		})
	}
	wait.Wait()
}
