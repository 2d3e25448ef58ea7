package service

import (
	"errors"
	"reflect"

	"github.com/scimmodels/scim/examples/internal/password"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// DefaultRounds is how much work a password takes to hash.
const DefaultRounds = password.Rounds

// secretsOf finds the attributes that are stored as hashes (RFC 7643 section 9.2): strings that a client can set and never see. Those of
// which a resource has several values, or several elements with one, are listed apart: see Verify.
func secretsOf(t reflect.Type) (one, several []string) {
	add := func(path string, multiValued bool) {
		if multiValued {
			several = append(several, path)
		} else {
			one = append(one, path)
		}
	}
	for i, s := range schema.AllOf(t) {
		prefix := ""
		if i > 0 { // the core schema is the first one
			prefix = s.ID + ":"
		}
		for _, a := range s.Attributes {
			if a.Mutability == schema.ReadOnly {
				continue
			}
			if a.Type == schema.TypeString && unseen(a) {
				add(prefix+a.Name, a.MultiValued)
			}
			for _, part := range a.SubAttributes { // what is never seen has no part that is
				if part.Type == schema.TypeString && part.Mutability != schema.ReadOnly && (unseen(a) || unseen(part)) {
					add(prefix+a.Name+"."+part.Name, a.MultiValued || part.MultiValued)
				}
			}
		}
	}
	return one, several
}

func unseen(a schema.Attribute) bool {
	return a.Returned == schema.ReturnedNever || a.Mutability == schema.WriteOnly
}

// hashes are what has been hashed for a request.
type hashes map[unhashed]string

// unhashed is the error for a secret that has to be hashed first: where it stands, what is stored and what the client has sent.
type unhashed struct{ path, stored, sent string }

// Error implements error. It names no secret.
func (unhashed) Error() string { return "a secret is not hashed yet" }

// conceal replaces the secrets that a client has set in v by their hashes. One that is the same as in current stays as it is
// stored. known has hashes already made; where it lacks one the error is unhashed. A nil known makes them at once.
func (c collection) conceal(current, v any, known hashes) error {
	for _, path := range c.secrets {
		sent, err := secret(v, path)
		if err != nil {
			return err
		}
		if sent == "" {
			continue
		}
		stored := ""
		if current != nil {
			if stored, err = secret(current, path); err != nil {
				return err
			}
		}
		if sent == stored { // carried over
			continue
		}
		need := unhashed{path, stored, sent}
		hashed, ok := known[need]
		switch {
		case ok:
		case known != nil:
			return need
		default:
			if hashed, err = password.Hash(sent, c.Rounds); err != nil {
				return err
			}
		}
		if err := resource.Set(v, path, hashed); err != nil {
			return err
		}
	}
	return nil
}

// learn makes the hash that was missing, if err is about one; then it is worth another attempt.
func (known hashes) learn(err error, rounds int) (again bool, _ error) {
	need, ok := errors.AsType[unhashed](err)
	if !ok {
		return false, err
	}
	if need.stored != "" && password.Matches(need.stored, need.sent) {
		known[need] = need.stored
		return true, nil
	}
	hashed, err := password.Hash(need.sent, rounds)
	known[need] = hashed
	return err == nil, err
}

func secret(v any, path string) (string, error) {
	got, err := resource.Get(v, path)
	if err != nil || got == nil {
		return "", err
	}
	return reflect.ValueOf(got).String(), nil // a Secret prints nothing
}
