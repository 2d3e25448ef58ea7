package service

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// DefaultRounds is how much work a password takes to hash, by the advice of OWASP for PBKDF2 with SHA-512.
const DefaultRounds = 210_000

// secretsOf finds the attributes that are stored as hashes (RFC 7643 section 9.2): those that a client can set and never see.
func secretsOf(t reflect.Type) []string {
	var paths []string
	for i, s := range schema.AllOf(t) {
		prefix := ""
		if i > 0 { // the core schema is the first one
			prefix = s.ID + ":"
		}
		for _, a := range s.Attributes {
			switch {
			case isSecret(a):
				paths = append(paths, prefix+a.Name)
			case !a.MultiValued:
				for _, part := range a.SubAttributes {
					if isSecret(part) {
						paths = append(paths, prefix+a.Name+"."+part.Name)
					}
				}
			}
		}
	}
	return paths
}

func isSecret(a schema.Attribute) bool {
	return a.Type == schema.TypeString && !a.MultiValued && a.Returned == schema.ReturnedNever && a.Mutability != schema.ReadOnly
}

// hashes are what has been hashed for a request, by what is stored and what the client has sent.
type hashes map[[2]string]string

// unhashed is the error for a secret that has to be hashed first.
type unhashed struct{ stored, sent string }

// Error implements error. It names no secret.
func (unhashed) Error() string { return "a secret is not hashed yet" }

// conceal replaces the secrets that a client has set in v by their hashes. One that is the same as in current stays as it is
// stored. known has hashes already made; where it lacks one the error is unhashed. A nil known makes them at once.
func (c collection) conceal(current, v any, known hashes) error {
	for _, path := range c.secrets {
		sent, err := secret(v, path)
		if err != nil || sent == "" {
			return err
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
		hashed, ok := known[[2]string{stored, sent}]
		switch {
		case ok:
		case known != nil:
			return unhashed{stored, sent}
		default:
			if hashed, err = hash(sent, c.Rounds); err != nil {
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
	key := [2]string{need.stored, need.sent}
	if matches(need.stored, need.sent) {
		known[key] = need.stored
		return true, nil
	}
	hashed, err := hash(need.sent, rounds)
	known[key] = hashed
	return err == nil, err
}

func secret(v any, path string) (string, error) {
	got, err := resource.Get(v, path)
	if err != nil || got == nil {
		return "", err
	}
	return reflect.ValueOf(got).String(), nil // a Secret prints nothing
}

const scheme = "pbkdf2-sha512"

// hash is a salted hash with all that is needed to compare a password with it.
func hash(secret string, rounds int) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	sum, err := pbkdf2.Key(sha512.New, secret, salt, rounds, 32)
	if err != nil {
		return "", fmt.Errorf("hashing: %w", err)
	}
	return fmt.Sprintf("$%s$%d$%s$%s", scheme, rounds, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// matches says whether a hash is that of a secret.
func matches(hashed, secret string) bool {
	parts := strings.Split(hashed, "$")
	if len(parts) != 5 || parts[1] != scheme {
		return false
	}
	rounds, err := strconv.Atoi(parts[2])
	if err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[3])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	sum, err := pbkdf2.Key(sha512.New, secret, salt, rounds, len(want))
	return err == nil && subtle.ConstantTimeCompare(sum, want) == 1
}
