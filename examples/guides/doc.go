// Package guides has no code: its tests hold the guides against the code beside them. Begin with README.md.
package guides
