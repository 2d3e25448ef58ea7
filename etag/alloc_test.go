//go:build !race

package etag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/etag"
)

func TestAllocs(t *testing.T) {
	user := stored[Account](t, string(document(t, "rfc7643-8.3-user-enterprise")))
	group := stored[Device](t, device(`,"labels":["a","b"],"seen":"2011-05-13T04:42:34Z","owners":[{"value":"a"}]`))
	put, get := request(put, []string{tagX, `"b", ` + tagA}, []string{tagX}), request(get, []string{"*"}, []string{`"x,y", abc`})
	for _, c := range []struct {
		name string
		most float64
		run  func()
	}{
		{"Of user", 1, func() { etag.Of(user) }},
		{"Of device", 1, func() { etag.Of(group) }},
		{"Weak", 1, func() { etag.Weak("a330bc54f0671c9") }},
		{"Weak, escaped", 2, func() { etag.Weak(`a"b`) }},
		{"Check PUT", 0, func() { _ = etag.Check(put, tagA) }},
		{"Check GET", 0, func() { _ = etag.Check(get, tagA) }},
		{"Match", 0, func() { etag.Match(`"x", W/"a"`, tagA) }},
	} {
		assert.LessOrEqual(t, testing.AllocsPerRun(200, c.run), c.most, c.name)
	}
}
