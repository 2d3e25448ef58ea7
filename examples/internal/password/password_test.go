package password_test

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/password"
)

func hash(t *testing.T, text string, rounds int) string {
	t.Helper()
	h, err := password.Hash(text, rounds)
	require.NoError(t, err)
	return h
}

func TestHash(t *testing.T) {
	const text = "t1meMa$heen"
	h := hash(t, text, 7)
	assert.Regexp(t, `^\$pbkdf2-sha512\$7\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, h)
	assert.NotEqual(t, h, hash(t, text, 7), "salt")
	parts := strings.Split(h, "$")
	salt, err := base64.RawStdEncoding.DecodeString(parts[3])
	require.NoError(t, err)
	sum, err := pbkdf2.Key(sha512.New, text, salt, 7, 32)
	require.NoError(t, err)
	assert.Equal(t, base64.RawStdEncoding.EncodeToString(sum), parts[4])
	assert.GreaterOrEqual(t, password.Rounds, 210_000)
}

func TestMatches(t *testing.T) {
	for _, text := range []string{"t1meMa$heen", "", "$", strings.Repeat("a", 300), "é\x00"} {
		h := hash(t, text, 1)
		assert.True(t, password.Matches(h, text), text)
		assert.False(t, password.Matches(h, text+"x"), text)
	}
}

// Whether somebody has a password does not show in the work that it takes to refuse one.
func TestNoHash(t *testing.T) {
	good := strings.Split(hash(t, "x", 1), "$")
	with := func(part int, text string) string {
		parts := append([]string(nil), good...)
		parts[part] = text
		return strings.Join(parts, "$")
	}
	zero := base64.RawStdEncoding.EncodeToString(make([]byte, 32))
	for name, h := range map[string]string{
		"none": "", "another text": "x", "something before it": with(0, "x"), "another scheme": with(1, "pbkdf2-sha1"), "rounds": with(2, "x"),
		"no rounds": with(2, "0"), "salt": with(3, "!"), "sum": with(4, "!"), "no sum": with(4, ""), "a part too many": strings.Join(good, "$") + "$",
		"a sum that is too short": with(4, zero[:22]),
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, []int{password.Rounds}, password.Derivations(func() { assert.False(t, password.Matches(h, "x")) }))
		})
	}
	assert.Equal(t, []int{1}, password.Derivations(func() { assert.True(t, password.Matches(strings.Join(good, "$"), "x")) }))
	assert.Equal(t, []int{1}, password.Derivations(func() { assert.False(t, password.Matches(with(4, zero), "x")) }))
}
