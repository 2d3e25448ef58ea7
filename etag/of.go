package etag

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"reflect"
	"sync"

	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/codec"
)

// size is how many bytes of the hash make a tag: with 128 bits nobody finds two contents that share one by accident.
const size = 16

// Of returns the version that the content of a resource has: a weak tag of 22 characters. v is a resource or a pointer to one, whole
// and of any resource type, made at run time or not. Equal content has an equal tag in every process; any change of an
// attribute, also in an extension, gives another. What counts is
//
//   - every assigned attribute, readOnly ones such as id or a user's groups among them, so they must be the same whenever
//     the tag is computed; the values of a list in their order;
//   - not meta, which holds the tag itself and the time of the last change;
//   - not what is never returned, such as the password: a tag must not let anyone guess at it, so that a new password
//     alone is no new version;
//   - not what makes no difference in SCIM: absent, null and empty values (RFC 7643 section 2.5), the order of
//     members and of schemas in the document it was read from (section 2.3.8), the zone an instant is written in.
//
// The order of the attributes in the Go struct does count: clients see other versions after a release that changes it, or the type.
//
// A value that SCIM cannot express, such as the number NaN or a time after the year 9999, has no version. Of then
// returns a new tag each time: it matches no tag that a client or a store may hold.
//
// v being no resource, a nil pointer, or of a type with mistaken tags is a mistake of the program and panics.
func Of(v any) string {
	f := reflect.ValueOf(v)
	for f.Kind() == reflect.Pointer || f.Kind() == reflect.Interface {
		f = f.Elem()
	}
	if f.Kind() != reflect.Struct {
		panic(fmt.Sprintf("scim: etag.Of was given a %T that is no resource, or a nil pointer to one", v))
	}
	p := attr.Of(f.Type())
	if p.Kind != attr.Resource {
		panic(fmt.Sprintf("scim: etag.Of was given a %T, which is no resource", v))
	}
	buffer := buffers.Get().(*[]byte) //nolint:errcheck,forcetypeassert // the pool holds nothing else
	defer release(buffer)
	content, err := codec.Append((*buffer)[:0], p, f, codec.Options{Mode: codec.Content})
	if err != nil {
		return Weak(rand.Text())
	}
	*buffer = content
	return tag(content)
}

func tag(content []byte) string {
	sum := sha256.Sum256(content)
	var b [len(`W/""`) + (size*8+5)/6]byte
	copy(b[:], `W/"`)
	base64.RawURLEncoding.Encode(b[len(`W/"`):], sum[:size])
	b[len(b)-1] = '"'
	return string(b[:])
}

var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 4096)) }}

// release gives a buffer back, unless an unusually large group has made it large.
func release(buffer *[]byte) {
	if cap(*buffer) <= 1<<20 {
		buffers.Put(buffer)
	}
}

// Weak makes a weak tag, W/"opaque", of a version that a store keeps. Different versions give different tags: what an entity tag
// cannot hold (RFC 9110 section 8.8.3: blanks, quotes, control characters) and what is not safe there (the backslash,
// bytes beyond ASCII) is written %XX as in a URL, and so is the percent sign itself. Numbers, hexadecimal, base64, UUIDs and
// times of RFC 3339 stay as they are.
//
// The empty version makes W/"", a tag like any other. A resource that has no version is better left with a Meta.Version of "".
func Weak(opaque string) string {
	escaped := 0
	for i := range len(opaque) {
		if !plain(opaque[i]) {
			escaped++
		}
	}
	if escaped == 0 {
		return `W/"` + opaque + `"`
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(`W/""`)+len(opaque)+2*escaped)
	b = append(b, `W/"`...)
	for i := range len(opaque) {
		if c := opaque[i]; plain(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(append(b, '"'))
}

// plain says whether Weak leaves a character as it is. Backslashes are allowed in tags, but some recipients
// take them for escapes (RFC 9110 section 8.8.3).
func plain(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '%'
}
