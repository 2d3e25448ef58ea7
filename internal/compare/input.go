package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/scimmodels/scim/resource"
)

// base is where the service of all implementations is thought to be.
const base = "https://example.com/v2"

// userJSON is the user of RFC 7643 section 8.3, compact. A client sends it as it is, with what only the service may set.
//
//go:embed testdata/user.json
var userJSON []byte

// patchJSON is a PATCH of a value path, of a boolean and of an attribute of the extension.
const patchJSON = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` +
	`{"op":"replace","path":"emails[type eq \"work\"].value","value":"barbara.jensen@example.com"},` +
	`{"op":"replace","path":"active","value":false},` +
	`{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Sales"}]}`

// selection has the attributes that the projection asks for.
var selection = []string{"userName", "name.givenName", "emails.value", "active"}

// query is a filter, with the number of users it selects of those that crowd makes.
type query struct {
	text string
	want int
	hand func(u *plainUser) bool // the same condition in Go, as short as it can be written
}

var queries = []query{
	{`userName eq "USER5000@example.com"`, 1, func(u *plainUser) bool { return strings.EqualFold(u.UserName, "user5000@example.com") }},
	{`name.familyName co "jen"`, 2500, func(u *plainUser) bool { return strings.Contains(strings.ToLower(u.Name.FamilyName), "jen") }},
	{`emails[type eq "work" and value co "@b.example"]`, 2500, func(u *plainUser) bool {
		for i := range u.Emails {
			if strings.EqualFold(u.Emails[i].Type, "work") && strings.Contains(strings.ToLower(u.Emails[i].Value), "@b.example") {
				return true
			}
		}
		return false
	}},
	{`(title pr or nickName sw "b") and not (userType eq "Intern")`, 4000, func(u *plainUser) bool {
		return (u.Title != "" || strings.HasPrefix(strings.ToLower(u.NickName), "b")) && !strings.EqualFold(u.UserType, "Intern")
	}},
	{`meta.lastModified gt "2026-11-09T11:00:00Z"`, 2500, func(u *plainUser) bool { return u.Meta.LastModified.After(threshold) }},
}

var (
	epoch     = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // when the first user of the crowd was changed, the next an hour later
	threshold = epoch.Add(7499 * time.Hour)
)

// stored is the user of section 8.3 as a service keeps it: the password is hashed and elsewhere.
func stored() []byte { return variant(func(u map[string]any) {}) }

// pageSize is how many users a list has.
const pageSize = 100

// page has as many users like the one of section 8.3.
func page() [][]byte {
	users := make([][]byte, pageSize)
	for i := range users {
		users[i] = variant(func(u map[string]any) {
			id := fmt.Sprintf("2819c223-7f76-453a-919d-%012d", i)
			u["id"], u["userName"] = id, fmt.Sprintf("user%d@example.com", i)
			member(u, "meta")["location"] = base + "/Users/" + id
		})
	}
	return users
}

func variant(change func(u map[string]any)) []byte {
	u := object(userJSON)
	delete(u, "password")
	change(u)
	return text(u)
}

// crowdSize is how many users are filtered.
const crowdSize = 10_000

// crowd has as many small users, different enough for filters.
func crowd() [][]byte {
	families := []string{"Jensen", "Smith", "Mendoza", "Okafor", "JENKINS", "Ng", "Larsen", "Ek"}
	users := make([][]byte, crowdSize)
	for i := range users {
		id := fmt.Sprintf("2819c223-7f76-453a-919d-%012d", i)
		at := epoch.Add(time.Duration(i) * time.Hour).Format(time.RFC3339)
		u := map[string]any{
			"schemas": []string{resource.UserSchema}, "id": id, "userName": fmt.Sprintf("user%d@example.com", i), "active": i%10 != 0,
			"name": map[string]any{"familyName": families[i%8], "givenName": "Barbara"}, "userType": "Employee",
			"emails": []any{
				map[string]any{"value": fmt.Sprintf("user%d@%c.example", i, 'a'+i%4), "type": "work", "primary": true},
				map[string]any{"value": fmt.Sprintf("user%d@b.example", i), "type": "home"},
			},
			"meta": map[string]any{"resourceType": "User", "created": epoch.Format(time.RFC3339), "lastModified": at, "location": base + "/Users/" + id},
		}
		if i%3 == 0 {
			u["title"] = "Tour Guide"
		}
		if i%2 == 0 {
			u["nickName"] = []string{"Babs", "Chuck"}[i/2%2]
		}
		if i%5 == 0 {
			u["userType"] = "Intern"
		}
		users[i] = text(u)
	}
	return users
}

// object reads a JSON object of this package's making, and text writes one.
func object(doc []byte) map[string]any {
	var o map[string]any
	if err := json.Unmarshal(doc, &o); err != nil {
		panic(err)
	}
	return o
}

func text(o map[string]any) []byte {
	doc, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return doc
}

// member is an object within an object, nil where there is none.
func member(o map[string]any, name string) map[string]any {
	inner, _ := o[name].(map[string]any)
	return inner
}

// each reads all documents with the same function.
func each[T any](docs [][]byte, read func(doc []byte) (T, error)) ([]T, error) {
	all := make([]T, len(docs))
	for i, doc := range docs {
		var err error
		if all[i], err = read(doc); err != nil {
			return nil, err
		}
	}
	return all, nil
}
