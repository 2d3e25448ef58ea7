package service_test

import (
	"context"
	"log/slog"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/ask"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/examples/server/store/memory"
	"github.com/scimmodels/scim/examples/server/store/sqlstore"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/resource/scimtest"
	"github.com/scimmodels/scim/schema"
)

const (
	root  = "/scim/v2"
	token = "sesame"
)

type User struct {
	resource.User
	Enterprise *resource.EnterpriseUser `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User,omitempty"`
}

// usual are the types that the program serves by default.
func usual() []service.Type {
	users, groups := resource.ResourceTypeFor[User]("/Users"), resource.ResourceTypeFor[resource.Group]("/Groups")
	return []service.Type{
		{ResourceType: users, Kind: store.NewKind(users, reflect.TypeFor[User]())},
		{ResourceType: groups, Kind: store.NewKind(groups, reflect.TypeFor[resource.Group]())},
	}
}

// runtimeTypes are the same, made of schemas.
func runtimeTypes(t *testing.T) []service.Type {
	t.Helper()
	types := usual()
	schemas := append(schema.All[User](), schema.All[resource.Group]()...)
	for i := range types {
		made, err := resource.StructOf(types[i].ResourceType, schemas...)
		require.NoError(t, err)
		types[i].Kind = store.NewKind(types[i].ResourceType, made)
	}
	return types
}

func kinds(types []service.Type) []*store.Kind {
	all := make([]*store.Kind, len(types))
	for i := range types {
		all[i] = types[i].Kind
	}
	return all
}

// stores are ways to open an empty store.
var stores = map[string]func(t *testing.T, types []service.Type) store.Store{
	"memory": inMemory,
	"SQLite": func(t *testing.T, types []service.Type) store.Store {
		t.Helper()
		return opened(t, sqldbtest.File(t), types)
	},
	"PostgreSQL": func(t *testing.T, types []service.Type) store.Store {
		t.Helper()
		return opened(t, sqldbtest.Schema(t), types)
	},
}

func inMemory(t *testing.T, _ []service.Type) store.Store {
	t.Helper()
	return memory.New()
}

func opened(t *testing.T, address string, types []service.Type) store.Store {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), address, kinds(types))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// serve makes a service that hashes passwords in no time, and a client of it.
func serve(t *testing.T, db store.Store, types []service.Type, set ...func(*service.Config)) ask.Client {
	t.Helper()
	c := service.Config{
		Store: db, Types: types, Schemas: append(schema.All[User](), schema.All[resource.Group]()...), Prefixes: []string{root, "/v2"},
		Tokens: []service.Token{{Value: token}}, Rounds: 1, Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range set {
		f(&c)
	}
	h, err := service.New(context.Background(), c)
	require.NoError(t, err)
	return ask.New(t, h, root, token)
}

// simple is a client of a service with the usual types in memory.
func simple(t *testing.T, set ...func(*service.Config)) ask.Client {
	t.Helper()
	types := usual()
	return serve(t, inMemory(t, types), types, set...)
}

func strict(c *service.Config) { c.Options = []resource.Option{resource.Strict()} }

// What identity providers send, and the rules of the RFCs, against the service on three stores, in both modes.
func TestSCIM(t *testing.T) {
	for name, open := range stores {
		for made, types := range map[string][]service.Type{"declared": usual(), "runtime": runtimeTypes(t)} {
			if raced && made == "runtime" && name != "memory" {
				continue // .ci/run has all without the race detector, too
			}
			t.Run(name+"/"+made, func(t *testing.T) {
				db := open(t, types)
				for mode, set := range map[string]func(*service.Config){"tolerant": func(*service.Config) {}, "strict": strict} {
					t.Run(mode, func(t *testing.T) {
						c := serve(t, db, types, set)
						scimtest.Run(t, c.Handler, scimtest.Config{Base: root, Token: token, Strict: mode == "strict"})
					})
				}
			})
		}
	}
}
