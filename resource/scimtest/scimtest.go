package scimtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Config says how to reach a service and what of the kit concerns it. The zero Config is a tolerant service at the root,
// without a token, that all providers use.
type Config struct {
	// Base is what comes before /Users in a path, such as "/scim/v2".
	Base string

	// Token is sent as a bearer token (RFC 6750) with every request. If it is empty there is none, and nothing is said about
	// how the service authenticates.
	Token string

	// Strict says that the service refuses what departs from the RFCs, as this library does with resource.Strict().
	// An exchange is then held against the statuses of a strict service, where it has some of its own.
	Strict bool

	// Providers are the identity providers to replay, by the names of the files in the directory corpus, such as "entra" and
	// "okta". Empty means all of them. The checks of the RFCs are run in any case.
	Providers []string

	// Skip names what the service leaves out on purpose, to be seen as skipped in the output of go test: exchanges by
	// their name ("entra-schemas"), checks by their ID ("7644-3.4.3-01", all with that ID). Each has to exist.
	Skip []string

	// Request, unless it is nil, is called with each request before it is sent: it may add what the service wants to see
	// beside the token, such as the header that names a tenant.
	Request func(r *http.Request)
}

// Run tests h, a SCIM service provider, in subtests of t: the rules of RFC 7643 and RFC 7644 in "rfc", and what identity
// providers send in a subtest for each of them. h has to be able to create, list and delete users; what else it does
// without it announces (RFC 7644 section 4), down to single attributes of User and Group, and what needs that is left out.
// A user is created from any attributes of User, userName at the least, so no extension of the service's own may be required.
// It need not be empty: what it holds is left alone.
//
// The requests come one after the other, and not through the network. No other test may use the service at the same time.
func Run(t *testing.T, h http.Handler, c Config) {
	t.Helper()
	run(tester{t}, h, c)
}

func run(t reporter, h http.Handler, c Config) {
	t.Helper()
	if h == nil {
		t.Fatalf("scimtest: the handler is nil")
	}
	c.Base = strings.TrimSuffix(c.Base, "/")
	providers, err := providers()
	if err == nil {
		err = c.verify(providers)
	}
	if err != nil {
		t.Fatalf("scimtest: %v", err)
	}
	s := open(t, h, c)

	var rules, exchanges tally
	t.Run("rfc", func(t reporter) {
		for _, k := range checks {
			if s.leaves(t, &rules, k.name(), k.wants()) {
				continue
			}
			t.Run(k.name(), func(t reporter) {
				s.test(t, &rules, section("rule", k.name()), []string{k.id, k.name()}, k.run)
			})
		}
	})
	for _, p := range providers {
		if len(c.Providers) > 0 && !slices.Contains(c.Providers, p.name) {
			continue
		}
		t.Run(p.name, func(t reporter) {
			for _, x := range p.exchanges {
				if s.leaves(t, &exchanges, x.Name, x.needs()) {
					continue
				}
				t.Run(x.Name, func(t reporter) {
					s.test(t, &exchanges, x.describe(), []string{x.Name}, func(c *client) { c.replay(x) })
				})
			}
		})
	}
	t.Logf("scimtest: %d exchanges replayed, %d left out; %d checks of the RFCs run, %d left out",
		exchanges.played, exchanges.skipped, rules.played, rules.skipped)
}

// verify refuses names that mean nothing: a test that leaves out another than it means to would never be noticed.
func (c *Config) verify(providers []provider) error {
	known, all := make([]string, 0, len(providers)), make([]string, 0, 2*len(checks))
	for _, p := range providers {
		known = append(known, p.name)
		for _, x := range p.exchanges {
			all = append(all, x.Name)
		}
	}
	for _, k := range checks {
		all = append(all, k.id, k.name())
	}
	if c.Base != "" && !strings.HasPrefix(c.Base, "/") {
		return fmt.Errorf("Config.Base is a path that begins with /, and not %q", c.Base)
	}
	for _, name := range c.Providers {
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no provider %q, the known ones are %s", name, strings.Join(known, ", "))
		}
	}
	for _, name := range c.Skip {
		if !slices.Contains(all, name) {
			return fmt.Errorf("Config.Skip: %q is neither an exchange nor the ID of a check", name)
		}
	}
	return nil
}

// tally counts tests: none is left out silently.
type tally struct{ played, skipped int }

// leaves says whether a test is not for this service, which does without something it needs.
func (s *service) leaves(t reporter, n *tally, name string, needs []string) bool {
	t.Helper()
	for _, feature := range needs {
		if reason := s.without[feature]; reason != "" {
			n.skipped++
			t.Logf("scimtest: %s is left out: it needs %s: %s", name, feature, reason)
			return true
		}
	}
	return false
}

// test plays one test, unless the caller does without it.
func (s *service) test(t reporter, n *tally, about string, names []string, play func(c *client)) {
	t.Helper()
	c := &client{service: s, t: t, about: about}
	defer func() {
		if c.skipped {
			n.skipped++
		} else {
			n.played++
		}
	}()
	for _, name := range names {
		if slices.Contains(s.config.Skip, name) {
			c.skip("%q is in Config.Skip", name)
		}
	}
	defer c.end()
	play(c)
}
