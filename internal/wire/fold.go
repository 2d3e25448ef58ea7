package wire

import "math/bits"

// Fold reports whether the two are equal when the case of ASCII letters is ignored. Unicode folding would take 'ſ' and the Kelvin sign
// for letters of an attribute name, which they are not.
func Fold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	n := len(a)
	if n < 8 {
		return lower(loadShort(a)) == lower(loadShort(b))
	}
	for i := 0; i < n-8; i += 8 {
		if lower(load8(a, i)) != lower(load8(b, i)) {
			return false
		}
	}
	return lower(load8(a, n-8)) == lower(load8(b, n-8)) // the last step overlaps the one before
}

// LowerByte folds an ASCII letter and leaves other bytes alone.
func LowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c |= 0x20
	}
	return c
}

// HashFold is the same for names that are equal under [Fold]. It does not change from run to run and is no defence against chosen
// names: it serves tables whose contents the program knows.
func HashFold(s string) uint32 {
	h := hash(s, 0x9e3779b97f4a7c15)
	return uint32(h ^ h>>32)
}

// hash takes the seed through every step, so that whoever does not know it cannot choose names that collide.
func hash(s string, seed uint64) uint64 {
	n := len(s)
	if n < 8 {
		return hashShort(loadShort(s), n, seed)
	}
	i := 0
	for ; i <= n-16; i += 16 {
		seed = mix(lower(load8(s, i))^k2, lower(load8(s, i+8))^seed)
	}
	last := load8(s, n-8) >> (uint(-n) & 7 * 8) // the bytes after the last full word
	if n&7 == 0 {
		last = 0
	}
	if n-i < 8 {
		return hashShort(last, n, seed)
	}
	return hashLong(load8(s, i), last, n, seed)
}

// The constants are those of wyhash: odd, half of the bits set.
const k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db

// hashShort ends the hash of a name of n bytes, of which one word, filled up with zeros, is left.
func hashShort(w uint64, n int, seed uint64) uint64 {
	return mix(lower(w)^k1, seed^uint64(n))
}

// hashLong is for two words, of which the first is full.
func hashLong(w, last uint64, n int, seed uint64) uint64 {
	return mix(lower(w)^k1, lower(last)^seed^uint64(n))
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
