package resource_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// Squad cannot do without its lead and its colours, which only Squads have.
type Squad struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Squad" description:"Squad."`

	Lead string   `json:"lead" scim:"required" description:"Who leads it."`
	Tags []string `json:"tags,omitempty" description:"Words."`
}

const squadURN = "urn:acme:params:scim:schemas:core:2.0:Squad"

var bulkTypes = map[string]reflect.Type{
	"Users": reflect.TypeFor[Employee](), "Groups": reflect.TypeFor[resource.Group](), "Squads": reflect.TypeFor[Squad](),
}

// atExample says where the resources of bulk requests live.
var atExample = resource.Locate("https://example.com/v2", resource.ResourceTypeFor[Employee]("/Users"),
	resource.ResourceTypeFor[resource.Group]("/Groups"), resource.ResourceTypeFor[Squad]("/Squads"))

// directory is a service with its resources in memory, by paths such as /Users/1. Its ids count up.
type directory struct {
	stored map[string]any
	made   int
	calls  []string                               // what was done: "POST /Users"
	data   []string                               // and with which data
	before func(op *resource.BulkOperation) error // may refuse an operation
}

func newDirectory() *directory { return &directory{stored: map[string]any{}} }

// do is what a handler does with a request.
func (d *directory) do(ctx context.Context, op *resource.BulkOperation) (any, error) {
	d.calls = append(d.calls, op.Method+" "+op.Path)
	d.data = append(d.data, string(op.Data))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if d.before != nil {
		if err := d.before(op); err != nil {
			return nil, err
		}
	}
	path, err := url.PathUnescape(op.Path)
	if err != nil {
		return nil, scimerrors.Status(http.StatusNotFound, "no such path")
	}
	endpoint, _, single := strings.Cut(path[1:], "/")
	t, ok := bulkTypes[endpoint]
	if !ok {
		return nil, scimerrors.Status(http.StatusNotFound, "no endpoint %s", path)
	}
	if !single {
		v, err := resource.ValidateAs(t, resource.CreationRequest, op.Data)
		if err != nil {
			return nil, err
		}
		d.made++
		resource.Common(v).ID = strconv.Itoa(d.made)
		return d.keep(endpoint, v)
	}
	current, ok := d.stored[path]
	switch {
	case !ok:
		return nil, scimerrors.Status(http.StatusNotFound, "no resource %s", path)
	case op.Version != "" && !etag.Match(op.Version, resource.Common(current).Meta.Version):
		return nil, scimerrors.Status(http.StatusPreconditionFailed, "the resource has been changed")
	case op.Method == http.MethodDelete:
		delete(d.stored, path)
		return current, nil
	case op.Method == http.MethodPut:
		v, err := resource.ValidateAs(t, resource.ReplaceRequest, op.Data, resource.Replacing(current))
		if err != nil {
			return nil, err
		}
		return d.keep(endpoint, v)
	default:
		v, err := resource.ValidateAs(t, resource.PatchRequest, op.Data)
		if err != nil {
			return nil, err
		}
		if v, err = patch.ApplyTo(current, v.(*resource.PatchOp[any])); err != nil { //nolint:errcheck // in PatchRequest it is one
			return nil, err
		}
		return d.keep(endpoint, v)
	}
}

func (d *directory) keep(endpoint string, v any) (any, error) {
	c := resource.Common(v)
	if u, ok := v.(*Employee); ok {
		for path, other := range d.stored {
			if o, ok := other.(*Employee); ok && o.UserName == u.UserName && path != "/Users/"+u.ID {
				return nil, scimerrors.New(scimerrors.Uniqueness, "userName is taken")
			}
		}
	}
	c.Meta.Version = etag.Of(v)
	d.stored["/"+endpoint+"/"+c.ID] = v
	return v, nil
}

func (d *directory) paths() []string { return slices.Sorted(maps.Keys(d.stored)) }

// has checks a stored resource, or that there is none.
func (d *directory) has(t *testing.T, path, want string) {
	t.Helper()
	v, ok := d.stored[path]
	if want == "" {
		assert.False(t, ok, "%s should not be there", path)
		return
	}
	require.True(t, ok, "%s is not there, but %v", path, d.paths())
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	partOf(t, urns.Replace(want), string(text))
}

func bulkBody(ops ...string) []byte {
	return []byte(urns.Replace(`{"schemas":["<BULK>"],"Operations":[` + strings.Join(ops, ",\n") + `]}`))
}

// postUser and the others are operations of bulk requests.
func postUser(bulkID, userName string) string {
	return `{"method":"POST","path":"/Users","bulkId":"` + bulkID + `","data":{"schemas":["<U>"],"userName":"` + userName + `"}}`
}

func postEmployee(bulkID, userName, manager string) string {
	return `{"method":"POST","path":"/Users","bulkId":"` + bulkID + `","data":{"schemas":["<U>","<E>"],"userName":"` + userName + `","<E>":{"manager":{"value":"` + manager + `"}}}}`
}

func postGroup(bulkID, name string, members ...string) string {
	list := make([]string, len(members))
	for i, m := range members {
		list[i] = `{"value":"` + m + `"}`
	}
	return `{"method":"POST","path":"/Groups","bulkId":"` + bulkID + `","data":{"schemas":["<G>"],"displayName":"` + name + `","members":[` + strings.Join(list, ",") + `]}}`
}

func postSquad(bulkID, lead string) string {
	return `{"method":"POST","path":"/Squads","bulkId":"` + bulkID + `","data":{"schemas":["` + squadURN + `"],"lead":"` + lead + `"}}`
}

func patchWith(path, ops string) string {
	return `{"method":"PATCH","path":"` + path + `","data":{"schemas":["` + resource.PatchOpSchema + `"],"Operations":[` + ops + `]}}`
}

// runBulk reads a request and carries it out. The answer is also as the client sees it.
func runBulk(t *testing.T, body []byte, do func(context.Context, *resource.BulkOperation) (any, error)) (*resource.BulkResponse, string) {
	t.Helper()
	r, err := resource.ParseBulk(body, resource.BulkConfig{})
	require.NoError(t, err)
	answer := resource.RunBulk(t.Context(), r, do, atExample)
	text, err := resource.Marshal(resource.QueryResponse, answer)
	require.NoError(t, err)
	again, err := resource.Validate[resource.BulkResponse](resource.QueryResponse, text, resource.Strict(), resource.RejectUnknown())
	require.NoError(t, err, "%s", text)
	same(t, answer, again)
	return answer, string(text)
}

// outcome is the statuses of an answer, by what was done: "a 201, PUT 412".
func outcome(answer *resource.BulkResponse) string {
	list := make([]string, len(answer.Operations))
	for i, op := range answer.Operations {
		list[i] = op.Method + " " + op.Status
		if op.BulkID != "" {
			list[i] = op.BulkID + " " + op.Status
		}
	}
	return strings.Join(list, ", ")
}
