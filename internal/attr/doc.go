// Package attr compiles a Go struct type into a plan, once: which attributes it has, what RFC 7643 section 2.2 says of each,
// where they lie in the struct and how their names are found. All other packages run on plans; none of them reads a tag.
//
// The tag grammar is the one documented in the root package.
package attr
