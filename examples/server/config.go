package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/server/service"
	"github.com/scimmodels/scim/resource"
)

// config is what the flags say.
type config struct {
	schemas, resourceTypes []string // files
	tokens                 []service.Token
	hostname, port, prefix string
	reverseProxy, strict   bool
	dump, load             string // files
	database               string
	sensitive              []string
	grace                  time.Duration // for requests under way at the end
}

// usage is an error in the arguments of the program, found when they are used.
type usage struct{ error }

// Unwrap gives the cause.
func (u usage) Unwrap() error { return u.error }

// parse reads the arguments. What is wrong with them is said on stderr by the flag package, or is in the error.
func parse(args []string, stderr io.Writer) (*config, error) {
	c := &config{grace: 30 * time.Second}
	f := flag.NewFlagSet("server", flag.ContinueOnError)
	f.SetOutput(stderr)
	several := func(list *[]string) func(string) error {
		return func(value string) error {
			*list = append(*list, value)
			return nil
		}
	}
	f.Func("schema", "JSON `file` with schemas, one, an array or a ListResponse, instead of those of User, Group and EnterpriseUser; repeatable", several(&c.schemas))
	f.Func("resource-type", "JSON `file` with resource types instead of User and Group; repeatable", several(&c.resourceTypes))
	var tokens, tokenFiles []string // to be checked later: the flag package would repeat a token that is refused
	f.Func("bearer-token", "`token` that lets a client in, or token:userName to say whom /Me stands for; repeatable. Other users of the machine may see it", several(&tokens))
	f.Func("bearer-token-file", "`file` with such tokens, one in a line; repeatable", several(&tokenFiles))
	f.StringVar(&c.hostname, "hostname", "127.0.0.1", "`name` or address to listen on")
	f.StringVar(&c.port, "port", "8080", "`number` of the port to listen on")
	f.StringVar(&c.prefix, "prefix", "/scim/v2", "`path` of the service; it has /v2, too")
	f.BoolVar(&c.reverseProxy, "reverse-proxy", false, "a proxy is in front, and its headers Forwarded and X-Forwarded-* say by what URL clients know the service")
	f.StringVar(&c.dump, "dump-resources", "", "`file` to write all resources to at the end")
	f.StringVar(&c.load, "load-resources", "", "`file` of --dump-resources to read at the beginning")
	f.StringVar(&c.database, "database", "sqlite:scim.db", "sqlite:`file`, postgres://user@host/name, or memory: for nothing that lasts")
	f.BoolVar(&c.strict, "strict", false, "refuse requests that depart from the RFCs instead of putting them right")
	f.Func("sensitive", "`attribute` that filters in a URL may not use, since URLs end up in logs; repeatable", several(&c.sensitive))
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	for _, token := range tokens {
		if err := c.token(token); err != nil {
			return nil, fmt.Errorf("--bearer-token: %w", err)
		}
	}
	for _, name := range tokenFiles {
		if err := c.tokenFile(name); err != nil {
			return nil, fmt.Errorf("--bearer-token-file: %w", err)
		}
	}
	for line := range strings.Lines(os.Getenv("SCIM_TOKEN")) {
		if line = strings.TrimSpace(line); line != "" {
			if err := c.token(line); err != nil {
				return nil, fmt.Errorf("SCIM_TOKEN: %w", err)
			}
		}
	}
	return c, c.verify(f.Args())
}

var wellFormed = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*$`)

func (c *config) verify(rest []string) error {
	n, err := strconv.ParseUint(c.port, 10, 16)
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is no flag; --help lists them", rest[0])
	case err != nil:
		return fmt.Errorf("--port %q is no number from 0 to 65535: %w", c.port, err)
	case !wellFormed.MatchString(strings.TrimSuffix(c.prefix, "/")):
		return fmt.Errorf("--prefix %q is no path such as /scim/v2", c.prefix)
	}
	c.port, c.prefix = strconv.FormatUint(n, 10), strings.TrimSuffix(c.prefix, "/")
	if err := verifyDatabase(c.database); err != nil {
		return fmt.Errorf("--database: %w", err)
	}
	return nil
}

// verifyDatabase looks at the address of a database. It may have a password, so nothing of it is repeated.
func verifyDatabase(address string) error {
	if address == inMemory {
		return nil
	}
	kind, source, err := sqldb.KindOf(address)
	if err != nil {
		return errors.New("is not memory:, sqlite: with the name of a file, or the URL of a PostgreSQL")
	}
	if kind.Name != sqldb.Postgres.Name {
		return nil
	}
	if _, err := pgconn.ParseConfig(source); err != nil {
		why := strings.Split(err.Error(), "`: ") // the URL comes first, and pgconn leaves in it what stands behind an @ in a password
		return fmt.Errorf("the URL cannot be used: %s", why[len(why)-1])
	}
	return nil
}

// wellFormedToken is what RFC 6750 section 2.1 allows.
var wellFormedToken = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// token takes a token, and behind a colon, which no token has, a userName.
func (c *config) token(value string) error {
	token, me, _ := strings.Cut(value, ":")
	if !wellFormedToken.MatchString(token) {
		return errors.New("a bearer token has letters, digits and - . _ ~ + / only, at its end also =, and behind a colon may stand a userName")
	}
	c.tokens = append(c.tokens, service.Token{Value: token, Me: me})
	return nil
}

func (c *config) tokenFile(name string) error {
	data, err := os.ReadFile(name) //nolint:gosec // whoever starts the program names its files
	if err != nil {
		return err
	}
	before := len(c.tokens)
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if err := c.token(line); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(c.tokens) == before { // or everybody could come in
		return fmt.Errorf("%s has no token", name)
	}
	return nil
}

// prefixes are the paths of the service: with the version of the protocol, without (RFC 7644 section 3.13: the newest), and /v2. The
// longest one that fits comes first.
func (c *config) prefixes() []string {
	all := []string{c.prefix, "/v2"}
	if !strings.HasSuffix(c.prefix, "/v2") {
		all = append([]string{c.prefix + "/v2"}, all...)
	}
	return slices.Compact(all)
}

func (c *config) options() []resource.Option {
	if c.strict {
		return []resource.Option{resource.Strict()}
	}
	return nil
}
