package resource_test

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// atOnce runs f in 64 goroutines that start together, and gives up when they hang.
func atOnce(t *testing.T, f func(i int)) {
	t.Helper()
	start, done := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	go func() {
		all.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		buffer := make([]byte, 1<<16)
		t.Fatalf("hangs\n%s", buffer[:runtime.Stack(buffer, true)])
	}
}

// fresh is a resource type that nobody has used before: a core type's worth of attributes, made at run time.
func fresh(urn string) reflect.Type {
	part := reflect.StructOf([]reflect.StructField{
		{Name: "Value", Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`json:"value" scim:"required" validate:"max=20" description:"` + urn + `"`)},
		{Name: "Primary", Type: reflect.TypeFor[*bool](), Tag: `json:"primary,omitempty"`},
	})
	return reflect.StructOf([]reflect.StructField{
		{Name: "Resource", Type: reflect.TypeFor[resource.Resource](), Anonymous: true, Tag: reflect.StructTag(`scim:"` + urn + `,name=Fresh"`)},
		{Name: "Name", Type: reflect.TypeFor[string](), Tag: `json:"name" scim:"required" validate:"min=2"`},
		{Name: "Parts", Type: reflect.SliceOf(part), Tag: `json:"parts,omitempty"`},
		{Name: "Enterprise", Type: reflect.TypeFor[*resource.EnterpriseUser](), Tag: reflect.StructTag(`json:"` + resource.EnterpriseUserSchema + `,omitempty"`)},
	})
}

// The first use of a type may come from many requests at once.
func TestConcurrentFirstUse(t *testing.T) {
	for round := range 10 {
		urn := fmt.Sprintf("urn:acme:x:Fresh%d", round)
		kind := fresh(urn)
		body := []byte(`{"schemas":["` + urn + `"],"name":"ab","parts":[{"value":"a","primary":true},{"value":"b"}]}`)
		bad := []byte(`{"schemas":["` + urn + `"],"name":"a","parts":[{"value":5},{"primary":false}]}`)
		var texts, faults [64]string
		atOnce(t, func(i int) {
			switch i % 4 {
			case 0:
				_ = schema.Of(kind)
			case 1:
				_ = resource.Common(reflect.New(kind).Interface())
			case 2:
				_, _ = resource.Marshal(resource.Storage, reflect.New(kind).Interface())
			}
			got, err := resource.ValidateAs(kind, resource.CreationRequest, body, resource.Strict())
			text, failed := resource.Marshal(resource.CreationRequest, got)
			texts[i] = fmt.Sprint(string(text), err, failed)
			_, err = resource.ValidateAs(kind, resource.CreationRequest, bad)
			faults[i] = fmt.Sprint(err)
		})
		for i := range texts {
			require.Equal(t, texts[0], texts[i])
			require.Equal(t, faults[0], faults[i])
		}
		assert.Equal(t, string(body)+"<nil> <nil>", texts[0])
		assert.Contains(t, faults[0], "parts[1].value: is required")
	}
}

// The types below are used by the test after them alone, so that their first use is there.
type (
	leafUser struct {
		resource.User
		A *leafExtension `json:"urn:acme:x:LeafA,omitempty"`
	}
	leafExtension struct {
		resource.Extension `scim:"urn:acme:x:LeafA"`

		Parts []leafPart `json:"parts,omitempty"`
	}
	leafPart struct {
		Value string `json:"value,omitempty" validate:"max=3"`
	}

	tree struct {
		resource.Resource `scim:"urn:acme:x:Tree"`

		Root  branch   `json:"root,omitzero"`
		Roots []branch `json:"roots,omitempty"`
	}
	branch struct {
		Value    string   `json:"value,omitempty" validate:"max=3"`
		Branches []branch `json:"branches,omitempty"`
		Leaf     *leafOf  `json:"leaf,omitempty"`
	}
	leafOf struct {
		Value string  `json:"value,omitempty"`
		Of    *branch `json:"of,omitempty"`
		Leaf  *leafOf `json:"leaf,omitempty"`
	}
)

// Types compiled into the program, from all verbs at once.
func TestConcurrentVerbs(t *testing.T) {
	body := []byte(urns.Replace(`{"schemas":["<U>","urn:acme:x:LeafA"],"userName":"x","urn:acme:x:LeafA":{"parts":[{"value":"a"}]}}`))
	atOnce(t, func(i int) {
		locate := resource.Locate("https://example.com/v2", resource.ResourceTypeFor[leafUser]("/Users"))
		u, err := resource.Validate[leafUser](resource.CreationRequest, body, resource.Strict())
		if err != nil {
			t.Error(err)
			return
		}
		u.ID = strconv.Itoa(i)
		text, err := resource.Marshal(resource.QueryResponse, resource.Page(nil, []*leafUser{u}, 1), locate)
		assert.Contains(t, fmt.Sprint(string(text), err), fmt.Sprintf(`"location":"https://example.com/v2/Users/%d"`, i))
		_, err = resource.Validate[leafUser](resource.CreationRequest, []byte(strings.Replace(string(body), `"value":"a"`, `"value":"abcd"`, 1)))
		assert.Contains(t, fmt.Sprint(err), "urn:acme:x:LeafA:parts[0].value")
		assert.Len(t, schema.All[leafUser](), 2)
	})
}

// A type that contains itself ends: as a schema of schemas does (RFC 7643 section 8.7.2), or as a mistake, but for everybody alike.
func TestRecursiveTypes(t *testing.T) {
	outcome := func() (text string) {
		defer func() {
			if r := recover(); r != nil {
				text = fmt.Sprint("panic: ", r)
			}
		}()
		s := schema.For[tree]()
		got, err := resource.Validate[tree](resource.CreationRequest, []byte(`{"schemas":["urn:acme:x:Tree"],"root":{"value":"a","branches":[{"value":"b","leaf":{"of":{"value":"c"}}}]},"roots":[{"leaf":{"leaf":{"leaf":{"value":"d"}}}}]}`))
		if err != nil {
			return err.Error()
		}
		data, err := resource.Marshal(resource.CreationRequest, got)
		return fmt.Sprint(len(s.Attributes), string(data), err)
	}
	var texts [64]string
	atOnce(t, func(i int) { texts[i] = outcome() })
	for i := range texts {
		require.Equal(t, texts[0], texts[i])
	}
	t.Log(texts[0])
	if !strings.HasPrefix(texts[0], "panic: ") {
		assert.Equal(t, `2{"schemas":["urn:acme:x:Tree"],"root":{"value":"a","branches":[{"value":"b","leaf":{"of":{"value":"c"}}}]},"roots":[{"leaf":{"leaf":{"leaf":{"value":"d"}}}}]}<nil>`, texts[0])
	}
	t.Run("7643-7-05/the schema of schemas", func(t *testing.T) {
		atOnce(t, func(int) { assert.Len(t, schema.For[schema.Schema]().Attributes, 3) })
	})
}

// Without Owned the strings of a result keep the whole body in memory, with it they do not.
func TestOwned(t *testing.T) {
	padding := strings.Repeat("x", 1<<20)
	held := func(opts ...resource.Option) uint64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		names := make([]string, 16)
		for i := range names {
			u, err := resource.Validate[Employee](resource.CreationRequest, []byte(userBody(`"title":"`+padding+`"`)), opts...)
			require.NoError(t, err)
			names[i] = u.UserName
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		for _, name := range names {
			require.Equal(t, "bjensen", name)
		}
		return max(after.HeapAlloc, before.HeapAlloc) - before.HeapAlloc
	}
	assert.Less(t, held(resource.Owned()), uint64(4<<20))
}
