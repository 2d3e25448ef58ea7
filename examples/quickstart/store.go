package main

import (
	"cmp"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/resource"
)

// account is a user as the application keeps it: columns for what it works with, and one document for everything else,
// so that an identity provider finds again whatever it sent.
type account struct {
	ID           string
	ExternalID   string // the provider's key
	Login        string // unique without regard to case
	PasswordHash string
	Name         string // as other people see it
	Disabled     bool
	Profile      []byte // SCIM attributes without a column, JSON
	Created      time.Time
	Updated      time.Time

	Teams []membership // joined in by the store
}

type membership struct {
	ID, Name string
	Indirect bool // through another team
}

// team is a group as the application keeps it.
type team struct {
	ID         string
	ExternalID string
	Name       string
	Members    []member
	Created    time.Time
	Updated    time.Time
}

type member struct {
	ID         string
	Kind, Name string // joined in by the store
}

func fromUser(u *User) (a account, err error) {
	a.ExternalID, a.Login, a.Disabled = u.ExternalID, u.UserName, !resource.Or(u.Active, true)
	a.Name = cmp.Or(u.DisplayName, u.Name.Formatted, u.UserName)
	if u.Password != "" {
		if a.PasswordHash, err = hash(u.Password); err != nil {
			return a, err
		}
	}
	rest := *u // without what has a column, above all the password
	rest.Resource, rest.UserName, rest.Password, rest.Active = resource.Resource{}, "", "", nil
	a.Profile, err = resource.Marshal(resource.Storage, &rest)
	return a, err
}

func toUser(a account) (*User, error) {
	u, err := resource.Validate[User](resource.Storage, a.Profile)
	if err != nil { // not the client's fault
		return nil, scimerrors.Status(http.StatusInternalServerError, "the user cannot be read from the store: %w", err)
	}
	u.ID, u.ExternalID, u.UserName, u.Active = a.ID, a.ExternalID, a.Login, new(!a.Disabled)
	u.Meta = resource.Meta{Created: a.Created, LastModified: a.Updated}
	for _, t := range a.Teams {
		kind := "direct"
		if t.Indirect {
			kind = "indirect"
		}
		u.Groups = append(u.Groups, resource.GroupMembership{Value: t.ID, Display: t.Name, Type: kind})
	}
	return u, nil
}

func fromGroup(g *resource.Group) (team, error) {
	t := team{ExternalID: g.ExternalID, Name: g.DisplayName}
	for _, m := range g.Members {
		t.Members = append(t.Members, member{ID: m.Value})
	}
	return t, nil
}

func toGroup(t team) (*resource.Group, error) {
	g := &resource.Group{DisplayName: t.Name}
	g.ID, g.ExternalID = t.ID, t.ExternalID
	g.Meta = resource.Meta{Created: t.Created, LastModified: t.Updated}
	for _, m := range t.Members {
		g.Members = append(g.Members, resource.Member{Value: m.ID, Type: m.Kind, Display: m.Name})
	}
	return g, nil
}

// hash is all that is kept of a password (RFC 7643 section 9.2).
func hash(password resource.Secret) (string, error) {
	const rounds = 210_000
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	key, err := pbkdf2.Key(sha512.New, string(password), salt, rounds, sha512.Size)
	return fmt.Sprintf("pbkdf2-sha512$%d$%x$%x", rounds, salt, key), err
}

var errNotFound = scimerrors.Status(http.StatusNotFound, "there is no such resource")

// store keeps accounts and teams in memory. What it hands out is shared and not to be changed.
type store struct {
	mu       sync.RWMutex
	accounts table[account]
	teams    table[team]
	logins   map[string]bool     // taken, in lower case
	teamsOf  map[string][]string // by member
}

func newStore() *store {
	return &store{
		accounts: table[account]{rows: map[string]account{}},
		teams:    table[team]{rows: map[string]team{}},
		logins:   map[string]bool{},
		teamsOf:  map[string][]string{},
	}
}

// table has rows in the order of their creation.
type table[R any] struct {
	rows map[string]R
	ids  []string
}

func (t *table[R]) insert(id string, row R) {
	t.rows[id] = row
	t.ids = append(t.ids, id)
}

func (t *table[R]) remove(id string) {
	delete(t.rows, id)
	t.ids = without(t.ids, id)
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(ids, func(other string) bool { return other == id })
}

func (t *table[R]) page(offset, limit int) []string {
	from := min(offset, len(t.ids))
	return t.ids[from : from+min(limit, len(t.ids)-from)]
}

// accounts are the rows behind /Users.
type accounts struct{ *store }

func (s accounts) add(a account) (account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	login := strings.ToLower(a.Login)
	if s.logins[login] {
		return a, &scimerrors.Error{Type: scimerrors.Uniqueness, Path: "userName", Detail: "is taken by another user"}
	}
	a.ID, a.Created = rand.Text(), time.Now()
	a.Updated = a.Created
	s.accounts.insert(a.ID, a)
	s.logins[login] = true
	return a, nil
}

func (s accounts) get(id string) (account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.join(id)
}

func (s accounts) page(offset, limit int) (rows []account, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, id := range s.accounts.page(offset, limit) {
		a, _ := s.join(id)
		rows = append(rows, a)
	}
	return rows, len(s.accounts.ids)
}

func (s accounts) remove(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts.rows[id]
	if !ok {
		return errNotFound
	}
	s.accounts.remove(id)
	delete(s.logins, strings.ToLower(a.Login))
	s.leaveAll(id)
	return nil
}

// join adds the teams an account is in, the nearest first.
func (s accounts) join(id string) (account, error) {
	a, ok := s.accounts.rows[id]
	if !ok {
		return a, errNotFound
	}
	within := []string{id}
	for i := 0; i < len(within); i++ {
		for _, t := range s.teamsOf[within[i]] {
			if !slices.Contains(within, t) {
				within = append(within, t)
				a.Teams = append(a.Teams, membership{ID: t, Name: s.teams.rows[t].Name, Indirect: i > 0})
			}
		}
	}
	return a, nil
}

// teams are the rows behind /Groups.
type teams struct{ *store }

func (s teams) add(t team) (team, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var faults scimerrors.List
	var members []member // each once
	seen := map[string]bool{}
	for i, m := range t.Members {
		if m = s.describe(m.ID); m.Kind == "" {
			faults = append(faults, &scimerrors.Error{
				Type: scimerrors.InvalidValue, Path: fmt.Sprintf("members[%d].value", i), Detail: "names no user or group of this service",
			})
		}
		if !seen[m.ID] {
			seen[m.ID] = true
			members = append(members, m)
		}
	}
	if err := faults.Err(); err != nil {
		return t, err
	}
	t.ID, t.Members, t.Created = rand.Text(), members, time.Now()
	t.Updated = t.Created
	s.teams.insert(t.ID, t)
	for _, m := range members {
		s.teamsOf[m.ID] = append(s.teamsOf[m.ID], t.ID)
	}
	return t, nil
}

func (s teams) get(id string) (team, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.join(id)
}

func (s teams) page(offset, limit int) (rows []team, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, id := range s.teams.page(offset, limit) {
		t, _ := s.join(id)
		rows = append(rows, t)
	}
	return rows, len(s.teams.ids)
}

func (s teams) remove(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.teams.rows[id]
	if !ok {
		return errNotFound
	}
	s.teams.remove(id)
	for _, m := range t.Members {
		s.teamsOf[m.ID] = without(s.teamsOf[m.ID], id)
	}
	s.leaveAll(id)
	return nil
}

// join adds the names of the members.
func (s teams) join(id string) (team, error) {
	t, ok := s.teams.rows[id]
	if !ok {
		return t, errNotFound
	}
	members := make([]member, len(t.Members))
	for i, m := range t.Members {
		members[i] = s.describe(m.ID)
	}
	t.Members = members
	return t, nil
}

// describe says who or what a member is; one that does not exist has no kind.
func (s *store) describe(id string) member {
	if a, ok := s.accounts.rows[id]; ok {
		return member{ID: id, Kind: "User", Name: a.Name}
	}
	if t, ok := s.teams.rows[id]; ok {
		return member{ID: id, Kind: "Group", Name: t.Name}
	}
	return member{ID: id}
}

// leaveAll takes a member that is gone out of its teams.
func (s *store) leaveAll(id string) {
	for _, in := range s.teamsOf[id] {
		t := s.teams.rows[in]
		t.Members = slices.DeleteFunc(slices.Clone(t.Members), func(m member) bool { return m.ID == id })
		t.Updated = time.Now()
		s.teams.rows[in] = t
	}
	delete(s.teamsOf, id)
}
