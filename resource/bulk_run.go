package resource

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

// RunBulk carries out the operations of a bulk request that [ParseBulk] has read, one after the other, and answers with their
// results in the order of the request (RFC 7644 sections 3.7.1 to 3.7.3), to be written in [QueryResponse]. do does one: it
// routes by Method and Path, which is escaped as in a URL, reads Data as a handler reads a body, takes Version for an
// If-Match (etag.Match), and returns the resource, nil where there is none to tell of, or an error. Status follows
// from method and error; location and version from meta and, where given, [Locate].
//
// A reference to a resource that the request creates, bulkId:name, has become that resource's id when do sees the operation: at
// the end of Path, and in Data where a string is nothing but a reference. An operation that creates what others refer to
// comes before them, otherwise they keep their order. One that refers to what is not created by the request fails.
//
// Where resources refer to each other in a circle, they are created without the references that lead nowhere yet, and
// then replaced (PUT) by what the client has sent. If that cannot be done, what has been created of the circle, as far as do has
// told its id, is deleted again; the operation that failed gets its own error, the others of the circle 409. For this do is
// called with operations that the client has not sent. A reference inside a longer string, such as that of a PATCH's
// path, is none (RFC 7644 section 3.7.2): do sees it as it was sent.
//
// After FailOnErrors errors, and when ctx is done, the rest is not carried out and left out of the answer.
func RunBulk(ctx context.Context, r *BulkRequest, do func(context.Context, *BulkOperation) (any, error), opts ...Option) *BulkResponse {
	s := opt.Collect(opts)
	b := &bulkRun{ctx: ctx, do: do, ops: r.Operations, most: r.FailOnErrors, locator: locator(&s)}
	if b.locator != nil {
		b.base = b.locator.Base()
	}
	b.refer()
	for _, group := range inOrder(b.refs) {
		if b.stopped() {
			break
		}
		if i := group[0]; len(group) > 1 || slices.Contains(b.refs[i], i) {
			b.circle(group)
		} else {
			b.single(i)
		}
	}
	answer := &BulkResponse{Operations: make([]BulkOperation, 0, len(b.ops))}
	for i := range b.states {
		if b.states[i].done {
			answer.Operations = append(answer.Operations, b.states[i].result)
		}
	}
	return answer
}

// bulkRun is a bulk request under way.
type bulkRun struct {
	ctx     context.Context //nolint:containedctx // of one call
	do      func(context.Context, *BulkOperation) (any, error)
	ops     []BulkOperation
	names   map[string]int // the operations that create resources, by bulkId
	refs    [][]int        // of each operation, those that create what it refers to
	states  []bulkState
	errors  int
	most    int // errors; 0: any number
	locator *codec.Locator
	base    string
}

// bulkState is how far an operation has come.
type bulkState struct {
	astray *errors.Error // it refers to what no operation creates
	done   bool
	id     string // of the resource it has created
	result BulkOperation
}

func (b *bulkRun) stopped() bool {
	return b.ctx.Err() != nil || b.most > 0 && b.errors >= b.most
}

// single carries out an operation that is part of no circle. What it refers to has been done.
func (b *bulkRun) single(i int) {
	if op := &b.ops[i]; op.Status != "" { // ParseBulk has refused it
		b.failed(i, BulkOperation{Status: op.Status, Response: op.Response})
		return
	}
	if err := b.unmet(i); err != nil {
		b.fault(i, err)
		return
	}
	op := b.resolved(i)
	v, err := b.do(b.ctx, &op)
	if err != nil {
		b.fault(i, err)
		return
	}
	b.succeeded(i, v)
}

// unmet says why an operation cannot be carried out: what it refers to is not there and will not be.
func (b *bulkRun) unmet(i int) error {
	if err := b.states[i].astray; err != nil {
		return err
	}
	for _, k := range b.refs[i] {
		if st := &b.states[k]; st.done && st.id == "" {
			return errors.New(errors.InvalidValue, "refers to bulkId:%s, which could not be created", shorten(b.ops[k].BulkID))
		}
	}
	return nil
}

// fault gives an operation the result of an error.
func (b *bulkRun) fault(i int, err error) {
	var result BulkOperation
	fail(&result, err)
	b.failed(i, result)
}

func (b *bulkRun) failed(i int, result BulkOperation) {
	st, op := &b.states[i], &b.ops[i]
	result.Method, result.BulkID = op.Method, op.BulkID
	if op.Method != http.MethodPost && op.Path != "" { // RFC 7644 section 3.7.3: a POST that failed has no location
		result.Location = b.base + b.resolvedPath(op)
	}
	st.result, st.id, st.done = result, "", true
	b.errors++
}

func (b *bulkRun) succeeded(i int, v any) {
	st, op := &b.states[i], &b.ops[i]
	made := b.describe(v)
	st.result = BulkOperation{Method: op.Method, BulkID: op.BulkID, Version: made.version, Location: made.location}
	status := http.StatusOK
	switch {
	case op.Method == http.MethodPost:
		status, st.id = http.StatusCreated, made.id
	case op.Method == http.MethodDelete:
		status, st.result.Version = http.StatusNoContent, ""
	case !made.known:
		status = http.StatusNoContent
	}
	st.result.Status = strconv.Itoa(status)
	if made.location == "" && (op.Method != http.MethodPost || st.id != "") {
		st.result.Location = b.base + b.resourcePath(i)
	}
	st.done = true
}

// resourcePath is the path of the resource that an operation has created or is about.
func (b *bulkRun) resourcePath(i int) string {
	op := &b.ops[i]
	if op.Method == http.MethodPost {
		return op.Path + "/" + url.PathEscape(b.states[i].id)
	}
	return b.resolvedPath(op)
}

// described is what a resource says of itself.
type described struct {
	known                 bool // it is a resource
	id, version, location string
}

func (b *bulkRun) describe(v any) (d described) {
	f := reflect.ValueOf(v)
	for f.Kind() == reflect.Pointer || f.Kind() == reflect.Interface {
		f = f.Elem()
	}
	if f.Kind() != reflect.Struct {
		return d
	}
	p, err := attr.Compile(f.Type())
	if err != nil || p.Kind != attr.Resource {
		return d
	}
	d.known, d.location = true, b.locator.Location(p, f)
	if p.ID != nil {
		d.id = p.ID.Of(f).String()
	}
	if a := p.Version; a != nil {
		d.version = a.Of(p.Meta.Of(f)).String()
	}
	return d
}
