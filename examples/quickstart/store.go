package main

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/resource"
)

// account is a user as the application keeps it: columns for what it works with, and one document for everything else,
// so that an identity provider finds again whatever it sent.
type account struct {
	ID           string
	ExternalID   string // the provider's key
	Login        string // unique without regard to case
	PasswordHash string // empty: none
	Name         string // as other people see it
	Disabled     bool
	Profile      []byte // SCIM attributes without a column, JSON
	Version      int    // counts changes
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
	Version    int
	Created    time.Time
	Updated    time.Time
}

type member struct {
	ID         string
	Kind, Name string // joined in by the store
}

// unchanged stands for the password of a user read from the store, which nobody knows. A PUT without a password carries it over.
var unchanged = resource.Secret(rand.Text())

func (s accounts) from(u *User, a account) (_ account, err error) {
	a.ExternalID, a.Login, a.Disabled = u.ExternalID, u.UserName, !resource.Or(u.Active, true)
	a.Name = cmp.Or(u.DisplayName, u.Name.Formatted, u.UserName)
	switch u.Password {
	case unchanged:
	case "":
		a.PasswordHash = ""
	default:
		if a.PasswordHash, err = password.Hash(string(u.Password), s.rounds); err != nil {
			return a, err
		}
	}
	rest := *u // without what has a column, above all the password, and what is joined in
	rest.Resource, rest.UserName, rest.Password, rest.Active, rest.Groups = resource.Resource{}, "", "", nil, nil
	if e := rest.Enterprise; e != nil && e.Manager.Value != "" {
		rest.Enterprise = new(*e)
		rest.Enterprise.Manager.Ref = "" // is made from the value, as the $ref of members and groups
	}
	a.Profile, err = resource.Marshal(resource.Storage, &rest)
	return a, err
}

func (accounts) to(a account) (*User, error) {
	u, err := resource.Validate[User](resource.Storage, a.Profile)
	if err != nil { // not the client's fault
		return nil, scimerrors.Status(http.StatusInternalServerError, "the user cannot be read from the store: %w", err)
	}
	u.ID, u.ExternalID, u.UserName, u.Active = a.ID, a.ExternalID, a.Login, new(!a.Disabled)
	if a.PasswordHash != "" {
		u.Password = unchanged
	}
	for _, t := range a.Teams {
		kind := "direct"
		if t.Indirect {
			kind = "indirect"
		}
		u.Groups = append(u.Groups, resource.GroupMembership{Value: t.ID, Display: t.Name, Type: kind})
	}
	u.Meta = resource.Meta{ResourceType: "User", Created: a.Created, LastModified: a.Updated}
	u.Meta.Version = etag.Of(u) // rather than a.Version: another team is another version, too
	return u, nil
}

func (teams) from(g *resource.Group, t team) (team, error) {
	t.ExternalID, t.Name, t.Members = g.ExternalID, g.DisplayName, nil
	for _, m := range g.Members {
		t.Members = append(t.Members, member{ID: m.Value})
	}
	return t, nil
}

func (teams) to(t team) (*resource.Group, error) {
	g := &resource.Group{DisplayName: t.Name}
	g.ID, g.ExternalID = t.ID, t.ExternalID
	for _, m := range t.Members {
		g.Members = append(g.Members, resource.Member{Value: m.ID, Type: m.Kind, Display: m.Name})
	}
	g.Meta = resource.Meta{ResourceType: "Group", Created: t.Created, LastModified: t.Updated}
	g.Meta.Version = etag.Of(g)
	return g, nil
}

var (
	errNotFound = scimerrors.Status(http.StatusNotFound, "there is no such resource")
	errChanged  = scimerrors.Status(http.StatusPreconditionFailed, "another request has changed the resource in the meantime")
	errTaken    = &scimerrors.Error{Type: scimerrors.Uniqueness, Path: "userName", Detail: "is taken by another user"}
)

// store keeps accounts and teams in memory. What it hands out is shared and not to be changed.
type store struct {
	rounds int // of hashing a password

	mu       sync.RWMutex
	accounts table[account]
	teams    table[team]
	logins   map[string]string   // ids by login in lower case
	teamsOf  map[string][]string // by member
}

func newStore() *store {
	return &store{
		rounds:   password.Rounds,
		accounts: table[account]{rows: map[string]account{}},
		teams:    table[team]{rows: map[string]team{}},
		logins:   map[string]string{},
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

// accounts are the rows behind /Users.
type accounts struct{ *store }

func (s accounts) add(a account) (account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	login := strings.ToLower(a.Login)
	if s.logins[login] != "" {
		return a, errTaken
	}
	a.ID, a.Created = rand.Text(), time.Now()
	a.Updated = a.Created
	s.accounts.insert(a.ID, a)
	s.logins[login] = a.ID
	return a, nil
}

func (s accounts) get(id string) (account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.join(id)
}

func (s accounts) all() []account {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := make([]account, len(s.accounts.ids))
	for i, id := range s.accounts.ids {
		rows[i], _ = s.join(id)
	}
	return rows
}

// update compares and sets: a has to have the version that is stored.
func (s accounts) update(a account) (account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.current(a)
	if err != nil {
		return a, err
	}
	a.Teams = old.Teams
	if reflect.DeepEqual(a, old) {
		return old, nil
	}
	login := strings.ToLower(a.Login)
	if id := s.logins[login]; id != "" && id != a.ID {
		return a, errTaken
	}
	delete(s.logins, strings.ToLower(old.Login))
	s.logins[login] = a.ID
	a.Version, a.Updated = old.Version+1, time.Now()
	s.accounts.rows[a.ID] = a
	return a, nil
}

func (s accounts) remove(a account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.current(a)
	if err != nil {
		return err
	}
	s.accounts.remove(a.ID)
	delete(s.logins, strings.ToLower(old.Login))
	s.leaveAll(a.ID)
	return nil
}

// current is the stored row, if nobody has changed it since a was read.
func (s accounts) current(a account) (account, error) {
	old, err := s.join(a.ID)
	if err == nil && old.Version != a.Version {
		err = errChanged
	}
	return old, err
}

// join adds the teams an account is in, the nearest first.
func (s accounts) join(id string) (account, error) {
	a, ok := s.accounts.rows[id]
	if !ok {
		return a, errNotFound
	}
	a.Teams = nil
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

func (s teams) add(t team) (_ team, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.Members, err = s.resolve(t.Members); err != nil {
		return t, err
	}
	t.ID, t.Created = rand.Text(), time.Now()
	t.Updated = t.Created
	s.teams.insert(t.ID, t)
	s.enrol(t.ID, nil, t.Members)
	return t, nil
}

func (s teams) get(id string) (team, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.join(id)
}

func (s teams) all() []team {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := make([]team, len(s.teams.ids))
	for i, id := range s.teams.ids {
		rows[i], _ = s.join(id)
	}
	return rows
}

// update compares and sets: t has to have the version that is stored.
func (s teams) update(t team) (team, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.current(t)
	if err != nil {
		return t, err
	}
	if t.Members, err = s.resolve(t.Members); err != nil || reflect.DeepEqual(t, old) {
		return t, err
	}
	t.Version, t.Updated = old.Version+1, time.Now()
	s.teams.rows[t.ID] = t
	s.enrol(t.ID, old.Members, t.Members)
	return s.join(t.ID) // it may be a member of itself
}

func (s teams) remove(t team) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.current(t)
	if err != nil {
		return err
	}
	s.teams.remove(t.ID)
	s.enrol(t.ID, old.Members, nil)
	s.leaveAll(t.ID)
	return nil
}

// current is the stored row, if nobody has changed it since t was read.
func (s teams) current(t team) (team, error) {
	old, err := s.join(t.ID)
	if err == nil && old.Version != t.Version {
		err = errChanged
	}
	return old, err
}

// join adds the names of the members.
func (s teams) join(id string) (team, error) {
	t, ok := s.teams.rows[id]
	if !ok {
		return t, errNotFound
	}
	members := t.Members
	t.Members = nil
	for _, m := range members {
		t.Members = append(t.Members, s.describe(m.ID))
	}
	return t, nil
}

// resolve finds out who the members are, each once. All have to exist.
func (s teams) resolve(sent []member) (members []member, err error) {
	var faults scimerrors.List
	seen := map[string]bool{}
	for i, m := range sent {
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
	return members, faults.Err()
}

// enrol takes note of who has joined and who has left a team.
func (s teams) enrol(id string, before, after []member) {
	left := map[string]bool{}
	for _, m := range before {
		left[m.ID] = true
	}
	for _, m := range after {
		if !left[m.ID] {
			s.teamsOf[m.ID] = append(s.teamsOf[m.ID], id)
		}
		delete(left, m.ID)
	}
	for m := range left {
		s.teamsOf[m] = without(s.teamsOf[m], id)
	}
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
		t.Version, t.Updated = t.Version+1, time.Now()
		s.teams.rows[in] = t
	}
	delete(s.teamsOf, id)
}
