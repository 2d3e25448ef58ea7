// Package password is how the examples keep passwords: as salted hashes (RFC 7643 section 9.2), by PBKDF2 with SHA-512.
package password

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// Rounds is how much work a hash takes, as OWASP recommends it.
const Rounds = 210_000

const (
	scheme = "pbkdf2-sha512"
	length = 32 // bytes of a sum
)

// encoding is that of salt and sum.
var encoding = base64.RawStdEncoding

// derive takes the time.
var derive = func(password string, salt []byte, rounds int) ([]byte, error) {
	return pbkdf2.Key(sha512.New, password, salt, rounds, length)
}

// Hash is a salted hash with all that is needed to compare a password with it: $pbkdf2-sha512$rounds$salt$sum.
func Hash(password string, rounds int) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	sum, err := derive(password, salt, rounds)
	if err != nil {
		return "", fmt.Errorf("hashing: %w", err)
	}
	return fmt.Sprintf("$%s$%d$%s$%s", scheme, rounds, encoding.EncodeToString(salt), encoding.EncodeToString(sum)), nil
}

// Matches says whether a hash is that of a password. What is no hash, such as "" of somebody who has no password, matches none, and takes as
// long as a hash of Rounds: the time does not tell who has one.
func Matches(hash, password string) bool {
	rounds, salt, want, ok := parse(hash)
	if !ok {
		rounds, salt, want = Rounds, make([]byte, 16), make([]byte, length)
	}
	sum, err := derive(password, salt, rounds)
	return err == nil && subtle.ConstantTimeCompare(sum, want) == 1 && ok
}

// parse reads what Hash has written.
func parse(hash string) (rounds int, salt, sum []byte, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 5 || parts[0] != "" || parts[1] != scheme {
		return 0, nil, nil, false
	}
	rounds, err := strconv.Atoi(parts[2])
	if err != nil || rounds < 1 {
		return 0, nil, nil, false
	}
	if salt, err = encoding.DecodeString(parts[3]); err != nil {
		return 0, nil, nil, false
	}
	if sum, err = encoding.DecodeString(parts[4]); err != nil {
		return 0, nil, nil, false
	}
	return rounds, salt, sum, len(sum) == length
}
