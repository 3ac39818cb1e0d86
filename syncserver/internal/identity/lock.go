package identity

import "time"

// After this many wrong passwords in a row a name is locked for firstLock; each
// further one doubles the time, up to longestLock. A right password, or
// forgetAfter without a wrong one, starts anew. Names nobody has are counted
// and locked in just the same way: a lock tells nothing.
const (
	freeFailures = 5
	firstLock    = time.Minute
	longestLock  = time.Hour
	forgetAfter  = 24 * time.Hour
)

// failures is what is remembered of one name.
type failures struct {
	n     int
	last  time.Time // of the last attempt that was not refused by a lock
	until time.Time // locked until; zero = not locked
}

// locked is how long the name stays locked; 0 = it is not.
func (f failures) locked(now time.Time) time.Duration { return max(0, f.until.Sub(now)) }

// attempt counts one attempt as a failure, before the password is looked at:
// attempts at the same time cannot slip by, and a crash forgives none.
func (f failures) attempt(now time.Time) failures {
	if now.Sub(f.last) >= forgetAfter {
		f = failures{}
	}
	f.n++
	f.last = now
	if over := f.n - freeFailures; over >= 0 {
		lock := longestLock
		if over < 6 { // 1 min << 6 is past the hour
			lock = firstLock << over
		}
		f.until = now.Add(min(lock, longestLock))
	}
	return f
}
