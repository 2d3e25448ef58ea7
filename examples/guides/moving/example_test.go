package moving_test

import (
	"errors"
	"fmt"
	"net/url"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/examples/guides/moving"
	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

func Example_attributes() {
	u, err := moving.FromAttributes(map[string]any{"userName": "ada", "active": true, "shoeSize": 38})
	if err != nil {
		panic(err)
	}
	fmt.Println(u.UserName, *u.Active)
	attributes, err := moving.Attributes(u)
	fmt.Println(attributes, err)
	// Output:
	// ada true
	// map[active:true schemas:[urn:ietf:params:scim:schemas:core:2.0:User] userName:ada] <nil>
}

// model_validate and model_dump.
func Example_contexts() {
	body := []byte(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada", "title": "Countess", "id": "mine", "password": "s3cret"}`)

	user, err := resource.Validate[resource.User](resource.CreationRequest, body)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%q %s\n", user.ID, user.Password) // readOnly is dropped; a secret does not print

	user.ID = "7"
	query, err := resource.ParseQuery(url.Values{"attributes": {"title"}})
	if err != nil {
		panic(err)
	}
	answer, err := resource.Marshal(resource.QueryResponse, user, query)
	fmt.Println(string(answer), err)
	// Output:
	// "" [secret]
	// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","title":"Countess"} <nil>
}

// PatchOp.patch, PatchOp.build_from and replace.
func Example_changes() {
	current := &resource.User{UserName: "ada", Emails: []resource.Email{{Value: "a@home.example", Type: "home"}}}
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, []byte(`{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "b@home.example"}]}`))
	if err != nil {
		panic(err)
	}
	next, err := patch.Apply(current, op)
	if err != nil {
		panic(err)
	}
	fmt.Println(next != current, current.Emails[0].Value, next.Emails[0].Value)

	back, err := patch.Diff(next, current)
	fmt.Println(back.Paths(), err)

	put, err := resource.Validate[resource.User](resource.ReplaceRequest, []byte(
		`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "lovelace"}`), resource.Replacing(next))
	fmt.Println(put.UserName, len(put.Emails), err)
	// Output:
	// true a@home.example b@home.example
	// [emails] <nil>
	// lovelace 0 <nil>
}

// Path.get and Path.set, ScimFilter.match, errors, schemas and versions.
func Example_others() {
	user := &accounts.User{User: resource.User{UserName: "ada"}}
	if err := resource.Set(user, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Engines"); err != nil {
		panic(err)
	}
	department, err := resource.Get(user, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")
	fmt.Println(department, err, user.Enterprise.Department)

	f, err := filter.Compile[accounts.User](`userName sw "A" and not (title pr)`)
	fmt.Println(f.Match(user), err)

	err = scimerrors.New(scimerrors.Uniqueness, "userName %q is taken", "ada")
	fmt.Println(errors.Is(err, scimerrors.Uniqueness), scimerrors.From(err).Status)

	for _, s := range schema.All[accounts.User]() {
		fmt.Println(s.ID, len(s.Attributes))
	}
	before := etag.Of(user)
	user.Title = "Countess"
	fmt.Println(etag.Weak("7"), etag.Of(user) != before)
	// Output:
	// Engines <nil> Engines
	// true <nil>
	// true 409
	// urn:ietf:params:scim:schemas:core:2.0:User 21
	// urn:ietf:params:scim:schemas:extension:enterprise:2.0:User 6
	// urn:acme:params:scim:schemas:extension:seat:2.0:User 1
	// W/"7" true
}
