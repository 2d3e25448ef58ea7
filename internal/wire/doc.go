// Package wire reads and writes JSON text: a scanner over a string and an appender to a byte slice.
//
// It knows the grammar of RFC 8259 and nothing of Go types or of SCIM, so it needs no reflection. Every function takes the text and
// a position and returns the position after what it read; values are sub-slices of the text, so nothing is allocated unless a string
// holds escapes.
//
// It is stricter than encoding/json where two readers could understand one document differently: invalid UTF-8, lone surrogates and
// names that one object holds twice (ASCII case ignored, as RFC 7643, section 2.1, compares attribute names) are refused, and so is
// nesting beyond [MaxDepth].
package wire
