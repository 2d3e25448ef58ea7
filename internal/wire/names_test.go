package wire_test

import (
	"strconv"
	"strings"
)

// manyNames is an array of about the size in bytes, of objects that hold as many names as an object may.
func manyNames(size int) string {
	var b strings.Builder
	b.WriteByte('[')
	for b.Len() < size {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteByte('{')
		for i := range 1000 {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strconv.Itoa(i) + `":0`)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.String()
}
