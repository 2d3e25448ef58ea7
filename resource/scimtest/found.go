package scimtest

import (
	"net/http"
	"slices"
	"strings"
)

// found is what a query has found of the users that a check has made: their names without the prefix, in the order of the
// answer. What else the service holds is left out.
type found struct {
	reply // the last page
	names []string
}

// names asks for a list, page after page.
func (c *client) names(path string) found {
	c.t.Helper()
	var f found
	seen, been := 0, map[string]bool{}
	for page := path; page != ""; page = next(path, f.doc, seen) {
		f.reply = c.get(page).is(http.StatusOK)
		f.so(!been[page], "a cursor that leads on, and not back to a page already read")
		been[page] = true
		for _, r := range list(f.doc, "Resources") {
			seen++
			if name, ours := strings.CutPrefix(text(r, "userName"), prefix); ours {
				f.names = append(f.names, name)
			}
		}
	}
	return f
}

// are demands these names, in any order; inOrder, in this one.
func (f found) are(names ...string) {
	f.c.t.Helper()
	slices.Sort(f.names)
	slices.Sort(names)
	f.so(slices.Equal(f.names, names), "of the users of this test these are listed: %q, and not %q", names, f.names)
}

func (f found) inOrder(names ...string) {
	f.c.t.Helper()
	f.so(slices.Equal(f.names, names), "the users of this test are listed in the order %q, and not %q", names, f.names)
}

// finds demands that a filter selects these of the test's users.
func (c *client) finds(filter string, names ...string) {
	c.t.Helper()
	c.names("/Users?filter=" + escape(filter)).are(names...)
}

// fresh is what an endpoint has that was not there before.
func (c *client) fresh(endpoint string) (resources []reply) {
	c.t.Helper()
	paths, _, err := c.inventory(c.t.Context(), endpoint)
	if err != nil {
		c.t.Fatalf("%v", err)
	}
	for _, path := range paths {
		if !c.found[path] {
			resources = append(resources, c.get(path).is(http.StatusOK))
		}
	}
	return resources
}
