//go:build !unix

package cpu

import "time"

var start = time.Now()

// Now is the time on the wall, where there is no other.
func Now() time.Duration { return time.Since(start) }
