package schema_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// The schema of a type of one's own is made from its tags.
func ExampleFor() {
	type Badge struct {
		schema.Extension `scim:"urn:acme:params:scim:schemas:extension:badge:2.0:User" description:"Door badge"`

		Number string `json:"number" scim:"required,caseExact,mutability=immutable" description:"Number on the badge."`
	}
	text, err := resource.Marshal(resource.QueryResponse, schema.For[Badge]())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:acme:params:scim:schemas:extension:badge:2.0:User","name":"Badge","description":"Door badge","attributes":[{"name":"number","type":"string","multiValued":false,"description":"Number on the badge.","required":true,"caseExact":true,"mutability":"immutable","returned":"default","uniqueness":"none"}],"meta":{"resourceType":"Schema"}}
}

// The type may be known at run time only.
func ExampleOf() {
	for _, t := range []reflect.Type{reflect.TypeFor[resource.User](), reflect.TypeFor[*resource.Group]()} {
		s := schema.Of(t)
		fmt.Println(s.ID, s.Name, s.Attributes[0].Name, s.Attributes[0].Required)
	}
	// Output:
	// urn:ietf:params:scim:schemas:core:2.0:User User userName true
	// urn:ietf:params:scim:schemas:core:2.0:Group Group displayName true
}

// All has a resource type's core schema and those of its extensions.
func ExampleAll() {
	type User struct {
		resource.User
		Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	}
	for _, s := range schema.All[User]() {
		fmt.Println(s.ID)
	}
	// Output:
	// urn:ietf:params:scim:schemas:core:2.0:User
	// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
}

// AllOf is what /Schemas serves: the schemas of all types, each once.
func ExampleAllOf() {
	type User struct {
		resource.User
		Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
	}
	all := schema.AllOf(
		reflect.TypeFor[User](), reflect.TypeFor[resource.Group](),
		reflect.TypeFor[resource.ServiceProviderConfig](), reflect.TypeFor[resource.ResourceType](), reflect.TypeFor[schema.Schema](),
	)
	list := resource.Page(nil, all, len(all))
	for _, s := range list.Resources {
		fmt.Println(s.Name)
	}
	fmt.Println(list.TotalResults)
	// Output:
	// User
	// EnterpriseUser
	// Group
	// Service Provider Configuration
	// ResourceType
	// Schema
	// 6
}

// The endpoint /Schemas answers with a list, and with one schema under its URN, in any case. Both are made at start-up.
func ExampleAllOf_schemasEndpoint() {
	all := schema.AllOf(reflect.TypeFor[resource.User](), reflect.TypeFor[resource.Group]())
	byURN := map[string]*schema.Schema{}
	for _, s := range all {
		byURN[strings.ToLower(s.ID)] = s
	}
	locate := resource.Locate("https://example.com/v2")
	write := func(w http.ResponseWriter, v any) {
		if err := resource.Write(w, resource.QueryResponse, v, locate); err != nil {
			log.Print(err)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /Schemas", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("filter") { // RFC 7644 section 4
			scimerrors.Write(w, scimerrors.Status(http.StatusForbidden, "schemas cannot be filtered"))
			return
		}
		write(w, resource.Page(nil, all, len(all)))
	})
	mux.HandleFunc("GET /Schemas/{urn}", func(w http.ResponseWriter, r *http.Request) {
		s, ok := byURN[strings.ToLower(r.PathValue("urn"))]
		if !ok {
			scimerrors.Write(w, scimerrors.Status(http.StatusNotFound, "no schema %s", r.PathValue("urn")))
			return
		}
		write(w, s)
	})
	for _, path := range []string{"/Schemas", "/Schemas/URN:ietf:params:scim:schemas:core:2.0:Group", "/Schemas/urn:x", "/Schemas?filter=id%20pr"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		fmt.Printf("%d %d %q\n", w.Code, strings.Count(w.Body.String(), `"resourceType":"Schema"`), w.Header().Get("Location"))
	}
	// Output:
	// 200 2 ""
	// 200 1 "https://example.com/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group"
	// 404 0 ""
	// 403 0 ""
}
