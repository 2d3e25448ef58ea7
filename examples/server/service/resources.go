package service

import (
	"context"

	"github.com/scimmodels/scim/etag"
	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
)

// collection serves the resources of one kind.
type collection struct {
	*Service
	kind    *store.Kind
	secrets []string // paths of attributes that are stored as hashes
}

func (c collection) create(ctx context.Context, r request) (any, error) {
	v, err := resource.ValidateAs(c.kind.Type, resource.CreationRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	if err := c.conceal(nil, v, nil); err != nil {
		return nil, err
	}
	return c.Store.Create(ctx, c.kind, v, c.shows(resource.CreationResponse, r))
}

func (c collection) read(ctx context.Context, r request) (any, error) {
	v, err := c.Store.Get(ctx, c.kind, r.PathValue("id"), c.shows(resource.QueryResponse, r))
	if err != nil {
		return nil, err
	}
	return v, check(r, v)
}

func (c collection) replace(ctx context.Context, r request) (any, error) {
	return c.update(ctx, r, resource.ReplaceResponse, true, func(current any) (any, []store.Edit, error) {
		next, err := resource.ValidateAs(c.kind.Type, resource.ReplaceRequest, r.body, r.with(resource.Replacing(current))...)
		if err != nil {
			return nil, nil, err
		}
		edits, err := difference(c.kind, current, next)
		return next, edits, err
	})
}

// patch reads lists such as members only where what it is to do depends on them. It answers 204 rather than with a list that
// nobody has asked for (RFC 7644 section 3.5.2).
func (c collection) patch(ctx context.Context, r request) (any, error) {
	v, err := resource.ValidateAs(c.kind.Type, resource.PatchRequest, r.body, r.options...)
	if err != nil {
		return nil, err
	}
	op := v.(*resource.PatchOp[any]) //nolint:errcheck,forcetypeassert // that is what PatchRequest yields
	rest, told, ok, err := split(c.kind, op)
	if err != nil {
		return nil, err
	}
	if !ok {
		rest = op
	}
	changed, err := c.update(ctx, r, resource.PatchResponse, !ok, func(current any) (any, []store.Edit, error) {
		next, err := patch.ApplyTo(current, rest, r.options...)
		if err != nil || ok {
			return next, told, err
		}
		edits, err := difference(c.kind, current, next)
		return next, edits, err
	})
	if err != nil {
		return nil, err
	}
	silent := len(c.kind.Lists) > 0 && len(r.query.Attributes)+len(r.query.ExcludedAttributes) == 0
	return answer{of: changed, sent: op.Paths(), nothing: silent}, nil
}

func (c collection) delete(ctx context.Context, r request) (any, error) {
	return nil, c.Store.Delete(ctx, c.kind, r.PathValue("id"), func(current any) error { return check(r, current) })
}

// update changes the resource that the URL names. next makes the change of what is stored; lists says whether it needs the lists.
// Hashing a password takes long: it is done between two attempts, while nobody waits.
func (c collection) update(ctx context.Context, r request, answers resource.Context, lists bool,
	next func(current any) (any, []store.Edit, error),
) (any, error) {
	after := c.shows(answers, r)
	if answers == resource.PatchResponse && len(r.query.Attributes)+len(r.query.ExcludedAttributes) == 0 {
		after = false // it is not shown: see patch
	}
	known := hashes{}
	for {
		v, err := c.Store.Update(ctx, c.kind, r.PathValue("id"), lists, after, func(current any) (*store.Change, error) {
			if err := check(r, current); err != nil {
				return nil, err
			}
			v, edits, err := next(current)
			if err != nil {
				return nil, err
			}
			if v != current {
				err = c.conceal(current, v, known)
			}
			return &store.Change{Next: v, Edits: edits}, err
		})
		if again, err := known.learn(err, c.Rounds); !again {
			return v, err
		}
	}
}

// check evaluates If-Match and If-None-Match: 412, 304.
func check(r request, v any) error { return etag.Check(r.Request, resource.Common(v).Meta.Version) }

// shows says whether the answer has any of the lists, so that nobody reads a hundred thousand members to leave them out.
func (c collection) shows(answers resource.Context, r request) bool { return shows(c.kind, answers, r) }

func shows(k *store.Kind, answers resource.Context, r request) bool {
	for _, l := range k.Lists {
		if resource.ShowsAs(k.Type, answers, l.Path, r.with(r.query)...) {
			return true
		}
	}
	return false
}
