package wire_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/internal/wire"
)

// FuzzAppendBinary: what is appended is what encoding/base64 makes of it, whatever stands before it and whatever room there is.
func FuzzAppendBinary(f *testing.F) {
	for n := range 20 {
		f.Add([]byte("x"), []byte("\x00\xff\x10a certificate or so")[:n], byte(n))
	}
	f.Fuzz(func(t *testing.T, before, b []byte, room byte) {
		dst := append(make([]byte, 0, len(before)+int(room)), before...)
		want := string(before) + `"` + base64.StdEncoding.EncodeToString(b) + `"`
		assert.Equal(t, want, string(wire.AppendBinary(dst, b)))
	})
}

func BenchmarkParseBinary(b *testing.B) {
	text := base64.StdEncoding.EncodeToString(make([]byte, 860))
	b.Run("860/wire", func(b *testing.B) {
		for b.Loop() {
			if _, ok := wire.ParseBinary(text); !ok {
				b.Fatal("not base64")
			}
		}
	})
	b.Run("860/base64", func(b *testing.B) {
		for b.Loop() {
			if _, err := base64.StdEncoding.DecodeString(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAppendBinary(b *testing.B) {
	certificate := make([]byte, 860)
	for i := range certificate {
		certificate[i] = byte(7 * i)
	}
	dst := make([]byte, 0, 2048)
	b.Run("860/wire", func(b *testing.B) {
		for b.Loop() {
			dst = wire.AppendBinary(dst[:0], certificate)
		}
	})
	b.Run("860/base64", func(b *testing.B) {
		for b.Loop() {
			dst = base64.StdEncoding.AppendEncode(dst[:0], certificate)
		}
	})
}
