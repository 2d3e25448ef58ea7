//go:build !unix

package cpu

import "time"

var start = time.Now()

// now is the time on the wall, where there is no other.
func now() time.Duration { return time.Since(start) }
