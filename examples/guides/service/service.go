// Package service puts the guides together: the application's tables behind SCIM, in one http.Handler.
package service

import (
	"crypto/rand"
	"database/sql"
	"log/slog"
	"net/http"

	"github.com/scimmodels/scim/examples/guides/accounts"
	"github.com/scimmodels/scim/examples/guides/web"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// New serves users and groups below base, such as https://example.com/scim/v2, to those who have the token.
func New(db *sql.DB, base, token string, log *slog.Logger, options ...resource.Option) (http.Handler, error) {
	key := make([]byte, 32) // for the one process that this is
	_, _ = rand.Read(key)   // never fails
	cursors, err := resource.NewCursors(web.CursorTimeout, key)
	if err != nil {
		return nil, err
	}
	types := []*resource.ResourceType{
		resource.ResourceTypeFor[accounts.User]("/Users"),
		resource.ResourceTypeFor[resource.Group]("/Groups"),
	}
	s, err := web.New(base, log, types, options...)
	if err != nil {
		return nil, err
	}
	web.Mount(s, "/Users", accounts.Users{DB: db, Dialect: accounts.Documents, Cursors: cursors})
	web.Mount(s, "/Groups", accounts.Teams{DB: db, Cursors: cursors})
	web.Bulk(s)
	web.Describe(s, types, append(schema.All[accounts.User](), schema.All[resource.Group]()...))
	return web.RequireToken(token, log, s), nil
}
