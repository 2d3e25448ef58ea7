package resource

import (
	"context"
	"net/http"
	"slices"

	"github.com/scimmodels/scim/errors"
)

// circle carries out POSTs that refer to each other, or one that refers to itself (RFC 7644 section 3.7.1): all of them or
// none. What was created refers to what was not, so it cannot stay.
func (b *bulkRun) circle(group []int) {
	slices.Sort(group) // as the client has ordered them
	if at, err := b.create(group); err != nil {
		b.undo(group, at, err)
	}
}

// create creates the resources of a circle, without the references that lead nowhere yet, and completes them when all are
// there. With an error comes the operation that failed.
func (b *bulkRun) create(group []int) (at int, err error) {
	for _, i := range group {
		if err := b.unmet(i); err != nil {
			return i, err
		}
	}
	type refusal struct {
		i, missing int
		err        error
	}
	var incomplete []int
	var refused []refusal
	for _, i := range group {
		missing := b.missing(i)
		switch err := b.post(i, missing); {
		case err == nil:
			if missing > 0 {
				incomplete = append(incomplete, i)
			}
		case missing > 0 && errors.From(err).Status == http.StatusBadRequest: // what is missing may be required: the others first
			refused = append(refused, refusal{i, missing, err})
		default:
			return i, err
		}
	}
	for _, r := range refused {
		missing := b.missing(r.i)
		if missing < r.missing {
			r.err = b.post(r.i, missing)
		}
		switch {
		case r.err != nil && missing > 0:
			return r.i, unresolved(r.err)
		case r.err != nil:
			return r.i, r.err
		case missing > 0:
			incomplete = append(incomplete, r.i)
		}
	}
	for _, i := range incomplete {
		if err := b.complete(i); err != nil {
			return i, unresolved(err)
		}
	}
	return 0, nil
}

// missing counts the references of an operation that lead nowhere yet.
func (b *bulkRun) missing(i int) (n int) {
	for _, k := range b.refs[i] {
		if b.states[k].id == "" {
			n++
		}
	}
	return n
}

// post creates one resource of a circle.
func (b *bulkRun) post(i, missing int) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	op := b.resolved(i)
	if missing > 0 {
		op.Data = b.without(op.Data)
	}
	v, err := b.do(b.ctx, &op)
	if err != nil {
		return err
	}
	if b.succeeded(i, v); b.states[i].id == "" {
		return errors.Status(http.StatusConflict, "the resource has no id that others could refer to")
	}
	return nil
}

// complete gives a resource of a circle the references that it was created without: it is replaced by what the client has sent.
func (b *bulkRun) complete(i int) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	op := b.resolved(i)
	op.Method, op.Path, op.BulkID, op.Version = http.MethodPut, b.resourcePath(i), "", ""
	v, err := b.do(b.ctx, &op)
	if err == nil {
		b.states[i].result.Version = b.describe(v).version
	}
	return err
}

// unresolved is the answer where a circle cannot be resolved (RFC 7644 section 3.7.1).
func unresolved(cause error) error {
	e := errors.From(cause)
	detail := e.Detail
	if e.Path != "" {
		detail = e.Path + ": " + detail
	}
	return errors.Status(http.StatusConflict, "the circular reference could not be resolved: %s", detail)
}

// undo deletes what has been created of a circle, and gives its operations their results. at is the one that failed.
func (b *bulkRun) undo(group []int, at int, err error) {
	ctx := context.WithoutCancel(b.ctx) // what is half done does not stay, even if the client has gone
	gone := make(map[int]bool, len(group))
	for _, i := range slices.Backward(group) { // what was created last may refer to the others
		if b.states[i].id == "" {
			continue
		}
		_, failed := b.do(ctx, &BulkOperation{Method: http.MethodDelete, Path: b.resourcePath(i)})
		gone[i] = failed == nil
	}
	result := func(i int, err error) {
		if deleted, created := gone[i]; created && !deleted {
			err = errors.Status(http.StatusConflict, "the circular reference could not be resolved, and %s could not be deleted again", b.resourcePath(i))
		}
		b.fault(i, err)
	}
	result(at, err)
	for _, i := range group {
		if _, created := gone[i]; i != at && (created || !b.stopped()) { // what was not carried out before the end has no result
			result(i, errors.Status(http.StatusConflict, "refers in a circle to bulkId:%s, which could not be created", shorten(b.ops[at].BulkID)))
		}
	}
}
