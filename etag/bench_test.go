package etag_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/scimmodels/scim/etag"
)

// Of the enterprise user of RFC 7643 section 8.3, beside what one would write without the library; that one counts meta and
// the password in.
func BenchmarkOf(b *testing.B) {
	user := stored[Account](b, string(document(b, "rfc7643-8.3-user-enterprise")))
	b.Run("etag", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			etag.Of(user)
		}
	})
	b.Run("encoding_json_sha256", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			content, err := json.Marshal(user)
			if err != nil {
				b.Fatal(err)
			}
			sum := sha256.Sum256(content)
			_ = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	r := request(put, []string{`W/"3694e05e9dff591", W/"a330bc54f0671c9"`}, nil)
	b.ReportAllocs()
	for b.Loop() {
		if err := etag.Check(r, `W/"a330bc54f0671c9"`); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWeak(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		etag.Weak("2011-05-13T04:42:34Z")
	}
}
