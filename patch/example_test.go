package patch_test

import (
	"bytes"
	"fmt"
	"log"
	"net/http"
	"reflect"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// A handler reads the operations, loads the user and stores what has become of it, if it has changed.
func ExampleApply() {
	user := &resource.User{UserName: "bjensen", Title: "Guide", Emails: []resource.Email{{Value: "old@example.com", Type: "work"}}}
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
		{"op":"replace","path":"emails[type eq \"work\"].value","value":"bjensen@example.com"},
		{"op":"remove","path":"title"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	next, err := patch.Apply(user, op)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %s\n", next.Title, next.Emails[0].Value)
	fmt.Printf("%q %s\n", user.Title, user.Emails[0].Value)

	again, err := patch.Apply(next, op)
	fmt.Println(again == next, err) // nothing to store
	// Output:
	// "" bjensen@example.com
	// "Guide" old@example.com
	// true <nil>
}

// Operations are carried out all or none.
func ExampleApply_refused() {
	user := &resource.User{UserName: "bjensen"}
	op, err := resource.Validate[resource.PatchOp[resource.User]](resource.PatchRequest, []byte(`{"Operations":[
		{"op":"add","path":"title","value":"Guide"},
		{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"bjensen@example.com"}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	next, err := patch.Apply(user, op)
	fmt.Println(next, err)
	// Output: <nil> emails[type eq "work"]: matches no value that the resource has (Operations[1]) (noTarget)
}

// Operations may be written in Go, with whatever value says what is meant.
func ExampleApply_byHand() {
	user := &resource.User{UserName: "bjensen"}
	next, err := patch.Apply(user, &resource.PatchOp[resource.User]{Operations: []resource.PatchOperation{
		{Op: "add", Path: "active", Value: true},
		{Op: "add", Path: `emails[type eq "work"].value`, Value: "bjensen@example.com", OnMiss: resource.MissCreate},
		{Op: "add", Value: map[string]any{"name": map[string]any{"givenName": "Barbara"}}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*next.Active, next.Emails[0].Value, next.Emails[0].Type, next.Name.GivenName)
	// Output: true bjensen@example.com work Barbara
}

// A PATCH of a resource whose type is known at run time only.
func ExampleApplyTo() {
	t := reflect.TypeFor[resource.Group]() // or a type that resource.StructOf made
	op, err := resource.ValidateAs(t, resource.PatchRequest, []byte(`{"Operations":[{"op":"add","path":"members","value":{"value":"2819c223"}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	next, err := patch.ApplyTo(&resource.Group{DisplayName: "Tour Guides"}, op.(*resource.PatchOp[any])) //nolint:errcheck // in PatchRequest it is one
	if err != nil {
		log.Fatal(err)
	}
	text, err := resource.Marshal(resource.Storage, next)
	fmt.Printf("%s %v\n", text, err)
	// Output: {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Tour Guides","members":[{"value":"2819c223"}]} <nil>
}

// A store that keeps the members of groups in a table of their own writes what a PATCH changes, and needs not read the group.
func ExampleChanges() {
	op, err := resource.Validate[resource.PatchOp[resource.Group]](resource.PatchRequest, []byte(`{"Operations":[
		{"op":"replace","path":"displayName","value":"Guides"},
		{"op":"add","path":"members","value":[{"value":"1"},{"value":"2"}]},
		{"op":"remove","path":"members[value eq \"3\" or value eq \"4\"]"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	changes, err := patch.Changes(op)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range changes {
		members, _ := c.Value.([]resource.Member)
		keys, named := c.Keys()
		switch {
		case c.Attribute == "displayName" && c.Op != "remove":
			fmt.Println("UPDATE groups SET display_name = ? WHERE id = ?", c.Value)
		case c.Attribute == "members" && c.Op == "add":
			for _, m := range members {
				fmt.Println("INSERT INTO members (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", m.Value)
			}
		case c.Attribute == "members" && c.Op == "remove" && named:
			fmt.Println("DELETE FROM members WHERE group_id = ? AND user_id IN (?, ?)", keys)
		default:
			fmt.Println("load the group and patch.Apply")
		}
	}
	// Output:
	// UPDATE groups SET display_name = ? WHERE id = ? Guides
	// INSERT INTO members (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING 1
	// INSERT INTO members (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING 2
	// DELETE FROM members WHERE group_id = ? AND user_id IN (?, ?) [3 4]
}

// Changes of a type known at run time only.
func ExampleChangesOf() {
	t := reflect.TypeFor[resource.User]()
	op := &resource.PatchOp[any]{Operations: []resource.PatchOperation{
		{Op: "replace", Path: "name", Value: resource.Name{GivenName: "Barbara", FamilyName: "Jensen"}},
		{Op: "remove", Path: "TITLE"},
	}}
	changes, err := patch.ChangesOf(t, op)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range changes {
		fmt.Println(c.Op, c.Attribute, c.SubAttribute, c.Value)
	}
	// Output:
	// replace name familyName Jensen
	// replace name givenName Barbara
	// remove title  <nil>
}

// Keys says which elements a filter names, if it names them one by one.
func ExampleChange_Keys() {
	op, err := resource.Validate[resource.PatchOp[resource.Group]](resource.PatchRequest, []byte(`{"Operations":[
		{"op":"remove","path":"members","value":[{"value":"1"},{"value":"2"}]},
		{"op":"remove","path":"members[type eq \"Group\"]"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	changes, err := patch.Changes(op)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range changes {
		keys, ok := c.Keys()
		fmt.Println(filter.Format(c.Filter), keys, ok)
	}
	// Output:
	// value eq "1" or value eq "2" [1 2] true
	// type eq "Group" [] false
}

// A PUT of a large group is stored as the members that come and go.
func ExampleDiff() {
	stored := &resource.Group{DisplayName: "Tour Guides"}
	for i := range 1000 {
		stored.Members = append(stored.Members, resource.Member{Value: fmt.Sprint("user-", i)})
	}
	sent := &resource.Group{DisplayName: "Guides", Members: append([]resource.Member{{Value: "user-new"}}, stored.Members[2:]...)}
	op, err := patch.Diff(stored, sent)
	if err != nil {
		log.Fatal(err)
	}
	changes, err := patch.Changes(op)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range changes {
		keys, _ := c.Keys()
		fmt.Println(c.Op, c.Attribute, keys, c.Value)
	}
	// Output:
	// replace displayName [] Guides
	// remove members [user-0 user-1] <nil>
	// add members [] [{user-new   }]
}

// A client that has changed a resource sends what is different, and no more, as the body of a PATCH.
func ExampleDiff_sending() {
	read := &resource.Group{Resource: resource.Resource{ID: "e9e30dba"}, DisplayName: "Tour Guides", Members: []resource.Member{{Value: "2819c223"}, {Value: "902c246b"}}}
	changed := *read
	changed.Members = []resource.Member{{Value: "2819c223"}, {Value: "4711"}}
	op, err := patch.Diff(read, &changed)
	if err != nil {
		log.Fatal(err)
	}
	if op == nil {
		return // nothing to send
	}
	body, err := resource.Marshal(resource.PatchRequest, op)
	if err != nil {
		log.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPatch, "https://example.com/v2/Groups/e9e30dba", bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	r.Header.Set("Content-Type", resource.MediaType)
	fmt.Println(r.Method, r.URL.Path)
	fmt.Printf("%s\n", body)
	// Output:
	// PATCH /v2/Groups/e9e30dba
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"902c246b\"]"},{"op":"add","path":"members","value":[{"value":"4711"}]}]}
}

// A client that has changed a resource of a type known at run time only sends what is different.
func ExampleDiffOf() {
	from := &resource.User{UserName: "bjensen", Title: "Guide", Active: new(true)}
	to := &resource.User{UserName: "bjensen", NickName: "Babs", Active: new(false)}
	op, err := patch.DiffOf(from, to)
	if err != nil {
		log.Fatal(err)
	}
	text, err := resource.Marshal(resource.PatchRequest, op)
	fmt.Printf("%s %v\n", text, err)
	same, err := patch.DiffOf(from, from)
	fmt.Println(same == nil, err)
	// Output:
	// {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"nickName","value":"Babs"},{"op":"remove","path":"title"},{"op":"replace","path":"active","value":false}]} <nil>
	// true <nil>
}
