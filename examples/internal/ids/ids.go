// Package ids makes the ids of resources.
package ids

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"
)

// New makes an id (UUID version 7). It begins with the time, so that ids sort as they were made: what is added while
// somebody goes through a list page by page is on the last page, and shifts none.
func New(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[8:]) // never fails
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	binary.BigEndian.PutUint16(b[6:8], 0x7000|uint16(now.Nanosecond()%1_000_000*4096/1_000_000)) //nolint:gosec // 12 bits
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
