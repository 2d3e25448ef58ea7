// Package service is a SCIM service provider as an http.Handler: any resource types, compiled or made of schema files, in any store.
//
//	service.go    configuration and routes
//	http.go       the adapter between handlers and HTTP: bodies, queries, answers, 404 and 405
//	access.go     who may enter, the access log, panics
//	proxy.go      the URL by which clients know the service
//	resources.go  POST, GET, PUT, PATCH and DELETE of a resource
//	edits.go      a PATCH or PUT of long lists as single elements that come and go
//	search.go     queries by URL and .search, with pages by index and by cursor
//	bulk.go       /Bulk
//	me.go         /Me
//	discovery.go  /Schemas, /ResourceTypes, /ServiceProviderConfig
//	secret.go     passwords, which are stored as hashes
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// The limits of the service. What of them concerns clients is in /ServiceProviderConfig.
const (
	MaxBody       = 10 << 20         // bytes of a request
	MaxPage       = 200              // resources in an answer
	MaxOperations = 1000             // of a bulk request
	CursorTimeout = 10 * time.Minute // from one page to the next
	Room          = 12 << 20         // bytes of all bodies that are larger than small, at the same time
	Patience      = 25 * time.Second // how long a request may take before it is given up with 503
)

// small is a body, in bytes, that needs no room of its own.
const small = 64 << 10

// Config says what a service is made of.
type Config struct {
	// Store keeps the resources.
	Store store.Store
	// Types are the resource types to serve.
	Types []Type
	// Schemas are what /Schemas lists, besides those of the discovery documents.
	Schemas []*schema.Schema
	// Tokens are those that let a client in; without any everybody may enter.
	Tokens []Token
	// Prefixes are the paths that the service has, such as /scim/v2.
	Prefixes []string
	// ReverseProxy says that the headers Forwarded and X-Forwarded-* come from a proxy of our own and may be believed.
	ReverseProxy bool
	// Options say how strictly requests are read.
	Options []resource.Option
	// Sensitive names attributes that filters in a URL, which ends up in logs, may not use (RFC 7644 section 7.5.2).
	Sensitive []string
	// Rounds is how much work it is to hash a password; 0 means DefaultRounds.
	Rounds int
	// Log gets the access log, what was put right in requests, and the causes of failures.
	Log *slog.Logger
}

// Type is a resource type with its kind of resources.
type Type struct {
	*resource.ResourceType
	Kind *store.Kind
}

// Token lets a client in.
type Token struct {
	// Value is what the client sends.
	Value string
	// Me is the userName of the user that /Me stands for, or "".
	Me string
}

// Service is the handler.
type Service struct {
	Config
	mux     *http.ServeMux
	tokens  []digest
	types   []*resource.ResourceType
	cursors *resource.Cursors
	room    *semaphore.Weighted // bytes of large bodies
}

// New makes a service. An error names what is wrong with the configuration, or comes from the store.
func New(ctx context.Context, c Config) (*Service, error) {
	s := &Service{Config: c, mux: http.NewServeMux(), tokens: digests(c.Tokens), room: semaphore.NewWeighted(Room)}
	if s.Rounds == 0 {
		s.Rounds = DefaultRounds
	}
	if len(s.Prefixes) == 0 {
		return nil, errors.New("the service needs a path: Config.Prefixes is empty")
	}
	if err := Verify(c.Types); err != nil {
		return nil, err
	}
	for _, t := range c.Types {
		s.types = append(s.types, t.ResourceType)
	}
	key, err := c.Store.Secret(ctx)
	if err != nil {
		return nil, err
	}
	if s.cursors, err = resource.NewCursors(CursorTimeout, key); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

// reserved are the endpoints that the protocol has itself.
var reserved = []string{"/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Bulk", "/Me", "/.search"}

var wellFormed = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$`)

// Verify refuses resource types that cannot have routes side by side: names and endpoints are unique (RFC 7643 section 6). It also
// refuses secrets in lists. A secret is compared with the hash that is stored in its place, and an element has no place that it keeps.
func Verify(types []Type) error {
	for i, t := range types {
		if !wellFormed.MatchString(t.Endpoint) {
			return fmt.Errorf("resource type %s: the endpoint %q is no path such as /Users", t.Name, t.Endpoint)
		}
		if slices.ContainsFunc(reserved, func(path string) bool { return overlap(t.Endpoint, path) }) {
			return fmt.Errorf("resource type %s: the endpoint %s belongs to the protocol", t.Name, t.Endpoint)
		}
		if _, several := secretsOf(t.Kind.Type); len(several) > 0 {
			return fmt.Errorf("resource type %s: %s: secrets in lists cannot be stored as hashes, and this service stores none in clear text",
				t.Name, strings.Join(several, ", "))
		}
		for _, other := range types[:i] {
			if other.Name == t.Name {
				return fmt.Errorf("two resource types have the name %s", t.Name)
			}
			if overlap(t.Endpoint, other.Endpoint) {
				return fmt.Errorf("the resource types %s and %s cannot have the endpoints %s and %s side by side", other.Name, t.Name, other.Endpoint, t.Endpoint)
			}
		}
	}
	return nil
}

// overlap says whether one path is the other, or below it.
func overlap(a, b string) bool {
	return strings.HasPrefix(a+"/", b+"/") || strings.HasPrefix(b+"/", a+"/")
}

func (s *Service) routes() {
	kinds := make([]*store.Kind, len(s.Types))
	for i, t := range s.Types {
		kinds[i] = t.Kind
		secrets, _ := secretsOf(t.Kind.Type)
		c := collection{Service: s, kind: t.Kind, secrets: secrets}
		path := t.Endpoint
		s.resource("POST", path, resource.CreationResponse, selected, c.create)
		s.resource("GET", path+"/{id}", resource.QueryResponse, selected, c.read)
		s.resource("PUT", path+"/{id}", resource.ReplaceResponse, selected, c.replace)
		s.resource("PATCH", path+"/{id}", resource.PatchResponse, selected, c.patch)
		s.resource("DELETE", path+"/{id}", resource.QueryResponse, nil, c.delete)

		l := listing{Service: s, endpoint: path, kinds: []*store.Kind{t.Kind}}
		s.route("GET", path, resource.QueryResponse, s.queried, l.search)
		s.route("POST", path+"/.search", resource.QueryResponse, s.searched, l.search)
		if t.Name == "User" {
			s.me(c)
		}
	}
	all := listing{Service: s, endpoint: "/", kinds: kinds}
	s.route("GET", "/{$}", resource.QueryResponse, s.queried, all.search)
	s.route("POST", "/.search", resource.QueryResponse, s.searched, all.search)
	s.route("POST", "/Bulk", resource.QueryResponse, nil, s.bulk)
	s.route("", "/Me", resource.QueryResponse, nil, absent)
	s.discovery()
}
