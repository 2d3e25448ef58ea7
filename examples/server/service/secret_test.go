package service_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

func mustJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings can be written
	}
	return string(b)
}

// stored is the password as the store has it.
func stored(t *testing.T, db store.Store, types []service.Type, id string) string {
	t.Helper()
	v, err := db.Get(t.Context(), types[0].Kind, id, false)
	require.NoError(t, err)
	password, err := resource.Get(v, "password")
	require.NoError(t, err)
	secret, _ := password.(resource.Secret)
	return string(secret)
}

func TestPasswords(t *testing.T) {
	types := usual()
	db := inMemory(t, types)
	c := serve(t, db, types)
	password := func(text string) string { return `, "password": "` + text + `"` }

	path, id := c.User("ann", password("t1meMa$heen"))
	first := stored(t, db, types, id)
	assert.True(t, strings.HasPrefix(first, "$pbkdf2-sha512$1$"), "7643-9.2-01")
	_, other := c.User("bob", password("t1meMa$heen"))
	assert.NotEqual(t, first, stored(t, db, types, other), "a salt of its own")

	tag := c.Get(path).Is(200).Lacks("password").Tag()
	assert.Equal(t, tag, c.Put(path, ask.User("ann", password("t1meMa$heen"))).Is(200).Tag(), "the same password is no change")
	assert.Equal(t, first, stored(t, db, types, id))
	c.Put(path, ask.User("ann", `, "title": "T"`)).Is(200)
	assert.Equal(t, first, stored(t, db, types, id), "AMB-24: one that is left out stays")
	c.Put(path, ask.User("ann", `, "title": "T"`, password("put"))).Is(200)
	third := stored(t, db, types, id)
	assert.NotEqual(t, first, third, "a new password alone is a change")
	c.Patch(path, `{"op": "replace", "path": "password", "value": "n3w"}`).Is(200).Lacks("password")
	assert.NotEqual(t, third, stored(t, db, types, id), "in a PATCH, too")
	second := stored(t, db, types, id)
	assert.NotEqual(t, first, second)
	assert.True(t, strings.HasPrefix(second, "$pbkdf2"))
	c.Patch(path, `{"op": "replace", "path": "password", "value": "`+second+`"}`).Is(200)
	assert.Equal(t, second, stored(t, db, types, id), "a client that knows a hash cannot do more with it than leave it")
	c.Put(path, ask.User("ann", `, "password": null`)).Is(200)
	assert.Empty(t, stored(t, db, types, id))
	c.Find("/Users", `password eq "n3w"`).Fails(400, "invalidFilter")
	c.Get("/Users?attributes=password").Is(200).Lacks("pbkdf2")
}

const vaultURN = "urn:example:params:scim:schemas:Vault"

// vault has secrets of every sort that is hashed.
type vault struct {
	resource.Resource `scim:"urn:example:params:scim:schemas:Vault,name=Vault" description:"A vault."`

	Label string      `json:"label,omitempty"`
	Pin   string      `json:"pin,omitempty" scim:"returned=never"`
	Puk   string      `json:"puk,omitempty" scim:"returned=never"`
	Door  door        `json:"door,omitzero"`
	Key   key         `json:"key,omitzero" scim:"returned=never"`
	More  *vaultExtra `json:"urn:example:params:scim:schemas:extension:more:Vault,omitempty"`
}

type (
	door struct {
		Color string `json:"color,omitempty"`
		Code  string `json:"code,omitempty" scim:"mutability=writeOnly"`
	}
	key struct {
		Value string `json:"value,omitempty"`
	}
	vaultExtra struct {
		resource.Extension `scim:"urn:example:params:scim:schemas:extension:more:Vault"`

		Word string `json:"word,omitempty" scim:"returned=never"`
	}
)

// typeOf is a resource type of its own.
func typeOf[T any](endpoint string) service.Type {
	rt := resource.ResourceTypeFor[T](endpoint)
	return service.Type{ResourceType: rt, Kind: store.NewKind(rt, reflect.TypeFor[T]())}
}

// 7643-9.2-01: each secret is hashed by itself, whichever of the others are there.
func TestSecrets(t *testing.T) {
	types := []service.Type{typeOf[vault]("/Vaults")}
	db := inMemory(t, types)
	c := serve(t, db, types)
	const extra = "urn:example:params:scim:schemas:extension:more:Vault"
	for path, in := range map[string]string{
		"pin": `"pin": "%s"`, "puk": `"puk": "%s"`, "door.code": `"door": {"color": "red", "code": "%s"}`, "key.value": `"key": {"value": "%s"}`,
		extra + ":word": `"` + extra + `": {"word": "%s"}`,
	} {
		t.Run(path, func(t *testing.T) {
			c := c.On(t)
			schemas := `{"schemas": ["` + vaultURN + `"], `
			hashed := func(id string) string {
				v, err := db.Get(t.Context(), types[0].Kind, id, false)
				require.NoError(t, err)
				for _, other := range []string{"pin", "puk", "door.code", "key.value", extra + ":word"} {
					got, err := resource.Get(v, other)
					require.NoError(t, err)
					assert.Equal(t, other == path, got != nil && got != "", other)
				}
				got, err := resource.Get(v, path)
				require.NoError(t, err)
				text, _ := got.(string)
				assert.True(t, strings.HasPrefix(text, "$pbkdf2-sha512$1$"), "%s is stored", text)
				return text
			}
			made := c.Post("/Vaults", schemas+fmt.Sprintf(in, "t1meMaheen")+`}`).Is(201).Lacks("t1meMaheen").Lacks("pbkdf2")
			first := hashed(made.ID())
			c.Put("/Vaults/"+made.ID(), schemas+fmt.Sprintf(in, "n3w")+`}`).Is(200).Lacks("n3w")
			second := hashed(made.ID())
			c.Patch("/Vaults/"+made.ID(), `{"op": "add", "path": "`+path+`", "value": "n3wer"}`).Is(200).Lacks("n3wer")
			third := hashed(made.ID())
			assert.NotEqual(t, first, second)
			assert.NotEqual(t, second, third)
			c.Patch("/Vaults/"+made.ID(), `{"op": "add", "path": "label", "value": "L"}`).Is(200)
			assert.Equal(t, third, hashed(made.ID()), "carried over")
		})
	}
}

type (
	safe struct {
		resource.Resource `scim:"urn:example:params:scim:schemas:Safe,name=Safe" description:"A safe."`

		Keys []safeKey `json:"keys,omitempty"`
	}
	safeKey struct {
		Label  string `json:"label,omitempty"`
		Secret string `json:"secret,omitempty" scim:"returned=never"`
	}
	chest struct {
		resource.Resource `scim:"urn:example:params:scim:schemas:Chest,name=Chest" description:"A chest."`

		Codes []string `json:"codes,omitempty" scim:"mutability=writeOnly"`
	}
	shelf struct {
		resource.Resource `scim:"urn:example:params:scim:schemas:Shelf,name=Shelf" description:"A shelf."`

		Books []book `json:"books,omitempty" scim:"returned=never"`
		Read  []book `json:"read,omitempty" scim:"mutability=readOnly,returned=never"`
	}
	book struct {
		Title string `json:"title,omitempty"`
		Pages *int64 `json:"pages,omitempty"`
	}
)

// 7643-9.2-01, 7643-4.1.1-10: nothing that a run leaves behind has a password or a token in it.
func TestNothingInClearText(t *testing.T) {
	var log bytes.Buffer
	address := sqldbtest.File(t)
	types := usual()
	db := opened(t, address, types)
	c := serve(t, db, types, func(c *service.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	const secret = "t1meMaheen"
	answers := append(make([]ask.Answer, 0, 11),
		c.Post("/Users", ask.User("ann", `, "password": "`+secret+`", "active": "True"`)).Is(201),
		c.Post("/Users", ask.User("bob", `, "password": ["`+secret+`"]`)).Is(400),
		c.Post("/Users", `{"schemas": [], "password": "`+secret+`"`).Is(400),
		c.Post("/Users", ask.User("ann", `, "password": "`+secret+`"`)).Is(409),
		c.Find("/Users", `password eq "`+secret+`"`).Is(400),
		c.Post("/Bulk", bulk(`{"method": "POST", "path": "/Users", "bulkId": "a", "data": `+ask.User("cid", `, "password": "`+secret+`"`)+`}`)).Is(200),
		c.With("Authorization", "Bearer "+secret).Get("/Users").Is(401),
	)
	path := "/Users/" + answers[0].ID()
	answers = append(answers,
		c.Patch(path, `{"op": "replace", "value": {"password": "`+secret+`2"}}`).Is(200),
		c.Patch(path, `{"op": "replace", "path": "password", "value": {"value": "`+secret+`"}}`),
		c.Patch(path, `{"op": "replace", "path": "password.`+secret+`", "value": "x"}`).Is(400),
		c.Get(path).Is(200),
	)
	for _, a := range answers {
		a.Lacks("pbkdf2")
		if !strings.Contains(a.Asked, secret) && a.Status != 400 {
			a.Lacks(secret)
		}
	}
	require.NoError(t, db.Close())
	files, err := filepath.Glob(filepath.Join(filepath.Dir(strings.TrimPrefix(address, "sqlite:")), "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotEmpty(t, data)
		assert.NotContains(t, string(data), secret, file)
		assert.NotContains(t, string(data), token, file)
	}
	require.Contains(t, log.String(), "rule=BooleanStrings", "the log has been looked at")
	assert.NotContains(t, log.String(), secret)
	assert.NotContains(t, log.String(), token)
	assert.NotContains(t, log.String(), "pbkdf2")
	assert.NotContains(t, log.String(), "filter")
}

func TestSensitive(t *testing.T) {
	c := simple(t, func(c *service.Config) {
		c.Sensitive = []string{"phoneNumbers", "name.familyName", resource.EnterpriseUserSchema + ":employeeNumber"}
	})
	c.User("ann", `, "phoneNumbers": [{"value": "555", "type": "work"}], "name": {"familyName": "Jensen"}`)
	for _, f := range []string{
		`phoneNumbers.value eq "555"`, `PHONENUMBERS[type eq "work"]`, `userName eq "ann" and not (phoneNumbers pr)`, `name.familyName eq "Jensen"`,
		resource.UserSchema + `:phoneNumbers.value eq "555"`, `name pr`, `phoneNumbers[value eq "555"] or userName pr`,
		resource.EnterpriseUserSchema + `:employeeNumber eq "1"`, `employeeNumber eq "1"`,
	} {
		t.Run("7644-7.5.2-01, 7644-7.5.2-02: "+f, func(t *testing.T) {
			c := c.On(t)
			c.Find("/Users", f).Fails(403, "sensitive")
			c.Find("/", f).Fails(403, "sensitive")
			c.Post("/Users/.search", `{"schemas": ["`+resource.SearchRequestSchema+`"], "filter": `+mustJSON(f)+`}`).Is(200)
		})
	}
	for _, f := range []string{`userName eq "phoneNumbers"`, `name.givenName pr`, `phone pr`} {
		c.Find("/Users", f).Is(200)
	}
	c.Find("/Users", `phoneNumbers is`).Fails(400, "invalidFilter")
}

// What has been put right is in the log, once, and nothing that a client has sent.
func TestLogOfRepairs(t *testing.T) {
	var log bytes.Buffer
	c := simple(t, func(c *service.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	for rule, times := range c.Depart() {
		assert.Len(t, regexp.MustCompile(`msg=tolerated id=\w+ rule=`+rule+` path=`).FindAllString(log.String(), -1), times, "%s: %s", rule, &log)
	}
	assert.NotContains(t, log.String(), ask.Secret)
}
