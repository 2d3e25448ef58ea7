package resource

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	stderrors "errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/wire"
)

// MaxCursor is the length of the longest cursor, in bytes: half of what common proxies take for a URL. There is room in it for a sort
// value of about 2,900 bytes; [Cursors.Seal] refuses a longer one.
const MaxCursor = 4 << 10

// Cursors makes and reads the cursors of a service (RFC 9865): where a page begins, in a form that tells a client nothing and that it cannot
// change. All of it stands in the cursor; the service keeps no state, and any process with the same keys goes on where another
// one stopped. Cursors are made by [NewCursors] and safe for concurrent use.
//
// A cursor holds for the query it was made for, which is its filter, sortBy and sortOrder, for what it is bound to beside that, such as the
// endpoint and the caller, and until its timeout. It gives nobody a right: whoever shows one is authorised like any
// other request (RFC 9865 section 5.2).
type Cursors struct {
	timeout time.Duration
	keys    [][]byte
}

// The parts of a cursor: a byte that leaves room for other forms, a salt, and what is sealed.
const (
	cursorForm = 1
	cursorSalt = 16
	cursorHead = 1 + cursorSalt
)

// cursorContent is what stands in a cursor.
type cursorContent struct {
	Expires int64 `json:"e"` // in microseconds since 1970
	Count   *int  `json:"c,omitempty"`
	Last    []any `json:"l"`
}

// What a client is told. That a cursor is forged, another client's or of another query is all one to it (RFC 9865 section 5.2).
func errCursor() *errors.Error {
	return cursorFault(errors.InvalidCursor, "cursor", "is not one this service has issued for this query; begin again with the first page")
}

func errExpired() *errors.Error {
	return cursorFault(errors.ExpiredCursor, "cursor", "has expired; begin again with the first page")
}

func errCount() *errors.Error {
	return cursorFault(errors.InvalidCount, "count", "must be that of the first page, or be left out")
}

func cursorFault(kind errors.Type, path, detail string) *errors.Error {
	return &errors.Error{Status: kind.Status(), Type: kind, Path: path, Detail: detail}
}

// NewCursors returns the cursors of a service (RFC 9865). Each is good for timeout, which is what the service announces in seconds as
// CursorTimeout of [PaginationConfig]. The keys are secrets of at least 32 random bytes: the first one seals, and all of them
// open, so that a key can be replaced while cursors of the old one are under way. Processes that serve the same clients share
// them; a service of one process can make one by crypto/rand when it starts. The error says what is wrong with the arguments.
func NewCursors(timeout time.Duration, keys ...[]byte) (*Cursors, error) {
	if timeout <= 0 {
		return nil, fmt.Errorf("scim: cursors need a timeout above 0, not %s", timeout)
	}
	if len(keys) == 0 {
		return nil, stderrors.New("scim: cursors need a key of at least 32 bytes")
	}
	c := &Cursors{timeout: timeout}
	for i, key := range keys {
		if len(key) < 32 {
			return nil, fmt.Errorf("scim: key %d of the cursors has %d bytes; 32 are the least", i, len(key))
		}
		extracted, err := hkdf.Extract(sha256.New, key, nil)
		if err != nil {
			return nil, err
		}
		c.keys = append(c.keys, extracted)
	}
	return c, nil
}

// Seal makes the NextCursor of a page that answers q. last is the place of its last resource, behind which the next page begins: the key
// that filter.Order has for it, or what else a store goes on from, in values that encoding/json can write. bound is what
// the cursor is bound to beside q; name at least the endpoint, and the caller where not all may see the same.
//
// A last that does not fit into [MaxCursor] is 400 tooMany: a client that sorts by values of that length has to read them without
// cursors. Other errors are the program's.
func (c *Cursors) Seal(q *SearchRequest, last []any, bound ...string) (string, error) {
	if q == nil {
		q = &SearchRequest{}
	}
	if len(last) == 0 || len(c.keys) == 0 {
		return "", stderrors.New("scim: a cursor needs the place of a resource, and Cursors made by NewCursors")
	}
	for _, v := range last {
		if s, ok := v.(string); ok && !utf8.ValidString(s) { // JSON would make another place of it, and a client go in circles
			return "", stderrors.New("scim: a string in the place of a resource is not UTF-8")
		}
	}
	content := cursorContent{Expires: time.Now().Add(c.timeout).UnixMicro(), Last: last}
	if content.Count = q.counted(); content.Count == nil {
		if first, ok := c.content(q, bound); ok { // a later page may leave out the count of the first
			content.Count = first.Count
		}
	}
	text, err := json.Marshal(content)
	if err != nil {
		return "", fmt.Errorf("scim: the place of a resource in a cursor: %w", err)
	}
	head := make([]byte, cursorHead, cursorHead+len(text)+64)
	head[0] = cursorForm
	if _, err := rand.Read(head[1:]); err != nil {
		return "", err
	}
	aead, err := cursorCipher(c.keys[0], head)
	if err != nil {
		return "", err
	}
	raw := aead.Seal(head, nil, text, binding(q, bound)) //nolint:gosec // G407: nil, since this cipher makes the nonce itself
	cursor := base64.RawURLEncoding.EncodeToString(raw)
	if len(cursor) > MaxCursor {
		return "", cursorFault(errors.TooMany, "sortBy", "has a value that is too long for a cursor; sort by another attribute")
	}
	return cursor, nil
}

// Open (RFC 9865 section 2.1) returns the place behind which the page that q asks for begins, as Seal was given it: nil for the first page, that is
// without a cursor or with an empty one. Numbers come back as json.Number, which filter.Order reads. bound is that of Seal.
//
// The errors are 400 invalidCursor for a cursor that does not stem from Seal, was made for another filter, sortBy, sortOrder or
// bound, or by a key that is not known any more, all of them alike; 400 expiredCursor; and 400 invalidCount for a count other than
// the first page's. A count that is left out, and other attributes, are no fault.
func (c *Cursors) Open(q *SearchRequest, bound ...string) (last []any, err error) {
	if q == nil || q.Cursor == nil || *q.Cursor == "" {
		return nil, nil
	}
	content, ok := c.content(q, bound)
	if !ok {
		return nil, errCursor()
	}
	if time.Now().UnixMicro() > content.Expires {
		return nil, errExpired()
	}
	if n := q.counted(); n != nil && (content.Count == nil || *n != *content.Count) {
		return nil, errCount()
	}
	return content.Last, nil
}

// counted is the count that the client has asked for; nil: none.
func (q *SearchRequest) counted() *int {
	if q.Count == nil || *q.Count >= 0 {
		return q.Count
	}
	return new(0) // RFC 7644 section 3.4.2.4
}

// content is what the cursor of q seals, whether it has expired or not. It is not ok where there is none.
func (c *Cursors) content(q *SearchRequest, bound []string) (content cursorContent, ok bool) {
	if q.Cursor == nil || len(*q.Cursor) > MaxCursor || !isUnreserved(*q.Cursor) { // base64 would skip line breaks
		return content, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(*q.Cursor)
	if err != nil || len(raw) < cursorHead || raw[0] != cursorForm {
		return content, false
	}
	bind := binding(q, bound)
	for _, key := range c.keys {
		aead, err := cursorCipher(key, raw[:cursorHead])
		if err != nil {
			return content, false
		}
		text, err := aead.Open(nil, nil, raw[cursorHead:], bind)
		if err != nil {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber() // no digit of a large integer is lost
		err = d.Decode(&content)
		return content, err == nil
	}
	return content, false
}

// cursorCipher is the cipher of one cursor. Each has a key of its own, made from its salt, since GCM under one key is safe for about
// four thousand million messages only.
func cursorCipher(key, head []byte) (cipher.AEAD, error) {
	own, err := hkdf.Expand(sha256.New, key, "scim cursor "+string(head), 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(own)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// binding is what a cursor holds for. The lengths tell where one part ends and the next begins.
func binding(q *SearchRequest, bound []string) []byte {
	direction := "ascending"
	if wire.Fold(q.SortOrder, "descending") {
		direction = "descending"
	}
	var b []byte
	for _, part := range append([]string{q.Filter, q.SortBy, direction}, bound...) {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}
